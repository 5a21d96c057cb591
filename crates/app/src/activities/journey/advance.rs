//! Where a run stands after anything happened to it: touchpoints that are near become tasks, and what is over ends. Safe to
//! do again: a touchpoint of a step and a day is there once.

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::ids::{EventId, PartyId, StationId, TaskId, UserId};
use regulars_domain::journey::{Next, Occurrence, next};
use regulars_domain::task::TaskStatus;
use regulars_persistence::Db;
use regulars_persistence::activities::journey::{
    RunRecord, RunRow, StationRow, run_store, runs_get, station_insert, station_of_task, station_store, stations_of,
};
use regulars_persistence::activities::journey_start::{Hand, filed_since, hand_of, hand_with_role, met_since};
use regulars_persistence::activities::task::{TaskRow, task_insert, task_parties_set};
use regulars_persistence::activities::touch::touches_refresh_of;
use regulars_persistence::event::{EventRow, event_insert};
use regulars_persistence::types::AnyId;
use serde_json::{Value, json};

use super::step::{StepInput, timings};
use super::steps_of;
use crate::access::settings::Company;
use crate::activities::task::timed;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// Notes what happened to a run; nobody in particular did what the night's work does.
pub(super) fn told(
    tx: &mut Db,
    record: &RunRecord,
    (action, by, now): (&str, Option<UserId>, DateTime<Utc>),
    after: Value,
) -> AppResult<()> {
    let event = EventRow {
        id: EventId::fresh(),
        at: now,
        actor_id: by,
        action: action.into(),
        resource: "journey_run".into(),
        resource_id: AnyId(record.own.id.0),
        party_id: Some(record.own.party_id),
        unit_id: Some(record.unit_id),
        owner_id: record.owner_id,
        unit_before: None,
        owner_before: None,
        before: None,
        after: Some(after),
        request_id: None,
        address: None,
    };
    Ok(event_insert(tx, event)?)
}

/// The name of a run's journey in the company's language: what no person asked for.
pub(super) fn name_of<'a>(company: &Company, zh: &'a str, en: &'a str) -> &'a str {
    if company.locale == "en" { en } else { zh }
}

fn occurrences(steps: &[StepInput], stations: &[StationRow]) -> Vec<Occurrence> {
    let place = |key: &str| steps.iter().position(|step| step.key == key);
    stations
        .iter()
        .filter_map(|one| Some(Occurrence { step: place(&one.step)?, due_on: one.due_on, ended_on: one.ended_on }))
        .collect()
}

/// What comes next of every step that has something to come.
pub(super) fn ahead(record: &RunRow, stations: &[StationRow]) -> AppResult<Vec<(usize, Next)>> {
    let steps = steps_of(&record.steps)?;
    let past = occurrences(&steps, stations);
    let timings = timings(&steps);
    Ok((0..steps.len()).map(|at| (at, next(&timings, record.started_on, &past, at))).collect())
}

/// Whose work a step is: the customer's owner, or who leads the unit where there is none.
fn hand(tx: &mut Db, record: &RunRecord, step: &StepInput) -> AppResult<Option<Hand>> {
    let meant = match step.role.as_str() {
        "owner" => record.owner_id.map(|id| hand_of(tx, id)).transpose()?.flatten(),
        "person" => step.user_id.map(|id| hand_of(tx, UserId(id))).transpose()?.flatten(),
        "role" => step.role_id.map(|id| hand_with_role(tx, record.unit_id, Err(id))).transpose()?.flatten(),
        _ => None,
    };
    let meant = meant.filter(|one| one.unit_id == record.unit_id || step.role == "person");
    for key in ["unit_head", "unit_administrator"] {
        if meant.is_some() {
            break;
        }
        if let Some(head) = hand_with_role(tx, record.unit_id, Ok(key))? {
            return Ok(Some(head));
        }
    }
    Ok(meant)
}

