//! Wishes, and the arrival of what was wished for.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::wish::{self, ArrivalView, WantedView, WishInput, WishView};
use regulars_domain::ids::{ProductId, WishId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// What customers want that isn't to be had now
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<WishView>)))]
#[get("/wishes")]
pub async fn wish_list(call: Call, list: List) -> Answer {
    call.get(move |cx| wish::wish_list(cx, &list.0)).await
}

/// Open wishes counted by product, the most wanted first
#[utoipa::path(tag = "sales", responses((status = 200, body = Page<WantedView>)))]
#[get("/wish-counts")]
pub async fn wish_counts(call: Call) -> Answer {
    call.get(wish::wish_counts).await
}

/// Note what a customer wants
#[utoipa::path(tag = "sales", request_body = WishInput, responses((status = 201, body = WishView)))]
#[post("/wishes")]
pub async fn wish_create(call: Call, body: Body<WishInput>) -> Answer {
    call.create(body, wish::wish_create).await
}

/// Read a wish
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = WishView)))]
#[get("/wishes/{id}")]
pub async fn wish_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| wish::wish_get(cx, WishId(*id))).await
}

/// Change a wish or move it along
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = WishInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = WishView)))]
#[patch("/wishes/{id}")]
pub async fn wish_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| wish::wish_update(cx, WishId(*id), version, patch)).await
}

/// Remove a wish
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/wishes/{id}")]
pub async fn wish_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| wish::wish_delete(cx, WishId(*id), version)).await
}

/// Say that a product is there: its open wishes are to be told of
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = ArrivalView)))]
#[post("/products/{id}/arrival")]
pub async fn product_arrive(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| wish::product_arrive(cx, ProductId(*id))).await
}
