//! API keys: a person's rights, or part of them, for a program. The secret is shown once and stored as a hash.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::ApiKeyId;
use regulars_persistence::access::key::{ApiKeyRow, key_get, key_insert, key_list as key_rows, key_revoke as key_end};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::token::{hex, random_bytes, random_secret, secret_hash};
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "access:api_key:write";

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyInput {
    #[schema(example = "Till at the counter")]
    pub name: String,
    /// Some of one's own.
    #[schema(example = json!(["customers:customer:read"]))]
    pub permissions: Vec<String>,
    /// Without it the key holds until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyView {
    pub id: Uuid,
    pub name: String,
    /// How the key begins: `rgl_<prefix>_`.
    pub prefix: String,
    pub permissions: Vec<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The whole key, once, in the answer to the creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

crate::versioned!(ApiKeyView);

fn view(row: ApiKeyRow) -> AppResult<ApiKeyView> {
    Ok(ApiKeyView {
        id: row.id.0,
        name: row.name,
        prefix: row.prefix,
        permissions: serde_json::from_value(row.permissions).map_err(AppError::internal)?,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        key: None,
    })
}

/// The caller's own keys, the newest first.
pub fn key_list(cx: &Cx) -> AppResult<Page<ApiKeyView>> {
    cx.require(WRITE)?;
    let rows = cx.read(|db| Ok(key_rows(db, cx.actor.user_id)?))?;
    Ok(Page::whole(rows.into_iter().map(view).collect::<AppResult<_>>()?))
}

/// Only a person makes keys: a key that could make keys would outlive its own end.
pub fn key_create(cx: &Cx, input: ApiKeyInput) -> AppResult<ApiKeyView> {
    cx.require(WRITE)?;
    cx.require_session()?;
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    if input.permissions.is_empty() {
        checks.fail("/permissions", "required");
    }
    for (index, permission) in input.permissions.iter().enumerate() {
        if !cx.actor.may(permission) {
            checks.fail(format!("/permissions/{index}"), "beyond_yours");
        }
    }
    if input.expires_at.is_some_and(|at| at <= cx.now) {
        checks.fail("/expires_at", "in_the_past");
    }
    checks.done()?;
    let (prefix, secret) = (hex(&random_bytes::<6>()), random_secret());
    let within = cx.clone();
    cx.create_secret(
        move |tx| {
            let row = ApiKeyRow {
                id: ApiKeyId::fresh(),
                user_id: within.actor.user_id,
                name: input.name.trim().into(),
                prefix: prefix.clone(),
                permissions: json!(input.permissions),
                expires_at: input.expires_at,
                last_used_at: None,
                revoked_at: None,
                version: 1,
                created_at: within.now,
                updated_at: within.now,
            };
            key_insert(tx, row.clone(), secret_hash(&secret))?;
            Event::new(&within, "api_key", row.id, "created")
                .stands(within.actor.unit_id, Some(row.user_id))
                .after(&input)
                .record(tx)?;
            Ok(ApiKeyView { key: Some(format!("rgl_{prefix}_{secret}")), ..view(row)? })
        },
        |view| view.key = None,
    )
}

/// Ends a key with the next request. A key that has ended is no error.
pub fn key_revoke(cx: &Cx, id: ApiKeyId) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = key_get(tx, id)?.filter(|row| row.user_id == within.actor.user_id).ok_or(AppError::NotFound)?;
        if key_end(tx, row.id, within.now)? {
            Event::new(&within, "api_key", id, "revoked").stands(within.actor.unit_id, Some(row.user_id)).record(tx)?;
        }
        Ok(())
    })?;
    cx.app.actors().forget();
    Ok(())
}
