//! Which days a pivot is about, and which it is compared with.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Grain, Key};

/// Days that move with today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Today,
    Yesterday,
    ThisWeek,
    LastWeek,
    ThisMonth,
    LastMonth,
    ThisQuarter,
    LastQuarter,
    ThisYear,
    LastYear,
    #[serde(rename = "last_7_days")]
    Last7Days,
    #[serde(rename = "last_30_days")]
    Last30Days,
    #[serde(rename = "last_90_days")]
    Last90Days,
    /// The twelve calendar months that end with this one.
    #[serde(rename = "last_12_months")]
    Last12Months,
}

/// From the first to the last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// As many days, or calendar months, right before.
    PreviousPeriod,
    PreviousYear,
}

/// How far the days of the other period are moved to lie beside those of this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    Days(u64),
    Months(u32),
}

fn minus_days(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn minus_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}

fn plus_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The day before the first of the month, quarter or year after.
fn last_of(grain: Grain, day: NaiveDate) -> NaiveDate {
    let first = grain.bucket(day);
    let next = match grain {
        Grain::Day => return day,
        Grain::Week => return first.checked_add_days(Days::new(6)).unwrap_or(NaiveDate::MAX),
        Grain::Month => plus_months(first, 1),
        Grain::Quarter => plus_months(first, 3),
        Grain::Year => plus_months(first, 12),
    };
    minus_days(next, 1)
}

impl Preset {
    pub const ALL: [Self; 14] = [
        Self::Today,
        Self::Yesterday,
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::LastQuarter,
        Self::ThisYear,
        Self::LastYear,
        Self::Last7Days,
        Self::Last30Days,
        Self::Last90Days,
        Self::Last12Months,
    ];

    /// The days it means on a business day.
    pub fn period(self, today: NaiveDate) -> Period {
        let whole = |grain: Grain, day: NaiveDate| Period { from: grain.bucket(day), to: last_of(grain, day) };
        let before = |grain: Grain| whole(grain, minus_days(grain.bucket(today), 1));
        let last = |days: u64| Period { from: minus_days(today, days - 1), to: today };
        match self {
            Preset::Today => last(1),
            Preset::Yesterday => before(Grain::Day),
            Preset::ThisWeek => whole(Grain::Week, today),
            Preset::LastWeek => before(Grain::Week),
            Preset::ThisMonth => whole(Grain::Month, today),
            Preset::LastMonth => before(Grain::Month),
            Preset::ThisQuarter => whole(Grain::Quarter, today),
            Preset::LastQuarter => before(Grain::Quarter),
            Preset::ThisYear => whole(Grain::Year, today),
            Preset::LastYear => before(Grain::Year),
            Preset::Last7Days => last(7),
            Preset::Last30Days => last(30),
            Preset::Last90Days => last(90),
            Preset::Last12Months => {
                Period { from: minus_months(Grain::Month.bucket(today), 11), to: last_of(Grain::Month, today) }
            }
        }
    }
}

impl Period {
    /// Calendar months, if it is made of whole ones.
    fn months(self) -> Option<u32> {
        let whole = self.from.day() == 1 && last_of(Grain::Month, self.to) == self.to && self.from <= self.to;
        let months = (self.to.year() - self.from.year()) * 12 + self.to.month() as i32 - self.from.month() as i32 + 1;
        u32::try_from(months).ok().filter(|_| whole)
    }

    /// The period it is compared with, and how far apart they lie.
    pub fn compared(self, with: Compare) -> (Period, Shift) {
        let months = match with {
            Compare::PreviousYear => Some(12),
            Compare::PreviousPeriod => self.months(),
        };
        match months {
            Some(months) => {
                // The last of a month stays the last of a month: a whole February beside a whole February.
                let ends_month = last_of(Grain::Month, self.to) == self.to;
                let to = minus_months(self.to, months);
                let to = if ends_month { last_of(Grain::Month, to) } else { to };
                (Period { from: minus_months(self.from, months), to }, Shift::Months(months))
            }
            None => {
                let days = u64::try_from((self.to - self.from).num_days() + 1).unwrap_or(1);
                (Period { from: minus_days(self.from, days), to: minus_days(self.from, 1) }, Shift::Days(days))
            }
        }
    }
}

impl Period {
    /// Its days up to today, and as many of the period it is compared with: on the tenth of a month, the first ten days of
    /// the month before. A period that is over, or has not begun, is taken whole.
    pub fn so_far(self, today: NaiveDate, with: Option<Compare>) -> (Period, Option<Period>) {
        let before = with.map(|with| self.compared(with).0);
        if today < self.from || self.to <= today {
            return (self, before);
        }
        let gone = u64::try_from((today - self.from).num_days()).unwrap_or(0);
        let cut = |before: Period| {
            let to = before.from.checked_add_days(Days::new(gone)).unwrap_or(before.to);
            Period { to: to.min(before.to), ..before }
        };
        (Period { to: today, ..self }, before.map(cut))
    }
}

impl Shift {
    /// Whether buckets of this width, moved so far, are buckets again.
    pub fn aligns(self, grain: Grain) -> bool {
        match (self, grain) {
            (Shift::Days(_), Grain::Day) => true,
            (Shift::Days(days), Grain::Week) => days % 7 == 0,
            (Shift::Days(_), Grain::Month | Grain::Quarter | Grain::Year) => false,
            // Weeks of a year ago lie 52 weeks before.
            (Shift::Months(months), Grain::Week) => months % 12 == 0,
            (Shift::Months(months), Grain::Quarter) => months % 3 == 0,
            (Shift::Months(months), Grain::Year) => months % 12 == 0,
            (Shift::Months(_), Grain::Day | Grain::Month) => true,
        }
    }

