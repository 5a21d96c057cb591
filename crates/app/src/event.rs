//! Recording what happened: every change leaves one event in its own transaction.

use regulars_domain::ids::{EventId, PartyId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::event::{EventRow, event_insert};
use regulars_persistence::types::AnyId;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{AppResult, Cx};

/// A change, told before and after. Unset parts stay empty.
#[derive(Debug, Clone)]
pub struct Event {
    row: EventRow,
}

impl Event {
    /// `action` is a past-tense verb: `created`, `updated`, `deleted`, `signed_in`.
    pub fn new(cx: &Cx, resource: &str, id: impl Into<Uuid>, action: &str) -> Self {
        Self {
            row: EventRow {
                id: EventId::fresh(),
                at: cx.now,
                actor_id: Some(cx.actor.user_id),
                action: action.into(),
                resource: resource.into(),
                resource_id: AnyId(id.into()),
                party_id: None,
                unit_id: None,
                owner_id: None,
                unit_before: None,
                owner_before: None,
                before: None,
                after: None,
                request_id: Some(cx.request.request_id.clone()),
                address: cx.request.address.clone(),
            },
        }
    }

    /// The customer on whose timeline it shows.
    pub fn party(mut self, id: PartyId) -> Self {
        self.row.party_id = Some(id);
        self
    }

    /// Where the record stands after the change.
    pub fn stands(mut self, unit: UnitId, owner: Option<UserId>) -> Self {
        self.row.unit_id = Some(unit);
        self.row.owner_id = owner;
        self
    }

    /// Where it stood before, when that changed.
    pub fn stood(mut self, unit: UnitId, owner: Option<UserId>) -> Self {
        self.row.unit_before = Some(unit);
        self.row.owner_before = owner;
        self
    }

    pub fn before(mut self, value: &impl Serialize) -> Self {
        self.row.before = serde_json::to_value(value).ok();
        self
    }

    pub fn after(mut self, value: &impl Serialize) -> Self {
        self.row.after = serde_json::to_value(value).ok();
        self
    }

    /// Only the members that differ, on both sides.
    pub fn difference(mut self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (Ok(Value::Object(mut old)), Ok(Value::Object(mut new))) =
            (serde_json::to_value(before), serde_json::to_value(after))
        else {
            return self;
        };
        let same: Vec<String> =
            old.iter().filter(|(name, value)| new.get(*name) == Some(value)).map(|(n, _)| n.clone()).collect();
        old.retain(|name, _| !same.contains(name));
        new.retain(|name, _| !same.contains(name));
        self.row.before = Some(Value::Object(old));
        self.row.after = Some(Value::Object(new));
        self
    }

    pub fn record(self, tx: &mut Db) -> AppResult<()> {
        Ok(event_insert(tx, self.row)?)
    }
}
