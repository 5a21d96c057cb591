//! Imports as people see them: look, set the mapping, check, run, undo, read what became of rows.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{ImportId, UnitId};
use regulars_domain::mask::HIDDEN;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::import::reference::{people_active, units_active};
use regulars_persistence::import::{
    ImportRecord, import_delete as row_delete, import_get as row_get, import_list as row_list, import_rows,
    import_rows_delete, import_update as row_update,
};
use regulars_persistence::job::job_get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cells::CellFault;
use super::format::FileFormat;
use super::mapping::{Mapping, mapping_check};
use super::outcome::{Change, Counts};
use super::rejects::RejectWriter;
use super::rows::{Flow, Resume, rows_read};
use super::targets::ImportResource;
use super::upload::columns_read;
use super::work::{CHECK, RUN, UNDO};
use crate::event::Event;
use crate::jobs::{JobView, NewJob, cursor_read, cursor_write, job_enqueue};
use crate::list::{ListRequest, Page};
use crate::patch::patched;
use crate::{AppError, AppResult, Cx};

/// The permission everything here needs.
pub const PERMISSION: &str = "platform:import:run";

/// An uploaded file and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    pub id: Uuid,
    #[schema(value_type = ImportResource)]
    pub resource: String,
    #[schema(example = "customers.csv")]
    pub file_name: String,
    /// Bytes.
    pub size: i64,
    #[schema(value_type = crate::shape::ImportStatus)]
    pub status: String,
    pub format: FileFormat,
    pub columns: Vec<ColumnView>,
    pub mapping: Mapping,
    pub counts: Counts,
    /// Whether something of it stands that an undo could take back.
    pub undoable: bool,
    pub job_id: Option<Uuid>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(ImportView);

/// A column of the file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    /// Counts from 0.
    pub index: usize,
    /// The heading; empty when the file has none.
    #[schema(example = "手机号")]
    pub name: String,
    pub samples: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "phone")]
    pub suggested_target: Option<String>,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PreviewRow {
    /// Line of the text or row of the sheet, from 1.
    pub row: u64,
    pub fields: Vec<String>,
    /// Why the row can't be taken as it is.
    pub error: Option<String>,
}

/// What became of a row, or would.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RowView {
    /// Line of the text or row of the sheet, from 1.
    pub row: i64,
    /// `create`, `update`, `reject`, or after an undo `restored` or `kept`.
    #[schema(value_type = crate::shape::RowOutcome)]
    pub outcome: String,
    pub key: Option<String>,
    pub changes: Vec<Change>,
    pub errors: Vec<CellFault>,
}

/// What a person may set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportInput {
    pub format: FileFormat,
    pub mapping: Mapping,
}

