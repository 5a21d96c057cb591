//! Account changes: asked for, approved, done. Four eyes see each: nobody approves what they asked for, nobody decides
//! about themselves.

use crate::ids::UserId;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// An account for somebody who has none.
    New,
    /// Other roles.
    Role,
    /// Another department, another unit.
    Move,
    /// Done at once by whoever may: leaving is feared.
    Freeze,
    /// The end of the account, with everything handed over.
    Leave,
}

impl AccountChange {
    pub const ALL: [AccountChange; 5] = [Self::New, Self::Role, Self::Move, Self::Freeze, Self::Leave];

    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Role => "role",
            Self::Move => "move",
            Self::Freeze => "freeze",
            Self::Leave => "leave",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestStatus {
    Asked,
    Approved,
    Refused,
    Withdrawn,
    Done,
}

impl RequestStatus {
    pub const ALL: [RequestStatus; 5] = [Self::Asked, Self::Approved, Self::Refused, Self::Withdrawn, Self::Done];

    pub fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Done => "done",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// What somebody does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Approve,
    Refuse,
    Withdraw,
    Complete,
}

/// Why it may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepFault {
    /// It has come further, or not so far.
    WrongState,
    /// Whoever asked does not approve; nobody decides about themselves.
    FourEyes,
}

/// A request as the rule sees it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub status: RequestStatus,
    pub asked_by: UserId,
    /// Whom it is about; nobody yet for a new account.
    pub about: Option<UserId>,
}

impl Standing {
    /// The state after a step, or why somebody may not take it.
    pub fn step(self, step: Step, by: UserId) -> Result<RequestStatus, StepFault> {
        use RequestStatus::{Approved, Asked, Done, Refused, Withdrawn};
        let next = match (self.status, step) {
            (Asked, Step::Approve) => Approved,
            (Asked | Approved, Step::Refuse) => Refused,
            (Asked | Approved, Step::Withdraw) => Withdrawn,
            (Approved, Step::Complete) => Done,
            _ => return Err(StepFault::WrongState),
        };
        let about_self = self.about == Some(by);
        let alone = match step {
            Step::Approve => self.asked_by == by || about_self,
            Step::Withdraw => self.asked_by != by,
            Step::Refuse | Step::Complete => about_self,
        };
        if alone { Err(StepFault::FourEyes) } else { Ok(next) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_eyes_see_every_request() {
        use RequestStatus::{Approved, Asked, Done, Refused, Withdrawn};
        use Step::{Approve, Complete, Refuse, Withdraw};
        use StepFault::{FourEyes, WrongState};
        let [asker, other, about] = [(); 3].map(|()| UserId::fresh());
        let rows = [
            (Asked, Approve, other, Ok(Approved)),
            (Asked, Approve, asker, Err(FourEyes)),
            (Asked, Approve, about, Err(FourEyes)),
            (Asked, Refuse, other, Ok(Refused)),
            (Asked, Refuse, asker, Ok(Refused)),
            (Asked, Refuse, about, Err(FourEyes)),
            (Asked, Withdraw, asker, Ok(Withdrawn)),
            (Asked, Withdraw, other, Err(FourEyes)),
            (Asked, Complete, other, Err(WrongState)),
            (Approved, Approve, other, Err(WrongState)),
            (Approved, Refuse, other, Ok(Refused)),
            (Approved, Withdraw, asker, Ok(Withdrawn)),
            (Approved, Complete, asker, Ok(Done)),
            (Approved, Complete, other, Ok(Done)),
            (Approved, Complete, about, Err(FourEyes)),
            (Done, Complete, other, Err(WrongState)),
            (Done, Withdraw, asker, Err(WrongState)),
            (Refused, Approve, other, Err(WrongState)),
            (Withdrawn, Approve, other, Err(WrongState)),
        ];
        for (status, step, by, expected) in rows {
            let standing = Standing { status, asked_by: asker, about: Some(about) };
            assert_eq!(standing.step(step, by), expected, "{status:?} {step:?}");
        }
    }

    #[test]
    fn keys_lead_back() {
        assert!(AccountChange::ALL.iter().all(|one| AccountChange::parse(one.key()) == Some(*one)));
        assert!(RequestStatus::ALL.iter().all(|one| RequestStatus::parse(one.key()) == Some(*one)));
    }
}
