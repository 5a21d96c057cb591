//! Events in their reader's words: the audit log's changes and the line of time.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, id, path, unit};

both!(changes_speak_the_readers_language, every_field_has_a_word, names_stay_within_sight);

/// Label, before, after of what the latest event of a kind changed.
fn told(client: &Client, query: &str) -> Vec<(String, Value, Value)> {
    let log = client.get(&format!("/audit-events?{query}&limit=1")).ok(200);
    let text = |one: &Value| one.as_str().expect("a label").to_owned();
    let changes = log["items"][0]["changes"].as_array().expect("changes").clone();
    changes.iter().map(|one| (text(&one["label"]), one["before"].clone(), one["after"].clone())).collect()
}

fn seat(founder: &Client) {
    let choices = json!([{"key": "window", "label_zh": "靠窗", "label_en": "Window", "active": true}]);
    let field = json!({"resource": "customer", "key": "seat", "label_zh": "常坐座位", "label_en": "Usual seat",
        "type": "choice", "choices": choices});
    founder.post("/custom-fields", field).expect(201);
}

fn changes_speak_the_readers_language(site: &Site) {
    let mut founder = site.founder();
    seat(&founder);
    let tag = founder.post("/tags", json!({"name": "茶友会", "color": "pine"})).ok(201);
    let guest = founder.post("/customers", json!({"kind": "person", "name": "欧阳修", "status": "lead"})).ok(201);
    let chen = site.person("chen", "member").get("/me").ok(200);
    let change = json!({"status": "customer", "source": "walk_in", "owner_id": chen["id"], "tag_ids": [tag["id"]],
        "custom": {"seat": "window"}, "phones": [{"number": "13800138000", "primary": true}]});
    founder.patch(&path(&guest), &json!(1), change).expect(200);
    let row = |label: &str, before: &str, after: &str| {
        let side = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        (label.to_owned(), side(before), side(after))
    };
    let latest = "filter[resource]=customer&filter[action]=updated";
    let english = told(&founder, latest);
    for one in [
        row("Usual seat", "", "Window"),
        row("Owner", "林晓", "chen"),
        row("Phones", "", "+8613800138000"),
        row("Source", "", "Walk-in"),
        row("Status", "Lead", "Customer"),
        row("Tags", "", "茶友会"),
    ] {
        assert!(english.contains(&one), "{one:?} in {english:?}");
    }
    founder.language = "zh-CN";
    let chinese = told(&founder, latest);
    for one in [row("常坐座位", "", "靠窗"), row("来源", "", "到店"), row("状态", "线索", "客户")] {
        assert!(chinese.contains(&one), "{one:?} in {chinese:?}");
    }
    let log = founder.get(&format!("/audit-events?{latest}")).ok(200);
    assert_eq!(log["items"][0]["resource_name"], "欧阳修");
    let line = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200);
    let body = line["items"][0]["body"].as_str().expect("a body").to_owned();
    for part in ["状态：线索 → 客户", "常坐座位：靠窗", "负责人：林晓 → chen", "标签：茶友会"]
    {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert!(body.contains("电话") && !body.contains("138"), "what may be masked is not spelt out: {body}");

    founder
        .post("/customers/bulk", json!({"ids": [guest["id"]], "action": {"assign": {"owner_id": null}}}))
        .expect(202);
    regulars_app::jobs::runner::jobs_run_due(&site.app).expect("work");
    let line = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200);
    assert_eq!(
        (&line["items"][0]["title"], &line["items"][0]["body"]),
        (&json!("更换负责人"), &json!("负责人：chen → –"))
    );
    assert_eq!(told(&founder, "filter[action]=assigned"), [row("负责人", "chen", "")]);
}

