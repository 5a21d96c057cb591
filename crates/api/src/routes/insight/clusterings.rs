//! Groups of customers that are alike, found and kept as lists.

use actix_web::{delete, get, patch, post, web};
use regulars_app::insight::cluster::{self, ClusteringInput, ClusteringKeepInput, ClusteringNames, ClusteringView};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::ClusteringId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// List one's own clusterings, the newest first
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<ClusteringView>)))]
#[get("/insight/clusterings")]
pub async fn clustering_list(call: Call) -> Answer {
    call.get(cluster::clustering_list).await
}

/// Divide customers into groups that are alike, in the background
#[utoipa::path(tag = "insight", request_body = ClusteringInput, responses((status = 201, body = ClusteringView)))]
#[post("/insight/clusterings")]
pub async fn clustering_create(call: Call, body: Body<ClusteringInput>) -> Answer {
    call.create(body, cluster::clustering_create).await
}

/// Read a clustering of one's own
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), responses((status = 200, body = ClusteringView)))]
#[get("/insight/clusterings/{id}")]
pub async fn clustering_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| cluster::clustering_get(cx, ClusteringId(*id))).await
}

/// Rename a clustering of one's own and its groups
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)),
    request_body(content = ClusteringNames, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ClusteringView)))]
#[patch("/insight/clusterings/{id}")]
pub async fn clustering_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| cluster::clustering_update(cx, ClusteringId(*id), version, patch)).await
}

/// Delete a clustering of one's own; the lists made from it stay
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/insight/clusterings/{id}")]
pub async fn clustering_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| cluster::clustering_delete(cx, ClusteringId(*id), version)).await
}

/// Keep groups as segments, or fill those made before anew, in the background
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), request_body = ClusteringKeepInput,
    responses((status = 202, body = JobView)))]
#[post("/insight/clusterings/{id}/segments")]
pub async fn clustering_keep(call: Call, id: web::Path<Uuid>, body: Body<ClusteringKeepInput>) -> Answer {
    call.start(body, move |cx, input| cluster::clustering_keep(cx, ClusteringId(*id), input)).await
}
