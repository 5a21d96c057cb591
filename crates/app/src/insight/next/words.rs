//! Why something is suggested, in the reader's language.

use chrono::NaiveDate;
use regulars_analytics::churn::RiskReason;

/// Writes reasons in one of the two languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub english: bool,
}

impl Words {
    fn one(self, chinese: String, english: String) -> String {
        if self.english { english } else { chinese }
    }

    pub fn warning(self, reasons: &[String]) -> String {
        let told: Vec<&str> = reasons.iter().filter_map(|key| self.risk(key)).collect();
        if told.is_empty() {
            return self.one("可能要离开".into(), "May be about to leave".into());
        }
        self.one(format!("可能要离开：{}", told.join("、")), format!("May be about to leave: {}", told.join(", ")))
    }

    fn risk(self, key: &str) -> Option<&'static str> {
        let reason = RiskReason::ALL.into_iter().find(|reason| reason.key() == key)?;
        let (chinese, english) = risk_words(reason);
        Some(if self.english { english } else { chinese })
    }

    pub fn promise(self, title: &str, days: i64) -> String {
        match days {
            ..=0 => self.one(format!("今天到点未办：{title}"), format!("Was due today: {title}")),
            _ => self.one(format!("晚了 {days} 天：{title}"), format!("{} late: {title}", counted(days))),
        }
    }

    pub fn deal_overdue(self, name: &str, days: i64) -> String {
        self.one(format!("本应 {days} 天前成交：{name}"), format!("Was to close {}: {name}", ago(days)))
    }

    pub fn deal_untouched(self, name: &str, days: i64) -> String {
        self.one(format!("{days} 天没有跟进：{name}"), format!("Nothing done for {}: {name}", counted(days)))
    }

    pub fn wish_arrived(self, wanted: &str) -> String {
        self.one(format!("想要的到货了：{wanted}"), format!("What they wished for is there: {wanted}"))
    }

    pub fn wish_due(self, wanted: &str, by: NaiveDate, today: NaiveDate) -> String {
        let days = (by - today).num_days();
        match days {
            ..0 => self.one(format!("{wanted} 晚了 {} 天", -days), format!("{wanted} was needed {}", ago(-days))),
            0 => self.one(format!("今天要 {wanted}"), format!("{wanted} is needed today")),
            _ => self.one(format!("{days} 天后要 {wanted}"), format!("{wanted} is needed in {}", counted(days))),
        }
    }

    pub fn replenish(self, gap: i64, since: i64, product: Option<&str>) -> String {
        let (zh, en) = (
            format!("每 {gap} 天买一次，已过 {since} 天"),
            format!("Buys every {}; {} since the last", counted(gap), counted(since)),
        );
        match product {
            Some(name) => self.one(format!("{zh}：{name}"), format!("{en}: {name}")),
            None => self.one(zh, en),
        }
    }

    pub fn silent(self, days: i64) -> String {
        self.one(format!("{days} 天没有购买也没有联系"), format!("Neither bought nor spoken to for {}", counted(days)))
    }

    pub fn offer(self, has: &str, offer: &str, percent: i64, lift: f64) -> String {
        self.one(
            format!("买了 {has} 的客户 {percent}% 也买 {offer}（{lift:.1} 倍）"),
            format!("{percent}% of those who have {has} have {offer} too ({lift:.1}× the usual)"),
        )
    }

    pub fn date(self, what: &str, person: Option<&str>, on: NaiveDate, today: NaiveDate) -> String {
        let what = match person {
            Some(person) => format!("{person} · {what}"),
            None => what.to_owned(),
        };
        match (on - today).num_days() {
            0 => self.one(format!("今天：{what}"), format!("Today: {what}")),
            days => self.one(format!("{days} 天后：{what}"), format!("In {}: {what}", counted(days))),
        }
    }

    pub fn qualification(self, waits_for: Option<&str>) -> String {
        match waits_for {
            Some(label) => self.one(format!("等您审批：{label}"), format!("Waits for your approval: {label}")),
            None => self.one("等您审批".into(), "Waits for your approval".into()),
        }
    }
}

fn counted(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

fn ago(days: i64) -> String {
    format!("{} ago", counted(days))
}

fn risk_words(reason: RiskReason) -> (&'static str, &'static str) {
    match reason {
        RiskReason::Overdue => ("超过自己的购买节奏", "overdue by their own rhythm"),
        RiskReason::SpendFalls => ("消费下降", "spending falls"),
        RiskReason::UnresolvedComplaint => ("投诉未解决", "a complaint is open"),
        RiskReason::LowSatisfaction => ("满意度低", "low satisfaction"),
        RiskReason::UnreadMessages => ("消息长期未读", "messages stay unread"),
        RiskReason::NoContact => ("很久没有联系", "no contact for long"),
        RiskReason::NoPurchaseLikely => ("很可能不再购买", "no purchase likely"),
    }
}
