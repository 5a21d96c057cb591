//! Who is what to whom: buyer, decision maker, spouse, referrer.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, RelationId};
use regulars_persistence::Db;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::relation::{
    PartyName, RelationRow, party_names_within, relation_delete as row_delete, relation_get as row_get,
    relation_insert, relation_update as row_update, relations_of as rows_of,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationInput {
    /// The person or organisation that has the role. Both ends stay as they were at the creation.
    pub from_id: Uuid,
    /// To whom.
    pub to_id: Uuid,
    /// A key of the dictionary `relation_role`.
    #[schema(example = "buyer")]
    pub role: String,
    /// The one to talk to first.
    #[serde(default)]
    pub primary: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2024-01-01")]
    pub valid_from: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub valid_to: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelationView {
    pub id: Uuid,
    pub from: PartyRef,
    pub to: PartyRef,
    #[schema(example = "buyer")]
    pub role: String,
    pub primary: bool,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub note: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(RelationView);

/// A link to a customer. Out of the caller's sight it has no name, kind or code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyRef {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = Option<crate::shape::CustomerKind>)]
    pub kind: Option<String>,
    pub code: Option<String>,
}

fn party_ref(id: PartyId, names: &HashMap<PartyId, PartyName>) -> PartyRef {
    let known = names.get(&id);
    PartyRef {
        id: id.0,
        name: known.map(|party| party.name.clone()).unwrap_or_default(),
        kind: known.map(|party| party.kind.clone()),
        code: known.and_then(|party| party.code.clone()),
    }
}

fn to_view(row: RelationRow, names: &HashMap<PartyId, PartyName>) -> RelationView {
    RelationView {
        id: row.id.0,
        from: party_ref(row.from_id, names),
        to: party_ref(row.to_id, names),
        role: row.role,
        primary: row.is_primary,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        note: row.note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn to_views(cx: &Cx, db: &mut Db, rows: Vec<RelationRow>) -> AppResult<Vec<RelationView>> {
    let mut ids: Vec<PartyId> = rows.iter().flat_map(|row| [row.from_id, row.to_id]).collect();
    ids.sort_unstable();
    ids.dedup();
    let reach = cx.visible(Resource::Customer, Action::Read);
    let names = by_id(party_names_within(db, &ids, &reach)?);
    Ok(rows.into_iter().map(|row| to_view(row, &names)).collect())
}

fn by_id(parties: Vec<PartyName>) -> HashMap<PartyId, PartyName> {
    parties.into_iter().map(|party| (party.id, party)).collect()
}

pub fn relation_list(cx: &Cx, party_id: PartyId) -> AppResult<Page<RelationView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party_id, Action::Read)?;
        relations_of(cx, db, party_id).map(Page::whole)
    })
}

/// The relations of a customer the caller is known to see, both directions.
pub fn relations_of(cx: &Cx, db: &mut Db, party_id: PartyId) -> AppResult<Vec<RelationView>> {
    let rows = rows_of(db, party_id)?;
    to_views(cx, db, rows)
}

fn check(db: &mut Db, input: &RelationInput, before: Option<&RelationInput>) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.optional_text("/note", input.note.as_deref(), 1_000);
    if input.from_id == input.to_id {
        checks.fail("/to_id", "self_reference");
    }
    if input.valid_from.zip(input.valid_to).is_some_and(|(from, to)| to < from) {
        checks.fail("/valid_to", "date_order");
    }
    let known = before.is_some_and(|before| before.role == input.role);
    if !known && entries_active(db, &[("relation_role", &input.role)])?.is_empty() {
        checks.fail("/role", "unknown_reference");
    }
    Ok(checks.done()?)
}

