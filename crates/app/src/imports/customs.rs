//! Values of custom fields that rows bring: checked as every other way in checks them, held against what stands and
//! against one another.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::{CustomFieldId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::custom::{CustomValueRow, custom_keys_held, custom_values_of};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cells::CellFault;
use super::mapping::CUSTOM_PREFIX;
use super::outcome::{Change, fault};
use super::run::Run;
use crate::AppResult;
use crate::customers::custom::{custom_check, required_in};

/// One custom field as it stood.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CustomBefore {
    pub field_id: CustomFieldId,
    pub rows: Vec<CustomStored>,
}

/// A stored custom value, to be kept as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CustomStored {
    position: i32,
    text: Option<String>,
    number: Option<f64>,
    int: Option<i64>,
    date: Option<NaiveDate>,
    unique_key: Option<String>,
}

impl From<&CustomValueRow> for CustomStored {
    fn from(row: &CustomValueRow) -> Self {
        Self {
            position: row.position,
            text: row.text_value.clone(),
            number: row.number_value,
            int: row.int_value,
            date: row.date_value,
            unique_key: row.unique_key.clone(),
        }
    }
}

impl CustomBefore {
    /// The rows as they are stored again.
    pub fn restored(&self) -> impl Iterator<Item = CustomValueRow> + '_ {
        self.rows.iter().map(|row| CustomValueRow {
            field_id: self.field_id,
            position: row.position,
            text_value: row.text.clone(),
            number_value: row.number,
            int_value: row.int,
            date_value: row.date,
            unique_key: row.unique_key.clone(),
        })
    }
}

/// Who has a unique value: a record of the store, or the line of the file that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Record(AnyId),
    Line(u64),
}

/// What the rows of one unit in a chunk say of custom fields.
pub struct Customs<'r> {
    run: &'r Run,
    /// Checked values by line of the file.
    said: HashMap<u64, Result<Vec<CustomValueRow>, CellFault>>,
    standing: HashMap<AnyId, Vec<CustomValueRow>>,
    held: HashMap<String, Holder>,
}

impl<'r> Customs<'r> {
    /// Reads what lines say.
    pub fn read<'d>(run: &'r Run, unit: UnitId, lines: impl Iterator<Item = (u64, &'d Map<String, Value>)>) -> Self {
        let said = lines.filter(|(_, said)| !said.is_empty()).map(|(line, said)| (line, checked(run, unit, said)));
        Self { run, said: said.collect(), standing: HashMap::new(), held: HashMap::new() }
    }

    /// Looks up what stands of the records that lines may mean, and who has their unique values.
    pub fn stand(&mut self, db: &mut Db, ids: &[AnyId]) -> AppResult<()> {
        if self.said.is_empty() {
            return Ok(());
        }
        for value in custom_values_of(db, ids)? {
            self.standing.entry(value.resource_id).or_default().push(value.value);
        }
        let rows = self.said.values().flatten().flatten();
        let keys: Vec<String> = rows.filter_map(|row| row.unique_key.clone()).collect();
        for (key, holder) in custom_keys_held(db, &keys)? {
            self.held.insert(key, Holder::Record(holder));
        }
        Ok(())
    }

    /// The unique key that a line has of a field.
    pub fn key_of(&self, line: u64, field: CustomFieldId) -> Option<String> {
        let rows = self.said.get(&line)?.as_ref().ok()?;
        rows.iter().find(|row| row.field_id == field)?.unique_key.clone()
    }

    /// Why the line can't be taken, if its values are wrong in themselves.
    pub fn sound(&self, line: u64) -> Result<(), CellFault> {
        match self.said.get(&line) {
            Some(Err(fault)) => Err(fault.clone()),
            _ => Ok(()),
        }
    }

