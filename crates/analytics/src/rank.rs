//! Ranks of a column: how many others are strictly worse, how many equal. The base of quintiles and percentiles.

/// Which end of a column is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Large values are good: orders, revenue.
    More,
    /// Small values are good: days since the last order.
    Less,
}

/// For each run of equal values, from the worst to the best, calls `each(rows, worse)` with the rows that share the
/// value and the number of rows strictly worse than them. O(n log n), one allocation of 4 bytes a row beside the sort keys.
pub fn runs_by<T: PartialOrd + Copy>(values: &[T], better: Better, mut each: impl FnMut(&[u32], usize)) {
    let mut keyed: Vec<(T, u32)> = (0u32..).zip(values).map(|(row, value)| (*value, row)).collect();
    keyed.sort_unstable_by(|a, b| {
        let order = a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal);
        if better == Better::More { order } else { order.reverse() }
    });
    let rows: Vec<u32> = keyed.iter().map(|(_, row)| *row).collect();
    let mut from = 0;
    while from < keyed.len() {
        let value = keyed[from].0;
        let until = from + keyed[from..].iter().take_while(|(other, _)| *other == value).count();
        each(&rows[from..until], from);
        from = until;
    }
}

/// Percentile 0–100 of every row among the rows that are known: the share of the other known rows that are worse,
/// equal ones counted half (mid-rank; 50 for a single known row). NaN marks an unknown value and stays NaN.
pub fn percentiles(values: &[f64]) -> Vec<f64> {
    let known: Vec<(u32, f64)> = (0u32..).zip(values.iter().copied()).filter(|(_, value)| !value.is_nan()).collect();
    let column: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
    let mut out = vec![f64::NAN; values.len()];
    let others = column.len().saturating_sub(1) as f64;
    runs_by(&column, Better::More, |rows, worse| {
        let equal = (rows.len() - 1) as f64 / 2.0;
        let percentile = if others == 0.0 { 50.0 } else { 100.0 * (worse as f64 + equal) / others };
        for row in rows {
            out[known[*row as usize].0 as usize] = percentile;
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_share_ties_and_skip_the_unknown() {
        assert_eq!(percentiles(&[10.0, 20.0, 20.0, 30.0, 40.0]), [0.0, 37.5, 37.5, 75.0, 100.0]);
        assert_eq!(percentiles(&[7.0]), [50.0]);
        let mixed = percentiles(&[f64::NAN, 1.0, 2.0]);
        assert!(mixed[0].is_nan() && mixed[1] == 0.0 && mixed[2] == 100.0);
        assert!(percentiles(&[]).is_empty());
    }
}
