//! Sales targets: a year's amount for a unit, a person, a product or a customer, divided into months that sum to it
//! exactly, and what was achieved of it by paid orders within sight.

mod import;
mod months;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, ProductId, TargetId, UserId};
use regulars_domain::target::{TargetKind, TargetSplit};
use regulars_persistence::Db;
use regulars_persistence::sales::target::{
    Named, SubjectRow, TargetReach, TargetRecord, TargetRow, target_delete as row_delete, target_get as row_get,
    target_insert, target_subjects, target_update as row_update, targets_of_subjects, targets_of_year,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub use import::{TargetImport, TargetImportRow, TargetImported, target_import};

use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};
use months::{Achieved, achieved, divided, weights};

const READ: &str = "insight:metric:read";
const WRITE: &str = "sales:target:write";
/// Targets of one year that are shown.
const MOST: i64 = 1_000;
const MONTHS: usize = 12;

/// A target of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetInput {
    /// Stays as it was at the creation, and so do kind and subject.
    #[schema(example = 2026, minimum = 1900, maximum = 9999)]
    pub year: i32,
    #[schema(value_type = crate::shape::SalesTargetKind)]
    pub kind: String,
    /// The unit, person, product or customer.
    pub subject_id: Uuid,
    /// Of the whole year, in the company's currency.
    pub amount: Money,
    /// `seasonal`: by the seasonal index of the subject, or of all sales within sight where it has too few full years.
    #[schema(value_type = crate::shape::TargetSplit)]
    pub split: String,
    /// For `hand`: January to December, which sum to the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub months: Option<Vec<Money>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SalesTargetView {
    pub id: Uuid,
    pub year: i32,
    #[schema(value_type = crate::shape::SalesTargetKind)]
    pub kind: String,
    pub subject: Ref,
    pub unit: Ref,
    pub amount: Money,
    #[schema(value_type = crate::shape::TargetSplit)]
    pub split: String,
    /// January to December; they sum to the amount.
    pub months: Vec<TargetMonth>,
    /// Orders of the year that are paid in full, less returns; of a product its lines.
    pub achieved: Money,
    /// Achieved ÷ amount; absent for an amount of nothing.
    #[schema(example = 0.42)]
    pub share: Option<f64>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(SalesTargetView);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TargetMonth {
    /// 1 – 12.
    #[schema(example = 1)]
    pub month: u32,
    pub amount: Money,
    pub achieved: Money,
}

fn reach(cx: &Cx, action: Action) -> TargetReach {
    TargetReach { orders: cx.visible(Resource::Order, action), customers: cx.visible(Resource::Customer, action) }
}

/// What a row is of.
fn subject(row: &TargetRow) -> Uuid {
    let of = [row.user_id.map(Uuid::from), row.product_id.map(Uuid::from), row.party_id.map(Uuid::from)];
    of.into_iter().flatten().next().unwrap_or(row.unit_id.0)
}

fn kept_months(row: &TargetRow) -> [i64; MONTHS] {
    let kept: Vec<i64> = serde_json::from_value(row.months.clone()).unwrap_or_default();
    std::array::from_fn(|month| kept.get(month).copied().unwrap_or(0))
}

fn to_input(row: &TargetRow, currency: &str) -> TargetInput {
    let by_hand = row.split == TargetSplit::Hand.key();
    TargetInput {
        year: row.year as i32,
        kind: row.kind.clone(),
        subject_id: subject(row),
        amount: Money::of(row.amount, currency),
        split: row.split.clone(),
        months: by_hand.then(|| kept_months(row).iter().map(|month| Money::of(*month, currency)).collect()),
    }
}

