//! The customer pool: customers of a unit whom nobody holds. Whoever keeps silent for too long loses a customer to it,
//! after a warning; colleagues claim customers from it, within quotas. Days are business days of the company's time zone.

use chrono::{Days, NaiveDate};

/// The rules of a unit's pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Days of silence after which a customer goes to the pool, at least one.
    pub silence_days: i64,
    /// So many days before that the owner is warned; nobody is warned when none.
    pub warning_days: i64,
    /// Most customers that one person claims on a day.
    pub claims_per_day: i64,
    /// Most customers that one person holds out of the pool.
    pub most_in_hand: i64,
    /// Days after a claim on which the customer stays, however silent.
    pub protection_days: i64,
    /// For so many days nobody claims a customer they lost to the pool or gave to it.
    pub return_days: i64,
    /// Levels of customers who are never recycled: key accounts.
    pub exempt_levels: Vec<String>,
}

/// A customer that somebody holds, as far as the rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding<'a> {
    pub level: Option<&'a str>,
    /// With a team and a plan: never recycled.
    pub key_account: bool,
    /// When a person last did something for the customer: contact, order, move of an opportunity, or the claim itself.
    pub touched_on: NaiveDate,
    pub protected_until: Option<NaiveDate>,
    /// When this owner was last warned of this customer.
    pub warned_on: Option<NaiveDate>,
}

/// What becomes of a customer in a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Stays,
    /// The owner is told that the customer goes on that day unless something happens.
    Warned(NaiveDate),
    Recycled,
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(NaiveDate::MAX)
}

impl Rules {
    /// What the night before `today` does. Nobody loses a customer unwarned: a new owner is warned anew, and a warning
    /// that was heeded counts no more.
    pub fn fate(&self, held: Holding<'_>, today: NaiveDate) -> Fate {
        let exempt =
            held.key_account || held.level.is_some_and(|level| self.exempt_levels.iter().any(|one| one == level));
        let protected = held.protected_until.is_some_and(|until| until >= today);
        let silent = (today - held.touched_on).num_days();
        if exempt || protected || silent < self.silence_days - self.warning_days {
            return Fate::Stays;
        }
        let warned = held.warned_on.filter(|on| *on > held.touched_on);
        match warned {
            None if self.warning_days > 0 => {
                Fate::Warned(later(held.touched_on, self.silence_days).max(later(today, self.warning_days)))
            }
            Some(on) if (today - on).num_days() < self.warning_days => Fate::Stays,
            _ if silent >= self.silence_days => Fate::Recycled,
            _ => Fate::Stays,
        }
    }

    /// Last day of the protection of a customer claimed today; none where the rules give none.
    pub fn protected_until(&self, today: NaiveDate) -> Option<NaiveDate> {
        (self.protection_days > 0).then(|| later(today, self.protection_days))
    }

    /// Whether somebody may claim a customer today.
    pub fn claim(&self, claims: Claims, today: NaiveDate) -> Result<(), Refusal> {
        let soon = self.return_days > 0 && claims.lost_on.is_some_and(|on| (today - on).num_days() < self.return_days);
        match claims {
            _ if soon => Err(Refusal::TooSoon),
            Claims { today, .. } if today >= self.claims_per_day => Err(Refusal::DayQuota),
            Claims { in_hand, .. } if in_hand >= self.most_in_hand => Err(Refusal::InHand),
            _ => Ok(()),
        }
    }
}

/// What a person has claimed already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Claims {
    /// On this day.
    pub today: i64,
    /// And still holds.
    pub in_hand: i64,
    /// When the person last lost this very customer to the pool, or gave it there.
    pub lost_on: Option<NaiveDate>,
}

/// Why somebody may not claim a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    DayQuota,
    InHand,
    TooSoon,
}

impl Refusal {
    pub const KEYS: [&str; 3] = ["pool_day_quota", "pool_in_hand", "pool_too_soon"];

    /// The contract's word.
    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// How a customer came into the pool or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// After too much silence.
    Recycled,
    /// Given up by its owner, or put there by who keeps the pool.
    Released,
    Claimed,
    /// Given to somebody by who keeps the pool.
    Assigned,
}

