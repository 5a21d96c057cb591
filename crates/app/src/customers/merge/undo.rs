//! Taking a merge back: both records stand again.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{MergeId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh_of;
use regulars_persistence::customers::custom::{custom_definitions, custom_values_set};
use regulars_persistence::customers::duplicate::{FoundPair, pairs_put};
use regulars_persistence::customers::merge::{
    MergeRow, merge_get as row_get, merge_undone, merges_settle, references_back, segments_leave,
};
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::party::{PartyRecord, party_get, party_get_deleted, party_restore};
use regulars_persistence::customers::qualification::qualification_refresh;
use regulars_persistence::customers::relation::relation_insert;
use regulars_persistence::customers::search::search_put;
use regulars_persistence::insight::contact::contacts_refresh;
use regulars_persistence::types::AnyId;
use serde_json::json;

use super::choose::unchosen;
use super::{MERGE, MergeRecord, MergeView, input_of, merge_view};
use crate::customers::consent::consents_unmerged;
use crate::customers::custom::custom_check;
use crate::customers::duplicates::compare::{compared_of, pair_found};
use crate::customers::index::document;
use crate::customers::write::{revision_of, revision_store};
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::{App, AppError, AppResult, Cx};

/// Merges settled in one transaction.
const SETTLED: i64 = 100;

/// Takes a merge back while it can be; the rules stand above [`super`]. What would be in the way (a unique custom value
/// that another customer has by now, a later merge of the kept record) is a conflict.
pub fn merge_undo(cx: &Cx, id: MergeId) -> AppResult<MergeView> {
    cx.require(MERGE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
        let reach = cx.visible_own(Resource::Customer, Action::Write);
        let kept = party_get(tx, row.kept_id, &reach)?;
        let gone = party_get_deleted(tx, row.gone_id, &reach)?;
        if row.undone_at.is_some() {
            super::party_place(cx, tx, row.kept_id, Action::Read)?;
            return Err(AppError::Conflict("wrong_state"));
        }
        let Some(gone) = gone else { return Err(AppError::NotFound) };
        let Some(kept) = kept else {
            let again = party_get_deleted(tx, row.kept_id, &reach)?;
            return Err(again.map_or(AppError::NotFound, |_| AppError::Conflict("merged_again")));
        };
        let Some(record) = row.record.clone().filter(|_| cx.now < row.undo_until) else {
            return Err(AppError::Conflict("undo_expired"));
        };
        let record: MergeRecord = serde_json::from_value(record).map_err(AppError::internal)?;
        undo_store(tx, cx, &row, (&kept, &gone), record)
    })
}

fn undo_store(
    tx: &mut Db,
    cx: &Cx,
    row: &MergeRow,
    (kept, gone): (&PartyRecord, &PartyRecord),
    record: MergeRecord,
) -> AppResult<MergeView> {
    let (kept_id, gone_id) = (kept.party.id, gone.party.id);
    let now = input_of(tx, cx, kept)?;
    let back = unchosen(&record.before, &record.merged, &now).map_err(AppError::internal)?;
    let revision = revision_of(cx, tx, "unmerged", kept, (now, back))?;
    revision_store(tx, cx, &revision)?;
    references_back(tx, row.id, gone_id, kept_id)?;
    consents_unmerged(tx, row.id, kept_id, gone_id)?;
    qualification_refresh(tx, &[kept_id, gone_id])?;
    segments_leave(tx, kept_id, &record.segments)?;
    for relation in record.relations {
        relation_insert(tx, relation)?;
    }
    merge_undone(tx, row.id, cx.actor.user_id, cx.now)?;
    gone_restore(tx, cx, gone)?;
    metric_refresh(tx, cx, &[kept_id, gone_id])?;
    contacts_refresh(tx, kept_id, cx.now)?;
    contacts_refresh(tx, gone_id, cx.now)?;
    touches_refresh_of(tx, &[kept_id, gone_id])?;
    pair_put(tx, cx, kept_id, gone_id)?;
    Event::new(cx, "customer", gone_id, "unmerged")
        .party(gone_id)
        .stands(gone.party.unit_id, gone.party.owner_id)
        .after(&json!({"from": kept_id, "merge_id": row.id}))
        .record(tx)?;
    row_get(tx, row.id)?.map(merge_view).ok_or(AppError::NotFound)
}

/// The two may be one customer still: whoever took the merge back finds the pair where it was.
fn pair_put(tx: &mut Db, cx: &Cx, kept: PartyId, gone: PartyId) -> AppResult<()> {
    let compared = compared_of(tx, &[kept, gone])?;
    let both = compared.get(&kept).zip(compared.get(&gone));
    let rules = &cx.company()?.settings.duplicates;
    let found: Vec<FoundPair> = both.and_then(|(one, other)| pair_found(rules, one, other)).into_iter().collect();
    Ok(pairs_put(tx, &found, cx.now)?)
}

/// The gone record stands again with everything beneath it; its unique values must still be free.
fn gone_restore(tx: &mut Db, cx: &Cx, gone: &PartyRecord) -> AppResult<()> {
    let (id, unit_id, owner_id): (PartyId, _, _) = (gone.party.id, gone.party.unit_id, gone.party.owner_id);
    let input = input_of(tx, cx, gone)?;
    party_restore(tx, id, gone.party.version, cx.now)?;
    let definitions = custom_definitions(tx, "customer")?;
    let mut ignored = Checks::default();
    let values = custom_check(&mut ignored, &definitions, &input.custom, (unit_id, &cx.company()?.currency), None);
    custom_values_set(tx, AnyId(id.0), &values.rows)?;
    parts_keep(tx, &[id])?;
    Ok(search_put(tx, &document(id, (unit_id, owner_id), gone.party.code.as_deref(), &input))?)
}

/// Forgets what undoing needs of merges that can no longer be undone: it holds what people once wrote.
pub fn merges_forget(app: &App, now: chrono::DateTime<chrono::Utc>) -> AppResult<()> {
    while app.db().write(move |tx| Ok::<_, AppError>(merges_settle(tx, now, SETTLED)?))? as i64 == SETTLED {}
    Ok(())
}
