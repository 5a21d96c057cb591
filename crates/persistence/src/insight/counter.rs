//! The counters and dates of `customer_metric`, recomputed from orders and interactions for the customers that a change
//! touched, in the transaction of the change. Amounts are minor units of the company's currency.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable};
use regulars_domain::ids::{PartyId, UnitId, UserId};
use regulars_domain::sales::{CountsWhen, RATE_ONE};

use super::metric::{MetricRow, metrics_get};
use super::past::{PastDay, Whose, push_orders, push_whose};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement};
use crate::types::{SqlId, SqlInstant};

/// Customers recomputed with one set of statements.
pub const BATCH: usize = 400;

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct PlaceRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
    #[diesel(sql_type = SqlId)]
    unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    deleted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    last_contact_at: Option<DateTime<Utc>>,
}

/// The orders of one customer and day, those that count and those that do not yet.
#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct DayRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = Date)]
    on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    counting: i64,
    #[diesel(sql_type = BigInt)]
    orders: i64,
    #[diesel(sql_type = BigInt)]
    gross: i64,
    #[diesel(sql_type = BigInt)]
    discount: i64,
    #[diesel(sql_type = BigInt)]
    returned: i64,
    #[diesel(sql_type = BigInt)]
    paid: i64,
    #[diesel(sql_type = BigInt)]
    cost: i64,
    #[diesel(sql_type = BigInt)]
    costs_unknown: i64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct BreadthRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = BigInt)]
    products: i64,
    #[diesel(sql_type = BigInt)]
    categories: i64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// What is counted for one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counters {
    /// Days with an order that counts, rising.
    pub days: Vec<NaiveDate>,
    pub orders: i64,
    pub gross: i64,
    pub discount: i64,
    pub returns: i64,
    pub cost: i64,
    /// Orders whose cost is not known.
    pub costs_unknown: i64,
    /// Owed on every sale, counted or not.
    pub open_balance: i64,
    pub products: i64,
    pub categories: i64,
    pub last_contact_at: Option<DateTime<Utc>>,
}

/// Orders in these states are sales; drafts and cancelled orders are not.
pub(super) const SALE: &str = "o.deleted_at IS NULL AND o.status IN ('confirmed', 'delivered', 'completed')";

/// SQL that holds for an order that counts, given that it is a sale.
pub(super) fn counts_sql(when: CountsWhen) -> &'static str {
    match when {
        CountsWhen::Confirmed => "1 = 1",
        CountsWhen::Delivered => "o.status <> 'confirmed'",
        CountsWhen::Paid => "o.net - o.returned - o.paid <= 0",
    }
}

/// A column of an order in the company's currency.
pub(super) fn base_sql(column: &str) -> String {
    let half = RATE_ONE / 2;
    format!(
        "CASE WHEN o.exchange_rate = {RATE_ONE} THEN {column} ELSE ({column} * o.exchange_rate + {half}) / {RATE_ONE} END"
    )
}

pub(super) fn sum_sql(column: &str) -> String {
    format!("CAST(SUM({}) AS BIGINT)", base_sql(column))
}

/// What the row of a customer should hold.
#[derive(Debug, Clone)]
struct Computed {
    party_id: PartyId,
    unit_id: UnitId,
    owner_id: Option<UserId>,
    counters: Counters,
}

/// Recomputes counters and dates of these customers, making rows that are missing and removing those of customers that
/// are gone. Scores stay as the last evaluation left them.
pub fn metric_refresh(tx: &mut Db, ids: &[PartyId], when: CountsWhen) -> StoreResult<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for some in ids.chunks(BATCH) {
        let (living, gone) = compute(tx, some, when)?;
        rows_write(tx, living)?;
        if !gone.is_empty() {
            let mut statement = Statement::new("DELETE FROM customer_metric WHERE party_id IN (");
            statement.bind_list(gone).push(")").run(tx)?;
        }
    }
    Ok(())
}

/// Which of at most [`BATCH`] customers have another row than their orders and interactions say, or none: nobody, as
/// long as every change refreshed the customers it touched.
pub fn metric_differences(db: &mut Db, ids: &[PartyId], when: CountsWhen) -> StoreResult<Vec<PartyId>> {
    let (living, gone) = compute(db, ids, when)?;
    let stored: HashMap<PartyId, MetricRow> =
        metrics_get(db, ids)?.into_iter().map(|row| (row.party_id, row)).collect();
    let differs = |computed: &Computed| stored.get(&computed.party_id).is_none_or(|row| !computed.stands_in(row));
    let mut out: Vec<PartyId> = living.iter().filter(|row| differs(row)).map(|row| row.party_id).collect();
    out.extend(gone.into_iter().filter(|id| stored.contains_key(id)));
    Ok(out)
}

