//! Roles and who holds them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{RoleId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

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
    /// A list of keys of masked fields.
    #[diesel(sql_type = SqlJson)]
    pub masks: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

pub const ROLE_COLUMNS: &str =
    "r.id, r.key, r.name, r.built_in, r.permissions, r.scopes, r.masks, r.version, r.created_at, r.updated_at";

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
            ("masks", row.masks.into()),
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

/// Every role, built-in ones first.
pub fn role_list(db: &mut Db) -> StoreResult<Vec<RoleRow>> {
    Statement::new(format!("SELECT {ROLE_COLUMNS} FROM role r ORDER BY r.built_in DESC, r.name, r.id"))
        .cached()
        .rows(db)
}

pub fn role_get(db: &mut Db, id: RoleId) -> StoreResult<Option<RoleRow>> {
    Statement::new(format!("SELECT {ROLE_COLUMNS} FROM role r")).with(" WHERE r.id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn role_update(db: &mut Db, row: RoleRow) -> StoreResult<bool> {
    let changed = update(
        "role",
        [
            ("name", row.name.into()),
            ("permissions", row.permissions.into()),
            ("scopes", row.scopes.into()),
            ("masks", row.masks.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn role_delete(db: &mut Db, id: RoleId) -> StoreResult<()> {
    Statement::new("DELETE FROM role").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct HolderRow {
    #[diesel(sql_type = SqlId)]
    user_id: UserId,
    #[diesel(sql_type = SqlId)]
    role_id: RoleId,
}

/// The roles each of these users holds.
pub fn user_role_ids(
    db: &mut Db,
    users: impl IntoIterator<Item = UserId>,
) -> StoreResult<HashMap<UserId, Vec<RoleId>>> {
    let mut statement = Statement::new("SELECT user_id, role_id FROM user_role WHERE user_id IN (");
    statement.bind_list(users).push(") ORDER BY role_id");
    let rows: Vec<HolderRow> = statement.rows(db)?;
    let mut held: HashMap<UserId, Vec<RoleId>> = HashMap::new();
    for row in rows {
        held.entry(row.user_id).or_default().push(row.role_id);
    }
    Ok(held)
}

/// The scopes of every role of every user: resource name → scope.
pub fn role_holdings(db: &mut Db) -> StoreResult<Vec<(UserId, Value)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        user_id: UserId,
        #[diesel(sql_type = SqlJson)]
        scopes: Value,
    }
    let rows: Vec<Row> =
        Statement::new("SELECT ur.user_id, r.scopes FROM user_role ur JOIN role r ON r.id = ur.role_id").rows(db)?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.scopes)).collect())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct HeldRow {
    #[diesel(sql_type = SqlId)]
    id: RoleId,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many users, active or not, hold each role.
pub fn role_holders(db: &mut Db) -> StoreResult<HashMap<RoleId, i64>> {
    let rows: Vec<HeldRow> =
        Statement::new("SELECT role_id AS id, COUNT(*) AS n FROM user_role GROUP BY role_id").rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.n)).collect())
}

/// How many people who can sign in hold at least one of these roles.
pub fn role_holders_able(db: &mut Db, roles: impl IntoIterator<Item = RoleId>) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(DISTINCT u.id) AS n FROM app_user u JOIN user_role ur ON ur.user_id = u.id \
         WHERE u.active = TRUE AND u.password_hash IS NOT NULL AND ur.role_id IN (",
    );
    statement.bind_list(roles).push(")");
    statement.number(db)
}
