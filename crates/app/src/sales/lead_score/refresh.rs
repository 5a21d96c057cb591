//! Scoring leads by the scorecard in force: what is not closed, whenever something known of it changes.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use regulars_analytics::scorecard::{Card, Edge, Given, PointCard};
use regulars_domain::ids::{OpportunityId, PartyId, UnitId};
use regulars_domain::lead_score::by_hand_because;
use regulars_domain::pipeline::StageStatus;
use regulars_persistence::Db;
use regulars_persistence::follower::{Follower, events_after, follower_get, follower_move};
use regulars_persistence::sales::lead_score::{
    FitRow, LeadFactRow, LeadScoreRow, ScoringRow, fits_of, lead_facts, lead_scores_write, open_of_parties,
    open_of_unit, scorings_get,
};
use serde::{Deserialize, Serialize};

use super::facts::cases;
use super::fit::score_queue;
use super::settings::LeadScoringInput;
use crate::access::settings::Company;
use crate::{App, AppError, AppResult, Cx};

/// Leads scored in one transaction.
const STEP: usize = 200;
const FOLLOWER: &str = "lead_scores";
/// Events read at a time.
const EVENTS: i64 = 200;

/// What gave points, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub attribute: String,
    pub value: Option<Edge>,
    pub points: i64,
}

/// A unit's settings, and what applies.
pub struct InForce {
    pub settings: LeadScoringInput,
    /// Absent where nobody set anything.
    pub row: Option<ScoringRow>,
    pub latest: Option<FitRow>,
    pub card: PointCard,
    /// Why the points set by hand apply; absent where what was learnt does.
    pub refusal: Option<regulars_domain::lead_score::Refusal>,
}

/// What applies in a unit.
pub fn in_force(db: &mut Db, unit: UnitId) -> AppResult<InForce> {
    let row = scorings_get(db, Some(unit))?.pop();
    let settings = settings_of(row.as_ref())?;
    let latest = fits_of(db, unit, 1)?.pop();
    let tried = latest.as_ref().map(|fit| fit.refusal.as_deref());
    let refusal = by_hand_because(&settings.mode, tried);
    let learnt = latest.as_ref().and_then(|fit| fit.card.clone()).filter(|_| refusal.is_none());
    let card = match learnt {
        Some(card) => serde_json::from_value::<Card>(card).map_err(AppError::internal)?.in_points(),
        None => settings.hand_card(),
    };
    Ok(InForce { settings, row, latest, card, refusal })
}

pub fn settings_of(row: Option<&ScoringRow>) -> AppResult<LeadScoringInput> {
    row.map_or_else(
        || Ok(LeadScoringInput::default()),
        |row| serde_json::from_value(row.settings.clone()).map_err(AppError::internal),
    )
}

/// Minor units in one unit of the company's currency.
pub fn minor(company: &Company) -> f64 {
    10f64.powi(i32::try_from(regulars_domain::money::decimals(&company.currency)).unwrap_or(2))
}

/// Scores these anew, in the transaction of what changed them. What is closed keeps the score it had.
pub(crate) fn scores_refresh(tx: &mut Db, cx: &Cx, ids: &[OpportunityId]) -> AppResult<()> {
    refresh(tx, minor(&*cx.company()?), ids)
}

pub(super) fn refresh(tx: &mut Db, minor: f64, ids: &[OpportunityId]) -> AppResult<()> {
    for some in ids.chunks(STEP) {
        let mut rows = lead_facts(tx, some)?;
        rows.retain(|row| !StageStatus::parse(&row.status).is_some_and(StageStatus::is_closed));
        let mut cards: HashMap<UnitId, PointCard> = HashMap::new();
        for unit in rows.iter().map(|row| row.unit_id).collect::<BTreeSet<_>>() {
            cards.insert(unit, in_force(tx, unit)?.card);
        }
        let cases = cases(tx, &rows, minor)?;
        let scored = rows.iter().zip(&cases).filter_map(|(row, case)| {
            let (score, given) = cards.get(&row.unit_id)?.score(case);
            changed(row, score, given).transpose()
        });
        let scored: Vec<LeadScoreRow> = scored.collect::<AppResult<_>>()?;
        lead_scores_write(tx, scored)?;
    }
    Ok(())
}

/// What is to be written of a lead; nothing where it stands so already.
fn changed(row: &LeadFactRow, score: i64, given: Vec<Given>) -> AppResult<Option<LeadScoreRow>> {
    let reasons: Vec<Reason> =
        given.into_iter().map(|one| Reason { attribute: one.key, value: one.value, points: one.points }).collect();
    let reasons = serde_json::to_value(reasons).map_err(AppError::internal)?;
    let same = row.score == Some(score) && row.score_reasons.as_ref() == Some(&reasons);
    Ok((!same).then_some(LeadScoreRow { id: row.id, score, reasons }))
}

/// Scores everything of a unit that is not closed.
pub(super) fn unit_refresh(
    app: &App,
    unit: UnitId,
    minor: f64,
    progress: &mut dyn FnMut(i64) -> AppResult<()>,
) -> AppResult<()> {
    let (mut after, mut done) = (None, 0);
    loop {
        let ids = app.db().read(|db| Ok::<_, AppError>(open_of_unit(db, unit, after, STEP as i64)?))?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        done += ids.len() as i64;
        app.db().write(move |tx| refresh(tx, minor, &ids))?;
        progress(done)?;
    }
}

/// Follows the log: what is open of customers that changed is scored anew; behind an import, all of its unit.
pub fn scores_follow(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let company = match app.company(now) {
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        company => company?,
    };
    while follow_step(app, minor(&company), now)? {}
    Ok(())
}

/// One step; answers whether there was anything.
fn follow_step(app: &App, minor: f64, now: DateTime<Utc>) -> AppResult<bool> {
    let read = app.db().read(|db| {
        let from = follower_get(db, FOLLOWER)?.ok_or_else(|| AppError::Internal("no follower of scores".into()))?;
        let events = events_after(db, from.seq, EVENTS)?;
        Ok::<_, AppError>((from, events))
    })?;
    let (from, events) = read;
    let Some(last) = events.last() else { return Ok(false) };
    let to = Follower { seq: last.seq, place: None };
    let of = |resource: &'static str| events.iter().filter(move |event| event.resource == resource);
    let parties: BTreeSet<PartyId> = of("customer").filter_map(|event| event.party_id).collect();
    let parties: Vec<PartyId> = parties.into_iter().collect();
    let moved = of("opportunity").filter(|event| event.action == "transferred");
    let moved: Vec<OpportunityId> = moved.map(|event| OpportunityId(event.resource_id.0)).collect();
    let imported: BTreeSet<UnitId> =
        of("import").filter(|event| event.action == "ran").filter_map(|event| event.unit_id).collect();
    app.db().write(move |tx| {
        // Another node may have been faster; then its work stands.
        if !follower_move(tx, FOLLOWER, &from, &to)? {
            return Ok(());
        }
        for unit in &imported {
            score_queue(tx, *unit, &format!("import:{}", to.seq), now)?;
        }
        let mut ids = open_of_parties(tx, &parties)?;
        ids.extend(&moved);
        ids.sort_unstable();
        ids.dedup();
        refresh(tx, minor, &ids)
    })?;
    Ok(true)
}