fn task_make(
    tx: &mut Db,
    company: &Company,
    record: &RunRecord,
    (step, due_on, now): (&StepInput, NaiveDate, DateTime<Utc>),
) -> AppResult<Option<TaskId>> {
    let Some(hand) = hand(tx, record, step)? else { return Ok(None) };
    let journey = name_of(company, &record.name_zh, &record.name_en);
    let row = TaskRow {
        id: TaskId::fresh(),
        unit_id: hand.unit_id,
        owner_id: hand.id,
        title: format!("{} · {journey}", name_of(company, &step.name_zh, &step.name_en)),
        remarks: None,
        status: TaskStatus::Open.key().into(),
        priority: 2,
        due_on: Some(due_on),
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
        created_by: None,
        created_at: now,
        updated_at: now,
    };
    let row = timed(row, company.time_zone);
    task_insert(tx, row.clone())?;
    task_parties_set(tx, row.id, &[], &[record.own.party_id])?;
    let event = EventRow {
        id: EventId::fresh(),
        at: now,
        actor_id: None,
        action: "created".into(),
        resource: "task".into(),
        resource_id: AnyId(row.id.0),
        party_id: Some(record.own.party_id),
        unit_id: Some(row.unit_id),
        owner_id: Some(row.owner_id),
        unit_before: None,
        owner_before: None,
        before: None,
        after: Some(json!({"title": row.title, "due_on": row.due_on})),
        request_id: None,
        address: None,
    };
    event_insert(tx, event)?;
    Ok(Some(row.id))
}

/// Brings a run up to a day.
pub(super) fn advance(tx: &mut Db, company: &Company, record: &mut RunRecord, now: DateTime<Utc>) -> AppResult<()> {
    if record.own.status != "running" {
        return Ok(());
    }
    let today = company.business_date(now);
    let near = today + Days::new(record.own.lead_days.unsigned_abs());
    let steps = steps_of(&record.own.steps)?;
    let stations: Vec<StationRow> = stations_of(tx, &[record.own.id])?.into_iter().map(|one| one.own).collect();
    let (mut wakes, mut over, mut open) = (None::<NaiveDate>, true, false);
    for (at, what) in ahead(&record.own, &stations)? {
        match what {
            Next::Over => {}
            Next::Open => open = true,
            Next::Waits(_) => over = false,
            Next::On(due_on) if due_on > near => {
                over = false;
                let on = due_on - Days::new(record.own.lead_days.unsigned_abs());
                wakes = Some(wakes.map_or(on, |other| other.min(on)));
            }
            Next::On(due_on) => {
                open = true;
                let Some(step) = steps.get(at) else { continue };
                let row = StationRow {
                    id: StationId::fresh(),
                    run_id: record.own.id,
                    step: step.key.clone(),
                    due_on,
                    status: "open".into(),
                    task_id: None,
                    note: None,
                    ended_on: None,
                    ended_at: None,
                    ended_by: None,
                    created_at: now,
                };
                if station_insert(tx, row.clone())? {
                    let task_id = task_make(tx, company, record, (step, due_on, now))?;
                    station_store(tx, &StationRow { task_id, ..row })?;
                }
            }
        }
    }
    record.own.wakes_on = wakes;
    record.own.updated_at = now;
    if over && !open {
        record.own.status = "finished".into();
        record.own.ended_at = Some(now);
        told(tx, record, ("finished", None, now), json!({"name": name_of(company, &record.name_zh, &record.name_en)}))?;
    }
    Ok(run_store(tx, &record.own)?)
}

/// The run of a touchpoint, whoever sees its customer.
pub(super) fn run_of(tx: &mut Db, station: &StationRow) -> AppResult<RunRecord> {
    let all = regulars_domain::actor::Visibility::Company;
    runs_get(tx, &[station.run_id], &all)?.pop().ok_or(AppError::NotFound)
}

