//! Cohorts: customers by the month of their first order, and how many of them buy again month after month.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// A calendar month, counted from year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day.
    pub fn of(on: NaiveDate) -> Self {
        Self(on.year() * 12 + on.month0() as i32)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1, 1).unwrap_or_default()
    }

    /// `1997-01`.
    pub fn key(self) -> String {
        format!("{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// The customers of one month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cohort {
    /// The month of their first order.
    pub month: Month,
    /// How many they are.
    pub size: u64,
    /// Those of them who bought 0, 1, 2… months later; the first is all of them.
    pub active: Vec<u64>,
    /// Net revenue from them in those months, minor units.
    pub revenue: Vec<i64>,
}

impl Cohort {
    /// Share of the cohort that bought so many months later; `None` where that month is not over yet.
    pub fn retention(&self, later: usize) -> Option<f64> {
        Some(*self.active.get(later)? as f64 / self.size.max(1) as f64)
    }
}

/// What customers of one first month did in one month: (first month, month) → customers, revenue.
pub type Cells = BTreeMap<(Month, Month), (u64, i64)>;

/// The triangle up to and including `until`, the earliest cohort first. `cells` hold customers that bought in a month,
/// each once.
pub fn cohorts(cells: &Cells, until: Month) -> Vec<Cohort> {
    let mut out: Vec<Cohort> = Vec::new();
    for ((first, month), (customers, revenue)) in cells {
        if *month > until || first > month {
            continue;
        }
        if out.last().is_none_or(|cohort| cohort.month != *first) {
            let months = (until.0 - first.0 + 1) as usize;
            out.push(Cohort { month: *first, size: 0, active: vec![0; months], revenue: vec![0; months] });
        }
        if let Some(cohort) = out.last_mut() {
            let later = (month.0 - first.0) as usize;
            cohort.active[later] = *customers;
            cohort.revenue[later] = *revenue;
            cohort.size = cohort.active[0];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_over_years() {
        let on = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(Month::of(on("1998-01-31")).0 - Month::of(on("1997-12-01")).0, 1);
        assert_eq!(Month::of(on("1997-01-31")).key(), "1997-01");
        assert_eq!(Month::of(on("1997-12-31")).first_day(), on("1997-12-01"));
    }

    #[test]
    fn a_month_without_buyers_is_zero_and_one_to_come_is_absent() {
        let m = Month;
        let cells: Cells = [((m(1), m(1)), (4, 400)), ((m(1), m(3)), (1, 50)), ((m(2), m(2)), (2, 20))].into();
        let out = cohorts(&cells, m(3));
        assert_eq!((out[0].size, &out[0].active, &out[0].revenue), (4, &vec![4, 0, 1], &vec![400, 0, 50]));
        assert_eq!(out[1].active, [2, 0]);
        assert_eq!((out[0].retention(2), out[0].retention(3)), (Some(0.25), None));
    }
}
