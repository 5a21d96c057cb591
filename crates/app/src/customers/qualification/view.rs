//! A qualification as people see it: what is asked, what was found, what is missing, what the reader may do now.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{RoleId, UserId};
use regulars_domain::qualification::{
    Act, Approvers, Gap, Refusal, Status, gaps_to_propose, gaps_to_qualify, may_decide,
};
use regulars_persistence::Db;
use regulars_persistence::access::role::user_roles;
use regulars_persistence::customers::qualification::QualificationRecord;
use regulars_persistence::customers::relation::party_names_within;
use regulars_persistence::platform::attachment::attachments_of;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::template::{QualificationDefinition, definition_of};
use crate::access::Ref;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// What was found of a criterion.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualificationCriterionInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The result of a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualificationStepInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Shop of 200 m², two sales floors")]
    pub findings: Option<String>,
    /// The day it was done; today when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

/// Why they should become a customer, and what they buy first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualificationProposal {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Twelve shops in the province, pays in advance")]
    pub reasons: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "200 fridges in May")]
    pub first_deal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub first_deal_amount: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub first_deal_on: Option<NaiveDate>,
}

/// What people fill in, by the keys of the template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualificationInput {
    #[schema(value_type = Object)]
    pub criteria: BTreeMap<String, QualificationCriterionInput>,
    #[schema(value_type = Object)]
    pub steps: BTreeMap<String, QualificationStepInput>,
    pub proposal: QualificationProposal,
}

/// Who found something, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationFound {
    pub by: Ref,
    pub at: DateTime<Utc>,
}

/// What is kept: what was filled in, and by whom each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Answers {
    pub said: QualificationInput,
    /// By key of criterion or step.
    pub found: BTreeMap<String, QualificationFound>,
}

/// One approval or refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationDecision {
    /// Which approval it was.
    #[schema(example = "Head of the unit")]
    pub label: String,
    pub approved: bool,
    pub note: Option<String>,
    pub by: Ref,
    pub at: DateTime<Utc>,
}

