//! Finding anyone in a moment: customers first, then goods and orders.

use std::cmp::Reverse;
use std::collections::HashMap;

use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::ids::PartyId;
use regulars_domain::mask::{EMAIL, Masks, PHONE};
use regulars_domain::naming::{
    email_normalized, home_digits, name_cleaned, phone_normalized, phone_tail, query_tokens, reading,
};
use regulars_persistence::Db;
use regulars_persistence::catalog::product::products_named;
use regulars_persistence::customers::search::{
    Exact, IndexedContact, SearchHit, search_contacts, search_exact, search_hits, search_orders, search_places,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::mask::query_allowed;
use crate::access::Ref;
use crate::{AppError, AppResult, Cx};

/// Newest matches that are ranked.
const CANDIDATES: i64 = 200;
/// Matches of an exact value that are looked at.
const EXACT: i64 = 20;
pub const MOST: usize = 50;

/// What was found, best first in each kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct SearchResult {
    pub customers: Vec<CustomerHit>,
    pub products: Vec<Ref>,
    pub orders: Vec<Ref>,
}

/// A found customer, enough to tell namesakes apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerHit {
    pub id: Uuid,
    pub name: String,
    /// None while it waits for its qualification.
    pub code: Option<String>,
    #[schema(value_type = crate::shape::CustomerKind)]
    pub kind: String,
    /// The last four digits of a phone, for those who see phones.
    #[schema(example = "8000")]
    pub phone_tail: Option<String>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    /// What was met: `name`, `pinyin`, `phone`, `code` or `email`.
    #[schema(value_type = crate::shape::SearchMatch)]
    pub matched: String,
}

/// Searches everything the caller may read by any piece of a name, reading, phone, code or address.
pub fn search(cx: &Cx, q: &str, limit: usize) -> AppResult<SearchResult> {
    let q = q.trim();
    if q.chars().count() > 200 {
        return Err(AppError::invalid("q", "too_long"));
    }
    let limit = limit.clamp(1, MOST);
    if q.is_empty() {
        return Ok(SearchResult::default());
    }
    let customers = cx.read(|db| customers_found(cx, db, q, limit))?;
    Ok(SearchResult { customers, products: products_found(cx, q, limit)?, orders: orders_found(cx, q, limit)? })
}

fn customers_found(cx: &Cx, db: &mut Db, q: &str, limit: usize) -> AppResult<Vec<CustomerHit>> {
    let reach = cx.visible(Resource::Customer, Action::Read);
    if reach == Visibility::Nothing {
        return Ok(Vec::new());
    }
    let masks = &cx.actor.masks;
    let mut typed = Typed::new(q);
    typed.forget(masks);
    let mut hits = typed.exact_hits(db, &reach)?;
    let query = query_allowed(masks, query_tokens(q)).unwrap_or_default();
    if !query.all_of.is_empty() {
        hits.extend(search_hits(db, &query.all_of, &reach, CANDIDATES)?);
    }
    let mut seen = std::collections::HashSet::new();
    hits.retain(|hit| seen.insert(hit.id));
    let mut contacts = Contacts { masks, read: HashMap::new() };
    let mut ranked: Vec<(Rank, SearchHit)> = hits.into_iter().map(|hit| (typed.rank(&hit, &[]), hit)).collect();
    // Contact points are read for those only whom name and code do not explain.
    let unexplained = |rank: &Rank| typed.may_be_contact() || rank.class >= UNEXPLAINED;
    contacts.read(db, ranked.iter().filter(|(rank, _)| unexplained(rank)).map(|(_, hit)| hit.id))?;
    for (rank, hit) in &mut ranked {
        if unexplained(rank) {
            *rank = typed.rank(hit, contacts.of(hit.id));
        }
    }
    ranked.sort_by_key(|(rank, hit)| (rank.class, Reverse(hit.id)));
    ranked.truncate(limit);
    contacts.read(db, ranked.iter().map(|(_, hit)| hit.id))?;
    let ids: Vec<PartyId> = ranked.iter().map(|(_, hit)| hit.id).collect();
    let mut places: HashMap<PartyId, _> =
        search_places(db, &ids)?.into_iter().map(|place| (place.id, (place.unit_name, place.owner_name))).collect();
    let shown = |(rank, hit): (Rank, SearchHit)| {
        let (unit_name, owner_name) = places.remove(&hit.id).unwrap_or_default();
        let phone = contacts.of(hit.id).iter().find(|contact| contact.is_phone);
        CustomerHit {
            phone_tail: phone.map(|phone| phone_tail(&phone.value).to_owned()),
            id: hit.id.0,
            name: hit.name,
            code: Some(hit.code).filter(|code| !code.is_empty()),
            kind: hit.kind,
            unit: Ref::new(hit.unit_id, unit_name),
            owner: hit.owner_id.map(|id| Ref::new(id, owner_name.unwrap_or_default())),
            matched: rank.matched.into(),
        }
    };
    Ok(ranked.into_iter().map(shown).collect())
}

