//! Whether a phone or an e-mail is known to reach the customer. The mark belongs to the address: it stays while the same
//! number or address is kept, and goes when another takes its place.

use chrono::{DateTime, Utc};
use regulars_domain::consent::{AddressKind, AddressMark};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UserId};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::parts::{MarkPart, parts_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{CustomerInput, EmailEntry, PhoneEntry};
use super::view::{CustomerView, to_input};
use super::write::{record_to_change, revision_of, revision_store};
use crate::access::Ref;
use crate::{AppResult, Cx};

const WRITE: &str = "customers:customer:write";
/// The dictionary of why an address no longer reaches anybody.
pub const REASONS: &str = "invalid_reason";

/// What is known of an address, since when and from whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressMarkView {
    #[schema(value_type = crate::shape::AddressMark)]
    pub mark: String,
    /// Why it is invalid: a key of the dictionary `invalid_reason`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub by: Ref,
}

/// Which of the customer's addresses is marked, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressMarkInput {
    #[schema(value_type = crate::shape::SuppressedKind)]
    pub kind: String,
    /// Its place among the customer's phones or e-mails, from 0.
    #[schema(example = 0)]
    pub position: usize,
    /// No mark when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::AddressMark>)]
    pub mark: Option<String>,
    /// Why it is invalid, which must be said: a key of the dictionary `invalid_reason`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub reason: Option<String>,
}

pub(super) fn mark_view(part: &MarkPart) -> AddressMarkView {
    AddressMarkView {
        mark: part.mark.clone(),
        reason: part.reason.clone(),
        at: part.at,
        by: Ref::new(part.by, part.by_name.clone()),
    }
}

pub(super) fn mark_part(view: &AddressMarkView) -> MarkPart {
    MarkPart {
        mark: view.mark.clone(),
        reason: view.reason.clone(),
        at: view.at,
        by: UserId(view.by.id),
        by_name: view.by.name.clone(),
    }
}

/// Marks are not written with the customer: whatever came along is replaced by what the same address has.
pub(super) fn marks_stand(input: &mut CustomerInput, before: Option<&CustomerInput>) {
    let (phones, emails): (&[PhoneEntry], &[EmailEntry]) =
        before.map_or((&[], &[]), |before| (&before.phones, &before.emails));
    for phone in &mut input.phones {
        phone.mark = phones.iter().find(|known| known.number == phone.number).and_then(|known| known.mark.clone());
    }
    for email in &mut input.emails {
        email.mark = emails.iter().find(|known| known.address == email.address).and_then(|known| known.mark.clone());
    }
}

/// Marks an address of a customer the caller may change, or takes its mark away.
pub fn address_mark_put(cx: &Cx, id: PartyId, version: i64, input: &AddressMarkInput) -> AppResult<CustomerView> {
    cx.require(WRITE)?;
    cx.read(|db| {
        let mut checks = Checks::default();
        checks.one_of("/kind", &input.kind, &AddressKind::KEYS);
        if let Some(mark) = &input.mark {
            checks.one_of("/mark", mark, &AddressMark::KEYS);
        }
        let invalid = input.mark.as_deref() == Some(AddressMark::Invalid.key());
        match &input.reason {
            None if invalid => checks.fail("/reason", "required"),
            Some(_) if !invalid => checks.fail("/reason", "only_when_invalid"),
            Some(reason) if entries_active(db, &[(REASONS, reason)])?.is_empty() => {
                checks.fail("/reason", "unknown_reference");
            }
            _ => {}
        }
        Ok(checks.done()?)
    })?;
    let currency = cx.company()?.currency.clone();
    let mark = input.mark.clone().map(|mark| AddressMarkView {
        mark,
        reason: input.reason.clone(),
        at: cx.now,
        by: Ref::new(cx.actor.user_id, cx.actor.name.clone()),
    });
    let (within, input) = (cx.clone(), input.clone());
    cx.change(move |tx| {
        let record = record_to_change(&within, tx, id, version)?;
        let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
        let before = to_input(&record, &parts, &currency);
        let mut after = before.clone();
        let place = if input.kind == AddressKind::Phone.key() {
            number_marked(&mut after, input.position, mark.as_ref())
        } else {
            after.emails.get_mut(input.position).map(|email| email.mark.clone_from(&mark))
        };
        if place.is_none() {
            let mut checks = Checks::default();
            checks.fail("/position", "unknown_reference");
            checks.done()?;
        }
        let revision = revision_of(&within, tx, "marked", &record, (before, after))?;
        revision_store(tx, &within, &revision)
    })
}

/// A number that stands twice, as two people's of one house, is marked wherever it stands.
fn number_marked(input: &mut CustomerInput, position: usize, mark: Option<&AddressMarkView>) -> Option<()> {
    let number = input.phones.get(position)?.number.clone();
    for phone in input.phones.iter_mut().filter(|phone| phone.number == number) {
        phone.mark = mark.cloned();
    }
    Some(())
}
