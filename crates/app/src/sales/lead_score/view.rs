//! Scorecards and scores as they are shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_analytics::scorecard::{Bin, Edge, PointPart};
use regulars_domain::ids::{OpportunityId, UnitId, UserId};
use regulars_domain::lead_score::{BY_HAND, LEARNT, Quality};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::sales::customer::user_names;
use regulars_persistence::sales::lead_score::{FitRow, lead_scores_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::WRITE;
use super::facts::{Attribute, OF_CUSTOMER, attributes};
use super::refresh::{InForce, Reason, in_force};
use super::settings::LeadScoringInput;
use super::words::Words;
use crate::access::Ref;
use crate::{AppError, AppResult, Cx};

/// What gave a lead points, or took them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoreReason {
    #[schema(example = "source")]
    pub attribute: String,
    /// What it is called, in the caller's language.
    #[schema(example = "Source")]
    pub name: String,
    /// The value in words; absent for numbers, where nothing is known, and where the customer is out of sight.
    #[schema(example = "Referral")]
    pub value: Option<String>,
    /// The value of an attribute of numbers; amounts in whole units of the company's currency.
    #[schema(example = json!(null))]
    pub number: Option<f64>,
    #[schema(example = 18)]
    pub points: i64,
}

/// A value and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoreWord {
    #[schema(example = "referral")]
    pub key: String,
    #[schema(example = "Referral")]
    pub name: String,
}

/// Values that give the same points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoreBin {
    /// Words; empty for numbers.
    pub values: Vec<LeadScoreWord>,
    /// Numbers above this …
    pub above: Option<f64>,
    /// … and up to this.
    pub up_to: Option<f64>,
    /// Where nothing is known.
    pub missing: bool,
    #[schema(example = 18)]
    pub points: i64,
    /// Closed leads it was learnt of; absent where a person set the points.
    #[schema(example = 62)]
    pub won: Option<i64>,
    #[schema(example = 14)]
    pub lost: Option<i64>,
    /// `won` ÷ both.
    #[schema(example = 0.816)]
    pub win_rate: Option<f64>,
}

/// An attribute with its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScorePart {
    #[schema(example = "source")]
    pub attribute: String,
    #[schema(example = "Source")]
    pub name: String,
    /// How much it tells: Σ (share of won − share of lost) × weight of evidence over its bins. Below 0.02 next to
    /// nothing, above 0.3 much (Siddiqi 2006). Absent where a person set the points.
    #[schema(example = 0.42)]
    pub information: Option<f64>,
    pub bins: Vec<LeadScoreBin>,
}

/// Points for what is known of a lead. Its score is the base and the points of every attribute, kept within 0 and 100.
/// Learnt points are scaled so that ten more double the odds of winning and 50 is an average lead: weight of evidence ×
/// coefficient × 10 ÷ ln 2 (points to double the odds; Siddiqi, *Credit Risk Scorecards*, 2006, chapter 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScorecard {
    #[schema(value_type = crate::shape::LeadScoringMode)]
    pub kind: String,
    /// Why the points set by hand apply.
    #[schema(value_type = Option<crate::shape::LeadScoringRefusal>)]
    pub reason: Option<String>,
    /// Since when; absent where nobody set anything yet.
    pub since: Option<DateTime<Utc>>,
    #[schema(example = 50)]
    pub base: i64,
    /// What tells most stands first.
    pub parts: Vec<LeadScorePart>,
}

/// A try to learn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoreFit {
    pub id: Uuid,
    pub fitted_at: DateTime<Utc>,
    /// Who asked for it; absent when it was due.
    pub fitted_by: Option<Ref>,
    /// Leads closed from then on were looked at.
    pub since: DateTime<Utc>,
    #[schema(example = 24)]
    pub months: i64,
    #[schema(example = 160)]
    pub won: i64,
    #[schema(example = 240)]
    pub lost: i64,
    /// Why it does not apply.
    #[schema(value_type = Option<crate::shape::LeadScoringRefusal>)]
    pub refusal: Option<String>,
    /// On leads held out, which it did not learn from: the chance that a won one scores higher than a lost one (area under
    /// the ROC curve). 0.5 is guessing, 1 is certain.
    #[schema(example = 0.84)]
    pub auc: Option<f64>,
    /// Its standard error (Hanley & McNeil 1982).
    #[schema(example = 0.03)]
    pub auc_error: Option<f64>,
    /// How many were held out.
    #[schema(example = 120)]
    pub held_out: Option<i64>,
    /// The same in a word: below 0.7 weak, below 0.8 fair, else strong; absent where it may be chance.
    #[schema(value_type = Option<crate::shape::LeadScoringQuality>)]
    pub quality: Option<String>,
    pub in_force: bool,
}

