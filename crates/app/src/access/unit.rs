//! Business units: the walls of the house.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::UnitId;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{
    UnitRow, unit_delete as unit_remove, unit_get as unit_row, unit_insert, unit_list as unit_rows,
    unit_update as unit_replace,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "access:user:read";
const WRITE: &str = "access:organisation:write";

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitInput {
    #[schema(example = "杭州")]
    pub name: String,
    /// Short, unique; part of the codes of customers and orders.
    #[schema(example = "HZ")]
    pub code: String,
    /// An inactive unit keeps its records and takes no new people.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: UnitInput,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(UnitView);

impl From<UnitRow> for UnitView {
    fn from(row: UnitRow) -> Self {
        Self {
            id: row.id.0,
            input: UnitInput { name: row.name, code: row.code, active: row.active },
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn unit_check(input: &UnitInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if input.code.is_empty() {
        checks.fail("/code", "required");
    } else if input.code.len() > 10 || !input.code.chars().all(fits) {
        checks.fail("/code", "unit_code");
    }
    Ok(checks.done()?)
}

/// The unit, if its people are in the caller's sight.
fn unit_in_reach(cx: &Cx, db: &mut Db, id: UnitId) -> AppResult<UnitRow> {
    if cx.actor.organisation_reach().is_some_and(|own| own != id) {
        return Err(AppError::NotFound);
    }
    unit_row(db, id)?.ok_or(AppError::NotFound)
}

pub fn unit_list(cx: &Cx) -> AppResult<Page<UnitView>> {
    cx.require(READ)?;
    let rows = cx.read(|db| Ok(unit_rows(db, cx.actor.organisation_reach())?))?;
    Ok(Page::whole(rows.into_iter().map(UnitView::from).collect()))
}

pub fn unit_get(cx: &Cx, id: UnitId) -> AppResult<UnitView> {
    cx.require(READ)?;
    Ok(cx.read(|db| unit_in_reach(cx, db, id))?.into())
}

/// Units are made by those who see them all.
fn require_all_units(cx: &Cx) -> AppResult<()> {
    cx.require(WRITE)?;
    if cx.actor.sees_all_units() { Ok(()) } else { Err(AppError::Forbidden("access:role:write".into())) }
}

pub fn unit_create(cx: &Cx, input: UnitInput) -> AppResult<UnitView> {
    require_all_units(cx)?;
    unit_check(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let row = UnitRow {
            id: UnitId::fresh(),
            name: input.name.clone(),
            code: input.code.clone(),
            active: input.active,
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        unit_insert(tx, row.clone())?;
        Event::new(&within, "unit", row.id, "created").stands(row.id, None).after(&input).record(tx)?;
        Ok(UnitView::from(row))
    })
}

pub fn unit_update(cx: &Cx, id: UnitId, version: i64, patch: &Value) -> AppResult<UnitView> {
    cx.require(WRITE)?;
    let mut row = cx.read(|db| unit_in_reach(cx, db, id))?;
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    let before = UnitView::from(row.clone()).input;
    let input: UnitInput = crate::patch::patched(&before, patch)?;
    unit_check(&input)?;
    row.name = input.name.clone();
    row.code = input.code.clone();
    row.active = input.active;
    row.updated_at = cx.now;
    let within = cx.clone();
    cx.change(move |tx| {
        if !unit_replace(tx, row.clone())? {
            let current = unit_row(tx, id)?.ok_or(AppError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        Event::new(&within, "unit", id, "updated").stands(id, None).difference(&before, &input).record(tx)
    })?;
    cx.app.actors().forget();
    unit_get(cx, id)
}

/// A unit that was used in any way stays; it can be made inactive.
pub fn unit_delete(cx: &Cx, id: UnitId, version: i64) -> AppResult<()> {
    require_all_units(cx)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = unit_row(tx, id)?.ok_or(AppError::NotFound)?;
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        unit_remove(tx, id)?;
        Event::new(&within, "unit", id, "deleted").before(&UnitView::from(row).input).record(tx)
    })
}
