//! Customer value V = Σ wᵢ · percentile(xᵢ), on a scale of 0 to 100, and the classes VIP, major, ordinary, small.
//!
//! Weights are a setting that sums to 1. Parts that nobody knows for a customer (lifetime and credit may come later) are
//! left out and the weights of the others rescaled, so a missing part neither helps nor hurts. Percentiles are mid-ranks
//! among the customers whose part is known; see [`crate::rank::percentiles`].

use serde::{Deserialize, Serialize};

use crate::rank::{Better, percentiles, runs_by};

/// What makes a customer valuable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValuePart {
    /// Net revenue so far.
    CumulativeSales,
    /// Predicted lifetime potential.
    LifetimePotential,
    /// Growth of demand over the last year.
    DemandGrowth,
    /// Credit rating, larger is better.
    CreditRating,
    /// Contribution to profit.
    ProfitContribution,
}

impl ValuePart {
    /// All parts in the order of columns and weights.
    pub const ALL: [Self; 5] = [
        Self::CumulativeSales,
        Self::LifetimePotential,
        Self::DemandGrowth,
        Self::CreditRating,
        Self::ProfitContribution,
    ];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::CumulativeSales => "cumulative_sales",
            Self::LifetimePotential => "lifetime_potential",
            Self::DemandGrowth => "demand_growth",
            Self::CreditRating => "credit_rating",
            Self::ProfitContribution => "profit_contribution",
        }
    }
}

/// The weight of each part, 0–1, summing to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValueWeights {
    /// Net revenue so far.
    pub cumulative_sales: f64,
    /// Predicted lifetime potential.
    pub lifetime_potential: f64,
    /// Growth of demand over the last year.
    pub demand_growth: f64,
    /// Credit rating.
    pub credit_rating: f64,
    /// Contribution to profit.
    pub profit_contribution: f64,
}

impl Default for ValueWeights {
    fn default() -> Self {
        Self {
            cumulative_sales: 0.30,
            lifetime_potential: 0.25,
            demand_growth: 0.10,
            credit_rating: 0.10,
            profit_contribution: 0.25,
        }
    }
}

impl ValueWeights {
    /// In the order of [`ValuePart::ALL`].
    pub fn in_order(&self) -> [f64; 5] {
        [
            self.cumulative_sales,
            self.lifetime_potential,
            self.demand_growth,
            self.credit_rating,
            self.profit_contribution,
        ]
    }

    /// Whether no weight is negative and they sum to 1 within a billionth.
    pub fn is_valid(&self) -> bool {
        let weights = self.in_order();
        weights.iter().all(|w| w.is_finite() && *w >= 0.0) && (weights.iter().sum::<f64>() - 1.0).abs() < 1e-9
    }
}

/// The class of a customer by value, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueClass {
    /// The handful nobody may lose.
    Vip,
    /// Important.
    Major,
    /// The middle.
    Ordinary,
    /// The rest.
    Small,
}

impl ValueClass {
    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Vip => "vip",
            Self::Major => "major",
            Self::Ordinary => "ordinary",
            Self::Small => "small",
        }
    }
}

/// How scores become classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum ValueCutoffs {
    /// Least score (0–100) of each class.
    Scores {
        /// Least score of VIP.
        vip: f64,
        /// Least score of major.
        major: f64,
        /// Least score of ordinary.
        ordinary: f64,
    },
    /// Shares (0–1) of all scored customers, best first; equal scores share a class.
    Shares {
        /// Share of VIP.
        vip: f64,
        /// Share of major.
        major: f64,
        /// Share of ordinary.
        ordinary: f64,
    },
}

impl Default for ValueCutoffs {
    fn default() -> Self {
        Self::Shares { vip: 0.05, major: 0.15, ordinary: 0.50 }
    }
}

impl ValueCutoffs {
    /// Whether scores fall and stay within 0–100, or shares are within 0–1 and sum to at most 1.
    pub fn is_valid(&self) -> bool {
        match *self {
            Self::Scores { vip, major, ordinary } => 100.0 >= vip && vip > major && major > ordinary && ordinary >= 0.0,
            Self::Shares { vip, major, ordinary } => {
                [vip, major, ordinary].iter().all(|share| (0.0..=1.0).contains(share))
                    && vip + major + ordinary <= 1.0 + 1e-9
            }
        }
    }
}

/// The value of one customer and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerValue {
    /// 0–100; `None` if no part with a weight is known.
    pub score: Option<f64>,
    /// The class; small without a score.
    pub class: ValueClass,
    /// Percentile 0–100 of each part in the order of [`ValuePart::ALL`]; NaN if unknown.
    pub percentiles: [f32; 5],
}

/// One part as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ValueShare {
    /// The part.
    pub key: ValuePart,
    /// Its weight after rescaling, 0–1.
    pub weight: f64,
    /// The customer's percentile, 0–100.
    pub percentile: f64,
}

impl CustomerValue {
    /// The known parts with their rescaled weights; Σ weight · percentile is the score.
    pub fn parts(&self, weights: &ValueWeights) -> Vec<ValueShare> {
        let weights = weights.in_order();
        let known = |at: usize| !self.percentiles[at].is_nan() && weights[at] > 0.0;
        let sum: f64 = (0..5).filter(|at| known(*at)).map(|at| weights[at]).sum();
        let share = |at: usize| ValueShare {
            key: ValuePart::ALL[at],
            weight: weights[at] / sum,
            percentile: f64::from(self.percentiles[at]),
        };
        (0..5).filter(|at| known(*at)).map(share).collect()
    }
}

