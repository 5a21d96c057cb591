//! From what a person wrote to rows: every check of what a lead or an opportunity says.

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{OpportunityId, PartyId, PipelineId, StageId, UnitId, UserId};
use regulars_domain::naming::{email_normalized, phone_normalized, reading};
use regulars_domain::pipeline::{KINDS, NOTE_KINDS, NOTE_STATUSES, OPPORTUNITY, STEP_STATUSES, StageStatus};
use regulars_domain::sales::{RATE_ONE, in_base};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::custom::{CustomValueRow, custom_definitions};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::sales::customer::{party_names, party_place};
use regulars_persistence::sales::opportunity::{
    CompetitorRow, ContactRow, NoteRow, OpportunityParts, OpportunityRow, StepRow,
};
use regulars_persistence::sales::pipeline::{StageRow, pipeline_list, stage_get, stages_of};
use regulars_persistence::types::AnyId;
use uuid::Uuid;

use super::input::{OpportunityInput, PlanStepInput};
use crate::access::settings::Company;
use crate::custom::custom_accept;
use crate::customers::custom::custom_check;
use crate::customers::input::trim;
use crate::money::MAX_MINOR;
use crate::sales::fill::rate_read;
use crate::sales::pipeline::pipeline_found;
use crate::{AppError, AppResult, Cx};

/// What custom fields know it as.
pub const RESOURCE: &str = "opportunity";
/// Most contacts, competitors, notes or steps of one opportunity.
const MOST: usize = 50;

/// A row with nothing in it; version 0 says that it is new.
pub(crate) fn blank(cx: &Cx, company: &Company, id: OpportunityId) -> OpportunityRow {
    OpportunityRow {
        id,
        unit_id: cx.actor.unit_id,
        owner_id: None,
        party_id: None,
        pipeline_id: PipelineId(Uuid::nil()),
        stage_id: StageId(Uuid::nil()),
        form_id: None,
        kind: String::new(),
        status: String::new(),
        name: String::new(),
        name_key: String::new(),
        amount: 0,
        currency: company.currency.clone(),
        exchange_rate: RATE_ONE,
        amount_base: 0,
        expected_close: None,
        source: None,
        reason: None,
        competitor: None,
        remarks: None,
        lead_company: None,
        lead_person: None,
        lead_phone: None,
        lead_email: None,
        consent_text: None,
        plan_outcome: None,
        stage_since: cx.now,
        qualified_at: None,
        closed_at: None,
        version: 0,
        created_by: cx.actor.user(),
        created_at: cx.now,
        updated_at: cx.now,
    }
}

/// Writes the checked input into the row; answers its stage, its parts and its custom values. `had` are the parts it has
/// had.
pub(crate) fn fill(
    tx: &mut Db,
    cx: &Cx,
    company: &Company,
    row: &mut OpportunityRow,
    had: &OpportunityParts,
    input: &mut OpportunityInput,
) -> AppResult<(StageRow, OpportunityParts, Vec<CustomValueRow>)> {
    let mut checks = Checks::default();
    texts(row, input, &mut checks);
    place(tx, cx, row, input, &mut checks)?;
    let stage = stage_of(tx, cx, row, input)?;
    kind(cx, row, input, &mut checks);
    money(company, row, input, &mut checks);
    day(input.expected_close, "/expected_close", &mut checks);
    row.expected_close = input.expected_close;
    words(tx, row, input, &mut checks)?;
    let mut filling = Filling { row, had, checks: &mut checks };
    let parts = OpportunityParts {
        contacts: filling.contacts(tx, cx, input)?,
        competitors: filling.competitors(input),
        notes: filling.notes(input),
        steps: filling.steps(tx, cx, input)?,
    };
    // A visitor is asked what the form asks; what else the company requires is asked of whoever takes the lead up.
    let custom = match cx.actor.user() {
        Some(_) => custom_accept(tx, cx, &mut checks, (RESOURCE, row.unit_id), &input.custom, input)?,
        None => {
            let definitions = custom_definitions(tx, RESOURCE)?;
            let place = (row.unit_id, company.currency.as_str());
            custom_check(&mut checks, &definitions, &input.custom, place, None).rows
        }
    };
    checks.done()?;
    Ok((stage, parts, custom))
}

