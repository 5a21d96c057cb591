//! The seasonal index of months, by which year targets are split. Index of a month = its mean over the years ÷ the mean of
//! all months, so that twelve of them sum to 12. Amounts are integers of minor units.

use serde::Serialize;

/// Months of a year.
pub const MONTHS: usize = 12;

/// Twelve indexes, with what they come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seasonal {
    /// January to December; they sum to 12.
    pub index: [f64; MONTHS],
    /// Sum of each month over the years.
    pub totals: [i64; MONTHS],
}

/// The index of full years, each January to December; `None` without a year or without a positive total. Months
/// below zero count as nothing.
pub fn seasonal_index(years: &[[i64; MONTHS]]) -> Option<Seasonal> {
    let totals: [i64; MONTHS] =
        std::array::from_fn(|month| years.iter().map(|year| year[month].max(0)).fold(0, i64::saturating_add));
    let all: i128 = totals.iter().map(|total| i128::from(*total)).sum();
    let index = totals.map(|total| total as f64 * MONTHS as f64 / all as f64);
    (all > 0).then_some(Seasonal { index, totals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_sold_has_no_season() {
        assert_eq!(seasonal_index(&[]), None);
        assert_eq!(seasonal_index(&[[0; 12]]), None);
    }
}
