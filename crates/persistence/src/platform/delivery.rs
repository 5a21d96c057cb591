//! Messages to endpoints of webhooks, and every try to deliver one.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use regulars_domain::ids::{DeliveryId, WebhookId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, insert_batch, update};
use crate::types::{AnyId, SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DeliveryRow {
    #[diesel(sql_type = SqlId)]
    pub id: DeliveryId,
    #[diesel(sql_type = SqlId)]
    pub webhook_id: WebhookId,
    /// The event it tells of; a ping tells of none.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub event_seq: Option<i64>,
    #[diesel(sql_type = Text)]
    pub message: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub resource_id: Option<AnyId>,
    /// What was sent last.
    #[diesel(sql_type = Nullable<Text>)]
    pub body: Option<String>,
    /// `waiting`, `delivered`, `failed` or `withheld`.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// In a row, since it was last asked for.
    #[diesel(sql_type = Integer)]
    pub failures: i32,
    /// Of a waiting one.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub next_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlInstant)]
    pub give_up_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub finished_at: Option<DateTime<Utc>>,
}

const COLUMNS: [&str; 13] = [
    "id",
    "webhook_id",
    "event_seq",
    "message",
    "resource_id",
    "body",
    "status",
    "attempts",
    "failures",
    "next_at",
    "give_up_at",
    "created_at",
    "finished_at",
];

fn delivery_select() -> Statement {
    Statement::new(format!("SELECT {} FROM webhook_delivery", COLUMNS.join(", "))).cached()
}

pub fn deliveries_insert(db: &mut Db, rows: &[DeliveryRow]) -> StoreResult<()> {
    let values = rows.iter().cloned().map(|row| {
        vec![
            row.id.into(),
            row.webhook_id.into(),
            row.event_seq.into(),
            row.message.into(),
            row.resource_id.into(),
            row.body.into(),
            row.status.into(),
            row.attempts.into(),
            row.failures.into(),
            row.next_at.into(),
            row.give_up_at.into(),
            row.created_at.into(),
            row.finished_at.into(),
        ]
    });
    insert_batch(db, "webhook_delivery", &COLUMNS, values.collect())
}

pub fn delivery_get(db: &mut Db, id: DeliveryId) -> StoreResult<Option<DeliveryRow>> {
    delivery_select().with(" WHERE id = ", id).first(db)
}

/// An endpoint's messages, the newest first; `before` is where the page before ended.
pub fn delivery_list(
    db: &mut Db,
    webhook: WebhookId,
    status: Option<&str>,
    before: Option<DeliveryId>,
    limit: i64,
) -> StoreResult<Vec<DeliveryRow>> {
    let mut statement = delivery_select().with(" WHERE webhook_id = ", webhook);
    if let Some(status) = status {
        statement.push(" AND status = ").bind(status);
    }
    if let Some(before) = before {
        statement.push(" AND id < ").bind(before);
    }
    statement.with(" ORDER BY id DESC LIMIT ", limit).rows(db)
}

/// The next message of an endpoint whose time has come.
pub fn delivery_due(db: &mut Db, webhook: WebhookId, now: DateTime<Utc>) -> StoreResult<Option<DeliveryRow>> {
    delivery_select()
        .with(" WHERE webhook_id = ", webhook)
        .with(" AND next_at IS NOT NULL AND next_at <= ", now)
        .then(" ORDER BY next_at, id LIMIT 1")
        .first(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct NextRow {
    #[diesel(sql_type = Nullable<SqlInstant>)]
    next_at: Option<DateTime<Utc>>,
}

/// When an endpoint's next message is due.
pub fn delivery_next_at(db: &mut Db, webhook: WebhookId) -> StoreResult<Option<DateTime<Utc>>> {
    let row: Option<NextRow> = Statement::new("SELECT MIN(next_at) AS next_at FROM webhook_delivery")
        .with(" WHERE webhook_id = ", webhook)
        .then(" AND next_at IS NOT NULL")
        .cached()
        .first(db)?;
    Ok(row.and_then(|row| row.next_at))
}

/// Endpoints for which something waits, and since when or until when.
pub fn deliveries_waiting(db: &mut Db) -> StoreResult<Vec<(WebhookId, DateTime<Utc>)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Waiting {
        #[diesel(sql_type = SqlId)]
        webhook_id: WebhookId,
        #[diesel(sql_type = SqlInstant)]
        next_at: DateTime<Utc>,
    }
    let rows: Vec<Waiting> = Statement::new(
        "SELECT webhook_id, MIN(next_at) AS next_at FROM webhook_delivery WHERE next_at IS NOT NULL \
         GROUP BY webhook_id ORDER BY webhook_id",
    )
    .cached()
    .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.webhook_id, row.next_at)).collect())
}

