//! A proposal that waits for the reader's own approval, on the reader's own list or on the customer's card.

use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::Whose;

use crate::AppResult;
use crate::customers::qualification::waiting::lines_waiting;
use crate::insight::next::find::{Ask, Found, Stake};

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let asked = |customer: uuid::Uuid| match ask.looked.whose {
        Whose::Owner(owner) => owner == ask.cx.actor.user_id,
        Whose::Customer(party) => party.0 == customer,
    };
    let lines = lines_waiting(ask.cx, db)?.into_iter().filter(|line| asked(line.customer.id));
    let one = |line: crate::customers::qualification::record::QualificationLine| Found {
        rule: Rule::Qualification,
        party: regulars_domain::ids::PartyId(line.customer.id),
        subject: line.id.to_string(),
        due: ask.company.business_date(line.proposed_at.unwrap_or(line.updated_at)),
        stake: Stake::Known(0),
        reason: ask.words.qualification(line.waits_for.as_deref()),
        act: "qualify",
        product: None,
        purpose: None,
    };
    Ok(lines.map(one).collect())
}
