//! Tasks, and the customers they are about.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, TaskId, TaskPartyId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TaskRow {
    #[diesel(sql_type = SqlId)]
    pub id: TaskId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub remarks: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: String,
    /// 1 before 2 before 3.
    #[diesel(sql_type = BigInt)]
    pub priority: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    /// `HH:MM` by the clocks of the business time zone; absent: any time of the day.
    #[diesel(sql_type = Nullable<Text>)]
    pub due_time: Option<String>,
    /// From when on it is overdue.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub remind_minutes: Option<i64>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub remind_at: Option<DateTime<Utc>>,
    /// `[{"text": …, "done": …}]`
    #[diesel(sql_type = SqlJson)]
    pub checklist: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome: Option<String>,
    /// A rule of RFC 5545 without `RRULE:`.
    #[diesel(sql_type = Nullable<Text>)]
    pub recurrence: Option<String>,
    /// The first day of the series.
    #[diesel(sql_type = Nullable<Date>)]
    pub starts_on: Option<NaiveDate>,
    /// The day of the series this one stands for, whenever it was put off to.
    #[diesel(sql_type = Nullable<Date>)]
    pub occurs_on: Option<NaiveDate>,
    /// The one that came of finishing this.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub next_id: Option<TaskId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub done_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub done_by: Option<UserId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A task with the names of those who have to do with it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TaskRecord {
    #[diesel(embed)]
    pub own: TaskRow,
    #[diesel(sql_type = Text)]
    pub owner_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub done_by_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub created_by_name: Option<String>,
}

/// Lists tasks as alias `t`.
pub const TASK_FROM: &str = "task t";

const COLUMNS: &str = "t.id, t.unit_id, t.owner_id, t.title, t.remarks, t.status, t.priority, t.due_on, t.due_time, \
     t.due_at, t.remind_minutes, t.remind_at, t.checklist, t.outcome, t.recurrence, t.starts_on, t.occurs_on, t.next_id, \
     t.done_at, t.done_by, t.version, t.created_by, t.created_at, t.updated_at";

fn select() -> Statement {
    Statement::new(format!(
        "SELECT {COLUMNS}, o.name AS owner_name, d.name AS done_by_name, c.name AS created_by_name \
         FROM task t JOIN app_user o ON o.id = t.owner_id \
         LEFT JOIN app_user d ON d.id = t.done_by LEFT JOIN app_user c ON c.id = t.created_by"
    ))
    .cached()
}

/// What tasks are filtered and sorted by.
pub fn task_catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Instant, Integer, Ref, Set, Text as Words};
    let fields = vec![
        Field::column("id", Ref, "t.id").of_ids(),
        Field::column("title", Words, "t.title").sortable(),
        Field::column("status", Choice, "t.status").sortable(),
        Field::column("owner", Ref, "t.owner_id").of_ids(),
        Field::column("department", Ref, "(SELECT u.department_id FROM app_user u WHERE u.id = t.owner_id)").of_ids(),
        Field::column("unit", Ref, "t.unit_id").of_ids(),
        Field::rows("customer", Set, "task_party x WHERE x.task_id = t.id", "x.party_id").of_ids(),
        Field::column("priority", Integer, "t.priority").sortable(),
        Field::column("due_on", Date, "t.due_on").nullable().sortable(),
        Field::column("due_at", Instant, "t.due_at").nullable().sortable(),
        Field::column("done_at", Instant, "t.done_at").nullable().sortable(),
        Field::column("created_by", Ref, "t.created_by").of_ids().nullable(),
        Field::column("created_at", Instant, "t.created_at").sortable(),
        Field::column("updated_at", Instant, "t.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Tasks within reach; with a text those in whose title or remarks it is.
pub fn task_base(reach: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("t.deleted_at IS NULL AND ");
    push_visible(&mut base, "t", reach);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        base.push(" AND (LOWER(t.title) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(t.remarks) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}

pub fn tasks_get(db: &mut Db, ids: &[TaskId], reach: &Visibility) -> StoreResult<Vec<TaskRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = select().then(" WHERE t.id IN (");
    statement.bind_list(filled_up(ids)).push(") AND t.deleted_at IS NULL AND ");
    push_visible(&mut statement, "t", reach);
    statement.rows(db)
}

/// A customer that a task is about.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TaskPartyRow {
    #[diesel(sql_type = SqlId)]
    pub task_id: TaskId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// The living customers within reach that tasks are about, in the order they were named. Two that were merged into one
/// may both be told.
pub fn task_parties(db: &mut Db, ids: &[TaskId], customers: &Visibility) -> StoreResult<Vec<TaskPartyRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT x.task_id, x.party_id, p.name FROM task_party x JOIN party p ON p.id = x.party_id WHERE x.task_id IN (",
    );
    statement.bind_list(filled_up(ids)).push(") AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", customers);
    statement.push(" ORDER BY x.task_id, x.position, x.id");
    statement.cached().rows(db)
}

/// Makes a task be about these customers instead of those; of others that it is about nothing is said.
pub fn task_parties_set(db: &mut Db, task: TaskId, instead_of: &[PartyId], parties: &[PartyId]) -> StoreResult<()> {
    if !instead_of.is_empty() {
        let mut gone = Statement::new("DELETE FROM task_party").with(" WHERE task_id = ", task);
        gone.push(" AND party_id IN (").bind_list(instead_of.iter().copied()).push(")").run(db)?;
    }
    let rows = (0_i64..)
        .zip(parties)
        .map(|(position, party)| -> Vec<Bind> {
            vec![TaskPartyId::fresh().into(), task.into(), (*party).into(), position.into()]
        })
        .collect();
    insert_batch(db, "task_party", &["id", "task_id", "party_id", "position"], rows)
}

/// Everyone a task is about, within reach or not.
pub fn task_parties_all(db: &mut Db, task: TaskId) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        party_id: PartyId,
    }
    let rows: Vec<Row> = Statement::new("SELECT x.party_id FROM task_party x")
        .with(" WHERE x.task_id = ", task)
        .then(" ORDER BY x.position, x.id")
        .cached()
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.party_id).collect())
}

