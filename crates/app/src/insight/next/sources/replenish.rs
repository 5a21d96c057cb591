//! The next purchase is due by the customer's own cadence; of the goods bought repeatedly, the one that is due the longest
//! by its own cycle is named.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_domain::consent::SERVICE;
use regulars_domain::ids::PartyId;
use regulars_domain::next_action::{Rule, replenishment};
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{CadenceRow, FigureRow, cadences_of};

use crate::AppResult;
use crate::access::Ref;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let due = |row: &FigureRow| {
        let on = replenishment((row.order_days, row.median_gap_days), row.last_order_on, ask.today)?;
        Some((row.clone(), on))
    };
    let due: Vec<(FigureRow, NaiveDate)> = ask.figures.iter().filter_map(due).take(OF_A_SOURCE as usize).collect();
    let parties: Vec<PartyId> = due.iter().map(|(row, _)| row.party_id).collect();
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut bought: HashMap<PartyId, Vec<CadenceRow>> = HashMap::new();
    for row in cadences_of(db, &parties, &ask.looked.orders)? {
        bought.entry(row.party_id).or_default().push(row);
    }
    let one = |(row, on): (FigureRow, NaiveDate)| {
        let last = row.last_order_on.unwrap_or(ask.today);
        let product = bought.get(&row.party_id).and_then(|rows| longest_due(rows, ask.today));
        let gap = row.median_gap_days.unwrap_or_default().round() as i64;
        Found {
            rule: Rule::Replenish,
            party: row.party_id,
            subject: last.to_string(),
            due: on,
            stake: Stake::MeanOrder,
            reason: ask.words.replenish(gap, (ask.today - last).num_days(), product.map(|row| row.name.as_str())),
            act: "call",
            product: product.map(|row| Ref::new(row.product_id, row.name.clone())),
            purpose: Some(SERVICE),
        }
    };
    Ok(due.into_iter().map(one).collect())
}

/// Of goods bought on several days, the one whose own cycle ran out first.
fn longest_due(rows: &[CadenceRow], today: NaiveDate) -> Option<&CadenceRow> {
    let cycle = |row: &CadenceRow| (row.last_on - row.first_on).num_days() / (row.days - 1).max(1);
    let overdue = |row: &CadenceRow| (today - row.last_on).num_days() - cycle(row);
    // Past twice its cycle it is no longer bought.
    let current = rows.iter().filter(|row| (today - row.last_on).num_days() <= 2 * cycle(row));
    current.filter(|row| overdue(row) >= -3).max_by_key(|row| (overdue(row), row.product_id))
}
