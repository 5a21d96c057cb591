//! A form as visitors see it, and what becomes of it once it is sent. Whoever sends it is told the same whether they are a
//! customer, came again, or are no person at all.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Actor, Visibility};
use regulars_domain::duplicates::{Certainty, Profile, score_of};
use regulars_domain::error::FieldError;
use regulars_domain::ids::{LeadFormId, OpportunityId, PartyId, PipelineId, UserId};
use regulars_domain::lead_form::{
    ADDRESS_MOST, ADDRESS_WITHIN, ATTRIBUTION_LONGEST, ATTRIBUTION_MOST, CONSENT, CUSTOM, HONEYPOT, REPEATED_WITHIN,
    SECONDS, is_attribution, is_trapped, next_in_turn, origin_allowed,
};
use regulars_domain::naming::reading;
use regulars_domain::pipeline::{LEAD, StageStatus};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh;
use regulars_persistence::customers::custom::{CustomDefinition, custom_definitions, custom_values_set};
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::lead_form::{
    FormRow, Sent, SubmissionRow, form_by_token, form_count, people_active, people_of, submission_insert,
    submission_like, submissions_from,
};
use regulars_persistence::sales::opportunity::{OpportunityParts, OpportunityRow, opportunity_insert, parts_set};
use regulars_persistence::sales::pipeline::{StageRow, pipeline_get, stages_of};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FormFieldInput, found, kept};
use crate::access::token::secret_hash;
use crate::customers::duplicates::compare::{compared_of, form_of, kind_of, sharing};
use crate::platform::custom_field::Choice;
use crate::sales::lead_score::scores_refresh;
use crate::sales::opportunity::{
    Moved, OpportunityInput, RESOURCE, blank, entry_check, event, fill, history_begin, told,
};
use crate::sales::pipeline::require_read;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// A form as anybody on the web sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormShown {
    #[schema(example = "5f0c7f2e9a1b4c3d")]
    pub key: String,
    #[schema(example = "Ask for an offer")]
    pub title: String,
    pub intro: Option<String>,
    pub fields: Vec<FormFieldShown>,
    /// What stands beside the box `consent`; no box without.
    pub consent_text: Option<String>,
    pub consent_required: bool,
    pub thanks: String,
    pub redirect_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormFieldShown {
    /// The member to send.
    #[schema(example = "phone")]
    pub name: String,
    /// In the visitor's language, unless the form has its own.
    #[schema(example = "Phone")]
    pub label: String,
    #[serde(rename = "type")]
    #[schema(value_type = crate::shape::FormFieldType)]
    pub kind: String,
    pub required: bool,
    /// Of `choice` and `multi_choice`.
    pub options: Vec<FormOption>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormOption {
    pub value: String,
    pub label: String,
}

/// What whoever sent a form is told, the same to everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormSent {
    #[schema(example = "Thank you. We will be in touch soon.")]
    pub thanks: String,
    /// Where to go next.
    pub redirect_url: Option<String>,
}

/// A form that was sent: its values by name, and where it was sent from.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    pub values: Map<String, Value>,
    /// The site a browser names; programs name none.
    pub origin: Option<String>,
    /// Where the browser says it was before.
    pub referrer: Option<String>,
    /// This server's own host.
    pub host: String,
}

/// Name, Chinese and English label, type of what every form can ask.
const LABELS: [(&str, &str, &str, &str); 5] = [
    ("company", "公司", "Company", "text"),
    ("person", "姓名", "Name", "text"),
    ("phone", "电话", "Phone", "phone"),
    ("email", "邮箱", "E-mail", "email"),
    ("message", "留言", "Message", "long_text"),
];

/// Types of fields as visitors see them.
pub const FIELD_TYPES: [&str; 9] =
    ["text", "long_text", "phone", "email", "number", "date", "bool", "choice", "multi_choice"];

