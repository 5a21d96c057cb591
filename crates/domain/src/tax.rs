//! The tax that prices contain. It is computed once a rate, on all that is to be paid at that rate, and then split on the
//! lines, so that lines, rates and the whole agree to the last minor unit. Rates are hundredths of a percent.

use std::collections::BTreeMap;

use crate::money::split;

/// Hundredths of a percent in one.
pub const WHOLE: i64 = 10_000;

/// What is paid at one rate, and the tax in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSum {
    pub rate: i64,
    /// With the tax.
    pub net: i64,
    pub tax: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taxes {
    /// What each line comes to after its part of the discount on the whole.
    pub payable: Vec<i64>,
    /// The tax in each line's payable amount.
    pub lines: Vec<i64>,
    /// By rate, the lowest first; rates nothing is paid at are missing.
    pub rates: Vec<RateSum>,
}

impl Taxes {
    pub fn total(&self) -> i64 {
        self.rates.iter().map(|sum| sum.tax).sum()
    }
}

/// gross × rate ÷ (1 + rate), rounded half up; the amount is not negative.
fn contained(amount: i64, rate: i64) -> i64 {
    let (amount, rate, whole) = (i128::from(amount), i128::from(rate), i128::from(WHOLE));
    let divisor = 2 * (whole + rate);
    i64::try_from((2 * amount * rate + whole + rate) / divisor).unwrap_or(i64::MAX)
}

/// The tax in lines of `(amount, rate)`, with a discount on the whole that falls on them by their amounts.
pub fn taxes(lines: &[(i64, i64)], discount: i64) -> Taxes {
    let amounts: Vec<i64> = lines.iter().map(|(amount, _)| *amount).collect();
    let off = split(discount, &amounts);
    let payable: Vec<i64> = amounts.iter().zip(&off).map(|(amount, off)| amount - off).collect();
    let mut by_rate: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, (_, rate)) in lines.iter().enumerate() {
        by_rate.entry(*rate).or_default().push(at);
    }
    let mut taxed = Taxes { lines: vec![0; lines.len()], ..Taxes::default() };
    for (rate, places) in by_rate {
        let parts: Vec<i64> = places.iter().map(|at| payable[*at]).collect();
        let net = parts.iter().sum();
        let tax = contained(net, rate);
        for (at, part) in places.iter().zip(split(tax, &parts)) {
            taxed.lines[*at] = part;
        }
        if net != 0 {
            taxed.rates.push(RateSum { rate, net, tax });
        }
    }
    Taxes { payable, ..taxed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_is_taken_out_of_what_is_paid() {
        for (amount, rate, tax) in
            [(11_300, 1_300, 1_300), (100, 1_300, 12), (10_600, 600, 600), (99, 0, 0), (0, 1_300, 0)]
        {
            assert_eq!(contained(amount, rate), tax, "{amount} at {rate}");
        }
    }

    #[test]
    fn a_discount_falls_on_the_lines_by_their_amounts() {
        let taxed = taxes(&[(10_000, 1_300), (5_000, 600), (0, 1_300)], 1_500);
        assert_eq!(taxed.payable, [9_000, 4_500, 0]);
        assert_eq!(
            taxed.rates,
            [RateSum { rate: 600, net: 4_500, tax: 255 }, RateSum { rate: 1_300, net: 9_000, tax: 1_035 }]
        );
        assert_eq!(taxed.lines, [1_035, 255, 0]);
        assert_eq!(taxes(&[], 0), Taxes::default());
    }

    proptest::proptest! {
        #[test]
        fn lines_rates_and_the_whole_agree(
            lines in proptest::collection::vec((0i64..1_000_000, proptest::sample::select(vec![0i64, 300, 600, 900, 1_300])), 1..20),
            part in 0i64..=100,
        ) {
            let sum: i64 = lines.iter().map(|(amount, _)| amount).sum();
            let discount = sum * part / 100;
            let taxed = taxes(&lines, discount);
            proptest::prop_assert_eq!(taxed.payable.iter().sum::<i64>(), sum - discount);
            proptest::prop_assert_eq!(taxed.rates.iter().map(|one| one.net).sum::<i64>(), sum - discount);
            proptest::prop_assert_eq!(taxed.lines.iter().sum::<i64>(), taxed.total());
            for (at, (amount, rate)) in lines.iter().enumerate() {
                proptest::prop_assert!((0..=*amount).contains(&taxed.payable[at]));
                proptest::prop_assert!((0..=taxed.payable[at]).contains(&taxed.lines[at]), "{} at {}", amount, rate);
            }
        }
    }
}
