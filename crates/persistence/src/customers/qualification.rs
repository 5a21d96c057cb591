//! Templates by which units take customers on, and the qualifications made from them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, QualificationId, QualificationTemplateId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TemplateRow {
    #[diesel(sql_type = SqlId)]
    pub id: QualificationTemplateId,
    /// Of the whole company when there is none.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = SqlJson)]
    pub definition: Value,
    /// New parties get no code without it.
    #[diesel(sql_type = Bool)]
    pub required: bool,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

fn template_select() -> Statement {
    Statement::new(
        "SELECT t.id, t.unit_id, t.name, t.definition, t.required, t.active, t.version, t.created_at, t.updated_at \
         FROM qualification_template t",
    )
    .cached()
}

pub fn template_get(db: &mut Db, id: QualificationTemplateId) -> StoreResult<Option<TemplateRow>> {
    template_select().with(" WHERE t.id = ", id).first(db)
}

/// Templates of the company and of a unit, or of every unit, by name.
pub fn template_list(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<TemplateRow>> {
    let mut statement = template_select();
    if let Some(unit) = unit {
        statement.push(" WHERE t.unit_id IS NULL OR t.unit_id = ").bind(unit);
    }
    statement.then(" ORDER BY t.name, t.id").rows(db)
}

/// Whether new parties of a unit wait for a qualification before they get a code.
pub fn qualification_required(db: &mut Db, unit: UnitId) -> StoreResult<bool> {
    let count = Statement::new(
        "SELECT COUNT(*) AS n FROM qualification_template t WHERE t.active = TRUE AND t.required = TRUE \
         AND (t.unit_id IS NULL OR t.unit_id = ",
    )
    .with("", unit)
    .then(")")
    .cached()
    .number(db)?;
    Ok(count > 0)
}

pub fn template_insert(db: &mut Db, row: TemplateRow) -> StoreResult<()> {
    insert(
        "qualification_template",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("definition", row.definition.into()),
            ("required", row.required.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn template_update(db: &mut Db, row: TemplateRow) -> StoreResult<bool> {
    let changed = update(
        "qualification_template",
        [
            ("name", row.name.into()),
            ("definition", row.definition.into()),
            ("required", row.required.into()),
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

pub fn template_delete(db: &mut Db, id: QualificationTemplateId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM qualification_template")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .run(db)?;
    Ok(gone == 1)
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct QualificationRow {
    #[diesel(sql_type = SqlId)]
    pub id: QualificationId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub template_id: QualificationTemplateId,
    /// The template as it was when this began.
    #[diesel(sql_type = SqlJson)]
    pub definition: Value,
    #[diesel(sql_type = Text)]
    pub status: String,
    /// What was found out: criteria, steps, proposal.
    #[diesel(sql_type = SqlJson)]
    pub answers: Value,
    /// Every proposal with its approvals, in their order.
    #[diesel(sql_type = SqlJson)]
    pub rounds: Value,
    /// Whose approval comes next.
    #[diesel(sql_type = BigInt)]
    pub stage: i64,
    #[diesel(sql_type = SqlId)]
    pub started_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub proposed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A qualification with what a view shows beside it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct QualificationRecord {
    #[diesel(embed)]
    pub own: QualificationRow,
    #[diesel(sql_type = Text)]
    pub template_name: String,
    #[diesel(sql_type = Text)]
    pub customer: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner: Option<String>,
    #[diesel(sql_type = Text)]
    pub started_by_name: String,
}

/// Lists qualifications as alias `q`, with their customer as `p`.
pub const QUALIFICATION_FROM: &str = "qualification q JOIN party p ON p.id = q.party_id";
pub const QUALIFICATION_ID: &str = "q.id";

fn select() -> Statement {
    Statement::new(
        "SELECT q.id, q.party_id, q.template_id, q.definition, q.status, q.answers, q.rounds, q.stage, q.started_by, \
         q.started_at, q.proposed_at, q.decided_at, q.version, q.updated_at, t.name AS template_name, \
         p.name AS customer, p.code, p.unit_id, pu.name AS unit, p.owner_id, po.name AS owner, s.name AS started_by_name \
         FROM qualification q JOIN party p ON p.id = q.party_id JOIN qualification_template t ON t.id = q.template_id \
         JOIN unit pu ON pu.id = p.unit_id LEFT JOIN app_user po ON po.id = p.owner_id \
         JOIN app_user s ON s.id = q.started_by WHERE p.deleted_at IS NULL AND ",
    )
    .cached()
}

/// Pushes the predicate of qualifications of living customers within reach.
pub fn push_qualifications(statement: &mut Statement, reach: &Visibility) {
    statement.push("p.deleted_at IS NULL AND ");
    push_visible(statement, "p", reach);
}

/// A qualification whose customer is within reach.
pub fn qualification_get(
    db: &mut Db,
    id: QualificationId,
    reach: &Visibility,
) -> StoreResult<Option<QualificationRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", reach);
    statement.with(" AND q.id = ", id).first(db)
}

/// Qualifications within reach by id, in no order.
pub fn qualifications_by_id(
    db: &mut Db,
    ids: &[QualificationId],
    reach: &Visibility,
) -> StoreResult<Vec<QualificationRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", reach);
    statement.push(" AND q.id IN (").bind_list(ids.iter().copied()).push(")");
    statement.rows(db)
}

/// All of a customer, the latest first.
pub fn qualifications_of(db: &mut Db, party: PartyId, reach: &Visibility) -> StoreResult<Vec<QualificationRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", reach);
    statement.with(" AND q.party_id = ", party).then(" ORDER BY q.id DESC").rows(db)
}

/// Those within reach that wait for an approval, the longest waiting first.
pub fn qualifications_proposed(db: &mut Db, reach: &Visibility, limit: i64) -> StoreResult<Vec<QualificationRecord>> {
    let mut statement = select();
    push_visible(&mut statement, "p", reach);
    statement.then(" AND q.status = 'proposed'").with(" ORDER BY q.proposed_at, q.id LIMIT ", limit).rows(db)
}

/// Whether a customer has a qualification that is not over.
pub fn qualification_under_way(db: &mut Db, party: PartyId) -> StoreResult<bool> {
    let count = Statement::new("SELECT COUNT(*) AS n FROM qualification")
        .with(" WHERE party_id = ", party)
        .then(" AND status IN ('open', 'proposed', 'rejected', 'approved')")
        .cached()
        .number(db)?;
    Ok(count > 0)
}

pub fn qualification_insert(db: &mut Db, row: QualificationRow) -> StoreResult<()> {
    let (party, status) = (row.party_id, row.status.clone());
    insert(
        "qualification",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("template_id", row.template_id.into()),
            ("definition", row.definition.into()),
            ("status", row.status.into()),
            ("answers", row.answers.into()),
            ("rounds", row.rounds.into()),
            ("stage", row.stage.into()),
            ("started_by", row.started_by.into()),
            ("started_at", row.started_at.into()),
            ("proposed_at", row.proposed_at.into()),
            ("decided_at", row.decided_at.into()),
            ("version", row.version.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    party_qualification_set(db, party, &status)
}

/// Replaces what happens to a qualification if the row still has `version`; answers whether it had.
pub fn qualification_update(db: &mut Db, row: QualificationRow) -> StoreResult<bool> {
    let (party, status) = (row.party_id, row.status.clone());
    let changed = update(
        "qualification",
        [
            ("status", row.status.into()),
            ("answers", row.answers.into()),
            ("rounds", row.rounds.into()),
            ("stage", row.stage.into()),
            ("proposed_at", row.proposed_at.into()),
            ("decided_at", row.decided_at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    if changed == 1 {
        party_qualification_set(db, party, &status)?;
    }
    Ok(changed == 1)
}

/// The customer's row keeps how far its latest qualification is: lists filter by it and show it.
fn party_qualification_set(db: &mut Db, party: PartyId, status: &str) -> StoreResult<()> {
    update("party", [("qualification", status.into())]).with(" WHERE id = ", party).run(db)?;
    Ok(())
}

/// Keeps anew how far the latest qualification of customers is: a merge has moved some.
pub fn qualification_refresh(db: &mut Db, parties: &[PartyId]) -> StoreResult<()> {
    let mut statement = Statement::new(
        "UPDATE party SET qualification = (SELECT q.status FROM qualification q WHERE q.party_id = party.id \
         ORDER BY q.id DESC LIMIT 1) WHERE id IN (",
    );
    statement.bind_list(parties.iter().copied()).push(")").run(db)?;
    Ok(())
}

/// The fields of qualifications for filters and sorts.
pub fn qualification_catalogue() -> Catalogue {
    use FieldType::{Choice, Instant, Ref};
    let fields = vec![
        Field::column("status", Choice, "q.status").sortable(),
        Field::column("template", Ref, "q.template_id").of_ids(),
        Field::column("customer", Ref, "q.party_id").of_ids(),
        Field::column("unit", Ref, "p.unit_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("started_by", Ref, "q.started_by").of_ids(),
        Field::column("started_at", Instant, "q.started_at").sortable(),
        Field::column("proposed_at", Instant, "q.proposed_at").nullable().sortable(),
        Field::column("updated_at", Instant, "q.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}
