//! The second step of signing in: one's own, and taking someone's away.

use actix_web::{delete, get, post, web};
use regulars_app::access::second_factor::{
    self, CodeGiven, Enrolment, PasswordGiven, Proof, RecoveryCodes, SecondFactorView,
};
use regulars_domain::ids::UserId;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// How I sign in
#[utoipa::path(tag = "access", responses((status = 200, body = SecondFactorView)))]
#[get("/me/second-factor")]
pub async fn second_factor_get(call: Call) -> Answer {
    call.get(second_factor::second_factor_get).await
}

/// Get a secret for my authenticator app; it is shown once and asks for nothing until a code confirms it
#[utoipa::path(tag = "access", request_body = PasswordGiven, responses((status = 200, body = Enrolment)))]
#[post("/me/second-factor")]
pub async fn second_factor_begin(call: Call, body: Body<PasswordGiven>) -> Answer {
    call.act(body, second_factor::second_factor_begin).await
}

/// Switch my second step on with a code of the app; recovery codes are shown once
#[utoipa::path(tag = "access", request_body = CodeGiven, responses((status = 200, body = RecoveryCodes)))]
#[post("/me/second-factor/confirmation")]
pub async fn second_factor_confirm(call: Call, body: Body<CodeGiven>) -> Answer {
    call.act(body, |cx, input| second_factor::second_factor_confirm(cx, &input)).await
}

/// Replace my recovery codes
#[utoipa::path(tag = "access", request_body = Proof, responses((status = 200, body = RecoveryCodes)))]
#[post("/me/second-factor/recovery-codes")]
pub async fn recovery_codes_renew(call: Call, body: Body<Proof>) -> Answer {
    call.act(body, second_factor::recovery_codes_renew).await
}

/// Switch my second step off
#[utoipa::path(tag = "access", request_body = Proof, responses((status = 204)))]
#[post("/me/second-factor/removal")]
pub async fn second_factor_remove(call: Call, body: Body<Proof>) -> Answer {
    call.done(move |cx| second_factor::second_factor_remove(cx, body.value)).await
}

/// Take someone's second step away who lost phone and recovery codes; their sessions end
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/users/{id}/second-factor")]
pub async fn second_factor_reset(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| second_factor::second_factor_reset(cx, UserId(*id))).await
}
