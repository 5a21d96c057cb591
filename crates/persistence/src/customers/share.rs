//! Customers shared with people and departments beyond those whose own sight reaches them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::actor::Shares;
use regulars_domain::ids::{DepartmentId, PartyId, ShareId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};

/// To a user or to a department, never both.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ShareRow {
    #[diesel(sql_type = SqlId)]
    pub id: ShareId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub user_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub department_id: Option<DepartmentId>,
    #[diesel(sql_type = Bool)]
    pub may_edit: bool,
    /// From then on it is none.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub ends_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlId)]
    pub created_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// A share with the names of those it is about.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ShareRecord {
    #[diesel(embed)]
    pub own: ShareRow,
    #[diesel(sql_type = Nullable<Text>)]
    pub user_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub department_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub created_by_name: String,
}

fn share_select() -> Statement {
    Statement::new(
        "SELECT s.id, s.party_id, s.user_id, s.department_id, s.may_edit, s.ends_at, s.created_by, s.created_at, \
         u.name AS user_name, d.name AS department_name, b.name AS created_by_name FROM share s \
         JOIN app_user b ON b.id = s.created_by LEFT JOIN app_user u ON u.id = s.user_id \
         LEFT JOIN department d ON d.id = s.department_id",
    )
    .cached()
}

pub fn share_get(db: &mut Db, id: ShareId, now: DateTime<Utc>) -> StoreResult<Option<ShareRecord>> {
    let mut statement = share_select().with(" WHERE s.id = ", id);
    push_live(&mut statement, now);
    statement.first(db)
}

/// The shares of a customer that have not ended, the oldest first.
pub fn shares_of(db: &mut Db, party: PartyId, now: DateTime<Utc>) -> StoreResult<Vec<ShareRecord>> {
    let mut statement = share_select().with(" WHERE s.party_id = ", party);
    push_live(&mut statement, now);
    statement.then(" ORDER BY s.id").rows(db)
}

fn push_live(statement: &mut Statement, now: DateTime<Utc>) {
    statement.push(" AND (s.ends_at IS NULL OR s.ends_at > ").bind(now).push(")");
}

/// Units with customers that are shared with this person or their department.
pub fn share_units(
    db: &mut Db,
    user: UserId,
    department: DepartmentId,
    now: DateTime<Utc>,
) -> StoreResult<Vec<UnitId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        unit_id: UnitId,
    }
    let mut statement =
        Statement::new("SELECT DISTINCT p.unit_id FROM share s JOIN party p ON p.id = s.party_id WHERE (s.user_id = ")
            .cached();
    statement.bind(user).push(" OR s.department_id = ").bind(department).push(")");
    push_live(&mut statement, now);
    let rows: Vec<Row> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}

/// Pushes the parties that are shared with a person.
pub(crate) fn push_shared(statement: &mut Statement, shares: &Shares) {
    statement.push("SELECT s.party_id FROM share s WHERE (s.user_id = ").bind(shares.user_id);
    statement.push(" OR s.department_id = ").bind(shares.department_id).push(")");
    if shares.edit {
        statement.push(" AND s.may_edit = TRUE");
    }
    push_live(statement, shares.at);
}

/// The customers that are shared with a person.
pub fn shared_parties(db: &mut Db, shares: &Shares) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        party_id: PartyId,
    }
    let mut statement = Statement::default();
    push_shared(&mut statement, shares);
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.party_id).collect())
}

pub fn share_insert(db: &mut Db, row: ShareRow) -> StoreResult<()> {
    insert(
        "share",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("user_id", row.user_id.into()),
            ("department_id", row.department_id.into()),
            ("may_edit", row.may_edit.into()),
            ("ends_at", row.ends_at.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Sets how far and until when a share goes.
pub fn share_set(db: &mut Db, id: ShareId, may_edit: bool, ends_at: Option<DateTime<Utc>>) -> StoreResult<()> {
    update("share", [("may_edit", may_edit.into()), ("ends_at", ends_at.into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}

pub fn share_delete(db: &mut Db, id: ShareId) -> StoreResult<()> {
    Statement::new("DELETE FROM share").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// What shares are ended together by.
#[derive(Debug, Clone, Copy)]
pub enum SharesOf {
    Party(PartyId),
    User(UserId),
    Department(DepartmentId),
}

/// Ends all shares of a customer, or to a user or a department; answers how many there were.
pub fn shares_end(db: &mut Db, of: SharesOf) -> StoreResult<usize> {
    let statement = Statement::new("DELETE FROM share");
    match of {
        SharesOf::Party(id) => statement.with(" WHERE party_id = ", id),
        SharesOf::User(id) => statement.with(" WHERE user_id = ", id),
        SharesOf::Department(id) => statement.with(" WHERE department_id = ", id),
    }
    .run(db)
}

/// Forgets shares that ended before; answers how many there were.
pub fn shares_ended_forget(db: &mut Db, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM share").with(" WHERE ends_at <= ", before).run(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many shares of a customer have not ended.
pub fn shares_count(db: &mut Db, party: PartyId, now: DateTime<Utc>) -> StoreResult<i64> {
    let mut statement =
        Statement::new("SELECT COUNT(*) AS n FROM share s").cached().with(" WHERE s.party_id = ", party);
    push_live(&mut statement, now);
    let row: Option<CountRow> = statement.first(db)?;
    Ok(row.map_or(0, |row| row.n))
}
