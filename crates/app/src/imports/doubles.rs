//! Rows that no key matches and that look like someone who is there already: told in a check, and met in a run as the
//! person who imports has chosen. Phones, e-mails and tax ids are looked up for a whole chunk at once; what only a name
//! and a birthday would tell is left to the scan that follows an import.

use std::collections::HashMap;

use regulars_domain::duplicates::{Certainty, Profile, score};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::import::party::{PartyHit, PartyKey, parties_find};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::parties::{PartyDraft, kind_guess};
use super::run::Run;
use crate::AppResult;
use crate::customers::duplicates::compare::{compared_of, form_of, kind_of};

/// What becomes of a row that looks like a customer who is there already without matching one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoubleRows {
    /// A new customer all the same.
    #[default]
    Create,
    /// The row is rejected.
    Reject,
    /// It changes that customer when it certainly is the same; otherwise it makes a new one.
    Update,
}

/// Who a row may be already.
#[derive(Debug, Clone)]
pub struct Double {
    pub hit: PartyHit,
    pub score: i32,
    pub certainty: Certainty,
}

impl Double {
    /// As a row of a check tells of it.
    pub fn told(&self) -> Value {
        let name = self.hit.fields.name.as_deref().unwrap_or_default();
        json!({
            "id": self.hit.id,
            "code": self.hit.code,
            "name": format!("{name} ({}) {}", self.hit.code, self.score),
            "score": self.score,
            "certainty": self.certainty,
        })
    }
}

/// Who the drafts may be already, by line of the file; the likeliest of those whom the person may change.
pub fn doubles_find(db: &mut Db, run: &Run, unit: UnitId, drafts: &[&PartyDraft]) -> AppResult<HashMap<u64, Double>> {
    let mut hits: HashMap<PartyId, PartyHit> = HashMap::new();
    let mut by_value: HashMap<String, Vec<PartyId>> = HashMap::new();
    for (key, values) in [
        (PartyKey::Phone, drafts.iter().flat_map(|draft| draft.phones.clone()).collect::<Vec<_>>()),
        (PartyKey::Email, drafts.iter().flat_map(|draft| draft.emails.clone()).collect()),
        (PartyKey::TaxId, drafts.iter().filter_map(|draft| draft.fields.tax_id.clone()).collect()),
    ] {
        for hit in parties_find(db, unit, key, &values, &run.customer_reach)? {
            if hit.reachable && hit.import_id != Some(run.import_id) {
                by_value.entry(hit.matched.clone()).or_default().push(hit.id);
                hits.insert(hit.id, hit);
            }
        }
    }
    if hits.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<PartyId> = hits.keys().copied().collect();
    let compared = compared_of(db, &ids)?;
    let mut doubles = HashMap::new();
    for draft in drafts {
        let profile = profile(draft);
        let values = draft.phones.iter().chain(&draft.emails).chain(&draft.fields.tax_id);
        let near = values.filter_map(|value| by_value.get(value)).flatten().filter_map(|id| compared.get(id));
        let best = near.map(|other| (score(&run.rules, &profile, &other.profile), other.id)).max();
        if let Some((score, id)) = best
            && let Some(certainty) = run.rules.certainty(score)
            && let Some(hit) = hits.get(&id)
        {
            doubles.insert(draft.line, Double { hit: hit.clone(), score, certainty });
        }
    }
    Ok(doubles)
}

fn profile(draft: &PartyDraft) -> Profile {
    let name = draft.fields.name.clone().unwrap_or_default();
    let guess = kind_guess(&name, draft.fields.tax_id.is_some());
    let kind = draft.fields.kind.as_deref().unwrap_or(guess);
    Profile {
        kind: kind_of(kind),
        form: form_of(kind, &name, &draft.name_key),
        name,
        birthday: draft.fields.birthday,
        tax_id: draft.fields.tax_id.clone(),
        phones: draft.phones.clone(),
        emails: draft.emails.clone(),
    }
}
