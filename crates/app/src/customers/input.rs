//! What people write about a customer: its shape and its checks.

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::naming;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::address_mark::AddressMarkView;
use super::life_date::{DateEntry, dates_check};

pub const KINDS: &[&str] = &["person", "organization"];
pub const STATUSES: &[&str] = &["lead", "customer", "inactive"];
pub const GENDERS: &[&str] = &["male", "female", "other"];
pub const STYLES: &[&str] = &["transaction", "relationship"];
/// Most phones, e-mails, addresses, dates or tags of one customer.
const MOST: usize = 50;

/// A customer as it is written. What is absent takes its default; `null` in a patch clears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerInput {
    /// Unique in the unit; given out by the pattern in the settings when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "C-01-000123")]
    pub code: Option<String>,
    #[schema(value_type = crate::shape::CustomerKind)]
    pub kind: String,
    #[schema(example = "张伟")]
    pub name: String,
    /// The reading, when the guessed one is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "zhang wei")]
    pub name_pinyin: Option<String>,
    #[serde(default = "status_default")]
    #[schema(value_type = crate::shape::CustomerStatus)]
    pub status: String,
    /// The caller's unit when absent. It changes by transfer only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub unit_id: Option<Uuid>,
    /// The caller when absent on creation; nobody when cleared later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub owner_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::Gender>)]
    pub gender: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "1985-06-08")]
    pub birthday: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub tax_id: Option<String>,
    /// A key of the dictionary `industry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub industry: Option<String>,
    /// A key of the dictionary `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub source: Option<String>,
    /// A key of the dictionary `level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::BuyingStyle>)]
    pub buying_style: Option<String>,
    /// A customer inside the company.
    #[serde(default)]
    pub internal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Second window seat")]
    pub note: Option<String>,
    #[serde(default)]
    #[schema(example = json!([{"number": "138 0013 8000", "primary": true}]))]
    pub phones: Vec<PhoneEntry>,
    #[serde(default)]
    #[schema(example = json!([{"address": "zhang.wei@example.com", "primary": true}]))]
    pub emails: Vec<EmailEntry>,
    #[serde(default)]
    pub addresses: Vec<AddressEntry>,
    #[serde(default)]
    pub dates: Vec<DateEntry>,
    /// Tags of the unit.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub tag_ids: Vec<Uuid>,
    /// Values of custom fields by key.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({}))]
    pub custom: Map<String, Value>,
}

fn status_default() -> String {
    "customer".into()
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneEntry {
    /// Any way of writing goes in; E.164 comes out.
    #[schema(example = "138 0013 8000")]
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default)]
    #[schema(default = false)]
    pub primary: bool,
    /// What is known of it. Marks are set by `PUT /customers/{id}/address-mark`; what is written here changes none, and
    /// the mark stays while the address does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub mark: Option<AddressMarkView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailEntry {
    #[schema(example = "zhang.wei@example.com")]
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default)]
    #[schema(default = false)]
    pub primary: bool,
    /// What is known of it. Marks are set by `PUT /customers/{id}/address-mark`; what is written here changes none, and
    /// the mark stays while the address does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub mark: Option<AddressMarkView>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddressEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "中国")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "上海市")]
    pub province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "上海市")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "静安区")]
    pub district: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "南京西路 100 号")]
    pub street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub primary: bool,
}

