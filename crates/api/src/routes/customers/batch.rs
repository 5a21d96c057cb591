//! Many customers at once, and moving one to another unit.

use actix_web::{post, web};
use regulars_app::AppError;
use regulars_app::customers::batch::{self, BatchFault, BatchInput, BatchItem};
use regulars_app::customers::bulk::{self, BulkInput};
use regulars_app::customers::transfer::{self, TransferInput};
use regulars_app::customers::view::CustomerView;
use regulars_app::jobs::JobView;
use regulars_domain::ids::PartyId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::problem::{Problem, problem};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchParams {
    /// `false` takes what is sound and says of each item how it went.
    #[param(example = true)]
    atomic: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    /// In the order create, update, delete.
    items: Vec<BatchOutcome>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BatchOutcome {
    #[schema(value_type = regulars_app::shape::BatchOp)]
    op: String,
    /// Place in the list of that name.
    #[schema(example = 0)]
    index: usize,
    /// What a single call would have answered.
    #[schema(example = 201)]
    status: u16,
    id: Option<Uuid>,
    /// The version that stands now.
    version: Option<i64>,
    error: Option<Problem>,
}

fn outcome(item: BatchItem, locale: &str, request_id: &str) -> BatchOutcome {
    let done = match item.op.as_str() {
        "create" => 201,
        "update" => 200,
        _ => 204,
    };
    let instance = format!("/api/v1/customers/batch#/{}/{}", item.op, item.index);
    let error = item.fault.map(|fault| fault_problem(fault, locale, &instance, request_id));
    BatchOutcome {
        status: error.as_ref().map_or(done, |error| error.status),
        op: item.op,
        index: item.index,
        id: item.id,
        version: item.version,
        error,
    }
}

fn fault_problem(fault: BatchFault, locale: &str, instance: &str, request_id: &str) -> Problem {
    let coded = |error: AppError| problem(&error, locale, instance, request_id);
    match fault {
        BatchFault::Validation(errors) => coded(AppError::Validation(errors)),
        BatchFault::NotFound => coded(AppError::NotFound),
        BatchFault::Forbidden(permission) => coded(AppError::Forbidden(permission)),
        BatchFault::Stale(current) => coded(AppError::Stale { current }),
        BatchFault::Conflict(code) => {
            let known = ["code_taken", "value_taken", "wrong_state"].into_iter().find(|known| *known == code);
            coded(AppError::Conflict(known.unwrap_or("conflict")))
        }
    }
}

/// Create, change and delete up to 500 customers, all or nothing unless `atomic=false`
#[utoipa::path(tag = "customers", params(BatchParams), request_body = BatchInput,
    responses((status = 200, body = BatchResult), (status = 404), (status = 412)))]
#[post("/customers/batch")]
pub async fn customer_batch(call: Call, params: web::Query<BatchParams>, body: Body<BatchInput>) -> Answer {
    let atomic = params.atomic.unwrap_or(true);
    call.act(body, move |cx, input| {
        let items = batch::customer_batch(cx, input, atomic)?;
        let words = |item| outcome(item, &cx.request.locale, &cx.request.request_id);
        Ok(BatchResult { items: items.into_iter().map(words).collect() })
    })
    .await
}

/// Change everyone a filter finds: owner, tags or a fact, as a job
#[utoipa::path(tag = "customers", request_body = BulkInput,
    responses((status = 202, body = JobView), (status = 404)))]
#[post("/customers/bulk")]
pub async fn customer_bulk(call: Call, body: Body<BulkInput>) -> Answer {
    call.start(body, bulk::customer_bulk).await
}

/// Move a customer to another unit (head office)
#[utoipa::path(tag = "customers", params(("id" = Uuid, Path)), request_body = TransferInput,
    responses((status = 200, body = CustomerView)))]
#[post("/customers/{id}/transfer")]
pub async fn customer_transfer(call: Call, id: web::Path<Uuid>, body: Body<TransferInput>) -> Answer {
    call.act(body, move |cx, input| transfer::customer_transfer(cx, PartyId(*id), input)).await
}
