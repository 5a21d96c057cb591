//! The form in which what people write about a customer is kept.

use regulars_domain::naming;
use regulars_persistence::customers::parts::{AddressPart, EmailPart, PhonePart};

use super::address_mark::mark_part;
use super::input::{AddressEntry, CustomerInput, EmailEntry, PhoneEntry};

/// The reading to sort and search by, and whether a person set it.
pub fn name_key(input: &CustomerInput) -> (String, bool) {
    match &input.name_pinyin {
        Some(set) => (set.clone(), true),
        None => (naming::reading(&input.name, input.kind == "person"), false),
    }
}

pub fn phone_parts(phones: &[PhoneEntry]) -> Vec<PhonePart> {
    let part = |entry: &PhoneEntry| PhonePart {
        number: entry.number.clone(),
        label: entry.label.clone(),
        primary: entry.primary,
        mark: entry.mark.as_ref().map(mark_part),
    };
    phones.iter().map(part).collect()
}

pub fn email_parts(emails: &[EmailEntry]) -> Vec<EmailPart> {
    let part = |entry: &EmailEntry| EmailPart {
        address: entry.address.clone(),
        label: entry.label.clone(),
        primary: entry.primary,
        mark: entry.mark.as_ref().map(mark_part),
    };
    emails.iter().map(part).collect()
}

pub fn address_parts(addresses: &[AddressEntry]) -> Vec<AddressPart> {
    let part = |entry: &AddressEntry| AddressPart {
        country: entry.country.clone(),
        province: entry.province.clone(),
        city: entry.city.clone(),
        district: entry.district.clone(),
        street: entry.street.clone(),
        postcode: entry.postcode.clone(),
        label: entry.label.clone(),
        primary: entry.primary,
    };
    addresses.iter().map(part).collect()
}
