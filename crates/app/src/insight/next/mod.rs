//! Next best actions: what to do for whom next and why, ranked by the value at stake; what people made of it, counted.
//!
//! A rule finds its suggestions in one file below `sources`, and stands in [`sources::SOURCES`]; ranking, resting, consent
//! and names are the same for all.

mod find;
pub mod outcome;
pub mod settings;
mod sources;
mod words;

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{PartyId, UserId};
use regulars_persistence::insight::next_action::{Looked, Whose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::overview::sight;
use crate::access::Ref;
use crate::list::Page;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Suggestions in one answer.
const MOST: usize = 100;
const SHOWN: usize = 30;

/// What is done with one click.
pub const ACTS: [&str; 7] = ["call", "measures", "tell", "offer", "qualify", "finish", "deal"];

/// Something to do for a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NextActionView {
    /// Why it is suggested.
    #[schema(value_type = crate::shape::NextActionRule)]
    pub rule: String,
    /// What of the customer it is about, to be named with the outcome: the id of a warning, a wish, a product, a
    /// qualification, a task or an opportunity, or a day.
    #[schema(example = "2026-05-20")]
    pub subject: String,
    pub customer: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = Option<crate::shape::ValueClass>)]
    pub value_class: Option<String>,
    /// In the caller's language.
    #[schema(example = "Buys every 30 days, and 28 have gone by: Green tea")]
    pub reason: String,
    /// Value at stake. Of a warning, what is expected of the customer in twelve months, and the same of one who has
    /// fallen silent; of a wish, price times quantity; of an offer, price times confidence; of an opportunity, its amount
    /// times the chances of its stage; of a replenishment, a promise and a date,
    /// the customer's mean order; of a qualification, nothing. Where the former is not known it is the mean order.
    pub stake: Money,
    /// The day from which it is due.
    pub due: NaiveDate,
    #[schema(value_type = crate::shape::NextActionAct)]
    pub act: String,
    /// What is offered, or bought again.
    pub product: Option<Ref>,
    /// Over which the customer may be contacted for it; empty where nobody is contacted.
    #[schema(value_type = Vec<crate::shape::ContactChannel>)]
    pub channels: Vec<String>,
}

/// Which suggestions.
#[derive(Debug, Clone, Default)]
pub struct NextActionsRequest {
    /// About this customer, whoever owns it.
    pub customer: Option<PartyId>,
    /// About this person's customers; the caller's when absent.
    pub owner: Option<UserId>,
    /// 30 when absent, at most 100.
    pub limit: Option<usize>,
}

/// Why something goes with what somebody has, in one of the two languages.
pub(super) fn offer_words(english: bool, has: &str, offer: &str, confidence: f64, lift: f64) -> String {
    words::Words { english }.offer(has, offer, (confidence * 100.0).round() as i64, lift)
}

/// What to do next, what is worth most first: value at stake × the rule's weight, then the day it is due.
pub fn next_action_list(cx: &Cx, request: &NextActionsRequest) -> AppResult<Page<NextActionView>> {
    let customers = sight(cx)?;
    let whose = match request.customer {
        Some(party) => Whose::Customer(party),
        None => Whose::Owner(request.owner.unwrap_or(cx.actor.user_id)),
    };
    let looked = Looked { whose, customers, orders: cx.visible(Resource::Order, Action::Read) };
    let limit = request.limit.unwrap_or(SHOWN).clamp(1, MOST);
    find::found(cx, looked, limit).map(Page::whole)
}
