//! `sales`: pipelines, forms on the web, leads and opportunities, how leads are scored; sheets of what places sold;
//! targets; quotes; orders, deliveries, bills, payments, returns; wishes.

mod bills;
mod dealers;
mod deliveries;
mod lead_forms;
mod lead_scoring;
mod opportunities;
mod orders;
mod pipelines;
mod quotes;
mod sellout;
mod targets;
mod wishes;

use actix_web::http::Method;
use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(dealers::dealer_list)
        .service(dealers::dealer_of_customer)
        .service(dealers::dealer_create)
        .service(dealers::dealer_get)
        .service(dealers::dealer_update)
        .service(dealers::dealer_delete)
        .service(lead_forms::form_list)
        .service(lead_forms::form_create)
        .service(lead_forms::form_get)
        .service(lead_forms::form_update)
        .service(lead_forms::form_delete)
        .service(lead_forms::form_snippet)
        .service(lead_forms::submission_list)
        .service(lead_forms::form_show)
        .service(lead_forms::form_send)
        .route("/public/lead-forms/{key}", web::method(Method::OPTIONS).to(lead_forms::form_preflight))
        .service(lead_scoring::scoring_get)
        .service(lead_scoring::scoring_put)
        .service(lead_scoring::fit_list)
        .service(lead_scoring::fit_create)
        .service(pipelines::pipeline_list)
        .service(pipelines::pipeline_create)
        .service(pipelines::pipeline_get)
        .service(pipelines::pipeline_update)
        .service(pipelines::pipeline_delete)
        .service(pipelines::pipeline_figures)
        .service(opportunities::opportunity_list)
        .service(opportunities::opportunity_totals)
        .service(opportunities::opportunity_create)
        .service(opportunities::opportunity_get)
        .service(opportunities::opportunity_update)
        .service(opportunities::opportunity_delete)
        .service(opportunities::opportunity_move)
        .service(opportunities::opportunity_history)
        .service(opportunities::opportunity_qualify)
        .service(opportunities::plan_end)
        .service(sellout::sellout_match)
        .service(sellout::sellout_sheet_get)
        .service(sellout::sellout_sheet_save)
        .service(sellout::sellout_change_list)
        .service(targets::target_list)
        .service(targets::target_create)
        .service(targets::target_import)
        .service(targets::target_get)
        .service(targets::target_update)
        .service(targets::target_delete)
        .service(wishes::wish_list)
        .service(wishes::wish_counts)
        .service(wishes::wish_create)
        .service(wishes::wish_get)
        .service(wishes::wish_update)
        .service(wishes::wish_delete)
        .service(wishes::product_arrive)
        .service(quotes::quote_list)
        .service(quotes::quote_create)
        .service(quotes::quote_get)
        .service(quotes::quote_paper)
        .service(quotes::quote_update)
        .service(quotes::quote_delete)
        .service(quotes::quote_move)
        .service(quotes::quote_revise)
        .service(quotes::quote_order)
        .service(orders::order_list)
        .service(orders::order_get)
        .service(orders::order_paper)
        .service(orders::order_create)
        .service(orders::order_update)
        .service(orders::order_delete)
        .service(orders::order_move)
        .service(deliveries::delivery_create)
        .service(deliveries::delivery_correct)
        .service(deliveries::delivery_cancel)
        .service(bills::bill_list)
        .service(bills::bill_get)
        .service(bills::bill_create)
        .service(bills::bill_cancel)
        .service(orders::payment_create)
        .service(orders::return_create);
}
