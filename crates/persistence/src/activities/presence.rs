//! On which days people used the program, when they travel, and of which weeks they were told.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Date, Nullable, Text};
use regulars_domain::ids::{DepartmentId, TravelId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert};
use crate::types::{SqlId, SqlInstant};

/// Rows of one `INSERT`.
const BATCH: usize = 500;

/// Whose days are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleReach {
    Company,
    Unit(UnitId),
    /// One person, and everybody in these departments.
    Led(UserId, Vec<DepartmentId>),
}

/// Pushes a boolean expression over `app_user u`.
pub fn push_people(statement: &mut Statement, reach: &PeopleReach) {
    match reach {
        PeopleReach::Company => {
            statement.push("1 = 1");
        }
        PeopleReach::Unit(unit) => {
            statement.push("u.unit_id = ").bind(*unit);
        }
        PeopleReach::Led(person, departments) => {
            statement.push("(u.id = ").bind(*person).push(" OR u.department_id IN (");
            statement.bind_list(departments.iter().copied()).push("))");
        }
    }
}

/// Somebody with an account that lets them in.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PresentPerson {
    #[diesel(sql_type = SqlId)]
    pub id: UserId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub unit_name: String,
    #[diesel(sql_type = SqlId)]
    pub department_id: DepartmentId,
    #[diesel(sql_type = Text)]
    pub department_name: String,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// The people whose accounts let them in, by unit and name.
pub fn present_people(db: &mut Db, reach: &PeopleReach) -> StoreResult<Vec<PresentPerson>> {
    let mut statement = Statement::new(
        "SELECT u.id, u.name, u.unit_id, n.name AS unit_name, u.department_id, d.name AS department_name, u.created_at \
         FROM app_user u JOIN unit n ON n.id = u.unit_id JOIN department d ON d.id = u.department_id \
         WHERE u.active = TRUE AND u.frozen_at IS NULL AND ",
    );
    push_people(&mut statement, reach);
    statement.push(" ORDER BY n.code, n.id, u.name_key, u.id");
    statement.rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct DayRow {
    #[diesel(sql_type = SqlId)]
    user_id: UserId,
    #[diesel(sql_type = Date)]
    on_day: NaiveDate,
}

/// Notes that people used the program on a day.
pub fn use_days_insert(db: &mut Db, days: &[(UserId, NaiveDate)]) -> StoreResult<()> {
    for some in days.chunks(BATCH) {
        let mut statement = Statement::new("INSERT INTO use_day (user_id, on_day) VALUES ");
        for (index, (user, day)) in some.iter().enumerate() {
            let values: [Bind; 2] = [(*user).into(), (*day).into()];
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind_list(values).push(")");
        }
        statement.push(" ON CONFLICT (user_id, on_day) DO NOTHING");
        if some.len() == 1 { statement.cached() } else { statement }.run(db)?;
    }
    Ok(())
}

/// The days of use between two days, both counted.
pub fn use_days(
    db: &mut Db,
    reach: &PeopleReach,
    (from, to): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<(UserId, NaiveDate)>> {
    let mut statement = Statement::new(
        "SELECT d.user_id, d.on_day FROM use_day d JOIN app_user u ON u.id = d.user_id WHERE d.on_day >= ",
    );
    statement.bind(from).push(" AND d.on_day <= ").bind(to).push(" AND ");
    push_people(&mut statement, reach);
    let rows: Vec<DayRow> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.on_day)).collect())
}

/// The last day on which each of these people used the program; those who never did are absent.
pub fn last_uses(db: &mut Db, reach: &PeopleReach) -> StoreResult<HashMap<UserId, NaiveDate>> {
    let mut statement = Statement::new(
        "SELECT u.id AS user_id, (SELECT MAX(d.on_day) FROM use_day d WHERE d.user_id = u.id) AS on_day \
         FROM app_user u WHERE EXISTS (SELECT 1 FROM use_day e WHERE e.user_id = u.id) AND ",
    );
    push_people(&mut statement, reach);
    let rows: Vec<DayRow> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.on_day)).collect())
}

