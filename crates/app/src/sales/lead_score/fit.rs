//! Learning a unit's scorecard from its closed leads, on request and every so many days, and scoring by it.

use chrono::{DateTime, Months, TimeDelta, Utc};
use regulars_analytics::scorecard::{Learning, Learnt, learn};
use regulars_domain::ids::{UnitId, UserId};
use regulars_domain::lead_score::{Quality, Refusal};
use regulars_domain::pipeline::StageStatus;
use regulars_persistence::Db;
use regulars_persistence::sales::lead_score::{
    FitRow, LeadFactRow, closed_of_unit, fit_insert, fits_last, lead_facts, scorings_get, units_with_leads,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facts::{Case, attributes, cases, columns};
use super::refresh::{minor, settings_of, unit_refresh};
use super::settings::LeadScoringInput;
use crate::access::settings::company_load;
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue, job_enqueue_system};
use crate::{App, AppError, AppResult, Cx};

/// The kinds of job: learn and score, score alone.
pub const FIT: &str = "leads.fit";
pub const SCORE: &str = "leads.score";
/// They follow one another.
const LANE: &str = "leads";
/// Closed leads that are learnt from at most, the newest; read so many at a time.
const MOST_CASES: i64 = 20_000;
const READ_STEP: usize = 500;
/// Where what was learnt can be seen.
const PLACE: &str = "/api/v1/lead-scoring";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Order {
    unit_id: UnitId,
}

fn job(kind: &'static str, unit: UnitId, key: &str) -> AppResult<NewJob> {
    Ok(NewJob {
        kind,
        input: serde_json::to_value(Order { unit_id: unit }).map_err(AppError::internal)?,
        total: None,
        dedupe_key: Some(format!("{kind}:{unit}:{key}")),
        lane: Some(LANE),
    })
}

/// Asks for a fit of a unit; asked for again while it waits, the same is a conflict.
pub(super) fn fit_ask(cx: &Cx, unit: UnitId) -> AppResult<JobView> {
    let job = job(FIT, unit, "asked")?;
    let within = cx.clone();
    cx.create(move |tx| job_enqueue(tx, &within, job.clone()))
}

/// Queues a fit that nobody in particular asked for.
pub(super) fn fit_queue(tx: &mut Db, unit: UnitId, key: &str, now: DateTime<Utc>) -> AppResult<()> {
    job_enqueue_system(tx, job(FIT, unit, key)?, now)
}

/// Queues the scoring of what is open in a unit.
pub(super) fn score_queue(tx: &mut Db, unit: UnitId, key: &str, now: DateTime<Utc>) -> AppResult<()> {
    job_enqueue_system(tx, job(SCORE, unit, key)?, now)
}

/// Queues fits of the units whose last one is older than they set, or that never tried.
pub fn fits_due(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    match app.company(now) {
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        company => company?,
    };
    let due = app.db().read(|db| {
        let (last, scorings) = (fits_last(db)?, scorings_get(db, None)?);
        let mut due = Vec::new();
        for unit in units_with_leads(db)? {
            let days = settings_of(scorings.iter().find(|row| row.unit_id == unit))?.refit_days;
            if last.get(&unit).is_none_or(|at| *at + TimeDelta::days(days) <= now) {
                due.push(unit);
            }
        }
        Ok::<_, AppError>(due)
    })?;
    if due.is_empty() {
        return Ok(());
    }
    app.db().write(move |tx| due.iter().try_for_each(|unit| fit_queue(tx, *unit, "due", now)))
}

/// Job: learn anew, then score what is open.
pub fn fit_job(task: &Task) -> AppResult<Option<String>> {
    let Order { unit_id } = task.input()?;
    fit_run(&task.app, unit_id, task.job.created_by, crate::jobs::task::now())?;
    score_job(task)
}

/// Job: score what is open.
pub fn score_job(task: &Task) -> AppResult<Option<String>> {
    let Order { unit_id } = task.input()?;
    let minor = minor(&task.app.db().read(company_load)?);
    unit_refresh(&task.app, unit_id, minor, &mut |done| task.progress(Step { done, ..Step::default() }))?;
    Ok(Some(PLACE.into()))
}

/// Learns of a unit's closed leads and keeps what came of it, or why nothing did.
pub fn fit_run(app: &App, unit: UnitId, by: Option<UserId>, now: DateTime<Utc>) -> AppResult<()> {
    let minor = minor(&app.db().read(company_load)?);
    let settings = app.db().read(|db| settings_of(scorings_get(db, Some(unit))?.first()))?;
    let months = Months::new(u32::try_from(settings.months).unwrap_or(24));
    let since = now.checked_sub_months(months).unwrap_or(now);
    let mut known: Vec<(LeadFactRow, Case)> = Vec::new();
    let ids = app.db().read(|db| Ok::<_, AppError>(closed_of_unit(db, unit, since, MOST_CASES)?))?;
    for some in ids.chunks(READ_STEP) {
        known.extend(app.db().read(|db| {
            let rows = lead_facts(db, some)?;
            let cases = cases(db, &rows, minor)?;
            Ok::<_, AppError>(rows.into_iter().zip(cases).collect::<Vec<_>>())
        })?);
    }
    let good: Vec<bool> = known.iter().map(|(row, _)| row.status == StageStatus::Won.key()).collect();
    let known: Vec<Case> = known.into_iter().map(|(_, case)| case).collect();
    let attributes = app.db().read(attributes)?;
    let row = fit_row(&settings, &good, || {
        let learning =
            Learning { least_cases: usize::try_from(settings.least_each).unwrap_or(50), ..Learning::default() };
        learn(&columns(&attributes, &known), &good, &learning)
    })?;
    let row = FitRow { id: AnyId(Uuid::now_v7()), unit_id: unit, since, fitted_by: by, fitted_at: now, ..row };
    app.db().write(move |tx| Ok::<_, AppError>(fit_insert(tx, row.clone())?))
}

/// What a fit came to, still of nobody.
fn fit_row(settings: &LeadScoringInput, good: &[bool], learn: impl FnOnce() -> Option<Learnt>) -> AppResult<FitRow> {
    let won = good.iter().filter(|good| **good).count();
    let (won, lost) = (won as i64, (good.len() - won) as i64);
    let refused = settings.sample().refusal(won, lost);
    let learnt = if refused.is_some() { None } else { learn() };
    let judged = learnt.as_ref().map(|learnt| learnt.judged);
    let quality = judged.and_then(|judged| Quality::of(judged.auc, judged.error));
    let refusal = refused.or_else(|| quality.is_none().then_some(Refusal::NoBetterThanChance));
    Ok(FitRow {
        id: AnyId(Uuid::nil()),
        unit_id: UnitId(Uuid::nil()),
        settings: serde_json::to_value(settings).map_err(AppError::internal)?,
        since: DateTime::UNIX_EPOCH,
        won,
        lost,
        refusal: refusal.map(|refusal| refusal.key().into()),
        card: learnt.map(|learnt| serde_json::to_value(learnt.card)).transpose().map_err(AppError::internal)?,
        auc: judged.map(|judged| judged.auc),
        auc_error: judged.map(|judged| judged.error),
        held_out: judged.map(|judged| judged.cases as i64),
        fitted_by: None,
        fitted_at: DateTime::UNIX_EPOCH,
    })
}
