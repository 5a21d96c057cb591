//! Evaluation: every customer of a unit scored as of a day and the scores stored. Daily, after imports, when its
//! settings change, and on request.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::ids::{EvaluationId, PartyId, UnitId};
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::customers::cost::spent_on;
use regulars_persistence::insight::change::{ClassChangeRow, class_changes_insert};
use regulars_persistence::insight::contact::{contacts_moved, contacts_write};
use regulars_persistence::insight::counter::{
    BATCH, counters, gaps, metric_differences, metric_refresh, party_ids_after,
};
use regulars_persistence::insight::evaluation::{
    EvaluationRow, ScoreRow, evaluation_finish, evaluation_insert, evaluations_latest, growth_of_unit,
    parties_without_metric, scores_write,
};
use regulars_persistence::insight::metric::{MetricRow, metrics_of_unit};
use regulars_persistence::insight::past::PastDay;
use regulars_persistence::job::job_lane_busy;
use regulars_persistence::sales::customer::unit_names;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::association::associations_learn;
use super::counts_when;
use super::durable::owned::Durables;
use super::history::{Bought, days_by_customer};
use super::known::Known;
use super::lifetime::{basis, lifetime_ensure, lifetime_fit_run};
use super::outlook::Basis;
use super::programme::bills::Programmes;
use super::score::{Fact, scores};
use super::settings::InsightSettings;
use super::stored::{Classes, Stored, standing};
use super::warning::warnings_follow;
use crate::access::Ref;
use crate::access::settings::{Company, company_load};
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue, job_enqueue_system};
use crate::{App, AppError, AppResult, Cx};

/// The kinds of job.
pub const EVALUATE: &str = "insight.evaluate";
pub const RECOUNT: &str = "insight.recount";
pub const REFIT: &str = "insight.refit";

/// Evaluations follow one another: two at once would leave the older one's scores.
const LANE: &str = "insight";

/// Customers read, and written, at a time.
const READ_STEP: i64 = 5000;
const WRITE_STEP: usize = 2000;

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationInput {
    /// Today when absent. For a past day orders up to it are counted as they stood at its end: with the payments and
    /// returns of days up to it, in the state that the changes recorded since tell of, deleted ones that were there.
    /// Lines and amounts are those of now, and so is the state of an order that an import has changed since.
    #[schema(example = "2026-01-31")]
    pub as_of: Option<NaiveDate>,
}

/// The last evaluation of each unit within sight.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EvaluationView {
    pub id: Uuid,
    pub unit: Ref,
    pub as_of: NaiveDate,
    pub customers: i64,
    pub started_at: DateTime<Utc>,
    pub evaluated_at: Option<DateTime<Utc>>,
    pub settings: InsightSettings,
}

/// What a job is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Order {
    as_of: Option<NaiveDate>,
    /// All units when absent.
    unit_id: Option<UnitId>,
}

/// The unit that a caller's evaluation is about: their own unless they see all.
pub fn unit_in_sight(cx: &Cx) -> Option<UnitId> {
    match cx.visible(Resource::Customer, Action::Read) {
        Visibility::Company => None,
        _ => Some(cx.actor.unit_id),
    }
}

/// Asks for an evaluation, of the caller's unit or, seeing all, of every unit. It waits for those asked for before; asked
/// for again while it waits, the same is a conflict.
pub fn evaluation_create(cx: &Cx, input: EvaluationInput) -> AppResult<JobView> {
    evaluation_job(cx, input, EVALUATE)
}

/// The same of any of the kinds of job that end with an evaluation.
pub fn evaluation_job(cx: &Cx, input: EvaluationInput, kind: &'static str) -> AppResult<JobView> {
    cx.require("insight:evaluation:run")?;
    if input.as_of.is_some_and(|as_of| cx.today().is_ok_and(|today| as_of > today)) {
        return Err(AppError::invalid("/as_of", "date_in_future"));
    }
    let order = Order { as_of: input.as_of, unit_id: unit_in_sight(cx) };
    let job = NewJob {
        kind,
        dedupe_key: Some(format!("{kind}:{:?}:{:?}", order.unit_id, order.as_of)),
        input: serde_json::to_value(&order).map_err(AppError::internal)?,
        total: None,
        lane: Some(LANE),
    };
    let within = cx.clone();
    cx.create(move |tx| job_enqueue(tx, &within, job.clone()))
}

