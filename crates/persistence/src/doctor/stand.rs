//! What must hold between the tables: sums, figures, search, numbering, jobs.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable};
use regulars_domain::ids::PartyId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{SqlId, SqlInstant};

pub fn living_customers(db: &mut Db) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM party WHERE deleted_at IS NULL").number(db)
}

/// Living customers without figures, or with figures at another unit or owner; and figures of customers that are gone.
pub fn metrics_misplaced(db: &mut Db) -> StoreResult<(i64, i64, i64)> {
    let missing = Statement::new(
        "SELECT COUNT(*) AS n FROM party p WHERE p.deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM customer_metric m WHERE m.party_id = p.id)",
    )
    .number(db)?;
    let elsewhere = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m JOIN party p ON p.id = m.party_id \
         WHERE m.unit_id <> p.unit_id OR m.owner_id IS DISTINCT FROM p.owner_id",
    )
    .number(db)?;
    let gone = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m WHERE NOT EXISTS \
         (SELECT 1 FROM party p WHERE p.id = m.party_id AND p.deleted_at IS NULL)",
    )
    .number(db)?;
    Ok((missing, elsewhere, gone))
}

/// Orders of which net, returns, payments or lines do not add up.
pub fn order_sums_wrong(db: &mut Db) -> StoreResult<(i64, i64)> {
    let orders = Statement::new("SELECT COUNT(*) AS n FROM sales_order").number(db)?;
    let sum = |table: &str| {
        format!("COALESCE((SELECT CAST(SUM(x.amount) AS BIGINT) FROM {table} x WHERE x.order_id = o.id), 0)")
    };
    let (lines, payments, returns) = (sum("order_line"), sum("payment"), sum("order_return"));
    let wrong = Statement::new(format!(
        "SELECT COUNT(*) AS n FROM sales_order o WHERE o.net <> o.gross - o.discount OR o.paid <> {payments} \
         OR o.returned <> {returns} OR o.net <> {lines}"
    ))
    .number(db)?;
    Ok((orders, wrong))
}

/// Living customers that the search does not know and that do not wait for it; on SQLite also documents without words.
pub fn search_missing(db: &mut Db) -> StoreResult<i64> {
    let unknown = Statement::new(
        "SELECT COUNT(*) AS n FROM party p WHERE p.deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM party_search s WHERE s.party_id = p.id) \
         AND NOT EXISTS (SELECT 1 FROM search_pending w WHERE w.party_id = p.id)",
    )
    .number(db)?;
    let wordless = match db {
        Db::Pg(_) => 0,
        Db::Sqlite(_) => Statement::new(
            "SELECT COUNT(*) AS n FROM party_search s WHERE NOT EXISTS \
             (SELECT 1 FROM party_search_index_docsize d WHERE d.id = s.doc_id)",
        )
        .number(db)?,
    };
    Ok(unknown + wordless)
}

/// Documents of customers that are gone and do not wait to be taken out.
pub fn search_strangers(db: &mut Db) -> StoreResult<i64> {
    Statement::new(
        "SELECT COUNT(*) AS n FROM party_search s WHERE NOT EXISTS \
         (SELECT 1 FROM party p WHERE p.id = s.party_id AND p.deleted_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM search_pending w WHERE w.party_id = s.party_id)",
    )
    .number(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// About `many` customers, spread evenly over all.
pub fn parties_sampled(db: &mut Db, many: i64) -> StoreResult<Vec<PartyId>> {
    let all = Statement::new("SELECT COUNT(*) AS n FROM party").number(db)?;
    let apart = (all / many.max(1)).max(1);
    let rows: Vec<IdRow> =
        Statement::new("SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM party) counted")
            .with(" WHERE place % ", apart)
            .then(" = 0 ORDER BY id")
            .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The numbers of the events.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct Numbering {
    /// Events with a number.
    #[diesel(sql_type = BigInt)]
    pub numbered: i64,
    #[diesel(sql_type = BigInt)]
    pub first: i64,
    #[diesel(sql_type = BigInt)]
    pub last: i64,
    /// Events that wait for theirs.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
}

pub fn numbering(db: &mut Db) -> StoreResult<Numbering> {
    let row: Option<Numbering> = Statement::new(
        "SELECT COUNT(seq) AS numbered, COALESCE(MIN(seq), 0) AS first, COALESCE(MAX(seq), 0) AS last, \
         COUNT(*) - COUNT(seq) AS waiting FROM event",
    )
    .first(db)?;
    Ok(row.unwrap_or(Numbering { numbered: 0, first: 0, last: 0, waiting: 0 }))
}

/// How the background work stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct Jobs {
    #[diesel(sql_type = BigInt)]
    pub queued: i64,
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Running jobs whose node has gone silent: the next free worker takes them over.
    #[diesel(sql_type = BigInt)]
    pub silent: i64,
    /// Running without a lease, leased without running, or unfinished with an end.
    #[diesel(sql_type = BigInt)]
    pub contradictory: i64,
    /// Since when the oldest due job waits.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub due_since: Option<DateTime<Utc>>,
}

pub fn jobs_stand(db: &mut Db, now: DateTime<Utc>) -> StoreResult<Jobs> {
    let row: Option<Jobs> = Statement::new(
        "SELECT COUNT(CASE WHEN status = 'queued' THEN 1 END) AS queued, \
         COUNT(CASE WHEN status = 'running' THEN 1 END) AS running, \
         COUNT(CASE WHEN status = 'failed' THEN 1 END) AS failed, \
         COUNT(CASE WHEN status = 'running' AND leased_until < ",
    )
    .with("", now)
    .then(
        " THEN 1 END) AS silent, \
         COUNT(CASE WHEN (status = 'running') <> (leased_by IS NOT NULL) \
           OR (status IN ('queued', 'running')) <> (finished_at IS NULL) \
           OR status NOT IN ('queued', 'running') AND dedupe_key IS NOT NULL THEN 1 END) AS contradictory, \
         MIN(CASE WHEN status = 'queued' AND run_at <= ",
    )
    .with("", now)
    .then(" THEN run_at END) AS due_since FROM job")
    .first(db)?;
    Ok(row.unwrap_or(Jobs { queued: 0, running: 0, failed: 0, silent: 0, contradictory: 0, due_since: None }))
}
