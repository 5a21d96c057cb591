//! Quotes: exact sums and taxes, what was sent stays as it was, versions, one order from one quote.

use regulars_persistence::Db;
use regulars_persistence::sql::Statement;
use regulars_tests::receiver::Receiver;
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::exports::exported;
use crate::sales::{customer, yuan};
use crate::webhooks::{endpoint, follow};

both!(
    a_quote_adds_up_and_says_its_taxes,
    what_was_sent_is_revised_not_edited,
    a_quote_becomes_one_order,
    an_expired_quote_is_revised_not_ordered,
    a_quote_belongs_to_an_opportunity_of_its_customer,
    options_of_a_product_are_chosen_and_priced,
    late_orders_are_found,
    quotes_go_with_their_customer,
    quotes_go_out_in_files_and_to_other_programs,
    a_company_keeps_what_it_wants_of_quotes,
);

trait Refused {
    fn refused(self, status: u16, code: &str);
}

impl Refused for Reply {
    #[track_caller]
    fn refused(self, status: u16, code: &str) {
        assert_eq!(self.ok(status)["code"], code);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn place(quote: &Value) -> String {
    format!("/quotes/{}", text(&quote["id"]))
}

fn line(name: &str, price: &str, rate: &str) -> Value {
    json!({"name": name, "quantity": "1", "price": yuan(price), "tax_rate": rate})
}

fn simple(client: &Client, customer: &Value) -> Value {
    client.post("/quotes", json!({"customer_id": customer, "lines": [line("茶", "113.00", "13")]})).ok(201)
}

fn moved(client: &Client, quote: &Value, status: &str) -> Value {
    client.post(&format!("{}/status", place(quote)), json!({"status": status})).ok(200)
}

fn a_quote_adds_up_and_says_its_taxes(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let lines = json!([
        {"name": "茶", "quantity": "2", "price": yuan("56.50"), "tax_rate": "13", "promised_on": "2026-06-01",
            "options": [{"name": "颜色", "value": "白"}]},
        {"name": "书", "quantity": "1", "price": yuan("109.00"), "discount": yuan("9.00"), "tax_rate": "9"},
        line("赠品", "0", "13"),
    ]);
    let body = json!({"customer_id": zhang, "lines": lines, "order_discount": yuan("21.30"),
        "quoted_on": "2026-05-01"});
    let quote = founder.post("/quotes", body).ok(201);
    assert_eq!(
        (&quote["gross"], &quote["discount"], &quote["net"]),
        (&yuan("222.00"), &yuan("30.30"), &yuan("191.70"))
    );
    // 21.30 falls on 113.00 and 100.00 as 11.30 and 10.00.
    let taxes = json!([
        {"rate": "9.00", "net": yuan("90.00"), "tax": yuan("7.43")},
        {"rate": "13.00", "net": yuan("101.70"), "tax": yuan("11.70")},
    ]);
    assert_eq!((&quote["taxes"], &quote["tax"]), (&taxes, &yuan("19.13")));
    assert_eq!((&quote["status"], &quote["revision"]), (&json!("draft"), &json!(1)));
    assert_eq!(quote["valid_until"], "2026-05-31", "30 days unless told otherwise");
    assert_eq!(quote["lines"][0]["options"], json!([{"name": "颜色", "value": "白"}]));
    assert_eq!(quote["lines"][0]["promised_on"], "2026-06-01");
    assert!(text(&quote["code"]).starts_with("Q-"));

    let wrong = json!({"customer_id": zhang, "quoted_on": "2026-05-02", "valid_until": "2026-05-01",
        "lines": [line("a", "1", "101"), {"name": "b", "quantity": "0", "price": yuan("1")}],
        "order_discount": yuan("5")});
    let refusal = founder.post("/quotes", wrong).ok(422);
    let pointers: Vec<&str> =
        refusal["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    for pointer in ["/valid_until", "/lines/0/tax_rate", "/lines/1/quantity", "/order_discount"] {
        assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
    }
}

fn what_was_sent_is_revised_not_edited(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let draft = founder.post("/quotes", json!({"customer_id": zhang, "lines": []})).ok(201);
    let send = format!("{}/status", place(&draft));
    founder.post(&send, json!({"status": "sent"})).refused(422, "validation_failed");
    let filled = founder.patch(&place(&draft), &draft["version"], json!({"lines": [line("茶", "10", "0")]})).ok(200);
    founder.post(&send, json!({"status": "accepted"})).refused(409, "wrong_state");
    let sent = moved(&founder, &filled, "sent");
    assert_eq!(sent["next_statuses"], json!(["accepted", "declined"]));
    founder.patch(&place(&sent), &sent["version"], json!({"note": "x"})).refused(409, "wrong_state");
    founder.delete(&place(&sent), &sent["version"]).refused(409, "wrong_state");

    let revise = format!("{}/revision", place(&sent));
    let second = founder.post(&revise, json!(null)).ok(200);
    assert_eq!((&second["revision"], &second["code"]), (&json!(2), &sent["code"]));
    assert_eq!((&second["status"], &second["net"]), (&json!("draft"), &sent["net"]));
    founder.post(&revise, json!(null)).refused(409, "wrong_state");
    assert_eq!(founder.get(&place(&sent)).ok(200)["status"], "sent", "it holds until the next one is sent");
    let second = founder.patch(&place(&second), &second["version"], json!({"lines": [line("茶", "9", "0")]})).ok(200);
    let second = moved(&founder, &second, "sent");
    let first = founder.get(&place(&sent)).ok(200);
    assert_eq!((&first["status"], &first["net"]), (&json!("superseded"), &yuan("10.00")));
    let statuses: Vec<&str> =
        second["versions"].as_array().expect("versions").iter().map(|one| text(&one["status"])).collect();
    assert_eq!(statuses, ["superseded", "sent"]);
    founder.post(&format!("{}/order", place(&first)), json!(null)).refused(409, "wrong_state");
    let superseded = founder.get("/quotes?filter[status]=superseded&count=true").ok(200);
    assert_eq!(superseded["total"], 1);

    let declined = moved(&founder, &second, "declined");
    let again = moved(&founder, &declined, "sent");
    assert_eq!(again["status"], "sent", "an answer may be taken back");
}

fn a_quote_becomes_one_order(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let lines = json!([
        {"name": "茶", "quantity": "3", "price": yuan("33.33"), "discount": yuan("0.99"), "tax_rate": "13",
            "promised_on": "2030-01-02", "options": [{"name": "颜色", "value": "白"}]},
        line("书", "1", "9"),
    ]);
    let body = json!({"customer_id": zhang, "lines": lines, "order_discount": yuan("1"), "note": "急"});
    let quote = founder.post("/quotes", body).ok(201);
    let path = format!("{}/order", place(&quote));
    founder.post(&path, json!(null)).refused(409, "wrong_state");
    moved(&founder, &quote, "sent");
    let mut order = founder.post(&path, json!(null)).ok(200);
    assert_eq!(order["lines"][0]["delivery"]["delivered"], "0.000", "an order is to be delivered");
    for line in order["lines"].as_array_mut().expect("lines") {
        line["delivery"] = Value::Null;
    }
    for field in ["lines", "gross", "discount", "order_discount", "net", "taxes", "tax", "customer", "owner", "note"] {
        assert_eq!(order[field], quote[field], "{field}");
    }
    assert_eq!(order["status"], "confirmed");
    assert_eq!(order["quote"], json!({"id": quote["id"], "name": quote["code"]}));
    assert_eq!(founder.post(&path, json!(null)).ok(200)["id"], order["id"], "asked again, the same");
    let quote = founder.get(&place(&quote)).ok(200);
    assert_eq!((&quote["status"], &quote["next_statuses"]), (&json!("accepted"), &json!([])));
    assert_eq!(quote["order"], json!({"id": order["id"], "name": order["code"]}));
    founder.post(&format!("{}/status", place(&quote)), json!({"status": "sent"})).refused(409, "wrong_state");

    let found = founder.get(&format!("/orders?filter[quote]={}&count=true", text(&quote["id"]))).ok(200);
    assert_eq!(found["total"], 1);
    let card = founder.get(&format!("/customers/{}/card", text(&zhang))).ok(200);
    let told: Vec<&str> =
        card["timeline"].as_array().expect("a timeline").iter().map(|one| text(&one["title"])).collect();
    assert!(told.contains(&"Quote became an order"), "{told:?}");

    let order = founder.get(&format!("/orders/{}", text(&order["id"]))).ok(200);
    founder.delete(&format!("/orders/{}", text(&order["id"])), &order["version"]).expect(204);
    let other = founder.post(&path, json!(null)).ok(200);
    assert_ne!(other["id"], order["id"], "one that was taken away is made anew");
}

fn an_expired_quote_is_revised_not_ordered(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let quote = simple(&founder, &zhang);
    moved(&founder, &quote, "sent");
    let past = json!({"customer_id": zhang, "lines": [line("茶", "1", "0")], "quoted_on": "2020-01-01",
        "valid_until": "2020-01-11"});
    let old = founder.post("/quotes", past).ok(201);
    founder.post(&format!("{}/status", place(&old)), json!({"status": "sent"})).refused(422, "validation_failed");
    let send = |tx: &mut Db| Statement::new("UPDATE quote SET status = 'sent' WHERE quoted_on = '2020-01-01'").run(tx);
    assert_eq!(site.app.db().write(send).expect("written"), 1);
    let old = founder.get(&place(&old)).ok(200);
    assert_eq!((&old["status"], &old["revisable"]), (&json!("expired"), &json!(true)));
    founder.post(&format!("{}/order", place(&old)), json!(null)).refused(409, "wrong_state");
    for (status, many) in [("expired", 1), ("sent", 1)] {
        let found = founder.get(&format!("/quotes?filter[status]={status}&count=true")).ok(200);
        assert_eq!(found["total"], many, "{status}");
    }
    let revised = founder.post(&format!("{}/revision", place(&old)), json!(null)).ok(200);
    let (from, until) = (&revised["quoted_on"], &revised["valid_until"]);
    let day = |value: &Value| text(value).parse::<chrono::NaiveDate>().expect("a day");
    assert_eq!((day(until) - day(from)).num_days(), 10, "it holds as long as the one before");
}

fn a_quote_belongs_to_an_opportunity_of_its_customer(site: &Site) {
    let founder = site.founder();
    let (zhang, li) = (customer(&founder, "张伟"), customer(&founder, "李娜"));
    let opportunity = founder.post("/opportunities", json!({"name": "二十台", "customer_id": zhang})).ok(201);
    let of =
        |who: &Value| json!({"customer_id": who, "opportunity_id": opportunity["id"], "lines": [line("茶", "1", "0")]});
    founder.post("/quotes", of(&li)).refused(422, "validation_failed");
    let quote = founder.post("/quotes", of(&zhang)).ok(201);
    assert_eq!(quote["opportunity"], json!({"id": opportunity["id"], "name": "二十台"}));
    founder.patch(&place(&quote), &quote["version"], json!({"customer_id": li})).refused(422, "validation_failed");
    moved(&founder, &quote, "sent");
    let order = founder.post(&format!("{}/order", place(&quote)), json!(null)).ok(200);
    assert_eq!(order["opportunity"], quote["opportunity"]);
    let found = founder.get(&format!("/orders?filter[opportunity]={}&count=true", text(&opportunity["id"]))).ok(200);
    assert_eq!(found["total"], 1);
}

fn options_of_a_product_are_chosen_and_priced(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let options = json!([{"name": "颜色", "choices": [
        {"name": "白", "price_difference": null}, {"name": "黑", "price_difference": yuan("20.00")}]}]);
    let body = json!({"code": "NB-1", "name": "笔记本", "price": yuan("3500"), "options": options});
    let product = founder.post("/products", body).ok(201);
    assert_eq!(product["options"], options);
    let double = json!([{"name": "a", "choices": []}, {"name": "a", "choices": [{"name": "b"}]}]);
    founder
        .patch(&format!("/products/{}", text(&product["id"])), &product["version"], json!({"options": double}))
        .refused(422, "validation_failed");
    let order = |options: Value| {
        let lines = json!([{"product_id": product["id"], "quantity": "2", "options": options}]);
        founder.post("/orders", json!({"customer_id": zhang, "lines": lines}))
    };
    let made = order(json!([{"name": "颜色", "value": "黑"}, {"name": "刻字", "value": "张"}])).ok(201);
    assert_eq!(made["lines"][0]["price"], yuan("3520.00"));
    assert_eq!(made["net"], yuan("7040.00"));
    order(json!([{"name": "颜色", "value": "绿"}])).refused(422, "validation_failed");
    order(json!([{"name": "颜色", "value": "白"}, {"name": "颜色", "value": "黑"}])).refused(422, "validation_failed");
}

fn late_orders_are_found(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let order = |promised: Value| {
        let lines = json!([{"name": "茶", "quantity": "1", "price": yuan("1"), "promised_on": promised}]);
        founder.post("/orders", json!({"customer_id": zhang, "lines": lines})).ok(201)
    };
    let late = order(json!("2020-01-01"));
    for other in [order(json!("2100-01-01")), order(Value::Null)] {
        assert_eq!((&other["late"], &other["lines"][0]["late"]), (&json!(false), &json!(false)));
    }
    assert_eq!((&late["late"], &late["lines"][0]["late"]), (&json!(true), &json!(true)));
    let found = founder.get("/orders?filter[late]=true&count=true").ok(200);
    assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &late["id"]));
    assert_eq!(founder.get("/orders?filter[late]=false&count=true").ok(200)["total"], 2);
    founder.post(&format!("/orders/{}/status", text(&late["id"])), json!({"status": "delivered"})).expect(200);
    assert_eq!(founder.get("/orders?filter[late]=true&count=true").ok(200)["total"], 0, "delivered is not late");
}

