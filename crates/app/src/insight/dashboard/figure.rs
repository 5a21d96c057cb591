//! One figure, and the same of the days before. Days that have not come yet are not counted on either side: on the tenth
//! a month is compared with the first ten days of the month before.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::condition::Condition;
use regulars_domain::money::{decimals, format_decimal};
use regulars_domain::pivot::{Compare, Period};
use regulars_persistence::insight::dashboard::{first_orders_within, open_stages_stood, warnings_stood};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::sees_orders;
use super::listed::target_sums;
use crate::insight::overview::sight;
use crate::insight::pivot::{PivotMeasure, PivotPeriod, PivotPeriodView, PivotQuery, pivot_run};
use crate::{AppError, AppResult, Cx};

/// Decimal places of a share: 0.1235 is 12.35 %.
const SHARE_PLACES: usize = 6;

/// A figure. Values are decimals as text, exact or rounded once; absent where nothing is to be said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DashboardFigure {
    #[schema(example = "1234.50")]
    pub value: Option<String>,
    #[schema(value_type = crate::shape::PivotUnit)]
    pub unit: String,
    /// Of amounts of money.
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// The same of the days it is compared with.
    #[schema(example = "1000.00")]
    pub before: Option<String>,
    /// (value − before) ÷ |before|.
    #[schema(example = 0.2345)]
    pub change_share: Option<f64>,
    pub compared: Option<PivotPeriodView>,
    /// Lists the customers who are counted.
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

/// What is asked of the orders for a figure: the aggregate and its field.
fn of_orders(key: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match key {
        "revenue" => ("sum", Some("net")),
        "orders" => ("count", None),
        "buyers" => ("distinct", Some("customer")),
        "average_order" => ("average", Some("net")),
        "margin" => ("sum", Some("margin")),
        _ => return None,
    })
}

fn query_of(key: &str, period: Option<Period>) -> Option<PivotQuery> {
    let (aggregate, field) = of_orders(key)?;
    Some(PivotQuery {
        fact: "orders".into(),
        rows: Vec::new(),
        columns: Vec::new(),
        measures: vec![PivotMeasure { aggregate: aggregate.into(), field: field.map(String::from), show: None }],
        filter: None,
        period: period.map(|period| PivotPeriod { preset: None, from: Some(period.from), to: Some(period.to) }),
        compare: None,
        sort: None,
    })
}

/// A figure of a period, with the question behind it where it is one of orders.
pub(super) fn figure(
    cx: &Cx,
    key: &str,
    period: Option<Period>,
    compare: Option<Compare>,
) -> AppResult<(DashboardFigure, Option<PivotQuery>)> {
    let today = cx.today()?;
    let asking = Asking { cx, key, today };
    // A target is one of whole months.
    let (now, before) = match period {
        Some(period) if key == "target_achievement" => (Some(period), compare.map(|with| period.compared(with).0)),
        Some(period) => {
            let (now, before) = period.so_far(today, compare);
            (Some(now), before)
        }
        None => (None, None),
    };
    let value = asking.value(now)?;
    let then = before.map(|before| asking.value(Some(before))).transpose()?.flatten();
    let (unit, currency) = unit_of(key);
    let figure = DashboardFigure {
        change_share: value.as_deref().zip(then.as_deref()).and_then(|(now, then)| change(now, then)),
        value,
        unit: unit.into(),
        currency: if currency { Some(cx.company()?.currency.clone()) } else { None },
        before: then,
        compared: before.map(PivotPeriodView::of),
        condition: condition(key, now),
    };
    Ok((figure, query_of(key, now)))
}

fn unit_of(key: &str) -> (&'static str, bool) {
    match key {
        "revenue" | "average_order" | "margin" | "value_at_risk" | "open_amount" | "weighted_amount" => ("money", true),
        "target_achievement" => ("share", false),
        _ => ("count", false),
    }
}

/// For an arrow and a per cent beside the exact figures.
fn change(now: &str, then: &str) -> Option<f64> {
    let (now, then): (f64, f64) = (now.parse().ok()?, then.parse().ok()?);
    (then != 0.0).then(|| (now - then) / then.abs())
}

