//! Background work: a table of jobs, claimed under a lease by one node at a time.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use regulars_domain::ids::{JobId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct JobRow {
    #[diesel(sql_type = SqlId)]
    pub id: JobId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = SqlJson)]
    pub input: Value,
    /// Where the work goes on after an interruption.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub checkpoint: Option<Value>,
    #[diesel(sql_type = BigInt)]
    pub done: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub total: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub result_url: Option<String>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub error: Option<Value>,
    /// At most one unfinished job has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub dedupe_key: Option<String>,
    /// Jobs of one lane run one at a time, in the order they were asked for; the dedupe key of such a job holds only
    /// while it waits.
    #[diesel(sql_type = Nullable<Text>)]
    pub lane: Option<String>,
    #[diesel(sql_type = SqlInstant)]
    pub run_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = Bool)]
    pub cancel_requested: bool,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub started_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub finished_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, kind, status, input, checkpoint, done, total, result_url, error, dedupe_key, lane, run_at, attempts, \
                       cancel_requested, created_by, unit_id, created_at, started_at, finished_at";

/// A conflict on `JobDedupe` means an unfinished job has the same key.
pub fn job_insert(db: &mut Db, row: JobRow) -> StoreResult<()> {
    insertion(row).run(db)?;
    Ok(())
}

/// Does nothing when an unfinished job has the same key.
pub fn job_insert_if_new(db: &mut Db, row: JobRow) -> StoreResult<()> {
    insertion(row).then(" ON CONFLICT (dedupe_key) DO NOTHING").run(db)?;
    Ok(())
}

/// When an unfinished job has the same key, that one runs no later than this one would have.
pub fn job_insert_or_hasten(db: &mut Db, row: JobRow) -> StoreResult<()> {
    insertion(row)
        .then(
            " ON CONFLICT (dedupe_key) DO UPDATE SET run_at = \
             CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END",
        )
        .run(db)?;
    Ok(())
}

fn insertion(row: JobRow) -> Statement {
    insert(
        "job",
        [
            ("id", row.id.into()),
            ("kind", row.kind.into()),
            ("status", row.status.into()),
            ("input", row.input.into()),
            ("checkpoint", row.checkpoint.into()),
            ("done", row.done.into()),
            ("total", row.total.into()),
            ("dedupe_key", row.dedupe_key.into()),
            ("lane", row.lane.into()),
            ("run_at", row.run_at.into()),
            ("attempts", row.attempts.into()),
            ("cancel_requested", row.cancel_requested.into()),
            ("created_by", row.created_by.into()),
            ("unit_id", row.unit_id.into()),
            ("created_at", row.created_at.into()),
        ],
    )
}

pub fn job_get(db: &mut Db, id: JobId) -> StoreResult<Option<JobRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM job")).cached().with(" WHERE id = ", id).first(db)
}

/// Whose jobs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobsOf {
    Person(UserId),
    /// A unit's people's, and this person's wherever they sat.
    UnitAndPerson(UnitId, UserId),
    Everybody,
}

/// The newest first; `before` is where the page before ended.
pub fn job_list(
    db: &mut Db,
    whose: JobsOf,
    status: Option<&str>,
    before: Option<(DateTime<Utc>, JobId)>,
    limit: i64,
) -> StoreResult<Vec<JobRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM job WHERE 1 = 1")).cached();
    match whose {
        JobsOf::Person(person) => {
            statement.push(" AND created_by = ").bind(person);
        }
        JobsOf::UnitAndPerson(unit, person) => {
            statement.push(" AND (unit_id = ").bind(unit).push(" OR created_by = ").bind(person).push(")");
        }
        JobsOf::Everybody => {}
    }
    if let Some(status) = status {
        statement.push(" AND status = ").bind(status);
    }
    if let Some((at, id)) = before {
        statement.push(" AND (created_at < ").bind(at).push(" OR (created_at = ").bind(at);
        statement.push(" AND id < ").bind(id).push("))");
    }
    statement.with(" ORDER BY created_at DESC, id DESC LIMIT ", limit).rows(db)
}

