//! The eight situations of a customer: how much they like us (stated, or told by the part of their purchases that is ours) × how
//! often they choose us again. Of whom nothing was said or asked the situation is not known.
//!
//! Preference, the first row that is known decides:
//!
//! | # | strong when |
//! |---|---|
//! | 1 | last satisfaction at least `satisfaction` (of 5) |
//! | 2 | would recommend at least `recommendation` (of 10) |
//! | 3 | has referred somebody |
//! | 4 | wallet share at least `wallet_share` |
//!
//! Repeat selection, the first row that holds decides:
//!
//! | # | selection | holds when |
//! |---|---|---|
//! | 1 | none | at most one order day |
//! | 2 | low | P(no purchase in the own horizon) over `low_no_purchase`; without a model, silence over `low_silence_gaps` own median gaps |
//! | 3 | high | at least `high_order_days` |
//! | 4 | low | two order days |
//! | 5 | medium | everybody else |

use serde::{Deserialize, Serialize};

/// How often somebody chooses us again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Never did.
    None,
    /// Hardly.
    Low,
    /// Sometimes.
    Medium,
    /// As a rule.
    High,
}

impl Selection {
    /// All of them in order.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Medium, Self::High];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Situation {
    /// Whether they like us.
    pub strong: bool,
    /// How often they choose us again.
    pub selection: Selection,
}

impl Situation {
    /// All eight keys, strong ones first.
    pub const KEYS: [&'static str; 8] = [
        "strong_high",
        "strong_medium",
        "strong_low",
        "strong_none",
        "weak_high",
        "weak_medium",
        "weak_low",
        "weak_none",
    ];

    /// Stable name.
    pub fn key(self) -> &'static str {
        let at = match self.selection {
            Selection::High => 0,
            Selection::Medium => 1,
            Selection::Low => 2,
            Selection::None => 3,
        };
        Self::KEYS[if self.strong { at } else { at + 4 }]
    }
}

/// What the tables look at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SituationFacts {
    /// Days with an order.
    pub order_days: u32,
    /// Days since the last order.
    pub recency_days: i32,
    /// Median days between order days, from two order days on.
    pub median_gap_days: Option<f64>,
    /// P(no purchase in the own horizon), 0–1.
    pub no_purchase: Option<f64>,
    /// Last answer to how satisfied they are, 1–5.
    pub satisfaction: Option<f64>,
    /// Last answer to whether they would recommend us, 0–10.
    pub recommendation: Option<f64>,
    /// Our part of what they buy in our field, 0–1.
    pub wallet_share: Option<f64>,
    /// Customers who came by this one's referral.
    pub referrals: u32,
}

/// The numbers in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SituationThresholds {
    /// Least satisfaction of a strong preference, 1–5.
    pub satisfaction: f64,
    /// Least recommendation of a strong preference, 0–10.
    pub recommendation: f64,
    /// Least wallet share of a strong preference, 0–1.
    pub wallet_share: f64,
    /// P(no purchase) over which selection is low, 0–1.
    pub low_no_purchase: f64,
    /// Silence over which selection is low without a model, own median gaps.
    pub low_silence_gaps: f64,
    /// Order days of a high selection.
    pub high_order_days: u32,
}

impl Default for SituationThresholds {
    fn default() -> Self {
        Self {
            satisfaction: 4.0,
            recommendation: 9.0,
            wallet_share: 0.5,
            low_no_purchase: 0.6,
            low_silence_gaps: 2.0,
            high_order_days: 6,
        }
    }
}

impl SituationThresholds {
    /// Whether everything is within its scale.
    pub fn is_valid(&self) -> bool {
        (1.0..=5.0).contains(&self.satisfaction)
            && (0.0..=10.0).contains(&self.recommendation)
            && (0.0..=1.0).contains(&self.wallet_share)
            && (0.0..=1.0).contains(&self.low_no_purchase)
            && self.low_silence_gaps > 0.0
            && self.high_order_days >= 3
    }
}

