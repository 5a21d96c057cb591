//! What a column of a file can mean: the fields of each resource that an import may fill, with their names in both
//! languages and the headings people give them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file holds, one kind of thing per file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportResource {
    Customers,
    Contacts,
    Products,
    Orders,
    Assets,
    Consents,
    Preferences,
    Facts,
    Trainings,
    Opportunities,
    Sellout,
}

impl ImportResource {
    pub const ALL: [Self; 11] = [
        Self::Customers,
        Self::Contacts,
        Self::Products,
        Self::Orders,
        Self::Assets,
        Self::Consents,
        Self::Preferences,
        Self::Facts,
        Self::Trainings,
        Self::Opportunities,
        Self::Sellout,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Contacts => "contacts",
            Self::Products => "products",
            Self::Orders => "orders",
            Self::Assets => "assets",
            Self::Consents => "consents",
            Self::Preferences => "preferences",
            Self::Facts => "facts",
            Self::Trainings => "trainings",
            Self::Opportunities => "opportunities",
            Self::Sellout => "sellout",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.name() == name)
    }

    pub fn targets(self) -> &'static [Target] {
        match self {
            Self::Customers => CUSTOMERS,
            Self::Contacts => CONTACTS,
            Self::Products => PRODUCTS,
            Self::Orders => ORDERS,
            Self::Assets => ASSETS,
            Self::Consents => CONSENTS,
            Self::Preferences => PREFERENCES,
            Self::Facts => FACTS,
            Self::Trainings => TRAININGS,
            Self::Opportunities => OPPORTUNITIES,
            Self::Sellout => SELLOUT,
        }
    }
}

/// The kind of value a target takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    Text,
    Code,
    Phone,
    Email,
    Date,
    Instant,
    Money,
    Quantity,
    Bool,
    /// A fixed word, a dictionary entry or a tag, by key or label.
    Choice,
    /// Another record, found by its code or name.
    Reference,
}

/// One field an import can fill.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub key: &'static str,
    pub label_zh: &'static str,
    pub label_en: &'static str,
    pub kind: ValueKind,
    /// Several columns may fill it, such as two phones.
    pub repeatable: bool,
    /// Rows can be matched to existing records by it.
    pub unique: bool,
    /// Headings that mean this field, already in the form [`heading_key`] gives.
    synonyms: &'static [&'static str],
}

impl Target {
    pub fn label(&self, chinese: bool) -> &'static str {
        if chinese { self.label_zh } else { self.label_en }
    }

    /// True when a heading says this field.
    pub fn answers_to(&self, heading: &str) -> bool {
        let heading = heading_key(heading);
        heading == heading_key(self.key)
            || heading == heading_key(self.label_zh)
            || heading == heading_key(self.label_en)
            || self.synonyms.contains(&heading.as_str())
    }
}

const fn field(
    key: &'static str,
    label_zh: &'static str,
    label_en: &'static str,
    kind: ValueKind,
    synonyms: &'static [&'static str],
) -> Target {
    Target { key, label_zh, label_en, kind, repeatable: false, unique: false, synonyms }
}

const fn key_field(target: Target) -> Target {
    Target { unique: true, ..target }
}

const fn many(target: Target) -> Target {
    Target { repeatable: true, ..target }
}

use ValueKind::{Bool, Choice, Code, Date, Email, Instant, Money, Phone, Quantity, Reference, Text};

