//! Finishing a task, taking that back, putting it off.

use chrono::NaiveDate;
use regulars_domain::actor::Action;
use regulars_domain::error::Checks;
use regulars_domain::ids::TaskId;
use regulars_domain::task::{Due, Recurrence, TaskStatus, due_day};
use regulars_persistence::Db;
use regulars_persistence::activities::task::{
    TaskRow, task_insert, task_parties_all, task_parties_set, task_unmade, task_update as row_update,
};
use regulars_persistence::activities::touch::touches_refresh_of;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::write::{time_read, timed};
use super::{ChecklistItem, TaskView, WRITE, checklist, event, found, shown};
use crate::{AppError, AppResult, Cx};

/// How a task ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletionInput {
    /// What came of it; what was noted before stays when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Wants two samples by Friday")]
    pub outcome: Option<String>,
    /// Not done, and not to be done any more.
    #[serde(default)]
    #[schema(example = false)]
    pub cancelled: bool,
}

/// Until when a task is put off. A series stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeInput {
    #[schema(example = "2031-12-02")]
    pub due_on: NaiveDate,
    /// `HH:MM`; the time it had when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "09:30")]
    pub due_time: Option<String>,
}

/// A task as a change within a transaction finds it, and the customers it is told of with.
fn to_act(cx: &Cx, tx: &mut Db, id: TaskId) -> AppResult<(TaskRow, Vec<Uuid>)> {
    let (record, customers) = found(cx, tx, id, Action::Write)?;
    Ok((record.own, customers.iter().map(|one| one.id).collect()))
}

fn store(tx: &mut Db, row: &TaskRow) -> AppResult<()> {
    if row_update(tx, row.clone())? { Ok(()) } else { Err(AppError::Conflict("changed_since")) }
}

/// The next occurrence: the same with nothing ticked, on the first day of the series that is not yet past.
fn next_of(row: &TaskRow, cx: &Cx) -> AppResult<Option<TaskRow>> {
    let (Some(rule), Some(starts), Some(occurs)) = (&row.recurrence, row.starts_on, row.occurs_on) else {
        return Ok(None);
    };
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    // A rule that was right when it was written stays right.
    let next = Recurrence::parse(rule).and_then(|rule| rule.next(starts, occurs, today));
    let Some(on) = next.map_err(|fault| AppError::Internal(format!("task {}: {}", row.id, fault.code())))? else {
        return Ok(None);
    };
    let unticked = checklist(row)?.into_iter().map(|item| ChecklistItem { done: false, ..item });
    let next = TaskRow {
        id: TaskId::fresh(),
        due_on: Some(on),
        occurs_on: Some(on),
        checklist: json!(unticked.collect::<Vec<_>>()),
        outcome: None,
        next_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
        ..row.clone()
    };
    Ok(Some(timed(next, company.time_zone)))
}

pub fn task_complete(cx: &Cx, id: TaskId, input: CompletionInput) -> AppResult<TaskView> {
    cx.require(WRITE)?;
    let mut outcome = input.outcome;
    crate::customers::input::trim(&mut outcome);
    let mut checks = Checks::default();
    checks.optional_text("/outcome", outcome.as_deref(), 5_000);
    checks.done()?;
    let status = if input.cancelled { TaskStatus::Cancelled } else { TaskStatus::Done };
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (row, customers) = to_act(cx, tx, id)?;
        if row.status != TaskStatus::Open.key() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let next = next_of(&row, cx)?;
        let ended = TaskRow {
            status: status.key().into(),
            outcome: outcome.clone().or_else(|| row.outcome.clone()),
            next_id: next.as_ref().map(|next| next.id),
            done_at: Some(cx.now),
            done_by: Some(cx.actor.user_id),
            updated_at: cx.now,
            ..row.clone()
        };
        store(tx, &ended)?;
        crate::activities::journey::task_ended(cx, tx, &ended, status == TaskStatus::Cancelled)?;
        let action = if status == TaskStatus::Done { "completed" } else { "cancelled" };
        let told = json!({"title": ended.title, "outcome": ended.outcome});
        event(cx, &ended, &customers, action).after(&told).record(tx)?;
        if let Some(next) = next {
            task_insert(tx, next.clone())?;
            let about = task_parties_all(tx, id)?;
            task_parties_set(tx, next.id, &[], &about)?;
            let told = json!({"title": next.title, "due_on": next.due_on, "due_time": next.due_time});
            event(cx, &next, &customers, "created").after(&told).record(tx)?;
        }
        let about = task_parties_all(tx, id)?;
        touches_refresh_of(tx, &about)?;
        shown(cx, tx, id)
    })
}

/// The occurrence that finishing it made is taken back with it, as long as nobody has touched that.
pub fn task_reopen(cx: &Cx, id: TaskId) -> AppResult<TaskView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (row, customers) = to_act(cx, tx, id)?;
        if row.status == TaskStatus::Open.key() {
            return Err(AppError::Conflict("wrong_state"));
        }
        // Who goes on with the series: this one again, or the next that somebody has already changed.
        let unmade = match row.next_id {
            Some(next) => task_unmade(tx, next, cx.now)?,
            None => true,
        };
        let open = TaskRow {
            status: TaskStatus::Open.key().into(),
            next_id: None,
            done_at: None,
            done_by: None,
            recurrence: row.recurrence.clone().filter(|_| unmade),
            starts_on: row.starts_on.filter(|_| unmade),
            occurs_on: row.occurs_on.filter(|_| unmade),
            updated_at: cx.now,
            ..row.clone()
        };
        store(tx, &open)?;
        crate::activities::journey::task_taken_up(cx, tx, id)?;
        let about = task_parties_all(tx, id)?;
        touches_refresh_of(tx, &about)?;
        event(cx, &open, &customers, "taken_up").after(&json!({"title": open.title})).record(tx)?;
        shown(cx, tx, id)
    })
}

pub fn task_snooze(cx: &Cx, id: TaskId, input: SnoozeInput) -> AppResult<TaskView> {
    cx.require(WRITE)?;
    let zone = cx.company()?.time_zone;
    let mut checks = Checks::default();
    let time = input.due_time.as_deref().map(time_read);
    if time == Some(None) {
        checks.fail_with("/due_time", "wrong_shape", "HH:MM");
    }
    if !due_day(input.due_on) {
        checks.fail("/due_on", "date_invalid");
    }
    checks.done()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (row, customers) = to_act(cx, tx, id)?;
        if row.status != TaskStatus::Open.key() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let due_time = input.due_time.clone().or_else(|| row.due_time.clone());
        let due = Due { on: input.due_on, time: due_time.as_deref().and_then(time_read) };
        if due.at(zone) <= cx.now {
            return Err(AppError::invalid("/due_on", "in_the_past"));
        }
        let later = TaskRow { due_on: Some(input.due_on), due_time, updated_at: cx.now, ..row.clone() };
        let later = timed(later, zone);
        store(tx, &later)?;
        let before = json!({"title": row.title, "due_on": row.due_on, "due_time": row.due_time});
        let after = json!({"title": later.title, "due_on": later.due_on, "due_time": later.due_time});
        event(cx, &later, &customers, "snoozed").before(&before).after(&after).record(tx)?;
        shown(cx, tx, id)
    })
}
