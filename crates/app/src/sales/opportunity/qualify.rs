//! A lead that somebody has looked into: it becomes an opportunity of a customer, who is chosen or made of it. Nothing
//! the lead says is lost, for the record stays the same.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{OpportunityId, PartyId};
use regulars_domain::pipeline::{LEAD, OPPORTUNITY};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh;
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::opportunity::OpportunityRow;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::OpportunityView;
use super::{WRITE, event, one, standing, store};
use crate::customers::input::CustomerInput;
use crate::customers::write::{Creation, creation_check, creation_store};
use crate::sales::lead_form::consents_of_lead;
use crate::sales::lead_score::scores_refresh;
use crate::{AppError, AppResult, Cx};

/// How often a code may turn out to be taken before that is the answer.
const CODE_ATTEMPTS: usize = 5;

/// Who the customer is: one that is there, a new one, or whom the lead names already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"customer": {"kind": "organization", "name": "Sunrise Ltd."}}))]
pub struct QualifyInput {
    #[serde(default)]
    pub customer_id: Option<Uuid>,
    /// Made with the qualification.
    #[serde(default)]
    pub customer: Option<CustomerInput>,
}

pub fn opportunity_qualify(cx: &Cx, id: OpportunityId, input: QualifyInput) -> AppResult<OpportunityView> {
    cx.require(WRITE)?;
    if input.customer.is_some() && input.customer_id.is_some() {
        return Err(AppError::invalid("/customer", "not_allowed_here"));
    }
    let Some(customer) = input.customer else {
        let within = cx.clone();
        let chosen = input.customer_id.map(PartyId);
        return cx.create(move |tx| qualify_in(tx, &within, id, chosen, None));
    };
    cx.require("customers:customer:write")?;
    cx.read(|db| to_qualify(cx, db, id).map(|_| ()))?;
    let mut creation = creation_check(cx, customer).map_err(below_customer)?;
    for _ in 1..CODE_ATTEMPTS {
        match qualify_new(cx, id, &creation) {
            Err(AppError::Conflict("code_taken")) if !creation.code_given => {
                creation.row.code = Some(creation.scope.next(&cx.app)?);
            }
            outcome => return outcome,
        }
    }
    qualify_new(cx, id, &creation)
}

fn qualify_new(cx: &Cx, id: OpportunityId, creation: &Creation) -> AppResult<OpportunityView> {
    let (within, creation) = (cx.clone(), creation.clone());
    cx.create(move |tx| qualify_in(tx, &within, id, None, Some(&creation)))
}

/// What is wrong with the customer is told where it stands in the body.
fn below_customer(error: AppError) -> AppError {
    match error {
        AppError::Validation(mut errors) => {
            errors.iter_mut().for_each(|error| error.pointer.insert_str(0, "/customer"));
            AppError::Validation(errors)
        }
        other => other,
    }
}

fn to_qualify(cx: &Cx, db: &mut Db, id: OpportunityId) -> AppResult<OpportunityRow> {
    let (row, _) = standing(db, cx, id)?;
    if row.kind == LEAD { Ok(row) } else { Err(AppError::Conflict("wrong_state")) }
}

fn qualify_in(
    tx: &mut Db,
    cx: &Cx,
    id: OpportunityId,
    chosen: Option<PartyId>,
    creation: Option<&Creation>,
) -> AppResult<OpportunityView> {
    let before = to_qualify(cx, tx, id)?;
    let party = match (creation, chosen.or(before.party_id)) {
        (Some(creation), _) if creation.row.unit_id != before.unit_id => {
            return Err(AppError::invalid("/customer/unit_id", "unknown_reference"));
        }
        (Some(creation), _) => {
            creation_store(tx, cx, creation)?;
            creation.row.id
        }
        (None, Some(party)) => {
            let place = party_place(tx, party, &cx.visible(Resource::Customer, Action::Read))?;
            let place = place.filter(|place| place.unit_id == before.unit_id);
            place.ok_or_else(|| AppError::invalid("/customer_id", "unknown_reference"))?.id
        }
        (None, None) => return Err(AppError::invalid("/customer_id", "required")),
    };
    let mut row = OpportunityRow {
        kind: OPPORTUNITY.into(),
        party_id: Some(party),
        qualified_at: Some(cx.now),
        ..before.clone()
    };
    store(tx, cx, &before, &mut row)?;
    touches_refresh(tx, &[row.id])?;
    scores_refresh(tx, cx, &[row.id])?;
    event(cx, &row, "qualified")
        .before(&json!({"type": before.kind, "customer_id": before.party_id}))
        .after(&json!({"type": row.kind, "customer_id": row.party_id}))
        .record(tx)?;
    consents_of_lead(tx, cx, &row)?;
    one(cx, tx, row)
}
