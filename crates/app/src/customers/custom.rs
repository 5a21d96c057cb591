//! Custom fields: the one place where values are checked, stored and shown, for customers, products and orders.

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::UnitId;
use regulars_domain::money::{Money, MoneyText, decimals, format_decimal};
use regulars_domain::required_if::RequiredIf;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::{CustomDefinition, CustomValueRow, users_known};
use regulars_persistence::customers::parts::CustomPart;
use regulars_persistence::types::AnyId;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{AppError, AppResult};

/// Longest text value, in characters.
const LONGEST: usize = 2000;

/// What checking produced: rows to store, and records the values point to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomValues {
    pub rows: Vec<CustomValueRow>,
    pub users: Vec<(String, Uuid)>,
    pub parties: Vec<(String, Uuid)>,
}

/// Checks `values` against the definitions. Given the whole record as it is written, it also asks for what is missing. A
/// value that must be unique is so within the unit: nothing is learnt across walls.
pub fn custom_check(
    checks: &mut Checks,
    definitions: &[CustomDefinition],
    values: &Map<String, Value>,
    (unit_id, currency): (UnitId, &str),
    record: Option<&Value>,
) -> CustomValues {
    let mut out = CustomValues::default();
    for key in values.keys() {
        if !definitions.iter().any(|field| field.key == *key) {
            checks.fail_with(format!("/custom/{key}"), "unknown_field", key);
        }
    }
    for field in definitions {
        let pointer = format!("/custom/{}", field.key);
        match values.get(&field.key).filter(|value| !is_empty(value)) {
            Some(value) => match rows_of(field, value, currency, &mut out) {
                Ok(rows) => out.rows.extend(rows.into_iter().map(|row| with_unique_key(field, unit_id, row))),
                Err(fault) => checks.0.push(fault.at(&pointer)),
            },
            None if record.is_some_and(|record| required_in(field, record)) => checks.fail(pointer, "required"),
            None => {}
        }
    }
    out
}

/// Whether a field must be filled in a record, given as it is written.
pub fn required_in(field: &CustomDefinition, record: &Value) -> bool {
    field.required || condition_of(field).is_some_and(|condition| condition.applies(record))
}

fn condition_of(field: &CustomDefinition) -> Option<RequiredIf> {
    field.required_if.clone().and_then(|stored| serde_json::from_value(stored).ok())
}

