//! An opportunity as it is shown.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::follow_up::silent_before;
use regulars_domain::ids::{LeadFormId, OpportunityId, PartyId, StageId, UnitId, UserId};
use regulars_domain::mask::Masks;
use regulars_domain::money::format_decimal;
use regulars_domain::pipeline::{LEAD, StageStatus, weighted};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_of;
use regulars_persistence::sales::customer::{party_names, unit_names, user_names};
use regulars_persistence::sales::lead_form::form_names;
use regulars_persistence::sales::opportunity::{
    ContactRow, NoteRow, OpportunityParts, OpportunityRow, StepRow, parts_of,
};
use regulars_persistence::sales::pipeline::{StageRow, pipeline_list, stages_get};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::distinct;
use super::input::{OpportunityNote, amount_of, lead_shown, to_input};
use crate::access::Ref;
use crate::custom::custom_shown;
use crate::money::Money;
use crate::sales::lead_score::{LeadScoreReason, Told, told_of};
use crate::sales::pipeline::{StageView, stage_view};
use crate::sales::view::RATE_PLACES;
use crate::{AppResult, Cx};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OpportunityContact {
    /// The name is empty when they are out of the caller's sight.
    pub customer: Ref,
    #[schema(example = "decision_maker")]
    pub role: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlanStep {
    pub id: Uuid,
    pub title: String,
    pub due_on: Option<NaiveDate>,
    /// Whose it is; the opportunity's owner's when absent.
    pub owner: Option<Ref>,
    pub required: bool,
    #[schema(value_type = crate::shape::PlanStepStatus)]
    pub status: String,
    pub result: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Ref>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OpportunityView {
    pub id: Uuid,
    pub name: String,
    #[serde(rename = "type")]
    #[schema(value_type = crate::shape::OpportunityKind)]
    pub kind: String,
    /// Absent from a lead of nobody known; the name is empty when the customer is out of the caller's sight.
    pub customer: Option<Ref>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    pub pipeline: Ref,
    pub stage: StageView,
    /// What the stage means.
    #[schema(value_type = crate::shape::StageStatusKey)]
    pub status: String,
    /// 0 to 100, 50 is an average lead: how likely it is won by what is known of it. See `GET /lead-scoring`. What is closed keeps
    /// the score it had.
    #[schema(example = 68)]
    pub score: Option<i64>,
    /// What gave points or took them, the most telling first.
    pub score_reasons: Vec<LeadScoreReason>,
    /// When a person last did something about it and noted that; since when it is silent.
    pub touched_at: DateTime<Utc>,
    /// Open, and silent for longer than the company's rule allows.
    pub untouched: bool,
    /// In the stage since.
    pub stage_since: DateTime<Utc>,
    pub amount: Option<Money>,
    /// In the company's currency, for sums.
    pub amount_base: Money,
    /// `amount_base` × the stage's probability.
    pub weighted: Money,
    /// Company currency for one unit of the amount's.
    #[schema(example = "1.000000")]
    pub exchange_rate: String,
    pub expected_close: Option<NaiveDate>,
    pub source: Option<String>,
    pub competitors: Vec<String>,
    pub reason: Option<String>,
    pub competitor: Option<String>,
    pub remarks: Option<String>,
    pub contacts: Vec<OpportunityContact>,
    pub lead_company: Option<String>,
    pub lead_person: Option<String>,
    pub lead_phone: Option<String>,
    pub lead_email: Option<String>,
    /// The form on the web it came by.
    pub form: Option<Ref>,
    /// What whoever asked by a form agreed to.
    pub consent_text: Option<String>,
    pub notes: Vec<OpportunityNote>,
    /// The development plan.
    pub steps: Vec<PlanStep>,
    /// Custom fields by key.
    pub custom: Map<String, Value>,
    #[schema(value_type = Option<crate::shape::PlanOutcome>)]
    pub plan_outcome: Option<String>,
    pub qualified_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(OpportunityView);

/// Everything that belongs to a few opportunities, read with one query each.
struct Whole {
    contacts: HashMap<OpportunityId, Vec<ContactRow>>,
    competitors: HashMap<OpportunityId, Vec<String>>,
    notes: HashMap<OpportunityId, Vec<NoteRow>>,
    steps: HashMap<OpportunityId, Vec<StepRow>>,
    custom: HashMap<Uuid, Map<String, Value>>,
    forms: HashMap<LeadFormId, String>,
    stages: HashMap<StageId, StageRow>,
    pipelines: HashMap<Uuid, String>,
    /// Those within sight.
    customers: HashMap<PartyId, String>,
    people: HashMap<UserId, String>,
    units: HashMap<UnitId, String>,
    touched: HashMap<OpportunityId, DateTime<Utc>>,
    scores: Told,
    currency: String,
    /// Leads and opportunities that were touched last before this are silent for too long.
    silent: [DateTime<Utc>; 2],
    masks: Masks,
}

fn grouped<T>(rows: Vec<T>, of: impl Fn(&T) -> OpportunityId) -> HashMap<OpportunityId, Vec<T>> {
    let mut out: HashMap<OpportunityId, Vec<T>> = HashMap::new();
    for row in rows {
        out.entry(of(&row)).or_default().push(row);
    }
    out
}

impl Whole {
    fn read(cx: &Cx, db: &mut Db, rows: &[OpportunityRow]) -> AppResult<Self> {
        let company = cx.company()?;
        let (rule, today) = (&company.settings.follow_up, company.business_date(cx.now));
        let ids: Vec<OpportunityId> = rows.iter().map(|row| row.id).collect();
        let OpportunityParts { contacts, competitors, notes, steps } = parts_of(db, &ids)?;
        let parties = rows.iter().filter_map(|row| row.party_id).chain(contacts.iter().map(|one| one.party_id));
        let parties: Vec<PartyId> = distinct(parties.map(|id| id.0).collect()).into_iter().map(PartyId).collect();
        let of_steps = steps.iter().flat_map(|step| [step.owner_id, step.done_by]).flatten();
        let people = rows.iter().filter_map(|row| row.owner_id).chain(of_steps);
        let people: Vec<UserId> = distinct(people.map(|id| id.0).collect()).into_iter().map(UserId).collect();
        let forms = distinct(rows.iter().filter_map(|row| row.form_id.map(|id| id.0)).collect());
        let forms: Vec<LeadFormId> = forms.into_iter().map(LeadFormId).collect();
        let stages = distinct(rows.iter().map(|row| row.stage_id.0).collect());
        let stages: Vec<StageId> = stages.into_iter().map(StageId).collect();
        let mut named: HashMap<OpportunityId, Vec<String>> = HashMap::new();
        for one in competitors {
            named.entry(one.opportunity_id).or_default().push(one.name);
        }
        Ok(Self {
            contacts: grouped(contacts, |one| one.opportunity_id),
            competitors: named,
            notes: grouped(notes, |one| one.opportunity_id),
            steps: grouped(steps, |one| one.opportunity_id),
            custom: custom_shown(db, cx, "opportunity", rows.iter().map(|row| row.id.0))?,
            forms: form_names(db, &forms)?.into_iter().collect(),
            stages: stages_get(db, &stages)?.into_iter().map(|stage| (stage.id, stage)).collect(),
            pipelines: pipeline_list(db, None)?.into_iter().map(|row| (row.id.0, row.name)).collect(),
            customers: party_names(db, &parties, &cx.visible(Resource::Customer, Action::Read))?
                .into_iter()
                .map(|(id, name, _)| (id, name))
                .collect(),
            people: user_names(db, &people)?.into_iter().collect(),
            units: unit_names(db)?.into_iter().collect(),
            touched: touches_of(db, &ids)?,
            scores: told_of(cx, db, &ids)?,
            currency: company.currency.clone(),
            silent: [rule.lead_days, rule.opportunity_days].map(|days| silent_before(today, days)),
            masks: cx.actor.masks.clone(),
        })
    }

    fn person(&self, id: UserId) -> Ref {
        Ref::new(id, self.people.get(&id).cloned().unwrap_or_default())
    }

    fn customer(&self, id: PartyId) -> Ref {
        Ref::new(id, self.customers.get(&id).cloned().unwrap_or_default())
    }

    fn step(&self, step: StepRow) -> PlanStep {
        PlanStep {
            id: step.id.0,
            owner: step.owner_id.map(|id| self.person(id)),
            done_by: step.done_by.map(|id| self.person(id)),
            title: step.title,
            due_on: step.due_on,
            required: step.required,
            status: step.status,
            result: step.result,
            done_at: step.done_at,
        }
    }

    fn view(&mut self, row: OpportunityRow) -> AppResult<OpportunityView> {
        let stage = self.stages.get(&row.stage_id).ok_or(crate::AppError::NotFound)?;
        let stage = stage_view(stage)?;
        let lead = lead_shown(to_input(&row, &OpportunityParts::default(), Map::new()), &self.masks);
        let contact = |one: ContactRow| OpportunityContact { customer: self.customer(one.party_id), role: one.role };
        let note = |one: NoteRow| OpportunityNote {
            kind: one.kind,
            text: one.content,
            status: one.status,
            answer: one.answer,
        };
        let contacts = self.contacts.get(&row.id).cloned().unwrap_or_default().into_iter().map(contact).collect();
        let steps = self.steps.get(&row.id).cloned().unwrap_or_default();
        let touched_at = self.touched.get(&row.id).copied().unwrap_or(row.created_at);
        let seen = row.party_id.is_none_or(|id| self.customers.contains_key(&id));
        let silent = self.silent[usize::from(row.kind != LEAD)];
        let untouched = row.status == StageStatus::Open.key() && touched_at < silent;
        Ok(OpportunityView {
            id: row.id.0,
            score: self.scores.score(row.id),
            score_reasons: self.scores.reasons(row.id, seen),
            customer: row.party_id.map(|id| self.customer(id)),
            unit: Ref::new(row.unit_id, self.units.get(&row.unit_id).cloned().unwrap_or_default()),
            owner: row.owner_id.map(|id| self.person(id)),
            pipeline: Ref::new(row.pipeline_id, self.pipelines.get(&row.pipeline_id.0).cloned().unwrap_or_default()),
            amount: amount_of(&row),
            amount_base: Money::of(row.amount_base, &self.currency),
            weighted: Money::of(weighted(row.amount_base, stage.probability), &self.currency),
            exchange_rate: format_decimal(row.exchange_rate, RATE_PLACES),
            competitors: self.competitors.remove(&row.id).unwrap_or_default(),
            contacts,
            notes: self.notes.remove(&row.id).unwrap_or_default().into_iter().map(note).collect(),
            steps: steps.into_iter().map(|step| self.step(step)).collect(),
            custom: self.custom.remove(&row.id.0).unwrap_or_default(),
            form: row.form_id.map(|id| Ref::new(id, self.forms.get(&id).cloned().unwrap_or_default())),
            lead_phone: lead.lead_phone,
            lead_email: lead.lead_email,
            stage,
            name: row.name,
            kind: row.kind,
            status: row.status,
            touched_at,
            untouched,
            stage_since: row.stage_since,
            expected_close: row.expected_close,
            source: row.source,
            reason: row.reason,
            competitor: row.competitor,
            remarks: row.remarks,
            lead_company: row.lead_company,
            lead_person: row.lead_person,
            consent_text: row.consent_text,
            plan_outcome: row.plan_outcome,
            qualified_at: row.qualified_at,
            closed_at: row.closed_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Views of opportunities, in their order.
pub fn opportunity_views(cx: &Cx, db: &mut Db, rows: Vec<OpportunityRow>) -> AppResult<Vec<OpportunityView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut whole = Whole::read(cx, db, &rows)?;
    rows.into_iter().map(|row| whole.view(row)).collect()
}