fn texts(row: &mut OpportunityRow, input: &mut OpportunityInput, checks: &mut Checks) {
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 200);
    for (value, pointer, longest) in [
        (&mut input.remarks, "/remarks", 10_000),
        (&mut input.competitor, "/competitor", 100),
        (&mut input.lead_company, "/lead_company", 200),
        (&mut input.lead_person, "/lead_person", 100),
        (&mut input.lead_phone, "/lead_phone", 60),
        (&mut input.lead_email, "/lead_email", 254),
    ] {
        trim(value);
        checks.optional_text(pointer, value.as_deref(), longest);
    }
    if let Some(phone) = input.lead_phone.as_ref().filter(|phone| row.lead_phone.as_ref() != Some(phone)) {
        match phone_normalized(phone) {
            Ok(phone) => input.lead_phone = Some(phone.e164),
            Err(error) => checks.fail_with("/lead_phone", error.code(), error.to_string()),
        }
    }
    if let Some(email) = input.lead_email.as_ref().filter(|email| row.lead_email.as_ref() != Some(email)) {
        match email_normalized(email) {
            Ok(email) => input.lead_email = Some(email),
            Err(_) => checks.fail("/lead_email", "email_invalid"),
        }
    }
    row.name_key = reading(&input.name, false);
    row.name.clone_from(&input.name);
    row.remarks.clone_from(&input.remarks);
    row.competitor.clone_from(&input.competitor);
    row.lead_company.clone_from(&input.lead_company);
    row.lead_person.clone_from(&input.lead_person);
    row.lead_phone.clone_from(&input.lead_phone);
    row.lead_email.clone_from(&input.lead_email);
}

/// The customer within sight, whose unit is the opportunity's; the owner of that unit.
fn place(
    tx: &mut Db,
    cx: &Cx,
    row: &mut OpportunityRow,
    input: &OpportunityInput,
    checks: &mut Checks,
) -> AppResult<()> {
    let party = input.customer_id.map(PartyId);
    if let Some(id) = party.filter(|_| party != row.party_id) {
        match party_place(tx, id, &cx.visible(Resource::Customer, Action::Read))? {
            // One that stands in a unit stays there.
            Some(place) if row.version == 0 || place.unit_id == row.unit_id => row.unit_id = place.unit_id,
            _ => {
                checks.fail("/customer_id", "unknown_reference");
                return Ok(());
            }
        }
    }
    row.party_id = party;
    let owner = match input.owner_id {
        Some(id) => Some(UserId(id)),
        None if row.version == 0 && row.unit_id == cx.actor.unit_id => cx.actor.user(),
        None => None,
    };
    if owner != row.owner_id {
        person_check(tx, row.unit_id, owner, "/owner_id", checks)?;
    }
    row.owner_id = owner;
    Ok(())
}

fn person_check(
    tx: &mut Db,
    unit: UnitId,
    person: Option<UserId>,
    pointer: &str,
    checks: &mut Checks,
) -> AppResult<()> {
    if let Some(id) = person
        && !user_get(tx, id)?.is_some_and(|user| user.active && user.unit_id == unit)
    {
        checks.fail(pointer, "unknown_reference");
    }
    Ok(())
}

/// Where it stands; a new one is put where it begins.
fn stage_of(tx: &mut Db, cx: &Cx, row: &mut OpportunityRow, input: &OpportunityInput) -> AppResult<StageRow> {
    if row.version > 0 {
        return stage_get(tx, row.stage_id)?.ok_or_else(|| AppError::Internal("a stage is gone".into()));
    }
    let unknown = |pointer: &str| AppError::invalid(pointer, "unknown_reference");
    let pipeline = match input.pipeline_id {
        Some(id) => {
            let found = pipeline_found(cx, tx, PipelineId(id)).map_err(|_| unknown("/pipeline_id"))?;
            let fits = found.active && found.unit_id.is_none_or(|unit| unit == row.unit_id);
            if fits { found.id } else { return Err(unknown("/pipeline_id")) }
        }
        None => pipeline_first(tx, row.unit_id)?,
    };
    let stages: Vec<StageRow> = stages_of(tx, &[pipeline])?.into_iter().filter(|stage| !stage.retired).collect();
    let stage = match input.stage_id {
        Some(id) => stages.into_iter().find(|stage| stage.id.0 == id),
        None => stages.into_iter().find(|stage| stage.status == StageStatus::Open.key()),
    };
    let stage = stage.ok_or_else(|| unknown("/stage_id"))?;
    row.pipeline_id = pipeline;
    row.stage_id = stage.id;
    row.status.clone_from(&stage.status);
    let closed = StageStatus::parse(&stage.status).is_some_and(StageStatus::is_closed);
    row.closed_at = closed.then_some(cx.now);
    Ok(stage)
}

/// Where new ones of a unit begin: its own first active pipeline, else the company's.
pub fn pipeline_first(tx: &mut Db, unit: UnitId) -> AppResult<PipelineId> {
    let mut active: Vec<_> = pipeline_list(tx, Some(unit))?.into_iter().filter(|row| row.active).collect();
    active.sort_by_key(|row| row.position);
    active.first().map(|row| row.id).ok_or_else(|| AppError::invalid("/pipeline_id", "required"))
}

