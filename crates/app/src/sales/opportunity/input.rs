//! An opportunity as it is written, and as its changes are told.

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::mask::{EMAIL, Masks, PHONE, masked};
use regulars_domain::money::format_decimal;
use regulars_persistence::sales::opportunity::{OpportunityParts, OpportunityRow};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::money::Money;
use crate::sales::view::RATE_PLACES;
use crate::{AppError, AppResult};

/// A person on the customer's side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityContactInput {
    pub customer_id: Uuid,
    /// A key of the dictionary `relation_role`.
    #[serde(default)]
    #[schema(example = "decision_maker")]
    pub role: Option<String>,
}

/// What the customer needs, is moved by, or is held back by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityNote {
    #[schema(value_type = crate::shape::OpportunityNoteKind)]
    pub kind: String,
    #[schema(example = "Delivery within two weeks")]
    pub text: String,
    #[serde(default = "open")]
    #[schema(value_type = crate::shape::OpportunityNoteStatus)]
    pub status: String,
    /// What was said or done to it.
    #[serde(default)]
    pub answer: Option<String>,
}

/// A step of the development plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanStepInput {
    /// Of a step that is there already; absent for a new one.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub id: Option<Uuid>,
    #[schema(example = "Show a sample")]
    pub title: String,
    #[serde(default)]
    #[schema(example = "2026-06-01")]
    pub due_on: Option<NaiveDate>,
    /// The opportunity's owner when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
    #[serde(default)]
    pub required: bool,
    #[serde(default = "open")]
    #[schema(value_type = crate::shape::PlanStepStatus)]
    pub status: String,
    #[serde(default)]
    pub result: Option<String>,
}

fn open() -> String {
    "open".into()
}

/// What a person writes of a lead or an opportunity. Lists are replaced whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityInput {
    #[schema(example = "200 laptops for the new office")]
    pub name: String,
    /// A lead until somebody has looked into it.
    #[serde(rename = "type", default = "opportunity")]
    #[schema(value_type = crate::shape::OpportunityKind)]
    pub kind: String,
    /// A lead may have none yet.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub customer_id: Option<Uuid>,
    /// The caller when absent from a new one.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
    /// Where a new one begins: the first active pipeline when absent. Moved by its own operation.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub pipeline_id: Option<Uuid>,
    /// The first open stage when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub stage_id: Option<Uuid>,
    #[serde(default)]
    pub amount: Option<Money>,
    /// Company currency for one unit of the amount's; needed when the two differ.
    #[serde(default)]
    #[schema(example = "1.000000")]
    pub exchange_rate: Option<String>,
    #[serde(default)]
    #[schema(example = "2026-09-30")]
    pub expected_close: Option<NaiveDate>,
    /// A key of the dictionary `source`.
    #[serde(default)]
    #[schema(example = "referral")]
    pub source: Option<String>,
    #[serde(default)]
    #[schema(example = json!(["Sunrise Trading"]))]
    pub competitors: Vec<String>,
    /// Why it was won or lost: a key of the dictionary `win_reason` or `loss_reason`.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub reason: Option<String>,
    /// Whom it was won against or lost to.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub competitor: Option<String>,
    #[serde(default)]
    pub remarks: Option<String>,
    #[serde(default)]
    #[schema(example = json!([]))]
    pub contacts: Vec<OpportunityContactInput>,
    /// Who asked, before there is a customer.
    #[serde(default)]
    #[schema(example = "Sunrise Ltd.")]
    pub lead_company: Option<String>,
    #[serde(default)]
    #[schema(example = "Lin Xiao")]
    pub lead_person: Option<String>,
    #[serde(default)]
    #[schema(example = "13800138000")]
    pub lead_phone: Option<String>,
    #[serde(default)]
    #[schema(example = "lin@example.com")]
    pub lead_email: Option<String>,
    #[serde(default)]
    pub notes: Vec<OpportunityNote>,
    /// The development plan.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub steps: Vec<PlanStepInput>,
    /// Custom fields by key.
    #[serde(default)]
    #[schema(example = json!({}))]
    pub custom: Map<String, Value>,
}

