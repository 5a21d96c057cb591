//! Set-up, sign-in, refresh, sign-out: the routes that need no access token.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use regulars_app::access::session::{self, Opened, SessionView, SignIn};
use regulars_app::access::setup::{self, SetupInput, SetupState};
use regulars_app::{App, AppError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::body::Body;
use crate::http::call::{Answer, Call, Public, blocking, header_text, now};
use crate::http::problem::Refusal;

const COOKIE: &str = "rgl_refresh";
const COOKIE_PATH: &str = "/api/v1/auth";

/// Is the company still to be named
#[utoipa::path(tag = "access", security(()), responses((status = 200, body = SetupState)))]
#[get("/setup")]
pub async fn setup_get(call: Public) -> Answer {
    Ok(HttpResponse::Ok().json(blocking(move || setup::setup_state(&call.app)).await?))
}

/// Name the company, its first unit and its first person, with the token of the printed link
#[utoipa::path(tag = "access", security(()), request_body = SetupInput, responses((status = 201, body = SessionView)))]
#[post("/setup")]
pub async fn setup_create(call: Public, body: Body<SetupInput>) -> Answer {
    let app = call.app.clone();
    let opened = blocking(move || setup::setup_perform(&call.app, body.value, &call.meta, now())).await?;
    Ok(session_answer(&app, opened, HttpResponse::Created()))
}

/// Sign in
#[utoipa::path(tag = "access", security(()), request_body = SignIn, responses((status = 201, body = SessionView)))]
#[post("/auth/sessions")]
pub async fn session_create(call: Public, body: Body<SignIn>) -> Answer {
    let app = call.app.clone();
    let opened = blocking(move || session::session_create(&call.app, body.value, &call.meta, now())).await?;
    Ok(session_answer(&app, opened, HttpResponse::Created()))
}

/// Where a phone keeps its refresh token; browsers send their cookie instead.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    pub refresh_token: Option<String>,
}

/// Take the next access token
#[utoipa::path(tag = "access", security(()), request_body = Refresh, responses((status = 200, body = SessionView)))]
#[post("/auth/refresh")]
pub async fn session_refresh(request: HttpRequest, call: Public, body: Body<Option<Refresh>>) -> Answer {
    let token = refresh_token(&request, body.value)?.ok_or(AppError::Unauthenticated("token_missing"))?;
    let app = call.app.clone();
    let opened = blocking(move || session::session_refresh(&call.app, &token, now())).await?;
    Ok(session_answer(&app, opened, HttpResponse::Ok()))
}

/// Sign out: ends the session of the refresh token in the cookie or the body, or else that of the access token
#[utoipa::path(tag = "access", security(()), request_body = Refresh, responses((status = 204)))]
#[delete("/auth/session")]
pub async fn session_delete(
    request: HttpRequest,
    call: Public,
    own: Option<Call>,
    body: Body<Option<Refresh>>,
) -> Answer {
    let app = call.app.clone();
    if let Some(token) = refresh_token(&request, body.value)? {
        blocking(move || session::session_end_by_refresh(&call.app, &token, now())).await?;
    } else if let Some(own) = own {
        match own.run(session::session_end).await {
            // Who is out already has nothing to end.
            Ok(()) | Err(Refusal(AppError::Unauthenticated(_))) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    let mut gone = refresh_cookie(&app, String::new());
    gone.set_max_age(Duration::ZERO);
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

pub(super) fn session_answer(app: &App, opened: Opened, mut response: actix_web::HttpResponseBuilder) -> HttpResponse {
    if opened.client == "browser" {
        response.cookie(refresh_cookie(app, opened.refresh_token));
    }
    response.json(opened.view)
}

pub(super) fn refresh_cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(!app.config().plain_http)
        .max_age(Duration::days(30))
        .finish()
}

/// From the body, or from the cookie when the request comes from this very site.
fn refresh_token(request: &HttpRequest, body: Option<Refresh>) -> Result<Option<String>, Refusal> {
    if let Some(token) = body.and_then(|body| body.refresh_token) {
        return Ok(Some(token));
    }
    let Some(cookie) = request.cookie(COOKIE) else {
        return Ok(None);
    };
    if let Some(origin) = header_text(request, header::ORIGIN.as_str()) {
        let host = request.connection_info().host().to_string();
        if origin.split_once("://").map(|(_, rest)| rest) != Some(host.as_str()) {
            return Err(AppError::Unauthenticated("origin_refused").into());
        }
    }
    Ok(Some(cookie.value().to_string()).filter(|token| !token.is_empty()))
}