/// A lead becomes an opportunity; nobody makes a lead of an opportunity.
fn kind(cx: &Cx, row: &mut OpportunityRow, input: &OpportunityInput, checks: &mut Checks) {
    checks.one_of("/type", &input.kind, &KINDS);
    let qualified = input.kind == OPPORTUNITY;
    if row.version > 0 && row.kind == OPPORTUNITY && !qualified {
        checks.fail("/type", "fixed");
    }
    if qualified && row.kind != OPPORTUNITY {
        row.qualified_at = Some(cx.now);
    }
    row.kind.clone_from(&input.kind);
}

fn money(company: &Company, row: &mut OpportunityRow, input: &OpportunityInput, checks: &mut Checks) {
    let currency = input.amount.as_ref().map_or(&company.currency, |amount| &amount.currency);
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        checks.fail("/amount/currency", "unknown_currency");
        return;
    }
    row.currency.clone_from(currency);
    row.amount = input.amount.as_ref().map_or(0, |amount| amount.read_positive(checks, "/amount", &row.currency));
    let given = input.exchange_rate.as_deref();
    row.exchange_rate = rate_read(company, (&row.currency, "/amount/currency"), given, checks);
    match in_base(row.amount, row.exchange_rate).filter(|amount| *amount <= MAX_MINOR) {
        Some(amount) => row.amount_base = amount,
        None => checks.fail_with("/amount/amount", "out_of_range", "0 – 1000000000000"),
    }
}

fn day(day: Option<NaiveDate>, pointer: &str, checks: &mut Checks) {
    let (first, last) = (NaiveDate::from_ymd_opt(1990, 1, 1), NaiveDate::from_ymd_opt(2200, 1, 1));
    if day.is_some() && (day < first || day > last) {
        checks.fail(pointer, "date_invalid");
    }
}

/// The dictionary of why something ended like this.
pub fn reasons_of(status: &str) -> Option<&'static str> {
    match StageStatus::parse(status)? {
        StageStatus::Won => Some("win_reason"),
        StageStatus::Lost => Some("loss_reason"),
        StageStatus::Open | StageStatus::Dormant => None,
    }
}

/// Keys of dictionaries; one that it has keeps standing when its entry is retired.
fn words(tx: &mut Db, row: &mut OpportunityRow, input: &OpportunityInput, checks: &mut Checks) -> AppResult<()> {
    if let Some(source) = input.source.as_deref()
        && row.source.as_deref() != Some(source)
        && entries_active(tx, &[("source", source)])?.is_empty()
    {
        checks.fail("/source", "unknown_reference");
    }
    if let Some(reason) = input.reason.as_deref().filter(|reason| row.reason.as_deref() != Some(reason)) {
        match reasons_of(&row.status) {
            None => checks.fail("/reason", "not_allowed_here"),
            Some(dictionary) if entries_active(tx, &[(dictionary, reason)])?.is_empty() => {
                checks.fail("/reason", "unknown_reference");
            }
            Some(_) => {}
        }
    }
    row.source.clone_from(&input.source);
    row.reason.clone_from(&input.reason);
    Ok(())
}

struct Filling<'a> {
    row: &'a OpportunityRow,
    had: &'a OpportunityParts,
    checks: &'a mut Checks,
}

