//! Around every request: an id, the limits, one log line, security headers, and the words of every refusal.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use regulars_app::AppError;

use super::call::{RequestId, locale_of};
use super::limit::Limits;
use super::problem::{Problem, Refusal, problem};

const REQUEST_ID: &str = "x-request-id";

pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = uuid::Uuid::now_v7().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let locale = locale_of(request.headers());
    let method = request.method().clone();
    let path = request.path().to_string();
    let verdict = request.app_data::<web::Data<Limits>>().map(|limits| limits.check(&request));
    let mut response = match &verdict {
        Some(Err(refusal)) => {
            let (request, _) = request.into_parts();
            ServiceResponse::from_err(refusal.clone(), request).map_into_boxed_body()
        }
        _ => match next.call(request).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => return Err(error),
        },
    };
    worded(&mut response, &method, locale, &path, &id);
    if let Some(Ok(Some(remaining))) = &verdict {
        remaining.write(response.headers_mut());
    }
    if let Ok(value) = header::HeaderValue::from_str(&id) {
        response.headers_mut().insert(header::HeaderName::from_static(REQUEST_ID), value);
    }
    secure(&path, response.headers_mut());
    let route = response.request().match_pattern();
    observe(&method, (&path, route.as_deref()), response.status(), started, &id);
    Ok(response)
}

/// Turns refusals, and the router's own bare 404 and 405, into problems.
fn worded(response: &mut ServiceResponse<BoxBody>, method: &Method, locale: &str, path: &str, id: &str) {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return;
    }
    // A page that people read says by itself what is wrong.
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return;
    }
    let refusal = response.response().extensions().get::<Refusal>().cloned();
    let missed = matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    if let Some(allow) = missed.then(|| super::methods::others(path, method.as_str())).flatten() {
        *response.response_mut() = HttpResponse::MethodNotAllowed()
            .content_type("application/problem+json")
            .insert_header((header::ALLOW, allow))
            .json(bare("method_not_allowed", 405, locale, path, id));
        return;
    }
    let body = match (&refusal, response.status()) {
        (Some(Refusal(error)), _) => problem(error, locale, path, id),
        (None, StatusCode::METHOD_NOT_ALLOWED) => bare("method_not_allowed", 405, locale, path, id),
        (None, StatusCode::NOT_FOUND) => bare("not_found", 404, locale, path, id),
        (None, status)
            if response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/problem+json") =>
        {
            bare("malformed", status.as_u16(), locale, path, id)
        }
        _ => return,
    };
    if let Some(Refusal(AppError::Internal(text))) = &refusal {
        let path = logged(path);
        tracing::error!(request.id = id, http.method = %method, http.path = path, error = text, "internal error");
    }
    let mut worded = HttpResponse::build(response.status());
    worded.content_type("application/problem+json");
    if let Some(allow) = response.headers().get(header::ALLOW) {
        worded.insert_header((header::ALLOW, allow.clone()));
    }
    match &refusal {
        Some(Refusal(AppError::RateLimited { retry_after_seconds })) => {
            worded.insert_header((header::RETRY_AFTER, retry_after_seconds.to_string()));
        }
        Some(Refusal(AppError::Busy | AppError::Serialization | AppError::StorageFull)) => {
            worded.insert_header((header::RETRY_AFTER, "1"));
        }
        Some(Refusal(AppError::Unauthenticated(_))) => {
            worded.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        Some(Refusal(AppError::Stale { current } | AppError::Contested { current, .. })) => {
            worded.insert_header((header::ETAG, format!("\"{current}\"")));
        }
        _ => {}
    }
    let text = serde_json::to_string(&body).unwrap_or_default();
    *response.response_mut() = worded.body(text);
}

fn bare(code: &str, status: u16, locale: &str, path: &str, id: &str) -> Problem {
    let mut body = problem(&AppError::NotFound, locale, path, id);
    body.kind = format!("/api/docs#problem-{code}");
    body.code = code.into();
    body.status = status;
    body.title = regulars_app::messages::title(code, locale);
    body
}

fn secure(path: &str, headers: &mut header::HeaderMap) {
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.insert(name, header::HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    if path.starts_with("/api/v1") {
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        }
    } else {
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; \
             connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
        );
    }
}

/// Counts and times the request by the template of its route; what no route takes is the web app's file, or nothing.
fn observe(method: &Method, (path, route): (&str, Option<&str>), status: StatusCode, started: Instant, id: &str) {
    let seconds = started.elapsed().as_secs_f64();
    let (verb, route) = (method_name(method), route.unwrap_or("other").to_string());
    metrics::counter!("http_requests_total", "method" => verb, "route" => route.clone(), "status" => status_class(status))
        .increment(1);
    metrics::histogram!("http_request_seconds", "method" => verb, "route" => route).record(seconds);
    let code = status.as_u16();
    let path = logged(path);
    // An internal error has been told with its cause.
    if status.is_server_error() && status != StatusCode::INTERNAL_SERVER_ERROR {
        tracing::warn!(request.id = id, http.method = %method, http.path = path, http.status = code, seconds, "request");
    } else {
        tracing::debug!(request.id = id, http.method = %method, http.path = path, http.status = code, seconds, "request");
    }
}

/// A path as the log may keep it: whoever reads the log does not come by the secret in a calendar's address.
fn logged(path: &str) -> &str {
    const FEEDS: &str = "/api/v1/calendar-feeds/";
    if path.starts_with(FEEDS) { FEEDS } else { path }
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => "other",
    }
}
