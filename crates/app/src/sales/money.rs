//! Money and goods that move on an order: payments, refunds, returns.

use chrono::{Days, NaiveDate};
use regulars_domain::error::Checks;
use regulars_domain::ids::{BillId, OrderId, PaymentId, ReturnId};
use regulars_domain::sales::{LineStand, OrderStatus};
use regulars_persistence::Db;
use regulars_persistence::sales::order::{
    OrderRow, PaymentRow, ReturnRow, lines_of, payment_insert, return_insert, returns_of,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bill::Books;
use super::delivery::follow;
use super::goods::Goods;
use super::order::{StatusInput, one, returned_by_line, standing, status_of, store};
use super::view::OrderView;
use crate::event::Event;
use crate::money::{Money, quantity_read};
use crate::{AppError, AppResult, Cx};

/// Money received, or given back when the amount is less than zero.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentInput {
    pub amount: Money,
    /// Today when absent.
    #[schema(example = "2026-01-31")]
    pub on: Option<NaiveDate>,
    #[schema(example = "wechat")]
    pub method: Option<String>,
    /// The bill it is for, which takes no more than is owed on it. Money that names none settles what is due first.
    pub bill_id: Option<Uuid>,
}

/// Goods that came back, or an allowance on the order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnInput {
    #[schema(example = 1)]
    pub line_id: Option<i32>,
    #[schema(example = "1")]
    pub quantity: Option<String>,
    /// The quantity's part of the line when absent.
    pub amount: Option<Money>,
    /// Today when absent.
    #[schema(example = "2026-01-31")]
    pub on: Option<NaiveDate>,
    #[schema(example = "尺寸不合")]
    pub reason: Option<String>,
}

/// The day something moved on an order, today when absent.
pub(super) fn day(cx: &Cx, on: Option<NaiveDate>, row: &OrderRow, checks: &mut Checks) -> AppResult<NaiveDate> {
    let today = cx.today()?;
    let on = on.unwrap_or(today);
    if on > today + Days::new(1) {
        checks.fail("/on", "date_in_future");
    } else if on < row.ordered_on && on != today {
        checks.fail("/on", "date_order");
    }
    Ok(on)
}

/// Takes a payment of at most the balance, or gives back at most what was paid.
pub fn payment_create(cx: &Cx, id: OrderId, input: PaymentInput) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    let payment_id = PaymentId::fresh();
    cx.create(move |tx| {
        let mut row = standing(tx, &within, id)?;
        let mut checks = Checks::default();
        let amount = input.amount.read(&mut checks, "/amount", &row.currency);
        checks.optional_text("/method", input.method.as_deref(), 40);
        let on = day(&within, input.on, &row, &mut checks)?;
        let mut limit = if amount < 0 { row.paid } else { (row.net - row.returned - row.paid).max(0) };
        let bill_id = input.bill_id.map(BillId);
        if let Some(id) = bill_id {
            match Books::read(tx, row.id)?.bill(id) {
                None => checks.fail("/bill_id", "unknown_reference"),
                Some(bill) if amount < 0 => limit = limit.min(bill.paid),
                Some(bill) => limit = limit.min((bill.amount - bill.credited - bill.paid).max(0)),
            }
        }
        if amount == 0 || amount.abs() > limit {
            checks.fail_with("/amount", "amount_at_most", Money::of(limit, &row.currency).amount);
        }
        checks.done()?;
        let status = status_of(&row)?;
        if !status.is_sale() {
            return Err(AppError::Conflict("wrong_state"));
        }
        row.paid += amount;
        payment_insert(
            tx,
            PaymentRow {
                id: payment_id,
                order_id: id,
                on_date: on,
                amount,
                method: input.method.clone(),
                bill_id,
                created_at: within.now,
            },
        )?;
        Books::read(tx, id)?.settle(tx)?;
        let action = if amount < 0 { "refunded" } else { "paid" };
        moved(tx, &within, row, status, action, &input)
    })
}

