//! An opportunity that should be closed by now, or that nobody did anything about for longer than the follow-up rule
//! allows: set a new day or close it, or call.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::follow_up::silent_before;
use regulars_domain::next_action::{Rule, stuck};
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{StuckDeal, deals_stuck};

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let days = ask.company.settings.follow_up.opportunity_days;
    let reach = ask.cx.visible(Resource::Opportunity, Action::Read);
    let rows = deals_stuck(db, &ask.looked, &reach, (ask.today, silent_before(ask.today, days)), OF_A_SOURCE)?;
    Ok(rows.into_iter().filter_map(|row| one(ask, row, days)).collect())
}

fn one(ask: &Ask, row: StuckDeal, days: i64) -> Option<Found> {
    let touched = ask.company.business_date(row.touched_at);
    let (rule, due) = stuck(row.expected_close, (touched, days), ask.today)?;
    let late = rule == Rule::DealOverdue;
    Some(Found {
        rule,
        party: row.party_id,
        subject: row.id.to_string(),
        due,
        stake: if row.weighted > 0 { Stake::Known(row.weighted) } else { Stake::MeanOrder },
        reason: if late {
            ask.words.deal_overdue(&row.name, (ask.today - due).num_days())
        } else {
            ask.words.deal_untouched(&row.name, (ask.today - touched).num_days())
        },
        act: if late { "deal" } else { "call" },
        product: None,
        purpose: None,
    })
}
