//! Dictionaries: words of the company's own in both languages. Inactive entries stay for what already uses them.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::DictionaryEntryId;
use regulars_persistence::Db;
use regulars_persistence::platform::dictionary::{
    EntryRow, entry_delete as entry_remove, entry_get as entry_stored, entry_insert, entry_list as entry_rows,
    entry_update as entry_replace, entry_used,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dictionary_seed::{DICTIONARIES, Dictionary};
use super::{FieldOption, is_key, yes};
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "platform:settings:write";

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DictionaryView {
    #[schema(example = "source")]
    pub key: String,
    pub name_zh: String,
    pub name_en: String,
    /// The program itself knows some of its keys: those stay.
    pub system: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryInput {
    /// Stays as it was at the creation.
    #[schema(example = "exhibition")]
    pub key: String,
    #[schema(example = "展会")]
    pub label_zh: String,
    #[schema(example = "Exhibition")]
    pub label_en: String,
    #[serde(default)]
    pub position: i32,
    #[serde(default = "yes")]
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    pub id: Uuid,
    pub dictionary: String,
    #[serde(flatten)]
    pub input: EntryInput,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(EntryView);

fn writable(row: &EntryRow) -> EntryInput {
    EntryInput {
        key: row.key.clone(),
        label_zh: row.label_zh.clone(),
        label_en: row.label_en.clone(),
        position: row.position,
        active: row.active,
    }
}

impl From<EntryRow> for EntryView {
    fn from(row: EntryRow) -> Self {
        Self {
            id: row.id.0,
            input: writable(&row),
            dictionary: row.dictionary,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn dictionary(key: &str) -> AppResult<&'static Dictionary> {
    DICTIONARIES.iter().find(|dictionary| dictionary.key == key).ok_or(AppError::NotFound)
}

/// Words are no secret: whoever is signed in reads them.
pub fn dictionary_list(_: &Cx) -> AppResult<Page<DictionaryView>> {
    let view = |one: &Dictionary| DictionaryView {
        key: one.key.into(),
        name_zh: one.name_zh.into(),
        name_en: one.name_en.into(),
        system: one.system,
    };
    Ok(Page::whole(DICTIONARIES.iter().map(view).collect()))
}

pub fn entry_list(cx: &Cx, key: &str) -> AppResult<Page<EntryView>> {
    let dictionary = dictionary(key)?;
    let rows = cx.read(|db| Ok(entry_rows(db, dictionary.key)?))?;
    Ok(Page::whole(rows.into_iter().map(EntryView::from).collect()))
}

pub fn entry_get(cx: &Cx, id: DictionaryEntryId) -> AppResult<EntryView> {
    cx.read(|db| entry_stored(db, id)?.map(EntryView::from).ok_or(AppError::NotFound))
}

/// The key of the entry that is meant by its key or by its name in either language; what stands already may stay,
/// whatever became of its entry.
pub fn entry_meant(db: &mut Db, dictionary: &str, said: &str, before: Option<&str>) -> AppResult<Option<String>> {
    if before == Some(said) {
        return Ok(Some(said.into()));
    }
    let meant = entry_rows(db, dictionary)?.into_iter().find(|entry| entry.active && answers(entry, said));
    Ok(meant.map(|entry| entry.key))
}

/// Whether the words are the entry's key or one of its names.
pub fn answers(entry: &EntryRow, said: &str) -> bool {
    let said = said.trim().to_lowercase();
    [&entry.key, &entry.label_zh, &entry.label_en].into_iter().any(|name| name.to_lowercase() == said)
}

/// The active entries as choices of a form or a filter.
pub fn options(db: &mut Db, key: &str, english: bool) -> AppResult<Vec<FieldOption>> {
    let entries = entry_rows(db, key)?.into_iter().filter(|entry| entry.active);
    Ok(entries
        .map(|entry| FieldOption { value: entry.key, label: if english { entry.label_en } else { entry.label_zh } })
        .collect())
}

fn entry_check(input: &EntryInput) -> AppResult<()> {
    let mut checks = Checks::default();
    if !is_key(&input.key) {
        checks.fail("/key", "key_characters");
    }
    checks.text("/label_zh", &input.label_zh, 60);
    checks.text("/label_en", &input.label_en, 60);
    Ok(checks.done()?)
}

pub fn entry_create(cx: &Cx, key: &str, input: EntryInput) -> AppResult<EntryView> {
    cx.require(WRITE)?;
    let dictionary = dictionary(key)?;
    entry_check(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let row = entry_row(dictionary.key, input.clone(), within.now);
        entry_insert(tx, row.clone())?;
        Event::new(&within, "dictionary_entry", row.id, "created").after(&input).record(tx)?;
        Ok(EntryView::from(row))
    })
}

fn entry_row(dictionary: &str, input: EntryInput, now: DateTime<Utc>) -> EntryRow {
    EntryRow {
        id: DictionaryEntryId::fresh(),
        dictionary: dictionary.into(),
        key: input.key,
        label_zh: input.label_zh,
        label_en: input.label_en,
        position: input.position,
        active: input.active,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

pub fn entry_update(cx: &Cx, id: DictionaryEntryId, version: i64, patch: &Value) -> AppResult<EntryView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = entry_at(tx, id, version)?;
        let before = writable(&row);
        let input: EntryInput = crate::patch::patched(&before, &patch)?;
        if input.key != before.key {
            return Err(AppError::invalid("/key", "fixed"));
        }
        entry_check(&input)?;
        if crate::patch::same(&before, &input)? {
            return Ok(row.into());
        }
        row.label_zh = input.label_zh.clone();
        row.label_en = input.label_en.clone();
        row.position = input.position;
        row.active = input.active;
        row.updated_at = within.now;
        if !entry_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        Event::new(&within, "dictionary_entry", id, "updated").difference(&before, &input).record(tx)?;
        Ok(row.into())
    })
}

fn entry_at(db: &mut Db, id: DictionaryEntryId, version: i64) -> AppResult<EntryRow> {
    let row = entry_stored(db, id)?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

/// An entry that a record uses, or that the program knows, stays; it can be made inactive.
pub fn entry_delete(cx: &Cx, id: DictionaryEntryId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = entry_at(tx, id, version)?;
        let dictionary = dictionary(&row.dictionary)?;
        if dictionary.system && dictionary.entries.iter().any(|(key, _, _)| *key == row.key) {
            return Err(AppError::Conflict("built_in"));
        }
        if entry_used(tx, dictionary.columns, &row.key)? {
            return Err(AppError::Conflict("in_use"));
        }
        entry_remove(tx, id)?;
        Event::new(&within, "dictionary_entry", id, "deleted").before(&writable(&row)).record(tx)
    })
}

/// Fills dictionaries that have no entry: at set-up, and when a release brings a new one. Nobody can remove an entry that
/// the program knows, so one that is missing there is new too.
pub fn dictionaries_seed(tx: &mut Db, now: DateTime<Utc>) -> AppResult<()> {
    for dictionary in DICTIONARIES {
        let standing = entry_rows(tx, dictionary.key)?;
        if !standing.is_empty() && !dictionary.system {
            continue;
        }
        let missing = |key: &str| !standing.iter().any(|entry| entry.key == key);
        for (position, (key, zh, en)) in (1..).zip(dictionary.entries).filter(|(_, (key, ..))| missing(key)) {
            let input = EntryInput {
                key: (*key).into(),
                label_zh: (*zh).into(),
                label_en: (*en).into(),
                position,
                active: true,
            };
            entry_insert(tx, entry_row(dictionary.key, input, now))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_entries_are_sound() {
        for dictionary in DICTIONARIES {
            assert!(is_key(dictionary.key));
            for (index, (key, zh, en)) in dictionary.entries.iter().enumerate() {
                assert!(is_key(key) && !zh.is_empty() && !en.is_empty(), "{}: {key}", dictionary.key);
                assert!(!dictionary.entries[..index].iter().any(|(other, _, _)| other == key), "{key} twice");
            }
        }
    }
}
