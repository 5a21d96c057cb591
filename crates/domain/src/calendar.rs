//! The business calendar: on which days people work. Days of the week, with holidays taken out and make-up workdays put
//! in; a day that is both is a workday, for somebody asked people to come.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

/// Days on which people work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// 1 is Monday, 7 Sunday.
    pub weekdays: BTreeSet<u32>,
    pub holidays: BTreeSet<NaiveDate>,
    pub workdays: BTreeSet<NaiveDate>,
}

impl Calendar {
    pub fn works(&self, day: NaiveDate) -> bool {
        let usual = self.weekdays.contains(&day.weekday().number_from_monday());
        self.workdays.contains(&day) || usual && !self.holidays.contains(&day)
    }

    /// Working days from one day to another, both counted; none when the second is before the first.
    pub fn days(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        from.iter_days().take_while(move |day| *day <= to).filter(|day| self.works(*day))
    }

    /// How many working days something took that began on one day and ended on another: 0 on the same day, 1 from a
    /// Friday to the Monday after, and from a Saturday to that Monday too.
    pub fn taken(&self, began: NaiveDate, ended: NaiveDate) -> i64 {
        let next = began.succ_opt().unwrap_or(began);
        if next > ended { 0 } else { i64::try_from(self.days(next, ended).count()).unwrap_or(i64::MAX) }
    }
}

/// Holidays and make-up workdays of a year as `from`–`to` and single days, month and day.
type Year = (i32, &'static [((u32, u32), (u32, u32))], &'static [(u32, u32)]);

/// As the State Council of the People's Republic of China announced them.
const CHINA: &[Year] = &[
    (
        2025,
        &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    ),
    (
        2026,
        &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    ),
];

/// Public holidays and make-up workdays in China, of the years that are known.
pub fn china() -> (Vec<NaiveDate>, Vec<NaiveDate>) {
    let (mut holidays, mut workdays) = (Vec::new(), Vec::new());
    for (year, off, made_up) in CHINA {
        let day = |(month, day): (u32, u32)| NaiveDate::from_ymd_opt(*year, month, day);
        for (from, to) in *off {
            if let (Some(from), Some(to)) = (day(*from), day(*to)) {
                holidays.extend(from.iter_days().take_while(|day| *day <= to));
            }
        }
        workdays.extend(made_up.iter().filter_map(|one| day(*one)));
    }
    (holidays, workdays)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn calendar() -> Calendar {
        let (holidays, workdays) = china();
        Calendar {
            weekdays: (1..=5).collect(),
            holidays: holidays.into_iter().collect(),
            workdays: workdays.into_iter().collect(),
        }
    }

    #[test]
    fn holidays_rest_and_make_up_days_work() {
        let rows = [
            ("2026-01-01", false),
            ("2026-01-04", true), // a Sunday made up
            ("2026-02-13", true),
            ("2026-02-14", true), // a Saturday made up
            ("2026-02-15", false),
            ("2026-02-23", false),
            ("2026-02-24", true),
            ("2026-02-28", true),
            ("2026-03-01", false), // a plain Sunday
            ("2026-05-09", true),
            ("2026-09-20", true),
            ("2026-10-07", false),
            ("2026-10-08", true),
            ("2026-10-10", true),
            ("2025-10-08", false),
            ("2025-10-11", true),
            ("2027-01-01", true), // not announced yet: a Friday like any other
        ];
        for (on, works) in rows {
            assert_eq!(calendar().works(day(on)), works, "{on}");
        }
    }

    #[test]
    fn working_days_are_counted_from_the_day_after() {
        let rows = [
            ("2026-11-20", "2026-11-20", 0),
            ("2026-11-20", "2026-11-23", 1), // Friday to Monday
            ("2026-11-21", "2026-11-23", 1), // Saturday to Monday
            ("2026-11-22", "2026-11-22", 0),
            ("2026-11-16", "2026-11-20", 4),
            ("2026-02-13", "2026-02-14", 1), // into a make-up Saturday
            ("2026-02-14", "2026-02-24", 1), // across the Spring Festival
            ("2026-09-30", "2026-10-08", 1), // across the National Day
            ("2026-10-08", "2026-10-12", 3), // with a make-up Saturday
            ("2026-11-20", "2026-11-16", 0), // backwards
        ];
        for (began, ended, taken) in rows {
            assert_eq!(calendar().taken(day(began), day(ended)), taken, "{began} to {ended}");
        }
    }

    #[test]
    fn a_make_up_day_beats_a_holiday() {
        let mut both = calendar();
        both.workdays.insert(day("2026-10-01"));
        assert!(both.works(day("2026-10-01")));
        let none = Calendar::default();
        assert_eq!(none.taken(day("2026-01-01"), day("2026-12-31")), 0);
    }
}
