//! The seasonal index of months and year targets split by it. Index of a month = its mean over the years ÷ the mean of
//! all months, so that twelve of them sum to 12. Amounts are integers of minor units and are split exactly.

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
    fn cents_go_to_the_largest_remainders() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-33, -33, -34]);
        assert_eq!(split(10, &[0, 0]), [5, 5]);
        assert_eq!(split(10, &[-5, 1, 3]), [0, 3, 7]);
        assert!(split(10, &[]).is_empty());
    }

    #[test]
    fn nothing_sold_has_no_season() {
        assert_eq!(seasonal_index(&[]), None);
        assert_eq!(seasonal_index(&[[0; 12]]), None);
    }
}
