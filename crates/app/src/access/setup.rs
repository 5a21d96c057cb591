//! The first person: a one-time link instead of a default password.

use chrono::{DateTime, Duration, Utc};
use regulars_domain::access::BUILT_IN_ROLES;
use regulars_domain::actor::{Resource, Scope};
use regulars_domain::error::Checks;
use regulars_domain::ids::{CompanyId, DepartmentId, RoleId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::company::{
    CompanyRow, company_get, company_insert, secret_delete, secret_ensure, secret_get,
};
use regulars_persistence::access::organisation::{DepartmentRow, UnitRow, department_insert, unit_insert};
use regulars_persistence::access::role::{RoleRow, role_insert, role_list, role_update, user_roles_set};
use regulars_persistence::access::user::{UserRow, user_insert};
use regulars_persistence::platform::dictionary::entry_list;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::password::password_check;
use super::session::{Opened, session_open};
use super::settings::{Settings, SettingsInput, settings_check};
use super::token::{hex, random_bytes, same_bytes};
use super::user::name_key;
use crate::customers::preference::{KINDS, preference_kinds_adopt};
use crate::platform::dictionary::dictionaries_seed;
use crate::sales::pipeline::pipelines_seed;
use crate::{App, AppError, AppResult, RequestMeta};

/// Under which name the token is kept until it is used.
pub(crate) const SETUP_SECRET: &str = "setup_token";
/// A set-up link older than this is replaced at the next start.
pub const LINK_LIFE: Duration = Duration::days(7);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    /// Whether the company still has to be named.
    pub needed: bool,
    /// Whether people may come in through the company's provider: `GET /auth/oidc`.
    pub oidc: bool,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupInput {
    /// From the link that the server printed.
    pub token: String,
    #[schema(example = "晨光商店")]
    pub company_name: String,
    #[schema(example = "上海")]
    pub unit_name: String,
    #[schema(value_type = crate::shape::Locale)]
    pub locale: String,
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    #[schema(example = "CNY")]
    pub currency: String,
    #[schema(example = "林晓")]
    pub person_name: String,
    #[schema(example = "lin")]
    pub login: String,
    #[schema(example = "correct horse battery")]
    pub password: String,
}

pub fn setup_state(app: &App) -> AppResult<SetupState> {
    let needed = app.db().read(|db| Ok::<_, AppError>(company_get(db)?))?.is_none();
    Ok(SetupState { needed, oidc: app.oidc().is_some() })
}

/// The token of the set-up link, or nothing when the company exists. The same at every start until it is used.
pub fn setup_token(app: &App, now: DateTime<Utc>) -> AppResult<Option<String>> {
    if !setup_state(app)?.needed {
        return Ok(None);
    }
    let token = app
        .db()
        .write(move |tx| Ok::<_, AppError>(secret_ensure(tx, SETUP_SECRET, random_bytes::<24>().to_vec(), now)?))?;
    Ok(Some(hex(&token)))
}

/// Names the company, its first unit and its first person, who gets executive, unit and system administration together.
pub fn setup_perform(app: &App, input: SetupInput, request: &RequestMeta, now: DateTime<Utc>) -> AppResult<Opened> {
    let settings = SettingsInput {
        company_name: input.company_name.trim().into(),
        locale: input.locale.clone(),
        time_zone: input.time_zone.clone(),
        currency: input.currency.clone(),
        settings: Settings::default(),
    };
    let login = input.login.trim().to_lowercase();
    let mut checks = Checks::default();
    settings_check(&mut checks, &settings);
    checks.text("/unit_name", &input.unit_name, 100);
    checks.text("/person_name", &input.person_name, 100);
    login_check(&mut checks, "/login", &login);
    password_check(&mut checks, "/password", &input.password, &login);
    checks.done()?;
    let hash = app.passwords().hash(&input.password)?;
    let token = input.token.clone();
    let founder = Founder { unit_name: input.unit_name, person_name: input.person_name, login, hash };
    let user = app.db().write(move |tx| {
        if company_get(tx)?.is_some() {
            return Err(AppError::Conflict("already_set_up"));
        }
        let expected = secret_get(tx, SETUP_SECRET)?.map(|secret| hex(&secret));
        if !expected.is_some_and(|expected| same_bytes(expected.as_bytes(), token.as_bytes())) {
            return Err(AppError::invalid("/token", "setup_token_invalid"));
        }
        secret_delete(tx, SETUP_SECRET)?;
        company_found(tx, &settings, &founder, now)
    })?;
    session_open(app, user, "browser".into(), None, request, now, Vec::new())
}

/// Letters, digits and `. _ - @`: what can be typed at every keyboard and spoken on the phone.
pub fn login_check(checks: &mut Checks, pointer: &str, login: &str) {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if login.is_empty() {
        checks.fail(pointer, "required");
    } else if login.chars().count() > 100 || !login.chars().all(fits) {
        checks.fail(pointer, "login_characters");
    }
}

/// The first unit and person of a company.
#[derive(Debug, Clone)]
pub struct Founder {
    pub unit_name: String,
    pub person_name: String,
    pub login: String,
    pub hash: String,
}

/// Writes company, roles, first unit, its department and the first person.
pub fn company_found(
    tx: &mut Db,
    settings: &SettingsInput,
    founder: &Founder,
    now: DateTime<Utc>,
) -> AppResult<UserRow> {
    company_insert(
        tx,
        CompanyRow {
            id: CompanyId::fresh(),
            name: settings.company_name.clone(),
            locale: settings.locale.clone(),
            time_zone: settings.time_zone.clone(),
            currency: settings.currency.clone(),
            settings: serde_json::to_value(&settings.settings).map_err(AppError::internal)?,
            version: 1,
            updated_at: now,
        },
    )?;
    let roles = roles_found(tx, &settings.locale, now)?;
    let unit_id = UnitId::fresh();
    unit_insert(
        tx,
        UnitRow {
            id: unit_id,
            name: founder.unit_name.clone(),
            code: "01".into(),
            active: true,
            version: 1,
            created_at: now,
            updated_at: now,
        },
    )?;
    let department_id = DepartmentId::fresh();
    let general = if settings.locale == "zh-CN" { "综合部" } else { "General" };
    department_insert(
        tx,
        DepartmentRow {
            id: department_id,
            unit_id,
            parent_id: None,
            leader_id: None,
            name: general.into(),
            version: 1,
            created_at: now,
            updated_at: now,
        },
    )?;
    let user = UserRow {
        id: UserId::fresh(),
        department_id,
        unit_id,
        name: founder.person_name.clone(),
        name_key: name_key(&founder.person_name),
        login: founder.login.clone(),
        email: None,
        phone: None,
        locale: settings.locale.clone(),
        password_hash: Some(founder.hash.clone()),
        preferences: json!({}),
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
        frozen_at: None,
        frozen_by: None,
    };
    user_insert(tx, user.clone())?;
    let first = ["executive", "unit_administrator", "system_administrator"];
    let held: Vec<RoleId> = roles.iter().filter(|(key, _)| first.contains(key)).map(|(_, id)| *id).collect();
    user_roles_set(tx, user.id, &held)?;
    dictionaries_seed(tx, now)?;
    pipelines_seed(tx, &settings.locale, now)?;
    Ok(user)
}

/// Writes the built-in roles as this release knows them: new ones are added, changed ones brought up to date.
fn roles_found(tx: &mut Db, locale: &str, now: DateTime<Utc>) -> AppResult<Vec<(&'static str, RoleId)>> {
    let known = role_list(tx)?;
    let mut roles = Vec::new();
    for role in BUILT_IN_ROLES {
        let scopes: std::collections::BTreeMap<Resource, Scope> = [
            (Resource::Customer, role.customer_scope),
            (Resource::Order, role.order_scope),
            (Resource::Task, role.task_scope),
            (Resource::Opportunity, role.opportunity_scope),
        ]
        .into_iter()
        .filter_map(|(resource, scope)| Some((resource, scope?)))
        .collect();
        let permissions = json!(role.permissions);
        let scopes = serde_json::to_value(scopes).map_err(AppError::internal)?;
        let id = match known.iter().find(|row| row.key.as_deref() == Some(role.key)) {
            Some(row) if row.permissions == permissions && row.scopes == scopes => row.id,
            Some(row) => {
                role_update(tx, RoleRow { permissions, scopes, updated_at: now, ..row.clone() })?;
                row.id
            }
            None => {
                let id = RoleId::fresh();
                let name = if locale == "zh-CN" { role.name_zh } else { role.name_en };
                role_insert(
                    tx,
                    RoleRow {
                        id,
                        key: Some(role.key.into()),
                        name: name.into(),
                        built_in: true,
                        permissions,
                        scopes,
                        masks: json!([]),
                        version: 1,
                        created_at: now,
                        updated_at: now,
                    },
                )?;
                id
            }
        };
        roles.push((role.key, id));
    }
    Ok(roles)
}

/// Brings an existing company what a new release adds: built-in roles, dictionaries, a first pipeline.
pub fn defaults_refresh(tx: &mut Db, now: DateTime<Utc>) -> AppResult<()> {
    if let Some(company) = company_get(tx)? {
        roles_found(tx, &company.locale, now)?;
        let kinds_are_new = entry_list(tx, KINDS)?.is_empty();
        dictionaries_seed(tx, now)?;
        if kinds_are_new {
            preference_kinds_adopt(tx, now)?;
        }
        pipelines_seed(tx, &company.locale, now)?;
    }
    Ok(())
}
