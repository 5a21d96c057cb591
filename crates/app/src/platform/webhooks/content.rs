//! What a message says: the record as the endpoint's owner would read it now, through the same use cases, with the same
//! sight and masks.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{ImportId, InteractionId, OpportunityId, OrderId, PartyId, ProductId, QuoteId, RelationId};
use regulars_domain::webhook::{deletion_of, message_of};
use regulars_persistence::event::EventRow;
use regulars_persistence::types::AnyId;
use regulars_persistence::visible::place_reached;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::catalog::product::product_get;
use crate::customers::customer::customer_get;
use crate::customers::interaction::interaction_get;
use crate::customers::relation::relation_get;
use crate::imports::record::import_get;
use crate::sales::opportunity::opportunity_get;
use crate::sales::order::order_get;
use crate::sales::quote::quote_get;
use crate::{AppError, AppResult, Cx};

/// What is found of a record.
enum Found {
    Record(Value),
    MergedInto(Uuid),
    Nothing,
}

/// The message that tells an owner of an event, and what it says; `None` when they may not know, or nobody is told.
pub fn content(cx: &Cx, event: &EventRow) -> AppResult<Option<(&'static str, Value)>> {
    let Some(message) = message_of(&event.resource, &event.action) else { return Ok(None) };
    let mut data = json!({"id": event.resource_id.0, "action": event.action});
    let deletion = message.ends_with(".deleted");
    match found(cx, &event.resource, event.resource_id.0)? {
        Found::Record(record) if !deletion => {
            data["changed"] = json!(changed(cx, event));
            data[&event.resource] = record;
            return Ok(Some((message, data)));
        }
        // Restored since, or taken back: the later event tells of it.
        Found::Record(_) => {}
        Found::MergedInto(kept) => data["merged_into"] = json!(kept),
        Found::Nothing => {}
    }
    let gone = deletion_of(message).filter(|_| event.action != "created");
    Ok(match gone {
        Some(gone) if stood_in_sight(cx, event)? => Some((gone, data)),
        _ => None,
    })
}

fn found(cx: &Cx, resource: &str, id: Uuid) -> AppResult<Found> {
    match resource {
        "customer" => view(customer_get(cx, PartyId(id), &[])),
        "interaction" => view(interaction_get(cx, InteractionId(id))),
        "relation" => view(relation_get(cx, RelationId(id))),
        "order" => view(order_get(cx, OrderId(id))),
        "opportunity" => view(opportunity_get(cx, OpportunityId(id))),
        "quote" => view(quote_get(cx, QuoteId(id))),
        "product" => view(product_get(cx, ProductId(id))),
        "import" => view(import_get(cx, ImportId(id))),
        _ => Ok(Found::Nothing),
    }
}

fn view(read: AppResult<impl Serialize>) -> AppResult<Found> {
    match read {
        Ok(view) => serde_json::to_value(view).map(Found::Record).map_err(AppError::internal),
        Err(AppError::Merged(kept)) => Ok(Found::MergedInto(kept)),
        Err(AppError::NotFound | AppError::Forbidden(_)) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Whether the owner reached the record before the event.
fn stood_in_sight(cx: &Cx, event: &EventRow) -> AppResult<bool> {
    let (resource, id) = match event.resource.as_str() {
        "product" => return Ok(cx.actor.may("catalog:product:read")),
        "order" | "quote" => (Resource::Order, event.resource_id),
        "opportunity" => (Resource::Opportunity, event.resource_id),
        _ => (Resource::Customer, event.party_id.map_or(event.resource_id, |party| AnyId(party.0))),
    };
    let place = match event.unit_before {
        Some(unit) => Some((unit, event.owner_before)),
        None => event.unit_id.map(|unit| (unit, event.owner_id)),
    };
    let Some((unit, owner)) = place else { return Ok(false) };
    let reach = cx.visible(resource, Action::Read);
    cx.read(|db| Ok(place_reached(db, &reach, id, unit, owner)?))
}

/// The members that differ; what is masked for the owner is not named either.
fn changed(cx: &Cx, event: &EventRow) -> Vec<String> {
    let sides = [&event.before, &event.after].into_iter().flatten().filter_map(Value::as_object);
    let mut names: Vec<String> = sides.flat_map(|side| side.keys().cloned()).collect();
    names.retain(|name| event.resource != "customer" || !cx.actor.masks.hides_member(name));
    names.sort_unstable();
    names.dedup();
    names
}
