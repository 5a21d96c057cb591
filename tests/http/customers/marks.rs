//! What is known of a phone or an e-mail: verified, invalid, and what follows.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::record::encoded;
use super::{id, names, path};

both!(
    a_mark_stays_with_its_address,
    who_has_only_invalid_addresses_is_not_contacted,
    groups_are_found_by_marks,
    marks_are_checked,
    merges_keep_marks,
);

fn guest(client: &Client, name: &str, phone: &str) -> Value {
    let body = json!({"kind": "person", "name": name, "phones": [{"number": phone}],
        "emails": [{"address": format!("{name}@example.com")}]});
    client.post("/customers", body).ok(201)
}

fn mark(client: &Client, customer: &Value, body: &Value) -> Value {
    let version = format!("\"{}\"", customer["version"]);
    client.send("PUT", &format!("{}/address-mark", path(customer)), Some(body), &[("if-match", &version)]).ok(200)
}

fn refused(client: &Client, customer: &Value, body: &Value) -> Value {
    let version = format!("\"{}\"", customer["version"]);
    let reply = client.send("PUT", &format!("{}/address-mark", path(customer)), Some(body), &[("if-match", &version)]);
    reply.ok(422)["errors"][0].clone()
}

fn invalid(kind: &str, reason: &str) -> Value {
    json!({"kind": kind, "position": 0, "mark": "invalid", "reason": reason})
}

fn a_mark_stays_with_its_address(site: &Site) {
    let founder = site.founder();
    let li = guest(&founder, "li", "13800138000");
    assert_eq!(li["phones"][0]["mark"], Value::Null);
    let marked = mark(&founder, &li, &json!({"kind": "phone", "position": 0, "mark": "verified"}));
    let known = &marked["phones"][0]["mark"];
    assert_eq!((&known["mark"], &known["by"]["name"]), (&json!("verified"), &json!("林晓")), "{marked}");
    let card = founder.get(&format!("{}/card", path(&li))).ok(200);
    assert_eq!(card["customer"]["phones"][0]["mark"], *known);

    // Written again in another form, in another place, with a mark of one's own: it is what it was.
    let patch = json!({"phones": [{"number": "010-8888 6666"},
        {"number": "138-0013-8000", "mark": {"mark": "invalid", "at": "2020-01-01T00:00:00Z", "by": known["by"]}}]});
    let moved = founder.patch(&path(&li), &marked["version"], patch).ok(200);
    assert_eq!((&moved["phones"][0]["mark"], &moved["phones"][1]["mark"]), (&Value::Null, known));
    let patch = json!({"phones": [{"number": "010-8888 6666"}, {"number": "13900139000"}]});
    let other = founder.patch(&path(&li), &moved["version"], patch).ok(200);
    assert_eq!(other["phones"][1]["mark"], Value::Null, "another number is another address");
    let patch = json!({"phones": [{"number": "13800138000"}]});
    let back = founder.patch(&path(&li), &other["version"], patch).ok(200);
    assert_eq!(back["phones"][0]["mark"], Value::Null, "what was forgotten does not come back by itself");

    let bounced = mark(&founder, &back, &invalid("email", "bounced"));
    assert_eq!(bounced["emails"][0]["mark"]["reason"], "bounced");
    let free = mark(&founder, &bounced, &json!({"kind": "email", "position": 0}));
    assert_eq!(free["emails"][0]["mark"], Value::Null);
    let told = founder.get("/audit-events?filter[resource]=customer&filter[action]=marked").ok(200);
    assert_eq!(told["items"].as_array().map(Vec::len), Some(3), "{told}");
}

