//! The background work of an import: the check that only judges, and the run that stores chunk after chunk. The point
//! where a run goes on is stored with each chunk, so that nothing is lost or doubled whatever happens between.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use crate::insight::evaluation::evaluation_queue;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::FieldError;
use regulars_domain::ids::{ImportId, PartyId};
use regulars_domain::money::decimals;
use regulars_persistence::Db;
use regulars_persistence::bulk::statistics_refresh;
use regulars_persistence::import::party::parties_queue_for_search;
use regulars_persistence::import::sales::customers_of_import;
use regulars_persistence::import::{ImportRecord, import_get, import_progress, import_rows_delete, import_rows_insert};
use regulars_persistence::insight::counter::{BATCH, metric_refresh};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::faults::FileFault;
use super::format::{FileFormat, FileKind};
use super::mapping::{Mapping, Plan};
use super::outcome::Counts;
use super::pipeline::{Drafts, chunks_read, drafts_apply};
use super::record::{ColumnView, file_path, may_write, resource_name};
use super::refs::Refs;
use super::rows::{Flow, Resume, rows_read};
use super::run::Run;
use super::targets::ImportResource;
use crate::event::Event;
use crate::insight::counts_when;
use crate::jobs::Task;
use crate::jobs::task::{CANCELLED, Step};
use crate::{AppError, AppResult, Cx};

pub const CHECK: &str = "import.check";
pub const RUN: &str = "import.run";
pub const UNDO: &str = "import.undo";

/// Rows kept to be looked at after a check; the counts are exact whatever their number.
const KEPT_ROWS: u64 = 200_000;
/// Customers queued for the search index in one transaction.
const QUEUED: i64 = 5000;
/// Customers whose numbers are brought up to date in one transaction.
const COUNTED: i64 = BATCH as i64;

#[derive(Debug, Deserialize)]
pub(super) struct Input {
    pub import_id: ImportId,
}

/// Where a run goes on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Checkpoint {
    resume: Resume,
    counts: Counts,
    /// All rows are stored; customers behind this one wait for the search index.
    indexed: Option<PartyId>,
    /// All are queued for the index; customers behind this one wait for their numbers.
    counted: Option<PartyId>,
}

/// A fault of the file as a refusal, in the caller's words.
pub(super) fn file_error(cx: &Cx, fault: &FileFault) -> AppError {
    if let FileFault::Io(kind) = fault {
        return AppError::Internal(format!("import file: {kind}"));
    }
    let text = fault.text(cx.request.locale.starts_with("zh"));
    AppError::Validation(vec![FieldError::new("", fault.code()).with(text)])
}

/// The import a job is about, and everything its rows are judged by.
struct Work {
    cx: Cx,
    record: ImportRecord,
    path: PathBuf,
    format: FileFormat,
    run: Arc<Run>,
}

impl Work {
    fn load(task: &Task, dry: bool) -> AppResult<Self> {
        let cx = task.cx()?;
        let Input { import_id } = task.input()?;
        let record = cx.read(|db| import_get(db, import_id).map_err(AppError::from))?.ok_or(AppError::NotFound)?;
        let resource = ImportResource::parse(&record.resource).ok_or(AppError::NotFound)?;
        may_write(&cx, resource)?;
        let read =
            |value: &Value| -> AppResult<_> { serde_json::from_value(value.clone()).map_err(AppError::internal) };
        let format: FileFormat = read(&record.format)?;
        let columns: Vec<ColumnView> =
            serde_json::from_value(record.source_columns.clone()).map_err(AppError::internal)?;
        let mapping: Mapping = serde_json::from_value(record.mapping.clone()).map_err(AppError::internal)?;
        let plan = Plan {
            resource,
            columns: mapping.columns.into_iter().filter_map(|column| Some((column.index, column.target?))).collect(),
            key: mapping.key,
            options: mapping.options,
            names: columns.into_iter().map(|column| column.name).collect(),
            header_row: format.header_row,
            defused: format.kind == FileKind::Csv,
        };
        let company = cx.company()?;
        let customer_reach = cx.visible(Resource::Customer, Action::Write);
        let within = (customer_reach != Visibility::Company).then_some(cx.actor.unit_id);
        let run = Run {
            cx: cx.clone(),
            import_id,
            user_id: cx.actor.user_id,
            unit_id: plan.options.default_unit_id.unwrap_or(cx.actor.unit_id),
            home_unit: cx.actor.unit_id,
            now: cx.now,
            chinese: cx.actor.locale.starts_with("zh"),
            zone: company.time_zone,
            currency: company.currency.clone(),
            exponent: decimals(&company.currency),
            plan: Arc::new(plan),
            refs: Arc::new(cx.read(|db| Refs::load(db, within, resource_name(resource)))?),
            customer_reach,
            rules: Arc::new(company.settings.duplicates.clone()),
            order_reach: cx.visible(Resource::Order, Action::Write),
            opportunity_reach: cx.visible(Resource::Opportunity, Action::Write),
            may_tag: cx.actor.may("customers:tag:write") || cx.actor.may("customers:customer:assign"),
            may_product: cx.actor.may("catalog:product:write"),
            dry,
            created_before: 0,
            sellout: Arc::new(company.settings.sellout.clone()),
            code_pattern: company.settings.customer_code_pattern.clone(),
        };
        let path = file_path(&cx, import_id);
        Ok(Self { cx, record, path, format, run: Arc::new(run) })
    }

