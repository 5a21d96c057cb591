//! Two records made one, and two again.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use regulars_tests::{Client, Engine, Site, both};
use serde_json::{Map, Value, json};

use super::duplicates::followed;
use super::{colleague, customer, home, id, path, unit};

both!(
    fields_are_chosen_and_everything_moves,
    whoever_asks_for_the_gone_one_is_sent_on,
    a_merge_and_its_undo_change_nothing,
    later_edits_outlive_the_undo,
    chains_come_apart_in_turn,
    merging_needs_sight_and_rights_on_both,
    unique_values_go_along,
);

/// Merges `gone` into `kept` as both stand.
pub fn merge(client: &Client, kept: &Value, gone: &Value, choices: Value) -> Value {
    let version = |one: &Value| client.get(&path(one)).ok(200)["version"].clone();
    let body =
        json!({"other_id": gone["id"], "version": version(kept), "other_version": version(gone), "choices": choices});
    client.post(&format!("{}/merges", path(kept)), body).ok(201)
}

pub fn undo(client: &Client, merge: &Value) -> Value {
    client.post(&format!("/merges/{}/undo", id(merge)), json!(null)).ok(200)
}

fn fields_are_chosen_and_everything_moves(site: &Site) {
    let founder = site.founder();
    let tag = |name: &str| founder.post("/tags", json!({"name": name, "color": "pine"})).ok(201)["id"].clone();
    let (old, new) = (tag("Old"), tag("New"));
    let kept = json!({"kind": "person", "name": "张伟", "note": "window", "phones": [{"number": "13800138000"}],
        "gender": "male", "tag_ids": [old]});
    let kept = founder.post("/customers", kept).ok(201);
    let gone = json!({"kind": "person", "name": "Zhang Wei", "note": "aisle", "birthday": "1985-06-08", "tag_ids": [new],
        "phones": [{"number": "13800138000", "label": "work"}, {"number": "13900139000"}], "status": "lead",
        "emails": [{"address": "zw@example.com"}], "addresses": [{"city": "上海"}]});
    let gone = founder.post("/customers", gone).ok(201);
    let friend = customer(&founder, "Friend");
    let order = json!({"customer_id": gone["id"], "status": "confirmed",
        "lines": [{"name": "Beans", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}]});
    let order = founder.post("/orders", order).ok(201);
    founder.post("/interactions", json!({"customer_id": gone["id"], "kind": "call", "body": "rang"})).expect(201);
    founder.post(&format!("{}/preferences", path(&gone)), json!({"key": "Seat", "value": "W"})).expect(201);
    for (from, to) in [(&gone, &friend), (&kept, &friend), (&friend, &gone), (&kept, &gone)] {
        let relation = json!({"from_id": from["id"], "to_id": to["id"], "role": "friend"});
        founder.post("/relations", relation).expect(201);
    }
    let segment = founder.post("/segments", json!({"name": "S", "kind": "static"})).ok(201);
    founder.post(&format!("/segments/{}/members", id(&segment)), json!({"ids": [gone["id"]]})).expect(200);

    let merged = merge(&founder, &kept, &gone, json!({"note": "both", "status": "gone", "tags": "both"}));
    assert_eq!((&merged["kept"]["name"], &merged["gone"]["name"]), (&json!("张伟"), &json!("Zhang Wei")));
    let now = founder.get(&format!("{}/card", path(&kept))).ok(200);
    let one = &now["customer"];
    for (field, value) in [
        ("name", json!("张伟")),
        ("code", kept["code"].clone()),
        ("note", json!("window\n\naisle")),
        ("status", json!("lead")),
        ("gender", json!("male")),
        ("birthday", json!("1985-06-08")),
        ("version", json!(2)),
    ] {
        assert_eq!(one[field], value, "{field}");
    }
    let values = |list: &str, key: &str| -> Vec<Value> {
        one[list].as_array().expect("a list").iter().map(|item| item[key].clone()).collect()
    };
    assert_eq!(values("phones", "number"), ["+8613800138000", "+8613900139000"]);
    assert_eq!(values("phones", "primary"), [true, false]);
    assert_eq!(
        (values("emails", "address"), values("addresses", "city")),
        (vec![json!("zw@example.com")], vec![json!("上海")])
    );
    assert_eq!(values("tags", "name"), ["New", "Old"]);
    assert_eq!(now["recent_orders"][0]["id"], order["id"]);
    assert_eq!((&now["metrics"]["orders"], &now["metrics"]["contacts_30"]), (&json!(1), &json!(1)));
    assert_eq!(now["preferences"][0]["key"], "seat");
    let relations: Vec<(&Value, &Value)> = now["relations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["from"]["name"], &one["to"]["name"]))
        .collect();
    assert_eq!(relations.len(), 2, "one each way: {relations:?}");
    assert_eq!(founder.get(&format!("/segments/{}/members", id(&segment))).ok(200)["items"][0]["id"], kept["id"]);
    let timeline = founder.all(&format!("{}/timeline", path(&kept)), 50);
    let titles: Vec<&str> = timeline.iter().filter_map(|item| item["title"].as_str()).collect();
    for title in ["Another customer merged in", "Merged into another customer", "Call"] {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
    assert_eq!(titles.iter().filter(|title| **title == "Customer created").count(), 2, "both histories");
    assert_eq!(founder.get("/search?q=13900139000").ok(200)["customers"][0]["id"], kept["id"]);
    assert_eq!(founder.get(&format!("{}/merges", path(&kept))).ok(200)["items"][0], merged);
    let every = site.app.db().read(|db| {
        regulars_persistence::insight::counter::metric_differences(
            db,
            &[party(&kept), party(&gone), party(&friend)],
            regulars_domain::sales::CountsWhen::Confirmed,
        )
    });
    assert_eq!(every.expect("metrics"), [], "figures are what the orders say");
}

fn party(value: &Value) -> regulars_domain::ids::PartyId {
    regulars_domain::ids::PartyId(id(value).parse().expect("an id"))
}

fn whoever_asks_for_the_gone_one_is_sent_on(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "A"), customer(&founder, "A"));
    let merged = merge(&founder, &kept, &gone, json!({}));
    for tail in ["", "/card"] {
        let answer = founder.get(&format!("{}{tail}", path(&gone))).ok(410);
        assert_eq!((&answer["code"], &answer["merged_into"]), (&json!("merged"), &kept["id"]));
    }
    assert_eq!(founder.post(&format!("{}/restoration", path(&gone)), json!(null)).ok(409)["code"], "merged_away");
    assert_eq!(founder.all("/customers", 50).len(), 1);
    let stranger = colleague(site, "stranger", "member", &home(site));
    stranger.get(&path(&gone)).expect(404);
    stranger.get(&format!("/merges/{}", id(&merged))).expect(404);
    undo(&founder, &merged);
    assert_eq!(founder.get(&path(&gone)).ok(200)["name"], "A");
    assert_eq!(founder.post(&format!("/merges/{}/undo", id(&merged)), json!(null)).ok(409)["code"], "wrong_state");
}

