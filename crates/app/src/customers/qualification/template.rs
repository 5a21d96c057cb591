//! Templates: criteria, steps, contracts and approvals of a unit, or of every unit.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{QualificationTemplateId, RoleId, UnitId, UserId};
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::access::role::role_get;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::qualification::{
    TemplateRow, template_delete as row_delete, template_get as row_get, template_insert, template_list as row_list,
    template_update as row_update,
};
use regulars_persistence::{ConstraintId, Db, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::event::Event;
use crate::list::Page;
use crate::platform::is_key;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
/// Templates of one's own unit.
const WRITE: &str = "platform:qualification:write";
/// Templates of every unit and of the company.
const SETTINGS: &str = "platform:settings:write";
const SETTINGS_READ: &str = "platform:settings:read";
/// Most criteria, steps, contracts or approvals.
const MOST: usize = 40;

/// Something that must, or should, be so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationCriterion {
    /// Made when absent; answers are kept under it.
    #[serde(default)]
    #[schema(example = "licence")]
    pub key: String,
    #[schema(example = "Business licence is valid")]
    pub label: String,
    /// Not proposed without it.
    #[serde(default)]
    pub required: bool,
}

/// Something to be done, in the order of the list: a desk survey, a site survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationStepAsked {
    #[serde(default)]
    #[schema(example = "desk")]
    pub key: String,
    #[schema(example = "Desk survey")]
    pub label: String,
    /// What to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Register, accounts, news")]
    pub guidance: Option<String>,
}

/// A paper to be attached before the code is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationContractAsked {
    #[serde(default)]
    #[schema(example = "trade")]
    pub key: String,
    #[schema(example = "Trade contract")]
    pub label: String,
    #[serde(default)]
    pub required: bool,
}

/// One approval, given by anyone who holds one of the roles or is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationApprovalAsked {
    #[schema(example = "Head of the unit")]
    pub label: String,
    #[serde(default)]
    #[schema(example = json!([]))]
    pub role_ids: Vec<Uuid>,
    #[serde(default)]
    #[schema(example = json!([]))]
    pub user_ids: Vec<Uuid>,
}