/// Which jobs a worker takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinds {
    All,
    Only(&'static str),
    AllBut(&'static str),
}

/// Pushes what makes a job `j` due: its time has come and its lane is free, or its node has gone silent.
fn push_due(statement: &mut Statement, kinds: Kinds, now: DateTime<Utc>) {
    match kinds {
        Kinds::All => {}
        Kinds::Only(kind) => drop(statement.push("j.kind = ").bind(kind).push(" AND ")),
        Kinds::AllBut(kind) => drop(statement.push("j.kind <> ").bind(kind).push(" AND ")),
    }
    statement.push("(j.status = 'queued' AND j.run_at <= ").bind(now);
    statement.push(
        " AND (j.lane IS NULL OR NOT EXISTS (SELECT 1 FROM job r WHERE r.lane = j.lane AND r.status = 'running')) \
         OR j.status = 'running' AND j.leased_until < ",
    );
    statement.bind(now).push(")");
}

/// Whether [`job_claim`] would find something: cheap, so that idle workers leave the writer alone.
pub fn job_is_due(db: &mut Db, kinds: Kinds, now: DateTime<Utc>) -> StoreResult<bool> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM job j WHERE ");
    push_due(&mut statement, kinds, now);
    Ok(statement.then(" LIMIT 1) AS due").cached().number(db)? > 0)
}

