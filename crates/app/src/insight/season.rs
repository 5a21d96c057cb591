//! The seasonal index: how much of a year falls on each month, from full years.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use regulars_analytics::seasonal::{MONTHS, seasonal_index};
use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use regulars_domain::pivot::{Grain, Key};
use regulars_persistence::Db;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pivot::PivotMeasureView;
use super::pivot::division::{Division, axis, measure, question};
use crate::{AppError, AppResult, Cx};

/// Years looked at when nothing is said, the fewest that say anything, and the most.
const USUAL_YEARS: i32 = 3;
const LEAST_YEARS: usize = 2;
const MOST_YEARS: i32 = 20;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct SeasonRequest {
    pub fact: Option<String>,
    pub measure: Option<String>,
    pub years: Option<i32>,
    pub filter: Option<Condition>,
}

/// The index of each month. Index = mean of the month over the years ÷ mean of all months, so that twelve sum to 12.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeasonView {
    pub measure: Option<super::pivot::PivotMeasureView>,
    pub months: Vec<SeasonMonth>,
    /// The full years behind it, the earliest first.
    pub years: Vec<SeasonYear>,
    /// Full years that were asked for.
    #[schema(example = 3)]
    pub years_wanted: i32,
    /// Fewer full years than asked for: the index is less sure.
    pub few_years: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeasonMonth {
    /// 1 – 12.
    #[schema(example = 1)]
    pub month: u32,
    #[schema(example = 0.34198)]
    pub index: f64,
    /// Mean over the years.
    #[schema(example = "11324.43")]
    pub mean: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeasonYear {
    #[schema(example = 2025)]
    pub year: i32,
    /// January to December.
    pub months: Vec<String>,
    #[schema(example = "160000.00")]
    pub total: String,
}

/// Full years of months, and what they are of.
struct Seasons {
    division: Division,
    years: Vec<(i32, [i64; MONTHS])>,
}

/// Reads up to `wanted` full calendar years before this one. A year is full when sales began in its January or earlier.
fn seasons(cx: &Cx, db: &mut Db, request: &SeasonRequest, wanted: i32) -> AppResult<Seasons> {
    let this_year = cx.today()?.year();
    let fact = request.fact.as_deref().unwrap_or("order_lines");
    let named = request.measure.as_deref().unwrap_or(if fact == "orders" { "net" } else { "amount" });
    let from = NaiveDate::from_ymd_opt(this_year - wanted - 1, 1, 1).unwrap_or_default();
    let until = NaiveDate::from_ymd_opt(this_year - 1, 12, 31).unwrap_or_default();
    let query = question(
        fact,
        vec![axis("ordered_on", Some(Grain::Month))],
        vec![measure("sum", Some(named))],
        request.filter.clone(),
        Some((from, until)),
    );
    let division = Division::read(cx, db, &query, 12 * (MOST_YEARS as usize + 1))?;
    let mut sums = BTreeMap::<NaiveDate, i64>::new();
    for group in &division.groups {
        if let (Some(Key::Value(month)), Some(part)) = (group.keys.first(), group.parts.first())
            && let Ok(month) = month.parse()
        {
            sums.insert(month, part.sum);
        }
    }
    let began = sums.keys().next().copied();
    let full = |year: &i32| {
        let january = NaiveDate::from_ymd_opt(*year, 1, 1).unwrap_or_default();
        began.is_some_and(|began| began <= january)
    };
    let months = |year: i32| {
        std::array::from_fn(|month| {
            let first = NaiveDate::from_ymd_opt(year, month as u32 + 1, 1).unwrap_or_default();
            sums.get(&first).copied().unwrap_or(0)
        })
    };
    let years = (this_year - wanted..this_year).filter(full).map(|year| (year, months(year))).collect();
    Ok(Seasons { division, years })
}

/// Sums of the months over the last three full years, which a year's target is split by; nothing without two of them.
pub(crate) fn season_weights(cx: &Cx, db: &mut Db, request: &SeasonRequest) -> AppResult<Option<[i64; MONTHS]>> {
    let years: Vec<[i64; MONTHS]> =
        seasons(cx, db, request, USUAL_YEARS)?.years.into_iter().map(|(_, months)| months).collect();
    Ok(seasonal_index(&years).filter(|_| years.len() >= LEAST_YEARS).map(|seasonal| seasonal.totals))
}

pub fn season_get(cx: &Cx, request: &SeasonRequest) -> AppResult<SeasonView> {
    cx.require("insight:metric:read")?;
    let wanted = request.years.unwrap_or(USUAL_YEARS);
    if !(LEAST_YEARS as i32..=MOST_YEARS).contains(&wanted) {
        let range = format!("{LEAST_YEARS}–{MOST_YEARS}");
        return Err(AppError::Validation(vec![FieldError::new("years", "out_of_range").with(range)]));
    }
    cx.read(|db| {
        let found = seasons(cx, db, request, wanted)?;
        let years: Vec<[i64; MONTHS]> = found.years.iter().map(|(_, months)| *months).collect();
        let seasonal = seasonal_index(&years).filter(|_| years.len() >= LEAST_YEARS).ok_or_else(|| {
            AppError::Validation(vec![FieldError::new("years", "season_too_short").with(years.len())])
        })?;
        let count = years.len() as i64;
        let written = |figure: i64| found.division.written(cx, figure);
        let mut months = Vec::with_capacity(MONTHS);
        for ((month, index), total) in (1..).zip(seasonal.index).zip(seasonal.totals) {
            months.push(SeasonMonth { month, index, mean: written((total + count / 2).div_euclid(count))? });
        }
        let mut told = Vec::with_capacity(years.len());
        for (year, sums) in &found.years {
            let written: AppResult<Vec<String>> = sums.iter().map(|sum| written(*sum)).collect();
            let total = sums.iter().fold(0i64, |all, sum| all.saturating_add(*sum));
            told.push(SeasonYear { year: *year, months: written?, total: found.division.written(cx, total)? });
        }
        let measure: Option<PivotMeasureView> = found.division.head(cx)?;
        Ok(SeasonView { measure, months, few_years: (told.len() as i32) < wanted, years: told, years_wanted: wanted })
    })
}
