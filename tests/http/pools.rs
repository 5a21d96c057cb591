//! The customer pool: rules, the night's work, claims within quotas however many come at once, and what is told of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use regulars_app::customers::pool::sweep::pools_sweep;
use regulars_persistence::Db;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, id, path};

both!(
    a_unit_has_one_pool_with_sound_rules,
    silence_is_warned_of_and_then_punished,
    the_preview_says_what_the_night_does,
    claims_are_counted_protected_and_not_repeated,
    contacts_show_after_the_claim,
    a_manager_hands_out_what_is_there,
    quotas_hold_when_sixty_four_claim_at_once,
);

fn rules(founder: &Client) -> Value {
    json!({"unit_id": founder.place().0, "name": "Pool", "silence_days": 30, "warning_days": 7, "claims_per_day": 2,
        "most_in_hand": 3, "protection_days": 10, "return_days": 5})
}

fn pool(founder: &Client) -> Value {
    founder.post("/pools", rules(founder)).ok(201)
}

fn at(pool: &Value, tail: &str) -> String {
    format!("/pools/{}{tail}", id(pool))
}

/// A customer whom nobody holds.
fn free(founder: &Client, name: &str) -> Value {
    let made = customer(founder, name);
    founder.patch(&path(&made), &made["version"], json!({"owner_id": null})).ok(200)
}

fn claim(client: &Client, customer: &Value) -> regulars_tests::Reply {
    client.post(&format!("{}/claim", path(customer)), json!(null))
}

