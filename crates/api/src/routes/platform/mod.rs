//! `platform`: background jobs, and what moves data in and out.

mod jobs;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(jobs::job_stream).service(jobs::job_list).service(jobs::job_get).service(jobs::job_cancel);
}
