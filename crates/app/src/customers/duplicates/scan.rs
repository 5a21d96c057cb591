//! The scan for duplicates among all customers: a job that walks numbers, addresses, tax ids, birthdays and names, each
//! along an index, and compares whoever meets there. What it holds at a time is bounded by a step, but for the names of
//! a kind, which take some 24 bytes a record.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::duplicates::{Kind, Rules};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::duplicate::{
    FoundPair, KeyTable, birthday_next, born_on, keys_held, keys_repeated, pairs_forget_unseen, pairs_put,
    parties_of_kind_after,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::compare::{compared_of, form_of, pairs_scored};
use super::groups::{Pair, gathered, is_crowd, pairs_alike, pairs_of, pairs_sounding};
use crate::event::Event;
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue, job_enqueue_system};
use crate::{App, AppError, AppResult, Cx};

/// The kind of job.
pub const SCAN: &str = "duplicates.scan";
const SCAN_PERMISSION: &str = "customers:duplicate:scan";
/// Scans follow one another.
const LANE: &str = "duplicates";

/// Keys that stand more than once, looked at in one step.
const KEYS: i64 = 400;
/// Records that such keys may have together.
const HELD: i64 = 20_000;
/// People born on one day of the year.
const BORN: i64 = 200_000;
/// Records read at a time while walking names.
const NAMED: i64 = 10_000;
/// Pairs compared in one transaction.
const COMPARED: usize = 2_000;

/// What there is to walk, with its share of the work in percent.
const STAGES: [(Stage, i64); 6] = [
    (Stage::Keys(KeyTable::Phone), 15),
    (Stage::Keys(KeyTable::Email), 10),
    (Stage::Keys(KeyTable::TaxId), 5),
    (Stage::Birthdays, 50),
    (Stage::Names(Kind::Organization), 10),
    (Stage::Names(Kind::Person), 10),
];

#[derive(Debug, Clone, Copy)]
enum Stage {
    Keys(KeyTable),
    Birthdays,
    Names(Kind),
}

/// What a job is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Order {
    /// All units when absent.
    unit_id: Option<UnitId>,
}

/// Where a scan goes on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Point {
    stage: usize,
    /// The last key or day that is done with.
    after: String,
    started_at: Option<DateTime<Utc>>,
    /// Pairs found so far; one found twice counts twice.
    found: i64,
}

/// Asks for a scan of the caller's unit or, seeing all, of every unit.
pub fn scan_create(cx: &Cx) -> AppResult<JobView> {
    cx.require(SCAN_PERMISSION)?;
    let order = Order {
        unit_id: match cx.visible(Resource::Customer, Action::Read) {
            Visibility::Company => None,
            _ => Some(cx.actor.unit_id),
        },
    };
    let (job, within) = (scan_job(&order)?, cx.clone());
    cx.create(move |tx| job_enqueue(tx, &within, job.clone()))
}

/// Queues a scan that nobody in particular asked for: after a large import, when the rules change.
pub fn scan_queue(tx: &mut Db, unit_id: Option<UnitId>, now: DateTime<Utc>) -> AppResult<()> {
    job_enqueue_system(tx, scan_job(&Order { unit_id })?, now)
}

fn scan_job(order: &Order) -> AppResult<NewJob> {
    Ok(NewJob {
        kind: SCAN,
        input: serde_json::to_value(order).map_err(AppError::internal)?,
        total: Some(100),
        dedupe_key: Some(format!("{SCAN}:{:?}", order.unit_id)),
        lane: Some(LANE),
    })
}

