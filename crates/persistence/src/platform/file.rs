//! Files, kept in the database in pieces: every node reads them, a backup holds them as of the same moment as the rows
//! that name them, and a file is there whole or named by nothing.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};

/// What is known of a file beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// SHA-256 of the bytes.
    pub id: Vec<u8>,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    /// A small JPEG, of a picture.
    pub thumbnail: Option<Vec<u8>>,
}

/// Notes a file whose pieces are about to come; of one that is there already, that it is wanted again.
pub fn file_begin(db: &mut Db, file: NewFile, now: DateTime<Utc>) -> StoreResult<()> {
    insert(
        "stored_file",
        [
            ("id", file.id.into()),
            ("size", file.size.into()),
            ("media_type", file.media_type.into()),
            ("thumbnail", file.thumbnail.into()),
            ("touched_at", now.into()),
        ],
    )
    .then(" ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at")
    .run(db)?;
    Ok(())
}

/// Keeps one piece; again changes nothing, for the same file has the same pieces.
pub fn file_piece_put(db: &mut Db, id: &[u8], position: i32, bytes: Vec<u8>) -> StoreResult<()> {
    insert(
        "stored_file_piece",
        [("file_id", id.to_vec().into()), ("position", position.into()), ("bytes", bytes.into())],
    )
    .then(" ON CONFLICT (file_id, position) DO NOTHING")
    .run(db)?;
    Ok(())
}

/// One piece, `None` behind the last.
pub fn file_piece(db: &mut Db, id: &[u8], position: i32) -> StoreResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Binary)]
        bytes: Vec<u8>,
    }
    let row: Option<Row> = Statement::new("SELECT bytes FROM stored_file_piece")
        .with(" WHERE file_id = ", id.to_vec())
        .with(" AND position = ", position)
        .cached()
        .first(db)?;
    Ok(row.map(|row| row.bytes))
}

const KEPT: &str = "(SELECT COALESCE(SUM(LENGTH(x.bytes)), 0) FROM stored_file_piece x WHERE x.file_id = f.id)";

/// Whether every byte of the file is there.
pub fn file_is_whole(db: &mut Db, id: &[u8]) -> StoreResult<bool> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Bool)]
        whole: bool,
    }
    let row: Option<Row> = Statement::new(format!("SELECT (f.size = {KEPT}) AS whole FROM stored_file f"))
        .with(" WHERE f.id = ", id.to_vec())
        .cached()
        .first(db)?;
    Ok(row.is_some_and(|row| row.whole))
}

/// The small picture of a file that has one.
pub fn file_thumbnail(db: &mut Db, id: &[u8]) -> StoreResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Nullable<Binary>)]
        thumbnail: Option<Vec<u8>>,
    }
    let row: Option<Row> =
        Statement::new("SELECT thumbnail FROM stored_file").with(" WHERE id = ", id.to_vec()).cached().first(db)?;
    Ok(row.and_then(|row| row.thumbnail))
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
}

/// Forgets up to `limit` files that nothing names and nobody has wanted since; answers how many there were.
pub fn files_forget(db: &mut Db, since: DateTime<Utc>, limit: i64) -> StoreResult<usize> {
    let rows: Vec<IdRow> = Statement::new("SELECT f.id FROM stored_file f")
        .with(" WHERE f.touched_at < ", since)
        .then(" AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.file_id = f.id)")
        .with(" LIMIT ", limit)
        .rows(db)?;
    for row in &rows {
        Statement::new("DELETE FROM stored_file_piece").with(" WHERE file_id = ", row.id.clone()).run(db)?;
        Statement::new("DELETE FROM stored_file").with(" WHERE id = ", row.id.clone()).run(db)?;
    }
    Ok(rows.len())
}

/// A file for a check-up.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FileStand {
    #[diesel(sql_type = Binary)]
    pub id: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    #[diesel(sql_type = BigInt)]
    pub kept: i64,
}

/// Files that something names, `limit` behind `after` in the order of their ids, with how much of each is there.
pub fn files_named(db: &mut Db, after: &[u8], limit: i64) -> StoreResult<Vec<FileStand>> {
    Statement::new(format!(
        "SELECT f.id, f.size, CAST({KEPT} AS BIGINT) AS kept, \
         (SELECT MIN(a.name) FROM attachment a WHERE a.file_id = f.id) AS name FROM stored_file f"
    ))
    .with(" WHERE f.id > ", after.to_vec())
    .then(" AND EXISTS (SELECT 1 FROM attachment a WHERE a.file_id = f.id)")
    .with(" ORDER BY f.id LIMIT ", limit)
    .rows(db)
}
