//! Forms on the web that make leads, who takes them in turn, and every time one was sent.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{LeadFormId, OpportunityId, PipelineId, StageId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, insert_batch, update};
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FormRow {
    #[diesel(sql_type = SqlId)]
    pub id: LeadFormId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// Who takes its leads; those of the turn when absent.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = SqlId)]
    pub pipeline_id: PipelineId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub stage_id: Option<StageId>,
    /// Its public name.
    #[diesel(sql_type = Text)]
    pub token: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub intro: Option<String>,
    #[diesel(sql_type = SqlJson)]
    pub fields: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub consent_text: Option<String>,
    #[diesel(sql_type = Bool)]
    pub consent_required: bool,
    #[diesel(sql_type = SqlJson)]
    pub purposes: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub thanks: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub redirect_url: Option<String>,
    #[diesel(sql_type = SqlJson)]
    pub origins: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    /// Leads it made, times it was sent again, times no person sent it.
    #[diesel(sql_type = BigInt)]
    pub leads: i64,
    #[diesel(sql_type = BigInt)]
    pub repeated: i64,
    #[diesel(sql_type = BigInt)]
    pub trapped: i64,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

impl FormRow {
    /// A form that asks nothing yet.
    pub fn blank(id: LeadFormId, unit_id: UnitId, token: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            unit_id,
            owner_id: None,
            pipeline_id: PipelineId(uuid::Uuid::nil()),
            stage_id: None,
            token,
            name: String::new(),
            title: String::new(),
            intro: None,
            fields: Value::Array(Vec::new()),
            consent_text: None,
            consent_required: false,
            purposes: Value::Array(Vec::new()),
            thanks: None,
            redirect_url: None,
            origins: Value::Array(Vec::new()),
            source: None,
            active: true,
            leads: 0,
            repeated: 0,
            trapped: 0,
            last_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

fn select() -> Statement {
    Statement::new(
        "SELECT f.id, f.unit_id, f.owner_id, f.pipeline_id, f.stage_id, f.token, f.name, f.title, f.intro, f.fields, \
         f.consent_text, f.consent_required, f.purposes, f.thanks, f.redirect_url, f.origins, f.source, f.active, f.leads, \
         f.repeated, f.trapped, f.last_at, f.version, f.created_at, f.updated_at FROM lead_form f",
    )
    .cached()
}

/// Those of one unit, or of all.
pub fn form_list(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<FormRow>> {
    let mut statement = select();
    if let Some(unit) = unit {
        statement.push(" WHERE f.unit_id = ").bind(unit);
    }
    statement.then(" ORDER BY f.active DESC, f.name, f.id").rows(db)
}

pub fn form_get(db: &mut Db, id: LeadFormId) -> StoreResult<Option<FormRow>> {
    select().with(" WHERE f.id = ", id).first(db)
}

/// The one that a page on the web names.
pub fn form_by_token(db: &mut Db, token: &str) -> StoreResult<Option<FormRow>> {
    select().with(" WHERE f.token = ", token).first(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct NameRow {
    #[diesel(sql_type = SqlId)]
    id: LeadFormId,
    #[diesel(sql_type = Text)]
    name: String,
}

pub fn form_names(db: &mut Db, ids: &[LeadFormId]) -> StoreResult<Vec<(LeadFormId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT f.id, f.name FROM lead_form f WHERE f.id IN (");
    statement.bind_list(ids.iter().copied()).push(")");
    Ok(statement.rows::<NameRow>(db)?.into_iter().map(|row| (row.id, row.name)).collect())
}

pub fn form_insert(db: &mut Db, row: FormRow) -> StoreResult<()> {
    insert(
        "lead_form",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("pipeline_id", row.pipeline_id.into()),
            ("stage_id", row.stage_id.into()),
            ("token", row.token.into()),
            ("name", row.name.into()),
            ("title", row.title.into()),
            ("intro", row.intro.into()),
            ("fields", row.fields.into()),
            ("consent_text", row.consent_text.into()),
            ("consent_required", row.consent_required.into()),
            ("purposes", row.purposes.into()),
            ("thanks", row.thanks.into()),
            ("redirect_url", row.redirect_url.into()),
            ("origins", row.origins.into()),
            ("source", row.source.into()),
            ("active", row.active.into()),
            ("leads", row.leads.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what people wrote if it still has `version`; answers whether it had.
pub fn form_update(db: &mut Db, row: FormRow) -> StoreResult<bool> {
    let changed = update(
        "lead_form",
        [
            ("owner_id", row.owner_id.into()),
            ("pipeline_id", row.pipeline_id.into()),
            ("stage_id", row.stage_id.into()),
            ("name", row.name.into()),
            ("title", row.title.into()),
            ("intro", row.intro.into()),
            ("fields", row.fields.into()),
            ("consent_text", row.consent_text.into()),
            ("consent_required", row.consent_required.into()),
            ("purposes", row.purposes.into()),
            ("thanks", row.thanks.into()),
            ("redirect_url", row.redirect_url.into()),
            ("origins", row.origins.into()),
            ("source", row.source.into()),
            ("active", row.active.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Takes a form away; a conflict once it was sent.
pub fn form_delete(db: &mut Db, id: LeadFormId) -> StoreResult<()> {
    Statement::new("DELETE FROM lead_form_person WHERE form_id = ").with("", id).run(db)?;
    Statement::new("DELETE FROM lead_form WHERE id = ").with("", id).run(db)?;
    Ok(())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct PersonRow {
    #[diesel(sql_type = SqlId)]
    form_id: LeadFormId,
    #[diesel(sql_type = SqlId)]
    user_id: UserId,
}

/// Who takes the leads of forms in turn, in their order.
pub fn people_of(db: &mut Db, ids: &[LeadFormId]) -> StoreResult<Vec<(LeadFormId, UserId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT p.form_id, p.user_id FROM lead_form_person p WHERE p.form_id IN (");
    statement.bind_list(ids.iter().copied()).push(") ORDER BY p.form_id, p.position");
    Ok(statement.rows::<PersonRow>(db)?.into_iter().map(|row| (row.form_id, row.user_id)).collect())
}

pub fn people_set(db: &mut Db, id: LeadFormId, people: &[UserId]) -> StoreResult<()> {
    Statement::new("DELETE FROM lead_form_person WHERE form_id = ").with("", id).run(db)?;
    let rows = (0i64..).zip(people).map(|(at, user)| vec![id.into(), at.into(), (*user).into()]).collect();
    insert_batch(db, "lead_form_person", &["form_id", "position", "user_id"], rows)
}

/// Those of a unit's people who work there and may enter, of the ids, in no order.
pub fn people_active(db: &mut Db, unit: UnitId, ids: &[UserId]) -> StoreResult<Vec<UserId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: UserId,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("SELECT u.id FROM app_user u WHERE u.active = TRUE AND u.frozen_at IS NULL AND u.unit_id = ");
    statement.bind(unit).push(" AND u.id IN (").bind_list(ids.iter().copied()).push(")");
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.id).collect())
}

/// What became of a form that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Lead,
    Again,
    Trapped,
}

/// Counts it; no edit of a person.
pub fn form_count(db: &mut Db, id: LeadFormId, sent: Sent, now: DateTime<Utc>) -> StoreResult<()> {
    let column = match sent {
        Sent::Lead => "leads",
        Sent::Again => "repeated",
        Sent::Trapped => "trapped",
    };
    let mut statement = Statement::new(format!("UPDATE lead_form SET {column} = {column} + 1"));
    if sent != Sent::Trapped {
        statement.push(", last_at = ").bind(now);
    }
    statement.with(" WHERE id = ", id).cached().run(db)?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SubmissionRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub form_id: LeadFormId,
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub repeated: bool,
    /// Where somebody came from: an object of texts.
    #[diesel(sql_type = SqlJson)]
    pub attribution: Value,
    /// What was agreed to: a list of channel and purpose.
    #[diesel(sql_type = SqlJson)]
    pub purposes: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub consent_text: Option<String>,
}

pub fn submission_insert(db: &mut Db, row: SubmissionRow, address_hash: Option<Vec<u8>>) -> StoreResult<()> {
    insert(
        "lead_submission",
        [
            ("id", row.id.into()),
            ("form_id", row.form_id.into()),
            ("opportunity_id", row.opportunity_id.into()),
            ("at", row.at.into()),
            ("repeated", row.repeated.into()),
            ("address_hash", address_hash.into()),
            ("attribution", row.attribution.into()),
            ("purposes", row.purposes.into()),
            ("consent_text", row.consent_text.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Every time the forms behind an opportunity were sent, the latest first.
pub fn submissions_of(db: &mut Db, opportunity: OpportunityId) -> StoreResult<Vec<SubmissionRow>> {
    Statement::new(
        "SELECT s.id, s.form_id, s.opportunity_id, s.at, s.repeated, s.attribution, s.purposes, s.consent_text \
         FROM lead_submission s",
    )
    .with(" WHERE s.opportunity_id = ", opportunity)
    .then(" ORDER BY s.at DESC, s.id DESC LIMIT 200")
    .cached()
    .rows(db)
}

/// How often an address has sent a form since then.
pub fn submissions_from(db: &mut Db, form: LeadFormId, address: &[u8], since: DateTime<Utc>) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM lead_submission s")
        .with(" WHERE s.form_id = ", form)
        .with(" AND s.at > ", since)
        .with(" AND s.address_hash = ", address.to_vec())
        .cached()
        .number(db)
}

/// The lead that the form made of this phone or e-mail since then, whatever became of it.
pub fn submission_like(
    db: &mut Db,
    form: LeadFormId,
    (phone, email): (Option<&str>, Option<&str>),
    since: DateTime<Utc>,
) -> StoreResult<Option<OpportunityId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: OpportunityId,
    }
    let mut statement =
        Statement::new("SELECT o.id FROM lead_submission s JOIN opportunity o ON o.id = s.opportunity_id")
            .with(" WHERE s.form_id = ", form)
            .with(" AND s.at > ", since)
            .then(" AND (1 = 0");
    for (column, value) in [("o.lead_phone", phone), ("o.lead_email", email)] {
        if let Some(value) = value {
            statement.push(format!(" OR {column} = ")).bind(value);
        }
    }
    Ok(statement.then(") ORDER BY s.at, s.id LIMIT 1").first::<Row>(db)?.map(|row| row.id))
}
