//! Cohorts: customers by the month of their first order, how many of them bought again month after month, and for how much.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use regulars_analytics::cohorts::{Cells, Month, cohorts};
use regulars_domain::condition::Condition;
use regulars_domain::pivot::{Grain, Group, Key};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::pivot::division::{Division, axis, both, measure, question};
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// Months of cohorts when nothing is said; the most, of first orders and after each.
const USUAL_MONTHS: u32 = 12;
const MOST_MONTHS: i32 = 60;
const FIRST: &str = "customer.metrics.first_order_on";

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct CohortRequest {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub filter: Option<Condition>,
}

/// A triangle: a row for each month of first orders, the earliest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CohortsView {
    /// First day of the first month.
    pub from: NaiveDate,
    /// Last day of the last month.
    pub until: NaiveDate,
    pub cohorts: Vec<CohortView>,
    /// Customers of all cohorts.
    #[schema(example = 2357)]
    pub buyers: i64,
    /// Those of them who bought on two days or more, by now.
    #[schema(example = 946)]
    pub repeaters: i64,
    /// Repeaters ÷ buyers; absent without buyers.
    #[schema(example = 0.4014)]
    pub repeat_rate: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CohortView {
    /// First day of the month of the first orders.
    pub month: NaiveDate,
    #[schema(example = 781)]
    pub size: u64,
    #[schema(example = 300)]
    pub repeaters: i64,
    #[schema(example = 0.38)]
    pub repeat_rate: f64,
    /// 0, 1, 2… months later, up to this month and at most 60.
    pub months: Vec<CohortMonth>,
    /// Lists the customers of the cohort.
    #[schema(value_type = crate::shape::Condition)]
    pub condition: Value,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CohortMonth {
    /// Who bought in it.
    #[schema(example = 124)]
    pub active: u64,
    /// The same ÷ size.
    #[schema(example = 0.158771)]
    pub retention: f64,
    /// Net of returns.
    pub revenue: Money,
}

/// The last day of the month of a day.
fn month_end(day: NaiveDate) -> NaiveDate {
    let first = Grain::Month.bucket(day);
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(day)
}

/// A month by the text of a key.
fn month_of(key: Option<&Key>) -> Option<Month> {
    match key {
        Some(Key::Value(text)) => text.parse().ok().map(Month::of),
        _ => None,
    }
}

fn between(field: &str, from: NaiveDate, until: NaiveDate) -> Condition {
    Condition::leaf(field, "between", json!([from, until]))
}

pub fn cohorts_get(cx: &Cx, request: &CohortRequest) -> AppResult<CohortsView> {
    cx.require("insight:metric:read")?;
    let today = cx.today()?;
    let until = month_end(request.until.unwrap_or(today).min(today));
    let usual = Grain::Month.bucket(until).checked_sub_months(Months::new(USUAL_MONTHS - 1)).unwrap_or(until);
    let from = Grain::Month.bucket(request.from.unwrap_or(usual));
    if from > until {
        return Err(AppError::invalid("until", "ends_before_it_begins"));
    }
    if Month::of(until).0 - Month::of(from).0 >= MOST_MONTHS {
        let error = regulars_domain::error::FieldError::new("from", "too_many").with(MOST_MONTHS);
        return Err(AppError::Validation(vec![error]));
    }
    let first = Some(axis(FIRST, Some(Grain::Month)));
    let of_them = both(request.filter.clone(), between(FIRST, from, until));
    let buyers = || measure("distinct", Some("customer"));
    // Nobody bought before their first order.
    let period = Some((from, today));
    let all = question(
        "orders",
        first.clone().into_iter().chain([axis("ordered_on", Some(Grain::Month))]).collect(),
        vec![buyers(), measure("sum", Some("net")), measure("sum", Some("returned"))],
        Some(of_them.clone()),
        period,
    );
    let again = question(
        "orders",
        first.into_iter().collect(),
        vec![buyers()],
        Some(both(Some(of_them), Condition::leaf("customer.metrics.order_days", "gte", 2))),
        period,
    );
    let currency = cx.company()?.currency.clone();
    cx.read(|db| {
        let most = (MOST_MONTHS * MOST_MONTHS) as usize * 4;
        let cells: Cells = Division::read(cx, db, &all, most)?.groups.iter().filter_map(cell).collect();
        let again: HashMap<Month, i64> = Division::read(cx, db, &again, most)?
            .groups
            .iter()
            .filter_map(|group| Some((month_of(group.keys.first())?, group.parts.first()?.sum)))
            .collect();
        let shown = |revenue: i64| Money::of(revenue, &currency);
        let told = cohorts(&cells, Month::of(today)).into_iter().map(|cohort| {
            let month = cohort.month.first_day();
            let repeaters = again.get(&cohort.month).copied().unwrap_or(0);
            let months = cohort.active.iter().zip(&cohort.revenue).enumerate().take(MOST_MONTHS as usize).map(|(later, (active, revenue))| {
                CohortMonth {
                    active: *active,
                    retention: cohort.retention(later).unwrap_or(0.0),
                    revenue: shown(*revenue),
                }
            });
            CohortView {
                month,
                size: cohort.size,
                repeaters,
                repeat_rate: repeaters as f64 / cohort.size.max(1) as f64,
                months: months.collect(),
                condition: json!({"field": "metrics.first_order_on", "op": "between", "value": [month, month_end(month)]}),
            }
        });
        let cohorts: Vec<CohortView> = told.collect();
        let buyers: i64 = cohorts.iter().map(|cohort| cohort.size as i64).sum();
        let repeaters: i64 = cohorts.iter().map(|cohort| cohort.repeaters).sum();
        let repeat_rate = (buyers > 0).then(|| repeaters as f64 / buyers as f64);
        Ok(CohortsView { from, until, cohorts, buyers, repeaters, repeat_rate })
    })
}

/// What customers of one first month did in one month.
fn cell(group: &Group) -> Option<((Month, Month), (u64, i64))> {
    let at = (month_of(group.keys.first())?, month_of(group.keys.get(1))?);
    let sum = |index: usize| group.parts.get(index).map_or(0, |part| part.sum);
    Some((at, (u64::try_from(sum(0)).unwrap_or(0), sum(1) - sum(2))))
}
