//! `customers`: people and organisations.

mod batch;
mod customer;
mod interactions;
mod preferences;
mod relations;
mod search;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(search::search_get)
        .service(customer::customer_list)
        .service(customer::customer_create)
        .service(batch::customer_batch)
        .service(batch::customer_bulk)
        .service(batch::customer_transfer)
        .service(customer::customer_get)
        .service(customer::customer_update)
        .service(customer::customer_delete)
        .service(customer::customer_restore)
        .service(customer::customer_card)
        .service(customer::customer_access)
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
