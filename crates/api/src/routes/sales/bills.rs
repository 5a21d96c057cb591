//! Bills of orders.

use actix_web::{get, post, web};
use regulars_app::list::Page;
use regulars_app::sales::bill::view::BillView;
use regulars_app::sales::bill::{self, BillInput};
use regulars_domain::ids::{BillId, OrderId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Bills of orders within sight, found by the beginning of their code, their order's or their customer's name
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<BillView>)))]
#[get("/bills")]
pub async fn bill_list(call: Call, list: List) -> Answer {
    call.get(move |cx| bill::bill_list(cx, &list.0)).await
}

/// Read a bill
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = BillView)))]
#[get("/bills/{id}")]
pub async fn bill_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| bill::bill_get(cx, BillId(*id))).await
}

/// Bill what is open of an order: all of it, an amount of it, or amounts of its lines
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = BillInput,
    responses((status = 200, body = BillView)))]
#[post("/orders/{id}/bills")]
pub async fn bill_create(call: Call, id: web::Path<Uuid>, body: Body<BillInput>) -> Answer {
    call.act(body, move |cx, input| bill::bill_create(cx, OrderId(*id), input)).await
}

/// Cancel a bill: it stays on file, what stood on it may be billed again, and money that came for it counts for the others
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = BillView)))]
#[post("/bills/{id}/cancellation")]
pub async fn bill_cancel(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| bill::bill_cancel(cx, BillId(*id))).await
}
