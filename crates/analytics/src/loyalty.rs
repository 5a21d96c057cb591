//! How loyal a customer is, and what that makes them together with what they buy.
//!
//! Loyalty is the share of signs that hold among those that are known:
//!
//! | sign | holds when |
//! |---|---|
//! | frequency | at least `order_days` |
//! | still buying | P(no purchase in the own horizon) at most `no_purchase`; without a model, silence at most `silence_gaps` own median gaps |
//! | breadth | at least `categories` |
//! | wallet share | at least `wallet_share`; unknown until somebody asked |
//! | no discounts needed | discounts at most `discount_share` of the gross |
//! | referrals | at least `referrals`; counts only for them |
//!
//! Class (Gander), one ordered table, the first row that holds decides; who never ordered has none:
//!
//! | # | class | holds when |
//! |---|---|---|
//! | 1 | D | fewer than `least_order_days` and little volume: too few to tell, and little at stake |
//! | 2 | B | fewer than `least_order_days`, large volume: to be won |
//! | 3 | A | large volume, loyal |
//! | 4 | B | large volume |
//! | 5 | C | loyal |
//! | 6 | D | everybody else |
//!
//! *Large volume*: percentile of net revenue among the unit's buyers at least `volume_percentile`. *Loyal*: share of
//! signs at least `loyal`; for who was loyal before, at least `loyal` − `margin`, and likewise for the volume, so that nobody
//! flickers.
//!
//! Matrix: value (VIP and major, or not) × loyal: cash cow, random, chicken rib, passer-by.

use serde::{Deserialize, Serialize};

/// Classes, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LoyaltyClass {
    /// Buys much and is loyal: the best service.
    A,
    /// Buys much, might go: to be won.
    B,
    /// Loyal, buys little: to be developed.
    C,
    /// Neither.
    D,
}

impl LoyaltyClass {
    /// All classes in order.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// Fields of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatrixField {
    /// Valuable and loyal.
    CashCow,
    /// Valuable, not loyal.
    Random,
    /// Loyal, of little value.
    ChickenRib,
    /// Neither.
    PasserBy,
}

impl MatrixField {
    /// All fields in order.
    pub const ALL: [Self; 4] = [Self::CashCow, Self::Random, Self::ChickenRib, Self::PasserBy];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::CashCow => "cash_cow",
            Self::Random => "random",
            Self::ChickenRib => "chicken_rib",
            Self::PasserBy => "passer_by",
        }
    }

    /// The field of a customer.
    pub fn of(valuable: bool, loyal: bool) -> Self {
        match (valuable, loyal) {
            (true, true) => Self::CashCow,
            (true, false) => Self::Random,
            (false, true) => Self::ChickenRib,
            (false, false) => Self::PasserBy,
        }
    }
}

/// What the tables look at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LoyaltyFacts {
    /// Days with an order.
    pub order_days: u32,
    /// Days since the last order.
    pub recency_days: i32,
    /// Median days between order days, from two order days on.
    pub median_gap_days: Option<f64>,
    /// P(no purchase in the own horizon), 0–1.
    pub no_purchase: Option<f64>,
    /// Distinct categories bought.
    pub categories: u32,
    /// Our part of what they buy in our field, 0–1.
    pub wallet_share: Option<f64>,
    /// Discounts as a part of the gross, 0–1.
    pub discount_share: Option<f64>,
    /// Customers who came by this one's referral.
    pub referrals: u32,
    /// Percentile of net revenue among the unit's buyers, 0–100.
    pub volume_percentile: Option<f64>,
}

/// The numbers in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoyaltyThresholds {
    /// Order days below which nobody is judged loyal.
    pub least_order_days: u32,
    /// Order days of the sign "frequency".
    pub order_days: u32,
    /// Most P(no purchase) of somebody still buying, 0–1.
    pub no_purchase: f64,
    /// Longest silence of somebody still buying without a model, own median gaps.
    pub silence_gaps: f64,
    /// Categories of the sign "breadth".
    pub categories: u32,
    /// Wallet share of its sign, 0–1.
    pub wallet_share: f64,
    /// Most discounts of who does not need them, as a part of the gross.
    pub discount_share: f64,
    /// Referrals of their sign.
    pub referrals: u32,
    /// Percentile from which on volume is large, 0–100.
    pub volume_percentile: f64,
    /// Share of signs from which on somebody is loyal, 0–1.
    pub loyal: f64,
    /// How much less is enough for who was loyal, or large, before, 0–1.
    pub margin: f64,
}

impl Default for LoyaltyThresholds {
    fn default() -> Self {
        Self {
            least_order_days: 3,
            order_days: 6,
            no_purchase: 0.4,
            silence_gaps: 2.0,
            categories: 3,
            wallet_share: 0.6,
            discount_share: 0.15,
            referrals: 1,
            volume_percentile: 80.0,
            loyal: 0.6,
            margin: 0.1,
        }
    }
}

impl LoyaltyThresholds {
    /// Whether shares are within 0–1, the percentile within 0–100 and the others positive.
    pub fn is_valid(&self) -> bool {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        [self.no_purchase, self.wallet_share, self.discount_share, self.loyal].into_iter().all(share)
            && self.least_order_days >= 1
            && self.silence_gaps > 0.0
            && self.referrals >= 1
            && (0.0..=100.0).contains(&self.volume_percentile)
            && (0.0..=self.loyal).contains(&self.margin)
    }
}

