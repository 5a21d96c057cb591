//! How the running server is: for those who watch it, machines first. Nothing here is about a company.

use regulars_persistence::access::chain::{chain_head, event_newest};
use regulars_persistence::doctor::jobs_stand;
use regulars_persistence::event::events_waiting;
use regulars_persistence::migrate::{level_known, migration_level};
use serde::Serialize;

use crate::jobs::task::now;
use crate::{App, AppError, AppResult};

/// With less room than this on the disk, in bytes, writes are about to fail: told, but reads go on, so a server without
/// room stays in service.
const ROOM: u64 = 64 << 20;

/// One thing the server needs to be of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    pub name: &'static str,
    pub ok: bool,
    /// Whether the server is of no use without it.
    pub vital: bool,
    pub detail: String,
}

/// Whether the server can take requests, and what stands in the way. Blocks; may take as long as the database lets it.
pub fn readiness(app: &App) -> Vec<Need> {
    let told = |name, found: AppResult<String>| match found {
        Ok(detail) => Need { name, ok: true, vital: true, detail },
        // Faults of ours are for the log; a watcher sees which part fails.
        Err(error) => {
            tracing::warn!(need = name, error = %error, "not ready");
            Need { name, ok: false, vital: true, detail: "fails, see the log".into() }
        }
    };
    vec![told("database", level(app)), told("writer", writer(app)), disk(app)]
}

/// Answers, and has this program's tables. A newer program may have migrated it meanwhile: that is no fault of ours.
fn level(app: &App) -> AppResult<String> {
    let level = app.db().read(|db| Ok::<_, AppError>(migration_level(db)?))?.unwrap_or_default();
    if level < level_known()? {
        return Err(AppError::Internal(format!("at migration {level}")));
    }
    Ok(format!("at migration {level}"))
}

fn writer(app: &App) -> AppResult<String> {
    app.db().write(|_| Ok::<_, AppError>(()))?;
    Ok("commits".into())
}

fn disk(app: &App) -> Need {
    let name = "disk";
    match disk_free(app) {
        Err(error) => Need { name, ok: false, vital: false, detail: error.to_string() },
        Ok(free) => Need { name, ok: free >= ROOM, vital: false, detail: format!("{} MiB free", free >> 20) },
    }
}

/// Bytes free for this program where it keeps its files.
fn disk_free(app: &App) -> rustix::io::Result<u64> {
    let disk = rustix::fs::statvfs(&app.config().data_dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Sets the gauges that nobody sets by the way: jobs, the log's lag, what the process holds. Blocks.
pub fn gauges_refresh(app: &App) -> AppResult<()> {
    process_gauges();
    if let Ok(free) = disk_free(app) {
        metrics::gauge!("disk_free_bytes").set(free as f64);
    }
    let (jobs, waiting, unsealed) = app.db().read(|db| {
        let sealed = chain_head(db)?.map_or(0, |head| head.seq);
        Ok::<_, AppError>((jobs_stand(db, now())?, events_waiting(db)?, event_newest(db)? - sealed))
    })?;
    for (status, count) in [("queued", jobs.queued), ("running", jobs.running), ("failed", jobs.failed)] {
        metrics::gauge!("jobs", "status" => status).set(count as f64);
    }
    let waits = jobs.due_since.map_or(0.0, |since| (now() - since).as_seconds_f64());
    metrics::gauge!("jobs_oldest_due_seconds").set(waits.max(0.0));
    metrics::gauge!("events_unnumbered").set(waiting as f64);
    metrics::gauge!("events_unsealed").set(unsealed as f64);
    Ok(())
}

/// From Linux's `/proc`; elsewhere the gauges stay away.
fn process_gauges() {
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        if let (Some(kilobytes), Some(threads)) = (field("VmRSS:"), field("Threads:")) {
            metrics::gauge!("process_resident_memory_bytes").set(kilobytes * 1024.0);
            metrics::gauge!("process_threads").set(threads);
        }
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(open.count() as f64);
    }
}
