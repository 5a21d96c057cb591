//! Departments: a tree within each unit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DepartmentId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{
    DepartmentRow, department_delete as department_remove, department_get as department_row, department_insert,
    department_list as department_rows, department_list_all, department_update as department_replace, unit_get,
};
use regulars_persistence::access::user::{user_count_by_department, user_get, user_rows};
use regulars_persistence::customers::share::{SharesOf, shares_end};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use super::sight::{sight_before, sight_kept};
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "access:user:read";
const WRITE: &str = "access:organisation:write";

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentInput {
    #[schema(example = "门店一组")]
    pub name: String,
    /// Stays as it was at the creation.
    pub unit_id: Uuid,
    pub parent_id: Option<Uuid>,
    /// Someone of the same unit.
    pub leader_id: Option<Uuid>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DepartmentView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: DepartmentInput,
    pub leader: Option<Ref>,
    /// Active people who sit in it.
    pub people: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(DepartmentView);

fn writable(row: &DepartmentRow) -> DepartmentInput {
    DepartmentInput {
        name: row.name.clone(),
        unit_id: row.unit_id.0,
        parent_id: row.parent_id.map(Uuid::from),
        leader_id: row.leader_id.map(Uuid::from),
    }
}

fn views(db: &mut Db, rows: Vec<DepartmentRow>) -> AppResult<Vec<DepartmentView>> {
    let leaders: HashMap<UserId, String> = user_rows(db, rows.iter().filter_map(|row| row.leader_id))?
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect();
    let people = user_count_by_department(db)?;
    Ok(rows
        .into_iter()
        .map(|row| DepartmentView {
            id: row.id.0,
            input: writable(&row),
            leader: row.leader_id.and_then(|id| Some(Ref::new(id, leaders.get(&id)?))),
            people: people.get(&row.id).copied().unwrap_or(0),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
        .collect())
}

fn view(db: &mut Db, row: DepartmentRow) -> AppResult<DepartmentView> {
    views(db, vec![row])?.pop().ok_or(AppError::NotFound)
}

fn in_reach(cx: &Cx, unit_id: UnitId) -> bool {
    cx.actor.organisation_reach().is_none_or(|own| own == unit_id)
}

fn department_in_reach(cx: &Cx, db: &mut Db, id: DepartmentId) -> AppResult<DepartmentRow> {
    department_row(db, id)?.filter(|row| in_reach(cx, row.unit_id)).ok_or(AppError::NotFound)
}

pub fn department_list(cx: &Cx) -> AppResult<Page<DepartmentView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let rows = department_list_all(db, cx.actor.organisation_reach())?;
        Ok(Page::whole(views(db, rows)?))
    })
}

pub fn department_get(cx: &Cx, id: DepartmentId) -> AppResult<DepartmentView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = department_in_reach(cx, db, id)?;
        view(db, row)
    })
}

/// Name, unit in reach, parent of the same unit and not below itself, leader of the same unit.
fn department_check(cx: &Cx, db: &mut Db, id: Option<DepartmentId>, input: &DepartmentInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    let unit_id = UnitId(input.unit_id);
    if !in_reach(cx, unit_id) || unit_get(db, unit_id)?.is_none() {
        checks.fail("/unit_id", "unknown_reference");
    }
    if let Some(parent_id) = input.parent_id.map(DepartmentId) {
        let departments = department_rows(db, unit_id)?;
        if !departments.iter().any(|row| row.id == parent_id) {
            checks.fail("/parent_id", "unknown_reference");
        } else if id.is_some_and(|id| is_below(&departments, parent_id, id)) {
            checks.fail("/parent_id", "self_reference");
        }
    }
    if let Some(leader_id) = input.leader_id.map(UserId) {
        let leader = user_get(db, leader_id)?;
        if !leader.is_some_and(|user| user.active && user.unit_id == unit_id) {
            checks.fail("/leader_id", "unknown_reference");
        }
        let led = id.map(|id| department_row(db, id)).transpose()?.flatten().and_then(|row| row.leader_id);
        // Leading widens what one sees: nobody appoints themselves.
        if leader_id == cx.actor.user_id && led != Some(leader_id) && !cx.actor.may("access:role:write") {
            checks.fail("/leader_id", "beyond_yours");
        }
    }
    Ok(checks.done()?)
}

