//! Which records an event of the log may have changed, brought into sight, or taken out of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{ImportId, MergeId, PartyId, UnitId, UserId};
use regulars_persistence::customers::relation::party_names_within;
use regulars_persistence::event::EventRow;
use regulars_persistence::platform::sync::{
    Synced, beneath_party, import_touched, merge_record, shares_told, shown_by,
};
use regulars_persistence::types::AnyId;
use regulars_persistence::visible::place_reached;
use serde_json::Value;
use uuid::Uuid;

use super::KINDS;
use crate::imports::undo::import_floor;
use crate::{AppResult, Cx};

/// An import of more records is told by a new walk.
const MOST_IMPORTED: i64 = 300;

/// What the log calls a kind.
const RESOURCES: &[(&str, Synced)] = &[
    ("order", Synced::Orders),
    ("opportunity", Synced::Opportunities),
    ("quote", Synced::Quotes),
    ("interaction", Synced::Interactions),
    ("relation", Synced::Relations),
    ("product", Synced::Products),
    ("dictionary_entry", Synced::DictionaryEntries),
    ("tag", Synced::Tags),
    ("custom_field", Synced::CustomFields),
    ("preference", Synced::Preferences),
    ("fact", Synced::Facts),
    ("key_account", Synced::KeyAccounts),
    ("training", Synced::Trainings),
    ("dealer", Synced::Dealers),
    ("cost", Synced::Costs),
    ("asset", Synced::Assets),
    ("wish", Synced::Wishes),
    ("qualification", Synced::Qualifications),
    ("attachment", Synced::Attachments),
];

/// Kinds that stand in a place of their own, beside their customer's.
const PLACED: &[Synced] = &[Synced::Orders, Synced::Opportunities, Synced::Quotes];

/// Changes of a customer that leave alone what hangs on it, unless its name or place changes.
const SHALLOW: &[&str] = &["updated", "marked", "tagged", "untagged", "changed_in_bulk"];

type Place = (UnitId, Option<UserId>);

#[derive(Default)]
pub(super) struct Affected {
    records: BTreeSet<(usize, Uuid)>,
    /// Where records stood, as the log tells.
    places: HashMap<Uuid, HashSet<Place>>,
    /// The customer that a record hangs on.
    parties: HashMap<Uuid, PartyId>,
    /// The two that a relation ties.
    ends: HashMap<Uuid, Vec<PartyId>>,
}

fn kind_of(synced: Synced) -> usize {
    KINDS.iter().position(|(kind, _)| *kind == synced).unwrap_or_default()
}

impl Affected {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Place of the kind, and id.
    pub fn records(&self) -> impl Iterator<Item = (usize, Uuid)> {
        self.records.iter().copied()
    }

    fn add(&mut self, kind: Synced, id: Uuid) {
        self.records.insert((kind_of(kind), id));
    }

    /// A customer with everything that hangs on it and shows its name.
    pub fn customer_deeply(&mut self, cx: &Cx, party: PartyId) -> AppResult<()> {
        let beneath = cx.read(|db| Ok(beneath_party(db, party)?))?;
        self.add(Synced::Customers, party.0);
        for (kind, id) in beneath {
            self.add(kind, id);
            if kind != Synced::Consents {
                self.parties.insert(id, party);
            }
        }
        Ok(())
    }

    /// Takes account of an event; false when only a new walk does.
    pub fn take(&mut self, cx: &Cx, event: &EventRow) -> AppResult<bool> {
        if voids(event) {
            return Ok(false);
        }
        let id = event.resource_id.0;
        if event.resource == "import" {
            return self.import(cx, event);
        }
        let kind = RESOURCES.iter().find(|(resource, _)| *resource == event.resource).map(|(_, kind)| *kind);
        if let Some(kind) = kind {
            self.add(kind, id);
            self.stood(id, event);
            for (other, id) in cx.read(|db| Ok(shown_by(db, kind, id)?))? {
                self.add(other, id);
            }
        }
        if kind == Some(Synced::Relations) {
            self.ends.entry(id).or_default().extend(ends_told(event));
        }
        let Some(party) = event.party_id else { return Ok(true) };
        self.parties.insert(id, party);
        if tells_place(event, kind) {
            self.stood(party.0, event);
        }
        match event.resource.as_str() {
            "customer" if deep(event) => {
                self.customer_deeply(cx, party)?;
                self.doubled(cx, event)?;
            }
            "share" => self.customer_deeply(cx, party)?,
            "consent" => {
                self.add(Synced::Customers, party.0);
                self.add(Synced::Consents, party.0);
            }
            _ => self.add(Synced::Customers, party.0),
        }
        Ok(true)
    }

    /// A merge deletes relations that would say the same twice, and tells of it in its record.
    fn doubled(&mut self, cx: &Cx, event: &EventRow) -> AppResult<()> {
        let merge = event.after.as_ref().and_then(|after| Uuid::parse_str(after["merge_id"].as_str()?).ok());
        let Some(merge) = merge else { return Ok(()) };
        // The log may say nothing of the kept one: what it got is beneath it, and its version.
        let other = event
            .after
            .as_ref()
            .and_then(|after| Uuid::parse_str(after["into"].as_str().or(after["from"].as_str())?).ok());
        if let Some(other) = other {
            self.customer_deeply(cx, PartyId(other))?;
        }
        // Taken back, it leaves one of the two without the words it had got from the other.
        for party in [Some(event.resource_id.0), other].into_iter().flatten() {
            self.add(Synced::Consents, party);
        }
        let record = cx.read(|db| Ok(merge_record(db, MergeId(merge))?))?.unwrap_or_default();
        for relation in record["relations"].as_array().into_iter().flatten() {
            let id = |member: &str| Uuid::parse_str(relation[member].as_str()?).ok();
            if let Some(gone) = id("id") {
                self.add(Synced::Relations, gone);
                self.ends
                    .entry(gone)
                    .or_default()
                    .extend([id("from_id"), id("to_id")].into_iter().flatten().map(PartyId));
            }
        }
        Ok(())
    }

