//! What a file brought shows in the history of each customer.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imports::import;

both!(history_tells_of_imports);

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
