//! Exports: a list as a file, made in the background.

use actix_web::web::Path;
use actix_web::{get, post};
use regulars_app::exports::export::{self, ExportInput};
use regulars_app::exports::log::{self, ExportView};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::JobId;

use super::jobs::worded;
use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::file::attachment;
use crate::http::list::{List, ListParams};

/// List exports: your own, and those of others if you may see them
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<ExportView>)))]
#[get("/exports")]
pub async fn export_list(call: Call, list: List) -> Answer {
    call.get(move |cx| log::export_list(cx, &list.0)).await
}

/// Write a list with its filter to a CSV or XLSX file; the job's `result_url` is the file
#[utoipa::path(tag = "platform",
    request_body(content = ExportInput, example = json!({"resource": "customers", "format": "csv", "sort": "code"})),
    responses((status = 202, body = JobView), (status = 404)))]
#[post("/exports")]
pub async fn export_start(call: Call, body: Body<ExportInput>) -> Answer {
    call.start(body, |cx, input| Ok(worded(export::export_start(cx, input)?, cx))).await
}

/// Download an export you started
#[utoipa::path(tag = "platform", params(("id" = String, Path)),
    responses((status = 200, content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 410)))]
#[get("/exports/{id}/file")]
pub async fn export_file(call: Call, id: Path<JobId>) -> Answer {
    let (path, name) = call.run(move |cx| export::export_file(cx, *id)).await?;
    attachment(path, &name).await
}
