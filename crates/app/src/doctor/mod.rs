//! The check-up behind `regulars doctor`: whether what must always hold does hold, as of one moment. Changes nothing.

mod checks;

use std::time::Instant;

use chrono::{DateTime, Utc};
use regulars_persistence::doctor::snapshot;
use regulars_persistence::{Db, Location};
use serde::Serialize;

use crate::AppResult;

/// How thoroughly to look.
#[derive(Debug, Clone, Default)]
pub struct CheckUp {
    /// Everyone's figures and search words instead of a sample's.
    pub full: bool,
    /// Number and hash of a link noted elsewhere, which must still stand.
    pub anchor: Option<(i64, String)>,
}

/// One check's outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    pub name: &'static str,
    pub ok: bool,
    pub detail: String,
    pub seconds: f64,
}

/// What was found, one line a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub ok: bool,
    pub checks: Vec<Finding>,
}

/// What a check says when it is done: in a few words, and whether all is well.
struct Said {
    ok: bool,
    detail: String,
}

impl Said {
    /// Well if nothing is wrong; else the first few of what is.
    fn of(well: String, wrong: &[String]) -> Self {
        const SHOWN: usize = 5;
        if wrong.is_empty() {
            return Self { ok: true, detail: well };
        }
        let more = wrong.len().saturating_sub(SHOWN);
        let mut detail = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        if more > 0 {
            detail.push_str(&format!("; and {more} more"));
        }
        Self { ok: false, detail }
    }
}

/// What a check is handed.
struct Asked<'a> {
    check_up: &'a CheckUp,
    now: DateTime<Utc>,
}

type Check = fn(&mut Db, &Asked<'_>) -> AppResult<Said>;

/// A new check is a row here.
const CHECKS: &[(&str, Check)] = &[
    ("schema", checks::schema),
    ("integrity", checks::integrity),
    ("references", checks::references),
    ("order sums", checks::order_sums),
    ("metric rows", checks::metric_rows),
    ("metrics", checks::metrics),
    ("kept parts", checks::kept_parts),
    ("search index", checks::search_index),
    ("files", checks::files),
    ("event numbers", checks::event_numbers),
    ("audit chain", checks::audit_chain),
    ("jobs", checks::jobs),
];

/// Runs every check; one that cannot be run is not well.
pub fn doctor(location: &Location, check_up: &CheckUp, now: DateTime<Utc>) -> AppResult<Report> {
    let asked = Asked { check_up, now };
    let checks: Vec<Finding> = snapshot(location, |db| {
        let run = |(name, check): &(&'static str, Check)| {
            let started = Instant::now();
            let said = check(db, &asked).unwrap_or_else(|error| Said { ok: false, detail: error.to_string() });
            Finding { name, ok: said.ok, detail: said.detail, seconds: started.elapsed().as_secs_f64() }
        };
        CHECKS.iter().map(run).collect()
    })?;
    Ok(Report { ok: checks.iter().all(|check| check.ok), checks })
}
