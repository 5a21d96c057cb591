//! What suggestions are found from: a file each, and one line here.

mod date;
mod deal;
mod offer;
mod promise;
mod qualification;
mod replenish;
mod silent;
mod warning;
mod wish;

use regulars_domain::next_action::Rule;
use regulars_persistence::Db;

use super::find::{Ask, Found};
use crate::AppResult;

/// Finds the suggestions of one or more rules, in any order.
pub(super) struct Source {
    pub rules: &'static [Rule],
    pub find: fn(&Ask, &mut Db) -> AppResult<Vec<Found>>,
}

pub(super) const SOURCES: [Source; 9] = [
    Source { rules: &[Rule::Warning], find: warning::find },
    Source { rules: &[Rule::PromiseOverdue], find: promise::find },
    Source { rules: &[Rule::DealOverdue, Rule::DealUntouched], find: deal::find },
    Source { rules: &[Rule::WishArrived, Rule::WishDue], find: wish::find },
    Source { rules: &[Rule::Replenish], find: replenish::find },
    Source { rules: &[Rule::Silent], find: silent::find },
    Source { rules: &[Rule::Offer], find: offer::find },
    Source { rules: &[Rule::Date], find: date::find },
    Source { rules: &[Rule::Qualification], find: qualification::find },
];
