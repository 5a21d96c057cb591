//! A date of the customer's or the family's life, as it is written, checked and kept.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use regulars_domain::dates_of_life::{LeapDayPolicy, LeapMonthPolicy, LifeDate, LifeDay, LunarDay};
use regulars_domain::error::Checks;
use regulars_persistence::customers::parts::{BIRTHDAY_POSITION, DatePart};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::trim;

/// The kind of a birthday among the dates.
pub const BIRTHDAY_KIND: &str = "birthday";
/// Stands for the year of a date whose year isn't known: one that has every day.
const ANY_YEAR: i32 = 2000;

fn yes() -> bool {
    true
}

/// A date of the customer's or the family's life, in one of the two calendars: `date`, `month_day` or `lunar`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateEntry {
    /// A key of the dictionary `date_kind`.
    #[schema(example = "wedding")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Gregorian, with the year it first fell on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2012-10-01")]
    pub date: Option<NaiveDate>,
    /// Gregorian month and day `MM-DD`, when the year isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub month_day: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub lunar: Option<LunarEntry>,
    /// Comes back every year. What happens once needs its year.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub yearly: bool,
    /// Whose date, when not the customer's own: `wife`, `小女儿`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// For 29 February: where it falls in years without that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::LeapDay>, example = json!(null))]
    pub leap_day: Option<String>,
    /// For a day of a leap month: where it falls in years without that month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::LeapMonth>, example = json!(null))]
    pub leap_month: Option<String>,
}

/// A day of the Chinese lunar year. The 30th of a month falls on the 29th in years in which that month has 29 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LunarEntry {
    /// The lunar year it first fell on, by the Gregorian year that year begins in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1901, maximum = 2100, example = 1985)]
    pub year: Option<i32>,
    #[schema(minimum = 1, maximum = 12, example = 8)]
    pub month: u8,
    #[schema(minimum = 1, maximum = 30, example = 15)]
    pub day: u8,
    #[serde(default)]
    #[schema(default = false)]
    pub leap: bool,
}

impl From<LunarEntry> for LunarDay {
    fn from(entry: LunarEntry) -> Self {
        LunarDay { month: entry.month, day: entry.day, leap: entry.leap }
    }
}

impl LunarEntry {
    pub fn new(year: Option<i32>, day: LunarDay) -> Self {
        Self { year, month: day.month, day: day.day, leap: day.leap }
    }
}

impl DateEntry {
    /// A yearly date of a kind whose day is still to be set.
    pub fn of_kind(kind: &str) -> Self {
        Self {
            kind: kind.into(),
            label: None,
            date: None,
            month_day: None,
            lunar: None,
            yearly: true,
            person: None,
            leap_day: None,
            leap_month: None,
        }
    }

    /// What the date means; `None` when it names no day, or days in both calendars.
    pub fn life(&self) -> Option<LifeDate> {
        let of_date = |date: NaiveDate, known: bool| LifeDay::Gregorian {
            year: known.then(|| date.year()),
            month: date.month(),
            day: date.day(),
        };
        let day = match (self.date, self.month_day.as_deref(), self.lunar) {
            (Some(date), None, None) => of_date(date, true),
            (None, Some(text), None) => of_date(month_day_parse(text)?, false),
            (None, None, Some(lunar)) => LifeDay::Lunar { year: lunar.year, day: lunar.into() },
            _ => return None,
        };
        Some(LifeDate {
            day,
            yearly: self.yearly,
            leap_day: self.leap_day.as_deref().and_then(LeapDayPolicy::parse).unwrap_or_default(),
            leap_month: self.leap_month.as_deref().and_then(LeapMonthPolicy::parse).unwrap_or_default(),
        })
    }

    /// Names the policies where they matter, and nowhere else.
    fn policies_tell(&mut self) {
        let Some(life) = self.life() else { return };
        let leap_day = matches!(life.day, LifeDay::Gregorian { month: 2, day: 29, .. });
        let leap_month = matches!(life.day, LifeDay::Lunar { day: LunarDay { leap: true, .. }, .. });
        self.leap_day = (leap_day && self.yearly).then(|| life.leap_day.key().into());
        self.leap_month = (leap_month && self.yearly).then(|| life.leap_month.key().into());
    }
}

