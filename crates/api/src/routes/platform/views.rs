//! Saved views of lists.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::platform::view::{self, ViewInput, ViewView};
use regulars_domain::ids::ViewId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// List saved views
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<ViewView>)))]
#[get("/views")]
pub async fn view_list(call: Call, list: List) -> Answer {
    call.get(move |cx| view::view_list(cx, &list.0)).await
}

/// Create a saved view
#[utoipa::path(tag = "platform", request_body = ViewInput, responses((status = 201, body = ViewView)))]
#[post("/views")]
pub async fn view_create(call: Call, body: Body<ViewInput>) -> Answer {
    call.create(body, view::view_create).await
}

/// Read a saved view
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = ViewView)))]
#[get("/views/{id}")]
pub async fn view_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| view::view_get(cx, ViewId(*id))).await
}

/// Change a saved view
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    request_body(content = ViewInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ViewView)))]
#[patch("/views/{id}")]
pub async fn view_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| view::view_update(cx, ViewId(*id), version, patch)).await
}

/// Delete a saved view
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/views/{id}")]
pub async fn view_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| view::view_delete(cx, ViewId(*id), version)).await
}
