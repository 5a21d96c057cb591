//! Journeys: templates, lines of stations, tasks and proofs, and what begins them by itself, once.

use chrono::{Datelike, Duration, Utc};
use regulars_app::activities::journey::sweep::{journeys_follow, journeys_sweep};
use regulars_app::upkeep::upkeep_step;
use regulars_domain::ids::{ClassChangeId, PartyId};
use regulars_persistence::insight::change::{ClassChangeRow, class_changes_insert};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, id, path};
use crate::outlook::today;
use crate::sales::{simple, yuan};

both!(
    a_journey_is_a_line_of_stations,
    proofs_and_reasons_are_asked_for,
    nothing_comes_up_twice,
    what_is_paid_begins_one_once,
    what_happens_begins_them,
);

fn step(key: &str, days: i64, more: Value) -> Value {
    let mut step = json!({"key": key, "name_zh": key, "name_en": key, "offset": {"count": days, "unit": "days"},
        "channel": "call", "role": "owner"});
    step.as_object_mut().expect("a step").extend(more.as_object().expect("more").clone());
    step
}

fn template(founder: &Client, steps: Value) -> Value {
    let body = json!({"unit_id": founder.place().0, "name_zh": "旅程", "name_en": "Journey", "event": "by_hand",
        "steps": steps, "lead_days": 0});
    founder.post("/journeys", body).ok(201)
}

fn begin(client: &Client, journey: &Value, customer: &Value) -> Value {
    client.post("/journey-runs", json!({"journey_id": journey["id"], "customer_id": customer["id"]})).ok(201)
}

fn states(run: &Value) -> Vec<String> {
    let of = |one: &Value| format!("{} {}", one["step"].as_str().unwrap_or("?"), one["state"].as_str().unwrap_or("?"));
    run["stations"].as_array().expect("stations").iter().map(of).collect()
}

fn a_journey_is_a_line_of_stations(site: &Site) {
    let founder = site.founder();
    let steps =
        json!([step("now", 0, json!({})), step("later", 30, json!({})), step("then", 7, json!({"after": "later"}))]);
    let journey = template(&founder, steps);
    let guest = customer(&founder, "Guest");
    let run = begin(&founder, &journey, &guest);
    assert_eq!(states(&run), ["now due", "later coming", "then coming"]);
    assert_eq!(run["stations"][2]["waits_for"], "later");
    let again = json!({"journey_id": journey["id"], "customer_id": guest["id"]});
    assert_eq!(founder.post("/journey-runs", again).ok(409)["code"], "journey_started");
    let task = run["stations"][0]["task_id"].as_str().expect("a task").to_owned();
    founder.post(&format!("/tasks/{task}/completion"), json!({"outcome": "rang"})).expect(200);
    let run = founder.get(&format!("/journey-runs/{}", id(&run))).ok(200);
    assert_eq!((states(&run)[0].as_str(), &run["stations"][0]["note"]), ("now done", &json!("rang")));
    let report = founder.get(&format!("/journeys/{}/report", id(&journey))).ok(200);
    assert_eq!((&report["running"], &report["stations"][0]["on_time_share"]), (&json!(1), &json!(1.0)));
    let stopped = founder.post(&format!("/journey-runs/{}/stop", id(&run)), json!({"reason": "moved"})).ok(200);
    assert_eq!((&stopped["status"], &stopped["reason"]), (&json!("stopped"), &json!("moved")));
}

fn proofs_and_reasons_are_asked_for(site: &Site) {
    let founder = site.founder();
    let steps = json!([step("noted", 0, json!({"proof": "note"})), step("met", 0, json!({"proof": "interaction"}))]);
    let run = begin(&founder, &template(&founder, steps), &customer(&founder, "Guest"));
    let place = |at: usize, what: &str| {
        format!("/journey-stations/{}/{what}", run["stations"][at]["id"].as_str().expect("a station"))
    };
    assert_eq!(founder.post(&place(0, "completion"), json!({})).ok(422)["errors"][0]["pointer"], "/note");
    assert_eq!(founder.post(&place(1, "completion"), json!({})).ok(409)["code"], "interaction_missing");
    assert_eq!(founder.post(&place(1, "skip"), json!({"reason": " "})).ok(422)["errors"][0]["pointer"], "/reason");
    founder.post(&place(0, "completion"), json!({"note": "done"})).expect(200);
    let over = founder.post(&place(1, "skip"), json!({"reason": "abroad"})).ok(200);
    assert_eq!((&over["status"], &over["stations"][1]["state"]), (&json!("finished"), &json!("skipped")));
    let task = over["stations"][1]["task_id"].as_str().expect("a task");
    assert_eq!(founder.get(&format!("/tasks/{task}")).ok(200)["status"], "cancelled");
}

fn nothing_comes_up_twice(site: &Site) {
    let founder = site.founder();
    let steps = json!([step("monthly", 1, json!({"every": {"count": 1, "unit": "months"}}))]);
    let run = begin(&founder, &template(&founder, steps), &customer(&founder, "Guest"));
    for days in [0, 2, 2, 1, 40, 39, 400] {
        journeys_sweep(&site.app, Utc::now() + Duration::days(days)).expect("a night");
    }
    let run = founder.get(&format!("/journey-runs/{}", id(&run))).ok(200);
    let came = run["stations"].as_array().expect("stations").iter().filter(|one| one["id"].is_string()).count();
    assert_eq!(came, 1, "one is open, however often it is looked: {run}");
}