/// Makes and changes one of each, and looks for a field that nobody named.
fn every_field_has_a_word(site: &Site) {
    let mut founder = site.founder();
    founder.language = "zh-CN";
    seat(&founder);
    let (home, department) = founder.place();
    let brand = founder.post("/brands", json!({"name": "青禾"})).ok(201);
    let parent = founder.post("/categories", json!({"name": "茶"})).ok(201);
    let category = founder.post("/categories", json!({"name": "绿茶", "parent_id": parent["id"]})).ok(201);
    let yuan = |amount: &str| json!({"amount": amount, "currency": "CNY"});
    let product = json!({"code": "LJ", "name": "龙井", "unit_of_measure": "盒", "price": yuan("68.00"), "cost": yuan("30.00"),
        "brand_id": brand["id"], "category_id": category["id"]});
    let product = founder.post("/products", product).ok(201);
    founder
        .patch(&format!("/products/{}", id(&product)), &json!(1), json!({"active": false, "price": yuan("70.00")}))
        .expect(200);
    let body = json!({"kind": "person", "name": "王秀兰", "gender": "female", "birthday": "1960-01-02", "tax_id": "1",
        "industry": "retail", "source": "walk_in", "level": "regular", "buying_style": "transaction", "internal": true,
        "note": "n", "phones": [{"number": "13800138000"}], "emails": [{"address": "a@example.com"}],
        "addresses": [{"city": "杭州市"}], "dates": [{"kind": "wedding", "date": "2012-10-01"}], "custom": {"seat": "window"}});
    let level = &founder.get("/dictionaries/level/entries").ok(200)["items"][0]["key"];
    let body = {
        let mut body = body;
        body["level"] = level.clone();
        body
    };
    let (one, other) = (founder.post("/customers", body).ok(201), customer(&founder, "李"));
    let relation = json!({"from_id": one["id"], "to_id": other["id"], "role": "buyer", "primary": true, "note": "n",
        "valid_from": "2020-01-01", "valid_to": "2030-01-01"});
    founder.post("/relations", relation).expect(201);
    founder
        .post(&format!("{}/preferences", path(&one)), json!({"key": "drink", "value": "豆香", "source": "店员"}))
        .expect(201);
    let said = json!({"customer_id": one["id"], "kind": "call", "direction": "in", "body": "hello"});
    founder.post("/interactions", said).expect(201);
    let order = json!({"customer_id": one["id"], "status": "confirmed", "ordered_on": "2026-01-02", "note": "n",
        "order_discount": yuan("1.00"), "lines": [{"product_id": product["id"], "quantity": "2", "price": yuan("68.00")}]});
    let order = founder.post("/orders", order).ok(201);
    let order = format!("/orders/{}", id(&order));
    founder.post(&format!("{order}/payments"), json!({"amount": yuan("10.00"), "method": "cash"})).expect(200);
    let back = json!({"line_id": 1, "quantity": "1", "amount": yuan("68.00"), "reason": "damaged"});
    founder.post(&format!("{order}/returns"), back).expect(200);
    let condition = json!({"field": "status", "op": "eq", "value": "lead"});
    let group = json!({"name": "g", "description": "d", "kind": "dynamic", "shared": true, "condition": condition});
    founder.post("/segments", group).expect(201);
    founder
        .post(
            "/views",
            json!({"resource": "customers", "name": "v", "shared": true, "pinned": true, "definition": {"q": "x"}}),
        )
        .expect(201);
    founder.post("/tags", json!({"name": "t", "color": "pine"})).expect(201);
    let base = founder.role("member");
    let copy = founder.post(&format!("/roles/{}/copy", base.as_str().expect("an id")), json!({"name": "店长"})).ok(201);
    founder
        .patch(
            &format!("/roles/{}", id(&copy)),
            &copy["version"],
            json!({"scopes": {"customer": "unit", "order": "own"}}),
        )
        .expect(200);
    founder.department_new(&home, "前厅");
    let me = founder.get("/me").ok(200);
    let user = founder.user_new("chen", &department, &[&copy["id"]]);
    founder
        .patch(
            &format!("/users/{}", id(&user)),
            &user["version"],
            json!({"email": "c@example.com", "phone": "13800138001"}),
        )
        .expect(200);
    founder.patch("/me", &me["version"], json!({"preferences": {"theme": "dark", "shortcuts": false}})).expect(200);
    let entry = json!({"key": "fair", "label_zh": "展会", "label_en": "Fair", "position": 3});
    founder.post("/dictionaries/source/entries", entry).expect(201);
    founder.key_new(&["customers:customer:read"]);
    let settings = founder.get("/settings").ok(200);
    let mut insight = settings["settings"]["insight"].clone();
    insight["stage_thresholds"]["new_days"] = json!(45);
    founder
        .patch(
            "/settings",
            &settings["version"],
            json!({"company_name": "x", "settings": {"order_counts_when": "paid", "insight": insight}}),
        )
        .expect(200);
    let import = crate::imports::import(site, &founder, "customers", "code,name\nC9,Ada\n");
    crate::imports::perform(site, &founder, &import, "undo");
    founder.post("/exports", json!({"resource": "customers", "format": "csv", "q": "x", "sort": "code"})).expect(202);
    regulars_app::jobs::runner::jobs_run_due(&site.app).expect("work");

    let events = founder.all("/audit-events", 200);
    let mut unnamed: Vec<String> = Vec::new();
    for event in &events {
        for change in event["changes"].as_array().expect("changes") {
            let (label, field) =
                (change["label"].as_str().expect("a label"), change["field"].as_str().expect("a field"));
            if label.is_ascii() && label != "VIP" {
                unnamed.push(format!("{}: {field}", event["resource"]));
            }
            let raw =
                |side: &Value| side.as_str().is_some_and(|text| text.len() == 36 && text.matches('-').count() == 4);
            if raw(&change["before"]) || raw(&change["after"]) {
                unnamed.push(format!("{} shows an id in {field}: {change}", event["resource"]));
            }
        }
    }
    assert!(events.len() > 20 && unnamed.is_empty(), "{unnamed:#?}");
}

/// An id of another unit's record, written where anything may be written, is not answered with its name.
fn names_stay_within_sight(site: &Site) {
    let founder = site.founder();
    let (elsewhere, _) = unit(site, "外地", "WD");
    let theirs = founder.post("/tags", json!({"name": "机密", "color": "red", "unit_id": elsewhere})).ok(201);
    let base = founder.role("unit_head");
    let copy = founder.post(&format!("/roles/{}/copy", base.as_str().expect("an id")), json!({"name": "H"})).ok(201);
    let mut permissions = copy["permissions"].as_array().expect("a list").clone();
    permissions.push(json!("access:audit:read"));
    let role = format!("/roles/{}", id(&copy));
    founder.patch(&role, &copy["version"], json!({"permissions": permissions})).expect(200);
    founder.user_new("head", &founder.place().1, &[&copy["id"]]);
    let head = site.sign_in("head");
    let ours = head.post("/tags", json!({"name": "本地", "color": "red"})).ok(201);
    for (tag, shown) in [(&theirs, theirs["id"].clone()), (&ours, json!("本地"))] {
        let version = head.get("/me").ok(200)["version"].clone();
        head.patch("/me", &version, json!({"preferences": {"theme": tag["id"]}})).expect(200);
        let told = told(&head, "filter[resource]=user&filter[action]=updated");
        assert!(told.iter().any(|(.., after)| *after == shown), "{shown} in {told:?}");
    }
}
