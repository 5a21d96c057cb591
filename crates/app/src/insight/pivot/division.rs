//! Facts divided once by a few fields, for the pages that have their own way of telling what comes out. What may be asked
//! and what is seen is decided as for every pivot.

use regulars_domain::condition::Condition;
use regulars_domain::money::format_decimal;
use regulars_domain::pivot::{Group, Grouping, Key, Table};
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::{Fact, pivot_groups};

use super::answer::{PivotKey, PivotMeasureView, Shower};
use super::labels::Labels;
use super::query::{self, Asked, PivotMeasure, PivotPeriod, PivotQuery};
use super::{PivotAxis, fields, scope, too_large};
use crate::{AppResult, Cx};

/// A query without columns that was answered by groups.
pub(crate) struct Division {
    fact: Fact,
    asked: Asked,
    /// In no order.
    pub groups: Vec<Group>,
}

/// A question of a page: rows, measures and no more.
pub(crate) fn question(
    fact: &str,
    rows: Vec<PivotAxis>,
    measures: Vec<PivotMeasure>,
    filter: Option<Condition>,
    period: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
) -> PivotQuery {
    let period = period.map(|(from, to)| PivotPeriod { preset: None, from: Some(from), to: Some(to) });
    PivotQuery { fact: fact.into(), rows, columns: Vec::new(), measures, filter, period, compare: None, sort: None }
}

/// An axis without a limit.
pub(crate) fn axis(field: &str, grain: Option<regulars_domain::pivot::Grain>) -> PivotAxis {
    PivotAxis { field: field.into(), grain, top: None }
}

/// `sum` or `distinct` of a field; facts are counted where none is named.
pub(crate) fn measure(aggregate: &str, field: Option<&str>) -> PivotMeasure {
    PivotMeasure { aggregate: aggregate.into(), field: field.map(String::from), show: None }
}

/// The condition of both, where there are both.
pub(crate) fn both(one: Option<Condition>, other: Condition) -> Condition {
    match one {
        Some(one) => Condition::all(vec![one, other]),
        None => other,
    }
}

impl Division {
    /// Refuses more than `most` groups.
    pub fn read(cx: &Cx, db: &mut Db, query: &PivotQuery, most: usize) -> AppResult<Self> {
        let fact = fields::fact_of(cx, db, &query.fact)?;
        Self::of(cx, db, fact, query, most)
    }

    /// The same of orders that are paid in full, whatever the company's setting counts as bought.
    pub fn paid(cx: &Cx, db: &mut Db, query: &PivotQuery, most: usize) -> AppResult<Self> {
        let fact = fields::fact_when(cx, db, &query.fact, CountsWhen::Paid)?;
        Self::of(cx, db, fact, query, most)
    }

    fn of(cx: &Cx, db: &mut Db, fact: Fact, query: &PivotQuery, most: usize) -> AppResult<Self> {
        let asked = query::asked(cx, &fact, query)?;
        let axes: Vec<_> = asked.layout.rows.axes.iter().map(|(axis, _)| axis.clone()).collect();
        let grouping = Grouping { kept: vec![None; axes.len()], axes, aggregates: asked.layout.aggregates.clone() };
        let groups = pivot_groups(db, &fact, &scope(cx, &fact, &asked), &grouping, most + 1)?;
        if groups.len() > most { Err(too_large()) } else { Ok(Self { fact, asked, groups }) }
    }

    /// The keys as people read them.
    pub fn labelled(&self, cx: &Cx, db: &mut Db, keys: Vec<Vec<Key>>) -> AppResult<Vec<Vec<PivotKey>>> {
        let table = Table { rows: keys, ..Table::default() };
        let labels = Labels::read(cx, db, &self.fact, &self.asked, &table)?;
        let axes: Vec<_> = self.asked.layout.rows.axes.iter().map(|(axis, _)| axis).collect();
        Ok(table.rows.iter().map(|keys| labels.header(&axes, keys).keys).collect())
    }

    /// What the first measure is called and counts in.
    pub fn head(&self, cx: &Cx) -> AppResult<Option<PivotMeasureView>> {
        let company = cx.company()?;
        let shower = Shower { fact: &self.fact, currency: &company.currency, english: cx.request.locale == "en" };
        Ok(self.asked.measures.first().map(|measure| shower.head(measure)))
    }

    /// A figure of the first measure as it is written.
    pub fn written(&self, cx: &Cx, figure: i64) -> AppResult<String> {
        let company = cx.company()?;
        let shower = Shower { fact: &self.fact, currency: &company.currency, english: false };
        let places = self.asked.measures.first().map_or(0, |measure| shower.places(measure));
        Ok(format_decimal(figure, places))
    }

    /// The whole of a division without axes: the sum of its only group.
    pub fn whole(&self, at: usize) -> i64 {
        self.groups.first().and_then(|group| group.parts.get(at)).map_or(0, |part| part.sum)
    }
}
