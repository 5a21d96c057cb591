//! Which kinds of background work there are.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use regulars_persistence::event::event_sequence;
use regulars_persistence::idempotency::idempotency_expire;
use regulars_persistence::job::job_expire;

use super::task::Task;
use crate::{App, AppResult};

/// Does the work from its checkpoint on; answers where the outcome is. May run more than once.
pub type Handler = fn(&Task) -> AppResult<Option<String>>;

/// Handlers by kind. A new kind of job is a row here.
pub const HANDLERS: &[(&str, Handler)] = &[
    (crate::insight::evaluation::EVALUATE, crate::insight::evaluation::evaluate_job),
    (crate::insight::evaluation::RECOUNT, crate::insight::evaluation::recount_job),
];

/// Small work every node does again and again, safe to do twice at once.
pub type Upkeep = fn(&App, DateTime<Utc>) -> AppResult<()>;

/// Name, pause between two turns, work.
pub const UPKEEP: &[(&str, Duration, Upkeep)] = &[
    ("event.sequence", Duration::from_secs(1), events_sequence),
    ("search.index", Duration::from_secs(1), search_index),
    ("insight.daily", Duration::from_secs(300), crate::insight::evaluation::evaluation_daily),
    ("platform.expire", Duration::from_secs(600), old_rows_expire),
];

fn events_sequence(app: &App, _: DateTime<Utc>) -> AppResult<()> {
    while app.db().write(|tx| Ok::<_, crate::AppError>(event_sequence(tx)?))? >= 10_000 {}
    Ok(())
}

fn search_index(app: &App, _: DateTime<Utc>) -> AppResult<()> {
    while crate::customers::index::search_index_step(app, 1_000)? >= 1_000 {}
    Ok(())
}

fn old_rows_expire(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| {
        idempotency_expire(tx, now - TimeDelta::hours(24))?;
        job_expire(tx, now - TimeDelta::days(30))?;
        Ok(())
    })
}