pub fn evaluation_latest(cx: &Cx) -> AppResult<Vec<EvaluationView>> {
    cx.require("insight:metric:read")?;
    cx.read(|db| {
        let names: HashMap<UnitId, String> = unit_names(db)?.into_iter().collect();
        let view = |row: EvaluationRow| EvaluationView {
            id: row.id.0,
            unit: Ref::new(row.unit_id, names.get(&row.unit_id).cloned().unwrap_or_default()),
            as_of: row.as_of,
            customers: row.customers,
            started_at: row.started_at,
            evaluated_at: row.finished_at,
            settings: serde_json::from_value(row.settings).unwrap_or_default(),
        };
        Ok(evaluations_latest(db, unit_in_sight(cx))?.into_iter().map(view).collect())
    })
}

/// Queues an evaluation that nobody in particular asked for: after an import, of its unit.
pub fn evaluation_queue(tx: &mut Db, unit: Option<UnitId>, now: DateTime<Utc>) -> AppResult<()> {
    let order = Order { as_of: None, unit_id: unit };
    let input = serde_json::to_value(&order).map_err(AppError::internal)?;
    let dedupe_key = Some(format!("{EVALUATE}:{unit:?}:queued"));
    job_enqueue_system(tx, NewJob { kind: EVALUATE, input, total: None, dedupe_key, lane: Some(LANE) }, now)
}

/// Queues what a change of settings makes stale, in its transaction.
pub fn settings_changed(
    tx: &mut Db,
    before: &crate::access::settings::Settings,
    after: &crate::access::settings::Settings,
    (version, now): (i64, DateTime<Utc>),
) -> AppResult<()> {
    let kind = if before.order_counts_when != after.order_counts_when {
        RECOUNT
    } else if before.insight != after.insight {
        EVALUATE
    } else {
        return Ok(());
    };
    let dedupe_key = Some(format!("{kind}:settings:{version}"));
    job_enqueue_system(tx, NewJob { kind, input: json!({}), total: None, dedupe_key, lane: Some(LANE) }, now)
}

/// Queues the day's recount and evaluation once the business day has begun.
pub fn evaluation_daily(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let company = match app.company(now) {
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        company => company?,
    };
    let today = company.business_date(now);
    let (latest, units) =
        app.db().read(|db| Ok::<_, AppError>((evaluations_latest(db, None)?, unit_names(db)?.len())))?;
    // Whatever is under way or waits evaluates; the next turn sees whether that was enough.
    if app.db().read(|db| Ok::<_, AppError>(job_lane_busy(db, LANE)?))? {
        return Ok(());
    }
    let current = latest.iter().filter(|row| company.business_date(row.started_at) >= today).count();
    if current >= units {
        return Ok(());
    }
    let dedupe_key = Some(format!("{RECOUNT}:daily"));
    app.db().write(move |tx| {
        let job =
            NewJob { kind: RECOUNT, input: json!({}), total: None, dedupe_key: dedupe_key.clone(), lane: Some(LANE) };
        job_enqueue_system(tx, job, now)
    })
}

/// Job: evaluate.
pub fn evaluate_job(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let mut progress = |done: i64| task.progress(Step { done, ..Step::default() });
    evaluation_run(&task.app, order.unit_id, order.as_of, crate::jobs::task::now(), &mut progress)?;
    Ok(Some("/api/v1/insight/evaluations/latest".into()))
}

