//! A form that a page on the web sent: JSON or form-encoded, small, from whichever site.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use regulars_app::sales::lead_form::Visit;
use regulars_app::{AppError, RequestMeta};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::body::{parse, read};
use super::call::{Public, header_text};
use super::problem::Refusal;

/// Largest form, in bytes.
const MAX_FORM: usize = 32 << 10;

/// What was sent, by whom as far as it is told.
pub struct Sent {
    pub call: Public,
    pub visit: Visit,
}

impl Sent {
    /// What the use case wants to know of the request.
    pub fn parts(self) -> (regulars_app::App, Visit, RequestMeta) {
        (self.call.app, self.visit, self.call.meta)
    }
}

/// The site a page belongs to, as its browser tells.
pub fn origin(request: &HttpRequest) -> Option<String> {
    header_text(request, "Origin")
}

/// This server's own host, as it was asked for.
pub fn host(request: &HttpRequest) -> String {
    request.connection_info().host().to_string()
}

impl FromRequest for Sent {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.content_type().to_string();
        let mut visit = Visit {
            origin: origin(request),
            referrer: header_text(request, "Referer"),
            host: host(request),
            ..Visit::default()
        };
        let call = Public::from_request(request, &mut Payload::None);
        let payload = payload.take();
        Box::pin(async move {
            let mut call = call.await?;
            let bytes = read(payload, MAX_FORM).await?;
            visit.values = match kind.as_str() {
                "application/json" => parse(&bytes)?,
                "application/x-www-form-urlencoded" => encoded(&bytes)?,
                _ => return Err(AppError::UnsupportedMediaType.into()),
            };
            if let Some(idempotency) = &mut call.meta.idempotency {
                idempotency.body_hash = Sha256::digest(&bytes).to_vec();
            }
            Ok(Self { call, visit })
        })
    }
}

/// Names that come several times have a list.
fn encoded(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| AppError::Malformed(error.to_string()))?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text)
        .map_err(|error| AppError::Malformed(error.to_string()))?
        .into_inner();
    let mut values: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        match values.get_mut(&name) {
            None => drop(values.insert(name, Value::String(value))),
            Some(Value::Array(list)) => list.push(Value::String(value)),
            Some(one) => *one = Value::Array(vec![one.take(), Value::String(value)]),
        }
    }
    Ok(values)
}
