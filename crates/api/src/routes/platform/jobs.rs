//! Background jobs: look, watch, stop.

use actix_web::web::Path;
use actix_web::{get, post};
use regulars_app::Cx;
use regulars_app::jobs::{self, JobView};
use regulars_app::list::Page;
use regulars_app::messages::title;
use regulars_domain::ids::JobId;
use serde_json::Value;
use utoipa::ToSchema;

use super::live::watched;
use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// The words of a job's error are written where the reader's language is known.
pub fn worded(mut job: JobView, cx: &Cx) -> JobView {
    if let Some(error) = &mut job.error {
        error.title = title(&error.code, &cx.request.locale);
    }
    job
}

/// List the jobs you started, or everyone's if you may see them
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<JobView>)))]
#[get("/jobs")]
pub async fn job_list(call: Call, list: List) -> Answer {
    call.get(move |cx| Ok(jobs::job_list(cx, &list.0)?.map(|job| worded(job, cx)))).await
}

/// Read a job
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 200, body = JobView)))]
#[get("/jobs/{id}")]
pub async fn job_get(call: Call, id: Path<JobId>) -> Answer {
    call.get(move |cx| Ok(worded(jobs::job_get(cx, *id)?, cx))).await
}

/// Ask a job to stop
#[utoipa::path(tag = "platform", params(("id" = String, Path)), responses((status = 200, body = JobView)))]
#[post("/jobs/{id}/cancellation")]
pub async fn job_cancel(call: Call, id: Path<JobId>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| Ok(worded(jobs::job_cancel(cx, *id)?, cx))).await
}

/// One event of the stream of jobs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is written as text")]
pub struct JobEvent {
    /// Always `job`.
    #[schema(example = "job")]
    event: String,
    /// A job that changed, as JSON: a `JobView`.
    data: String,
}

/// Watch your jobs: server-sent events named `job`, the data of each a job (`JobView`) that changed
#[utoipa::path(tag = "platform", responses((status = 200, body = JobEvent, content_type = "text/event-stream")))]
#[get("/jobs/stream")]
pub async fn job_stream(call: Call) -> Answer {
    call.clone().run(|_| Ok(())).await?;
    Ok(watched(call, None))
}
