//! Key accounts: the team, the plan, where the customer is met, and how close one should be.

use chrono::Days;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::merges::{merge, undo};
use super::{customer, id, path};
use crate::outlook::{evaluate, settings, today};
use crate::sales::yuan;

both!(
    a_plan_is_kept_changed_and_ended,
    bad_plans_are_told_where,
    touchpoints_tell_from_what_is_recorded,
    the_level_is_advised_by_numbers_and_margin,
    accounts_follow_a_merge,
    accounts_are_listed_by_those_who_look_after_them,
);

fn at(guest: &Value) -> String {
    format!("{}/key-accounts", path(guest))
}

fn own(account: &Value) -> String {
    format!("/key-accounts/{}", id(account))
}

fn a_plan_is_kept_changed_and_ended(site: &Site) {
    let founder = site.founder();
    let chen = site.person("chen", "member").get("/me").ok(200);
    let guest = customer(&founder, "远山集团");
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([]));
    let plan = json!({"level": "proactive", "plan": " 进入两个食堂 ", "review_on": "2027-01-31",
        "team": [{"user_id": chen["id"], "role": "服务"}],
        "goals": [{"title": "第二个园区", "target": "首单", "due_on": "2026-12-31"}],
        "touchpoints": [{"group": "contact", "key": "visit", "every_days": 60},
            {"group": "place", "key": "Fair", "met_on": "2026-03-12"}]});
    let account = founder.post(&at(&guest), plan).ok(201);
    assert_eq!((&account["plan"], &account["level"]), (&json!("进入两个食堂"), &json!("proactive")));
    assert_eq!(account["manager"]["name"], "林晓", "the customer's owner");
    assert_eq!(
        account["team"],
        json!([{"user": {"id": chen["id"], "name": "chen"}, "role": "service", "active": true}])
    );
    assert_eq!(account["goals"][0]["status"], "open");
    assert_eq!(founder.get(&own(&account)).ok(200), account);
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([account.clone()]));
    assert_eq!(founder.post(&at(&guest), json!({})).ok(409)["code"], "key_account_exists");

    let same = founder.patch(&own(&account), &account["version"], json!({"plan": "进入两个食堂"})).ok(200);
    assert_eq!(same["version"], account["version"], "nothing changed");
    let goals = json!([{"title": "第二个园区", "status": "reached"}]);
    let changed =
        founder.patch(&own(&account), &account["version"], json!({"goals": goals, "team": [], "level": null})).ok(200);
    assert_eq!((&changed["goals"][0]["status"], &changed["team"]), (&json!("reached"), &json!([])));
    assert_eq!(changed["touchpoints"], account["touchpoints"], "what is not named stays");
    founder.patch(&own(&account), &account["version"], json!({"plan": null})).expect(412);
    founder.delete(&own(&account), &account["version"]).expect(412);

    let told = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200).to_string();
    assert!(told.contains("进入两个食堂") && told.contains("Key account"), "{told}");
    let since = founder.get("/customers?filter[key_account.since][gt]=2020-01-01T00:00:00Z").ok(200);
    assert_eq!(since["items"].as_array().map(Vec::len), Some(1));
    founder.delete(&own(&account), &changed["version"]).expect(204);
    founder.get(&own(&account)).expect(404);
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([]));
    founder.post(&at(&guest), json!({})).expect(201);
}

