//! Whether someone is a customer of another unit: says only that it is so, where, and whom to ask. The walls stand: the
//! name is masked, nothing else is told, every question is noted, and nobody asks often.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use regulars_domain::actor::Visibility;
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UnitId};
use regulars_domain::mask::{EMAIL, PHONE, TAX_ID, tax_id_masked};
use regulars_domain::naming::{email_masked, email_normalized, name_masked, phone_masked, phone_normalized};
use regulars_persistence::Db;
use regulars_persistence::access::user::unit_keeper;
use regulars_persistence::customers::duplicate::{SharedKey, parties_sharing};
use regulars_persistence::customers::party::{PartyRecord, party_list_by_id};
use regulars_persistence::event::events_count_since;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::access::Ref;
use crate::customers::mask::field_require;
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

const PERMISSION: &str = "customers:duplicate:check";
/// Questions a person may ask within an hour.
const HOURLY: i64 = 30;
const HOUR: TimeDelta = TimeDelta::hours(1);
/// Customers of other units that are looked at.
const MOST: i64 = 50;
const MOST_VALUES: usize = 5;

/// What identifies the customer; a name alone is no reason to ask.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"phones": ["138 0013 8000"]}))]
pub struct ElsewhereInput {
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub tax_id: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ElsewhereView {
    pub matches: Vec<ElsewhereMatch>,
    /// Questions left within the hour.
    #[schema(example = 29)]
    pub left: i64,
}

/// It is a customer of that unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ElsewhereMatch {
    pub unit: Ref,
    /// The owner, or who keeps the unit's data.
    pub ask: Option<Ref>,
    #[schema(example = "张**")]
    pub name_masked: String,
    /// What is the same.
    #[schema(value_type = Vec<crate::shape::DuplicateField>)]
    pub matched: Vec<String>,
}

/// The values asked for in their stored form.
#[derive(Clone)]
struct Asked {
    phones: Vec<String>,
    emails: Vec<String>,
    tax_id: Option<String>,
}

/// Answers from all units but the caller's own.
pub fn elsewhere_check(cx: &Cx, input: &ElsewhereInput) -> AppResult<ElsewhereView> {
    cx.require(PERMISSION)?;
    for (key, pointer, named) in [
        (PHONE, "/phones", !input.phones.is_empty()),
        (EMAIL, "/emails", !input.emails.is_empty()),
        (TAX_ID, "/tax_id", input.tax_id.is_some()),
    ] {
        if named {
            field_require(&cx.actor.masks, key, pointer)?;
        }
    }
    let asked = asked(input)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let me = AnyId(cx.actor.user_id.0);
        let before = events_count_since(tx, "duplicate_check", me, cx.now - HOUR)?;
        if before >= HOURLY {
            return Err(AppError::RateLimited { retry_after_seconds: HOUR.num_seconds().unsigned_abs() });
        }
        let matches = matches_of(tx, cx.actor.unit_id, &asked)?;
        let told: Vec<&Ref> = matches.iter().map(|found| &found.unit).collect();
        Event::new(cx, "duplicate_check", cx.actor.user_id, "asked")
            .stands(cx.actor.unit_id, Some(cx.actor.user_id))
            .after(&json!({"about": asked.masked(), "units": told}))
            .record(tx)?;
        Ok(ElsewhereView { matches, left: HOURLY - before - 1 })
    })
}

fn asked(input: &ElsewhereInput) -> AppResult<Asked> {
    let mut checks = Checks::default();
    for (pointer, count) in [("/phones", input.phones.len()), ("/emails", input.emails.len())] {
        if count > MOST_VALUES {
            checks.fail_with(pointer, "too_many", MOST_VALUES);
        }
    }
    let mut asked = Asked { phones: Vec::new(), emails: Vec::new(), tax_id: None };
    for (at, text) in input.phones.iter().enumerate() {
        match phone_normalized(text) {
            Ok(phone) => asked.phones.push(phone.e164),
            Err(error) => checks.fail(format!("/phones/{at}"), error.code()),
        }
    }
    for (at, text) in input.emails.iter().enumerate() {
        match email_normalized(text) {
            Ok(address) => asked.emails.push(address),
            Err(_) => checks.fail(format!("/emails/{at}"), "email_invalid"),
        }
    }
    asked.tax_id = input.tax_id.as_deref().map(|id| id.trim().to_uppercase()).filter(|id| !id.is_empty());
    if asked.phones.is_empty() && asked.emails.is_empty() && asked.tax_id.is_none() {
        checks.fail("/phones", "required");
    }
    checks.done()?;
    Ok(asked)
}

impl Asked {
    /// What was asked about, as the log may keep it.
    fn masked(&self) -> Value {
        let tax_id = self.tax_id.as_deref().map(tax_id_masked);
        json!({
            "phones": self.phones.iter().map(|number| phone_masked(number)).collect::<Vec<_>>(),
            "emails": self.emails.iter().map(|address| email_masked(address)).collect::<Vec<_>>(),
            "tax_id": tax_id,
        })
    }
}

fn matches_of(db: &mut Db, own: UnitId, asked: &Asked) -> AppResult<Vec<ElsewhereMatch>> {
    let mut found: BTreeMap<PartyId, Vec<String>> = BTreeMap::new();
    let mut look = |field: &str, key: SharedKey<'_>| -> AppResult<()> {
        for id in parties_sharing(db, key, &Visibility::Company, MOST)? {
            found.entry(id).or_default().push(field.into());
        }
        Ok(())
    };
    if !asked.phones.is_empty() {
        look("phone", SharedKey::Phones(&asked.phones))?;
    }
    if !asked.emails.is_empty() {
        look("email", SharedKey::Emails(&asked.emails))?;
    }
    if let Some(id) = &asked.tax_id {
        look("tax_id", SharedKey::TaxId(id))?;
    }
    let ids: Vec<PartyId> = found.keys().copied().collect();
    let mut records = party_list_by_id(db, &ids, &Visibility::Company)?;
    records.retain(|record| record.party.unit_id != own);
    records.sort_by_key(|record| record.party.id);
    let mut matches: Vec<ElsewhereMatch> = Vec::new();
    for record in records {
        let matched = found.remove(&record.party.id).unwrap_or_default();
        let answer = answer(db, record, matched)?;
        if !matches.contains(&answer) {
            matches.push(answer);
        }
    }
    Ok(matches)
}

fn answer(db: &mut Db, record: PartyRecord, matched: Vec<String>) -> AppResult<ElsewhereMatch> {
    let party = record.party;
    let owner = party.owner_id.map(|id| Ref::new(id, record.owner_name.unwrap_or_default()));
    let ask = match owner {
        Some(owner) => Some(owner),
        None => unit_keeper(db, party.unit_id)?.map(|(id, name)| Ref::new(id, name)),
    };
    Ok(ElsewhereMatch {
        unit: Ref::new(party.unit_id, record.unit_name),
        ask,
        name_masked: name_masked(&party.name),
        matched,
    })
}
