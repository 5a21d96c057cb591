//! Dashboards: a person's own, and those shown to the unit or to everyone; and what their cards count within a sight.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{DashboardId, StageId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DashboardRow {
    #[diesel(sql_type = SqlId)]
    pub id: DashboardId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// `private`, `unit` or `company`.
    #[diesel(sql_type = Text)]
    pub sharing: String,
    #[diesel(sql_type = SqlJson)]
    pub definition: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// For whom dashboards are read: the person's own, those of the unit, those of everyone.
#[derive(Debug, Clone, Copy)]
pub struct DashboardReader {
    pub user_id: UserId,
    pub unit_id: UnitId,
}

const COLUMNS: &str = "id, owner_id, unit_id, name, sharing, definition, version, created_at, updated_at";

fn seen_by(reader: DashboardReader) -> Statement {
    Statement::new(format!("SELECT {COLUMNS} FROM dashboard"))
        .with(" WHERE (owner_id = ", reader.user_id)
        .with(" OR (sharing = 'unit' AND unit_id = ", reader.unit_id)
        .then(") OR sharing = 'company')")
}

pub fn dashboard_list(db: &mut Db, reader: DashboardReader) -> StoreResult<Vec<DashboardRow>> {
    seen_by(reader).then(" ORDER BY name, id LIMIT 500").cached().rows(db)
}

pub fn dashboard_get(db: &mut Db, id: DashboardId, reader: DashboardReader) -> StoreResult<Option<DashboardRow>> {
    seen_by(reader).with(" AND id = ", id).cached().first(db)
}

pub fn dashboard_insert(db: &mut Db, row: DashboardRow) -> StoreResult<()> {
    insert(
        "dashboard",
        [
            ("id", row.id.into()),
            ("owner_id", row.owner_id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("sharing", row.sharing.into()),
            ("definition", row.definition.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn dashboard_update(db: &mut Db, row: DashboardRow) -> StoreResult<bool> {
    let changed = update(
        "dashboard",
        [
            ("name", row.name.into()),
            ("sharing", row.sharing.into()),
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

pub fn dashboard_delete(db: &mut Db, id: DashboardId) -> StoreResult<()> {
    Statement::new("DELETE FROM dashboard").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Customers within sight who bought for the first time from one day to another, both included.
pub fn first_orders_within(
    db: &mut Db,
    customers: &Visibility,
    within: Option<(NaiveDate, NaiveDate)>,
) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m JOIN party p ON p.id = m.party_id \
         WHERE p.deleted_at IS NULL AND m.first_order_on IS NOT NULL AND ",
    );
    push_visible(&mut statement, "p", customers);
    if let Some((from, to)) = within {
        // Who bought first since a day bought last since then, too: an index leads to those.
        statement.push(" AND m.last_order_on >= ").bind(from);
        statement.push(" AND m.first_order_on >= ").bind(from).push(" AND m.first_order_on <= ").bind(to);
    }
    statement.cached().number(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct StakeRow {
    #[diesel(sql_type = BigInt)]
    warnings: i64,
    #[diesel(sql_type = BigInt)]
    stake: i64,
}

/// How many customers within sight were warned of at the end of a day, and what was expected of them, minor units.
pub fn warnings_stood(db: &mut Db, customers: &Visibility, on: NaiveDate) -> StoreResult<(i64, i64)> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS warnings, CAST(COALESCE(SUM(w.stake), 0) AS BIGINT) AS stake FROM churn_warning w \
         JOIN party p ON p.id = w.party_id WHERE p.deleted_at IS NULL AND w.raised_on <= ",
    );
    statement.bind(on).push(" AND (w.closed_on IS NULL OR w.closed_on > ").bind(on).push(") AND ");
    push_visible(&mut statement, "p", customers);
    let row: Option<StakeRow> = statement.cached().first(db)?;
    Ok(row.map_or((0, 0), |row| (row.warnings, row.stake)))
}

/// What stood in an open stage at a moment.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OpenStageRow {
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = Text)]
    pub pipeline: String,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
    /// Minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = BigInt)]
    pub weighted: i64,
}

/// Every open stage in which something within sight stood at a moment, as the pipelines have them.
pub fn open_stages_stood(db: &mut Db, reach: &Visibility, at: DateTime<Utc>) -> StoreResult<Vec<OpenStageRow>> {
    // SQLite begins with the stages, each of which is a range of an index.
    let mut statement = Statement::new(
        "SELECT s.id AS stage_id, s.name AS stage, l.name AS pipeline, COUNT(*) AS n, \
         CAST(SUM(c.amount_base) AS BIGINT) AS amount, CAST(SUM(c.weighted) AS BIGINT) AS weighted \
         FROM pipeline_stage s CROSS JOIN pipeline l CROSS JOIN opportunity_stage_change c \
         WHERE l.id = s.pipeline_id AND c.stage_id = s.id AND s.status = 'open' AND c.valid_to > ",
    );
    statement.bind(at).push(" AND c.valid_from <= ").bind(at).push(" AND ");
    push_visible(&mut statement, "c", reach);
    statement.push(
        " GROUP BY s.id, s.name, s.position, l.id, l.name, l.position ORDER BY l.position, l.name, l.id, s.position, s.id",
    );
    statement.cached().rows(db)
}
