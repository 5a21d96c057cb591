//! A customer as the API shows it.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::mask::Masks;
use regulars_persistence::Db;
use regulars_persistence::customers::parts::Parts;
use regulars_persistence::customers::parts_kept::parts_shown;
use regulars_persistence::customers::party::PartyRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::address_mark::mark_view;
use super::custom::custom_object;
use super::input::{AddressEntry, CustomerInput, EmailEntry, PhoneEntry};
use super::life_date::{DateEntry, date_entry};
use super::mask::view_mask;
use crate::AppResult;
use crate::access::Ref;
use crate::insight::metrics::Metrics;

/// A person or an organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerView {
    pub id: Uuid,
    /// None while it waits for its qualification.
    #[schema(example = "C-01-000123")]
    pub code: Option<String>,
    #[schema(value_type = crate::shape::CustomerKind)]
    pub kind: String,
    #[schema(example = "张伟")]
    pub name: String,
    /// The reading names are sorted by.
    #[schema(example = "zhang wei")]
    pub name_pinyin: String,
    #[schema(value_type = crate::shape::CustomerStatus)]
    pub status: String,
    /// How far the latest qualification is, if there ever was one.
    #[schema(value_type = Option<crate::shape::QualificationStatus>)]
    #[serde(default)]
    pub qualification: Option<String>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = Option<crate::shape::Gender>)]
    pub gender: Option<String>,
    pub birthday: Option<NaiveDate>,
    pub tax_id: Option<String>,
    pub industry: Option<String>,
    pub source: Option<String>,
    pub level: Option<String>,
    #[schema(value_type = Option<crate::shape::BuyingStyle>)]
    pub buying_style: Option<String>,
    pub internal: bool,
    pub note: Option<String>,
    pub phones: Vec<PhoneEntry>,
    pub emails: Vec<EmailEntry>,
    pub addresses: Vec<AddressEntry>,
    pub dates: Vec<DateEntry>,
    pub tags: Vec<TagRef>,
    /// Values of custom fields by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub last_contact_at: Option<DateTime<Utc>>,
    /// With `expand=metrics`, for those who may see insight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// Keys of the fields that are shown masked to the caller; see `GET /masks`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["phone"]))]
    pub masked: Vec<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(CustomerView);

/// A tag as it is shown on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagRef {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = crate::shape::TagColor)]
    pub color: String,
}

/// The views of records, in their order.
pub fn customer_views(
    db: &mut Db,
    records: Vec<PartyRecord>,
    currency: &str,
    masks: &Masks,
) -> AppResult<Vec<CustomerView>> {
    let mut parts = parts_shown(db, &records)?;
    let view = |record: PartyRecord| {
        let own = parts.remove(&record.party.id).unwrap_or_default();
        to_view(record, own, currency, masks)
    };
    Ok(records.into_iter().map(view).collect())
}

/// The view of one record.
pub fn customer_view(db: &mut Db, record: PartyRecord, currency: &str, masks: &Masks) -> AppResult<CustomerView> {
    let own = parts_shown(db, std::slice::from_ref(&record))?.remove(&record.party.id).unwrap_or_default();
    Ok(to_view(record, own, currency, masks))
}

/// Puts a record and its parts together, as someone with these masks sees them.
pub fn to_view(record: PartyRecord, parts: Parts, currency: &str, masks: &Masks) -> CustomerView {
    let party = record.party;
    let custom = custom_object(&parts.custom, currency);
    let mut view = CustomerView {
        id: party.id.0,
        code: party.code,
        kind: party.kind,
        name: party.name,
        name_pinyin: party.name_key,
        status: party.status,
        qualification: party.qualification,
        unit: Ref::new(party.unit_id, record.unit_name),
        owner: party.owner_id.map(|id| Ref::new(id, record.owner_name.unwrap_or_default())),
        gender: party.gender,
        birthday: party.birthday,
        tax_id: party.tax_id,
        industry: party.industry,
        source: party.source,
        level: party.level,
        buying_style: party.buying_style,
        internal: party.internal,
        note: party.note,
        phones: phone_entries(&parts),
        emails: email_entries(&parts),
        addresses: address_entries(&parts),
        dates: date_entries(&parts),
        tags: parts.tags.into_iter().map(|tag| TagRef { id: tag.id.0, name: tag.name, color: tag.color }).collect(),
        custom,
        last_contact_at: record.last_contact_at,
        metrics: None,
        masked: Vec::new(),
        version: party.version,
        created_at: party.created_at,
        updated_at: party.updated_at,
    };
    view_mask(&mut view, masks);
    view
}

/// The writable form of what is stored: what a patch is merged into.
pub fn to_input(record: &PartyRecord, parts: &Parts, currency: &str) -> CustomerInput {
    let party = record.party.clone();
    let mut tag_ids: Vec<Uuid> = parts.tags.iter().map(|tag| tag.id.0).collect();
    tag_ids.sort_unstable();
    CustomerInput {
        code: party.code,
        kind: party.kind,
        name: party.name,
        name_pinyin: party.name_key_set.then_some(party.name_key),
        status: party.status,
        unit_id: Some(party.unit_id.0),
        owner_id: party.owner_id.map(|id| id.0),
        gender: party.gender,
        birthday: party.birthday,
        tax_id: party.tax_id,
        industry: party.industry,
        source: party.source,
        level: party.level,
        buying_style: party.buying_style,
        internal: party.internal,
        note: party.note,
        phones: phone_entries(parts),
        emails: email_entries(parts),
        addresses: address_entries(parts),
        dates: date_entries(parts),
        tag_ids,
        custom: custom_object(&parts.custom, currency),
    }
}

fn phone_entries(parts: &Parts) -> Vec<PhoneEntry> {
    let entry = |phone: &regulars_persistence::customers::parts::PhonePart| PhoneEntry {
        number: phone.number.clone(),
        label: phone.label.clone(),
        primary: phone.primary,
        mark: phone.mark.as_ref().map(mark_view),
    };
    parts.phones.iter().map(entry).collect()
}

fn email_entries(parts: &Parts) -> Vec<EmailEntry> {
    let entry = |email: &regulars_persistence::customers::parts::EmailPart| EmailEntry {
        address: email.address.clone(),
        label: email.label.clone(),
        primary: email.primary,
        mark: email.mark.as_ref().map(mark_view),
    };
    parts.emails.iter().map(entry).collect()
}

fn address_entries(parts: &Parts) -> Vec<AddressEntry> {
    let entry = |address: &regulars_persistence::customers::parts::AddressPart| AddressEntry {
        country: address.country.clone(),
        province: address.province.clone(),
        city: address.city.clone(),
        district: address.district.clone(),
        street: address.street.clone(),
        postcode: address.postcode.clone(),
        label: address.label.clone(),
        primary: address.primary,
    };
    parts.addresses.iter().map(entry).collect()
}

fn date_entries(parts: &Parts) -> Vec<DateEntry> {
    parts.dates.iter().filter(|date| date.position >= 0).map(date_entry).collect()
}
