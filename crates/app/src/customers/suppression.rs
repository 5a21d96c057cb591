//! The do-not-contact list of a unit: addresses that are not written to or rung, whoever they belong to and whatever was
//! consented to.

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::consent::AddressKind;
use regulars_domain::error::Checks;
use regulars_domain::ids::SuppressionId;
use regulars_domain::mask::{EMAIL, Masks, PHONE};
use regulars_domain::naming;
use regulars_persistence::Db;
use regulars_persistence::customers::consent::{
    SuppressionRecord, SuppressionRow, suppression_delete as row_delete, suppression_get, suppression_insert,
    suppression_list as row_list,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page};
use crate::{AppError, AppResult, Cx};

const WRITE: &str = "customers:customer:write";
/// Who sees and shortens the list: it holds addresses of customers of others.
const KEEP: &str = "customers:customer:assign";
pub const REASONS: &[&str] = &["asked", "bounced", "complained", "other"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuppressionInput {
    #[schema(value_type = crate::shape::SuppressedKind)]
    pub kind: String,
    /// Any way of writing a phone goes in; E.164 comes out.
    #[schema(example = "zhang.wei@example.com")]
    pub address: String,
    #[serde(default = "asked")]
    #[schema(value_type = crate::shape::SuppressionReason)]
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The wording, or where the proof lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Letter of 2 January, folder 7")]
    pub proof: Option<String>,
}

/// Why an address comes off the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftingInput {
    #[schema(example = "Asked in writing to be told of offers again")]
    pub reason: String,
}

fn asked() -> String {
    "asked".into()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SuppressionView {
    pub id: Uuid,
    #[schema(value_type = crate::shape::SuppressedKind)]
    pub kind: String,
    pub address: String,
    #[schema(value_type = crate::shape::SuppressionReason)]
    pub reason: String,
    pub note: Option<String>,
    pub proof: Option<String>,
    pub created_by: Ref,
    pub created_at: DateTime<Utc>,
    /// It is not changed: always 1.
    pub version: i64,
}

crate::versioned!(SuppressionView);

pub(super) fn to_view(record: SuppressionRecord, masks: &Masks) -> SuppressionView {
    let row = record.own;
    let key = if row.kind == AddressKind::Email.key() { EMAIL } else { PHONE };
    SuppressionView {
        id: row.id.0,
        address: masks.shown(key, &row.address),
        kind: row.kind,
        reason: row.reason,
        note: row.note,
        proof: row.proof,
        created_by: Ref::new(row.created_by, record.created_by_name),
        created_at: row.created_at,
        version: 1,
    }
}

/// The list, the latest first; `q` finds parts of addresses, for those who see them.
pub fn suppression_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<SuppressionView>> {
    cx.require(KEEP)?;
    let masks = &cx.actor.masks;
    if request.q.is_some() && (masks.hides(PHONE) || masks.hides(EMAIL)) {
        return Err(AppError::invalid("q", "field_masked"));
    }
    let before = request.cursor.as_deref().map(str::parse::<SuppressionId>).transpose();
    let before = before.map_err(|_| AppError::invalid("cursor", "cursor_invalid"))?;
    let reach: Visibility = cx.visible_own(Resource::Customer, Action::Read);
    let mut rows = cx.read(|db| Ok(row_list(db, &reach, request.q.as_deref(), before, request.limit as i64 + 1)?))?;
    let more = rows.len() > request.limit;
    rows.truncate(request.limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.own.id.to_string());
    let items = rows.into_iter().map(|row| to_view(row, masks)).collect();
    Ok(Page { items, next_cursor, total: None, total_capped: None })
}

/// Puts an address on the list of the caller's unit; one that is there already stays as it is.
pub fn suppression_create(cx: &Cx, mut input: SuppressionInput) -> AppResult<SuppressionView> {
    cx.require(WRITE)?;
    let mut checks = Checks::default();
    checks.one_of("/kind", &input.kind, &AddressKind::KEYS);
    checks.one_of("/reason", &input.reason, REASONS);
    super::input::trim(&mut input.note);
    super::input::trim(&mut input.proof);
    checks.optional_text("/note", input.note.as_deref(), 500);
    checks.optional_text("/proof", input.proof.as_deref(), 2_000);
    match AddressKind::parse(&input.kind) {
        Some(AddressKind::Email) => match naming::email_normalized(&input.address) {
            Ok(address) => input.address = address,
            Err(_) => checks.fail("/address", "email_invalid"),
        },
        Some(AddressKind::Phone) => match naming::phone_normalized(&input.address) {
            Ok(phone) => input.address = phone.e164,
            Err(error) => checks.fail_with("/address", error.code(), error.to_string()),
        },
        None => {}
    }
    checks.done()?;
    let row = SuppressionRow {
        id: SuppressionId::fresh(),
        unit_id: cx.actor.unit_id,
        kind: input.kind,
        address: input.address,
        reason: input.reason,
        note: input.note,
        proof: input.proof,
        created_by: cx.actor.user_id,
        created_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        let stands = suppression_insert(tx, row.clone())?;
        if stands.own.id == row.id {
            // The address itself stays out of the log: it is personal, and the list holds it.
            let told = serde_json::json!({"kind": row.kind, "reason": row.reason});
            Event::new(&within, "suppression", row.id, "created").stands(row.unit_id, None).after(&told).record(tx)?;
        }
        Ok(to_view(stands, &within.actor.masks))
    })
}

/// Takes an address off the list.
pub fn suppression_delete(cx: &Cx, id: SuppressionId) -> AppResult<()> {
    cx.require(KEEP)?;
    let within = cx.clone();
    cx.change(move |tx| taken_off(&within, tx, id, None).map(drop))
}

/// The same, with the reason on record.
pub fn suppression_lift(cx: &Cx, id: SuppressionId, input: LiftingInput) -> AppResult<SuppressionView> {
    cx.require(KEEP)?;
    let reason = input.reason.trim().to_owned();
    let mut checks = Checks::default();
    checks.text("/reason", &reason, 500);
    checks.done()?;
    let within = cx.clone();
    cx.create(move |tx| Ok(to_view(taken_off(&within, tx, id, Some(&reason))?, &within.actor.masks)))
}

fn taken_off(cx: &Cx, tx: &mut Db, id: SuppressionId, why: Option<&str>) -> AppResult<SuppressionRecord> {
    let reach = cx.visible_own(Resource::Customer, Action::Read);
    let record = suppression_get(tx, id, &reach)?.ok_or(AppError::NotFound)?;
    let row = &record.own;
    row_delete(tx, id)?;
    let told = serde_json::json!({"kind": row.kind, "reason": row.reason});
    let event = Event::new(cx, "suppression", id, "deleted").stands(row.unit_id, None).before(&told);
    match why {
        Some(why) => event.after(&serde_json::json!({"reason": why})).record(tx)?,
        None => event.record(tx)?,
    }
    Ok(record)
}
