//! What an exported table holds: per resource its columns, and how each is taken from a record as the API shows it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use regulars_domain::mask::{HIDDEN, Masks};
use regulars_domain::money::parse_decimal;
use serde_json::Value;

use super::spreadsheet_out::Cell;
use crate::imports::life_dates::dates_text;
use crate::imports::targets::ImportResource;

/// How a cell is taken from a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Text,
    /// `{amount, currency}`: the amount.
    Money,
    /// A decimal written as text.
    Decimal,
    Date,
    Instant,
    Flag,
    /// A JSON number.
    Number,
    /// How many a list holds.
    Count,
    /// A list, its parts joined; the path behind `*` leads into each part.
    List(&'static str),
    /// Dates of life.
    Dates,
    /// Whatever a custom field holds.
    Custom,
}

/// One column. `pointer` is a JSON pointer into the record; in orders `/line/…` leads into the line.
#[derive(Debug, Clone)]
pub struct Column {
    pub key: String,
    pub label: String,
    pub pointer: String,
    pub taken: Taken,
}

/// Key, Chinese and English heading, pointer, kind.
pub type Row = (&'static str, &'static str, &'static str, &'static str, Taken);

/// A row a cell; what an import of the same reads.
const SELLOUT: &[Row] = &[
    ("period", "期间", "Period", "/period", Taken::Text),
    ("customer_code", "门店编号", "Place code", "/place_code", Taken::Text),
    ("customer_name", "门店名称", "Place", "/place/name", Taken::Text),
    ("unit", "所属单位", "Unit", "/unit", Taken::Text),
    ("measure", "指标", "Measure", "/measure_label", Taken::Text),
    ("product_code", "商品编号", "Product code", "/product_code", Taken::Text),
    ("product_name", "商品名称", "Product name", "/product_name", Taken::Text),
    ("competitor_product", "竞品", "Competitor’s product", "/competitor_product", Taken::Text),
    ("value", "数值", "Value", "/value", Taken::Text),
    ("changed_by", "修改人", "Changed by", "/changed_by/name", Taken::Text),
    ("changed_at", "修改时间", "Changed", "/changed_at", Taken::Instant),
];

/// Key, Chinese and English heading, pointer, kind. Headings are those an import knows.
const CUSTOMERS: &[Row] = &[
    ("code", "客户编号", "Code", "/code", Taken::Text),
    ("name", "名称", "Name", "/name", Taken::Text),
    ("kind", "类型", "Kind", "/kind", Taken::Text),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("qualification", "准入审核", "Qualification", "/qualification", Taken::Text),
    ("phone", "电话", "Phone", "/phones", Taken::List("/number")),
    ("email", "邮箱", "E-mail", "/emails", Taken::List("/address")),
    ("gender", "性别", "Gender", "/gender", Taken::Text),
    ("birthday", "生日", "Birthday", "/birthday", Taken::Date),
    ("dates", "人生的日子", "Dates of life", "/dates", Taken::Dates),
    ("tax_id", "税号", "Tax ID", "/tax_id", Taken::Text),
    ("industry", "行业", "Industry", "/industry", Taken::Text),
    ("source", "来源", "Source", "/source", Taken::Text),
    ("level", "级别", "Level", "/level", Taken::Text),
    ("buying_style", "购买方式", "Buying style", "/buying_style", Taken::Text),
    ("internal", "内部客户", "Internal", "/internal", Taken::Flag),
    ("country", "国家", "Country", "/addresses/0/country", Taken::Text),
    ("province", "省份", "Province", "/addresses/0/province", Taken::Text),
    ("city", "城市", "City", "/addresses/0/city", Taken::Text),
    ("district", "区县", "District", "/addresses/0/district", Taken::Text),
    ("street", "详细地址", "Address", "/addresses/0/street", Taken::Text),
    ("postcode", "邮编", "Postcode", "/addresses/0/postcode", Taken::Text),
    ("tags", "标签", "Tags", "/tags", Taken::List("/name")),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("unit", "所属单位", "Unit", "/unit/name", Taken::Text),
    ("note", "备注", "Note", "/note", Taken::Text),
    ("last_contact_at", "最近联系", "Last contact", "/last_contact_at", Taken::Instant),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
];