/// Takes the next due job, or one whose lease ran out, for `node` until `until`.
pub fn job_claim(db: &mut Db, node: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> StoreResult<Option<JobRow>> {
    job_claim_of(db, Kinds::All, node, now, until)
}

/// The same among jobs of some kinds.
pub fn job_claim_of(
    db: &mut Db,
    kinds: Kinds,
    node: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> StoreResult<Option<JobRow>> {
    let skip = matches!(db, Db::Pg(_));
    let mut statement = Statement::new("UPDATE job SET status = 'running', leased_by = ").cached();
    statement.bind(node).push(", leased_until = ").bind(until);
    statement.push(", attempts = attempts + 1, started_at = COALESCE(started_at, ").bind(now);
    statement
        .push("), dedupe_key = CASE WHEN lane IS NULL THEN dedupe_key END WHERE id = (SELECT j.id FROM job j WHERE ");
    push_due(&mut statement, kinds, now);
    statement.push(" ORDER BY j.run_at, j.id LIMIT 1");
    statement.push(if skip { " FOR UPDATE SKIP LOCKED" } else { "" });
    statement.then(&format!(") RETURNING {COLUMNS}")).first(db)
}

/// Whether a lane has a job that waits or runs.
pub fn job_lane_busy(db: &mut Db, lane: &str) -> StoreResult<bool> {
    let busy = Statement::new("SELECT COUNT(*) AS n FROM job WHERE status IN ('queued', 'running')");
    Ok(busy.cached().with(" AND lane = ", lane).number(db)? > 0)
}

/// Sets progress and checkpoint of a job `node` holds. `None` when the lease was lost, else whether to stop.
pub fn job_progress(
    db: &mut Db,
    id: JobId,
    node: &str,
    done: i64,
    total: Option<i64>,
    checkpoint: Option<&Value>,
) -> StoreResult<Option<bool>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Flag {
        #[diesel(sql_type = Bool)]
        cancel_requested: bool,
    }
    let statement =
        update("job", [("done", done.into()), ("total", total.into()), ("checkpoint", checkpoint.cloned().into())])
            .with(" WHERE id = ", id)
            .with(" AND leased_by = ", node)
            .then(" AND status = 'running' RETURNING cancel_requested");
    Ok(statement.first::<Flag>(db)?.map(|flag| flag.cancel_requested))
}

/// Holds on to all jobs of a node.
pub fn job_leases_extend(db: &mut Db, node: &str, until: DateTime<Utc>) -> StoreResult<usize> {
    update("job", [("leased_until", until.into())]).with(" WHERE status = 'running' AND leased_by = ", node).run(db)
}

/// Gives up every lease: for a database only one process uses, when that process starts.
pub fn job_leases_void(db: &mut Db, now: DateTime<Utc>) -> StoreResult<usize> {
    update("job", [("leased_until", now.into())]).then(" WHERE status = 'running'").run(db)
}

/// Ends a job `node` holds, and frees its dedupe key.
pub fn job_finish(
    db: &mut Db,
    id: JobId,
    node: &str,
    status: &str,
    result_url: Option<String>,
    error: Option<Value>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let changed = update(
        "job",
        [
            ("status", status.into()),
            ("result_url", result_url.into()),
            ("error", error.into()),
            ("dedupe_key", Bind::Null(Null::Text)),
            ("leased_until", Bind::Null(Null::Instant)),
            ("leased_by", Bind::Null(Null::Text)),
            ("finished_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .with(" AND leased_by = ", node)
    .run(db)?;
    Ok(changed == 1)
}

/// Puts a job back in the queue, to run again at `run_at`.
pub fn job_retry(db: &mut Db, id: JobId, node: &str, error: Option<Value>, run_at: DateTime<Utc>) -> StoreResult<()> {
    update(
        "job",
        [
            ("status", "queued".into()),
            ("error", error.into()),
            ("run_at", run_at.into()),
            ("leased_until", Bind::Null(Null::Instant)),
            ("leased_by", Bind::Null(Null::Text)),
        ],
    )
    .with(" WHERE id = ", id)
    .with(" AND leased_by = ", node)
    .run(db)?;
    Ok(())
}

/// Ends a queued job at once; asks a running one to stop. False when it is finished already.
pub fn job_cancel(db: &mut Db, id: JobId, now: DateTime<Utc>) -> StoreResult<bool> {
    let queued = update(
        "job",
        [
            ("status", "cancelled".into()),
            ("dedupe_key", Bind::Null(Null::Text)),
            ("finished_at", now.into()),
            ("cancel_requested", true.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .then(" AND status = 'queued'")
    .run(db)?;
    if queued == 1 {
        return Ok(true);
    }
    let running = update("job", [("cancel_requested", true.into())])
        .with(" WHERE id = ", id)
        .then(" AND status = 'running'")
        .run(db)?;
    Ok(running == 1)
}

/// How much of what a person started is unfinished.
pub fn jobs_unfinished(db: &mut Db, user: UserId) -> StoreResult<i64> {
    Ok(jobs_unfinished_ids(db, user)?.len() as i64)
}

/// Cancels what a person started and is unfinished, as [`job_cancel`] does.
pub fn jobs_cancel_all(db: &mut Db, user: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    for id in jobs_unfinished_ids(db, user)? {
        job_cancel(db, id, now)?;
    }
    Ok(())
}

fn jobs_unfinished_ids(db: &mut Db, user: UserId) -> StoreResult<Vec<JobId>> {
    let rows: Vec<IdRow> = Statement::new("SELECT id FROM job WHERE status IN ('queued', 'running')")
        .with(" AND created_by = ", user)
        .then(" ORDER BY id")
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: JobId,
}

/// Forgets finished jobs older than `before`; failed ones are kept for people to see.
pub fn job_expire(db: &mut Db, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM job WHERE status IN ('done', 'cancelled')").with(" AND finished_at < ", before).run(db)
}

/// Forgets what of a kind was done before: of work that comes by the thousand and is told of elsewhere.
pub fn job_expire_of(db: &mut Db, kind: &str, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM job WHERE status = 'done'")
        .with(" AND kind = ", kind)
        .with(" AND finished_at < ", before)
        .run(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct NameRow {
    #[diesel(sql_type = SqlId)]
    id: UserId,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Names of the people who started jobs.
pub fn job_people(db: &mut Db, ids: &[UserId]) -> StoreResult<Vec<(UserId, String)>> {
    let mut statement = Statement::new("SELECT id, name FROM app_user WHERE id IN (");
    statement.bind_list(ids.iter().copied()).push(")");
    Ok(statement.rows::<NameRow>(db)?.into_iter().map(|row| (row.id, row.name)).collect())
}
