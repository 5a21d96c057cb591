//! Journeys with a few customers of each unit: stations behind them, one due about now, and others ahead.

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::ids::{EventId, JourneyId, JourneyRunId, StationId, TaskId, UnitId, UserId};
use regulars_domain::journey::{Next, Occurrence, next};
use regulars_domain::task::TaskStatus;
use regulars_persistence::Db;
use regulars_persistence::activities::journey::{
    JourneyRow, RunRow, StationRow, journey_insert, run_insert, station_insert,
};
use regulars_persistence::activities::task::{TaskRow, task_insert, task_parties_set};
use regulars_persistence::activities::touch::touches_refresh_of;
use regulars_persistence::event::{EventRow, events_insert};
use regulars_persistence::types::AnyId;
use serde_json::{Value, json};

use super::company::Staff;
use super::customers::{Buyer, People};
use super::{Stage, ZONE, id_at};
use crate::AppResult;
use crate::activities::journey::preset::presets;
use crate::activities::journey::{JourneyInput, StepInput, timings};
use crate::activities::task::timed;

/// One of so many customers is on a journey.
const RARE: usize = 40;
const MOST: usize = 6;
/// Which of the shipped templates units use, and how many days ago theirs began.
const USED: [(usize, [u64; 3]); 2] = [(1, [21, 24, 30]), (4, [86, 31, 45])];
const NOTES: [&str; 4] =
    ["聊得很好，想再看看新品", "很满意，问起下次活动", "送了一份小样，约好再来", "最近忙，下个月再约"];

pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, people: &People) -> AppResult<()> {
    for (at, unit) in staff.units.iter().enumerate() {
        let all = presets(unit.id.0);
        let mut used = Vec::new();
        for (place, days) in USED {
            let Some(preset) = all.get(place) else { continue };
            let id = id_at(stage.opened_at(), &mut stage.chance(62, (at * 10 + place) as u64));
            journey_insert(tx, template(stage, id, unit.id, preset))?;
            used.push((id, preset, days));
        }
        let held = people.buyers.iter().filter(|one| one.unit == at).skip(1).step_by(RARE).take(MOST);
        for (row, buyer) in held.enumerate() {
            let Some((journey, preset, days)) = used.get(row % USED.len()) else { continue };
            let back = days.get(row / USED.len() % days.len()).copied().unwrap_or_default();
            let mut walk = Walk::new(stage, preset, buyer, unit.id, (at * 100 + row) as u64);
            walk.through(tx, *journey, stage.yesterday + Days::new(1) - Days::new(back))?;
        }
    }
    Ok(())
}

fn template(stage: &Stage, id: JourneyId, unit_id: UnitId, preset: &JourneyInput) -> JourneyRow {
    JourneyRow {
        id,
        unit_id,
        name_zh: preset.name_zh.clone(),
        name_en: preset.name_en.clone(),
        event: preset.event.clone(),
        about: json!(preset.about),
        steps: json!(preset.steps),
        lead_days: preset.lead_days,
        again: false,
        active: true,
        active_on: Some(stage.yesterday + Days::new(1)),
        revision: 1,
        version: 1,
        created_at: stage.opened_at(),
        updated_at: stage.opened_at(),
    }
}

/// One customer on a journey.
struct Walk<'a> {
    stage: &'a Stage,
    preset: &'a JourneyInput,
    buyer: &'a Buyer,
    unit: UnitId,
    row: u64,
    drawn: u64,
    events: Vec<EventRow>,
}

impl<'a> Walk<'a> {
    fn new(stage: &'a Stage, preset: &'a JourneyInput, buyer: &'a Buyer, unit: UnitId, row: u64) -> Self {
        Self { stage, preset, buyer, unit, row, drawn: 0, events: Vec::new() }
    }

    fn id<T: From<uuid::Uuid>>(&mut self, at: DateTime<Utc>) -> T {
        self.drawn += 1;
        id_at(at, &mut self.stage.chance(63, self.row * 1_000 + self.drawn))
    }

    fn event(
        &mut self,
        at: DateTime<Utc>,
        (resource, id, action): (&str, AnyId, &str),
        by: Option<UserId>,
        after: Value,
    ) {
        let event = EventRow {
            id: self.id::<EventId>(at),
            at,
            actor_id: by,
            action: action.into(),
            resource: resource.into(),
            resource_id: id,
            party_id: Some(self.buyer.party),
            unit_id: Some(self.unit),
            owner_id: Some(self.buyer.owner),
            unit_before: None,
            owner_before: None,
            before: None,
            after: Some(after),
            request_id: None,
            address: None,
        };
        self.events.push(event);
    }

