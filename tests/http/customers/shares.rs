//! Customers shared beyond those whose own sight reaches them: on every path, no further than said, and not a moment
//! longer.

use chrono::{Days, Utc};
use regulars_app::access::actor::actor_load;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_domain::actor::Credential;
use regulars_domain::ids::UserId;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{colleague, customer, home, id, names, path, unit};

both!(
    a_shared_customer_is_there_on_every_path,
    a_share_says_how_far_it_goes,
    shares_end_at_once,
    walls_stand_unless_the_giver_reaches_beyond,
    shares_move_with_the_customer,
);

fn share(client: &Client, customer: &Value, body: Value) -> Value {
    client.post(&format!("{}/shares", path(customer)), body).ok(200)
}

fn me(client: &Client) -> Value {
    client.get("/me").ok(200)["id"].clone()
}

/// How many of the customers called Shared someone meets on each path.
fn met(site: &Site, client: &Client, customer: &Value) -> Vec<usize> {
    let count = |path: &str| client.get(path).ok(200);
    let named = |list: &Value| names(list).into_iter().filter(|name| *name == "Shared Customer").count();
    let condition = json!({"field": "name", "op": "contains", "value": "Shared"});
    let by_figures = json!({"all": [condition, {"field": "metrics.orders", "op": "gte", "value": 0}]});
    let counted = |condition: &Value| {
        let body = json!({"condition": condition});
        client.post("/segments/count", body).ok(200)["count"].as_u64().expect("a count") as usize
    };
    let job = client.post("/exports", json!({"resource": "customers", "format": "csv", "filter": condition})).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = client.get(&format!("/jobs/{}", id(&job))).ok(200);
    let file = client.get(job["result_url"].as_str().expect("a file")).expect(200).text();
    let segment = site.founder().post(
        "/segments",
        json!({"name": "S", "kind": "dynamic", "shared": true,
        "condition": condition}),
    );
    let segment = segment.ok(201);
    let members = client.get(&format!("/segments/{}/members?limit=100", id(&segment))).ok(200);
    vec![
        usize::from(client.get(&path(customer)).status == 200),
        usize::from(client.get(&format!("{}/card", path(customer))).status == 200),
        usize::from(client.get(&format!("{}/timeline", path(customer))).status == 200),
        named(&count("/customers?limit=100")["items"]),
        named(&count("/customers?limit=100&sort=-metrics.net")["items"]),
        named(&count("/customers?limit=100&q=Shared")["items"]),
        count("/customers?q=Shared&count=true")["total"].as_u64().expect("a total") as usize,
        named(&count("/search?q=Shared")["customers"]),
        named(&count("/search?q=13812348888")["customers"]),
        counted(&condition),
        counted(&by_figures),
        file.matches("Shared Customer").count(),
        named(&members["items"]),
    ]
}

const PATHS: usize = 13;

fn shared_customer(founder: &Client) -> Value {
    let body = json!({"kind": "person", "name": "Shared Customer", "phones": [{"number": "13812348888"}]});
    founder.post("/customers", body).ok(201)
}

fn exporting_member(site: &Site, login: &str) -> Client {
    let founder = site.founder();
    let permissions = [
        "customers:customer:read",
        "customers:customer:write",
        "customers:customer:delete",
        "customers:customer:assign",
        "customers:customer:merge",
        "platform:export:run",
        "engage:segment:read",
        "insight:metric:read",
        "sales:order:read",
    ];
    let role = founder.post(
        "/roles",
        json!({"name": login, "permissions": permissions,
        "scopes": {"customer": "own", "order": "own"}}),
    );
    founder.user_new(login, &founder.place().1, &[&role.ok(201)["id"]]);
    site.sign_in(login)
}

fn a_shared_customer_is_there_on_every_path(site: &Site) {
    let founder = site.founder();
    let person = exporting_member(site, "clerk");
    let target = shared_customer(&founder);
    customer(&founder, "Shared Nothing");
    customer(&person, "Own");
    assert_eq!(met(site, &person, &target), vec![0; PATHS]);
    let given = share(&founder, &target, json!({"user_id": me(&person)}));
    assert_eq!(met(site, &person, &target), vec![1; PATHS]);
    assert_eq!(person.get("/customers?count=true").ok(200)["total"], 2, "nothing else came with it");
    founder.remove(&format!("/shares/{}", id(&given))).expect(204);
    assert_eq!(met(site, &person, &target), vec![0; PATHS]);

    let department = founder.place().1;
    let given = share(&founder, &target, json!({"department_id": department}));
    assert_eq!(met(site, &person, &target), vec![1; PATHS], "whoever sits in the department");
    founder.remove(&format!("/shares/{}", id(&given))).expect(204);
    assert_eq!(met(site, &person, &target), vec![0; PATHS]);
    let told = founder.get(&format!("{}/timeline", path(&target))).ok(200).to_string();
    assert!(told.contains("Customer shared") && told.contains("Share ended") && told.contains("clerk"), "{told}");
    let log = founder.get("/audit-events?filter[resource]=share").ok(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(4));
}

