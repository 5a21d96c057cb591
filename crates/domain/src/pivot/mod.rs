//! Pivots: what is asked of facts, and the table made of what an executor answers.
//!
//! A question is groupings: facts divided by a few axes, with exact sums and counts of each group. An executor (SQL, or
//! columns in memory) answers groupings and nothing else; axes, totals, "others", comparisons and shares are put together
//! here, so that no two executors can differ in them. Sums and counts are integers, totals are asked for or added up from
//! integers, and nothing is rounded before it is shown.

mod period;
mod table;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

pub use period::{Compare, Period, Preset, Shift};
pub use table::{Kept, Layout, Line, Order, Side, Table, Top, kept, table};

/// How wide the buckets of a date are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Day,
    /// From Monday.
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The first day of the bucket that holds the day.
    pub fn bucket(self, day: NaiveDate) -> NaiveDate {
        let first = match self {
            Grain::Day => Some(day),
            Grain::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
            Grain::Month => day.with_day(1),
            Grain::Quarter => day.with_day(1).and_then(|first| first.checked_sub_months(Months::new(day.month0() % 3))),
            Grain::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        };
        first.unwrap_or(day)
    }
}

/// A field that facts are divided by; dates by buckets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Axis {
    pub field: String,
    pub grain: Option<Grain>,
}

/// What is gathered of each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    /// How many facts.
    Count,
    /// The sum of a whole-numbered measure, and how many facts have it.
    Sum(String),
    /// How many different values of a field.
    Distinct(String),
}

impl Aggregate {
    /// Whether that of a whole is the sum of its parts'.
    pub fn is_additive(&self) -> bool {
        !matches!(self, Aggregate::Distinct(_))
    }
}

/// A group's place on an axis. In the order in which they stand by themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// As text: an id with hyphens, a date `YYYY-MM-DD`, `true`, `false`, a number, a word.
    Value(String),
    /// Facts without a value.
    Missing,
    /// All that did not come into the first few.
    Others,
}

/// A division of facts. Where `kept` lists keys for an axis, all other groups of it fall together as [`Key::Others`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    pub axes: Vec<Axis>,
    pub kept: Vec<Option<Vec<Key>>>,
    pub aggregates: Vec<Aggregate>,
}

/// The exact figures of one aggregate: `sum` is the count for counts; `count` the number of facts that had the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    pub sum: i64,
    pub count: i64,
}

impl Part {
    fn add(&mut self, other: Part) {
        self.sum = self.sum.saturating_add(other.sum);
        self.count = self.count.saturating_add(other.count);
    }
}

/// One group of a grouping: its key on each axis, its figures in the order of the aggregates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub keys: Vec<Key>,
    pub parts: Vec<Part>,
}

/// `numerator / denominator` with so many decimals, rounded half away from zero; `None` for a denominator of zero.
pub fn quotient(numerator: i64, denominator: i64, decimals: u32) -> Option<String> {
    if denominator == 0 {
        return None;
    }
    let (top, bottom) = (i128::from(numerator) * 10_i128.pow(decimals), i128::from(denominator));
    let negative = (top < 0) != (bottom < 0);
    let (top, bottom) = (top.unsigned_abs(), bottom.unsigned_abs());
    let rounded = (2 * top + bottom) / (2 * bottom);
    let scale = 10_u128.pow(decimals);
    let sign = if negative && rounded > 0 { "-" } else { "" };
    Some(if decimals == 0 {
        format!("{sign}{rounded}")
    } else {
        format!("{sign}{}.{:0width$}", rounded / scale, rounded % scale, width = decimals as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn buckets_begin_where_calendars_say() {
        for (grain, on, first) in [
            (Grain::Day, "2026-05-20", "2026-05-20"),
            (Grain::Week, "2026-05-24", "2026-05-18"),
            (Grain::Week, "2026-01-01", "2025-12-29"),
            (Grain::Month, "2026-02-28", "2026-02-01"),
            (Grain::Quarter, "2026-12-31", "2026-10-01"),
            (Grain::Quarter, "2026-03-31", "2026-01-01"),
            (Grain::Year, "2026-12-31", "2026-01-01"),
        ] {
            assert_eq!(grain.bucket(day(on)), day(first), "{grain:?} {on}");
        }
    }

    #[test]
    fn quotients_are_rounded_once() {
        for (top, bottom, decimals, text) in [
            (1, 3, 4, Some("0.3333")),
            (2, 3, 4, Some("0.6667")),
            (-1, 2, 0, Some("-1")),
            (-1, 300, 2, Some("0.00")),
            (1, 200, 2, Some("0.01")),
            (5, 0, 2, None),
            (i64::MAX, 1, 6, Some("9223372036854775807.000000")),
        ] {
            assert_eq!(quotient(top, bottom, decimals).as_deref(), text, "{top}/{bottom}");
        }
    }
}
