//! Sheets of what places sold in a period.

use actix_web::{get, post, put, web};
use regulars_app::list::Page;
use regulars_app::sales::sellout::{
    self, SelloutCell, SelloutChange, SelloutSaved, SelloutSheetView, SheetInput, SheetMatched, SheetRequest,
    SheetTexts,
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetParams {
    /// A key of a measure; the first one when absent.
    #[param(example = "sell_out")]
    measure: Option<String>,
    /// The period that stands beside it; the one before when absent.
    #[param(example = "2025-11")]
    earlier: Option<String>,
    /// Most places, 1 to 500.
    #[param(example = 200)]
    limit: Option<usize>,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CellParams {
    #[param(example = "0199f0a0-0000-7000-8000-000000000001")]
    place_id: Uuid,
    #[param(example = "sell_out")]
    measure: String,
    /// The column; absent for what is told of the place itself.
    item: Option<String>,
}

/// Read what was told of the places within sight in a month or a week, beside an earlier one
///
/// `current` is the period of today.
#[utoipa::path(tag = "sales", params(("period" = String, Path, example = "2026-11"), SheetParams),
    responses((status = 200, body = SelloutSheetView)))]
#[get("/sellout-sheets/{period}")]
pub async fn sellout_sheet_get(call: Call, period: web::Path<String>, params: web::Query<SheetParams>) -> Answer {
    let SheetParams { measure, earlier, limit, cursor } = params.into_inner();
    let request = SheetRequest { measure, earlier, limit, cursor };
    call.get_one(move |cx| sellout::sheet_get(cx, &period, &request)).await
}

/// Save cells of a sheet, all or none
///
/// `If-Match` names the version that was read. It is refused where cells named here were changed since; `errors` says
/// which, and what they hold. Cells that others changed meanwhile and this call does not name are in nobody's way.
#[utoipa::path(tag = "sales", params(("period" = String, Path, example = "2026-11")), request_body = SheetInput,
    responses((status = 200, body = SelloutSaved)), extensions(("x-versioned" = json!(true))))]
#[put("/sellout-sheets/{period}")]
pub async fn sellout_sheet_save(call: Call, period: web::Path<String>, body: Body<SheetInput>) -> Answer {
    call.put(body, move |cx, version, input| sellout::sheet_save(cx, &period, version, input)).await
}

/// What a cell of a sheet held from when on, and who changed it
#[utoipa::path(tag = "sales", params(("period" = String, Path, example = "2026-11"), CellParams),
    responses((status = 200, body = Page<SelloutChange>)))]
#[get("/sellout-sheets/{period}/changes")]
pub async fn sellout_change_list(call: Call, period: web::Path<String>, params: web::Query<CellParams>) -> Answer {
    let CellParams { place_id, measure, item } = params.into_inner();
    call.get(move |cx| sellout::change_list(cx, &period, &SelloutCell { place_id, measure, item })).await
}

/// Which places and products the headings of a table mean
#[utoipa::path(tag = "sales", request_body = SheetTexts, responses((status = 200, body = SheetMatched)))]
#[post("/sellout-matches")]
pub async fn sellout_match(call: Call, body: Body<SheetTexts>) -> Answer {
    call.act(body, sellout::sheet_match).await
}
