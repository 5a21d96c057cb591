//! Access tokens (short JWT, one algorithm) and opaque secrets stored as hashes only.

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use regulars_domain::ids::{SessionId, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{AppError, AppResult};

/// An access token's life, in seconds.
pub const ACCESS_SECONDS: i64 = 600;
const ISSUER: &str = "regulars";
const AUDIENCE: &str = "regulars-api";

#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: Uuid,
    pub sid: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

/// A value in somebody else's keeping.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sealed<T> {
    aud: String,
    value: T,
}

pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub fn new(key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        Self { encoding: EncodingKey::from_secret(key), decoding: DecodingKey::from_secret(key), validation }
    }

    pub fn issue(&self, user: UserId, session: SessionId, now: DateTime<Utc>) -> AppResult<String> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user.0,
            sid: session.0,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + Duration::seconds(ACCESS_SECONDS)).timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(AppError::internal)
    }

    /// Signs a value that somebody keeps for us; `purpose` says what for, and no other takes it.
    pub fn seal(&self, purpose: &str, value: &impl Serialize) -> AppResult<String> {
        let sealed = Sealed { aud: purpose.into(), value };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &sealed, &self.encoding).map_err(AppError::internal)
    }

    /// Reads what [`Tokens::seal`] wrote; nothing else.
    pub fn open<T: DeserializeOwned + Clone>(&self, purpose: &str, text: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[purpose]);
        validation.set_required_spec_claims(&["aud"]);
        validation.validate_exp = false;
        let data = jsonwebtoken::decode::<Sealed<T>>(text, &self.decoding, &validation).ok()?;
        Some(data.claims.value)
    }

    pub fn read(&self, token: &str) -> AppResult<Claims> {
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).map(|data| data.claims).map_err(
            |error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => AppError::Unauthenticated("token_expired"),
                _ => AppError::Unauthenticated("token_invalid"),
            },
        )
    }
}

pub fn random_bytes<const N: usize>() -> [u8; N] {
    rand::random()
}

/// 256 random bits as hexadecimal text.
pub fn random_secret() -> String {
    hex(&random_bytes::<32>())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How opaque secrets are stored: they are random, so a plain hash is enough.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Compares without telling by time where the difference is.
pub fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}
