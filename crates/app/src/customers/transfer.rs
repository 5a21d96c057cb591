//! Moving a customer to another unit: head office only. The old unit loses sight of it.

use std::collections::HashSet;

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, TagId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::customers::asset::assets_follow;
use regulars_persistence::customers::bulk::party_follow;
use regulars_persistence::customers::custom::{custom_definitions, custom_values_set, users_known};
use regulars_persistence::customers::parts::parts_of;
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::party::{party_get, party_move};
use regulars_persistence::customers::qualification::qualification_required;
use regulars_persistence::customers::search::search_put;
use regulars_persistence::customers::share::{SharesOf, shares_end};
use regulars_persistence::customers::tag::party_tags_set;
use regulars_persistence::platform::tag::tag_list;
use regulars_persistence::sales::transfer::{order_codes_taken, order_move, orders_elsewhere};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::code::CodeScope;
use super::custom::custom_check;
use super::index::document;
use super::view::{CustomerView, customer_view, to_input};
use super::write::stale;
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::sales::opportunity::opportunities_follow_party;
use crate::sales::order::order_codes;
use crate::sales::quote::follow::quotes_follow_party;
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferInput {
    pub unit_id: Uuid,
    /// Someone of that unit; nobody when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
}

/// Moves the customer with everything that is known of it: contacts, preferences, facts, interactions, opportunities, offers, orders, history. From then
/// on the new unit reads all of it and the old one nothing, but for what its own audit log says of the time before.
///
/// The customer gets a code of the new unit and keeps the tags that the new unit has by the same name. Orders keep their
/// codes unless the new unit has given them to others, and get the customer's new owner.
pub fn customer_transfer(cx: &Cx, id: PartyId, input: TransferInput) -> AppResult<CustomerView> {
    cx.require("access:unit:transfer")?;
    let company = cx.company()?;
    let reach = cx.visible_own(Resource::Customer, Action::Read);
    let (unit_id, owner_id) = (UnitId(input.unit_id), input.owner_id.map(UserId));
    let (unit, coded) = cx.read(|db| {
        let record = party_get(db, id, &reach)?.ok_or(AppError::NotFound)?;
        let mut checks = Checks::default();
        let unit = unit_get(db, unit_id)?.filter(|unit| unit.active);
        if unit.is_none() {
            checks.fail("/unit_id", "unknown_reference");
        } else if record.party.unit_id == unit_id {
            checks.fail("/unit_id", "self_reference");
        }
        if let Some(owner) = owner_id
            && users_known(db, Some(unit_id), &[AnyId(owner.0)])? != 1
        {
            checks.fail("/owner_id", "unknown_reference");
        }
        checks.done()?;
        // Who is a customer stays one; who waits for a qualification waits on, where the new unit asks for one.
        let coded = record.party.code.is_some() || !qualification_required(db, unit_id)?;
        Ok((unit.ok_or(AppError::NotFound)?, coded))
    })?;
    let scope = CodeScope::new("customer", &company.settings.customer_code_pattern, unit_id, &unit.code)?;
    let code = if coded { Some(scope.next(&cx.app)?) } else { None };
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let record = party_get(tx, id, &reach)?.ok_or(AppError::NotFound)?;
        let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
        let party = record.party.clone();
        if !party_move(tx, id, party.version, (unit_id, owner_id, code.as_deref()), cx.now)? {
            return Err(stale(tx, id)?);
        }
        let input = to_input(&record, &parts, &company.currency);
        let known = tag_list(tx, Some(unit_id))?;
        let same = |name: &str| known.iter().find(|tag| tag.name == name).map(|tag| tag.id);
        let tags: Vec<TagId> = parts.tags.iter().filter_map(|tag| same(&tag.name)).collect();
        party_tags_set(tx, id, &tags)?;
        let definitions = custom_definitions(tx, "customer")?;
        let mut ignored = Checks::default();
        let values = custom_check(&mut ignored, &definitions, &input.custom, (unit_id, &company.currency), None);
        custom_values_set(tx, AnyId(id.0), &values.rows)?;
        parts_keep(tx, &[id])?;
        party_follow(tx, id, unit_id)?;
        assets_follow(tx, id, unit_id)?;
        // The old unit loses sight of it, those it was shared with too.
        shares_end(tx, SharesOf::Party(id))?;
        let orders = orders_follow(tx, cx, id, (unit_id, owner_id))?;
        let opportunities = opportunities_follow_party(tx, cx, id, (unit_id, owner_id))?;
        let quotes = quotes_follow_party(tx, cx, id, (unit_id, owner_id))?;
        search_put(tx, &document(id, (unit_id, owner_id), code.as_deref(), &input))?;
        metric_refresh(tx, cx, &[id])?;
        Event::new(cx, "customer", id, "transferred")
            .party(id)
            .stands(unit_id, owner_id)
            .stood(party.unit_id, party.owner_id)
            .before(&json!({"unit_id": party.unit_id, "owner_id": party.owner_id, "code": party.code}))
            .after(&json!({"unit_id": unit_id, "owner_id": owner_id, "code": code, "orders": orders,
                "opportunities": opportunities, "quotes": quotes}))
            .record(tx)?;
        let record = party_get(tx, id, &reach)?.ok_or(AppError::NotFound)?;
        customer_view(tx, record, &company.currency, &cx.actor.masks)
    })
}

/// Moves the customer's orders, with an event each so that whoever follows the log learns where they went. Answers how
/// many there were.
fn orders_follow(tx: &mut Db, cx: &Cx, id: PartyId, to: (UnitId, Option<UserId>)) -> AppResult<usize> {
    let (unit_id, owner_id) = to;
    let orders = orders_elsewhere(tx, id, unit_id)?;
    let codes: Vec<&str> = orders.iter().map(|order| order.code.as_str()).collect();
    let mut taken: HashSet<String> = order_codes_taken(tx, unit_id, &codes)?.into_iter().collect();
    let doubled = |taken: &mut HashSet<String>, code: &str| !taken.insert(code.into());
    let renamed: Vec<bool> = orders.iter().map(|order| doubled(&mut taken, &order.code)).collect();
    let count = renamed.iter().filter(|renamed| **renamed).count();
    let mut fresh = if count > 0 { order_codes(cx, tx, unit_id)?.take(tx, count)? } else { Vec::new() };
    for (order, renamed) in orders.iter().zip(renamed) {
        let code = if renamed { fresh.pop().unwrap_or_default() } else { order.code.clone() };
        order_move(tx, order.id, (unit_id, owner_id, &code), cx.now)?;
        Event::new(cx, "order", order.id, "transferred")
            .stands(unit_id, owner_id)
            .stood(order.unit_id, order.owner_id)
            .before(&json!({"unit_id": order.unit_id, "owner_id": order.owner_id, "code": order.code}))
            .after(&json!({"unit_id": unit_id, "owner_id": owner_id, "code": code}))
            .record(tx)?;
    }
    Ok(orders.len())
}
