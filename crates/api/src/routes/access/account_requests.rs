//! Changes of accounts: asked for, approved, done; and freezing, which waits for nobody.

use actix_web::{HttpRequest, delete, get, post, web};
use regulars_app::access::account_request::{self, AccountRequestInput, AccountRequestView, Completion, Decision};
use regulars_app::access::user::UserView;
use regulars_app::access::user_account::{self, FreezeReason};
use regulars_app::list::Page;
use regulars_domain::ids::{AccountRequestId, UserId};
use serde_json::Value;
use uuid::Uuid;

use super::users::origin;
use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// List requests for changes of accounts
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<AccountRequestView>)))]
#[get("/account-requests")]
pub async fn account_request_list(call: Call, list: List) -> Answer {
    call.get(move |cx| account_request::account_request_list(cx, &list.0)).await
}

/// Ask for a new account, other roles, another place, or an end
#[utoipa::path(tag = "access", request_body = AccountRequestInput, responses((status = 201, body = AccountRequestView)))]
#[post("/account-requests")]
pub async fn account_request_create(call: Call, body: Body<AccountRequestInput>) -> Answer {
    call.create(body, account_request::account_request_create).await
}

/// Read a request
#[utoipa::path(tag = "access", params(("id" = String, Path)), responses((status = 200, body = AccountRequestView)))]
#[get("/account-requests/{id}")]
pub async fn account_request_get(call: Call, id: web::Path<AccountRequestId>) -> Answer {
    call.get_one(move |cx| account_request::account_request_get(cx, *id)).await
}

/// Approve or refuse what somebody else asked for
#[utoipa::path(tag = "access", params(("id" = String, Path)), request_body = Decision,
    responses((status = 200, body = AccountRequestView)))]
#[post("/account-requests/{id}/decision")]
pub async fn account_request_decide(call: Call, id: web::Path<AccountRequestId>, body: Body<Decision>) -> Answer {
    call.act(body, move |cx, input| account_request::account_request_decide(cx, *id, input)).await
}

/// Take your own request back
#[utoipa::path(tag = "access", params(("id" = String, Path)), responses((status = 200, body = AccountRequestView)))]
#[post("/account-requests/{id}/withdrawal")]
pub async fn account_request_withdraw(
    call: Call,
    id: web::Path<AccountRequestId>,
    body: Body<Option<Value>>,
) -> Answer {
    call.act(body, move |cx, _| account_request::account_request_withdraw(cx, *id)).await
}

/// Do what was approved: make the account, change it, or end it and hand everything over
#[utoipa::path(tag = "access", params(("id" = String, Path)), request_body = Completion,
    responses((status = 200, body = AccountRequestView)))]
#[post("/account-requests/{id}/completion")]
pub async fn account_request_complete(
    request: HttpRequest,
    call: Call,
    id: web::Path<AccountRequestId>,
    body: Body<Completion>,
) -> Answer {
    let origin = origin(&request);
    call.act(body, move |cx, input| account_request::account_request_complete(cx, &origin, *id, input)).await
}

/// Lock somebody out at once; what they own stays theirs
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), request_body = FreezeReason,
    responses((status = 200, body = UserView)))]
#[post("/users/{id}/freeze")]
pub async fn user_freeze(call: Call, id: web::Path<Uuid>, body: Body<FreezeReason>) -> Answer {
    call.act(body, move |cx, input| user_account::user_freeze(cx, UserId(*id), input)).await
}

/// Let a frozen account's person in again: by somebody other than who froze it
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = UserView)))]
#[delete("/users/{id}/freeze")]
pub async fn user_unfreeze(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| user_account::user_unfreeze(cx, UserId(*id))).await
}
