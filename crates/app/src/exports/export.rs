//! Exporting a list as the person sees it: a job that walks the list page by page into a file. Who took what is in the
//! audit log, and in the file.

use std::fs::File;
use std::path::PathBuf;

use chrono::NaiveDate;
use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use regulars_domain::ids::{JobId, SegmentId};
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::job::job_get;
use regulars_persistence::platform::export::export_downloaded;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::columns::{Column, Taken, cell, columns_of};
use super::log::export_note;
use super::pivot::{pivot_asked, pivot_fields, pivot_told};
use super::shown::columns_shown;
use super::spreadsheet_out::{Cell, CsvWriter, TableWriter, Watermark, WriteFault, XlsxWriter};
use crate::access::settings::Company;
use crate::activities::discipline::discipline_get;
use crate::event::Event;
use crate::insight::pivot::PivotQuery;
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue};
use crate::list::{ListRequest, Page};
use crate::{AppError, AppResult, Cx};

pub const EXPORT: &str = "export";
pub(super) const PERMISSION: &str = "platform:export:run";
/// Records read at once.
const PAGE: usize = 500;

/// A list to be written to a file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// `customers`, `orders` (a row a line), `opportunities`, `products`, `assets`, `consents` (a row a word),
    /// `audit-events`, `discipline` (a row a person), `sellout` (a row a cell) or `pivots`.
    #[schema(value_type = crate::shape::ExportResource)]
    pub resource: String,
    #[schema(value_type = crate::shape::ExportFormat)]
    pub format: String,
    /// A condition as lists take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub filter: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Keys of columns in the wanted order; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// Only members of this segment (customers).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment_id: Option<Uuid>,
    /// The question of `pivots`, and nothing but that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pivot: Option<PivotQuery>,
    /// The days of `discipline`; the last four weeks when absent. Of `sellout` the days that periods begin on; all when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<ExportPeriod>,
}

/// From one day to another, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportPeriod {
    #[schema(example = "2026-03-01")]
    pub from: NaiveDate,
    #[schema(example = "2026-03-31")]
    pub to: NaiveDate,
}

/// People's discipline: a report of a period, which is neither searched nor filtered.
const DISCIPLINE: &str = "discipline";
/// The cells of sheets, likewise of a period.
const SELLOUT: &str = "sellout";

fn period_check(input: &ExportInput) -> AppResult<()> {
    if ![DISCIPLINE, SELLOUT].contains(&input.resource.as_str()) {
        return match input.period {
            Some(_) => Err(AppError::invalid("/period", "not_allowed_here")),
            None => Ok(()),
        };
    }
    let given = [
        ("/filter", input.filter.is_some()),
        ("/q", input.q.is_some()),
        ("/sort", input.sort.is_some()),
        ("/segment_id", input.segment_id.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((pointer, _)) => Err(AppError::Validation(vec![FieldError::new(pointer, "not_allowed_here")])),
        None => Ok(()),
    }
}

/// Queues an export. What could not be listed is refused at once.
pub fn export_start(cx: &Cx, input: ExportInput) -> AppResult<JobView> {
    cx.require(PERMISSION)?;
    if !matches!(input.format.as_str(), "csv" | "xlsx") {
        return Err(AppError::Validation(vec![FieldError::new("/format", "not_allowed").with("csv, xlsx")]));
    }
    period_check(&input)?;
    match pivot_asked(&input)? {
        Some(query) => drop(pivot_told(cx, query)?),
        None => {
            columns_chosen(cx, &input)?;
            page(cx, &input, None, 1)?;
        }
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let job = job_enqueue(
            tx,
            &within,
            NewJob { kind: EXPORT, input: json!(input), total: None, dedupe_key: None, lane: None },
        )?;
        Event::new(&within, "export", job.id, "requested")
            .stands(within.actor.unit_id, None)
            .after(&input)
            .record(tx)?;
        Ok(job)
    })
}

/// Resources with custom fields, and what those know them as.
pub(super) const WITH_CUSTOM: &[(&str, &str)] = &[
    ("customers", "customer"),
    ("orders", "order"),
    ("quotes", "quote"),
    ("opportunities", "opportunity"),
    ("products", "product"),
];

