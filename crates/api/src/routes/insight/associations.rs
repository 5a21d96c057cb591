//! What goes together, and what a customer may want of it.

use actix_web::{get, web};
use regulars_app::insight::association::{self, AssociationView, AssociationsRequest, RecommendationView};
use regulars_app::list::Page;
use regulars_domain::ids::{PartyId, ProductId};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AssociationsParams {
    /// On either side.
    product: Option<Uuid>,
    /// Customers who have both, at least.
    #[param(example = 3)]
    count: Option<i64>,
    /// At least, 0–1.
    #[param(example = 0.2)]
    confidence: Option<f64>,
    /// At least.
    #[param(example = 1.2)]
    lift: Option<f64>,
}

/// What is bought together, learnt by each evaluation of each unit within sight; the strongest lift first, at most 500
#[utoipa::path(tag = "insight", params(AssociationsParams), responses((status = 200, body = Page<AssociationView>)))]
#[get("/insight/associations")]
pub async fn association_list(call: Call, params: web::Query<AssociationsParams>) -> Answer {
    let request = AssociationsRequest {
        product: params.product.map(ProductId),
        count: params.count,
        confidence: params.confidence,
        lift: params.lift,
    };
    call.get(move |cx| association::association_list(cx, &request)).await
}

/// What a customer may want, going by what they have: each with its reason, never what they have unless it is used up
#[utoipa::path(tag = "insight", params(("id" = Uuid, Path)), responses((status = 200, body = Page<RecommendationView>)))]
#[get("/customers/{id}/recommendations")]
pub async fn recommendation_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| association::recommendation_list(cx, PartyId(*id))).await
}
