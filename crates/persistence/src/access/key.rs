//! API keys as their owners manage them; [`super::actor`] reads them to sign in.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::ids::{ApiKeyId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ApiKeyRow {
    #[diesel(sql_type = SqlId)]
    pub id: ApiKeyId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub prefix: String,
    /// A list of permission keys.
    #[diesel(sql_type = SqlJson)]
    pub permissions: Value,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_used_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub revoked_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, user_id, name, prefix, permissions, expires_at, last_used_at, revoked_at, version, \
     created_at, updated_at";

pub fn key_insert(db: &mut Db, row: ApiKeyRow, secret_hash: Vec<u8>) -> StoreResult<()> {
    insert(
        "api_key",
        [
            ("id", row.id.into()),
            ("user_id", row.user_id.into()),
            ("name", row.name.into()),
            ("prefix", row.prefix.into()),
            ("secret_hash", secret_hash.into()),
            ("permissions", row.permissions.into()),
            ("expires_at", row.expires_at.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn key_get(db: &mut Db, id: ApiKeyId) -> StoreResult<Option<ApiKeyRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM api_key")).with(" WHERE id = ", id).first(db)
}

pub fn key_list(db: &mut Db, user_id: UserId) -> StoreResult<Vec<ApiKeyRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM api_key"))
        .with(" WHERE user_id = ", user_id)
        .then(" ORDER BY id DESC")
        .rows(db)
}

/// Ends the key; answers whether it was alive.
pub fn key_revoke(db: &mut Db, id: ApiKeyId, now: DateTime<Utc>) -> StoreResult<bool> {
    let changed = revoking(now).with(" AND id = ", id).run(db)?;
    Ok(changed == 1)
}

/// Ends every key of a user.
pub fn key_revoke_all(db: &mut Db, user_id: UserId, now: DateTime<Utc>) -> StoreResult<usize> {
    revoking(now).with(" AND user_id = ", user_id).run(db)
}

fn revoking(now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE api_key SET version = version + 1")
        .with(", revoked_at = ", now)
        .with(", updated_at = ", now)
        .then(" WHERE revoked_at IS NULL")
}