/// Job: scan.
pub fn scan_handle(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let now = crate::jobs::task::now();
    let company = task.app.company(now)?;
    let mut point: Point = task.checkpoint()?.unwrap_or_default();
    let started_at = *point.started_at.get_or_insert(now);
    let scan = Scan {
        app: &task.app,
        rules: &company.settings.duplicates,
        unit: order.unit_id,
        now: started_at,
        today: company.business_date(now),
    };
    while let Some((stage, _)) = STAGES.get(point.stage) {
        point = scan.step(task, *stage, &point)?;
    }
    let (unit, found, asked) = (order.unit_id, point.found, task.job.created_by.map(|_| task.cx()).transpose()?);
    let id = task.job.id;
    task.app.db().write(move |tx| {
        let forgotten = pairs_forget_unseen(tx, unit, started_at)?;
        if let Some(cx) = &asked {
            let told = json!({"found": found, "forgotten": forgotten});
            Event::new(cx, "duplicate_scan", id, "ran").stands(cx.actor.unit_id, None).after(&told).record(tx)?;
        }
        Ok::<_, AppError>(())
    })?;
    Ok(Some("/api/v1/duplicates".into()))
}

struct Scan<'a> {
    app: &'a App,
    rules: &'a Rules,
    unit: Option<UnitId>,
    /// Pairs are seen as of the scan's start, so that what was not seen again is known at its end.
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Scan<'_> {
    /// One step of a stage, stored with the point where the scan goes on.
    fn step(&self, task: &Task, stage: Stage, from: &Point) -> AppResult<Point> {
        let (pairs, after) = match stage {
            Stage::Keys(table) => self.app.db().read(|db| keys_step(db, table, &from.after))?,
            Stage::Birthdays => self.birthdays_step(&from.after)?,
            Stage::Names(kind) => (self.names_walk(task, kind)?, None),
        };
        let mut point = from.clone();
        let mut pairs = pairs;
        pairs.sort_unstable();
        pairs.dedup();
        let mut chunks = pairs.chunks(COMPARED).peekable();
        loop {
            let chunk = chunks.next().unwrap_or_default();
            let found = self.app.db().read(|db| pairs_scored(db, self.rules, self.unit, chunk))?;
            point.found += i64::try_from(found.len()).unwrap_or(0);
            let last = chunks.peek().is_none();
            if last {
                point = self.next(point, after.clone());
            }
            self.store(task, found, &point)?;
            if last {
                return Ok(point);
            }
        }
    }

    /// Behind the step: on in the stage, or at the start of the next.
    fn next(&self, point: Point, after: Option<String>) -> Point {
        match after {
            Some(after) => Point { after, ..point },
            None => Point { stage: point.stage + 1, after: String::new(), ..point },
        }
    }

    fn store(&self, task: &Task, found: Vec<FoundPair>, point: &Point) -> AppResult<()> {
        let step = Step { done: self.progress(point), total: Some(100), checkpoint: Some(json!(point)) };
        let (now, within) = (self.now, task.clone());
        self.app.db().write(move |tx| {
            pairs_put(tx, &found, now)?;
            within.progress_in(tx, &step)
        })
    }

    /// In percent: the stages done, and within birthdays the days of the year.
    fn progress(&self, point: &Point) -> i64 {
        let done: i64 = STAGES.iter().take(point.stage).map(|(_, share)| share).sum();
        let within = match (STAGES.get(point.stage), point.after.parse::<NaiveDate>()) {
            (Some((Stage::Birthdays, share)), Ok(day)) => (day - self.today).num_days().clamp(0, 366) * share / 366,
            _ => 0,
        };
        done + within
    }

    /// Those born on one day with names alike, one day of the year a step.
    fn birthdays_step(&self, after: &str) -> AppResult<(Vec<Pair>, Option<String>)> {
        if ![Kind::Person, Kind::Organization].into_iter().any(|kind| self.rules.birthday_suffices(kind)) {
            return Ok((Vec::new(), None));
        }
        let after = after.parse().unwrap_or_default();
        let Some((day, born)) = self.app.db().read(|db| {
            let Some(day) = birthday_next(db, after)? else { return Ok::<_, AppError>(None) };
            Ok(Some((day, born_on(db, day, BORN)?)))
        })?
        else {
            return Ok((Vec::new(), None));
        };
        let within = born.into_iter().filter(|row| self.unit.is_none_or(|unit| unit == row.unit_id));
        let groups = gathered(within.map(|row| ((row.on_date, row.unit_id, row.kind == "person"), row)));
        let (mut pairs, percent) = (Vec::new(), self.rules.least_alike());
        for group in groups.into_values() {
            let named: Vec<_> =
                group.iter().map(|row| (row.id, form_of(&row.kind, &row.name, &row.name_key))).collect();
            pairs_alike(&named, percent, &mut pairs);
        }
        Ok((pairs, Some(day.to_string())))
    }

    /// Everyone of a kind whose names sound the same, where the rules take that for enough.
    fn names_walk(&self, task: &Task, kind: Kind) -> AppResult<Vec<Pair>> {
        if !self.rules.name_suffices(kind) {
            return Ok(Vec::new());
        }
        let kind = if kind == Kind::Person { "person" } else { "organization" };
        let mut sounds: Vec<(u64, PartyId)> = Vec::new();
        let mut after = PartyId(Uuid::nil());
        loop {
            let rows = self.app.db().read(|db| Ok::<_, AppError>(parties_of_kind_after(db, kind, after, NAMED)?))?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in rows.iter().filter(|row| self.unit.is_none_or(|unit| unit == row.unit_id)) {
                let form = form_of(&row.kind, &row.name, &row.name_key);
                if !form.is_empty() {
                    sounds.push((hashed(row.unit_id, form.ear()), row.id));
                }
            }
            task.app.db().read(|db| still_wanted(db, task))?;
        }
        sounds.sort_unstable();
        let mut pairs = Vec::new();
        for group in sounds.chunk_by(|one, other| one.0 == other.0) {
            let ids: Vec<PartyId> = group.iter().map(|(_, id)| *id).collect();
            if !is_crowd(ids.len()) {
                pairs.extend(pairs_of(&ids));
            }
        }
        Ok(pairs)
    }
}

