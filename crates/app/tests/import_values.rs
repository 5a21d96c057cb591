//! Texts as values, and columns as fields.

use chrono::NaiveDate;
use chrono_tz::Tz;
use regulars_app::imports::suggestion::{
    Column, CustomTarget, Shape, date_order_suggest, decimal_suggest, mapping_suggest, shape_of,
};
use regulars_app::imports::targets::{ImportResource, heading_key};
use regulars_app::imports::values::{
    DateOrder, DecimalSign, ValueFault, bool_parse, date_parse, decimal_parse, instant_parse, money_parse, phone_clean,
    quantity_parse,
};

#[test]
fn dates() {
    use DateOrder::{Dmy, Mdy, Ymd};
    let good = [
        ("2024-06-08", Ymd),
        ("20240608", Ymd),
        ("2024/6/8", Ymd),
        ("2024.6.8", Ymd),
        ("2024年6月8日", Ymd),
        ("2024年06月08日 12:30", Ymd),
        ("２０２４年６月８日", Ymd),
        ("2024-06-08T12:30:00Z", Ymd),
        ("8.6.2024", Ymd),
        ("08.06.2024", Dmy),
        ("8/6/2024", Dmy),
        ("6/8/2024", Mdy),
        (" 2024-6-8 ", Mdy),
        ("45451", Ymd),
    ];
    for (text, order) in good {
        assert_eq!(date_parse(text, order), Ok(NaiveDate::from_ymd_opt(2024, 6, 8).unwrap()), "{text}");
    }
    assert_eq!(date_parse("13/6/2024", Ymd), Ok(NaiveDate::from_ymd_opt(2024, 6, 13).unwrap()));
    assert_eq!(date_parse("6/13/2024", Ymd), Ok(NaiveDate::from_ymd_opt(2024, 6, 13).unwrap()));
    assert_eq!(date_parse("6/8/2024", Ymd), Err(ValueFault::AmbiguousDate));
    for text in [
        "2023-02-29",
        "2024-13-01",
        "24-6-8",
        "0000-00-00",
        "hello",
        "",
        "2024-06",
        "20240632",
        "2024-06-08x",
        "99999999999",
    ] {
        assert_eq!(date_parse(text, Ymd), Err(ValueFault::NotADate), "{text}");
    }
}

#[test]
fn instants() {
    let zone = Tz::Asia__Shanghai;
    let cases = [
        ("2024-06-08 12:30", "2024-06-08T04:30:00+00:00"),
        ("2024-06-08T12:30:15Z", "2024-06-08T12:30:15+00:00"),
        ("2024/6/8 08:00:00", "2024-06-08T00:00:00+00:00"),
        ("2024-06-08", "2024-06-07T16:00:00+00:00"),
        ("2024-06-08 1:05 PM", "2024-06-08T05:05:00+00:00"),
    ];
    for (text, expected) in cases {
        assert_eq!(instant_parse(text, DateOrder::Ymd, zone).unwrap().to_rfc3339(), expected, "{text}");
    }
    let skipped = instant_parse("2024-03-31 02:30", DateOrder::Ymd, Tz::Europe__Berlin).unwrap();
    assert_eq!(skipped.to_rfc3339(), "2024-03-31T01:30:00+00:00");
    assert_eq!(instant_parse("2024-06-08 25:00", DateOrder::Ymd, zone), Err(ValueFault::NotAMoment));
}

