//! What was spent to win and keep a customer: a visit, a dinner, a sample. The kinds are a dictionary.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{CostId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::customers::cost::{
    CostRecord, CostRow, cost_delete as row_delete, cost_get as row_get, cost_insert, cost_update as row_update,
    costs_of,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::trim;
use super::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::money::Money;
use crate::platform::dictionary::entry_meant;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// The dictionary of kinds.
pub const KINDS: &str = "cost_kind";
const NOTE: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostInput {
    /// An entry of the dictionary `cost_kind`, by its key or by its name in either language.
    #[schema(example = "travel")]
    pub kind: String,
    /// In the company's currency.
    pub amount: Money,
    /// The day it is taken off the customer's contribution; today when absent on creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-03-12")]
    pub booked_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Train to their plant and back")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CostView {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// The kind's key in the dictionary `cost_kind`.
    #[schema(example = "travel")]
    pub kind: String,
    pub amount: Money,
    pub booked_on: NaiveDate,
    pub note: Option<String>,
    /// Who wrote it down.
    pub booked_by: Option<Uuid>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(CostView);

fn view(row: CostRow, currency: &str) -> CostView {
    CostView {
        id: row.id.0,
        customer_id: row.party_id.0,
        kind: row.kind,
        amount: Money::of(row.amount, currency),
        booked_on: row.booked_on,
        note: row.note,
        booked_by: row.booked_by.map(|user| user.0),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn to_input(row: &CostRow, currency: &str) -> CostInput {
    CostInput {
        kind: row.kind.clone(),
        amount: Money::of(row.amount, currency),
        booked_on: Some(row.booked_on),
        note: row.note.clone(),
    }
}

/// Tidies what is said and notes everything wrong with it; answers the day and the minor units.
fn sound(cx: &Cx, db: &mut Db, input: &mut CostInput, before: Option<&CostRow>) -> AppResult<(NaiveDate, i64)> {
    let mut checks = Checks::default();
    let today = cx.today()?;
    let on = *input.booked_on.get_or_insert(today);
    trim(&mut input.note);
    match entry_meant(db, KINDS, &input.kind, before.map(|row| row.kind.as_str()))? {
        Some(key) => input.kind = key,
        None => checks.fail("/kind", "unknown_reference"),
    }
    let currency = &cx.company()?.currency;
    let amount = input.amount.read_positive(&mut checks, "/amount", currency);
    if on > today {
        checks.fail("/booked_on", "in_future");
    }
    checks.optional_text("/note", input.note.as_deref(), NOTE);
    checks.done()?;
    input.amount = Money::of(amount, currency);
    Ok((on, amount))
}

fn filled(row: CostRow, input: &CostInput, (booked_on, amount): (NaiveDate, i64)) -> CostRow {
    CostRow { kind: input.kind.clone(), amount, booked_on, note: input.note.clone(), ..row }
}

pub fn cost_list(cx: &Cx, party: PartyId) -> AppResult<Page<CostView>> {
    cx.require(READ)?;
    let currency = cx.company()?.currency.clone();
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        Ok(Page::whole(costs_of(db, party)?.into_iter().map(|row| view(row, &currency)).collect()))
    })
}

pub fn cost_create(cx: &Cx, party: PartyId, mut input: CostInput) -> AppResult<CostView> {
    cx.require(WRITE)?;
    let currency = cx.company()?.currency.clone();
    let (place, (on, amount)) = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write)?;
        Ok((place, sound(cx, db, &mut input, None)?))
    })?;
    let row = CostRow {
        id: CostId::fresh(),
        party_id: party,
        kind: input.kind.clone(),
        amount,
        booked_on: on,
        note: input.note.clone(),
        booked_by: Some(cx.actor.user_id),
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        cost_insert(tx, row.clone())?;
        let event = Event::new(&within, "cost", row.id, "created").party(party);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        Ok(view(row.clone(), &currency))
    })
}

/// One, of a customer the caller sees.
pub fn cost_get(cx: &Cx, id: CostId) -> AppResult<CostView> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let record = cx.read(|db| Ok(row_get(db, id, &reach)?))?.ok_or(AppError::NotFound)?;
    Ok(view(record.own, &cx.company()?.currency))
}

fn found(cx: &Cx, db: &mut Db, id: CostId) -> AppResult<CostRecord> {
    row_get(db, id, &cx.visible(Resource::Customer, Action::Write))?.ok_or(AppError::NotFound)
}

fn to_change(cx: &Cx, id: CostId, version: i64) -> AppResult<CostRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(cx, db, id))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn cost_update(cx: &Cx, id: CostId, version: i64, patch: &Value) -> AppResult<CostView> {
    let record = to_change(cx, id, version)?;
    let currency = cx.company()?.currency.clone();
    let before = to_input(&record.own, &currency);
    let mut input: CostInput = crate::patch::patched(&before, patch)?;
    let said = cx.read(|db| sound(cx, db, &mut input, Some(&record.own)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(view(record.own, &currency));
    }
    let row = filled(CostRow { updated_at: cx.now, ..record.own }, &input, said);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "cost", id, "updated").party(row.party_id);
        event.stands(record.unit_id, record.owner_id).difference(&before, &input).record(tx)?;
        Ok(view(CostRow { version: row.version + 1, ..row.clone() }, &currency))
    })
}

pub fn cost_delete(cx: &Cx, id: CostId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own, &cx.company()?.currency);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(&within, tx, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "cost", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&before).record(tx)
    })
}
