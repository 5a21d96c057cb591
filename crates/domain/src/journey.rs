//! Journeys: when each touchpoint of a template falls due for a customer. Days are counted by the calendar of the business
//! time zone, so a change of the clocks moves nothing. Every date is reckoned from where its step began: a month without
//! the day has its last day instead (29 February is 28 February in common years), and no clipping is carried on.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// What starts a journey.
pub const TRIGGERS: [&str; 7] =
    ["by_hand", "order_paid", "goods_delivered", "customer_coded", "asset_added", "class_changed", "date_of_life"];
/// What kinds of classes start one by changing.
pub const CLASSES: [&str; 6] = ["stage", "lifecycle", "loyalty_class", "matrix", "situation", "value_class"];
/// How the customer is met.
pub const CHANNELS: [&str; 5] = ["task", "call", "visit", "message", "mail"];
/// Whose work a touchpoint is.
pub const ROLES: [&str; 4] = ["owner", "unit_head", "person", "role"];
/// What is asked for when it is done.
pub const PROOFS: [&str; 4] = ["none", "note", "interaction", "attachment"];
pub const UNITS: [&str; 3] = ["days", "months", "years"];
pub const RUN_STATUSES: [&str; 3] = ["running", "finished", "stopped"];
pub const STATION_STATES: [&str; 5] = ["coming", "due", "late", "done", "skipped"];

/// A span of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub count: i32,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Days,
    Months,
    Years,
}

impl Unit {
    pub fn parse(key: &str) -> Option<Self> {
        [Self::Days, Self::Months, Self::Years]
            .into_iter()
            .zip(UNITS)
            .find(|(_, word)| *word == key)
            .map(|(one, _)| one)
    }
}

impl Span {
    /// So many of it after a day, or before it; nothing beyond the calendar.
    pub fn from(self, on: NaiveDate, times: u32) -> Option<NaiveDate> {
        let count = i64::from(self.count) * i64::from(times);
        let size = count.unsigned_abs();
        let months = |each: u64| u32::try_from(size.checked_mul(each)?).ok().map(Months::new);
        match (self.unit, count >= 0) {
            (Unit::Days, true) => on.checked_add_days(Days::new(size)),
            (Unit::Days, false) => on.checked_sub_days(Days::new(size)),
            (unit, forward) => {
                let months = months(if unit == Unit::Years { 12 } else { 1 })?;
                if forward { on.checked_add_months(months) } else { on.checked_sub_months(months) }
            }
        }
    }
}

/// When a step falls due. Steps are named by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    pub offset: Span,
    /// Counted from the end of this step; from the trigger when absent.
    pub after: Option<usize>,
    /// Not before this one is done or skipped.
    pub wait_for: Option<usize>,
    pub not_before: Option<NaiveDate>,
    /// Comes again after so long, until the journey ends.
    pub every: Option<Span>,
    /// At most so often.
    pub times: Option<u32>,
}

/// A touchpoint that came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub step: usize,
    pub due_on: NaiveDate,
    /// When it was done or skipped; open until then.
    pub ended_on: Option<NaiveDate>,
}

/// What comes next of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    On(NaiveDate),
    /// Until this step has ended.
    Waits(usize),
    /// One of it is open.
    Open,
    Over,
}

/// Most occurrences looked at when many passed while one was open.
const MOST: u32 = 40_000;

