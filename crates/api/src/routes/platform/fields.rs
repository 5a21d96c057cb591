//! Custom fields.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::platform::custom_field::{self, FieldInput, FieldView};
use regulars_domain::ids::CustomFieldId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// List custom fields
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<FieldView>)))]
#[get("/custom-fields")]
pub async fn field_list(call: Call, list: List) -> Answer {
    call.get(move |cx| custom_field::field_list(cx, &list.0)).await
}

/// Create a custom field
#[utoipa::path(tag = "platform", request_body = FieldInput, responses((status = 201, body = FieldView)))]
#[post("/custom-fields")]
pub async fn field_create(call: Call, body: Body<FieldInput>) -> Answer {
    call.create(body, custom_field::field_create).await
}

/// Read a custom field
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = FieldView)))]
#[get("/custom-fields/{id}")]
pub async fn field_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| custom_field::field_get(cx, CustomFieldId(*id))).await
}

/// Change a custom field
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    request_body(content = FieldInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = FieldView)))]
#[patch("/custom-fields/{id}")]
pub async fn field_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| custom_field::field_update(cx, CustomFieldId(*id), version, patch)).await
}

/// Delete a custom field
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/custom-fields/{id}")]
pub async fn field_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| custom_field::field_delete(cx, CustomFieldId(*id), version)).await
}
