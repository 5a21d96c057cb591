//! What a customer likes, and when that was last confirmed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, PreferenceId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PreferenceRow {
    #[diesel(sql_type = SqlId)]
    pub id: PreferenceId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub value: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub confirmed_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A preference with where its customer stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PreferenceRecord {
    #[diesel(embed)]
    pub own: PreferenceRow,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

const COLUMNS: &str =
    "f.id, f.party_id, f.key, f.value, f.source, f.confirmed_on, f.version, f.created_at, f.updated_at";

pub fn preference_insert(db: &mut Db, row: PreferenceRow) -> StoreResult<()> {
    insert(
        "party_preference",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("key", row.key.into()),
            ("value", row.value.into()),
            ("source", row.source.into()),
            ("confirmed_on", row.confirmed_on.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// A customer's preferences, those confirmed last first, never confirmed ones at the end.
pub fn preference_list(db: &mut Db, party_id: PartyId) -> StoreResult<Vec<PreferenceRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM party_preference f"))
        .with(" WHERE f.party_id = ", party_id)
        .then(" ORDER BY f.confirmed_on DESC NULLS LAST, f.id DESC")
        .cached()
        .rows(db)
}

/// A preference of a customer within reach.
pub fn preference_get(db: &mut Db, id: PreferenceId, reach: &Visibility) -> StoreResult<Option<PreferenceRecord>> {
    let mut statement = Statement::new(format!(
        "SELECT {COLUMNS}, p.unit_id, p.owner_id FROM party_preference f \
         JOIN party p ON p.id = f.party_id AND p.deleted_at IS NULL"
    ))
    .with(" WHERE f.id = ", id)
    .then(" AND ")
    .cached();
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn preference_update(db: &mut Db, row: PreferenceRow) -> StoreResult<bool> {
    let changed = update(
        "party_preference",
        [
            ("key", row.key.into()),
            ("value", row.value.into()),
            ("source", row.source.into()),
            ("confirmed_on", row.confirmed_on.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn preference_delete(db: &mut Db, id: PreferenceId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM party_preference")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}
