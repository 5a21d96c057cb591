//! How leads are scored: the scorecard in force, its settings, and every try to learn one.

use actix_web::{get, post, put, web};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_app::sales::lead_score::{self, LeadFitInput, LeadScoreFit, LeadScoringInput, LeadScoringView};
use regulars_domain::ids::UnitId;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// The unit whose leads are meant; the caller's own when absent.
    unit: Option<Uuid>,
}

/// How a unit's leads are scored: the scorecard in force with its points and what it is worth, and what may be set
#[utoipa::path(tag = "sales", params(UnitQuery), responses((status = 200, body = LeadScoringView), (status = 404)))]
#[get("/lead-scoring")]
pub async fn scoring_get(call: Call, query: web::Query<UnitQuery>) -> Answer {
    let unit = query.unit.map(UnitId);
    call.get_one(move |cx| lead_score::scoring_get(cx, unit)).await
}

/// Set how a unit's leads are scored: what is learnt from, and the points that apply when nothing is
#[utoipa::path(tag = "sales", params(UnitQuery), request_body = LeadScoringInput,
    responses((status = 200, body = LeadScoringView), (status = 404)), extensions(("x-versioned" = json!(true))))]
#[put("/lead-scoring")]
pub async fn scoring_put(call: Call, query: web::Query<UnitQuery>, body: Body<LeadScoringInput>) -> Answer {
    let unit = query.unit.map(UnitId);
    call.put(body, move |cx, version, input| lead_score::scoring_put_settings(cx, unit, version, input)).await
}

/// Every time a scorecard was learnt, or why it was not, the latest first
#[utoipa::path(tag = "sales", params(UnitQuery), responses((status = 200, body = Page<LeadScoreFit>), (status = 404)))]
#[get("/lead-scoring/fits")]
pub async fn fit_list(call: Call, query: web::Query<UnitQuery>) -> Answer {
    let unit = query.unit.map(UnitId);
    call.get(move |cx| lead_score::fit_list(cx, unit)).await
}

/// Learn the scorecard anew from the leads closed so far, and score the open ones by it
#[utoipa::path(tag = "sales", request_body = LeadFitInput, responses((status = 202, body = JobView), (status = 404)))]
#[post("/lead-scoring/fits")]
pub async fn fit_create(call: Call, body: Body<Option<LeadFitInput>>) -> Answer {
    call.start(body, |cx, input| lead_score::fit_create(cx, input.unwrap_or_default())).await
}
