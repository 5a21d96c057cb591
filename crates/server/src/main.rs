//! The `regulars` program: `serve`, `migrate`, `openapi` and the other things one does at a shell.

mod backup;
mod config;
mod demo;
mod doctor;
mod import;
mod serve;

use clap::{Parser, Subcommand};
use regulars_persistence::Location;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The CRM for businesses that live from customers who come back.
#[derive(Parser)]
#[command(name = "regulars", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(config::ServeArguments),
    /// Bring the database to this program's schema.
    Migrate(config::StoreArguments),
    /// Fill an empty database with a made-up company.
    Demo(demo::DemoArguments),
    /// Import a table of customers, contacts, products or orders.
    Import(import::ImportArguments),
    /// Copy the whole company into one file, while the server runs.
    Backup(backup::BackupArguments),
    /// Put a backup in place; the server must not run.
    Restore(backup::RestoreArguments),
    /// Check that all is well with the database; changes nothing.
    Doctor(doctor::DoctorArguments),
    /// Print the OpenAPI contract.
    Openapi,
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Serve(arguments) => serve::serve(arguments),
        Command::Migrate(arguments) => migrate(&arguments),
        Command::Demo(arguments) => demo::demo(arguments),
        Command::Import(arguments) => import::import(arguments),
        Command::Backup(arguments) => backup::backup(arguments),
        Command::Restore(arguments) => backup::restore(arguments),
        Command::Doctor(arguments) => doctor::doctor(arguments),
        Command::Openapi => openapi(),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("regulars: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn migrate(store: &config::StoreArguments) -> Result<(), String> {
    let steps =
        regulars_persistence::migrate::migrate(&Location::parse(&store.database_url()?)).map_err(|e| e.to_string())?;
    println!("{steps} migrations applied");
    Ok(())
}

fn openapi() -> Result<(), String> {
    let text = serde_json::to_string_pretty(&*regulars_api::contract::CONTRACT).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(())
}
