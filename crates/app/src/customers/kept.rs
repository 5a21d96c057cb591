//! The form in which what people write about a customer is kept.

use chrono::NaiveDate;
use regulars_domain::dates_of_life::{LeapDayPolicy, LifeDate, LunarDay};
use regulars_domain::naming;
use regulars_persistence::customers::parts::{AddressPart, BIRTHDAY_POSITION, DatePart, EmailPart, PhonePart};

use super::input::{AddressEntry, CustomerInput, DateEntry, EmailEntry, PhoneEntry};

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
    };
    phones.iter().map(part).collect()
}

pub fn email_parts(emails: &[EmailEntry]) -> Vec<EmailPart> {
    let part = |entry: &EmailEntry| EmailPart {
        address: entry.address.clone(),
        label: entry.label.clone(),
        primary: entry.primary,
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

/// The dates as rows, with the day each falls on next. The birthday stands among them, unless a date says it better
/// (a lunar birthday).
pub fn date_parts(birthday: Option<NaiveDate>, dates: &[DateEntry], today: NaiveDate) -> Vec<DatePart> {
    let mut parts = Vec::with_capacity(dates.len() + 1);
    let told = dates.iter().any(|entry| entry.kind == "birthday" && entry.person.is_none());
    if let Some(date) = birthday.filter(|_| !told) {
        parts.push(DatePart {
            position: BIRTHDAY_POSITION,
            kind: "birthday".into(),
            label: None,
            person: None,
            on_date: Some(date),
            lunar: None,
            lunar_leap: false,
            yearly: true,
            next_on: next_on(Some(date), None, true, today),
        });
    }
    for (index, entry) in dates.iter().enumerate() {
        parts.push(DatePart {
            position: i32::try_from(index).unwrap_or(i32::MAX),
            kind: entry.kind.clone(),
            label: entry.label.clone(),
            person: entry.person.clone(),
            on_date: entry.date,
            lunar: entry.lunar.map(|lunar| (i32::from(lunar.month), i32::from(lunar.day))),
            lunar_leap: entry.lunar.is_some_and(|lunar| lunar.leap),
            yearly: entry.yearly,
            next_on: next_on(entry.date, entry.lunar.map(LunarDay::from), entry.yearly, today),
        });
    }
    parts
}

/// The next day on or after `today`; 29 February falls on the 28th in other years.
pub fn next_on(date: Option<NaiveDate>, lunar: Option<LunarDay>, yearly: bool, today: NaiveDate) -> Option<NaiveDate> {
    let life = match (date, lunar) {
        (_, Some(lunar)) => LifeDate::Lunar(lunar),
        (Some(date), None) if yearly => LifeDate::Yearly(date),
        (Some(date), None) => LifeDate::Once(date),
        (None, None) => return None,
    };
    life.next_on(today, LeapDayPolicy::default())
}
