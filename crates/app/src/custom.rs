//! Custom values of products and orders: accepted with everything they point at, and shown. What a value may be is the
//! same for every kind of record; see [`crate::customers::custom`].

use std::collections::HashMap;

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{CustomFieldId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::custom::{CustomDefinition, CustomValueRow, custom_definitions, custom_values_of};
use regulars_persistence::customers::parts::CustomPart;
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::types::AnyId;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::customers::custom::{custom_check, custom_object, custom_users_check};
use crate::{AppError, AppResult, Cx};

/// Checks values of a new or changed record of a unit, given as it is written; what they point at must be there and
/// within sight.
pub fn custom_accept(
    db: &mut Db,
    cx: &Cx,
    checks: &mut Checks,
    (resource, unit): (&str, UnitId),
    values: &Map<String, Value>,
    record: &impl Serialize,
) -> AppResult<Vec<CustomValueRow>> {
    let record = serde_json::to_value(record).map_err(AppError::internal)?;
    let definitions = custom_definitions(db, resource)?;
    let currency = cx.company()?.currency.clone();
    let accepted = custom_check(checks, &definitions, values, (unit, &currency), Some(&record));
    custom_users_check(db, &accepted)?;
    for (key, id) in &accepted.parties {
        if party_place(db, PartyId(*id), &cx.visible(Resource::Customer, Action::Read))?.is_none() {
            checks.fail(format!("/custom/{key}"), "unknown_reference");
        }
    }
    Ok(accepted.rows)
}

/// The values of records by field key, as the API shows them; records without any have no entry.
pub fn custom_shown(
    db: &mut Db,
    cx: &Cx,
    resource: &str,
    ids: impl IntoIterator<Item = Uuid>,
) -> AppResult<HashMap<Uuid, Map<String, Value>>> {
    let definitions: HashMap<CustomFieldId, CustomDefinition> =
        custom_definitions(db, resource)?.into_iter().map(|field| (field.id, field)).collect();
    if definitions.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<AnyId> = ids.into_iter().map(AnyId).collect();
    let mut stored = custom_values_of(db, &ids)?;
    stored.sort_by_key(|of| of.value.position);
    let mut parts: HashMap<Uuid, Vec<CustomPart>> = HashMap::new();
    for of in stored {
        if let Some(field) = definitions.get(&of.value.field_id) {
            parts.entry(of.resource_id.0).or_default().push(CustomPart {
                key: field.key.clone(),
                field_type: field.field_type.clone(),
                position: i64::from(of.value.position),
                text: of.value.text_value,
                number: of.value.number_value,
                int: of.value.int_value,
                date: of.value.date_value,
            });
        }
    }
    let currency = cx.company()?.currency.clone();
    Ok(parts.into_iter().map(|(id, parts)| (id, custom_object(&parts, &currency))).collect())
}
