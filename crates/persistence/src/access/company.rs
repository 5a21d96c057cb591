//! The company's one row, and the server's own secrets.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Text};
use regulars_domain::ids::CompanyId;
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CompanyRow {
    #[diesel(sql_type = SqlId)]
    pub id: CompanyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = SqlJson)]
    pub settings: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub fn company_get(db: &mut Db) -> StoreResult<Option<CompanyRow>> {
    Statement::new("SELECT id, name, locale, time_zone, currency, settings, version, updated_at FROM company")
        .cached()
        .first(db)
}

pub fn company_insert(db: &mut Db, row: CompanyRow) -> StoreResult<()> {
    insert(
        "company",
        [
            ("id", row.id.into()),
            ("name", row.name.into()),
            ("locale", row.locale.into()),
            ("time_zone", row.time_zone.into()),
            ("currency", row.currency.into()),
            ("settings", row.settings.into()),
            ("version", row.version.into()),
            ("created_at", row.updated_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn company_update(db: &mut Db, row: CompanyRow) -> StoreResult<bool> {
    let changed = update(
        "company",
        [
            ("name", row.name.into()),
            ("locale", row.locale.into()),
            ("time_zone", row.time_zone.into()),
            ("currency", row.currency.into()),
            ("settings", row.settings.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Whether amounts are recorded already: products with a price, orders, offers.
pub fn amounts_recorded(db: &mut Db) -> StoreResult<bool> {
    let found = Statement::new(
        "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM product WHERE price IS NOT NULL OR cost IS NOT NULL \
         UNION ALL SELECT 1 AS one FROM sales_order UNION ALL SELECT 1 AS one FROM quote \
         UNION ALL SELECT 1 AS one FROM sellout_cell LIMIT 1) AS found",
    )
    .number(db)?;
    Ok(found > 0)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SecretRow {
    #[diesel(sql_type = Binary)]
    value: Vec<u8>,
}

pub fn secret_get(db: &mut Db, name: &str) -> StoreResult<Option<Vec<u8>>> {
    let row: Option<SecretRow> =
        Statement::new("SELECT value FROM server_secret").with(" WHERE name = ", name).first(db)?;
    Ok(row.map(|row| row.value))
}

/// Stores the secret unless one of that name is there; answers the one that stands.
pub fn secret_ensure(db: &mut Db, name: &str, value: Vec<u8>, now: DateTime<Utc>) -> StoreResult<Vec<u8>> {
    insert("server_secret", [("name", name.into()), ("value", value.clone().into()), ("created_at", now.into())])
        .then(" ON CONFLICT (name) DO NOTHING")
        .run(db)?;
    Ok(secret_get(db, name)?.unwrap_or(value))
}

/// Stores the secret in place of one of that name.
pub fn secret_put(db: &mut Db, name: &str, value: Vec<u8>, now: DateTime<Utc>) -> StoreResult<()> {
    if secret_get(db, name)?.as_ref() == Some(&value) {
        return Ok(());
    }
    secret_delete(db, name)?;
    secret_ensure(db, name, value, now)?;
    Ok(())
}

pub fn secret_delete(db: &mut Db, name: &str) -> StoreResult<()> {
    Statement::new("DELETE FROM server_secret").with(" WHERE name = ", name).run(db)?;
    Ok(())
}
