//! `catalog`: products, brands, categories.

mod brands;
mod categories;
mod products;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(products::product_list)
        .service(products::product_get)
        .service(products::product_create)
        .service(products::product_update)
        .service(products::product_delete)
        .service(brands::brand_list)
        .service(brands::brand_get)
        .service(brands::brand_create)
        .service(brands::brand_update)
        .service(brands::brand_delete)
        .service(categories::category_list)
        .service(categories::category_get)
        .service(categories::category_create)
        .service(categories::category_update)
        .service(categories::category_delete);
}
