//! Writing the parts of a party into their tables.

use regulars_domain::ids::{PartyId, TagId};

use super::custom::{CustomValueRow, custom_values_insert};
use super::parts::{AddressPart, DatePart, EmailPart, Held, HeldValue, MarkPart, PhonePart};
use super::parts_kept::kept;
use super::tag::party_tags_insert;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch};
use crate::types::AnyId;

/// All parts of a new party.
#[derive(Debug, Clone, Default)]
pub struct NewParts {
    pub phones: Vec<PhonePart>,
    pub emails: Vec<EmailPart>,
    pub addresses: Vec<AddressPart>,
    pub dates: Vec<DatePart>,
    pub tags: Vec<TagId>,
    pub custom: Vec<CustomValueRow>,
}

impl NewParts {
    /// What the party's row keeps of them: as the tables will be read, in the order of their keys.
    pub(crate) fn kept(self) -> String {
        let Self { phones, emails, addresses, mut dates, mut tags, custom } = self;
        let mut custom: Vec<HeldValue> = custom.iter().map(HeldValue::from).collect();
        dates.retain(|date| date.position >= 0);
        tags.sort_unstable();
        custom.sort_by_key(|value| (value.position, value.field_id));
        kept(&Held { phones, emails, addresses, dates, tags, custom })
    }
}

/// Writes the parts of a party that has none.
pub(super) fn parts_insert(db: &mut Db, party_id: PartyId, parts: &NewParts) -> StoreResult<()> {
    phones_insert(db, party_id, &parts.phones)?;
    emails_insert(db, party_id, &parts.emails)?;
    addresses_insert(db, party_id, &parts.addresses)?;
    dates_insert(db, party_id, &parts.dates)?;
    party_tags_insert(db, party_id, &parts.tags)?;
    custom_values_insert(db, AnyId(party_id.0), &parts.custom)
}

/// Kinds of parts stored as numbered rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartTable {
    Phones,
    Emails,
    Addresses,
    Dates,
}

/// Removes all rows of one kind, before new ones are written.
pub fn parts_clear(db: &mut Db, party_id: PartyId, table: PartTable) -> StoreResult<()> {
    let name = match table {
        PartTable::Phones => "party_phone",
        PartTable::Emails => "party_email",
        PartTable::Addresses => "party_address",
        PartTable::Dates => "party_date",
    };
    Statement::new(format!("DELETE FROM {name}")).with(" WHERE party_id = ", party_id).cached().run(db)?;
    Ok(())
}

fn place(index: usize) -> Bind {
    Bind::Int(i64::try_from(index).unwrap_or(i64::MAX))
}

fn mark_values(mark: Option<&MarkPart>) -> [Bind; 4] {
    [
        mark.map(|mark| mark.mark.clone()).into(),
        mark.and_then(|mark| mark.reason.clone()).into(),
        mark.map(|mark| mark.at).into(),
        mark.map(|mark| mark.by).into(),
    ]
}

pub fn phones_insert(db: &mut Db, party_id: PartyId, phones: &[PhonePart]) -> StoreResult<()> {
    let row = |(index, phone): (usize, &PhonePart)| -> Vec<Bind> {
        let mut row: Vec<Bind> = vec![party_id.into(), place(index), (&phone.number).into()];
        row.extend([phone.label.clone().into(), phone.primary.into()]);
        row.extend(mark_values(phone.mark.as_ref()));
        row
    };
    let columns =
        ["party_id", "position", "number", "label", "is_primary", "mark", "mark_reason", "marked_at", "marked_by"];
    insert_batch(db, "party_phone", &columns, phones.iter().enumerate().map(row).collect())
}

pub fn emails_insert(db: &mut Db, party_id: PartyId, emails: &[EmailPart]) -> StoreResult<()> {
    let row = |(index, email): (usize, &EmailPart)| -> Vec<Bind> {
        let mut row: Vec<Bind> = vec![party_id.into(), place(index), (&email.address).into()];
        row.extend([email.label.clone().into(), email.primary.into()]);
        row.extend(mark_values(email.mark.as_ref()));
        row
    };
    let columns =
        ["party_id", "position", "address", "label", "is_primary", "mark", "mark_reason", "marked_at", "marked_by"];
    insert_batch(db, "party_email", &columns, emails.iter().enumerate().map(row).collect())
}

pub fn addresses_insert(db: &mut Db, party_id: PartyId, addresses: &[AddressPart]) -> StoreResult<()> {
    let columns = [
        "party_id",
        "position",
        "country",
        "province",
        "city",
        "district",
        "street",
        "postcode",
        "label",
        "is_primary",
    ];
    let rows = addresses.iter().enumerate().map(|(index, address)| {
        vec![
            party_id.into(),
            place(index),
            address.country.clone().into(),
            address.province.clone().into(),
            address.city.clone().into(),
            address.district.clone().into(),
            address.street.clone().into(),
            address.postcode.clone().into(),
            address.label.clone().into(),
            address.primary.into(),
        ]
    });
    insert_batch(db, "party_address", &columns, rows.collect())
}

/// The columns of a date, in the order of [`date_row`].
pub(crate) const DATE_COLUMNS: [&str; 15] = [
    "party_id",
    "position",
    "kind",
    "label",
    "person",
    "on_date",
    "year_known",
    "lunar_month",
    "lunar_day",
    "lunar_leap",
    "lunar_year",
    "yearly",
    "leap_day",
    "leap_month",
    "next_on",
];

pub fn date_row(party_id: PartyId, date: &DatePart) -> [Bind; 15] {
    [
        party_id.into(),
        date.position.into(),
        (&date.kind).into(),
        date.label.clone().into(),
        date.person.clone().into(),
        date.on_date.into(),
        date.year_known.into(),
        date.lunar.map(|(month, _)| month).into(),
        date.lunar.map(|(_, day)| day).into(),
        date.lunar_leap.into(),
        date.lunar_year.into(),
        date.yearly.into(),
        date.leap_day.clone().into(),
        date.leap_month.clone().into(),
        date.next_on.into(),
    ]
}

pub fn dates_insert(db: &mut Db, party_id: PartyId, dates: &[DatePart]) -> StoreResult<()> {
    let rows = dates.iter().map(|date| date_row(party_id, date).into()).collect();
    insert_batch(db, "party_date", &DATE_COLUMNS, rows)
}

/// The dates of a party become exactly these.
pub fn dates_replace(db: &mut Db, party_id: PartyId, dates: &[DatePart]) -> StoreResult<()> {
    parts_clear(db, party_id, PartTable::Dates)?;
    dates_insert(db, party_id, dates)
}
