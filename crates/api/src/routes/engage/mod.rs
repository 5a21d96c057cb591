//! `engage`: segments, and the fields that conditions can name.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::view::CustomerView;
use regulars_app::engage::field::{ConditionField, condition_field_list as fields};
use regulars_app::engage::segment::{
    self, CountInput, CountView, MembersInput, MembersView, SegmentInput, SegmentView,
};
use regulars_app::list::Page;
use regulars_domain::ids::SegmentId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(condition_field_list)
        .service(segment_list)
        .service(segment_create)
        .service(segment_count_condition)
        .service(segment_get)
        .service(segment_update)
        .service(segment_delete)
        .service(segment_count)
        .service(segment_member_list)
        .service(segment_member_create)
        .service(segment_member_remove);
}

#[derive(Deserialize, IntoParams)]
pub struct FieldsOf {
    #[param(inline, value_type = regulars_app::shape::ConditionResource, example = "customers")]
    resource: String,
}

/// The fields that filters and segments can name, with operators and choices
#[utoipa::path(tag = "engage", params(FieldsOf), responses((status = 200, body = Page<ConditionField>)))]
#[get("/condition-fields")]
pub async fn condition_field_list(call: Call, of: web::Query<FieldsOf>) -> Answer {
    call.get(move |cx| fields(cx, &of.resource)).await
}

/// Segments I made and those shared in my unit
#[utoipa::path(tag = "engage", responses((status = 200, body = Page<SegmentView>)))]
#[get("/segments")]
pub async fn segment_list(call: Call) -> Answer {
    call.get(segment::segment_list).await
}

/// Keep a condition or start a list
#[utoipa::path(tag = "engage", request_body = SegmentInput, responses((status = 201, body = SegmentView)))]
#[post("/segments")]
pub async fn segment_create(call: Call, body: Body<SegmentInput>) -> Answer {
    call.create(body, segment::segment_create).await
}

/// Count who meets a condition
#[utoipa::path(tag = "engage", request_body = CountInput, responses((status = 200, body = CountView)))]
#[post("/segments/count")]
pub async fn segment_count_condition(call: Call, body: Body<CountInput>) -> Answer {
    call.act(body, segment::condition_count).await
}

/// Read a segment
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)), responses((status = 200, body = SegmentView)))]
#[get("/segments/{id}")]
pub async fn segment_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| segment::segment_get(cx, SegmentId(*id))).await
}

/// Change a segment; a condition is replaced whole
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)),
    request_body(content = SegmentInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = SegmentView)))]
#[patch("/segments/{id}")]
pub async fn segment_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| segment::segment_update(cx, SegmentId(*id), version, patch)).await
}

/// Delete a segment; its customers stay
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/segments/{id}")]
pub async fn segment_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| segment::segment_delete(cx, SegmentId(*id), version)).await
}

/// Count a segment anew
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)), responses((status = 200, body = CountView)))]
#[post("/segments/{id}/count")]
pub async fn segment_count(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.act(body, move |cx, _| segment::segment_count(cx, SegmentId(*id))).await
}

/// The customers in a segment, as the customers list shows them
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Page<CustomerView>)))]
#[get("/segments/{id}/members")]
pub async fn segment_member_list(call: Call, id: web::Path<Uuid>, list: List) -> Answer {
    call.get(move |cx| segment::member_list(cx, SegmentId(*id), list.0)).await
}

/// Add customers to a static segment, by id or by condition
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)), request_body = MembersInput,
    responses((status = 200, body = MembersView)))]
#[post("/segments/{id}/members")]
pub async fn segment_member_create(call: Call, id: web::Path<Uuid>, body: Body<MembersInput>) -> Answer {
    call.act(body, move |cx, input| segment::member_create(cx, SegmentId(*id), input)).await
}

/// Take customers out of a static segment, by id or by condition
#[utoipa::path(tag = "engage", params(("id" = Uuid, Path)), request_body = MembersInput,
    responses((status = 200, body = MembersView)))]
#[post("/segments/{id}/members/removal")]
pub async fn segment_member_remove(call: Call, id: web::Path<Uuid>, body: Body<MembersInput>) -> Answer {
    call.act(body, move |cx, input| segment::member_delete(cx, SegmentId(*id), input)).await
}
