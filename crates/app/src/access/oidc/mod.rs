//! Signing in through the company's own provider: OpenID Connect, authorization code with PKCE. Who comes back is matched
//! to an account that is there already, by the link kept from before, the first time by an e-mail that the provider has
//! verified. No account is made here, and whoever has a second step is asked for it all the same.
//!
//! Between the steps the browser keeps what was begun, signed and for minutes only. What speaks to the provider is built
//! with the feature `oidc`; without it nobody can be configured, and every step answers that it is off.

#[cfg(feature = "oidc")]
pub mod provider;
#[cfg(not(feature = "oidc"))]
#[path = "provider_absent.rs"]
pub mod provider;

use chrono::{DateTime, Utc};
use regulars_domain::actor::Credential;
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::access::oidc::{
    identity_exists, identity_insert, identity_used, identity_user, users_by_email,
};
use regulars_persistence::access::user::{UserRow, user_get};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use self::provider::Provider;
use super::actor::actor_load;
use super::second_factor::{CodeGiven, Taken, factor_enabled, second_step};
use super::session::{Opened, record_failure, recovery_told, refuse_blocked, session_open, throttle_keys};
use super::token::{random_secret, same_bytes};
use crate::event::Event;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// What is begun at the provider has to be finished after this long, in seconds.
const BEGUN_SECONDS: i64 = 600;
/// A code of the second step is waited for so long, in seconds.
const PROVED_SECONDS: i64 = 300;
const LONGEST_PATH: usize = 500;
const BEGUN: &str = "oidc-begun";
const PROVED: &str = "oidc-proved";

/// The provider, as the administrator named it.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    pub issuer: String,
    pub client_id: String,
    /// Absent for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// Where the provider sends people back to: `/api/v1/auth/oidc/callback` at the address people use.
    pub callback: String,
    /// Speak plain HTTP with the provider as well: for development.
    pub http: bool,
}

/// Made up for one sign-in, and kept by the browser meanwhile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    pub state: String,
    pub nonce: String,
    /// Of PKCE.
    pub verifier: String,
    to: String,
    until: i64,
}

/// Whom the provider vouched for, while a code is waited for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Proved {
    user: UserId,
    until: i64,
}

/// What the provider says of who signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
}

/// What the browser brings back from the provider.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
}

/// Where to go, and what the browser keeps meanwhile.
#[derive(Debug, Clone)]
pub struct Departure {
    pub address: String,
    pub kept: String,
}

/// How a return from the provider ends. `to` is a path of this site.
#[derive(Debug)]
pub enum Arrival {
    Entered { opened: Box<Opened>, to: String },
    CodeNeeded { kept: String, to: String },
}

fn provider(app: &App) -> AppResult<&Provider> {
    app.oidc().ok_or(AppError::Absent("oidc_off"))
}

/// Begins a sign-in that shall end at the path `to`.
pub fn oidc_begin(app: &App, to: Option<&str>, now: DateTime<Utc>) -> AppResult<Departure> {
    let provider = provider(app)?;
    let begun = Begun {
        state: random_secret(),
        nonce: random_secret(),
        verifier: random_secret(),
        to: local_path(to),
        until: now.timestamp() + BEGUN_SECONDS,
    };
    Ok(Departure { address: provider.address(&begun, now)?, kept: app.tokens().seal(BEGUN, &begun)? })
}

/// A path of this site, or the first page: nobody is sent elsewhere from here.
fn local_path(to: Option<&str>) -> String {
    let local = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.starts_with("/api/")
            && path.len() <= LONGEST_PATH
            && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    to.filter(local).unwrap_or("/").to_string()
}

/// Ends what was begun in this very browser: asks the provider who came, and opens the session or asks for the code.
pub fn oidc_finish(
    app: &App,
    kept: Option<&str>,
    returned: &Returned,
    request: &RequestMeta,
    now: DateTime<Utc>,
) -> AppResult<Arrival> {
    let provider = provider(app)?;
    let begun: Begun = kept
        .and_then(|kept| app.tokens().open(BEGUN, kept))
        .filter(|begun: &Begun| begun.until > now.timestamp())
        .ok_or(AppError::Unauthenticated("oidc_state"))?;
    let state = returned.state.as_deref().unwrap_or_default();
    if !same_bytes(state.as_bytes(), begun.state.as_bytes()) {
        return Err(AppError::Unauthenticated("oidc_state"));
    }
    let Some(code) = returned.code.as_deref().filter(|_| returned.error.is_none()) else {
        let error: String = returned.error.iter().flat_map(|error| error.chars()).take(100).collect();
        tracing::info!(%error, "the provider let nobody in");
        return Err(AppError::Unauthenticated("oidc_refused"));
    };
    let mut proof = provider.exchange(code, &begun, now)?;
    let (issuer, subject) = (provider.issuer().to_string(), proof.claims.subject.clone());
    if app.db().read(|db| Ok::<_, AppError>(identity_user(db, &issuer, &subject)?))?.is_none() {
        provider.email_ask(&mut proof, now)?;
    }
    let user = person_note(app, issuer, proof.claims, request, now)?;
    let id = user.id;
    if app.db().read(|db| factor_enabled(db, id))? {
        let proved = Proved { user: id, until: now.timestamp() + PROVED_SECONDS };
        let to = format!("/sign-in?oidc=code&next={}", percent_encoded(&begun.to));
        return Ok(Arrival::CodeNeeded { kept: app.tokens().seal(PROVED, &proved)?, to });
    }
    let opened = session_open(app, user, "browser".into(), None, request, now, Vec::new())?;
    Ok(Arrival::Entered { opened: Box::new(opened), to: begun.to })
}

