//! Preferences.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::preference::{self, ConfirmationInput, PreferenceInput, PreferenceView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, PreferenceId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// What a customer likes, last confirmed first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<PreferenceView>)))]
#[get("/customers/{id}/preferences")]
pub async fn preference_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| preference::preference_list(cx, PartyId(*id))).await
}

/// Note a preference
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = PreferenceInput,
    responses((status = 201, body = PreferenceView)))]
#[post("/customers/{id}/preferences")]
pub async fn preference_create(call: Call, id: web::Path<Uuid>, body: Body<PreferenceInput>) -> Answer {
    call.at("/api/v1/preferences")
        .create(body, move |cx, input| preference::preference_create(cx, PartyId(*id), input))
        .await
}

/// Change a preference
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = PreferenceInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = PreferenceView)))]
#[patch("/preferences/{id}")]
pub async fn preference_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| preference::preference_update(cx, PreferenceId(*id), version, patch))
        .await
}

/// Remove a preference
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/preferences/{id}")]
pub async fn preference_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| preference::preference_delete(cx, PreferenceId(*id), version)).await
}

/// Confirm that a preference still holds
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = ConfirmationInput,
    responses((status = 200, body = PreferenceView)))]
#[post("/preferences/{id}/confirmation")]
pub async fn preference_confirm(call: Call, id: web::Path<Uuid>, body: Body<Option<ConfirmationInput>>) -> Answer {
    call.act(body, move |cx, input| preference::preference_confirm(cx, PreferenceId(*id), input.unwrap_or_default()))
        .await
}
