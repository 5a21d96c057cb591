//! The fields that filters and segments can name, as the condition builder shows them.

use regulars_domain::condition::FieldType;
use regulars_persistence::Db;
use regulars_persistence::activities::task::task_catalogue;
use regulars_persistence::catalog::product::product_catalogue;
use regulars_persistence::catalogue::{Catalogue, Field};
use regulars_persistence::customers::asset::asset_catalogue;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::customers::fields::Root;
use regulars_persistence::sales::bill::bill_catalogue;
use regulars_persistence::sales::lead_form::form_list;
use regulars_persistence::sales::list::order_catalogue;
use regulars_persistence::sales::opportunity_list::opportunity_catalogue;
use regulars_persistence::sales::pipeline::{pipeline_list, stages_of};
use regulars_persistence::sales::quote::quote_catalogue;
use regulars_persistence::sales::wish::wish_catalogue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::insight::durable::settings::DurableSettings;
use crate::insight::programme::settings::ProgrammeSettings;
use crate::list::Page;
use crate::platform::FieldOption;
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConditionField {
    #[schema(example = "metrics.recency_days")]
    pub field: String,
    /// In the caller's language.
    pub label: String,
    #[schema(value_type = crate::shape::ConditionGroup)]
    pub group: String,
    #[serde(rename = "type")]
    #[schema(value_type = crate::shape::ConditionFieldType)]
    pub kind: String,
    #[schema(value_type = Vec<crate::shape::ConditionOp>)]
    pub ops: Vec<String>,
    /// What a `ref` or `set` points at: `user`, `unit`, `tag`, `segment`, `party`, `product`; absent for keys.
    #[schema(value_type = Option<crate::shape::ConditionTarget>)]
    pub target: Option<String>,
    /// The choices of a `choice` field.
    pub options: Option<Vec<FieldOption>>,
    pub sortable: bool,
}

/// Field, group, Chinese, English.
type Label = (&'static str, &'static str, &'static str, &'static str);

