//! The table of a pivot as it is shown: named, sorted, written in decimals.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use regulars_domain::money::{decimals, format_decimal};
use regulars_domain::naming::reading;
use regulars_domain::pivot::{Axis, Grain, Key, Part, Period, Table, quotient};
use regulars_persistence::Db;
use regulars_persistence::access::names::names_of;
use regulars_persistence::insight::pivot::{Fact, Unit};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fields::{PivotField, fields_of, names_records, unit_key};
use super::query::{Asked, Measured};
use super::words;
use crate::money::QUANTITY_PLACES;
use crate::told::name_reach;
use crate::{AppResult, Cx};

/// Decimal places of shares: 0.123457 is 12.3457 %.
const SHARE_PLACES: u32 = 6;

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

fn axes_of(side: &regulars_domain::pivot::Side) -> Vec<&Axis> {
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
    fn unit(&self, measure: &Measured) -> Option<Unit> {
        measure.field.as_deref().and_then(|field| self.fact.measure(field)).map(|measure| measure.unit)
    }

    pub fn head(&self, measure: &Measured) -> PivotMeasureView {
        let field = measure.field.as_deref().unwrap_or_default();
        let name = match measure.aggregate.as_str() {
            "sum" => words::measure(field, self.english).to_string(),
            "average" => words::average(words::measure(field, self.english), self.english),
            "distinct" => words::distinct(field, self.english).to_string(),
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
            None => 0,
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
                Some(format_decimal(change, self.places(measure)))
            }
            "change_share" => quotient(now.sum.checked_sub(before.sum)?, before.sum, SHARE_PLACES),
            _ => Some(format_decimal(measure.figure(now)?, self.places(measure))),
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

/// What keys are called, and in which order they stand.
pub(super) struct Labels {
    fields: HashMap<String, PivotField>,
    /// Fields whose keys are ids.
    records: BTreeSet<String>,
    names: HashMap<String, String>,
    /// Names as they are sorted: Chinese by how it is read.
    readings: HashMap<String, String>,
    english: bool,
}

impl Labels {
    pub fn read(cx: &Cx, db: &mut Db, fact: &Fact, asked: &Asked, table: &Table) -> AppResult<Self> {
        let axes: Vec<Vec<&Axis>> = vec![axes_of(&asked.layout.rows), axes_of(&asked.layout.columns)];
        let mut records = BTreeSet::new();
        let mut ids: BTreeSet<Uuid> = BTreeSet::new();
        for (axes, headers) in axes.iter().zip([&table.rows, &table.columns]) {
            for (at, axis) in axes.iter().enumerate() {
                let named = fact.catalogue.field(&axis.field).is_some_and(names_records);
                if !named {
                    continue;
                }
                records.insert(axis.field.clone());
                ids.extend(headers.iter().filter_map(|keys| match keys.get(at)? {
                    Key::Value(text) => Uuid::parse_str(text).ok(),
                    _ => None,
                }));
            }
        }
        let ids: Vec<AnyId> = ids.into_iter().map(AnyId).collect();
        let mut names = HashMap::new();
        for chunk in ids.chunks(500) {
            names.extend(names_of(db, chunk, &name_reach(cx))?.into_iter().map(|row| (row.id.0.to_string(), row.name)));
        }
        let readings = names.iter().map(|(id, name)| (id.clone(), reading(name, false))).collect();
        let fields = fields_of(cx, db, fact)?.into_iter().map(|field| (field.field.clone(), field)).collect();
        Ok(Self { fields, records, names, readings, english: cx.request.locale == "en" })
    }

    pub fn header(&self, axes: &[&Axis], keys: &[Key]) -> PivotHeader {
        let keys = keys.iter().zip(axes).map(|(key, axis)| PivotKey {
            value: match key {
                Key::Value(text) => Some(text.clone()),
                Key::Missing | Key::Others => None,
            },
            label: self.label(axis, key),
            others: *key == Key::Others,
        });
        PivotHeader { keys: keys.collect() }
    }

    fn label(&self, axis: &Axis, key: &Key) -> String {
        let text = match key {
            Key::Missing => return words::missing(self.english).into(),
            Key::Others => return words::others(self.english).into(),
            Key::Value(text) => text,
        };
        if let Some(grain) = axis.grain {
            return text.parse().map_or_else(|_| text.clone(), |day| bucket_label(grain, day));
        }
        if self.records.contains(&axis.field) {
            return self.names.get(text).cloned().unwrap_or_else(|| words::unseen(self.english).into());
        }
        let field = self.fields.get(&axis.field);
        if field.is_some_and(|field| field.kind == "bool") {
            return words::truth(text == "true", self.english).into();
        }
        let option = field.and_then(|field| field.options.as_ref()?.iter().find(|option| option.value == *text));
        option.map_or_else(|| text.clone(), |option| option.label.clone())
    }

    /// The natural order: days and numbers rising, choices as their list has them, names as they are read.
    fn order(&self, axes: &[&Axis], a: &[Key], b: &[Key]) -> Ordering {
        let each = axes.iter().zip(a.iter().zip(b)).map(|(axis, (a, b))| self.order_of(axis, a, b));
        each.fold(Ordering::Equal, Ordering::then)
    }

    fn order_of(&self, axis: &Axis, a: &Key, b: &Key) -> Ordering {
        let (Key::Value(of_a), Key::Value(of_b)) = (a, b) else { return a.cmp(b) };
        if self.records.contains(&axis.field) {
            let read = |id: &String| self.readings.get(id).map_or((true, ""), |reading| (false, reading));
            return read(of_a).cmp(&read(of_b)).then_with(|| of_a.cmp(of_b));
        }
        let field = self.fields.get(&axis.field);
        if field.is_some_and(|field| field.kind == "integer") {
            let number = |text: &String| text.parse::<i64>().unwrap_or(i64::MAX);
            return number(of_a).cmp(&number(of_b));
        }
        let place = |key: &String| {
            let options = field.and_then(|field| field.options.as_ref());
            options.and_then(|options| options.iter().position(|option| option.value == *key)).unwrap_or(usize::MAX)
        };
        place(of_a).cmp(&place(of_b)).then_with(|| of_a.cmp(of_b))
    }
}

/// `2026`, `2026-Q1`, `2026-01`, `2026-W05`, `2026-01-31`.
fn bucket_label(grain: Grain, first: NaiveDate) -> String {
    match grain {
        Grain::Day => first.to_string(),
        Grain::Week => {
            let week = first.iso_week();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Grain::Month => first.format("%Y-%m").to_string(),
        Grain::Quarter => format!("{}-Q{}", first.year(), first.month0() / 3 + 1),
        Grain::Year => first.year().to_string(),
    }
}
