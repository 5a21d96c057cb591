//! Dictionaries: lists of words that a company keeps for its own use. Which there are is said in the application.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use regulars_domain::ids::DictionaryEntryId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct EntryRow {
    #[diesel(sql_type = SqlId)]
    pub id: DictionaryEntryId,
    #[diesel(sql_type = Text)]
    pub dictionary: String,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub label_zh: String,
    #[diesel(sql_type = Text)]
    pub label_en: String,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, dictionary, key, label_zh, label_en, position, active, version, created_at, updated_at";

pub fn entry_insert(db: &mut Db, row: EntryRow) -> StoreResult<()> {
    insert(
        "dictionary_entry",
        [
            ("id", row.id.into()),
            ("dictionary", row.dictionary.into()),
            ("key", row.key.into()),
            ("label_zh", row.label_zh.into()),
            ("label_en", row.label_en.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn entry_get(db: &mut Db, id: DictionaryEntryId) -> StoreResult<Option<EntryRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM dictionary_entry")).with(" WHERE id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn entry_update(db: &mut Db, row: EntryRow) -> StoreResult<bool> {
    let changed = update(
        "dictionary_entry",
        [
            ("label_zh", row.label_zh.into()),
            ("label_en", row.label_en.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn entry_delete(db: &mut Db, id: DictionaryEntryId) -> StoreResult<()> {
    Statement::new("DELETE FROM dictionary_entry").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// The entries of a dictionary, inactive ones too, in their order.
pub fn entry_list(db: &mut Db, dictionary: &str) -> StoreResult<Vec<EntryRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM dictionary_entry"))
        .with(" WHERE dictionary = ", dictionary)
        .then(" ORDER BY position, key")
        .cached()
        .rows(db)
}

/// The entries of these pairs (dictionary, key), inactive ones too.
pub fn entries_of(db: &mut Db, asked: &[(&str, &str)]) -> StoreResult<Vec<EntryRow>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM dictionary_entry WHERE "));
    for (index, (dictionary, key)) in asked.iter().enumerate() {
        statement.push(if index == 0 { "(dictionary = " } else { " OR (dictionary = " }).bind(*dictionary);
        statement.push(" AND key = ").bind(*key).push(")");
    }
    statement.rows(db)
}

/// Whether a record uses the entry, in the columns that keep keys of its dictionary.
pub fn entry_used(db: &mut Db, columns: &[(&str, &str)], key: &str) -> StoreResult<bool> {
    for (table, column) in columns {
        let found = Statement::new(format!("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM {table}"))
            .with(&format!(" WHERE {column} = "), key)
            .then(" LIMIT 1) AS found")
            .number(db)?;
        if found > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
