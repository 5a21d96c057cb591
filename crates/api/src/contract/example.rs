//! Examples put together from the examples and types of schemas.

use serde_json::{Map, Value, json};

use super::schemas::referenced;

/// An example of what a schema describes.
pub(super) fn example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth > 9 {
        return Value::Null;
    }
    for known in ["example", "default"] {
        if let Some(value) = schema.get(known) {
            return value.clone();
        }
    }
    if let Some(name) = referenced(schema) {
        return example(&schemas[name], schemas, depth + 1);
    }
    if let Some(first) = schema["examples"].get(0).or_else(|| schema["enum"].get(0)) {
        return first.clone();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = example(part, schemas, depth + 1) {
                whole.extend(members);
            }
        }
        return Value::Object(whole);
    }
    if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        let some = choices.iter().find(|choice| choice["type"] != json!("null"));
        return some.map_or(Value::Null, |choice| example(choice, schemas, depth + 1));
    }
    // Free JSON that may be absent is shown absent: made-up members would be refused.
    let kinds = schema["type"].as_array();
    if kinds.is_some_and(|kinds| ["null", "object"].iter().all(|kind| kinds.contains(&json!(kind)))) {
        return Value::Null;
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| **kind != json!("null")).cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str().unwrap_or("") {
        "object" => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(members.map(|(name, member)| (name.clone(), example(member, schemas, depth + 1))).collect())
        }
        "array" => json!([example(&schema["items"], schemas, depth + 1)]),
        "string" => json!(match schema["format"].as_str() {
            Some("uuid") => "01990000-0000-7000-8000-000000000001",
            Some("date-time") => "2026-01-02T03:04:05Z",
            Some("date") => "2026-01-02",
            _ => "text",
        }),
        "integer" => json!(1),
        "number" => json!(0.5),
        "boolean" => json!(true),
        _ => Value::Null,
    }
}