/// The columns asked for, custom fields behind the fixed ones.
fn columns_chosen(cx: &Cx, input: &ExportInput) -> AppResult<Vec<Column>> {
    let chinese = cx.actor.locale.starts_with("zh");
    let refused = || AppError::Validation(vec![FieldError::new("/resource", "not_allowed").with(RESOURCES.join(", "))]);
    let mut all = columns_of(&input.resource, chinese).ok_or_else(refused)?;
    if let Some((_, resource)) = WITH_CUSTOM.iter().find(|(list, _)| *list == input.resource) {
        for field in cx.read(|db| Ok(custom_definitions(db, resource)?))? {
            all.push(Column {
                label: if chinese { field.label_zh } else { field.label_en },
                pointer: format!("/custom/{}", field.key),
                key: format!("custom.{}", field.key),
                taken: Taken::Custom,
            });
        }
    }
    let Some(keys) = &input.columns else { return Ok(all) };
    all.extend(
        columns_shown(&input.resource, chinese)
            .into_iter()
            .filter(|shown| all.iter().all(|one| one.key != shown.key))
            .collect::<Vec<_>>(),
    );
    let mut chosen = Vec::with_capacity(keys.len());
    for (at, key) in keys.iter().enumerate() {
        let Some(column) = all.iter().find(|column| column.key == *key) else {
            let unknown = FieldError::new(format!("/columns/{at}"), "unknown_field").with(key);
            return Err(AppError::Validation(vec![unknown]));
        };
        chosen.push(column.clone());
    }
    if chosen.is_empty() { Err(AppError::invalid("/columns", "required")) } else { Ok(chosen) }
}

/// What can be exported.
pub(crate) const RESOURCES: [&str; 15] = [
    "customers",
    "orders",
    "opportunities",
    "quotes",
    "bills",
    "products",
    "assets",
    "wishes",
    "dealers",
    "key-accounts",
    "consents",
    "audit-events",
    DISCIPLINE,
    SELLOUT,
    "pivots",
];

/// One page of the list, through the same use case as the screen: the same sight, the same masks.
fn page(cx: &Cx, input: &ExportInput, cursor: Option<String>, limit: usize) -> AppResult<Page<Value>> {
    if input.resource == DISCIPLINE {
        let days = input.period.map(|period| (Some(period.from), Some(period.to))).unwrap_or_default();
        let people = discipline_get(cx, days)?.people;
        return Ok(Page::whole(people.into_iter().map(|one| json!(one)).collect()));
    }
    if input.resource == SELLOUT {
        let days = input.period.map(|period| (Some(period.from), Some(period.to))).unwrap_or_default();
        return Ok(crate::sales::sellout::told::cell_list(cx, days, cursor, limit)?.map(|one| json!(one)));
    }
    let mut conditions: Vec<Condition> = input.filter.iter().cloned().collect();
    if let Some(segment) = input.segment_id {
        if input.resource != "customers" {
            return Err(AppError::invalid("/segment_id", "not_allowed"));
        }
        conditions.push(cx.read(|db| crate::engage::segment::segment_condition(cx, db, SegmentId(segment)))?);
    }
    let filter = match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(Condition::all(conditions)),
    };
    let (q, sort) = (input.q.clone(), input.sort.clone());
    let figures = input.columns.iter().flatten().any(|key| key.starts_with("metrics."));
    let expand = if figures { vec!["metrics".to_string()] } else { Vec::new() };
    let request = ListRequest { q, filter, sort, limit, cursor, expand, ..ListRequest::default() };
    match input.resource.as_str() {
        "customers" => Ok(crate::customers::list::customer_list(cx, request)?.map(|one| json!(one))),
        "orders" => Ok(crate::sales::order::order_list(cx, &request)?.map(|one| json!(one))),
        "opportunities" => Ok(crate::sales::opportunity::opportunity_list(cx, &request)?.map(|one| json!(one))),
        "quotes" => Ok(crate::sales::quote::quote_list(cx, &request)?.map(|one| json!(one))),
        "bills" => Ok(crate::sales::bill::bill_list(cx, &request)?.map(|one| json!(one))),
        "wishes" => Ok(crate::sales::wish::wish_list(cx, &request)?.map(|one| json!(one))),
        "dealers" => Ok(crate::sales::dealer::dealer_list(cx, &request)?.map(|one| json!(one))),
        "key-accounts" => Ok(crate::customers::key_account::key_account_list(cx, &request)?.map(|one| json!(one))),
        "products" => Ok(crate::catalog::product::product_list(cx, &request)?.map(|one| json!(one))),
        "assets" => Ok(crate::customers::asset::asset_list(cx, &request)?.map(|one| json!(one))),
        "consents" => Ok(crate::customers::consent::consent_list(cx, &request)?.map(|one| json!(one))),
        "audit-events" => Ok(crate::access::audit::audit_list(cx, &request)?.map(|one| json!(one))),
        _ => Err(AppError::Validation(vec![FieldError::new("/resource", "not_allowed").with(RESOURCES.join(", "))])),
    }
}

