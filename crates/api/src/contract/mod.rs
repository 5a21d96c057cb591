//! The contract: collected from the routes, completed with what every operation shares, served and committed.

mod example;
mod schemas;

use std::sync::LazyLock;

use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::SwaggerUi;

use self::example::example;
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
    // Written once: so much text is no work to do again for anybody who asks.
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(CONTRACT.to_string()));
    HttpResponse::Ok().content_type("application/json").body(TEXT.clone())
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
    document["components"]["responses"]["Refused"] = json!({"description": "Refused: see `code`.", "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
    schemas::tidy(&mut document);
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
    if method != "get" {
        statuses.push("507");
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    let told = operation["responses"].as_object().cloned().unwrap_or_default();
    let refusals = told.iter().filter(|(status, answer)| status.starts_with('4') && answer.get("content").is_none());
    for status in refusals.map(|(status, _)| status.as_str()).chain(statuses) {
        operation["responses"][status] = json!({"$ref": "#/components/responses/Refused"});
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
