//! Dashboards: boards of saved pivots, figures and lists, a person's own or shown to others, and one that everyone has.
//! A board says what is asked; what its cards answer is counted in the sight of who looks.

mod answer;
mod card;
mod executive;
mod figure;
mod listed;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::FieldError;
use regulars_domain::ids::{DashboardId, ViewId};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::insight::dashboard::{
    DashboardReader, DashboardRow, dashboard_delete as row_delete, dashboard_get as row_get, dashboard_insert,
    dashboard_list as row_list, dashboard_update as row_update,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub use answer::{
    DashboardAnswer, DashboardAnswerRequest, DashboardCardAnswer, DashboardCardFault, dashboard_answer,
    dashboard_preview,
};
pub use card::{CARD_KINDS, CHARTS, DashboardCard, DashboardInput, FIGURES, LISTS, SHARING};
pub use figure::DashboardFigure;
pub use listed::{DashboardListed, LISTED_SUBJECTS};

use crate::access::Ref;
use crate::customers::mask::condition_mask;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};
use executive::{EXECUTIVE, executive};

const READ: &str = "insight:metric:read";

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DashboardView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: DashboardInput,
    /// Absent for the one that comes with the program.
    pub owner: Option<Ref>,
    /// Whether the caller may change it.
    pub own: bool,
    /// Comes with the program: it can be copied, not changed.
    pub built_in: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(DashboardView);

/// What a copy is called.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardCopyInput {
    #[schema(example = "Monday, my way")]
    pub name: String,
}

fn reader(cx: &Cx) -> DashboardReader {
    DashboardReader { user_id: cx.actor.user_id, unit_id: cx.actor.unit_id }
}

fn input_of(row: &DashboardRow) -> AppResult<DashboardInput> {
    let mut value = row.definition.clone();
    value["name"] = row.name.clone().into();
    value["sharing"] = row.sharing.clone().into();
    serde_json::from_value(value).map_err(AppError::internal)
}

fn definition_of(input: &DashboardInput) -> Value {
    json!({"period": input.period, "cards": input.cards})
}

/// What the log tells of a board: its cards as one thing.
fn told(input: &DashboardInput) -> Value {
    json!({"name": input.name, "sharing": input.sharing, "definition": definition_of(input)})
}

