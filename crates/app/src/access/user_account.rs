//! What an administrator does with an account: switch it off and on, set its password, end its sessions.

use regulars_domain::account_request::{AccountChange, RequestStatus};
use regulars_domain::error::Checks;
use regulars_domain::ids::{AccountRequestId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::account_request::{AccountRequestRow, account_request_insert};
use regulars_persistence::access::key::key_revoke_all;
use regulars_persistence::access::oidc::identities_delete;
use regulars_persistence::access::organisation::department_leader_clear;
use regulars_persistence::access::session::session_revoke_all;
use regulars_persistence::access::user::{
    UserRow, invite_clear, user_freeze as freeze_set, user_set_password, user_update as user_replace,
};
use regulars_persistence::customers::share::{SharesOf, shares_end};
use regulars_persistence::job::jobs_cancel_all;
use serde::Deserialize;
use utoipa::ToSchema;

use super::password::password_check;
use super::people::user_view;
use super::role::administrator_remains;
use super::session::{SessionInfo, session_infos};
use super::user::{UserView, WRITE, user_in_charge};
use crate::event::Event;
use crate::list::Page;
use crate::platform::webhooks::{webhooks_of_frozen, webhooks_of_leaver};
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordNew {
    #[schema(example = "better horse battery")]
    pub new: String,
}

/// Ends sessions, keys and invitations at once; what the person owns stays theirs until it is handed over.
pub fn user_deactivate(cx: &Cx, id: UserId) -> AppResult<UserView> {
    if id == cx.actor.user_id {
        cx.require(WRITE)?;
        return Err(AppError::Conflict("self_deactivation"));
    }
    user_switch(cx, id, false)
}

pub fn user_activate(cx: &Cx, id: UserId) -> AppResult<UserView> {
    user_switch(cx, id, true)
}

fn user_switch(cx: &Cx, id: UserId, active: bool) -> AppResult<UserView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    let view = cx.change(move |tx| {
        let row = user_in_charge(&within, tx, id)?;
        let row = match active {
            _ if row.active == active => row,
            true => switched(&within, tx, row, "activated")?,
            false => account_end(&within, tx, row)?,
        };
        user_view(&within, tx, row)
    })?;
    cx.app.actors().forget();
    Ok(view)
}

fn switched(cx: &Cx, tx: &mut Db, mut row: UserRow, action: &str) -> AppResult<UserRow> {
    row.active = !row.active;
    row.updated_at = cx.now;
    if !user_replace(tx, row.clone())? {
        return Err(AppError::Stale { current: row.version + 1 });
    }
    row.version += 1;
    Event::new(cx, "user", row.id, action).stands(row.unit_id, None).record(tx)?;
    Ok(row)
}

/// Switches an active account off, with everything that lets the person in and the work that goes on in their name.
pub(super) fn account_end(cx: &Cx, tx: &mut Db, row: UserRow) -> AppResult<UserRow> {
    let id = row.id;
    let row = switched(cx, tx, row, "deactivated")?;
    session_revoke_all(tx, id, None, "deactivated", cx.now)?;
    key_revoke_all(tx, id, cx.now)?;
    invite_clear(tx, id)?;
    identities_delete(tx, id)?;
    jobs_cancel_all(tx, id, cx.now)?;
    webhooks_of_leaver(tx, cx, id)?;
    department_leader_clear(tx, id, None)?;
    shares_end(tx, SharesOf::User(id))?;
    administrator_remains(tx)?;
    Ok(row)
}

/// Why an account is frozen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeReason {
    #[schema(example = "Has given notice to a competitor")]
    pub reason: String,
}

const FREEZE: &str = "access:account:freeze";

