//! Notices: what people are told, each of one person.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{NoticeId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up};
use crate::types::{SqlId, SqlInstant, SqlJson};

/// Rows of one `INSERT`.
const BATCH: usize = 500;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct NoticeRow {
    #[diesel(sql_type = SqlId)]
    pub id: NoticeId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub cause: String,
    #[diesel(sql_type = SqlJson)]
    pub params: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub link: Option<String>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: NoticeId,
}

/// Lists notices as alias `n`.
pub const NOTICE_FROM: &str = "notice n";

/// What notices are filtered by.
pub fn notice_catalogue() -> Catalogue {
    let fields = vec![
        Field::column("id", FieldType::Ref, "n.id").of_ids(),
        Field::column("kind", FieldType::Choice, "n.kind"),
        Field::column("unread", FieldType::Bool, "(n.read_at IS NULL)"),
        Field::column("created_at", FieldType::Instant, "n.created_at"),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Those of one person.
pub fn notice_base(user: UserId) -> Statement {
    Statement::default().with("n.user_id = ", user)
}

pub fn notices_get(db: &mut Db, ids: &[NoticeId], user: UserId) -> StoreResult<Vec<NoticeRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT n.id, n.user_id, n.kind, n.cause, n.params, n.link, n.created_at, n.read_at FROM notice n \
         WHERE n.id IN (",
    );
    statement.bind_list(filled_up(ids)).push(") AND n.user_id = ").bind(user);
    statement.cached().rows(db)
}

pub fn notices_unread(db: &mut Db, user: UserId) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM notice")
        .with(" WHERE user_id = ", user)
        .then(" AND read_at IS NULL")
        .cached()
        .number(db)
}

/// Tells what was not told before, and answers which that was.
pub fn notices_insert(db: &mut Db, rows: &[NoticeRow]) -> StoreResult<Vec<NoticeId>> {
    let mut told = Vec::new();
    for some in rows.chunks(BATCH) {
        let mut statement =
            Statement::new("INSERT INTO notice (id, user_id, kind, cause, params, link, created_at) VALUES ");
        for (index, row) in some.iter().enumerate() {
            let values: [Bind; 7] = [
                row.id.into(),
                row.user_id.into(),
                (&row.kind).into(),
                (&row.cause).into(),
                row.params.clone().into(),
                row.link.clone().into(),
                row.created_at.into(),
            ];
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind_list(values).push(")");
        }
        statement.push(" ON CONFLICT (user_id, cause) DO NOTHING RETURNING id");
        let statement = if some.len() == 1 { statement.cached() } else { statement };
        let fresh: Vec<IdRow> = statement.rows(db)?;
        told.extend(fresh.into_iter().map(|row| row.id));
    }
    Ok(told)
}

/// Notes that one was read; answers whether it had been unread.
pub fn notice_read(db: &mut Db, id: NoticeId, user: UserId, at: DateTime<Utc>) -> StoreResult<bool> {
    let read = Statement::new("UPDATE notice SET read_at = ").with("", at).with(" WHERE id = ", id);
    Ok(read.with(" AND user_id = ", user).then(" AND read_at IS NULL").cached().run(db)? == 1)
}

/// Notes that everything up to one of them was read, or everything there is.
pub fn notices_read(db: &mut Db, user: UserId, up_to: Option<NoticeId>, at: DateTime<Utc>) -> StoreResult<usize> {
    let mut read = Statement::new("UPDATE notice SET read_at = ").with("", at).with(" WHERE user_id = ", user);
    read.push(" AND read_at IS NULL");
    if let Some(last) = up_to {
        read.push(" AND id <= ").bind(last);
    }
    read.cached().run(db)
}

/// Forgets what was told before an instant.
pub fn notices_forget(db: &mut Db, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM notice").with(" WHERE created_at < ", before).cached().run(db)
}
