//! Pivots: what they can be made of, their tables, the records behind a cell.

use actix_web::{get, post};
use regulars_app::insight::pivot::{self, PivotFactView, PivotQuery, PivotRecord, PivotRecordsInput, PivotView};
use regulars_app::list::Page;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// The facts whose records the caller may see, with the fields they are divided and filtered by and their measures
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<PivotFactView>)))]
#[get("/pivots/facts")]
pub async fn pivot_fact_list(call: Call) -> Answer {
    call.get(pivot::pivot_fact_list).await
}

/// Divide the facts within sight into a table, with exact totals
#[utoipa::path(tag = "insight", request_body = PivotQuery, responses((status = 200, body = PivotView)))]
#[post("/pivots/tables")]
pub async fn pivot_run(call: Call, body: Body<PivotQuery>) -> Answer {
    call.act(body, pivot::pivot_run).await
}

/// The records behind a cell, a row, a column or the whole of a pivot, newest first
#[utoipa::path(tag = "insight", request_body = PivotRecordsInput, responses((status = 200, body = Page<PivotRecord>)))]
#[post("/pivots/records")]
pub async fn pivot_record_list(call: Call, body: Body<PivotRecordsInput>) -> Answer {
    call.act(body, pivot::pivot_records).await
}
