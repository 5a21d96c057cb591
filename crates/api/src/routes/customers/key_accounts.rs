//! Key accounts.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::key_account::{self, KeyAccountInput, KeyAccountView};
use regulars_app::list::Page;
use regulars_domain::ids::{KeyAccountId, PartyId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Key accounts with their team, plan and touchpoints
///
/// Filters: `customer`, `unit`, `manager` (the customer's owner), `team` (a user), `level`, `review_on`. Sorted by `name`
/// unless told otherwise.
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<KeyAccountView>)))]
#[get("/key-accounts")]
pub async fn key_account_list(call: Call, list: List) -> Answer {
    call.get(move |cx| key_account::key_account_list(cx, &list.0)).await
}

/// The key account that a customer is: none or one
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<KeyAccountView>)))]
#[get("/customers/{id}/key-accounts")]
pub async fn key_account_of_customer(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| key_account::key_account_of_customer(cx, PartyId(*id))).await
}

/// Make a customer a key account
///
/// Its manager is the customer's owner. Key accounts never go to the pool.
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = KeyAccountInput,
    responses((status = 201, body = KeyAccountView)))]
#[post("/customers/{id}/key-accounts")]
pub async fn key_account_create(call: Call, id: web::Path<Uuid>, body: Body<KeyAccountInput>) -> Answer {
    call.at("/api/v1/key-accounts")
        .create(body, move |cx, input| key_account::key_account_create(cx, PartyId(*id), input))
        .await
}

/// Read a key account
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = KeyAccountView)))]
#[get("/key-accounts/{id}")]
pub async fn key_account_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| key_account::key_account_get(cx, KeyAccountId(*id))).await
}

/// Change a key account
///
/// Lists are replaced as wholes.
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = KeyAccountInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = KeyAccountView)))]
#[patch("/key-accounts/{id}")]
pub async fn key_account_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| key_account::key_account_update(cx, KeyAccountId(*id), version, patch))
        .await
}

/// Make a key account a customer like others again
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/key-accounts/{id}")]
pub async fn key_account_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| key_account::key_account_delete(cx, KeyAccountId(*id), version)).await
}
