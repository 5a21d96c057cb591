//! The stage of the relation with a customer: one ordered decision table, the first row that holds decides.
//!
//! | # | stage | holds when | reason |
//! |---|---|---|---|
//! | 1 | potential | no order yet | `no_order` |
//! | 2 | new | first order at most `new_days` ago | `first_order_recent` |
//! | 3 | new | one order day, however long ago: nothing was repeated | `never_repeated` |
//! | 4 | loyal | at least `loyal_order_days`, still buying, and refers others | `refers_others` |
//! | 5 | loyal | the same, and gives us most of what they buy | `wallet_share` |
//! | 6 | loyal | the same, and buys from at least `loyal_categories` | `buys_broadly` |
//! | 7 | old | first order at least `old_days` ago | `long_tenure` |
//! | 8 | frequent | everybody else: repeats here, and elsewhere too | `repeats` |
//!
//! *Still buying*: P(no purchase in the own next horizon) at most `loyal_no_purchase`; where no model is fitted, the
//! silence is at most `loyal_silence_gaps` times the own median gap.

use serde::{Deserialize, Serialize};

/// Stages in the order of growing closeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Has not bought.
    Potential,
    /// Has begun to buy.
    New,
    /// Buys again and again, here and elsewhere.
    Frequent,
    /// Has been with us for long.
    Old,
    /// Stays, buys broadly, brings others.
    Loyal,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 5] = [Self::Potential, Self::New, Self::Frequent, Self::Old, Self::Loyal];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Potential => "potential",
            Self::New => "new",
            Self::Frequent => "frequent",
            Self::Old => "old",
            Self::Loyal => "loyal",
        }
    }
}

/// Which row of the table decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageReason {
    /// Row 1.
    NoOrder,
    /// Row 2.
    FirstOrderRecent,
    /// Row 3.
    NeverRepeated,
    /// Row 4.
    RefersOthers,
    /// Row 5.
    WalletShare,
    /// Row 6.
    BuysBroadly,
    /// Row 7.
    LongTenure,
    /// Row 8.
    Repeats,
}

/// What the table looks at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StageFacts {
    /// Days with an order.
    pub order_days: u32,
    /// Days since the first order.
    pub tenure_days: i32,
    /// Days since the last order.
    pub recency_days: i32,
    /// Median days between order days, from two order days on.
    pub median_gap_days: Option<f64>,
    /// Distinct categories bought.
    pub categories: u32,
    /// Customers who came by this one's referral.
    pub referrals: u32,
    /// Our part of what they buy in our field, 0–1.
    pub wallet_share: Option<f64>,
    /// P(no purchase in the own next horizon), 0–1.
    pub no_purchase: Option<f64>,
}

/// The numbers in the table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StageThresholds {
    /// Longest time since the first order of a new customer, days.
    pub new_days: i32,
    /// Least time since the first order of an old customer, days.
    pub old_days: i32,
    /// Least order days of a loyal customer.
    pub loyal_order_days: u32,
    /// Least distinct categories of a customer loyal by breadth.
    pub loyal_categories: u32,
    /// Least referrals of a customer loyal by referral.
    pub loyal_referrals: u32,
    /// Least wallet share of a customer loyal by share, 0–1.
    pub loyal_wallet_share: f64,
    /// Most P(no purchase) of somebody still buying, 0–1.
    pub loyal_no_purchase: f64,
    /// Longest silence of somebody still buying, in own median gaps.
    pub loyal_silence_gaps: f64,
}

impl Default for StageThresholds {
    fn default() -> Self {
        Self {
            new_days: 90,
            old_days: 365,
            loyal_order_days: 6,
            loyal_categories: 3,
            loyal_referrals: 1,
            loyal_wallet_share: 0.6,
            loyal_no_purchase: 0.4,
            loyal_silence_gaps: 2.0,
        }
    }
}

impl StageThresholds {
    /// Whether days are in order and shares are within 0–1.
    pub fn is_valid(&self) -> bool {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        0 <= self.new_days
            && self.new_days < self.old_days
            && self.loyal_order_days >= 2
            && share(self.loyal_wallet_share)
            && share(self.loyal_no_purchase)
            && self.loyal_silence_gaps > 0.0
    }
}

