//! Journeys: while people travel, fewer days of use are asked of them. People set their own; whoever leads them, or may
//! give them tasks, sets them too.

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DepartmentId, TravelId, UnitId, UserId};
use regulars_domain::task::due_day;
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::activities::presence::{
    TravelRecord, TravelRow, travel_delete as row_delete, travel_get, travel_insert, travels,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{led, reach};
use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// Longest journey, in days.
const LONGEST: i64 = 366;
/// Journeys are listed back to so many days ago.
const BACK: Days = Days::new(366);
const SHOWN: i64 = 200;
/// No journey begins later.
const FAR: NaiveDate = match NaiveDate::from_ymd_opt(2999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// That somebody travels from one day to another, both counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TravelInput {
    /// Oneself when absent, or somebody one leads.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub user_id: Option<Uuid>,
    #[schema(example = "2026-12-07")]
    pub starts_on: NaiveDate,
    #[schema(example = "2026-12-18")]
    pub ends_on: NaiveDate,
    /// Where to, for what.
    #[serde(default)]
    #[schema(example = "Trade fair in Guangzhou")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TravelView {
    pub id: Uuid,
    pub user: Ref,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub note: Option<String>,
    /// Whether the caller may take it away.
    pub editable: bool,
    pub created_at: DateTime<Utc>,
    /// A journey is made and taken away, never changed.
    #[schema(example = 1)]
    pub version: i64,
}

crate::versioned!(TravelView);

/// Whose journeys the caller sets.
struct Answers {
    own: UserId,
    led: Vec<DepartmentId>,
    /// Whom they may give tasks.
    tasks: Visibility,
}

impl Answers {
    fn of(cx: &Cx, db: &mut Db) -> AppResult<Self> {
        let tasks = cx.visible_own(Resource::Task, Action::Write);
        Ok(Self { own: cx.actor.user_id, led: led(cx, db)?, tasks })
    }

    fn for_person(&self, user: UserId, (unit, department): (UnitId, DepartmentId)) -> bool {
        let given = match &self.tasks {
            Visibility::Company => true,
            Visibility::Unit(own) => *own == unit,
            Visibility::Owned { unit_id, departments, .. } => *unit_id == unit && departments.contains(&department),
            Visibility::Nothing | Visibility::Beside { .. } => false,
        };
        user == self.own || given || self.led.contains(&department)
    }
}

fn view(answers: &Answers, record: TravelRecord) -> TravelView {
    let editable = answers.for_person(record.own.user_id, (record.unit_id, record.department_id));
    let row = record.own;
    TravelView {
        id: row.id.0,
        user: Ref::new(row.user_id, record.user_name),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        note: row.note,
        editable,
        created_at: row.created_at,
        version: 1,
    }
}

/// Journeys of the last year and of those to come, of one person or of everybody whose discipline the caller sees.
pub fn travel_list(cx: &Cx, user: Option<Uuid>) -> AppResult<Page<TravelView>> {
    cx.require_session()?;
    let from = cx.today()?.checked_sub_days(BACK).unwrap_or(NaiveDate::MIN);
    cx.read(|db| {
        let (reach, answers) = (reach(cx, db)?, Answers::of(cx, db)?);
        let records = travels(db, &reach, user.map(UserId), (from, FAR), SHOWN)?;
        Ok(Page::whole(records.into_iter().map(|record| view(&answers, record)).collect()))
    })
}

fn check(input: &mut TravelInput) -> AppResult<()> {
    let mut checks = Checks::default();
    crate::customers::input::trim(&mut input.note);
    checks.optional_text("/note", input.note.as_deref(), 500);
    if !due_day(input.starts_on) || !due_day(input.ends_on) {
        checks.fail("/starts_on", "date_invalid");
    } else if input.ends_on < input.starts_on {
        checks.fail("/ends_on", "date_order");
    } else if (input.ends_on - input.starts_on).num_days() >= LONGEST {
        checks.fail_with("/ends_on", "out_of_range", format!("1–{LONGEST}"));
    }
    Ok(checks.done()?)
}

pub fn travel_create(cx: &Cx, mut input: TravelInput) -> AppResult<TravelView> {
    cx.require_session()?;
    check(&mut input)?;
    let user_id = UserId(*input.user_id.get_or_insert(cx.actor.user_id.0));
    let within = cx.clone();
    let id = TravelId::fresh();
    cx.create(move |tx| {
        let cx = &within;
        let unknown = || AppError::invalid("/user_id", "unknown_reference");
        let user = user_get(tx, user_id)?.filter(|user| user.active).ok_or_else(unknown)?;
        let answers = Answers::of(cx, tx)?;
        if !answers.for_person(user_id, (user.unit_id, user.department_id)) {
            return Err(unknown());
        }
        let row = TravelRow {
            id,
            user_id,
            starts_on: input.starts_on,
            ends_on: input.ends_on,
            note: input.note.clone(),
            created_by: cx.actor.user_id,
            created_at: cx.now,
        };
        travel_insert(tx, row.clone())?;
        Event::new(cx, "travel", id, "created").stands(user.unit_id, Some(user_id)).after(&input).record(tx)?;
        let (unit_id, department_id) = (user.unit_id, user.department_id);
        Ok(view(&answers, TravelRecord { own: row, user_name: user.name, unit_id, department_id }))
    })
}

pub fn travel_delete(cx: &Cx, id: TravelId) -> AppResult<()> {
    cx.require_session()?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let record = travel_get(tx, id)?.ok_or(AppError::NotFound)?;
        if !Answers::of(cx, tx)?.for_person(record.own.user_id, (record.unit_id, record.department_id)) {
            return Err(AppError::NotFound);
        }
        row_delete(tx, id)?;
        let row = record.own;
        let told =
            json!({"user_id": row.user_id, "starts_on": row.starts_on, "ends_on": row.ends_on, "note": row.note});
        Event::new(cx, "travel", id, "deleted").stands(record.unit_id, Some(row.user_id)).before(&told).record(tx)
    })
}
