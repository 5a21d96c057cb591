//! Rows of leads and opportunities: each goes through the same rules as one entered by hand.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_domain::error::FieldError;
use regulars_domain::ids::{PartyId, PipelineId, UserId};
use regulars_domain::pipeline::{LEAD, OPPORTUNITY};
use regulars_persistence::Db;
use regulars_persistence::db::savepoint;
use regulars_persistence::sales::opportunity::{OpportunityRow, opportunities_of_names, opportunity_imported_set};
use regulars_persistence::sales::pipeline::{PipelineRow, StageRow, pipeline_list, stages_of};
use serde_json::{Map, Value, json};

use super::additions::{entry, pairs};
use super::cells::{CellFault, Cells, LONG, SHORT};
use super::custom_cells::custom_read;
use super::customs::custom_shown;
use super::mapping::CUSTOM_PREFIX;
use super::outcome::{Tally, fault};
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::values::half_width;
use super::whose::{CustomerRef, Customers};
use crate::messages::field_message;
use crate::money::Money;
use crate::sales::opportunity::{OpportunityInput, opportunity_judge, opportunity_make};
use crate::{AppError, AppResult};

/// Words for the two kinds, the stored one first.
const KINDS: &[&[&str]] = &[&[OPPORTUNITY, "商机", "opportunity", "deal", "机会"], &[LEAD, "线索", "lead", "潜在客户"]];

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct OpportunityDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub kind: Option<String>,
    pub name: Option<String>,
    pub pipeline: Option<String>,
    pub stage: Option<String>,
    pub amount: Option<i64>,
    pub expected_close: Option<NaiveDate>,
    pub owner: Option<UserId>,
    pub source: Option<String>,
    pub reason: Option<String>,
    pub competitor: Option<String>,
    pub remarks: Option<String>,
    pub lead_company: Option<String>,
    pub lead_person: Option<String>,
    pub lead_phone: Option<String>,
    pub lead_email: Option<String>,
    /// Values of custom fields by key.
    pub custom: Map<String, Value>,
    pub faults: Vec<CellFault>,
}

