//! What was wished for is there, or needed within a week: tell the customer, or see to it.

use chrono::Days;
use regulars_domain::consent::SERVICE;
use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{WaitingWish, wishes_waiting};

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

const AHEAD: Days = Days::new(7);

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let rows = wishes_waiting(db, &ask.looked, ask.today + AHEAD, OF_A_SOURCE)?;
    Ok(rows.into_iter().map(|row| one(ask, row)).collect())
}

fn one(ask: &Ask, row: WaitingWish) -> Found {
    let own = row.price.filter(|_| row.currency.as_ref() == Some(&ask.company.currency));
    let stake = own.map_or(Stake::MeanOrder, |price| Stake::Known(price.saturating_mul(row.quantity)));
    let arrived = row.status == "arrived";
    let needed = row.needed_by.unwrap_or(ask.today);
    Found {
        rule: if arrived { Rule::WishArrived } else { Rule::WishDue },
        party: row.party_id,
        subject: row.id.to_string(),
        due: if arrived { row.arrived_at.map_or(ask.today, |at| ask.company.business_date(at)) } else { needed },
        stake,
        reason: if arrived {
            ask.words.wish_arrived(&row.wanted)
        } else {
            ask.words.wish_due(&row.wanted, needed, ask.today)
        },
        act: if arrived { "tell" } else { "call" },
        product: None,
        purpose: Some(SERVICE),
    }
}
