//! `regulars backup FILE` and `regulars restore FILE`.

use std::path::{Path, PathBuf};

use clap::Args;
use regulars_api::http::call::now;
use regulars_app::backup::{Manifest, backup_restore, backup_take};
use regulars_persistence::Location;

use crate::config::StoreArguments;

#[derive(Args)]
pub struct BackupArguments {
    /// The ZIP to write; it must not exist yet.
    pub file: PathBuf,
    #[command(flatten)]
    pub store: StoreArguments,
}

#[derive(Args)]
pub struct RestoreArguments {
    /// A ZIP that `regulars backup` wrote.
    pub file: PathBuf,
    /// Put the backup in the place of a company that stands there.
    #[arg(long)]
    pub replace: bool,
    #[command(flatten)]
    pub store: StoreArguments,
}

pub fn backup(arguments: BackupArguments) -> Result<(), String> {
    let location = Location::parse(&arguments.store.database_url()?);
    let taken = backup_take(&location, &arguments.store.data, &arguments.file, now());
    let manifest = taken.map_err(|error| error.to_string())?;
    println!("{}: {}", arguments.file.display(), told(&manifest, &arguments.file));
    Ok(())
}

pub fn restore(arguments: RestoreArguments) -> Result<(), String> {
    let location = Location::parse(&arguments.store.database_url()?);
    let restored = backup_restore(&location, &arguments.store.data, &arguments.file, arguments.replace);
    let manifest = restored.map_err(|error| format!("nothing was restored: {error}"))?;
    println!("restored {}; `regulars doctor` checks it", told(&manifest, &arguments.file));
    Ok(())
}

fn told(manifest: &Manifest, file: &Path) -> String {
    let packed = std::fs::metadata(file).map_or(0, |file| file.len());
    let bytes: u64 = manifest.members.iter().map(|member| member.size).sum();
    format!(
        "a backup of {} at schema {} as of {}, {} files, {:.1} MB, packed {:.1} MB",
        manifest.engine,
        manifest.level,
        manifest.taken_at.format("%Y-%m-%d %H:%M:%S UTC"),
        manifest.members.len(),
        bytes as f64 / 1e6,
        packed as f64 / 1e6
    )
}