/// Something that points may be set for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoreAttribute {
    #[schema(example = "source")]
    pub key: String,
    #[schema(example = "Source")]
    pub name: String,
    #[schema(value_type = crate::shape::LeadScoringKind)]
    pub kind: String,
    /// The values there are; empty where any text may stand.
    pub values: Vec<LeadScoreWord>,
}

/// How a unit's leads are scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LeadScoringView {
    /// The unit's.
    pub id: Uuid,
    pub unit: Ref,
    pub in_force: LeadScorecard,
    /// The last try to learn.
    pub latest: Option<LeadScoreFit>,
    pub settings: LeadScoringInput,
    pub attributes: Vec<LeadScoreAttribute>,
    /// Whether the caller may set it.
    pub editable: bool,
    /// 0 while nobody set anything.
    pub version: i64,
    pub updated_at: Option<DateTime<Utc>>,
}

crate::versioned!(LeadScoringView);

pub(super) fn scoring_view(cx: &Cx, db: &mut Db, unit: UnitId) -> AppResult<LeadScoringView> {
    let now = in_force(db, unit)?;
    let words = Words::read(cx, db, Some(unit))?;
    let name = unit_get(db, unit)?.map(|row| row.name).unwrap_or_default();
    let latest = now.latest.clone().map(|row| fit_views(db, vec![row], &now)).transpose()?;
    let attribute = |one: Attribute| LeadScoreAttribute {
        name: words.name(&one.key),
        kind: one.kind.key().into(),
        values: words.values(&one.key).into_iter().map(|(key, name)| LeadScoreWord { key, name }).collect(),
        key: one.key,
    };
    let attributes = attributes(db)?.into_iter().map(attribute).collect();
    Ok(LeadScoringView {
        id: unit.0,
        unit: Ref::new(unit, name),
        in_force: scorecard(&now, &words),
        latest: latest.and_then(|mut all| all.pop()),
        attributes,
        editable: cx.actor.may(WRITE),
        version: now.row.as_ref().map_or(0, |row| row.version),
        updated_at: now.row.as_ref().map(|row| row.updated_at),
        settings: now.settings,
    })
}

fn scorecard(now: &InForce, words: &Words) -> LeadScorecard {
    let learnt = now.refusal.is_none();
    let fitted = now.latest.as_ref().map(|fit| fit.fitted_at);
    let set = now.row.as_ref().map(|row| row.updated_at);
    let mut parts: Vec<&PointPart> = now.card.parts.iter().collect();
    parts.sort_by(|a, b| b.information.unwrap_or(0.0).total_cmp(&a.information.unwrap_or(0.0)));
    LeadScorecard {
        kind: if learnt { LEARNT } else { BY_HAND }.into(),
        reason: now.refusal.map(|refusal| refusal.key().into()),
        since: if learnt { fitted } else { set.max(fitted) },
        base: now.card.base,
        parts: parts.into_iter().map(|part| part_view(part, words, learnt)).collect(),
    }
}

fn part_view(part: &PointPart, words: &Words, learnt: bool) -> LeadScorePart {
    let bin = |(bin, points): &(Bin, i64)| {
        let (won, lost) = (bin.good as i64, bin.bad as i64);
        LeadScoreBin {
            values: bin
                .words
                .iter()
                .map(|key| LeadScoreWord { key: key.clone(), name: words.value(&part.key, key) })
                .collect(),
            above: bin.above,
            up_to: bin.up_to,
            missing: bin.missing,
            points: *points,
            won: learnt.then_some(won),
            lost: learnt.then_some(lost),
            win_rate: (learnt && won + lost > 0).then(|| won as f64 / (won + lost) as f64),
        }
    };
    LeadScorePart {
        attribute: part.key.clone(),
        name: words.name(&part.key),
        information: part.information,
        bins: part.bins.iter().map(bin).collect(),
    }
}

