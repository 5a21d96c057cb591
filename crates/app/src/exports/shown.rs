//! Columns that the screens show besides what an export writes of itself: figures and sums, taken only when asked for.

use super::columns::{Column, Row, Taken, columns_from};

const CUSTOMERS: &[Row] = &[
    ("updated_at", "修改时间", "Changed", "/updated_at", Taken::Instant),
    ("metrics.value_class", "价值等级", "Value class", "/metrics/value/class", Taken::Text),
    ("metrics.value_score", "价值分", "Value score", "/metrics/value/score", Taken::Number),
    ("metrics.net", "净销售额", "Net sales", "/metrics/net", Taken::Money),
    ("metrics.gross", "销售总额", "Gross sales", "/metrics/gross", Taken::Money),
    ("metrics.returns", "退货总额", "Returns", "/metrics/returns", Taken::Money),
    ("metrics.margin", "毛利", "Margin", "/metrics/margin", Taken::Money),
    ("metrics.open_balance", "未结余额", "Open balance", "/metrics/open_balance", Taken::Money),
    ("metrics.orders", "订单数", "Orders", "/metrics/orders", Taken::Number),
    ("metrics.order_days", "购买天数", "Order days", "/metrics/order_days", Taken::Number),
    ("metrics.products", "购买商品数", "Products bought", "/metrics/products", Taken::Number),
    ("metrics.first_order_on", "首次购买", "First order", "/metrics/first_order_on", Taken::Date),
    ("metrics.last_order_on", "最近购买", "Last order", "/metrics/last_order_on", Taken::Date),
    ("metrics.recency_days", "距上次购买天数", "Days since last order", "/metrics/recency_days", Taken::Number),
    ("metrics.mean_gap_days", "平均间隔天数", "Mean gap, days", "/metrics/mean_gap_days", Taken::Number),
    ("metrics.discount_share", "折扣占比", "Discount share", "/metrics/discount_share", Taken::Number),
    ("metrics.contacts_30", "30 天联系次数", "Contacts, 30 days", "/metrics/contacts_30", Taken::Number),
    ("metrics.contacts_90", "90 天联系次数", "Contacts, 90 days", "/metrics/contacts_90", Taken::Number),
    ("metrics.contacts_365", "365 天联系次数", "Contacts, 365 days", "/metrics/contacts_365", Taken::Number),
    ("metrics.rfm", "RFM", "RFM", "/metrics/rfm/code", Taken::Text),
    ("metrics.stage", "关系阶段", "Relation stage", "/metrics/stage", Taken::Text),
    ("metrics.expected_purchases", "预计购买次数", "Purchases expected", "/metrics/expected_purchases", Taken::Number),
    ("metrics.alive", "仍在购买的概率", "P(alive)", "/metrics/alive", Taken::Number),
    ("metrics.no_purchase", "不再购买的概率", "P(no purchase)", "/metrics/no_purchase", Taken::Number),
    ("metrics.lifetime_value", "未来一年价值", "Twelve-month value", "/metrics/lifetime_value", Taken::Money),
    ("metrics.lifetime_basis", "价值来源", "Value comes from", "/metrics/lifetime_basis", Taken::Text),
    ("metrics.programme", "会员与合约计划", "Programme", "/metrics/programme/key", Taken::Text),
    ("metrics.programme_paid", "已付期数", "Bills paid", "/metrics/programme/paid", Taken::Number),
    ("metrics.programme_remaining", "预计还付期数", "Bills to come", "/metrics/programme/remaining", Taken::Number),
    ("metrics.programme_value", "账单一年价值", "Bills, twelve months", "/metrics/programme/value", Taken::Money),
    ("metrics.residual_value", "账单剩余价值", "Bills, all to come", "/metrics/programme/residual_value", Taken::Money),
    ("metrics.durable", "耐用品", "Durables", "/metrics/durable/key", Taken::Text),
    ("metrics.wallet_share", "钱包份额", "Wallet share", "/metrics/wallet_share", Taken::Number),
    ("metrics.durable_value", "耐用品预期价值", "Durables, expected value", "/metrics/durable/value", Taken::Money),
    ("metrics.past_value", "历史价值", "Past value", "/metrics/past_value", Taken::Money),
    ("metrics.lifecycle", "生命周期", "Lifecycle", "/metrics/lifecycle", Taken::Text),
    ("metrics.loyalty_class", "忠诚等级", "Loyalty class", "/metrics/loyalty_class", Taken::Text),
    ("metrics.matrix", "价值忠诚矩阵", "Loyalty matrix", "/metrics/matrix", Taken::Text),
    ("metrics.situation", "偏好情形", "Situation", "/metrics/situation", Taken::Text),
    ("metrics.risk", "流失风险", "Risk of loss", "/metrics/risk", Taken::Number),
    ("metrics.warned_on", "预警日期", "Warned since", "/metrics/warned_on", Taken::Date),
    ("metrics.abc", "ABC", "ABC", "/metrics/abc", Taken::Text),
];

const ORDERS: &[Row] = &[
    ("code", "订单号", "Order code", "/code", Taken::Text),
    ("customer", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("lines", "明细行数", "Lines", "/lines", Taken::Count),
    ("gross", "订单总额", "Gross", "/gross", Taken::Money),
    ("net", "订单净额", "Net", "/net", Taken::Money),
    ("returned", "已退", "Returned", "/returned", Taken::Money),
    ("paid", "已付", "Paid", "/paid", Taken::Money),
    ("balance", "未付", "Balance", "/balance", Taken::Money),
    ("delivery", "交付情况", "Delivery", "/delivery", Taken::Text),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
];

const PRODUCTS: &[Row] = &[("updated_at", "修改时间", "Changed", "/updated_at", Taken::Instant)];

const ASSETS: &[Row] = &[("customer", "客户名称", "Customer name", "/customer/name", Taken::Text)];

/// What can be asked for besides [`columns_of`](super::columns::columns_of).
pub fn columns_shown(resource: &str, chinese: bool) -> Vec<Column> {
    let rows = match resource {
        "customers" => CUSTOMERS,
        "orders" => ORDERS,
        "products" => PRODUCTS,
        "assets" => ASSETS,
        _ => &[],
    };
    columns_from(rows, chinese)
}
