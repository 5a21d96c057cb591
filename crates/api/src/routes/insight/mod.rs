//! `insight`: how customers spread over scores and classes, evaluations, the first page of the day, pivots.

mod pivot;
mod spread;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(spread::overview_get)
        .service(spread::rfm_get)
        .service(spread::abc_get)
        .service(spread::evaluation_create)
        .service(spread::evaluation_latest)
        .service(spread::today_get)
        .service(pivot::pivot_fact_list)
        .service(pivot::pivot_run)
        .service(pivot::pivot_record_list);
}
