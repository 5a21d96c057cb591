//! A party's parts kept as JSON in its own row. Their tables stay the truth: what is looked up, filtered and changed is
//! there. A row that keeps none is read from the tables, and the background keeps it.

use std::collections::{BTreeSet, HashMap};

use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use regulars_domain::ids::{PartyId, TagId};

use super::parts::{Held, Parts, held_of, with_names};
use super::party::PartyRecord;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, row_by_place};
use crate::types::SqlId;

/// Parties written with one statement.
const CHUNK: usize = 200;

/// The parts of each record as they are shown. A party without any is absent.
pub fn parts_shown(db: &mut Db, records: &[PartyRecord]) -> StoreResult<HashMap<PartyId, Parts>> {
    let mut held: HashMap<PartyId, Held> = HashMap::with_capacity(records.len());
    let mut unkept = Vec::new();
    for record in records {
        match record.parts.as_deref().and_then(|kept| serde_json::from_str(kept).ok()) {
            Some(kept) => drop(held.insert(record.party.id, kept)),
            None => unkept.push(record.party.id),
        }
    }
    if cfg!(debug_assertions) {
        compare(db, &held)?;
    }
    held.extend(held_of(db, &unkept, false)?);
    with_names(db, held)
}

/// Keeps anew what the tables hold of these parties.
pub fn parts_keep(db: &mut Db, ids: &[PartyId]) -> StoreResult<()> {
    let ids: Vec<PartyId> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    for chunk in ids.chunks(CHUNK) {
        let mut held = held_of(db, chunk, false)?;
        let mut statement = Statement::new("UPDATE party SET parts = k.column2 FROM (VALUES ");
        for (index, id) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" }).bind(*id);
            statement.push(", ").bind(kept(&held.remove(id).unwrap_or_default())).push(")");
        }
        statement.push(") k WHERE party.id = k.column1");
        let statement = if chunk.len() == 1 || chunk.len() == CHUNK { statement.cached() } else { statement };
        statement.run(db)?;
    }
    Ok(())
}

/// The form in which parts are kept.
pub(crate) fn kept(held: &Held) -> String {
    serde_json::to_string(held).unwrap_or_default()
}

/// Forgets what is kept of parties that have this customer as the value of a custom field: it is about to change.
pub fn parts_forget_naming(db: &mut Db, customer: PartyId) -> StoreResult<()> {
    Statement::new(
        "UPDATE party SET parts = NULL WHERE id IN (SELECT x.resource_id FROM custom_value x JOIN custom_field f \
         ON f.id = x.field_id AND f.field_type = 'party'",
    )
    .with(" WHERE x.text_value = ", customer.to_string())
    .then(")")
    .run(db)?;
    Ok(())
}

/// Forgets what is kept of everyone who wears a tag, before it is taken off them.
pub fn parts_forget_tagged(db: &mut Db, tag: TagId) -> StoreResult<()> {
    Statement::new("UPDATE party SET parts = NULL WHERE id IN (SELECT x.party_id FROM party_tag x")
        .with(" WHERE x.tag_id = ", tag)
        .then(")")
        .run(db)?;
    Ok(())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// Whether some party keeps no parts.
pub fn parts_unkept(db: &mut Db) -> StoreResult<bool> {
    let one: Option<IdRow> = Statement::new("SELECT id FROM party WHERE parts IS NULL LIMIT 1").cached().first(db)?;
    Ok(one.is_some())
}

/// Keeps the parts of up to `limit` parties that keep none; answers how many there were.
pub fn parts_keep_step(db: &mut Db, limit: i64) -> StoreResult<usize> {
    let rows: Vec<IdRow> =
        Statement::new("SELECT id FROM party WHERE parts IS NULL").with(" LIMIT ", limit).cached().rows(db)?;
    let ids: Vec<PartyId> = rows.into_iter().map(|row| row.id).collect();
    parts_keep(db, &ids)?;
    Ok(ids.len())
}

row_by_place! {
    struct KeptRow {
        id: PartyId as SqlId,
        parts: Option<String> as Nullable<Text>,
    }
}

/// Those among the parties whose kept parts are not what the tables hold.
pub fn parts_wrong(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<PartyId>> {
    let mut held = held_of(db, ids, false)?;
    let mut wrong = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut statement = Statement::new("SELECT id, parts FROM party WHERE id IN (");
        statement.bind_list(filled_up(chunk)).push(")");
        for row in statement.rows::<KeptRow>(db)? {
            let table = kept(&held.remove(&row.id).unwrap_or_default());
            let same = |parts: String| serde_json::from_str(&parts).is_ok_and(|held| kept(&held) == table);
            if !row.parts.is_none_or(same) {
                wrong.push(row.id);
            }
        }
    }
    Ok(wrong)
}

/// Whoever changes parts and does not keep them anew is found by the first test that reads them.
fn compare(db: &mut Db, held: &HashMap<PartyId, Held>) -> StoreResult<()> {
    let ids: Vec<PartyId> = held.keys().copied().collect();
    let wrong = parts_wrong(db, &ids)?;
    // Asked twice, since someone may write between two statements.
    let wrong = if wrong.is_empty() { wrong } else { parts_wrong(db, &wrong)? };
    assert!(wrong.is_empty(), "parts were changed and not kept: {wrong:?}");
    Ok(())
}