fn file_path(cx: &Cx, id: JobId, format: &str) -> PathBuf {
    cx.app.config().data_dir.join("exports").join(format!("{id}.{format}"))
}

/// Writes the file. An interrupted export starts anew: half a file helps nobody.
pub fn export_handle(task: &Task) -> AppResult<Option<String>> {
    let cx = task.cx()?;
    cx.require(PERMISSION)?;
    let input: ExportInput = task.input()?;
    let path = file_path(&cx, task.job.id, &input.format);
    let asked = pivot_asked(&input)?;
    let columns = if asked.is_some() { Vec::new() } else { columns_chosen(&cx, &input)? };
    let written = match asked {
        Some(query) => pivot_write(task, &cx, &input, query, path.clone()),
        None => file_write(task, &cx, &input, &columns, path.clone()),
    };
    if written.is_err() && path.exists() {
        std::fs::remove_file(&path).map_err(AppError::internal)?;
    }
    let rows = written?;
    let (within, id) = (cx.clone(), task.job.id);
    let listed = || columns.iter().map(|column| column.key.clone()).collect();
    let fields: Vec<String> = asked.map_or_else(listed, pivot_fields);
    let filter = asked.map_or_else(|| input.filter.clone(), |query| query.filter.clone());
    cx.change(move |tx| {
        export_note(&within, tx, id, &input, &fields, rows)?;
        let what = json!({"resource": input.resource, "format": input.format, "filter": filter, "rows": rows});
        Event::new(&within, "export", id, "exported").stands(within.actor.unit_id, None).after(&what).record(tx)
    })?;
    Ok(Some(format!("/api/v1/exports/{id}/file")))
}

/// An empty file with its watermark, and what that says.
fn writer(task: &Task, cx: &Cx, input: &ExportInput, path: PathBuf) -> AppResult<(Box<dyn TableWriter>, String)> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(AppError::internal)?;
    }
    let mark = watermark(cx, task.job.id, &input.resource, &*cx.company()?);
    let sentence = mark.sentence.clone();
    let out: Box<dyn TableWriter> = match input.format.as_str() {
        "xlsx" => Box::new(XlsxWriter::create(path, mark).map_err(write_error)?),
        _ => Box::new(CsvWriter::new(File::create(path).map_err(AppError::internal)?, true)),
    };
    Ok((out, sentence))
}

fn pivot_write(task: &Task, cx: &Cx, input: &ExportInput, query: &PivotQuery, path: PathBuf) -> AppResult<i64> {
    let told = pivot_told(cx, query)?;
    let (mut out, sentence) = writer(task, cx, input, path)?;
    let rows = told.write(&mut *out).map_err(write_error)?;
    if input.format == "csv" && cx.company()?.settings.csv_export_remark {
        out.row(&[Cell::Text(format!("# {sentence}"))]).map_err(write_error)?;
    }
    out.finish().map_err(write_error)?;
    task.progress(Step { done: rows, total: Some(rows), checkpoint: None })?;
    Ok(rows)
}

