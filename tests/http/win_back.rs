//! Whom it pays to win back: who stands on the list, what they would spend, and what to expect; within walls.

use chrono::{Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::insight::evaluation::evaluation_run;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};

both!(what_winning_back_brings_is_reckoned, the_list_stays_within_walls);

fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

fn evaluate(site: &Site) {
    evaluation_run(&site.app, None, None, now(), &mut |_| Ok(())).expect("an evaluation");
}

/// Six orders of an amount, thirty days apart, the last so many days ago.
fn monthly(site: &Site, client: &Client, name: &str, (silent, amount): (u64, &str)) -> Value {
    let one = customer(client, name);
    for month in 0..6 {
        let on = today(site) - Days::new(silent + 30 * month);
        let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan(amount)}]);
        client.post("/orders", json!({"customer_id": one, "ordered_on": on, "lines": lines})).expect(201);
    }
    one
}

fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("/insight/win-back{query}")).ok(200)
}

fn of<'a>(list: &'a Value, customer: &Value) -> &'a Value {
    let items = list["items"].as_array().expect("items");
    items.iter().find(|one| one["customer"]["id"] == *customer).unwrap_or_else(|| panic!("nobody: {list}"))
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items").iter();
    items.map(|one| one["customer"]["name"].as_str().expect("a name")).collect()
}

fn what_winning_back_brings_is_reckoned(site: &Site) {
    let founder = site.founder();
    monthly(site, &founder, "常客", (5, "500.00"));
    let silent = monthly(site, &founder, "沉默", (400, "1000.00"));
    let cheap = monthly(site, &founder, "便宜", (500, "10.00"));
    evaluate(site);
    let all = list(&founder, "");
    assert!(!names(&all).contains(&"常客"), "{all}");
    // 365 ÷ 30 order days of 1,000.00 a year.
    let one = of(&all, &silent);
    assert_eq!((&one["value"], &one["silent_days"]), (&yuan("12166.67"), &json!(400)));
    let chance = one["chance"].as_f64().expect("a chance");
    let state = one["state"].as_str().expect("a state");
    assert_eq!(chance, if state == "warned" { 0.5 } else { 0.25 });
    let expected = (1_216_667.0 * chance).round() / 100.0;
    assert_eq!(one["expected"], yuan(&format!("{expected:.2}")));
    assert_eq!(names(&all), ["沉默", "便宜"]);
    assert_eq!(names(&list(&founder, "?sort=-silent_days")), ["便宜", "沉默"]);
    assert_eq!(names(&list(&founder, "?sort=silent_days")), ["沉默", "便宜"]);
    founder.get("/insight/win-back?sort=luck").expect(422);

    let version = founder.get("/settings").ok(200)["version"].clone();
    let chances = json!({"settings": {"insight": {"win_back": {"warned": 1.0, "declining": 1.0, "lost": 0.0}}}});
    founder.patch("/settings", &version, chances).expect(200);
    let sure = list(&founder, "");
    assert_eq!((&sure["value"], &sure["expected"], &sure["customers"]), (&sure["value"], &sure["value"], &json!(2)));
    let version = founder.get("/settings").ok(200)["version"].clone();
    let wrong = json!({"settings": {"insight": {"win_back": {"lost": 1.5}}}});
    founder.patch("/settings", &version, wrong).expect(422);

    // Given up: lost, with its reason, and what was set for that.
    let warnings = founder.get("/insight/warnings").ok(200);
    for warning in warnings["items"].as_array().expect("warnings") {
        let path = format!("/insight/warnings/{}", warning["id"].as_str().expect("an id"));
        let lost = json!({"status": "lost", "measures": "Called", "outcome_reason": "neglected"});
        founder.patch(&path, &warning["version"], lost).expect(200);
        let gone = list(&founder, "");
        let gone = of(&gone, &warning["customer"]["id"]);
        assert_eq!(
            (&gone["state"], &gone["reason"], &gone["expected"]),
            (&json!("lost"), &json!("neglected"), &yuan("0.00"))
        );
    }
    // Who buys again is won.
    let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan("10.00")}]);
    let back = json!({"customer_id": cheap, "ordered_on": today(site), "lines": lines});
    founder.post("/orders", back).expect(201);
    evaluate(site);
    assert!(
        list(&founder, "")["items"]
            .as_array()
            .expect("items")
            .iter()
            .all(|one| one["state"] != "lost" || one["customer"]["id"] != cheap)
    );
}

fn the_list_stays_within_walls(site: &Site) {
    let founder = site.founder();
    let unit = founder.unit_new("HZ");
    let department = founder.department_new(&unit, "D");
    founder.user_new("he", &department, &[&founder.role("unit_head")]);
    founder.user_new("chen", &founder.place().1, &[&founder.role("member")]);
    let [he, chen] = ["he", "chen"].map(|login| site.sign_in(login));
    monthly(site, &founder, "创始人的", (400, "100.00"));
    monthly(site, &he, "他的", (400, "100.00"));
    monthly(site, &chen, "她的", (400, "100.00"));
    evaluate(site);
    assert_eq!(names(&list(&he, "")), ["他的"]);
    assert_eq!(names(&list(&chen, "")), ["她的"]);
    assert_eq!(list(&founder, "")["customers"], 3);
}
