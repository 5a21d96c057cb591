//! The pages of forms that make leads, at `/forms/…`: read and sent without signing in and without any script.

pub mod html;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use regulars_app::AppError;
use regulars_app::sales::lead_form::{form_send, form_show};
use serde::Deserialize;

use self::html::Typed;
use crate::http::call::{Public, blocking, locale_of, now};
use crate::http::problem::{Refusal, problem, status};
use crate::http::visit::Sent;

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(form_page).service(form_page_send);
}

#[derive(Deserialize)]
struct Shown {
    /// Set once it is sent.
    sent: Option<String>,
}

#[get("/forms/{key}")]
async fn form_page(
    request: HttpRequest,
    public: Public,
    key: web::Path<String>,
    asked: web::Query<Shown>,
) -> HttpResponse {
    let english = locale_of(request.headers()) == "en";
    let found = blocking(move || form_show(&public.app, &key, &public.meta.locale)).await;
    match found {
        Ok(form) if asked.sent.is_some() => page(StatusCode::OK, html::thanks(&form, english)),
        Ok(form) => page(StatusCode::OK, html::whole(&form, &Typed::default(), english)),
        Err(refusal) => refused(&refusal, english),
    }
}

#[post("/forms/{key}")]
async fn form_page_send(request: HttpRequest, sent: Result<Sent, Refusal>, key: web::Path<String>) -> HttpResponse {
    let english = locale_of(request.headers()) == "en";
    let (app, visit, meta) = match sent {
        Ok(sent) => sent.parts(),
        Err(refusal) => return refused(&refusal, english),
    };
    let (reader, name, locale) = (app.clone(), key.clone(), meta.locale.clone());
    let values = visit.values.clone();
    let place = key.clone();
    match blocking(move || form_send(&app, &key, &visit, meta, now())).await {
        Ok(_) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, format!("/forms/{place}?sent=1")))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
        Err(Refusal(AppError::Validation(errors))) => {
            let told = problem(&AppError::Validation(errors), &locale, "", "").errors;
            let told = told.into_iter().map(|one| (one.pointer.trim_start_matches('/').to_string(), one.detail));
            let typed = Typed { values, wrong: told.collect() };
            match blocking(move || form_show(&reader, &name, &locale)).await {
                Ok(form) => page(StatusCode::UNPROCESSABLE_ENTITY, html::whole(&form, &typed, english)),
                Err(refusal) => refused(&refusal, english),
            }
        }
        Err(refusal) => refused(&refusal, english),
    }
}

fn refused(Refusal(error): &Refusal, english: bool) -> HttpResponse {
    let locale = if english { "en" } else { "zh-CN" };
    let title = match error {
        AppError::NotFound if english => "This form is not available.".to_string(),
        AppError::NotFound => "此表单不存在或已停用。".to_string(),
        other => problem(other, locale, "", "").title,
    };
    page(status(error), html::told(&title, english))
}

fn page(status: StatusCode, text: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}
