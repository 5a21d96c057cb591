//! Evaluations and how customers spread, held against the published numbers of CDNOW.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};
use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::insight::evaluation::{evaluation_queue, evaluation_run};
use regulars_app::jobs::runner::jobs_run_due;
use regulars_domain::ids::{OrderId, PartyId, UnitId};
use regulars_domain::sales::{CountsWhen, RATE_ONE};
use regulars_persistence::customers::parts_write::NewParts;
use regulars_persistence::customers::party::{PartyRow, party_insert};
use regulars_persistence::insight::counter::metric_refresh;
use regulars_persistence::sales::order::{OrderRow, orders_insert};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::jobs::{finished_elsewhere, taken_elsewhere};
use crate::sales::{customer, simple, yuan};

both!(
    cdnow_is_scored_as_published,
    evaluation_is_asked_for_and_done,
    what_is_asked_for_meanwhile_runs_after,
    a_past_day_is_seen_as_it_was,
    scores_stay_within_walls,
    settings_that_cannot_be_are_refused,
    today_tells_what_is_new,
);

pub(crate) fn oracle(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracles").join(name);
    std::fs::read_to_string(file).expect("an oracle")
}

pub(crate) fn uuid_of(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

fn evaluate(site: &Site, as_of: Option<NaiveDate>) {
    evaluation_run(&site.app, None, as_of, now(), &mut |_| Ok(())).expect("an evaluation");
}

/// The CDNOW sample: a customer for each, an order for each purchase.
pub(crate) fn cdnow_store(site: &Site, unit: UnitId) {
    let mut parties: BTreeMap<String, PartyRow> = BTreeMap::new();
    let mut orders = Vec::new();
    for (number, line) in oracle("CDNOW_sample.txt").lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let on = NaiveDate::parse_from_str(fields[2], "%Y%m%d").expect("a date");
        let cents: i64 = fields[4].replace('.', "").parse().expect("cents");
        let code = fields[1].parse::<u32>().expect("a number").to_string();
        let party = parties.entry(code.clone()).or_insert_with(|| party(unit, &code)).id;
        orders.push(order(unit, party, number, on, cents));
    }
    let rows: Vec<PartyRow> = parties.into_values().collect();
    let ids: Vec<PartyId> = rows.iter().map(|row| row.id).collect();
    assert_eq!((rows.len(), orders.len()), (2357, 6919));
    site.app
        .db()
        .write(move |tx| {
            for row in rows.clone() {
                party_insert(tx, row, &NewParts::default())?;
            }
            orders_insert(tx, orders.clone())?;
            metric_refresh(tx, &ids, CountsWhen::Confirmed)?;
            Ok::<_, AppError>(())
        })
        .expect("the sample");
}

fn party(unit: UnitId, code: &str) -> PartyRow {
    PartyRow {
        id: PartyId::fresh(),
        unit_id: unit,
        owner_id: None,
        code: Some(code.into()),
        kind: "person".into(),
        name: code.into(),
        name_key: code.into(),
        name_key_set: false,
        status: "customer".into(),
        gender: None,
        birthday: None,
        tax_id: None,
        industry: None,
        source: None,
        level: None,
        buying_style: None,
        internal: false,
        note: None,
        import_id: None,
        version: 1,
        created_by: None,
        created_at: now(),
        updated_at: now(),
        qualification: None,
    }
}

