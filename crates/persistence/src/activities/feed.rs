//! The addresses under which people's calendars read their tasks.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Nullable;
use regulars_domain::ids::UserId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FeedRow {
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub read_at: Option<DateTime<Utc>>,
}

fn select() -> Statement {
    Statement::new("SELECT f.user_id, f.created_at, f.read_at FROM calendar_feed f").cached()
}

pub fn feed_of(db: &mut Db, user: UserId) -> StoreResult<Option<FeedRow>> {
    select().with(" WHERE f.user_id = ", user).first(db)
}

pub fn feed_by_secret(db: &mut Db, secret_hash: Vec<u8>) -> StoreResult<Option<FeedRow>> {
    select().with(" WHERE f.secret_hash = ", secret_hash).first(db)
}

/// Gives somebody an address; the one they had is none any more.
pub fn feed_put(db: &mut Db, user: UserId, secret_hash: Vec<u8>, now: DateTime<Utc>) -> StoreResult<()> {
    feed_delete(db, user)?;
    insert(
        "calendar_feed",
        [("user_id", user.into()), ("secret_hash", secret_hash.into()), ("created_at", now.into())],
    )
    .run(db)?;
    Ok(())
}

/// Takes the address away; answers whether there was one.
pub fn feed_delete(db: &mut Db, user: UserId) -> StoreResult<bool> {
    Ok(Statement::new("DELETE FROM calendar_feed").with(" WHERE user_id = ", user).run(db)? == 1)
}

pub fn feed_read(db: &mut Db, user: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    Statement::new("UPDATE calendar_feed SET read_at = ").with("", now).with(" WHERE user_id = ", user).run(db)?;
    Ok(())
}
