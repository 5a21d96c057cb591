//! Durables through HTTP: what a buyer is expected to bring yet is what the company says of one, part by part; who
//! bought of which group is told by orders; settings are checked.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::outlook::{evaluate, settings};
use crate::sales::{customer, yuan};

both!(a_buyer_is_worth_units_and_what_comes_with_them, durables_are_checked, durables_stay_within_walls);

fn product(client: &Client, code: &str, category: &Value) -> Value {
    let body = json!({"code": code, "name": code, "price": yuan("180000.00"), "category_id": category});
    client.post("/products", body).ok(201)["id"].clone()
}

fn category(client: &Client, name: &str, parent: &Value) -> Value {
    client.post("/categories", json!({"name": name, "parent_id": parent})).ok(201)["id"].clone()
}

fn buys(client: &Client, customer: &Value, product: &Value, on: &str) -> Value {
    let lines = json!([{"product_id": product, "quantity": "1", "price": yuan("180000.00")}]);
    let order = json!({"customer_id": customer, "status": "confirmed", "ordered_on": on, "lines": lines});
    client.post("/orders", order).ok(201)
}

fn group(key: &str, categories: &[&Value], units: i64) -> Value {
    json!({
        "key": key, "name_zh": "轿车", "name_en": "Cars", "category_ids": categories, "product_ids": [], "units": units,
        "price": 18_000_000, "parts": 1_200_000, "service": 2_400_000, "finance": 900_000,
    })
}

fn metrics(client: &Client, customer: &Value) -> Value {
    client.get(&format!("/customers/{}/card", customer.as_str().expect("an id"))).ok(200)["metrics"].clone()
}

fn held(client: &Client) -> Vec<(Value, Value, Value)> {
    let list = client.get("/insight/lifetime/durables").ok(200);
    let items = list["items"].as_array().expect("items").iter();
    items.map(|one| (one["settings"]["key"].clone(), one["customers"].clone(), one["total"]["amount"].clone())).collect()
}

fn a_buyer_is_worth_units_and_what_comes_with_them(site: &Site) {
    let founder = site.founder();
    let cars = category(&founder, "轿车", &Value::Null);
    let (family, vans) = (category(&founder, "家用", &cars), category(&founder, "货车", &Value::Null));
    let (car, van) = (product(&founder, "CAR", &family), product(&founder, "VAN", &vans));
    let tea = product(&founder, "TEA", &category(&founder, "茶", &Value::Null));
    let people = ["张伟", "李娜", "王芳", "赵敏"].map(|name| customer(&founder, name));
    let [zhang, li, wang, zhao] = &people;
    buys(&founder, zhang, &car, "2024-05-01");
    buys(&founder, li, &van, "2023-05-01");
    buys(&founder, li, &car, "2025-05-01");
    buys(&founder, wang, &tea, "2025-05-01");
    let returned = buys(&founder, zhao, &car, "2025-05-01");
    let back = json!({"line_id": 1, "quantity": "1"});
    founder.post(&format!("/orders/{}/returns", returned["id"].as_str().expect("an id")), back).expect(200);

    settings(&founder, json!({"durables": [group("car", &[&cars], 1_500), group("van", &[&vans], 333)]}));
    evaluate(site);
    // 1.5 × 180,000.00 + 12,000.00 + 24,000.00 + 9,000.00
    let durable = |value: &str| json!({"key": "car", "name_zh": "轿车", "name_en": "Cars", "value": yuan(value)});
    for buyer in [zhang, li] {
        assert_eq!(metrics(&founder, buyer)["durable"], durable("315000.00"));
    }
    for other in [wang, zhao] {
        assert_eq!(metrics(&founder, other)["durable"], Value::Null);
    }
    assert_eq!(
        held(&founder),
        [(json!("car"), json!(2), json!("630000.00")), (json!("van"), json!(0), json!("0.00"))]
    );
    let list = founder.get("/insight/lifetime/durables").ok(200);
    assert_eq!(list["items"][0]["units_value"], yuan("270000.00"));
    let condition: String =
        list["items"][0]["condition"].to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let found = founder.get(&format!("/customers?count=true&filter={condition}&sort=-metrics.durable_value")).ok(200);
    assert_eq!(found["total"], 2);

    // Said anew, it is worth something else from the next evaluation on; a group that is gone is nobody's.
    settings(&founder, json!({"durables": [group("van", &[&vans], 0)]}));
    assert_eq!(metrics(&founder, zhang)["durable"]["name_zh"], "");
    evaluate(site);
    assert_eq!(metrics(&founder, zhang)["durable"], Value::Null);
    assert_eq!(metrics(&founder, li)["durable"]["value"], yuan("45000.00"));
    assert_eq!(held(&founder), [(json!("van"), json!(1), json!("45000.00"))]);
}

fn durables_are_checked(site: &Site) {
    let founder = site.founder();
    let cars = category(&founder, "轿车", &Value::Null);
    let version = founder.get("/settings").ok(200)["version"].clone();
    let put =
        |durables: Value| founder.patch("/settings", &version, json!({"settings": {"insight": {"durables": durables}}}));
    for (key, value, code) in [
        ("key", json!("Zwei Worte"), "wrong_shape"),
        ("name_zh", json!(""), "required"),
        ("category_ids", json!([]), "required"),
        ("units", json!(100_001), "out_of_range"),
        ("price", json!(-1), "out_of_range"),
        ("finance", json!(1_000_000_000_001_i64), "out_of_range"),
    ] {
        let mut one = group("car", &[&cars], 1_000);
        one[key] = value;
        let refused = put(json!([one])).ok(422);
        assert_eq!(refused["errors"][0]["pointer"], format!("/settings/insight/durables/0/{key}"), "{refused}");
        assert_eq!(refused["errors"][0]["code"], code);
    }
    let unknown = put(json!([group("car", &[&json!("0190a2b4-0000-7000-8000-000000000000")], 1)])).ok(422);
    assert_eq!(unknown["errors"][0]["pointer"], "/settings/insight/durables/0/category_ids/0");
    let twice = put(json!([group("car", &[&cars], 1), group("car", &[&cars], 2)])).ok(422);
    assert_eq!(twice["errors"][0]["code"], "duplicate");
    put(json!([group("car", &[&cars], 1)])).expect(200);
    let fields = founder.get("/condition-fields?resource=customers").ok(200)["items"].clone();
    let field = fields.as_array().and_then(|all| all.iter().find(|one| one["field"] == "metrics.durable").cloned());
    assert_eq!(field.expect("a field")["options"], json!([{"value": "car", "label": "Cars"}]));
}

fn durables_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let cars = category(&founder, "轿车", &Value::Null);
    let car = product(&founder, "CAR", &cars);
    buys(&founder, &customer(&founder, "张伟"), &car, "2024-05-01");
    settings(&founder, json!({"durables": [group("car", &[&cars], 1_000)]}));
    while jobs_run_due(&site.app).expect("work") > 0 {}
    evaluate(site);
    assert_eq!(held(&founder)[0].1, 1);
    let elsewhere = founder.department_new(&founder.unit_new("HZ"), "HZ1");
    founder.user_new("elsewhere", &elsewhere, &[&founder.role("unit_head")]);
    assert_eq!(held(&site.sign_in("elsewhere"))[0].1, 0);
    assert_eq!(held(&site.person("chen", "member"))[0].1, 0);
}
