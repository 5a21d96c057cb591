//! What is known of a lead and may be scored by: of its beginning and of what it is. Nothing that comes with the outcome:
//! no stage, no step, no reason, no amount it was won for; where knowing something may come with it (what is noted of a
//! customer once there is a deal), not knowing tells nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use regulars_analytics::scorecard::{Attribute as Column, Edge, Values};
use regulars_domain::ids::{CustomFieldId, OpportunityId};
use regulars_persistence::Db;
use regulars_persistence::customers::custom::{CustomDefinition, custom_definitions, custom_values_of};
use regulars_persistence::sales::lead_score::{LeadFactRow, lead_contacts};
use regulars_persistence::types::AnyId;

use crate::AppResult;
use crate::sales::opportunity::RESOURCE;

/// What its values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    Words,
    Numbers,
}

impl AttributeKind {
    pub const KEYS: [&'static str; 2] = ["words", "numbers"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// Something that may be known of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub key: String,
    pub kind: AttributeKind,
    /// Whether not knowing it says something of its own.
    pub missing_tells: bool,
}

/// Before the key of a custom field.
pub const CUSTOM: &str = "custom.";
/// What is known of the customer rather than of the lead: told to who sees the customer.
pub const OF_CUSTOMER: [&str; 5] = ["customer_kind", "returning", "industry", "province", "city"];
const WORDS: [(&str, bool); 8] = [
    ("source", true),
    ("form", true),
    ("pipeline", false),
    ("customer_kind", false),
    ("returning", false),
    ("industry", false),
    ("province", false),
    ("city", false),
];
const NUMBERS: [(&str, bool); 2] = [("amount", true), ("contacts", false)];

/// Contacts named so soon belong to how it began.
const BEGINNING: TimeDelta = TimeDelta::days(1);

/// Leads' attributes, by key.
pub type Case = BTreeMap<String, Edge>;

/// All there are: those of every lead, and the company's own fields of few values or of numbers.
pub fn attributes(db: &mut Db) -> AppResult<Vec<Attribute>> {
    let own = |(key, missing_tells): &(&str, bool), kind| Attribute {
        key: (*key).into(),
        kind,
        missing_tells: *missing_tells,
    };
    let words = WORDS.iter().map(|one| own(one, AttributeKind::Words));
    let numbers = NUMBERS.iter().map(|one| own(one, AttributeKind::Numbers));
    let custom = custom_definitions(db, RESOURCE)?;
    let custom = custom.iter().filter_map(|field| {
        let kind = kind_of(field)?;
        Some(Attribute { key: format!("{CUSTOM}{}", field.key), kind, missing_tells: false })
    });
    Ok(words.chain(numbers).chain(custom).collect())
}

fn kind_of(field: &CustomDefinition) -> Option<AttributeKind> {
    match field.field_type.as_str() {
        "choice" | "bool" => Some(AttributeKind::Words),
        "number" => Some(AttributeKind::Numbers),
        _ => None,
    }
}

/// What is known of these leads, in their order; `minor` are the minor units in one unit of the company's currency.
pub fn cases(db: &mut Db, rows: &[LeadFactRow], minor: f64) -> AppResult<Vec<Case>> {
    let ids: Vec<OpportunityId> = rows.iter().map(|row| row.id).collect();
    let mut contacts: HashMap<OpportunityId, Vec<AnyId>> = HashMap::new();
    for (id, contact) in lead_contacts(db, &ids)? {
        contacts.entry(id).or_default().push(contact);
    }
    let mut custom = customs(db, &ids)?;
    let case = |row: &LeadFactRow| {
        let mut case = custom.remove(&row.id).unwrap_or_default();
        let yes = |yes: bool| Some(if yes { "yes" } else { "no" }.to_string());
        let day = row.created_at.date_naive();
        let known = row.customer_kind.is_some();
        for (key, word) in [
            ("source", row.source.clone()),
            ("form", row.form_id.map(|id| id.to_string())),
            ("pipeline", Some(row.pipeline_id.to_string())),
            ("customer_kind", row.customer_kind.clone()),
            ("returning", yes(row.first_order_on.is_some_and(|first| first < day)).filter(|_| known)),
            ("industry", row.industry.clone()),
            ("province", row.province.clone()),
            ("city", row.city.clone()),
        ] {
            if let Some(word) = word.filter(|word| !word.is_empty()) {
                case.insert(key.into(), Edge::Word(word));
            }
        }
        if let Some(amount) = row.amount.filter(|amount| *amount > 0) {
            #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
            case.insert("amount".into(), Edge::Number(amount as f64 / minor));
        }
        let until = (row.created_at + BEGINNING).timestamp_millis();
        let early = |id: &&AnyId| named_at(id).is_none_or(|at| at <= until);
        let many = contacts.get(&row.id).map_or(0, |all| all.iter().filter(early).count());
        #[expect(clippy::cast_precision_loss, reason = "an opportunity has at most 50 contacts")]
        case.insert("contacts".into(), Edge::Number(many as f64));
        case
    };
    Ok(rows.iter().map(case).collect())
}

/// When an id was made, in milliseconds since 1970.
fn named_at(id: &AnyId) -> Option<i64> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    i64::try_from(seconds).ok().map(|seconds| seconds * 1_000 + i64::from(nanos / 1_000_000))
}

/// Values of the company's own fields.
fn customs(db: &mut Db, ids: &[OpportunityId]) -> AppResult<HashMap<OpportunityId, Case>> {
    let fields: HashMap<CustomFieldId, (String, AttributeKind, bool)> = custom_definitions(db, RESOURCE)?
        .into_iter()
        .filter_map(|field| {
            let kind = kind_of(&field)?;
            Some((field.id, (format!("{CUSTOM}{}", field.key), kind, field.field_type == "bool")))
        })
        .collect();
    let mut out: HashMap<OpportunityId, Case> = HashMap::new();
    if fields.is_empty() {
        return Ok(out);
    }
    let ids: Vec<AnyId> = ids.iter().map(|id| AnyId(id.0)).collect();
    for one in custom_values_of(db, &ids)? {
        let Some((key, kind, is_bool)) = fields.get(&one.value.field_id) else { continue };
        let value = match kind {
            AttributeKind::Numbers => one.value.number_value.map(Edge::Number),
            AttributeKind::Words if *is_bool => {
                one.value.int_value.map(|yes| Edge::Word(if yes == 0 { "no" } else { "yes" }.into()))
            }
            AttributeKind::Words => one.value.text_value.map(Edge::Word),
        };
        if let Some(value) = value {
            out.entry(OpportunityId(one.resource_id.0)).or_default().insert(key.clone(), value);
        }
    }
    Ok(out)
}

/// The cases as columns to learn from.
pub fn columns(attributes: &[Attribute], cases: &[Case]) -> Vec<Column> {
    let column = |attribute: &Attribute| {
        let known = cases.iter().map(|case| case.get(&attribute.key));
        let values = match attribute.kind {
            AttributeKind::Words => Values::Words(
                known.map(|value| if let Some(Edge::Word(word)) = value { Some(word.clone()) } else { None }).collect(),
            ),
            AttributeKind::Numbers => Values::Numbers(
                known.map(|value| if let Some(Edge::Number(number)) = value { Some(*number) } else { None }).collect(),
            ),
        };
        Column { key: attribute.key.clone(), values, missing_tells: attribute.missing_tells }
    };
    attributes.iter().map(column).collect()
}
