//! The guard around changes of departments and of people's places.

use std::collections::{BTreeMap, HashMap};

use regulars_domain::actor::{Actor, Resource, Scope};
use regulars_domain::ids::UserId;
use regulars_domain::sight::{Department, Organisation, Person, widened};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{DepartmentRow, department_list_all};
use regulars_persistence::access::role::role_holdings;
use regulars_persistence::access::user::user_places;

use crate::{AppError, AppResult};

pub fn department(row: &DepartmentRow) -> Department {
    Department { id: row.id, unit_id: row.unit_id, parent_id: row.parent_id, leader_id: row.leader_id }
}

fn organisation(db: &mut Db) -> AppResult<Organisation> {
    let mut scopes: HashMap<UserId, BTreeMap<Resource, Scope>> = HashMap::new();
    for (user, given) in role_holdings(db)? {
        let given: BTreeMap<Resource, Scope> = serde_json::from_value(given).map_err(AppError::internal)?;
        let held = scopes.entry(user).or_default();
        for (resource, scope) in given {
            let widest = held.entry(resource).or_insert(scope);
            *widest = (*widest).max(scope);
        }
    }
    let person = |place: regulars_persistence::access::user::PlaceRow| Person {
        scopes: scopes.remove(&place.id).unwrap_or_default(),
        id: place.id,
        unit_id: place.unit_id,
        department_id: place.department_id,
    };
    Ok(Organisation {
        departments: department_list_all(db, None)?.iter().map(department).collect(),
        people: user_places(db)?.into_iter().map(person).collect(),
    })
}

/// How things stood before a change, for those whose changes are guarded.
pub struct Before(Option<Organisation>);

/// To be taken in the change's transaction, before it.
pub fn sight_before(actor: &Actor, tx: &mut Db) -> AppResult<Before> {
    Ok(Before(if actor.may("access:role:write") { None } else { Some(organisation(tx)?) }))
}

/// Refuses the change just made in this transaction when it shows anyone what the actor does not see; `pointer` names the
/// field to blame.
pub fn sight_kept(actor: &Actor, tx: &mut Db, before: &Before, pointer: &str) -> AppResult<()> {
    match &before.0 {
        Some(before) if widened(actor, before, &organisation(tx)?) => Err(AppError::invalid(pointer, "beyond_yours")),
        _ => Ok(()),
    }
}
