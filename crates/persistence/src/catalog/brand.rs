//! Brands.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text};
use regulars_domain::ids::BrandId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BrandRow {
    #[diesel(sql_type = SqlId)]
    pub id: BrandId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT id, name, active, version, created_at, updated_at FROM brand";

pub fn brand_list(db: &mut Db) -> StoreResult<Vec<BrandRow>> {
    Statement::new(format!("{SELECT} ORDER BY name, id")).cached().rows(db)
}

pub fn brand_get(db: &mut Db, id: BrandId) -> StoreResult<Option<BrandRow>> {
    Statement::new(SELECT).with(" WHERE id = ", id).cached().first(db)
}

pub fn brand_insert(db: &mut Db, row: BrandRow) -> StoreResult<()> {
    insert(
        "brand",
        [
            ("id", row.id.into()),
            ("name", row.name.into()),
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
pub fn brand_update(db: &mut Db, row: BrandRow) -> StoreResult<bool> {
    let statement = update(
        "brand",
        [
            ("name", row.name.into()),
            ("active", row.active.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    );
    Ok(statement.with(" WHERE id = ", row.id).with(" AND version = ", row.version).run(db)? == 1)
}

/// Removes the brand if it still has `version`. A conflict means that products have it.
pub fn brand_delete(db: &mut Db, id: BrandId, version: i64) -> StoreResult<bool> {
    let statement = Statement::new("DELETE FROM brand").with(" WHERE id = ", id).with(" AND version = ", version);
    Ok(statement.cached().run(db)? == 1)
}