/// What a template asks. A qualification keeps it as it was when it began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualificationDefinition {
    pub criteria: Vec<QualificationCriterion>,
    pub steps: Vec<QualificationStepAsked>,
    pub contracts: Vec<QualificationContractAsked>,
    /// In their order, at least one.
    pub approvals: Vec<QualificationApprovalAsked>,
    /// Whoever proposes may approve too; otherwise it takes four eyes.
    pub own_approval: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualificationTemplateInput {
    #[schema(example = "Dealers")]
    pub name: String,
    /// The unit it is for; every unit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub unit_id: Option<Uuid>,
    /// New customers of the unit get no code, and are not customers, until one of its qualifications is done.
    #[serde(default)]
    pub required: bool,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    pub definition: QualificationDefinition,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationTemplateView {
    pub id: Uuid,
    pub name: String,
    pub unit: Option<Ref>,
    pub required: bool,
    pub active: bool,
    pub definition: QualificationDefinition,
    /// Whether the caller may change it.
    pub editable: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(QualificationTemplateView);

/// Reads what the table keeps of a template.
pub(super) fn definition_of(stored: &Value) -> AppResult<QualificationDefinition> {
    serde_json::from_value(stored.clone()).map_err(AppError::internal)
}

fn may_write(cx: &Cx, unit: Option<UnitId>) -> bool {
    let mine = match unit {
        Some(unit) => unit == cx.actor.unit_id || (cx.actor.may(SETTINGS) && cx.actor.sees_all_units()),
        None => cx.actor.may(SETTINGS),
    };
    cx.actor.may(WRITE) && mine
}

fn require_read(cx: &Cx) -> AppResult<()> {
    if cx.actor.may(SETTINGS_READ) { Ok(()) } else { cx.require(READ) }
}

/// The unit whose templates and people are in sight; `None` is every unit.
fn reach(cx: &Cx) -> Option<UnitId> {
    cx.actor.organisation_reach()
}

fn view(cx: &Cx, db: &mut Db, row: TemplateRow) -> AppResult<QualificationTemplateView> {
    let unit = match row.unit_id {
        Some(id) => unit_get(db, id)?.map(|unit| Ref::new(id, unit.name)),
        None => None,
    };
    Ok(QualificationTemplateView {
        id: row.id.0,
        name: row.name,
        unit,
        required: row.required,
        active: row.active,
        definition: definition_of(&row.definition)?,
        editable: may_write(cx, row.unit_id),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The templates of the company and of the units in sight.
pub fn template_list(cx: &Cx) -> AppResult<Page<QualificationTemplateView>> {
    require_read(cx)?;
    cx.read(|db| {
        let rows = row_list(db, reach(cx))?;
        let views = rows.into_iter().map(|row| view(cx, db, row)).collect::<AppResult<Vec<_>>>()?;
        Ok(Page::whole(views))
    })
}

fn found(cx: &Cx, db: &mut Db, id: QualificationTemplateId) -> AppResult<TemplateRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let within = reach(cx).is_none_or(|own| row.unit_id.is_none_or(|unit| unit == own));
    if within { Ok(row) } else { Err(AppError::NotFound) }
}

pub fn template_get(cx: &Cx, id: QualificationTemplateId) -> AppResult<QualificationTemplateView> {
    require_read(cx)?;
    cx.read(|db| {
        let row = found(cx, db, id)?;
        view(cx, db, row)
    })
}

fn to_change(cx: &Cx, db: &mut Db, id: QualificationTemplateId, version: i64) -> AppResult<TemplateRow> {
    let row = found(cx, db, id)?;
    if !may_write(cx, row.unit_id) {
        return Err(AppError::Forbidden(SETTINGS.into()));
    }
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

/// Gives every part a key of its own, and looks at all there is to look at.
fn check(cx: &Cx, db: &mut Db, input: &mut QualificationTemplateInput) -> AppResult<()> {
    let mut checks = Checks::default();
    input.name = input.name.trim().into();
    checks.text("/name", &input.name, 100);
    let definition = &mut input.definition;
    let mut keys = Keys { checks: &mut checks, used: BTreeSet::new() };
    for (at, one) in definition.criteria.iter_mut().enumerate() {
        keys.part(&format!("/definition/criteria/{at}"), ('c', at), &mut one.key, &mut one.label);
    }
    for (at, one) in definition.steps.iter_mut().enumerate() {
        keys.part(&format!("/definition/steps/{at}"), ('s', at), &mut one.key, &mut one.label);
    }
    for (at, one) in definition.contracts.iter_mut().enumerate() {
        keys.part(&format!("/definition/contracts/{at}"), ('d', at), &mut one.key, &mut one.label);
    }
    for (at, one) in definition.steps.iter_mut().enumerate() {
        one.guidance = one.guidance.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        checks.optional_text(&format!("/definition/steps/{at}/guidance"), one.guidance.as_deref(), 1_000);
    }
    for (list, many) in [
        ("criteria", definition.criteria.len()),
        ("steps", definition.steps.len()),
        ("contracts", definition.contracts.len()),
        ("approvals", definition.approvals.len()),
    ] {
        if many > MOST {
            checks.fail_with(format!("/definition/{list}"), "too_many", MOST);
        }
    }
    approvals_check(cx, db, &mut checks, &mut definition.approvals)?;
    Ok(checks.done()?)
}

struct Keys<'a> {
    checks: &'a mut Checks,
    used: BTreeSet<String>,
}

impl Keys<'_> {
    fn part(&mut self, pointer: &str, (letter, at): (char, usize), key: &mut String, label: &mut String) {
        *label = label.trim().into();
        self.checks.text(&format!("{pointer}/label"), label, 200);
        if key.is_empty() {
            *key = (at + 1..)
                .map(|number| format!("{letter}{number}"))
                .find(|key| !self.used.contains(key))
                .unwrap_or_default();
        }
        if !is_key(key) {
            self.checks.fail(format!("{pointer}/key"), "key_invalid");
        }
        if !self.used.insert(key.clone()) {
            self.checks.fail(format!("{pointer}/key"), "duplicate");
        }
    }
}

/// People are named inside the walls that the caller sees.
fn approvals_check(
    cx: &Cx,
    db: &mut Db,
    checks: &mut Checks,
    approvals: &mut [QualificationApprovalAsked],
) -> AppResult<()> {
    if approvals.is_empty() {
        checks.fail("/definition/approvals", "required");
    }
    for (at, one) in approvals.iter_mut().enumerate() {
        let pointer = format!("/definition/approvals/{at}");
        one.label = one.label.trim().into();
        checks.text(&format!("{pointer}/label"), &one.label, 200);
        if one.role_ids.is_empty() && one.user_ids.is_empty() {
            checks.fail(format!("{pointer}/role_ids"), "required");
        }
        for id in &one.role_ids {
            if role_get(db, RoleId(*id))?.is_none() {
                checks.fail(format!("{pointer}/role_ids"), "unknown_reference");
            }
        }
        for id in &one.user_ids {
            let within = |unit: UnitId| reach(cx).is_none_or(|own| own == unit);
            if !user_get(db, UserId(*id))?.is_some_and(|user| within(user.unit_id)) {
                checks.fail(format!("{pointer}/user_ids"), "unknown_reference");
            }
        }
    }
    Ok(())
}

fn event(cx: &Cx, row: &TemplateRow, action: &'static str) -> Event {
    let event = Event::new(cx, "qualification_template", row.id, action);
    match row.unit_id {
        Some(unit) => event.stands(unit, None),
        None => event,
    }
}

pub fn template_create(cx: &Cx, mut input: QualificationTemplateInput) -> AppResult<QualificationTemplateView> {
    cx.require(WRITE)?;
    let unit_id = input.unit_id.map(UnitId);
    if !may_write(cx, unit_id) {
        return Err(AppError::invalid("/unit_id", "unknown_reference"));
    }
    cx.read(|db| {
        if let Some(unit) = unit_id
            && unit_get(db, unit)?.is_none()
        {
            return Err(AppError::invalid("/unit_id", "unknown_reference"));
        }
        check(cx, db, &mut input)
    })?;
    let row = TemplateRow {
        id: QualificationTemplateId::fresh(),
        unit_id,
        name: input.name.clone(),
        definition: serde_json::to_value(&input.definition).map_err(AppError::internal)?,
        required: input.required,
        active: input.active,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        template_insert(tx, row.clone())?;
        event(&within, &row, "created").after(&input).record(tx)?;
        view(&within, tx, row.clone())
    })
}

fn writable(row: &TemplateRow) -> AppResult<QualificationTemplateInput> {
    Ok(QualificationTemplateInput {
        name: row.name.clone(),
        unit_id: row.unit_id.map(|unit| unit.0),
        required: row.required,
        active: row.active,
        definition: definition_of(&row.definition)?,
    })
}

pub fn template_update(
    cx: &Cx,
    id: QualificationTemplateId,
    version: i64,
    patch: &Value,
) -> AppResult<QualificationTemplateView> {
    cx.require(WRITE)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        let before = writable(&row)?;
        let mut input: QualificationTemplateInput = crate::patch::patched(&before, &patch)?;
        if input.unit_id != before.unit_id {
            return Err(AppError::invalid("/unit_id", "fixed"));
        }
        check(cx, tx, &mut input)?;
        let row = TemplateRow {
            name: input.name.clone(),
            definition: serde_json::to_value(&input.definition).map_err(AppError::internal)?,
            required: input.required,
            active: input.active,
            updated_at: cx.now,
            ..row
        };
        if !row_update(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        event(cx, &row, "updated").difference(&before, &input).record(tx)?;
        view(cx, tx, TemplateRow { version: version + 1, ..row })
    })
}

/// Only while no qualification was made from it; one that was used is switched off instead.
pub fn template_delete(cx: &Cx, id: QualificationTemplateId, version: i64) -> AppResult<()> {
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let row = to_change(cx, tx, id, version)?;
        row_delete(tx, id, version).map_err(|error| match error {
            StoreError::Conflict(ConstraintId::ForeignKey) => AppError::Conflict("in_use"),
            error => error.into(),
        })?;
        event(cx, &row, "deleted").before(&writable(&row)?).record(tx)
    })
}
