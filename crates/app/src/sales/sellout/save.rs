//! Saving a sheet: everything wrong told at once, then all cells that changed or none.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::{PartyId, ProductId, SelloutCellId};
use regulars_domain::sellout::{CellValue, MeasureKind, MeasureOf, PeriodKind, Standing, cell_read, cell_text, decide};
use regulars_persistence::Db;
use regulars_persistence::platform::dictionary::entry_list;
use regulars_persistence::sales::sellout::{
    CellRow, CellsAsked, cells_of, cells_put, changes_note, places_within, products_of, sheet_ensure, sheet_touch,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::settings::SelloutMeasure;
use super::{COMPETITORS, MOST_ITEMS, MOST_PLACES, WRITE, beside, measure_of, period_read, reach, value_of};
use crate::access::settings::Company;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// Faults told at once.
const MOST_FAULTS: usize = 2_000;

/// Cells to be saved. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetInput {
    /// A key of a measure.
    #[schema(example = "sell_out")]
    pub measure: String,
    /// 1 to 500 places, with up to 50 different columns.
    pub rows: Vec<SheetRowInput>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetRowInput {
    /// A customer whom the caller may change.
    pub place_id: Uuid,
    /// By column: id of a product, key of a competitor's product, or key of a measure of places. Quantities and amounts are
    /// decimal text; `null` or a blank text empties the cell.
    #[schema(example = json!({"0199f0a0-0000-7000-8000-000000000001": "12", "promoter": "王芳"}))]
    pub values: BTreeMap<String, Option<String>>,
}

/// What a save did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SelloutSaved {
    #[schema(example = "2026-11")]
    pub period: String,
    /// Cells written; those that stood as wanted are not counted.
    #[schema(example = 2000)]
    pub changed: usize,
    /// Of the sheet from now on.
    pub version: i64,
}

impl crate::list::Versioned for SelloutSaved {
    fn id(&self) -> Uuid {
        Uuid::nil()
    }
    fn version(&self) -> i64 {
        self.version
    }
}

impl crate::list::Versioned for super::SelloutSheetView {
    fn id(&self) -> Uuid {
        Uuid::nil()
    }
    fn version(&self) -> i64 {
        self.version
    }
}

/// A cell as it is wanted, and where in the body it stands.
#[derive(Debug, Clone)]
struct Wanted {
    pointer: String,
    place: PartyId,
    measure: String,
    kind: MeasureKind,
    item: String,
    product: Option<ProductId>,
    value: Option<CellValue>,
}

/// A member's name within a JSON pointer.
fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// What the body may name.
struct Known {
    places: HashSet<Uuid>,
    products: HashSet<ProductId>,
    competitors: HashSet<String>,
}

impl Known {
    fn read(cx: &Cx, db: &mut Db, input: &SheetInput) -> AppResult<Self> {
        let places: Vec<PartyId> = input.rows.iter().map(|row| PartyId(row.place_id)).collect();
        let places = places_within(db, &places, &reach(cx))?.into_iter();
        let named: BTreeSet<Uuid> =
            input.rows.iter().flat_map(|row| row.values.keys()).filter_map(|item| item.parse().ok()).collect();
        let named: Vec<ProductId> = named.into_iter().map(ProductId).collect();
        let products = products_of(db, &named)?.into_iter().filter(|product| product.living);
        let competitors = entry_list(db, COMPETITORS)?.into_iter().filter(|entry| entry.active);
        Ok(Self {
            places: places.filter(|place| place.writable).map(|place| place.id.0).collect(),
            products: products.map(|product| product.id).collect(),
            competitors: competitors.map(|entry| entry.key).collect(),
        })
    }
}

/// Where a column's cells are kept, if there is such a column.
fn column(
    measure: &SelloutMeasure,
    beside: &[&SelloutMeasure],
    known: &Known,
    name: &str,
) -> Option<(String, MeasureKind, String, Option<ProductId>)> {
    if let Some(own) = beside.iter().find(|one| one.key == name) {
        return Some((own.key.clone(), own.holds(), String::new(), None));
    }
    let (item, product) = match measure.what() {
        MeasureOf::Product => {
            let id = ProductId(name.parse().ok()?);
            known.products.contains(&id).then(|| (id.to_string(), Some(id)))?
        }
        _ => known.competitors.contains(name).then(|| (name.to_string(), None))?,
    };
    Some((measure.key.clone(), measure.holds(), item, product))
}

/// Reads every cell, and tells all that is wrong with any.
fn wanted(company: &Company, measure: &SelloutMeasure, known: &Known, input: &SheetInput) -> AppResult<Vec<Wanted>> {
    let mut checks = Checks::default();
    let beside = beside(company, measure);
    let mut seen = HashSet::new();
    let mut cells = Vec::new();
    for (at, row) in input.rows.iter().enumerate() {
        if !seen.insert(row.place_id) {
            checks.fail(format!("/rows/{at}/place_id"), "duplicate");
        }
        if !known.places.contains(&row.place_id) {
            checks.fail(format!("/rows/{at}/place_id"), "unknown_reference");
        }
        let mut named = HashSet::new();
        for (name, text) in &row.values {
            let pointer = format!("/rows/{at}/values/{}", escaped(name));
            let Some((key, kind, item, product)) = column(measure, &beside, known, name) else {
                checks.fail(pointer, "unknown_reference");
                continue;
            };
            // The same id can be written in two ways.
            if !named.insert((key.clone(), item.clone())) {
                checks.fail(pointer, "duplicate");
                continue;
            }
            match cell_read(kind, text.as_deref().unwrap_or(""), &company.currency) {
                Ok(value) => {
                    cells.push(Wanted {
                        pointer,
                        place: PartyId(row.place_id),
                        measure: key,
                        kind,
                        item,
                        product,
                        value,
                    });
                }
                Err(fault) => match fault.param {
                    Some(param) => checks.fail_with(pointer, fault.code, param),
                    None => checks.fail(pointer, fault.code),
                },
            }
        }
    }
    checks.0.truncate(MOST_FAULTS);
    checks.done()?;
    Ok(cells)
}

