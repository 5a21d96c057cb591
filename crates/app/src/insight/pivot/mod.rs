//! Pivots: facts divided by any two sides, drilled to the records behind a cell.

mod answer;
mod fields;
mod query;
mod records;
mod words;

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::FieldError;
use regulars_domain::pivot::{Group, Grouping, Kept, Shift, Table, kept, table};
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::{Fact, PivotScope, pivot_groups};

pub use answer::{PivotHeader, PivotKey, PivotMeasureView, PivotPeriodView, PivotView};
pub use fields::{PivotFactView, PivotField, PivotMeasureField, pivot_fact_list};
pub use query::{AGGREGATES, PivotAxis, PivotMeasure, PivotPeriod, PivotQuery, PivotSort, PivotTop, SHOWN};
pub use records::{PivotPlace, PivotRecordsInput, pivot_records};

use crate::{AppError, AppResult, Cx};
use query::Asked;

/// Most groups of one grouping.
const MOST_GROUPS: usize = 50_000;
/// Most cells of one table, empty ones included.
const MOST_CELLS: usize = 100_000;

/// Answers a query over the facts that the caller sees.
pub fn pivot_run(cx: &Cx, query: PivotQuery) -> AppResult<PivotView> {
    cx.require("insight:metric:read")?;
    cx.read(|db| {
        let fact = fields::fact_of(cx, db, &query.fact)?;
        let asked = query::asked(cx, &fact, &query)?;
        let kept = kept(&asked.layout, &mut |grouping| groups(cx, db, &fact, &asked, grouping, None))?;
        let mut now = table(&asked.layout, &kept, &mut |grouping| groups(cx, db, &fact, &asked, grouping, None))?;
        let before = compared(cx, db, &fact, &asked, &kept)?;
        if let Some(before) = &before {
            answer::lost_added(&mut now, before, asked.layout.aggregates.len());
        }
        if now.rows.len().saturating_mul(now.columns.len()) > MOST_CELLS {
            return Err(too_large());
        }
        answer::view(cx, db, &fact, &asked, now, before)
    })
}

fn too_large() -> AppError {
    AppError::Validation(vec![FieldError::new("/rows", "pivot_too_large").with(MOST_CELLS)])
}

/// The same table of the days it is compared with, its days moved beside these.
fn compared(cx: &Cx, db: &mut Db, fact: &Fact, asked: &Asked, kept: &Kept) -> AppResult<Option<Table>> {
    let Some((period, shift)) = asked.compared else { return Ok(None) };
    let mut run = |grouping: &Grouping| {
        let groups = groups(cx, db, fact, asked, grouping, Some(period))?;
        Ok(groups.into_iter().filter_map(|group| moved(fact, grouping, shift, group)).collect())
    };
    table(&asked.layout, kept, &mut run).map(Some)
}

fn moved(fact: &Fact, grouping: &Grouping, shift: Shift, group: Group) -> Option<Group> {
    let keys = group.keys.iter().zip(&grouping.axes).map(|(key, axis)| match axis.grain {
        Some(grain) if axis.field == fact.date => shift.moved(grain, key),
        _ => Some(key.clone()),
    });
    Some(Group { keys: keys.collect::<Option<Vec<_>>>()?, parts: group.parts })
}

fn groups(
    cx: &Cx,
    db: &mut Db,
    fact: &Fact,
    asked: &Asked,
    grouping: &Grouping,
    period: Option<regulars_domain::pivot::Period>,
) -> AppResult<Vec<Group>> {
    let scope = PivotScope { period: period.or(asked.period), ..scope(cx, asked) };
    let groups = pivot_groups(db, fact, &scope, grouping, MOST_GROUPS + 1)?;
    if groups.len() > MOST_GROUPS { Err(too_large()) } else { Ok(groups) }
}

fn scope(cx: &Cx, asked: &Asked) -> PivotScope {
    PivotScope {
        reach: cx.visible(Resource::Order, Action::Read),
        customers: cx.visible(Resource::Customer, Action::Read),
        test: asked.test.clone(),
        period: asked.period,
    }
}
