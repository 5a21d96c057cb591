//! `access`: set-up, sessions, the caller's own account, settings.

mod me;
mod sessions;
mod settings;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(sessions::setup_get)
        .service(sessions::setup_create)
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_delete)
        .service(me::me_get)
        .service(me::me_update)
        .service(me::me_password_update)
        .service(me::me_session_list)
        .service(me::me_session_delete)
        .service(me::me_session_delete_others)
        .service(settings::settings_get)
        .service(settings::settings_update);
}