/// Whether what a step asks for is there.
fn proof_check(
    tx: &mut Db,
    party: PartyId,
    (step, station): (&StepInput, &StationRow),
    (note, pointer): (Option<&str>, &str),
) -> AppResult<()> {
    match step.proof.as_str() {
        "note" if note.is_none_or(str::is_empty) => Err(AppError::invalid(pointer, "required")),
        "interaction" => {
            let kind = Some(step.channel.as_str()).filter(|channel| *channel != "task");
            let met = met_since(tx, party, station.created_at, kind)?;
            if met { Ok(()) } else { Err(AppError::Conflict("interaction_missing")) }
        }
        "attachment" if !filed_since(tx, party, station.created_at)? => Err(AppError::Conflict("attachment_missing")),
        _ => Ok(()),
    }
}

/// Ends a touchpoint and goes on from there. `pointer` is where the caller wrote the note.
pub(super) fn station_end(
    cx: &Cx,
    tx: &mut Db,
    mut station: StationRow,
    (skipped, note, pointer): (bool, Option<String>, &str),
) -> AppResult<()> {
    if station.status != "open" {
        return Err(AppError::Conflict("wrong_state"));
    }
    let mut record = run_of(tx, &station)?;
    if record.own.status != "running" {
        return Err(AppError::Conflict("wrong_state"));
    }
    let company = cx.company()?;
    let steps = steps_of(&record.own.steps)?;
    let step = steps.iter().find(|step| step.key == station.step).cloned();
    if skipped && note.as_deref().is_none_or(str::is_empty) {
        return Err(AppError::invalid(pointer, "required"));
    }
    if let Some(step) = step.as_ref().filter(|_| !skipped) {
        proof_check(tx, record.own.party_id, (step, &station), (note.as_deref(), pointer))?;
    }
    station.status = if skipped { "skipped" } else { "done" }.into();
    station.note = note;
    station.ended_on = Some(cx.today()?);
    station.ended_at = Some(cx.now);
    station.ended_by = Some(cx.actor.user_id);
    station_store(tx, &station)?;
    record.own.version += 1;
    let name = step.map_or_else(String::new, |step| name_of(&company, &step.name_zh, &step.name_en).into());
    let journey = name_of(&company, &record.name_zh, &record.name_en);
    let action = if skipped { "station_skipped" } else { "station_done" };
    let after = json!({"name": format!("{journey} · {name}"), "note": station.note, "due_on": station.due_on});
    Event::new(cx, "journey_run", record.own.id, action)
        .party(record.own.party_id)
        .stands(record.unit_id, record.owner_id)
        .after(&after)
        .record(tx)?;
    advance(tx, &company, &mut record, cx.now)?;
    Ok(touches_refresh_of(tx, &[record.own.party_id])?)
}

/// A task was finished, or given up: so is the touchpoint it stands for, if the proof is there.
pub(crate) fn task_ended(cx: &Cx, tx: &mut Db, task: &TaskRow, cancelled: bool) -> AppResult<()> {
    let Some(station) = station_of_task(tx, task.id)?.map(|one| one.own).filter(|one| one.status == "open") else {
        return Ok(());
    };
    if run_of(tx, &station).map_or(true, |run| run.own.status != "running") {
        return Ok(());
    }
    station_end(cx, tx, station, (cancelled, task.outcome.clone(), "/outcome"))
}

/// A task was taken up again: so is its touchpoint, and a journey that had come to its end with it.
pub(crate) fn task_taken_up(cx: &Cx, tx: &mut Db, task: TaskId) -> AppResult<()> {
    let Some(mut station) = station_of_task(tx, task)?.map(|one| one.own).filter(|one| one.status != "open") else {
        return Ok(());
    };
    let mut record = run_of(tx, &station)?;
    if record.own.status == "stopped" {
        return Ok(());
    }
    station.status = "open".into();
    station.note = None;
    station.ended_on = None;
    station.ended_at = None;
    station.ended_by = None;
    station_store(tx, &station)?;
    record.own.status = "running".into();
    record.own.ended_at = None;
    record.own.version += 1;
    advance(tx, &*cx.company()?, &mut record, cx.now)
}
