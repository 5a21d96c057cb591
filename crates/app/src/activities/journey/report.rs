//! How a journey goes: its runs, and of each touchpoint how many were done, and in time; of the customers within reach.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::JourneyId;
use regulars_persistence::activities::journey::{runs_counted, stations_counted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{READ, found, named, steps_of};
use crate::{AppResult, Cx};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JourneyReport {
    pub journey_id: Uuid,
    #[schema(example = 12)]
    pub running: i64,
    #[schema(example = 30)]
    pub finished: i64,
    #[schema(example = 2)]
    pub stopped: i64,
    /// Of those running, with a touchpoint that is late.
    #[schema(example = 3)]
    pub late: i64,
    /// In the order of the template as it is; steps that it has no more are left out.
    pub stations: Vec<StationShare>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StationShare {
    #[schema(example = "house_call")]
    pub step: String,
    pub name: String,
    #[schema(example = 20)]
    pub done: i64,
    #[schema(example = 3)]
    pub skipped: i64,
    /// Came up and is not done.
    #[schema(example = 5)]
    pub open: i64,
    #[schema(example = 1)]
    pub late: i64,
    /// Of those done or late, the share done by the day they were due; absent while there is none.
    #[schema(example = 0.85)]
    pub on_time_share: Option<f64>,
}

pub fn journey_report(cx: &Cx, id: JourneyId) -> AppResult<JourneyReport> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let today = cx.today()?;
    cx.read(|db| {
        let journey = found(cx, db, id)?;
        let runs = runs_counted(db, id, today, &reach)?;
        let counts = stations_counted(db, id, today, &reach)?;
        let of = |status: &str| runs.iter().filter(|one| one.status == status).map(|one| one.runs).sum::<i64>();
        let share = |step: super::StepInput| {
            let count = counts.iter().find(|one| one.step == step.key);
            let number = |of: fn(&regulars_persistence::activities::journey::StationCount) -> i64| count.map_or(0, of);
            let (done, late) = (number(|one| one.done), number(|one| one.late));
            let judged = done + late;
            StationShare {
                name: named(cx, &step.name_zh, &step.name_en).into(),
                step: step.key,
                done,
                skipped: number(|one| one.skipped),
                open: number(|one| one.open),
                late,
                on_time_share: (judged > 0).then(|| number(|one| one.on_time) as f64 / judged as f64),
            }
        };
        Ok(JourneyReport {
            journey_id: id.0,
            running: of("running"),
            finished: of("finished"),
            stopped: of("stopped"),
            late: runs.iter().map(|one| one.late).sum(),
            stations: steps_of(&journey.steps)?.into_iter().map(share).collect(),
        })
    })
}
