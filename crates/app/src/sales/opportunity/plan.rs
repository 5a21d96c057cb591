//! The end of a development plan: success takes the opportunity on to the next stage, a stop takes it out.

use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::OpportunityId;
use regulars_domain::pipeline::{PLAN_OUTCOMES, StageStatus};
use regulars_persistence::Db;
use regulars_persistence::sales::opportunity::{OpportunityParts, OpportunityRow, parts_set};
use regulars_persistence::sales::pipeline::{StageRow, stages_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::stage::{MoveInput, move_to};
use super::view::OpportunityView;
use super::{WRITE, one, standing};
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// How the plan ended, and what a move to that stage asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanEndInput {
    #[schema(value_type = crate::shape::PlanOutcome)]
    pub outcome: String,
    /// The next stage after a success, the first lost one after a stop, when absent.
    #[serde(default)]
    pub stage_id: Option<Uuid>,
    #[serde(default)]
    #[schema(example = json!(null))]
    pub reason: Option<String>,
    #[serde(default)]
    #[schema(example = json!(null))]
    pub competitor: Option<String>,
    #[serde(default)]
    pub amount: Option<Money>,
    #[serde(default)]
    pub remark: Option<String>,
}

/// Ends the plan of an opportunity and moves it accordingly; steps that are left over are dropped.
pub fn plan_end(cx: &Cx, id: OpportunityId, input: PlanEndInput) -> AppResult<OpportunityView> {
    cx.require(WRITE)?;
    let mut checks = Checks::default();
    checks.one_of("/outcome", &input.outcome, &PLAN_OUTCOMES);
    checks.done()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (mut row, mut parts) = standing(tx, cx, id)?;
        if parts.steps.is_empty() {
            return Err(AppError::Conflict("plan_empty"));
        }
        let success = input.outcome == "success";
        if success {
            steps_done(&parts)?;
        }
        let had = parts.clone();
        for step in parts.steps.iter_mut().filter(|step| step.status == "open") {
            step.status = "dropped".into();
        }
        parts_set(tx, id, row.unit_id, &had, parts.clone())?;
        row.plan_outcome = Some(input.outcome.clone());
        let stage_id = match input.stage_id {
            Some(id) => id,
            None => stage_after(tx, &row, success)?.id.0,
        };
        if stage_id == row.stage_id.0 {
            return Err(AppError::invalid("/stage_id", "self_reference"));
        }
        let mut to = MoveInput {
            stage_id,
            reason: input.reason.clone(),
            competitor: input.competitor.clone(),
            amount: input.amount.clone(),
            remark: input.remark.clone(),
        };
        move_to(tx, cx, &mut row, &parts, &mut to)?;
        one(cx, tx, row)
    })
}

/// Nothing succeeds while a required step is open.
fn steps_done(parts: &OpportunityParts) -> AppResult<()> {
    let open: Vec<&str> = parts
        .steps
        .iter()
        .filter(|step| step.required && step.status == "open")
        .map(|step| step.title.as_str())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(AppError::Validation(vec![FieldError::new("/steps", "stage_needs_steps").with(open.join(", "))]))
}

fn stage_after(tx: &mut Db, row: &OpportunityRow, success: bool) -> AppResult<StageRow> {
    let stages: Vec<StageRow> = stages_of(tx, &[row.pipeline_id])?.into_iter().filter(|stage| !stage.retired).collect();
    let here = stages.iter().find(|stage| stage.id == row.stage_id).map_or(0, |stage| stage.position);
    let goes_on = |stage: &StageRow| {
        let status = StageStatus::parse(&stage.status);
        stage.position > here && matches!(status, Some(StageStatus::Open | StageStatus::Won))
    };
    let found = stages.into_iter().find(|stage| match success {
        true => goes_on(stage),
        false => stage.status == StageStatus::Lost.key(),
    });
    found.ok_or_else(|| AppError::invalid("/stage_id", "required"))
}
