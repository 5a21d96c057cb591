//! What became of rows: counted, and told row by row.

use regulars_persistence::import::ImportRow;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::cells::CellFault;
use super::run::Run;

/// Rows by outcome. `rows` counts data rows, without heading and blank rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ImportCounts)]
pub struct Counts {
    pub rows: u64,
    pub create: u64,
    pub update: u64,
    pub unchanged: u64,
    pub reject: u64,
    /// Rows settled so far.
    pub done: u64,
    /// Records an undo left alone, since people had changed or used them.
    pub kept: u64,
    /// Of the rows to be created, those that look like someone who is there already; known after a check.
    pub possible_duplicates: u64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.rows += other.rows;
        self.create += other.create;
        self.update += other.update;
        self.unchanged += other.unchanged;
        self.reject += other.reject;
        self.done += other.done;
        self.kept += other.kept;
        self.possible_duplicates += other.possible_duplicates;
    }
}

/// One member of a row's change, as the screen shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = RowChange)]
pub struct Change {
    pub field: String,
    pub before: Value,
    pub after: Value,
}

/// The outcome of one chunk of rows.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub counts: Counts,
    pub rows: Vec<ImportRow>,
}

/// Created rows a check keeps to show; the rest are only counted.
const SAMPLE_CREATED: u64 = 2000;

impl Tally {
    fn count(&mut self, rows: u64) {
        self.counts.rows += rows;
        self.counts.done += rows;
    }

    pub fn reject(&mut self, line: u64, key: Option<String>, faults: &[CellFault]) {
        self.count(1);
        self.counts.reject += 1;
        self.rows.push(ImportRow { errors: Some(json!(faults)), ..row(line, "reject", None, key) });
    }

    /// `rows` rows of the file stand for one record: the lines of an order.
    pub fn unchanged(&mut self, rows: u64) {
        self.count(rows);
        self.counts.unchanged += rows;
    }

    /// In a check the first rows to be created are kept, so that a person can look at some, and those that look like
    /// someone who is there already. `rows` come with whether they do.
    pub fn create(
        &mut self,
        run: &Run,
        line: u64,
        (rows, doubled): (u64, bool),
        key: Option<String>,
        fields: impl FnOnce() -> Map<String, Value>,
    ) {
        self.count(rows);
        self.counts.create += rows;
        self.counts.possible_duplicates += u64::from(doubled);
        if run.dry && (doubled || run.created_before + self.counts.create <= SAMPLE_CREATED) {
            let changes: Vec<Change> =
                fields().into_iter().map(|(field, after)| Change { field, before: Value::Null, after }).collect();
            self.rows.push(ImportRow { changes: Some(json!(changes)), ..row(line, "create", None, key) });
        }
    }

    pub fn update(
        &mut self,
        line: u64,
        rows: u64,
        id: AnyId,
        key: Option<String>,
        changes: &[Change],
        before: &impl Serialize,
    ) {
        self.count(rows);
        self.counts.update += rows;
        self.rows.push(ImportRow {
            changes: Some(json!(changes)),
            before: serde_json::to_value(before).ok(),
            ..row(line, "update", Some(id), key)
        });
    }
}

impl Tally {
    /// More rows of a record that an earlier row of this run created or changed.
    pub fn appended(&mut self, rows: u64) {
        self.count(rows);
        self.counts.update += rows;
    }
}

fn row(line: u64, outcome: &str, id: Option<AnyId>, key: Option<String>) -> ImportRow {
    ImportRow {
        row_no: i64::try_from(line).unwrap_or(i64::MAX),
        outcome: outcome.to_owned(),
        resource_id: id,
        row_key: key,
        changes: None,
        errors: None,
        before: None,
    }
}

/// A fault of the row as a whole, in the language of the person who imports.
pub fn fault(run: &Run, code: &str, zh: impl Into<String>, en: impl Into<String>) -> CellFault {
    let detail = if run.chinese { zh.into() } else { en.into() };
    CellFault { column: None, code: code.to_owned(), detail }
}

/// The members of `after` that differ from `before`; members `after` doesn't name stay as they are.
pub fn changes_between(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Change> {
    after
        .iter()
        .filter_map(|(field, after)| {
            let before = before.get(field).cloned().unwrap_or(Value::Null);
            (before != *after).then(|| Change { field: field.clone(), before, after: after.clone() })
        })
        .collect()
}

/// A value as a JSON object; empty when it is none.
pub fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
