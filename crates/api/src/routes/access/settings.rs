//! The company's settings.

use actix_web::{get, patch};
use regulars_app::access::settings::{self, SettingsInput, SettingsView};
use serde_json::Value;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Read the settings
#[utoipa::path(tag = "platform", responses((status = 200, body = SettingsView)))]
#[get("/settings")]
pub async fn settings_get(call: Call) -> Answer {
    call.get_one(settings::settings_get).await
}

/// Change the settings
#[utoipa::path(tag = "platform", request_body(content = SettingsInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = SettingsView)))]
#[patch("/settings")]
pub async fn settings_update(call: Call, body: Body<Value>) -> Answer {
    call.patch(body, settings::settings_update).await
}
