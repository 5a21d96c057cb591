//! Warnings that customers are about to leave.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::WarningId;
use regulars_persistence::Db;
use regulars_persistence::insight::warning::warnings_get;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::insight::warning::view;
use crate::{AppResult, Cx};

pub(in super::super) const WARNINGS: About = About {
    name: ("流失预警", "Churn warnings"),
    permission: "customers:customer:read",
    resource: "warnings",
    fields: &[
        ("raised_on", "预警日期", "Raised on"),
        ("closed_on", "结束日期", "Closed on"),
        ("status", "结果", "Outcome"),
        ("reason", "流失原因", "Reason of the loss"),
        ("judge", "判断依据", "Judged by"),
        ("handled_by", "处理人", "Handled by"),
    ],
    choices: &[
        ("status", "open", "待处理", "Open"),
        ("status", "acting", "处理中", "Being worked on"),
        ("status", "kept", "已挽回", "Kept"),
        ("status", "lost", "已流失", "Lost"),
        ("status", "withdrawn", "已撤销", "Withdrawn"),
        ("judge", "model", "模型", "The model"),
        ("judge", "idle", "久未购买", "Idle for long"),
        ("judge", "overdue", "超出自身节奏", "Overdue against own rhythm"),
    ],
    dictionaries: &[("reason", "churn_reason")],
    measures: &[("stake", "预期价值", "Value at stake"), ("yearly", "上年消费", "Spent the year before")],
    distinct: &[("customer", "客户数", "Customers")],
    records,
};

fn records(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<PivotRecord>> {
    let company = cx.company()?;
    let english = cx.request.locale == "en";
    let wanted: Vec<WarningId> = ids.iter().copied().map(WarningId).collect();
    let rows = warnings_get(db, &wanted, &cx.visible(Resource::Customer, Action::Read))?;
    let views = rows.into_iter().map(|row| view(row, &company.currency)).collect();
    Ok(in_order(
        ids,
        views,
        |view: &crate::insight::warning::WarningView| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "warning".into(),
            title: view.customer.name.clone(),
            on: Some(view.raised_on),
            customer: Some(view.customer),
            person: view.owner,
            state: WARNINGS.choice("status", &view.status, english).map(String::from),
            amount: Some(view.stake),
            period: None,
        },
    ))
}
