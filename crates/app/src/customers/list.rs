//! The list of customers: scope, search, conditions, order, and the views of one page.

use std::collections::{HashMap, HashSet};

use regulars_domain::actor::{Action, Resource};
use regulars_domain::condition::Condition;
use regulars_domain::ids::PartyId;
use regulars_domain::mask::{EMAIL, PHONE};
use regulars_domain::naming::{Candidate, Sought, query_tokens};
use regulars_persistence::Db;
use regulars_persistence::catalogue::Catalogue;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::customers::fields::{PARTY_FROM, PARTY_ID, Root, party_catalogue};
use regulars_persistence::customers::party::{PartyRecord, party_list_by_id};
use regulars_persistence::customers::search::search_source;
use regulars_persistence::customers::search_list::push_found;
use regulars_persistence::insight::metric::metric_fields;
use regulars_persistence::list::Position;
use regulars_persistence::sql::Statement;
use uuid::Uuid;

use super::mask::query_allowed;
use super::view::{CustomerView, customer_views};
use crate::insight::metrics::{metric_day, metrics_of};
use crate::list::{Judge, ListRequest, Page, Source, page_ids_judged};
use crate::{AppResult, Cx};

/// Where customers are listed from, and their id there.
pub const CUSTOMER_FROM: &str = PARTY_FROM;
pub const CUSTOMER_ID: &str = PARTY_ID;

/// Everything customers can be filtered and sorted by.
pub fn customer_catalogue(cx: &Cx, db: &mut Db, root: Root) -> AppResult<Catalogue> {
    let mut catalogue = party_catalogue(&custom_definitions(db, "customer")?, root);
    catalogue.fields.extend(metric_fields(metric_day(cx, db)?, root));
    let masks = &cx.actor.masks;
    if !masks.is_empty() {
        let named = catalogue.fields.iter().map(|field| &field.name);
        catalogue.masked = named.filter(|name| masks.hides_field(name)).cloned().collect();
    }
    Ok(catalogue)
}

/// From metrics, if a condition or a sort names one.
pub fn customer_root(filter: Option<&Condition>, sort: Option<&str>) -> Root {
    let metric = |name: &str| name.starts_with("metrics.") || name == "last_contact_at";
    let sorted = sort.is_some_and(|sort| sort.split(',').any(|part| metric(part.trim_start_matches('-'))));
    if sorted || filter.is_some_and(|filter| filter.names(&metric)) { Root::Metric } else { Root::Party }
}

/// The living customers within the caller's reach, as a predicate on the root.
pub fn customer_scope(cx: &Cx, action: Action, root: Root) -> Statement {
    let mut base = Statement::default();
    root.push_living(&mut base, &cx.visible(Resource::Customer, action));
    base
}

/// The scope narrowed to what the index finds for a search: every customer meant, and a few more, whom
/// [`customers_meant`] leaves out.
pub fn customer_base(cx: &Cx, db: &Db, q: Option<&str>, root: Root) -> Statement {
    let mut base = customer_scope(cx, Action::Read, root);
    let Some(q) = q else { return base };
    let query = query_allowed(&cx.actor.masks, query_tokens(q)).filter(|query| !query.all_of.is_empty());
    let Some(query) = query else {
        base.push(" AND 1 = 0");
        return base;
    };
    let reach = cx.visible(Resource::Customer, Action::Read);
    push_found(&mut base, db, root.id(), &query.all_of, &reach);
    base
}

/// Those customers that are what was typed.
pub fn customers_meant(cx: &Cx, db: &mut Db, q: Option<&str>, mut ids: Vec<PartyId>) -> AppResult<Vec<PartyId>> {
    if let Some(sought) = q.map(Sought::new).filter(|sought| !sought.index_is_exact()) {
        let kept = meant(cx, db, &sought, &ids)?;
        ids.retain(|id| kept.contains(&id.0));
    }
    Ok(ids)
}