fn quotes_go_with_their_customer(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let quote = simple(&founder, &zhang);
    let unit = founder.post("/units", json!({"name": "二店", "code": "02"})).ok(201)["id"].clone();
    founder.post(&format!("/customers/{}/transfer", text(&zhang)), json!({"unit_id": unit})).expect(200);
    let moved = founder.get(&place(&quote)).ok(200);
    assert_eq!((&moved["unit"]["id"], &moved["owner"]), (&unit, &Value::Null));
    assert_eq!(moved["code"], quote["code"], "nobody there has its code");
}

fn quotes_go_out_in_files_and_to_other_programs(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    endpoint(&founder, &receiver);
    let zhang = customer(&founder, "张伟");
    let lines = json!([line("茶", "113.00", "13"), line("书", "109.00", "9")]);
    let quote = founder.post("/quotes", json!({"customer_id": zhang, "lines": lines})).ok(201);
    let sent = moved(&founder, &quote, "sent");
    let draft = simple(&founder, &zhang);
    founder.delete(&place(&draft), &draft["version"]).expect(204);
    follow(site);
    let told: Vec<Value> = receiver.taken().iter().map(|one| one.json()).collect();
    let of_quotes: Vec<&Value> =
        told.iter().filter(|one| one["type"].as_str().is_some_and(|kind| kind.starts_with("quote."))).collect();
    let kinds: Vec<&Value> = of_quotes.iter().map(|one| &one["type"]).collect();
    assert_eq!(kinds, ["quote.created", "quote.updated", "quote.deleted"]);
    assert_eq!(of_quotes[1]["data"]["quote"]["status"], sent["status"]);

    let (_, file) = exported(site, &founder, json!({"resource": "quotes", "format": "csv"}));
    let file = String::from_utf8(file).expect("UTF-8");
    let rows: Vec<&str> = file.lines().filter(|row| row.contains(text(&quote["code"]))).collect();
    assert!(rows.len() == 2 && rows[0].contains("茶") && rows[1].contains(",109.00,"), "a row a line: {file}");
    let listed = json!({"resource": "quotes", "format": "csv", "columns": ["code", "customer", "net"]});
    let (_, file) = exported(site, &founder, listed);
    let file = String::from_utf8(file).expect("UTF-8");
    assert_eq!(file.lines().nth(1), Some(format!("{},张伟,222.00", text(&quote["code"])).as_str()), "{file}");
}

