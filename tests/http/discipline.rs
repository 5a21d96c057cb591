//! Follow-up discipline: days of use against days asked for, journeys, what is untouched, the weekly word.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, TimeDelta, Utc};
use regulars_app::activities::discipline::uses::uses_write;
use regulars_app::activities::discipline::weekly::discipline_tell;
use regulars_domain::ids::UserId;
use regulars_persistence::Db;
use regulars_persistence::activities::presence::use_days_insert;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, id};

both!(
    a_day_of_use_is_noted_once,
    working_days_are_asked_for_and_fewer_on_the_way,
    everybody_sees_their_own_people,
    journeys_are_set_by_oneself_and_by_those_who_lead,
    what_a_person_does_is_a_touch,
    silence_over_the_rule_is_found,
    the_weekly_word_comes_once,
    the_rule_is_the_companys,
);

/// In Shanghai, where the company is.
fn today() -> NaiveDate {
    (Utc::now() + Duration::hours(8)).date_naive()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn person(site: &Site, login: &str, role: &str) -> (Client, Value) {
    let founder = site.founder();
    let user = founder.user_new(login, &founder.place().1, &[&founder.role(role)]);
    (site.sign_in(login), user["id"].clone())
}

/// Puts somebody into the program on days that have passed, their account being there from the first of January 2020.
fn was_here(site: &Site, user: &Value, days: &[&str]) {
    let user: UserId = user.as_str().expect("an id").parse().expect("an id");
    let days: Vec<(UserId, NaiveDate)> = days.iter().map(|text| (user, day(text))).collect();
    let old: DateTime<Utc> = "2020-01-01T00:00:00Z".parse().expect("an instant");
    let write = move |tx: &mut Db| {
        use_days_insert(tx, &days)?;
        Statement::new("UPDATE app_user SET created_at = ").with("", old).with(" WHERE id = ", user).run(tx)
    };
    site.app.db().write(write).expect("days");
}

/// What the report says of somebody; nothing where they are not in it.
fn said(client: &Client, query: &str, user: &Value) -> Value {
    let report = client.get(&format!("/discipline{query}")).ok(200);
    let people = report["people"].as_array().expect("people");
    people.iter().find(|one| one["user"]["id"] == *user).cloned().unwrap_or(Value::Null)
}

fn numbers(of: &Value, names: &[&str]) -> Vec<i64> {
    names.iter().map(|name| of[*name].as_i64().expect("a number")).collect()
}

fn a_day_of_use_is_noted_once(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, "chen", "member");
    uses_write(&site.app).expect("written");
    assert_eq!(said(&founder, "", &chen_id)["last_used_on"], Value::Null, "signing in asks for nothing yet");
    let key = chen.key_new(&["customers:customer:read"]);
    uses_write(&site.app).expect("written");
    let count = |site: &Site| {
        let rows = |db: &mut Db| Statement::new("SELECT COUNT(*) AS n FROM use_day").number(db);
        site.app.db().read(rows).expect("a count")
    };
    let noted = count(site);
    for _ in 0..3 {
        chen.get("/customers").expect(200);
        key.get("/customers").expect(200);
    }
    uses_write(&site.app).expect("written");
    assert_eq!(count(site), noted, "a row for a person and a day, and none for keys");
    let told = said(&founder, "", &chen_id);
    assert_eq!((&told["last_used_on"], &told["idle_days"]), (&json!(today().to_string()), &json!(0)));
}