fn order(unit_id: UnitId, party_id: PartyId, number: usize, on: NaiveDate, cents: i64) -> OrderRow {
    OrderRow {
        id: OrderId::fresh(),
        unit_id,
        owner_id: None,
        party_id,
        code: format!("CD{number}"),
        status: "completed".into(),
        ordered_on: on,
        ordered_at: on.and_time(NaiveTime::MIN).and_utc(),
        channel: None,
        currency: "CNY".into(),
        gross: cents,
        discount: 0,
        net: cents,
        net_base: cents,
        exchange_rate: RATE_ONE,
        cost: None,
        returned: 0,
        paid: cents,
        note: None,
        quote_id: None,
        opportunity_id: None,
        import_id: None,
        version: 1,
        created_by: None,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// Counts per score as `{"R": {"1": n, …}, …}`.
fn score_counts(spread: &Value) -> Value {
    let one = |letter: &str| -> Value {
        let buckets = spread[letter].as_array().expect("buckets").iter();
        buckets.map(|bucket| (bucket["score"].to_string(), bucket["count"].clone())).collect()
    };
    json!({"R": one("r"), "F": one("f"), "M": one("m")})
}

fn cdnow_is_scored_as_published(site: &Site) {
    let founder = site.founder();
    cdnow_store(site, UnitId(uuid_of(&founder.place().0)));
    let expected: Value = serde_json::from_str(&oracle("formula_oracles.json")).expect("JSON");
    let counts = &expected["rfm_cdnow"]["counts"]["strict_1+floor(5*#less/n)"];

    let asked = founder.get("/insight/rfm?as_of=1997-09-30&mode=quintile").ok(200);
    assert_eq!(&score_counts(&asked), counts, "scored for the answer");
    assert_eq!((&asked["buyers"], &asked["r"][0]["condition"]), (&json!(2357), &Value::Null));

    evaluate(site, NaiveDate::from_ymd_opt(1997, 9, 30));
    let stored = founder.get("/insight/rfm").ok(200);
    assert_eq!((&stored["as_of"], &stored["mode"]), (&json!("1997-09-30"), &json!("quintile")));
    assert_eq!(&score_counts(&stored), counts, "as stored");
    let overview = founder.get("/insight/overview").ok(200);
    assert_eq!((&overview["customers"], &overview["buyers"]), (&json!(2357), &json!(2357)));
    assert_eq!(&score_counts(&overview["rfm"]), counts);

    let abc = founder.get("/insight/abc").ok(200);
    for (bucket, class) in abc["classes"].as_array().expect("classes").iter().zip(["A", "B", "C"]) {
        let published = &expected["abc_cdnow_calibration_customers"]["before"][class];
        assert_eq!((&bucket["class"], &bucket["count"]), (&json!(class), &published["n"]));
    }

    let mut cells: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in oracle("cdnow_rfm.csv").lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        cells.entry(fields[5].into()).or_default().insert(fields[0].into());
    }
    assert_eq!(stored["cells"].as_array().map(Vec::len), Some(cells.len()));
    for cell in stored["cells"].as_array().expect("cells") {
        let code = cell["code"].as_str().expect("a code");
        let filter: String = cell["condition"].to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = founder.all(&format!("/customers?filter={filter}"), 200);
        let found: BTreeSet<String> =
            found.iter().map(|item| item["code"].as_str().expect("a code").to_string()).collect();
        assert_eq!(Some(&found), cells.get(code), "the customers of {code}");
    }
}

fn evaluation_is_asked_for_and_done(site: &Site) {
    let founder = site.founder();
    simple(&founder, &customer(&founder, "张伟"), "100");
    customer(&founder, "李娜");
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    site.sign_in("chen").post("/insight/evaluations", json!({})).expect(403);
    let future = founder.post("/insight/evaluations", json!({"as_of": "2999-01-01"})).ok(422);
    assert_eq!(future["errors"][0]["code"], "date_in_future");
    let reply = founder.post("/insight/evaluations", json!({})).expect(202);
    let job = reply.header("location").expect("a place").to_string();
    let runner = regulars_app::jobs::runner::Runner::start(&site.app, 1).expect("a runner");
    let started = std::time::Instant::now();
    loop {
        let job = founder.get(&job).ok(200);
        match job["status"].as_str() {
            Some("queued" | "running") => assert!(started.elapsed().as_secs() < 30, "{job}"),
            Some("done") => break,
            _ => panic!("{job}"),
        }
        std::thread::yield_now();
    }
    runner.stop(std::time::Duration::from_secs(5));
    let latest = founder.get("/insight/evaluations/latest").ok(200)["items"][0].clone();
    assert_eq!(latest["customers"], 2);
    assert_eq!(latest["settings"]["value_weights"]["cumulative_sales"], 0.3);
    let overview = founder.get("/insight/overview").ok(200);
    assert_eq!((&overview["customers"], &overview["buyers"]), (&json!(2), &json!(1)));
    let stages: Vec<&Value> = overview["stages"].as_array().expect("stages").iter().map(|s| &s["count"]).collect();
    assert_eq!(stages, [1, 1, 0, 0, 0], "one potential, one new");
    assert_eq!(overview["value"][0]["condition"], json!({"field": "metrics.value_class", "op": "eq", "value": "vip"}));
}

fn scores_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.user_new("chen", &department, &[&founder.role("member")]);
    founder.user_new("he", &foreign, &[&founder.role("unit_head")]);
    let [chen, he] = ["chen", "he"].map(|login| site.sign_in(login));
    for (client, amounts) in [(&founder, ["10", "20"]), (&chen, ["30", "40"]), (&he, ["1000", "2000"])] {
        for amount in amounts {
            simple(client, &customer(client, amount), amount);
        }
    }
    evaluate(site, None);
    let m = |client: &Client| -> Vec<i64> {
        let spread = client.get("/insight/rfm").ok(200);
        spread["m"].as_array().expect("m").iter().filter_map(|bucket| bucket["count"].as_i64()).collect()
    };
    assert_eq!(m(&he), [1, 0, 1, 0, 0], "the two of the other unit, among themselves");
    assert_eq!(m(&chen), [0, 0, 1, 1, 0], "her two, among the four of her unit");
    assert_eq!(m(&founder), [2, 1, 2, 1, 0], "all, each among their unit");
    assert_eq!(chen.get("/insight/overview").ok(200)["customers"], 2);
    let fresh = chen.get("/insight/rfm?mode=threshold").ok(200);
    assert_eq!((&fresh["buyers"], &fresh["mode"]), (&json!(2), &json!("threshold")));
    founder.user_new("kefu", &department, &[&founder.role("service_agent")]);
    site.sign_in("kefu").get("/insight/overview").expect(403);
    assert_eq!(he.get("/insight/evaluations/latest").ok(200)["items"].as_array().map(Vec::len), Some(1));
}

