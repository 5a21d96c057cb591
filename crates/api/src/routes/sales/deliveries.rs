//! What goes out on orders.

use actix_web::{post, web};
use regulars_app::sales::delivery::{self, DeliveryCorrection, DeliveryInput};
use regulars_app::sales::view::OrderView;
use regulars_domain::ids::{OrderDeliveryId, OrderId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// Record goods that went out on a confirmed order, at most what is still to go; all of that when no lines are named
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = DeliveryInput,
    responses((status = 200, body = OrderView)))]
#[post("/orders/{id}/deliveries")]
pub async fn delivery_create(call: Call, id: web::Path<Uuid>, body: Body<DeliveryInput>) -> Answer {
    call.act(body, move |cx, input| delivery::delivery_create(cx, OrderId(*id), input)).await
}

/// Put right when and by whom goods went out; answers the order
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = DeliveryCorrection,
    responses((status = 200, body = OrderView)))]
#[post("/deliveries/{id}/correction")]
pub async fn delivery_correct(call: Call, id: web::Path<Uuid>, body: Body<DeliveryCorrection>) -> Answer {
    call.act(body, move |cx, input| delivery::delivery_correct(cx, OrderDeliveryId(*id), input)).await
}

/// Cancel a delivery that did not happen; it stays on file, and its order is open again. Answers the order
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = OrderView)))]
#[post("/deliveries/{id}/cancellation")]
pub async fn delivery_cancel(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| delivery::delivery_cancel(cx, OrderDeliveryId(*id))).await
}
