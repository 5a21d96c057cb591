//! Taking a backup.

use std::fs::{File, read_dir, remove_file, rename};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use regulars_persistence::backup::{database_copy, dump_advice};
use regulars_persistence::db::Manager;
use regulars_persistence::migrate::migration_level;
use regulars_persistence::{Location, StoreError};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{BackupError, BackupResult, FOLDERS, FORM, MANIFEST, Manifest, Member, at, beside, engine_of};
use crate::access::token::hex;

/// Writes a backup of the database and the files of `data_dir` to `to`, which appears there whole or not at all.
pub fn backup_take(location: &Location, data_dir: &Path, to: &Path, now: DateTime<Utc>) -> BackupResult<Manifest> {
    if to.exists() {
        return Err(BackupError::Refused(format!("{} exists already", to.display())));
    }
    let (copy, partial) = (beside(to, ".database"), beside(to, ".partial"));
    let taken = write(location, data_dir, &copy, &partial, now);
    for left in [&copy, &partial] {
        if left.exists() && (left == &copy || taken.is_err()) {
            remove_file(left).map_err(at(left))?;
        }
    }
    let manifest = taken?;
    rename(&partial, to).map_err(at(to))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    Ok(manifest)
}

/// The database first, then the files: those it knows of are there already.
fn write(
    location: &Location,
    data_dir: &Path,
    copy: &Path,
    partial: &Path,
    now: DateTime<Utc>,
) -> BackupResult<Manifest> {
    if copy.exists() {
        remove_file(copy).map_err(at(copy))?;
    }
    let mut db = Manager::new(location.clone()).connect_reader().map_err(StoreError::connect)?;
    let level = migration_level(&mut db)?.ok_or(BackupError::Refused("the database has no tables yet".into()))?;
    drop(db);
    database_copy(location, copy).map_err(|error| match (error, location) {
        (StoreError::NotFound, Location::Postgres(url)) => {
            BackupError::Refused(format!("pg_dump is not here: {}", dump_advice(url)))
        }
        (error, _) => error.into(),
    })?;
    let (engine, name) = engine_of(location);
    let mut archive = Archive { zip: ZipWriter::new(File::create(partial).map_err(at(partial))?), members: Vec::new() };
    archive.add(name, copy)?;
    for folder in FOLDERS {
        for path in files_of(&data_dir.join(folder))? {
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
            archive.add(&format!("files/{folder}/{file}"), &path)?;
        }
    }
    let manifest = Manifest {
        form: FORM,
        engine: engine.into(),
        level,
        taken_at: now,
        members: std::mem::take(&mut archive.members),
    };
    archive.close(&manifest)?;
    Ok(manifest)
}

fn files_of(folder: &Path) -> BackupResult<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        if entry.file_type().map_err(at(folder))?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
    members: Vec<Member>,
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .large_file(true)
}

fn unwritten(error: zip::result::ZipError) -> BackupError {
    BackupError::Refused(format!("the backup could not be written: {error}"))
}

impl Archive<File> {
    /// Adds a file, unless it is gone by now: an import or export that someone removed meanwhile.
    fn add(&mut self, name: &str, path: &Path) -> BackupResult<()> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            opened => opened.map_err(at(path))?,
        };
        self.zip.start_file(name, options()).map_err(unwritten)?;
        let (mut size, mut digest, mut piece) = (0_u64, Sha256::new(), vec![0_u8; 1 << 18]);
        loop {
            let read = file.read(&mut piece).map_err(at(path))?;
            if read == 0 {
                break;
            }
            digest.update(&piece[..read]);
            self.zip.write_all(&piece[..read]).map_err(at(Path::new(name)))?;
            size += read as u64;
        }
        self.members.push(Member { name: name.into(), size, sha256: hex(&digest.finalize()) });
        Ok(())
    }

    fn close(mut self, manifest: &Manifest) -> BackupResult<()> {
        let text = serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::Refused(error.to_string()))?;
        self.zip.start_file(MANIFEST, options()).map_err(unwritten)?;
        self.zip.write_all(&text).map_err(at(Path::new(MANIFEST)))?;
        let file = self.zip.finish().map_err(unwritten)?;
        file.sync_all().map_err(at(Path::new(MANIFEST)))
    }
}
