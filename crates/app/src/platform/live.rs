//! What an open screen is told while it is open: which records within its person's sight have changed, by kind and id
//! and nothing more. What they say now, the screen asks as always.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use regulars_domain::actor::{Action, Resource};
use regulars_persistence::access::chain::event_newest;
use regulars_persistence::event::{EventRow, events_between};
use regulars_persistence::types::AnyId;
use regulars_persistence::visible::place_reached;
use serde::Serialize;
use uuid::Uuid;

use crate::{App, AppResult, Cx};

/// How old a node's knowledge of the newest event may be: however many screens are open, it is asked for this often.
const NEWEST_AGE: Duration = Duration::from_millis(300);
/// Events read at a time.
const EVENTS: i64 = 200;
/// More records of one look are told as their kinds.
const MOST: usize = 100;

/// Something changed: a record, or any of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hint {
    pub kind: String,
    /// Absent: any of them.
    pub id: Option<Uuid>,
}

/// The newest event a node knows of.
#[derive(Default)]
pub struct Newest(Mutex<Option<(Instant, i64)>>);

/// The number of the newest event, as of a moment ago.
fn newest(app: &App) -> AppResult<i64> {
    let mut known = app.newest().0.lock();
    if let Some((_, seq)) = known.filter(|(read, _)| read.elapsed() < NEWEST_AGE) {
        return Ok(seq);
    }
    let seq = app.db().read(|db| Ok::<_, crate::AppError>(event_newest(db)?))?;
    *known = Some((Instant::now(), seq));
    Ok(seq)
}

/// From where a screen that opens now is told.
pub fn live_begin(cx: &Cx) -> AppResult<i64> {
    cx.read(|db| Ok(event_newest(db)?))
}

/// What changed behind an event, and the event up to which that is all.
pub fn live_look(cx: &Cx, seq: i64) -> AppResult<(i64, Vec<Hint>)> {
    if newest(&cx.app)? <= seq {
        return Ok((seq, Vec::new()));
    }
    let events = cx.read(|db| Ok(events_between(db, seq, EVENTS)?))?;
    let mut hints = BTreeSet::new();
    for (_, event) in &events {
        hints.extend(hints_of(cx, event)?);
    }
    let hints = if hints.len() <= MOST {
        hints.into_iter().collect()
    } else {
        let kinds: BTreeSet<String> = hints.into_iter().map(|hint| hint.kind).collect();
        kinds.into_iter().map(|kind| Hint { kind, id: None }).collect()
    };
    Ok((events.last().map_or(seq, |(last, _)| *last), hints))
}

fn hints_of(cx: &Cx, event: &EventRow) -> AppResult<Vec<Hint>> {
    let hint = |kind: &str, id: Option<Uuid>| Hint { kind: kind.into(), id };
    let own = hint(&event.resource, Some(event.resource_id.0));
    let seen = match event.resource.as_str() {
        "customer" | "interaction" | "relation" | "preference" | "fact" | "key_account" | "training" | "dealer"
        | "cost" | "share" | "journey_run" => {
            let Some(party) = event.party_id else { return Ok(Vec::new()) };
            if !in_sight(cx, Resource::Customer, AnyId(party.0), event)? {
                return Ok(Vec::new());
            }
            let whole = hint("customer", Some(party.0));
            return Ok(if matches!(event.resource.as_str(), "customer" | "share") {
                vec![whole]
            } else {
                vec![whole, own]
            });
        }
        "order" | "quote" => in_sight(cx, Resource::Order, event.resource_id, event)?,
        "task" => in_sight(cx, Resource::Task, event.resource_id, event)?,
        "opportunity" => in_sight(cx, Resource::Opportunity, event.resource_id, event)?,
        "product" | "brand" | "category" => cx.actor.may("catalog:product:read"),
        "custom_field" | "dictionary_entry" => true,
        "notice" => event.owner_id == Some(cx.actor.user_id),
        "tag" => event.unit_id.is_some_and(|unit| cx.actor.organisation_reach().is_none_or(|mine| mine == unit)),
        "import" if matches!(event.action.as_str(), "ran" | "undone") => return Ok(imported(cx, event)),
        _ => false,
    };
    Ok(if seen { vec![own] } else { Vec::new() })
}

/// An import changes much at once, in its unit.
fn imported(cx: &Cx, event: &EventRow) -> Vec<Hint> {
    if event.unit_id.is_some_and(|unit| cx.actor.organisation_reach().is_some_and(|mine| mine != unit)) {
        return Vec::new();
    }
    ["customer", "import", "order", "product"].map(|kind| Hint { kind: kind.into(), id: None }).into()
}

/// Whether the record stands within the caller's sight, or stood there before the event.
fn in_sight(cx: &Cx, resource: Resource, id: AnyId, event: &EventRow) -> AppResult<bool> {
    let reach = cx.visible(resource, Action::Read);
    let places =
        [event.unit_id.map(|unit| (unit, event.owner_id)), event.unit_before.map(|unit| (unit, event.owner_before))];
    for (unit, owner) in places.into_iter().flatten() {
        if cx.read(|db| Ok(place_reached(db, &reach, id, unit, owner)?))? {
            return Ok(true);
        }
    }
    Ok(false)
}
