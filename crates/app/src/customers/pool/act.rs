//! What people do with a pool: claim from it, give customers up to it, hand its customers out. Each in one transaction, in
//! which quotas are counted, so that they hold however many claim at once.

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::FieldError;
use regulars_domain::ids::{PartyId, PoolId, PoolMoveId, UnitId, UserId};
use regulars_domain::pool::{Claims, Move};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::bulk::{BulkColumn, owner_value, parties_set};
use regulars_persistence::customers::pool::{
    MoveRow, PoolRow, StandingRow, claims_on, in_hand, lost_on, moves_insert, pool_of_unit, standings, standings_put,
};
use regulars_persistence::customers::relation::{PartyName, party_names_within};
use regulars_persistence::customers::search::search_pending_add;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CLAIM, WRITE, found, keeps, rules};
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// Customers handed out in one transaction.
const MOST_ASSIGNED: usize = 500;

/// That a customer is the caller's now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolClaim {
    pub customer_id: Uuid,
    /// Last day on which the customer stays, however silent.
    pub protected_until: Option<NaiveDate>,
    /// How many customers the caller has claimed today, this one included, and holds out of pools.
    #[schema(example = 3)]
    pub claimed_today: i64,
    #[schema(example = 18)]
    pub in_hand: i64,
}

/// Why a customer is given up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolReleaseInput {
    #[serde(default)]
    #[schema(example = "Moved to another city")]
    pub note: Option<String>,
}

/// That a customer is in the pool now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolRelease {
    pub customer_id: Uuid,
    pub pool_id: Uuid,
}

/// Whom customers of a pool go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolAssignmentInput {
    /// At most 500; those who are in the pool no more stay where they are.
    #[schema(example = json!([]))]
    pub customer_ids: Vec<Uuid>,
    /// An active person of the pool's unit. Quotas bind who claims, not who is given something.
    pub user_id: Uuid,
}

/// How many were handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolAssigned {
    #[schema(example = 12)]
    pub assigned: usize,
}

/// The pool of a unit, unless it is off.
fn pool_here(db: &mut Db, unit: UnitId) -> AppResult<PoolRow> {
    pool_of_unit(db, unit)?.filter(|pool| pool.active).ok_or(AppError::Conflict("pool_off"))
}

fn standing(db: &mut Db, id: PartyId) -> AppResult<Option<StandingRow>> {
    Ok(standings(db, &[id])?.pop())
}

/// Makes the caller the owner of a customer of their unit's pool.
pub fn customer_claim(cx: &Cx, id: PartyId) -> AppResult<PoolClaim> {
    cx.require(CLAIM)?;
    let within = cx.clone();
    cx.create(move |tx| claim(tx, &within, id))
}

fn claim(tx: &mut Db, cx: &Cx, id: PartyId) -> AppResult<PoolClaim> {
    let (me, today) = (cx.actor.user_id, cx.today()?);
    let pool = pool_here(tx, cx.actor.unit_id)?;
    let unit = Visibility::Unit(pool.unit_id);
    let party = party_names_within(tx, &[id], &unit)?.pop().ok_or(AppError::NotFound)?;
    let stands = standing(tx, id)?;
    if party.owner_id.is_some() {
        // Who was in the pool was seen there; of others nothing is told.
        return Err(if stands.is_some() { AppError::Conflict("pool_taken") } else { AppError::NotFound });
    }
    let claims = Claims {
        today: claims_on(tx, me, today)?,
        in_hand: in_hand(tx, me)?,
        lost_on: lost_on(tx, me, &[id])?.pop().map(|(_, on)| on),
    };
    let rules = rules(&pool)?;
    rules.claim(claims, today).map_err(|refusal| AppError::Conflict(refusal.key()))?;
    let protected_until = rules.protected_until(today);
    give(tx, cx, &pool, &[party], (me, Move::Claimed), protected_until)?;
    Ok(PoolClaim { customer_id: id.0, protected_until, claimed_today: claims.today + 1, in_hand: claims.in_hand + 1 })
}

/// Customers out of the pool to somebody.
fn give(
    tx: &mut Db,
    cx: &Cx,
    pool: &PoolRow,
    parties: &[PartyName],
    (to, how): (UserId, Move),
    protected_until: Option<NaiveDate>,
) -> AppResult<()> {
    let ids: Vec<PartyId> = parties.iter().map(|party| party.id).collect();
    parties_set(tx, &ids, &[(BulkColumn::Owner, owner_value(Some(to)))], cx.now)?;
    search_pending_add(tx, &ids, cx.now)?;
    let stands = |party: &PartyName| StandingRow {
        holder_id: Some(to),
        claimed_at: Some(cx.now),
        protected_until,
        ..StandingRow::blank(party.id)
    };
    standings_put(tx, parties.iter().map(stands).collect())?;
    let today = cx.today()?;
    let moved = |party: &PartyName| MoveRow {
        id: PoolMoveId::fresh(),
        pool_id: pool.id,
        party_id: party.id,
        kind: how.key().into(),
        from_id: None,
        to_id: Some(to),
        by_id: Some(cx.actor.user_id),
        note: None,
        on_day: today,
        at: cx.now,
    };
    moves_insert(tx, parties.iter().map(moved).collect())?;
    for party in parties {
        let action = if how == Move::Claimed { "claimed" } else { "assigned" };
        let event = Event::new(cx, "customer", party.id, action).party(party.id);
        let event = event.stands(party.unit_id, Some(to)).stood(party.unit_id, party.owner_id);
        event.before(&json!({"owner_id": party.owner_id})).after(&json!({ "owner_id": to })).record(tx)?;
    }
    Ok(())
}

