//! What an event changed, as its reader reads it: fields by their labels, keys by their words, ids by the names of
//! records within the reader's sight. Amounts, dates and numbers stay as they are: showing those is the screen's business.

mod words;

use std::collections::{BTreeSet, HashMap};

use regulars_domain::access::PERMISSIONS;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::dates_of_life::lunar_words;
use regulars_domain::mask::{MASKABLE, Masks};
use regulars_persistence::Db;
use regulars_persistence::access::names::{NameReach, names_of};
use regulars_persistence::platform::custom_field::{FieldRow, field_list};
use regulars_persistence::platform::dictionary::entries_of;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use self::words::{dictionary_of, field_word, value_word};
use crate::customers::life_date::LunarEntry;
use crate::customers::mask::told_value;
use crate::platform::custom_field::choices_of;
use crate::{AppResult, Cx};

/// One field that differs between the two sides of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangeView {
    /// Its place in `before` and `after`.
    #[schema(example = "custom.seat")]
    pub field: String,
    /// In the caller's language.
    #[schema(example = "Usual seat")]
    pub label: String,
    /// As it was, keys and ids in words; null where there was nothing.
    #[schema(value_type = Option<Value>)]
    pub before: Option<Value>,
    #[schema(value_type = Option<Value>)]
    pub after: Option<Value>,
}

/// The two sides of an event of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub resource: &'a str,
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
}

/// Members that mean something as a whole only.
const WHOLE: &[&str] = &["condition", "definition", "filter", "format", "mapping"];

/// What the program keeps for itself.
const UNTOLD: &[&str] = &["after_id", "after_row", "created_at", "id", "path", "stage", "updated_at", "version"];

const DATES: &str = "dates";
const DATE_KIND: &str = "date_kind";

/// A field on both sides.
struct Difference<'a> {
    path: String,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

/// Everything needed to tell a page of events.
pub struct Teller {
    /// What is kept from the reader.
    masks: Masks,
    english: bool,
    names: HashMap<Uuid, String>,
    entries: HashMap<(String, String), String>,
    customs: Vec<FieldRow>,
}

impl Teller {
    /// Looks up what the events mention, and the names of `ids` besides.
    pub fn load(cx: &Cx, db: &mut Db, told: &[Told<'_>], ids: impl IntoIterator<Item = Uuid>) -> AppResult<Self> {
        let english = cx.request.locale == "en";
        let mut ids: BTreeSet<Uuid> = ids.into_iter().collect();
        let (mut keys, mut customs) = (BTreeSet::new(), false);
        for one in told {
            for difference in differences(one.before, one.after) {
                let leaf = leaf(&difference.path);
                customs |= difference.path.starts_with("custom.");
                let dictionary = dictionary_of(one.resource, leaf);
                for side in [difference.before, difference.after].into_iter().flatten() {
                    mentioned(side, &mut ids);
                    keys.extend(dictionary.zip(side.as_str()));
                    let dates = side.as_array().filter(|_| leaf == DATES).into_iter().flatten();
                    keys.extend(dates.filter_map(|date| Some((DATE_KIND, date.get("kind")?.as_str()?))));
                }
            }
        }
        let ids: Vec<AnyId> = ids.into_iter().map(AnyId).collect();
        let names = names_of(db, &ids, &name_reach(cx))?;
        let keys: Vec<(&str, &str)> = keys.into_iter().collect();
        let word = |zh: String, en: String| if english { en } else { zh };
        Ok(Self {
            masks: cx.actor.masks.clone(),
            english,
            names: names.into_iter().map(|row| (row.id.0, row.name)).collect(),
            entries: entries_of(db, &keys)?
                .into_iter()
                .map(|row| ((row.dictionary, row.key), word(row.label_zh, row.label_en)))
                .collect(),
            customs: if customs { field_list(db, None)? } else { Vec::new() },
        })
    }

    pub fn name(&self, id: Uuid) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    pub fn changes(&self, told: Told<'_>) -> Vec<ChangeView> {
        let side = |path: &str, value: Option<&Value>| {
            let value = value.map(|value| self.worded(told.resource, path, value))?;
            Some(told_value(&self.masks, told.resource, path, value))
        };
        differences(told.before, told.after)
            .into_iter()
            .map(|one| ChangeView {
                label: self.label(told.resource, &one.path),
                before: side(&one.path, one.before),
                after: side(&one.path, one.after),
                field: one.path,
            })
            .collect()
    }

    fn custom(&self, resource: &str, path: &str) -> Option<&FieldRow> {
        let key = path.strip_prefix("custom.")?;
        self.customs.iter().find(|row| row.resource == resource && row.key == key)
    }

    /// Words of the path's parts; the path itself when none is known.
    fn label(&self, resource: &str, path: &str) -> String {
        if let Some(row) = self.custom(resource, path) {
            return if self.english { row.label_en.clone() } else { row.label_zh.clone() };
        }
        let parts: Vec<&str> = path.split('.').filter_map(|part| field_word(resource, part, self.english)).collect();
        if parts.is_empty() { path.to_owned() } else { parts.join(" · ") }
    }

    fn worded(&self, resource: &str, path: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => self.word(resource, path, text).map_or_else(|| value.clone(), Value::from),
            Value::Array(items) => {
                let texts: Option<Vec<String>> = items.iter().map(|one| self.item(resource, path, one)).collect();
                let comma = if self.english { ", " } else { "、" };
                texts.map_or_else(|| value.clone(), |texts| Value::from(texts.join(comma)))
            }
            _ => value.clone(),
        }
    }

