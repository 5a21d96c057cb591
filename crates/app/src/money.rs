//! Money and quantities at the edge: decimal text outside, whole minor units and thousandths inside.

use regulars_domain::error::Checks;
use regulars_domain::money::{MoneyError, MoneyText, decimals, format_decimal, parse_decimal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Largest amount taken, in minor units: sums of many stay far from the end of the integers.
pub const MAX_MINOR: i64 = 100_000_000_000_000;
/// Decimal places of a quantity.
pub const QUANTITY_PLACES: u32 = 3;

/// An amount in a currency, as decimal text: never a float.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "1234.50", "currency": "CNY"}))]
pub struct Money {
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

impl Money {
    /// Shows minor units of a currency.
    pub fn of(minor: i64, currency: &str) -> Self {
        Self { amount: format_decimal(minor, decimals(currency)), currency: currency.into() }
    }

    /// Minor units, or why not, told to `checks`; then 0.
    pub fn read(&self, checks: &mut Checks, pointer: &str, currency: &str) -> i64 {
        if self.currency != currency {
            checks.fail_with(format!("{pointer}/currency"), "currency_mismatch", currency);
            return 0;
        }
        let text = MoneyText { amount: self.amount.clone(), currency: self.currency.clone() };
        match regulars_domain::money::Money::parse(&text) {
            Ok(money) if money.minor.abs() <= MAX_MINOR => money.minor,
            Ok(_) => {
                checks.fail_with(format!("{pointer}/amount"), "money_invalid", MoneyError::OutOfRange);
                0
            }
            Err(error) => {
                checks.fail_with(format!("{pointer}/amount"), "money_invalid", error);
                0
            }
        }
    }

    /// The same, and not below zero.
    pub fn read_positive(&self, checks: &mut Checks, pointer: &str, currency: &str) -> i64 {
        let minor = self.read(checks, pointer, currency);
        if minor < 0 {
            checks.fail_with(format!("{pointer}/amount"), "out_of_range", "0 – 1000000000000");
            return 0;
        }
        minor
    }
}

/// Thousandths of a quantity written as a decimal; more than nothing, else told to `checks` and 0.
pub fn quantity_read(checks: &mut Checks, pointer: &str, text: &str) -> i64 {
    match parse_decimal(text, QUANTITY_PLACES) {
        Ok(quantity) if (1..=1_000_000_000_000).contains(&quantity) => quantity,
        Ok(_) => {
            checks.fail_with(pointer, "out_of_range", "0.001 – 1000000000");
            0
        }
        Err(_) => {
            checks.fail(pointer, "number_invalid");
            0
        }
    }
}

/// `2.000`
pub fn quantity_text(thousandths: i64) -> String {
    format_decimal(thousandths, QUANTITY_PLACES)
}
