//! A leaver's hand-over: the account ends at once, everything has somebody else's name, and nothing is forgotten.

use std::collections::BTreeSet;

use regulars_app::jobs::runner::jobs_run_due;
use regulars_persistence::StoreError;
use regulars_persistence::access::handover::Held;
use regulars_persistence::schema::schema_columns;
use regulars_tests::{Client, Engine, Site, both};
use serde_json::{Value, json};

both!(
    everything_a_leaver_holds_gets_an_heir,
    an_heir_is_an_active_person_of_the_unit,
    records_can_be_handed_over_without_an_end,
    a_unit_administrator_hands_over_within_the_unit,
    an_heir_approves_in_the_leavers_place,
);

/// Columns that name a holder and are no holding: copies of another column, and the log.
const COPIES: &[&str] = &["customer_metric.owner_id", "event.owner_id", "opportunity_stage_change.owner_id"];

#[test]
fn every_column_that_names_a_holder_is_handed_over() {
    let site = Site::start_bare(Engine::Sqlite);
    let columns = site.app.db().read(schema_columns).map_err(|error: StoreError| error.to_string()).expect("columns");
    let holders: BTreeSet<String> = columns
        .iter()
        .filter(|column| ["owner_id", "leader_id", "assignee_id"].contains(&column.column_name.as_str()))
        .map(|column| format!("{}.{}", column.table_name, column.column_name))
        .filter(|column| !COPIES.contains(&column.as_str()))
        .collect();
    let handed: BTreeSet<String> =
        Held::ALL.iter().map(|kind| kind.column()).map(|(table, column)| format!("{table}.{column}")).collect();
    let forgotten: Vec<_> = holders.difference(&handed).collect();
    assert!(forgotten.is_empty(), "add a kind to persistence/src/access/handover.rs for {forgotten:?}");
}

fn path(user: &Value, part: &str) -> String {
    format!("/users/{}/{part}", user["id"].as_str().expect("an id"))
}

/// A leaver with something of every kind, and a colleague.
fn people(founder: &Client) -> (Value, Value) {
    let (_, department) = founder.place();
    let head = founder.role("unit_administrator");
    (founder.user_new("leaver", &department, &[&head]), founder.user_new("heir", &department, &[&head]))
}

fn lived(site: &Site, user: &Value) -> (Client, Value, Value) {
    let (founder, leaver) = (site.founder(), site.sign_in("leaver"));
    let customer = leaver.post("/customers", json!({"kind": "person", "name": "王芳", "owner_id": user["id"]})).ok(201);
    let gone = leaver.post("/customers", json!({"kind": "person", "name": "走了", "owner_id": user["id"]})).ok(201);
    leaver.delete(&format!("/customers/{}", gone["id"].as_str().expect("an id")), &gone["version"]).expect(204);
    let order = json!({"customer_id": customer["id"], "ordered_on": "2026-01-05", "status": "confirmed", "owner_id": user["id"],
        "lines": [{"name": "茶", "quantity": "2", "price": {"amount": "30.00", "currency": "CNY"}}]});
    let order = leaver.post("/orders", order).ok(201);
    leaver.post("/segments", json!({"name": "我的", "kind": "static"})).expect(201);
    leaver.post("/views", json!({"resource": "customers", "name": "我的", "definition": {}})).expect(201);
    let (unit, _) = founder.place();
    let led = founder.post("/departments", json!({"name": "他的", "unit_id": unit, "leader_id": user["id"]})).ok(201);
    assert_eq!(led["leader"]["id"], user["id"]);
    (leaver, customer, order)
}

fn kinds(founder: &Client, user: &Value) -> Vec<(String, i64)> {
    let held = founder.get(&path(user, "holdings")).ok(200);
    let items = held["items"].as_array().expect("items");
    items.iter().map(|one| (one["kind"].as_str().unwrap_or("").into(), one["count"].as_i64().unwrap_or(0))).collect()
}