fn working_days_are_asked_for_and_fewer_on_the_way(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, "chen", "member");
    // The week of the 16th of March 2026, and the golden week of February: off from the 15th to the 23rd, at work on
    // Saturday the 14th and the 28th.
    was_here(site, &chen_id, &["2026-02-13", "2026-02-14", "2026-02-18", "2026-02-24", "2026-03-16", "2026-03-18"]);
    let facts = ["working_days", "travel_days", "used_days", "required_days", "kept_days"];
    for (query, expected) in [
        ("?from=2026-03-16&to=2026-03-22", [5, 0, 2, 5, 2]),
        // Monday to Friday and the Saturday, less nothing; the Wednesday of the feast is use and not asked for.
        ("?from=2026-02-13&to=2026-02-24", [3, 0, 4, 3, 3]),
        ("?from=2026-02-15&to=2026-02-22", [0, 0, 1, 0, 0]),
        ("?from=2026-02-28&to=2026-02-28", [1, 0, 0, 1, 0]),
    ] {
        assert_eq!(numbers(&said(&founder, query, &chen_id), &facts), expected, "{query}");
    }
    let journey = json!({"starts_on": "2026-03-10", "ends_on": "2026-03-31", "note": " Guangzhou "});
    let journey = chen.post("/travels", journey).ok(201);
    assert_eq!((&journey["note"], &journey["editable"]), (&json!("Guangzhou"), &json!(true)));
    let away = said(&founder, "?from=2026-03-16&to=2026-03-22", &chen_id);
    assert_eq!(numbers(&away, &facts), [5, 5, 2, 2, 2], "twice a week will do");
    chen.remove(&format!("/travels/{}", id(&journey))).expect(204);
    let back = said(&founder, "?from=2026-03-16&to=2026-03-22", &chen_id);
    assert_eq!(numbers(&back, &facts), [5, 0, 2, 5, 2]);
    // Of the days before anybody was noted, nothing is asked.
    let report = founder.get("/discipline?from=2026-01-01&to=2026-03-22").ok(200);
    assert_eq!(report["known_from"], "2026-02-13");
    assert_eq!(numbers(&said(&founder, "?from=2026-01-01&to=2026-02-12", &chen_id), &facts), [0; 5]);
    for (query, code) in [
        ("?from=2026-03-22&to=2026-03-16", "date_order"),
        ("?from=2020-01-01&to=2026-03-16", "out_of_range"),
        ("?from=9999-01-01&to=9999-01-02", "date_invalid"),
    ] {
        assert_eq!(founder.get(&format!("/discipline{query}")).ok(422)["errors"][0]["code"], code, "{query}");
    }
}

fn everybody_sees_their_own_people(site: &Site) {
    let founder = site.founder();
    let (home, _) = founder.place();
    let shop = founder.department_new(&home, "Shop");
    let stall = json!({"name": "Stall", "unit_id": home, "parent_id": shop});
    let stall = founder.post("/departments", stall).ok(201)["id"].clone();
    let elsewhere = founder.unit_new("HZ");
    let away = founder.department_new(&elsewhere, "Away");
    let member = founder.role("member");
    let new = |login: &str, department: &Value, role: &Value| {
        let user = founder.user_new(login, department, &[role])["id"].clone();
        (site.sign_in(login), user)
    };
    let (leader, leader_id) = new("leader", &shop, &member);
    let (mate, mate_id) = new("mate", &shop, &member);
    let (_, below_id) = new("below", &stall, &member);
    let (_, stranger_id) = new("stranger", &away, &member);
    let (administrator, administrator_id) = new("keeper", &shop, &founder.role("unit_administrator"));
    let (auditor, _) = new("auditor", &shop, &founder.role("auditor"));
    let version = founder.get(&format!("/departments/{}", shop.as_str().expect("an id"))).ok(200)["version"].clone();
    let led = json!({"leader_id": leader_id});
    founder.patch(&format!("/departments/{}", shop.as_str().expect("an id")), &version, led).expect(200);
    let seen = |client: &Client| -> Vec<Value> {
        let report = client.get("/discipline").ok(200);
        report["people"].as_array().expect("people").iter().map(|one| one["user"]["id"].clone()).collect()
    };
    assert_eq!(seen(&mate), std::slice::from_ref(&mate_id), "oneself");
    let of_leader = seen(&leader);
    assert!(of_leader.contains(&mate_id) && of_leader.contains(&below_id) && of_leader.contains(&leader_id));
    assert!(!of_leader.contains(&stranger_id));
    let of_unit = seen(&administrator);
    assert!([&mate_id, &below_id, &leader_id, &administrator_id].iter().all(|one| of_unit.contains(one)));
    assert!(!of_unit.contains(&stranger_id), "the wall");
    assert!(seen(&auditor).contains(&stranger_id), "all units");
    let report = founder.get("/discipline").ok(200);
    let units: Vec<&Value> =
        report["units"].as_array().expect("units").iter().map(|one| &one["unit"]["name"]).collect();
    assert_eq!(units.len(), 2, "{units:?}");
    founder.post(&format!("/users/{}/freeze", mate_id.as_str().expect("an id")), json!({"reason": "x"})).expect(200);
    assert!(!seen(&administrator).contains(&mate_id), "who is not let in is asked for nothing");
    let key = administrator.key_new(&["customers:customer:read"]);
    key.get("/discipline").expect(403);
    assert!(administrator.key_new(&["activities:discipline:read"]).get("/discipline").status == 200);
}

