//! The counters and dates of `customer_metric`, recomputed from orders and interactions for the customers that a change
//! touched, in the transaction of the change. Amounts are minor units of the company's currency.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable};
use regulars_domain::ids::{CategoryId, OrderId, PartyId, ProductId, UnitId, UserId};
use regulars_domain::sales::{CountsWhen, RATE_ONE, in_base};

use super::metric::{MetricRow, metrics_get};
use super::past::{PastDay, Whose, push_orders, push_whose};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, row_by_place};
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

row_by_place! {
    /// A sale with one of its lines; a sale of several lines comes several times, one after the other.
    struct SaleRow {
        party_id: PartyId as SqlId,
        order_id: OrderId as SqlId,
        on: NaiveDate as Date,
        counting: bool as Bool,
        rate: i64 as BigInt,
        gross: i64 as BigInt,
        discount: i64 as BigInt,
        returned: i64 as BigInt,
        paid: i64 as BigInt,
        cost: Option<i64> as Nullable<BigInt>,
        product_id: Option<ProductId> as Nullable<SqlId>,
        category_id: Option<CategoryId> as Nullable<SqlId>,
    }
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

/// An amount of an order in the company's currency; none that was stored is too large for it.
fn base_of(amount: i64, rate: i64) -> i64 {
    in_base(amount, rate).unwrap_or(i64::MAX)
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
/// empty. Each sale is visited once, and added up here: in SQL the sums of days, distinct products and distinct
/// categories are three groupings of the same rows.
pub fn counters(
    db: &mut Db,
    ids: &[PartyId],
    when: CountsWhen,
    past: Option<&PastDay>,
) -> StoreResult<HashMap<PartyId, Counters>> {
    let mut statement = Statement::new(format!(
        "SELECT o.party_id, o.id, o.ordered_on, {} AS counting, o.exchange_rate, o.gross, o.discount, o.returned, o.paid, \
         o.cost, l.product_id, g.category_id FROM ",
        counts_sql(when)
    ));
    push_orders(&mut statement, db, &Whose::Parties(ids), past);
    statement.push(format!(
        " LEFT JOIN order_line l ON l.order_id = o.id LEFT JOIN product g ON g.id = l.product_id WHERE {SALE} AND "
    ));
    push_whose(&mut statement, "o", &Whose::Parties(ids));
    statement.push(" ORDER BY o.party_id, o.ordered_on, o.id");
    let mut out: HashMap<PartyId, Counters> = HashMap::new();
    let mut breadth = Breadth::default();
    let mut last = None;
    for row in shaped(statement, ids).rows::<SaleRow>(db)? {
        let counters = out.entry(row.party_id).or_default();
        if last != Some(row.order_id) {
            last = Some(row.order_id);
            counters.add(&row);
        }
        if row.counting {
            breadth.add(&row, counters);
        }
    }
    Ok(out)
}

impl Counters {
    fn add(&mut self, sale: &SaleRow) {
        let base = |amount| base_of(amount, sale.rate);
        let (gross, discount, returned) = (base(sale.gross), base(sale.discount), base(sale.returned));
        self.open_balance += gross - discount - returned - base(sale.paid);
        if !sale.counting {
            return;
        }
        if self.days.last() != Some(&sale.on) {
            self.days.push(sale.on);
        }
        self.orders += 1;
        self.gross += gross;
        self.discount += discount;
        self.returns += returned;
        self.cost += base(sale.cost.unwrap_or(0));
        self.costs_unknown += i64::from(sale.cost.is_none());
    }
}

/// What the customer whose rows come just now has bought.
#[derive(Default)]
struct Breadth {
    party: Option<PartyId>,
    products: HashSet<ProductId>,
    categories: HashSet<CategoryId>,
}

impl Breadth {
    fn add(&mut self, row: &SaleRow, counters: &mut Counters) {
        if self.party != Some(row.party_id) {
            self.party = Some(row.party_id);
            self.products.clear();
            self.categories.clear();
        }
        counters.products += i64::from(row.product_id.is_some_and(|id| self.products.insert(id)));
        counters.categories += i64::from(row.category_id.is_some_and(|id| self.categories.insert(id)));
    }
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
