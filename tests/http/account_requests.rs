//! Changes of accounts through HTTP: asked, approved by somebody else, done through the rules that hold without a request;
//! and accounts that are frozen at once.

use chrono::NaiveDate;
use regulars_app::AppError;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, PASSWORD, Site, both};
use serde_json::{Value, json};

both!(
    a_new_account_passes_four_eyes,
    roles_and_places_change_by_request,
    a_leaver_hands_everything_over,
    requests_can_be_refused_and_withdrawn,
    what_is_asked_for_is_checked,
    freezing_locks_out_at_once_and_takes_nothing,
    working_days_follow_the_companys_calendar,
);

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

fn path(request: &Value, part: &str) -> String {
    format!("/account-requests/{}{part}", id(request))
}

fn ask(client: &Client, body: Value) -> Value {
    client.post("/account-requests", body).ok(201)
}

fn approve(client: &Client, request: &Value) -> Value {
    client.post(&path(request, "/decision"), json!({"approved": true, "note": "Fine"})).ok(200)
}

fn complete(client: &Client, request: &Value) -> Value {
    client.post(&path(request, "/completion"), json!({})).ok(200)
}

fn a_new_account_passes_four_eyes(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let keeper = site.person("keeper", "unit_administrator");
    let head = site.person("head", "unit_head");
    let account =
        json!({"name": "陈晨", "login": "chen", "department_id": department, "role_ids": [founder.role("member")]});
    let asked = ask(&keeper, json!({"kind": "new", "reason": "Joins the till", "account": account}));
    assert_eq!(
        (&asked["status"], &asked["working_days"], &asked["may_withdraw"]),
        (&json!("asked"), &json!(0), &json!(true))
    );
    assert_eq!(asked["roles"][0]["name"], "Member");
    founder.post(&path(&asked, "/completion"), json!({})).expect(409);
    keeper.post(&path(&asked, "/decision"), json!({"approved": true})).expect(403);
    let own = ask(&head, json!({"kind": "new", "reason": "Mine", "account": account}));
    assert_eq!(head.post(&path(&own, "/decision"), json!({"approved": true})).ok(409)["code"], "four_eyes");
    let seen = head.get("/account-requests?filter[status]=asked").ok(200);
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(2));
    let approved = approve(&head, &asked);
    assert_eq!((&approved["status"], &approved["decided_by"]["name"]), (&json!("approved"), &json!("head")));
    head.post(&path(&asked, "/completion"), json!({})).expect(403);
    assert_eq!(site.anonymous().post("/auth/sessions", json!({"login": "chen", "password": PASSWORD})).status, 401);

    let done = complete(&founder, &asked);
    assert_eq!(
        (&done["status"], &done["user"]["name"], &done["late"]),
        (&json!("done"), &json!("陈晨"), &json!(false))
    );
    let link = done["invite_url"].as_str().expect("a link").to_string();
    let token = link.split("token=").nth(1).expect("a token");
    site.anonymous().post("/invites/acceptance", json!({"token": token, "password": PASSWORD})).expect(201);
    site.sign_in("chen").get("/customers").expect(200);
    assert!(founder.get(&path(&asked, "")).ok(200).get("invite_url").is_none(), "shown once");
    founder.post(&path(&asked, "/completion"), json!({})).expect(409);
    let log = founder.get("/audit-events?filter[resource]=account_request").ok(200);
    let actions: Vec<&str> =
        log["items"].as_array().expect("events").iter().filter_map(|e| e["action"].as_str()).collect();
    assert_eq!(actions, ["done", "approved", "requested", "requested"]);
}

fn roles_and_places_change_by_request(site: &Site) {
    let founder = site.founder();
    let (unit, department) = founder.place();
    let user = founder.user_new("chen", &department, &[&founder.role("member")]);
    let head = site.person("head", "unit_head");
    let marketer = founder.role("marketer");
    let asked =
        ask(&head, json!({"kind": "role", "reason": "Helps out", "user_id": user["id"], "role_ids": [marketer]}));
    let again = json!({"kind": "role", "reason": "Twice", "user_id": user["id"], "role_ids": []});
    assert_eq!(head.post("/account-requests", again).ok(422)["errors"][0]["code"], "asked_already");
    approve(&founder, &asked);
    complete(&founder, &asked);
    let now = founder.get(&format!("/users/{}", id(&user))).ok(200);
    assert_eq!(now["role_ids"], json!([marketer]));

    let other = founder.department_new(&unit, "Beside");
    let asked = ask(&head, json!({"kind": "move", "reason": "Moves", "user_id": user["id"], "department_id": other}));
    assert_eq!(asked["department"]["name"], "Beside");
    approve(&founder, &asked);
    complete(&founder, &asked);
    assert_eq!(founder.get(&format!("/users/{}", id(&user))).ok(200)["department"]["id"], other);
}

