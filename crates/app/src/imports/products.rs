//! Rows of products: what a row says.

use regulars_persistence::import::catalog::ProductFields;
use serde_json::{Map, Value};

use super::cells::{CellFault, Cells, SHORT};
use super::custom_cells::custom_read;
use super::refs::Refs;
use super::rows::Row;

/// What a row says about one product.
#[derive(Debug, Clone, Default)]
pub struct ProductDraft {
    pub line: u64,
    pub code: Option<String>,
    pub fields: ProductFields,
    pub brand: Option<String>,
    /// From the root down: 服装 / 女装.
    pub category: Vec<String>,
    /// Values of custom fields by key.
    pub custom: Map<String, Value>,
    pub faults: Vec<CellFault>,
}

pub fn product_draft(row: &Row, mut cells: Cells, refs: &Refs) -> ProductDraft {
    let mut draft = ProductDraft { line: row.line, ..ProductDraft::default() };
    for (target, column, text) in cells.filled(row) {
        let fields = &mut draft.fields;
        match target {
            "code" => draft.code = cells.code(column, text),
            "name" => fields.name = cells.text(column, text, SHORT),
            "brand" => draft.brand = cells.text(column, text, SHORT),
            "category" => draft.category = category_path(text),
            "unit_of_measure" => fields.unit_of_measure = cells.text(column, text, 20),
            "price" => fields.price = amount(&mut cells, column, text),
            "cost" => fields.cost = amount(&mut cells, column, text),
            "active" => fields.active = cells.bool(column, text),
            "consumable" => fields.consumable = cells.bool(column, text),
            other => custom_read(&mut cells, other, (column, text), refs, &mut draft.custom),
        }
    }
    if draft.code.is_none() {
        cells.fault(None, "code_missing", "没有商品编号", "The product code is missing");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

/// An amount that must not be negative.
pub fn amount(cells: &mut Cells, column: usize, text: &str) -> Option<i64> {
    let amount = cells.money(column, text)?;
    if amount < 0 {
        cells.fault(Some(column), "negative_amount", "金额不能为负", "The amount must not be negative");
        return None;
    }
    Some(amount)
}

fn category_path(text: &str) -> Vec<String> {
    text.split(['/', '>', '\\', '＞', '／'])
        .map(|name| name.trim().chars().take(SHORT).collect::<String>())
        .filter(|name| !name.is_empty())
        .take(10)
        .collect()
}
