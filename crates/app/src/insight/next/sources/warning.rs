//! A warning stands that nobody works on: note measures.

use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::warnings_open;

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let rows = warnings_open(db, &ask.looked, OF_A_SOURCE)?;
    let one = |row: regulars_persistence::insight::next_action::OpenWarning| {
        let reasons: Vec<String> = serde_json::from_value(row.reasons).unwrap_or_default();
        Found {
            rule: Rule::Warning,
            party: row.party_id,
            subject: row.id.to_string(),
            due: row.raised_on,
            stake: Stake::Known(row.stake),
            reason: ask.words.warning(&reasons),
            act: "measures",
            product: None,
            purpose: None,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