fn settings_that_cannot_be_are_refused(site: &Site) {
    let founder = site.founder();
    let version = founder.get("/settings").ok(200)["version"].clone();
    let patch = |insight: Value| founder.patch("/settings", &version, json!({"settings": {"insight": insight}}));
    for (insight, pointer) in [
        (json!({"value_weights": {"cumulative_sales": 0.9}}), "/settings/insight/value_weights"),
        (json!({"abc_cuts": {"a": 9600}}), "/settings/insight/abc_cuts"),
        (json!({"stage_thresholds": {"new_days": 999}}), "/settings/insight/stage_thresholds"),
        (json!({"rfm_thresholds": {"frequency": [2, 2, 3, 4]}}), "/settings/insight/rfm_thresholds"),
    ] {
        assert_eq!(patch(insight).ok(422)["errors"][0]["pointer"], pointer);
    }
    let changed = patch(json!({"rfm_mode": "threshold", "value_cutoffs": {"vip": 0.1}})).ok(200);
    assert_eq!(changed["settings"]["insight"]["rfm_mode"], "threshold");
    assert_eq!(changed["settings"]["insight"]["value_cutoffs"]["vip"], 0.1);
}

fn today_tells_what_is_new(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let yesterday = {
        let today: NaiveDate =
            founder.get("/today").ok(200)["on"].as_str().and_then(|on| on.parse().ok()).expect("a day");
        today.pred_opt().expect("a day")
    };
    let lines = json!([{"name": "a", "quantity": "1", "price": yuan("12.34")}]);
    founder.post("/orders", json!({"customer_id": zhang, "ordered_on": yesterday, "lines": lines})).expect(201);
    let today = founder.get("/today").ok(200);
    assert_eq!(today["orders_yesterday"], json!({"count": 1, "net": yuan("12.34")}));
    assert_eq!((&today["new_customers_7d"], &today["greeting_name"]), (&json!(1), &json!("林晓")));
    assert_eq!(today["changed_since_yesterday"][0]["customer"]["name"], "张伟");
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    let hers = site.sign_in("chen").get("/today").ok(200);
    assert_eq!(hers["orders_yesterday"]["count"], 0);
    assert_eq!((&hers["changed_since_yesterday"], &hers["new_customers_7d"]), (&json!([]), &json!(0)));
}

