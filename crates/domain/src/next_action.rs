//! Next best actions: which rules suggest one, how long a suggestion rests once somebody dealt with it, and in which order
//! suggestions stand.

use std::cmp::{Ordering, Reverse};

use chrono::{Days, NaiveDate};

use crate::ids::PartyId;

/// Why something is to be done. Where two are worth the same, the one that stands first here comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A warning stands that nobody works on.
    Warning,
    /// What was promised a customer is late.
    PromiseOverdue,
    /// An opportunity was to be closed by now.
    DealOverdue,
    /// Nobody did anything about an open opportunity for longer than the follow-up rule allows.
    DealUntouched,
    /// What was wished for is there, and the customer isn't told.
    WishArrived,
    /// What was wished for is needed within days and isn't there.
    WishDue,
    /// The customer's own cadence says that the next purchase is due.
    Replenish,
    /// A VIP or major customer without order or contact for long.
    Silent,
    /// Who has what they have mostly has something else too.
    Offer,
    /// A date of life comes.
    Date,
    /// A proposal waits for one's own approval.
    Qualification,
}

impl Rule {
    pub const ALL: [Self; 11] = [
        Self::Warning,
        Self::PromiseOverdue,
        Self::DealOverdue,
        Self::DealUntouched,
        Self::WishArrived,
        Self::WishDue,
        Self::Replenish,
        Self::Silent,
        Self::Offer,
        Self::Date,
        Self::Qualification,
    ];

    pub fn key(self) -> &'static str {
        match self {
            Rule::Warning => "warning",
            Rule::PromiseOverdue => "promise_overdue",
            Rule::DealOverdue => "deal_overdue",
            Rule::DealUntouched => "deal_untouched",
            Rule::WishArrived => "wish_arrived",
            Rule::WishDue => "wish_due",
            Rule::Replenish => "replenish",
            Rule::Silent => "silent",
            Rule::Offer => "offer",
            Rule::Date => "date",
            Rule::Qualification => "qualification",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    /// How much of the value at stake counts, in percent, where the company says nothing else.
    pub fn weight(self) -> i64 {
        match self {
            Rule::Warning => 60,
            Rule::PromiseOverdue => 90,
            Rule::DealOverdue => 50,
            Rule::DealUntouched => 40,
            Rule::WishArrived => 90,
            Rule::WishDue => 70,
            Rule::Replenish => 50,
            Rule::Silent => 30,
            Rule::Offer => 40,
            Rule::Date => 20,
            Rule::Qualification => 50,
        }
    }

    /// Days in which the same is not suggested again.
    fn rest(self, outcome: Outcome) -> u64 {
        match (outcome, self) {
            (Outcome::Later, _) => 0,
            (Outcome::Dismissed, _) => 180,
            (
                Outcome::Done,
                Rule::WishDue | Rule::Qualification | Rule::PromiseOverdue | Rule::DealOverdue | Rule::DealUntouched,
            ) => 7,
            (Outcome::Done, Rule::Replenish) => 14,
            (Outcome::Done, Rule::Warning | Rule::WishArrived | Rule::Silent) => 30,
            (Outcome::Done, Rule::Offer) => 90,
            (Outcome::Done, Rule::Date) => 300,
        }
    }
}

/// What somebody made of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Not before a day.
    Later,
    /// Not useful.
    Dismissed,
}

impl Outcome {
    pub const KEYS: [&'static str; 3] = ["done", "later", "dismissed"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Done, Self::Later, Self::Dismissed].into_iter().find(|outcome| outcome.key() == key)
    }
}

/// Why a suggestion was not useful.
pub const REASONS: [&str; 5] = ["known_already", "wrong", "not_wanted", "bad_time", "other"];

/// Days after acting in which orders count as bought after it.
pub const WATCHED: Days = Days::new(30);

/// Whether a suggestion rests today after what was made of it on a day.
pub fn rests(rule: Rule, (outcome, on, until): (Outcome, NaiveDate, Option<NaiveDate>), today: NaiveDate) -> bool {
    let end = match outcome {
        Outcome::Later => until,
        _ => on.checked_add_days(Days::new(rule.rest(outcome))),
    };
    end.is_some_and(|end| today < end)
}

