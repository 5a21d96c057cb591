//! Leads and opportunities, one record each, with what belongs to it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, LeadFormId, OpportunityId, PartyId, PipelineId, StageId, UnitId, UserId};

use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert, insert_batch, update};
use crate::types::{AnyId, SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OpportunityRow {
    #[diesel(sql_type = SqlId)]
    pub id: OpportunityId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    #[diesel(sql_type = SqlId)]
    pub pipeline_id: PipelineId,
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub form_id: Option<LeadFormId>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What its stage means.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    /// Minor units; 0 where nobody knows yet.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// Millionths of the company's currency for one.
    #[diesel(sql_type = BigInt)]
    pub exchange_rate: i64,
    #[diesel(sql_type = BigInt)]
    pub amount_base: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub expected_close: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub competitor: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub remarks: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lead_company: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lead_person: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lead_phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lead_email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub consent_text: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub plan_outcome: Option<String>,
    #[diesel(sql_type = SqlInstant)]
    pub stage_since: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub qualified_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

fn select() -> Statement {
    Statement::new(
        "SELECT o.id, o.unit_id, o.owner_id, o.party_id, o.pipeline_id, o.stage_id, o.form_id, o.kind, o.status, o.name, \
         o.name_key, o.amount, o.currency, o.exchange_rate, o.amount_base, o.expected_close, o.source, o.reason, \
         o.competitor, o.remarks, o.lead_company, o.lead_person, o.lead_phone, o.lead_email, o.consent_text, \
         o.plan_outcome, o.stage_since, o.qualified_at, o.closed_at, o.version, o.created_by, o.created_at, o.updated_at \
         FROM opportunity o WHERE o.deleted_at IS NULL AND ",
    )
    .cached()
}

/// A living one within sight.
pub fn opportunity_get(db: &mut Db, id: OpportunityId, reach: &Visibility) -> StoreResult<Option<OpportunityRow>> {
    let mut statement = select().with("o.id = ", id).then(" AND ");
    push_visible(&mut statement, "o", reach);
    statement.first(db)
}

/// Those of the ids that live, for who knows that they are within sight.
pub fn opportunities_get(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<Vec<OpportunityRow>> {
    let mut statement = select().then("o.id IN (");
    statement.bind_list(crate::sql::filled_up(ids)).push(")");
    statement.rows(db)
}

/// The living ones whose plans these steps stand in.
pub fn opportunities_of_steps(db: &mut Db, steps: &[AnyId]) -> StoreResult<Vec<OpportunityRow>> {
    let mut statement = select().then("o.id IN (SELECT s.opportunity_id FROM opportunity_step s WHERE s.id IN (");
    statement.bind_list(crate::sql::filled_up(steps)).push("))");
    statement.rows(db)
}

/// Names of living ones within reach.
pub fn opportunities_named(
    db: &mut Db,
    ids: &[OpportunityId],
    reach: &Visibility,
) -> StoreResult<Vec<(OpportunityId, String)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: OpportunityId,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let mut statement =
        Statement::new("SELECT o.id, o.name FROM opportunity o WHERE o.deleted_at IS NULL AND o.id IN (");
    statement.bind_list(crate::sql::filled_up(ids)).push(") AND ");
    push_visible(&mut statement, "o", reach);
    let rows: Vec<Row> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Notes which import brought it.
pub fn opportunity_imported_set(db: &mut Db, id: OpportunityId, import: ImportId) -> StoreResult<()> {
    update("opportunity", [("import_id", import.into())]).with(" WHERE id = ", id).cached().run(db)?;
    Ok(())
}

/// What an import brought and still lives, behind `after`, with its version.
pub fn opportunities_imported(
    db: &mut Db,
    import: ImportId,
    after: Uuid,
    limit: i64,
) -> StoreResult<Vec<(OpportunityId, i64)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: OpportunityId,
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let rows: Vec<Row> = Statement::new("SELECT id, version FROM opportunity WHERE deleted_at IS NULL")
        .with(" AND import_id = ", import)
        .with(" AND id > ", after)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// Living ones of these names within reach.
pub fn opportunities_of_names(db: &mut Db, names: &[String], reach: &Visibility) -> StoreResult<Vec<OpportunityRow>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for some in names.chunks(200) {
        let mut statement = select().then("o.name IN (");
        statement.bind_list(crate::sql::filled_up(some)).push(") AND ");
        push_visible(&mut statement, "o", reach);
        found.extend(statement.rows(db)?);
    }
    Ok(found)
}

/// A customer's that don't stand in the unit.
pub fn opportunities_elsewhere(db: &mut Db, party: PartyId, unit: UnitId) -> StoreResult<Vec<OpportunityRow>> {
    select().with("o.party_id = ", party).with(" AND o.unit_id <> ", unit).then(" ORDER BY o.id").rows(db)
}

pub fn opportunity_insert(db: &mut Db, row: OpportunityRow) -> StoreResult<()> {
    insert(
        "opportunity",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("party_id", row.party_id.into()),
            ("pipeline_id", row.pipeline_id.into()),
            ("stage_id", row.stage_id.into()),
            ("form_id", row.form_id.into()),
            ("kind", row.kind.into()),
            ("status", row.status.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("amount", row.amount.into()),
            ("currency", row.currency.into()),
            ("exchange_rate", row.exchange_rate.into()),
            ("amount_base", row.amount_base.into()),
            ("expected_close", row.expected_close.into()),
            ("source", row.source.into()),
            ("reason", row.reason.into()),
            ("competitor", row.competitor.into()),
            ("remarks", row.remarks.into()),
            ("lead_company", row.lead_company.into()),
            ("lead_person", row.lead_person.into()),
            ("lead_phone", row.lead_phone.into()),
            ("lead_email", row.lead_email.into()),
            ("consent_text", row.consent_text.into()),
            ("plan_outcome", row.plan_outcome.into()),
            ("stage_since", row.stage_since.into()),
            ("qualified_at", row.qualified_at.into()),
            ("closed_at", row.closed_at.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
            ("touched_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces the row if it still has `version`, which goes up by one; answers whether it had.
pub fn opportunity_update(db: &mut Db, row: OpportunityRow) -> StoreResult<bool> {
    update(
        "opportunity",
        [
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("party_id", row.party_id.into()),
            ("pipeline_id", row.pipeline_id.into()),
            ("stage_id", row.stage_id.into()),
            ("kind", row.kind.into()),
            ("status", row.status.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("amount", row.amount.into()),
            ("currency", row.currency.into()),
            ("exchange_rate", row.exchange_rate.into()),
            ("amount_base", row.amount_base.into()),
            ("expected_close", row.expected_close.into()),
            ("source", row.source.into()),
            ("reason", row.reason.into()),
            ("competitor", row.competitor.into()),
            ("remarks", row.remarks.into()),
            ("lead_company", row.lead_company.into()),
            ("lead_person", row.lead_person.into()),
            ("lead_phone", row.lead_phone.into()),
            ("lead_email", row.lead_email.into()),
            ("plan_outcome", row.plan_outcome.into()),
            ("stage_since", row.stage_since.into()),
            ("qualified_at", row.qualified_at.into()),
            ("closed_at", row.closed_at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

/// Deletes it if it still has `version`; answers whether it had.
pub fn opportunity_delete(db: &mut Db, id: OpportunityId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    Statement::new("UPDATE opportunity SET version = version + 1, deleted_at = ")
        .with("", now)
        .run_if_at(db, id, version)
}

/// Steps and history stand where their opportunities do.
pub fn opportunities_follow(db: &mut Db, id: OpportunityId, unit: UnitId, owner: Option<UserId>) -> StoreResult<()> {
    update("opportunity_step", [("unit_id", unit.into())])
        .with(" WHERE opportunity_id = ", id)
        .with(" AND unit_id <> ", unit)
        .run(db)?;
    update("opportunity_stage_change", [("unit_id", unit.into()), ("owner_id", owner.into())])
        .with(" WHERE opportunity_id = ", id)
        .run(db)?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ContactRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<Text>)]
    pub role: Option<String>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CompetitorRow {
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct NoteRow {
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub content: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub answer: Option<String>,
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StepRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    /// The opportunity's owner when absent.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    pub required: bool,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub result: Option<String>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub done_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub done_by: Option<UserId>,
}

/// What belongs to an opportunity besides its row, each list in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpportunityParts {
    pub contacts: Vec<ContactRow>,
    pub competitors: Vec<CompetitorRow>,
    pub notes: Vec<NoteRow>,
    pub steps: Vec<StepRow>,
}

fn of(columns: &str, table: &str, ids: &[OpportunityId]) -> Statement {
    let mut statement = Statement::new(format!("SELECT {columns} FROM {table} WHERE opportunity_id IN (")).cached();
    statement.bind_list(crate::sql::filled_up(ids)).push(") ORDER BY opportunity_id, position");
    statement
}

/// The parts of several opportunities together.
pub fn parts_of(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<OpportunityParts> {
    Ok(OpportunityParts {
        contacts: of("id, opportunity_id, party_id, role", "opportunity_contact", ids).rows(db)?,
        competitors: of("opportunity_id, name", "opportunity_competitor", ids).rows(db)?,
        notes: of("opportunity_id, kind, content, status, answer", "opportunity_note", ids).rows(db)?,
        steps: of(
            "id, opportunity_id, owner_id, title, due_on, required, status, result, done_at, done_by",
            "opportunity_step",
            ids,
        )
        .rows(db)?,
    })
}

/// Replaces those lists of an opportunity that differ from what it had.
pub fn parts_set(
    db: &mut Db,
    id: OpportunityId,
    unit: UnitId,
    before: &OpportunityParts,
    after: OpportunityParts,
) -> StoreResult<()> {
    let numbered = |rows: Vec<Vec<Bind>>| -> Vec<Vec<Bind>> {
        (0i64..).zip(rows).map(|(at, row)| [id.into(), at.into()].into_iter().chain(row).collect()).collect()
    };
    if before.contacts != after.contacts {
        clear(db, "opportunity_contact", id)?;
        let rows = after.contacts.into_iter().map(|one| vec![one.id.into(), one.party_id.into(), one.role.into()]);
        insert_batch(
            db,
            "opportunity_contact",
            &["opportunity_id", "position", "id", "party_id", "role"],
            numbered(rows.collect()),
        )?;
    }
    if before.competitors != after.competitors {
        clear(db, "opportunity_competitor", id)?;
        let rows = after.competitors.into_iter().map(|one| vec![one.name.into()]);
        insert_batch(db, "opportunity_competitor", &["opportunity_id", "position", "name"], numbered(rows.collect()))?;
    }
    if before.notes != after.notes {
        clear(db, "opportunity_note", id)?;
        let rows = after
            .notes
            .into_iter()
            .map(|one| vec![one.kind.into(), one.content.into(), one.status.into(), one.answer.into()]);
        let columns = ["opportunity_id", "position", "kind", "content", "status", "answer"];
        insert_batch(db, "opportunity_note", &columns, numbered(rows.collect()))?;
    }
    if before.steps != after.steps {
        clear(db, "opportunity_step", id)?;
        let rows = after.steps.into_iter().map(|one| {
            vec![
                one.id.into(),
                unit.into(),
                one.owner_id.into(),
                one.title.into(),
                one.due_on.into(),
                one.required.into(),
                one.status.into(),
                one.result.into(),
                one.done_at.into(),
                one.done_by.into(),
            ]
        });
        let columns = [
            "opportunity_id",
            "position",
            "id",
            "unit_id",
            "owner_id",
            "title",
            "due_on",
            "required",
            "status",
            "result",
            "done_at",
            "done_by",
        ];
        insert_batch(db, "opportunity_step", &columns, numbered(rows.collect()))?;
    }
    Ok(())
}

fn clear(db: &mut Db, table: &str, id: OpportunityId) -> StoreResult<()> {
    Statement::new(format!("DELETE FROM {table} WHERE opportunity_id = ")).with("", id).cached().run(db)?;
    Ok(())
}