fn what_is_asked_for_meanwhile_runs_after(site: &Site) {
    let founder = site.founder();
    let ask = || founder.post("/insight/evaluations", json!({}));
    let status = |job: &Value| {
        let path = format!("/jobs/{}", job["id"].as_str().expect("an id"));
        founder.get(&path).ok(200)["status"].clone()
    };
    let first = ask().ok(202);
    assert_eq!(ask().ok(409)["code"], "already_running", "the same waits already");
    let running = taken_elsewhere(site).id;
    assert_eq!(status(&first), "running");
    let second = ask().ok(202);
    ask().expect(409);
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0, "one evaluation at a time");
    assert_eq!(status(&second), "queued");
    finished_elsewhere(site, running);
    assert_eq!(jobs_run_due(&site.app).expect("work"), 1);
    assert_eq!(status(&second), "done");
    // The same holds for those that imports ask for.
    let queue = || site.app.db().write(|tx| evaluation_queue(tx, None, now())).expect("a database");
    queue();
    let running = taken_elsewhere(site).id;
    queue();
    queue();
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0);
    finished_elsewhere(site, running);
    assert_eq!(jobs_run_due(&site.app).expect("work"), 1);
}

fn a_past_day_is_seen_as_it_was(site: &Site) {
    let founder = site.founder();
    let today = site.app.company(now()).expect("a company").business_date(now());
    let ago = |days: u64| (today - chrono::Days::new(days)).to_string();
    let order = |name: &str, status: &str| {
        let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan("100.00")}]);
        let body =
            json!({"customer_id": customer(&founder, name), "status": status, "ordered_on": ago(10), "lines": lines});
        founder.post("/orders", body).ok(201)
    };
    let place = |order: &Value| format!("/orders/{}", order["id"].as_str().expect("an id"));
    let [kept, cancelled, deleted] = ["kept", "cancelled", "deleted"].map(|name| order(name, "confirmed"));
    let draft = order("draft", "draft");
    founder.post(&format!("{}/status", place(&cancelled)), json!({"status": "cancelled"})).expect(200);
    founder.post(&format!("{}/status", place(&draft)), json!({"status": "confirmed"})).expect(200);
    founder.delete(&place(&deleted), &deleted["version"]).expect(204);
    let net = |as_of: &str| founder.get(&format!("/insight/abc?as_of={as_of}")).ok(200)["net"]["amount"].clone();
    assert_eq!(net(&ago(0)), "200.00", "what was kept, and the draft that became an order");
    assert_eq!(net(&ago(1)), "300.00", "yesterday two more stood and the draft did not");
    assert_eq!(net(&ago(11)), "0.00");

    let pay = |order: &Value, on: &str| {
        let payment = json!({"amount": yuan("100.00"), "on": on});
        founder.post(&format!("{}/payments", place(order)), payment).expect(200);
    };
    pay(&kept, &ago(5));
    pay(&draft, &ago(0));
    let back = json!({"amount": yuan("30.00"), "on": ago(2)});
    founder.post(&format!("{}/returns", place(&kept)), back).expect(200);
    let settings = founder.get("/settings").ok(200);
    let paid = json!({"settings": {"order_counts_when": "paid"}});
    founder.patch("/settings", &settings["version"], paid).expect(200);
    jobs_run_due(&site.app).expect("work");
    assert_eq!(net(&ago(6)), "0.00", "nothing was paid yet");
    assert_eq!(net(&ago(3)), "100.00", "one was");
    assert_eq!(net(&ago(1)), "70.00", "some of it came back");
    assert_eq!(net(&ago(0)), "170.00");
}
