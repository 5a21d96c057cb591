//! Webhooks: what a program elsewhere is told, signed with what, tried how often, and never beyond its owner's sight.

use chrono::{TimeDelta, Utc};
use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_app::platform::webhooks::follow::{webhooks_follow, webhooks_keep};
use regulars_app::upkeep::upkeep_step;
use regulars_domain::webhook::MESSAGE_TYPES;
use regulars_persistence::sql::Statement;
use regulars_tests::receiver::{Arrived, Receiver};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, path};

both!(
    a_change_is_told_signed_and_once,
    an_owner_is_told_no_more_than_they_see,
    masked_fields_are_told_masked,
    what_leaves_the_sight_is_told_as_gone,
    failures_are_tried_again_until_they_arrive,
    what_never_arrives_is_given_up_after_a_day,
    an_endpoint_that_takes_nothing_is_switched_off,
    both_secrets_sign_while_one_follows_the_other,
    networks_inside_are_refused_at_the_connection,
    answers_are_bounded_and_redirects_are_no_way,
    messages_are_sent_once_more_when_asked,
    nobody_else_reads_an_endpoint_or_its_log,
    an_endpoint_ends_with_its_owner_and_its_heir_switches_it_on,
    what_nobody_takes_up_is_queued_again,
    an_endpoint_stands_still_with_a_frozen_owner,
);

/// A new endpoint of the caller's for everything, as it was made: with its secret.
pub fn endpoint(client: &Client, receiver: &Receiver) -> Value {
    let messages: Vec<&str> = MESSAGE_TYPES.iter().map(|kind| kind.key).collect();
    client.post("/webhooks", json!({"name": "Warehouse", "url": receiver.url, "messages": messages})).ok(201)
}

fn at(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().expect("an id"))
}

/// Everything that is due happens: events are numbered, followed, delivered.
pub fn follow(site: &Site) {
    while upkeep_step(&site.app).expect("upkeep") {}
    webhooks_follow(&site.app, now()).expect("followed");
    jobs_run_due(&site.app).expect("work");
}

fn told(site: &Site, receiver: &Receiver) -> Vec<Arrived> {
    follow(site);
    receiver.taken()
}

fn kinds(arrived: &[Arrived]) -> Vec<String> {
    arrived.iter().map(|one| one.json()["type"].as_str().expect("a type").to_string()).collect()
}

/// What waits comes due now, `back` after it was asked for.
fn time_passes(site: &Site, back: TimeDelta) {
    let (past, given_up) = (now() - TimeDelta::seconds(1), now() - back + TimeDelta::hours(24));
    let pass = move |tx: &mut regulars_persistence::Db| {
        Statement::new("UPDATE webhook_delivery SET next_at = ")
            .with("", past)
            .with(", give_up_at = ", given_up)
            .then(" WHERE next_at IS NOT NULL")
            .run(tx)?;
        Statement::new("UPDATE webhook SET failing_since = ")
            .with("", now() - back)
            .then(" WHERE failing_since IS NOT NULL")
            .run(tx)?;
        Statement::new("UPDATE job SET run_at = ").with("", past).then(" WHERE status = 'queued'").run(tx)?;
        Ok::<_, AppError>(())
    };
    site.app.db().write(pass).expect("a database");
    jobs_run_due(&site.app).expect("work");
}

