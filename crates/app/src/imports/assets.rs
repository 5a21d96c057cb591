//! Rows of what customers own: what a row says.

use chrono::NaiveDate;
use regulars_domain::ids::UnitId;

use super::cells::{CellFault, Cells, SHORT};
use super::refs::Refs;
use super::rows::Row;
use super::whose::CustomerRef;

const NOTE: usize = 2_000;
const SERIAL: usize = 100;

/// Words for how it stands, the stored one first.
const STATUSES: &[&[&str]] = &[
    &["in_use", "使用中", "在用", "in use", "active"],
    &["in_repair", "维修中", "返修", "in repair", "repair"],
    &["replaced", "已更换", "换货", "swapped"],
    &["returned", "已退回", "已退货", "退货"],
    &["retired", "已停用", "停用", "报废", "scrapped"],
];

/// What a row says about one thing a customer owns.
#[derive(Debug, Clone, Default)]
pub struct AssetDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub unit: Option<UnitId>,
    pub product_code: Option<String>,
    pub name: Option<String>,
    pub serial: Option<String>,
    pub bought_on: Option<NaiveDate>,
    pub bought_at: Option<String>,
    pub warranty_end: Option<NaiveDate>,
    pub status: Option<String>,
    pub note: Option<String>,
    pub faults: Vec<CellFault>,
}

impl AssetDraft {
    /// How messages call the row.
    pub fn label(&self) -> Option<String> {
        self.serial.as_ref().or(self.customer.label()).cloned()
    }
}

pub fn asset_draft(row: &Row, mut cells: Cells, refs: &Refs) -> AssetDraft {
    let mut draft = AssetDraft { line: row.line, ..AssetDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "product_code" => draft.product_code = cells.code(column, text),
            "name" => draft.name = cells.text(column, text, SHORT),
            "serial" => draft.serial = cells.text(column, text, SERIAL),
            "bought_on" => draft.bought_on = cells.date(column, text),
            "bought_at" => draft.bought_at = cells.text(column, text, SHORT),
            "warranty_end" => draft.warranty_end = cells.date(column, text),
            "status" => draft.status = cells.word(column, text, STATUSES),
            "note" => draft.note = cells.text(column, text, NOTE),
            _ => {}
        }
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}
