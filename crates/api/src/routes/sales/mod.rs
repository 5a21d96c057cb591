//! `sales`: orders, payments, returns.

mod orders;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(orders::order_list)
        .service(orders::order_get)
        .service(orders::order_create)
        .service(orders::order_update)
        .service(orders::order_delete)
        .service(orders::order_move)
        .service(orders::payment_create)
        .service(orders::return_create);
}
