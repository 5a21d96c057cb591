//! Follow-up discipline: whether people were in the program on the days they should have been, and what nobody has
//! touched for too long. Days are business days of the company's time zone; a *use* is a day on which a person asked the
//! program for anything, a *touch* something a person did about a record and noted.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use crate::calendar::Calendar;

/// When somebody travels: from one day to another, both counted.
pub type Travel = (NaiveDate, NaiveDate);

/// How somebody kept to the rule in a period, in days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Days on which people worked.
    pub working: i64,
    /// Those of them on which the person travelled.
    pub travelling: i64,
    /// Days the person used the program, working days or not.
    pub used: i64,
    /// Days on which they had to: every working day, and so many of each week's that they travelled.
    pub required: i64,
    /// How many of those they did.
    pub kept: i64,
}

/// Whom the rule is held against: the calendar, how many days a week are asked of who travels, and the day it is.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    pub calendar: &'a Calendar,
    pub travel_days: i64,
    pub today: NaiveDate,
}

impl Rule<'_> {
    /// How the rule was kept from one day to another, both counted. Today, which is not over, asks nothing of who has not
    /// come yet.
    pub fn kept(&self, (from, to): (NaiveDate, NaiveDate), used: &BTreeSet<NaiveDate>, travels: &[Travel]) -> Kept {
        let mut kept = Kept::default();
        let (mut on_the_way, mut seen_on_the_way) = (0, 0);
        for day in from.iter_days().take_while(|day| *day <= to.min(self.today)) {
            let came = used.contains(&day);
            let works = self.calendar.works(day) && (day < self.today || came);
            let travels = travels.iter().any(|(begins, ends)| (*begins..=*ends).contains(&day));
            kept.used += i64::from(came);
            kept.working += i64::from(works);
            if travels {
                kept.travelling += i64::from(works);
                on_the_way += i64::from(works);
                seen_on_the_way += i64::from(came);
            } else if works {
                kept.required += 1;
                kept.kept += i64::from(came);
            }
            // A week ends on its Sunday, and with the period.
            if day.weekday().number_from_monday() == 7 || day == to.min(self.today) {
                let asked = on_the_way.min(self.travel_days);
                kept.required += asked;
                kept.kept += seen_on_the_way.min(asked);
                (on_the_way, seen_on_the_way) = (0, 0);
            }
        }
        kept
    }
}

/// Days since somebody was last in the program: since the last use, or since it could be known.
pub fn idle_days(last: Option<NaiveDate>, since: NaiveDate, today: NaiveDate) -> i64 {
    (today - last.map_or(since, |last| last.max(since))).num_days().max(0)
}

/// What was touched last before this moment has been silent for more than so many days; the same moment as the condition
/// `more_than_days_ago` means.
pub fn silent_before(today: NaiveDate, days: i64) -> DateTime<Utc> {
    let back = today.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(today);
    back.and_time(NaiveTime::MIN).and_utc()
}

/// A week by ISO 8601, from Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// `2026-W47`
    pub name: String,
    pub monday: NaiveDate,
    pub sunday: NaiveDate,
}

