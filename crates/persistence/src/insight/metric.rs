//! Reading `customer_metric`, and the fields by which customers are filtered and sorted on it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Integer, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::Field;
use crate::customers::fields::Root;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MetricRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// As in `party`, see [`metric_place`].
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub first_order_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub last_order_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub order_days: i64,
    #[diesel(sql_type = BigInt)]
    pub orders: i64,
    #[diesel(sql_type = BigInt)]
    pub gross: i64,
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    #[diesel(sql_type = BigInt)]
    pub returns: i64,
    #[diesel(sql_type = BigInt)]
    pub cost: i64,
    #[diesel(sql_type = BigInt)]
    pub costs_unknown: i64,
    #[diesel(sql_type = BigInt)]
    pub open_balance: i64,
    #[diesel(sql_type = BigInt)]
    pub products: i64,
    #[diesel(sql_type = BigInt)]
    pub categories: i64,
    #[diesel(sql_type = Nullable<Double>)]
    pub mean_gap_days: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    pub median_gap_days: Option<f64>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_contact_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub contacts_30: i64,
    #[diesel(sql_type = BigInt)]
    pub contacts_90: i64,
    #[diesel(sql_type = BigInt)]
    pub contacts_365: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_r: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_f: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_m: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    pub abc: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    pub value_score: Option<f64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
    /// Percentiles of the five parts, `null` where unknown.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub value_parts: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    pub stage: Option<String>,
}

const SELECT: &str = "SELECT m.party_id, m.unit_id, m.owner_id, m.first_order_on, m.last_order_on, m.order_days, m.orders, m.gross, \
    m.net, m.discount, m.returns, m.cost, m.costs_unknown, m.open_balance, m.products, m.categories, m.mean_gap_days, \
    m.median_gap_days, m.last_contact_at, m.contacts_30, m.contacts_90, m.contacts_365, m.rfm_r, m.rfm_f, m.rfm_m, m.abc, m.value_score, m.value_class, \
    m.value_parts, m.stage FROM customer_metric m";

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
