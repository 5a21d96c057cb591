//! Orders: found, entered, changed, moved along, taken away.

use std::collections::HashMap;

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{OrderId, PartyId, UnitId};
use regulars_domain::sales::{OrderStatus, RATE_ONE};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::customers::custom::{custom_definitions, custom_values_release, custom_values_set};
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::list::{ORDER_FROM, order_base, order_catalogue};
use regulars_persistence::sales::order::{
    OrderRow, ReturnRow, lines_delete, lines_insert, lines_of, order_get as row_get, order_update as row_update,
    orders_get, orders_insert, orders_of_party, returns_of, returns_unsent,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::bill::billed;
use super::fill::{Filled, fill, returns_stand};
use super::goods::Goods;
use super::view::{OrderInput, OrderView, order_views, to_input};
use crate::access::settings::Company;
use crate::custom::custom_shown;
use crate::customers::code::CodeScope;
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

pub fn order_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<OrderView>> {
    cx.require("sales:order:read")?;
    let base = order_base(
        &cx.visible(Resource::Order, Action::Read),
        &cx.visible(Resource::Customer, Action::Read),
        request.q.as_deref(),
    );
    let today = cx.today()?;
    cx.read(|db| {
        let catalogue = order_catalogue(&custom_definitions(db, "order")?, today);
        let source = Source { from: ORDER_FROM, id: "o.id", catalogue: &catalogue, default_sort: "-ordered_on" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<OrderId> = page.items.iter().map(|id| OrderId(*id)).collect();
        let mut rows: HashMap<OrderId, OrderRow> = orders_get(db, &ids)?.into_iter().map(|row| (row.id, row)).collect();
        let rows = ids.iter().filter_map(|id| rows.remove(id)).collect();
        let items = order_views(cx, db, rows)?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn order_get(cx: &Cx, id: OrderId) -> AppResult<OrderView> {
    cx.require("sales:order:read")?;
    cx.read(|db| {
        let row = row_get(db, id, &cx.visible(Resource::Order, Action::Read))?.ok_or(AppError::NotFound)?;
        one(cx, db, row)
    })
}

/// The latest orders of a customer that the caller may see, for the card. Empty without the permission.
pub fn orders_recent(cx: &Cx, db: &mut Db, party: PartyId, limit: i64) -> AppResult<Vec<OrderView>> {
    let rows = orders_of_party(db, party, &cx.visible(Resource::Order, Action::Read), limit)?;
    order_views(cx, db, rows)
}

pub(super) fn one(cx: &Cx, db: &mut Db, row: OrderRow) -> AppResult<OrderView> {
    order_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Where codes of a unit's orders come from.
pub fn order_codes(cx: &Cx, db: &mut Db, unit: UnitId) -> AppResult<CodeScope> {
    let unit_code = unit_get(db, unit)?.map(|unit| unit.code).unwrap_or_default();
    CodeScope::new("order", &cx.company()?.settings.order_code_pattern, unit, &unit_code)
}

/// Codes tried before giving up: more than the nodes hold in blocks when somebody takes their numbers by hand.
pub(super) const CODE_TRIES: usize = 200;

pub fn order_create(cx: &Cx, input: OrderInput) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    if let Some(code) = input.code.clone() {
        let mut checks = Checks::default();
        checks.text("/code", &code, 40);
        checks.done()?;
        return insert(cx, input, code.trim().to_string());
    }
    let codes = cx.read(|db| {
        let place = party_place(db, PartyId(input.customer_id), &cx.visible(Resource::Customer, Action::Read))?;
        let place = place.ok_or_else(|| AppError::invalid("/customer_id", "unknown_reference"))?;
        order_codes(cx, db, place.unit_id)
    })?;
    for _ in 1..CODE_TRIES {
        match insert(cx, input.clone(), codes.next(&cx.app)?) {
            Err(AppError::Conflict("code_taken")) => {}
            outcome => return outcome,
        }
    }
    Err(AppError::Conflict("code_taken"))
}

fn insert(cx: &Cx, input: OrderInput, code: String) -> AppResult<OrderView> {
    let company = cx.company()?;
    let within = cx.clone();
    let id = OrderId::fresh();
    cx.create(move |tx| {
        let mut row = blank(&within, &company, id);
        row.code = code.clone();
        row.status = input.status.clone().unwrap_or_else(|| OrderStatus::Confirmed.key().into());
        let mut checks = Checks::default();
        checks.one_of("/status", &row.status, OrderStatus::KEYS);
        checks.done()?;
        let Filled { lines, custom } = fill(tx, &within, &company, &mut row, &[], &input)?;
        row.version = 1;
        if input.code.is_some() {
            order_codes(&within, tx, row.unit_id)?.used(tx, [code.as_str()])?;
        }
        orders_insert(tx, vec![row.clone()])?;
        lines_insert(tx, lines.clone())?;
        custom_values_set(tx, AnyId(id.0), &custom)?;
        metric_refresh(tx, &within, &[row.party_id])?;
        Event::new(&within, "order", id, "created")
            .party(row.party_id)
            .stands(row.unit_id, row.owner_id)
            .after(&to_input(&row, &lines, input.custom.clone()))
            .record(tx)?;
        one(&within, tx, row)
    })
}

/// A row with nothing in it; version 0 says that it is new.
pub(super) fn blank(cx: &Cx, company: &Company, id: OrderId) -> OrderRow {
    OrderRow {
        id,
        unit_id: cx.actor.unit_id,
        owner_id: None,
        party_id: PartyId(uuid::Uuid::nil()),
        code: String::new(),
        status: String::new(),
        ordered_on: company.business_date(cx.now),
        ordered_at: cx.now,
        channel: None,
        currency: company.currency.clone(),
        gross: 0,
        discount: 0,
        net: 0,
        net_base: 0,
        exchange_rate: RATE_ONE,
        cost: None,
        returned: 0,
        paid: 0,
        note: None,
        quote_id: None,
        opportunity_id: None,
        import_id: None,
        version: 0,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
        deleted_at: None,
    }
}

/// The order that a change starts from: within the caller's reach for writing.
pub(super) fn standing(tx: &mut Db, cx: &Cx, id: OrderId) -> AppResult<OrderRow> {
    row_get(tx, id, &cx.visible(Resource::Order, Action::Write))?.ok_or(AppError::NotFound)
}

fn standing_at(tx: &mut Db, cx: &Cx, id: OrderId, version: i64) -> AppResult<OrderRow> {
    let row = standing(tx, cx, id)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

/// Stores a changed order and what its customer's counters become of it.
pub(super) fn store(tx: &mut Db, cx: &Cx, row: &mut OrderRow, customers: &[PartyId]) -> AppResult<()> {
    row.updated_at = cx.now;
    if !row_update(tx, row.clone())? {
        return Err(AppError::Serialization);
    }
    row.version += 1;
    metric_refresh(tx, cx, customers)
}

pub(super) fn status_of(row: &OrderRow) -> AppResult<OrderStatus> {
    OrderStatus::parse(&row.status).ok_or_else(|| AppError::Internal(format!("order status {}", row.status)))
}

/// Moves the order along, if that is a way it may go and its deliveries agree.
fn move_to(tx: &mut Db, row: &mut OrderRow, lines: &[LineRow], status: &str) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.one_of("/status", status, OrderStatus::KEYS);
    checks.done()?;
    let to = OrderStatus::parse(status).ok_or(AppError::Conflict("wrong_state"))?;
    let from = status_of(row)?;
    if to == from {
        return Ok(());
    }
    if !from.next().contains(&to) {
        return Err(AppError::Conflict("wrong_state"));
    }
    if !to.is_sale() && (row.paid != 0 || row.returned != 0) {
        return Err(AppError::Conflict("order_paid"));
    }
    let goods = Goods::read(tx, row.id)?;
    if !goods.may_stand(to, lines) {
        return Err(AppError::Conflict("order_delivered"));
    }
    if !to.is_sale() && billed(tx, row.id)? != 0 {
        return Err(AppError::Conflict("order_billed"));
    }
    if to == OrderStatus::Confirmed && !goods.kept {
        returns_unsent(tx, row.id)?;
    }
    row.status = to.key().into();
    Ok(())
}

/// Quantity and amount that came back of each line.
pub(super) fn returned_by_line(returns: &[ReturnRow]) -> HashMap<i32, (i64, i64)> {
    let mut out: HashMap<i32, (i64, i64)> = HashMap::new();
    for back in returns {
        if let Some(position) = back.line_position {
            let sums = out.entry(position).or_default();
            sums.0 += back.quantity.unwrap_or(0);
            sums.1 += back.amount;
        }
    }
    out
}

/// Whether anything but owner, channel, note, status and custom values differs.
fn content_differs(before: &OrderInput, after: &OrderInput) -> bool {
    let content = |input: &OrderInput| OrderInput {
        owner_id: None,
        channel: None,
        note: None,
        status: None,
        custom: Map::new(),
        ..input.clone()
    };
    content(before) != content(after)
}

/// What is billed is in the order's currency and at most what the order comes to.
fn bills_stand(tx: &mut Db, row: &OrderRow, before: &OrderInput) -> AppResult<()> {
    let billed = billed(tx, row.id)?;
    if billed != 0 && before.currency.as_ref() != Some(&row.currency) {
        return Err(AppError::Conflict("order_billed"));
    }
    if billed > row.net - row.returned {
        return Err(AppError::invalid("/lines", "line_billed"));
    }
    Ok(())
}

pub fn order_update(cx: &Cx, id: OrderId, version: i64, patch: &Value) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let company = cx.company()?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = standing_at(tx, &within, id, version)?;
        let (unit, owner, customer) = (row.unit_id, row.owner_id, row.party_id);
        let lines = lines_of(tx, &[id])?;
        let custom = custom_shown(tx, &within, "order", [id.0])?.remove(&id.0).unwrap_or_default();
        let before = to_input(&row, &lines, custom);
        let input: OrderInput = crate::patch::patched(&before, &patch)?;
        if crate::patch::same(&before, &input)? {
            return one(&within, tx, row);
        }
        if content_differs(&before, &input) && !status_of(&row)?.is_open() {
            return Err(AppError::Conflict("wrong_state"));
        }
        if let Some(status) = &input.status {
            move_to(tx, &mut row, &lines, status)?;
        }
        let mut checks = Checks::default();
        let code = input.code.as_deref().unwrap_or("").trim();
        checks.text("/code", code, 40);
        checks.done()?;
        row.code = code.into();
        let Filled { lines: new_lines, custom } = fill(tx, &within, &company, &mut row, &lines, &input)?;
        returns_stand(&new_lines, &returned_by_line(&returns_of(tx, &[id])?), &row)?;
        let goods = Goods::read(tx, id)?;
        goods.stand(&new_lines)?;
        bills_stand(tx, &row, &before)?;
        row.status = goods.status_after(status_of(&row)?, &new_lines).key().into();
        if new_lines != lines {
            lines_delete(tx, id)?;
            lines_insert(tx, new_lines.clone())?;
        }
        custom_values_set(tx, AnyId(id.0), &custom)?;
        let customers = [customer, row.party_id];
        store(tx, &within, &mut row, &customers)?;
        let mut event =
            Event::new(&within, "order", id, "updated").party(row.party_id).stands(row.unit_id, row.owner_id);
        if (unit, owner) != (row.unit_id, row.owner_id) {
            event = event.stood(unit, owner);
        }
        event.difference(&before, &to_input(&row, &new_lines, input.custom.clone())).record(tx)?;
        one(&within, tx, row)
    })
}

/// Where to move an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusInput {
    #[schema(value_type = crate::shape::OrderStatus)]
    pub status: String,
}

pub fn order_move(cx: &Cx, id: OrderId, input: StatusInput) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    cx.create(move |tx| {
        let mut row = standing(tx, &within, id)?;
        let before = row.status.clone();
        let lines = lines_of(tx, &[id])?;
        move_to(tx, &mut row, &lines, &input.status)?;
        if row.status != before {
            if lines.is_empty() && status_of(&row)?.is_sale() {
                return Err(AppError::invalid("/lines", "required"));
            }
            let customer = row.party_id;
            store(tx, &within, &mut row, &[customer])?;
            Event::new(&within, "order", id, "status_changed")
                .party(row.party_id)
                .stands(row.unit_id, row.owner_id)
                .before(&StatusInput { status: before })
                .after(&input)
                .record(tx)?;
        }
        one(&within, tx, row)
    })
}

/// Takes an order away that no money or goods have moved on.
pub fn order_delete(cx: &Cx, id: OrderId, version: i64) -> AppResult<()> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    cx.change(move |tx| {
        let mut row = standing_at(tx, &within, id, version)?;
        if row.paid != 0 || row.returned != 0 {
            return Err(AppError::Conflict("order_paid"));
        }
        if Goods::read(tx, id)?.kept {
            return Err(AppError::Conflict("order_delivered"));
        }
        if billed(tx, id)? != 0 {
            return Err(AppError::Conflict("order_billed"));
        }
        let lines: Vec<LineRow> = lines_of(tx, &[id])?;
        let before = to_input(&row, &lines, Map::new());
        custom_values_release(tx, AnyId(id.0))?;
        row.deleted_at = Some(within.now);
        let customer = row.party_id;
        store(tx, &within, &mut row, &[customer])?;
        Event::new(&within, "order", id, "deleted")
            .party(row.party_id)
            .stands(row.unit_id, row.owner_id)
            .before(&before)
            .record(tx)
    })
}