fn file_write(task: &Task, cx: &Cx, input: &ExportInput, columns: &[Column], path: PathBuf) -> AppResult<i64> {
    let company = cx.company()?;
    let zone = company.time_zone;
    let (mut out, sentence) = writer(task, cx, input, path)?;
    let heads: Vec<String> = columns.iter().map(|column| column.label.clone()).collect();
    out.header(&heads).map_err(write_error)?;
    let by_line = columns.iter().any(|column| column.pointer.starts_with("/line/"));
    let (mut done, mut cursor) = (0, None);
    loop {
        let page = page(cx, input, cursor, PAGE)?;
        for record in &page.items {
            for row in lines(record, by_line) {
                let cells: Vec<Cell> = columns.iter().map(|column| cell(&row, column, zone)).collect();
                out.row(&cells).map_err(write_error)?;
                done += 1;
            }
        }
        task.progress(Step { done, total: None, checkpoint: None })?;
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    if input.format == "csv" && company.settings.csv_export_remark {
        // An import passes over remarks: one filled cell that starts with `#`.
        let mut mark = vec![Cell::Empty; columns.len()];
        mark[0] = Cell::Text(format!("# {sentence}"));
        out.row(&mark).map_err(write_error)?;
    }
    out.finish().map_err(write_error)?;
    task.progress(Step { done, total: Some(done), checkpoint: None })?;
    Ok(done)
}

/// Who, when, and the id under which the log knows it.
fn watermark(cx: &Cx, id: JobId, resource: &str, company: &Company) -> Watermark {
    let when = cx.now.with_timezone(&company.time_zone).format("%Y-%m-%d %H:%M");
    let sentence = if cx.actor.locale.starts_with("zh") {
        format!("{} 于 {when} 导出，请勿外传（导出编号 {id}）", cx.actor.name)
    } else {
        format!("Exported by {} on {when}; keep it confidential (export {id})", cx.actor.name)
    };
    Watermark {
        title: format!("{} · {resource}", company.name),
        author: cx.actor.name.clone(),
        sentence,
        id: id.to_string(),
    }
}

/// An order is a row for each of its lines when a column leads into them; everything else is one row.
fn lines(record: &Value, by_line: bool) -> Vec<Value> {
    let lines = record["lines"].as_array().filter(|lines| by_line && !lines.is_empty());
    let Some(lines) = lines else { return vec![record.clone()] };
    let with = |line: &Value| {
        let mut row = record.clone();
        row["line"] = line.clone();
        row
    };
    lines.iter().map(with).collect()
}

fn write_error(fault: WriteFault) -> AppError {
    match fault {
        WriteFault::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => AppError::StorageFull,
        WriteFault::TooManyRows(rows) => {
            AppError::Validation(vec![FieldError::new("/format", "too_many_rows").with(rows)])
        }
        other => AppError::internal(other),
    }
}

/// Where a finished export of the caller lies, and its name for downloading. Each download is counted and noted before
/// anything is handed out.
pub fn export_file(cx: &Cx, id: JobId) -> AppResult<(PathBuf, String)> {
    cx.require(PERMISSION)?;
    let row = cx.read(|db| Ok(job_get(db, id)?))?;
    let row = row.filter(|row| row.kind == EXPORT && row.created_by == Some(cx.actor.user_id) && row.status == "done");
    let row = row.ok_or(AppError::NotFound)?;
    let input: ExportInput = serde_json::from_value(row.input).map_err(AppError::internal)?;
    let path = file_path(cx, id, &input.format);
    if !path.exists() {
        return Err(AppError::Gone("file_gone"));
    }
    let within = cx.clone();
    cx.change(move |tx| {
        export_downloaded(tx, id, within.now)?;
        Event::new(&within, "export", id, "downloaded").stands(within.actor.unit_id, None).record(tx)
    })?;
    let day = cx.company()?.business_date(row.created_at);
    // The tail of the id tells files of one day apart, and finds them in the log.
    let id = id.0.simple().to_string();
    Ok((path, format!("{}-{day}-{}.{}", input.resource, &id[24..], input.format)))
}
