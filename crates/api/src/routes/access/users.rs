//! Users, their accounts, and the directory of people.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};
use regulars_app::access::Ref;
use regulars_app::access::handover::{self, HandoverInput, Holdings};
use regulars_app::access::invite::{self, Invitation, InviteAcceptance};
use regulars_app::access::people;
use regulars_app::access::session::{SessionInfo, SessionView};
use regulars_app::access::user::{self, UserInput, UserNew, UserView};
use regulars_app::access::user_account::{self, PasswordNew};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::sessions::session_answer;
use crate::http::body::Body;
use crate::http::call::{Answer, Call, Public, blocking, now};
use crate::http::list::{List, ListParams};

/// People to choose from: owners, leaders
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<Ref>)))]
#[get("/people")]
pub async fn people_list(call: Call, list: List) -> Answer {
    call.get(move |cx| people::people_list(cx, &list.0)).await
}

/// List users
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<UserView>)))]
#[get("/users")]
pub async fn user_list(call: Call, list: List) -> Answer {
    call.get(move |cx| people::user_list(cx, &list.0)).await
}

/// Create a user; without a password the answer holds a one-time link
#[utoipa::path(tag = "access", request_body = UserNew, responses((status = 201, body = UserView)))]
#[post("/users")]
pub async fn user_create(request: HttpRequest, call: Call, body: Body<UserNew>) -> Answer {
    let origin = origin(&request);
    call.create(body, move |cx, new| user::user_create(cx, &origin, new)).await
}

/// Read a user
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = UserView)))]
#[get("/users/{id}")]
pub async fn user_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| people::user_get(cx, UserId(*id))).await
}

/// Change a user, the department, the roles
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)),
    request_body(content = UserInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = UserView)))]
#[patch("/users/{id}")]
pub async fn user_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| user::user_update(cx, UserId(*id), version, patch)).await
}

/// Switch an account off: sessions and keys end at once
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = UserView)))]
#[post("/users/{id}/deactivation")]
pub async fn user_deactivate(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| user_account::user_deactivate(cx, UserId(*id))).await
}

/// What somebody holds and would leave behind
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = Holdings)))]
#[get("/users/{id}/holdings")]
pub async fn user_holdings(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| handover::holdings_get(cx, UserId(*id))).await
}

/// Give everything somebody holds to others and end the account, in one job
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), request_body = HandoverInput, responses((status = 202, body = JobView)))]
#[post("/users/{id}/handover")]
pub async fn user_handover(call: Call, id: web::Path<Uuid>, body: Body<HandoverInput>) -> Answer {
    call.start(body, move |cx, input| handover::handover_create(cx, UserId(*id), input)).await
}

/// Switch an account on again
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = UserView)))]
#[post("/users/{id}/activation")]
pub async fn user_activate(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| user_account::user_activate(cx, UserId(*id))).await
}

/// A fresh one-time link with which the person sets the password
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = Invitation)))]
#[post("/users/{id}/invitation")]
pub async fn user_invite(request: HttpRequest, call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    let origin = origin(&request);
    call.act(body, move |cx, _| invite::invite_create(cx, &origin, UserId(*id))).await
}

/// Set someone's password; their sessions end
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), request_body = PasswordNew, responses((status = 204)))]
#[put("/users/{id}/password")]
pub async fn user_password_set(call: Call, id: web::Path<Uuid>, body: Body<PasswordNew>) -> Answer {
    call.done(move |cx| user_account::user_password_set(cx, UserId(*id), body.value)).await
}

/// Someone's living sessions
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = Page<SessionInfo>)))]
#[get("/users/{id}/sessions")]
pub async fn user_session_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| user_account::user_session_list(cx, UserId(*id))).await
}

/// Sign someone out everywhere
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/users/{id}/sessions")]
pub async fn user_sessions_end(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| user_account::user_sessions_end(cx, UserId(*id))).await
}

/// Take an invitation: set the password and sign in
#[utoipa::path(tag = "access", security(()), request_body = InviteAcceptance,
    responses((status = 201, body = SessionView)))]
#[post("/invites/acceptance")]
pub async fn invite_accept(call: Public, body: Body<InviteAcceptance>) -> Answer {
    let app = call.app.clone();
    let opened = blocking(move || invite::invite_accept(&call.app, body.value, &call.meta, now())).await?;
    Ok(session_answer(&app, opened, HttpResponse::Created()))
}

/// How the caller reached this server: links that leave it begin with it.
pub(super) fn origin(request: &HttpRequest) -> String {
    let connection = request.connection_info();
    format!("{}://{}", connection.scheme(), connection.host())
}
