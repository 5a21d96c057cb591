//! Pipelines, their stages, and what they are worth.

use actix_web::{delete, get, patch, post, web};
use chrono::NaiveDate;
use regulars_app::list::Page;
use regulars_app::sales::opportunity::figures::{self, FiguresRequest, PipelineFigures};
use regulars_app::sales::pipeline::{self, PipelineInput, PipelineView};
use regulars_domain::ids::{PipelineId, UserId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Pipelines with their stages, in the order in which they are offered
#[utoipa::path(tag = "sales", responses((status = 200, body = Page<PipelineView>)))]
#[get("/pipelines")]
pub async fn pipeline_list(call: Call) -> Answer {
    call.get(pipeline::pipeline_list).await
}

/// Make a pipeline
#[utoipa::path(tag = "sales", request_body = PipelineInput, responses((status = 201, body = PipelineView)))]
#[post("/pipelines")]
pub async fn pipeline_create(call: Call, body: Body<PipelineInput>) -> Answer {
    call.create(body, pipeline::pipeline_create).await
}

/// Read a pipeline
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = PipelineView)))]
#[get("/pipelines/{id}")]
pub async fn pipeline_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| pipeline::pipeline_get(cx, PipelineId(*id))).await
}

/// Change a pipeline; its list of stages is replaced whole, and no stage leaves while anything stands in it
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = PipelineInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = PipelineView)))]
#[patch("/pipelines/{id}")]
pub async fn pipeline_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| pipeline::pipeline_update(cx, PipelineId(*id), version, patch)).await
}

/// Remove a pipeline that nothing ever stood in
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/pipelines/{id}")]
pub async fn pipeline_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| pipeline::pipeline_delete(cx, PipelineId(*id), version)).await
}

/// Which day, and whose opportunities.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// The end of this business day; now when absent.
    #[param(example = "2026-01-31")]
    as_of: Option<NaiveDate>,
    /// From this day on moves, wins and losses are counted; a year before `as_of` when absent.
    #[param(example = "2025-02-01")]
    since: Option<NaiveDate>,
    owner_id: Option<Uuid>,
}

/// What stood in every stage on a day, how long things stay there and how many go on
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path), FiguresQuery),
    responses((status = 200, body = PipelineFigures)))]
#[get("/pipelines/{id}/figures")]
pub async fn pipeline_figures(call: Call, id: web::Path<Uuid>, query: web::Query<FiguresQuery>) -> Answer {
    let FiguresQuery { as_of, since, owner_id } = query.into_inner();
    let request = FiguresRequest { as_of, since, owner: owner_id.map(UserId) };
    call.get(move |cx| figures::pipeline_figures(cx, PipelineId(*id), &request)).await
}
