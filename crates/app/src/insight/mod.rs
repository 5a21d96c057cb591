//! What customers are worth: counters kept with each change, scores kept by each evaluation, and how they spread.
//!
//! Scores compare a customer with the others of the same unit, for nothing is known across the walls between units.

pub mod association;
pub mod brief;
pub mod cluster;
pub mod cohort;
pub mod composition;
pub mod dashboard;
pub mod durable;
pub mod evaluation;
pub mod goods;
pub mod growth;
pub mod history;
pub mod known;
pub mod lifetime;
pub mod metrics;
pub mod next;
pub mod outlook;
pub mod overview;
pub mod pivot;
pub mod programme;
pub mod relation;
pub mod score;
pub mod season;
pub mod settings;
pub mod stored;
pub mod today;
pub mod warning;
pub mod win_back;

use regulars_domain::ids::PartyId;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::insight::counter;

use crate::access::settings::Company;
use crate::{AppResult, Cx};

/// From when on orders count, by the company's setting.
pub fn counts_when(company: &Company) -> CountsWhen {
    CountsWhen::parse(&company.settings.order_counts_when)
}

/// Brings counters and dates of these customers up to date, in the transaction that changed their orders, their
/// interactions, their unit or whether they are there at all. Takes one customer or an import's thousands.
pub fn metric_refresh(tx: &mut Db, cx: &Cx, ids: &[PartyId]) -> AppResult<()> {
    Ok(counter::metric_refresh(tx, ids, counts_when(&*cx.company()?))?)
}
