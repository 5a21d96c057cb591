//! Warnings that customers are about to leave. A warning stands while it has no day of closing.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, UnitId, UserId, WarningId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert_batch, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WarningRow {
    #[diesel(sql_type = SqlId)]
    pub id: WarningId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Date)]
    pub raised_on: NaiveDate,
    #[diesel(sql_type = Double)]
    pub risk: f64,
    /// What judged: the model or a rule.
    #[diesel(sql_type = Text)]
    pub judge: String,
    #[diesel(sql_type = SqlJson)]
    pub reasons: Value,
    /// What is expected of the customer in twelve months, minor units.
    #[diesel(sql_type = BigInt)]
    pub stake: i64,
    /// What the customer spent in the last year, minor units.
    #[diesel(sql_type = BigInt)]
    pub yearly: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub measures: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome_reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome_note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub handled_by: Option<UserId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub closed_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A warning with the customer it is about.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WarningRecord {
    #[diesel(embed)]
    pub own: WarningRow,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub handler_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
}

const COLUMNS: [&str; 17] = [
    "id",
    "party_id",
    "raised_on",
    "risk",
    "judge",
    "reasons",
    "stake",
    "yearly",
    "status",
    "measures",
    "outcome_reason",
    "outcome_note",
    "handled_by",
    "closed_on",
    "version",
    "created_at",
    "updated_at",
];

/// Raises warnings: the rows, and their day beside the customers' figures.
pub fn warnings_raise(tx: &mut Db, rows: Vec<WarningRow>) -> StoreResult<()> {
    for row in &rows {
        warned_set(tx, row.party_id, Some(row.raised_on))?;
    }
    let values = rows.into_iter().map(|row| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.raised_on.into(),
            row.risk.into(),
            row.judge.into(),
            row.reasons.into(),
            row.stake.into(),
            row.yearly.into(),
            row.status.into(),
            row.measures.into(),
            row.outcome_reason.into(),
            row.outcome_note.into(),
            row.handled_by.into(),
            row.closed_on.into(),
            row.version.into(),
            row.created_at.into(),
            row.updated_at.into(),
        ]
    });
    insert_batch(tx, "churn_warning", &COLUMNS, values.collect())
}

/// Since when a warning stands, beside the customer's figures.
pub fn warned_set(tx: &mut Db, party: PartyId, on: Option<NaiveDate>) -> StoreResult<()> {
    update("customer_metric", [("warned_on", on.into())]).with(" WHERE party_id = ", party).run(tx)?;
    Ok(())
}

/// Ends the standing warning of each of these customers in this way, whoever works on it.
pub fn warnings_withdraw(
    tx: &mut Db,
    parties: &[PartyId],
    status: &str,
    (on, now): (NaiveDate, DateTime<Utc>),
) -> StoreResult<()> {
    for party in parties {
        warned_set(tx, *party, None)?;
        Statement::new("UPDATE churn_warning SET status = ")
            .with("", status)
            .with(", closed_on = ", on)
            .with(", updated_at = ", now)
            .with(", version = version + 1 WHERE party_id = ", *party)
            .then(" AND closed_on IS NULL")
            .cached()
            .run(tx)?;
    }
    Ok(())
}

/// What a person may change of a warning.
#[derive(Debug, Clone)]
pub struct WarningChange {
    pub status: String,
    pub measures: Option<String>,
    pub outcome_reason: Option<String>,
    pub outcome_note: Option<String>,
    pub handled_by: UserId,
    pub closed_on: Option<NaiveDate>,
}

