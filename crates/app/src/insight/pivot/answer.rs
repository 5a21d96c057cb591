//! The table of a pivot as it is shown: named, sorted, written in decimals.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::money::{decimals, format_decimal};
use regulars_domain::pivot::{Axis, Key, Part, Period, Table, quotient};
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::{Fact, Unit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::{About, about};
use super::fields::unit_key;
use super::labels::Labels;
use super::query::{Asked, Measured};
use super::words;
use crate::money::QUANTITY_PLACES;
use crate::{AppResult, Cx};

/// Decimal places of shares: 0.123457 is 12.3457 %.
const SHARE_PLACES: u32 = 6;
const DAY_PLACES: u32 = 1;
const SECONDS_PER_DAY: i64 = 86_400;

/// A table. Cells are decimals as text, exact or rounded once; `null` where nothing is to be said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotView {
    /// Who answered: the columns in memory or the database. They say the same.
    #[schema(value_type = crate::shape::PivotExecutor)]
    pub executor: String,
    /// Everything written up to then is in it.
    pub as_of: DateTime<Utc>,
    pub period: Option<PivotPeriodView>,
    /// The days that changes are counted from.
    pub compared: Option<PivotPeriodView>,
    pub rows: Vec<PivotHeader>,
    pub columns: Vec<PivotHeader>,
    pub measures: Vec<PivotMeasureView>,
    /// By row, column, measure.
    pub cells: Vec<Vec<Vec<Option<String>>>>,
    /// By row, measure.
    pub row_totals: Vec<Vec<Option<String>>>,
    /// By column, measure.
    pub column_totals: Vec<Vec<Option<String>>>,
    /// By measure.
    pub total: Vec<Option<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotPeriodView {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl PivotPeriodView {
    pub(crate) fn of(period: Period) -> Self {
        Self { from: period.from, to: period.to }
    }
}

/// What a row or a column is of: a key for each axis.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotHeader {
    pub keys: Vec<PivotKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotKey {
    /// An id, a word, the first day of a bucket; `null` for facts without a value and for others.
    #[schema(example = "2026-01-01")]
    pub value: Option<String>,
    /// In the caller's language.
    #[schema(example = "2026-01")]
    pub label: String,
    /// The groups that are not among the first few.
    pub others: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotMeasureView {
    pub label: String,
    #[schema(value_type = crate::shape::PivotUnit)]
    pub unit: String,
    /// Of amounts of money.
    #[schema(example = "CNY")]
    pub currency: Option<String>,
}

/// Adds the rows and columns that only the other period has.
pub(super) fn lost_added(now: &mut Table, before: &Table, aggregates: usize) {
    let nothing = vec![Part::default(); aggregates];
    let lost = |there: &[Vec<Key>], here: &[Vec<Key>]| -> Vec<Vec<Key>> {
        let here: BTreeSet<&Vec<Key>> = here.iter().collect();
        there.iter().filter(|keys| !here.contains(keys)).cloned().collect()
    };
    for keys in lost(&before.rows, &now.rows) {
        now.rows.push(keys);
        now.row_totals.push(nothing.clone());
    }
    for keys in lost(&before.columns, &now.columns) {
        now.columns.push(keys);
        now.column_totals.push(nothing.clone());
    }
}

/// What the table of the other period says, found by keys.
struct Before {
    cells: HashMap<(Vec<Key>, Vec<Key>), Vec<Part>>,
    rows: HashMap<Vec<Key>, Vec<Part>>,
    columns: HashMap<Vec<Key>, Vec<Part>>,
    total: Vec<Part>,
}

impl Before {
    fn of(table: Table) -> Self {
        let cells = table
            .cells
            .iter()
            .map(|((row, column), parts)| ((table.rows[*row].clone(), table.columns[*column].clone()), parts.clone()));
        Self {
            cells: cells.collect(),
            rows: table.rows.iter().cloned().zip(table.row_totals.iter().cloned()).collect(),
            columns: table.columns.iter().cloned().zip(table.column_totals.iter().cloned()).collect(),
            total: table.total,
        }
    }
}

pub(super) fn view(
    cx: &Cx,
    db: &mut Db,
    fact: &Fact,
    asked: &Asked,
    mut table: Table,
    before: Option<Table>,
) -> AppResult<PivotView> {
    let company = cx.company()?;
    let shower = Shower { fact, currency: &company.currency, english: cx.request.locale == "en" };
    let labels = Labels::read(cx, db, fact, asked, &table)?;
    let (rows, columns) = (axes_of(&asked.layout.rows), axes_of(&asked.layout.columns));
    table.sort_columns(&|a, b| labels.order(&columns, a.keys, b.keys));
    match asked.sort.as_ref().and_then(|sort| Some((asked.measures.get(sort.measure?)?, sort.descending))) {
        Some((measure, descending)) => table.sort_rows(&|a, b| {
            let figures = measure.compared(a.total, b.total);
            let figures = if descending { figures.reverse() } else { figures };
            let others = |keys: &[Key]| keys.contains(&Key::Others);
            let apart = others(a.keys).cmp(&others(b.keys));
            apart.then(figures).then_with(|| labels.order(&rows, a.keys, b.keys))
        }),
        None => {
            let descending = asked.sort.as_ref().is_some_and(|sort| sort.descending);
            table.sort_rows(&|a, b| {
                let order = labels.order(&rows, a.keys, b.keys);
                if descending { order.reverse() } else { order }
            });
        }
    }
    let before = before.map(Before::of);
    let nothing = vec![Part::default(); asked.layout.aggregates.len()];
    let show = |now: &[Part], before: Option<&Vec<Part>>, whole: &Whole<'_>| -> Vec<Option<String>> {
        let before = before.unwrap_or(&nothing);
        asked.measures.iter().map(|measure| shower.show(measure, now, before, whole)).collect()
    };
    let mut cells = Vec::with_capacity(table.rows.len());
    for (row, row_keys) in table.rows.iter().enumerate() {
        let mut line = Vec::with_capacity(table.columns.len());
        for (column, column_keys) in table.columns.iter().enumerate() {
            let now = table.cells.get(&(row, column));
            let then = before.as_ref().and_then(|b| b.cells.get(&(row_keys.clone(), column_keys.clone())));
            if now.is_none() && then.is_none() {
                line.push(vec![None; asked.measures.len()]);
                continue;
            }
            let whole =
                Whole { row: &table.row_totals[row], column: &table.column_totals[column], total: &table.total };
            line.push(show(now.unwrap_or(&nothing), then, &whole));
        }
        cells.push(line);
    }
    let of_row = |row: usize| {
        let whole = Whole { row: &table.row_totals[row], column: &table.total, total: &table.total };
        show(&table.row_totals[row], before.as_ref().and_then(|b| b.rows.get(&table.rows[row])), &whole)
    };
    let of_column = |column: usize| {
        let whole = Whole { row: &table.total, column: &table.column_totals[column], total: &table.total };
        show(&table.column_totals[column], before.as_ref().and_then(|b| b.columns.get(&table.columns[column])), &whole)
    };
    let whole = Whole { row: &table.total, column: &table.total, total: &table.total };
    Ok(PivotView {
        executor: String::new(),
        as_of: cx.now,
        period: asked.period.map(PivotPeriodView::of),
        compared: asked.compared.map(|(period, _)| PivotPeriodView::of(period)),
        rows: table.rows.iter().map(|keys| labels.header(&rows, keys)).collect(),
        columns: table.columns.iter().map(|keys| labels.header(&columns, keys)).collect(),
        measures: asked.measures.iter().map(|measure| shower.head(measure)).collect(),
        cells,
        row_totals: (0..table.rows.len()).map(of_row).collect(),
        column_totals: (0..table.columns.len()).map(of_column).collect(),
        total: show(&table.total, before.as_ref().map(|b| &b.total), &whole),
    })
}

pub(super) fn axes_of(side: &regulars_domain::pivot::Side) -> Vec<&Axis> {
    side.axes.iter().map(|(axis, _)| axis).collect()
}

/// What a cell is a part of.
struct Whole<'a> {
    row: &'a [Part],
    column: &'a [Part],
    total: &'a [Part],
}

pub(super) struct Shower<'a> {
    pub fact: &'a Fact,
    pub currency: &'a str,
    pub english: bool,
}

