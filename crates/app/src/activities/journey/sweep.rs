//! What begins and brings on journeys by itself: the log of events, changes of classes, dates of life, and the calendar. Every
//! part may be done twice and by many nodes: a journey begins once for a customer and a day, a touchpoint of it comes up once.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::ids::PartyId;
use regulars_persistence::Db;
use regulars_persistence::activities::journey::{JourneyRow, journey_get, journey_list, run_goes_on, runs_to_wake};
use regulars_persistence::activities::journey_start::{
    asset_is_of, class_starts, date_starts, order_delivered, order_paid, unit_members,
};
use regulars_persistence::event::{EventRow, events_between};
use regulars_persistence::follower::{Follower, follower_get, follower_move};
use serde_json::Value;

use super::about_of;
use super::run::{Beginning, begin, wake};
use crate::access::settings::Company;
use crate::{App, AppError, AppResult};

const FOLLOWER: &str = "journeys";
/// Events read at a time; runs and customers taken in one transaction.
const EVENTS: i64 = 200;
const STEP: i64 = 100;
/// Changes of classes longer ago start nothing.
const CLASS_DAYS: u64 = 7;
/// Dates of life start a journey so many days ahead, so that steps may come before the day.
const DATE_DAYS: u64 = 31;

fn company_of(app: &App, now: DateTime<Utc>) -> AppResult<Option<Arc<Company>>> {
    match app.company(now) {
        Err(AppError::Conflict("setup_needed")) => Ok(None),
        company => Ok(Some(company?)),
    }
}

/// Upkeep: follows the log; what somebody just did starts what it is to start.
pub fn journeys_follow(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let Some(company) = company_of(app, now)? else { return Ok(()) };
    while follow_step(app, &company, now)? {}
    Ok(())
}

fn follow_step(app: &App, company: &Arc<Company>, now: DateTime<Utc>) -> AppResult<bool> {
    let (from, events) = app.db().read(|db| {
        let from = follower_get(db, FOLLOWER)?.ok_or_else(|| AppError::Internal("no follower of journeys".into()))?;
        let events = events_between(db, from.seq, EVENTS)?;
        Ok::<_, AppError>((from, events))
    })?;
    let Some((last, _)) = events.last() else { return Ok(false) };
    let to = Follower { seq: *last, place: None };
    let company = company.clone();
    app.db().write(move |tx| {
        // Another node may have been faster; then its work stands.
        if !follower_move(tx, FOLLOWER, &from, &to)? {
            return Ok(());
        }
        let telling = |event: &&EventRow| matches!(event.resource.as_str(), "order" | "asset" | "customer");
        if !events.iter().map(|(_, event)| event).any(|event| telling(&event)) {
            return Ok(());
        }
        let journeys: Vec<JourneyRow> = journey_list(tx, None)?.into_iter().filter(|one| one.active).collect();
        for (_, event) in &events {
            for journey in journeys.iter().filter(|one| Some(one.unit_id) == event.unit_id) {
                let Some(party) = event.party_id else { continue };
                if starts(tx, journey, event)? {
                    start(tx, &company, journey, (party, company.business_date(event.at)), now)?;
                }
            }
        }
        Ok::<_, AppError>(())
    })?;
    Ok(true)
}

/// Whether an event is what starts a journey.
fn starts(tx: &mut Db, journey: &JourneyRow, event: &EventRow) -> AppResult<bool> {
    let is = |resource: &str, actions: &[&str]| event.resource == resource && actions.contains(&event.action.as_str());
    let code = |side: &Option<Value>| side.as_ref().is_some_and(|side| side["code"].is_string());
    Ok(match journey.event.as_str() {
        "order_paid" => is("order", &["paid", "status_changed"]) && order_paid(tx, event.resource_id)?,
        "goods_delivered" => is("order", &["delivered", "status_changed"]) && order_delivered(tx, event.resource_id)?,
        "customer_coded" => {
            is("customer", &["created", "qualified", "updated"]) && code(&event.after) && !code(&event.before)
        }
        "asset_added" => {
            is("asset", &["created"])
                && match about_of(journey)?.category_id {
                    Some(category) => asset_is_of(tx, event.resource_id, category)?,
                    None => true,
                }
        }
        _ => false,
    })
}

/// Begins a journey by itself for a customer of its unit, unless one goes on and once is enough.
fn start(
    tx: &mut Db,
    company: &Company,
    journey: &JourneyRow,
    (party, on): (PartyId, NaiveDate),
    now: DateTime<Utc>,
) -> AppResult<()> {
    let before = journey.active_on.is_none_or(|active| on < active);
    let here = !unit_members(tx, journey.unit_id, &[party])?.is_empty();
    if before || !here || !journey.again && run_goes_on(tx, journey.id, party)? {
        return Ok(());
    }
    let of = Beginning { journey, party, on, event: &journey.event, by: None, now };
    begin(tx, company, &of)?;
    Ok(())
}

/// Upkeep: starts what classes and dates of life start, and brings up what is due; nothing before set-up.
pub fn journeys_sweep(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let Some(company) = company_of(app, now)? else { return Ok(()) };
    let today = company.business_date(now);
    let journeys: Vec<JourneyRow> = app.db().read(|db| Ok::<_, AppError>(journey_list(db, None)?))?;
    for journey in journeys.into_iter().filter(|one| one.active) {
        if matches!(journey.event.as_str(), "class_changed" | "date_of_life") {
            let (company, id) = (company.clone(), journey.id);
            app.db().write(move |tx| match journey_get(tx, id)?.filter(|one| one.active) {
                Some(journey) => due_starts(tx, &company, &journey, today, now),
                None => Ok(()),
            })?;
        }
    }
    loop {
        let ids = app.db().read(|db| Ok::<_, AppError>(runs_to_wake(db, today, STEP)?))?;
        let all = ids.len() as i64 == STEP;
        if ids.is_empty() {
            return Ok(());
        }
        let company = company.clone();
        app.db().write(move |tx| ids.iter().try_for_each(|id| wake(tx, &company, *id, now)))?;
        if !all {
            return Ok(());
        }
    }
}

fn due_starts(
    tx: &mut Db,
    company: &Company,
    journey: &JourneyRow,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let about = about_of(journey)?;
    let place = (journey.id, journey.unit_id, journey.again);
    let since = journey.active_on.unwrap_or(today).max(today - Days::new(CLASS_DAYS));
    let found = match (journey.event.as_str(), &about.class, &about.became, &about.date) {
        ("class_changed", Some(kind), Some(value), _) => class_starts(tx, place, (kind, value), (since, today), STEP)?,
        ("date_of_life", _, _, Some(kind)) => {
            date_starts(tx, place, kind, (today, today + Days::new(DATE_DAYS)), STEP)?
        }
        _ => Vec::new(),
    };
    for one in found {
        start(tx, company, journey, (one.party_id, one.on_date), now)?;
    }
    Ok(())
}
