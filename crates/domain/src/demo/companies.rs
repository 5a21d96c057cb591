//! Made-up companies with a name, a trade and a well-formed unified social credit code.

use super::places::{self, DemoAddress};
use super::rng::Rng;

/// A made-up company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCompany {
    /// Full name: city, word, trade, legal form.
    pub name: String,
    /// Key of the trade: `catering`, `hotel`, `retail`…
    pub industry: &'static str,
    /// 18 characters with a correct check character (GB 32100-2015); the organisation part begins with `Z9`.
    pub tax_id: String,
    /// Head office.
    pub address: DemoAddress,
}

/// A company.
pub fn company(rng: &mut Rng, row: u64) -> DemoCompany {
    let address = places::address(rng);
    let city = address.city.trim_end_matches('市');
    let (industry, trade) = places::word(rng, "industries").split_once('=').unwrap_or(("retail", "商贸"));
    let name = format!("{city}{}{trade}{}", places::word(rng, "brandwords"), places::word(rng, "forms"));
    let tax_id = credit_code(&format!("91{}00Z9{:07}", &address.postcode[..4], row % 10_000_000));
    DemoCompany { name, industry, tax_id, address }
}

/// Appends the check character to 17 characters: 31 − Σ value · 3^i mod 31.
fn credit_code(body: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let weigh =
        |(sum, weight): (usize, usize), c: char| (sum + ALPHABET.find(c).unwrap_or(0) * weight, weight * 3 % 31);
    let (sum, _) = body.chars().fold((0, 1), weigh);
    let check = ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
    format!("{body}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes_carry_their_check_character() {
        assert_eq!(credit_code("91350100M000100Y4"), "91350100M000100Y43");
        let company = company(&mut Rng::of_row(1, 2, 3), 3);
        assert_eq!(company.tax_id.len(), 18);
        assert!(company.name.ends_with("公司") && !company.industry.is_empty());
    }
}
