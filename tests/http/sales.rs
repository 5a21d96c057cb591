//! Orders: exact money, payments, returns, states, walls.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

both!(
    an_order_adds_up,
    money_moves_within_limits,
    goods_come_back_within_limits,
    states_follow_one_another,
    lines_change_while_an_order_is_open,
    codes_are_given_once,
    an_order_is_entered_once_for_a_key,
    orders_are_listed_by_what_is_asked,
    walls_stand_around_orders,
    another_currency_counts_in_the_companys,
    custom_values_go_with_orders_and_products,
);

pub fn yuan(amount: &str) -> Value {
    json!({"amount": amount, "currency": "CNY"})
}

pub fn customer(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({"kind": "person", "name": name})).ok(201)["id"].clone()
}

/// An order of one thing.
pub fn simple(client: &Client, customer: &Value, amount: &str) -> Value {
    let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan(amount)}]);
    client.post("/orders", json!({"customer_id": customer, "lines": lines})).ok(201)
}

fn place(order: &Value) -> String {
    format!("/orders/{}", order["id"].as_str().expect("an id"))
}

fn an_order_adds_up(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let product = json!({"code": "NT-1", "name": "拿铁", "price": yuan("32.50"), "cost": yuan("11.10")});
    let product = founder.post("/products", product).ok(201);
    let body = json!({
        "customer_id": zhang,
        "lines": [
            {"product_id": product["id"], "quantity": "3", "discount": yuan("2.50")},
            {"name": "散称", "quantity": "0.335", "price": yuan("10.00"), "cost": yuan("4")},
        ],
        "order_discount": yuan("1"),
        "channel": "store",
    });
    let order = founder.post("/orders", body.clone()).ok(201);
    let line = &order["lines"][0];
    assert_eq!(
        (&line["name"], &line["product_code"], &line["price"]),
        (&json!("拿铁"), &json!("NT-1"), &yuan("32.50"))
    );
    assert_eq!(line["amount"], yuan("95.00"));
    assert_eq!(order["lines"][1]["amount"], yuan("3.35"), "0.335 × 10 is 3.35 exactly");
    assert_eq!((&order["gross"], &order["discount"], &order["net"]), (&yuan("100.85"), &yuan("3.50"), &yuan("97.35")));
    assert_eq!(order["cost"], yuan("34.64"), "3 × 11.10 + 0.335 × 4");
    assert_eq!((&order["balance"], &order["status"]), (&yuan("97.35"), &json!("confirmed")));
    assert_eq!(order["customer"]["name"], "张伟");

    let product_path = format!("/products/{}", product["id"].as_str().expect("an id"));
    founder.patch(&product_path, &json!(1), json!({"name": "改名", "price": yuan("99")})).expect(200);
    let again = founder.get(&place(&order)).ok(200);
    assert_eq!(again["lines"], order["lines"], "the order remembers what it was");

    let mut wrong = body;
    wrong["lines"] = json!([{"quantity": "0", "price": yuan("1"), "name": "a"}, {"quantity": "1"},
        {"name": "b", "quantity": "1", "price": yuan("1"), "discount": yuan("2")}]);
    let refusal = founder.post("/orders", wrong).ok(422);
    let pointers: Vec<&str> =
        refusal["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    for pointer in ["/lines/0/quantity", "/lines/1/name", "/lines/1/price", "/lines/2/discount"] {
        assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
    }
}

fn money_moves_within_limits(site: &Site) {
    let founder = site.founder();
    let order = simple(&founder, &customer(&founder, "张伟"), "100");
    let payments = format!("{}/payments", place(&order));
    let pay = |amount: &str| founder.post(&payments, json!({"amount": yuan(amount), "method": "wechat"}));
    assert_eq!(pay("100.01").ok(422)["errors"][0]["code"], "amount_at_most");
    assert_eq!(pay("0").ok(422)["errors"][0]["pointer"], "/amount");
    assert_eq!(pay("60").ok(200)["balance"], yuan("40.00"));
    pay("40.01").expect(422);
    pay("-60.01").expect(422);
    let refunded = pay("-10").ok(200);
    assert_eq!((&refunded["paid"], &refunded["balance"]), (&yuan("50.00"), &yuan("50.00")));
    assert_eq!(refunded["payments"].as_array().map(Vec::len), Some(2));
    assert_eq!(founder.delete(&place(&order), &refunded["version"]).ok(409)["code"], "order_paid");
    let dollars = json!({"amount": {"amount": "1", "currency": "USD"}});
    assert_eq!(founder.post(&payments, dollars).ok(422)["errors"][0]["code"], "currency_mismatch");
}