fn what_is_paid_begins_one_once(site: &Site) {
    let founder = site.founder();
    let body = |active: bool| {
        json!({"unit_id": founder.place().0, "name_zh": "回访", "name_en": "Call", "event": "order_paid",
            "active": active, "steps": [step("call", 2, json!({}))]})
    };
    founder.post("/journeys", body(false)).expect(201);
    let journey = founder.post("/journeys", body(true)).ok(201);
    let guest = customer(&founder, "Guest");
    let order = simple(&founder, &guest["id"], "100.00");
    let follow = || {
        while upkeep_step(&site.app).expect("upkeep") {}
        journeys_follow(&site.app, Utc::now()).expect("followed");
        founder.get("/journey-runs").ok(200)["items"].as_array().expect("runs").clone()
    };
    let pay = |amount: &str| {
        let payment = json!({"amount": yuan(amount), "method": "wechat"});
        founder.post(&format!("/orders/{}/payments", id(&order)), payment).expect(200);
    };
    pay("40.00");
    assert!(follow().is_empty(), "not yet paid in full");
    pay("60.00");
    for _ in 0..3 {
        let runs = follow();
        assert_eq!(runs.len(), 1, "{runs:?}");
        assert_eq!((&runs[0]["journey"]["id"], &runs[0]["event"]), (&journey["id"], &json!("order_paid")));
        assert!(runs[0]["stations"][0]["task_id"].is_string(), "within the days ahead");
    }
}

/// One journey of each event, and what begins it.
fn what_happens_begins_them(site: &Site) {
    let founder = site.founder();
    let unit = founder.place().0;
    let goods = |name: &str| founder.post("/categories", json!({"name": name})).ok(201)["id"].clone();
    let (machines, beans) = (goods("机器"), goods("咖啡豆"));
    let begun_by = |event: &str, about: Value| {
        let body = json!({"unit_id": unit, "name_zh": event, "name_en": event, "event": event, "about": about,
            "active": true, "steps": [step("call", 0, json!({}))]});
        founder.post("/journeys", body).ok(201)
    };
    let wrong = [
        ("class_changed", json!({"class": "lifecycle", "became": "vip"}), "/about/became"),
        ("class_changed", json!({"class": "colour", "became": "vip"}), "/about/class"),
        ("date_of_life", json!({"date": "yesterday"}), "/about/date"),
    ];
    for (event, about, pointer) in wrong {
        let body = json!({"unit_id": unit, "name_zh": event, "name_en": event, "event": event, "about": about,
            "active": true, "steps": [step("call", 0, json!({}))]});
        assert_eq!(founder.post("/journeys", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    begun_by("goods_delivered", json!({}));
    begun_by("customer_coded", json!({}));
    begun_by("asset_added", json!({"category_id": machines}));
    begun_by("class_changed", json!({"class": "lifecycle", "became": "decline"}));
    begun_by("date_of_life", json!({"date": "birthday"}));
    let begun = |guest: &Value| {
        while upkeep_step(&site.app).expect("upkeep") {}
        journeys_follow(&site.app, Utc::now()).expect("followed");
        journeys_sweep(&site.app, Utc::now()).expect("a night");
        let runs = founder.get(&format!("/journey-runs?filter[customer]={}", id(guest))).ok(200);
        let runs = runs["items"].as_array().expect("runs").iter();
        let mut events: Vec<String> = runs.map(|run| run["event"].as_str().unwrap_or("?").to_owned()).collect();
        events.sort();
        events
    };
    let guest = customer(&founder, "Guest");
    assert_eq!(begun(&guest), ["customer_coded"]);
    let renamed = founder.patch(&path(&guest), &guest["version"], json!({"name": "Regular"})).ok(200);
    assert_eq!(begun(&guest), ["customer_coded"], "the code was there before");

    let order = simple(&founder, &guest["id"], "100.00");
    assert_eq!(begun(&guest).len(), 1, "not delivered yet");
    founder.post(&format!("/orders/{}/status", id(&order)), json!({"status": "delivered"})).expect(200);
    assert_eq!(begun(&guest), ["customer_coded", "goods_delivered"]);

    let product = |code: &str, category: &Value| {
        founder.post("/products", json!({"code": code, "name": code, "category_id": category})).ok(201)["id"].clone()
    };
    for (code, category, runs) in [("BEAN", &beans, 2), ("MILL", &machines, 3)] {
        let asset = json!({"customer_id": guest["id"], "product_id": product(code, category)});
        founder.post("/assets", asset).expect(201);
        assert_eq!(begun(&guest).len(), runs, "{code}");
    }

    let party = PartyId(id(&guest).parse().expect("an id"));
    for (became, runs) in [("growth", 3), ("decline", 4)] {
        let change = ClassChangeRow {
            id: ClassChangeId::fresh(),
            party_id: party,
            kind: "lifecycle".into(),
            before: Some("stability".into()),
            after: Some(became.into()),
            reason: None,
            on_date: today(site),
        };
        let told = site.app.db().write(move |tx| class_changes_insert(tx, vec![change.clone()]));
        told.expect("a change");
        assert_eq!(begun(&guest).len(), runs, "{became}");
    }

    let soon = (Utc::now() + Duration::days(10)).date_naive().with_year(1992).unwrap_or_default();
    founder.patch(&path(&guest), &renamed["version"], json!({"birthday": soon})).expect(200);
    let all = ["asset_added", "class_changed", "customer_coded", "date_of_life", "goods_delivered"];
    assert_eq!(begun(&guest), all);
    assert_eq!(begun(&guest), all, "looked at again");
}
