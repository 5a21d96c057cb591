//! Who is in a pool, and how everybody came into it and left it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, PoolId, PoolMoveId, UserId};
use regulars_domain::mask::{ADDRESS, BIRTHDAY, EMAIL, Masks, NOTE, PHONE, TAX_ID};
use regulars_domain::pool::{Claims, Refusal};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_rows;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::customers::party::{PartyRecord, party_list_by_id};
use regulars_persistence::customers::pool::{
    MOVE_FROM, MoveRecord, POOL_FROM, PoolRow, StandingRow, claims_on, in_hand, lost_on, move_base, move_catalogue,
    moves_get, pool_base, pool_catalogue, standings,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{claims_here, found, require_read, rules};
use crate::access::Ref;
use crate::customers::view::{CustomerView, customer_views};
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppResult, Cx};

/// A customer in a pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PoolCustomer {
    pub customer: CustomerView,
    /// Since when; absent of those who never had an owner.
    pub entered_at: Option<DateTime<Utc>>,
    /// The move by which they came.
    #[schema(value_type = Option<crate::shape::PoolMoveKind>)]
    pub entered_by: Option<String>,
    /// Who held them before.
    pub left_by: Option<Ref>,
    /// Why the caller may not claim them now; nothing when they may.
    #[schema(value_type = Option<crate::shape::PoolRefusal>)]
    pub refusal: Option<String>,
}

/// How a customer came into a pool or left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PoolMoveView {
    pub id: Uuid,
    pub customer: Ref,
    #[schema(value_type = crate::shape::PoolMoveKind)]
    pub kind: String,
    /// Whose they were, and whose they became.
    pub from: Option<Ref>,
    pub to: Option<Ref>,
    /// Who did it; absent of the night's work.
    pub by: Option<Ref>,
    pub note: Option<String>,
    /// The business day.
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
}

/// What is kept from the caller until a customer is claimed: what their own roles keep, and contacts where the pool says
/// so.
fn masks(cx: &Cx, pool: &PoolRow) -> Masks {
    let hidden: &[&str] = if pool.contacts_hidden { &[PHONE, EMAIL, ADDRESS, NOTE, BIRTHDAY, TAX_ID] } else { &[] };
    Masks::new(cx.actor.masks.keys().chain(hidden.iter().copied()))
}

