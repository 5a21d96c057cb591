//! Users, roles, units, keys: who may do what to whom.

use chrono::{Duration, SubsecRound, Utc};
use regulars_api::http::call::now;
use regulars_app::access::actor::actor_by_key;
use regulars_tests::{Client, PASSWORD, Site, both};
use serde_json::{Value, json};

both!(
    departments_are_a_tree,
    an_invitation_sets_the_password_once,
    rights_change_with_the_next_request,
    an_administrator_always_remains,
    nobody_gives_more_than_they_hold,
    rearranging_shows_nobody_more,
    keys_do_no_more_than_they_were_given,
    roles_in_use_stay,
    people_are_found_by_reading_and_initials,
    the_log_tells_each_reader_their_part,
    saving_what_stands_is_no_change,
);

fn departments_are_a_tree(site: &Site) {
    let founder = site.founder();
    let (unit, root) = founder.place();
    let below = |parent: &Value, name: &str| {
        founder.post("/departments", json!({"name": name, "unit_id": unit, "parent_id": parent})).ok(201)
    };
    let middle = below(&root, "B");
    let leaf = below(&middle["id"], "C");
    let path = format!("/departments/{}", root.as_str().expect("an id"));
    for lower in [&root, &middle["id"], &leaf["id"]] {
        let refusal = founder.patch(&path, &json!(1), json!({"parent_id": lower})).ok(422);
        assert_eq!(refusal["errors"][0]["pointer"], "/parent_id", "no department is below itself");
    }
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    let refusal = founder.patch(&path, &json!(1), json!({"parent_id": foreign})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "unknown_reference", "nor in another unit");
    let moved = json!({"unit_id": elsewhere});
    assert_eq!(founder.patch(&path, &json!(1), moved).ok(422)["errors"][0]["code"], "fixed");
    let me = founder.get("/me").ok(200);
    let led = founder.patch(&path, &json!(1), json!({"leader_id": me["id"]})).ok(200);
    assert_eq!((&led["leader"]["name"], &led["version"]), (&json!("林晓"), &json!(2)));
    assert_eq!(founder.delete(&path, &json!(2)).ok(409)["code"], "in_use");
    let leaf_path = format!("/departments/{}", leaf["id"].as_str().expect("an id"));
    founder.delete(&leaf_path, &json!(1)).expect(204);
    founder.get(&leaf_path).expect(404);
}

fn an_invitation_sets_the_password_once(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let body = json!({"name": "陈晨", "login": " Chen ", "department_id": department,
        "role_ids": [founder.role("member")], "email": "CHEN@example.com"});
    let once = [("idempotency-key", "one")];
    let made = founder.send("POST", "/users", Some(&body), &once).ok(201);
    assert_eq!((&made["login"], &made["email"]), (&json!("chen"), &json!("chen@example.com")));
    assert_eq!(made["invited"], true);
    let link = made["invite_url"].as_str().expect("a link");
    assert!(link.starts_with(&site.url), "{link}");
    let again = founder.send("POST", "/users", Some(&body), &once).ok(201);
    assert_eq!(again["id"], made["id"]);
    assert!(again.get("invite_url").is_none(), "a repetition does not tell the secret");
    let anyone = site.anonymous();
    let accept = |link: &str, password: &str| {
        let token = link.split("token=").nth(1).expect("a token");
        anyone.post("/invites/acceptance", json!({"token": token, "password": password}))
    };
    assert_eq!(accept(link, "short").ok(422)["errors"][0]["pointer"], "/password");
    let path = format!("/users/{}/invitation", made["id"].as_str().expect("an id"));
    let fresh = founder.send("POST", &path, None, &[]).ok(200);
    let fresh = fresh["invite_url"].as_str().expect("a link");
    assert_eq!(accept(link, PASSWORD).ok(422)["errors"][0]["code"], "invite_invalid", "the first link has ended");
    let session = accept(fresh, PASSWORD).ok(201);
    assert_eq!(session["user"]["name"], "陈晨");
    accept(fresh, PASSWORD).expect(422);
    site.sign_in("chen");
}

fn change_roles(by: &Client, id: &Value, roles: &[&Value]) -> regulars_tests::Reply {
    let path = format!("/users/{}", id.as_str().expect("an id"));
    let version = by.get(&path).ok(200)["version"].clone();
    by.patch(&path, &version, json!({"role_ids": roles}))
}

