//! Reading `customer_metric`, and the fields by which customers are filtered and sorted on it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{BigInt, Date, Double, Integer, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::Field;
use crate::customers::fields::Root;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, row_by_place};
use crate::types::{SqlId, SqlInstant, SqlJson};

row_by_place! {
    #[derive(Debug, Clone, PartialEq)]
    pub struct MetricRow {
        pub party_id: PartyId as SqlId,
        pub unit_id: UnitId as SqlId,
        /// As in `party`, see [`metric_place`].
        pub owner_id: Option<UserId> as Nullable<SqlId>,
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
        pub open_balance: i64 as BigInt,
        pub products: i64 as BigInt,
        pub categories: i64 as BigInt,
        pub mean_gap_days: Option<f64> as Nullable<Double>,
        pub median_gap_days: Option<f64> as Nullable<Double>,
        pub last_contact_at: Option<DateTime<Utc>> as Nullable<SqlInstant>,
        pub contacts_30: i64 as BigInt,
        pub contacts_90: i64 as BigInt,
        pub contacts_365: i64 as BigInt,
        pub rfm_r: Option<i32> as Nullable<Integer>,
        pub rfm_f: Option<i32> as Nullable<Integer>,
        pub rfm_m: Option<i32> as Nullable<Integer>,
        pub abc: Option<String> as Nullable<Text>,
        pub value_score: Option<f64> as Nullable<Double>,
        pub value_class: Option<String> as Nullable<Text>,
        /// Percentiles of the five parts, `null` where unknown.
        pub value_parts: Option<Value> as Nullable<SqlJson>,
        pub stage: Option<String> as Nullable<Text>,
        /// Purchases expected within the company's horizon.
        pub expected_purchases: Option<f64> as Nullable<Double>,
        pub alive: Option<f64> as Nullable<Double>,
        /// P(no purchase) within the customer's own horizon.
        pub no_purchase: Option<f64> as Nullable<Double>,
        pub horizon_days: Option<i64> as Nullable<BigInt>,
        pub lifetime_value: Option<i64> as Nullable<BigInt>,
        /// What it comes from.
        pub lifetime_basis: Option<String> as Nullable<Text>,
        /// Key of the programme whose bills are worth most of those the customer pays.
        pub programme: Option<String> as Nullable<Text>,
        pub programme_paid: Option<i64> as Nullable<BigInt>,
        /// Bills still expected, of all programmes.
        pub programme_remaining: Option<f64> as Nullable<Double>,
        /// The part of `lifetime_value` that is bills.
        pub programme_value: Option<i64> as Nullable<BigInt>,
        /// All bills still expected, discounted.
        pub residual_value: Option<i64> as Nullable<BigInt>,
        /// Key of the group of durables they bought of last.
        pub durable: Option<String> as Nullable<Text>,
        /// What a buyer of it is expected to bring yet.
        pub durable_value: Option<i64> as Nullable<BigInt>,
        /// Our part of what they buy in a year, 0–1.
        pub wallet_share: Option<f64> as Nullable<Double>,
        pub past_value: Option<i64> as Nullable<BigInt>,
        pub lifecycle: Option<String> as Nullable<Text>,
        pub lifecycle_since: Option<NaiveDate> as Nullable<Date>,
        pub lifecycle_reason: Option<String> as Nullable<Text>,
        pub loyalty_class: Option<String> as Nullable<Text>,
        pub matrix: Option<String> as Nullable<Text>,
        pub situation: Option<String> as Nullable<Text>,
        pub risk: Option<f64> as Nullable<Double>,
        /// Since when a warning stands.
        pub warned_on: Option<NaiveDate> as Nullable<Date>,
    }
}

const SELECT: &str = "SELECT m.party_id, m.unit_id, m.owner_id, m.first_order_on, m.last_order_on, m.order_days, m.orders, m.gross, \
    m.net, m.discount, m.returns, m.cost, m.costs_unknown, m.open_balance, m.products, m.categories, m.mean_gap_days, \
    m.median_gap_days, m.last_contact_at, m.contacts_30, m.contacts_90, m.contacts_365, m.rfm_r, m.rfm_f, m.rfm_m, m.abc, m.value_score, m.value_class, \
    m.value_parts, m.stage, m.expected_purchases, m.alive, m.no_purchase, m.horizon_days, m.lifetime_value, m.lifetime_basis, m.programme, \
    m.programme_paid, m.programme_remaining, m.programme_value, m.residual_value, m.durable, m.durable_value, m.wallet_share, m.past_value, \
    m.lifecycle, m.lifecycle_since, m.lifecycle_reason, m.loyalty_class, m.matrix, m.situation, m.risk, m.warned_on \
    FROM customer_metric m";

