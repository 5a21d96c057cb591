//! Request bodies: JSON read whole, bounded in size, depth and time, kept as bytes for the idempotency hash.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use regulars_app::AppError;
use regulars_domain::error::FieldError;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::problem::Refusal;

/// Largest JSON body, in bytes.
pub const MAX_JSON: usize = 4 << 20;
/// A body must have arrived after this long.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// A JSON body and the hash of its bytes.
pub struct Body<T> {
    pub value: T,
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.content_type().to_string();
        let payload = payload.take();
        Box::pin(async move {
            let bytes = read(payload, MAX_JSON).await?;
            if bytes.is_empty() {
                return parse(b"null".as_slice()).map(|value| Body { value, hash: Vec::new() });
            }
            if !(kind == "application/json" || kind.ends_with("+json")) {
                return Err(AppError::UnsupportedMediaType.into());
            }
            Ok(Body { value: parse(&bytes)?, hash: Sha256::digest(&bytes).to_vec() })
        })
    }
}

/// Everything that is sent, bounded in size (bytes) and time.
pub async fn read(mut payload: Payload, most: usize) -> Result<BytesMut, Refusal> {
    let all = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| AppError::Malformed(error.to_string()))?;
            if bytes.len() + chunk.len() > most {
                return Err(Refusal(AppError::TooLarge { limit: most as u64 }));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(BODY_TIME, all).await.map_err(|_| AppError::Malformed("the body came too slowly".into()))?
}

/// Broken JSON is malformed; sound JSON of the wrong shape is a validation error.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    // Serde would take a list for a structure, member by member; the contract has objects only.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(AppError::invalid("", "object_expected").into());
    }
    if holds_nul(bytes) {
        return Err(AppError::invalid("", "control_character").into());
    }
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            AppError::Validation(vec![FieldError::new("", "wrong_shape").with(error)]).into()
        } else {
            AppError::Malformed(error.to_string()).into()
        }
    })
}

/// Whether a string of the JSON has the character NUL, which PostgreSQL stores in no text.
fn holds_nul(json: &[u8]) -> bool {
    let begins = |at: &usize| json[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0;
    json.windows(6).enumerate().filter(|(_, six)| *six == br"\u0000").any(|(at, _)| begins(&at))
}

#[cfg(test)]
mod tests {
    use super::holds_nul;

    #[test]
    fn an_escaped_backslash_is_no_nul() {
        for (json, holds) in [
            (r#"{"a":"\u0000"}"#, true),
            (r#"{"a":"x\\u0000"}"#, false),
            (r#"{"a\\\u0000b":1}"#, true),
            (r#"{"a":"\u00000"}"#, true),
            (r#"{"a":"\u0001u0000"}"#, false),
        ] {
            assert_eq!(holds_nul(json.as_bytes()), holds, "{json}");
        }
    }
}