/// A form as it is shown in a language; what it can't ask any more is left out.
fn shown(row: &FormRow, custom: &[CustomDefinition], english: bool) -> AppResult<FormShown> {
    let word = |zh: &str, en: &str| (if english { en } else { zh }).to_string();
    let field = |one: FormFieldInput| {
        let (label, kind, options) = match LABELS.iter().find(|(name, ..)| *name == one.field) {
            Some((_, zh, en, kind)) => (word(zh, en), (*kind).to_string(), Vec::new()),
            None => {
                let key = one.field.strip_prefix(CUSTOM)?;
                let known = custom.iter().find(|field| field.key == key)?;
                let choices: Vec<Choice> = serde_json::from_value(known.choices.clone()).unwrap_or_default();
                let choices = choices.into_iter().filter(|choice| choice.active);
                let options = choices
                    .map(|choice| FormOption { label: word(&choice.label_zh, &choice.label_en), value: choice.key });
                (word(&known.label_zh, &known.label_en), known.field_type.clone(), options.collect())
            }
        };
        Some(FormFieldShown {
            label: one.label.unwrap_or(label),
            name: one.field,
            kind,
            required: one.required,
            options,
        })
    };
    let fields: Vec<FormFieldInput> = kept(&row.fields)?;
    Ok(FormShown {
        key: row.token.clone(),
        title: row.title.clone(),
        intro: row.intro.clone(),
        fields: fields.into_iter().filter_map(field).collect(),
        consent_text: row.consent_text.clone(),
        consent_required: row.consent_required,
        thanks: row
            .thanks
            .clone()
            .unwrap_or_else(|| word("谢谢，我们会尽快与您联系。", "Thank you. We will be in touch soon.")),
        redirect_url: row.redirect_url.clone(),
    })
}

/// An active form by its public name, as it stands and as it is shown.
fn open(app: &App, key: &str, locale: &str) -> AppResult<(FormRow, FormShown)> {
    app.db().read(|db| {
        let row = form_by_token(db, key)?.filter(|row| row.active).ok_or(AppError::NotFound)?;
        let custom = custom_definitions(db, RESOURCE)?;
        let seen = shown(&row, &custom, locale == "en")?;
        Ok((row, seen))
    })
}

/// What a page needs to show a form.
pub fn form_show(app: &App, key: &str, locale: &str) -> AppResult<FormShown> {
    open(app, key, locale).map(|(_, seen)| seen)
}

/// Whether pages of a site may send a form.
pub fn form_allows(app: &App, key: &str, origin: &str, host: &str) -> AppResult<bool> {
    let (row, _) = open(app, key, "en")?;
    Ok(origin_allowed(Some(origin), host, &kept::<Vec<String>>(&row.origins)?))
}

/// A form in sight, as it is shown: for those who put it on a page.
pub fn form_snippet(cx: &Cx, id: LeadFormId) -> AppResult<FormShown> {
    require_read(cx)?;
    cx.read(|db| {
        let row = found(cx, db, id)?;
        let custom = custom_definitions(db, RESOURCE)?;
        shown(&row, &custom, cx.request.locale == "en")
    })
}

/// Takes what was sent: a lead, or nothing if it came again or from no person.
pub fn form_send(app: &App, key: &str, visit: &Visit, meta: RequestMeta, now: DateTime<Utc>) -> AppResult<FormSent> {
    let (row, seen) = open(app, key, &meta.locale)?;
    if !origin_allowed(visit.origin.as_deref(), &visit.host, &kept::<Vec<String>>(&row.origins)?) {
        return Err(AppError::Unauthenticated("origin_refused"));
    }
    let sent = FormSent { thanks: seen.thanks.clone(), redirect_url: seen.redirect_url.clone() };
    let actor = Actor::visitor(row.unit_id, &meta.locale);
    let cx = Cx::new(app.clone(), Arc::new(actor), now, Arc::new(meta));
    let answers = Answers::of(visit, &seen);
    if answers.trapped {
        let id = row.id;
        cx.change(move |tx| Ok(form_count(tx, id, Sent::Trapped, now)?))?;
        return Ok(sent);
    }
    let (within, token) = (cx.clone(), row.token);
    cx.create(move |tx| {
        let form = form_by_token(tx, &token)?.filter(|row| row.active).ok_or(AppError::NotFound)?;
        take(tx, &within, &form, &answers)?;
        Ok(sent.clone())
    })
}

