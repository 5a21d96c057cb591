//! Sign-in, refresh rotation with reuse detection, sign-out, the list of one's sessions.

use chrono::{DateTime, Duration, Utc};
use regulars_domain::actor::Credential;
use regulars_domain::error::Checks;
use regulars_domain::ids::{SessionId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::session::{
    SessionRow, session_by_refresh, session_get, session_insert, session_list, session_revoke, session_revoke_all,
    session_rotate, throttle_clear, throttle_get, throttle_set,
};
use regulars_persistence::access::user::{UserRow, user_by_login};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::actor::actor_load;
use super::me::{Me, me_view};
use super::second_factor::{Taken, second_step};
use super::token::{ACCESS_SECONDS, random_secret, same_bytes, secret_hash};
use crate::event::Event;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// A session lives this long after its last refresh.
const SESSION_DAYS: i64 = 30;
/// A client that lost the answer of a refresh may show the token before it once more for so long.
const GRACE_SECONDS: i64 = 10;
const FREE_FAILURES: i32 = 5;
const LONGEST_DELAY_SECONDS: i64 = 900;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "lin")]
    pub login: String,
    #[schema(example = "correct horse battery")]
    pub password: String,
    /// `browser` keeps the refresh token in a cookie, `device` gets it in the answer.
    #[serde(default = "browser")]
    #[schema(value_type = crate::shape::SignInClient)]
    pub client: String,
    pub device_name: Option<String>,
    /// Of the authenticator app, or a recovery code; asked for with `second_factor_needed`.
    #[schema(example = json!(null))]
    pub code: Option<String>,
}

fn browser() -> String {
    "browser".into()
}

/// A living session as the client gets it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Only for `device` clients; browsers hold it in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    pub user: Me,
}

/// A session with the refresh token still beside it: the web layer decides where that goes.
#[derive(Debug, Clone)]
pub struct Opened {
    pub view: SessionView,
    pub refresh_token: String,
    pub client: String,
}

/// Checks the password and opens a session. Unknown users take the same time; failures delay the next try.
pub fn session_create(app: &App, input: SignIn, request: &RequestMeta, now: DateTime<Utc>) -> AppResult<Opened> {
    let mut checks = Checks::default();
    checks.one_of("/client", &input.client, &["browser", "device"]);
    checks.optional_text("/login", Some(&input.login), 100);
    checks.optional_text("/device_name", input.device_name.as_deref(), 100);
    checks.done()?;
    let login = input.login.trim().to_lowercase();
    let keys = throttle_keys(&login, request);
    for key in &keys {
        refuse_blocked(app, key, now)?;
    }
    let user = app.db().read(|db| Ok::<_, AppError>(user_by_login(db, &login)?))?;
    let hash = user.as_ref().filter(|u| u.may_enter()).and_then(|u| u.password_hash.clone());
    if !app.passwords().verify(&input.password, hash.as_deref()) {
        record_failure(app, keys, now)?;
        return Err(AppError::Unauthenticated("wrong_credentials"));
    }
    let user = user.ok_or(AppError::Unauthenticated("wrong_credentials"))?;
    let taken = match second_step(app, &user, input.code.as_deref(), now) {
        Err(AppError::Unauthenticated("second_factor_wrong")) => {
            record_failure(app, keys, now)?;
            return Err(AppError::Unauthenticated("second_factor_wrong"));
        }
        taken => taken?,
    };
    let id = user.id;
    let opened = session_open(app, user, input.client, input.device_name, request, now, keys)?;
    if taken == Some(Taken::Recovery) {
        recovery_told(app, id, request, now)?;
    }
    Ok(opened)
}

/// A recovery code used up is worth a line of its own in the log.
pub(super) fn recovery_told(app: &App, id: UserId, request: &RequestMeta, now: DateTime<Utc>) -> AppResult<()> {
    let (app_in, request) = (app.clone(), std::sync::Arc::new(request.clone()));
    app.db().write(move |tx| {
        let actor = actor_load(tx, id, Credential::Job, now)?;
        let cx = Cx::in_transaction(app_in.clone(), actor.into(), now, request.clone());
        Event::new(&cx, "user", id, "recovery_code_used").stands(cx.actor.unit_id, None).record(tx)
    })
}

