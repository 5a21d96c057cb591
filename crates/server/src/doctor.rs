//! `regulars doctor`: one line a check; the exit code tells whether all is well.

use clap::Args;
use regulars_api::http::call::now;
use regulars_app::doctor::{CheckUp, doctor as check};
use regulars_persistence::Location;

use crate::config::StoreArguments;

#[derive(Args)]
pub struct DoctorArguments {
    /// Count everyone's figures anew and look everyone up, instead of a sample of a thousand.
    #[arg(long)]
    pub full: bool,
    /// One JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
    /// A seal noted elsewhere, `NUMBER:HASH`, that must still stand.
    #[arg(long, value_parser = anchor)]
    pub anchor: Option<(i64, String)>,
    #[command(flatten)]
    pub store: StoreArguments,
}

fn anchor(text: &str) -> Result<(i64, String), String> {
    let (number, hash) = text.split_once(':').ok_or("NUMBER:HASH, as the audit page shows it")?;
    Ok((number.parse().map_err(|_| format!("{number} is no number"))?, hash.into()))
}

pub fn doctor(arguments: DoctorArguments) -> Result<(), String> {
    let location = Location::parse(&arguments.store.database_url()?);
    if let Location::Sqlite(path) = &location
        && !std::path::Path::new(path).exists()
    {
        return Err(format!("there is no database at {path}"));
    }
    let check_up = CheckUp { full: arguments.full, anchor: arguments.anchor };
    let report = check(&location, &check_up, now()).map_err(|error| error.to_string())?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?);
    } else {
        for found in &report.checks {
            let mark = if found.ok { "ok    " } else { "WRONG " };
            println!("{mark} {:<14} {} ({:.1} s)", found.name, found.detail, found.seconds);
        }
    }
    if report.ok { Ok(()) } else { Err("not all is well".into()) }
}
