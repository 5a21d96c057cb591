//! Journeys: templates of timed touchpoints of a unit, those that go on with customers, and the night's work. A run keeps the
//! steps it began with: a change of the template is for those that begin afterwards.

mod advance;
pub mod preset;
mod report;
mod run;
mod step;
pub mod sweep;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{CategoryId, JourneyId, UnitId};
use regulars_domain::journey::{CLASSES, TRIGGERS};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{unit_get, unit_list};
use regulars_persistence::activities::journey::{
    JourneyRow, journey_delete as row_delete, journey_get as row_get, journey_insert, journey_list as row_list,
    journey_update as row_update,
};
use regulars_persistence::catalog::category::category_get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use self::advance::{task_ended, task_taken_up};
pub use self::report::{JourneyReport, StationShare, journey_report};
pub use self::run::{
    RunInput, RunView, StationDone, StationReason, StationView, run_get, run_list, run_start, run_stop,
    station_complete, station_skip,
};
pub(crate) use self::step::timings;
pub use self::step::{SpanInput, StepInput};
use crate::access::Ref;
use crate::event::Event;
use crate::insight::stored::class_words;
use crate::list::Page;
use crate::platform::dictionary::entry_meant;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const ACT: &str = "customers:customer:write";
const WRITE: &str = "activities:journey:write";
const MOST_LEAD: i64 = 60;

/// What a journey starts by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JourneyAbout {
    /// Of `asset_added`: things of this category, or of one right beneath it; of any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub category_id: Option<Uuid>,
    /// Of `class_changed`: which class, and what it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::JourneyClass>, example = "lifecycle")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "decline")]
    pub became: Option<String>,
    /// Of `date_of_life`: the kind of date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "birthday")]
    pub date: Option<String>,
}

/// A template of timed touchpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JourneyInput {
    /// Stays as it was at the creation.
    pub unit_id: Uuid,
    #[schema(example = "售后上门拜访")]
    pub name_zh: String,
    #[schema(example = "Post-sale house call")]
    pub name_en: String,
    #[schema(value_type = crate::shape::JourneyTrigger)]
    pub event: String,
    #[serde(default)]
    pub about: JourneyAbout,
    /// In their order.
    pub steps: Vec<StepInput>,
    /// A touchpoint becomes a task so many days before it is due.
    #[serde(default = "three")]
    #[schema(minimum = 0, example = 3)]
    pub lead_days: i64,
    /// Starts again while one goes on with the same customer.
    #[serde(default)]
    #[schema(example = false)]
    pub again: bool,
    /// While it is off, nothing starts it; what goes on goes on.
    #[serde(default)]
    #[schema(example = true)]
    pub active: bool,
}

fn three() -> i64 {
    3
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JourneyView {
    pub id: Uuid,
    pub unit: Ref,
    /// In the caller's language.
    pub name: String,
    pub name_zh: String,
    pub name_en: String,
    #[schema(value_type = crate::shape::JourneyTrigger)]
    pub event: String,
    pub about: JourneyAbout,
    pub steps: Vec<StepInput>,
    pub lead_days: i64,
    pub again: bool,
    pub active: bool,
    /// Rises with every change of the steps.
    #[schema(example = 1)]
    pub revision: i64,
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(JourneyView);

fn named<'a>(cx: &Cx, zh: &'a str, en: &'a str) -> &'a str {
    if cx.request.locale == "en" { en } else { zh }
}

fn steps_of(value: &Value) -> AppResult<Vec<StepInput>> {
    serde_json::from_value(value.clone()).map_err(AppError::internal)
}

fn about_of(row: &JourneyRow) -> AppResult<JourneyAbout> {
    serde_json::from_value(row.about.clone()).map_err(AppError::internal)
}

fn keeps(cx: &Cx, unit: UnitId) -> bool {
    cx.actor.may(WRITE) && (unit == cx.actor.unit_id || cx.actor.is_head_office())
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<JourneyRow>) -> AppResult<Vec<JourneyView>> {
    let units = unit_list(db, None)?;
    let view = |row: JourneyRow| {
        let unit = units.iter().find(|unit| unit.id == row.unit_id).map(|unit| unit.name.clone());
        Ok(JourneyView {
            id: row.id.0,
            unit: Ref::new(row.unit_id, unit.unwrap_or_default()),
            name: named(cx, &row.name_zh, &row.name_en).into(),
            about: about_of(&row)?,
            steps: steps_of(&row.steps)?,
            editable: keeps(cx, row.unit_id),
            name_zh: row.name_zh,
            name_en: row.name_en,
            event: row.event,
            lead_days: row.lead_days,
            again: row.again,
            active: row.active,
            revision: row.revision,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(view).collect()
}

fn one(cx: &Cx, db: &mut Db, row: JourneyRow) -> AppResult<JourneyView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

fn reach(cx: &Cx) -> Option<UnitId> {
    (!cx.actor.is_head_office()).then_some(cx.actor.unit_id)
}

fn found(cx: &Cx, db: &mut Db, id: JourneyId) -> AppResult<JourneyRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    if reach(cx).is_none_or(|own| own == row.unit_id) { Ok(row) } else { Err(AppError::NotFound) }
}

pub fn journey_list(cx: &Cx) -> AppResult<Page<JourneyView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let rows = row_list(db, reach(cx))?;
        Ok(Page::whole(views(cx, db, rows)?))
    })
}

pub fn journey_get(cx: &Cx, id: JourneyId) -> AppResult<JourneyView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = found(cx, db, id)?;
        one(cx, db, row)
    })
}

