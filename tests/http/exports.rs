//! Tables that go out: what they hold, and that they come in again.

use std::collections::BTreeSet;

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imported::{CUSTOMERS as TWO, ORDERS};
use crate::imports::{CUSTOMERS, counts, import, perform, upload};

both!(exports_hold_what_the_list_holds_and_import_again, exported_orders_name_their_customers);

pub fn exported(site: &Site, client: &Client, body: Value) -> (Value, Vec<u8>) {
    let job = client.post("/exports", body).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = client.get(&format!("/jobs/{}", job["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(job["status"], "done", "{job}");
    let file = client.get(job["result_url"].as_str().expect("a place")).expect(200);
    (job, file.body)
}

fn exports_hold_what_the_list_holds_and_import_again(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", &format!("{CUSTOMERS}C004,=cmd|' /C calc'!A0,,,,,,,\n"));
    let filter = json!({"field": "kind", "op": "eq", "value": "person"});
    let (job, file) = exported(site, &founder, json!({"resource": "customers", "format": "csv", "filter": filter}));
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.starts_with('\u{feff}') && text.contains("C001") && !text.contains("C003"), "{text}");
    assert!(text.contains("'=cmd") && text.contains("# 林晓"), "{text}");
    assert_eq!(job["progress"]["done"], 3);
    let again = import(site, &founder, "customers", &text);
    assert_eq!(counts(&again), [3, 0, 0, 3, 0], "{again}");

    let (_, book) = exported(site, &founder, json!({"resource": "customers", "format": "xlsx", "sort": "code"}));
    let again = upload(&founder, "customers", "book.xlsx", &book);
    assert_eq!(again["format"]["kind"], "xlsx");
    let again = perform(site, &founder, &again, "run");
    assert_eq!(counts(&again), [4, 0, 0, 4, 0], "{again}");

    let columns = json!({"resource": "customers", "format": "csv", "columns": ["name", "code"], "sort": "code"});
    let (_, file) = exported(site, &founder, columns);
    let text = String::from_utf8(file).expect("UTF-8");
    assert_eq!(text.lines().nth(1), Some("张伟,C001"));
    let events = founder.get("/audit-events?filter[resource]=export&filter[action]=exported").ok(200);
    assert_eq!(events["items"].as_array().map(Vec::len), Some(3));

    for (body, pointer) in [
        (json!({"resource": "dogs", "format": "csv"}), "/resource"),
        (json!({"resource": "customers", "format": "pdf"}), "/format"),
        (json!({"resource": "customers", "format": "csv", "columns": ["dog"]}), "/columns/0"),
    ] {
        assert_eq!(founder.post("/exports", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    founder.get(&format!("/exports/{}/file", uuid::Uuid::now_v7())).expect(404);
}

fn exported_orders_name_their_customers(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", TWO);
    import(site, &founder, "orders", ORDERS);
    let (_, file) = exported(site, &founder, json!({"resource": "orders", "format": "csv", "sort": "code"}));
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("X-1,C001,张伟,") && text.contains("X-3,C002,李娜,"), "{text}");
    let again = import(site, &founder, "orders", &text);
    assert_eq!(again["counts"]["reject"], 0, "{again}");
    assert_eq!(founder.all("/orders", 50).len(), 3, "each order is found again by its code");
    let codes: BTreeSet<String> = founder
        .all("/orders", 50)
        .iter()
        .filter_map(|order| order["customer_code"].as_str().map(String::from))
        .collect();
    assert_eq!(codes, ["C001".to_owned(), "C002".to_owned()].into());
}