#[test]
fn money() {
    use DecimalSign::{Comma, Point};
    let cases = [
        ("1,234.50", Point, 123_450, None),
        ("1.234,50", Comma, 123_450, None),
        ("￥1,234.5", Point, 123_450, None),
        ("¥ 12", Point, 1200, None),
        ("CNY 12.00", Point, 1200, Some("CNY")),
        ("12元", Point, 1200, Some("CNY")),
        ("1.2万", Point, 1_200_000, None),
        ("3.5万元", Point, 3_500_000, Some("CNY")),
        ("2亿", Point, 20_000_000_000, None),
        ("１２．５０", Point, 1250, None),
        ("(100)", Point, -10_000, None),
        ("-0.01", Point, -1, None),
        ("100-", Point, -10_000, None),
        ("$5", Point, 500, None),
        ("1 234,50 €", Comma, 123_450, Some("EUR")),
        ("1'234.50", Point, 123_450, None),
        (".5", Point, 50, None),
        ("12.5000", Point, 1250, None),
        ("+7", Point, 700, None),
        ("92233720368547758.07", Point, i64::MAX, None),
    ];
    for (text, sign, minor, currency) in cases {
        let amount = money_parse(text, sign, 2).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        assert_eq!((amount.minor, amount.currency), (minor, currency), "{text}");
    }
    let faults = [
        ("", ValueFault::NotANumber),
        ("abc", ValueFault::NotANumber),
        ("1.234", ValueFault::TooPrecise { places: 2 }),
        ("1,23.50", ValueFault::BadGrouping),
        ("1,2345", ValueFault::BadGrouping),
        ("1.2E+3", ValueFault::Scientific),
        ("92233720368547758.08", ValueFault::OutOfRange),
        ("--5", ValueFault::NotANumber),
        ("12.3.4", ValueFault::NotANumber),
        ("50%", ValueFault::NotANumber),
    ];
    for (text, fault) in faults {
        assert_eq!(money_parse(text, Point, 2).map(|amount| amount.minor), Err(fault), "{text}");
    }
    assert_eq!(money_parse("1200", Point, 0).unwrap().minor, 1200);
    assert_eq!(quantity_parse("2", Point), Ok(2000));
    assert_eq!(quantity_parse("0.125", Point), Ok(125));
    assert_eq!(decimal_parse("-1,5", Comma, 3), Ok(-1500));
}

#[test]
fn truth_and_phones() {
    for text in ["是", "YES", " y ", "1", "true", "√"] {
        assert_eq!(bool_parse(text), Ok(true), "{text}");
    }
    for text in ["否", "no", "0", "False"] {
        assert_eq!(bool_parse(text), Ok(false), "{text}");
    }
    assert_eq!(bool_parse("maybe"), Err(ValueFault::NotABool));
    assert_eq!(phone_clean("0532-8888"), Ok("0532-8888".into()));
    assert_eq!(phone_clean("１３８００１３８０００"), Ok("13800138000".into()));
    assert_eq!(phone_clean("13800138000.0"), Ok("13800138000".into()));
    assert_eq!(phone_clean("1.38E+10"), Err(ValueFault::Scientific));
}

#[test]
fn shapes() {
    let cases = [
        ("13800138000", Shape::Phone),
        ("+86 138 0013 8000", Shape::Phone),
        ("0532-88886666", Shape::Phone),
        ("a@b.cn", Shape::Email),
        ("2024-06-08", Shape::Date),
        ("19970101", Shape::Date),
        ("6/8/2024", Shape::Date),
        ("29.33", Shape::Number),
        ("00004", Shape::Number),
        ("￥1,200", Shape::Number),
        ("张三", Shape::Text),
        ("", Shape::Blank),
        ("1997", Shape::Number),
    ];
    for (text, shape) in cases {
        assert_eq!(shape_of(text), shape, "{text}");
    }
}

fn suggest(resource: ImportResource, heads: &[&str]) -> Vec<Option<String>> {
    let columns: Vec<Column> = heads.iter().map(|name| Column { name: (*name).to_owned(), samples: vec![] }).collect();
    mapping_suggest(resource, &columns, &[])
}

fn some(keys: &[&str]) -> Vec<Option<String>> {
    keys.iter().map(|key| (!key.is_empty()).then(|| (*key).to_owned())).collect()
}

