//! Recording what happened: every change leaves one event in its own transaction.

use regulars_domain::ids::{EventId, PartyId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::event::{EventRow, event_insert};
use regulars_persistence::types::AnyId;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{AppError, AppResult, Cx};

/// A change, told before and after. Unset parts stay empty.
#[derive(Debug, Clone)]
pub struct Event {
    row: EventRow,
    /// What kept a value from being told: an untold change must not happen.
    fault: Option<String>,
    /// Whether it was compared before and after, and nothing differs.
    same: bool,
}

impl Event {
    /// `action` is a past-tense verb: `created`, `updated`, `deleted`, `signed_in`.
    pub fn new(cx: &Cx, resource: &str, id: impl Into<Uuid>, action: &str) -> Self {
        Self {
            row: EventRow {
                id: EventId::fresh(),
                at: cx.now,
                actor_id: cx.actor.user(),
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
            fault: None,
            same: false,
        }
    }

    /// Nobody did it: the program came to it by itself.
    pub fn by_itself(mut self) -> Self {
        self.row.actor_id = None;
        self
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
        self.row.before = self.told(value);
        self
    }

    pub fn after(mut self, value: &impl Serialize) -> Self {
        self.row.after = self.told(value);
        self
    }

    fn told(&mut self, value: &impl Serialize) -> Option<Value> {
        serde_json::to_value(value).map_err(|error| self.fault = Some(error.to_string())).ok()
    }

    /// Only the members that differ, on both sides.
    pub fn difference(mut self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (old, new) = (self.told(before), self.told(after));
        let (Some(Value::Object(mut old)), Some(Value::Object(mut new))) = (old, new) else {
            self.fault.get_or_insert_with(|| "only the members of objects differ".into());
            return self;
        };
        let same: Vec<String> =
            old.iter().filter(|(name, value)| new.get(*name) == Some(value)).map(|(n, _)| n.clone()).collect();
        old.retain(|name, _| !same.contains(name));
        new.retain(|name, _| !same.contains(name));
        self.same = old.is_empty() && new.is_empty();
        self.row.before = Some(Value::Object(old));
        self.row.after = Some(Value::Object(new));
        self
    }

    /// Fails, and with it the change, when a value could not be told. What was saved as it was is no change: nothing is
    /// written, unless the record changed hands.
    pub fn record(self, tx: &mut Db) -> AppResult<()> {
        if self.same && self.row.unit_before.is_none() {
            return Ok(());
        }
        Ok(event_insert(tx, self.row()?)?)
    }

    fn row(self) -> AppResult<EventRow> {
        match self.fault {
            Some(fault) => Err(AppError::Internal(format!("event {}: {fault}", self.row.action))),
            None => Ok(self.row),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn event() -> Event {
        let row = EventRow {
            id: EventId::fresh(),
            at: chrono::DateTime::UNIX_EPOCH,
            actor_id: None,
            action: "updated".into(),
            resource: "tag".into(),
            resource_id: AnyId(Uuid::nil()),
            party_id: None,
            unit_id: None,
            owner_id: None,
            unit_before: None,
            owner_before: None,
            before: None,
            after: None,
            request_id: None,
            address: None,
        };
        Event { row, fault: None, same: false }
    }

    #[test]
    fn what_cannot_be_told_is_not_recorded() {
        let untellable = HashMap::from([((1, 2), 3)]);
        assert!(event().before(&untellable).row().is_err());
        assert!(event().after(&untellable).before(&1).row().is_err());
        assert!(event().difference(&untellable, &untellable).row().is_err());
        assert!(event().difference(&1, &2).row().is_err());
        let (before, after) = (HashMap::from([("a", 1), ("b", 2)]), HashMap::from([("a", 1), ("b", 3)]));
        let row = event().difference(&before, &after).row().expect("a row");
        assert_eq!((row.before, row.after), (Some(serde_json::json!({"b": 2})), Some(serde_json::json!({"b": 3}))));
    }
}
