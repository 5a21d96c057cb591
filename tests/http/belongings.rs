//! What hangs on customers, in files: things they own and words about being contacted come in, go out and are taken back.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::path;
use crate::exports::exported;
use crate::imports::{counts, customer, import, path_of, perform, upload};

both!(
    what_customers_own_comes_in_and_goes_out,
    words_about_contact_come_in_and_go_out,
    nobody_imports_about_customers_of_others,
);

const OWNED: &str = "客户编号,序列号,商品编号,商品名称,购买日期,购买门店,保修截止,设备状态,备注\n\
    C001,TJ-701,P-1,,2026-01-02,西湖店,2029-01-01,使用中,\n\
    C001,,,旧冰箱,,,,,从别家买的\n\
    C002,TJ-702,P-1,,2026-02-30,,,,\n\
    C999,TJ-703,P-1,,,,,,\n\
    C002,TJ-704,P-9,,,,,,\n\
    C002,TJ-705,,,,,,,\n\
    C002,TJ-706,P-1,,2026-01-02,,2025-01-01,,\n\
    C002,tj-701,P-1,,,,,,\n";

/// Two customers and a product.
fn shop(site: &Site) -> Client {
    let founder = site.founder();
    import(site, &founder, "customers", "客户编号,姓名,手机\nC001,张伟,13800138001\nC002,李娜,13800138002\n");
    founder.post("/products", json!({"code": "P-1", "name": "冰箱 701", "price": null})).expect(201);
    founder
}

fn what_customers_own_comes_in_and_goes_out(site: &Site) {
    let founder = shop(site);
    let uploaded = upload(&founder, "assets", "owned.csv", OWNED.as_bytes());
    assert_eq!(uploaded["mapping"]["key"], "serial");
    let checked = perform(site, &founder, &uploaded, "check");
    assert_eq!(counts(&checked), [8, 2, 0, 0, 6], "{checked}");
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&uploaded))).ok(200);
    let codes: Vec<&Value> =
        rows["items"].as_array().expect("rows").iter().map(|row| &row["errors"][0]["code"]).collect();
    assert_eq!(
        codes,
        ["not_a_date", "customer_unknown", "product_unknown", "name_missing", "date_order", "duplicate_in_file"]
    );
    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(counts(&done), [8, 2, 0, 0, 6]);
    let owned = founder.get("/assets?q=TJ-701").ok(200)["items"][0].clone();
    assert_eq!(
        (&owned["name"], &owned["customer_code"], &owned["product_code"], &owned["warranty_end"], &owned["bought_at"]),
        (&json!("冰箱 701"), &json!("C001"), &json!("P-1"), &json!("2029-01-01"), &json!("西湖店"))
    );

    let (_, file) = exported(site, &founder, json!({"resource": "assets", "format": "csv", "sort": "name"}));
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("TJ-701,C001,张伟,P-1,冰箱 701"), "{text}");
    let again = import(
        site,
        &founder,
        "assets",
        text.lines().filter(|line| !line.contains("旧冰箱")).collect::<Vec<_>>().join("\n").as_str(),
    );
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");

    let changed = "客户编号,序列号,商品编号,状态\nC001,tj-701 ,P-1,维修中\nC002,TJ-701,P-1,使用中\n";
    let second = upload(&founder, "assets", "again.csv", changed.as_bytes());
    let second = perform(site, &founder, &second, "run");
    assert_eq!(counts(&second), [2, 0, 1, 0, 1], "somebody else's serial is refused: {second}");
    let repaired = founder.get(&format!("/assets/{}", owned["id"].as_str().expect("an id"))).ok(200);
    assert_eq!((&repaired["status"], &repaired["bought_on"]), (&json!("in_repair"), &json!("2026-01-02")));
    perform(site, &founder, &second, "undo");
    assert_eq!(founder.get("/assets?q=TJ-701").ok(200)["items"][0]["status"], "in_use");
    perform(site, &founder, &uploaded, "undo");
    let left = founder.get("/assets").ok(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "what was changed since stays: {left}");
}

