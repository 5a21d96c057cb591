//! The one table of customers: people and organisations.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, UnitId, UserId};

use super::parts::filled_up;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PartyRow {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub code: String,
    /// `person` or `organization`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The reading names are sorted by.
    #[diesel(sql_type = Text)]
    pub name_key: String,
    /// Whether a person set the reading.
    #[diesel(sql_type = Bool)]
    pub name_key_set: bool,
    /// `lead`, `customer` or `inactive`.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub gender: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub birthday: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tax_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub industry: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub level: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub buying_style: Option<String>,
    #[diesel(sql_type = Bool)]
    pub internal: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// Columns of [`PartyRow`], from `party p`.
pub const PARTY_COLUMNS: &str = "p.id, p.unit_id, p.owner_id, p.code, p.kind, p.name, p.name_key, p.name_key_set, \
     p.status, p.gender, p.birthday, p.tax_id, p.industry, p.source, p.level, p.buying_style, p.internal, p.note, \
     p.import_id, p.version, p.created_by, p.created_at, p.updated_at";

/// A party with the names a view shows beside it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PartyRecord {
    #[diesel(embed)]
    pub party: PartyRow,
    #[diesel(sql_type = Text)]
    pub unit_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_contact_at: Option<DateTime<Utc>>,
}

/// Columns of [`PartyRecord`] beside [`PARTY_COLUMNS`], from [`RECORD_JOINS`].
pub const RECORD_COLUMNS: &str = "pu.name AS unit_name, po.name AS owner_name, m.last_contact_at";
pub const RECORD_JOINS: &str = "JOIN unit pu ON pu.id = p.unit_id LEFT JOIN app_user po ON po.id = p.owner_id \
     LEFT JOIN customer_metric m ON m.party_id = p.id";

fn record_select() -> Statement {
    Statement::new(format!("SELECT {PARTY_COLUMNS}, {RECORD_COLUMNS} FROM party p {RECORD_JOINS}"))
}

pub fn party_insert(db: &mut Db, row: PartyRow) -> StoreResult<()> {
    insert(
        "party",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("code", row.code.into()),
            ("kind", row.kind.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("name_key_set", row.name_key_set.into()),
            ("status", row.status.into()),
            ("gender", row.gender.into()),
            ("birthday", row.birthday.into()),
            ("tax_id", row.tax_id.into()),
            ("industry", row.industry.into()),
            ("source", row.source.into()),
            ("level", row.level.into()),
            ("buying_style", row.buying_style.into()),
            ("internal", row.internal.into()),
            ("note", row.note.into()),
            ("import_id", row.import_id.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// A living party within reach.
pub fn party_get(db: &mut Db, id: PartyId, reach: &Visibility) -> StoreResult<Option<PartyRecord>> {
    let mut statement = record_select().with(" WHERE p.id = ", id).then(" AND p.deleted_at IS NULL AND ").cached();
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// A deleted party within reach.
pub fn party_get_deleted(db: &mut Db, id: PartyId, reach: &Visibility) -> StoreResult<Option<PartyRecord>> {
    let mut statement = record_select().with(" WHERE p.id = ", id).then(" AND p.deleted_at IS NOT NULL AND ");
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Living parties within reach, in no order; ids out of reach are left out.
pub fn party_list_by_id(db: &mut Db, ids: &[PartyId], reach: &Visibility) -> StoreResult<Vec<PartyRecord>> {
    let mut records = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(200) {
        let mut statement = record_select().then(" WHERE p.deleted_at IS NULL AND p.id IN (").cached();
        statement.bind_list(filled_up(chunk)).push(") AND ");
        push_visible(&mut statement, "p", reach);
        records.extend(statement.rows::<PartyRecord>(db)?);
    }
    Ok(records)
}

/// Replaces everything but code, unit, provenance and creation if the row still has `version`; answers whether it had.
pub fn party_update(db: &mut Db, row: PartyRow) -> StoreResult<bool> {
    let changed = update(
        "party",
        [
            ("owner_id", row.owner_id.into()),
            ("code", row.code.into()),
            ("kind", row.kind.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("name_key_set", row.name_key_set.into()),
            ("status", row.status.into()),
            ("gender", row.gender.into()),
            ("birthday", row.birthday.into()),
            ("tax_id", row.tax_id.into()),
            ("industry", row.industry.into()),
            ("source", row.source.into()),
            ("level", row.level.into()),
            ("buying_style", row.buying_style.into()),
            ("internal", row.internal.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .then(" AND deleted_at IS NULL")
    .run(db)?;
    Ok(changed == 1)
}

/// Marks the party deleted if it still has `version`; answers whether it had.
pub fn party_delete(db: &mut Db, id: PartyId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    let changed =
        update("party", [("deleted_at", now.into()), ("version", (version + 1).into()), ("updated_at", now.into())])
            .with(" WHERE id = ", id)
            .with(" AND version = ", version)
            .then(" AND deleted_at IS NULL")
            .run(db)?;
    Ok(changed == 1)
}

/// Takes the deletion back; answers whether there was one.
pub fn party_restore(db: &mut Db, id: PartyId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    let changed = update("party", [("version", (version + 1).into()), ("updated_at", now.into())])
        .then(", deleted_at = NULL")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .then(" AND deleted_at IS NOT NULL")
        .run(db)?;
    Ok(changed == 1)
}

/// Moves the party to a unit and an owner if it still has `version`; answers whether it had.
pub fn party_move(
    db: &mut Db,
    id: PartyId,
    version: i64,
    (unit_id, owner_id, code): (UnitId, Option<UserId>, &str),
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let changed = update(
        "party",
        [
            ("unit_id", unit_id.into()),
            ("owner_id", owner_id.into()),
            ("code", code.into()),
            ("version", (version + 1).into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .with(" AND version = ", version)
    .then(" AND deleted_at IS NULL")
    .run(db)?;
    Ok(changed == 1)
}

/// The present version of a living party.
pub fn party_version(db: &mut Db, id: PartyId) -> StoreResult<Option<i64>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let row: Option<Row> = Statement::new("SELECT version FROM party")
        .with(" WHERE id = ", id)
        .then(" AND deleted_at IS NULL")
        .cached()
        .first(db)?;
    Ok(row.map(|row| row.version))
}