/// Job: recount everybody, then evaluate.
pub fn recount_job(task: &Task) -> AppResult<Option<String>> {
    let mended = metrics_recount(&task.app, &mut |done| task.progress(Step { done, ..Step::default() }))?;
    if mended > 0 {
        tracing::warn!(customers = mended, "counters were not what the orders say and were mended");
    }
    evaluate_job(task)
}

/// Job: fit the lifetime models anew, then evaluate with them.
pub fn refit_job(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let now = crate::jobs::task::now();
    let company = task.app.db().read(company_load)?;
    let as_of = order.as_of.unwrap_or_else(|| company.business_date(now));
    let units = task.app.db().read(|db| Ok::<_, AppError>(unit_names(db)?))?;
    for (id, _) in units.into_iter().filter(|(id, _)| order.unit_id.is_none_or(|unit| unit == *id)) {
        rows_ensure(&task.app, id, counts_when(&company))?;
        lifetime_fit_run(&task.app, &company, id, as_of, now)?;
    }
    evaluate_job(task)?;
    Ok(Some("/api/v1/insight/lifetime".into()))
}

/// Compares every customer's counters with their orders and interactions and mends those that differ; answers how many
/// did. None do, unless the setting of which orders count has changed.
pub fn metrics_recount(app: &App, progress: &mut dyn FnMut(i64) -> AppResult<()>) -> AppResult<i64> {
    let when = counts_when(&app.db().read(company_load)?);
    let (mut after, mut done, mut mended) = (None, 0, 0);
    loop {
        let ids = app.db().read(|db| Ok::<_, AppError>(party_ids_after(db, after, BATCH as i64)?))?;
        let Some(last) = ids.last() else { return Ok(mended) };
        after = Some(*last);
        let differing = app.db().read(|db| Ok::<_, AppError>(metric_differences(db, &ids, when)?))?;
        if !differing.is_empty() {
            mended += differing.len() as i64;
            app.db().write(move |tx| Ok::<_, AppError>(metric_refresh(tx, &differing, when)?))?;
        }
        done += ids.len() as i64;
        progress(done)?;
    }
}

/// Evaluates one unit or all as of a day, today when absent, and counts contacts up to now.
pub fn evaluation_run(
    app: &App,
    unit: Option<UnitId>,
    as_of: Option<NaiveDate>,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(i64) -> AppResult<()>,
) -> AppResult<()> {
    let company = app.db().read(company_load)?;
    let today = company.business_date(now);
    let as_of = as_of.unwrap_or(today);
    let units = app.db().read(|db| Ok::<_, AppError>(unit_names(db)?))?;
    let mut done = 0;
    for (id, _) in units.into_iter().filter(|(id, _)| unit.is_none_or(|unit| unit == *id)) {
        rows_ensure(app, id, counts_when(&company))?;
        let moved = app.db().read(|db| Ok::<_, AppError>(contacts_moved(db, id, now)?))?;
        for some in moved.chunks(WRITE_STEP) {
            let some = some.to_vec();
            app.db().write(move |tx| Ok::<_, AppError>(contacts_write(tx, &some)?))?;
        }
        if as_of == today {
            lifetime_ensure(app, &company, id, now)?;
        }
        let mut run = UnitRun { app, company: &company, unit: id, as_of, past: as_of < today };
        run.evaluate(now, &mut |more| {
            done += more;
            progress(done)
        })?;
    }
    Ok(())
}

/// Makes rows for customers that have none, so that everybody has a stage.
fn rows_ensure(app: &App, unit: UnitId, when: CountsWhen) -> AppResult<()> {
    let mut after: Option<PartyId> = None;
    loop {
        let ids = app.db().read(|db| Ok::<_, AppError>(parties_without_metric(db, unit, after, WRITE_STEP as i64)?))?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        app.db().write(move |tx| Ok::<_, AppError>(metric_refresh(tx, &ids, when)?))?;
    }
}

struct UnitRun<'a> {
    app: &'a App,
    company: &'a Company,
    unit: UnitId,
    as_of: NaiveDate,
    past: bool,
}

