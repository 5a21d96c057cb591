//! Saved views of lists: filter, order and columns under a name.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::ViewId;
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::platform::view::{
    ViewRow, view_delete as view_remove, view_get as view_row, view_insert, view_list as view_rows,
    view_update as view_replace,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::is_key;
use crate::access::Ref;
use crate::customers::mask::condition_mask;
use crate::event::Event;
use crate::list::{ListRequest, Page};
use crate::{AppError, AppResult, Cx};

/// Largest definition, in bytes of JSON.
const MOST: usize = 32_768;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"resource": "customers", "name": "90 天未购买的常客", "shared": false, "pinned": false,
    "definition": {"sort": "-created_at"}}))]
pub struct ViewInput {
    /// Which list it is a view of; stays as it was at the creation.
    #[schema(example = "customers")]
    pub resource: String,
    #[schema(example = "90 天未购买的常客")]
    pub name: String,
    /// Seen by everyone of the unit.
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    pub pinned: bool,
    /// Free JSON of the client's: filter, sort, columns. A PATCH replaces it whole.
    #[schema(value_type = Object)]
    pub definition: Value,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ViewView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: ViewInput,
    pub owner: Option<Ref>,
    /// Whether the caller may change it.
    pub own: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(ViewView);

fn writable(row: &ViewRow) -> ViewInput {
    ViewInput {
        resource: row.resource.clone(),
        name: row.name.clone(),
        shared: row.shared,
        pinned: row.pinned,
        definition: row.definition.clone(),
    }
}

fn view(cx: &Cx, db: &mut Db, row: ViewRow) -> AppResult<ViewView> {
    let owner = user_get(db, row.owner_id)?.map(|user| Ref::new(user.id, user.name));
    let mut input = writable(&row);
    condition_mask(&cx.actor.masks, &mut input.definition);
    Ok(ViewView {
        id: row.id.0,
        input,
        owner,
        own: row.owner_id == cx.actor.user_id,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The caller's views and those shared in the unit; `filter[resource]=customers` narrows.
pub fn view_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<ViewView>> {
    let resource = super::only_filter(request, "resource")?;
    cx.read(|db| {
        let rows = view_rows(db, cx.actor.user_id, cx.actor.unit_id, resource.as_deref())?;
        let views: AppResult<Vec<ViewView>> = rows.into_iter().map(|row| view(cx, db, row)).collect();
        Ok(Page::whole(views?))
    })
}

/// Whether a view is the caller's own or shown to the caller.
pub(crate) fn view_in_sight(cx: &Cx, row: &ViewRow) -> bool {
    row.owner_id == cx.actor.user_id || (row.shared && row.unit_id == cx.actor.unit_id)
}

fn view_seen(cx: &Cx, db: &mut Db, id: ViewId) -> AppResult<ViewRow> {
    view_row(db, id)?.filter(|row| view_in_sight(cx, row)).ok_or(AppError::NotFound)
}

pub fn view_get(cx: &Cx, id: ViewId) -> AppResult<ViewView> {
    cx.read(|db| {
        let row = view_seen(cx, db, id)?;
        view(cx, db, row)
    })
}

fn view_check(input: &ViewInput) -> AppResult<()> {
    let mut checks = Checks::default();
    if !is_key(&input.resource.replace('-', "_")) {
        checks.fail("/resource", "key_characters");
    }
    checks.text("/name", &input.name, 80);
    if !input.definition.is_object() {
        checks.fail("/definition", "object_expected");
    }
    if input.definition.to_string().len() > MOST {
        checks.fail_with("/definition", "too_long", MOST);
    }
    Ok(checks.done()?)
}

pub fn view_create(cx: &Cx, input: ViewInput) -> AppResult<ViewView> {
    view_check(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let row = ViewRow {
            id: ViewId::fresh(),
            owner_id: within.actor.user_id,
            unit_id: within.actor.unit_id,
            resource: input.resource.clone(),
            name: input.name.trim().into(),
            shared: input.shared,
            pinned: input.pinned,
            definition: input.definition.clone(),
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        view_insert(tx, row.clone())?;
        Event::new(&within, "view", row.id, "created")
            .stands(row.unit_id, Some(row.owner_id))
            .after(&input)
            .record(tx)?;
        view(&within, tx, row)
    })
}

/// A view in sight that is the caller's own.
fn view_own(cx: &Cx, db: &mut Db, id: ViewId, version: i64) -> AppResult<ViewRow> {
    let row = view_seen(cx, db, id)?;
    if row.owner_id != cx.actor.user_id {
        return Err(AppError::Forbidden("owner".into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn view_update(cx: &Cx, id: ViewId, version: i64, patch: &Value) -> AppResult<ViewView> {
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = view_own(&within, tx, id, version)?;
        let before = writable(&row);
        let mut input: ViewInput = crate::patch::patched(&before, &patch)?;
        // A condition merged with another is neither: the definition is replaced as one value.
        if let Some(definition) = patch.get("definition") {
            input.definition = definition.clone();
        }
        if input.resource != before.resource {
            return Err(AppError::invalid("/resource", "fixed"));
        }
        view_check(&input)?;
        row.name = input.name.trim().into();
        row.shared = input.shared;
        row.pinned = input.pinned;
        row.definition = input.definition.clone();
        row.updated_at = within.now;
        if !view_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        let event = Event::new(&within, "view", id, "updated").stands(row.unit_id, Some(row.owner_id));
        event.difference(&before, &input).record(tx)?;
        view(&within, tx, row)
    })
}

pub fn view_delete(cx: &Cx, id: ViewId, version: i64) -> AppResult<()> {
    let within = cx.clone();
    cx.change(move |tx| {
        let row = view_own(&within, tx, id, version)?;
        view_remove(tx, id)?;
        Event::new(&within, "view", id, "deleted")
            .stands(row.unit_id, Some(row.owner_id))
            .before(&writable(&row))
            .record(tx)
    })
}
