//! The wall between units: whoever is of one unit tries every operation with what is of another, and gets the answer
//! that everybody gets who names what nobody has. `tests/matrix/walls.txt` says what is tried.

pub mod attempts;
pub mod other_unit;

use std::collections::BTreeSet;

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use attempts::{Attempt, Rule, attempts, unnamed_members, wanted_ids};
use other_unit::{OtherUnit, SECRETS, WHO};

use crate::imports::{path_of, perform, upload};

both!(guesses_across_the_wall_get_the_answer_of_random_ones, files_tell_nothing_across_the_wall);

#[test]
fn every_operation_is_tried_across_the_wall() {
    let told: BTreeSet<&str> = attempts().iter().map(|attempt| attempt.operation.as_str()).collect();
    let known: Vec<String> = attempts::operations().into_iter().map(|(name, _)| name).collect();
    let missing: Vec<&String> = known.iter().filter(|name| !told.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "add a line to tests/matrix/walls.txt for {missing:#?}");
    let gone: Vec<_> = told.iter().filter(|name| !known.iter().any(|one| one == *name)).collect();
    assert!(gone.is_empty(), "no such operation any more: {gone:#?}");
}

#[test]
fn every_body_that_takes_ids_is_given_those_of_the_other_unit() {
    let mut untried = Vec::new();
    for (name, operation) in attempts::operations() {
        let tried: Vec<&Attempt> = attempts().iter().filter(|attempt| attempt.operation == name).collect();
        if tried.iter().any(|attempt| matches!(attempt.rule, Rule::Company | Rule::Public)) {
            continue;
        }
        assert!(tried.iter().any(|attempt| attempt.names_something()), "{name} names nothing of the other unit");
        for member in wanted_ids(operation) {
            if !tried.iter().any(|attempt| attempt.gives(&member)) {
                untried.push(format!("{name}: {member}"));
            }
        }
    }
    let excused: Vec<&str> = unnamed_members().collect();
    untried.retain(|one| !excused.contains(&one.as_str()));
    assert!(untried.is_empty(), "tests/matrix/walls.txt never gives the other unit's {untried:#?}");
}

/// All permissions that end at the wall, and the sight of a whole unit.
fn walled_role(founder: &Client) -> Value {
    let all = founder.get("/permissions").ok(200);
    let permissions: Vec<&str> = all["items"]
        .as_array()
        .expect("permissions")
        .iter()
        .filter_map(|one| one["key"].as_str())
        .filter(|key| !matches!(*key, "access:unit:transfer" | "access:role:write"))
        .collect();
    let scopes = json!({"customer": "unit", "order": "unit", "task": "unit", "opportunity": "unit"});
    founder.post("/roles", json!({"name": "Walled", "permissions": permissions, "scopes": scopes})).ok(201)["id"]
        .clone()
}

/// What the callers have themselves.
struct Own(Vec<(String, String)>);

impl Own {
    fn new(founder: &Client, caller: &Client) -> Self {
        let (unit, department) = caller.place();
        let below = json!({"name": "Below", "unit_id": unit, "parent_id": department});
        let below = founder.post("/departments", below).ok(201)["id"].clone();
        let mate = founder.user_new("mate", &department, &[&founder.role("member")])["id"].clone();
        let text = |value: &Value| value.as_str().expect("an id").to_string();
        let make = |path: &str, body: Value| text(&caller.post(path, body).ok(201)["id"]);
        let import = upload(caller, "customers", "own.csv", "name\nOwn\n".as_bytes());
        let customer = make("/customers", json!({"kind": "person", "name": "Own"}));
        let friend = make("/customers", json!({"kind": "person", "name": "Friend"}));
        let lead = json!({"name": "Own", "type": "lead", "steps": [{"title": "Own"}]});
        let lead = caller.post("/opportunities", lead).ok(201);
        let form = json!({"name": "Own", "title": "Own", "fields": [{"field": "phone"}],
            "pipeline_id": lead["pipeline"]["id"]});
        let step = json!({"key": "a", "name_zh": "Own", "name_en": "Own", "offset": {"count": 0, "unit": "days"},
            "channel": "call", "role": "owner"});
        let journey = json!({"unit_id": unit, "name_zh": "Own", "name_en": "Own", "event": "by_hand", "steps": [step]});
        let line = json!({"name": "Tea", "quantity": "1", "price": {"amount": "1.00", "currency": "CNY"}});
        Self(
            [
                ("order", make("/orders", json!({"customer_id": customer, "lines": [line.clone()]}))),
                ("quote", make("/quotes", json!({"customer_id": customer, "lines": [line]}))),
                ("interaction", make("/interactions", json!({"customer_id": customer, "kind": "note", "body": "Own"}))),
                ("relation", make("/relations", json!({"from_id": customer, "to_id": friend, "role": "friend"}))),
                ("asset", make("/assets", json!({"customer_id": customer, "name": "Own"}))),
                ("wish", make("/wishes", json!({"customer_id": customer, "wanted": "Own"}))),
                ("majoraccount", make(&format!("/customers/{friend}/key-accounts"), json!({"plan": "Own"}))),
                ("journey", make("/journeys", journey)),
                ("task", make("/tasks", json!({"title": "Own"}))),
                ("board", make("/dashboards", json!({"name": "Own"}))),
                ("opportunity", text(&lead["id"])),
                ("leadform", make("/lead-forms", form)),
                ("pipeline", text(&lead["pipeline"]["id"])),
                (
                    "pool",
                    make(
                        "/pools",
                        json!({"unit_id": unit, "name": "Own", "silence_days": 60, "warning_days": 7,
                    "claims_per_day": 5, "most_in_hand": 50, "protection_days": 30, "return_days": 0}),
                    ),
                ),
                ("customer", customer),
                ("list", make("/segments", json!({"name": "Own", "kind": "static", "shared": true}))),
                ("tag", make("/tags", json!({"name": "Own", "color": "pine"}))),
                ("import", text(&import["id"])),
                ("unit", text(&unit)),
                ("department", text(&below)),
                ("user", text(&mate)),
            ]
            .map(|(word, id)| (word.to_string(), id))
            .into(),
        )
    }

    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_string(), |text, (word, id)| text.replace(&format!("${word}"), id))
    }
}