    /// The values of a line, whose unique ones are its holder's from now on; refused when they are another's.
    pub fn take(&mut self, line: u64, holder: Holder) -> Result<Vec<CustomValueRow>, CellFault> {
        let Some(rows) = self.said.get(&line) else { return Ok(Vec::new()) };
        let rows = rows.clone()?;
        for row in &rows {
            let Some(key) = &row.unique_key else { continue };
            match self.held.entry(key.clone()) {
                Entry::Occupied(held) if *held.get() != holder => return Err(self.taken(row)),
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(holder);
                }
            }
        }
        Ok(rows)
    }

    fn taken(&self, row: &CustomValueRow) -> CellFault {
        let field = self.run.refs.custom.iter().find(|field| field.id == row.field_id);
        let (zh, en) = field.map_or(("", ""), |field| (field.label_zh.as_str(), field.label_en.as_str()));
        fault(
            self.run,
            "value_taken",
            format!("「{zh}」的值已被另一条记录使用"),
            format!("Another record has this value of \"{en}\""),
        )
    }

    /// A new record needs the custom fields that are required, as one written by hand does. `record` is what the line
    /// says of it, under the names that decide.
    pub fn required(&self, said: &Map<String, Value>, record: &Value) -> Result<(), CellFault> {
        let mut fields = self.run.refs.custom.iter();
        match fields.find(|field| !said.contains_key(&field.key) && required_in(field, record)) {
            None => Ok(()),
            Some(field) => Err(fault(
                self.run,
                "required",
                format!("「{}」必填", field.label_zh),
                format!("\"{}\" is required", field.label_en),
            )),
        }
    }

    /// The values that differ from those that stand, and what stood.
    pub fn changes(
        &self,
        id: AnyId,
        (said, rows): (&Map<String, Value>, &[CustomValueRow]),
        changes: &mut Vec<Change>,
    ) -> (Vec<CustomBefore>, Vec<CustomValueRow>) {
        let standing = self.standing.get(&id).map(Vec::as_slice).unwrap_or_default();
        let (mut before, mut changed) = (Vec::new(), Vec::new());
        for field in self.run.refs.custom.iter().filter(|field| said.contains_key(&field.key)) {
            let of = |rows: &[CustomValueRow]| -> Vec<CustomValueRow> {
                let mut own: Vec<_> = rows.iter().filter(|row| row.field_id == field.id).cloned().collect();
                own.sort_by_key(|row| row.position);
                own
            };
            let (old, new) = (of(standing), of(rows));
            if old != new {
                changes.push(Change {
                    field: format!("{CUSTOM_PREFIX}{}", field.key),
                    before: if old.is_empty() { Value::Null } else { shown_value(&old) },
                    after: said.get(&field.key).cloned().unwrap_or_default(),
                });
                before.push(CustomBefore { field_id: field.id, rows: old.iter().map(CustomStored::from).collect() });
                changed.extend(new);
            }
        }
        (before, changed)
    }
}

/// What a line says, as the check shows it.
pub fn custom_shown(said: &Map<String, Value>) -> impl Iterator<Item = (String, Value)> + '_ {
    said.iter().map(|(key, value)| (format!("{CUSTOM_PREFIX}{key}"), value.clone()))
}

/// A stored value as the check shows it.
fn shown_value(rows: &[CustomValueRow]) -> Value {
    let one = |row: &CustomValueRow| match (&row.text_value, row.number_value, row.int_value, row.date_value) {
        (Some(text), ..) => json!(text),
        (_, Some(number), ..) => json!(number),
        (_, _, Some(int), _) => json!(int),
        (.., date) => json!(date),
    };
    match rows {
        [only] => one(only),
        many => many.iter().map(one).collect(),
    }
}

fn checked(run: &Run, unit: UnitId, said: &Map<String, Value>) -> Result<Vec<CustomValueRow>, CellFault> {
    let mut checks = Checks::default();
    let values = custom_check(&mut checks, &run.refs.custom, said, (unit, &run.currency), None);
    match checks.0.first() {
        None => Ok(values.rows),
        Some(error) => {
            let key = error.pointer.trim_start_matches("/custom/");
            let (zh, en) = (format!("「{key}」的值无效"), format!("The value of \"{key}\" is not valid"));
            Err(fault(run, &error.code, zh, en))
        }
    }
}
