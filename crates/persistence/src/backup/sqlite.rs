//! SQLite: `VACUUM INTO` copies a snapshot while the server writes; a rename puts a copy in place.

use std::fs::{File, remove_file, rename};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, SqliteConnection};

use crate::db::Db;
use crate::error::{StoreError, StoreResult};
use crate::migrate::migration_level;
use crate::sql::Statement;

fn opened(path: &str) -> StoreResult<Db> {
    let mut connection = SqliteConnection::establish(path).map_err(StoreError::connect)?;
    connection.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;")?;
    Ok(Db::Sqlite(connection))
}

fn file_fault(path: &Path) -> impl Fn(std::io::Error) -> StoreError + '_ {
    move |error| match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Internal(format!("{}: {error}", path.display())),
    }
}

pub fn copy(path: &str, to: &Path) -> StoreResult<()> {
    if !Path::new(path).exists() {
        return Err(StoreError::Internal(format!("there is no database at {path}")));
    }
    let mut db = opened(path)?;
    Statement::new("VACUUM INTO ").with("", to.display().to_string()).run(&mut db)?;
    File::open(to).and_then(|file| file.sync_all()).map_err(file_fault(to))
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct Finding {
    #[diesel(sql_type = diesel::sql_types::Text)]
    finding: String,
}

/// What SQLite's own check of every page, index and constraint finds; nothing when all is well.
pub fn integrity_findings(db: &mut Db) -> StoreResult<Vec<String>> {
    let rows: Vec<Finding> =
        Statement::new("SELECT integrity_check AS finding FROM pragma_integrity_check").rows(db)?;
    Ok(rows.into_iter().map(|row| row.finding).filter(|finding| finding != "ok").collect())
}

pub fn check(copy: &Path) -> StoreResult<Option<String>> {
    let mut db = opened(&copy.display().to_string())?;
    let findings = integrity_findings(&mut db)?;
    match findings.first() {
        Some(first) => Err(StoreError::Internal(format!("the copy is damaged: {first}"))),
        None => migration_level(&mut db),
    }
}

/// The copy takes the file's name in one step. SQLite leaves its write-ahead mode only when nobody else has the file
/// open: that both tells whether a server runs on it and folds the old file's log in, so that none is left behind
/// to be taken for the new file's.
pub fn place(path: &str, copy: &Path) -> StoreResult<()> {
    let target = Path::new(path);
    if target.exists() {
        let mut connection = SqliteConnection::establish(path).map_err(StoreError::connect)?;
        connection
            .batch_execute("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; ROLLBACK;")
            .map_err(|_| StoreError::Busy(format!("{path} is in use: stop the server first")))?;
    }
    for suffix in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{path}{suffix}"));
        if beside.exists() {
            remove_file(&beside).map_err(file_fault(&beside))?;
        }
    }
    rename(copy, target).map_err(file_fault(target))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(file_fault(folder))
}
