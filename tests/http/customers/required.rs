//! Custom fields that are required because of what stands in another field.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{customer, id, path};
use crate::imports::{counts, import, path_of};

both!(
    a_field_is_required_while_another_says_so,
    a_condition_names_what_there_is,
    rows_of_files_are_refused_with_the_reason,
    orders_and_opportunities_ask_too,
);

fn field(resource: &str, key: &str, kind: &str, required_if: &Value) -> Value {
    json!({"resource": resource, "key": key, "label_zh": key, "label_en": key, "type": kind, "required_if": required_if})
}

fn wrong(client: &Client, body: &Value, place: &str) -> Value {
    let errors = client.post(place, body.clone()).ok(422)["errors"].clone();
    json!([errors[0]["pointer"], errors[0]["code"]])
}

fn a_field_is_required_while_another_says_so(site: &Site) {
    let founder = site.founder();
    let choices = json!([{"key": "drip", "label_zh": "手冲", "label_en": "Drip"},
        {"key": "milk", "label_zh": "奶咖", "label_en": "Milk"}]);
    let mut brewing = field("customer", "brewing", "choice", &Value::Null);
    brewing["choices"] = choices;
    founder.post("/custom-fields", brewing).expect(201);
    let beans = field("customer", "beans", "text", &json!({"field": "custom.brewing", "values": ["drip"]}));
    let beans = founder.post("/custom-fields", beans).ok(201);
    assert_eq!(beans["required_if"], json!({"field": "custom.brewing", "values": ["drip"]}));
    let contract = field("customer", "contract", "text", &json!({"field": "status", "values": ["customer"]}));
    founder.post("/custom-fields", contract).expect(201);

    let person =
        |status: &str, custom: Value| json!({"kind": "person", "name": "Li", "status": status, "custom": custom});
    let drips = person("lead", json!({"brewing": "drip"}));
    assert_eq!(wrong(&founder, &drips, "/customers"), json!(["/custom/beans", "required"]));
    let lead = founder.post("/customers", person("lead", json!({"brewing": "milk"}))).ok(201);
    let noted = founder.patch(&path(&lead), &lead["version"], json!({"note": "x"})).ok(200);
    let becomes = founder.patch(&path(&lead), &noted["version"], json!({"status": "customer"})).ok(422);
    assert_eq!(becomes["errors"][0]["pointer"], "/custom/contract", "{becomes}");
    let signed = json!({"status": "customer", "custom": {"contract": "2025-7"}});
    let signed = founder.patch(&path(&lead), &noted["version"], signed).ok(200);
    founder.patch(&path(&lead), &signed["version"], json!({"custom": {"contract": null}})).expect(422);

    // Who was there before the condition may be changed otherwise.
    let free = json!({"required_if": null});
    let beans = founder.patch(&format!("/custom-fields/{}", id(&beans)), &beans["version"], free).ok(200);
    let old = founder.post("/customers", drips).ok(201);
    let again = json!({"required_if": {"field": "custom.brewing"}});
    founder.patch(&format!("/custom-fields/{}", id(&beans)), &beans["version"], again).expect(200);
    founder.patch(&path(&old), &old["version"], json!({"note": "x"})).expect(200);
    let milk = person("lead", json!({"brewing": "milk"}));
    assert_eq!(wrong(&founder, &milk, "/customers"), json!(["/custom/beans", "required"]), "any value asks now");
}

fn a_condition_names_what_there_is(site: &Site) {
    let founder = site.founder();
    for (rule, pointer, code) in [
        (json!({"field": "note"}), "/required_if/field", "not_allowed"),
        (json!({"field": "custom.other"}), "/required_if/field", "unknown_reference"),
        (json!({"field": "custom.own"}), "/required_if/field", "own_field"),
        (json!({"field": "level", "values": [""]}), "/required_if/values/0", "required"),
    ] {
        let body = field("customer", "own", "text", &rule);
        assert_eq!(wrong(&founder, &body, "/custom-fields"), json!([pointer, code]), "{rule}");
    }
    let mut body = field("customer", "own", "text", &json!({"field": "level"}));
    body["required"] = json!(true);
    assert_eq!(wrong(&founder, &body, "/custom-fields"), json!(["/required_if", "required_anyway"]));
}

fn rows_of_files_are_refused_with_the_reason(site: &Site) {
    let founder = site.founder();
    let rule = json!({"field": "status", "values": ["customer"]});
    founder.post("/custom-fields", field("customer", "contract", "text", &rule)).expect(201);
    let text = "code,name,status,contract\nC1,Ada,lead,\nC2,Bob,customer,\nC3,Cid,customer,K-7\n";
    let done = import(site, &founder, "customers", text);
    assert_eq!(counts(&done), [3, 2, 0, 0, 1]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    assert_eq!(rows["items"][0]["errors"][0]["code"], "required", "{rows}");
}

fn orders_and_opportunities_ask_too(site: &Site) {
    let founder = site.founder();
    let rule = json!({"field": "type", "values": ["opportunity"]});
    founder.post("/custom-fields", field("opportunity", "budget", "number", &rule)).expect(201);
    let li = customer(&founder, "Li");
    let body = json!({"name": "Beans", "customer_id": li["id"], "type": "opportunity"});
    assert_eq!(wrong(&founder, &body, "/opportunities"), json!(["/custom/budget", "required"]));
    founder.post("/opportunities", json!({"name": "Beans", "customer_id": li["id"], "type": "lead"})).expect(201);

    founder.post("/custom-fields", field("order", "table", "text", &json!({"field": "channel"}))).expect(201);
    let line = json!({"name": "Beans", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}});
    let order = |channel: &Value| json!({"customer_id": li["id"], "channel": channel, "lines": [line]});
    founder.post("/orders", order(&Value::Null)).expect(201);
    assert_eq!(wrong(&founder, &order(&json!("store")), "/orders"), json!(["/custom/table", "required"]));
}
