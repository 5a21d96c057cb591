//! What waits for one's own approval.

use regulars_domain::actor::{Action, Resource};
use regulars_persistence::Db;
use regulars_persistence::customers::qualification::qualifications_proposed;

use super::record::{QualificationLine, READ, line};
use super::view::{Held, own_roles};
use crate::list::Page;
use crate::{AppResult, Cx};

/// Most proposals looked at; whoever has more before them works from the list.
const MOST: i64 = 1_000;

/// The proposals whose next approval the caller gives, the longest waiting first.
pub fn qualifications_waiting(cx: &Cx) -> AppResult<Page<QualificationLine>> {
    cx.require(READ)?;
    cx.read(|db| lines_waiting(cx, db).map(Page::whole))
}

/// The same for whoever may read customers.
pub fn lines_waiting(cx: &Cx, db: &mut Db) -> AppResult<Vec<QualificationLine>> {
    let roles = own_roles(cx, db)?;
    let records = qualifications_proposed(db, &cx.visible(Resource::Customer, Action::Read), MOST)?;
    let mut lines = Vec::new();
    for record in records {
        let held = Held::of(record)?;
        if held.decides(cx.actor.user_id, &roles).is_ok() {
            lines.push(line(held));
        }
    }
    Ok(lines)
}
