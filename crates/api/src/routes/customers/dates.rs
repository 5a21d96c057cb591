//! Dates of life.

use actix_web::post;
use regulars_app::customers::dates::{self, Occurrence};
use regulars_app::customers::life_date::DateEntry;
use regulars_app::list::Page;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Tell the next days on which a date falls, in both calendars
#[utoipa::path(tag = "customers", request_body = DateEntry, responses((status = 200, body = Page<Occurrence>)))]
#[post("/date-occurrences")]
pub async fn date_occurrences(call: Call, body: Body<DateEntry>) -> Answer {
    call.act(body, dates::date_occurrences).await
}