/// Stops a long walk that stores nothing when the job was asked to.
fn still_wanted(db: &mut Db, task: &Task) -> AppResult<()> {
    match regulars_persistence::job::job_get(db, task.job.id)? {
        Some(job) if job.cancel_requested => Err(AppError::Conflict(crate::jobs::task::CANCELLED)),
        _ => Ok(()),
    }
}

fn hashed(unit: UnitId, sound: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (unit, sound).hash(&mut hasher);
    hasher.finish()
}

/// Those who share one of the next keys.
fn keys_step(db: &mut Db, table: KeyTable, after: &str) -> AppResult<(Vec<Pair>, Option<String>)> {
    let keys = keys_repeated(db, table, after, KEYS)?;
    let Some(last) = keys.last().cloned() else { return Ok((Vec::new(), None)) };
    let held = keys_held(db, table, &keys, HELD)?;
    // What did not fit is looked at in the next step, but for the holders of a single key, of whom so many are enough.
    let full = i64::try_from(held.len()).is_ok_and(|held| held >= HELD);
    let cut = held.last().filter(|cut| full && cut.key != keys[0]).map(|cut| cut.key.clone());
    let mut pairs = Vec::new();
    let mut done = after.to_owned();
    for group in held.chunk_by(|one, other| one.key == other.key) {
        let Some(first) = group.first().filter(|first| cut.as_ref() != Some(&first.key)) else { continue };
        done.clone_from(&first.key);
        let mut ids: Vec<PartyId> = group.iter().map(|held| held.party_id).collect();
        ids.dedup();
        if is_crowd(ids.len()) {
            let compared = compared_of(db, &ids)?;
            let named: Vec<_> = compared.into_values().map(|one| (one.id, one.profile.form)).collect();
            pairs_sounding(&named, &mut pairs);
        } else {
            pairs.extend(pairs_of(&ids));
        }
    }
    Ok((pairs, Some(if full { done } else { last })))
}

/// Queues a scan of everything when the rules change, in the transaction of the change.
pub fn rules_changed(tx: &mut Db, before: &Rules, after: &Rules, now: DateTime<Utc>) -> AppResult<()> {
    if before == after { Ok(()) } else { scan_queue(tx, None, now) }
}
