//! The lifetime models of each unit: fitted weekly or on request, tried on days held out, shown with their verdict.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_analytics::holdout::{Judge, Quality, judge};
use regulars_analytics::lifetime::potential::LEAST_REPEATERS;
use regulars_analytics::lifetime::{Fit, History, Model, Purchases, Shortfall, Spend, WEEK, purchases_fit};
use regulars_domain::ids::{LifetimeModelId, PartyId, UnitId};
use regulars_persistence::insight::lifetime::{LifetimeModelRow, lifetime_model_insert, lifetime_models_latest};
use regulars_persistence::insight::metric::metrics_of_unit;
use regulars_persistence::sales::customer::unit_names;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::counts_when;
use super::evaluation::{EvaluationInput, REFIT, evaluation_job, unit_in_sight};
use super::history::{Bought, days_by_customer, history_of};
use super::outlook::Basis;
use super::programme::bills::Programmes;
use super::programme::fit::Collected;
use super::programme::view::fits_of;
use super::settings::LifetimeSettings;
use crate::access::Ref;
use crate::access::settings::Company;
use crate::jobs::JobView;
use crate::{App, AppError, AppResult, Cx};

/// Customers read at a time.
const READ_STEP: i64 = 5000;

/// A unit's model as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LifetimeModelView {
    pub id: Uuid,
    pub unit: Ref,
    /// The last day it looked at.
    pub as_of: NaiveDate,
    pub fitted_at: DateTime<Utc>,
    /// Buyers it looked at.
    pub customers: i64,
    /// Those of them who bought on a second day.
    pub repeaters: u64,
    /// How often they come: BG/NBD, weeks.
    pub purchases: PurchasesView,
    /// How much they spend then: Gamma-Gamma, whole units of the company's currency.
    pub spend: SpendView,
    /// How it did on days held out; absent when there were too few customers before them.
    pub quality: Option<QualityView>,
    /// What warnings go by: the model, or a plain rule that told better.
    #[schema(value_type = crate::shape::Judge)]
    pub judge: String,
    /// The settings it was fitted with.
    pub settings: LifetimeSettings,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchasesView {
    /// Whether scores come from it; otherwise from each customer's past rate.
    pub used: bool,
    /// Why not.
    #[schema(value_type = Option<crate::shape::Shortfall>)]
    pub shortfall: Option<String>,
    pub parameters: Option<PurchasesParameters>,
    pub standard_errors: Option<PurchasesParameters>,
    pub log_likelihood: Option<f64>,
    /// Distinct histories.
    pub distinct: Option<u64>,
}

