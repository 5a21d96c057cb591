//! The phase of the life with a customer: one ordered decision table, the first row that holds decides. Who never
//! ordered has none.
//!
//! | # | phase | holds when | reason |
//! |---|---|---|---|
//! | 1 | decline | two order days or more, and P(no purchase within the own cycle) at least `decline_no_purchase` | `no_purchase_likely` |
//! | 2 | decline | the same without a model: silence at least `decline_silence_gaps` times the own median gap | `long_silence` |
//! | 3 | decline | one order day, and silence at least `decline_single_days` | `never_returned` |
//! | 4 | decline | trend at most −`decline_trend` | `spend_falls` |
//! | 5 | exploration | at most `exploration_order_days` | `few_orders` |
//! | 6 | exploration | first order at most `exploration_days` ago | `young` |
//! | 7 | growth | trend at least `growth_trend` | `spend_rises` |
//! | 8 | stability | everybody else | `steady` |
//!
//! *Trend*: spending of the last three own cycles against the three before, as a part of those; unknown until six
//! cycles have passed. *Own cycle*: the median gap between order days.
//!
//! *Hysteresis*: for the phase that a customer is in, limits are wider by the part `hysteresis`, so that nobody who
//! hovers around a limit goes to and fro. The first row that holds still decides, so the wider limits keep somebody
//! only where no earlier row speaks.

use serde::{Deserialize, Serialize};

/// Phases in the order of a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Gets to know us.
    Exploration,
    /// Buys more and more.
    Growth,
    /// Buys in their rhythm.
    Stability,
    /// Is on the way out.
    Decline,
}

impl Lifecycle {
    /// All phases in order.
    pub const ALL: [Self; 4] = [Self::Exploration, Self::Growth, Self::Stability, Self::Decline];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exploration => "exploration",
            Self::Growth => "growth",
            Self::Stability => "stability",
            Self::Decline => "decline",
        }
    }
}

/// Which row of the table decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleReason {
    /// Row 1.
    NoPurchaseLikely,
    /// Row 2.
    LongSilence,
    /// Row 3.
    NeverReturned,
    /// Row 4.
    SpendFalls,
    /// Row 5.
    FewOrders,
    /// Row 6.
    Young,
    /// Row 7.
    SpendRises,
    /// Row 8.
    Steady,
}

impl LifecycleReason {
    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoPurchaseLikely => "no_purchase_likely",
            Self::LongSilence => "long_silence",
            Self::NeverReturned => "never_returned",
            Self::SpendFalls => "spend_falls",
            Self::FewOrders => "few_orders",
            Self::Young => "young",
            Self::SpendRises => "spend_rises",
            Self::Steady => "steady",
        }
    }
}

/// What the table looks at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LifecycleFacts {
    /// Days with an order.
    pub order_days: u32,
    /// Days since the first order.
    pub tenure_days: i32,
    /// Days since the last order.
    pub recency_days: i32,
    /// Median days between order days, from two order days on.
    pub median_gap_days: Option<f64>,
    /// Spending of the last three own cycles against the three before; 0.2 is a fifth more.
    pub trend: Option<f64>,
    /// P(no purchase within the own cycle), 0–1.
    pub no_purchase: Option<f64>,
}

/// The numbers in the table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleThresholds {
    /// Most order days of somebody who explores.
    pub exploration_order_days: u32,
    /// Longest time since the first order of somebody who explores, days.
    pub exploration_days: i32,
    /// Least rise of spending in growth, as a part.
    pub growth_trend: f64,
    /// Least fall of spending in decline, as a part.
    pub decline_trend: f64,
    /// Least P(no purchase) in decline, 0–1.
    pub decline_no_purchase: f64,
    /// Least silence in decline without a model, own median gaps.
    pub decline_silence_gaps: f64,
    /// Least silence in decline after a single order day, days.
    pub decline_single_days: i32,
    /// By which part limits are wider for the phase somebody is in, 0–1.
    pub hysteresis: f64,
}

impl Default for LifecycleThresholds {
    fn default() -> Self {
        Self {
            exploration_order_days: 2,
            exploration_days: 90,
            growth_trend: 0.2,
            decline_trend: 0.4,
            decline_no_purchase: 0.8,
            decline_silence_gaps: 3.0,
            decline_single_days: 365,
            hysteresis: 0.25,
        }
    }
}

impl LifecycleThresholds {
    /// Whether shares are within 0–1 and the others positive.
    pub fn is_valid(&self) -> bool {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        self.exploration_order_days >= 1
            && self.exploration_days >= 0
            && self.growth_trend > 0.0
            && share(self.decline_trend)
            && share(self.decline_no_purchase)
            && self.decline_silence_gaps > 0.0
            && self.decline_single_days > 0
            && (0.0..1.0).contains(&self.hysteresis)
    }
}

/// Limits with how much they are widened: `ease` is 1 for a phase one would enter and less for the one one is in.
type Row = (Lifecycle, LifecycleReason, fn(&LifecycleFacts, &LifecycleThresholds, f64) -> bool);

