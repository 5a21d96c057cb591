//! Leads and opportunities.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::opportunity::figures::{self, StageTotalView};
use regulars_app::sales::opportunity::{
    self, MoveInput, OpportunityInput, OpportunityView, PlanEndInput, QualifyInput, StageHistoryView,
};
use regulars_domain::ids::OpportunityId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Leads and opportunities, found by a piece of their name, company or person or the beginning of their customer's
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<OpportunityView>)))]
#[get("/opportunities")]
pub async fn opportunity_list(call: Call, list: List) -> Answer {
    call.get(move |cx| opportunity::opportunity_list(cx, &list.0)).await
}

/// What of such a list stands in every stage, and for how much
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<StageTotalView>)))]
#[get("/opportunity-totals")]
pub async fn opportunity_totals(call: Call, list: List) -> Answer {
    call.get(move |cx| figures::opportunity_totals_list(cx, &list.0)).await
}

/// Enter a lead or an opportunity
#[utoipa::path(tag = "sales", request_body = OpportunityInput, responses((status = 201, body = OpportunityView)))]
#[post("/opportunities")]
pub async fn opportunity_create(call: Call, body: Body<OpportunityInput>) -> Answer {
    call.create(body, opportunity::opportunity_create).await
}

/// Read a lead or an opportunity
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = OpportunityView)))]
#[get("/opportunities/{id}")]
pub async fn opportunity_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| opportunity::opportunity_get(cx, OpportunityId(*id))).await
}

/// Change a lead or an opportunity; it is moved by its own operation
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = OpportunityInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = OpportunityView)))]
#[patch("/opportunities/{id}")]
pub async fn opportunity_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| opportunity::opportunity_update(cx, OpportunityId(*id), version, patch))
        .await
}

/// Remove a lead or an opportunity; history keeps that it was there
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/opportunities/{id}")]
pub async fn opportunity_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| opportunity::opportunity_delete(cx, OpportunityId(*id), version)).await
}

/// Move an opportunity to another stage, forth or back
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = MoveInput,
    responses((status = 200, body = OpportunityView)))]
#[post("/opportunities/{id}/stage")]
pub async fn opportunity_move(call: Call, id: web::Path<Uuid>, body: Body<MoveInput>) -> Answer {
    call.act(body, move |cx, input| opportunity::opportunity_move(cx, OpportunityId(*id), input)).await
}

/// Where an opportunity has stood, and for how much, the newest first
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = Page<StageHistoryView>)))]
#[get("/opportunities/{id}/history")]
pub async fn opportunity_history(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| opportunity::stage_history(cx, OpportunityId(*id))).await
}

/// Make an opportunity of a lead, of a customer that is there or is made with it
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = QualifyInput,
    responses((status = 200, body = OpportunityView)))]
#[post("/opportunities/{id}/qualification")]
pub async fn opportunity_qualify(call: Call, id: web::Path<Uuid>, body: Body<QualifyInput>) -> Answer {
    call.act(body, move |cx, input| opportunity::opportunity_qualify(cx, OpportunityId(*id), input)).await
}

/// End the development plan: success takes the opportunity on, a stop takes it out
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = PlanEndInput,
    responses((status = 200, body = OpportunityView)))]
#[post("/opportunities/{id}/plan-end")]
pub async fn plan_end(call: Call, id: web::Path<Uuid>, body: Body<PlanEndInput>) -> Answer {
    call.act(body, move |cx, input| opportunity::plan_end(cx, OpportunityId(*id), input)).await
}
