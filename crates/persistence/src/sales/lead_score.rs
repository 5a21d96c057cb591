//! Scores of leads: how each unit has them learnt, what came of it, what is known of a lead, and the scores.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::ids::{LeadFormId, OpportunityId, PartyId, PipelineId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

/// What a unit set.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ScoringRow {
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlJson)]
    pub settings: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub updated_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// Settings of a unit, or of all that set something.
pub fn scorings_get(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<ScoringRow>> {
    let mut statement =
        Statement::new("SELECT s.unit_id, s.settings, s.version, s.updated_by, s.updated_at FROM lead_scoring s");
    if let Some(unit) = unit {
        statement.push(" WHERE s.unit_id = ").bind(unit);
    }
    statement.cached().rows(db)
}

/// Puts the row in the place of the one there was.
pub fn scoring_put(db: &mut Db, row: ScoringRow) -> StoreResult<()> {
    insert(
        "lead_scoring",
        [
            ("unit_id", row.unit_id.into()),
            ("settings", row.settings.into()),
            ("version", row.version.into()),
            ("updated_by", row.updated_by.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .then(
        " ON CONFLICT (unit_id) DO UPDATE SET settings = excluded.settings, version = excluded.version, \
         updated_by = excluded.updated_by, updated_at = excluded.updated_at",
    )
    .run(db)?;
    Ok(())
}

/// A try to learn from the closed leads of a unit.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FitRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// The settings it was tried with.
    #[diesel(sql_type = SqlJson)]
    pub settings: Value,
    /// Leads that were closed from then on.
    #[diesel(sql_type = SqlInstant)]
    pub since: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub won: i64,
    #[diesel(sql_type = BigInt)]
    pub lost: i64,
    /// A key of `domain::lead_score::Refusal`; what was learnt is in force without one.
    #[diesel(sql_type = Nullable<Text>)]
    pub refusal: Option<String>,
    /// `analytics::scorecard::Card`.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub card: Option<Value>,
    /// Area under the ROC curve on cases held out, its standard error, and how many those were.
    #[diesel(sql_type = Nullable<Double>)]
    pub auc: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    pub auc_error: Option<f64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub held_out: Option<i64>,
    /// Absent when nobody in particular asked.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub fitted_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub fitted_at: DateTime<Utc>,
}

/// The tries of a unit, the latest first.
pub fn fits_of(db: &mut Db, unit: UnitId, limit: i64) -> StoreResult<Vec<FitRow>> {
    Statement::new(
        "SELECT f.id, f.unit_id, f.settings, f.since, f.won, f.lost, f.refusal, f.card, f.auc, f.auc_error, f.held_out, \
         f.fitted_by, f.fitted_at FROM lead_score_fit f",
    )
    .with(" WHERE f.unit_id = ", unit)
    .with(" ORDER BY f.fitted_at DESC, f.id DESC LIMIT ", limit)
    .cached()
    .rows(db)
}

/// When each unit tried last.
pub fn fits_last(db: &mut Db) -> StoreResult<HashMap<UnitId, DateTime<Utc>>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        unit_id: UnitId,
        #[diesel(sql_type = SqlInstant)]
        at: DateTime<Utc>,
    }
    let rows: Vec<Row> =
        Statement::new("SELECT f.unit_id, MAX(f.fitted_at) AS at FROM lead_score_fit f GROUP BY f.unit_id")
            .cached()
            .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.at)).collect())
}

/// Units in which any lead was ever.
pub fn units_with_leads(db: &mut Db) -> StoreResult<Vec<UnitId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: UnitId,
    }
    let rows: Vec<Row> = Statement::new(
        "SELECT u.id FROM unit u WHERE EXISTS (SELECT 1 FROM opportunity o WHERE o.unit_id = u.id \
         AND o.deleted_at IS NULL) ORDER BY u.id",
    )
    .cached()
    .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub fn fit_insert(db: &mut Db, row: FitRow) -> StoreResult<()> {
    insert(
        "lead_score_fit",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("settings", row.settings.into()),
            ("since", row.since.into()),
            ("won", row.won.into()),
            ("lost", row.lost.into()),
            ("refusal", row.refusal.into()),
            ("card", row.card.into()),
            ("auc", row.auc.into()),
            ("auc_error", row.auc_error.into()),
            ("held_out", row.held_out.into()),
            ("fitted_by", row.fitted_by.into()),
            ("fitted_at", row.fitted_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: OpportunityId,
}

fn ids(statement: &Statement, db: &mut Db) -> StoreResult<Vec<OpportunityId>> {
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.id).collect())
}

