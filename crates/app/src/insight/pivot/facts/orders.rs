//! Sales: orders, and their lines.

use regulars_domain::ids::OrderId;
use regulars_persistence::Db;
use regulars_persistence::sales::order::orders_get;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::engage::field::status_word;
use crate::sales::view::order_views;
use crate::{AppResult, Cx};

pub(in super::super) const ORDERS: About = About {
    name: ("订单", "Orders"),
    permission: "sales:order:read",
    resource: "orders",
    fields: &[],
    choices: &[],
    dictionaries: &[],
    measures: &[
        ("net", "净额", "Net"),
        ("gross", "总额", "Gross"),
        ("discount", "折扣", "Discount"),
        ("returned", "退货额", "Returned"),
        ("paid", "已付", "Paid"),
        ("cost", "成本", "Cost"),
        ("margin", "毛利", "Margin"),
    ],
    distinct: &[("customer", "客户数", "Customers")],
    records,
};

pub(in super::super) const LINES: About = About {
    name: ("订单明细", "Order lines"),
    measures: &[
        ("amount", "销售额", "Sales"),
        ("quantity", "数量", "Quantity"),
        ("discount", "折扣", "Discount"),
        ("cost", "成本", "Cost"),
        ("margin", "毛利", "Margin"),
    ],
    distinct: &[("customer", "客户数", "Customers"), ("order", "订单数", "Orders"), ("product", "商品数", "Products")],
    ..ORDERS
};

fn records(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<PivotRecord>> {
    let english = cx.request.locale == "en";
    let orders: Vec<OrderId> = ids.iter().copied().map(OrderId).collect();
    let rows = orders_get(db, &orders)?;
    let views = order_views(cx, db, rows)?;
    Ok(in_order(
        ids,
        views,
        |view| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "order".into(),
            title: view.code,
            on: Some(view.ordered_on),
            customer: Some(view.customer),
            person: view.owner,
            state: status_word("orders", &view.status, english),
            amount: Some(view.net),
            period: None,
        },
    ))
}