fn inside(client: &Client, pool: &Value) -> Vec<String> {
    let all = client.all(&at(pool, "/customers"), 100);
    let mut names: Vec<String> =
        all.iter().map(|one| one["customer"]["name"].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

fn moves(client: &Client, pool: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = client.all(&at(pool, "/moves"), 200);
    all.iter().map(|one| (text(&one["kind"]), text(&one["customer"]["name"]))).collect()
}

/// Sets back when everybody became a customer.
fn known_since(site: &Site, days: i64) {
    let at: DateTime<Utc> = Utc::now() - Duration::days(days);
    let write = move |tx: &mut Db| Statement::new("UPDATE party SET created_at = ").with("", at).run(tx);
    site.app.db().write(write).expect("set back");
}

fn notices(client: &Client) -> Vec<(String, Value)> {
    let items = client.get("/notices").ok(200)["items"].clone();
    let kind = |one: &Value| (one["kind"].as_str().unwrap_or_default().to_owned(), one["params"]["names"].clone());
    items.as_array().expect("notices").iter().map(kind).collect()
}

fn a_unit_has_one_pool_with_sound_rules(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    member.post("/pools", rules(&founder)).expect(403);
    for (change, pointer) in [
        (json!({"silence_days": 0}), "/silence_days"),
        (json!({"warning_days": 30}), "/warning_days"),
        (json!({"claims_per_day": 0}), "/claims_per_day"),
        (json!({"exempt_levels": ["nobility"]}), "/exempt_levels/0"),
        (json!({"name": " "}), "/name"),
        (json!({"unit_id": "01990000-0000-7000-8000-000000000001"}), "/unit_id"),
    ] {
        let mut body = rules(&founder);
        for (name, value) in change.as_object().expect("members") {
            body[name] = value.clone();
        }
        assert_eq!(founder.post("/pools", body).ok(422)["errors"][0]["pointer"], pointer, "{change}");
    }
    assert_eq!(member.get("/pools").ok(200)["items"], json!([]));
    let waiting = free(&founder, "Waiting");
    assert_eq!(claim(&member, &waiting).ok(409)["code"], "pool_off");
    let made = pool(&founder);
    assert_eq!((&made["exempt_levels"], &made["contacts_hidden"]), (&json!(["key"]), &json!(true)));
    assert_eq!(founder.post("/pools", rules(&founder)).ok(409)["code"], "pool_exists");
    let seen = member.get(&at(&made, "")).ok(200);
    assert_eq!((&seen["claimable"], &seen["editable"]), (&json!(true), &json!(false)));
    member.patch(&at(&made, ""), &made["version"], json!({"name": "Mine"})).expect(403);
    member.get(&at(&made, "/preview")).expect(403);
    let off = founder.patch(&at(&made, ""), &made["version"], json!({"active": false, "silence_days": 60})).ok(200);
    assert_eq!((&off["silence_days"], &off["version"]), (&json!(60), &json!(2)));
    assert_eq!(claim(&member, &waiting).ok(409)["code"], "pool_off");

    let elsewhere = founder.unit_new("HZ");
    founder.user_new("stranger", &founder.department_new(&elsewhere, "Away"), &[&founder.role("unit_administrator")]);
    let stranger = site.sign_in("stranger");
    for tail in ["", "/customers", "/moves", "/preview"] {
        stranger.get(&at(&made, tail)).expect(404);
    }
    let mut theirs = rules(&founder);
    assert_eq!(stranger.post("/pools", theirs.clone()).ok(422)["errors"][0]["pointer"], "/unit_id");
    theirs["unit_id"] = elsewhere;
    stranger.post("/pools", theirs).expect(201);
    claim(&stranger, &waiting).expect(404);
}

fn silence_is_warned_of_and_then_punished(site: &Site) {
    let founder = site.founder();
    let owner = site.person("chen", "member");
    let made = pool(&founder);
    let silent = customer(&owner, "Silent");
    let key = owner.post("/customers", json!({"kind": "person", "name": "Key", "level": "key"})).ok(201);
    let planned = customer(&owner, "Planned");
    owner.post(&format!("{}/key-accounts", path(&planned)), json!({})).expect(201);
    let spoken = customer(&owner, "Spoken with");
    let night = |days: i64| pools_sweep(&site.app, Utc::now() + Duration::days(days)).expect("a night");
    night(22);
    assert_eq!(notices(&owner), [], "not yet");
    let call = json!({"customer_id": spoken["id"], "kind": "call", "body": "rang", "at": Utc::now()});
    owner.post("/interactions", call).expect(201);
    night(23);
    let told = notices(&owner);
    assert_eq!(told.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["pool_warning"]);
    assert_eq!(told[0].1.as_array().map(Vec::len), Some(2), "not the key accounts: {told:?}");
    night(23);
    assert_eq!(notices(&owner).len(), 1, "a night's work is done once");
    night(29);
    assert_eq!(founder.get(&path(&silent)).ok(200)["owner"]["name"], "chen", "warned six days ago");
    assert_eq!(moves(&founder, &made), []);

    night(30);
    let gone = founder.get(&path(&silent)).ok(200);
    assert_eq!((&gone["owner"], &gone["version"]), (&Value::Null, &json!(2)));
    for stays in [&key, &planned] {
        assert_eq!(founder.get(&path(stays)).ok(200)["owner"]["name"], "chen", "key accounts stay");
    }
    owner.get(&path(&silent)).expect(404);
    assert_eq!(inside(&owner, &made), ["Silent", "Spoken with"]);
    assert_eq!(notices(&owner)[0].0, "pool_recycled");
    let page = owner.get(&at(&made, "/customers")).ok(200);
    let first = &page["items"][0];
    assert_eq!((&first["entered_by"], &first["left_by"]["name"]), (&json!("recycled"), &json!("chen")));
    assert!(moves(&owner, &made).contains(&("recycled".into(), "Silent".into())));
    let told = founder.get(&format!("{}/timeline?kinds=event", path(&silent))).ok(200);
    assert_eq!(told["items"][0]["title"], "Gone to the pool after silence", "{told}");
    assert_eq!(told["items"][0]["actor"], Value::Null, "nobody did it");
}

fn the_preview_says_what_the_night_does(site: &Site) {
    let founder = site.founder();
    let made = pool(&founder);
    customer(&founder, "Old");
    let preview = || founder.get(&at(&made, "/preview")).ok(200);
    assert_eq!((&preview()["warned"], &preview()["recycled"]), (&json!(0), &json!(0)));
    known_since(site, 400);
    let told = preview();
    assert_eq!(
        (&told["warned"], &told["recycled"], &told["customers"][0]["recycled"]),
        (&json!(1), &json!(0), &json!(false))
    );
    assert_eq!(told["customers"][0]["customer"]["name"], "Old");
    let now = founder.get(&at(&made, "")).ok(200);
    founder.patch(&at(&made, ""), &now["version"], json!({"warning_days": 0})).expect(200);
    let told = preview();
    assert_eq!((&told["recycled"], &told["customers"][0]["goes_on"]), (&json!(1), &told["on"]));
    assert_eq!(inside(&founder, &made), Vec::<String>::new(), "a preview does nothing");
    pools_sweep(&site.app, Utc::now() + Duration::days(1)).expect("a night");
    assert_eq!(inside(&founder, &made), ["Old"]);
}

fn claims_are_counted_protected_and_not_repeated(site: &Site) {
    let founder = site.founder();
    let (chen, wu) = (site.person("chen", "member"), site.person("wu", "member"));
    let made = pool(&founder);
    let guests: Vec<Value> = ["A", "B", "C", "D"].iter().map(|name| free(&founder, name)).collect();
    let held = customer(&founder, "Held");
    claim(&chen, &held).expect(404);
    claim(&site.person("seller", "marketer"), &guests[0]).expect(403);
    let first = claim(&chen, &guests[0]).ok(200);
    assert_eq!((&first["claimed_today"], &first["in_hand"]), (&json!(1), &json!(1)));
    assert!(first["protected_until"].is_string());
    assert_eq!(chen.get(&path(&guests[0])).ok(200)["owner"]["name"], "chen");
    assert_eq!(claim(&wu, &guests[0]).ok(409)["code"], "pool_taken");
    claim(&chen, &guests[1]).expect(200);
    assert_eq!(claim(&chen, &guests[2]).ok(409)["code"], "pool_day_quota");
    let listed = chen.get(&at(&made, "/customers")).ok(200);
    assert!(listed["items"].as_array().is_some_and(|all| all.iter().all(|one| one["refusal"] == "pool_day_quota")));
    assert_eq!(chen.get("/pools").ok(200)["items"][0]["in_hand"], 2);

    wu.post(&format!("{}/release", path(&guests[0])), json!(null)).expect(404);
    let given = chen.post(&format!("{}/release", path(&guests[0])), json!({"note": "Moved away"})).ok(200);
    assert_eq!(given["pool_id"], made["id"]);
    let now = founder.get(&at(&made, "")).ok(200);
    founder.patch(&at(&made, ""), &now["version"], json!({"claims_per_day": 9})).expect(200);
    assert_eq!(claim(&chen, &guests[0]).ok(409)["code"], "pool_too_soon");
    claim(&wu, &guests[0]).expect(200);
    claim(&chen, &guests[2]).expect(200);
    claim(&chen, &guests[3]).expect(200);
    let more = free(&founder, "E");
    assert_eq!(claim(&chen, &more).ok(409)["code"], "pool_in_hand", "three in hand");
    let log = founder.all(&at(&made, "/moves"), 100);
    let released = log.iter().find(|one| one["kind"] == "released").expect("a release");
    assert_eq!(
        (&released["note"], &released["from"]["name"], &released["to"]),
        (&json!("Moved away"), &json!("chen"), &Value::Null)
    );
    assert_eq!(log.iter().filter(|one| one["kind"] == "claimed").count(), 5);

    // Claimed ones stay for the protection, however silent they have been.
    known_since(site, 400);
    let now = founder.get(&at(&made, "")).ok(200);
    let strict = json!({"warning_days": 0, "silence_days": 1, "return_days": 0});
    founder.patch(&at(&made, ""), &now["version"], strict).expect(200);
    pools_sweep(&site.app, Utc::now() + Duration::days(10)).expect("a night");
    assert_eq!(chen.get(&path(&guests[2])).ok(200)["owner"]["name"], "chen");
    pools_sweep(&site.app, Utc::now() + Duration::days(12)).expect("a night");
    chen.get(&path(&guests[2])).expect(404);
    claim(&chen, &guests[2]).expect(200);
}

fn contacts_show_after_the_claim(site: &Site) {
    let founder = site.founder();
    let chen = site.person("chen", "member");
    let made = pool(&founder);
    let body = json!({"kind": "person", "name": "Wang", "phones": [{"number": "13800138000"}], "note": "Secret"});
    let guest = founder.post("/customers", body).ok(201);
    founder.post(&format!("{}/release", path(&guest)), json!(null)).expect(200);
    let listed = chen.get(&at(&made, "/customers")).ok(200);
    let shown = &listed["items"][0]["customer"];
    assert!(!listed.to_string().contains("13800138000") && !listed.to_string().contains("Secret"), "{listed}");
    assert!(shown["masked"].as_array().is_some_and(|masked| masked.contains(&json!("phone"))));
    let asked = chen.get(&at(&made, "/customers?filter[phone][contains]=8000")).ok(422);
    assert_eq!(asked["errors"][0]["code"], "field_masked");
    chen.get(&path(&guest)).expect(404);
    assert_eq!(chen.get(&at(&made, "/customers?q=wan")).ok(200)["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(chen.get(&at(&made, "/customers?q=nobody")).ok(200)["items"], json!([]));
    let now = founder.get(&at(&made, "")).ok(200);
    founder.patch(&at(&made, ""), &now["version"], json!({"contacts_hidden": false})).expect(200);
    assert!(chen.get(&at(&made, "/customers")).ok(200).to_string().contains("13800138000"));
    founder.patch(&at(&made, ""), &json!(2), json!({"contacts_hidden": true})).expect(200);
    claim(&chen, &guest).expect(200);
    assert_eq!(chen.get(&path(&guest)).ok(200)["phones"][0]["number"], "+8613800138000");
}

fn a_manager_hands_out_what_is_there(site: &Site) {
    let founder = site.founder();
    let (chen, head) = (site.person("chen", "member"), site.person("head", "unit_head"));
    let made = pool(&founder);
    let guests: Vec<Value> = (0..5).map(|number| free(&founder, &format!("Guest {number}"))).collect();
    claim(&head, &guests[4]).expect(200);
    let to = chen.get("/me").ok(200)["id"].clone();
    let ids: Vec<&Value> = guests.iter().map(|one| &one["id"]).collect();
    let asked = json!({"customer_ids": ids, "user_id": to});
    chen.post(&at(&made, "/assignments"), asked.clone()).expect(403);
    assert_eq!(head.post(&at(&made, "/assignments"), asked).ok(200)["assigned"], 4, "the claimed one stays");
    assert_eq!(inside(&head, &made), Vec::<String>::new());
    assert_eq!(chen.get("/customers").ok(200)["items"].as_array().map(Vec::len), Some(4));
    let standing = &chen.get("/pools").ok(200)["items"][0];
    assert_eq!((&standing["in_hand"], &standing["claimed_today"]), (&json!(4), &json!(0)), "given, not claimed");
    let nobody = json!({"customer_ids": [guests[0]["id"]], "user_id": "01990000-0000-7000-8000-000000000001"});
    assert_eq!(head.post(&at(&made, "/assignments"), nobody).ok(422)["errors"][0]["pointer"], "/user_id");
    head.post(&format!("{}/release", path(&guests[0])), json!(null)).expect(200);
    assert_eq!(inside(&chen, &made), ["Guest 0"]);
    let inside = head.post(&format!("{}/release", path(&guests[0])), json!(null)).ok(409);
    assert_eq!(inside["code"], "pool_inside");
    let told = chen.get(&format!("{}/timeline?kinds=event", path(&guests[1]))).ok(200);
    assert_eq!(told["items"][0]["title"], "Owner changed", "{told}");
}

/// One claim, asked again as long as the server is too busy to decide.
fn claimed(client: &Client, customer: &Value) -> Result<(), String> {
    loop {
        let reply = claim(client, customer);
        match reply.status {
            200 => return Ok(()),
            503 => continue,
            _ => return Err(reply.json()["code"].as_str().unwrap_or_default().to_owned()),
        }
    }
}

fn quotas_hold_when_sixty_four_claim_at_once(site: &Site) {
    const EACH: usize = 16;
    const QUOTA: i64 = 5;
    let founder = site.founder();
    let made = pool(&founder);
    let change = json!({"claims_per_day": QUOTA, "most_in_hand": 50});
    founder.patch(&at(&made, ""), &made["version"], change).expect(200);
    let people: Vec<Client> = ["a", "b", "c", "d"].iter().map(|login| site.person(login, "member")).collect();
    let guests: Vec<Value> = (0..40).map(|number| free(&founder, &format!("Guest {number:02}"))).collect();
    let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let claims: Vec<_> = (0..people.len() * EACH)
            .map(|number| {
                // Everybody goes for the same ones first.
                let (person, guest) = (&people[number % people.len()], &guests[number / people.len()]);
                scope.spawn(move || claimed(person, guest))
            })
            .collect();
        claims.into_iter().map(|claim| claim.join().expect("a claim")).collect()
    });
    let good = outcomes.iter().filter(|one| one.is_ok()).count();
    for refused in outcomes.iter().filter_map(|one| one.as_ref().err()) {
        assert!(["pool_taken", "pool_day_quota"].contains(&refused.as_str()), "{refused}");
    }
    let log = founder.all(&at(&made, "/moves"), 200);
    assert_eq!(log.len(), good, "every claim is in the log");
    let mut by_customer: BTreeMap<String, i64> = BTreeMap::new();
    let mut by_person: BTreeMap<String, i64> = BTreeMap::new();
    for one in &log {
        *by_customer.entry(one["customer"]["id"].to_string()).or_default() += 1;
        *by_person.entry(one["to"]["name"].to_string()).or_default() += 1;
    }
    assert!(by_customer.values().all(|times| *times == 1), "no customer is claimed twice: {by_customer:?}");
    assert!(by_person.values().all(|times| *times <= QUOTA), "nobody has more than the quota: {by_person:?}");
    for person in &people {
        let standing = &person.get("/pools").ok(200)["items"][0];
        let owned = person.get("/customers?limit=200").ok(200)["items"].as_array().map_or(0, Vec::len) as i64;
        assert_eq!((standing["claimed_today"].as_i64(), standing["in_hand"].as_i64()), (Some(owned), Some(owned)));
        assert!(owned <= QUOTA);
    }
    assert_eq!(inside(&founder, &made).len(), guests.len() - good);
    assert!(good >= EACH, "each of the first sixteen went to somebody, or quotas were full: {good}");
}
