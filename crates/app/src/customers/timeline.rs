//! One line of time for a customer: what people wrote down and what the system saw, newest first.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::PartyId;
use regulars_persistence::Db;
use regulars_persistence::customers::imported::{ImportedRow, orders_imported, party_imported};
use regulars_persistence::customers::interaction::{
    Before, InteractionRecord, TimelineEvent, events_of, interactions_of,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::interaction::{KINDS, may_edit};
use super::place::party_place;
use crate::access::Ref;
use crate::jobs::{cursor_read, cursor_write};
use crate::list::Page;
use crate::told::{ChangeView, Teller, Told};
use crate::{AppError, AppResult, Cx};

/// The kind under which events of the system appear.
const EVENT: &str = "event";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineItem {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    #[schema(value_type = crate::shape::TimelineKind)]
    pub kind: String,
    /// In the caller's language.
    #[schema(example = "Call")]
    pub title: String,
    pub body: Option<String>,
    /// `in` or `out`, of an interaction.
    #[schema(value_type = Option<crate::shape::Direction>)]
    pub direction: Option<String>,
    pub actor: Option<Ref>,
    pub source: Option<TimelineSource>,
    /// Whether the caller may change it: an interaction of their own.
    pub editable: bool,
    /// Of an interaction, for `If-Match`.
    pub version: Option<i64>,
}

/// The record an item tells of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineSource {
    #[schema(example = "interaction")]
    pub resource: String,
    pub id: Uuid,
}

/// A page of the timeline; `kinds` empty means all.
pub fn timeline_list(
    cx: &Cx,
    id: PartyId,
    kinds: &[String],
    cursor: Option<&str>,
    limit: usize,
) -> AppResult<Page<TimelineItem>> {
    cx.require("customers:customer:read")?;
    if let Some(odd) = kinds.iter().find(|kind| !KINDS.contains(&kind.as_str()) && *kind != EVENT) {
        return Err(AppError::Validation(vec![
            regulars_domain::error::FieldError::new("kinds", "not_allowed")
                .with(format!("{}, {EVENT} ({odd})", KINDS.join(", "))),
        ]));
    }
    let before: Before = cursor.map(cursor_read::<Uuid>).transpose()?.map(|(at, id)| (at, AnyId(id)));
    cx.read(|db| {
        party_place(cx, db, id, Action::Read)?;
        let mut items = timeline_items(cx, db, id, kinds, before, limit + 1)?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|item| cursor_write(item.at, item.id));
        Ok(Page { items, next_cursor, total: None, total_capped: None })
    })
}

/// The newest items before a place, of a customer the caller is known to see.
pub fn timeline_items(
    cx: &Cx,
    db: &mut Db,
    id: PartyId,
    kinds: &[String],
    before: Before,
    limit: usize,
) -> AppResult<Vec<TimelineItem>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let spoken: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| *kind != EVENT).collect();
    let mut items = Vec::with_capacity(2 * limit);
    if kinds.is_empty() || !spoken.is_empty() {
        let rows = interactions_of(db, id, &spoken, before, most)?;
        items.extend(rows.into_iter().map(|record| spoken_item(cx, record)));
    }
    if kinds.is_empty() || kinds.iter().any(|kind| kind == EVENT) {
        let orders = cx.visible(Resource::Order, Action::Read);
        let opportunities = cx.visible(Resource::Opportunity, Action::Read);
        let rows = events_of(db, id, (&orders, &opportunities), before, most)?;
        let rows: Vec<TimelineEvent> = rows.into_iter().map(moved).collect();
        let told: Vec<Told<'_>> = rows.iter().filter_map(|event| told(event).or_else(|| noted(event))).collect();
        let teller = Teller::load(cx, db, &told, [])?;
        items.extend(rows.into_iter().map(|event| event_item(cx, &teller, event)));
        let file = party_imported(db, id)?.filter(|file| before.is_none_or(|before| (file.at, file.id) < before));
        items.extend(file.map(|file| imported_item(cx, "customer", file)));
        let rows = orders_imported(db, id, &orders, before, most)?;
        items.extend(rows.into_iter().map(|order| imported_item(cx, "order", order)));
    }
    items.sort_by_key(|item| Reverse((item.at, item.id)));
    items.truncate(limit);
    Ok(items)
}

