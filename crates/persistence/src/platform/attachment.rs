//! What hangs where: a file under a name at a subject. Who may see the subject is asked before anything here.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use regulars_domain::ids::{AttachmentId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AttachmentRow {
    #[diesel(sql_type = SqlId)]
    pub id: AttachmentId,
    /// `customer` and the like: which table `subject_id` is of.
    #[diesel(sql_type = Text)]
    pub subject_type: String,
    #[diesel(sql_type = SqlId)]
    pub subject_id: AnyId,
    #[diesel(sql_type = Binary)]
    pub file_id: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it is to the subject.
    #[diesel(sql_type = Nullable<Text>)]
    pub kind: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlId)]
    pub created_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// An attachment with what a view shows beside it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AttachmentRecord {
    #[diesel(embed)]
    pub own: AttachmentRow,
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    #[diesel(sql_type = Text)]
    pub media_type: String,
    #[diesel(sql_type = Bool)]
    pub has_thumbnail: bool,
    #[diesel(sql_type = Text)]
    pub created_by_name: String,
}

fn select() -> Statement {
    Statement::new(
        "SELECT a.id, a.subject_type, a.subject_id, a.file_id, a.name, a.kind, a.version, a.created_by, a.created_at, \
         a.updated_at, a.deleted_at, f.size, f.media_type, (f.thumbnail IS NOT NULL) AS has_thumbnail, \
         u.name AS created_by_name FROM attachment a JOIN stored_file f ON f.id = a.file_id \
         JOIN app_user u ON u.id = a.created_by",
    )
    .cached()
}

/// Deleted ones too: they can be restored.
pub fn attachment_get(db: &mut Db, id: AttachmentId) -> StoreResult<Option<AttachmentRecord>> {
    select().with(" WHERE a.id = ", id).first(db)
}

/// What hangs at a subject, the newest first.
pub fn attachments_of(db: &mut Db, subject: AnyId) -> StoreResult<Vec<AttachmentRecord>> {
    select().with(" WHERE a.subject_id = ", subject.0).then(" AND a.deleted_at IS NULL ORDER BY a.id DESC").rows(db)
}

pub fn attachments_count(db: &mut Db, subject: AnyId) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM attachment")
        .with(" WHERE subject_id = ", subject.0)
        .then(" AND deleted_at IS NULL")
        .cached()
        .number(db)
}

pub fn attachment_insert(db: &mut Db, row: AttachmentRow) -> StoreResult<()> {
    insert(
        "attachment",
        [
            ("id", row.id.into()),
            ("subject_type", row.subject_type.into()),
            ("subject_id", row.subject_id.0.into()),
            ("file_id", row.file_id.into()),
            ("name", row.name.into()),
            ("kind", row.kind.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces name, kind and deletion if the row still has `version`; answers whether it had.
pub fn attachment_update(db: &mut Db, row: AttachmentRow) -> StoreResult<bool> {
    let changed = update(
        "attachment",
        [
            ("name", row.name.into()),
            ("kind", row.kind.into()),
            ("deleted_at", row.deleted_at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Forgets what was deleted before; answers how many there were.
pub fn attachments_forget(db: &mut Db, before: DateTime<Utc>) -> StoreResult<usize> {
    Statement::new("DELETE FROM attachment").with(" WHERE deleted_at < ", before).run(db)
}
