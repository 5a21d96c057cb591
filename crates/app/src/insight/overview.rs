//! How the customers that the caller sees spread over scores, classes and stages. Each bucket carries the condition
//! that lists its customers.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_analytics::stage::Stage;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::condition::Condition;
use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::insight::evaluation::{EvaluationRow, evaluations_latest};
use regulars_persistence::insight::overview::{ClassCount, class_counts, party_count, party_ids};
use regulars_persistence::sales::customer::unit_names;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::evaluation::{UnitFacts, unit_facts, unit_in_sight};
use super::score::scores;
use super::settings::{InsightSettings, RfmMode};
use super::stored::abc_key;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// How customers spread, as the last evaluation left them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// The day scores and classes are of: the oldest, when units differ. Absent before the first evaluation.
    pub as_of: Option<NaiveDate>,
    pub evaluated_at: Option<DateTime<Utc>>,
    /// All customers within sight.
    pub customers: i64,
    /// Those of them who bought.
    pub buyers: i64,
    pub net: Money,
    pub rfm: RfmSpread,
    pub abc: Vec<AbcBucket>,
    pub value: Vec<ValueBucket>,
    pub stages: Vec<StageBucket>,
}

/// RFM of the buyers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RfmSpread {
    /// Scores 1 to 5, in order.
    pub r: Vec<ScoreBucket>,
    pub f: Vec<ScoreBucket>,
    pub m: Vec<ScoreBucket>,
    /// Combinations that hold somebody.
    pub cells: Vec<CellBucket>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ScoreBucket {
    pub score: i32,
    pub count: i64,
    /// Lists the customers; absent when the scores are not the stored ones.
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CellBucket {
    #[schema(example = "545")]
    pub code: String,
    pub count: i64,
    pub net: Money,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AbcBucket {
    #[schema(value_type = crate::shape::AbcClass)]
    pub class: String,
    pub count: i64,
    pub net: Money,
    /// Part of all positive revenue within sight, 0–1.
    pub share: f64,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ValueBucket {
    #[schema(value_type = crate::shape::ValueClass)]
    pub class: String,
    pub count: i64,
    pub net: Money,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StageBucket {
    #[schema(value_type = crate::shape::Stage)]
    pub stage: String,
    pub count: i64,
    pub net: Money,
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

/// RFM as of a day and in a mode.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RfmView {
    pub as_of: Option<NaiveDate>,
    pub mode: RfmMode,
    pub buyers: i64,
    #[serde(flatten)]
    pub spread: RfmSpread,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AbcView {
    pub as_of: Option<NaiveDate>,
    pub buyers: i64,
    pub net: Money,
    pub classes: Vec<AbcBucket>,
}

/// What is told apart on the insight pages.
#[derive(Debug, Clone, Default)]
pub struct SpreadRequest {
    pub as_of: Option<NaiveDate>,
    pub mode: Option<RfmMode>,
}

/// Counts by all scores and classes, however they were come by.
struct Counts {
    rows: Vec<ClassCount>,
    /// Whether they are the stored ones, which customers can be listed by.
    stored: bool,
    currency: String,
}

fn condition_all(parts: &[(&str, Value)]) -> Option<Value> {
    let mut leaves: Vec<Condition> =
        parts.iter().map(|(field, value)| Condition::leaf(field, "eq", value.clone())).collect();
    let condition = if leaves.len() == 1 { leaves.pop()? } else { Condition::all(leaves) };
    serde_json::to_value(condition).ok()
}

impl Counts {
    fn condition(&self, parts: &[(&str, Value)]) -> Option<Value> {
        if self.stored { condition_all(parts) } else { None }
    }

    fn total(&self, of: impl Fn(&ClassCount) -> bool) -> (i64, i64) {
        let rows = self.rows.iter().filter(|row| of(row));
        rows.fold((0, 0), |(customers, net), row| (customers + row.customers, net + row.net))
    }

    fn money(&self, minor: i64) -> Money {
        Money::of(minor, &self.currency)
    }

    fn rfm(&self) -> RfmSpread {
        let bucket = |field: &str, at: fn(&ClassCount) -> Option<i32>| -> Vec<ScoreBucket> {
            let one = |score: i32| ScoreBucket {
                score,
                count: self.total(|row| at(row) == Some(score)).0,
                condition: self.condition(&[(field, score.into())]),
            };
            (1..=5).map(one).collect()
        };
        let mut cells = std::collections::BTreeMap::<[i32; 3], (i64, i64)>::new();
        for row in &self.rows {
            if let (Some(r), Some(f), Some(m)) = (row.rfm_r, row.rfm_f, row.rfm_m) {
                let cell = cells.entry([r, f, m]).or_default();
                *cell = (cell.0 + row.customers, cell.1 + row.net);
            }
        }
        let cell = |([r, f, m], (count, net)): ([i32; 3], (i64, i64))| CellBucket {
            code: format!("{r}{f}{m}"),
            count,
            net: self.money(net),
            condition: self.condition(&[
                ("metrics.rfm_r", r.into()),
                ("metrics.rfm_f", f.into()),
                ("metrics.rfm_m", m.into()),
            ]),
        };
        RfmSpread {
            r: bucket("metrics.rfm_r", |row| row.rfm_r),
            f: bucket("metrics.rfm_f", |row| row.rfm_f),
            m: bucket("metrics.rfm_m", |row| row.rfm_m),
            cells: cells.into_iter().map(cell).collect(),
        }
    }

    fn abc(&self) -> Vec<AbcBucket> {
        let positive: i64 = self.rows.iter().filter(|row| row.abc.is_some()).map(|row| row.net.max(0)).sum();
        let one = |class: &str| {
            let (count, net) = self.total(|row| row.abc.as_deref() == Some(class));
            AbcBucket {
                class: class.into(),
                count,
                net: self.money(net),
                share: if positive > 0 { net as f64 / positive as f64 } else { 0.0 },
                condition: self.condition(&[("metrics.abc", class.into())]),
            }
        };
        ["A", "B", "C"].map(one).to_vec()
    }

    fn value(&self) -> Vec<ValueBucket> {
        let one = |class: &str| {
            let (count, net) = self.total(|row| row.value_class.as_deref() == Some(class));
            let condition = self.condition(&[("metrics.value_class", class.into())]);
            ValueBucket { class: class.into(), count, net: self.money(net), condition }
        };
        ["vip", "major", "ordinary", "small"].map(one).to_vec()
    }

    fn stages(&self) -> Vec<StageBucket> {
        let one = |stage: Stage| {
            let (count, net) = self.total(|row| row.stage.as_deref() == Some(stage.key()));
            let condition = self.condition(&[("metrics.stage", stage.key().into())]);
            StageBucket { stage: stage.key().into(), count, net: self.money(net), condition }
        };
        Stage::ALL.map(one).to_vec()
    }
}

/// What of the customers the caller sees.
pub(super) fn sight(cx: &Cx) -> AppResult<Visibility> {
    cx.require("insight:metric:read")?;
    match cx.visible(Resource::Customer, Action::Read) {
        Visibility::Nothing => Err(AppError::Forbidden("customers:customer:read".into())),
        visibility => Ok(visibility),
    }
}

/// The evaluations behind what the caller sees, the oldest day first.
fn latest(cx: &Cx) -> AppResult<Vec<EvaluationRow>> {
    let mut rows = cx.read(|db| Ok(evaluations_latest(db, unit_in_sight(cx))?))?;
    rows.sort_by_key(|row| row.as_of);
    Ok(rows)
}

fn stored_counts(cx: &Cx, visibility: &Visibility) -> AppResult<Counts> {
    let currency = cx.company()?.currency.clone();
    let rows = cx.read(|db| Ok(class_counts(db, visibility)?))?;
    Ok(Counts { rows, stored: true, currency })
}

pub fn overview_get(cx: &Cx) -> AppResult<Overview> {
    let visibility = sight(cx)?;
    let evaluations = latest(cx)?;
    let counts = stored_counts(cx, &visibility)?;
    let customers = cx.read(|db| Ok(party_count(db, &visibility)?))?;
    let (buyers, net) = counts.total(|row| row.rfm_r.is_some());
    Ok(Overview {
        as_of: evaluations.first().map(|row| row.as_of),
        evaluated_at: evaluations.first().and_then(|row| row.finished_at),
        customers,
        buyers,
        net: counts.money(net),
        rfm: counts.rfm(),
        abc: counts.abc(),
        value: counts.value(),
        stages: counts.stages(),
    })
}

/// RFM as stored when nothing else is asked for; otherwise scored for the answer.
pub fn rfm_get(cx: &Cx, request: &SpreadRequest) -> AppResult<RfmView> {
    let (as_of, mode, counts) = counts_for(cx, request)?;
    let buyers = counts.total(|row| row.rfm_r.is_some()).0;
    Ok(RfmView { as_of, mode, buyers, spread: counts.rfm() })
}

pub fn abc_get(cx: &Cx, as_of: Option<NaiveDate>) -> AppResult<AbcView> {
    let (as_of, _, counts) = counts_for(cx, &SpreadRequest { as_of, mode: None })?;
    let (buyers, net) = counts.total(|row| row.abc.is_some());
    Ok(AbcView { as_of, buyers, net: counts.money(net), classes: counts.abc() })
}

fn counts_for(cx: &Cx, request: &SpreadRequest) -> AppResult<(Option<NaiveDate>, RfmMode, Counts)> {
    let visibility = sight(cx)?;
    let evaluations = latest(cx)?;
    let mode_of = |row: &EvaluationRow| {
        let settings: InsightSettings = serde_json::from_value(row.settings.clone()).unwrap_or_default();
        settings.rfm_mode
    };
    let company = cx.company()?;
    let fits = |row: &EvaluationRow| {
        request.as_of.is_none_or(|as_of| as_of == row.as_of) && request.mode.is_none_or(|mode| mode == mode_of(row))
    };
    if evaluations.iter().all(fits) && (!evaluations.is_empty() || (request.as_of, request.mode) == (None, None)) {
        let mode = evaluations.first().map_or(company.settings.insight.rfm_mode, mode_of);
        return Ok((evaluations.first().map(|row| row.as_of), mode, stored_counts(cx, &visibility)?));
    }
    let today = company.business_date(cx.now);
    let as_of = request.as_of.or(evaluations.first().map(|row| row.as_of)).unwrap_or(today);
    if as_of > today {
        return Err(AppError::invalid("as_of", "date_in_future"));
    }
    let mut company = (*company).clone();
    company.settings.insight.rfm_mode = request.mode.unwrap_or(company.settings.insight.rfm_mode);
    let counts = Fresh { cx, company: &company, as_of, past: as_of < today }.counts(&visibility)?;
    Ok((Some(as_of), company.settings.insight.rfm_mode, counts))
}

/// Scores made for one answer and not stored.
struct Fresh<'a> {
    cx: &'a Cx,
    company: &'a crate::access::settings::Company,
    as_of: NaiveDate,
    past: bool,
}

impl Fresh<'_> {
    /// Scores whole units, for a score compares with everybody, and counts whom the caller sees.
    fn counts(&self, visibility: &Visibility) -> AppResult<Counts> {
        let units: Vec<UnitId> = match unit_in_sight(self.cx) {
            Some(unit) => vec![unit],
            None => self.cx.read(|db| Ok(unit_names(db)?))?.into_iter().map(|(id, _)| id).collect(),
        };
        let seen: Option<HashSet<PartyId>> = match visibility {
            Visibility::Owned { .. } | Visibility::Beside { .. } => {
                Some(self.cx.read(|db| Ok(party_ids(db, visibility)?))?.into_iter().collect())
            }
            _ => None,
        };
        let mut rows = Vec::new();
        for unit in units {
            let UnitFacts { facts, basis, .. } = unit_facts(&self.cx.app, self.company, unit, self.as_of, self.past)?;
            let scored = scores(&facts, self.as_of, &self.company.settings.insight, &basis);
            let mut sums = std::collections::HashMap::<_, (i64, i64)>::new();
            for (fact, score) in facts.iter().zip(&scored) {
                if seen.as_ref().is_some_and(|seen| !seen.contains(&fact.id)) {
                    continue;
                }
                let value = score.value.map(|value| value.class);
                let sum = sums.entry((value, score.stage, score.abc, score.rfm)).or_default();
                *sum = (sum.0 + 1, sum.1 + fact.net);
            }
            rows.extend(sums.into_iter().map(|((value, stage, abc, rfm), (customers, net))| ClassCount {
                value_class: value.map(|class| class.key().into()),
                stage: Some(stage.key().into()),
                abc: abc.map(|class| abc_key(class).into()),
                rfm_r: rfm.map(|rfm| rfm.r.into()),
                rfm_f: rfm.map(|rfm| rfm.f.into()),
                rfm_m: rfm.map(|rfm| rfm.m.into()),
                customers,
                net,
            }));
        }
        Ok(Counts { rows, stored: false, currency: self.company.currency.clone() })
    }
}
