//! What is expected of customers, what that makes of them, and who is warned of: through HTTP, held against CDNOW.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::insight::evaluation::evaluation_run;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::imports::{path_of, perform, upload};
use crate::sales::{customer, yuan};

both!(
    cdnow_comes_in_and_out_as_published,
    few_buyers_are_no_model,
    classes_change_with_date_and_reason,
    a_warning_is_raised_worked_on_and_ended,
    who_comes_back_is_kept,
    outlooks_stay_within_walls,
);

fn oracle(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracles").join(name);
    std::fs::read_to_string(file).expect("an oracle")
}

fn near(ours: &Value, exact: &Value, relative: f64) {
    let (ours, exact) = (ours.as_f64().expect("a number"), exact.as_f64().expect("a number"));
    assert!((ours / exact - 1.0).abs() < relative, "{ours} {exact}");
}

fn asked(filter: Value) -> String {
    filter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn work(site: &Site) {
    while jobs_run_due(&site.app).expect("work") > 0 {}
}

fn fit(site: &Site, client: &Client, as_of: &str) -> Value {
    client.post("/insight/lifetime/fits", json!({"as_of": as_of})).expect(202);
    work(site);
    let models = client.get("/insight/lifetime").ok(200);
    assert_eq!(models["items"][0]["as_of"], as_of);
    models["items"][0].clone()
}

pub fn settings(client: &Client, insight: Value) {
    let version = client.get("/settings").ok(200)["version"].clone();
    client.patch("/settings", &version, json!({"settings": {"insight": insight}})).expect(200);
}

/// Expected purchases, P(alive), twelve-month value by the code customers get.
fn scored() -> HashMap<String, [f64; 3]> {
    let mut codes: HashMap<String, String> = HashMap::new();
    for line in oracle("CDNOW_sample.txt").lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        codes.insert(fields[1].trim_start_matches('0').into(), fields[0].into());
    }
    let table = oracle("cdnow_customer_oracle_raw_exact.csv");
    let one = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse().expect("a number");
        (codes[fields[0]].clone(), [number(7), number(8), number(9)])
    };
    table.lines().skip(1).map(one).collect()
}

