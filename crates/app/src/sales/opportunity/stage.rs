//! Moving an opportunity: what a stage asks for, what winning and losing ask, and the history that keeps it all.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::{OpportunityId, PartyId, PipelineId, StageId, UnitId, UserId};
use regulars_domain::pipeline::{OPPORTUNITY, OpportunityStand, StageStatus, StepStand, missing, weighted};
use regulars_domain::sales::in_base;
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::sales::customer::user_names;
use regulars_persistence::sales::opportunity::{
    OpportunityParts, OpportunityRow, opportunities_elsewhere, opportunity_get as row_get,
};
use regulars_persistence::sales::pipeline::{StageRow, pipeline_get, stage_get, stages_get, stages_of};
use regulars_persistence::sales::stage_change::{StageChangeRow, change_end, change_insert, changes_of, forever};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::fill::{pipeline_first, reasons_of};
use super::input::amount_of;
use super::view::OpportunityView;
use super::{READ, WRITE, distinct, event, one, standing, store};
use crate::access::Ref;
use crate::customers::input::trim;
use crate::list::Page;
use crate::money::{MAX_MINOR, Money};
use crate::sales::lead_score::scores_refresh;
use crate::sales::pipeline::criteria_of;
use crate::{AppError, AppResult, Cx};

/// Where to, and for won and lost ones why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    /// A stage of the same pipeline, before or after.
    pub stage_id: Uuid,
    /// Asked for where the stage means won or lost: a key of the dictionary `win_reason` or `loss_reason`.
    #[serde(default)]
    #[schema(example = "price")]
    pub reason: Option<String>,
    #[serde(default)]
    #[schema(example = "Sunrise Trading")]
    pub competitor: Option<String>,
    /// What it was won for; in the currency it has.
    #[serde(default)]
    pub amount: Option<Money>,
    #[serde(default)]
    pub remark: Option<String>,
}

/// One line of the history: where it stood from when to when, and for how much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageHistoryView {
    pub id: Uuid,
    pub stage: Ref,
    /// Absent at the beginning; the same as `stage` where the amount alone changed.
    pub from_stage: Option<Ref>,
    pub at: DateTime<Utc>,
    /// Absent where it stands now.
    pub until: Option<DateTime<Utc>>,
    pub by: Option<Ref>,
    /// In the company's currency.
    pub amount: Money,
    /// In percent, at the time.
    #[schema(example = 50)]
    pub probability: i64,
    pub weighted: Money,
    pub reason: Option<String>,
    pub competitor: Option<String>,
    pub remark: Option<String>,
}

/// What goes into the history beside where it stands.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    pub from: Option<StageId>,
    pub reason: Option<String>,
    pub competitor: Option<String>,
    pub remark: Option<String>,
}

fn stand(row: &OpportunityRow, parts: &OpportunityParts) -> OpportunityStand {
    OpportunityStand {
        qualified: row.kind == OPPORTUNITY,
        customer: row.party_id.is_some(),
        contacts: !parts.contacts.is_empty(),
        owner: row.owner_id.is_some(),
        amount: row.amount > 0,
        expected_close: row.expected_close.is_some(),
        source: row.source.is_some(),
        needs: parts.notes.iter().any(|note| note.kind == "need"),
        open_resistances: parts.notes.iter().any(|note| note.kind == "resistance" && note.status == "open"),
        steps: parts
            .steps
            .iter()
            .filter(|step| step.status != "dropped")
            .map(|step| StepStand { title: step.title.clone(), required: step.required, done: step.status == "done" })
            .collect(),
    }
}

/// Refuses with everything that is missing for the stage.
pub fn entry_check(row: &OpportunityRow, parts: &OpportunityParts, stage: &StageRow) -> AppResult<()> {
    let missing = missing(&criteria_of(stage)?, &stage.steps_asked, &stand(row, parts));
    let told = missing.into_iter().map(|one| {
        let error = FieldError::new(one.pointer, one.code);
        match one.steps {
            Some(steps) => error.with(steps),
            None => error,
        }
    });
    Checks(told.collect()).done().map_err(AppError::Validation)
}

fn history_row(cx: &Cx, row: &OpportunityRow, stage: &StageRow, moved: Moved) -> StageChangeRow {
    StageChangeRow {
        id: AnyId(Uuid::now_v7()),
        opportunity_id: row.id,
        unit_id: row.unit_id,
        owner_id: row.owner_id,
        stage_id: row.stage_id,
        from_stage_id: moved.from,
        next_stage_id: None,
        entered_at: row.stage_since,
        valid_from: row.updated_at,
        valid_to: forever(),
        stood_seconds: None,
        amount_base: row.amount_base,
        probability: stage.probability,
        weighted: weighted(row.amount_base, stage.probability),
        reason: moved.reason,
        competitor: moved.competitor,
        remark: moved.remark,
        changed_by: cx.actor.user(),
    }
}

