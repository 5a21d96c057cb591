//! What happens to a qualification: begun, filled in, proposed, decided, completed with a code, or given up.

use regulars_domain::actor::Action;
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::{PartyId, QualificationId, QualificationTemplateId};
use regulars_domain::qualification::{Act, Next, Refusal, Status, after_approval, step_out_of_turn};
use regulars_persistence::Db;
use regulars_persistence::customers::qualification::{
    QualificationRow, qualification_insert, qualification_under_way, qualification_update as row_update, template_get,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::record::{READ, found};
use super::view::{
    Answers, Held, QualificationDecision, QualificationFound, QualificationInput, QualificationRound,
    QualificationView, own_roles, view,
};
use crate::access::Ref;
use crate::customers::place::party_place;
use crate::customers::write::qualified_store;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "customers:customer:write";

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationStart {
    /// A template of the customer's unit or of the company.
    pub template_id: Uuid,
}

/// An act on the version that was read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationStep {
    #[schema(example = 1)]
    pub version: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationDecisionInput {
    #[schema(example = 1)]
    pub version: i64,
    pub approve: bool,
    /// A refusal says why.
    #[serde(default)]
    #[schema(example = "Accounts of last year are missing")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationWithdrawalInput {
    #[schema(example = 1)]
    pub version: i64,
    #[serde(default)]
    #[schema(example = "They chose another supplier")]
    pub note: Option<String>,
}

fn me(cx: &Cx) -> Ref {
    Ref::new(cx.actor.user_id, cx.actor.name.clone())
}

fn event(cx: &Cx, held: &Held, action: &'static str) -> Event {
    let record = &held.record;
    let event = Event::new(cx, "qualification", record.own.id, action).party(record.own.party_id);
    event.stands(record.unit_id, record.owner_id)
}

/// Begins a qualification of a customer; one at a time.
pub fn qualification_start(cx: &Cx, party: PartyId, input: QualificationStart) -> AppResult<QualificationView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let place = party_place(cx, tx, party, Action::Write)?;
        let template = template_get(tx, QualificationTemplateId(input.template_id))?
            .filter(|template| template.active && template.unit_id.is_none_or(|unit| unit == place.unit_id))
            .ok_or_else(|| AppError::invalid("/template_id", "unknown_reference"))?;
        if qualification_under_way(tx, party)? {
            return Err(AppError::Conflict("qualification_under_way"));
        }
        let row = QualificationRow {
            id: QualificationId::fresh(),
            party_id: party,
            template_id: template.id,
            definition: template.definition,
            status: Status::Open.key().into(),
            answers: json!({}),
            rounds: json!([]),
            stage: 0,
            started_by: cx.actor.user_id,
            started_at: cx.now,
            proposed_at: None,
            decided_at: None,
            version: 1,
            updated_at: cx.now,
        };
        let id = row.id;
        qualification_insert(tx, row)?;
        let held = found(cx, tx, id, Action::Write)?;
        event(cx, &held, "created").after(&json!({"name": template.name})).record(tx)?;
        view(cx, tx, held)
    })
}

/// One that the caller may do this to now, in the version they read.
fn to_act(cx: &Cx, tx: &mut Db, id: QualificationId, version: i64, act: Act) -> AppResult<Held> {
    let action = if act == Act::Decide { Action::Read } else { Action::Write };
    let held = found(cx, tx, id, action)?;
    if held.record.own.version != version {
        return Err(AppError::Stale { current: held.record.own.version });
    }
    if held.status.allows(act) { Ok(held) } else { Err(AppError::Conflict("wrong_state")) }
}

/// Writes a new state of a qualification and shows it.
fn store(cx: &Cx, tx: &mut Db, held: &Held, status: Status) -> AppResult<()> {
    let row = QualificationRow {
        status: status.key().into(),
        answers: serde_json::to_value(&held.answers).map_err(AppError::internal)?,
        rounds: serde_json::to_value(&held.rounds).map_err(AppError::internal)?,
        updated_at: cx.now,
        ..held.record.own.clone()
    };
    let version = row.version;
    if row_update(tx, row)? { Ok(()) } else { Err(AppError::Stale { current: version + 1 }) }
}

fn shown(cx: &Cx, tx: &mut Db, id: QualificationId) -> AppResult<QualificationView> {
    let held = found(cx, tx, id, Action::Read)?;
    view(cx, tx, held)
}