fn cdnow_comes_in_and_out_as_published(site: &Site) {
    let founder = site.founder();
    settings(&founder, json!({"lifetime": {"horizon_days": 273, "holdout_days": 273}}));
    let import = upload(&founder, "orders", "log.txt", oracle("CDNOW_sample.txt").as_bytes());
    let options = json!({"mapping": {"options": {"create_missing_customers": true}}});
    let import = founder.patch(&path_of(&import), &import["version"], options).ok(200);
    perform(site, &founder, &import, "run");
    work(site);

    let exact: Value = serde_json::from_str(&oracle("cdnow_btyd_oracle.json")).expect("JSON");
    let exact = &exact["raw_exact_days_over_7"];
    let model = fit(site, &founder, "1997-09-30");
    assert_eq!((&model["customers"], &model["repeaters"]), (&json!(2357), &json!(946)));
    for part in ["r", "alpha", "a", "b"] {
        near(&model["purchases"]["parameters"][part], &exact["bgnbd"][part], 1e-6);
        assert!(model["purchases"]["standard_errors"][part].as_f64().is_some_and(|error| error > 0.0));
    }
    near(&model["purchases"]["log_likelihood"], &exact["bgnbd"]["LL"], 1e-8);
    for part in ["p", "q", "gamma"] {
        near(&model["spend"]["parameters"][part], &exact["gammagamma"][part], 1e-6);
    }
    near(&model["spend"]["log_likelihood"], &exact["gammagamma"]["LL"], 1e-8);
    assert_eq!((&model["purchases"]["used"], &model["spend"]["used"]), (&json!(true), &json!(true)));

    let scored = scored();
    let found = founder.all("/customers?expand=metrics", 200);
    assert_eq!(found.len(), 2357);
    for one in &found {
        let [expected, alive, value] = scored[one["code"].as_str().expect("a code")];
        let metrics = &one["metrics"];
        let number = |name: &str| metrics[name].as_f64().expect("a number");
        assert!((number("expected_purchases") - expected).abs() < 6e-5, "{metrics}");
        assert!((number("alive") - alive).abs() < 6e-5, "{metrics}");
        let amount: f64 = metrics["lifetime_value"]["amount"].as_str().and_then(|a| a.parse().ok()).expect("money");
        assert!((amount - value).abs() < 0.006, "{metrics}");
    }
    let gone = asked(json!({"field": "metrics.alive", "op": "lt", "value": 0.5}));
    let counted = founder.get(&format!("/customers?count=true&filter={gone}")).ok(200)["total"].clone();
    assert_eq!(counted, scored.values().filter(|[_, alive, _]| *alive < 0.5).count());
    let best = founder.get("/customers?sort=-metrics.lifetime_value&limit=1").ok(200)["items"][0]["code"].clone();
    let most = scored.values().map(|[_, _, value]| *value).fold(0.0, f64::max);
    assert_eq!(scored[best.as_str().expect("a code")][2], most);

    let quality = fit(site, &founder, "1998-06-30")["quality"].clone();
    let trial: Value = serde_json::from_str(&oracle("cdnow_churn_eval.json")).expect("JSON");
    assert_eq!((&quality["customers"], &quality["actual"]), (&json!(2357), &json!(1882)));
    near(&quality["expected"], &exact["aggregate"]["sum_E39"], 1e-6);
    near(&quality["trials"][0]["auc_repeaters"], &trial["P(no purchase in 39wk) BG/NBD"]["repeaters"], 1e-6);
    near(&quality["trials"][1]["auc_all"], &trial["idle weeks T-tx"]["all"], 1e-9);
    near(&quality["brier"], &trial["brier p0 BG"], 1e-6);
}

pub fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

fn buys(site: &Site, client: &Client, customer: &Value, ago: u64, amount: &str) {
    let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan(amount)}]);
    let on = today(site) - Days::new(ago);
    client.post("/orders", json!({"customer_id": customer, "ordered_on": on, "lines": lines})).expect(201);
}

pub fn evaluate(site: &Site) {
    evaluation_run(&site.app, None, None, now(), &mut |_| Ok(())).expect("an evaluation");
}

fn metrics(client: &Client, customer: &Value) -> Value {
    client.get(&format!("/customers/{}/card", customer.as_str().expect("an id"))).ok(200)["metrics"].clone()
}

fn few_buyers_are_no_model(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    let asked = customer(&founder, "李娜");
    for ago in [364, 182, 0] {
        buys(site, &founder, &zhang, ago, "100");
    }
    evaluate(site);
    let model = founder.get("/insight/lifetime").ok(200)["items"][0].clone();
    assert_eq!((&model["purchases"]["used"], &model["purchases"]["parameters"]), (&json!(false), &Value::Null));
    assert_eq!(model["purchases"]["shortfall"], "too_few_repeaters");
    assert_eq!((&model["judge"], &model["quality"]), (&json!("overdue"), &Value::Null));
    let hers = metrics(&founder, &zhang);
    assert_eq!((&hers["expected_purchases"], &hers["alive"]), (&json!(1.0), &Value::Null), "two in a year go on");
    assert_eq!(hers["lifecycle"], "stability");
    let nothing = metrics(&founder, &asked);
    assert_eq!((&nothing["lifetime_value"], &nothing["lifecycle"]), (&Value::Null, &Value::Null));
    founder.post("/insight/lifetime/fits", json!({"as_of": "2999-01-01"})).expect(422);
}