/// The share of signs that hold among those that are known, 0–1.
pub fn loyalty_score(facts: &LoyaltyFacts, thresholds: &LoyaltyThresholds) -> f64 {
    let still = match (facts.no_purchase, facts.median_gap_days) {
        (Some(risk), _) => Some(risk <= thresholds.no_purchase),
        (None, Some(gap)) => Some(f64::from(facts.recency_days) <= gap * thresholds.silence_gaps),
        (None, None) => None,
    };
    let signs = [
        Some(facts.order_days >= thresholds.order_days),
        still,
        Some(facts.categories >= thresholds.categories),
        facts.wallet_share.map(|share| share >= thresholds.wallet_share),
        facts.discount_share.map(|share| share <= thresholds.discount_share),
        (facts.referrals >= thresholds.referrals).then_some(true),
    ];
    let known = signs.iter().flatten().count();
    let held = signs.iter().flatten().filter(|held| **held).count();
    held as f64 / known.max(1) as f64
}

/// What a customer was judged before; limits are lower for what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoyaltyBefore {
    /// Whether they were loyal.
    pub loyal: bool,
    /// Whether their volume was large.
    pub large: bool,
}

impl LoyaltyBefore {
    /// What a class tells of who had it; that of too few orders tells nothing wrong.
    pub fn of(class: Option<LoyaltyClass>) -> Self {
        Self {
            loyal: matches!(class, Some(LoyaltyClass::A | LoyaltyClass::C)),
            large: matches!(class, Some(LoyaltyClass::A | LoyaltyClass::B)),
        }
    }
}

/// Whether a customer is loyal.
pub fn is_loyal(facts: &LoyaltyFacts, thresholds: &LoyaltyThresholds, before: LoyaltyBefore) -> bool {
    let least = thresholds.loyal - if before.loyal { thresholds.margin } else { 0.0 };
    facts.order_days >= thresholds.least_order_days && loyalty_score(facts, thresholds) >= least - 1e-12
}

fn is_large(facts: &LoyaltyFacts, thresholds: &LoyaltyThresholds, before: LoyaltyBefore) -> bool {
    let least = thresholds.volume_percentile - if before.large { 100.0 * thresholds.margin } else { 0.0 };
    facts.volume_percentile.is_some_and(|percentile| percentile >= least)
}

/// Class, given too few orders to tell, large volume, loyal.
type Row = (LoyaltyClass, fn(bool, bool, bool) -> bool);

const TABLE: [Row; 6] = [
    (LoyaltyClass::D, |few, large, _| few && !large),
    (LoyaltyClass::B, |few, _, _| few),
    (LoyaltyClass::A, |_, large, loyal| large && loyal),
    (LoyaltyClass::B, |_, large, _| large),
    (LoyaltyClass::C, |_, _, loyal| loyal),
    (LoyaltyClass::D, |_, _, _| true),
];

/// The class of a customer; `None` before the first order.
pub fn loyalty_class(
    facts: &LoyaltyFacts,
    thresholds: &LoyaltyThresholds,
    before: LoyaltyBefore,
) -> Option<LoyaltyClass> {
    let few = facts.order_days < thresholds.least_order_days;
    let (large, loyal) = (is_large(facts, thresholds, before), is_loyal(facts, thresholds, before));
    let row = TABLE.iter().find(|(_, holds)| holds(few, large, loyal));
    row.filter(|_| facts.order_days > 0).map(|(class, _)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady() -> LoyaltyFacts {
        LoyaltyFacts {
            order_days: 10,
            recency_days: 20,
            median_gap_days: Some(30.0),
            categories: 3,
            discount_share: Some(0.1),
            volume_percentile: Some(90.0),
            ..LoyaltyFacts::default()
        }
    }

    #[test]
    fn every_row_can_decide() {
        let thresholds = LoyaltyThresholds::default();
        assert!(thresholds.is_valid());
        let small = LoyaltyFacts { volume_percentile: Some(10.0), ..steady() };
        let gone = |facts: LoyaltyFacts| LoyaltyFacts { recency_days: 900, categories: 1, ..facts };
        use LoyaltyClass::{A, B, C, D};
        let cases = [
            (LoyaltyFacts::default(), None),
            (LoyaltyFacts { order_days: 1, ..small }, Some(D)),
            (LoyaltyFacts { order_days: 2, ..small }, Some(D)),
            (LoyaltyFacts { order_days: 1, ..steady() }, Some(B)),
            (LoyaltyFacts { order_days: 2, ..steady() }, Some(B)),
            (steady(), Some(A)),
            (gone(steady()), Some(B)),
            (small, Some(C)),
            (gone(small), Some(D)),
        ];
        for (facts, expected) in cases {
            assert_eq!(loyalty_class(&facts, &thresholds, LoyaltyBefore::default()), expected, "{facts:?}");
        }
    }

    #[test]
    fn only_what_is_known_counts() {
        let thresholds = LoyaltyThresholds::default();
        assert_eq!(loyalty_score(&steady(), &thresholds), 1.0);
        let asked = LoyaltyFacts { wallet_share: Some(0.1), ..steady() };
        assert_eq!(loyalty_score(&asked, &thresholds), 0.8);
        let referred = LoyaltyFacts { referrals: 2, ..asked };
        assert!((loyalty_score(&referred, &thresholds) - 5.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn a_class_holds_on_to_its_own() {
        let thresholds = LoyaltyThresholds::default();
        let facts = LoyaltyFacts { volume_percentile: Some(75.0), ..steady() };
        let class = |before| loyalty_class(&facts, &thresholds, LoyaltyBefore::of(before));
        assert_eq!(class(None), Some(LoyaltyClass::C));
        assert_eq!(class(Some(LoyaltyClass::A)), Some(LoyaltyClass::A));
    }
}
