//! Live updates: one stream of server-sent events for an open screen, with its person's jobs and what changed in sight.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use chrono::TimeDelta;
use futures_util::stream::unfold;
use regulars_app::Cx;
use regulars_app::jobs::{JobView, job_watch};
use regulars_app::platform::live::{Hint, live_begin, live_look};
use utoipa::ToSchema;

use super::jobs::worded;
use crate::http::call::{Answer, Call, now};
use crate::http::problem::Refusal;

/// How often the stream looks; a session that has ended ends it with the next look, when the node knows of it.
const TURN: Duration = Duration::from_millis(500);
/// Jobs are looked at every so many turns while none is under way.
const IDLE_TURNS: u32 = 4;
/// A comment keeps the line open after so many silent turns.
const SILENT_TURNS: u32 = 30;
/// The stream ends with the access token; the reader opens it again.
const TURNS: u32 = 1200;

/// One event of the stream.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is written as text")]
pub struct LiveEvent {
    /// `changed` or `job`.
    #[schema(example = "changed")]
    event: String,
    /// As JSON: a `Hint` of what changed, or a `JobView`.
    #[schema(example = "{\"kind\":\"customer\",\"id\":\"01990000-0000-7000-8000-000000000001\"}")]
    data: String,
}

/// Watch what changes within my sight (events `changed`: kind and id of a record) and my jobs (events `job`)
#[utoipa::path(tag = "platform", responses((status = 200, body = LiveEvent, content_type = "text/event-stream")))]
#[get("/live")]
pub async fn live(call: Call) -> Answer {
    let seq = call.clone().watch(live_begin).await?;
    Ok(watched(call, Some(seq)))
}

/// A stream of the caller's jobs; and of what changed after `seq`, if that is given.
pub fn watched(call: Call, seq: Option<i64>) -> HttpResponse {
    let watch = Watch { call, seq, seen: Vec::new(), turn: 0, silent: 0 };
    let events = unfold(watch, |watch| async move { watch.next().await });
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold events back.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(events)
}

struct Watch {
    call: Call,
    /// The last event that was told of; absent where only jobs are.
    seq: Option<i64>,
    /// Jobs as they were told last.
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
            let (hints, jobs) = self.look().await.ok()?;
            self.turn += 1;
            let mut text: String = hints.iter().map(|hint| event("changed", hint)).collect();
            if let Some(jobs) = jobs {
                text.extend(jobs.iter().filter(|job| !self.seen.contains(job)).map(|job| event("job", job)));
                self.seen = jobs;
            }
            self.silent += 1;
            if text.is_empty() && (self.turn == 1 || self.silent >= SILENT_TURNS) {
                text = ": still here\n\n".into();
            }
            if !text.is_empty() {
                self.silent = 0;
                return Some((Ok(Bytes::from(text)), self));
            }
        }
    }

    /// Looks as the caller of that moment: with the session the stream ends.
    async fn look(&mut self) -> Result<(Vec<Hint>, Option<Vec<JobView>>), Refusal> {
        let busy = self.seen.iter().any(|job| job.finished_at.is_none());
        let (seq, with_jobs) = (self.seq, busy || self.turn.is_multiple_of(IDLE_TURNS));
        let read = move |cx: &Cx| {
            let told = seq.map(|seq| live_look(cx, seq)).transpose()?;
            let jobs = if with_jobs { Some(job_watch(cx, now() - TimeDelta::seconds(20))?) } else { None };
            let jobs = jobs.map(|jobs| jobs.into_iter().map(|job| worded(job, cx)).collect::<Vec<_>>());
            Ok((told, jobs))
        };
        let (told, jobs) = self.call.clone().watch(read).await?;
        let Some((seq, hints)) = told else { return Ok((Vec::new(), jobs)) };
        self.seq = Some(seq);
        Ok((hints, jobs))
    }
}

fn event(name: &str, data: &impl serde::Serialize) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}
