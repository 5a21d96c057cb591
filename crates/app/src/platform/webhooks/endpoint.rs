//! Endpoints: a person's own, each with a secret that is shown once. A new secret works beside the old one for a while,
//! so that the receiver has time to change over.

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::WebhookId;
use regulars_domain::webhook::network::address_allowed;
use regulars_domain::webhook::signature::secret_text;
use regulars_domain::webhook::{MESSAGE_TYPES, PING};
use regulars_persistence::Db;
use regulars_persistence::platform::delivery::{DeliveryRow, deliveries_give_up, deliveries_insert};
use regulars_persistence::platform::webhook::{
    WebhookRow, webhook_delete as row_delete, webhook_get as row_get, webhook_insert, webhook_list as rows,
    webhook_update as row_replace,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ureq::http::Uri;
use utoipa::ToSchema;
use uuid::Uuid;

use super::follow::message_new;
use super::log::{DeliveryView, delivery_view};
use super::{Outbound, deliver_enqueue, wanted};
use crate::access::token::random_bytes;
use crate::access::vault::Holder;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

pub(super) const PERMISSION: &str = "platform:webhook:write";
/// Endpoints of one person.
const MOST: usize = 20;
/// How long an old secret may go on.
const OVERLAP_HOURS: std::ops::RangeInclusive<u32> = 0..=168;

/// An endpoint. It is told what its owner may see, and nothing else.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    #[schema(example = "Warehouse")]
    pub name: String,
    /// https, at an address of the public internet.
    #[schema(example = "https://example.com/hooks/regulars")]
    pub url: String,
    /// Kinds of message, see `GET /webhook-messages`.
    #[schema(example = json!(["customer.created", "customer.updated"]))]
    pub messages: Vec<String>,
    #[serde(default = "crate::platform::yes")]
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    pub id: Uuid,
    #[serde(flatten)]
    pub input: WebhookInput,
    /// Why the program switched it off, when nobody did by hand.
    #[schema(value_type = Option<crate::shape::WebhookStop>)]
    pub stopped_for: Option<String>,
    /// Since when nothing has arrived.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the secret before this one signs as well.
    pub previous_secret_until: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Once, in the answers to its creation and to a new secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: Option<String>,
}

crate::versioned!(WebhookView);

/// A kind of message that can be asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MessageTypeView {
    #[schema(example = "customer.updated")]
    pub key: String,
    #[schema(example = "Customer changed")]
    pub label: String,
}

/// A new secret.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretInput {
    /// How long the old one signs as well, in hours; 0 ends it at once.
    #[serde(default = "a_day")]
    #[schema(example = 24, minimum = 0, maximum = 168)]
    pub overlap_hours: u32,
}

fn a_day() -> u32 {
    24
}

fn writable(row: &WebhookRow) -> WebhookInput {
    WebhookInput { name: row.name.clone(), url: row.url.clone(), messages: wanted(row), active: row.active }
}

fn view(cx: &Cx, row: WebhookRow) -> WebhookView {
    WebhookView {
        id: row.id.0,
        input: writable(&row),
        stopped_for: row.stopped_for,
        failing_since: row.failing_since,
        previous_secret_until: row.previous_until.filter(|until| *until > cx.now),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        secret: None,
    }
}

/// Everything that can be asked for, in the caller's language.
pub fn message_list(cx: &Cx) -> AppResult<Page<MessageTypeView>> {
    cx.require(PERMISSION)?;
    let english = cx.request.locale == "en";
    let view = |kind: &regulars_domain::webhook::MessageType| MessageTypeView {
        key: kind.key.into(),
        label: if english { kind.label_en } else { kind.label_zh }.into(),
    };
    Ok(Page::whole(MESSAGE_TYPES.iter().map(view).collect()))
}

/// The caller's own endpoints, the newest first.
pub fn webhook_list(cx: &Cx) -> AppResult<Page<WebhookView>> {
    cx.require(PERMISSION)?;
    let rows = cx.read(|db| Ok(rows(db, cx.actor.user_id)?))?;
    Ok(Page::whole(rows.into_iter().map(|row| view(cx, row)).collect()))
}

/// An endpoint of the caller's.
pub(super) fn webhook_own(cx: &Cx, db: &mut Db, id: WebhookId) -> AppResult<WebhookRow> {
    row_get(db, id)?.filter(|row| row.owner_id == cx.actor.user_id).ok_or(AppError::NotFound)
}

pub fn webhook_get(cx: &Cx, id: WebhookId) -> AppResult<WebhookView> {
    cx.require(PERMISSION)?;
    Ok(view(cx, cx.read(|db| webhook_own(cx, db, id))?))
}

fn check(cx: &Cx, input: &WebhookInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    checks.optional_text("/url", Some(&input.url), 2000);
    if let Some(fault) = url_fault(&input.url, &cx.app.config().webhooks) {
        checks.fail("/url", fault);
    }
    if input.messages.is_empty() {
        checks.fail("/messages", "required");
    }
    for (index, message) in input.messages.iter().enumerate() {
        if !MESSAGE_TYPES.iter().any(|kind| kind.key == message) {
            checks.fail(format!("/messages/{index}"), "unknown_reference");
        } else if input.messages[..index].contains(message) {
            checks.fail(format!("/messages/{index}"), "duplicate");
        }
    }
    Ok(checks.done()?)
}

