//! From when on customers are few or many and margins fair or high, for the advice on how close to be.

use regulars_domain::error::Checks;
use regulars_domain::key_account::Limits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const MOST: i64 = 10_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyAccountSettings {
    /// So many customers of a class, or fewer, are few.
    #[schema(required)]
    pub few: i64,
    /// So many, or more, are many.
    #[schema(required)]
    pub many: i64,
    /// From this share of net revenue on a margin is fair, 0–1.
    #[schema(required)]
    pub fair_margin: f64,
    /// From this one on it is high.
    #[schema(required)]
    pub high_margin: f64,
}

impl Default for KeyAccountSettings {
    fn default() -> Self {
        Self { few: 20, many: 200, fair_margin: 0.15, high_margin: 0.3 }
    }
}

impl KeyAccountSettings {
    pub fn check(&self, checks: &mut Checks, at: &str) {
        for (name, number) in [("few", self.few), ("many", self.many)] {
            if !(1..=MOST).contains(&number) {
                checks.fail_with(format!("{at}/{name}"), "out_of_range", format!("1–{MOST}"));
            }
        }
        for (name, share) in [("fair_margin", self.fair_margin), ("high_margin", self.high_margin)] {
            if !(0.0..=1.0).contains(&share) {
                checks.fail_with(format!("{at}/{name}"), "out_of_range", "0–1");
            }
        }
        if self.many <= self.few {
            checks.fail(format!("{at}/many"), "thresholds_order");
        }
        if self.high_margin <= self.fair_margin {
            checks.fail(format!("{at}/high_margin"), "thresholds_order");
        }
    }

    pub fn limits(&self) -> Limits {
        Limits { few: self.few, many: self.many, fair_margin: self.fair_margin, high_margin: self.high_margin }
    }
}
