//! The one table of customers: people and organisations.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{FromSql, QueryableByName};
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, UnitId, UserId};

use super::parts_write::{NewParts, parts_insert};
use crate::db::Db;
use crate::error::StoreResult;
use crate::insight::metric::metric_place;
use crate::sql::{Statement, insert, row_by_place, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

row_by_place! {
    #[derive(Debug, Clone, PartialEq)]
    pub struct PartyRow {
        pub id: PartyId as SqlId,
        pub unit_id: UnitId as SqlId,
        pub owner_id: Option<UserId> as Nullable<SqlId>,
        /// None while it waits for its qualification.
        pub code: Option<String> as Nullable<Text>,
        /// `person` or `organization`.
        pub kind: String as Text,
        pub name: String as Text,
        /// The reading names are sorted by.
        pub name_key: String as Text,
        /// Whether a person set the reading.
        pub name_key_set: bool as Bool,
        /// `lead`, `customer` or `inactive`.
        pub status: String as Text,
        pub gender: Option<String> as Nullable<Text>,
        pub birthday: Option<NaiveDate> as Nullable<Date>,
        pub tax_id: Option<String> as Nullable<Text>,
        pub industry: Option<String> as Nullable<Text>,
        pub source: Option<String> as Nullable<Text>,
        pub level: Option<String> as Nullable<Text>,
        pub buying_style: Option<String> as Nullable<Text>,
        pub internal: bool as Bool,
        pub note: Option<String> as Nullable<Text>,
        pub import_id: Option<ImportId> as Nullable<SqlId>,
        pub version: i64 as BigInt,
        pub created_by: Option<UserId> as Nullable<SqlId>,
        pub created_at: DateTime<Utc> as SqlInstant,
        pub updated_at: DateTime<Utc> as SqlInstant,
        /// How far its latest qualification is.
        pub qualification: Option<String> as Nullable<Text>,
    }
}

/// Columns of [`PartyRow`], from `party p`.
pub const PARTY_COLUMNS: &str = "p.id, p.unit_id, p.owner_id, p.code, p.kind, p.name, p.name_key, p.name_key_set, \
     p.status, p.gender, p.birthday, p.tax_id, p.industry, p.source, p.level, p.buying_style, p.internal, p.note, \
     p.import_id, p.version, p.created_by, p.created_at, p.updated_at, p.qualification";

row_by_place! {
    /// What a view shows beside a party: the last columns of its row.
    struct Beside {
        unit_name: String as Text,
        owner_name: Option<String> as Nullable<Text>,
        last_contact_at: Option<DateTime<Utc>> as Nullable<SqlInstant>,
        parts: Option<String> as Nullable<Text>,
    }
}

/// A party with the names a view shows beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyRecord {
    pub party: PartyRow,
    pub unit_name: String,
    pub owner_name: Option<String>,
    pub last_contact_at: Option<DateTime<Utc>>,
    /// What [`super::parts_kept`] keeps.
    pub(super) parts: Option<String>,
}

impl<B: Backend> QueryableByName<B> for PartyRecord
where
    PartyRow: QueryableByName<B>,
    String: FromSql<Text, B>,
    DateTime<Utc>: FromSql<SqlInstant, B>,
{
    fn build<'r>(row: &impl NamedRow<'r, B>) -> diesel::deserialize::Result<Self> {
        let beside = Beside::at(row, row.field_count().saturating_sub(4))?;
        let Beside { unit_name, owner_name, last_contact_at, parts } = beside;
        Ok(Self { party: PartyRow::build(row)?, unit_name, owner_name, last_contact_at, parts })
    }
}

/// Columns of [`PartyRecord`] beside [`PARTY_COLUMNS`], from [`RECORD_JOINS`].
pub const RECORD_COLUMNS: &str = "pu.name AS unit_name, po.name AS owner_name, m.last_contact_at, p.parts";
pub const RECORD_JOINS: &str = "JOIN unit pu ON pu.id = p.unit_id LEFT JOIN app_user po ON po.id = p.owner_id \
     LEFT JOIN customer_metric m ON m.party_id = p.id";

fn record_select() -> Statement {
    Statement::new(format!("SELECT {PARTY_COLUMNS}, {RECORD_COLUMNS} FROM party p {RECORD_JOINS}"))
}

/// Of the parties `k.column1`.
fn record_select_of(ids: &[PartyId]) -> Statement {
    let mut statement = Statement::new(format!("SELECT {PARTY_COLUMNS}, {RECORD_COLUMNS} FROM ")).cached();
    statement.bind_values(ids).push(format!(" k JOIN party p ON p.id = k.column1 {RECORD_JOINS}"));
    statement
}

/// Writes a new party with its parts.
pub fn party_insert(db: &mut Db, row: PartyRow, parts: &NewParts) -> StoreResult<()> {
    let id = row.id;
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
            // With the row, not after it: a second write would touch every index of the table on PostgreSQL.
            ("parts", parts.clone().kept().into()),
        ],
    )
    .run(db)?;
    parts_insert(db, id, parts)
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
        let mut statement = record_select_of(chunk).then(" WHERE p.deleted_at IS NULL AND ");
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
    metric_place(db, &[row.id])?;
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
    (unit_id, owner_id, code): (UnitId, Option<UserId>, Option<&str>),
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
    metric_place(db, &[id])?;
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
