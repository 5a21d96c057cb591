//! Who acts, and what that lets them see. The one predicate of the house: [`Actor::visible`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{ApiKeyId, DepartmentId, SessionId, UnitId, UserId};

/// How far a role's sight reaches on one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records the person owns.
    Own,
    /// Records owned by anyone in the person's department, or in one they lead.
    Team,
    /// The same, with the departments below.
    Tree,
    /// Every record of the unit.
    Unit,
    /// Every record of the company.
    Company,
}

/// Kinds of record with an owner and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    Customer,
    Order,
}

impl Resource {
    pub const ALL: [Resource; 2] = [Resource::Customer, Resource::Order];

    pub fn name(self) -> &'static str {
        match self {
            Resource::Customer => "customer",
            Resource::Order => "order",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Read,
    Write,
}

/// How the caller proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    Session(SessionId),
    ApiKey(ApiKeyId),
    /// Background work done in the person's name.
    Job,
}

/// A signed-in person (or a key of theirs) with everything needed to decide what they may do.
#[derive(Debug, Clone)]
pub struct Actor {
    pub user_id: UserId,
    pub name: String,
    pub locale: String,
    pub unit_id: UnitId,
    pub department_id: DepartmentId,
    /// Departments whose members' records the scope `team` reaches.
    pub team: Vec<DepartmentId>,
    /// The same with everything below: the scope `tree`.
    pub tree: Vec<DepartmentId>,
    pub permissions: BTreeSet<String>,
    pub scopes: BTreeMap<Resource, Scope>,
    pub credential: Credential,
}

/// Which records of one kind a person reaches; persistence turns it into the same SQL on every path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    Nothing,
    /// Records in the unit owned by the person or by a member of these departments.
    Owned {
        unit_id: UnitId,
        user_id: UserId,
        departments: Vec<DepartmentId>,
    },
    Unit(UnitId),
    Company,
}

impl Actor {
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// What this person reaches among records of `resource`. A missing permission reaches nothing.
    pub fn visible(&self, resource: Resource, action: Action) -> Visibility {
        let (area, name) = match resource {
            Resource::Customer => ("customers", "customer"),
            Resource::Order => ("sales", "order"),
        };
        let verb = match action {
            Action::Read => "read",
            Action::Write => "write",
        };
        if !self.may(&format!("{area}:{name}:{verb}")) {
            return Visibility::Nothing;
        }
        let owned = |departments: &[DepartmentId]| Visibility::Owned {
            unit_id: self.unit_id,
            user_id: self.user_id,
            departments: departments.to_vec(),
        };
        match self.scopes.get(&resource) {
            None => Visibility::Nothing,
            Some(Scope::Own) => owned(&[]),
            Some(Scope::Team) => owned(&self.team),
            Some(Scope::Tree) => owned(&self.tree),
            Some(Scope::Unit) => Visibility::Unit(self.unit_id),
            Some(Scope::Company) => Visibility::Company,
        }
    }

    /// Whether the caller sees across the walls between units.
    pub fn is_head_office(&self) -> bool {
        self.may("access:unit:transfer")
    }
}
