//! Forms on the web that make leads: kept by those who keep a unit's pipelines (`input` checks what they write), shown to
//! and sent by anybody (`visit`).

mod input;
mod visit;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{ConsentId, LeadFormId, OpportunityId, PipelineId, StageId, UnitId, UserId};
use regulars_persistence::customers::consent::{ConsentRow, consents_insert};
use regulars_persistence::sales::customer::{unit_names, user_names};
use regulars_persistence::sales::lead_form::{
    FormRow, SubmissionRow, form_delete as row_delete, form_get as row_get, form_insert, form_list as row_list,
    form_names, form_update as row_update, people_of, people_set, submissions_of,
};
use regulars_persistence::sales::opportunity::{OpportunityRow, opportunity_get};
use regulars_persistence::sales::pipeline::{pipeline_list, stages_get};
use regulars_persistence::{ConstraintId, Db, StoreError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use self::input::{check, to_input, write};
use super::pipeline::{may_write, require_read};
use crate::access::Ref;
use crate::access::token::{hex, random_bytes};
use crate::customers::consent::ConsentInput;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

pub use self::input::{FormFieldInput, FormPurpose, LeadFormInput};
pub use self::visit::{
    FIELD_TYPES, FormFieldShown, FormOption, FormSent, FormShown, Visit, form_allows, form_send, form_show,
    form_snippet,
};

const WRITE: &str = super::pipeline::WRITE;

/// A form as those see it who keep it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadFormView {
    pub id: Uuid,
    pub unit: Ref,
    pub name: String,
    /// Its public name, in its address.
    #[schema(example = "5f0c7f2e9a1b4c3d")]
    pub key: String,
    /// Where it stands on this server.
    #[schema(example = "/forms/5f0c7f2e9a1b4c3d")]
    pub path: String,
    pub title: String,
    pub intro: Option<String>,
    pub fields: Vec<FormFieldInput>,
    pub consent_text: Option<String>,
    pub consent_required: bool,
    pub purposes: Vec<FormPurpose>,
    pub thanks: Option<String>,
    pub redirect_url: Option<String>,
    pub origins: Vec<String>,
    pub source: Option<String>,
    pub pipeline: Ref,
    pub stage: Option<Ref>,
    pub owner: Option<Ref>,
    pub people: Vec<Ref>,
    pub active: bool,
    /// Leads it made.
    #[schema(example = 12)]
    pub leads: i64,
    /// Times it was sent again by the same person within a day: no second lead.
    #[schema(example = 1)]
    pub repeated: i64,
    /// Times no person sent it.
    #[schema(example = 40)]
    pub trapped: i64,
    pub last_at: Option<DateTime<Utc>>,
    /// Whether the caller may change it.
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(LeadFormView);

/// One time that the form behind a lead was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadSubmission {
    pub id: Uuid,
    pub form: Ref,
    pub at: DateTime<Utc>,
    /// Sent again: the lead was there.
    pub repeated: bool,
    /// Where somebody came from: `utm_…`, `page`, `referrer`.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"utm_source": "baidu"}))]
    pub attribution: Value,
    /// What was agreed to.
    pub purposes: Vec<FormPurpose>,
    pub consent_text: Option<String>,
}

