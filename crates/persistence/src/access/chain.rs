//! The seals over the event log, and how far they have been verified.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use regulars_domain::ids::{EventId, PartyId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, insert_batch, row_by_place, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

row_by_place! {
    /// A numbered event with its seal, if it has one.
    #[derive(Debug, Clone, PartialEq)]
    pub struct ChainRow {
        pub seq: i64 as BigInt,
        pub id: EventId as SqlId,
        pub at: DateTime<Utc> as SqlInstant,
        pub actor_id: Option<UserId> as Nullable<SqlId>,
        pub action: String as Text,
        pub resource: String as Text,
        pub resource_id: AnyId as SqlId,
        pub party_id: Option<PartyId> as Nullable<SqlId>,
        pub unit_id: Option<UnitId> as Nullable<SqlId>,
        pub owner_id: Option<UserId> as Nullable<SqlId>,
        pub unit_before: Option<UnitId> as Nullable<SqlId>,
        pub owner_before: Option<UserId> as Nullable<SqlId>,
        pub request_id: Option<String> as Nullable<Text>,
        pub before: Option<Value> as Nullable<SqlJson>,
        pub after: Option<Value> as Nullable<SqlJson>,
        pub address: Option<String> as Nullable<Text>,
        pub salt: Option<Vec<u8>> as Nullable<Binary>,
        pub detail_hash: Option<Vec<u8>> as Nullable<Binary>,
        pub chain_hash: Option<Vec<u8>> as Nullable<Binary>,
    }
}

/// Numbered events after a number, in order, at most `limit`.
pub fn chain_rows(db: &mut Db, after: i64, limit: i64) -> StoreResult<Vec<ChainRow>> {
    Statement::new(
        "SELECT e.seq, e.id, e.at, e.actor_id, e.action, e.resource, e.resource_id, e.party_id, e.unit_id, e.owner_id, \
         e.unit_before, e.owner_before, e.request_id, e.before, e.after, e.address, s.salt, s.detail_hash, s.chain_hash \
         FROM event e LEFT JOIN event_seal s ON s.seq = e.seq",
    )
    .cached()
    .with(" WHERE e.seq > ", after)
    .with(" ORDER BY e.seq LIMIT ", limit)
    .rows(db)
}

/// One event's seal.
#[derive(Debug, Clone, PartialEq)]
pub struct SealRow {
    pub seq: i64,
    pub salt: Vec<u8>,
    pub detail_hash: Vec<u8>,
    pub chain_hash: Vec<u8>,
    pub sealed_at: DateTime<Utc>,
}

pub fn seals_insert(db: &mut Db, rows: Vec<SealRow>) -> StoreResult<()> {
    let columns = ["seq", "salt", "detail_hash", "chain_hash", "sealed_at"];
    let values = rows.into_iter().map(|row| {
        vec![row.seq.into(), row.salt.into(), row.detail_hash.into(), row.chain_hash.into(), row.sealed_at.into()]
    });
    insert_batch(db, "event_seal", &columns, values.collect())
}

/// The newest link.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct HeadRow {
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Binary)]
    pub chain_hash: Vec<u8>,
    #[diesel(sql_type = SqlInstant)]
    pub sealed_at: DateTime<Utc>,
}

pub fn chain_head(db: &mut Db) -> StoreResult<Option<HeadRow>> {
    Statement::new("SELECT seq, chain_hash, sealed_at FROM event_seal ORDER BY seq DESC LIMIT 1").cached().first(db)
}

/// The link of an event.
pub fn chain_link(db: &mut Db, seq: i64) -> StoreResult<Option<HeadRow>> {
    Statement::new("SELECT seq, chain_hash, sealed_at FROM event_seal").cached().with(" WHERE seq = ", seq).first(db)
}

/// The highest number given; 0 before the first.
pub fn event_newest(db: &mut Db) -> StoreResult<i64> {
    Statement::new("SELECT COALESCE(MAX(seq), 0) AS n FROM event").cached().number(db)
}

/// How far the chain has been verified.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CheckRow {
    #[diesel(sql_type = BigInt)]
    pub verified_seq: i64,
    /// When the walk from the first event on began.
    #[diesel(sql_type = SqlInstant)]
    pub round_started_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub verified_at: DateTime<Utc>,
    /// The event at which the chain is broken.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub broken_seq: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub broken_why: Option<String>,
}

pub fn check_get(db: &mut Db) -> StoreResult<Option<CheckRow>> {
    Statement::new("SELECT verified_seq, round_started_at, verified_at, broken_seq, broken_why FROM chain_check")
        .cached()
        .first(db)
}

pub fn check_set(db: &mut Db, row: &CheckRow) -> StoreResult<()> {
    insert(
        "chain_check",
        [
            ("id", 1_i64.into()),
            ("verified_seq", row.verified_seq.into()),
            ("round_started_at", row.round_started_at.into()),
            ("verified_at", row.verified_at.into()),
            ("broken_seq", row.broken_seq.into()),
            ("broken_why", row.broken_why.clone().into()),
        ],
    )
    .then(
        " ON CONFLICT (id) DO UPDATE SET verified_seq = excluded.verified_seq, \
         round_started_at = excluded.round_started_at, verified_at = excluded.verified_at, \
         broken_seq = excluded.broken_seq, broken_why = excluded.broken_why",
    )
    .run(db)?;
    Ok(())
}

/// Which of these customers an event says were erased.
pub fn parties_erased(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Erased {
        #[diesel(sql_type = SqlId)]
        id: PartyId,
    }
    let mut statement = Statement::new(
        "SELECT DISTINCT resource_id AS id FROM event WHERE action = 'erased' AND resource = 'customer' \
         AND resource_id IN (",
    );
    statement.bind_list(ids.iter().copied()).push(")");
    Ok(statement.rows::<Erased>(db)?.into_iter().map(|row| row.id).collect())
}

/// Empties what events tell of a customer, and the salts of their seals; answers how many told something.
pub fn events_redact(db: &mut Db, party: PartyId, resources: &[&str]) -> StoreResult<usize> {
    let narrowed = |mut statement: Statement| {
        statement.push(" WHERE party_id = ").bind(party).push(" AND resource IN (");
        statement.bind_list(resources.iter().copied()).push(")");
        statement
    };
    let seals = narrowed(Statement::new("UPDATE event_seal SET salt = NULL WHERE seq IN (SELECT seq FROM event"));
    seals.then(")").run(db)?;
    narrowed(update(
        "event",
        [("before", Bind::Null(Null::Json)), ("after", Bind::Null(Null::Json)), ("address", Bind::Null(Null::Text))],
    ))
    .run(db)
}
