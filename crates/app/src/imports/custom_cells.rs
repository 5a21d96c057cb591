//! Texts of a file as values of custom fields, in the form every other way in uses; the checks are the custom fields' own.

use regulars_domain::money::format_decimal;
use regulars_persistence::customers::custom::CustomDefinition;
use serde_json::{Map, Value, json};

use super::cells::{Cells, LONG};
use super::mapping::CUSTOM_PREFIX;
use super::refs::Refs;
use super::values::{decimal_parse, half_width};

/// Takes a cell in whose column is a custom field's.
pub fn custom_read(
    cells: &mut Cells,
    target: &str,
    (column, text): (usize, &str),
    refs: &Refs,
    said: &mut Map<String, Value>,
) {
    let key = target.strip_prefix(CUSTOM_PREFIX);
    if let Some(field) = refs.custom.iter().find(|field| Some(field.key.as_str()) == key)
        && let Some(value) = custom_value(cells, column, text, field, refs)
    {
        said.insert(field.key.clone(), value);
    }
}

/// The value of a cell, or nothing when it can't be one; the reason is with the cells.
fn custom_value(cells: &mut Cells, column: usize, text: &str, field: &CustomDefinition, refs: &Refs) -> Option<Value> {
    match field.field_type.as_str() {
        "number" => {
            const PLACES: u32 = 6;
            match decimal_parse(text, cells.plan.options.decimal, PLACES) {
                Ok(units) => format_decimal(units, PLACES).parse::<f64>().ok().map(|number| json!(number)),
                Err(fault) => {
                    cells.fault(Some(column), fault.code(), fault.text(true), fault.text(false));
                    None
                }
            }
        }
        "money" => {
            let exponent = cells.exponent;
            cells.money(column, text).map(|minor| json!(format_decimal(minor, exponent)))
        }
        "date" => cells.date(column, text).map(|date| json!(date)),
        "bool" => cells.bool(column, text).map(|flag| json!(flag)),
        "choice" => choice(cells, column, text, field).map(|key| json!(key)),
        "multi_choice" => {
            let parts =
                text.split([',', '，', ';', '；', '、', '|', '\n']).map(str::trim).filter(|part| !part.is_empty());
            let keys: Vec<Option<String>> = parts.map(|part| choice(cells, column, part, field)).collect();
            keys.into_iter().collect::<Option<Vec<String>>>().map(|keys| json!(keys))
        }
        "user" => cells.person(column, text, refs).map(|(id, _)| json!(id)),
        "party" => {
            cells.fault(Some(column), "not_importable", "该字段不能导入", "This field can't be imported");
            None
        }
        _ => cells.text(column, text, LONG).map(|text| json!(text)),
    }
}

/// A choice by its key or by its label in either language.
fn choice(cells: &mut Cells, column: usize, text: &str, field: &CustomDefinition) -> Option<String> {
    let wanted = half_width(text).to_lowercase();
    let answers = |choice: &&Value| {
        let names = ["key", "label_zh", "label_en"].iter().filter_map(|name| choice[*name].as_str());
        names.map(|name| half_width(name).to_lowercase()).any(|name| name == wanted)
    };
    let found = field.choices.as_array().into_iter().flatten().find(answers);
    let key = found.and_then(|choice| choice["key"].as_str()).map(str::to_owned);
    if key.is_none() {
        let (zh, en) = (format!("没有选项「{text}」"), format!("There is no choice \"{text}\""));
        cells.fault(Some(column), "unknown_choice", zh, en);
    }
    key
}
