//! Create, read, change, delete, restore.

use regulars_tests::{Site, both};
use serde_json::{Value, json};

use super::{customer, id, path};

both!(
    what_is_written_is_read,
    everything_wrong_is_told_at_once,
    a_patch_changes_what_it_names,
    deleted_and_restored,
    codes_run_and_are_never_reused,
    custom_values_are_typed_and_unique,
    a_repeated_post_creates_once,
);

fn what_is_written_is_read(site: &Site) {
    let founder = site.founder();
    let tag = founder.post("/tags", json!({"name": "手冲", "color": "pine"})).ok(201);
    let body = json!({
        "kind": "person", "name": " 张 伟 ", "gender": "male", "birthday": "1985-06-08", "source": "referral",
        "buying_style": "relationship", "note": "window seat",
        "phones": [{"number": "138 0013 8000"}, {"number": "010-12345678转12", "label": "office"}],
        "emails": [{"address": "Zhang@Example.com"}],
        "addresses": [{"province": "上海市", "city": "上海市", "street": "南京西路 100 号"}],
        "dates": [{"kind": "wedding", "lunar": {"month": 8, "day": 15}, "person": "wife"}],
        "tag_ids": [tag["id"]],
    });
    let reply = founder.post("/customers", body).expect(201);
    let created = reply.json();
    assert_eq!(reply.header("location"), Some(format!("/api/v1{}", path(&created)).as_str()));
    assert_eq!(reply.header("etag"), Some("\"1\""));
    assert_eq!((&created["name"], &created["name_pinyin"]), (&json!("张伟"), &json!("zhang wei")));
    assert_eq!(created["code"], "C-01-000001");
    assert_eq!(created["phones"][0], json!({"number": "+8613800138000", "primary": true}));
    assert_eq!(created["phones"][1], json!({"number": "+861012345678", "label": "office #12", "primary": false}));
    assert_eq!(created["emails"][0]["address"], "zhang@example.com");
    assert_eq!(created["dates"].as_array().map(Vec::len), Some(1), "the birthday stays where it was written");
    assert_eq!(created["tags"][0]["name"], "手冲");
    assert_eq!((&created["owner"]["name"], &created["unit"]["name"]), (&json!("林晓"), &json!("上海")));
    assert_eq!(founder.get(&path(&created)).ok(200), created);
    let listed = founder.get("/customers?expand=metrics").ok(200);
    assert_eq!(listed["items"][0]["metrics"]["orders"], 0);
}

fn everything_wrong_is_told_at_once(site: &Site) {
    let founder = site.founder();
    let body = json!({
        "kind": "robot", "name": " ", "status": "odd", "phones": [{"number": "12"}, {"number": "13800138000"},
        {"number": "+86 138 0013 8000"}], "emails": [{"address": "nobody"}], "dates": [{"kind": "wedding"}],
        "tag_ids": ["01990000-0000-7000-8000-000000000001"], "industry": "alchemy", "custom": {"odd": 1},
    });
    let refused = founder.post("/customers", body).ok(422);
    let pointers: Vec<&str> =
        refused["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    for pointer in [
        "/kind",
        "/name",
        "/status",
        "/phones/0/number",
        "/phones/2/number",
        "/emails/0/address",
        "/dates/0/date",
        "/tag_ids",
        "/industry",
        "/custom/odd",
    ] {
        assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
    }
    assert_eq!(
        founder.post("/customers", json!({"kind": "person", "name": "A", "colour": 1})).ok(422)["code"],
        "validation_failed"
    );
    assert_eq!(founder.get("/customers").ok(200)["items"], json!([]));
}

fn a_patch_changes_what_it_names(site: &Site) {
    let founder = site.founder();
    let body =
        json!({"kind": "person", "name": "单田芳", "birthday": "1934-12-17", "phones": [{"number": "13900001111"}]});
    let created = founder.post("/customers", body).ok(201);
    let changed = founder
        .patch(
            &path(&created),
            &json!(1),
            json!({"note": "storyteller", "birthday": null, "name_pinyin": "Dān tián fāng"}),
        )
        .ok(200);
    assert_eq!((&changed["version"], &changed["note"]), (&json!(2), &json!("storyteller")));
    assert_eq!((&changed["birthday"], &changed["phones"]), (&Value::Null, &created["phones"]));
    assert_eq!(changed["name_pinyin"], "dan tian fang");
    let stale = founder.patch(&path(&created), &json!(1), json!({"note": "x"})).ok(412);
    assert_eq!(stale["current_version"], 2);
    assert_eq!(founder.send("PATCH", &path(&created), Some(&json!({"note": "x"})), &[]).status, 428);
    let moved = founder.patch(&path(&created), &json!(2), json!({"unit_id": id(&created)})).ok(422);
    assert_eq!(moved["errors"][0]["code"], "transfer_only");
    let events = founder.get(&format!("{}/timeline?kinds=event", path(&created))).ok(200);
    assert_eq!(events["items"][0]["title"], "Details changed");
}

