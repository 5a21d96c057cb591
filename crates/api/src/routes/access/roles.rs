//! Roles and what they can permit.

use actix_web::{delete, get, patch, post, web};
use regulars_app::access::role::{self, MaskView, PermissionView, RoleCopy, RoleInput, RoleView};
use regulars_app::list::Page;
use regulars_domain::ids::RoleId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Everything that can be permitted
#[utoipa::path(tag = "access", responses((status = 200, body = Page<PermissionView>)))]
#[get("/permissions")]
pub async fn permission_list(call: Call) -> Answer {
    call.get(role::permission_list).await
}

/// Every field of customers that a role can mask
#[utoipa::path(tag = "access", responses((status = 200, body = Page<MaskView>)))]
#[get("/masks")]
pub async fn mask_list(call: Call) -> Answer {
    call.get(role::mask_list).await
}

/// List roles
#[utoipa::path(tag = "access", responses((status = 200, body = Page<RoleView>)))]
#[get("/roles")]
pub async fn role_list(call: Call) -> Answer {
    call.get(role::role_list).await
}

/// Create a role
#[utoipa::path(tag = "access", request_body = RoleInput, responses((status = 201, body = RoleView)))]
#[post("/roles")]
pub async fn role_create(call: Call, body: Body<RoleInput>) -> Answer {
    call.create(body, role::role_create).await
}

/// Read a role
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), responses((status = 200, body = RoleView)))]
#[get("/roles/{id}")]
pub async fn role_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| role::role_get(cx, RoleId(*id))).await
}

/// Change a role
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)),
    request_body(content = RoleInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = RoleView)))]
#[patch("/roles/{id}")]
pub async fn role_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| role::role_update(cx, RoleId(*id), version, patch)).await
}

/// Delete a role
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/roles/{id}")]
pub async fn role_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| role::role_delete(cx, RoleId(*id), version)).await
}

/// Copy a role, a built-in one too
#[utoipa::path(tag = "access", params(("id" = Uuid, Path)), request_body = RoleCopy,
    responses((status = 201, body = RoleView)))]
#[post("/roles/{id}/copy")]
pub async fn role_copy(call: Call, id: web::Path<Uuid>, body: Body<RoleCopy>) -> Answer {
    call.at("/api/v1/roles").create(body, move |cx, copy| role::role_copy(cx, RoleId(*id), copy)).await
}
