//! What every operation shares: problems, versions, retries, languages.

use regulars_tests::{Site, both};
use serde_json::{Value, json};

both!(
    every_refusal_is_a_problem,
    a_wrong_method_is_told_the_right_ones,
    changes_need_the_version_that_was_read,
    a_repeated_post_happens_once,
    words_come_in_the_readers_language,
    short_resources_live_their_whole_life,
);

fn every_refusal_is_a_problem(site: &Site) {
    let founder = site.founder();
    let bytes = |body: &[u8], kind: &str| founder.send_bytes("POST", "/tags", body, &[("content-type", kind)]);
    let json_kind = "application/json";
    let long = format!("{{\"name\": \"{}\"}}", "x".repeat(5 << 20));
    let deep = "[".repeat(100_000);
    let nested = format!("{{\"preferences\": {deep}");
    let patch = [("content-type", "application/merge-patch+json"), ("if-match", "\"1\"")];
    let cases = [
        (founder.get("/no-such-thing"), 404, "not_found"),
        (founder.get("/tags/not-an-id"), 404, "not_found"),
        (founder.get("/tags/01990000-0000-7000-8000-000000000001"), 404, "not_found"),
        (bytes(b"{\"name\": ", json_kind), 400, "malformed"),
        (bytes(deep.as_bytes(), json_kind), 422, "validation_failed"),
        (bytes(format!("{{\"name\": {deep}").as_bytes(), json_kind), 422, "validation_failed"),
        (founder.send_bytes("PATCH", "/me", nested.as_bytes(), &patch), 400, "malformed"),
        (bytes(b"[\"A\", \"pine\"]", json_kind), 422, "validation_failed"),
        (bytes(long.as_bytes(), json_kind), 413, "payload_too_large"),
        (bytes(b"name=x", "text/plain"), 415, "unsupported_media_type"),
        (bytes(b"{\"nome\": \"x\"}", json_kind), 422, "validation_failed"),
        (founder.get("/users?limit=0"), 422, "validation_failed"),
        (founder.get("/users?sort=phone"), 422, "validation_failed"),
        (founder.get("/users?cursor=nonsense"), 422, "validation_failed"),
        (founder.get("/users?filter[password_hash]=x"), 422, "validation_failed"),
        (site.anonymous().get("/tags"), 401, "token_missing"),
    ];
    for (reply, status, code) in cases {
        assert_eq!(reply.status, status, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{code}");
        let problem = reply.json();
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)));
        for member in ["type", "title", "instance", "request_id"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{code}: {member}");
        }
        assert_eq!(reply.header("x-request-id"), problem["request_id"].as_str());
    }
}

fn a_wrong_method_is_told_the_right_ones(site: &Site) {
    let founder = site.founder();
    for (method, path, allow) in [
        ("DELETE", "/me", "GET, PATCH"),
        ("PUT", "/tags/01990000-0000-7000-8000-000000000001", "DELETE, GET, PATCH"),
        ("GET", "/auth/sessions", "POST"),
        ("PATCH", "/units", "GET, POST"),
    ] {
        let reply = founder.send(method, path, None, &[]).expect(405);
        assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.json()["code"], "method_not_allowed");
    }
}

fn changes_need_the_version_that_was_read(site: &Site) {
    let founder = site.founder();
    let made = founder.post("/tags", json!({"name": "A", "color": "pine"})).expect(201);
    assert_eq!(made.header("etag"), Some("\"1\""));
    let id = made.json()["id"].as_str().expect("an id").to_string();
    assert_eq!(made.header("location"), Some(format!("/api/v1/tags/{id}").as_str()));
    let path = format!("/tags/{id}");
    let bare = |method: &str| founder.send(method, &path, Some(&json!({"name": "B"})), &[]);
    assert_eq!(bare("PATCH").ok(428)["code"], "precondition_required");
    assert_eq!(bare("DELETE").ok(428)["code"], "precondition_required");
    let changed = founder.patch(&path, &json!(1), json!({"name": "B"})).expect(200);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let stale = founder.patch(&path, &json!(1), json!({"name": "C"})).expect(412);
    assert_eq!(stale.header("etag"), Some("\"2\""));
    assert_eq!(stale.json()["current_version"], 2);
    founder.delete(&path, &json!(1)).expect(412);
    founder.delete(&path, &json!(2)).expect(204);
    founder.delete(&path, &json!(2)).expect(404);
}