impl UnitRun<'_> {
    fn evaluate(&mut self, now: DateTime<Utc>, progress: &mut dyn FnMut(i64) -> AppResult<()>) -> AppResult<()> {
        let id = EvaluationId::fresh();
        let settings = &self.company.settings.insight;
        let row = EvaluationRow {
            id,
            unit_id: self.unit,
            as_of: self.as_of,
            settings: serde_json::to_value(settings).map_err(AppError::internal)?,
            customers: 0,
            started_at: now,
            finished_at: None,
        };
        self.app.db().write(move |tx| Ok::<_, AppError>(evaluation_insert(tx, row.clone())?))?;
        let UnitFacts { facts, stored, basis } = unit_facts(self.app, self.company, self.unit, self.as_of, self.past)?;
        let scores = scores(&facts, self.as_of, settings, &basis);
        let changed = facts.iter().zip(&scores).zip(&stored).filter_map(|((fact, score), (mark, before))| {
            let fresh = Stored::of(score, settings);
            (fresh.mark() != *mark).then(|| self.written(fresh, fact, before))
        });
        let mut changed = changed.peekable();
        while changed.peek().is_some() {
            let some: Vec<(ScoreRow, Vec<ClassChangeRow>)> = changed.by_ref().take(WRITE_STEP).collect();
            self.app.db().write(move |tx| {
                let (rows, changes): (Vec<ScoreRow>, Vec<Vec<ClassChangeRow>>) = some.iter().cloned().unzip();
                scores_write(tx, &rows)?;
                Ok::<_, AppError>(class_changes_insert(tx, changes.into_iter().flatten().collect())?)
            })?;
            progress(0)?;
        }
        if !self.past {
            warnings_follow(self.app, self.unit, (self.as_of, now), (&facts, &scores, basis.judge))?;
            associations_learn(self.app, self.unit, self.as_of, &self.company.settings.insight.associations)?;
        }
        let customers = facts.len() as i64;
        let finished = crate::jobs::task::now();
        self.app.db().write(move |tx| Ok::<_, AppError>(evaluation_finish(tx, id, customers, finished)?))?;
        progress(customers)
    }

    /// What is written of a customer whose scores changed.
    fn written(&self, fresh: Stored, fact: &Fact, before: &Classes) -> (ScoreRow, Vec<ClassChangeRow>) {
        let changes = fresh.changes(fact.id, before, self.as_of);
        let phase = |row: &ClassChangeRow| row.kind == "lifecycle";
        let since = if changes.iter().any(phase) { None } else { fact.standing.since };
        (fresh.row(fact.id, since.or(Some(self.as_of))), changes)
    }
}

/// A unit's customers as scoring sees them.
pub struct UnitFacts {
    pub facts: Vec<Fact>,
    /// The mark of the scores that stand, and the classes that each change of is kept.
    pub stored: Vec<(u64, Classes)>,
    /// The model they are scored with.
    pub basis: Basis,
}