const NAME: &[&str] = &[
    "姓名",
    "名称",
    "客户姓名",
    "客户名",
    "客户",
    "顾客",
    "会员姓名",
    "会员",
    "公司",
    "公司名称",
    "企业名称",
    "单位名称",
    "fullname",
    "customer",
    "customername",
    "company",
    "companyname",
    "contactname",
    "account",
    "accountname",
    "client",
];
const PHONE: &[&str] = &[
    "手机",
    "手机号",
    "手机号码",
    "电话",
    "电话号码",
    "联系电话",
    "移动电话",
    "联系方式",
    "座机",
    "tel",
    "telephone",
    "mobile",
    "mobilephone",
    "cell",
    "cellphone",
    "phonenumber",
    "mobilenumber",
    "workphone",
];
const EMAIL: &[&str] = &["邮箱", "电子邮箱", "邮件", "邮箱地址", "电子邮件", "mail", "emailaddress"];
const NOTE: &[&str] = &["备注", "说明", "备注信息", "notes", "remark", "remarks", "comment", "comments", "memo"];
const OWNER: &[&str] = &[
    "负责人",
    "归属人",
    "所有人",
    "业务员",
    "销售",
    "客户经理",
    "跟进人",
    "salesperson",
    "salesrep",
    "assignedto",
    "responsible",
];
const GENDER: &[&str] = &["性别", "sex"];
const BIRTHDAY: &[&str] = &["生日", "出生日期", "出生年月日", "birthdate", "dateofbirth", "dob"];
const LUNAR_BIRTHDAY: &[&str] = &["阴历生日", "农历出生日期", "农历生日日期"];
const WEDDING: &[&str] = &["结婚日期", "结婚日", "weddingdate", "weddingday", "anniversary"];
const DATES: &[&str] = &["纪念日", "重要日期", "日子", "importantdates"];
const PRODUCT_NAMES: &[&str] =
    &["商品名称", "产品名称", "商品", "产品", "品名", "货品名称", "product", "item", "itemname", "description"];
const PRODUCT_CODES: &[&str] = &[
    "商品编号",
    "商品编码",
    "产品编号",
    "产品编码",
    "货号",
    "款号",
    "条码",
    "sku",
    "itemcode",
    "productid",
    "itemno",
    "productno",
];

static CUSTOMERS: &[Target] = &[
    key_field(field(
        "code",
        "客户编号",
        "Code",
        Code,
        &[
            "编号",
            "客户编码",
            "客户号",
            "客户代码",
            "会员号",
            "会员编号",
            "会员卡号",
            "卡号",
            "customercode",
            "customerid",
            "customerno",
            "customernumber",
            "id",
            "no",
            "memberid",
            "accountnumber",
        ],
    )),
    field("name", "名称", "Name", Text, NAME),
    field("kind", "类型", "Kind", Choice, &["客户类型", "客户性质", "type", "customertype"]),
    field("status", "状态", "Status", Choice, &["客户状态", "customerstatus"]),
    many(key_field(field("phone", "电话", "Phone", Phone, PHONE))),
    many(key_field(field("email", "邮箱", "E-mail", Email, EMAIL))),
    field("gender", "性别", "Gender", Choice, GENDER),
    field("birthday", "生日", "Birthday", Date, BIRTHDAY),
    field("lunar_birthday", "农历生日", "Lunar birthday", Text, LUNAR_BIRTHDAY),
    field("wedding", "结婚纪念日", "Wedding anniversary", Date, WEDDING),
    field("dates", "人生的日子", "Dates of life", Text, DATES),
    key_field(field(
        "tax_id",
        "税号",
        "Tax ID",
        Code,
        &["纳税人识别号", "统一社会信用代码", "信用代码", "税务登记号", "vat", "vatid", "vatnumber", "taxnumber"],
    )),
    field("industry", "行业", "Industry", Choice, &["所属行业", "行业类别", "sector"]),
    field("source", "来源", "Source", Choice, &["客户来源", "渠道来源", "leadsource", "origin"]),
    field("level", "级别", "Level", Choice, &["客户级别", "客户等级", "等级", "会员等级", "会员级别", "grade", "tier"]),
    field("buying_style", "购买方式", "Buying style", Choice, &["交易类型", "buyingstyle"]),
    field("internal", "内部客户", "Internal", Bool, &["是否内部", "内部"]),
    field("country", "国家", "Country", Text, &["国家地区", "nation"]),
    field("province", "省份", "Province", Text, &["省", "州", "state", "region"]),
    field("city", "城市", "City", Text, &["市", "所在城市", "town"]),
    field("district", "区县", "District", Text, &["区", "县", "county"]),
    field(
        "street",
        "详细地址",
        "Address",
        Text,
        &["地址", "联系地址", "街道", "通讯地址", "收货地址", "streetaddress", "address1", "addressline1"],
    ),
    field("postcode", "邮编", "Postcode", Text, &["邮政编码", "zip", "zipcode", "postalcode"]),
    many(field("tags", "标签", "Tags", Choice, &["客户标签", "tag", "label", "labels"])),
    field("owner", "负责人", "Owner", Reference, OWNER),
    field(
        "unit",
        "所属单位",
        "Unit",
        Reference,
        &["单位", "门店", "分公司", "所属门店", "所属公司", "branch", "store", "shop"],
    ),
    field("note", "备注", "Note", Text, NOTE),
];

