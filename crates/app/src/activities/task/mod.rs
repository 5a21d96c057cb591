//! Tasks: what somebody has to do by when, about which customers; given to people within one's reach, finished, put off,
//! and coming again when they recur.

mod act;
pub mod remind;
mod write;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::TaskId;
use regulars_persistence::Db;
use regulars_persistence::activities::task::{
    TASK_FROM, TaskRecord, TaskRow, task_base, task_catalogue, task_parties, tasks_get,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::act::{CompletionInput, SnoozeInput, task_complete, task_reopen, task_snooze};
pub(crate) use self::write::timed;
pub use self::write::{task_create, task_delete, task_update};
use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "activities:task:read";
const WRITE: &str = "activities:task:write";

/// One thing of a list that a task consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    #[schema(example = "Bring the colour samples")]
    pub text: String,
    #[serde(default)]
    #[schema(example = false)]
    pub done: bool,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskInput {
    #[schema(example = "Ring about the sample")]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// Whose task it is: oneself when absent, or somebody within one's reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
    /// The customers it is about, the main one first.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub customer_ids: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-12-01")]
    pub due_on: Option<NaiveDate>,
    /// `HH:MM` by the clocks of the business time zone; any time of the day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "14:30")]
    pub due_time: Option<String>,
    /// So many minutes before it is due, or before nine in the morning of its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, example = 15)]
    pub remind_minutes: Option<i64>,
    /// 1 is high, 2 normal, 3 low.
    #[serde(default = "normal")]
    #[schema(minimum = 1, maximum = 3, example = 2)]
    pub priority: i64,
    #[serde(default)]
    #[schema(example = json!([]))]
    pub checklist: Vec<ChecklistItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// A rule of RFC 5545 that falls on days. Finishing one occurrence makes the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "FREQ=MONTHLY;BYMONTHDAY=-1")]
    pub recurrence: Option<String>,
}

fn normal() -> i64 {
    2
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskView {
    pub id: Uuid,
    pub title: String,
    pub remarks: Option<String>,
    pub owner: Ref,
    /// Those of the customers it is about that the caller sees.
    pub customers: Vec<Ref>,
    #[schema(value_type = crate::shape::TaskStatusKey)]
    pub status: String,
    #[schema(example = 2)]
    pub priority: i64,
    pub due_on: Option<NaiveDate>,
    #[schema(example = "14:30")]
    pub due_time: Option<String>,
    /// From when on it is overdue: its time, or the end of its day.
    pub due_at: Option<DateTime<Utc>>,
    /// Open, and its time has passed.
    pub overdue: bool,
    pub remind_minutes: Option<i64>,
    pub remind_at: Option<DateTime<Utc>>,
    pub checklist: Vec<ChecklistItem>,
    pub outcome: Option<String>,
    #[schema(example = "FREQ=WEEKLY;BYDAY=MO")]
    pub recurrence: Option<String>,
    /// The occurrence that came of finishing this one.
    pub next_id: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Ref>,
    pub created_by: Option<Ref>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(TaskView);

fn checklist(row: &TaskRow) -> AppResult<Vec<ChecklistItem>> {
    serde_json::from_value(row.checklist.clone()).map_err(AppError::internal)
}

fn to_view(cx: &Cx, record: TaskRecord, customers: Vec<Ref>) -> AppResult<TaskView> {
    let checklist = checklist(&record.own)?;
    let row = record.own;
    Ok(TaskView {
        id: row.id.0,
        title: row.title,
        remarks: row.remarks,
        owner: Ref::new(row.owner_id, record.owner_name),
        customers,
        overdue: row.status == "open" && row.due_at.is_some_and(|at| at <= cx.now),
        status: row.status,
        priority: row.priority,
        due_on: row.due_on,
        due_time: row.due_time,
        due_at: row.due_at,
        remind_minutes: row.remind_minutes,
        remind_at: row.remind_at,
        checklist,
        outcome: row.outcome,
        recurrence: row.recurrence,
        next_id: row.next_id.map(|id| id.0),
        done_at: row.done_at,
        done_by: row.done_by.map(|id| Ref::new(id, record.done_by_name.unwrap_or_default())),
        created_by: row.created_by.map(|id| Ref::new(id, record.created_by_name.unwrap_or_default())),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn to_input(row: &TaskRow, customers: &[Ref]) -> AppResult<TaskInput> {
    Ok(TaskInput {
        title: row.title.clone(),
        remarks: row.remarks.clone(),
        owner_id: Some(row.owner_id.0),
        customer_ids: customers.iter().map(|one| one.id).collect(),
        due_on: row.due_on,
        due_time: row.due_time.clone(),
        remind_minutes: row.remind_minutes,
        priority: row.priority,
        checklist: checklist(row)?,
        outcome: row.outcome.clone(),
        recurrence: row.recurrence.clone(),
    })
}

/// The customers of tasks that the caller sees, each once.
fn customers_of(cx: &Cx, db: &mut Db, ids: &[TaskId]) -> AppResult<HashMap<TaskId, Vec<Ref>>> {
    let mut named: HashMap<TaskId, Vec<Ref>> = HashMap::new();
    for row in task_parties(db, ids, &cx.visible(Resource::Customer, Action::Read))? {
        let of = named.entry(row.task_id).or_default();
        if of.iter().all(|one| one.id != row.party_id.0) {
            of.push(Ref::new(row.party_id, row.name));
        }
    }
    Ok(named)
}

fn found(cx: &Cx, db: &mut Db, id: TaskId, action: Action) -> AppResult<(TaskRecord, Vec<Ref>)> {
    let record = tasks_get(db, &[id], &cx.visible(Resource::Task, action))?.pop().ok_or(AppError::NotFound)?;
    let customers = customers_of(cx, db, &[id])?.remove(&id).unwrap_or_default();
    Ok((record, customers))
}

fn shown(cx: &Cx, db: &mut Db, id: TaskId) -> AppResult<TaskView> {
    let (record, customers) = found(cx, db, id, Action::Read)?;
    to_view(cx, record, customers)
}

fn event(cx: &Cx, row: &TaskRow, customers: &[Uuid], action: &str) -> Event {
    let event = Event::new(cx, "task", row.id, action).stands(row.unit_id, Some(row.owner_id));
    match customers.first() {
        Some(first) => event.party((*first).into()),
        None => event,
    }
}

pub fn task_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<TaskView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Task, Action::Read);
    let base = task_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = task_catalogue();
        let source = Source { from: TASK_FROM, id: "t.id", catalogue: &catalogue, default_sort: "due_at" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<TaskId> = page.items.iter().map(|id| TaskId(*id)).collect();
        let mut customers = customers_of(cx, db, &ids)?;
        let mut rows: HashMap<TaskId, TaskRecord> =
            tasks_get(db, &ids, &reach)?.into_iter().map(|record| (record.own.id, record)).collect();
        let views = ids.iter().filter_map(|id| rows.remove(id)).map(|record| {
            let about = customers.remove(&record.own.id).unwrap_or_default();
            to_view(cx, record, about)
        });
        let items = views.collect::<AppResult<Vec<TaskView>>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

/// Those of the ids that are within reach, in no order.
pub(crate) fn task_views(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<TaskView>> {
    let ids: Vec<TaskId> = ids.iter().copied().map(TaskId).collect();
    let mut customers = customers_of(cx, db, &ids)?;
    let rows = tasks_get(db, &ids, &cx.visible(Resource::Task, Action::Read))?;
    let views = rows.into_iter().map(|record| {
        let about = customers.remove(&record.own.id).unwrap_or_default();
        to_view(cx, record, about)
    });
    views.collect()
}

pub fn task_get(cx: &Cx, id: TaskId) -> AppResult<TaskView> {
    cx.require(READ)?;
    cx.read(|db| shown(cx, db, id))
}
