//! Who acts, and what that lets them see. The one predicate of the house: [`Actor::visible`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{ApiKeyId, DepartmentId, SessionId, UnitId, UserId};
use crate::mask::Masks;

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
    Task,
    Opportunity,
}

impl Resource {
    pub const ALL: [Resource; 4] = [Resource::Customer, Resource::Order, Resource::Task, Resource::Opportunity];

    pub fn name(self) -> &'static str {
        match self {
            Resource::Customer => "customer",
            Resource::Order => "order",
            Resource::Task => "task",
            Resource::Opportunity => "opportunity",
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
    /// None at all: a form on the web was sent.
    Visit,
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
    /// Fields of customers that are kept from this person.
    pub masks: Masks,
    /// Where to look for customers that are shared with this person; absent when none are.
    pub shares: Option<Shares>,
    pub credential: Credential,
}

/// Finds the live shares that name a person or their department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    pub user_id: UserId,
    pub department_id: DepartmentId,
    /// What ended before is none any more.
    pub at: DateTime<Utc>,
    /// Only those that let change.
    pub edit: bool,
    /// The units whose customers are shared with them.
    pub units: Vec<UnitId>,
}

/// The permission whose roles decide what of a customer is seen.
const READS: &str = "customers:customer:read";

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
    /// What `own` reaches, and what others share with the person.
    Beside {
        own: Box<Visibility>,
        shares: Shares,
    },
}

impl Actor {
    /// A visitor of a unit's form on the web: nobody who is known, with no rights.
    pub fn visitor(unit_id: UnitId, locale: &str) -> Self {
        Self {
            user_id: UserId(uuid::Uuid::nil()),
            name: String::new(),
            locale: locale.into(),
            unit_id,
            department_id: DepartmentId(uuid::Uuid::nil()),
            team: Vec::new(),
            tree: Vec::new(),
            permissions: BTreeSet::new(),
            scopes: BTreeMap::new(),
            masks: Masks::default(),
            shares: None,
            credential: Credential::Visit,
        }
    }

    /// The user who acts; a visitor is none.
    pub fn user(&self) -> Option<UserId> {
        (self.credential != Credential::Visit).then_some(self.user_id)
    }

    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// What this person reaches among records of `resource`, what is shared with them included. A missing permission
    /// reaches nothing.
    pub fn visible(&self, resource: Resource, action: Action) -> Visibility {
        let own = self.visible_own(resource, action);
        match &self.shares {
            Some(shares)
                if resource == Resource::Customer && own != Visibility::Company && self.acts(resource, action) =>
            {
                let shares = Shares { edit: action == Action::Write, ..shares.clone() };
                Visibility::Beside { own: Box::new(own), shares }
            }
            _ => own,
        }
    }

    /// Whether the permission is there, whatever it reaches.
    fn acts(&self, resource: Resource, action: Action) -> bool {
        let (area, name) = match resource {
            Resource::Customer => ("customers", "customer"),
            Resource::Order => ("sales", "order"),
            Resource::Task => ("activities", "task"),
            Resource::Opportunity => ("sales", "opportunity"),
        };
        let verb = match action {
            Action::Read => "read",
            Action::Write => "write",
        };
        self.may(&format!("{area}:{name}:{verb}"))
    }

