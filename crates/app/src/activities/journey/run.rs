//! Journeys that go on with customers: begun, looked at, their touchpoints done or skipped, stopped. They are seen and acted on
//! by those who see and change their customers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{JourneyId, JourneyRunId, PartyId, StationId, UserId};
use regulars_domain::journey::{Next, state};
use regulars_domain::task::TaskStatus;
use regulars_persistence::Db;
use regulars_persistence::activities::journey::{
    JourneyRow, RUN_FROM, RunRecord, RunRow, StationRecord, run_base, run_catalogue, run_insert, run_store, runs_get,
    station_get, stations_of,
};
use regulars_persistence::activities::task::{task_update, tasks_get};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::advance::{advance, ahead, name_of, station_end, told};
use super::{ACT, READ, found, named, steps_of};
use crate::access::Ref;
use crate::access::settings::Company;
use crate::customers::place::party_place;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

/// Begins a journey by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunInput {
    pub journey_id: Uuid,
    pub customer_id: Uuid,
    /// The day its steps are counted from; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-01")]
    pub started_on: Option<NaiveDate>,
}

/// A touchpoint is done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationDone {
    /// What came of it; asked for where a note is the proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Liked the kitchen")]
    pub note: Option<String>,
}

/// Why a touchpoint is skipped, or a journey stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationReason {
    #[schema(example = "Moved abroad")]
    pub reason: String,
}

/// A touchpoint of a journey with a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StationView {
    /// Absent for what has not come up yet.
    pub id: Option<Uuid>,
    #[schema(example = "house_call")]
    pub step: String,
    pub name: String,
    #[schema(value_type = crate::shape::JourneyChannel)]
    pub channel: String,
    #[schema(value_type = crate::shape::JourneyProof)]
    pub proof: String,
    #[schema(value_type = crate::shape::JourneyStationState)]
    pub state: String,
    /// Unknown while it waits for another.
    pub due_on: Option<NaiveDate>,
    /// The name of the step it waits for.
    pub waits_for: Option<String>,
    /// Comes again and again.
    pub recurs: bool,
    pub task_id: Option<Uuid>,
    pub assignee: Option<Ref>,
    pub note: Option<String>,
    pub ended_on: Option<NaiveDate>,
    pub ended_by: Option<Ref>,
}

/// A journey with a customer, as a line of stations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunView {
    pub id: Uuid,
    pub journey: Ref,
    pub customer: Ref,
    #[schema(value_type = crate::shape::JourneyRunStatus)]
    pub status: String,
    pub reason: Option<String>,
    pub started_on: NaiveDate,
    #[schema(value_type = crate::shape::JourneyTrigger)]
    pub event: String,
    /// Whether the template has other steps by now; this one keeps those it began with.
    pub outdated: bool,
    pub late: bool,
    pub stations: Vec<StationView>,
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(RunView);

fn line(cx: &Cx, record: &RunRecord, came: &[StationRecord], today: NaiveDate) -> AppResult<Vec<StationView>> {
    let steps = steps_of(&record.own.steps)?;
    let mut stations = Vec::new();
    for one in came {
        let Some(step) = steps.iter().find(|step| step.key == one.own.step) else { continue };
        stations.push(StationView {
            id: Some(one.own.id.0),
            step: step.key.clone(),
            name: named(cx, &step.name_zh, &step.name_en).into(),
            channel: step.channel.clone(),
            proof: step.proof.clone(),
            state: state(one.own.due_on, &one.own.status, today).into(),
            due_on: Some(one.own.due_on),
            waits_for: None,
            recurs: step.every.is_some(),
            task_id: one.assignee_id.and(one.own.task_id).map(|id| id.0),
            assignee: one.assignee_id.map(|id| Ref::new(id, one.assignee.clone().unwrap_or_default())),
            note: one.own.note.clone(),
            ended_on: one.own.ended_on,
            ended_by: one.own.ended_by.map(|id| Ref::new(id, one.ended_by_name.clone().unwrap_or_default())),
        });
    }
    if record.own.status != "running" {
        return Ok(stations);
    }
    let rows: Vec<_> = came.iter().map(|one| one.own.clone()).collect();
    for (at, what) in ahead(&record.own, &rows)? {
        let Some(step) = steps.get(at) else { continue };
        let (due_on, waits) = match what {
            Next::On(on) => (Some(on), None),
            Next::Waits(of) => (None, steps.get(of)),
            Next::Open | Next::Over => continue,
        };
        stations.push(StationView {
            id: None,
            step: step.key.clone(),
            name: named(cx, &step.name_zh, &step.name_en).into(),
            channel: step.channel.clone(),
            proof: step.proof.clone(),
            state: "coming".into(),
            due_on,
            waits_for: waits.map(|step| named(cx, &step.name_zh, &step.name_en).into()),
            recurs: step.every.is_some(),
            task_id: None,
            assignee: None,
            note: None,
            ended_on: None,
            ended_by: None,
        });
    }
    stations.sort_by_key(|one| (one.due_on.is_none(), one.due_on));
    Ok(stations)
}