const LABELS: &[Label] = &[
    ("name", "facts", "姓名", "Name"),
    ("name_pinyin", "facts", "拼音", "Pinyin"),
    ("code", "facts", "编号", "Code"),
    ("kind", "facts", "类型", "Kind"),
    ("status", "facts", "状态", "Status"),
    ("qualification", "facts", "准入审核", "Qualification"),
    ("unit", "facts", "单位", "Unit"),
    ("owner", "facts", "负责人", "Owner"),
    ("gender", "facts", "性别", "Gender"),
    ("birthday", "facts", "生日", "Birthday"),
    ("tax_id", "facts", "税号", "Tax ID"),
    ("industry", "facts", "行业", "Industry"),
    ("source", "facts", "来源", "Source"),
    ("level", "facts", "级别", "Level"),
    ("buying_style", "facts", "购买方式", "Buying style"),
    ("internal", "facts", "内部客户", "Internal"),
    ("note", "facts", "备注", "Note"),
    ("tags", "facts", "标签", "Tags"),
    ("segments", "facts", "客群名单", "In segment"),
    ("facts", "facts", "已知情况", "Facts known of"),
    ("fact.credit_grade", "facts", "信用等级", "Credit grade"),
    ("fact.total_purchases", "facts", "年采购总额", "All purchases of a year"),
    ("fact.staff", "facts", "员工人数", "Staff"),
    ("fact.revenue", "facts", "年营业额", "Revenue of a year"),
    ("dealer.kind", "facts", "经销类型", "Dealer, kind"),
    ("training.course", "facts", "培训课程", "Trained in"),
    ("cost.kind", "facts", "费用种类", "Costs of"),
    ("key_account.since", "facts", "大客户起始", "Key account since"),
    ("key_account.level", "facts", "大客户关系水平", "Key account, level"),
    ("key_account.review_on", "facts", "大客户回顾日期", "Key account, review"),
    ("preferences", "facts", "有偏好", "Has preferences of"),
    ("preference", "facts", "偏好内容", "A preference says"),
    ("created_at", "facts", "创建时间", "Created"),
    ("updated_at", "facts", "修改时间", "Changed"),
    ("last_contact_at", "facts", "最近联系", "Last contact"),
    ("date_coming", "facts", "即将到来的日期", "Date coming up"),
    ("birthday_coming", "facts", "本人生日临近", "Own birthday coming up"),
    ("family_birthday_coming", "facts", "家人生日临近", "Family birthday coming up"),
    ("wedding_coming", "facts", "结婚纪念日临近", "Wedding anniversary coming up"),
    ("consent.email", "contact", "同意邮件", "Consents to e-mail"),
    ("consent.sms", "contact", "同意短信", "Consents to texts"),
    ("consent.phone", "contact", "同意电话", "Consents to calls"),
    ("consent.wechat", "contact", "同意微信", "Consents to WeChat"),
    ("consent.portal", "contact", "同意会员中心消息", "Consents to portal messages"),
    ("consent.post", "contact", "同意邮寄", "Consents to post"),
    ("refused.email", "contact", "拒绝邮件", "Refuses e-mail"),
    ("refused.sms", "contact", "拒绝短信", "Refuses texts"),
    ("refused.phone", "contact", "拒绝电话", "Refuses calls"),
    ("refused.wechat", "contact", "拒绝微信", "Refuses WeChat"),
    ("refused.portal", "contact", "拒绝会员中心消息", "Refuses portal messages"),
    ("refused.post", "contact", "拒绝邮寄", "Refuses post"),
    ("phone", "contact", "电话", "Phone"),
    ("email", "contact", "邮箱", "E-mail"),
    ("phone_mark", "contact", "有电话处于", "Has a phone that is"),
    ("email_mark", "contact", "有邮箱处于", "Has an e-mail that is"),
    ("city", "contact", "城市", "City"),
    ("province", "contact", "省份", "Province"),
    ("district", "contact", "区县", "District"),
    ("metrics.recency_days", "metrics", "距上次购买天数", "Days since last order"),
    ("metrics.first_order_on", "metrics", "首次购买", "First order"),
    ("metrics.last_order_on", "metrics", "最近购买", "Last order"),
    ("metrics.orders", "metrics", "订单数", "Orders"),
    ("metrics.order_days", "metrics", "购买天数", "Order days"),
    ("metrics.gross", "metrics", "订单总额", "Gross"),
    ("metrics.net", "metrics", "净销售额", "Net sales"),
    ("metrics.returns", "metrics", "退货额", "Returns"),
    ("metrics.cost", "metrics", "成本", "Cost"),
    ("metrics.margin", "metrics", "毛利", "Margin"),
    ("metrics.open_balance", "metrics", "未结余额", "Open balance"),
    ("metrics.products", "metrics", "购买商品数", "Products bought"),
    ("metrics.categories", "metrics", "购买品类数", "Categories bought"),
    ("metrics.mean_gap_days", "metrics", "平均间隔天数", "Mean gap, days"),
    ("metrics.median_gap_days", "metrics", "间隔中位数天数", "Median gap, days"),
    ("metrics.discount_share", "metrics", "折扣占比", "Discount share"),
    ("metrics.tenure_days", "metrics", "客龄天数", "Tenure, days"),
    ("metrics.last_contact_at", "metrics", "最近联系", "Last contact"),
    ("metrics.contacts_30", "metrics", "30 天联系次数", "Contacts, 30 days"),
    ("metrics.contacts_90", "metrics", "90 天联系次数", "Contacts, 90 days"),
    ("metrics.contacts_365", "metrics", "365 天联系次数", "Contacts, 365 days"),
    ("metrics.rfm_r", "classes", "RFM 近度 R", "RFM recency"),
    ("metrics.rfm_f", "classes", "RFM 频度 F", "RFM frequency"),
    ("metrics.rfm_m", "classes", "RFM 金额 M", "RFM money"),
    ("metrics.abc", "classes", "ABC 类", "ABC class"),
    ("metrics.value_class", "classes", "价值等级", "Value class"),
    ("metrics.value_score", "classes", "价值分", "Value score"),
    ("metrics.stage", "classes", "关系阶段", "Relation stage"),
    ("assets.product", "purchases", "拥有的设备", "Owns"),
    ("assets.warranty_end", "purchases", "设备保修截止", "Warranty of an asset ends"),
    ("wanted", "facts", "想要什么", "What is wanted"),
    ("quantity", "facts", "数量", "Quantity"),
    ("needed_by", "facts", "最迟", "Needed by"),
    ("serial", "facts", "序列号", "Serial number"),
    ("title", "facts", "事项", "Title"),
    ("priority", "facts", "优先级（1 高 3 低）", "Priority, 1 is high"),
    ("due_on", "facts", "到期日", "Due on"),
    ("due_at", "facts", "到期时间", "Due at"),
    ("done_at", "facts", "完成时间", "Done at"),
    ("created_by", "facts", "创建人", "Created by"),
    ("bought_on", "facts", "购买日期", "Bought on"),
    ("bought_at", "facts", "购买地点", "Bought at"),
    ("warranty_end", "facts", "保修截止", "Warranty ends"),
    ("in_warranty", "facts", "在保", "Under warranty"),
    ("metrics.lifecycle", "classes", "生命周期", "Lifecycle"),
    ("metrics.lifecycle_since", "classes", "生命周期始于", "Lifecycle since"),
    ("metrics.lifecycle_reason", "classes", "生命周期原因", "Lifecycle, why"),
    ("metrics.loyalty_class", "classes", "忠诚等级", "Loyalty class"),
    ("metrics.matrix", "classes", "价值忠诚矩阵", "Loyalty matrix"),
    ("metrics.situation", "classes", "偏好情形", "Situation"),
    ("metrics.expected_purchases", "metrics", "预计购买次数", "Purchases expected"),
    ("metrics.alive", "metrics", "仍在购买的概率", "P(alive)"),
    ("metrics.no_purchase", "metrics", "不再购买的概率", "P(no purchase)"),
    ("metrics.horizon_days", "metrics", "个人观察期天数", "Own horizon, days"),
    ("metrics.lifetime_value", "metrics", "未来一年价值", "Twelve-month value"),
    ("metrics.lifetime_basis", "classes", "价值来源", "Value comes from"),
    ("metrics.programme", "classes", "会员与合约计划", "Programme"),
    ("metrics.programme_paid", "metrics", "已付期数", "Bills paid"),
    ("metrics.programme_remaining", "metrics", "预计还付期数", "Bills to come"),
    ("metrics.programme_value", "metrics", "账单一年价值", "Bills, twelve months"),
    ("metrics.residual_value", "metrics", "账单剩余价值", "Bills, all to come"),
    ("metrics.durable", "classes", "耐用品", "Durables"),
    ("metrics.durable_value", "metrics", "耐用品预期价值", "Durables, expected value"),
    ("metrics.wallet_share", "metrics", "钱包份额", "Wallet share"),
    ("metrics.past_value", "metrics", "历史价值", "Past value"),
    ("metrics.risk", "classes", "流失风险", "Risk of loss"),
    ("metrics.warned_on", "classes", "预警日期", "Warned since"),
    ("orders.product", "purchases", "购买过的商品", "Products bought"),
    ("price", "facts", "价格", "Price"),
    ("cost", "facts", "成本", "Cost"),
    ("brand", "facts", "品牌", "Brand"),
    ("category", "facts", "分类", "Category"),
    ("department", "facts", "部门", "Department"),
    ("order", "facts", "订单", "Order"),
    ("active", "facts", "启用", "Active"),
    ("consumable", "facts", "易耗品", "Consumable"),
    ("unit_of_measure", "facts", "计量单位", "Unit of measure"),
    ("customer", "facts", "客户", "Customer"),
    ("ordered_on", "facts", "下单日期", "Ordered on"),
    ("ordered_at", "facts", "下单时间", "Ordered at"),
    ("channel", "facts", "渠道", "Channel"),
    ("currency", "facts", "币种", "Currency"),
    ("gross", "facts", "总额", "Gross"),
    ("discount", "facts", "折扣", "Discount"),
    ("net", "facts", "净额", "Net"),
    ("returned", "facts", "已退", "Returned"),
    ("paid", "facts", "已付", "Paid"),
    ("balance", "facts", "未付", "Balance"),
    ("product", "purchases", "商品", "Product"),
    ("type", "facts", "类型", "Type"),
    ("form", "facts", "线索表单", "Lead form"),
    ("pipeline", "facts", "销售管道", "Pipeline"),
    ("stage", "facts", "阶段", "Stage"),
    ("touched_at", "facts", "最近跟进时间", "Last touched"),
    ("score", "facts", "线索评分", "Lead score"),
    ("stage_since", "facts", "进入阶段时间", "In the stage since"),
    ("amount", "facts", "金额", "Amount"),
    ("expected_close", "facts", "预计成交", "Expected close"),
    ("contact", "facts", "联系人", "Contact"),
    ("competitor", "facts", "竞争对手", "Competitor"),
    ("reason", "facts", "赢输原因", "Why won or lost"),
    ("closed_at", "facts", "结束时间", "Closed"),
    ("revision", "facts", "版本", "Version"),
    ("quoted_on", "facts", "报价日期", "Quoted on"),
    ("valid_until", "facts", "有效期至", "Valid until"),
    ("opportunity", "facts", "商机", "Opportunity"),
    ("quote", "facts", "报价单", "Quote"),
    ("billed_on", "facts", "开单日期", "Billed on"),
    ("due_on", "facts", "到期日", "Due on"),
    ("overdue", "facts", "逾期未付", "Overdue"),
    ("late", "facts", "逾期未交", "Late"),
    ("delivery", "facts", "交付情况", "Delivery"),
    ("promised_on", "facts", "承诺交期", "Promised for"),
];