/// `02-29`, `2-9` or `--02-29` in a year that has the day.
fn month_day_parse(text: &str) -> Option<NaiveDate> {
    let (month, day) = text.trim().trim_start_matches("--").split_once('-')?;
    NaiveDate::from_ymd_opt(ANY_YEAR, u32::from_str(month).ok()?, u32::from_str(day).ok()?)
}

/// Tidies the dates and notes everything wrong with them; whether their kinds are known is asked elsewhere.
pub fn dates_check(checks: &mut Checks, dates: &mut [DateEntry]) {
    for (index, entry) in dates.iter_mut().enumerate() {
        date_check(checks, &format!("/dates/{index}"), entry);
    }
}

/// The same for one date.
pub fn date_check(checks: &mut Checks, pointer: &str, entry: &mut DateEntry) {
    trim(&mut entry.label);
    trim(&mut entry.person);
    trim(&mut entry.month_day);
    checks.text(&format!("{pointer}/kind"), &entry.kind, 60);
    checks.optional_text(&format!("{pointer}/label"), entry.label.as_deref(), 60);
    checks.optional_text(&format!("{pointer}/person"), entry.person.as_deref(), 60);
    for (name, value, allowed) in [
        ("leap_day", &entry.leap_day, &LeapDayPolicy::KEYS[..]),
        ("leap_month", &entry.leap_month, &LeapMonthPolicy::KEYS),
    ] {
        if let Some(value) = value {
            checks.one_of(&format!("{pointer}/{name}"), value, allowed);
        }
    }
    let member = if entry.lunar.is_some() {
        "lunar"
    } else if entry.month_day.is_some() {
        "month_day"
    } else {
        "date"
    };
    let days = [entry.date.is_some(), entry.month_day.is_some(), entry.lunar.is_some()];
    match days.iter().filter(|told| **told).count() {
        0 => checks.fail(format!("{pointer}/date"), "required"),
        1 => match entry.life().map(LifeDate::check) {
            None => checks.fail(format!("{pointer}/{member}"), "date_invalid"),
            Some(Err(fault)) => checks.fail(format!("{pointer}/{member}"), fault.code()),
            Some(Ok(())) => {
                let day = entry.month_day.as_deref().and_then(month_day_parse);
                entry.month_day = day.map(|day| day.format("%m-%d").to_string());
                entry.policies_tell();
            }
        },
        _ => checks.fail(format!("{pointer}/{member}"), "one_calendar"),
    }
}

/// A date as it is kept, with the day it falls on next.
pub fn date_part(position: i32, entry: &DateEntry, today: NaiveDate) -> DatePart {
    let yearless = entry.month_day.as_deref().and_then(month_day_parse);
    DatePart {
        position,
        kind: entry.kind.clone(),
        label: entry.label.clone(),
        person: entry.person.clone(),
        on_date: entry.date.or(yearless),
        year_known: yearless.is_none(),
        lunar: entry.lunar.map(|lunar| (i32::from(lunar.month), i32::from(lunar.day))),
        lunar_leap: entry.lunar.is_some_and(|lunar| lunar.leap),
        lunar_year: entry.lunar.and_then(|lunar| lunar.year),
        yearly: entry.yearly,
        leap_day: entry.leap_day.clone().filter(|policy| policy != LeapDayPolicy::default().key()),
        leap_month: entry.leap_month.clone().filter(|policy| policy != LeapMonthPolicy::default().key()),
        next_on: entry.life().and_then(|life| life.next_on(today)),
    }
}

/// A kept date as it is written.
pub fn date_entry(part: &DatePart) -> DateEntry {
    let lunar = part.lunar.and_then(|(month, day)| {
        let day = LunarDay { month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()?, leap: part.lunar_leap };
        Some(LunarEntry::new(part.lunar_year, day))
    });
    let mut entry = DateEntry {
        kind: part.kind.clone(),
        label: part.label.clone(),
        date: part.on_date.filter(|_| part.year_known),
        month_day: part.on_date.filter(|_| !part.year_known).map(|date| date.format("%m-%d").to_string()),
        lunar,
        yearly: part.yearly,
        person: part.person.clone(),
        leap_day: part.leap_day.clone(),
        leap_month: part.leap_month.clone(),
    };
    entry.policies_tell();
    entry
}

