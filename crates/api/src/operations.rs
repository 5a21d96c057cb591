//! For the machines that keep watch: liveness, readiness, metrics.

use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::PrometheusHandle;
use regulars_app::App;

use crate::http::call::{Answer, blocking};

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(healthz).service(readyz).service(metrics);
}

/// The process is alive.
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// The database answers.
#[get("/readyz")]
async fn readyz(app: web::Data<App>) -> Answer {
    blocking(move || regulars_app::access::setup::setup_state(&app)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}

#[get("/metrics")]
async fn metrics(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}
