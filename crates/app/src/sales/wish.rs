//! Wishes: what customers want that isn't to be had now, told to their owners when it arrives, with what could be offered
//! instead; and how much of everything is wanted.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::consent::SERVICE;
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, ProductId, UnitId, UserId, WishId};
use regulars_domain::wish::{WishStatus, alternatives};
use regulars_persistence::Db;
use regulars_persistence::catalog::product::product_get;
use regulars_persistence::sales::wish::{
    WISH_FROM, WishRecord, WishRow, offers_beside, wish_base, wish_catalogue, wish_delete as row_delete, wish_insert,
    wish_update as row_update, wishes_arrived, wishes_counted, wishes_get, wishes_open,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::customers::consent::channels_open;
use crate::customers::place::party_place;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// Wishes marked in one transaction when something arrives; things counted; offers looked at.
const MARKED: i64 = 1_000;
const COUNTED: i64 = 200;
const OFFERS: i64 = 200;
const MOST_WANTED: i64 = 1_000_000;

/// Something a customer wants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishInput {
    /// Stays as it was at the creation.
    pub customer_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub product_id: Option<Uuid>,
    /// The product's name when absent; what is wanted when the catalogue has it not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "White laptop, 14 inch")]
    pub wanted: Option<String>,
    /// Colour, size, model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "white")]
    pub option: Option<String>,
    #[serde(default = "one")]
    #[schema(minimum = 1, example = 1)]
    pub quantity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-06-01")]
    pub needed_by: Option<NaiveDate>,
    #[serde(default = "open")]
    #[schema(value_type = crate::shape::WishStatusKey)]
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn one() -> i64 {
    1
}

fn open() -> String {
    WishStatus::Open.key().into()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WishView {
    pub id: Uuid,
    pub customer: Ref,
    pub product: Option<Ref>,
    pub wanted: String,
    pub option: Option<String>,
    pub quantity: i64,
    pub needed_by: Option<NaiveDate>,
    #[schema(value_type = crate::shape::WishStatusKey)]
    pub status: String,
    pub note: Option<String>,
    pub arrived_at: Option<DateTime<Utc>>,
    pub told_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(WishView);

/// What has arrived for a customer of the caller's, who is still to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WishArrived {
    pub wish: WishView,
    /// Up to two others of the same category, the nearest in price.
    pub alternatives: Vec<Ref>,
    /// Over which the customer may be told.
    #[schema(value_type = Vec<crate::shape::ContactChannel>)]
    pub channels: Vec<String>,
}

/// How much of something is wanted and not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WantedView {
    pub product: Option<Ref>,
    pub wanted: String,
    #[schema(example = 3)]
    pub wishes: i64,
    #[schema(example = 2)]
    pub customers: i64,
    #[schema(example = 5)]
    pub quantity: i64,
    /// The earliest day one is needed.
    pub needed_by: Option<NaiveDate>,
}

/// What came of an arrival.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArrivalView {
    /// Wishes that were open and are to be told of now.
    #[schema(example = 3)]
    pub wishes: usize,
}

