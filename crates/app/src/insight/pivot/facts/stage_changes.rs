//! Moves of opportunities from one stage to another.

use super::About;
use super::opportunities::{OPPORTUNITIES, told};

pub(in super::super) const STAGE_CHANGES: About = About {
    name: ("阶段变化", "Stage changes"),
    fields: &[
        ("changed_on", "变化日期", "Changed on"),
        ("from_stage", "原阶段", "From stage"),
        ("stage", "新阶段", "To stage"),
        ("status", "当前状态", "Status now"),
        ("opportunity", "商机", "Opportunity"),
    ],
    measures: &[("stood", "停留天数", "Days in the stage before"), ("amount", "金额", "Amount")],
    distinct: &[("opportunity", "商机数", "Opportunities"), ("customer", "客户数", "Customers")],
    records: |cx, db, ids| told(cx, db, ids, false),
    ..OPPORTUNITIES
};
