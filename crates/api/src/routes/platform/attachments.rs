//! Files at records: up, down, small pictures of them.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Path, Payload, Query};
use actix_web::{HttpResponse, delete, get, patch, post};
use futures_util::stream::unfold;
use regulars_app::AppError;
use regulars_app::list::Page;
use regulars_app::platform::attachment::{self, AttachmentInput, AttachmentView, Subject, Upload};
use regulars_app::platform::file::Arrived;
use regulars_domain::ids::AttachmentId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call, blocking};
use crate::http::file::{disposition, receive};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SubjectParams {
    /// The kind of record.
    #[param(inline, value_type = regulars_app::shape::AttachmentSubject, example = "customer")]
    subject_type: String,
    /// The record.
    #[param(example = "01990000-0000-7000-8000-000000000001")]
    subject_id: Uuid,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadParams {
    /// The kind of record.
    #[param(inline, value_type = regulars_app::shape::AttachmentSubject, example = "customer")]
    subject_type: String,
    /// The record.
    #[param(example = "01990000-0000-7000-8000-000000000001")]
    subject_id: Uuid,
    /// What the file is called; it is made safe, and gets an ending that fits its content.
    #[param(example = "contract.pdf")]
    name: Option<String>,
    /// What it is to the record, in a word.
    kind: Option<String>,
}

/// List the files of a record, the newest first
#[utoipa::path(tag = "platform", params(SubjectParams), responses((status = 200, body = Page<AttachmentView>),
    (status = 404)))]
#[get("/attachments")]
pub async fn attachment_list(call: Call, params: Query<SubjectParams>) -> Answer {
    let SubjectParams { subject_type, subject_id } = params.into_inner();
    let subject = Subject { kind: subject_type, id: subject_id };
    call.get(move |cx| attachment::attachment_list(cx, &subject)).await
}

/// Attach a file to a record: its bytes are the body, its kind is found by looking at them
#[utoipa::path(tag = "platform", params(UploadParams),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView), (status = 404)))]
#[post("/attachments")]
pub async fn attachment_create(call: Call, params: Query<UploadParams>, payload: Payload) -> Answer {
    let UploadParams { subject_type, subject_id, name, kind } = params.into_inner();
    let subject = Subject { kind: subject_type, id: subject_id };
    let wanted = subject.clone();
    let (mut cx, (path, limit)) = call.run(move |cx| Ok((cx.clone(), attachment::upload_begin(cx, &wanted)?))).await?;
    let received = receive(payload, path.clone(), limit).await?;
    let mut meta = (*cx.request).clone();
    if let Some(idempotency) = &mut meta.idempotency {
        idempotency.body_hash = received.hash.clone();
    }
    cx.request = Arc::new(meta);
    let arrived = Arrived { path, size: received.size, hash: received.hash };
    let upload = Upload { subject, name, kind, arrived };
    let view = blocking(move || attachment::attachment_create(&cx, upload)).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/attachments/{}", view.id)))
        .insert_header((header::ETAG, format!("\"{}\"", view.version)))
        .json(view))
}

/// Read what is known of a file
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = AttachmentView)))]
#[get("/attachments/{id}")]
pub async fn attachment_get(call: Call, id: Path<Uuid>) -> Answer {
    call.get_one(move |cx| attachment::attachment_get(cx, AttachmentId(*id))).await
}

/// Rename a file, or say what it is
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    request_body(content = AttachmentInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AttachmentView)))]
#[patch("/attachments/{id}")]
pub async fn attachment_update(call: Call, id: Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| attachment::attachment_update(cx, AttachmentId(*id), version, patch))
        .await
}

/// Take a file from a record; it can be restored for 30 days
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/attachments/{id}")]
pub async fn attachment_delete(call: Call, id: Path<Uuid>) -> Answer {
    call.delete(move |cx, version| attachment::attachment_delete(cx, AttachmentId(*id), version)).await
}

/// Put a deleted file back
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = AttachmentView)))]
#[post("/attachments/{id}/restoration")]
pub async fn attachment_restore(call: Call, id: Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| attachment::attachment_restore(cx, AttachmentId(*id))).await
}

/// Download a file
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "application/octet-stream")))]
#[get("/attachments/{id}/content")]
pub async fn attachment_content(call: Call, id: Path<Uuid>) -> Answer {
    let (app, content) =
        call.run(move |cx| Ok((cx.app.clone(), attachment::attachment_content(cx, AttachmentId(*id))?))).await?;
    let attachment::Content { file_id, name, size } = content;
    let pieces = unfold((app, Arc::new(file_id), 0_i32), |(app, id, position)| async move {
        let (from, of) = (app.clone(), id.clone());
        let piece = blocking(move || attachment::content_piece(&from, &of, position)).await;
        match piece {
            Ok(Some(bytes)) => Some((Ok(Bytes::from(bytes)), (app, id, position + 1))),
            Ok(None) => None,
            Err(error) => Some((Err(actix_web::Error::from(error)), (app, id, i32::MAX))),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, disposition(&name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .no_chunking(size)
        .streaming(pieces))
}

/// See a small picture of a file that is one
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "image/jpeg")))]
#[get("/attachments/{id}/thumbnail")]
pub async fn attachment_thumbnail(call: Call, id: Path<Uuid>) -> Answer {
    let small = call.run(move |cx| attachment::attachment_thumbnail(cx, AttachmentId(*id))).await?;
    if small.is_empty() {
        return Err(AppError::NotFound.into());
    }
    // The bytes behind an attachment never change.
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((header::CACHE_CONTROL, "private, max-age=86400"))
        .body(small))
}
