//! Early warning: raised by the evaluation, worked on by people, ended as kept or lost with a reason, and counted.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_analytics::churn::loss_cost;
use regulars_analytics::holdout::Judge;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UnitId, WarningId};
use regulars_persistence::Db;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::insight::warning::{
    OutcomeRow, WarningChange, WarningRecord, WarningRow, WarningSought, ordinary_spend, warned_set, warning_get,
    warning_outcomes, warning_update as row_update, warnings_closed, warnings_list, warnings_raise, warnings_withdraw,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::counts_when;
use super::overview::sight;
use super::score::{Fact, Score};
use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::money::Money;
use crate::{App, AppError, AppResult, Cx};

/// States of a warning: standing, worked on; ended by a person; ended by the evaluation, because the risk fell.
pub const STATUSES: [&str; 5] = ["open", "acting", "kept", "lost", "withdrawn"];
/// What a person may make of it.
const BY_HAND: [&str; 4] = ["open", "acting", "kept", "lost"];
const WRITE: &str = "customers:customer:write";
/// Days after a person ended a warning in which none is raised anew.
const QUIET: Days = Days::new(90);
/// Warnings written at a time.
const STEP: usize = 500;
const MOST: i64 = 200;
const YEAR: Days = Days::new(365);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WarningView {
    pub id: Uuid,
    pub customer: Ref,
    #[schema(value_type = Option<crate::shape::ValueClass>)]
    pub value_class: Option<String>,
    pub owner: Option<Ref>,
    pub raised_on: NaiveDate,
    /// 0–1, when it was raised.
    pub risk: f64,
    /// What judged.
    #[schema(value_type = crate::shape::Judge)]
    pub judge: String,
    /// The strongest first.
    #[schema(value_type = Vec<crate::shape::RiskReason>)]
    pub reasons: Vec<String>,
    /// Expected of the customer in twelve months, when it was raised.
    pub stake: Money,
    /// Spent in the year before.
    pub yearly: Money,
    #[schema(value_type = crate::shape::WarningStatus)]
    pub status: String,
    /// What is done about it.
    pub measures: Option<String>,
    /// A key of the dictionary `churn_reason`, of a loss.
    pub outcome_reason: Option<String>,
    pub outcome_note: Option<String>,
    pub handled_by: Option<Ref>,
    pub closed_on: Option<NaiveDate>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(WarningView);

/// What a person makes of a warning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WarningInput {
    /// `open`, `acting`, `kept` or `lost`. One that was ended stays ended.
    #[schema(value_type = crate::shape::WarningStatus)]
    pub status: String,
    /// Needed from `acting` on.
    #[serde(default)]
    #[schema(example = "Called; new price list sent")]
    pub measures: Option<String>,
    /// A key of the dictionary `churn_reason`; needed for a loss.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub outcome_reason: Option<String>,
    #[serde(default)]
    #[schema(example = json!(null))]
    pub outcome_note: Option<String>,
}

/// Which warnings are listed.
#[derive(Debug, Clone, Default)]
pub struct WarningsRequest {
    /// Those that stand when absent.
    pub status: Option<String>,
    pub customer: Option<PartyId>,
}

/// How warnings of a period ended.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WarningReport {
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Standing, whenever raised.
    pub standing: OutcomeCount,
    /// Kept, by hand or because they bought again.
    pub kept: OutcomeCount,
    pub lost: OutcomeCount,
    /// Withdrawn because the risk fell.
    pub withdrawn: OutcomeCount,
    /// kept ÷ (kept + lost).
    pub kept_share: Option<f64>,
    /// Losses by reason, the most money first.
    pub reasons: Vec<ReasonCount>,
    /// What losing them costs.
    pub loss: LossCost,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OutcomeCount {
    pub count: i64,
    /// Expected of them in twelve months.
    pub stake: Money,
    /// Spent in the year before the warning.
    pub yearly: Money,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReasonCount {
    /// A key of the dictionary `churn_reason`.
    #[schema(example = "neglected")]
    pub reason: String,
    pub count: i64,
    pub yearly: Money,
    /// Ordinary customers who make it good.
    pub replacements: Option<u64>,
}

/// A loss in ordinary customers: yearly spending ÷ that of the mean ordinary customer, rounded up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LossCost {
    /// Customers of the class `ordinary` within sight.
    pub ordinary_customers: i64,
    /// What the mean of them spent in the last year.
    pub ordinary_yearly: Money,
    /// Customers needed to make good the losses of the period.
    pub replacements: Option<u64>,
    /// Customers needed were all those lost who are warned of.
    pub at_stake: Option<u64>,
}

/// A warning as it is shown.
pub(super) fn view(record: WarningRecord, currency: &str) -> WarningView {
    let own = record.own;
    let named = |id: Option<Uuid>, name: Option<String>| Some(Ref::new(id?, name.unwrap_or_default()));
    WarningView {
        id: own.id.0,
        customer: Ref::new(own.party_id, record.customer),
        value_class: record.value_class,
        owner: named(record.owner_id.map(Uuid::from), record.owner_name),
        raised_on: own.raised_on,
        risk: own.risk,
        judge: own.judge,
        reasons: serde_json::from_value(own.reasons).unwrap_or_default(),
        stake: Money::of(own.stake, currency),
        yearly: Money::of(own.yearly, currency),
        status: own.status,
        measures: own.measures,
        outcome_reason: own.outcome_reason,
        outcome_note: own.outcome_note,
        handled_by: named(own.handled_by.map(Uuid::from), record.handler_name),
        closed_on: own.closed_on,
        version: own.version,
        updated_at: own.updated_at,
    }
}

/// Warnings within sight: those that stand by what is at stake, then closed ones; at most 200.
pub fn warning_list(cx: &Cx, request: &WarningsRequest) -> AppResult<Page<WarningView>> {
    let visibility = sight(cx)?;
    if request.status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
        return Err(AppError::invalid("status", "not_allowed"));
    }
    let currency = cx.company()?.currency.clone();
    let sought = WarningSought { status: request.status.clone(), party: request.customer };
    let rows = cx.read(|db| Ok(warnings_list(db, &visibility, &sought, MOST)?))?;
    Ok(Page::whole(rows.into_iter().map(|row| view(row, &currency)).collect()))
}

