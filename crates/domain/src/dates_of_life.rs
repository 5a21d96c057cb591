//! Birthdays and other dates that come back: the next day on which a date of a customer falls.
//!
//! *Next* means on or after the day asked about. Chinese lunar dates follow the calendar of Purple Mountain Observatory
//! (GB/T 33661) for the lunar years 1901–2100.

use chrono::{Datelike, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::{ChineseTraditional, Iso};
use icu_calendar::types::Month;
use serde::{Deserialize, Serialize};

/// When someone born on 29 February celebrates in other years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapDayPolicy {
    /// The day before, within the month of birth.
    #[default]
    Feb28,
    /// The day after, the full year having passed.
    Mar1,
}

/// A day of the Chinese lunar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LunarDay {
    /// 1–12; the leap month carries the number of the month it follows.
    pub month: u8,
    /// 1–30.
    pub day: u8,
    /// Whether the date is in a leap month.
    #[serde(default)]
    pub leap: bool,
}

impl LunarDay {
    /// Whether month and day are in range; whether a given year has the day is another question.
    pub fn is_valid(self) -> bool {
        (1..=12).contains(&self.month) && (1..=30).contains(&self.day)
    }
}

/// A date of a customer's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeDate {
    /// Happens once.
    Once(NaiveDate),
    /// Comes back on the same Gregorian month and day; the year is the first one.
    Yearly(NaiveDate),
    /// Comes back on the same lunar day.
    Lunar(LunarDay),
}

impl LifeDate {
    /// The next day on or after `from`; `None` if it is over or outside the calendar's range.
    pub fn next_on(self, from: NaiveDate, policy: LeapDayPolicy) -> Option<NaiveDate> {
        match self {
            Self::Once(date) => (date >= from).then_some(date),
            Self::Yearly(date) => yearly_next(date.month(), date.day(), policy, from),
            Self::Lunar(day) => lunar_next(day, from),
        }
    }
}

/// The next Gregorian month and day on or after `from`; `None` for a day that no year has, such as 31 April.
pub fn yearly_next(month: u32, day: u32, policy: LeapDayPolicy, from: NaiveDate) -> Option<NaiveDate> {
    (from.year()..=from.year() + 1).filter_map(|year| yearly_in(month, day, policy, year)).find(|date| *date >= from)
}