fn spoken_item(cx: &Cx, record: InteractionRecord) -> TimelineItem {
    let editable = may_edit(cx, &record.own);
    let row = record.own;
    TimelineItem {
        id: row.id.0,
        at: row.at,
        title: words(KIND_WORDS, &row.kind, cx).unwrap_or(row.kind.as_str()).to_owned(),
        kind: row.kind,
        body: Some(row.body),
        direction: row.direction,
        actor: row.actor_id.map(|id| Ref::new(id, record.actor_name.unwrap_or_default())),
        source: Some(TimelineSource { resource: "interaction".into(), id: row.id.0 }),
        editable,
        version: Some(row.version),
    }
}

fn event_item(cx: &Cx, teller: &Teller, event: TimelineEvent) -> TimelineItem {
    let told = format!("{}.{}", event.resource, event.action);
    let english = cx.request.locale == "en";
    let title = words(EVENT_WORDS, &told, cx).map_or_else(
        || {
            let thing = words(RESOURCE_WORDS, &event.resource, cx).unwrap_or(event.resource.as_str());
            let action = words(ACTION_WORDS, &event.action, cx).unwrap_or(event.action.as_str());
            if english { format!("{thing} {action}") } else { format!("{action}{thing}") }
        },
        str::to_owned,
    );
    TimelineItem {
        id: event.id.0,
        at: event.at,
        kind: EVENT.into(),
        title,
        body: event_body(cx, teller, &event),
        direction: None,
        actor: event.actor_id.map(|id| Ref::new(id, event.actor_name.unwrap_or_default())),
        source: Some(TimelineSource { resource: event.resource, id: event.resource_id.0 }),
        editable: false,
        version: None,
    }
}

fn imported_item(cx: &Cx, resource: &str, row: ImportedRow) -> TimelineItem {
    let told = format!("{resource}.{}", if row.made { "imported" } else { "changed_by_import" });
    let parts: Vec<String> = row.code.into_iter().chain(row.file_name).collect();
    let source = if resource == "customer" { "import" } else { resource };
    TimelineItem {
        id: row.id.0,
        at: row.at,
        kind: EVENT.into(),
        title: words(EVENT_WORDS, &told, cx).unwrap_or(&told).to_owned(),
        body: Some(parts.join(" · ")).filter(|text| !text.is_empty()),
        direction: None,
        actor: row.actor_id.map(|id| Ref::new(id, row.actor_name.unwrap_or_default())),
        source: Some(TimelineSource { resource: source.into(), id: row.id.0 }),
        editable: false,
        version: None,
    }
}

/// An assignment says who had the customer and who has them now, as other changes say it of their fields.
fn moved(mut event: TimelineEvent) -> TimelineEvent {
    if event.resource == "customer" && event.action == "assigned" {
        event.before = Some(json!({"owner_id": event.owner_before}));
        event.after = Some(json!({"owner_id": event.owner_id}));
    }
    event
}

/// The sides of an event that tells of changed fields; what is made or gone is told by its code or its content.
fn told(event: &TimelineEvent) -> Option<Told<'_>> {
    let whole = matches!(event.action.as_str(), "created" | "deleted" | "restored" | "transferred");
    let ours = matches!(
        event.resource.as_str(),
        "asset"
            | "attachment"
            | "consent"
            | "customer"
            | "fact"
            | "key_account"
            | "training"
            | "dealer"
            | "cost"
            | "opportunity"
            | "order"
            | "preference"
            | "qualification"
            | "quote"
            | "relation"
            | "share"
            | "task"
            | "wish"
    );
    (ours && !whole && (event.after.is_some() || event.before.is_some())).then_some(Told {
        resource: &event.resource,
        before: event.before.as_ref(),
        after: event.after.as_ref(),
    })
}