/// One page of a pool.
pub fn pool_customer_list(cx: &Cx, id: PoolId, request: &ListRequest) -> AppResult<Page<PoolCustomer>> {
    require_read(cx)?;
    let company = cx.company()?;
    cx.read(|db| {
        let pool = found(cx, db, id)?;
        let masks = masks(cx, &pool);
        let mut catalogue = pool_catalogue(&custom_definitions(db, "customer")?);
        let named = catalogue.fields.iter().map(|field| &field.name);
        catalogue.masked = named.filter(|name| masks.hides_field(name)).cloned().collect();
        let source = Source { from: POOL_FROM, id: "p.id", catalogue: &catalogue, default_sort: "-id" };
        let page = page_ids(cx, db, request, &source, &pool_base(pool.unit_id, request.q.as_deref()))?;
        let ids: Vec<PartyId> = page.items.iter().copied().map(PartyId).collect();
        let records = in_order(party_list_by_id(db, &ids, &Visibility::Unit(pool.unit_id))?, &ids);
        let views = customer_views(db, records, &company.currency, &masks)?;
        Ok(Page {
            items: pooled(cx, db, &pool, views)?,
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

fn in_order(records: Vec<PartyRecord>, ids: &[PartyId]) -> Vec<PartyRecord> {
    let mut by_id: HashMap<PartyId, PartyRecord> =
        records.into_iter().map(|record| (record.party.id, record)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

fn pooled(cx: &Cx, db: &mut Db, pool: &PoolRow, views: Vec<CustomerView>) -> AppResult<Vec<PoolCustomer>> {
    let ids: Vec<PartyId> = views.iter().map(|view| PartyId(view.id)).collect();
    let mut known: HashMap<PartyId, StandingRow> =
        standings(db, &ids)?.into_iter().map(|row| (row.party_id, row)).collect();
    let refused = refusals(cx, db, pool, &ids)?;
    let names = names(db, known.values().filter_map(|row| row.left_by))?;
    let item = |customer: CustomerView| {
        let id = PartyId(customer.id);
        let stands = known.remove(&id).filter(|row| row.reason.is_some());
        PoolCustomer {
            entered_at: stands.as_ref().and_then(|row| row.entered_at),
            left_by: stands.as_ref().and_then(|row| row.left_by).map(|user| named(&names, user)),
            entered_by: stands.and_then(|row| row.reason),
            refusal: refused.get(&id).map(|refusal| refusal.key().to_owned()),
            customer,
        }
    };
    Ok(views.into_iter().map(item).collect())
}

/// Why the caller may not claim some of these.
fn refusals(cx: &Cx, db: &mut Db, pool: &PoolRow, ids: &[PartyId]) -> AppResult<HashMap<PartyId, Refusal>> {
    if !claims_here(cx, pool) {
        return Ok(HashMap::new());
    }
    let (me, today, rules) = (cx.actor.user_id, cx.today()?, rules(pool)?);
    let claims = Claims { today: claims_on(db, me, today)?, in_hand: in_hand(db, me)?, lost_on: None };
    let lost: HashMap<PartyId, NaiveDate> = lost_on(db, me, ids)?.into_iter().collect();
    let refused = |id: &PartyId| {
        let claims = Claims { lost_on: lost.get(id).copied(), ..claims };
        rules.claim(claims, today).err().map(|refusal| (*id, refusal))
    };
    Ok(ids.iter().filter_map(refused).collect())
}

fn names(db: &mut Db, users: impl Iterator<Item = UserId>) -> AppResult<HashMap<UserId, String>> {
    let mut users: Vec<UserId> = users.collect();
    users.sort_unstable();
    users.dedup();
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(user_rows(db, users)?.into_iter().map(|user| (user.id, user.name)).collect())
}

fn named(names: &HashMap<UserId, String>, user: UserId) -> Ref {
    Ref::new(user, names.get(&user).cloned().unwrap_or_default())
}

/// The log of a pool, the latest first.
pub fn move_list(cx: &Cx, id: PoolId, request: &ListRequest) -> AppResult<Page<PoolMoveView>> {
    require_read(cx)?;
    cx.read(|db| {
        let pool = found(cx, db, id)?;
        let catalogue = move_catalogue();
        let source = Source { from: MOVE_FROM, id: "v.id", catalogue: &catalogue, default_sort: "-id" };
        let page = page_ids(cx, db, request, &source, &move_base(&pool))?;
        let ids: Vec<PoolMoveId> = page.items.iter().copied().map(PoolMoveId).collect();
        let rows = moves_get(db, &ids)?;
        let people = rows.iter().flat_map(|row| [row.own.from_id, row.own.to_id, row.own.by_id]).flatten();
        let names = names(db, people)?;
        let mut views: HashMap<Uuid, PoolMoveView> =
            rows.into_iter().map(|row| (row.own.id.0, move_view(row, &names))).collect();
        Ok(Page {
            items: page.items.iter().filter_map(|id| views.remove(id)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

fn move_view(record: MoveRecord, names: &HashMap<UserId, String>) -> PoolMoveView {
    let row = record.own;
    let person = |user: Option<UserId>| user.map(|user| named(names, user));
    PoolMoveView {
        id: row.id.0,
        customer: Ref::new(row.party_id, record.party_name),
        from: person(row.from_id),
        to: person(row.to_id),
        by: person(row.by_id),
        kind: row.kind,
        note: row.note,
        on: row.on_day,
        at: row.at,
    }
}
