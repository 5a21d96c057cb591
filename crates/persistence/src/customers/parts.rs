//! What belongs to a party and is edited with it: phones, e-mails, addresses, dates, tags, custom values; and how it is
//! read. [`super::parts_write`] writes it.
//!
//! Their tables are read with one statement for any number of parties, and what they hold is kept in the party's own row
//! too ([`super::parts_kept`]), so that a page of a list looks into no table but that of the parties. Whoever writes parts keeps
//! them anew in the same transaction, or forgets them; a debug build compares what it shows with the tables.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{BigInt, Bool, Date, Double, Nullable, Text};
use regulars_domain::ids::{CustomFieldId, PartyId, TagId, UserId};
use serde::{Deserialize, Serialize};

use super::custom::CustomValueRow;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, row_by_place};
use crate::types::{AnyId, SqlId, SqlInstant};

/// What is known of whether an address reaches somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkPart {
    /// A key of [`regulars_domain::consent::AddressMark`].
    pub mark: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub by: UserId,
    /// Read along with the rest, never kept.
    #[serde(skip)]
    pub by_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhonePart {
    /// E.164.
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub primary: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<MarkPart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailPart {
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub primary: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<MarkPart>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatePart {
    /// 0 and up as shown; [`BIRTHDAY_POSITION`] is the party's own birthday, kept here so that it comes up too.
    pub position: i32,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_date: Option<NaiveDate>,
    /// Whether the year of `on_date` means something; where it does not, it is a leap year.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub year_known: bool,
    /// Month and day of the lunar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lunar: Option<(i32, i32)>,
    pub lunar_leap: bool,
    /// The lunar year of the first one, by the Gregorian year it begins in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lunar_year: Option<i32>,
    pub yearly: bool,
    /// Keys of policies other than the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leap_day: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leap_month: Option<String>,
    /// The next day it falls on, kept fresh in the background in its table only.
    #[serde(skip)]
    pub next_on: Option<NaiveDate>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_true(value: &bool) -> bool {
    *value
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
        o: Option<i64> as Nullable<BigInt>,
        x: Option<f64> as Nullable<Double>,
        flag: Option<bool> as Nullable<Bool>,
        flag_two: Option<bool> as Nullable<Bool>,
        flag_three: Option<bool> as Nullable<Bool>,
        on_date: Option<NaiveDate> as Nullable<Date>,
        next_on: Option<NaiveDate> as Nullable<Date>,
        other_id: Option<AnyId> as Nullable<SqlId>,
        at: Option<DateTime<Utc>> as Nullable<SqlInstant>,
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
                  mark AS c, mark_reason AS d, CAST(NULL AS TEXT) AS e, CAST(NULL AS TEXT) AS f, \
                  CAST(NULL AS TEXT) AS g, CAST(NULL AS BIGINT) AS m, CAST(NULL AS BIGINT) AS n, \
                  CAST(NULL AS BIGINT) AS o, CAST(NULL AS DOUBLE PRECISION) AS x, is_primary AS flag, \
                  CAST(NULL AS BOOLEAN) AS flag_two, CAST(NULL AS BOOLEAN) AS flag_three, CAST(NULL AS DATE) AS on_date, \
                  CAST(NULL AS DATE) AS next_on, marked_by AS other_id, marked_at AS at",
        from: "party_phone x",
        party: "x.party_id",
    },
    Branch {
        columns: "'email', x.party_id, x.position, address, label, mark, mark_reason, NULL, NULL, NULL, NULL, NULL, NULL, \
                  NULL, is_primary, NULL, NULL, NULL, NULL, marked_by, marked_at",
        from: "party_email x",
        party: "x.party_id",
    },
    Branch {
        columns: "'address', x.party_id, x.position, country, province, city, district, street, postcode, label, NULL, \
                  NULL, NULL, NULL, is_primary, NULL, NULL, NULL, NULL, NULL, NULL",
        from: "party_address x",
        party: "x.party_id",
    },
    Branch {
        columns: "'date', x.party_id, x.position, kind, label, person, leap_day, leap_month, NULL, NULL, lunar_month, \
                  lunar_day, lunar_year, NULL, lunar_leap, yearly, year_known, on_date, next_on, NULL, NULL",
        from: DATES,
        party: "x.party_id",
    },
    Branch {
        columns: "'tag', x.party_id, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
                  NULL, NULL, NULL, x.tag_id, NULL",
        from: "party_tag x",
        party: "x.party_id",
    },
    Branch {
        columns: "'custom', x.resource_id, x.position, x.text_value, NULL, NULL, NULL, NULL, NULL, NULL, x.int_value, \
                  NULL, NULL, x.number_value, NULL, NULL, NULL, x.date_value, NULL, x.field_id, NULL",
        from: "custom_value x",
        party: "x.resource_id",
    },
];

/// What the tables hold of a party: tags and custom values by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Held {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<PhonePart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<EmailPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DatePart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<HeldValue>,
}

impl Held {
    fn marks(&self) -> impl Iterator<Item = &MarkPart> {
        let phones = self.phones.iter().filter_map(|phone| phone.mark.as_ref());
        phones.chain(self.emails.iter().filter_map(|email| email.mark.as_ref()))
    }

    fn marks_mut(&mut self) -> impl Iterator<Item = &mut MarkPart> {
        let phones = self.phones.iter_mut().filter_map(|phone| phone.mark.as_mut());
        phones.chain(self.emails.iter_mut().filter_map(|email| email.mark.as_mut()))
    }
}

/// A custom value as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HeldValue {
    pub field_id: CustomFieldId,
    pub position: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// In its shortest decimal form, which reads back to the last bit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

impl From<&CustomValueRow> for HeldValue {
    fn from(row: &CustomValueRow) -> Self {
        Self {
            field_id: row.field_id,
            position: i64::from(row.position),
            text: row.text_value.clone(),
            number: row.number_value.map(|number| number.to_string()),
            int: row.int_value,
            date: row.date_value,
        }
    }
}

/// The parts of each party as they are shown and edited, from their tables. A party without any is absent.
pub fn parts_of(db: &mut Db, ids: &[PartyId]) -> StoreResult<HashMap<PartyId, Parts>> {
    let held = held_of(db, ids, false)?;
    with_names(db, held)
}

/// The parts of a party with its own birthday among the dates.
pub fn parts_with_birthday(db: &mut Db, id: PartyId) -> StoreResult<Parts> {
    let held = held_of(db, &[id], true)?;
    Ok(with_names(db, held)?.remove(&id).unwrap_or_default())
}

/// What the tables hold, in one statement per 200 parties.
pub(super) fn held_of(db: &mut Db, ids: &[PartyId], birthday: bool) -> StoreResult<HashMap<PartyId, Held>> {
    let mut found: HashMap<PartyId, Held> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(200) {
        let mut rows: Vec<PartRow> = select(chunk, birthday).rows(db)?;
        rows.sort_by_key(|row| (row.position, row.other_id.map(|id| id.0)));
        for row in rows {
            take_row(found.entry(row.party_id).or_default(), row);
        }
    }
    Ok(found)
}

row_by_place! {
    struct TagName {
        id: TagId as SqlId,
        name: String as Text,
        color: String as Text,
    }
}

row_by_place! {
    struct FieldName {
        id: CustomFieldId as SqlId,
        key: String as Text,
        field_type: String as Text,
    }
}

row_by_place! {
    struct UserName {
        id: UserId as SqlId,
        name: String as Text,
    }
}

/// Puts the names of tags, custom fields and those who marked addresses to what is held; values of retired fields are left out.
pub(super) fn with_names(db: &mut Db, held: HashMap<PartyId, Held>) -> StoreResult<HashMap<PartyId, Parts>> {
    let mut tags: Vec<TagId> = held.values().flat_map(|held| held.tags.iter().copied()).collect();
    tags.sort_unstable();
    tags.dedup();
    let mut names: HashMap<TagId, TagName> = HashMap::new();
    for chunk in tags.chunks(500) {
        let mut statement = Statement::new("SELECT id, name, color FROM tag WHERE id IN (").cached();
        statement.bind_list(filled_up(chunk)).push(")");
        names.extend(statement.rows::<TagName>(db)?.into_iter().map(|tag| (tag.id, tag)));
    }
    let mut fields: HashMap<CustomFieldId, FieldName> = HashMap::new();
    if held.values().any(|held| !held.custom.is_empty()) {
        let known = Statement::new("SELECT id, key, field_type FROM custom_field WHERE active = TRUE").cached();
        fields = known.rows::<FieldName>(db)?.into_iter().map(|field| (field.id, field)).collect();
    }
    let mut people: Vec<UserId> = held.values().flat_map(Held::marks).map(|mark| mark.by).collect();
    people.sort_unstable();
    people.dedup();
    let mut markers: HashMap<UserId, String> = HashMap::new();
    for chunk in people.chunks(500) {
        let mut statement = Statement::new("SELECT id, name FROM app_user WHERE id IN (").cached();
        statement.bind_list(filled_up(chunk)).push(")");
        markers.extend(statement.rows::<UserName>(db)?.into_iter().map(|user| (user.id, user.name)));
    }
    let named = |mut held: Held| {
        for mark in held.marks_mut() {
            mark.by_name = markers.get(&mark.by).cloned().unwrap_or_default();
        }
        named(held, &names, &fields)
    };
    Ok(held.into_iter().map(|(id, held)| (id, named(held))).collect())
}

fn named(held: Held, tags: &HashMap<TagId, TagName>, fields: &HashMap<CustomFieldId, FieldName>) -> Parts {
    let tag = |id: TagId| tags.get(&id).map(|tag| TagPart { id, name: tag.name.clone(), color: tag.color.clone() });
    let custom = |value: HeldValue| {
        fields.get(&value.field_id).map(|field| CustomPart {
            key: field.key.clone(),
            field_type: field.field_type.clone(),
            position: value.position,
            text: value.text,
            number: value.number.and_then(|number| number.parse().ok()),
            int: value.int,
            date: value.date,
        })
    };
    let mut tags: Vec<TagPart> = held.tags.into_iter().filter_map(tag).collect();
    tags.sort_by(|one, other| one.name.cmp(&other.name));
    Parts {
        phones: held.phones,
        emails: held.emails,
        addresses: held.addresses,
        dates: held.dates,
        tags,
        custom: held.custom.into_iter().filter_map(custom).collect(),
    }
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

fn take_row(parts: &mut Held, row: PartRow) {
    let primary = row.flag.unwrap_or(false);
    match row.part.as_str() {
        "phone" => {
            let mark = mark((row.c, row.d), row.at, row.other_id);
            parts.phones.push(PhonePart { number: row.a.unwrap_or_default(), label: row.b, primary, mark });
        }
        "email" => {
            let mark = mark((row.c, row.d), row.at, row.other_id);
            parts.emails.push(EmailPart { address: row.a.unwrap_or_default(), label: row.b, primary, mark });
        }
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
            year_known: row.flag_three.unwrap_or(true),
            lunar: lunar(row.m, row.n),
            lunar_leap: primary,
            lunar_year: row.o.and_then(|year| i32::try_from(year).ok()),
            yearly: row.flag_two.unwrap_or(false),
            leap_day: row.d,
            leap_month: row.e,
            next_on: row.next_on,
        }),
        "tag" => parts.tags.extend(row.other_id.map(|id| TagId(id.0))),
        _ => parts.custom.extend(row.other_id.map(|id| HeldValue {
            field_id: CustomFieldId(id.0),
            position: row.position,
            text: row.a,
            number: row.x.map(|number| number.to_string()),
            int: row.m,
            date: row.on_date,
        })),
    }
}

fn mark(
    (mark, reason): (Option<String>, Option<String>),
    at: Option<DateTime<Utc>>,
    by: Option<AnyId>,
) -> Option<MarkPart> {
    Some(MarkPart { mark: mark?, reason, at: at?, by: UserId(by?.0), by_name: String::new() })
}

fn lunar(month: Option<i64>, day: Option<i64>) -> Option<(i32, i32)> {
    Some((i32::try_from(month?).ok()?, i32::try_from(day?).ok()?))
}
