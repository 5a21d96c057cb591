//! `sales`: orders, payments, returns.

mod orders;
mod wishes;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(wishes::wish_list)
        .service(wishes::wish_counts)
        .service(wishes::wish_create)
        .service(wishes::wish_get)
        .service(wishes::wish_update)
        .service(wishes::wish_delete)
        .service(wishes::product_arrive)
        .service(orders::order_list)
        .service(orders::order_get)
        .service(orders::order_create)
        .service(orders::order_update)
        .service(orders::order_delete)
        .service(orders::order_move)
        .service(orders::payment_create)
        .service(orders::return_create);
}
