//! Asking for a change of an account.

use chrono::NaiveDate;
use regulars_domain::account_request::{AccountChange, RequestStatus};
use regulars_domain::error::Checks;
use regulars_domain::ids::{AccountRequestId, DepartmentId, RoleId, UnitId, UserId};
use regulars_domain::naming::email_normalized;
use regulars_persistence::Db;
use regulars_persistence::access::account_request::{AccountRequestRow, account_request_insert, account_request_open};
use regulars_persistence::access::organisation::department_get;
use regulars_persistence::access::role::role_get;
use regulars_persistence::access::user::user_get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ASK, AccountRequestView, Details, view};
use crate::access::setup::login_check;
use crate::access::user::in_reach;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// What is asked for. Which members are needed depends on the kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "leave", "user_id": "01990000-0000-7000-8000-000000000001", "reason": "Leaves at the end of the month"}))]
pub struct AccountRequestInput {
    /// `new` needs `account`; `role` `user_id` and `role_ids`; `move` `user_id` and `department_id`; `leave` `user_id`.
    #[schema(value_type = crate::shape::AccountChange)]
    pub kind: String,
    pub user_id: Option<Uuid>,
    pub account: Option<NewAccount>,
    pub department_id: Option<Uuid>,
    pub role_ids: Option<Vec<Uuid>>,
    pub last_day: Option<NaiveDate>,
    pub reason: String,
}

/// An account for somebody who has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    #[schema(example = "陈晨")]
    pub name: String,
    #[schema(example = "chen")]
    pub login: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub department_id: Uuid,
    #[serde(default)]
    pub role_ids: Vec<Uuid>,
}

/// Asks; somebody else approves. Freezing waits for nobody and is asked of the account itself.
pub fn account_request_create(cx: &Cx, input: AccountRequestInput) -> AppResult<AccountRequestView> {
    cx.require(ASK)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let (kind, unit) = input_check(&within, tx, &input)?;
        let details = Details {
            account: input.account.clone(),
            department_id: input.department_id,
            role_ids: input.role_ids.clone(),
            last_day: input.last_day,
        };
        let row = AccountRequestRow {
            id: AccountRequestId::fresh(),
            kind: kind.key().into(),
            status: RequestStatus::Asked.key().into(),
            unit_id: unit,
            user_id: input.user_id.map(UserId),
            details: serde_json::to_value(&details).map_err(AppError::internal)?,
            reason: input.reason.trim().into(),
            asked_by: within.actor.user_id,
            asked_at: within.now,
            decided_by: None,
            decided_at: None,
            decision_note: None,
            done_by: None,
            done_at: None,
            version: 1,
        };
        account_request_insert(tx, row.clone())?;
        Event::new(&within, "account_request", row.id, "requested").stands(unit, None).after(&input).record(tx)?;
        view(&within, tx, row)
    })
}

/// The kind, and the unit in which it is dealt with.
fn input_check(cx: &Cx, db: &mut Db, input: &AccountRequestInput) -> AppResult<(AccountChange, UnitId)> {
    let mut checks = Checks::default();
    checks.text("/reason", &input.reason, 1_000);
    let askable = [AccountChange::New, AccountChange::Role, AccountChange::Move, AccountChange::Leave];
    checks.one_of("/kind", &input.kind, &askable.map(AccountChange::key));
    let kind = AccountChange::parse(&input.kind);
    let wanted = |checks: &mut Checks, pointer: &str, given: bool, needed: bool| match (given, needed) {
        (false, true) => checks.fail(pointer, "required"),
        (true, false) => checks.fail(pointer, "must_be_empty"),
        _ => {}
    };
    let is = |one| kind == Some(one);
    wanted(&mut checks, "/account", input.account.is_some(), is(AccountChange::New));
    wanted(&mut checks, "/user_id", input.user_id.is_some(), !is(AccountChange::New));
    wanted(&mut checks, "/department_id", input.department_id.is_some(), is(AccountChange::Move));
    wanted(&mut checks, "/role_ids", input.role_ids.is_some(), is(AccountChange::Role));
    if input.last_day.is_some() && !is(AccountChange::Leave) {
        checks.fail("/last_day", "must_be_empty");
    }
    let unit = match (&input.account, input.user_id) {
        (Some(account), _) => account_check(cx, db, &mut checks, account)?,
        (None, Some(id)) => person_check(cx, db, &mut checks, UserId(id), &input.kind)?,
        (None, None) => None,
    };
    if let Some(id) = input.department_id {
        place_check(cx, db, &mut checks, "/department_id", id)?;
    }
    roles_check(db, &mut checks, "/role_ids", input.role_ids.as_deref().unwrap_or_default())?;
    checks.done()?;
    match (kind, unit) {
        (Some(kind), Some(unit)) => Ok((kind, unit)),
        _ => Err(AppError::invalid("/user_id", "unknown_reference")),
    }
}

fn account_check(cx: &Cx, db: &mut Db, checks: &mut Checks, account: &NewAccount) -> AppResult<Option<UnitId>> {
    checks.text("/account/name", &account.name, 100);
    login_check(checks, "/account/login", &account.login.trim().to_lowercase());
    if account.email.as_deref().is_some_and(|email| !email.is_empty() && email_normalized(email).is_err()) {
        checks.fail("/account/email", "email_invalid");
    }
    checks.optional_text("/account/phone", account.phone.as_deref(), 40);
    roles_check(db, checks, "/account/role_ids", &account.role_ids)?;
    place_check(cx, db, checks, "/account/department_id", account.department_id)
}

/// The person has an account in reach, and nobody waits for the same already.
fn person_check(cx: &Cx, db: &mut Db, checks: &mut Checks, id: UserId, kind: &str) -> AppResult<Option<UnitId>> {
    let Some(user) = user_get(db, id)?.filter(|user| user.active && in_reach(cx, user)) else {
        checks.fail("/user_id", "unknown_reference");
        return Ok(None);
    };
    if account_request_open(db, id, kind)? {
        checks.fail("/user_id", "asked_already");
    }
    Ok(Some(user.unit_id))
}

fn place_check(cx: &Cx, db: &mut Db, checks: &mut Checks, pointer: &str, id: Uuid) -> AppResult<Option<UnitId>> {
    let reach = cx.actor.organisation_reach();
    let place = department_get(db, DepartmentId(id))?.filter(|one| reach.is_none_or(|unit| unit == one.unit_id));
    if place.is_none() {
        checks.fail(pointer, "unknown_reference");
    }
    Ok(place.map(|place| place.unit_id))
}

fn roles_check(db: &mut Db, checks: &mut Checks, pointer: &str, ids: &[Uuid]) -> AppResult<()> {
    for (index, id) in ids.iter().enumerate() {
        if role_get(db, RoleId(*id))?.is_none() {
            checks.fail(format!("{pointer}/{index}"), "unknown_reference");
        }
    }
    Ok(())
}
