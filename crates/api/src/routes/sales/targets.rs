//! Sales targets.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::target::{self, SalesTargetView, TargetImport, TargetImported, TargetInput};
use regulars_domain::ids::TargetId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TargetsParams {
    /// This year when absent.
    #[param(example = 2026)]
    year: Option<i32>,
}

/// Targets of a year within sight, month by month, with what paid orders achieved of them
#[utoipa::path(tag = "sales", params(TargetsParams), responses((status = 200, body = Page<SalesTargetView>)))]
#[get("/targets")]
pub async fn target_list(call: Call, params: web::Query<TargetsParams>) -> Answer {
    call.get(move |cx| target::target_list(cx, params.year)).await
}

/// Set the target of a unit, a person, a product or a customer for a year
#[utoipa::path(tag = "sales", request_body = TargetInput, responses((status = 201, body = SalesTargetView)))]
#[post("/targets")]
pub async fn target_create(call: Call, body: Body<TargetInput>) -> Answer {
    call.create(body, target::target_create).await
}

/// Set many targets of one year and kind, found by their codes; those that are there are replaced
#[utoipa::path(tag = "sales", request_body = TargetImport, responses((status = 200, body = TargetImported)))]
#[post("/targets/imports")]
pub async fn target_import(call: Call, body: Body<TargetImport>) -> Answer {
    call.act(body, target::target_import).await
}

/// Read a target
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = SalesTargetView)))]
#[get("/targets/{id}")]
pub async fn target_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| target::target_get(cx, TargetId(*id))).await
}

/// Change a target's amount or how it is divided
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = TargetInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = SalesTargetView)))]
#[patch("/targets/{id}")]
pub async fn target_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| target::target_update(cx, TargetId(*id), version, patch)).await
}

/// Remove a target
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/targets/{id}")]
pub async fn target_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| target::target_delete(cx, TargetId(*id), version)).await
}