fn a_share_says_how_far_it_goes(site: &Site) {
    let founder = site.founder();
    let person = exporting_member(site, "clerk");
    let target = shared_customer(&founder);
    let patch = |body: Value| {
        let now = founder.get(&path(&target)).ok(200);
        person.patch(&path(&target), &now["version"], body)
    };
    share(&founder, &target, json!({"user_id": me(&person)}));
    patch(json!({"note": "Mine"})).expect(404);
    let why = person.get(&format!("{}/access", path(&target))).ok(200);
    assert_eq!(why["can_edit"], false);
    let codes: Vec<&str> =
        why["reasons"].as_array().expect("reasons").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["shared_read", "may_not_write"]);
    assert!(why["reasons"][0]["text"].as_str().is_some_and(|text| text.contains("林晓") && text.contains("to read")));

    let until = Utc::now().date_naive() + Days::new(30);
    let again = share(&founder, &target, json!({"user_id": me(&person), "may_edit": true, "until": until}));
    assert_eq!((&again["may_edit"], &again["until"]), (&json!(true), &json!(until)));
    let all = person.get(&format!("{}/shares", path(&target))).ok(200);
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "shared again is changed: {all}");
    assert_eq!(all["items"][0]["endable"], false);
    patch(json!({"note": "Mine"})).expect(200);
    let why = person.get(&format!("{}/access", path(&target))).ok(200);
    assert_eq!((&why["can_edit"], &why["reasons"][0]["code"]), (&json!(true), &json!("shared_edit")));
    let text = why["reasons"][0]["text"].as_str().expect("words");
    assert!(text.contains("to change") && text.contains(&until.to_string()), "{text}");

    let now = founder.get(&path(&target)).ok(200);
    assert_eq!(person.delete(&path(&target), &now["version"]).ok(409)["code"], "shared_only");
    assert_eq!(patch(json!({"owner_id": me(&person)})).ok(409)["code"], "shared_only");
    let own = customer(&person, "Own");
    let merge = json!({"other_id": target["id"], "version": own["version"], "other_version": now["version"]});
    person.post(&format!("{}/merges", path(&own)), merge).expect(409);
    let bulk = json!({"ids": [target["id"]], "action": {"assign": {"owner_id": me(&person)}}});
    person.post("/customers/bulk", bulk).expect(202);
    jobs_run_due(&site.app).expect("work");
    assert_eq!(founder.get(&path(&target)).ok(200)["owner"]["id"], me(&founder), "what is shared is not given away");
    let passed_on = person.post(&format!("{}/shares", path(&target)), json!({"user_id": me(&founder)}));
    passed_on.expect(403);
    let given = again["id"].as_str().expect("an id");
    person.remove(&format!("/shares/{given}")).expect(403);

    let blind = site.person("blind", "auditor");
    let problem = blind.post(&format!("{}/shares", path(&target)), json!({"user_id": me(&person)}));
    problem.expect(403);
    let executive = site.person("boss", "executive");
    let problem =
        executive.post(&format!("{}/shares", path(&target)), json!({"user_id": me(&person), "may_edit": true}));
    assert_eq!(problem.ok(422)["errors"][0]["code"], "beyond_yours", "who only reads shares to read");
    for (body, code) in [
        (json!({}), "user_or_department"),
        (json!({"user_id": me(&person), "department_id": founder.place().1}), "user_or_department"),
        (json!({"user_id": me(&founder)}), "owner_already"),
        (json!({"user_id": uuid::Uuid::now_v7()}), "unknown_reference"),
        (json!({"user_id": me(&person), "until": "2020-01-01"}), "in_the_past"),
    ] {
        let problem = founder.post(&format!("{}/shares", path(&target)), body).ok(422);
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
}

