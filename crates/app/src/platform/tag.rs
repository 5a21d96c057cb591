//! Tags: a unit's own marks on its customers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{TagId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{unit_get, unit_list};
use regulars_persistence::platform::tag::{
    TagRow, tag_counts, tag_delete as tag_remove, tag_get as tag_row, tag_insert, tag_list as tag_rows,
    tag_update as tag_replace,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:tag:write";
/// Names of the design's colours, so that a tag is legible in both themes.
pub const TAG_COLORS: &[&str] = &["pine", "ember", "blue", "grape", "yellow", "red", "gray"];

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    #[schema(example = "手冲爱好者")]
    pub name: String,
    #[schema(value_type = crate::shape::TagColor)]
    pub color: String,
    /// The caller's own unit when absent; stays as it was at the creation.
    pub unit_id: Option<Uuid>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TagView {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = crate::shape::TagColor)]
    pub color: String,
    pub unit: Option<Ref>,
    /// Customers in the caller's sight that wear it.
    pub customers_count: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(TagView);

/// The unit whose tags are in sight; `None` is every unit.
pub(crate) fn tags_in_sight(cx: &Cx) -> Option<UnitId> {
    let everywhere = cx.visible(Resource::Customer, Action::Read) == Visibility::Company;
    (!everywhere).then_some(cx.actor.unit_id)
}

fn tag_in_reach(cx: &Cx, db: &mut Db, id: TagId) -> AppResult<TagRow> {
    let row = tag_row(db, id)?.ok_or(AppError::NotFound)?;
    if tags_in_sight(cx).is_none_or(|unit_id| unit_id == row.unit_id) { Ok(row) } else { Err(AppError::NotFound) }
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<TagRow>) -> AppResult<Vec<TagView>> {
    let only = if let [row] = rows.as_slice() { Some(row.id) } else { None };
    let counts = tag_counts(db, &cx.visible(Resource::Customer, Action::Read), only)?;
    let units: HashMap<_, _> = unit_list(db, tags_in_sight(cx))?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    Ok(rows
        .into_iter()
        .map(|row| TagView {
            id: row.id.0,
            name: row.name,
            color: row.color,
            unit: units.get(&row.unit_id).map(|name| Ref::new(row.unit_id, name)),
            customers_count: counts.get(&row.id).copied().unwrap_or(0),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
        .collect())
}

fn view(cx: &Cx, db: &mut Db, row: TagRow) -> AppResult<TagView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

pub fn tag_list(cx: &Cx) -> AppResult<Page<TagView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let rows = tag_rows(db, tags_in_sight(cx))?;
        Ok(Page::whole(views(cx, db, rows)?))
    })
}

pub fn tag_get(cx: &Cx, id: TagId) -> AppResult<TagView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = tag_in_reach(cx, db, id)?;
        view(cx, db, row)
    })
}

fn tag_check(input: &TagInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 40);
    checks.one_of("/color", &input.color, TAG_COLORS);
    Ok(checks.done()?)
}

pub fn tag_create(cx: &Cx, input: TagInput) -> AppResult<TagView> {
    cx.require(WRITE)?;
    tag_check(&input)?;
    let unit_id = input.unit_id.map_or(cx.actor.unit_id, UnitId);
    let within = cx.clone();
    cx.create(move |tx| {
        if tags_in_sight(&within).is_some_and(|own| own != unit_id) || unit_get(tx, unit_id)?.is_none() {
            return Err(AppError::invalid("/unit_id", "unknown_reference"));
        }
        let row = TagRow {
            id: TagId::fresh(),
            unit_id,
            name: input.name.trim().into(),
            color: input.color.clone(),
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        tag_insert(tx, row.clone())?;
        Event::new(&within, "tag", row.id, "created").stands(unit_id, None).after(&input).record(tx)?;
        view(&within, tx, row)
    })
}

fn tag_at(cx: &Cx, db: &mut Db, id: TagId, version: i64) -> AppResult<TagRow> {
    let row = tag_in_reach(cx, db, id)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

fn writable(row: &TagRow) -> TagInput {
    TagInput { name: row.name.clone(), color: row.color.clone(), unit_id: Some(row.unit_id.0) }
}

pub fn tag_update(cx: &Cx, id: TagId, version: i64, patch: &Value) -> AppResult<TagView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = tag_at(&within, tx, id, version)?;
        let before = writable(&row);
        let input: TagInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        tag_check(&input)?;
        if crate::patch::same(&before, &input)? {
            return view(&within, tx, row);
        }
        row.name = input.name.trim().into();
        row.color = input.color.clone();
        row.updated_at = within.now;
        if !tag_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        let event = Event::new(&within, "tag", id, "updated").stands(row.unit_id, None);
        event.difference(&before, &input).record(tx)?;
        view(&within, tx, row)
    })
}

/// Takes the tag off every customer too.
pub fn tag_delete(cx: &Cx, id: TagId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = tag_at(&within, tx, id, version)?;
        tag_remove(tx, id)?;
        Event::new(&within, "tag", id, "deleted").stands(row.unit_id, None).before(&writable(&row)).record(tx)
    })
}