fn yearly_in(month: u32, day: u32, policy: LeapDayPolicy, year: i32) -> Option<NaiveDate> {
    let (month, day) = match (month, day, NaiveDate::from_ymd_opt(year, 2, 29), policy) {
        (2, 29, None, LeapDayPolicy::Feb28) => (2, 28),
        (2, 29, None, LeapDayPolicy::Mar1) => (3, 1),
        _ => (month, day),
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The next occurrence of a lunar day on or after `from`.
///
/// A date in a leap month falls in that leap month when the year has one, otherwise in the ordinary month of its number;
/// the 30th of a month with 29 days falls on the 29th.
pub fn lunar_next(day: LunarDay, from: NaiveDate) -> Option<NaiveDate> {
    if !day.is_valid() {
        return None;
    }
    (from.year() - 1..=from.year() + 1).filter_map(|year| lunar_in(day, year)).find(|date| *date >= from)
}

/// The Gregorian date of a lunar day in the lunar year that begins in the given Gregorian year, 1901–2100.
pub fn lunar_in(day: LunarDay, year: i32) -> Option<NaiveDate> {
    if !(1901..=2100).contains(&year) || !day.is_valid() {
        return None;
    }
    let calendar = ChineseTraditional::new();
    let in_month = |month: Month| {
        (day.day.min(29)..=day.day).rev().find_map(|d| Date::try_new(year.into(), month, d, calendar).ok())
    };
    let leap = day.leap.then(|| in_month(Month::leap(day.month))).flatten();
    let iso = leap.or_else(|| in_month(Month::new(day.month)))?.to_calendar(Iso);
    NaiveDate::from_ymd_opt(iso.era_year().year, iso.month().number().into(), iso.day_of_month().0.into())
}

/// The lunar day of a Gregorian date between 1901 and 2100.
pub fn lunar_of(date: NaiveDate) -> Option<LunarDay> {
    if !(1902..=2100).contains(&date.year()) {
        return None;
    }
    let iso = Date::try_new_iso(date.year(), date.month() as u8, date.day() as u8).ok()?;
    let lunar = iso.to_calendar(ChineseTraditional::new());
    let month = lunar.month().to_input();
    Some(LunarDay { month: month.number(), day: lunar.day_of_month().0, leap: month.is_leap() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    fn lunar(month: u8, day: u8, leap: bool) -> LunarDay {
        LunarDay { month, day, leap }
    }

    #[test]
    fn leap_day_follows_the_policy() {
        let next = |policy, from| yearly_next(2, 29, policy, from);
        assert_eq!(next(LeapDayPolicy::Feb28, day(2025, 1, 1)), Some(day(2025, 2, 28)));
        assert_eq!(next(LeapDayPolicy::Mar1, day(2025, 1, 1)), Some(day(2025, 3, 1)));
        assert_eq!(next(LeapDayPolicy::Mar1, day(2025, 3, 1)), Some(day(2025, 3, 1)));
        assert_eq!(next(LeapDayPolicy::Feb28, day(2027, 3, 1)), Some(day(2028, 2, 29)));
        assert_eq!(next(LeapDayPolicy::Mar1, day(2028, 2, 1)), Some(day(2028, 2, 29)));
    }

    #[test]
    fn yearly_dates_come_back() {
        assert_eq!(yearly_next(6, 8, LeapDayPolicy::Feb28, day(2025, 6, 8)), Some(day(2025, 6, 8)));
        assert_eq!(yearly_next(6, 8, LeapDayPolicy::Feb28, day(2025, 6, 9)), Some(day(2026, 6, 8)));
        assert_eq!(yearly_next(4, 31, LeapDayPolicy::Feb28, day(2025, 6, 9)), None);
        let wedding = LifeDate::Yearly(day(1990, 12, 31));
        assert_eq!(wedding.next_on(day(2025, 12, 31), LeapDayPolicy::Feb28), Some(day(2025, 12, 31)));
        assert_eq!(LifeDate::Once(day(2025, 1, 1)).next_on(day(2025, 1, 2), LeapDayPolicy::Feb28), None);
    }

    #[test]
    fn lunar_new_years_and_festivals() {
        for (year, month, date) in [
            (1901, 2, 19),
            (1949, 1, 29),
            (1985, 2, 20),
            (2000, 2, 5),
            (2023, 1, 22),
            (2024, 2, 10),
            (2025, 1, 29),
            (2026, 2, 17),
            (2027, 2, 6),
            (2033, 1, 31),
            (2034, 2, 19),
            (2050, 1, 23),
            (2100, 2, 9),
        ] {
            assert_eq!(lunar_in(lunar(1, 1, false), year), Some(day(year, month, date)), "{year}");
        }
        for (year, month, date) in [(2024, 9, 17), (2025, 10, 6), (2026, 9, 25)] {
            assert_eq!(lunar_in(lunar(8, 15, false), year), Some(day(year, month, date)), "mid-autumn {year}");
        }
        assert_eq!(lunar_in(lunar(5, 5, false), 2025), Some(day(2025, 5, 31)));
    }

    #[test]
    fn leap_months() {
        assert_eq!(lunar_in(lunar(2, 1, true), 2023), Some(day(2023, 3, 22)));
        assert_eq!(lunar_in(lunar(6, 1, true), 2025), Some(day(2025, 7, 25)));
        assert_eq!(lunar_in(lunar(6, 1, false), 2025), Some(day(2025, 6, 25)));
        assert_eq!(lunar_in(lunar(11, 1, true), 2033), Some(day(2033, 12, 22)));
        assert_eq!(lunar_in(lunar(6, 1, true), 2026), lunar_in(lunar(6, 1, false), 2026));
        assert_eq!(lunar_of(day(2025, 7, 25)), Some(lunar(6, 1, true)));
    }

    #[test]
    fn lunar_days_at_the_end_of_the_year() {
        assert_eq!(lunar_next(lunar(12, 8, false), day(2025, 1, 20)), Some(day(2026, 1, 26)));
        assert_eq!(lunar_next(lunar(12, 8, false), day(2025, 1, 7)), Some(day(2025, 1, 7)));
        assert_eq!(
            lunar_next(lunar(12, 30, false), day(2025, 1, 1)),
            Some(day(2025, 1, 28)),
            "the 29th is the last day"
        );
        assert_eq!(lunar_next(lunar(13, 1, false), day(2025, 1, 1)), None);
        assert_eq!(lunar_next(lunar(1, 1, false), day(2200, 1, 1)), None);
    }

    proptest! {
        #[test]
        fn every_date_is_found_again(offset in 0u64..69_000) {
            let date = day(1910, 1, 1) + chrono::Days::new(offset);
            let lunar = lunar_of(date).ok_or_else(|| TestCaseError::fail("out of range"))?;
            prop_assert_eq!(lunar_next(lunar, date), Some(date));
            let next = lunar_next(lunar, date + chrono::Days::new(1)).ok_or_else(|| TestCaseError::fail("no next"))?;
            prop_assert!(lunar.leap || (353..=385).contains(&(next - date).num_days()), "{date} {next}");
        }
    }
}
