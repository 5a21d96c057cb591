//! Key accounts: how close a relationship should be, and whether a touchpoint is kept up.

use chrono::{Days, NaiveDate};

/// How close the relationship is, the loosest first. Basic: one sells. Reactive: they may call. Accountable: one calls
/// after the sale. Proactive: one calls with ideas. Partnership: one works with them all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Basic,
    Reactive,
    Accountable,
    Proactive,
    Partnership,
}

impl Level {
    pub const KEYS: [&'static str; 5] = ["basic", "reactive", "accountable", "proactive", "partnership"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// From when on customers are few or many, and a margin is fair or high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// At most so many are few.
    pub few: i64,
    /// So many or more are many.
    pub many: i64,
    /// Shares of net revenue, 0–1.
    pub fair_margin: f64,
    pub high_margin: f64,
}

/// The level that the number of such customers and their margin speak for (Kotler, Marketing Management, levels of
/// relationship marketing): the fewer and the better they pay, the closer.
///
/// | | high margin | fair | low |
/// |---|---|---|---|
/// | many | accountable | reactive | basic |
/// | some | proactive | accountable | reactive |
/// | few | partnership | proactive | accountable |
pub fn advised(customers: i64, margin: f64, limits: &Limits) -> Level {
    const LEVELS: [Level; 5] =
        [Level::Basic, Level::Reactive, Level::Accountable, Level::Proactive, Level::Partnership];
    let rarity = match customers {
        n if n >= limits.many => 0,
        n if n > limits.few => 1,
        _ => 2,
    };
    let worth = usize::from(margin >= limits.fair_margin) + usize::from(margin >= limits.high_margin);
    LEVELS[rarity + worth]
}

/// Whether a touchpoint is kept up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchState {
    Met,
    /// Planned, and they were to be met by now.
    Due,
    /// Nothing is planned, and they were never met there, or not for a year.
    Gap,
}

impl TouchState {
    pub const KEYS: [&'static str; 3] = ["met", "due", "gap"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// Days after which a touchpoint without a plan is a gap again.
pub const FORGOTTEN: u64 = 365;

/// How a touchpoint stands that was last met on a day and is to be met every so many.
pub fn touch_state(last: Option<NaiveDate>, every_days: Option<u64>, today: NaiveDate) -> TouchState {
    let within = |last: NaiveDate, days: u64| last.checked_add_days(Days::new(days)).is_none_or(|until| today <= until);
    match (last, every_days) {
        (None, None) => TouchState::Gap,
        (None, Some(_)) => TouchState::Due,
        (Some(last), Some(days)) if !within(last, days) => TouchState::Due,
        (Some(last), None) if !within(last, FORGOTTEN) => TouchState::Gap,
        _ => TouchState::Met,
    }
}

/// The day by which a planned touchpoint is to be met again; today when it never was.
pub fn touch_due(last: Option<NaiveDate>, every_days: Option<u64>, today: NaiveDate) -> Option<NaiveDate> {
    let days = Days::new(every_days?);
    last.map_or(Some(today), |last| last.checked_add_days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { few: 20, many: 100, fair_margin: 0.15, high_margin: 0.3 };

    #[test]
    fn the_fewer_and_the_better_they_pay_the_closer() {
        for (customers, margin, level) in [
            (100, 0.3, "accountable"),
            (100, 0.29, "reactive"),
            (100, 0.14, "basic"),
            (99, 0.3, "proactive"),
            (21, 0.15, "accountable"),
            (21, -0.5, "reactive"),
            (20, 0.3, "partnership"),
            (20, 0.2, "proactive"),
            (1, 0.0, "accountable"),
        ] {
            assert_eq!(advised(customers, margin, &LIMITS).key(), level, "{customers} customers, margin {margin}");
        }
    }

    #[test]
    fn touchpoints_are_met_due_or_missed() {
        let day = |text: &str| text.parse().expect("a day");
        let today = day("2026-06-30");
        for (last, every, state, due) in [
            (None, None, "gap", None),
            (None, Some(30), "due", Some("2026-06-30")),
            (Some("2026-05-31"), Some(30), "met", Some("2026-06-30")),
            (Some("2026-05-30"), Some(30), "due", Some("2026-06-29")),
            (Some("2025-06-30"), None, "met", None),
            (Some("2025-06-29"), None, "gap", None),
        ] {
            let last = last.map(day);
            assert_eq!(touch_state(last, every, today).key(), state, "{last:?} every {every:?}");
            assert_eq!(touch_due(last, every, today), due.map(day), "{last:?} every {every:?}");
        }
    }
}
