//! Segments: conditions kept, lists kept, counted, shared, walled.

use regulars_tests::{Site, both};
use serde_json::json;

both!(
    a_condition_is_kept_counted_and_listed,
    a_static_list_takes_people_in_and_out,
    a_bad_condition_says_where,
    fields_speak_both_languages
);

fn a_condition_is_kept_counted_and_listed(site: &Site) {
    let founder = site.founder();
    for (name, status) in [("张三", "customer"), ("李四", "customer"), ("王五", "lead")] {
        founder.post("/customers", json!({"kind": "person", "name": name, "status": status})).expect(201);
    }
    let condition = json!({"field": "status", "op": "eq", "value": "customer"});
    assert_eq!(founder.post("/segments/count", json!({"condition": condition})).ok(200), json!({"count": 2}));
    let made = founder.post("/segments", json!({"name": "客户", "kind": "dynamic", "condition": condition})).ok(201);
    let path = format!("/segments/{}", made["id"].as_str().expect("an id"));
    assert_eq!(founder.get(&format!("{path}/members")).ok(200)["items"].as_array().map(Vec::len), Some(2));
    founder.post("/customers", json!({"kind": "person", "name": "赵六", "status": "customer"})).expect(201);
    assert_eq!(founder.post(&format!("{path}/count"), json!({})).ok(200)["count"], 3);
    assert_eq!(founder.get(&path).ok(200)["count"], 3);
    let narrower = founder.get(&format!("{path}/members?filter[name]=%E5%BC%A0%E4%B8%89")).ok(200);
    assert_eq!(narrower["items"].as_array().map(Vec::len), Some(1));
    let changed =
        founder.patch(&path, &json!(1), json!({"condition": {"field": "status", "op": "eq", "value": "lead"}})).ok(200);
    assert_eq!((&changed["version"], &changed["condition"]["value"]), (&json!(2), &json!("lead")));
    assert_eq!(founder.get(&path).ok(200)["count"], json!(null), "the count was of another condition");
    assert_eq!(founder.get(&format!("{path}/members")).ok(200)["items"][0]["name"], "王五");
    founder.patch(&path, &json!(1), json!({"name": "x"})).expect(412);
    founder.delete(&path, &json!(2)).expect(204);
    founder.get(&path).expect(404);
}

fn a_static_list_takes_people_in_and_out(site: &Site) {
    let founder = site.founder();
    let mut ids = Vec::new();
    for name in ["张三", "李四", "王五"] {
        ids.push(founder.post("/customers", json!({"kind": "person", "name": name})).ok(201)["id"].clone());
    }
    let made = founder.post("/segments", json!({"name": "名单", "kind": "static", "shared": true})).ok(201);
    let members = format!("/segments/{}/members", made["id"].as_str().expect("an id"));
    assert_eq!(founder.post(&members, json!({"ids": [ids[0], ids[1]]})).ok(200)["changed"], 2);
    let everyone = json!({"filter": {"field": "kind", "op": "eq", "value": "person"}});
    assert_eq!(founder.post(&members, everyone).ok(200)["changed"], 1, "those already in stay once");
    assert_eq!(founder.post(&format!("{members}/removal"), json!({"ids": [ids[0]]})).ok(200)["changed"], 1);
    let left = founder.get(&members).ok(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(2));
    let name = left["items"][0]["name"].clone();
    let searched = json!({"q": name, "filter": {"all": []}});
    assert_eq!(
        founder.post(&format!("{members}/removal"), searched).ok(200)["changed"],
        1,
        "only whom the search finds"
    );
    assert_eq!(founder.post(&members, json!({})).ok(422)["errors"][0]["code"], "ids_or_filter");
}

fn a_bad_condition_says_where(site: &Site) {
    let founder = site.founder();
    let condition = json!({"all": [{"field": "status", "op": "eq", "value": "lead"}, {"field": "shoe_size", "op": "eq", "value": 43}]});
    let refusal = founder.post("/segments/count", json!({"condition": condition})).ok(422);
    assert_eq!(refusal["errors"][0]["pointer"], "/filter/all/1/field");
    let condition = json!({"field": "birthday", "op": "gte", "value": "yesterday"});
    let refusal = founder.post("/segments", json!({"name": "x", "kind": "dynamic", "condition": condition})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "wrong_type");
    let mut deep = json!({"field": "status", "op": "eq", "value": "lead"});
    for _ in 0..12 {
        deep = json!({"not": deep});
    }
    assert_eq!(
        founder.post("/segments/count", json!({"condition": deep})).ok(422)["errors"][0]["code"],
        "condition_too_deep"
    );
}

fn fields_speak_both_languages(site: &Site) {
    let mut founder = site.founder();
    for resource in ["customers", "orders", "products"] {
        let fields = founder.get(&format!("/condition-fields?resource={resource}")).ok(200);
        assert!(fields["items"].as_array().is_some_and(|fields| fields.len() > 5), "{resource}");
    }
    let label = |fields: serde_json::Value| {
        let fields = fields["items"].as_array().cloned().unwrap_or_default();
        fields.iter().find(|field| field["field"] == "status").map(|field| field["options"][0]["label"].clone())
    };
    assert_eq!(label(founder.get("/condition-fields?resource=customers").ok(200)), Some(json!("Lead")));
    founder.language = "zh-CN";
    assert_eq!(label(founder.get("/condition-fields?resource=customers").ok(200)), Some(json!("线索")));
}