/// What was answered of what the form asks; the rest is passed over.
#[derive(Debug, Clone, Default)]
struct Answers {
    texts: Vec<(String, String)>,
    custom: Map<String, Value>,
    attribution: Map<String, Value>,
    consents: bool,
    trapped: bool,
    /// Pointers of what is wanting.
    missing: Vec<String>,
    /// Where a phone or an e-mail is asked for.
    contact: &'static str,
}

/// A value as text, without what no text has.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => return list.first().and_then(text_of),
        _ => return None,
    };
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    Some(kept.trim().to_string()).filter(|text| !text.is_empty())
}

fn ticked(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(ticked)) => *ticked,
        Some(value) => text_of(value).is_some_and(|text| !matches!(text.as_str(), "false" | "0" | "no")),
        None => false,
    }
}

impl Answers {
    fn of(visit: &Visit, form: &FormShown) -> Self {
        let text = |name: &str| visit.values.get(name).and_then(text_of);
        let mut answers = Self {
            consents: form.consent_text.is_some() && ticked(visit.values.get(CONSENT)),
            trapped: is_trapped(text(HONEYPOT).as_deref(), text(SECONDS).and_then(|text| text.parse().ok())),
            contact: if form.fields.iter().any(|field| field.name == "phone") { "/phone" } else { "/email" },
            ..Self::default()
        };
        for field in &form.fields {
            let given = match field.name.strip_prefix(CUSTOM) {
                Some(key) => answers.custom_take(key, &field.kind, visit.values.get(&field.name)),
                None => match text(&field.name) {
                    Some(text) => {
                        answers.texts.push((field.name.clone(), text));
                        true
                    }
                    None => false,
                },
            };
            if field.required && !given {
                answers.missing.push(format!("/{}", field.name));
            }
        }
        if form.consent_required && !answers.consents {
            answers.missing.push(format!("/{CONSENT}"));
        }
        let told = visit.values.iter().filter(|(name, _)| is_attribution(name));
        let told = told.filter_map(|(name, value)| Some((name.clone(), text_of(value)?)));
        let before = visit.referrer.iter().map(|page| ("referrer".to_string(), page.clone()));
        // What the page itself tells counts more than what the browser does.
        for (name, text) in before.chain(told).take(ATTRIBUTION_MOST) {
            answers.attribution.insert(name, text.chars().take(ATTRIBUTION_LONGEST).collect::<String>().into());
        }
        answers
    }

    /// A custom value in the shape its type has, whichever way the page sent it.
    fn custom_take(&mut self, key: &str, kind: &str, value: Option<&Value>) -> bool {
        let value = match (kind, value) {
            ("bool", value) => Some(Value::Bool(ticked(value))).filter(|_| value.is_some()),
            ("multi_choice", Some(Value::Array(list))) => {
                Some(Value::from(list.iter().filter_map(text_of).collect::<Vec<_>>())).filter(|_| !list.is_empty())
            }
            ("multi_choice", Some(value)) => text_of(value).map(|text| json!([text])),
            (_, Some(value)) => text_of(value).map(Value::from),
            (_, None) => None,
        };
        let given = !matches!(value, None | Some(Value::Bool(false)));
        if let Some(value) = value {
            self.custom.insert(key.into(), value);
        }
        given
    }

