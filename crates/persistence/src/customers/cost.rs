//! What was spent to win and keep customers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{CostId, PartyId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CostRow {
    #[diesel(sql_type = SqlId)]
    pub id: CostId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Of the dictionary of kinds.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Date)]
    pub booked_on: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub booked_by: Option<UserId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A cost with where its customer stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CostRecord {
    #[diesel(embed)]
    pub own: CostRow,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

const COLUMNS: &str =
    "t.id, t.party_id, t.kind, t.amount, t.booked_on, t.note, t.booked_by, t.version, t.created_at, t.updated_at";

pub fn cost_insert(db: &mut Db, row: CostRow) -> StoreResult<()> {
    let columns =
        ["id", "party_id", "kind", "amount", "booked_on", "note", "booked_by", "version", "created_at", "updated_at"];
    let bound = vec![
        row.id.into(),
        row.party_id.into(),
        row.kind.into(),
        row.amount.into(),
        row.booked_on.into(),
        row.note.into(),
        row.booked_by.into(),
        row.version.into(),
        row.created_at.into(),
        row.updated_at.into(),
    ];
    insert_batch(db, "cost", &columns, vec![bound])
}

/// What was spent on a customer, the latest first.
pub fn costs_of(db: &mut Db, party: PartyId) -> StoreResult<Vec<CostRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM cost t"))
        .with(" WHERE t.party_id = ", party)
        .then(" ORDER BY t.booked_on DESC, t.id DESC")
        .cached()
        .rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SpentRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = Date)]
    booked_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// What was spent on these customers up to a day, day by day.
pub fn spent_on(
    db: &mut Db,
    ids: &[PartyId],
    as_of: NaiveDate,
) -> StoreResult<HashMap<PartyId, Vec<(NaiveDate, i64)>>> {
    let mut out: HashMap<PartyId, Vec<(NaiveDate, i64)>> = HashMap::new();
    for some in ids.chunks(500) {
        let mut statement = Statement::new("SELECT party_id, booked_on, amount FROM cost WHERE party_id IN (");
        statement.bind_list(filled_up(some)).push(") AND booked_on <= ").bind(as_of);
        statement.push(" ORDER BY party_id, booked_on, id");
        for row in statement.cached().rows::<SpentRow>(db)? {
            out.entry(row.party_id).or_default().push((row.booked_on, row.amount));
        }
    }
    Ok(out)
}

/// A cost of a customer within reach.
pub fn cost_get(db: &mut Db, id: CostId, reach: &Visibility) -> StoreResult<Option<CostRecord>> {
    let mut statement = Statement::new(format!(
        "SELECT {COLUMNS}, p.unit_id, p.owner_id FROM cost t \
         JOIN party p ON p.id = t.party_id AND p.deleted_at IS NULL"
    ))
    .with(" WHERE t.id = ", id)
    .then(" AND ")
    .cached();
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn cost_update(db: &mut Db, row: CostRow) -> StoreResult<bool> {
    let changed = update(
        "cost",
        [
            ("kind", row.kind.into()),
            ("amount", row.amount.into()),
            ("booked_on", row.booked_on.into()),
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

pub fn cost_delete(db: &mut Db, id: CostId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM cost")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}
