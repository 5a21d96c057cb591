//! Segments: a kept condition, or a kept list.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{PartyId, SegmentId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::list::{Listing, push_from};
use crate::sql::{Bind, Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SegmentRow {
    #[diesel(sql_type = SqlId)]
    pub id: SegmentId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = Text)]
    pub owner_name: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub condition: Option<Value>,
    #[diesel(sql_type = Bool)]
    pub shared: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub count: Option<i64>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub counted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT s.id, s.unit_id, s.owner_id, u.name AS owner_name, s.name, s.description, s.kind, s.condition, \
     s.shared, s.count, s.counted_at, s.version, s.created_at, s.updated_at \
     FROM segment s JOIN app_user u ON u.id = s.owner_id";

/// Segments of a unit that the person made or that are shared there, by name.
pub fn segment_list(db: &mut Db, unit_id: UnitId, user_id: UserId) -> StoreResult<Vec<SegmentRow>> {
    Statement::new(SELECT)
        .with(" WHERE s.unit_id = ", unit_id)
        .with(" AND (s.shared = TRUE OR s.owner_id = ", user_id)
        .then(") ORDER BY s.name, s.id")
        .cached()
        .rows(db)
}

pub fn segment_get(db: &mut Db, id: SegmentId) -> StoreResult<Option<SegmentRow>> {
    Statement::new(SELECT).with(" WHERE s.id = ", id).cached().first(db)
}

pub fn segment_insert(db: &mut Db, row: SegmentRow) -> StoreResult<()> {
    insert(
        "segment",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("name", row.name.into()),
            ("description", row.description.into()),
            ("kind", row.kind.into()),
            ("condition", row.condition.into()),
            ("shared", row.shared.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person edits if the row still has `version`; answers whether it had.
pub fn segment_update(db: &mut Db, row: SegmentRow) -> StoreResult<bool> {
    let changed = update(
        "segment",
        [
            ("name", row.name.into()),
            ("description", row.description.into()),
            ("condition", row.condition.into()),
            ("shared", row.shared.into()),
            ("count", row.count.into()),
            ("counted_at", row.counted_at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn segment_delete(db: &mut Db, id: SegmentId, version: i64) -> StoreResult<bool> {
    Statement::new("DELETE FROM segment_member")
        .with(" WHERE segment_id IN (SELECT id FROM segment WHERE id = ", id)
        .with(" AND version = ", version)
        .then(")")
        .run(db)?;
    let gone =
        Statement::new("DELETE FROM segment").with(" WHERE id = ", id).with(" AND version = ", version).run(db)?;
    Ok(gone == 1)
}

/// Keeps the last count with its moment; not an edit.
pub fn segment_counted(db: &mut Db, id: SegmentId, count: i64, now: DateTime<Utc>) -> StoreResult<()> {
    update("segment", [("count", count.into()), ("counted_at", now.into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Adds whoever the listing holds; answers how many were new. The listing's id must be a customer's.
pub fn member_add(db: &mut Db, id: SegmentId, listing: &Listing<'_>, now: DateTime<Utc>) -> StoreResult<usize> {
    let mut statement = Statement::new("INSERT INTO segment_member (segment_id, party_id, added_at) SELECT ");
    statement.bind(Bind::from(id)).push(format!(", {}, ", listing.id)).bind(now);
    push_from(&mut statement, listing, None);
    statement.push(" ON CONFLICT (segment_id, party_id) DO NOTHING").run(db)
}

/// Takes whoever the listing holds out of the segment; answers how many left.
pub fn member_remove(db: &mut Db, id: SegmentId, listing: &Listing<'_>) -> StoreResult<usize> {
    let mut statement = Statement::new("DELETE FROM segment_member").with(" WHERE segment_id = ", id);
    statement.push(format!(" AND party_id IN (SELECT {}", listing.id));
    push_from(&mut statement, listing, None);
    statement.push(")").run(db)
}

/// `p.id IN (…)` for the listed customers: a base predicate for [`member_add`] and [`member_remove`].
pub fn among(column: &str, ids: &[PartyId]) -> Statement {
    let mut statement = Statement::new(format!("{column} IN ("));
    statement.bind_list(ids.iter().copied()).push(")");
    statement
}