fn a_leaver_hands_everything_over(site: &Site) {
    let founder = site.founder();
    let (unit, department) = founder.place();
    let heir = founder.user_new("heir", &department, &[&founder.role("member")]);
    let leaver = site.person("leaver", "member");
    let customer = leaver.post("/customers", json!({"kind": "person", "name": "王芳"})).ok(201);
    let user = leaver.get("/me").ok(200);
    let head = site.person("head", "unit_head");
    let leave = json!({"kind": "leave", "reason": "Leaves", "user_id": user["id"], "last_day": "2026-12-31"});
    let asked = ask(&head, leave);
    assert_eq!(asked["last_day"], "2026-12-31");
    approve(&founder, &asked);
    let refusal = founder.post(&path(&asked, "/completion"), json!({})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "heir_missing", "nothing stays with nobody");
    leaver.get("/me").expect(200);
    let heirs = json!([{"kind": "customers", "unit_id": unit, "user_id": heir["id"]}]);
    let done = founder.post(&path(&asked, "/completion"), json!({"heirs": heirs})).ok(200);
    assert_eq!(done["status"], "done");
    leaver.get("/me").expect(401);
    jobs_run_due(&site.app).expect("the hand-over");
    let now = founder.get(&format!("/customers/{}", id(&customer))).ok(200);
    assert_eq!(now["owner"]["id"], heir["id"]);
}

fn requests_can_be_refused_and_withdrawn(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let user = founder.user_new("chen", &department, &[&founder.role("member")]);
    let head = site.person("head", "unit_head");
    let leave = || json!({"kind": "leave", "reason": "Leaves", "user_id": user["id"]});
    let asked = ask(&head, leave());
    founder.post(&path(&asked, "/withdrawal"), json!(null)).expect(409);
    let back = head.post(&path(&asked, "/withdrawal"), json!(null)).ok(200);
    assert_eq!(back["status"], "withdrawn");
    let asked = ask(&head, leave());
    let refused = founder.post(&path(&asked, "/decision"), json!({"approved": false, "note": "Stays"})).ok(200);
    assert_eq!((&refused["status"], &refused["decision_note"]), (&json!("refused"), &json!("Stays")));
    founder.post(&path(&asked, "/completion"), json!({})).expect(409);
    founder.post(&path(&asked, "/decision"), json!({"approved": true})).expect(409);
    site.sign_in("chen").get("/account-requests").expect(403);
    let other = site.person("other", "unit_administrator");
    assert_eq!(other.get("/account-requests").ok(200)["items"], json!([]), "who only asks sees their own");
    other.get(&path(&asked, "")).expect(404);
}

fn what_is_asked_for_is_checked(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let nobody = uuid::Uuid::now_v7();
    for (body, pointer) in [
        (json!({"kind": "wish", "reason": "x", "user_id": nobody}), "/kind"),
        (json!({"kind": "freeze", "reason": "x", "user_id": nobody}), "/kind"),
        (json!({"kind": "leave", "reason": "", "user_id": nobody}), "/reason"),
        (json!({"kind": "leave", "reason": "x"}), "/user_id"),
        (json!({"kind": "leave", "reason": "x", "user_id": nobody}), "/user_id"),
        (json!({"kind": "new", "reason": "x"}), "/account"),
        (
            json!({"kind": "new", "reason": "x", "account": {"name": "", "login": "a", "department_id": department}}),
            "/account/name",
        ),
        (
            json!({"kind": "new", "reason": "x", "account": {"name": "A", "login": "a b", "department_id": department}}),
            "/account/login",
        ),
        (
            json!({"kind": "new", "reason": "x", "account": {"name": "A", "login": "a", "department_id": nobody}}),
            "/account/department_id",
        ),
    ] {
        let refusal = founder.post("/account-requests", body.clone()).ok(422);
        assert_eq!(refusal["errors"][0]["pointer"], pointer, "{body}");
    }
}