fn bad_plans_are_told_where(site: &Site) {
    let founder = site.founder();
    let me = founder.get("/me").ok(200);
    let guest = customer(&founder, "A");
    let nobody = "01990000-0000-7000-8000-000000000000";
    let wrong = [
        (json!({"level": "close"}), "/level"),
        (json!({"team": [{"user_id": nobody, "role": "service"}]}), "/team/0/user_id"),
        (json!({"team": [{"user_id": me["id"], "role": "boss"}]}), "/team/0/role"),
        (
            json!({"team": [{"user_id": me["id"], "role": "service"}, {"user_id": me["id"], "role": "sales"}]}),
            "/team/1/user_id",
        ),
        (json!({"goals": [{"title": " "}]}), "/goals/0/title"),
        (json!({"goals": [{"title": "A", "status": "done"}]}), "/goals/0/status"),
        (json!({"touchpoints": [{"group": "mail", "key": "mail"}]}), "/touchpoints/0/group"),
        (json!({"touchpoints": [{"group": "contact", "key": "note"}]}), "/touchpoints/0/key"),
        (json!({"touchpoints": [{"group": "place", "key": "moon"}]}), "/touchpoints/0/key"),
        (json!({"touchpoints": [{"group": "contact", "key": "call", "every_days": 0}]}), "/touchpoints/0/every_days"),
        (
            json!({"touchpoints": [{"group": "contact", "key": "call", "met_on": "2026-01-01"}]}),
            "/touchpoints/0/met_on",
        ),
        (json!({"touchpoints": [{"group": "place", "key": "fair", "met_on": "2999-01-01"}]}), "/touchpoints/0/met_on"),
    ];
    for (body, pointer) in wrong {
        let refusal = founder.post(&at(&guest), body.clone()).ok(422);
        assert_eq!(refusal["errors"][0]["pointer"], pointer, "{body}: {refusal}");
    }
    let many: Vec<Value> = (0..51).map(|n| json!({"title": n.to_string()})).collect();
    assert_eq!(founder.post(&at(&guest), json!({"goals": many})).ok(422)["errors"][0]["pointer"], "/goals");
    assert_eq!(founder.get(&at(&guest)).ok(200)["items"], json!([]), "nothing is half done");
}

fn touchpoint(account: &Value, group: &str, key: &str) -> Value {
    let all = account["touchpoints"].as_array().expect("touchpoints");
    all.iter().find(|one| one["group"] == group && one["key"] == key).cloned().unwrap_or(Value::Null)
}

fn touchpoints_tell_from_what_is_recorded(site: &Site) {
    let founder = site.founder();
    let (today, ago) = (today(site), |days: u64| today(site) - Days::new(days));
    let guest = customer(&founder, "A");
    let plans = json!([{"group": "contact", "key": "visit", "every_days": 60},
        {"group": "contact", "key": "meeting", "every_days": 30},
        {"group": "place", "key": "fair", "met_on": ago(400)},
        {"group": "place", "key": "site", "met_on": ago(400), "every_days": 500}]);
    let account = founder.post(&at(&guest), json!({"touchpoints": plans})).ok(201);
    assert_eq!(touchpoint(&account, "contact", "note"), Value::Null, "a note meets nobody");
    let visit = touchpoint(&account, "contact", "visit");
    assert_eq!((&visit["state"], &visit["due_on"], &visit["times"]), (&json!("due"), &json!(today), &json!(0)));

    for (kind, days) in [("visit", 61), ("visit", 90), ("call", 10), ("message", 380)] {
        let at = format!("{}T04:00:00Z", ago(days));
        founder
            .post("/interactions", json!({"customer_id": guest["id"], "kind": kind, "body": "x", "at": at}))
            .expect(201);
    }
    let order = json!({"customer_id": guest["id"], "ordered_on": ago(20), "channel": "website", "status": "confirmed",
        "lines": [{"name": "茶", "quantity": "1", "price": yuan("10.00")}]});
    let order = founder.post("/orders", order).ok(201);
    founder.post(&format!("/orders/{}/deliveries", id(&order)), json!({"on": ago(5)})).expect(200);
    let account = founder.get(&own(&account)).ok(200);
    for (group, key, last, times, state) in [
        ("contact", "visit", Some(61), Some(2), "due"),
        ("contact", "meeting", None, Some(0), "due"),
        ("contact", "call", Some(10), Some(1), "met"),
        ("contact", "message", Some(380), Some(0), "gap"),
        ("order", "website", Some(20), Some(1), "met"),
        ("order", "store", None, Some(0), "gap"),
        ("delivery", "delivery", Some(5), Some(1), "met"),
        ("place", "fair", Some(400), None, "gap"),
        ("place", "site", Some(400), None, "met"),
    ] {
        let one = touchpoint(&account, group, key);
        let expected = (json!(last.map(ago)), json!(times), json!(state));
        assert_eq!((one["last_on"].clone(), one["times"].clone(), one["state"].clone()), expected, "{group} {key}");
    }
    assert_eq!(account["touchpoints_due"], 2);
    let gaps = account["touchpoints"].as_array().expect("touchpoints").iter().filter(|one| one["state"] == "gap");
    assert_eq!(account["gaps"], json!(gaps.count()));
}

