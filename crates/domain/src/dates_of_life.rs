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

impl LeapDayPolicy {
    pub const KEYS: [&'static str; 2] = ["feb28", "mar1"];

    pub fn key(self) -> &'static str {
        match self {
            Self::Feb28 => "feb28",
            Self::Mar1 => "mar1",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Feb28, Self::Mar1].into_iter().find(|policy| policy.key() == key)
    }
}

/// When a day of a leap month is celebrated. Most years have no leap month, and a given one returns after 19 years or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapMonthPolicy {
    /// In the leap month when the year has it, otherwise in the ordinary month of its number.
    #[default]
    LeapOrOrdinary,
    /// Always in the ordinary month.
    Ordinary,
    /// Only in years that have the leap month.
    LeapOnly,
}

impl LeapMonthPolicy {
    pub const KEYS: [&'static str; 3] = ["leap_or_ordinary", "ordinary", "leap_only"];

    pub fn key(self) -> &'static str {
        match self {
            Self::LeapOrOrdinary => "leap_or_ordinary",
            Self::Ordinary => "ordinary",
            Self::LeapOnly => "leap_only",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::LeapOrOrdinary, Self::Ordinary, Self::LeapOnly].into_iter().find(|policy| policy.key() == key)
    }
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

/// The day of a date in its calendar; the year it first fell on, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeDay {
    Gregorian {
        year: Option<i32>,
        month: u32,
        day: u32,
    },
    /// The lunar year is named by the Gregorian year it begins in.
    Lunar {
        year: Option<i32>,
        day: LunarDay,
    },
}

/// A date of a customer's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeDate {
    pub day: LifeDay,
    /// Comes back every year; otherwise it happens once.
    pub yearly: bool,
    pub leap_day: LeapDayPolicy,
    pub leap_month: LeapMonthPolicy,
}

/// Why a date can't be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// No year has the day, or the year that was named has it not.
    NoSuchDay,
    /// What happens once needs its year.
    YearMissing,
    /// Lunar years are known from 1901 to 2100.
    YearUnknown,
}

impl DateFault {
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchDay => "date_invalid",
            Self::YearMissing => "year_missing",
            Self::YearUnknown => "lunar_year_range",
        }
    }
}

impl LifeDate {
    /// A Gregorian date that comes back every year, 29 February on the 28th in other years.
    pub fn yearly(first: NaiveDate) -> Self {
        let day = LifeDay::Gregorian { year: Some(first.year()), month: first.month(), day: first.day() };
        Self { day, yearly: true, leap_day: LeapDayPolicy::default(), leap_month: LeapMonthPolicy::default() }
    }

    pub fn check(self) -> Result<(), DateFault> {
        let known = match self.day {
            LifeDay::Gregorian { year, month, day } => {
                // 2000 has every day that any year has.
                NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, day).ok_or(DateFault::NoSuchDay)?;
                year.is_some()
            }
            LifeDay::Lunar { day, .. } if !day.is_valid() => return Err(DateFault::NoSuchDay),
            LifeDay::Lunar { year: Some(year), .. } if !LUNAR_YEARS.contains(&year) => {
                return Err(DateFault::YearUnknown);
            }
            LifeDay::Lunar { year: Some(year), day } => {
                lunar_exactly(day, year).ok_or(DateFault::NoSuchDay)?;
                true
            }
            LifeDay::Lunar { year: None, .. } => false,
        };
        if self.yearly || known { Ok(()) } else { Err(DateFault::YearMissing) }
    }

    /// The Gregorian day it first fell on; `None` when the year isn't known.
    pub fn first(self) -> Option<NaiveDate> {
        match self.day {
            LifeDay::Gregorian { year, month, day } => NaiveDate::from_ymd_opt(year?, month, day),
            LifeDay::Lunar { year, day } => lunar_exactly(day, year?),
        }
    }

    /// The next day on or after `from`, never before the first; `None` if it is over or outside the calendar's range.
    pub fn next_on(self, from: NaiveDate) -> Option<NaiveDate> {
        if !self.yearly {
            return self.first().filter(|first| *first >= from);
        }
        let from = self.first().map_or(from, |first| first.max(from));
        match self.day {
            LifeDay::Gregorian { month, day, .. } => yearly_next(month, day, self.leap_day, from),
            LifeDay::Lunar { day, .. } => lunar_next(day, self.leap_month, from),
        }
    }

    /// How many years it has come back on a day it falls on: the age on a birthday. `None` when the year isn't known.
    pub fn years_on(self, on: NaiveDate) -> Option<i32> {
        match self.day {
            LifeDay::Gregorian { year, .. } => Some(on.year() - year?),
            LifeDay::Lunar { year, .. } => Some(lunar_of(on)?.0 - year?),
        }
    }
}