/// Reads what is kept as JSON.
fn kept<T: DeserializeOwned>(value: &Value) -> AppResult<T> {
    serde_json::from_value(value.clone()).map_err(AppError::internal)
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<FormRow>) -> AppResult<Vec<LeadFormView>> {
    let ids: Vec<LeadFormId> = rows.iter().map(|row| row.id).collect();
    let mut people: HashMap<LeadFormId, Vec<UserId>> = HashMap::new();
    for (form, user) in people_of(db, &ids)? {
        people.entry(form).or_default().push(user);
    }
    let named = people.values().flatten().copied().chain(rows.iter().filter_map(|row| row.owner_id));
    let mut named: Vec<UserId> = named.collect();
    named.sort_unstable();
    named.dedup();
    let names: HashMap<UserId, String> = user_names(db, &named)?.into_iter().collect();
    let units: HashMap<UnitId, String> = unit_names(db)?.into_iter().collect();
    let lines: HashMap<PipelineId, String> =
        pipeline_list(db, None)?.into_iter().map(|row| (row.id, row.name)).collect();
    let stages: Vec<StageId> = rows.iter().filter_map(|row| row.stage_id).collect();
    let stages: HashMap<StageId, String> =
        stages_get(db, &stages)?.into_iter().map(|stage| (stage.id, stage.name)).collect();
    let person = |id: UserId| Ref::new(id, names.get(&id).cloned().unwrap_or_default());
    let view = |row: FormRow| -> AppResult<LeadFormView> {
        Ok(LeadFormView {
            id: row.id.0,
            unit: Ref::new(row.unit_id, units.get(&row.unit_id).cloned().unwrap_or_default()),
            path: format!("/forms/{}", row.token),
            fields: kept(&row.fields)?,
            purposes: kept(&row.purposes)?,
            origins: kept(&row.origins)?,
            pipeline: Ref::new(row.pipeline_id, lines.get(&row.pipeline_id).cloned().unwrap_or_default()),
            stage: row.stage_id.map(|id| Ref::new(id, stages.get(&id).cloned().unwrap_or_default())),
            owner: row.owner_id.map(person),
            people: people.get(&row.id).into_iter().flatten().copied().map(person).collect(),
            editable: may_write(cx, Some(row.unit_id)),
            name: row.name,
            key: row.token,
            title: row.title,
            intro: row.intro,
            consent_text: row.consent_text,
            consent_required: row.consent_required,
            thanks: row.thanks,
            redirect_url: row.redirect_url,
            source: row.source,
            active: row.active,
            leads: row.leads,
            repeated: row.repeated,
            trapped: row.trapped,
            last_at: row.last_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(view).collect()
}

fn one(cx: &Cx, db: &mut Db, row: FormRow) -> AppResult<LeadFormView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// The forms of the units in sight.
pub fn form_list(cx: &Cx) -> AppResult<Page<LeadFormView>> {
    require_read(cx)?;
    cx.read(|db| {
        let rows = row_list(db, cx.actor.organisation_reach())?;
        Ok(Page::whole(views(cx, db, rows)?))
    })
}

/// One in sight.
fn found(cx: &Cx, db: &mut Db, id: LeadFormId) -> AppResult<FormRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let within = cx.actor.organisation_reach().is_none_or(|own| row.unit_id == own);
    if within { Ok(row) } else { Err(AppError::NotFound) }
}

pub fn form_get(cx: &Cx, id: LeadFormId) -> AppResult<LeadFormView> {
    require_read(cx)?;
    cx.read(|db| {
        let row = found(cx, db, id)?;
        one(cx, db, row)
    })
}

fn event(cx: &Cx, row: &FormRow, action: &str) -> Event {
    Event::new(cx, "lead_form", row.id, action).stands(row.unit_id, row.owner_id)
}

pub fn form_create(cx: &Cx, input: LeadFormInput) -> AppResult<LeadFormView> {
    cx.require(WRITE)?;
    let unit = input.unit_id.map_or(cx.actor.unit_id, UnitId);
    if !may_write(cx, Some(unit)) {
        return Err(AppError::invalid("/unit_id", "unknown_reference"));
    }
    let within = cx.clone();
    let (id, token) = (LeadFormId::fresh(), hex(&random_bytes::<12>()));
    cx.create(move |tx| {
        let cx = &within;
        let mut input = input.clone();
        check(tx, cx, unit, None, &mut input)?;
        let blank = FormRow::blank(id, unit, token.clone(), cx.now);
        let row = write(blank, &input)?;
        form_insert(tx, row.clone())?;
        people_set(tx, id, &people(&input))?;
        event(cx, &row, "created").after(&input).record(tx)?;
        one(cx, tx, row)
    })
}

fn people(input: &LeadFormInput) -> Vec<UserId> {
    input.people.iter().copied().map(UserId).collect()
}

fn to_change(cx: &Cx, db: &mut Db, id: LeadFormId, version: i64) -> AppResult<FormRow> {
    let row = found(cx, db, id)?;
    if !may_write(cx, Some(row.unit_id)) {
        return Err(AppError::Forbidden(WRITE.into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn form_update(cx: &Cx, id: LeadFormId, version: i64, patch: &Value) -> AppResult<LeadFormView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let standing: Vec<UserId> = people_of(tx, &[id])?.into_iter().map(|(_, user)| user).collect();
        let before = to_input(&row, &standing)?;
        let mut input: LeadFormInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        check(tx, cx, row.unit_id, Some(&before), &mut input)?;
        let row = FormRow { updated_at: cx.now, ..write(row, &input)? };
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        if input.people != before.people {
            people_set(tx, id, &people(&input))?;
        }
        event(cx, &row, "updated").difference(&before, &input).record(tx)?;
        one(cx, tx, FormRow { version: version + 1, ..row })
    })
}

/// Only while it has made no lead; one that was sent is switched off instead.
pub fn form_delete(cx: &Cx, id: LeadFormId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let standing: Vec<UserId> = people_of(tx, &[id])?.into_iter().map(|(_, user)| user).collect();
        row_delete(tx, id).map_err(|error| match error {
            StoreError::Conflict(ConstraintId::ForeignKey) => AppError::Conflict("in_use"),
            error => error.into(),
        })?;
        event(cx, &row, "deleted").before(&to_input(&row, &standing)?).record(tx)
    })
}

/// Every time the form behind an opportunity in sight was sent, the latest first.
pub fn submission_list(cx: &Cx, id: OpportunityId) -> AppResult<Page<LeadSubmission>> {
    cx.require("sales:opportunity:read")?;
    cx.read(|db| {
        opportunity_get(db, id, &cx.visible(Resource::Opportunity, Action::Read))?.ok_or(AppError::NotFound)?;
        let rows = submissions_of(db, id)?;
        let forms: Vec<LeadFormId> = rows.iter().map(|row| row.form_id).collect();
        let names: HashMap<LeadFormId, String> = form_names(db, &forms)?.into_iter().collect();
        let view = |row: SubmissionRow| -> AppResult<LeadSubmission> {
            Ok(LeadSubmission {
                id: row.id.0,
                form: Ref::new(row.form_id, names.get(&row.form_id).cloned().unwrap_or_default()),
                at: row.at,
                repeated: row.repeated,
                purposes: kept(&row.purposes)?,
                attribution: row.attribution,
                consent_text: row.consent_text,
            })
        };
        Ok(Page::whole(rows.into_iter().map(view).collect::<AppResult<_>>()?))
    })
}

/// What whoever sent the forms behind a lead agreed to, noted as the customer's words once it is known who that is.
pub(crate) fn consents_of_lead(tx: &mut Db, cx: &Cx, row: &OpportunityRow) -> AppResult<()> {
    let (Some(party), true) = (row.party_id, row.form_id.is_some()) else { return Ok(()) };
    let sent = submissions_of(tx, row.id)?;
    let forms: Vec<LeadFormId> = sent.iter().map(|one| one.form_id).collect();
    let names: HashMap<LeadFormId, String> = form_names(tx, &forms)?.into_iter().collect();
    let mut rows: Vec<ConsentRow> = Vec::new();
    for one in &sent {
        for purpose in kept::<Vec<FormPurpose>>(&one.purposes)? {
            // Of several times the latest tells most; they come first.
            if rows.iter().any(|row| (&row.channel, &row.purpose) == (&purpose.channel, &purpose.purpose)) {
                continue;
            }
            rows.push(ConsentRow {
                id: ConsentId::fresh(),
                party_id: party,
                channel: purpose.channel,
                purpose: purpose.purpose,
                given: true,
                at: one.at,
                source: names.get(&one.form_id).cloned(),
                proof: one.consent_text.clone(),
                import_id: None,
                merge_id: None,
                recorded_by: cx.actor.user_id,
                created_at: cx.now,
            });
        }
    }
    for noted in &rows {
        let told = ConsentInput {
            channel: noted.channel.clone(),
            purpose: noted.purpose.clone(),
            given: true,
            at: Some(noted.at),
            source: noted.source.clone(),
            proof: noted.proof.clone(),
        };
        Event::new(cx, "consent", noted.id, "consented")
            .party(party)
            .stands(row.unit_id, row.owner_id)
            .after(&told)
            .record(tx)?;
    }
    if rows.is_empty() { Ok(()) } else { Ok(consents_insert(tx, rows)?) }
}
