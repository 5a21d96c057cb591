//! Brands.

use actix_web::{delete, get, patch, post, web};
use regulars_app::catalog::brand::{self, BrandInput, BrandView};
use regulars_app::list::Page;
use regulars_domain::ids::BrandId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// All brands, by name
#[utoipa::path(tag = "catalog", responses((status = 200, body = Page<BrandView>)))]
#[get("/brands")]
pub async fn brand_list(call: Call) -> Answer {
    call.get(brand::brand_list).await
}

/// Read a brand
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 200, body = BrandView)))]
#[get("/brands/{id}")]
pub async fn brand_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| brand::brand_get(cx, BrandId(*id))).await
}

/// Add a brand
#[utoipa::path(tag = "catalog", request_body = BrandInput, responses((status = 201, body = BrandView)))]
#[post("/brands")]
pub async fn brand_create(call: Call, body: Body<BrandInput>) -> Answer {
    call.create(body, brand::brand_create).await
}

/// Change a brand
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)),
    request_body(content = BrandInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = BrandView)))]
#[patch("/brands/{id}")]
pub async fn brand_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| brand::brand_update(cx, BrandId(*id), version, patch)).await
}

/// Remove a brand that no product has
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/brands/{id}")]
pub async fn brand_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| brand::brand_delete(cx, BrandId(*id), version)).await
}
