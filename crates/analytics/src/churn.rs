//! Early warning: who is about to leave, with the reasons, and what a loss costs.
//!
//! A warning is raised for customers with at least two order days whose risk passes `raise`, and withdrawn when it
//! falls under `withdraw`, which is lower, so that nobody flickers. Risk is judged by what told best on the company's
//! own past (see [`crate::holdout`]): P(no purchase) of the model, or one of the plain rules, scaled so that its usual
//! limit is the limit of the model.

use serde::{Deserialize, Serialize};

use crate::holdout::Judge;

/// What speaks for a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskReason {
    /// Silent for longer than their own rhythm.
    Overdue,
    /// Spends less than before.
    SpendFalls,
    /// A complaint is open.
    UnresolvedComplaint,
    /// The last answer was a bad one.
    LowSatisfaction,
    /// Messages stay unread.
    UnreadMessages,
    /// Nobody has spoken with them for long.
    NoContact,
    /// The model expects no purchase, whatever else.
    NoPurchaseLikely,
}

impl RiskReason {
    /// All of them, the strongest first.
    pub const ALL: [Self; 7] = [
        Self::UnresolvedComplaint,
        Self::LowSatisfaction,
        Self::Overdue,
        Self::SpendFalls,
        Self::UnreadMessages,
        Self::NoContact,
        Self::NoPurchaseLikely,
    ];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::SpendFalls => "spend_falls",
            Self::UnresolvedComplaint => "unresolved_complaint",
            Self::LowSatisfaction => "low_satisfaction",
            Self::UnreadMessages => "unread_messages",
            Self::NoContact => "no_contact",
            Self::NoPurchaseLikely => "no_purchase_likely",
        }
    }
}

/// What warnings look at. What is not known speaks neither way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RiskFacts {
    /// Days with an order.
    pub order_days: u32,
    /// Days since the last order.
    pub recency_days: i32,
    /// Median days between order days.
    pub median_gap_days: Option<f64>,
    /// P(no purchase in the own horizon), 0–1.
    pub no_purchase: Option<f64>,
    /// Spending of the last three own cycles against the three before.
    pub trend: Option<f64>,
    /// Open complaints.
    pub complaints: u32,
    /// Last answer to how satisfied they are, 1–5.
    pub satisfaction: Option<f64>,
    /// Messages in a row that were not opened.
    pub unread: u32,
    /// Contacts of the last 90 days; `None` where contacts are not kept.
    pub contacts_90: Option<i64>,
}

/// The numbers of the warning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChurnThresholds {
    /// Risk from which on a warning is raised, 0–1.
    pub raise: f64,
    /// Risk under which it is withdrawn, 0–1.
    pub withdraw: f64,
    /// Silence of the reason "overdue", own median gaps; the limit where the rule "overdue" judges.
    pub overdue_gaps: f64,
    /// Silence that is the limit where the rule "idle" judges, days.
    pub idle_days: i32,
    /// Fall of spending of its reason, as a part.
    pub spend_fall: f64,
    /// Satisfaction at most which is low, 1–5.
    pub low_satisfaction: f64,
    /// Messages in a row that are many unread.
    pub unread: u32,
    /// Longest own horizon, and that of who has no rhythm yet, days.
    pub horizon_days: i32,
    /// Own median gaps that make up a customer's own horizon.
    pub horizon_gaps: f64,
}

impl Default for ChurnThresholds {
    fn default() -> Self {
        Self {
            raise: 0.8,
            withdraw: 0.6,
            overdue_gaps: 2.0,
            idle_days: 182,
            spend_fall: 0.3,
            low_satisfaction: 2.0,
            unread: 3,
            horizon_days: 182,
            horizon_gaps: 2.0,
        }
    }
}

impl ChurnThresholds {
    /// Whether limits are in order and within their scales.
    pub fn is_valid(&self) -> bool {
        0.0 < self.withdraw
            && self.withdraw < self.raise
            && self.raise <= 1.0
            && self.overdue_gaps > 0.0
            && self.idle_days > 0
            && (0.0..=1.0).contains(&self.spend_fall)
            && self.unread >= 1
            && (7..=3650).contains(&self.horizon_days)
            && self.horizon_gaps > 0.0
    }

    /// A customer's own horizon in days: so many own gaps, at least a week, at most the longest; the longest for who
    /// has no rhythm yet.
    pub fn own_horizon(&self, median_gap_days: Option<f64>) -> i32 {
        let longest = f64::from(self.horizon_days);
        median_gap_days.map_or(longest, |gap| (gap * self.horizon_gaps).round().clamp(7.0, longest)) as i32
    }
}

/// Risk 0–1 by one judge; `None` where it can't tell: no model, no second order day.
pub fn risk(facts: &RiskFacts, thresholds: &ChurnThresholds, judge: Judge) -> Option<f64> {
    if facts.order_days < 2 {
        return None;
    }
    let silence = f64::from(facts.recency_days);
    // A rule at its limit is as alarming as the model at its own.
    let scaled = |value: f64, limit: f64| (value / limit * thresholds.raise).clamp(0.0, 1.0);
    match judge {
        Judge::Model => facts.no_purchase,
        Judge::Idle => Some(scaled(silence, f64::from(thresholds.idle_days))),
        Judge::Overdue => facts.median_gap_days.map(|gap| scaled(silence, gap.max(1.0) * thresholds.overdue_gaps)),
    }
}