pub(super) fn to_view(row: ImportRecord) -> AppResult<ImportView> {
    let counts: Counts = serde_json::from_value(row.counts.clone()).map_err(AppError::internal)?;
    Ok(ImportView {
        undoable: UNDOABLE.contains(&row.status.as_str()) && wrote(&row, counts),
        id: row.id.0,
        resource: row.resource,
        file_name: row.file_name,
        size: row.size,
        status: row.status,
        format: serde_json::from_value(row.format).map_err(AppError::internal)?,
        columns: serde_json::from_value(row.source_columns).map_err(AppError::internal)?,
        mapping: serde_json::from_value(row.mapping).map_err(AppError::internal)?,
        counts,
        job_id: row.job_id.map(|id| id.0),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The states from which an import may be taken back.
const UNDOABLE: [&str; 3] = ["done", "failed", "cancelled"];

/// Whether a run stored rows. What stopped before its first chunk has no checkpoint, and counts that only a check made.
fn wrote(row: &ImportRecord, counts: Counts) -> bool {
    (row.status == "done" || row.checkpoint.is_some()) && counts.create + counts.update > 0
}

/// Where the bytes of an import are kept.
pub(super) fn file_path(cx: &Cx, id: ImportId) -> PathBuf {
    cx.app.config().data_dir.join("imports").join(id.to_string())
}

/// Imports belong to a unit; head office sees all.
fn unit_of(cx: &Cx) -> Option<UnitId> {
    (!cx.actor.is_head_office()).then_some(cx.actor.unit_id)
}

/// Files hold what is masked elsewhere: whoever has masks sees those alone that they brought themselves.
fn own_only(cx: &Cx) -> bool {
    !cx.actor.masks.is_empty()
}

pub(super) fn import_load(db: &mut Db, cx: &Cx, id: ImportId) -> AppResult<ImportRecord> {
    let unit = unit_of(cx);
    let seen = |row: &ImportRecord| {
        unit.is_none_or(|unit| unit == row.unit_id) && (row.created_by == cx.actor.user_id || !own_only(cx))
    };
    let row = row_get(db, id)?.filter(seen).ok_or(AppError::NotFound)?;
    status_real(db, row)
}

/// A job that was stopped before it began, or never could begin, left the import's status as it was.
fn status_real(db: &mut Db, mut row: ImportRecord) -> AppResult<ImportRecord> {
    if !matches!(row.status.as_str(), "checking" | "running" | "undoing") {
        return Ok(row);
    }
    let job = row.job_id.map(|id| job_get(db, id)).transpose()?.flatten();
    match job.as_ref().map(|job| job.status.as_str()) {
        Some("cancelled") => row.status = "cancelled".into(),
        Some("failed") | None => row.status = "failed".into(),
        _ => {}
    }
    Ok(row)
}

pub fn import_get(cx: &Cx, id: ImportId) -> AppResult<ImportView> {
    cx.require(PERMISSION)?;
    to_view(cx.read(|db| import_load(db, cx, id))?)
}

pub fn import_list(cx: &Cx, list: &ListRequest) -> AppResult<Page<ImportView>> {
    cx.require(PERMISSION)?;
    let before = list.cursor.as_deref().map(cursor_read).transpose()?;
    let mut rows: Vec<ImportRecord> = cx.read(|db| {
        let rows = row_list(db, unit_of(cx), own_only(cx).then_some(cx.actor.user_id), before, list.limit as i64 + 1)?;
        rows.into_iter().map(|row| status_real(db, row)).collect()
    })?;
    let more = rows.len() > list.limit;
    rows.truncate(list.limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| cursor_write(row.created_at, row.id.0));
    let items = rows.into_iter().map(to_view).collect::<AppResult<_>>()?;
    Ok(Page { items, next_cursor, total: None, total_capped: None })
}

/// Changes format or mapping. Another format reads the columns again; either makes an earlier check void.
pub fn import_update(cx: &Cx, id: ImportId, version: i64, patch: &Value) -> AppResult<ImportView> {
    cx.require(PERMISSION)?;
    let mut row = cx.read(|db| import_load(db, cx, id))?;
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    if !matches!(row.status.as_str(), "uploaded" | "checked" | "failed" | "cancelled") {
        return Err(AppError::Conflict("wrong_state"));
    }
    let view = to_view(row.clone())?;
    // What an interrupted run stored was read by the mapping of then.
    if wrote(&row, view.counts) {
        return Err(AppError::Conflict("wrong_state"));
    }
    let before = ImportInput { format: view.format, mapping: view.mapping };
    let input: ImportInput = patched(&before, patch)?;
    let resource = ImportResource::parse(&row.resource).ok_or(AppError::NotFound)?;
    let mut columns = view.columns;
    if input.format != before.format {
        columns = columns_read(cx, resource, &file_path(cx, id), &input.format)?;
    }
    mapping_validate(cx, resource, &input.mapping, columns.len())?;
    row.status = "uploaded".into();
    row.format = json!(input.format);
    row.mapping = json!(input.mapping);
    row.source_columns = json!(columns);
    row.counts = json!(Counts::default());
    row.checkpoint = None;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, &row, version, within.now)? {
            let current = row_get(tx, id)?.ok_or(AppError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        import_rows_delete(tx, id)?;
        Event::new(&within, "import", id, "updated").difference(&before, &input).record(tx)
    })?;
    import_get(cx, id)
}

/// Refuses a mapping that can't work, or that names people and units beyond the caller's reach.
pub(super) fn mapping_validate(cx: &Cx, resource: ImportResource, mapping: &Mapping, width: usize) -> AppResult<()> {
    let name = resource_name(resource);
    let (custom, people, units) = cx.read(|db| {
        let fields = if takes_custom(resource) { custom_definitions(db, name)? } else { Vec::new() };
        let custom: HashMap<String, bool> = fields.into_iter().map(|field| (field.key, field.is_unique)).collect();
        Ok((custom, people_active(db)?, units_active(db)?))
    })?;
    masks_check(cx, resource, mapping)?;
    mapping_check(resource, mapping, width, &custom)?;
    let unit = mapping.options.default_unit_id.unwrap_or(cx.actor.unit_id);
    let company_wide = cx.visible(regulars_domain::actor::Resource::Customer, regulars_domain::actor::Action::Write)
        == regulars_domain::actor::Visibility::Company;
    if !units.iter().any(|other| other.id == unit) || (unit != cx.actor.unit_id && !company_wide) {
        return Err(AppError::invalid("/mapping/options/default_unit_id", "unknown_reference"));
    }
    let owner = mapping.options.default_owner_id;
    if owner.is_some_and(|owner| !people.iter().any(|person| person.id == owner && person.unit_id == unit)) {
        return Err(AppError::invalid("/mapping/options/default_owner_id", "unknown_reference"));
    }
    Ok(())
}

/// Nobody fills or matches by a file what is masked for them.
fn masks_check(cx: &Cx, resource: ImportResource, mapping: &Mapping) -> AppResult<()> {
    let mut checks = Checks::default();
    for (at, column) in mapping.columns.iter().enumerate() {
        if let Some(target) = column.target.as_deref().filter(|target| target_masked(cx, resource, target)) {
            checks.fail_with(format!("/mapping/columns/{at}/target"), "field_masked", target);
        }
    }
    Ok(checks.done()?)
}

/// Whether a target is a field that is masked for the caller: of the customers that a row makes, or finds for its order.
pub(super) fn target_masked(cx: &Cx, resource: ImportResource, target: &str) -> bool {
    let masks = &cx.actor.masks;
    match resource {
        ImportResource::Customers | ImportResource::Contacts => masks.hides_target(target),
        ImportResource::Orders
        | ImportResource::Assets
        | ImportResource::Consents
        | ImportResource::Preferences
        | ImportResource::Facts
        | ImportResource::Trainings
        | ImportResource::Sellout => target.strip_prefix("customer_").is_some_and(|field| masks.hides_target(field)),
        ImportResource::Opportunities => {
            let field = target.strip_prefix("customer_").or_else(|| target.strip_prefix("lead_"));
            field.is_some_and(|field| masks.hides_target(field))
        }
        ImportResource::Products => false,
    }
}

/// Whether rows of the resource take values of custom fields.
pub(super) fn takes_custom(resource: ImportResource) -> bool {
    crate::platform::custom_field::RESOURCES.contains(&resource_name(resource))
}

/// What custom fields call the resource; contacts are customers.
pub(super) fn resource_name(resource: ImportResource) -> &'static str {
    match resource {
        ImportResource::Customers | ImportResource::Contacts => "customer",
        ImportResource::Products => "product",
        ImportResource::Orders => "order",
        ImportResource::Assets => "asset",
        ImportResource::Consents => "consent",
        ImportResource::Preferences => "preference",
        ImportResource::Facts => "fact",
        ImportResource::Trainings => "training",
        ImportResource::Opportunities => "opportunity",
        ImportResource::Sellout => "sellout",
    }
}

/// Forgets the import and its file. What it brought in stays.
pub fn import_delete(cx: &Cx, id: ImportId, version: i64) -> AppResult<()> {
    cx.require(PERMISSION)?;
    let row = cx.read(|db| import_load(db, cx, id))?;
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    if matches!(row.status.as_str(), "checking" | "running" | "undoing") {
        return Err(AppError::Conflict("wrong_state"));
    }
    let within = cx.clone();
    cx.change(move |tx| {
        row_delete(tx, id)?;
        Event::new(&within, "import", id, "deleted").record(tx)
    })?;
    if let Err(error) = std::fs::remove_file(file_path(cx, id)) {
        tracing::warn!(import.id = %id, error = %error, "the file of a deleted import stays");
    }
    Ok(())
}

/// The first `limit` rows as they are read with the present format.
pub fn import_preview(cx: &Cx, id: ImportId, limit: usize) -> AppResult<Page<PreviewRow>> {
    cx.require(PERMISSION)?;
    let view = to_view(cx.read(|db| import_load(db, cx, id))?)?;
    let chinese = cx.actor.locale.starts_with("zh");
    let mut rows = Vec::new();
    rows_read(&file_path(cx, id), &view.format, Resume::default(), &mut |row| {
        rows.push(PreviewRow {
            row: row.line,
            fields: row.record.iter().map(str::to_owned).collect(),
            error: row.fault.map(|fault| fault.text(chinese)),
        });
        Ok(if rows.len() < limit { Flow::Go } else { Flow::Stop })
    })
    .map_err(|fault| super::work::file_error(cx, &fault))?;
    Ok(Page::whole(rows))
}

/// Changes with what stood there before as the caller may see it: the file is their own, the record is not.
fn changes_seen(cx: &Cx, mut changes: Vec<Change>) -> Vec<Change> {
    let masks = &cx.actor.masks;
    let hidden = |change: &&mut Change| masks.hides_member(&change.field) && !change.before.is_null();
    changes.iter_mut().filter(hidden).for_each(|change| change.before = HIDDEN.into());
    changes
}

/// What became of rows, in the order of the file.
pub fn import_row_list(cx: &Cx, id: ImportId, outcome: Option<&str>, list: &ListRequest) -> AppResult<Page<RowView>> {
    cx.require(PERMISSION)?;
    let after = match list.cursor.as_deref() {
        Some(cursor) => cursor.parse().map_err(|_| AppError::invalid("cursor", "cursor_invalid"))?,
        None => 0,
    };
    let mut rows = cx.read(|db| {
        import_load(db, cx, id)?;
        Ok(import_rows(db, id, outcome, after, list.limit as i64 + 1)?)
    })?;
    let more = rows.len() > list.limit;
    rows.truncate(list.limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.row_no.to_string());
    let parts = |value: Option<Value>| value.unwrap_or_else(|| json!([]));
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(RowView {
                row: row.row_no,
                outcome: row.outcome,
                key: row.row_key,
                changes: changes_seen(cx, serde_json::from_value(parts(row.changes)).map_err(AppError::internal)?),
                errors: serde_json::from_value(parts(row.errors)).map_err(AppError::internal)?,
            })
        })
        .collect::<AppResult<_>>()?;
    Ok(Page { items, next_cursor, total: None, total_capped: None })
}

