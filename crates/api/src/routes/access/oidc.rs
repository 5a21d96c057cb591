//! Sign-in through the company's provider: the way there, the way back, and the code of a second step.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use regulars_app::access::oidc::{self, Arrival, Returned};
use regulars_app::access::second_factor::CodeGiven;
use regulars_app::access::session::SessionView;
use regulars_app::{App, AppError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::sessions::{refresh_cookie, session_answer};
use crate::http::body::Body;
use crate::http::call::{Answer, Public, blocking, now};
use crate::http::problem::Refusal;

const COOKIE: &str = "rgl_oidc";
const COOKIE_PATH: &str = "/api/v1/auth/oidc";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Destination {
    /// The path of the app to end at; anything else ends at the first page.
    #[param(example = "/customers")]
    to: Option<String>,
}

/// Go to the company's provider to sign in
#[utoipa::path(tag = "access", security(()), params(Destination), responses((status = 302), (status = 404)))]
#[get("/auth/oidc")]
pub async fn oidc_begin(call: Public, asked: web::Query<Destination>) -> Answer {
    let app = call.app.clone();
    match blocking(move || oidc::oidc_begin(&call.app, asked.to.as_deref(), now())).await {
        Ok(way) => Ok(gone_to(&way.address, [kept_cookie(&app, way.kept, Duration::minutes(10))])),
        Err(refusal) => told_at_the_door(&app, refusal),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProviderAnswer {
    code: Option<String>,
    state: Option<String>,
    /// Why the provider let nobody in.
    error: Option<String>,
}

/// Come back from the company's provider: ends in the app, or at the sign-in page with what is wanting
#[utoipa::path(tag = "access", security(()), params(ProviderAnswer), responses((status = 302), (status = 404)))]
#[get("/auth/oidc/callback")]
pub async fn oidc_finish(request: HttpRequest, call: Public, answer: web::Query<ProviderAnswer>) -> Answer {
    let (app, kept) = (call.app.clone(), kept_of(&request));
    let ProviderAnswer { code, state, error } = answer.into_inner();
    let returned = Returned { code, state, error };
    match blocking(move || oidc::oidc_finish(&call.app, kept.as_deref(), &returned, &call.meta, now())).await {
        Ok(Arrival::Entered { opened, to }) => {
            Ok(gone_to(&to, [refresh_cookie(&app, opened.refresh_token), forgotten(&app)]))
        }
        Ok(Arrival::CodeNeeded { kept, to }) => Ok(gone_to(&to, [kept_cookie(&app, kept, Duration::minutes(5))])),
        Err(refusal) => told_at_the_door(&app, refusal),
    }
}

/// Sign in with the code of the second step, for whom the provider has just vouched
#[utoipa::path(tag = "access", security(()), request_body = CodeGiven,
    responses((status = 201, body = SessionView), (status = 404)))]
#[post("/auth/oidc")]
pub async fn oidc_code(request: HttpRequest, call: Public, body: Body<CodeGiven>) -> Answer {
    let (app, kept) = (call.app.clone(), kept_of(&request));
    let opened = blocking(move || oidc::oidc_code(&call.app, kept.as_deref(), &body.value, &call.meta, now())).await?;
    let mut response = HttpResponse::Created();
    response.cookie(forgotten(&app));
    Ok(session_answer(&app, opened, response))
}

/// A person is on the way, not a program: the sign-in page says why it ends here.
fn told_at_the_door(app: &App, refusal: Refusal) -> Answer {
    match refusal {
        Refusal(AppError::Unauthenticated(code)) => Ok(gone_to(&format!("/sign-in?refused={code}"), [forgotten(app)])),
        refusal => Err(refusal),
    }
}

fn gone_to<const N: usize>(address: &str, cookies: [Cookie<'static>; N]) -> HttpResponse {
    let mut response = HttpResponse::Found();
    response.insert_header((header::LOCATION, address)).insert_header((header::CACHE_CONTROL, "no-store"));
    for cookie in cookies {
        response.cookie(cookie);
    }
    response.finish()
}

fn kept_of(request: &HttpRequest) -> Option<String> {
    request.cookie(COOKIE).map(|cookie| cookie.value().to_string())
}

/// Comes along when the provider sends the browser back, which is another site's doing: not `Strict`.
fn kept_cookie(app: &App, kept: String, age: Duration) -> Cookie<'static> {
    Cookie::build(COOKIE, kept)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(!app.config().plain_http)
        .max_age(age)
        .finish()
}

fn forgotten(app: &App) -> Cookie<'static> {
    kept_cookie(app, String::new(), Duration::ZERO)
}