/// What a suggestion is ranked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub rule: Rule,
    pub party: PartyId,
    /// What of the customer it is about: tells two suggestions of one rule apart.
    pub subject: String,
    /// Value at stake, minor units.
    pub stake: i64,
    pub due: NaiveDate,
}

impl Suggestion {
    /// The part of the value at stake that counts, minor units.
    fn worth(&self, weight: i64) -> i128 {
        i128::from(self.stake.max(0)) * i128::from(weight) / 100
    }

    /// The order in which suggestions stand: what is worth more, what is due earlier, then rule and customer, so that it
    /// is the same however they were found.
    pub fn order(&self, other: &Self, weight: &impl Fn(Rule) -> i64) -> Ordering {
        let key = |one: &Self| (Reverse(one.worth(weight(one.rule))), one.due, one.rule, one.party);
        key(self).cmp(&key(other)).then_with(|| self.subject.cmp(&other.subject))
    }
}

/// Purchases that make a cadence.
const CADENCE: i64 = 3;
/// Days ahead that a purchase is called due.
const AHEAD: i64 = 3;
/// Who comes oftener, in days, needs no reminder.
const OFTEN: i64 = 7;

/// When the next purchase is due by the customer's own cadence: bought on at least three days, the median gap between
/// them after the last, from three days before. Past twice the gap the cadence is broken, and other rules speak.
pub fn replenishment(
    (order_days, median_gap): (i64, Option<f64>),
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let gap = median_gap?.round() as i64;
    let since = (today - last?).num_days();
    let due = order_days >= CADENCE && gap >= OFTEN && since + AHEAD >= gap && since <= 2 * gap;
    if due { last?.checked_add_days(Days::new(u64::try_from(gap).ok()?)) } else { None }
}

/// Which rule speaks of an open opportunity, and since when it does: the close that was expected has passed, else nothing
/// was done about it for longer than so many days. Never both: a new day makes it be looked at anyway.
pub fn stuck(
    expected_close: Option<NaiveDate>,
    (touched, most_days): (NaiveDate, i64),
    today: NaiveDate,
) -> Option<(Rule, NaiveDate)> {
    if let Some(close) = expected_close.filter(|close| *close < today) {
        return Some((Rule::DealOverdue, close));
    }
    let since = touched.checked_add_days(Days::new(most_days.unsigned_abs()))?;
    (since < today).then_some((Rule::DealUntouched, since))
}

/// Days without order and contact after which a key customer is silent.
pub const SILENT: Days = Days::new(60);

