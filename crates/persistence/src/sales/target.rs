//! Sales targets, and what they can be of.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, ProductId, TargetId, UnitId, UserId};
use regulars_domain::target::TargetKind;
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TargetRow {
    #[diesel(sql_type = SqlId)]
    pub id: TargetId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = BigInt)]
    pub year: i64,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub user_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    /// Of the year, minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Text)]
    pub split: String,
    /// Twelve whole numbers that sum to the amount.
    #[diesel(sql_type = SqlJson)]
    pub months: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A target with the names of what it is of and of its unit.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TargetRecord {
    #[diesel(embed)]
    pub own: TargetRow,
    #[diesel(sql_type = Text)]
    pub subject_name: String,
    #[diesel(sql_type = Text)]
    pub unit_name: String,
}

/// What the caller reaches: orders for units, people and products, customers for themselves.
#[derive(Debug, Clone)]
pub struct TargetReach {
    pub orders: Visibility,
    pub customers: Visibility,
}

fn select(reach: &TargetReach) -> Statement {
    let mut statement = Statement::new(
        "SELECT t.id, t.unit_id, t.year, t.kind, t.user_id, t.product_id, t.party_id, t.amount, t.split, t.months, \
         t.version, t.created_by, t.created_at, t.updated_at, COALESCE(w.name, r.name, p.name, n.name) AS subject_name, \
         n.name AS unit_name FROM (SELECT s.*, s.user_id AS owner_id FROM sales_target s) t \
         JOIN unit n ON n.id = t.unit_id LEFT JOIN app_user w ON w.id = t.user_id \
         LEFT JOIN product r ON r.id = t.product_id LEFT JOIN party p ON p.id = t.party_id \
         WHERE ((t.party_id IS NULL AND ",
    );
    push_visible(&mut statement, "t", &reach.orders);
    statement.push(") OR (t.party_id IS NOT NULL AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", &reach.customers);
    statement.push("))");
    statement
}

/// Targets of a year within reach, at most `limit`, the largest first.
pub fn targets_of_year(db: &mut Db, year: i64, reach: &TargetReach, limit: i64) -> StoreResult<Vec<TargetRecord>> {
    let statement = select(reach).with(" AND t.year = ", year);
    statement.with(" ORDER BY t.kind, t.amount DESC, t.id LIMIT ", limit).rows(db)
}

pub fn target_get(db: &mut Db, id: TargetId, reach: &TargetReach) -> StoreResult<Option<TargetRecord>> {
    select(reach).with(" AND t.id = ", id).first(db)
}

/// The targets of a year that these things have.
pub fn targets_of_subjects(
    db: &mut Db,
    year: i64,
    kind: TargetKind,
    subjects: &[AnyId],
) -> StoreResult<Vec<TargetRow>> {
    let column = match kind {
        TargetKind::Unit => "unit_id",
        TargetKind::User => "user_id",
        TargetKind::Product => "product_id",
        TargetKind::Customer => "party_id",
    };
    let mut statement = Statement::new(
        "SELECT id, unit_id, year, kind, user_id, product_id, party_id, amount, split, months, version, created_by, \
         created_at, updated_at FROM sales_target",
    )
    .with(" WHERE year = ", year)
    .with(" AND kind = ", kind.key());
    statement.push(format!(" AND {column} IN (")).bind_list(subjects.iter().copied()).push(")");
    statement.rows(db)
}

/// What a target can be of.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SubjectRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// Code of a unit, product or customer; login of a person.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
}

/// How subjects are named.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    Ids(&'a [AnyId]),
    Codes(&'a [String]),
}

/// Those of the named that exist within reach. Products belong to every unit: their targets stand in `unit`.
pub fn target_subjects(
    db: &mut Db,
    kind: TargetKind,
    named: Named<'_>,
    unit: UnitId,
    reach: &TargetReach,
) -> StoreResult<Vec<SubjectRow>> {
    let mut statement = Statement::new("SELECT t.id, t.unit_id, t.code FROM (");
    match kind {
        TargetKind::Unit => {
            statement.push("SELECT n.id, n.id AS unit_id, CAST(NULL AS uuid) AS owner_id, n.code FROM unit n");
        }
        TargetKind::User => {
            statement.push("SELECT w.id, w.unit_id, w.id AS owner_id, w.login AS code FROM app_user w");
        }
        TargetKind::Product => {
            statement.push("SELECT r.id, n.id AS unit_id, CAST(NULL AS uuid) AS owner_id, r.code FROM product r ");
            statement.push("CROSS JOIN unit n WHERE r.deleted_at IS NULL AND n.id = ").bind(unit);
        }
        TargetKind::Customer => {
            statement.push("SELECT p.id, p.unit_id, p.owner_id, p.code FROM party p WHERE p.deleted_at IS NULL");
        }
    }
    statement.push(") t WHERE ");
    let reach = if kind == TargetKind::Customer { &reach.customers } else { &reach.orders };
    push_visible(&mut statement, "t", reach);
    match named {
        Named::Ids(ids) => statement.push(" AND t.id IN (").bind_list(ids.iter().copied()),
        Named::Codes(codes) => statement.push(" AND t.code IN (").bind_list(codes.iter()),
    };
    statement.push(")").rows(db)
}

pub fn target_insert(db: &mut Db, row: TargetRow) -> StoreResult<()> {
    insert(
        "sales_target",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("year", row.year.into()),
            ("kind", row.kind.into()),
            ("user_id", row.user_id.into()),
            ("product_id", row.product_id.into()),
            ("party_id", row.party_id.into()),
            ("amount", row.amount.into()),
            ("split", row.split.into()),
            ("months", row.months.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces amount and months if the row still has `version`; answers whether it had.
pub fn target_update(db: &mut Db, row: TargetRow) -> StoreResult<bool> {
    let changed = update(
        "sales_target",
        [
            ("amount", row.amount.into()),
            ("split", row.split.into()),
            ("months", row.months.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Answers whether the row still had `version`.
pub fn target_delete(db: &mut Db, id: TargetId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM sales_target").with(" WHERE id = ", id).with(" AND version = ", version);
    Ok(gone.run(db)? == 1)
}
