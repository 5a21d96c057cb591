//! Keeping the search index: what is indexed of a customer, at once for single edits, in the background for many.

use std::collections::HashMap;

use regulars_domain::ids::{PartyId, UnitId, UserId};
use regulars_domain::naming::{code_tokens, email_tokens, index_tokens, phone_tokens};
use regulars_persistence::Db;
use regulars_persistence::customers::search::{
    IndexedContact, IndexedParty, SearchDocument, search_insert, search_pending_list, search_pending_remove,
    search_remove, search_source,
};

use super::input::CustomerInput;
use crate::{App, AppError, AppResult};

/// The document of a customer as written by a person.
pub fn document(
    party_id: PartyId,
    (unit_id, owner_id): (UnitId, Option<UserId>),
    code: Option<&str>,
    input: &CustomerInput,
) -> SearchDocument {
    let mut tokens = index_tokens(&input.name, input.kind == "person", input.name_pinyin.as_deref());
    tokens.extend(code.into_iter().flat_map(code_tokens));
    tokens.extend(input.phones.iter().flat_map(|phone| phone_tokens(&phone.number)));
    tokens.extend(input.emails.iter().flat_map(|email| email_tokens(&email.address)));
    distinct(party_id, unit_id, owner_id, tokens)
}

fn distinct(party_id: PartyId, unit_id: UnitId, owner_id: Option<UserId>, mut tokens: Vec<String>) -> SearchDocument {
    tokens.sort_unstable();
    tokens.dedup();
    SearchDocument { party_id, unit_id, owner_id, tokens }
}

/// Indexes up to `limit` queued customers in one transaction; answers how many were taken from the queue.
pub fn search_index_step(app: &App, limit: i64) -> AppResult<usize> {
    app.db().write(move |tx| search_index_queued(tx, limit))
}

/// The same inside the caller's transaction.
pub fn search_index_queued(tx: &mut Db, limit: i64) -> Result<usize, AppError> {
    let ids = search_pending_list(tx, limit)?;
    for chunk in ids.chunks(500) {
        let documents = documents_of(tx, chunk)?;
        search_remove(tx, chunk)?;
        search_insert(tx, &documents)?;
        search_pending_remove(tx, chunk)?;
    }
    Ok(ids.len())
}

/// What the index should hold of these customers; of those that are gone, nothing.
pub fn documents_of(tx: &mut Db, ids: &[PartyId]) -> AppResult<Vec<SearchDocument>> {
    let (parties, contacts) = search_source(tx, ids)?;
    let mut by_party: HashMap<PartyId, Vec<IndexedContact>> = HashMap::new();
    for contact in contacts {
        by_party.entry(contact.party_id).or_default().push(contact);
    }
    let document = |party: IndexedParty| {
        let mut tokens = index_tokens(&party.name, party.kind == "person", party.reading_set.as_deref());
        tokens.extend(code_tokens(&party.code));
        for contact in by_party.get(&party.id).into_iter().flatten() {
            let of = if contact.is_phone { phone_tokens } else { email_tokens };
            tokens.extend(of(&contact.value));
        }
        distinct(party.id, party.unit_id, party.owner_id, tokens)
    };
    Ok(parties.into_iter().map(document).collect())
}
