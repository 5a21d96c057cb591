//! `access`: set-up, sessions, the caller's own account, organisation, users, roles, keys, settings.

mod account_requests;
mod audit;
mod keys;
mod me;
mod oidc;
mod organisation;
mod roles;
mod second_factor;
mod sessions;
mod settings;
mod users;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(sessions::setup_get)
        .service(sessions::setup_create)
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_delete)
        .service(oidc::oidc_begin)
        .service(oidc::oidc_code)
        .service(oidc::oidc_finish)
        .service(me::me_get)
        .service(me::me_update)
        .service(me::me_password_update)
        .service(me::me_session_list)
        .service(me::me_session_delete)
        .service(me::me_session_delete_others)
        .service(settings::settings_get)
        .service(settings::settings_update);
    config
        .service(organisation::unit_list)
        .service(organisation::unit_create)
        .service(organisation::unit_get)
        .service(organisation::unit_update)
        .service(organisation::unit_delete)
        .service(organisation::department_list)
        .service(organisation::department_create)
        .service(organisation::department_get)
        .service(organisation::department_update)
        .service(organisation::department_delete)
        .service(users::people_list)
        .service(users::user_list)
        .service(users::user_create)
        .service(users::user_get)
        .service(users::user_update)
        .service(users::user_deactivate)
        .service(users::user_holdings)
        .service(users::user_handover)
        .service(users::user_activate)
        .service(users::user_invite)
        .service(users::user_password_set)
        .service(users::user_session_list)
        .service(users::user_sessions_end)
        .service(users::invite_accept)
        .service(second_factor::second_factor_get)
        .service(second_factor::second_factor_begin)
        .service(second_factor::second_factor_confirm)
        .service(second_factor::recovery_codes_renew)
        .service(second_factor::second_factor_remove)
        .service(second_factor::second_factor_reset)
        .service(account_requests::account_request_list)
        .service(account_requests::account_request_create)
        .service(account_requests::account_request_get)
        .service(account_requests::account_request_decide)
        .service(account_requests::account_request_withdraw)
        .service(account_requests::account_request_complete)
        .service(account_requests::user_freeze)
        .service(account_requests::user_unfreeze)
        .service(roles::permission_list)
        .service(roles::mask_list)
        .service(roles::role_list)
        .service(roles::role_create)
        .service(roles::role_get)
        .service(roles::role_update)
        .service(roles::role_delete)
        .service(roles::role_copy)
        .service(audit::audit_list)
        .service(audit::audit_chain_get)
        .service(keys::key_list)
        .service(keys::key_create)
        .service(keys::key_revoke);
}