fn goods_come_back_within_limits(site: &Site) {
    let founder = site.founder();
    let lines = json!([{"name": "三件", "quantity": "3", "price": yuan("3.34"), "discount": yuan("0.02")}]);
    let body = json!({"customer_id": customer(&founder, "张伟"), "lines": lines});
    let order = founder.post("/orders", body).ok(201);
    assert_eq!(order["net"], yuan("10.00"));
    let returns = format!("{}/returns", place(&order));
    let back = |body: Value| founder.post(&returns, body);
    assert_eq!(back(json!({"line_id": 1, "quantity": "3.001"})).ok(422)["errors"][0]["code"], "amount_at_most");
    assert_eq!(back(json!({"line_id": 9, "quantity": "1"})).ok(422)["errors"][0]["pointer"], "/line_id");
    assert_eq!(back(json!({"line_id": 1, "quantity": "1", "amount": yuan("10.01")})).status, 422);
    let mut sum = 0.0;
    for part in 1..=3 {
        let order = back(json!({"line_id": 1, "quantity": "1", "reason": "尺寸"})).ok(200);
        let amount = order["returns"][part - 1]["amount"]["amount"].as_str().expect("an amount");
        sum += amount.parse::<f64>().expect("a number");
    }
    assert!((sum - 10.0).abs() < 1e-9, "thirds add up to the whole");
    back(json!({"line_id": 1, "quantity": "0.001"})).expect(422);
    back(json!({"amount": yuan("0.01")})).expect(422);
    let order = founder.get(&place(&order)).ok(200);
    assert_eq!((&order["returned"], &order["balance"]), (&yuan("10.00"), &yuan("0.00")));
}

fn states_follow_one_another(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let order = simple(&founder, &zhang, "100");
    let status = format!("{}/status", place(&order));
    let to = |status_key: &str| founder.post(&status, json!({"status": status_key}));
    assert_eq!(order["next_statuses"], json!(["delivered", "completed", "cancelled", "draft"]));
    assert_eq!(to("delivered").ok(200)["status"], "delivered");
    assert_eq!(to("cancelled").ok(409)["code"], "wrong_state");
    assert_eq!(to("nowhere").ok(422)["errors"][0]["pointer"], "/status");
    let delivered = founder.get(&place(&order)).ok(200);
    let refusal = founder.patch(&place(&order), &delivered["version"], json!({"lines": []})).ok(409);
    assert_eq!(refusal["code"], "wrong_state");
    let noted = founder.patch(&place(&order), &delivered["version"], json!({"note": "放门口"})).ok(200);
    assert_eq!(noted["note"], "放门口");
    to("completed").expect(200);
    to("delivered").expect(200);
    to("confirmed").expect(200);
    founder.post(&format!("{}/payments", place(&order)), json!({"amount": yuan("1")})).expect(200);
    assert_eq!(to("cancelled").ok(409)["code"], "order_paid");
    founder.post(&format!("{}/payments", place(&order)), json!({"amount": yuan("-1")})).expect(200);
    to("cancelled").expect(200);
    let refusal = founder.post(&format!("{}/payments", place(&order)), json!({"amount": yuan("1")})).ok(409);
    assert_eq!(refusal["code"], "wrong_state");
    let version = founder.get(&place(&order)).ok(200)["version"].clone();
    founder.delete(&place(&order), &version).expect(204);
    founder.get(&place(&order)).expect(404);

    let draft = founder.post("/orders", json!({"customer_id": zhang, "status": "draft", "lines": []})).ok(201);
    let refusal = founder.post(&format!("{}/status", place(&draft)), json!({"status": "confirmed"})).ok(422);
    assert_eq!(refusal["errors"][0]["pointer"], "/lines", "nothing is bought with nothing");
}

