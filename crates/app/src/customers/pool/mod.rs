//! The customer pool of a unit: its rules, who is in it, what people do with it, and the night's work. In the pool are the
//! living customers of the unit whom nobody owns.

mod act;
mod list;
pub mod sweep;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PoolId, UnitId};
use regulars_domain::pool::Rules;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{unit_get, unit_list};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::pool::{
    PoolRow, claims_on, in_hand, pool_get as row_get, pool_insert, pool_list as row_list, pool_of_unit,
    pool_update as row_update,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::act::{
    PoolAssigned, PoolAssignmentInput, PoolClaim, PoolRelease, PoolReleaseInput, customer_claim, customer_release,
    pool_assign,
};
pub use self::list::{PoolCustomer, PoolMoveView, move_list, pool_customer_list};
pub use self::sweep::{PoolFate, PoolPreview, pool_preview};
use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// Sees the pool of one's unit, and claims from it.
const CLAIM: &str = "customers:pool:claim";
/// Sets its rules, puts customers into it, and hands them out.
const WRITE: &str = "customers:pool:write";
/// Longest of all spans, in days: ten years.
const LONGEST: i64 = 3_650;
const MOST_CLAIMS: i64 = 1_000;
const MOST_IN_HAND: i64 = 100_000;

/// The rules of a unit's pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolInput {
    /// Stays as it was at the creation; a unit has one pool.
    pub unit_id: Uuid,
    #[schema(example = "Shanghai pool")]
    pub name: String,
    /// While it is off nobody loses a customer to it, and nobody claims one.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    /// Days without a contact, an order, or a step of an opportunity, after which a customer goes to the pool.
    #[schema(example = 60)]
    pub silence_days: i64,
    /// So many days before that the owner is warned; 0: never.
    #[schema(example = 7)]
    pub warning_days: i64,
    #[schema(example = 5)]
    pub claims_per_day: i64,
    /// Most customers out of the pool that one person holds.
    #[schema(example = 50)]
    pub most_in_hand: i64,
    /// Days after a claim on which the customer stays with who claimed it; 0: none.
    #[schema(example = 30)]
    pub protection_days: i64,
    /// For so many days a customer does not go back to who lost it or gave it up; 0: it may at once.
    #[schema(example = 30)]
    pub return_days: i64,
    /// Levels of customers who are never recycled.
    #[serde(default = "key_accounts")]
    #[schema(example = json!(["key"]))]
    pub exempt_levels: Vec<String>,
    /// Shows phones, addresses and the like in part only until somebody has claimed the customer.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub contacts_hidden: bool,
}

fn yes() -> bool {
    true
}

