//! From the log of events to messages: reads the log on, and notes for each endpoint what its owner may know of.

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::ids::DeliveryId;
use regulars_domain::webhook::{TRIED_FOR, deletion_of, message_of};
use regulars_persistence::Db;
use regulars_persistence::access::chain::event_newest;
use regulars_persistence::event::{EventRow, events_between};
use regulars_persistence::follower::{Follower, follower_get, follower_move};
use regulars_persistence::job::job_expire_of;
use regulars_persistence::platform::delivery::{DeliveryRow, deliveries_forget, deliveries_insert, deliveries_waiting};
use regulars_persistence::platform::webhook::{WebhookRow, webhooks_active};

use super::content::content;
use super::{DELIVER, deliver_enqueue, owner_cx, wanted};
use crate::{App, AppError, AppResult};

const NAME: &str = "webhooks";
/// Events read at a time.
const EVENTS: i64 = 200;
/// Portions of one turn: other upkeep has its turns too.
const STEPS: usize = 10;
/// Messages are kept so long after they were asked for.
const KEPT: TimeDelta = TimeDelta::days(14);
/// Jobs that delivered something are kept so long: the messages tell more.
const JOBS_KEPT: TimeDelta = TimeDelta::hours(1);
/// Messages forgotten in one transaction.
const FORGOTTEN: i64 = 500;

/// Upkeep: follows the log for a while; nothing before the company is set up.
pub fn webhooks_follow(app: &App, _: DateTime<Utc>) -> AppResult<()> {
    for _ in 0..STEPS {
        if !follow_step(app, crate::jobs::task::now())? {
            break;
        }
    }
    Ok(())
}

/// One portion; answers whether there was anything.
fn follow_step(app: &App, now: DateTime<Utc>) -> AppResult<bool> {
    let read = |db: &mut Db| {
        let from = follower_get(db, NAME)?.ok_or_else(|| AppError::Internal("no follower of webhooks".into()))?;
        let webhooks = webhooks_active(db)?;
        if webhooks.is_empty() {
            let seq = event_newest(db)?;
            return Ok::<_, AppError>((from, webhooks, seq, Vec::new()));
        }
        let events = events_between(db, from.seq, EVENTS)?;
        let seq = events.last().map_or(from.seq, |(seq, _)| *seq);
        Ok((from, webhooks, seq, events))
    };
    let (from, webhooks, seq, events) = app.db().read(read)?;
    if seq == from.seq {
        return Ok(false);
    }
    let mut messages = Vec::new();
    for webhook in &webhooks {
        messages.extend(messages_for(app, webhook, &events, now)?);
    }
    let to = Follower { seq, place: None };
    app.db().write(move |tx| {
        // Another node may have been faster; then its work stands.
        if !follower_move(tx, NAME, &from, &to)? || messages.is_empty() {
            return Ok(());
        }
        deliveries_insert(tx, &messages)?;
        let mut told: Vec<_> = messages.iter().map(|message| message.webhook_id).collect();
        told.dedup();
        told.into_iter().try_for_each(|webhook| deliver_enqueue(tx, webhook, now, now))
    })?;
    Ok(true)
}

/// What an endpoint is told of these events.
fn messages_for(
    app: &App,
    webhook: &WebhookRow,
    events: &[(i64, EventRow)],
    now: DateTime<Utc>,
) -> AppResult<Vec<DeliveryRow>> {
    let wanted = wanted(webhook);
    let is_wanted = |message: &str| wanted.iter().any(|one| one == message);
    let concerns = |event: &EventRow| {
        let message = message_of(&event.resource, &event.action);
        let wanted = message.is_some_and(|one| is_wanted(one) || deletion_of(one).is_some_and(is_wanted));
        wanted && event.at >= webhook.created_at
    };
    let mut messages = Vec::new();
    let mut concerned = events.iter().filter(|(_, event)| concerns(event)).peekable();
    if concerned.peek().is_none() {
        return Ok(messages);
    }
    let cx = match owner_cx(app, webhook.owner_id, now) {
        Ok(cx) => cx,
        Err(AppError::Unauthenticated(_)) => return Ok(messages),
        Err(error) => return Err(error),
    };
    for (seq, event) in concerned {
        if let Some((message, _)) = content(&cx, event)?.filter(|(message, _)| is_wanted(message)) {
            messages.push(DeliveryRow {
                event_seq: Some(*seq),
                resource_id: Some(event.resource_id),
                ..message_new(webhook, message, now)
            });
        }
    }
    Ok(messages)
}

/// A message that waits for its first try.
pub(super) fn message_new(webhook: &WebhookRow, message: &str, now: DateTime<Utc>) -> DeliveryRow {
    DeliveryRow {
        id: DeliveryId::fresh(),
        webhook_id: webhook.id,
        event_seq: None,
        message: message.into(),
        resource_id: None,
        body: None,
        status: "waiting".into(),
        attempts: 0,
        failures: 0,
        next_at: Some(now),
        give_up_at: now + TRIED_FOR,
        created_at: now,
        finished_at: None,
    }
}

/// Upkeep: sees that whatever waits has a job, should one have been lost, and forgets what is old.
pub fn webhooks_keep(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| {
        job_expire_of(tx, DELIVER, now - JOBS_KEPT)?;
        for (webhook, next_at) in deliveries_waiting(tx)? {
            deliver_enqueue(tx, webhook, now, next_at)?;
        }
        Ok::<_, AppError>(())
    })?;
    while app.db().write(move |tx| Ok::<_, AppError>(deliveries_forget(tx, now - KEPT, FORGOTTEN)?))? > 0 {}
    Ok(())
}
