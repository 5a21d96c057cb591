//! What derives can't say about schemas: that a view is one object, what a merge-patch may hold, that free JSON is free.

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

/// Makes the collected schemas say exactly what goes over the wire.
pub(super) fn tidy(document: &mut Value) {
    let Some(mut schemas) = document["components"]["schemas"].as_object().cloned() else { return };
    pages_refer(&mut schemas);
    let collected = schemas.clone();
    for schema in schemas.values_mut() {
        views_join(schema, &collected);
    }
    patches_add(document, &mut schemas);
    for schema in schemas.values_mut() {
        objects_open(schema);
    }
    document["components"]["schemas"] = Value::Object(schemas);
}

/// The name of the schema that this one refers to.
pub(super) fn referenced(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}{name}")})
}

fn nullable(schema: &Value) -> bool {
    let null = json!("null");
    schema["type"].as_array().is_some_and(|kinds| kinds.contains(&null))
        || schema["oneOf"].as_array().is_some_and(|choices| choices.iter().any(|choice| choice["type"] == null))
}

/// A page holds items of a named schema rather than a copy of it.
fn pages_refer(schemas: &mut Map<String, Value>) {
    let pages: Vec<String> = schemas.keys().filter_map(|name| name.strip_prefix("Page_").map(String::from)).collect();
    for item in pages {
        let place = &mut schemas[&format!("Page_{item}")]["properties"]["items"]["items"];
        let copy = std::mem::replace(place, reference(&item));
        schemas.entry(item).or_insert(copy);
    }
}

/// A view that takes in the writable form is one object. It writes every member, those with a default too.
fn views_join(schema: &mut Value, schemas: &Map<String, Value>) {
    let Some(parts) = schema["allOf"].as_array().cloned() else { return };
    let mut whole = json!({"type": "object", "properties": {}, "required": []});
    for part in &parts {
        let taken_in = referenced(part).map(|name| &schemas[name]);
        let from = taken_in.unwrap_or(part);
        let members = from["properties"].as_object().cloned().unwrap_or_default();
        let required: Vec<Value> = match taken_in {
            Some(_) => members.iter().filter(|(_, member)| !nullable(member)).map(|(name, _)| json!(name)).collect(),
            None => from["required"].as_array().cloned().unwrap_or_default(),
        };
        if let Some(names) = whole["required"].as_array_mut() {
            names.extend(required);
        }
        if let Some(properties) = whole["properties"].as_object_mut() {
            properties.extend(members);
        }
        if from.get("properties").is_none() {
            whole["additionalProperties"] = json!(true);
        }
    }
    if let Some(description) = schema.get("description") {
        whole["description"] = description.clone();
    }
    *schema = whole;
}

/// Each merge-patch body gets its schema: the writable form with everything optional and without defaults, down
/// through the objects it holds.
fn patches_add(document: &mut Value, schemas: &mut Map<String, Value>) {
    for item in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        let Some(content) = item.pointer_mut("/patch/requestBody/content/application~1merge-patch+json") else {
            continue;
        };
        if let Some(name) = referenced(&content["schema"]).map(String::from) {
            content["schema"] = reference(&patch_add(&name, schemas));
        }
    }
}

fn patch_add(name: &str, schemas: &mut Map<String, Value>) -> String {
    let patch = format!("{name}Patch");
    if schemas.contains_key(&patch) {
        return patch;
    }
    let mut schema = schemas[name].clone();
    if let Some(members) = schema.as_object_mut() {
        members.remove("required");
        members.insert("description".into(), json!("Members that are present change; null clears."));
    }
    for member in schema["properties"].as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
        if let Some(member) = member.as_object_mut() {
            member.remove("default");
        }
        let choices = member["oneOf"].as_array().map_or(0, Vec::len);
        let places =
            if choices > 0 { (0..choices).map(|at| format!("/oneOf/{at}")).collect() } else { vec![String::new()] };
        for place in places {
            let Some(inner) = member.pointer_mut(&place) else { continue };
            // An amount and its currency belong together: money is written whole.
            let patched = |held: &&str| *held != "Money" && schemas[*held].get("properties").is_some();
            let holds = referenced(inner).filter(patched).map(String::from);
            if let Some(held) = holds {
                inner["$ref"] = json!(format!("{SCHEMAS}{}", patch_add(&held, schemas)));
            }
        }
    }
    schemas.insert(patch.clone(), schema);
    patch
}

/// Free JSON may have any members; a default of null says no more than absence.
fn objects_open(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let kind = members.get("type");
            let object = kind.is_some_and(|kind| {
                *kind == json!("object") || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object")))
            });
            if object && !["properties", "additionalProperties"].iter().any(|known| members.contains_key(*known)) {
                members.insert("additionalProperties".into(), json!(true));
            }
            if members.get("default") == Some(&Value::Null) {
                members.remove("default");
            }
            members
                .iter_mut()
                .filter(|(name, _)| !name.starts_with("example"))
                .for_each(|(_, part)| objects_open(part));
        }
        Value::Array(parts) => parts.iter_mut().for_each(objects_open),
        _ => {}
    }
}