/// Everything that is told of a customer, without what counts changes.
fn told(client: &Client, one: &Value) -> Value {
    fn bare(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for name in ["version", "updated_at", "timeline", "metrics"] {
                    members.remove(name);
                }
                members.values_mut().for_each(bare);
            }
            Value::Array(items) => items.iter_mut().for_each(bare),
            _ => {}
        }
    }
    let mut card = client.get(&format!("{}/card", path(one))).ok(200);
    let orders = card["metrics"]["orders"].clone();
    bare(&mut card);
    let spoken = client.all(&format!("{}/timeline?kinds=call,note", path(one)), 50);
    let segments: Vec<Value> = client
        .all("/segments", 50)
        .iter()
        .filter(|segment| {
            let members = client.all(&format!("/segments/{}/members", id(segment)), 50);
            members.iter().any(|member| member["id"] == one["id"])
        })
        .map(|segment| segment["name"].clone())
        .collect();
    json!({"card": card, "orders": orders, "spoken": spoken, "segments": segments})
}

/// What two records may hold, and what is chosen of them.
fn sides() -> impl Strategy<Value = ([Vec<u8>; 2], Vec<u8>)> {
    let side = prop::collection::vec(0..3_u8, 16);
    ([side.clone(), side], prop::collection::vec(0..4_u8, 18))
}

const FIELDS: [&str; 17] = [
    "name",
    "status",
    "owner",
    "gender",
    "birthday",
    "tax_id",
    "industry",
    "source",
    "level",
    "buying_style",
    "internal",
    "note",
    "phones",
    "emails",
    "addresses",
    "dates",
    "tags",
];