impl Shower<'_> {
    fn about(&self) -> &'static About {
        about(self.fact.kind)
    }

    fn unit(&self, measure: &Measured) -> Option<Unit> {
        measure.field.as_deref().and_then(|field| self.fact.measure(field)).map(|measure| measure.unit)
    }

    pub fn head(&self, measure: &Measured) -> PivotMeasureView {
        let field = measure.field.as_deref().unwrap_or_default();
        let name = match measure.aggregate.as_str() {
            "sum" => self.about().measure(field, self.english).to_string(),
            "average" => words::average(self.about().measure(field, self.english), self.english),
            "distinct" => self.about().different(field, self.english).to_string(),
            _ => words::count(self.english).to_string(),
        };
        let shown = words::shown(&measure.show, self.english);
        let label = match (shown, self.english) {
            ("", _) => name,
            (shown, false) => format!("{name}（{shown}）"),
            (shown, true) => format!("{name}, {shown}"),
        };
        let share = measure.show.ends_with("share");
        let unit = if share { "share" } else { self.unit(measure).map_or("count", unit_key) };
        let currency = (unit == "money").then(|| self.currency.to_string());
        PivotMeasureView { label, unit: unit.into(), currency }
    }

    pub fn places(&self, measure: &Measured) -> u32 {
        match self.unit(measure) {
            Some(Unit::Money) => decimals(self.currency),
            Some(Unit::Quantity) => QUANTITY_PLACES,
            Some(Unit::Days) => DAY_PLACES,
            None => 0,
        }
    }

    /// A figure of so many facts as it is told, rounded once.
    fn written(&self, measure: &Measured, figure: i64, facts: i64) -> Option<String> {
        let places = self.places(measure);
        match self.unit(measure) {
            Some(Unit::Days) => quotient(figure, facts.checked_mul(SECONDS_PER_DAY)?, places),
            _ => Some(format_decimal(figure, places)),
        }
    }

    fn show(&self, measure: &Measured, now: &[Part], before: &[Part], whole: &Whole<'_>) -> Option<String> {
        let of = |parts: &[Part]| parts.get(measure.at).copied().unwrap_or_default();
        let (now, before) = (of(now), of(before));
        let share = |of_what: &[Part]| {
            let whole = of_what.get(measure.at).copied().unwrap_or_default();
            quotient(now.sum, whole.sum, SHARE_PLACES)
        };
        match measure.show.as_str() {
            "row_share" => share(whole.row),
            "column_share" => share(whole.column),
            "total_share" => share(whole.total),
            "change" => {
                let change = measure.figure(now)?.checked_sub(measure.figure(before).unwrap_or(0))?;
                self.written(measure, change, 1)
            }
            "change_share" => quotient(now.sum.checked_sub(before.sum)?, before.sum, SHARE_PLACES),
            "value" if measure.aggregate == "average" && self.unit(measure) == Some(Unit::Days) => {
                self.written(measure, now.sum, now.count)
            }
            _ => self.written(measure, measure.figure(now)?, 1),
        }
    }
}

impl Measured {
    /// The figure in its smallest unit; none where no fact has the measure.
    fn figure(&self, part: Part) -> Option<i64> {
        match self.aggregate.as_str() {
            "average" => quotient(part.sum, part.count, 0)?.parse().ok(),
            "sum" if part.count == 0 => None,
            _ => Some(part.sum),
        }
    }

    /// By the exact figures, averages as fractions; what has none comes first.
    fn compared(&self, a: &[Part], b: &[Part]) -> Ordering {
        let of = |parts: &[Part]| parts.get(self.at).copied().unwrap_or_default();
        let (a, b) = (of(a), of(b));
        if self.aggregate == "average" && a.count > 0 && b.count > 0 {
            return (i128::from(a.sum) * i128::from(b.count)).cmp(&(i128::from(b.sum) * i128::from(a.count)));
        }
        (a.count > 0, a.sum).cmp(&(b.count > 0, b.sum))
    }
}
