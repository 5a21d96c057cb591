//! Key accounts: a customer with a team, a plan with goals, a map of where they are met, and a level of relationship.

mod input;
pub mod settings;
mod touchpoint;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{KeyAccountId, PartyId, UnitId, UserId};
use regulars_domain::key_account::{TouchState, advised};
use regulars_persistence::Db;
use regulars_persistence::customers::key_account::{
    KEY_ACCOUNT_FROM, KeyAccountRecord, KeyAccountRow, MemberRow, class_count, key_account_base, key_account_catalogue,
    key_account_delete as row_delete, key_account_insert, key_account_of, key_account_update as row_update,
    key_accounts_get, members_of, members_put, standings,
};
use regulars_persistence::sales::customer::unit_names;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use self::input::sound;
pub use self::input::{GOAL_STATUSES, KeyAccountGoal, KeyAccountInput, KeyAccountMemberInput, ROLES, TouchpointPlan};
pub use self::touchpoint::{GROUPS, PLACES, Touchpoint};
use self::touchpoint::{Met, count, map, universe};
use super::place::party_place;
use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// Sees what customers are worth.
const INSIGHT: &str = "insight:metric:read";

/// One of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyAccountMember {
    pub user: Ref,
    /// The role's key in the dictionary `account_role`.
    #[schema(example = "service")]
    pub role: String,
    /// Whether they still work here.
    pub active: bool,
}

