//! Notes, calls, visits: what was said and done with a customer.

use chrono::{DateTime, SubsecRound, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{InteractionId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh_of;
use regulars_persistence::customers::interaction::{
    InteractionRecord, InteractionRow, interaction_delete as row_delete, interaction_get as row_get,
    interaction_insert, interaction_update as row_update, interactions_get,
};
use regulars_persistence::insight::contact::contacts_refresh;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::access::Ref;
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
pub const KINDS: &[&str] = &["note", "call", "visit", "meeting", "message", "mail"];
pub const DIRECTIONS: &[&str] = &["in", "out"];

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InteractionInput {
    /// Stays as it was at the creation.
    pub customer_id: Uuid,
    #[schema(value_type = crate::shape::InteractionKind)]
    pub kind: String,
    #[schema(example = "Asked whether the window seat is free on Sunday")]
    pub body: String,
    /// When it happened; now when absent.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Direction>)]
    pub direction: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InteractionView {
    pub id: Uuid,
    pub customer: Ref,
    #[schema(value_type = crate::shape::InteractionKind)]
    pub kind: String,
    pub body: String,
    pub at: DateTime<Utc>,
    #[schema(value_type = Option<crate::shape::Direction>)]
    pub direction: Option<String>,
    pub actor: Option<Ref>,
    /// Whether the caller may change it.
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(InteractionView);

/// The author may change an interaction, and those who look after the unit's customers.
pub fn may_edit(cx: &Cx, row: &InteractionRow) -> bool {
    let responsible = row.actor_id == Some(cx.actor.user_id) || cx.actor.may("customers:customer:assign");
    cx.actor.may(WRITE) && responsible
}

fn to_view(cx: &Cx, record: InteractionRecord) -> InteractionView {
    let editable = may_edit(cx, &record.own);
    let row = record.own;
    InteractionView {
        id: row.id.0,
        customer: Ref::new(row.party_id, record.party_name),
        kind: row.kind,
        body: row.body,
        at: row.at,
        direction: row.direction,
        actor: row.actor_id.map(|id| Ref::new(id, record.actor_name.unwrap_or_default())),
        editable,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn check(cx: &Cx, input: &mut InteractionInput) -> AppResult<()> {
    let mut checks = Checks::default();
    input.body = input.body.trim().into();
    checks.one_of("/kind", &input.kind, KINDS);
    checks.text("/body", &input.body, 10_000);
    if let Some(direction) = &input.direction {
        checks.one_of("/direction", direction, DIRECTIONS);
    }
    input.at = input.at.map(|at| at.trunc_subsecs(6));
    if input.at.is_some_and(|at| at > cx.now + chrono::Duration::minutes(5)) {
        checks.fail("/at", "in_future");
    }
    Ok(checks.done()?)
}

/// The customer's contact dates and counts follow every change of an interaction, and when what is under way with it was
/// touched.
fn contacts_counted(tx: &mut Db, cx: &Cx, party_id: PartyId) -> AppResult<()> {
    metric_refresh(tx, cx, &[party_id])?;
    contacts_refresh(tx, party_id, cx.now)?;
    Ok(touches_refresh_of(tx, &[party_id])?)
}

fn found(tx: &mut Db, cx: &Cx, id: InteractionId, action: Action) -> AppResult<InteractionRecord> {
    let reach = cx.visible(Resource::Customer, action);
    row_get(tx, id, &reach)?.ok_or(AppError::NotFound)
}

pub fn interaction_create(cx: &Cx, mut input: InteractionInput) -> AppResult<InteractionView> {
    cx.require(WRITE)?;
    check(cx, &mut input)?;
    let party_id = PartyId(input.customer_id);
    let reach = Action::Write;
    let place = cx.read(|db| party_place(cx, db, party_id, reach)).map_err(|error| match error {
        AppError::NotFound => AppError::invalid("/customer_id", "unknown_reference"),
        other => other,
    })?;
    let row = InteractionRow {
        id: InteractionId::fresh(),
        party_id,
        unit_id: place.unit_id,
        actor_id: Some(cx.actor.user_id),
        kind: input.kind.clone(),
        direction: input.direction.clone(),
        body: input.body.clone(),
        at: input.at.unwrap_or(cx.now),
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        interaction_insert(tx, row.clone())?;
        contacts_counted(tx, cx, party_id)?;
        let event = Event::new(cx, "interaction", row.id, "created").party(party_id);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        Ok(to_view(cx, found(tx, cx, row.id, Action::Read)?))
    })
}

/// Those of the ids that are within reach, in no order.
pub(crate) fn interaction_views(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<InteractionView>> {
    let ids: Vec<InteractionId> = ids.iter().copied().map(InteractionId).collect();
    let rows = interactions_get(db, &ids, &cx.visible(Resource::Customer, Action::Read))?;
    Ok(rows.into_iter().map(|record| to_view(cx, record)).collect())
}

pub fn interaction_get(cx: &Cx, id: InteractionId) -> AppResult<InteractionView> {
    cx.require(READ)?;
    cx.read(|db| Ok(to_view(cx, found(db, cx, id, Action::Read)?)))
}

/// The interaction, if the caller may change it and has seen its latest version.
fn to_change(cx: &Cx, id: InteractionId, version: i64) -> AppResult<InteractionRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(db, cx, id, Action::Write))?;
    if !may_edit(cx, &record.own) {
        return Err(AppError::Forbidden("customers:customer:assign".into()));
    }
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

fn to_input(row: &InteractionRow) -> InteractionInput {
    InteractionInput {
        customer_id: row.party_id.0,
        kind: row.kind.clone(),
        body: row.body.clone(),
        at: Some(row.at),
        direction: row.direction.clone(),
    }
}

pub fn interaction_update(cx: &Cx, id: InteractionId, version: i64, patch: &Value) -> AppResult<InteractionView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: InteractionInput = crate::patch::patched(&before, patch)?;
    check(cx, &mut input)?;
    if input.customer_id != before.customer_id {
        return Err(AppError::invalid("/customer_id", "fixed"));
    }
    if crate::patch::same(&before, &input)? {
        return Ok(to_view(cx, record));
    }
    let row = InteractionRow {
        kind: input.kind.clone(),
        direction: input.direction.clone(),
        body: input.body.clone(),
        at: input.at.unwrap_or(record.own.at),
        updated_at: cx.now,
        ..record.own
    };
    let (within, owner) = (cx.clone(), record.party_owner);
    cx.change(move |tx| {
        let cx = &within;
        if !row_update(tx, row.clone())? {
            let current = found(tx, cx, id, Action::Read)?.own.version;
            return Err(AppError::Stale { current });
        }
        contacts_counted(tx, cx, row.party_id)?;
        let event = Event::new(cx, "interaction", id, "updated").party(row.party_id);
        event.stands(row.unit_id, owner).difference(&before, &input).record(tx)?;
        Ok(to_view(cx, found(tx, cx, id, Action::Read)?))
    })
}

pub fn interaction_delete(cx: &Cx, id: InteractionId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let row = &record.own;
        if !row_delete(tx, id, version, cx.now)? {
            let current = found(tx, cx, id, Action::Read)?.own.version;
            return Err(AppError::Stale { current });
        }
        contacts_counted(tx, cx, row.party_id)?;
        let event = Event::new(cx, "interaction", id, "deleted").party(row.party_id);
        event.stands(row.unit_id, record.party_owner).before(&to_input(row)).record(tx)
    })
}
