//! Programmes as they are shown: cohorts, retention as it was and as it is fitted, what tenure says of what is to come.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_analytics::lifetime::programme::BillTrial;
use regulars_domain::ids::UnitId;
use regulars_persistence::insight::lifetime::{LifetimeModelRow, lifetime_models_latest};
use regulars_persistence::sales::customer::unit_names;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::fit::ProgrammeFit;
use super::settings::ProgrammeSettings;
use crate::access::Ref;
use crate::insight::evaluation::unit_in_sight;
use crate::insight::settings::LifetimeSettings;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// A programme in a unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgrammeView {
    pub unit: Ref,
    /// What it was fitted with.
    pub settings: ProgrammeSettings,
    /// The last day it looked at.
    pub as_of: NaiveDate,
    pub fitted_at: DateTime<Utc>,
    /// Contracts ever begun; who comes back after having left begins a new one.
    pub contracts: u64,
    pub running: u64,
    pub left: u64,
    /// What the mean bill comes to.
    pub bill: Money,
    /// Whether what is expected comes from the model; otherwise from the rate of renewal, the same for everybody.
    pub used: bool,
    /// Why not.
    #[schema(value_type = Option<crate::shape::BillShortfall>)]
    pub shortfall: Option<String>,
    pub parameters: Option<ProgrammeParameters>,
    pub standard_errors: Option<ProgrammeParameters>,
    pub log_likelihood: Option<f64>,
    /// Renewals ÷ chances to renew.
    pub rate: Option<f64>,
    /// Renewal by renewal: how many had the chance, how many made it, and what is fitted.
    pub renewals: Vec<RenewalView>,
    /// By the period of the first bill, the latest 36.
    pub cohorts: Vec<BillCohortView>,
    /// What is expected of those who pay now, by the bills they have paid.
    pub tenures: Vec<TenureView>,
    /// How it did on days held out; absent where there was too little before them.
    pub quality: Option<BillQuality>,
    /// Whom the programme's bills are expected of now.
    #[schema(value_type = crate::shape::Condition)]
    pub condition: Value,
}