pub fn opportunity_draft(row: &Row, mut cells: Cells, refs: &Refs) -> OpportunityDraft {
    let mut draft = OpportunityDraft { line: row.line, ..OpportunityDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        let mut found = Vec::new();
        match target {
            "name" => draft.name = cells.text(column, text, SHORT),
            "type" => draft.kind = cells.word(column, text, KINDS),
            "pipeline" => draft.pipeline = cells.text(column, text, SHORT),
            "stage" => draft.stage = cells.text(column, text, SHORT),
            "amount" => draft.amount = cells.money(column, text),
            "expected_close" => draft.expected_close = cells.date(column, text),
            "owner" => draft.owner = cells.person(column, text, refs).map(|(person, _)| person),
            "source" => draft.source = entry(&mut cells, refs, "source", (column, text)),
            "reason" => draft.reason = reason(&mut cells, refs, (column, text)),
            "competitor" => draft.competitor = cells.text(column, text, SHORT),
            "remarks" => draft.remarks = cells.text(column, text, LONG),
            "lead_company" => draft.lead_company = cells.text(column, text, SHORT),
            "lead_person" => draft.lead_person = cells.text(column, text, SHORT),
            "lead_phone" => {
                cells.phones(column, text, &mut found);
                draft.lead_phone = found.into_iter().next();
            }
            "lead_email" => {
                cells.emails(column, text, &mut found);
                draft.lead_email = found.into_iter().next();
            }
            other => custom_read(&mut cells, other, (column, text), refs, &mut draft.custom),
        }
    }
    if draft.name.is_none() && cells.faults.is_empty() {
        cells.fault(None, "name_missing", "缺少名称", "The name is missing");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

/// Why it was won or lost, whichever dictionary has it.
fn reason(cells: &mut Cells, refs: &Refs, cell: (usize, &str)) -> Option<String> {
    refs.entry("win_reason", cell.1).or_else(|| entry(cells, refs, "loss_reason", cell))
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn opportunities_apply(db: &mut Db, run: &Run, drafts: &[OpportunityDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let company = run.cx.company()?;
    let sound: Vec<&OpportunityDraft> = drafts.iter().filter(|draft| draft.faults.is_empty()).collect();
    for draft in drafts.iter().filter(|draft| !draft.faults.is_empty()) {
        tally.reject(draft.line, draft.name.clone(), &draft.faults);
    }
    let customers = Customers::load(db, run, run.unit_id, sound.iter().map(|draft| &draft.customer))?;
    let ways = Ways::load(db, run)?;
    let mut names: Vec<String> = sound.iter().filter_map(|draft| draft.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let standing = opportunities_of_names(db, &names, &run.opportunity_reach)?;
    let mut known: HashSet<Said> = standing.iter().map(said_of_row).collect();
    for draft in sound {
        let input = whom(run, &customers, draft).and_then(|party| input(run, &ways, draft, party));
        let input = match input {
            Ok(input) => input,
            Err(fault) => {
                tally.reject(draft.line, draft.name.clone(), &[fault]);
                continue;
            }
        };
        let said = said_of_input(&input);
        if known.contains(&said) {
            tally.unchanged(1);
            continue;
        }
        let made = match run.dry {
            true => opportunity_judge(db, &run.cx, &company, input.clone()),
            false => savepoint(db, |db| {
                let row = opportunity_make(db, &run.cx, &company, input.clone())?;
                Ok(opportunity_imported_set(db, row.id, run.import_id)?)
            }),
        };
        match made {
            Ok(()) => {
                tally.create(run, draft.line, (1, false), draft.name.clone(), || shown(&input));
                known.insert(said);
            }
            Err(AppError::Validation(errors)) => {
                let faults: Vec<CellFault> = errors.iter().map(|error| refused(run, error)).collect();
                tally.reject(draft.line, draft.name.clone(), &faults);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(tally)
}

/// The customer, where the row names one.
fn whom(run: &Run, customers: &Customers, draft: &OpportunityDraft) -> Result<Option<PartyId>, CellFault> {
    match draft.customer.strongest() {
        Some(_) => customers.one(run, &draft.customer).map(Some),
        None => Ok(None),
    }
}

/// Pipelines and stages by their names.
struct Ways {
    pipelines: Vec<PipelineRow>,
    stages: Vec<StageRow>,
}

impl Ways {
    fn load(db: &mut Db, run: &Run) -> AppResult<Self> {
        let mut pipelines: Vec<PipelineRow> =
            pipeline_list(db, Some(run.unit_id))?.into_iter().filter(|row| row.active).collect();
        pipelines.sort_by_key(|row| row.position);
        let ids: Vec<PipelineId> = pipelines.iter().map(|row| row.id).collect();
        let stages = stages_of(db, &ids)?.into_iter().filter(|stage| !stage.retired).collect();
        Ok(Self { pipelines, stages })
    }

    /// The pipeline that is named, else the first that has the stage.
    fn pipeline(&self, run: &Run, draft: &OpportunityDraft) -> Result<Option<PipelineId>, CellFault> {
        match (&draft.pipeline, &draft.stage) {
            (Some(name), _) => match self.pipelines.iter().find(|row| same(&row.name, name)) {
                Some(row) => Ok(Some(row.id)),
                None => Err(nowhere(run, name)),
            },
            (None, Some(name)) => Ok(self
                .pipelines
                .iter()
                .find(|row| self.stages.iter().any(|stage| stage.pipeline_id == row.id && same(&stage.name, name)))
                .map(|row| row.id)),
            (None, None) => Ok(None),
        }
    }

    fn stage(&self, run: &Run, pipeline: Option<PipelineId>, name: &str) -> Result<uuid::Uuid, CellFault> {
        let fits = |stage: &&StageRow| Some(stage.pipeline_id) == pipeline && same(&stage.name, name);
        self.stages.iter().find(fits).map(|stage| stage.id.0).ok_or_else(|| nowhere(run, name))
    }
}

fn same(one: &str, other: &str) -> bool {
    half_width(one).to_lowercase() == half_width(other).to_lowercase()
}

fn nowhere(run: &Run, name: &str) -> CellFault {
    let (zh, en) = (format!("没有管道或阶段「{name}」"), format!("There is no pipeline or stage \"{name}\""));
    fault(run, "unknown_choice", zh, en)
}

fn input(
    run: &Run,
    ways: &Ways,
    draft: &OpportunityDraft,
    party: Option<PartyId>,
) -> Result<OpportunityInput, CellFault> {
    let pipeline = ways.pipeline(run, draft)?;
    let stage = draft.stage.as_deref().map(|name| ways.stage(run, pipeline, name)).transpose()?;
    let kind = draft.kind.clone().unwrap_or_else(|| if party.is_some() { OPPORTUNITY } else { LEAD }.into());
    Ok(OpportunityInput {
        name: draft.name.clone().unwrap_or_default(),
        kind,
        customer_id: party.map(|id| id.0),
        owner_id: draft.owner.or(run.owner_default(run.unit_id)).map(|id| id.0),
        pipeline_id: pipeline.map(|id| id.0),
        stage_id: stage,
        amount: draft.amount.map(|minor| Money::of(minor, &run.currency)),
        exchange_rate: None,
        expected_close: draft.expected_close,
        source: draft.source.clone(),
        competitors: draft.competitor.clone().into_iter().collect(),
        reason: draft.reason.clone(),
        competitor: None,
        remarks: draft.remarks.clone(),
        contacts: Vec::new(),
        lead_company: draft.lead_company.clone(),
        lead_person: draft.lead_person.clone(),
        lead_phone: draft.lead_phone.clone(),
        lead_email: draft.lead_email.clone(),
        notes: Vec::new(),
        steps: Vec::new(),
        custom: draft.custom.clone(),
    })
}

/// All by which two are told apart.
type Said = (String, Option<uuid::Uuid>, [Option<String>; 4]);

fn said_of_row(row: &OpportunityRow) -> Said {
    let asked = [&row.lead_company, &row.lead_person, &row.lead_phone, &row.lead_email].map(Clone::clone);
    (row.name.clone(), row.party_id.map(|id| id.0), asked)
}

fn said_of_input(input: &OpportunityInput) -> Said {
    let asked = [&input.lead_company, &input.lead_person, &input.lead_phone, &input.lead_email].map(Clone::clone);
    (input.name.clone(), input.customer_id, asked)
}

/// What a rule says against the row, in the words it has elsewhere.
fn refused(run: &Run, error: &FieldError) -> CellFault {
    let locale = if run.chinese { "zh-CN" } else { "en" };
    let mut parts = error.pointer.split('/').skip(1);
    let field = match (parts.next().unwrap_or_default(), parts.next()) {
        ("custom", Some(key)) => format!("{CUSTOM_PREFIX}{key}"),
        (field, _) => field.into(),
    };
    let column = run.plan.columns.iter().find(|(_, target)| *target == field).map(|(column, _)| *column);
    CellFault {
        column: column.map(|column| run.plan.column_name(column)),
        code: error.code.clone(),
        detail: field_message(&error.code, &error.params, locale),
    }
}

fn shown(input: &OpportunityInput) -> Map<String, Value> {
    let mut shown = pairs([
        ("name", json!(input.name)),
        ("type", json!(input.kind)),
        ("amount", json!(input.amount.as_ref().map(|money| &money.amount))),
        ("expected_close", json!(input.expected_close)),
        ("source", json!(input.source)),
        ("reason", json!(input.reason)),
        ("remarks", json!(input.remarks)),
        ("lead_company", json!(input.lead_company)),
        ("lead_person", json!(input.lead_person)),
        ("lead_phone", json!(input.lead_phone)),
        ("lead_email", json!(input.lead_email)),
    ]);
    shown.extend(custom_shown(&input.custom));
    shown
}