fn classes_change_with_date_and_reason(site: &Site) {
    let founder = site.founder();
    let zhang = customer(&founder, "张伟");
    buys(site, &founder, &zhang, 400, "100");
    evaluate(site);
    let first = metrics(&founder, &zhang);
    assert_eq!((&first["lifecycle"], &first["lifecycle_reason"]), (&json!("decline"), &json!("never_returned")));
    assert_eq!(first["lifecycle_since"], json!(today(site)));
    let changes = || founder.get(&format!("/customers/{}/class-changes", zhang.as_str().expect("an id"))).ok(200);
    assert_eq!(changes()["items"], json!([]), "a beginning is no change");
    buys(site, &founder, &zhang, 0, "100");
    evaluate(site);
    let change = changes()["items"]
        .as_array()
        .and_then(|items| items.iter().find(|one| one["kind"] == "lifecycle").cloned())
        .expect("a change");
    assert_eq!((&change["before"], &change["after"]), (&json!("decline"), &json!("exploration")));
    assert_eq!((&change["reason"], &change["on"]), (&json!("few_orders"), &json!(today(site))));
    evaluate(site);
    let told = changes()["items"].as_array().map(Vec::len);
    evaluate(site);
    assert_eq!(changes()["items"].as_array().map(Vec::len), told, "nothing flickers");

    let spread = founder.get("/insight/relations").ok(200);
    assert_eq!((&spread["buyers"], &spread["lifecycle"][0]["count"]), (&json!(1), &json!(1)));
    for list in ["lifecycle", "loyalty_classes", "matrix"] {
        for bucket in spread[list].as_array().expect("buckets") {
            let path = format!("/customers?count=true&filter={}", asked(bucket["condition"].clone()));
            assert_eq!(founder.get(&path).ok(200)["total"], bucket["count"], "{bucket}");
        }
    }
    assert_eq!(spread["situations"].as_array().map(Vec::len), Some(8));
    let version = founder.get("/settings").ok(200)["version"].clone();
    let wrong = json!({"settings": {"insight": {"churn_thresholds": {"raise": 0.5, "withdraw": 0.6}}}});
    let refused = founder.patch("/settings", &version, wrong).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/settings/insight/churn_thresholds");
}

/// Monthly orders that ended so many days ago.
pub fn monthly(site: &Site, client: &Client, name: &str, silent: u64) -> Value {
    let one = customer(client, name);
    for month in 0..6 {
        buys(site, client, &one, silent + 30 * month, "1000");
    }
    one
}

