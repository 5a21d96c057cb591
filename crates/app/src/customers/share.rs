//! Sharing a customer with a colleague or a department: to read or to change, for good or until a day. A share shows what
//! its giver sees by their own right, inside the walls the giver reaches; what is only shared is not shared on, given
//! away, merged or deleted.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DepartmentId, PartyId, ShareId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::department_get;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::relation::{PartyName, party_names_within};
use regulars_persistence::customers::share::{
    ShareRecord, ShareRow, share_delete as row_delete, share_get, share_insert, share_set, shares_count,
    shares_ended_forget, shares_of,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::access::Ref;
use crate::access::settings::Company;
use crate::event::Event;
use crate::list::Page;
use crate::{App, AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
const ASSIGN: &str = "customers:customer:assign";
/// Most live shares of one customer; more is a matter of roles.
const MOST: i64 = 50;

/// Whom a customer is shared with: a user or a department, never both. Shared again, the share is changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareInput {
    pub user_id: Option<Uuid>,
    /// Reaches whoever sits in it, as long as they do.
    #[schema(example = json!(null))]
    pub department_id: Option<Uuid>,
    /// Whether they may change the customer; their own permissions bound it.
    #[serde(default)]
    pub may_edit: bool,
    /// The last day, in the business time zone; without one it stays.
    #[schema(example = json!(null))]
    pub until: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ShareView {
    pub id: Uuid,
    pub user: Option<Ref>,
    pub department: Option<Ref>,
    pub may_edit: bool,
    /// The last day.
    pub until: Option<NaiveDate>,
    pub shared_by: Ref,
    pub created_at: DateTime<Utc>,
    /// Whether the caller may end it.
    pub endable: bool,
}

/// How far the caller may share a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Right {
    edit: bool,
}

/// Who changes a customer by their own right, or hands customers out, shares it.
fn right(cx: &Cx, db: &mut Db, id: PartyId) -> AppResult<Option<Right>> {
    let within = |db: &mut Db, action| -> AppResult<bool> {
        let reach = cx.visible_own(Resource::Customer, action);
        Ok(!party_names_within(db, &[id], &reach)?.is_empty())
    };
    let edit = cx.actor.may(WRITE) && within(db, Action::Write)?;
    let shares = edit || (cx.actor.may(ASSIGN) && within(db, Action::Read)?);
    Ok(shares.then_some(Right { edit }))
}

fn view(cx: &Cx, company: &Company, record: ShareRecord, endable: bool) -> ShareView {
    let own = record.own;
    let named = |id: Option<Uuid>, name: Option<String>| Some(Ref::new(id?, name.unwrap_or_default()));
    ShareView {
        id: own.id.0,
        user: named(own.user_id.map(Uuid::from), record.user_name),
        department: named(own.department_id.map(Uuid::from), record.department_name),
        may_edit: own.may_edit,
        until: own.ends_at.map(|at| last_day(company, at)),
        endable: endable || own.created_by == cx.actor.user_id,
        shared_by: Ref::new(own.created_by, record.created_by_name),
        created_at: own.created_at,
    }
}

/// The day before the one at whose start a share ends.
pub(super) fn last_day(company: &Company, ends_at: DateTime<Utc>) -> NaiveDate {
    let day = company.business_date(ends_at);
    day.pred_opt().unwrap_or(day)
}

/// With whom a customer is shared.
pub fn share_list(cx: &Cx, party: PartyId) -> AppResult<Page<ShareView>> {
    cx.require(READ)?;
    let company = cx.company()?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let endable = right(cx, db, party)?.is_some();
        let records = shares_of(db, party, cx.now)?;
        Ok(Page::whole(records.into_iter().map(|record| view(cx, &company, record, endable)).collect()))
    })
}

fn may_share(cx: &Cx) -> AppResult<()> {
    if cx.actor.may(ASSIGN) { Ok(()) } else { cx.require(WRITE) }
}