/// Whom new customers are.
fn condition(key: &str, period: Option<Period>) -> Option<Value> {
    let period = period.filter(|_| key == "new_customers")?;
    let day = |op: &str, day: NaiveDate| Condition::leaf("metrics.first_order_on", op, day.to_string());
    serde_json::to_value(Condition::all(vec![day("gte", period.from), day("lte", period.to)])).ok()
}

struct Asking<'a> {
    cx: &'a Cx,
    key: &'a str,
    today: NaiveDate,
}

impl Asking<'_> {
    fn value(&self, period: Option<Period>) -> AppResult<Option<String>> {
        let cx = self.cx;
        if let Some(query) = query_of(self.key, period) {
            sees_orders(cx)?;
            let total = pivot_run(cx, query)?.total.into_iter().next().flatten();
            return match (total, self.key) {
                // Of nothing there is no mean; everything else of it is nothing.
                (None, "average_order") => Ok(None),
                (None, "orders" | "buyers") => Ok(Some("0".into())),
                (None, _) => self.money(0),
                (total, _) => Ok(total),
            };
        }
        match self.key {
            "new_customers" => {
                let customers = sight(cx)?;
                let within = period.map(|period| (period.from, period.to));
                Ok(Some(cx.read(|db| Ok(first_orders_within(db, &customers, within)?))?.to_string()))
            }
            "customers_at_risk" | "value_at_risk" => {
                let customers = sight(cx)?;
                let on = self.end(period);
                let (count, stake) = cx.read(|db| Ok(warnings_stood(db, &customers, on)?))?;
                if self.key == "customers_at_risk" { Ok(Some(count.to_string())) } else { self.money(stake) }
            }
            "target_achievement" => {
                let (done, whole) = target_sums(cx, period)?
                    .iter()
                    .fold((0, 0), |sums, target| (sums.0 + target.achieved, sums.1 + target.amount));
                Ok((whole > 0).then(|| format!("{:.SHARE_PLACES$}", done as f64 / whole as f64)))
            }
            _ => self.opportunities(period),
        }
    }

    fn opportunities(&self, period: Option<Period>) -> AppResult<Option<String>> {
        let reach = opportunity_sight(self.cx)?;
        let at = moment(self.cx, self.end(period), self.today)?;
        let stages = self.cx.read(|db| Ok(open_stages_stood(db, &reach, at)?))?;
        match self.key {
            "open_opportunities" => Ok(Some(stages.iter().map(|stage| stage.n).sum::<i64>().to_string())),
            "open_amount" => self.money(stages.iter().map(|stage| stage.amount).sum()),
            _ => self.money(stages.iter().map(|stage| stage.weighted).sum()),
        }
    }

    /// The day at whose end something stood.
    fn end(&self, period: Option<Period>) -> NaiveDate {
        period.map_or(self.today, |period| period.to.min(self.today))
    }

    fn money(&self, minor: i64) -> AppResult<Option<String>> {
        Ok(Some(format_decimal(minor, decimals(&self.cx.company()?.currency))))
    }
}

/// What of the opportunities the caller sees.
pub(super) fn opportunity_sight(cx: &Cx) -> AppResult<Visibility> {
    match cx.visible(Resource::Opportunity, Action::Read) {
        Visibility::Nothing => Err(AppError::Forbidden("sales:opportunity:read".into())),
        visibility => Ok(visibility),
    }
}

/// Now, or the end of a day that is past.
pub(super) fn moment(cx: &Cx, on: NaiveDate, today: NaiveDate) -> AppResult<DateTime<Utc>> {
    if on >= today {
        return Ok(cx.now);
    }
    Ok(cx.company()?.past_day(on).end - Duration::microseconds(1))
}

/// The years and months that a period touches; those of this year when there is none.
pub(super) fn months_touched(period: Option<Period>, today: NaiveDate) -> Vec<(i32, Vec<u32>)> {
    let Some(period) = period else { return vec![(today.year(), (1..=12).collect())] };
    // Targets are of years between 1900 and 9999, and nobody looks at more than ten at once.
    let years = period.from.year().max(period.to.year().saturating_sub(9))..=period.to.year();
    let months = |year: i32| {
        let first = if year == period.from.year() { period.from.month() } else { 1 };
        let last = if year == period.to.year() { period.to.month() } else { 12 };
        (first..=last).collect()
    };
    years.map(|year| (year, months(year))).collect()
}