fn to_view(record: WishRecord) -> WishView {
    let row = record.own;
    WishView {
        id: row.id.0,
        customer: Ref::new(row.party_id, record.party_name),
        product: row.product_id.map(|id| Ref::new(id, row.wanted.clone())),
        wanted: row.wanted,
        option: row.choice,
        quantity: row.quantity,
        needed_by: row.needed_by,
        status: row.status,
        note: row.note,
        arrived_at: row.arrived_at,
        told_at: row.told_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn to_input(row: &WishRow) -> WishInput {
    WishInput {
        customer_id: row.party_id.0,
        product_id: row.product_id.map(|id| id.0),
        wanted: Some(row.wanted.clone()),
        option: row.choice.clone(),
        quantity: row.quantity,
        needed_by: row.needed_by,
        status: row.status.clone(),
        note: row.note.clone(),
    }
}

pub fn wish_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<WishView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = wish_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = wish_catalogue();
        let source = Source { from: WISH_FROM, id: "w.id", catalogue: &catalogue, default_sort: "-created_at" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<WishId> = page.items.iter().map(|id| WishId(*id)).collect();
        let mut rows: HashMap<Uuid, WishRecord> =
            wishes_get(db, &ids, &reach)?.into_iter().map(|record| (record.own.id.0, record)).collect();
        let items = page.items.iter().filter_map(|id| rows.remove(id)).map(to_view).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

fn found(cx: &Cx, db: &mut Db, id: WishId, action: Action) -> AppResult<WishRecord> {
    wishes_get(db, &[id], &cx.visible(Resource::Customer, action))?.pop().ok_or(AppError::NotFound)
}

pub fn wish_get(cx: &Cx, id: WishId) -> AppResult<WishView> {
    cx.require(READ)?;
    cx.read(|db| Ok(to_view(found(cx, db, id, Action::Read)?)))
}

/// Open wishes counted by what is wanted: advance orders to be.
pub fn wish_counts(cx: &Cx) -> AppResult<Page<WantedView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let rows = cx.read(|db| Ok(wishes_counted(db, &reach, COUNTED)?))?;
    let view = |row: regulars_persistence::sales::wish::WantedRow| WantedView {
        product: row.product_id.map(|id| Ref::new(id, row.wanted.clone())),
        wanted: row.wanted,
        wishes: row.wishes,
        customers: row.customers,
        quantity: row.quantity,
        needed_by: row.needed_by,
    };
    Ok(Page::whole(rows.into_iter().map(view).collect()))
}

/// Tidies the input and notes everything wrong with it; answers what is wanted and where it stands.
fn check(db: &mut Db, input: &mut WishInput, before: Option<&WishInput>) -> AppResult<(String, WishStatus)> {
    let mut checks = Checks::default();
    for (value, pointer, longest) in
        [(&mut input.wanted, "/wanted", 200), (&mut input.option, "/option", 200), (&mut input.note, "/note", 2_000)]
    {
        crate::customers::input::trim(value);
        checks.optional_text(pointer, value.as_deref(), longest);
    }
    if !(1..=MOST_WANTED).contains(&input.quantity) {
        checks.fail_with("/quantity", "out_of_range", format!("1–{MOST_WANTED}"));
    }
    checks.one_of("/status", &input.status, &WishStatus::KEYS);
    let status = WishStatus::parse(&input.status).unwrap_or(WishStatus::Open);
    let stood = before.and_then(|before| WishStatus::parse(&before.status)).unwrap_or(WishStatus::Open);
    if !stood.may_become(status) {
        checks.fail("/status", "wrong_state");
    }
    let known = before.is_some_and(|before| before.product_id == input.product_id);
    if let Some(id) = input.product_id.filter(|_| !known) {
        match product_get(db, ProductId(id))? {
            Some(product) => {
                input.wanted.get_or_insert(product.name);
            }
            None => checks.fail("/product_id", "unknown_reference"),
        }
    }
    let wanted = input.wanted.clone().unwrap_or_default();
    if wanted.is_empty() {
        checks.fail("/wanted", "required");
    }
    checks.done()?;
    Ok((wanted, status))
}

fn filled(row: WishRow, input: &WishInput, wanted: String, status: WishStatus, now: DateTime<Utc>) -> WishRow {
    let arrived = matches!(status, WishStatus::Arrived | WishStatus::Told);
    let input = input.clone();
    WishRow {
        product_id: input.product_id.map(ProductId),
        wanted,
        choice: input.option,
        quantity: input.quantity,
        needed_by: input.needed_by,
        status: input.status,
        note: input.note,
        arrived_at: if status == WishStatus::Open { None } else { row.arrived_at.or(arrived.then_some(now)) },
        told_at: match status {
            WishStatus::Told => row.told_at.or(Some(now)),
            WishStatus::Closed => row.told_at,
            WishStatus::Open | WishStatus::Arrived => None,
        },
        ..row
    }
}

pub fn wish_create(cx: &Cx, mut input: WishInput) -> AppResult<WishView> {
    cx.require(WRITE)?;
    let party = PartyId(input.customer_id);
    let (place, (wanted, status)) = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write).map_err(|error| match error {
            AppError::NotFound => AppError::invalid("/customer_id", "unknown_reference"),
            other => other,
        })?;
        Ok((place, check(db, &mut input, None)?))
    })?;
    let blank = WishRow {
        id: WishId::fresh(),
        party_id: party,
        product_id: None,
        wanted: String::new(),
        choice: None,
        quantity: 1,
        needed_by: None,
        status: String::new(),
        note: None,
        arrived_at: None,
        told_at: None,
        version: 1,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
    };
    let row = filled(blank, &input, wanted, status, cx.now);
    let within = cx.clone();
    cx.create(move |tx| {
        wish_insert(tx, row.clone())?;
        event(&within, &row, "created", (place.unit_id, place.owner_id)).after(&to_input(&row)).record(tx)?;
        Ok(to_view(found(&within, tx, row.id, Action::Read)?))
    })
}

