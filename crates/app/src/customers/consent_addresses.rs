//! Where a customer can be reached, as far as the rule of consent asks: how many addresses there are of a kind, how many are
//! on the do-not-contact list, how many reach nobody.

use std::collections::BTreeSet;

use regulars_domain::consent::{AddressKind, AddressMark};
use regulars_domain::ids::UnitId;
use regulars_persistence::Db;
use regulars_persistence::customers::consent::{SuppressionRecord, suppressed_among};
use regulars_persistence::customers::parts::{MarkPart, Parts};

use crate::AppResult;

/// Where somebody can be reached.
#[derive(Default)]
pub struct Addresses {
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    /// Those of both that are marked invalid.
    invalid: BTreeSet<String>,
}

impl Addresses {
    pub fn of(parts: Parts) -> Self {
        let wrong = |mark: &Option<MarkPart>| mark.as_ref().is_some_and(|mark| mark.mark == AddressMark::Invalid.key());
        let emails = parts.emails.iter().filter(|email| wrong(&email.mark)).map(|email| email.address.clone());
        let phones = parts.phones.iter().filter(|phone| wrong(&phone.mark)).map(|phone| phone.number.clone());
        let invalid = emails.chain(phones).collect();
        let mut phones: Vec<String> = parts.phones.into_iter().map(|phone| phone.number).collect();
        // One number may be that of two people of a house.
        phones.sort_unstable();
        phones.dedup();
        Self { emails: parts.emails.into_iter().map(|email| email.address).collect(), phones, invalid }
    }

    /// How many there are of a kind, on the list, and marked invalid without being on it.
    pub fn counts(&self, kind: AddressKind, listed: &[SuppressionRecord]) -> Counts {
        let own = if kind == AddressKind::Email { &self.emails } else { &self.phones };
        let on_list = |address: &String| {
            listed.iter().any(|record| record.own.kind == kind.key() && record.own.address == *address)
        };
        Counts {
            addresses: own.len(),
            suppressed: own.iter().filter(|address| on_list(address)).count(),
            invalid: own.iter().filter(|address| self.invalid.contains(*address) && !on_list(address)).count(),
        }
    }

    /// Those that are on a unit's list.
    pub fn suppressed(&self, db: &mut Db, unit: UnitId) -> AppResult<Vec<SuppressionRecord>> {
        let mut suppressed = suppressed_among(db, unit, AddressKind::Email.key(), &self.emails)?;
        suppressed.extend(suppressed_among(db, unit, AddressKind::Phone.key(), &self.phones)?);
        Ok(suppressed)
    }

    pub fn holds(&self, record: &SuppressionRecord) -> bool {
        let own = if record.own.kind == AddressKind::Email.key() { &self.emails } else { &self.phones };
        own.contains(&record.own.address)
    }
}

/// Of the addresses of one kind.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub addresses: usize,
    pub suppressed: usize,
    pub invalid: usize,
}