fn opportunity() -> String {
    regulars_domain::pipeline::OPPORTUNITY.into()
}

/// The amount, where there is one.
pub fn amount_of(row: &OpportunityRow) -> Option<Money> {
    (row.amount > 0).then(|| Money::of(row.amount, &row.currency))
}

/// The writable form of one that stands: what a merge-patch is merged into.
pub fn to_input(row: &OpportunityRow, parts: &OpportunityParts, custom: Map<String, Value>) -> OpportunityInput {
    OpportunityInput {
        name: row.name.clone(),
        kind: row.kind.clone(),
        customer_id: row.party_id.map(|id| id.0),
        owner_id: row.owner_id.map(|id| id.0),
        pipeline_id: Some(row.pipeline_id.0),
        stage_id: Some(row.stage_id.0),
        amount: amount_of(row),
        exchange_rate: Some(format_decimal(row.exchange_rate, RATE_PLACES)),
        expected_close: row.expected_close,
        source: row.source.clone(),
        competitors: parts.competitors.iter().map(|one| one.name.clone()).collect(),
        reason: row.reason.clone(),
        competitor: row.competitor.clone(),
        remarks: row.remarks.clone(),
        contacts: parts
            .contacts
            .iter()
            .map(|one| OpportunityContactInput { customer_id: one.party_id.0, role: one.role.clone() })
            .collect(),
        lead_company: row.lead_company.clone(),
        lead_person: row.lead_person.clone(),
        lead_phone: row.lead_phone.clone(),
        lead_email: row.lead_email.clone(),
        notes: parts
            .notes
            .iter()
            .map(|one| OpportunityNote {
                kind: one.kind.clone(),
                text: one.content.clone(),
                status: one.status.clone(),
                answer: one.answer.clone(),
            })
            .collect(),
        steps: parts
            .steps
            .iter()
            .map(|one| PlanStepInput {
                id: Some(one.id.0),
                title: one.title.clone(),
                due_on: one.due_on,
                owner_id: one.owner_id.map(|id| id.0),
                required: one.required,
                status: one.status.clone(),
                result: one.result.clone(),
            })
            .collect(),
        custom,
    }
}

/// What the log keeps of it: as it is written, the stage by its name.
pub fn told(row: &OpportunityRow, parts: &OpportunityParts, custom: &Map<String, Value>, stage: Option<&str>) -> Value {
    let input = to_input(row, parts, custom.clone());
    let mut told = json!(input);
    if let Value::Object(members) = &mut told {
        for name in ["pipeline_id", "stage_id"] {
            members.remove(name);
        }
        if let Some(stage) = stage {
            members.insert("stage_name".into(), stage.into());
        }
        if row.exchange_rate == regulars_domain::sales::RATE_ONE {
            members.remove("exchange_rate");
        }
    }
    told
}

/// Phone and mail as the caller may see them.
pub fn lead_shown(mut input: OpportunityInput, masks: &Masks) -> OpportunityInput {
    for (key, value) in [(PHONE, &mut input.lead_phone), (EMAIL, &mut input.lead_email)] {
        if masks.hides(key) {
            *value = value.take().map(|text| masked(key, &text));
        }
    }
    input
}

/// What was shown masked and came back the same is what it was; nobody changes what they don't see.
pub fn lead_unmask(before: &OpportunityInput, shown: &OpportunityInput, input: &mut OpportunityInput) -> AppResult<()> {
    let mut checks = Checks::default();
    for (pointer, was, seen, written) in [
        ("/lead_phone", &before.lead_phone, &shown.lead_phone, &mut input.lead_phone),
        ("/lead_email", &before.lead_email, &shown.lead_email, &mut input.lead_email),
    ] {
        if was == seen {
            continue;
        }
        if written == seen {
            written.clone_from(was);
        } else {
            checks.fail_with(pointer, "field_masked", pointer.trim_start_matches('/'));
        }
    }
    checks.done().map_err(AppError::Validation)
}
