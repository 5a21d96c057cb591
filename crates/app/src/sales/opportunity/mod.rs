//! Leads and opportunities: one record from the first call to the end. Here they are found, entered, changed and taken
//! away; `stage` moves them, `qualify` makes an opportunity of a lead, `plan` ends a development plan.

pub mod figures;
mod fill;
mod input;
mod plan;
mod qualify;
mod stage;
mod view;

use std::collections::HashMap;

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{OpportunityId, UserId};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh;
use regulars_persistence::customers::custom::{custom_definitions, custom_values_release, custom_values_set};
use regulars_persistence::sales::opportunity::{
    OpportunityParts, OpportunityRow, opportunities_follow, opportunities_get, opportunities_of_steps,
    opportunity_delete as row_delete, opportunity_get as row_get, opportunity_insert, opportunity_update as row_update,
    parts_of, parts_set,
};
use regulars_persistence::sales::opportunity_list::{OPPORTUNITY_FROM, opportunity_base, opportunity_catalogue};
use regulars_persistence::types::AnyId;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use self::input::{OpportunityContactInput, OpportunityInput, OpportunityNote, PlanStepInput};
pub use self::plan::{PlanEndInput, plan_end};
pub use self::qualify::{QualifyInput, opportunity_qualify};
pub use self::stage::{MoveInput, StageHistoryView, opportunities_follow_party, opportunity_move, stage_history};
pub use self::view::{OpportunityContact, OpportunityView, PlanStep};

pub(crate) use self::fill::{RESOURCE, blank, fill};
pub(crate) use self::input::told;
pub(crate) use self::stage::{Moved, entry_check, history_begin};
pub(crate) use self::view::opportunity_views;

use self::input::{lead_shown, lead_unmask, to_input};
use self::stage::{history_end, history_revalue};
use crate::access::settings::Company;
use crate::custom::custom_shown;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::sales::lead_form::consents_of_lead;
use crate::sales::lead_score::scores_refresh;
use crate::{AppError, AppResult, Cx};

pub(super) const READ: &str = "sales:opportunity:read";
pub(super) const WRITE: &str = "sales:opportunity:write";

pub fn opportunity_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<OpportunityView>> {
    cx.require(READ)?;
    let base = opportunity_base(
        &cx.visible(Resource::Opportunity, Action::Read),
        &cx.visible(Resource::Customer, Action::Read),
        request.q.as_deref(),
    );
    cx.read(|db| {
        let catalogue = opportunity_catalogue(&custom_definitions(db, RESOURCE)?);
        let source = Source { from: OPPORTUNITY_FROM, id: "o.id", catalogue: &catalogue, default_sort: "-id" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<OpportunityId> = page.items.iter().map(|id| OpportunityId(*id)).collect();
        let mut rows: HashMap<OpportunityId, OpportunityRow> =
            opportunities_get(db, &ids)?.into_iter().map(|row| (row.id, row)).collect();
        let items = opportunity_views(cx, db, ids.iter().filter_map(|id| rows.remove(id)).collect())?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn opportunity_get(cx: &Cx, id: OpportunityId) -> AppResult<OpportunityView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = row_get(db, id, &cx.visible(Resource::Opportunity, Action::Read))?.ok_or(AppError::NotFound)?;
        one(cx, db, row)
    })
}

pub(super) fn one(cx: &Cx, db: &mut Db, row: OpportunityRow) -> AppResult<OpportunityView> {
    opportunity_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// The one that a change starts from: within the caller's reach for writing.
fn standing(tx: &mut Db, cx: &Cx, id: OpportunityId) -> AppResult<(OpportunityRow, OpportunityParts)> {
    let row = row_get(tx, id, &cx.visible(Resource::Opportunity, Action::Write))?.ok_or(AppError::NotFound)?;
    let parts = parts_of(tx, &[id])?;
    Ok((row, parts))
}

/// What an event of it says besides what happened.
pub(crate) fn event(cx: &Cx, row: &OpportunityRow, action: &str) -> Event {
    let event = Event::new(cx, "opportunity", row.id, action).stands(row.unit_id, row.owner_id);
    match row.party_id {
        Some(party) => event.party(party),
        None => event,
    }
}

/// Stores a changed row; the transaction begins anew if somebody was faster.
fn store(tx: &mut Db, cx: &Cx, before: &OpportunityRow, row: &mut OpportunityRow) -> AppResult<()> {
    row.updated_at = cx.now.max(before.updated_at);
    if !row_update(tx, row.clone())? {
        return Err(AppError::Serialization);
    }
    row.version += 1;
    if (before.unit_id, before.owner_id) != (row.unit_id, row.owner_id) {
        opportunities_follow(tx, row.id, row.unit_id, row.owner_id)?;
    }
    Ok(())
}

pub fn opportunity_create(cx: &Cx, input: OpportunityInput) -> AppResult<OpportunityView> {
    cx.require(WRITE)?;
    let company = cx.company()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let row = opportunity_make(tx, &within, &company, input.clone())?;
        one(&within, tx, row)
    })
}

