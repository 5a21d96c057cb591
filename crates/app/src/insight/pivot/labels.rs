//! What the keys of a pivot are called, and in which order they stand.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use regulars_domain::condition::FieldType;
use regulars_domain::naming::reading;
use regulars_domain::pivot::{Axis, Grain, Key, Table};
use regulars_persistence::Db;
use regulars_persistence::access::names::names_of;
use regulars_persistence::insight::pivot::Fact;
use regulars_persistence::sales::pipeline::{pipeline_list, stages_of};
use regulars_persistence::types::AnyId;
use uuid::Uuid;

use super::answer::{PivotHeader, PivotKey, axes_of};
use super::fields::{PivotField, fields_of, names_records};
use super::query::Asked;
use super::words;
use crate::told::name_reach;
use crate::{AppResult, Cx};

/// What keys are called, and in which order they stand.
pub(super) struct Labels {
    fields: HashMap<String, PivotField>,
    /// Fields whose keys are ids.
    records: BTreeSet<String>,
    /// Of records within sight; of stages and pipelines too, retired ones among them.
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
        if records.iter().any(|name| fact.catalogue.field(name).is_some_and(|field| field.kind == FieldType::Choice)) {
            let pipelines = pipeline_list(db, cx.actor.organisation_reach())?;
            let ids: Vec<_> = pipelines.iter().map(|line| line.id).collect();
            let stages = stages_of(db, &ids)?.into_iter().map(|stage| (stage.id.to_string(), stage.name));
            names.extend(stages);
            names.extend(pipelines.into_iter().map(|line| (line.id.to_string(), line.name)));
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
        let field = self.fields.get(&axis.field);
        let option = field.and_then(|field| field.options.as_ref()?.iter().find(|option| option.value == *text));
        if let Some(option) = option {
            return option.label.clone();
        }
        if self.records.contains(&axis.field) {
            return self.names.get(text).cloned().unwrap_or_else(|| words::unseen(self.english).into());
        }
        if field.is_some_and(|field| field.kind == "bool") {
            return words::truth(text == "true", self.english).into();
        }
        text.clone()
    }

    /// The natural order: days and numbers rising, choices as their list has them, names as they are read.
    pub fn order(&self, axes: &[&Axis], a: &[Key], b: &[Key]) -> Ordering {
        let each = axes.iter().zip(a.iter().zip(b)).map(|(axis, (a, b))| self.order_of(axis, a, b));
        each.fold(Ordering::Equal, Ordering::then)
    }

    fn order_of(&self, axis: &Axis, a: &Key, b: &Key) -> Ordering {
        let (Key::Value(of_a), Key::Value(of_b)) = (a, b) else { return a.cmp(b) };
        let field = self.fields.get(&axis.field);
        if self.records.contains(&axis.field) && field.is_none_or(|field| field.options.is_none()) {
            let read = |id: &String| self.readings.get(id).map_or((true, ""), |reading| (false, reading));
            return read(of_a).cmp(&read(of_b)).then_with(|| of_a.cmp(of_b));
        }
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
