//! How people keep to the follow-up rule, and when they travel.

use actix_web::{delete, get, post, web};
use chrono::NaiveDate;
use regulars_app::activities::discipline::{self, DisciplineReport, TravelInput, TravelView};
use regulars_app::list::Page;
use regulars_domain::ids::TravelId;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DisciplineParams {
    /// Four weeks before `to` when absent.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Today when absent.
    #[param(example = "2026-11-30")]
    to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TravelsParams {
    /// Everybody within sight when absent.
    user_id: Option<Uuid>,
}

/// Days of use against those asked for, and what is open and untouched, of me and of the people I lead or look after
#[utoipa::path(tag = "activities", params(DisciplineParams), responses((status = 200, body = DisciplineReport)))]
#[get("/discipline")]
pub async fn discipline_get(call: Call, params: web::Query<DisciplineParams>) -> Answer {
    call.get(move |cx| discipline::discipline_get(cx, (params.from, params.to))).await
}

/// Journeys of the last year and of those to come, the latest first
#[utoipa::path(tag = "activities", params(TravelsParams), responses((status = 200, body = Page<TravelView>)))]
#[get("/travels")]
pub async fn travel_list(call: Call, params: web::Query<TravelsParams>) -> Answer {
    call.get(move |cx| discipline::travel_list(cx, params.user_id)).await
}

/// Note that I travel, or somebody I lead
#[utoipa::path(tag = "activities", request_body = TravelInput, responses((status = 201, body = TravelView)))]
#[post("/travels")]
pub async fn travel_create(call: Call, body: Body<TravelInput>) -> Answer {
    call.create(body, discipline::travel_create).await
}

/// Take a journey away
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/travels/{id}")]
pub async fn travel_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| discipline::travel_delete(cx, TravelId(*id))).await
}
