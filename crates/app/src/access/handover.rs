//! A leaver's hand-over: what the person holds is shown, each kind is given to somebody, and the account ends, in one
//! action. The account ends at once; a job gives the records, and nothing stays with nobody. Without the end of the
//! account it serves movers, and those who take work off somebody.

use std::collections::HashMap;

use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::handover::{Held, held_give, held_next, holdings as rows_held};
use regulars_persistence::access::key::key_list;
use regulars_persistence::access::organisation::unit_list;
use regulars_persistence::access::session::session_list;
use regulars_persistence::access::user::{UserRow, user_get};
use regulars_persistence::job::jobs_unfinished;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use super::user::{WRITE, user_in_charge, user_in_reach};
use super::user_account::account_end;
use crate::customers::qualification::approver::{approvals_give, approvals_held};
use crate::event::Event;
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue};
use crate::platform::webhooks::{HANDED_OVER, webhooks_stopped};
use crate::sales::opportunity::steps_given;
use crate::{AppError, AppResult, Cx};

/// The kind of the job.
pub const HANDOVER: &str = "access.handover";
/// Hands over within the caller's reach; ending the account needs [`WRITE`] as well.
const PERMISSION: &str = "access:user:handover";
/// Records given in one transaction.
const CHUNK: i64 = 200;

/// What a person holds, in the units within the caller's reach.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Holdings {
    pub items: Vec<Holding>,
    /// Unfinished jobs, living API keys and sessions: they end with the account and are nobody's afterwards.
    #[schema(example = 0)]
    pub jobs: i64,
    #[schema(example = 1)]
    pub keys: i64,
    #[schema(example = 2)]
    pub sessions: i64,
}

/// So much of a kind, in a unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Holding {
    #[schema(value_type = crate::shape::HeldKind)]
    pub kind: String,
    pub unit: Ref,
    #[schema(example = 128)]
    pub count: i64,
}

/// Who gets what.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverInput {
    /// Whether the account ends as well, as with a leaver; then everything needs an heir.
    #[serde(default)]
    #[schema(example = false)]
    pub deactivate: bool,
    #[schema(example = json!([]))]
    pub heirs: Vec<Heir>,
}

/// The heir of a kind in a unit: an active person of that unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heir {
    #[schema(value_type = crate::shape::HeldKind)]
    pub kind: String,
    pub unit_id: Uuid,
    pub user_id: Uuid,
}

/// What a job is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Order {
    user_id: UserId,
    heirs: Vec<Heir>,
}

/// How much of each kind a person holds in each unit.
fn holdings(db: &mut Db, user: UserId) -> AppResult<Vec<(Held, UnitId, i64)>> {
    let mut held = rows_held(db, user)?;
    held.extend(approvals_held(db, user)?.into_iter().map(|(unit, count)| (Held::Approvals, unit, count)));
    held.sort_by_key(|(kind, ..)| Held::ALL.iter().position(|one| one == kind));
    Ok(held)
}

/// What somebody would leave behind.
pub fn holdings_get(cx: &Cx, id: UserId) -> AppResult<Holdings> {
    cx.require(PERMISSION)?;
    cx.read(|db| {
        user_in_reach(cx, db, id)?;
        let units: HashMap<UnitId, String> =
            unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
        let view = |(kind, unit, count): (Held, UnitId, i64)| Holding {
            kind: kind.key().into(),
            unit: Ref::new(unit, units.get(&unit).cloned().unwrap_or_default()),
            count,
        };
        let keys = key_list(db, id)?.iter().filter(|key| key.revoked_at.is_none()).count();
        Ok(Holdings {
            items: holdings(db, id)?.into_iter().filter(|(_, unit, _)| reaches(cx, *unit)).map(view).collect(),
            jobs: jobs_unfinished(db, id)?,
            keys: keys as i64,
            sessions: session_list(db, id, cx.now)?.len() as i64,
        })
    })
}

fn reaches(cx: &Cx, unit: UnitId) -> bool {
    cx.actor.organisation_reach().is_none_or(|mine| mine == unit)
}

/// Ends the account, if asked to, and queues the giving. Departments get their new leader at once, for somebody has to
/// see the people in them.
pub fn handover_create(cx: &Cx, id: UserId, input: HandoverInput) -> AppResult<JobView> {
    cx.require(PERMISSION)?;
    if input.deactivate {
        cx.require(WRITE)?;
        if id == cx.actor.user_id {
            return Err(AppError::Conflict("self_deactivation"));
        }
    }
    let within = cx.clone();
    let job = cx.create(move |tx| handover_in(&within, tx, id, &input))?;
    cx.app.actors().forget();
    Ok(job)
}

/// The same in a transaction.
pub(super) fn handover_in(cx: &Cx, tx: &mut Db, id: UserId, input: &HandoverInput) -> AppResult<JobView> {
    cx.require(PERMISSION)?;
    if input.deactivate && id == cx.actor.user_id {
        return Err(AppError::Conflict("self_deactivation"));
    }
    let row = if input.deactivate { user_in_charge(cx, tx, id)? } else { user_in_reach(cx, tx, id)? };
    let held = holdings(tx, id)?;
    heirs_check(tx, cx, id, input, &held)?;
    let order = Order { user_id: id, heirs: input.heirs.clone() };
    for (kind, heir) in order.each().filter(|(kind, _)| *kind == Held::Departments) {
        give(tx, cx, (kind, UnitId(heir.unit_id)), (id, UserId(heir.user_id)))?;
    }
    if input.deactivate && row.active {
        account_end(cx, tx, row.clone())?;
    }
    let told = |(kind, unit, count): &(Held, UnitId, i64)| json!({"kind": kind.key(), "unit_id": unit, "count": count});
    Event::new(cx, "user", id, "handed_over")
        .stands(row.unit_id, None)
        .before(&json!({"held": held.iter().map(told).collect::<Vec<_>>()}))
        .after(&json!({"heirs": input.heirs}))
        .record(tx)?;
    let job = NewJob {
        kind: HANDOVER,
        input: serde_json::to_value(&order).map_err(AppError::internal)?,
        total: Some(order.total(&held)),
        dedupe_key: Some(format!("{HANDOVER}:{id}")),
        lane: None,
    };
    job_enqueue(tx, cx, job)
}

