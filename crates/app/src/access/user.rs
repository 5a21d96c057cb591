//! Users: who they are, where they sit, what they may do. Changes take effect with the next request.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DepartmentId, RoleId, UnitId, UserId};
use regulars_domain::naming;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{department_get, department_leader_clear, unit_get};
use regulars_persistence::access::role::{RoleRow, role_get, user_roles, user_roles_set};
use regulars_persistence::access::user::{UserRow, user_get as user_row, user_insert, user_update as user_replace};
use regulars_persistence::customers::share::{SharesOf, shares_end};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use super::actor::grant_of;
use super::invite::invite_open;
use super::password::password_check;
use super::people::user_view;
use super::role::administrator_remains;
use super::settings::LOCALES;
use super::setup::login_check;
use super::sight::{sight_before, sight_kept};
use super::token::random_secret;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

pub(super) const READ: &str = "access:user:read";
pub(super) const WRITE: &str = "access:user:write";

/// What is changed about a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserInput {
    #[schema(example = "陈晨")]
    pub name: String,
    #[schema(example = "chen")]
    pub login: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub department_id: Uuid,
    pub role_ids: Vec<Uuid>,
    #[schema(value_type = crate::shape::Locale)]
    pub locale: String,
}

/// A new person. Without a password the answer holds a one-time link.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserNew {
    #[schema(example = "陈晨")]
    pub name: String,
    #[schema(example = "chen")]
    pub login: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub department_id: Uuid,
    #[serde(default)]
    pub role_ids: Vec<Uuid>,
    /// The company's language when absent.
    #[schema(value_type = Option<crate::shape::Locale>)]
    pub locale: Option<String>,
    /// At least 10 characters.
    #[schema(example = "correct horse battery")]
    pub password: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: UserInput,
    pub unit: Option<Ref>,
    pub department: Option<Ref>,
    pub roles: Vec<Ref>,
    pub active: bool,
    /// Since when the account is frozen: nobody gets in, and it keeps all it owns.
    pub frozen_at: Option<DateTime<Utc>>,
    /// Has never set a password.
    pub invited: bool,
    /// Signs in with a second step.
    pub second_factor: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Once, in the answer to a creation without a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_url: Option<String>,
}

crate::versioned!(UserView);

/// The key people are sorted and found by: the reading of the name, together, by initials, and as written.
pub fn name_key(name: &str) -> String {
    let reading = naming::reading(name, true);
    let initials: String = reading.split(' ').filter_map(|syllable| syllable.chars().next()).collect();
    format!("{reading} {} {initials} {}", reading.replace(' ', ""), name.to_lowercase())
}

pub(super) fn in_reach(cx: &Cx, row: &UserRow) -> bool {
    cx.actor.organisation_reach().is_none_or(|unit_id| unit_id == row.unit_id)
}

pub(super) fn user_in_reach(cx: &Cx, db: &mut Db, id: UserId) -> AppResult<UserRow> {
    user_row(db, id)?.filter(|row| in_reach(cx, row)).ok_or(AppError::NotFound)
}

/// The user, if the caller may change the account: in reach, and with no more rights than the caller could give.
pub(super) fn user_in_charge(cx: &Cx, db: &mut Db, id: UserId) -> AppResult<UserRow> {
    let row = user_in_reach(cx, db, id)?;
    let grant = grant_of(&user_roles(db, id)?)?;
    if cx.actor.may_grant(&grant) { Ok(row) } else { Err(AppError::Forbidden("access:role:write".into())) }
}

struct Placed {
    unit_id: UnitId,
    role_ids: Vec<RoleId>,
}

/// Checks the fields, the place, and that the caller may give these roles.
fn user_check(cx: &Cx, db: &mut Db, input: &UserInput, stands: Option<(&UserRow, &UserInput)>) -> AppResult<Placed> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    login_check(&mut checks, "/login", &input.login);
    if input.email.as_deref().is_some_and(|email| naming::email_normalized(email).is_err()) {
        checks.fail("/email", "email_invalid");
    }
    checks.optional_text("/phone", input.phone.as_deref(), 40);
    checks.one_of("/locale", &input.locale, LOCALES);
    let department = department_get(db, DepartmentId(input.department_id))?
        .filter(|department| cx.actor.organisation_reach().is_none_or(|unit_id| unit_id == department.unit_id));
    let moves = stands.is_none_or(|(_, before)| before.department_id != input.department_id);
    match &department {
        None => checks.fail("/department_id", "unknown_reference"),
        Some(department) if moves => {
            if !unit_get(db, department.unit_id)?.is_some_and(|unit| unit.active) {
                checks.fail("/department_id", "unit_inactive");
            }
            // Where one sits decides what one sees: nobody moves themselves.
            let own = stands.is_some_and(|(row, _)| row.id == cx.actor.user_id);
            if own && !cx.actor.may("access:role:write") {
                checks.fail("/department_id", "beyond_yours");
            }
        }
        Some(_) => {}
    }
    let mut roles: Vec<RoleRow> = Vec::new();
    for (index, id) in input.role_ids.iter().enumerate() {
        match role_get(db, RoleId(*id))? {
            Some(role) if roles.iter().any(|known| known.id == role.id) => {
                checks.fail(format!("/role_ids/{index}"), "duplicate");
            }
            Some(role) => roles.push(role),
            None => checks.fail(format!("/role_ids/{index}"), "unknown_reference"),
        }
    }
    let same = stands.is_some_and(|(_, before)| before.role_ids == input.role_ids);
    if !same && !cx.actor.may_grant(&grant_of(&roles)?) {
        checks.fail("/role_ids", "beyond_yours");
    }
    checks.done()?;
    let department = department.ok_or(AppError::NotFound)?;
    Ok(Placed { unit_id: department.unit_id, role_ids: roles.into_iter().map(|role| role.id).collect() })
}

