//! Short lists of what stands now: who is about to leave, who fell silent, targets, the pipeline.

use std::collections::HashMap;

use chrono::{Days, Duration};
use regulars_domain::error::Checks;
use regulars_domain::pivot::Period;
use regulars_domain::target::TargetKind;
use regulars_persistence::insight::dashboard::open_stages_stood;
use regulars_persistence::insight::today::silent_customers;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::figure::{months_touched, opportunity_sight};
use crate::insight::overview::sight;
use crate::insight::warning::{WarningsRequest, warning_list};
use crate::money::Money;
use crate::sales::target::target_list;
use crate::{AppResult, Cx};

/// What a line is about.
pub const LISTED_SUBJECTS: [&str; 3] = ["customer", "target", "stage"];
/// Lines of one card.
const MOST: usize = 10;
/// A key customer is silent after so many days without order or contact.
const SILENT_DAYS: u64 = 60;

/// A line of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DashboardListed {
    pub id: Uuid,
    #[schema(value_type = crate::shape::DashboardListedSubject)]
    pub subject: String,
    pub name: String,
    /// The pipeline of a stage, the kind of a target.
    #[schema(example = "unit")]
    pub group: Option<String>,
    #[schema(value_type = Option<crate::shape::ValueClass>)]
    pub value_class: Option<String>,
    /// Why a customer is warned of, the strongest first.
    #[schema(value_type = Vec<crate::shape::RiskReason>)]
    pub reasons: Vec<String>,
    /// At stake; achieved of a target; in a stage.
    pub amount: Option<Money>,
    /// The target; the amount of a stage times its probabilities.
    pub beside: Option<Money>,
    /// Days of silence; how many stand in a stage.
    #[schema(example = 75)]
    pub count: Option<i64>,
    /// The risk of a loss; how much of a target is achieved.
    #[schema(example = 0.82)]
    pub share: Option<f64>,
}

impl DashboardListed {
    fn of(id: Uuid, subject: &str, name: String) -> Self {
        Self {
            id,
            subject: subject.into(),
            name,
            group: None,
            value_class: None,
            reasons: Vec::new(),
            amount: None,
            beside: None,
            count: None,
            share: None,
        }
    }
}

pub(super) fn listed(cx: &Cx, key: &str, period: Option<Period>) -> AppResult<Vec<DashboardListed>> {
    match key {
        "warnings" => warnings(cx),
        "silent" => silent(cx),
        "targets" => targets(cx, period),
        _ => pipeline(cx),
    }
}

fn warnings(cx: &Cx) -> AppResult<Vec<DashboardListed>> {
    let warnings = warning_list(cx, &WarningsRequest::default())?.items;
    let line = |one: crate::insight::warning::WarningView| DashboardListed {
        value_class: one.value_class,
        reasons: one.reasons,
        amount: Some(one.stake),
        share: Some(one.risk),
        ..DashboardListed::of(one.customer.id, "customer", one.customer.name)
    };
    Ok(warnings.into_iter().take(MOST).map(line).collect())
}

fn silent(cx: &Cx) -> AppResult<Vec<DashboardListed>> {
    let customers = sight(cx)?;
    let today = cx.today()?;
    let before = today.checked_sub_days(Days::new(SILENT_DAYS)).unwrap_or(today);
    let spoken = cx.now - Duration::days(SILENT_DAYS as i64);
    let rows = cx.read(|db| Ok(silent_customers(db, &customers, before, spoken, MOST as i64)?))?;
    let line = |row: regulars_persistence::insight::today::SilentRow| DashboardListed {
        value_class: Some(row.value_class),
        count: Some((today - row.last_order_on).num_days()),
        ..DashboardListed::of(row.party_id.0, "customer", row.name)
    };
    Ok(rows.into_iter().map(line).collect())
}

fn pipeline(cx: &Cx) -> AppResult<Vec<DashboardListed>> {
    let reach = opportunity_sight(cx)?;
    let company = cx.company()?;
    let rows = cx.read(|db| Ok(open_stages_stood(db, &reach, cx.now)?))?;
    let money = |minor: i64| Some(Money::of(minor, &company.currency));
    let line = |row: regulars_persistence::insight::dashboard::OpenStageRow| DashboardListed {
        group: Some(row.pipeline),
        amount: money(row.amount),
        beside: money(row.weighted),
        count: Some(row.n),
        ..DashboardListed::of(row.stage_id.0, "stage", row.stage)
    };
    Ok(rows.into_iter().map(line).collect())
}

fn targets(cx: &Cx, period: Option<Period>) -> AppResult<Vec<DashboardListed>> {
    let company = cx.company()?;
    let money = |minor: i64| Some(Money::of(minor, &company.currency));
    let line = |target: TargetSum| DashboardListed {
        group: Some(target.kind),
        amount: money(target.achieved),
        beside: money(target.amount),
        share: (target.amount > 0).then(|| target.achieved as f64 / target.amount as f64),
        ..DashboardListed::of(target.subject, "target", target.name)
    };
    Ok(target_sums(cx, period)?.into_iter().take(MOST).map(line).collect())
}

/// What was set for the months that a period touches, and achieved of it; minor units.
pub(super) struct TargetSum {
    pub subject: Uuid,
    pub kind: String,
    pub name: String,
    pub amount: i64,
    pub achieved: i64,
}

/// Of the units where they have targets, else of people: both together would count every sale twice.
pub(super) fn target_sums(cx: &Cx, period: Option<Period>) -> AppResult<Vec<TargetSum>> {
    let currency = cx.company()?.currency.clone();
    let mut order: Vec<(String, Uuid)> = Vec::new();
    let mut sums: HashMap<(String, Uuid), TargetSum> = HashMap::new();
    for (year, months) in months_touched(period, cx.today()?) {
        for target in target_list(cx, Some(year))?.items {
            let key = (target.kind.clone(), target.subject.id);
            let sum = sums.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                TargetSum {
                    subject: target.subject.id,
                    kind: target.kind.clone(),
                    name: target.subject.name.clone(),
                    amount: 0,
                    achieved: 0,
                }
            });
            for month in target.months.iter().filter(|month| months.contains(&month.month)) {
                let mut checks = Checks::default();
                sum.amount += month.amount.read(&mut checks, "", &currency);
                sum.achieved += month.achieved.read(&mut checks, "", &currency);
            }
        }
    }
    let of_kind = |kind: TargetKind| order.iter().any(|(one, _)| one == kind.key()).then(|| kind.key());
    let Some(kind) = of_kind(TargetKind::Unit).or_else(|| of_kind(TargetKind::User)) else { return Ok(Vec::new()) };
    Ok(order.iter().filter(|(one, _)| one == kind).filter_map(|key| sums.remove(key)).collect())
}
