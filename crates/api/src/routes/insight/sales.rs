//! Sales over time: the seasonal index, what they are made of, cohorts, the growth matrix.

use actix_web::{get, web};
use chrono::NaiveDate;
use regulars_app::insight::cohort::{self, CohortRequest, CohortsView};
use regulars_app::insight::composition::{self, CompositionRequest, CompositionView};
use regulars_app::insight::growth::{self, GrowthRequest, GrowthView};
use regulars_app::insight::season::{self, SeasonRequest, SeasonView};
use regulars_app::{AppError, AppResult};
use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::call::{Answer, Call};

/// The condition in a query string, if there is one.
fn condition(text: Option<&str>) -> AppResult<Option<Condition>> {
    let wrong = |error: serde_json::Error| {
        AppError::Validation(vec![FieldError::new("filter", "wrong_shape").with(error.to_string())])
    };
    text.filter(|text| !text.is_empty()).map(|text| serde_json::from_str(text).map_err(wrong)).transpose()
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SeasonParams {
    /// `order_lines` when absent.
    #[param(example = "order_lines")]
    fact: Option<String>,
    /// A measure of the facts; sales when absent.
    #[param(example = "amount")]
    measure: Option<String>,
    /// Full calendar years looked at, 2 – 20; 3 when absent.
    #[param(example = 3)]
    years: Option<i32>,
    /// A condition on the facts as JSON.
    #[param(example = r#"{"field":"channel","op":"eq","value":"store"}"#)]
    filter: Option<String>,
}

/// The seasonal index of each month from full years of sales within sight
#[utoipa::path(tag = "insight", params(SeasonParams), responses((status = 200, body = SeasonView)))]
#[get("/insight/seasonality")]
pub async fn season_get(call: Call, params: web::Query<SeasonParams>) -> Answer {
    let SeasonParams { fact, measure, years, filter } = params.into_inner();
    call.get(move |cx| {
        let filter = condition(filter.as_deref())?;
        season::season_get(cx, &SeasonRequest { fact, measure, years, filter })
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompositionParams {
    /// The field whose values are the parts.
    #[param(example = "customer.industry")]
    by: String,
    /// A field to divide by beforehand, so that shares and classes are within its values.
    #[param(example = "unit")]
    within: Option<String>,
    /// `order_lines` when absent.
    #[param(example = "order_lines")]
    fact: Option<String>,
    /// A measure of the facts, or `count`; sales when absent.
    #[param(example = "amount")]
    measure: Option<String>,
    /// A condition on the facts as JSON.
    #[param(example = r#"{"field":"channel","op":"eq","value":"store"}"#)]
    filter: Option<String>,
    /// The first of January of the last day's year when absent.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// Today when absent.
    #[param(example = "2026-12-31")]
    until: Option<NaiveDate>,
    /// Parts shown of each group, 1 – 500; 50 when absent.
    #[param(example = 50)]
    limit: Option<usize>,
}

/// What sales within sight are made of: share, accumulated share and ABC class of each part
#[utoipa::path(tag = "insight", params(CompositionParams), responses((status = 200, body = CompositionView)))]
#[get("/insight/composition")]
pub async fn composition_get(call: Call, params: web::Query<CompositionParams>) -> Answer {
    let CompositionParams { by, within, fact, measure, filter, from, until, limit } = params.into_inner();
    call.get(move |cx| {
        let filter = condition(filter.as_deref())?;
        let request = CompositionRequest { fact, by, within, measure, filter, from, until, limit };
        composition::composition_get(cx, &request)
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpanParams {
    /// When absent: of cohorts eleven months before the last one, otherwise the first of January of the last day's year.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// Today when absent.
    #[param(example = "2026-12-31")]
    until: Option<NaiveDate>,
    /// A condition on the facts as JSON.
    #[param(example = r#"{"field":"channel","op":"eq","value":"store"}"#)]
    filter: Option<String>,
}

/// Customers within sight by the month of their first order: who bought again month after month, and for how much
#[utoipa::path(tag = "insight", params(SpanParams), responses((status = 200, body = CohortsView)))]
#[get("/insight/cohorts")]
pub async fn cohorts_get(call: Call, params: web::Query<SpanParams>) -> Answer {
    let SpanParams { from, until, filter } = params.into_inner();
    call.get(move |cx| {
        let filter = condition(filter.as_deref())?;
        cohort::cohorts_get(cx, &CohortRequest { from, until, filter })
    })
    .await
}

/// Sales within sight by existing and new customers and products, with repeat purchases and referrals
#[utoipa::path(tag = "insight", params(SpanParams), responses((status = 200, body = GrowthView)))]
#[get("/insight/growth")]
pub async fn growth_get(call: Call, params: web::Query<SpanParams>) -> Answer {
    let SpanParams { from, until, filter } = params.into_inner();
    call.get(move |cx| {
        let filter = condition(filter.as_deref())?;
        growth::growth_get(cx, &GrowthRequest { from, until, filter })
    })
    .await
}
