//! What to do next: found by rules, ranked by worth, dealt with, counted; within walls, masks and consent.

use chrono::{Days, Duration, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::insight::evaluation::evaluation_run;
use regulars_persistence::Db;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{colleague, home, id};
use crate::opportunities::opportunity;
use crate::sales::{customer, yuan};

both!(
    rules_find_what_is_to_be_done_and_rank_it,
    what_was_dealt_with_rests_and_is_counted,
    dates_and_offers_ask_for_consent,
    what_goes_together_is_offered,
    rules_are_turned_off_and_weighed,
    suggestions_stay_within_walls,
    late_promises_and_stuck_opportunities_are_named_once,
    what_is_late_stays_within_walls,
);

fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

fn evaluate(site: &Site) {
    evaluation_run(&site.app, None, None, now(), &mut |_| Ok(())).expect("an evaluation");
}

fn buys(site: &Site, client: &Client, customer: &Value, ago: u64, line: Value) {
    let on = today(site) - Days::new(ago);
    client.post("/orders", json!({"customer_id": customer, "ordered_on": on, "lines": [line]})).expect(201);
}

fn sundries(amount: &str) -> Value {
    json!({"name": "杂货", "quantity": "1", "price": yuan(amount)})
}

/// Orders every thirty days, the last so many days ago.
fn monthly(site: &Site, client: &Client, name: &str, (silent, amount): (u64, &str)) -> Value {
    let one = customer(client, name);
    for month in 0..6 {
        buys(site, client, &one, silent + 30 * month, sundries(amount));
    }
    one
}

fn listed(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/next-actions{query}")).ok(200)["items"].as_array().expect("items").clone()
}

fn rules(items: &[Value]) -> Vec<(&str, &str)> {
    items
        .iter()
        .map(|one| (one["rule"].as_str().expect("a rule"), one["customer"]["name"].as_str().expect("a name")))
        .collect()
}

fn outcome(client: &Client, one: &Value, more: Value) -> regulars_tests::Reply {
    let mut body = json!({"customer_id": one["customer"]["id"], "rule": one["rule"], "subject": one["subject"],
        "stake": one["stake"]});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/next-actions/outcomes", body)
}

fn consents(client: &Client, customer: &Value, purpose: &str) {
    let body = json!({"channel": "wechat", "purpose": purpose, "given": true});
    client.post(&format!("/customers/{}/consents", customer.as_str().expect("an id")), body).expect(201);
}

fn rules_find_what_is_to_be_done_and_rank_it(site: &Site) {
    let founder = site.founder();
    let zhang = monthly(site, &founder, "张伟", (120, "1000"));
    let wang = monthly(site, &founder, "王芳", (28, "50"));
    let tea = founder.post("/products", json!({"code": "TEA", "name": "龙井", "price": yuan("300")})).ok(201);
    let wish = json!({"customer_id": wang, "product_id": tea["id"], "quantity": 2});
    let wish = founder.post("/wishes", wish).ok(201);
    let soon = today(site) + Days::new(3);
    founder.post("/wishes", json!({"customer_id": wang, "wanted": "红茶", "needed_by": soon})).expect(201);
    founder.post(&format!("/products/{}/arrival", tea["id"].as_str().expect("an id")), json!(null)).expect(200);
    evaluate(site);

    let items = listed(&founder, "");
    let found = rules(&items);
    for expected in
        [("warning", "张伟"), ("silent", "张伟"), ("wish_arrived", "王芳"), ("replenish", "王芳"), ("wish_due", "王芳")]
    {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let one = |rule: &str| items.iter().find(|one| one["rule"] == rule).expect("a suggestion");
    assert_eq!((&one("wish_arrived")["stake"], &one("wish_arrived")["subject"]), (&yuan("600.00"), &wish["id"]));
    assert_eq!((&one("replenish")["stake"], &one("replenish")["act"]), (&yuan("50.00"), &json!("call")));
    assert_eq!(one("replenish")["due"], json!(today(site) + Days::new(2)));
    assert_eq!(one("replenish")["reason"], "Buys every 30 days; 28 days since the last");
    assert_eq!(one("wish_due")["reason"], "红茶 is needed in 3 days");
    assert_eq!(one("warning")["act"], "measures");
    assert_eq!(one("warning")["owner"]["name"], "林晓");
    let weights = founder.get("/settings").ok(200)["settings"]["insight"]["next_actions"].clone();
    let worth = |one: &Value| {
        let amount: f64 = one["stake"]["amount"].as_str().and_then(|text| text.parse().ok()).expect("an amount");
        amount * weights[one["rule"].as_str().expect("a rule")]["weight"].as_f64().expect("a weight")
    };
    assert!(items.windows(2).all(|two| worth(&two[0]) >= worth(&two[1])), "{items:?}");
    assert_eq!(items, listed(&founder, ""), "the same order every time");
    let only = listed(&founder, &format!("?customer={}", zhang.as_str().expect("an id")));
    assert!(only.iter().all(|one| one["customer"]["id"] == zhang) && only.len() >= 2, "{only:?}");
    assert_eq!(listed(&founder, "?limit=1").len(), 1);
    let mut reader = founder.clone();
    reader.language = "zh-CN";
    let chinese = reader.get("/next-actions").ok(200);
    let chinese =
        chinese["items"].as_array().and_then(|all| all.iter().find(|one| one["rule"] == "replenish").cloned());
    assert_eq!(chinese.expect("one")["reason"], "每 30 天买一次，已过 28 天");
    let version = json!(1);
    let told = json!({"status": "acting", "measures": "打电话"});
    let path = format!("/insight/warnings/{}", one("warning")["subject"].as_str().expect("an id"));
    founder.patch(&path, &version, told).expect(200);
    assert!(!rules(&listed(&founder, "")).contains(&("warning", "张伟")), "somebody works on it");
}

fn what_was_dealt_with_rests_and_is_counted(site: &Site) {
    let founder = site.founder();
    monthly(site, &founder, "张伟", (120, "1000"));
    let wang = monthly(site, &founder, "王芳", (28, "50"));
    evaluate(site);
    let items = listed(&founder, "");
    let one = |rule: &str| items.iter().find(|one| one["rule"] == rule).expect("a suggestion").clone();
    let (due, silent, warning) = (one("replenish"), one("silent"), one("warning"));
    let tomorrow = today(site) + Days::new(1);
    for (more, pointer, code) in [
        (json!({"outcome": "later"}), "/until", "required"),
        (json!({"outcome": "later", "until": today(site)}), "/until", "out_of_range"),
        (json!({"outcome": "done", "until": tomorrow}), "/until", "not_allowed_here"),
        (json!({"outcome": "dismissed"}), "/reason", "required"),
        (json!({"outcome": "dismissed", "reason": "boredom"}), "/reason", "not_allowed"),
        (json!({"outcome": "done", "rule": "boredom"}), "/rule", "not_allowed"),
        (json!({"outcome": "done", "customer_id": uuid::Uuid::now_v7()}), "/customer_id", "unknown_reference"),
    ] {
        let refused = outcome(&founder, &due, more).ok(422);
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    outcome(&founder, &due, json!({"outcome": "done", "note": "要两罐"})).expect(200);
    outcome(&founder, &silent, json!({"outcome": "later", "until": tomorrow})).expect(200);
    outcome(&founder, &warning, json!({"outcome": "dismissed", "reason": "known_already"})).expect(200);
    assert_eq!(listed(&founder, ""), Vec::<Value>::new());

    let report = || founder.get("/next-actions/report").ok(200);
    let of = |report: &Value, rule: &str| {
        let rules = report["rules"].as_array().expect("rules").clone();
        rules.into_iter().find(|one| one["rule"] == rule).expect("a rule")
    };
    let before = of(&report(), "replenish");
    assert_eq!((&before["done"], &before["bought"], &before["bought_share"]), (&json!(1), &json!(0), &json!(0.0)));
    assert_eq!(before["stake"], yuan("50.00"));
    buys(site, &founder, &wang, 0, sundries("80"));
    let after = report();
    let bought = of(&after, "replenish");
    assert_eq!((&bought["bought"], &bought["net"], &bought["bought_share"]), (&json!(1), &yuan("80.00"), &json!(1.0)));
    assert_eq!((&of(&after, "silent")["later"], &of(&after, "warning")["dismissed"]), (&json!(1), &json!(1)));
    assert_eq!(after["reasons"], json!([{"reason": "known_already", "count": 1}]));
    assert_eq!(of(&after, "offer")["bought_share"], Value::Null);
    let past = founder.get("/next-actions/report?from=2020-01-01&until=2020-12-31").ok(200);
    assert_eq!(of(&past, "replenish")["done"], 0);
}

fn dates_and_offers_ask_for_consent(site: &Site) {
    let founder = site.founder();
    let soon = today(site) + Days::new(2);
    let dates = json!([{"kind": "wedding", "date": soon.to_string().replacen(&soon.to_string()[..4], "2012", 1), "yearly": true}]);
    let zhang = json!({"kind": "person", "name": "张伟", "dates": dates});
    let zhang = founder.post("/customers", zhang).ok(201)["id"].clone();
    assert_eq!(listed(&founder, ""), Vec::<Value>::new(), "nobody said that they want to hear from us");
    consents(&founder, &zhang, "care");
    let items = listed(&founder, "");
    assert_eq!(rules(&items), [("date", "张伟")]);
    assert_eq!((&items[0]["channels"], &items[0]["due"]), (&json!(["wechat"]), &json!(soon)));
    assert_eq!(items[0]["stake"], yuan("0.00"), "nothing was bought yet");
    let no = json!({"channel": "wechat", "purpose": "care", "given": false});
    founder.post(&format!("/customers/{}/consents", zhang.as_str().expect("an id")), no).expect(201);
    assert_eq!(listed(&founder, ""), Vec::<Value>::new());
}

fn what_goes_together_is_offered(site: &Site) {
    let founder = site.founder();
    let product = |code: &str, name: &str, price: &str| {
        founder.post("/products", json!({"code": code, "name": name, "price": yuan(price)})).ok(201)["id"].clone()
    };
    let (tea, cup, soap) = (product("T", "茶", "100"), product("C", "杯", "60"), product("S", "皂", "10"));
    let line = |product: &Value| json!({"product_id": product, "quantity": "1"});
    for name in ["一", "二", "三", "四"] {
        let one = customer(&founder, name);
        buys(site, &founder, &one, 5, line(&tea));
        buys(site, &founder, &one, 4, line(&cup));
    }
    for name in ["五", "六", "七", "八"] {
        buys(site, &founder, &customer(&founder, name), 5, line(&soap));
    }
    let asked = customer(&founder, "张伟");
    buys(site, &founder, &asked, 3, line(&tea));
    evaluate(site);
    let offers = || -> Vec<Value> { listed(&founder, "").into_iter().filter(|one| one["rule"] == "offer").collect() };
    assert_eq!(offers(), Vec::<Value>::new(), "offers are for those who want them");
    consents(&founder, &asked, "marketing");
    let found = offers();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["customer"]["id"], &found[0]["product"]["id"]), (&asked, &cup));
    assert_eq!(found[0]["stake"], yuan("48.00"), "60 × 80 %");
    assert_eq!(found[0]["reason"], "80% of those who have 茶 have 杯 too (1.8× the usual)");
    buys(site, &founder, &asked, 0, line(&cup));
    assert_eq!(offers(), Vec::<Value>::new(), "nobody is offered what they have");
}

fn rules_are_turned_off_and_weighed(site: &Site) {
    let founder = site.founder();
    monthly(site, &founder, "张伟", (120, "1000"));
    evaluate(site);
    let set = |rules: Value| {
        let version = founder.get("/settings").ok(200)["version"].clone();
        founder.patch("/settings", &version, json!({"settings": {"insight": {"next_actions": rules}}}))
    };
    assert_eq!(rules(&listed(&founder, "")).first(), Some(&("warning", "张伟")));
    set(json!({"silent": {"weight": 1000}})).expect(200);
    assert_eq!(rules(&listed(&founder, "")).first(), Some(&("silent", "张伟")));
    set(json!({"silent": {"on": false}})).expect(200);
    assert_eq!(rules(&listed(&founder, "")), [("warning", "张伟")]);
    let refused = set(json!({"silent": {"weight": 1001}})).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/settings/insight/next_actions/silent/weight");
    set(json!({"boredom": {"on": true, "weight": 1}})).expect(422);
}

fn suggestions_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let chen = site.person("chen", "member");
    let zhang = monthly(site, &founder, "张伟", (28, "1000"));
    let wang = monthly(site, &chen, "王芳", (28, "1000"));
    evaluate(site);
    assert_eq!(rules(&listed(&chen, "")), [("replenish", "王芳")]);
    assert_eq!(rules(&listed(&founder, "")), [("replenish", "张伟")], "one's own");
    let me = |client: &Client| client.get("/me").ok(200)["id"].as_str().expect("an id").to_string();
    assert_eq!(rules(&listed(&founder, &format!("?owner={}", me(&chen)))), [("replenish", "王芳")]);
    assert_eq!(listed(&chen, &format!("?owner={}", me(&founder))), Vec::<Value>::new());
    let of = |one: &Value| format!("?customer={}", one.as_str().expect("an id"));
    assert_eq!(rules(&listed(&founder, &of(&wang))), [("replenish", "王芳")]);
    assert_eq!(listed(&chen, &of(&zhang)), Vec::<Value>::new());
    let his = listed(&founder, "")[0].clone();
    assert_eq!(outcome(&chen, &his, json!({"outcome": "done"})).ok(422)["errors"][0]["code"], "unknown_reference");
    let hers = listed(&chen, "")[0].clone();
    outcome(&chen, &hers, json!({"outcome": "done"})).expect(200);
    let done = |client: &Client| {
        let report = client.get("/next-actions/report").ok(200)["rules"].clone();
        report.as_array().expect("rules").iter().map(|one| one["done"].as_i64().expect("a count")).sum::<i64>()
    };
    assert_eq!((done(&chen), done(&founder)), (1, 1));
    outcome(&founder, &his, json!({"outcome": "done"})).expect(200);
    assert_eq!((done(&chen), done(&founder)), (1, 2));
    let agent = site.person("kefu", "service_agent");
    agent.get("/next-actions").expect(403);
    outcome(&site.person("market", "marketer"), &his, json!({"outcome": "done"})).expect(403);
}

