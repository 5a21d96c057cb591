//! Groups that customers were divided into, what is read of customers to find them, and lists that are filled from them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::ids::{ClusteringId, PartyId, SegmentId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::list::{Listing, push_from};
use crate::sql::{Bind, Statement, insert, row_by_place, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ClusteringRow {
    #[diesel(sql_type = SqlId)]
    pub id: ClusteringId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Who is divided, by what, into how many.
    #[diesel(sql_type = SqlJson)]
    pub asked: Value,
    /// What came of it; absent until it was found.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub found: Option<Value>,
    /// Names of the groups, and the lists that are filled from them, by their place.
    #[diesel(sql_type = SqlJson)]
    pub kept: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str =
    "SELECT id, owner_id, unit_id, name, asked, found, kept, version, created_at, updated_at FROM clustering";

pub fn clustering_list(db: &mut Db, owner: UserId) -> StoreResult<Vec<ClusteringRow>> {
    Statement::new(SELECT).with(" WHERE owner_id = ", owner).then(" ORDER BY id DESC LIMIT 200").cached().rows(db)
}

pub fn clustering_get(db: &mut Db, id: ClusteringId, owner: UserId) -> StoreResult<Option<ClusteringRow>> {
    Statement::new(SELECT).with(" WHERE id = ", id).with(" AND owner_id = ", owner).cached().first(db)
}

pub fn clustering_insert(db: &mut Db, row: ClusteringRow) -> StoreResult<()> {
    insert(
        "clustering",
        [
            ("id", row.id.into()),
            ("owner_id", row.owner_id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("asked", row.asked.into()),
            ("found", row.found.into()),
            ("kept", row.kept.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person edits if the row still has `version`; answers whether it had.
pub fn clustering_update(db: &mut Db, row: ClusteringRow) -> StoreResult<bool> {
    let changed = update(
        "clustering",
        [
            ("name", row.name.into()),
            ("kept", row.kept.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Writes what was found; not an edit.
pub fn clustering_found(db: &mut Db, id: ClusteringId, found: Value) -> StoreResult<()> {
    update("clustering", [("found", Some(found).into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}

pub fn clustering_delete(db: &mut Db, id: ClusteringId) -> StoreResult<()> {
    Statement::new("DELETE FROM clustering").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

row_by_place! {
    /// What customers are divided by.
    #[derive(Debug, Clone, PartialEq)]
    pub struct DividedRow {
        pub party_id: PartyId as SqlId,
        pub first_order_on: Option<NaiveDate> as Nullable<Date>,
        pub last_order_on: Option<NaiveDate> as Nullable<Date>,
        pub order_days: i64 as BigInt,
        pub orders: i64 as BigInt,
        pub gross: i64 as BigInt,
        pub net: i64 as BigInt,
        pub discount: i64 as BigInt,
        pub returns: i64 as BigInt,
        pub cost: i64 as BigInt,
        pub costs_unknown: i64 as BigInt,
        pub products: i64 as BigInt,
        pub categories: i64 as BigInt,
        pub mean_gap_days: Option<f64> as Nullable<Double>,
        pub contacts_365: i64 as BigInt,
        pub lifetime_value: Option<i64> as Nullable<BigInt>,
    }
}

/// The next customers of a listing that begins with `customer_metric m`, in the order of ids, be they buyers or not.
pub fn divided_after(
    db: &mut Db,
    listing: &Listing<'_>,
    after: Option<PartyId>,
    limit: i64,
) -> StoreResult<Vec<DividedRow>> {
    let mut query = Statement::new(
        "SELECT m.party_id, m.first_order_on, m.last_order_on, m.order_days, m.orders, m.gross, m.net, m.discount, \
         m.returns, m.cost, m.costs_unknown, m.products, m.categories, m.mean_gap_days, m.contacts_365, m.lifetime_value",
    );
    push_from(&mut query, listing, None);
    if let Some(after) = after {
        query.push(" AND m.party_id > ").bind(after);
    }
    query.push(format!(" ORDER BY m.party_id LIMIT {limit}"));
    query.cached().rows(db)
}

/// Makes a stretch of customers, behind the first up to the second or to the end, members of a list just as given.
pub fn members_set(
    db: &mut Db,
    segment: SegmentId,
    (after, last): (Option<PartyId>, Option<PartyId>),
    members: &[PartyId],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let mut gone = Statement::new("DELETE FROM segment_member").with(" WHERE segment_id = ", segment);
    if let Some(after) = after {
        gone.push(" AND party_id > ").bind(after);
    }
    if let Some(last) = last {
        gone.push(" AND party_id <= ").bind(last);
    }
    if !members.is_empty() {
        gone.push(" AND party_id NOT IN (").bind_list(members.iter().copied()).push(")");
    }
    gone.run(db)?;
    for some in members.chunks(500) {
        let mut added = Statement::new("INSERT INTO segment_member (segment_id, party_id, added_at) VALUES ");
        for (at, member) in some.iter().enumerate() {
            added.push(if at == 0 { "(" } else { ", (" }).bind(Bind::from(segment));
            added.push(", ").bind(*member).push(", ").bind(now).push(")");
        }
        added.push(" ON CONFLICT (segment_id, party_id) DO NOTHING").run(db)?;
    }
    Ok(())
}