/// The first day of which it is known who used the program.
pub fn uses_known_from(db: &mut Db) -> StoreResult<Option<NaiveDate>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Nullable<Date>)]
        on_day: Option<NaiveDate>,
    }
    let row: Option<Row> = Statement::new("SELECT MIN(on_day) AS on_day FROM use_day").cached().first(db)?;
    Ok(row.and_then(|row| row.on_day))
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TravelRow {
    #[diesel(sql_type = SqlId)]
    pub id: TravelId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Date)]
    pub starts_on: NaiveDate,
    #[diesel(sql_type = Date)]
    pub ends_on: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = SqlId)]
    pub created_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// A journey with the name and the place of who travels.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TravelRecord {
    #[diesel(embed)]
    pub own: TravelRow,
    #[diesel(sql_type = Text)]
    pub user_name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub department_id: DepartmentId,
}

pub fn travel_insert(db: &mut Db, row: TravelRow) -> StoreResult<()> {
    insert(
        "travel",
        [
            ("id", row.id.into()),
            ("user_id", row.user_id.into()),
            ("starts_on", row.starts_on.into()),
            ("ends_on", row.ends_on.into()),
            ("note", row.note.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

fn travel_select() -> Statement {
    Statement::new(
        "SELECT t.id, t.user_id, t.starts_on, t.ends_on, t.note, t.created_by, t.created_at, u.name AS user_name, \
         u.unit_id, u.department_id FROM travel t JOIN app_user u ON u.id = t.user_id WHERE ",
    )
}

pub fn travel_get(db: &mut Db, id: TravelId) -> StoreResult<Option<TravelRecord>> {
    travel_select().with("t.id = ", id).first(db)
}

/// Journeys that touch the days between two, both counted, the latest first; of one person, or of all within reach.
pub fn travels(
    db: &mut Db,
    reach: &PeopleReach,
    user: Option<UserId>,
    (from, to): (NaiveDate, NaiveDate),
    limit: i64,
) -> StoreResult<Vec<TravelRecord>> {
    let mut statement = travel_select().with("t.ends_on >= ", from).with(" AND t.starts_on <= ", to).then(" AND ");
    push_people(&mut statement, reach);
    if let Some(user) = user {
        statement.push(" AND t.user_id = ").bind(user);
    }
    statement.push(" ORDER BY t.starts_on DESC, t.id DESC LIMIT ").bind(limit);
    statement.rows(db)
}

pub fn travel_delete(db: &mut Db, id: TravelId) -> StoreResult<()> {
    Statement::new("DELETE FROM travel").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Whether people were told of a week.
pub fn week_told(db: &mut Db, week: &str) -> StoreResult<bool> {
    let told = Statement::new("SELECT COUNT(*) AS n FROM discipline_week").with(" WHERE week = ", week);
    Ok(told.cached().number(db)? > 0)
}

/// Notes that people are told of a week; answers whether nobody had noted it.
pub fn week_tell(db: &mut Db, week: &str, at: DateTime<Utc>) -> StoreResult<bool> {
    let noted = insert("discipline_week", [("week", week.into()), ("told_at", at.into())]);
    Ok(noted.then(" ON CONFLICT (week) DO NOTHING").run(db)? == 1)
}

/// The unit administrators who can sign in, with their units.
pub fn unit_administrators(db: &mut Db) -> StoreResult<Vec<(UserId, UnitId)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: UserId,
        #[diesel(sql_type = SqlId)]
        unit_id: UnitId,
    }
    let rows: Vec<Row> = Statement::new(
        "SELECT DISTINCT u.id, u.unit_id FROM app_user u JOIN user_role x ON x.user_id = u.id \
         JOIN role r ON r.id = x.role_id \
         WHERE u.active = TRUE AND u.frozen_at IS NULL AND r.key = 'unit_administrator'",
    )
    .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.unit_id)).collect())
}