impl Filling<'_> {
    fn few(&mut self, pointer: &str, many: usize) -> bool {
        if many > MOST {
            self.checks.fail_with(pointer, "too_many", MOST);
        }
        many <= MOST
    }

    /// People and organisations within sight.
    fn contacts(&mut self, tx: &mut Db, cx: &Cx, input: &OpportunityInput) -> AppResult<Vec<ContactRow>> {
        if !self.few("/contacts", input.contacts.len()) {
            return Ok(Vec::new());
        }
        let stood = |id: PartyId| self.had.contacts.iter().find(|one| one.party_id == id);
        let asked: Vec<PartyId> =
            input.contacts.iter().map(|one| PartyId(one.customer_id)).filter(|id| stood(*id).is_none()).collect();
        let reach = cx.visible(Resource::Customer, Action::Read);
        let known = if asked.is_empty() { Vec::new() } else { party_names(tx, &asked, &reach)? };
        let mut roles: Vec<(&str, &str)> = Vec::new();
        for one in &input.contacts {
            let role = one
                .role
                .as_deref()
                .filter(|role| stood(PartyId(one.customer_id)).is_none_or(|stood| stood.role.as_deref() != Some(role)));
            roles.extend(role.map(|role| ("relation_role", role)));
        }
        let roles_known = entries_active(tx, &roles)?;
        let mut rows: Vec<ContactRow> = Vec::new();
        for (at, one) in input.contacts.iter().enumerate() {
            let id = PartyId(one.customer_id);
            let pointer = format!("/contacts/{at}");
            if stood(id).is_none() && !known.iter().any(|(known, ..)| *known == id) {
                self.checks.fail(format!("{pointer}/customer_id"), "unknown_reference");
            }
            if rows.iter().any(|row| row.party_id == id) {
                self.checks.fail(format!("{pointer}/customer_id"), "duplicate");
            }
            let asked = one.role.as_deref().is_some_and(|role| roles.contains(&("relation_role", role)));
            if asked && !roles_known.iter().any(|known| Some(&known.key) == one.role.as_ref()) {
                self.checks.fail(format!("{pointer}/role"), "unknown_reference");
            }
            rows.push(ContactRow {
                id: stood(id).map_or_else(|| AnyId(Uuid::now_v7()), |stood| stood.id),
                opportunity_id: self.row.id,
                party_id: id,
                role: one.role.clone(),
            });
        }
        Ok(rows)
    }

    fn competitors(&mut self, input: &OpportunityInput) -> Vec<CompetitorRow> {
        if !self.few("/competitors", input.competitors.len()) {
            return Vec::new();
        }
        let mut rows: Vec<CompetitorRow> = Vec::new();
        for (at, name) in input.competitors.iter().enumerate() {
            let name = name.trim();
            self.checks.text(&format!("/competitors/{at}"), name, 100);
            if rows.iter().any(|row| row.name == name) {
                self.checks.fail(format!("/competitors/{at}"), "duplicate");
            }
            rows.push(CompetitorRow { opportunity_id: self.row.id, name: name.into() });
        }
        rows
    }

    fn notes(&mut self, input: &mut OpportunityInput) -> Vec<NoteRow> {
        if !self.few("/notes", input.notes.len()) {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for (at, note) in input.notes.iter_mut().enumerate() {
            let pointer = format!("/notes/{at}");
            trim(&mut note.answer);
            self.checks.one_of(&format!("{pointer}/kind"), &note.kind, &NOTE_KINDS);
            self.checks.one_of(&format!("{pointer}/status"), &note.status, &NOTE_STATUSES);
            self.checks.text(&format!("{pointer}/text"), &note.text, 500);
            self.checks.optional_text(&format!("{pointer}/answer"), note.answer.as_deref(), 2_000);
            rows.push(NoteRow {
                opportunity_id: self.row.id,
                kind: note.kind.clone(),
                content: note.text.trim().into(),
                status: note.status.clone(),
                answer: note.answer.clone(),
            });
        }
        rows
    }

    fn steps(&mut self, tx: &mut Db, cx: &Cx, input: &mut OpportunityInput) -> AppResult<Vec<StepRow>> {
        if !self.few("/steps", input.steps.len()) {
            return Ok(Vec::new());
        }
        let mut rows: Vec<StepRow> = Vec::new();
        for (at, step) in input.steps.iter_mut().enumerate() {
            let pointer = format!("/steps/{at}");
            let stood = self.had.steps.iter().find(|one| Some(one.id.0) == step.id);
            if step.id.is_some() && stood.is_none() {
                self.checks.fail(format!("{pointer}/id"), "unknown_reference");
            }
            if stood.is_some_and(|stood| rows.iter().any(|row| row.id == stood.id)) {
                self.checks.fail(format!("{pointer}/id"), "duplicate");
            }
            self.step_check(step, &pointer);
            let owner = step.owner_id.map(UserId);
            if owner != stood.and_then(|stood| stood.owner_id) {
                person_check(tx, self.row.unit_id, owner, &format!("{pointer}/owner_id"), self.checks)?;
            }
            let done = step.status == "done";
            rows.push(StepRow {
                id: stood.map_or_else(|| AnyId(Uuid::now_v7()), |stood| stood.id),
                opportunity_id: self.row.id,
                owner_id: owner,
                title: step.title.clone(),
                due_on: step.due_on,
                required: step.required,
                status: step.status.clone(),
                result: step.result.clone(),
                done_at: done.then(|| stood.and_then(|stood| stood.done_at).unwrap_or(cx.now)),
                done_by: done.then(|| stood.and_then(|stood| stood.done_by).unwrap_or(cx.actor.user_id)),
            });
        }
        Ok(rows)
    }

    fn step_check(&mut self, step: &mut PlanStepInput, pointer: &str) {
        step.title = step.title.trim().into();
        trim(&mut step.result);
        self.checks.text(&format!("{pointer}/title"), &step.title, 200);
        self.checks.one_of(&format!("{pointer}/status"), &step.status, &STEP_STATUSES);
        self.checks.optional_text(&format!("{pointer}/result"), step.result.as_deref(), 2_000);
        day(step.due_on, &format!("{pointer}/due_on"), self.checks);
    }
}