fn a_company_keeps_what_it_wants_of_quotes(site: &Site) {
    let founder = site.founder();
    let field = |key: &str, kind: &str, more: Value| {
        let mut field = json!({"resource": "quote", "key": key, "label_zh": key, "label_en": key, "type": kind});
        field.as_object_mut().expect("a field").extend(more.as_object().expect("members").clone());
        founder.post("/custom-fields", field)
    };
    let refusal = field("number", "text", json!({"unique": true})).ok(422);
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["code"]),
        (&json!("/unique"), &json!("not_allowed_here"))
    );
    field("terms", "text", json!({"required": true})).expect(201);
    field("weight", "number", json!({})).expect(201);
    let zhang = customer(&founder, "张伟");
    let body = |custom: Value| json!({"customer_id": zhang, "lines": [line("茶", "113.00", "13")], "custom": custom});
    let refusal = founder.post("/quotes", body(json!({"weight": 3}))).ok(422);
    assert_eq!(refusal["errors"][0]["pointer"], "/custom/terms");
    let quote = founder.post("/quotes", body(json!({"terms": "货到付款", "weight": 3}))).ok(201);
    assert_eq!(quote["custom"], json!({"terms": "货到付款", "weight": 3.0}));
    founder.post("/quotes", body(json!({"terms": "预付", "weight": 9}))).expect(201);
    let quote = founder.patch(&place(&quote), &quote["version"], json!({"custom": {"weight": 5}})).ok(200);
    let unchanged = founder.patch(&place(&quote), &quote["version"], json!({"custom": {"weight": 5.0}})).ok(200);
    assert_eq!((&quote["custom"]["weight"], &unchanged["version"]), (&json!(5.0), &quote["version"]));

    moved(&founder, &quote, "sent");
    let sent = founder.get(&place(&quote)).ok(200);
    founder.patch(&place(&quote), &sent["version"], json!({"custom": {"weight": 6}})).refused(409, "wrong_state");
    let next = founder.post(&format!("{}/revision", place(&quote)), json!(null)).ok(200);
    assert_eq!((&next["revision"], &next["custom"]), (&json!(2), &quote["custom"]));
    founder.patch(&place(&next), &next["version"], json!({"custom": {"weight": 7}})).expect(200);
    assert_eq!(founder.get(&place(&quote)).ok(200)["custom"]["weight"], 5.0, "the one before says what it said");

    let heavy = json!({"field": "custom.weight", "op": "gte", "value": 7});
    let heavy = founder.get(&format!("/quotes?filter={}&sort=code", crate::customers::record::encoded(&heavy))).ok(200);
    let weights: Vec<&Value> =
        heavy["items"].as_array().expect("items").iter().map(|one| &one["custom"]["weight"]).collect();
    assert_eq!(weights, [&json!(7.0), &json!(9.0)]);
    let (_, file) = exported(site, &founder, json!({"resource": "quotes", "format": "csv", "sort": "code"}));
    let file = String::from_utf8(file).expect("UTF-8");
    let (head, rows) = file.split_once('\n').expect("a heading");
    assert!(head.trim_end().ends_with("terms,weight"), "{head}");
    assert!(rows.contains("货到付款,5") && rows.contains("预付,9"), "{rows}");
}
