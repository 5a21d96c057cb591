//! The threads that do background work: claim, run, finish or try again; keep the leases; stop when told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use regulars_persistence::job::{
    JobRow, Kinds, job_claim, job_claim_of, job_finish, job_is_due, job_leases_extend, job_leases_void, job_retry,
};
use serde_json::json;

use super::registry::{HANDLERS, UPKEEP};
use super::task::{CANCELLED, LEASE_LOST, Task, now};
use crate::insight::pivot::memory::memory_keep;
use crate::platform::webhooks::DELIVER;
use crate::{App, AppError, AppResult};

/// How long a silent node keeps its jobs.
const LEASE: TimeDelta = TimeDelta::seconds(30);
const HEARTBEAT: Duration = Duration::from_secs(8);
/// Pause of an idle worker.
const PAUSE: Duration = Duration::from_millis(250);
/// Runs of a job that fails for reasons that may pass.
const ATTEMPTS: i32 = 6;
/// Between two looks at which sales have changed; who asks for a pivot looks as well.
const SALES_PAUSE: Duration = Duration::from_secs(2);
/// Threads that only deliver webhooks: endpoints that answer late keep nobody's import waiting.
const DELIVERERS: usize = 2;

/// The running threads; dropping it does not stop them, [`Runner::stop`] does.
pub struct Runner {
    stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Runner {
    /// Starts `workers` threads for jobs, some for webhooks, one for leases, one for upkeep, and one for the
    /// sales in memory.
    pub fn start(app: &App, workers: usize) -> AppResult<Self> {
        let node: Arc<str> = uuid::Uuid::now_v7().to_string().into();
        if app.db().is_sqlite() {
            // Nobody else uses the file: whatever ran was cut off with the process that ran it.
            app.db().write(|tx| Ok::<_, AppError>(job_leases_void(tx, now() - TimeDelta::seconds(1))?))?;
        }
        let stopping = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let deliverers = (0..DELIVERERS).map(|number| (format!("webhook-{number}"), Kinds::Only(DELIVER)));
        let workers = (0..workers).map(|number| (format!("job-{number}"), Kinds::AllBut(DELIVER)));
        for (name, kinds) in workers.chain(deliverers) {
            let (app, node, stopping) = (app.clone(), node.clone(), stopping.clone());
            threads.push(spawn(&name, move || work(&app, kinds, &node, &stopping))?);
        }
        let (beat_app, beat_stop) = (app.clone(), stopping.clone());
        threads.push(spawn("job-leases", move || hold_leases(&beat_app, &node, &beat_stop))?);
        let (upkeep_app, upkeep_stop) = (app.clone(), stopping.clone());
        threads.push(spawn("upkeep", move || keep_up(&upkeep_app, &upkeep_stop))?);
        let (held_app, held_stop) = (app.clone(), stopping.clone());
        threads.push(spawn("pivot-memory", move || hold_sales(&held_app, &held_stop))?);
        Ok(Self { stopping, threads })
    }

    /// Takes no new jobs and waits for the running ones up to `patience`; what still runs then is taken up by the
    /// next process from its checkpoint.
    pub fn stop(self, patience: Duration) {
        self.stopping.store(true, Ordering::Relaxed);
        let end = Instant::now() + patience;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> AppResult<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(work).map_err(AppError::internal)
}

fn work(app: &App, kinds: Kinds, node: &Arc<str>, stopping: &AtomicBool) {
    while !stopping.load(Ordering::Relaxed) {
        let holder = node.clone();
        let due = app.db().read(|db| Ok::<_, AppError>(job_is_due(db, kinds, now())?));
        let claimed = due.and_then(|due| match due {
            false => Ok(None),
            true => app.db().write(move |tx| {
                let at = now();
                Ok::<_, AppError>(job_claim_of(tx, kinds, &holder, at, at + LEASE)?)
            }),
        });
        match claimed {
            Ok(Some(job)) => job_run(app, node, job),
            Ok(None) => std::thread::sleep(PAUSE),
            Err(error) => {
                tracing::warn!(error = %error, "no job could be claimed");
                std::thread::sleep(PAUSE * 4);
            }
        }
    }
}

/// Runs a job that `node` has claimed to its end, and stores how it ended.
pub fn job_run(app: &App, node: &Arc<str>, job: JobRow) {
    let task = Task { app: app.clone(), job: Arc::new(job), node: node.clone() };
    let handler = HANDLERS.iter().find(|(kind, _)| *kind == task.job.kind).map(|(_, handler)| handler);
    let outcome = match handler {
        _ if task.job.cancel_requested => Err(AppError::Conflict(CANCELLED)),
        Some(handler) => catch_unwind(AssertUnwindSafe(|| handler(&task)))
            .unwrap_or_else(|_| Err(AppError::Internal("the job panicked".into()))),
        None => Err(AppError::Internal(format!("no handler for {}", task.job.kind))),
    };
    if let Err(error) = settle(&task, outcome) {
        tracing::error!(job.id = %task.job.id, error = %error, "the end of a job could not be stored");
    }
}

/// Stores how a run ended. Faults that may pass lead to another run, later and later.
fn settle(task: &Task, outcome: AppResult<Option<String>>) -> AppResult<()> {
    let (id, node, at) = (task.job.id, task.node.clone(), now());
    let (status, url, error) = match outcome {
        Ok(url) => ("done", url, None),
        Err(AppError::Conflict(LEASE_LOST)) => return Ok(()),
        Err(AppError::Conflict(CANCELLED)) => ("cancelled", None, None),
        Err(error) if may_pass(&error) && task.job.attempts < ATTEMPTS => {
            let again = at + TimeDelta::seconds(1 << task.job.attempts);
            tracing::warn!(job.id = %id, job.kind = task.job.kind, error = %error, "a job will run again");
            return task.app.db().write(move |tx| Ok(job_retry(tx, id, &node, None, again)?));
        }
        Err(error) => {
            tracing::error!(job.id = %id, job.kind = task.job.kind, error = %error, "a job failed");
            ("failed", None, Some(error))
        }
    };
    let error = error.map(|error| json!({"code": code(&error), "title": "", "detail": detail(&error)}));
    let ended = move |tx: &mut _| Ok(job_finish(tx, id, &node, status, url.clone(), error.clone(), at)?);
    task.app.db().write(ended).map(|_: bool| ())
}

fn may_pass(error: &AppError) -> bool {
    matches!(error, AppError::Busy | AppError::Serialization | AppError::StorageFull)
}

fn code(error: &AppError) -> &str {
    match error {
        AppError::Conflict(code) | AppError::Unauthenticated(code) | AppError::Gone(code) | AppError::Absent(code) => {
            code
        }
        AppError::Forbidden(_) => "forbidden",
        AppError::NotFound | AppError::Merged(_) => "not_found",
        AppError::Validation(errors) => errors.first().map_or("validation_failed", |error| error.code.as_str()),
        AppError::Malformed(_) => "malformed",
        AppError::TooLarge { .. } => "payload_too_large",
        AppError::StorageFull => "storage_full",
        AppError::Busy | AppError::Serialization => "busy",
        _ => "internal",
    }
}

/// What a person may read; faults of ours are for the log.
fn detail(error: &AppError) -> Option<String> {
    match error {
        AppError::Malformed(text) | AppError::Forbidden(text) => Some(text.clone()),
        AppError::Validation(errors) => errors.first().and_then(|error| error.params.first().cloned()),
        _ => None,
    }
}

fn hold_leases(app: &App, node: &Arc<str>, stopping: &AtomicBool) {
    let mut last = Instant::now();
    while !stopping.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE);
        if last.elapsed() < HEARTBEAT {
            continue;
        }
        last = Instant::now();
        let holder = node.clone();
        let held = app.db().write(move |tx| Ok::<_, AppError>(job_leases_extend(tx, &holder, now() + LEASE)?));
        if let Err(error) = held {
            tracing::warn!(error = %error, "leases could not be extended");
        }
    }
}