/// Gives a customer up to the pool: the owner does, or who keeps the pool.
pub fn customer_release(cx: &Cx, id: PartyId, mut input: PoolReleaseInput) -> AppResult<PoolRelease> {
    if !cx.actor.may(WRITE) {
        cx.require(CLAIM)?;
    }
    crate::customers::input::trim(&mut input.note);
    if input.note.as_ref().is_some_and(|note| note.chars().count() > 500) {
        return Err(AppError::Validation(vec![FieldError::new("/note", "too_long").with("500")]));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let reach = cx.visible_own(Resource::Customer, Action::Write);
        let party = party_names_within(tx, &[id], &reach)?.pop().ok_or(AppError::NotFound)?;
        if party.owner_id != Some(cx.actor.user_id) && !keeps(cx, party.unit_id) {
            return Err(AppError::Forbidden(WRITE.into()));
        }
        let pool = pool_here(tx, party.unit_id)?;
        if party.owner_id.is_none() {
            return Err(AppError::Conflict("pool_inside"));
        }
        take(tx, cx, &pool, &party, input.note.clone())?;
        Ok(PoolRelease { customer_id: id.0, pool_id: pool.id.0 })
    })
}

/// A customer into the pool.
fn take(tx: &mut Db, cx: &Cx, pool: &PoolRow, party: &PartyName, note: Option<String>) -> AppResult<()> {
    parties_set(tx, &[party.id], &[(BulkColumn::Owner, owner_value(None))], cx.now)?;
    search_pending_add(tx, &[party.id], cx.now)?;
    let stands = StandingRow {
        entered_at: Some(cx.now),
        left_by: party.owner_id,
        reason: Some(Move::Released.key().into()),
        ..StandingRow::blank(party.id)
    };
    standings_put(tx, vec![stands])?;
    let moved = MoveRow {
        id: PoolMoveId::fresh(),
        pool_id: pool.id,
        party_id: party.id,
        kind: Move::Released.key().into(),
        from_id: party.owner_id,
        to_id: None,
        by_id: Some(cx.actor.user_id),
        note: note.clone(),
        on_day: cx.today()?,
        at: cx.now,
    };
    moves_insert(tx, vec![moved])?;
    Event::new(cx, "customer", party.id, "released")
        .party(party.id)
        .stands(party.unit_id, None)
        .stood(party.unit_id, party.owner_id)
        .before(&json!({"owner_id": party.owner_id}))
        .after(&json!({"owner_id": null, "note": note}))
        .record(tx)
}

/// Hands customers of a pool to somebody.
pub fn pool_assign(cx: &Cx, id: PoolId, input: PoolAssignmentInput) -> AppResult<PoolAssigned> {
    cx.require(WRITE)?;
    if input.customer_ids.is_empty() {
        return Err(AppError::invalid("/customer_ids", "required"));
    }
    if input.customer_ids.len() > MOST_ASSIGNED {
        let many = FieldError::new("/customer_ids", "too_many").with(MOST_ASSIGNED);
        return Err(AppError::Validation(vec![many]));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let pool = found(cx, tx, id)?;
        if !keeps(cx, pool.unit_id) {
            return Err(AppError::Forbidden(WRITE.into()));
        }
        if !pool.active {
            return Err(AppError::Conflict("pool_off"));
        }
        let to = user_get(tx, UserId(input.user_id))?;
        let Some(to) = to.filter(|user| user.active && user.unit_id == pool.unit_id) else {
            return Err(AppError::invalid("/user_id", "unknown_reference"));
        };
        let mut ids: Vec<PartyId> = input.customer_ids.iter().copied().map(PartyId).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = party_names_within(tx, &ids, &Visibility::Unit(pool.unit_id))?;
        if found.len() != ids.len() {
            return Err(AppError::invalid("/customer_ids", "unknown_reference"));
        }
        let free: Vec<PartyName> = found.into_iter().filter(|party| party.owner_id.is_none()).collect();
        let protected_until = rules(&pool)?.protected_until(cx.today()?);
        give(tx, cx, &pool, &free, (to.id, Move::Assigned), protected_until)?;
        Ok(PoolAssigned { assigned: free.len() })
    })
}