type Row = (Stage, StageReason, fn(&StageFacts, &StageThresholds) -> bool);

const TABLE: [Row; 8] = [
    (Stage::Potential, StageReason::NoOrder, |f, _| f.order_days == 0),
    (Stage::New, StageReason::FirstOrderRecent, |f, t| f.tenure_days <= t.new_days),
    (Stage::New, StageReason::NeverRepeated, |f, _| f.order_days == 1),
    (Stage::Loyal, StageReason::RefersOthers, |f, t| stays(f, t) && f.referrals >= t.loyal_referrals),
    (Stage::Loyal, StageReason::WalletShare, |f, t| {
        stays(f, t) && f.wallet_share.is_some_and(|share| share >= t.loyal_wallet_share)
    }),
    (Stage::Loyal, StageReason::BuysBroadly, |f, t| stays(f, t) && f.categories >= t.loyal_categories),
    (Stage::Old, StageReason::LongTenure, |f, t| f.tenure_days >= t.old_days),
    (Stage::Frequent, StageReason::Repeats, |_, _| true),
];

fn stays(facts: &StageFacts, thresholds: &StageThresholds) -> bool {
    let buying = match (facts.no_purchase, facts.median_gap_days) {
        (Some(risk), _) => risk <= thresholds.loyal_no_purchase,
        (None, Some(gap)) => f64::from(facts.recency_days) <= gap * thresholds.loyal_silence_gaps,
        (None, None) => false,
    };
    facts.order_days >= thresholds.loyal_order_days && buying
}

/// The stage of a customer and the row that decided.
pub fn stage(facts: &StageFacts, thresholds: &StageThresholds) -> (Stage, StageReason) {
    let row = TABLE.iter().find(|(_, _, holds)| holds(facts, thresholds));
    row.map_or((Stage::Frequent, StageReason::Repeats), |(stage, reason, _)| (*stage, *reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_decide() {
        let thresholds = StageThresholds::default();
        assert!(thresholds.is_valid());
        let steady = StageFacts {
            order_days: 10,
            tenure_days: 400,
            recency_days: 20,
            median_gap_days: Some(30.0),
            categories: 1,
            ..StageFacts::default()
        };
        let cases = [
            (StageFacts::default(), Stage::Potential, StageReason::NoOrder),
            (StageFacts { order_days: 1, tenure_days: 90, ..steady }, Stage::New, StageReason::FirstOrderRecent),
            (StageFacts { order_days: 9, tenure_days: 30, ..steady }, Stage::New, StageReason::FirstOrderRecent),
            (StageFacts { order_days: 1, tenure_days: 900, ..steady }, Stage::New, StageReason::NeverRepeated),
            (StageFacts { order_days: 2, tenure_days: 200, ..steady }, Stage::Frequent, StageReason::Repeats),
            (StageFacts { order_days: 2, tenure_days: 900, ..steady }, Stage::Old, StageReason::LongTenure),
            (steady, Stage::Old, StageReason::LongTenure),
            (StageFacts { categories: 3, ..steady }, Stage::Loyal, StageReason::BuysBroadly),
            (StageFacts { referrals: 1, ..steady }, Stage::Loyal, StageReason::RefersOthers),
            (StageFacts { wallet_share: Some(0.7), ..steady }, Stage::Loyal, StageReason::WalletShare),
            (StageFacts { categories: 3, recency_days: 61, ..steady }, Stage::Old, StageReason::LongTenure),
            (StageFacts { categories: 3, no_purchase: Some(0.5), ..steady }, Stage::Old, StageReason::LongTenure),
            (
                StageFacts { categories: 3, recency_days: 61, no_purchase: Some(0.1), ..steady },
                Stage::Loyal,
                StageReason::BuysBroadly,
            ),
        ];
        for (facts, expected, reason) in cases {
            assert_eq!(stage(&facts, &thresholds), (expected, reason), "{facts:?}");
        }
    }
}
