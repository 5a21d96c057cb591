//! Assets: the things a customer owns, each with its serial number, where it was bought and how long it is under warranty.
//! Whoever sees the customer sees them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{AssetId, OrderId, PartyId, ProductId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::catalog::product::product_get;
use regulars_persistence::customers::asset::{
    ASSET_FROM, AssetRecord, AssetRow, asset_base, asset_catalogue, asset_delete as row_delete, asset_insert,
    asset_update as row_update, assets_get, assets_of as rows_of,
};
use regulars_persistence::sales::order::{lines_of, order_get};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
pub const STATUSES: &[&str] = &["in_use", "in_repair", "replaced", "returned", "retired"];

/// A thing a customer owns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetInput {
    /// Stays as it was at the creation.
    pub customer_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub product_id: Option<Uuid>,
    /// The product's when absent; what is owned when it is none of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ThinkPad X1")]
    pub name: Option<String>,
    /// Unique among a unit's things of the same product or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "SN-2026-0001")]
    pub serial: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-01-02")]
    pub bought_on: Option<NaiveDate>,
    /// The shop or the dealer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought_at: Option<String>,
    /// The order it came with; its line fills what is not told here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub order_id: Option<Uuid>,
    /// Place of the line in the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub order_line: Option<i32>,
    /// The last day under warranty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2029-01-01")]
    pub warranty_end: Option<NaiveDate>,
    #[serde(default = "in_use")]
    #[schema(value_type = crate::shape::AssetStatus)]
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn in_use() -> String {
    "in_use".into()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssetView {
    pub id: Uuid,
    pub customer: Ref,
    pub customer_code: Option<String>,
    pub product: Option<Ref>,
    pub product_code: Option<String>,
    #[schema(example = "ThinkPad X1")]
    pub name: String,
    pub serial: Option<String>,
    pub bought_on: Option<NaiveDate>,
    pub bought_at: Option<String>,
    /// The order it came with, named by its code.
    pub order: Option<Ref>,
    pub order_line: Option<i32>,
    pub warranty_end: Option<NaiveDate>,
    /// Whether the warranty holds today.
    pub in_warranty: bool,
    #[schema(value_type = crate::shape::AssetStatus)]
    pub status: String,
    pub note: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(AssetView);

fn to_view(record: AssetRecord, today: NaiveDate) -> AssetView {
    let row = record.own;
    AssetView {
        id: row.id.0,
        customer: Ref::new(row.party_id, record.party_name),
        customer_code: record.party_code,
        product: row.product_id.map(|id| Ref::new(id, row.name.clone())),
        product_code: record.product_code,
        name: row.name,
        serial: row.serial,
        bought_on: row.bought_on,
        bought_at: row.bought_at,
        order: row.order_id.map(|id| Ref::new(id, record.order_code.unwrap_or_default())),
        order_line: row.order_line,
        in_warranty: row.warranty_end.is_some_and(|end| end >= today),
        warranty_end: row.warranty_end,
        status: row.status,
        note: row.note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

pub(crate) fn to_input(row: &AssetRow) -> AssetInput {
    AssetInput {
        customer_id: row.party_id.0,
        product_id: row.product_id.map(|id| id.0),
        name: Some(row.name.clone()),
        serial: row.serial.clone(),
        bought_on: row.bought_on,
        bought_at: row.bought_at.clone(),
        order_id: row.order_id.map(|id| id.0),
        order_line: row.order_line,
        warranty_end: row.warranty_end,
        status: row.status.clone(),
        note: row.note.clone(),
    }
}

/// The page of a list: `q` is a part of a serial, of a name or of the customer's name.
pub fn asset_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<AssetView>> {
    cx.require(READ)?;
    let today = cx.today()?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = asset_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = asset_catalogue(today);
        let source = Source { from: ASSET_FROM, id: "a.id", catalogue: &catalogue, default_sort: "-created_at" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<AssetId> = page.items.iter().map(|id| AssetId(*id)).collect();
        let mut rows: HashMap<Uuid, AssetRecord> =
            assets_get(db, &ids, &reach)?.into_iter().map(|record| (record.own.id.0, record)).collect();
        let items = page.items.iter().filter_map(|id| rows.remove(id)).map(|record| to_view(record, today)).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

/// What a customer the caller is known to see owns.
pub fn assets_of(cx: &Cx, db: &mut Db, party: PartyId, limit: i64) -> AppResult<Vec<AssetView>> {
    let today = cx.today()?;
    Ok(rows_of(db, party, limit)?.into_iter().map(|record| to_view(record, today)).collect())
}

fn found(cx: &Cx, db: &mut Db, id: AssetId, action: Action) -> AppResult<AssetRecord> {
    assets_get(db, &[id], &cx.visible(Resource::Customer, action))?.pop().ok_or(AppError::NotFound)
}

pub fn asset_get(cx: &Cx, id: AssetId) -> AppResult<AssetView> {
    cx.require(READ)?;
    let today = cx.today()?;
    cx.read(|db| Ok(to_view(found(cx, db, id, Action::Read)?, today)))
}

/// Tidies the input, fills it from the order's line and the product, and notes everything wrong with it. Answers the name.
fn check(cx: &Cx, db: &mut Db, input: &mut AssetInput, before: Option<&AssetInput>) -> AppResult<String> {
    let mut checks = Checks::default();
    for (value, pointer, longest) in [
        (&mut input.name, "/name", 200),
        (&mut input.serial, "/serial", 100),
        (&mut input.bought_at, "/bought_at", 200),
        (&mut input.note, "/note", 2_000),
    ] {
        super::input::trim(value);
        checks.optional_text(pointer, value.as_deref(), longest);
    }
    checks.one_of("/status", &input.status, STATUSES);
    line_fill(cx, db, input, before, &mut checks)?;
    let known = before.is_some_and(|before| before.product_id == input.product_id);
    if let Some(id) = input.product_id.filter(|_| !known) {
        match product_get(db, ProductId(id))? {
            Some(product) => {
                input.name.get_or_insert(product.name);
            }
            None => checks.fail("/product_id", "unknown_reference"),
        }
    }
    if input.bought_on.zip(input.warranty_end).is_some_and(|(bought, end)| end < bought) {
        checks.fail("/warranty_end", "date_order");
    }
    let name = input.name.clone().unwrap_or_default();
    if name.is_empty() {
        checks.fail("/name", "required");
    }
    checks.done()?;
    Ok(name)
}

/// What the order's line tells and the input doesn't.
fn line_fill(
    cx: &Cx,
    db: &mut Db,
    input: &mut AssetInput,
    before: Option<&AssetInput>,
    checks: &mut Checks,
) -> AppResult<()> {
    let same = before.is_some_and(|b| (b.order_id, b.order_line) == (input.order_id, input.order_line));
    let Some(id) = input.order_id.filter(|_| !same) else {
        if input.order_id.is_none() {
            input.order_line = None;
        }
        return Ok(());
    };
    let order = order_get(db, OrderId(id), &cx.visible(Resource::Order, Action::Read))?;
    let Some(order) = order.filter(|order| order.party_id.0 == input.customer_id) else {
        checks.fail("/order_id", "unknown_reference");
        return Ok(());
    };
    input.bought_on = input.bought_on.or(Some(order.ordered_on));
    let Some(position) = input.order_line else { return Ok(()) };
    match lines_of(db, &[order.id])?.into_iter().find(|line| line.position == position) {
        Some(line) => {
            input.product_id = input.product_id.or(line.product_id.map(|id| id.0));
            input.name.get_or_insert(line.name);
        }
        None => checks.fail("/order_line", "unknown_reference"),
    }
    Ok(())
}

/// Serials are compared without case and blanks, among things of the same product or, without one, of the same name.
pub(crate) fn serial_key(input: &AssetInput, name: &str) -> Option<String> {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect::<String>();
    let serial = plain(input.serial.as_deref()?);
    let kind = input.product_id.map_or_else(|| plain(name), |id| id.to_string());
    Some(format!("{kind}/{serial}"))
}

pub(crate) fn filled(row: AssetRow, input: &AssetInput, name: String) -> AssetRow {
    let serial_key = serial_key(input, &name);
    let input = input.clone();
    AssetRow {
        product_id: input.product_id.map(ProductId),
        name,
        serial: input.serial,
        serial_key,
        bought_on: input.bought_on,
        bought_at: input.bought_at,
        order_id: input.order_id.map(OrderId),
        order_line: input.order_line,
        warranty_end: input.warranty_end,
        status: input.status,
        note: input.note,
        ..row
    }
}

pub fn asset_create(cx: &Cx, mut input: AssetInput) -> AppResult<AssetView> {
    cx.require(WRITE)?;
    let party = PartyId(input.customer_id);
    let (place, name) = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write).map_err(|error| match error {
            AppError::NotFound => AppError::invalid("/customer_id", "unknown_reference"),
            other => other,
        })?;
        let name = check(cx, db, &mut input, None)?;
        Ok((place, name))
    })?;
    let unit_id: UnitId = place.unit_id;
    let blank = AssetRow {
        id: AssetId::fresh(),
        unit_id,
        party_id: party,
        product_id: None,
        name: String::new(),
        serial: None,
        serial_key: None,
        bought_on: None,
        bought_at: None,
        order_id: None,
        order_line: None,
        warranty_end: None,
        status: String::new(),
        note: None,
        version: 1,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
    };
    let row = filled(blank, &input, name);
    let (within, today) = (cx.clone(), cx.today()?);
    cx.create(move |tx| {
        asset_insert(tx, row.clone())?;
        Event::new(&within, "asset", row.id, "created")
            .party(party)
            .stands(place.unit_id, place.owner_id)
            .after(&to_input(&row))
            .record(tx)?;
        Ok(to_view(found(&within, tx, row.id, Action::Read)?, today))
    })
}

fn to_change(cx: &Cx, id: AssetId, version: i64) -> AppResult<AssetRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(cx, db, id, Action::Write))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn asset_update(cx: &Cx, id: AssetId, version: i64, patch: &Value) -> AppResult<AssetView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: AssetInput = crate::patch::patched(&before, patch)?;
    if input.customer_id != before.customer_id {
        return Err(AppError::invalid("/customer_id", "fixed"));
    }
    let name = cx.read(|db| check(cx, db, &mut input, Some(&before)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(to_view(record, cx.today()?));
    }
    let row = filled(AssetRow { updated_at: cx.now, ..record.own.clone() }, &input, name);
    let (within, today) = (cx.clone(), cx.today()?);
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        Event::new(&within, "asset", id, "updated")
            .party(row.party_id)
            .stands(row.unit_id, record.owner_id)
            .difference(&before, &to_input(&row))
            .record(tx)?;
        Ok(to_view(found(&within, tx, id, Action::Write)?, today))
    })
}

pub fn asset_delete(cx: &Cx, id: AssetId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version, within.now)? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        Event::new(&within, "asset", id, "deleted")
            .party(record.own.party_id)
            .stands(record.own.unit_id, record.owner_id)
            .before(&to_input(&record.own))
            .record(tx)
    })
}
