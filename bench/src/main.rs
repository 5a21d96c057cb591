//! Measures the real server on both databases, filled through its own API, under a fixed load from this machine.
//!
//! What is kept: requests a second, times to answer, CPU a request of server and database, memory, start. On a busy
//! machine rates say little; CPU a request says more.

mod client;
mod duplicates;
mod fill;
mod lifetime;
mod load;
mod page;
mod people;
mod pivot;
mod postgres;
mod process;
mod report;
mod sales;
mod scenarios;
mod soak;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use clap::Parser;
use fill::{Filled, Site};
use process::Server;
use report::{Line, Lines};
use scenarios::Scenario;

/// Customers of the company whose opportunities are measured.
const SALES_CUSTOMERS: u64 = 20_000;

/// Measure Regulars.
#[derive(Parser)]
struct Arguments {
    /// Customers to fill the company with; may be given several times. 100,000 unless told.
    #[arg(long)]
    customers: Vec<u64>,
    /// Seconds of each scenario.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Only `sqlite` or only `postgres`.
    #[arg(long)]
    only: Option<String>,
    /// Only scenarios whose name holds this.
    #[arg(long)]
    scenario: Option<String>,
    /// Only the scan for duplicates, on a company of whose customers two in a hundred are there twice.
    #[arg(long)]
    duplicates: bool,
    /// Only the pages in Chromium, on the filled company with 10,000 open opportunities; SQLite.
    #[arg(long)]
    page: bool,
    /// Only what a sales team asks: 100,000 opportunities, 1,500,000 changes of stage, a timeline of 10,000 entries.
    #[arg(long)]
    sales: bool,
    /// Only pivots, RFM and cohorts: in memory beside DuckDB, Polars and PostgreSQL on the order lines of TPC-H; and how
    /// soon a sale is in a pivot.
    #[arg(long)]
    pivot: bool,
    /// Of TPC-H, for `--pivot`: 1 is six million lines.
    #[arg(long, default_value = "1")]
    scale: String,
    /// Only the lifetime models: fitted to and scoring so many `--customers`, a million unless told, beside Python's
    /// `lifetimes`.
    #[arg(long)]
    lifetime: bool,
    /// Instead of the scenarios one by one, all of them mixed for so many minutes: what of the server grows.
    #[arg(long)]
    soak: Option<f64>,
    /// 2,000 customers and 0.3 s each: shows that it runs, measures nothing.
    #[arg(long)]
    quick: bool,
    /// Keep the SQLite site in this directory, and use the one of the last time if it is there.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// The server's program; by default `regulars` beside this one.
    #[arg(long)]
    server: Option<PathBuf>,
    /// Where to write the figures as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> std::process::ExitCode {
    match run(&Arguments::parse()) {
        Ok(errors) => std::process::ExitCode::from(u8::from(errors > 0)),
        Err(message) => {
            eprintln!("bench: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// Measures everything that was asked for; answers how many requests failed.
fn run(arguments: &Arguments) -> Result<usize, String> {
    if arguments.lifetime {
        let customers = arguments.customers.first().copied().unwrap_or(lifetime::CUSTOMERS);
        return lifetime::measure(customers, arguments.out.as_deref()).map(|()| 0);
    }
    let program = program(arguments)?;
    if arguments.pivot {
        return pivot::measure(&arguments.scale, &program, arguments.out.as_deref());
    }
    let sizes = match (arguments.quick, arguments.customers.as_slice()) {
        (true, _) => vec![2_000],
        (false, []) => vec![100_000],
        (false, given) => given.to_vec(),
    };
    let wanted = |database: &str| arguments.only.as_deref().is_none_or(|only| only == database);
    let mut lines = Lines::new(arguments.out.as_deref());
    for customers in sizes {
        if wanted("sqlite") {
            let bench =
                Bench { arguments, program: &program, customers, database: "SQLite", url: None, postgres: None };
            bench.run(&mut lines, &|| Ok(()))?;
        }
        // What a page takes in the browser does not depend on the database behind it.
        if wanted("postgres") && !arguments.page {
            match postgres::Cluster::find()? {
                None => eprintln!("bench: no PostgreSQL: set REGULARS_BENCH_POSTGRES or install its server programs"),
                Some(cluster) => {
                    let database = cluster.database()?;
                    let (url, postgres) = (Some(database.url.as_str()), cluster.parent_pid());
                    let bench =
                        Bench { arguments, program: &program, customers, database: "PostgreSQL", url, postgres };
                    bench.run(&mut lines, &|| database.analyze())?;
                }
            }
        }
    }
    println!("{}", lines.table());
    lines.write()?;
    Ok(lines.errors())
}

fn program(arguments: &Arguments) -> Result<PathBuf, String> {
    let beside = || Some(std::env::current_exe().ok()?.with_file_name("regulars"));
    let program = arguments.server.clone().or_else(beside).filter(|program| program.is_file());
    program.ok_or_else(|| "the server's program is not beside this one: build it with the same profile first".into())
}

struct Bench<'a> {
    arguments: &'a Arguments,
    program: &'a Path,
    customers: u64,
    database: &'static str,
    url: Option<&'a str>,
    postgres: Option<u32>,
}

impl Bench<'_> {
    fn run(&self, lines: &mut Lines, analyze: &dyn Fn() -> Result<(), String>) -> Result<(), String> {
        let own = tempfile::Builder::new().prefix("regulars-bench").tempdir().map_err(|error| error.to_string())?;
        if self.arguments.duplicates {
            return self.duplicates(own.path(), lines);
        }
        if self.arguments.sales {
            return self.sales(own.path(), lines, analyze);
        }
        let kept = self.arguments.keep.as_deref().filter(|_| self.url.is_none());
        let data = kept.unwrap_or(own.path());
        std::fs::create_dir_all(data).map_err(|error| format!("{}: {error}", data.display()))?;
        let filled = if kept.is_some_and(|data| data.join("regulars.db").is_file()) {
            let server = Server::start(self.program, data, self.url, false)?;
            fill::find(&mut client::Client::sign_in(&server.address, client::FOUNDER)?)?
        } else {
            let server = Server::start(self.program, data, self.url, true)?;
            let token = server.setup_token.clone().ok_or("no set-up link on a fresh database")?;
            let mut client = client::Client::set_up(&server.address, &token)?;
            let filled = fill::fill(&Site { server: &server, postgres: self.postgres }, &mut client, self.customers)?;
            self.fill_report(&filled, lines);
            filled
        };
        analyze()?;
        let server = self.start_measured(data, lines)?;
        if self.arguments.page {
            for figure in page::measure(&server, &filled)? {
                lines.push(Line::of_value(&figure.what, self.database, self.customers, figure.value, &figure.unit));
            }
            return Ok(());
        }
        match self.arguments.soak {
            Some(minutes) => self.soak(&server, &filled, minutes, lines),
            None => self.scenarios(&server, &filled, lines),
        }
    }

    fn soak(&self, server: &Server, filled: &Filled, minutes: f64, lines: &mut Lines) -> Result<(), String> {
        let site = Site { server, postgres: self.postgres };
        let mut client = client::Client::sign_in(&server.address, client::FOUNDER)?;
        let created = AtomicU64::new(filled.customer_ids.len() as u64);
        let scenarios = scenarios::scenarios(filled, self.customers, &created);
        let time = Duration::from_secs_f64(minutes * 60.0);
        let soaked = soak::soak(&site, &mut client, &scenarios, self.arguments.connections, time)?;
        if let Some(error) = &soaked.first_error {
            eprintln!("bench: soak: {error}");
        }
        for (what, value, unit) in [
            ("soak: requests answered", soaked.requests as f64, "requests"),
            ("soak: requests failed", soaked.errors as f64, "requests"),
            ("soak: memory, second fifth", soaked.early.memory_mib, "MiB"),
            ("soak: memory, last fifth", soaked.late.memory_mib, "MiB"),
            ("soak: of it the process's own, second fifth", soaked.early.own_mib, "MiB"),
            ("soak: of it the process's own, last fifth", soaked.late.own_mib, "MiB"),
            ("soak: open files and sockets, second fifth", soaked.early.handles, "open"),
            ("soak: open files and sockets, last fifth", soaked.late.handles, "open"),
            ("soak: threads, second fifth", soaked.early.threads, "threads"),
            ("soak: threads, last fifth", soaked.late.threads, "threads"),
        ] {
            lines.push(Line::of_value(what, self.database, self.customers, value, unit));
        }
        Ok(())
    }

    fn sales(&self, data: &Path, lines: &mut Lines, analyze: &dyn Fn() -> Result<(), String>) -> Result<(), String> {
        let server = Server::start(self.program, data, self.url, true)?;
        let token = server.setup_token.clone().ok_or("no set-up link on a fresh database")?;
        let mut client = client::Client::set_up(&server.address, &token)?;
        let customers = self.customers.min(SALES_CUSTOMERS);
        let filled = fill::fill_customers(&Site { server: &server, postgres: self.postgres }, &mut client, customers)?;
        let some = |many: usize| if self.arguments.quick { many / 100 } else { many };
        let (many, entries) = (some(sales::OPPORTUNITIES), some(sales::ENTRIES));
        let sales = sales::fill(&server.address, &filled.owner_ids, &filled.customer_ids, many, entries)?;
        self.rest(&server)?;
        server.stop();
        sales::past_make(regulars_persistence::Location::parse(
            self.url.unwrap_or(&data.join("regulars.db").to_string_lossy()),
        ))?;
        analyze()?;
        let server = Server::start(self.program, data, self.url, false)?;
        self.load(&server, &sales::scenarios(&sales), lines)
    }

    fn duplicates(&self, data: &Path, lines: &mut Lines) -> Result<(), String> {
        let server = Server::start(self.program, data, self.url, true)?;
        let token = server.setup_token.clone().ok_or("no set-up link on a fresh database")?;
        let mut client = client::Client::set_up(&server.address, &token)?;
        let scanned = duplicates::measure(&server, &mut client, self.customers)?;
        for (what, value, unit) in [
            ("scan for duplicates", scanned.seconds, "s"),
            ("memory, most while scanning", scanned.peak_mib, "MiB"),
            ("duplicates, precision", scanned.precision, "%"),
            ("duplicates, recall", scanned.recall, "%"),
        ] {
            lines.push(Line::of_value(what, self.database, self.customers, value, unit));
        }
        Ok(())
    }

    fn fill_report(&self, filled: &Filled, lines: &mut Lines) {
        let (database, customers) = (self.database, self.customers);
        lines.push(Line::of_import("import customers", database, customers, &filled.customers));
        lines.push(Line::of_import("import orders", database, customers, &filled.orders));
        let peak = filled.customers.peak_mib.max(filled.orders.peak_mib);
        lines.push(Line::of_value("memory, most while importing", database, customers, peak, "MiB"));
        lines.push(Line::of_value("evaluation of all customers", database, customers, filled.evaluation, "s"));
    }

    /// Starts the server on what is there now, three times; the middle one counts, and the last goes on.
    fn start_measured(&self, data: &Path, lines: &mut Lines) -> Result<Server, String> {
        let mut times = Vec::new();
        let server = loop {
            let server = Server::start(self.program, data, self.url, false)?;
            times.push(server.started_in.as_secs_f64());
            if times.len() == 3 {
                break server;
            }
            server.stop();
        };
        times.sort_by(f64::total_cmp);
        let start = Line::of_value("start on an existing database", self.database, self.customers, times[1], "s");
        self.rest(&server)?;
        let idle = process::memory_mib(server.pid(), "VmRSS");
        lines.push(start);
        lines.push(Line::of_value("memory, idle", self.database, self.customers, idle, "MiB"));
        Ok(server)
    }

    /// Waits until the server has done what it does of itself behind imports and new customers.
    fn rest(&self, server: &Server) -> Result<(), String> {
        if self.arguments.quick { Ok(()) } else { process::wait_idle(server.pid()) }
    }

    fn scenarios(&self, server: &Server, filled: &Filled, lines: &mut Lines) -> Result<(), String> {
        let created = AtomicU64::new(filled.customer_ids.len() as u64);
        self.load(server, &scenarios::scenarios(filled, self.customers, &created), lines)?;
        let loaded = process::memory_mib(server.pid(), "VmRSS");
        lines.push(Line::of_value("memory, after the load", self.database, self.customers, loaded, "MiB"));
        Ok(())
    }

    /// One line for each scenario.
    fn load(&self, server: &Server, scenarios: &[Scenario<'_>], lines: &mut Lines) -> Result<(), String> {
        let site = Site { server, postgres: self.postgres };
        let mut client = client::Client::sign_in(&server.address, client::FOUNDER)?;
        let seconds = if self.arguments.quick { 0.3 } else { self.arguments.seconds };
        for scenario in scenarios {
            if self.arguments.scenario.as_deref().is_some_and(|only| !scenario.name.contains(only)) {
                continue;
            }
            let time = Duration::from_secs_f64(seconds);
            self.rest(server)?;
            let measured = scenarios::run(&site, &mut client, scenario, self.arguments.connections, time)?;
            if let Some(error) = &measured.outcome.first_error {
                eprintln!("bench: {}: {error}", scenario.name);
            }
            lines.push(Line::of_load(scenario.name, self.database, self.customers, &measured));
        }
        Ok(())
    }
}
