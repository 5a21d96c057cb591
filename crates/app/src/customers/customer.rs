//! One customer: read, create, change, delete, restore.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::PartyId;
use regulars_persistence::customers::custom::{custom_definitions, custom_values_set};
use regulars_persistence::customers::merge::merged_into;
use regulars_persistence::customers::parts::parts_of;
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::party::{party_get, party_get_deleted, party_restore};
use regulars_persistence::customers::search::search_put;
use regulars_persistence::insight::contact::contacts_refresh;
use regulars_persistence::types::AnyId;
use serde_json::Value;

use super::custom::custom_check;
use super::index::document;
use super::input::CustomerInput;
use super::merge::absent;
use super::view::{CustomerView, customer_view, to_input};
use super::write::{
    creation_check, creation_store, deletion_store, own_require, record_to_change, revision_check, revision_store,
};
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::insight::metrics::metrics_of;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
const DELETE: &str = "customers:customer:delete";

/// How often a code of the block may turn out to be taken (given by hand or imported) before that is the answer.
const CODE_ATTEMPTS: usize = 5;

/// `expand` may name `metrics`.
pub fn customer_get(cx: &Cx, id: PartyId, expand: &[&str]) -> AppResult<CustomerView> {
    cx.require(READ)?;
    let company = cx.company()?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    cx.read(|db| {
        let record = party_get(db, id, &reach)?.map_or_else(|| Err(absent(db, id, &reach)?), Ok)?;
        let mut view = customer_view(db, record, &company.currency, &cx.actor.masks)?;
        if expand.contains(&"metrics") && cx.actor.may("insight:metric:read") {
            view.metrics = metrics_of(cx, db, &[id])?.remove(&id);
        }
        Ok(view)
    })
}

pub fn customer_create(cx: &Cx, input: CustomerInput) -> AppResult<CustomerView> {
    cx.require(WRITE)?;
    let mut creation = creation_check(cx, input)?;
    for _ in 1..CODE_ATTEMPTS {
        let (within, attempt) = (cx.clone(), creation.clone());
        match cx.create(move |tx| creation_store(tx, &within, &attempt)) {
            Err(AppError::Conflict("code_taken")) if !creation.code_given => {
                creation.row.code = Some(creation.scope.next(&cx.app)?);
            }
            outcome => return outcome,
        }
    }
    let within = cx.clone();
    cx.create(move |tx| creation_store(tx, &within, &creation))
}

pub fn customer_update(cx: &Cx, id: PartyId, version: i64, patch: &Value) -> AppResult<CustomerView> {
    cx.require(WRITE)?;
    let revision = revision_check(cx, id, version, patch)?;
    let within = cx.clone();
    cx.change(move |tx| revision_store(tx, &within, &revision))
}

/// Takes the customer out of every list. Orders and history stay; [`customer_restore`] brings it back.
pub fn customer_delete(cx: &Cx, id: PartyId, version: i64) -> AppResult<()> {
    cx.require(DELETE)?;
    let record = cx.read(|db| {
        let record = record_to_change(cx, db, id, version)?;
        own_require(cx, db, id).map(|()| record)
    })?;
    let within = cx.clone();
    cx.change(move |tx| deletion_store(tx, &within, &record))
}

/// Brings a deleted customer back with everything it had; its unique custom values must still be free.
pub fn customer_restore(cx: &Cx, id: PartyId) -> AppResult<CustomerView> {
    cx.require(DELETE)?;
    let company = cx.company()?;
    let reach = cx.visible_own(Resource::Customer, Action::Write);
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let Some(record) = party_get_deleted(tx, id, &reach)? else {
            let living = party_get(tx, id, &reach)?;
            return Err(living.map_or(AppError::NotFound, |_| AppError::Conflict("wrong_state")));
        };
        if merged_into(tx, id)?.is_some() {
            return Err(AppError::Conflict("merged_away"));
        }
        let (unit_id, owner_id) = (record.party.unit_id, record.party.owner_id);
        party_restore(tx, id, record.party.version, cx.now)?;
        let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
        let input = to_input(&record, &parts, &company.currency);
        let definitions = custom_definitions(tx, "customer")?;
        let mut ignored = Checks::default();
        let values = custom_check(&mut ignored, &definitions, &input.custom, (unit_id, &company.currency), None);
        custom_values_set(tx, AnyId(id.0), &values.rows)?;
        parts_keep(tx, &[id])?;
        search_put(tx, &document(id, (unit_id, owner_id), record.party.code.as_deref(), &input))?;
        metric_refresh(tx, cx, &[id])?;
        contacts_refresh(tx, id, cx.now)?;
        Event::new(cx, "customer", id, "restored").party(id).stands(unit_id, owner_id).record(tx)?;
        let record = party_get(tx, id, &reach)?.ok_or(AppError::NotFound)?;
        customer_view(tx, record, &company.currency, &cx.actor.masks)
    })
}
