//! Relations between customers.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::relation::{self, RelationInput, RelationView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, RelationId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// A customer's relations in both directions
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<RelationView>)))]
#[get("/customers/{id}/relations")]
pub async fn relation_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| relation::relation_list(cx, PartyId(*id))).await
}

/// Relate two customers
#[utoipa::path(tag = "customers", request_body = RelationInput, responses((status = 201, body = RelationView)))]
#[post("/relations")]
pub async fn relation_create(call: Call, body: Body<RelationInput>) -> Answer {
    call.create(body, relation::relation_create).await
}

/// Read a relation
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = RelationView)))]
#[get("/relations/{id}")]
pub async fn relation_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| relation::relation_get(cx, RelationId(*id))).await
}

/// Change a relation
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = RelationInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = RelationView)))]
#[patch("/relations/{id}")]
pub async fn relation_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| relation::relation_update(cx, RelationId(*id), version, patch)).await
}

/// Remove a relation
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/relations/{id}")]
pub async fn relation_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| relation::relation_delete(cx, RelationId(*id), version)).await
}
