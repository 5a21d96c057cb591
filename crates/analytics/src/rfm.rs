//! Recency, frequency, monetary value as scores 1 (worst) to 5 (best).
//!
//! Quintile convention: score = 1 + ⌊5 · (customers strictly worse) / n⌋. Equal values always share a score, which
//! splitting a sorted list into fifths does not give: of 2,357 CDNOW customers 1,411 bought once.
//! Source of the model: Hughes, *Strategic Database Marketing*. Rows are buyers only; who never ordered has no score.

use serde::{Deserialize, Serialize};

use crate::rank::{Better, runs_by};

/// Scores of one customer, each 1–5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Rfm {
    /// Recency: 5 bought latest.
    pub r: u8,
    /// Frequency: 5 bought on most days.
    pub f: u8,
    /// Monetary: 5 spent most.
    pub m: u8,
}

impl Rfm {
    /// The three digits as people say them: `545`.
    pub fn code(self) -> String {
        format!("{}{}{}", self.r, self.f, self.m)
    }
}

/// What RFM looks at, a row per buyer.
#[derive(Debug, Clone, Copy)]
pub struct RfmColumns<'a> {
    /// Days since the last order; fewer is better.
    pub recency_days: &'a [i32],
    /// Days with an order.
    pub frequency: &'a [u32],
    /// Net revenue in minor units.
    pub monetary: &'a [i64],
}

/// Fixed limits instead of quintiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RfmThresholds {
    /// Most days since the last order for the scores 5, 4, 3, 2; rising.
    pub recency_days: [i32; 4],
    /// Least order days for the scores 2, 3, 4, 5; rising.
    pub frequency: [u32; 4],
    /// Least net revenue in minor units for the scores 2, 3, 4, 5; rising.
    pub monetary: [i64; 4],
}

impl Default for RfmThresholds {
    fn default() -> Self {
        Self {
            recency_days: [30, 90, 180, 365],
            frequency: [2, 4, 8, 16],
            monetary: [20_000, 50_000, 150_000, 500_000],
        }
    }
}

impl RfmThresholds {
    /// Whether each list rises strictly, so that every score can be reached.
    pub fn is_valid(&self) -> bool {
        fn rises<T: PartialOrd>(list: &[T]) -> bool {
            list.windows(2).all(|pair| pair[0] < pair[1])
        }
        rises(&self.recency_days) && rises(&self.frequency) && rises(&self.monetary)
    }

    /// Scores of one customer.
    pub fn score(&self, recency_days: i32, frequency: u32, monetary: i64) -> Rfm {
        Rfm {
            r: 5 - above(&self.recency_days, |limit| recency_days > limit),
            f: 1 + above(&self.frequency, |limit| frequency >= limit),
            m: 1 + above(&self.monetary, |limit| monetary >= limit),
        }
    }
}

fn above<T: Copy>(limits: &[T; 4], passed: impl Fn(T) -> bool) -> u8 {
    limits.iter().map(|limit| u8::from(passed(*limit))).sum()
}

/// Quintile scores of every row.
pub fn rfm_quintiles(columns: RfmColumns<'_>) -> Vec<Rfm> {
    let rows = columns.recency_days.len();
    let mut out = vec![Rfm::default(); rows];
    quintile_each(columns.recency_days, Better::Less, |row, score| out[row].r = score);
    quintile_each(columns.frequency, Better::More, |row, score| out[row].f = score);
    quintile_each(columns.monetary, Better::More, |row, score| out[row].m = score);
    out
}

/// Threshold scores of every row.
pub fn rfm_by_thresholds(columns: RfmColumns<'_>, thresholds: &RfmThresholds) -> Vec<Rfm> {
    let rows = columns.recency_days.iter().zip(columns.frequency).zip(columns.monetary);
    rows.map(|((recency, frequency), monetary)| thresholds.score(*recency, *frequency, *monetary)).collect()
}

/// Calls `each(row, score)` with the quintile score of every row of a column.
pub fn quintile_each<T: PartialOrd + Copy>(values: &[T], better: Better, mut each: impl FnMut(usize, u8)) {
    let total = values.len();
    runs_by(values, better, |rows, worse| {
        let score = 1 + (5 * worse / total) as u8;
        rows.iter().for_each(|row| each(*row as usize, score));
    });
}

/// Counts by score and by cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RfmOverview {
    /// Customers with recency score 1, 2, 3, 4, 5.
    pub r: [u64; 5],
    /// Customers with frequency score 1…5.
    pub f: [u64; 5],
    /// Customers with monetary score 1…5.
    pub m: [u64; 5],
    /// Cells that hold somebody, by code.
    pub cells: Vec<RfmCell>,
}

/// One of the 125 combinations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RfmCell {
    /// `111`…`555`.
    pub code: String,
    /// Customers in it.
    pub count: u64,
    /// Their net revenue in minor units.
    pub net: i128,
}

/// Counts customers and sums revenue by score and cell.
pub fn rfm_overview(scores: &[Rfm], net: &[i64]) -> RfmOverview {
    let mut out = RfmOverview::default();
    let mut cells = [(0u64, 0i128); 125];
    for (score, net) in scores.iter().zip(net) {
        let at = [score.r, score.f, score.m].map(|s| usize::from(s.clamp(1, 5)) - 1);
        out.r[at[0]] += 1;
        out.f[at[1]] += 1;
        out.m[at[2]] += 1;
        let cell = &mut cells[at[0] * 25 + at[1] * 5 + at[2]];
        cell.0 += 1;
        cell.1 += i128::from(*net);
    }
    for (index, (count, net)) in (0u8..).zip(cells).filter(|(_, cell)| cell.0 > 0) {
        let code = Rfm { r: index / 25 + 1, f: index / 5 % 5 + 1, m: index % 5 + 1 }.code();
        out.cells.push(RfmCell { code, count, net });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_score_at_their_limits() {
        let thresholds = RfmThresholds::default();
        assert!(thresholds.is_valid());
        assert_eq!(thresholds.score(30, 16, 500_000).code(), "555");
        assert_eq!(thresholds.score(31, 15, 499_999).code(), "444");
        assert_eq!(thresholds.score(366, 1, 0).code(), "111");
        let flat = RfmThresholds { frequency: [2, 2, 3, 4], ..thresholds };
        assert!(!flat.is_valid());
    }

    #[test]
    fn overview_counts_cells() {
        let scores = [Rfm { r: 5, f: 4, m: 5 }, Rfm { r: 5, f: 4, m: 5 }, Rfm { r: 1, f: 1, m: 1 }];
        let overview = rfm_overview(&scores, &[100, 50, 7]);
        assert_eq!(overview.r, [1, 0, 0, 0, 2]);
        let cells: Vec<_> = overview.cells.iter().map(|cell| (cell.code.as_str(), cell.count, cell.net)).collect();
        assert_eq!(cells, [("111", 1, 7), ("545", 2, 150)]);
    }
}
