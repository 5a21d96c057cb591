//! Which sales are bills.

use regulars_analytics::lifetime::contract::Terms;
use regulars_domain::error::Checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::insight::goods::{GoodsNamed, goods_check};

const MOST_PROGRAMMES: usize = 20;

/// A programme whose customers pay a bill every so many months until they leave: memberships, telephone bills,
/// maintenance. A sale that several programmes name belongs to the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeSettings {
    /// Lower-case letters, digits and `_`.
    #[schema(example = "membership")]
    pub key: String,
    #[schema(example = "会员月卡")]
    pub name_zh: String,
    #[schema(example = "Monthly membership")]
    pub name_en: String,
    /// Categories whose products are its bills, with those under them.
    #[serde(default)]
    pub category_ids: Vec<Uuid>,
    /// Products that are its bills, besides.
    #[serde(default)]
    pub product_ids: Vec<Uuid>,
    /// Months from a bill to the next one: 1 to 60.
    #[schema(example = 1)]
    pub period_months: u32,
    /// Days after which a bill that was not paid means that the customer has left: 0 to 365.
    #[schema(example = 15)]
    pub grace_days: u32,
}

impl ProgrammeSettings {
    pub fn terms(&self) -> Terms {
        Terms { months: self.period_months, grace_days: self.grace_days }
    }
}

impl GoodsNamed for ProgrammeSettings {
    const MEMBER: &'static str = "programmes";

    fn categories(&self) -> &[Uuid] {
        &self.category_ids
    }

    fn products(&self) -> &[Uuid] {
        &self.product_ids
    }
}

/// Tells what does not fit, below `at`.
pub fn programmes_check(programmes: &[ProgrammeSettings], checks: &mut Checks, at: &str) {
    if programmes.len() > MOST_PROGRAMMES {
        checks.fail_with(at, "too_many", MOST_PROGRAMMES);
    }
    for (index, one) in programmes.iter().enumerate() {
        let others = programmes[..index].iter().map(|other| other.key.as_str());
        let at = format!("{at}/{index}");
        goods_check(one, (&one.key, others), (&one.name_zh, &one.name_en), checks, &at);
        if !(1..=60).contains(&one.period_months) {
            checks.fail_with(format!("{at}/period_months"), "out_of_range", "1–60");
        }
        if one.grace_days > 365 {
            checks.fail_with(format!("{at}/grace_days"), "out_of_range", "0–365");
        }
    }
}
