//! Deliveries of orders: goods go out in parts or at once, and the order follows.

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::{OrderDeliveryId, OrderId};
use regulars_domain::sales::OrderStatus;
use regulars_persistence::Db;
use regulars_persistence::sales::delivery::{
    DeliveryLineRow, DeliveryRow, delivery_cancel as row_cancel, delivery_get, delivery_insert, delivery_lines_of,
    delivery_update,
};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{OrderRow, lines_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::goods::Goods;
use super::money::{day, moved};
use super::order::{one, standing, status_of};
use super::view::OrderView;
use crate::event::Event;
use crate::money::{quantity_read, quantity_text};
use crate::{AppError, AppResult, Cx};

/// Goods that go out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryInput {
    /// Today when absent.
    #[schema(example = "2026-01-31")]
    pub on: Option<NaiveDate>,
    #[schema(example = "SF Express")]
    pub carrier: Option<String>,
    #[schema(example = "SF1234567890")]
    pub tracking: Option<String>,
    pub note: Option<String>,
    /// Everything that is still to go when absent.
    pub lines: Option<Vec<DeliveryLine>>,
}

/// So much of a line of the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryLine {
    #[schema(example = 1)]
    pub line_id: i32,
    #[schema(example = "2")]
    pub quantity: String,
}

/// When and by whom goods went out, put right; what is absent is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryCorrection {
    #[schema(example = "2026-01-31")]
    pub on: NaiveDate,
    #[schema(example = "SF Express")]
    pub carrier: Option<String>,
    #[schema(example = "SF1234567890")]
    pub tracking: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrderDeliveryView {
    pub id: Uuid,
    pub on: NaiveDate,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub note: Option<String>,
    /// It stays on file and counts for nothing.
    pub cancelled: bool,
    pub lines: Vec<DeliveryLine>,
}

/// Deliveries as they are shown.
pub(super) fn deliveries_shown(deliveries: Vec<DeliveryRow>, parts: &[DeliveryLineRow]) -> Vec<OrderDeliveryView> {
    let view = |row: DeliveryRow| OrderDeliveryView {
        id: row.id.0,
        on: row.on_date,
        carrier: row.carrier,
        tracking: row.tracking,
        note: row.note,
        cancelled: row.cancelled_at.is_some(),
        lines: parts.iter().filter(|part| part.delivery_id == row.id).map(line_shown).collect(),
    };
    deliveries.into_iter().map(view).collect()
}

fn line_shown(part: &DeliveryLineRow) -> DeliveryLine {
    DeliveryLine { line_id: part.position, quantity: quantity_text(part.quantity) }
}

/// What people write of a delivery besides its goods.
fn words_check(carrier: Option<&str>, tracking: Option<&str>, note: Option<&str>, checks: &mut Checks) {
    checks.optional_text("/carrier", carrier, 100);
    checks.optional_text("/tracking", tracking, 100);
    checks.optional_text("/note", note, 2_000);
}

/// Sends goods out: never more of a line than is still to go.
pub fn delivery_create(cx: &Cx, id: OrderId, input: DeliveryInput) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    let new = OrderDeliveryId::fresh();
    cx.create(move |tx| {
        let mut row = standing(tx, &within, id)?;
        let status = status_of(&row)?;
        let lines = lines_of(tx, &[id])?;
        let goods = Goods::read(tx, id)?;
        let mut checks = Checks::default();
        let on = day(&within, input.on, &row, &mut checks)?;
        words_check(input.carrier.as_deref(), input.tracking.as_deref(), input.note.as_deref(), &mut checks);
        let parts = match &input.lines {
            Some(asked) => parts_read(&goods, status, &lines, asked, &mut checks),
            None => parts_open(&goods, status, &lines),
        };
        if status != OrderStatus::Confirmed {
            return Err(AppError::Conflict("wrong_state"));
        }
        if parts.is_empty() {
            checks.fail("/lines", "required");
        }
        checks.done()?;
        let told = told(on, (&input.carrier, &input.tracking, &input.note), &lines, &parts);
        let part = |(position, quantity)| DeliveryLineRow { delivery_id: new, position, quantity };
        let delivery = DeliveryRow {
            id: new,
            order_id: id,
            on_date: on,
            carrier: input.carrier.clone(),
            tracking: input.tracking.clone(),
            note: input.note.clone(),
            cancelled_at: None,
            created_by: Some(within.actor.user_id),
            created_at: within.now,
        };
        delivery_insert(tx, delivery, parts.into_iter().map(part).collect())?;
        follow(tx, &mut row, &lines)?;
        moved(tx, &within, row, status, "delivered", &told)
    })
}

/// A delivery as the log tells it: the goods by name.
fn told(
    on: NaiveDate,
    (carrier, tracking, note): (&Option<String>, &Option<String>, &Option<String>),
    lines: &[LineRow],
    parts: &[(i32, i64)],
) -> Value {
    let name = |position: i32| lines.iter().find(|line| line.position == position).map(|line| line.name.as_str());
    let line = |(position, quantity): &(i32, i64)| json!({"line_id": position, "name": name(*position), "quantity": quantity_text(*quantity)});
    let lines: Vec<Value> = parts.iter().map(line).collect();
    json!({"on": on, "carrier": carrier, "tracking": tracking, "note": note, "lines": lines})
}

