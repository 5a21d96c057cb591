//! Groups of customers that are alike: found in the background among those one sees, named, kept as lists and filled
//! anew.

use chrono::{Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::yuan;

both!(
    groups_are_found_named_and_kept,
    lists_follow_what_customers_do,
    each_divides_whom_they_see,
    what_makes_no_sense_is_refused
);

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").into()
}

fn today() -> NaiveDate {
    (now() + chrono::Duration::hours(8)).date_naive()
}

fn buyer(client: &Client, name: &str, orders: &[(u64, &str)]) -> String {
    let customer = json!({"kind": "person", "name": name, "status": "customer"});
    let customer = id(&client.post("/customers", customer).ok(201));
    orders.iter().for_each(|(days_ago, amount)| sell(client, &customer, *days_ago, amount));
    customer
}

fn sell(client: &Client, customer: &str, days_ago: u64, amount: &str) {
    let order = json!({"customer_id": customer, "ordered_on": today() - Days::new(days_ago), "status": "confirmed",
        "lines": [{"name": "茶", "quantity": "1", "price": yuan(amount)}]});
    client.post("/orders", order).expect(201);
}

/// Four who come often and lately, three who came once long ago with much, and one who never bought.
fn company(client: &Client) -> (Vec<String>, Vec<String>) {
    let often = ["张伟", "李娜", "王芳", "赵敏"]
        .map(|name| buyer(client, name, &[(2, "30.00"), (12, "31.00"), (22, "29.00"), (32, "30.00")]));
    let once = ["钱进", "孙强", "周涛"].map(|name| buyer(client, name, &[(400, "900.00")]));
    buyer(client, "看客", &[]);
    (often.to_vec(), once.to_vec())
}

fn work(site: &Site) {
    while jobs_run_due(&site.app).expect("work") > 0 {}
}

fn asked(features: &[&str]) -> Value {
    json!({"name": "节奏", "features": features})
}

fn divided(site: &Site, client: &Client, input: Value) -> Value {
    let made = client.post("/insight/clusterings", input).ok(201);
    assert_eq!((&made["status"], &made["found"]), (&json!("running"), &Value::Null));
    work(site);
    client.get(&path(&made)).ok(200)
}

fn path(clustering: &Value) -> String {
    format!("/insight/clusterings/{}", id(clustering))
}