type PreferenceRow = fn(&SituationFacts, &SituationThresholds) -> Option<bool>;

const PREFERENCE: [PreferenceRow; 4] = [
    |f, t| f.satisfaction.map(|answer| answer >= t.satisfaction),
    |f, t| f.recommendation.map(|answer| answer >= t.recommendation),
    |f, _| (f.referrals > 0).then_some(true),
    |f, t| f.wallet_share.map(|share| share >= t.wallet_share),
];

/// Whether a customer likes us; `None` where nothing tells.
pub fn preference(facts: &SituationFacts, thresholds: &SituationThresholds) -> Option<bool> {
    PREFERENCE.iter().find_map(|row| row(facts, thresholds))
}

type SelectionRow = (Selection, fn(&SituationFacts, &SituationThresholds) -> bool);

const SELECTION: [SelectionRow; 5] = [
    (Selection::None, |f, _| f.order_days <= 1),
    (Selection::Low, |f, t| match (f.no_purchase, f.median_gap_days) {
        (Some(risk), _) => risk > t.low_no_purchase,
        (None, Some(gap)) => f64::from(f.recency_days) > gap * t.low_silence_gaps,
        (None, None) => false,
    }),
    (Selection::High, |f, t| f.order_days >= t.high_order_days),
    (Selection::Low, |f, _| f.order_days == 2),
    (Selection::Medium, |_, _| true),
];

/// How often a customer chooses us again.
pub fn selection(facts: &SituationFacts, thresholds: &SituationThresholds) -> Selection {
    let row = SELECTION.iter().find(|(_, holds)| holds(facts, thresholds));
    row.map_or(Selection::Medium, |(selection, _)| *selection)
}

/// The situation of a customer; `None` where nothing tells whether they like us.
pub fn situation(facts: &SituationFacts, thresholds: &SituationThresholds) -> Option<Situation> {
    let strong = preference(facts, thresholds)?;
    Some(Situation { strong, selection: selection(facts, thresholds) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_decide() {
        let thresholds = SituationThresholds::default();
        assert!(thresholds.is_valid());
        let steady = SituationFacts {
            order_days: 10,
            recency_days: 20,
            median_gap_days: Some(30.0),
            satisfaction: Some(5.0),
            ..SituationFacts::default()
        };
        let unasked = SituationFacts { satisfaction: None, ..steady };
        let cases = [
            (SituationFacts::default(), None),
            (unasked, None),
            (SituationFacts { order_days: 0, ..steady }, Some("strong_none")),
            (SituationFacts { order_days: 1, ..steady }, Some("strong_none")),
            (SituationFacts { order_days: 2, ..steady }, Some("strong_low")),
            (SituationFacts { order_days: 5, ..steady }, Some("strong_medium")),
            (steady, Some("strong_high")),
            (SituationFacts { recency_days: 61, ..steady }, Some("strong_low")),
            (SituationFacts { recency_days: 61, no_purchase: Some(0.6), ..steady }, Some("strong_high")),
            (SituationFacts { satisfaction: Some(3.0), ..steady }, Some("weak_high")),
            (SituationFacts { recommendation: Some(8.0), ..unasked }, Some("weak_high")),
            (SituationFacts { referrals: 1, ..unasked }, Some("strong_high")),
            (SituationFacts { wallet_share: Some(0.4), order_days: 3, ..unasked }, Some("weak_medium")),
        ];
        for (facts, expected) in cases {
            assert_eq!(situation(&facts, &thresholds).map(Situation::key), expected, "{facts:?}");
        }
    }

    #[test]
    fn every_situation_has_its_name() {
        let mut keys: Vec<&str> = [true, false]
            .into_iter()
            .flat_map(|strong| Selection::ALL.map(|selection| Situation { strong, selection }.key()))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 8);
    }
}