/// Contact points read so far, by customer; those alone that the caller may see.
struct Contacts<'a> {
    masks: &'a Masks,
    read: HashMap<PartyId, Vec<IndexedContact>>,
}

impl Contacts<'_> {
    /// Reads those not read yet.
    fn read(&mut self, db: &mut Db, ids: impl Iterator<Item = PartyId>) -> AppResult<()> {
        let missing: Vec<PartyId> = ids.filter(|id| !self.read.contains_key(id)).collect();
        self.read.extend(missing.iter().map(|id| (*id, Vec::new())));
        let masks = self.masks;
        let seen = |one: &IndexedContact| !masks.hides(if one.is_phone { PHONE } else { EMAIL });
        for contact in search_contacts(db, &missing)?.into_iter().filter(seen) {
            self.read.entry(contact.party_id).or_default().push(contact);
        }
        Ok(())
    }

    fn of(&self, id: PartyId) -> &[IndexedContact] {
        self.read.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// The first class of what neither name nor code explains.
const UNEXPLAINED: u8 = 7;

/// What was typed, in the forms it is compared in.
struct Typed {
    text: String,
    /// Lower case, without blanks and punctuation.
    folded: String,
    reading: String,
    digits: String,
    phone: Option<String>,
    email: Option<String>,
}

/// A class from best (0) to worst, and what was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rank {
    class: u8,
    matched: &'static str,
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn fold(text: &str) -> String {
    folded(text).collect()
}

/// Whether a text, folded, opens with what is folded already.
fn opens(text: &str, with: &str) -> bool {
    let mut text = folded(text);
    with.chars().all(|wanted| text.next() == Some(wanted))
}

impl Typed {
    fn new(q: &str) -> Self {
        let text = name_cleaned(q);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        Self {
            folded: fold(&text),
            reading: reading(&text, true),
            phone: (digits.len() >= 7).then(|| phone_normalized(&text).ok()).flatten().map(|phone| phone.e164),
            email: text.contains('@').then(|| email_normalized(&text).ok()).flatten(),
            digits,
            text,
        }
    }

    /// Takes away the meanings by which the caller may not search.
    fn forget(&mut self, masks: &Masks) {
        self.phone = self.phone.take().filter(|_| !masks.hides(PHONE));
        self.email = self.email.take().filter(|_| !masks.hides(EMAIL));
    }

    /// What the value finds directly, however old it is: the index is asked for the newest only.
    fn exact_hits(&self, db: &mut Db, reach: &Visibility) -> AppResult<Vec<SearchHit>> {
        let mut hits = Vec::new();
        if !self.digits.is_empty() {
            hits.extend(search_exact(db, Exact::Code(&self.text), reach, EXACT)?);
            let upper = self.text.to_uppercase();
            if upper != self.text {
                hits.extend(search_exact(db, Exact::Code(&upper), reach, EXACT)?);
            }
        }
        if let Some(phone) = &self.phone {
            hits.extend(search_exact(db, Exact::Phone(phone), reach, EXACT)?);
        }
        if let Some(email) = &self.email {
            hits.extend(search_exact(db, Exact::Email(email), reach, EXACT)?);
        }
        if self.digits.is_empty() && self.email.is_none() {
            hits.extend(search_exact(db, Exact::Reading(&self.reading), reach, EXACT)?);
        }
        Ok(hits)
    }

    /// Whether it can be a piece of a phone, or is an e-mail address.
    fn may_be_contact(&self) -> bool {
        self.digits.len() >= 3 || self.email.is_some()
    }

    fn rank(&self, hit: &SearchHit, contacts: &[IndexedContact]) -> Rank {
        let of = |class, matched| Rank { class, matched };
        let is_typed = |text: &str| folded(text).eq(self.folded.chars());
        let initials = || hit.name_key.split(' ').filter_map(|word| word.chars().next()).collect::<String>();
        let phone = |meets: &dyn Fn(&str) -> bool| {
            self.digits.len() >= 3
                && contacts.iter().any(|c| c.is_phone && (meets(&home_digits(&c.value)) || meets(&c.value)))
        };
        let email = || contacts.iter().any(|c| !c.is_phone && c.value.contains(&self.text.to_lowercase()));
        if is_typed(&hit.code) {
            of(0, "code")
        } else if self.phone.as_ref().is_some_and(|typed| contacts.iter().any(|c| c.value == *typed)) {
            of(1, "phone")
        } else if self.email.as_ref().is_some_and(|typed| contacts.iter().any(|c| c.value == *typed)) {
            of(1, "email")
        } else if is_typed(&hit.name) {
            of(2, "name")
        } else if opens(&hit.name, &self.folded) {
            of(3, "name")
        } else if is_typed(&hit.name_key) {
            of(4, "pinyin")
        } else if phone(&|number| number.ends_with(&self.digits)) {
            of(4, "phone")
        } else if !self.digits.is_empty() && fold(&hit.code).ends_with(&self.folded) {
            of(5, "code")
        } else if opens(&hit.name_key, &self.folded) || initials().starts_with(&self.folded) {
            of(5, "pinyin")
        } else if phone(&|number| number.contains(&self.digits)) {
            of(6, "phone")
        } else if fold(&hit.name).contains(&self.folded) {
            of(6, "name")
        } else if email() {
            of(7, "email")
        } else if !self.digits.is_empty() && self.folded.chars().any(|c| c.is_ascii_digit()) {
            of(8, "code")
        } else {
            of(8, "pinyin")
        }
    }
}

fn products_found(cx: &Cx, q: &str, limit: usize) -> AppResult<Vec<Ref>> {
    if !cx.actor.may("catalog:product:read") {
        return Ok(Vec::new());
    }
    let most = i64::try_from(limit.min(5)).unwrap_or(5);
    let found = cx.read(|db| Ok(products_named(db, q, most)?))?;
    Ok(found.into_iter().map(|product| Ref::new(product.id, product.name)).collect())
}

fn orders_found(cx: &Cx, q: &str, limit: usize) -> AppResult<Vec<Ref>> {
    let reach = cx.visible(Resource::Order, Action::Read);
    if reach == Visibility::Nothing || !q.chars().any(|c| c.is_ascii_digit()) {
        return Ok(Vec::new());
    }
    let most = i64::try_from(limit.min(5)).unwrap_or(5);
    cx.read(|db| {
        let mut found = search_orders(db, q, &reach, most)?;
        let upper = q.to_uppercase();
        if found.is_empty() && upper != q {
            found = search_orders(db, &upper, &reach, most)?;
        }
        Ok(found.into_iter().map(|order| Ref::new(order.id, order.code)).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use regulars_domain::ids::UnitId;

    fn hit(name: &str, key: &str, code: &str) -> SearchHit {
        SearchHit {
            id: PartyId::fresh(),
            unit_id: UnitId::fresh(),
            owner_id: None,
            code: code.into(),
            kind: "person".into(),
            name: name.into(),
            name_key: key.into(),
        }
    }

    #[test]
    fn what_was_typed_whole_comes_first() {
        let (wei, weiming) = (hit("张伟", "zhang wei", "C-01-000007"), hit("张伟明", "zhang wei ming", "C-01-000017"));
        let phone = [IndexedContact { party_id: wei.id, value: "+8613800138000".into(), is_phone: true }];
        for (typed, class, matched) in [
            ("c-01-000007", 0, "code"),
            ("13800138000", 1, "phone"),
            ("张伟", 2, "name"),
            ("张", 3, "name"),
            ("zhangwei", 4, "pinyin"),
            ("8000", 4, "phone"),
            ("zw", 5, "pinyin"),
            ("伟", 6, "name"),
        ] {
            assert_eq!(Typed::new(typed).rank(&wei, &phone), Rank { class, matched }, "{typed}");
        }
        assert_eq!(Typed::new("张伟").rank(&weiming, &[]).class, 3);
        assert_eq!(Typed::new("zhangwei").rank(&weiming, &[]), Rank { class: 5, matched: "pinyin" });
    }
}
