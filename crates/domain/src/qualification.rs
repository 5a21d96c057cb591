//! Taking on a customer in steps: criteria, surveys, a proposal, approvals, contracts, and only then a code. What may
//! happen when, and what is still missing.

use crate::ids::{RoleId, UserId};

/// How far a qualification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Being filled in.
    Open,
    /// Waits for the next approval.
    Proposed,
    /// Refused with a reason; can be mended and proposed again.
    Rejected,
    /// Approved by all; contracts are still missing.
    Approved,
    /// Done: the customer has a code.
    Qualified,
    /// Given up.
    Withdrawn,
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Proposed, Self::Rejected, Self::Approved, Self::Qualified, Self::Withdrawn];
    pub const KEYS: [&str; 6] = ["open", "proposed", "rejected", "approved", "qualified", "withdrawn"];

    /// The contract's word.
    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    pub fn allows(self, act: Act) -> bool {
        match act {
            Act::Fill | Act::Propose => matches!(self, Self::Open | Self::Rejected),
            Act::Decide => self == Self::Proposed,
            Act::Complete => self == Self::Approved,
            Act::Withdraw => !self.is_over(),
        }
    }

    /// Nothing happens any more; another one may begin.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Qualified | Self::Withdrawn)
    }
}

/// What people do with a qualification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Fill,
    Propose,
    Decide,
    /// The code is given once the contracts are there.
    Complete,
    Withdraw,
}

/// What still stands in the way, by the place in the template's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// A required criterion is not met, or nobody has looked.
    Criterion(usize),
    /// A step has not been passed.
    Step(usize),
    /// The proposal says no reasons.
    Reasons,
    /// A required contract is not attached.
    Contract(usize),
}

/// What keeps a qualification from being proposed. `criteria` as required and met, `steps` as passed.
pub fn gaps_to_propose(criteria: &[(bool, Option<bool>)], steps: &[Option<bool>], reasons: &str) -> Vec<Gap> {
    let criteria = criteria.iter().enumerate();
    let unmet =
        criteria.filter(|(_, (required, met))| *required && *met != Some(true)).map(|(at, _)| Gap::Criterion(at));
    let unpassed = steps.iter().enumerate().filter(|(_, passed)| **passed != Some(true)).map(|(at, _)| Gap::Step(at));
    let silent = reasons.trim().is_empty().then_some(Gap::Reasons);
    unmet.chain(unpassed).chain(silent).collect()
}

/// What keeps an approved one from being done. `contracts` as required and attached.
pub fn gaps_to_qualify(contracts: &[(bool, bool)]) -> Vec<Gap> {
    let missing = contracts.iter().enumerate().filter(|(_, (required, attached))| *required && !*attached);
    missing.map(|(at, _)| Gap::Contract(at)).collect()
}

/// The step that may not have a result yet: steps are taken in their order.
pub fn step_out_of_turn(steps: &[Option<bool>]) -> Option<usize> {
    let first_open = steps.iter().position(Option::is_none)?;
    steps.iter().enumerate().skip(first_open).find(|(_, passed)| passed.is_some()).map(|(at, _)| at)
}

/// Who gives one approval: anyone who holds one of the roles, or is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvers<'a> {
    pub roles: &'a [RoleId],
    pub users: &'a [UserId],
}

/// Why someone may not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Neither named nor in a named role.
    NotNamed,
    /// Four eyes: whoever proposed it does not approve it.
    OwnProposal,
}

/// Whether a person gives this approval.
pub fn may_decide(
    approvers: &Approvers<'_>,
    (person, roles): (UserId, &[RoleId]),
    proposed_by: Option<UserId>,
    own_allowed: bool,
) -> Result<(), Refusal> {
    let named = approvers.users.contains(&person) || approvers.roles.iter().any(|role| roles.contains(role));
    match (named, proposed_by == Some(person) && !own_allowed) {
        (false, _) => Err(Refusal::NotNamed),
        (true, true) => Err(Refusal::OwnProposal),
        (true, false) => Ok(()),
    }
}

/// Puts somebody in another's place among those named, who may be there already; answers whether the other was.
pub fn approver_replaced(named: &mut Vec<UserId>, from: UserId, to: UserId) -> bool {
    let Some(at) = named.iter().position(|one| *one == from) else { return false };
    if named.contains(&to) {
        named.remove(at);
    } else {
        named[at] = to;
    }
    true
}

/// What becomes of an approval: the next one's turn, or all have approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Stage(usize),
    All,
}

pub fn after_approval(stage: usize, stages: usize) -> Next {
    if stage + 1 < stages { Next::Stage(stage + 1) } else { Next::All }
}

/// How a party stands as a customer: the one rule of codes and of the status `customer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has a code, or gets one now.
    Coded,
    /// It waits without a code until its qualification is done, as a lead or inactive.
    Uncoded,
}

/// Where a new party stands in a unit, and the status it gets for the one that was asked for.
pub fn standing_new(qualification_required: bool, status: &str) -> (Standing, &str) {
    match (qualification_required, status) {
        (false, status) => (Standing::Coded, status),
        (true, "customer") => (Standing::Uncoded, "lead"),
        (true, status) => (Standing::Uncoded, status),
    }
}

