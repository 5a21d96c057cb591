//! The query string of a list: `q`, `filter`, `sort`, `limit`, `cursor`, `count`, `expand`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use regulars_app::AppError;
use regulars_app::list::{ListRequest, MAX_LIMIT};
use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use serde_json::Value;
use utoipa::IntoParams;

use super::problem::Refusal;

/// Parameters every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string; `List` reads it")]
pub struct ListParams {
    /// Search by any piece of name, phone, mail or code.
    q: Option<String>,
    /// A condition as JSON; or `filter[field]=value` and `filter[field][op]=value` for simple ones.
    #[param(example = r#"{"field":"status","op":"eq","value":"customer"}"#)]
    filter: Option<String>,
    /// Fields separated by commas; a minus sorts downwards.
    #[param(example = "-created_at")]
    sort: Option<String>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Also count the matches, up to 10,000.
    count: Option<bool>,
    /// Related parts to include, separated by commas.
    expand: Option<String>,
}

/// Reads the parameters of a list.
pub struct List(pub ListRequest);

impl FromRequest for List {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(List).map_err(|errors| Refusal(AppError::Validation(errors))))
    }
}

fn parse(query: &str) -> Result<ListRequest, Vec<FieldError>> {
    let wrong = |name: &str, code: &str| vec![FieldError::new(name, code)];
    let pairs =
        web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| wrong("", "wrong_shape"))?.into_inner();
    let mut list = ListRequest::default();
    let mut conditions = Vec::new();
    for (name, value) in pairs {
        match name.as_str() {
            "q" => list.q = Some(value.trim().to_string()).filter(|q| !q.is_empty()),
            "sort" => list.sort = Some(value),
            "cursor" => list.cursor = Some(value).filter(|c| !c.is_empty()),
            "count" => list.count = value == "true",
            "expand" => list.expand = value.split(',').map(String::from).collect(),
            "limit" => {
                let limit: usize = value.parse().map_err(|_| wrong("limit", "number_invalid"))?;
                if !(1..=MAX_LIMIT).contains(&limit) {
                    return Err(vec![FieldError::new("limit", "out_of_range").with(format!("1–{MAX_LIMIT}"))]);
                }
                list.limit = limit;
            }
            "filter" if value.is_empty() => {}
            "filter" => conditions.push(
                serde_json::from_str::<Condition>(&value)
                    .map_err(|error| vec![FieldError::new("filter", "wrong_shape").with(error)])?,
            ),
            other => match simple_condition(other, &value) {
                Some(condition) => conditions.push(condition),
                None => return Err(vec![FieldError::new(other, "unknown_field").with(other)]),
            },
        }
    }
    list.filter = match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(Condition::all(conditions)),
    };
    Ok(list)
}

/// `filter[stage]=won`, `filter[net][gte]=100`, `filter[status][in]=lead,customer`.
fn simple_condition(name: &str, value: &str) -> Option<Condition> {
    let inner = name.strip_prefix("filter[")?.strip_suffix(']')?;
    let (field, op) = inner.split_once("][").unwrap_or((inner, "eq"));
    let many = matches!(op, "in" | "between" | "any_of" | "all_of" | "none_of");
    let value = if many { Value::from(value.split(',').collect::<Vec<_>>()) } else { Value::from(value) };
    Some(Condition::leaf(field, op, value))
}
