//! A form as it is written, and every check of it.

use regulars_domain::consent::Channel;
use regulars_domain::error::Checks;
use regulars_domain::ids::{PipelineId, StageId, UnitId, UserId};
use regulars_domain::lead_form::{ANSWERABLE, ASKED, CUSTOM, is_page, origin_normalized};
use regulars_domain::pipeline::StageStatus;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::sales::lead_form::{FormRow, people_active};
use regulars_persistence::sales::pipeline::{pipeline_get, stages_of};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::kept;
use crate::customers::consent::PURPOSES;
use crate::customers::input::trim;
use crate::{AppError, AppResult, Cx};

const MOST_FIELDS: usize = 30;
const MOST_ORIGINS: usize = 20;
const MOST_PEOPLE: usize = 50;
const MOST_PURPOSES: usize = 30;

/// Something the form asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFieldInput {
    /// `company`, `person`, `phone`, `email`, `message`, or `custom.<key>` of an opportunity's custom field.
    #[schema(example = "phone")]
    pub field: String,
    /// The question; the field's own name when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub label: Option<String>,
    #[serde(default)]
    #[schema(example = true)]
    pub required: bool,
}

/// A way and a reason to get in touch that whoever sends the form agrees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormPurpose {
    #[schema(value_type = crate::shape::ContactChannel)]
    pub channel: String,
    /// A key of the dictionary `consent_purpose`.
    #[schema(example = "marketing")]
    pub purpose: String,
}

/// What a person writes of a form. Lists are replaced whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadFormInput {
    /// What colleagues call it.
    #[schema(example = "Spring fair")]
    pub name: String,
    /// Whose leads it makes; the caller's own unit when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub unit_id: Option<Uuid>,
    /// What visitors read above it.
    #[schema(example = "Ask for an offer")]
    pub title: String,
    #[serde(default)]
    #[schema(example = "We call back within a day.")]
    pub intro: Option<String>,
    /// At least a phone or an e-mail.
    #[schema(example = json!([{"field": "person", "required": true}, {"field": "phone", "required": true}]))]
    pub fields: Vec<FormFieldInput>,
    /// Beside a box that nobody ticks for the visitor.
    #[serde(default)]
    #[schema(example = "You may call me about offers.")]
    pub consent_text: Option<String>,
    #[serde(default)]
    pub consent_required: bool,
    /// What the box agrees to.
    #[serde(default)]
    #[schema(example = json!([{"channel": "phone", "purpose": "marketing"}]))]
    pub purposes: Vec<FormPurpose>,
    /// What is read once it is sent.
    #[serde(default)]
    #[schema(example = "Thank you. We call you back.")]
    pub thanks: Option<String>,
    /// Where to go once it is sent.
    #[serde(default)]
    #[schema(example = "https://www.example.com/thanks")]
    pub redirect_url: Option<String>,
    /// Sites that may send it, as `https://host`. Pages of this server always may.
    #[serde(default)]
    #[schema(example = json!(["https://www.example.com"]))]
    pub origins: Vec<String>,
    /// Of its leads: a key of the dictionary `source`.
    #[serde(default)]
    #[schema(example = "website")]
    pub source: Option<String>,
    /// Where its leads begin: a pipeline of the unit or of every unit.
    #[schema(example = "01990000-0000-7000-8000-000000000001")]
    pub pipeline_id: Uuid,
    /// An open stage; the first one when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub stage_id: Option<Uuid>,
    /// Who takes its leads. A known customer's lead goes to whoever looks after the customer.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
    /// Who takes them in turn, where nobody is named.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub people: Vec<Uuid>,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// The writable form of one that stands.
pub fn to_input(row: &FormRow, people: &[UserId]) -> AppResult<LeadFormInput> {
    Ok(LeadFormInput {
        name: row.name.clone(),
        unit_id: Some(row.unit_id.0),
        title: row.title.clone(),
        intro: row.intro.clone(),
        fields: kept(&row.fields)?,
        consent_text: row.consent_text.clone(),
        consent_required: row.consent_required,
        purposes: kept(&row.purposes)?,
        thanks: row.thanks.clone(),
        redirect_url: row.redirect_url.clone(),
        origins: kept(&row.origins)?,
        source: row.source.clone(),
        pipeline_id: row.pipeline_id.0,
        stage_id: row.stage_id.map(|id| id.0),
        owner_id: row.owner_id.map(|id| id.0),
        people: people.iter().map(|id| id.0).collect(),
        active: row.active,
    })
}