/// Locks somebody out at once: sessions, keys and invitations end, work under way in their name stops. What they own
/// stays theirs. It is kept among the requests, done with the asking.
pub fn user_freeze(cx: &Cx, id: UserId, input: FreezeReason) -> AppResult<UserView> {
    cx.require(FREEZE)?;
    if id == cx.actor.user_id {
        return Err(AppError::Conflict("self_deactivation"));
    }
    let mut checks = Checks::default();
    checks.text("/reason", &input.reason, 1_000);
    checks.done()?;
    let within = cx.clone();
    let view = cx.create(move |tx| {
        let cx = &within;
        let mut row = user_in_charge(cx, tx, id)?;
        if !row.may_enter() {
            return Err(AppError::Conflict("wrong_state"));
        }
        freeze_set(tx, id, Some((cx.now, cx.actor.user_id)))?;
        row.frozen_at = Some(cx.now);
        session_revoke_all(tx, id, None, "frozen", cx.now)?;
        key_revoke_all(tx, id, cx.now)?;
        invite_clear(tx, id)?;
        jobs_cancel_all(tx, id, cx.now)?;
        webhooks_of_frozen(tx, cx, id)?;
        administrator_remains(tx)?;
        freeze_noted(cx, tx, &row, input.reason.trim())?;
        Event::new(cx, "user", id, "frozen").stands(row.unit_id, None).record(tx)?;
        user_view(cx, tx, row)
    })?;
    cx.app.actors().forget();
    Ok(view)
}

/// Lets somebody in again; never whoever locked them out alone.
pub fn user_unfreeze(cx: &Cx, id: UserId) -> AppResult<UserView> {
    cx.require(FREEZE)?;
    let within = cx.clone();
    let view = cx.change(move |tx| {
        let cx = &within;
        let mut row = user_in_charge(cx, tx, id)?;
        if row.frozen_at.is_none() {
            return Err(AppError::Conflict("wrong_state"));
        }
        if row.frozen_by == Some(cx.actor.user_id) || id == cx.actor.user_id {
            return Err(AppError::Conflict("four_eyes"));
        }
        freeze_set(tx, id, None)?;
        row.frozen_at = None;
        Event::new(cx, "user", id, "unfrozen").stands(row.unit_id, None).record(tx)?;
        user_view(cx, tx, row)
    })?;
    cx.app.actors().forget();
    Ok(view)
}

fn freeze_noted(cx: &Cx, tx: &mut Db, row: &UserRow, reason: &str) -> AppResult<()> {
    let me = Some(cx.actor.user_id);
    let request = AccountRequestRow {
        id: AccountRequestId::fresh(),
        kind: AccountChange::Freeze.key().into(),
        status: RequestStatus::Done.key().into(),
        unit_id: row.unit_id,
        user_id: Some(row.id),
        details: serde_json::json!({}),
        reason: reason.into(),
        asked_by: cx.actor.user_id,
        asked_at: cx.now,
        decided_by: me,
        decided_at: Some(cx.now),
        decision_note: None,
        done_by: me,
        done_at: Some(cx.now),
        version: 1,
    };
    Ok(account_request_insert(tx, request)?)
}

/// Sets someone's password and ends their sessions (but the one that asks).
pub fn user_password_set(cx: &Cx, id: UserId, input: PasswordNew) -> AppResult<()> {
    cx.require(WRITE)?;
    let row = cx.read(|db| user_in_charge(cx, db, id))?;
    let mut checks = Checks::default();
    password_check(&mut checks, "/new", &input.new, &row.login);
    checks.done()?;
    let hash = cx.app.passwords().hash(&input.new)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = user_in_charge(&within, tx, id)?;
        user_set_password(tx, id, &hash, within.now)?;
        invite_clear(tx, id)?;
        session_revoke_all(tx, id, within.session(), "password_reset", within.now)?;
        Event::new(&within, "user", id, "password_reset").stands(row.unit_id, None).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}

pub fn user_session_list(cx: &Cx, id: UserId) -> AppResult<Page<SessionInfo>> {
    cx.require(WRITE)?;
    cx.read(|db: &mut Db| {
        user_in_charge(cx, db, id)?;
        Ok(Page::whole(session_infos(db, id, cx.actor.credential, cx.now)?))
    })
}

/// Signs someone out everywhere.
pub fn user_sessions_end(cx: &Cx, id: UserId) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = user_in_charge(&within, tx, id)?;
        session_revoke_all(tx, id, within.session(), "administrator", within.now)?;
        Event::new(&within, "user", id, "sessions_ended").stands(row.unit_id, None).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}
