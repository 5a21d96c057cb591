//! Custom fields: what a company keeps of customers, products, quotes, orders and opportunities beyond the standard.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::CustomFieldId;
use regulars_domain::required_if::{CUSTOM, RequiredIf};
use regulars_persistence::Db;
use regulars_persistence::platform::custom_field::{
    FieldRow, choice_used, field_delete as field_remove, field_get as field_row, field_insert,
    field_list as field_rows, field_update as field_replace, field_used,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FieldOption, is_key, yes};
use crate::event::Event;
use crate::list::{ListRequest, Page};
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "platform:settings:write";
pub const RESOURCES: &[&str] = &["customer", "product", "order", "quote", "opportunity"];
pub const TYPES: &[&str] = &["text", "number", "money", "date", "bool", "choice", "multi_choice", "user", "party"];
/// Types whose values tell records apart.
const UNIQUE_TYPES: &[&str] = &["text", "number", "date"];
const MOST_CHOICES: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    #[schema(example = "hand_drip")]
    pub key: String,
    #[schema(example = "手冲")]
    pub label_zh: String,
    #[schema(example = "Hand drip")]
    pub label_en: String,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
}

/// Under what a field is required; see [`RequiredIf`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequiredIfInput {
    /// A field of the record by its name in conditions, such as `level`, or another custom field, such as
    /// `custom.brewing`.
    #[schema(example = "level")]
    pub field: String,
    /// Any value when there is none.
    #[serde(default)]
    #[schema(example = json!(["vip"]))]
    pub values: Vec<String>,
}

impl From<&RequiredIfInput> for RequiredIf {
    fn from(input: &RequiredIfInput) -> Self {
        Self { field: input.field.clone(), values: input.values.clone() }
    }
}