/// What comes next of a step. While one occurrence is open there is no other; what passed meanwhile is passed over, so dates
/// of a step rise, and none comes twice whatever the clock does.
pub fn next(steps: &[Timing], started_on: NaiveDate, past: &[Occurrence], step: usize) -> Next {
    let Some(timing) = steps.get(step) else { return Next::Over };
    let mut mine = past.iter().filter(|one| one.step == step).peekable();
    let any = mine.peek().is_some();
    let (mut last, mut ended, mut count) = (NaiveDate::MIN, NaiveDate::MIN, 0_u32);
    for one in mine {
        let Some(end) = one.ended_on else { return Next::Open };
        (last, ended, count) = (last.max(one.due_on), ended.max(end), count + 1);
    }
    if any && timing.every.is_none() || timing.times.is_some_and(|times| count >= times) {
        return Next::Over;
    }
    let end_of = |of: usize| past.iter().filter(|one| one.step == of).filter_map(|one| one.ended_on).min();
    let base = match timing.after {
        None => started_on,
        Some(of) => match end_of(of) {
            Some(end) => end,
            None => return Next::Waits(of),
        },
    };
    let waited = match timing.wait_for {
        None => NaiveDate::MIN,
        Some(of) => match end_of(of) {
            Some(end) => end,
            None => return Next::Waits(of),
        },
    };
    let floor = timing.not_before.map_or(waited, |on| on.max(waited));
    let Some(first) = timing.offset.from(base, 1) else { return Next::Over };
    let Some(every) = timing.every.filter(|every| any && every.count > 0) else {
        return if any { Next::Over } else { Next::On(first.max(floor)) };
    };
    for times in 1..MOST {
        match every.from(first, times) {
            None => return Next::Over,
            Some(on) if on > last && on >= ended && on >= floor => return Next::On(on),
            Some(_) => {}
        }
    }
    Next::Over
}