fn hold_sales(app: &App, stopping: &AtomicBool) {
    let mut due = Instant::now();
    while !stopping.load(Ordering::Relaxed) {
        if Instant::now() >= due {
            let kept = catch_unwind(AssertUnwindSafe(|| memory_keep(app, stopping)))
                .unwrap_or_else(|_| Err(AppError::Internal("reading sales panicked".into())));
            if let Err(error) = kept {
                tracing::warn!(error = %error, "sales could not be read into memory");
            }
            due = Instant::now() + SALES_PAUSE;
        }
        std::thread::sleep(PAUSE);
    }
}

fn keep_up(app: &App, stopping: &AtomicBool) {
    let mut due: Vec<DateTime<Utc>> = vec![now(); UPKEEP.len()];
    while !stopping.load(Ordering::Relaxed) {
        for ((name, pause, upkeep), due) in UPKEEP.iter().zip(&mut due) {
            let at = now();
            if at < *due {
                continue;
            }
            let kept = catch_unwind(AssertUnwindSafe(|| upkeep(app, at)))
                .unwrap_or_else(|_| Err(AppError::Internal("upkeep panicked".into())));
            if let Err(error) = kept {
                tracing::warn!(upkeep = name, error = %error, "upkeep failed");
            }
            *due = now() + TimeDelta::from_std(*pause).unwrap_or(TimeDelta::seconds(60));
        }
        std::thread::sleep(PAUSE);
    }
}

/// Runs everything that is due now, in this thread, until nothing is: for the command line and for tests.
pub fn jobs_run_due(app: &App) -> AppResult<usize> {
    let node: Arc<str> = uuid::Uuid::now_v7().to_string().into();
    let mut count = 0;
    loop {
        let holder = node.clone();
        // A long lease: nobody extends it here.
        let claimed = app.db().write(move |tx| {
            let at = now();
            Ok::<_, AppError>(job_claim(tx, &holder, at, at + TimeDelta::hours(12))?)
        })?;
        let Some(job) = claimed else { return Ok(count) };
        job_run(app, &node, job);
        count += 1;
    }
}
