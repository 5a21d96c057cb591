//! Putting a backup in place: everything is unpacked and checked beside the target first; then one step makes it real.

use std::collections::BTreeSet;
use std::fs::{File, create_dir_all, read_dir, remove_dir_all, remove_file, rename};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use regulars_persistence::backup::{Occupied, copy_check, database_place, location_occupied};
use regulars_persistence::migrate::level_known;
use regulars_persistence::{Location, StoreError};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::{BackupError, BackupResult, FOLDERS, FORM, MANIFEST, Manifest, Member, at, beside, engine_of};
use crate::access::token::hex;

/// Restores `from` to the location and `data_dir`. A company that stands there is replaced only when `replace` says so.
/// Whatever fails, what stood there stands.
pub fn backup_restore(location: &Location, data_dir: &Path, from: &Path, replace: bool) -> BackupResult<Manifest> {
    let mut archive = ZipArchive::new(File::open(from).map_err(at(from))?).map_err(unsound)?;
    let manifest = manifest_of(&mut archive)?;
    let database = fitting(&manifest, location)?;
    if !replace && location_occupied(location)? == Occupied::Company {
        return Err(BackupError::Refused(
            "a company stands there already; --replace puts the backup in its place".into(),
        ));
    }
    create_dir_all(data_dir).map_err(at(data_dir))?;
    // Beside the SQLite file, so that it only has to be renamed.
    let staging = match location {
        Location::Sqlite(path) => beside(Path::new(path), ".restoring"),
        Location::Postgres(_) => data_dir.join("restoring"),
    };
    let restored = place(&mut archive, &manifest, (location, data_dir), (&staging, database));
    if staging.exists() {
        remove_dir_all(&staging).map_err(at(&staging))?;
    }
    restored?;
    if replace {
        strangers_remove(data_dir, &manifest)?;
    }
    Ok(manifest)
}

fn unsound(error: impl std::fmt::Display) -> BackupError {
    BackupError::Unsound(error.to_string())
}

fn manifest_of(archive: &mut ZipArchive<File>) -> BackupResult<Manifest> {
    /// More than any list of files takes.
    const MOST: u64 = 256 << 20;
    let member = archive.by_name(MANIFEST).map_err(unsound)?;
    let manifest: Manifest = serde_json::from_reader(member.take(MOST)).map_err(unsound)?;
    if manifest.form != FORM {
        return Err(BackupError::Refused(format!("form {} of a newer release", manifest.form)));
    }
    Ok(manifest)
}

/// The name of the database's member, if this program and this kind of database can take it.
fn fitting(manifest: &Manifest, location: &Location) -> BackupResult<&'static str> {
    let (engine, name) = engine_of(location);
    if manifest.engine != engine {
        return Err(BackupError::Refused(format!("a backup of {} cannot be restored to {engine}", manifest.engine)));
    }
    let known = level_known()?;
    if manifest.level > known {
        let level = &manifest.level;
        return Err(BackupError::Refused(format!(
            "the backup is at schema {level}, newer than this program's {known}: restore it with the newer release"
        )));
    }
    Ok(name)
}

fn place(
    archive: &mut ZipArchive<File>,
    manifest: &Manifest,
    (location, data_dir): (&Location, &Path),
    (staging, database): (&Path, &str),
) -> BackupResult<()> {
    if staging.exists() {
        remove_dir_all(staging).map_err(at(staging))?;
    }
    for member in &manifest.members {
        unpack(archive, member, staging)?;
    }
    let copy = staging.join(database);
    if !copy.exists() {
        return Err(BackupError::Unsound(format!("{database} is missing")));
    }
    let found = copy_check(location, &copy).map_err(tool_missing)?;
    if found.is_some_and(|level| level != manifest.level) {
        return Err(BackupError::Unsound("the database is at another schema than the backup says".into()));
    }
    for folder in FOLDERS {
        let (unpacked, target) = (staging.join("files").join(folder), data_dir.join(folder));
        create_dir_all(&target).map_err(at(&target))?;
        for entry in read_dir(&unpacked).into_iter().flatten() {
            let entry = entry.map_err(at(&unpacked))?;
            move_file(&entry.path(), &target.join(entry.file_name()))?;
        }
    }
    database_place(location, &copy).map_err(tool_missing)
}

fn tool_missing(error: StoreError) -> BackupError {
    match error {
        StoreError::NotFound => BackupError::Refused(
            "PostgreSQL's client programs pg_restore and psql are not here (Debian: apt-get install postgresql-client)"
                .into(),
        ),
        error => error.into(),
    }
}

/// Only names that a backup gives: nothing unpacked lands elsewhere.
fn safe(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':']);
    match name.split('/').collect::<Vec<_>>().as_slice() {
        [file] => plain(file),
        ["files", folder, file] => FOLDERS.contains(folder) && plain(file),
        _ => false,
    }
}

fn unpack(archive: &mut ZipArchive<File>, member: &Member, staging: &Path) -> BackupResult<()> {
    if !safe(&member.name) {
        return Err(BackupError::Unsound(format!("a member is called {}", member.name)));
    }
    let target = staging.join(&member.name);
    if let Some(folder) = target.parent() {
        create_dir_all(folder).map_err(at(folder))?;
    }
    let mut packed = archive.by_name(&member.name).map_err(unsound)?.take(member.size + 1);
    let mut file = File::create(&target).map_err(at(&target))?;
    let (mut size, mut digest, mut piece) = (0_u64, Sha256::new(), vec![0_u8; 1 << 18]);
    loop {
        let read = packed.read(&mut piece).map_err(unsound)?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        file.write_all(&piece[..read]).map_err(at(&target))?;
        size += read as u64;
    }
    file.sync_all().map_err(at(&target))?;
    if size != member.size || hex(&digest.finalize()) != member.sha256 {
        return Err(BackupError::Unsound(format!("{} is not what was backed up", member.name)));
    }
    Ok(())
}

/// A rename, or a copy where the two are on different disks.
fn move_file(from: &Path, to: &Path) -> BackupResult<()> {
    if rename(from, to).is_ok() {
        return Ok(());
    }
    std::fs::copy(from, to).map_err(at(to))?;
    remove_file(from).map_err(at(from))
}

/// Files of the company that stood there before.
fn strangers_remove(data_dir: &Path, manifest: &Manifest) -> BackupResult<()> {
    let known: BTreeSet<PathBuf> = manifest
        .members
        .iter()
        .filter_map(|member| member.name.strip_prefix("files/"))
        .map(|name| data_dir.join(name))
        .collect();
    for folder in FOLDERS {
        let folder = data_dir.join(folder);
        for entry in read_dir(&folder).into_iter().flatten() {
            let path = entry.map_err(at(&folder))?.path();
            if path.is_file() && !known.contains(&path) {
                remove_file(&path).map_err(at(&path))?;
            }
        }
    }
    Ok(())
}
