//! What was said and done with customers.

use regulars_persistence::Db;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::customers::interaction::interaction_views;
use crate::{AppResult, Cx};

/// Characters of what was said that a list shows.
const SHOWN: usize = 120;

pub(in super::super) const ACTIVITIES: About = About {
    name: ("跟进活动", "Activities"),
    permission: "customers:customer:read",
    resource: "activities",
    fields: &[
        ("happened_on", "活动日期", "Happened on"),
        ("kind", "活动类型", "Kind of contact"),
        ("direction", "发起方", "Who reached out"),
        ("person", "跟进人", "Done by"),
        ("department", "跟进人部门", "Department of who did it"),
        ("owner", "客户负责人", "Customer's owner"),
    ],
    choices: &[
        ("kind", "note", "备注", "Note"),
        ("kind", "call", "电话", "Call"),
        ("kind", "visit", "拜访", "Visit"),
        ("kind", "meeting", "会议", "Meeting"),
        ("kind", "message", "消息", "Message"),
        ("kind", "mail", "邮件", "Mail"),
        ("direction", "in", "客户", "The customer"),
        ("direction", "out", "我方", "We"),
    ],
    dictionaries: &[],
    measures: &[],
    distinct: &[("customer", "客户数", "Customers"), ("person", "跟进人数", "People")],
    records,
};

fn records(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<PivotRecord>> {
    let company = cx.company()?;
    let english = cx.request.locale == "en";
    let views = interaction_views(cx, db, ids)?;
    Ok(in_order(
        ids,
        views,
        |view| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "interaction".into(),
            title: beginning(&view.body),
            on: Some(company.business_date(view.at)),
            customer: Some(view.customer),
            person: view.actor,
            state: ACTIVITIES.choice("kind", &view.kind, english).map(String::from),
            amount: None,
            period: None,
        },
    ))
}

/// The first line, or as much of it as a list shows.
fn beginning(body: &str) -> String {
    let line = body.lines().next().unwrap_or_default();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_the_beginning() {
        assert_eq!(beginning("问过价\n下周再来"), "问过价");
        assert_eq!(beginning(&"茶".repeat(SHOWN)), "茶".repeat(SHOWN));
        assert_eq!(beginning(&"茶".repeat(SHOWN + 1)), format!("{}…", "茶".repeat(SHOWN)));
        assert_eq!(beginning(""), "");
    }
}