/// A proposal and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationRound {
    pub proposal: QualificationProposal,
    pub proposed_by: Ref,
    pub proposed_at: DateTime<Utc>,
    pub decisions: Vec<QualificationDecision>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationCriterionView {
    pub key: String,
    pub label: String,
    pub required: bool,
    pub met: Option<bool>,
    pub note: Option<String>,
    pub found: Option<QualificationFound>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationStepView {
    pub key: String,
    pub label: String,
    pub guidance: Option<String>,
    pub passed: Option<bool>,
    pub findings: Option<String>,
    pub on: Option<NaiveDate>,
    pub found: Option<QualificationFound>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationContractView {
    /// Attach files to the qualification under this as their kind.
    pub key: String,
    pub label: String,
    pub required: bool,
    /// How many files are attached.
    pub attached: i64,
}

/// One approval of the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationApprovalView {
    pub label: String,
    /// Roles and people who give it.
    pub by: Vec<Ref>,
}

/// What still stands in the way of the next act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationGapView {
    #[schema(value_type = crate::shape::QualificationGap)]
    pub kind: String,
    /// Of the criterion, step or contract.
    pub key: Option<String>,
    pub label: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationView {
    pub id: Uuid,
    pub customer: Ref,
    /// Once it has one.
    pub code: Option<String>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    pub template: Ref,
    #[schema(value_type = crate::shape::QualificationStatus)]
    pub status: String,
    pub criteria: Vec<QualificationCriterionView>,
    pub steps: Vec<QualificationStepView>,
    pub proposal: QualificationProposal,
    pub contracts: Vec<QualificationContractView>,
    pub approvals: Vec<QualificationApprovalView>,
    /// The place in `approvals` of the one that comes next.
    pub stage: i64,
    /// Every proposal with its decisions, the first one first.
    pub rounds: Vec<QualificationRound>,
    pub gaps: Vec<QualificationGapView>,
    /// What the caller may do now.
    #[schema(value_type = Vec<crate::shape::QualificationAct>)]
    pub may: Vec<String>,
    /// Only the proposal being the caller's own keeps them from deciding.
    pub own_proposal: bool,
    pub started_by: Ref,
    pub started_at: DateTime<Utc>,
    pub proposed_at: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(QualificationView);

/// The words of acts in the contract.
pub const ACTS: &[&str] = &["fill", "propose", "decide", "complete", "withdraw"];
pub const GAPS: &[&str] = &["criterion", "step", "reasons", "contract"];

/// A stored qualification, read.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub record: QualificationRecord,
    pub status: Status,
    pub definition: QualificationDefinition,
    pub answers: Answers,
    pub rounds: Vec<QualificationRound>,
}

impl Held {
    pub fn of(record: QualificationRecord) -> AppResult<Self> {
        let own = &record.own;
        let status = Status::parse(&own.status).ok_or_else(|| AppError::Internal("stored status".into()))?;
        let definition = definition_of(&own.definition)?;
        let answers = serde_json::from_value(own.answers.clone()).map_err(AppError::internal)?;
        let rounds = serde_json::from_value(own.rounds.clone()).map_err(AppError::internal)?;
        Ok(Self { record, status, definition, answers, rounds })
    }

    /// The results of the steps in their order.
    pub fn steps(&self) -> Vec<Option<bool>> {
        let said = &self.answers.said.steps;
        self.definition.steps.iter().map(|step| said.get(&step.key).and_then(|one| one.passed)).collect()
    }

    fn proposer(&self) -> Option<UserId> {
        self.rounds.last().map(|round| UserId(round.proposed_by.id))
    }

    pub fn gaps_to_propose(&self) -> Vec<Gap> {
        let said = &self.answers.said;
        let met = |key: &str| said.criteria.get(key).and_then(|one| one.met);
        let criteria: Vec<_> = self.definition.criteria.iter().map(|one| (one.required, met(&one.key))).collect();
        gaps_to_propose(&criteria, &self.steps(), said.proposal.reasons.as_deref().unwrap_or(""))
    }

    /// Files by the contract they are.
    pub fn attached(&self, db: &mut Db) -> AppResult<BTreeMap<String, i64>> {
        let mut counted = BTreeMap::new();
        for file in attachments_of(db, AnyId(self.record.own.id.0))? {
            *counted.entry(file.own.kind.unwrap_or_default()).or_insert(0) += 1;
        }
        Ok(counted)
    }

    pub fn gaps_to_qualify(&self, attached: &BTreeMap<String, i64>) -> Vec<Gap> {
        let contracts = self.definition.contracts.iter();
        let contracts: Vec<_> = contracts.map(|one| (one.required, attached.contains_key(&one.key))).collect();
        gaps_to_qualify(&contracts)
    }

    /// Whether a person with these roles gives the next approval.
    pub fn decides(&self, person: UserId, roles: &[RoleId]) -> Result<(), Refusal> {
        let stage = usize::try_from(self.record.own.stage).unwrap_or(usize::MAX);
        let Some(asked) = self.definition.approvals.get(stage) else { return Err(Refusal::NotNamed) };
        let named: Vec<RoleId> = asked.role_ids.iter().copied().map(RoleId).collect();
        let users: Vec<UserId> = asked.user_ids.iter().copied().map(UserId).collect();
        let approvers = Approvers { roles: &named, users: &users };
        may_decide(&approvers, (person, roles), self.proposer(), self.definition.own_approval)
    }

    pub fn gap_view(&self, gap: Gap) -> QualificationGapView {
        let (kind, named) = match gap {
            Gap::Criterion(at) => ("criterion", self.definition.criteria.get(at).map(|one| (&one.key, &one.label))),
            Gap::Step(at) => ("step", self.definition.steps.get(at).map(|one| (&one.key, &one.label))),
            Gap::Reasons => ("reasons", None),
            Gap::Contract(at) => ("contract", self.definition.contracts.get(at).map(|one| (&one.key, &one.label))),
        };
        QualificationGapView {
            kind: kind.into(),
            key: named.map(|(key, _)| key.clone()),
            label: named.map(|(_, label)| label.clone()),
        }
    }
}

/// The roles of whoever calls.
pub(super) fn own_roles(cx: &Cx, db: &mut Db) -> AppResult<Vec<RoleId>> {
    Ok(user_roles(db, cx.actor.user_id)?.into_iter().map(|role| role.id).collect())
}

fn acts(cx: &Cx, db: &mut Db, held: &Held, decides: bool) -> AppResult<Vec<String>> {
    let reach = cx.visible(Resource::Customer, Action::Write);
    let writes = !party_names_within(db, &[held.record.own.party_id], &reach)?.is_empty();
    let all = [
        (Act::Fill, writes),
        (Act::Propose, writes),
        (Act::Decide, decides),
        (Act::Complete, writes),
        (Act::Withdraw, writes),
    ];
    let open = all.into_iter().zip(ACTS).filter(|((act, may), _)| *may && held.status.allows(*act));
    Ok(open.map(|(_, key)| (*key).to_owned()).collect())
}

/// Names of the roles and people of approvals.
fn approvers_named(db: &mut Db, definition: &QualificationDefinition) -> AppResult<Vec<QualificationApprovalView>> {
    let mut views = Vec::with_capacity(definition.approvals.len());
    for asked in &definition.approvals {
        let mut by = Vec::new();
        for id in &asked.role_ids {
            by.extend(
                regulars_persistence::access::role::role_get(db, RoleId(*id))?.map(|role| Ref::new(*id, role.name)),
            );
        }
        for id in &asked.user_ids {
            by.extend(
                regulars_persistence::access::user::user_get(db, UserId(*id))?.map(|user| Ref::new(*id, user.name)),
            );
        }
        views.push(QualificationApprovalView { label: asked.label.clone(), by });
    }
    Ok(views)
}

pub(super) fn view(cx: &Cx, db: &mut Db, held: Held) -> AppResult<QualificationView> {
    let attached = held.attached(db)?;
    let decides = held.decides(cx.actor.user_id, &own_roles(cx, db)?);
    let may = acts(cx, db, &held, decides.is_ok())?;
    let gaps = match held.status {
        Status::Open | Status::Rejected => held.gaps_to_propose(),
        Status::Approved => held.gaps_to_qualify(&attached),
        _ => Vec::new(),
    };
    let gaps = gaps.into_iter().map(|gap| held.gap_view(gap)).collect();
    let approvals = approvers_named(db, &held.definition)?;
    let Held { record, definition, answers, rounds, status } = held;
    let Answers { said, mut found } = answers;
    let criteria = definition.criteria.into_iter().map(|asked| {
        let own = said.criteria.get(&asked.key).cloned().unwrap_or_default();
        let found = found.remove(&asked.key);
        QualificationCriterionView {
            key: asked.key,
            label: asked.label,
            required: asked.required,
            met: own.met,
            note: own.note,
            found,
        }
    });
    let criteria = criteria.collect();
    let steps = definition.steps.into_iter().map(|asked| {
        let own = said.steps.get(&asked.key).cloned().unwrap_or_default();
        let (passed, findings, on) = (own.passed, own.findings, own.on);
        let found = found.remove(&asked.key);
        QualificationStepView {
            key: asked.key,
            label: asked.label,
            guidance: asked.guidance,
            passed,
            findings,
            on,
            found,
        }
    });
    let steps = steps.collect();
    let contracts = definition.contracts.into_iter().map(|asked| QualificationContractView {
        attached: attached.get(&asked.key).copied().unwrap_or(0),
        key: asked.key,
        label: asked.label,
        required: asked.required,
    });
    let own = record.own;
    Ok(QualificationView {
        id: own.id.0,
        customer: Ref::new(own.party_id, record.customer),
        code: record.code,
        unit: Ref::new(record.unit_id, record.unit),
        owner: record.owner_id.map(|id| Ref::new(id, record.owner.unwrap_or_default())),
        template: Ref::new(own.template_id, record.template_name),
        status: own.status,
        criteria,
        steps,
        proposal: said.proposal,
        contracts: contracts.collect(),
        approvals,
        stage: own.stage,
        rounds,
        gaps,
        may,
        own_proposal: status == Status::Proposed && decides == Err(Refusal::OwnProposal),
        started_by: Ref::new(own.started_by, record.started_by_name),
        started_at: own.started_at,
        proposed_at: own.proposed_at,
        decided_at: own.decided_at,
        version: own.version,
        updated_at: own.updated_at,
    })
}