/// Labels that differ from [`LABELS`] in one resource.
const OWN_LABELS: &[(&str, Label)] =
    &[("assets", ("name", "facts", "名称", "Name")), ("opportunities", ("name", "facts", "名称", "Name"))];

/// Choices that the product defines: field, value, Chinese, English.
const CHOICES: &[(&str, &str, &str, &str)] = &[
    ("phone_mark", "verified", "已核实", "Verified"),
    ("phone_mark", "invalid", "已失效", "Invalid"),
    ("phone_mark", "unmarked", "未核实", "Not checked"),
    ("email_mark", "verified", "已核实", "Verified"),
    ("email_mark", "invalid", "已失效", "Invalid"),
    ("email_mark", "unmarked", "未核实", "Not checked"),
    ("key_account.level", "basic", "基本型", "Basic"),
    ("key_account.level", "reactive", "被动型", "Reactive"),
    ("key_account.level", "accountable", "负责型", "Accountable"),
    ("key_account.level", "proactive", "能动型", "Proactive"),
    ("key_account.level", "partnership", "伙伴型", "Partnership"),
    ("kind", "person", "个人", "Person"),
    ("kind", "organization", "组织", "Organisation"),
    ("qualification", "open", "填写中", "Being filled in"),
    ("qualification", "proposed", "待审批", "Waits for approval"),
    ("qualification", "rejected", "已驳回", "Refused"),
    ("qualification", "approved", "待签合同", "Contracts missing"),
    ("qualification", "qualified", "已准入", "Qualified"),
    ("qualification", "withdrawn", "已放弃", "Given up"),
    ("gender", "female", "女", "Female"),
    ("gender", "male", "男", "Male"),
    ("gender", "other", "其他", "Other"),
    ("buying_style", "transaction", "交易型", "Transaction"),
    ("buying_style", "relationship", "关系型", "Relationship"),
    ("delivery", "none", "未交付", "Not delivered"),
    ("delivery", "part", "部分交付", "Delivered in part"),
    ("delivery", "full", "全部交付", "Delivered in full"),
    ("type", "lead", "线索", "Lead"),
    ("type", "opportunity", "商机", "Opportunity"),
    ("metrics.abc", "A", "A", "A"),
    ("metrics.abc", "B", "B", "B"),
    ("metrics.abc", "C", "C", "C"),
    ("metrics.value_class", "vip", "VIP", "VIP"),
    ("metrics.value_class", "major", "重要", "Major"),
    ("metrics.value_class", "ordinary", "普通", "Ordinary"),
    ("metrics.value_class", "small", "小客户", "Small"),
    ("metrics.stage", "potential", "潜在", "Potential"),
    ("metrics.stage", "new", "新客", "New"),
    ("metrics.stage", "frequent", "常客", "Frequent"),
    ("metrics.stage", "old", "老客", "Old"),
    ("metrics.stage", "loyal", "忠诚", "Loyal"),
    ("metrics.lifecycle", "exploration", "探索期", "Exploration"),
    ("metrics.lifecycle", "growth", "成长期", "Growth"),
    ("metrics.lifecycle", "stability", "稳定期", "Stability"),
    ("metrics.lifecycle", "decline", "衰退期", "Decline"),
    ("metrics.lifecycle_reason", "no_purchase_likely", "很可能不再购买", "No purchase likely"),
    ("metrics.lifecycle_reason", "long_silence", "长时间未购买", "Long silence"),
    ("metrics.lifecycle_reason", "never_returned", "只买过一次", "Never returned"),
    ("metrics.lifecycle_reason", "spend_falls", "消费下降", "Spending falls"),
    ("metrics.lifecycle_reason", "few_orders", "购买次数少", "Few orders"),
    ("metrics.lifecycle_reason", "young", "认识不久", "Recent"),
    ("metrics.lifecycle_reason", "spend_rises", "消费上升", "Spending rises"),
    ("metrics.lifecycle_reason", "steady", "节奏稳定", "Steady"),
    ("metrics.loyalty_class", "A", "A", "A"),
    ("metrics.loyalty_class", "B", "B", "B"),
    ("metrics.loyalty_class", "C", "C", "C"),
    ("metrics.loyalty_class", "D", "D", "D"),
    ("metrics.matrix", "cash_cow", "金牛", "Cash cow"),
    ("metrics.matrix", "random", "随机客", "Random"),
    ("metrics.matrix", "chicken_rib", "鸡肋", "Chicken rib"),
    ("metrics.matrix", "passer_by", "过客", "Passer-by"),
    ("metrics.situation", "strong_high", "偏好强 · 常选", "Prefers us, chooses us"),
    ("metrics.situation", "strong_medium", "偏好强 · 有时选", "Prefers us, sometimes chooses us"),
    ("metrics.situation", "strong_low", "偏好强 · 少选", "Prefers us, seldom chooses us"),
    ("metrics.situation", "strong_none", "偏好强 · 未再选", "Prefers us, never came again"),
    ("metrics.situation", "weak_high", "偏好弱 · 常选", "Chooses us without liking us"),
    ("metrics.situation", "weak_medium", "偏好弱 · 有时选", "Sometimes chooses us without liking us"),
    ("metrics.situation", "weak_low", "偏好弱 · 少选", "Seldom chooses us, does not like us"),
    ("metrics.situation", "weak_none", "偏好弱 · 未再选", "Never came again, does not like us"),
    ("metrics.lifetime_basis", "purchases", "购买模型 BG/NBD", "Model of purchases, BG/NBD"),
    ("metrics.lifetime_basis", "past_rate", "过去的购买频率", "Past rate of purchases"),
    ("metrics.lifetime_basis", "programme", "续费模型 sBG", "Model of renewals, sBG"),
    ("metrics.lifetime_basis", "programme_rate", "历史续费率", "Past rate of renewals"),
    ("metrics.lifetime_basis", "mixed", "账单与其他购买", "Bills and other purchases"),
];

