//! Tables that go out: what they hold, and that they come in again.

use std::collections::BTreeSet;

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imported::{CUSTOMERS as TWO, ORDERS};
use crate::imports::{CUSTOMERS, counts, import, perform, upload};

both!(
    exports_hold_what_the_list_holds_and_import_again,
    exported_orders_name_their_customers,
    every_file_says_who_took_it,
    the_log_says_who_took_what,
    a_pivot_is_a_workbook_of_numbers,
    the_discipline_of_those_within_sight_goes_out,
    what_hangs_on_customers_goes_out_too,
);

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

/// The text of every part of a workbook.
fn parts(book: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a workbook");
    let mut text = String::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        text.push_str(&part.name().expect("a name"));
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
    }
    text
}

fn every_file_says_who_took_it(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", TWO);
    let body =
        |format: &str| json!({"resource": "customers", "format": format, "sort": "code", "columns": ["code", "note"]});
    let (job, book) = exported(site, &founder, body("xlsx"));
    let id = job["id"].as_str().expect("an id");
    let text = parts(&book);
    for part in ["docProps/custom.xml", "oddFooter", "林晓"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.matches(id).count() >= 4, "properties, footer and last sheet name the export");

    let (job, file) = exported(site, &founder, body("csv"));
    let id = job["id"].as_str().expect("an id");
    let text = String::from_utf8(file.clone()).expect("UTF-8");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.contains("# 林晓") && last.contains(id), "{last}");
    let reply = founder.get(&format!("/exports/{id}/file")).expect(200);
    let name = reply.header("content-disposition").unwrap_or_default().to_string();
    assert!(name.contains(&id.replace('-', "")[24..]), "{name}");
    let again = import(site, &founder, "customers", &text);
    assert_eq!(counts(&again), [2, 0, 0, 2, 0], "{again}");

    let settings = founder.get("/settings").ok(200);
    let off = json!({"settings": {"csv_export_remark": false}});
    founder.patch("/settings", &settings["version"], off).expect(200);
    let (_, file) = exported(site, &founder, body("csv"));
    assert_eq!(String::from_utf8(file).expect("UTF-8").lines().count(), 3, "a heading and two rows");
}

