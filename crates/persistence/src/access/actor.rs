//! Everything about a signed-in person that deciding needs, in few reads.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Nullable};
use regulars_domain::ids::{ApiKeyId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct KeyRow {
    #[diesel(sql_type = SqlId)]
    pub id: ApiKeyId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Binary)]
    pub secret_hash: Vec<u8>,
    #[diesel(sql_type = SqlJson)]
    pub permissions: Value,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub expires_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub revoked_at: Option<DateTime<Utc>>,
}

pub fn key_by_prefix(db: &mut Db, prefix: &str) -> StoreResult<Option<KeyRow>> {
    Statement::new("SELECT id, user_id, secret_hash, permissions, expires_at, revoked_at FROM api_key")
        .with(" WHERE prefix = ", prefix)
        .cached()
        .first(db)
}

pub fn key_used(db: &mut Db, id: ApiKeyId, now: DateTime<Utc>) -> StoreResult<()> {
    update("api_key", [("last_used_at", now.into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}