/// Makes one within a transaction that the caller has begun.
pub(crate) fn opportunity_make(
    tx: &mut Db,
    cx: &Cx,
    company: &Company,
    mut input: OpportunityInput,
) -> AppResult<OpportunityRow> {
    let mut row = blank(cx, company, OpportunityId::fresh());
    let none = OpportunityParts::default();
    let (stage, parts, custom) = fill(tx, cx, company, &mut row, &none, &mut input)?;
    entry_check(&row, &parts, &stage)?;
    row.version = 1;
    opportunity_insert(tx, row.clone())?;
    parts_set(tx, row.id, row.unit_id, &none, parts.clone())?;
    custom_values_set(tx, AnyId(row.id.0), &custom)?;
    history_begin(tx, cx, &row, &stage, Moved::default())?;
    touches_refresh(tx, &[row.id])?;
    scores_refresh(tx, cx, &[row.id])?;
    event(cx, &row, "created").after(&told(&row, &parts, &input.custom, Some(&stage.name))).record(tx)?;
    Ok(row)
}

/// Whether it could be made; stores nothing.
pub(crate) fn opportunity_judge(db: &mut Db, cx: &Cx, company: &Company, mut input: OpportunityInput) -> AppResult<()> {
    let mut row = blank(cx, company, OpportunityId::fresh());
    let (stage, parts, _) = fill(db, cx, company, &mut row, &OpportunityParts::default(), &mut input)?;
    entry_check(&row, &parts, &stage)
}

pub fn opportunity_update(cx: &Cx, id: OpportunityId, version: i64, patch: &Value) -> AppResult<OpportunityView> {
    cx.require(WRITE)?;
    let company = cx.company()?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let (before, had) = standing(tx, cx, id)?;
        if before.version != version {
            return Err(AppError::Stale { current: before.version });
        }
        let custom = custom_shown(tx, cx, RESOURCE, [id.0])?.remove(&id.0).unwrap_or_default();
        let as_was = to_input(&before, &had, custom.clone());
        let shown = lead_shown(as_was.clone(), &cx.actor.masks);
        let mut input: OpportunityInput = crate::patch::patched(&shown, &patch)?;
        lead_unmask(&as_was, &shown, &mut input)?;
        if crate::patch::same(&as_was, &input)? {
            return one(cx, tx, before);
        }
        if input.pipeline_id != as_was.pipeline_id {
            return Err(AppError::invalid("/pipeline_id", "stage_by_move"));
        }
        if input.stage_id != as_was.stage_id {
            return Err(AppError::invalid("/stage_id", "stage_by_move"));
        }
        let mut row = before.clone();
        let (stage, parts, values) = fill(tx, cx, &company, &mut row, &had, &mut input)?;
        store(tx, cx, &before, &mut row)?;
        parts_set(tx, id, row.unit_id, &had, parts.clone())?;
        custom_values_set(tx, AnyId(id.0), &values)?;
        touches_refresh(tx, &[id])?;
        scores_refresh(tx, cx, &[id])?;
        if row.amount_base != before.amount_base {
            history_revalue(tx, cx, &row, &stage)?;
        }
        let mut event = event(cx, &row, "updated");
        if (before.unit_id, before.owner_id) != (row.unit_id, row.owner_id) {
            event = event.stood(before.unit_id, before.owner_id);
        }
        let (old, new) = (told(&before, &had, &custom, None), told(&row, &parts, &input.custom, None));
        event.difference(&old, &new).record(tx)?;
        if before.kind != row.kind {
            consents_of_lead(tx, cx, &row)?;
        }
        one(cx, tx, row)
    })
}

pub fn opportunity_delete(cx: &Cx, id: OpportunityId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| opportunity_unmake(tx, &within, id, version))
}

/// Takes one away within a transaction that the caller has begun.
pub(crate) fn opportunity_unmake(tx: &mut Db, cx: &Cx, id: OpportunityId, version: i64) -> AppResult<()> {
    let (row, parts) = standing(tx, cx, id)?;
    if !row_delete(tx, id, version, cx.now)? {
        return Err(AppError::Stale { current: row.version });
    }
    custom_values_release(tx, AnyId(id.0))?;
    history_end(tx, cx, &row)?;
    event(cx, &row, "deleted").before(&told(&row, &parts, &Map::new(), None)).record(tx)
}

/// Tells of each opportunity that steps of its plan, which have these ids, went from one person to another.
pub(crate) fn steps_given(tx: &mut Db, cx: &Cx, steps: &[AnyId], (from, to): (UserId, UserId)) -> AppResult<()> {
    for row in opportunities_of_steps(tx, steps)? {
        let parts = parts_of(tx, &[row.id])?;
        let given: Vec<&str> = parts
            .steps
            .iter()
            .filter(|step| steps.iter().any(|id| id.0 == step.id.0))
            .map(|step| step.title.as_str())
            .collect();
        let of = |person: UserId| {
            let told: Vec<Value> = given.iter().map(|title| json!({"title": title, "owner_id": person})).collect();
            json!({"steps": told})
        };
        event(cx, &row, "updated").before(&of(from)).after(&of(to)).record(tx)?;
    }
    Ok(())
}

/// Ids once each.
fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