/// Writes the rejected rows with their reasons as CSV; the path of the file and its name for downloading.
pub fn import_rejects(cx: &Cx, id: ImportId) -> AppResult<(PathBuf, String)> {
    cx.require(PERMISSION)?;
    let view = to_view(cx.read(|db| import_load(db, cx, id))?)?;
    let path = file_path(cx, id).with_extension("rejects.csv");
    let file = std::fs::File::create(&path).map_err(AppError::internal)?;
    let names: Vec<String> = view.columns.iter().map(|column| column.name.clone()).collect();
    let mut out = RejectWriter::new(file, &names).map_err(AppError::internal)?;
    let mut waiting = Rejected { cx, id, after: -1, page: Vec::new().into_iter(), next: None };
    waiting.advance()?;
    let mut fault = None;
    rows_read(&file_path(cx, id), &view.format, Resume::default(), &mut |row| {
        let written = waiting.write(&row, &mut out);
        if let Err(error) = written {
            fault = Some(error);
        }
        Ok(if waiting.next.is_some() && fault.is_none() { Flow::Go } else { Flow::Stop })
    })
    .map_err(|fault| super::work::file_error(cx, &fault))?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    out.finish().map_err(AppError::internal)?;
    let stem = view.file_name.rsplit_once('.').map_or(view.file_name.as_str(), |(stem, _)| stem);
    Ok((path, format!("{stem}-rejected.csv")))
}

