//! Delivering: what waits for one endpoint, one message after the other, each written down before the next.

use chrono::{SecondsFormat, TimeDelta};
use regulars_domain::ids::{DeliveryId, WebhookId};
use regulars_domain::webhook::signature::signatures;
use regulars_domain::webhook::{PING, SILENT_FOR, next_try};
use regulars_persistence::event::event_numbered;
use regulars_persistence::platform::delivery::{
    AttemptRow, DeliveryRow, attempt_insert, deliveries_give_up, delivery_due, delivery_next_at, delivery_set,
};
use regulars_persistence::platform::webhook::{WebhookRow, webhook_failing, webhook_get, webhooks_stop};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::content::content;
use super::send::{Message, Sent};
use super::{FAILING, GONE, OWNER_LEFT, deliver_enqueue, owner_cx, webhooks_stopped};
use crate::access::vault::Holder;
use crate::jobs::Task;
use crate::jobs::task::now;
use crate::{App, AppError, AppResult, Cx};

/// Messages of one run; more take their turn behind other endpoints.
const PORTION: usize = 50;
/// The endpoint's own word that it takes nothing any more.
const HTTP_GONE: u16 = 410;

/// What a job is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Input {
    pub webhook_id: WebhookId,
}

/// The id a receiver knows a message by; it stays the same however often it is sent.
pub fn message_id(id: DeliveryId) -> String {
    format!("msg_{}", id.0.simple())
}

/// Job: delivers what is due, and queues itself for what is due later.
pub fn deliver_handle(task: &Task) -> AppResult<Option<String>> {
    let Input { webhook_id } = task.input()?;
    for _ in 0..PORTION {
        if !deliver_next(&task.app, webhook_id)? {
            break;
        }
    }
    task.app.db().write(move |tx| match delivery_next_at(tx, webhook_id)? {
        Some(next_at) => deliver_enqueue(tx, webhook_id, now(), next_at),
        None => Ok(()),
    })?;
    Ok(None)
}

/// Tries the next message that is due; answers whether there was one.
fn deliver_next(app: &App, id: WebhookId) -> AppResult<bool> {
    let at = now();
    let due = app.db().read(|db| {
        let Some(webhook) = webhook_get(db, id)? else { return Ok::<_, AppError>(None) };
        Ok(delivery_due(db, id, at)?.map(|delivery| (webhook, delivery)))
    })?;
    let Some((webhook, mut delivery)) = due else { return Ok(false) };
    if !webhook.active {
        app.db().write(move |tx| Ok::<_, AppError>(deliveries_give_up(tx, &[AnyId(id.0)], at)?))?;
        return Ok(false);
    }
    let cx = match owner_cx(app, webhook.owner_id, at) {
        Ok(cx) => cx,
        Err(AppError::Unauthenticated(_)) => return owner_left(app, &webhook).map(|()| false),
        Err(error) => return Err(error),
    };
    let Some(body) = body(&cx, &webhook, &delivery)? else {
        delivery.status = "withheld".into();
        (delivery.next_at, delivery.finished_at) = (None, Some(at));
        cx.change(move |tx| Ok(delivery_set(tx, &delivery)?))?;
        return Ok(true);
    };
    let id = message_id(delivery.id);
    let secrets = secrets(app, &webhook, at)?;
    let secrets: Vec<&[u8]> = secrets.iter().map(Vec::as_slice).collect();
    let signature = signatures(&secrets, &id, at.timestamp(), &body);
    let sent =
        app.sender().send(&Message { url: &webhook.url, id: &id, timestamp: at.timestamp(), signature, body: &body });
    delivery.body = Some(body);
    settle(&cx, webhook, delivery, sent)?;
    Ok(true)
}

fn secrets(app: &App, webhook: &WebhookRow, at: chrono::DateTime<chrono::Utc>) -> AppResult<Vec<Vec<u8>>> {
    let previous =
        webhook.previous_secret.as_deref().filter(|_| webhook.previous_until.is_some_and(|until| at < until));
    let sealed = std::iter::once(webhook.secret.as_slice()).chain(previous);
    sealed.map(|secret| app.vault().unseal(Holder::Webhook(webhook.id.0), secret)).collect()
}

/// What the message says now; `None` when it may be told no more.
fn body(cx: &Cx, webhook: &WebhookRow, delivery: &DeliveryRow) -> AppResult<Option<String>> {
    let (at, data) = match delivery.event_seq {
        None => (delivery.created_at, json!({"webhook": {"id": webhook.id, "name": webhook.name}})),
        Some(seq) => {
            let event = cx.read(|db| Ok(event_numbered(db, seq)?))?;
            let Some(event) = event else { return Ok(None) };
            let told = content(cx, &event)?.filter(|(message, _)| *message == delivery.message);
            let Some((_, data)) = told else { return Ok(None) };
            (event.at, data)
        }
    };
    debug_assert!(delivery.event_seq.is_some() || delivery.message == PING);
    let timestamp = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    Ok(Some(json!({"type": delivery.message, "timestamp": timestamp, "data": data}).to_string()))
}

/// Writes down how a try ended, and what follows from it.
fn settle(cx: &Cx, webhook: WebhookRow, mut delivery: DeliveryRow, sent: Sent) -> AppResult<()> {
    let at = now();
    let arrived = sent.status.is_some_and(|status| (200..300).contains(&status));
    delivery.attempts += 1;
    (delivery.next_at, delivery.finished_at) = (None, Some(at));
    if arrived {
        delivery.status = "delivered".into();
        delivery.failures = 0;
    } else {
        delivery.failures += 1;
        let failures = u32::try_from(delivery.failures).unwrap_or(u32::MAX);
        delivery.next_at = next_try(failures, rand::random(), at, delivery.give_up_at);
        delivery.status = if delivery.next_at.is_some() { "waiting" } else { "failed" }.into();
        delivery.finished_at = delivery.finished_at.filter(|_| delivery.next_at.is_none());
    }
    let attempt = AttemptRow {
        delivery_id: delivery.id,
        number: delivery.attempts,
        at: at - TimeDelta::from_std(sent.took).unwrap_or_default(),
        milliseconds: i64::try_from(sent.took.as_millis()).unwrap_or(i64::MAX),
        status: sent.status.map(i32::from),
        fault: sent.fault.map(String::from),
        answer: sent.answer,
    };
    let silent = !arrived && webhook.failing_since.is_some_and(|since| at - since >= SILENT_FOR);
    let stop = if sent.status == Some(HTTP_GONE) { Some(GONE) } else { silent.then_some(FAILING) };
    let within = cx.clone();
    cx.change(move |tx| {
        attempt_insert(tx, attempt.clone())?;
        delivery_set(tx, &delivery)?;
        if !arrived || webhook.failing_since.is_some() {
            webhook_failing(tx, webhook.id, (!arrived).then_some(at))?;
        }
        match stop {
            Some(reason) => webhooks_stopped(tx, &within, &[AnyId(webhook.id.0)], reason),
            None => Ok(()),
        }
    })
}

/// Nobody sees anything in the name of someone who left.
fn owner_left(app: &App, webhook: &WebhookRow) -> AppResult<()> {
    let (id, at) = (AnyId(webhook.id.0), now());
    app.db().write(move |tx| {
        webhooks_stop(tx, &[id], OWNER_LEFT, at)?;
        deliveries_give_up(tx, &[id], at)?;
        Ok::<_, AppError>(())
    })
}
