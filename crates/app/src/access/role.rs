//! Roles: permissions and sight under a name. Built-in ones are read-only and are changed by copying.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use regulars_domain::access::{BUILT_IN_ROLES, PERMISSIONS};
use regulars_domain::actor::{Resource, Scope};
use regulars_domain::error::Checks;
use regulars_domain::ids::RoleId;
use regulars_domain::mask::{CUSTOM, HIDDEN, MASKABLE};
use regulars_persistence::Db;
use regulars_persistence::access::role::{
    RoleRow, role_delete as role_remove, role_get as role_row, role_holders, role_holders_able, role_insert,
    role_list as role_rows, role_update as role_replace,
};
use regulars_persistence::customers::custom::custom_definitions;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "access:user:read";
const WRITE: &str = "access:role:write";
/// Who holds both keeps accounts and roles: someone always must.
const ADMINISTRATOR: [&str; 2] = ["access:user:write", "access:role:write"];

/// Whose records of each kind; absent means nobody's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleScopes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Reach>)]
    pub customer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Reach>)]
    pub order: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Reach>)]
    pub task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Reach>)]
    pub opportunity: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    #[schema(example = "门店店长")]
    pub name: String,
    /// Keys of `GET /permissions`.
    #[schema(example = json!(["customers:customer:read", "customers:customer:write"]))]
    pub permissions: Vec<String>,
    #[serde(default)]
    pub scopes: RoleScopes,
    /// Fields of customers that its holders see masked and neither find nor change by: keys of `GET /masks`.
    #[serde(default)]
    #[schema(example = json!(["phone"]))]
    pub masks: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleCopy {
    #[schema(example = "门店店长")]
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RoleView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: RoleInput,
    /// Only built-in roles have one.
    pub key: Option<String>,
    pub built_in: bool,
    /// How many people hold it.
    pub holders: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(RoleView);

/// A thing that can be permitted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PermissionView {
    /// `area:resource:action`
    #[schema(example = "customers:customer:read")]
    pub key: String,
    #[schema(example = "customers")]
    pub area: String,
    /// What it lets a person do, in the caller's language.
    #[schema(example = "See customers")]
    pub label: String,
}

/// A field of customers that can be masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaskView {
    #[schema(example = "phone")]
    pub key: String,
    /// In the caller's language.
    #[schema(example = "Phone")]
    pub label: String,
    /// What is seen instead of a value; empty when nothing is.
    #[schema(example = "138****8888")]
    pub example: String,
}

/// A role's name: built-in ones in the caller's language.
pub fn role_name(row: &RoleRow, locale: &str) -> String {
    let built_in = BUILT_IN_ROLES.iter().find(|role| row.built_in && row.key.as_deref() == Some(role.key));
    match built_in {
        Some(role) if locale == "en" => role.name_en.into(),
        Some(role) => role.name_zh.into(),
        None => row.name.clone(),
    }
}

fn writable(row: &RoleRow, locale: &str) -> AppResult<RoleInput> {
    Ok(RoleInput {
        name: role_name(row, locale),
        permissions: serde_json::from_value(row.permissions.clone()).map_err(AppError::internal)?,
        scopes: serde_json::from_value(row.scopes.clone()).map_err(AppError::internal)?,
        masks: serde_json::from_value(row.masks.clone()).map_err(AppError::internal)?,
    })
}

fn view(row: &RoleRow, holders: &HashMap<RoleId, i64>, locale: &str) -> AppResult<RoleView> {
    Ok(RoleView {
        id: row.id.0,
        input: writable(row, locale)?,
        key: row.key.clone(),
        built_in: row.built_in,
        holders: holders.get(&row.id).copied().unwrap_or(0),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Every permission there is, with its words.
pub fn permission_list(cx: &Cx) -> AppResult<Page<PermissionView>> {
    let english = cx.request.locale == "en";
    let items = PERMISSIONS.iter().map(|(key, zh, en)| PermissionView {
        key: (*key).into(),
        area: key.split(':').next().unwrap_or_default().into(),
        label: (if english { en } else { zh }).to_string(),
    });
    Ok(Page::whole(items.collect()))
}

/// Every field that a role can mask, custom fields of customers last.
pub fn mask_list(cx: &Cx) -> AppResult<Page<MaskView>> {
    let english = cx.request.locale == "en";
    let word = |zh: &str, en: &str| if english { en } else { zh }.to_string();
    let fixed = MASKABLE.iter().map(|field| MaskView {
        key: field.key.into(),
        label: word(field.label_zh, field.label_en),
        example: field.example.into(),
    });
    let custom = cx.read(|db| Ok(custom_definitions(db, "customer")?))?.into_iter().map(|field| MaskView {
        label: word(&field.label_zh, &field.label_en),
        key: format!("{CUSTOM}{}", field.key),
        example: HIDDEN.into(),
    });
    Ok(Page::whole(fixed.chain(custom).collect()))
}

pub fn role_list(cx: &Cx) -> AppResult<Page<RoleView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let holders = role_holders(db)?;
        let roles: AppResult<Vec<RoleView>> =
            role_rows(db)?.iter().map(|row| view(row, &holders, &cx.request.locale)).collect();
        Ok(Page::whole(roles?))
    })
}

