//! What a customer likes: "window seat — 8 June last year, breakfast". The kinds are a dictionary of the company's own.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DictionaryEntryId, PartyId, PreferenceId};
use regulars_persistence::Db;
use regulars_persistence::customers::preference::{
    PreferenceRecord, PreferenceRow, preference_delete as row_delete, preference_get as row_get, preference_keys,
    preference_list as row_list, preference_rekey, preference_update as row_update, preferences_insert,
};
use regulars_persistence::platform::dictionary::{EntryRow, entry_insert, entry_list};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::platform::dictionary::{answers, entry_meant};
use crate::platform::is_key;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// The dictionary of the kinds.
pub const KINDS: &str = "preference_kind";
/// Texts from before there was a dictionary that become kinds; what is rarer stays as it is.
const MOST_ADOPTED: i64 = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceInput {
    /// What it is about: an entry of the dictionary `preference_kind`, by its key or by its name in either language.
    #[schema(example = "seat")]
    pub key: String,
    #[schema(example = "By the second window")]
    pub value: String,
    /// Who noticed it, or where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Breakfast")]
    pub source: Option<String>,
    /// The day it was last seen to be so; today when absent on creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025-06-08")]
    pub confirmed_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PreferenceView {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// The kind's key in the dictionary `preference_kind`.
    #[schema(example = "seat")]
    pub key: String,
    pub value: String,
    pub source: Option<String>,
    pub confirmed_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(PreferenceView);

/// When it was seen to be so again.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationInput {
    /// Today when absent.
    #[schema(example = "2026-06-08")]
    pub on: Option<NaiveDate>,
}

impl From<PreferenceRow> for PreferenceView {
    fn from(row: PreferenceRow) -> Self {
        Self {
            id: row.id.0,
            customer_id: row.party_id.0,
            key: row.key,
            value: row.value,
            source: row.source,
            confirmed_on: row.confirmed_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn to_input(row: &PreferenceRow) -> PreferenceInput {
    PreferenceInput {
        key: row.key.clone(),
        value: row.value.clone(),
        source: row.source.clone(),
        confirmed_on: row.confirmed_on,
    }
}

fn check(cx: &Cx, input: &mut PreferenceInput) -> AppResult<()> {
    let mut checks = Checks::default();
    input.key = input.key.trim().into();
    input.value = input.value.trim().into();
    checks.text("/key", &input.key, 60);
    checks.text("/value", &input.value, 1_000);
    checks.optional_text("/source", input.source.as_deref(), 200);
    if input.confirmed_on.is_some_and(|on| cx.today().is_ok_and(|today| on > today)) {
        checks.fail("/confirmed_on", "in_future");
    }
    Ok(checks.done()?)
}

fn kind(db: &mut Db, said: &str, before: Option<&str>) -> AppResult<String> {
    entry_meant(db, KINDS, said, before)?.ok_or_else(|| AppError::invalid("/key", "unknown_reference"))
}

/// Once, when the dictionary is new: what people wrote before becomes entries of it, so that nothing noted is lost to
/// filters. A text that says a kind already known takes its key.
pub fn preference_kinds_adopt(tx: &mut Db, now: DateTime<Utc>) -> AppResult<()> {
    let mut entries = entry_list(tx, KINDS)?;
    for text in preference_keys(tx, MOST_ADOPTED)? {
        if entries.iter().any(|entry| entry.key == text) {
            continue;
        }
        if let Some(entry) = entries.iter().find(|entry| answers(entry, &text)) {
            preference_rekey(tx, &text, &entry.key)?;
            continue;
        }
        let number = entries.len() + 1;
        let entry = EntryRow {
            id: DictionaryEntryId::fresh(),
            dictionary: KINDS.into(),
            key: if is_key(&text) { text.clone() } else { format!("own_{number}") },
            label_zh: text.clone(),
            label_en: text.clone(),
            position: i32::try_from(number).unwrap_or(i32::MAX),
            active: true,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        entry_insert(tx, entry.clone())?;
        preference_rekey(tx, &text, &entry.key)?;
        entries.push(entry);
    }
    Ok(())
}

pub fn preference_list(cx: &Cx, party_id: PartyId) -> AppResult<Page<PreferenceView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party_id, Action::Read)?;
        preferences_of(db, party_id).map(Page::whole)
    })
}

/// The preferences of a customer the caller is known to see, those confirmed last first.
pub fn preferences_of(db: &mut Db, party_id: PartyId) -> AppResult<Vec<PreferenceView>> {
    Ok(row_list(db, party_id)?.into_iter().map(PreferenceView::from).collect())
}

pub fn preference_create(cx: &Cx, party_id: PartyId, mut input: PreferenceInput) -> AppResult<PreferenceView> {
    cx.require(WRITE)?;
    input.confirmed_on = input.confirmed_on.or(Some(cx.today()?));
    check(cx, &mut input)?;
    let (place, key) = cx.read(|db| {
        let place = party_place(cx, db, party_id, Action::Write)?;
        Ok((place, kind(db, &input.key, None)?))
    })?;
    input.key = key;
    let row = PreferenceRow {
        id: PreferenceId::fresh(),
        party_id,
        key: input.key.clone(),
        value: input.value.clone(),
        source: input.source.clone(),
        confirmed_on: input.confirmed_on,
        import_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        preferences_insert(tx, vec![row.clone()])?;
        let event = Event::new(&within, "preference", row.id, "created").party(party_id);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        Ok(row.clone().into())
    })
}