/// The statuses of customers and of orders share a field name.
const STATUSES: &[(&str, &str, &str, &str)] = &[
    ("customers", "lead", "线索", "Lead"),
    ("customers", "customer", "客户", "Customer"),
    ("customers", "inactive", "停用", "Inactive"),
    ("orders", "draft", "草稿", "Draft"),
    ("orders", "confirmed", "已确认", "Confirmed"),
    ("orders", "delivered", "已交付", "Delivered"),
    ("orders", "completed", "已完成", "Completed"),
    ("orders", "cancelled", "已取消", "Cancelled"),
    ("quotes", "draft", "草稿", "Draft"),
    ("quotes", "sent", "已发送", "Sent"),
    ("quotes", "accepted", "已接受", "Accepted"),
    ("quotes", "declined", "已拒绝", "Declined"),
    ("quotes", "expired", "已过期", "Expired"),
    ("quotes", "superseded", "已被新版取代", "Superseded"),
    ("bills", "open", "未付", "Open"),
    ("bills", "partly", "部分付款", "Partly paid"),
    ("bills", "paid", "已付清", "Paid"),
    ("bills", "overdue", "逾期", "Overdue"),
    ("bills", "cancelled", "已取消", "Cancelled"),
    ("wishes", "open", "等货", "Waiting"),
    ("wishes", "arrived", "已到货", "Arrived"),
    ("wishes", "told", "已告知", "Told"),
    ("wishes", "closed", "已关闭", "Closed"),
    ("tasks", "open", "待办", "Open"),
    ("tasks", "done", "已完成", "Done"),
    ("tasks", "cancelled", "已取消", "Cancelled"),
    ("opportunities", "open", "进行中", "Open"),
    ("opportunities", "won", "赢单", "Won"),
    ("opportunities", "lost", "输单", "Lost"),
    ("opportunities", "dormant", "搁置", "Dormant"),
    ("assets", "in_use", "使用中", "In use"),
    ("assets", "in_repair", "维修中", "In repair"),
    ("assets", "replaced", "已更换", "Replaced"),
    ("assets", "returned", "已退回", "Returned"),
    ("assets", "retired", "已停用", "Retired"),
];