pub fn share_create(cx: &Cx, party: PartyId, input: ShareInput) -> AppResult<ShareView> {
    may_share(cx)?;
    let company = cx.company()?;
    let today = cx.today()?;
    let within = cx.clone();
    let made = cx.create(move |tx| {
        let cx = &within;
        let place = party_place(cx, tx, party, Action::Read)?;
        let right = right(cx, tx, party)?.ok_or(AppError::Forbidden(WRITE.into()))?;
        let mut checks = Checks::default();
        if input.until.is_some_and(|until| until < today) {
            checks.fail("/until", "in_the_past");
        }
        if input.may_edit && !right.edit {
            checks.fail("/may_edit", "beyond_yours");
        }
        let to = recipient(cx, tx, &mut checks, &place, &input)?;
        checks.done()?;
        let ends_at = input.until.map(|until| company.past_day(until).end);
        let (user_id, department_id) = to;
        let known = shares_of(tx, party, cx.now)?
            .into_iter()
            .find(|one| (one.own.user_id, one.own.department_id) == (user_id, department_id));
        let told = told(&input);
        let id = match known {
            Some(known) => {
                share_set(tx, known.own.id, input.may_edit, ends_at)?;
                let before = told_of(&company, &known.own);
                share_event(cx, &place, known.own.id, "changed").before(&before).after(&told).record(tx)?;
                known.own.id
            }
            None if shares_count(tx, party, cx.now)? >= MOST => {
                return Err(AppError::Validation(vec![
                    regulars_domain::error::FieldError::new("", "too_many").with(MOST),
                ]));
            }
            None => {
                let row = ShareRow {
                    id: ShareId::fresh(),
                    party_id: party,
                    user_id,
                    department_id,
                    may_edit: input.may_edit,
                    ends_at,
                    created_by: cx.actor.user_id,
                    created_at: cx.now,
                };
                share_insert(tx, row.clone())?;
                share_event(cx, &place, row.id, "given").after(&told).record(tx)?;
                row.id
            }
        };
        let record = share_get(tx, id, cx.now)?.ok_or(AppError::NotFound)?;
        Ok(view(cx, &company, record, true))
    })?;
    cx.app.actors().forget();
    Ok(made)
}

/// The one user or department, inside the walls the giver reaches.
fn recipient(
    cx: &Cx,
    tx: &mut Db,
    checks: &mut Checks,
    place: &PartyName,
    input: &ShareInput,
) -> AppResult<(Option<UserId>, Option<DepartmentId>)> {
    let everywhere = cx.visible_own(Resource::Customer, Action::Read) == Visibility::Company;
    let within = |unit: UnitId| everywhere || unit == place.unit_id;
    match (input.user_id.map(UserId), input.department_id.map(DepartmentId)) {
        (Some(id), None) => {
            if !user_get(tx, id)?.is_some_and(|user| user.active && within(user.unit_id)) {
                checks.fail("/user_id", "unknown_reference");
            } else if place.owner_id == Some(id) {
                checks.fail("/user_id", "owner_already");
            }
            Ok((Some(id), None))
        }
        (None, Some(id)) => {
            if !department_get(tx, id)?.is_some_and(|department| within(department.unit_id)) {
                checks.fail("/department_id", "unknown_reference");
            }
            Ok((None, Some(id)))
        }
        _ => {
            checks.fail("/user_id", "user_or_department");
            Ok((None, None))
        }
    }
}

fn share_event(cx: &Cx, place: &PartyName, id: ShareId, action: &'static str) -> Event {
    Event::new(cx, "share", id, action).party(place.id).stands(place.unit_id, place.owner_id)
}

fn told(input: &ShareInput) -> Value {
    json!({"user_id": input.user_id, "department_id": input.department_id, "may_edit": input.may_edit,
        "until": input.until})
}

fn told_of(company: &Company, row: &ShareRow) -> Value {
    let until = row.ends_at.map(|at| last_day(company, at));
    json!({"user_id": row.user_id, "department_id": row.department_id, "may_edit": row.may_edit, "until": until})
}

/// Ends a share at once: by whoever gave it, or may give one like it.
pub fn share_end(cx: &Cx, id: ShareId) -> AppResult<()> {
    may_share(cx)?;
    let company = cx.company()?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let record = share_get(tx, id, cx.now)?.ok_or(AppError::NotFound)?;
        let place = party_place(cx, tx, record.own.party_id, Action::Read)?;
        if record.own.created_by != cx.actor.user_id && right(cx, tx, record.own.party_id)?.is_none() {
            return Err(AppError::Forbidden(WRITE.into()));
        }
        row_delete(tx, id)?;
        share_event(cx, &place, id, "ended").before(&told_of(&company, &record.own)).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}

/// The live shares by which the caller sees a customer.
pub(super) fn shares_with(cx: &Cx, db: &mut Db, party: PartyId) -> AppResult<Vec<ShareRecord>> {
    if cx.actor.shares.is_none() {
        return Ok(Vec::new());
    }
    let mine = |one: &ShareRecord| {
        one.own.user_id == Some(cx.actor.user_id) || one.own.department_id == Some(cx.actor.department_id)
    };
    Ok(shares_of(db, party, cx.now)?.into_iter().filter(mine).collect())
}

/// Forgets shares whose day has long passed: they show nothing, but copies that are kept elsewhere are told that they ended.
pub fn shares_forget(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let before = now - crate::platform::sync::KEPT - chrono::TimeDelta::days(1);
    app.db().write(move |tx| Ok::<_, AppError>(shares_ended_forget(tx, before)?))?;
    Ok(())
}
