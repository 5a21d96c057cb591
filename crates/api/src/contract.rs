//! The contract: collected from the routes, completed with what every operation shares, served and committed.

use std::sync::LazyLock;

use actix_web::{HttpResponse, get, web};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use crate::http::problem::{Problem, ProblemField};

/// The finished document, made once.
pub static CONTRACT: LazyLock<Value> = LazyLock::new(|| finish(collected()));

pub fn routes(config: &mut web::ServiceConfig) {
    let url = utoipa_swagger_ui::Config::from("/api/openapi.json");
    config
        .service(contract_get)
        .service(SwaggerUi::new("/api/docs/{_:.*}").config(url))
        .service(web::redirect("/api/docs", "/api/docs/"));
}

#[get("/api/openapi.json")]
async fn contract_get() -> HttpResponse {
    HttpResponse::Ok().json(&*CONTRACT)
}

fn collected() -> OpenApi {
    let (_, openapi) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(
            OpenApiBuilder::new()
                .info(InfoBuilder::new().title("Regulars").version("1").description(Some(DESCRIPTION)).build())
                .build(),
        )
        .service(utoipa_actix_web::scope("/api/v1").configure(crate::routes::routes))
        .split_for_parts();
    openapi
}

const DESCRIPTION: &str = "The CRM for businesses that live from customers who come back. The web app uses nothing you can't: \
every screen stands on these operations. Sign in with `POST /api/v1/auth/sessions` (`client: device`) or use an API key; \
send either as `Authorization: Bearer …`. Errors are `application/problem+json`; changes need `If-Match`; every POST takes an \
`Idempotency-Key`.";

/// Statuses every operation may answer, besides those of its method.
const ALWAYS: &[&str] = &["400", "401", "403", "422", "429", "500", "503"];

fn finish(openapi: OpenApi) -> Value {
    let mut document = serde_json::to_value(openapi).unwrap_or_default();
    document["servers"] = json!([{"url": "/"}]);
    document["security"] = json!([{"bearer": []}]);
    let schemas = &mut document["components"]["schemas"];
    for (name, schema) in [("Problem", Problem::schema()), ("ProblemField", ProblemField::schema())] {
        schemas[name] = serde_json::to_value(schema).unwrap_or_default();
    }
    document["components"]["securitySchemes"] = json!({"bearer": {
        "type": "http", "scheme": "bearer",
        "description": "An access token (10 minutes) or an API key `rgl_…`."}});
    patch_schemas(&mut document);
    let schemas = document["components"]["schemas"].clone();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                complete(path, method, operation, &schemas);
            }
        }
    }
    document
}

/// A merge-patch body is the writable form with everything optional: its own schema, so that clients are typed right.
fn patch_schemas(document: &mut Value) {
    let mut made: Map<String, Value> = Map::new();
    let schemas = document["components"]["schemas"].clone();
    for item in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        let Some(content) = item.pointer_mut("/patch/requestBody/content/application~1merge-patch+json") else {
            continue;
        };
        let Some(name) = content["schema"]["$ref"].as_str().and_then(|r| r.rsplit('/').next()).map(String::from) else {
            continue;
        };
        let patch = format!("{name}Patch");
        let mut schema = schemas[&name].clone();
        if let Some(members) = schema.as_object_mut() {
            members.remove("required");
            members.insert("description".into(), json!("Members that are present change; null clears."));
        }
        content["schema"] = json!({"$ref": format!("#/components/schemas/{patch}")});
        made.insert(patch, schema);
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.extend(made);
    }
}

/// Adds what every operation shares: problems, `If-Match`, `Idempotency-Key`, an example body.
fn complete(path: &str, method: &str, operation: &mut Value, schemas: &Value) {
    let mut statuses: Vec<&str> = ALWAYS.to_vec();
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    if path.contains('{') {
        statuses.push("404");
    }
    let versioned = operation.pointer("/requestBody/content/application~1merge-patch+json").is_some()
        || operation["x-versioned"] == json!(true);
    if versioned {
        statuses.extend(["412", "428"]);
        parameters.push(json!({"name": "If-Match", "in": "header", "required": true,
            "description": "The ETag that was read.", "schema": {"type": "string"}, "example": "\"1\""}));
    }
    if method == "post" {
        statuses.extend(["409", "413", "415"]);
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Makes a repetition safe for 24 hours.", "schema": {"type": "string", "maxLength": 200}}));
    }
    if method == "patch" || method == "delete" {
        statuses.push("409");
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    for status in statuses {
        if operation["responses"].get(status).is_none() {
            operation["responses"][status] = json!({"description": "Refused: see `code`.", "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
        }
    }
    for part in ["/requestBody/content", "/responses/200/content", "/responses/201/content", "/responses/202/content"] {
        for media in operation.pointer_mut(part).and_then(Value::as_object_mut).into_iter().flat_map(|m| m.values_mut())
        {
            if media.get("example").is_none() && media.get("examples").is_none() {
                media["example"] = example(&media["schema"], schemas, 0);
            }
        }
    }
}

/// An example put together from the examples and types of a schema.
fn example(schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth > 6 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return example(&schemas[name], schemas, depth + 1);
    }
    for known in ["example", "default"] {
        if let Some(value) = schema.get(known) {
            return value.clone();
        }
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