/// Fills in what was found. Who found it, and when, is noted with each change.
pub fn qualification_update(cx: &Cx, id: QualificationId, version: i64, patch: &Value) -> AppResult<QualificationView> {
    cx.require(WRITE)?;
    let currency = cx.company()?.currency.clone();
    let (within, patch, today) = (cx.clone(), patch.clone(), cx.today()?);
    cx.change(move |tx| {
        let cx = &within;
        let mut held = to_act(cx, tx, id, version, Act::Fill)?;
        let before = held.answers.said.clone();
        let mut said: QualificationInput = crate::patch::patched(&before, &patch)?;
        for step in said.steps.values_mut().filter(|step| step.passed.is_some()) {
            step.on = step.on.or(Some(today));
        }
        said_check(&held, &mut said, (&currency, today))?;
        if crate::patch::same(&before, &said)? {
            return shown(cx, tx, id);
        }
        let found = QualificationFound { by: me(cx), at: cx.now };
        found_note(&mut held.answers, &said, &found);
        held.answers.said = said;
        if let Some(at) = step_out_of_turn(&held.steps()) {
            let pointer = format!("/steps/{}/passed", held.definition.steps[at].key);
            return Err(AppError::invalid(&pointer, "step_out_of_turn"));
        }
        event(cx, &held, "updated").difference(&before, &held.answers.said).record(tx)?;
        let status = held.status;
        store(cx, tx, &held, status)?;
        shown(cx, tx, id)
    })
}

/// Notes who found what differs, and forgets it of what was cleared.
fn found_note(answers: &mut Answers, said: &QualificationInput, found: &QualificationFound) {
    let before = answers.said.clone();
    let mut note = |key: &String, changed: bool, empty: bool| {
        if empty {
            answers.found.remove(key);
        } else if changed {
            answers.found.insert(key.clone(), found.clone());
        }
    };
    for (key, one) in &said.criteria {
        note(key, before.criteria.get(key) != Some(one), one.met.is_none() && one.note.is_none());
    }
    for (key, one) in &said.steps {
        note(key, before.steps.get(key) != Some(one), one.passed.is_none() && one.findings.is_none());
    }
    for key in before.criteria.keys().filter(|key| !said.criteria.contains_key(*key)) {
        note(key, true, true);
    }
    for key in before.steps.keys().filter(|key| !said.steps.contains_key(*key)) {
        note(key, true, true);
    }
}

fn trimmed(text: &mut Option<String>) {
    *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
}

fn said_check(
    held: &Held,
    said: &mut QualificationInput,
    (currency, today): (&str, chrono::NaiveDate),
) -> AppResult<()> {
    let mut checks = Checks::default();
    for (key, one) in &mut said.criteria {
        if !held.definition.criteria.iter().any(|asked| asked.key == *key) {
            checks.fail_with(format!("/criteria/{key}"), "unknown_field", key);
        }
        trimmed(&mut one.note);
        checks.optional_text(&format!("/criteria/{key}/note"), one.note.as_deref(), 2_000);
    }
    for (key, one) in &mut said.steps {
        if !held.definition.steps.iter().any(|asked| asked.key == *key) {
            checks.fail_with(format!("/steps/{key}"), "unknown_field", key);
        }
        trimmed(&mut one.findings);
        checks.optional_text(&format!("/steps/{key}/findings"), one.findings.as_deref(), 10_000);
        if one.on.is_some_and(|on| on > today) {
            checks.fail(format!("/steps/{key}/on"), "in_future");
        }
    }
    let proposal = &mut said.proposal;
    trimmed(&mut proposal.reasons);
    trimmed(&mut proposal.first_deal);
    checks.optional_text("/proposal/reasons", proposal.reasons.as_deref(), 10_000);
    checks.optional_text("/proposal/first_deal", proposal.first_deal.as_deref(), 2_000);
    if let Some(amount) = &proposal.first_deal_amount {
        amount.read_positive(&mut checks, "/proposal/first_deal_amount", currency);
    }
    Ok(checks.done()?)
}

/// Lays a qualification before those who approve. What is missing is told, all of it.
pub fn qualification_propose(cx: &Cx, id: QualificationId, input: QualificationStep) -> AppResult<QualificationView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut held = to_act(cx, tx, id, input.version, Act::Propose)?;
        let gaps = held.gaps_to_propose();
        if !gaps.is_empty() {
            let error = |gap| {
                let gap = held.gap_view(gap);
                let pointer = match (gap.kind.as_str(), &gap.key) {
                    ("criterion", Some(key)) => format!("/criteria/{key}"),
                    ("step", Some(key)) => format!("/steps/{key}"),
                    _ => "/proposal/reasons".into(),
                };
                FieldError::new(pointer, format!("gap_{}", gap.kind)).with(gap.label.unwrap_or_default())
            };
            return Err(AppError::Validation(gaps.into_iter().map(error).collect()));
        }
        let proposal = held.answers.said.proposal.clone();
        let told = json!({"reasons": proposal.reasons, "first_deal": proposal.first_deal});
        held.rounds.push(QualificationRound {
            proposal,
            proposed_by: me(cx),
            proposed_at: cx.now,
            decisions: Vec::new(),
        });
        held.record.own.stage = 0;
        held.record.own.proposed_at = Some(cx.now);
        held.record.own.decided_at = None;
        event(cx, &held, "proposed").after(&told).record(tx)?;
        store(cx, tx, &held, Status::Proposed)?;
        shown(cx, tx, id)
    })
}

