//! Pipelines: the stages of a way of selling, of a unit or of every unit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PipelineId, StageId, UnitId};
use regulars_domain::pipeline::{CRITERIA, FIRST_STAGES, STEPS_ASKED, StageStatus};
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::sales::customer::unit_names;
use regulars_persistence::sales::pipeline::{
    PipelineRow, StageRow, pipeline_count, pipeline_delete as row_delete, pipeline_get as row_get, pipeline_insert,
    pipeline_list as row_list, pipeline_update as row_update, stage_occupied, stage_put, stages_of,
};
use regulars_persistence::{ConstraintId, Db, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "sales:opportunity:read";
/// Pipelines of one's own unit.
pub(super) const WRITE: &str = "platform:pipeline:write";
/// Pipelines of every unit and of the company.
const SETTINGS: &str = "platform:settings:write";
const SETTINGS_READ: &str = "platform:settings:read";
/// Most stages of a pipeline.
const MOST_STAGES: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageInput {
    /// Of a stage that is there already; absent for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub id: Option<Uuid>,
    #[schema(example = "Proposal")]
    pub name: String,
    /// What it means, whatever it is called.
    #[schema(value_type = crate::shape::StageStatusKey)]
    pub status: String,
    /// That it is won, in percent.
    #[schema(minimum = 0, maximum = 100, example = 50)]
    pub probability: i64,
    /// What an opportunity must have to enter.
    #[serde(default)]
    #[schema(value_type = Vec<crate::shape::StageCriterion>, example = json!(["customer", "amount"]))]
    pub criteria: Vec<String>,
    /// Steps of the development plan that must be done to enter.
    #[serde(default = "none")]
    #[schema(value_type = crate::shape::StepsAsked)]
    pub steps_asked: String,
}

fn none() -> String {
    STEPS_ASKED[0].into()
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineInput {
    #[schema(example = "Key accounts")]
    pub name: String,
    /// The unit it is for; every unit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub unit_id: Option<Uuid>,
    /// The first of the active ones is where new leads go.
    #[serde(default)]
    #[schema(example = 1)]
    pub position: i64,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    /// In their order; at least an open, a won and a lost one.
    #[schema(example = json!([
        {"name": "New", "status": "open", "probability": 10},
        {"name": "Won", "status": "won", "probability": 100},
        {"name": "Lost", "status": "lost", "probability": 0}
    ]))]
    pub stages: Vec<StageInput>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageView {
    pub id: Uuid,
    #[schema(example = "Proposal")]
    pub name: String,
    #[schema(value_type = crate::shape::StageStatusKey)]
    pub status: String,
    /// In percent.
    #[schema(example = 50)]
    pub probability: i64,
    #[schema(value_type = Vec<crate::shape::StageCriterion>)]
    pub criteria: Vec<String>,
    #[schema(value_type = crate::shape::StepsAsked)]
    pub steps_asked: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PipelineView {
    pub id: Uuid,
    pub name: String,
    pub unit: Option<Ref>,
    pub position: i64,
    pub active: bool,
    pub stages: Vec<StageView>,
    /// Whether the caller may change it.
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(PipelineView);

pub(super) fn may_write(cx: &Cx, unit: Option<UnitId>) -> bool {
    let mine = match unit {
        Some(unit) => unit == cx.actor.unit_id || (cx.actor.may(SETTINGS) && cx.actor.sees_all_units()),
        None => cx.actor.may(SETTINGS),
    };
    cx.actor.may(WRITE) && mine
}

pub(super) fn require_read(cx: &Cx) -> AppResult<()> {
    if cx.actor.may(SETTINGS_READ) || cx.actor.may(WRITE) { Ok(()) } else { cx.require(READ) }
}

pub(super) fn criteria_of(row: &StageRow) -> AppResult<Vec<String>> {
    serde_json::from_value(row.criteria.clone()).map_err(AppError::internal)
}

pub(super) fn stage_view(row: &StageRow) -> AppResult<StageView> {
    Ok(StageView {
        id: row.id.0,
        name: row.name.clone(),
        status: row.status.clone(),
        probability: row.probability,
        criteria: criteria_of(row)?,
        steps_asked: row.steps_asked.clone(),
    })
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<PipelineRow>) -> AppResult<Vec<PipelineView>> {
    let ids: Vec<PipelineId> = rows.iter().map(|row| row.id).collect();
    let mut stages: HashMap<PipelineId, Vec<StageView>> = HashMap::new();
    for stage in stages_of(db, &ids)?.iter().filter(|stage| !stage.retired) {
        stages.entry(stage.pipeline_id).or_default().push(stage_view(stage)?);
    }
    let units: HashMap<UnitId, String> = unit_names(db)?.into_iter().collect();
    let view = |row: PipelineRow| PipelineView {
        id: row.id.0,
        unit: row.unit_id.map(|id| Ref::new(id, units.get(&id).cloned().unwrap_or_default())),
        position: row.position,
        active: row.active,
        stages: stages.remove(&row.id).unwrap_or_default(),
        editable: may_write(cx, row.unit_id),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        name: row.name,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The pipelines of the company and of the units in sight, with their stages.
pub fn pipeline_list(cx: &Cx) -> AppResult<Page<PipelineView>> {
    require_read(cx)?;
    cx.read(|db| {
        let rows = row_list(db, cx.actor.organisation_reach())?;
        Ok(Page::whole(views(cx, db, rows)?))
    })
}

/// One in sight.
pub(super) fn pipeline_found(cx: &Cx, db: &mut Db, id: PipelineId) -> AppResult<PipelineRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let within = cx.actor.organisation_reach().is_none_or(|own| row.unit_id.is_none_or(|unit| unit == own));
    if within { Ok(row) } else { Err(AppError::NotFound) }
}

pub fn pipeline_get(cx: &Cx, id: PipelineId) -> AppResult<PipelineView> {
    require_read(cx)?;
    cx.read(|db| {
        let row = pipeline_found(cx, db, id)?;
        one(cx, db, row)
    })
}

fn one(cx: &Cx, db: &mut Db, row: PipelineRow) -> AppResult<PipelineView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Tidies the input and notes everything wrong with it; `standing` are the stages there are.
fn check(input: &mut PipelineInput, standing: &[StageRow]) -> AppResult<()> {
    let mut checks = Checks::default();
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 100);
    if input.stages.len() > MOST_STAGES {
        checks.fail_with("/stages", "too_many", MOST_STAGES);
    }
    for at in 0..input.stages.len() {
        let pointer = format!("/stages/{at}");
        let id = input.stages[at].id;
        if id.is_some_and(|id| !standing.iter().any(|stage| stage.id.0 == id)) {
            checks.fail(format!("{pointer}/id"), "unknown_reference");
        }
        if id.is_some() && input.stages[..at].iter().any(|other| other.id == id) {
            checks.fail(format!("{pointer}/id"), "duplicate");
        }
        let stage = &mut input.stages[at];
        stage.name = stage.name.trim().into();
        checks.text(&format!("{pointer}/name"), &stage.name, 60);
        checks.one_of(&format!("{pointer}/status"), &stage.status, &StageStatus::KEYS);
        checks.one_of(&format!("{pointer}/steps_asked"), &stage.steps_asked, &STEPS_ASKED);
        let known = CRITERIA.map(|(key, ..)| key);
        for key in &stage.criteria {
            checks.one_of(&format!("{pointer}/criteria"), key, &known);
        }
        if !(0..=100).contains(&stage.probability) {
            checks.fail_with(format!("{pointer}/probability"), "out_of_range", "0–100");
        }
    }
    for needed in [StageStatus::Open, StageStatus::Won, StageStatus::Lost] {
        if !input.stages.iter().any(|stage| stage.status == needed.key()) {
            checks.fail_with("/stages", "stage_of_status_missing", needed.key());
        }
    }
    Ok(checks.done()?)
}

/// Writes the stages in their order; what is no longer named leaves, if nothing stands in it.
fn stages_store(tx: &mut Db, id: PipelineId, stages: &[StageInput], standing: &[StageRow]) -> AppResult<()> {
    for gone in standing.iter().filter(|stage| !stage.retired && stages.iter().all(|one| one.id != Some(stage.id.0))) {
        if stage_occupied(tx, gone.id)? {
            return Err(AppError::Conflict("stage_occupied"));
        }
        stage_put(tx, StageRow { retired: true, ..gone.clone() })?;
    }
    for (position, stage) in (1..).zip(stages) {
        let stood = standing.iter().find(|one| Some(one.id.0) == stage.id);
        if stood.is_some_and(|stood| stood.status != stage.status) && stage_occupied(tx, stood_id(stood))? {
            return Err(AppError::Conflict("stage_occupied"));
        }
        stage_put(
            tx,
            StageRow {
                id: stage.id.map_or_else(StageId::fresh, StageId),
                pipeline_id: id,
                position,
                name: stage.name.clone(),
                status: stage.status.clone(),
                probability: stage.probability,
                criteria: json!(stage.criteria),
                steps_asked: stage.steps_asked.clone(),
                retired: false,
            },
        )?;
    }
    Ok(())
}

fn stood_id(stage: Option<&StageRow>) -> StageId {
    stage.map_or(StageId(Uuid::nil()), |stage| stage.id)
}

fn event(cx: &Cx, row: &PipelineRow, action: &'static str) -> Event {
    let event = Event::new(cx, "pipeline", row.id, action);
    match row.unit_id {
        Some(unit) => event.stands(unit, None),
        None => event,
    }
}

pub fn pipeline_create(cx: &Cx, mut input: PipelineInput) -> AppResult<PipelineView> {
    cx.require(WRITE)?;
    let unit_id = input.unit_id.map(UnitId);
    if !may_write(cx, unit_id) {
        return Err(AppError::invalid("/unit_id", "unknown_reference"));
    }
    check(&mut input, &[])?;
    let row = PipelineRow {
        id: PipelineId::fresh(),
        unit_id,
        name: input.name.clone(),
        position: input.position,
        active: input.active,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        if let Some(unit) = unit_id
            && unit_get(tx, unit)?.is_none()
        {
            return Err(AppError::invalid("/unit_id", "unknown_reference"));
        }
        pipeline_insert(tx, row.clone())?;
        stages_store(tx, row.id, &input.stages, &[])?;
        event(&within, &row, "created").after(&input).record(tx)?;
        one(&within, tx, row.clone())
    })
}

fn to_change(cx: &Cx, db: &mut Db, id: PipelineId, version: i64) -> AppResult<PipelineRow> {
    let row = pipeline_found(cx, db, id)?;
    if !may_write(cx, row.unit_id) {
        return Err(AppError::Forbidden(SETTINGS.into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

fn writable(row: &PipelineRow, stages: &[StageRow]) -> AppResult<PipelineInput> {
    let stage = |stage: &StageRow| -> AppResult<StageInput> {
        Ok(StageInput {
            id: Some(stage.id.0),
            name: stage.name.clone(),
            status: stage.status.clone(),
            probability: stage.probability,
            criteria: criteria_of(stage)?,
            steps_asked: stage.steps_asked.clone(),
        })
    };
    Ok(PipelineInput {
        name: row.name.clone(),
        unit_id: row.unit_id.map(|unit| unit.0),
        position: row.position,
        active: row.active,
        stages: stages.iter().filter(|stage| !stage.retired).map(stage).collect::<AppResult<_>>()?,
    })
}

pub fn pipeline_update(cx: &Cx, id: PipelineId, version: i64, patch: &Value) -> AppResult<PipelineView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let standing = stages_of(tx, &[id])?;
        let before = writable(&row, &standing)?;
        let mut input: PipelineInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        let living: Vec<StageRow> = standing.into_iter().filter(|stage| !stage.retired).collect();
        check(&mut input, &living)?;
        let row = PipelineRow {
            name: input.name.clone(),
            position: input.position,
            active: input.active,
            updated_at: cx.now,
            ..row
        };
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        stages_store(tx, id, &input.stages, &living)?;
        event(cx, &row, "updated").difference(&before, &input).record(tx)?;
        one(cx, tx, PipelineRow { version: version + 1, ..row })
    })
}

/// Only while nothing has ever stood in it; one that was used is switched off instead.
pub fn pipeline_delete(cx: &Cx, id: PipelineId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let stages = stages_of(tx, &[id])?;
        row_delete(tx, id).map_err(|error| match error {
            StoreError::Conflict(ConstraintId::ForeignKey) => AppError::Conflict("in_use"),
            error => error.into(),
        })?;
        event(cx, &row, "deleted").before(&writable(&row, &stages)?).record(tx)
    })
}

/// Gives a company without any pipeline its first one, for every unit.
pub fn pipelines_seed(tx: &mut Db, locale: &str, now: DateTime<Utc>) -> AppResult<()> {
    if pipeline_count(tx)? > 0 {
        return Ok(());
    }
    let chinese = locale == "zh-CN";
    let id = PipelineId::fresh();
    let name = if chinese { "销售流程" } else { "Sales" };
    let row = PipelineRow {
        id,
        unit_id: None,
        name: name.into(),
        position: 1,
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    pipeline_insert(tx, row)?;
    for (position, stage) in (1..).zip(&FIRST_STAGES) {
        stage_put(
            tx,
            StageRow {
                id: StageId::fresh(),
                pipeline_id: id,
                position,
                name: if chinese { stage.name_zh } else { stage.name_en }.into(),
                status: stage.status.key().into(),
                probability: stage.probability,
                criteria: json!(stage.criteria),
                steps_asked: stage.steps.into(),
                retired: false,
            },
        )?;
    }
    Ok(())
}
