//! What was noted of customers and tells in their scores: all they buy in a year, and their credit grade.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::fact::facts_latest;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppResult;
use crate::customers::fact::{CREDIT_GRADE, TEXT, TOTAL_PURCHASES};

const MOST_GRADES: usize = 30;

/// Which facts count, and what they are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KnownSettings {
    /// Facts older than so many days no longer count; 30 to 3,650.
    #[schema(required, example = 730)]
    pub valid_days: i32,
    /// Credit grades, the best first, as the fact `credit_grade` says them; capitals do not matter. A grade that is not
    /// among them is taken for unknown.
    #[schema(required)]
    pub credit_grades: Vec<String>,
}

impl Default for KnownSettings {
    fn default() -> Self {
        let grades = ["AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D"];
        Self { valid_days: 730, credit_grades: grades.map(String::from).to_vec() }
    }
}

impl KnownSettings {
    pub fn check(&self, checks: &mut Checks, at: &str) {
        if !(30..=3650).contains(&self.valid_days) {
            checks.fail_with(format!("{at}/valid_days"), "out_of_range", "30 – 3650");
        }
        if self.credit_grades.len() > MOST_GRADES {
            checks.fail_with(format!("{at}/credit_grades"), "too_many", MOST_GRADES);
        }
        for (place, grade) in self.credit_grades.iter().enumerate() {
            let pointer = format!("{at}/credit_grades/{place}");
            checks.text(&pointer, grade, TEXT);
            if self.credit_grades[..place].iter().any(|one| folded(one) == folded(grade)) {
                checks.fail(pointer, "duplicate");
            }
        }
    }

    /// The worst has 0, each better one 1 more.
    fn rank(&self, grade: &str) -> Option<f64> {
        let place = self.credit_grades.iter().position(|one| folded(one) == folded(grade))?;
        Some((self.credit_grades.len() - 1 - place) as f64)
    }
}

fn folded(grade: &str) -> String {
    grade.trim().to_lowercase()
}

/// What is known of one unit's customers as of a day.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// All they buy in a year, minor units.
    purchases: HashMap<PartyId, i64>,
    credit: HashMap<PartyId, f64>,
}

impl Known {
    pub fn read(db: &mut Db, unit: UnitId, as_of: NaiveDate, settings: &KnownSettings) -> AppResult<Self> {
        let days = u64::try_from(settings.valid_days).unwrap_or(0);
        let since = as_of.checked_sub_days(chrono::Days::new(days)).unwrap_or(NaiveDate::MIN);
        let purchases = facts_latest(db, unit, TOTAL_PURCHASES, (since, as_of))?;
        let credit = facts_latest(db, unit, CREDIT_GRADE, (since, as_of))?;
        Ok(Self {
            purchases: purchases.iter().filter_map(|row| Some((row.party_id, row.amount?))).collect(),
            credit: credit
                .iter()
                .filter_map(|row| Some((row.party_id, settings.rank(row.words.as_deref()?)?)))
                .collect(),
        })
    }

    /// Our part of what the customer buys in a year, 0–1: net revenue of the last 365 days ÷ all they buy. `None` where
    /// nobody said, or said they buy nothing. Who buys more of us than they said of all has 1.
    pub fn wallet_share(&self, customer: PartyId, yearly: i64) -> Option<f64> {
        let all = self.purchases.get(&customer).copied().filter(|all| *all > 0)?;
        Some((yearly as f64 / all as f64).clamp(0.0, 1.0))
    }

    /// The rank of the customer's grade.
    pub fn credit(&self, customer: PartyId) -> Option<f64> {
        self.credit.get(&customer).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_ranks() {
        let customer = PartyId::fresh();
        let known = |all: i64| Known { purchases: HashMap::from([(customer, all)]), ..Known::default() };
        for (all, ours, share) in [
            (100_000, 25_000, Some(0.25)),
            (100_000, 0, Some(0.0)),
            (100_000, 150_000, Some(1.0)),
            (100_000, -5, Some(0.0)),
            (0, 10, None),
        ] {
            assert_eq!(known(all).wallet_share(customer, ours), share, "{ours} of {all}");
        }
        assert_eq!(known(1).wallet_share(PartyId::fresh(), 1), None);
        let settings =
            KnownSettings { credit_grades: ["A", "B", "C"].map(String::from).to_vec(), ..KnownSettings::default() };
        assert_eq!(["a ", "B", "c", "Z"].map(|grade| settings.rank(grade)), [Some(2.0), Some(1.0), Some(0.0), None]);
    }
}
