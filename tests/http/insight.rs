//! Metrics, evaluations and how customers spread, held against the published numbers of CDNOW and against a judge.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use regulars_analytics::metrics::{CustomerMetrics, LineFacts, OrderFacts, customer_metrics};
use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::insight::evaluation::{evaluation_queue, evaluation_run, metrics_recount};
use regulars_app::jobs::runner::jobs_run_due;
use regulars_domain::ids::{OrderId, PartyId, UnitId};
use regulars_domain::sales::{CountsWhen, RATE_ONE};
use regulars_persistence::customers::party::{PartyRow, party_insert};
use regulars_persistence::insight::counter::metric_refresh;
use regulars_persistence::insight::metric::{MetricRow, metrics_get};
use regulars_persistence::sales::order::{OrderRow, orders_insert};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::jobs::{finished_elsewhere, taken_elsewhere};
use crate::sales::{customer, simple, yuan};

both!(
    cdnow_is_scored_as_published,
    counters_follow_every_change,
    a_setting_decides_which_orders_count,
    evaluation_is_asked_for_and_done,
    what_is_asked_for_meanwhile_runs_after,
    a_past_day_is_seen_as_it_was,
    scores_stay_within_walls,
    settings_that_cannot_be_are_refused,
    today_tells_what_is_new,
);

fn oracle(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracles").join(name);
    std::fs::read_to_string(file).expect("an oracle")
}

fn uuid_of(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

fn evaluate(site: &Site, as_of: Option<NaiveDate>) {
    evaluation_run(&site.app, None, as_of, now(), &mut |_| Ok(())).expect("an evaluation");
}

fn recount(site: &Site) -> i64 {
    metrics_recount(&site.app, &mut |_| Ok(())).expect("a recount")
}

/// The CDNOW sample: a customer for each, an order for each purchase.
fn cdnow_store(site: &Site, unit: UnitId) {
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
                party_insert(tx, row)?;
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
        code: code.into(),
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

/// What a person may do to the orders of a few customers.
#[derive(Debug, Clone)]
enum Deed {
    Order { customer: usize, day: u32, price: u32, quantity: u32, product: usize, discount: u32 },
    Pay { order: usize, part: u32 },
    Return { order: usize, quantity: u32 },
    Status { order: usize, to: usize },
    Move { order: usize, customer: usize },
    Reline { order: usize, price: u32 },
    Delete { order: usize },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0usize..3, 0u32..300, 1u32..50_000, 1u32..9_000, 0usize..3, 0u32..100).prop_map(
            |(customer, day, price, quantity, product, discount)| Deed::Order { customer, day, price, quantity, product, discount }
        ),
        2 => (0usize..20, 1u32..120).prop_map(|(order, part)| Deed::Pay { order, part }),
        2 => (0usize..20, 1u32..5_000).prop_map(|(order, quantity)| Deed::Return { order, quantity }),
        3 => (0usize..20, 0usize..5).prop_map(|(order, to)| Deed::Status { order, to }),
        1 => (0usize..20, 0usize..3).prop_map(|(order, customer)| Deed::Move { order, customer }),
        1 => (0usize..20, 1u32..50_000).prop_map(|(order, price)| Deed::Reline { order, price }),
        1 => (0usize..20).prop_map(|order| Deed::Delete { order }),
    ];
    proptest::collection::vec(deed, 40)
}

fn cents(amount: u32) -> Value {
    yuan(&format!("{}.{:02}", amount / 100, amount % 100))
}

/// Who buys what.
struct Shop {
    client: Client,
    customers: Vec<Value>,
    products: Vec<Value>,
    orders: Vec<Value>,
}

impl Shop {
    /// Does it; refusals are fine, for limits and states are tested elsewhere.
    fn perform(&mut self, deed: &Deed) {
        let at =
            |order: &usize| self.orders.get(*order).map(|id| format!("/orders/{}", id.as_str().unwrap_or_default()));
        let client = &self.client;
        match deed {
            Deed::Order { customer, day, price, quantity, product, discount } => {
                let on = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date") + chrono::Days::new(u64::from(*day));
                let quantity = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                let lines =
                    json!([{"product_id": self.products[*product], "quantity": quantity, "price": cents(*price)}]);
                let body = json!({"customer_id": self.customers[*customer], "ordered_on": on, "lines": lines,
                    "order_discount": cents(*discount)});
                let reply = client.post("/orders", body);
                if reply.status == 201 {
                    self.orders.push(reply.json()["id"].clone());
                }
            }
            Deed::Pay { order, part } => {
                let Some(path) = at(order) else { return };
                let balance = client.get(&path).json()["balance"]["amount"].clone();
                let balance: f64 = balance.as_str().and_then(|text| text.parse().ok()).unwrap_or(0.0);
                let amount = (balance * f64::from(*part)).max(0.0) as u32;
                client.post(&format!("{path}/payments"), json!({"amount": cents(amount)}));
            }
            Deed::Return { order, quantity } => {
                let Some(path) = at(order) else { return };
                let quantity = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                client.post(&format!("{path}/returns"), json!({"line_id": 1, "quantity": quantity}));
            }
            Deed::Status { order, to } => {
                let Some(path) = at(order) else { return };
                let status = ["draft", "confirmed", "delivered", "completed", "cancelled"][*to];
                client.post(&format!("{path}/status"), json!({"status": status}));
            }
            Deed::Move { order, customer } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                client.patch(&path, &version, json!({"customer_id": self.customers[*customer]}));
            }
            Deed::Reline { order, price } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                let line = json!([{"id": 1, "name": "改", "quantity": "2", "price": cents(*price)}]);
                client.patch(&path, &version, json!({"lines": line, "order_discount": null}));
            }
            Deed::Delete { order } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                client.delete(&path, &version);
            }
        }
    }

    /// The judge: what the orders as they are shown add up to.
    fn judged(&self, customer: &Value, counts: impl Fn(&Value) -> bool) -> CustomerMetrics {
        let minor = |money: &Value| -> i64 {
            money["amount"].as_str().expect("an amount").replace('.', "").parse().expect("minor units")
        };
        let path = format!("/orders?filter[customer]={}", customer.as_str().expect("an id"));
        let orders: Vec<Value> = self.client.all(&path, 50).into_iter().filter(|order| counts(order)).collect();
        let lines: Vec<Vec<LineFacts<Uuid>>> = orders
            .iter()
            .map(|order| {
                let lines = order["lines"].as_array().expect("lines").iter();
                let product = |line: &Value| line["product"]["id"].as_str().and_then(|id| id.parse().ok());
                lines.map(|line| LineFacts { product: product(line), category: None }).collect()
            })
            .collect();
        let facts: Vec<OrderFacts<'_, Uuid>> = orders
            .iter()
            .zip(&lines)
            .map(|(order, lines)| OrderFacts {
                on: order["ordered_on"].as_str().and_then(|on| on.parse().ok()).expect("a date"),
                gross: minor(&order["gross"]),
                discount: minor(&order["discount"]),
                returned: minor(&order["returned"]),
                paid: minor(&order["paid"]),
                cost: order["cost"].as_object().map(|_| minor(&order["cost"])),
                lines,
            })
            .collect();
        customer_metrics(&facts)
    }
}