fn lines_change_while_an_order_is_open(site: &Site) {
    let founder = site.founder();
    let lines = json!([{"name": "a", "quantity": "1", "price": yuan("10")}, {"name": "b", "quantity": "2", "price": yuan("5")}]);
    let order = founder.post("/orders", json!({"customer_id": customer(&founder, "张伟"), "lines": lines})).ok(201);
    founder.post(&format!("{}/returns", place(&order)), json!({"line_id": 2, "quantity": "1"})).expect(200);
    let patch = |version: i64, lines: Value| founder.patch(&place(&order), &json!(version), json!({"lines": lines}));
    patch(1, json!([])).expect(412);
    let without = json!([{"id": 1, "name": "a", "quantity": "1", "price": yuan("10")}]);
    assert_eq!(patch(2, without).ok(422)["errors"][0]["code"], "line_returned");
    let changed = json!([{"id": 2, "name": "b", "quantity": "3", "price": yuan("5")}, {"name": "c", "quantity": "1", "price": yuan("1")}]);
    let changed = patch(2, changed).ok(200);
    let ids: Vec<&Value> = changed["lines"].as_array().expect("lines").iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, [&json!(2), &json!(3)], "numbers stay and are not used again");
    assert_eq!((&changed["net"], &changed["balance"]), (&yuan("16.00"), &yuan("11.00")));
    let twice = json!([{"id": 2, "name": "b", "quantity": "1", "price": yuan("5")}, {"id": 2, "name": "b", "quantity": "1", "price": yuan("5")}]);
    assert_eq!(patch(3, twice).ok(422)["errors"][0]["code"], "duplicate");
}

fn codes_are_given_once(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    assert_eq!(simple(&founder, &zhang, "1")["code"], "O-01-000001");
    let given = |code: &str| {
        let lines = json!([{"name": "a", "quantity": "1", "price": yuan("1")}]);
        founder.post("/orders", json!({"customer_id": zhang, "code": code, "lines": lines}))
    };
    given("O-01-000002").expect(201);
    assert_eq!(given("O-01-000002").ok(409)["code"], "code_taken");
    assert_eq!(simple(&founder, &zhang, "1")["code"], "O-01-000003", "the one given by hand is stepped over");
}

fn an_order_is_entered_once_for_a_key(site: &Site) {
    let founder = site.founder();
    let lines = json!([{"name": "a", "quantity": "1", "price": yuan("1")}]);
    let body = json!({"customer_id": customer(&founder, "张伟"), "lines": lines});
    let once = [("idempotency-key", "k1")];
    let first = founder.send("POST", "/orders", Some(&body), &once).ok(201);
    let second = founder.send("POST", "/orders", Some(&body), &once).ok(201);
    assert_eq!(first, second);
    assert_eq!(founder.all("/orders", 50).len(), 1);
}

fn orders_are_listed_by_what_is_asked(site: &Site) {
    let founder = site.founder();
    let (zhang, li) = (customer(&founder, "张伟"), customer(&founder, "李娜"));
    for (customer, on, amount) in
        [(&zhang, "2025-03-01", "10"), (&zhang, "2025-01-01", "30"), (&li, "2025-02-01", "20")]
    {
        let lines = json!([{"name": "a", "quantity": "1", "price": yuan(amount)}]);
        let body = json!({"customer_id": customer, "ordered_on": on, "lines": lines});
        founder.post("/orders", body).expect(201);
    }
    let nets = |query: &str| -> Vec<String> {
        let items = founder.all(&format!("/orders?{query}"), 2);
        items.iter().map(|item| item["net"]["amount"].as_str().expect("a net").to_string()).collect()
    };
    assert_eq!(nets(""), ["10.00", "20.00", "30.00"], "the latest first");
    assert_eq!(nets("sort=-net"), ["30.00", "20.00", "10.00"]);
    assert_eq!(nets(&format!("filter[customer]={}", zhang.as_str().expect("an id"))), ["10.00", "30.00"]);
    assert_eq!(nets("filter[ordered_on][lt]=2025-02-15&sort=net"), ["20.00", "30.00"]);
    assert_eq!(nets("q=li%20na"), ["20.00"]);
    assert_eq!(nets("q=o-01-000002"), ["30.00"]);
    let page = founder.get("/orders?count=true&limit=1&filter[balance][gte]=20").ok(200);
    assert_eq!(page["total"], 2);
    let future = json!({"customer_id": zhang, "ordered_on": "2999-01-01", "lines": [{"name": "a", "quantity": "1", "price": yuan("1")}]});
    assert_eq!(founder.post("/orders", future).ok(422)["errors"][0]["code"], "date_in_future");
}

