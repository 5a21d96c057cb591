//! What people were taught.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::training::{self, TrainingInput, TrainingView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, TrainingId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// What a person was taught, the latest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<TrainingView>)))]
#[get("/customers/{id}/trainings")]
pub async fn training_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| training::training_list(cx, PartyId(*id))).await
}

/// Note a training
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = TrainingInput,
    responses((status = 201, body = TrainingView)))]
#[post("/customers/{id}/trainings")]
pub async fn training_create(call: Call, id: web::Path<Uuid>, body: Body<TrainingInput>) -> Answer {
    call.at("/api/v1/trainings").create(body, move |cx, input| training::training_create(cx, PartyId(*id), input)).await
}

/// Change a training
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = TrainingInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = TrainingView)))]
#[patch("/trainings/{id}")]
pub async fn training_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| training::training_update(cx, TrainingId(*id), version, patch)).await
}

/// Remove a training
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/trainings/{id}")]
pub async fn training_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| training::training_delete(cx, TrainingId(*id), version)).await
}
