//! What is compared of customers, and whom to compare a customer with: those who share a key with it.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_domain::actor::Visibility;
use regulars_domain::dates_of_life::LifeDate;
use regulars_domain::duplicates::{Kind, Profile, Rules, score};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_domain::naming::{NameForm, query_tokens};
use regulars_persistence::Db;
use regulars_persistence::customers::duplicate::{ComparedRow, FoundPair, SharedKey, compared_get, parties_sharing};
use regulars_persistence::customers::search::{search_contacts, search_hits};

use crate::AppResult;

/// Customers compared for one key: what more of them share says little.
const SHARING: i64 = 50;
/// Customers born on one day.
const BORN: i64 = 400;
/// Customers read at a time.
const READ: usize = 500;

/// A customer as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub id: PartyId,
    pub unit_id: UnitId,
    pub name_key: String,
    pub profile: Profile,
}

pub fn kind_of(kind: &str) -> Kind {
    if kind == "organization" { Kind::Organization } else { Kind::Person }
}

pub fn form_of(kind: &str, name: &str, name_key: &str) -> NameForm {
    NameForm::new(name, name_key, kind == "organization")
}

fn compared(row: ComparedRow) -> Compared {
    let profile = Profile {
        kind: kind_of(&row.kind),
        form: form_of(&row.kind, &row.name, &row.name_key),
        name: row.name,
        birthday: row.birthday,
        tax_id: row.tax_id,
        phones: Vec::new(),
        emails: Vec::new(),
    };
    Compared { id: row.id, unit_id: row.unit_id, name_key: row.name_key, profile }
}

/// The living ones of these customers as they are compared.
pub fn compared_of(db: &mut Db, ids: &[PartyId]) -> AppResult<HashMap<PartyId, Compared>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(READ) {
        found.extend(compared_get(db, chunk)?.into_iter().map(|row| (row.id, compared(row))));
        for contact in search_contacts(db, chunk)? {
            let Some(Compared { profile, .. }) = found.get_mut(&contact.party_id) else { continue };
            if contact.is_phone { &mut profile.phones } else { &mut profile.emails }.push(contact.value);
        }
    }
    Ok(found)
}

/// Whom to compare a customer with, within reach. `named` also looks for its name where a name alone says little.
pub fn sharing(
    db: &mut Db,
    rules: &Rules,
    (profile, name_key): (&Profile, &str),
    reach: &Visibility,
    today: NaiveDate,
    named: bool,
) -> AppResult<Vec<PartyId>> {
    let mut ids = Vec::new();
    let mut look = |key: SharedKey<'_>, limit: i64| -> AppResult<()> {
        ids.extend(parties_sharing(db, key, reach, limit)?);
        Ok(())
    };
    if !profile.phones.is_empty() {
        look(SharedKey::Phones(&profile.phones), SHARING)?;
    }
    if !profile.emails.is_empty() {
        look(SharedKey::Emails(&profile.emails), SHARING)?;
    }
    if let Some(id) = &profile.tax_id {
        look(SharedKey::TaxId(id), SHARING)?;
    }
    if let Some(on) = profile.birthday.filter(|_| rules.birthday_suffices(profile.kind)) {
        // Until the day's refresh a birthday of yesterday is still noted for yesterday.
        let noted =
            [today, today.pred_opt().unwrap_or(today)].map(|day| LifeDate::yearly(on).next_on(day).unwrap_or(day));
        look(SharedKey::Birthday(on, noted), BORN)?;
    }
    let suffices = rules.name_suffices(profile.kind);
    if !name_key.is_empty() && (named || suffices) {
        look(SharedKey::Reading(name_key), SHARING)?;
    }
    if suffices {
        let query = query_tokens(&profile.form.written());
        if !query.all_of.is_empty() {
            ids.extend(search_hits(db, &query.all_of, reach, SHARING)?.into_iter().map(|hit| hit.id));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Those of the pairs that are duplicates under the rules, of one unit each; of one unit only when it is given.
pub fn pairs_scored(
    db: &mut Db,
    rules: &Rules,
    unit: Option<UnitId>,
    pairs: &[(PartyId, PartyId)],
) -> AppResult<Vec<FoundPair>> {
    let mut ids: Vec<PartyId> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    ids.sort_unstable();
    ids.dedup();
    let compared = compared_of(db, &ids)?;
    let scored = |(one, other): &(PartyId, PartyId)| {
        let (low, high) = (compared.get(one.min(other))?, compared.get(one.max(other))?);
        pair_found(rules, low, high).filter(|found| unit.is_none_or(|unit| unit == found.unit_id))
    };
    Ok(pairs.iter().filter_map(scored).collect())
}

/// The pair if it is one customer, perhaps.
pub fn pair_found(rules: &Rules, one: &Compared, other: &Compared) -> Option<FoundPair> {
    if one.unit_id != other.unit_id || one.id == other.id {
        return None;
    }
    let score = score(rules, &one.profile, &other.profile);
    rules.certainty(score)?;
    Some(FoundPair {
        unit_id: one.unit_id,
        low_id: one.id.min(other.id),
        high_id: one.id.max(other.id),
        score: i64::from(score),
    })
}
