//! `insight`: how customers spread over scores and classes, evaluations, what is expected of customers and who is about
//! to leave, what to do next, the first page of the day, sales over time, pivots,
//! dashboards, groups of customers that are alike.

mod associations;
mod clusterings;
mod dashboards;
mod next;
mod outlook;
mod pivot;
mod sales;
mod spread;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(spread::overview_get)
        .service(spread::rfm_get)
        .service(spread::abc_get)
        .service(spread::evaluation_create)
        .service(spread::evaluation_latest)
        .service(outlook::lifetime_list)
        .service(outlook::lifetime_fit)
        .service(outlook::programme_list)
        .service(outlook::durable_list)
        .service(outlook::relations_get)
        .service(outlook::class_change_list)
        .service(outlook::warning_list)
        .service(outlook::warning_report)
        .service(outlook::warning_get)
        .service(outlook::warning_change)
        .service(outlook::win_back_list)
        .service(sales::season_get)
        .service(sales::composition_get)
        .service(sales::cohorts_get)
        .service(sales::growth_get)
        .service(associations::association_list)
        .service(associations::recommendation_list)
        .service(clusterings::clustering_list)
        .service(clusterings::clustering_create)
        .service(clusterings::clustering_get)
        .service(clusterings::clustering_update)
        .service(clusterings::clustering_delete)
        .service(clusterings::clustering_keep)
        .service(next::next_action_list)
        .service(next::next_action_outcome)
        .service(next::next_action_report)
        .service(spread::brief_get)
        .service(spread::today_get)
        .service(dashboards::dashboard_list)
        .service(dashboards::dashboard_create)
        .service(dashboards::dashboard_preview)
        .service(dashboards::dashboard_get)
        .service(dashboards::dashboard_update)
        .service(dashboards::dashboard_delete)
        .service(dashboards::dashboard_copy)
        .service(dashboards::dashboard_answer)
        .service(pivot::pivot_fact_list)
        .service(pivot::pivot_run)
        .service(pivot::pivot_record_list);
}
