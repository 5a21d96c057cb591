//! Pipelines and their stages.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{PipelineId, StageId, UnitId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PipelineRow {
    #[diesel(sql_type = SqlId)]
    pub id: PipelineId,
    /// Every unit when absent.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageRow {
    #[diesel(sql_type = SqlId)]
    pub id: StageId,
    #[diesel(sql_type = SqlId)]
    pub pipeline_id: PipelineId,
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    /// In percent.
    #[diesel(sql_type = BigInt)]
    pub probability: i64,
    /// A list of keys of `domain::pipeline::CRITERIA`.
    #[diesel(sql_type = SqlJson)]
    pub criteria: Value,
    #[diesel(sql_type = Text)]
    pub steps_asked: String,
    #[diesel(sql_type = Bool)]
    pub retired: bool,
}

fn select() -> Statement {
    Statement::new(
        "SELECT l.id, l.unit_id, l.name, l.position, l.active, l.version, l.created_at, l.updated_at FROM pipeline l",
    )
    .cached()
}

/// Those for every unit and those of one; of all units when none is named.
pub fn pipeline_list(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<PipelineRow>> {
    let mut statement = select();
    if let Some(unit) = unit {
        statement.push(" WHERE (l.unit_id IS NULL OR l.unit_id = ").bind(unit).push(")");
    }
    statement.then(" ORDER BY l.position, l.id").rows(db)
}

pub fn pipeline_get(db: &mut Db, id: PipelineId) -> StoreResult<Option<PipelineRow>> {
    select().with(" WHERE l.id = ", id).first(db)
}

pub fn pipeline_count(db: &mut Db) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM pipeline").number(db)
}

pub fn pipeline_insert(db: &mut Db, row: PipelineRow) -> StoreResult<()> {
    insert(
        "pipeline",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn pipeline_update(db: &mut Db, row: PipelineRow) -> StoreResult<bool> {
    let changed = update(
        "pipeline",
        [
            ("name", row.name.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Takes a pipeline away with its stages; a conflict when anything stood in it.
pub fn pipeline_delete(db: &mut Db, id: PipelineId) -> StoreResult<()> {
    Statement::new("DELETE FROM pipeline_stage WHERE pipeline_id = ").with("", id).run(db)?;
    Statement::new("DELETE FROM pipeline WHERE id = ").with("", id).run(db)?;
    Ok(())
}

fn stage_select() -> Statement {
    Statement::new(
        "SELECT s.id, s.pipeline_id, s.position, s.name, s.status, s.probability, s.criteria, s.steps_asked, s.retired \
         FROM pipeline_stage s",
    )
}

/// The stages of pipelines in their order, retired ones too.
pub fn stages_of(db: &mut Db, pipelines: &[PipelineId]) -> StoreResult<Vec<StageRow>> {
    let mut statement = stage_select().then(" WHERE s.pipeline_id IN (");
    statement.bind_list(pipelines.iter().copied()).push(") ORDER BY s.pipeline_id, s.position, s.id");
    statement.rows(db)
}

pub fn stage_get(db: &mut Db, id: StageId) -> StoreResult<Option<StageRow>> {
    stage_select().with(" WHERE s.id = ", id).cached().first(db)
}

pub fn stages_get(db: &mut Db, ids: &[StageId]) -> StoreResult<Vec<StageRow>> {
    let mut statement = stage_select().then(" WHERE s.id IN (");
    statement.bind_list(ids.iter().copied()).push(")");
    statement.rows(db)
}

/// Writes a stage, new or not.
pub fn stage_put(db: &mut Db, row: StageRow) -> StoreResult<()> {
    insert(
        "pipeline_stage",
        [
            ("id", row.id.into()),
            ("pipeline_id", row.pipeline_id.into()),
            ("position", row.position.into()),
            ("name", row.name.into()),
            ("status", row.status.into()),
            ("probability", row.probability.into()),
            ("criteria", row.criteria.into()),
            ("steps_asked", row.steps_asked.into()),
            ("retired", row.retired.into()),
        ],
    )
    .then(
        " ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, status = excluded.status, \
         probability = excluded.probability, criteria = excluded.criteria, steps_asked = excluded.steps_asked, \
         retired = excluded.retired",
    )
    .run(db)?;
    Ok(())
}

/// Whether anything stands in the stage now.
pub fn stage_occupied(db: &mut Db, id: StageId) -> StoreResult<bool> {
    let stand = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM opportunity WHERE deleted_at IS NULL")
        .with(" AND stage_id = ", id)
        .then(" LIMIT 1) AS standing");
    Ok(stand.number(db)? > 0)
}
