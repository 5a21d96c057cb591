//! What becomes of an offer: sent, answered, revised, ordered.

use chrono::TimeDelta;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{OrderId, QuoteId};
use regulars_domain::quote::QuoteStatus;
use regulars_domain::sales::OrderStatus;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::custom_values_copy;
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{OrderRow, lines_insert, order_get, orders_insert, orders_of_quotes};
use regulars_persistence::sales::quote::{QuoteRow, quote_insert, quote_lines_insert, quote_lines_of, quote_versions};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::view::QuoteView;
use super::{RESOURCE, WRITE, event, one, standing, status_of, store, stored_status, told};
use crate::custom::custom_shown;
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::sales::line::{Sums, sums};
use crate::sales::order::{self, CODE_TRIES, order_codes};
use crate::sales::view::{OrderView, to_input as order_input};
use crate::{AppError, AppResult, Cx};

/// What becomes of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteStatusInput {
    #[schema(value_type = crate::shape::QuoteStatus)]
    pub status: String,
}

/// Sends it, or notes the customer's answer, or takes the answer back.
pub fn quote_move(cx: &Cx, id: QuoteId, input: QuoteStatusInput) -> AppResult<QuoteView> {
    cx.require(WRITE)?;
    let mut checks = Checks::default();
    checks.one_of("/status", &input.status, QuoteStatus::KEYS);
    checks.done()?;
    let to = QuoteStatus::parse(&input.status).ok_or(AppError::Conflict("wrong_state"))?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut row = standing(tx, cx, id)?;
        if stored_status(&row)? != to {
            move_to(tx, cx, &mut row, to)?;
        }
        one(cx, tx, row)
    })
}

/// Moves the row if that is a way it may go, and stores it.
fn move_to(tx: &mut Db, cx: &Cx, row: &mut QuoteRow, to: QuoteStatus) -> AppResult<()> {
    let from = status_of(cx, row)?;
    if !from.next().contains(&to) || !orders_of_quotes(tx, &[row.id])?.is_empty() {
        return Err(AppError::Conflict("wrong_state"));
    }
    if from == QuoteStatus::Draft {
        if quote_lines_of(tx, &[row.id])?.is_empty() {
            return Err(AppError::invalid("/lines", "required"));
        }
        if row.valid_until < cx.today()? {
            return Err(AppError::invalid("/valid_until", "date_past"));
        }
        replace_earlier(tx, cx, row)?;
    }
    put(tx, cx, row, to)
}

fn put(tx: &mut Db, cx: &Cx, row: &mut QuoteRow, to: QuoteStatus) -> AppResult<()> {
    let before = json!({"status": row.status});
    row.status = to.key().into();
    store(tx, cx, row)?;
    event(cx, row, "status_changed").before(&before).after(&json!({"status": row.status})).record(tx)
}

/// The other living versions of the same offer.
fn siblings(tx: &mut Db, row: &QuoteRow) -> AppResult<Vec<QuoteRow>> {
    let mut rows = quote_versions(tx, row.unit_id, &[&row.code])?;
    rows.retain(|one| one.id != row.id && one.deleted_at.is_none());
    Ok(rows)
}

/// What was sent before no longer holds; what was accepted does, and lets no other be sent.
fn replace_earlier(tx: &mut Db, cx: &Cx, row: &QuoteRow) -> AppResult<()> {
    for mut earlier in siblings(tx, row)? {
        match stored_status(&earlier)? {
            QuoteStatus::Accepted => return Err(AppError::Conflict("wrong_state")),
            QuoteStatus::Sent | QuoteStatus::Declined => put(tx, cx, &mut earlier, QuoteStatus::Superseded)?,
            QuoteStatus::Draft | QuoteStatus::Expired | QuoteStatus::Superseded => {}
        }
    }
    Ok(())
}

