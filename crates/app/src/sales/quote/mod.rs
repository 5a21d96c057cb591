//! Offers: found, written, changed while they are drafts, taken away. What becomes of them stands in [`act`].

pub mod act;
pub mod follow;
pub mod view;

use std::collections::HashMap;

use chrono::Days;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{OpportunityId, PartyId, QuoteId, UnitId};
use regulars_domain::quote::QuoteStatus;
use regulars_domain::sales::RATE_ONE;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::customers::custom::{CustomValueRow, custom_definitions, custom_values_set};
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::opportunity::opportunity_get;
use regulars_persistence::sales::quote::{
    QUOTE_FROM, QuoteRow, quote_base, quote_catalogue, quote_get as row_get, quote_insert, quote_lines_delete,
    quote_lines_insert, quote_lines_of, quote_update as row_update, quotes_get,
};
use regulars_persistence::types::AnyId;
use serde_json::{Map, Value};

use self::view::{QuoteInput, QuoteView, quote_views, to_input};
use super::fill::{Place, currency_read, place_read, rate_read};
use super::line::{LineFill, Sums, sums};
use super::order::CODE_TRIES;
use crate::access::settings::Company;
use crate::custom::{custom_accept, custom_shown};
use crate::customers::code::CodeScope;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

/// Offers are seen and written by those who see and write orders.
const READ: &str = "sales:order:read";
const WRITE: &str = "sales:order:write";
/// What custom fields know it as.
const RESOURCE: &str = "quote";
/// Days an offer holds when nobody says how long.
const HOLDS: u64 = 30;

