//! What was promised a customer is late: do it and say so.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::next_action::Rule;
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{LatePromise, promises_late};

use crate::AppResult;
use crate::insight::next::find::{Ask, Found, OF_A_SOURCE, Stake};

pub(super) fn find(ask: &Ask, db: &mut Db) -> AppResult<Vec<Found>> {
    let reach = ask.cx.visible(Resource::Task, Action::Read);
    let rows = promises_late(db, &ask.looked, &reach, ask.cx.now, OF_A_SOURCE)?;
    let one = |row: LatePromise| {
        // A task of a day is due at its end, which is the beginning of the next.
        let due = ask.company.business_date(row.due_at - chrono::Duration::seconds(1));
        Found {
            rule: Rule::PromiseOverdue,
            party: row.party_id,
            subject: row.id.to_string(),
            due,
            stake: Stake::MeanOrder,
            reason: ask.words.promise(&row.title, (ask.today - due).num_days()),
            act: "finish",
            product: None,
            purpose: None,
        }
    };
    Ok(rows.into_iter().map(one).collect())
}
