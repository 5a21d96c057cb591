//! `customers`: people and organisations.

mod batch;
mod customers;
mod interactions;
mod preferences;
mod relations;
mod search;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(search::search_get)
        .service(customers::customer_list)
        .service(customers::customer_create)
        .service(batch::customer_batch)
        .service(batch::customer_bulk)
        .service(batch::customer_transfer)
        .service(customers::customer_get)
        .service(customers::customer_update)
        .service(customers::customer_delete)
        .service(customers::customer_restore)
        .service(customers::customer_card)
        .service(customers::customer_access)
        .service(interactions::timeline_list)
        .service(interactions::interaction_create)
        .service(interactions::interaction_get)
        .service(interactions::interaction_update)
        .service(interactions::interaction_delete)
        .service(preferences::preference_list)
        .service(preferences::preference_create)
        .service(preferences::preference_update)
        .service(preferences::preference_delete)
        .service(preferences::preference_confirm)
        .service(relations::relation_list)
        .service(relations::relation_create)
        .service(relations::relation_get)
        .service(relations::relation_update)
        .service(relations::relation_delete);
}