fn view(cx: &Cx, db: &mut Db, row: &DashboardRow) -> AppResult<DashboardView> {
    let owner = user_get(db, row.owner_id)?.map(|user| Ref::new(user.id, user.name));
    Ok(DashboardView {
        id: row.id.0,
        input: masked(cx, input_of(row)?)?,
        owner,
        own: row.owner_id == cx.actor.user_id,
        built_in: false,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Without what conditions say of masked fields.
fn masked(cx: &Cx, input: DashboardInput) -> AppResult<DashboardInput> {
    let mut value = serde_json::to_value(input).map_err(AppError::internal)?;
    condition_mask(&cx.actor.masks, &mut value);
    serde_json::from_value(value).map_err(AppError::internal)
}

fn executive_view(cx: &Cx) -> DashboardView {
    DashboardView {
        id: EXECUTIVE.0,
        input: executive(cx.request.locale == "en"),
        owner: None,
        own: false,
        built_in: true,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// The one that comes with the program, then the caller's own and those shared with the caller, by name.
pub fn dashboard_list(cx: &Cx) -> AppResult<Page<DashboardView>> {
    cx.require(READ)?;
    cx.read(|db| {
        let rows = row_list(db, reader(cx))?;
        let kept = rows.iter().map(|row| view(cx, db, row)).collect::<AppResult<Vec<_>>>()?;
        Ok(Page::whole(std::iter::once(executive_view(cx)).chain(kept).collect()))
    })
}

fn found(cx: &Cx, db: &mut Db, id: DashboardId) -> AppResult<DashboardRow> {
    row_get(db, id, reader(cx))?.ok_or(AppError::NotFound)
}

pub fn dashboard_get(cx: &Cx, id: DashboardId) -> AppResult<DashboardView> {
    cx.require(READ)?;
    if id == EXECUTIVE {
        return Ok(executive_view(cx));
    }
    cx.read(|db| {
        let row = found(cx, db, id)?;
        view(cx, db, &row)
    })
}

/// Refuses to show a board to the whole company for who does not see it.
fn sharing_check(cx: &Cx, sharing: &str, before: &str) -> AppResult<()> {
    let sees_all = matches!(cx.visible_own(Resource::Customer, Action::Read), Visibility::Company);
    if sharing == "company" && before != "company" && !sees_all {
        return Err(AppError::invalid("/sharing", "not_allowed_here"));
    }
    Ok(())
}

/// Refuses saved pivots that are not there for the caller; those that stood on the board already may be gone.
fn views_check(cx: &Cx, db: &mut Db, input: &DashboardInput, before: &[DashboardCard]) -> AppResult<()> {
    let kept: HashSet<Uuid> = before.iter().filter_map(|card| card.view_id).collect();
    let mut errors = Vec::new();
    for (at, card) in input.cards.iter().enumerate() {
        let Some(id) = card.view_id.filter(|id| !kept.contains(id)) else { continue };
        if answer::saved_pivot(cx, db, ViewId(id), cx.actor.user_id)?.is_none() {
            errors.push(FieldError::new(format!("/cards/{at}/view_id"), "unknown_reference"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Validation(errors)) }
}

pub fn dashboard_create(cx: &Cx, input: DashboardInput) -> AppResult<DashboardView> {
    cx.require(READ)?;
    card::check(cx, &input)?;
    sharing_check(cx, &input.sharing, "")?;
    let within = cx.clone();
    cx.create(move |tx| {
        views_check(&within, tx, &input, &[])?;
        let row = DashboardRow {
            id: DashboardId::fresh(),
            owner_id: within.actor.user_id,
            unit_id: within.actor.unit_id,
            name: input.name.trim().into(),
            sharing: input.sharing.clone(),
            definition: definition_of(&input),
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        dashboard_insert(tx, row.clone())?;
        Event::new(&within, "dashboard", row.id, "created")
            .stands(row.unit_id, Some(row.owner_id))
            .after(&told(&input))
            .record(tx)?;
        view(&within, tx, &row)
    })
}

/// A board of the caller's own, under another name. Saved pivots the caller has not are copied into it; of those that
/// are gone nothing is left to copy.
pub fn dashboard_copy(cx: &Cx, id: DashboardId, copy: DashboardCopyInput) -> AppResult<DashboardView> {
    cx.require(READ)?;
    let board = if id == EXECUTIVE {
        executive(cx.request.locale == "en")
    } else {
        let whole = cx.read(|db| {
            let row = found(cx, db, id)?;
            let mut input = input_of(&row)?;
            let cards = input.cards.drain(..).map(|card| copied(cx, db, card, &row)).collect::<AppResult<Vec<_>>>()?;
            input.cards = cards.into_iter().flatten().collect();
            Ok(input)
        })?;
        masked(cx, whole)?
    };
    dashboard_create(cx, DashboardInput { name: copy.name, sharing: "private".into(), ..board })
}

fn copied(cx: &Cx, db: &mut Db, card: DashboardCard, row: &DashboardRow) -> AppResult<Option<DashboardCard>> {
    let Some(view) = card.view_id.map(ViewId) else { return Ok(Some(card)) };
    if answer::saved_pivot(cx, db, view, cx.actor.user_id)?.is_some() {
        return Ok(Some(card));
    }
    Ok(answer::saved_pivot(cx, db, view, row.owner_id)?.map(|saved| DashboardCard {
        view_id: None,
        query: Some(saved.query),
        title: Some(card.title.clone().unwrap_or(saved.name)),
        ..card
    }))
}

/// A board in sight that is the caller's own.
fn own(cx: &Cx, db: &mut Db, id: DashboardId, version: i64) -> AppResult<DashboardRow> {
    let row = found(cx, db, id)?;
    if row.owner_id != cx.actor.user_id {
        return Err(AppError::Forbidden("owner".into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

fn not_built_in(id: DashboardId) -> AppResult<()> {
    if id == EXECUTIVE { Err(AppError::Conflict("built_in")) } else { Ok(()) }
}

pub fn dashboard_update(cx: &Cx, id: DashboardId, version: i64, patch: &Value) -> AppResult<DashboardView> {
    cx.require(READ)?;
    not_built_in(id)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = own(&within, tx, id, version)?;
        let before = input_of(&row)?;
        let mut patch = patch.clone();
        // A period merged with another is neither: it is replaced as one value.
        let period = patch.as_object_mut().and_then(|members| members.remove("period"));
        let mut input: DashboardInput = crate::patch::patched(&before, &patch)?;
        if let Some(period) = period {
            input.period = crate::patch::read(period)?;
        }
        card::check(&within, &input)?;
        sharing_check(&within, &input.sharing, &before.sharing)?;
        views_check(&within, tx, &input, &before.cards)?;
        row.name = input.name.trim().into();
        row.sharing = input.sharing.clone();
        row.definition = definition_of(&input);
        row.updated_at = within.now;
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        Event::new(&within, "dashboard", id, "updated")
            .stands(row.unit_id, Some(row.owner_id))
            .difference(&told(&before), &told(&input))
            .record(tx)?;
        view(&within, tx, &row)
    })
}

pub fn dashboard_delete(cx: &Cx, id: DashboardId, version: i64) -> AppResult<()> {
    cx.require(READ)?;
    not_built_in(id)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = own(&within, tx, id, version)?;
        row_delete(tx, id)?;
        Event::new(&within, "dashboard", id, "deleted")
            .stands(row.unit_id, Some(row.owner_id))
            .before(&told(&input_of(&row)?))
            .record(tx)
    })
}
