//! The records behind a cell.

use regulars_domain::pivot::{Grouping, Key, kept};
use regulars_persistence::insight::pivot::{FactKind, PivotAt};
use regulars_persistence::list::Position;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::facts::{PivotRecord, about};
use super::query::{self, PivotQuery};
use super::{Asking, fields, scope};
use crate::list::{Page, cursor_read, cursor_write};
use crate::{AppError, AppResult, Cx};

const USUAL: usize = 50;
const MOST: usize = 200;

/// A cell of a pivot: the keys of its row and of its column. Left out, a side stands for its total.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotRecordsInput {
    pub query: PivotQuery,
    pub row: Option<Vec<PivotPlace>>,
    pub column: Option<Vec<PivotPlace>>,
    pub cursor: Option<String>,
    /// 1 – 200; 50 when absent.
    #[schema(example = 50)]
    pub limit: Option<usize>,
}

/// A key as the pivot answered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotPlace {
    pub value: Option<String>,
    #[serde(default)]
    pub others: bool,
}

impl PivotPlace {
    fn key(&self) -> Key {
        match &self.value {
            _ if self.others => Key::Others,
            Some(value) => Key::Value(value.clone()),
            None => Key::Missing,
        }
    }
}

/// The records behind a cell, the newest first.
pub fn pivot_records(cx: &Cx, input: PivotRecordsInput) -> AppResult<Page<PivotRecord>> {
    cx.require("insight:metric:read")?;
    if let Some(kind) = FactKind::parse(&input.query.fact) {
        cx.require(about(kind).permission)?;
    }
    let limit = input.limit.unwrap_or(USUAL).clamp(1, MOST);
    let bound_to = bound_to(&input)?;
    let after = input.cursor.as_deref().map(|cursor| cursor_read(cursor, bound_to)).transpose()?;
    cx.read(|db| {
        let fact = fields::fact_of(cx, db, &input.query.fact)?;
        let asked = query::asked(cx, &fact, &input.query)?;
        let asking = Asking { cx, fact: &fact, asked: &asked, plan: None };
        let mut run = |grouping: &Grouping| asking.groups(db, grouping, None);
        let mut kept = kept(&asked.layout, &mut run)?.into_iter();
        let mut places = Vec::new();
        for (name, side, given) in
            [("/row", &asked.layout.rows, &input.row), ("/column", &asked.layout.columns, &input.column)]
        {
            let kept: Vec<_> = kept.by_ref().take(side.axes.len()).collect();
            let Some(given) = given else { continue };
            if given.len() != side.axes.len() {
                return Err(AppError::invalid(name, "wrong_shape"));
            }
            let each = side.axes.iter().zip(given).zip(kept);
            places.extend(each.map(|(((axis, _), place), kept)| PivotAt {
                axis: axis.clone(),
                key: place.key(),
                kept,
            }));
        }
        let scope = scope(cx, &fact, &asked);
        let found = regulars_persistence::insight::pivot::pivot_records(
            db,
            &fact,
            &scope,
            &places,
            after.map(|position| position.id.0),
            limit + 1,
        )?;
        let ids = found.get(..limit).unwrap_or(&found);
        let items = (about(fact.kind).records)(cx, db, ids)?;
        let last = ids.last().filter(|_| found.len() > limit);
        let next_cursor = last.map(|id| cursor_write(&Position { key: None, id: AnyId(*id) }, bound_to));
        Ok(Page { items, next_cursor, total: None, total_capped: None })
    })
}

/// A cursor works only with the cell it came from.
fn bound_to(input: &PivotRecordsInput) -> AppResult<u32> {
    let cell = (&input.query, &input.row, &input.column);
    let text = serde_json::to_vec(&cell).map_err(AppError::internal)?;
    Ok(Sha256::digest(&text).iter().take(4).fold(0, |key, byte| (key << 8) | u32::from(*byte)))
}
