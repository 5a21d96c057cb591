//! Webhooks: programs elsewhere are told of changes, never more than the endpoint's owner may see at that moment. An
//! event is followed into messages that wait in a table; a job for each endpoint delivers them, again and again up to a
//! day, and everything that was tried can be read and asked for once more.

pub mod content;
pub mod deliver;
pub mod endpoint;
pub mod follow;
pub mod log;
pub mod send;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use regulars_domain::actor::Credential;
use regulars_domain::ids::{UserId, WebhookId};
use regulars_domain::webhook::network::Network;
use regulars_persistence::Db;
use regulars_persistence::platform::delivery::deliveries_give_up;
use regulars_persistence::platform::webhook::{WebhookRow, webhook_get, webhook_list, webhooks_stop};
use regulars_persistence::types::AnyId;
use serde_json::json;

use crate::access::actor::actor_load;
use crate::event::Event;
use crate::jobs::{NewJob, job_enqueue_at};
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// The kind of the job that delivers what waits for one endpoint.
pub const DELIVER: &str = "webhook.deliver";

/// Why the program switches an endpoint off.
pub const STOPPED_FOR: [&str; 6] =
    [FAILING, GONE, HANDED_OVER, OWNER_LEFT, OWNER_FROZEN, crate::access::vault::SECRET_LOST];
pub const OWNER_FROZEN: &str = "owner_frozen";
pub const FAILING: &str = "failing";
pub const GONE: &str = "gone";
pub const HANDED_OVER: &str = "handed_over";
pub const OWNER_LEFT: &str = "owner_left";

/// Where messages may go, beside https to the public internet.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Plain http as well: for development.
    pub http: bool,
    /// Networks of one's own that may be reached although they are not public.
    pub networks: Vec<Network>,
}

/// The context of an endpoint's owner, with the rights they have now.
fn owner_cx(app: &App, owner: UserId, now: DateTime<Utc>) -> AppResult<Cx> {
    let actor = app.db().read(|db| actor_load(db, owner, Credential::Job, now))?;
    let request = RequestMeta { locale: actor.locale.clone(), ..RequestMeta::default() };
    Ok(Cx::new(app.clone(), Arc::new(actor), now, Arc::new(request)))
}

/// Queues the delivery of what waits for an endpoint.
fn deliver_enqueue(tx: &mut Db, webhook: WebhookId, now: DateTime<Utc>, run_at: DateTime<Utc>) -> AppResult<()> {
    let job = NewJob {
        kind: DELIVER,
        input: json!(deliver::Input { webhook_id: webhook }),
        total: None,
        dedupe_key: Some(format!("{DELIVER}:{webhook}")),
        lane: None,
    };
    job_enqueue_at(tx, job, now, run_at)
}

/// Switches endpoints off, gives up what waits for them, and tells why.
pub fn webhooks_stopped(tx: &mut Db, cx: &Cx, ids: &[AnyId], reason: &str) -> AppResult<()> {
    let stopped = webhooks_stop(tx, ids, reason, cx.now)?;
    if stopped.is_empty() {
        return Ok(());
    }
    deliveries_give_up(tx, &stopped, cx.now)?;
    for id in stopped {
        let row = webhook_get(tx, WebhookId(id.0))?.ok_or(AppError::NotFound)?;
        let event = Event::new(cx, "webhook", row.id, "stopped").stands(row.unit_id, Some(row.owner_id));
        let event = if matches!(reason, FAILING | GONE) { event.by_itself() } else { event };
        event.after(&json!({"stopped_for": reason})).record(tx)?;
    }
    Ok(())
}

/// With an account its endpoints end; an heir may take them over and switch them on.
pub fn webhooks_of_leaver(tx: &mut Db, cx: &Cx, owner: UserId) -> AppResult<()> {
    webhooks_of(tx, cx, owner, OWNER_LEFT)
}

/// With a frozen account its endpoints stand still; its owner, let in again, switches them on.
pub fn webhooks_of_frozen(tx: &mut Db, cx: &Cx, owner: UserId) -> AppResult<()> {
    webhooks_of(tx, cx, owner, OWNER_FROZEN)
}

fn webhooks_of(tx: &mut Db, cx: &Cx, owner: UserId, reason: &str) -> AppResult<()> {
    let ids: Vec<AnyId> = webhook_list(tx, owner)?.iter().map(|row| AnyId(row.id.0)).collect();
    if ids.is_empty() { Ok(()) } else { webhooks_stopped(tx, cx, &ids, reason) }
}

/// The keys an endpoint asked for.
fn wanted(row: &WebhookRow) -> Vec<String> {
    serde_json::from_value(row.messages.clone()).unwrap_or_default()
}