fn who_has_only_invalid_addresses_is_not_contacted(site: &Site) {
    let founder = site.founder();
    let li = guest(&founder, "li", "13800138000");
    let refusal = |client: &Client, channel: &str| {
        let board = client.get(&format!("{}/consents", path(&li))).ok(200);
        let states = board["states"].as_array().expect("states").clone();
        let state = states.into_iter().find(|one| one["channel"] == channel && one["purpose"] == "service");
        state.expect("a state")["refusal"].clone()
    };
    assert_eq!(refusal(&founder, "phone"), Value::Null);
    let marked = mark(&founder, &li, &invalid("phone", "not_in_service"));
    assert_eq!((refusal(&founder, "phone"), refusal(&founder, "sms")), (json!("invalid"), json!("invalid")));
    assert_eq!((refusal(&founder, "email"), refusal(&founder, "post")), (Value::Null, Value::Null));
    let patch = json!({"phones": [{"number": "13800138000"}, {"number": "13900139000"}]});
    let marked = founder.patch(&path(&li), &marked["version"], patch).ok(200);
    assert_eq!(refusal(&founder, "phone"), Value::Null, "the other number may be rung");
    for phone in marked["phones"].as_array().expect("phones") {
        founder.post("/suppressions", json!({"kind": "phone", "address": phone["number"]})).expect(201);
    }
    assert_eq!(refusal(&founder, "phone"), "suppressed", "what the customer asked for weighs more");
}

fn groups_are_found_by_marks(site: &Site) {
    let founder = site.founder();
    let good = guest(&founder, "good", "13800138000");
    let bad = guest(&founder, "bad", "13900139000");
    guest(&founder, "plain", "13700137000");
    mark(&founder, &good, &json!({"kind": "phone", "position": 0, "mark": "verified"}));
    let marked = mark(&founder, &bad, &invalid("phone", "wrong_person"));
    let found = |filter: Value| {
        let page = founder.get(&format!("/customers?sort=name&filter={}", encoded(&filter))).ok(200);
        names(&page["items"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let has = |state: &str| json!({"field": "phone_mark", "op": "any_of", "value": [state]});
    assert_eq!(found(has("verified")), ["good"]);
    let only_invalid = json!({"all": [has("invalid"),
        {"field": "phone_mark", "op": "none_of", "value": ["verified", "unmarked"]}]});
    assert_eq!(found(only_invalid.clone()), ["bad"]);
    assert_eq!(found(has("unmarked")), ["plain"]);
    let patch = json!({"phones": [{"number": "13900139000"}, {"number": "13600136000"}]});
    founder.patch(&path(&bad), &marked["version"], patch).expect(200);
    assert_eq!(found(only_invalid), Vec::<String>::new());
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|field| field["field"] == "email_mark");
    assert_eq!(field.expect("a field")["options"].as_array().map(Vec::len), Some(3));
}

fn marks_are_checked(site: &Site) {
    let founder = site.founder();
    let li = guest(&founder, "li", "13800138000");
    for (body, pointer, code) in [
        (json!({"kind": "fax", "position": 0, "mark": "verified"}), "/kind", "not_allowed"),
        (json!({"kind": "phone", "position": 0, "mark": "maybe"}), "/mark", "not_allowed"),
        (json!({"kind": "phone", "position": 0, "mark": "invalid"}), "/reason", "required"),
        (invalid("phone", "mood"), "/reason", "unknown_reference"),
        (json!({"kind": "phone", "position": 0, "reason": "bounced"}), "/reason", "only_when_invalid"),
        (json!({"kind": "phone", "position": 1, "mark": "verified"}), "/position", "unknown_reference"),
    ] {
        let error = refused(&founder, &li, &body);
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{body}");
    }
    mark(&founder, &li, &json!({"kind": "phone", "position": 0, "mark": "verified"}));
    let again = json!({"kind": "phone", "position": 0});
    let stale = [("if-match", "\"1\"")];
    founder.send("PUT", &format!("{}/address-mark", path(&li)), Some(&again), &stale).expect(412);
}

fn merges_keep_marks(site: &Site) {
    let founder = site.founder();
    let kept = guest(&founder, "kept", "13800138000");
    let gone = guest(&founder, "gone", "13900139000");
    let gone = mark(&founder, &gone, &json!({"kind": "phone", "position": 0, "mark": "verified"}));
    let body = json!({"other_id": id(&gone), "version": kept["version"], "other_version": gone["version"],
        "choices": {"phones": "both"}});
    founder.post(&format!("{}/merges", path(&kept)), body).expect(201);
    let merged = founder.get(&path(&kept)).ok(200);
    let marks: Vec<bool> =
        merged["phones"].as_array().expect("phones").iter().map(|phone| phone["mark"].is_object()).collect();
    assert_eq!(marks, [false, true], "{merged}");
}
