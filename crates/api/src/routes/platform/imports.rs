//! Imports: upload, map, check, run, take back.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use regulars_app::imports::mappings::{self, SavedMappingInput, SavedMappingView};
use regulars_app::imports::record::{self, ImportInput, ImportView, PreviewRow, RowView};
use regulars_app::imports::targets::ImportResource;
use regulars_app::imports::upload::{self, TargetView, Upload};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::{ImportId, ImportMappingId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::jobs::worded;
use crate::http::body::Body;
use crate::http::call::{Answer, Call, blocking};
use crate::http::file::{attachment, receive, table_expected};
use crate::http::list::{List, ListParams};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadParams {
    #[param(inline, value_type = ImportResource, example = "customers")]
    resource: String,
    /// The file's name, to be shown.
    #[param(example = "customers.csv")]
    file_name: Option<String>,
}

/// Upload a table (CSV or XLSX, any size up to the limit); answers how it will be read and what its columns seem to mean
#[utoipa::path(tag = "platform", params(UploadParams),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = ImportView)))]
#[post("/imports")]
pub async fn import_create(request: HttpRequest, call: Call, params: Query<UploadParams>, payload: Payload) -> Answer {
    table_expected(&request)?;
    let UploadParams { resource, file_name } = params.into_inner();
    let wanted = resource.clone();
    let (mut cx, (id, path)) = call.run(move |cx| Ok((cx.clone(), upload::upload_begin(cx, &wanted)?))).await?;
    let received = receive(payload, path, cx.app.config().max_upload).await?;
    let mut meta = (*cx.request).clone();
    if let Some(idempotency) = &mut meta.idempotency {
        idempotency.body_hash = received.hash;
    }
    cx.request = Arc::new(meta);
    let file_name = file_name.unwrap_or_else(|| "upload".into());
    let upload = Upload { id, resource, file_name, size: received.size };
    let view = blocking(move || upload::import_create(&cx, upload)).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/imports/{}", view.id)))
        .insert_header((header::ETAG, format!("\"{}\"", view.version)))
        .json(view))
}

/// List imports, the newest first
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<ImportView>)))]
#[get("/imports")]
pub async fn import_list(call: Call, list: List) -> Answer {
    call.get(move |cx| record::import_list(cx, &list.0)).await
}

/// Read an import
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 200, body = ImportView)))]
#[get("/imports/{id}")]
pub async fn import_get(call: Call, id: Path<ImportId>) -> Answer {
    call.get_one(move |cx| record::import_get(cx, *id)).await
}

/// Change how the file is read, or what its columns mean
#[utoipa::path(tag = "platform", params(("id" = String, Path)),
    request_body(content = ImportInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ImportView)))]
#[patch("/imports/{id}")]
pub async fn import_update(call: Call, id: Path<ImportId>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| record::import_update(cx, *id, version, patch)).await
}

/// Forget an import and its file; what it brought in stays
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/imports/{id}")]
pub async fn import_delete(call: Call, id: Path<ImportId>) -> Answer {
    call.delete(move |cx, version| record::import_delete(cx, *id, version)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewParams {
    /// Rows, at most 200; the heading is one.
    #[param(example = 20)]
    limit: Option<usize>,
}

/// See the first rows as they are read
#[utoipa::path(tag = "platform", params(("id" = String, Path), PreviewParams),
    responses((status = 200, body = Page<PreviewRow>)))]
#[get("/imports/{id}/preview")]
pub async fn import_preview(call: Call, id: Path<ImportId>, params: Query<PreviewParams>) -> Answer {
    let limit = params.limit.unwrap_or(20).clamp(1, 200);
    call.get(move |cx| record::import_preview(cx, *id, limit)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowParams {
    /// All when absent.
    #[param(inline, value_type = Option<regulars_app::shape::RowOutcome>, example = "reject")]
    outcome: Option<String>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// See what became of rows, or would: changes field by field, and reasons of rejects
#[utoipa::path(tag = "platform", params(("id" = String, Path), RowParams),
    responses((status = 200, body = Page<RowView>)))]
#[get("/imports/{id}/rows")]
pub async fn import_row_list(call: Call, id: Path<ImportId>, params: Query<RowParams>) -> Answer {
    let RowParams { outcome, limit, cursor } = params.into_inner();
    let list = regulars_app::list::ListRequest {
        limit: limit.unwrap_or(50).clamp(1, regulars_app::list::MAX_LIMIT),
        cursor: cursor.filter(|cursor| !cursor.is_empty()),
        ..Default::default()
    };
    call.get(move |cx| record::import_row_list(cx, *id, outcome.as_deref(), &list)).await
}

/// Download the rejected rows with their reasons, in a form that can be corrected and imported again
#[utoipa::path(tag = "platform", params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/imports/{id}/rejects")]
pub async fn import_rejects(call: Call, id: Path<ImportId>) -> Answer {
    let (path, name) = call.run(move |cx| record::import_rejects(cx, *id)).await?;
    attachment(path, &name).await
}

/// Check every row without storing anything
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 202, body = JobView)))]
#[post("/imports/{id}/check")]
pub async fn import_check(call: Call, id: Path<ImportId>, body: Body<Option<Value>>) -> Answer {
    call.start(body, move |cx, _| Ok(worded(record::import_check(cx, *id)?, cx))).await
}

/// Import, or continue an import that was interrupted
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 202, body = JobView)))]
#[post("/imports/{id}/run")]
pub async fn import_run(call: Call, id: Path<ImportId>, body: Body<Option<Value>>) -> Answer {
    call.start(body, move |cx, _| Ok(worded(record::import_run(cx, *id)?, cx))).await
}

/// Take an import back: old values return, new records go, what was changed since stays and is listed
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 202, body = JobView)))]
#[post("/imports/{id}/undo")]
pub async fn import_undo(call: Call, id: Path<ImportId>, body: Body<Option<Value>>) -> Answer {
    call.start(body, move |cx, _| Ok(worded(record::import_undo(cx, *id)?, cx))).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TargetParams {
    #[param(inline, value_type = ImportResource, example = "customers")]
    resource: String,
}

/// List the fields that columns can fill
#[utoipa::path(tag = "platform", params(TargetParams), responses((status = 200, body = Page<TargetView>)))]
#[get("/import-targets")]
pub async fn import_target_list(call: Call, params: Query<TargetParams>) -> Answer {
    call.get(move |cx| upload::target_list(cx, &params.resource)).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MappingParams {
    /// Narrows to one resource.
    #[param(inline, value_type = Option<ImportResource>)]
    resource: Option<String>,
}

/// List saved mappings
#[utoipa::path(tag = "platform", params(MappingParams), responses((status = 200, body = Page<SavedMappingView>)))]
#[get("/import-mappings")]
pub async fn mapping_list(call: Call, params: Query<MappingParams>) -> Answer {
    call.get(move |cx| mappings::mapping_list(cx, params.resource.as_deref())).await
}

/// Save a mapping under a name
#[utoipa::path(tag = "platform", request_body = SavedMappingInput, responses((status = 201, body = SavedMappingView)))]
#[post("/import-mappings")]
pub async fn mapping_create(call: Call, body: Body<SavedMappingInput>) -> Answer {
    call.create(body, mappings::mapping_create).await
}

/// Forget a saved mapping
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/import-mappings/{id}")]
pub async fn mapping_delete(call: Call, id: Path<ImportMappingId>) -> Answer {
    call.done(move |cx| mappings::mapping_delete(cx, *id)).await
}
