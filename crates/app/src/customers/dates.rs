//! Dates that come up: what the card shows, and keeping the next day of each date true.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::dates_of_life::LunarDay;
use regulars_domain::mask::BIRTHDAY;
use regulars_persistence::customers::card::{PassedDate, date_next_set, dates_passed};
use regulars_persistence::customers::parts::DatePart;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::next_on;
use super::view::lunar_entry;
use crate::{App, AppError, AppResult, Cx};

/// How far ahead the card looks, in days.
pub const HORIZON: i64 = 90;
/// Dates refreshed in one transaction.
const STEP: i64 = 500;

/// A date that comes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardDate {
    #[schema(example = "Birthday")]
    pub label: String,
    pub on: NaiveDate,
    #[schema(example = 12)]
    pub in_days: i64,
    /// Whose, when not the customer's own.
    pub person: Option<String>,
}

const KIND_WORDS: &[(&str, &str, &str)] = &[
    ("birthday", "生日", "Birthday"),
    ("wedding", "结婚纪念日", "Wedding anniversary"),
    ("founding", "成立纪念日", "Founding day"),
    ("first_purchase", "首次购买纪念日", "First purchase"),
    ("contract_end", "合同到期", "End of contract"),
    ("graduation", "毕业", "Graduation"),
    ("promotion", "升职", "Promotion"),
];

/// What a date is called, in the caller's language.
pub fn date_label(kind: &str, label: Option<&str>, locale: &str) -> String {
    if let Some(label) = label {
        return label.to_owned();
    }
    let known = KIND_WORDS.iter().find(|(key, ..)| *key == kind);
    known.map_or(kind, |(_, zh, en)| if locale == "en" { en } else { zh }).to_owned()
}

/// The dates within the horizon, the nearest first; none for those for whom dates are masked.
pub fn dates_coming(cx: &Cx, dates: &[DatePart]) -> AppResult<Vec<CardDate>> {
    if cx.actor.masks.hides(BIRTHDAY) {
        return Ok(Vec::new());
    }
    let today = cx.today()?;
    let coming = |date: &DatePart| {
        let fresh = date.next_on.filter(|on| *on >= today);
        let on = fresh.or_else(|| next_on(date.on_date, lunar_entry(date).map(LunarDay::from), date.yearly, today))?;
        let in_days = (on - today).num_days();
        let label = date_label(&date.kind, date.label.as_deref(), &cx.request.locale);
        (in_days <= HORIZON).then(|| CardDate { label, on, in_days, person: date.person.clone() })
    };
    let mut dates: Vec<CardDate> = dates.iter().filter_map(coming).collect();
    dates.sort_by_key(|date| date.on);
    Ok(dates)
}

/// Tells the next day of up to `limit` dates whose day has passed; answers how many there were.
pub fn dates_refresh_step(app: &App, today: NaiveDate, limit: i64) -> AppResult<usize> {
    app.db().write(move |tx| {
        let passed = dates_passed(tx, today, limit)?;
        for date in &passed {
            date_next_set(tx, date.party_id, date.position, next_of(date, today))?;
        }
        Ok(passed.len())
    })
}

/// Tells the next day of all dates whose day has passed; nothing before the company is set up.
pub fn dates_refresh(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let today = match app.company(now) {
        Ok(company) => company.business_date(now),
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        Err(error) => return Err(error),
    };
    while dates_refresh_step(app, today, STEP)? == usize::try_from(STEP).unwrap_or(usize::MAX) {}
    Ok(())
}

fn next_of(date: &PassedDate, today: NaiveDate) -> Option<NaiveDate> {
    let lunar = date.lunar_month.zip(date.lunar_day).and_then(|(month, day)| {
        Some(LunarDay { month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()?, leap: date.lunar_leap })
    });
    next_on(date.on_date, lunar, date.yearly, today)
}
