//! One customer.

use actix_web::{delete, get, patch, post, put, web};
use regulars_app::customers::access::{self, AccessView};
use regulars_app::customers::address_mark::{self, AddressMarkInput};
use regulars_app::customers::card::{self, CustomerCard};
use regulars_app::customers::customer;
use regulars_app::customers::input::CustomerInput;
use regulars_app::customers::list;
use regulars_app::customers::view::CustomerView;
use regulars_app::list::Page;
use regulars_domain::ids::PartyId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Expand {
    /// Parts to include: `metrics`.
    #[param(example = "metrics")]
    expand: Option<String>,
}

/// List customers: search, filter, sort, page by page
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<CustomerView>)))]
#[get("/customers")]
pub async fn customer_list(call: Call, list: List) -> Answer {
    call.get(move |cx| list::customer_list(cx, list.0)).await
}

/// Record a customer
#[utoipa::path(tag = "customers", request_body = CustomerInput, responses((status = 201, body = CustomerView)))]
#[post("/customers")]
pub async fn customer_create(call: Call, body: Body<CustomerInput>) -> Answer {
    call.create(body, customer::customer_create).await
}

/// Read a customer; one that was merged into another answers 410 with `merged_into`
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path), Expand),
    responses((status = 200, body = CustomerView), (status = 410)))]
#[get("/customers/{id}")]
pub async fn customer_get(call: Call, id: web::Path<Uuid>, query: web::Query<Expand>) -> Answer {
    call.get_one(move |cx| {
        let expand: Vec<&str> = query.expand.iter().flat_map(|parts| parts.split(',')).collect();
        customer::customer_get(cx, PartyId(*id), &expand)
    })
    .await
}

/// Change a customer
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = CustomerInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = CustomerView)))]
#[patch("/customers/{id}")]
pub async fn customer_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| customer::customer_update(cx, PartyId(*id), version, patch)).await
}

/// Delete a customer; it can be restored
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/customers/{id}")]
pub async fn customer_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| customer::customer_delete(cx, PartyId(*id), version)).await
}

/// Restore a deleted customer
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = CustomerView)))]
#[post("/customers/{id}/restoration")]
pub async fn customer_restore(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| customer::customer_restore(cx, PartyId(*id))).await
}

/// The card: everything to recognise and serve a customer, in one answer
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerCard), (status = 410)))]
#[get("/customers/{id}/card")]
pub async fn customer_card(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| card::customer_card(cx, PartyId(*id))).await
}

/// Why I see this customer and may change it
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = AccessView)))]
#[get("/customers/{id}/access")]
pub async fn customer_access(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| access::customer_access(cx, PartyId(*id))).await
}

/// Mark a phone or an e-mail of a customer as verified or invalid, or take its mark away
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = AddressMarkInput,
    responses((status = 200, body = CustomerView)), extensions(("x-versioned" = json!(true))))]
#[put("/customers/{id}/address-mark")]
pub async fn address_mark_put(call: Call, id: web::Path<Uuid>, body: Body<AddressMarkInput>) -> Answer {
    call.put(body, move |cx, version, input| address_mark::address_mark_put(cx, PartyId(*id), version, &input)).await
}