fn shares_end_at_once(site: &Site) {
    let founder = site.founder();
    let person = exporting_member(site, "clerk");
    let target = shared_customer(&founder);
    let sees = || person.get(&path(&target)).status == 200;
    // The last day is a day of the business, in Shanghai.
    let today = (Utc::now() + chrono::Duration::hours(8)).date_naive();
    share(&founder, &target, json!({"user_id": me(&person), "until": today}));
    assert!(sees());
    let user = UserId(me(&person).as_str().and_then(|id| id.parse().ok()).expect("an id"));
    let at = |days: i64| {
        let now = Utc::now() + chrono::Duration::days(days);
        let actor = site.app.db().read(|db| actor_load(db, user, Credential::Job, now)).expect("a person");
        actor.shares.is_some()
    };
    assert!(at(0) && !at(2), "its day passes");
    // Copies kept elsewhere are told for 90 days that it ended.
    regulars_app::customers::share::shares_forget(&site.app, Utc::now() + chrono::Duration::days(100))
        .expect("forgotten");
    assert!(!sees());

    share(&founder, &target, json!({"department_id": founder.place().1}));
    assert!(sees());
    let beside = founder.department_new(&founder.place().0, "Beside");
    let user = founder.get("/users?q=clerk").ok(200)["items"][0].clone();
    let moved = founder.patch(&format!("/users/{}", id(&user)), &user["version"], json!({"department_id": beside}));
    moved.expect(200);
    assert!(!sees(), "who leaves the department leaves its shares");
    share(&founder, &target, json!({"department_id": beside}));
    assert!(sees());
    let user = founder.get("/users?q=clerk").ok(200)["items"][0].clone();
    let moved =
        founder.patch(&format!("/users/{}", id(&user)), &user["version"], json!({"department_id": founder.place().1}));
    moved.expect(200);
    let row = founder.get(&format!("/departments/{}", beside.as_str().expect("an id"))).ok(200);
    founder.delete(&format!("/departments/{}", id(&row)), &row["version"]).expect(204);
    let left = founder.get(&format!("{}/shares", path(&target))).ok(200);
    assert_eq!(
        left["items"].as_array().map(Vec::len),
        Some(1),
        "a department that goes takes its shares along: {left}"
    );
}

fn walls_stand_unless_the_giver_reaches_beyond(site: &Site) {
    let founder = site.founder();
    let (_, away) = unit(site, "Hangzhou", "HZ");
    let stranger = colleague(site, "stranger", "member", &away);
    let keeper = colleague(site, "keeper", "unit_administrator", &home(site));
    let target = customer(&keeper, "Ours");
    for body in [json!({"user_id": me(&stranger)}), json!({"department_id": away})] {
        let problem = keeper.post(&format!("{}/shares", path(&target)), body).ok(422);
        assert_eq!(problem["errors"][0]["code"], "unknown_reference", "{problem}");
    }
    stranger.get(&path(&target)).expect(404);
    share(&founder, &target, json!({"user_id": me(&stranger), "may_edit": true}));
    stranger.get(&path(&target)).expect(200);
    assert_eq!(stranger.get("/customers?q=Ours&count=true").ok(200)["total"], 1, "across the wall");
    assert_eq!(names(&stranger.get("/search?q=Ours").ok(200)["customers"]), ["Ours"]);
    stranger.post("/customers", json!({"kind": "person", "name": "X", "unit_id": target["unit"]["id"]})).expect(422);

    let user = founder.get("/users?q=stranger").ok(200)["items"][0].clone();
    let (_, third) = unit(site, "Suzhou", "SZ");
    founder.patch(&format!("/users/{}", id(&user)), &user["version"], json!({"department_id": third})).expect(200);
    stranger.get(&path(&target)).expect(404);
}

fn shares_move_with_the_customer(site: &Site) {
    let founder = site.founder();
    let person = exporting_member(site, "clerk");
    let (kept, gone) = (customer(&founder, "Kept"), customer(&founder, "Gone"));
    share(&founder, &gone, json!({"user_id": me(&person)}));
    let merge = json!({"other_id": gone["id"], "version": kept["version"], "other_version": gone["version"]});
    let merge = founder.post(&format!("{}/merges", path(&kept)), merge).ok(201);
    person.get(&path(&kept)).expect(200);
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    person.get(&path(&kept)).expect(404);
    person.get(&path(&gone)).expect(200);

    let (elsewhere, _) = unit(site, "Hangzhou", "HZ");
    let now = founder.get(&path(&gone)).ok(200);
    let transfer = json!({"unit_id": elsewhere});
    let moved = founder.send(
        "POST",
        &format!("{}/transfer", path(&gone)),
        Some(&transfer),
        &[("if-match", &format!("\"{}\"", now["version"]))],
    );
    assert!(matches!(moved.status, 200 | 201), "{}", moved.text());
    person.get(&path(&gone)).expect(404);
    assert_eq!(founder.get(&format!("{}/shares", path(&gone))).ok(200)["items"], json!([]));
}
