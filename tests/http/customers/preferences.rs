//! The kinds of preferences: a dictionary of the company's, known to the API, imports, filters and segments.

use chrono::Utc;
use regulars_app::AppError;
use regulars_app::access::setup::defaults_refresh;
use regulars_persistence::Db;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{customer, id, path};
use crate::imports::{counts, import, perform};

both!(
    kinds_are_a_dictionary,
    files_bring_preferences_and_take_them_back,
    texts_from_before_become_kinds,
    customers_are_found_by_what_they_like,
);

fn note(client: &Client, guest: &Value, kind: &str, value: &str) -> Value {
    client.post(&format!("{}/preferences", path(guest)), json!({"key": kind, "value": value})).ok(201)
}

fn kinds_are_a_dictionary(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let at = format!("{}/preferences", path(&guest));
    for (said, key) in [("seat", "seat"), ("座位", "seat"), (" Seat ", "seat"), ("BREAKFAST", "breakfast")] {
        assert_eq!(note(&founder, &guest, said, "x")["key"], key, "{said}");
    }
    let refusal = founder.post(&at, json!({"key": "Pillow", "value": "Hard"})).ok(422);
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["code"]),
        (&json!("/key"), &json!("unknown_reference"))
    );
    let pillow = json!({"key": "pillow", "label_zh": "枕头", "label_en": "Pillow", "position": 3});
    let pillow = founder.post("/dictionaries/preference_kind/entries", pillow).ok(201);
    let hard = note(&founder, &guest, "枕头", "Hard");
    assert_eq!(hard["key"], "pillow");
    let entry = format!("/dictionary-entries/{}", id(&pillow));
    assert_eq!(founder.delete(&entry, &pillow["version"]).ok(409)["code"], "in_use");

    let renamed = founder.patch(&entry, &pillow["version"], json!({"label_en": "Cushion", "active": false})).ok(200);
    assert_eq!(renamed["label_en"], "Cushion");
    founder.post(&at, json!({"key": "pillow", "value": "Soft"})).expect(422);
    let own = format!("/preferences/{}", id(&hard));
    let softer = founder.patch(&own, &hard["version"], json!({"value": "Harder"})).ok(200);
    assert_eq!((&softer["key"], &softer["value"]), (&json!("pillow"), &json!("Harder")), "what stands may stay");
    let told = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200);
    assert!(told.to_string().contains("Cushion: Hard"), "the history says it in words: {told}");
}

fn files_bring_preferences_and_take_them_back(site: &Site) {
    let founder = site.founder();
    let guest = founder.post("/customers", json!({"kind": "person", "name": "张伟", "code": "C001"})).ok(201);
    let at = format!("{}/preferences", path(&guest));
    note(&founder, &guest, "seat", "靠窗");
    let text = "客户编号,偏好种类,偏好内容,确认日期\nC001,座位,靠窗,2025-06-08\nC001,drink,美式,2025-06-08\n\
        C001,Drink,美式,\nC001,香气,豆香,\nC999,座位,露台,\n";
    let done = import(site, &founder, "preferences", text);
    assert_eq!(
        counts(&done),
        [5, 1, 0, 2, 2],
        "one new, one known, one said twice, an unknown kind, an unknown customer"
    );
    let listed = founder.get(&at).ok(200);
    let keys: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|one| &one["key"]).collect();
    assert_eq!(keys.len(), 2, "{listed}");
    let undone = perform(site, &founder, &done, "undo");
    assert_eq!(undone["status"], "undone");
    let listed = founder.get(&at).ok(200);
    assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["value"]), (Some(1), &json!("靠窗")));
}

fn texts_from_before_become_kinds(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let (aroma, seat) = (note(&founder, &guest, "drink", "豆香"), note(&founder, &guest, "other", "靠窗"));
    let before = [(&aroma, "香气"), (&seat, "座位")].map(|(one, text)| (id(one).to_owned(), text));
    let refresh = move |tx: &mut Db| {
        Statement::new("DELETE FROM dictionary_entry WHERE dictionary = 'preference_kind'").run(tx)?;
        for (value, text) in [("豆香", before[0].1), ("靠窗", before[1].1)] {
            Statement::new("UPDATE party_preference SET key = ")
                .with("", text)
                .with(" WHERE value = ", value)
                .run(tx)?;
        }
        defaults_refresh(tx, Utc::now())
    };
    site.app.db().write(refresh).map_err(|error: AppError| error.to_string()).expect("refreshed");
    let listed = founder.get(&format!("{}/preferences", path(&guest))).ok(200);
    let key = |value: &str| {
        let items = listed["items"].as_array().expect("items");
        items.iter().find(|one| one["value"] == value).map(|one| one["key"].clone())
    };
    assert_eq!(key("靠窗"), Some(json!("seat")));
    let entries = founder.get("/dictionaries/preference_kind/entries").ok(200);
    let own = entries["items"].as_array().expect("entries").iter().find(|one| one["label_zh"] == "香气").cloned();
    assert_eq!(key("豆香"), own.map(|one| one["key"].clone()), "{entries}");
}

fn customers_are_found_by_what_they_like(site: &Site) {
    let founder = site.founder();
    let (one, other) = (customer(&founder, "A"), customer(&founder, "B"));
    note(&founder, &one, "seat", "By the window");
    note(&founder, &other, "drink", "Flat white");
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().expect("items");
        items.iter().map(|one| one["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let asked = |query: &str| names(&founder.get(&format!("/customers?{query}")).ok(200));
    assert_eq!(asked("filter[preferences][any_of]=seat"), ["A"]);
    assert_eq!(asked("filter[preference][contains]=white"), ["B"]);
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "preferences").cloned();
    let field = field.expect("a field of kinds");
    assert!(
        field["options"].as_array().is_some_and(|options| options.iter().any(|one| one["value"] == "seat")),
        "{field}"
    );
    let condition = json!({"field": "preferences", "op": "any_of", "value": ["drink"]});
    let segment = json!({"name": "Drinkers", "kind": "dynamic", "condition": condition});
    let segment = founder.post("/segments", segment).ok(201);
    assert_eq!(names(&founder.get(&format!("/segments/{}/members", id(&segment))).ok(200)), ["B"]);
}
