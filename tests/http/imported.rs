//! What a file brought shows in the history of each customer.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imports::{counts, import, perform};

both!(history_tells_of_imports, a_replaced_order_keeps_what_no_file_says);

pub const CUSTOMERS: &str = "客户编号,姓名,备注\nC001,张伟,喜欢靠窗\nC002,李娜,\n";
pub const ORDERS: &str = "订单号,客户编号,下单日期,商品名称,数量,单价\n\
    X-1,C001,2025-06-08,拿铁,1,30\nX-2,C001,2025-07-09,美式,2,20\nX-3,C002,2025-07-10,拿铁,1,30\n";

fn found(client: &Client, code: &str) -> String {
    let page = client.get(&format!("/customers?filter[code]={code}")).ok(200);
    page["items"][0]["id"].as_str().expect("an id").to_owned()
}

fn history_tells_of_imports(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", CUSTOMERS);
    import(site, &founder, "orders", ORDERS);
    let zhang = found(&founder, "C001");
    let told = || founder.all(&format!("/customers/{zhang}/timeline?kinds=event"), 100);
    let said = |items: &[Value]| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        items.iter().map(|item| (text(&item["title"]), text(&item["body"]))).collect()
    };
    let line = |title: &str, body: &str| (title.to_owned(), body.to_owned());
    let orders = [line("Order imported", "X-2 · file.csv"), line("Order imported", "X-1 · file.csv")];
    let items = told();
    assert_eq!(said(&items)[0], line("Customer imported", "file.csv"));
    assert_eq!(said(&items)[1..], orders);
    assert_eq!((&items[1]["at"], &items[1]["actor"]["name"]), (&json!("2025-07-09T04:00:00Z"), &json!("林晓")));
    assert_eq!(items[1]["source"]["resource"], "order");
    let paged = founder.all(&format!("/customers/{zhang}/timeline?kinds=event"), 1);
    assert_eq!(paged, items, "page by page nothing is skipped or told twice");

    import(site, &founder, "customers", &CUSTOMERS.replace("靠窗", "安静"));
    let items = told();
    assert_eq!(said(&items)[0], line("Changed by an import", "file.csv"));
    let other = founder.all(&format!("/customers/{}/timeline", found(&founder, "C002")), 100);
    assert_eq!(said(&other), [line("Customer imported", "file.csv"), line("Order imported", "X-3 · file.csv")]);
    assert!(founder.all(&format!("/customers/{zhang}/timeline?kinds=note"), 100).is_empty());
}

fn a_replaced_order_keeps_what_no_file_says(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", CUSTOMERS);
    let yuan = |amount: &str| json!({"amount": amount, "currency": "CNY"});
    let lines = json!([
        {"name": "茶", "quantity": "1", "price": yuan("30"), "tax_rate": "13", "promised_on": "2026-06-01",
            "options": [{"name": "颜色", "value": "白"}]},
        {"name": "茶", "quantity": "2", "price": yuan("30"), "tax_rate": "9"},
        {"name": "杯", "quantity": "1", "price": yuan("5"), "tax_rate": "6"},
    ]);
    let body = json!({"code": "X-9", "customer_id": found(&founder, "C001"), "lines": lines});
    let order = founder.post("/orders", body).ok(201);
    let path = format!("/orders/{}", order["id"].as_str().expect("an id"));
    let unsaid = || -> Vec<Value> {
        let order = founder.get(&path).ok(200);
        let lines = order["lines"].as_array().expect("lines").iter();
        lines.map(|line| json!([line["name"], line["tax_rate"], line["promised_on"], line["options"]])).collect()
    };
    let before = unsaid();
    let on = order["ordered_on"].as_str().expect("a day");
    let file = format!(
        "订单号,客户编号,下单日期,商品名称,数量,单价\nX-9,C001,{on},杯,2,5\nX-9,C001,{on},茶,1,28\nX-9,C001,{on},书,1,9\n"
    );
    let done = import(site, &founder, "orders", &file);
    assert_eq!(counts(&done)[2], 3, "{}", done["counts"]);
    assert_eq!(unsaid(), [before[2].clone(), before[0].clone(), json!(["书", "0.00", null, []])]);
    let again = import(site, &founder, "orders", &file);
    assert_eq!(counts(&again)[3], 3, "the same file changes nothing: {}", again["counts"]);
    perform(site, &founder, &done, "undo");
    assert_eq!(unsaid(), before);

    let body = json!({"code": "X-10", "customer_id": found(&founder, "C001"), "currency": "USD", "exchange_rate": "7.1",
        "lines": [{"name": "茶", "quantity": "1", "price": {"amount": "3", "currency": "USD"}}]});
    founder.post("/orders", body).ok(201);
    let refused = import(site, &founder, "orders", &file.replace("X-9", "X-10"));
    assert_eq!(counts(&refused)[4], 3, "an order in another currency stands: {}", refused["counts"]);
}
