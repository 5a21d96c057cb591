//! Consent by channel and purpose, its history, the do-not-contact list, and what merges make of them.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::record::encoded;
use super::{colleague, customer, home, id, names, path};

both!(
    words_add_up_to_what_stands,
    who_is_on_the_list_is_not_contacted,
    groups_are_found_by_consent,
    merges_keep_the_stricter,
    words_are_checked,
    only_keepers_see_the_list,
    an_address_comes_off_the_list_with_a_reason,
);

fn board(client: &Client, customer: &Value) -> Value {
    client.get(&format!("{}/consents", path(customer))).ok(200)
}

fn say(client: &Client, customer: &Value, channel: &str, purpose: &str, given: bool) -> Value {
    let body = json!({"channel": channel, "purpose": purpose, "given": given, "source": "Form"});
    client.post(&format!("{}/consents", path(customer)), body).ok(201)
}

fn state<'a>(board: &'a Value, channel: &str, purpose: &str) -> &'a Value {
    let states = board["states"].as_array().expect("states");
    states.iter().find(|one| one["channel"] == channel && one["purpose"] == purpose).expect("a state")
}

fn reachable(client: &Client, name: &str) -> Value {
    let body = json!({"kind": "person", "name": name, "emails": [{"address": format!("{name}@example.com")}],
        "phones": [{"number": "13800138000"}]});
    client.post("/customers", body).ok(201)
}

fn words_add_up_to_what_stands(site: &Site) {
    let founder = site.founder();
    let guest = reachable(&founder, "guest");
    let before = board(&founder, &guest);
    assert_eq!(state(&before, "email", "marketing")["refusal"], "not_given");
    assert_eq!(state(&before, "email", "service")["may_contact"], true, "service needs no word beforehand");
    assert_eq!(before["history"], json!([]));

    let given = say(&founder, &guest, "email", "marketing", true);
    assert_eq!((&given["given"], &given["recorded_by"]["name"]), (&json!(true), &json!("林晓")));
    let old = json!({"channel": "email", "purpose": "marketing", "given": false, "at": "2020-01-01T00:00:00Z",
        "source": "Letter", "proof": "Folder 7"});
    founder.post(&format!("{}/consents", path(&guest)), old).expect(201);
    let now = board(&founder, &guest);
    assert_eq!(state(&now, "email", "marketing")["may_contact"], true, "an older word changes nothing that stands");
    let history: Vec<&Value> = now["history"].as_array().expect("history").iter().map(|one| &one["source"]).collect();
    assert_eq!(history, ["Form", "Letter"]);
    say(&founder, &guest, "email", "marketing", false);
    let now = board(&founder, &guest);
    assert_eq!(state(&now, "email", "marketing")["refusal"], "withdrawn");
    assert_eq!((now["history"].as_array().map(Vec::len), &now["history"][0]["given"]), (Some(3), &json!(false)));
    let told = founder.get("/audit-events?filter[resource]=consent").ok(200);
    let actions: Vec<&Value> = told["items"].as_array().expect("events").iter().map(|one| &one["action"]).collect();
    assert_eq!(actions, ["withdrawn", "withdrawn", "consented"]);
    let timeline = founder.get(&format!("{}/timeline", path(&guest))).ok(200);
    assert_eq!(timeline["items"][0]["title"], "Consent withdrawn");
    assert_eq!(timeline["items"][0]["body"], "E-mail · Marketing");
}

fn who_is_on_the_list_is_not_contacted(site: &Site) {
    let founder = site.founder();
    let guest = reachable(&founder, "guest");
    say(&founder, &guest, "sms", "marketing", true);
    let listed = json!({"kind": "phone", "address": "138 0013 8000", "reason": "complained"});
    let listed = founder.post("/suppressions", listed).ok(201);
    assert_eq!(listed["address"], "+8613800138000");
    let again = founder.post("/suppressions", json!({"kind": "phone", "address": "+8613800138000"})).ok(201);
    assert_eq!(again, listed, "an address stands there once");
    let now = board(&founder, &guest);
    for (channel, purpose) in [("sms", "marketing"), ("phone", "service")] {
        assert_eq!(state(&now, channel, purpose)["refusal"], "suppressed");
    }
    assert_eq!(state(&now, "email", "service")["may_contact"], true);
    assert_eq!(now["suppressed"], json!([listed]));
    let found = founder.get("/suppressions?q=0013").ok(200);
    assert_eq!(found["items"], json!([listed]));
    assert_eq!(founder.get("/suppressions?q=0014").ok(200)["items"], json!([]));
    founder.send("DELETE", &format!("/suppressions/{}", id(&listed)), None, &[]).expect(204);
    assert_eq!(state(&board(&founder, &guest), "sms", "marketing")["may_contact"], true);
    founder.send("DELETE", &format!("/suppressions/{}", id(&listed)), None, &[]).expect(404);
}