/// Makes a new version of an offer that was sent: a draft that says the same. The one before stays, and holds until the
/// new one is sent.
pub fn quote_revise(cx: &Cx, id: QuoteId) -> AppResult<QuoteView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    let new = QuoteId::fresh();
    cx.create(move |tx| {
        let cx = &within;
        let before = standing(tx, cx, id)?;
        let siblings = quote_versions(tx, before.unit_id, &[&before.code])?;
        let drafted = siblings.iter().any(|one| one.deleted_at.is_none() && one.status == QuoteStatus::Draft.key());
        if drafted || !status_of(cx, &before)?.may_be_revised() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let today = cx.today()?;
        let held = (before.valid_until - before.quoted_on).max(TimeDelta::zero());
        let row = QuoteRow {
            id: new,
            revision: siblings.iter().map(|one| one.revision).max().unwrap_or(before.revision) + 1,
            status: QuoteStatus::Draft.key().into(),
            quoted_on: today,
            valid_until: today + held,
            version: 1,
            created_by: Some(cx.actor.user_id),
            created_at: cx.now,
            updated_at: cx.now,
            ..before
        };
        let lines = held_by(quote_lines_of(tx, &[id])?, AnyId(new.0));
        quote_insert(tx, row.clone())?;
        quote_lines_insert(tx, lines.clone())?;
        custom_values_copy(tx, AnyId(id.0), AnyId(new.0))?;
        let custom = custom_shown(tx, cx, RESOURCE, [new.0])?.remove(&new.0).unwrap_or_default();
        event(cx, &row, "revised").after(&told(&row, &lines, custom)).record(tx)?;
        one(cx, tx, row)
    })
}

fn held_by(lines: Vec<LineRow>, holder: AnyId) -> Vec<LineRow> {
    lines.into_iter().map(|line| LineRow { holder_id: holder, ..line }).collect()
}

/// Makes the order of an offer, which is accepted by that; asked again, it answers the same order.
pub fn quote_order(cx: &Cx, id: QuoteId) -> AppResult<OrderView> {
    cx.require(WRITE)?;
    let unit = cx.read(|db| Ok(standing(db, cx, id)?.unit_id))?;
    let codes = cx.read(|db| order_codes(cx, db, unit))?;
    for _ in 1..CODE_TRIES {
        match order_as(cx, id, codes.next(&cx.app)?) {
            Err(AppError::Conflict("code_taken")) => {}
            outcome => return outcome,
        }
    }
    Err(AppError::Conflict("code_taken"))
}

fn order_as(cx: &Cx, id: QuoteId, code: String) -> AppResult<OrderView> {
    let within = cx.clone();
    let new = OrderId::fresh();
    cx.create(move |tx| {
        let cx = &within;
        let mut quote = standing(tx, cx, id)?;
        if let Some(order) = orders_of_quotes(tx, &[id])?.pop() {
            let seen = order_get(tx, order.id, &cx.visible(Resource::Order, Action::Read))?;
            return order::one(cx, tx, seen.ok_or(AppError::NotFound)?);
        }
        let status = status_of(cx, &quote)?;
        if !status.may_be_ordered() {
            return Err(AppError::Conflict("wrong_state"));
        }
        if status == QuoteStatus::Sent {
            quote.status = QuoteStatus::Accepted.key().into();
        }
        // Two who order at once meet here, and the second finds the first one's order.
        store(tx, cx, &mut quote)?;
        let lines = held_by(quote_lines_of(tx, &[id])?, AnyId(new.0));
        let row = order_of(cx, &quote, &lines, (new, &code))?;
        orders_insert(tx, vec![row.clone()])?;
        lines_insert(tx, lines.clone())?;
        metric_refresh(tx, cx, &[row.party_id])?;
        event(cx, &quote, "ordered").after(&json!({"status": quote.status, "code": row.code})).record(tx)?;
        Event::new(cx, "order", new, "created")
            .party(row.party_id)
            .stands(row.unit_id, row.owner_id)
            .after(&order_input(&row, &lines, Map::new()))
            .record(tx)?;
        order::one(cx, tx, row)
    })
}

/// The order of today that says what the offer says.
fn order_of(cx: &Cx, quote: &QuoteRow, lines: &[LineRow], (id, code): (OrderId, &str)) -> AppResult<OrderRow> {
    let whole = quote.discount - lines.iter().map(|line| line.discount).sum::<i64>();
    let mut checks = Checks::default();
    let Sums { gross, discount, net, net_base, cost } =
        sums(lines, whole, (&quote.currency, quote.exchange_rate), &mut checks);
    checks.done()?;
    Ok(OrderRow {
        unit_id: quote.unit_id,
        owner_id: quote.owner_id,
        party_id: quote.party_id,
        code: code.into(),
        status: OrderStatus::Confirmed.key().into(),
        currency: quote.currency.clone(),
        exchange_rate: quote.exchange_rate,
        gross,
        discount,
        net,
        net_base,
        cost,
        note: quote.note.clone(),
        quote_id: Some(quote.id),
        opportunity_id: quote.opportunity_id,
        version: 1,
        ..order::blank(cx, &*cx.company()?, id)
    })
}
