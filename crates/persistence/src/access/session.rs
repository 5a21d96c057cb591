//! Sessions: one refresh family each; and the growing delay after failed sign-ins.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Integer, Nullable, Text};
use regulars_domain::ids::{SessionId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SessionRow {
    #[diesel(sql_type = SqlId)]
    pub id: SessionId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Text)]
    pub client: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub device_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub user_agent: Option<String>,
    #[diesel(sql_type = Binary)]
    pub refresh_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub previous_hash: Option<Vec<u8>>,
    #[diesel(sql_type = SqlInstant)]
    pub rotated_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub last_used_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub revoked_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, user_id, client, device_name, address, user_agent, refresh_hash, previous_hash, rotated_at, \
     created_at, last_used_at, expires_at, revoked_at";

pub fn session_insert(db: &mut Db, row: SessionRow) -> StoreResult<()> {
    insert(
        "session",
        [
            ("id", row.id.into()),
            ("user_id", row.user_id.into()),
            ("client", row.client.into()),
            ("device_name", row.device_name.into()),
            ("address", row.address.into()),
            ("user_agent", row.user_agent.into()),
            ("refresh_hash", row.refresh_hash.into()),
            ("rotated_at", row.rotated_at.into()),
            ("created_at", row.created_at.into()),
            ("last_used_at", row.last_used_at.into()),
            ("expires_at", row.expires_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn session_get(db: &mut Db, id: SessionId) -> StoreResult<Option<SessionRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM session")).with(" WHERE id = ", id).cached().first(db)
}

/// The session whose current or previous refresh token has this hash.
pub fn session_by_refresh(db: &mut Db, hash: &[u8]) -> StoreResult<Option<SessionRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM session"))
        .with(" WHERE refresh_hash = ", hash.to_vec())
        .with(" OR previous_hash = ", hash.to_vec())
        .cached()
        .first(db)
}

pub fn session_rotate(
    db: &mut Db,
    id: SessionId,
    hash: Vec<u8>,
    previous: Vec<u8>,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> StoreResult<()> {
    update(
        "session",
        [
            ("refresh_hash", hash.into()),
            ("previous_hash", previous.into()),
            ("rotated_at", now.into()),
            ("last_used_at", now.into()),
            ("expires_at", expires.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .run(db)?;
    Ok(())
}

pub fn session_revoke(db: &mut Db, id: SessionId, reason: &str, now: DateTime<Utc>) -> StoreResult<bool> {
    let changed = update("session", [("revoked_at", now.into()), ("revoked_reason", reason.into())])
        .with(" WHERE id = ", id)
        .then(" AND revoked_at IS NULL")
        .run(db)?;
    Ok(changed == 1)
}

/// Ends every session of a user but `keep`; answers how many.
pub fn session_revoke_all(
    db: &mut Db,
    user_id: UserId,
    keep: Option<SessionId>,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<usize> {
    let mut statement = update("session", [("revoked_at", now.into()), ("revoked_reason", reason.into())])
        .with(" WHERE user_id = ", user_id)
        .then(" AND revoked_at IS NULL");
    if let Some(keep) = keep {
        statement.push(" AND id <> ").bind(keep);
    }
    statement.run(db)
}

/// A user's living sessions, latest use first.
pub fn session_list(db: &mut Db, user_id: UserId, now: DateTime<Utc>) -> StoreResult<Vec<SessionRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM session"))
        .with(" WHERE user_id = ", user_id)
        .with(" AND revoked_at IS NULL AND expires_at > ", now)
        .then(" ORDER BY last_used_at DESC, id DESC")
        .rows(db)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ThrottleRow {
    #[diesel(sql_type = Integer)]
    pub failures: i32,
    #[diesel(sql_type = SqlInstant)]
    pub blocked_until: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub last_failure_at: DateTime<Utc>,
}

pub fn throttle_get(db: &mut Db, key: &str) -> StoreResult<Option<ThrottleRow>> {
    Statement::new("SELECT failures, blocked_until, last_failure_at FROM sign_in_throttle")
        .with(" WHERE key = ", key)
        .cached()
        .first(db)
}

pub fn throttle_set(
    db: &mut Db,
    key: &str,
    failures: i32,
    blocked_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    insert(
        "sign_in_throttle",
        [
            ("key", key.into()),
            ("failures", failures.into()),
            ("blocked_until", blocked_until.into()),
            ("last_failure_at", now.into()),
        ],
    )
    .then(
        " ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until, \
         last_failure_at = excluded.last_failure_at",
    )
    .run(db)?;
    Ok(())
}

pub fn throttle_clear(db: &mut Db, key: &str) -> StoreResult<()> {
    Statement::new("DELETE FROM sign_in_throttle").with(" WHERE key = ", key).run(db)?;
    Ok(())
}
