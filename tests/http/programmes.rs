//! Bill-paying programmes through HTTP: the published cohort gives the published parameters, bills stay out of what is
//! expected of other purchases, settings are checked.

use std::fmt::Write;

use chrono::{Datelike, Months, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imports::{path_of, perform, upload};
use crate::outlook::{evaluate, settings};
use crate::sales::{customer, yuan};

both!(
    the_published_cohort_gives_the_published_parameters,
    bills_and_other_purchases_add_up,
    a_missed_bill_is_a_loss,
    programmes_are_checked,
    programmes_stay_within_walls,
);

/// Fader & Hardie (2007), table 1: of 1,000 who began, how many were there 1 to 7 years on. The parameters and ln L of
/// the segment "high end" fitted to all seven years are .668, 3.806 and −1,611.2.
const HIGH_END: [usize; 8] = [1000, 869, 743, 653, 593, 551, 517, 491];

fn product(client: &Client, code: &str, category: Option<&Value>) -> Value {
    let body = json!({"code": code, "name": code, "price": yuan("1200.00"), "category_id": category});
    client.post("/products", body).ok(201)["id"].clone()
}

fn programme(product: &Value, months: u32, grace: u32) -> Value {
    json!({
        "key": "care", "name_zh": "维保合约", "name_en": "Maintenance", "category_ids": [], "product_ids": [product],
        "period_months": months, "grace_days": grace,
    })
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

fn amount(value: &Value) -> f64 {
    value["amount"].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("money: {value}"))
}

fn work(site: &Site) {
    while jobs_run_due(&site.app).expect("work") > 0 {}
}

fn metrics(client: &Client, customer: &Value) -> Value {
    client.get(&format!("/customers/{}/card", customer.as_str().expect("an id"))).ok(200)["metrics"].clone()
}

fn asked(filter: &Value) -> String {
    filter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn counted(client: &Client, filter: Value) -> Value {
    client.get(&format!("/customers?count=true&limit=1&filter={}", asked(&filter))).ok(200)["total"].clone()
}

fn the_published_cohort_gives_the_published_parameters(site: &Site) {
    let founder = site.founder();
    let care = product(&founder, "CARE", None);
    settings(&founder, json!({"programmes": [programme(&care, 12, 30)], "lifetime": {"holdout_days": 1096}}));
    let mut text = String::from("客户编号,下单日期,商品编号,数量,金额\n");
    for place in 0..1000 {
        for (year, _) in HIGH_END.iter().enumerate().filter(|(_, left)| place < **left) {
            writeln!(text, "M{place:04},{}-03-01,CARE,1,1200", 2015 + year).expect("a row");
        }
    }
    let import = upload(&founder, "orders", "bills.csv", text.as_bytes());
    let options = json!({"mapping": {"options": {"create_missing_customers": true}}});
    let import = founder.patch(&path_of(&import), &import["version"], options).ok(200);
    let done = perform(site, &founder, &import, "run");
    assert_eq!(done["counts"]["create"], HIGH_END.iter().sum::<usize>());
    work(site);
    founder.post("/insight/lifetime/fits", json!({"as_of": "2022-06-01"})).expect(202);
    work(site);

    let listed = founder.get("/insight/lifetime/programmes").ok(200)["items"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let one = &listed[0];
    assert_eq!((&one["settings"]["key"], &one["as_of"]), (&json!("care"), &json!("2022-06-01")));
    assert_eq!((&one["used"], &one["shortfall"]), (&json!(true), &Value::Null));
    assert_eq!((&one["contracts"], &one["running"], &one["left"]), (&json!(1000), &json!(491), &json!(509)));
    let (alpha, beta) = (number(&one["parameters"]["alpha"]), number(&one["parameters"]["beta"]));
    assert!((alpha - 0.668).abs() < 5e-4 && (beta - 3.806).abs() < 5e-4, "{alpha} {beta}");
    assert!((number(&one["log_likelihood"]) + 1_611.158).abs() < 1e-3);
    assert!(number(&one["standard_errors"]["alpha"]) > 0.0);
    assert_eq!(one["cohorts"], json!([{"from": "2015-01-01", "paying": HIGH_END}]));
    assert_eq!(one["bill"], yuan("1200.00"));
    for (year, left) in HIGH_END.iter().enumerate().skip(1) {
        let renewal = &one["renewals"][year - 1];
        assert_eq!((&renewal["renewal"], &renewal["renewed"]), (&json!(year), &json!(left)));
        let actual = *left as f64 / 1000.0;
        assert!((number(&renewal["staying"]) - actual).abs() < 1e-9);
        assert!((number(&renewal["fitted_staying"]) - actual).abs() < 0.02, "{renewal}");
    }
    let quality = &one["quality"];
    assert_eq!((&quality["contracts"], &quality["actual"]), (&json!(593), &json!(551 + 517 + 491)));
    assert_eq!(quality["model_nearer"], true);

    // What is left for BG/NBD: nobody, for bills are all they bought.
    let model = founder.get("/insight/lifetime").ok(200)["items"][0].clone();
    assert_eq!((&model["customers"], &model["purchases"]["used"]), (&json!(0), &json!(false)));

    assert_eq!(counted(&founder, one["condition"].clone()), 491);
    let basis = json!({"field": "metrics.lifetime_basis", "op": "eq", "value": "programme"});
    assert_eq!(counted(&founder, basis), 1000);
    let paying = asked(&one["condition"]);
    let best = founder
        .get(&format!("/customers?expand=metrics&sort=-metrics.programme_value&limit=1&filter={paying}"))
        .ok(200);
    let theirs = &best["items"][0]["metrics"];
    let renewed = (beta + 7.0) / (alpha + beta + 7.0);
    let months = f64::from((NaiveDate::from_ymd_opt(2023, 3, 1).expect("a day") - day(2022, 6, 1)).num_days() as i32);
    let worth = 1200.0 * renewed * 1.01f64.powf(-months / 30.4375);
    assert_eq!((&theirs["programme"]["key"], &theirs["programme"]["paid"]), (&json!("care"), &json!(8)));
    assert!((amount(&theirs["programme"]["value"]) - worth).abs() < 0.02, "{theirs} {worth}");
    assert_eq!(theirs["lifetime_value"], theirs["programme"]["value"], "nothing else is expected");
    assert!((number(&theirs["no_purchase"]) - (1.0 - renewed)).abs() < 1e-4);
    let tenure = &one["tenures"][0];
    assert_eq!((&tenure["paid"], &tenure["contracts"]), (&json!(8), &json!(491)));
    assert!((number(&tenure["next"]) - renewed).abs() < 1e-9);
    assert!((number(&tenure["remaining"]) - number(&theirs["programme"]["remaining"])).abs() < 1e-3);
    let code = asked(&json!({"field": "code", "op": "eq", "value": "M0999"}));
    let left = founder.get(&format!("/customers?expand=metrics&filter={code}")).ok(200)["items"][0]["metrics"].clone();
    assert_eq!((&left["programme"], &left["lifetime_value"]), (&Value::Null, &yuan("0.00")));
    assert_eq!(left["no_purchase"], 1.0, "who left a programme and buys nothing else");
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

/// An order of lines on a day so many months ago, on the first of the month.
fn buys(site: &Site, client: &Client, customer: &Value, ago: u32, lines: Value) {
    let on = today(site).checked_sub_months(Months::new(ago)).and_then(|on| on.with_day(1)).expect("a day");
    client.post("/orders", json!({"customer_id": customer, "ordered_on": on, "lines": lines})).expect(201);
}

fn bill(product: &Value) -> Value {
    json!({"product_id": product, "quantity": "1", "price": yuan("100.00")})
}

fn goods() -> Value {
    json!({"name": "杂货", "quantity": "1", "price": yuan("300.00")})
}

fn bills_and_other_purchases_add_up(site: &Site) {
    let founder = site.founder();
    let parent = founder.post("/categories", json!({"name": "服务"})).ok(201)["id"].clone();
    let under = founder.post("/categories", json!({"name": "会员", "parent_id": parent})).ok(201)["id"].clone();
    let card = product(&founder, "CARD", Some(&under));
    let [member, both, buyer] = ["张伟", "李娜", "王芳"].map(|name| customer(&founder, name));
    for ago in 0..7 {
        buys(site, &founder, &member, ago, json!([bill(&card)]));
    }
    for ago in 0..6 {
        buys(site, &founder, &both, ago, json!([bill(&card)]));
    }
    // One order of both, and one of nothing but goods.
    buys(site, &founder, &both, 12, json!([goods()]));
    buys(site, &founder, &both, 6, json!([bill(&card), goods()]));
    for ago in [12, 6] {
        buys(site, &founder, &buyer, ago, json!([goods()]));
    }
    evaluate(site);
    assert_eq!(founder.get("/insight/lifetime/programmes").ok(200)["items"], json!([]));
    assert_eq!(founder.get("/insight/lifetime").ok(200)["items"][0]["customers"], 3);
    let plain = metrics(&founder, &buyer);
    assert_eq!((&plain["lifetime_basis"], &plain["programme"]), (&json!("past_rate"), &Value::Null));

    // Named by the category above.
    let monthly = json!({
        "key": "club", "name_zh": "会员", "name_en": "Club", "category_ids": [parent], "product_ids": [],
        "period_months": 1, "grace_days": 20,
    });
    settings(&founder, json!({"programmes": [monthly]}));
    work(site);
    let one = founder.get("/insight/lifetime/programmes").ok(200)["items"][0].clone();
    assert_eq!((&one["used"], &one["shortfall"]), (&json!(false), &json!("too_few_contracts")));
    assert_eq!((&one["contracts"], &one["running"], &one["rate"]), (&json!(2), &json!(2), &json!(1.0)));
    assert_eq!((&one["bill"], &one["quality"]), (&yuan("100.00"), &Value::Null));
    let model = founder.get("/insight/lifetime").ok(200)["items"][0].clone();
    assert_eq!(model["customers"], 2, "who pays nothing but bills is none of BG/NBD's");

    let member = metrics(&founder, &member);
    assert_eq!(member["lifetime_basis"], "programme_rate");
    assert_eq!((&member["programme"]["paid"], &member["programme"]["name_en"]), (&json!(7), &json!("Club")));
    assert_eq!(member["programme"]["remaining"], 120.0, "nobody has left yet: ten years of months");
    assert_eq!(member["lifetime_value"], member["programme"]["value"]);
    let year = amount(&member["programme"]["value"]);
    assert!(year > 1100.0 && year < 1200.0, "twelve bills, discounted: {year}");
    let mixed = metrics(&founder, &both);
    assert_eq!(
        (&mixed["lifetime_basis"], &mixed["programme"]["value"]),
        (&json!("mixed"), &member["programme"]["value"])
    );
    let plain = metrics(&founder, &buyer);
    let apart = amount(&plain["lifetime_value"]) + year;
    assert!(
        (amount(&mixed["lifetime_value"]) - apart).abs() < 0.02,
        "goods are expected of them as of who buys goods only: {mixed} {plain}"
    );
    assert_eq!(mixed["alive"], plain["alive"]);
}

fn a_missed_bill_is_a_loss(site: &Site) {
    let founder = site.founder();
    let card = product(&founder, "CARD", None);
    settings(&founder, json!({"programmes": [programme(&card, 1, 10)]}));
    // Sixty begin together; a fifth misses the second bill, ever fewer the next ones.
    let people: Vec<Value> = (0..60).map(|place| customer(&founder, &format!("会员 {place}"))).collect();
    for (month, count) in (0..).zip([60, 48, 42, 38, 35, 33]) {
        for one in &people[..count] {
            buys(site, &founder, one, 7 - month, json!([bill(&card)]));
        }
    }
    let as_of = today(site).checked_sub_months(Months::new(2)).and_then(|on| on.with_day(20)).expect("a day");
    let fitted = || {
        founder.post("/insight/lifetime/fits", json!({"as_of": as_of})).expect(202);
        work(site);
        founder.get("/insight/lifetime/programmes").ok(200)["items"][0].clone()
    };
    let one = fitted();
    assert_eq!((&one["contracts"], &one["running"], &one["used"]), (&json!(60), &json!(33), &json!(true)), "{one}");
    assert_eq!((&one["renewals"][0]["renewed"], &one["renewals"][4]["renewed"]), (&json!(48), &json!(33)));
    assert_eq!((&one["tenures"][0]["paid"], &one["tenures"][0]["contracts"]), (&json!(6), &json!(33)));

    // Given back whole: that bill was not paid.
    let order = founder.get("/orders?sort=-ordered_on&limit=1").ok(200)["items"][0].clone();
    let path = format!("/orders/{}/returns", order["id"].as_str().expect("an id"));
    founder.post(&path, json!({"line_id": 1, "quantity": "1", "on": order["ordered_on"]})).expect(200);
    assert_eq!(fitted()["renewals"][4]["renewed"], 32);
}

fn programmes_are_checked(site: &Site) {
    let founder = site.founder();
    let card = product(&founder, "CARD", None);
    let version = founder.get("/settings").ok(200)["version"].clone();
    let put = |programmes: Value| {
        founder.patch("/settings", &version, json!({"settings": {"insight": {"programmes": programmes}}}))
    };
    let with = |key: &str, value: Value| {
        let mut one = programme(&card, 1, 10);
        one[key] = value;
        one
    };
    for (key, value, code) in [
        ("key", json!("Mit Leerzeichen"), "wrong_shape"),
        ("name_en", json!(""), "required"),
        ("period_months", json!(0), "out_of_range"),
        ("grace_days", json!(400), "out_of_range"),
    ] {
        let refused = put(json!([with(key, value)])).ok(422);
        assert_eq!(refused["errors"][0]["pointer"], format!("/settings/insight/programmes/0/{key}"), "{refused}");
        assert_eq!(refused["errors"][0]["code"], code);
    }
    let refused = put(json!([with("product_ids", json!([]))])).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/settings/insight/programmes/0/category_ids");
    let twice = put(json!([programme(&card, 1, 10), programme(&card, 12, 10)])).ok(422);
    assert_eq!(twice["errors"][0]["code"], "duplicate");
    let unknown = put(json!([with("product_ids", json!(["0190a2b4-0000-7000-8000-000000000000"]))])).ok(422);
    assert_eq!(unknown["errors"][0]["pointer"], "/settings/insight/programmes/0/product_ids/0");
    assert_eq!(unknown["errors"][0]["code"], "unknown_reference");
    put(json!([programme(&card, 1, 10)])).expect(200);
    put(json!([])).expect(412);
    let fields = founder.get("/condition-fields?resource=customers").ok(200)["items"].clone();
    let field = fields
        .as_array()
        .and_then(|all| all.iter().find(|one| one["field"] == "metrics.programme").cloned())
        .expect("a field");
    assert_eq!(field["options"], json!([{"value": "care", "label": "Maintenance"}]));
    let head = site.person("head", "member");
    head.patch("/settings", &json!(1), json!({"settings": {"insight": {"programmes": []}}})).expect(403);
}

fn programmes_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let card = product(&founder, "CARD", None);
    let zhang = customer(&founder, "张伟");
    buys(site, &founder, &zhang, 1, json!([bill(&card)]));
    settings(&founder, json!({"programmes": [programme(&card, 1, 40)]}));
    evaluate(site);
    let seen = |client: &Client| client.get("/insight/lifetime/programmes").ok(200)["items"].clone();
    assert_eq!(seen(&founder)[0]["contracts"], 1);
    assert_eq!(seen(&site.person("chen", "member"))[0]["contracts"], 1, "of the unit, as the other models");
    site.person("kefu", "service_agent").get("/insight/lifetime/programmes").expect(403);
}
