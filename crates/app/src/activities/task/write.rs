//! Making, changing and removing tasks.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, TaskId, UnitId, UserId};
use regulars_domain::task::{Due, Recurrence, TaskStatus, due_day};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::activities::task::{
    TaskRecord, TaskRow, task_delete as row_delete, task_insert, task_parties_set, task_update as row_update,
};
use regulars_persistence::customers::relation::party_names_within;
use regulars_persistence::types::AnyId;
use regulars_persistence::visible::place_reached;
use serde_json::{Value, json};
use uuid::Uuid;

use super::remind::given_tell;
use super::{TaskInput, TaskView, WRITE, event, found, shown, to_input};
use crate::access::Ref;
use crate::{AppError, AppResult, Cx};

const MOST_CUSTOMERS: usize = 20;
const MOST_ITEMS: usize = 50;
/// Four weeks.
const EARLIEST_REMINDER: i64 = 28 * 24 * 60;

/// `HH:MM`.
pub(super) fn time_read(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5)
}

/// What the due date of a task and its reminder come to in the business time zone.
pub(crate) fn timed(row: TaskRow, zone: Tz) -> TaskRow {
    let time = row.due_time.as_deref().and_then(time_read);
    let due = row.due_on.map(|on| Due { on, time });
    TaskRow {
        due_at: due.map(|due| due.at(zone)),
        remind_at: due.zip(row.remind_minutes).map(|(due, minutes)| due.reminder(zone, minutes)),
        ..row
    }
}

fn words_check(checks: &mut Checks, input: &mut TaskInput) {
    input.title = input.title.trim().into();
    checks.text("/title", &input.title, 200);
    for (value, pointer) in [(&mut input.remarks, "/remarks"), (&mut input.outcome, "/outcome")] {
        crate::customers::input::trim(value);
        checks.optional_text(pointer, value.as_deref(), 5_000);
    }
    if input.checklist.len() > MOST_ITEMS {
        checks.fail_with("/checklist", "too_many", MOST_ITEMS);
    }
    for (at, item) in input.checklist.iter_mut().enumerate() {
        item.text = item.text.trim().into();
        checks.text(&format!("/checklist/{at}/text"), &item.text, 200);
    }
}

fn times_check(checks: &mut Checks, input: &mut TaskInput, before: Option<&TaskRow>) {
    if input.due_on.is_some_and(|on| !due_day(on)) {
        checks.fail("/due_on", "date_invalid");
    }
    if !(1..=3).contains(&input.priority) {
        checks.fail_with("/priority", "out_of_range", "1–3");
    }
    if let Some(time) = &input.due_time {
        if time_read(time).is_none() {
            checks.fail_with("/due_time", "wrong_shape", "HH:MM");
        }
        if input.due_on.is_none() {
            checks.fail("/due_on", "required");
        }
    }
    if let Some(minutes) = input.remind_minutes {
        if !(0..=EARLIEST_REMINDER).contains(&minutes) {
            checks.fail_with("/remind_minutes", "out_of_range", format!("0–{EARLIEST_REMINDER}"));
        }
        if input.due_on.is_none() {
            checks.fail("/due_on", "required");
        }
    }
    // The last of a series comes no more, and may be changed all the same.
    let same = before.is_some_and(|row| row.recurrence == input.recurrence && row.due_on == input.due_on);
    if let Some(text) = input.recurrence.as_deref().filter(|_| !same) {
        let starts = input.due_on.filter(|on| due_day(*on));
        let read = Recurrence::parse(text).and_then(|rule| starts.map_or(Ok(()), |on| rule.check(on)).map(|()| rule));
        match read {
            Ok(rule) => input.recurrence = Some(rule.text().into()),
            Err(fault) => checks.fail("/recurrence", fault.code()),
        }
        if input.due_on.is_none() {
            checks.fail("/due_on", "required");
        }
    }
}

/// The unit of the owner, if the caller may give tasks to them.
fn owner_check(cx: &Cx, db: &mut Db, checks: &mut Checks, owner: UserId) -> AppResult<UnitId> {
    let reach = cx.visible_own(Resource::Task, Action::Write);
    let user = user_get(db, owner)?.filter(|user| user.active);
    let Some(user) = user else {
        checks.fail("/owner_id", "unknown_reference");
        return Ok(cx.actor.unit_id);
    };
    if !place_reached(db, &reach, AnyId(owner.0), user.unit_id, Some(owner))? {
        checks.fail("/owner_id", "unknown_reference");
    }
    Ok(user.unit_id)
}

/// Customers newly named must be ones the caller sees.
fn customers_check(cx: &Cx, db: &mut Db, checks: &mut Checks, named: &[Uuid], before: &[Ref]) -> AppResult<()> {
    if named.len() > MOST_CUSTOMERS {
        checks.fail_with("/customer_ids", "too_many", MOST_CUSTOMERS);
        return Ok(());
    }
    let fresh: Vec<PartyId> =
        named.iter().filter(|id| before.iter().all(|one| one.id != **id)).map(|id| PartyId(*id)).collect();
    let seen = party_names_within(db, &fresh, &cx.visible(Resource::Customer, Action::Read))?;
    for (at, id) in named.iter().enumerate() {
        let pointer = format!("/customer_ids/{at}");
        if named.iter().take(at).any(|earlier| earlier == id) {
            checks.fail(&pointer, "duplicate");
        }
        if fresh.contains(&PartyId(*id)) && seen.iter().all(|one| one.id.0 != *id) {
            checks.fail(pointer, "unknown_reference");
        }
    }
    Ok(())
}

