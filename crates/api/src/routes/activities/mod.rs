//! `activities`: what people have to do.

mod discipline;
mod feeds;
mod journeys;
mod tasks;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(feeds::feed_get)
        .service(feeds::feed_create)
        .service(feeds::feed_revoke)
        .service(feeds::feed_calendar)
        .service(discipline::discipline_get)
        .service(discipline::travel_list)
        .service(discipline::travel_create)
        .service(discipline::travel_delete)
        .service(journeys::journey_list)
        .service(journeys::preset_list)
        .service(journeys::journey_create)
        .service(journeys::journey_get)
        .service(journeys::journey_update)
        .service(journeys::journey_delete)
        .service(journeys::journey_report)
        .service(journeys::run_list)
        .service(journeys::run_start)
        .service(journeys::run_get)
        .service(journeys::run_stop)
        .service(journeys::station_complete)
        .service(journeys::station_skip)
        .service(tasks::task_list)
        .service(tasks::task_create)
        .service(tasks::task_get)
        .service(tasks::task_update)
        .service(tasks::task_delete)
        .service(tasks::task_complete)
        .service(tasks::task_reopen)
        .service(tasks::task_snooze);
}
