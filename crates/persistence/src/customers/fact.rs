//! What is known of a customer as of a day, and from where.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{FactId, ImportId, PartyId, UnitId, UserId};
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FactRow {
    #[diesel(sql_type = SqlId)]
    pub id: FactId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Of the dictionary of kinds.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Date)]
    pub as_of: NaiveDate,
    /// Minor units of the company's currency.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    #[diesel(sql_type = Nullable<Double>)]
    pub number: Option<f64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub words: Option<String>,
    /// Of the dictionary of sources.
    #[diesel(sql_type = Text)]
    pub source: String,
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

/// A fact with where its customer stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FactRecord {
    #[diesel(embed)]
    pub own: FactRow,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

const COLUMNS: &str = "f.id, f.party_id, f.kind, f.as_of, f.amount, f.number, f.words, f.source, f.note, f.import_id, f.version, \
     f.created_at, f.updated_at";

pub fn facts_insert(db: &mut Db, rows: Vec<FactRow>) -> StoreResult<()> {
    let bound = |row: FactRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.kind.into(),
            row.as_of.into(),
            row.amount.into(),
            row.number.into(),
            row.words.into(),
            row.source.into(),
            row.note.into(),
            row.import_id.into(),
            row.version.into(),
            row.created_at.into(),
            row.updated_at.into(),
        ]
    };
    let columns = [
        "id",
        "party_id",
        "kind",
        "as_of",
        "amount",
        "number",
        "words",
        "source",
        "note",
        "import_id",
        "version",
        "created_at",
        "updated_at",
    ];
    insert_batch(db, "party_fact", &columns, rows.into_iter().map(bound).collect())
}

/// What is known of these customers, in no order.
pub fn facts_known(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<FactRow>> {
    let mut known = Vec::new();
    for chunk in parties.chunks(200) {
        let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM party_fact f WHERE f.party_id IN ("));
        statement.bind_list(chunk.iter().copied()).push(")");
        known.extend(statement.rows::<FactRow>(db)?);
    }
    Ok(known)
}

/// What a kind last was of each of a unit's customers who have it, in no order: the latest day up to `as_of` and not
/// before `since`, of one day what was noted last.
pub fn facts_latest(
    db: &mut Db,
    unit: UnitId,
    kind: &str,
    (since, as_of): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<FactRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM party_fact f JOIN party p ON p.id = f.party_id WHERE f.kind = "))
        .with("", kind)
        .with(" AND p.unit_id = ", unit)
        .with(" AND p.deleted_at IS NULL AND f.as_of >= ", since)
        .with(" AND f.as_of <= ", as_of)
        .with(
            " AND NOT EXISTS (SELECT 1 FROM party_fact x WHERE x.party_id = f.party_id AND x.kind = f.kind \
             AND (x.as_of > f.as_of OR (x.as_of = f.as_of AND x.id > f.id)) AND x.as_of <= ",
            as_of,
        )
        .then(")")
        .cached()
        .rows(db)
}

/// What an import brought, behind `after`, with whether somebody has changed it since.
pub fn facts_imported(db: &mut Db, import: ImportId, after: Uuid, limit: i64) -> StoreResult<Vec<(FactId, bool)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: FactId,
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let rows: Vec<Row> = Statement::new("SELECT id, version FROM party_fact WHERE import_id = ")
        .with("", import)
        .with(" AND id > ", after)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version > 1)).collect())
}

pub fn facts_erase(db: &mut Db, ids: &[FactId]) -> StoreResult<()> {
    for chunk in ids.chunks(200) {
        let mut statement = Statement::new("DELETE FROM party_fact WHERE id IN (");
        statement.bind_list(chunk.iter().copied()).push(")");
        statement.run(db)?;
    }
    Ok(())
}

/// What is known of a customer, the latest day first.
pub fn fact_list(db: &mut Db, party_id: PartyId) -> StoreResult<Vec<FactRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM party_fact f"))
        .with(" WHERE f.party_id = ", party_id)
        .then(" ORDER BY f.as_of DESC, f.id DESC")
        .cached()
        .rows(db)
}

/// A fact of a customer within reach.
pub fn fact_get(db: &mut Db, id: FactId, reach: &Visibility) -> StoreResult<Option<FactRecord>> {
    let mut statement = Statement::new(format!(
        "SELECT {COLUMNS}, p.unit_id, p.owner_id FROM party_fact f \
         JOIN party p ON p.id = f.party_id AND p.deleted_at IS NULL"
    ))
    .with(" WHERE f.id = ", id)
    .then(" AND ")
    .cached();
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn fact_update(db: &mut Db, row: FactRow) -> StoreResult<bool> {
    let changed = update(
        "party_fact",
        [
            ("kind", row.kind.into()),
            ("as_of", row.as_of.into()),
            ("amount", row.amount.into()),
            ("number", row.number.into()),
            ("words", row.words.into()),
            ("source", row.source.into()),
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

pub fn fact_delete(db: &mut Db, id: FactId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM party_fact")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}
