//! Dates that come up: what the card shows, when a date falls, and keeping the next day of each date true.

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::dates_of_life::{LifeDate, LifeDay, lunar_of};
use regulars_domain::error::Checks;
use regulars_domain::ids::PartyId;
use regulars_domain::mask::BIRTHDAY;
use regulars_persistence::Db;
use regulars_persistence::customers::card::{date_next_set, dates_passed};
use regulars_persistence::customers::parts::{DatePart, parts_with_birthday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::life_date::{DateEntry, LunarEntry, date_check, date_entry};
use super::relation::{PartyRef, RelationView};
use crate::list::Page;
use crate::{App, AppError, AppResult, Cx};

/// How far ahead the card looks, in days.
pub const HORIZON: i64 = 90;
/// Dates refreshed in one transaction.
const STEP: i64 = 500;
/// Days that are told of a date.
const OCCURRENCES: usize = 5;
/// Roles of family, whose dates stand on the card too; and how many relatives are looked at.
const FAMILY: &[&str] = &["spouse", "child", "parent"];
const RELATIVES: usize = 10;

/// A day on which a date falls, in both calendars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Occurrence {
    pub on: NaiveDate,
    #[schema(example = 12)]
    pub in_days: i64,
    /// The same day in the lunar calendar, 1902–2100.
    pub lunar: Option<LunarEntry>,
    /// How many years it has come back then: the age on a birthday. Absent when the year of the first isn't known.
    #[schema(example = 40)]
    pub years: Option<i32>,
}

impl Occurrence {
    pub fn new(on: NaiveDate, today: NaiveDate, years: Option<i32>) -> Self {
        let lunar = lunar_of(on).map(|(year, day)| LunarEntry::new(Some(year), day));
        Self { on, in_days: (on - today).num_days(), lunar, years: years.filter(|years| *years > 0) }
    }

    fn of(life: LifeDate, from: NaiveDate, today: NaiveDate) -> Option<Self> {
        let on = life.next_on(from)?;
        Some(Self::new(on, today, life.years_on(on)))
    }
}

/// A date that comes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardDate {
    #[schema(example = "Birthday")]
    pub label: String,
    #[serde(flatten)]
    pub falls: Occurrence,
    /// Whose, when not the customer's own.
    pub person: Option<String>,
    /// Remembered by the lunar calendar.
    pub by_lunar: bool,
    /// The relative whose date it is, when a customer too.
    pub customer: Option<PartyRef>,
}

/// A date of the customer's life, whenever it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DateOfLife {
    /// Its place in the customer's `dates`; absent for the birthday that stands among the facts.
    pub position: Option<i32>,
    #[schema(example = "Birthday")]
    pub label: String,
    pub entry: DateEntry,
    /// Absent when it is over.
    pub next: Option<Occurrence>,
}

const KIND_WORDS: &[(&str, &str, &str)] = &[
    ("birthday", "生日", "Birthday"),
    ("wedding", "结婚纪念日", "Wedding anniversary"),
    ("founding", "成立纪念日", "Founding day"),
    ("first_purchase", "首次购买纪念日", "First purchase"),
    ("contract_end", "合同到期", "End of contract"),
    ("graduation", "毕业", "Graduation"),
    ("promotion", "升职", "Promotion"),
    ("retirement", "退休", "Retirement"),
];

/// What a date is called, in the caller's language.
pub fn date_label(kind: &str, label: Option<&str>, locale: &str) -> String {
    if let Some(label) = label {
        return label.to_owned();
    }
    let known = KIND_WORDS.iter().find(|(key, ..)| *key == kind);
    known.map_or(kind, |(_, zh, en)| if locale == "en" { en } else { zh }).to_owned()
}