/// The second step, for whom the provider has just vouched.
pub fn oidc_code(
    app: &App,
    kept: Option<&str>,
    input: &CodeGiven,
    request: &RequestMeta,
    now: DateTime<Utc>,
) -> AppResult<Opened> {
    provider(app)?;
    let proved: Proved = kept
        .and_then(|kept| app.tokens().open(PROVED, kept))
        .filter(|proved: &Proved| proved.until > now.timestamp())
        .ok_or(AppError::Unauthenticated("oidc_state"))?;
    let id = proved.user;
    let user = app.db().read(|db| Ok::<_, AppError>(user_get(db, id)?))?;
    let user = user.filter(UserRow::may_enter).ok_or(AppError::Unauthenticated("account_disabled"))?;
    let keys = throttle_keys(&user.login, request);
    for key in &keys {
        refuse_blocked(app, key, now)?;
    }
    let taken = match second_step(app, &user, Some(&input.code), now) {
        Err(AppError::Unauthenticated("second_factor_wrong")) => {
            record_failure(app, keys, now)?;
            return Err(AppError::Unauthenticated("second_factor_wrong"));
        }
        taken => taken?,
    };
    let opened = session_open(app, user, "browser".into(), None, request, now, keys)?;
    if taken == Some(Taken::Recovery) {
        recovery_told(app, id, request, now)?;
    }
    Ok(opened)
}

/// Finds whose sign-in it is, and notes it with the link it came by.
fn person_note(
    app: &App,
    issuer: String,
    claims: Claims,
    request: &RequestMeta,
    now: DateTime<Utc>,
) -> AppResult<UserRow> {
    let (app_in, request) = (app.clone(), std::sync::Arc::new(request.clone()));
    app.db().write(move |tx| {
        let (user, action) = match identity_user(tx, &issuer, &claims.subject)? {
            Some(user) => (user, "vouched_for"),
            None => (person_by_email(tx, &issuer, &claims)?, "identity_linked"),
        };
        // Refuses those who left and those who are frozen.
        let actor = actor_load(tx, user.id, Credential::Job, now)?;
        if action == "identity_linked" {
            identity_insert(tx, &issuer, &claims.subject, user.id, now)?;
        } else {
            identity_used(tx, &issuer, &claims.subject, now)?;
        }
        let cx = Cx::in_transaction(app_in.clone(), actor.into(), now, request.clone());
        Event::new(&cx, "user", user.id, action).stands(cx.actor.unit_id, None).record(tx)?;
        Ok(user)
    })
}

/// The one active person with the verified e-mail. Whom the provider knows under another subject is not matched again: an
/// e-mail passed on to somebody new opens no account of somebody else's.
fn person_by_email(tx: &mut Db, issuer: &str, claims: &Claims) -> AppResult<UserRow> {
    let email = claims.email.as_deref().filter(|_| claims.email_verified);
    let email = email.ok_or(AppError::Unauthenticated("oidc_unverified"))?;
    let mut found = users_by_email(tx, email)?;
    match found.pop() {
        Some(user) if found.is_empty() && !identity_exists(tx, issuer, user.id)? => Ok(user),
        _ => Err(AppError::Unauthenticated("oidc_unknown")),
    }
}

/// As it may stand in a query.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        let rows = [
            (Some("/customers/1?tab=orders#top"), "/customers/1?tab=orders#top"),
            (None, "/"),
            (Some(""), "/"),
            (Some("customers"), "/"),
            (Some("//elsewhere.example"), "/"),
            (Some("/\\elsewhere.example"), "/"),
            (Some("/\t/elsewhere.example"), "/"),
            (Some("/a\r\nset-cookie: b=c"), "/"),
            (Some("https://elsewhere.example"), "/"),
            (Some("/api/v1/auth/oidc"), "/"),
        ];
        for (asked, gone) in rows {
            assert_eq!(local_path(asked), gone, "{asked:?}");
        }
        assert_eq!(local_path(Some(&format!("/{}", "a".repeat(LONGEST_PATH)))), "/");
    }

    #[test]
    fn what_is_put_into_a_query_ends_nothing() {
        assert_eq!(percent_encoded("/a?b=c&d=é~"), "%2Fa%3Fb%3Dc%26d%3D%C3%A9~");
    }
}