    fn text(&self, name: &str) -> Option<String> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    fn input(&self, form: &FormRow, (pipeline, stage): (Option<PipelineId>, Option<Uuid>)) -> OpportunityInput {
        let (company, person) = (self.text("company"), self.text("person"));
        let (phone, email) = (self.text("phone"), self.text("email"));
        let who = [&person, &company, &phone, &email].into_iter().flatten().next().cloned().unwrap_or_default();
        OpportunityInput {
            name: format!("{who} · {}", form.title).chars().take(200).collect(),
            kind: LEAD.into(),
            customer_id: None,
            owner_id: None,
            pipeline_id: pipeline.map(|id| id.0),
            stage_id: stage,
            amount: None,
            exchange_rate: None,
            expected_close: None,
            source: form.source.clone(),
            competitors: Vec::new(),
            reason: None,
            competitor: None,
            remarks: self.text("message"),
            contacts: Vec::new(),
            lead_company: company,
            lead_person: person,
            lead_phone: phone,
            lead_email: email,
            notes: Vec::new(),
            steps: Vec::new(),
            custom: self.custom.clone(),
        }
    }
}

/// Where what is wrong stands in the form.
fn in_form(mut error: FieldError) -> FieldError {
    error.pointer = match error.pointer.as_str() {
        "/remarks" => "/message".into(),
        other => other.replacen("/lead_", "/", 1).replacen("/custom/", "/custom.", 1),
    };
    error
}

/// The one transaction of a form that was sent.
fn take(tx: &mut Db, cx: &Cx, form: &FormRow, answers: &Answers) -> AppResult<()> {
    let address = cx.request.address.as_ref().map(|address| secret_hash(&format!("{}:{address}", form.id)));
    if let Some(address) = &address
        && submissions_from(tx, form.id, address, cx.now - ADDRESS_WITHIN)? >= ADDRESS_MOST
    {
        return Err(AppError::RateLimited { retry_after_seconds: ADDRESS_WITHIN.num_seconds().unsigned_abs() });
    }
    let company = cx.company()?;
    let mut row = blank(cx, &company, OpportunityId::fresh());
    // A source that was retired keeps its name.
    row.source.clone_from(&form.source);
    let mut input = answers.input(form, begin(tx, form)?);
    let mut wrong: Vec<FieldError> =
        answers.missing.iter().map(|pointer| FieldError::new(pointer.as_str(), "required")).collect();
    let filled = fill(tx, cx, &company, &mut row, &OpportunityParts::default(), &mut input);
    let (stage, parts, custom) = match filled {
        Ok(filled) => filled,
        Err(AppError::Validation(errors)) => {
            wrong.extend(errors.into_iter().map(in_form));
            return Err(AppError::Validation(wrong));
        }
        Err(other) => return Err(other),
    };
    if row.lead_phone.is_none() && row.lead_email.is_none() && wrong.is_empty() {
        wrong.push(FieldError::new(answers.contact, "form_contact_missing"));
    }
    if !wrong.is_empty() {
        return Err(AppError::Validation(wrong));
    }
    let contact = (row.lead_phone.as_deref(), row.lead_email.as_deref());
    let before = submission_like(tx, form.id, contact, cx.now - REPEATED_WITHIN)?;
    let opportunity = match before {
        Some(lead) => lead,
        None => {
            let stage = settle(tx, cx, form, &mut row, (&parts, stage))?;
            row.consent_text = form.consent_text.clone().filter(|_| answers.consents);
            row.form_id = Some(form.id);
            row.version = 1;
            opportunity_insert(tx, row.clone())?;
            custom_values_set(tx, AnyId(row.id.0), &custom)?;
            parts_set(tx, row.id, row.unit_id, &OpportunityParts::default(), parts.clone())?;
            history_begin(tx, cx, &row, &stage, Moved::default())?;
            touches_refresh(tx, &[row.id])?;
            scores_refresh(tx, cx, &[row.id])?;
            event(cx, &row, "created").after(&told(&row, &parts, &input.custom, Some(&stage.name))).record(tx)?;
            row.id
        }
    };
    let submission = SubmissionRow {
        id: AnyId(Uuid::now_v7()),
        form_id: form.id,
        opportunity_id: opportunity,
        at: cx.now,
        repeated: before.is_some(),
        attribution: Value::Object(answers.attribution.clone()),
        purposes: if answers.consents { form.purposes.clone() } else { json!([]) },
        consent_text: form.consent_text.clone().filter(|_| answers.consents),
    };
    submission_insert(tx, submission, address)?;
    Ok(form_count(tx, form.id, if before.is_some() { Sent::Again } else { Sent::Lead }, cx.now)?)
}

