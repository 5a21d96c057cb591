//! Webhooks: endpoints of the caller's, their secrets, what was sent and what came of it.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::platform::webhooks::endpoint::{self, MessageTypeView, SecretInput, WebhookInput, WebhookView};
use regulars_app::platform::webhooks::log::{self, DeliveryDetail, DeliveryView, ReplayInput, ReplayView};
use regulars_domain::ids::{DeliveryId, WebhookId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Kinds of message that endpoints can ask for
#[utoipa::path(tag = "platform", responses((status = 200, body = Page<MessageTypeView>)))]
#[get("/webhook-messages")]
pub async fn message_list(call: Call) -> Answer {
    call.get(endpoint::message_list).await
}

/// My webhooks
#[utoipa::path(tag = "platform", responses((status = 200, body = Page<WebhookView>)))]
#[get("/webhooks")]
pub async fn webhook_list(call: Call) -> Answer {
    call.get(endpoint::webhook_list).await
}

/// Make a webhook; its secret is shown once
#[utoipa::path(tag = "platform", request_body = WebhookInput, responses((status = 201, body = WebhookView)))]
#[post("/webhooks")]
pub async fn webhook_create(call: Call, body: Body<WebhookInput>) -> Answer {
    call.create(body, endpoint::webhook_create).await
}

/// Read a webhook
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = WebhookView)))]
#[get("/webhooks/{id}")]
pub async fn webhook_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| endpoint::webhook_get(cx, WebhookId(*id))).await
}

/// Change a webhook, or switch it on or off
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    request_body(content = WebhookInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = WebhookView)))]
#[patch("/webhooks/{id}")]
pub async fn webhook_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| endpoint::webhook_update(cx, WebhookId(*id), version, patch)).await
}

/// Delete a webhook with its log
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/webhooks/{id}")]
pub async fn webhook_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| endpoint::webhook_delete(cx, WebhookId(*id), version)).await
}

/// Give a webhook a new secret, shown once; the old one signs beside it for a while
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), request_body = SecretInput,
    responses((status = 200, body = WebhookView)))]
#[post("/webhooks/{id}/secret")]
pub async fn secret_renew(call: Call, id: web::Path<Uuid>, body: Body<SecretInput>) -> Answer {
    call.act(body, move |cx, input| endpoint::secret_renew(cx, WebhookId(*id), input)).await
}

/// Send a test message
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = DeliveryView)))]
#[post("/webhooks/{id}/ping")]
pub async fn webhook_ping(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| endpoint::webhook_ping(cx, WebhookId(*id))).await
}

/// What a webhook was sent; `filter[status]=failed` narrows
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Page<DeliveryView>)))]
#[get("/webhooks/{id}/deliveries")]
pub async fn delivery_list(call: Call, id: web::Path<Uuid>, list: List) -> Answer {
    call.get(move |cx| log::delivery_list(cx, WebhookId(*id), &list.0)).await
}

/// Send the messages of a time once more
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), request_body = ReplayInput,
    responses((status = 200, body = ReplayView)))]
#[post("/webhooks/{id}/replay")]
pub async fn webhook_replay(call: Call, id: web::Path<Uuid>, body: Body<ReplayInput>) -> Answer {
    call.act(body, move |cx, input| log::webhook_replay(cx, WebhookId(*id), input)).await
}

/// Read a message to a webhook, with everything that was tried
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = DeliveryDetail)))]
#[get("/webhook-deliveries/{id}")]
pub async fn delivery_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| log::delivery_get(cx, DeliveryId(*id))).await
}

/// Send a message once more
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = DeliveryView)))]
#[post("/webhook-deliveries/{id}/replay")]
pub async fn delivery_replay(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| log::delivery_replay(cx, DeliveryId(*id))).await
}