pub(super) fn throttle_keys(login: &str, request: &RequestMeta) -> Vec<String> {
    let address = request.address.as_ref().map(|address| format!("address:{address}"));
    std::iter::once(format!("login:{login}")).chain(address).collect()
}

pub(super) fn refuse_blocked(app: &App, key: &str, now: DateTime<Utc>) -> AppResult<()> {
    let throttle = app.db().read(|db| Ok::<_, AppError>(throttle_get(db, key)?))?;
    match throttle {
        Some(row) if row.blocked_until > now => {
            let seconds = (row.blocked_until - now).num_seconds().max(1);
            Err(AppError::RateLimited { retry_after_seconds: seconds.unsigned_abs() })
        }
        _ => Ok(()),
    }
}

/// The delay doubles with each failure after the fifth, up to a quarter of an hour; a day without failure forgives.
pub(super) fn record_failure(app: &App, keys: Vec<String>, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| {
        for key in &keys {
            let before = throttle_get(tx, key)?.filter(|row| now - row.last_failure_at < Duration::days(1));
            let failures = before.map_or(0, |row| row.failures) + 1;
            // An address may stand for a whole office: it is given more tries than one account.
            let free = if key.starts_with("address:") { FREE_FAILURES * 10 } else { FREE_FAILURES };
            let delay =
                if failures <= free { 0 } else { (1i64 << (failures - free).min(10)).min(LONGEST_DELAY_SECONDS) };
            throttle_set(tx, key, failures, now + Duration::seconds(delay), now)?;
        }
        Ok::<_, AppError>(())
    })
}

/// Opens a session for a user who has proved who they are.
pub fn session_open(
    app: &App,
    user: UserRow,
    client: String,
    device_name: Option<String>,
    request: &RequestMeta,
    now: DateTime<Utc>,
    forgive: Vec<String>,
) -> AppResult<Opened> {
    let refresh_token = random_secret();
    let row = SessionRow {
        id: SessionId::fresh(),
        user_id: user.id,
        client: client.clone(),
        device_name,
        address: request.address.clone(),
        user_agent: request.user_agent.clone(),
        refresh_hash: secret_hash(&refresh_token),
        previous_hash: None,
        rotated_at: now,
        created_at: now,
        last_used_at: now,
        expires_at: now + Duration::days(SESSION_DAYS),
        revoked_at: None,
    };
    let (id, app_in, request_in) = (row.id, app.clone(), request.clone());
    app.db().write(move |tx| {
        for key in &forgive {
            throttle_clear(tx, key)?;
        }
        session_insert(tx, row.clone())?;
        let actor = actor_load(tx, row.user_id, Credential::Session(row.id), now)?;
        let cx = Cx::in_transaction(app_in.clone(), actor.into(), now, request_in.clone().into());
        Event::new(&cx, "session", row.id, "signed_in").stands(cx.actor.unit_id, Some(row.user_id)).record(tx)
    })?;
    opened(app, id, user.id, refresh_token, client, now)
}

fn opened(
    app: &App,
    id: SessionId,
    user_id: UserId,
    refresh_token: String,
    client: String,
    now: DateTime<Utc>,
) -> AppResult<Opened> {
    let user = app.db().read(|db| {
        let actor = actor_load(db, user_id, Credential::Session(id), now)?;
        me_view(db, &actor)
    })?;
    let view = SessionView {
        access_token: app.tokens().issue(user_id, id, now)?,
        expires_in: ACCESS_SECONDS,
        refresh_token: (client == "device").then(|| refresh_token.clone()),
        user,
    };
    Ok(Opened { view, refresh_token, client })
}

enum Rotation {
    Done(Box<SessionRow>, String),
    Reused,
}