static CONTACTS: &[Target] = &[
    field(
        "organization_code",
        "客户编号",
        "Customer code",
        Code,
        &[
            "单位编号",
            "公司编号",
            "客户编码",
            "所属客户编号",
            "companycode",
            "accountcode",
            "accountid",
            "organizationid",
            "customerid",
        ],
    ),
    field(
        "organization_name",
        "所属客户",
        "Customer name",
        Text,
        &[
            "公司",
            "公司名称",
            "单位",
            "单位名称",
            "企业名称",
            "客户",
            "客户名称",
            "company",
            "companyname",
            "account",
            "accountname",
            "organization",
            "organisation",
            "customer",
        ],
    ),
    key_field(field("code", "联系人编号", "Code", Code, &["编号", "contactid", "contactcode", "id"])),
    field(
        "name",
        "姓名",
        "Name",
        Text,
        &["联系人", "联系人姓名", "名字", "fullname", "contact", "contactname", "person"],
    ),
    field("role", "角色", "Role", Choice, &["联系人角色", "关系", "relation", "contactrole"]),
    field("title", "职务", "Job title", Text, &["职位", "岗位", "position", "title"]),
    field("primary", "主要联系人", "Primary", Bool, &["首要联系人", "是否主要", "mainprimary", "main"]),
    many(key_field(field("phone", "电话", "Phone", Phone, PHONE))),
    many(key_field(field("email", "邮箱", "E-mail", Email, EMAIL))),
    field("gender", "性别", "Gender", Choice, GENDER),
    field("birthday", "生日", "Birthday", Date, BIRTHDAY),
    field("lunar_birthday", "农历生日", "Lunar birthday", Text, LUNAR_BIRTHDAY),
    field("wedding", "结婚纪念日", "Wedding anniversary", Date, WEDDING),
    field("dates", "人生的日子", "Dates of life", Text, DATES),
    many(field("tags", "标签", "Tags", Choice, &["tag", "label", "labels"])),
    field("owner", "负责人", "Owner", Reference, OWNER),
    field("note", "备注", "Note", Text, NOTE),
];

const CUSTOMER_CODE: Target = field(
    "customer_code",
    "客户编号",
    "Customer code",
    Code,
    &[
        "客户编码",
        "客户号",
        "客户代码",
        "会员号",
        "会员编号",
        "会员卡号",
        "卡号",
        "customerid",
        "customerno",
        "customernumber",
        "memberid",
        "custid",
        "cust",
        "customer",
    ],
);
const CUSTOMER_NAME: Target = field(
    "customer_name",
    "客户名称",
    "Customer name",
    Text,
    &["客户", "客户姓名", "姓名", "顾客", "会员", "会员姓名", "buyer"],
);
const CUSTOMER_PHONE: Target = field("customer_phone", "客户电话", "Customer phone", Phone, PHONE);
const CUSTOMER_EMAIL: Target = field("customer_email", "客户邮箱", "Customer e-mail", Email, EMAIL);
const UNIT: Target =
    field("unit", "所属单位", "Unit", Reference, &["门店", "分公司", "单位", "branch", "store", "shop"]);