fn guesses_across_the_wall_get_the_answer_of_random_ones(site: &Site) {
    let founder = site.founder();
    let there = OtherUnit::new(site, &founder);
    let (_, department) = founder.place();
    founder.user_new("walled", &department, &[&walled_role(&founder)]);
    founder.user_new("member", &department, &[&founder.role("member")]);
    let callers = [site.sign_in("walled"), site.sign_in("member")];
    let own = Own::new(&founder, &callers[0]);
    let before = there.seen_by_its_people(&founder);
    let mut wrong = Vec::new();
    for attempt in attempts() {
        for caller in &callers {
            if attempt.rule == Rule::Public || ["/jobs/stream", "/live"].contains(&attempt.path) {
                continue;
            }
            if let Err(found) = tried(site, caller, attempt, &own, &there) {
                wrong.push(format!("{}: {found}", attempt.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let after = there.seen_by_its_people(&founder);
    for ((what, before), (_, after)) in before.iter().zip(&after) {
        assert_eq!(before, after, "{what} has changed");
    }
}

/// Makes the attempt with what there is and with what there is not, and compares.
fn tried(site: &Site, caller: &Client, attempt: &Attempt, own: &Own, there: &OtherUnit) -> Result<(), String> {
    let there_is = said(site, caller, attempt, own, &there.things);
    let secrets = if attempt.rule == Rule::Told { SECRETS } else { WHO };
    if let Some(secret) = secrets.iter().chain(SECRETS).find(|secret| there_is.contains(**secret)) {
        return Err(format!("tells of “{secret}”: {there_is}"));
    }
    if !attempt.names_something() || attempt.rule == Rule::Told {
        return Ok(());
    }
    let there_is_not = said(site, caller, attempt, own, &there.nothing);
    if there_is == there_is_not { Ok(()) } else { Err(format!("{there_is}\n   but of nothing {there_is_not}")) }
}

/// Everything that is answered, with what the caller wrote taken out of it: status, body, and what a job made.
fn said(site: &Site, caller: &Client, attempt: &Attempt, own: &Own, things: &[(String, String)]) -> String {
    let reply = attempt.send(caller, |text| OtherUnit::fill(things, &own.fill(text)));
    let mut told = format!("{} {}", reply.status, reply.text());
    if reply.status == 202 {
        jobs_run_due(&site.app).expect("work");
        let job = caller.get(&format!("/jobs/{}", reply.json()["id"].as_str().expect("an id"))).ok(200);
        told.push_str(&job.to_string());
        if let Some(url) = job["result_url"].as_str() {
            told.push_str(&caller.get(url).text());
        }
    }
    attempts::without_marks(&OtherUnit::forget(things, attempt.line, &told))
}

/// A file may name anybody: people, units, codes, numbers, customers by code. What is there is answered like what is not.
fn files_tell_nothing_across_the_wall(site: &Site) {
    let founder = site.founder();
    let there = OtherUnit::new(site, &founder);
    let (_, department) = founder.place();
    founder.user_new("walled", &department, &[&walled_role(&founder)]);
    let caller = site.sign_in("walled");
    let before = there.seen_by_its_people(&founder);
    let files = [
        ("customers", "code,name,phone,email,tags,note\n@code,@name,@phone,@email,@text,x\n"),
        ("customers", "name,phone,owner\n@name,@phone,@login\n"),
        ("customers", "name,unit\nA,@unitcode\n"),
        (
            "orders",
            "Order code,Customer code,Order date,Product name,Quantity,Unit price\n@ordercode,@code,2026-01-02,Tea,1,2\n",
        ),
    ];
    for (resource, text) in files {
        let told = |things: &[(String, String)], what: &str| {
            let file = OtherUnit::fill(things, text);
            let import = upload(&caller, resource, "rows.csv", file.as_bytes());
            let mut told = perform(site, &caller, &import, what).to_string();
            for part in ["rows", "preview", "rejects"] {
                told.push_str(&caller.get(&format!("{}/{part}", path_of(&import))).text());
            }
            attempts::without_marks(&OtherUnit::forget(things, text, &told))
        };
        for what in ["check", "run"] {
            let there_is = told(&there.things, what);
            assert_eq!(there_is, told(&there.nothing, what), "{what}: {text}");
            assert!(!SECRETS.iter().chain(WHO).any(|secret| there_is.contains(secret)), "{there_is}");
        }
    }
    assert_eq!(before, there.seen_by_its_people(&founder));
}