fn walls_stand_around_orders(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let member = founder.role("member");
    founder.user_new("chen", &department, &[&member]);
    founder.user_new("wu", &department, &[&member]);
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.user_new("he", &foreign, &[&founder.role("unit_head")]);
    let [chen, wu, he] = ["chen", "wu", "he"].map(|login| site.sign_in(login));

    let hers = customer(&chen, "她的客户");
    let order = simple(&chen, &hers, "10");
    let path = place(&order);
    chen.get(&path).expect(200);
    for other in [&wu, &he] {
        other.get(&path).expect(404);
        other.patch(&path, &json!(1), json!({"note": "x"})).expect(404);
        other.delete(&path, &json!(1)).expect(404);
        other.post(&format!("{path}/payments"), json!({"amount": yuan("1")})).expect(404);
        assert!(other.all("/orders", 50).is_empty());
        let lines = json!([{"name": "a", "quantity": "1", "price": yuan("1")}]);
        let refusal = other.post("/orders", json!({"customer_id": hers, "lines": lines})).ok(422);
        assert_eq!(refusal["errors"][0]["code"], "unknown_reference", "a customer out of sight is no customer");
    }
    let wu_id = wu.get("/me").ok(200)["id"].clone();
    let he_id = he.get("/me").ok(200)["id"].clone();
    assert_eq!(chen.patch(&path, &json!(1), json!({"owner_id": he_id})).ok(422)["errors"][0]["pointer"], "/owner_id");
    founder.patch(&path, &json!(1), json!({"owner_id": wu_id})).expect(200);
    let seen = wu.get(&path).ok(200);
    assert_eq!(seen["customer"]["name"], "", "the order is theirs, its customer is not");
    chen.get(&path).expect(404);
}

fn another_currency_counts_in_the_companys(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let dollars = |amount: &str| json!({"amount": amount, "currency": "USD"});
    let mut body = json!({"customer_id": zhang, "currency": "USD",
        "lines": [{"name": "a", "quantity": "1", "price": dollars("10.01"), "discount": dollars("0.01")}]});
    assert_eq!(founder.post("/orders", body.clone()).ok(422)["errors"][0]["pointer"], "/exchange_rate");
    body["exchange_rate"] = json!("7.1234");
    let order = founder.post("/orders", body.clone()).ok(201);
    assert_eq!((&order["net"], &order["net_base"]), (&dollars("10.00"), &yuan("71.24")), "71.31 less 0.07");
    body["currency"] = json!("JPY");
    founder.post("/orders", body).expect(422);
}

fn custom_values_go_with_orders_and_products(site: &Site) {
    let founder = site.founder();
    for (resource, key, kind) in [("order", "gift", "bool"), ("order", "po", "text"), ("product", "shelf", "text")] {
        let field = json!({"resource": resource, "key": key, "label_zh": key, "label_en": key, "type": kind,
            "unique": key == "shelf"});
        founder.post("/custom-fields", field).expect(201);
    }
    let product = json!({"code": "NT-1", "name": "拿铁", "price": yuan("10"), "custom": {"shelf": "A-1"}});
    let product = founder.post("/products", product).ok(201);
    assert_eq!(product["custom"], json!({"shelf": "A-1"}));
    let twin = json!({"code": "NT-2", "name": "拿铁", "custom": {"shelf": "a-1"}});
    assert_eq!(founder.post("/products", twin).ok(409)["code"], "value_taken");
    let found = founder.get("/products?filter[custom.shelf]=A-1").ok(200);
    assert_eq!(found["items"][0]["custom"]["shelf"], "A-1");
    let path = format!("/products/{}", product["id"].as_str().expect("an id"));
    assert_eq!(founder.patch(&path, &json!(1), json!({"custom": {"shelf": null}})).ok(200)["custom"], json!({}));

    let lines = json!([{"product_id": product["id"], "quantity": "1"}]);
    let mut body = json!({"customer_id": customer(&founder, "张伟"), "lines": lines, "custom": {"gift": "maybe"}});
    assert_eq!(founder.post("/orders", body.clone()).ok(422)["errors"][0]["pointer"], "/custom/gift");
    body["custom"] = json!({"gift": true, "po": "7"});
    body["channel"] = json!("moon");
    assert_eq!(founder.post("/orders", body.clone()).ok(422)["errors"][0]["pointer"], "/channel");
    body["channel"] = json!("store");
    let order = founder.post("/orders", body).ok(201);
    assert_eq!(order["custom"], json!({"gift": true, "po": "7"}));
    founder.post(&format!("{}/status", place(&order)), json!({"status": "completed"})).expect(200);
    let changed = founder.patch(&place(&order), &json!(2), json!({"custom": {"po": "8"}})).ok(200);
    assert_eq!(changed["custom"], json!({"gift": true, "po": "8"}));
    assert_eq!(founder.all("/orders?filter[custom.po]=8", 10).len(), 1);
}