fn journeys_are_set_by_oneself_and_by_those_who_lead(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, "chen", "member");
    let (wu, wu_id) = person(site, "wu", "member");
    let (head, _) = person(site, "head", "unit_head");
    let (auditor, _) = person(site, "auditor", "auditor");
    let journey = |user: &Value| json!({"user_id": user, "starts_on": "2031-01-06", "ends_on": "2031-01-10"});
    chen.post("/travels", journey(&wu_id)).expect(422);
    auditor.post("/travels", journey(&wu_id)).expect(422);
    let mine = chen.post("/travels", journey(&chen_id)).ok(201);
    let theirs = head.post("/travels", journey(&wu_id)).ok(201);
    assert_eq!(theirs["user"]["id"], wu_id);
    let listed = |client: &Client, query: &str| client.get(&format!("/travels{query}")).ok(200)["items"].clone();
    assert_eq!(listed(&chen, "").as_array().expect("items").len(), 1);
    assert_eq!(listed(&wu, "")[0]["id"], theirs["id"]);
    assert_eq!(listed(&head, "").as_array().expect("items").len(), 2);
    let by_user = format!("?user_id={}", chen_id.as_str().expect("an id"));
    assert_eq!(listed(&head, &by_user).as_array().expect("items").len(), 1);
    assert_eq!(listed(&wu, &by_user), json!([]));
    let seen = listed(&auditor, "");
    assert!(seen.as_array().expect("items").iter().all(|one| one["editable"] == false), "{seen}");
    let place = format!("/travels/{}", id(&mine));
    wu.remove(&place).expect(404);
    auditor.remove(&place).expect(404);
    founder.remove(&place).expect(204);
    for (starts_on, ends_on, code) in [
        ("2031-01-06", "2031-01-05", "date_order"),
        ("2031-01-06", "2033-01-05", "out_of_range"),
        ("9999-01-06", "9999-01-07", "date_invalid"),
    ] {
        let body = json!({"starts_on": starts_on, "ends_on": ends_on});
        assert_eq!(chen.post("/travels", body).ok(422)["errors"][0]["code"], code, "{starts_on}");
    }
}

/// Makes an opportunity be touched so many days ago, as if it had been made then.
fn aged(site: &Site, one: &Value, days: i64) {
    let (id, at) = (id(one).parse::<uuid::Uuid>().expect("an id"), Utc::now() - TimeDelta::days(days));
    let write = move |tx: &mut Db| {
        let mut aged = Statement::new("UPDATE opportunity SET created_at = ").with("", at);
        aged.push(", touched_at = ").bind(at).push(" WHERE id = ").bind(id);
        aged.run(tx)?;
        let mut history = Statement::new("UPDATE opportunity_stage_change SET entered_at = ").with("", at);
        history.push(" WHERE opportunity_id = ").bind(id);
        history.run(tx)
    };
    site.app.db().write(write).expect("aged");
}

fn opportunity(client: &Client, more: Value) -> Value {
    let mut body = json!({"name": "Beans", "type": "opportunity", "amount": {"amount": "10.00", "currency": "CNY"}});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/opportunities", body).ok(201)
}

fn now_of(client: &Client, one: &Value) -> Value {
    client.get(&format!("/opportunities/{}", id(one))).ok(200)
}

