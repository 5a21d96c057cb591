//! Whose records a place in the organisation shows, and the rule that rearranging it shows nobody more than the one who
//! rearranges sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::actor::{Action, Actor, Resource, Scope, Visibility};
use crate::ids::{DepartmentId, UnitId, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    pub id: DepartmentId,
    pub unit_id: UnitId,
    pub parent_id: Option<DepartmentId>,
    pub leader_id: Option<UserId>,
}

/// Someone with an account, able to sign in or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub unit_id: UnitId,
    pub department_id: DepartmentId,
    pub scopes: BTreeMap<Resource, Scope>,
}

/// Departments whose members' records the scope `team` shows: one's own, and those one leads.
pub fn team(person: UserId, own: DepartmentId, departments: &[Department]) -> Vec<DepartmentId> {
    let led = departments.iter().filter(|d| d.leader_id == Some(person) && d.id != own).map(|d| d.id);
    std::iter::once(own).chain(led).collect()
}

/// These departments with everything below: the scope `tree`.
pub fn tree(roots: &[DepartmentId], departments: &[Department]) -> Vec<DepartmentId> {
    let mut reached = roots.to_vec();
    let mut next = 0;
    while let Some(parent) = reached.get(next).copied() {
        for department in departments {
            if department.parent_id == Some(parent) && !reached.contains(&department.id) {
                reached.push(department.id);
            }
        }
        next += 1;
    }
    reached
}

/// Departments and people as they stand at one moment.
#[derive(Debug, Clone, Default)]
pub struct Organisation {
    pub departments: Vec<Department>,
    pub people: Vec<Person>,
}

impl Organisation {
    /// Departments whose members' records this person sees; the whole company is not counted by departments.
    fn shown(&self, person: &Person, resource: Resource) -> BTreeSet<DepartmentId> {
        match person.scopes.get(&resource) {
            None | Some(Scope::Own | Scope::Company) => BTreeSet::new(),
            Some(Scope::Team) => team(person.id, person.department_id, &self.departments).into_iter().collect(),
            Some(Scope::Tree) => {
                let team = team(person.id, person.department_id, &self.departments);
                tree(&team, &self.departments).into_iter().collect()
            }
            Some(Scope::Unit) => {
                self.departments.iter().filter(|d| d.unit_id == person.unit_id).map(|d| d.id).collect()
            }
        }
    }

    fn by_id(&self) -> HashMap<UserId, &Person> {
        self.people.iter().map(|person| (person.id, person)).collect()
    }
}

/// Whether the change shows anyone records of people whose records the actor did not see before it. Who keeps roles may
/// do it: they give any sight.
pub fn widened(actor: &Actor, before: &Organisation, after: &Organisation) -> bool {
    if actor.may("access:role:write") {
        return false;
    }
    let stood = before.by_id();
    Resource::ALL.into_iter().any(|resource| {
        let seen = |owner: &Person| match actor.visible_own(resource, Action::Read) {
            Visibility::Nothing | Visibility::Beside { .. } => false,
            Visibility::Owned { user_id, departments, .. } => {
                owner.id == user_id || departments.contains(&owner.department_id)
            }
            Visibility::Unit(unit_id) => owner.unit_id == unit_id,
            Visibility::Company => true,
        };
        after.people.iter().any(|viewer| {
            let now = after.shown(viewer, resource);
            let then = stood.get(&viewer.id).map(|viewer| before.shown(viewer, resource)).unwrap_or_default();
            // Who was not there before has no records yet.
            let owners =
                after.people.iter().filter(|owner| owner.id != viewer.id && now.contains(&owner.department_id));
            owners
                .filter_map(|owner| stood.get(&owner.id))
                .any(|owner| !then.contains(&owner.department_id) && !seen(owner))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Credential;
    use uuid::Uuid;

    fn department_id(number: u128) -> DepartmentId {
        DepartmentId(Uuid::from_u128(number))
    }

    fn person(number: u128, department: u128, scope: Scope) -> Person {
        Person {
            id: UserId(Uuid::from_u128(number)),
            unit_id: UnitId(Uuid::nil()),
            department_id: department_id(department),
            scopes: [(Resource::Customer, scope)].into(),
        }
    }

    /// Departments 1 and 2 side by side, 3 below 2; person 10 in 1 sees a tree, 20 in 2 and 30 in 3 their own.
    fn organisation() -> Organisation {
        let department = |id, parent: Option<u128>| Department {
            id: department_id(id),
            unit_id: UnitId(Uuid::nil()),
            parent_id: parent.map(department_id),
            leader_id: None,
        };
        Organisation {
            departments: vec![department(1, None), department(2, None), department(3, Some(2))],
            people: vec![person(10, 1, Scope::Tree), person(20, 2, Scope::Own), person(30, 3, Scope::Own)],
        }
    }

    fn actor(person: &Person, organisation: &Organisation, permissions: &[&str]) -> Actor {
        let team = team(person.id, person.department_id, &organisation.departments);
        Actor {
            user_id: person.id,
            name: String::new(),
            locale: "en".into(),
            unit_id: person.unit_id,
            department_id: person.department_id,
            tree: tree(&team, &organisation.departments),
            team,
            permissions: permissions.iter().chain(&["customers:customer:read"]).map(|p| (*p).to_string()).collect(),
            scopes: person.scopes.clone(),
            masks: crate::mask::Masks::default(),
            shares: None,
            credential: Credential::Job,
        }
    }

    #[test]
    fn nobody_shows_what_they_do_not_see() {
        let before = organisation();
        let mut hung = before.clone();
        hung.departments[1].parent_id = Some(department_id(1));
        let mut led = before.clone();
        led.departments[2].leader_id = Some(before.people[0].id);
        let mut moved = before.clone();
        moved.people[2].department_id = department_id(1);
        let mut raised = before.clone();
        raised.people[1].scopes = [(Resource::Customer, Scope::Tree)].into();
        let tree_of_one = actor(&before.people[0], &before, &[]);
        let own_of_two = actor(&before.people[1], &before, &[]);
        for (what, after) in [("below", &hung), ("led", &led), ("moved in", &moved), ("raised", &raised)] {
            assert!(widened(&tree_of_one, &before, after), "{what}: they would see it themselves");
            assert!(widened(&own_of_two, &before, after), "{what}: another would");
            let mut unit = own_of_two.clone();
            unit.scopes = [(Resource::Customer, Scope::Unit)].into();
            assert!(!widened(&unit, &before, after), "{what}: the whole unit is in sight");
            let keeper = actor(&before.people[1], &before, &["access:role:write"]);
            assert!(!widened(&keeper, &before, after), "{what}: keepers of roles give any sight");
        }
        assert!(!widened(&own_of_two, &hung, &before), "taking sight away is free");
        let mut grown = before.clone();
        grown.people.push(person(40, 1, Scope::Own));
        assert!(!widened(&own_of_two, &before, &grown), "a new person has nothing to show");
    }
}
