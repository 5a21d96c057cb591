//! Changes of accounts as people go about them: one asks, another approves, whoever keeps accounts does it. What is done
//! goes through the same use cases as without a request; how many working days it took stands beside it.

mod ask;
mod settle;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::account_request::{RequestStatus, Standing, Step};
use regulars_domain::ids::{AccountRequestId, DepartmentId, RoleId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::account_request::{
    ACCOUNT_REQUEST_FROM, ACCOUNT_REQUEST_ID, AccountRequestRow, RequestReach, account_request_catalogue,
    account_request_get as row_get, account_request_rows, account_request_scope,
};
use regulars_persistence::access::organisation::{department_list_all, unit_list};
use regulars_persistence::access::role::role_list;
use regulars_persistence::access::user::user_rows;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use super::role::role_name;
use super::user::WRITE as DO;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

pub use ask::{AccountRequestInput, NewAccount, account_request_create};
pub use settle::{Completion, Decision, account_request_complete, account_request_decide, account_request_withdraw};

pub(super) const ASK: &str = "access:account:ask";
const APPROVE: &str = "access:account:approve";
const AUDIT: &str = "access:audit:read";

/// What is wanted, as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Details {
    account: Option<NewAccount>,
    department_id: Option<Uuid>,
    role_ids: Option<Vec<Uuid>>,
    last_day: Option<NaiveDate>,
}

/// A request and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountRequestView {
    pub id: Uuid,
    #[schema(value_type = crate::shape::AccountChange)]
    pub kind: String,
    #[schema(value_type = crate::shape::AccountRequestStatus)]
    pub status: String,
    /// Where it is dealt with: the person's unit, or that of the new account.
    pub unit: Ref,
    /// Whom it is about; of a new account since it was made.
    pub user: Option<Ref>,
    /// The account that is wanted.
    pub account: Option<NewAccount>,
    /// Where the person is to sit.
    pub department: Option<Ref>,
    /// What the person is to hold.
    pub roles: Vec<Ref>,
    /// Of somebody who leaves.
    pub last_day: Option<NaiveDate>,
    pub reason: String,
    pub asked_by: Ref,
    pub asked_at: DateTime<Utc>,
    pub decided_by: Option<Ref>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decision_note: Option<String>,
    pub done_by: Option<Ref>,
    pub done_at: Option<DateTime<Utc>>,
    /// Working days until it was approved or refused, by the company's calendar; absent while it waits.
    #[schema(example = 0)]
    pub days_to_decide: Option<i64>,
    /// Working days from the asking to the end, or until today while it is open.
    #[schema(example = 1)]
    pub working_days: i64,
    /// Open for more than one working day, or done after more.
    pub late: bool,
    /// What the caller may do next.
    pub may_decide: bool,
    pub may_complete: bool,
    pub may_withdraw: bool,
    pub version: i64,
    /// Once, in the answer that made an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_url: Option<String>,
}

crate::versioned!(AccountRequestView);

/// Working days within which a change is to be done.
const PROMISED_DAYS: i64 = 1;

impl Details {
    fn of(row: &AccountRequestRow) -> AppResult<Self> {
        serde_json::from_value(row.details.clone()).map_err(AppError::internal)
    }
}

fn standing(row: &AccountRequestRow) -> AppResult<Standing> {
    let status = RequestStatus::parse(&row.status).ok_or_else(|| AppError::internal("stored status"))?;
    Ok(Standing { status, asked_by: row.asked_by, about: row.user_id })
}

/// Who approves, who keeps accounts and who audits see the requests of the units within reach; others their own.
fn reach(cx: &Cx) -> AppResult<RequestReach> {
    if [APPROVE, DO, AUDIT].iter().any(|permission| cx.actor.may(permission)) {
        return Ok(cx.actor.organisation_reach().map_or(RequestReach::Company, RequestReach::Unit));
    }
    cx.require(ASK)?;
    Ok(RequestReach::Own)
}

fn request_seen(cx: &Cx, db: &mut Db, id: AccountRequestId) -> AppResult<AccountRequestRow> {
    let reach = reach(cx)?;
    let seen = |row: &AccountRequestRow| {
        row.asked_by == cx.actor.user_id
            || match reach {
                RequestReach::Company => true,
                RequestReach::Unit(unit) => row.unit_id == unit,
                RequestReach::Own => false,
            }
    };
    row_get(db, id)?.filter(seen).ok_or(AppError::NotFound)
}

pub fn account_request_get(cx: &Cx, id: AccountRequestId) -> AppResult<AccountRequestView> {
    cx.read(|db| {
        let row = request_seen(cx, db, id)?;
        view(cx, db, row)
    })
}

