//! Background work people see: queued in the transaction that wants it, run by one node at a time, with progress, an
//! error that stays, and a way to stop it. Handlers may run again after a crash: each continues from its checkpoint.

pub mod registry;
pub mod runner;
pub mod task;

use chrono::{DateTime, Utc};
use regulars_domain::ids::{JobId, UserId};
use regulars_persistence::Db;
use regulars_persistence::job::{
    JobRow, JobsOf, job_cancel as row_cancel, job_get as row_get, job_insert, job_list as row_list, job_people,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page, Versioned};
use crate::{AppError, AppResult, Cx};

pub use task::Task;

/// A job as people and programs see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JobView {
    pub id: Uuid,
    #[schema(example = "import.run")]
    pub kind: String,
    #[schema(value_type = crate::shape::JobStatus)]
    pub status: String,
    pub progress: Progress,
    /// Where the outcome is, once done.
    #[schema(example = "/api/v1/imports/01990000-0000-7000-8000-000000000001")]
    pub result_url: Option<String>,
    pub error: Option<JobError>,
    pub created_by: Option<Ref>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    #[schema(example = 1200)]
    pub done: i64,
    #[schema(example = 5000)]
    pub total: Option<i64>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JobError {
    #[schema(example = "file_truncated")]
    pub code: String,
    pub title: String,
    pub detail: Option<String>,
}

impl Versioned for JobView {
    fn id(&self) -> Uuid {
        self.id
    }
    /// Jobs are not edited; their version never moves.
    fn version(&self) -> i64 {
        1
    }
}

fn to_view(row: JobRow, names: &[(UserId, String)]) -> JobView {
    let creator = row.created_by.map(|id| {
        let name = names.iter().find(|(other, _)| *other == id).map_or("", |(_, name)| name);
        Ref::new(id, name)
    });
    JobView {
        id: row.id.0,
        kind: row.kind,
        status: row.status,
        progress: Progress { done: row.done, total: row.total },
        result_url: row.result_url,
        error: row.error.and_then(|error| serde_json::from_value(error).ok()),
        created_by: creator,
        created_at: row.created_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
    }
}

fn to_views(db: &mut Db, rows: Vec<JobRow>) -> AppResult<Vec<JobView>> {
    let mut ids: Vec<UserId> = rows.iter().filter_map(|row| row.created_by).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = job_people(db, &ids)?;
    Ok(rows.into_iter().map(|row| to_view(row, &names)).collect())
}

/// Work to be queued.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// A kind of [`registry::HANDLERS`].
    pub kind: &'static str,
    pub input: Value,
    pub total: Option<i64>,
    /// While an unfinished job has the same key, another is a conflict (`already_running`).
    pub dedupe_key: Option<String>,
    /// Jobs of one lane run one after the other; what is asked for while one runs waits its turn, so that there the
    /// dedupe key holds only while a job waits.
    pub lane: Option<&'static str>,
}

/// Queues work in the caller's transaction. It starts once the transaction is committed.
pub fn job_enqueue(tx: &mut Db, cx: &Cx, job: NewJob) -> AppResult<JobView> {
    let row = new_row(job, cx.now, Some(cx));
    job_insert(tx, row.clone())?;
    Ok(to_view(row, &[(cx.actor.user_id, cx.actor.name.clone())]))
}

/// Queues work nobody in particular asked for; nothing happens when the same is queued already.
pub fn job_enqueue_system(tx: &mut Db, job: NewJob, now: DateTime<Utc>) -> AppResult<()> {
    Ok(regulars_persistence::job::job_insert_if_new(tx, new_row(job, now, None))?)
}

/// Queues work nobody in particular asked for, for a later time. Its dedupe key is its lane as well: one job waits and one
/// runs at most, and what waits already is hastened.
pub fn job_enqueue_at(tx: &mut Db, job: NewJob, now: DateTime<Utc>, run_at: DateTime<Utc>) -> AppResult<()> {
    let row = JobRow { run_at, lane: job.dedupe_key.clone(), ..new_row(job, now, None) };
    Ok(regulars_persistence::job::job_insert_or_hasten(tx, row)?)
}

