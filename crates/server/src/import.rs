//! `regulars import FILE`: a table straight into the database, with what became of its rows on the terminal.

use std::path::PathBuf;

use clap::Args;
use regulars_api::http::call::now;
use regulars_app::imports::command::{ImportOptions, file_import};
use regulars_app::{App, AppError, Config};
use regulars_persistence::{Database, Location};

use crate::config::StoreArguments;

#[derive(Args)]
pub struct ImportArguments {
    /// The CSV or XLSX file.
    pub file: PathBuf,
    /// `customers`, `contacts`, `products` or `orders`.
    #[arg(long, default_value = "customers")]
    pub resource: String,
    /// Login of the person in whose name, and with whose rights, rows are imported.
    #[arg(long)]
    pub login: String,
    /// What rows are matched by: `code`, `phone`, `email`, `tax_id`; by default the first of them that a column fills.
    #[arg(long)]
    pub key: Option<String>,
    /// Make customers that orders or contacts name and that do not exist yet.
    #[arg(long)]
    pub create_missing_customers: bool,
    /// Make products that orders name and that do not exist yet.
    #[arg(long)]
    pub create_missing_products: bool,
    /// Only check; store nothing.
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub store: StoreArguments,
}

pub fn import(arguments: ImportArguments) -> Result<(), String> {
    let url = arguments.store.database_url()?;
    regulars_persistence::migrate::migrate(&Location::parse(&url)).map_err(|error| error.to_string())?;
    let db = Database::open(&url, arguments.store.connections(&url)).map_err(|error| error.to_string())?;
    let config = Config {
        data_dir: arguments.store.data.clone(),
        secret_keys: arguments.store.secret_key.clone(),
        ..Config::default()
    };
    let app = App::start(db, config, now()).map_err(|error| error.to_string())?;
    let options = ImportOptions {
        resource: arguments.resource,
        login: arguments.login,
        key: arguments.key,
        create_missing_customers: arguments.create_missing_customers,
        create_missing_products: arguments.create_missing_products,
        check_only: arguments.check,
    };
    let started = std::time::Instant::now();
    let import = file_import(&app, &arguments.file, &options).map_err(explained)?;
    let seconds = started.elapsed().as_secs_f64();
    let counts = import.counts;
    println!(
        "{}: {} rows in {seconds:.1} s: {} created, {} updated, {} unchanged, {} rejected",
        import.status, counts.rows, counts.create, counts.update, counts.unchanged, counts.reject
    );
    match import.status.as_str() {
        "done" | "checked" => Ok(()),
        status => Err(format!("the import ended as {status}; `GET /api/v1/imports/{}` tells more", import.id)),
    }
}

/// Validation errors say what is wrong; at a shell they are shown in full.
fn explained(error: AppError) -> String {
    match error {
        AppError::Validation(errors) => errors
            .iter()
            .map(|error| format!("{} {} {}", error.pointer, error.code, error.params.join(" ")).trim().to_string())
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}
