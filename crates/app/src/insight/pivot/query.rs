//! What can be asked, and whether it makes sense.

use chrono::NaiveDate;
use regulars_domain::condition::{Condition, FieldType, Test};
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::pivot::{Aggregate, Axis, Compare, Grain, Layout, Period, Preset, Shift, Side, Top};
use regulars_persistence::insight::pivot::Fact;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::list::condition_check;
use crate::{AppResult, Cx};

/// What a measure does with the facts of a cell.
pub const AGGREGATES: [&str; 4] = ["count", "sum", "average", "distinct"];
/// What is shown of a measure.
pub const SHOWN: [&str; 6] = ["value", "row_share", "column_share", "total_share", "change", "change_share"];
/// Most axes of one side, and of both.
const MOST_AXES: usize = 3;
const MOST_OF_BOTH: usize = 4;
const MOST_MEASURES: usize = 8;
const MOST_TOP: usize = 100;

/// A question: which facts, divided by what into rows and columns, and what of each cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fact": "order_lines", "rows": [{"field": "category"}],
    "columns": [{"field": "ordered_on", "grain": "month"}], "measures": [{"aggregate": "sum", "field": "amount"}],
    "period": {"preset": "last_12_months"}}))]
pub struct PivotQuery {
    #[schema(value_type = crate::shape::PivotFact)]
    pub fact: String,
    #[serde(default)]
    pub rows: Vec<PivotAxis>,
    #[serde(default)]
    pub columns: Vec<PivotAxis>,
    pub measures: Vec<PivotMeasure>,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub filter: Option<Condition>,
    pub period: Option<PivotPeriod>,
    /// With what measures that show a change are compared.
    #[schema(value_type = Option<crate::shape::PivotCompare>)]
    pub compare: Option<Compare>,
    pub sort: Option<PivotSort>,
}

/// A field that facts are divided by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotAxis {
    #[schema(example = "category")]
    pub field: String,
    /// How wide the buckets of a date are; `day` when absent.
    #[schema(value_type = Option<crate::shape::PivotGrain>)]
    pub grain: Option<Grain>,
    pub top: Option<PivotTop>,
}

/// Only the largest groups; the others are one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotTop {
    /// 1 – 100.
    #[schema(example = 10)]
    pub n: usize,
    /// The measure they are the largest by, counted from 0.
    #[serde(default)]
    pub measure: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotMeasure {
    #[schema(value_type = crate::shape::PivotAggregate)]
    pub aggregate: String,
    /// What is summed, averaged or counted; absent for `count`.
    #[schema(example = "amount")]
    pub field: Option<String>,
    /// `value` when absent.
    #[schema(value_type = Option<crate::shape::PivotShown>)]
    pub show: Option<String>,
}

/// Days that move with today, or from one day to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotPeriod {
    #[schema(value_type = Option<crate::shape::PivotPreset>)]
    pub preset: Option<Preset>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// The order of the rows: by what they come to, or by their own when no measure is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotSort {
    /// Counted from 0.
    pub measure: Option<usize>,
    #[serde(default)]
    pub descending: bool,
}

/// A query that makes sense.
pub(super) struct Asked {
    pub layout: Layout,
    pub measures: Vec<Measured>,
    pub test: Option<Test>,
    pub period: Option<Period>,
    pub compared: Option<(Period, Shift)>,
    pub sort: Option<PivotSort>,
}

/// A measure, with the place of what it needs among the aggregates.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub at: usize,
    pub aggregate: String,
    pub field: Option<String>,
    pub show: String,
}

impl Measured {
    pub fn changes(&self) -> bool {
        matches!(self.show.as_str(), "change" | "change_share")
    }
}

pub(super) fn asked(cx: &Cx, fact: &Fact, query: &PivotQuery) -> AppResult<Asked> {
    let mut checks = Checks::default();
    let (measures, aggregates) = measures(fact, query, &mut checks);
    let rows = side("rows", fact, query, &query.rows, &measures, &mut checks);
    let columns = side("columns", fact, query, &query.columns, &measures, &mut checks);
    if query.rows.len() + query.columns.len() > MOST_OF_BOTH {
        checks.fail_with("/columns", "too_many", MOST_OF_BOTH);
    }
    let today = cx.today()?;
    let period = query.period.as_ref().and_then(|period| period.read(today, "/period", &mut checks));
    let changes = measures.iter().any(Measured::changes);
    let compared = match (changes, query.compare, period) {
        (false, ..) => None,
        (true, Some(compare), Some(period)) => Some(period.compared(compare)),
        (true, None, _) => {
            checks.fail("/compare", "required");
            None
        }
        (true, _, None) => {
            checks.fail("/period", "required");
            None
        }
    };
    if let Some((_, shift)) = compared {
        for (name, axes) in [("rows", &query.rows), ("columns", &query.columns)] {
            for (at, axis) in axes.iter().enumerate() {
                if axis.field == fact.date && !shift.aligns(axis.grain.unwrap_or(Grain::Day)) {
                    checks.fail(format!("/{name}/{at}/grain"), "compare_not_aligned");
                }
            }
        }
    }
    if query.sort.as_ref().and_then(|sort| sort.measure).is_some_and(|at| at >= query.measures.len()) {
        checks.fail_with("/sort/measure", "out_of_range", format!("0 – {}", query.measures.len().saturating_sub(1)));
    }
    checks.done()?;
    let test = query.filter.as_ref().map(|filter| condition_check(cx, &fact.catalogue, filter)).transpose()?;
    Ok(Asked {
        layout: Layout { rows, columns, aggregates },
        measures,
        test,
        period,
        compared,
        sort: query.sort.clone(),
    })
}

