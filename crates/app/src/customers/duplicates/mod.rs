//! Records that may be one customer: shown while someone types, found by a scan and by following every change, worked
//! through in a queue. Pairs never cross the walls between units; across them only [`elsewhere`] answers.

pub mod candidate;
pub mod compare;
pub mod elsewhere;
pub mod follow;
pub mod groups;
pub mod pair;
pub mod scan;

use regulars_domain::duplicates::{Met, Reason};
use regulars_domain::mask::Masks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A rule that held, with its weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DuplicateReason)]
pub struct ReasonView {
    /// Its key among the company's rules.
    #[schema(example = "same_phone")]
    pub rule: String,
    #[schema(example = 60)]
    pub weight: i32,
    pub met: Vec<MetView>,
}

/// What was compared, and the values it held for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DuplicateMatch)]
pub struct MetView {
    #[schema(value_type = crate::shape::DuplicateField)]
    pub field: String,
    #[schema(value_type = crate::shape::DuplicateHow)]
    pub how: String,
    /// How alike two names are.
    #[schema(example = 92)]
    pub percent: Option<u8>,
    #[schema(example = "+8613800138000")]
    pub this: String,
    #[schema(example = "+8613800138000")]
    pub other: String,
}

fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(String::from)).unwrap_or_default()
}

fn reason_views(reasons: Vec<Reason>, masks: &Masks) -> Vec<ReasonView> {
    let met = |met: Met| MetView {
        how: word(met.how),
        percent: met.percent,
        this: masks.shown(&word(met.field), &met.this),
        other: masks.shown(&word(met.field), &met.other),
        field: word(met.field),
    };
    let view = |reason: Reason| ReasonView {
        rule: reason.rule,
        weight: reason.weight,
        met: reason.met.into_iter().map(met).collect(),
    };
    reasons.into_iter().map(view).collect()
}
