//! What belongs to a party and is edited with it: phones, e-mails, addresses, dates, tags, custom values.
//!
//! They are read with one statement for any number of parties, so that neither a card nor a page of a list asks once
//! per customer or once per kind.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Bool, Date, Double, Nullable, Text};
use regulars_domain::ids::{PartyId, TagId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch, row_by_place};
use crate::types::{AnyId, SqlId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhonePart {
    /// E.164.
    pub number: String,
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailPart {
    pub address: String,
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPart {
    pub country: Option<String>,
    pub province: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePart {
    /// 0 and up as shown; [`BIRTHDAY_POSITION`] is the party's own birthday, kept here so that it comes up too.
    pub position: i32,
    pub kind: String,
    pub label: Option<String>,
    pub person: Option<String>,
    pub on_date: Option<NaiveDate>,
    /// Month and day of the lunar year.
    pub lunar: Option<(i32, i32)>,
    pub lunar_leap: bool,
    pub yearly: bool,
    /// The next day it falls on, kept fresh in the background.
    pub next_on: Option<NaiveDate>,
}

/// Where the party's own birthday stands among its dates.
pub const BIRTHDAY_POSITION: i32 = -1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPart {
    pub id: TagId,
    pub name: String,
    pub color: String,
}

/// A custom value with what is needed to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomPart {
    pub key: String,
    pub field_type: String,
    pub position: i64,
    pub text: Option<String>,
    pub number: Option<f64>,
    pub int: Option<i64>,
    pub date: Option<NaiveDate>,
}

/// All parts of one party, each kind in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    pub phones: Vec<PhonePart>,
    pub emails: Vec<EmailPart>,
    pub addresses: Vec<AddressPart>,
    pub dates: Vec<DatePart>,
    pub tags: Vec<TagPart>,
    pub custom: Vec<CustomPart>,
}

row_by_place! {
    struct PartRow {
        part: String as Text,
        party_id: PartyId as SqlId,
        position: i64 as BigInt,
        a: Option<String> as Nullable<Text>,
        b: Option<String> as Nullable<Text>,
        c: Option<String> as Nullable<Text>,
        d: Option<String> as Nullable<Text>,
        e: Option<String> as Nullable<Text>,
        f: Option<String> as Nullable<Text>,
        g: Option<String> as Nullable<Text>,
        m: Option<i64> as Nullable<BigInt>,
        n: Option<i64> as Nullable<BigInt>,
        x: Option<f64> as Nullable<Double>,
        flag: Option<bool> as Nullable<Bool>,
        flag_two: Option<bool> as Nullable<Bool>,
        on_date: Option<NaiveDate> as Nullable<Date>,
        next_on: Option<NaiveDate> as Nullable<Date>,
        other_id: Option<AnyId> as Nullable<SqlId>,
    }
}

const DATES: &str = "party_date x";

/// How one kind of part is read.
struct Branch {
    columns: &'static str,
    from: &'static str,
    /// The column that names the party.
    party: &'static str,
}

/// One branch per kind; the first tells PostgreSQL the types.
const BRANCHES: [Branch; 6] = [
    Branch {
        columns: "'phone' AS part, x.party_id, CAST(x.position AS BIGINT) AS position, number AS a, label AS b, \
                  CAST(NULL AS TEXT) AS c, CAST(NULL AS TEXT) AS d, CAST(NULL AS TEXT) AS e, CAST(NULL AS TEXT) AS f, \
                  CAST(NULL AS TEXT) AS g, CAST(NULL AS BIGINT) AS m, CAST(NULL AS BIGINT) AS n, \
                  CAST(NULL AS DOUBLE PRECISION) AS x, is_primary AS flag, CAST(NULL AS BOOLEAN) AS flag_two, \
                  CAST(NULL AS DATE) AS on_date, CAST(NULL AS DATE) AS next_on, CAST(NULL AS UUID) AS other_id",
        from: "party_phone x",
        party: "x.party_id",
    },
    Branch {
        columns: "'email', x.party_id, x.position, address, label, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
                  is_primary, NULL, NULL, NULL, NULL",
        from: "party_email x",
        party: "x.party_id",
    },
    Branch {
        columns: "'address', x.party_id, x.position, country, province, city, district, street, postcode, label, NULL, \
                  NULL, NULL, is_primary, NULL, NULL, NULL, NULL",
        from: "party_address x",
        party: "x.party_id",
    },
    Branch {
        columns: "'date', x.party_id, x.position, kind, label, person, NULL, NULL, NULL, NULL, lunar_month, lunar_day, \
                  NULL, lunar_leap, yearly, on_date, next_on, NULL",
        from: DATES,
        party: "x.party_id",
    },
    Branch {
        columns: "'tag', pt.party_id, 0, t.name, t.color, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
                  NULL, NULL, t.id",
        from: "party_tag pt JOIN tag t ON t.id = pt.tag_id",
        party: "pt.party_id",
    },
    Branch {
        columns: "'custom', v.resource_id, v.position, f.key, f.field_type, v.text_value, NULL, NULL, NULL, NULL, \
                  v.int_value, NULL, v.number_value, NULL, NULL, v.date_value, NULL, NULL",
        from: "custom_value v JOIN custom_field f ON f.id = v.field_id AND f.active = TRUE",
        party: "v.resource_id",
    },
];

/// The parts of each party as they are shown and edited, in one statement per 200 parties. A party without any is absent.
pub fn parts_of(db: &mut Db, ids: &[PartyId]) -> StoreResult<HashMap<PartyId, Parts>> {
    parts_read(db, ids, false)
}

/// The parts of a party with its own birthday among the dates.
pub fn parts_with_birthday(db: &mut Db, id: PartyId) -> StoreResult<Parts> {
    Ok(parts_read(db, &[id], true)?.remove(&id).unwrap_or_default())
}

fn parts_read(db: &mut Db, ids: &[PartyId], birthday: bool) -> StoreResult<HashMap<PartyId, Parts>> {
    let mut found: HashMap<PartyId, Parts> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(200) {
        let mut rows: Vec<PartRow> = select(chunk, birthday).rows(db)?;
        rows.sort_by_key(|row| row.position);
        for row in rows {
            take_row(found.entry(row.party_id).or_default(), row);
        }
    }
    for parts in found.values_mut() {
        parts.tags.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(found)
}

/// Several parties are joined from a list of them; a single one is simply bound, which spares PostgreSQL six joins.
fn select(ids: &[PartyId], birthday: bool) -> Statement {
    let mut statement = Statement::default().cached();
    let one = if let [one] = ids { Some(*one) } else { None };
    if one.is_none() {
        statement.push("WITH k (id) AS MATERIALIZED ").bind_values(ids).push(" ");
    }
    for (index, Branch { columns, from, party }) in BRANCHES.iter().enumerate() {
        statement.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " }).push(*columns);
        match one {
            Some(one) => statement.push(format!(" FROM {from} WHERE {party} = ")).bind(one),
            None => statement.push(format!(" FROM k CROSS JOIN {from} WHERE {party} = k.id")),
        };
        if *from == DATES && !birthday {
            statement.push(" AND x.position >= 0");
        }
    }
    statement
}

fn take_row(parts: &mut Parts, row: PartRow) {
    let primary = row.flag.unwrap_or(false);
    match row.part.as_str() {
        "phone" => parts.phones.push(PhonePart { number: row.a.unwrap_or_default(), label: row.b, primary }),
        "email" => parts.emails.push(EmailPart { address: row.a.unwrap_or_default(), label: row.b, primary }),
        "address" => parts.addresses.push(AddressPart {
            country: row.a,
            province: row.b,
            city: row.c,
            district: row.d,
            street: row.e,
            postcode: row.f,
            label: row.g,
            primary,
        }),
        "date" => parts.dates.push(DatePart {
            position: i32::try_from(row.position).unwrap_or(0),
            kind: row.a.unwrap_or_default(),
            label: row.b,
            person: row.c,
            on_date: row.on_date,
            lunar: lunar(row.m, row.n),
            lunar_leap: primary,
            yearly: row.flag_two.unwrap_or(false),
            next_on: row.next_on,
        }),
        "tag" => parts.tags.push(TagPart {
            id: TagId(row.other_id.map_or_else(Default::default, |id| id.0)),
            name: row.a.unwrap_or_default(),
            color: row.b.unwrap_or_default(),
        }),
        _ => parts.custom.push(CustomPart {
            key: row.a.unwrap_or_default(),
            field_type: row.b.unwrap_or_default(),
            position: row.position,
            text: row.c,
            number: row.x,
            int: row.m,
            date: row.on_date,
        }),
    }
}

fn lunar(month: Option<i64>, day: Option<i64>) -> Option<(i32, i32)> {
    Some((i32::try_from(month?).ok()?, i32::try_from(day?).ok()?))
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

pub fn phones_insert(db: &mut Db, party_id: PartyId, phones: &[PhonePart]) -> StoreResult<()> {
    let rows = phones.iter().enumerate().map(|(index, phone)| {
        vec![party_id.into(), place(index), (&phone.number).into(), phone.label.clone().into(), phone.primary.into()]
    });
    insert_batch(db, "party_phone", &["party_id", "position", "number", "label", "is_primary"], rows.collect())
}

pub fn emails_insert(db: &mut Db, party_id: PartyId, emails: &[EmailPart]) -> StoreResult<()> {
    let rows = emails.iter().enumerate().map(|(index, email)| {
        vec![party_id.into(), place(index), (&email.address).into(), email.label.clone().into(), email.primary.into()]
    });
    insert_batch(db, "party_email", &["party_id", "position", "address", "label", "is_primary"], rows.collect())
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

pub fn dates_insert(db: &mut Db, party_id: PartyId, dates: &[DatePart]) -> StoreResult<()> {
    let columns = [
        "party_id",
        "position",
        "kind",
        "label",
        "person",
        "on_date",
        "lunar_month",
        "lunar_day",
        "lunar_leap",
        "yearly",
        "next_on",
    ];
    let rows = dates.iter().map(|date| {
        vec![
            party_id.into(),
            date.position.into(),
            (&date.kind).into(),
            date.label.clone().into(),
            date.person.clone().into(),
            date.on_date.into(),
            date.lunar.map(|(month, _)| month).into(),
            date.lunar.map(|(_, day)| day).into(),
            date.lunar_leap.into(),
            date.yearly.into(),
            date.next_on.into(),
        ]
    });
    insert_batch(db, "party_date", &columns, rows.collect())
}