/// Fields whose values are keys of a dictionary.
const DICTIONARIES: &[(&str, &str)] =
    &[("industry", "industry"), ("source", "source"), ("level", "level"), ("channel", "channel")];

const TARGETS: &[(&str, &str)] = &[
    ("unit", "unit"),
    ("owner", "user"),
    ("tags", "tag"),
    ("segments", "segment"),
    ("orders.product", "product"),
    ("assets.product", "product"),
    ("brand", "brand"),
    ("category", "category"),
    ("department", "department"),
    ("customer", "party"),
    ("created_by", "user"),
    ("person", "user"),
    ("handled_by", "user"),
    ("contact", "party"),
    ("product", "product"),
];

/// The fields of `customers`, `orders` or `products`.
pub fn condition_field_list(cx: &Cx, resource: &str) -> AppResult<Page<ConditionField>> {
    let today = cx.today()?;
    cx.read(|db| {
        let catalogue = match resource {
            "customers" => crate::customers::list::customer_catalogue(cx, db, Root::Party)?,
            "orders" => order_catalogue(&custom_definitions(db, "order")?, today),
            "quotes" => quote_catalogue(&custom_definitions(db, "quote")?, today),
            "bills" => bill_catalogue(today),
            "products" => product_catalogue(&custom_definitions(db, "product")?),
            "assets" => asset_catalogue(today),
            "wishes" => wish_catalogue(),
            "tasks" => task_catalogue(),
            "opportunities" => opportunity_catalogue(&custom_definitions(db, "opportunity")?),
            _ => return Err(AppError::invalid("resource", "unknown_reference")),
        };
        describe(cx, db, resource, &catalogue).map(Page::whole)
    })
}

