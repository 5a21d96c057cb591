//! Synchronising: what has changed since a program asked last.

use actix_web::{get, web};
use regulars_app::AppError;
use regulars_app::platform::sync::{SyncView, sync};
use regulars_domain::error::FieldError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::call::{Answer, Call};

/// Records in one answer, about.
const LIMIT: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SyncParams {
    /// `next` of the answer before; without it everything is told.
    since: Option<String>,
    /// Records in the answer, about.
    #[param(minimum = 1, maximum = 200, example = 100)]
    limit: Option<usize>,
}

/// What has changed within my sight since I asked last
#[utoipa::path(tag = "platform", params(SyncParams),
    responses((status = 200, body = SyncView), (status = 410, description = "Too long ago: begin anew")))]
#[get("/sync")]
pub async fn sync_get(call: Call, params: web::Query<SyncParams>) -> Answer {
    let SyncParams { since, limit } = params.into_inner();
    let limit = limit.unwrap_or(LIMIT);
    call.get(move |cx| {
        if !(1..=LIMIT).contains(&limit) {
            let wrong = FieldError::new("limit", "out_of_range").with(format!("1–{LIMIT}"));
            return Err(AppError::Validation(vec![wrong]));
        }
        sync(cx, since.as_deref().filter(|since| !since.is_empty()), limit)
    })
    .await
}
