//! Where a copy stands: opaque to its keeper, signed, and good for one person only.

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::UserId;
use regulars_persistence::platform::sync::people_of;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::access::token::hex;
use crate::{AppError, AppResult, Cx};

const PURPOSE: &str = "regulars-sync";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Token {
    user: UserId,
    /// What the person's sight was made of; another one voids everything told before.
    pub scope: String,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
    /// The last event that is taken account of.
    pub seq: i64,
    /// Place of the walk through everything: kind, and id behind which it goes on.
    pub walk: Option<(usize, Uuid)>,
}

impl Token {
    /// A walk from the beginning; what happens meanwhile is told after it.
    pub fn start(cx: &Cx, scope: String, seq: i64) -> Self {
        Self { user: cx.actor.user_id, scope, at: cx.now, seq, walk: Some((0, Uuid::nil())) }
    }

    pub fn write(&self, cx: &Cx) -> AppResult<String> {
        cx.app.tokens().seal(PURPOSE, self)
    }

    pub fn read(cx: &Cx, text: &str) -> AppResult<Self> {
        let token: Option<Self> = cx.app.tokens().open(PURPOSE, text);
        token
            .filter(|token| token.user == cx.actor.user_id)
            .ok_or_else(|| AppError::invalid("since", "sync_token_invalid"))
    }
}

/// Everything that decides what the caller sees and how, and which kinds are told at all, but for the records' own places and their shares, which the log
/// tells of.
pub(super) fn scope_of(cx: &Cx) -> AppResult<String> {
    let actor = &cx.actor;
    let mut departments = actor.team.clone();
    departments.extend(&actor.tree);
    departments.sort_unstable();
    departments.dedup();
    let people = cx.read(|db| Ok(people_of(db, &departments)?))?;
    let own = |resource| actor.visible_own(resource, Action::Read);
    let made_of = format!(
        "{:?}",
        (
            super::kinds(),
            (actor.department_id, &actor.permissions, &actor.masks),
            (own(Resource::Customer), own(Resource::Order), own(Resource::Opportunity), people),
        )
    );
    Ok(hex(&Sha256::digest(made_of.as_bytes())[..12]))
}
