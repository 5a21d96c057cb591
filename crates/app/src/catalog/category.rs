//! Categories of goods: a tree.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::CategoryId;
use regulars_persistence::Db;
use regulars_persistence::catalog::category::{
    CategoryRow, category_delete as row_delete, category_get as row_get, category_insert, category_list as row_list,
    category_update as row_update,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// Deepest tree of categories.
const MAX_DEPTH: usize = 8;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CategoryView {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub name: String,
    /// Order among its siblings, smallest first.
    pub position: i32,
    /// Names from the root down to this one, for showing.
    pub path: Vec<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(CategoryView);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    #[schema(example = "饮品")]
    pub name: String,
    pub parent_id: Option<Uuid>,
    #[serde(default)]
    pub position: i32,
}

/// The category and everything above it, from itself up; empty if it is not there.
fn ancestry(all: &[CategoryRow], id: Option<CategoryId>) -> Vec<&CategoryRow> {
    let mut line = Vec::new();
    let mut at = id;
    while let Some(row) = at.and_then(|id| all.iter().find(|row| row.id == id)) {
        if line.len() > all.len() {
            break;
        }
        line.push(row);
        at = row.parent_id;
    }
    line
}

fn view(all: &[CategoryRow], row: &CategoryRow) -> CategoryView {
    let mut path: Vec<String> = ancestry(all, row.parent_id).into_iter().map(|above| above.name.clone()).collect();
    path.reverse();
    path.push(row.name.clone());
    CategoryView {
        id: row.id.0,
        parent_id: row.parent_id.map(|id| id.0),
        name: row.name.clone(),
        position: row.position,
        path,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Checks the input against the tree: the parent exists, is not below the category, and leaves room.
fn check(all: &[CategoryRow], id: CategoryId, mut input: CategoryInput) -> AppResult<CategoryInput> {
    let mut checks = Checks::default();
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 100);
    if let Some(parent) = input.parent_id {
        let line = ancestry(all, Some(CategoryId(parent)));
        if line.is_empty() {
            checks.fail("/parent_id", "unknown_reference");
        } else if line.iter().any(|row| row.id == id) {
            checks.fail("/parent_id", "self_reference");
        } else if line.len() >= MAX_DEPTH {
            checks.fail_with("/parent_id", "tree_too_deep", MAX_DEPTH);
        }
    }
    checks.done()?;
    Ok(input)
}

/// The whole tree, parents before children, siblings in order.
pub fn category_list(cx: &Cx) -> AppResult<Page<CategoryView>> {
    cx.require("catalog:product:read")?;
    let all = cx.read(|db| Ok(row_list(db)?))?;
    let mut items = Vec::with_capacity(all.len());
    push_below(&all, None, &mut items);
    Ok(Page::whole(items))
}

fn push_below(all: &[CategoryRow], parent: Option<CategoryId>, items: &mut Vec<CategoryView>) {
    for row in all.iter().filter(|row| row.parent_id == parent) {
        items.push(view(all, row));
        push_below(all, Some(row.id), items);
    }
}

pub fn category_get(cx: &Cx, id: CategoryId) -> AppResult<CategoryView> {
    cx.require("catalog:product:read")?;
    let all = cx.read(|db| Ok(row_list(db)?))?;
    let row = all.iter().find(|row| row.id == id).ok_or(AppError::NotFound)?;
    Ok(view(&all, row))
}

pub fn category_create(cx: &Cx, input: CategoryInput) -> AppResult<CategoryView> {
    cx.require("catalog:product:write")?;
    let within = cx.clone();
    let id = CategoryId::fresh();
    cx.create(move |tx| {
        let all = row_list(tx)?;
        let input = check(&all, id, input.clone())?;
        let row = CategoryRow {
            id,
            parent_id: input.parent_id.map(CategoryId),
            name: input.name,
            position: input.position,
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        category_insert(tx, row.clone())?;
        let view = view(&all, &row);
        Event::new(&within, "category", id, "created").after(&view).record(tx)?;
        Ok(view)
    })
}

/// The row that a change at `version` starts from.
fn standing(tx: &mut Db, id: CategoryId, version: i64) -> AppResult<CategoryRow> {
    let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn category_update(cx: &Cx, id: CategoryId, version: i64, patch: &Value) -> AppResult<CategoryView> {
    cx.require("catalog:product:write")?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = standing(tx, id, version)?;
        let all = row_list(tx)?;
        let before =
            CategoryInput { name: row.name.clone(), parent_id: row.parent_id.map(|id| id.0), position: row.position };
        let after = check(&all, id, crate::patch::patched(&before, &patch)?)?;
        row.name = after.name.clone();
        row.parent_id = after.parent_id.map(CategoryId);
        row.position = after.position;
        row.updated_at = within.now;
        if !row_update(tx, row.clone())? {
            return Err(AppError::Serialization);
        }
        row.version += 1;
        Event::new(&within, "category", id, "updated").difference(&before, &after).record(tx)?;
        Ok(view(&all, &row))
    })
}

/// Refused while products or categories are in it.
pub fn category_delete(cx: &Cx, id: CategoryId, version: i64) -> AppResult<()> {
    cx.require("catalog:product:write")?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = standing(tx, id, version)?;
        row_delete(tx, id, version)?;
        Event::new(&within, "category", id, "deleted").before(&view(&[], &row)).record(tx)
    })
}
