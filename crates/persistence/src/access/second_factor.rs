//! The second step of signing in: a person's secret for one-time codes, and their recovery codes as hashes.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable};
use regulars_domain::ids::UserId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FactorRow {
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Binary)]
    pub secret: Vec<u8>,
    /// Without it the secret was only shown, and asks for nothing.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The step of the last code that was taken.
    #[diesel(sql_type = BigInt)]
    pub last_step: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

pub fn factor_get(db: &mut Db, user: UserId) -> StoreResult<Option<FactorRow>> {
    Statement::new("SELECT user_id, secret, confirmed_at, last_step, created_at FROM second_factor")
        .with(" WHERE user_id = ", user)
        .cached()
        .first(db)
}

/// Of everybody.
pub fn factors_all(db: &mut Db) -> StoreResult<Vec<FactorRow>> {
    Statement::new("SELECT user_id, secret, confirmed_at, last_step, created_at FROM second_factor ORDER BY user_id")
        .rows(db)
}

/// Writes the same secret in another form.
pub fn factor_secret_set(db: &mut Db, user: UserId, secret: Vec<u8>) -> StoreResult<()> {
    update("second_factor", [("secret", secret.into())]).with(" WHERE user_id = ", user).run(db)?;
    Ok(())
}

/// Which of these users sign in with a second step.
pub fn factors_confirmed(db: &mut Db, users: impl IntoIterator<Item = UserId>) -> StoreResult<Vec<UserId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        user_id: UserId,
    }
    let mut statement =
        Statement::new("SELECT user_id FROM second_factor WHERE confirmed_at IS NOT NULL AND user_id IN (");
    statement.bind_list(users).push(")");
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.user_id).collect())
}

/// Puts a secret in place of what there was.
pub fn factor_put(db: &mut Db, row: FactorRow) -> StoreResult<()> {
    factor_delete(db, row.user_id)?;
    insert(
        "second_factor",
        [
            ("user_id", row.user_id.into()),
            ("secret", row.secret.into()),
            ("confirmed_at", row.confirmed_at.into()),
            ("last_step", row.last_step.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Notes the step of a code, if none so late was taken before; answers whether that was so.
pub fn factor_step_take(db: &mut Db, user: UserId, step: i64) -> StoreResult<bool> {
    let taken = update("second_factor", [("last_step", step.into())])
        .with(" WHERE user_id = ", user)
        .with(" AND last_step < ", step)
        .run(db)?;
    Ok(taken == 1)
}

pub fn factor_confirm(db: &mut Db, user: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    update("second_factor", [("confirmed_at", now.into())]).with(" WHERE user_id = ", user).run(db)?;
    Ok(())
}

/// Takes secret and recovery codes away; answers whether there was a secret.
pub fn factor_delete(db: &mut Db, user: UserId) -> StoreResult<bool> {
    Statement::new("DELETE FROM recovery_code").with(" WHERE user_id = ", user).run(db)?;
    Ok(Statement::new("DELETE FROM second_factor").with(" WHERE user_id = ", user).run(db)? == 1)
}

/// Puts these recovery codes in place of those there were.
pub fn recovery_codes_put(db: &mut Db, user: UserId, hashes: Vec<Vec<u8>>) -> StoreResult<()> {
    Statement::new("DELETE FROM recovery_code").with(" WHERE user_id = ", user).run(db)?;
    for hash in hashes {
        insert("recovery_code", [("user_id", user.into()), ("code_hash", hash.into())]).run(db)?;
    }
    Ok(())
}

/// Uses a recovery code up; answers whether it was there unused.
pub fn recovery_code_use(db: &mut Db, user: UserId, hash: Vec<u8>, now: DateTime<Utc>) -> StoreResult<bool> {
    let used = update("recovery_code", [("used_at", now.into())])
        .with(" WHERE user_id = ", user)
        .with(" AND code_hash = ", hash)
        .then(" AND used_at IS NULL")
        .run(db)?;
    Ok(used == 1)
}

/// How many recovery codes are unused.
pub fn recovery_codes_left(db: &mut Db, user: UserId) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM recovery_code")
        .with(" WHERE user_id = ", user)
        .then(" AND used_at IS NULL")
        .number(db)
}