/// Whether a warning stands, given whether one stood before.
pub fn is_warned(risk: Option<f64>, thresholds: &ChurnThresholds, before: bool) -> bool {
    risk.is_some_and(|risk| risk >= if before { thresholds.withdraw } else { thresholds.raise })
}

/// Why, the strongest first; never empty.
pub fn reasons(facts: &RiskFacts, thresholds: &ChurnThresholds) -> Vec<RiskReason> {
    let holds = |reason: &RiskReason| match reason {
        RiskReason::Overdue => facts
            .median_gap_days
            .is_some_and(|gap| f64::from(facts.recency_days) >= gap.max(1.0) * thresholds.overdue_gaps),
        RiskReason::SpendFalls => facts.trend.is_some_and(|trend| -trend >= thresholds.spend_fall),
        RiskReason::UnresolvedComplaint => facts.complaints > 0,
        RiskReason::LowSatisfaction => facts.satisfaction.is_some_and(|answer| answer <= thresholds.low_satisfaction),
        RiskReason::UnreadMessages => facts.unread >= thresholds.unread,
        RiskReason::NoContact => facts.contacts_90 == Some(0),
        RiskReason::NoPurchaseLikely => facts.no_purchase.is_some_and(|risk| risk >= thresholds.withdraw),
    };
    let mut out: Vec<RiskReason> = RiskReason::ALL.into_iter().filter(holds).collect();
    if out.is_empty() {
        out.push(RiskReason::NoPurchaseLikely);
    }
    out
}

/// How many customers of the mean ordinary one's yearly spending make good a loss: spending ÷ mean, rounded up. `None`
/// where an ordinary one spends nothing; losing nothing costs nobody.
pub fn loss_cost(yearly: i64, ordinary: i64) -> Option<u64> {
    (ordinary > 0).then(|| yearly.max(0).unsigned_abs().div_ceil(ordinary.unsigned_abs()))
}

/// Order days of a year beyond which nobody's pace is taken at its word.
const PACE: f64 = 52.0;

/// What somebody spends in a year at their own pace: the mean of an order day × the order days of a year, at most one a
/// week; one order day of who bought once. In the unit of `net`.
pub fn yearly_at_own_pace(net: i64, order_days: i64, mean_gap_days: Option<f64>) -> i64 {
    if net <= 0 || order_days < 1 {
        return 0;
    }
    let mean = net as f64 / order_days as f64;
    let days = match mean_gap_days.filter(|gap| *gap > 0.0) {
        Some(gap) if order_days > 1 => (365.0 / gap).min(PACE),
        _ => 1.0,
    };
    (mean * days).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losing_one_of_3500_takes_13_of_275() {
        assert_eq!(loss_cost(350_000, 27_500), Some(13));
        assert_eq!(loss_cost(27_500, 27_500), Some(1));
        assert_eq!((loss_cost(-5, 27_500), loss_cost(5, 0)), (Some(0), None));
    }

    #[test]
    fn judges_agree_at_their_limits() {
        let thresholds = ChurnThresholds::default();
        assert!(thresholds.is_valid());
        let facts = RiskFacts {
            order_days: 5,
            recency_days: 182,
            median_gap_days: Some(91.0),
            no_purchase: Some(0.8),
            ..RiskFacts::default()
        };
        for judge in Judge::ALL {
            assert_eq!(risk(&facts, &thresholds, judge), Some(0.8), "{judge:?}");
        }
        assert_eq!(risk(&RiskFacts { order_days: 1, ..facts }, &thresholds, Judge::Idle), None);
        assert_eq!(risk(&RiskFacts { no_purchase: None, ..facts }, &thresholds, Judge::Model), None);
    }

    #[test]
    fn a_warning_stands_until_it_is_safe() {
        let thresholds = ChurnThresholds::default();
        for (risk, before, stands) in [
            (Some(0.79), false, false),
            (Some(0.8), false, true),
            (Some(0.6), true, true),
            (Some(0.59), true, false),
            (None, true, false),
        ] {
            assert_eq!(is_warned(risk, &thresholds, before), stands, "{risk:?} {before}");
        }
    }

    #[test]
    fn every_reason_can_speak_and_one_always_does() {
        let thresholds = ChurnThresholds::default();
        let all = RiskFacts {
            order_days: 5,
            recency_days: 90,
            median_gap_days: Some(30.0),
            no_purchase: Some(0.9),
            trend: Some(-0.5),
            complaints: 1,
            satisfaction: Some(1.0),
            unread: 3,
            contacts_90: Some(0),
        };
        assert_eq!(reasons(&all, &thresholds), RiskReason::ALL);
        assert_eq!(reasons(&RiskFacts::default(), &thresholds), [RiskReason::NoPurchaseLikely]);
    }

    #[test]
    fn a_horizon_is_ones_own() {
        let thresholds = ChurnThresholds::default();
        let days = [None, Some(1.0), Some(30.0), Some(900.0)].map(|gap| thresholds.own_horizon(gap));
        assert_eq!(days, [182, 7, 60, 182]);
    }
}