/// The fields of a catalogue of `customers`, `orders` or `products`.
pub(crate) fn describe(cx: &Cx, db: &mut Db, resource: &str, catalogue: &Catalogue) -> AppResult<Vec<ConditionField>> {
    let english = cx.request.locale == "en";
    let customs = crate::platform::custom_field::labels(db, resource, english)?;
    let mut fields = Vec::with_capacity(catalogue.fields.len());
    // Ids are for those who tick rows, not for those who build conditions; masked fields are for neither.
    for field in catalogue.fields.iter().filter(|field| field.name != "id" && !catalogue.is_masked(&field.name)) {
        let plain = field.name.strip_suffix("_id").filter(|_| field.name != "tax_id").unwrap_or(&field.name);
        let own = OWN_LABELS.iter().find(|(of, (name, ..))| *of == resource && *name == plain).map(|(_, label)| label);
        let known = own.or_else(|| LABELS.iter().find(|(name, ..)| *name == plain));
        let custom = customs.iter().find(|(name, ..)| *name == field.name);
        let (group, label) = match (known, custom) {
            (Some((_, group, zh, en)), _) => (*group, if english { *en } else { *zh }.to_string()),
            (None, Some((_, label, _))) => ("custom", label.clone()),
            (None, None) => ("facts", field.name.clone()),
        };
        let options = match custom {
            Some((_, _, choices)) if !choices.is_empty() => Some(choices.clone()),
            _ if field.name.ends_with("metrics.programme") => Some(programme_options(cx, english)?),
            _ if field.name.ends_with("metrics.durable") => Some(durable_options(cx, english)?),
            _ if resource == "opportunities" => opportunity_options(cx, db, field, english)?,
            _ => options(db, resource, field, english)?,
        };
        fields.push(ConditionField {
            group: group.into(),
            label,
            kind: serde_json::to_value(field.kind).ok().and_then(|v| v.as_str().map(String::from)).unwrap_or_default(),
            ops: field.kind.operators().iter().map(|op| op.to_string()).collect(),
            target: TARGETS.iter().find(|(name, _)| *name == plain).map(|(_, target)| target.to_string()),
            options,
            sortable: field.sortable,
            field: field.name.clone(),
        });
    }
    Ok(fields)
}

fn programme_options(cx: &Cx, english: bool) -> AppResult<Vec<FieldOption>> {
    let option = |one: &ProgrammeSettings| FieldOption {
        value: one.key.clone(),
        label: if english { one.name_en.clone() } else { one.name_zh.clone() },
    };
    Ok(cx.company()?.settings.insight.programmes.iter().map(option).collect())
}

