//! Bills of orders: made of what is open, settled by money, lowered by returns, cancelled. Together they never come to more
//! than the order after its returns.

mod books;
pub mod view;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::bill::parts;
use regulars_domain::error::Checks;
use regulars_domain::ids::{BillId, OrderId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::sales::bill::{
    BILL_FROM, BillLineRow, BillRow, bill_base, bill_catalogue, bill_get as row_get, bill_insert, bill_update,
    bills_get,
};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{OrderRow, lines_of, order_get, returns_of};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub(super) use self::books::{Books, billed};
use self::view::{BillView, bill_views};
use super::money::{day, moved};
use super::order::{CODE_TRIES, standing, status_of};
use crate::customers::code::CodeScope;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// What is billed of an order: everything open when neither an amount nor lines are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillInput {
    /// Today when absent.
    #[schema(example = "2026-01-31")]
    pub on: Option<NaiveDate>,
    /// The company's days of payment later when absent.
    #[schema(example = "2026-03-02")]
    pub due_on: Option<NaiveDate>,
    /// Falls on the lines in proportion to what is open of each.
    pub amount: Option<Money>,
    /// Amounts of single lines; not beside `amount`.
    pub lines: Option<Vec<BillLineInput>>,
    pub note: Option<String>,
}

/// What is billed of a line of the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BillLineInput {
    #[schema(example = 1)]
    pub line_id: i32,
    pub amount: Money,
}

