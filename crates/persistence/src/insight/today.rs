//! What the first page of the day asks, within the caller's sight.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{EventId, PartyId};

use super::counter::{SALE, base_sql};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

/// A date of a customer's life that comes.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ComingRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub label: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub person: Option<String>,
    #[diesel(sql_type = Date)]
    pub next_on: NaiveDate,
    /// Remembered by the lunar calendar.
    #[diesel(sql_type = Bool)]
    pub lunar: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    pub lunar_year: Option<i32>,
    #[diesel(sql_type = Nullable<Date>)]
    pub on_date: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    pub year_known: bool,
}

pub fn dates_coming(
    db: &mut Db,
    visibility: &Visibility,
    (from, until): (NaiveDate, NaiveDate),
    limit: i64,
) -> StoreResult<Vec<ComingRow>> {
    // SQLite knows no figures: it is told to begin with the days, unless the customers are those of a few people.
    let order = if matches!(visibility, Visibility::Owned { .. }) { "," } else { " CROSS JOIN" };
    let mut statement = Statement::new(format!(
        "SELECT d.party_id, p.name, d.kind, d.label, d.person, d.next_on, d.lunar_month IS NOT NULL AS lunar, \
         d.lunar_year, d.on_date, d.year_known \
         FROM party_date d{order} party p WHERE p.id = d.party_id AND d.next_on >= ",
    ));
    statement.bind(from).push(" AND d.next_on <= ").bind(until).push(" AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    statement.push(format!(" ORDER BY d.next_on, p.name_key, d.party_id, d.position LIMIT {limit}"));
    statement.cached().rows(db)
}

/// A valuable customer silent for longer than usual.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SilentRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Date)]
    pub last_order_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub value_class: String,
}

/// VIP and major customers who last bought before `before` and were last spoken with before `spoken`, the most
/// valuable first.
pub fn silent_customers(
    db: &mut Db,
    visibility: &Visibility,
    before: NaiveDate,
    spoken: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<SilentRow>> {
    let mut statement = Statement::new(
        "SELECT m.party_id, p.name, m.last_order_on, m.value_class FROM customer_metric m \
         JOIN party p ON p.id = m.party_id WHERE m.value_class IN ('vip', 'major') AND m.last_order_on < ",
    );
    statement.bind(before).push(" AND (m.last_contact_at IS NULL OR m.last_contact_at < ").bind(spoken);
    statement.push(") AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    statement.push(format!(" ORDER BY m.net DESC, m.party_id LIMIT {limit}"));
    statement.cached().rows(db)
}

/// Living customers within sight made since an instant. Ids grow with time, so the primary key bounds the search.
pub fn customers_since(db: &mut Db, visibility: &Visibility, since: DateTime<Utc>) -> StoreResult<i64> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM party p WHERE p.deleted_at IS NULL AND p.id >= ");
    let millis = u64::try_from(since.timestamp_millis()).unwrap_or(0);
    statement.bind(uuid::Uuid::from_u128(u128::from(millis) << 80));
    statement.push(" AND p.created_at >= ").bind(since).push(" AND ");
    push_visible(&mut statement, "p", visibility);
    statement.cached().number(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SumRow {
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = BigInt)]
    net: i64,
}

/// Number and net revenue of a day's sales within sight, in the company's currency.
pub fn orders_on(db: &mut Db, visibility: &Visibility, on: NaiveDate) -> StoreResult<(i64, i64)> {
    let mut statement = Statement::new(format!(
        "SELECT COUNT(*) AS orders, CAST(COALESCE(SUM(o.net_base - {}), 0) AS BIGINT) AS net FROM sales_order o \
         WHERE {SALE} AND o.ordered_on = ",
        base_sql("o.returned")
    ));
    statement.bind(on).push(" AND ");
    push_visible(&mut statement, "o", visibility);
    let row: Option<SumRow> = statement.cached().first(db)?;
    Ok(row.map_or((0, 0), |row| (row.orders, row.net)))
}

/// Something that happened to a customer.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ChangeRow {
    #[diesel(sql_type = SqlId)]
    pub id: EventId,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
}

/// The latest events on the timelines of customers within sight, since an instant.
pub fn changes_since(
    db: &mut Db,
    visibility: &Visibility,
    since: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<ChangeRow>> {
    let mut statement = Statement::new(
        "SELECT e.id, e.at, e.action, e.resource, p.id AS party_id, p.name AS customer, u.name AS actor FROM event e \
         CROSS JOIN party p LEFT JOIN app_user u ON u.id = e.actor_id \
         WHERE p.id = e.party_id AND p.deleted_at IS NULL AND e.at >= ",
    );
    statement.bind(since).push(" AND ");
    push_visible(&mut statement, "p", visibility);
    statement.push(format!(" ORDER BY e.at DESC, e.id DESC LIMIT {limit}"));
    statement.cached().rows(db)
}