/// The lunar years that are known, each named by the Gregorian year it begins in.
pub const LUNAR_YEARS: std::ops::RangeInclusive<i32> = 1901..=2100;

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

/// The next occurrence of a lunar day on or after `from`; the 30th of a month with 29 days falls on the 29th.
pub fn lunar_next(day: LunarDay, policy: LeapMonthPolicy, from: NaiveDate) -> Option<NaiveDate> {
    if !day.is_valid() {
        return None;
    }
    // Some leap months return after generations only.
    let last = if policy == LeapMonthPolicy::LeapOnly && day.leap { *LUNAR_YEARS.end() } else { from.year() + 1 };
    (from.year() - 1..=last).filter_map(|year| lunar_in(day, policy, year)).find(|date| *date >= from)
}

/// The Gregorian date of a lunar day in the lunar year that begins in the given Gregorian year.
pub fn lunar_in(day: LunarDay, policy: LeapMonthPolicy, year: i32) -> Option<NaiveDate> {
    if !LUNAR_YEARS.contains(&year) || !day.is_valid() {
        return None;
    }
    let leap =
        (day.leap && policy != LeapMonthPolicy::Ordinary).then(|| in_month(year, Month::leap(day.month), day.day));
    match leap.flatten() {
        None if day.leap && policy == LeapMonthPolicy::LeapOnly => None,
        None => in_month(year, Month::new(day.month), day.day),
        found => found,
    }
}

/// The day of a lunar month, or its last day when the month is a short one.
fn in_month(year: i32, month: Month, day: u8) -> Option<NaiveDate> {
    (day.min(29)..=day).rev().find_map(|day| on_day(year, month, day))
}

fn on_day(year: i32, month: Month, day: u8) -> Option<NaiveDate> {
    let iso = Date::try_new(year.into(), month, day, ChineseTraditional::new()).ok()?.to_calendar(Iso);
    NaiveDate::from_ymd_opt(iso.era_year().year, iso.month().number().into(), iso.day_of_month().0.into())
}

/// The Gregorian date of exactly this lunar day, if the year has it.
fn lunar_exactly(day: LunarDay, year: i32) -> Option<NaiveDate> {
    let month = if day.leap { Month::leap(day.month) } else { Month::new(day.month) };
    (LUNAR_YEARS.contains(&year) && day.is_valid()).then(|| on_day(year, month, day.day)).flatten()
}

/// The lunar year and day of a Gregorian date between 1902 and 2100.
pub fn lunar_of(date: NaiveDate) -> Option<(i32, LunarDay)> {
    if !(1902..=2100).contains(&date.year()) {
        return None;
    }
    let iso = Date::try_new_iso(date.year(), date.month() as u8, date.day() as u8).ok()?;
    let lunar = iso.to_calendar(ChineseTraditional::new());
    let month = lunar.month().to_input();
    let day = LunarDay { month: month.number(), day: lunar.day_of_month().0, leap: month.is_leap() };
    Some((lunar.cyclic_year().related_iso, day))
}

/// A lunar day in words: `闰六月初一`, or `6/1 (leap)`.
pub fn lunar_words(day: LunarDay, english: bool) -> String {
    const TENS: [&str; 3] = ["初", "十", "廿"];
    const DIGITS: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
    if english {
        return format!("{}/{}{}", day.month, day.day, if day.leap { " (leap)" } else { "" });
    }
    let (leap, month) = (if day.leap { "闰" } else { "" }, MONTHS[usize::from(day.month.clamp(1, 12)) - 1]);
    let digit = DIGITS[usize::from(day.day % 10)];
    match day.day {
        20 => format!("{leap}{month}月二十"),
        30 => format!("{leap}{month}月三十"),
        10 => format!("{leap}{month}月初十"),
        number => format!("{leap}{month}月{}{digit}", TENS[usize::from(number / 10).min(2)]),
    }
}

#[cfg(test)]
mod tests;
