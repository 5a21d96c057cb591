//! Next best actions, what people made of them, and what came of it.

use actix_web::{get, post, web};
use chrono::NaiveDate;
use regulars_app::insight::next::outcome::{self, NextActionOutcomeInput, NextActionOutcomeView, NextActionReport};
use regulars_app::insight::next::{self, NextActionView, NextActionsRequest};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, UserId};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NextActionsParams {
    /// About this customer, whoever owns it.
    customer: Option<Uuid>,
    /// About this person's customers; the caller's when absent.
    owner: Option<Uuid>,
    /// 30 when absent, at most 100.
    #[param(example = 30)]
    limit: Option<usize>,
}

/// What to do next for a person's customers or for one customer, what is worth most first
#[utoipa::path(tag = "insight", params(NextActionsParams), responses((status = 200, body = Page<NextActionView>)))]
#[get("/next-actions")]
pub async fn next_action_list(call: Call, params: web::Query<NextActionsParams>) -> Answer {
    let request = NextActionsRequest {
        customer: params.customer.map(PartyId),
        owner: params.owner.map(UserId),
        limit: params.limit,
    };
    call.get(move |cx| next::next_action_list(cx, &request)).await
}

/// Note what was made of a suggestion: done, not before a day, not useful
#[utoipa::path(tag = "insight", request_body = NextActionOutcomeInput,
    responses((status = 200, body = NextActionOutcomeView)))]
#[post("/next-actions/outcomes")]
pub async fn next_action_outcome(call: Call, body: Body<NextActionOutcomeInput>) -> Answer {
    call.act(body, outcome::next_action_outcome).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NextActionReportParams {
    /// A year before `until` when absent.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// Today when absent.
    #[param(example = "2026-12-31")]
    until: Option<NaiveDate>,
}

/// How often suggestions were acted on, and what was bought after it
#[utoipa::path(tag = "insight", params(NextActionReportParams), responses((status = 200, body = NextActionReport)))]
#[get("/next-actions/report")]
pub async fn next_action_report(call: Call, params: web::Query<NextActionReportParams>) -> Answer {
    call.get(move |cx| outcome::next_action_report(cx, params.from, params.until)).await
}