/// Metrics of these customers; those without a row have none.
pub fn metrics_get(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<MetricRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut statement = Statement::new(format!("{SELECT} WHERE m.party_id IN ("));
        statement.bind_list(filled_up(some)).push(")");
        rows.extend(statement.cached().rows::<MetricRow>(db)?);
    }
    Ok(rows)
}

/// Metrics of a unit's customers in order of id after the last: the evaluation reads a unit in steps.
pub fn metrics_of_unit(db: &mut Db, unit: UnitId, after: Option<PartyId>, limit: i64) -> StoreResult<Vec<MetricRow>> {
    // Compared in a way no index serves: by the unit's index every page would read and sort the whole unit.
    let mut statement = Statement::new(SELECT).with(" WHERE CASE WHEN m.unit_id = ", unit).then(" THEN 1 END = 1");
    if let Some(after) = after {
        statement.push(" AND m.party_id > ").bind(after);
    }
    statement.push(format!(" ORDER BY m.party_id LIMIT {limit}"));
    statement.cached().rows(db)
}

/// Brings unit and owner beside the figures of these customers up to date, after either changed in `party`.
pub fn metric_place(tx: &mut Db, ids: &[PartyId]) -> StoreResult<()> {
    for some in ids.chunks(500) {
        let mut statement = Statement::new(
            "UPDATE customer_metric SET (unit_id, owner_id) = (SELECT p.unit_id, p.owner_id FROM party p \
             WHERE p.id = customer_metric.party_id) WHERE party_id IN (",
        );
        statement.bind_list(filled_up(some)).push(")");
        statement.cached().run(tx)?;
    }
    Ok(())
}

/// Fields on `customer_metric` as alias `m`; days are counted to `today`.
pub fn metric_fields(today: NaiveDate, root: Root) -> Vec<Field> {
    use FieldType::{Choice, Date, Instant, Integer, Money, Number};
    let column = |name: &str, kind: FieldType, column: &str| {
        root.of_metric(Field::column(&format!("metrics.{name}"), kind, &format!("m.{column}")).sortable())
    };
    let days = |name: &str, column: &str| root.of_metric(Field::days_since(name, column, today).sortable());
    let mut fields = vec![
        days("metrics.recency_days", "m.last_order_on"),
        days("metrics.tenure_days", "m.first_order_on"),
        column("first_order_on", Date, "first_order_on").nullable(),
        column("last_order_on", Date, "last_order_on").nullable(),
        column("last_contact_at", Instant, "last_contact_at").nullable(),
    ];
    // Counters are there for everyone, with 0 where nothing was bought.
    for (name, kind) in [
        ("order_days", Integer),
        ("orders", Integer),
        ("gross", Money),
        ("net", Money),
        ("returns", Money),
        ("cost", Money),
        ("open_balance", Money),
        ("products", Integer),
        ("categories", Integer),
        ("contacts_30", Integer),
        ("contacts_90", Integer),
        ("contacts_365", Integer),
    ] {
        fields.push(column(name, kind, name));
    }
    for (name, kind) in [
        ("mean_gap_days", Number),
        ("median_gap_days", Number),
        ("rfm_r", Integer),
        ("rfm_f", Integer),
        ("rfm_m", Integer),
        ("abc", Choice),
        ("value_score", Number),
        ("value_class", Choice),
        ("stage", Choice),
        ("expected_purchases", Number),
        ("alive", Number),
        ("no_purchase", Number),
        ("horizon_days", Integer),
        ("lifetime_value", Money),
        ("lifetime_basis", Choice),
        ("programme", Choice),
        ("programme_paid", Integer),
        ("programme_remaining", Number),
        ("programme_value", Money),
        ("residual_value", Money),
        ("durable", Choice),
        ("durable_value", Money),
        ("wallet_share", Number),
        ("past_value", Money),
        ("lifecycle", Choice),
        ("lifecycle_since", Date),
        ("lifecycle_reason", Choice),
        ("loyalty_class", Choice),
        ("matrix", Choice),
        ("situation", Choice),
        ("risk", Number),
        ("warned_on", Date),
    ] {
        fields.push(column(name, kind, name).nullable());
    }
    let derived = |name: &str, kind: FieldType, sql: &str| {
        root.of_metric(Field::column(&format!("metrics.{name}"), kind, sql).nullable().sortable())
    };
    fields.push(derived("margin", Money, "(CASE WHEN m.costs_unknown = 0 THEN m.net - m.cost END)"));
    let share = "(CASE WHEN m.gross > 0 THEN CAST(m.discount AS DOUBLE PRECISION) / m.gross END)";
    fields.push(derived("discount_share", Number, share));
    fields
}