fn event(cx: &Cx, row: &WishRow, action: &str, (unit, owner): (UnitId, Option<UserId>)) -> Event {
    Event::new(cx, "wish", row.id, action).party(row.party_id).stands(unit, owner)
}

fn to_change(cx: &Cx, id: WishId, version: i64) -> AppResult<WishRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(cx, db, id, Action::Write))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn wish_update(cx: &Cx, id: WishId, version: i64, patch: &Value) -> AppResult<WishView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: WishInput = crate::patch::patched(&before, patch)?;
    if input.customer_id != before.customer_id {
        return Err(AppError::invalid("/customer_id", "fixed"));
    }
    let (wanted, status) = cx.read(|db| check(db, &mut input, Some(&before)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(to_view(record));
    }
    let row = filled(WishRow { updated_at: cx.now, ..record.own.clone() }, &input, wanted, status, cx.now);
    let within = cx.clone();
    cx.change(move |tx| {
        store(tx, &within, &record, &row, "updated")?;
        Ok(to_view(found(&within, tx, id, Action::Write)?))
    })
}

fn store(tx: &mut Db, cx: &Cx, record: &WishRecord, row: &WishRow, action: &str) -> AppResult<()> {
    if !row_update(tx, row.clone())? {
        let current = found(cx, tx, row.id, Action::Write)?.own.version;
        return Err(AppError::Stale { current });
    }
    event(cx, row, action, (record.unit_id, record.owner_id))
        .difference(&to_input(&record.own), &to_input(row))
        .record(tx)
}

pub fn wish_delete(cx: &Cx, id: WishId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version, within.now)? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        event(&within, &record.own, "deleted", (record.unit_id, record.owner_id))
            .before(&to_input(&record.own))
            .record(tx)
    })
}

/// A product is there: the open wishes for it, of customers within the caller's reach, are to be told of by their owners.
pub fn product_arrive(cx: &Cx, product: ProductId) -> AppResult<ArrivalView> {
    cx.require("catalog:product:write")?;
    let reach = cx.visible(Resource::Customer, Action::Write);
    let within = cx.clone();
    cx.create(move |tx| {
        product_get(tx, product)?.ok_or(AppError::NotFound)?;
        let open = wishes_open(tx, product, &reach, MARKED)?;
        for record in &open {
            let row = WishRow {
                status: WishStatus::Arrived.key().into(),
                arrived_at: Some(within.now),
                updated_at: within.now,
                ..record.own.clone()
            };
            store(tx, &within, record, &row, "arrived")?;
        }
        Ok(ArrivalView { wishes: open.len() })
    })
}

/// What has arrived for the caller's own customers, for *Today*; nothing for those who see no customers.
pub fn wishes_to_tell(cx: &Cx, db: &mut Db, limit: i64) -> AppResult<Vec<WishArrived>> {
    let reach = cx.visible(Resource::Customer, Action::Read);
    let mut told = Vec::new();
    for record in wishes_arrived(db, cx.actor.user_id, &reach, limit)? {
        let offers = match record.own.product_id {
            Some(id) => instead_of(db, id)?,
            None => Vec::new(),
        };
        let channels = channels_open(db, (record.own.party_id, record.unit_id), SERVICE, cx.now)?;
        told.push(WishArrived { alternatives: offers, channels, wish: to_view(record) });
    }
    Ok(told)
}

fn instead_of(db: &mut Db, product: ProductId) -> AppResult<Vec<Ref>> {
    let wanted = product_get(db, product)?.and_then(|row| row.price);
    let offers = offers_beside(db, product, OFFERS)?;
    let prices: Vec<Option<i64>> = offers.iter().map(|offer| offer.price).collect();
    Ok(alternatives(wanted, &prices).into_iter().map(|at| Ref::new(offers[at].id, offers[at].name.clone())).collect())
}