fn new_row(job: NewJob, now: DateTime<Utc>, cx: Option<&Cx>) -> JobRow {
    JobRow {
        id: JobId::fresh(),
        kind: job.kind.into(),
        status: "queued".into(),
        input: job.input,
        checkpoint: None,
        done: 0,
        total: job.total,
        result_url: None,
        error: None,
        dedupe_key: job.dedupe_key,
        lane: job.lane.map(String::from),
        run_at: now,
        attempts: 0,
        cancel_requested: false,
        created_by: cx.map(|cx| cx.actor.user_id),
        unit_id: cx.map(|cx| cx.actor.unit_id),
        created_at: now,
        started_at: None,
        finished_at: None,
    }
}

/// A job is seen by who started it, and by those who may see everyone's of the units within their reach.
fn visible(cx: &Cx, row: &JobRow) -> bool {
    row.created_by == Some(cx.actor.user_id)
        || cx.actor.may("platform:job:read")
            && cx.actor.organisation_reach().is_none_or(|unit| row.unit_id == Some(unit))
}

pub fn job_get(cx: &Cx, id: JobId) -> AppResult<JobView> {
    cx.read(|db| {
        let row = row_get(db, id)?.filter(|row| visible(cx, row)).ok_or(AppError::NotFound)?;
        to_views(db, vec![row])?.pop().ok_or(AppError::NotFound)
    })
}

/// The caller's jobs, or everyone's for those who may see them; the newest first. `q` narrows to one status.
pub fn job_list(cx: &Cx, list: &ListRequest) -> AppResult<Page<JobView>> {
    let whose = match (cx.actor.may("platform:job:read"), cx.actor.organisation_reach()) {
        (false, _) => JobsOf::Person(cx.actor.user_id),
        (true, Some(unit)) => JobsOf::UnitAndPerson(unit, cx.actor.user_id),
        (true, None) => JobsOf::Everybody,
    };
    let before = list.cursor.as_deref().map(cursor_read).transpose()?;
    cx.read(|db| {
        let mut rows = row_list(db, whose, list.q.as_deref(), before, list.limit as i64 + 1)?;
        let more = rows.len() > list.limit;
        rows.truncate(list.limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| cursor_write(row.created_at, row.id.0));
        Ok(Page { items: to_views(db, rows)?, next_cursor, total: None, total_capped: None })
    })
}

/// A place in a list ordered by creation.
pub fn cursor_write(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}.{}", at.timestamp_micros(), id.simple())
}

/// Reads what [`cursor_write`] wrote.
pub fn cursor_read<I: From<Uuid>>(cursor: &str) -> AppResult<(DateTime<Utc>, I)> {
    let read = || {
        let (micros, id) = cursor.split_once('.')?;
        Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, I::from(Uuid::parse_str(id).ok()?)))
    };
    read().ok_or_else(|| AppError::invalid("cursor", "cursor_invalid"))
}

/// Asks a job to stop: at once if it waits, at its next step if it runs. A finished one is a conflict.
pub fn job_cancel(cx: &Cx, id: JobId) -> AppResult<JobView> {
    let within = cx.clone();
    cx.change(move |tx| {
        let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
        if row.created_by != Some(within.actor.user_id) {
            return Err(if visible(&within, &row) {
                AppError::Forbidden("platform:job:read".into())
            } else {
                AppError::NotFound
            });
        }
        if !row_cancel(tx, id, within.now)? {
            return Err(AppError::Conflict("wrong_state"));
        }
        Event::new(&within, "job", id, "cancelled").record(tx)
    })?;
    job_get(cx, id)
}

/// The caller's unfinished jobs and those that ended after `since`: what a stream of progress shows.
pub fn job_watch(cx: &Cx, since: DateTime<Utc>) -> AppResult<Vec<JobView>> {
    cx.read(|db| {
        let rows = row_list(db, JobsOf::Person(cx.actor.user_id), None, None, 100)?;
        let live = |row: &JobRow| row.finished_at.is_none_or(|at| at >= since);
        to_views(db, rows.into_iter().filter(live).collect())
    })
}
