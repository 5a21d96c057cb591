//! Lifetime models as they were fitted.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable};
use regulars_domain::ids::{LifetimeModelId, UnitId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{SqlId, SqlInstant, SqlJson};

/// A model of one unit's customers.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct LifetimeModelRow {
    #[diesel(sql_type = SqlId)]
    pub id: LifetimeModelId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// The last day it looked at.
    #[diesel(sql_type = Date)]
    pub as_of: NaiveDate,
    /// Parameters and verdict.
    #[diesel(sql_type = SqlJson)]
    pub model: Value,
    /// How it did on days held out; absent when there were too few.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub quality: Option<Value>,
    /// What bill-paying programmes were found to be; absent in what was fitted before there were any.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub programmes: Option<Value>,
    /// The settings it was fitted with.
    #[diesel(sql_type = SqlJson)]
    pub settings: Value,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    #[diesel(sql_type = SqlInstant)]
    pub fitted_at: DateTime<Utc>,
}

pub fn lifetime_model_insert(db: &mut Db, row: LifetimeModelRow) -> StoreResult<()> {
    insert(
        "lifetime_model",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("as_of", row.as_of.into()),
            ("model", row.model.into()),
            ("quality", row.quality.into()),
            ("programmes", row.programmes.into()),
            ("settings", row.settings.into()),
            ("customers", row.customers.into()),
            ("fitted_at", row.fitted_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// The last model of each unit, or of one.
pub fn lifetime_models_latest(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<LifetimeModelRow>> {
    let mut statement = Statement::new(
        "SELECT l.id, l.unit_id, l.as_of, l.model, l.quality, l.programmes, l.settings, l.customers, l.fitted_at FROM lifetime_model l \
         WHERE NOT EXISTS (SELECT 1 FROM lifetime_model x WHERE x.unit_id = l.unit_id AND (x.fitted_at > l.fitted_at \
         OR (x.fitted_at = l.fitted_at AND x.id > l.id)))",
    );
    if let Some(unit) = unit {
        statement.push(" AND l.unit_id = ").bind(unit);
    }
    statement.cached().rows(db)
}

/// The models of a unit, the latest first.
pub fn lifetime_models_of(db: &mut Db, unit: UnitId, limit: i64) -> StoreResult<Vec<LifetimeModelRow>> {
    Statement::new(
        "SELECT l.id, l.unit_id, l.as_of, l.model, l.quality, l.programmes, l.settings, l.customers, l.fitted_at FROM lifetime_model l",
    )
    .with(" WHERE l.unit_id = ", unit)
    .then(&format!(" ORDER BY l.fitted_at DESC, l.id DESC LIMIT {limit}"))
    .cached()
    .rows(db)
}