/// The row with what was checked.
pub fn write(row: FormRow, input: &LeadFormInput) -> AppResult<FormRow> {
    let stage = input.stage_id.map(StageId);
    Ok(FormRow {
        name: input.name.clone(),
        title: input.title.clone(),
        intro: input.intro.clone(),
        fields: json!(input.fields),
        consent_text: input.consent_text.clone(),
        consent_required: input.consent_required,
        purposes: json!(input.purposes),
        thanks: input.thanks.clone(),
        redirect_url: input.redirect_url.clone(),
        origins: json!(input.origins),
        source: input.source.clone(),
        pipeline_id: PipelineId(input.pipeline_id),
        stage_id: stage,
        owner_id: input.owner_id.map(UserId),
        active: input.active,
        ..row
    })
}

/// Tidies the input and refuses with everything wrong with it; `before` is what stands.
pub fn check(
    tx: &mut Db,
    cx: &Cx,
    unit: UnitId,
    before: Option<&LeadFormInput>,
    input: &mut LeadFormInput,
) -> AppResult<()> {
    let mut checks = Checks::default();
    texts(input, &mut checks);
    fields(tx, input, &mut checks)?;
    consent(tx, input, before, &mut checks)?;
    origins(input, &mut checks);
    place(tx, cx, unit, before, input, &mut checks)?;
    people(tx, unit, before, input, &mut checks)?;
    if let Some(source) = input.source.as_deref()
        && before.is_none_or(|before| before.source.as_deref() != Some(source))
        && entries_active(tx, &[("source", source)])?.is_empty()
    {
        checks.fail("/source", "unknown_reference");
    }
    input.unit_id = Some(unit.0);
    Ok(checks.done()?)
}

fn texts(input: &mut LeadFormInput, checks: &mut Checks) {
    input.name = input.name.trim().into();
    input.title = input.title.trim().into();
    checks.text("/name", &input.name, 100);
    checks.text("/title", &input.title, 100);
    for (value, pointer, longest) in [
        (&mut input.intro, "/intro", 1_000),
        (&mut input.consent_text, "/consent_text", 2_000),
        (&mut input.thanks, "/thanks", 1_000),
        (&mut input.redirect_url, "/redirect_url", 500),
    ] {
        trim(value);
        checks.optional_text(pointer, value.as_deref(), longest);
    }
    if input.redirect_url.as_deref().is_some_and(|url| !is_page(url)) {
        checks.fail("/redirect_url", "url_invalid");
    }
}

fn fields(tx: &mut Db, input: &mut LeadFormInput, checks: &mut Checks) -> AppResult<()> {
    if input.fields.len() > MOST_FIELDS {
        checks.fail_with("/fields", "too_many", MOST_FIELDS);
        return Ok(());
    }
    if !input.fields.iter().any(|one| matches!(one.field.as_str(), "phone" | "email")) {
        checks.fail("/fields", "form_reaches_nobody");
    }
    let custom = custom_definitions(tx, crate::sales::opportunity::RESOURCE)?;
    for at in 0..input.fields.len() {
        let pointer = format!("/fields/{at}");
        trim(&mut input.fields[at].label);
        let one = &input.fields[at];
        let known = ASKED.contains(&one.field.as_str())
            || one.field.strip_prefix(CUSTOM).is_some_and(|key| {
                custom.iter().any(|field| field.key == key && ANSWERABLE.contains(&field.field_type.as_str()))
            });
        if !known {
            checks.fail(format!("{pointer}/field"), "unknown_reference");
        }
        if input.fields[..at].iter().any(|other| other.field == one.field) {
            checks.fail(format!("{pointer}/field"), "duplicate");
        }
        checks.optional_text(&format!("{pointer}/label"), one.label.as_deref(), 200);
    }
    Ok(())
}