impl Computed {
    fn stands_in(&self, row: &MetricRow) -> bool {
        let counters = &self.counters;
        let (mean, median) = gaps(&counters.days);
        (row.unit_id, row.owner_id) == (self.unit_id, self.owner_id)
            && row.first_order_on == counters.days.first().copied()
            && row.last_order_on == counters.days.last().copied()
            && row.order_days == counters.days.len() as i64
            && row.orders == counters.orders
            && row.gross == counters.gross
            && row.net == counters.gross - counters.discount - counters.returns
            && row.discount == counters.discount
            && row.returns == counters.returns
            && row.cost == counters.cost
            && row.costs_unknown == counters.costs_unknown
            && row.open_balance == counters.open_balance
            && (row.products, row.categories) == (counters.products, counters.categories)
            && (row.mean_gap_days, row.median_gap_days) == (mean, median)
            && row.last_contact_at == counters.last_contact_at
    }
}

/// Rows of the living among the customers, and who is gone.
fn compute(db: &mut Db, ids: &[PartyId], when: CountsWhen) -> StoreResult<(Vec<Computed>, Vec<PartyId>)> {
    let mut counted = counters(db, ids, when, None)?;
    let (mut living, mut gone) = (Vec::new(), Vec::new());
    for place in places(db, ids)? {
        if place.deleted_at.is_some() {
            gone.push(place.id);
            continue;
        }
        let mut counters = counted.remove(&place.id).unwrap_or_default();
        counters.last_contact_at = place.last_contact_at;
        let PlaceRow { id, unit_id, owner_id, .. } = place;
        living.push(Computed { party_id: id, unit_id, owner_id, counters });
    }
    Ok((living, gone))
}

/// Rows of new customers who have bought nothing yet: without one a filter on metrics would not find them.
pub fn metric_start(tx: &mut Db, new: &[(PartyId, UnitId, Option<UserId>)]) -> StoreResult<()> {
    for some in new.chunks(BATCH) {
        let blank = |(party_id, unit_id, owner_id): &(PartyId, UnitId, Option<UserId>)| Computed {
            party_id: *party_id,
            unit_id: *unit_id,
            owner_id: *owner_id,
            counters: Counters::default(),
        };
        rows_write(tx, some.iter().map(blank).collect())?;
    }
    Ok(())
}

