//! What people write of a key account, and what is wrong with it.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::{UnitId, UserId};
use regulars_domain::key_account::Level;
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::touchpoint::GROUPS;
use crate::platform::dictionary::entry_meant;
use crate::{AppResult, Cx};

/// The dictionary of the parts people play in a team.
pub const ROLES: &str = "account_role";
pub const GOAL_STATUSES: &[&str] = &["open", "reached", "missed"];
const PLAN: usize = 10_000;
const TITLE: usize = 200;
const NOTE: usize = 1_000;
const MOST_MEMBERS: usize = 30;
const MOST_GOALS: usize = 50;
const MOST_TOUCHPOINTS: usize = 100;
/// Longest rhythm of a touchpoint: ten years.
const LONGEST: i64 = 3_650;

/// A member of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyAccountMemberInput {
    pub user_id: Uuid,
    /// An entry of the dictionary `account_role`, by its key or by its name in either language.
    #[schema(example = "service")]
    pub role: String,
}

/// Something to be reached with the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyAccountGoal {
    #[schema(example = "Serve their second site")]
    pub title: String,
    /// What counts as reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "First order from Suzhou")]
    pub target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-12-31")]
    pub due_on: Option<NaiveDate>,
    #[serde(default = "open")]
    #[schema(value_type = crate::shape::GoalStatus)]
    pub status: String,
}

fn open() -> String {
    GOAL_STATUSES[0].into()
}

/// What is planned for a touchpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TouchpointPlan {
    #[schema(value_type = crate::shape::TouchpointGroup)]
    pub group: String,
    /// Of `contact` the kind of interaction; of `order` a key of the dictionary `channel`; of `delivery` the word
    /// `delivery`; of `place` a key of the dictionary `touchpoint`.
    #[schema(example = "fair")]
    pub key: String,
    /// The customer is to be met there every so many days; 1 to 3,650.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 90)]
    pub every_days: Option<i64>,
    /// Of `place`: when the customer was last met there. The other groups know it from what is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-03-12")]
    pub met_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Their head of purchasing comes to our stand")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyAccountInput {
    /// How close the relationship is to be, as somebody decided; as advised when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::RelationshipLevel>)]
    pub level: Option<String>,
    /// Beside the manager, who is the customer's owner. To be in a team does not widen anybody's sight: share the customer.
    #[serde(default)]
    pub team: Vec<KeyAccountMemberInput>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Grow from office coffee to the canteens of both sites")]
    pub plan: Option<String>,
    #[serde(default)]
    pub goals: Vec<KeyAccountGoal>,
    /// What is planned; touchpoints that are not named are shown all the same, as they are met or not.
    #[serde(default)]
    pub touchpoints: Vec<TouchpointPlan>,
    /// When the plan is to be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-09-30")]
    pub review_on: Option<NaiveDate>,
}

fn tidy(text: &mut Option<String>) {
    *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
}

/// Tidies what is said and notes everything wrong with it; what stood before may stay.
pub fn sound(
    cx: &Cx,
    db: &mut Db,
    unit: UnitId,
    input: &mut KeyAccountInput,
    before: Option<&KeyAccountInput>,
) -> AppResult<()> {
    let mut checks = Checks::default();
    tidy(&mut input.plan);
    checks.optional_text("/plan", input.plan.as_deref(), PLAN);
    if let Some(level) = &input.level {
        checks.one_of("/level", level, &Level::KEYS);
    }
    for (pointer, many, most) in [
        ("/team", input.team.len(), MOST_MEMBERS),
        ("/goals", input.goals.len(), MOST_GOALS),
        ("/touchpoints", input.touchpoints.len(), MOST_TOUCHPOINTS),
    ] {
        if many > most {
            checks.fail_with(pointer, "too_many", most);
        }
    }
    // Each of them costs a question to the database.
    checks.done()?;
    let mut checks = Checks::default();
    team_check(db, unit, &mut input.team, before, &mut checks)?;
    goals_check(&mut input.goals, &mut checks);
    touchpoints_check(cx, db, &mut input.touchpoints, before, &mut checks)?;
    Ok(checks.done()?)
}

fn team_check(
    db: &mut Db,
    unit: UnitId,
    team: &mut [KeyAccountMemberInput],
    before: Option<&KeyAccountInput>,
    checks: &mut Checks,
) -> AppResult<()> {
    let stood = before.map(|before| before.team.as_slice()).unwrap_or_default();
    let mut seen = HashSet::new();
    for (place, member) in team.iter_mut().enumerate() {
        let known = stood.iter().find(|one| one.user_id == member.user_id);
        let mut there = || -> AppResult<bool> {
            Ok(user_get(db, UserId(member.user_id))?.is_some_and(|user| user.active && user.unit_id == unit))
        };
        if !seen.insert(member.user_id) {
            checks.fail(format!("/team/{place}/user_id"), "duplicate");
        } else if known.is_none() && !there()? {
            checks.fail(format!("/team/{place}/user_id"), "unknown_reference");
        }
        match entry_meant(db, ROLES, &member.role, known.map(|one| one.role.as_str()))? {
            Some(key) => member.role = key,
            None => checks.fail(format!("/team/{place}/role"), "unknown_reference"),
        }
    }
    Ok(())
}

fn goals_check(goals: &mut [KeyAccountGoal], checks: &mut Checks) {
    for (place, goal) in goals.iter_mut().enumerate() {
        goal.title = goal.title.trim().into();
        tidy(&mut goal.target);
        checks.text(&format!("/goals/{place}/title"), &goal.title, TITLE);
        checks.optional_text(&format!("/goals/{place}/target"), goal.target.as_deref(), NOTE);
        checks.one_of(&format!("/goals/{place}/status"), &goal.status, GOAL_STATUSES);
    }
}

fn touchpoints_check(
    cx: &Cx,
    db: &mut Db,
    plans: &mut [TouchpointPlan],
    before: Option<&KeyAccountInput>,
    checks: &mut Checks,
) -> AppResult<()> {
    let stood = before.map(|before| before.touchpoints.as_slice()).unwrap_or_default();
    let today = cx.today()?;
    let mut seen = HashSet::new();
    for (place, plan) in plans.iter_mut().enumerate() {
        let at = |part: &str| format!("/touchpoints/{place}/{part}");
        tidy(&mut plan.note);
        checks.optional_text(&at("note"), plan.note.as_deref(), NOTE);
        let Some(group) = GROUPS.iter().find(|group| group.key == plan.group) else {
            checks.one_of(&at("group"), &plan.group, &GROUPS.map(|group| group.key));
            continue;
        };
        let known = stood.iter().any(|one| (&one.group, &one.key) == (&plan.group, &plan.key));
        match group.meant(db, &plan.key, known)? {
            Some(key) => plan.key = key,
            None => checks.fail(at("key"), "unknown_reference"),
        }
        if !seen.insert((plan.group.clone(), plan.key.clone())) {
            checks.fail(at("key"), "duplicate");
        }
        if plan.every_days.is_some_and(|days| !(1..=LONGEST).contains(&days)) {
            checks.fail_with(at("every_days"), "out_of_range", format!("1–{LONGEST}"));
        }
        match plan.met_on {
            Some(_) if !group.by_hand => checks.fail(at("met_on"), "must_be_empty"),
            Some(on) if on > today => checks.fail(at("met_on"), "in_future"),
            _ => {}
        }
    }
    Ok(())
}