fn views(cx: &Cx, db: &mut Db, records: Vec<RunRecord>) -> AppResult<Vec<RunView>> {
    let today = cx.today()?;
    let ids: Vec<JourneyRunId> = records.iter().map(|record| record.own.id).collect();
    let mut came: HashMap<JourneyRunId, Vec<StationRecord>> = HashMap::new();
    for station in stations_of(db, &ids)? {
        came.entry(station.own.run_id).or_default().push(station);
    }
    let view = |record: RunRecord| {
        let stations = line(cx, &record, came.get(&record.own.id).map_or(&[][..], Vec::as_slice), today)?;
        let row = record.own;
        Ok(RunView {
            id: row.id.0,
            journey: Ref::new(row.journey_id, named(cx, &record.name_zh, &record.name_en)),
            customer: Ref::new(row.party_id, record.party_name),
            late: row.status == "running" && stations.iter().any(|one| one.state == "late"),
            status: row.status,
            reason: row.reason,
            started_on: row.started_on,
            event: row.event,
            outdated: row.revision != record.latest,
            stations,
            ended_at: row.ended_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    records.into_iter().map(view).collect()
}

fn run_found(cx: &Cx, db: &mut Db, id: JourneyRunId, action: Action) -> AppResult<RunRecord> {
    runs_get(db, &[id], &cx.visible(Resource::Customer, action))?.pop().ok_or(AppError::NotFound)
}

fn shown(cx: &Cx, db: &mut Db, id: JourneyRunId) -> AppResult<RunView> {
    let record = run_found(cx, db, id, Action::Read)?;
    views(cx, db, vec![record])?.pop().ok_or(AppError::NotFound)
}

pub fn run_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<RunView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = run_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = run_catalogue();
        let source = Source { from: RUN_FROM, id: "r.id", catalogue: &catalogue, default_sort: "-created_at" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<JourneyRunId> = page.items.iter().map(|id| JourneyRunId(*id)).collect();
        let records = runs_get(db, &ids, &reach)?;
        let mut rows: HashMap<Uuid, RunView> =
            views(cx, db, records)?.into_iter().map(|view| (view.id, view)).collect();
        let items = page.items.iter().filter_map(|id| rows.remove(id)).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn run_get(cx: &Cx, id: JourneyRunId) -> AppResult<RunView> {
    cx.require(READ)?;
    cx.read(|db| shown(cx, db, id))
}

/// How a journey comes to begin.
pub(super) struct Beginning<'a> {
    pub journey: &'a JourneyRow,
    pub party: PartyId,
    pub on: NaiveDate,
    pub event: &'a str,
    pub by: Option<UserId>,
    pub now: DateTime<Utc>,
}

/// Begins a journey, unless it began for the customer on that day already; answers which it is if it did.
pub(super) fn begin(tx: &mut Db, company: &Company, of: &Beginning<'_>) -> AppResult<Option<JourneyRunId>> {
    let row = RunRow {
        id: JourneyRunId::fresh(),
        journey_id: of.journey.id,
        party_id: of.party,
        started_on: of.on,
        event: of.event.into(),
        steps: of.journey.steps.clone(),
        lead_days: of.journey.lead_days,
        revision: of.journey.revision,
        status: "running".into(),
        reason: None,
        wakes_on: None,
        started_by: of.by,
        ended_at: None,
        version: 1,
        created_at: of.now,
        updated_at: of.now,
    };
    let id = row.id;
    if !run_insert(tx, row)? {
        return Ok(None);
    }
    let all = regulars_domain::actor::Visibility::Company;
    let Some(mut record) = runs_get(tx, &[id], &all)?.pop() else { return Err(AppError::NotFound) };
    let name = name_of(company, &record.name_zh, &record.name_en);
    told(tx, &record, ("started", of.by, of.now), json!({"name": name, "started_on": of.on}))?;
    advance(tx, company, &mut record, of.now)?;
    Ok(Some(id))
}

/// Begins a journey of the customer's unit by hand; a template that is off can be begun by hand too.
pub fn run_start(cx: &Cx, input: RunInput) -> AppResult<RunView> {
    cx.require(ACT)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let missing = |pointer: &'static str| {
            move |error| match error {
                AppError::NotFound => AppError::invalid(pointer, "unknown_reference"),
                other => other,
            }
        };
        let place = party_place(cx, tx, PartyId(input.customer_id), Action::Write).map_err(missing("/customer_id"))?;
        let journey = found(cx, tx, JourneyId(input.journey_id)).map_err(missing("/journey_id"))?;
        if journey.unit_id != place.unit_id {
            return Err(AppError::invalid("/journey_id", "unknown_reference"));
        }
        let on = input.started_on.map_or_else(|| cx.today(), Ok)?;
        if !regulars_domain::task::due_day(on) {
            return Err(AppError::invalid("/started_on", "date_invalid"));
        }
        let by = Some(cx.actor.user_id);
        let of = Beginning { journey: &journey, party: place.id, on, event: "by_hand", by, now: cx.now };
        let id = begin(tx, &*cx.company()?, &of)?.ok_or(AppError::Conflict("journey_started"))?;
        shown(cx, tx, id)
    })
}

