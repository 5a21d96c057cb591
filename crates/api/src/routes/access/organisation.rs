//! Units and departments.

use actix_web::{delete, get, patch, post, web};
use regulars_app::access::department::{self, DepartmentInput, DepartmentView};
use regulars_app::access::unit::{self, UnitInput, UnitView};
use regulars_app::list::Page;
use regulars_domain::ids::{DepartmentId, UnitId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// List units
#[utoipa::path(tag = "access", responses((status = 200, body = Page<UnitView>)))]
#[get("/units")]
pub async fn unit_list(call: Call) -> Answer {
    call.get(unit::unit_list).await
}

/// Create a unit
#[utoipa::path(tag = "access", request_body = UnitInput, responses((status = 201, body = UnitView)))]
#[post("/units")]
pub async fn unit_create(call: Call, body: Body<UnitInput>) -> Answer {
    call.create(body, unit::unit_create).await
}

/// Read a unit
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = UnitView)))]
#[get("/units/{id}")]
pub async fn unit_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| unit::unit_get(cx, UnitId(*id))).await
}

/// Change a unit
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)),
    request_body(content = UnitInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = UnitView)))]
#[patch("/units/{id}")]
pub async fn unit_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| unit::unit_update(cx, UnitId(*id), version, patch)).await
}

/// Delete a unit
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/units/{id}")]
pub async fn unit_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| unit::unit_delete(cx, UnitId(*id), version)).await
}

/// List departments
#[utoipa::path(tag = "access", responses((status = 200, body = Page<DepartmentView>)))]
#[get("/departments")]
pub async fn department_list(call: Call) -> Answer {
    call.get(department::department_list).await
}

/// Create a department
#[utoipa::path(tag = "access", request_body = DepartmentInput, responses((status = 201, body = DepartmentView)))]
#[post("/departments")]
pub async fn department_create(call: Call, body: Body<DepartmentInput>) -> Answer {
    call.create(body, department::department_create).await
}

/// Read a department
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = DepartmentView)))]
#[get("/departments/{id}")]
pub async fn department_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| department::department_get(cx, DepartmentId(*id))).await
}

/// Change a department
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)),
    request_body(content = DepartmentInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = DepartmentView)))]
#[patch("/departments/{id}")]
pub async fn department_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| department::department_update(cx, DepartmentId(*id), version, patch))
        .await
}

/// Delete a department
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/departments/{id}")]
pub async fn department_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| department::department_delete(cx, DepartmentId(*id), version)).await
}