/// Where a party stands after a change; `None` when it asks for what only a qualification gives.
pub fn standing_changed(
    qualification_required: bool,
    has_code: bool,
    asks_for_code: bool,
    status: &str,
) -> Option<Standing> {
    let wants = asks_for_code || status == "customer";
    match (has_code, qualification_required, wants) {
        (true, _, _) => Some(Standing::Coded),
        (false, true, true) => None,
        (false, false, true) => Some(Standing::Coded),
        (false, _, false) => Some(Standing::Uncoded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_has_its_time() {
        use Act::*;
        use Status::*;
        for (status, allowed) in [
            (Open, &[Fill, Propose, Withdraw][..]),
            (Proposed, &[Decide, Withdraw]),
            (Rejected, &[Fill, Propose, Withdraw]),
            (Approved, &[Complete, Withdraw]),
            (Qualified, &[]),
            (Withdrawn, &[]),
        ] {
            for act in [Fill, Propose, Decide, Complete, Withdraw] {
                assert_eq!(status.allows(act), allowed.contains(&act), "{status:?} {act:?}");
            }
            assert_eq!(Status::parse(status.key()), Some(status));
        }
    }

    #[test]
    fn nothing_is_proposed_with_gaps() {
        let full = [(true, Some(true)), (false, None)];
        assert_eq!(gaps_to_propose(&full, &[Some(true)], "Pays early"), []);
        assert_eq!(
            gaps_to_propose(
                &[(true, None), (true, Some(false)), (false, Some(false))],
                &[Some(true), Some(false), None],
                " "
            ),
            [Gap::Criterion(0), Gap::Criterion(1), Gap::Step(1), Gap::Step(2), Gap::Reasons]
        );
        assert_eq!(gaps_to_qualify(&[(true, true), (true, false), (false, false)]), [Gap::Contract(1)]);
    }

    #[test]
    fn steps_are_taken_in_order() {
        for (steps, wrong) in [
            (&[][..], None),
            (&[None, None][..], None),
            (&[Some(true), None], None),
            (&[Some(false), Some(true)], None),
            (&[None, Some(true)], Some(1)),
            (&[Some(true), None, Some(false)], Some(2)),
        ] {
            assert_eq!(step_out_of_turn(steps), wrong, "{steps:?}");
        }
    }

    #[test]
    fn two_pairs_of_eyes() {
        let (head, buyer) = (RoleId::fresh(), RoleId::fresh());
        let (ann, ben) = (UserId::fresh(), UserId::fresh());
        let (roles, users) = ([head], [ben]);
        let approvers = Approvers { roles: &roles, users: &users };
        for (person, held, proposer, own, expected) in [
            (ann, head, ben, false, Ok(())),
            (ben, buyer, ann, false, Ok(())),
            (ann, buyer, ben, false, Err(Refusal::NotNamed)),
            (ann, buyer, ann, true, Err(Refusal::NotNamed)),
            (ann, head, ann, false, Err(Refusal::OwnProposal)),
            (ann, head, ann, true, Ok(())),
        ] {
            assert_eq!(may_decide(&approvers, (person, &[held]), Some(proposer), own), expected);
        }
    }

    #[test]
    fn an_heir_is_named_once() {
        let (ann, ben, cho) = (UserId::fresh(), UserId::fresh(), UserId::fresh());
        for (named, expected, was) in [
            (&[ann, cho][..], &[ben, cho][..], true),
            (&[ben, ann], &[ben], true),
            (&[cho], &[cho], false),
            (&[], &[], false),
        ] {
            let mut people = named.to_vec();
            assert_eq!((approver_replaced(&mut people, ann, ben), &people[..]), (was, expected));
        }
    }

    #[test]
    fn approvals_come_one_after_the_other() {
        assert_eq!(after_approval(0, 2), Next::Stage(1));
        assert_eq!(after_approval(1, 2), Next::All);
    }

    #[test]
    fn a_code_is_given_where_none_is_waited_for() {
        for (required, status, standing) in [
            (false, "customer", (Standing::Coded, "customer")),
            (false, "lead", (Standing::Coded, "lead")),
            (true, "customer", (Standing::Uncoded, "lead")),
            (true, "inactive", (Standing::Uncoded, "inactive")),
        ] {
            assert_eq!(standing_new(required, status), standing);
        }
        for (required, has, asks, status, standing) in [
            (true, true, true, "customer", Some(Standing::Coded)),
            (true, false, false, "lead", Some(Standing::Uncoded)),
            (true, false, false, "customer", None),
            (true, false, true, "lead", None),
            (false, false, false, "lead", Some(Standing::Uncoded)),
            (false, false, false, "customer", Some(Standing::Coded)),
            (false, false, true, "lead", Some(Standing::Coded)),
        ] {
            assert_eq!(standing_changed(required, has, asks, status), standing, "{required} {has} {asks} {status}");
        }
    }
}
