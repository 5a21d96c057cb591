//! The calendar of one's tasks, for other programs.

use actix_web::{HttpResponse, delete, get, post, web};
use regulars_app::activities::feed::{self, CalendarFeedView};
use regulars_app::jobs::task::now;
use serde_json::Value;

use crate::http::body::Body;
use crate::http::call::{Answer, Call, Public, blocking};

/// Whether my tasks can be read as a calendar
#[utoipa::path(tag = "activities", responses((status = 200, body = CalendarFeedView)))]
#[get("/me/calendar-feed")]
pub async fn feed_get(call: Call) -> Answer {
    call.get(feed::feed_get).await
}

/// Make the address of my calendar, or another in its place; it is shown once
#[utoipa::path(tag = "activities", responses((status = 200, body = CalendarFeedView)))]
#[post("/me/calendar-feed")]
pub async fn feed_create(call: Call, body: Body<Option<Value>>) -> Answer {
    call.act(body, |cx, _| feed::feed_create(cx)).await
}

/// Take the address of my calendar away
#[utoipa::path(tag = "activities", responses((status = 204)))]
#[delete("/me/calendar-feed")]
pub async fn feed_revoke(call: Call) -> Answer {
    call.done(feed::feed_revoke).await
}

/// The calendar behind a secret address, as RFC 5545 writes it
#[utoipa::path(tag = "activities", security(()), params(("key" = String, Path)),
    responses((status = 200, body = String, content_type = "text/calendar")))]
#[get("/calendar-feeds/{key}")]
pub async fn feed_calendar(public: Public, key: web::Path<String>) -> Answer {
    let text = blocking(move || feed::feed_calendar(&public.app, &key, public.meta, now())).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("Cache-Control", "private, no-store"))
        .body(text))
}