fn to_view(record: TargetRecord, done: Option<&Achieved>, currency: &str) -> SalesTargetView {
    let row = &record.own;
    let done = done.copied().unwrap_or_default();
    let money = |minor: i64| Money::of(minor, currency);
    let months = (1..).zip(kept_months(row)).zip(done);
    let all: i64 = done.iter().sum();
    SalesTargetView {
        id: row.id.0,
        year: row.year as i32,
        kind: row.kind.clone(),
        subject: Ref::new(subject(row), record.subject_name.clone()),
        unit: Ref::new(row.unit_id, record.unit_name.clone()),
        amount: money(row.amount),
        split: row.split.clone(),
        months: months
            .map(|((month, amount), done)| TargetMonth { month, amount: money(amount), achieved: money(done) })
            .collect(),
        achieved: money(all),
        share: (row.amount > 0).then(|| all as f64 / row.amount as f64),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// The records with what was achieved of them: one question for each kind.
fn to_views(cx: &Cx, db: &mut Db, records: Vec<TargetRecord>) -> AppResult<Vec<SalesTargetView>> {
    let currency = cx.company()?.currency.clone();
    let mut by_kind = HashMap::<(TargetKind, i64), Vec<Uuid>>::new();
    for record in &records {
        if let Some(kind) = TargetKind::parse(&record.own.kind) {
            by_kind.entry((kind, record.own.year)).or_default().push(subject(&record.own));
        }
    }
    let mut done = HashMap::<(TargetKind, Uuid), Achieved>::new();
    for ((kind, year), subjects) in by_kind {
        let found = achieved(cx, db, kind, year as i32, &subjects)?;
        done.extend(found.into_iter().map(|(subject, months)| ((kind, subject), months)));
    }
    let view = |record: TargetRecord| {
        let kind = TargetKind::parse(&record.own.kind);
        let months = kind.and_then(|kind| done.get(&(kind, subject(&record.own))));
        to_view(record, months, &currency)
    };
    Ok(records.into_iter().map(view).collect())
}

/// Targets of a year within sight with what was achieved, the largest of each kind first; at most 1,000.
pub fn target_list(cx: &Cx, year: Option<i32>) -> AppResult<Page<SalesTargetView>> {
    cx.require(READ)?;
    let year = year.map_or_else(|| this_year(cx), Ok)?;
    cx.read(|db| {
        let records = targets_of_year(db, i64::from(year), &reach(cx, Action::Read), MOST)?;
        Ok(Page::whole(to_views(cx, db, records)?))
    })
}

fn this_year(cx: &Cx) -> AppResult<i32> {
    use chrono::Datelike;
    Ok(cx.today()?.year())
}

fn found(cx: &Cx, db: &mut Db, id: TargetId, action: Action) -> AppResult<TargetRecord> {
    row_get(db, id, &reach(cx, action))?.ok_or(AppError::NotFound)
}

fn one(cx: &Cx, db: &mut Db, id: TargetId) -> AppResult<SalesTargetView> {
    let record = found(cx, db, id, Action::Read)?;
    to_views(cx, db, vec![record])?.pop().ok_or(AppError::NotFound)
}

pub fn target_get(cx: &Cx, id: TargetId) -> AppResult<SalesTargetView> {
    cx.require(READ)?;
    cx.read(|db| one(cx, db, id))
}

/// Reads amount and division, and notes everything wrong with them; answers the year's amount and months by hand.
fn read(cx: &Cx, input: &TargetInput) -> AppResult<(TargetKind, TargetSplit, i64, Option<[i64; MONTHS]>)> {
    let currency = cx.company()?.currency.clone();
    let mut checks = Checks::default();
    checks.one_of("/kind", &input.kind, &TargetKind::KEYS);
    checks.one_of("/split", &input.split, &TargetSplit::KEYS);
    if !(1900..=9999).contains(&input.year) {
        checks.fail_with("/year", "out_of_range", "1900–9999");
    }
    let amount = input.amount.read(&mut checks, "/amount", &currency);
    if amount < 0 {
        checks.fail_with("/amount/amount", "out_of_range", "≥ 0");
    }
    let by_hand = input.split == TargetSplit::Hand.key();
    let months = match (&input.months, by_hand) {
        (Some(months), true) => {
            let each: Vec<i64> = months
                .iter()
                .enumerate()
                .map(|(at, month)| month.read(&mut checks, &format!("/months/{at}"), &currency))
                .collect();
            let sum = each.iter().try_fold(0i64, |all, month| all.checked_add(*month));
            if each.len() != MONTHS || each.iter().any(|month| *month < 0) || sum != Some(amount) {
                checks.fail("/months", "months_sum");
            }
            each.try_into().ok()
        }
        (None, true) => {
            checks.fail("/months", "required");
            None
        }
        (Some(_), false) => {
            checks.fail("/months", "not_allowed_here");
            None
        }
        (None, false) => None,
    };
    checks.done()?;
    let kind = TargetKind::parse(&input.kind).unwrap_or(TargetKind::Unit);
    let split = TargetSplit::parse(&input.split).unwrap_or(TargetSplit::Even);
    Ok((kind, split, amount, months))
}

/// A row for a subject that has no target of the year yet.
fn blank(cx: &Cx, kind: TargetKind, year: i32, subject: &SubjectRow) -> TargetRow {
    let of = |wanted: TargetKind| (kind == wanted).then_some(subject.id.0);
    TargetRow {
        id: TargetId::fresh(),
        unit_id: subject.unit_id,
        year: i64::from(year),
        kind: kind.key().into(),
        user_id: of(TargetKind::User).map(UserId),
        product_id: of(TargetKind::Product).map(ProductId),
        party_id: of(TargetKind::Customer).map(PartyId),
        amount: 0,
        split: TargetSplit::Even.key().into(),
        months: json!([]),
        version: 1,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
    }
}

fn event(cx: &Cx, row: &TargetRow, action: &str) -> Event {
    let event = Event::new(cx, "target", row.id, action).stands(row.unit_id, row.user_id);
    match row.party_id {
        Some(party) => event.party(party),
        None => event,
    }
}

pub fn target_create(cx: &Cx, input: TargetInput) -> AppResult<SalesTargetView> {
    cx.require(WRITE)?;
    let (kind, split, amount, by_hand) = read(cx, &input)?;
    let currency = cx.company()?.currency.clone();
    let subjects = [AnyId(input.subject_id)];
    let (subject, months) = cx.read(|db| {
        let reach = reach(cx, Action::Read);
        let named = Named::Ids(&subjects);
        let subject = target_subjects(db, kind, named, cx.actor.unit_id, &reach)?
            .pop()
            .ok_or_else(|| AppError::invalid("/subject_id", "unknown_reference"))?;
        let months = match by_hand {
            Some(months) => months,
            None => divided(amount, &weights(cx, db, split, Some((kind, input.subject_id)))?),
        };
        Ok((subject, months))
    })?;
    let row =
        TargetRow { amount, split: split.key().into(), months: json!(months), ..blank(cx, kind, input.year, &subject) };
    let within = cx.clone();
    cx.create(move |tx| {
        let there = targets_of_subjects(tx, row.year, kind, &subjects)?;
        if there.iter().any(|other| other.unit_id == row.unit_id) {
            return Err(AppError::Conflict("target_exists"));
        }
        target_insert(tx, row.clone())?;
        event(&within, &row, "created").after(&to_input(&row, &currency)).record(tx)?;
        one(&within, tx, row.id)
    })
}

pub fn target_update(cx: &Cx, id: TargetId, version: i64, patch: &Value) -> AppResult<SalesTargetView> {
    cx.require(WRITE)?;
    let currency = cx.company()?.currency.clone();
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own, &currency);
    let mut input: TargetInput = crate::patch::patched(&before, patch)?;
    if input.split != TargetSplit::Hand.key() && patch.get("months").is_none() {
        input.months = None;
    }
    for (pointer, same) in [
        ("/year", input.year == before.year),
        ("/kind", input.kind == before.kind),
        ("/subject_id", input.subject_id == before.subject_id),
    ] {
        if !same {
            return Err(AppError::invalid(pointer, "fixed"));
        }
    }
    let (kind, split, amount, by_hand) = read(cx, &input)?;
    let months = match by_hand {
        Some(months) => months,
        None => {
            let weights = cx.read(|db| weights(cx, db, split, Some((kind, input.subject_id))))?;
            divided(amount, &weights)
        }
    };
    let row = TargetRow {
        amount,
        split: split.key().into(),
        months: json!(months),
        updated_at: cx.now,
        ..record.own.clone()
    };
    let within = cx.clone();
    cx.change(move |tx| {
        store(tx, &within, &record.own, &row, &currency)?;
        one(&within, tx, id)
    })
}

/// Writes a changed row and tells what changed.
fn store(tx: &mut Db, cx: &Cx, before: &TargetRow, row: &TargetRow, currency: &str) -> AppResult<()> {
    if !row_update(tx, row.clone())? {
        let current = found(cx, tx, row.id, Action::Read)?.own.version;
        return Err(AppError::Stale { current });
    }
    event(cx, row, "updated").difference(&to_input(before, currency), &to_input(row, currency)).record(tx)
}

fn to_change(cx: &Cx, id: TargetId, version: i64) -> AppResult<TargetRecord> {
    let record = cx.read(|db| found(cx, db, id, Action::Read))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn target_delete(cx: &Cx, id: TargetId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let currency = cx.company()?.currency.clone();
    let record = to_change(cx, id, version)?;
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(&within, tx, id, Action::Read)?.own.version;
            return Err(AppError::Stale { current });
        }
        event(&within, &record.own, "deleted").before(&to_input(&record.own, &currency)).record(tx)
    })
}
