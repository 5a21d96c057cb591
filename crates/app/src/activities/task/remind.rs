//! Reminding people of their tasks at the time they wanted to be: once, again when it was put off, and for each
//! occurrence of what recurs.

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::activities::task::{TaskRow, tasks_reminded, tasks_to_remind};
use serde_json::{Value, json};

use crate::platform::notice::{TASK_GIVEN, TASK_REMINDER, Telling, notices_tell};
use crate::{App, AppError, AppResult, Cx};

/// What should have been told longer ago, while nothing ran, is told no more.
const WITHIN: TimeDelta = TimeDelta::days(30);
/// Reminders of one transaction.
const STEP: i64 = 200;

/// What the words of both kinds name.
fn params(row: &TaskRow) -> Value {
    json!({"task_id": row.id, "title": row.title, "due_on": row.due_on, "due_time": row.due_time})
}

fn link(row: &TaskRow) -> Option<String> {
    Some(format!("/tasks?task={}", row.id))
}

/// Upkeep: reminds whoever is to be reminded by now.
pub fn reminders_tell(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let due = |db: &mut Db| Ok::<_, AppError>(!tasks_to_remind(db, (now - WITHIN, now), 1)?.is_empty());
    if !app.db().read(due)? {
        return Ok(());
    }
    while app.db().write(move |tx| step(tx, now))? == STEP {}
    Ok(())
}

/// One portion; answers how many there were.
fn step(tx: &mut Db, now: DateTime<Utc>) -> AppResult<i64> {
    let due = tasks_to_remind(tx, (now - WITHIN, now), STEP)?;
    let told = due.iter().map(|row| Telling {
        to: row.owner_id,
        unit: row.unit_id,
        kind: TASK_REMINDER,
        cause: format!("{TASK_REMINDER}:{}:{}", row.id, row.remind_at.unwrap_or(now).timestamp_micros()),
        params: params(row),
        link: link(row),
    });
    notices_tell(tx, told.collect(), now)?;
    let ids: Vec<_> = due.iter().map(|row| row.id).collect();
    tasks_reminded(tx, &ids)?;
    Ok(i64::try_from(due.len()).unwrap_or(STEP))
}

/// Tells the new owner of a task that somebody else gave it to them.
pub(super) fn given_tell(tx: &mut Db, cx: &Cx, before: Option<UserId>, row: &TaskRow, version: i64) -> AppResult<()> {
    if row.owner_id == cx.actor.user_id || before == Some(row.owner_id) || row.status != "open" {
        return Ok(());
    }
    let mut params = params(row);
    params["by"] = json!(cx.actor.name);
    let told = Telling {
        to: row.owner_id,
        unit: row.unit_id,
        kind: TASK_GIVEN,
        cause: format!("{TASK_GIVEN}:{}:{version}", row.id),
        params,
        link: link(row),
    };
    notices_tell(tx, vec![told], cx.now)?;
    Ok(())
}
