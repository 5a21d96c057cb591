//! The built web app, inside the binary. Any path that is no file and no API is the app's own.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse};
use regulars_app::AppError;
use rust_embed::RustEmbed;

use crate::http::call::Answer;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Assets;

pub async fn serve(request: HttpRequest) -> Answer {
    let path = request.path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(AppError::NotFound.into());
    }
    if let Some(file) = Assets::get(path) {
        // Names under assets/ carry a hash of their content.
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return Ok(HttpResponse::Ok()
            .content_type(file.metadata.mimetype())
            .insert_header((header::CACHE_CONTROL, cache))
            .body(file.data.into_owned()));
    }
    let page = Assets::get("index.html").ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(page.data.into_owned()))
}