/// The rejected rows of an import in the order of the file, a page at a time.
struct Rejected<'a> {
    cx: &'a Cx,
    id: ImportId,
    after: i64,
    page: std::vec::IntoIter<regulars_persistence::import::ImportRow>,
    next: Option<(u64, Vec<String>)>,
}

impl Rejected<'_> {
    fn advance(&mut self) -> AppResult<()> {
        let row = match self.page.next() {
            Some(row) => Some(row),
            None => {
                let (id, after) = (self.id, self.after);
                self.page = self.cx.read(|db| Ok(import_rows(db, id, Some("reject"), after, 5000)?))?.into_iter();
                self.page.next()
            }
        };
        self.next = row.map(|row| {
            self.after = row.row_no;
            let faults: Vec<CellFault> =
                row.errors.and_then(|errors| serde_json::from_value(errors).ok()).unwrap_or_default();
            let reason = |fault: CellFault| match fault.column {
                Some(column) => format!("{column}: {}", fault.detail),
                None => fault.detail,
            };
            (u64::try_from(row.row_no).unwrap_or(0), faults.into_iter().map(reason).collect())
        });
        Ok(())
    }

    fn write<W: std::io::Write>(&mut self, row: &super::rows::Row, out: &mut RejectWriter<W>) -> AppResult<()> {
        while self.next.as_ref().is_some_and(|(line, _)| *line < row.line) {
            self.advance()?;
        }
        if let Some((line, reasons)) = self.next.as_ref().filter(|(line, _)| *line == row.line) {
            let fields: Vec<&str> = row.record.iter().collect();
            out.reject(&fields, *line, reasons).map_err(AppError::internal)?;
            self.advance()?;
        }
        Ok(())
    }
}