/// The requests within sight, the latest first.
pub fn account_request_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<AccountRequestView>> {
    let scope = account_request_scope(reach(cx)?, cx.actor.user_id);
    let catalogue = account_request_catalogue();
    let source =
        Source { from: ACCOUNT_REQUEST_FROM, id: ACCOUNT_REQUEST_ID, catalogue: &catalogue, default_sort: "-asked_at" };
    cx.read(|db| {
        let page = page_ids(cx, db, request, &source, &scope)?;
        let rows = account_request_rows(db, page.items.iter().copied().map(AccountRequestId))?;
        let mut views: HashMap<Uuid, AccountRequestView> =
            views(cx, db, rows)?.into_iter().map(|view| (view.id, view)).collect();
        Ok(Page {
            items: page.items.iter().filter_map(|id| views.remove(id)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

fn view(cx: &Cx, db: &mut Db, row: AccountRequestRow) -> AppResult<AccountRequestView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// The names that requests show.
struct Names {
    people: HashMap<UserId, String>,
    units: HashMap<UnitId, String>,
    departments: HashMap<DepartmentId, String>,
    roles: HashMap<RoleId, String>,
}

impl Names {
    fn load(cx: &Cx, db: &mut Db, rows: &[AccountRequestRow]) -> AppResult<Self> {
        let people = rows.iter().flat_map(|row| {
            [Some(row.asked_by), row.user_id, row.decided_by, row.done_by].into_iter().flatten().collect::<Vec<_>>()
        });
        let people: Vec<UserId> = people.collect();
        Ok(Self {
            people: user_rows(db, people)?.into_iter().map(|user| (user.id, user.name)).collect(),
            units: unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect(),
            departments: department_list_all(db, None)?.into_iter().map(|one| (one.id, one.name)).collect(),
            roles: role_list(db)?.iter().map(|role| (role.id, role_name(role, &cx.request.locale))).collect(),
        })
    }

    fn person(&self, id: UserId) -> Ref {
        Ref::new(id, self.people.get(&id).cloned().unwrap_or_default())
    }
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<AccountRequestRow>) -> AppResult<Vec<AccountRequestView>> {
    let names = Names::load(cx, db, &rows)?;
    rows.into_iter().map(|row| view_of(cx, &names, row)).collect()
}

fn view_of(cx: &Cx, names: &Names, row: AccountRequestRow) -> AppResult<AccountRequestView> {
    let company = cx.company()?;
    let calendar = company.settings.calendar.calendar();
    let taken =
        |until: DateTime<Utc>| calendar.taken(company.business_date(row.asked_at), company.business_date(until));
    let (details, stands) = (Details::of(&row)?, standing(&row)?);
    let open = matches!(stands.status, RequestStatus::Asked | RequestStatus::Approved);
    let working_days = taken(row.done_at.or(row.decided_at.filter(|_| !open)).unwrap_or(cx.now));
    let may = |step, permission: &str| cx.actor.may(permission) && stands.step(step, cx.actor.user_id).is_ok();
    let department = details.department_id.or(details.account.as_ref().map(|account| account.department_id));
    let roles = details.role_ids.clone().or(details.account.as_ref().map(|account| account.role_ids.clone()));
    Ok(AccountRequestView {
        id: row.id.0,
        unit: Ref::new(row.unit_id, names.units.get(&row.unit_id).cloned().unwrap_or_default()),
        user: row.user_id.map(|id| names.person(id)),
        department: department.and_then(|id| Some(Ref::new(id, names.departments.get(&DepartmentId(id))?))),
        roles: roles.into_iter().flatten().filter_map(|id| Some(Ref::new(id, names.roles.get(&RoleId(id))?))).collect(),
        account: details.account,
        last_day: details.last_day,
        asked_by: names.person(row.asked_by),
        asked_at: row.asked_at,
        decided_by: row.decided_by.map(|id| names.person(id)),
        decided_at: row.decided_at,
        decision_note: row.decision_note.clone(),
        done_by: row.done_by.map(|id| names.person(id)),
        done_at: row.done_at,
        days_to_decide: row.decided_at.map(&taken),
        working_days,
        late: (open || row.done_at.is_some()) && working_days > PROMISED_DAYS,
        may_decide: may(Step::Approve, APPROVE) || may(Step::Refuse, APPROVE),
        may_complete: may(Step::Complete, DO),
        may_withdraw: may(Step::Withdraw, ASK),
        kind: row.kind,
        status: row.status,
        reason: row.reason,
        version: row.version,
        invite_url: None,
    })
}
