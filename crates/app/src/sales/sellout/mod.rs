//! Sheets of what places sold in a period, place by place and product by product, with what competitors offer there the
//! same way: read whole, saved once, each cell's history kept. A place is a customer; who reaches it reaches its cells.

mod history;
mod matching;
mod save;
pub mod settings;
pub mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{PartyId, ProductId};
use regulars_domain::sellout::{CellValue, MeasureOf, Period, cell_text};
use regulars_persistence::Db;
use regulars_persistence::platform::dictionary::{EntryRow, entry_list};
use regulars_persistence::sales::sellout::{
    CellRow, CellsAsked, ItemRow, PlaceReach, PlaceRow, cells_of, places_of_periods, products_of, sheet_get as row_get,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use history::{SelloutCell, SelloutChange, change_list};
pub use matching::{ItemMatch, PlaceMatch, SheetMatched, SheetTexts, sheet_match};
pub use save::{SelloutSaved, SheetInput, SheetRowInput, sheet_save};

use crate::access::settings::Company;
use crate::{AppError, AppResult, Cx};
use settings::SelloutMeasure;

const READ: &str = "sales:order:read";
const WRITE: &str = "sales:order:write";
/// The dictionary of competitors' products.
const COMPETITORS: &str = "competitor_product";
/// Places of one answer, and of one save.
const MOST_PLACES: usize = 500;
const SOME_PLACES: usize = 200;
/// Columns of one save.
const MOST_ITEMS: usize = 50;

/// A sheet: what was told of the places within sight in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SelloutSheetView {
    /// A month or an ISO week.
    #[schema(example = "2026-11")]
    pub period: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// The period that stands beside it.
    #[schema(example = "2026-10")]
    pub earlier_period: String,
    /// What the cells are of.
    pub measure: SelloutMeasure,
    /// What stands beside the products: one cell each place.
    pub place_measures: Vec<SelloutMeasure>,
    /// Every measure that can be asked for.
    pub measures: Vec<SelloutMeasure>,
    /// Of amounts.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The columns: products with something in either period, or the competitors' products.
    pub items: Vec<SheetItem>,
    /// Places with something in either period, by name.
    pub rows: Vec<SheetRowView>,
    /// Give it as `cursor` for the places behind these; absent at the end.
    pub next_cursor: Option<String>,
    /// Counts the saves of the period, of all places: what `If-Match` takes.
    pub version: i64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SheetItem {
    /// Id of a product, or key of a competitor's product.
    #[schema(example = "0199f0a0-0000-7000-8000-000000000001")]
    pub item: String,
    #[schema(example = "TV-55")]
    pub code: String,
    #[schema(example = "55\" television")]
    pub name: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SheetRowView {
    pub place: SheetPlace,
    /// By column: decimal text of quantities and amounts, or words. Empty cells are absent.
    #[schema(example = json!({"0199f0a0-0000-7000-8000-000000000001": "12.000", "promoter": "王芳"}))]
    pub values: BTreeMap<String, String>,
    /// The same of the earlier period.
    #[schema(example = json!({"0199f0a0-0000-7000-8000-000000000001": "9.000"}))]
    pub earlier: BTreeMap<String, String>,
}

/// A customer whose figures are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SheetPlace {
    pub id: Uuid,
    pub code: Option<String>,
    #[schema(example = "人民路店")]
    pub name: String,
    /// Whether the caller may enter figures for it.
    pub writable: bool,
}

impl From<PlaceRow> for SheetPlace {
    fn from(row: PlaceRow) -> Self {
        Self { id: row.id.0, code: row.code, name: row.name, writable: row.writable }
    }
}

impl From<ItemRow> for SheetItem {
    fn from(row: ItemRow) -> Self {
        Self { item: row.id.to_string(), code: row.code, name: row.name }
    }
}

/// A competitor's product as a column, in the caller's language.
fn competitor(cx: &Cx, entry: EntryRow) -> SheetItem {
    let name = if cx.request.locale == "en" { entry.label_en } else { entry.label_zh };
    SheetItem { item: entry.key.clone(), code: entry.key, name }
}

/// What of a sheet is asked for.
#[derive(Debug, Clone, Default)]
pub struct SheetRequest {
    /// The first active one that is not of places when absent.
    pub measure: Option<String>,
    /// The one before when absent.
    pub earlier: Option<String>,
    pub limit: Option<usize>,
    pub cursor: Option<String>,
}

fn reach(cx: &Cx) -> PlaceReach {
    PlaceReach {
        read: cx.visible(Resource::Customer, Action::Read),
        write: cx.visible(Resource::Customer, Action::Write),
    }
}

fn period_read(pointer: &str, text: &str) -> AppResult<Period> {
    Period::parse(text).ok_or_else(|| AppError::invalid(pointer, "period_invalid"))
}

/// A measure that can be asked for by its key; those of places stand beside others.
fn measure_of<'a>(company: &'a Company, key: &str, pointer: &str) -> AppResult<&'a SelloutMeasure> {
    let found = company.settings.sellout.measure(key).filter(|one| one.active && one.what() != MeasureOf::Place);
    found.ok_or_else(|| AppError::invalid(pointer, "unknown_reference"))
}

/// What a cell holds.
fn value_of(row: &CellRow) -> Option<CellValue> {
    row.number.map(CellValue::Number).or_else(|| row.words.clone().map(CellValue::Words))
}

