//! Units and departments.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{DepartmentId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct UnitRow {
    #[diesel(sql_type = SqlId)]
    pub id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub const UNIT_COLUMNS: &str = "id, name, code, active, version, created_at, updated_at";

pub fn unit_insert(db: &mut Db, row: UnitRow) -> StoreResult<()> {
    insert(
        "unit",
        [
            ("id", row.id.into()),
            ("name", row.name.into()),
            ("code", row.code.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn unit_get(db: &mut Db, id: UnitId) -> StoreResult<Option<UnitRow>> {
    Statement::new(format!("SELECT {UNIT_COLUMNS} FROM unit")).with(" WHERE id = ", id).cached().first(db)
}

/// Every unit, or the one; they are few.
pub fn unit_list(db: &mut Db, only: Option<UnitId>) -> StoreResult<Vec<UnitRow>> {
    let mut statement = Statement::new(format!("SELECT {UNIT_COLUMNS} FROM unit"));
    if let Some(id) = only {
        statement.push(" WHERE id = ").bind(id);
    }
    statement.then(" ORDER BY code, id").cached().rows(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn unit_update(db: &mut Db, row: UnitRow) -> StoreResult<bool> {
    let changed = update(
        "unit",
        [
            ("name", row.name.into()),
            ("code", row.code.into()),
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

pub fn unit_delete(db: &mut Db, id: UnitId) -> StoreResult<()> {
    Statement::new("DELETE FROM unit").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DepartmentRow {
    #[diesel(sql_type = SqlId)]
    pub id: DepartmentId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub parent_id: Option<DepartmentId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub leader_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub const DEPARTMENT_COLUMNS: &str = "id, unit_id, parent_id, leader_id, name, version, created_at, updated_at";

pub fn department_insert(db: &mut Db, row: DepartmentRow) -> StoreResult<()> {
    insert(
        "department",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("parent_id", row.parent_id.into()),
            ("leader_id", row.leader_id.into()),
            ("name", row.name.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Every department of a unit; they are few.
pub fn department_list(db: &mut Db, unit_id: UnitId) -> StoreResult<Vec<DepartmentRow>> {
    Statement::new(format!("SELECT {DEPARTMENT_COLUMNS} FROM department"))
        .with(" WHERE unit_id = ", unit_id)
        .then(" ORDER BY name, id")
        .cached()
        .rows(db)
}

/// Every department, or those of one unit, in order of name.
pub fn department_list_all(db: &mut Db, unit_id: Option<UnitId>) -> StoreResult<Vec<DepartmentRow>> {
    match unit_id {
        Some(unit_id) => department_list(db, unit_id),
        None => Statement::new(format!("SELECT {DEPARTMENT_COLUMNS} FROM department ORDER BY name, id")).rows(db),
    }
}

pub fn department_get(db: &mut Db, id: DepartmentId) -> StoreResult<Option<DepartmentRow>> {
    Statement::new(format!("SELECT {DEPARTMENT_COLUMNS} FROM department")).with(" WHERE id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had. The unit never changes.
pub fn department_update(db: &mut Db, row: DepartmentRow) -> StoreResult<bool> {
    let changed = update(
        "department",
        [
            ("parent_id", row.parent_id.into()),
            ("leader_id", row.leader_id.into()),
            ("name", row.name.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn department_delete(db: &mut Db, id: DepartmentId) -> StoreResult<()> {
    Statement::new("DELETE FROM department").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Nobody leads from outside: a user who moves to another unit leads nothing of the old one.
pub fn department_leader_clear(db: &mut Db, leader_id: UserId, keep: Option<UnitId>) -> StoreResult<()> {
    let mut statement =
        update("department", [("leader_id", None::<UserId>.into())]).with(" WHERE leader_id = ", leader_id);
    if let Some(unit_id) = keep {
        statement.push(" AND unit_id <> ").bind(unit_id);
    }
    statement.run(db)?;
    Ok(())
}
