//! Every answer any test gets is held against the contract: status, kind of content, and the body down to its leaves.

use regulars_api::contract::CONTRACT;
use serde_json::{Value, json};

use crate::Reply;

/// Panics when a reply is not what the contract says of the operation. Paths it does not know are not its business.
pub fn reply_check(method: &str, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let Some(operation) = operation(method, path) else { return };
    let status = reply.status.to_string();
    let Some(answer) = operation["responses"].get(&status) else {
        // What stands before every operation: a path or a body that could not be read at all.
        assert!(
            matches!(reply.status, 304 | 404 | 405 | 409),
            "{method} {path} answers {status}, the contract knows no such answer"
        );
        return;
    };
    let answer = resolve(answer);
    let kind = reply.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default();
    let Some(content) = answer["content"].as_object() else {
        assert!(reply.body.is_empty(), "{method} {path} {status}: a body where the contract has none");
        return;
    };
    let told = content.get(kind).unwrap_or_else(|| panic!("{method} {path} {status} is {kind}, not {content:?}"));
    if kind.ends_with("json") {
        let body = reply.json();
        if let Err(wrong) = fits(&told["schema"], &body, "") {
            panic!("{method} {path} {status} breaks the contract: {wrong}\n{body}");
        }
    }
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let asked: Vec<&str> = path.split('/').collect();
    let same = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == asked.len() && parts.iter().zip(&asked).all(|(part, word)| part.starts_with('{') || part == word)
    };
    let known = CONTRACT["paths"].as_object()?.iter();
    let mut found: Vec<_> =
        known.filter(|(template, _)| same(template.strip_prefix("/api/v1").unwrap_or(template))).collect();
    // `/me/sessions` before `/{…}/{…}`: the one with the fewest open parts is meant.
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.first()?.1.get(method.to_ascii_lowercase())
}

fn resolve(part: &'static Value) -> &'static Value {
    match part["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        Some(pointer) => CONTRACT.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing")),
        None => part,
    }
}

/// Why a value is not what a schema describes.
fn fits(schema: &'static Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolve(schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        let wrong: Vec<String> = choices.iter().filter_map(|choice| fits(choice, value, at).err()).collect();
        return match choices.len() - wrong.len() {
            0 => Err(wrong.join("; or ")),
            _ => Ok(()),
        };
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fits(part, value, at)?;
    }
    kind_fits(schema, value).map_err(|wrong| format!("{at}: {wrong}"))?;
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{at}: {value} is none of {words:?}"));
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        for (index, item) in list.iter().enumerate() {
            fits(items, item, &format!("{at}/{index}"))?;
        }
    }
    let Some(members) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            return Err(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members {
        match schema["properties"].get(name) {
            Some(told) => fits(told, member, &format!("{at}/{name}"))?,
            None if schema.get("properties").is_some() && schema["additionalProperties"] != json!(true) => {
                return Err(format!("{at}: {name} is not in the contract"));
            }
            None => {}
        }
    }
    Ok(())
}

fn kind_fits(schema: &Value, value: &Value) -> Result<(), String> {
    let kinds = match &schema["type"] {
        Value::Null => return Ok(()),
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let is = |kind: &Value| match kind.as_str() {
        Some("null") => value.is_null(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if kinds.iter().any(is) { Ok(()) } else { Err(format!("{value} is not {kinds:?}")) }
}