fn everything_a_leaver_holds_gets_an_heir(site: &Site) {
    let founder = site.founder();
    let (user, heir) = people(&founder);
    let (leaver, customer, order) = lived(site, &user);
    let key = leaver.key_new(&["customers:customer:read"]);
    let export = leaver.post("/exports", json!({"resource": "customers", "format": "csv"})).ok(202);
    let expected = [("customers", 2), ("orders", 1), ("segments", 1), ("views", 1), ("departments", 1)];
    assert_eq!(kinds(&founder, &user), expected.map(|(kind, count)| (kind.to_string(), count)));
    let held = founder.get(&path(&user, "holdings")).ok(200);
    assert_eq!([&held["jobs"], &held["keys"], &held["sessions"]], [&json!(1), &json!(1), &json!(1)]);

    let (unit, _) = founder.place();
    let heirs = |kinds: &[(&str, i64)]| -> Vec<Value> {
        kinds.iter().map(|(kind, _)| json!({"kind": kind, "unit_id": unit, "user_id": heir["id"]})).collect()
    };
    let refusal =
        founder.post(&path(&user, "handover"), json!({"deactivate": true, "heirs": heirs(&expected[1..])})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "heir_missing", "{refusal}");
    leaver.get("/me").ok(200);

    let job = founder.post(&path(&user, "handover"), json!({"deactivate": true, "heirs": heirs(&expected)})).ok(202);
    assert_eq!(leaver.get("/me").ok(401)["code"], "session_ended");
    key.get("/customers").expect(401);
    jobs_run_due(&site.app).expect("the jobs");
    let job = founder.get(&format!("/jobs/{}", job["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(
        (&job["status"], &job["progress"]["done"]),
        (&json!("done"), &json!(5)),
        "the department went at once: {job}"
    );
    assert_eq!(job["progress"]["total"], 5);
    let export = founder.get(&format!("/jobs/{}", export["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(export["status"], "cancelled", "nothing goes on in a leaver's name");
    assert_eq!(kinds(&founder, &user), []);

    let owner = |resource: &str, one: &Value| {
        founder.get(&format!("/{resource}/{}", one["id"].as_str().expect("an id"))).ok(200)["owner"]["id"].clone()
    };
    assert_eq!((owner("customers", &customer), owner("orders", &order)), (heir["id"].clone(), heir["id"].clone()));
    while regulars_app::upkeep::upkeep_step(&site.app).expect("upkeep") {}
    let mine = site.sign_in("heir");
    let found = mine.get(&format!("/customers?filter[owner]={}", heir["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "the deleted one stays deleted");
    assert!(mine.get("/departments").ok(200).to_string().contains("heir"), "leads now");
    let log = founder.get("/audit-events?filter[action]=handed_over").ok(200);
    assert_eq!(log["items"][0]["resource_id"], user["id"]);
    let told =
        founder.get(&format!("/audit-events?filter[resource_id]={}", customer["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(told["items"][0]["after"]["owner_id"], heir["id"], "{told}");
}

fn an_heir_is_an_active_person_of_the_unit(site: &Site) {
    let founder = site.founder();
    let (user, heir) = people(&founder);
    lived(site, &user);
    let (unit, _) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let stranger = founder.user_new("stranger", &founder.department_new(&elsewhere, "D"), &[&founder.role("member")]);
    let idle = founder.user_new("idle", &founder.place().1, &[&founder.role("member")]);
    founder.post(&path(&idle, "deactivation"), json!(null)).expect(200);
    let ask = |kind: &str, unit: &Value, to: &Value| {
        let heirs = json!([{"kind": kind, "unit_id": unit, "user_id": to}]);
        founder.post(&path(&user, "handover"), json!({ "heirs": heirs }))
    };
    for to in [&stranger["id"], &idle["id"], &user["id"]] {
        let refusal = ask("customers", &unit, to).ok(422);
        assert_eq!(refusal["errors"][0]["pointer"], "/heirs/0/user_id");
    }
    assert_eq!(ask("wishes", &unit, &heir["id"]).ok(422)["errors"][0]["pointer"], "/heirs/0/kind");
    let twice = json!({"kind": "orders", "unit_id": unit, "user_id": heir["id"]});
    let refusal = founder.post(&path(&user, "handover"), json!({"heirs": [twice, twice]})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "duplicate");
    let own = founder.get("/me").ok(200);
    let refusal = founder.post(&path(&own, "handover"), json!({"deactivate": true, "heirs": []})).ok(409);
    assert_eq!(refusal["code"], "self_deactivation");
}

fn records_can_be_handed_over_without_an_end(site: &Site) {
    let founder = site.founder();
    let (user, heir) = people(&founder);
    let (leaver, _, _) = lived(site, &user);
    let (unit, _) = founder.place();
    let heirs = json!([{"kind": "customers", "unit_id": unit, "user_id": heir["id"]}]);
    founder.post(&path(&user, "handover"), json!({ "heirs": heirs })).expect(202);
    jobs_run_due(&site.app).expect("the jobs");
    assert!(kinds(&founder, &user).iter().all(|(kind, _)| kind != "customers"));
    assert_eq!(kinds(&founder, &user).len(), 4);
    leaver.get("/me").ok(200);
}

fn a_unit_administrator_hands_over_within_the_unit(site: &Site) {
    let founder = site.founder();
    let (user, heir) = people(&founder);
    lived(site, &user);
    let (unit, _) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let place = founder.department_new(&elsewhere, "D");
    founder.user_new("stranger", &place, &[&founder.role("unit_administrator")]);
    let (own, other) = (site.sign_in("heir"), site.sign_in("stranger"));
    let heirs = json!([{"kind": "customers", "unit_id": unit, "user_id": heir["id"]}]);
    other.get(&path(&user, "holdings")).expect(404);
    other.post(&path(&user, "handover"), json!({ "heirs": heirs })).expect(404);
    own.post(&path(&user, "handover"), json!({"deactivate": true, "heirs": heirs})).expect(403);
    own.post(&path(&user, "handover"), json!({ "heirs": heirs })).expect(202);

    // Someone who moved away still holds what is of the old unit: each administrator sees the own unit's part.
    let moved = json!({"department_id": place});
    founder.patch(&format!("/users/{}", user["id"].as_str().expect("an id")), &user["version"], moved).expect(200);
    own.get(&path(&user, "holdings")).expect(404);
    assert_eq!(other.get(&path(&user, "holdings")).ok(200)["items"], json!([]));
    assert!(kinds(&founder, &user).iter().any(|(kind, _)| kind == "orders"));
}

fn an_heir_approves_in_the_leavers_place(site: &Site) {
    let founder = site.founder();
    let (unit, department) = founder.place();
    let member = founder.role("member");
    let (leaver, heir) =
        (founder.user_new("leaver", &department, &[&member]), founder.user_new("heir", &department, &[&member]));
    let third = founder.user_new("third", &department, &[&member]);
    let template = |name: &str, unit: Value, approvals: Value| {
        let definition = json!({"criteria": [], "steps": [], "contracts": [], "approvals": approvals});
        founder
            .post("/qualification-templates", json!({"name": name, "unit_id": unit, "definition": definition}))
            .ok(201)
    };
    let by = |people: &[&Value]| {
        let ids: Vec<&Value> = people.iter().map(|one| &one["id"]).collect();
        json!({"label": "Manager", "user_ids": ids})
    };
    let own = template("Dealers", unit.clone(), json!([by(&[&leaver]), by(&[&third, &leaver, &heir])]));
    let company = template("Everybody", json!(null), json!([by(&[&leaver])]));
    let others = template("Others", unit.clone(), json!([by(&[&third])]));
    let customer = founder.post("/customers", json!({"kind": "organization", "name": "新客"})).ok(201);
    let started = format!("/customers/{}/qualifications", customer["id"].as_str().expect("an id"));
    let waits = founder.post(&started, json!({"template_id": own["id"]})).ok(201);
    let waits = format!("/qualifications/{}", waits["id"].as_str().expect("an id"));
    let version = founder.get(&waits).ok(200)["version"].clone();
    let said = json!({"proposal": {"reasons": "Twelve shops"}});
    let filled = founder.patch(&waits, &version, said).ok(200);
    let proposed = founder.post(&format!("{waits}/proposal"), json!({"version": filled["version"]})).ok(200);
    assert_eq!(kinds(&founder, &leaver), [("approvals".to_string(), 3)]);

    let heirs = json!([{"kind": "approvals", "unit_id": unit, "user_id": heir["id"]}]);
    let refusal = founder.post(&path(&leaver, "handover"), json!({"deactivate": true, "heirs": []})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "heir_missing", "{refusal}");
    let job = founder.post(&path(&leaver, "handover"), json!({"deactivate": true, "heirs": heirs})).ok(202);
    jobs_run_due(&site.app).expect("the jobs");
    let job = founder.get(&format!("/jobs/{}", job["id"].as_str().expect("an id"))).ok(200);
    assert_eq!((&job["status"], &job["progress"]["done"]), (&json!("done"), &json!(3)), "{job}");
    assert_eq!(kinds(&founder, &leaver), []);
    let named = |one: &Value, at: usize| {
        let read = founder.get(&format!("/qualification-templates/{}", one["id"].as_str().expect("an id"))).ok(200);
        read["definition"]["approvals"][at]["user_ids"].clone()
    };
    assert_eq!(named(&own, 0), json!([heir["id"]]));
    assert_eq!(named(&own, 1), json!([third["id"], heir["id"]]), "named once");
    assert_eq!((named(&company, 0), named(&others, 0)), (json!([heir["id"]]), json!([third["id"]])));
    let now = founder.get(&waits).ok(200);
    assert_eq!(now["approvals"][0]["by"][0]["id"], heir["id"], "what waits is approved by the heir: {now}");
    assert_ne!(now["version"], proposed["version"]);
    let log = founder.get("/audit-events?filter[resource]=qualification_template&filter[action]=updated").ok(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(2), "{log}");
}
