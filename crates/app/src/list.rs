//! Asking for a page of a list, and the page.

use regulars_domain::condition::Condition;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Most items of one page.
pub const MAX_LIMIT: usize = 200;

/// What a list was asked for, parsed from the query string or given by a job.
#[derive(Debug, Clone)]
pub struct ListRequest {
    pub q: Option<String>,
    pub filter: Option<Condition>,
    /// `-created_at,id`: a minus sorts downwards.
    pub sort: Option<String>,
    pub limit: usize,
    pub cursor: Option<String>,
    pub count: bool,
    pub expand: Vec<String>,
}

impl Default for ListRequest {
    fn default() -> Self {
        Self { q: None, filter: None, sort: None, limit: 50, cursor: None, count: false, expand: Vec::new() }
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` for the next page; absent on the last.
    pub next_cursor: Option<String>,
    /// Only with `count=true`; at most 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Whether there are more than `total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_capped: Option<bool>,
}

impl<T> Page<T> {
    /// A list that is short by nature, in one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None, total: None, total_capped: None }
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
            total_capped: self.total_capped,
        }
    }
}

/// A record with a place of its own and a version for `If-Match`.
pub trait Versioned {
    fn id(&self) -> Uuid;
    fn version(&self) -> i64;
}

/// Implements [`Versioned`] for views with fields `id` and `version`.
#[macro_export]
macro_rules! versioned {
    ($($view:ty),+ $(,)?) => {$(
        impl $crate::list::Versioned for $view {
            fn id(&self) -> uuid::Uuid {
                self.id
            }
            fn version(&self) -> i64 {
                self.version
            }
        }
    )+};
}