pub fn task_insert(db: &mut Db, row: TaskRow) -> StoreResult<()> {
    insert(
        "task",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("title", row.title.into()),
            ("remarks", row.remarks.into()),
            ("status", row.status.into()),
            ("priority", row.priority.into()),
            ("due_on", row.due_on.into()),
            ("due_time", row.due_time.into()),
            ("due_at", row.due_at.into()),
            ("remind_minutes", row.remind_minutes.into()),
            ("remind_at", row.remind_at.into()),
            ("checklist", row.checklist.into()),
            ("outcome", row.outcome.into()),
            ("recurrence", row.recurrence.into()),
            ("starts_on", row.starts_on.into()),
            ("occurs_on", row.occurs_on.into()),
            ("next_id", row.next_id.into()),
            ("done_at", row.done_at.into()),
            ("done_by", row.done_by.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn task_update(db: &mut Db, row: TaskRow) -> StoreResult<bool> {
    update(
        "task",
        [
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("title", row.title.into()),
            ("remarks", row.remarks.into()),
            ("status", row.status.into()),
            ("priority", row.priority.into()),
            ("due_on", row.due_on.into()),
            ("due_time", row.due_time.into()),
            ("due_at", row.due_at.into()),
            ("remind_minutes", row.remind_minutes.into()),
            ("remind_at", row.remind_at.into()),
            ("checklist", row.checklist.into()),
            ("outcome", row.outcome.into()),
            ("recurrence", row.recurrence.into()),
            ("starts_on", row.starts_on.into()),
            ("occurs_on", row.occurs_on.into()),
            ("next_id", row.next_id.into()),
            ("done_at", row.done_at.into()),
            ("done_by", row.done_by.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

pub fn task_delete(db: &mut Db, id: TaskId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    Statement::new("UPDATE task SET version = version + 1, deleted_at = ").with("", now).run_if_at(db, id, version)
}

/// Takes back the next of a series as long as nobody has touched it; answers whether nobody had.
pub fn task_unmade(db: &mut Db, id: TaskId, now: DateTime<Utc>) -> StoreResult<bool> {
    let gone = Statement::new("UPDATE task SET version = version + 1, deleted_at = ")
        .with("", now)
        .with(" WHERE id = ", id)
        .then(" AND version = 1 AND status = 'open' AND deleted_at IS NULL")
        .run(db)?;
    Ok(gone == 1)
}

/// Open tasks of whose owners somebody wanted a reminder between two moments, none of which was given, the earliest
/// first. A moment that had passed when the task was made reminds of nothing.
pub fn tasks_to_remind(
    db: &mut Db,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> StoreResult<Vec<TaskRow>> {
    let mut statement = Statement::new(format!(
        "SELECT {COLUMNS} FROM task t \
         WHERE t.status = 'open' AND t.deleted_at IS NULL AND t.remind_at > "
    ));
    statement.bind(after).push(" AND t.remind_at <= ").bind(until);
    statement.push(
        " AND t.remind_at >= t.created_at AND (t.reminded_at IS NULL OR t.reminded_at <> t.remind_at) \
         ORDER BY t.remind_at, t.id LIMIT ",
    );
    statement.bind(limit);
    statement.cached().rows(db)
}

/// Notes that the owners of these were reminded as they stand.
pub fn tasks_reminded(db: &mut Db, ids: &[TaskId]) -> StoreResult<()> {
    let mut statement = Statement::new("UPDATE task SET reminded_at = remind_at WHERE id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.cached().run(db)?;
    Ok(())
}
