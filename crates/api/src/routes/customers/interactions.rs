//! Interactions and the timeline.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::interaction::{self, InteractionInput, InteractionView};
use regulars_app::customers::timeline::{self, TimelineItem};
use regulars_app::list::{MAX_LIMIT, Page};
use regulars_domain::ids::{InteractionId, PartyId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineParams {
    /// Only these kinds, separated by commas: `note`, `call`, `visit`, `meeting`, `message`, `mail`, `event`.
    #[param(example = "call,visit")]
    kinds: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<usize>,
}

/// A customer's timeline: interactions and events, newest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path), TimelineParams),
    responses((status = 200, body = Page<TimelineItem>)))]
#[get("/customers/{id}/timeline")]
pub async fn timeline_list(call: Call, id: web::Path<Uuid>, params: web::Query<TimelineParams>) -> Answer {
    let kinds: Vec<String> = params
        .kinds
        .iter()
        .flat_map(|kinds| kinds.split(','))
        .filter(|kind| !kind.is_empty())
        .map(String::from)
        .collect();
    let limit = params.limit.unwrap_or(50).clamp(1, MAX_LIMIT);
    call.get(move |cx| {
        let cursor = params.cursor.as_deref().filter(|cursor| !cursor.is_empty());
        timeline::timeline_list(cx, PartyId(*id), &kinds, cursor, limit)
    })
    .await
}

/// Write down an interaction
#[utoipa::path(tag = "customers", request_body = InteractionInput, responses((status = 201, body = InteractionView)))]
#[post("/interactions")]
pub async fn interaction_create(call: Call, body: Body<InteractionInput>) -> Answer {
    call.create(body, interaction::interaction_create).await
}

/// Read an interaction
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = InteractionView)))]
#[get("/interactions/{id}")]
pub async fn interaction_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| interaction::interaction_get(cx, InteractionId(*id))).await
}

/// Change an interaction
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = InteractionInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = InteractionView)))]
#[patch("/interactions/{id}")]
pub async fn interaction_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| interaction::interaction_update(cx, InteractionId(*id), version, patch))
        .await
}

/// Delete an interaction
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/interactions/{id}")]
pub async fn interaction_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| interaction::interaction_delete(cx, InteractionId(*id), version)).await
}