fn measures(fact: &Fact, query: &PivotQuery, checks: &mut Checks) -> (Vec<Measured>, Vec<Aggregate>) {
    if query.measures.is_empty() {
        checks.fail("/measures", "required");
    }
    if query.measures.len() > MOST_MEASURES {
        checks.fail_with("/measures", "too_many", MOST_MEASURES);
    }
    let (mut measures, mut aggregates) = (Vec::new(), Vec::new());
    for (index, measure) in query.measures.iter().enumerate() {
        let at = format!("/measures/{index}");
        let show = measure.show.clone().unwrap_or_else(|| "value".into());
        checks.one_of(&format!("{at}/aggregate"), &measure.aggregate, &AGGREGATES);
        checks.one_of(&format!("{at}/show"), &show, &SHOWN);
        let sums: Vec<&str> = fact.measures.iter().map(|measure| measure.name).collect();
        let field = measure.field.as_deref();
        let one_of = |checks: &mut Checks, allowed: &[&str]| match field {
            Some(field) => checks.one_of(&format!("{at}/field"), field, allowed),
            None => checks.fail(format!("{at}/field"), "required"),
        };
        let name = field.unwrap_or_default().to_string();
        let aggregate = match measure.aggregate.as_str() {
            "distinct" => {
                one_of(checks, &fact.distinct);
                Aggregate::Distinct(name)
            }
            "sum" | "average" => {
                one_of(checks, &sums);
                Aggregate::Sum(name)
            }
            _ => {
                if field.is_some() {
                    checks.fail(format!("{at}/field"), "not_allowed_here");
                }
                Aggregate::Count
            }
        };
        if measure.aggregate == "average" && show.ends_with("share") {
            checks.fail(format!("{at}/show"), "average_has_no_share");
        }
        let known = aggregates.iter().position(|one| *one == aggregate);
        let place = known.unwrap_or_else(|| {
            aggregates.push(aggregate);
            aggregates.len() - 1
        });
        measures.push(Measured { at: place, aggregate: measure.aggregate.clone(), field: measure.field.clone(), show });
    }
    (measures, aggregates)
}

fn side(
    name: &str,
    fact: &Fact,
    query: &PivotQuery,
    axes: &[PivotAxis],
    measures: &[Measured],
    checks: &mut Checks,
) -> Side {
    if axes.len() > MOST_AXES {
        checks.fail_with(format!("/{name}"), "too_many", MOST_AXES);
    }
    let mut side = Side::default();
    for (index, axis) in axes.iter().enumerate() {
        let at = format!("/{name}/{index}");
        let twins =
            query.rows.iter().chain(&query.columns).filter(|one| one.field == axis.field && one.grain == axis.grain);
        if twins.count() > 1 {
            checks.fail(format!("{at}/field"), "duplicate");
        }
        let is_date = match fact.catalogue.field(&axis.field) {
            None => {
                checks.0.push(FieldError::new(format!("{at}/field"), "unknown_field").with(&axis.field));
                continue;
            }
            Some(field) if fact.catalogue.is_masked(&field.name) => {
                checks.0.push(FieldError::new(format!("{at}/field"), "field_masked").with(&axis.field));
                continue;
            }
            Some(field) if !fact.divides(field) => {
                checks.0.push(FieldError::new(format!("{at}/field"), "field_divides_nothing").with(&axis.field));
                continue;
            }
            Some(field) => field.kind == FieldType::Date,
        };
        if axis.grain.is_some() && !is_date {
            checks.fail(format!("{at}/grain"), "not_allowed_here");
        }
        let top = axis.top.as_ref().map(|top| {
            if !(1..=MOST_TOP).contains(&top.n) {
                checks.fail_with(format!("{at}/top/n"), "out_of_range", format!("1 – {MOST_TOP}"));
            }
            if top.measure >= query.measures.len() {
                let most = query.measures.len().saturating_sub(1);
                checks.fail_with(format!("{at}/top/measure"), "out_of_range", format!("0 – {most}"));
            }
            Top { n: top.n, aggregate: measures.get(top.measure).map_or(0, |measure| measure.at) }
        });
        let grain = is_date.then(|| axis.grain.unwrap_or(Grain::Day));
        side.axes.push((Axis { field: axis.field.clone(), grain }, top));
    }
    side
}

impl PivotPeriod {
    /// The days it means on a business day; what is wrong with it is noted under `at`.
    pub(crate) fn read(&self, today: NaiveDate, at: &str, checks: &mut Checks) -> Option<Period> {
        match (self.preset, self.from, self.to) {
            (Some(preset), None, None) => Some(preset.period(today)),
            (None, Some(from), Some(to)) => {
                if from > to {
                    checks.fail(format!("{at}/to"), "ends_before_it_begins");
                }
                Some(Period { from, to })
            }
            (Some(_), ..) => {
                checks.fail(format!("{at}/preset"), "not_allowed_here");
                None
            }
            (None, from, _) => {
                let missing = if from.is_none() { "from" } else { "to" };
                checks.fail(format!("{at}/{missing}"), "required");
                None
            }
        }
    }
}