fn the_level_is_advised_by_numbers_and_margin(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let account = founder.post(&at(&guest), json!({})).ok(201);
    assert_eq!(account["advice"]["level"], Value::Null, "nothing is known");
    let line = json!({"name": "茶", "quantity": "1", "price": yuan("100.00"), "cost": yuan("60.00")});
    let order = json!({"customer_id": guest["id"], "ordered_on": today(site), "status": "confirmed", "lines": [line]});
    founder.post("/orders", order).expect(201);
    evaluate(site);
    let advice = |client: &Client| client.get(&own(&account)).ok(200)["advice"].clone();
    let told = advice(&founder);
    assert_eq!((&told["level"], &told["customers"], &told["margin"]), (&json!("partnership"), &json!(1), &json!(0.4)));
    for (limits, level) in
        [(json!({"high_margin": 0.5}), "proactive"), (json!({"high_margin": 0.6, "fair_margin": 0.5}), "accountable")]
    {
        settings(&founder, json!({"key_accounts": limits}));
        assert_eq!(advice(&founder)["level"], level, "{limits}");
    }
    let wrong = json!({"settings": {"insight": {"key_accounts": {"few": 10, "many": 10, "high_margin": 2}}}});
    let version = founder.get("/settings").ok(200)["version"].clone();
    let refusal = founder.patch("/settings", &version, wrong).ok(422);
    assert_eq!(refusal["errors"].as_array().map(Vec::len), Some(2), "{refusal}");
}

fn accounts_follow_a_merge(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "张伟"), customer(&founder, "张 伟"));
    let account = founder.post(&at(&gone), json!({"plan": "甲"})).ok(201);
    let first = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"][0]["id"], account["id"]);
    undo(&founder, &first);
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"], json!([]));
    let other = founder.post(&at(&kept), json!({"plan": "乙"})).ok(201);
    let second = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"][0]["id"], other["id"], "the kept one's own stays");
    founder.get(&own(&account)).expect(404);
    undo(&founder, &second);
    assert_eq!(founder.get(&at(&gone)).ok(200)["items"][0]["plan"], "甲");
}

fn accounts_are_listed_by_those_who_look_after_them(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let chen = member.get("/me").ok(200);
    for (name, body, owner) in [
        ("乙", json!({"level": "basic"}), &chen["id"]),
        ("甲", json!({"review_on": "2026-05-01", "team": [{"user_id": chen["id"], "role": "sales"}]}), &Value::Null),
    ] {
        let guest =
            founder.post("/customers", json!({"kind": "organization", "name": name, "owner_id": owner})).ok(201);
        founder.post(&at(&guest), body).expect(201);
    }
    let listed = |client: &Client, query: &str| -> Vec<String> {
        let list = client.get(&format!("/key-accounts?{query}")).ok(200);
        let items = list["items"].as_array().expect("items").clone();
        items.iter().map(|one| one["customer"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(listed(&founder, "sort=name"), ["甲", "乙"]);
    let person = id(&chen);
    assert_eq!(listed(&founder, &format!("filter[manager]={person}")), ["乙"]);
    assert_eq!(listed(&founder, &format!("filter[team][any_of]={person}")), ["甲"]);
    assert_eq!(listed(&founder, "filter[level]=basic"), ["乙"]);
    assert_eq!(listed(&founder, "filter[review_on][lte]=2026-06-01"), ["甲"]);
    assert_eq!(listed(&founder, "q=%E4%B9%99"), ["乙"]);
    assert_eq!(listed(&member, ""), ["乙"], "to be in a team widens nobody's sight");
}
