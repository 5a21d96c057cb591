//! The audit log: who changed what, when, from where, before and after.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Actor, Resource, Scope};
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::access::audit::{AUDIT_FROM, AUDIT_ID, AuditReach, audit_catalogue, audit_scope, event_rows};
use regulars_persistence::access::organisation::unit_list;
use regulars_persistence::access::user::user_rows;
use regulars_persistence::event::EventRow;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Ref;
use crate::customers::mask::told_mask;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::told::{ChangeView, Teller, Told};
use crate::{AppResult, Cx};

/// Resources whose events hold no business data: what a system administrator may read of everyone.
pub const ACCOUNT_RESOURCES: &[&str] = &[
    "unit",
    "department",
    "user",
    "account_request",
    "role",
    "session",
    "api_key",
    "settings",
    "custom_field",
    "dictionary_entry",
];

/// Those of them that are the whole company's: everybody who reads the log of accounts reads of them.
const COMPANY_RESOURCES: &[&str] = &["role", "settings", "custom_field", "dictionary_entry"];

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AuditView {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// Nobody, when the program did it by itself.
    pub actor: Option<Ref>,
    #[schema(example = "updated")]
    pub action: String,
    #[schema(example = "customer")]
    pub resource: String,
    pub resource_id: Uuid,
    /// What the record is called, if it still stands within the caller's sight.
    pub resource_name: Option<String>,
    pub unit: Option<Ref>,
    pub request_id: Option<String>,
    pub address: Option<String>,
    /// The members that changed, as they were.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The same for people: field by field, in the caller's language.
    pub changes: Vec<ChangeView>,
}

/// Executives and auditors read everything. Others read their unit's: business events only when they see all of the
/// unit's customers. Who keeps accounts and roles reads the events of accounts and settings of all units.
fn reach(actor: &Actor) -> AuditReach {
    let sight = actor.scopes.get(&Resource::Customer).copied();
    if actor.is_head_office() || sight == Some(Scope::Company) {
        return AuditReach::Company;
    }
    AuditReach::Parts {
        accounts: actor.organisation_reach(),
        business: (sight == Some(Scope::Unit)).then_some(actor.unit_id),
    }
}

/// The log, the latest first.
pub fn audit_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<AuditView>> {
    cx.require("access:audit:read")?;
    let catalogue = audit_catalogue();
    let source = Source { from: AUDIT_FROM, id: AUDIT_ID, catalogue: &catalogue, default_sort: "-at" };
    let scope = audit_scope(&reach(&cx.actor), ACCOUNT_RESOURCES, COMPANY_RESOURCES);
    cx.read(|db| {
        let page = page_ids(cx, db, request, &source, &scope)?;
        let mut views = views(cx, db, &page.items)?;
        Ok(Page {
            items: page.items.iter().filter_map(|id| views.remove(id)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

fn views(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<HashMap<Uuid, AuditView>> {
    let rows = event_rows(db, ids.iter().map(|id| AnyId(*id)))?;
    let people: HashMap<UserId, String> = user_rows(db, rows.iter().filter_map(|row| row.actor_id))?
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect();
    let units: HashMap<_, _> = unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let rows: Vec<EventRow> = rows.into_iter().map(moved).collect();
    let all: Vec<Told<'_>> = rows.iter().map(told).collect();
    let teller = Teller::load(cx, db, &all, rows.iter().map(|row| row.resource_id.0))?;
    let masks = &cx.actor.masks;
    let view = |mut row: EventRow| AuditView {
        changes: {
            let changes = teller.changes(told(&row));
            told_mask(masks, &row.resource, &mut row.before);
            told_mask(masks, &row.resource, &mut row.after);
            changes
        },
        resource_name: teller.name(row.resource_id.0).map(String::from),
        id: row.id.0,
        at: row.at,
        actor: row.actor_id.map(|id| Ref::new(id, people.get(&id).cloned().unwrap_or_default())),
        action: row.action,
        resource: row.resource,
        resource_id: row.resource_id.0,
        unit: row.unit_id.map(|id| Ref::new(id, units.get(&id).cloned().unwrap_or_default())),
        request_id: row.request_id,
        address: row.address,
        before: row.before,
        after: row.after,
    };
    Ok(rows.into_iter().map(|row| (row.id.0, view(row))).collect())
}

fn told(row: &EventRow) -> Told<'_> {
    Told { resource: &row.resource, before: row.before.as_ref(), after: row.after.as_ref() }
}

/// A record that changed hands without a word about its fields still tells the old and the new owner.
fn moved(mut row: EventRow) -> EventRow {
    if row.unit_before.is_some() && row.before.is_none() && row.owner_before != row.owner_id {
        row.before = Some(json!({"owner_id": row.owner_before}));
        row.after = Some(json!({"owner_id": row.owner_id}));
    }
    row
}