pub fn quote_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<QuoteView>> {
    cx.require(READ)?;
    let base = quote_base(
        &cx.visible(Resource::Order, Action::Read),
        &cx.visible(Resource::Customer, Action::Read),
        request.q.as_deref(),
    );
    let today = cx.today()?;
    cx.read(|db| {
        let catalogue = quote_catalogue(&custom_definitions(db, RESOURCE)?, today);
        let source = Source { from: QUOTE_FROM, id: "q.id", catalogue: &catalogue, default_sort: "-quoted_on" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<QuoteId> = page.items.iter().map(|id| QuoteId(*id)).collect();
        let mut rows: HashMap<QuoteId, QuoteRow> = quotes_get(db, &ids)?.into_iter().map(|row| (row.id, row)).collect();
        let items = quote_views(cx, db, ids.iter().filter_map(|id| rows.remove(id)).collect())?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn quote_get(cx: &Cx, id: QuoteId) -> AppResult<QuoteView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = row_get(db, id, &cx.visible(Resource::Order, Action::Read))?.ok_or(AppError::NotFound)?;
        one(cx, db, row)
    })
}

fn one(cx: &Cx, db: &mut Db, row: QuoteRow) -> AppResult<QuoteView> {
    quote_views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Where codes of a unit's offers come from.
fn quote_codes(cx: &Cx, db: &mut Db, unit: UnitId) -> AppResult<CodeScope> {
    let unit_code = unit_get(db, unit)?.map(|unit| unit.code).unwrap_or_default();
    CodeScope::new("quote", &cx.company()?.settings.quote_code_pattern, unit, &unit_code)
}

pub fn quote_create(cx: &Cx, input: QuoteInput) -> AppResult<QuoteView> {
    cx.require(WRITE)?;
    let codes = cx.read(|db| {
        let place = party_place(db, PartyId(input.customer_id), &cx.visible(Resource::Customer, Action::Read))?;
        let place = place.ok_or_else(|| AppError::invalid("/customer_id", "unknown_reference"))?;
        quote_codes(cx, db, place.unit_id)
    })?;
    for _ in 1..CODE_TRIES {
        match create_as(cx, input.clone(), codes.next(&cx.app)?) {
            Err(AppError::Conflict("code_taken")) => {}
            outcome => return outcome,
        }
    }
    Err(AppError::Conflict("code_taken"))
}

fn create_as(cx: &Cx, input: QuoteInput, code: String) -> AppResult<QuoteView> {
    let company = cx.company()?;
    let within = cx.clone();
    let id = QuoteId::fresh();
    cx.create(move |tx| {
        let cx = &within;
        let mut row = blank(cx, &company, id);
        row.code.clone_from(&code);
        let (lines, custom) = fill(tx, cx, &company, &mut row, &[], &input)?;
        row.version = 1;
        quote_insert(tx, row.clone())?;
        quote_lines_insert(tx, lines.clone())?;
        custom_values_set(tx, AnyId(id.0), &custom)?;
        event(cx, &row, "created").after(&told(&row, &lines, input.custom.clone())).record(tx)?;
        one(cx, tx, row)
    })
}

/// A row with nothing in it; version 0 says that it is new.
fn blank(cx: &Cx, company: &Company, id: QuoteId) -> QuoteRow {
    let today = company.business_date(cx.now);
    QuoteRow {
        id,
        unit_id: cx.actor.unit_id,
        owner_id: None,
        party_id: PartyId(uuid::Uuid::nil()),
        opportunity_id: None,
        code: String::new(),
        revision: 1,
        status: QuoteStatus::Draft.key().into(),
        quoted_on: today,
        valid_until: today,
        currency: company.currency.clone(),
        exchange_rate: RATE_ONE,
        gross: 0,
        discount: 0,
        net: 0,
        net_base: 0,
        note: None,
        version: 0,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
        deleted_at: None,
    }
}

/// Writes the checked input into the row and answers its lines and custom values.
fn fill(
    tx: &mut Db,
    cx: &Cx,
    company: &Company,
    row: &mut QuoteRow,
    standing: &[LineRow],
    input: &QuoteInput,
) -> AppResult<(Vec<LineRow>, Vec<CustomValueRow>)> {
    let mut checks = Checks::default();
    let stands =
        (row.version > 0).then_some(Place { party_id: row.party_id, unit_id: row.unit_id, owner_id: row.owner_id });
    let place = place_read(tx, cx, stands, (input.customer_id, input.owner_id), &mut checks)?;
    let moved = stands.is_none_or(|stands| stands.party_id != place.party_id);
    (row.party_id, row.unit_id, row.owner_id) = (place.party_id, place.unit_id, place.owner_id);
    opportunity_check(tx, cx, row, input, moved, &mut checks)?;
    row.quoted_on = input.quoted_on.unwrap_or_else(|| company.business_date(cx.now));
    row.valid_until = input.valid_until.unwrap_or(row.quoted_on + Days::new(HOLDS));
    let years = chrono::NaiveDate::from_ymd_opt(1900, 1, 1)..chrono::NaiveDate::from_ymd_opt(2200, 1, 1);
    for (pointer, on) in [("/quoted_on", row.quoted_on), ("/valid_until", row.valid_until)] {
        if !years.contains(&Some(on)) {
            checks.fail(pointer, "date_invalid");
        }
    }
    if row.valid_until < row.quoted_on {
        checks.fail("/valid_until", "date_order");
    }
    row.currency = currency_read(company, input.currency.as_deref(), &mut checks);
    row.exchange_rate = rate_read(company, (&row.currency, "/currency"), input.exchange_rate.as_deref(), &mut checks);
    checks.optional_text("/note", input.note.as_deref(), 10_000);
    row.note.clone_from(&input.note);
    let wanted = LineFill { company, currency: &row.currency, holder: AnyId(row.id.0), needed: false, standing };
    let lines = wanted.read(tx, &input.lines, &mut checks)?;
    let discount = input.order_discount.as_ref();
    let discount = discount.map_or(0, |money| money.read_positive(&mut checks, "/order_discount", &row.currency));
    let Sums { gross, discount, net, net_base, .. } =
        sums(&lines, discount, (&row.currency, row.exchange_rate), &mut checks);
    (row.gross, row.discount, row.net, row.net_base) = (gross, discount, net, net_base);
    let custom = custom_accept(tx, cx, &mut checks, (RESOURCE, row.unit_id), &input.custom, input)?;
    checks.done()?;
    Ok((lines, custom))
}

/// The opportunity is within sight and of the same customer.
fn opportunity_check(
    tx: &mut Db,
    cx: &Cx,
    row: &mut QuoteRow,
    input: &QuoteInput,
    moved: bool,
    checks: &mut Checks,
) -> AppResult<()> {
    let given = input.opportunity_id.map(OpportunityId);
    if let Some(id) = given.filter(|_| moved || given != row.opportunity_id) {
        let found = opportunity_get(tx, id, &cx.visible(Resource::Opportunity, Action::Read))?;
        if found.is_none_or(|found| found.party_id != Some(row.party_id)) {
            checks.fail("/opportunity_id", "unknown_reference");
        }
    }
    row.opportunity_id = given;
    Ok(())
}

/// The one that a change starts from: within the caller's reach for writing.
fn standing(tx: &mut Db, cx: &Cx, id: QuoteId) -> AppResult<QuoteRow> {
    row_get(tx, id, &cx.visible(Resource::Order, Action::Write))?.ok_or(AppError::NotFound)
}

fn standing_at(tx: &mut Db, cx: &Cx, id: QuoteId, version: i64) -> AppResult<QuoteRow> {
    let row = standing(tx, cx, id)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

/// Stores a changed row; the transaction begins anew if somebody was faster.
fn store(tx: &mut Db, cx: &Cx, row: &mut QuoteRow) -> AppResult<()> {
    row.updated_at = cx.now;
    if !row_update(tx, row.clone())? {
        return Err(AppError::Serialization);
    }
    row.version += 1;
    Ok(())
}

fn stored_status(row: &QuoteRow) -> AppResult<QuoteStatus> {
    QuoteStatus::parse(&row.status).ok_or_else(|| AppError::Internal(format!("quote status {}", row.status)))
}

/// What it is today.
fn status_of(cx: &Cx, row: &QuoteRow) -> AppResult<QuoteStatus> {
    Ok(stored_status(row)?.on(cx.today()?, row.valid_until))
}

/// What an event of it says besides what happened.
fn event(cx: &Cx, row: &QuoteRow, action: &str) -> Event {
    Event::new(cx, "quote", row.id, action).party(row.party_id).stands(row.unit_id, row.owner_id)
}

/// What the log keeps of it.
fn told(row: &QuoteRow, lines: &[LineRow], custom: Map<String, Value>) -> Value {
    let mut told = serde_json::json!(to_input(row, lines, custom));
    told["code"] = row.code.as_str().into();
    told["revision"] = row.revision.into();
    told
}

/// Changes a draft; of one that was sent only the owner.
pub fn quote_update(cx: &Cx, id: QuoteId, version: i64, patch: &Value) -> AppResult<QuoteView> {
    cx.require(WRITE)?;
    let company = cx.company()?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let before = standing_at(tx, cx, id, version)?;
        let lines = quote_lines_of(tx, &[id])?;
        let custom = custom_shown(tx, cx, RESOURCE, [id.0])?.remove(&id.0).unwrap_or_default();
        let was = to_input(&before, &lines, custom);
        let input: QuoteInput = crate::patch::patched(&was, &patch)?;
        if input == was {
            return one(cx, tx, before);
        }
        let same = QuoteInput { owner_id: was.owner_id, ..input.clone() } == was;
        if !same && stored_status(&before)? != QuoteStatus::Draft {
            return Err(AppError::Conflict("wrong_state"));
        }
        let mut row = before.clone();
        let (new_lines, custom) = fill(tx, cx, &company, &mut row, &lines, &input)?;
        if row.unit_id != before.unit_id {
            // Its code is one of the other unit's.
            return Err(AppError::invalid("/customer_id", "unknown_reference"));
        }
        if new_lines != lines {
            quote_lines_delete(tx, id)?;
            quote_lines_insert(tx, new_lines.clone())?;
        }
        custom_values_set(tx, AnyId(id.0), &custom)?;
        store(tx, cx, &mut row)?;
        let mut event = event(cx, &row, "updated");
        if before.owner_id != row.owner_id {
            event = event.stood(before.unit_id, before.owner_id);
        }
        event.difference(&was, &to_input(&row, &new_lines, input.custom.clone())).record(tx)?;
        one(cx, tx, row)
    })
}

/// Takes a draft away; what was sent stays.
pub fn quote_delete(cx: &Cx, id: QuoteId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let mut row = standing_at(tx, cx, id, version)?;
        if stored_status(&row)? != QuoteStatus::Draft {
            return Err(AppError::Conflict("wrong_state"));
        }
        let lines = quote_lines_of(tx, &[id])?;
        row.deleted_at = Some(cx.now);
        store(tx, cx, &mut row)?;
        event(cx, &row, "deleted").before(&told(&row, &lines, Map::new())).record(tx)
    })
}