/// The dates as rows, with the day each falls on next. The birthday stands among them, unless a date says it better
/// (a lunar birthday).
pub fn date_parts(birthday: Option<NaiveDate>, dates: &[DateEntry], today: NaiveDate) -> Vec<DatePart> {
    let mut parts = Vec::with_capacity(dates.len() + 1);
    let told = dates.iter().any(|entry| entry.kind == BIRTHDAY_KIND && entry.person.is_none());
    if let Some(date) = birthday.filter(|_| !told) {
        let entry = DateEntry { date: Some(date), ..DateEntry::of_kind(BIRTHDAY_KIND) };
        parts.push(date_part(BIRTHDAY_POSITION, &entry, today));
    }
    let numbered = dates.iter().enumerate();
    parts.extend(numbered.map(|(index, entry)| date_part(i32::try_from(index).unwrap_or(i32::MAX), entry, today)));
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn entry(value: Value) -> DateEntry {
        serde_json::from_value(value).expect("a date")
    }

    fn checked(value: Value) -> (DateEntry, Vec<String>) {
        let (mut checks, mut entry) = (Checks::default(), entry(value));
        date_check(&mut checks, "", &mut entry);
        (entry, checks.0.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect())
    }

    #[test]
    fn what_is_written_is_kept_and_read() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        for (written, next) in [
            (json!({"kind": "wedding", "date": "2012-10-01"}), "2026-10-01"),
            (json!({"kind": "birthday", "month_day": "02-29", "leap_day": "mar1"}), "2026-03-01"),
            (json!({"kind": "birthday", "lunar": {"month": 8, "day": 15}, "person": "妻子"}), "2026-09-25"),
            (
                json!({"kind": "birthday", "lunar": {"year": 2025, "month": 6, "day": 1, "leap": true},
                "leap_month": "leap_only"}),
                "2036-07-23",
            ),
            (json!({"kind": "promotion", "date": "2026-06-08", "yearly": false}), "2026-06-08"),
        ] {
            let (tidy, faults) = checked(written.clone());
            assert!(faults.is_empty(), "{written}: {faults:?}");
            let part = date_part(0, &tidy, today);
            assert_eq!(part.next_on.map(|on| on.to_string()).as_deref(), Some(next), "{written}");
            assert_eq!(date_entry(&part), tidy, "{written}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (written, fault) in [
            (json!({"kind": "wedding"}), "/date required"),
            (json!({"kind": "wedding", "month_day": "02-30"}), "/month_day date_invalid"),
            (json!({"kind": "wedding", "month_day": "tomorrow"}), "/month_day date_invalid"),
            (json!({"kind": "wedding", "month_day": "05-01", "yearly": false}), "/month_day year_missing"),
            (json!({"kind": "wedding", "month_day": "05-01", "date": "2012-05-01"}), "/month_day one_calendar"),
            (json!({"kind": "wedding", "lunar": {"month": 13, "day": 1}}), "/lunar date_invalid"),
            (
                json!({"kind": "wedding", "lunar": {"year": 2024, "month": 6, "day": 1, "leap": true}}),
                "/lunar date_invalid",
            ),
            (json!({"kind": "wedding", "lunar": {"year": 1800, "month": 6, "day": 1}}), "/lunar lunar_year_range"),
        ] {
            assert_eq!(checked(written.clone()).1, [fault], "{written}");
        }
        assert_eq!(
            checked(json!({"kind": "a", "date": "2024-02-29", "leap_day": "june"})).1,
            ["/leap_day not_allowed"]
        );
    }

    #[test]
    fn policies_stand_where_they_matter() {
        let told = |value| {
            let (entry, _) = checked(value);
            (entry.leap_day, entry.leap_month)
        };
        assert_eq!(told(json!({"kind": "a", "date": "2024-02-29"})), (Some("feb28".into()), None));
        assert_eq!(told(json!({"kind": "a", "date": "2024-02-28", "leap_day": "mar1"})), (None, None));
        assert_eq!(
            told(json!({"kind": "a", "lunar": {"month": 6, "day": 1, "leap": true}})),
            (None, Some("leap_or_ordinary".into()))
        );
    }
}