fn a_change_is_told_signed_and_once(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    let guest = customer(&founder, "王芳");
    founder.patch(&path(&guest), &guest["version"], json!({"note": "茶"})).expect(200);
    let arrived = told(site, &receiver);
    assert_eq!(kinds(&arrived), ["customer.created", "customer.updated"]);
    for one in &arrived {
        assert!(one.is_signed_with(&webhook["secret"]), "{one:?}");
        assert!(one.id.starts_with("msg_"));
        let age = Utc::now().timestamp() - one.timestamp.parse::<i64>().expect("seconds");
        assert!((0..600).contains(&age), "{age}");
    }
    assert_ne!(arrived[0].id, arrived[1].id);
    let change = arrived[1].json();
    assert_eq!(change["data"]["id"], guest["id"]);
    assert_eq!(change["data"]["changed"], json!(["note"]));
    assert_eq!(change["data"]["customer"], founder.get(&path(&guest)).ok(200), "as its owner reads it");
    assert!(change["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert!(told(site, &receiver).is_empty(), "once");
    let log = founder.get(&format!("{}/deliveries", at(&webhook))).ok(200);
    let one = &log["items"][0];
    assert_eq!((&one["status"], &one["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!((&one["message_id"], &one["last"]["status"]), (&json!(arrived[1].id), &json!(204)));
    assert!(one["last"]["milliseconds"].is_i64());
    let detail = founder.get(&format!("/webhook-deliveries/{}", one["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(detail["body"], json!(arrived[1].body));
    assert_eq!(detail["tries"].as_array().map(Vec::len), Some(1));
    assert_eq!(founder.get(&at(&webhook)).ok(200)["secret"], Value::Null, "shown once");
}

fn an_owner_is_told_no_more_than_they_see(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let head = site.person("head", "unit_head");
    endpoint(&head, &receiver);
    let elsewhere = founder.unit_new("HZ");
    let away = json!({"kind": "person", "name": "别家", "unit_id": elsewhere, "owner_id": null});
    let away = founder.post("/customers", away).ok(201);
    founder.patch(&path(&away), &away["version"], json!({"note": "x"})).expect(200);
    let ours = customer(&founder, "自家");
    founder.post("/products", json!({"code": "P1", "name": "茶", "price": null})).expect(201);
    founder.post("/tags", json!({"name": "常客", "color": "pine"})).expect(201);
    let arrived = told(site, &receiver);
    assert_eq!(kinds(&arrived), ["customer.created", "product.created"]);
    assert_eq!(arrived[0].json()["data"]["id"], ours["id"]);
}

fn masked_fields_are_told_masked(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let (head, department) = (founder.role("unit_head"), founder.place().1);
    let copy = format!("/roles/{}/copy", head.as_str().expect("an id"));
    let role = founder.post(&copy, json!({"name": "遮电话"})).ok(201);
    let role_path = format!("/roles/{}", role["id"].as_str().expect("an id"));
    founder.patch(&role_path, &role["version"], json!({"masks": ["phone"]})).expect(200);
    founder.user_new("masked", &department, &[&role["id"]]);
    let masked = site.sign_in("masked");
    let webhook = endpoint(&masked, &receiver);
    let guest = json!({"kind": "person", "name": "王芳", "phones": [{"number": "13812348888", "primary": true}]});
    let guest = founder.post("/customers", guest).ok(201);
    let phones = json!({"phones": [{"number": "13912348888", "primary": true}], "note": "a"});
    founder.patch(&path(&guest), &guest["version"], phones).expect(200);
    let arrived = told(site, &receiver);
    assert_eq!(kinds(&arrived), ["customer.created", "customer.updated"]);
    for one in &arrived {
        assert!(!one.body.contains("12348888"), "{}", one.body);
        assert_eq!(one.json()["data"]["customer"]["masked"], json!(["phone"]));
    }
    assert_eq!(arrived[1].json()["data"]["changed"], json!(["note"]));
    let log = masked.get(&format!("{}/deliveries", at(&webhook))).ok(200);
    let detail = masked.get(&format!("/webhook-deliveries/{}", log["items"][0]["id"].as_str().expect("an id")));
    assert!(!detail.ok(200).to_string().contains("12348888"));
}

fn what_leaves_the_sight_is_told_as_gone(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let head = site.person("head", "unit_head");
    endpoint(&head, &receiver);
    let (moved, deleted) = (customer(&founder, "调走"), customer(&founder, "删除"));
    told(site, &receiver);
    let elsewhere = founder.unit_new("HZ");
    founder.post(&format!("{}/transfer", path(&moved)), json!({"unit_id": elsewhere})).expect(200);
    founder.delete(&path(&deleted), &deleted["version"]).expect(204);
    let arrived = told(site, &receiver);
    assert_eq!(kinds(&arrived), ["customer.deleted", "customer.deleted"]);
    let data: Vec<Value> = arrived.iter().map(|one| one.json()["data"].clone()).collect();
    assert_eq!(data[0], json!({"id": moved["id"], "action": "transferred"}), "nothing but that it is gone");
    assert_eq!(data[1], json!({"id": deleted["id"], "action": "deleted"}));
    founder.patch(&path(&moved), &founder.get(&path(&moved)).ok(200)["version"], json!({"note": "y"})).expect(200);
    assert!(told(site, &receiver).is_empty());
}

fn failures_are_tried_again_until_they_arrive(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    receiver.will_answer(&[500, 503]);
    customer(&founder, "王芳");
    let first = told(site, &receiver);
    let log = || founder.get(&format!("{}/deliveries", at(&webhook))).ok(200)["items"][0].clone();
    assert_eq!((log()["status"].clone(), log()["last"]["status"].clone()), (json!("waiting"), json!(500)));
    assert_eq!(log()["last"]["answer"], "said\n");
    assert!(log()["next_at"].is_string());
    assert!(founder.get(&at(&webhook)).ok(200)["failing_since"].is_string());
    assert!(told(site, &receiver).is_empty(), "not before its time");
    time_passes(site, TimeDelta::minutes(1));
    time_passes(site, TimeDelta::minutes(2));
    let more = receiver.taken();
    assert_eq!((log()["status"].clone(), log()["attempts"].clone()), (json!("delivered"), json!(3)));
    assert_eq!(more.len(), 2);
    for one in &more {
        assert_eq!((&one.id, &one.body), (&first[0].id, &first[0].body), "the same message");
        assert!(one.is_signed_with(&webhook["secret"]));
    }
    assert_eq!(founder.get(&at(&webhook)).ok(200)["failing_since"], Value::Null);
}

fn what_never_arrives_is_given_up_after_a_day(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    receiver.will_answer(&[500, 500, 500]);
    customer(&founder, "王芳");
    follow(site);
    time_passes(site, TimeDelta::hours(23));
    let log = || founder.get(&format!("{}/deliveries", at(&webhook))).ok(200)["items"][0].clone();
    assert_eq!(log()["status"], "waiting");
    time_passes(site, TimeDelta::hours(25));
    assert_eq!((log()["status"].clone(), log()["attempts"].clone()), (json!("failed"), json!(3)));
    assert_eq!(log()["next_at"], Value::Null);
    assert_eq!(founder.get(&at(&webhook)).ok(200)["active"], true, "a day is not yet the end");
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0);
    let failed = founder.get(&format!("{}/deliveries?filter[status]=failed", at(&webhook))).ok(200);
    assert_eq!(failed["items"].as_array().map(Vec::len), Some(1));
    founder.get(&format!("{}/deliveries?filter[status]=odd", at(&webhook))).expect(422);
}

fn an_endpoint_that_takes_nothing_is_switched_off(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let (failing, gone) = (endpoint(&founder, &receiver), Receiver::start());
    let left = endpoint(&founder, &gone);
    receiver.will_answer(&[500, 500]);
    gone.will_answer(&[410]);
    customer(&founder, "王芳");
    follow(site);
    time_passes(site, TimeDelta::hours(73));
    let now_off = founder.get(&at(&failing)).ok(200);
    assert_eq!((&now_off["active"], &now_off["stopped_for"]), (&json!(false), &json!("failing")));
    let by_itself = founder.get(&at(&left)).ok(200);
    assert_eq!((&by_itself["active"], &by_itself["stopped_for"]), (&json!(false), &json!("gone")));
    let told = founder.get("/audit-events?filter[resource]=webhook&filter[action]=stopped").ok(200);
    assert_eq!(told["items"].as_array().map(Vec::len), Some(2), "a notice for each: {told}");
    assert_eq!(told["items"][0]["actor"], Value::Null);
    receiver.taken();
    customer(&founder, "李娜");
    follow(site);
    assert!(receiver.taken().is_empty() && gone.taken().len() == 1);
    founder.post(&format!("{}/ping", at(&failing)), json!(null)).expect(409);
    let on = founder.patch(&at(&failing), &now_off["version"], json!({"active": true})).ok(200);
    assert_eq!((&on["stopped_for"], &on["failing_since"]), (&Value::Null, &Value::Null));
    customer(&founder, "赵敏");
    follow(site);
    let names: Vec<Value> = receiver.taken().iter().map(|one| one.json()["data"]["customer"]["name"].clone()).collect();
    assert_eq!(names, [json!("赵敏")], "it begins anew");
}

fn both_secrets_sign_while_one_follows_the_other(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    let renew = |hours: i64| founder.post(&format!("{}/secret", at(&webhook)), json!({"overlap_hours": hours}));
    renew(1000).expect(422);
    let second = renew(24).ok(200);
    assert!(second["previous_secret_until"].is_string());
    assert_ne!(second["secret"], webhook["secret"]);
    let ping = || {
        founder.post(&format!("{}/ping", at(&webhook)), json!(null)).expect(200);
        jobs_run_due(&site.app).expect("work");
        receiver.taken().pop().expect("a ping")
    };
    let one = ping();
    assert_eq!(one.json()["type"], "webhook.ping");
    assert!(one.is_signed_with(&webhook["secret"]) && one.is_signed_with(&second["secret"]));
    let third = renew(0).ok(200);
    assert_eq!(third["previous_secret_until"], Value::Null);
    let one = ping();
    assert!(one.is_signed_with(&third["secret"]));
    assert!(!one.is_signed_with(&second["secret"]) && !one.is_signed_with(&webhook["secret"]));
    // The answer to a repetition tells no secret.
    let body = json!({"name": "A", "url": receiver.url, "messages": ["customer.created"]});
    let create = || founder.send("POST", "/webhooks", Some(&body), &[("idempotency-key", "once")]).ok(201);
    let (first, again) = (create(), create());
    assert!(first["secret"].is_string() && again["secret"].is_null() && first["id"] == again["id"]);
}

fn networks_inside_are_refused_at_the_connection(site: &Site) {
    let founder = site.founder();
    let post =
        |url: &str| founder.post("/webhooks", json!({"name": "A", "url": url, "messages": ["customer.created"]}));
    for (url, code) in [
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://10.0.0.1/", "address_refused"),
        ("https://[::1]/", "address_refused"),
        ("https://[::ffff:10.0.0.1]/", "address_refused"),
        ("ftp://example.com/", "url_invalid"),
        ("https://user:secret@example.com/", "url_invalid"),
        ("example.com", "url_invalid"),
    ] {
        let refused = post(url).ok(422);
        assert_eq!(refused["errors"][0]["code"], code, "{url}: {refused}");
    }
    // A name says nothing; what it points to is looked at with the connection. This machine's own name points to
    // 127.0.0.1 and ::1, of which only the first may be reached here.
    let inside = Receiver::at("[::1]:0");
    let named = inside.url.replace("[::1]", "ip6-localhost");
    let elsewhere = inside.url.replace("[::1]", "localhost");
    for url in [named, elsewhere] {
        let webhook = post(&url).ok(201);
        founder.post(&format!("{}/ping", at(&webhook)), json!(null)).expect(200);
        jobs_run_due(&site.app).expect("work");
        let one = founder.get(&format!("{}/deliveries", at(&webhook))).ok(200)["items"][0].clone();
        assert_eq!(one["status"], "failed", "{url}: {one}");
        assert!(one["last"]["status"].is_null() && one["last"]["fault"].is_string(), "{one}");
    }
    assert!(inside.taken().is_empty(), "nobody knocked");
}

fn answers_are_bounded_and_redirects_are_no_way(site: &Site) {
    let (founder, receiver, other) = (site.founder(), Receiver::start(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    let long = "x".repeat(1 << 20);
    receiver.will_say(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{long}", long.len()));
    receiver.will_say(format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url));
    receiver.will_say("neither HTTP nor anything else\r\n\r\n".into());
    let mut last = Vec::new();
    for _ in 0..3 {
        founder.post(&format!("{}/ping", at(&webhook)), json!(null)).expect(200);
        jobs_run_due(&site.app).expect("work");
        last.push(founder.get(&format!("{}/deliveries", at(&webhook))).ok(200)["items"][0].clone());
    }
    assert_eq!((&last[0]["status"], &last[0]["last"]["status"]), (&json!("delivered"), &json!(200)));
    assert_eq!(last[0]["last"]["answer"].as_str().map(str::len), Some(2048));
    assert_eq!((&last[1]["status"], &last[1]["last"]["status"]), (&json!("failed"), &json!(302)));
    assert_eq!((&last[2]["status"], &last[2]["last"]["fault"]), (&json!("failed"), &json!("not_http")));
    assert!(other.taken().is_empty());
}

fn messages_are_sent_once_more_when_asked(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    receiver.will_answer(&[410]);
    let guest = customer(&founder, "王芳");
    let first = told(site, &receiver);
    let off = founder.get(&at(&webhook)).ok(200);
    let begin = json!({"from": "2020-01-01T00:00:00Z"});
    founder.post(&format!("{}/replay", at(&webhook)), begin.clone()).expect(409);
    founder.patch(&at(&webhook), &off["version"], json!({"active": true})).expect(200);
    assert_eq!(founder.post(&format!("{}/replay", at(&webhook)), begin.clone()).ok(200)["messages"], 1);
    let again = told(site, &receiver);
    assert_eq!((&again[0].id, &again[0].body), (&first[0].id, &first[0].body));
    assert_eq!(founder.post(&format!("{}/replay", at(&webhook)), begin).ok(200)["messages"], 0, "it has arrived");
    let all = json!({"from": "2020-01-01T00:00:00Z", "failed_only": false});
    assert_eq!(founder.post(&format!("{}/replay", at(&webhook)), all).ok(200)["messages"], 1);
    let future = json!({"from": "2120-01-01T00:00:00Z", "failed_only": false});
    assert_eq!(founder.post(&format!("{}/replay", at(&webhook)), future).ok(200)["messages"], 0);
    assert_eq!(told(site, &receiver).len(), 1);
    let one = founder.get(&format!("{}/deliveries", at(&webhook))).ok(200)["items"][0].clone();
    let one_path = format!("/webhook-deliveries/{}", one["id"].as_str().expect("an id"));
    founder.post(&format!("{one_path}/replay"), json!(null)).expect(200);
    assert_eq!(told(site, &receiver)[0].id, first[0].id);
    assert_eq!(founder.get(&one_path).ok(200)["tries"].as_array().map(Vec::len), Some(4));
    // What says more than may be seen now is not said again.
    founder.delete(&path(&guest), &guest["version"]).expect(204);
    told(site, &receiver);
    founder.post(&format!("{one_path}/replay"), json!(null)).expect(200);
    assert!(told(site, &receiver).is_empty());
    assert_eq!(founder.get(&one_path).ok(200)["status"], "withheld");
}

fn nobody_else_reads_an_endpoint_or_its_log(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    customer(&founder, "王芳");
    follow(site);
    let log = founder.get(&format!("{}/deliveries", at(&webhook))).ok(200);
    let delivery = format!("/webhook-deliveries/{}", log["items"][0]["id"].as_str().expect("an id"));
    let other = site.person("other", "executive");
    for path in [at(&webhook), format!("{}/deliveries", at(&webhook)), delivery.clone()] {
        other.get(&path).expect(404);
    }
    for path in ["ping", "secret", "replay"].map(|verb| format!("{}/{verb}", at(&webhook))) {
        other.post(&path, json!({"from": "2020-01-01T00:00:00Z"})).expect(if path.ends_with("secret") {
            422
        } else {
            404
        });
    }
    other.post(&format!("{}/secret", at(&webhook)), json!({})).expect(404);
    other.post(&format!("{delivery}/replay"), json!(null)).expect(404);
    other.patch(&at(&webhook), &json!(1), json!({"active": false})).expect(404);
    other.delete(&at(&webhook), &json!(1)).expect(404);
    assert_eq!(other.get("/webhooks").ok(200)["items"], json!([]));
    // A key makes none: it would outlive the key.
    let key = founder.key_new(&["platform:webhook:write"]);
    key.post("/webhooks", json!({"name": "A", "url": receiver.url, "messages": ["customer.created"]})).expect(403);
    founder.delete(&at(&webhook), &json!(7)).expect(412);
    founder.delete(&at(&webhook), &webhook["version"]).expect(204);
    founder.get(&delivery).expect(404);
}

fn an_endpoint_ends_with_its_owner_and_its_heir_switches_it_on(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let (unit, department) = founder.place();
    let role = founder.role("unit_head");
    let (leaver, heir) =
        (founder.user_new("leaver", &department, &[&role]), founder.user_new("heir", &department, &[&role]));
    let webhook = endpoint(&site.sign_in("leaver"), &receiver);
    let leaver_path = format!("/users/{}", leaver["id"].as_str().expect("an id"));
    let held = founder.get(&format!("{leaver_path}/holdings")).ok(200);
    assert_eq!(held["items"][0]["kind"], "webhooks");
    let heirs = json!([{"kind": "webhooks", "unit_id": unit, "user_id": heir["id"]}]);
    founder.post(&format!("{leaver_path}/handover"), json!({"deactivate": true, "heirs": heirs})).expect(202);
    customer(&founder, "王芳");
    assert!(told(site, &receiver).is_empty(), "nothing goes out in the name of a leaver");
    let heir = site.sign_in("heir");
    let mine = heir.get("/webhooks").ok(200)["items"][0].clone();
    assert_eq!(mine["id"], webhook["id"]);
    assert_eq!(mine["active"], false);
    heir.patch(&at(&mine), &mine["version"], json!({"active": true})).expect(200);
    customer(&founder, "李娜");
    assert_eq!(kinds(&told(site, &receiver)), ["customer.created"]);
}

fn what_nobody_takes_up_is_queued_again(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    founder.post(&format!("{}/ping", at(&webhook)), json!(null)).expect(200);
    let lost = |tx: &mut regulars_persistence::Db| Ok::<_, AppError>(Statement::new("DELETE FROM job").run(tx)?);
    site.app.db().write(lost).expect("a database");
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0);
    webhooks_keep(&site.app, now()).expect("upkeep");
    jobs_run_due(&site.app).expect("work");
    assert_eq!(receiver.taken().len(), 1);
    webhooks_keep(&site.app, now() + TimeDelta::days(15)).expect("upkeep");
    let log = founder.get(&format!("{}/deliveries", at(&webhook))).ok(200);
    assert_eq!(log["items"], json!([]), "old messages are forgotten");
}

fn an_endpoint_stands_still_with_a_frozen_owner(site: &Site) {
    let receiver = Receiver::start();
    let founder = site.founder();
    let head = site.person("head", "unit_administrator");
    let user = head.get("/me").ok(200)["id"].clone();
    let webhook = endpoint(&head, &receiver);
    let freeze = format!("/users/{}/freeze", user.as_str().expect("an id"));
    founder.post(&freeze, json!({"reason": "Has given notice"})).expect(200);
    customer(&founder, "王芳");
    follow(site);
    assert!(receiver.taken().is_empty(), "nothing is told to a frozen owner's endpoint");
    site.person("second", "system_administrator").remove(&freeze).expect(200);
    let back = site.sign_in("head").get(&at(&webhook)).ok(200);
    assert_eq!((&back["active"], &back["stopped_for"]), (&json!(false), &json!("owner_frozen")));
}