/// The measures whose cells stand in the sheet of one.
fn beside<'a>(company: &'a Company, measure: &'a SelloutMeasure) -> Vec<&'a SelloutMeasure> {
    match measure.what() {
        MeasureOf::Product => company.settings.sellout.of_places().collect(),
        _ => Vec::new(),
    }
}

/// The cells of one period, by place and column.
type Cells = HashMap<PartyId, BTreeMap<String, String>>;

/// `period` may be `current`: the one of today.
pub fn sheet_get(cx: &Cx, period: &str, request: &SheetRequest) -> AppResult<SelloutSheetView> {
    cx.require(READ)?;
    let company = cx.company()?;
    let period = match period {
        "current" => Period::of(company.settings.sellout.period_kind(), cx.today()?),
        text => period_read("period", text)?,
    };
    let earlier = match &request.earlier {
        Some(text) => period_read("earlier", text)?,
        None => period.previous(),
    };
    let measure = match &request.measure {
        Some(key) => measure_of(&company, key, "measure")?,
        None => {
            let mut asked = company.settings.sellout.measures.iter();
            let first = asked.find(|one| one.active && one.what() != MeasureOf::Place);
            first.ok_or_else(|| AppError::invalid("measure", "unknown_reference"))?
        }
    };
    let limit = request.limit.unwrap_or(SOME_PLACES);
    if !(1..=MOST_PLACES).contains(&limit) {
        return Err(AppError::Validation(vec![
            regulars_domain::error::FieldError::new("limit", "out_of_range").with(format!("1–{MOST_PLACES}")),
        ]));
    }
    let after = match &request.cursor {
        Some(text) => Some(text.parse().map_err(|_| AppError::invalid("cursor", "cursor_invalid"))?),
        None => None,
    };
    let asked = Asked { company: company.clone(), period, earlier, measure, limit, after };
    cx.read(|db| asked.read(cx, db))
}

struct Asked<'a> {
    company: Arc<Company>,
    period: Period,
    earlier: Period,
    measure: &'a SelloutMeasure,
    limit: usize,
    after: Option<Uuid>,
}

impl Asked<'_> {
    fn read(&self, cx: &Cx, db: &mut Db) -> AppResult<SelloutSheetView> {
        let periods = [self.period.to_string(), self.earlier.to_string()];
        let place_measures = beside(&self.company, self.measure);
        let version = row_get(db, &periods[0])?.map_or(0, |row| row.version);
        let after = self.after.map(PartyId);
        let mut places = places_of_periods(db, &periods, after, &reach(cx), self.limit as i64 + 1)?;
        let next_cursor = (places.len() > self.limit).then(|| places[self.limit - 1].id.to_string());
        places.truncate(self.limit);
        let ids: Vec<PartyId> = places.iter().map(|place| place.id).collect();
        let measures: Vec<&str> =
            place_measures.iter().map(|one| one.key.as_str()).chain([self.measure.key.as_str()]).collect();
        let cells = cells_of(db, CellsAsked { periods: &periods, measures: &measures, places: &ids })?;
        let items = self.items(cx, db, &cells)?;
        let (mut now, mut before) = (Cells::new(), Cells::new());
        for cell in &cells {
            let Some(value) = value_of(cell) else { continue };
            let Some(measure) = self.company.settings.sellout.measure(&cell.measure) else { continue };
            let column = if cell.item.is_empty() { cell.measure.clone() } else { cell.item.clone() };
            let text = cell_text(measure.holds(), &value, &self.company.currency);
            // A period beside itself stands on both sides.
            if cell.period == periods[0] {
                now.entry(cell.party_id).or_default().insert(column.clone(), text.clone());
            }
            if cell.period == periods[1] {
                before.entry(cell.party_id).or_default().insert(column, text);
            }
        }
        let row = |place: PlaceRow| SheetRowView {
            values: now.remove(&place.id).unwrap_or_default(),
            earlier: before.remove(&place.id).unwrap_or_default(),
            place: place.into(),
        };
        let [period, earlier_period] = periods;
        Ok(SelloutSheetView {
            period,
            first_day: self.period.first(),
            last_day: self.period.last(),
            earlier_period,
            measure: self.measure.clone(),
            place_measures: place_measures.into_iter().cloned().collect(),
            measures: self
                .company
                .settings
                .sellout
                .measures
                .iter()
                .filter(|one| one.active && one.what() != MeasureOf::Place)
                .cloned()
                .collect(),
            currency: self.company.currency.clone(),
            items,
            rows: places.into_iter().map(row).collect(),
            next_cursor,
            version,
        })
    }

    /// The columns of what the cells hold.
    fn items(&self, cx: &Cx, db: &mut Db, cells: &[CellRow]) -> AppResult<Vec<SheetItem>> {
        let held = cells.iter().filter(|cell| cell.measure == self.measure.key && value_of(cell).is_some());
        if self.measure.what() == MeasureOf::Competitor {
            let held: BTreeSet<&str> = held.map(|cell| cell.item.as_str()).collect();
            let entries = entry_list(db, COMPETITORS)?.into_iter();
            let shown = entries.filter(|entry| entry.active || held.contains(entry.key.as_str()));
            return Ok(shown.map(|entry| competitor(cx, entry)).collect());
        }
        let held: BTreeSet<ProductId> = held.filter_map(|cell| cell.product_id).collect();
        let held: Vec<ProductId> = held.into_iter().collect();
        Ok(products_of(db, &held)?.into_iter().map(SheetItem::from).collect())
    }
}
