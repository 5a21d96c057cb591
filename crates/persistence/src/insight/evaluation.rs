//! Evaluations and the scores they leave in `customer_metric`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable};
use regulars_domain::ids::{EvaluationId, PartyId, UnitId};
use regulars_domain::sales::CountsWhen;
use serde_json::Value;

use super::counter::{SALE, base_sql, counts_sql};
use super::past::{PastDay, Whose, push_orders, push_whose};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

/// One evaluation of one unit.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct EvaluationRow {
    #[diesel(sql_type = SqlId)]
    pub id: EvaluationId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Date)]
    pub as_of: NaiveDate,
    /// The settings it was made with.
    #[diesel(sql_type = SqlJson)]
    pub settings: Value,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    #[diesel(sql_type = SqlInstant)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub finished_at: Option<DateTime<Utc>>,
}

pub fn evaluation_insert(db: &mut Db, row: EvaluationRow) -> StoreResult<()> {
    insert(
        "evaluation",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("as_of", row.as_of.into()),
            ("settings", row.settings.into()),
            ("customers", row.customers.into()),
            ("started_at", row.started_at.into()),
            ("finished_at", row.finished_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn evaluation_finish(db: &mut Db, id: EvaluationId, customers: i64, at: DateTime<Utc>) -> StoreResult<()> {
    update("evaluation", [("customers", customers.into()), ("finished_at", at.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

/// The last finished evaluation of each unit, or of one.
pub fn evaluations_latest(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<EvaluationRow>> {
    let mut statement = Statement::new(
        "SELECT e.id, e.unit_id, e.as_of, e.settings, e.customers, e.started_at, e.finished_at FROM evaluation e \
         WHERE e.finished_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM evaluation x WHERE x.unit_id = e.unit_id \
         AND x.finished_at IS NOT NULL AND (x.started_at > e.started_at OR (x.started_at = e.started_at AND x.id > e.id)))",
    );
    if let Some(unit) = unit {
        statement.push(" AND e.unit_id = ").bind(unit);
    }
    statement.cached().rows(db)
}

/// What an evaluation says of a customer.
#[derive(Debug, Clone)]
pub struct ScoreRow {
    pub party_id: PartyId,
    pub rfm: Option<[i32; 3]>,
    pub abc: Option<&'static str>,
    pub value_score: Option<f64>,
    pub value_class: Option<&'static str>,
    pub value_parts: Option<Value>,
    pub stage: &'static str,
    pub outlook: OutlookRow,
}

/// What is expected of a customer, and what that makes of them.
#[derive(Debug, Clone, Default)]
pub struct OutlookRow {
    pub expected_purchases: Option<f64>,
    pub alive: Option<f64>,
    pub no_purchase: Option<f64>,
    pub horizon_days: Option<i64>,
    pub lifetime_value: Option<i64>,
    pub lifetime_basis: Option<&'static str>,
    /// The programme whose bills are worth most of those the customer pays.
    pub programme: Option<String>,
    pub programme_paid: Option<i64>,
    pub programme_remaining: Option<f64>,
    pub programme_value: Option<i64>,
    pub residual_value: Option<i64>,
    /// The group of durables they bought of last.
    pub durable: Option<String>,
    pub durable_value: Option<i64>,
    pub wallet_share: Option<f64>,
    pub past_value: Option<i64>,
    pub lifecycle: Option<&'static str>,
    pub lifecycle_since: Option<NaiveDate>,
    pub lifecycle_reason: Option<&'static str>,
    pub loyalty_class: Option<&'static str>,
    pub matrix: Option<&'static str>,
    pub situation: Option<&'static str>,
    pub risk: Option<f64>,
}

/// Rows of one `UPDATE`.
const BATCH: usize = 500;

/// What an evaluation writes, in the order of the values.
const SCORES: [&str; 30] = [
    "rfm_r",
    "rfm_f",
    "rfm_m",
    "abc",
    "value_score",
    "value_class",
    "value_parts",
    "stage",
    "expected_purchases",
    "alive",
    "no_purchase",
    "horizon_days",
    "lifetime_value",
    "lifetime_basis",
    "programme",
    "programme_paid",
    "programme_remaining",
    "programme_value",
    "residual_value",
    "durable",
    "durable_value",
    "wallet_share",
    "past_value",
    "lifecycle",
    "lifecycle_since",
    "lifecycle_reason",
    "loyalty_class",
    "matrix",
    "situation",
    "risk",
];

pub fn scores_write(db: &mut Db, rows: &[ScoreRow]) -> StoreResult<()> {
    for some in rows.chunks(BATCH) {
        let set: Vec<String> = (2..).zip(SCORES).map(|(place, column)| format!("{column} = v.column{place}")).collect();
        let mut statement = Statement::new(format!("UPDATE customer_metric SET {} FROM (VALUES ", set.join(", ")));
        for (index, row) in some.iter().enumerate() {
            let score = |at: usize| Bind::from(row.rfm.map(|rfm| rfm[at]));
            let ahead = &row.outlook;
            let values: [Bind; 31] = [
                row.party_id.into(),
                score(0),
                score(1),
                score(2),
                row.abc.into(),
                row.value_score.into(),
                row.value_class.into(),
                row.value_parts.clone().into(),
                row.stage.into(),
                ahead.expected_purchases.into(),
                ahead.alive.into(),
                ahead.no_purchase.into(),
                ahead.horizon_days.into(),
                ahead.lifetime_value.into(),
                ahead.lifetime_basis.into(),
                ahead.programme.clone().into(),
                ahead.programme_paid.into(),
                ahead.programme_remaining.into(),
                ahead.programme_value.into(),
                ahead.residual_value.into(),
                ahead.durable.clone().into(),
                ahead.durable_value.into(),
                ahead.wallet_share.into(),
                ahead.past_value.into(),
                ahead.lifecycle.into(),
                ahead.lifecycle_since.into(),
                ahead.lifecycle_reason.into(),
                ahead.loyalty_class.into(),
                ahead.matrix.into(),
                ahead.situation.into(),
                ahead.risk.into(),
            ];
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind_list(values).push(")");
        }
        statement.push(") AS v WHERE customer_metric.party_id = v.column1");
        if some.len() == BATCH { statement.cached() } else { statement }.run(db)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct GrowthRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = BigInt)]
    growth: i64,
}

/// Net revenue of the year up to `as_of`, which is `past` when that is given, less that of the year before, for customers who bought in either.
pub fn growth_of_unit(
    db: &mut Db,
    unit: UnitId,
    as_of: NaiveDate,
    past: Option<&PastDay>,
    when: CountsWhen,
) -> StoreResult<HashMap<PartyId, i64>> {
    let back = |days: u64| as_of.checked_sub_days(chrono::Days::new(days)).unwrap_or(NaiveDate::MIN);
    let net = format!("(o.net_base - {})", base_sql("o.returned"));
    let mut statement = Statement::new("SELECT o.party_id, CAST(SUM(CASE WHEN o.ordered_on > ");
    statement.bind(back(365)).push(format!(" THEN {net} ELSE -{net} END) AS BIGINT) AS growth FROM "));
    push_orders(&mut statement, db, &Whose::Unit(unit), past);
    statement.push(format!(" WHERE {SALE} AND {} AND ", counts_sql(when)));
    push_whose(&mut statement, "o", &Whose::Unit(unit));
    statement.push(" AND o.ordered_on > ").bind(back(730));
    statement.push(" AND o.ordered_on <= ").bind(as_of);
    statement.push(" GROUP BY o.party_id");
    let rows: Vec<GrowthRow> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| (row.party_id, row.growth)).collect())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct PartyIdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// Living customers of a unit without a row in `customer_metric`, in order of id after the last.
pub fn parties_without_metric(
    db: &mut Db,
    unit: UnitId,
    after: Option<PartyId>,
    limit: i64,
) -> StoreResult<Vec<PartyId>> {
    let mut statement = Statement::new("SELECT p.id FROM party p WHERE p.unit_id = ");
    statement.bind(unit).push(" AND p.deleted_at IS NULL");
    if let Some(after) = after {
        statement.push(" AND p.id > ").bind(after);
    }
    statement.push(format!(
        " AND NOT EXISTS (SELECT 1 FROM customer_metric m WHERE m.party_id = p.id) ORDER BY p.id LIMIT {limit}"
    ));
    let rows: Vec<PartyIdRow> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