/// The level that the figures speak for, and the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelationshipAdvice {
    /// Absent when the margin or the class is unknown.
    #[schema(value_type = Option<crate::shape::RelationshipLevel>)]
    pub level: Option<String>,
    #[schema(value_type = Option<crate::shape::ValueClass>)]
    pub value_class: Option<String>,
    /// Customers of that class in the unit.
    #[schema(example = 18)]
    pub customers: i64,
    /// (net − cost) ÷ net; absent when nothing was bought or a cost is unknown.
    #[schema(example = 0.34)]
    pub margin: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeyAccountView {
    pub id: Uuid,
    pub customer: Ref,
    pub unit: Ref,
    /// The customer's owner.
    pub manager: Option<Ref>,
    /// Set by hand; as advised when absent.
    #[schema(value_type = Option<crate::shape::RelationshipLevel>)]
    pub level: Option<String>,
    /// For those who may see insight.
    pub advice: Option<RelationshipAdvice>,
    pub team: Vec<KeyAccountMember>,
    pub plan: Option<String>,
    pub goals: Vec<KeyAccountGoal>,
    /// Every touchpoint there is, planned or not.
    pub touchpoints: Vec<Touchpoint>,
    /// Touchpoints that are due, and those that are gaps.
    #[schema(example = 1)]
    pub touchpoints_due: i64,
    #[schema(example = 3)]
    pub gaps: i64,
    pub review_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(KeyAccountView);

/// By customer. The customers of a class are counted once for all of them: there may be hundreds of thousands.
fn advices(cx: &Cx, db: &mut Db, parties: &[PartyId]) -> AppResult<HashMap<PartyId, RelationshipAdvice>> {
    let limits = cx.company()?.settings.insight.key_accounts.limits();
    let mut counts: HashMap<(UnitId, String), i64> = HashMap::new();
    let mut advices = HashMap::new();
    for row in standings(db, parties)? {
        let customers = match &row.value_class {
            None => 0,
            Some(class) => match counts.entry((row.unit_id, class.clone())) {
                Entry::Occupied(counted) => *counted.get(),
                Entry::Vacant(room) => *room.insert(class_count(db, row.unit_id, class)?),
            },
        };
        let level = row.value_class.as_ref().and(row.margin).map(|margin| advised(customers, margin, &limits));
        let advice = RelationshipAdvice {
            level: level.map(|level| level.key().into()),
            value_class: row.value_class,
            customers,
            margin: row.margin,
        };
        advices.insert(row.party_id, advice);
    }
    Ok(advices)
}

fn listed<T: serde::de::DeserializeOwned>(kept: &Value) -> AppResult<Vec<T>> {
    serde_json::from_value(kept.clone()).map_err(AppError::internal)
}

fn kept<T: Serialize>(list: &[T]) -> AppResult<Value> {
    serde_json::to_value(list).map_err(AppError::internal)
}

fn to_input(row: &KeyAccountRow, team: &[MemberRow]) -> AppResult<KeyAccountInput> {
    let member = |one: &MemberRow| KeyAccountMemberInput { user_id: one.user_id.0, role: one.role.clone() };
    Ok(KeyAccountInput {
        level: row.level.clone(),
        team: team.iter().map(member).collect(),
        plan: row.plan.clone(),
        goals: listed(&row.goals)?,
        touchpoints: listed(&row.touchpoints)?,
        review_on: row.review_on,
    })
}

fn filled(row: KeyAccountRow, input: &KeyAccountInput) -> AppResult<KeyAccountRow> {
    Ok(KeyAccountRow {
        level: input.level.clone(),
        plan: input.plan.clone(),
        review_on: input.review_on,
        goals: kept(&input.goals)?,
        touchpoints: kept(&input.touchpoints)?,
        ..row
    })
}

fn team_of(input: &KeyAccountInput) -> Vec<(UserId, String)> {
    input.team.iter().map(|one| (UserId(one.user_id), one.role.clone())).collect()
}

/// What stands, as it is shown.
fn views(cx: &Cx, db: &mut Db, records: Vec<KeyAccountRecord>) -> AppResult<Vec<KeyAccountView>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let today = cx.today()?;
    let parties: Vec<PartyId> = records.iter().map(|record| record.own.party_id).collect();
    let ids: Vec<KeyAccountId> = records.iter().map(|record| record.own.id).collect();
    let mut teams = members_of(db, &ids)?;
    let (there, met) = (universe(db)?, Met::read(cx, db, &parties)?);
    let units: HashMap<_, _> = unit_names(db)?.into_iter().collect();
    let mut advised = if cx.actor.may(INSIGHT) { advices(cx, db, &parties)? } else { HashMap::new() };
    let mut views = Vec::new();
    for record in records {
        let row = record.own;
        let touchpoints = map(row.party_id, &listed::<TouchpointPlan>(&row.touchpoints)?, &there, &met, today);
        let member = |one: MemberRow| KeyAccountMember {
            user: Ref::new(one.user_id, one.name),
            role: one.role,
            active: one.active,
        };
        views.push(KeyAccountView {
            id: row.id.0,
            customer: Ref::new(row.party_id, record.party_name),
            unit: Ref::new(record.unit_id, units.get(&record.unit_id).cloned().unwrap_or_default()),
            manager: record.owner_id.map(|id| Ref::new(id, record.owner_name.unwrap_or_default())),
            level: row.level,
            advice: advised.remove(&row.party_id),
            team: teams.remove(&row.id).unwrap_or_default().into_iter().map(member).collect(),
            plan: row.plan,
            goals: listed(&row.goals)?,
            touchpoints_due: count(&touchpoints, TouchState::Due),
            gaps: count(&touchpoints, TouchState::Gap),
            touchpoints,
            review_on: row.review_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(views)
}

fn view(cx: &Cx, db: &mut Db, record: KeyAccountRecord) -> AppResult<KeyAccountView> {
    views(cx, db, vec![record])?.pop().ok_or(AppError::NotFound)
}

pub fn key_account_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<KeyAccountView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = key_account_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = key_account_catalogue();
        let source = Source { from: KEY_ACCOUNT_FROM, id: "k.id", catalogue: &catalogue, default_sort: "name" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<KeyAccountId> = page.items.iter().map(|id| KeyAccountId(*id)).collect();
        let records = if ids.is_empty() { Vec::new() } else { key_accounts_get(db, &ids, &reach)? };
        let mut found: HashMap<Uuid, KeyAccountView> =
            views(cx, db, records)?.into_iter().map(|view| (view.id, view)).collect();
        let items = page.items.iter().filter_map(|id| found.remove(id)).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

fn found(cx: &Cx, db: &mut Db, id: KeyAccountId, action: Action) -> AppResult<KeyAccountRecord> {
    key_accounts_get(db, &[id], &cx.visible(Resource::Customer, action))?.pop().ok_or(AppError::NotFound)
}

pub fn key_account_get(cx: &Cx, id: KeyAccountId) -> AppResult<KeyAccountView> {
    cx.require(READ)?;
    cx.read(|db| {
        let record = found(cx, db, id, Action::Read)?;
        view(cx, db, record)
    })
}

/// The key account that a customer is, if it is one: a list of none or one.
pub fn key_account_of_customer(cx: &Cx, party: PartyId) -> AppResult<Page<KeyAccountView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let record = key_account_of(db, party, &cx.visible(Resource::Customer, Action::Read))?;
        Ok(Page::whole(views(cx, db, record.into_iter().collect())?))
    })
}

pub fn key_account_create(cx: &Cx, party: PartyId, mut input: KeyAccountInput) -> AppResult<KeyAccountView> {
    cx.require(WRITE)?;
    let place = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write)?;
        sound(cx, db, place.unit_id, &mut input, None)?;
        Ok(place)
    })?;
    let blank = KeyAccountRow {
        id: KeyAccountId::fresh(),
        party_id: party,
        level: None,
        plan: None,
        review_on: None,
        goals: Value::Null,
        touchpoints: Value::Null,
        version: 1,
        created_by: cx.actor.user(),
        created_at: cx.now,
        updated_at: cx.now,
    };
    let row = filled(blank, &input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        key_account_insert(tx, row.clone())?;
        members_put(tx, row.id, &team_of(&input))?;
        let event = Event::new(&within, "key_account", row.id, "created").party(party);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        let record = found(&within, tx, row.id, Action::Read)?;
        view(&within, tx, record)
    })
}

