//! Who is named to approve new customers, handed over: a leaver's place in templates, and in what still waits for
//! approvals, is somebody else's from then on.

use regulars_domain::ids::{UnitId, UserId};
use regulars_domain::qualification::approver_replaced;
use regulars_persistence::Db;
use regulars_persistence::customers::approver::{ApproverRow, approver_rows, approver_set};
use serde_json::json;

use super::template::{QualificationDefinition, definition_of};
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

/// The definition with one in the other's place; nothing where the one is not named.
fn replaced(row: &ApproverRow, from: UserId, to: UserId) -> AppResult<Option<QualificationDefinition>> {
    let mut definition = definition_of(&row.definition)?;
    let mut was = false;
    for asked in &mut definition.approvals {
        let mut named: Vec<UserId> = asked.user_ids.iter().copied().map(UserId).collect();
        was |= approver_replaced(&mut named, from, to);
        asked.user_ids = named.into_iter().map(|user| user.0).collect();
    }
    Ok(was.then_some(definition))
}

/// In how many templates and open qualifications of each unit somebody is named.
pub fn approvals_held(db: &mut Db, user: UserId) -> AppResult<Vec<(UnitId, i64)>> {
    let mut found: Vec<(UnitId, i64)> = Vec::new();
    for row in approver_rows(db, user)? {
        if replaced(&row, user, user)?.is_none() {
            continue;
        }
        match found.iter_mut().find(|(unit, _)| *unit == row.unit_id) {
            Some((_, count)) => *count += 1,
            None => found.push((row.unit_id, 1)),
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Puts the heir in every such place of a unit; answers how many there were. Nothing is left for a second run.
pub fn approvals_give(tx: &mut Db, cx: &Cx, unit: UnitId, (from, to): (UserId, UserId)) -> AppResult<i64> {
    let mut given = 0;
    for row in approver_rows(tx, from)?.into_iter().filter(|row| row.unit_id == unit) {
        let Some(definition) = replaced(&row, from, to)? else { continue };
        approver_set(tx, &row, serde_json::to_value(&definition).map_err(AppError::internal)?, cx.now)?;
        let event = match row.party_id {
            Some(party) => Event::new(cx, "qualification", row.id.0, "updated").party(party).stands(unit, row.owner_id),
            None => Event::new(cx, "qualification_template", row.id.0, "updated").stands(unit, None),
        };
        event.before(&json!({"approver_id": from})).after(&json!({"approver_id": to})).record(tx)?;
        given += 1;
    }
    Ok(given)
}