fn reason_of(input: &StationReason) -> AppResult<String> {
    let mut checks = Checks::default();
    let reason = input.reason.trim().to_owned();
    checks.text("/reason", &reason, 1_000);
    checks.done()?;
    Ok(reason)
}

/// A task whose touchpoint was ended from the customer's page ends with it.
fn task_close(cx: &Cx, tx: &mut Db, station: &StationRecord, (done, note): (bool, Option<&str>)) -> AppResult<()> {
    let Some(id) = station.own.task_id else { return Ok(()) };
    let all = regulars_domain::actor::Visibility::Company;
    let Some(task) = tasks_get(tx, &[id], &all)?.pop().map(|one| one.own).filter(|one| one.status == "open") else {
        return Ok(());
    };
    let mut task = task;
    task.status = if done { TaskStatus::Done } else { TaskStatus::Cancelled }.key().into();
    task.outcome = note.map(String::from).or(task.outcome);
    task.done_at = Some(cx.now);
    task.done_by = Some(cx.actor.user_id);
    task.updated_at = cx.now;
    let event = crate::event::Event::new(cx, "task", task.id, if done { "completed" } else { "cancelled" })
        .stands(task.unit_id, Some(task.owner_id))
        .after(&json!({"title": task.title, "outcome": task.outcome}));
    if !task_update(tx, task)? {
        return Err(AppError::Conflict("changed_since"));
    }
    event.record(tx)
}

fn station_found(cx: &Cx, tx: &mut Db, id: StationId) -> AppResult<(StationRecord, JourneyRunId)> {
    let station = station_get(tx, id)?.ok_or(AppError::NotFound)?;
    let run = run_found(cx, tx, station.own.run_id, Action::Write)?.own.id;
    Ok((station, run))
}

pub fn station_complete(cx: &Cx, id: StationId, mut input: StationDone) -> AppResult<RunView> {
    cx.require(ACT)?;
    crate::customers::input::trim(&mut input.note);
    let mut checks = Checks::default();
    checks.optional_text("/note", input.note.as_deref(), 5_000);
    checks.done()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let (station, run) = station_found(&within, tx, id)?;
        station_end(&within, tx, station.own.clone(), (false, input.note.clone(), "/note"))?;
        task_close(&within, tx, &station, (true, input.note.as_deref()))?;
        shown(&within, tx, run)
    })
}

pub fn station_skip(cx: &Cx, id: StationId, input: StationReason) -> AppResult<RunView> {
    cx.require(ACT)?;
    let reason = reason_of(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let (station, run) = station_found(&within, tx, id)?;
        station_end(&within, tx, station.own.clone(), (true, Some(reason.clone()), "/reason"))?;
        task_close(&within, tx, &station, (false, Some(&reason)))?;
        shown(&within, tx, run)
    })
}

/// Ends a journey before its time; the tasks it made that are open go with it.
pub fn run_stop(cx: &Cx, id: JourneyRunId, input: StationReason) -> AppResult<RunView> {
    cx.require(ACT)?;
    let reason = reason_of(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut record = run_found(cx, tx, id, Action::Write)?;
        if record.own.status != "running" {
            return Err(AppError::Conflict("wrong_state"));
        }
        for station in stations_of(tx, &[id])?.iter().filter(|one| one.own.status == "open") {
            task_close(cx, tx, station, (false, Some(&reason)))?;
        }
        record.own.status = "stopped".into();
        record.own.reason = Some(reason.clone());
        record.own.wakes_on = None;
        record.own.ended_at = Some(cx.now);
        record.own.updated_at = cx.now;
        record.own.version += 1;
        run_store(tx, &record.own)?;
        let name = name_of(&*cx.company()?, &record.name_zh, &record.name_en).to_owned();
        let after = json!({"name": name, "reason": reason});
        told(tx, &record, ("stopped", cx.actor.user(), cx.now), after)?;
        shown(cx, tx, id)
    })
}

/// Brings one run up to the day, if it still goes on.
pub(super) fn wake(tx: &mut Db, company: &Company, id: JourneyRunId, now: DateTime<Utc>) -> AppResult<()> {
    let all = regulars_domain::actor::Visibility::Company;
    match runs_get(tx, &[id], &all)?.pop() {
        Some(mut record) => advance(tx, company, &mut record, now),
        None => Ok(()),
    }
}
