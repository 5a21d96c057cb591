//! Consent, and the do-not-contact list.

use actix_web::{delete, get, post, web};
use regulars_app::customers::consent::{self, ConsentBoard, ConsentInput, ConsentLine, ConsentView};
use regulars_app::customers::suppression::{self, LiftingInput, SuppressionInput, SuppressionView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, SuppressionId};
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Whether a customer may be contacted, by channel and purpose, with all that was said about it
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = ConsentBoard)))]
#[get("/customers/{id}/consents")]
pub async fn consent_board(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| consent::consent_board(cx, PartyId(*id))).await
}

/// Note that a customer gave or withdrew consent
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = ConsentInput,
    responses((status = 201, body = ConsentView)))]
#[post("/customers/{id}/consents")]
pub async fn consent_record(call: Call, id: web::Path<Uuid>, body: Body<ConsentInput>) -> Answer {
    call.create(body, move |cx, input| consent::consent_record(cx, PartyId(*id), input)).await
}

/// All that customers said about being contacted, the latest first
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<ConsentLine>)))]
#[get("/consents")]
pub async fn consent_list(call: Call, list: List) -> Answer {
    call.get(move |cx| consent::consent_list(cx, &list.0)).await
}

/// The do-not-contact list, the latest first
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<SuppressionView>)))]
#[get("/suppressions")]
pub async fn suppression_list(call: Call, list: List) -> Answer {
    call.get(move |cx| suppression::suppression_list(cx, &list.0)).await
}

/// Put an address on the do-not-contact list
#[utoipa::path(tag = "customers", request_body = SuppressionInput, responses((status = 201, body = SuppressionView)))]
#[post("/suppressions")]
pub async fn suppression_create(call: Call, body: Body<SuppressionInput>) -> Answer {
    call.create(body, suppression::suppression_create).await
}

/// Take an address off the do-not-contact list, saying why
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = LiftingInput,
    responses((status = 200, body = SuppressionView)))]
#[post("/suppressions/{id}/lifting")]
pub async fn suppression_lift(call: Call, id: web::Path<Uuid>, body: Body<LiftingInput>) -> Answer {
    call.act(body, move |cx, input| suppression::suppression_lift(cx, SuppressionId(*id), input)).await
}

/// Take an address off the do-not-contact list
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/suppressions/{id}")]
pub async fn suppression_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| suppression::suppression_delete(cx, SuppressionId(*id))).await
}
