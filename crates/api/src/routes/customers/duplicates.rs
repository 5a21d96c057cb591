//! Possible duplicates, and making one record of two.

use actix_web::{delete, get, post, web};
use regulars_app::customers::duplicates::candidate::{self, CandidateInput, CandidateView};
use regulars_app::customers::duplicates::elsewhere::{self, ElsewhereInput, ElsewhereView};
use regulars_app::customers::duplicates::pair::{self, DuplicateView};
use regulars_app::customers::duplicates::scan;
use regulars_app::customers::merge::{self, MergeInput, MergeView};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::{DuplicateId, MergeId, PartyId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// List possible duplicates, the likeliest first; open ones unless the filter names a status
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<DuplicateView>)))]
#[get("/duplicates")]
pub async fn duplicate_list(call: Call, list: List) -> Answer {
    call.get(move |cx| pair::duplicate_list(cx, &list.0)).await
}

/// Read a possible duplicate
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = DuplicateView)))]
#[get("/duplicates/{id}")]
pub async fn duplicate_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| pair::duplicate_get(cx, DuplicateId(*id))).await
}

/// Say that the two are no duplicates; it is remembered
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = DuplicateView)))]
#[post("/duplicates/{id}/dismissal")]
pub async fn duplicate_dismiss(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| pair::duplicate_dismiss(cx, DuplicateId(*id))).await
}

/// Take up again what was said to be no duplicate
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/duplicates/{id}/dismissal")]
pub async fn duplicate_reopen(call: Call, id: web::Path<Uuid>) -> Answer {
    call.done(move |cx| pair::duplicate_reopen(cx, DuplicateId(*id)).map(drop)).await
}

/// Find who a customer being typed may be already
#[utoipa::path(tag = "customers", request_body = CandidateInput,
    responses((status = 200, body = Page<CandidateView>)))]
#[post("/duplicates/candidates")]
pub async fn candidate_list(call: Call, body: Body<CandidateInput>) -> Answer {
    call.act(body, move |cx, input| candidate::candidate_list(cx, &input)).await
}

/// Ask whether someone is a customer of another unit: where, and whom to ask, nothing else
#[utoipa::path(tag = "customers", request_body = ElsewhereInput, responses((status = 200, body = ElsewhereView)))]
#[post("/duplicates/elsewhere")]
pub async fn elsewhere_check(call: Call, body: Body<ElsewhereInput>) -> Answer {
    call.act(body, move |cx, input| elsewhere::elsewhere_check(cx, &input)).await
}

/// Scan all customers for duplicates, as a job
#[utoipa::path(tag = "customers", responses((status = 202, body = JobView)))]
#[post("/duplicates/scans")]
pub async fn scan_create(call: Call, body: Body<Option<Value>>) -> Answer {
    call.start(body, |cx, _| scan::scan_create(cx)).await
}

/// The possible duplicates of a customer
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path), ListParams),
    responses((status = 200, body = Page<DuplicateView>)))]
#[get("/customers/{id}/duplicates")]
pub async fn duplicate_list_of(call: Call, id: web::Path<Uuid>, list: List) -> Answer {
    call.get(move |cx| pair::duplicate_list_of(cx, PartyId(*id), &list.0)).await
}

/// What was merged into a customer
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Page<MergeView>)))]
#[get("/customers/{id}/merges")]
pub async fn merge_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| merge::merge_list(cx, PartyId(*id))).await
}

/// Merge another customer into this one; it can be taken back for 30 days
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = MergeInput,
    responses((status = 201, body = MergeView), (status = 410), (status = 412)))]
#[post("/customers/{id}/merges")]
pub async fn merge_create(call: Call, id: web::Path<Uuid>, body: Body<MergeInput>) -> Answer {
    call.at("/api/v1/merges").create(body, move |cx, input| merge::merge_create(cx, PartyId(*id), input)).await
}

/// Read a merge
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = MergeView)))]
#[get("/merges/{id}")]
pub async fn merge_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| merge::merge_get(cx, MergeId(*id))).await
}

/// Take a merge back: both customers stand again
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = MergeView)))]
#[post("/merges/{id}/undo")]
pub async fn merge_undo(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| merge::merge_undo(cx, MergeId(*id))).await
}
