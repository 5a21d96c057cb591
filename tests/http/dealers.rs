//! Dealers: organisations that sell on, their clerks and what those have learnt, what was sold.

use chrono::{Days, NaiveDate};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::merges::{merge, undo};
use crate::customers::{customer, id, path};
use crate::imports::{counts, import, perform};
use crate::outlook::{evaluate, today};
use crate::sales::yuan;
use crate::sellout::{product, put, row};

both!(
    a_dealer_is_kept_and_ended,
    clerks_are_taught_and_told_apart,
    a_dealer_tells_what_was_sold,
    the_share_of_the_wallet_is_told,
    trainings_are_checked_and_follow_a_merge,
    files_bring_trainings_and_take_them_back,
);

fn shop(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({"kind": "organization", "name": name})).ok(201)
}

fn at(shop: &Value) -> String {
    format!("{}/dealers", path(shop))
}

fn own(dealer: &Value) -> String {
    format!("/dealers/{}", id(dealer))
}

fn a_dealer_is_kept_and_ended(site: &Site) {
    let founder = site.founder();
    let house = shop(&founder, "姑苏茶行");
    let dealer =
        founder.post(&at(&house), json!({"kind": "门店", "territory": " 苏州 ", "since": "2023-04-01"})).ok(201);
    assert_eq!((&dealer["kind"], &dealer["territory"]), (&json!("store"), &json!("苏州")));
    assert_eq!((&dealer["clerks"], &dealer["sold"], &dealer["wallet_share"]), (&json!([]), &json!([]), &Value::Null));
    assert_eq!(founder.post(&at(&house), json!({"kind": "dealer"})).ok(409)["code"], "dealer_exists");
    let person = customer(&founder, "张伟");
    assert_eq!(founder.post(&at(&person), json!({"kind": "dealer"})).ok(409)["code"], "organization_only");
    for (body, pointer) in [
        (json!({"kind": "moon"}), "/kind"),
        (json!({"kind": "dealer", "since": "2024-01-02", "ended_on": "2024-01-01"}), "/ended_on"),
    ] {
        assert_eq!(founder.post(&at(&shop(&founder, "B")), body).ok(422)["errors"][0]["pointer"], pointer);
    }
    let same = founder.patch(&own(&dealer), &dealer["version"], json!({"territory": "苏州"})).ok(200);
    assert_eq!(same["version"], dealer["version"]);
    let changed = founder.patch(&own(&dealer), &dealer["version"], json!({"ended_on": "2026-05-31"})).ok(200);
    founder.patch(&own(&dealer), &dealer["version"], json!({"kind": "agent"})).expect(412);
    let listed = founder.get("/dealers?filter[ended_on][lte]=2026-06-01&q=%E8%8B%8F").ok(200);
    assert_eq!(listed["items"], json!([changed.clone()]));
    let found = founder.get("/customers?filter[dealer.kind][any_of]=store").ok(200);
    assert_eq!(found["items"][0]["name"], "姑苏茶行");
    let told = founder.get(&format!("{}/timeline?kinds=event", path(&house))).ok(200).to_string();
    assert!(told.contains("Store") && told.contains("Ended: 2026-05-31"), "{told}");
    founder.delete(&own(&dealer), &changed["version"]).expect(204);
    assert_eq!(founder.get(&at(&house)).ok(200)["items"], json!([]));
}

fn clerk(client: &Client, name: &str, house: &Value, until: Option<NaiveDate>) -> Value {
    let person = customer(client, name);
    let relation = json!({"from_id": person["id"], "to_id": house["id"], "role": "clerk", "valid_to": until});
    client.post("/relations", relation).expect(201);
    person
}

fn clerks_are_taught_and_told_apart(site: &Site) {
    let founder = site.founder();
    let ago = |days: u64| today(site) - Days::new(days);
    let house = shop(&founder, "姑苏茶行");
    let dealer = founder.post(&at(&house), json!({"kind": "store"})).ok(201);
    let people = ["安", "白", "陈"].map(|name| clerk(&founder, name, &house, None));
    clerk(&founder, "走", &house, Some(ago(1)));
    let teach = |person: &Value, body: Value| founder.post(&format!("{}/trainings", path(person)), body).ok(201);
    teach(&people[0], json!({"course": "产品知识", "on": ago(10), "score": 92.5}));
    teach(&people[1], json!({"course": "product", "on": ago(800), "valid_until": ago(70)}));
    teach(&people[1], json!({"course": "sales", "on": ago(5), "passed": false}));
    let now = founder.get(&own(&dealer)).ok(200);
    let clerks = now["clerks"].as_array().expect("clerks");
    let told: Vec<Value> = clerks
        .iter()
        .map(|one| json!([one["person"]["name"], one["state"], one["trainings"].as_array().map(Vec::len)]))
        .collect();
    assert_eq!(json!(told), json!([["安", "trained", 1], ["白", "lapsed", 2], ["陈", "untrained", 0]]));
    assert_eq!(now["clerks_trained"], 1);
    let trained = founder.get("/customers?filter[training.course][any_of]=product&sort=name_pinyin").ok(200);
    assert_eq!(trained["items"].as_array().map(Vec::len), Some(2));
}

