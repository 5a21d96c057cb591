//! The card: one request, everything on it.

use regulars_tests::{Site, both};
use serde_json::json;

use super::{customer, path};

both!(the_card_holds_everything, why_is_explained, dates_come_up_again);

fn the_card_holds_everything(site: &Site) {
    let founder = site.founder();
    let today = chrono::Utc::now().date_naive();
    let soon = (today + chrono::Days::new(5)).format("1990-%m-%d").to_string();
    let guest = founder.post("/customers", json!({"kind": "person", "name": "A", "birthday": soon})).ok(201);
    let other = customer(&founder, "B");
    founder.post(&format!("{}/preferences", path(&guest)), json!({"key": "Seat", "value": "Window"})).expect(201);
    founder.post("/relations", json!({"from_id": guest["id"], "to_id": other["id"], "role": "spouse"})).expect(201);
    founder.post("/interactions", json!({"customer_id": guest["id"], "kind": "note", "body": "hello"})).expect(201);
    let product =
        founder.post("/products", json!({"code": "NT-01", "name": "Latte", "unit_of_measure": "cup"})).ok(201);
    let order = json!({
        "customer_id": guest["id"], "status": "confirmed", "ordered_on": today,
        "lines": [{"product_id": product["id"], "quantity": "2.000", "price": {"amount": "30.00", "currency": "CNY"}}],
    });
    founder.post("/orders", order).expect(201);
    let card = founder.get(&format!("{}/card", path(&guest))).ok(200);
    assert_eq!(card["customer"]["name"], "A");
    assert_eq!(card["metrics"]["orders"], 1);
    assert_eq!(card["preferences"][0]["value"], "Window");
    assert_eq!(card["dates_coming"][0]["label"], "Birthday");
    assert!((4..=6).contains(&card["dates_coming"][0]["in_days"].as_i64().expect("days")), "{}", card["dates_coming"]);
    assert_eq!(card["relations"][0]["to"]["name"], "B");
    assert_eq!(card["recent_orders"].as_array().map(Vec::len), Some(1));
    assert_eq!(card["products_owned"][0]["product"]["name"], "Latte");
    assert_eq!(card["products_owned"][0]["quantity"], "2.000");
    assert!(card["timeline"].as_array().is_some_and(|items| items.len() >= 4), "{}", card["timeline"]);
    assert_eq!(card["open_tasks"], json!([]));
}

fn why_is_explained(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let access = founder.get(&format!("{}/access", path(&guest))).ok(200);
    assert_eq!((&access["can_read"], &access["can_edit"]), (&json!(true), &json!(true)));
    let codes: Vec<&str> =
        access["reasons"].as_array().expect("reasons").iter().filter_map(|reason| reason["code"].as_str()).collect();
    assert!(codes.contains(&"owner") && codes.contains(&"scope_company"), "{codes:?}");
}

fn dates_come_up_again(site: &Site) {
    let founder = site.founder();
    let dates = json!([{"kind": "founding", "date": "2000-02-29"}, {"kind": "contract_end", "date": "2001-01-01", "yearly": false}]);
    founder.post("/customers", json!({"kind": "organization", "name": "A", "dates": dates})).expect(201);
    let far = chrono::NaiveDate::from_ymd_opt(2031, 3, 1).expect("a day");
    let refreshed = regulars_app::customers::dates::dates_refresh_step(&site.app, far, 10).expect("a step");
    assert_eq!(refreshed, 1, "what happened once has no next day");
    assert_eq!(regulars_app::customers::dates::dates_refresh_step(&site.app, far, 10).expect("a step"), 0);
    let filter = "%7B%22field%22%3A%22date_coming%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%222032-02-29%22%7D";
    let found = founder.get(&format!("/customers?filter={filter}")).ok(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
}
