//! The caller's own account and sessions.

use actix_web::{delete, get, patch, put, web};
use regulars_app::access::me::{self, Me, MeInput, PasswordChange};
use regulars_app::access::session::{self, SessionInfo};
use regulars_app::list::Page;
use regulars_domain::ids::SessionId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Who am I, and what may I do
#[utoipa::path(tag = "access", responses((status = 200, body = Me)))]
#[get("/me")]
pub async fn me_get(call: Call) -> Answer {
    call.get_one(me::me_get).await
}

/// Change my name, language and preferences
#[utoipa::path(tag = "access", request_body(content = MeInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Me)))]
#[patch("/me")]
pub async fn me_update(call: Call, body: Body<Value>) -> Answer {
    call.patch(body, me::me_update).await
}

/// Change my password; other sessions end
#[utoipa::path(tag = "access", request_body = PasswordChange, responses((status = 204)))]
#[put("/me/password")]
pub async fn me_password_update(call: Call, body: Body<PasswordChange>) -> Answer {
    call.done(move |cx| me::me_password_change(cx, body.value)).await
}

/// My living sessions
#[utoipa::path(tag = "access", responses((status = 200, body = Page<SessionInfo>)))]
#[get("/me/sessions")]
pub async fn me_session_list(call: Call) -> Answer {
    call.get(|cx| session::session_list_own(cx).map(Page::whole)).await
}

/// End one of my sessions
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/me/sessions/{id}")]
pub async fn me_session_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| session::session_end_one(cx, SessionId(*id))).await
}

/// End all my sessions but this one
#[utoipa::path(tag = "access", responses((status = 204)))]
#[delete("/me/sessions")]
pub async fn me_session_delete_others(call: Call) -> Answer {
    call.done(session::session_end_others).await
}
