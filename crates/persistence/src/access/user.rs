//! Users, their roles, invitations.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{DepartmentId, RoleId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct UserRow {
    #[diesel(sql_type = SqlId)]
    pub id: UserId,
    #[diesel(sql_type = SqlId)]
    pub department_id: DepartmentId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    #[diesel(sql_type = Text)]
    pub login: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub password_hash: Option<String>,
    #[diesel(sql_type = SqlJson)]
    pub preferences: Value,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub const USER_COLUMNS: &str = "id, department_id, unit_id, name, name_key, login, email, phone, locale, password_hash, \
     preferences, active, version, created_at, updated_at";

pub fn user_insert(db: &mut Db, row: UserRow) -> StoreResult<()> {
    insert(
        "app_user",
        [
            ("id", row.id.into()),
            ("department_id", row.department_id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("login", row.login.into()),
            ("email", row.email.into()),
            ("phone", row.phone.into()),
            ("locale", row.locale.into()),
            ("password_hash", row.password_hash.into()),
            ("preferences", row.preferences.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn user_get(db: &mut Db, id: UserId) -> StoreResult<Option<UserRow>> {
    Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user")).with(" WHERE id = ", id).cached().first(db)
}

/// By login, as stored: lower case.
pub fn user_by_login(db: &mut Db, login: &str) -> StoreResult<Option<UserRow>> {
    Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user")).with(" WHERE login = ", login).cached().first(db)
}

/// Replaces everything but the password if the row still has `version`; answers whether it had.
pub fn user_update(db: &mut Db, row: UserRow) -> StoreResult<bool> {
    let changed = crate::sql::update(
        "app_user",
        [
            ("department_id", row.department_id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("login", row.login.into()),
            ("email", row.email.into()),
            ("phone", row.phone.into()),
            ("locale", row.locale.into()),
            ("preferences", row.preferences.into()),
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

pub fn user_set_password(db: &mut Db, id: UserId, hash: &str, now: DateTime<Utc>) -> StoreResult<()> {
    crate::sql::update("app_user", [("password_hash", hash.into()), ("updated_at", now.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

/// The roles a user holds become exactly these.
pub fn user_roles_set(db: &mut Db, user_id: UserId, roles: &[RoleId]) -> StoreResult<()> {
    Statement::new("DELETE FROM user_role").with(" WHERE user_id = ", user_id).run(db)?;
    for role_id in roles {
        insert("user_role", [("user_id", user_id.into()), ("role_id", (*role_id).into())]).run(db)?;
    }
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RoleRow {
    #[diesel(sql_type = SqlId)]
    pub id: RoleId,
    #[diesel(sql_type = Nullable<Text>)]
    pub key: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub built_in: bool,
    /// A list of permission keys.
    #[diesel(sql_type = SqlJson)]
    pub permissions: Value,
    /// Resource name → scope.
    #[diesel(sql_type = SqlJson)]
    pub scopes: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub const ROLE_COLUMNS: &str =
    "r.id, r.key, r.name, r.built_in, r.permissions, r.scopes, r.version, r.created_at, r.updated_at";

pub fn role_insert(db: &mut Db, row: RoleRow) -> StoreResult<()> {
    insert(
        "role",
        [
            ("id", row.id.into()),
            ("key", row.key.into()),
            ("name", row.name.into()),
            ("built_in", row.built_in.into()),
            ("permissions", row.permissions.into()),
            ("scopes", row.scopes.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn user_roles(db: &mut Db, user_id: UserId) -> StoreResult<Vec<RoleRow>> {
    Statement::new(format!("SELECT {ROLE_COLUMNS} FROM role r JOIN user_role ur ON ur.role_id = r.id"))
        .with(" WHERE ur.user_id = ", user_id)
        .then(" ORDER BY r.name, r.id")
        .cached()
        .rows(db)
}