pub fn role_get(cx: &Cx, id: RoleId) -> AppResult<RoleView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = role_row(db, id)?.ok_or(AppError::NotFound)?;
        view(&row, &role_holders(db)?, &cx.request.locale)
    })
}

fn role_check(db: &mut Db, input: &RoleInput, before: &[String]) -> AppResult<BTreeMap<Resource, Scope>> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    for (index, permission) in input.permissions.iter().enumerate() {
        if !PERMISSIONS.iter().any(|(key, _, _)| key == permission) {
            checks.fail(format!("/permissions/{index}"), "unknown_reference");
        }
        if input.permissions.iter().take(index).any(|earlier| earlier == permission) {
            checks.fail(format!("/permissions/{index}"), "duplicate");
        }
    }
    let custom = custom_definitions(db, "customer")?;
    for (index, mask) in input.masks.iter().enumerate() {
        let known = match mask.strip_prefix(CUSTOM) {
            // A custom field that is gone may go on being named.
            Some(key) => custom.iter().any(|field| field.key == key) || before.contains(mask),
            None => MASKABLE.iter().any(|field| field.key == mask),
        };
        if !known {
            checks.fail(format!("/masks/{index}"), "unknown_reference");
        }
        if input.masks.iter().take(index).any(|earlier| earlier == mask) {
            checks.fail(format!("/masks/{index}"), "duplicate");
        }
    }
    let mut scopes = BTreeMap::new();
    for (resource, pointer, scope) in [
        (Resource::Customer, "/scopes/customer", &input.scopes.customer),
        (Resource::Order, "/scopes/order", &input.scopes.order),
        (Resource::Task, "/scopes/task", &input.scopes.task),
        (Resource::Opportunity, "/scopes/opportunity", &input.scopes.opportunity),
    ] {
        let Some(scope) = scope else { continue };
        match serde_json::from_value(json!(scope)) {
            Ok(scope) => {
                scopes.insert(resource, scope);
            }
            Err(_) => checks.fail_with(pointer, "not_allowed", "own, team, tree, unit, company"),
        }
    }
    checks.done()?;
    Ok(scopes)
}

fn role_new(cx: &Cx, tx: &mut Db, input: &RoleInput, action: &str) -> AppResult<RoleView> {
    let scopes = role_check(tx, input, if action == "copied" { &input.masks } else { &[] })?;
    let row = RoleRow {
        id: RoleId::fresh(),
        key: None,
        name: input.name.trim().into(),
        built_in: false,
        permissions: json!(input.permissions),
        scopes: serde_json::to_value(scopes).map_err(AppError::internal)?,
        masks: json!(input.masks),
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    role_insert(tx, row.clone())?;
    Event::new(cx, "role", row.id, action).after(input).record(tx)?;
    view(&row, &HashMap::new(), &cx.request.locale)
}

pub fn role_create(cx: &Cx, input: RoleInput) -> AppResult<RoleView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| role_new(&within, tx, &input, "created"))
}

/// A role of one's own with what another gives.
pub fn role_copy(cx: &Cx, id: RoleId, copy: RoleCopy) -> AppResult<RoleView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let from = role_row(tx, id)?.ok_or(AppError::NotFound)?;
        let input = RoleInput { name: copy.name.clone(), ..writable(&from, &within.request.locale)? };
        role_new(&within, tx, &input, "copied")
    })
}

pub fn role_update(cx: &Cx, id: RoleId, version: i64, patch: &Value) -> AppResult<RoleView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = own_role(tx, id, version)?;
        let before = writable(&row, &within.request.locale)?;
        let input: RoleInput = crate::patch::patched(&before, &patch)?;
        row.scopes = serde_json::to_value(role_check(tx, &input, &before.masks)?).map_err(AppError::internal)?;
        row.name = input.name.trim().into();
        row.permissions = json!(input.permissions);
        row.masks = json!(input.masks);
        row.updated_at = within.now;
        if !role_replace(tx, row)? {
            return Err(AppError::Stale { current: version + 1 });
        }
        administrator_remains(tx)?;
        Event::new(&within, "role", id, "updated").difference(&before, &input).record(tx)
    })?;
    cx.app.actors().forget();
    role_get(cx, id)
}

/// Only a role that nobody holds goes.
pub fn role_delete(cx: &Cx, id: RoleId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = own_role(tx, id, version)?;
        role_remove(tx, id)?;
        Event::new(&within, "role", id, "deleted").before(&writable(&row, &within.request.locale)?).record(tx)
    })
}

fn own_role(tx: &mut Db, id: RoleId, version: i64) -> AppResult<RoleRow> {
    let row = role_row(tx, id)?.ok_or(AppError::NotFound)?;
    if row.built_in {
        return Err(AppError::Conflict("built_in"));
    }
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    Ok(row)
}

/// Refuses a change after which nobody who can sign in keeps accounts and roles.
pub fn administrator_remains(tx: &mut Db) -> AppResult<()> {
    let administers = |row: &RoleRow| {
        let held = row.permissions.as_array();
        held.is_some_and(|held| ADMINISTRATOR.iter().all(|needed| held.iter().any(|one| one == needed)))
    };
    let roles: Vec<RoleId> = role_rows(tx)?.iter().filter(|row| administers(row)).map(|row| row.id).collect();
    if role_holders_able(tx, roles)? == 0 { Err(AppError::Conflict("last_administrator")) } else { Ok(()) }
}