#[test]
fn headings_suggest_fields() {
    use ImportResource::{Contacts, Customers, Orders, Products};
    let cases: [(ImportResource, &[&str], &[&str]); 7] = [
        (
            Customers,
            &["客户编号", "客户名称", "手机号码(必填)", "邮箱", "性别", "生日", "标签", "地址", "负责人", "备注"],
            &["code", "name", "phone", "email", "gender", "birthday", "tags", "street", "owner", "note"],
        ),
        (
            Customers,
            &["ID", "Full Name", "Mobile", "Phone 2", "E-mail", "Notes", "whatever", "_reason"],
            &["code", "name", "phone", "phone", "email", "note", "", ""],
        ),
        (Customers, &["姓名", "客户", "电话1", "电话2"], &["name", "", "phone", "phone"]),
        (
            Contacts,
            &["公司名称", "联系人", "职务", "电话", "客户编号"],
            &["organization_name", "name", "title", "phone", "organization_code"],
        ),
        (
            Products,
            &["SKU", "品名", "品牌", "分类", "单位", "单价", "成本"],
            &["code", "name", "brand", "category", "unit_of_measure", "price", "cost"],
        ),
        (
            Orders,
            &["订单号", "客户编号", "下单日期", "商品编号", "数量", "单价", "金额"],
            &["order_code", "customer_code", "ordered_on", "product_code", "quantity", "price", "amount"],
        ),
        (
            Orders,
            &["InvoiceNo", "Customer ID", "InvoiceDate", "Description", "Qty", "Unit Price"],
            &["order_code", "customer_code", "ordered_on", "product_name", "quantity", "price"],
        ),
    ];
    for (resource, heads, expected) in cases {
        assert_eq!(suggest(resource, heads), some(expected), "{heads:?}");
    }
}

#[test]
fn values_suggest_fields_where_headings_are_silent() {
    let column = |name: &str, samples: &[&str]| Column {
        name: name.to_owned(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
    };
    let columns = [column("A", &["张三"]), column("B", &["13800138000", ""]), column("C", &["a@b.cn"])];
    assert_eq!(mapping_suggest(ImportResource::Customers, &columns, &[]), some(&["", "phone", "email"]));

    let log = [
        column("", &["00004"]),
        column("", &["0001"]),
        column("", &["19970101"]),
        column("", &["2"]),
        column("", &["29.33"]),
    ];
    assert_eq!(
        mapping_suggest(ImportResource::Orders, &log, &[]),
        some(&["customer_code", "", "ordered_on", "quantity", "amount"])
    );

    let custom = [CustomTarget { key: "fur".into(), label_zh: "皮草尺码".into(), label_en: "Fur size".into() }];
    let columns = [column("皮草 尺码", &[]), column("name", &[])];
    assert_eq!(mapping_suggest(ImportResource::Customers, &columns, &custom), some(&["custom.fur", "name"]));
}

#[test]
fn every_target_answers_to_itself_and_to_nothing_twice() {
    for resource in ImportResource::ALL {
        let mut seen = std::collections::HashMap::new();
        for target in resource.targets() {
            assert!(
                target.answers_to(target.key)
                    && target.answers_to(target.label_zh)
                    && target.answers_to(target.label_en)
            );
            for name in [target.key, target.label_zh, target.label_en] {
                if let Some(other) = seen.insert(heading_key(name), target.key) {
                    assert_eq!(other, target.key, "{name} in {}", resource.name());
                }
            }
        }
        assert_eq!(ImportResource::parse(resource.name()), Some(resource));
    }
}

#[test]
fn options_follow_the_samples() {
    assert_eq!(decimal_suggest(["1.234,50", "12"].into_iter()), DecimalSign::Comma);
    assert_eq!(decimal_suggest(["1,234.50", "12"].into_iter()), DecimalSign::Point);
    assert_eq!(date_order_suggest(["6/8/2024", "13/8/2024"].into_iter()), DateOrder::Dmy);
    assert_eq!(date_order_suggest(["6/8/2024", "6/28/2024"].into_iter()), DateOrder::Mdy);
    assert_eq!(date_order_suggest(["2024-01-01"].into_iter()), DateOrder::Ymd);
}