/// Tidies the input and notes everything wrong with it; answers whose it is and where that stands.
fn check(
    cx: &Cx,
    db: &mut Db,
    input: &mut TaskInput,
    before: Option<(&TaskRow, &[Ref])>,
) -> AppResult<(UserId, UnitId)> {
    let mut checks = Checks::default();
    words_check(&mut checks, input);
    times_check(&mut checks, input, before.map(|(row, _)| row));
    let owner = UserId(*input.owner_id.get_or_insert(cx.actor.user_id.0));
    let unit = match before {
        Some((row, _)) if row.owner_id == owner => row.unit_id,
        _ => owner_check(cx, db, &mut checks, owner)?,
    };
    customers_check(cx, db, &mut checks, &input.customer_ids, before.map_or(&[], |(_, customers)| customers))?;
    checks.done()?;
    Ok((owner, unit))
}

/// The row with what the input says. A rule or a day that was changed begins the series anew on its day.
fn filled(row: TaskRow, input: &TaskInput, (owner, unit): (UserId, UnitId), zone: Tz) -> TaskRow {
    let input = input.clone();
    let same = row.recurrence == input.recurrence && row.due_on == input.due_on;
    let series = |day: Option<NaiveDate>| if same { day } else { input.due_on.filter(|_| input.recurrence.is_some()) };
    let (starts_on, occurs_on) = (series(row.starts_on), series(row.occurs_on));
    let row = TaskRow {
        unit_id: unit,
        owner_id: owner,
        title: input.title,
        remarks: input.remarks,
        priority: input.priority,
        due_on: input.due_on,
        due_time: input.due_time,
        remind_minutes: input.remind_minutes,
        checklist: json!(input.checklist),
        outcome: input.outcome,
        recurrence: input.recurrence,
        starts_on,
        occurs_on,
        ..row
    };
    timed(row, zone)
}

fn blank(cx: &Cx) -> TaskRow {
    TaskRow {
        id: TaskId::fresh(),
        unit_id: cx.actor.unit_id,
        owner_id: cx.actor.user_id,
        title: String::new(),
        remarks: None,
        status: TaskStatus::Open.key().into(),
        priority: 2,
        due_on: None,
        due_time: None,
        due_at: None,
        remind_minutes: None,
        remind_at: None,
        checklist: json!([]),
        outcome: None,
        recurrence: None,
        starts_on: None,
        occurs_on: None,
        next_id: None,
        done_at: None,
        done_by: None,
        version: 1,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
    }
}

fn parties(ids: &[Uuid]) -> Vec<PartyId> {
    ids.iter().map(|id| PartyId(*id)).collect()
}

pub fn task_create(cx: &Cx, mut input: TaskInput) -> AppResult<TaskView> {
    cx.require(WRITE)?;
    let zone = cx.company()?.time_zone;
    let place = cx.read(|db| check(cx, db, &mut input, None))?;
    let row = filled(blank(cx), &input, place, zone);
    let within = cx.clone();
    cx.create(move |tx| {
        task_insert(tx, row.clone())?;
        task_parties_set(tx, row.id, &[], &parties(&input.customer_ids))?;
        event(&within, &row, &input.customer_ids, "created").after(&input).record(tx)?;
        given_tell(tx, &within, None, &row, row.version)?;
        shown(&within, tx, row.id)
    })
}

fn to_change(cx: &Cx, id: TaskId, version: i64) -> AppResult<(TaskRecord, Vec<Ref>)> {
    cx.require(WRITE)?;
    let (record, customers) = cx.read(|db| found(cx, db, id, Action::Write))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok((record, customers))
}

pub fn task_update(cx: &Cx, id: TaskId, version: i64, patch: &Value) -> AppResult<TaskView> {
    let (record, customers) = to_change(cx, id, version)?;
    let zone = cx.company()?.time_zone;
    let before = to_input(&record.own, &customers)?;
    let mut input: TaskInput = crate::patch::patched(&before, patch)?;
    let place = cx.read(|db| check(cx, db, &mut input, Some((&record.own, &customers))))?;
    let stood = record.own.clone();
    let row = TaskRow { updated_at: cx.now, ..filled(stood.clone(), &input, place, zone) };
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id, Action::Write)?.0.own.version;
            return Err(AppError::Stale { current });
        }
        if before.customer_ids != input.customer_ids {
            task_parties_set(tx, id, &parties(&before.customer_ids), &parties(&input.customer_ids))?;
        }
        let mut event = event(&within, &row, &input.customer_ids, "updated").difference(&before, &input);
        if (stood.unit_id, stood.owner_id) != (row.unit_id, row.owner_id) {
            event = event.stood(stood.unit_id, Some(stood.owner_id));
        }
        event.record(tx)?;
        given_tell(tx, &within, Some(stood.owner_id), &row, row.version + 1)?;
        shown(&within, tx, id)
    })
}

pub fn task_delete(cx: &Cx, id: TaskId, version: i64) -> AppResult<()> {
    let (record, customers) = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version, within.now)? {
            let current = found(&within, tx, id, Action::Write)?.0.own.version;
            return Err(AppError::Stale { current });
        }
        let before = to_input(&record.own, &customers)?;
        event(&within, &record.own, &before.customer_ids, "deleted").before(&before).record(tx)
    })
}