pub fn warning_one(cx: &Cx, id: WarningId) -> AppResult<WarningView> {
    let visibility = sight(cx)?;
    let currency = cx.company()?.currency.clone();
    let record = cx.read(|db| Ok(warning_get(db, id, &visibility)?))?.ok_or(AppError::NotFound)?;
    Ok(view(record, &currency))
}

fn input_of(row: &WarningRow) -> WarningInput {
    WarningInput {
        status: row.status.clone(),
        measures: row.measures.clone(),
        outcome_reason: row.outcome_reason.clone(),
        outcome_note: row.outcome_note.clone(),
    }
}

fn check(db: &mut Db, input: &WarningInput, before: &WarningInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.one_of("/status", &input.status, &BY_HAND);
    for (pointer, text) in [("/measures", &input.measures), ("/outcome_note", &input.outcome_note)] {
        if let Some(text) = text {
            checks.text(pointer, text, 2000);
        }
    }
    if input.status == "acting" && input.measures.is_none() {
        checks.fail("/measures", "required");
    }
    if input.status == "lost" && input.outcome_reason.is_none() {
        checks.fail("/outcome_reason", "required");
    }
    if let Some(reason) = &input.outcome_reason {
        let known = before.outcome_reason.as_ref() == Some(reason);
        if !known && entries_active(db, &[("churn_reason", reason)])?.is_empty() {
            checks.fail("/outcome_reason", "unknown_reference");
        }
    }
    Ok(checks.done()?)
}

/// Records measures or the outcome, of customers the caller may change.
pub fn warning_change(cx: &Cx, id: WarningId, version: i64, patch: &Value) -> AppResult<WarningView> {
    cx.require("insight:metric:read")?;
    cx.require(WRITE)?;
    let (visibility, today) = (cx.visible(Resource::Customer, Action::Write), cx.today()?);
    let currency = cx.company()?.currency.clone();
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let record = warning_get(tx, id, &visibility)?.ok_or(AppError::NotFound)?;
        if record.own.version != version {
            return Err(AppError::Stale { current: record.own.version });
        }
        if record.own.closed_on.is_some() {
            return Err(AppError::Conflict("wrong_state"));
        }
        let before = input_of(&record.own);
        let input: WarningInput = crate::patch::patched(&before, &patch)?;
        check(tx, &input, &before)?;
        let closed = matches!(input.status.as_str(), "kept" | "lost");
        let change = WarningChange {
            status: input.status.clone(),
            measures: input.measures.clone(),
            outcome_reason: input.outcome_reason.clone(),
            outcome_note: input.outcome_note.clone(),
            handled_by: cx.actor.user_id,
            closed_on: closed.then_some(today),
        };
        if !row_update(tx, (id, version), change, cx.now)? {
            return Err(AppError::Stale { current: version + 1 });
        }
        if closed {
            warned_set(tx, record.own.party_id, None)?;
        }
        Event::new(cx, "warning", id, if closed { "closed" } else { "updated" })
            .party(record.own.party_id)
            .stands(record.unit_id, record.owner_id)
            .difference(&before, &input)
            .record(tx)?;
        let record = warning_get(tx, id, &visibility)?.ok_or(AppError::NotFound)?;
        Ok(view(record, &currency))
    })
}

