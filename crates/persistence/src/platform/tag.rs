//! Tags: a unit's own marks on its customers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{TagId, UnitId};

use crate::customers::parts_kept::parts_forget_tagged;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TagRow {
    #[diesel(sql_type = SqlId)]
    pub id: TagId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub color: String,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, unit_id, name, color, version, created_at, updated_at";

pub fn tag_insert(db: &mut Db, row: TagRow) -> StoreResult<()> {
    insert(
        "tag",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("color", row.color.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn tag_get(db: &mut Db, id: TagId) -> StoreResult<Option<TagRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM tag")).with(" WHERE id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn tag_update(db: &mut Db, row: TagRow) -> StoreResult<bool> {
    let changed = update(
        "tag",
        [
            ("name", row.name.into()),
            ("color", row.color.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Takes the tag off every customer, then away.
pub fn tag_delete(db: &mut Db, id: TagId) -> StoreResult<()> {
    parts_forget_tagged(db, id)?;
    Statement::new("DELETE FROM party_tag").with(" WHERE tag_id = ", id).run(db)?;
    Statement::new("DELETE FROM tag").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// The tags of a unit, or all.
pub fn tag_list(db: &mut Db, unit_id: Option<UnitId>) -> StoreResult<Vec<TagRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM tag"));
    if let Some(unit_id) = unit_id {
        statement.push(" WHERE unit_id = ").bind(unit_id);
    }
    statement.then(" ORDER BY name, id").cached().rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct CountRow {
    #[diesel(sql_type = SqlId)]
    id: TagId,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many customers in sight wear each tag.
pub fn tag_counts(db: &mut Db, visibility: &Visibility, only: Option<TagId>) -> StoreResult<HashMap<TagId, i64>> {
    let mut statement = Statement::new(
        "SELECT t.tag_id AS id, COUNT(*) AS n FROM party_tag t JOIN party p ON p.id = t.party_id \
         WHERE p.deleted_at IS NULL AND ",
    );
    push_visible(&mut statement, "p", visibility);
    if let Some(id) = only {
        statement.push(" AND t.tag_id = ").bind(id);
    }
    let rows: Vec<CountRow> = statement.then(" GROUP BY t.tag_id").rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.n)).collect())
}