    fn stood(&mut self, id: Uuid, event: &EventRow) {
        let places = self.places.entry(id).or_default();
        places.extend(event.unit_id.map(|unit| (unit, event.owner_id)));
        places.extend(event.unit_before.map(|unit| (unit, event.owner_before)));
    }

    /// Every record of a small import.
    fn import(&mut self, cx: &Cx, event: &EventRow) -> AppResult<bool> {
        match event.action.as_str() {
            "undone" => return Ok(false),
            "ran" => {}
            _ => return Ok(true),
        }
        let import = ImportId(event.resource_id.0);
        for kind in [
            Synced::Customers,
            Synced::Relations,
            Synced::Orders,
            Synced::Opportunities,
            Synced::Products,
            Synced::Assets,
            Synced::Consents,
            Synced::Preferences,
            Synced::Facts,
            Synced::Trainings,
        ] {
            let ids = cx.read(|db| Ok(import_touched(db, kind, import, import_floor(import), MOST_IMPORTED + 1)?))?;
            if ids.len() as i64 > MOST_IMPORTED {
                return Ok(false);
            }
            for id in ids {
                match kind {
                    Synced::Customers => self.customer_deeply(cx, PartyId(id))?,
                    _ => self.add(kind, id),
                }
            }
        }
        Ok(true)
    }

    /// Whether the caller may have been told of a record that they do not see now: told that it is gone, they learn of
    /// nothing they did not know.
    pub fn was_in_sight(&self, cx: &Cx, kind: Synced, id: Uuid) -> AppResult<bool> {
        let resource = match kind {
            Synced::Products => return Ok(cx.actor.may("catalog:product:read") && self.places.contains_key(&id)),
            Synced::DictionaryEntries | Synced::CustomFields => return Ok(true),
            // What changes of tags begins the walk anew.
            Synced::Tags => return Ok(false),
            Synced::Orders | Synced::Quotes => Resource::Order,
            Synced::Opportunities => Resource::Opportunity,
            _ => Resource::Customer,
        };
        let reach = cx.actor.visible_own(resource, Action::Read);
        let holder = match kind {
            Synced::Customers | Synced::Consents => None,
            _ => self.parties.get(&id),
        };
        let own = self.places.get(&id).into_iter().flatten();
        let placed = PLACED.contains(&kind);
        let of_party = holder.filter(|_| !placed).and_then(|party| self.places.get(&party.0));
        for (unit, owner) in own.chain(of_party.into_iter().flatten()) {
            if cx.read(|db| Ok(place_reached(db, &reach, AnyId(id), *unit, *owner)?))? {
                return Ok(true);
            }
        }
        if placed {
            return Ok(false);
        }
        if let Some(ends) = self.ends.get(&id).filter(|ends| !ends.is_empty()) {
            let reach = cx.visible(Resource::Customer, Action::Read);
            if !cx.read(|db| Ok(party_names_within(db, ends, &reach)?))?.is_empty() {
                return Ok(true);
            }
        }
        was_shared(cx, holder.copied().unwrap_or(PartyId(id)))
    }
}

/// Whether a customer was ever shared with the caller or their department.
fn was_shared(cx: &Cx, party: PartyId) -> AppResult<bool> {
    let told = cx.read(|db| Ok(shares_told(db, party)?))?;
    let names = |side: &Value, member: &str, id: Uuid| side[member].as_str() == Some(id.to_string().as_str());
    Ok(told.iter().any(|side| {
        names(side, "user_id", cx.actor.user_id.0) || names(side, "department_id", cx.actor.department_id.0)
    }))
}

/// The customers a relation's event names.
fn ends_told(event: &EventRow) -> Vec<PartyId> {
    let sides = [&event.before, &event.after].into_iter().flatten();
    let ids = sides.flat_map(|side| ["from_id", "to_id"].map(|member| side[member].as_str()));
    ids.flatten().filter_map(|id| Uuid::parse_str(id).ok()).map(PartyId).collect()
}

/// Whether the place an event tells is its customer's: tasks and what is sold stand in one of their own.
fn tells_place(event: &EventRow, kind: Option<Synced>) -> bool {
    match kind {
        Some(kind) => !PLACED.contains(&kind),
        None => ["customer", "share", "consent"].contains(&event.resource.as_str()),
    }
}

fn tells(event: &EventRow, member: &str) -> bool {
    [&event.before, &event.after].into_iter().flatten().any(|side| side.get(member).is_some())
}

/// Whether what hangs on the customer shows something else now, or comes into sight or leaves it.
fn deep(event: &EventRow) -> bool {
    !SHALLOW.contains(&event.action.as_str())
        || event.unit_before.is_some()
        || tells(event, "name")
        || tells(event, "code")
}

/// Names and meanings that stand in many records.
fn voids(event: &EventRow) -> bool {
    let changes = event.action != "created";
    match event.resource.as_str() {
        "brand" | "category" | "custom_field" | "tag" | "settings" | "pipeline" => changes,
        "unit" | "user" | "qualification_template" | "lead_form" => changes && tells(event, "name"),
        "product" | "order" => event.action == "updated" && tells(event, "code"),
        _ => false,
    }
}