/// One, of a customer the caller sees.
pub fn preference_get(cx: &Cx, id: PreferenceId) -> AppResult<PreferenceView> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let record = cx.read(|db| Ok(row_get(db, id, &reach)?))?.ok_or(AppError::NotFound)?;
    Ok(record.own.into())
}

fn found(db: &mut Db, cx: &Cx, id: PreferenceId) -> AppResult<PreferenceRecord> {
    row_get(db, id, &cx.visible(Resource::Customer, Action::Write))?.ok_or(AppError::NotFound)
}

fn to_change(cx: &Cx, id: PreferenceId, version: i64) -> AppResult<PreferenceRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(db, cx, id))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn preference_update(cx: &Cx, id: PreferenceId, version: i64, patch: &Value) -> AppResult<PreferenceView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: PreferenceInput = crate::patch::patched(&before, patch)?;
    check(cx, &mut input)?;
    input.key = cx.read(|db| kind(db, &input.key, Some(&before.key)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(record.own.into());
    }
    let within = cx.clone();
    cx.change(move |tx| store(tx, &within, &record, &input, "updated"))
}

fn store(
    tx: &mut Db,
    cx: &Cx,
    record: &PreferenceRecord,
    input: &PreferenceInput,
    action: &str,
) -> AppResult<PreferenceView> {
    let input = input.clone();
    let event = Event::new(cx, "preference", record.own.id, action)
        .party(record.own.party_id)
        .stands(record.unit_id, record.owner_id)
        .difference(&to_input(&record.own), &input);
    let row = PreferenceRow {
        key: input.key,
        value: input.value,
        source: input.source,
        confirmed_on: input.confirmed_on,
        updated_at: cx.now,
        ..record.own.clone()
    };
    if !row_update(tx, row.clone())? {
        let current = found(tx, cx, row.id)?.own.version;
        return Err(AppError::Stale { current });
    }
    event.record(tx)?;
    Ok(PreferenceRow { version: row.version + 1, ..row }.into())
}

/// Notes that the preference was seen to be so again. Needs no version: seeing it twice is no conflict.
pub fn preference_confirm(cx: &Cx, id: PreferenceId, confirmation: ConfirmationInput) -> AppResult<PreferenceView> {
    cx.require(WRITE)?;
    let on = confirmation.on.map_or_else(|| cx.today(), Ok)?;
    if on > cx.today()? {
        return Err(AppError::invalid("/on", "in_future"));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let record = found(tx, &within, id)?;
        let input = PreferenceInput { confirmed_on: Some(on), ..to_input(&record.own) };
        store(tx, &within, &record, &input, "confirmed")
    })
}

pub fn preference_delete(cx: &Cx, id: PreferenceId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(tx, &within, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "preference", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&to_input(&record.own)).record(tx)
    })
}
