//! Dashboards: boards of cards, and what all their cards answer at once.

use actix_web::{delete, get, patch, post, web};
use chrono::NaiveDate;
use regulars_app::insight::dashboard::{
    self, DashboardAnswer, DashboardAnswerRequest, DashboardCopyInput, DashboardInput, DashboardView,
};
use regulars_app::insight::pivot::PivotPeriod;
use regulars_app::list::Page;
use regulars_domain::ids::DashboardId;
use regulars_domain::pivot::Preset;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// List dashboards: the one that comes with the program, one's own, and those shown to one
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<DashboardView>)))]
#[get("/dashboards")]
pub async fn dashboard_list(call: Call) -> Answer {
    call.get(dashboard::dashboard_list).await
}

/// Create a dashboard
#[utoipa::path(tag = "insight", request_body = DashboardInput, responses((status = 201, body = DashboardView)))]
#[post("/dashboards")]
pub async fn dashboard_create(call: Call, body: Body<DashboardInput>) -> Answer {
    call.create(body, dashboard::dashboard_create).await
}

/// Answer every card of a dashboard that is not kept, to see it while it is made
#[utoipa::path(tag = "insight", request_body = DashboardInput, responses((status = 200, body = DashboardAnswer)))]
#[post("/dashboards/answers")]
pub async fn dashboard_preview(call: Call, body: Body<DashboardInput>) -> Answer {
    call.act(body, dashboard::dashboard_preview).await
}

/// Read a dashboard
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), responses((status = 200, body = DashboardView)))]
#[get("/dashboards/{id}")]
pub async fn dashboard_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| dashboard::dashboard_get(cx, DashboardId(*id))).await
}

/// Change a dashboard of one's own
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)),
    request_body(content = DashboardInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = DashboardView)))]
#[patch("/dashboards/{id}")]
pub async fn dashboard_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| dashboard::dashboard_update(cx, DashboardId(*id), version, patch)).await
}

/// Delete a dashboard of one's own
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/dashboards/{id}")]
pub async fn dashboard_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| dashboard::dashboard_delete(cx, DashboardId(*id), version)).await
}

/// Copy a dashboard to a private one of one's own
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), request_body = DashboardCopyInput,
    responses((status = 201, body = DashboardView)))]
#[post("/dashboards/{id}/copies")]
pub async fn dashboard_copy(call: Call, id: web::Path<Uuid>, body: Body<DashboardCopyInput>) -> Answer {
    call.at("/api/v1/dashboards")
        .create(body, move |cx, input| dashboard::dashboard_copy(cx, DashboardId(*id), input))
        .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardAnswerParams {
    /// Days that move with today, instead of the board's.
    #[param(value_type = Option<regulars_app::shape::PivotPreset>, example = "last_month")]
    preset: Option<Preset>,
    /// From this day …
    #[param(example = json!(null))]
    from: Option<NaiveDate>,
    /// … to this one, instead of the board's days.
    #[param(example = json!(null))]
    to: Option<NaiveDate>,
}

/// Answer every card of a dashboard at once, each within the caller's own sight and each with a refusal of its own
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path), DashboardAnswerParams),
    responses((status = 200, body = DashboardAnswer)))]
#[get("/dashboards/{id}/answer")]
pub async fn dashboard_answer(call: Call, id: web::Path<Uuid>, params: web::Query<DashboardAnswerParams>) -> Answer {
    let DashboardAnswerParams { preset, from, to } = params.into_inner();
    let given = preset.is_some() || from.is_some() || to.is_some();
    let request = DashboardAnswerRequest { period: given.then_some(PivotPeriod { preset, from, to }) };
    call.get(move |cx| dashboard::dashboard_answer(cx, DashboardId(*id), &request)).await
}