fn what_a_person_does_is_a_touch(site: &Site) {
    let founder = site.founder();
    let (guest, friend) = (customer(&founder, "A"), customer(&founder, "B"));
    let made = opportunity(
        &founder,
        json!({"customer_id": guest["id"], "contacts": [{"customer_id": friend["id"]}], "steps": [{"title": "One"}]}),
    );
    let is = |untouched: bool, what: &str| {
        assert_eq!(now_of(&founder, &made)["untouched"], untouched, "{what}");
    };
    let age = || {
        aged(site, &made, 40);
        is(true, "forty days later");
    };
    is(false, "just made");
    age();
    // An edit and a look are none.
    let place = format!("/opportunities/{}", id(&made));
    let seen = now_of(&founder, &made);
    let seen = founder.patch(&place, &seen["version"], json!({"remarks": "x"})).ok(200);
    assert_eq!(seen["untouched"], true, "an edit");
    for (who, what) in [(&guest, "a word with the customer"), (&friend, "a word with a contact")] {
        let word = json!({"customer_id": who["id"], "kind": "call", "body": "Spoke"});
        let word = founder.post("/interactions", word).ok(201);
        is(false, what);
        founder.delete(&format!("/interactions/{}", id(&word)), &word["version"]).expect(204);
        is(true, "that never was");
    }
    let task = founder.post("/tasks", json!({"title": "Ring", "customer_ids": [guest["id"]]})).ok(201);
    is(true, "a task to be done");
    founder.post(&format!("/tasks/{}/completion", id(&task)), json!({})).expect(200);
    is(false, "a task done");
    founder.post(&format!("/tasks/{}/reopening", id(&task)), json!(null)).expect(200);
    is(true, "not done after all");
    let mut steps = seen["steps"].clone();
    let step = json!({"id": steps[0]["id"], "title": "One", "status": "done"});
    steps = json!([step]);
    let stepped = founder.patch(&place, &seen["version"], json!({"steps": steps})).ok(200);
    assert_eq!(stepped["untouched"], false, "a step done");
    let other = opportunity(&founder, json!({"customer_id": customer(&founder, "C")["id"]}));
    aged(site, &other, 40);
    let stages = founder.get("/pipelines").ok(200)["items"][0]["stages"].clone();
    let next = &stages[1]["id"];
    let moved = founder.post(&format!("/opportunities/{}/stage", id(&other)), json!({"stage_id": next})).ok(200);
    assert_eq!(moved["untouched"], false, "moved on");
}