static PRODUCTS: &[Target] = &[
    key_field(field(
        "code",
        "商品编号",
        "Code",
        Code,
        &[
            "编号",
            "商品编码",
            "产品编号",
            "产品编码",
            "货号",
            "款号",
            "条码",
            "sku",
            "productcode",
            "itemcode",
            "productid",
            "id",
            "no",
        ],
    )),
    field(
        "name",
        "商品名称",
        "Name",
        Text,
        &["名称", "产品名称", "品名", "商品", "产品", "product", "productname", "item", "itemname", "title"],
    ),
    field("brand", "品牌", "Brand", Reference, &["商品品牌", "brandname"]),
    field(
        "category",
        "分类",
        "Category",
        Reference,
        &["商品分类", "类别", "品类", "类目", "商品类别", "categoryname", "group"],
    ),
    field("unit_of_measure", "计量单位", "Unit of measure", Text, &["单位", "unit", "uom", "measure"]),
    field("price", "价格", "Price", Money, &["单价", "售价", "零售价", "标价", "销售价", "unitprice", "listprice"]),
    field("cost", "成本", "Cost", Money, &["成本价", "进价", "采购价", "unitcost", "purchaseprice"]),
    field("active", "在售", "Active", Bool, &["是否在售", "启用", "是否启用", "enabled"]),
    field("consumable", "易耗品", "Consumable", Bool, &["是否易耗", "消耗品", "耗材", "usedup", "repeatable"]),
];

static ORDERS: &[Target] = &[
    key_field(field(
        "order_code",
        "订单号",
        "Order code",
        Code,
        &[
            "订单编号",
            "单号",
            "单据编号",
            "交易号",
            "小票号",
            "order",
            "orderid",
            "orderno",
            "ordernumber",
            "invoiceno",
            "invoice",
            "transactionid",
        ],
    )),
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field(
        "ordered_on",
        "下单日期",
        "Order date",
        Date,
        &[
            "日期",
            "订单日期",
            "交易日期",
            "购买日期",
            "销售日期",
            "单据日期",
            "开单日期",
            "date",
            "orderedon",
            "purchasedate",
            "transactiondate",
            "invoicedate",
            "saledate",
        ],
    ),
    field(
        "ordered_at",
        "下单时间",
        "Order time",
        Instant,
        &[
            "时间",
            "订单时间",
            "交易时间",
            "购买时间",
            "成交时间",
            "支付时间",
            "createdat",
            "orderedat",
            "datetime",
            "timestamp",
        ],
    ),
    field("status", "订单状态", "Status", Choice, &["状态", "orderstatus"]),
    field("channel", "渠道", "Channel", Choice, &["销售渠道", "来源", "订单来源", "saleschannel", "source"]),
    field("currency", "币种", "Currency", Code, &["货币", "currencycode"]),
    field("product_code", "商品编号", "Product code", Code, PRODUCT_CODES),
    field("product_name", "商品名称", "Product name", Text, PRODUCT_NAMES),
    field("quantity", "数量", "Quantity", Quantity, &["件数", "购买数量", "销售数量", "qty", "count", "units", "cds"]),
    field("price", "单价", "Unit price", Money, &["价格", "售价", "成交价", "unitprice"]),
    field("discount", "折扣金额", "Discount", Money, &["优惠", "优惠金额", "折扣", "折让"]),
    field(
        "amount",
        "金额",
        "Amount",
        Money,
        &[
            "小计",
            "实付金额",
            "实付",
            "销售额",
            "成交金额",
            "总金额",
            "合计",
            "订单金额",
            "total",
            "totalamount",
            "value",
            "sales",
            "dollars",
            "spent",
            "linetotal",
            "revenue",
        ],
    ),
    field("paid", "已付金额", "Paid", Money, &["付款金额", "已付", "已收", "paidamount"]),
    field("owner", "负责人", "Owner", Reference, OWNER),
    UNIT,
    field("note", "备注", "Note", Text, NOTE),
];

