//! Every route of `/api/v1`, area by area. One declaration makes the route and its part of the contract.

pub mod access;
pub mod activities;
pub mod catalog;
pub mod customers;
pub mod engage;
pub mod insight;
pub mod platform;
pub mod sales;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers all areas below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    access::routes(config);
    engage::routes(config);
    platform::routes(config);
    sales::routes(config);
    activities::routes(config);
    insight::routes(config);
    catalog::routes(config);
    customers::routes(config);
}
