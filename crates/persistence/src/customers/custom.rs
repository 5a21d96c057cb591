//! Definitions of custom fields and their typed values, for customers, products and orders alike.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Double, Integer, Nullable, Text};
use regulars_domain::ids::{CustomFieldId, UnitId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert_batch};
use crate::types::{AnyId, SqlId, SqlJson};

/// What deciding about a value needs to know of its field.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CustomDefinition {
    #[diesel(sql_type = SqlId)]
    pub id: CustomFieldId,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub label_zh: String,
    #[diesel(sql_type = Text)]
    pub label_en: String,
    /// `text`, `number`, `money`, `date`, `bool`, `choice`, `multi_choice`, `user` or `party`.
    #[diesel(sql_type = Text)]
    pub field_type: String,
    /// `[{key, label_zh, label_en, active}]`.
    #[diesel(sql_type = SqlJson)]
    pub choices: Value,
    #[diesel(sql_type = Bool)]
    pub required: bool,
    /// [`regulars_domain::required_if::RequiredIf`].
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub required_if: Option<Value>,
    #[diesel(sql_type = Bool)]
    pub is_unique: bool,
}

/// The active fields of a resource, in order.
pub fn custom_definitions(db: &mut Db, resource: &str) -> StoreResult<Vec<CustomDefinition>> {
    let columns = "id, key, label_zh, label_en, field_type, choices, required, required_if, is_unique";
    Statement::new(format!("SELECT {columns} FROM custom_field"))
        .with(" WHERE resource = ", resource)
        .then(" AND active = TRUE ORDER BY position, key")
        .cached()
        .rows(db)
}

/// A typed value; exactly one of the value columns is set, by the field's type.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CustomValueRow {
    #[diesel(sql_type = SqlId)]
    pub field_id: CustomFieldId,
    /// 0, or the place in a field of many choices.
    #[diesel(sql_type = Integer)]
    pub position: i32,
    /// Text, keys of choices, ids of users and parties.
    #[diesel(sql_type = Nullable<Text>)]
    pub text_value: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    pub number_value: Option<f64>,
    /// Money in minor units, `bool` as 0 and 1.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub int_value: Option<i64>,
    #[diesel(sql_type = Nullable<Date>)]
    pub date_value: Option<NaiveDate>,
    /// Set for unique fields: unit, field and folded value.
    #[diesel(sql_type = Nullable<Text>)]
    pub unique_key: Option<String>,
}

pub const CUSTOM_VALUE_COLUMNS: &[&str] =
    &["field_id", "resource_id", "position", "text_value", "number_value", "int_value", "date_value", "unique_key"];

pub fn custom_values_insert(db: &mut Db, resource_id: AnyId, rows: &[CustomValueRow]) -> StoreResult<()> {
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                row.field_id.into(),
                resource_id.into(),
                row.position.into(),
                row.text_value.clone().into(),
                row.number_value.into(),
                row.int_value.into(),
                row.date_value.into(),
                row.unique_key.clone().into(),
            ]
        })
        .collect();
    insert_batch(db, "custom_value", CUSTOM_VALUE_COLUMNS, rows)
}

/// The record's values of active fields become exactly these; values of retired fields stay.
pub fn custom_values_set(db: &mut Db, resource_id: AnyId, rows: &[CustomValueRow]) -> StoreResult<()> {
    Statement::new("DELETE FROM custom_value")
        .with(" WHERE resource_id = ", resource_id)
        .then(" AND field_id IN (SELECT f.id FROM custom_field f WHERE f.active = TRUE)")
        .cached()
        .run(db)?;
    custom_values_insert(db, resource_id, rows)
}

/// Gives a record the values of another. Of a resource without unique fields.
pub fn custom_values_copy(db: &mut Db, from: AnyId, to: AnyId) -> StoreResult<()> {
    Statement::new(
        "INSERT INTO custom_value \
         (field_id, resource_id, position, text_value, number_value, int_value, date_value, unique_key) SELECT field_id, ",
    )
    .with("", to)
    .then(", position, text_value, number_value, int_value, date_value, NULL FROM custom_value WHERE resource_id = ")
    .with("", from)
    .cached()
    .run(db)?;
    Ok(())
}

/// Frees the unique values of a deleted record for others.
pub fn custom_values_release(db: &mut Db, resource_id: AnyId) -> StoreResult<()> {
    Statement::new("UPDATE custom_value SET unique_key = NULL")
        .with(" WHERE resource_id = ", resource_id)
        .then(" AND unique_key IS NOT NULL")
        .cached()
        .run(db)?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CustomValueOf {
    #[diesel(sql_type = SqlId)]
    pub resource_id: AnyId,
    #[diesel(embed)]
    pub value: CustomValueRow,
}

/// Values of many records in one query, in no order.
pub fn custom_values_of(db: &mut Db, ids: &[AnyId]) -> StoreResult<Vec<CustomValueOf>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT resource_id, field_id, position, text_value, number_value, int_value, date_value, unique_key \
         FROM custom_value WHERE resource_id IN (",
    );
    statement.bind_list(ids.iter().copied()).push(")");
    statement.rows(db)
}

/// Which of these unique keys stand, and of which record.
pub fn custom_keys_held(db: &mut Db, keys: &[String]) -> StoreResult<Vec<(String, AnyId)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Held {
        #[diesel(sql_type = Text)]
        unique_key: String,
        #[diesel(sql_type = SqlId)]
        resource_id: AnyId,
    }
    let mut held = Vec::new();
    for keys in keys.chunks(1000) {
        let mut statement = Statement::new("SELECT unique_key, resource_id FROM custom_value WHERE unique_key IN (");
        statement.bind_list(keys.iter().cloned()).push(")");
        let rows: Vec<Held> = statement.rows(db)?;
        held.extend(rows.into_iter().map(|row| (row.unique_key, row.resource_id)));
    }
    Ok(held)
}

/// How many of the ids are users who still work here; `unit_id` narrows to that unit.
pub fn users_known(db: &mut Db, unit_id: Option<UnitId>, ids: &[AnyId]) -> StoreResult<usize> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM app_user WHERE active = TRUE AND id IN (");
    statement.bind_list(ids.iter().copied()).push(")");
    if let Some(unit_id) = unit_id {
        statement.push(" AND unit_id = ").bind(unit_id);
    }
    Ok(usize::try_from(statement.number(db)?).unwrap_or(0))
}
