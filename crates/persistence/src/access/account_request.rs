//! Requests for changes of accounts.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{AccountRequestId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AccountRequestRow {
    #[diesel(sql_type = SqlId)]
    pub id: AccountRequestId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    /// The unit in which it is dealt with: the person's, or that of the new account.
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// Whom it is about; of a new account since it was made.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub user_id: Option<UserId>,
    /// What is wanted, by kind.
    #[diesel(sql_type = SqlJson)]
    pub details: Value,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = SqlId)]
    pub asked_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub asked_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub decided_by: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub decision_note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub done_by: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub done_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

const COLUMNS: &str = "id, kind, status, unit_id, user_id, details, reason, asked_by, asked_at, decided_by, decided_at, \
                       decision_note, done_by, done_at, version";

/// Where requests are listed from, for [`crate::list`].
pub const ACCOUNT_REQUEST_FROM: &str = "account_request a";
pub const ACCOUNT_REQUEST_ID: &str = "a.id";

/// What requests can be filtered and sorted by.
pub fn account_request_catalogue() -> Catalogue {
    Catalogue {
        fields: vec![
            Field::column("status", FieldType::Choice, "a.status"),
            Field::column("kind", FieldType::Choice, "a.kind"),
            Field::column("unit", FieldType::Ref, "a.unit_id").of_ids(),
            Field::column("person", FieldType::Ref, "a.user_id").of_ids().nullable(),
            Field::column("asked_by", FieldType::Ref, "a.asked_by").of_ids(),
            Field::column("asked_at", FieldType::Instant, "a.asked_at").sortable(),
            Field::column("done_at", FieldType::Instant, "a.done_at").nullable().sortable(),
        ],
        ..Catalogue::default()
    }
}

/// Whose requests somebody sees besides those they asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestReach {
    Own,
    Unit(UnitId),
    Company,
}

/// The requests in reach.
pub fn account_request_scope(reach: RequestReach, person: UserId) -> Statement {
    match reach {
        RequestReach::Company => Statement::new("1 = 1"),
        RequestReach::Own => Statement::new("a.asked_by = ").with("", person),
        RequestReach::Unit(unit) => {
            Statement::new("(a.asked_by = ").with("", person).with(" OR a.unit_id = ", unit).then(")")
        }
    }
}

pub fn account_request_insert(db: &mut Db, row: AccountRequestRow) -> StoreResult<()> {
    insert(
        "account_request",
        [
            ("id", row.id.into()),
            ("kind", row.kind.into()),
            ("status", row.status.into()),
            ("unit_id", row.unit_id.into()),
            ("user_id", row.user_id.into()),
            ("details", row.details.into()),
            ("reason", row.reason.into()),
            ("asked_by", row.asked_by.into()),
            ("asked_at", row.asked_at.into()),
            ("decided_by", row.decided_by.into()),
            ("decided_at", row.decided_at.into()),
            ("decision_note", row.decision_note.into()),
            ("done_by", row.done_by.into()),
            ("done_at", row.done_at.into()),
            ("version", row.version.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn account_request_get(db: &mut Db, id: AccountRequestId) -> StoreResult<Option<AccountRequestRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM account_request")).with(" WHERE id = ", id).first(db)
}

/// These requests, in no order.
pub fn account_request_rows(
    db: &mut Db,
    ids: impl IntoIterator<Item = AccountRequestId>,
) -> StoreResult<Vec<AccountRequestRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM account_request WHERE id IN ("));
    statement.bind_list(ids).push(")");
    statement.rows(db)
}

/// Moves a request on if it still has `version`; answers whether it had.
pub fn account_request_update(db: &mut Db, row: AccountRequestRow) -> StoreResult<bool> {
    let changed = update(
        "account_request",
        [
            ("status", row.status.into()),
            ("user_id", row.user_id.into()),
            ("decided_by", row.decided_by.into()),
            ("decided_at", row.decided_at.into()),
            ("decision_note", row.decision_note.into()),
            ("done_by", row.done_by.into()),
            ("done_at", row.done_at.into()),
            ("version", (row.version + 1).into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Whether something is asked for about a person that nobody has dealt with yet.
pub fn account_request_open(db: &mut Db, user: UserId, kind: &str) -> StoreResult<bool> {
    let open = Statement::new("SELECT COUNT(*) AS n FROM account_request WHERE status IN ('asked', 'approved')")
        .with(" AND user_id = ", user)
        .with(" AND kind = ", kind);
    Ok(open.number(db)? > 0)
}
