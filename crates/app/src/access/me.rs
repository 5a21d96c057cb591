//! The caller's own account.

use regulars_domain::actor::Actor;
use regulars_domain::error::Checks;
use regulars_domain::ids::RoleId;
use regulars_domain::naming::email_normalized;
use regulars_persistence::Db;
use regulars_persistence::access::company::company_get;
use regulars_persistence::access::organisation::{department_list, unit_get};
use regulars_persistence::access::role::user_roles;
use regulars_persistence::access::user::{user_get, user_set_password, user_update};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use super::password::password_check;
use super::role::role_name;
use super::second_factor::{factor_enabled, factor_required};
use super::settings::{LOCALES, Settings};
use crate::activities::discipline::FollowUpRule;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// The signed-in person, with everything the page needs to decide what to show.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    pub id: Uuid,
    pub name: String,
    pub login: String,
    pub email: Option<String>,
    #[schema(value_type = crate::shape::Locale)]
    pub locale: String,
    pub unit: Option<Ref>,
    pub department: Option<Ref>,
    pub roles: Vec<Ref>,
    pub permissions: Vec<String>,
    /// Keys of the fields of customers that are masked for the caller.
    pub masks: Vec<String>,
    pub second_factor: MeSecondFactor,
    pub company: MeCompany,
    /// Free JSON of the client's: theme, shortcuts.
    #[schema(value_type = Object)]
    pub preferences: Value,
    pub version: i64,
}

/// Whether the caller signs in with a second step, and whether they have to: without it they reach nothing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeSecondFactor {
    pub enabled: bool,
    pub required: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MeCompany {
    pub name: String,
    pub currency: String,
    pub time_zone: String,
    /// In percent: the tax that prices contain where nothing else is said.
    #[schema(example = "13")]
    pub tax_rate: String,
    /// How long records may stay silent.
    pub follow_up: FollowUpRule,
}

crate::versioned!(Me);

/// What people change about themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeInput {
    #[schema(example = "林晓")]
    pub name: String,
    pub email: Option<String>,
    #[schema(value_type = crate::shape::Locale)]
    pub locale: String,
    #[schema(value_type = Object)]
    pub preferences: Value,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(example = "correct horse battery")]
    pub current: String,
    #[schema(example = "better horse battery")]
    pub new: String,
}

pub fn me_view(db: &mut Db, actor: &Actor) -> AppResult<Me> {
    let user = user_get(db, actor.user_id)?.ok_or(AppError::NotFound)?;
    let company = company_get(db)?.ok_or(AppError::Conflict("setup_needed"))?;
    let settings: Settings = serde_json::from_value(company.settings).map_err(AppError::internal)?;
    let unit = unit_get(db, user.unit_id)?;
    let department = department_list(db, user.unit_id)?.into_iter().find(|d| d.id == user.department_id);
    let roles = user_roles(db, actor.user_id)?;
    let held: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    let second_factor =
        MeSecondFactor { enabled: factor_enabled(db, actor.user_id)?, required: factor_required(db, &held)? };
    Ok(Me {
        id: user.id.0,
        name: user.name,
        login: user.login,
        email: user.email,
        locale: user.locale,
        unit: unit.map(|unit| Ref::new(unit.id, unit.name)),
        department: department.map(|d| Ref::new(d.id, d.name)),
        roles: roles.iter().map(|role| Ref::new(role.id, role_name(role, &actor.locale))).collect(),
        permissions: actor.permissions.iter().cloned().collect(),
        masks: actor.masks.keys().map(String::from).collect(),
        second_factor,
        company: MeCompany {
            name: company.name,
            currency: company.currency,
            time_zone: company.time_zone,
            tax_rate: settings.tax_rate,
            follow_up: settings.follow_up,
        },
        preferences: user.preferences,
        version: user.version,
    })
}

pub fn me_get(cx: &Cx) -> AppResult<Me> {
    cx.read(|db| me_view(db, &cx.actor))
}

pub fn me_update(cx: &Cx, version: i64, patch: &Value) -> AppResult<Me> {
    cx.require_session()?;
    let mut user = cx.read(|db| user_get(db, cx.actor.user_id)?.ok_or(AppError::NotFound))?;
    if user.version != version {
        return Err(AppError::Stale { current: user.version });
    }
    let before = MeInput {
        name: user.name.clone(),
        email: user.email.clone(),
        locale: user.locale.clone(),
        preferences: user.preferences.clone(),
    };
    let input: MeInput = crate::patch::patched(&before, patch)?;
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    if input.email.as_deref().is_some_and(|email| email_normalized(email).is_err()) {
        checks.fail("/email", "email_invalid");
    }
    checks.one_of("/locale", &input.locale, LOCALES);
    if input.preferences.to_string().len() > 16_384 {
        checks.fail_with("/preferences", "too_long", 16_384);
    }
    checks.done()?;
    if input == before {
        return me_get(cx);
    }
    user.name_key = super::user::name_key(&input.name);
    user.name = input.name.clone();
    user.email = input.email.clone();
    user.locale = input.locale.clone();
    user.preferences = input.preferences.clone();
    user.updated_at = cx.now;
    let within = cx.clone();
    cx.change(move |tx| {
        if !user_update(tx, user.clone())? {
            let current = user_get(tx, user.id)?.ok_or(AppError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        Event::new(&within, "user", user.id, "updated")
            .stands(user.unit_id, None)
            .difference(&before, &input)
            .record(tx)
    })?;
    cx.app.actors().forget();
    me_get(cx)
}

/// Changes the caller's password and ends their other sessions.
pub fn me_password_change(cx: &Cx, input: PasswordChange) -> AppResult<()> {
    let session = cx.require_session()?;
    let user = cx.read(|db| user_get(db, cx.actor.user_id)?.ok_or(AppError::NotFound))?;
    let mut checks = Checks::default();
    password_check(&mut checks, "/new", &input.new, &user.login);
    if !cx.app.passwords().verify(&input.current, user.password_hash.as_deref()) {
        checks.fail("/current", "wrong_password");
    }
    checks.done()?;
    let hash = cx.app.passwords().hash(&input.new)?;
    let within = cx.clone();
    cx.change(move |tx| {
        user_set_password(tx, user.id, &hash, within.now)?;
        Event::new(&within, "user", user.id, "password_changed").stands(user.unit_id, None).record(tx)
    })?;
    super::session::sessions_end(cx, cx.actor.user_id, Some(session), "password_changed")
}
