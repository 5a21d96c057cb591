//! Definitions of custom fields. Their values live with the records that have them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use regulars_domain::ids::CustomFieldId;
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FieldRow {
    #[diesel(sql_type = SqlId)]
    pub id: CustomFieldId,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub label_zh: String,
    #[diesel(sql_type = Text)]
    pub label_en: String,
    #[diesel(sql_type = Text)]
    pub field_type: String,
    #[diesel(sql_type = SqlJson)]
    pub choices: Value,
    #[diesel(sql_type = Bool)]
    pub required: bool,
    /// [`regulars_domain::required_if::RequiredIf`].
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub required_if: Option<Value>,
    #[diesel(sql_type = Bool)]
    pub is_unique: bool,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, resource, key, label_zh, label_en, field_type, choices, required, required_if, is_unique, \
     position, active, version, created_at, updated_at";

pub fn field_insert(db: &mut Db, row: FieldRow) -> StoreResult<()> {
    insert(
        "custom_field",
        [
            ("id", row.id.into()),
            ("resource", row.resource.into()),
            ("key", row.key.into()),
            ("label_zh", row.label_zh.into()),
            ("label_en", row.label_en.into()),
            ("field_type", row.field_type.into()),
            ("choices", row.choices.into()),
            ("required", row.required.into()),
            ("required_if", row.required_if.into()),
            ("is_unique", row.is_unique.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn field_get(db: &mut Db, id: CustomFieldId) -> StoreResult<Option<FieldRow>> {
    Statement::new(format!("SELECT {COLUMNS} FROM custom_field")).with(" WHERE id = ", id).cached().first(db)
}

/// Replaces the row if it still has `version`; answers whether it had.
pub fn field_update(db: &mut Db, row: FieldRow) -> StoreResult<bool> {
    let changed = update(
        "custom_field",
        [
            ("label_zh", row.label_zh.into()),
            ("label_en", row.label_en.into()),
            ("field_type", row.field_type.into()),
            ("choices", row.choices.into()),
            ("required", row.required.into()),
            ("required_if", row.required_if.into()),
            ("is_unique", row.is_unique.into()),
            ("position", row.position.into()),
            ("active", row.active.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn field_delete(db: &mut Db, id: CustomFieldId) -> StoreResult<()> {
    Statement::new("DELETE FROM custom_field").with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// The fields of a resource, or all, inactive ones too, in their order.
pub fn field_list(db: &mut Db, resource: Option<&str>) -> StoreResult<Vec<FieldRow>> {
    let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM custom_field"));
    if let Some(resource) = resource {
        statement.push(" WHERE resource = ").bind(resource);
    }
    statement.then(" ORDER BY resource, position, key").cached().rows(db)
}

/// Whether any record has a value in the field.
pub fn field_used(db: &mut Db, id: CustomFieldId) -> StoreResult<bool> {
    let found = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM custom_value")
        .with(" WHERE field_id = ", id)
        .then(" LIMIT 1) AS found")
        .number(db)?;
    Ok(found > 0)
}

/// Whether any record has this choice in the field.
pub fn choice_used(db: &mut Db, id: CustomFieldId, key: &str) -> StoreResult<bool> {
    let found = Statement::new("SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM custom_value")
        .with(" WHERE field_id = ", id)
        .with(" AND text_value = ", key)
        .then(" LIMIT 1) AS found")
        .number(db)?;
    Ok(found > 0)
}