/// Fields every record of a kind has that may decide whether a custom one is required.
fn deciding(resource: &str) -> &'static [&'static str] {
    match resource {
        "customer" => &["kind", "status", "level", "source", "industry", "gender", "buying_style", "internal"],
        "order" => &["channel"],
        "opportunity" => &["type", "source"],
        _ => &[],
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldInput {
    /// `customer`, `product`, `order`, `quote` or `opportunity`; stays as it was at the creation.
    #[schema(value_type = crate::shape::FieldResource)]
    pub resource: String,
    /// Stays as it was at the creation.
    #[schema(example = "brewing")]
    pub key: String,
    #[schema(example = "冲煮方式")]
    pub label_zh: String,
    #[schema(example = "Brewing")]
    pub label_en: String,
    /// `text`, `number`, `money`, `date`, `bool`, `choice`, `multi_choice`, `user` or `party`; fixed once used.
    #[serde(rename = "type")]
    #[schema(value_type = crate::shape::CustomFieldType, example = "choice")]
    pub field_type: String,
    /// Only of `choice` and `multi_choice`.
    #[serde(default)]
    pub choices: Vec<Choice>,
    #[serde(default)]
    pub required: bool,
    /// Required only while another field of the record has one of these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub required_if: Option<RequiredIfInput>,
    /// No two records of a unit have the same value; only of `text`, `number` and `date`, not of quotes, whose versions
    /// say the same; fixed once used.
    #[serde(default)]
    pub unique: bool,
    #[serde(default)]
    pub position: i32,
    #[serde(default = "yes")]
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: FieldInput,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(FieldView);

pub(crate) fn choices_of(row: &FieldRow) -> AppResult<Vec<Choice>> {
    serde_json::from_value(row.choices.clone()).map_err(AppError::internal)
}

fn view(row: FieldRow) -> AppResult<FieldView> {
    Ok(FieldView {
        id: row.id.0,
        input: FieldInput {
            choices: choices_of(&row)?,
            resource: row.resource,
            key: row.key,
            label_zh: row.label_zh,
            label_en: row.label_en,
            field_type: row.field_type,
            required: row.required,
            required_if: row.required_if.map(serde_json::from_value).transpose().map_err(AppError::internal)?,
            unique: row.is_unique,
            position: row.position,
            active: row.active,
        },
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Definitions are no secret: whoever is signed in reads them. `filter[resource]=customer` narrows.
pub fn field_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<FieldView>> {
    let resource = super::only_filter(request, "resource")?;
    let rows = cx.read(|db| Ok(field_rows(db, resource.as_deref())?))?;
    Ok(Page::whole(rows.into_iter().map(view).collect::<AppResult<_>>()?))
}

pub fn field_get(cx: &Cx, id: CustomFieldId) -> AppResult<FieldView> {
    view(cx.read(|db| field_row(db, id)?.ok_or(AppError::NotFound))?)
}

/// The active fields of a list (`customers`, `orders` …) as `custom.<key>`, label and choices in one language.
pub fn labels(db: &mut Db, resource: &str, english: bool) -> AppResult<Vec<(String, String, Vec<FieldOption>)>> {
    let word = |zh: &str, en: &str| (if english { en } else { zh }).to_string();
    let one = if resource == "opportunities" { "opportunity" } else { resource.trim_end_matches('s') };
    let rows = field_rows(db, Some(one))?;
    rows.iter()
        .filter(|row| row.active)
        .map(|row| {
            let choices = choices_of(row)?.into_iter().filter(|choice| choice.active);
            let options = choices
                .map(|choice| FieldOption { label: word(&choice.label_zh, &choice.label_en), value: choice.key });
            Ok((format!("custom.{}", row.key), word(&row.label_zh, &row.label_en), options.collect()))
        })
        .collect()
}

fn field_check(input: &FieldInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.one_of("/resource", &input.resource, RESOURCES);
    if !is_key(&input.key) {
        checks.fail("/key", "key_characters");
    }
    checks.text("/label_zh", &input.label_zh, 60);
    checks.text("/label_en", &input.label_en, 60);
    checks.one_of("/type", &input.field_type, TYPES);
    let choosing = matches!(input.field_type.as_str(), "choice" | "multi_choice");
    if choosing && input.choices.is_empty() {
        checks.fail("/choices", "required");
    }
    if !choosing && !input.choices.is_empty() {
        checks.fail("/choices", "choices_unwanted");
    }
    if input.choices.len() > MOST_CHOICES {
        checks.fail_with("/choices", "too_many", MOST_CHOICES);
    }
    for (index, choice) in input.choices.iter().enumerate() {
        if !is_key(&choice.key) {
            checks.fail(format!("/choices/{index}/key"), "key_characters");
        }
        if input.choices.iter().take(index).any(|earlier| earlier.key == choice.key) {
            checks.fail(format!("/choices/{index}/key"), "duplicate");
        }
        checks.text(&format!("/choices/{index}/label_zh"), &choice.label_zh, 60);
        checks.text(&format!("/choices/{index}/label_en"), &choice.label_en, 60);
    }
    if input.unique && !UNIQUE_TYPES.contains(&input.field_type.as_str()) {
        checks.fail_with("/unique", "unique_type", UNIQUE_TYPES.join(", "));
    }
    if input.unique && input.resource == "quote" {
        checks.fail("/unique", "not_allowed_here");
    }
    Ok(checks.done()?)
}

pub fn field_create(cx: &Cx, input: FieldInput) -> AppResult<FieldView> {
    cx.require(WRITE)?;
    field_check(&input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        condition_check(tx, &input)?;
        let row = FieldRow {
            id: CustomFieldId::fresh(),
            resource: input.resource.clone(),
            key: input.key.clone(),
            label_zh: input.label_zh.clone(),
            label_en: input.label_en.clone(),
            field_type: input.field_type.clone(),
            choices: serde_json::to_value(&input.choices).map_err(AppError::internal)?,
            required: input.required,
            required_if: condition_stored(&input)?,
            is_unique: input.unique,
            position: input.position,
            active: input.active,
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        field_insert(tx, row.clone())?;
        Event::new(&within, "custom_field", row.id, "created").after(&input).record(tx)?;
        view(row)
    })
}

fn condition_stored(input: &FieldInput) -> AppResult<Option<Value>> {
    let rule = input.required_if.as_ref().map(RequiredIf::from);
    rule.map(serde_json::to_value).transpose().map_err(AppError::internal)
}

/// What decides is another field, of those there are, and its values are some it can have.
fn condition_check(db: &mut Db, input: &FieldInput) -> AppResult<()> {
    let Some(rule) = &input.required_if else { return Ok(()) };
    let mut checks = Checks::default();
    if input.required {
        checks.fail("/required_if", "required_anyway");
    }
    match rule.field.strip_prefix(CUSTOM) {
        Some(key) if key == input.key => checks.fail("/required_if/field", "own_field"),
        Some(key) => {
            let rows = field_rows(db, Some(&input.resource))?;
            match rows.iter().find(|row| row.key == key && row.active) {
                None => checks.fail("/required_if/field", "unknown_reference"),
                Some(row) if matches!(row.field_type.as_str(), "choice" | "multi_choice") => {
                    let known = choices_of(row)?;
                    let unknown = rule.values.iter().find(|value| known.iter().all(|choice| choice.key != **value));
                    if let Some(value) = unknown {
                        checks.fail_with("/required_if/values", "not_allowed", value);
                    }
                }
                Some(_) => {}
            }
        }
        None => checks.one_of("/required_if/field", &rule.field, deciding(&input.resource)),
    }
    for (index, value) in rule.values.iter().enumerate() {
        checks.text(&format!("/required_if/values/{index}"), value, 200);
    }
    if rule.values.len() > MOST_CHOICES {
        checks.fail_with("/required_if/values", "too_many", MOST_CHOICES);
    }
    Ok(checks.done()?)
}

fn field_at(db: &mut Db, id: CustomFieldId, version: i64) -> AppResult<FieldRow> {
    let row = field_row(db, id)?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

/// What values already rest on stays: resource and key always; type, uniqueness and used choices once there are values.
fn field_change_check(db: &mut Db, id: CustomFieldId, before: &FieldInput, input: &FieldInput) -> AppResult<()> {
    let mut checks = Checks::default();
    if input.resource != before.resource {
        checks.fail("/resource", "fixed");
    }
    if input.key != before.key {
        checks.fail("/key", "fixed");
    }
    if (input.field_type != before.field_type || input.unique != before.unique) && field_used(db, id)? {
        let pointer = if input.unique == before.unique { "/type" } else { "/unique" };
        checks.fail(pointer, "fixed_in_use");
    }
    for gone in before.choices.iter().filter(|old| !input.choices.iter().any(|new| new.key == old.key)) {
        if choice_used(db, id, &gone.key)? {
            checks.fail_with("/choices", "choice_in_use", &gone.key);
        }
    }
    Ok(checks.done()?)
}

pub fn field_update(cx: &Cx, id: CustomFieldId, version: i64, patch: &Value) -> AppResult<FieldView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = field_at(tx, id, version)?;
        let before = view(row.clone())?.input;
        let input: FieldInput = crate::patch::patched(&before, &patch)?;
        if crate::patch::same(&before, &input)? {
            return view(row);
        }
        field_check(&input)?;
        field_change_check(tx, id, &before, &input)?;
        condition_check(tx, &input)?;
        row.label_zh = input.label_zh.clone();
        row.label_en = input.label_en.clone();
        row.field_type = input.field_type.clone();
        row.choices = serde_json::to_value(&input.choices).map_err(AppError::internal)?;
        row.required = input.required;
        row.required_if = condition_stored(&input)?;
        row.is_unique = input.unique;
        row.position = input.position;
        row.active = input.active;
        row.updated_at = within.now;
        if !field_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        Event::new(&within, "custom_field", id, "updated").difference(&before, &input).record(tx)?;
        view(row)
    })
}

/// A field with values stays; it can be made inactive.
pub fn field_delete(cx: &Cx, id: CustomFieldId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = field_at(tx, id, version)?;
        if field_used(tx, id)? {
            return Err(AppError::Conflict("in_use"));
        }
        field_remove(tx, id)?;
        Event::new(&within, "custom_field", id, "deleted").before(&view(row)?.input).record(tx)
    })
}