fn rights_change_with_the_next_request(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let (member, auditor) = (founder.role("member"), founder.role("auditor"));
    let user = founder.user_new("chen", &department, &[&member]);
    let chen = site.sign_in("chen");
    chen.get("/users").expect(403);
    change_roles(&founder, &user["id"], &[&auditor]).expect(200);
    chen.get("/users").expect(200);
    change_roles(&founder, &user["id"], &[&member]).expect(200);
    chen.get("/users").expect(403);
    let elsewhere = founder.unit_new("HZ");
    let place = founder.department_new(&elsewhere, "D");
    let path = format!("/users/{}", user["id"].as_str().expect("an id"));
    let moved = founder.patch(&path, &json!(3), json!({"department_id": place})).ok(200);
    assert_eq!(moved["unit"]["id"], elsewhere);
    assert_eq!(chen.place().0, elsewhere);
    let key = chen.key_new(&["customers:customer:read"]);
    key.get("/me").expect(200);
    let off = founder.send("POST", &format!("{path}/deactivation"), None, &[]).ok(200);
    assert_eq!(off["active"], false);
    chen.get("/me").expect(401);
    assert_eq!(key.get("/me").ok(401)["code"], "key_invalid");
    let again = json!({"login": "chen", "password": PASSWORD});
    assert_eq!(site.anonymous().post("/auth/sessions", again).ok(401)["code"], "wrong_credentials");
    founder.send("POST", &format!("{path}/activation"), None, &[]).expect(200);
    site.sign_in("chen").get("/me").expect(200);
    key.get("/me").expect(401);
}

fn an_administrator_always_remains(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let me = founder.get("/me").ok(200)["id"].clone();
    let administrator = founder.role("system_administrator");
    let refusal = change_roles(&founder, &me, &[&founder.role("executive")]).ok(409);
    assert_eq!(refusal["code"], "last_administrator");
    let own = format!("/users/{}/deactivation", me.as_str().expect("an id"));
    assert_eq!(founder.send("POST", &own, None, &[]).ok(409)["code"], "self_deactivation");
    let invited = json!({"name": "A", "login": "invited", "department_id": department, "role_ids": [administrator]});
    founder.post("/users", invited).expect(201);
    change_roles(&founder, &me, &[]).expect(409);
    founder.user_new("second", &department, &[&administrator]);
    let second = site.sign_in("second");
    second.send("POST", &own, None, &[]).expect(200);
    founder.get("/me").expect(401);
    let last = second.get("/me").ok(200)["id"].clone();
    assert_eq!(change_roles(&second, &last, &[]).ok(409)["code"], "last_administrator");
}

fn nobody_gives_more_than_they_hold(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    let [member, executive, administrator] =
        ["member", "executive", "system_administrator"].map(|key| founder.role(key));
    let base = founder.role("unit_administrator");
    let copy = format!("/roles/{}/copy", base.as_str().expect("an id"));
    let role = founder.post(&copy, json!({"name": "Account keeper"})).expect(201);
    let place = role.header("location").expect("its place").to_string();
    let role = role.json();
    let mut permissions = role["permissions"].as_array().expect("a list").clone();
    permissions.push(json!("access:user:write"));
    founder.patch(&place, &json!(1), json!({"permissions": permissions})).expect(200);
    let keeper_user = founder.user_new("keeper", &department, &[&role["id"]]);
    let other = founder.user_new("other", &department, &[&member]);
    let stranger = founder.user_new("stranger", &foreign, &[&member]);
    let keeper = site.sign_in("keeper");

    let new = |login: &str, department: &Value, role: &Value| {
        let body = json!({"name": login, "login": login, "department_id": department, "role_ids": [role],
            "password": PASSWORD});
        keeper.post("/users", body)
    };
    new("fine", &department, &member).expect(201);
    new("equal", &department, &role["id"]).expect(201);
    for wider in [&executive, &administrator] {
        let refusal = new("wider", &department, wider).ok(422);
        assert_eq!(
            refusal["errors"][0],
            json!({"pointer": "/role_ids", "code": "beyond_yours",
            "detail": "More than you hold yourself; ask a system administrator"})
        );
        assert_eq!(change_roles(&keeper, &keeper_user["id"], &[wider]).status, 422, "nor to oneself");
        assert_eq!(change_roles(&keeper, &other["id"], &[wider]).status, 422);
    }
    assert_eq!(new("abroad", &foreign, &member).ok(422)["errors"][0]["pointer"], "/department_id");
    let path = |user: &Value| format!("/users/{}", user["id"].as_str().expect("an id"));
    keeper.get(&path(&stranger)).expect(404);
    keeper.patch(&path(&stranger), &json!(1), json!({"name": "X"})).expect(404);
    let me = founder.get("/me").ok(200);
    let theirs = path(&me);
    assert_eq!(keeper.patch(&theirs, &me["version"], json!({"name": "X"})).ok(403)["code"], "forbidden");
    keeper.put(&format!("{theirs}/password"), json!({"new": "taken over at last"})).expect(403);
    keeper.send("POST", &format!("{theirs}/invitation"), None, &[]).expect(403);
    keeper.send("POST", &format!("{theirs}/deactivation"), None, &[]).expect(403);
    keeper.remove(&format!("{theirs}/sessions")).expect(403);
    keeper.post("/roles", json!({"name": "Mine", "permissions": []})).expect(403);
    let second = founder.department_new(&founder.place().0, "E");
    let moved = keeper.patch(&path(&keeper_user), &json!(1), json!({"department_id": second})).ok(422);
    assert_eq!(moved["errors"][0]["code"], "beyond_yours", "where one sits decides what one sees");
    keeper.patch(&path(&other), &json!(1), json!({"department_id": second})).expect(200);
}

