//! What was spent on customers.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::cost::{self, CostInput, CostView};
use regulars_app::list::Page;
use regulars_domain::ids::{CostId, PartyId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// What was spent to win and keep a customer, the latest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<CostView>)))]
#[get("/customers/{id}/costs")]
pub async fn cost_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| cost::cost_list(cx, PartyId(*id))).await
}

/// Book a cost
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = CostInput,
    responses((status = 201, body = CostView)))]
#[post("/customers/{id}/costs")]
pub async fn cost_create(call: Call, id: web::Path<Uuid>, body: Body<CostInput>) -> Answer {
    call.at("/api/v1/costs").create(body, move |cx, input| cost::cost_create(cx, PartyId(*id), input)).await
}

/// Change a cost
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = CostInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = CostView)))]
#[patch("/costs/{id}")]
pub async fn cost_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| cost::cost_update(cx, CostId(*id), version, patch)).await
}

/// Remove a cost
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/costs/{id}")]
pub async fn cost_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| cost::cost_delete(cx, CostId(*id), version)).await
}
