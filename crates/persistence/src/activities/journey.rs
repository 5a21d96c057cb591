//! Journeys: templates, those going on with customers, and the touchpoints that came up.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{JourneyId, JourneyRunId, PartyId, StationId, TaskId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

/// A template.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct JourneyRow {
    #[diesel(sql_type = SqlId)]
    pub id: JourneyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name_zh: String,
    #[diesel(sql_type = Text)]
    pub name_en: String,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = SqlJson)]
    pub about: Value,
    #[diesel(sql_type = SqlJson)]
    pub steps: Value,
    /// A touchpoint becomes a task so many days before it is due.
    #[diesel(sql_type = BigInt)]
    pub lead_days: i64,
    /// Starts again while one goes on with the same customer.
    #[diesel(sql_type = Bool)]
    pub again: bool,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub active_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const JOURNEY: &str = "SELECT j.id, j.unit_id, j.name_zh, j.name_en, j.event, j.about, j.steps, j.lead_days, j.again, \
     j.active, j.active_on, j.revision, j.version, j.created_at, j.updated_at FROM journey j WHERE j.deleted_at IS NULL";

pub fn journey_list(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<JourneyRow>> {
    let mut statement = Statement::new(JOURNEY);
    if let Some(unit) = unit {
        statement.push(" AND j.unit_id = ").bind(unit);
    }
    statement.push(" ORDER BY j.unit_id, j.id");
    statement.rows(db)
}

pub fn journey_get(db: &mut Db, id: JourneyId) -> StoreResult<Option<JourneyRow>> {
    Statement::new(JOURNEY).with(" AND j.id = ", id).cached().first(db)
}

pub fn journey_insert(db: &mut Db, row: JourneyRow) -> StoreResult<()> {
    insert(
        "journey",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("name_zh", row.name_zh.into()),
            ("name_en", row.name_en.into()),
            ("event", row.event.into()),
            ("about", row.about.into()),
            ("steps", row.steps.into()),
            ("lead_days", row.lead_days.into()),
            ("again", row.again.into()),
            ("active", row.active.into()),
            ("active_on", row.active_on.into()),
            ("revision", row.revision.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn journey_update(db: &mut Db, row: JourneyRow) -> StoreResult<bool> {
    update(
        "journey",
        [
            ("name_zh", row.name_zh.into()),
            ("name_en", row.name_en.into()),
            ("event", row.event.into()),
            ("about", row.about.into()),
            ("steps", row.steps.into()),
            ("lead_days", row.lead_days.into()),
            ("again", row.again.into()),
            ("active", row.active.into()),
            ("active_on", row.active_on.into()),
            ("revision", row.revision.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

pub fn journey_delete(db: &mut Db, id: JourneyId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    Statement::new("UPDATE journey SET version = version + 1, deleted_at = ").with("", now).run_if_at(db, id, version)
}

/// A journey that goes on with a customer.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RunRow {
    #[diesel(sql_type = SqlId)]
    pub id: JourneyRunId,
    #[diesel(sql_type = SqlId)]
    pub journey_id: JourneyId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Date)]
    pub started_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = SqlJson)]
    pub steps: Value,
    #[diesel(sql_type = BigInt)]
    pub lead_days: i64,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub wakes_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub started_by: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub ended_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// The same with its template and its customer, and where that stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RunRecord {
    #[diesel(embed)]
    pub own: RunRow,
    #[diesel(sql_type = Text)]
    pub name_zh: String,
    #[diesel(sql_type = Text)]
    pub name_en: String,
    #[diesel(sql_type = BigInt)]
    pub latest: i64,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

/// Lists runs as alias `r`, their customers as `p`.
pub const RUN_FROM: &str = "journey_run r JOIN party p ON p.id = r.party_id";

fn run_select() -> Statement {
    Statement::new(
        "SELECT r.id, r.journey_id, r.party_id, r.started_on, r.event, r.steps, r.lead_days, r.revision, r.status, \
         r.reason, r.wakes_on, r.started_by, r.ended_at, r.version, r.created_at, r.updated_at, j.name_zh, j.name_en, \
         j.revision AS latest, p.name AS party_name, p.unit_id, p.owner_id \
         FROM journey_run r JOIN party p ON p.id = r.party_id JOIN journey j ON j.id = r.journey_id",
    )
    .cached()
}

/// What runs are filtered and sorted by.
pub fn run_catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Instant, Integer, Ref};
    let fields = vec![
        Field::column("id", Ref, "r.id").of_ids(),
        Field::column("journey", Ref, "r.journey_id").of_ids(),
        Field::column("customer", Ref, "r.party_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("status", Choice, "r.status").sortable(),
        Field::column("started_on", Date, "r.started_on").sortable(),
        Field::rows("open_due", Date, "journey_station x WHERE x.run_id = r.id AND x.status = 'open'", "x.due_on"),
        Field::column("revision", Integer, "r.revision"),
        Field::column("created_at", Instant, "r.created_at").sortable(),
        Field::column("updated_at", Instant, "r.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

fn push_living(statement: &mut Statement, customers: &Visibility) {
    statement.push("p.deleted_at IS NULL AND ");
    push_visible(statement, "p", customers);
}

/// Runs of living customers within reach; with a text those whose customer's name it is part of.
pub fn run_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::default();
    push_living(&mut base, customers);
    if let Some(q) = q {
        base.push(" AND LOWER(p.name) LIKE ").bind(format!("%{}%", like_escaped(q))).push(" ESCAPE '\\'");
    }
    base
}

pub fn runs_get(db: &mut Db, ids: &[JourneyRunId], customers: &Visibility) -> StoreResult<Vec<RunRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = run_select().then(" WHERE r.id IN (");
    statement.bind_list(filled_up(ids)).push(") AND ");
    push_living(&mut statement, customers);
    statement.rows(db)
}

/// Those that go on and have something to do by a day, of living customers.
pub fn runs_to_wake(db: &mut Db, today: NaiveDate, limit: i64) -> StoreResult<Vec<JourneyRunId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: JourneyRunId,
    }
    let rows: Vec<Row> = Statement::new(
        "SELECT r.id FROM journey_run r JOIN party p ON p.id = r.party_id AND p.deleted_at IS NULL \
         WHERE r.status = 'running' AND r.wakes_on <= ",
    )
    .with("", today)
    .with(" ORDER BY r.wakes_on, r.id LIMIT ", limit)
    .cached()
    .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether one of a journey goes on with a customer.
pub fn run_goes_on(db: &mut Db, journey: JourneyId, party: PartyId) -> StoreResult<bool> {
    let count = Statement::new("SELECT COUNT(*) AS n FROM journey_run WHERE status = 'running'")
        .with(" AND party_id = ", party)
        .with(" AND journey_id = ", journey)
        .cached()
        .number(db)?;
    Ok(count > 0)
}

/// Begins one, unless one began for the customer on that day already; answers whether it did.
pub fn run_insert(db: &mut Db, row: RunRow) -> StoreResult<bool> {
    let done = insert(
        "journey_run",
        [
            ("id", row.id.into()),
            ("journey_id", row.journey_id.into()),
            ("party_id", row.party_id.into()),
            ("started_on", row.started_on.into()),
            ("event", row.event.into()),
            ("steps", row.steps.into()),
            ("lead_days", row.lead_days.into()),
            ("revision", row.revision.into()),
            ("status", row.status.into()),
            ("reason", row.reason.into()),
            ("wakes_on", row.wakes_on.into()),
            ("started_by", row.started_by.into()),
            ("ended_at", row.ended_at.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .then(" ON CONFLICT (journey_id, party_id, started_on) DO NOTHING")
    .run(db)?;
    Ok(done == 1)
}

/// Notes where a run stands; the version moves with what people do.
pub fn run_store(db: &mut Db, row: &RunRow) -> StoreResult<()> {
    update(
        "journey_run",
        [
            ("status", row.status.as_str().into()),
            ("reason", row.reason.clone().into()),
            ("wakes_on", row.wakes_on.into()),
            ("ended_at", row.ended_at.into()),
            ("version", row.version.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .run(db)?;
    Ok(())
}

/// A touchpoint that came up.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StationRow {
    #[diesel(sql_type = SqlId)]
    pub id: StationId,
    #[diesel(sql_type = SqlId)]
    pub run_id: JourneyRunId,
    #[diesel(sql_type = Text)]
    pub step: String,
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub task_id: Option<TaskId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub ended_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub ended_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub ended_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// The same with the names of whose task it is and who ended it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StationRecord {
    #[diesel(embed)]
    pub own: StationRow,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub assignee_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub assignee: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ended_by_name: Option<String>,
}

fn station_select() -> Statement {
    Statement::new(
        "SELECT s.id, s.run_id, s.step, s.due_on, s.status, s.task_id, s.note, s.ended_on, s.ended_at, s.ended_by, \
         s.created_at, o.id AS assignee_id, o.name AS assignee, e.name AS ended_by_name FROM journey_station s \
         LEFT JOIN task t ON t.id = s.task_id AND t.deleted_at IS NULL LEFT JOIN app_user o ON o.id = t.owner_id \
         LEFT JOIN app_user e ON e.id = s.ended_by",
    )
    .cached()
}

/// The touchpoints of runs that came up, run by run, in the order they were due.
pub fn stations_of(db: &mut Db, runs: &[JourneyRunId]) -> StoreResult<Vec<StationRecord>> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = station_select().then(" WHERE s.run_id IN (");
    statement.bind_list(filled_up(runs)).push(") ORDER BY s.run_id, s.due_on, s.id");
    statement.rows(db)
}

pub fn station_get(db: &mut Db, id: StationId) -> StoreResult<Option<StationRecord>> {
    station_select().with(" WHERE s.id = ", id).first(db)
}

pub fn station_of_task(db: &mut Db, task: TaskId) -> StoreResult<Option<StationRecord>> {
    station_select().with(" WHERE s.task_id = ", task).first(db)
}

/// Notes a touchpoint, unless that of the day is there already; answers whether it did.
pub fn station_insert(db: &mut Db, row: StationRow) -> StoreResult<bool> {
    let done = insert(
        "journey_station",
        [
            ("id", row.id.into()),
            ("run_id", row.run_id.into()),
            ("step", row.step.into()),
            ("due_on", row.due_on.into()),
            ("status", row.status.into()),
            ("task_id", row.task_id.into()),
            ("note", row.note.into()),
            ("ended_on", row.ended_on.into()),
            ("ended_at", row.ended_at.into()),
            ("ended_by", row.ended_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .then(" ON CONFLICT (run_id, step, due_on) DO NOTHING")
    .run(db)?;
    Ok(done == 1)
}

pub fn station_store(db: &mut Db, row: &StationRow) -> StoreResult<()> {
    update(
        "journey_station",
        [
            ("status", row.status.as_str().into()),
            ("task_id", row.task_id.into()),
            ("note", row.note.clone().into()),
            ("ended_on", row.ended_on.into()),
            ("ended_at", row.ended_at.into()),
            ("ended_by", row.ended_by.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .run(db)?;
    Ok(())
}

/// Runs of a journey by where they stand.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RunCount {
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = BigInt)]
    pub runs: i64,
    /// With an open touchpoint that is late.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
}

pub fn runs_counted(
    db: &mut Db,
    journey: JourneyId,
    today: NaiveDate,
    customers: &Visibility,
) -> StoreResult<Vec<RunCount>> {
    let mut statement = Statement::new(
        "SELECT r.status, COUNT(*) AS runs, CAST(SUM(CASE WHEN r.status = 'running' AND EXISTS (SELECT 1 FROM \
         journey_station s WHERE s.run_id = r.id AND s.status = 'open' AND s.due_on < ",
    );
    statement.bind(today).push(
        ") THEN 1 ELSE 0 END) AS BIGINT) AS late FROM journey_run r JOIN party p ON p.id = r.party_id \
         WHERE r.journey_id = ",
    );
    statement.bind(journey).push(" AND ");
    push_living(&mut statement, customers);
    statement.push(" GROUP BY r.status");
    statement.rows(db)
}

/// Touchpoints of a step by how they ended.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StationCount {
    #[diesel(sql_type = Text)]
    pub step: String,
    #[diesel(sql_type = BigInt)]
    pub done: i64,
    #[diesel(sql_type = BigInt)]
    pub on_time: i64,
    #[diesel(sql_type = BigInt)]
    pub skipped: i64,
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    #[diesel(sql_type = BigInt)]
    pub late: i64,
}

pub fn stations_counted(
    db: &mut Db,
    journey: JourneyId,
    today: NaiveDate,
    customers: &Visibility,
) -> StoreResult<Vec<StationCount>> {
    let count = |what: &str| format!("CAST(SUM(CASE WHEN {what} THEN 1 ELSE 0 END) AS BIGINT)");
    let mut statement = Statement::new(format!(
        "SELECT s.step, {} AS done, {} AS on_time, {} AS skipped, {} AS open, ",
        count("s.status = 'done'"),
        count("s.status = 'done' AND s.ended_on <= s.due_on"),
        count("s.status = 'skipped'"),
        count("s.status = 'open' AND r.status = 'running'"),
    ));
    statement.push("CAST(SUM(CASE WHEN s.status = 'open' AND r.status = 'running' AND s.due_on < ");
    statement.bind(today).push(
        " THEN 1 ELSE 0 END) AS BIGINT) AS late FROM journey_station s JOIN journey_run r ON r.id = s.run_id \
         JOIN party p ON p.id = r.party_id WHERE r.journey_id = ",
    );
    statement.bind(journey).push(" AND ");
    push_living(&mut statement, customers);
    statement.push(" GROUP BY s.step");
    statement.rows(db)
}