/// Takes a refresh token once and answers with the next. A token shown twice ends the whole family, but for the
/// client that lost the last answer seconds ago.
pub fn session_refresh(app: &App, token: &str, now: DateTime<Utc>) -> AppResult<Opened> {
    const ENDED: AppError = AppError::Unauthenticated("session_ended");
    let hash = secret_hash(token);
    let rotation = app.db().write(move |tx| {
        let row = session_by_refresh(tx, &hash)?.ok_or(ENDED)?;
        if row.revoked_at.is_some() || row.expires_at <= now {
            return Err(ENDED);
        }
        let current = same_bytes(&row.refresh_hash, &hash);
        if !current && now - row.rotated_at > Duration::seconds(GRACE_SECONDS) {
            session_revoke(tx, row.id, "refresh_reused", now)?;
            return Ok(Rotation::Reused);
        }
        let next = random_secret();
        session_rotate(tx, row.id, secret_hash(&next), hash.clone(), now, now + Duration::days(SESSION_DAYS))?;
        Ok(Rotation::Done(Box::new(row), next))
    });
    if matches!(rotation, Err(AppError::StorageFull)) {
        return session_go_on(app, token, now);
    }
    match rotation? {
        Rotation::Reused => {
            app.actors().forget();
            Err(ENDED)
        }
        Rotation::Done(row, next) => opened(app, row.id, row.user_id, next, row.client, now),
    }
}

/// With a full disk no token can be exchanged: the same one stays, so that whoever is signed in can go on reading.
fn session_go_on(app: &App, token: &str, now: DateTime<Utc>) -> AppResult<Opened> {
    let hash = secret_hash(token);
    let row = app.db().read(|db| Ok::<_, AppError>(session_by_refresh(db, &hash)?))?;
    let living =
        |row: &SessionRow| row.revoked_at.is_none() && row.expires_at > now && same_bytes(&row.refresh_hash, &hash);
    let row = row.filter(living).ok_or(AppError::Unauthenticated("session_ended"))?;
    opened(app, row.id, row.user_id, token.to_string(), row.client, now)
}

/// Ends the session that a refresh token belongs to; an unknown token is no error.
pub fn session_end_by_refresh(app: &App, token: &str, now: DateTime<Utc>) -> AppResult<()> {
    let hash = secret_hash(token);
    app.db().write(move |tx| {
        if let Some(row) = session_by_refresh(tx, &hash)? {
            session_revoke(tx, row.id, "signed_out", now)?;
        }
        Ok::<_, AppError>(())
    })?;
    app.actors().forget();
    Ok(())
}

/// Signs the caller out.
pub fn session_end(cx: &Cx) -> AppResult<()> {
    let Credential::Session(id) = cx.actor.credential else {
        return Ok(());
    };
    session_end_one(cx, id)
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SessionInfo {
    pub id: Uuid,
    pub client: String,
    pub device_name: Option<String>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one asking.
    pub current: bool,
}

pub fn session_infos(
    db: &mut Db,
    user_id: UserId,
    current: Credential,
    now: DateTime<Utc>,
) -> AppResult<Vec<SessionInfo>> {
    let rows = session_list(db, user_id, now)?;
    Ok(rows
        .into_iter()
        .map(|row| SessionInfo {
            current: current == Credential::Session(row.id),
            id: row.id.0,
            client: row.client,
            device_name: row.device_name,
            address: row.address,
            user_agent: row.user_agent,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// The caller's living sessions.
pub fn session_list_own(cx: &Cx) -> AppResult<Vec<SessionInfo>> {
    cx.require_session()?;
    cx.read(|db| session_infos(db, cx.actor.user_id, cx.actor.credential, cx.now))
}

/// Ends one of the caller's sessions.
pub fn session_end_one(cx: &Cx, id: SessionId) -> AppResult<()> {
    cx.require_session()?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = session_get(tx, id)?.filter(|row| row.user_id == within.actor.user_id).ok_or(AppError::NotFound)?;
        session_revoke(tx, row.id, "signed_out", within.now)?;
        Event::new(&within, "session", row.id, "signed_out").stands(within.actor.unit_id, Some(row.user_id)).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}

/// Ends all of the caller's sessions but this one.
pub fn session_end_others(cx: &Cx) -> AppResult<()> {
    let keep = cx.require_session()?;
    sessions_end(cx, cx.actor.user_id, Some(keep), "signed_out")
}

/// Ends a user's sessions: used by the user, by account changes, by password changes.
pub(crate) fn sessions_end(cx: &Cx, user_id: UserId, keep: Option<SessionId>, reason: &'static str) -> AppResult<()> {
    let within = cx.clone();
    cx.change(move |tx| {
        session_revoke_all(tx, user_id, keep, reason, within.now)?;
        Event::new(&within, "user", user_id, "sessions_ended").stands(within.actor.unit_id, None).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}
