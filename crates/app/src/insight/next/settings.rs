//! Which rules suggest something, and how much of the value at stake counts.

use std::collections::BTreeMap;

use regulars_domain::error::Checks;
use regulars_domain::next_action::Rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSetting {
    pub on: bool,
    /// Percent of the value at stake that counts in the ranking, 0 – 1000.
    pub weight: i64,
}

/// By the rule's key; those that are not named stand as they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NextActionSettings(pub BTreeMap<String, RuleSetting>);

impl Default for NextActionSettings {
    fn default() -> Self {
        Self(Rule::ALL.into_iter().map(|rule| (rule.key().to_owned(), came(rule))).collect())
    }
}

fn came(rule: Rule) -> RuleSetting {
    RuleSetting { on: true, weight: rule.weight() }
}

impl NextActionSettings {
    pub fn of(&self, rule: Rule) -> RuleSetting {
        self.0.get(rule.key()).copied().unwrap_or_else(|| came(rule))
    }

    /// Tells what is wrong, below `at`.
    pub fn check(&self, checks: &mut Checks, at: &str) {
        for (key, setting) in &self.0 {
            if Rule::parse(key).is_none() {
                checks.fail(format!("{at}/{key}"), "unknown_field");
            }
            if !(0..=1000).contains(&setting.weight) {
                checks.fail_with(format!("{at}/{key}/weight"), "out_of_range", "0 – 1000");
            }
        }
    }
}
