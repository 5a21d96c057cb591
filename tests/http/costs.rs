//! What was spent to win and keep customers: booked, changed, taken back; follows a merge; told on the line of time.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Site, both};
use serde_json::{Value, json};

use crate::customers::merges::{merge, undo};
use crate::customers::{customer, id, path};
use crate::sales::yuan;

both!(
    costs_are_booked_and_taken_back,
    costs_are_checked,
    costs_follow_a_merge,
    what_was_spent_is_taken_off_what_they_brought
);

fn at(guest: &Value) -> String {
    format!("{}/costs", path(guest))
}

fn own(cost: &Value) -> String {
    format!("/costs/{}", id(cost))
}

fn costs_are_booked_and_taken_back(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "王芳");
    let dinner = json!({"kind": "招待", "amount": yuan("320.00"), "booked_on": "2026-03-12", "note": " 晚餐 "});
    let dinner = founder.post(&at(&guest), dinner).ok(201);
    assert_eq!((&dinner["kind"], &dinner["note"]), (&json!("entertainment"), &json!("晚餐")));
    assert_eq!((&dinner["amount"], &dinner["customer_id"]), (&yuan("320.00"), &guest["id"]));
    let trip = founder.post(&at(&guest), json!({"kind": "travel", "amount": yuan("80")})).ok(201);
    assert_eq!(trip["amount"], yuan("80.00"));
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([trip.clone(), dinner.clone()]), "the latest first");
    let same = founder.patch(&own(&dinner), &dinner["version"], json!({"amount": yuan("320")})).ok(200);
    assert_eq!(same["version"], dinner["version"]);
    let changed = founder.patch(&own(&dinner), &dinner["version"], json!({"amount": yuan("300.00")})).ok(200);
    assert_eq!((&changed["amount"], &changed["version"]), (&yuan("300.00"), &json!(2)));
    founder.patch(&own(&dinner), &dinner["version"], json!({"note": null})).expect(412);
    let found = founder.get("/customers?filter[cost.kind][any_of]=travel").ok(200);
    assert_eq!(found["items"][0]["id"], guest["id"]);
    let told = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200).to_string();
    assert!(told.contains("Entertainment") && told.contains("320.00"), "{told}");
    founder.delete(&own(&trip), &trip["version"]).expect(204);
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([changed]));
}

fn costs_are_checked(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "王芳");
    for (body, pointer) in [
        (json!({"kind": "moon", "amount": yuan("1.00")}), "/kind"),
        (json!({"kind": "gift", "amount": yuan("-1.00")}), "/amount/amount"),
        (json!({"kind": "gift", "amount": {"amount": "1.00", "currency": "USD"}}), "/amount/currency"),
        (json!({"kind": "gift", "amount": yuan("1.00"), "booked_on": "2999-01-01"}), "/booked_on"),
    ] {
        assert_eq!(founder.post(&at(&guest), body).ok(422)["errors"][0]["pointer"], pointer);
    }
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([]));
}

fn costs_follow_a_merge(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "张伟"), customer(&founder, "张玮"));
    founder.post(&at(&gone), json!({"kind": "sample", "amount": yuan("50.00")})).expect(201);
    let done = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"].as_array().map(Vec::len), Some(1));
    undo(&founder, &done);
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"], json!([]));
    assert_eq!(founder.get(&at(&gone)).ok(200)["items"].as_array().map(Vec::len), Some(1));
}

fn what_was_spent_is_taken_off_what_they_brought(site: &Site) {
    let founder = site.founder();
    let (guest, other) = (customer(&founder, "王芳"), customer(&founder, "李娜"));
    for guest in [&guest, &other] {
        let order = json!({"customer_id": guest["id"], "status": "confirmed",
            "lines": [{"name": "茶", "quantity": "1", "price": yuan("100.00")}]});
        founder.post("/orders", order).expect(201);
    }
    // Spent on the day of the first order, it is worth as much there.
    founder.post(&at(&guest), json!({"kind": "travel", "amount": yuan("30.00")})).expect(201);
    let gift = founder.post(&at(&guest), json!({"kind": "gift", "amount": yuan("7.50")})).ok(201);
    let past = |guest: &Value| {
        founder.post("/insight/evaluations", json!({})).expect(202);
        while jobs_run_due(&site.app).expect("work") > 0 {}
        let card = founder.get(&format!("{}/card", path(guest))).ok(200);
        let value = card["metrics"]["past_value"]["amount"].clone();
        value.as_str().and_then(|text| text.parse::<f64>().ok()).expect("an amount")
    };
    let brought = past(&other);
    assert_eq!(format!("{:.2}", brought - past(&guest)), "37.50");
    founder.delete(&own(&gift), &gift["version"]).expect(204);
    assert_eq!(format!("{:.2}", brought - past(&guest)), "30.00");
}
