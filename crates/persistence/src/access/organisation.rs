//! Units and departments.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{DepartmentId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
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