fn team_stands(db: &mut Db, id: KeyAccountId) -> AppResult<Vec<MemberRow>> {
    Ok(members_of(db, &[id])?.remove(&id).unwrap_or_default())
}

/// The account as it stands and what a person wrote of it, if it is still of that version.
fn to_change(cx: &Cx, id: KeyAccountId, version: i64) -> AppResult<(KeyAccountRecord, KeyAccountInput)> {
    cx.require(WRITE)?;
    let (record, before) = cx.read(|db| {
        let record = found(cx, db, id, Action::Write)?;
        let team = team_stands(db, id)?;
        let before = to_input(&record.own, &team)?;
        Ok((record, before))
    })?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok((record, before))
}

pub fn key_account_update(cx: &Cx, id: KeyAccountId, version: i64, patch: &Value) -> AppResult<KeyAccountView> {
    let (record, before) = to_change(cx, id, version)?;
    let mut input: KeyAccountInput = crate::patch::patched(&before, patch)?;
    cx.read(|db| sound(cx, db, record.unit_id, &mut input, Some(&before)))?;
    if crate::patch::same(&before, &input)? {
        return cx.read(|db| view(cx, db, record));
    }
    let row = filled(KeyAccountRow { updated_at: cx.now, ..record.own.clone() }, &input)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        members_put(tx, id, &team_of(&input))?;
        let event = Event::new(&within, "key_account", id, "updated").party(row.party_id);
        event.stands(record.unit_id, record.owner_id).difference(&before, &input).record(tx)?;
        let record = found(&within, tx, id, Action::Write)?;
        view(&within, tx, record)
    })
}

/// The customer is a customer like others again.
pub fn key_account_delete(cx: &Cx, id: KeyAccountId, version: i64) -> AppResult<()> {
    let (record, before) = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "key_account", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&before).record(tx)
    })
}