fn key_accounts() -> Vec<String> {
    vec!["key".into()]
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PoolView {
    pub id: Uuid,
    pub unit: Ref,
    pub name: String,
    pub active: bool,
    pub silence_days: i64,
    pub warning_days: i64,
    pub claims_per_day: i64,
    pub most_in_hand: i64,
    pub protection_days: i64,
    pub return_days: i64,
    pub exempt_levels: Vec<String>,
    pub contacts_hidden: bool,
    /// The business day whose night's work is done.
    pub swept_on: Option<NaiveDate>,
    /// How many customers the caller claimed today, and holds out of pools.
    #[schema(example = 2)]
    pub claimed_today: i64,
    #[schema(example = 17)]
    pub in_hand: i64,
    /// Whether the caller may claim from it, and change it.
    pub claimable: bool,
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(PoolView);

fn levels(row: &PoolRow) -> AppResult<Vec<String>> {
    serde_json::from_value(row.exempt_levels.clone()).map_err(AppError::internal)
}

fn rules(row: &PoolRow) -> AppResult<Rules> {
    Ok(Rules {
        silence_days: row.silence_days,
        warning_days: row.warning_days,
        claims_per_day: row.claims_per_day,
        most_in_hand: row.most_in_hand,
        protection_days: row.protection_days,
        return_days: row.return_days,
        exempt_levels: levels(row)?,
    })
}

fn require_read(cx: &Cx) -> AppResult<()> {
    if cx.actor.may(WRITE) { Ok(()) } else { cx.require(CLAIM) }
}

fn claims_here(cx: &Cx, row: &PoolRow) -> bool {
    row.active && row.unit_id == cx.actor.unit_id && cx.actor.may(CLAIM)
}

/// Who keeps the pool of a unit: those of the unit with the permission, and head office.
fn keeps(cx: &Cx, unit: UnitId) -> bool {
    cx.actor.may(WRITE) && (unit == cx.actor.unit_id || cx.actor.is_head_office())
}

fn views(cx: &Cx, db: &mut Db, rows: Vec<PoolRow>) -> AppResult<Vec<PoolView>> {
    let units: HashMap<UnitId, String> = unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let me = cx.actor.user_id;
    let (claimed_today, in_hand) = (claims_on(db, me, cx.today()?)?, in_hand(db, me)?);
    let view = |row: PoolRow| {
        Ok(PoolView {
            id: row.id.0,
            unit: Ref::new(row.unit_id, units.get(&row.unit_id).cloned().unwrap_or_default()),
            exempt_levels: levels(&row)?,
            claimable: claims_here(cx, &row),
            editable: keeps(cx, row.unit_id),
            name: row.name,
            active: row.active,
            silence_days: row.silence_days,
            warning_days: row.warning_days,
            claims_per_day: row.claims_per_day,
            most_in_hand: row.most_in_hand,
            protection_days: row.protection_days,
            return_days: row.return_days,
            contacts_hidden: row.contacts_hidden,
            swept_on: row.swept_on,
            claimed_today,
            in_hand,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(view).collect()
}

fn one(cx: &Cx, db: &mut Db, row: PoolRow) -> AppResult<PoolView> {
    views(cx, db, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// The units whose pools are in sight; `None` is every unit.
fn reach(cx: &Cx) -> Option<UnitId> {
    (!cx.actor.is_head_office()).then_some(cx.actor.unit_id)
}

pub fn pool_list(cx: &Cx) -> AppResult<Page<PoolView>> {
    require_read(cx)?;
    cx.read(|db| {
        let rows = row_list(db, reach(cx))?;
        Ok(Page::whole(views(cx, db, rows)?))
    })
}

/// A pool in sight.
fn found(cx: &Cx, db: &mut Db, id: PoolId) -> AppResult<PoolRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    if reach(cx).is_none_or(|own| own == row.unit_id) { Ok(row) } else { Err(AppError::NotFound) }
}

pub fn pool_get(cx: &Cx, id: PoolId) -> AppResult<PoolView> {
    require_read(cx)?;
    cx.read(|db| {
        let row = found(cx, db, id)?;
        one(cx, db, row)
    })
}

/// Tidies the input and notes everything wrong with it; levels that stood before may stay.
fn check(db: &mut Db, input: &mut PoolInput, before: Option<&PoolInput>) -> AppResult<()> {
    let mut checks = Checks::default();
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 60);
    let span = |checks: &mut Checks, pointer: &str, value: i64, (least, most): (i64, i64)| {
        if !(least..=most).contains(&value) {
            checks.fail_with(pointer, "out_of_range", format!("{least}–{most}"));
        }
    };
    span(&mut checks, "/silence_days", input.silence_days, (1, LONGEST));
    span(&mut checks, "/warning_days", input.warning_days, (0, (input.silence_days - 1).clamp(0, LONGEST)));
    span(&mut checks, "/claims_per_day", input.claims_per_day, (1, MOST_CLAIMS));
    span(&mut checks, "/most_in_hand", input.most_in_hand, (1, MOST_IN_HAND));
    span(&mut checks, "/protection_days", input.protection_days, (0, LONGEST));
    span(&mut checks, "/return_days", input.return_days, (0, LONGEST));
    input.exempt_levels.sort();
    input.exempt_levels.dedup();
    for (at, level) in input.exempt_levels.iter().enumerate() {
        let stood = before.is_some_and(|before| before.exempt_levels.contains(level));
        if !stood && entries_active(db, &[("level", level)])?.is_empty() {
            checks.fail(format!("/exempt_levels/{at}"), "unknown_reference");
        }
    }
    Ok(checks.done()?)
}

fn filled(row: PoolRow, input: &PoolInput) -> PoolRow {
    PoolRow {
        name: input.name.clone(),
        active: input.active,
        silence_days: input.silence_days,
        warning_days: input.warning_days,
        claims_per_day: input.claims_per_day,
        most_in_hand: input.most_in_hand,
        protection_days: input.protection_days,
        return_days: input.return_days,
        exempt_levels: json!(input.exempt_levels),
        contacts_hidden: input.contacts_hidden,
        ..row
    }
}

fn writable(row: &PoolRow) -> AppResult<PoolInput> {
    Ok(PoolInput {
        unit_id: row.unit_id.0,
        name: row.name.clone(),
        active: row.active,
        silence_days: row.silence_days,
        warning_days: row.warning_days,
        claims_per_day: row.claims_per_day,
        most_in_hand: row.most_in_hand,
        protection_days: row.protection_days,
        return_days: row.return_days,
        exempt_levels: levels(row)?,
        contacts_hidden: row.contacts_hidden,
    })
}

pub fn pool_create(cx: &Cx, input: PoolInput) -> AppResult<PoolView> {
    cx.require(WRITE)?;
    let unit_id = UnitId(input.unit_id);
    if !keeps(cx, unit_id) {
        return Err(AppError::invalid("/unit_id", "unknown_reference"));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let mut input = input.clone();
        if unit_get(tx, unit_id)?.is_none() {
            return Err(AppError::invalid("/unit_id", "unknown_reference"));
        }
        check(tx, &mut input, None)?;
        if pool_of_unit(tx, unit_id)?.is_some() {
            return Err(AppError::Conflict("pool_exists"));
        }
        let blank = PoolRow {
            id: PoolId::fresh(),
            unit_id,
            name: String::new(),
            active: true,
            silence_days: 0,
            warning_days: 0,
            claims_per_day: 0,
            most_in_hand: 0,
            protection_days: 0,
            return_days: 0,
            exempt_levels: json!([]),
            contacts_hidden: true,
            // The first night is the next one.
            swept_on: Some(cx.today()?),
            version: 1,
            created_at: cx.now,
            updated_at: cx.now,
        };
        let row = filled(blank, &input);
        pool_insert(tx, row.clone())?;
        Event::new(cx, "pool", row.id, "created").stands(unit_id, None).after(&input).record(tx)?;
        one(cx, tx, row)
    })
}

pub fn pool_update(cx: &Cx, id: PoolId, version: i64, patch: &Value) -> AppResult<PoolView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let row = found(cx, tx, id)?;
        if !keeps(cx, row.unit_id) {
            return Err(AppError::Forbidden(WRITE.into()));
        }
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        let before = writable(&row)?;
        let mut input: PoolInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        check(tx, &mut input, Some(&before))?;
        let row = filled(PoolRow { updated_at: cx.now, ..row }, &input);
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        Event::new(cx, "pool", id, "updated").stands(row.unit_id, None).difference(&before, &input).record(tx)?;
        one(cx, tx, PoolRow { version: version + 1, ..row })
    })
}
