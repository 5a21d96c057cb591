//! API keys of the caller.

use actix_web::{delete, get, post, web};
use regulars_app::access::key::{self, ApiKeyInput, ApiKeyView};
use regulars_app::list::Page;
use regulars_domain::ids::ApiKeyId;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// My API keys
#[utoipa::path(tag = "access", responses((status = 200, body = Page<ApiKeyView>)))]
#[get("/api-keys")]
pub async fn key_list(call: Call) -> Answer {
    call.get(key::key_list).await
}

/// Make an API key; it is shown once
#[utoipa::path(tag = "access", request_body = ApiKeyInput, responses((status = 201, body = ApiKeyView)))]
#[post("/api-keys")]
pub async fn key_create(call: Call, body: Body<ApiKeyInput>) -> Answer {
    call.create(body, key::key_create).await
}

/// Revoke an API key
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/api-keys/{id}")]
pub async fn key_revoke(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| key::key_revoke(cx, ApiKeyId(*id))).await
}
