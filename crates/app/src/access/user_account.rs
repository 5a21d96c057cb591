//! What an administrator does with an account: switch it off and on, set its password, end its sessions.

use regulars_domain::error::Checks;
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::access::key::key_revoke_all;
use regulars_persistence::access::organisation::department_leader_clear;
use regulars_persistence::access::session::session_revoke_all;
use regulars_persistence::access::user::{invite_clear, user_set_password, user_update as user_replace};
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
        let mut row = user_in_charge(&within, tx, id)?;
        if row.active != active {
            row.active = active;
            row.updated_at = within.now;
            if !user_replace(tx, row.clone())? {
                return Err(AppError::Stale { current: row.version + 1 });
            }
            row.version += 1;
            if !active {
                session_revoke_all(tx, id, None, "deactivated", within.now)?;
                key_revoke_all(tx, id, within.now)?;
                invite_clear(tx, id)?;
                department_leader_clear(tx, id, None)?;
                administrator_remains(tx)?;
            }
            let action = if active { "activated" } else { "deactivated" };
            Event::new(&within, "user", id, action).stands(row.unit_id, None).record(tx)?;
        }
        user_view(&within, tx, row)
    })?;
    cx.app.actors().forget();
    Ok(view)
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
