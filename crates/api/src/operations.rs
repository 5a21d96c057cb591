//! For the machines that keep watch: liveness, readiness, metrics.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use regulars_app::App;
use regulars_app::operations::{Need, gauges_refresh, readiness};
use serde_json::json;

use crate::http::call::blocking;

/// Whoever asks whether the server is ready is told so after this at the latest.
const PATIENCE: Duration = Duration::from_secs(3);

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(healthz).service(readyz).service(metrics);
}

/// The process is alive.
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// The database answers and is at this program's schema, and writes are committed: 200, or 503 with what is not so. A
/// disk with little room is told, and is no reason to send nobody here: reads go on.
#[get("/readyz")]
async fn readyz(app: web::Data<App>) -> HttpResponse {
    let late = || vec![Need { name: "database", ok: false, vital: true, detail: "does not answer".into() }];
    let asked = tokio::time::timeout(PATIENCE, blocking(move || Ok(readiness(&app)))).await;
    let needs = asked.ok().and_then(Result::ok).unwrap_or_else(late);
    let ready = needs.iter().all(|need| need.ok || !need.vital);
    let mut answer = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.json(json!({"ready": ready, "needs": needs}))
}

/// Prometheus's text form. While the database is away the gauges read from it keep their last values.
#[get("/metrics")]
async fn metrics(app: web::Data<App>, handle: web::Data<PrometheusHandle>) -> HttpResponse {
    let refreshed = tokio::time::timeout(PATIENCE, blocking(move || gauges_refresh(&app))).await;
    ::metrics::gauge!("database_up").set(if matches!(refreshed, Ok(Ok(()))) { 1.0 } else { 0.0 });
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}