fn silence_over_the_rule_is_found(site: &Site) {
    let founder = site.founder();
    let me = founder.get("/me").ok(200);
    let fresh = opportunity(&founder, json!({"name": "Fresh"}));
    let old = opportunity(&founder, json!({"name": "Old"}));
    let lead = opportunity(&founder, json!({"name": "Old lead", "type": "lead", "amount": null}));
    aged(site, &fresh, 20);
    aged(site, &old, 40);
    aged(site, &lead, 40);
    let names = |query: &str| -> Vec<String> {
        let items = founder.get(&format!("/opportunities?sort=touched_at,id&{query}")).ok(200)["items"].clone();
        items.as_array().expect("items").iter().map(|one| one["name"].as_str().unwrap_or("").to_owned()).collect()
    };
    assert_eq!(names("filter[touched_at][more_than_days_ago]=30").len(), 2);
    assert_eq!(names("filter[touched_at][more_than_days_ago]=10").len(), 3);
    let facts = ["open_leads", "untouched_leads", "open_opportunities", "untouched_opportunities"];
    assert_eq!(numbers(&said(&founder, "", &me["id"]), &facts), [1, 1, 2, 1]);
    let report = founder.get("/discipline").ok(200);
    assert_eq!(numbers(&report["units"][0], &facts), [1, 1, 2, 1], "the unit's sums");
    // A stricter rule for opportunities, a milder one for leads.
    let settings = founder.get("/settings").ok(200);
    let rule = json!({"settings": {"follow_up": {"opportunity_days": 10, "lead_days": 60}}});
    founder.patch("/settings", &settings["version"], rule).expect(200);
    assert_eq!(numbers(&said(&founder, "", &me["id"]), &facts), [1, 0, 2, 2]);
    assert_eq!(
        (&now_of(&founder, &fresh)["untouched"], &now_of(&founder, &lead)["untouched"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(founder.get("/me").ok(200)["company"]["follow_up"]["opportunity_days"], 10);
}

fn notices(client: &Client, kind: &str) -> Vec<Value> {
    client.all(&format!("/notices?filter[kind]={kind}"), 100)
}

fn the_weekly_word_comes_once(site: &Site) {
    let (chen, chen_id) = person(site, "chen", "member");
    let (wu, wu_id) = person(site, "wu", "member");
    let (keeper, keeper_id) = person(site, "keeper", "unit_administrator");
    // The week from Monday the 16th of March 2026; it ends in Shanghai eight hours before it ends in Greenwich.
    let whole = ["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"];
    was_here(site, &chen_id, &["2026-03-16", "2026-03-17"]);
    was_here(site, &wu_id, &whole);
    was_here(site, &keeper_id, &whole);
    let at = |text: &str| -> DateTime<Utc> { text.parse().expect("an instant") };
    let tell = |text: &str| discipline_tell(&site.app, at(text)).expect("told");
    tell("2026-03-22T15:59:00Z");
    assert!(notices(&chen, "discipline").iter().all(|one| one["params"]["week"] != "2026-W12"), "the week is not over");
    for _ in 0..3 {
        tell("2026-03-22T16:00:00Z");
    }
    tell("2026-03-29T15:00:00Z");
    let of = |client: &Client, kind: &str, week: &str| -> Vec<Value> {
        notices(client, kind).into_iter().filter(|one| one["params"]["week"] == week).collect()
    };
    let told = of(&chen, "discipline", "2026-W12");
    assert_eq!(told.len(), 1, "once a week");
    assert_eq!(numbers(&told[0]["params"], &["required_days", "kept_days"]), [5, 2]);
    assert_eq!(told[0]["link"], "/discipline?from=2026-03-16&to=2026-03-22");
    assert_eq!(of(&wu, "discipline", "2026-W12"), Vec::<Value>::new(), "who kept the rule is told nothing");
    let unit = of(&keeper, "unit_discipline", "2026-W12");
    assert_eq!(unit.len(), 1);
    assert!(unit[0]["params"]["people"].as_i64().expect("a number") >= 1);
    assert_eq!(of(&chen, "unit_discipline", "2026-W12"), Vec::<Value>::new());
    // A fortnight of silence is told the week after, to the person and the administrator.
    tell("2026-04-06T00:00:00Z");
    let idle = of(&chen, "discipline", "2026-W14");
    assert_eq!(numbers(&idle[0]["params"], &["idle_days"]), [20], "since the 17th of March");
    assert!(of(&keeper, "unit_discipline", "2026-W14")[0]["params"]["idle"].as_i64().expect("a number") >= 1);
}

fn the_rule_is_the_companys(site: &Site) {
    let founder = site.founder();
    let settings = founder.get("/settings").ok(200);
    let rule = &settings["settings"]["follow_up"];
    let defaults = ["customer_days", "lead_days", "opportunity_days", "idle_days", "travel_days"];
    assert_eq!(numbers(rule, &defaults), [30, 30, 30, 14, 2]);
    for (name, days) in [("customer_days", 0), ("lead_days", 4_000), ("idle_days", 400), ("travel_days", 8)] {
        let wrong = json!({"settings": {"follow_up": {name: days}}});
        let told = founder.patch("/settings", &settings["version"], wrong).ok(422)["errors"][0].clone();
        assert_eq!(told["pointer"], format!("/settings/follow_up/{name}"));
    }
    // Who has not been here for as long as the rule says is reported.
    let (_, chen_id) = person(site, "chen", "member");
    let ago = |days: u64| (today() - Days::new(days)).to_string();
    was_here(site, &chen_id, &[&ago(9)]);
    assert_eq!(said(&founder, "", &chen_id)["idle"], false);
    let version = founder.get("/settings").ok(200)["version"].clone();
    founder.patch("/settings", &version, json!({"settings": {"follow_up": {"idle_days": 9}}})).expect(200);
    let told = said(&founder, "", &chen_id);
    assert_eq!((&told["idle"], &told["idle_days"], &told["last_used_on"]), (&json!(true), &json!(9), &json!(ago(9))));
    assert!(today().year() > 2020);
}
