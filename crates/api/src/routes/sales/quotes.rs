//! Offers and what becomes of them.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::paper;
use regulars_app::sales::quote;
use regulars_app::sales::quote::act::{self, QuoteStatusInput};
use regulars_app::sales::quote::view::{QuoteInput, QuoteView};
use regulars_app::sales::view::OrderView;
use regulars_domain::ids::QuoteId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::file;
use crate::http::list::{List, ListParams};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaperParams {
    /// The language of the paper; the caller's when absent.
    #[param(inline, value_type = Option<regulars_app::shape::Locale>, example = "en")]
    pub locale: Option<String>,
}

/// Quotes in all their versions, found by the beginning of their code or of their customer's name
#[utoipa::path(tag = "sales", params(ListParams), responses((status = 200, body = Page<QuoteView>)))]
#[get("/quotes")]
pub async fn quote_list(call: Call, list: List) -> Answer {
    call.get(move |cx| quote::quote_list(cx, &list.0)).await
}

/// Read a quote
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = QuoteView)))]
#[get("/quotes/{id}")]
pub async fn quote_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| quote::quote_get(cx, QuoteId(*id))).await
}

/// Read a quote as PDF: a paper for the customer, in the language asked for or the caller's
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path), PaperParams),
    responses((status = 200, body = String, content_type = "application/pdf")))]
#[get("/quotes/{id}/paper")]
pub async fn quote_paper(call: Call, id: web::Path<Uuid>, params: web::Query<PaperParams>) -> Answer {
    let made = call.run(move |cx| paper::quote_paper(cx, QuoteId(*id), params.locale.as_deref())).await?;
    Ok(file::paper(&made.name, made.bytes))
}

/// Draft a quote for a customer within sight
#[utoipa::path(tag = "sales", request_body = QuoteInput, responses((status = 201, body = QuoteView)))]
#[post("/quotes")]
pub async fn quote_create(call: Call, body: Body<QuoteInput>) -> Answer {
    call.create(body, quote::quote_create).await
}

/// Change a draft; of a quote that was sent only the owner
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = QuoteInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = QuoteView)))]
#[patch("/quotes/{id}")]
pub async fn quote_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| quote::quote_update(cx, QuoteId(*id), version, patch)).await
}

/// Take a draft away
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/quotes/{id}")]
pub async fn quote_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| quote::quote_delete(cx, QuoteId(*id), version)).await
}

/// Send a quote, or note the customer's answer, or take the answer back
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), request_body = QuoteStatusInput,
    responses((status = 200, body = QuoteView)))]
#[post("/quotes/{id}/status")]
pub async fn quote_move(call: Call, id: web::Path<Uuid>, body: Body<QuoteStatusInput>) -> Answer {
    call.act(body, move |cx, input| act::quote_move(cx, QuoteId(*id), input)).await
}

/// Make a new version of a quote that was sent: a draft that says the same
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = QuoteView)))]
#[post("/quotes/{id}/revision")]
pub async fn quote_revise(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| act::quote_revise(cx, QuoteId(*id))).await
}

/// Make the order of a quote, which is accepted by that; asked again, answer the same order
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = OrderView)))]
#[post("/quotes/{id}/order")]
pub async fn quote_order(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| act::quote_order(cx, QuoteId(*id))).await
}
