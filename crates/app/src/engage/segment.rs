//! Segments: a condition that is asked anew each time, or a list kept by hand.

use chrono::{DateTime, Utc};
use regulars_domain::actor::Action;
use regulars_domain::condition::Condition;
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, SegmentId};
use regulars_persistence::Db;
use regulars_persistence::engage::segment::{
    SegmentRow, among, member_add, member_remove, segment_counted, segment_delete as row_delete,
    segment_get as row_get, segment_insert, segment_list as row_list, segment_update as row_update,
};
use regulars_persistence::list::{Listing, list_count};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::customers::list::{
    CUSTOMER_FROM, CUSTOMER_ID, customer_base, customer_catalogue, customer_list, customer_root, customer_scope,
    customers_meant,
};
use crate::customers::mask::condition_mask;
use crate::customers::view::CustomerView;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, condition_check, walk_ids};
use crate::{AppError, AppResult, Cx};
use regulars_persistence::customers::fields::Root;

/// Most customers named one by one in one call.
const MAX_IDS: usize = 5_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "常客，90 天未到店", "kind": "dynamic",
    "condition": {"field": "metrics.recency_days", "op": "gte", "value": 90}}))]
pub struct SegmentInput {
    #[schema(example = "高价值，90 天未到店")]
    pub name: String,
    pub description: Option<String>,
    /// `dynamic` asks its condition each time; `static` keeps a list. It does not change later.
    #[schema(value_type = crate::shape::SegmentKind)]
    pub kind: String,
    /// Of a dynamic segment: a condition in the one condition language.
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Condition>,
    /// Whether colleagues of the unit see it.
    #[serde(default)]
    pub shared: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SegmentView {
    pub id: Uuid,
    pub name: String,
    pub description: Option<String>,
    #[schema(value_type = crate::shape::SegmentKind)]
    pub kind: String,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
    pub shared: bool,
    pub owner: Ref,
    /// Whether the caller may change it.
    pub editable: bool,
    /// The last count, as of `counted_at`, of whoever counted.
    pub count: Option<i64>,
    pub counted_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(SegmentView);

/// A condition to count without keeping it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"condition": {"field": "status", "op": "eq", "value": "customer"}}))]
pub struct CountInput {
    #[schema(value_type = crate::shape::Condition)]
    pub condition: Condition,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CountView {
    pub count: i64,
}

/// Customers by id, or by condition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ids": ["01990000-0000-7000-8000-000000000001"]}))]
pub struct MembersInput {
    #[serde(default)]
    pub ids: Vec<Uuid>,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub filter: Option<Condition>,
    /// Whom a search finds, within `filter` if there is one.
    pub q: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MembersView {
    /// How many came in or left.
    pub changed: i64,
}

fn editable(cx: &Cx, row: &SegmentRow) -> bool {
    let own = row.owner_id == cx.actor.user_id;
    let leads = row.shared && cx.actor.may("customers:customer:assign");
    cx.actor.may("engage:segment:write") && (own || leads)
}

fn to_view(cx: &Cx, mut row: SegmentRow) -> SegmentView {
    if let Some(condition) = &mut row.condition {
        condition_mask(&cx.actor.masks, condition);
    }
    SegmentView {
        editable: editable(cx, &row),
        id: row.id.0,
        owner: Ref::new(row.owner_id, row.owner_name),
        name: row.name,
        description: row.description,
        kind: row.kind,
        condition: row.condition,
        shared: row.shared,
        count: row.count,
        counted_at: row.counted_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// A segment of the caller's unit that they made or that is shared.
fn segment_visible(cx: &Cx, db: &mut Db, id: SegmentId) -> AppResult<SegmentRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let mine = row.unit_id == cx.actor.unit_id && (row.shared || row.owner_id == cx.actor.user_id);
    if mine { Ok(row) } else { Err(AppError::NotFound) }
}

fn segment_changeable(cx: &Cx, db: &mut Db, id: SegmentId) -> AppResult<SegmentRow> {
    let row = segment_visible(cx, db, id)?;
    if editable(cx, &row) { Ok(row) } else { Err(AppError::Forbidden("engage:segment:write".into())) }
}

fn input_check(cx: &Cx, db: &mut Db, input: &SegmentInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    checks.optional_text("/description", input.description.as_deref(), 2_000);
    checks.one_of("/kind", &input.kind, &["dynamic", "static"]);
    if (input.kind == "dynamic") != input.condition.is_some() {
        checks.fail("/condition", if input.kind == "dynamic" { "required" } else { "must_be_empty" });
    }
    checks.done()?;
    if let Some(condition) = &input.condition {
        condition_check(cx, &customer_catalogue(cx, db, Root::Party)?, condition)?;
    }
    Ok(())
}

pub fn segment_list(cx: &Cx) -> AppResult<Page<SegmentView>> {
    cx.require("engage:segment:read")?;
    let rows = cx.read(|db| Ok(row_list(db, cx.actor.unit_id, cx.actor.user_id)?))?;
    Ok(Page::whole(rows.into_iter().map(|row| to_view(cx, row)).collect()))
}

pub fn segment_get(cx: &Cx, id: SegmentId) -> AppResult<SegmentView> {
    cx.require("engage:segment:read")?;
    cx.read(|db| segment_visible(cx, db, id)).map(|row| to_view(cx, row))
}

pub fn segment_create(cx: &Cx, input: SegmentInput) -> AppResult<SegmentView> {
    cx.require("engage:segment:write")?;
    cx.read(|db| input_check(cx, db, &input))?;
    let within = cx.clone();
    cx.create(move |tx| Ok(to_view(&within, segment_make(&within, tx, &input)?)))
}

/// Makes a segment of the caller's, already checked.
pub fn segment_make(cx: &Cx, tx: &mut Db, input: &SegmentInput) -> AppResult<SegmentRow> {
    let row = SegmentRow {
        id: SegmentId::fresh(),
        unit_id: cx.actor.unit_id,
        owner_id: cx.actor.user_id,
        owner_name: cx.actor.name.clone(),
        name: input.name.trim().into(),
        description: input.description.clone(),
        kind: input.kind.clone(),
        condition: input.condition.as_ref().map(serde_json::to_value).transpose().map_err(AppError::internal)?,
        shared: input.shared,
        count: None,
        counted_at: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    segment_insert(tx, row.clone())?;
    Event::new(cx, "segment", row.id, "created").stands(row.unit_id, Some(row.owner_id)).after(input).record(tx)?;
    Ok(row)
}

pub fn segment_update(cx: &Cx, id: SegmentId, version: i64, patch: &Value) -> AppResult<SegmentView> {
    cx.require("engage:segment:write")?;
    let mut row = cx.read(|db| segment_changeable(cx, db, id))?;
    if row.version != version {
        return Err(AppError::Stale { current: row.version });
    }
    let before = SegmentInput {
        name: row.name.clone(),
        description: row.description.clone(),
        kind: row.kind.clone(),
        condition: row.condition.clone().map(serde_json::from_value).transpose().map_err(AppError::internal)?,
        shared: row.shared,
    };
    let input: SegmentInput = segment_patched(&before, patch)?;
    cx.read(|db| input_check(cx, db, &input))?;
    if input.kind != before.kind {
        return Err(AppError::invalid("/kind", "unchangeable"));
    }
    row.name = input.name.trim().into();
    row.description = input.description.clone();
    row.condition = input.condition.as_ref().map(serde_json::to_value).transpose().map_err(AppError::internal)?;
    if input.condition != before.condition {
        (row.count, row.counted_at) = (None, None);
    }
    row.shared = input.shared;
    row.updated_at = cx.now;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = row_get(tx, id)?.ok_or(AppError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "segment", id, "updated").stands(row.unit_id, Some(row.owner_id));
        event.difference(&before, &input).record(tx)?;
        Ok(to_view(&within, row_get(tx, id)?.ok_or(AppError::NotFound)?))
    })
}

/// A condition is replaced whole: merging two trees member by member would make a third nobody wrote.
fn segment_patched(before: &SegmentInput, patch: &Value) -> AppResult<SegmentInput> {
    let mut base = before.clone();
    if patch.get("condition").is_some() {
        base.condition = None;
    }
    crate::patch::patched(&base, patch)
}

pub fn segment_delete(cx: &Cx, id: SegmentId, version: i64) -> AppResult<()> {
    cx.require("engage:segment:write")?;
    let row = cx.read(|db| segment_changeable(cx, db, id))?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = row_get(tx, id)?.ok_or(AppError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "segment", id, "deleted").stands(row.unit_id, Some(row.owner_id));
        event.before(&to_view(&within, row.clone())).record(tx)
    })
}

/// The condition that its members meet now.
pub fn segment_condition(cx: &Cx, db: &mut Db, id: SegmentId) -> AppResult<Condition> {
    let row = segment_visible(cx, db, id)?;
    match row.condition {
        Some(condition) => serde_json::from_value(condition).map_err(AppError::internal),
        None => Ok(Condition::leaf("segments", "any_of", Value::from(vec![id.0.to_string()]))),
    }
}

/// How many customers in the caller's sight meet the condition.
pub fn condition_count(cx: &Cx, input: CountInput) -> AppResult<CountView> {
    cx.require("engage:segment:read")?;
    Ok(CountView { count: cx.read(|db| count(cx, db, &input.condition))? })
}

fn count(cx: &Cx, db: &mut Db, condition: &Condition) -> AppResult<i64> {
    let root = customer_root(Some(condition), None);
    let catalogue = customer_catalogue(cx, db, root)?;
    let test = condition_check(cx, &catalogue, condition)?;
    let base = customer_scope(cx, Action::Read, root);
    let listing = Listing { from: root.from(), id: root.id(), base: &base, catalogue: &catalogue, test: Some(&test) };
    Ok(list_count(db, &listing, None)?)
}

/// Counts a segment anew and keeps the count.
pub fn segment_count(cx: &Cx, id: SegmentId) -> AppResult<CountView> {
    cx.require("engage:segment:read")?;
    let counted = cx.read(|db| {
        let condition = segment_condition(cx, db, id)?;
        count(cx, db, &condition)
    })?;
    let now = cx.now;
    cx.change(move |tx| Ok(segment_counted(tx, id, counted, now)?))?;
    Ok(CountView { count: counted })
}

/// A page of the members, as the customers list shows them.
pub fn member_list(cx: &Cx, id: SegmentId, request: ListRequest) -> AppResult<Page<CustomerView>> {
    cx.require("engage:segment:read")?;
    let condition = cx.read(|db| segment_condition(cx, db, id))?;
    let filter = match request.filter {
        Some(filter) => Condition::all(vec![condition, filter]),
        None => condition,
    };
    customer_list(cx, ListRequest { filter: Some(filter), ..request })
}

/// Adds customers to a static segment.
pub fn member_create(cx: &Cx, id: SegmentId, input: MembersInput) -> AppResult<MembersView> {
    members_change(cx, id, input, true)
}

/// Takes customers out of a static segment.
pub fn member_delete(cx: &Cx, id: SegmentId, input: MembersInput) -> AppResult<MembersView> {
    members_change(cx, id, input, false)
}

fn too_many(pointer: &str) -> AppError {
    AppError::Validation(vec![regulars_domain::error::FieldError::new(pointer, "too_many").with(MAX_IDS)])
}

fn members_change(cx: &Cx, id: SegmentId, input: MembersInput, adds: bool) -> AppResult<MembersView> {
    cx.require("engage:segment:write")?;
    if input.ids.len() > MAX_IDS {
        return Err(too_many("/ids"));
    }
    if input.ids.is_empty() == (input.filter.is_none() && input.q.is_none()) {
        return Err(AppError::invalid("/ids", "ids_or_filter"));
    }
    let row = cx.read(|db| segment_changeable(cx, db, id))?;
    if row.kind != "static" {
        return Err(AppError::Conflict("wrong_state"));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let catalogue = customer_catalogue(&within, tx, Root::Party)?;
        let test = input.filter.as_ref().map(|filter| condition_check(&within, &catalogue, filter)).transpose()?;
        let mut base = customer_base(&within, tx, input.q.as_deref(), Root::Party);
        let mut ids: Vec<PartyId> = input.ids.iter().copied().map(PartyId).collect();
        if let Some(q) = input.q.as_deref() {
            let source = Source { from: CUSTOMER_FROM, id: CUSTOMER_ID, catalogue: &catalogue, default_sort: "id" };
            let found = walk_ids(tx, &source, &base, test.as_ref(), None, MAX_IDS + 1)?;
            if found.len() > MAX_IDS {
                return Err(too_many("/q"));
            }
            ids = customers_meant(&within, tx, Some(q), found.into_iter().map(PartyId).collect())?;
        }
        if !input.ids.is_empty() || input.q.is_some() {
            base.push(" AND ").append(among(CUSTOMER_ID, &ids));
        }
        let listing =
            Listing { from: CUSTOMER_FROM, id: CUSTOMER_ID, base: &base, catalogue: &catalogue, test: test.as_ref() };
        let changed = if adds { member_add(tx, id, &listing, within.now)? } else { member_remove(tx, id, &listing)? };
        let action = if adds { "members_added" } else { "members_removed" };
        let view = MembersView { changed: i64::try_from(changed).unwrap_or(i64::MAX) };
        let event = Event::new(&within, "segment", id, action).stands(row.unit_id, Some(row.owner_id));
        event.after(&view).record(tx)?;
        Ok(view)
    })
}