fn keys_do_no_more_than_they_were_given(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let refusal = member.post("/api-keys", json!({"name": "K", "permissions": ["access:user:write"]})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "beyond_yours");
    let past = json!({"name": "K", "permissions": ["access:user:read"], "expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(founder.post("/api-keys", past).ok(422)["errors"][0]["code"], "in_the_past");
    let key = founder.key_new(&["access:user:read", "access:api_key:write"]);
    key.get("/users").expect(200);
    key.get("/settings").expect(403);
    let me = key.get("/me").ok(200);
    assert_eq!(me["permissions"], json!(["access:api_key:write", "access:user:read"]));
    let more = json!({"name": "K", "permissions": ["access:user:read"]});
    assert_eq!(key.post("/api-keys", more).ok(403)["detail"], "session", "a key makes no keys");
    key.put("/me/password", json!({"current": PASSWORD, "new": "another long password"})).expect(403);
    let list = founder.get("/api-keys").ok(200);
    let one = &list["items"][0];
    assert!(one.get("key").is_none() && one["last_used_at"].is_string(), "{one}");
    member.remove(&format!("/api-keys/{}", one["id"].as_str().expect("an id"))).expect(403 + 1);
    founder.remove(&format!("/api-keys/{}", one["id"].as_str().expect("an id"))).expect(204);
    assert_eq!(key.get("/users").ok(401)["code"], "key_invalid");

    let ends = (Utc::now() + Duration::hours(1)).trunc_subsecs(0);
    let body = json!({"name": "K", "permissions": ["access:user:read"], "expires_at": ends});
    let short = founder.post("/api-keys", body).ok(201)["key"].as_str().expect("a key").to_string();
    actor_by_key(&site.app, &short, now()).expect("alive");
    assert!(actor_by_key(&site.app, &short, now() + Duration::hours(2)).is_err(), "it has expired");
    let wrong = format!("{}0", &short[..short.len() - 1]);
    assert!(wrong == short || actor_by_key(&site.app, &wrong, now()).is_err());
}

fn roles_in_use_stay(site: &Site) {
    let founder = site.founder();
    let member = founder.role("member");
    let path = format!("/roles/{}", member.as_str().expect("an id"));
    assert_eq!(founder.patch(&path, &json!(1), json!({"name": "X"})).ok(409)["code"], "built_in");
    assert_eq!(founder.delete(&path, &json!(1)).ok(409)["code"], "built_in");
    let wrong = json!({"name": "R", "permissions": ["no:such:thing"], "scopes": {"customer": "everything"}});
    let refusal = founder.post("/roles", wrong).ok(422);
    let pointers: Vec<&Value> = refusal["errors"].as_array().expect("errors").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(pointers, [&json!("/permissions/0"), &json!("/scopes/customer")]);
    let role = founder.post("/roles", json!({"name": "R", "permissions": ["access:user:read"]})).ok(201);
    founder.post("/roles", json!({"name": "R", "permissions": []})).expect(409);
    let own = format!("/roles/{}", role["id"].as_str().expect("an id"));
    let user = founder.user_new("chen", &founder.place().1, &[&role["id"]]);
    assert_eq!(founder.delete(&own, &json!(1)).ok(409)["code"], "in_use");
    assert_eq!(founder.get(&own).ok(200)["holders"], 1);
    let chen = site.sign_in("chen");
    chen.get("/users").expect(200);
    founder.patch(&own, &json!(1), json!({"permissions": []})).expect(200);
    chen.get("/users").expect(403);
    change_roles(&founder, &user["id"], &[]).expect(200);
    founder.delete(&own, &json!(2)).expect(204);
    let mut chinese = founder.clone();
    chinese.language = "zh-CN";
    let names = |client: &Client| client.get("/roles").text();
    assert!(names(&chinese).contains("系统管理员") && names(&founder).contains("System administrator"));
    assert!(chinese.get("/permissions").text().contains("查看客户"));
    assert!(founder.get("/permissions").text().contains("See customers"));
}

fn people_are_found_by_reading_and_initials(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    for (login, name, department) in
        [("a", "陈晨", &department), ("b", "Anna Berg", &department), ("c", "陈露", &foreign)]
    {
        let body = json!({"name": name, "login": login, "department_id": department, "password": PASSWORD,
            "role_ids": [founder.role("member")]});
        founder.post("/users", body).expect(201);
    }
    let names = |client: &Client, path: &str| -> Vec<String> {
        let items = client.all(path, 1);
        items.iter().map(|one| one["name"].as_str().expect("a name").to_string()).collect()
    };
    let member = site.sign_in("a");
    assert_eq!(names(&member, "/people"), ["Anna Berg", "陈晨", "林晓"], "one's own unit, in order of reading");
    assert_eq!(names(&member, "/people?q=cc"), ["陈晨"]);
    assert_eq!(names(&founder, "/people?q=chen"), ["陈晨", "陈露"], "head office sees all units");
    assert_eq!(names(&founder, "/users?q=berg%20an"), ["Anna Berg"]);
    assert_eq!(names(&founder, "/users?q=%25"), Vec::<String>::new());
    assert_eq!(names(&founder, "/users?sort=-login"), ["林晓", "陈露", "Anna Berg", "陈晨"]);
    let role = founder.role("member");
    let filtered = format!("filter[role_id]={}", role.as_str().expect("an id"));
    assert_eq!(names(&founder, &format!("/users?{filtered}")).len(), 3);
    member.get(&format!("/people?{filtered}")).expect(422);
}

fn the_log_tells_each_reader_their_part(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.post("/tags", json!({"name": "T", "color": "pine"})).expect(201);
    founder.post("/tags", json!({"name": "T", "color": "pine", "unit_id": elsewhere})).expect(201);
    founder.user_new("auditor", &foreign, &[&founder.role("auditor")]);
    founder.user_new("system", &department, &[&founder.role("system_administrator")]);
    let base = founder.role("unit_head");
    let copy = founder.post(&format!("/roles/{}/copy", base.as_str().expect("an id")), json!({"name": "H"})).ok(201);
    let mut permissions = copy["permissions"].as_array().expect("a list").clone();
    permissions.push(json!("access:audit:read"));
    let place = format!("/roles/{}", copy["id"].as_str().expect("an id"));
    founder.patch(&place, &json!(1), json!({"permissions": permissions})).expect(200);
    founder.user_new("head", &department, &[&copy["id"]]);

    let tags = |login: &str| site.sign_in(login).all("/audit-events?filter[resource]=tag", 1).len();
    assert_eq!(tags("auditor"), 2, "auditors read everything");
    assert_eq!(tags("system"), 0, "who keeps accounts reads no business data");
    assert_eq!(tags("head"), 1, "others read their unit");
    let users = |login: &str| site.sign_in(login).all("/audit-events?filter[resource]=user", 10).len();
    assert_eq!((users("auditor"), users("system"), users("head")), (3, 3, 2));
    site.person("member", "member").get("/audit-events").expect(403);

    let all = founder.all("/audit-events", 3);
    let times: Vec<&str> = all.iter().filter_map(|one| one["at"].as_str()).collect();
    assert!(times.windows(2).all(|two| two[0] >= two[1]), "the latest first");
    let role = all.iter().find(|one| one["resource"] == "role" && one["action"] == "updated").expect("logged");
    assert_eq!(role["actor"]["name"], "林晓");
    assert!(role["before"]["permissions"].is_array() && role["after"].get("name").is_none(), "only what changed");
    assert!(!founder.get("/audit-events?limit=200").text().contains(PASSWORD));
}

/// A role with everything of another, more permissions, and a sight of one's own tree.
fn keeper_of_a_tree(founder: &Client) -> Value {
    let base = founder.role("member");
    let copy = format!("/roles/{}/copy", base.as_str().expect("an id"));
    let role = founder.post(&copy, json!({"name": "Keeper of a tree"})).ok(201);
    let mut permissions = role["permissions"].as_array().expect("a list").clone();
    permissions.extend(["access:organisation:write", "access:user:read", "access:user:write"].map(|key| json!(key)));
    let patch = json!({"permissions": permissions, "scopes": {"customer": "tree", "order": "tree"}});
    founder.patch(&format!("/roles/{}", role["id"].as_str().expect("an id")), &json!(1), patch).expect(200);
    role["id"].clone()
}

fn rearranging_shows_nobody_more(site: &Site) {
    let founder = site.founder();
    let (unit, _) = founder.place();
    let role = keeper_of_a_tree(&founder);
    let [mine, below, theirs] = ["Mine", "Below", "Theirs"].map(|name| founder.department_new(&unit, name));
    let place = |id: &Value| format!("/departments/{}", id.as_str().expect("an id"));
    founder.patch(&place(&below), &json!(1), json!({"parent_id": mine})).expect(200);
    let keeper_user = founder.user_new("keeper", &mine, &[&role]);
    let helper = founder.user_new("helper", &below, &[&founder.role("member")]);
    let rival_user = founder.user_new("rival", &theirs, &[&founder.role("member")]);
    let (keeper, rival) = (site.sign_in("keeper"), site.sign_in("rival"));
    rival.post("/customers", json!({"kind": "person", "name": "张伟"})).expect(201);
    let seen = || keeper.get("/customers?count=true").ok(200)["total"].clone();
    assert_eq!(seen(), 0);
    let code = |refusal: Value| refusal["errors"][0].clone();
    let beyond = |pointer: &str, refusal: Value| {
        let error = code(refusal);
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!("beyond_yours")));
    };
    beyond("/parent_id", keeper.patch(&place(&theirs), &json!(1), json!({"parent_id": mine})).ok(422));
    beyond("/leader_id", keeper.patch(&place(&theirs), &json!(1), json!({"leader_id": keeper_user["id"]})).ok(422));
    let second = founder.user_new("second", &mine, &[&role]);
    beyond("/leader_id", keeper.patch(&place(&theirs), &json!(1), json!({"leader_id": second["id"]})).ok(422));
    let person = |user: &Value| format!("/users/{}", user["id"].as_str().expect("an id"));
    beyond("/department_id", keeper.patch(&person(&rival_user), &json!(1), json!({"department_id": below})).ok(422));
    beyond("/department_id", keeper.patch(&person(&second), &json!(1), json!({"department_id": theirs})).ok(422));
    assert_eq!(seen(), 0);
    keeper.patch(&place(&below), &json!(2), json!({"leader_id": helper["id"]})).expect(200);
    keeper.patch(&place(&below), &json!(3), json!({"parent_id": null})).expect(200);
    keeper.post("/departments", json!({"name": "New", "unit_id": unit, "parent_id": mine})).expect(201);
    founder.patch(&place(&theirs), &json!(1), json!({"parent_id": mine})).expect(200);
    assert_eq!(seen(), 1, "keepers of roles give any sight");
}

fn saving_what_stands_is_no_change(site: &Site) {
    let founder = site.founder();
    let count = || founder.get("/audit-events?filter[action]=updated&count=true").ok(200)["total"].clone();
    let tag = founder.post("/tags", json!({"name": "VIP", "color": "pine"})).ok(201);
    let me = founder.get("/me").ok(200);
    let before = count();
    let same = founder.patch("/me", &me["version"], json!({"name": me["name"]})).ok(200);
    assert_eq!(same["version"], me["version"]);
    let path = format!("/tags/{}", tag["id"].as_str().expect("an id"));
    let same = founder.patch(&path, &tag["version"], json!({"name": "VIP"})).ok(200);
    assert_eq!(count(), before);
    founder.patch(&path, &same["version"], json!({"name": "Regular"})).expect(200);
    assert_eq!(count(), json!(before.as_i64().expect("a count") + 1));
}
