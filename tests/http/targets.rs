//! Targets of a year: divided to the cent, achieved by what is paid, kept by who may, seen within walls.

use chrono::Datelike;
use regulars_api::http::call::now;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};
use crate::trends::souvenirs;

both!(
    a_year_falls_on_its_months_by_season,
    months_by_hand_have_to_sum,
    achievement_counts_what_is_paid,
    a_sheet_is_pasted_whole_or_not,
    targets_stay_within_reach
);

fn target(kind: &str, subject: &Value, amount: &str, split: &str) -> Value {
    json!({"year": now().year(), "kind": kind, "subject_id": subject, "amount": yuan(amount), "split": split})
}

fn months(view: &Value, field: &str) -> Vec<String> {
    let months = view["months"].as_array().expect("months").iter();
    months.map(|month| month[field]["amount"].as_str().expect("an amount").to_string()).collect()
}

fn cents(amounts: &[String]) -> i64 {
    amounts.iter().map(|amount| amount.replace('.', "").parse::<i64>().expect("cents")).sum()
}

fn a_year_falls_on_its_months_by_season(site: &Site) {
    let founder = site.founder();
    let unit = founder.place().0;
    let refused = founder.post("/targets", target("unit", &unit, "1.00", "seasonal")).ok(422);
    assert_eq!(refused["errors"][0]["code"], "season_unknown");
    souvenirs(&founder);
    let made = founder.post("/targets", target("unit", &unit, "1200000.00", "seasonal")).ok(201);
    let amounts = months(&made, "amount");
    assert_eq!((amounts[0].as_str(), amounts[11].as_str()), ("34197.53", "347393.19"));
    assert_eq!(cents(&amounts), 120_000_000);
    let twin = founder.post("/targets", target("unit", &unit, "5.00", "even")).ok(409);
    assert_eq!(twin["code"], "target_exists");

    // Somebody without sales of their own takes the company's season.
    let me = founder.get("/me").ok(200)["id"].clone();
    let own = founder.post("/targets", target("user", &me, "100.01", "seasonal")).ok(201);
    assert_eq!(cents(&months(&own, "amount")), 10_001);
    for amount in ["0.01", "0.11", "99999.97"] {
        let changed = founder.patch(
            &format!("/targets/{}", made["id"].as_str().expect("an id")),
            &founder.get(&format!("/targets/{}", made["id"].as_str().expect("an id"))).ok(200)["version"],
            json!({"amount": yuan(amount)}),
        );
        let changed = changed.ok(200);
        assert_eq!(cents(&months(&changed, "amount")), amount.replace('.', "").parse::<i64>().expect("cents"));
    }
}

fn months_by_hand_have_to_sum(site: &Site) {
    let founder = site.founder();
    let unit = founder.place().0;
    let hand = |months: Vec<Value>| {
        let mut body = target("unit", &unit, "12.00", "hand");
        body["months"] = json!(months);
        body
    };
    for months in [vec![], vec![yuan("1.00"); 11], vec![yuan("1.01"); 12]] {
        let refused = founder.post("/targets", hand(months)).ok(422);
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/months"), &json!("months_sum"))
        );
    }
    let made = founder.post("/targets", hand(vec![yuan("1.00"); 12])).ok(201);
    let path = format!("/targets/{}", made["id"].as_str().expect("an id"));
    let even = founder.patch(&path, &made["version"], json!({"amount": yuan("1.00"), "split": "even"})).ok(200);
    assert_eq!(months(&even, "amount")[..5], ["0.09", "0.09", "0.09", "0.09", "0.08"].map(String::from));
    founder.patch(&path, &even["version"], json!({"year": 2001})).expect(422);
    founder.patch(&path, &made["version"], json!({"split": "even"})).expect(412);
    founder.delete(&path, &even["version"]).expect(204);
    founder.get(&path).expect(404);
    let told =
        founder.get(&format!("/audit-events?filter[resource_id]={}", made["id"].as_str().expect("an id"))).ok(200);
    let actions: Vec<&Value> = told["items"].as_array().expect("events").iter().map(|event| &event["action"]).collect();
    assert_eq!(actions, ["deleted", "updated", "created"]);
}

fn sell(client: &Client, customer: &Value, product: Option<&Value>, amount: &str) -> String {
    let lines = json!([{"name": "茶", "product_id": product, "quantity": "1", "price": yuan(amount)}]);
    let on = format!("{}-01-02", now().year());
    let body = json!({"customer_id": customer, "ordered_on": on, "status": "confirmed", "lines": lines});
    client.post("/orders", body).ok(201)["id"].as_str().expect("an id").into()
}