/// Makes an opportunity of ten thousand, in its first stage, that was to close so many days ago or was touched then.
fn deal(site: &Site, client: &Client, customer: &Value, name: &str, (closes, touched): (Option<i64>, i64)) -> Value {
    let close = closes.map(|ago| today(site) - Duration::days(ago));
    let body = json!({"name": name, "type": "opportunity", "customer_id": customer, "amount": yuan("10000.00"), "expected_close": close});
    let made = opportunity(client, body);
    let (which, at) = (id(&made).parse::<uuid::Uuid>().expect("an id"), now() - Duration::days(touched));
    let write = move |tx: &mut Db| {
        let mut aged = Statement::new("UPDATE opportunity SET touched_at = ").with("", at);
        aged.push(" WHERE id = ").bind(which);
        aged.run(tx)
    };
    site.app.db().write(write).expect("an older touch");
    made
}

fn late_promises_and_stuck_opportunities_are_named_once(site: &Site) {
    let founder = site.founder();
    let (zhang, wang) = (customer(&founder, "张伟"), customer(&founder, "王芳"));
    let late = deal(site, &founder, &zhang, "新展厅", (Some(3), 40));
    deal(site, &founder, &zhang, "今天到期", (Some(0), 5));
    let silent = deal(site, &founder, &wang, "老厂房", (None, 45));
    deal(site, &founder, &wang, "上周谈过", (Some(-30), 7));
    let yesterday = today(site) - Days::new(1);
    let task = |more: Value| {
        let mut body = json!({"title": "寄样品", "due_on": yesterday});
        body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
        founder.post("/tasks", body).ok(201)
    };
    let promise = task(json!({"customer_ids": [zhang, wang]}));
    task(json!({"title": "打扫"}));
    task(json!({"customer_ids": [wang], "due_on": today(site) + Days::new(2)}));

    let items = listed(&founder, "");
    let mut found = rules(&items);
    found.sort_unstable();
    assert_eq!(found, [("deal_overdue", "张伟"), ("deal_untouched", "王芳"), ("promise_overdue", "张伟")]);
    let one = |items: &[Value], rule: &str| items.iter().find(|one| one["rule"] == rule).expect("a suggestion").clone();
    let (due, quiet, told) =
        (one(&items, "deal_overdue"), one(&items, "deal_untouched"), one(&items, "promise_overdue"));
    assert_eq!(
        (&due["subject"], &due["act"], &due["reason"]),
        (&late["id"], &json!("deal"), &json!("Was to close 3 days ago: 新展厅"))
    );
    assert_eq!(due["due"], json!(today(site) - Days::new(3)));
    let stage = founder.get("/pipelines").ok(200)["items"][0]["stages"].clone();
    let chances = stage
        .as_array()
        .expect("stages")
        .iter()
        .find(|one| one["id"] == late["stage"]["id"])
        .expect("its stage")["probability"]
        .as_i64()
        .expect("chances");
    assert!(chances > 0, "a stage with some chances");
    assert_eq!(due["stake"], yuan(&format!("{}.00", 100 * chances)), "amount × chances");
    assert_eq!(
        (&quiet["subject"], &quiet["act"], &quiet["reason"]),
        (&silent["id"], &json!("call"), &json!("Nothing done for 45 days: 老厂房"))
    );
    assert_eq!(
        (&told["subject"], &told["act"], &told["reason"]),
        (&promise["id"], &json!("finish"), &json!("1 day late: 寄样品"))
    );
    assert_eq!(told["due"], json!(yesterday));
    let of = |customer: &Value| listed(&founder, &format!("?customer={}", customer.as_str().expect("an id")));
    assert!(rules(&of(&wang)).contains(&("promise_overdue", "王芳")), "asked for one customer, it is named there too");
    let mut reader = founder.clone();
    reader.language = "zh-CN";
    let chinese = reader.get("/next-actions").ok(200)["items"].as_array().expect("items").clone();
    assert_eq!(one(&chinese, "promise_overdue")["reason"], "晚了 1 天：寄样品");
    assert_eq!(one(&chinese, "deal_untouched")["reason"], "45 天没有跟进：老厂房");

    // What is done is gone: the task finished, a call written down, another day agreed on.
    founder.post(&format!("/tasks/{}/completion", id(&promise)), json!({})).expect(200);
    let call = json!({"customer_id": wang, "kind": "call", "direction": "out", "body": "下周看厂"});
    founder.post("/interactions", call).expect(201);
    let version = founder.get(&format!("/opportunities/{}", id(&late))).ok(200)["version"].clone();
    let later = json!({"expected_close": today(site) + Days::new(9)});
    founder.patch(&format!("/opportunities/{}", id(&late)), &version, later).expect(200);
    assert_eq!(listed(&founder, "").iter().filter(|one| one["rule"] != "deal_untouched").count(), 0);
    assert!(!rules(&listed(&founder, "")).contains(&("deal_untouched", "王芳")));
}

fn what_is_late_stays_within_walls(site: &Site) {
    let founder = site.founder();
    let unit = home(site);
    let member = colleague(site, "mei", "member", &unit);
    let hers = customer(&member, "周敏");
    deal(site, &member, &hers, "她的单子", (Some(2), 1));
    member
        .post("/tasks", json!({"title": "回电", "due_on": today(site) - Days::new(1), "customer_ids": [hers]}))
        .expect(201);
    let mut found: Vec<String> = listed(&member, "").iter().map(|one| one["rule"].to_string()).collect();
    found.sort_unstable();
    assert_eq!(found, ["\"deal_overdue\"", "\"promise_overdue\""]);
    assert_eq!(listed(&founder, ""), Vec::<Value>::new(), "each has their own");
    let other = colleague(site, "lan", "member", &unit);
    let me = member.get("/me").ok(200)["id"].clone();
    let asked = format!("?owner={}", me.as_str().expect("an id"));
    assert_eq!(listed(&other, &asked), Vec::<Value>::new(), "a colleague sees nothing of hers");
    assert_eq!(listed(&founder, &asked).len(), 2, "who sees her customers, opportunities and tasks does");
}