/// The facts of a unit's customers as of a day, with the marks of the scores that stand. For a past day everything that
/// comes from orders is counted again from the orders up to it, as they stood.
pub fn unit_facts(app: &App, company: &Company, unit: UnitId, as_of: NaiveDate, past: bool) -> AppResult<UnitFacts> {
    let when = counts_when(company);
    let past = past.then(|| company.past_day(as_of));
    let growth = app.db().read(|db| Ok::<_, AppError>(growth_of_unit(db, unit, as_of, past.as_ref(), when)?))?;
    let year_before = as_of.checked_sub_days(chrono::Days::new(365)).unwrap_or(as_of);
    let basis = basis(app, company, unit)?;
    let settings = &company.settings.insight.programmes;
    let programmes = app.db().read(|db| Programmes::read(db, settings))?;
    let durables = app.db().read(|db| Durables::read(db, &company.settings.insight.durables))?;
    let known = app.db().read(|db| Known::read(db, unit, as_of, &company.settings.insight.known))?;
    let rate = company.settings.insight.lifetime.yearly_discount;
    let (mut facts, mut stored) = (Vec::new(), Vec::new());
    let mut after = None;
    loop {
        let mut rows = app.db().read(|db| Ok::<_, AppError>(metrics_of_unit(db, unit, after, READ_STEP)?))?;
        let Some(last) = rows.last() else { return Ok(UnitFacts { facts, stored, basis }) };
        after = Some(last.party_id);
        stored.extend(rows.iter().map(|row| {
            let stands = Stored::read(row);
            (stands.mark(), stands.classes)
        }));
        if let Some(past) = &past {
            app.db().read(|db| rewind(db, &mut rows, when, past))?;
        }
        let buyers: Vec<PartyId> = rows.iter().filter(|row| row.order_days > 0).map(|row| row.party_id).collect();
        let days = app.db().read(|db| days_by_customer(db, &buyers, (when, as_of), past.as_ref()))?;
        let billed = app.db().read(|db| programmes.billed(db, &buyers, (when, as_of), past.as_ref()))?;
        let spent = app.db().read(|db| Ok::<_, AppError>(spent_on(db, &buyers, as_of)?))?;
        let owned = app.db().read(|db| durables.owned(db, &buyers, (when, as_of), past.as_ref()))?;
        facts.extend(rows.iter().map(|row| {
            let bills = billed.get(&row.party_id);
            let bought = days.get(&row.party_id).and_then(|days| match bills {
                Some(bills) => Bought::of(days, &bills.without(days), as_of, rate),
                None => Bought::of(days, days, as_of, rate),
            });
            let spent = spent.get(&row.party_id).zip(row.first_order_on);
            let bought = match (bought, spent) {
                (Some(bought), Some((costs, first))) => Some(bought.after_costs(first, costs, rate)),
                (bought, _) => bought,
            };
            let grown = row.first_order_on.is_some_and(|on| on <= year_before);
            Fact {
                id: row.party_id,
                first_order_on: row.first_order_on,
                last_order_on: row.last_order_on,
                order_days: u32::try_from(row.order_days).unwrap_or(0),
                net: row.net,
                margin: (row.costs_unknown == 0).then_some(row.net - row.cost),
                categories: u32::try_from(row.categories).unwrap_or(0),
                median_gap_days: row.median_gap_days,
                growth: grown.then(|| growth.get(&row.party_id).copied().unwrap_or(0)),
                discount_share: (row.gross > 0).then(|| row.discount as f64 / row.gross as f64),
                contacts_90: row.contacts_90,
                billed: bills.is_some(),
                running: bills.map_or_else(Vec::new, |bills| bills.running(settings, as_of)),
                durable: owned.get(&row.party_id).copied(),
                wallet_share: known.wallet_share(row.party_id, bought.as_ref().map_or(0, |bought| bought.yearly)),
                credit: known.credit(row.party_id),
                bought,
                standing: standing(row),
            }
        }));
    }
}

/// Puts what orders up to a day say in the place of today's counters.
fn rewind(db: &mut Db, rows: &mut [MetricRow], when: CountsWhen, past: &PastDay) -> AppResult<()> {
    for some in rows.chunks_mut(BATCH) {
        let ids: Vec<PartyId> = some.iter().map(|row| row.party_id).collect();
        let mut counted = counters(db, &ids, when, Some(past))?;
        for row in some {
            let counters = counted.remove(&row.party_id).unwrap_or_default();
            let (_, median) = gaps(&counters.days);
            row.first_order_on = counters.days.first().copied();
            row.last_order_on = counters.days.last().copied();
            row.order_days = counters.days.len() as i64;
            row.gross = counters.gross;
            row.discount = counters.discount;
            row.net = counters.gross - counters.discount - counters.returns;
            row.cost = counters.cost;
            row.costs_unknown = counters.costs_unknown;
            row.categories = counters.categories;
            row.median_gap_days = median;
        }
    }
    Ok(())
}
