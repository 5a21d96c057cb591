//! Tasks: where one stands, when it is due, and when one that recurs comes again. Recurrence is counted in days of the
//! business calendar's clock, so a change of the clocks moves nothing; the hour is put to the day afterwards.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rrule::{Frequency, RRule, RRuleSet, Unvalidated};

use crate::sales::day_start;

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStatus {
    Open,
    Done,
    Cancelled,
}

impl TaskStatus {
    pub const KEYS: [&'static str; 3] = ["open", "done", "cancelled"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// When a task is to be done: on a day, or at a time of that day, by the clocks of the business time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub on: NaiveDate,
    pub time: Option<NaiveTime>,
}

/// People are reminded of what is due on a day without a time at this hour.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

impl Due {
    /// The moment from which it is overdue: its time, or the end of its day.
    pub fn at(self, zone: Tz) -> DateTime<Utc> {
        match self.time {
            Some(time) => moment(zone, self.on, time),
            None => day_start(zone, self.on.checked_add_days(Days::new(1)).unwrap_or(self.on)),
        }
    }

    /// So many minutes before its time, or before nine in the morning of its day.
    pub fn reminder(self, zone: Tz, minutes: i64) -> DateTime<Utc> {
        moment(zone, self.on, self.time.unwrap_or(MORNING)) - TimeDelta::minutes(minutes)
    }
}

/// The moment that clocks show a time of a day: the first of two where they are put back; where they skip it, as if they
/// had not yet been put forward (RFC 5545, 3.3.5).
pub fn moment(zone: Tz, on: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = on.and_time(time);
    let shown = |local: NaiveDateTime| zone.from_local_datetime(&local).earliest();
    let before = |hours: i64| Some(shown(local - TimeDelta::hours(hours))? + TimeDelta::hours(hours));
    shown(local).or_else(|| before(3)).or_else(|| before(25)).map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// Whether a day is one that tasks are due on: within reach of every clock.
pub fn due_day(on: NaiveDate) -> bool {
    (1970..3000).contains(&on.year())
}

/// What keeps a recurrence from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecurrenceFault {
    /// No rule of RFC 5545, or one that says when within a day: that the due time says.
    Shape,
    /// It never falls on another day.
    Never,
}

impl RecurrenceFault {
    /// The code of the message.
    pub fn code(self) -> &'static str {
        match self {
            Self::Shape => "recurrence_invalid",
            Self::Never => "recurrence_never",
        }
    }
}

/// Longest rule, in characters.
const LONGEST: usize = 300;

/// A rule by which something recurs on days, as RFC 5545 (3.3.10) writes it, without `RRULE:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    text: String,
    rule: RRule<Unvalidated>,
    /// The last day it may fall on.
    until: Option<NaiveDate>,
}

impl Recurrence {
    pub fn parse(text: &str) -> Result<Self, RecurrenceFault> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        if text.len() > LONGEST || text.contains(['\n', '\r', ':']) {
            return Err(RecurrenceFault::Shape);
        }
        let (ends, rest): (Vec<&str>, Vec<&str>) =
            text.split(';').filter(|part| !part.is_empty()).partition(|part| part.starts_with("UNTIL="));
        let until = match ends[..] {
            [] => None,
            [one] => Some(last_day(&one["UNTIL=".len()..]).ok_or(RecurrenceFault::Shape)?),
            _ => return Err(RecurrenceFault::Shape),
        };
        let rule = RRule::<Unvalidated>::from_str(&rest.join(";")).map_err(|_| RecurrenceFault::Shape)?;
        let within_days =
            matches!(rule.get_freq(), Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly);
        let hours = [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()];
        if !within_days
            || rule.get_interval() == 0
            || hours.iter().any(|part| !part.is_empty())
            || until.is_some() && rule.get_count().is_some()
        {
            return Err(RecurrenceFault::Shape);
        }
        Ok(Self { text: text.into(), rule, until })
    }

    /// As it was written, without `RRULE:`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first day after `after` and not before `from`, of a series that began on `starts`; `None` once it is over.
    /// What lies between counts as occurred.
    pub fn next(
        &self,
        starts: NaiveDate,
        after: NaiveDate,
        from: NaiveDate,
    ) -> Result<Option<NaiveDate>, RecurrenceFault> {
        let noon = |on: NaiveDate| {
            let hour = on.and_hms_opt(12, 0, 0).unwrap_or_else(|| on.and_time(NaiveTime::MIN));
            rrule::Tz::UTC.from_utc_datetime(&hour)
        };
        let rule = self.rule.clone().validate(noon(starts)).map_err(|_| RecurrenceFault::Shape)?;
        let set = RRuleSet::new(noon(starts)).rrule(rule).limit();
        let days = (&set).into_iter().map(|at| at.date_naive());
        let within = days.take_while(|day| self.until.is_none_or(|until| *day <= until) && day.year() < 3000);
        Ok(within.into_iter().find(|day| *day > after && *day >= from))
    }

    /// Whether a series that begins on a day falls on another day at all.
    pub fn check(&self, starts: NaiveDate) -> Result<(), RecurrenceFault> {
        self.next(starts, starts, starts)?.map(|_| ()).ok_or(RecurrenceFault::Never)
    }
}

