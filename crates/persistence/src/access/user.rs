//! Users and their invitations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{DepartmentId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

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
    /// Since when the account lets nobody in, though it goes on owning what it owns.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub frozen_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub frozen_by: Option<UserId>,
}

impl UserRow {
    /// Whether the account lets its person in.
    pub fn may_enter(&self) -> bool {
        self.active && self.frozen_at.is_none()
    }
}

pub const USER_COLUMNS: &str = "id, department_id, unit_id, name, name_key, login, email, phone, locale, password_hash, \
     preferences, active, version, created_at, updated_at, frozen_at, frozen_by";

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
/// Where a user sits.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PlaceRow {
    #[diesel(sql_type = SqlId)]
    pub id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub department_id: DepartmentId,
}

/// Where everyone sits, active or not.
pub fn user_places(db: &mut Db) -> StoreResult<Vec<PlaceRow>> {
    Statement::new("SELECT id, unit_id, department_id FROM app_user").rows(db)
}

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

/// Freezes an account, or lets its person in again.
pub fn user_freeze(db: &mut Db, id: UserId, frozen: Option<(DateTime<Utc>, UserId)>) -> StoreResult<()> {
    let (at, by) = frozen.unzip();
    crate::sql::update("app_user", [("frozen_at", at.into()), ("frozen_by", by.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

pub fn user_set_password(db: &mut Db, id: UserId, hash: &str, now: DateTime<Utc>) -> StoreResult<()> {
    crate::sql::update("app_user", [("password_hash", hash.into()), ("updated_at", now.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

/// Where users are listed from, for [`crate::list`].
pub const USER_FROM: &str = "app_user u";
pub const USER_ID: &str = "u.id";

/// What users can be filtered and sorted by.
pub fn user_catalogue() -> Catalogue {
    Catalogue {
        fields: vec![
            Field::column("name", FieldType::Text, "u.name_key").sortable(),
            Field::column("login", FieldType::Text, "u.login").sortable(),
            Field::column("created_at", FieldType::Instant, "u.created_at").sortable(),
            Field::column("active", FieldType::Bool, "u.active"),
            Field::column("unit_id", FieldType::Ref, "u.unit_id").of_ids(),
            Field::column("department_id", FieldType::Ref, "u.department_id").of_ids(),
            Field::rows("role_id", FieldType::Ref, "user_role ur WHERE ur.user_id = u.id", "ur.role_id").of_ids(),
        ],
        ..Catalogue::default()
    }
}

/// Users of a unit (or of all) whose name, its reading, or login holds the text.
pub fn user_scope(unit_id: Option<UnitId>, active_only: bool, q: Option<&str>) -> Statement {
    let mut scope = Statement::new("1 = 1");
    if let Some(unit_id) = unit_id {
        scope.push(" AND u.unit_id = ").bind(unit_id);
    }
    if active_only {
        scope.push(" AND u.active = TRUE");
    }
    for word in q.unwrap_or("").to_lowercase().split_whitespace() {
        let pattern = format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        scope.push(" AND (u.name_key LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\' OR u.login LIKE ");
        scope.bind(pattern).push(" ESCAPE '\\')");
    }
    scope
}

/// The rows of these users, in no order.
pub fn user_rows(db: &mut Db, ids: impl IntoIterator<Item = UserId>) -> StoreResult<Vec<UserRow>> {
    let mut statement = Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user WHERE id IN ("));
    statement.bind_list(ids).push(")");
    statement.rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SeenRow {
    #[diesel(sql_type = SqlId)]
    id: UserId,
    #[diesel(sql_type = SqlInstant)]
    at: DateTime<Utc>,
}

/// When each of these users was last here; those who never were are absent.
pub fn user_last_seen(
    db: &mut Db,
    ids: impl IntoIterator<Item = UserId>,
) -> StoreResult<HashMap<UserId, DateTime<Utc>>> {
    let mut statement = Statement::new("SELECT user_id AS id, MAX(last_used_at) AS at FROM session WHERE user_id IN (");
    statement.bind_list(ids).push(") GROUP BY user_id");
    let rows: Vec<SeenRow> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.at)).collect())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct HeadRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many active people sit in each department.
pub fn user_count_by_department(db: &mut Db) -> StoreResult<HashMap<DepartmentId, i64>> {
    let rows: Vec<HeadRow> = Statement::new(
        "SELECT department_id AS id, COUNT(*) AS n FROM app_user WHERE active = TRUE GROUP BY department_id",
    )
    .rows(db)?;
    Ok(rows.into_iter().map(|row| (DepartmentId(row.id.0), row.n)).collect())
}

/// An invitation stands instead of every earlier one of that user.
pub fn invite_replace(db: &mut Db, user_id: UserId, token_hash: Vec<u8>, expires_at: DateTime<Utc>) -> StoreResult<()> {
    invite_clear(db, user_id)?;
    insert(
        "user_invite",
        [("token_hash", token_hash.into()), ("user_id", user_id.into()), ("expires_at", expires_at.into())],
    )
    .run(db)?;
    Ok(())
}

pub fn invite_clear(db: &mut Db, user_id: UserId) -> StoreResult<()> {
    Statement::new("DELETE FROM user_invite").with(" WHERE user_id = ", user_id).run(db)?;
    Ok(())
}

/// Whom a living invitation is for.
pub fn invite_user(db: &mut Db, token_hash: &[u8], now: DateTime<Utc>) -> StoreResult<Option<UserRow>> {
    Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user WHERE id IN (SELECT user_id FROM user_invite"))
        .with(" WHERE token_hash = ", token_hash.to_vec())
        .with(" AND expires_at > ", now)
        .then(")")
        .first(db)
}

/// Someone who keeps the data of a unit, or heads it.
pub fn unit_keeper(db: &mut Db, unit: UnitId) -> StoreResult<Option<(UserId, String)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: UserId,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let row: Option<Row> = Statement::new(
        "SELECT u.id, u.name FROM app_user u JOIN user_role x ON x.user_id = u.id JOIN role r ON r.id = x.role_id \
         WHERE u.active = TRUE AND r.key IN ('unit_administrator', 'unit_head')",
    )
    .with(" AND u.unit_id = ", unit)
    .then(" ORDER BY r.key, u.name_key, u.id LIMIT 1")
    .first(db)?;
    Ok(row.map(|row| (row.id, row.name)))
}
