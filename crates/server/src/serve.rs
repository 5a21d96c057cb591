//! Running the server: open, migrate, listen, say where, drain on a signal.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::HttpServer;
use metrics_exporter_prometheus::PrometheusBuilder;
use regulars_api::Shared;
use regulars_api::http::call::now;
use regulars_api::http::limit::EXCHANGE;
use regulars_app::App;
use regulars_app::access::setup::setup_token;
use regulars_app::jobs::runner::Runner;
use regulars_app::upkeep::Upkeep;
use regulars_persistence::{Database, Location};
use tracing_subscriber::EnvFilter;

use crate::config::ServeArguments;

/// Requests under way get this long after a stop signal, in seconds.
const DRAIN_SECONDS: u64 = 20;
/// Jobs that run at the same time on this node.
const JOB_WORKERS: usize = 2;
/// Jobs still running after this are continued by the next start.
const JOB_PATIENCE_SECONDS: u64 = 5;

/// Bounds of the histograms, all of which are of seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

pub fn serve(arguments: ServeArguments) -> Result<(), String> {
    log_start(arguments.log_json);
    let url = arguments.store.database_url()?;
    regulars_persistence::migrate::migrate(&Location::parse(&url)).map_err(|error| error.to_string())?;
    let db = Database::open(&url, arguments.store.connections(&url)).map_err(|error| error.to_string())?;
    let app = App::start(db, arguments.app_config(), now()).map_err(|error| error.to_string())?;
    let metrics = PrometheusBuilder::new()
        .set_buckets(SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| error.to_string())?;
    let listener = TcpListener::bind(&arguments.listen)
        .map_err(|error| format!("cannot listen on {}: {error}", arguments.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    announce(&app, &arguments, &format!("http://{address}"))?;
    let runner = Runner::start(&app, JOB_WORKERS).map_err(|error| error.to_string())?;
    let upkeep = Upkeep::start(&app).map_err(|error| error.to_string())?;
    let shared = Shared::new(app, arguments.rate_limit, metrics.clone());
    let workers = arguments.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
    let served = actix_web::rt::System::new()
        .block_on(async move {
            actix_web::rt::spawn(async move {
                let mut every = tokio::time::interval(Duration::from_secs(60));
                loop {
                    every.tick().await;
                    // What was timed is kept one by one until somebody asks, or this.
                    metrics.run_upkeep();
                }
            });
            actix_web::rt::spawn(limits_exchanged(shared.clone()));
            HttpServer::new(move || regulars_api::application(shared.clone()))
                .workers(workers)
                .client_request_timeout(Duration::from_secs(10))
                .keep_alive(Duration::from_secs(75))
                .shutdown_timeout(DRAIN_SECONDS)
                .listen(listener)?
                .run()
                .await
        })
        .map_err(|error| error.to_string());
    upkeep.stop();
    runner.stop(Duration::from_secs(JOB_PATIENCE_SECONDS));
    served
}

/// Again and again, each time a while after the last has ended.
async fn limits_exchanged(shared: Shared) {
    loop {
        tokio::time::sleep(EXCHANGE).await;
        let (limits, app) = (shared.limits.clone(), shared.app.clone());
        match actix_web::web::block(move || limits.exchange(&app)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %error, "nodes could not tell each other what they let through"),
            Err(_) => return,
        }
    }
}

fn announce(app: &App, arguments: &ServeArguments, listening: &str) -> Result<(), String> {
    let url = arguments.public_url.as_deref().unwrap_or(listening).trim_end_matches('/').to_string();
    println!("Regulars is at {url}");
    if let Some(token) = setup_token(app, now()).map_err(|error| error.to_string())? {
        println!("Set it up here (once): {url}/setup?token={token}");
    }
    Ok(())
}

fn log_start(json: bool) {
    let filter = EnvFilter::try_from_env("REGULARS_LOG").unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        lines.json().init();
    } else {
        lines.init();
    }
}
