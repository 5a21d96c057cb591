//! The customer pool.

use actix_web::{get, patch, post, web};
use regulars_app::customers::pool::{
    self, PoolAssigned, PoolAssignmentInput, PoolClaim, PoolCustomer, PoolInput, PoolMoveView, PoolPreview,
    PoolRelease, PoolReleaseInput, PoolView,
};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, PoolId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Customer pools in sight, with their rules
#[utoipa::path(tag = "customers", responses((status = 200, body = Page<PoolView>)))]
#[get("/pools")]
pub async fn pool_list(call: Call) -> Answer {
    call.get(pool::pool_list).await
}

/// Give a unit a customer pool
#[utoipa::path(tag = "customers", request_body = PoolInput, responses((status = 201, body = PoolView)))]
#[post("/pools")]
pub async fn pool_create(call: Call, body: Body<PoolInput>) -> Answer {
    call.create(body, pool::pool_create).await
}

/// Read the rules of a pool
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = PoolView)))]
#[get("/pools/{id}")]
pub async fn pool_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| pool::pool_get(cx, PoolId(*id))).await
}

/// Change the rules of a pool
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = PoolInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = PoolView)))]
#[patch("/pools/{id}")]
pub async fn pool_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| pool::pool_update(cx, PoolId(*id), version, patch)).await
}

/// Who would be warned of, and who would go to the pool, tonight
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = PoolPreview)))]
#[get("/pools/{id}/preview")]
pub async fn pool_preview(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| pool::pool_preview(cx, PoolId(*id))).await
}

/// The customers in a pool
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Page<PoolCustomer>)))]
#[get("/pools/{id}/customers")]
pub async fn pool_customers(call: Call, id: web::Path<Uuid>, list: List) -> Answer {
    call.get(move |cx| pool::pool_customer_list(cx, PoolId(*id), &list.0)).await
}

/// Every move into a pool and out of it, the latest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Page<PoolMoveView>)))]
#[get("/pools/{id}/moves")]
pub async fn pool_moves(call: Call, id: web::Path<Uuid>, list: List) -> Answer {
    call.get(move |cx| pool::move_list(cx, PoolId(*id), &list.0)).await
}

/// Hand customers of a pool to somebody
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = PoolAssignmentInput,
    responses((status = 200, body = PoolAssigned)))]
#[post("/pools/{id}/assignments")]
pub async fn pool_assign(call: Call, id: web::Path<Uuid>, body: Body<PoolAssignmentInput>) -> Answer {
    call.act(body, move |cx, input| pool::pool_assign(cx, PoolId(*id), input)).await
}

/// Claim a customer from the pool
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = PoolClaim)))]
#[post("/customers/{id}/claim")]
pub async fn customer_claim(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| pool::customer_claim(cx, PartyId(*id))).await
}

/// Give a customer up to the pool
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = PoolReleaseInput,
    responses((status = 200, body = PoolRelease)))]
#[post("/customers/{id}/release")]
pub async fn customer_release(call: Call, id: web::Path<Uuid>, body: Body<Option<PoolReleaseInput>>) -> Answer {
    call.act(body, move |cx, input| pool::customer_release(cx, PartyId(*id), input.unwrap_or_default())).await
}
