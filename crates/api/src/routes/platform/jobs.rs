//! Background jobs: look, watch, stop.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpResponse, get, post};
use chrono::TimeDelta;
use futures_util::stream::unfold;
use regulars_app::Cx;
use regulars_app::jobs::{self, JobView};
use regulars_app::list::Page;
use regulars_domain::ids::JobId;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::body::Body;
use crate::http::call::{Answer, Call, now};
use crate::http::list::{List, ListParams};
use crate::http::messages::title;
use crate::http::problem::Refusal;

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

/// How often the stream looks.
const TURN: Duration = Duration::from_millis(500);
/// A comment keeps the line open after this many silent turns.
const SILENT_TURNS: u32 = 30;
/// The stream ends with the access token; the reader opens it again.
const TURNS: u32 = 1200;

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
    let watch = Watch { call, seen: Vec::new(), turn: 0, silent: 0 };
    let events = unfold(watch, |watch| async move { watch.next().await });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold events back.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(events))
}

struct Watch {
    call: Call,
    seen: Vec<JobView>,
    turn: u32,
    silent: u32,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Bytes, actix_web::Error>, Self)> {
        loop {
            if self.turn >= TURNS {
                return None;
            }
            if self.turn > 0 {
                tokio::time::sleep(TURN).await;
            }
            self.turn += 1;
            let jobs = self.look().await.ok()?;
            let text: String = jobs.iter().filter(|job| !self.seen.contains(job)).map(event).collect();
            self.seen = jobs;
            self.silent += 1;
            if !text.is_empty() {
                self.silent = 0;
                return Some((Ok(Bytes::from(text)), self));
            }
            if self.turn == 1 || self.silent >= SILENT_TURNS {
                self.silent = 0;
                return Some((Ok(Bytes::from_static(b": still here\n\n")), self));
            }
        }
    }

    /// Looks as the caller of that moment: with the session the stream ends.
    async fn look(&self) -> Result<Vec<JobView>, Refusal> {
        let read = |cx: &Cx| {
            let jobs = jobs::job_watch(cx, now() - TimeDelta::seconds(20))?;
            Ok(jobs.into_iter().map(|job| worded(job, cx)).collect())
        };
        self.call.clone().run(read).await
    }
}

fn event(job: &JobView) -> String {
    format!("event: job\ndata: {}\n\n", serde_json::to_string(job).unwrap_or_default())
}