/// A box agrees to something, and what is agreed to stands beside a box.
fn consent(tx: &mut Db, input: &LeadFormInput, before: Option<&LeadFormInput>, checks: &mut Checks) -> AppResult<()> {
    if input.purposes.len() > MOST_PURPOSES {
        checks.fail_with("/purposes", "too_many", MOST_PURPOSES);
        return Ok(());
    }
    if input.consent_text.is_none() && (input.consent_required || !input.purposes.is_empty()) {
        checks.fail("/consent_text", "required");
    }
    let stood = |one: &FormPurpose| before.is_some_and(|before| before.purposes.contains(one));
    let asked: Vec<(&str, &str)> = input.purposes.iter().map(|one| (PURPOSES, one.purpose.as_str())).collect();
    let known = entries_active(tx, &asked)?;
    for (at, one) in input.purposes.iter().enumerate() {
        checks.one_of(&format!("/purposes/{at}/channel"), &one.channel, &Channel::KEYS);
        if !stood(one) && !known.iter().any(|entry| entry.key == one.purpose) {
            checks.fail(format!("/purposes/{at}/purpose"), "unknown_reference");
        }
        if input.purposes[..at].contains(one) {
            checks.fail(format!("/purposes/{at}"), "duplicate");
        }
    }
    Ok(())
}

fn origins(input: &mut LeadFormInput, checks: &mut Checks) {
    if input.origins.len() > MOST_ORIGINS {
        checks.fail_with("/origins", "too_many", MOST_ORIGINS);
        return;
    }
    for (at, origin) in input.origins.iter_mut().enumerate() {
        match origin_normalized(origin) {
            Some(normal) => *origin = normal,
            None => checks.fail(format!("/origins/{at}"), "origin_invalid"),
        }
    }
    let mut seen = Vec::new();
    input.origins.retain(|origin| {
        let fresh = !seen.contains(origin);
        seen.push(origin.clone());
        fresh
    });
}

/// A pipeline that is in use, of the unit or of every unit, and an open stage of it.
fn place(
    tx: &mut Db,
    cx: &Cx,
    unit: UnitId,
    before: Option<&LeadFormInput>,
    input: &LeadFormInput,
    checks: &mut Checks,
) -> AppResult<()> {
    if unit != cx.actor.unit_id && regulars_persistence::access::organisation::unit_get(tx, unit)?.is_none() {
        return Err(AppError::invalid("/unit_id", "unknown_reference"));
    }
    let stood = before.is_some_and(|before| before.pipeline_id == input.pipeline_id);
    let line = pipeline_get(tx, PipelineId(input.pipeline_id))?
        .filter(|line| (line.active || stood) && line.unit_id.is_none_or(|of| of == unit));
    let Some(line) = line else {
        checks.fail("/pipeline_id", "unknown_reference");
        return Ok(());
    };
    let stays = before.is_some_and(|before| before.stage_id == input.stage_id) && stood;
    if let Some(id) = input.stage_id.filter(|_| !stays) {
        let open = |status: &str| status == StageStatus::Open.key();
        if !stages_of(tx, &[line.id])?.iter().any(|one| one.id.0 == id && !one.retired && open(&one.status)) {
            checks.fail("/stage_id", "unknown_reference");
        }
    }
    Ok(())
}

/// People of the unit who work there; those who were named already may have left.
fn people(
    tx: &mut Db,
    unit: UnitId,
    before: Option<&LeadFormInput>,
    input: &LeadFormInput,
    checks: &mut Checks,
) -> AppResult<()> {
    if input.people.len() > MOST_PEOPLE {
        checks.fail_with("/people", "too_many", MOST_PEOPLE);
        return Ok(());
    }
    let stood = |id: Uuid| before.is_some_and(|before| before.people.contains(&id) || before.owner_id == Some(id));
    let asked: Vec<UserId> = input.people.iter().copied().chain(input.owner_id).map(UserId).collect();
    let known = people_active(tx, unit, &asked)?;
    if input.owner_id.is_some_and(|id| !stood(id) && !known.contains(&UserId(id))) {
        checks.fail("/owner_id", "unknown_reference");
    }
    for (at, id) in input.people.iter().enumerate() {
        if !stood(*id) && !known.contains(&UserId(*id)) {
            checks.fail(format!("/people/{at}"), "unknown_reference");
        }
        if input.people[..at].contains(id) {
            checks.fail(format!("/people/{at}"), "duplicate");
        }
    }
    Ok(())
}