fn freezing_locks_out_at_once_and_takes_nothing(site: &Site) {
    let founder = site.founder();
    let leaver = site.person("leaver", "member");
    let customer = leaver.post("/customers", json!({"kind": "person", "name": "王芳"})).ok(201);
    let key = leaver.key_new(&["customers:customer:read"]);
    let user = leaver.get("/me").ok(200);
    let head = site.person("head", "unit_head");
    let place = format!("/users/{}/freeze", id(&user));
    leaver.post(&place, json!({"reason": "x"})).expect(403);
    let frozen = head.post(&place, json!({"reason": "Has given notice"})).ok(200);
    assert!(frozen["frozen_at"].is_string() && frozen["active"] == true);
    leaver.get("/me").expect(401);
    key.get("/customers").expect(401);
    let again = json!({"login": "leaver", "password": PASSWORD});
    assert_eq!(site.anonymous().post("/auth/sessions", again).ok(401)["code"], "wrong_credentials");
    let kept = founder.get(&format!("/customers/{}", id(&customer))).ok(200);
    assert_eq!(kept["owner"]["id"], user["id"], "ownership stays");
    head.post(&place, json!({"reason": "Again"})).expect(409);
    let told = founder.get("/account-requests?filter[kind]=freeze").ok(200)["items"][0].clone();
    assert_eq!((&told["status"], &told["reason"]), (&json!("done"), &json!("Has given notice")));
    assert_eq!(head.remove(&place).ok(409)["code"], "four_eyes");
    let free = founder.remove(&place).ok(200);
    assert_eq!(free["frozen_at"], json!(null));
    let back = site.sign_in("leaver");
    back.get(&format!("/customers/{}", id(&customer))).expect(200);
    key.get("/customers").expect(401);
    let own = founder.get("/me").ok(200);
    assert_eq!(
        founder.post(&format!("/users/{}/freeze", id(&own)), json!({"reason": "x"})).ok(409)["code"],
        "self_deactivation"
    );
}

fn working_days_follow_the_companys_calendar(site: &Site) {
    let founder = site.founder();
    let settings = founder.get("/settings").ok(200);
    let calendar = &settings["settings"]["calendar"];
    assert!(calendar["holidays"].as_array().expect("days").contains(&json!("2026-10-01")));
    let wrong = json!({"settings": {"calendar": {"weekdays": [0]}}});
    let refusal = founder.patch("/settings", &settings["version"], wrong).ok(422);
    assert_eq!(refusal["errors"][0]["pointer"], "/settings/calendar/weekdays");

    let (_, department) = founder.place();
    let user = founder.user_new("chen", &department, &[&founder.role("member")]);
    let head = site.person("head", "unit_head");
    let asked = ask(&head, json!({"kind": "leave", "reason": "Leaves", "user_id": user["id"]}));
    let today: NaiveDate = serde_json::from_value(founder.get("/today").ok(200)["on"].clone()).expect("a day");
    let past: NaiveDate = today - chrono::Days::new(10);
    let id: uuid::Uuid = id(&asked).parse().expect("an id");
    let at = past.and_hms_opt(4, 0, 0).expect("a moment").and_utc();
    site.app
        .db()
        .write(move |tx| {
            let moved =
                regulars_persistence::sql::Statement::new("UPDATE account_request SET asked_at = ").with("", at);
            Ok::<_, AppError>(moved.with(" WHERE id = ", id).run(tx)?)
        })
        .expect("written");
    // Every day is a working day: it has taken ten. With today and yesterday off: eight.
    let every: Vec<u32> = (1..=7).collect();
    let set = |holidays: Value, workdays: Value| {
        let version = founder.get("/settings").ok(200)["version"].clone();
        let calendar = json!({"weekdays": every, "holidays": holidays, "workdays": workdays});
        founder.patch("/settings", &version, json!({"settings": {"calendar": calendar}})).expect(200);
        let seen = founder.get(&path(&asked, "")).ok(200);
        (seen["working_days"].clone(), seen["late"].clone())
    };
    let (yesterday, before) = (today - chrono::Days::new(1), today - chrono::Days::new(2));
    assert_eq!(set(json!([]), json!([])), (json!(10), json!(true)));
    assert_eq!(set(json!([yesterday, before]), json!([])), (json!(8), json!(true)));
    assert_eq!(set(json!([yesterday, before]), json!([before])), (json!(9), json!(true)));
}
