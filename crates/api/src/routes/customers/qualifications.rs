//! Taking on customers: templates, and the qualifications made from them.

use actix_web::{delete, get, patch, post, web};
use regulars_app::customers::qualification::record::{self, QualificationLine};
use regulars_app::customers::qualification::template::{self, QualificationTemplateInput, QualificationTemplateView};
use regulars_app::customers::qualification::view::{QualificationInput, QualificationView};
use regulars_app::customers::qualification::{
    self, QualificationDecisionInput, QualificationStart, QualificationStep, QualificationWithdrawalInput,
};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, QualificationId, QualificationTemplateId};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// List the templates by which customers are taken on
#[utoipa::path(tag = "customers", responses((status = 200, body = Page<QualificationTemplateView>)))]
#[get("/qualification-templates")]
pub async fn template_list(call: Call) -> Answer {
    call.get(template::template_list).await
}

/// Make a template, for a unit or for the company
#[utoipa::path(tag = "customers", request_body = QualificationTemplateInput, responses((status = 201, body = QualificationTemplateView)))]
#[post("/qualification-templates")]
pub async fn template_create(call: Call, body: Body<QualificationTemplateInput>) -> Answer {
    call.create(body, template::template_create).await
}

/// Read a template
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = QualificationTemplateView)))]
#[get("/qualification-templates/{id}")]
pub async fn template_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| template::template_get(cx, QualificationTemplateId(*id))).await
}

/// Change a template; qualifications under way keep what they began with
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = QualificationTemplateInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = QualificationTemplateView)))]
#[patch("/qualification-templates/{id}")]
pub async fn template_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| {
        template::template_update(cx, QualificationTemplateId(*id), version, patch)
    })
    .await
}

/// Delete a template that was never used
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/qualification-templates/{id}")]
pub async fn template_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| template::template_delete(cx, QualificationTemplateId(*id), version)).await
}

/// List qualifications
#[utoipa::path(tag = "customers", params(ListParams), responses((status = 200, body = Page<QualificationLine>)))]
#[get("/qualifications")]
pub async fn qualification_list(call: Call, list: List) -> Answer {
    call.get(move |cx| record::qualification_list(cx, &list.0)).await
}

/// List the proposals that wait for the caller's approval, the longest waiting first
#[utoipa::path(tag = "customers", responses((status = 200, body = Page<QualificationLine>)))]
#[get("/qualifications/waiting")]
pub async fn qualification_waiting(call: Call) -> Answer {
    call.get(qualification::qualifications_waiting).await
}

/// Read a qualification
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = QualificationView)))]
#[get("/qualifications/{id}")]
pub async fn qualification_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| record::qualification_get(cx, QualificationId(*id))).await
}

/// Fill in what was found of criteria, steps and the proposal
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    request_body(content = QualificationInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = QualificationView)))]
#[patch("/qualifications/{id}")]
pub async fn qualification_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| {
        qualification::qualification_update(cx, QualificationId(*id), version, patch)
    })
    .await
}

/// The qualifications of a customer, the latest first
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<QualificationView>)))]
#[get("/customers/{id}/qualifications")]
pub async fn qualification_list_of(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| record::qualifications_of_customer(cx, PartyId(*id))).await
}

/// Begin to qualify a customer by a template
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = QualificationStart,
    responses((status = 201, body = QualificationView)))]
#[post("/customers/{id}/qualifications")]
pub async fn qualification_start(call: Call, id: web::Path<Uuid>, body: Body<QualificationStart>) -> Answer {
    let call = call.at("/api/v1/qualifications");
    call.create(body, move |cx, input| qualification::qualification_start(cx, PartyId(*id), input)).await
}

/// Propose a customer to those who approve
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = QualificationStep,
    responses((status = 200, body = QualificationView), (status = 412)))]
#[post("/qualifications/{id}/proposal")]
pub async fn qualification_propose(call: Call, id: web::Path<Uuid>, body: Body<QualificationStep>) -> Answer {
    call.act(body, move |cx, input| qualification::qualification_propose(cx, QualificationId(*id), input)).await
}

/// Approve or refuse a proposal, as the one whose approval comes next
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = QualificationDecisionInput,
    responses((status = 200, body = QualificationView), (status = 412)))]
#[post("/qualifications/{id}/decision")]
pub async fn qualification_decide(call: Call, id: web::Path<Uuid>, body: Body<QualificationDecisionInput>) -> Answer {
    call.act(body, move |cx, input| qualification::qualification_decide(cx, QualificationId(*id), input)).await
}

/// Give an approved customer its code, once the contracts are attached
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = QualificationStep,
    responses((status = 200, body = QualificationView), (status = 412)))]
#[post("/qualifications/{id}/completion")]
pub async fn qualification_complete(call: Call, id: web::Path<Uuid>, body: Body<QualificationStep>) -> Answer {
    call.act(body, move |cx, input| qualification::qualification_complete(cx, QualificationId(*id), input)).await
}

/// Give a qualification up
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = QualificationWithdrawalInput,
    responses((status = 200, body = QualificationView), (status = 412)))]
#[post("/qualifications/{id}/withdrawal")]
pub async fn qualification_withdraw(
    call: Call,
    id: web::Path<Uuid>,
    body: Body<QualificationWithdrawalInput>,
) -> Answer {
    call.act(body, move |cx, input| qualification::qualification_withdraw(cx, QualificationId(*id), input)).await
}
