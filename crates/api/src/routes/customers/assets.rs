//! Assets: what customers own.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::asset::{self, AssetInput, AssetView};
use regulars_app::list::Page;
use regulars_domain::ids::AssetId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Things customers own, found by serial, name or customer
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<AssetView>)))]
#[get("/assets")]
pub async fn asset_list(call: Call, list: List) -> Answer {
    call.get(move |cx| asset::asset_list(cx, &list.0)).await
}

/// Note what a customer owns
#[utoipa::path(tag = "customers", request_body = AssetInput, responses((status = 201, body = AssetView)))]
#[post("/assets")]
pub async fn asset_create(call: Call, body: Body<AssetInput>) -> Answer {
    call.create(body, asset::asset_create).await
}

/// Read what a customer owns
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = AssetView)))]
#[get("/assets/{id}")]
pub async fn asset_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| asset::asset_get(cx, AssetId(*id))).await
}

/// Change what a customer owns
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = AssetInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AssetView)))]
#[patch("/assets/{id}")]
pub async fn asset_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| asset::asset_update(cx, AssetId(*id), version, patch)).await
}

/// Remove what a customer owns
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/assets/{id}")]
pub async fn asset_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| asset::asset_delete(cx, AssetId(*id), version)).await
}
