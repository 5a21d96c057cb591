//! Invitations: a one-time link with which a person sets the password, first or forgotten.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use regulars_domain::actor::Credential;
use regulars_domain::error::Checks;
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::access::session::session_revoke_all;
use regulars_persistence::access::user::{UserRow, invite_clear, invite_replace, invite_user, user_set_password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actor::actor_load;
use super::password::password_check;
use super::second_factor::second_step;
use super::session::{Opened, session_open};
use super::token::{random_secret, secret_hash};
use super::user::{WRITE, user_in_charge};
use crate::event::Event;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// Days a link holds.
const INVITE_DAYS: i64 = 7;

/// Shown once: who has the link sets the password.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Empty when a repeated request is answered: the link is not kept.
    #[schema(example = "https://crm.example.com/invite?token=5f0c")]
    pub invite_url: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteAcceptance {
    /// From the link.
    pub token: String,
    #[schema(example = "correct horse battery")]
    pub password: String,
}

/// Writes the invitation; the earlier one of the same person ends.
pub(super) fn invite_open(
    tx: &mut Db,
    origin: &str,
    user_id: UserId,
    token: &str,
    now: DateTime<Utc>,
) -> AppResult<Invitation> {
    let expires_at = now + Duration::days(INVITE_DAYS);
    invite_replace(tx, user_id, secret_hash(token), expires_at)?;
    Ok(Invitation { invite_url: format!("{origin}/invite?token={token}"), expires_at })
}

/// A fresh link for someone who lost the first, or the password. `origin` opens it.
pub fn invite_create(cx: &Cx, origin: &str, id: UserId) -> AppResult<Invitation> {
    cx.require(WRITE)?;
    let (within, origin, token) = (cx.clone(), origin.to_string(), random_secret());
    cx.create_secret(
        move |tx| {
            let row = user_in_charge(&within, tx, id)?;
            if !row.may_enter() {
                return Err(AppError::Conflict("wrong_state"));
            }
            Event::new(&within, "user", id, "invited").stands(row.unit_id, None).record(tx)?;
            invite_open(tx, &origin, id, &token, within.now)
        },
        |invitation| invitation.invite_url = String::new(),
    )
}

/// Takes a link once: the password is set, every older session ends, a new one opens.
pub fn invite_accept(
    app: &App,
    input: InviteAcceptance,
    request: &RequestMeta,
    now: DateTime<Utc>,
) -> AppResult<Opened> {
    let token_hash = secret_hash(&input.token);
    let invited = move |db: &mut Db| {
        let user = invite_user(db, &token_hash, now)?.filter(UserRow::may_enter);
        user.ok_or_else(|| AppError::invalid("/token", "invite_invalid"))
    };
    let user = app.db().read(&invited)?;
    let mut checks = Checks::default();
    password_check(&mut checks, "/password", &input.password, &user.login);
    checks.done()?;
    let password_hash = app.passwords().hash(&input.password)?;
    let (app_in, request_in) = (app.clone(), Arc::new(request.clone()));
    let user = app.db().write(move |tx| {
        let user = invited(tx)?;
        invite_clear(tx, user.id)?;
        user_set_password(tx, user.id, &password_hash, now)?;
        session_revoke_all(tx, user.id, None, "password_changed", now)?;
        let actor = actor_load(tx, user.id, Credential::Job, now)?;
        let cx = Cx::in_transaction(app_in.clone(), actor.into(), now, request_in.clone());
        Event::new(&cx, "user", user.id, "password_changed").stands(user.unit_id, None).record(tx)?;
        Ok::<_, AppError>(user)
    })?;
    app.actors().forget();
    // The link stands for the password only.
    second_step(app, &user, None, now)?;
    session_open(app, user, "browser".into(), None, request, now, Vec::new())
}