/// Probabilities of not renewing are beta distributed (α, β) among customers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgrammeParameters {
    #[schema(example = 0.6681)]
    pub alpha: f64,
    #[schema(example = 3.8061)]
    pub beta: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RenewalView {
    /// 1 is the second bill.
    pub renewal: u32,
    /// Contracts of which one knows whether they were renewed.
    pub at_risk: u64,
    pub renewed: u64,
    /// renewed ÷ at_risk.
    pub retention: f64,
    /// Share of those who began that is still there.
    pub staying: f64,
    pub fitted_retention: Option<f64>,
    pub fitted_staying: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillCohortView {
    /// First day of the period.
    pub from: NaiveDate,
    /// How many paid bill 1, 2, 3, …, as far as it is decided for all of them.
    pub paying: Vec<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TenureView {
    /// Bills paid.
    pub paid: u32,
    pub contracts: u64,
    /// That the next bill is paid.
    pub next: f64,
    /// Bills still expected within ten years.
    pub remaining: f64,
    /// What these are worth today at the mean bill, the next one due a period from now.
    pub residual_value: Money,
}

/// The trial: fitted to what was known before the days held out, judged by the renewals decided in them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillQuality {
    /// Where the days held out begin.
    pub held_from: NaiveDate,
    /// Contracts that ran then.
    pub contracts: u64,
    /// Bills expected in the days held out.
    pub expected: f64,
    /// By the mean rate of renewal, the plain rule that one would use otherwise.
    pub by_rate: f64,
    pub actual: u64,
    /// Whether the model came nearer, renewal by renewal, than that rate.
    pub model_nearer: bool,
    pub steps: Vec<BillStep>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillStep {
    /// 1 is the next renewal.
    pub ahead: u32,
    /// Contracts of which one knows whether they came so far.
    pub count: u64,
    pub expected: f64,
    pub by_rate: f64,
    pub actual: u64,
}

/// The programmes of each unit within sight, as they were fitted last.
pub fn programme_list(cx: &Cx) -> AppResult<Vec<ProgrammeView>> {
    cx.require("insight:metric:read")?;
    let currency = cx.company()?.currency.clone();
    cx.read(|db| {
        let names: HashMap<UnitId, String> = unit_names(db)?.into_iter().collect();
        let mut out = Vec::new();
        for row in lifetime_models_latest(db, unit_in_sight(cx))? {
            let unit = Ref::new(row.unit_id, names.get(&row.unit_id).cloned().unwrap_or_default());
            let lifetime: LifetimeSettings = serde_json::from_value(row.settings.clone()).unwrap_or_default();
            for fit in fits_of(&row)? {
                out.push(view(fit, &row, (unit.clone(), &currency), lifetime.monthly_discount));
            }
        }
        Ok(out)
    })
}

/// What a stored model says of programmes.
pub fn fits_of(row: &LifetimeModelRow) -> AppResult<Vec<ProgrammeFit>> {
    let fits = row.programmes.clone().map(serde_json::from_value).transpose().map_err(AppError::internal)?;
    Ok(fits.unwrap_or_default())
}

fn view(fit: ProgrammeFit, row: &LifetimeModelRow, (unit, currency): (Ref, &str), discount: f64) -> ProgrammeView {
    let ProgrammeFit { settings, model, trial, bill } = fit;
    let found = model.fit;
    let retention = model.retention();
    let months = settings.period_months;
    let tenures = retention.map_or_else(Vec::new, |retention| {
        let one = |(paid, contracts): (&u32, &u64)| {
            let (remaining, worth) = retention.outlook(*paid, months, discount);
            TenureView {
                paid: *paid,
                contracts: *contracts,
                next: retention.renewal(*paid),
                remaining,
                residual_value: Money::of((worth * bill).round() as i64, currency),
            }
        };
        model.running.iter().map(one).collect()
    });
    let renewals = model.renewals.iter().map(|one| RenewalView {
        renewal: one.renewal,
        at_risk: one.at_risk,
        renewed: one.renewed,
        retention: one.renewed as f64 / one.at_risk.max(1) as f64,
        staying: one.staying,
        fitted_retention: found.map(|fit| fit.parameters.retention(one.renewal)),
        fitted_staying: found.map(|fit| fit.parameters.survival(one.renewal)),
    });
    ProgrammeView {
        unit,
        as_of: row.as_of,
        fitted_at: row.fitted_at,
        contracts: model.contracts,
        running: model.running.values().sum(),
        left: model.left,
        bill: Money::of(bill.round() as i64, currency),
        used: model.shortfall.is_none(),
        shortfall: model.shortfall.map(|shortfall| shortfall.key().into()),
        parameters: found.map(|fit| ProgrammeParameters { alpha: fit.parameters.alpha, beta: fit.parameters.beta }),
        standard_errors: found
            .and_then(|fit| fit.standard_errors)
            .map(|of| ProgrammeParameters { alpha: of.alpha, beta: of.beta }),
        log_likelihood: found.map(|fit| fit.log_likelihood),
        rate: model.rate,
        renewals: renewals.collect(),
        cohorts: model
            .cohorts
            .iter()
            .map(|one| BillCohortView { from: one.from, paying: one.paying.clone() })
            .collect(),
        tenures,
        quality: trial.map(quality_view),
        condition: json!({"field": "metrics.programme", "op": "eq", "value": settings.key}),
        settings,
    }
}

fn quality_view(trial: BillTrial) -> BillQuality {
    BillQuality {
        held_from: trial.held_from,
        contracts: trial.contracts,
        expected: trial.expected,
        by_rate: trial.by_rate,
        actual: trial.actual,
        model_nearer: trial.model_nearer,
        steps: trial
            .steps
            .iter()
            .map(|one| BillStep {
                ahead: one.ahead,
                count: one.count,
                expected: one.expected,
                by_rate: one.by_rate,
                actual: one.actual,
            })
            .collect(),
    }
}
