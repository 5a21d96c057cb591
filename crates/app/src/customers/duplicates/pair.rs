//! The queue of pairs: read, put aside, taken up again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::duplicates::score_of;
use regulars_domain::ids::{DuplicateId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::customers::duplicate::{
    PAIR_FROM, PairRow, pair_base, pair_catalogue, pair_decide, pairs_get,
};
use regulars_persistence::customers::party::party_list_by_id;
use regulars_persistence::sql::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compare::compared_of;
use super::{ReasonView, reason_views};
use crate::customers::place::party_place;
use crate::customers::view::{CustomerView, customer_views};
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
pub const MERGE: &str = "customers:customer:merge";

/// Two records that may be one customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DuplicateView {
    pub id: Uuid,
    /// 0–100, as of now.
    #[schema(example = 90)]
    pub score: i32,
    /// Absent when a change since has made it neither.
    #[schema(value_type = Option<crate::shape::DuplicateCertainty>)]
    pub certainty: Option<String>,
    pub reasons: Vec<ReasonView>,
    #[schema(value_type = crate::shape::DuplicateStatus)]
    pub status: String,
    pub found_at: DateTime<Utc>,
    /// When it was put aside or taken up again.
    pub decided_at: Option<DateTime<Utc>>,
    /// The older record first.
    #[schema(min_items = 2, max_items = 2)]
    pub customers: Vec<CustomerView>,
    /// Whether the caller may merge the two.
    pub mergeable: bool,
}

/// Pairs the caller sees both records of; the open ones unless the filter names a status. Sorted by score when nothing
/// else is asked for.
pub fn duplicate_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<DuplicateView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let told = request.filter.as_ref().is_some_and(|filter| filter.names(&|name| name == "status"));
    let base = pair_base(&reach, (!told).then_some("open"), None);
    cx.read(|db| pair_page(cx, db, request, &base))
}

fn pair_page(cx: &Cx, db: &mut Db, request: &ListRequest, base: &Statement) -> AppResult<Page<DuplicateView>> {
    let catalogue = pair_catalogue(cx.company()?.settings.duplicates.certain);
    let source = Source { from: PAIR_FROM, id: "d.id", catalogue: &catalogue, default_sort: "-score" };
    let page = page_ids(cx, db, request, &source, base)?;
    let ids: Vec<DuplicateId> = page.items.iter().copied().map(DuplicateId).collect();
    let items = duplicate_views(cx, db, &ids)?;
    Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
}

pub fn duplicate_get(cx: &Cx, id: DuplicateId) -> AppResult<DuplicateView> {
    cx.require(READ)?;
    cx.read(|db| duplicate_view(cx, db, id))
}

/// The open pairs of a customer, the likeliest first.
pub fn duplicate_list_of(cx: &Cx, party: PartyId, request: &ListRequest) -> AppResult<Page<DuplicateView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = pair_base(&reach, Some("open"), Some(party));
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        pair_page(cx, db, request, &base)
    })
}

/// Puts a pair aside: these are two customers. It is remembered, whatever a later scan finds.
pub fn duplicate_dismiss(cx: &Cx, id: DuplicateId) -> AppResult<DuplicateView> {
    decide(cx, id, "dismissed")
}

/// Takes up again what was put aside.
pub fn duplicate_reopen(cx: &Cx, id: DuplicateId) -> AppResult<DuplicateView> {
    decide(cx, id, "open")
}

fn decide(cx: &Cx, id: DuplicateId, status: &'static str) -> AppResult<DuplicateView> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (row, parties) = sides(tx, id)?.ok_or(AppError::NotFound)?;
        duplicate_view(cx, tx, id)?;
        let writable = party_list_by_id(tx, &parties, &cx.visible(Resource::Customer, Action::Write))?;
        if writable.len() != parties.len() {
            return Err(AppError::Forbidden(WRITE.into()));
        }
        if pair_decide(tx, id, status, cx.actor.user_id, cx.now)? {
            let action = if status == "open" { "reopened" } else { "dismissed" };
            for party in parties {
                Event::new(cx, "duplicate", id, action)
                    .party(party)
                    .stands(row.unit_id, None)
                    .after(&serde_json::json!({"customer_ids": parties}))
                    .record(tx)?;
            }
        }
        duplicate_view(cx, tx, id)
    })
}

fn sides(db: &mut Db, id: DuplicateId) -> AppResult<Option<(PairRow, [PartyId; 2])>> {
    let row = pairs_get(db, &[id])?.pop();
    Ok(row.map(|row| {
        let parties = [row.low_id, row.high_id];
        (row, parties)
    }))
}

fn duplicate_view(cx: &Cx, db: &mut Db, id: DuplicateId) -> AppResult<DuplicateView> {
    duplicate_views(cx, db, &[id])?.pop().ok_or(AppError::NotFound)
}

/// The views of pairs in their order; of those alone whose records are both within reach.
fn duplicate_views(cx: &Cx, db: &mut Db, ids: &[DuplicateId]) -> AppResult<Vec<DuplicateView>> {
    let company = cx.company()?;
    let mut rows: HashMap<DuplicateId, PairRow> = pairs_get(db, ids)?.into_iter().map(|row| (row.id, row)).collect();
    let mut parties: Vec<PartyId> = rows.values().flat_map(|row| [row.low_id, row.high_id]).collect();
    parties.sort_unstable();
    parties.dedup();
    let compared = compared_of(db, &parties)?;
    let records = party_list_by_id(db, &parties, &cx.visible(Resource::Customer, Action::Read))?;
    let writable: Vec<PartyId> = if cx.actor.may(MERGE) {
        let reach = cx.visible_own(Resource::Customer, Action::Write);
        party_list_by_id(db, &parties, &reach)?.into_iter().map(|record| record.party.id).collect()
    } else {
        Vec::new()
    };
    let views: HashMap<Uuid, CustomerView> = customer_views(db, records, &company.currency, &cx.actor.masks)?
        .into_iter()
        .map(|view| (view.id, view))
        .collect();
    let view = |id: &DuplicateId| {
        let row = rows.remove(id)?;
        let sides = [row.low_id, row.high_id];
        let customers: Vec<CustomerView> = sides.iter().filter_map(|id| views.get(&id.0).cloned()).collect();
        let (low, high) = (compared.get(&row.low_id)?, compared.get(&row.high_id)?);
        let score = score_of(&company.settings.duplicates, &low.profile, &high.profile);
        (customers.len() == 2 && low.unit_id == high.unit_id).then(|| DuplicateView {
            id: row.id.0,
            score: score.score,
            certainty: score.certainty.map(|certainty| certainty.key().into()),
            reasons: reason_views(score.reasons, &cx.actor.masks),
            status: row.status,
            found_at: row.found_at,
            decided_at: row.decided_at,
            mergeable: sides.iter().all(|id| writable.contains(id)),
            customers,
        })
    };
    Ok(ids.iter().filter_map(view).collect())
}
