//! A customer pool for each unit, with those whom their sellers lost to it.

use chrono::Days;
use regulars_domain::ids::{EventId, PartyId, PoolId, PoolMoveId};
use regulars_domain::pool::Move;
use regulars_persistence::Db;
use regulars_persistence::customers::bulk::{BulkColumn, owner_value, parties_set};
use regulars_persistence::customers::pool::{MoveRow, PoolRow, StandingRow, moves_insert, pool_insert, standings_put};
use regulars_persistence::event::{EventRow, events_insert};
use regulars_persistence::types::AnyId;
use serde_json::json;

use super::company::Staff;
use super::customers::{Buyer, People};
use super::{Stage, id_at};
use crate::AppResult;

/// One of so many customers of a unit is in the pool.
pub(super) const RARE: usize = 40;

pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, people: &People) -> AppResult<()> {
    for (at, unit) in staff.units.iter().enumerate() {
        let rng = &mut stage.chance(60, at as u64);
        let pool = PoolRow {
            id: id_at::<PoolId>(stage.opened_at(), rng),
            unit_id: unit.id,
            name: format!("{}公海池", unit.code),
            active: true,
            silence_days: 180,
            warning_days: 7,
            claims_per_day: 5,
            most_in_hand: 50,
            protection_days: 30,
            return_days: 30,
            exempt_levels: json!(["key"]),
            contacts_hidden: true,
            swept_on: Some(stage.yesterday + Days::new(1)),
            version: 1,
            created_at: stage.opened_at(),
            updated_at: stage.opened_at(),
        };
        pool_insert(tx, pool.clone())?;
        let lost: Vec<&Buyer> = people.buyers.iter().filter(|one| one.unit == at).step_by(RARE).collect();
        recycle(tx, stage, &pool, &lost)?;
    }
    Ok(())
}

/// Each on a morning of the last weeks, in order, so that the log reads like one.
fn recycle(tx: &mut Db, stage: &Stage, pool: &PoolRow, lost: &[&Buyer]) -> AppResult<()> {
    let ids: Vec<PartyId> = lost.iter().map(|one| one.party).collect();
    parties_set(tx, &ids, &[(BulkColumn::Owner, owner_value(None))], stage.now)?;
    let (mut stands, mut moves, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (row, one) in lost.iter().enumerate() {
        let on = stage.yesterday - Days::new((lost.len() - 1 - row) as u64 % 30);
        let (at, rng) = (stage.at(on, 10), &mut stage.chance(61, row as u64 + 1_000 * one.unit as u64));
        stands.push(StandingRow {
            entered_at: Some(at),
            left_by: Some(one.owner),
            reason: Some(Move::Recycled.key().into()),
            ..StandingRow::blank(one.party)
        });
        moves.push(MoveRow {
            id: id_at::<PoolMoveId>(at, rng),
            pool_id: pool.id,
            party_id: one.party,
            kind: Move::Recycled.key().into(),
            from_id: Some(one.owner),
            to_id: None,
            by_id: None,
            note: None,
            on_day: on,
            at,
        });
        events.push(EventRow {
            id: id_at::<EventId>(at, rng),
            at,
            actor_id: None,
            action: "recycled".into(),
            resource: "customer".into(),
            resource_id: AnyId(one.party.0),
            party_id: Some(one.party),
            unit_id: Some(pool.unit_id),
            owner_id: None,
            unit_before: Some(pool.unit_id),
            owner_before: Some(one.owner),
            before: Some(json!({"owner_id": one.owner})),
            after: Some(json!({"owner_id": null})),
            request_id: None,
            address: None,
        });
    }
    standings_put(tx, stands)?;
    moves_insert(tx, moves)?;
    Ok(events_insert(tx, events)?)
}
