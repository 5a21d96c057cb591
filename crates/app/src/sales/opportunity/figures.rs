//! What a pipeline is worth: the totals of a list, and the figures of every stage on any day, from its history.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PipelineId, StageId, UserId};
use regulars_domain::pipeline::{StageStatus, median, weighted};
use regulars_domain::sales::day_start;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::sales::opportunity_list::{opportunity_base, opportunity_catalogue, opportunity_totals};
use regulars_persistence::sales::pipeline::{StageRow, stages_get, stages_of};
use regulars_persistence::sales::stage_change::{
    Looked, MonthExpected, StageEnd, StageLeft, StageStand, months_expected, stages_ended, stages_left, stages_stood,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::READ;
use super::fill::RESOURCE;
use crate::access::Ref;
use crate::list::{ListRequest, Page, condition_check};
use crate::money::Money;
use crate::sales::pipeline::pipeline_found;
use crate::{AppResult, Cx};

/// The totals of a stage under a list's filter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageTotalView {
    pub stage_id: Uuid,
    #[schema(example = 12)]
    pub count: i64,
    /// In the company's currency.
    pub amount: Money,
    /// `amount` × the stage's probability.
    pub weighted: Money,
}

/// What of a list stands in every stage.
pub fn opportunity_totals_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<StageTotalView>> {
    cx.require(READ)?;
    let company = cx.company()?;
    let base = opportunity_base(
        &cx.visible(Resource::Opportunity, Action::Read),
        &cx.visible(Resource::Customer, Action::Read),
        request.q.as_deref(),
    );
    cx.read(|db| {
        let catalogue = opportunity_catalogue(&custom_definitions(db, RESOURCE)?);
        let test = request.filter.as_ref().map(|filter| condition_check(cx, &catalogue, filter)).transpose()?;
        let rows = opportunity_totals(db, &base, &catalogue, test.as_ref())?;
        let ids: Vec<StageId> = rows.iter().map(|row| row.stage_id).collect();
        let chances: HashMap<StageId, i64> =
            stages_get(db, &ids)?.into_iter().map(|stage| (stage.id, stage.probability)).collect();
        let view = |row: regulars_persistence::sales::opportunity_list::StageTotal| StageTotalView {
            stage_id: row.stage_id.0,
            count: row.n,
            amount: Money::of(row.amount, &company.currency),
            weighted: Money::of(
                weighted(row.amount, chances.get(&row.stage_id).copied().unwrap_or(0)),
                &company.currency,
            ),
        };
        Ok(Page::whole(rows.into_iter().map(view).collect()))
    })
}

/// What figures are asked for.
#[derive(Debug, Clone, Default)]
pub struct FiguresRequest {
    /// The end of this business day; now when absent.
    pub as_of: Option<NaiveDate>,
    /// The first day of the time that moves, wins and losses are counted in: a year before `as_of` when absent.
    pub since: Option<NaiveDate>,
    pub owner: Option<UserId>,
}

/// How long those in a stage have been in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageAges {
    /// Less than seven days.
    #[schema(example = 4)]
    pub week: i64,
    /// Seven to thirty days.
    #[schema(example = 3)]
    pub month: i64,
    /// Thirty to ninety days.
    #[schema(example = 2)]
    pub quarter: i64,
    #[schema(example = 1)]
    pub longer: i64,
}

/// A stage on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageFigures {
    pub stage: Ref,
    #[schema(value_type = crate::shape::StageStatusKey)]
    pub status: String,
    /// In percent, now.
    #[schema(example = 50)]
    pub probability: i64,
    #[schema(example = 10)]
    pub count: i64,
    pub amount: Money,
    /// Each amount × the probability that the stage had when it came there.
    pub weighted: Money,
    pub ages: StageAges,
    /// How many days the one that has been there longest had been there.
    #[schema(example = 120)]
    pub oldest_days: Option<i64>,
    /// Half of those that left it in the time had left it after so many days.
    #[schema(example = 6.5)]
    pub median_days: Option<f64>,
    /// How many left it in the time.
    #[schema(example = 20)]
    pub left: i64,
    /// How many of them went on: to a later open stage, or won.
    #[schema(example = 12)]
    pub went_on: i64,
    /// `went_on` ÷ `left`.
    #[schema(example = 0.6)]
    pub conversion: Option<f64>,
}

/// What is open and expected to close in a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonthForecast {
    /// Absent for what has no day.
    #[schema(example = "2026-06")]
    pub month: Option<String>,
    #[schema(example = 5)]
    pub count: i64,
    pub amount: Money,
    pub weighted: Money,
}

/// Why things were won or lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PipelineOutcome {
    #[schema(value_type = crate::shape::StageStatusKey)]
    pub status: String,
    #[schema(example = "price")]
    pub reason: Option<String>,
    #[schema(example = 3)]
    pub count: i64,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PipelineFigures {
    pub pipeline: Ref,
    /// The business day whose end is told.
    pub as_of: NaiveDate,
    pub since: NaiveDate,
    /// In the pipeline's order.
    pub stages: Vec<StageFigures>,
    /// From today's opportunities, whatever `as_of` says.
    pub forecast: Vec<MonthForecast>,
    /// What ended between `since` and `as_of` and had not been taken up again by then.
    pub outcomes: Vec<PipelineOutcome>,
    /// Won ÷ (won + lost) in that time.
    #[schema(example = 0.4)]
    pub win_rate: Option<f64>,
}