fn durable_options(cx: &Cx, english: bool) -> AppResult<Vec<FieldOption>> {
    let option = |one: &DurableSettings| FieldOption {
        value: one.key.clone(),
        label: if english { one.name_en.clone() } else { one.name_zh.clone() },
    };
    Ok(cx.company()?.settings.insight.durables.iter().map(option).collect())
}

/// Pipelines and stages within sight are chosen from like words, and so are the reasons of both ends.
fn opportunity_options(cx: &Cx, db: &mut Db, field: &Field, english: bool) -> AppResult<Option<Vec<FieldOption>>> {
    let lines = |db: &mut Db| pipeline_list(db, cx.actor.organisation_reach());
    let option = |id: uuid::Uuid, label: String| FieldOption { value: id.to_string(), label };
    match field.name.as_str() {
        "pipeline" => Ok(Some(lines(db)?.into_iter().map(|line| option(line.id.0, line.name)).collect())),
        "form" => {
            let forms = form_list(db, cx.actor.organisation_reach())?;
            Ok(Some(forms.into_iter().map(|form| option(form.id.0, form.name)).collect()))
        }
        "stage" | "from_stage" => {
            let lines = lines(db)?;
            let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
            let stages = stages_of(db, &ids)?.into_iter().filter(|stage| !stage.retired);
            let several = lines.len() > 1;
            let label = |name: String, of| match lines.iter().find(|line| several && line.id == of) {
                Some(line) => format!("{} · {name}", line.name),
                None => name,
            };
            Ok(Some(stages.map(|stage| option(stage.id.0, label(stage.name, stage.pipeline_id))).collect()))
        }
        "reason" => {
            let mut reasons = crate::platform::dictionary::options(db, "win_reason", english)?;
            for lost in crate::platform::dictionary::options(db, "loss_reason", english)? {
                if reasons.iter().all(|won| won.value != lost.value) {
                    reasons.push(lost);
                }
            }
            Ok(Some(reasons))
        }
        _ => options(db, "opportunities", field, english),
    }
}

/// What a status is called in the list of a resource.
pub(crate) fn status_word(resource: &str, status: &str, english: bool) -> Option<String> {
    let found = STATUSES.iter().find(|(of, key, ..)| *of == resource && *key == status);
    found.map(|(_, _, zh, en)| if english { *en } else { *zh }.to_string())
}

fn options(db: &mut Db, resource: &str, field: &Field, english: bool) -> AppResult<Option<Vec<FieldOption>>> {
    if field.name.starts_with("consent.") || field.name.starts_with("refused.") {
        return crate::platform::dictionary::options(db, crate::customers::consent::PURPOSES, english).map(Some);
    }
    if field.name == "facts" {
        return crate::platform::dictionary::options(db, crate::customers::fact::KINDS, english).map(Some);
    }
    if field.name == "dealer.kind" {
        return crate::platform::dictionary::options(db, crate::sales::dealer::KINDS, english).map(Some);
    }
    if field.name == "cost.kind" {
        return crate::platform::dictionary::options(db, crate::customers::cost::KINDS, english).map(Some);
    }
    if field.name == "training.course" {
        return crate::platform::dictionary::options(db, crate::customers::training::COURSES, english).map(Some);
    }
    if field.name == "preferences" {
        return crate::platform::dictionary::options(db, crate::customers::preference::KINDS, english).map(Some);
    }
    let listed = CHOICES.iter().any(|(of, ..)| *of == field.name);
    if !matches!(field.kind, FieldType::Choice) && !listed {
        return Ok(None);
    }
    let named = |(_, value, zh, en): &(&str, &str, &str, &str)| FieldOption {
        value: value.to_string(),
        label: if english { en } else { zh }.to_string(),
    };
    if field.name == "status" {
        return Ok(Some(STATUSES.iter().filter(|(of, ..)| *of == resource).map(named).collect()));
    }
    if let Some((_, dictionary)) = DICTIONARIES.iter().find(|(name, _)| *name == field.name) {
        return crate::platform::dictionary::options(db, dictionary, english).map(Some);
    }
    Ok(Some(CHOICES.iter().filter(|(of, ..)| *of == field.name).map(named).collect()))
}
