//! `customers`: people and organisations.

mod customers;
mod search;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(search::search_get)
        .service(customers::customer_list)
        .service(customers::customer_create)
        .service(customers::customer_get)
        .service(customers::customer_update)
        .service(customers::customer_delete)
        .service(customers::customer_restore);
}
