//! Journeys: templates, those that go on with customers, and their touchpoints.

use actix_web::{delete, get, patch, post, web};
use regulars_app::activities::journey::{
    self, JourneyInput, JourneyReport, JourneyView, RunInput, RunView, StationDone, StationReason, preset,
};
use regulars_app::list::Page;
use regulars_domain::ids::{JourneyId, JourneyRunId, StationId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Templates of journeys in sight
#[utoipa::path(tag = "activities", responses((status = 200, body = Page<JourneyView>)))]
#[get("/journeys")]
pub async fn journey_list(call: Call) -> Answer {
    call.get(journey::journey_list).await
}

/// Templates that come with the product, to begin one's own from
#[utoipa::path(tag = "activities", responses((status = 200, body = Page<JourneyInput>)))]
#[get("/journey-presets")]
pub async fn preset_list(call: Call) -> Answer {
    call.get(preset::preset_list).await
}

/// Make a template of a journey
#[utoipa::path(tag = "activities", request_body = JourneyInput, responses((status = 201, body = JourneyView)))]
#[post("/journeys")]
pub async fn journey_create(call: Call, body: Body<JourneyInput>) -> Answer {
    call.create(body, journey::journey_create).await
}

/// Read a template
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 200, body = JourneyView)))]
#[get("/journeys/{id}")]
pub async fn journey_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| journey::journey_get(cx, JourneyId(*id))).await
}

/// Change a template; journeys that go on keep the steps they began with
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)),
    request_body(content = JourneyInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = JourneyView)))]
#[patch("/journeys/{id}")]
pub async fn journey_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| journey::journey_update(cx, JourneyId(*id), version, patch)).await
}

/// Remove a template; journeys that go on go on
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/journeys/{id}")]
pub async fn journey_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| journey::journey_delete(cx, JourneyId(*id), version)).await
}

/// How a journey goes with the customers within reach
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 200, body = JourneyReport)))]
#[get("/journeys/{id}/report")]
pub async fn journey_report(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| journey::journey_report(cx, JourneyId(*id))).await
}

/// Journeys with customers, as lines of stations
#[utoipa::path(tag = "activities", params(ListParams), responses((status = 200, body = Page<RunView>)))]
#[get("/journey-runs")]
pub async fn run_list(call: Call, list: List) -> Answer {
    call.get(move |cx| journey::run_list(cx, &list.0)).await
}

/// Begin a journey with a customer by hand
#[utoipa::path(tag = "activities", request_body = RunInput, responses((status = 201, body = RunView)))]
#[post("/journey-runs")]
pub async fn run_start(call: Call, body: Body<RunInput>) -> Answer {
    call.create(body, journey::run_start).await
}

/// Read a journey with a customer
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 200, body = RunView)))]
#[get("/journey-runs/{id}")]
pub async fn run_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| journey::run_get(cx, JourneyRunId(*id))).await
}

/// Stop a journey with a customer
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), request_body = StationReason,
    responses((status = 200, body = RunView)))]
#[post("/journey-runs/{id}/stop")]
pub async fn run_stop(call: Call, id: web::Path<Uuid>, body: Body<StationReason>) -> Answer {
    call.act(body, move |cx, input| journey::run_stop(cx, JourneyRunId(*id), input)).await
}

/// Say that a touchpoint is done
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), request_body = StationDone,
    responses((status = 200, body = RunView)))]
#[post("/journey-stations/{id}/completion")]
pub async fn station_complete(call: Call, id: web::Path<Uuid>, body: Body<StationDone>) -> Answer {
    call.act(body, move |cx, input| journey::station_complete(cx, StationId(*id), input)).await
}

/// Skip a touchpoint
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), request_body = StationReason,
    responses((status = 200, body = RunView)))]
#[post("/journey-stations/{id}/skip")]
pub async fn station_skip(call: Call, id: web::Path<Uuid>, body: Body<StationReason>) -> Answer {
    call.act(body, move |cx, input| journey::station_skip(cx, StationId(*id), input)).await
}