/// How an occurrence stands.
pub fn state(due_on: NaiveDate, status: &str, today: NaiveDate) -> &'static str {
    match status {
        "done" => "done",
        "skipped" => "skipped",
        _ if due_on < today => "late",
        _ if due_on == today => "due",
        _ => "coming",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn span(count: i32, unit: Unit) -> Span {
        Span { count, unit }
    }

    fn plain(offset: Span) -> Timing {
        Timing { offset, after: None, wait_for: None, not_before: None, every: None, times: None }
    }

    #[test]
    fn spans_keep_to_the_calendar() {
        for (from, count, unit, times, to) in [
            ("2026-01-31", 1, Unit::Months, 1, "2026-02-28"),
            ("2026-01-31", 1, Unit::Months, 2, "2026-03-31"),
            ("2024-02-29", 1, Unit::Years, 1, "2025-02-28"),
            ("2024-02-29", 1, Unit::Years, 4, "2028-02-29"),
            ("2024-02-29", 4, Unit::Years, 1, "2028-02-29"),
            ("2096-02-29", 4, Unit::Years, 1, "2100-02-28"),
            ("2096-02-29", 4, Unit::Years, 2, "2104-02-29"),
            ("2026-03-28", 1, Unit::Days, 1, "2026-03-29"),
            ("2026-05-07", -7, Unit::Days, 1, "2026-04-30"),
        ] {
            assert_eq!(span(count, unit).from(day(from), times), Some(day(to)), "{from} {count} {unit:?} × {times}");
        }
    }

    #[test]
    fn steps_wait_for_others_and_for_dates() {
        let steps = [
            plain(span(3, Unit::Days)),
            Timing { after: Some(0), ..plain(span(1, Unit::Months)) },
            Timing { wait_for: Some(0), not_before: Some(day("2026-02-20")), ..plain(span(0, Unit::Days)) },
        ];
        let start = day("2026-01-28");
        assert_eq!(next(&steps, start, &[], 0), Next::On(day("2026-01-31")));
        assert_eq!(next(&steps, start, &[], 1), Next::Waits(0));
        let open = Occurrence { step: 0, due_on: day("2026-01-31"), ended_on: None };
        assert_eq!(next(&steps, start, &[open], 0), Next::Open);
        assert_eq!(next(&steps, start, &[open], 2), Next::Waits(0));
        let done = Occurrence { ended_on: Some(day("2026-01-30")), ..open };
        assert_eq!(next(&steps, start, &[done], 0), Next::Over);
        assert_eq!(next(&steps, start, &[done], 1), Next::On(day("2026-02-28")));
        assert_eq!(next(&steps, start, &[done], 2), Next::On(day("2026-02-20")));
    }

    #[test]
    fn every_four_years_passes_over_what_was_missed() {
        let steps = [Timing { every: Some(span(4, Unit::Years)), times: Some(3), ..plain(span(1, Unit::Years)) }];
        let start = day("2023-02-28");
        let ended = |due: &str, end: &str| Occurrence { step: 0, due_on: day(due), ended_on: Some(day(end)) };
        let one = ended("2024-02-28", "2033-01-01");
        assert_eq!(next(&steps, start, &[one], 0), Next::On(day("2036-02-28")));
        let two = ended("2036-02-28", "2036-02-01");
        assert_eq!(next(&steps, start, &[one, two], 0), Next::On(day("2040-02-28")));
        assert_eq!(next(&steps, start, &[one, two, ended("2040-02-28", "2040-03-01")], 0), Next::Over);
    }

    fn unit() -> impl Strategy<Value = Unit> {
        prop_oneof![Just(Unit::Days), Just(Unit::Months), Just(Unit::Years)]
    }

    proptest! {
        // What the night's work does: opens what is due, ends what somebody did; begun anew at any moment, with a clock that
        // goes back and forth over changes of the clocks, ends of months and leap days.
        #[test]
        fn occurrences_never_come_twice(
            start in 0_u64..4_000,
            steps in prop::collection::vec((0_i32..40, unit(), prop::option::of((1_i32..5, unit())), any::<bool>()), 1..5),
            clock in prop::collection::vec((-40_i64..900, any::<bool>(), 0_usize..5), 1..60),
        ) {
            let steps: Vec<Timing> = steps.into_iter().enumerate().map(|(at, (count, unit, every, chained))| Timing {
                offset: span(count, unit),
                after: (chained && at > 0).then(|| at - 1),
                wait_for: None,
                not_before: None,
                every: every.map(|(count, unit)| span(count, unit)),
                times: None,
            }).collect();
            let started_on = day("2019-02-25") + Days::new(start);
            let (mut past, mut seen, mut today) = (Vec::<Occurrence>::new(), BTreeSet::new(), started_on);
            for (moved, twice, ends) in clock {
                let to = if moved < 0 { today.checked_sub_days(Days::new(moved.unsigned_abs())) }
                    else { today.checked_add_days(Days::new(moved.unsigned_abs())) };
                today = to.unwrap_or(today);
                for _ in 0..=usize::from(twice) {
                    for step in 0..steps.len() {
                        if let Next::On(due_on) = next(&steps, started_on, &past, step) {
                            let later = past.iter().filter(|one| one.step == step).all(|one| one.due_on < due_on);
                            prop_assert!(later, "dates of a step rise");
                            if due_on <= today {
                                prop_assert!(seen.insert((step, due_on)), "none twice");
                                past.push(Occurrence { step, due_on, ended_on: None });
                            }
                        }
                    }
                    let open = |step: usize| past.iter().filter(|one| one.step == step && one.ended_on.is_none()).count();
                    prop_assert!((0..steps.len()).all(|step| open(step) <= 1), "one open of a step");
                }
                if let Some(one) = past.iter_mut().filter(|one| one.ended_on.is_none()).nth(ends) {
                    one.ended_on = Some(today);
                }
            }
        }

        // A date depends on where the series began and on its number, never on when somebody looked.
        #[test]
        fn no_clipping_is_carried_on(start in 0_u64..20_000, count in 1_i32..9, times in 1_u32..40, years in any::<bool>()) {
            let on = day("2000-01-01") + Days::new(start);
            let unit = if years { Unit::Years } else { Unit::Months };
            let there = span(count, unit).from(on, times).expect("within the calendar");
            let last = there.with_day(there.day() + 1).is_none();
            prop_assert!(there.day() == on.day() || there.day() < on.day() && last);
        }
    }
}
