//! Endpoints of webhooks: where, what, whose, and with which secrets.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use regulars_domain::ids::{UnitId, UserId, WebhookId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WebhookRow {
    #[diesel(sql_type = SqlId)]
    pub id: WebhookId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub url: String,
    /// A list of message keys.
    #[diesel(sql_type = SqlJson)]
    pub messages: Value,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    /// Why the program switched it off.
    #[diesel(sql_type = Nullable<Text>)]
    pub stopped_for: Option<String>,
    #[diesel(sql_type = Binary)]
    pub secret: Vec<u8>,
    /// Signs as well until `previous_until`.
    #[diesel(sql_type = Nullable<Binary>)]
    pub previous_secret: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub previous_until: Option<DateTime<Utc>>,
    /// Of the first failure since the last success.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub failing_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT id, unit_id, owner_id, name, url, messages, active, stopped_for, secret, previous_secret, \
     previous_until, failing_since, version, created_at, updated_at FROM webhook";

pub fn webhook_insert(db: &mut Db, row: WebhookRow) -> StoreResult<()> {
    insert(
        "webhook",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("name", row.name.into()),
            ("url", row.url.into()),
            ("messages", row.messages.into()),
            ("active", row.active.into()),
            ("secret", row.secret.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn webhook_get(db: &mut Db, id: WebhookId) -> StoreResult<Option<WebhookRow>> {
    Statement::new(SELECT).with(" WHERE id = ", id).cached().first(db)
}

/// A person's endpoints, the newest first.
pub fn webhook_list(db: &mut Db, owner: UserId) -> StoreResult<Vec<WebhookRow>> {
    Statement::new(SELECT).with(" WHERE owner_id = ", owner).then(" ORDER BY id DESC").cached().rows(db)
}

/// Of everybody.
pub fn webhooks_all(db: &mut Db) -> StoreResult<Vec<WebhookRow>> {
    Statement::new(SELECT).then(" ORDER BY id").rows(db)
}

/// Writes the same secrets in another form, or others in their place.
pub fn webhook_secrets_set(db: &mut Db, id: WebhookId, secret: Vec<u8>, previous: Option<Vec<u8>>) -> StoreResult<()> {
    update("webhook", [("secret", secret.into()), ("previous_secret", previous.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

/// Every endpoint that is told things.
pub fn webhooks_active(db: &mut Db) -> StoreResult<Vec<WebhookRow>> {
    Statement::new(SELECT).then(" WHERE active = TRUE ORDER BY id").cached().rows(db)
}

/// Replaces what people edit and the secrets, if the row still has `version`; answers whether it had.
pub fn webhook_update(db: &mut Db, row: WebhookRow) -> StoreResult<bool> {
    let changed = update(
        "webhook",
        [
            ("name", row.name.into()),
            ("url", row.url.into()),
            ("messages", row.messages.into()),
            ("active", row.active.into()),
            ("stopped_for", row.stopped_for.into()),
            ("secret", row.secret.into()),
            ("previous_secret", row.previous_secret.into()),
            ("previous_until", row.previous_until.into()),
            ("failing_since", row.failing_since.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Notes since when an endpoint fails, or that it no longer does.
pub fn webhook_failing(db: &mut Db, id: WebhookId, since: Option<DateTime<Utc>>) -> StoreResult<()> {
    let statement = match since {
        Some(since) => {
            Statement::new("UPDATE webhook SET failing_since = COALESCE(failing_since, ").with("", since).then(")")
        }
        None => update("webhook", [("failing_since", Bind::Null(Null::Instant))]),
    };
    statement.with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Switches endpoints off for a reason; answers which were on.
pub fn webhooks_stop(db: &mut Db, ids: &[AnyId], reason: &str, now: DateTime<Utc>) -> StoreResult<Vec<AnyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Stopped {
        #[diesel(sql_type = SqlId)]
        id: AnyId,
    }
    let mut statement = update("webhook", [("active", false.into()), ("stopped_for", reason.into())])
        .with(", updated_at = ", now)
        .then(", version = version + 1 WHERE active = TRUE AND id IN (");
    statement.bind_list(ids.iter().copied()).push(") RETURNING id");
    Ok(statement.rows::<Stopped>(db)?.into_iter().map(|row| row.id).collect())
}

/// Deletes an endpoint with everything it was sent.
pub fn webhook_delete(db: &mut Db, id: WebhookId) -> StoreResult<()> {
    Statement::new("DELETE FROM webhook_attempt WHERE delivery_id IN (SELECT d.id FROM webhook_delivery d")
        .with(" WHERE d.webhook_id = ", id)
        .then(")")
        .run(db)?;
    Statement::new("DELETE FROM webhook_delivery").with(" WHERE webhook_id = ", id).run(db)?;
    Statement::new("DELETE FROM webhook").with(" WHERE id = ", id).run(db)?;
    Ok(())
}
