//! Saved views of lists: a person's own, and those shared with the unit.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text};
use regulars_domain::ids::{UnitId, UserId, ViewId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ViewRow {
    #[diesel(sql_type = SqlId)]
    pub id: ViewId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub shared: bool,
    #[diesel(sql_type = Bool)]
    pub pinned: bool,
    #[diesel(sql_type = SqlJson)]
    pub definition: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str =
    "id, owner_id, unit_id, resource, name, shared, pinned, definition, version, created_at, updated_at";

pub fn view_insert(db: &mut Db, row: ViewRow) -> StoreResult<()> {
    insert(
        "saved_view",
        [
            ("id", row.id.into()),
            ("owner_id", row.owner_id.into()),
            ("unit_id", row.unit_id.into()),
            ("resource", row.resource.into()),
            ("name", row.name.into()),
            ("shared", row.shared.into()),
            ("pinned", row.pinned.into()),
            ("definition", row.definition.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn view_get(db: &mut Db, id: ViewId) -> StoreResult<Option<ViewRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM saved_view")).with(" WHERE id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn view_update(db: &mut Db, row: ViewRow) -> StoreResult<bool> {
    let changed = update(
        "saved_view",
        [
            ("name", row.name.into()),
            ("shared", row.shared.into()),
            ("pinned", row.pinned.into()),
            ("definition", row.definition.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn view_delete(db: &mut Db, id: ViewId) -> StoreResult<()> {
    Statement::new("DELETE FROM saved_view").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// A person's views and those shared in the unit, of one resource or all.
pub fn view_list(db: &mut Db, owner_id: UserId, unit_id: UnitId, resource: Option<&str>) -> StoreResult<Vec<ViewRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM saved_view"))
        .with(" WHERE (owner_id = ", owner_id)
        .with(" OR (shared = TRUE AND unit_id = ", unit_id)
        .then("))");
    if let Some(resource) = resource {
        statement.push(" AND resource = ").bind(resource);
    }
    statement.then(" ORDER BY pinned DESC, name, id").cached().rows(db)
}
