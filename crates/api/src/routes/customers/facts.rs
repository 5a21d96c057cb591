//! Dated facts.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::fact::{self, CustomerFact, CustomerFactInput};
use regulars_app::list::Page;
use regulars_domain::ids::{FactId, PartyId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// What is known of a customer as of a day, the latest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<CustomerFact>)))]
#[get("/customers/{id}/facts")]
pub async fn fact_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| fact::fact_list(cx, PartyId(*id))).await
}

/// Note a fact
///
/// A newer one of the same kind does not replace an older one: the latest is what scores look at.
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = CustomerFactInput,
    responses((status = 201, body = CustomerFact)))]
#[post("/customers/{id}/facts")]
pub async fn fact_create(call: Call, id: web::Path<Uuid>, body: Body<CustomerFactInput>) -> Answer {
    call.at("/api/v1/facts").create(body, move |cx, input| fact::fact_create(cx, PartyId(*id), input)).await
}

/// Change a fact
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = CustomerFactInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = CustomerFact)))]
#[patch("/facts/{id}")]
pub async fn fact_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| fact::fact_update(cx, FactId(*id), version, patch)).await
}

/// Remove a fact
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/facts/{id}")]
pub async fn fact_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| fact::fact_delete(cx, FactId(*id), version)).await
}