fn places(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<PlaceRow>> {
    let mut statement = Statement::new(
        "SELECT p.id, p.unit_id, p.owner_id, p.deleted_at, (SELECT MAX(i.at) FROM interaction i WHERE i.party_id = p.id \
         AND i.deleted_at IS NULL) AS last_contact_at FROM party p WHERE p.id IN (",
    );
    statement.bind_list(ids.iter().copied()).push(")");
    shaped(statement, ids).rows(db)
}

/// A text for one customer or for a full batch is worth keeping.
fn shaped(statement: Statement, ids: &[PartyId]) -> Statement {
    if matches!(ids.len(), 1 | BATCH) { statement.cached() } else { statement }
}

/// Counters from orders alone, of all of them or of those up to a past day as they stood then; `last_contact_at` stays
/// empty.
pub fn counters(
    db: &mut Db,
    ids: &[PartyId],
    when: CountsWhen,
    past: Option<&PastDay>,
) -> StoreResult<HashMap<PartyId, Counters>> {
    let mut out = sums(db, ids, when, past)?;
    let counts = counts_sql(when);
    let mut statement = Statement::new(
        "SELECT o.party_id, COUNT(DISTINCT l.product_id) AS products, COUNT(DISTINCT g.category_id) AS categories FROM ",
    );
    push_orders(&mut statement, db, &Whose::Parties(ids), past);
    statement.push(format!(
        " JOIN order_line l ON l.order_id = o.id LEFT JOIN product g ON g.id = l.product_id WHERE {SALE} AND {counts} AND "
    ));
    push_whose(&mut statement, "o", &Whose::Parties(ids));
    statement.push(" GROUP BY o.party_id");
    let breadths: Vec<BreadthRow> = shaped(statement, ids).rows(db)?;
    for breadth in breadths {
        let counters = out.entry(breadth.party_id).or_default();
        counters.products = breadth.products;
        counters.categories = breadth.categories;
    }
    Ok(out)
}

fn sums(
    db: &mut Db,
    ids: &[PartyId],
    when: CountsWhen,
    past: Option<&PastDay>,
) -> StoreResult<HashMap<PartyId, Counters>> {
    let counts = counts_sql(when);
    let mut statement = Statement::new(format!(
        "SELECT o.party_id, o.ordered_on AS \"on\", CASE WHEN {counts} THEN CAST(1 AS BIGINT) ELSE 0 END AS counting, \
         COUNT(*) AS orders, {} AS gross, {} AS discount, {} AS returned, {} AS paid, {} AS cost, \
         CAST(SUM(CASE WHEN o.cost IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS costs_unknown FROM ",
        sum_sql("o.gross"),
        sum_sql("o.discount"),
        sum_sql("o.returned"),
        sum_sql("o.paid"),
        sum_sql("COALESCE(o.cost, 0)"),
    ));
    push_orders(&mut statement, db, &Whose::Parties(ids), past);
    statement.push(format!(" WHERE {SALE} AND "));
    push_whose(&mut statement, "o", &Whose::Parties(ids));
    statement.push(" GROUP BY o.party_id, o.ordered_on, 3 ORDER BY o.party_id, o.ordered_on");
    let days: Vec<DayRow> = shaped(statement, ids).rows(db)?;
    let mut out: HashMap<PartyId, Counters> = HashMap::new();
    for day in days {
        let counters = out.entry(day.party_id).or_default();
        counters.open_balance += day.gross - day.discount - day.returned - day.paid;
        if day.counting == 0 {
            continue;
        }
        counters.days.push(day.on);
        counters.orders += day.orders;
        counters.gross += day.gross;
        counters.discount += day.discount;
        counters.returns += day.returned;
        counters.cost += day.cost;
        counters.costs_unknown += day.costs_unknown;
    }
    Ok(out)
}

/// Mean and median days between neighbouring days, which are distinct and rising.
pub fn gaps(days: &[NaiveDate]) -> (Option<f64>, Option<f64>) {
    let mut gaps: Vec<i64> = days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
    if gaps.is_empty() {
        return (None, None);
    }
    gaps.sort_unstable();
    let half = gaps.len() / 2;
    let median = if gaps.len() % 2 == 1 { gaps[half] as f64 } else { (gaps[half - 1] + gaps[half]) as f64 / 2.0 };
    (Some(gaps.iter().sum::<i64>() as f64 / gaps.len() as f64), Some(median))
}

const COLUMNS: [&str; 19] = [
    "party_id",
    "unit_id",
    "owner_id",
    "first_order_on",
    "last_order_on",
    "order_days",
    "orders",
    "gross",
    "net",
    "discount",
    "returns",
    "cost",
    "costs_unknown",
    "open_balance",
    "products",
    "categories",
    "mean_gap_days",
    "median_gap_days",
    "last_contact_at",
];

fn rows_write(db: &mut Db, rows: Vec<Computed>) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let keep = matches!(rows.len(), 1 | BATCH);
    let mut statement = Statement::new(format!("INSERT INTO customer_metric ({}) VALUES ", COLUMNS.join(", ")));
    for (index, Computed { party_id, unit_id, owner_id, counters }) in rows.into_iter().enumerate() {
        let (mean, median) = gaps(&counters.days);
        let values: [Bind; 19] = [
            party_id.into(),
            unit_id.into(),
            owner_id.into(),
            counters.days.first().copied().into(),
            counters.days.last().copied().into(),
            (counters.days.len() as i64).into(),
            counters.orders.into(),
            counters.gross.into(),
            (counters.gross - counters.discount - counters.returns).into(),
            counters.discount.into(),
            counters.returns.into(),
            counters.cost.into(),
            counters.costs_unknown.into(),
            counters.open_balance.into(),
            counters.products.into(),
            counters.categories.into(),
            mean.into(),
            median.into(),
            counters.last_contact_at.into(),
        ];
        statement.push(if index == 0 { "(" } else { ", (" });
        statement.bind_list(values).push(")");
    }
    let set: Vec<String> = COLUMNS.iter().skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
    statement.push(format!(" ON CONFLICT (party_id) DO UPDATE SET {}", set.join(", ")));
    if keep { statement.cached() } else { statement }.run(db)?;
    Ok(())
}

/// Customers in order of id after the last, for recomputing all of them step by step.
pub fn party_ids_after(db: &mut Db, after: Option<PartyId>, limit: i64) -> StoreResult<Vec<PartyId>> {
    let mut statement = Statement::new("SELECT p.id FROM party p");
    if let Some(after) = after {
        statement.push(" WHERE p.id > ").bind(after);
    }
    statement.push(format!(" ORDER BY p.id LIMIT {limit}"));
    let rows: Vec<IdRow> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
