//! Keeping the pairs up to date: follows the log of events, and compares every customer that is new or was changed. An
//! import is followed customer by customer; behind a large one a scan is quicker.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use regulars_domain::actor::Visibility;
use regulars_domain::duplicates::Rules;
use regulars_domain::ids::{DuplicateId, ImportId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::customers::duplicate::{FoundPair, StandingPair, pairs_forget, pairs_put, pairs_unseen_of};
use regulars_persistence::follower::{FollowedEvent, Follower, events_after, follower_get, follower_move};
use regulars_persistence::import::party::parties_of_import;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::compare::{compared_of, pair_found, sharing};
use super::scan::scan_queue;
use crate::{App, AppError, AppResult};

const NAME: &str = "duplicates";
/// Events read at a time.
const EVENTS: i64 = 200;
/// Customers of an import compared in one step, and at most at all.
const IMPORTED: i64 = 200;
const MOST_IMPORTED: i64 = 5_000;

/// What follows from the next events.
struct Turn {
    to: Follower,
    /// Customers to compare.
    parties: Vec<PartyId>,
    /// A unit to scan instead.
    scan: Option<regulars_domain::ids::UnitId>,
}

#[derive(Serialize, Deserialize)]
struct ImportPlace {
    after: PartyId,
}

/// Follows the log to its end; nothing before the company is set up.
pub fn duplicates_follow(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    match app.company(now) {
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        company => company?,
    };
    while follow_step(app, crate::jobs::task::now())? {}
    Ok(())
}

/// One step; answers whether there was anything.
fn follow_step(app: &App, now: DateTime<Utc>) -> AppResult<bool> {
    let company = app.company(now)?;
    let (rules, today) = (company.settings.duplicates.clone(), company.business_date(now));
    let Some((from, turn, found)) = app.db().read(|db| {
        let from = follower_get(db, NAME)?.ok_or_else(|| AppError::Internal("no follower of duplicates".into()))?;
        let Some(turn) = turn(db, &from)? else { return Ok::<_, AppError>(None) };
        let found = found_of(db, &rules, &turn.parties, today)?;
        Ok(Some((from, turn, found)))
    })?
    else {
        return Ok(false);
    };
    app.db().write(move |tx| {
        // Another node may have been faster; then its work stands.
        if !follower_move(tx, NAME, &from, &turn.to)? {
            return Ok(());
        }
        pairs_put(tx, &found, now)?;
        pairs_leave(tx, &rules, &turn.parties, now)?;
        match turn.scan {
            Some(unit) => scan_queue(tx, Some(unit), now),
            None => Ok::<_, AppError>(()),
        }
    })?;
    Ok(true)
}

/// Forgets the pairs of these customers that were not found. They were compared a moment ago: what somebody changed
/// since, as by taking a merge back, is compared again as it is now.
fn pairs_leave(tx: &mut Db, rules: &Rules, parties: &[PartyId], since: DateTime<Utc>) -> AppResult<()> {
    let unseen = pairs_unseen_of(tx, parties, since)?;
    let sides: Vec<PartyId> = unseen.iter().flat_map(|pair| [pair.low_id, pair.high_id]).collect();
    let compared = compared_of(tx, &sides)?;
    let stands = |pair: &StandingPair| {
        let both = compared.get(&pair.low_id).zip(compared.get(&pair.high_id));
        both.and_then(|(one, other)| pair_found(rules, one, other)).is_some()
    };
    let gone: Vec<DuplicateId> = unseen.iter().filter(|pair| !stands(pair)).map(|pair| pair.id).collect();
    Ok(pairs_forget(tx, &gone)?)
}

fn turn(db: &mut Db, from: &Follower) -> AppResult<Option<Turn>> {
    let events = events_after(db, from.seq, EVENTS)?;
    let Some(first) = events.first() else { return Ok(None) };
    if is_import(first) {
        return import_turn(db, from, first).map(Some);
    }
    let mut parties = BTreeSet::new();
    let mut seq = from.seq;
    for event in events.iter().take_while(|event| !is_import(event)) {
        seq = event.seq;
        if event.resource == "customer" && event.action != "deleted" {
            parties.extend(event.party_id);
        }
    }
    Ok(Some(Turn { to: Follower { seq, place: None }, parties: parties.into_iter().collect(), scan: None }))
}

fn is_import(event: &FollowedEvent) -> bool {
    event.resource == "import" && event.action == "ran"
}

fn import_turn(db: &mut Db, from: &Follower, event: &FollowedEvent) -> AppResult<Turn> {
    let done = Follower { seq: event.seq, place: None };
    let counted = |name: &str| event.after.as_ref().and_then(|counts| counts[name].as_i64()).unwrap_or(0);
    if counted("create") + counted("update") > MOST_IMPORTED {
        return Ok(Turn { to: done, parties: Vec::new(), scan: event.unit_id });
    }
    let place: Option<ImportPlace> = from.place.clone().and_then(|place| serde_json::from_value(place).ok());
    let after = place.map_or(PartyId(uuid::Uuid::nil()), |place| place.after);
    let parties = parties_of_import(db, ImportId(event.resource_id.0), after, IMPORTED)?;
    let to = match parties.last() {
        Some(last) => Follower { seq: from.seq, place: Some(json!(ImportPlace { after: *last })) },
        None => done,
    };
    Ok(Turn { to, parties, scan: None })
}

/// The pairs that these customers are in.
fn found_of(db: &mut Db, rules: &Rules, parties: &[PartyId], today: chrono::NaiveDate) -> AppResult<Vec<FoundPair>> {
    let mut found: Vec<FoundPair> = Vec::new();
    for one in compared_of(db, parties)?.values() {
        let reach = Visibility::Unit(one.unit_id);
        let ids = sharing(db, rules, (&one.profile, &one.name_key), &reach, today, false)?;
        let others: Vec<PartyId> = ids.into_iter().filter(|id| *id != one.id).collect();
        found.extend(compared_of(db, &others)?.values().filter_map(|other| pair_found(rules, one, other)));
    }
    found.sort_unstable_by_key(|pair| (pair.low_id, pair.high_id));
    found.dedup_by_key(|pair| (pair.low_id, pair.high_id));
    Ok(found)
}
