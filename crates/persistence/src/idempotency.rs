//! Keys that make a POST safe to repeat: written first, in the transaction of the effect.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Nullable, Text};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::AnyId;

/// Who asked for what: a key is theirs, for that path only.
#[derive(Debug, Clone)]
pub struct IdempotencyScope {
    pub principal: AnyId,
    pub path: String,
    pub key: String,
}

#[derive(Debug, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct IdempotencyRow {
    #[diesel(sql_type = Binary)]
    pub body_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    pub answer: Option<String>,
}

/// Claims the key. `None` means it is ours now; otherwise what stands there.
pub fn idempotency_claim(
    db: &mut Db,
    scope: &IdempotencyScope,
    body_hash: &[u8],
    now: DateTime<Utc>,
) -> StoreResult<Option<IdempotencyRow>> {
    let claimed = insert(
        "idempotency_key",
        [
            ("principal", scope.principal.into()),
            ("path", (&scope.path).into()),
            ("key", (&scope.key).into()),
            ("body_hash", body_hash.to_vec().into()),
            ("created_at", now.into()),
        ],
    )
    .then(" ON CONFLICT (principal, path, key) DO NOTHING")
    .run(db)?;
    if claimed == 1 {
        return Ok(None);
    }
    filtered(Statement::new("SELECT body_hash, answer FROM idempotency_key").cached(), scope).first(db)
}

pub fn idempotency_answer(db: &mut Db, scope: &IdempotencyScope, answer: String) -> StoreResult<()> {
    filtered(update("idempotency_key", [("answer", answer.into())]), scope).run(db)?;
    Ok(())
}

/// Forgets keys older than `before`.
pub fn idempotency_expire(db: &mut Db, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM idempotency_key").with(" WHERE created_at < ", before).run(db)
}

fn filtered(statement: Statement, scope: &IdempotencyScope) -> Statement {
    statement
        .with(" WHERE principal = ", scope.principal)
        .with(" AND path = ", &scope.path)
        .with(" AND key = ", &scope.key)
}