/// Values of all customers. `columns` are in the order of [`ValuePart::ALL`]; a part that nobody has may be an empty
/// slice, a single unknown is NaN. `rows` is the number of customers.
pub fn values(rows: usize, columns: [&[f64]; 5], weights: &ValueWeights, cutoffs: &ValueCutoffs) -> Vec<CustomerValue> {
    let weights = weights.in_order();
    let blank = CustomerValue { score: None, class: ValueClass::Small, percentiles: [f32::NAN; 5] };
    let mut out = vec![blank; rows];
    let mut sums = vec![(0.0f64, 0.0f64); rows];
    for (part, column) in columns.iter().enumerate() {
        for (row, percentile) in percentiles(column).into_iter().enumerate().take(rows) {
            if percentile.is_nan() {
                continue;
            }
            out[row].percentiles[part] = percentile as f32;
            sums[row].0 += weights[part] * percentile;
            sums[row].1 += weights[part];
        }
    }
    for (value, (score, weight)) in out.iter_mut().zip(&sums) {
        value.score = (*weight > 0.0).then(|| score / weight);
    }
    classify(&mut out, cutoffs);
    out
}

fn classify(values: &mut [CustomerValue], cutoffs: &ValueCutoffs) {
    match *cutoffs {
        ValueCutoffs::Scores { vip, major, ordinary } => {
            for value in values {
                value.class = match value.score {
                    Some(score) if score >= vip => ValueClass::Vip,
                    Some(score) if score >= major => ValueClass::Major,
                    Some(score) if score >= ordinary => ValueClass::Ordinary,
                    _ => ValueClass::Small,
                };
            }
        }
        ValueCutoffs::Shares { vip, major, ordinary } => {
            let scored: Vec<usize> = (0..values.len()).filter(|row| values[*row].score.is_some()).collect();
            let scores: Vec<f64> = scored.iter().filter_map(|row| values[*row].score).collect();
            let total = scores.len() as f64;
            runs_by(&scores, Better::Less, |rows, better| {
                let ahead = better as f64 / total;
                let class = match ahead {
                    share if share < vip => ValueClass::Vip,
                    share if share < vip + major => ValueClass::Major,
                    share if share < vip + major + ordinary => ValueClass::Ordinary,
                    _ => ValueClass::Small,
                };
                rows.iter().for_each(|row| values[scored[*row as usize]].class = class);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[f64] = &[];

    #[test]
    fn unknown_parts_rescale_the_weights() {
        let weights = ValueWeights::default();
        assert!(weights.is_valid());
        let sales = [1.0, 2.0, 3.0];
        let profit = [f64::NAN, 5.0, 1.0];
        let out = values(3, [&sales, NONE, NONE, NONE, &profit], &weights, &ValueCutoffs::default());
        assert_eq!(out[0].score, Some(0.0));
        assert_eq!(out[0].parts(&weights).len(), 1);
        let expected = (0.30 * 50.0 + 0.25 * 100.0) / 0.55;
        assert!(out[1].score.is_some_and(|score| (score - expected).abs() < 1e-9));
        let shown: f64 = out[1].parts(&weights).iter().map(|part| part.weight * part.percentile).sum();
        assert!((shown - expected).abs() < 1e-4);
    }

    #[test]
    fn nothing_known_has_no_score() {
        let out = values(1, [NONE; 5], &ValueWeights::default(), &ValueCutoffs::default());
        assert_eq!((out[0].score, out[0].class), (None, ValueClass::Small));
        assert!(out[0].parts(&ValueWeights::default()).is_empty());
    }

    #[test]
    fn classes_by_shares_and_by_scores() {
        let sales: Vec<f64> = (0..100).map(f64::from).collect();
        let weights = ValueWeights {
            cumulative_sales: 1.0,
            lifetime_potential: 0.0,
            demand_growth: 0.0,
            credit_rating: 0.0,
            profit_contribution: 0.0,
        };
        let count = |cutoffs: ValueCutoffs, class| {
            let out = values(100, [&sales, NONE, NONE, NONE, NONE], &weights, &cutoffs);
            out.iter().filter(|value| value.class == class).count()
        };
        let shares = ValueCutoffs::default();
        assert!(shares.is_valid());
        assert_eq!(
            [ValueClass::Vip, ValueClass::Major, ValueClass::Ordinary, ValueClass::Small].map(|c| count(shares, c)),
            [5, 15, 50, 30]
        );
        let scores = ValueCutoffs::Scores { vip: 90.0, major: 75.0, ordinary: 40.0 };
        assert!(scores.is_valid());
        assert_eq!(count(scores, ValueClass::Vip), 10);
        assert!(!ValueCutoffs::Scores { vip: 50.0, major: 75.0, ordinary: 40.0 }.is_valid());
    }

    #[test]
    fn settings_round_trip_as_json() -> Result<(), serde_json::Error> {
        let text = serde_json::to_string(&ValueCutoffs::default())?;
        assert_eq!(text, r#"{"by":"shares","vip":0.05,"major":0.15,"ordinary":0.5}"#);
        assert_eq!(serde_json::from_str::<ValueCutoffs>(&text)?, ValueCutoffs::default());
        assert!(serde_json::from_str::<ValueWeights>(r#"{"luck":1}"#).is_err());
        Ok(())
    }
}
