//! `activities`: what people have to do.

mod discipline;
mod feeds;
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
        .service(tasks::task_list)
        .service(tasks::task_create)
        .service(tasks::task_get)
        .service(tasks::task_update)
        .service(tasks::task_delete)
        .service(tasks::task_complete)
        .service(tasks::task_reopen)
        .service(tasks::task_snooze);
}