impl Move {
    pub const KEYS: [&str; 4] = ["recycled", "released", "claimed", "assigned"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn rules() -> Rules {
        Rules {
            silence_days: 30,
            warning_days: 7,
            claims_per_day: 2,
            most_in_hand: 5,
            protection_days: 10,
            return_days: 15,
            exempt_levels: vec!["key".into()],
        }
    }

    #[test]
    fn silence_warning_and_the_pool() {
        let today = day("2026-07-01");
        for (case, touched, protected, warned, level, fate) in [
            ("spoken with last week", "2026-06-24", None, None, None, Fate::Stays),
            ("a day before the warning", "2026-06-09", None, None, None, Fate::Stays),
            ("the day of the warning", "2026-06-08", None, None, None, Fate::Warned(day("2026-07-08"))),
            ("warned today already", "2026-06-08", None, Some("2026-07-01"), None, Fate::Stays),
            ("silent for long, never warned", "2026-01-01", None, None, None, Fate::Warned(day("2026-07-08"))),
            ("warned, not long enough ago", "2026-01-01", None, Some("2026-06-25"), None, Fate::Stays),
            ("warned a week ago", "2026-06-01", None, Some("2026-06-24"), None, Fate::Recycled),
            ("warned, but not silent for so long", "2026-06-03", None, Some("2026-06-24"), None, Fate::Stays),
            ("the warning was heeded", "2026-05-30", None, Some("2026-05-20"), None, Fate::Warned(day("2026-07-08"))),
            ("heeded on the very day", "2026-05-30", None, Some("2026-05-30"), None, Fate::Warned(day("2026-07-08"))),
            ("protected up to today", "2026-01-01", Some("2026-07-01"), Some("2026-06-01"), None, Fate::Stays),
            ("protected up to yesterday", "2026-01-01", Some("2026-06-30"), Some("2026-06-01"), None, Fate::Recycled),
            ("a key account", "2020-01-01", None, Some("2026-01-01"), Some("key"), Fate::Stays),
            ("another level", "2026-01-01", None, Some("2026-06-01"), Some("normal"), Fate::Recycled),
        ] {
            let held = Holding {
                level,
                key_account: false,
                touched_on: day(touched),
                protected_until: protected.map(day),
                warned_on: warned.map(day),
            };
            assert_eq!(rules().fate(held, today), fate, "{case}");
        }
        let unwarned = Rules { warning_days: 0, ..rules() };
        let planned = Holding {
            level: None,
            key_account: true,
            touched_on: day("2020-01-01"),
            protected_until: None,
            warned_on: Some(day("2026-06-01")),
        };
        assert_eq!(rules().fate(planned, today), Fate::Stays, "one with a team and a plan");
        for (touched, fate) in [("2026-06-02", Fate::Stays), ("2026-06-01", Fate::Recycled)] {
            let held = Holding {
                level: None,
                key_account: false,
                touched_on: day(touched),
                protected_until: None,
                warned_on: None,
            };
            assert_eq!(unwarned.fate(held, today), fate, "{touched}");
        }
    }

    #[test]
    fn claims_have_quotas() {
        let now = day("2026-07-01");
        for (today, in_hand, lost, expected) in [
            (0, 0, None, Ok(())),
            (1, 4, None, Ok(())),
            (2, 0, None, Err(Refusal::DayQuota)),
            (0, 5, None, Err(Refusal::InHand)),
            (0, 0, Some("2026-06-16"), Ok(())),
            (0, 0, Some("2026-06-17"), Err(Refusal::TooSoon)),
            (0, 0, Some("2026-07-01"), Err(Refusal::TooSoon)),
            (9, 9, Some("2026-07-01"), Err(Refusal::TooSoon)),
        ] {
            let claims = Claims { today, in_hand, lost_on: lost.map(day) };
            assert_eq!(rules().claim(claims, now), expected, "{claims:?}");
        }
        assert_eq!(rules().protected_until(now), Some(day("2026-07-11")));
        assert_eq!(Rules { protection_days: 0, ..rules() }.protected_until(now), None);
        assert_eq!((Refusal::TooSoon.key(), Move::Assigned.key()), ("pool_too_soon", "assigned"));
    }
}