/// The newest so many that a unit won or lost since a moment, in the order of their ids.
pub fn closed_of_unit(db: &mut Db, unit: UnitId, since: DateTime<Utc>, limit: i64) -> StoreResult<Vec<OpportunityId>> {
    let statement = Statement::new(
        "SELECT c.id FROM (SELECT o.id FROM opportunity o WHERE o.deleted_at IS NULL AND o.status IN ('won', 'lost')",
    )
    .with(" AND o.unit_id = ", unit)
    .with(" AND o.closed_at >= ", since)
    .with(" ORDER BY o.closed_at DESC, o.id DESC LIMIT ", limit)
    .then(") c ORDER BY c.id");
    ids(&statement.cached(), db)
}

const OPEN: &str = "o.deleted_at IS NULL AND o.status NOT IN ('won', 'lost')";

/// The next of a unit that are not closed, in the order of their ids.
pub fn open_of_unit(
    db: &mut Db,
    unit: UnitId,
    after: Option<OpportunityId>,
    limit: i64,
) -> StoreResult<Vec<OpportunityId>> {
    let mut statement =
        Statement::new(format!("SELECT o.id FROM opportunity o WHERE {OPEN}")).with(" AND o.unit_id = ", unit);
    if let Some(after) = after {
        statement.push(" AND o.id > ").bind(after);
    }
    ids(&statement.with(" ORDER BY o.id LIMIT ", limit).cached(), db)
}

/// What is not closed of these customers.
pub fn open_of_parties(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<OpportunityId>> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(format!("SELECT o.id FROM opportunity o WHERE {OPEN} AND o.party_id IN ("));
    statement.bind_list(filled_up(parties)).push(") ORDER BY o.id");
    ids(&statement.cached(), db)
}

/// What is known of a lead besides its contacts and custom fields: of its beginning, and of its customer.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct LeadFactRow {
    #[diesel(sql_type = SqlId)]
    pub id: OpportunityId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub form_id: Option<LeadFormId>,
    #[diesel(sql_type = SqlId)]
    pub pipeline_id: PipelineId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    /// The amount it began with, in minor units of the company's currency.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub customer_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub industry: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub province: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub city: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub first_order_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub score: Option<i64>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub score_reasons: Option<Value>,
}

/// The living of these, in the order of their ids.
pub fn lead_facts(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<Vec<LeadFactRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT o.id, o.unit_id, o.status, o.source, o.form_id, o.pipeline_id, o.created_at, h.amount_base AS amount, \
         p.kind AS customer_kind, p.industry, a.province, a.city, m.first_order_on, o.score, o.score_reasons \
         FROM opportunity o \
         LEFT JOIN opportunity_stage_change h ON h.opportunity_id = o.id AND h.from_stage_id IS NULL \
         LEFT JOIN party p ON p.id = o.party_id AND p.deleted_at IS NULL \
         LEFT JOIN party_address a ON a.party_id = p.id AND a.position = 0 \
         LEFT JOIN customer_metric m ON m.party_id = p.id \
         WHERE o.deleted_at IS NULL AND o.id IN (",
    );
    statement.bind_list(filled_up(ids)).push(") ORDER BY o.id, h.id");
    let mut rows: Vec<LeadFactRow> = statement.cached().rows(db)?;
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// The contacts of these, one row each; their ids tell when they were named.
pub fn lead_contacts(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<Vec<(OpportunityId, AnyId)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        opportunity_id: OpportunityId,
        #[diesel(sql_type = SqlId)]
        id: AnyId,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("SELECT c.opportunity_id, c.id FROM opportunity_contact c WHERE c.opportunity_id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    let rows: Vec<Row> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| (row.opportunity_id, row.id)).collect())
}

/// A score, with the attributes that gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadScoreRow {
    pub id: OpportunityId,
    pub score: i64,
    pub reasons: Value,
}

/// Writes scores; versions stay, for nobody edited anything.
pub fn lead_scores_write(db: &mut Db, rows: Vec<LeadScoreRow>) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut statement =
        Statement::new("UPDATE opportunity SET score = v.column2, score_reasons = v.column3 FROM (VALUES ");
    for (at, row) in rows.into_iter().enumerate() {
        statement.push(if at == 0 { "(" } else { ", (" }).bind(row.id).push(", ").bind(row.score).push(", ");
        statement.bind(row.reasons).push(")");
    }
    statement.push(") AS v WHERE opportunity.id = v.column1");
    statement.run(db)?;
    Ok(())
}

/// The scores of these.
pub fn lead_scores_of(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<HashMap<OpportunityId, (i64, Option<Value>)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: OpportunityId,
        #[diesel(sql_type = BigInt)]
        score: i64,
        #[diesel(sql_type = Nullable<SqlJson>)]
        score_reasons: Option<Value>,
    }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut statement = Statement::new(
        "SELECT o.id, o.score, o.score_reasons FROM opportunity o WHERE o.score IS NOT NULL AND o.id IN (",
    );
    statement.bind_list(filled_up(ids)).push(")");
    let rows: Vec<Row> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, (row.score, row.score_reasons))).collect())
}
