//! What the server does of itself: numbering events and sealing them, filling the search index behind imports, keeping
//! customers' parts beside them, noting who was here, forgetting old retries. Every step may run on several nodes and any number of times.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use regulars_persistence::customers::parts_kept::{parts_keep_step, parts_unkept};
use regulars_persistence::customers::search::{search_merge, search_pending_list, search_segments};
use regulars_persistence::event::{event_sequence, event_unnumbered};
use regulars_persistence::idempotency::idempotency_expire;
use regulars_persistence::job::job_expire;

use crate::access::chain::{SEAL_STEP, chain_seal, chain_waits};
use crate::activities::discipline::uses::uses_write;
use crate::jobs::task::now;
use crate::{App, AppError, AppResult};

const BEAT: Duration = Duration::from_millis(500);
/// Customers indexed in one transaction: short, so that writers in between do not wait.
const INDEX_STEP: i64 = 500;
/// Customers whose parts are kept in one transaction.
const PARTS_STEP: i64 = 1_000;
/// A search opens every segment of the index: with more than these a merge is worth its writing.
const MOST_SEGMENTS: u64 = 8;
/// Between two merges.
const MERGE_MINUTES: i64 = 5;
/// Pages of the index merged in one transaction: short, so that writers in between do not wait.
const MERGE_PAGES: i64 = 200;
const RETRY_HOURS: i64 = 24;
/// Finished jobs are shown this long.
const JOB_DAYS: i64 = 30;

/// The running upkeep; stops when told.
pub struct Upkeep {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Upkeep {
    pub fn start(app: &App) -> AppResult<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (app, stopping) = (app.clone(), stop.clone());
        let thread = std::thread::Builder::new()
            .name("upkeep".into())
            .spawn(move || run(&app, &stopping))
            .map_err(AppError::internal)?;
        Ok(Self { stop, thread })
    }

    /// Ends after the step under way.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        drop(self.thread.join());
    }
}

fn run(app: &App, stop: &AtomicBool) {
    let mut expired_at = DateTime::<Utc>::MIN_UTC;
    let mut merged_at = DateTime::<Utc>::MIN_UTC;
    while !stop.load(Ordering::Relaxed) {
        let more = match upkeep_step(app) {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(error = %error, "upkeep");
                false
            }
        };
        let at = now();
        if at - expired_at > chrono::Duration::hours(1) {
            expired_at = at;
            if let Err(error) = retries_forget(app, at) {
                tracing::warn!(error = %error, "upkeep");
            }
        }
        if !more && at - merged_at > chrono::Duration::minutes(MERGE_MINUTES) {
            merged_at = at;
            if let Err(error) = index_merge(app, stop) {
                tracing::warn!(error = %error, "upkeep");
            }
        }
        if !more {
            std::thread::park_timeout(BEAT);
        }
    }
}

/// One round; answers whether there is more to do at once.
pub fn upkeep_step(app: &App) -> AppResult<bool> {
    uses_write(app)?;
    let waiting = app.db().read(|db| Ok::<_, AppError>(event_unnumbered(db)? || chain_waits(db)?))?;
    let mut sealed = 0;
    if waiting {
        let at = now();
        sealed = app.db().write(move |tx| {
            event_sequence(tx)?;
            chain_seal(tx, at)
        })?;
    }
    let more = sealed >= SEAL_STEP;
    let more = parts_kept(app)? || more;
    let queued = app.db().read(|db| Ok::<_, AppError>(search_pending_list(db, 1)?))?;
    if queued.is_empty() {
        return Ok(more);
    }
    let indexed = crate::customers::index::search_index_step(app, INDEX_STEP)?;
    Ok(more || i64::try_from(indexed).is_ok_and(|indexed| indexed >= INDEX_STEP))
}

/// Keeps the parts of customers whose row keeps none; answers whether there may be more of them.
fn parts_kept(app: &App) -> AppResult<bool> {
    if !app.db().read(|db| Ok::<_, AppError>(parts_unkept(db)?))? {
        return Ok(false);
    }
    let done = app.db().write(|tx| Ok::<_, AppError>(parts_keep_step(tx, PARTS_STEP)?))?;
    Ok(i64::try_from(done).is_ok_and(|done| done >= PARTS_STEP))
}

/// Merges the segments that single edits leave in the search index.
fn index_merge(app: &App, stop: &AtomicBool) -> AppResult<()> {
    if app.db().read(|db| Ok::<_, AppError>(search_segments(db)?))? <= MOST_SEGMENTS {
        return Ok(());
    }
    let mut first = true;
    while !stop.load(Ordering::Relaxed) {
        let more = app.db().write(move |tx| Ok::<_, AppError>(search_merge(tx, MERGE_PAGES, first)?))?;
        if !more {
            break;
        }
        first = false;
    }
    Ok(())
}

fn retries_forget(app: &App, at: DateTime<Utc>) -> AppResult<usize> {
    let before = at - chrono::Duration::hours(RETRY_HOURS);
    let jobs_before = at - chrono::Duration::days(JOB_DAYS);
    app.db().write(move |tx| {
        job_expire(tx, jobs_before)?;
        Ok::<_, AppError>(idempotency_expire(tx, before)?)
    })
}