/// What has a kind, which stands in words where the whole is told.
fn noted(event: &TimelineEvent) -> Option<Told<'_>> {
    let (before, after) = (event.before.as_ref(), event.after.as_ref());
    matches!(event.resource.as_str(), "preference" | "fact" | "training" | "dealer" | "cost").then_some(Told {
        resource: &event.resource,
        before,
        after,
    })
}

/// Which fields changed, with the words of those that are chosen from a list; or the code or value of what was made.
fn event_body(cx: &Cx, teller: &Teller, event: &TimelineEvent) -> Option<String> {
    if let Some(told) = told(event) {
        let english = cx.request.locale == "en";
        if event.resource == "consent" {
            let about = |one: &ChangeView| matches!(one.field.as_str(), "channel" | "purpose");
            let told = teller.changes(told).into_iter().filter(about);
            let words: Vec<String> = told.filter_map(|one| one.after?.as_str().map(String::from)).collect();
            return Some(words.join(" · "));
        }
        let lines: Vec<String> = teller.changes(told).iter().map(|one| change_line(one, english)).collect();
        return Some(lines.join(if english { "; " } else { "；" })).filter(|text| !text.is_empty());
    }
    let side = event.after.as_ref().or_else(|| event.before.as_ref().filter(|_| event.resource == "attachment"));
    let Some(Value::Object(after)) = side else { return None };
    let text = |name: &str| after.get(name).and_then(Value::as_str);
    match event.resource.as_str() {
        "preference" => {
            let kind = text("key")?;
            let word = teller.word("preference", "key", kind);
            Some(format!("{}: {}", word.as_deref().unwrap_or(kind), text("value")?))
        }
        "fact" => {
            let word =
                |field: &str| text(field).map(|key| teller.word("fact", field, key).unwrap_or_else(|| key.into()));
            let held = ["amount", "number", "text"].iter().find_map(|form| said(after.get(*form), false))?;
            Some(format!("{}: {held} · {}", word("kind")?, word("source")?))
        }
        "customer" | "order" | "quote" => text("code").map(String::from),
        "attachment" | "opportunity" | "qualification" => text("name").map(String::from),
        "journey_run" => {
            let why = text("note").or(text("reason")).map(|why| format!(": {why}")).unwrap_or_default();
            Some(format!("{}{why}", text("name")?))
        }
        "wish" => text("wanted").map(String::from),
        "key_account" => text("plan").map(String::from),
        "cost" => {
            let kind = text("kind")?;
            let word = teller.word("cost", "kind", kind);
            Some(format!("{}: {}", word.as_deref().unwrap_or(kind), said(after.get("amount"), false)?))
        }
        "training" | "dealer" => {
            let field = if event.resource == "dealer" { "kind" } else { "course" };
            text(field).map(|key| teller.word(&event.resource, field, key).unwrap_or_else(|| key.into()))
        }
        "task" => text("title").map(String::from),
        "next_action" => text("note").map(String::from),
        "asset" => {
            let serial = text("serial").map(|serial| format!(" · {serial}")).unwrap_or_default();
            Some(format!("{}{serial}", text("name")?))
        }
        _ => None,
    }
}

/// Fields short enough for their values to stand in the line of time, and in no mask's way.
const SPOKEN: &[&str] = &[
    "name",
    "code",
    "kind",
    "status",
    "owner_id",
    "gender",
    "birthday",
    "industry",
    "source",
    "level",
    "buying_style",
    "tag_ids",
    "channel",
    "ordered_on",
    "role",
    "key",
    "value",
    "amount",
    "as_of",
    "number",
    "text",
    "method",
    "reason",
    "quantity",
    "on",
    "carrier",
    "tracking",
    "bill",
    "due_on",
    "user_id",
    "department_id",
    "may_edit",
    "until",
    "reasons",
    "first_deal",
    "label",
    "title",
    "outcome",
    "due_on",
    "due_time",
    "stage_name",
    "win_reason",
    "loss_reason",
    "competitor",
    "expected_close",
    "type",
    "ended_on",
    "since",
    "territory",
    "valid_until",
    "score",
    "course",
    "passed",
    "review_on",
    "plan",
];