/// Writes how a message stands after a try.
pub fn delivery_set(db: &mut Db, row: &DeliveryRow) -> StoreResult<()> {
    update(
        "webhook_delivery",
        [
            ("body", row.body.clone().into()),
            ("status", row.status.as_str().into()),
            ("attempts", row.attempts.into()),
            ("failures", row.failures.into()),
            ("next_at", row.next_at.into()),
            ("finished_at", row.finished_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .run(db)?;
    Ok(())
}

/// Which messages are asked for once more.
#[derive(Debug, Clone, Copy)]
pub enum Again {
    One(DeliveryId),
    /// Of an endpoint, first asked for within the time; only those that did not arrive, or all.
    Between {
        webhook: WebhookId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        failed_only: bool,
    },
}

/// Makes messages wait for a try at once; answers how many. Those that wait are only brought forward.
pub fn deliveries_again(
    db: &mut Db,
    which: Again,
    now: DateTime<Utc>,
    give_up_at: DateTime<Utc>,
) -> StoreResult<usize> {
    let statement = update(
        "webhook_delivery",
        [
            ("status", "waiting".into()),
            ("failures", 0_i64.into()),
            ("next_at", now.into()),
            ("give_up_at", give_up_at.into()),
            ("finished_at", Bind::Null(Null::Instant)),
        ],
    );
    match which {
        Again::One(id) => statement.with(" WHERE id = ", id),
        Again::Between { webhook, from, until, failed_only } => {
            let statement = statement
                .with(" WHERE webhook_id = ", webhook)
                .with(" AND created_at >= ", from)
                .with(" AND created_at < ", until);
            if failed_only { statement.then(" AND status = 'failed'") } else { statement }
        }
    }
    .run(db)
}

/// Gives up everything an endpoint still waits for.
pub fn deliveries_give_up(db: &mut Db, webhooks: &[AnyId], now: DateTime<Utc>) -> StoreResult<usize> {
    let mut statement = update(
        "webhook_delivery",
        [("status", "failed".into()), ("next_at", Bind::Null(Null::Instant)), ("finished_at", now.into())],
    )
    .then(" WHERE status = 'waiting' AND webhook_id IN (");
    statement.bind_list(webhooks.iter().copied()).push(")");
    statement.run(db)
}

/// Forgets messages first asked for before an instant that wait no more; a portion at a time, answers how many.
pub fn deliveries_forget(db: &mut Db, before: DateTime<Utc>, limit: i64) -> StoreResult<usize> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Old {
        #[diesel(sql_type = SqlId)]
        id: DeliveryId,
    }
    let old: Vec<Old> = Statement::new("SELECT id FROM webhook_delivery WHERE status <> 'waiting'")
        .with(" AND created_at < ", before)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    if old.is_empty() {
        return Ok(0);
    }
    for (table, column) in [("webhook_attempt", "delivery_id"), ("webhook_delivery", "id")] {
        let mut statement = Statement::new(format!("DELETE FROM {table} WHERE {column} IN ("));
        statement.bind_list(old.iter().map(|row| row.id)).push(")");
        statement.run(db)?;
    }
    Ok(old.len())
}

/// One try.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AttemptRow {
    #[diesel(sql_type = SqlId)]
    pub delivery_id: DeliveryId,
    #[diesel(sql_type = Integer)]
    pub number: i32,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub milliseconds: i64,
    /// The HTTP status, if there was an answer.
    #[diesel(sql_type = Nullable<Integer>)]
    pub status: Option<i32>,
    /// What went wrong, by its code.
    #[diesel(sql_type = Nullable<Text>)]
    pub fault: Option<String>,
    /// How the answer's body begins.
    #[diesel(sql_type = Nullable<Text>)]
    pub answer: Option<String>,
}

pub fn attempt_insert(db: &mut Db, row: AttemptRow) -> StoreResult<()> {
    insert(
        "webhook_attempt",
        [
            ("delivery_id", row.delivery_id.into()),
            ("number", row.number.into()),
            ("at", row.at.into()),
            ("milliseconds", row.milliseconds.into()),
            ("status", row.status.into()),
            ("fault", row.fault.into()),
            ("answer", row.answer.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// The tries of some messages, the newest first.
pub fn attempts_of(db: &mut Db, deliveries: &[DeliveryId]) -> StoreResult<Vec<AttemptRow>> {
    let mut statement = Statement::new(
        "SELECT delivery_id, number, at, milliseconds, status, fault, answer FROM webhook_attempt WHERE delivery_id IN (",
    );
    statement.bind_list(deliveries.iter().copied()).push(") ORDER BY delivery_id, number DESC");
    statement.rows(db)
}

/// The last try of each of some messages.
pub fn attempts_last(db: &mut Db, deliveries: &[DeliveryId]) -> StoreResult<Vec<AttemptRow>> {
    let mut statement = Statement::new(
        "SELECT a.delivery_id, a.number, a.at, a.milliseconds, a.status, a.fault, a.answer FROM webhook_attempt a \
         JOIN webhook_delivery d ON d.id = a.delivery_id AND d.attempts = a.number WHERE d.id IN (",
    );
    statement.bind_list(deliveries.iter().copied()).push(")");
    statement.rows(db)
}
