//! Categories: a tree by parent.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use regulars_domain::ids::CategoryId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CategoryRow {
    #[diesel(sql_type = SqlId)]
    pub id: CategoryId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub parent_id: Option<CategoryId>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT id, parent_id, name, position, version, created_at, updated_at FROM category";

pub fn category_list(db: &mut Db) -> StoreResult<Vec<CategoryRow>> {
    Statement::new(format!("{SELECT} ORDER BY position, name, id")).cached().rows(db)
}

pub fn category_get(db: &mut Db, id: CategoryId) -> StoreResult<Option<CategoryRow>> {
    Statement::new(SELECT).with(" WHERE id = ", id).cached().first(db)
}

pub fn category_insert(db: &mut Db, row: CategoryRow) -> StoreResult<()> {
    insert(
        "category",
        [
            ("id", row.id.into()),
            ("parent_id", row.parent_id.into()),
            ("name", row.name.into()),
            ("position", row.position.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn category_update(db: &mut Db, row: CategoryRow) -> StoreResult<bool> {
    let statement = update(
        "category",
        [
            ("parent_id", row.parent_id.into()),
            ("name", row.name.into()),
            ("position", row.position.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    );
    Ok(statement.with(" WHERE id = ", row.id).with(" AND version = ", row.version).run(db)? == 1)
}

/// Removes the category if it still has `version`. A conflict means that products or categories are in it.
pub fn category_delete(db: &mut Db, id: CategoryId, version: i64) -> StoreResult<bool> {
    let statement = Statement::new("DELETE FROM category").with(" WHERE id = ", id).with(" AND version = ", version);
    Ok(statement.cached().run(db)? == 1)
}
