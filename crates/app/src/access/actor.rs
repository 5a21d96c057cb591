//! From a token or a key to an [`Actor`]: read once, kept for a few seconds, forgotten at once on this node when
//! something about the person changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use regulars_domain::actor::{Actor, Credential, Grant, Resource, Scope, Shares};
use regulars_domain::ids::{ApiKeyId, RoleId, SessionId, UserId};
use regulars_domain::mask::Masks;
use regulars_domain::sight::{team, tree};
use regulars_persistence::Db;
use regulars_persistence::access::actor::{KeyRow, key_by_prefix, key_used};
use regulars_persistence::access::organisation::department_list;
use regulars_persistence::access::role::{RoleRow, user_roles};
use regulars_persistence::access::session::session_get;
use regulars_persistence::access::user::{UserRow, user_get};
use regulars_persistence::customers::share::share_units;
use uuid::Uuid;

use super::second_factor::{factor_enabled, factor_required};
use super::sight::department;
use super::token::{same_bytes, secret_hash};
use crate::{App, AppError, AppResult, FRESHNESS};

/// Actors by session or key id.
#[derive(Default)]
pub struct ActorCache(RwLock<HashMap<Uuid, Known>>);

/// When it was read, who it is, and of a key the hash of its secret.
type Known = (DateTime<Utc>, Arc<Actor>, Vec<u8>);

impl ActorCache {
    fn get(&self, id: Uuid, now: DateTime<Utc>) -> Option<(Arc<Actor>, Vec<u8>)> {
        let known = self.0.read();
        let (read_at, actor, hash) = known.get(&id)?;
        let age = now.signed_duration_since(*read_at).to_std().unwrap_or_default();
        (age < FRESHNESS).then(|| (actor.clone(), hash.clone()))
    }

    fn put(&self, id: Uuid, now: DateTime<Utc>, actor: Arc<Actor>, hash: Vec<u8>) {
        let mut known = self.0.write();
        if known.len() > 10_000 {
            known.retain(|_, (read_at, _, _)| {
                now.signed_duration_since(*read_at).to_std().unwrap_or_default() < FRESHNESS
            });
        }
        known.insert(id, (now, actor, hash));
    }

    /// Forgets everyone: after a change of roles, users, departments, sessions or keys.
    pub fn forget(&self) {
        self.0.write().clear();
    }
}

/// The person behind an access token.
pub fn actor_by_token(app: &App, token: &str, now: DateTime<Utc>) -> AppResult<Arc<Actor>> {
    let claims = app.tokens().read(token)?;
    if let Some((actor, _)) = app.actors().get(claims.sid, now) {
        return Ok(actor);
    }
    let actor = app.db().read(|db| {
        let session = session_get(db, SessionId(claims.sid))?.ok_or(AppError::Unauthenticated("session_ended"))?;
        if session.revoked_at.is_some() || session.expires_at <= now || session.user_id.0 != claims.sub {
            return Err(AppError::Unauthenticated("session_ended"));
        }
        actor_load(db, session.user_id, Credential::Session(session.id), now)
    })?;
    let actor = Arc::new(actor);
    app.actors().put(claims.sid, now, actor.clone(), Vec::new());
    Ok(actor)
}

/// The person behind an API key `rgl_<id>_<secret>`, with no more than the key's permissions.
pub fn actor_by_key(app: &App, key: &str, now: DateTime<Utc>) -> AppResult<Arc<Actor>> {
    const REFUSED: AppError = AppError::Unauthenticated("key_invalid");
    let (prefix, secret) = key.strip_prefix("rgl_").and_then(|rest| rest.split_once('_')).ok_or(REFUSED)?;
    let hash = secret_hash(secret);
    let row = app.db().read(|db| Ok::<_, AppError>(key_by_prefix(db, prefix)?))?.ok_or(REFUSED)?;
    if let Some((actor, known)) = app.actors().get(row.id.0, now)
        && same_bytes(&known, &hash)
    {
        return Ok(actor);
    }
    if !same_bytes(&row.secret_hash, &hash) || row.revoked_at.is_some() || row.expires_at.is_some_and(|at| at <= now) {
        return Err(REFUSED);
    }
    let (id, cache_hash) = (row.id, hash);
    let actor = Arc::new(app.db().read(|db| key_actor(db, &row, now))?);
    // Reading has to go on when nothing can be written.
    if let Err(error) = key_touch(app, id, now) {
        tracing::warn!(error = %error, "the use of a key could not be noted");
    }
    app.actors().put(id.0, now, actor.clone(), cache_hash);
    Ok(actor)
}

fn key_actor(db: &mut Db, row: &KeyRow, now: DateTime<Utc>) -> AppResult<Actor> {
    let mut actor = actor_load(db, row.user_id, Credential::ApiKey(row.id), now)?;
    let granted: BTreeSet<String> = serde_json::from_value(row.permissions.clone()).map_err(AppError::internal)?;
    actor.permissions = actor.permissions.intersection(&granted).cloned().collect();
    Ok(actor)
}

fn key_touch(app: &App, id: ApiKeyId, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| Ok::<_, AppError>(key_used(tx, id, now)?))
}

/// Reads a user with everything that deciding needs. Refuses people who left.
pub fn actor_load(db: &mut Db, user_id: UserId, credential: Credential, now: DateTime<Utc>) -> AppResult<Actor> {
    let user =
        user_get(db, user_id)?.filter(UserRow::may_enter).ok_or(AppError::Unauthenticated("account_disabled"))?;
    let roles = user_roles(db, user_id)?;
    let Grant { mut permissions, scopes, masks } = grant_of(&roles)?;
    let held: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    // Keys and jobs have no phone; whoever signs in and has to have one reaches nothing before.
    let signed_in = matches!(credential, Credential::Session(_));
    if signed_in && factor_required(db, &held)? && !factor_enabled(db, user_id)? {
        permissions.clear();
    }
    let departments = department_list(db, user.unit_id)?;
    let departments: Vec<_> = departments.iter().map(department).collect();
    let team = team(user_id, user.department_id, &departments);
    let tree = tree(&team, &departments);
    let units = share_units(db, user_id, user.department_id, now)?;
    let shares = (!units.is_empty()).then_some(Shares {
        user_id,
        department_id: user.department_id,
        at: now,
        edit: false,
        units,
    });
    Ok(Actor {
        user_id,
        name: user.name,
        locale: user.locale,
        unit_id: user.unit_id,
        department_id: user.department_id,
        team,
        tree,
        permissions,
        scopes,
        masks,
        shares,
        credential,
    })
}

/// What these roles give together.
pub fn grant_of(roles: &[RoleRow]) -> AppResult<Grant> {
    let mut grant = Grant::default();
    for role in roles {
        let permissions: Vec<String> = serde_json::from_value(role.permissions.clone()).map_err(AppError::internal)?;
        let scopes: BTreeMap<Resource, Scope> =
            serde_json::from_value(role.scopes.clone()).map_err(AppError::internal)?;
        let masks: Masks = serde_json::from_value(role.masks.clone()).map_err(AppError::internal)?;
        grant.add(permissions, scopes, &masks);
    }
    Ok(grant)
}