/// Lets the order stand where the goods that moved put it.
pub(super) fn follow(tx: &mut Db, row: &mut OrderRow, lines: &[LineRow]) -> AppResult<()> {
    let status = status_of(row)?;
    row.status = Goods::read(tx, row.id)?.status_after(status, lines).key().into();
    Ok(())
}

/// All that is still to go.
fn parts_open(goods: &Goods, status: OrderStatus, lines: &[LineRow]) -> Vec<(i32, i64)> {
    let open = lines.iter().map(|line| (line.position, goods.line(status, line).open()));
    open.filter(|(_, open)| *open > 0).collect()
}

/// The parts that somebody names, each checked.
fn parts_read(
    goods: &Goods,
    status: OrderStatus,
    lines: &[LineRow],
    asked: &[DeliveryLine],
    checks: &mut Checks,
) -> Vec<(i32, i64)> {
    let mut parts: Vec<(i32, i64)> = Vec::with_capacity(asked.len());
    for (index, one) in asked.iter().enumerate() {
        let at = format!("/lines/{index}");
        let quantity = quantity_read(checks, &format!("{at}/quantity"), &one.quantity);
        let Some(line) = lines.iter().find(|line| line.position == one.line_id) else {
            checks.fail(format!("{at}/line_id"), "unknown_reference");
            continue;
        };
        let out = goods.line(status, line);
        if parts.iter().any(|(position, _)| *position == one.line_id) {
            checks.fail(format!("{at}/line_id"), "duplicate");
        } else if quantity > 0 && !out.may_deliver(quantity) {
            checks.fail_with(format!("{at}/quantity"), "amount_at_most", quantity_text(out.open()));
        }
        parts.push((one.line_id, quantity));
    }
    parts
}

/// The order of a delivery, within the caller's reach for writing.
fn order_of(tx: &mut Db, cx: &Cx, id: OrderDeliveryId) -> AppResult<(DeliveryRow, OrderRow)> {
    let delivery = delivery_get(tx, id)?.ok_or(AppError::NotFound)?;
    let row = standing(tx, cx, delivery.order_id)?;
    Ok((delivery, row))
}

/// Puts right when and by whom goods went out. Other goods are another delivery.
pub fn delivery_correct(cx: &Cx, id: OrderDeliveryId, input: DeliveryCorrection) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    cx.create(move |tx| {
        let (mut delivery, mut row) = order_of(tx, &within, id)?;
        if delivery.cancelled_at.is_some() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let mut checks = Checks::default();
        if input.on != delivery.on_date {
            day(&within, Some(input.on), &row, &mut checks)?;
        }
        words_check(input.carrier.as_deref(), input.tracking.as_deref(), input.note.as_deref(), &mut checks);
        checks.done()?;
        let before = DeliveryCorrection {
            on: delivery.on_date,
            carrier: delivery.carrier.clone(),
            tracking: delivery.tracking.clone(),
            note: delivery.note.clone(),
        };
        if before == input {
            return one(&within, tx, row);
        }
        delivery.on_date = input.on;
        (delivery.carrier, delivery.tracking, delivery.note) =
            (input.carrier.clone(), input.tracking.clone(), input.note.clone());
        delivery_update(tx, delivery)?;
        let customer = row.party_id;
        super::order::store(tx, &within, &mut row, &[customer])?;
        Event::new(&within, "order", row.id, "delivery_corrected")
            .party(row.party_id)
            .stands(row.unit_id, row.owner_id)
            .difference(&before, &input)
            .record(tx)?;
        one(&within, tx, row)
    })
}

/// Takes back a delivery that did not happen; what came back of it must have been out. Asked again, it changes nothing.
pub fn delivery_cancel(cx: &Cx, id: OrderDeliveryId) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    cx.create(move |tx| {
        let (delivery, mut row) = order_of(tx, &within, id)?;
        if delivery.cancelled_at.is_some() {
            return one(&within, tx, row);
        }
        let status = status_of(&row)?;
        if !matches!(status, OrderStatus::Confirmed | OrderStatus::Delivered) {
            return Err(AppError::Conflict("wrong_state"));
        }
        let lines = lines_of(tx, &[row.id])?;
        let goods = Goods::read(tx, row.id)?;
        let parts = delivery_lines_of(tx, &[row.id])?;
        let parts: Vec<DeliveryLineRow> = parts.into_iter().filter(|part| part.delivery_id == id).collect();
        for part in &parts {
            let line = lines.iter().find(|line| line.position == part.position);
            if line.is_some_and(|line| !goods.line(status, line).may_take_back(part.quantity)) {
                return Err(AppError::Conflict("delivery_returned"));
            }
        }
        row_cancel(tx, id, within.now)?;
        let parts: Vec<(i32, i64)> = parts.iter().map(|part| (part.position, part.quantity)).collect();
        let words = (&delivery.carrier, &delivery.tracking, &delivery.note);
        let told = told(delivery.on_date, words, &lines, &parts);
        let kept = Goods::read(tx, row.id)?;
        row.status = kept.status_of_goods(status, &lines).key().into();
        moved(tx, &within, row, status, "delivery_cancelled", &told)
    })
}