/// Starts a dry run.
pub fn import_check(cx: &Cx, id: ImportId) -> AppResult<JobView> {
    start(cx, id, CHECK, "checking", &["uploaded", "checked", "failed", "cancelled"])
}

/// Starts the import, or continues one that was interrupted.
pub fn import_run(cx: &Cx, id: ImportId) -> AppResult<JobView> {
    start(cx, id, RUN, "running", &["uploaded", "checked", "failed", "cancelled"])
}

/// Starts taking back everything the import did.
pub fn import_undo(cx: &Cx, id: ImportId) -> AppResult<JobView> {
    start(cx, id, UNDO, "undoing", &UNDOABLE)
}

fn start(
    cx: &Cx,
    id: ImportId,
    kind: &'static str,
    status: &'static str,
    from: &'static [&'static str],
) -> AppResult<JobView> {
    cx.require(PERMISSION)?;
    let view = to_view(cx.read(|db| import_load(db, cx, id))?)?;
    let resource = ImportResource::parse(&view.resource).ok_or(AppError::NotFound)?;
    if kind != UNDO {
        mapping_validate(cx, resource, &view.mapping, view.columns.len())?;
        may_write(cx, resource)?;
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let mut row = import_load(tx, &within, id)?;
        let undoable = to_view(row.clone())?.undoable;
        // A check would forget what an interrupted run has to remember.
        if !from.contains(&row.status.as_str()) || (kind == CHECK && undoable) {
            return Err(AppError::Conflict("wrong_state"));
        }
        if kind == UNDO && !undoable {
            return Err(AppError::Conflict("nothing_written"));
        }
        let job = NewJob {
            kind,
            input: json!({"import_id": id}),
            total: None,
            dedupe_key: Some(format!("import:{id}")),
            lane: None,
        };
        let job = job_enqueue(tx, &within, job)?;
        row.status = status.into();
        row.job_id = Some(regulars_domain::ids::JobId(job.id));
        let version = row.version;
        row_update(tx, &row, version, within.now)?;
        Ok(job)
    })
}

/// What an import writes, the person must be allowed to write by hand.
pub(super) fn may_write(cx: &Cx, resource: ImportResource) -> AppResult<()> {
    cx.require(match resource {
        ImportResource::Customers
        | ImportResource::Contacts
        | ImportResource::Assets
        | ImportResource::Consents
        | ImportResource::Preferences
        | ImportResource::Facts
        | ImportResource::Trainings => "customers:customer:write",
        ImportResource::Products => "catalog:product:write",
        ImportResource::Opportunities => "sales:opportunity:write",
        ImportResource::Orders | ImportResource::Sellout => "sales:order:write",
    })
}