    /// What a key, or the id of something within sight, is called.
    pub fn word(&self, resource: &str, path: &str, text: &str) -> Option<String> {
        let leaf = leaf(path);
        if let Some(row) = self.custom(resource, path) {
            let choice = choices_of(row).ok()?.into_iter().find(|choice| choice.key == text);
            if let Some(choice) = choice {
                return Some(if self.english { choice.label_en } else { choice.label_zh });
            }
        }
        if let Ok(id) = Uuid::parse_str(text) {
            return self.names.get(&id).cloned();
        }
        if let Some(dictionary) = dictionary_of(resource, leaf) {
            return self.entries.get(&(dictionary.to_owned(), text.to_owned())).cloned();
        }
        let field = if path.starts_with("scopes.") { "scope" } else { leaf };
        if field == "permissions" {
            let (_, zh, en) = PERMISSIONS.iter().find(|(key, ..)| *key == text)?;
            return Some(if self.english { *en } else { *zh }.to_owned());
        }
        if field == "masks" {
            let known = MASKABLE.iter().find(|one| one.key == text)?;
            return Some(if self.english { known.label_en } else { known.label_zh }.to_owned());
        }
        value_word(field, text, self.english).map(String::from)
    }

    fn lunar(&self, value: &Value) -> Option<String> {
        let lunar: LunarEntry = serde_json::from_value(value.clone()).ok()?;
        let year = lunar.year.map(|year| if self.english { format!("{year} ") } else { format!("{year}年") });
        let words = lunar_words(lunar.into(), self.english);
        let calendar = if self.english { "lunar " } else { "农历" };
        Some(format!("{calendar}{}{words}", year.unwrap_or_default()))
    }

    /// One of several values, in a line: what names it, or its parts joined.
    fn item(&self, resource: &str, path: &str, value: &Value) -> Option<String> {
        let text = |member: &str| value.get(member).and_then(Value::as_str);
        match value {
            Value::String(one) => Some(self.word(resource, path, one).unwrap_or_else(|| one.clone())),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(_) => match path {
                "phones" => text("number").map(String::from),
                "emails" => text("address").map(String::from),
                "addresses" => {
                    let parts = ["province", "city", "district", "street"].into_iter().filter_map(text);
                    Some(parts.collect::<Vec<_>>().join(if self.english { ", " } else { "" }))
                }
                DATES => {
                    let day = text("date").or_else(|| text("month_day")).map(String::from);
                    let day = day.or_else(|| self.lunar(value.get("lunar")?))?;
                    let kind = text("kind")?;
                    let kind = self.entries.get(&(DATE_KIND.into(), kind.into())).map_or(kind, String::as_str);
                    let what = text("label").filter(|label| !label.is_empty()).unwrap_or(kind);
                    Some(format!("{what} {day}"))
                }
                "lines" => {
                    let product = text("product_id").and_then(|id| Uuid::parse_str(id).ok());
                    let product = product.and_then(|id| self.name(id));
                    let name = text("name").or(product).or_else(|| text("product_code"))?;
                    let price = value.pointer("/price/amount").and_then(Value::as_str);
                    let price = price.map(|amount| format!(" ({amount})")).unwrap_or_default();
                    Some(format!("{name} × {}{price}", text("quantity")?))
                }
                "choices" => text(if self.english { "label_en" } else { "label_zh" }).map(String::from),
                _ => None,
            },
            _ => None,
        }
    }
}

fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Names are looked up within the same sight that lists have.
pub(crate) fn name_reach(cx: &Cx) -> NameReach {
    let customers = cx.visible(Resource::Customer, Action::Read);
    NameReach {
        people: cx.actor.organisation_reach(),
        marks: (customers != Visibility::Company).then_some(cx.actor.unit_id),
        orders: cx.visible(Resource::Order, Action::Read),
        customers,
    }
}

fn mentioned(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::String(text) => ids.extend(Uuid::parse_str(text).ok()),
        Value::Array(items) => items.iter().for_each(|one| mentioned(one, ids)),
        Value::Object(members) => members.values().for_each(|one| mentioned(one, ids)),
        _ => {}
    }
}

/// What says nothing: a list or an object without members counts as no value.
fn said(value: &Value) -> Option<&Value> {
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    (!empty).then_some(value)
}

/// Fields in which the sides differ, nested ones by path.
fn differences<'a>(before: Option<&'a Value>, after: Option<&'a Value>) -> Vec<Difference<'a>> {
    let mut out = Vec::new();
    collect(String::new(), before.and_then(said), after.and_then(said), &mut out);
    out
}

fn collect<'a>(path: String, before: Option<&'a Value>, after: Option<&'a Value>, out: &mut Vec<Difference<'a>>) {
    let parts = |side: Option<&'a Value>| side.and_then(Value::as_object);
    let money = |value: &Value| value.get("amount").is_some() && value.get("currency").is_some();
    let apart = |side: Option<&Value>| side.is_none_or(|value| value.is_object() && !money(value));
    if apart(before) && apart(after) && !WHOLE.contains(&leaf(&path)) {
        let members = |side| parts(side).into_iter().flat_map(Map::keys);
        let all: BTreeSet<&String> = members(before).chain(members(after)).collect();
        for member in all.into_iter().filter(|member| !UNTOLD.contains(&member.as_str())) {
            let of = |side: Option<&'a Value>| side?.get(member).and_then(said);
            let path = if path.is_empty() { member.clone() } else { format!("{path}.{member}") };
            collect(path, of(before), of(after), out);
        }
        return;
    }
    // What a new record leaves switched off is not worth a line.
    let off = |one: Option<&Value>, other: Option<&Value>| one == Some(&Value::Bool(false)) && other.is_none();
    if before != after && !off(before, after) && !off(after, before) {
        out.push(Difference { path, before, after });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(before: Value, after: Value) -> Vec<String> {
        differences(Some(&before), Some(&after)).into_iter().map(|one| one.path).collect()
    }

    #[test]
    fn sides_differ_field_by_field() {
        let old =
            json!({"name": "a", "custom": {"seat": "x", "table": 1}, "price": {"amount": "1", "currency": "CNY"}});
        let new =
            json!({"name": "a", "custom": {"seat": "y", "table": 1}, "price": {"amount": "2", "currency": "CNY"}});
        assert_eq!(paths(old, new), ["custom.seat", "price"]);
        assert_eq!(paths(json!({"custom": {}}), json!({"custom": {"seat": "y"}})), ["custom.seat"]);
        let condition = |value: i64| json!({"condition": {"field": "metrics.orders", "op": "gte", "value": value}});
        assert_eq!(paths(condition(1), condition(2)), ["condition"]);
    }

    #[test]
    fn a_new_record_tells_what_it_has() {
        let made = json!({"name": "a", "note": null, "tag_ids": [], "internal": false, "primary": true});
        assert_eq!(paths(Value::Null, made.clone()), ["name", "primary"]);
        assert_eq!(paths(made, json!({"name": "a", "internal": true})), ["internal", "primary"]);
    }
}
