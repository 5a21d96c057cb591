//! Tasks: noted, given to people, finished, put off.

use actix_web::{delete, get, patch, post, web};
use regulars_app::activities::task::{self, CompletionInput, SnoozeInput, TaskInput, TaskView};
use regulars_app::list::Page;
use regulars_domain::ids::TaskId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Tasks of people within reach
#[utoipa::path(tag = "activities", params(ListParams), responses((status = 200, body = Page<TaskView>)))]
#[get("/tasks")]
pub async fn task_list(call: Call, list: List) -> Answer {
    call.get(move |cx| task::task_list(cx, &list.0)).await
}

/// Note something to be done, by oneself or somebody within reach
#[utoipa::path(tag = "activities", request_body = TaskInput, responses((status = 201, body = TaskView)))]
#[post("/tasks")]
pub async fn task_create(call: Call, body: Body<TaskInput>) -> Answer {
    call.create(body, task::task_create).await
}

/// Read a task
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 200, body = TaskView)))]
#[get("/tasks/{id}")]
pub async fn task_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| task::task_get(cx, TaskId(*id))).await
}

/// Change a task or give it to somebody else
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)),
    request_body(content = TaskInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = TaskView)))]
#[patch("/tasks/{id}")]
pub async fn task_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| task::task_update(cx, TaskId(*id), version, patch)).await
}

/// Remove a task
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/tasks/{id}")]
pub async fn task_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| task::task_delete(cx, TaskId(*id), version)).await
}

/// Finish a task; one that recurs comes again
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), request_body = CompletionInput,
    responses((status = 200, body = TaskView)))]
#[post("/tasks/{id}/completion")]
pub async fn task_complete(call: Call, id: web::Path<Uuid>, body: Body<CompletionInput>) -> Answer {
    call.act(body, move |cx, input| task::task_complete(cx, TaskId(*id), input)).await
}

/// Take a finished task up again
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), responses((status = 200, body = TaskView)))]
#[post("/tasks/{id}/reopening")]
pub async fn task_reopen(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| task::task_reopen(cx, TaskId(*id))).await
}

/// Put a task off
#[utoipa::path(tag = "activities", params(("id" = Uuid, Path)), request_body = SnoozeInput,
    responses((status = 200, body = TaskView)))]
#[post("/tasks/{id}/snooze")]
pub async fn task_snooze(call: Call, id: web::Path<Uuid>, body: Body<SnoozeInput>) -> Answer {
    call.act(body, move |cx, input| task::task_snooze(cx, TaskId(*id), input)).await
}