/// All dates of a customer, the next first and those that are over last; none for those for whom dates are masked.
pub fn dates_of_life(cx: &Cx, parts: &[DatePart]) -> AppResult<Vec<DateOfLife>> {
    if cx.actor.masks.hides(BIRTHDAY) {
        return Ok(Vec::new());
    }
    let today = cx.today()?;
    let told = |part: &DatePart| {
        let entry = date_entry(part);
        DateOfLife {
            position: (part.position >= 0).then_some(part.position),
            label: date_label(&entry.kind, entry.label.as_deref(), &cx.request.locale),
            next: entry.life().and_then(|life| Occurrence::of(life, today, today)),
            entry,
        }
    };
    let mut dates: Vec<DateOfLife> = parts.iter().map(told).collect();
    dates.sort_by_key(|date| (date.next.is_none(), date.next.as_ref().map(|next| next.on)));
    Ok(dates)
}

/// Those within the horizon with those of family who are customers within sight, the nearest first.
pub fn dates_coming(
    cx: &Cx,
    db: &mut Db,
    (id, own): (PartyId, &[DateOfLife]),
    relations: &[RelationView],
) -> AppResult<Vec<CardDate>> {
    let mut dates: Vec<CardDate> = own.iter().filter_map(|date| coming(date, None)).collect();
    for relative in family(id, relations) {
        let parts = parts_with_birthday(db, PartyId(relative.id))?;
        let theirs = dates_of_life(cx, &parts.dates)?;
        // Whose wife or child someone is to a relative is a matter of theirs.
        let theirs = theirs.iter().filter(|date| date.entry.person.is_none());
        dates.extend(theirs.filter_map(|date| coming(date, Some(relative))));
    }
    dates.sort_by_key(|date| date.falls.on);
    Ok(dates)
}

fn coming(date: &DateOfLife, relative: Option<&PartyRef>) -> Option<CardDate> {
    let falls = date.next.clone().filter(|next| next.in_days <= HORIZON)?;
    let person = relative.map(|relative| relative.name.clone()).or_else(|| date.entry.person.clone());
    let by_lunar = date.entry.lunar.is_some();
    Some(CardDate { label: date.label.clone(), falls, person, by_lunar, customer: relative.cloned() })
}

/// The customer's present family among the relations; one out of sight has no name and is left out.
fn family(id: PartyId, relations: &[RelationView]) -> impl Iterator<Item = &PartyRef> {
    let kin = relations.iter().filter(|one| FAMILY.contains(&one.role.as_str()) && one.valid_to.is_none());
    let mut seen: Vec<&PartyRef> = Vec::new();
    for relation in kin {
        let other = if relation.from.id == id.0 { &relation.to } else { &relation.from };
        if other.kind.is_some() && !seen.iter().any(|one| one.id == other.id) {
            seen.push(other);
        }
    }
    seen.into_iter().take(RELATIVES)
}

/// The next days on which a date falls, as it would be kept: for whoever enters one.
pub fn date_occurrences(cx: &Cx, mut entry: DateEntry) -> AppResult<Page<Occurrence>> {
    cx.require("customers:customer:read")?;
    let mut checks = Checks::default();
    date_check(&mut checks, "", &mut entry);
    checks.done()?;
    let today = cx.today()?;
    let mut days: Vec<Occurrence> = Vec::new();
    let mut from = Some(today);
    while let Some((life, day)) = entry.life().zip(from).filter(|_| days.len() < OCCURRENCES) {
        let Some(next) = Occurrence::of(life, day, today) else { break };
        from = next.on.checked_add_days(Days::new(1));
        days.push(next);
    }
    Ok(Page::whole(days))
}

/// The day among *Today*'s dates: the years are told by the calendar it is remembered by.
pub fn occurrence_of(first: LifeDay, on: NaiveDate, today: NaiveDate) -> Occurrence {
    let life = LifeDate { day: first, ..LifeDate::yearly(on) };
    Occurrence::new(on, today, life.years_on(on))
}

/// Tells the next day of up to `limit` dates whose day has passed; answers how many there were.
pub fn dates_refresh_step(app: &App, today: NaiveDate, limit: i64) -> AppResult<usize> {
    app.db().write(move |tx| {
        let passed = dates_passed(tx, today, limit)?;
        for (party_id, date) in &passed {
            let next = date_entry(date).life().and_then(|life| life.next_on(today));
            date_next_set(tx, *party_id, date.position, next)?;
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