const TABLE: [Row; 8] = [
    (Lifecycle::Decline, LifecycleReason::NoPurchaseLikely, |f, t, ease| {
        f.order_days >= 2 && f.no_purchase.is_some_and(|risk| risk >= t.decline_no_purchase * ease)
    }),
    (Lifecycle::Decline, LifecycleReason::LongSilence, |f, t, ease| {
        let gaps = |gap: f64| f64::from(f.recency_days) >= gap * t.decline_silence_gaps * ease;
        f.order_days >= 2 && f.no_purchase.is_none() && f.median_gap_days.is_some_and(gaps)
    }),
    (Lifecycle::Decline, LifecycleReason::NeverReturned, |f, t, _| {
        f.order_days == 1 && f.recency_days >= t.decline_single_days
    }),
    (Lifecycle::Decline, LifecycleReason::SpendFalls, |f, t, ease| {
        f.order_days > t.exploration_order_days && f.trend.is_some_and(|trend| -trend >= t.decline_trend * ease)
    }),
    (Lifecycle::Exploration, LifecycleReason::FewOrders, |f, t, _| f.order_days <= t.exploration_order_days),
    (Lifecycle::Exploration, LifecycleReason::Young, |f, t, _| f.tenure_days <= t.exploration_days),
    (Lifecycle::Growth, LifecycleReason::SpendRises, |f, t, ease| {
        f.trend.is_some_and(|trend| trend >= t.growth_trend * ease)
    }),
    (Lifecycle::Stability, LifecycleReason::Steady, |_, _, _| true),
];

/// The phase of a customer who was in `before`, and the row that decided; `None` before the first order.
pub fn lifecycle(
    facts: &LifecycleFacts,
    thresholds: &LifecycleThresholds,
    before: Option<Lifecycle>,
) -> Option<(Lifecycle, LifecycleReason)> {
    let ease = |phase: Lifecycle| if before == Some(phase) { 1.0 - thresholds.hysteresis } else { 1.0 };
    let row = TABLE.iter().find(|(phase, _, holds)| holds(facts, thresholds, ease(*phase)));
    row.filter(|_| facts.order_days > 0).map(|(phase, reason, _)| (*phase, *reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_decide() {
        let thresholds = LifecycleThresholds::default();
        assert!(thresholds.is_valid());
        let steady = LifecycleFacts {
            order_days: 10,
            tenure_days: 400,
            recency_days: 20,
            median_gap_days: Some(30.0),
            trend: Some(0.0),
            no_purchase: None,
        };
        use Lifecycle::{Decline, Exploration, Growth, Stability};
        use LifecycleReason::{
            FewOrders, LongSilence, NeverReturned, NoPurchaseLikely, SpendFalls, SpendRises, Steady, Young,
        };
        let first = LifecycleFacts { order_days: 1, tenure_days: 30, recency_days: 30, ..LifecycleFacts::default() };
        let cases = [
            (LifecycleFacts::default(), None),
            (first, Some((Exploration, FewOrders))),
            (LifecycleFacts { tenure_days: 364, recency_days: 364, ..first }, Some((Exploration, FewOrders))),
            (LifecycleFacts { tenure_days: 365, recency_days: 365, ..first }, Some((Decline, NeverReturned))),
            // A model says nothing of who bought once.
            (LifecycleFacts { no_purchase: Some(0.99), ..first }, Some((Exploration, FewOrders))),
            (LifecycleFacts { order_days: 2, ..steady }, Some((Exploration, FewOrders))),
            (LifecycleFacts { order_days: 2, recency_days: 90, ..steady }, Some((Decline, LongSilence))),
            (LifecycleFacts { tenure_days: 90, ..steady }, Some((Exploration, Young))),
            (LifecycleFacts { no_purchase: Some(0.8), ..steady }, Some((Decline, NoPurchaseLikely))),
            (LifecycleFacts { no_purchase: Some(0.1), recency_days: 900, ..steady }, Some((Stability, Steady))),
            (LifecycleFacts { trend: Some(-0.4), ..steady }, Some((Decline, SpendFalls))),
            (LifecycleFacts { trend: Some(0.2), ..steady }, Some((Growth, SpendRises))),
            (LifecycleFacts { trend: None, ..steady }, Some((Stability, Steady))),
            (steady, Some((Stability, Steady))),
        ];
        for (facts, expected) in cases {
            assert_eq!(lifecycle(&facts, &thresholds, None), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_phase_holds_on_to_its_own() {
        let thresholds = LifecycleThresholds::default();
        let facts = |no_purchase: f64| LifecycleFacts {
            order_days: 9,
            tenure_days: 400,
            no_purchase: Some(no_purchase),
            ..LifecycleFacts::default()
        };
        let phase =
            |risk: f64, before: Option<Lifecycle>| lifecycle(&facts(risk), &thresholds, before).map(|(phase, _)| phase);
        assert_eq!(phase(0.7, None), Some(Lifecycle::Stability));
        assert_eq!(phase(0.7, Some(Lifecycle::Decline)), Some(Lifecycle::Decline));
        assert_eq!(phase(0.59, Some(Lifecycle::Decline)), Some(Lifecycle::Stability));
    }
}
