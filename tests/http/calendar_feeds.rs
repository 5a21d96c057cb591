//! One's tasks in the calendar of a telephone: read under a secret address without signing in, by nobody else.

use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::customers::{colleague, customer, home, id};

both!(
    the_address_tells_ones_open_tasks_without_signing_in,
    an_address_made_anew_or_taken_away_is_none_any_more,
    whoever_may_not_enter_has_no_calendar,
    a_calendar_tells_no_more_than_its_person_sees,
);

const PLACE: &str = "/me/calendar-feed";

fn made(client: &Client) -> String {
    client.post(PLACE, json!(null)).ok(200)["path"].as_str().expect("an address").into()
}

fn read(site: &Site, path: &str) -> Reply {
    site.anonymous().get(path)
}

fn calendar(site: &Site, path: &str) -> String {
    read(site, path).expect(200).text().replace("\r\n ", "")
}

fn the_address_tells_ones_open_tasks_without_signing_in(site: &Site) {
    let founder = site.founder();
    assert_eq!(founder.get(PLACE).ok(200), json!({"active": false, "created_at": null, "read_at": null}));
    let guest = customer(&founder, "Wang");
    let ring = founder
        .post(
            "/tasks",
            json!({"title": "Ring; soon", "customer_ids": [guest["id"]], "due_on": "2031-03-05",
                "due_time": "14:30", "remind_minutes": 15, "priority": 1, "checklist": [{"text": "white"}]}),
        )
        .ok(201);
    founder.post("/tasks", json!({"title": "All day", "due_on": "2031-03-06"})).expect(201);
    founder.post("/tasks", json!({"title": "Some time"})).expect(201);
    let done = founder.post("/tasks", json!({"title": "Over", "due_on": "2031-03-06"})).ok(201);
    founder.post(&format!("/tasks/{}/completion", id(&done)), json!({})).expect(200);

    let path = made(&founder);
    let reply = read(site, &path).expect(200);
    assert_eq!(reply.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert_eq!(reply.header("cache-control"), Some("private, no-store"));
    let text = calendar(site, &path);
    for line in [
        "BEGIN:VCALENDAR",
        &format!("UID:{}@regulars", id(&ring)),
        "SUMMARY:Ring\\; soon",
        "DESCRIPTION:Wang\\n☐ white",
        "DTSTART:20310305T063000Z",
        "TRIGGER;VALUE=DATE-TIME:20310305T061500Z",
        "SUMMARY:All day",
        "DTSTART;VALUE=DATE:20310306",
        "END:VCALENDAR",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} in {text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "what is done or has no day stays out: {text}");
    assert_eq!(calendar(site, &format!("{path}.ics")), text, "programs like a name that tells what it is");

    let told = founder.get(PLACE).ok(200);
    assert_eq!((&told["active"], &told["path"]), (&json!(true), &Value::Null), "the address is told once");
    assert!(told["read_at"].is_string());
    let log = founder.get("/audit-events?limit=200").ok(200).to_string();
    let secret = path.rsplit('/').next().expect("a secret");
    assert!(log.contains("calendar_feed") && !log.contains(secret));
}

fn an_address_made_anew_or_taken_away_is_none_any_more(site: &Site) {
    let founder = site.founder();
    read(site, "/api/v1/calendar-feeds/0123456789abcdef").expect(404);
    let first = made(&founder);
    let second = made(&founder);
    assert_ne!(first, second);
    read(site, &first).expect(404);
    read(site, &second).expect(200);
    founder.remove(PLACE).expect(204);
    read(site, &second).expect(404);
    founder.remove(PLACE).expect(204);
    assert_eq!(founder.get(PLACE).ok(200)["active"], false);

    // A repetition of the same call makes no other address, and does not tell the one made.
    let again = |_| founder.send("POST", PLACE, Some(&json!(null)), &[("idempotency-key", "one")]).ok(200);
    let [answer, repeated] = [(), ()].map(again);
    assert_eq!((&repeated["created_at"], &repeated["path"]), (&answer["created_at"], &Value::Null));
    read(site, answer["path"].as_str().expect("an address")).expect(200);
}

fn whoever_may_not_enter_has_no_calendar(site: &Site) {
    let founder = site.founder();
    let here = home(site);
    let member = colleague(site, "member", "member", &here);
    let path = made(&member);
    let who = member.get("/me").ok(200)["id"].as_str().expect("an id").to_string();
    read(site, &path).expect(200);
    let head = colleague(site, "head", "unit_head", &here);
    head.post(&format!("/users/{who}/freeze"), json!({"reason": "Has given notice"})).expect(200);
    read(site, &path).expect(404);
    founder.remove(&format!("/users/{who}/freeze")).expect(200);
    read(site, &path).expect(200);
    founder.send("POST", &format!("/users/{who}/deactivation"), None, &[]).expect(200);
    read(site, &path).expect(404);

    colleague(site, "keeper", "system_administrator", &here).post(PLACE, json!(null)).expect(403);
}

fn a_calendar_tells_no_more_than_its_person_sees(site: &Site) {
    let founder = site.founder();
    let here = home(site);
    let (member, other) = (colleague(site, "member", "member", &here), colleague(site, "other", "member", &here));
    let who = member.get("/me").ok(200)["id"].clone();
    let hidden = customer(&founder, "Hidden guest");
    let given = json!({"title": "Given", "owner_id": who, "customer_ids": [hidden["id"]], "due_on": "2031-03-05"});
    let given = founder.post("/tasks", given).ok(201);
    other.post("/tasks", json!({"title": "Of another", "due_on": "2031-03-05"})).expect(201);
    let path = made(&member);
    let text = calendar(site, &path);
    assert!(text.contains("SUMMARY:Given") && !text.contains("Hidden guest") && !text.contains("Of another"), "{text}");
    // Who sees everything has only what is theirs in the calendar.
    assert!(!calendar(site, &made(&founder)).contains("SUMMARY"));

    let head_office = founder.get("/me").ok(200)["id"].clone();
    founder.patch(&format!("/tasks/{}", id(&given)), &json!(1), json!({"owner_id": head_office})).expect(200);
    assert!(!calendar(site, &path).contains("SUMMARY"), "what is given away leaves the calendar");
}