    /// Notes how the import stands; the status when nothing else is said is `failed`.
    fn settle(&self, status: &'static str, counts: Counts, checkpoint: Option<&Checkpoint>) -> AppResult<()> {
        let (id, counts, checkpoint) = (self.record.id, json!(counts), checkpoint.map(|point| json!(point)));
        let now = crate::jobs::task::now();
        self.cx.change(move |tx| Ok(import_progress(tx, id, status, &counts, checkpoint.as_ref(), now)?))
    }

    /// Reads the chunks behind `from` and hands each to `take`, while the next ones are being read.
    fn chunks(&self, from: Resume, mut take: impl FnMut(super::pipeline::Chunk) -> AppResult<()>) -> AppResult<()> {
        let (send, chunks) = sync_channel(1);
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || chunks_read(&self.path, &self.format, &self.run, from, &send));
            let mut outcome = Ok(());
            for chunk in &chunks {
                outcome = chunk.map_err(|fault| file_error(&self.cx, &fault)).and_then(&mut take);
                if outcome.is_err() {
                    break;
                }
            }
            drop(chunks);
            reader.join().map_err(|_| AppError::Internal("reading the file panicked".into()))?;
            outcome
        })
    }

    /// An estimate of the rows, from the bytes read for the first ones.
    fn total(&self, next: Resume, done: u64) -> Option<i64> {
        let estimate =
            (u128::from(done) * u128::try_from(self.record.size).ok()?).checked_div(u128::from(next.offset))?;
        i64::try_from(estimate).ok().map(|estimate| estimate.max(done as i64))
    }
}

/// Judges every row and stores what would become of it.
pub fn check_handle(task: &Task) -> AppResult<Option<String>> {
    let work = Work::load(task, true)?;
    let mut counts = Counts::default();
    let (id, now) = (work.record.id, work.cx.now);
    let outcome = work.cx.change(move |tx| Ok(import_rows_delete(tx, id)?)).and_then(|()| {
        work.chunks(Resume::default(), |chunk| {
            let run = Run { created_before: counts.create, ..(*work.run).clone() };
            let tally = work.cx.read(|db| drafts_apply(db, &run, &chunk.drafts, false))?;
            let kept = counts.reject + counts.update + counts.possible_duplicates < KEPT_ROWS;
            counts.add(tally.counts);
            let rows = if kept { tally.rows } else { Vec::new() };
            let step = Step { done: counts.done as i64, total: work.total(chunk.next, counts.done), checkpoint: None };
            let (within, seen) = (task.clone(), json!(counts));
            work.cx.change(move |tx| {
                import_rows_insert(tx, id, rows.clone())?;
                import_progress(tx, id, "checking", &seen, None, now)?;
                within.progress_in(tx, &step)
            })
        })
    });
    match &outcome {
        Ok(()) => {
            work.settle("checked", counts, None)?;
            task.progress(Step { done: counts.done as i64, total: Some(counts.done as i64), checkpoint: None })?;
        }
        Err(error) => work.settle(ended(error), counts, None)?,
    }
    outcome.map(|()| Some(format!("/api/v1/imports/{id}")))
}

fn ended(error: &AppError) -> &'static str {
    match error {
        AppError::Conflict(CANCELLED) => "uploaded",
        // The job runs again; the import is still being checked.
        AppError::Busy | AppError::Serialization | AppError::StorageFull => "checking",
        _ => "failed",
    }
}

/// Stores every row, chunk by chunk.
pub fn run_handle(task: &Task) -> AppResult<Option<String>> {
    let work = Work::load(task, false)?;
    let mut point: Checkpoint = match &work.record.checkpoint {
        Some(point) => serde_json::from_value(point.clone()).map_err(AppError::internal)?,
        None => Checkpoint::default(),
    };
    let outcome = rows_store(task, &work, &mut point)
        .and_then(|()| customers_index(task, &work, &mut point))
        .and_then(|()| customers_count(task, &work, &mut point));
    match &outcome {
        Ok(()) => finish(&work, point.counts)?,
        Err(AppError::Busy | AppError::Serialization | AppError::StorageFull) => {}
        Err(error) => {
            let status = if *error == AppError::Conflict(CANCELLED) { "cancelled" } else { "failed" };
            // Without a stored chunk nothing happened, and the mapping may be changed.
            let started = point.resume.row > 0;
            work.settle(status, point.counts, started.then_some(&point))?;
        }
    }
    outcome.map(|()| Some(format!("/api/v1/imports/{}", work.record.id)))
}

