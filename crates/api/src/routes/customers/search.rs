//! Search over everything.

use actix_web::{get, web};
use regulars_app::customers::search::{self, SearchResult};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::call::{Answer, Call};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchParams {
    /// Any piece of a name, its pinyin or initials, a phone, an e-mail address, a code.
    #[param(example = "zhangw")]
    #[serde(default)]
    q: String,
    /// Most customers in the answer.
    #[param(minimum = 1, maximum = 50, example = 10)]
    limit: Option<usize>,
}

/// Find customers, products and orders by any piece of what is known
#[utoipa::path(tag = "customers", params(SearchParams), responses((status = 200, body = SearchResult)))]
#[get("/search")]
pub async fn search_get(call: Call, params: web::Query<SearchParams>) -> Answer {
    call.get(move |cx| search::search(cx, &params.q, params.limit.unwrap_or(10))).await
}