/// A pipeline's figures as of a day.
pub fn pipeline_figures(cx: &Cx, id: PipelineId, request: &FiguresRequest) -> AppResult<PipelineFigures> {
    cx.require(READ)?;
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let as_of = request.as_of.unwrap_or(today).min(today);
    let since = request.since.unwrap_or(as_of - Days::new(365));
    let mut checks = Checks::default();
    if since > as_of {
        checks.fail("since", "date_order");
    }
    checks.done()?;
    let at = if as_of == today { cx.now } else { company.past_day(as_of).end - TimeDelta::microseconds(1) };
    let begin = day_start(company.time_zone, since);
    let reach = cx.visible(Resource::Opportunity, Action::Read);
    cx.read(|db| {
        let pipeline = pipeline_found(cx, db, id)?;
        let stages = stages_of(db, &[id])?;
        let ids: Vec<StageId> = stages.iter().map(|stage| stage.id).collect();
        let closed: Vec<StageId> = stages
            .iter()
            .filter(|stage| StageStatus::parse(&stage.status).is_some_and(StageStatus::is_closed))
            .map(|stage| stage.id)
            .collect();
        let looked = Looked { stages: &ids, reach: &reach, owner: request.owner };
        let ages = [7, 30, 90].map(|days| at - TimeDelta::days(days));
        let end = at + TimeDelta::microseconds(1);
        let told = Told { stages: &stages, currency: &company.currency, at };
        let stood = stages_stood(db, &looked, at, ages)?;
        let left = stages_left(db, &looked, (begin, end))?;
        let ended = stages_ended(db, &Looked { stages: &closed, ..looked.clone() }, (begin, end))?;
        let months = months_expected(db, id, &reach, request.owner)?;
        let outcomes = told.outcomes(ended);
        Ok(PipelineFigures {
            pipeline: Ref::new(id, pipeline.name),
            as_of,
            since,
            stages: told.stages(&stood, &left),
            forecast: months.into_iter().map(|month| told.month(month)).collect(),
            win_rate: win_rate(&outcomes),
            outcomes,
        })
    })
}

/// Won ÷ (won + lost).
fn win_rate(outcomes: &[PipelineOutcome]) -> Option<f64> {
    let many = |status: StageStatus| -> i64 {
        outcomes.iter().filter(|one| one.status == status.key()).map(|one| one.count).sum()
    };
    share(many(StageStatus::Won), many(StageStatus::Won) + many(StageStatus::Lost))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

struct Told<'a> {
    stages: &'a [StageRow],
    currency: &'a str,
    at: DateTime<Utc>,
}

impl Told<'_> {
    fn money(&self, minor: i64) -> Money {
        Money::of(minor, self.currency)
    }

    /// Whether who goes from one stage to another goes on.
    fn goes_on(&self, from: &StageRow, to: StageId) -> bool {
        let Some(to) = self.stages.iter().find(|stage| stage.id == to) else { return false };
        match StageStatus::parse(&to.status) {
            Some(StageStatus::Won) => true,
            Some(StageStatus::Open) => to.position > from.position,
            _ => false,
        }
    }

    /// Every stage that is in use or that something stood in.
    fn stages(&self, stood: &[StageStand], left: &[StageLeft]) -> Vec<StageFigures> {
        let told = self.stages.iter().filter_map(|stage| {
            let stand = stood.iter().find(|one| one.stage_id == stage.id);
            if stage.retired && stand.is_none() {
                return None;
            }
            Some(self.stage(stage, stand, left))
        });
        told.collect()
    }

    fn stage(&self, stage: &StageRow, stand: Option<&StageStand>, left: &[StageLeft]) -> StageFigures {
        let gone: Vec<&StageLeft> = left.iter().filter(|one| one.stage_id == stage.id).collect();
        let many: i64 = gone.iter().map(|one| one.n).sum();
        let went_on = gone.iter().filter(|one| self.goes_on(stage, one.next_stage_id)).map(|one| one.n).sum();
        let hours: Vec<(i64, i64)> = gone.iter().map(|one| (one.hours, one.n)).collect();
        let ages = stand.map_or_else(StageAges::default, |one| StageAges {
            week: one.within_week,
            month: one.within_month - one.within_week,
            quarter: one.within_quarter - one.within_month,
            longer: one.n - one.within_quarter,
        });
        StageFigures {
            stage: Ref::new(stage.id, stage.name.clone()),
            status: stage.status.clone(),
            probability: stage.probability,
            count: stand.map_or(0, |one| one.n),
            amount: self.money(stand.map_or(0, |one| one.amount)),
            weighted: self.money(stand.map_or(0, |one| one.weighted)),
            ages,
            oldest_days: stand.map(|one| (self.at - one.oldest).num_days()),
            median_days: median(&hours).map(|hours| (hours / 24.0 * 10.0).round() / 10.0),
            left: many,
            went_on,
            conversion: share(went_on, many),
        }
    }

    fn month(&self, month: MonthExpected) -> MonthForecast {
        MonthForecast {
            month: month.month,
            count: month.n,
            amount: self.money(month.amount),
            weighted: self.money(month.weighted),
        }
    }

    /// By what the stages mean, the most frequent first.
    fn outcomes(&self, ended: Vec<StageEnd>) -> Vec<PipelineOutcome> {
        let mut counted: BTreeMap<(String, Option<String>), (i64, i64)> = BTreeMap::new();
        for one in ended {
            let Some(stage) = self.stages.iter().find(|stage| stage.id == one.stage_id) else { continue };
            let sums = counted.entry((stage.status.clone(), one.reason)).or_default();
            sums.0 += one.n;
            sums.1 += one.amount;
        }
        let mut outcomes: Vec<PipelineOutcome> = counted
            .into_iter()
            .map(|((status, reason), (count, amount))| PipelineOutcome {
                status,
                reason,
                count,
                amount: self.money(amount),
            })
            .collect();
        outcomes.sort_by_key(|one| std::cmp::Reverse(one.count));
        outcomes
    }
}