fn rows_store(task: &Task, work: &Work, point: &mut Checkpoint) -> AppResult<()> {
    if point.indexed.is_some() {
        return Ok(());
    }
    let id = work.record.id;
    if point.resume.row == 0 {
        // A file that breaks off in the middle must change nothing: it is read to its end before the first row is stored.
        rows_read(&work.path, &work.format, Resume::default(), &mut |_| Ok(Flow::Go))
            .map_err(|fault| file_error(&work.cx, &fault))?;
        work.cx.change(move |tx| Ok(import_rows_delete(tx, id)?))?;
    }
    let mut stored: u32 = 0;
    work.chunks(point.resume, |chunk| {
        let drafts = Arc::new(chunk.drafts);
        *point = match chunk_store(task, work, point, &drafts, chunk.next, false) {
            Err(AppError::Conflict(code)) if code != CANCELLED => {
                chunk_store(task, work, point, &drafts, chunk.next, true)
            }
            outcome => outcome,
        }?;
        stored += 1;
        // Each time the tables may have doubled.
        if stored.is_power_of_two()
            && let Err(error) = work.cx.change_alone(|tx| Ok(statistics_refresh(tx)?))
        {
            tracing::warn!(error = %error, "the database's statistics stay as they are");
        }
        Ok(())
    })
}

/// Stores one chunk with the point where reading goes on behind it.
fn chunk_store(
    task: &Task,
    work: &Work,
    point: &Checkpoint,
    drafts: &Arc<Drafts>,
    next: Resume,
    careful: bool,
) -> AppResult<Checkpoint> {
    let (id, run, drafts, within) = (work.record.id, work.run.clone(), drafts.clone(), task.clone());
    let (old, total) = (point.counts, work.total(next, point.counts.done));
    work.cx.change_alone(move |tx| {
        let tally = drafts_apply(tx, &run, &drafts, careful)?;
        let mut counts = old;
        counts.add(tally.counts);
        let point = Checkpoint { resume: next, counts, ..Checkpoint::default() };
        import_rows_insert(tx, id, tally.rows)?;
        import_progress(tx, id, "running", &json!(counts), Some(&json!(point)), run.now)?;
        within.progress_in(tx, &Step { done: counts.done as i64, total, checkpoint: None })?;
        Ok(point)
    })
}

/// Queues everyone the import touched for the search index.
fn customers_index(task: &Task, work: &Work, point: &mut Checkpoint) -> AppResult<()> {
    if point.counted.is_some() {
        return Ok(());
    }
    let (id, now) = (work.record.id, work.cx.now);
    loop {
        let after = point.indexed.unwrap_or(PartyId(uuid::Uuid::nil()));
        let more = walk(task, work, point, move |tx, point| {
            let last = parties_queue_for_search(tx, id, after, QUEUED, now)?.last().copied();
            point.indexed = Some(last.unwrap_or(after));
            Ok(last.is_some())
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// Brings the numbers of everyone up to date whose orders the import touched.
fn customers_count(task: &Task, work: &Work, point: &mut Checkpoint) -> AppResult<()> {
    if work.run.plan.resource != ImportResource::Orders {
        return Ok(());
    }
    let (id, when) = (work.record.id, counts_when(&*work.cx.company()?));
    loop {
        let after = point.counted.unwrap_or(PartyId(uuid::Uuid::nil()));
        let more = walk(task, work, point, move |tx, point| {
            let ids = customers_of_import(tx, id, after, COUNTED)?;
            metric_refresh(tx, &ids, when)?;
            point.counted = Some(ids.last().copied().unwrap_or(after));
            Ok(!ids.is_empty())
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// One step behind the rows, stored with its checkpoint. True when there is more.
fn walk(
    task: &Task,
    work: &Work,
    point: &mut Checkpoint,
    step: impl Fn(&mut Db, &mut Checkpoint) -> AppResult<bool> + Send + 'static,
) -> AppResult<bool> {
    let (id, from, within, now) = (work.record.id, point.clone(), task.clone(), work.cx.now);
    let (next, more) = work.cx.change(move |tx| {
        let mut next = from.clone();
        let more = step(tx, &mut next)?;
        import_progress(tx, id, "running", &json!(next.counts), Some(&json!(next)), now)?;
        let done = next.counts.done as i64;
        within.progress_in(tx, &Step { done, total: Some(done), checkpoint: None })?;
        Ok((next, more))
    })?;
    *point = next;
    Ok(more)
}

fn finish(work: &Work, counts: Counts) -> AppResult<()> {
    let (cx, id) = (work.cx.clone(), work.record.id);
    let (unit, now) = (work.run.unit_id, crate::jobs::task::now());
    work.cx.change(move |tx| {
        import_progress(tx, id, "done", &json!(counts), None, now)?;
        evaluation_queue(tx, Some(unit), now)?;
        Event::new(&cx, "import", id, "ran").stands(unit, Some(cx.actor.user_id)).after(&counts).record(tx)
    })
}
