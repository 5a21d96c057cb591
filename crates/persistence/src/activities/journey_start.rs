//! What starts journeys, whose work their touchpoints are, and what proves them done.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Date;
use regulars_domain::ids::{JourneyId, PartyId, UnitId, UserId};
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId};

/// A customer, and the day a journey would begin.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ToStart {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
}

const UNSTARTED: &str = " AND NOT EXISTS (SELECT 1 FROM journey_run r WHERE r.party_id = p.id AND (";
/// Who is on it does not begin it once more, and must not stand in the way of others.
const RUNNING_OR: &str = "r.status = 'running' OR ";

/// Customers of a unit whose class became this since a day, and for whom the journey did not begin on that day.
pub fn class_starts(
    db: &mut Db,
    (journey, unit, again): (JourneyId, UnitId, bool),
    (kind, value): (&str, &str),
    (since, today): (NaiveDate, NaiveDate),
    limit: i64,
) -> StoreResult<Vec<ToStart>> {
    Statement::new(
        "SELECT DISTINCT p.id AS party_id, c.on_date FROM class_change c JOIN party p ON p.id = c.party_id \
         WHERE p.deleted_at IS NULL",
    )
    .with(" AND p.unit_id = ", unit)
    .with(" AND c.kind = ", kind)
    .with(" AND c.after = ", value)
    .with(" AND c.on_date >= ", since)
    .with(" AND c.on_date <= ", today)
    .then(UNSTARTED)
    .then(if again { "" } else { RUNNING_OR })
    .then("r.started_on = c.on_date)")
    .with(" AND r.journey_id = ", journey)
    .then(")")
    .with(" ORDER BY c.on_date, p.id LIMIT ", limit)
    .rows(db)
}

/// Customers of a unit with a date of life of a kind between two days, for whom the journey does not begin on it.
pub fn date_starts(
    db: &mut Db,
    (journey, unit, again): (JourneyId, UnitId, bool),
    kind: &str,
    (from, until): (NaiveDate, NaiveDate),
    limit: i64,
) -> StoreResult<Vec<ToStart>> {
    Statement::new(
        "SELECT DISTINCT p.id AS party_id, d.next_on AS on_date FROM party_date d JOIN party p ON p.id = d.party_id \
         WHERE p.deleted_at IS NULL AND d.person IS NULL",
    )
    .with(" AND p.unit_id = ", unit)
    .with(" AND d.kind = ", kind)
    .with(" AND d.next_on >= ", from)
    .with(" AND d.next_on <= ", until)
    .then(UNSTARTED)
    .then(if again { "" } else { RUNNING_OR })
    .then("r.started_on = d.next_on)")
    .with(" AND r.journey_id = ", journey)
    .then(")")
    .with(" ORDER BY d.next_on, p.id LIMIT ", limit)
    .rows(db)
}

/// Whether an order is paid in full.
pub fn order_paid(db: &mut Db, order: AnyId) -> StoreResult<bool> {
    let count = Statement::new(
        "SELECT COUNT(*) AS n FROM sales_order WHERE deleted_at IS NULL \
         AND status IN ('confirmed', 'delivered', 'completed') AND net > 0 AND paid >= net - returned",
    )
    .with(" AND id = ", order)
    .cached()
    .number(db)?;
    Ok(count > 0)
}

/// Whether everything of an order was delivered.
pub fn order_delivered(db: &mut Db, order: AnyId) -> StoreResult<bool> {
    let count = Statement::new(
        "SELECT COUNT(*) AS n FROM sales_order WHERE deleted_at IS NULL AND status IN ('delivered', 'completed')",
    )
    .with(" AND id = ", order)
    .cached()
    .number(db)?;
    Ok(count > 0)
}

/// Whether a thing somebody owns is of a category, or of one right beneath it.
pub fn asset_is_of(db: &mut Db, asset: AnyId, category: Uuid) -> StoreResult<bool> {
    let count = Statement::new(
        "SELECT COUNT(*) AS n FROM asset a JOIN product t ON t.id = a.product_id \
         JOIN category c ON c.id = t.category_id WHERE a.deleted_at IS NULL",
    )
    .with(" AND a.id = ", asset)
    .with(" AND (c.id = ", category)
    .with(" OR c.parent_id = ", category)
    .then(")")
    .number(db)?;
    Ok(count > 0)
}

/// Somebody who can sign in, with the unit.
#[derive(Debug, Clone, Copy, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct Hand {
    #[diesel(sql_type = SqlId)]
    pub id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
}

const HAND: &str = "SELECT u.id, u.unit_id FROM app_user u WHERE u.active = TRUE AND u.frozen_at IS NULL";

pub fn hand_of(db: &mut Db, user: UserId) -> StoreResult<Option<Hand>> {
    Statement::new(HAND).with(" AND u.id = ", user).cached().first(db)
}

/// The first of a unit with a role, by its key or its id.
pub fn hand_with_role(db: &mut Db, unit: UnitId, role: Result<&str, Uuid>) -> StoreResult<Option<Hand>> {
    let statement = Statement::new(HAND)
        .with(" AND u.unit_id = ", unit)
        .then(" AND EXISTS (SELECT 1 FROM user_role x JOIN role r ON r.id = x.role_id WHERE x.user_id = u.id AND ");
    let statement = match role {
        Ok(key) => statement.with("r.key = ", key),
        Err(id) => statement.with("r.id = ", id),
    };
    statement.then(") ORDER BY u.id LIMIT 1").first(db)
}

/// Whether somebody noted having met a customer since, in a way if one is asked for.
pub fn met_since(db: &mut Db, party: PartyId, since: DateTime<Utc>, kind: Option<&str>) -> StoreResult<bool> {
    let mut statement =
        Statement::new("SELECT COUNT(*) AS n FROM interaction WHERE deleted_at IS NULL AND kind <> 'note'")
            .with(" AND party_id = ", party)
            .with(" AND created_at >= ", since);
    if let Some(kind) = kind {
        statement.push(" AND kind = ").bind(kind);
    }
    Ok(statement.number(db)? > 0)
}

/// Whether a file was put at a customer since.
pub fn filed_since(db: &mut Db, party: PartyId, since: DateTime<Utc>) -> StoreResult<bool> {
    let count = Statement::new("SELECT COUNT(*) AS n FROM attachment WHERE deleted_at IS NULL")
        .with(" AND subject_id = ", party)
        .with(" AND created_at >= ", since)
        .number(db)?;
    Ok(count > 0)
}

/// Customers within a unit among these.
pub fn unit_members(db: &mut Db, unit: UnitId, ids: &[PartyId]) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: PartyId,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("SELECT p.id FROM party p WHERE p.deleted_at IS NULL").with(" AND p.unit_id = ", unit);
    statement.push(" AND p.id IN (").bind_list(ids.iter().copied()).push(")");
    let rows: Vec<Row> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
