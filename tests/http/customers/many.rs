//! Many customers at once, and moving one to another unit.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{colleague, customer, home, id, names, path, unit};

both!(
    a_batch_is_all_or_nothing,
    a_loose_batch_tells_of_each,
    bulk_changes_whom_the_filter_finds,
    lists_by_figures_follow_whoever_owns,
    bulk_stays_within_the_walls,
    head_office_moves_customers,
);

fn a_batch_is_all_or_nothing(site: &Site) {
    let founder = site.founder();
    let (old, gone) = (customer(&founder, "Old"), customer(&founder, "Gone"));
    let batch = json!({
        "create": [{"kind": "person", "name": "New"}],
        "update": [{"id": old["id"], "version": 1, "status": "inactive"}],
        "delete": [{"id": gone["id"], "version": 1}],
    });
    let mut wrong = batch.clone();
    wrong["create"].as_array_mut().expect("a list").push(json!({"kind": "robot", "name": "X"}));
    let refused = founder.post("/customers/batch", wrong).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/create/1/kind");
    let mut stale = batch.clone();
    stale["delete"][0]["version"] = json!(9);
    founder.post("/customers/batch", stale).expect(412);
    assert_eq!(names(&founder.get("/customers?sort=created_at").ok(200)["items"]), ["Old", "Gone"]);
    let done = founder.post("/customers/batch", batch).ok(200);
    let statuses: Vec<&Value> = done["items"].as_array().expect("items").iter().map(|item| &item["status"]).collect();
    assert_eq!(statuses, [&json!(201), &json!(200), &json!(204)]);
    assert_eq!(names(&founder.get("/customers?sort=created_at").ok(200)["items"]), ["Old", "New"]);
    let many = json!({"delete": vec![json!({"id": old["id"], "version": 1}); 501]});
    founder.post("/customers/batch", many).expect(422);
}

fn a_loose_batch_tells_of_each(site: &Site) {
    let founder = site.founder();
    let old = customer(&founder, "Old");
    let batch = json!({
        "create": [{"kind": "person", "name": ""}, {"kind": "person", "name": "A", "code": "X-1"},
            {"kind": "person", "name": "B", "code": "X-1"}],
        "update": [{"id": old["id"], "version": 1, "note": "x"}, {"id": old["id"], "version": 1, "note": "y"}],
        "delete": [{"id": "01990000-0000-7000-8000-000000000001", "version": 1}],
    });
    let done = founder.post("/customers/batch?atomic=false", batch).ok(200);
    let told: Vec<(u64, &str)> = done["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (item["status"].as_u64().expect("a status"), item["error"]["code"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            (422, "validation_failed"),
            (201, ""),
            (409, "code_taken"),
            (200, ""),
            (412, "precondition_failed"),
            (404, "not_found"),
        ]
    );
    assert_eq!(done["items"][4]["error"]["current_version"], 2);
    assert_eq!(founder.get(&path(&old)).ok(200)["note"], "x");
}

/// Runs the bulk job to its end.
fn bulk(site: &Site, client: &Client, body: Value) -> Value {
    let job = client.post("/customers/bulk", body).ok(202);
    jobs_run_due(&site.app).expect("work");
    let ended = client.get(&format!("/jobs/{}", id(&job))).ok(200);
    assert_eq!(ended["status"], "done", "{ended}");
    ended
}