    /// The key beside which a bucket of the other period lies; none for a 29th of February that this year has not.
    pub fn moved(self, grain: Grain, key: &Key) -> Option<Key> {
        let Key::Value(text) = key else { return Some(key.clone()) };
        let Ok(day) = text.parse::<NaiveDate>() else { return Some(key.clone()) };
        let plus = |days: u64| day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        let moved = match (self, grain) {
            (Shift::Days(days), _) => plus(days),
            (Shift::Months(months), Grain::Week) => plus(364 * u64::from(months / 12)),
            (Shift::Months(months), _) => plus_months(day, months),
        };
        let stays = matches!((self, grain), (Shift::Days(_), _) | (_, Grain::Week)) || moved.day() == day.day();
        stays.then(|| Key::Value(moved.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn period(from: &str, to: &str) -> Period {
        Period { from: day(from), to: day(to) }
    }

    #[test]
    fn presets_move_with_today() {
        let today = day("2026-03-01");
        for (preset, from, to) in [
            (Preset::Today, "2026-03-01", "2026-03-01"),
            (Preset::Yesterday, "2026-02-28", "2026-02-28"),
            (Preset::ThisWeek, "2026-02-23", "2026-03-01"),
            (Preset::LastWeek, "2026-02-16", "2026-02-22"),
            (Preset::ThisMonth, "2026-03-01", "2026-03-31"),
            (Preset::LastMonth, "2026-02-01", "2026-02-28"),
            (Preset::ThisQuarter, "2026-01-01", "2026-03-31"),
            (Preset::LastQuarter, "2025-10-01", "2025-12-31"),
            (Preset::ThisYear, "2026-01-01", "2026-12-31"),
            (Preset::LastYear, "2025-01-01", "2025-12-31"),
            (Preset::Last7Days, "2026-02-23", "2026-03-01"),
            (Preset::Last30Days, "2026-01-31", "2026-03-01"),
            (Preset::Last90Days, "2025-12-02", "2026-03-01"),
            (Preset::Last12Months, "2025-04-01", "2026-03-31"),
        ] {
            assert_eq!(preset.period(today), period(from, to), "{preset:?}");
        }
    }

    #[test]
    fn a_period_is_compared_with_its_like() {
        for (of, with, other, shift) in [
            (
                period("2026-02-01", "2026-02-28"),
                Compare::PreviousPeriod,
                period("2026-01-01", "2026-01-31"),
                Shift::Months(1),
            ),
            (
                period("2025-02-01", "2025-02-28"),
                Compare::PreviousYear,
                period("2024-02-01", "2024-02-29"),
                Shift::Months(12),
            ),
            (
                period("2026-01-01", "2026-03-31"),
                Compare::PreviousPeriod,
                period("2025-10-01", "2025-12-31"),
                Shift::Months(3),
            ),
            (
                period("2026-02-10", "2026-02-16"),
                Compare::PreviousPeriod,
                period("2026-02-03", "2026-02-09"),
                Shift::Days(7),
            ),
            (
                period("2024-02-29", "2024-02-29"),
                Compare::PreviousYear,
                period("2023-02-28", "2023-02-28"),
                Shift::Months(12),
            ),
        ] {
            assert_eq!(of.compared(with), (other, shift), "{of:?} {with:?}");
        }
    }

    #[test]
    fn buckets_move_onto_buckets() {
        let value = |text: &str| Key::Value(text.into());
        for (shift, grain, key, moved) in [
            (Shift::Months(12), Grain::Week, "2025-05-19", "2026-05-18"),
            (Shift::Months(12), Grain::Month, "2025-05-01", "2026-05-01"),
            (Shift::Months(3), Grain::Quarter, "2025-10-01", "2026-01-01"),
            (Shift::Days(7), Grain::Day, "2026-02-03", "2026-02-10"),
        ] {
            assert!(shift.aligns(grain));
            assert_eq!(shift.moved(grain, &value(key)), Some(value(moved)), "{shift:?} {grain:?}");
        }
        assert_eq!(Shift::Months(12).moved(Grain::Day, &value("2024-02-29")), None);
        assert!(!Shift::Days(10).aligns(Grain::Week));
        assert!(!Shift::Days(30).aligns(Grain::Month));
        assert!(!Shift::Months(1).aligns(Grain::Quarter));
    }

    #[test]
    fn what_is_not_over_is_compared_with_as_many_days() {
        let today = day("2026-03-30");
        let month = Preset::ThisMonth.period(today);
        for (of, with, now, before) in [
            (month, Compare::PreviousPeriod, ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
            (month, Compare::PreviousYear, ("2026-03-01", "2026-03-30"), ("2025-03-01", "2025-03-30")),
            (
                Preset::ThisWeek.period(day("2026-03-31")),
                Compare::PreviousPeriod,
                ("2026-03-30", "2026-03-30"),
                ("2026-03-23", "2026-03-23"),
            ),
            (
                Preset::LastMonth.period(today),
                Compare::PreviousPeriod,
                ("2026-02-01", "2026-02-28"),
                ("2026-01-01", "2026-01-31"),
            ),
            (
                period("2026-04-01", "2026-04-30"),
                Compare::PreviousPeriod,
                ("2026-04-01", "2026-04-30"),
                ("2026-03-01", "2026-03-31"),
            ),
        ] {
            assert_eq!(of.so_far(today, Some(with)), (period(now.0, now.1), Some(period(before.0, before.1))));
        }
        assert_eq!(month.so_far(today, None).1, None);
    }
}
