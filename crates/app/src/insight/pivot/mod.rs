//! Pivots: facts divided by any two sides, drilled to the records behind a cell.

mod answer;
pub(crate) mod division;
mod facts;
mod fields;
mod labels;
pub mod memory;
mod plan;
mod query;
mod records;
mod words;

use regulars_analytics::pivot::{Unanswered, groups as divide};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::FieldError;
use regulars_domain::pivot::{Group, Grouping, Kept, Period, Shift, Table, kept, table};
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::{Fact, PivotScope, pivot_groups};

pub use answer::{PivotHeader, PivotKey, PivotMeasureView, PivotPeriodView, PivotView};
pub use facts::{PivotRecord, RECORDS};
pub use fields::{PivotFactView, PivotField, PivotMeasureField, pivot_fact_list};
pub use query::{AGGREGATES, PivotAxis, PivotMeasure, PivotPeriod, PivotQuery, PivotSort, PivotTop, SHOWN};
pub use records::{PivotPlace, PivotRecordsInput, pivot_records};

use crate::insight::counts_when;
use crate::{AppError, AppResult, Cx};
use plan::Plan;
use query::Asked;

/// Who answers.
pub const EXECUTORS: [&str; 2] = ["memory", "database"];
/// Most groups of one grouping.
const MOST_GROUPS: usize = 50_000;
/// Most cells of one table, empty ones included.
const MOST_CELLS: usize = 100_000;

/// Answers a query over the facts that the caller sees.
pub fn pivot_run(cx: &Cx, query: PivotQuery) -> AppResult<PivotView> {
    cx.require("insight:metric:read")?;
    let when = counts_when(&*cx.company()?);
    // Before a connection is held: what changed meanwhile is read with one.
    let fresh = memory::current(&cx.app)?;
    let held = fresh.as_ref().and_then(memory::Fresh::held);
    cx.read(|db| {
        let fact = fields::fact_of(cx, db, &query.fact)?;
        let asked = query::asked(cx, &fact, &query)?;
        let plan = match held {
            Some(held) => {
                let kept = (&held.columns, &held.sales);
                Plan::of(db, kept, &fact, &asked.layout, &scope(cx, &fact, &asked), when)?
            }
            None => None,
        };
        let as_of = held.filter(|_| plan.is_some()).map(|held| held.as_of);
        let asking = Asking { cx, fact: &fact, asked: &asked, plan };
        let kept = kept(&asked.layout, &mut |grouping| asking.groups(db, grouping, None))?;
        let mut now = table(&asked.layout, &kept, &mut |grouping| asking.groups(db, grouping, None))?;
        let before = compared(&asking, db, &kept)?;
        if let Some(before) = &before {
            answer::lost_added(&mut now, before, asked.layout.aggregates.len());
        }
        if now.rows.len().saturating_mul(now.columns.len()) > MOST_CELLS {
            return Err(too_large());
        }
        let executor = EXECUTORS[usize::from(as_of.is_none())];
        let view = answer::view(cx, db, &fact, &asked, now, before)?;
        Ok(PivotView { executor: executor.into(), as_of: as_of.unwrap_or(cx.now), ..view })
    })
}

fn too_large() -> AppError {
    AppError::Validation(vec![FieldError::new("/rows", "pivot_too_large").with(MOST_CELLS)])
}

/// A query with who answers its groupings: the columns in memory, if there is a plan for them.
struct Asking<'a> {
    cx: &'a Cx,
    fact: &'a Fact,
    asked: &'a Asked,
    plan: Option<Plan<'a>>,
}

impl Asking<'_> {
    fn groups(&self, db: &mut Db, grouping: &Grouping, period: Option<Period>) -> AppResult<Vec<Group>> {
        let scope = PivotScope { period: period.or(self.asked.period), ..scope(self.cx, self.fact, self.asked) };
        let planned = self.plan.as_ref().and_then(|plan| Some((plan, plan.question(&scope, grouping)?)));
        if let Some((plan, question)) = planned {
            match divide(plan.sales, &question, MOST_GROUPS) {
                Ok(groups) => return Ok(groups),
                Err(Unanswered::TooMany) => return Err(too_large()),
                Err(Unanswered::Unfit) => {}
            }
        }
        let groups = pivot_groups(db, self.fact, &scope, grouping, MOST_GROUPS + 1)?;
        if groups.len() > MOST_GROUPS { Err(too_large()) } else { Ok(groups) }
    }
}

/// The same table of the days it is compared with, its days moved beside these.
fn compared(asking: &Asking<'_>, db: &mut Db, kept: &Kept) -> AppResult<Option<Table>> {
    let Some((period, shift)) = asking.asked.compared else { return Ok(None) };
    let mut run = |grouping: &Grouping| {
        let groups = asking.groups(db, grouping, Some(period))?;
        Ok(groups.into_iter().filter_map(|group| moved(asking.fact, grouping, shift, group)).collect())
    };
    table(&asking.asked.layout, kept, &mut run).map(Some)
}

fn moved(fact: &Fact, grouping: &Grouping, shift: Shift, group: Group) -> Option<Group> {
    let keys = group.keys.iter().zip(&grouping.axes).map(|(key, axis)| match axis.grain {
        Some(grain) if axis.field == fact.date => shift.moved(grain, key),
        _ => Some(key.clone()),
    });
    Some(Group { keys: keys.collect::<Option<Vec<_>>>()?, parts: group.parts })
}

fn scope(cx: &Cx, fact: &Fact, asked: &Asked) -> PivotScope {
    PivotScope {
        reach: cx.visible(fact.reached.resource, Action::Read),
        customers: cx.visible(Resource::Customer, Action::Read),
        test: asked.test.clone(),
        period: asked.period,
    }
}