fn achievement_counts_what_is_paid(site: &Site) {
    let founder = site.founder();
    let unit = founder.place().0;
    let me = founder.get("/me").ok(200)["id"].clone();
    let product =
        founder.post("/products", json!({"code": "T", "name": "茶", "price": yuan("1")})).ok(201)["id"].clone();
    let wang = customer(&founder, "王");
    let order = sell(&founder, &wang, Some(&product), "60.00");
    sell(&founder, &wang, Some(&product), "500.00");
    for (kind, subject) in [("unit", &unit), ("user", &me), ("product", &product), ("customer", &wang)] {
        founder.post("/targets", target(kind, subject, "120.00", "even")).expect(201);
    }
    let achieved = || -> Vec<(String, String)> {
        let listed = founder.get("/targets").ok(200);
        let text = |value: &Value| value.as_str().expect("a text").to_string();
        let items = listed["items"].as_array().expect("targets").iter();
        let mut told: Vec<_> =
            items.map(|one| (text(&one["kind"]), text(&one["months"][0]["achieved"]["amount"]))).collect();
        told.sort();
        told
    };
    let all = |amount: &str| ["customer", "product", "unit", "user"].map(|kind| (kind.into(), amount.into())).to_vec();
    assert_eq!(achieved(), all("0.00"), "nothing is paid");
    let on = format!("{}-01-03", now().year());
    let pay =
        |amount: &str| founder.post(&format!("/orders/{order}/payments"), json!({"amount": yuan(amount), "on": on}));
    pay("59.00").expect(200);
    assert_eq!(achieved(), all("0.00"), "not in full");
    pay("1.00").expect(200);
    assert_eq!(achieved(), all("60.00"), "at once");
    let listed = founder.get("/targets").ok(200);
    assert!(listed["items"].as_array().expect("targets").iter().all(|one| one["share"] == 0.5));
    assert_eq!(founder.get("/targets?year=1999").ok(200)["items"], json!([]));
}

fn a_sheet_is_pasted_whole_or_not(site: &Site) {
    let founder = site.founder();
    for code in ["A", "B"] {
        founder.post("/products", json!({"code": code, "name": code, "price": yuan("1")})).expect(201);
    }
    let year = now().year();
    let sheet = |rows: Value| json!({"year": year, "kind": "product", "split": "even", "rows": rows});
    let one = |amount: &str| json!([yuan(amount)]);
    let wrong = sheet(json!([{"code": "A", "amounts": one("12.00")}, {"code": "C", "amounts": one("1.00")}]));
    let refused = founder.post("/targets/imports", wrong).ok(422);
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/rows/1/code"), &json!("unknown_reference"))
    );
    assert_eq!(founder.get("/targets").ok(200)["items"], json!([]));
    let rows = json!([{"code": "A", "amounts": one("12.00")}, {"code": "B", "amounts": vec![yuan("2.00"); 12]}]);
    assert_eq!(founder.post("/targets/imports", sheet(rows.clone())).ok(200), json!({"created": 2, "updated": 0}));
    assert_eq!(founder.post("/targets/imports", sheet(rows)).ok(200), json!({"created": 0, "updated": 2}));
    let listed = founder.get("/targets").ok(200);
    let told: Vec<(&Value, &Value, &Value)> = listed["items"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|one| (&one["subject"]["name"], &one["amount"]["amount"], &one["split"]))
        .collect();
    assert_eq!(json!(told), json!([["B", "24.00", "hand"], ["A", "12.00", "even"]]));
    let seven = sheet(json!([{"code": "A", "amounts": vec![yuan("2.00"); 7]}]));
    assert_eq!(founder.post("/targets/imports", seven).ok(422)["errors"][0]["code"], "one_or_twelve");
}

fn targets_stay_within_reach(site: &Site) {
    let founder = site.founder();
    let unit = founder.place().0;
    let member = site.person("mei", "member");
    let mei = member.get("/me").ok(200)["id"].clone();
    founder.post("/targets", target("unit", &unit, "12.00", "even")).expect(201);
    let own = founder.post("/targets", target("user", &mei, "6.00", "even")).ok(201);
    let listed = member.get("/targets").ok(200);
    let seen: Vec<&Value> = listed["items"].as_array().expect("targets").iter().map(|one| &one["id"]).collect();
    assert_eq!(seen, [&own["id"]], "a member sees their own");
    member.post("/targets", target("user", &mei, "1.00", "even")).expect(403);

    let east = founder.unit_new("EAST");
    let department = founder.department_new(&east, "销售");
    founder.user_new("head", &department, &[&founder.role("unit_head")]);
    let head = site.sign_in("head");
    assert_eq!(head.get("/targets").ok(200)["items"], json!([]));
    let path = format!("/targets/{}", own["id"].as_str().expect("an id"));
    head.get(&path).expect(404);
    head.delete(&path, &own["version"]).expect(404);
    let refused = head.post("/targets", target("unit", &unit, "1.00", "even")).ok(422);
    assert_eq!(refused["errors"][0]["code"], "unknown_reference");
    head.post("/targets", target("unit", &east, "1.00", "even")).expect(201);
}
