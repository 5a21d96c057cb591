//! Users as they are listed and shown, and the directory that everyone picks people from.

use std::collections::HashMap;

use regulars_domain::ids::{RoleId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{department_list_all, unit_list};
use regulars_persistence::access::role::{role_list, user_role_ids};
use regulars_persistence::access::second_factor::factors_confirmed;
use regulars_persistence::access::user::{
    USER_FROM, USER_ID, UserRow, user_catalogue, user_last_seen, user_rows, user_scope,
};

use super::Ref;
use super::role::role_name;
use super::user::{READ, UserView, user_in_reach, writable};
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

pub fn user_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<UserView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let (page, rows) = page_rows(cx, db, request, false)?;
        let mut views: HashMap<_, _> = user_views(cx, db, rows)?.into_iter().map(|view| (view.id, view)).collect();
        Ok(Page {
            items: page.items.iter().filter_map(|id| views.remove(id)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

/// Active people the caller may name as owners: of the unit, or of all units for those who see them.
pub fn people_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<Ref>> {
    cx.read(|db| {
        let (page, rows) = page_rows(cx, db, request, true)?;
        let names: HashMap<_, _> = rows.into_iter().map(|row| (row.id.0, row.name)).collect();
        Ok(page.map(|id| Ref::new(id, names.get(&id).cloned().unwrap_or_default())))
    })
}

fn page_rows(
    cx: &Cx,
    db: &mut Db,
    request: &ListRequest,
    active_only: bool,
) -> AppResult<(Page<uuid::Uuid>, Vec<UserRow>)> {
    let mut catalogue = user_catalogue();
    if active_only {
        // The directory tells names, not who holds which role.
        catalogue.fields.retain(|field| field.name == "name");
    }
    let source = Source { from: USER_FROM, id: USER_ID, catalogue: &catalogue, default_sort: "name" };
    let scope = user_scope(cx.actor.organisation_reach(), active_only, request.q.as_deref());
    let page = page_ids(cx, db, request, &source, &scope)?;
    let rows = user_rows(db, page.items.iter().map(|id| UserId(*id)))?;
    Ok((page, rows))
}

pub fn user_get(cx: &Cx, id: UserId) -> AppResult<UserView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = user_in_reach(cx, db, id)?;
        user_view(cx, db, row)
    })
}

pub(super) fn user_view(cx: &Cx, db: &mut Db, row: UserRow) -> AppResult<UserView> {
    user_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

fn user_views(cx: &Cx, db: &mut Db, rows: Vec<UserRow>) -> AppResult<Vec<UserView>> {
    let ids = || rows.iter().map(|row| row.id);
    let held = user_role_ids(db, ids())?;
    let seen = user_last_seen(db, ids())?;
    let factors = factors_confirmed(db, ids())?;
    let units: HashMap<_, _> = unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let departments: HashMap<_, _> =
        department_list_all(db, None)?.into_iter().map(|department| (department.id, department.name)).collect();
    let roles: HashMap<RoleId, String> =
        role_list(db)?.into_iter().map(|role| (role.id, role_name(&role, &cx.request.locale))).collect();
    let view = |row: &UserRow| {
        let role_ids = held.get(&row.id).cloned().unwrap_or_default();
        UserView {
            id: row.id.0,
            input: writable(row, &role_ids),
            unit: units.get(&row.unit_id).map(|name| Ref::new(row.unit_id, name)),
            department: departments.get(&row.department_id).map(|name| Ref::new(row.department_id, name)),
            roles: role_ids.iter().filter_map(|id| Some(Ref::new(*id, roles.get(id)?))).collect(),
            active: row.active,
            frozen_at: row.frozen_at,
            invited: row.password_hash.is_none(),
            second_factor: factors.contains(&row.id),
            last_seen_at: seen.get(&row.id).copied(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            invite_url: None,
        }
    };
    Ok(rows.iter().map(view).collect())
}