/// Takes goods back: never more of a line, nor of the order, than is still out.
pub fn return_create(cx: &Cx, id: OrderId, input: ReturnInput) -> AppResult<OrderView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    let return_id = ReturnId::fresh();
    cx.create(move |tx| {
        let mut row = standing(tx, &within, id)?;
        let mut checks = Checks::default();
        let on = day(&within, input.on, &row, &mut checks)?;
        checks.optional_text("/reason", input.reason.as_deref(), 500);
        let (quantity, amount) = return_measure(tx, &row, &input, &mut checks)?;
        checks.done()?;
        let status = status_of(&row)?;
        if !status.is_sale() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let lines = lines_of(tx, &[id])?;
        let line = lines.iter().find(|line| Some(line.position) == input.line_id);
        let unsent = match (line, quantity) {
            (Some(line), Some(quantity)) => Goods::read(tx, id)?.line(status, line).unsent_of(quantity),
            _ => 0,
        };
        row.returned += amount;
        return_insert(
            tx,
            ReturnRow {
                id: return_id,
                order_id: id,
                line_position: input.line_id,
                on_date: on,
                quantity,
                amount,
                reason: input.reason.clone(),
                unsent,
                created_at: within.now,
            },
        )?;
        Books::read(tx, id)?.credit(tx, &row, input.line_id)?;
        follow(tx, &mut row, &lines)?;
        moved(tx, &within, row, status, "returned", &input)
    })
}

/// Quantity and amount of a return, checked against what is still out.
fn return_measure(
    tx: &mut Db,
    row: &OrderRow,
    input: &ReturnInput,
    checks: &mut Checks,
) -> AppResult<(Option<i64>, i64)> {
    let given = input.amount.as_ref().map(|money| money.read_positive(checks, "/amount", &row.currency));
    let quantity = input.quantity.as_deref().map(|text| quantity_read(checks, "/quantity", text));
    let mut most = row.net - row.returned;
    let mut fair = None;
    if let Some(line_id) = input.line_id {
        let lines = lines_of(tx, &[row.id])?;
        let Some(line) = lines.iter().find(|line| line.position == line_id) else {
            checks.fail("/line_id", "unknown_reference");
            return Ok((None, 0));
        };
        let back = returned_by_line(&returns_of(tx, &[row.id])?).get(&line_id).copied().unwrap_or_default();
        let stand = LineStand {
            quantity: line.quantity,
            amount: line.amount,
            returned_quantity: back.0,
            returned_amount: back.1,
        };
        most = most.min(line.amount - back.1);
        if let Some(quantity) = quantity {
            fair = stand.return_amount(quantity).map(|amount| amount.min(most));
            if fair.is_none() {
                let left = crate::money::quantity_text(line.quantity - back.0);
                checks.fail_with("/quantity", "amount_at_most", left);
            }
        }
    } else if quantity.is_some() {
        checks.fail("/line_id", "required");
    }
    let Some(amount) = given.or(fair) else {
        checks.fail(if input.line_id.is_some() { "/quantity" } else { "/amount" }, "required");
        return Ok((quantity, 0));
    };
    if amount > most || (amount == 0 && quantity.is_none()) {
        checks.fail_with("/amount", "amount_at_most", Money::of(most, &row.currency).amount);
    }
    Ok((quantity, amount))
}

/// Stores the order after money or goods moved and tells the customer's timeline; where the order stands is told when it
/// stands elsewhere than it did.
pub(super) fn moved(
    tx: &mut Db,
    cx: &Cx,
    mut row: OrderRow,
    was: OrderStatus,
    action: &str,
    input: &impl Serialize,
) -> AppResult<OrderView> {
    let customer = row.party_id;
    store(tx, cx, &mut row, &[customer])?;
    let mut event = Event::new(cx, "order", row.id, action).party(row.party_id).stands(row.unit_id, row.owner_id);
    let mut told = serde_json::to_value(input).map_err(AppError::internal)?;
    if row.status != was.key() {
        told["status"] = row.status.as_str().into();
        event = event.before(&StatusInput { status: was.key().into() });
    }
    event.after(&told).record(tx)?;
    one(cx, tx, row)
}
