//! Brands.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::BrandId;
use regulars_persistence::Db;
use regulars_persistence::catalog::brand::{
    BrandRow, brand_delete as row_delete, brand_get as row_get, brand_insert, brand_list as row_list,
    brand_update as row_update,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BrandView {
    pub id: Uuid,
    pub name: String,
    pub active: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(BrandView);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandInput {
    #[schema(example = "晨光")]
    pub name: String,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
}

pub(super) fn yes() -> bool {
    true
}

fn view(row: BrandRow) -> BrandView {
    BrandView {
        id: row.id.0,
        name: row.name,
        active: row.active,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn check(mut input: BrandInput) -> AppResult<BrandInput> {
    let mut checks = Checks::default();
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 100);
    checks.done()?;
    Ok(input)
}

pub fn brand_list(cx: &Cx) -> AppResult<Page<BrandView>> {
    cx.require("catalog:product:read")?;
    cx.read(|db| Ok(Page::whole(row_list(db)?.into_iter().map(view).collect())))
}

pub fn brand_get(cx: &Cx, id: BrandId) -> AppResult<BrandView> {
    cx.require("catalog:product:read")?;
    cx.read(|db| Ok(view(row_get(db, id)?.ok_or(AppError::NotFound)?)))
}

pub fn brand_create(cx: &Cx, input: BrandInput) -> AppResult<BrandView> {
    cx.require("catalog:product:write")?;
    let input = check(input)?;
    let within = cx.clone();
    let id = BrandId::fresh();
    cx.create(move |tx| {
        let row = BrandRow {
            id,
            name: input.name.clone(),
            active: input.active,
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        brand_insert(tx, row.clone())?;
        let view = view(row);
        Event::new(&within, "brand", id, "created").after(&view).record(tx)?;
        Ok(view)
    })
}

/// The row that a change at `version` starts from.
fn standing(tx: &mut Db, id: BrandId, version: i64) -> AppResult<BrandRow> {
    let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn brand_update(cx: &Cx, id: BrandId, version: i64, patch: &Value) -> AppResult<BrandView> {
    cx.require("catalog:product:write")?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = standing(tx, id, version)?;
        let before = BrandInput { name: row.name.clone(), active: row.active };
        let after = check(crate::patch::patched(&before, &patch)?)?;
        row.name = after.name.clone();
        row.active = after.active;
        row.updated_at = within.now;
        if !row_update(tx, row.clone())? {
            return Err(AppError::Serialization);
        }
        row.version += 1;
        Event::new(&within, "brand", id, "updated").difference(&before, &after).record(tx)?;
        Ok(view(row))
    })
}

/// Refused while products have it.
pub fn brand_delete(cx: &Cx, id: BrandId, version: i64) -> AppResult<()> {
    cx.require("catalog:product:write")?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = standing(tx, id, version)?;
        row_delete(tx, id, version)?;
        Event::new(&within, "brand", id, "deleted").before(&view(row)).record(tx)
    })
}
