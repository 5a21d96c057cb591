//! What was said and done with a customer, and the merged timeline.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{InteractionId, PartyId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct InteractionRow {
    #[diesel(sql_type = SqlId)]
    pub id: InteractionId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub actor_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub direction: Option<String>,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// An interaction with what a view shows beside it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct InteractionRecord {
    #[diesel(embed)]
    pub own: InteractionRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_owner: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
}

const COLUMNS: &str = "i.id, i.party_id, i.unit_id, i.actor_id, i.kind, i.direction, i.body, i.at, i.version, \
     i.created_at, i.updated_at, p.name AS party_name, p.owner_id AS party_owner, a.name AS actor_name";
const FROM: &str = "interaction i JOIN party p ON p.id = i.party_id AND p.deleted_at IS NULL \
     LEFT JOIN app_user a ON a.id = i.actor_id";

pub fn interaction_insert(db: &mut Db, row: InteractionRow) -> StoreResult<()> {
    insert(
        "interaction",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("unit_id", row.unit_id.into()),
            ("actor_id", row.actor_id.into()),
            ("kind", row.kind.into()),
            ("direction", row.direction.into()),
            ("body", row.body.into()),
            ("at", row.at.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// A living interaction with a customer within reach.
pub fn interaction_get(db: &mut Db, id: InteractionId, reach: &Visibility) -> StoreResult<Option<InteractionRecord>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM {FROM}")).with(" WHERE i.id = ", id).cached();
    statement.push(" AND i.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Living ones of the ids with customers within reach.
pub fn interactions_get(db: &mut Db, ids: &[InteractionId], reach: &Visibility) -> StoreResult<Vec<InteractionRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM {FROM} WHERE i.id IN (")).cached();
    statement.bind_list(filled_up(ids)).push(") AND i.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", reach);
    statement.rows(db)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn interaction_update(db: &mut Db, row: InteractionRow) -> StoreResult<bool> {
    update(
        "interaction",
        [
            ("kind", row.kind.into()),
            ("direction", row.direction.into()),
            ("body", row.body.into()),
            ("at", row.at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

pub fn interaction_delete(db: &mut Db, id: InteractionId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    update("interaction", [("deleted_at", now.into()), ("version", (version + 1).into())]).run_if_at(db, id, version)
}

/// Where a page of the timeline goes on: before this instant, or at it with a smaller id.
pub type Before = Option<(DateTime<Utc>, AnyId)>;

/// Interactions of a customer, newest first; `kinds` empty means all.
pub fn interactions_of(
    db: &mut Db,
    party_id: PartyId,
    kinds: &[&str],
    before: Before,
    limit: i64,
) -> StoreResult<Vec<InteractionRecord>> {
    let mut statement =
        Statement::new(format!("SELECT {COLUMNS} FROM {FROM}")).with(" WHERE i.party_id = ", party_id).cached();
    statement.push(" AND i.deleted_at IS NULL");
    if !kinds.is_empty() {
        statement.push(" AND i.kind IN (").bind_list(kinds.iter().copied()).push(")");
    }
    push_before(&mut statement, "i", before);
    statement.push(" ORDER BY i.at DESC, i.id DESC LIMIT ").bind(limit);
    statement.rows(db)
}

pub(super) fn push_before(statement: &mut Statement, alias: &str, before: Before) {
    if let Some((at, id)) = before {
        statement.push(format!(" AND ({alias}.at < ")).bind(at);
        statement.push(format!(" OR ({alias}.at = ")).bind(at);
        statement.push(format!(" AND {alias}.id < ")).bind(id).push("))");
    }
}

/// An event as the timeline tells it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TimelineEvent {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub actor_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlId)]
    pub resource_id: AnyId,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub before: Option<Value>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub after: Option<Value>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_before: Option<UserId>,
}

/// Events of a customer and of the records merged into it, at most `limit` of each, in no order. Those of orders only when
/// the order, where it stands now, is within the reach on orders; interactions stand for themselves.
pub fn events_of(
    db: &mut Db,
    party_id: PartyId,
    reaches: (&Visibility, &Visibility),
    before: Before,
    limit: i64,
) -> StoreResult<Vec<TimelineEvent>> {
    let mut statement = Statement::default().cached();
    statement.push("SELECT * FROM (").append(events_from("event e", " WHERE e.party_id = ", party_id));
    push_told(&mut statement, reaches, before, limit);
    let merged = "party_merge g JOIN event e ON e.party_id = g.gone_id";
    statement.push(") AS own UNION ALL SELECT * FROM (");
    statement.append(events_from(merged, " WHERE g.undone_at IS NULL AND g.holder_id = ", party_id));
    push_told(&mut statement, reaches, before, limit);
    statement.push(") AS merged");
    statement.rows(db)
}

fn events_from(from: &str, of: &str, party_id: PartyId) -> Statement {
    Statement::new(format!(
        "SELECT e.id, e.at, e.actor_id, a.name AS actor_name, e.action, e.resource, e.resource_id, e.before, e.after, \
         e.owner_id, e.owner_before FROM {from} LEFT JOIN app_user a ON a.id = e.actor_id"
    ))
    .with(of, party_id)
}

/// Orders, offers and opportunities have sights of their own.
fn push_told(
    statement: &mut Statement,
    (orders, opportunities): (&Visibility, &Visibility),
    before: Before,
    limit: i64,
) {
    statement.push(" AND e.resource <> 'interaction'");
    for (resource, table, reach) in
        [("order", "sales_order", orders), ("quote", "quote", orders), ("opportunity", "opportunity", opportunities)]
    {
        statement.push(format!(
            " AND (e.resource <> '{resource}' OR EXISTS (SELECT 1 FROM {table} o WHERE o.id = e.resource_id AND "
        ));
        push_visible(statement, "o", reach);
        statement.push("))");
    }
    push_before(statement, "e", before);
    statement.push(" ORDER BY e.at DESC, e.id DESC LIMIT ").bind(limit);
}
