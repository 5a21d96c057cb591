//! What an administrator does with an account: switch it off and on, set its password, end its sessions.

use regulars_domain::error::Checks;
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::access::key::key_revoke_all;
use regulars_persistence::access::organisation::department_leader_clear;
use regulars_persistence::access::session::session_revoke_all;
use regulars_persistence::access::user::{UserRow, invite_clear, user_set_password, user_update as user_replace};
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
    jobs_cancel_all(tx, id, cx.now)?;
    department_leader_clear(tx, id, None)?;
    shares_end(tx, SharesOf::User(id))?;
    administrator_remains(tx)?;
    Ok(row)
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