/// Whether the version still stood.
pub fn warning_update(
    tx: &mut Db,
    (id, version): (WarningId, i64),
    change: WarningChange,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let changed = update(
        "churn_warning",
        [
            ("status", change.status.into()),
            ("measures", change.measures.into()),
            ("outcome_reason", change.outcome_reason.into()),
            ("outcome_note", change.outcome_note.into()),
            ("handled_by", change.handled_by.into()),
            ("closed_on", change.closed_on.into()),
            ("version", (version + 1).into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .with(" AND version = ", version)
    .run(tx)?;
    Ok(changed == 1)
}

fn select() -> Statement {
    Statement::new(
        "SELECT w.id, w.party_id, w.raised_on, w.risk, w.judge, w.reasons, w.stake, w.yearly, w.status, w.measures, \
         w.outcome_reason, w.outcome_note, w.handled_by, w.closed_on, w.version, w.created_at, w.updated_at, \
         p.name AS customer, p.unit_id, p.owner_id, o.name AS owner_name, h.name AS handler_name, m.value_class \
         FROM churn_warning w JOIN party p ON p.id = w.party_id LEFT JOIN customer_metric m ON m.party_id = p.id \
         LEFT JOIN app_user o ON o.id = p.owner_id LEFT JOIN app_user h ON h.id = w.handled_by \
         WHERE p.deleted_at IS NULL AND ",
    )
}

pub fn warning_get(db: &mut Db, id: WarningId, visibility: &Visibility) -> StoreResult<Option<WarningRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", visibility);
    statement.push(" AND w.id = ").bind(id);
    statement.cached().first(db)
}

/// Those of the ids whose customers are within sight, in no order.
pub fn warnings_get(db: &mut Db, ids: &[WarningId], visibility: &Visibility) -> StoreResult<Vec<WarningRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = select();
    push_visible(&mut statement, "p", visibility);
    statement.push(" AND w.id IN (").bind_list(filled_up(ids)).push(")");
    statement.cached().rows(db)
}

/// Which warnings.
#[derive(Debug, Clone, Default)]
pub struct WarningSought {
    /// One of the states; all that stand when absent.
    pub status: Option<String>,
    pub party: Option<PartyId>,
}

/// Warnings within sight: those that stand by what is at stake, closed ones the latest first.
pub fn warnings_list(
    db: &mut Db,
    visibility: &Visibility,
    sought: &WarningSought,
    limit: i64,
) -> StoreResult<Vec<WarningRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", visibility);
    match (&sought.status, sought.party) {
        (Some(status), _) => {
            statement.push(" AND w.status = ").bind(status);
        }
        (None, None) => {
            statement.push(" AND w.closed_on IS NULL");
        }
        (None, Some(_)) => {}
    }
    if let Some(party) = sought.party {
        statement.push(" AND w.party_id = ").bind(party);
    }
    statement.push(format!(
        " ORDER BY CASE WHEN w.closed_on IS NULL THEN 0 ELSE 1 END, w.closed_on DESC, w.stake DESC, w.id LIMIT {limit}"
    ));
    statement.cached().rows(db)
}

/// Warnings that ended in the same way for the same reason.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OutcomeRow {
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome_reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub warnings: i64,
    #[diesel(sql_type = BigInt)]
    pub stake: i64,
    #[diesel(sql_type = BigInt)]
    pub yearly: i64,
}

/// Standing warnings, and those closed in a period, by state and reason.
pub fn warning_outcomes(
    db: &mut Db,
    visibility: &Visibility,
    (from, until): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<OutcomeRow>> {
    let mut statement = Statement::new(
        "SELECT w.status, w.outcome_reason, COUNT(*) AS warnings, CAST(SUM(w.stake) AS BIGINT) AS stake, \
         CAST(SUM(w.yearly) AS BIGINT) AS yearly FROM churn_warning w JOIN party p ON p.id = w.party_id \
         WHERE p.deleted_at IS NULL AND ",
    );
    push_visible(&mut statement, "p", visibility);
    statement.push(" AND (w.closed_on IS NULL OR (w.closed_on >= ").bind(from);
    statement.push(" AND w.closed_on <= ").bind(until).push("))");
    statement.push(" GROUP BY w.status, w.outcome_reason ORDER BY w.status, w.outcome_reason");
    statement.cached().rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SpendRow {
    #[diesel(sql_type = BigInt)]
    customers: i64,
    #[diesel(sql_type = BigInt)]
    net: i64,
}

/// Number of ordinary customers within sight, and their net revenue since a day, minor units.
pub fn ordinary_spend(
    db: &mut Db,
    visibility: &Visibility,
    since: NaiveDate,
    counting: regulars_domain::sales::CountsWhen,
) -> StoreResult<(i64, i64)> {
    let mut statement = Statement::new(format!(
        "SELECT COUNT(*) AS customers, CAST(COALESCE(SUM(x.net), 0) AS BIGINT) AS net FROM party p \
         JOIN customer_metric m ON m.party_id = p.id AND m.value_class = 'ordinary' LEFT JOIN (SELECT o.party_id, \
         CAST(SUM(o.net_base - {}) AS BIGINT) AS net FROM sales_order o WHERE {} AND {} AND o.ordered_on > ",
        super::counter::base_sql("o.returned"),
        super::counter::SALE,
        super::counter::counts_sql(counting),
    ));
    statement.bind(since).push(" GROUP BY o.party_id) x ON x.party_id = p.id WHERE p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    let row: Option<SpendRow> = statement.cached().first(db)?;
    Ok(row.map_or((0, 0), |row| (row.customers, row.net)))
}

/// The last warning of a customer that a person ended.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ClosedRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Date)]
    pub closed_on: NaiveDate,
}

/// The last warnings that people ended as kept or lost, of a unit's customers.
pub fn warnings_closed(db: &mut Db, unit: UnitId) -> StoreResult<Vec<ClosedRow>> {
    Statement::new(
        "SELECT w.party_id, w.status, w.closed_on FROM churn_warning w JOIN party p ON p.id = w.party_id \
         WHERE w.status IN ('kept', 'lost') AND w.closed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM churn_warning x \
         WHERE x.party_id = w.party_id AND x.status IN ('kept', 'lost') AND x.id > w.id)",
    )
    .with(" AND p.unit_id = ", unit)
    .cached()
    .rows(db)
}
