//! Overview, RFM, ABC, evaluations, today.

use actix_web::{get, post, web};
use chrono::NaiveDate;
use regulars_app::insight::brief::{self, Brief};
use regulars_app::insight::evaluation::{self, EvaluationInput, EvaluationView};
use regulars_app::insight::overview::{self, AbcView, Overview, RfmView, SpreadRequest};
use regulars_app::insight::settings::RfmMode;
use regulars_app::insight::today::{self, Today};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// How the customers within sight spread over RFM, ABC, value classes and stages
#[utoipa::path(tag = "insight", responses((status = 200, body = Overview)))]
#[get("/insight/overview")]
pub async fn overview_get(call: Call) -> Answer {
    call.get(overview::overview_get).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RfmParams {
    /// The day of the scores; that of the last evaluation when absent.
    #[param(example = "2026-01-31")]
    as_of: Option<NaiveDate>,
    /// `quintile` or `threshold`; that of the last evaluation when absent.
    #[param(inline)]
    mode: Option<RfmMode>,
}

/// RFM scores as stored, or scored anew for another day or mode
#[utoipa::path(tag = "insight", params(RfmParams), responses((status = 200, body = RfmView)))]
#[get("/insight/rfm")]
pub async fn rfm_get(call: Call, params: web::Query<RfmParams>) -> Answer {
    let request = SpreadRequest { as_of: params.as_of, mode: params.mode };
    call.get(move |cx| overview::rfm_get(cx, &request)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AbcParams {
    /// The day of the classes; that of the last evaluation when absent.
    #[param(example = "2026-01-31")]
    as_of: Option<NaiveDate>,
}

/// ABC classes as stored, or classified anew for another day
#[utoipa::path(tag = "insight", params(AbcParams), responses((status = 200, body = AbcView)))]
#[get("/insight/abc")]
pub async fn abc_get(call: Call, params: web::Query<AbcParams>) -> Answer {
    call.get(move |cx| overview::abc_get(cx, params.as_of)).await
}

/// Evaluate the customers of the caller's unit, or of every unit for who sees all
#[utoipa::path(tag = "insight", request_body = EvaluationInput, responses((status = 202, body = JobView)))]
#[post("/insight/evaluations")]
pub async fn evaluation_create(call: Call, body: Body<Option<EvaluationInput>>) -> Answer {
    call.start(body, |cx, input| evaluation::evaluation_create(cx, input.unwrap_or_default())).await
}

/// The last evaluation of each unit within sight
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<EvaluationView>)))]
#[get("/insight/evaluations/latest")]
pub async fn evaluation_latest(call: Call) -> Answer {
    call.get(|cx| evaluation::evaluation_latest(cx).map(Page::whole)).await
}

/// What is coming, who has fallen silent, what happened since yesterday
#[utoipa::path(tag = "insight", responses((status = 200, body = Today)))]
#[get("/today")]
pub async fn today_get(call: Call) -> Answer {
    call.get(today::today_get).await
}

/// The morning brief: yesterday for oneself, one's team, one's unit and the company, as far as one sees
#[utoipa::path(tag = "insight", responses((status = 200, body = Brief)))]
#[get("/today/brief")]
pub async fn brief_get(call: Call) -> Answer {
    call.get(brief::brief_get).await
}