/// A customer by numbers: 0 leaves a field out, 1 and 2 are two values.
fn body(side: &[u8], tags: &[Value]) -> Value {
    let mut body =
        Map::from_iter([("kind".into(), json!("person")), ("name".into(), json!(["A", "B", "C"][side[0] as usize]))]);
    let one = |at: usize, values: [Value; 2]| (side[at] > 0).then(|| values[usize::from(side[at]) - 1].clone());
    for (at, field, values) in [
        (1, "gender", [json!("male"), json!("female")]),
        (2, "birthday", [json!("1985-06-08"), json!("1990-01-02")]),
        (3, "tax_id", [json!("X1"), json!("X2")]),
        (4, "source", [json!("referral"), json!("walk_in")]),
        (5, "buying_style", [json!("transaction"), json!("relationship")]),
        (6, "note", [json!("one"), json!("two")]),
        (
            7,
            "phones",
            [json!([{"number": "13800138000"}]), json!([{"number": "13800138000"}, {"number": "13900139000"}])],
        ),
        (8, "emails", [json!([{"address": "a@b.cn"}]), json!([{"address": "c@d.cn", "label": "work"}])]),
        (9, "addresses", [json!([{"city": "上海"}]), json!([{"city": "北京"}, {"city": "上海"}])]),
        (
            10,
            "dates",
            [
                json!([{"kind": "wedding", "date": "2012-10-01"}]),
                json!([{"kind": "wedding", "lunar": {"month": 8, "day": 15}}]),
            ],
        ),
        (11, "tag_ids", [json!([tags[0]]), json!([tags[0], tags[1]])]),
        (12, "custom", [json!({"plate": "沪A1"}), json!({"plate": "沪A2", "size": 5})]),
    ] {
        body.extend(one(at, values).map(|value| (field.into(), value)));
    }
    body.into()
}

fn filled(client: &Client, side: &[u8], tags: &[Value], others: (&Value, &Value)) -> Value {
    let (friend, segment) = others;
    let made = client.post("/customers", body(side, tags)).ok(201);
    for at in 0..side[13] {
        let order = json!({"customer_id": made["id"], "status": "confirmed", "note": at.to_string(),
            "lines": [{"name": "Beans", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}]});
        client.post("/orders", order).expect(201);
        client.post("/interactions", json!({"customer_id": made["id"], "kind": "call", "body": "rang"})).expect(201);
    }
    for _ in 0..side[14] {
        let relation = json!({"from_id": made["id"], "to_id": friend["id"], "role": "friend"});
        client.post("/relations", relation).expect(201);
        client.post(&format!("{}/preferences", path(&made)), json!({"key": "Seat", "value": "W"})).expect(201);
    }
    if side[15] > 0 {
        client.post(&format!("/segments/{}/members", id(segment)), json!({"ids": [made["id"]]})).expect(200);
    }
    made
}

