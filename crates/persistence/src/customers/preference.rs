//! What a customer likes, and when that was last confirmed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, PreferenceId, UnitId, UserId};
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch, update};
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
    /// Of the dictionary of kinds; a text of its own where it was noted before there was one.
    pub key: String,
    #[diesel(sql_type = Text)]
    pub value: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub confirmed_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
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

const COLUMNS: &str = "f.id, f.party_id, f.key, f.value, f.source, f.confirmed_on, f.import_id, f.version, f.created_at, \
     f.updated_at";

pub fn preferences_insert(db: &mut Db, rows: Vec<PreferenceRow>) -> StoreResult<()> {
    let bound = |row: PreferenceRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.key.into(),
            row.value.into(),
            row.source.into(),
            row.confirmed_on.into(),
            row.import_id.into(),
            row.version.into(),
            row.created_at.into(),
            row.updated_at.into(),
        ]
    };
    let columns = [
        "id",
        "party_id",
        "key",
        "value",
        "source",
        "confirmed_on",
        "import_id",
        "version",
        "created_at",
        "updated_at",
    ];
    insert_batch(db, "party_preference", &columns, rows.into_iter().map(bound).collect())
}

/// A preference, as far as another is compared with it.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct KnownPreference {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub value: String,
}

/// What is known of these customers, in no order.
pub fn preferences_known(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<KnownPreference>> {
    let mut known = Vec::new();
    for chunk in parties.chunks(200) {
        let mut statement = Statement::new("SELECT party_id, key, value FROM party_preference WHERE party_id IN (");
        statement.bind_list(chunk.iter().copied()).push(")");
        known.extend(statement.rows::<KnownPreference>(db)?);
    }
    Ok(known)
}

/// What an import brought, behind `after`, with whether somebody has changed or confirmed it since.
pub fn preferences_imported(
    db: &mut Db,
    import: ImportId,
    after: Uuid,
    limit: i64,
) -> StoreResult<Vec<(PreferenceId, bool)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: PreferenceId,
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let rows: Vec<Row> = Statement::new("SELECT id, version FROM party_preference WHERE import_id = ")
        .with("", import)
        .with(" AND id > ", after)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version > 1)).collect())
}

pub fn preferences_erase(db: &mut Db, ids: &[PreferenceId]) -> StoreResult<()> {
    for chunk in ids.chunks(200) {
        let mut statement = Statement::new("DELETE FROM party_preference WHERE id IN (");
        statement.bind_list(chunk.iter().copied()).push(")");
        statement.run(db)?;
    }
    Ok(())
}

/// The texts by which preferences were noted, those most in use first.
pub fn preference_keys(db: &mut Db, limit: i64) -> StoreResult<Vec<String>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Text)]
        key: String,
    }
    let rows: Vec<Row> = Statement::new("SELECT key FROM party_preference GROUP BY key ORDER BY COUNT(*) DESC, key")
        .with(" LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// Gives preferences that were noted by one text another key.
pub fn preference_rekey(db: &mut Db, from: &str, to: &str) -> StoreResult<()> {
    update("party_preference", [("key", to.into())]).with(" WHERE key = ", from).run(db)?;
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
