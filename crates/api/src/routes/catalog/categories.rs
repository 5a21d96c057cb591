//! Categories.

use actix_web::{delete, get, patch, post, web};
use regulars_app::catalog::category::{self, CategoryInput, CategoryView};
use regulars_app::list::Page;
use regulars_domain::ids::CategoryId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// The tree of categories, parents before children
#[utoipa::path(tag = "catalog", responses((status = 200, body = Page<CategoryView>)))]
#[get("/categories")]
pub async fn category_list(call: Call) -> Answer {
    call.get(category::category_list).await
}

/// Read a category
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 200, body = CategoryView)))]
#[get("/categories/{id}")]
pub async fn category_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| category::category_get(cx, CategoryId(*id))).await
}

/// Add a category
#[utoipa::path(tag = "catalog", request_body = CategoryInput, responses((status = 201, body = CategoryView)))]
#[post("/categories")]
pub async fn category_create(call: Call, body: Body<CategoryInput>) -> Answer {
    call.create(body, category::category_create).await
}

/// Change a category
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)),
    request_body(content = CategoryInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = CategoryView)))]
#[patch("/categories/{id}")]
pub async fn category_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| category::category_update(cx, CategoryId(*id), version, patch)).await
}

/// Remove an empty category
#[utoipa::path(tag = "catalog", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/categories/{id}")]
pub async fn category_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| category::category_delete(cx, CategoryId(*id), version)).await
}