fn a_dealer_tells_what_was_sold(site: &Site) {
    let founder = site.founder();
    let house = shop(&founder, "姑苏茶行");
    let dealer = founder.post(&at(&house), json!({"kind": "store"})).ok(201);
    let item = product(&founder, "P1");
    let month = today(site).format("%Y-%m").to_string();
    let rows = json!({"measure": "sell_out", "rows": [row(id(&house), &[(&item, "12")])]});
    put(&founder, &format!("/sellout-sheets/{month}"), &json!(0), rows).expect(200);
    let sold = founder.get(&own(&dealer)).ok(200)["sold"].clone();
    assert_eq!(sold, json!([{"measure": "sell_out", "month": month, "quantity": "12.000", "amount": null}]));
}

fn the_share_of_the_wallet_is_told(site: &Site) {
    let founder = site.founder();
    let house = shop(&founder, "姑苏茶行");
    let dealer = founder.post(&at(&house), json!({"kind": "store"})).ok(201);
    let lines = json!([{"name": "茶", "quantity": "1", "price": yuan("600.00")}]);
    let order = json!({"customer_id": house["id"], "ordered_on": today(site), "status": "confirmed", "lines": lines});
    founder.post("/orders", order).expect(201);
    let all = json!({"kind": "total_purchases", "amount": yuan("800.00"), "source": "asked"});
    founder.post(&format!("{}/facts", path(&house)), all).expect(201);
    evaluate(site);
    assert_eq!(founder.get(&own(&dealer)).ok(200)["wallet_share"], json!(0.75));
    let listed = founder.get("/dealers?filter[wallet_share][gte]=0.5&sort=-wallet_share").ok(200);
    assert_eq!(listed["items"][0]["id"], dealer["id"]);
    let clerk = founder.key_new(&["customers:customer:read"]);
    assert_eq!(clerk.get(&own(&dealer)).ok(200)["wallet_share"], Value::Null, "what they are worth is insight");
    assert_eq!(clerk.get("/dealers?filter[wallet_share][gte]=0.5").status, 422);
}

fn trainings_are_checked_and_follow_a_merge(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "张伟"), customer(&founder, "张 伟"));
    let trainings = |person: &Value| format!("{}/trainings", path(person));
    for (body, pointer) in [
        (json!({"course": "moon"}), "/course"),
        (json!({"course": "product", "on": "2999-01-01"}), "/on"),
        (json!({"course": "product", "on": "2026-01-02", "valid_until": "2026-01-01"}), "/valid_until"),
        (json!({"course": "product", "score": -1}), "/score"),
    ] {
        let refusal = founder.post(&trainings(&gone), body.clone()).ok(422);
        assert_eq!(refusal["errors"][0]["pointer"], pointer, "{body}");
    }
    let house = shop(&founder, "姑苏茶行");
    assert_eq!(founder.post(&trainings(&house), json!({"course": "product"})).ok(409)["code"], "person_only");
    let training = founder.post(&trainings(&gone), json!({"course": "product"})).ok(201);
    let own = format!("/trainings/{}", id(&training));
    let failed = founder.patch(&own, &training["version"], json!({"passed": false})).ok(200);
    assert_eq!((&failed["passed"], &failed["version"]), (&json!(false), &json!(2)));
    let done = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&trainings(&kept)).ok(200)["items"].as_array().map(Vec::len), Some(1));
    undo(&founder, &done);
    assert_eq!(founder.get(&trainings(&kept)).ok(200)["items"], json!([]));
    founder.delete(&own, &failed["version"]).expect(204);
}

fn files_bring_trainings_and_take_them_back(site: &Site) {
    let founder = site.founder();
    let clerk = founder.post("/customers", json!({"kind": "person", "name": "张伟", "code": "C001"})).ok(201);
    founder.post("/customers", json!({"kind": "organization", "name": "姑苏茶行", "code": "C002"})).expect(201);
    let at = format!("{}/trainings", path(&clerk));
    founder.post(&at, json!({"course": "product", "on": "2026-01-31"})).expect(201);
    let text = "客户编号,课程,培训日期,是否通过,成绩,有效期至\nC001,产品知识,2026-01-31,是,90,\n\
        C001,Selling,2026-02-28,yes,92.5,2028-02-28\nC001,service,2026-03-01,否,40,\nC002,product,2026-03-01,,,\n\
        C001,product,2999-01-01,,,\nC001,display,2026-03-01,,,2026-02-01\nC001,moon,2026-03-01,,,\nC009,display,2026-03-01,,,\n";
    let done = import(site, &founder, "trainings", text);
    assert_eq!(counts(&done), [8, 2, 0, 1, 5], "{done}");
    let listed = founder.get(&at).ok(200);
    let courses: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|one| &one["course"]).collect();
    assert_eq!(courses, [&json!("service"), &json!("sales"), &json!("product")]);
    assert_eq!((&listed["items"][0]["passed"], &listed["items"][1]["score"]), (&json!(false), &json!(92.5)));
    let failed = &listed["items"][0];
    founder.patch(&format!("/trainings/{}", id(failed)), &failed["version"], json!({"score": 45})).expect(200);
    assert_eq!(perform(site, &founder, &done, "undo")["status"], "undone");
    let listed = founder.get(&at).ok(200);
    let courses: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|one| &one["course"]).collect();
    assert_eq!(courses, [&json!("service"), &json!("product")], "what was changed since stays");
}