fn bulk_changes_whom_the_filter_finds(site: &Site) {
    let founder = site.founder();
    let department = home(site);
    let member = colleague(site, "mem", "member", &department);
    for (name, status) in [("A", "lead"), ("B", "lead"), ("C", "customer")] {
        founder.post("/customers", json!({"kind": "person", "name": name, "status": status})).expect(201);
    }
    let leads = json!({"field": "status", "op": "eq", "value": "lead"});
    let me = member.get("/me").ok(200);
    let done = bulk(site, &founder, json!({"filter": leads, "action": {"assign": {"owner_id": me["id"]}}}));
    assert_eq!((&done["progress"]["done"], &done["progress"]["total"]), (&json!(2), &json!(2)));
    assert_eq!(names(&member.get("/customers?sort=name").ok(200)["items"]), ["A", "B"]);
    let tag = founder.post("/tags", json!({"name": "VIP", "color": "pine"})).ok(201);
    bulk(site, &founder, json!({"filter": leads, "action": {"add_tags": [tag["id"]]}}));
    let tagged = format!("/customers?filter[tags][any_of]={}&sort=name", id(&tag));
    assert_eq!(names(&founder.get(&tagged).ok(200)["items"]), ["A", "B"]);
    let first = founder.get(&tagged).ok(200)["items"][0].clone();
    assert_eq!(first["version"], 3, "whoever read it before is stale");
    bulk(site, &founder, json!({"ids": [first["id"]], "action": {"remove_tags": [tag["id"]]}}));
    assert_eq!(names(&founder.get(&tagged).ok(200)["items"]), ["B"]);
    bulk(site, &founder, json!({"filter": leads, "action": {"set": {"status": "inactive", "level": null}}}));
    assert_eq!(names(&founder.get("/customers?filter[status]=inactive&sort=name").ok(200)["items"]), ["A", "B"]);
    bulk(site, &founder, json!({"q": "B", "filter": {"all": []}, "action": {"set": {"status": "customer"}}}));
    assert_eq!(names(&founder.get("/customers?filter[status]=customer&sort=name").ok(200)["items"]), ["B", "C"]);
    bulk(site, &founder, json!({"filter": {"all": []}, "action": {"set": {"status": "lead"}}}));
    assert_eq!(names(&founder.get("/customers?filter[status]=lead&sort=name").ok(200)["items"]), ["A", "B", "C"]);
    for (body, pointer) in [
        (json!({"action": {"set": {"status": "lead"}}}), "/ids"),
        (json!({"filter": leads, "action": {"set": {"status": "odd"}}}), "/action/set/status"),
        (json!({"filter": leads, "action": {"set": {}}}), "/action/set"),
        (json!({"filter": leads, "action": {"add_tags": [first["id"]]}}), "/action"),
    ] {
        assert_eq!(founder.post("/customers/bulk", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    assert_eq!(member.post("/customers/bulk", json!({"filter": leads, "action": {"assign": {}}})).status, 403);
}

fn bulk_stays_within_the_walls(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let (_, department) = unit(site, "北京", "BJ");
    let head = colleague(site, "head", "unit_head", &department);
    let own = customer(&head, "B");
    bulk(site, &head, json!({"ids": [guest["id"], own["id"]], "action": {"set": {"status": "inactive"}}}));
    assert_eq!(founder.get(&path(&guest)).ok(200)["status"], "customer");
    assert_eq!(head.get(&path(&own)).ok(200)["status"], "inactive");
    let theirs = json!({"ids": [own["id"]], "action": {"assign": {"owner_id": guest["owner"]["id"]}}});
    assert_eq!(head.post("/customers/bulk", theirs).ok(422)["errors"][0]["code"], "unknown_reference");
}

fn head_office_moves_customers(site: &Site) {
    let founder = site.founder();
    let administrator = colleague(site, "adm", "unit_administrator", &home(site));
    let tag = administrator.post("/tags", json!({"name": "VIP", "color": "pine"})).ok(201);
    let body = json!({"kind": "person", "name": "张伟", "tag_ids": [tag["id"]]});
    let guest = administrator.post("/customers", body).ok(201);
    let note = json!({"customer_id": guest["id"], "kind": "note", "body": "hello"});
    administrator.post("/interactions", note).expect(201);
    let (beijing, department) = unit(site, "北京", "BJ");
    let head = colleague(site, "head", "unit_head", &department);
    head.post("/tags", json!({"name": "VIP", "color": "red"})).expect(201);
    let order = |client: &Client, customer: &Value, code: &str| {
        let lines = json!([{"name": "杂货", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}]);
        client.post("/orders", json!({"customer_id": customer["id"], "code": code, "lines": lines})).ok(201)
    };
    let orders = [order(&administrator, &guest, "X-1"), order(&administrator, &guest, "X-2")];
    order(&head, &customer(&head, "B"), "X-2");
    let place = |order: &Value| format!("/orders/{}", order["id"].as_str().expect("an id"));
    let to = format!("{}/transfer", path(&guest));
    administrator.post(&to, json!({"unit_id": beijing})).expect(403);
    let wrong = json!({"unit_id": beijing, "owner_id": guest["owner"]["id"]});
    assert_eq!(founder.post(&to, wrong).ok(422)["errors"][0]["pointer"], "/owner_id");
    let owner = head.get("/me").ok(200);
    let moved = founder.post(&to, json!({"unit_id": beijing, "owner_id": owner["id"]})).ok(200);
    assert_eq!((&moved["unit"]["name"], &moved["code"]), (&json!("北京"), &json!("C-BJ-000002")));
    assert_eq!((&moved["tags"][0]["name"], &moved["tags"][0]["color"]), (&json!("VIP"), &json!("red")));
    administrator.get(&path(&guest)).expect(404);
    assert_eq!(administrator.get("/search?q=zhangwei").ok(200)["customers"], json!([]));
    assert_eq!(names(&head.get("/search?q=zhangwei").ok(200)["customers"]), ["张伟"]);
    let timeline = head.get(&format!("{}/timeline", path(&guest))).ok(200);
    assert_eq!(timeline["items"][0]["title"], "Moved to another unit");
    let told =
        |title: &str| timeline["items"].as_array().into_iter().flatten().filter(|item| item["title"] == title).count();
    assert_eq!(told("Order created"), 2, "history moves along");
    let moved: Vec<Value> = orders.iter().map(|order| head.get(&place(order)).ok(200)).collect();
    let facts: Vec<_> =
        moved.iter().map(|order| (&order["unit"]["name"], &order["code"], &order["owner"]["id"])).collect();
    assert_eq!(facts[0], (&json!("北京"), &json!("X-1"), &owner["id"]));
    assert_eq!(facts[1], (&json!("北京"), &json!("O-BJ-000001"), &owner["id"]), "a code of two orders is given anew");
    administrator.get(&place(&orders[0])).expect(404);
    assert_eq!(administrator.get("/orders").ok(200)["items"], json!([]));
    let metrics = head.get("/customers?expand=metrics&q=zhangwei").ok(200)["items"][0]["metrics"].clone();
    assert_eq!((&metrics["orders"], &metrics["rfm"]), (&json!(2), &json!(null)));
    let log =
        founder.get(&format!("/audit-events?filter[resource_id]={}", orders[1]["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["before"]["code"]),
        (&json!("transferred"), &json!("X-2"))
    );
    assert!(timeline["items"].as_array().is_some_and(|items| items.iter().any(|item| item["body"] == "hello")));
    assert_eq!(founder.post(&to, json!({"unit_id": beijing})).status, 422);
}

/// Names in the order of a list.
fn listed(client: &Client, query: &str) -> Vec<String> {
    let items = client.all(&format!("/customers?{query}"), 2);
    items.iter().map(|item| item["name"].as_str().expect("a name").to_string()).collect()
}

fn lists_by_figures_follow_whoever_owns(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let member = founder.role("member");
    let [chen, wu] = ["chen", "wu"].map(|login| founder.user_new(login, &department, &[&member])["id"].clone());
    for (name, amount) in [("A", "10"), ("B", "30"), ("C", "20")] {
        let body = json!({"kind": "person", "name": name, "owner_id": chen});
        let made = founder.post("/customers", body).ok(201)["id"].clone();
        crate::sales::simple(&founder, &made, amount);
    }
    let silent = json!({"kind": "person", "name": "D", "owner_id": chen});
    founder.post("/customers", silent).expect(201);
    let sold = |owner: &Value| format!("filter[owner]={}&sort=-metrics.net", owner.as_str().expect("an id"));
    assert_eq!(listed(&founder, &sold(&chen)), ["B", "C", "A", "D"]);
    assert_eq!(listed(&founder, "sort=metrics.net"), ["D", "A", "C", "B"], "who bought nothing bought least");

    let b = founder.get("/customers?q=B").ok(200)["items"][0].clone();
    founder.patch(&path(&b), &b["version"], json!({"owner_id": wu})).expect(200);
    let c = founder.get("/customers?q=C").ok(200)["items"][0]["id"].clone();
    bulk(site, &founder, json!({"ids": [c], "action": {"assign": {"owner_id": wu}}}));
    assert_eq!(listed(&founder, &sold(&wu)), ["B", "C"]);
    assert_eq!(listed(&founder, &sold(&chen)), ["A", "D"]);
    assert_eq!(listed(&site.sign_in("wu"), "sort=-metrics.net"), ["B", "C"], "by scope as by filter");
    let rich = json!({"condition": {"field": "metrics.net", "op": "gte", "value": "20.00"}});
    assert_eq!(site.sign_in("wu").post("/segments/count", rich).ok(200)["count"], 2);

    let (elsewhere, there) = unit(site, "There", "TH");
    let head = colleague(site, "far", "unit_head", &there);
    let to = json!({"unit_id": elsewhere});
    founder.send("POST", &format!("{}/transfer", path(&b)), Some(&to), &[("if-match", "\"2\"")]).expect(200);
    assert_eq!(listed(&founder, &sold(&wu)), ["C"]);
    assert_eq!(listed(&head, "sort=-metrics.net"), ["B"]);

    let a = founder.get("/customers?q=A").ok(200)["items"][0].clone();
    founder.delete(&path(&a), &a["version"]).expect(204);
    assert_eq!(listed(&founder, &sold(&chen)), ["D"], "who is gone has no figures");
    let all = json!({"condition": {"field": "metrics.net", "op": "gte", "value": "0.00"}});
    assert_eq!(founder.post("/segments/count", all).ok(200)["count"], 3);
}
