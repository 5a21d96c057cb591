//! The night's work: owners of customers who have been silent for long are warned, and those who were warned in vain lose
//! them to the pool. Once a business day for each pool, however many nodes run; begun anew it finds what is left.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use regulars_domain::ids::{EventId, PartyId, PoolId, PoolMoveId, UserId};
use regulars_domain::pool::{Fate, Holding, Move, Rules};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_rows;
use regulars_persistence::customers::bulk::{BulkColumn, owner_value, parties_set};
use regulars_persistence::customers::pool::{
    MoveRow, PoolRow, SilentRow, StandingRow, moves_insert, pool_get, pool_list, pool_swept, silent_customers,
    standings_put,
};
use regulars_persistence::customers::search::search_pending_add;
use regulars_persistence::event::{EventRow, events_insert};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{WRITE, found, rules};
use crate::access::Ref;
use crate::access::settings::Company;
use crate::platform::notice::{POOL_RECYCLED, POOL_WARNING, Telling, notices_tell};
use crate::{App, AppError, AppResult, Cx};

/// Customers read at once, and changed in one transaction.
const CHUNK: i64 = 500;
/// Customers a preview shows of each fate.
const SHOWN: usize = 100;
/// Names a notice tells.
const NAMED: usize = 5;

/// What the next night would do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PoolPreview {
    /// The business day at whose beginning it happens.
    pub on: NaiveDate,
    /// How many owners would be warned of customers, and how many customers would go to the pool.
    #[schema(example = 8)]
    pub warned: usize,
    #[schema(example = 3)]
    pub recycled: usize,
    /// The first of both: those who would go, then those who would be warned of.
    pub customers: Vec<PoolFate>,
}

/// What would become of a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PoolFate {
    pub customer: Ref,
    pub owner: Ref,
    /// When a person last did something for the customer.
    pub touched_on: NaiveDate,
    /// Goes to the pool; otherwise its owner is warned.
    pub recycled: bool,
    /// The day it goes, if nothing happens.
    pub goes_on: NaiveDate,
}

/// A customer and what becomes of it.
struct Met {
    row: SilentRow,
    touched_on: NaiveDate,
    fate: Fate,
}

fn judged(company: &Company, rules: &Rules, row: SilentRow, today: NaiveDate) -> Met {
    let day = |at: DateTime<Utc>| company.business_date(at);
    let held = row.holder_id == Some(row.owner_id);
    let claimed = row.claimed_at.filter(|_| held).map(day);
    let touches = [row.last_contact_at.map(day), row.last_order_on, row.pursued_at.map(day), claimed];
    let touched_on = touches.into_iter().flatten().fold(day(row.created_at), NaiveDate::max);
    let fate = rules.fate(
        Holding {
            level: row.level.as_deref(),
            key_account: row.key_account,
            touched_on,
            protected_until: row.protected_until.filter(|_| held),
            warned_on: row.warned_on.filter(|_| row.warned_id == Some(row.owner_id)),
        },
        today,
    );
    Met { row, touched_on, fate }
}

/// Customers of a pool's unit to whom something would happen, behind `after`; and where to go on, if there is more.
fn met(
    db: &mut Db,
    company: &Company,
    pool: &PoolRow,
    today: NaiveDate,
    after: Option<PartyId>,
) -> AppResult<(Vec<Met>, Option<PartyId>)> {
    let rules = rules(pool)?;
    let quiet = Days::new((rules.silence_days - rules.warning_days).unsigned_abs());
    // A day more than any time zone makes; the rules decide on days.
    let last = today.checked_sub_days(quiet).and_then(|day| day.checked_add_days(Days::new(2))).unwrap_or(today);
    let before = (last.and_time(NaiveTime::MIN).and_utc(), last);
    let rows = silent_customers(db, pool.unit_id, before, after, CHUNK)?;
    let next = rows.last().map(|row| row.id).filter(|_| rows.len() as i64 == CHUNK);
    let met = rows.into_iter().map(|row| judged(company, &rules, row, today));
    Ok((met.filter(|one| one.fate != Fate::Stays).collect(), next))
}

/// Who would be warned and recycled tonight.
pub fn pool_preview(cx: &Cx, id: PoolId) -> AppResult<PoolPreview> {
    cx.require(WRITE)?;
    let company = cx.company()?;
    cx.read(|db| {
        let pool = found(cx, db, id)?;
        let today = company.business_date(cx.now);
        let on = match pool.swept_on {
            Some(swept) if swept >= today => today.succ_opt().unwrap_or(today),
            _ => today,
        };
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let (found, next) = met(db, &company, &pool, on, after)?;
            all.extend(found);
            after = next;
            if after.is_none() {
                break;
            }
        }
        let (gone, warned): (Vec<Met>, Vec<Met>) = all.into_iter().partition(|one| one.fate == Fate::Recycled);
        let (recycled, told) = (gone.len(), warned.len());
        let shown: Vec<Met> = gone.into_iter().take(SHOWN).chain(warned.into_iter().take(SHOWN)).collect();
        let customers = fates(db, shown, on)?;
        Ok(PoolPreview { on, warned: told, recycled, customers })
    })
}

fn fates(db: &mut Db, shown: Vec<Met>, on: NaiveDate) -> AppResult<Vec<PoolFate>> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let owners = user_rows(db, shown.iter().map(|one| one.row.owner_id))?;
    let fate = |one: Met| PoolFate {
        customer: Ref::new(one.row.id, one.row.name),
        owner: Ref::new(
            one.row.owner_id,
            owners.iter().find(|user| user.id == one.row.owner_id).map_or("", |user| user.name.as_str()),
        ),
        touched_on: one.touched_on,
        recycled: one.fate == Fate::Recycled,
        goes_on: match one.fate {
            Fate::Warned(day) => day,
            _ => on,
        },
    };
    Ok(shown.into_iter().map(fate).collect())
}