static ASSETS: &[Target] = &[
    key_field(field(
        "serial",
        "序列号",
        "Serial number",
        Text,
        &["机身号", "机器编号", "设备编号", "出厂编号", "sn", "serial", "serialno", "serialnumber", "imei", "vin"],
    )),
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("product_code", "商品编号", "Product code", Code, PRODUCT_CODES),
    field("name", "商品名称", "Name", Text, PRODUCT_NAMES),
    field(
        "bought_on",
        "购买日期",
        "Bought on",
        Date,
        &["购机日期", "购置日期", "purchasedate", "boughton", "dateofpurchase"],
    ),
    field("bought_at", "购买地点", "Bought at", Text, &["购买门店", "经销商", "门店", "dealer", "shop", "boughtat"]),
    field(
        "warranty_end",
        "保修截止",
        "Warranty ends",
        Date,
        &["保修期至", "质保到期", "保修到期", "warranty", "warrantyend", "warrantyuntil"],
    ),
    field("status", "状态", "Status", Choice, &["设备状态", "使用状态"]),
    field("unit", "所属单位", "Unit", Reference, &["分公司", "单位", "branch"]),
    field("note", "备注", "Note", Text, NOTE),
];

static CONSENTS: &[Target] = &[
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("channel", "渠道", "Channel", Choice, &["联系渠道", "联系方式渠道", "medium"]),
    field("purpose", "用途", "Purpose", Choice, &["联系用途", "同意用途", "目的"]),
    field("given", "是否同意", "Given", Choice, &["同意", "状态", "status", "consent", "optin", "subscribed"]),
    field("at", "时间", "At", Instant, &["同意时间", "日期", "登记时间", "date", "since", "timestamp", "consentdate"]),
    field("source", "来源", "Source", Text, &["登记来源", "origin"]),
    field("proof", "凭证", "Proof", Text, &["依据", "证据", "原文", "wording", "evidence"]),
    UNIT,
];

static PREFERENCES: &[Target] = &[
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("kind", "偏好种类", "Kind", Choice, &["种类", "偏好", "偏好类型", "preference", "about"]),
    field("value", "偏好内容", "Value", Text, &["内容", "喜好", "描述", "content", "likes"]),
    field("source", "来源", "Source", Text, &["得知方式", "登记来源", "origin"]),
    field("confirmed_on", "确认日期", "Confirmed on", Date, &["日期", "最近确认", "date", "seenon", "lastseen"]),
    UNIT,
];

static FACTS: &[Target] = &[
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("kind", "情况种类", "Kind", Choice, &["种类", "类型", "项目", "fact", "about"]),
    field("value", "内容", "Value", Text, &["数值", "金额", "值", "content", "amount"]),
    field("as_of", "截至日期", "As of", Date, &["日期", "截止日期", "date", "asof", "on"]),
    field("source", "来源", "Source", Choice, &["得知方式", "数据来源", "origin"]),
    field("note", "备注", "Note", Text, &["说明", "remark", "comment"]),
    UNIT,
];

