//! Money as whole minor units with a currency; decimal text at the edges, never a float.

use serde::{Deserialize, Serialize};

/// An amount in minor units (cents, fen) of an ISO 4217 currency.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: String,
}

/// The wire shape: `{"amount":"1234.50","currency":"CNY"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyText {
    pub amount: String,
    pub currency: String,
}

/// Why a decimal text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("not a decimal number")]
    NotDecimal,
    #[error("too many decimal places")]
    TooPrecise,
    #[error("out of range")]
    OutOfRange,
}

/// Decimal places of a currency's minor unit (ISO 4217; two unless listed).
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// Reads a plain decimal (`-1234.5`) into units of 10^-`places`. Refuses more places than that unless the rest is zeros.
pub fn parse_decimal(text: &str, places: u32) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
        return Err(MoneyError::NotDecimal);
    }
    let places = places as usize;
    if fraction.len() > places && fraction[places..].bytes().any(|b| b != b'0') {
        return Err(MoneyError::TooPrecise);
    }
    let mut value: i64 = 0;
    let padded = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places));
    for digit in padded {
        value =
            value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit - b'0'))).ok_or(MoneyError::OutOfRange)?;
    }
    Ok(if negative { -value } else { value })
}

/// Writes units of 10^-`places` as a plain decimal with exactly that many places.
pub fn format_decimal(value: i64, places: u32) -> String {
    if places == 0 {
        return value.to_string();
    }
    let scale = 10u64.pow(places);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", magnitude / scale, magnitude % scale, width = places as usize)
}

/// A plain decimal with a comma before every three figures of its whole part: "-1234567.50" as "-1,234,567.50".
pub fn group_digits(decimal: &str) -> String {
    let whole_end = decimal.find('.').unwrap_or(decimal.len());
    let (whole, fraction) = decimal.split_at(whole_end);
    let digits = whole.trim_start_matches('-');
    let mut out = String::from(&whole[..whole.len() - digits.len()]);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

impl Money {
    pub fn new(minor: i64, currency: impl Into<String>) -> Self {
        Self { minor, currency: currency.into() }
    }

    /// Parses the wire shape; the number of decimals is the currency's.
    pub fn parse(text: &MoneyText) -> Result<Self, MoneyError> {
        let minor = parse_decimal(&text.amount, decimals(&text.currency))?;
        Ok(Self::new(minor, text.currency.clone()))
    }

    pub fn to_text(&self) -> MoneyText {
        MoneyText { amount: format_decimal(self.minor, decimals(&self.currency)), currency: self.currency.clone() }
    }
}

/// An amount split in proportion to weights, in whole minor units that sum to it exactly: each part rounded down, what
/// is left goes to the largest remainders, among equal ones to the earlier part. Without any positive weight all
/// parts are alike; negative weights count as nothing.
pub fn split(amount: i64, weights: &[i64]) -> Vec<i64> {
    let mut weights: Vec<i128> = weights.iter().map(|weight| i128::from((*weight).max(0))).collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    let all: i128 = weights.iter().sum();
    if all == 0 {
        return Vec::new();
    }
    let amount = i128::from(amount);
    let mut parts: Vec<(i128, i128, usize)> = weights
        .iter()
        .enumerate()
        .map(|(at, weight)| ((amount * weight).div_euclid(all), (amount * weight).rem_euclid(all), at))
        .collect();
    let left = amount - parts.iter().map(|(whole, _, _)| whole).sum::<i128>();
    parts.sort_unstable_by_key(|(_, rest, at)| (std::cmp::Reverse(*rest), *at));
    parts.iter_mut().take(usize::try_from(left).unwrap_or(0)).for_each(|(whole, _, _)| *whole += 1);
    parts.sort_unstable_by_key(|(_, _, at)| *at);
    parts.into_iter().map(|(whole, _, _)| i64::try_from(whole).unwrap_or(i64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        let cases = [
            ("0", Ok(0)),
            ("12.5", Ok(1250)),
            ("-0.01", Ok(-1)),
            ("12.500", Ok(1250)),
            ("12.505", Err(MoneyError::TooPrecise)),
            ("", Err(MoneyError::NotDecimal)),
            (".5", Err(MoneyError::NotDecimal)),
            ("1.", Err(MoneyError::NotDecimal)),
            ("1e3", Err(MoneyError::NotDecimal)),
            ("92233720368547758.07", Ok(i64::MAX)),
            ("92233720368547758.08", Err(MoneyError::OutOfRange)),
        ];
        for (text, want) in cases {
            assert_eq!(parse_decimal(text, 2), want, "{text}");
        }
    }

    #[test]
    fn cents_go_to_the_largest_remainders() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-33, -33, -34]);
        assert_eq!(split(10, &[0, 0]), [5, 5]);
        assert_eq!(split(10, &[-5, 1, 3]), [0, 3, 7]);
        assert!(split(10, &[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn writing_then_reading_gives_the_same(value in i64::MIN + 1..i64::MAX, places in 0u32..7) {
            proptest::prop_assert_eq!(parse_decimal(&format_decimal(value, places), places), Ok(value));
        }
    }
}
