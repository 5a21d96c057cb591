//! Products.

use actix_web::{delete, get, patch, post, web};
use regulars_app::catalog::product::{self, ProductInput, ProductView};
use regulars_app::list::Page;
use regulars_domain::ids::ProductId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Products, found by name, reading or code
#[utoipa::path(tag = "catalog", params(ListParams), responses((status = 200, body = Page<ProductView>)))]
#[get("/products")]
pub async fn product_list(call: Call, list: List) -> Answer {
    call.get(move |cx| product::product_list(cx, &list.0)).await
}

/// Read a product
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 200, body = ProductView)))]
#[get("/products/{id}")]
pub async fn product_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| product::product_get(cx, ProductId(*id))).await
}

/// Add a product
#[utoipa::path(tag = "catalog", request_body = ProductInput, responses((status = 201, body = ProductView)))]
#[post("/products")]
pub async fn product_create(call: Call, body: Body<ProductInput>) -> Answer {
    call.create(body, product::product_create).await
}

/// Change a product
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)),
    request_body(content = ProductInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ProductView)))]
#[patch("/products/{id}")]
pub async fn product_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| product::product_update(cx, ProductId(*id), version, patch)).await
}

/// Take a product out of the catalogue; orders keep what they say of it
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/products/{id}")]
pub async fn product_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| product::product_delete(cx, ProductId(*id), version)).await
}
