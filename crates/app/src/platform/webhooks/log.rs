//! What was sent to an endpoint and what came of it, and sending it once more.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DeliveryId, WebhookId};
use regulars_domain::webhook::TRIED_FOR;
use regulars_persistence::Db;
use regulars_persistence::platform::delivery::{
    Again, AttemptRow, DeliveryRow, attempts_last, attempts_of, deliveries_again, delivery_get as row_get,
    delivery_list as rows,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::deliver::message_id;
use super::deliver_enqueue;
use super::endpoint::{PERMISSION, webhook_own};
use crate::list::{ListRequest, Page};
use crate::{AppError, AppResult, Cx};

/// How a message stands.
pub const STATUSES: [&str; 4] = ["waiting", "delivered", "failed", "withheld"];

/// A message to an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    pub id: Uuid,
    /// The header `webhook-id`: the same however often it is sent.
    #[schema(example = "msg_01990000000070008000000000000001")]
    pub message_id: String,
    #[schema(example = "customer.updated")]
    pub message: String,
    /// The record it tells of; a ping tells of none.
    pub resource_id: Option<Uuid>,
    #[schema(value_type = crate::shape::DeliveryStatus)]
    pub status: String,
    pub attempts: i32,
    /// When it is tried again.
    pub next_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub last: Option<AttemptView>,
}

/// One try.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttemptView {
    #[schema(example = 1)]
    pub number: i32,
    pub at: DateTime<Utc>,
    #[schema(example = 120)]
    pub milliseconds: i64,
    /// The HTTP status, if there was an answer.
    #[schema(example = 200)]
    pub status: Option<i32>,
    /// Why there was none.
    #[schema(value_type = Option<crate::shape::DeliveryFault>)]
    pub fault: Option<String>,
    /// How the answer's body begins.
    pub answer: Option<String>,
}

/// A message with everything that was tried.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryDetail {
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// The body as it was sent last.
    #[schema(example = "{\"type\":\"webhook.ping\"}")]
    pub body: Option<String>,
    /// The newest first.
    pub tries: Vec<AttemptView>,
}

/// Messages of a time, to be sent once more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayInput {
    pub from: DateTime<Utc>,
    /// Now when absent.
    pub until: Option<DateTime<Utc>>,
    /// Those only that did not arrive.
    #[serde(default = "crate::platform::yes")]
    pub failed_only: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReplayView {
    /// How many messages will be sent.
    #[schema(example = 12)]
    pub messages: i64,
}

fn attempt_view(row: AttemptRow) -> AttemptView {
    AttemptView {
        number: row.number,
        at: row.at,
        milliseconds: row.milliseconds,
        status: row.status,
        fault: row.fault,
        answer: row.answer,
    }
}

pub(super) fn delivery_view(row: DeliveryRow, last: Option<AttemptRow>) -> DeliveryView {
    DeliveryView {
        id: row.id.0,
        message_id: message_id(row.id),
        message: row.message,
        resource_id: row.resource_id.map(|id| id.0),
        status: row.status,
        attempts: row.attempts,
        next_at: row.next_at,
        created_at: row.created_at,
        finished_at: row.finished_at,
        last: last.map(attempt_view),
    }
}

/// What an endpoint was sent, the newest first; `filter[status]=failed` narrows.
pub fn delivery_list(cx: &Cx, webhook: WebhookId, request: &ListRequest) -> AppResult<Page<DeliveryView>> {
    cx.require(PERMISSION)?;
    let status = status_of(request)?;
    let before = request.cursor.as_deref().map(|cursor| {
        Uuid::parse_str(cursor).map(DeliveryId).map_err(|_| AppError::invalid("cursor", "cursor_invalid"))
    });
    let before = before.transpose()?;
    cx.read(|db| {
        webhook_own(cx, db, webhook)?;
        let mut rows = rows(db, webhook, status.as_deref(), before, request.limit as i64 + 1)?;
        let more = rows.len() > request.limit;
        rows.truncate(request.limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| row.id.0.simple().to_string());
        let ids: Vec<DeliveryId> = rows.iter().map(|row| row.id).collect();
        let mut last = if ids.is_empty() { Vec::new() } else { attempts_last(db, &ids)? };
        let mut tried = |id: DeliveryId| {
            let place = last.iter().position(|attempt| attempt.delivery_id == id)?;
            Some(last.swap_remove(place))
        };
        let items = rows.into_iter().map(|row| (tried(row.id), row)).map(|(last, row)| delivery_view(row, last));
        Ok(Page { items: items.collect(), next_cursor, total: None, total_capped: None })
    })
}

fn status_of(request: &ListRequest) -> AppResult<Option<String>> {
    let status = crate::platform::only_filter(request, "status")?;
    let mut checks = Checks::default();
    if let Some(status) = &status {
        checks.one_of("filter", status, &STATUSES);
    }
    checks.done()?;
    Ok(status)
}

/// A message to an endpoint of the caller's.
fn delivery_own(cx: &Cx, db: &mut Db, id: DeliveryId) -> AppResult<DeliveryRow> {
    let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
    webhook_own(cx, db, row.webhook_id).map(|_| row)
}

pub fn delivery_get(cx: &Cx, id: DeliveryId) -> AppResult<DeliveryDetail> {
    cx.require(PERMISSION)?;
    cx.read(|db| {
        let row = delivery_own(cx, db, id)?;
        let tries = attempts_of(db, &[id])?;
        let body = row.body.clone();
        let delivery = delivery_view(row, tries.first().cloned());
        Ok(DeliveryDetail { delivery, body, tries: tries.into_iter().map(attempt_view).collect() })
    })
}

/// Sends a message once more, with what it says now and a day of tries.
pub fn delivery_replay(cx: &Cx, id: DeliveryId) -> AppResult<DeliveryView> {
    cx.require(PERMISSION)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let row = delivery_own(&within, tx, id)?;
        again(tx, &within, row.webhook_id, Again::One(id))?;
        let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
        Ok(delivery_view(row, None))
    })
}

/// Sends the messages of a time once more.
pub fn webhook_replay(cx: &Cx, id: WebhookId, input: ReplayInput) -> AppResult<ReplayView> {
    cx.require(PERMISSION)?;
    let within = cx.clone();
    cx.create(move |tx| {
        webhook_own(&within, tx, id)?;
        let until = input.until.unwrap_or(within.now);
        let which = Again::Between { webhook: id, from: input.from, until, failed_only: input.failed_only };
        Ok(ReplayView { messages: again(tx, &within, id, which)? })
    })
}

fn again(tx: &mut Db, cx: &Cx, webhook: WebhookId, which: Again) -> AppResult<i64> {
    if !webhook_own(cx, tx, webhook)?.active {
        return Err(AppError::Conflict("webhook_off"));
    }
    let count = deliveries_again(tx, which, cx.now, cx.now + TRIED_FOR)?;
    if count > 0 {
        deliver_enqueue(tx, webhook, cx.now, cx.now)?;
    }
    Ok(count as i64)
}