/// Both ends must be seen, and one of them be the caller's to change; walls aren't crossed.
pub fn relation_create(cx: &Cx, input: RelationInput) -> AppResult<RelationView> {
    cx.require(WRITE)?;
    let (from_id, to_id) = (PartyId(input.from_id), PartyId(input.to_id));
    let place = cx.read(|db| {
        check(db, &input, None)?;
        let names = by_id(party_names_within(db, &[from_id, to_id], &cx.visible(Resource::Customer, Action::Write))?);
        let mut checks = Checks::default();
        let (from, to) = (names.get(&from_id), names.get(&to_id));
        if from.is_none() {
            checks.fail("/from_id", "unknown_reference");
        }
        if to.is_none() || from.zip(to).is_some_and(|(from, to)| from.unit_id != to.unit_id) {
            checks.fail("/to_id", "unknown_reference");
        }
        checks.done()?;
        from.cloned().ok_or(AppError::NotFound)
    })?;
    let row = RelationRow {
        id: RelationId::fresh(),
        from_id,
        to_id,
        role: input.role.clone(),
        is_primary: input.primary,
        valid_from: input.valid_from,
        valid_to: input.valid_to,
        note: input.note.clone(),
        import_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        relation_insert(tx, row.clone())?;
        let event = Event::new(&within, "relation", row.id, "created").party(from_id);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        to_views(&within, tx, vec![row.clone()])?.pop().ok_or(AppError::NotFound)
    })
}

/// A relation of which the caller reaches at least one end, and that end.
fn found(db: &mut Db, cx: &Cx, id: RelationId, action: Action) -> AppResult<(RelationRow, PartyName)> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let reach: Visibility = cx.visible(Resource::Customer, action);
    let ends = by_id(party_names_within(db, &[row.from_id, row.to_id], &reach)?);
    let end = ends.get(&row.from_id).or_else(|| ends.get(&row.to_id)).cloned().ok_or(AppError::NotFound)?;
    Ok((row, end))
}

pub fn relation_get(cx: &Cx, id: RelationId) -> AppResult<RelationView> {
    cx.require(READ)?;
    cx.read(|db| {
        let (row, _) = found(db, cx, id, Action::Read)?;
        to_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
    })
}

fn to_change(cx: &Cx, id: RelationId, version: i64) -> AppResult<(RelationRow, PartyName)> {
    cx.require(WRITE)?;
    let (row, end) = cx.read(|db| found(db, cx, id, Action::Write))?;
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    Ok((row, end))
}

fn to_input(row: &RelationRow) -> RelationInput {
    RelationInput {
        from_id: row.from_id.0,
        to_id: row.to_id.0,
        role: row.role.clone(),
        primary: row.is_primary,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        note: row.note.clone(),
    }
}

pub fn relation_update(cx: &Cx, id: RelationId, version: i64, patch: &Value) -> AppResult<RelationView> {
    let (row, end) = to_change(cx, id, version)?;
    let before = to_input(&row);
    let input: RelationInput = crate::patch::patched(&before, patch)?;
    for (pointer, changed) in [("/from_id", input.from_id != before.from_id), ("/to_id", input.to_id != before.to_id)] {
        if changed {
            return Err(AppError::invalid(pointer, "fixed"));
        }
    }
    cx.read(|db| check(db, &input, Some(&before)))?;
    if crate::patch::same(&before, &input)? {
        return cx.read(|db| to_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound));
    }
    let row = RelationRow {
        role: input.role.clone(),
        is_primary: input.primary,
        valid_from: input.valid_from,
        valid_to: input.valid_to,
        note: input.note.clone(),
        updated_at: cx.now,
        ..row
    };
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(tx, &within, id, Action::Read)?.0.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "relation", id, "updated").party(row.from_id);
        event.stands(end.unit_id, end.owner_id).difference(&before, &input).record(tx)?;
        let stored = RelationRow { version: row.version + 1, ..row.clone() };
        to_views(&within, tx, vec![stored])?.pop().ok_or(AppError::NotFound)
    })
}

pub fn relation_delete(cx: &Cx, id: RelationId, version: i64) -> AppResult<()> {
    let (row, end) = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(tx, &within, id, Action::Read)?.0.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "relation", id, "deleted").party(row.from_id);
        event.stands(end.unit_id, end.owner_id).before(&to_input(&row)).record(tx)
    })
}