pub fn history_begin(tx: &mut Db, cx: &Cx, row: &OpportunityRow, stage: &StageRow, moved: Moved) -> AppResult<()> {
    Ok(change_insert(tx, history_row(cx, row, stage, moved))?)
}

/// The amount is another from now on.
pub fn history_revalue(tx: &mut Db, cx: &Cx, row: &OpportunityRow, stage: &StageRow) -> AppResult<()> {
    change_end(tx, row.id, row.updated_at, Some(row.stage_id), None)?;
    let moved = Moved {
        from: Some(row.stage_id),
        reason: row.reason.clone(),
        competitor: row.competitor.clone(),
        remark: None,
    };
    history_begin(tx, cx, row, stage, moved)
}

/// It stands nowhere from now on.
pub fn history_end(tx: &mut Db, cx: &Cx, row: &OpportunityRow) -> AppResult<()> {
    Ok(change_end(tx, row.id, cx.now.max(row.updated_at), None, None)?)
}

pub fn opportunity_move(cx: &Cx, id: OpportunityId, input: MoveInput) -> AppResult<OpportunityView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (mut row, parts) = standing(tx, cx, id)?;
        let mut input = input.clone();
        move_to(tx, cx, &mut row, &parts, &mut input)?;
        one(cx, tx, row)
    })
}

/// Moves the row to a stage of its pipeline, if the stage lets it in, and keeps that in its history.
pub fn move_to(
    tx: &mut Db,
    cx: &Cx,
    row: &mut OpportunityRow,
    parts: &OpportunityParts,
    input: &mut MoveInput,
) -> AppResult<()> {
    let before = row.clone();
    let stage = stage_get(tx, StageId(input.stage_id))?
        .filter(|stage| stage.pipeline_id == row.pipeline_id && !stage.retired)
        .ok_or_else(|| AppError::invalid("/stage_id", "unknown_reference"))?;
    if stage.id == before.stage_id {
        return Ok(());
    }
    let status = StageStatus::parse(&stage.status).ok_or_else(|| AppError::Internal(stage.status.clone()))?;
    outcome(tx, row, status, input)?;
    entry_check(row, parts, &stage)?;
    row.stage_id = stage.id;
    row.status.clone_from(&stage.status);
    row.closed_at = status.is_closed().then_some(cx.now);
    put(tx, cx, &before, row, &stage, input.remark.clone())?;
    let name = stage_get(tx, before.stage_id)?.map(|stage| stage.name);
    let mut after = json!({"stage_name": stage.name, "competitor": row.competitor});
    if let Some(dictionary) = reasons_of(&row.status) {
        after[dictionary] = json!(row.reason);
    }
    if row.amount_base != before.amount_base {
        after["amount"] = json!(amount_of(row));
    }
    event(cx, row, "stage_changed").before(&json!({"stage_name": name})).after(&after).record(tx)
}

/// Stores the row where it now stands, and begins that in its history.
fn put(
    tx: &mut Db,
    cx: &Cx,
    before: &OpportunityRow,
    row: &mut OpportunityRow,
    stage: &StageRow,
    remark: Option<String>,
) -> AppResult<()> {
    let at = cx.now.max(before.updated_at);
    row.stage_since = at;
    let stood = (at - before.stage_since).num_seconds().max(0);
    change_end(tx, row.id, at, Some(stage.id), Some(stood))?;
    store(tx, cx, before, row)?;
    let moved =
        Moved { from: Some(before.stage_id), reason: row.reason.clone(), competitor: row.competitor.clone(), remark };
    history_begin(tx, cx, row, stage, moved)?;
    touches_refresh(tx, &[row.id])?;
    scores_refresh(tx, cx, &[row.id])
}

