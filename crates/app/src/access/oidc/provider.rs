//! Speaks with the provider: where it is (discovery), whom it vouches for (code and ID token), with which keys (JWKS).
//!
//! Bounded like everything that goes out: https unless development is said, no redirects, no proxy of the environment,
//! limits of time and size. Private networks may be reached, because the administrator named the address.

use std::io::Read;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use parking_lot::RwLock;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::Request;
use ureq::{Agent, AsSendBody};

use super::{Begun, Claims, OidcConfig, percent_encoded};
use crate::access::token::same_bytes;
use crate::platform::webhooks::send::config_bounded;
use crate::{AppError, AppResult};

/// What a provider answers with is smaller, in bytes.
const LARGEST: u64 = 1 << 20;
/// Addresses and keys are asked for again after this long, in minutes; keys also when a token names an unknown one.
const KNOWN_MINUTES: i64 = 60;
/// Clocks may differ by so much, in seconds.
const LEEWAY: u64 = 60;
/// Signatures that only the provider can make; none with a shared secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

const UNREACHABLE: AppError = AppError::Unauthenticated("oidc_unreachable");
const REFUSED: AppError = AppError::Unauthenticated("oidc_refused");

/// The configured provider, and what it told of itself.
pub struct Provider {
    config: OidcConfig,
    agent: Agent,
    known: RwLock<Option<Arc<Known>>>,
}

struct Known {
    at: DateTime<Utc>,
    endpoints: Endpoints,
    keys: JwkSet,
}

/// Of a provider's discovery document.
#[derive(Debug, Clone, Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
    access_token: String,
}

#[derive(Deserialize)]
struct IdToken {
    sub: String,
    aud: Value,
    azp: Option<String>,
    nonce: Option<String>,
    #[serde(flatten)]
    email: EmailTold,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    email: EmailTold,
}

#[derive(Deserialize)]
struct EmailTold {
    email: Option<String>,
    /// Some providers write it as a text.
    email_verified: Option<Value>,
}

impl EmailTold {
    fn into_claims(self, subject: String) -> Claims {
        let email_verified = self.email_verified.is_some_and(|told| told == true || told == "true");
        Claims { subject, email: self.email, email_verified }
    }
}

/// Whom the provider vouches for, and what it can be asked more with.
pub struct Proof {
    pub claims: Claims,
    access_token: String,
}

impl Provider {
    /// Refuses an issuer that is not spoken to safely.
    pub fn new(config: &OidcConfig) -> AppResult<Option<Self>> {
        if !address_safe(&config.issuer, config.http) {
            return Err(AppError::Internal(format!("the issuer {} has to be an https address", config.issuer)));
        }
        let agent = config_bounded(config.http).into();
        Ok(Some(Self { config: config.clone(), agent, known: RwLock::new(None) }))
    }