/// Since when a customer of these classes is silent, if they are.
pub fn silence(
    class: Option<&str>,
    last_order: Option<NaiveDate>,
    last_contact: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let heard = last_order?.max(last_contact.unwrap_or(NaiveDate::MIN));
    let since = heard.checked_add_days(SILENT)?;
    (matches!(class, Some("vip" | "major")) && since <= today).then_some(since)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn one(rule: Rule, party: u128, stake: i64, due: &str) -> Suggestion {
        Suggestion { rule, party: PartyId(Uuid::from_u128(party)), subject: String::new(), stake, due: day(due) }
    }

    #[test]
    fn suggestions_stand_by_worth_then_day_then_rule() {
        let weight = |rule: Rule| if rule == Rule::Date { 10 } else { 50 };
        let sorted = [
            one(Rule::Replenish, 1, 1_000, "2026-05-09"),
            one(Rule::Date, 1, 4_000, "2026-05-01"),
            one(Rule::Warning, 2, 700, "2026-05-02"),
            one(Rule::Warning, 1, 700, "2026-05-03"),
            one(Rule::Offer, 1, 700, "2026-05-03"),
            one(Rule::Offer, 2, 700, "2026-05-03"),
            one(Rule::Qualification, 1, 0, "2026-05-01"),
            one(Rule::Warning, 1, -5, "2026-05-02"),
        ];
        for (at, first) in sorted.iter().enumerate() {
            for (next, second) in sorted.iter().enumerate() {
                assert_eq!(first.order(second, &weight), at.cmp(&next), "{first:?} {second:?}");
            }
        }
        assert_eq!(one(Rule::Date, 1, i64::MAX, "2026-05-01").worth(1_000), i128::from(i64::MAX) * 10);
    }

    #[test]
    fn what_was_dealt_with_rests() {
        let on = day("2026-05-01");
        for (rule, outcome, until, today, hidden) in [
            (Rule::Warning, Outcome::Done, None, "2026-05-30", true),
            (Rule::Warning, Outcome::Done, None, "2026-05-31", false),
            (Rule::PromiseOverdue, Outcome::Done, None, "2026-05-07", true),
            (Rule::DealOverdue, Outcome::Done, None, "2026-05-08", false),
            (Rule::Date, Outcome::Done, None, "2027-02-24", true),
            (Rule::Date, Outcome::Done, None, "2027-04-29", false),
            (Rule::Offer, Outcome::Dismissed, None, "2026-10-27", true),
            (Rule::Offer, Outcome::Dismissed, None, "2026-10-28", false),
            (Rule::Silent, Outcome::Later, Some("2026-05-08"), "2026-05-07", true),
            (Rule::Silent, Outcome::Later, Some("2026-05-08"), "2026-05-08", false),
            (Rule::Silent, Outcome::Later, None, "2026-05-01", false),
        ] {
            assert_eq!(rests(rule, (outcome, on, until.map(day)), day(today)), hidden, "{rule:?} {outcome:?} {today}");
        }
    }

    #[test]
    fn replenishment_is_due_by_own_cadence() {
        for (days, gap, last, today, due) in [
            (3, Some(30.0), "2026-04-01", "2026-04-27", None),
            (3, Some(30.0), "2026-04-01", "2026-04-28", Some("2026-05-01")),
            (3, Some(29.5), "2026-04-01", "2026-05-31", Some("2026-05-01")),
            (3, Some(30.0), "2026-04-01", "2026-06-01", None),
            (2, Some(30.0), "2026-04-01", "2026-05-01", None),
            (9, Some(6.0), "2026-04-01", "2026-04-07", None),
            (9, None, "2026-04-01", "2026-04-07", None),
        ] {
            let found = replenishment((days, gap), Some(day(last)), day(today));
            assert_eq!(found, due.map(day), "{days} {gap:?} {today}");
        }
        assert_eq!(replenishment((3, Some(30.0)), None, day("2026-05-01")), None);
    }

    #[test]
    fn opportunities_get_stuck_in_one_way_at_a_time() {
        for (close, touched, found) in [
            (Some("2026-05-09"), "2026-05-01", Some((Rule::DealOverdue, "2026-05-09"))),
            (Some("2026-05-09"), "2026-01-01", Some((Rule::DealOverdue, "2026-05-09"))),
            (Some("2026-05-10"), "2026-05-01", None),
            (Some("2026-06-01"), "2026-04-09", Some((Rule::DealUntouched, "2026-05-09"))),
            (None, "2026-04-10", None),
            (None, "2026-04-09", Some((Rule::DealUntouched, "2026-05-09"))),
        ] {
            let told = stuck(close.map(day), (day(touched), 30), day("2026-05-10"));
            assert_eq!(told, found.map(|(rule, since)| (rule, day(since))), "{close:?} {touched}");
        }
    }

    #[test]
    fn key_customers_fall_silent() {
        for (class, order, contact, today, since) in [
            (Some("vip"), Some("2026-01-01"), None, "2026-03-02", Some("2026-03-02")),
            (Some("vip"), Some("2026-01-01"), None, "2026-03-01", None),
            (Some("major"), Some("2026-01-01"), Some("2026-02-01"), "2026-03-10", None),
            (Some("major"), Some("2026-01-01"), Some("2025-02-01"), "2026-03-10", Some("2026-03-02")),
            (Some("ordinary"), Some("2026-01-01"), None, "2026-03-10", None),
            (Some("vip"), None, None, "2026-03-10", None),
        ] {
            let found = silence(class, order.map(day), contact.map(day), day(today));
            assert_eq!(found, since.map(day), "{class:?} {order:?} {contact:?} {today}");
        }
    }

    #[test]
    fn keys_come_back() {
        for rule in Rule::ALL {
            assert_eq!(Rule::parse(rule.key()), Some(rule));
        }
        for key in Outcome::KEYS {
            assert_eq!(Outcome::parse(key).map(Outcome::key), Some(key));
        }
    }
}