fn a_warning_is_raised_worked_on_and_ended(site: &Site) {
    let founder = site.founder();
    let zhang = monthly(site, &founder, "张伟", 120);
    evaluate(site);
    let listed = founder.get("/insight/warnings").ok(200)["items"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let warning = &listed[0];
    assert_eq!((&warning["customer"]["id"], &warning["status"]), (&zhang, &json!("open")));
    assert_eq!(warning["reasons"][0], "overdue");
    assert_eq!(warning["yearly"], yuan("6000.00"));
    assert_eq!(metrics(&founder, &zhang)["warned_on"], json!(today(site)));
    assert_eq!(founder.get("/today").ok(200)["warnings"][0]["id"], warning["id"]);
    evaluate(site);
    assert_eq!(founder.get("/insight/warnings").ok(200)["items"].as_array().map(Vec::len), Some(1), "raised once");

    let path = format!("/insight/warnings/{}", warning["id"].as_str().expect("an id"));
    let act = |version: &Value, body: Value| founder.patch(&path, version, body);
    assert_eq!(act(&json!(1), json!({"status": "acting"})).ok(422)["errors"][0]["pointer"], "/measures");
    let acting = act(&json!(1), json!({"status": "acting", "measures": "打电话"})).ok(200);
    assert_eq!((&acting["measures"], &acting["handled_by"]["name"]), (&json!("打电话"), &json!("林晓")));
    act(&json!(1), json!({"status": "kept"})).expect(412);
    let version = &acting["version"];
    assert_eq!(act(version, json!({"status": "lost"})).ok(422)["errors"][0]["pointer"], "/outcome_reason");
    let unknown = act(version, json!({"status": "lost", "outcome_reason": "boredom"})).ok(422);
    assert_eq!(unknown["errors"][0]["code"], "unknown_reference");
    act(version, json!({"status": "withdrawn"})).expect(422);
    let lost = act(version, json!({"status": "lost", "outcome_reason": "price"})).ok(200);
    assert_eq!(lost["closed_on"], json!(today(site)));
    assert_eq!(act(&lost["version"], json!({"status": "kept"})).ok(409)["code"], "wrong_state");
    assert_eq!(metrics(&founder, &zhang)["warned_on"], Value::Null);
    evaluate(site);
    assert_eq!(founder.get("/insight/warnings").ok(200)["items"], json!([]), "who is lost is not warned of again");
    let of_zhang = format!("/insight/warnings?customer={}", zhang.as_str().expect("an id"));
    assert_eq!(founder.get(&of_zhang).ok(200)["items"][0]["status"], "lost");

    let report = founder.get("/insight/warnings/report").ok(200);
    assert_eq!((&report["lost"]["count"], &report["kept_share"]), (&json!(1), &json!(0.0)));
    assert_eq!((&report["reasons"][0]["reason"], &report["reasons"][0]["count"]), (&json!("price"), &json!(1)));
    let line = founder.get(&format!("/customers/{}/timeline?kinds=event", zhang.as_str().expect("an id"))).ok(200);
    assert!(
        line["items"].as_array().is_some_and(|items| items
            .iter()
            .any(|one| one["title"] == json!("warning") || one.to_string().contains("warning"))),
        "{line}"
    );
}

fn who_comes_back_is_kept(site: &Site) {
    let founder = site.founder();
    let zhang = monthly(site, &founder, "张伟", 120);
    evaluate(site);
    buys(site, &founder, &zhang, 0, "1000");
    evaluate(site);
    assert_eq!(founder.get("/insight/warnings").ok(200)["items"], json!([]));
    let report = founder.get("/insight/warnings/report").ok(200);
    assert_eq!((&report["kept"]["count"], &report["kept_share"]), (&json!(1), &json!(1.0)));
    assert_eq!(metrics(&founder, &zhang)["warned_on"], Value::Null);
}

fn outlooks_stay_within_walls(site: &Site) {
    let founder = site.founder();
    settings(&founder, json!({"warned_classes": ["vip", "major", "ordinary", "small"]}));
    let chen = site.person("chen", "member");
    let zhang = monthly(site, &founder, "张伟", 120);
    let wang = monthly(site, &chen, "王芳", 200);
    evaluate(site);
    let seen = |client: &Client| -> Vec<Value> {
        let listed = client.get("/insight/warnings").ok(200)["items"].clone();
        listed.as_array().expect("warnings").iter().map(|one| one["customer"]["id"].clone()).collect()
    };
    assert_eq!(seen(&chen), [wang]);
    assert_eq!(seen(&founder).len(), 2);
    assert_eq!(chen.get("/insight/relations").ok(200)["buyers"], 1);
    assert_eq!(chen.get("/insight/warnings/report").ok(200)["standing"]["count"], 1);
    chen.get(&format!("/customers/{}/class-changes", zhang.as_str().expect("an id"))).expect(404);
    let foreign = founder.get("/insight/warnings").ok(200)["items"].clone();
    let foreign = foreign.as_array().and_then(|all| all.iter().find(|one| one["customer"]["id"] == zhang).cloned());
    let path = format!("/insight/warnings/{}", foreign.expect("his")["id"].as_str().expect("an id"));
    chen.get(&path).expect(404);
    chen.patch(&path, &json!(1), json!({"status": "kept"})).expect(404);
    site.person("kefu", "service_agent").get("/insight/warnings").expect(403);
}
