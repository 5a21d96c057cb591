//! Rows of orders: one row a line, rows with one order code an order. Without codes, an order is what one customer
//! bought on one day.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::ids::{UnitId, UserId};
use regulars_domain::sales::day_moment;
use serde_json::{Map, Value};

use super::cells::{CellFault, Cells, LONG, SHORT};
use super::custom_cells::custom_read;
use super::products::amount;
use super::refs::Refs;
use super::rows::Row;
use super::whose::CustomerRef;

/// One row: a line of an order, with what the row says about the order as a whole.
#[derive(Debug, Clone, Default)]
pub struct LineDraft {
    pub line: u64,
    pub product_code: Option<String>,
    pub product_name: Option<String>,
    /// Thousandths.
    pub quantity: Option<i64>,
    /// Minor units, as everywhere here.
    pub price: Option<i64>,
    pub discount: Option<i64>,
    pub amount: Option<i64>,
    pub faults: Vec<CellFault>,
}

/// An order as its rows tell it.
#[derive(Debug, Clone, Default)]
pub struct OrderDraft {
    pub code: Option<String>,
    pub customer: CustomerRef,
    pub ordered_on: Option<NaiveDate>,
    pub ordered_at: Option<DateTime<Utc>>,
    pub status: Option<String>,
    pub channel: Option<String>,
    pub paid: Option<i64>,
    pub owner: Option<UserId>,
    pub unit: Option<UnitId>,
    pub note: Option<String>,
    /// Values of custom fields by key.
    pub custom: Map<String, Value>,
    pub lines: Vec<LineDraft>,
}

const STATUSES: &[&[&str]] = &[
    &["draft", "草稿", "待确认", "new"],
    &["confirmed", "已确认", "待发货", "待付款", "已下单", "open", "processing"],
    &["delivered", "已发货", "已送达", "shipped"],
    &["completed", "已完成", "完成", "已付款", "交易成功", "paid", "done", "complete", "closed"],
    &["cancelled", "已取消", "取消", "已关闭", "交易关闭", "作废", "canceled", "void"],
];

/// Reads one row as an order of one line.
pub fn order_draft(row: &Row, mut cells: Cells, refs: &Refs, currency: &str) -> OrderDraft {
    let mut draft = OrderDraft::default();
    let mut line = LineDraft { line: row.line, ..LineDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "order_code" => draft.code = cells.code(column, text),
            "ordered_on" => draft.ordered_on = cells.date(column, text),
            "ordered_at" => draft.ordered_at = cells.instant(column, text),
            "status" => draft.status = cells.word(column, text, STATUSES),
            "channel" => {
                draft.channel = refs.entry("channel", text);
                if draft.channel.is_none() {
                    let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
                    cells.fault(Some(column), "unknown_choice", zh, en);
                }
            }
            "currency" if !text.eq_ignore_ascii_case(currency) => {
                let (zh, en) =
                    (format!("只能导入 {currency} 订单"), format!("Only orders in {currency} can be imported"));
                cells.fault(Some(column), "other_currency", zh, en);
            }
            "product_code" => line.product_code = cells.code(column, text),
            "product_name" => line.product_name = cells.text(column, text, SHORT),
            "quantity" => line.quantity = quantity(&mut cells, column, text),
            "price" => line.price = amount(&mut cells, column, text),
            "discount" => line.discount = amount(&mut cells, column, text),
            "amount" => line.amount = amount(&mut cells, column, text),
            "paid" => draft.paid = amount(&mut cells, column, text),
            "owner" => draft.owner = cells.person(column, text, refs).map(|(person, _)| person),
            "unit" => draft.unit = cells.unit(column, text, refs),
            "note" => draft.note = cells.text(column, text, LONG),
            other => custom_read(&mut cells, other, (column, text), refs, &mut draft.custom),
        }
    }
    dates_complete(&mut draft, &mut cells);
    if draft.customer.label().is_none() {
        cells.fault(None, "customer_missing", "没有客户", "The customer is missing");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    line.faults = cells.faults;
    draft.lines.push(line);
    draft
}

fn quantity(cells: &mut Cells, column: usize, text: &str) -> Option<i64> {
    let quantity = cells.quantity(column, text)?;
    if quantity <= 0 {
        cells.fault(Some(column), "quantity_not_positive", "数量必须大于 0", "The quantity must be more than 0");
        return None;
    }
    Some(quantity)
}

/// The day follows from the moment, and the moment from the day.
fn dates_complete(draft: &mut OrderDraft, cells: &mut Cells) {
    match (draft.ordered_on, draft.ordered_at) {
        (None, Some(at)) => draft.ordered_on = Some(at.with_timezone(&cells.zone).date_naive()),
        (Some(on), None) => draft.ordered_at = Some(day_moment(cells.zone, on)),
        (None, None) if cells.faults.is_empty() => {
            cells.fault(None, "date_missing", "没有下单日期", "The date of the order is missing");
        }
        _ => {}
    }
}

impl OrderDraft {
    /// True when the other row belongs to the same order.
    pub fn same_order(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(one), Some(two)) => one == two && self.unit == other.unit,
            (None, None) => {
                self.customer == other.customer && self.ordered_on == other.ordered_on && self.unit == other.unit
            }
            _ => false,
        }
    }

    /// Takes the rows of the same order in. What the first row says of the order stands; a contradiction is a fault.
    pub fn absorb(&mut self, mut other: Self, contradiction: impl FnOnce() -> CellFault) {
        let contradicts = self.customer != other.customer || self.ordered_on != other.ordered_on;
        if contradicts && let Some(line) = other.lines.first_mut() {
            line.faults.push(contradiction());
        }
        self.note = self.note.take().or(other.note);
        for (key, value) in other.custom {
            self.custom.entry(key).or_insert(value);
        }
        self.lines.append(&mut other.lines);
    }

    pub fn line(&self) -> u64 {
        self.lines.first().map_or(0, |line| line.line)
    }

    pub fn rows(&self) -> u64 {
        self.lines.len() as u64
    }
}