impl Order {
    fn each(&self) -> impl Iterator<Item = (Held, &Heir)> {
        self.heirs.iter().filter_map(|heir| Some((Held::parse(&heir.kind)?, heir)))
    }

    /// How many records the job gives: departments have gone before.
    fn total(&self, held: &[(Held, UnitId, i64)]) -> i64 {
        let given = |kind: Held, unit: UnitId| {
            kind != Held::Departments && self.each().any(|(other, heir)| other == kind && heir.unit_id == unit.0)
        };
        held.iter().filter(|(kind, unit, _)| given(*kind, *unit)).map(|(_, _, count)| count).sum()
    }
}

/// Every heir is an active person of the unit, within the caller's reach; nothing goes to the leaver or to two; with the
/// account's end nothing is left without one.
fn heirs_check(db: &mut Db, cx: &Cx, id: UserId, input: &HandoverInput, held: &[(Held, UnitId, i64)]) -> AppResult<()> {
    let mut checks = Checks::default();
    let mut named = Vec::new();
    for (at, heir) in input.heirs.iter().enumerate() {
        let kind = Held::parse(&heir.kind);
        if kind.is_none() {
            checks.fail(format!("/heirs/{at}/kind"), "not_allowed");
        }
        if named.contains(&(kind, heir.unit_id)) {
            checks.fail(format!("/heirs/{at}"), "duplicate");
        }
        named.push((kind, heir.unit_id));
        let user = user_get(db, UserId(heir.user_id))?;
        let fits = |user: &UserRow| {
            user.active && user.id != id && user.unit_id.0 == heir.unit_id && reaches(cx, user.unit_id)
        };
        if !user.as_ref().is_some_and(fits) {
            checks.fail(format!("/heirs/{at}/user_id"), "unknown_reference");
        }
    }
    if input.deactivate {
        let left = held.iter().filter(|(kind, unit, _)| !named.contains(&(Some(*kind), unit.0)));
        for (kind, unit, _) in left {
            match reaches(cx, *unit) {
                true => checks.fail_with("/heirs", "heir_missing", kind.key().to_string()),
                false => checks.fail("/deactivate", "beyond_yours"),
            }
        }
    }
    Ok(checks.done()?)
}

/// Job: gives everything to its heir, a portion at a time. What it finds on a second run is what is left. It was allowed
/// when it was asked for: a right withdrawn meanwhile leaves nothing half given.
pub fn handover_handle(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let cx = task.cx()?;
    let mut done = task.job.done;
    for (kind, heir) in order.each() {
        let (place, people) = ((kind, UnitId(heir.unit_id)), (order.user_id, UserId(heir.user_id)));
        loop {
            let (within, step, before) = (cx.clone(), task.clone(), done);
            let given = cx.change(move |tx| {
                let given = give(tx, &within, place, people)?;
                let total = step.job.total;
                step.progress_in(tx, &Step { done: before + given, total, ..Step::default() })?;
                Ok(given)
            })?;
            done += given;
            if given == 0 {
                break;
            }
        }
    }
    Ok(Some(format!("/api/v1/users/{}", order.user_id)))
}

/// Gives the next portion, with an event for each record people follow; answers how many there were.
fn give(tx: &mut Db, cx: &Cx, (kind, unit): (Held, UnitId), (from, to): (UserId, UserId)) -> AppResult<i64> {
    if kind == Held::Approvals {
        return approvals_give(tx, cx, unit, (from, to));
    }
    let ids = held_next(tx, (kind, unit), from, CHUNK)?;
    if ids.is_empty() {
        return Ok(0);
    }
    held_give(tx, kind, &ids, to, cx.now)?;
    if kind == Held::Webhooks {
        // The heir sees other things than the giver, and looks at the address before more is sent there.
        webhooks_stopped(tx, cx, &ids, HANDED_OVER)?;
    }
    let resource = match kind {
        Held::Customers => "customer",
        Held::Orders => "order",
        Held::Quotes => "quote",
        Held::Tasks => "task",
        Held::Opportunities => "opportunity",
        Held::LeadForms => "lead_form",
        Held::Segments => "segment",
        Held::Departments => "department",
        Held::Webhooks => "webhook",
        Held::PlanSteps => {
            steps_given(tx, cx, &ids, (from, to))?;
            return Ok(ids.len() as i64);
        }
        Held::Views | Held::Dashboards | Held::Clusterings | Held::ImportMappings | Held::Approvals => {
            return Ok(ids.len() as i64);
        }
    };
    let member = if kind == Held::Departments { "leader_id" } else { "owner_id" };
    for id in &ids {
        let mut event = Event::new(cx, resource, id.0, "updated").stands(unit, Some(to)).stood(unit, Some(from));
        if kind == Held::Customers {
            event = event.party(PartyId(id.0));
        }
        event.before(&json!({ member: from })).after(&json!({ member: to })).record(tx)?;
    }
    Ok(ids.len() as i64)
}
