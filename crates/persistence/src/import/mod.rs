//! What the store knows of imports: the uploaded files, what became of their rows, saved mappings.

pub mod catalog;
pub mod custom;
pub mod party;
pub mod reference;
pub mod sales;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::ids::{ImportId, ImportMappingId, JobId, UnitId, UserId};
use serde_json::Value;

use crate::bulk::{IMPORT_ROW, rows_insert};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ImportRecord {
    #[diesel(sql_type = SqlId)]
    pub id: ImportId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub created_by: UserId,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub file_name: String,
    /// Bytes.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = SqlJson)]
    pub format: Value,
    #[diesel(sql_type = SqlJson)]
    pub source_columns: Value,
    #[diesel(sql_type = SqlJson)]
    pub mapping: Value,
    #[diesel(sql_type = SqlJson)]
    pub counts: Value,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub checkpoint: Option<Value>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub job_id: Option<JobId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const IMPORT_COLUMNS: &str = "id, unit_id, created_by, resource, file_name, size, status, format, source_columns, mapping, \
                              counts, checkpoint, job_id, version, created_at, updated_at";

pub fn import_insert(db: &mut Db, row: ImportRecord) -> StoreResult<()> {
    insert(
        "data_import",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("created_by", row.created_by.into()),
            ("resource", row.resource.into()),
            ("file_name", row.file_name.into()),
            ("size", row.size.into()),
            ("status", row.status.into()),
            ("format", row.format.into()),
            ("source_columns", row.source_columns.into()),
            ("mapping", row.mapping.into()),
            ("counts", row.counts.into()),
            ("checkpoint", row.checkpoint.into()),
            ("job_id", row.job_id.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn import_get(db: &mut Db, id: ImportId) -> StoreResult<Option<ImportRecord>> {
    Statement::new(format!("SELECT {IMPORT_COLUMNS} FROM data_import")).cached().with(" WHERE id = ", id).first(db)
}

/// The newest first; `unit` narrows to one unit, `before` is the id behind which the page starts.
pub fn import_list(
    db: &mut Db,
    unit: Option<UnitId>,
    created_by: Option<UserId>,
    before: Option<(DateTime<Utc>, ImportId)>,
    limit: i64,
) -> StoreResult<Vec<ImportRecord>> {
    let mut statement = Statement::new(format!("SELECT {IMPORT_COLUMNS} FROM data_import WHERE 1 = 1"));
    if let Some(unit) = unit {
        statement.push(" AND unit_id = ").bind(unit);
    }
    if let Some(user) = created_by {
        statement.push(" AND created_by = ").bind(user);
    }
    if let Some((at, id)) = before {
        statement.push(" AND (created_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.with(" ORDER BY created_at DESC, id DESC LIMIT ", limit).rows(db)
}

/// Sets what a person can set; `version` must still be current. False when it is not.
pub fn import_update(db: &mut Db, row: &ImportRecord, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    let changed = update(
        "data_import",
        [
            ("status", (&row.status).into()),
            ("format", row.format.clone().into()),
            ("source_columns", row.source_columns.clone().into()),
            ("mapping", row.mapping.clone().into()),
            ("counts", row.counts.clone().into()),
            ("checkpoint", row.checkpoint.clone().into()),
            ("job_id", row.job_id.into()),
            ("version", (version + 1).into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", version)
    .run(db)?;
    Ok(changed == 1)
}

/// What background work changes while it runs; leaves the version alone, which counts human edits.
pub fn import_progress(
    db: &mut Db,
    id: ImportId,
    status: &str,
    counts: &Value,
    checkpoint: Option<&Value>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    update(
        "data_import",
        [
            ("status", status.into()),
            ("counts", counts.clone().into()),
            ("checkpoint", checkpoint.cloned().into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .run(db)?;
    Ok(())
}

pub fn import_delete(db: &mut Db, id: ImportId) -> StoreResult<()> {
    import_rows_delete(db, id)?;
    Statement::new("DELETE FROM data_import").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// What became of one row of a file.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ImportRow {
    /// Where the row stands in the file: line or sheet row, from 1.
    #[diesel(sql_type = BigInt)]
    pub row_no: i64,
    /// `create`, `update`, `reject` or `kept` (an undo left it alone).
    #[diesel(sql_type = Text)]
    pub outcome: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub resource_id: Option<AnyId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub row_key: Option<String>,
    /// `[{field, before, after}]`
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub changes: Option<Value>,
    /// `[{column, code, detail}]`
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub errors: Option<Value>,
    /// What an undo puts back.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub before: Option<Value>,
}

pub fn import_rows_insert(db: &mut Db, id: ImportId, rows: Vec<ImportRow>) -> StoreResult<()> {
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                id.into(),
                row.row_no.into(),
                row.outcome.into(),
                row.resource_id.map_or(Bind::Null(Null::Id), Bind::from),
                row.row_key.into(),
                row.changes.into(),
                row.errors.into(),
                row.before.into(),
            ]
        })
        .collect();
    rows_insert(db, &IMPORT_ROW, rows)
}

const ROW_COLUMNS: &str = "row_no, outcome, resource_id, row_key, changes, errors, before";

pub fn import_rows(
    db: &mut Db,
    id: ImportId,
    outcome: Option<&str>,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ImportRow>> {
    let mut statement = Statement::new(format!("SELECT {ROW_COLUMNS} FROM import_row")).cached();
    statement.push(" WHERE import_id = ").bind(id).push(" AND row_no > ").bind(after);
    if let Some(outcome) = outcome {
        statement.push(" AND outcome = ").bind(outcome);
    }
    statement.with(" ORDER BY row_no LIMIT ", limit).rows(db)
}

pub fn import_rows_delete(db: &mut Db, id: ImportId) -> StoreResult<()> {
    Statement::new("DELETE FROM import_row").with(" WHERE import_id = ", id).run(db)?;
    Ok(())
}

/// Notes what an undo did with a row: `restored`, or `kept` with the reason.
pub fn import_row_mark(
    db: &mut Db,
    id: ImportId,
    row_no: i64,
    outcome: &str,
    errors: Option<Value>,
) -> StoreResult<()> {
    update("import_row", [("outcome", outcome.into()), ("errors", errors.into())])
        .with(" WHERE import_id = ", id)
        .with(" AND row_no = ", row_no)
        .run(db)?;
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MappingRecord {
    #[diesel(sql_type = SqlId)]
    pub id: ImportMappingId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlJson)]
    pub mapping: Value,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

pub fn mapping_insert(db: &mut Db, row: MappingRecord) -> StoreResult<()> {
    insert(
        "import_mapping",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("name", row.name.into()),
            ("resource", row.resource.into()),
            ("mapping", row.mapping.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// The saved mappings of a unit, by name.
pub fn mapping_list(db: &mut Db, unit: UnitId, resource: Option<&str>) -> StoreResult<Vec<MappingRecord>> {
    let mut statement = Statement::new(
        "SELECT id, unit_id, owner_id, name, resource, mapping, created_at FROM import_mapping WHERE unit_id = ",
    );
    statement.bind(unit);
    if let Some(resource) = resource {
        statement.push(" AND resource = ").bind(resource);
    }
    statement.then(" ORDER BY name, id").rows(db)
}

/// False when the unit has no such mapping.
pub fn mapping_delete(db: &mut Db, id: ImportMappingId, unit: UnitId) -> StoreResult<bool> {
    let gone =
        Statement::new("DELETE FROM import_mapping").with(" WHERE id = ", id).with(" AND unit_id = ", unit).run(db)?;
    Ok(gone == 1)
}