/// Won and lost say why and for how much; what is taken up again forgets it.
fn outcome(tx: &mut Db, row: &mut OpportunityRow, status: StageStatus, input: &mut MoveInput) -> AppResult<()> {
    let mut checks = Checks::default();
    trim(&mut input.competitor);
    trim(&mut input.remark);
    checks.optional_text("/competitor", input.competitor.as_deref(), 100);
    checks.optional_text("/remark", input.remark.as_deref(), 2_000);
    if let Some(amount) = &input.amount {
        row.amount = amount.read_positive(&mut checks, "/amount", &row.currency);
        match in_base(row.amount, row.exchange_rate).filter(|amount| *amount <= MAX_MINOR) {
            Some(amount) => row.amount_base = amount,
            None => checks.fail_with("/amount/amount", "out_of_range", "0 – 1000000000000"),
        }
    }
    match (reasons_of(status.key()), input.reason.as_deref()) {
        (Some(_), None) => checks.fail("/reason", "required"),
        (Some(dictionary), Some(reason)) if entries_active(tx, &[(dictionary, reason)])?.is_empty() => {
            checks.fail("/reason", "unknown_reference");
        }
        (None, Some(_)) => checks.fail("/reason", "not_allowed_here"),
        _ => {}
    }
    if status == StageStatus::Won && row.amount == 0 {
        checks.fail("/amount", "required");
    }
    checks.done()?;
    row.reason.clone_from(&input.reason);
    row.competitor = if status.is_closed() { input.competitor.clone().or(row.competitor.take()) } else { None };
    Ok(())
}

/// The history of one, the newest first.
pub fn stage_history(cx: &Cx, id: OpportunityId) -> AppResult<Page<StageHistoryView>> {
    cx.require(READ)?;
    let company = cx.company()?;
    cx.read(|db| {
        row_get(db, id, &cx.visible(Resource::Opportunity, Action::Read))?.ok_or(AppError::NotFound)?;
        let rows = changes_of(db, id)?;
        let stages = rows.iter().flat_map(|row| [Some(row.stage_id.0), row.from_stage_id.map(|id| id.0)]).flatten();
        let stages: Vec<StageId> = distinct(stages.collect()).into_iter().map(StageId).collect();
        let names: HashMap<StageId, String> =
            stages_get(db, &stages)?.into_iter().map(|stage| (stage.id, stage.name)).collect();
        let people = distinct(rows.iter().filter_map(|row| row.changed_by.map(|id| id.0)).collect());
        let people: Vec<UserId> = people.into_iter().map(UserId).collect();
        let people: HashMap<UserId, String> = user_names(db, &people)?.into_iter().collect();
        let named = |id: StageId| Ref::new(id, names.get(&id).cloned().unwrap_or_default());
        let view = |row: StageChangeRow| StageHistoryView {
            id: row.id.0,
            stage: named(row.stage_id),
            from_stage: row.from_stage_id.map(named),
            at: row.valid_from,
            until: Some(row.valid_to).filter(|until| *until < forever()),
            by: row.changed_by.map(|id| Ref::new(id, people.get(&id).cloned().unwrap_or_default())),
            amount: Money::of(row.amount_base, &company.currency),
            probability: row.probability,
            weighted: Money::of(row.weighted, &company.currency),
            reason: row.reason,
            competitor: row.competitor,
            remark: row.remark,
        };
        Ok(Page::whole(rows.into_iter().map(view).collect()))
    })
}

/// A customer's opportunities go with it to another unit. One in a pipeline of the old unit goes to the first of the new
/// one, to a stage of the same meaning. Answers how many there were.
pub fn opportunities_follow_party(
    tx: &mut Db,
    cx: &Cx,
    party: PartyId,
    (unit, owner): (UnitId, Option<UserId>),
) -> AppResult<usize> {
    let rows = opportunities_elsewhere(tx, party, unit)?;
    for before in &rows {
        let mut row = OpportunityRow { unit_id: unit, owner_id: owner, form_id: None, ..before.clone() };
        let theirs = pipeline_get(tx, row.pipeline_id)?.is_some_and(|line| line.unit_id.is_none_or(|of| of == unit));
        if theirs {
            store(tx, cx, before, &mut row)?;
        } else {
            let stage = stage_like(tx, unit, &row.status)?;
            row.pipeline_id = stage.pipeline_id;
            row.stage_id = stage.id;
            row.status.clone_from(&stage.status);
            put(tx, cx, before, &mut row, &stage, None)?;
        }
        event(cx, &row, "transferred")
            .stood(before.unit_id, before.owner_id)
            .before(&json!({"unit_id": before.unit_id, "owner_id": before.owner_id}))
            .after(&json!({"unit_id": unit, "owner_id": owner}))
            .record(tx)?;
    }
    Ok(rows.len())
}

/// The first stage of this meaning in the unit's first pipeline, or its first stage.
fn stage_like(tx: &mut Db, unit: UnitId, status: &str) -> AppResult<StageRow> {
    let pipeline: PipelineId = pipeline_first(tx, unit)?;
    let mut stages: Vec<StageRow> = stages_of(tx, &[pipeline])?.into_iter().filter(|stage| !stage.retired).collect();
    let at = stages.iter().position(|stage| stage.status == status).unwrap_or(0);
    if stages.is_empty() {
        Err(AppError::Internal("a pipeline has no stage".into()))
    } else {
        Ok(stages.swap_remove(at))
    }
}
