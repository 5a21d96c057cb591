//! The steps of a template: what is checked of them, and what they mean for the calendar.

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::{RoleId, UnitId, UserId};
use regulars_domain::journey::{CHANNELS, PROOFS, ROLES, Span, Timing, UNITS, Unit};
use regulars_persistence::Db;
use regulars_persistence::access::role::role_get;
use regulars_persistence::access::user::user_get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AppResult, Cx};

const MOST_STEPS: usize = 40;
const LONGEST: i32 = 3_660;

/// A span of the calendar. Months without the day have their last day instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpanInput {
    #[schema(example = 4)]
    pub count: i32,
    #[schema(value_type = crate::shape::JourneySpanUnit)]
    pub unit: String,
}

/// A touchpoint of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// By which others name it, and reports know it again; lower-case letters, digits and `_`.
    #[schema(example = "house_call")]
    pub key: String,
    #[schema(example = "上门拜访")]
    pub name_zh: String,
    #[schema(example = "House call")]
    pub name_en: String,
    /// From the day that started the journey, or from the end of `after`.
    pub offset: SpanInput,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub after: Option<String>,
    /// Not before this step is done or skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub wait_for: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub not_before: Option<NaiveDate>,
    /// Comes again after so long, until the journey is stopped or `times` is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub every: Option<SpanInput>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = json!(null))]
    pub times: Option<u32>,
    #[schema(value_type = crate::shape::JourneyChannel)]
    pub channel: String,
    #[schema(value_type = crate::shape::JourneyRole)]
    pub role: String,
    /// Of `person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub user_id: Option<Uuid>,
    /// Of `role`: the first of the customer's unit who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub role_id: Option<Uuid>,
    /// What it asks for when it is done.
    #[serde(default = "none")]
    #[schema(value_type = crate::shape::JourneyProof)]
    pub proof: String,
}

fn none() -> String {
    "none".into()
}

fn span(checks: &mut Checks, pointer: &str, span: &SpanInput, least: i32) {
    checks.one_of(&format!("{pointer}/unit"), &span.unit, &UNITS);
    if !(least..=LONGEST).contains(&span.count) {
        checks.fail_with(format!("{pointer}/count"), "out_of_range", format!("{least}–{LONGEST}"));
    }
}

/// Steps name steps before them, so that none waits for itself.
pub(super) fn check(cx: &Cx, db: &mut Db, checks: &mut Checks, unit: UnitId, steps: &mut [StepInput]) -> AppResult<()> {
    if !(1..=MOST_STEPS).contains(&steps.len()) {
        checks.fail_with("/steps", "out_of_range", format!("1–{MOST_STEPS}"));
    }
    let mut keys: Vec<String> = Vec::new();
    for (at, step) in steps.iter_mut().enumerate().take(MOST_STEPS) {
        let here = |name: &str| format!("/steps/{at}/{name}");
        let shaped = step.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        checks.text(&here("key"), &step.key, 40);
        if !shaped {
            checks.fail_with(here("key"), "wrong_shape", "a-z 0-9 _");
        }
        if keys.contains(&step.key) {
            checks.fail(here("key"), "duplicate");
        }
        for (name, pointer) in [(&mut step.name_zh, "name_zh"), (&mut step.name_en, "name_en")] {
            *name = name.trim().into();
            checks.text(&here(pointer), name, 100);
        }
        let least = if step.after.is_none() { -LONGEST } else { 0 };
        span(checks, &here("offset"), &step.offset, least);
        if let Some(every) = &step.every {
            span(checks, &here("every"), every, 1);
        }
        if step.times.is_some_and(|times| !(1..=1_000).contains(&times)) {
            checks.fail_with(here("times"), "out_of_range", "1–1000");
        }
        for (of, name) in [(&step.after, "after"), (&step.wait_for, "wait_for")] {
            if of.as_ref().is_some_and(|of| !keys.contains(of)) {
                checks.fail(here(name), "unknown_reference");
            }
        }
        checks.one_of(&here("channel"), &step.channel, &CHANNELS);
        checks.one_of(&here("role"), &step.role, &ROLES);
        checks.one_of(&here("proof"), &step.proof, &PROOFS);
        step.user_id = step.user_id.filter(|_| step.role == "person");
        step.role_id = step.role_id.filter(|_| step.role == "role");
        if step.role == "person" {
            let near = |of: UnitId| of == unit || cx.actor.is_head_office();
            let user = step.user_id.map(|id| user_get(db, UserId(id))).transpose()?.flatten();
            if !user.is_some_and(|user| user.active && near(user.unit_id)) {
                checks.fail(here("user_id"), "unknown_reference");
            }
        }
        if step.role == "role" && step.role_id.map(|id| role_get(db, RoleId(id))).transpose()?.flatten().is_none() {
            checks.fail(here("role_id"), "unknown_reference");
        }
        keys.push(step.key.clone());
    }
    Ok(())
}

fn read(span: &SpanInput) -> Span {
    Span { count: span.count, unit: Unit::parse(&span.unit).unwrap_or(Unit::Days) }
}

/// What steps mean for the calendar.
pub(crate) fn timings(steps: &[StepInput]) -> Vec<Timing> {
    let place = |of: &Option<String>| of.as_ref().and_then(|of| steps.iter().position(|step| step.key == *of));
    let timing = |step: &StepInput| Timing {
        offset: read(&step.offset),
        after: place(&step.after),
        wait_for: place(&step.wait_for),
        not_before: step.not_before,
        every: step.every.as_ref().map(read),
        times: step.times,
    };
    steps.iter().map(timing).collect()
}
