//! Cells one by one, as files and lists tell them.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::SelloutCellId;
use regulars_domain::sellout::{CellValue, MeasureOf, cell_text};
use regulars_persistence::Db;
use regulars_persistence::platform::dictionary::{EntryRow, entry_list};
use regulars_persistence::sales::sellout::{ToldCellRow, cells_page, cells_told};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{COMPETITORS, READ};
use crate::access::Ref;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// One cell of a sheet, with everything it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelloutCellView {
    pub id: Uuid,
    pub period: String,
    pub first_day: NaiveDate,
    pub place: Ref,
    pub place_code: Option<String>,
    pub unit: String,
    pub measure: String,
    pub measure_label: String,
    pub product_code: Option<String>,
    pub product_name: Option<String>,
    /// Of a competitor's product its key and name.
    pub competitor_product: Option<String>,
    pub competitor_name: Option<String>,
    /// Decimal text of quantities and amounts, or words.
    pub value: String,
    pub changed_by: Option<Ref>,
    pub changed_at: DateTime<Utc>,
}

impl SelloutCellView {
    /// What the cell is told of, beside its place.
    pub fn item_name(&self) -> String {
        let named = self.product_name.as_ref().or(self.competitor_name.as_ref()).or(self.competitor_product.as_ref());
        named.unwrap_or(&self.place.name).clone()
    }
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<ToldCellRow>) -> AppResult<Vec<SelloutCellView>> {
    let company = cx.company()?;
    let english = cx.request.locale == "en";
    let settings = &company.settings.sellout;
    let competitors: Vec<EntryRow> = entry_list(db, COMPETITORS)?;
    let told = rows.into_iter().map(|row| {
        let measure = settings.measure(&row.measure);
        let value = row.number.map(CellValue::Number).or_else(|| row.words.map(CellValue::Words));
        let competitor = measure.is_some_and(|one| one.what() == MeasureOf::Competitor).then_some(row.item);
        let entry = competitors.iter().find(|entry| Some(&entry.key) == competitor.as_ref());
        let label = measure.map(|one| if english { &one.label_en } else { &one.label_zh });
        SelloutCellView {
            id: row.id.0,
            first_day: row.first_day,
            place: Ref::new(row.place_id, row.place_name),
            place_code: row.place_code,
            unit: row.unit_name,
            measure_label: label.unwrap_or(&row.measure).clone(),
            product_code: row.product_code,
            product_name: row.product_name,
            competitor_name: entry.map(|entry| if english { entry.label_en.clone() } else { entry.label_zh.clone() }),
            competitor_product: competitor,
            value: match (measure, value) {
                (Some(measure), Some(value)) => cell_text(measure.holds(), &value, &company.currency),
                _ => String::new(),
            },
            period: row.period,
            measure: row.measure,
            changed_by: row.changed_by.zip(row.changed_by_name).map(|(id, name)| Ref::new(id, name)),
            changed_at: row.changed_at,
        }
    });
    Ok(told.collect())
}

/// The cells of these ids whose places are within sight.
pub fn cell_views(cx: &Cx, db: &mut Db, ids: &[SelloutCellId]) -> AppResult<Vec<SelloutCellView>> {
    let rows = cells_told(db, ids, &cx.visible(Resource::Customer, Action::Read))?;
    views(cx, db, rows)
}

/// Every cell within sight of the periods that begin within these days, a page at a time.
pub fn cell_list(
    cx: &Cx,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    cursor: Option<String>,
    limit: usize,
) -> AppResult<Page<SelloutCellView>> {
    cx.require(READ)?;
    let after = match cursor {
        Some(text) => Some(SelloutCellId(text.parse().map_err(|_| AppError::invalid("cursor", "cursor_invalid"))?)),
        None => None,
    };
    cx.read(|db| {
        let reach = cx.visible(Resource::Customer, Action::Read);
        let mut rows = cells_page(db, days, after, &reach, limit as i64 + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(Page { items: views(cx, db, rows)?, next_cursor, total: None, total_capped: None })
    })
}
