//! `customers`: people and organisations.

mod assets;
mod batch;
mod consents;
mod costs;
mod customer;
mod dates;
mod duplicates;
mod facts;
mod interactions;
mod key_accounts;
mod pools;
mod preferences;
mod qualifications;
mod relations;
mod search;
mod shares;
mod trainings;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(search::search_get)
        .service(dates::date_occurrences)
        .service(assets::asset_list)
        .service(assets::asset_create)
        .service(assets::asset_get)
        .service(assets::asset_update)
        .service(assets::asset_delete)
        .service(consents::consent_board)
        .service(consents::consent_record)
        .service(consents::consent_list)
        .service(consents::suppression_list)
        .service(consents::suppression_create)
        .service(consents::suppression_lift)
        .service(consents::suppression_delete)
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
        .service(customer::address_mark_put)
        .service(shares::share_list)
        .service(shares::share_create)
        .service(shares::share_end)
        .service(duplicates::duplicate_list_of)
        .service(duplicates::merge_list)
        .service(duplicates::merge_create)
        .service(duplicates::merge_get)
        .service(duplicates::merge_undo)
        .service(duplicates::candidate_list)
        .service(duplicates::elsewhere_check)
        .service(duplicates::scan_create)
        .service(duplicates::duplicate_list)
        .service(duplicates::duplicate_get)
        .service(duplicates::duplicate_dismiss)
        .service(duplicates::duplicate_reopen)
        .service(interactions::timeline_list)
        .service(interactions::interaction_create)
        .service(interactions::interaction_get)
        .service(interactions::interaction_update)
        .service(interactions::interaction_delete)
        .service(key_accounts::key_account_list)
        .service(key_accounts::key_account_of_customer)
        .service(key_accounts::key_account_create)
        .service(key_accounts::key_account_get)
        .service(key_accounts::key_account_update)
        .service(key_accounts::key_account_delete)
        .service(costs::cost_list)
        .service(costs::cost_create)
        .service(costs::cost_update)
        .service(costs::cost_delete)
        .service(trainings::training_list)
        .service(trainings::training_create)
        .service(trainings::training_update)
        .service(trainings::training_delete)
        .service(facts::fact_list)
        .service(facts::fact_create)
        .service(facts::fact_update)
        .service(facts::fact_delete)
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
    config
        .service(pools::pool_list)
        .service(pools::pool_create)
        .service(pools::pool_get)
        .service(pools::pool_update)
        .service(pools::pool_preview)
        .service(pools::pool_customers)
        .service(pools::pool_moves)
        .service(pools::pool_assign)
        .service(pools::customer_claim)
        .service(pools::customer_release);
    config
        .service(qualifications::template_list)
        .service(qualifications::template_create)
        .service(qualifications::template_get)
        .service(qualifications::template_update)
        .service(qualifications::template_delete)
        .service(qualifications::qualification_list)
        .service(qualifications::qualification_waiting)
        .service(qualifications::qualification_get)
        .service(qualifications::qualification_update)
        .service(qualifications::qualification_list_of)
        .service(qualifications::qualification_start)
        .service(qualifications::qualification_propose)
        .service(qualifications::qualification_decide)
        .service(qualifications::qualification_complete)
        .service(qualifications::qualification_withdraw);
}