/// Purchase rates are gamma distributed (r, α), probabilities of leaving beta distributed (a, b).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchasesParameters {
    #[schema(example = 0.2426)]
    pub r: f64,
    /// Weeks.
    #[schema(example = 4.4136)]
    pub alpha: f64,
    #[schema(example = 0.7929)]
    pub a: f64,
    #[schema(example = 2.4259)]
    pub b: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SpendView {
    /// Whether scores come from it; otherwise from each customer's mean day.
    pub used: bool,
    /// Why not.
    #[schema(value_type = Option<crate::shape::Shortfall>)]
    pub shortfall: Option<String>,
    pub parameters: Option<SpendParameters>,
    pub standard_errors: Option<SpendParameters>,
    pub log_likelihood: Option<f64>,
    /// Correlation of frequency and spending, which should be near 0.
    pub correlation: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SpendParameters {
    #[schema(example = 6.2496)]
    pub p: f64,
    #[schema(example = 3.7442)]
    pub q: f64,
    /// Whole units of the company's currency.
    #[schema(example = 15.4435)]
    pub gamma: f64,
}

/// The trial: fitted to what was before the hold-out, judged by what came in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QualityView {
    pub customers: u64,
    pub repeaters: u64,
    /// Purchases expected in the days held out.
    pub expected: f64,
    /// Purchases in them.
    pub actual: u64,
    /// Mean squared distance of P(no purchase) from what happened; less is better.
    pub brier: f64,
    /// That of always saying the mean.
    pub brier_base: f64,
    /// P(no purchase) said against happened, a fifth of the customers each.
    pub calibration: Vec<CalibrationView>,
    /// Purchases by earlier repetitions, expected and actual.
    pub by_repeats: Vec<RepeatsView>,
    pub trials: Vec<TrialView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CalibrationView {
    pub count: u64,
    pub predicted: f64,
    pub actual: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RepeatsView {
    /// The last stands for as many or more.
    pub repeats: u32,
    pub count: u64,
    pub expected: f64,
    pub actual: f64,
}

/// How one way of foretelling did: AUC 1 is always right, 0.5 is guessing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TrialView {
    #[schema(value_type = crate::shape::Judge)]
    pub judge: String,
    pub auc_all: Option<f64>,
    /// Among those who had bought on a second day, whom warnings are about.
    pub auc_repeaters: Option<f64>,
    /// Repeaters beyond its usual limit.
    pub flagged: u64,
    /// Share of those flagged who did not buy.
    pub precision: Option<f64>,
    /// Share of those who did not buy that was flagged.
    pub recall: Option<f64>,
}

/// The last model of each unit within sight.
pub fn lifetime_list(cx: &Cx) -> AppResult<Vec<LifetimeModelView>> {
    cx.require("insight:metric:read")?;
    cx.read(|db| {
        let names: HashMap<UnitId, String> = unit_names(db)?.into_iter().collect();
        let rows = lifetime_models_latest(db, unit_in_sight(cx))?;
        rows.into_iter().map(|row| view(row, &names)).collect()
    })
}

/// Asks for a fit and an evaluation with it.
pub fn lifetime_fit(cx: &Cx, input: EvaluationInput) -> AppResult<JobView> {
    evaluation_job(cx, input, REFIT)
}

fn view(row: LifetimeModelRow, names: &HashMap<UnitId, String>) -> AppResult<LifetimeModelView> {
    let model: Model = serde_json::from_value(row.model).map_err(AppError::internal)?;
    let quality: Option<Quality> = row.quality.map(serde_json::from_value).transpose().map_err(AppError::internal)?;
    Ok(LifetimeModelView {
        id: row.id.0,
        unit: Ref::new(row.unit_id, names.get(&row.unit_id).cloned().unwrap_or_default()),
        as_of: row.as_of,
        fitted_at: row.fitted_at,
        customers: row.customers,
        repeaters: model.repeaters,
        judge: judge_of(&model, quality.as_ref()).key().into(),
        purchases: purchases_view(&model),
        spend: spend_view(&model),
        quality: quality.map(quality_view),
        settings: serde_json::from_value(row.settings).unwrap_or_default(),
    })
}

fn purchases_view(model: &Model) -> PurchasesView {
    let parameters = |p: &Purchases| PurchasesParameters { r: p.r, alpha: p.alpha, a: p.a, b: p.b };
    let fit: Option<&Fit<Purchases>> = model.purchases.as_ref();
    PurchasesView {
        used: model.verdict.purchases.is_none(),
        shortfall: model.verdict.purchases.map(Shortfall::key).map(String::from),
        parameters: fit.map(|fit| parameters(&fit.parameters)),
        standard_errors: fit.and_then(|fit| fit.standard_errors.as_ref()).map(parameters),
        log_likelihood: fit.map(|fit| fit.log_likelihood),
        distinct: fit.map(|fit| fit.distinct),
    }
}

fn spend_view(model: &Model) -> SpendView {
    let parameters = |s: &Spend| SpendParameters { p: s.p, q: s.q, gamma: s.gamma };
    let fit: Option<&Fit<Spend>> = model.spend.as_ref();
    SpendView {
        used: model.verdict.spend.is_none(),
        shortfall: model.verdict.spend.map(Shortfall::key).map(String::from),
        parameters: fit.map(|fit| parameters(&fit.parameters)),
        standard_errors: fit.and_then(|fit| fit.standard_errors.as_ref()).map(parameters),
        log_likelihood: fit.map(|fit| fit.log_likelihood),
        correlation: model.correlation,
    }
}

fn quality_view(quality: Quality) -> QualityView {
    QualityView {
        customers: quality.customers,
        repeaters: quality.repeaters,
        expected: quality.expected,
        actual: quality.actual,
        brier: quality.brier,
        brier_base: quality.brier_base,
        calibration: quality
            .calibration
            .iter()
            .map(|bin| CalibrationView { count: bin.count, predicted: bin.predicted, actual: bin.actual })
            .collect(),
        by_repeats: quality
            .by_repeats
            .iter()
            .map(|bin| RepeatsView {
                repeats: bin.repeats,
                count: bin.count,
                expected: bin.expected,
                actual: bin.actual,
            })
            .collect(),
        trials: quality
            .trials
            .iter()
            .map(|trial| TrialView {
                judge: trial.judge.key().into(),
                auc_all: trial.auc_all,
                auc_repeaters: trial.auc_repeaters,
                flagged: trial.limit.flagged,
                precision: trial.limit.precision,
                recall: trial.limit.recall,
            })
            .collect(),
    }
}

/// What warnings go by: what told best on the days held out; where nothing was tried, the model if it is used, else
/// the rule that asks for the customer's own rhythm.
fn judge_of(model: &Model, quality: Option<&Quality>) -> Judge {
    let used = model.verdict.purchases.is_none();
    match quality.map(|quality| quality.best) {
        Some(Judge::Model) | None if used => Judge::Model,
        Some(Judge::Idle) => Judge::Idle,
        _ => Judge::Overdue,
    }
}

/// The last model of a unit, ready to score with.
pub fn basis(app: &App, company: &Company, unit: UnitId) -> AppResult<Basis> {
    let row = app.db().read(|db| Ok::<_, AppError>(lifetime_models_latest(db, Some(unit))?))?.pop();
    let minor = 10f64.powi(regulars_domain::money::decimals(&company.currency) as i32);
    let Some(row) = row else {
        return Ok(Basis { model: None, programmes: Vec::new(), judge: Judge::Overdue, minor });
    };
    // Places are those of the settings; what was fitted with others is no use until it is fitted anew.
    let fits = fits_of(&row)?;
    let settings = company.settings.insight.programmes.iter();
    let programmes = if settings.eq(fits.iter().map(|fit| &fit.settings)) { fits } else { Vec::new() };
    let model: Model = serde_json::from_value(row.model).map_err(AppError::internal)?;
    let quality: Option<Quality> = row.quality.map(serde_json::from_value).transpose().map_err(AppError::internal)?;
    Ok(Basis { judge: judge_of(&model, quality.as_ref()), model: Some(model), programmes, minor })
}

/// Fits a unit's models anew when they are older than the setting says, or were fitted with other settings.
pub fn lifetime_ensure(app: &App, company: &Company, unit: UnitId, now: DateTime<Utc>) -> AppResult<()> {
    let settings = company.settings.insight.lifetime;
    let programmes = &company.settings.insight.programmes;
    let latest = app.db().read(|db| Ok::<_, AppError>(lifetime_models_latest(db, Some(unit))?))?.pop();
    let current = latest.is_some_and(|row| {
        let age = company.business_date(now) - company.business_date(row.fitted_at);
        age.num_days() < i64::from(settings.refit_days)
            && fits_of(&row).is_ok_and(|fits| programmes.iter().eq(fits.iter().map(|fit| &fit.settings)))
            && serde_json::from_value::<LifetimeSettings>(row.settings).is_ok_and(|fitted| fitted == settings)
    });
    if current {
        return Ok(());
    }
    lifetime_fit_run(app, company, unit, company.business_date(now), now)
}

/// What a fit looks at, a row per buyer.
#[derive(Default)]
struct Columns {
    histories: Vec<History>,
    means: Vec<f64>,
    /// Those known before the days held out, and their purchases in them.
    earlier: Vec<History>,
    came: Vec<u32>,
    /// The bills they pay, which the rest leaves out.
    bills: Collected,
}

/// Fits the models of a unit to everything up to a day and keeps them.
pub fn lifetime_fit_run(
    app: &App,
    company: &Company,
    unit: UnitId,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let settings = company.settings.insight.lifetime;
    let mut columns = columns(app, company, unit, as_of)?;
    let programmes = std::mem::take(&mut columns.bills).fit(&company.settings.insight.programmes, &settings, as_of);
    let model = Model::fit(&columns.histories, &columns.means);
    let repeaters = columns.earlier.iter().filter(|one| one.repeats > 0).count() as u64;
    let weeks = f64::from(settings.holdout_days) / WEEK;
    let quality = (repeaters >= LEAST_REPEATERS)
        .then(|| purchases_fit(&columns.earlier).ok())
        .flatten()
        .and_then(|fit| judge(&fit.parameters, &columns.earlier, &columns.came, weeks));
    let row = LifetimeModelRow {
        id: LifetimeModelId::fresh(),
        unit_id: unit,
        as_of,
        model: serde_json::to_value(model).map_err(AppError::internal)?,
        quality: quality.map(serde_json::to_value).transpose().map_err(AppError::internal)?,
        programmes: Some(serde_json::to_value(programmes).map_err(AppError::internal)?),
        settings: serde_json::to_value(settings).map_err(AppError::internal)?,
        customers: columns.histories.len() as i64,
        fitted_at: now,
    };
    app.db().write(move |tx| Ok::<_, AppError>(lifetime_model_insert(tx, row.clone())?))
}

fn columns(app: &App, company: &Company, unit: UnitId, as_of: NaiveDate) -> AppResult<Columns> {
    let settings = company.settings.insight.lifetime;
    let minor = 10f64.powi(regulars_domain::money::decimals(&company.currency) as i32);
    let past = (as_of < company.business_date(crate::jobs::task::now())).then(|| company.past_day(as_of));
    let held_from = as_of.checked_sub_days(Days::new(settings.holdout_days.unsigned_abs().into())).unwrap_or(as_of);
    let when = counts_when(company);
    let programmes = app.db().read(|db| Programmes::read(db, &company.settings.insight.programmes))?;
    let mut out = Columns { bills: Collected::new(programmes.settings.len()), ..Columns::default() };
    let mut after: Option<PartyId> = None;
    loop {
        let rows = app.db().read(|db| Ok::<_, AppError>(metrics_of_unit(db, unit, after, READ_STEP)?))?;
        let Some(last) = rows.last() else { return Ok(out) };
        after = Some(last.party_id);
        let ids: Vec<PartyId> = rows.iter().map(|row| row.party_id).collect();
        let mut days = app.db().read(|db| days_by_customer(db, &ids, (when, as_of), past.as_ref()))?;
        let billed = app.db().read(|db| programmes.billed(db, &ids, (when, as_of), past.as_ref()))?;
        // In the order of ids, for sums of floating numbers depend on it.
        for (id, days) in ids.iter().filter_map(|id| Some((id, days.remove(id)?))) {
            let days = match billed.get(id) {
                Some(bills) => bills.without(&days),
                None => days,
            };
            let Some(bought) = Bought::of(&days, &days, as_of, settings.yearly_discount) else { continue };
            let Some(history) = bought.history else { continue };
            out.histories.push(history);
            out.means.push(bought.repeat_mean / minor);
            let earlier = days.partition_point(|day| day.on <= held_from);
            if earlier > 0 {
                out.earlier.push(history_of(&days[..earlier], held_from));
                out.came.push(u32::try_from(days.len() - earlier).unwrap_or(u32::MAX));
            }
        }
        out.bills.add(&ids, billed);
    }
}
