//! Tags of a unit.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::platform::tag::{self, TagInput, TagView};
use regulars_domain::ids::TagId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// List tags
#[utoipa::path(tag = "customers", responses((status = 200, body = Page<TagView>)))]
#[get("/tags")]
pub async fn tag_list(call: Call) -> Answer {
    call.get(tag::tag_list).await
}

/// Create a tag
#[utoipa::path(tag = "customers", request_body = TagInput, responses((status = 201, body = TagView)))]
#[post("/tags")]
pub async fn tag_create(call: Call, body: Body<TagInput>) -> Answer {
    call.create(body, tag::tag_create).await
}

/// Read a tag
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = TagView)))]
#[get("/tags/{id}")]
pub async fn tag_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| tag::tag_get(cx, TagId(*id))).await
}

/// Change a tag
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = TagInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = TagView)))]
#[patch("/tags/{id}")]
pub async fn tag_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| tag::tag_update(cx, TagId(*id), version, patch)).await
}

/// Delete a tag
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/tags/{id}")]
pub async fn tag_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| tag::tag_delete(cx, TagId(*id), version)).await
}
