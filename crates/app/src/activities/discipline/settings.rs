//! What the company asks of its people.

use regulars_domain::error::Checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long records may stay silent, and how often people are to use the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FollowUpRule {
    /// Most days a customer may go without contact: 1 to 3,650.
    #[schema(required, minimum = 1, maximum = 3650, example = 30)]
    pub customer_days: i64,
    /// Most days an open lead may stay untouched.
    #[schema(required, minimum = 1, maximum = 3650, example = 30)]
    pub lead_days: i64,
    /// Most days an open opportunity may stay untouched.
    #[schema(required, minimum = 1, maximum = 3650, example = 30)]
    pub opportunity_days: i64,
    /// After so many days without use a person is reported: 1 to 365.
    #[schema(required, minimum = 1, maximum = 365, example = 14)]
    pub idle_days: i64,
    /// On so many days a week people use the program while they travel: 0 to 7.
    #[schema(required, minimum = 0, maximum = 7, example = 2)]
    pub travel_days: i64,
}

impl Default for FollowUpRule {
    fn default() -> Self {
        Self { customer_days: 30, lead_days: 30, opportunity_days: 30, idle_days: 14, travel_days: 2 }
    }
}

impl FollowUpRule {
    pub fn check(&self, checks: &mut Checks, pointer: &str) {
        for (name, days, least, most) in [
            ("customer_days", self.customer_days, 1, 3_650),
            ("lead_days", self.lead_days, 1, 3_650),
            ("opportunity_days", self.opportunity_days, 1, 3_650),
            ("idle_days", self.idle_days, 1, 365),
            ("travel_days", self.travel_days, 0, 7),
        ] {
            if !(least..=most).contains(&days) {
                checks.fail_with(format!("{pointer}/{name}"), "out_of_range", format!("{least}–{most}"));
            }
        }
    }
}
