//! The words of pivots in both languages.

use regulars_persistence::insight::pivot::FactKind;

pub fn fact(kind: FactKind, english: bool) -> &'static str {
    match (kind, english) {
        (FactKind::OrderLines, false) => "订单明细",
        (FactKind::OrderLines, true) => "Order lines",
        (FactKind::Orders, false) => "订单",
        (FactKind::Orders, true) => "Orders",
    }
}

/// Name, Chinese, English.
const MEASURES: &[(&str, &str, &str)] = &[
    ("amount", "销售额", "Sales"),
    ("quantity", "数量", "Quantity"),
    ("discount", "折扣", "Discount"),
    ("cost", "成本", "Cost"),
    ("margin", "毛利", "Margin"),
    ("net", "净额", "Net"),
    ("gross", "总额", "Gross"),
    ("returned", "退货额", "Returned"),
    ("paid", "已付", "Paid"),
];

const DISTINCT: &[(&str, &str, &str)] =
    &[("customer", "客户数", "Customers"), ("order", "订单数", "Orders"), ("product", "商品数", "Products")];

fn word(words: &[(&'static str, &'static str, &'static str)], name: &str, english: bool) -> &'static str {
    words.iter().find(|(key, ..)| *key == name).map_or("", |(_, zh, en)| if english { en } else { zh })
}

pub fn measure(name: &str, english: bool) -> &'static str {
    word(MEASURES, name, english)
}

pub fn distinct(name: &str, english: bool) -> &'static str {
    word(DISTINCT, name, english)
}

pub fn count(english: bool) -> &'static str {
    if english { "Count" } else { "笔数" }
}

pub fn average(of: &str, english: bool) -> String {
    if english { format!("Average of {}", of.to_lowercase()) } else { format!("平均{of}") }
}

/// What is said of how a measure is shown, behind its name.
pub fn shown(show: &str, english: bool) -> &'static str {
    match (show, english) {
        ("row_share", false) => "占行合计",
        ("row_share", true) => "share of row",
        ("column_share", false) => "占列合计",
        ("column_share", true) => "share of column",
        ("total_share", false) => "占总计",
        ("total_share", true) => "share of total",
        ("change", false) => "变化",
        ("change", true) => "change",
        ("change_share", false) => "变化率",
        ("change_share", true) => "change, relative",
        _ => "",
    }
}

pub fn missing(english: bool) -> &'static str {
    if english { "(none)" } else { "（空）" }
}

pub fn others(english: bool) -> &'static str {
    if english { "Others" } else { "其他" }
}

pub fn unseen(english: bool) -> &'static str {
    if english { "(out of your sight)" } else { "（不在您的可见范围）" }
}

pub fn truth(value: bool, english: bool) -> &'static str {
    match (value, english) {
        (true, false) => "是",
        (true, true) => "Yes",
        (false, false) => "否",
        (false, true) => "No",
    }
}