fn a_merge_and_its_undo_change_nothing(site: &Site) {
    let founder = site.founder();
    let tags =
        ["One", "Two"].map(|name| founder.post("/tags", json!({"name": name, "color": "pine"})).ok(201)["id"].clone());
    for (key, kind) in [("plate", "text"), ("size", "number")] {
        let field = json!({"resource": "customer", "key": key, "label_zh": key, "label_en": key, "type": kind});
        founder.post("/custom-fields", field).expect(201);
    }
    let friend = customer(&founder, "Friend");
    let segment = founder.post("/segments", json!({"name": "S", "kind": "static"})).ok(201);
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&sides(), |(sides, picks)| {
        let made = sides.each_ref().map(|side| filled(&founder, side, &tags, (&friend, &segment)));
        let between = json!({"from_id": made[0]["id"], "to_id": made[1]["id"], "role": "friend"});
        founder.post("/relations", between).expect(201);
        let before = [&made[0], &made[1], &friend].map(|one| told(&founder, one));
        let choice = |pick: u8| ["kept", "gone", "both"].get(usize::from(pick)).copied();
        let mut choices: Map<String, Value> = FIELDS
            .iter()
            .zip(&picks)
            .filter_map(|(field, pick)| Some(((*field).into(), json!(choice(*pick)?))))
            .collect();
        choices.extend(choice(picks[17]).map(|pick| ("custom".into(), json!({"plate": pick}))));
        let merged = merge(&founder, &made[0], &made[1], choices.into());
        undo(&founder, &merged);
        for (one, before) in [&made[0], &made[1], &friend].into_iter().zip(before) {
            prop_assert_eq!(told(&founder, one), before);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn later_edits_outlive_the_undo(site: &Site) {
    let founder = site.founder();
    let kept = json!({"kind": "person", "name": "A", "note": "kept", "phones": [{"number": "13800138000"}]});
    let kept = founder.post("/customers", kept).ok(201);
    let gone = json!({"kind": "person", "name": "B", "note": "gone", "gender": "male", "emails": [{"address": "b@b.cn"}],
        "phones": [{"number": "13900139000"}]});
    let gone = founder.post("/customers", gone).ok(201);
    let note = |to: &Value, text: &str| {
        founder.post("/interactions", json!({"customer_id": to["id"], "kind": "note", "body": text})).ok(201)
    };
    let (theirs, lost) = (note(&gone, "theirs"), note(&gone, "lost"));
    let merged = merge(&founder, &kept, &gone, json!({"name": "gone", "note": "gone"}));
    let later = note(&kept, "later");
    founder.delete(&format!("/interactions/{}", id(&lost)), &json!(1)).expect(204);
    let version = founder.get(&path(&kept)).ok(200)["version"].clone();
    let edit = json!({"note": "edited", "emails": [], "birthday": "1990-01-02"});
    founder.patch(&path(&kept), &version, edit).expect(200);
    undo(&founder, &merged);
    let one = founder.get(&path(&kept)).ok(200);
    assert_eq!((&one["name"], &one["note"], &one["birthday"]), (&json!("A"), &json!("edited"), &json!("1990-01-02")));
    assert_eq!((&one["gender"], &one["emails"]), (&json!(null), &json!([])));
    assert_eq!(one["phones"].as_array().map(Vec::len), Some(1));
    let other = founder.get(&path(&gone)).ok(200);
    assert_eq!((&other["name"], &other["note"], &other["gender"]), (&json!("B"), &json!("gone"), &json!("male")));
    assert_eq!(
        (&other["emails"][0]["address"], &other["phones"][0]["number"]),
        (&json!("b@b.cn"), &json!("+8613900139000"))
    );
    let notes = |of: &Value| -> Vec<Value> {
        founder.all(&format!("{}/timeline?kinds=note", path(of)), 50).iter().map(|item| item["id"].clone()).collect()
    };
    assert_eq!((notes(&kept), notes(&gone)), (vec![later["id"].clone()], vec![theirs["id"].clone()]));
}

fn chains_come_apart_in_turn(site: &Site) {
    let founder = site.founder();
    let [a, b, c] = ["A", "B", "C"].map(|name| customer(&founder, name));
    founder.post("/interactions", json!({"customer_id": c["id"], "kind": "note", "body": "of C"})).expect(201);
    let first = merge(&founder, &b, &c, json!({}));
    let second = merge(&founder, &a, &b, json!({}));
    assert_eq!(founder.get(&path(&c)).ok(410)["merged_into"], a["id"]);
    assert_eq!(founder.get(&format!("{}/merges", path(&a))).ok(200)["items"].as_array().map(Vec::len), Some(2));
    let created = |of: &Value| {
        let all = founder.all(&format!("{}/timeline?kinds=event", path(of)), 50);
        all.iter().filter(|item| item["title"] == "Customer created").count()
    };
    assert_eq!(created(&a), 3);
    let refused = founder.post(&format!("/merges/{}/undo", id(&first)), json!(null)).ok(409);
    assert_eq!(refused["code"], "merged_again");
    undo(&founder, &second);
    assert_eq!(founder.get(&path(&c)).ok(410)["merged_into"], b["id"]);
    assert_eq!((created(&a), created(&b)), (1, 2));
    undo(&founder, &first);
    assert_eq!(founder.all(&format!("{}/timeline?kinds=note", path(&c)), 50).len(), 1);
}

fn merging_needs_sight_and_rights_on_both(site: &Site) {
    let founder = site.founder();
    let member = colleague(site, "member", "member", &home(site));
    let (mine, also) = (customer(&member, "A"), customer(&member, "A"));
    let theirs = customer(&founder, "A");
    let body = |other: &Value| json!({"other_id": other["id"], "version": 1, "other_version": 1});
    let at = |one: &Value| format!("{}/merges", path(one));
    assert_eq!(member.post(&at(&mine), body(&theirs)).ok(422)["errors"][0]["pointer"], "/other_id");
    member.post(&at(&theirs), body(&mine)).expect(404);
    assert_eq!(founder.post(&at(&mine), body(&mine)).ok(422)["errors"][0]["code"], "self_reference");
    let firm = founder.post("/customers", json!({"kind": "organization", "name": "A"})).ok(201);
    assert_eq!(founder.post(&at(&theirs), body(&firm)).ok(409)["code"], "other_kind");
    let (elsewhere, _) = unit(site, "北京", "BJ");
    let away = json!({"kind": "person", "name": "A", "unit_id": elsewhere, "owner_id": null});
    let away = founder.post("/customers", away).ok(201);
    assert_eq!(founder.post(&at(&theirs), body(&away)).ok(409)["code"], "other_unit");
    let stale = json!({"other_id": also["id"], "version": 1, "other_version": 7});
    assert_eq!(member.post(&at(&mine), stale).ok(412)["current_version"], 1);
    let auditor = site.person("auditor", "auditor");
    auditor.post(&at(&mine), body(&also)).expect(403);
    let merged = member.post(&at(&mine), body(&also)).ok(201);
    auditor.post(&format!("/merges/{}/undo", id(&merged)), json!(null)).expect(403);
    followed(site);
    assert_eq!(member.get("/duplicates").ok(200)["items"], json!([]));
}

fn unique_values_go_along(site: &Site) {
    let founder = site.founder();
    let field = json!({"resource": "customer", "key": "plate", "label_zh": "车牌", "label_en": "Plate", "type": "text",
        "unique": true});
    founder.post("/custom-fields", field).expect(201);
    let field =
        json!({"resource": "customer", "key": "sent_by", "label_zh": "介绍人", "label_en": "Sent by", "type": "party"});
    founder.post("/custom-fields", field).expect(201);
    let with = |name: &str, custom: Value| {
        founder.post("/customers", json!({"kind": "person", "name": name, "custom": custom})).ok(201)
    };
    let kept = with("A", json!({}));
    let gone = with("B", json!({"plate": "沪A1"}));
    let third = with("C", json!({"sent_by": gone["id"]}));
    let merged = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&path(&kept)).ok(200)["custom"]["plate"], "沪A1");
    assert_eq!(founder.get(&path(&third)).ok(200)["custom"]["sent_by"], kept["id"]);
    let body = json!({"kind": "person", "name": "D", "custom": {"plate": "沪a1"}});
    assert_eq!(founder.post("/customers", body.clone()).ok(409)["code"], "value_taken");
    undo(&founder, &merged);
    assert_eq!(founder.get(&path(&gone)).ok(200)["custom"]["plate"], "沪A1");
    assert_eq!(founder.get(&path(&kept)).ok(200)["custom"], json!({}));
    assert_eq!(founder.get(&path(&third)).ok(200)["custom"]["sent_by"], gone["id"]);
    assert_eq!(founder.post("/customers", body).ok(409)["code"], "value_taken");
}

#[test]
fn every_reference_to_a_customer_is_told_what_becomes_of_it() {
    use regulars_persistence::StoreError;
    use regulars_persistence::customers::merge::REFERENCES;
    use regulars_persistence::schema::{schema_columns, schema_references};
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let site = Site::start_bare(engine);
        let (keys, columns) = site
            .app
            .db()
            .read(|db| Ok::<_, StoreError>((schema_references(db, "party")?, schema_columns(db)?)))
            .expect("a schema");
        let told = |table: &str, column: &str| REFERENCES.iter().any(|one| one.table == table && one.column == column);
        let missing: Vec<_> = keys.iter().filter(|key| !told(&key.table_name, &key.column_name)).collect();
        assert!(missing.is_empty(), "say in REFERENCES what a merge does with {missing:?}");
        assert!(keys.len() > 15, "{}", keys.len());
        let named = ["party_id", "customer_id"];
        let unkeyed: Vec<_> = columns
            .iter()
            .filter(|column| named.iter().any(|name| column.column_name.ends_with(name)))
            .filter(|column| !told(&column.table_name, &column.column_name))
            .collect();
        assert!(unkeyed.is_empty(), "these name customers without a key: {unkeyed:?}");
        for reference in REFERENCES {
            let there = |row: &&regulars_persistence::schema::ColumnRow| {
                row.table_name == reference.table && row.column_name == reference.column
            };
            assert!(columns.iter().any(|row| there(&row)), "{reference:?} is gone");
        }
    }
}
