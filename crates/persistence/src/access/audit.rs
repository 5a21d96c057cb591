//! Reading the event log.

use regulars_domain::condition::FieldType;
use regulars_domain::ids::UnitId;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::event::EventRow;
use crate::sql::Statement;
use crate::types::AnyId;

/// Where events are listed from, for [`crate::list`].
pub const AUDIT_FROM: &str = "event e";
pub const AUDIT_ID: &str = "e.id";

/// What events can be filtered and sorted by.
pub fn audit_catalogue() -> Catalogue {
    Catalogue {
        fields: vec![
            Field::column("at", FieldType::Instant, "e.at").sortable(),
            Field::column("resource", FieldType::Text, "e.resource"),
            Field::column("action", FieldType::Text, "e.action"),
            Field::column("resource_id", FieldType::Ref, "e.resource_id").of_ids(),
            Field::column("actor_id", FieldType::Ref, "e.actor_id").of_ids().nullable(),
            Field::column("unit_id", FieldType::Ref, "e.unit_id").of_ids().nullable(),
            Field::column("customer_id", FieldType::Ref, "e.party_id").of_ids().nullable(),
            Field::column("request_id", FieldType::Text, "e.request_id").nullable(),
        ],
        ..Catalogue::default()
    }
}

/// How far a reader of the log sees. Events without a unit concern the whole company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditReach {
    Company,
    Parts {
        /// Events of accounts and settings: of this unit, or of all.
        accounts: Option<UnitId>,
        /// Business events of this unit, if any.
        business: Option<UnitId>,
    },
}

/// The events in reach; `accounts` names the resources that are no business data, `company` those of them that no unit
/// has for itself.
pub fn audit_scope(reach: &AuditReach, accounts: &[&str], company: &[&str]) -> Statement {
    let AuditReach::Parts { accounts: unit_id, business } = reach else {
        return Statement::new("1 = 1");
    };
    let mut scope = Statement::new("((e.resource IN (");
    scope.bind_list(accounts.iter().copied()).push(")");
    if let Some(unit_id) = unit_id {
        scope.push(" AND (e.unit_id = ").bind(*unit_id).push(" OR e.unit_id IS NULL AND e.resource IN (");
        scope.bind_list(company.iter().copied()).push("))");
    }
    scope.push(")");
    if let Some(unit_id) = business {
        scope.push(" OR e.unit_id = ").bind(*unit_id);
    }
    scope.then(")")
}

/// These events, in no order.
pub fn event_rows(db: &mut Db, ids: impl IntoIterator<Item = AnyId>) -> StoreResult<Vec<EventRow>> {
    let mut statement = Statement::new(
        "SELECT id, at, actor_id, action, resource, resource_id, party_id, unit_id, owner_id, unit_before, \
         owner_before, before, after, request_id, address FROM event WHERE id IN (",
    );
    statement.bind_list(ids).push(")");
    statement.rows(db)
}