fn members(client: &Client, segment: &Value) -> Vec<String> {
    let mut found: Vec<String> = client
        .all(&format!("/segments/{}/members", segment["id"].as_str().expect("a list")), 10)
        .iter()
        .map(id)
        .collect();
    found.sort();
    found
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

fn groups_are_found_named_and_kept(site: &Site) {
    let founder = site.founder();
    let (often, once) = company(&founder);
    let done = divided(site, &founder, asked(&["recency_days", "orders", "average_order"]));
    assert_eq!(done["status"], "done");
    let found = &done["found"];
    assert_eq!((&found["customers"], &found["left_out"], &found["verdict"]), (&json!(7), &json!(1), &json!("strong")));
    let groups = found["groups"].as_array().expect("groups");
    assert_eq!(groups.iter().map(|group| group["size"].clone()).collect::<Vec<_>>(), [4, 3]);
    assert_eq!((&groups[0]["net"]["amount"], &groups[1]["net"]["amount"]), (&json!("480.00"), &json!("2700.00")));
    let measure = |group: &Value, at: usize| group["measures"][at].clone();
    assert_eq!(measure(&groups[0], 0)["mean"], 2.0);
    assert_eq!(measure(&groups[1], 0)["mean"], 400.0);
    assert_eq!(measure(&groups[0], 2)["amount"]["amount"], "30.00");
    assert_eq!(
        measure(&groups[1], 2),
        json!({"feature": "average_order", "unit": "money", "mean": null,
        "amount": {"amount": "900.00", "currency": "CNY"}, "distance": measure(&groups[1], 2)["distance"]})
    );
    assert!(measure(&groups[0], 1)["distance"].as_f64().expect("a number") > 0.5, "they come more often than most");
    let tried: Vec<&Value> = found["tried"].as_array().expect("tries").iter().map(|one| &one["groups"]).collect();
    assert_eq!(tried, [2], "two kinds of customers are two groups at most");

    // Unnamed groups are not kept.
    let keep = |body: Value| founder.post(&format!("{}/segments", path(&done)), body);
    let refused = keep(json!({"places": [0]})).ok(422);
    assert_eq!(refused["errors"][0]["code"], "group_unnamed");
    let named = json!({"name": "来得勤不勤", "group_names": ["常客", "大单稀客"]});
    let named = founder.patch(&path(&done), &done["version"], named).ok(200);
    assert_eq!((&named["found"]["groups"][1]["name"], &named["version"]), (&json!("大单稀客"), &json!(2)));
    founder.patch(&path(&done), &json!(1), json!({"name": "x"})).expect(412);
    keep(json!({"places": [0, 1, 1]})).expect(202);
    work(site);
    let kept = founder.get(&path(&done)).ok(200);
    let (first, second) = (&kept["found"]["groups"][0]["segment"], &kept["found"]["groups"][1]["segment"]);
    assert_eq!((&first["name"], &second["name"]), (&json!("常客"), &json!("大单稀客")));
    assert_eq!((members(&founder, first), members(&founder, second)), (sorted(often), sorted(once)));
    let list = founder.get(&format!("/segments/{}", id(first))).ok(200);
    assert_eq!((&list["kind"], &list["count"], &list["shared"]), (&json!("static"), &json!(4), &json!(false)));

    // The lists stay when the clustering goes.
    founder.delete(&path(&done), &kept["version"]).expect(204);
    founder.get(&path(&done)).expect(404);
    assert_eq!(members(&founder, first).len(), 4);
}

fn lists_follow_what_customers_do(site: &Site) {
    let founder = site.founder();
    let (mut often, once) = company(&founder);
    let done = divided(site, &founder, json!({"name": "A", "features": ["recency_days", "orders"], "groups": 2}));
    founder.patch(&path(&done), &done["version"], json!({"group_names": ["常客", "稀客"]})).expect(200);
    let keep =
        || founder.post(&format!("{}/segments", path(&done)), json!({"places": [0, 1], "shared": true})).expect(202);
    keep();
    work(site);
    let groups = |place: usize| founder.get(&path(&done)).ok(200)["found"]["groups"][place]["segment"].clone();
    assert_eq!(members(&founder, &groups(1)), sorted(once.clone()));
    // One of those who came once comes often now.
    [1, 9, 17].into_iter().for_each(|days_ago| sell(&founder, &once[0], days_ago, "30.00"));
    let before = groups(0);
    keep();
    work(site);
    assert_eq!(groups(0), before, "the same list, filled anew");
    often.push(once[0].clone());
    assert_eq!(members(&founder, &groups(0)), sorted(often));
    assert_eq!(members(&founder, &groups(1)), sorted(once[1..].to_vec()));
    // A list that was thrown away is made anew.
    founder.delete(&format!("/segments/{}", id(&groups(1))), &json!(1)).expect(204);
    assert_eq!(groups(1), Value::Null);
    keep();
    work(site);
    assert_eq!(members(&founder, &groups(1)).len(), 2);
}

fn each_divides_whom_they_see(site: &Site) {
    let founder = site.founder();
    company(&founder);
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    founder.user_new("lin", &department, &[&founder.role("member")]);
    let (chen, lin) = (site.sign_in("chen"), site.sign_in("lin"));
    buyer(&chen, "陈一", &[(3, "10.00")]);
    buyer(&chen, "陈二", &[(90, "10.00")]);
    let done = divided(site, &chen, json!({"name": "A", "features": ["recency_days", "orders"]}));
    let all = founder.get("/customers?count=true").ok(200)["total"].as_i64().expect("a count");
    let seen = chen.get("/customers?count=true").ok(200)["total"].as_i64().expect("a count");
    let found = &done["found"];
    let counted = found["customers"].as_i64().expect("a number") + found["left_out"].as_i64().expect("a number");
    assert_eq!(counted, seen, "of {all}");
    // It is chen's alone.
    lin.get(&path(&done)).expect(404);
    founder.get(&path(&done)).expect(404);
    assert_eq!(lin.get("/insight/clusterings").ok(200)["items"], json!([]));
    assert_eq!(chen.get("/insight/clusterings").ok(200)["items"].as_array().map(Vec::len), Some(1));
    // Only the members of a list, if one is named.
    let condition = json!({"field": "name", "op": "starts_with", "value": "陈"});
    let list = chen.post("/segments", json!({"name": "陈", "kind": "dynamic", "condition": condition})).ok(201);
    let input = json!({"name": "B", "features": ["recency_days", "orders"], "segment_id": id(&list)});
    let done = divided(site, &chen, input.clone());
    assert_eq!((&done["found"]["customers"], &done["segment"]["name"]), (&json!(2), &json!("陈")));
    let refused = lin.post("/insight/clusterings", input).ok(422);
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/segment_id"), &json!("unknown_reference"))
    );
}

fn what_makes_no_sense_is_refused(site: &Site) {
    let founder = site.founder();
    let refused = |input: Value| founder.post("/insight/clusterings", input).ok(422)["errors"][0].clone();
    for (input, pointer, code) in [
        (json!({"name": " ", "features": ["orders", "net"]}), "/name", "required"),
        (json!({"name": "A", "features": ["orders"]}), "/features", "out_of_range"),
        (json!({"name": "A", "features": ["orders", "shoe_size"]}), "/features/1", "not_allowed"),
        (json!({"name": "A", "features": ["orders", "orders"]}), "/features/1", "duplicate"),
        (json!({"name": "A", "features": ["orders", "net"], "groups": 1}), "/groups", "out_of_range"),
        (json!({"name": "A", "features": ["orders", "net"], "groups": 21}), "/groups", "out_of_range"),
    ] {
        let error = refused(input.clone());
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{input}");
    }
    // Nobody, and two who are the same, are no groups.
    let none = divided(site, &founder, asked(&["orders", "net"]));
    assert_eq!((&none["status"], &none["found"]), (&json!("too_few"), &Value::Null));
    founder.post(&format!("{}/segments", path(&none)), json!({"places": [0]})).expect(409);
    founder.patch(&path(&none), &json!(1), json!({"group_names": ["x"]})).expect(422);
    buyer(&founder, "甲", &[(1, "10.00")]);
    buyer(&founder, "乙", &[(1, "10.00")]);
    assert_eq!(divided(site, &founder, asked(&["orders", "net"]))["status"], "too_few");
}