fn the_log_says_who_took_what(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", TWO);
    while regulars_app::upkeep::upkeep_step(&site.app).expect("upkeep") {}
    let head = site.person("head", "unit_head");
    let filter = json!({"field": "code", "op": "eq", "value": "C001"});
    let body =
        json!({"resource": "customers", "format": "csv", "filter": filter, "q": "张", "columns": ["name", "code"]});
    let (job, _) = exported(site, &head, body);
    let file = format!("/exports/{}/file", job["id"].as_str().expect("an id"));
    head.get(&file).expect(200);
    exported(site, &founder, json!({"resource": "products", "format": "xlsx"}));

    let own = head.get("/exports").ok(200)["items"].clone();
    assert_eq!(own.as_array().map(Vec::len), Some(1), "one's own without a permission to see others'");
    let one = &own[0];
    assert_eq!((&one["id"], &one["rows"], &one["downloads"]), (&job["id"], &json!(1), &json!(2)));
    assert_eq!((&one["person"]["name"], &one["q"], &one["filter"]), (&json!("head"), &json!("张"), &filter));
    assert_eq!(one["columns"], json!([{"key": "name", "label": "Name"}, {"key": "code", "label": "Code"}]));
    assert!(one["downloaded_at"].is_string());

    let auditor = site.person("auditor", "auditor");
    assert_eq!(auditor.all("/exports", 1).len(), 2);
    let narrowed = auditor.get("/exports?filter[rows][gte]=1&sort=-rows&count=true").ok(200);
    assert_eq!(narrowed["total"], 1);
    let found = auditor.get(&format!("/exports?filter[id]={}", one["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(found["items"][0]["person"]["name"], "head", "a leaked file's number finds who took it");

    let system = site.person("system", "system_administrator");
    let seen = system.get("/exports?filter[resource]=customers").ok(200)["items"][0].clone();
    assert_eq!((&seen["withheld"], &seen["filter"], &seen["q"]), (&json!(true), &json!(null), &json!(null)));
    assert_eq!(seen["rows"], 1);

    let elsewhere = founder.unit_new("HZ");
    let place = founder.department_new(&elsewhere, "D");
    founder.user_new("other", &place, &[&founder.role("unit_administrator")]);
    assert_eq!(site.sign_in("other").get("/exports").ok(200)["items"], json!([]), "units are walls");
    site.sign_in("other").get(&file).expect(404);
    site.person("member", "member").get("/exports").expect(403);

    let events = founder.get("/audit-events?filter[resource]=export&filter[action]=downloaded").ok(200);
    assert_eq!(events["items"].as_array().map(Vec::len), Some(3), "each download");
}

fn a_pivot_is_a_workbook_of_numbers(site: &Site) {
    let founder = site.founder();
    let customer = crate::sales::customer(&founder, "张伟");
    for (day, amount) in [("2026-01-05", "12.30"), ("2026-02-06", "21.03")] {
        let lines = json!([{"name": "茶", "quantity": "1", "price": crate::sales::yuan(amount)}]);
        let order = json!({"customer_id": customer, "ordered_on": day, "status": "confirmed", "lines": lines});
        founder.post("/orders", order).expect(201);
    }
    let pivot = json!({"fact": "orders", "rows": [{"field": "customer"}],
        "columns": [{"field": "ordered_on", "grain": "month"}], "measures": [{"aggregate": "sum", "field": "net"}]});
    let body = |format: &str| json!({"resource": "pivots", "format": format, "pivot": pivot});
    let (job, book) = exported(site, &founder, body("xlsx"));
    assert!(book.starts_with(b"PK"));
    let text = parts(&book);
    for part in ["<v>12.3</v>", "<v>21.03</v>", "<v>33.33</v>", "张伟", "2026-02", job["id"].as_str().expect("an id")]
    {
        assert!(text.contains(part), "{part}");
    }
    let (_, file) = exported(site, &founder, body("csv"));
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.lines().any(|line| line == "张伟,12.30,21.03,33.33"), "{text}");
    let log = founder.get("/exports").ok(200);
    assert_eq!(log["items"][0]["resource"], "pivots");
    for body in [
        json!({"resource": "pivots", "format": "csv"}),
        json!({"resource": "orders", "format": "csv", "pivot": pivot}),
        json!({"resource": "pivots", "format": "csv", "pivot": pivot, "q": "x"}),
        json!({"resource": "pivots", "format": "csv", "pivot": {"fact": "orders", "measures": []}}),
    ] {
        founder.post("/exports", body).expect(422);
    }
}

fn the_discipline_of_those_within_sight_goes_out(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    founder.user_new("head", &department, &[&founder.role("unit_head")]);
    let elsewhere = founder.unit_new("HZ");
    let away = founder.department_new(&elsewhere, "Away");
    founder.user_new("stranger", &away, &[&founder.role("member")]);
    founder.user_new("seller", &away, &[&founder.role("marketer")]);
    let asked =
        json!({"resource": "discipline", "format": "csv", "period": {"from": "2026-03-02", "to": "2026-03-08"}});
    let (_, file) = exported(site, &founder, asked.clone());
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("chen") && text.contains("stranger") && text.contains("# 林晓"), "{text}");
    let (_, file) = exported(site, &site.sign_in("head"), asked.clone());
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("chen") && !text.contains("stranger"), "the wall: {text}");
    let (_, file) = exported(site, &site.sign_in("seller"), asked.clone());
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("seller") && !text.contains("stranger"), "oneself: {text}");
    site.sign_in("chen").post("/exports", asked.clone()).expect(403);
    let (_, book) = exported(site, &founder, json!({"resource": "discipline", "format": "xlsx"}));
    assert!(book.starts_with(b"PK"));

    let log = founder.get("/exports?filter[resource]=discipline").ok(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(4), "{log}");
    assert_eq!(log["items"][1]["period"], asked["period"], "{log}");
    assert_eq!(log["items"][1]["columns"][0], json!({"key": "user", "label": "Person"}));
    for (body, pointer) in [
        (json!({"resource": "discipline", "format": "csv", "q": "chen"}), "/q"),
        (json!({"resource": "customers", "format": "csv", "period": asked["period"]}), "/period"),
    ] {
        assert_eq!(founder.post("/exports", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    let backwards =
        json!({"resource": "discipline", "format": "csv", "period": {"from": "2026-03-08", "to": "2026-03-02"}});
    founder.post("/exports", backwards).expect(422);
}

fn what_hangs_on_customers_goes_out_too(site: &Site) {
    let founder = site.founder();
    let house = founder.post("/customers", json!({"kind": "organization", "name": "姑苏茶行"})).ok(201);
    let at = format!("/customers/{}", house["id"].as_str().expect("an id"));
    founder.post(&format!("{at}/dealers"), json!({"kind": "store", "territory": "苏州"})).expect(201);
    founder.post(&format!("{at}/key-accounts"), json!({"plan": "Twice a year"})).expect(201);
    founder.post("/wishes", json!({"customer_id": house["id"], "wanted": "白茶", "quantity": 3})).expect(201);
    for (resource, columns, row) in [
        ("dealers", json!(["name", "territory", "clerks"]), "姑苏茶行,苏州,0"),
        ("key-accounts", json!(["name", "plan"]), "姑苏茶行,Twice a year"),
        ("wishes", json!(["customer", "wanted", "quantity"]), "姑苏茶行,白茶,3"),
    ] {
        let (_, file) = exported(site, &founder, json!({"resource": resource, "format": "csv", "columns": columns}));
        let text = String::from_utf8(file).expect("UTF-8");
        assert_eq!(text.lines().nth(1), Some(row), "{resource}: {text}");
        let (_, whole) = exported(site, &founder, json!({"resource": resource, "format": "xlsx"}));
        assert!(whole.starts_with(b"PK"), "{resource} with every column");
    }
    let lines = json!([{"name": "茶", "quantity": "1", "price": {"amount": "80.00", "currency": "CNY"}}]);
    let order = json!({"customer_id": house["id"], "status": "confirmed", "lines": lines});
    let order = founder.post("/orders", order).ok(201);
    let bill = founder.post(&format!("/orders/{}/bills", order["id"].as_str().expect("an id")), json!({})).ok(200);
    let columns = json!(["code", "customer", "amount", "balance"]);
    let (_, file) = exported(site, &founder, json!({"resource": "bills", "format": "csv", "columns": columns}));
    let text = String::from_utf8(file).expect("UTF-8");
    assert_eq!(
        text.lines().nth(1),
        Some(format!("{},姑苏茶行,80.00,80.00", bill["code"].as_str().expect("a code")).as_str()),
        "{text}"
    );
}