fn meant(cx: &Cx, db: &mut Db, sought: &Sought, ids: &[PartyId]) -> AppResult<HashSet<Uuid>> {
    let mut kept = HashSet::new();
    for chunk in ids.chunks(500) {
        let (parties, contacts) = search_source(db, chunk)?;
        let mut phones: HashMap<PartyId, Vec<&str>> = HashMap::new();
        let mut emails: HashMap<PartyId, Vec<&str>> = HashMap::new();
        let masks = &cx.actor.masks;
        for contact in contacts.iter().filter(|one| !masks.hides(if one.is_phone { PHONE } else { EMAIL })) {
            let among = if contact.is_phone { &mut phones } else { &mut emails };
            among.entry(contact.party_id).or_default().push(&contact.value);
        }
        for party in &parties {
            let candidate = Candidate {
                name: &party.name,
                is_person: party.kind == "person",
                reading_set: party.reading_set.as_deref(),
                code: &party.code,
                phones: &phones.remove(&party.id).unwrap_or_default(),
                emails: &emails.remove(&party.id).unwrap_or_default(),
            };
            if sought.is_met_by(&candidate) {
                kept.insert(party.id.0);
            }
        }
    }
    Ok(kept)
}

/// One page of customers.
pub fn customer_list(cx: &Cx, request: ListRequest) -> AppResult<Page<CustomerView>> {
    cx.require("customers:customer:read")?;
    let company = cx.company()?;
    let request = ListRequest { sort: request.sort.as_deref().map(sort_stored), ..request };
    cx.read(|db| {
        let root = customer_root(request.filter.as_ref(), request.sort.as_deref());
        let catalogue = customer_catalogue(cx, db, root)?;
        let source = Source { from: root.from(), id: root.id(), catalogue: &catalogue, default_sort: "-id" };
        let base = customer_base(cx, db, request.q.as_deref(), root);
        let sought = request.q.as_deref().map(Sought::new).filter(|sought| !sought.index_is_exact());
        let judge = sought.map(|sought| {
            move |db: &mut Db, mut positions: Vec<Position>| {
                let ids: Vec<PartyId> = positions.iter().map(|position| PartyId(position.id.0)).collect();
                let kept = meant(cx, db, &sought, &ids)?;
                positions.retain(|position| kept.contains(&position.id.0));
                Ok(positions)
            }
        });
        let judge = judge.as_ref().map(|judge| judge as Judge<'_>);
        let page = page_ids_judged(cx, db, &request, &source, &base, judge)?;
        let ids: Vec<PartyId> = page.items.iter().copied().map(PartyId).collect();
        let records = records_in_order(db, cx, &ids)?;
        let mut views = customer_views(db, records, &company.currency, &cx.actor.masks)?;
        if request.expand.iter().any(|part| part == "metrics") && cx.actor.may("insight:metric:read") {
            let mut metrics = metrics_of(cx, db, &ids)?;
            for view in &mut views {
                view.metrics = metrics.remove(&PartyId(view.id));
            }
        }
        Ok(Page { items: views, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

/// Ids are in order of creation, and names sort by their reading: both have an index.
fn sort_stored(sort: &str) -> String {
    let stored = |part: &str| {
        let (minus, name) = part.strip_prefix('-').map_or(("", part), |name| ("-", name));
        let name = match name {
            "created_at" => "id",
            "name" => "name_pinyin",
            other => other,
        };
        format!("{minus}{name}")
    };
    let parts: Vec<String> = sort.split(',').map(stored).collect();
    parts.join(",")
}

/// The records of a page in its order.
pub fn records_in_order(db: &mut Db, cx: &Cx, ids: &[PartyId]) -> AppResult<Vec<PartyRecord>> {
    let reach = cx.visible(Resource::Customer, Action::Read);
    let records = party_list_by_id(db, ids, &reach)?;
    let mut by_id: HashMap<PartyId, PartyRecord> =
        records.into_iter().map(|record| (record.party.id, record)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_are_turned_into_indexed_ones() {
        assert_eq!(sort_stored("-created_at"), "-id");
        assert_eq!(sort_stored("name,-id"), "name_pinyin,-id");
        assert_eq!(sort_stored("-metrics.net"), "-metrics.net");
    }
}
