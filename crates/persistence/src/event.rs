//! The event log: one row for every change, in the transaction of the change.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::ids::{EventId, PartyId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct EventRow {
    #[diesel(sql_type = SqlId)]
    pub id: EventId,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub actor_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlId)]
    pub resource_id: AnyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_before: Option<UnitId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_before: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub before: Option<Value>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub after: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    pub request_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
}

const COLUMNS: [&str; 15] = [
    "id",
    "at",
    "actor_id",
    "action",
    "resource",
    "resource_id",
    "party_id",
    "unit_id",
    "owner_id",
    "unit_before",
    "owner_before",
    "before",
    "after",
    "request_id",
    "address",
];

fn values(row: EventRow) -> [Bind; 15] {
    [
        row.id.into(),
        row.at.into(),
        row.actor_id.into(),
        row.action.into(),
        row.resource.into(),
        row.resource_id.into(),
        row.party_id.into(),
        row.unit_id.into(),
        row.owner_id.into(),
        row.unit_before.into(),
        row.owner_before.into(),
        row.before.into(),
        row.after.into(),
        row.request_id.into(),
        row.address.into(),
    ]
}

pub fn event_insert(db: &mut Db, row: EventRow) -> StoreResult<()> {
    events_insert(db, vec![row])
}

/// Many at once.
pub fn events_insert(db: &mut Db, rows: Vec<EventRow>) -> StoreResult<()> {
    insert_batch(db, "event", &COLUMNS, rows.into_iter().map(|row| values(row).into()).collect())
}

/// Selects whole events, with their numbers.
pub(crate) fn event_select() -> Statement {
    Statement::new(
        "SELECT seq, id, at, actor_id, action, resource, resource_id, party_id, unit_id, owner_id, unit_before, \
         owner_before, before, after, request_id, address FROM event",
    )
    .cached()
}

/// Whole events behind a number, in their order, with their numbers.
pub fn events_between(db: &mut Db, after: i64, limit: i64) -> StoreResult<Vec<(i64, EventRow)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Numbered {
        #[diesel(sql_type = BigInt)]
        seq: i64,
        #[diesel(embed)]
        row: EventRow,
    }
    let rows: Vec<Numbered> =
        event_select().with(" WHERE seq > ", after).with(" ORDER BY seq LIMIT ", limit).rows(db)?;
    Ok(rows.into_iter().map(|one| (one.seq, one.row)).collect())
}

/// The event of a number.
pub fn event_numbered(db: &mut Db, seq: i64) -> StoreResult<Option<EventRow>> {
    event_select().with(" WHERE seq = ", seq).first(db)
}

/// Gives every event without a sequence number the next ones, in order of time; the log has no gaps.
pub fn event_sequence(db: &mut Db) -> StoreResult<usize> {
    Statement::new(
        "UPDATE event SET seq = (SELECT COALESCE(MAX(seq), 0) FROM event) + numbered.n \
         FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY at, id) AS n FROM event WHERE seq IS NULL \
               ORDER BY at, id LIMIT 10000) AS numbered \
         WHERE event.id = numbered.id",
    )
    .cached()
    .run(db)
}

/// How many events of a kind are about something since an instant.
pub fn events_count_since(db: &mut Db, resource: &str, resource_id: AnyId, since: DateTime<Utc>) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM event")
        .with(" WHERE resource_id = ", resource_id)
        .with(" AND at > ", since)
        .with(" AND resource = ", resource)
        .cached()
        .number(db)
}

/// How many events wait for their number.
pub fn events_waiting(db: &mut Db) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM event WHERE seq IS NULL").cached().number(db)
}

/// Whether any event waits for its number.
pub fn event_unnumbered(db: &mut Db) -> StoreResult<bool> {
    let waiting =
        Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM event WHERE seq IS NULL LIMIT 1) AS waiting");
    Ok(waiting.cached().number(db)? > 0)
}
