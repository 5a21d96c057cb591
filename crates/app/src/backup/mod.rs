//! Backups: the database and the files beside it in one ZIP that anyone can open, taken while the server writes.
//!
//! ```text
//! database.sqlite | database.pgdump     the whole database, as of one moment
//! files/imports/…  files/exports/…      what people uploaded and what was made for them
//! backup.json                           what it is, and the SHA-256 of every member; last, so that a half has none
//! ```

mod restore;
mod take;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use regulars_persistence::{Location, StoreError};
use serde::{Deserialize, Serialize};

pub use restore::backup_restore;
pub use take::backup_take;

/// Folders of the data directory that go with the database.
const FOLDERS: &[&str] = &["imports", "exports"];
const MANIFEST: &str = "backup.json";
/// The only form so far.
const FORM: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub form: u32,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The newest migration the database has had.
    pub level: String,
    pub taken_at: DateTime<Utc>,
    pub members: Vec<Member>,
}

/// One file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}")]
    Refused(String),
    #[error("{path}: {error}", path = .path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("not a sound backup: {0}")]
    Unsound(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub type BackupResult<T> = Result<T, BackupError>;

fn at(path: &Path) -> impl Fn(std::io::Error) -> BackupError + '_ {
    move |error| BackupError::File { path: path.to_path_buf(), error }
}

fn engine_of(location: &Location) -> (&'static str, &'static str) {
    match location {
        Location::Sqlite(_) => ("sqlite", "database.sqlite"),
        Location::Postgres(_) => ("postgres", "database.pgdump"),
    }
}

/// The path with something behind its name: for what stands beside it until it is whole.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