pub fn bill_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<BillView>> {
    cx.require("sales:order:read")?;
    let base = bill_base(
        &cx.visible(Resource::Order, Action::Read),
        &cx.visible(Resource::Customer, Action::Read),
        request.q.as_deref(),
    );
    let catalogue = bill_catalogue(cx.today()?);
    cx.read(|db| {
        let source = Source { from: BILL_FROM, id: "b.id", catalogue: &catalogue, default_sort: "-billed_on" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<BillId> = page.items.iter().map(|id| BillId(*id)).collect();
        let mut rows: HashMap<BillId, BillRow> = bills_get(db, &ids)?.into_iter().map(|row| (row.id, row)).collect();
        let items = bill_views(cx, db, ids.iter().filter_map(|id| rows.remove(id)).collect())?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn bill_get(cx: &Cx, id: BillId) -> AppResult<BillView> {
    cx.require("sales:order:read")?;
    cx.read(|db| {
        let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
        order_get(db, row.order_id, &cx.visible(Resource::Order, Action::Read))?.ok_or(AppError::NotFound)?;
        one(cx, db, row)
    })
}

fn one(cx: &Cx, db: &mut Db, row: BillRow) -> AppResult<BillView> {
    bill_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Where codes of a unit's bills come from.
fn bill_codes(cx: &Cx, db: &mut Db, unit: UnitId) -> AppResult<CodeScope> {
    let unit_code = unit_get(db, unit)?.map(|unit| unit.code).unwrap_or_default();
    CodeScope::new("bill", &cx.company()?.settings.bill_code_pattern, unit, &unit_code)
}

/// Bills what is open of an order.
pub fn bill_create(cx: &Cx, id: OrderId, input: BillInput) -> AppResult<BillView> {
    cx.require("sales:order:write")?;
    let codes = cx.read(|db| {
        let unit = standing(db, cx, id)?.unit_id;
        bill_codes(cx, db, unit)
    })?;
    for _ in 1..CODE_TRIES {
        match create_as(cx, id, input.clone(), codes.next(&cx.app)?) {
            Err(AppError::Conflict("code_taken")) => {}
            outcome => return outcome,
        }
    }
    Err(AppError::Conflict("code_taken"))
}

fn create_as(cx: &Cx, id: OrderId, input: BillInput, code: String) -> AppResult<BillView> {
    let within = cx.clone();
    let new = BillId::fresh();
    let days = u64::from(cx.company()?.settings.payment_days);
    cx.create(move |tx| {
        let row = standing(tx, &within, id)?;
        let status = status_of(&row)?;
        if !status.is_sale() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let mut checks = Checks::default();
        let on = day(&within, input.on, &row, &mut checks)?;
        let due_on = input.due_on.unwrap_or(on + Days::new(days));
        if due_on < on {
            checks.fail("/due_on", "date_order");
        }
        checks.optional_text("/note", input.note.as_deref(), 2_000);
        let lines = lines_of(tx, &[id])?;
        let books = Books::read(tx, id)?;
        let parts = parts_read(tx, &row, &lines, &books, &input, &mut checks)?;
        checks.done()?;
        let line = |(line, amount): (&LineRow, i64)| BillLineRow {
            bill_id: new,
            position: line.position,
            name: line.name.clone(),
            amount,
            tax_rate: line.tax_rate,
            credited: 0,
        };
        let amount: i64 = parts.iter().sum();
        let bill = BillRow {
            id: new,
            unit_id: row.unit_id,
            order_id: id,
            code: code.clone(),
            billed_on: on,
            due_on,
            amount,
            credited: 0,
            paid: 0,
            note: input.note.clone(),
            cancelled_at: None,
            created_by: Some(within.actor.user_id),
            created_at: within.now,
        };
        let lines = lines.iter().zip(parts).filter(|(_, part)| *part != 0).map(line).collect();
        let told = told(&bill, &row);
        bill_insert(tx, bill, lines)?;
        Books::read(tx, id)?.settle(tx)?;
        moved(tx, &within, row, status, "billed", &told)?;
        let row = row_get(tx, new)?.ok_or(AppError::NotFound)?;
        one(&within, tx, row)
    })
}

/// A bill as the log of its order tells it.
fn told(bill: &BillRow, order: &OrderRow) -> serde_json::Value {
    json!({"bill": bill.code, "amount": Money::of(bill.amount, &order.currency), "on": bill.billed_on, "due_on": bill.due_on})
}

/// What is billed of each line of the order, checked against what is open.
fn parts_read(
    tx: &mut Db,
    row: &OrderRow,
    lines: &[LineRow],
    books: &Books,
    input: &BillInput,
    checks: &mut Checks,
) -> AppResult<Vec<i64>> {
    let open = books.lines(row, lines, &returns_of(tx, &[row.id])?);
    let most = books.billable(row);
    let at_most = |checks: &mut Checks, pointer: String, most: i64| {
        checks.fail_with(pointer, "amount_at_most", Money::of(most, &row.currency).amount);
    };
    let Some(asked) = &input.lines else {
        let given = input.amount.as_ref().map(|money| money.read_positive(checks, "/amount", &row.currency));
        let found = parts(&open, most, given.unwrap_or(most));
        if found.is_none() {
            at_most(checks, "/amount".into(), most);
        }
        return Ok(found.unwrap_or_default());
    };
    if input.amount.is_some() {
        checks.fail("/amount", "not_both");
    }
    let mut found = vec![0; lines.len()];
    for (index, one) in asked.iter().enumerate() {
        let at = format!("/lines/{index}");
        let amount = one.amount.read_positive(checks, &format!("{at}/amount"), &row.currency);
        let Some(place) = lines.iter().position(|line| line.position == one.line_id) else {
            checks.fail(format!("{at}/line_id"), "unknown_reference");
            continue;
        };
        if found[place] != 0 {
            checks.fail(format!("{at}/line_id"), "duplicate");
        } else if amount > open[place].open() {
            at_most(checks, format!("{at}/amount"), open[place].open());
        }
        found[place] = amount;
    }
    let sum: i64 = found.iter().sum();
    if sum > most {
        at_most(checks, "/lines".into(), most);
    } else if sum == 0 {
        checks.fail("/lines", "required");
    }
    Ok(found)
}

/// Cancels a bill; it stays on file, and money that came for it counts for the others. Asked again, it changes nothing.
pub fn bill_cancel(cx: &Cx, id: BillId) -> AppResult<BillView> {
    cx.require("sales:order:write")?;
    let within = cx.clone();
    cx.create(move |tx| {
        let mut bill = row_get(tx, id)?.ok_or(AppError::NotFound)?;
        let row = standing(tx, &within, bill.order_id)?;
        if bill.cancelled_at.is_none() {
            bill.cancelled_at = Some(within.now);
            bill.paid = 0;
            bill_update(tx, &bill)?;
            Books::read(tx, row.id)?.settle(tx)?;
            let status = status_of(&row)?;
            let told = told(&bill, &row);
            moved(tx, &within, row, status, "bill_cancelled", &told)?;
        }
        one(&within, tx, bill)
    })
}