fn bounds_check(input: &SheetInput) -> AppResult<()> {
    let mut checks = Checks::default();
    if !(1..=MOST_PLACES).contains(&input.rows.len()) {
        checks.fail_with("/rows", "out_of_range", format!("1–{MOST_PLACES}"));
    }
    let columns: HashSet<&String> = input.rows.iter().flat_map(|row| row.values.keys()).take(1_000_000).collect();
    if columns.len() > MOST_ITEMS {
        checks.fail_with("/rows", "too_many", MOST_ITEMS);
    }
    Ok(checks.done()?)
}

/// Saves cells if nobody changed them since version `read` of the sheet; who saved others meanwhile is not in the way.
pub fn sheet_save(cx: &Cx, period: &str, read: i64, input: SheetInput) -> AppResult<SelloutSaved> {
    cx.require(WRITE)?;
    let company = cx.company()?;
    let period = period_read("period", period)?;
    if period.kind() != company.settings.sellout.period_kind() {
        let expected = match company.settings.sellout.period_kind() {
            PeriodKind::Month => "month_expected",
            PeriodKind::Week => "week_expected",
        };
        return Err(AppError::invalid("period", expected));
    }
    bounds_check(&input)?;
    let measure = measure_of(&company, &input.measure, "/measure")?;
    let known = cx.read(|db| Known::read(cx, db, &input))?;
    let cells = wanted(&company, measure, &known, &input)?;
    let (within, period, measure) = (cx.clone(), period.to_string(), input.measure);
    let currency = company.currency.clone();
    cx.change(move |tx| {
        store(tx, &within, &Save { period: &period, measure: &measure, currency: &currency, read }, &cells)
    })
}

struct Save<'a> {
    period: &'a str,
    measure: &'a str,
    currency: &'a str,
    read: i64,
}

fn store(tx: &mut Db, cx: &Cx, save: &Save<'_>, cells: &[Wanted]) -> AppResult<SelloutSaved> {
    let sheet = sheet_ensure(tx, save.period, cx.now)?.ok_or(AppError::NotFound)?;
    if save.read > sheet.version {
        return Err(AppError::Stale { current: sheet.version });
    }
    let measures: BTreeSet<&str> = cells.iter().map(|cell| cell.measure.as_str()).collect();
    let measures: Vec<&str> = measures.into_iter().collect();
    let places: BTreeSet<PartyId> = cells.iter().map(|cell| cell.place).collect();
    let places: Vec<PartyId> = places.into_iter().collect();
    let periods = [save.period.to_string()];
    let there = cells_of(tx, CellsAsked { periods: &periods, measures: &measures, places: &places })?;
    let there: HashMap<(PartyId, &str, &str), Standing> = there
        .iter()
        .map(|row| {
            let standing = Standing { value: value_of(row), revision: row.revision };
            ((row.party_id, row.measure.as_str(), row.item.as_str()), standing)
        })
        .collect();
    let stands: Vec<Option<&Standing>> =
        cells.iter().map(|cell| there.get(&(cell.place, cell.measure.as_str(), cell.item.as_str()))).collect();
    let decision = decide(cells.iter().map(|cell| &cell.value).zip(stands.iter().copied()), save.read);
    if !decision.contested.is_empty() {
        let fault = |at: &usize| {
            let now = stands[*at].and_then(|standing| standing.value.as_ref());
            let now = now.map(|value| cell_text(cells[*at].kind, value, save.currency)).unwrap_or_default();
            FieldError::new(&cells[*at].pointer, "changed_since").with(now)
        };
        let errors = decision.contested.iter().take(MOST_FAULTS).map(fault).collect();
        return Err(AppError::Contested { current: sheet.version, errors });
    }
    let saved = |changed, version| SelloutSaved { period: save.period.into(), changed, version };
    if decision.changed.is_empty() {
        return Ok(saved(0, sheet.version));
    }
    let version = sheet.version + 1;
    let row = |cell: &Wanted| CellRow {
        id: SelloutCellId::fresh(),
        period: save.period.into(),
        measure: cell.measure.clone(),
        party_id: cell.place,
        item: cell.item.clone(),
        product_id: cell.product,
        number: if let Some(CellValue::Number(number)) = &cell.value { Some(*number) } else { None },
        words: if let Some(CellValue::Words(words)) = &cell.value { Some(words.clone()) } else { None },
        revision: version,
        changed_by: Some(cx.actor.user_id),
        changed_at: cx.now,
    };
    let rows: Vec<CellRow> = decision.changed.iter().map(|at| row(&cells[*at])).collect();
    sheet_touch(tx, sheet.id, version, cx.now)?;
    cells_put(tx, &rows)?;
    changes_note(tx, &rows, None)?;
    let touched: HashSet<PartyId> = rows.iter().map(|row| row.party_id).collect();
    let told = json!({"period": save.period, "measure": save.measure, "places": touched.len(), "cells": rows.len()});
    Event::new(cx, "sellout_sheet", sheet.id, "updated").stands(cx.actor.unit_id, None).after(&told).record(tx)?;
    Ok(saved(rows.len(), version))
}
