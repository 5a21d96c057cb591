//! A key customer without order or contact for long: call.

use regulars_domain::consent::SERVICE;
use regulars_domain::next_action::{Rule, silence};
use regulars_persistence::Db;

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, Stake};

pub(super) fn find(ask: &Ask, _: &mut Db) -> AppResult<Vec<Found>> {
    let found = ask.figures.iter().filter_map(|row| {
        let spoken = row.last_contact_at.map(|at| ask.company.business_date(at));
        let due = silence(row.value_class.as_deref(), row.last_order_on, spoken, ask.today)?;
        let last = row.last_order_on?;
        let heard = spoken.map_or(last, |spoken| spoken.max(last));
        Some(Found {
            rule: Rule::Silent,
            party: row.party_id,
            subject: last.to_string(),
            due,
            stake: Stake::YearAhead,
            reason: ask.words.silent((ask.today - heard).num_days()),
            act: "call",
            product: None,
            purpose: Some(SERVICE),
        })
    });
    Ok(found.collect())
}