fn groups_are_found_by_consent(site: &Site) {
    let founder = site.founder();
    let (yes, no) = (reachable(&founder, "yes"), reachable(&founder, "no"));
    customer(&founder, "silent");
    say(&founder, &yes, "email", "marketing", true);
    say(&founder, &no, "email", "marketing", true);
    say(&founder, &no, "email", "marketing", false);
    let found = |filter: Value| {
        let page = founder.get(&format!("/customers?sort=name&filter={}", encoded(&filter))).ok(200);
        names(&page["items"]).into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(found(json!({"field": "consent.email", "op": "any_of", "value": ["marketing"]})), ["yes"]);
    assert_eq!(found(json!({"field": "refused.email", "op": "any_of", "value": ["marketing"]})), ["no"]);
    assert_eq!(
        found(json!({"not": {"field": "consent.email", "op": "any_of", "value": ["marketing"]}})),
        ["no", "silent"]
    );
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "consent.email");
    let field = field.expect("the field");
    assert!(
        field["options"].as_array().is_some_and(|all| all.iter().any(|one| one["value"] == "marketing")),
        "{field}"
    );
}

fn merges_keep_the_stricter(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (reachable(&founder, "kept"), reachable(&founder, "gone"));
    say(&founder, &gone, "email", "marketing", false);
    say(&founder, &gone, "sms", "survey", true);
    say(&founder, &kept, "email", "marketing", true);
    let body = json!({"other_id": gone["id"], "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("{}/merges", path(&kept)), body).ok(201);
    let now = board(&founder, &kept);
    assert_eq!(state(&now, "email", "marketing")["refusal"], "withdrawn", "a no outlives the merge");
    assert_eq!(state(&now, "sms", "survey")["given"], true);
    assert_eq!(now["history"].as_array().map(Vec::len), Some(4));
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    let (ours, theirs) = (board(&founder, &kept), board(&founder, &gone));
    assert_eq!(state(&ours, "email", "marketing")["may_contact"], true);
    assert_eq!(state(&ours, "sms", "survey")["given"], Value::Null);
    assert_eq!(state(&theirs, "email", "marketing")["refusal"], "withdrawn");
    assert_eq!(
        (ours["history"].as_array().map(Vec::len), theirs["history"].as_array().map(Vec::len)),
        (Some(1), Some(2))
    );
}

fn words_are_checked(site: &Site) {
    let founder = site.founder();
    let guest = reachable(&founder, "guest");
    for (change, pointer) in [
        (json!({"channel": "pigeon"}), "/channel"),
        (json!({"purpose": "alchemy"}), "/purpose"),
        (json!({"at": "2999-01-01T00:00:00Z"}), "/at"),
    ] {
        let mut body = json!({"channel": "email", "purpose": "marketing", "given": true});
        body.as_object_mut().expect("a body").extend(change.as_object().expect("a change").clone());
        let refused = founder.post(&format!("{}/consents", path(&guest)), body).ok(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let refused = founder.post("/suppressions", json!({"kind": "email", "address": "nobody"})).ok(422);
    assert_eq!(refused["errors"][0]["code"], "email_invalid");
}

fn only_keepers_see_the_list(site: &Site) {
    let founder = site.founder();
    let member = colleague(site, "member", "member", &home(site));
    let listed = member.post("/suppressions", json!({"kind": "email", "address": "a@example.com"})).ok(201);
    member.get("/suppressions").expect(403);
    member.send("DELETE", &format!("/suppressions/{}", id(&listed)), None, &[]).expect(403);
    assert_eq!(founder.get("/suppressions").ok(200)["items"], json!([listed]));
    let theirs = reachable(&founder, "theirs");
    member.get(&format!("{}/consents", path(&theirs))).expect(404);
}

fn an_address_comes_off_the_list_with_a_reason(site: &Site) {
    let founder = site.founder();
    let body = json!({"kind": "email", "address": "No@Example.com", "reason": "asked", "proof": "  Letter, folder 7 "});
    let row = founder.post("/suppressions", body).ok(201);
    assert_eq!((&row["proof"], &row["created_by"]["name"]), (&json!("Letter, folder 7"), &json!("林晓")));
    let lifting = format!("/suppressions/{}/lifting", id(&row));
    let refused = founder.post(&lifting, json!({"reason": "  "})).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/reason");
    let lifted = founder.post(&lifting, json!({"reason": "Asked in writing"})).ok(200);
    assert_eq!(lifted["address"], "no@example.com");
    founder.post(&lifting, json!({"reason": "Asked in writing"})).expect(404);
    assert_eq!(founder.get("/suppressions").ok(200)["items"], json!([]));
    let told = founder.get("/audit-events?filter[resource]=suppression&filter[action]=deleted").ok(200);
    assert_eq!(told["items"][0]["after"]["reason"], "Asked in writing", "{told}");
}