fn deleted_and_restored(site: &Site) {
    let founder = site.founder();
    let created = customer(&founder, "欧阳修");
    assert_eq!(founder.delete(&path(&created), &json!(7)).status, 412);
    founder.delete(&path(&created), &json!(1)).expect(204);
    founder.get(&path(&created)).expect(404);
    founder.get(&format!("{}/card", path(&created))).expect(404);
    assert_eq!(founder.get("/customers").ok(200)["items"], json!([]));
    assert_eq!(founder.get("/search?q=ouyang").ok(200)["customers"], json!([]));
    let back = founder.post(&format!("{}/restoration", path(&created)), json!(null)).ok(200);
    assert_eq!((&back["name"], &back["version"]), (&json!("欧阳修"), &json!(3)));
    assert_eq!(founder.get("/search?q=ouyang").ok(200)["customers"].as_array().map(Vec::len), Some(1));
    founder.post(&format!("{}/restoration", path(&created)), json!(null)).expect(409);
}

fn codes_run_and_are_never_reused(site: &Site) {
    let founder = site.founder();
    let own = founder.post("/customers", json!({"kind": "person", "name": "A", "code": "C-01-000002"})).ok(201);
    assert_eq!(own["code"], "C-01-000002");
    let codes: Vec<Value> = ["B", "C", "D"].into_iter().map(|name| customer(&founder, name)["code"].clone()).collect();
    assert!(!codes.contains(&json!("C-01-000002")), "{codes:?}");
    founder.delete(&path(&own), &json!(1)).expect(204);
    let again = founder.post("/customers", json!({"kind": "person", "name": "E", "code": "C-01-000002"})).ok(409);
    assert_eq!(again["code"], "code_taken");
}

fn custom_values_are_typed_and_unique(site: &Site) {
    let founder = site.founder();
    let field = |key: &str, kind: &str, unique: bool| {
        let body = json!({
            "resource": "customer", "key": key, "label_zh": key, "label_en": key, "type": kind, "required": false,
            "unique": unique, "position": 0, "active": true,
            "choices": if kind.ends_with("choice") { json!([
                {"key": "a", "label_zh": "甲", "label_en": "A", "active": true},
                {"key": "b", "label_zh": "乙", "label_en": "B", "active": true}]) } else { json!([]) },
        });
        founder.post("/custom-fields", body).expect(201);
    };
    for (key, kind, unique) in [
        ("plate", "text", true),
        ("seats", "number", false),
        ("limit", "money", false),
        ("since", "date", false),
        ("vip", "bool", false),
        ("size", "choice", false),
        ("sides", "multi_choice", false),
    ] {
        field(key, kind, unique);
    }
    let custom = json!({
        "plate": "沪A 12345", "seats": 4.0, "limit": {"amount": "1200.50", "currency": "CNY"}, "since": "2020-02-29",
        "vip": true, "size": "a", "sides": ["b", "a"],
    });
    let created = founder.post("/customers", json!({"kind": "person", "name": "A", "custom": custom})).ok(201);
    assert_eq!(created["custom"], custom);
    let twin = json!({"kind": "person", "name": "B", "custom": {"plate": "沪a12345"}});
    assert_eq!(founder.post("/customers", twin.clone()).ok(409)["code"], "value_taken");
    let wrong =
        json!({"kind": "person", "name": "B", "custom": {"seats": "many", "size": "c", "since": "soon", "vip": 1}});
    assert_eq!(founder.post("/customers", wrong).ok(422)["errors"].as_array().map(Vec::len), Some(4));
    let changed = founder.patch(&path(&created), &json!(1), json!({"custom": {"seats": null, "size": "b"}})).ok(200);
    assert_eq!((&changed["custom"]["size"], &changed["custom"]["seats"]), (&json!("b"), &Value::Null));
    assert_eq!(changed["custom"]["plate"], "沪A 12345");
    for (filter, found) in [
        (json!({"field": "custom.size", "op": "eq", "value": "b"}), 1),
        (json!({"field": "custom.limit", "op": "gte", "value": "1200.51"}), 0),
        (json!({"field": "custom.sides", "op": "all_of", "value": ["a", "b"]}), 1),
    ] {
        let items = founder.get(&format!("/customers?filter={}", encoded(&filter))).ok(200);
        assert_eq!(items["items"].as_array().map(Vec::len), Some(found), "{filter}");
    }
    founder.delete(&path(&created), &json!(2)).expect(204);
    founder.post("/customers", twin).expect(201);
    let back = founder.post(&format!("{}/restoration", path(&created)), json!(null)).ok(409);
    assert_eq!(back["code"], "value_taken");
}

pub fn encoded(value: &Value) -> String {
    value.to_string().bytes().map(|b| format!("%{b:02X}")).collect()
}

fn a_repeated_post_creates_once(site: &Site) {
    let founder = site.founder();
    let body = json!({"kind": "person", "name": "A"});
    let send = |body: &Value| founder.send("POST", "/customers", Some(body), &[("idempotency-key", "k1")]);
    let first = send(&body).ok(201);
    assert_eq!(send(&body).ok(201), first);
    assert_eq!(send(&json!({"kind": "person", "name": "B"})).ok(422)["code"], "idempotency_key_reuse");
    assert_eq!(founder.get("/customers").ok(200)["items"].as_array().map(Vec::len), Some(1));
}