/// How warnings of a period ended, by reason, and what losses cost.
pub fn warning_report(cx: &Cx, from: Option<NaiveDate>, until: Option<NaiveDate>) -> AppResult<WarningReport> {
    let visibility = sight(cx)?;
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let until = until.unwrap_or(today);
    let from = from.unwrap_or_else(|| until.checked_sub_days(YEAR).unwrap_or(until));
    let since = today.checked_sub_days(YEAR).unwrap_or(today);
    let (rows, (customers, net)) = cx.read(|db| {
        let rows = warning_outcomes(db, &visibility, (from, until))?;
        Ok((rows, ordinary_spend(db, &visibility, since, counts_when(&company))?))
    })?;
    let ordinary = if customers > 0 { net / customers } else { 0 };
    let money = |minor: i64| Money::of(minor, &company.currency);
    let sum = |statuses: &[&str]| {
        let rows = rows.iter().filter(|row| statuses.contains(&row.status.as_str()));
        rows.fold((0, 0, 0), |sum, row| (sum.0 + row.warnings, sum.1 + row.stake, sum.2 + row.yearly))
    };
    let shown =
        |(count, stake, yearly): (i64, i64, i64)| OutcomeCount { count, stake: money(stake), yearly: money(yearly) };
    let (standing, kept, lost) = (sum(&["open", "acting"]), sum(&["kept"]), sum(&["lost"]));
    let mut losses: Vec<&OutcomeRow> = rows.iter().filter(|row| row.status == "lost").collect();
    losses.sort_by_key(|row| std::cmp::Reverse(row.yearly));
    let reason = |row: &&OutcomeRow| ReasonCount {
        reason: row.outcome_reason.clone().unwrap_or_default(),
        count: row.warnings,
        yearly: money(row.yearly),
        replacements: loss_cost(row.yearly, ordinary),
    };
    Ok(WarningReport {
        from,
        until,
        standing: shown(standing),
        kept: shown(kept),
        lost: shown(lost),
        withdrawn: shown(sum(&["withdrawn"])),
        kept_share: (kept.0 + lost.0 > 0).then(|| kept.0 as f64 / (kept.0 + lost.0) as f64),
        reasons: losses.iter().map(reason).collect(),
        loss: LossCost {
            ordinary_customers: customers,
            ordinary_yearly: money(ordinary),
            replacements: loss_cost(lost.2, ordinary),
            at_stake: loss_cost(standing.2, ordinary),
        },
    })
}

/// Raises and withdraws warnings after an evaluation of a unit as of today.
pub fn warnings_follow(
    app: &App,
    unit: UnitId,
    (as_of, now): (NaiveDate, DateTime<Utc>),
    (facts, scores, judge): (&[Fact], &[Score], Judge),
) -> AppResult<()> {
    let quiet_since = as_of.checked_sub_days(QUIET).unwrap_or(as_of);
    let closed: HashMap<PartyId, (String, NaiveDate)> = app
        .db()
        .read(|db| Ok::<_, AppError>(warnings_closed(db, unit)?))?
        .into_iter()
        .map(|row| (row.party_id, (row.status, row.closed_on)))
        .collect();
    // Who was lost is warned of again only once they came back.
    let quiet = |fact: &Fact| {
        closed.get(&fact.id).is_some_and(|(status, on)| {
            *on > quiet_since || (status == "lost" && fact.last_order_on.is_none_or(|last| last <= *on))
        })
    };
    let (mut raised, mut came_back, mut safe) = (Vec::new(), Vec::new(), Vec::new());
    for (fact, score) in facts.iter().zip(scores) {
        let outlook = score.outlook.as_ref();
        match (fact.standing.warned_on, outlook.filter(|outlook| outlook.warned)) {
            (None, Some(outlook)) if !quiet(fact) => raised.push(WarningRow {
                id: WarningId::fresh(),
                party_id: fact.id,
                raised_on: as_of,
                risk: outlook.risk.unwrap_or(1.0),
                judge: judge.key().into(),
                reasons: json!(outlook.reasons),
                stake: outlook.potential.value,
                yearly: outlook.yearly,
                status: "open".into(),
                measures: None,
                outcome_reason: None,
                outcome_note: None,
                handled_by: None,
                closed_on: None,
                version: 1,
                created_at: now,
                updated_at: now,
            }),
            (Some(on), None) if fact.last_order_on.is_some_and(|last| last >= on) => came_back.push(fact.id),
            (Some(_), None) => safe.push(fact.id),
            _ => {}
        }
    }
    for some in raised.chunks(STEP) {
        let some = some.to_vec();
        app.db().write(move |tx| Ok::<_, AppError>(warnings_raise(tx, some.clone())?))?;
    }
    for (status, parties) in [("kept", came_back), ("withdrawn", safe)] {
        for some in parties.chunks(STEP) {
            let some = some.to_vec();
            app.db().write(move |tx| Ok::<_, AppError>(warnings_withdraw(tx, &some, status, (as_of, now))?))?;
        }
    }
    Ok(())
}