/// What can be told of an address without asking for it; where its name points is looked at with every connection.
fn url_fault(url: &str, outbound: &Outbound) -> Option<&'static str> {
    let Ok(uri) = url.parse::<Uri>() else { return Some("url_invalid") };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = uri.host().unwrap_or("").trim_start_matches('[').trim_end_matches(']');
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if outbound.http => {}
        Some("http") => return Some("https_only"),
        _ => return Some("url_invalid"),
    }
    if host.is_empty() || authority.contains('@') {
        return Some("url_invalid");
    }
    let refused = host.parse().is_ok_and(|address| !address_allowed(address, &outbound.networks));
    refused.then_some("address_refused")
}

/// Only a person makes endpoints, as with keys: what a key has made would outlive it.
pub fn webhook_create(cx: &Cx, input: WebhookInput) -> AppResult<WebhookView> {
    cx.require(PERMISSION)?;
    cx.require_session()?;
    check(cx, &input)?;
    let secret = random_bytes::<32>().to_vec();
    let within = cx.clone();
    cx.create_secret(
        move |tx| {
            let cx = &within;
            if rows(tx, cx.actor.user_id)?.len() >= MOST {
                return Err(AppError::Validation(vec![
                    regulars_domain::error::FieldError::new("", "too_many").with(MOST),
                ]));
            }
            let id = WebhookId::fresh();
            let row = WebhookRow {
                id,
                unit_id: cx.actor.unit_id,
                owner_id: cx.actor.user_id,
                name: input.name.trim().into(),
                url: input.url.clone(),
                messages: json!(input.messages),
                active: input.active,
                stopped_for: None,
                secret: cx.app.vault().seal(Holder::Webhook(id.0), &secret)?,
                previous_secret: None,
                previous_until: None,
                failing_since: None,
                version: 1,
                created_at: cx.now,
                updated_at: cx.now,
            };
            webhook_insert(tx, row.clone())?;
            event(cx, &row, "created").after(&input).record(tx)?;
            Ok(WebhookView { secret: Some(secret_text(&secret)), ..view(cx, row) })
        },
        |view| view.secret = None,
    )
}

fn event(cx: &Cx, row: &WebhookRow, action: &str) -> Event {
    Event::new(cx, "webhook", row.id, action).stands(row.unit_id, Some(row.owner_id))
}

/// Switched on, it begins anew: what it missed while it was off can be read by sync.
pub fn webhook_update(cx: &Cx, id: WebhookId, version: i64, patch: &Value) -> AppResult<WebhookView> {
    cx.require(PERMISSION)?;
    cx.require_session()?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let mut row = webhook_own(cx, tx, id)?;
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        let before = writable(&row);
        let input: WebhookInput = crate::patch::patched(&before, &patch)?;
        check(cx, &input)?;
        row.name = input.name.trim().into();
        row.url = input.url.clone();
        row.messages = json!(input.messages);
        if input.active && !row.active {
            (row.stopped_for, row.failing_since) = (None, None);
        }
        row.active = input.active;
        row.updated_at = cx.now;
        if !row_replace(tx, row.clone())? {
            return Err(AppError::Stale { current: version + 1 });
        }
        row.version += 1;
        if before.active && !input.active {
            deliveries_give_up(tx, &[AnyId(id.0)], cx.now)?;
        }
        event(cx, &row, "updated").difference(&before, &input).record(tx)?;
        Ok(view(cx, row))
    })
}

pub fn webhook_delete(cx: &Cx, id: WebhookId, version: i64) -> AppResult<()> {
    cx.require(PERMISSION)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = webhook_own(&within, tx, id)?;
        if row.version != version {
            return Err(AppError::Stale { current: row.version });
        }
        row_delete(tx, id)?;
        event(&within, &row, "deleted").before(&writable(&row)).record(tx)
    })
}

/// Gives a new secret; the old one signs beside it for as long as asked.
pub fn secret_renew(cx: &Cx, id: WebhookId, input: SecretInput) -> AppResult<WebhookView> {
    cx.require(PERMISSION)?;
    cx.require_session()?;
    let mut checks = Checks::default();
    if !OVERLAP_HOURS.contains(&input.overlap_hours) {
        checks.fail_with("/overlap_hours", "out_of_range", "0–168");
    }
    checks.done()?;
    let secret = random_bytes::<32>().to_vec();
    let within = cx.clone();
    cx.create_secret(
        move |tx| {
            let cx = &within;
            let mut row = webhook_own(cx, tx, id)?;
            let until = cx.now + TimeDelta::hours(input.overlap_hours.into());
            let overlaps = input.overlap_hours > 0;
            row.previous_secret = overlaps.then(|| row.secret.clone());
            row.previous_until = overlaps.then_some(until);
            row.secret = within.app.vault().seal(Holder::Webhook(row.id.0), &secret)?;
            row.updated_at = cx.now;
            if !row_replace(tx, row.clone())? {
                return Err(AppError::Stale { current: row.version + 1 });
            }
            row.version += 1;
            event(cx, &row, "secret_renewed").after(&input).record(tx)?;
            Ok(WebhookView { secret: Some(secret_text(&secret)), ..view(cx, row) })
        },
        |view| view.secret = None,
    )
}

/// Sends a message that says nothing, to see whether it arrives.
pub fn webhook_ping(cx: &Cx, id: WebhookId) -> AppResult<DeliveryView> {
    cx.require(PERMISSION)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let row = webhook_own(cx, tx, id)?;
        if !row.active {
            return Err(AppError::Conflict("webhook_off"));
        }
        // One try is an answer; the others would only come late.
        let ping = DeliveryRow { give_up_at: cx.now, ..message_new(&row, PING, cx.now) };
        deliveries_insert(tx, std::slice::from_ref(&ping))?;
        deliver_enqueue(tx, id, cx.now, cx.now)?;
        Ok(delivery_view(ping, None))
    })
}