/// Whether a change makes a field required that was not before.
pub fn newly_required(definitions: &[CustomDefinition], before: &Value, after: &Value) -> bool {
    definitions.iter().any(|field| required_in(field, after) && !required_in(field, before))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// A fault of a value, before its place is known.
struct Fault(&'static str, Option<String>);

impl Fault {
    fn at(self, pointer: &str) -> regulars_domain::error::FieldError {
        let error = regulars_domain::error::FieldError::new(pointer, self.0);
        match self.1 {
            Some(param) => error.with(param),
            None => error,
        }
    }
}

fn rows_of(
    field: &CustomDefinition,
    value: &Value,
    currency: &str,
    out: &mut CustomValues,
) -> Result<Vec<CustomValueRow>, Fault> {
    let text = || value.as_str().map(str::trim).ok_or(Fault("wrong_type", Some("text".into())));
    let mut row = CustomValueRow {
        field_id: field.id,
        position: 0,
        text_value: None,
        number_value: None,
        int_value: None,
        date_value: None,
        unique_key: None,
    };
    match field.field_type.as_str() {
        "number" => {
            let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
            row.number_value = Some(number.filter(|n| n.is_finite()).ok_or(Fault("number_invalid", None))?);
        }
        "money" => row.int_value = Some(money(value, currency)?),
        "date" => {
            row.date_value = Some(text()?.parse::<NaiveDate>().map_err(|_| Fault("date_invalid", None))?);
        }
        "bool" => {
            row.int_value = Some(i64::from(value.as_bool().ok_or(Fault("wrong_type", Some("bool".into())))?));
        }
        "choice" => row.text_value = Some(choice(field, text()?)?),
        "multi_choice" => return many(field, value, &row),
        "user" | "party" => {
            let id: Uuid = text()?.parse().map_err(|_| Fault("unknown_reference", None))?;
            let list = if field.field_type == "user" { &mut out.users } else { &mut out.parties };
            list.push((field.key.clone(), id));
            row.text_value = Some(id.to_string());
        }
        _ => {
            let text = text()?;
            if text.chars().count() > LONGEST {
                return Err(Fault("too_long", Some(LONGEST.to_string())));
            }
            row.text_value = Some(text.into());
        }
    }
    Ok(vec![row])
}

fn money(value: &Value, currency: &str) -> Result<i64, Fault> {
    let shape: MoneyText = match value {
        Value::String(amount) => MoneyText { amount: amount.clone(), currency: currency.into() },
        other => serde_json::from_value(other.clone()).map_err(|_| Fault("wrong_type", Some("money".into())))?,
    };
    if shape.currency != currency {
        return Err(Fault("currency_mismatch", Some(currency.into())));
    }
    regulars_domain::money::parse_decimal(&shape.amount, decimals(currency))
        .map_err(|error| Fault("money_invalid", Some(error.to_string())))
}

fn choice(field: &CustomDefinition, key: &str) -> Result<String, Fault> {
    let keys: Vec<&str> =
        field.choices.as_array().into_iter().flatten().filter_map(|choice| choice["key"].as_str()).collect();
    if keys.contains(&key) { Ok(key.into()) } else { Err(Fault("not_allowed", Some(keys.join(", ")))) }
}

fn many(field: &CustomDefinition, value: &Value, blank: &CustomValueRow) -> Result<Vec<CustomValueRow>, Fault> {
    let list = value.as_array().ok_or(Fault("list_expected", None))?;
    let mut rows: Vec<CustomValueRow> = Vec::with_capacity(list.len());
    for item in list {
        let key = choice(field, item.as_str().ok_or(Fault("wrong_type", Some("text".into())))?)?;
        if rows.iter().any(|row| row.text_value.as_deref() == Some(&key)) {
            continue;
        }
        let position = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        rows.push(CustomValueRow { position, text_value: Some(key), ..blank.clone() });
    }
    Ok(rows)
}

fn with_unique_key(field: &CustomDefinition, unit_id: UnitId, mut row: CustomValueRow) -> CustomValueRow {
    row.unique_key = if field.is_unique { unique_key(field, unit_id, &row) } else { None };
    row
}

/// Case and blanks don't make a value another one.
fn unique_key(field: &CustomDefinition, unit_id: UnitId, row: &CustomValueRow) -> Option<String> {
    let value = row
        .text_value
        .as_ref()
        .map(|text| text.split_whitespace().collect::<String>().to_lowercase())
        .or_else(|| row.number_value.map(|n| n.to_string()))
        .or_else(|| row.int_value.map(|n| n.to_string()))
        .or_else(|| row.date_value.map(|d| d.to_string()))?;
    Some(format!("{unit_id}:{}:{value}", field.id))
}

/// Refuses users that aren't there. Parties are checked by their own area, which knows who sees whom.
pub fn custom_users_check(db: &mut Db, values: &CustomValues) -> AppResult<()> {
    let mut ids: Vec<AnyId> = values.users.iter().map(|(_, id)| AnyId(*id)).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || users_known(db, None, &ids)? == ids.len() {
        return Ok(());
    }
    let pointer = values.users.first().map(|(key, _)| format!("/custom/{key}")).unwrap_or_default();
    Err(AppError::invalid(&pointer, "unknown_reference"))
}

/// The values of a record by field key, as the API shows them.
pub fn custom_object(parts: &[CustomPart], currency: &str) -> Map<String, Value> {
    let mut object = Map::new();
    for part in parts {
        if part.field_type == "multi_choice" {
            let list = object.entry(part.key.clone()).or_insert_with(|| json!([]));
            if let (Some(list), Some(text)) = (list.as_array_mut(), &part.text) {
                list.push(json!(text));
            }
        } else if let Some(value) = shown(part, currency) {
            object.insert(part.key.clone(), value);
        }
    }
    object
}

fn shown(part: &CustomPart, currency: &str) -> Option<Value> {
    Some(match part.field_type.as_str() {
        "number" => json!(part.number?),
        "money" => {
            let money = Money::new(part.int?, currency);
            json!({"amount": format_decimal(money.minor, decimals(currency)), "currency": money.currency})
        }
        "date" => json!(part.date?),
        "bool" => json!(part.int? != 0),
        _ => json!(part.text.as_ref()?),
    })
}