/// Whether `lower` is `upper` or anywhere below it.
fn is_below(departments: &[DepartmentRow], lower: DepartmentId, upper: DepartmentId) -> bool {
    let mut at = Some(lower);
    for _ in 0..=departments.len() {
        match at {
            Some(id) if id == upper => return true,
            Some(id) => at = departments.iter().find(|row| row.id == id).and_then(|row| row.parent_id),
            None => return false,
        }
    }
    true
}

pub fn department_create(cx: &Cx, input: DepartmentInput) -> AppResult<DepartmentView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    let made = cx.create(move |tx| {
        department_check(&within, tx, None, &input)?;
        let before = sight_before(&within.actor, tx)?;
        let row = DepartmentRow {
            id: DepartmentId::fresh(),
            unit_id: UnitId(input.unit_id),
            parent_id: input.parent_id.map(DepartmentId),
            leader_id: input.leader_id.map(UserId),
            name: input.name.clone(),
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        department_insert(tx, row.clone())?;
        sight_kept(&within.actor, tx, &before, "/leader_id")?;
        Event::new(&within, "department", row.id, "created").stands(row.unit_id, None).after(&input).record(tx)?;
        view(tx, row)
    })?;
    cx.app.actors().forget();
    Ok(made)
}

pub fn department_update(cx: &Cx, id: DepartmentId, version: i64, patch: &Value) -> AppResult<DepartmentView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    let changed = cx.change(move |tx| {
        let mut row = department_in_reach(&within, tx, id)?;
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        let before = writable(&row);
        let input: DepartmentInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        department_check(&within, tx, Some(id), &input)?;
        let sight = sight_before(&within.actor, tx)?;
        row.name = input.name.clone();
        row.parent_id = input.parent_id.map(DepartmentId);
        row.leader_id = input.leader_id.map(UserId);
        row.updated_at = within.now;
        if !department_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: row.version + 1 });
        }
        row.version += 1;
        // Hanging a department elsewhere, or giving it a leader, widens what others see.
        let moved = input.parent_id != before.parent_id;
        sight_kept(&within.actor, tx, &sight, if moved { "/parent_id" } else { "/leader_id" })?;
        Event::new(&within, "department", id, "updated")
            .stands(row.unit_id, None)
            .difference(&before, &input)
            .record(tx)?;
        view(tx, row)
    })?;
    cx.app.actors().forget();
    Ok(changed)
}

/// A department with people or departments below stays.
pub fn department_delete(cx: &Cx, id: DepartmentId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = department_in_reach(&within, tx, id)?;
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        shares_end(tx, SharesOf::Department(id))?;
        department_remove(tx, id)?;
        Event::new(&within, "department", id, "deleted").stands(row.unit_id, None).before(&writable(&row)).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(id: u128, parent: Option<u128>) -> DepartmentRow {
        DepartmentRow {
            id: DepartmentId(Uuid::from_u128(id)),
            unit_id: UnitId(Uuid::nil()),
            parent_id: parent.map(|id| DepartmentId(Uuid::from_u128(id))),
            leader_id: None,
            name: String::new(),
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_department_is_below_itself_and_its_ancestors_only() {
        let tree = [department(1, None), department(2, Some(1)), department(3, Some(2)), department(4, Some(1))];
        let id = |n| DepartmentId(Uuid::from_u128(n));
        assert!(is_below(&tree, id(3), id(1)) && is_below(&tree, id(3), id(3)));
        assert!(!is_below(&tree, id(4), id(2)) && !is_below(&tree, id(1), id(3)));
    }
}
