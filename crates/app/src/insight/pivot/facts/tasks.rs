//! Tasks by the day they were made.

use regulars_persistence::Db;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::activities::task::task_views;
use crate::engage::field::status_word;
use crate::{AppResult, Cx};

pub(in super::super) const TASKS: About = About {
    name: ("待办", "Tasks"),
    permission: "activities:task:read",
    resource: "tasks",
    fields: &[
        ("created_on", "创建日期", "Created on"),
        ("done_on", "完成日期", "Done on"),
        ("customer", "首位客户", "Customer named first"),
    ],
    choices: &[],
    dictionaries: &[],
    measures: &[],
    distinct: &[("owner", "负责人数", "People"), ("customer", "客户数", "Customers")],
    records,
};

fn records(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<PivotRecord>> {
    let company = cx.company()?;
    let english = cx.request.locale == "en";
    let views = task_views(cx, db, ids)?;
    Ok(in_order(
        ids,
        views,
        |view| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "task".into(),
            title: view.title,
            on: Some(company.business_date(view.created_at)),
            customer: view.customers.into_iter().next(),
            person: Some(view.owner),
            state: status_word("tasks", &view.status, english),
            amount: None,
            period: None,
        },
    ))
}