    pub fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// Where the browser is sent to sign in.
    pub fn address(&self, begun: &Begun, now: DateTime<Utc>) -> AppResult<String> {
        let known = self.known(now)?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, begun.verifier.as_bytes()));
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.callback),
            ("scope", "openid email profile"),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let endpoint = &known.endpoints.authorization_endpoint;
        Ok(format!("{endpoint}{}{query}", if endpoint.contains('?') { '&' } else { '?' }))
    }

    /// Takes the code to the provider and checks the token it answers with.
    pub fn exchange(&self, code: &str, begun: &Begun, now: DateTime<Utc>) -> AppResult<Proof> {
        let known = self.known(now)?;
        let answer: TokenAnswer = self.token_ask(&known.endpoints, code, &begun.verifier)?;
        let header = decode_header(&answer.id_token).map_err(|error| refused("the ID token cannot be read", &error))?;
        let known = match key_of(&known.keys, &header) {
            Some(_) => known,
            // The provider has changed its keys.
            None => self.learn(now)?,
        };
        let key = key_of(&known.keys, &header).ok_or_else(|| refused("no key for the ID token", &header.kid))?;
        let claims = verify(&answer.id_token, &header, key, &self.config, &begun.nonce)?;
        Ok(Proof { claims, access_token: answer.access_token })
    }

    /// Asks for the e-mail, where the token did not tell it.
    pub fn email_ask(&self, proof: &mut Proof, now: DateTime<Utc>) -> AppResult<()> {
        let known = self.known(now)?;
        let Some(address) = known.endpoints.userinfo_endpoint.as_deref().filter(|_| proof.claims.email.is_none())
        else {
            return Ok(());
        };
        let request = Request::get(address)
            .header("authorization", format!("Bearer {}", proof.access_token))
            .header("accept", "application/json")
            .body(());
        let told: UserInfo = self.ask(address, request)?;
        if told.sub != proof.claims.subject {
            return Err(refused("the user info is of somebody else", &""));
        }
        proof.claims = told.email.into_claims(told.sub);
        Ok(())
    }

    fn token_ask(&self, endpoints: &Endpoints, code: &str, verifier: &str) -> AppResult<TokenAnswer> {
        let id = self.config.client_id.as_str();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.config.callback.as_str()),
            ("code_verifier", verifier),
        ];
        let mut request = Request::post(&endpoints.token_endpoint)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json");
        let secret = self.config.client_secret.as_ref().map(|secret| secret.expose_secret());
        let methods = endpoints.token_endpoint_auth_methods_supported.as_deref();
        // What a provider does not tell is `client_secret_basic`.
        let basic = methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        match secret {
            Some(secret) if basic => {
                let pair = format!("{}:{}", percent_encoded(id), percent_encoded(secret));
                request = request.header("authorization", format!("Basic {}", BASE64_STANDARD.encode(pair)));
            }
            Some(secret) => fields.extend([("client_id", id), ("client_secret", secret)]),
            None => fields.push(("client_id", id)),
        }
        self.ask(&endpoints.token_endpoint, request.body(form(&fields)))
    }

    /// What the provider told of itself, not longer ago than an hour.
    fn known(&self, now: DateTime<Utc>) -> AppResult<Arc<Known>> {
        let known = self.known.read().clone();
        match known.filter(|known| now - known.at < Duration::minutes(KNOWN_MINUTES)) {
            Some(known) => Ok(known),
            None => self.learn(now),
        }
    }

    fn learn(&self, now: DateTime<Utc>) -> AppResult<Arc<Known>> {
        let address = format!("{}/.well-known/openid-configuration", self.config.issuer.trim_end_matches('/'));
        let endpoints: Endpoints = self.ask(&address, Request::get(&address).body(()))?;
        if endpoints.issuer != self.config.issuer {
            return Err(refused("the provider calls itself otherwise", &endpoints.issuer));
        }
        if !address_safe(&endpoints.authorization_endpoint, self.config.http) {
            return Err(refused("people would be sent to an unsafe address", &endpoints.authorization_endpoint));
        }
        let keys: JwkSet = self.ask(&endpoints.jwks_uri, Request::get(&endpoints.jwks_uri).body(()))?;
        let known = Arc::new(Known { at: now, endpoints, keys });
        *self.known.write() = Some(known.clone());
        Ok(known)
    }

    fn ask<B: AsSendBody, T: DeserializeOwned>(
        &self,
        address: &str,
        request: Result<Request<B>, ureq::http::Error>,
    ) -> AppResult<T> {
        let unreachable = |error: &dyn std::fmt::Display| {
            tracing::warn!(%address, %error, "the sign-in provider cannot be reached");
            UNREACHABLE
        };
        let request = request.map_err(|error| unreachable(&error))?;
        let response = self.agent.run(request).map_err(|error| unreachable(&error))?;
        let status = response.status();
        let mut bytes = Vec::new();
        let read = response.into_body().into_reader().take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| unreachable(&error))?;
        if !status.is_success() {
            let fault: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            tracing::warn!(%address, %status, error = %fault["error"], "the sign-in provider refused");
            return Err(if status.is_server_error() { UNREACHABLE } else { REFUSED });
        }
        serde_json::from_slice(&bytes).map_err(|error| refused("the provider's answer cannot be read", &error))
    }
}

/// The caller learns that it was refused, the log why.
fn refused(why: &str, what: &dyn std::fmt::Debug) -> AppError {
    tracing::warn!(why, ?what, "a sign-in through the provider was refused");
    REFUSED
}

fn address_safe(address: &str, http: bool) -> bool {
    address.starts_with("https://") || (http && address.starts_with("http://"))
}

/// The key a token names; a token that names none is of the only key there is.
fn key_of<'a>(keys: &'a JwkSet, header: &Header) -> Option<&'a Jwk> {
    match (&header.kid, keys.keys.as_slice()) {
        (Some(kid), _) => keys.find(kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// Signature, issuer, audience, expiry, and that it answers to this sign-in.
fn verify(token: &str, header: &Header, key: &Jwk, config: &OidcConfig, nonce: &str) -> AppResult<Claims> {
    if !ALGORITHMS.contains(&header.alg) {
        return Err(refused("the ID token is signed in a way not taken", &header.alg));
    }
    let key = DecodingKey::from_jwk(key).map_err(|error| refused("the provider's key cannot be used", &error))?;
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    validation.set_issuer(&[&config.issuer]);
    validation.set_audience(&[&config.client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let token = decode::<IdToken>(token, &key, &validation);
    let token = token.map_err(|error| refused("the ID token does not hold", &error))?.claims;
    let several = token.aud.as_array().is_some_and(|all| all.len() > 1);
    if token.azp.as_ref().map_or(several, |party| *party != config.client_id) {
        return Err(refused("the ID token was made for another program", &token.azp));
    }
    if !token.nonce.is_some_and(|told| same_bytes(told.as_bytes(), nonce.as_bytes())) {
        return Err(refused("the ID token answers to another sign-in", &""));
    }
    Ok(token.email.into_claims(token.sub))
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
    pairs.join("&")
}