/// Approves or refuses what was proposed: by whoever the template names for the approval that comes next.
pub fn qualification_decide(
    cx: &Cx,
    id: QualificationId,
    mut input: QualificationDecisionInput,
) -> AppResult<QualificationView> {
    cx.require(READ)?;
    trimmed(&mut input.note);
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut held = to_act(cx, tx, id, input.version, Act::Decide)?;
        let roles = own_roles(cx, tx)?;
        held.decides(cx.actor.user_id, &roles).map_err(|refusal| match refusal {
            Refusal::NotNamed => AppError::Conflict("not_approver"),
            Refusal::OwnProposal => AppError::Conflict("own_proposal"),
        })?;
        let mut checks = Checks::default();
        checks.optional_text("/note", input.note.as_deref(), 2_000);
        if !input.approve && input.note.is_none() {
            checks.fail("/note", "required");
        }
        checks.done()?;
        let stage = usize::try_from(held.record.own.stage).map_err(AppError::internal)?;
        let label = held.definition.approvals.get(stage).map(|asked| asked.label.clone()).unwrap_or_default();
        let decision =
            QualificationDecision { label, approved: input.approve, note: input.note.clone(), by: me(cx), at: cx.now };
        let told = json!({"label": decision.label, "reason": decision.note});
        if let Some(round) = held.rounds.last_mut() {
            round.decisions.push(decision);
        }
        let next = after_approval(stage, held.definition.approvals.len());
        event(cx, &held, if input.approve { "approved" } else { "rejected" }).after(&told).record(tx)?;
        match (input.approve, next) {
            (false, _) => {
                held.record.own.decided_at = Some(cx.now);
                store(cx, tx, &held, Status::Rejected)?;
            }
            (true, Next::Stage(next)) => {
                held.record.own.stage = i64::try_from(next).map_err(AppError::internal)?;
                store(cx, tx, &held, Status::Proposed)?;
            }
            (true, Next::All) => {
                held.record.own.decided_at = Some(cx.now);
                approved(cx, tx, &held)?;
            }
        }
        shown(cx, tx, id)
    })
}

/// Approved by all: done at once if every contract is there.
fn approved(cx: &Cx, tx: &mut Db, held: &Held) -> AppResult<()> {
    let attached = held.attached(tx)?;
    if held.gaps_to_qualify(&attached).is_empty() {
        return qualify(cx, tx, held);
    }
    store(cx, tx, held, Status::Approved)
}

/// The customer gets its code.
fn qualify(cx: &Cx, tx: &mut Db, held: &Held) -> AppResult<()> {
    store(cx, tx, held, Status::Qualified)?;
    let code = qualified_store(tx, cx, held.record.own.party_id)?;
    event(cx, held, "completed").after(&json!({"code": code})).record(tx)
}

/// Gives the code once the contracts are on file.
pub fn qualification_complete(cx: &Cx, id: QualificationId, input: QualificationStep) -> AppResult<QualificationView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let held = to_act(cx, tx, id, input.version, Act::Complete)?;
        let attached = held.attached(tx)?;
        let gaps = held.gaps_to_qualify(&attached);
        if !gaps.is_empty() {
            let error = |gap| {
                let gap = held.gap_view(gap);
                let pointer = format!("/contracts/{}", gap.key.unwrap_or_default());
                FieldError::new(pointer, "gap_contract").with(gap.label.unwrap_or_default())
            };
            return Err(AppError::Validation(gaps.into_iter().map(error).collect()));
        }
        qualify(cx, tx, &held)?;
        shown(cx, tx, id)
    })
}

/// Gives a qualification up; another one may begin.
pub fn qualification_withdraw(
    cx: &Cx,
    id: QualificationId,
    mut input: QualificationWithdrawalInput,
) -> AppResult<QualificationView> {
    cx.require(WRITE)?;
    trimmed(&mut input.note);
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let held = to_act(cx, tx, id, input.version, Act::Withdraw)?;
        let mut checks = Checks::default();
        checks.optional_text("/note", input.note.as_deref(), 2_000);
        checks.done()?;
        event(cx, &held, "withdrawn").after(&json!({"reason": input.note})).record(tx)?;
        store(cx, tx, &held, Status::Withdrawn)?;
        shown(cx, tx, id)
    })
}