fn stored(site: &Site, customer: &Value) -> MetricRow {
    let id = PartyId(uuid_of(customer));
    let rows = site.app.db().read(|db| Ok::<_, AppError>(metrics_get(db, &[id])?)).expect("metrics");
    rows.into_iter().next().expect("a row")
}

fn assert_judged(site: &Site, shop: &Shop, counts: impl Fn(&Value) -> bool + Copy) {
    for customer in &shop.customers {
        let (row, judged) = (stored(site, customer), shop.judged(customer, counts));
        assert_eq!((row.first_order_on, row.last_order_on), (judged.first_order_on, judged.last_order_on));
        assert_eq!((row.orders, row.order_days), (i64::from(judged.orders), i64::from(judged.order_days)));
        assert_eq!((row.gross, row.discount, row.returns), (judged.gross, judged.discount, judged.returns));
        assert_eq!((row.net, row.cost, row.products), (judged.net, judged.cost, i64::from(judged.products)));
        assert_eq!((row.mean_gap_days, row.median_gap_days), (judged.mean_gap_days, judged.median_gap_days));
        assert_eq!((row.costs_unknown == 0).then_some(row.net - row.cost), judged.margin);
    }
}

fn is_sale(order: &Value) -> bool {
    matches!(order["status"].as_str(), Some("confirmed" | "delivered" | "completed"))
}

fn shop(site: &Site) -> Shop {
    let client = site.founder();
    let customers = ["甲", "乙", "丙"].map(|name| customer(&client, name)).to_vec();
    let product = |number: usize| {
        let cost = if number == 2 { Value::Null } else { yuan("1.23") };
        let body = json!({"code": format!("P{number}"), "name": format!("商品{number}"), "cost": cost});
        client.post("/products", body).ok(201)["id"].clone()
    };
    let products = (0..3).map(product).collect();
    Shop { client, customers, products, orders: Vec::new() }
}

fn counters_follow_every_change(site: &Site) {
    let mut shop = shop(site);
    let config = Config { cases: 3, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let shop_cell = std::cell::RefCell::new(&mut shop);
    runner
        .run(&deeds(), |deeds| {
            let mut shop = shop_cell.borrow_mut();
            for deed in &deeds {
                shop.perform(deed);
            }
            assert_eq!(recount(site), 0, "counters are what the orders say");
            assert_judged(site, &shop, is_sale);
            Ok(())
        })
        .expect("counters hold");
    assert!(shop.orders.len() > 20, "the deeds were done");
}

fn a_setting_decides_which_orders_count(site: &Site) {
    let mut shop = shop(site);
    for (day, status) in [(0, None), (10, Some(2)), (20, Some(3)), (30, Some(4))] {
        shop.perform(&Deed::Order { customer: 0, day, price: 1000, quantity: 1000, product: 0, discount: 0 });
        if let Some(to) = status {
            shop.perform(&Deed::Status { order: shop.orders.len() - 1, to });
        }
    }
    shop.perform(&Deed::Pay { order: 0, part: 100 });
    assert_eq!(stored(site, &shop.customers[0]).orders, 3);
    recount(site);
    for (rule, orders) in [("delivered", 2), ("paid", 1), ("confirmed", 3)] {
        let version = shop.client.get("/settings").ok(200)["version"].clone();
        let patch = json!({"settings": {"order_counts_when": rule}});
        shop.client.patch("/settings", &version, patch).expect(200);
        assert_eq!(recount(site), 1, "the customer's counters change with the setting {rule}");
        assert_eq!(stored(site, &shop.customers[0]).orders, orders, "{rule}");
        assert_eq!(stored(site, &shop.customers[0]).open_balance, 2000, "what is owed is owed under any setting");
        assert_eq!(recount(site), 0);
    }
    let jobs = shop.client.get("/jobs").ok(200);
    let kinds: Vec<&str> =
        jobs["items"].as_array().expect("jobs").iter().filter_map(|job| job["kind"].as_str()).collect();
    assert!(kinds.contains(&"insight.recount"), "a change of the setting asks for a recount: {kinds:?}");
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