    /// From its first day to this morning: what fell due long enough ago was done on its day.
    fn through(&mut self, tx: &mut Db, journey_id: JourneyId, started_on: NaiveDate) -> AppResult<()> {
        let (today, lead) = (self.stage.yesterday + Days::new(1), self.preset.lead_days.unsigned_abs());
        let began = self.stage.at(started_on, 600);
        let mut run = RunRow {
            id: self.id::<JourneyRunId>(began),
            journey_id,
            party_id: self.buyer.party,
            started_on,
            event: self.preset.event.clone(),
            steps: json!(self.preset.steps),
            lead_days: self.preset.lead_days,
            revision: 1,
            status: "running".into(),
            reason: None,
            wakes_on: None,
            started_by: None,
            ended_at: None,
            version: 1,
            created_at: began,
            updated_at: began,
        };
        let told = json!({"name": self.preset.name_zh, "started_on": started_on});
        self.event(began, ("journey_run", AnyId(run.id.0), "started"), None, told);
        let timings = timings(&self.preset.steps);
        let (mut past, mut stations) = (Vec::<Occurrence>::new(), Vec::new());
        loop {
            let coming: Vec<(usize, NaiveDate)> = (0..timings.len())
                .filter_map(|step| match next(&timings, started_on, &past, step) {
                    Next::On(due_on) => Some((step, due_on)),
                    _ => None,
                })
                .collect();
            let Some((step, due_on)) = coming.iter().copied().find(|(_, due)| *due <= today + Days::new(lead)) else {
                run.wakes_on = coming.iter().map(|(_, due)| *due - Days::new(lead)).min();
                break;
            };
            let ended_on = (due_on + Days::new(4) < today).then_some(due_on);
            past.push(Occurrence { step, due_on, ended_on });
            stations.push((step, due_on, ended_on));
        }
        run_insert(tx, run.clone())?;
        for (step, due_on, ended_on) in stations {
            let step = self.preset.steps.get(step).cloned();
            step.map_or(Ok(()), |step| self.station(tx, &run, &step, (due_on, ended_on)))?;
        }
        touches_refresh_of(tx, &[self.buyer.party])?;
        Ok(events_insert(tx, std::mem::take(&mut self.events))?)
    }

    fn station(
        &mut self,
        tx: &mut Db,
        run: &RunRow,
        step: &StepInput,
        (due_on, ended_on): (NaiveDate, Option<NaiveDate>),
    ) -> AppResult<()> {
        let up = (due_on - Days::new(run.lead_days.unsigned_abs())).max(run.started_on);
        let up = self.stage.at(up, 610).min(self.stage.now);
        let ended_at = ended_on.map(|on| self.stage.at(on, 900));
        let by = ended_on.map(|_| self.buyer.owner);
        let note = NOTES.get(self.drawn as usize % NOTES.len()).filter(|_| ended_on.is_some()).map(|&text| text.into());
        let task_id: TaskId = self.id(up);
        let station = StationRow {
            id: self.id::<StationId>(up),
            run_id: run.id,
            step: step.key.clone(),
            due_on,
            status: if ended_on.is_some() { "done" } else { "open" }.into(),
            task_id: Some(task_id),
            note,
            ended_on,
            ended_at,
            ended_by: by,
            created_at: up,
        };
        let task = TaskRow {
            id: task_id,
            unit_id: self.unit,
            owner_id: self.buyer.owner,
            title: format!("{} · {}", step.name_zh, self.preset.name_zh),
            remarks: None,
            status: if ended_on.is_some() { TaskStatus::Done } else { TaskStatus::Open }.key().into(),
            priority: 2,
            due_on: Some(due_on),
            due_time: None,
            due_at: None,
            remind_minutes: None,
            remind_at: None,
            checklist: json!([]),
            outcome: station.note.clone(),
            recurrence: None,
            starts_on: None,
            occurs_on: None,
            next_id: None,
            done_at: ended_at,
            done_by: by,
            version: 1,
            created_by: None,
            created_at: up,
            updated_at: ended_at.unwrap_or(up),
        };
        let told = json!({"title": task.title, "due_on": due_on});
        self.event(up, ("task", AnyId(task_id.0), "created"), None, told);
        if let Some(at) = ended_at {
            let name = format!("{} · {}", self.preset.name_zh, step.name_zh);
            let told = json!({"name": name, "note": station.note, "due_on": due_on});
            self.event(at, ("journey_run", AnyId(run.id.0), "station_done"), by, told);
        }
        task_insert(tx, timed(task, ZONE))?;
        task_parties_set(tx, task_id, &[], &[self.buyer.party])?;
        station_insert(tx, station)?;
        Ok(())
    }
}