/// Upkeep: does the night's work of every pool that has not had it; nothing before set-up.
pub fn pools_sweep(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let company = match app.company(now) {
        Ok(company) => company,
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        Err(error) => return Err(error),
    };
    let today = company.business_date(now);
    let due = |pool: &PoolRow| pool.active && pool.swept_on.is_none_or(|on| on < today);
    let pools: Vec<PoolRow> = app.db().read(|db| Ok::<_, AppError>(pool_list(db, None)?))?;
    for pool in pools.into_iter().filter(due) {
        let mut after = None;
        loop {
            let (company, pool) = (company.clone(), pool.clone());
            after = app.db().write_alone(move |tx| {
                // What another node has done meanwhile, or whoever changed the rules, decides.
                match pool_get(tx, pool.id)?.filter(|pool| pool.active && pool.swept_on.is_none_or(|on| on < today)) {
                    Some(pool) => night(tx, &company, &pool, (now, today), after),
                    None => Ok(None),
                }
            })?;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// One portion; answers where to go on.
fn night(
    tx: &mut Db,
    company: &Company,
    pool: &PoolRow,
    (now, today): (DateTime<Utc>, NaiveDate),
    after: Option<PartyId>,
) -> AppResult<Option<PartyId>> {
    let (found, next) = met(tx, company, pool, today, after)?;
    let (gone, warned): (Vec<Met>, Vec<Met>) = found.into_iter().partition(|one| one.fate == Fate::Recycled);
    recycle(tx, pool, &gone, (now, today))?;
    let stands = |one: &Met| StandingRow {
        party_id: one.row.id,
        entered_at: None,
        left_by: None,
        reason: None,
        holder_id: one.row.holder_id,
        claimed_at: one.row.claimed_at,
        protected_until: one.row.protected_until,
        warned_id: Some(one.row.owner_id),
        warned_on: Some(today),
    };
    standings_put(tx, warned.iter().map(stands).collect())?;
    let mut told = tellings(pool, &gone, POOL_RECYCLED, today);
    told.extend(tellings(pool, &warned, POOL_WARNING, today));
    notices_tell(tx, told, now)?;
    if next.is_none() {
        pool_swept(tx, pool.id, today)?;
    }
    Ok(next)
}

fn recycle(tx: &mut Db, pool: &PoolRow, gone: &[Met], (now, today): (DateTime<Utc>, NaiveDate)) -> AppResult<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let ids: Vec<PartyId> = gone.iter().map(|one| one.row.id).collect();
    parties_set(tx, &ids, &[(BulkColumn::Owner, owner_value(None))], now)?;
    search_pending_add(tx, &ids, now)?;
    let stands = |one: &Met| StandingRow {
        entered_at: Some(now),
        left_by: Some(one.row.owner_id),
        reason: Some(Move::Recycled.key().into()),
        ..StandingRow::blank(one.row.id)
    };
    standings_put(tx, gone.iter().map(stands).collect())?;
    let moved = |one: &Met| MoveRow {
        id: PoolMoveId::fresh(),
        pool_id: pool.id,
        party_id: one.row.id,
        kind: Move::Recycled.key().into(),
        from_id: Some(one.row.owner_id),
        to_id: None,
        by_id: None,
        note: None,
        on_day: today,
        at: now,
    };
    moves_insert(tx, gone.iter().map(moved).collect())?;
    let event = |one: &Met| EventRow {
        id: EventId::fresh(),
        at: now,
        actor_id: None,
        action: "recycled".into(),
        resource: "customer".into(),
        resource_id: AnyId(one.row.id.0),
        party_id: Some(one.row.id),
        unit_id: Some(pool.unit_id),
        owner_id: None,
        unit_before: Some(pool.unit_id),
        owner_before: Some(one.row.owner_id),
        before: Some(json!({"owner_id": one.row.owner_id})),
        after: Some(json!({"owner_id": null})),
        request_id: None,
        address: None,
    };
    Ok(events_insert(tx, gone.iter().map(event).collect())?)
}

/// One notice an owner: how many customers, the first by name, and the earliest day one goes.
fn tellings(pool: &PoolRow, met: &[Met], kind: &'static str, today: NaiveDate) -> Vec<Telling> {
    let mut by_owner: BTreeMap<UserId, Vec<&Met>> = BTreeMap::new();
    for one in met {
        by_owner.entry(one.row.owner_id).or_default().push(one);
    }
    let telling = |(owner, theirs): (UserId, Vec<&Met>)| {
        let names: Vec<&str> = theirs.iter().take(NAMED).map(|one| one.row.name.as_str()).collect();
        let goes = |one: &&Met| match one.fate {
            Fate::Warned(day) => day,
            _ => today,
        };
        let first: Option<Uuid> = theirs.first().map(|one| one.row.id.0);
        Telling {
            to: owner,
            unit: pool.unit_id,
            kind,
            cause: format!("{kind}:{today}:{}", first.unwrap_or_default()),
            params: json!({"count": theirs.len(), "names": names, "on": theirs.iter().map(goes).min(), "pool": pool.name}),
            link: Some(match theirs[..] {
                [one] if kind == POOL_WARNING => format!("/customers/{}", one.row.id),
                _ if kind == POOL_WARNING => "/customers".into(),
                _ => "/pool".into(),
            }),
        }
    };
    by_owner.into_iter().map(telling).collect()
}