pub(super) fn fit_views(db: &mut Db, rows: Vec<FitRow>, now: &InForce) -> AppResult<Vec<LeadScoreFit>> {
    let mut people: Vec<UserId> = rows.iter().filter_map(|row| row.fitted_by).collect();
    people.sort_unstable();
    people.dedup();
    let people: HashMap<UserId, String> = user_names(db, &people)?.into_iter().collect();
    let applies = now.latest.as_ref().filter(|_| now.refusal.is_none()).map(|row| row.id);
    let view = |row: FitRow| {
        let settings: LeadScoringInput = serde_json::from_value(row.settings).map_err(AppError::internal)?;
        Ok(LeadScoreFit {
            id: row.id.0,
            fitted_at: row.fitted_at,
            fitted_by: row.fitted_by.map(|id| Ref::new(id, people.get(&id).cloned().unwrap_or_default())),
            since: row.since,
            months: settings.months,
            won: row.won,
            lost: row.lost,
            quality: row
                .auc
                .zip(row.auc_error)
                .and_then(|(auc, error)| Quality::of(auc, error))
                .map(|q| q.key().into()),
            refusal: row.refusal,
            auc: row.auc,
            auc_error: row.auc_error,
            held_out: row.held_out,
            in_force: applies == Some(row.id),
        })
    };
    rows.into_iter().map(view).collect()
}

/// Scores of several leads with their reasons, ready to be told.
pub struct Told {
    scores: HashMap<OpportunityId, (i64, Vec<Reason>)>,
    words: Option<Words>,
}

/// Reads the scores of these, and the words for them where any gives reasons.
pub fn told_of(cx: &Cx, db: &mut Db, ids: &[OpportunityId]) -> AppResult<Told> {
    let mut scores = HashMap::new();
    for (id, (score, reasons)) in lead_scores_of(db, ids)? {
        let reasons: Option<Vec<Reason>> =
            reasons.map(serde_json::from_value).transpose().map_err(AppError::internal)?;
        scores.insert(id, (score, reasons.unwrap_or_default()));
    }
    let told = scores.values().any(|(_, reasons)| !reasons.is_empty());
    Ok(Told { words: if told { Some(Words::read(cx, db, None)?) } else { None }, scores })
}

impl Told {
    pub fn score(&self, id: OpportunityId) -> Option<i64> {
        self.scores.get(&id).map(|(score, _)| *score)
    }

    /// What gave the points. Of a customer out of sight it is said together, and not what is known.
    pub fn reasons(&self, id: OpportunityId, customer_seen: bool) -> Vec<LeadScoreReason> {
        let (Some((_, reasons)), Some(words)) = (self.scores.get(&id), &self.words) else { return Vec::new() };
        let hidden = |reason: &&Reason| !customer_seen && OF_CUSTOMER.contains(&reason.attribute.as_str());
        let mut told: Vec<LeadScoreReason> =
            reasons.iter().filter(|one| !hidden(one)).map(|one| said(one, words)).collect();
        let kept_back: Vec<&Reason> = reasons.iter().filter(hidden).collect();
        if !kept_back.is_empty() {
            told.push(LeadScoreReason {
                attribute: "customer".into(),
                name: words.name("customer"),
                value: None,
                number: None,
                points: kept_back.iter().map(|one| one.points).sum(),
            });
        }
        told
    }
}

fn said(reason: &Reason, words: &Words) -> LeadScoreReason {
    let (value, number) = match &reason.value {
        Some(Edge::Word(word)) => (Some(words.value(&reason.attribute, word)), None),
        Some(Edge::Number(number)) => (None, Some(*number)),
        None => (None, None),
    };
    LeadScoreReason {
        name: words.name(&reason.attribute),
        attribute: reason.attribute.clone(),
        value,
        number,
        points: reason.points,
    }
}