fn check(cx: &Cx, db: &mut Db, input: &mut JourneyInput) -> AppResult<()> {
    let mut checks = Checks::default();
    for (name, pointer) in [(&mut input.name_zh, "/name_zh"), (&mut input.name_en, "/name_en")] {
        *name = name.trim().into();
        checks.text(pointer, name, 100);
    }
    checks.one_of("/event", &input.event, &TRIGGERS);
    if !(0..=MOST_LEAD).contains(&input.lead_days) {
        checks.fail_with("/lead_days", "out_of_range", format!("0–{MOST_LEAD}"));
    }
    let about = std::mem::take(&mut input.about);
    input.about = match input.event.as_str() {
        "asset_added" => JourneyAbout { category_id: about.category_id, ..JourneyAbout::default() },
        "class_changed" => JourneyAbout { class: about.class, became: about.became, ..JourneyAbout::default() },
        "date_of_life" => JourneyAbout { date: about.date, ..JourneyAbout::default() },
        _ => JourneyAbout::default(),
    };
    if let Some(category) = input.about.category_id
        && category_get(db, CategoryId(category))?.is_none()
    {
        checks.fail("/about/category_id", "unknown_reference");
    }
    if input.event == "class_changed" {
        let class = input.about.class.as_deref().unwrap_or_default();
        checks.one_of("/about/class", class, &CLASSES);
        checks.one_of("/about/became", input.about.became.as_deref().unwrap_or_default(), &class_words(class));
    }
    if input.event == "date_of_life" {
        match entry_meant(db, "date_kind", input.about.date.as_deref().unwrap_or_default(), None)? {
            Some(kind) => input.about.date = Some(kind),
            None => checks.fail("/about/date", "unknown_reference"),
        }
    }
    step::check(cx, db, &mut checks, UnitId(input.unit_id), &mut input.steps)?;
    Ok(checks.done()?)
}

fn writable(row: &JourneyRow) -> AppResult<JourneyInput> {
    Ok(JourneyInput {
        unit_id: row.unit_id.0,
        name_zh: row.name_zh.clone(),
        name_en: row.name_en.clone(),
        event: row.event.clone(),
        about: about_of(row)?,
        steps: steps_of(&row.steps)?,
        lead_days: row.lead_days,
        again: row.again,
        active: row.active,
    })
}

fn filled(row: JourneyRow, input: &JourneyInput, cx: &Cx) -> AppResult<JourneyRow> {
    let fresh = input.active && (!row.active || row.event != input.event || row.about != json!(input.about));
    Ok(JourneyRow {
        name_zh: input.name_zh.clone(),
        name_en: input.name_en.clone(),
        event: input.event.clone(),
        about: json!(input.about),
        steps: json!(input.steps),
        lead_days: input.lead_days,
        again: input.again,
        active: input.active,
        active_on: if fresh { Some(cx.today()?) } else { row.active_on },
        ..row
    })
}

pub fn journey_create(cx: &Cx, input: JourneyInput) -> AppResult<JourneyView> {
    cx.require(WRITE)?;
    let unit_id = UnitId(input.unit_id);
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut input = input.clone();
        if !keeps(cx, unit_id) || unit_get(tx, unit_id)?.is_none() {
            return Err(AppError::invalid("/unit_id", "unknown_reference"));
        }
        check(cx, tx, &mut input)?;
        let blank = JourneyRow {
            id: JourneyId::fresh(),
            unit_id,
            name_zh: String::new(),
            name_en: String::new(),
            event: String::new(),
            about: json!({}),
            steps: json!([]),
            lead_days: 0,
            again: false,
            active: false,
            active_on: None,
            revision: 1,
            version: 1,
            created_at: cx.now,
            updated_at: cx.now,
        };
        let row = filled(blank, &input, cx)?;
        journey_insert(tx, row.clone())?;
        Event::new(cx, "journey", row.id, "created").stands(unit_id, None).after(&input).record(tx)?;
        one(cx, tx, row)
    })
}

fn to_change(cx: &Cx, tx: &mut Db, id: JourneyId, version: i64) -> AppResult<JourneyRow> {
    let row = found(cx, tx, id)?;
    if !keeps(cx, row.unit_id) {
        return Err(AppError::Forbidden(WRITE.into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn journey_update(cx: &Cx, id: JourneyId, version: i64, patch: &Value) -> AppResult<JourneyView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let before = writable(&row)?;
        let mut input: JourneyInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        check(cx, tx, &mut input)?;
        let revision = row.revision + i64::from(input.steps != before.steps);
        let row = filled(JourneyRow { updated_at: cx.now, revision, ..row }, &input, cx)?;
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        Event::new(cx, "journey", id, "updated").stands(row.unit_id, None).difference(&before, &input).record(tx)?;
        one(cx, tx, JourneyRow { version: version + 1, ..row })
    })
}

/// What goes on with customers goes on.
pub fn journey_delete(cx: &Cx, id: JourneyId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = to_change(&within, tx, id, version)?;
        if !row_delete(tx, id, version, within.now)? {
            return Err(AppError::Stale { current: version + 1 });
        }
        let before = writable(&row)?;
        Event::new(&within, "journey", id, "deleted").stands(row.unit_id, None).before(&before).record(tx)
    })
}
