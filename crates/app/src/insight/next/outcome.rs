//! What people made of suggestions, and what came of it.

use chrono::{Days, NaiveDate};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{NextActionOutcomeId, PartyId};
use regulars_domain::next_action::{Outcome, REASONS, Rule, WATCHED};
use regulars_persistence::insight::next_action::{OutcomeCount, OutcomeRow, outcome_counts, outcome_insert};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::customers::input::trim;
use crate::customers::place::party_place;
use crate::event::Event;
use crate::insight::overview::sight;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "customers:customer:write";
const YEAR: Days = Days::new(365);

/// What was made of a suggestion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextActionOutcomeInput {
    pub customer_id: Uuid,
    #[schema(value_type = crate::shape::NextActionRule)]
    pub rule: String,
    /// As the suggestion named it.
    #[schema(example = "2026-05-20")]
    pub subject: String,
    #[schema(value_type = crate::shape::NextActionOutcomeKey)]
    pub outcome: String,
    /// Before which it is not suggested again; needed for `later`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub until: Option<NaiveDate>,
    /// Why it was not useful; needed for `dismissed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::NextActionReason>, example = json!(null))]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// At stake, as the suggestion said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub stake: Option<Money>,
}

/// That it was noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NextActionOutcomeView {
    pub id: Uuid,
    pub on: NaiveDate,
    /// Orders up to this day count as bought after it.
    pub watched_until: NaiveDate,
}

/// What became of the suggestions of a period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NextActionReport {
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Every rule, in the order in which they stand.
    pub rules: Vec<NextActionRuleReport>,
    /// Why suggestions were not useful, the most frequent first.
    pub reasons: Vec<NextActionReasonCount>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NextActionRuleReport {
    #[schema(value_type = crate::shape::NextActionRule)]
    pub rule: String,
    pub done: i64,
    pub later: i64,
    pub dismissed: i64,
    /// Of those done, how many customers bought within 30 days.
    pub bought: i64,
    /// bought ÷ done.
    pub bought_share: Option<f64>,
    /// What they bought for.
    pub net: Money,
    /// Was at stake in those done.
    pub stake: Money,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NextActionReasonCount {
    #[schema(value_type = crate::shape::NextActionReason)]
    pub reason: String,
    pub count: i64,
}

fn check(cx: &Cx, input: &mut NextActionOutcomeInput) -> AppResult<i64> {
    let mut checks = Checks::default();
    let today = cx.today()?;
    checks.one_of("/rule", &input.rule, &Rule::ALL.map(Rule::key));
    checks.one_of("/outcome", &input.outcome, &Outcome::KEYS);
    checks.text("/subject", &input.subject, 100);
    trim(&mut input.note);
    checks.optional_text("/note", input.note.as_deref(), 2_000);
    let (later, dismissed) = (input.outcome == "later", input.outcome == "dismissed");
    match input.until {
        None if later => checks.fail("/until", "required"),
        Some(_) if !later => checks.fail("/until", "not_allowed_here"),
        Some(on) if on <= today || on > today + YEAR => {
            checks.fail_with("/until", "out_of_range", format!("{} – {}", today + Days::new(1), today + YEAR));
        }
        _ => {}
    }
    match &input.reason {
        None if dismissed => checks.fail("/reason", "required"),
        Some(_) if !dismissed => checks.fail("/reason", "not_allowed_here"),
        Some(reason) => checks.one_of("/reason", reason, &REASONS),
        None => {}
    }
    let currency = &cx.company()?.currency;
    let stake = input.stake.as_ref().map_or(0, |stake| stake.read_positive(&mut checks, "/stake", currency));
    checks.done()?;
    Ok(stake)
}

/// Notes what was made of a suggestion about a customer the caller may change.
pub fn next_action_outcome(cx: &Cx, mut input: NextActionOutcomeInput) -> AppResult<NextActionOutcomeView> {
    cx.require("insight:metric:read")?;
    cx.require(WRITE)?;
    let party = PartyId(input.customer_id);
    let stake = check(cx, &mut input)?;
    let place = cx.read(|db| {
        party_place(cx, db, party, Action::Write).map_err(|error| match error {
            AppError::NotFound => AppError::invalid("/customer_id", "unknown_reference"),
            other => other,
        })
    })?;
    let today = cx.today()?;
    let row = OutcomeRow {
        id: NextActionOutcomeId::fresh(),
        party_id: party,
        rule: input.rule,
        subject: input.subject,
        outcome: input.outcome,
        until_on: input.until,
        reason: input.reason,
        note: input.note,
        stake,
        acted_by: cx.actor.user_id,
        acted_on: today,
        watched_until: today + WATCHED,
        created_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        outcome_insert(tx, row.clone())?;
        let told = json!({"rule": row.rule, "until": row.until_on, "reason": row.reason, "note": row.note});
        let action = match row.outcome.as_str() {
            "later" => "put_off",
            "dismissed" => "not_useful",
            _ => "done",
        };
        Event::new(&within, "next_action", row.id, action)
            .party(party)
            .stands(place.unit_id, place.owner_id)
            .after(&told)
            .record(tx)?;
        Ok(NextActionOutcomeView { id: row.id.0, on: row.acted_on, watched_until: row.watched_until })
    })
}

/// How often suggestions were acted on between two days, and what was bought after it; a year up to today when absent.
pub fn next_action_report(cx: &Cx, from: Option<NaiveDate>, until: Option<NaiveDate>) -> AppResult<NextActionReport> {
    let customers = sight(cx)?;
    let orders = cx.visible(Resource::Order, Action::Read);
    let company = cx.company()?;
    let until = until.unwrap_or_else(|| company.business_date(cx.now));
    let from = from.unwrap_or_else(|| until.checked_sub_days(YEAR).unwrap_or(until));
    let rows = cx.read(|db| Ok(outcome_counts(db, &customers, &orders, (from, until))?))?;
    let money = |minor: i64| Money::of(minor, &company.currency);
    let rule = |rule: Rule| {
        let of =
            |outcome: Outcome| rows.iter().filter(move |row| row.rule == rule.key() && row.outcome == outcome.key());
        let count = |outcome: Outcome| of(outcome).map(|row| row.outcomes).sum::<i64>();
        let done = count(Outcome::Done);
        let bought: i64 = of(Outcome::Done).map(|row| row.bought).sum();
        NextActionRuleReport {
            rule: rule.key().into(),
            done,
            later: count(Outcome::Later),
            dismissed: count(Outcome::Dismissed),
            bought,
            bought_share: (done > 0).then(|| bought as f64 / done as f64),
            net: money(of(Outcome::Done).map(|row| row.net).sum()),
            stake: money(of(Outcome::Done).map(|row| row.stake).sum()),
        }
    };
    Ok(NextActionReport { from, until, rules: Rule::ALL.map(rule).to_vec(), reasons: reasons(&rows) })
}

fn reasons(rows: &[OutcomeCount]) -> Vec<NextActionReasonCount> {
    let of = |reason: &'static str| NextActionReasonCount {
        reason: reason.into(),
        count: rows.iter().filter(|row| row.reason.as_deref() == Some(reason)).map(|row| row.outcomes).sum(),
    };
    let mut reasons: Vec<NextActionReasonCount> = REASONS.into_iter().map(of).filter(|one| one.count > 0).collect();
    reasons.sort_by_key(|one| std::cmp::Reverse(one.count));
    reasons
}