/// The last week that was over on a day.
pub fn week_before(today: NaiveDate) -> Week {
    let back = |days: u32| today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today);
    let since_monday = today.weekday().num_days_from_monday();
    let (monday, sunday) = (back(since_monday + 7), back(since_monday + 1));
    let week = monday.iso_week();
    Week { name: format!("{}-W{:02}", week.year(), week.week()), monday, sunday }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn days(of: &[&str]) -> BTreeSet<NaiveDate> {
        of.iter().map(|text| day(text)).collect()
    }

    /// October 2026 in China: off from the 1st to the 7th, at work on Saturday the 10th.
    fn china() -> Calendar {
        let (holidays, workdays) = crate::calendar::china();
        Calendar {
            weekdays: (1..=5).collect(),
            holidays: holidays.into_iter().collect(),
            workdays: workdays.into_iter().collect(),
        }
    }

    #[test]
    fn every_working_day_is_asked_for_and_two_a_week_of_who_travels() {
        let calendar = china();
        let rule = Rule { calendar: &calendar, travel_days: 2, today: day("2026-12-31") };
        // From, to, days of use, journeys → working, travelling, used, required, kept.
        type Row<'a> = (&'a str, &'a str, &'a [&'a str], &'a [(&'a str, &'a str)], [i64; 5]);
        let rows: &[Row] = &[
            // A plain week.
            ("2026-11-16", "2026-11-22", &["2026-11-16", "2026-11-18"], &[], [5, 0, 2, 5, 2]),
            // Coming on a Sunday is use, and makes up for no working day.
            ("2026-11-16", "2026-11-22", &["2026-11-22"], &[], [5, 0, 1, 5, 0]),
            // A week of holidays with a make-up Saturday: Thursday and Friday are off until the 7th.
            ("2026-10-05", "2026-10-11", &["2026-10-08", "2026-10-10"], &[], [3, 0, 2, 3, 2]),
            ("2026-10-01", "2026-10-07", &["2026-10-03"], &[], [0, 0, 1, 0, 0]),
            // Away the whole week: two days are asked for, and any two will do, the Sunday too.
            (
                "2026-11-16",
                "2026-11-22",
                &["2026-11-17", "2026-11-22"],
                &[("2026-11-10", "2026-11-30")],
                [5, 5, 2, 2, 2],
            ),
            // Thrice when twice is asked for counts twice.
            (
                "2026-11-16",
                "2026-11-22",
                &["2026-11-16", "2026-11-17", "2026-11-18"],
                &[("2026-11-16", "2026-11-20")],
                [5, 5, 3, 2, 2],
            ),
            // Two weeks away: each asks for its two, and one week does not make up for the other.
            (
                "2026-11-09",
                "2026-11-22",
                &["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"],
                &[("2026-11-09", "2026-11-22")],
                [10, 10, 4, 4, 2],
            ),
            // Away on Monday only: that day is asked for, being fewer than two, and the rest as always.
            ("2026-11-16", "2026-11-22", &["2026-11-17"], &[("2026-11-16", "2026-11-16")], [5, 1, 1, 5, 1]),
            // Away from Wednesday on: two before, two of the three after.
            (
                "2026-11-16",
                "2026-11-22",
                &["2026-11-16", "2026-11-18", "2026-11-19", "2026-11-20"],
                &[("2026-11-18", "2026-11-25")],
                [5, 3, 4, 4, 3],
            ),
            // The end before the beginning asks nothing.
            ("2026-11-22", "2026-11-16", &["2026-11-17"], &[], [0, 0, 0, 0, 0]),
        ];
        for (from, to, used, travels, expected) in rows {
            let travels: Vec<Travel> = travels.iter().map(|(from, to)| (day(from), day(to))).collect();
            let kept = rule.kept((day(from), day(to)), &days(used), &travels);
            let found = [kept.working, kept.travelling, kept.used, kept.required, kept.kept];
            assert_eq!(found, *expected, "{from} – {to}, {used:?}");
        }
    }

    #[test]
    fn a_day_that_is_not_over_asks_for_nothing() {
        let calendar = china();
        let rule = |today: &str| Rule { calendar: &calendar, travel_days: 2, today: day(today) };
        let week = (day("2026-11-16"), day("2026-11-22"));
        let kept = rule("2026-11-18").kept(week, &days(&["2026-11-16"]), &[]);
        assert_eq!((kept.required, kept.kept), (2, 1), "Monday and Tuesday");
        let kept = rule("2026-11-18").kept(week, &days(&["2026-11-16", "2026-11-18"]), &[]);
        assert_eq!((kept.required, kept.kept), (3, 2), "who has come has kept it");
        let away = rule("2026-11-18").kept(week, &days(&["2026-11-16"]), &[week]);
        assert_eq!((away.required, away.kept), (2, 1));
        assert_eq!(rule("2026-11-15").kept(week, &days(&[]), &[]), Kept::default(), "a week to come");
    }

    #[test]
    fn silence_is_counted_from_the_last_use_or_from_when_it_could_be_known() {
        let today = day("2026-11-22");
        assert_eq!(idle_days(Some(day("2026-11-22")), day("2026-01-01"), today), 0);
        assert_eq!(idle_days(Some(day("2026-11-08")), day("2026-01-01"), today), 14);
        assert_eq!(idle_days(None, day("2026-11-08"), today), 14);
        assert_eq!(idle_days(None, day("2026-12-01"), today), 0, "one who begins later");
        assert_eq!(silent_before(today, 30).to_rfc3339(), "2026-10-23T00:00:00+00:00");
    }

    #[test]
    fn weeks_are_named_as_iso_8601_names_them() {
        for (today, name, monday, sunday) in [
            ("2026-11-22", "2026-W46", "2026-11-09", "2026-11-15"),
            ("2026-11-23", "2026-W47", "2026-11-16", "2026-11-22"),
            ("2026-01-04", "2025-W52", "2025-12-22", "2025-12-28"),
            ("2026-01-05", "2026-W01", "2025-12-29", "2026-01-04"),
            ("2027-01-04", "2026-W53", "2026-12-28", "2027-01-03"),
        ] {
            let week = week_before(day(today));
            assert_eq!((week.name.as_str(), week.monday, week.sunday), (name, day(monday), day(sunday)), "{today}");
        }
    }
}