/// Where its leads begin: as it says, or where all new ones of the unit do once that is out of use.
fn begin(tx: &mut Db, form: &FormRow) -> AppResult<(Option<PipelineId>, Option<Uuid>)> {
    let line = pipeline_get(tx, form.pipeline_id)?.filter(|line| line.active);
    let Some(line) = line else { return Ok((None, None)) };
    let open = |stage: &StageRow| !stage.retired && stage.status == StageStatus::Open.key();
    let stages = stages_of(tx, &[line.id])?;
    let chosen = stages.iter().find(|stage| Some(stage.id) == form.stage_id && open(stage));
    Ok((Some(line.id), chosen.map(|stage| stage.id.0)))
}

/// Whose lead it is and who takes it. No lead is lost for what its stage asks: it begins at the first one then.
fn settle(
    tx: &mut Db,
    cx: &Cx,
    form: &FormRow,
    row: &mut OpportunityRow,
    (parts, stage): (&OpportunityParts, StageRow),
) -> AppResult<StageRow> {
    let mut owners: Vec<UserId> = Vec::new();
    if let Some(party) = customer_known(tx, cx, row)?
        && let Some(place) = party_place(tx, party, &Visibility::Unit(form.unit_id))?
    {
        row.party_id = Some(party);
        owners.extend(place.owner_id);
    }
    owners.extend(form.owner_id);
    let people: Vec<UserId> = people_of(tx, &[form.id])?.into_iter().map(|(_, user)| user).collect();
    let asked: Vec<UserId> = owners.iter().chain(&people).copied().collect();
    let here = people_active(tx, form.unit_id, &asked)?;
    let turn: Vec<UserId> = people.into_iter().filter(|user| here.contains(user)).collect();
    let owner = owners.into_iter().find(|user| here.contains(user));
    row.owner_id = owner.or_else(|| next_in_turn(&turn, form.leads));
    if entry_check(row, parts, &stage).is_ok() {
        return Ok(stage);
    }
    let stages = stages_of(tx, &[stage.pipeline_id])?;
    let open = |stage: &StageRow| !stage.retired && stage.status == StageStatus::Open.key();
    let first = stages.into_iter().find(open).unwrap_or(stage);
    row.stage_id = first.id;
    row.status.clone_from(&first.status);
    Ok(first)
}

/// The one customer of the unit whom the company's rules for duplicates take the visitor for, without a doubt.
fn customer_known(db: &mut Db, cx: &Cx, row: &OpportunityRow) -> AppResult<Option<PartyId>> {
    let (company, today) = (cx.company()?, cx.today()?);
    let rules = &company.settings.duplicates;
    let reach = Visibility::Unit(row.unit_id);
    let mut certain: Vec<PartyId> = Vec::new();
    for (kind, name) in [("person", &row.lead_person), ("organization", &row.lead_company)] {
        let Some(name) = name else { continue };
        let name_key = reading(name, kind == "person");
        let profile = Profile {
            kind: kind_of(kind),
            form: form_of(kind, name, &name_key),
            name: name.clone(),
            birthday: None,
            tax_id: None,
            phones: row.lead_phone.iter().cloned().collect(),
            emails: row.lead_email.iter().cloned().collect(),
        };
        let ids = sharing(db, rules, (&profile, &name_key), &reach, today, false)?;
        let alike = compared_of(db, &ids)?.into_values().filter(|other| {
            other.unit_id == row.unit_id
                && score_of(rules, &profile, &other.profile).certainty == Some(Certainty::Certain)
        });
        certain.extend(alike.map(|other| other.id));
    }
    certain.sort_unstable();
    certain.dedup();
    Ok(if certain.len() == 1 { certain.pop() } else { None })
}