    /// What this person reaches by their own right: what may be given away, shared, merged or deleted.
    pub fn visible_own(&self, resource: Resource, action: Action) -> Visibility {
        if !self.acts(resource, action) {
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

    /// Whether the organisation of every unit is in sight: head office, the keepers of roles, and those whose
    /// business sight reaches the whole company (auditors).
    pub fn sees_all_units(&self) -> bool {
        self.is_head_office() || self.may("access:role:write") || self.scopes.values().any(|s| *s == Scope::Company)
    }

    /// The unit whose people and departments are in sight; `None` is every unit.
    pub fn organisation_reach(&self) -> Option<UnitId> {
        (!self.sees_all_units()).then_some(self.unit_id)
    }

    /// The one rule of giving rights, and of touching the account of someone who has them.
    ///
    /// Who keeps roles (`access:role:write`) gives any. Everyone else gives only what they hold: no permission they
    /// lack, no sight wider than theirs, no field that is masked for them, and never sight of the whole company. So
    /// nobody raises themselves, and nobody takes over an account that can do more than they can.
    pub fn may_grant(&self, grant: &Grant) -> bool {
        if self.may("access:role:write") {
            return true;
        }
        let held = |resource: &Resource, scope: Scope| self.scopes.get(resource).is_some_and(|mine| scope <= *mine);
        grant.permissions.is_subset(&self.permissions)
            && (self.masks.is_within(&grant.masks) || !grant.permissions.contains(READS))
            && grant.scopes.iter().all(|(resource, scope)| *scope < Scope::Company && held(resource, *scope))
    }
}

/// What some roles give together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    pub permissions: BTreeSet<String>,
    pub scopes: BTreeMap<Resource, Scope>,
    pub masks: Masks,
}

impl Grant {
    /// Adds a role: every permission of it, the wider of each sight. A field stays masked only if every role that lets
    /// read customers masks it; where none does, whatever any role masks.
    pub fn add(&mut self, permissions: Vec<String>, scopes: BTreeMap<Resource, Scope>, masks: &Masks) {
        let (read_before, reads) = (self.permissions.contains(READS), permissions.iter().any(|one| one == READS));
        match (read_before, reads) {
            (false, true) => self.masks = masks.clone(),
            (true, true) => self.masks = self.masks.common(masks),
            (false, false) => self.masks = self.masks.joined(masks),
            (true, false) => {}
        }
        self.permissions.extend(permissions);
        for (resource, scope) in scopes {
            let widest = self.scopes.entry(resource).or_insert(scope);
            *widest = (*widest).max(scope);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(permissions: &[&str], customer: Option<Scope>) -> Actor {
        Actor {
            user_id: UserId::fresh(),
            name: "A".into(),
            locale: "en".into(),
            unit_id: UnitId::fresh(),
            department_id: DepartmentId::fresh(),
            team: Vec::new(),
            tree: Vec::new(),
            permissions: permissions.iter().map(|p| (*p).to_string()).collect(),
            scopes: customer.map(|scope| (Resource::Customer, scope)).into_iter().collect(),
            masks: Masks::default(),
            shares: None,
            credential: Credential::Job,
        }
    }

    #[test]
    fn shares_widen_sight_by_what_they_say_and_no_more() {
        let mut one = actor(&[READS, "customers:customer:write", "sales:order:read"], Some(Scope::Own));
        let own = one.visible(Resource::Customer, Action::Read);
        assert_eq!(own, one.visible_own(Resource::Customer, Action::Read));
        one.shares = Some(Shares {
            user_id: one.user_id,
            department_id: one.department_id,
            at: DateTime::UNIX_EPOCH,
            edit: false,
            units: vec![one.unit_id],
        });
        assert_eq!(one.visible_own(Resource::Customer, Action::Read), own);
        assert_eq!(one.visible(Resource::Order, Action::Read), Visibility::Nothing, "orders keep their own sight");
        for (action, edits) in [(Action::Read, false), (Action::Write, true)] {
            let Visibility::Beside { own: base, shares } = one.visible(Resource::Customer, action) else {
                panic!("shares count");
            };
            assert_eq!((*base, shares.edit), (own.clone(), edits));
        }
        one.permissions.remove("customers:customer:write");
        assert_eq!(one.visible(Resource::Customer, Action::Write), Visibility::Nothing, "a share gives no permission");
        one.scopes.insert(Resource::Customer, Scope::Company);
        assert_eq!(one.visible(Resource::Customer, Action::Read), Visibility::Company);
    }

    fn grant(permissions: &[&str], customer: Option<Scope>) -> Grant {
        let mut grant = Grant::default();
        let scopes = customer.map(|scope| (Resource::Customer, scope)).into_iter().collect();
        grant.add(permissions.iter().map(|p| (*p).to_string()).collect(), scopes, &Masks::default());
        grant
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let keeper = actor(&["access:user:write", "customers:customer:read"], Some(Scope::Unit));
        assert!(keeper.may_grant(&grant(&["customers:customer:read"], Some(Scope::Own))));
        assert!(keeper.may_grant(&grant(&["access:user:write"], Some(Scope::Unit))));
        assert!(!keeper.may_grant(&grant(&["access:role:write"], None)), "a permission they lack");
        assert!(!keeper.may_grant(&grant(&["customers:customer:read"], Some(Scope::Company))), "sight they lack");
        let blind = actor(&["access:user:write"], None);
        assert!(!blind.may_grant(&grant(&[], Some(Scope::Own))), "sight of what they do not see");
    }

    #[test]
    fn sight_of_the_whole_company_is_given_by_keepers_of_roles_only() {
        let executive = actor(&["access:user:write", "customers:customer:read"], Some(Scope::Company));
        assert!(!executive.may_grant(&grant(&["customers:customer:read"], Some(Scope::Company))));
        let keeper = actor(&["access:role:write"], None);
        assert!(keeper.may_grant(&grant(&["customers:customer:read"], Some(Scope::Company))));
    }

    #[test]
    fn the_wider_sight_of_two_roles_counts() {
        let mut both = grant(&["a"], Some(Scope::Team));
        both.add(vec!["b".to_string()], [(Resource::Customer, Scope::Own)].into_iter().collect(), &Masks::default());
        assert_eq!(both.scopes[&Resource::Customer], Scope::Team);
        assert_eq!(both.permissions.len(), 2);
    }

    #[test]
    fn a_field_is_masked_only_if_every_role_that_reads_masks_it() {
        type Keys = &'static [&'static str];
        const NONE: Keys = &[];
        let rows: &[(&[(&str, Keys)], Keys)] = &[
            (&[(READS, &["phone", "email"])], &["phone", "email"]),
            (&[(READS, &["phone", "email"]), (READS, &["email"])], &["email"]),
            (&[(READS, &["phone"]), (READS, NONE)], NONE),
            (&[(READS, &["phone"]), ("sales:order:read", NONE)], &["phone"]),
            (&[("sales:order:read", NONE), (READS, &["phone"])], &["phone"]),
            (&[("access:audit:read", &["phone"]), ("sales:order:read", NONE)], &["phone"]),
            (&[("access:audit:read", &["phone"]), (READS, NONE)], NONE),
        ];
        for (roles, masked) in rows {
            let mut grant = Grant::default();
            for (permission, masks) in *roles {
                grant.add(vec![(*permission).to_string()], BTreeMap::new(), &Masks::new(masks.iter().copied()));
            }
            assert_eq!(grant.masks, Masks::new(masked.iter().copied()), "{roles:?}");
        }
    }

    #[test]
    fn nobody_shows_others_what_is_masked_for_them() {
        let mut keeper = actor(&[READS, "access:user:write"], Some(Scope::Unit));
        keeper.masks = Masks::new(["phone"]);
        assert!(!keeper.may_grant(&grant(&[READS], Some(Scope::Own))));
        let masked = Grant { masks: Masks::new(["phone", "note"]), ..grant(&[READS], Some(Scope::Own)) };
        assert!(keeper.may_grant(&masked));
        assert!(keeper.may_grant(&grant(&["access:user:write"], None)));
    }
}
