//! Orders and what happens to them.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::money::{self, PaymentInput, ReturnInput};
use regulars_app::sales::order::{self, StatusInput};
use regulars_app::sales::paper;
use regulars_app::sales::view::{OrderInput, OrderView};
use regulars_domain::ids::OrderId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::file;
use crate::http::list::{List, ListParams};
use crate::routes::sales::quotes::PaperParams;

/// Orders, found by the beginning of their code or of their customer's name
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<OrderView>)))]
#[get("/orders")]
pub async fn order_list(call: Call, list: List) -> Answer {
    call.get(move |cx| order::order_list(cx, &list.0)).await
}

/// Read an order
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = OrderView)))]
#[get("/orders/{id}")]
pub async fn order_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| order::order_get(cx, OrderId(*id))).await
}

/// Read an order as PDF: a paper for the customer, in the language asked for or the caller's
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path), PaperParams),
    responses((status = 200, body = String, content_type = "application/pdf")))]
#[get("/orders/{id}/paper")]
pub async fn order_paper(call: Call, id: web::Path<Uuid>, params: web::Query<PaperParams>) -> Answer {
    let made = call.run(move |cx| paper::order_paper(cx, OrderId(*id), params.locale.as_deref())).await?;
    Ok(file::paper(&made.name, made.bytes))
}

/// Enter an order for a customer within sight
#[utoipa::path(tag = "sales", request_body = OrderInput, responses((status = 201, body = OrderView)))]
#[post("/orders")]
pub async fn order_create(call: Call, body: Body<OrderInput>) -> Answer {
    call.create(body, order::order_create).await
}

/// Change an order; lines, customer and currency only while it is a draft or confirmed
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = OrderInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = OrderView)))]
#[patch("/orders/{id}")]
pub async fn order_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| order::order_update(cx, OrderId(*id), version, patch)).await
}

/// Take an order away that no money or goods have moved on
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/orders/{id}")]
pub async fn order_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| order::order_delete(cx, OrderId(*id), version)).await
}

/// Move an order to one of its next statuses
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = StatusInput,
    responses((status = 200, body = OrderView)))]
#[post("/orders/{id}/status")]
pub async fn order_move(call: Call, id: web::Path<Uuid>, body: Body<StatusInput>) -> Answer {
    call.act(body, move |cx, input| order::order_move(cx, OrderId(*id), input)).await
}

/// Record a payment of at most the balance, or a refund as an amount less than zero
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = PaymentInput,
    responses((status = 200, body = OrderView)))]
#[post("/orders/{id}/payments")]
pub async fn payment_create(call: Call, id: web::Path<Uuid>, body: Body<PaymentInput>) -> Answer {
    call.act(body, move |cx, input| money::payment_create(cx, OrderId(*id), input)).await
}

/// Record goods that came back, or an allowance on the order
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = ReturnInput,
    responses((status = 200, body = OrderView)))]
#[post("/orders/{id}/returns")]
pub async fn return_create(call: Call, id: web::Path<Uuid>, body: Body<ReturnInput>) -> Answer {
    call.act(body, move |cx, input| money::return_create(cx, OrderId(*id), input)).await
}
