//! With whom customers are shared.

use actix_web::{delete, get, post, web};
use regulars_app::customers::share::{self, ShareInput, ShareView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, ShareId};
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// With whom a customer is shared
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<ShareView>)))]
#[get("/customers/{id}/shares")]
pub async fn share_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| share::share_list(cx, PartyId(*id))).await
}

/// Share a customer with a colleague or a department; shared again, the share is changed
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = ShareInput,
    responses((status = 200, body = ShareView)))]
#[post("/customers/{id}/shares")]
pub async fn share_create(call: Call, id: web::Path<Uuid>, body: Body<ShareInput>) -> Answer {
    call.act(body, move |cx, input| share::share_create(cx, PartyId(*id), input)).await
}

/// End a share at once
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/shares/{id}")]
pub async fn share_end(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| share::share_end(cx, ShareId(*id))).await
}
