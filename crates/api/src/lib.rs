//! The web layer: routes, authentication, problems, the OpenAPI contract, the web app's files. No rule, no SQL.

mod assets;
pub mod contract;
mod forms;
pub mod http;
mod operations;
pub mod routes;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{Error, middleware, web};
use http::limit::Limits;
use metrics_exporter_prometheus::PrometheusHandle;
use regulars_app::App;
use utoipa_actix_web::AppExt;

/// What the server's workers share.
#[derive(Clone)]
pub struct Shared {
    pub app: web::Data<App>,
    pub limits: web::Data<Limits>,
    pub metrics: web::Data<PrometheusHandle>,
}

impl Shared {
    /// `rate_limit` is requests per second and principal; 0 means unlimited.
    pub fn new(app: App, rate_limit: u32, metrics: PrometheusHandle) -> Self {
        Self {
            app: web::Data::new(app),
            limits: web::Data::new(Limits::new(rate_limit)),
            metrics: web::Data::new(metrics),
        }
    }
}

/// The whole HTTP application.
pub fn application(
    shared: Shared,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let (app, _) = actix_web::App::new()
        .into_utoipa_app()
        .service(utoipa_actix_web::scope("/api/v1").configure(routes::routes))
        .split_for_parts();
    app.app_data(shared.app)
        .app_data(shared.limits)
        .app_data(shared.metrics)
        .app_data(
            web::PathConfig::default()
                .error_handler(|_, _| http::problem::Refusal(regulars_app::AppError::NotFound).into()),
        )
        .app_data(web::QueryConfig::default().error_handler(|error, _| {
            http::problem::Refusal(regulars_app::AppError::Malformed(error.to_string())).into()
        }))
        .configure(operations::routes)
        .configure(contract::routes)
        .configure(forms::routes)
        .default_service(web::to(assets::serve))
        .wrap(middleware::Compress::default())
        .wrap(middleware::from_fn(http::layer::around))
}
