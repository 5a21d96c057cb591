//! Leads and opportunities by the day they were made, and the won and lost ones by the day they were closed.

use regulars_domain::ids::OpportunityId;
use regulars_persistence::Db;
use regulars_persistence::sales::opportunity::opportunities_get;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::sales::opportunity::{OpportunityView, opportunity_views};
use crate::{AppResult, Cx};

pub(in super::super) const OPPORTUNITIES: About = About {
    name: ("线索与商机", "Leads and opportunities"),
    permission: "sales:opportunity:read",
    resource: "opportunities",
    fields: &[
        ("created_on", "创建日期", "Created on"),
        ("closed_on", "结束日期", "Closed on"),
        ("competitor", "赢走的对手", "Competitor at the end"),
    ],
    choices: &[],
    dictionaries: &[],
    measures: &[("amount", "金额", "Amount"), ("weighted", "加权金额", "Weighted amount")],
    distinct: &[("customer", "客户数", "Customers"), ("owner", "负责人数", "People")],
    records: |cx, db, ids| told(cx, db, ids, false),
};

pub(in super::super) const CLOSED: About =
    About {
        name: ("赢单与输单", "Won and lost"), records: |cx, db, ids| told(cx, db, ids, true), ..OPPORTUNITIES
    };

/// By the day they were made, or closed.
pub(super) fn told(cx: &Cx, db: &mut Db, ids: &[Uuid], closed: bool) -> AppResult<Vec<PivotRecord>> {
    let company = cx.company()?;
    let wanted: Vec<OpportunityId> = ids.iter().copied().map(OpportunityId).collect();
    let rows = opportunities_get(db, &wanted)?;
    let views = opportunity_views(cx, db, rows)?;
    let day = |view: &OpportunityView| {
        let moment = if closed { view.closed_at } else { Some(view.created_at) };
        moment.map(|at| company.business_date(at))
    };
    Ok(in_order(
        ids,
        views,
        |view| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "opportunity".into(),
            on: day(&view),
            title: view.name,
            customer: view.customer,
            person: view.owner,
            state: Some(view.stage.name),
            amount: Some(view.amount_base),
            period: None,
        },
    ))
}
