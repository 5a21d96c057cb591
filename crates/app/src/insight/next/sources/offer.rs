//! What goes with what the customer has, by what was learnt of the unit's baskets; offered to those who bought lately and
//! let themselves be told of offers.

use chrono::Days;

use regulars_domain::ids::PartyId;
use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::offers_for;

use crate::AppResult;
use crate::access::Ref;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

/// Who bought within so many days is offered something.
const LATELY: Days = Days::new(90);

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let since = ask.today.checked_sub_days(LATELY).unwrap_or(ask.today);
    let lately = ask.figures.iter().filter(|row| row.last_order_on.is_some_and(|on| on >= since));
    let parties: Vec<PartyId> = lately.map(|row| row.party_id).take(OF_A_SOURCE as usize).collect();
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = offers_for(db, &parties, &ask.looked.orders)?;
    // The strongest of each customer stands first.
    rows.dedup_by_key(|row| row.party_id);
    let one = |row: regulars_persistence::insight::next_action::OfferRow| {
        let percent = (row.confidence * 100.0).round() as i64;
        let own = row.price.filter(|_| row.currency == ask.company.currency);
        Found {
            rule: Rule::Offer,
            party: row.party_id,
            subject: row.offer_id.to_string(),
            due: ask.today,
            stake: own.map_or(Stake::MeanOrder, |price| Stake::Known(price.saturating_mul(percent) / 100)),
            reason: ask.words.offer(&row.has, &row.offer, percent, row.lift),
            act: "offer",
            product: Some(Ref::new(row.offer_id, row.offer)),
            purpose: Some("marketing"),
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
