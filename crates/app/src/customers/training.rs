//! What people were taught, and whether they passed: above all those who sell for dealers.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, TrainingId};
use regulars_persistence::Db;
use regulars_persistence::customers::training::{
    TrainingRecord, TrainingRow, training_delete as row_delete, training_get as row_get, training_insert,
    training_update as row_update, trainings_of,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::trim;
use super::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::platform::dictionary::entry_meant;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// The dictionary of courses.
pub const COURSES: &str = "training_course";
pub(crate) const NOTE: usize = 1_000;
pub(crate) const HIGHEST: f64 = 1e6;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingInput {
    /// An entry of the dictionary `training_course`, by its key or by its name in either language.
    #[schema(example = "product")]
    pub course: String,
    /// Today when absent on creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-03-12")]
    pub on: Option<NaiveDate>,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub passed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 92.5)]
    pub score: Option<f64>,
    /// The last day on which it counts; for good when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2028-03-12")]
    pub valid_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "On site, with the new grinder")]
    pub note: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrainingView {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// The course's key in the dictionary `training_course`.
    #[schema(example = "product")]
    pub course: String,
    pub on: NaiveDate,
    pub passed: bool,
    pub score: Option<f64>,
    pub valid_until: Option<NaiveDate>,
    pub note: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(TrainingView);

pub(crate) fn view(row: TrainingRow) -> TrainingView {
    TrainingView {
        id: row.id.0,
        customer_id: row.party_id.0,
        course: row.course,
        on: row.on_date,
        passed: row.passed,
        score: row.score,
        valid_until: row.valid_until,
        note: row.note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn to_input(row: &TrainingRow) -> TrainingInput {
    TrainingInput {
        course: row.course.clone(),
        on: Some(row.on_date),
        passed: row.passed,
        score: row.score,
        valid_until: row.valid_until,
        note: row.note.clone(),
    }
}

/// Tidies what is said and notes everything wrong with it; answers the day.
fn sound(cx: &Cx, db: &mut Db, input: &mut TrainingInput, before: Option<&TrainingRow>) -> AppResult<NaiveDate> {
    let mut checks = Checks::default();
    let today = cx.today()?;
    let on = *input.on.get_or_insert(today);
    trim(&mut input.note);
    match entry_meant(db, COURSES, &input.course, before.map(|row| row.course.as_str()))? {
        Some(key) => input.course = key,
        None => checks.fail("/course", "unknown_reference"),
    }
    if on > today {
        checks.fail("/on", "in_future");
    }
    if input.valid_until.is_some_and(|until| until < on) {
        checks.fail("/valid_until", "date_order");
    }
    if input.score.is_some_and(|score| !(0.0..=HIGHEST).contains(&score)) {
        checks.fail_with("/score", "out_of_range", format!("0–{HIGHEST}"));
    }
    checks.optional_text("/note", input.note.as_deref(), NOTE);
    checks.done()?;
    Ok(on)
}

fn filled(row: TrainingRow, input: &TrainingInput, on: NaiveDate) -> TrainingRow {
    TrainingRow {
        course: input.course.clone(),
        on_date: on,
        passed: input.passed,
        score: input.score,
        valid_until: input.valid_until,
        note: input.note.clone(),
        ..row
    }
}

pub fn training_list(cx: &Cx, party: PartyId) -> AppResult<Page<TrainingView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        Ok(Page::whole(trainings_of(db, &[party])?.into_iter().map(view).collect()))
    })
}

pub fn training_create(cx: &Cx, party: PartyId, mut input: TrainingInput) -> AppResult<TrainingView> {
    cx.require(WRITE)?;
    let (place, on) = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write)?;
        if place.kind != "person" {
            return Err(AppError::Conflict("person_only"));
        }
        Ok((place, sound(cx, db, &mut input, None)?))
    })?;
    let blank = TrainingRow {
        id: TrainingId::fresh(),
        party_id: party,
        course: String::new(),
        on_date: on,
        passed: false,
        score: None,
        valid_until: None,
        note: None,
        import_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let row = filled(blank, &input, on);
    let within = cx.clone();
    cx.create(move |tx| {
        training_insert(tx, row.clone())?;
        let event = Event::new(&within, "training", row.id, "created").party(party);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        Ok(view(row.clone()))
    })
}

/// One, of a person the caller sees.
pub fn training_get(cx: &Cx, id: TrainingId) -> AppResult<TrainingView> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let record = cx.read(|db| Ok(row_get(db, id, &reach)?))?.ok_or(AppError::NotFound)?;
    Ok(view(record.own))
}

fn found(cx: &Cx, db: &mut Db, id: TrainingId) -> AppResult<TrainingRecord> {
    row_get(db, id, &cx.visible(Resource::Customer, Action::Write))?.ok_or(AppError::NotFound)
}

fn to_change(cx: &Cx, id: TrainingId, version: i64) -> AppResult<TrainingRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(cx, db, id))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn training_update(cx: &Cx, id: TrainingId, version: i64, patch: &Value) -> AppResult<TrainingView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: TrainingInput = crate::patch::patched(&before, patch)?;
    let on = cx.read(|db| sound(cx, db, &mut input, Some(&record.own)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(view(record.own));
    }
    let row = filled(TrainingRow { updated_at: cx.now, ..record.own }, &input, on);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "training", id, "updated").party(row.party_id);
        event.stands(record.unit_id, record.owner_id).difference(&before, &input).record(tx)?;
        Ok(view(TrainingRow { version: row.version + 1, ..row.clone() }))
    })
}

pub fn training_delete(cx: &Cx, id: TrainingId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(&within, tx, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "training", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&before).record(tx)
    })
}
