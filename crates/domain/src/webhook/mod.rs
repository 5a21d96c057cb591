//! Webhooks: what is told to programs elsewhere, how it is signed, where it may go, and when it is tried again.

pub mod network;
pub mod signature;

use chrono::{DateTime, TimeDelta, Utc};

/// A kind of message, with its words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageType {
    pub key: &'static str,
    pub label_zh: &'static str,
    pub label_en: &'static str,
}

const fn told(key: &'static str, label_zh: &'static str, label_en: &'static str) -> MessageType {
    MessageType { key, label_zh, label_en }
}

/// Sent on request only, to try an endpoint.
pub const PING: &str = "webhook.ping";

/// Everything an endpoint can ask for. What has left its owner's sight is told as deleted; what comes into it, as updated.
pub const MESSAGE_TYPES: &[MessageType] = &[
    told("customer.created", "新建客户", "Customer created"),
    told("customer.updated", "客户有变动", "Customer changed"),
    told("customer.deleted", "客户被删除、合并或移出视野", "Customer deleted, merged away or out of sight"),
    told("interaction.created", "新增往来记录", "Interaction noted"),
    told("interaction.updated", "修改往来记录", "Interaction changed"),
    told("interaction.deleted", "删除往来记录", "Interaction deleted"),
    told("relation.created", "新增关系", "Relation created"),
    told("relation.updated", "修改关系", "Relation changed"),
    told("relation.deleted", "删除关系", "Relation deleted"),
    told("order.created", "新建订单", "Order created"),
    told("order.updated", "订单有变动（状态、收款、退货等）", "Order changed (status, payment, return …)"),
    told("order.deleted", "订单被删除或移出视野", "Order deleted or out of sight"),
    told("opportunity.created", "新建线索或商机", "Lead or opportunity created"),
    told(
        "opportunity.updated",
        "线索或商机有变动（阶段、转化等）",
        "Lead or opportunity changed (stage, qualification …)",
    ),
    told("opportunity.deleted", "线索或商机被删除或移出视野", "Lead or opportunity deleted or out of sight"),
    told("quote.created", "新建报价", "Quote created"),
    told("quote.updated", "报价有变动（发送、接受、新版本等）", "Quote changed (sent, accepted, revised …)"),
    told("quote.deleted", "报价被删除或移出视野", "Quote deleted or out of sight"),
    told("product.created", "新建商品", "Product created"),
    told("product.updated", "修改商品", "Product changed"),
    told("product.deleted", "删除商品", "Product deleted"),
    told("import.completed", "导入完成（逐条变动请用同步接口读取）", "Import completed (read the records by sync)"),
];

/// Kinds of record that messages tell of.
const RESOURCES: &[&str] = &["customer", "interaction", "relation", "order", "opportunity", "quote", "product"];

/// The message an event of the log is told by; `None` is told to nobody.
pub fn message_of(resource: &str, action: &str) -> Option<&'static str> {
    let verb = match action {
        "ran" if resource == "import" => "completed",
        _ if !RESOURCES.contains(&resource) => return None,
        "created" => "created",
        "deleted" | "merged_away" => "deleted",
        _ => "updated",
    };
    let key = format!("{resource}.{verb}");
    MESSAGE_TYPES.iter().map(|kind| kind.key).find(|known| *known == key)
}

/// The message that tells that the record of another message is gone.
pub fn deletion_of(message: &str) -> Option<&'static str> {
    let (resource, _) = message.split_once('.')?;
    let key = format!("{resource}.deleted");
    MESSAGE_TYPES.iter().map(|kind| kind.key).find(|known| *known == key)
}

/// How long a message is tried, from when it was asked for.
pub const TRIED_FOR: TimeDelta = TimeDelta::hours(24);
/// An endpoint that has taken nothing for so long is switched off.
pub const SILENT_FOR: TimeDelta = TimeDelta::days(3);
/// The pause after the first failure, in seconds; each further one is three times as long.
const FIRST_PAUSE: i64 = 10;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 4 * 3600;

/// When a message is tried again after so many failures in a row; `None` when it is given up. `chance` (0 to 1) moves it
/// by up to a fifth to either side, so that what failed together does not come back together.
pub fn next_try(failures: u32, chance: f64, now: DateTime<Utc>, give_up_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let pause = FIRST_PAUSE.saturating_mul(3_i64.saturating_pow(failures.saturating_sub(1))).min(LONGEST_PAUSE);
    let moved = pause as f64 * (0.8 + 0.4 * chance.clamp(0.0, 1.0));
    let next = now + TimeDelta::milliseconds((moved * 1000.0) as i64);
    (next <= give_up_at).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_messages() {
        let rows = [
            ("customer", "created", Some("customer.created")),
            ("customer", "tagged", Some("customer.updated")),
            ("customer", "transferred", Some("customer.updated")),
            ("customer", "merged_away", Some("customer.deleted")),
            ("order", "paid", Some("order.updated")),
            ("order", "deleted", Some("order.deleted")),
            ("opportunity", "stage_changed", Some("opportunity.updated")),
            ("import", "ran", Some("import.completed")),
            ("import", "uploaded", None),
            ("user", "updated", None),
            ("session", "signed_in", None),
            ("webhook", "created", None),
        ];
        for (resource, action, message) in rows {
            assert_eq!(message_of(resource, action), message, "{resource}.{action}");
        }
        assert_eq!(deletion_of("order.updated"), Some("order.deleted"));
        assert_eq!(deletion_of("import.completed"), None);
    }

    #[test]
    fn pauses_grow_to_a_bound_and_end_after_a_day() {
        let start = DateTime::UNIX_EPOCH;
        let (mut at, mut failures, mut pauses) = (start, 0, Vec::new());
        loop {
            failures += 1;
            let Some(next) = next_try(failures, 0.5, at, start + TRIED_FOR) else { break };
            pauses.push((next - at).num_seconds());
            at = next;
        }
        assert_eq!(&pauses[..4], &[10, 30, 90, 270]);
        assert!(pauses.iter().all(|pause| *pause <= LONGEST_PAUSE));
        assert!(at - start > TimeDelta::hours(18), "it is tried for most of a day: {pauses:?}");
        assert!(at - start <= TRIED_FOR);
    }

    #[test]
    fn chance_moves_a_pause_by_a_fifth() {
        let (now, end) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TRIED_FOR);
        for (chance, seconds) in [(0.0, 8), (0.5, 10), (1.0, 12)] {
            assert_eq!(next_try(1, chance, now, end), Some(now + TimeDelta::seconds(seconds)));
        }
    }
}
