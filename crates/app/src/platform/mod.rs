//! Small things every area stands on: dictionaries, tags, custom fields, saved views, files, what limits count, and what
//! tells others of changes: webhooks, synchronising, live updates.

pub mod attachment;
pub mod custom_field;
pub mod dictionary;
mod dictionary_seed;
pub mod file;
pub mod live;
pub mod notice;
pub mod paper;
pub mod rate;
pub mod sync;
pub mod tag;
pub mod view;
pub mod webhooks;

use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::list::ListRequest;
use crate::{AppError, AppResult};

/// A value that can be chosen, with its words in the caller's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldOption {
    #[schema(example = "referral")]
    pub value: String,
    #[schema(example = "Referral")]
    pub label: String,
}

/// Letters, digits and `_`, beginning with a letter: what keys of entries, fields and choices are made of.
pub fn is_key(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn yes() -> bool {
    true
}

/// The value of the one filter that a short list takes: `filter[name]=value`.
fn only_filter(request: &ListRequest, name: &str) -> AppResult<Option<String>> {
    let refuse = || AppError::Validation(vec![FieldError::new("filter", "only_filter").with(name)]);
    match &request.filter {
        None => Ok(None),
        Some(Condition::Leaf(leaf)) if leaf.field == name && leaf.op == "eq" => {
            leaf.value.as_str().map(|value| Some(value.to_string())).ok_or_else(refuse)
        }
        Some(_) => Err(refuse()),
    }
}
