//! Lifetime models, lifecycle and classes, early warning.

use actix_web::{get, patch, post, web};
use chrono::NaiveDate;
use regulars_app::insight::durable::view::{DurableView, durable_list as durables};
use regulars_app::insight::evaluation::EvaluationInput;
use regulars_app::insight::lifetime::{self, LifetimeModelView};
use regulars_app::insight::programme::view::{self, ProgrammeView};
use regulars_app::insight::relation::{self, ClassChangeView, RelationSpread};
use regulars_app::insight::warning::{self, WarningInput, WarningReport, WarningView, WarningsRequest};
use regulars_app::insight::win_back::{self, WinBackList};
use regulars_app::jobs::JobView;
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, WarningId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// The lifetime model of each unit within sight: parameters, how well they are known, how it did on days held out
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<LifetimeModelView>)))]
#[get("/insight/lifetime")]
pub async fn lifetime_list(call: Call) -> Answer {
    call.get(|cx| lifetime::lifetime_list(cx).map(Page::whole)).await
}

/// Fit the lifetime models anew and score every customer with them
#[utoipa::path(tag = "insight", request_body = EvaluationInput, responses((status = 202, body = JobView)))]
#[post("/insight/lifetime/fits")]
pub async fn lifetime_fit(call: Call, body: Body<Option<EvaluationInput>>) -> Answer {
    call.start(body, |cx, input| lifetime::lifetime_fit(cx, input.unwrap_or_default())).await
}

/// The bill-paying programmes of each unit within sight: cohorts, retention as it was and as the shifted beta-geometric has it, what is still to come by tenure, how the model did on days held out
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<ProgrammeView>)))]
#[get("/insight/lifetime/programmes")]
pub async fn programme_list(call: Call) -> Answer {
    call.get(|cx| view::programme_list(cx).map(Page::whole)).await
}

/// Groups of durables, in the order of the settings: what their buyers within sight are expected to bring yet
#[utoipa::path(tag = "insight", responses((status = 200, body = Page<DurableView>)))]
#[get("/insight/lifetime/durables")]
pub async fn durable_list(call: Call) -> Answer {
    call.get(|cx| durables(cx).map(Page::whole)).await
}

/// How customers within sight spread over lifecycle, loyalty classes, matrix and situations
#[utoipa::path(tag = "insight", responses((status = 200, body = RelationSpread)))]
#[get("/insight/relations")]
pub async fn relations_get(call: Call) -> Answer {
    call.get(relation::relations_get).await
}

/// When and why a customer changed stage, lifecycle, class and field, the latest first
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), responses((status = 200, body = Page<ClassChangeView>)))]
#[get("/customers/{id}/class-changes")]
pub async fn class_change_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| relation::class_change_list(cx, PartyId(*id))).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WarningsParams {
    /// `open`, `acting`, `kept`, `lost` or `withdrawn`; those that stand when absent.
    #[param(example = "open")]
    status: Option<String>,
    /// Of one customer: all, whether they stand or not.
    customer: Option<Uuid>,
}

/// Warnings that customers are about to leave: those that stand by what is at stake, then closed ones; at most 200
#[utoipa::path(tag = "insight", params(WarningsParams), responses((status = 200, body = Page<WarningView>)))]
#[get("/insight/warnings")]
pub async fn warning_list(call: Call, params: web::Query<WarningsParams>) -> Answer {
    let request = WarningsRequest { status: params.status.clone(), customer: params.customer.map(PartyId) };
    call.get(move |cx| warning::warning_list(cx, &request)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// A year before `until` when absent.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// Today when absent.
    #[param(example = "2026-12-31")]
    until: Option<NaiveDate>,
}

/// How warnings of a period ended, losses by reason, and what a loss costs
#[utoipa::path(tag = "insight", params(ReportParams), responses((status = 200, body = WarningReport)))]
#[get("/insight/warnings/report")]
pub async fn warning_report(call: Call, params: web::Query<ReportParams>) -> Answer {
    call.get(move |cx| warning::warning_report(cx, params.from, params.until)).await
}

/// One warning
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), responses((status = 200, body = WarningView)))]
#[get("/insight/warnings/{id}")]
pub async fn warning_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| warning::warning_one(cx, WarningId(*id))).await
}

/// Record what is done about a warning, or how it ended
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)),
    request_body(content = WarningInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = WarningView)))]
#[patch("/insight/warnings/{id}")]
pub async fn warning_change(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| warning::warning_change(cx, WarningId(*id), version, patch)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WinBackParams {
    /// `-expected`, `-value`, `-silent_days` or `silent_days`; `-expected` when absent.
    #[param(example = "-expected")]
    sort: Option<String>,
}

/// Whom it pays to win back: who is lost, warned of or in decline, what they would spend, and what to expect of trying
#[utoipa::path(tag = "insight", params(WinBackParams), responses((status = 200, body = WinBackList)))]
#[get("/insight/win-back")]
pub async fn win_back_list(call: Call, params: web::Query<WinBackParams>) -> Answer {
    call.get(move |cx| win_back::win_back_list(cx, params.sort.as_deref())).await
}
