//! Dealers.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::dealer::{self, DealerInput, DealerView};
use regulars_domain::ids::{DealerId, PartyId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Organisations that sell on, with their clerks and what they sold
///
/// Filters: `customer`, `unit`, `owner`, `kind`, `territory`, `since`, `ended_on`, `wallet_share`. Sorted by `name` unless
/// told otherwise.
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<DealerView>)))]
#[get("/dealers")]
pub async fn dealer_list(call: Call, list: List) -> Answer {
    call.get(move |cx| dealer::dealer_list(cx, &list.0)).await
}

/// The dealer that an organisation is: none or one
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = Page<DealerView>)))]
#[get("/customers/{id}/dealers")]
pub async fn dealer_of_customer(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| dealer::dealer_of_customer(cx, PartyId(*id))).await
}

/// Make an organisation a dealer
///
/// Its clerks are the people with a relation of the role `clerk` to it.
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = DealerInput,
    responses((status = 201, body = DealerView)))]
#[post("/customers/{id}/dealers")]
pub async fn dealer_create(call: Call, id: web::Path<Uuid>, body: Body<DealerInput>) -> Answer {
    call.at("/api/v1/dealers").create(body, move |cx, input| dealer::dealer_create(cx, PartyId(*id), input)).await
}

/// Read a dealer
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = DealerView)))]
#[get("/dealers/{id}")]
pub async fn dealer_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| dealer::dealer_get(cx, DealerId(*id))).await
}

/// Change a dealer
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = DealerInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = DealerView)))]
#[patch("/dealers/{id}")]
pub async fn dealer_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| dealer::dealer_update(cx, DealerId(*id), version, patch)).await
}

/// Make a dealer a customer like others again
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/dealers/{id}")]
pub async fn dealer_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| dealer::dealer_delete(cx, DealerId(*id), version)).await
}