static OPPORTUNITIES: &[Target] = &[
    field(
        "name",
        "名称",
        "Name",
        Text,
        &["商机名称", "商机", "标题", "项目", "opportunity", "deal", "dealname", "title", "subject"],
    ),
    field("type", "类型", "Type", Choice, &["商机类型", "线索或商机", "kind"]),
    field("lead_company", "线索公司", "Company", Text, &["公司", "公司名称", "leadcompany", "companyname"]),
    field(
        "lead_person",
        "线索联系人",
        "Person",
        Text,
        &["联系人", "leadperson", "contact", "contactname", "contactperson"],
    ),
    field("lead_phone", "电话", "Phone", Phone, PHONE),
    field("lead_email", "邮箱", "E-mail", Email, EMAIL),
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("pipeline", "销售管道", "Pipeline", Reference, &["管道", "销售流程", "salesprocess", "funnel"]),
    field("stage", "阶段", "Stage", Reference, &["销售阶段", "商机阶段", "salesstage", "dealstage"]),
    field(
        "amount",
        "金额",
        "Amount",
        Money,
        &["预计金额", "商机金额", "value", "dealvalue", "expectedrevenue", "budget"],
    ),
    field(
        "expected_close",
        "预计成交",
        "Expected close",
        Date,
        &["预计成交日期", "成交日期", "closedate", "expectedclosedate", "closingdate"],
    ),
    field("owner", "负责人", "Owner", Reference, OWNER),
    field("source", "来源", "Source", Choice, &["线索来源", "商机来源", "leadsource", "origin"]),
    field("reason", "原因", "Reason", Choice, &["赢单原因", "输单原因", "lossreason", "lostreason", "winreason"]),
    field("competitor", "竞争对手", "Competitor", Text, &["对手", "竞品", "competitors"]),
    field("remarks", "备注", "Remarks", Text, NOTE),
];

static TRAININGS: &[Target] = &[
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    CUSTOMER_PHONE,
    CUSTOMER_EMAIL,
    field("course", "课程", "Course", Choice, &["培训课程", "培训", "科目", "training", "subject"]),
    field("on", "培训日期", "Trained on", Date, &["日期", "时间", "date", "takenon", "completedon"]),
    field("passed", "是否通过", "Passed", Bool, &["通过", "合格", "结果", "result", "pass"]),
    field("score", "成绩", "Score", Quantity, &["分数", "得分", "points", "grade"]),
    field("valid_until", "有效期至", "Valid until", Date, &["有效期", "到期日", "expires", "expireson", "validto"]),
    field("note", "备注", "Note", Text, NOTE),
    UNIT,
];

static SELLOUT: &[Target] = &[
    field("period", "期间", "Period", Text, &["月份", "周期", "月", "周", "年月", "month", "week", "date", "日期"]),
    field(
        "customer_code",
        "门店编号",
        "Place code",
        Code,
        &[
            "客户编号",
            "客户编码",
            "门店编码",
            "终端编号",
            "店号",
            "customercode",
            "storecode",
            "shopcode",
            "store",
            "place",
        ],
    ),
    field(
        "customer_name",
        "门店名称",
        "Place",
        Text,
        &[
            "客户名称",
            "客户",
            "门店",
            "店名",
            "终端",
            "终端名称",
            "customername",
            "storename",
            "shop",
            "shopname",
            "placename",
        ],
    ),
    field("measure", "指标", "Measure", Text, &["指标名称", "项目", "metric", "kind"]),
    field("product_code", "商品编号", "Product code", Code, PRODUCT_CODES),
    field("product_name", "商品名称", "Product name", Text, PRODUCT_NAMES),
    field(
        "competitor_product",
        "竞品",
        "Competitor’s product",
        Choice,
        &["竞品型号", "competitor", "competitorproduct"],
    ),
    field(
        "value",
        "数值",
        "Value",
        Text,
        &["销量", "数量", "台数", "件数", "价格", "内容", "sellout", "quantity", "qty", "sold", "units", "amount"],
    ),
    field("unit", "所属单位", "Unit", Reference, &["分公司", "单位", "branch"]),
];

/// A heading without what differs between tables that mean the same: case, blanks, `_`, `-`, `*`, full-width forms,
/// and remarks in brackets such as `手机号(必填)`.
pub fn heading_key(heading: &str) -> String {
    let plain = super::values::half_width(heading).trim_start_matches('\u{feff}').to_lowercase();
    let mut depth = 0_u32;
    plain
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0 && !c.is_whitespace() && !matches!(c, '_' | '-' | '*' | ':' | '.' | '#' | '/' | '"' | '\'')
        })
        .collect()
}

/// True when any resource knows this heading.
pub fn header_is_known(heading: &str) -> bool {
    ImportResource::ALL.iter().flat_map(|resource| resource.targets()).any(|target| target.answers_to(heading))
}