/// Tidies the input in place and notes everything wrong with it. What needs the database is checked elsewhere.
pub fn input_check(checks: &mut Checks, input: &mut CustomerInput) {
    input.name = naming::name_cleaned(&input.name);
    checks.text("/name", &input.name, 200);
    checks.one_of("/kind", &input.kind, KINDS);
    checks.one_of("/status", &input.status, STATUSES);
    for (pointer, value, allowed) in
        [("/gender", &input.gender, GENDERS), ("/buying_style", &input.buying_style, STYLES)]
    {
        if let Some(value) = value {
            checks.one_of(pointer, value, allowed);
        }
    }
    input.name_pinyin = input.name_pinyin.take().map(|typed| naming::reading_normalized(&typed));
    for (value, pointer, longest) in [
        (&mut input.code, "/code", 60),
        (&mut input.name_pinyin, "/name_pinyin", 400),
        (&mut input.tax_id, "/tax_id", 60),
        (&mut input.industry, "/industry", 60),
        (&mut input.source, "/source", 60),
        (&mut input.level, "/level", 60),
        (&mut input.note, "/note", 10_000),
    ] {
        trim(value);
        checks.optional_text(pointer, value.as_deref(), longest);
    }
    input.tax_id = input.tax_id.take().map(|id| id.to_uppercase());
    phones_check(checks, &mut input.phones);
    emails_check(checks, &mut input.emails);
    addresses_check(checks, &mut input.addresses);
    dates_check(checks, &mut input.dates);
    input.tag_ids.sort_unstable();
    input.tag_ids.dedup();
    for (pointer, count) in [
        ("/phones", input.phones.len()),
        ("/emails", input.emails.len()),
        ("/addresses", input.addresses.len()),
        ("/dates", input.dates.len()),
        ("/tag_ids", input.tag_ids.len()),
    ] {
        if count > MOST {
            checks.fail_with(pointer, "out_of_range", format!("0–{MOST}"));
        }
    }
}

pub(crate) fn trim(value: &mut Option<String>) {
    *value = value.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
}

fn phones_check(checks: &mut Checks, phones: &mut [PhoneEntry]) {
    for index in 0..phones.len() {
        let pointer = format!("/phones/{index}/number");
        let entry = &mut phones[index];
        trim(&mut entry.label);
        checks.optional_text(&format!("/phones/{index}/label"), entry.label.as_deref(), 60);
        match naming::phone_normalized(&entry.number) {
            Ok(phone) => {
                entry.number = phone.e164;
                if let Some(extension) = phone.extension {
                    let label = entry.label.take().map(|label| format!("{label} ")).unwrap_or_default();
                    entry.label = Some(format!("{label}#{extension}"));
                }
            }
            Err(error) => checks.fail_with(&pointer, error.code(), error.to_string()),
        }
        let (before, rest) = phones.split_at(index);
        if before.iter().any(|other| other.number == rest[0].number && other.label == rest[0].label) {
            checks.fail(pointer, "duplicate");
        }
    }
    one_primary(phones, |phone| &mut phone.primary);
}

fn emails_check(checks: &mut Checks, emails: &mut [EmailEntry]) {
    for index in 0..emails.len() {
        let pointer = format!("/emails/{index}/address");
        let entry = &mut emails[index];
        trim(&mut entry.label);
        checks.optional_text(&format!("/emails/{index}/label"), entry.label.as_deref(), 60);
        match naming::email_normalized(&entry.address) {
            Ok(address) => entry.address = address,
            Err(_) => checks.fail(&pointer, "email_invalid"),
        }
        let (before, rest) = emails.split_at(index);
        if before.iter().any(|other| other.address == rest[0].address) {
            checks.fail(pointer, "duplicate");
        }
    }
    one_primary(emails, |email| &mut email.primary);
}

fn addresses_check(checks: &mut Checks, addresses: &mut Vec<AddressEntry>) {
    for (index, entry) in addresses.iter_mut().enumerate() {
        for (value, name) in [
            (&mut entry.country, "country"),
            (&mut entry.province, "province"),
            (&mut entry.city, "city"),
            (&mut entry.district, "district"),
            (&mut entry.street, "street"),
            (&mut entry.postcode, "postcode"),
            (&mut entry.label, "label"),
        ] {
            trim(value);
            checks.optional_text(&format!("/addresses/{index}/{name}"), value.as_deref(), 200);
        }
    }
    addresses.retain(|entry| AddressEntry { label: None, primary: false, ..entry.clone() } != AddressEntry::default());
    one_primary(addresses, |address| &mut address.primary);
}

/// The first that says so is the primary one, or else the first.
fn one_primary<T>(entries: &mut [T], flag: impl Fn(&mut T) -> &mut bool) {
    let chosen = entries.iter_mut().position(|entry| *flag(entry)).unwrap_or(0);
    for (index, entry) in entries.iter_mut().enumerate() {
        *flag(entry) = index == chosen;
    }
}