const WORDS: &str = "客户编号,客户电话,渠道,用途,是否同意,时间,来源,凭证\n\
    C001,,邮件,marketing,同意,2026-01-02 10:00,入会表,第 7 页\n\
    ,13800138002,短信,marketing,否,2026-01-02,电话,\n\
    C001,,飞鸽,marketing,同意,,,\n\
    C001,,邮件,没有的,同意,,,\n\
    C001,,邮件,marketing,也许,,,\n\
    C001,,邮件,marketing,同意,2126-01-02,,\n\
    C009,,邮件,marketing,同意,,,\n\
    C001,,邮件,marketing,同意,2026-01-02 10:00,又一次,\n";

fn words_about_contact_come_in_and_go_out(site: &Site) {
    let founder = shop(site);
    let uploaded = upload(&founder, "consents", "words.csv", WORDS.as_bytes());
    let checked = perform(site, &founder, &uploaded, "check");
    assert_eq!(counts(&checked), [8, 2, 0, 1, 5], "{checked}");
    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(counts(&done), [8, 2, 0, 1, 5], "{done}");
    let words = founder.get("/consents?sort=at&filter[channel]=email").ok(200);
    let word = &words["items"][0];
    assert_eq!(
        (&word["customer_code"], &word["given"], &word["at"], &word["proof"]),
        (&json!("C001"), &json!(true), &json!("2026-01-02T02:00:00Z"), &json!("第 7 页"))
    );
    let stands = |code: &str, channel: &str| {
        let board = founder.get(&format!("{}/consents", path(&customer(&founder, code)))).ok(200);
        let states = board["states"].as_array().expect("states").clone();
        states.into_iter().find(|one| one["channel"] == channel && one["purpose"] == "marketing").expect("a state")
    };
    assert_eq!((&stands("C001", "email")["given"], &stands("C002", "sms")["given"]), (&json!(true), &json!(false)));

    let (_, file) = exported(site, &founder, json!({"resource": "consents", "format": "csv", "sort": "at"}));
    let again = import(site, &founder, "consents", &String::from_utf8(file).expect("UTF-8"));
    assert_eq!(counts(&again), [2, 0, 0, 2, 0], "{again}");

    let later =
        upload(&founder, "consents", "later.csv", "客户编号,渠道,用途,是否同意\nC001,email,marketing,no\n".as_bytes());
    let later = perform(site, &founder, &later, "run");
    assert_eq!(stands("C001", "email")["given"], false);
    perform(site, &founder, &later, "undo");
    assert_eq!(stands("C001", "email")["given"], true, "what was said before stands again");
    perform(site, &founder, &uploaded, "undo");
    assert_eq!(stands("C001", "email")["given"], Value::Null);
    assert_eq!(founder.get("/consents").ok(200)["items"], json!([]));
}

fn nobody_imports_about_customers_of_others(site: &Site) {
    let founder = shop(site);
    let keeper = site.person("keeper", "unit_administrator");
    let (moved, elsewhere) = (customer(&founder, "C001"), founder.unit_new("HZ"));
    founder.post(&format!("{}/transfer", path(&moved)), json!({"unit_id": elsewhere})).expect(200);
    for (kind, text) in [
        ("consents", "客户编号,渠道,用途,是否同意\nC001,email,marketing,no\n"),
        ("assets", "客户编号,商品名称,序列号\nC001,冰箱,X-1\n"),
    ] {
        let uploaded = upload(&keeper, kind, "file.csv", text.as_bytes());
        let done = perform(site, &keeper, &uploaded, "run");
        assert_eq!(counts(&done), [1, 0, 0, 0, 1], "{kind}: {done}");
        let rows = keeper.get(&format!("{}/rows?outcome=reject", path_of(&uploaded))).ok(200);
        assert_eq!(rows["items"][0]["errors"][0]["code"], "customer_unknown", "{rows}");
        assert_eq!(founder.get(&format!("/{kind}")).ok(200)["items"], json!([]));
    }
}
