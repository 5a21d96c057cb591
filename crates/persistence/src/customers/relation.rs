//! Who is what to whom.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, RelationId, UnitId, UserId};
use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RelationRow {
    #[diesel(sql_type = SqlId)]
    pub id: RelationId,
    #[diesel(sql_type = SqlId)]
    pub from_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub to_id: PartyId,
    #[diesel(sql_type = Text)]
    pub role: String,
    #[diesel(sql_type = Bool)]
    pub is_primary: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub valid_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub valid_to: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "r.id, r.from_id, r.to_id, r.role, r.is_primary, r.valid_from, r.valid_to, r.note, r.import_id, \
     r.version, r.created_at, r.updated_at";

pub fn relation_insert(db: &mut Db, row: RelationRow) -> StoreResult<()> {
    insert(
        "party_relation",
        [
            ("id", row.id.into()),
            ("from_id", row.from_id.into()),
            ("to_id", row.to_id.into()),
            ("role", row.role.into()),
            ("is_primary", row.is_primary.into()),
            ("valid_from", row.valid_from.into()),
            ("valid_to", row.valid_to.into()),
            ("note", row.note.into()),
            ("import_id", row.import_id.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn relation_get(db: &mut Db, id: RelationId) -> StoreResult<Option<RelationRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM party_relation r")).with(" WHERE r.id = ", id).cached().first(db)
}

/// Relations of a customer in both directions, present ones and primary ones first.
pub fn relations_of(db: &mut Db, party_id: PartyId) -> StoreResult<Vec<RelationRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM party_relation r"))
        .with(" WHERE r.from_id = ", party_id)
        .cached();
    statement.push(format!(" UNION SELECT {COLUMNS} FROM party_relation r WHERE r.to_id = ")).bind(party_id);
    let mut rows: Vec<RelationRow> = statement.rows(db)?;
    rows.sort_by_key(|row| (row.valid_to.is_some(), !row.is_primary, row.id));
    Ok(rows)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn relation_update(db: &mut Db, row: RelationRow) -> StoreResult<bool> {
    let changed = update(
        "party_relation",
        [
            ("role", row.role.into()),
            ("is_primary", row.is_primary.into()),
            ("valid_from", row.valid_from.into()),
            ("valid_to", row.valid_to.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn relation_delete(db: &mut Db, id: RelationId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM party_relation")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}

/// A party as another record names it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PartyName {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// The living ones of these parties that are within reach.
pub fn party_names_within(db: &mut Db, ids: &[PartyId], reach: &Visibility) -> StoreResult<Vec<PartyName>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT p.id, p.unit_id, p.owner_id, p.kind, p.code, p.name FROM party p WHERE p.deleted_at IS NULL AND ",
    );
    push_visible(&mut statement, "p", reach);
    statement.push(" AND p.id IN (").bind_list(filled_up(ids)).push(")");
    statement.cached().rows(db)
}