fn cleaned(mut input: UserInput) -> UserInput {
    input.name = naming::name_cleaned(&input.name);
    input.login = input.login.trim().to_lowercase();
    input.email = input.email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty());
    input.phone = input.phone.map(|phone| phone.trim().to_string()).filter(|phone| !phone.is_empty());
    input
}

/// Makes a user. `origin` opens the invitation's link: `https://crm.example.com`.
pub fn user_create(cx: &Cx, origin: &str, new: UserNew) -> AppResult<UserView> {
    cx.require(WRITE)?;
    let locale = match new.locale {
        Some(locale) => locale,
        None => cx.company()?.locale.clone(),
    };
    let input = cleaned(UserInput {
        name: new.name,
        login: new.login,
        email: new.email,
        phone: new.phone,
        department_id: new.department_id,
        role_ids: new.role_ids,
        locale,
    });
    let hash = match &new.password {
        Some(password) => {
            let mut checks = Checks::default();
            password_check(&mut checks, "/password", password, &input.login);
            checks.done()?;
            Some(cx.app.passwords().hash(password)?)
        }
        None => None,
    };
    let (within, origin, token) = (cx.clone(), origin.to_string(), random_secret());
    cx.create_secret(
        move |tx| user_make_in(&within, tx, input.clone(), hash.clone(), (&origin[..], &token[..])),
        |view| view.invite_url = None,
    )
}

/// Makes a user in a transaction. Without a password an invitation is opened: the place its link leads to, and its secret.
pub(super) fn user_make_in(
    cx: &Cx,
    tx: &mut Db,
    input: UserInput,
    hash: Option<String>,
    (origin, token): (&str, &str),
) -> AppResult<UserView> {
    let input = cleaned(input);
    let placed = user_check(cx, tx, &input, None)?;
    let sight = sight_before(&cx.actor, tx)?;
    let row = new_row(cx, &input, &placed, hash);
    user_insert(tx, row.clone())?;
    user_roles_set(tx, row.id, &placed.role_ids)?;
    sight_kept(&cx.actor, tx, &sight, "/department_id")?;
    Event::new(cx, "user", row.id, "created").stands(row.unit_id, None).after(&input).record(tx)?;
    let invited = row.password_hash.is_none();
    let mut view = user_view(cx, tx, row)?;
    if invited {
        let opened = invite_open(tx, origin, UserId(view.id), token, cx.now)?;
        view.invite_url = Some(opened.invite_url);
    }
    Ok(view)
}

fn new_row(cx: &Cx, input: &UserInput, placed: &Placed, password_hash: Option<String>) -> UserRow {
    UserRow {
        id: UserId::fresh(),
        department_id: DepartmentId(input.department_id),
        unit_id: placed.unit_id,
        name: input.name.clone(),
        name_key: name_key(&input.name),
        login: input.login.clone(),
        email: input.email.clone(),
        phone: input.phone.clone(),
        locale: input.locale.clone(),
        password_hash,
        preferences: json!({}),
        active: true,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
        frozen_at: None,
        frozen_by: None,
    }
}

pub(super) fn writable(row: &UserRow, roles: &[RoleId]) -> UserInput {
    UserInput {
        name: row.name.clone(),
        login: row.login.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        department_id: row.department_id.0,
        role_ids: roles.iter().map(|id| id.0).collect(),
        locale: row.locale.clone(),
    }
}

pub fn user_update(cx: &Cx, id: UserId, version: i64, patch: &Value) -> AppResult<UserView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    let view = cx.change(move |tx| user_change_in(&within, tx, id, Some(version), &patch))?;
    cx.app.actors().forget();
    Ok(view)
}

/// Changes a user in a transaction: as `version` stands, or as it is now where none is named.
pub(super) fn user_change_in(
    cx: &Cx,
    tx: &mut Db,
    id: UserId,
    version: Option<i64>,
    patch: &Value,
) -> AppResult<UserView> {
    let mut row = user_in_charge(cx, tx, id)?;
    if version.is_some_and(|version| version != row.version) {
        return Err(AppError::Stale { current: row.version });
    }
    let mut held: Vec<RoleId> = user_roles(tx, id)?.into_iter().map(|role| role.id).collect();
    held.sort();
    let before = writable(&row, &held);
    let input = cleaned(crate::patch::patched(&before, patch)?);
    let placed = user_check(cx, tx, &input, Some((&row, &before)))?;
    let sight = sight_before(&cx.actor, tx)?;
    let left = (placed.unit_id != row.unit_id).then_some(row.unit_id);
    row.department_id = DepartmentId(input.department_id);
    row.unit_id = placed.unit_id;
    row.name = input.name.clone();
    row.name_key = name_key(&input.name);
    row.login = input.login.clone();
    row.email = input.email.clone();
    row.phone = input.phone.clone();
    row.locale = input.locale.clone();
    row.updated_at = cx.now;
    if !user_replace(tx, row.clone())? {
        return Err(AppError::Stale { current: row.version + 1 });
    }
    row.version += 1;
    user_roles_set(tx, id, &placed.role_ids)?;
    administrator_remains(tx)?;
    sight_kept(&cx.actor, tx, &sight, "/department_id")?;
    let mut event = Event::new(cx, "user", id, "updated").stands(row.unit_id, None).difference(&before, &input);
    if let Some(left) = left {
        department_leader_clear(tx, id, Some(row.unit_id))?;
        // What the old unit shared with them stays behind its wall.
        shares_end(tx, SharesOf::User(id))?;
        event = event.stood(left, None);
    }
    event.record(tx)?;
    user_view(cx, tx, row)
}