/// A plain value in words.
fn said(value: Option<&Value>, english: bool) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Object(money) => {
            let part = |name: &str| money.get(name).and_then(Value::as_str);
            Some(format!("{} {}", part("currency")?, part("amount")?))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(
            match (yes, english) {
                (true, false) => "是",
                (false, false) => "否",
                (true, true) => "yes",
                (false, true) => "no",
            }
            .into(),
        ),
        _ => None,
    }
}

fn change_line(change: &ChangeView, english: bool) -> String {
    let spoken = change.field.starts_with("custom.") || SPOKEN.contains(&change.field.as_str());
    let colon = if english { ": " } else { "：" };
    let text = |side: &Option<Value>| said(side.as_ref(), english);
    match (text(&change.before), text(&change.after)) {
        _ if !spoken => change.label.clone(),
        (None, Some(after)) => format!("{}{colon}{after}", change.label),
        (Some(before), Some(after)) => format!("{}{colon}{before} → {after}", change.label),
        (Some(before), None) => format!("{}{colon}{before} → –", change.label),
        (None, None) => change.label.clone(),
    }
}

type Words = &'static [(&'static str, &'static str, &'static str)];

fn words(table: Words, key: &str, cx: &Cx) -> Option<&'static str> {
    let (_, zh, en) = table.iter().find(|(name, ..)| *name == key)?;
    Some(if cx.request.locale == "en" { en } else { zh })
}

const KIND_WORDS: Words = &[
    ("note", "备注", "Note"),
    ("call", "电话", "Call"),
    ("visit", "拜访", "Visit"),
    ("meeting", "会面", "Meeting"),
    ("message", "消息", "Message"),
    ("mail", "邮件", "E-mail"),
];