/// The day of `UNTIL`: a date, or the date of a time.
fn last_day(text: &str) -> Option<NaiveDate> {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    if time.is_some_and(|time| NaiveTime::parse_from_str(time.trim_end_matches('Z'), "%H%M%S").is_err()) {
        return None;
    }
    NaiveDate::parse_from_str(day, "%Y%m%d").ok().filter(|_| day.len() == 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The series from its beginning on, each the next of the one before.
    fn series(rule: &str, starts: &str, most: usize) -> Vec<String> {
        let rule = Recurrence::parse(rule).expect(rule);
        let (mut days, mut at) = (Vec::new(), day(starts));
        while days.len() < most {
            let Some(next) = rule.next(day(starts), at, at).expect("a rule") else { break };
            days.push(next.to_string());
            at = next;
        }
        days
    }

    #[test]
    fn series_fall_on_the_days_the_standard_says() {
        let rows: &[(&str, &str, &[&str])] = &[
            ("FREQ=DAILY", "2026-02-27", &["2026-02-28", "2026-03-01", "2026-03-02"]),
            ("RRULE:FREQ=WEEKLY;BYDAY=MO,TH", "2026-01-05", &["2026-01-08", "2026-01-12", "2026-01-15"]),
            ("freq=weekly;interval=2", "2026-01-05", &["2026-01-19", "2026-02-02", "2026-02-16"]),
            // Months without the day are passed over; the last day is asked for as the last.
            ("FREQ=MONTHLY", "2026-01-31", &["2026-03-31", "2026-05-31", "2026-07-31"]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", &["2026-02-28", "2026-03-31", "2026-04-30"]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31", &["2028-02-29", "2028-03-31", "2028-04-30"]),
            ("FREQ=MONTHLY;BYDAY=2TU", "2026-01-13", &["2026-02-10", "2026-03-10", "2026-04-14"]),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "2026-01-30",
                &["2026-02-27", "2026-03-31", "2026-04-30"],
            ),
            // 29 February comes in leap years only; the last of February comes in all.
            ("FREQ=YEARLY", "2024-02-29", &["2028-02-29", "2032-02-29", "2036-02-29"]),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2024-02-29", &["2025-02-28", "2026-02-28", "2027-02-28"]),
            ("FREQ=YEARLY", "2096-02-29", &["2104-02-29", "2108-02-29", "2112-02-29"]),
            ("FREQ=YEARLY;INTERVAL=4", "2022-05-01", &["2026-05-01", "2030-05-01", "2034-05-01"]),
            // An end is counted from the beginning, or a day that still belongs to it.
            ("FREQ=DAILY;COUNT=3", "2026-02-27", &["2026-02-28", "2026-03-01"]),
            ("FREQ=DAILY;UNTIL=20260301", "2026-02-27", &["2026-02-28", "2026-03-01"]),
            ("FREQ=DAILY;UNTIL=20260301T000000Z", "2026-02-27", &["2026-02-28", "2026-03-01"]),
        ];
        for (rule, starts, days) in rows {
            assert_eq!(series(rule, starts, 3), *days, "{rule} from {starts}");
        }
    }

    #[test]
    fn what_was_missed_is_passed_over_and_counts() {
        let weekly = Recurrence::parse("FREQ=WEEKLY;COUNT=4").expect("a rule");
        let starts = day("2026-01-05");
        assert_eq!(weekly.next(starts, starts, day("2026-01-20")), Ok(Some(day("2026-01-26"))));
        assert_eq!(
            weekly.next(starts, starts, day("2026-01-19")),
            Ok(Some(day("2026-01-19"))),
            "today is not too late"
        );
        assert_eq!(weekly.next(starts, starts, day("2026-02-01")), Ok(None), "the fourth was on 26 January");
        assert_eq!(
            weekly.next(starts, day("2026-01-12"), day("2026-01-08")),
            Ok(Some(day("2026-01-19"))),
            "done early"
        );
    }

    #[test]
    fn what_is_no_rule_of_days_is_refused() {
        for rule in [
            "",
            "every day",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=9",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=3;UNTIL=20300101",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ=DAILY\nDTSTART:20200101",
            "FREQ=MONTHLY;BYMONTHDAY=32",
        ] {
            let checked = Recurrence::parse(rule).and_then(|rule| rule.check(day("2026-01-05")));
            assert_eq!(checked, Err(RecurrenceFault::Shape), "{rule}");
        }
        for rule in ["FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20260105", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"] {
            let checked = Recurrence::parse(rule).and_then(|rule| rule.check(day("2026-01-05")));
            assert_eq!(checked, Err(RecurrenceFault::Never), "{rule}");
        }
    }

    #[test]
    fn a_time_of_day_keeps_its_place_when_the_clocks_change() {
        let at = |zone: Tz, on: &str, time: &str| {
            let time = NaiveTime::parse_from_str(time, "%H:%M").expect("a time");
            moment(zone, day(on), time).to_rfc3339()
        };
        let rows = [
            (Tz::Asia__Shanghai, "2026-07-01", "09:00", "2026-07-01T01:00:00+00:00"),
            (Tz::Europe__Berlin, "2026-03-28", "09:00", "2026-03-28T08:00:00+00:00"),
            (Tz::Europe__Berlin, "2026-03-29", "09:00", "2026-03-29T07:00:00+00:00"),
            // Skipped: half past two is told by the clock before the change, and shown as half past three.
            (Tz::Europe__Berlin, "2026-03-29", "02:30", "2026-03-29T01:30:00+00:00"),
            // Twice: the first.
            (Tz::Europe__Berlin, "2026-10-25", "02:30", "2026-10-25T00:30:00+00:00"),
            (Tz::America__New_York, "2026-03-08", "02:30", "2026-03-08T07:30:00+00:00"),
            // The island left a day out.
            (Tz::Pacific__Apia, "2011-12-30", "09:00", "2011-12-30T19:00:00+00:00"),
        ];
        for (zone, on, time, expected) in rows {
            assert_eq!(at(zone, on, time), expected, "{zone} {on} {time}");
        }
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        let due = Due { on: day("2026-03-29"), time: None };
        assert_eq!(due.at(Tz::Europe__Berlin).to_rfc3339(), "2026-03-29T22:00:00+00:00");
        assert_eq!(due.reminder(Tz::Europe__Berlin, 60).to_rfc3339(), "2026-03-29T06:00:00+00:00");
        let timed = Due { on: day("2026-03-29"), time: NaiveTime::from_hms_opt(14, 30, 0) };
        assert_eq!(timed.at(Tz::Asia__Shanghai).to_rfc3339(), "2026-03-29T06:30:00+00:00");
        assert_eq!(timed.reminder(Tz::Asia__Shanghai, 15).to_rfc3339(), "2026-03-29T06:15:00+00:00");
    }
}
