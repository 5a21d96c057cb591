//! What a cell held from when on, and who changed it.

use chrono::{DateTime, Utc};
use regulars_domain::ids::PartyId;
use regulars_domain::sellout::{CellValue, MeasureOf, cell_text};
use regulars_persistence::sales::sellout::{changes_of_cell, places_within};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{READ, period_read, reach};
use crate::access::Ref;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// Changes of a cell that are told.
const MOST: i64 = 200;

/// One cell of a sheet.
#[derive(Debug, Clone)]
pub struct SelloutCell {
    pub place_id: Uuid,
    pub measure: String,
    /// Absent for what is told of the place itself.
    pub item: Option<String>,
}

/// One change of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SelloutChange {
    pub at: DateTime<Utc>,
    pub by: Option<Ref>,
    /// Absent where nothing stood.
    #[schema(example = "9.000")]
    pub before: Option<String>,
    /// Absent where it was emptied.
    #[schema(example = "12.000")]
    pub after: Option<String>,
    /// The version of the sheet that it came with.
    pub version: i64,
}

/// The changes of a cell, newest first; at most 200.
pub fn change_list(cx: &Cx, period: &str, cell: &SelloutCell) -> AppResult<Page<SelloutChange>> {
    cx.require(READ)?;
    let company = cx.company()?;
    let period = period_read("period", period)?.to_string();
    let measure = company
        .settings
        .sellout
        .measure(&cell.measure)
        .ok_or_else(|| AppError::invalid("measure", "unknown_reference"))?;
    let item = match (measure.what(), &cell.item) {
        (MeasureOf::Place, _) => "",
        (_, Some(item)) => item,
        (_, None) => return Err(AppError::invalid("item", "required")),
    };
    let place = PartyId(cell.place_id);
    let rows = cx.read(|db| {
        if places_within(db, &[place], &reach(cx))?.is_empty() {
            return Err(AppError::NotFound);
        }
        Ok(changes_of_cell(db, place, &period, &measure.key, item, MOST + 1)?)
    })?;
    let text = |number: Option<i64>, words: &Option<String>| {
        let value = number.map(CellValue::Number).or_else(|| words.clone().map(CellValue::Words));
        value.map(|value| cell_text(measure.holds(), &value, &company.currency))
    };
    let changes = rows.iter().enumerate().take(MOST as usize).map(|(at, row)| SelloutChange {
        at: row.changed_at,
        by: row.changed_by.zip(row.changed_by_name.clone()).map(|(id, name)| Ref::new(id, name)),
        before: rows.get(at + 1).and_then(|older| text(older.number, &older.words)),
        after: text(row.number, &row.words),
        version: row.revision,
    });
    Ok(Page::whole(changes.collect()))
}