const EVENT_WORDS: Words = &[
    ("customer.created", "新建客户", "Customer created"),
    ("customer.updated", "修改资料", "Details changed"),
    ("customer.deleted", "删除客户", "Customer deleted"),
    ("customer.restored", "恢复客户", "Customer restored"),
    ("customer.assigned", "更换负责人", "Owner changed"),
    ("customer.marked", "标记联系方式", "Phone or e-mail marked"),
    ("customer.claimed", "从公海领取", "Claimed from the pool"),
    ("customer.released", "退回公海", "Given up to the pool"),
    ("customer.recycled", "久未联系，回收至公海", "Gone to the pool after silence"),
    ("customer.tagged", "添加标签", "Tags added"),
    ("customer.untagged", "移除标签", "Tags removed"),
    ("customer.changed_in_bulk", "批量修改", "Changed in bulk"),
    ("customer.transferred", "跨单位调拨", "Moved to another unit"),
    ("customer.merged", "合并了另一客户", "Another customer merged in"),
    ("customer.merged_away", "合并到另一客户", "Merged into another customer"),
    ("customer.unmerged", "撤销合并", "Merge taken back"),
    ("duplicate.dismissed", "确认不是重复客户", "Not a duplicate"),
    ("duplicate.reopened", "重新列为疑似重复", "Taken up again as a possible duplicate"),
    ("customer.imported", "导入客户", "Customer imported"),
    ("customer.changed_by_import", "导入修改", "Changed by an import"),
    ("consent.consented", "同意联系", "Consent given"),
    ("consent.withdrawn", "撤回同意", "Consent withdrawn"),
    ("task.completed", "完成待办", "Task done"),
    ("task.cancelled", "取消待办", "Task cancelled"),
    ("task.taken_up", "重新打开待办", "Task reopened"),
    ("task.snoozed", "推迟待办", "Task put off"),
    ("next_action.done", "处理了建议", "Acted on a suggestion"),
    ("next_action.put_off", "推迟了建议", "Put a suggestion off"),
    ("next_action.not_useful", "认为建议无用", "Found a suggestion not useful"),
    ("journey_run.started", "开始旅程", "Journey begun"),
    ("journey_run.station_done", "完成旅程节点", "Station of a journey done"),
    ("journey_run.station_skipped", "跳过旅程节点", "Station of a journey skipped"),
    ("journey_run.finished", "旅程完成", "Journey finished"),
    ("journey_run.stopped", "停止旅程", "Journey stopped"),
    ("wish.arrived", "心愿到货", "What was wished for arrived"),
    ("customer.qualified", "成为正式客户", "Became a customer"),
    ("qualification.created", "开始准入审核", "Qualification begun"),
    ("qualification.updated", "填写准入审核", "Qualification filled in"),
    ("qualification.proposed", "提交准入审批", "Proposed as a customer"),
    ("qualification.approved", "准入审批通过", "Approved as a customer"),
    ("qualification.rejected", "准入审批驳回", "Refused as a customer"),
    ("qualification.completed", "准入完成", "Qualification done"),
    ("qualification.withdrawn", "放弃准入审核", "Qualification given up"),
    ("share.given", "共享客户", "Customer shared"),
    ("share.changed", "修改共享", "Share changed"),
    ("share.ended", "结束共享", "Share ended"),
    ("order.imported", "导入订单", "Order imported"),
    ("preference.confirmed", "确认偏好", "Preference confirmed"),
    ("opportunity.stage_changed", "商机推进", "Opportunity moved"),
    ("opportunity.qualified", "线索转为商机", "Lead qualified"),
    ("opportunity.transferred", "商机随客户调拨", "Opportunity moved to another unit"),
    ("order.status_changed", "订单状态变更", "Order status changed"),
    ("quote.status_changed", "报价状态变更", "Quote status changed"),
    ("quote.revised", "修订报价", "Quote revised"),
    ("quote.ordered", "报价转为订单", "Quote became an order"),
    ("quote.transferred", "报价随客户调拨", "Quote moved to another unit"),
    ("order.paid", "收款", "Payment received"),
    ("order.payment_added", "收款", "Payment received"),
    ("order.delivered", "交付", "Goods delivered"),
    ("order.delivery_corrected", "更正交付", "Delivery corrected"),
    ("order.delivery_cancelled", "取消交付", "Delivery cancelled"),
    ("order.billed", "开账单", "Billed"),
    ("order.bill_cancelled", "取消账单", "Bill cancelled"),
    ("order.refunded", "退款", "Money given back"),
    ("order.returned", "退货", "Goods returned"),
    ("order.return_added", "退货", "Goods returned"),
];

const RESOURCE_WORDS: Words = &[
    ("asset", "设备", "Asset"),
    ("wish", "心愿", "Wish"),
    ("journey_run", "旅程", "Journey"),
    ("task", "待办", "Task"),
    ("customer", "客户", "Customer"),
    ("preference", "偏好", "Preference"),
    ("fact", "客户情况", "Customer fact"),
    ("key_account", "大客户", "Key account"),
    ("training", "培训", "Training"),
    ("dealer", "经销商", "Dealer"),
    ("cost", "费用", "Cost"),
    ("relation", "关系", "Relation"),
    ("opportunity", "商机", "Opportunity"),
    ("order", "订单", "Order"),
    ("quote", "报价", "Quote"),
    ("attachment", "附件", "File"),
];

const ACTION_WORDS: Words = &[
    ("created", "新建", "created"),
    ("updated", "修改", "changed"),
    ("deleted", "删除", "deleted"),
    ("restored", "恢复", "restored"),
    ("confirmed", "确认", "confirmed"),
];
