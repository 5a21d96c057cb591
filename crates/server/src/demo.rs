//! `regulars demo`: a made-up company in an empty database, and who may sign in.

use std::time::Instant;

use clap::Args;
use regulars_api::http::call::now;
use regulars_app::demo::{DemoFilled, DemoInput, demo_fill};
use regulars_app::{App, AppError};
use regulars_persistence::{Database, Location};

use crate::config::ServeArguments;

#[derive(Args)]
pub struct DemoArguments {
    #[command(flatten)]
    pub server: ServeArguments,
    /// Customers to make up; the people who buy for organisations come on top.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub customers: u64,
    /// Another number makes up another company.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Run the server afterwards.
    #[arg(long)]
    pub serve: bool,
}

pub fn demo(arguments: DemoArguments) -> Result<(), String> {
    let started = Instant::now();
    let filled = fill(&arguments)?;
    println!(
        "{}: {} customers and their contacts, {} orders, made up in {:.1} s",
        filled.company,
        filled.customers,
        filled.orders,
        started.elapsed().as_secs_f64()
    );
    println!("Everyone's password, shown this once: {}", filled.password);
    for user in &filled.users {
        println!("  {:<14}{:<22}{}　{}", user.login, user.role, user.unit, user.name);
    }
    if arguments.serve { crate::serve::serve(arguments.server) } else { Ok(()) }
}

fn fill(arguments: &DemoArguments) -> Result<DemoFilled, String> {
    let url = arguments.server.store.database_url()?;
    regulars_persistence::migrate::migrate(&Location::parse(&url)).map_err(|error| error.to_string())?;
    let db = Database::open(&url, 2).map_err(|error| error.to_string())?;
    let app = App::start(db, arguments.server.app_config(), now()).map_err(|error| error.to_string())?;
    let input = DemoInput { customers: arguments.customers, seed: arguments.seed };
    demo_fill(&app, input, now()).map_err(|error| match error {
        AppError::Conflict("already_set_up") => "this database holds a company already: give an empty one".into(),
        other => other.to_string(),
    })
}
