//! A date of life comes within a week, of somebody who may be contacted out of care.

use std::collections::HashMap;

use chrono::Days;
use regulars_domain::mask::BIRTHDAY;
use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{NearDate, dates_near};

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};
use crate::platform::dictionary::options;

const AHEAD: Days = Days::new(7);
const CARE: &str = "care";

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    if ask.cx.actor.masks.hides(BIRTHDAY) {
        return Ok(Vec::new());
    }
    let rows = dates_near(db, &ask.looked, (ask.today, ask.today + AHEAD), OF_A_SOURCE)?;
    let kinds: HashMap<String, String> =
        options(db, "date_kind", ask.words.english)?.into_iter().map(|option| (option.value, option.label)).collect();
    let one = |row: NearDate| {
        let what = row.label.as_deref().or(kinds.get(&row.kind).map(String::as_str)).unwrap_or(&row.kind);
        Found {
            rule: Rule::Date,
            party: row.party_id,
            subject: format!("{}:{}", row.kind, row.next_on),
            due: row.next_on,
            stake: Stake::MeanOrder,
            reason: ask.words.date(what, row.person.as_deref(), row.next_on, ask.today),
            act: "call",
            product: None,
            purpose: Some(CARE),
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