fn a_repeated_post_happens_once(site: &Site) {
    let founder = site.founder();
    let send =
        |path: &str, body: Value, key: &str| founder.send("POST", path, Some(&body), &[("idempotency-key", key)]);
    let tag = json!({"name": "A", "color": "pine"});
    let first = send("/tags", tag.clone(), "k").ok(201);
    assert_eq!(send("/tags", tag.clone(), "k").ok(201), first, "the same answer");
    let other = send("/tags", json!({"name": "B", "color": "pine"}), "k").ok(422);
    assert_eq!(other["code"], "idempotency_key_reuse");
    assert_eq!(send("/tags", tag.clone(), "k2").ok(409)["code"], "name_taken", "another key is another request");
    send("/tags", json!({"name": "", "color": "pine"}), "k3").expect(422);
    send("/tags", json!({"name": "C", "color": "pine"}), "k3").expect(201);
    assert_eq!(founder.get("/tags").ok(200)["items"].as_array().map(Vec::len), Some(2));
    let view = json!({"resource": "customers", "name": "V", "definition": {}});
    send("/views", view, "k").expect(201);
    let theirs = site.person("second", "unit_administrator");
    let same = theirs.send("POST", "/tags", Some(&tag), &[("idempotency-key", "k")]).ok(409);
    assert_eq!(same["code"], "name_taken", "a key is its owner's only");
    let key = json!({"name": "K", "permissions": ["access:user:read"]});
    let made = send("/api-keys", key.clone(), "k").ok(201);
    let again = send("/api-keys", key, "k").ok(201);
    assert!(made["key"].is_string() && again.get("key").is_none(), "secrets are not kept");
    assert_eq!(made["id"], again["id"]);
}

fn words_come_in_the_readers_language(site: &Site) {
    let mut founder = site.founder();
    let refusal = |client: &regulars_tests::Client| client.post("/tags", json!({"name": "", "color": "pine"})).ok(422);
    assert_eq!(refusal(&founder)["errors"][0]["detail"], "This is required");
    founder.language = "zh-CN,zh;q=0.9,en;q=0.5";
    let chinese = refusal(&founder);
    assert_eq!(chinese["errors"][0]["detail"], "必填");
    assert_eq!(chinese["title"], "请检查标出的内容");
    founder.language = "fr";
    assert_eq!(refusal(&founder)["title"], "请检查标出的内容", "the product's first language");
}

fn short_resources_live_their_whole_life(site: &Site) {
    let founder = site.founder();
    let entry = json!({"key": "exhibition", "label_zh": "展会", "label_en": "Exhibition", "position": 20});
    let made = founder.post("/dictionaries/source/entries", entry.clone()).expect(201);
    let place = made.header("location").expect("its place").to_string();
    assert_eq!(founder.post("/dictionaries/source/entries", entry).ok(409)["code"], "key_taken");
    let off = founder.patch(&place, &json!(1), json!({"active": false})).ok(200);
    assert_eq!(off["active"], false);
    assert!(founder.get("/dictionaries/source/entries").text().contains("exhibition"), "inactive ones are kept");
    let fixed = founder.patch(&place, &json!(2), json!({"key": "fair"})).ok(422);
    assert_eq!(fixed["errors"][0]["code"], "fixed");
    founder.delete(&place, &json!(2)).expect(204);
    founder.get("/dictionaries/nothing/entries").expect(404);
    let kinds = founder.get("/dictionaries/date_kind/entries").ok(200);
    let birthday = format!("/dictionary-entries/{}", kinds["items"][0]["id"].as_str().expect("an id"));
    assert_eq!(founder.delete(&birthday, &json!(1)).ok(409)["code"], "built_in");

    let field = json!({"resource": "customer", "key": "brewing", "label_zh": "冲煮", "label_en": "Brewing",
        "type": "choice", "choices": [{"key": "drip", "label_zh": "手冲", "label_en": "Drip"}]});
    let made = founder.post("/custom-fields", field.clone()).ok(201);
    assert_eq!(founder.post("/custom-fields", field).ok(409)["code"], "key_taken");
    let unsound = json!({"resource": "customer", "key": "x", "label_zh": "x", "label_en": "x", "type": "bool",
        "unique": true, "choices": [{"key": "A b", "label_zh": "", "label_en": "x"}]});
    let refusal = founder.post("/custom-fields", unsound).ok(422);
    let pointers: Vec<&str> =
        refusal["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    assert_eq!(pointers, ["/choices", "/choices/0/key", "/choices/0/label_zh", "/unique"]);
    let path = format!("/custom-fields/{}", made["id"].as_str().expect("an id"));
    let text = founder.patch(&path, &json!(1), json!({"type": "text", "choices": [], "unique": true})).ok(200);
    assert_eq!((&text["type"], &text["unique"]), (&json!("text"), &json!(true)));
    assert_eq!(founder.get("/custom-fields?filter[resource]=order").ok(200)["items"], json!([]));
    founder.delete(&path, &json!(2)).expect(204);

    let view = json!({"resource": "customers", "name": "V", "shared": true,
        "definition": {"filter": {"all": []}}});
    let made = founder.post("/views", view).ok(201);
    let path = format!("/views/{}", made["id"].as_str().expect("an id"));
    let second = site.person("second", "member");
    let seen = second.get("/views?filter[resource]=customers").ok(200);
    assert_eq!((&seen["items"][0]["id"], &seen["items"][0]["own"]), (&made["id"], &json!(false)));
    second.patch(&path, &json!(1), json!({"name": "X"})).expect(403);
    let changed = founder.patch(&path, &json!(1), json!({"definition": {"filter": {"any": []}}, "shared": false}));
    assert_eq!(changed.ok(200)["definition"], json!({"filter": {"any": []}}), "replaced whole");
    second.get(&path).expect(404);
    let nul = founder.patch(&path, &json!(2), json!({"definition": {"a": [{"b\0": "c"}]}})).ok(422);
    assert_eq!(nul["errors"][0]["code"], "control_character");
    founder.delete(&path, &json!(2)).expect(204);
}