const ORDERS: &[Row] = &[
    ("order_code", "订单号", "Order code", "/code", Taken::Text),
    ("customer_code", "客户编号", "Customer code", "/customer_code", Taken::Text),
    ("customer_name", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("ordered_on", "下单日期", "Order date", "/ordered_on", Taken::Date),
    ("status", "订单状态", "Status", "/status", Taken::Text),
    ("channel", "渠道", "Channel", "/channel", Taken::Text),
    ("product_code", "商品编号", "Product code", "/line/product_code", Taken::Text),
    ("product_name", "商品名称", "Product name", "/line/name", Taken::Text),
    ("quantity", "数量", "Quantity", "/line/quantity", Taken::Decimal),
    ("price", "单价", "Unit price", "/line/price", Taken::Money),
    ("discount", "折扣金额", "Discount", "/line/discount", Taken::Money),
    ("amount", "金额", "Amount", "/line/amount", Taken::Money),
    ("currency", "币种", "Currency", "/currency", Taken::Text),
    ("order_net", "订单净额", "Order net", "/net", Taken::Money),
    ("order_paid", "订单已付", "Order paid", "/paid", Taken::Money),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("unit", "所属单位", "Unit", "/unit/name", Taken::Text),
    ("note", "备注", "Note", "/note", Taken::Text),
];

const PRODUCTS: &[Row] = &[
    ("code", "商品编号", "Code", "/code", Taken::Text),
    ("name", "商品名称", "Name", "/name", Taken::Text),
    ("brand", "品牌", "Brand", "/brand/name", Taken::Text),
    ("category", "分类", "Category", "/category/name", Taken::Text),
    ("unit_of_measure", "计量单位", "Unit of measure", "/unit_of_measure", Taken::Text),
    ("price", "价格", "Price", "/price", Taken::Money),
    ("cost", "成本", "Cost", "/cost", Taken::Money),
    ("active", "在售", "Active", "/active", Taken::Flag),
    ("consumable", "易耗品", "Consumable", "/consumable", Taken::Flag),
];

const OPPORTUNITIES: &[Row] = &[
    ("name", "名称", "Name", "/name", Taken::Text),
    ("type", "类型", "Type", "/type", Taken::Text),
    ("customer", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("lead_company", "线索公司", "Company", "/lead_company", Taken::Text),
    ("lead_person", "线索联系人", "Person", "/lead_person", Taken::Text),
    ("lead_phone", "电话", "Phone", "/lead_phone", Taken::Text),
    ("lead_email", "邮箱", "E-mail", "/lead_email", Taken::Text),
    ("pipeline", "销售管道", "Pipeline", "/pipeline/name", Taken::Text),
    ("stage", "阶段", "Stage", "/stage/name", Taken::Text),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("score", "评分", "Score", "/score", Taken::Number),
    ("amount", "金额", "Amount", "/amount", Taken::Money),
    ("currency", "币种", "Currency", "/amount/currency", Taken::Text),
    ("weighted", "加权金额", "Weighted", "/weighted", Taken::Money),
    ("expected_close", "预计成交", "Expected close", "/expected_close", Taken::Date),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("source", "来源", "Source", "/source", Taken::Text),
    ("form", "线索表单", "Lead form", "/form/name", Taken::Text),
    ("reason", "原因", "Reason", "/reason", Taken::Text),
    ("competitor", "竞争对手", "Competitor", "/competitor", Taken::Text),
    ("stage_since", "进入阶段时间", "In the stage since", "/stage_since", Taken::Instant),
    ("closed_at", "结束时间", "Closed", "/closed_at", Taken::Instant),
    ("unit", "单位", "Unit", "/unit/name", Taken::Text),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
    ("remarks", "备注", "Remarks", "/remarks", Taken::Text),
];

const QUOTES: &[Row] = &[
    ("code", "报价单号", "Quote code", "/code", Taken::Text),
    ("revision", "版本", "Version", "/revision", Taken::Number),
    ("customer_code", "客户编号", "Customer code", "/customer_code", Taken::Text),
    ("customer", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("quoted_on", "报价日期", "Quoted on", "/quoted_on", Taken::Date),
    ("valid_until", "有效期至", "Valid until", "/valid_until", Taken::Date),
    ("product_code", "商品编号", "Product code", "/line/product_code", Taken::Text),
    ("product_name", "商品名称", "Product name", "/line/name", Taken::Text),
    ("quantity", "数量", "Quantity", "/line/quantity", Taken::Decimal),
    ("price", "单价", "Unit price", "/line/price", Taken::Money),
    ("line_discount", "折扣金额", "Discount", "/line/discount", Taken::Money),
    ("amount", "金额", "Amount", "/line/amount", Taken::Money),
    ("currency", "币种", "Currency", "/currency", Taken::Text),
    ("net", "报价净额", "Quote net", "/net", Taken::Money),
    ("opportunity", "商机", "Opportunity", "/opportunity/name", Taken::Text),
    ("order", "订单号", "Order code", "/order/name", Taken::Text),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("unit", "所属单位", "Unit", "/unit/name", Taken::Text),
    ("note", "备注", "Note", "/note", Taken::Text),
];

const BILLS: &[Row] = &[
    ("code", "账单号", "Bill code", "/code", Taken::Text),
    ("order", "订单号", "Order code", "/order/name", Taken::Text),
    ("customer", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("billed_on", "开单日期", "Billed on", "/billed_on", Taken::Date),
    ("due_on", "应付日期", "Due on", "/due_on", Taken::Date),
    ("currency", "币种", "Currency", "/currency", Taken::Text),
    ("amount", "金额", "Amount", "/amount", Taken::Money),
    ("credited", "冲减", "Credited", "/credited", Taken::Money),
    ("paid", "已付", "Paid", "/paid", Taken::Money),
    ("balance", "未付", "Balance", "/balance", Taken::Money),
    ("tax", "税额", "Tax", "/tax", Taken::Money),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("note", "备注", "Note", "/note", Taken::Text),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
];

const WISHES: &[Row] = &[
    ("customer", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("wanted", "想要", "Wanted", "/wanted", Taken::Text),
    ("product", "商品名称", "Product name", "/product/name", Taken::Text),
    ("option", "规格", "Option", "/option", Taken::Text),
    ("quantity", "数量", "Quantity", "/quantity", Taken::Number),
    ("needed_by", "需要日期", "Needed by", "/needed_by", Taken::Date),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("arrived_at", "到货时间", "Arrived", "/arrived_at", Taken::Instant),
    ("told_at", "告知时间", "Told", "/told_at", Taken::Instant),
    ("note", "备注", "Note", "/note", Taken::Text),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
];

const DEALERS: &[Row] = &[
    ("name", "经销商", "Dealer", "/customer/name", Taken::Text),
    ("kind", "类型", "Kind", "/kind", Taken::Text),
    ("territory", "区域", "Territory", "/territory", Taken::Text),
    ("clerks", "店员", "Clerks", "/clerks", Taken::Count),
    ("trained", "已培训", "Trained", "/clerks_trained", Taken::Number),
    ("wallet_share", "钱包份额", "Wallet share", "/wallet_share", Taken::Number),
    ("owner", "负责人", "Owner", "/owner/name", Taken::Text),
    ("unit", "所属单位", "Unit", "/unit/name", Taken::Text),
    ("since", "起始", "Since", "/since", Taken::Date),
    ("ended_on", "结束", "Ended on", "/ended_on", Taken::Date),
    ("note", "备注", "Note", "/note", Taken::Text),
];

const KEY_ACCOUNTS: &[Row] = &[
    ("name", "大客户", "Key account", "/customer/name", Taken::Text),
    ("manager", "客户经理", "Manager", "/manager/name", Taken::Text),
    ("level", "关系层级", "Level", "/level", Taken::Text),
    ("advice", "建议层级", "Advised", "/advice/level", Taken::Text),
    ("plan", "计划", "Plan", "/plan", Taken::Text),
    ("goals", "目标", "Goals", "/goals", Taken::Count),
    ("due", "到期触点", "Touchpoints due", "/touchpoints_due", Taken::Number),
    ("gaps", "缺口", "Gaps", "/gaps", Taken::Number),
    ("review_on", "下次回顾", "Next review", "/review_on", Taken::Date),
    ("unit", "所属单位", "Unit", "/unit/name", Taken::Text),
    ("created_at", "创建时间", "Created", "/created_at", Taken::Instant),
];

const ASSETS: &[Row] = &[
    ("serial", "序列号", "Serial number", "/serial", Taken::Text),
    ("customer_code", "客户编号", "Customer code", "/customer_code", Taken::Text),
    ("customer_name", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("product_code", "商品编号", "Product code", "/product_code", Taken::Text),
    ("name", "商品名称", "Name", "/name", Taken::Text),
    ("bought_on", "购买日期", "Bought on", "/bought_on", Taken::Date),
    ("bought_at", "购买地点", "Bought at", "/bought_at", Taken::Text),
    ("order", "订单号", "Order", "/order/name", Taken::Text),
    ("warranty_end", "保修截止", "Warranty ends", "/warranty_end", Taken::Date),
    ("in_warranty", "在保", "In warranty", "/in_warranty", Taken::Flag),
    ("status", "状态", "Status", "/status", Taken::Text),
    ("note", "备注", "Note", "/note", Taken::Text),
];

const CONSENTS: &[Row] = &[
    ("customer_code", "客户编号", "Customer code", "/customer_code", Taken::Text),
    ("customer_name", "客户名称", "Customer name", "/customer/name", Taken::Text),
    ("channel", "渠道", "Channel", "/channel", Taken::Text),
    ("purpose", "用途", "Purpose", "/purpose", Taken::Text),
    ("given", "是否同意", "Given", "/given", Taken::Flag),
    ("at", "时间", "At", "/at", Taken::Instant),
    ("source", "来源", "Source", "/source", Taken::Text),
    ("proof", "凭证", "Proof", "/proof", Taken::Text),
    ("recorded_by", "登记人", "Noted by", "/recorded_by/name", Taken::Text),
];

const AUDIT: &[Row] = &[
    ("at", "时间", "At", "/at", Taken::Instant),
    ("actor", "人员", "Person", "/actor/name", Taken::Text),
    ("action", "动作", "Action", "/action", Taken::Text),
    ("resource", "对象", "Resource", "/resource", Taken::Text),
    ("resource_id", "对象编号", "Resource id", "/resource_id", Taken::Text),
    ("unit", "单位", "Unit", "/unit/name", Taken::Text),
    ("address", "地址", "Address", "/address", Taken::Text),
    ("before", "之前", "Before", "/before", Taken::Custom),
    ("after", "之后", "After", "/after", Taken::Custom),
];

const DISCIPLINE: &[Row] = &[
    ("user", "人员", "Person", "/user/name", Taken::Text),
    ("unit", "单位", "Unit", "/unit/name", Taken::Text),
    ("department", "部门", "Department", "/department/name", Taken::Text),
    ("working_days", "工作日", "Working days", "/working_days", Taken::Number),
    ("travel_days", "出差日", "Days travelling", "/travel_days", Taken::Number),
    ("used_days", "使用天数", "Days of use", "/used_days", Taken::Number),
    ("required_days", "应到天数", "Days asked for", "/required_days", Taken::Number),
    ("kept_days", "做到天数", "Days kept", "/kept_days", Taken::Number),
    ("last_used_on", "最近使用", "Last here", "/last_used_on", Taken::Date),
    ("idle_days", "未使用天数", "Days since", "/idle_days", Taken::Number),
    ("idle", "久未使用", "Not here for long", "/idle", Taken::Flag),
    ("open_leads", "进行中线索", "Open leads", "/open_leads", Taken::Number),
    ("untouched_leads", "未跟进线索", "Untouched leads", "/untouched_leads", Taken::Number),
    ("open_opportunities", "进行中商机", "Open opportunities", "/open_opportunities", Taken::Number),
    ("untouched_opportunities", "未跟进商机", "Untouched opportunities", "/untouched_opportunities", Taken::Number),
];

/// All columns of a resource, in their order; `None` for a resource that can't be exported.
pub fn columns_of(resource: &str, chinese: bool) -> Option<Vec<Column>> {
    let rows = match resource {
        "customers" => CUSTOMERS,
        "orders" => ORDERS,
        "opportunities" => OPPORTUNITIES,
        "products" => PRODUCTS,
        "assets" => ASSETS,
        "consents" => CONSENTS,
        "audit-events" => AUDIT,
        "discipline" => DISCIPLINE,
        "sellout" => SELLOUT,
        "quotes" => QUOTES,
        "bills" => BILLS,
        "wishes" => WISHES,
        "dealers" => DEALERS,
        "key-accounts" => KEY_ACCOUNTS,
        _ => return None,
    };
    Some(columns_from(rows, chinese))
}

/// The columns of a table of rows, headed in one language.
pub fn columns_from(rows: &[Row], chinese: bool) -> Vec<Column> {
    let column = |(key, zh, en, pointer, taken): &Row| Column {
        key: (*key).into(),
        label: if chinese { *zh } else { *en }.into(),
        pointer: (*pointer).into(),
        taken: *taken,
    };
    rows.iter().map(column).collect()
}

/// What exporting the resource is called among imports, if it can come back.
pub fn import_of(resource: &str) -> Option<ImportResource> {
    ImportResource::parse(resource)
}

/// The cell of a column in one record.
pub fn cell(record: &Value, column: &Column, zone: Tz) -> Cell {
    let Some(value) = record.pointer(&column.pointer).filter(|value| !value.is_null()) else {
        return if is_masked(record, column) { Cell::Text(HIDDEN.into()) } else { Cell::Empty };
    };
    match column.taken {
        Taken::Text => text(value),
        Taken::Money => value["amount"].as_str().map_or(Cell::Empty, decimal),
        Taken::Decimal => value.as_str().map_or(Cell::Empty, decimal),
        Taken::Date => value.as_str().and_then(|text| text.parse().ok()).map_or_else(|| text(value), Cell::Date),
        Taken::Instant => match value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok()) {
            Some(at) => Cell::Text(at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()),
            None => text(value),
        },
        Taken::Number => decimal(&value.to_string()),
        Taken::Count => decimal(&value.as_array().map_or(0, Vec::len).to_string()),
        Taken::Flag => value.as_bool().map_or(Cell::Empty, Cell::Bool),
        Taken::List(inner) => {
            let parts = value.as_array().into_iter().flatten().filter_map(|part| part.pointer(inner)?.as_str());
            Cell::Text(parts.collect::<Vec<_>>().join("; "))
        }
        Taken::Dates => Cell::Text(dates_text(value)),
        Taken::Custom => custom(value),
    }
}

/// Whether nothing stands there because it is masked for whoever exports.
fn is_masked(record: &Value, column: &Column) -> bool {
    let keys = record["masked"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let member = column.pointer.split('/').nth(1).unwrap_or_default();
    Masks::new(keys).hides_member(member)
}

fn text(value: &Value) -> Cell {
    match value {
        Value::String(text) => Cell::Text(text.clone()),
        other => Cell::Text(other.to_string()),
    }
}

fn custom(value: &Value) -> Cell {
    match value {
        Value::Bool(flag) => Cell::Bool(*flag),
        Value::Object(_) if value["amount"].is_string() => value["amount"].as_str().map_or(Cell::Empty, decimal),
        Value::Array(parts) => Cell::Text(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")),
        other => text(other),
    }
}

/// `12.50` stays 12.50: as many places as are written.
fn decimal(text: &str) -> Cell {
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len()) as u32;
    match parse_decimal(text, places) {
        Ok(units) => Cell::Decimal { units, places },
        Err(_) => Cell::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_are_taken_by_kind() {
        let record = json!({"code": "=1", "net": {"amount": "-0.50", "currency": "CNY"}, "on": "2024-06-08", "internal": true,
            "phones": [{"number": "+861"}, {"number": "+862"}], "at": "2024-06-08T16:30:00Z", "owner": null});
        let take = |pointer: &str, taken| {
            let column = Column { key: String::new(), label: String::new(), pointer: pointer.into(), taken };
            cell(&record, &column, Tz::Asia__Shanghai)
        };
        assert_eq!(take("/code", Taken::Text), Cell::Text("=1".into()));
        assert_eq!(take("/net", Taken::Money), Cell::Decimal { units: -50, places: 2 });
        assert_eq!(take("/on", Taken::Date), Cell::Date("2024-06-08".parse().unwrap()));
        assert_eq!(take("/phones", Taken::List("/number")), Cell::Text("+861; +862".into()));
        assert_eq!(take("/at", Taken::Instant), Cell::Text("2024-06-09 00:30:00".into()));
        assert_eq!(take("/owner/name", Taken::Text), Cell::Empty);
        assert_eq!(take("/internal", Taken::Flag), Cell::Bool(true));
    }

    #[test]
    fn headings_are_understood_by_an_import() {
        for resource in ["customers", "products", "orders", "opportunities", "assets", "consents"] {
            let targets = import_of(resource).unwrap().targets();
            for chinese in [true, false] {
                for column in columns_of(resource, chinese).unwrap() {
                    let known = targets.iter().find(|target| target.key == column.key);
                    assert!(known.is_none_or(|target| target.answers_to(&column.label)), "{}", column.label);
                }
            }
        }
    }
}
