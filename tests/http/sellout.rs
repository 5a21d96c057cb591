//! Sheets of what places sold: read whole, saved once, nobody overwritten, every cell's history kept, walls held.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Map, Value, json};

use crate::sales::{customer, yuan};

both!(
    a_sheet_of_two_thousand_cells_is_saved_once,
    everything_wrong_is_told_and_nothing_is_saved,
    nobody_overwrites_what_they_have_not_read,
    places_of_other_units_stay_out_of_reach,
    competitors_are_kept_the_same_way,
    headings_find_places_and_products,
    what_sheets_are_kept_of_is_set,
    merged_places_keep_their_cells,
    what_was_saved_is_read_and_replays
);

const SHEET: &str = "/sellout-sheets/2026-11";

pub fn put(client: &Client, path: &str, version: &Value, body: Value) -> Reply {
    client.send("PUT", path, Some(&body), &[("if-match", &format!("\"{version}\""))])
}

pub fn product(client: &Client, code: &str) -> String {
    let made =
        client.post("/products", json!({"code": code, "name": format!("型号{code}"), "price": yuan("1")})).ok(201);
    made["id"].as_str().expect("an id").into()
}

pub fn shop(client: &Client, name: &str) -> String {
    let made = client.post("/customers", json!({"kind": "organization", "name": name})).ok(201);
    made["id"].as_str().expect("an id").into()
}

pub fn row(place: &str, values: &[(&str, &str)]) -> Value {
    let values: Map<String, Value> = values.iter().map(|(column, text)| ((*column).into(), json!(text))).collect();
    json!({"place_id": place, "values": values})
}

fn sell_out(rows: Vec<Value>) -> Value {
    json!({"measure": "sell_out", "rows": rows})
}

/// Place, column and text of every cell.
fn cells(sheet: &Value) -> Vec<(String, String, String)> {
    let mut told = Vec::new();
    for row in sheet["rows"].as_array().expect("rows") {
        for (column, text) in row["values"].as_object().expect("values") {
            let place = row["place"]["id"].as_str().expect("an id").to_string();
            told.push((place, column.clone(), text.as_str().expect("a text").to_string()));
        }
    }
    told.sort();
    told
}

fn a_sheet_of_two_thousand_cells_is_saved_once(site: &Site) {
    let founder = site.founder();
    let products: Vec<String> = (0..10).map(|at| product(&founder, &format!("M{at}"))).collect();
    let shops: Vec<Value> =
        (0..200).map(|at| json!({"kind": "organization", "name": format!("门店{at:03}")})).collect();
    let made = founder.post("/customers/batch", json!({"create": shops})).ok(200);
    let made = made["items"].as_array().expect("items").iter();
    let ids: Vec<String> = made.map(|one| one["id"].as_str().expect("an id").into()).collect();
    assert_eq!(ids.len(), 200);
    let empty = founder.get(SHEET).ok(200);
    assert_eq!((&empty["version"], &empty["rows"]), (&json!(0), &json!([])));
    let matrix = |plus: usize| {
        let rows = ids.iter().enumerate().map(|(at, id)| {
            let texts: Vec<(String, String)> = products
                .iter()
                .enumerate()
                .map(|(of, item)| (item.clone(), (at * 10 + of + plus).to_string()))
                .collect();
            let values: Vec<(&str, &str)> = texts.iter().map(|(item, text)| (item.as_str(), text.as_str())).collect();
            row(id, &values)
        });
        sell_out(rows.collect())
    };
    let saved = put(&founder, SHEET, &json!(0), matrix(1));
    assert_eq!(saved.header("etag"), Some("\"1\""));
    assert_eq!(saved.ok(200), json!({"period": "2026-11", "changed": 2000, "version": 1}));
    let again = put(&founder, SHEET, &json!(1), matrix(1)).ok(200);
    assert_eq!((&again["changed"], &again["version"]), (&json!(0), &json!(1)), "what stands already is left alone");
    let mut one_more = matrix(1);
    one_more["rows"][7]["values"][&products[3]] = json!("5000");
    assert_eq!(put(&founder, SHEET, &json!(1), one_more).ok(200)["changed"], 1);

    let sheet = founder.get(&format!("{SHEET}?limit=500")).ok(200);
    assert_eq!((&sheet["version"], sheet["rows"].as_array().map(Vec::len)), (&json!(2), Some(200)));
    assert_eq!(cells(&sheet).len(), 2000);
    let items: Vec<&Value> = sheet["items"].as_array().expect("items").iter().map(|item| &item["code"]).collect();
    assert_eq!(json!(items), json!(["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9"]));
    let found = cells(&sheet).into_iter().find(|(place, item, _)| *place == ids[7] && *item == products[3]);
    assert_eq!(found.map(|(.., text)| text).as_deref(), Some("5000.000"));
    let first = founder.get(&format!("{SHEET}?limit=150")).ok(200);
    let rest =
        founder.get(&format!("{SHEET}?limit=150&cursor={}", first["next_cursor"].as_str().expect("more"))).ok(200);
    assert_eq!((rest["rows"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(50), &Value::Null));

    let history =
        founder.get(&format!("{SHEET}/changes?place_id={}&measure=sell_out&item={}", ids[7], products[3])).ok(200);
    let told: Vec<Value> = history["items"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|one| json!([one["before"], one["after"], one["version"], one["by"]["name"]]))
        .collect();
    assert_eq!(json!(told), json!([["74.000", "5000.000", 2, "林晓"], [null, "74.000", 1, "林晓"]]));
    let events = founder.get("/audit-events?filter[resource]=sellout_sheet").ok(200);
    assert_eq!(events["items"].as_array().map(Vec::len), Some(2), "one for each save");
    assert_eq!(events["items"][1]["after"]["cells"], 2000);

    let next = founder.get("/sellout-sheets/2026-12").ok(200);
    assert_eq!((next["rows"].as_array().map(Vec::len), &next["earlier_period"]), (Some(200), &json!("2026-11")));
    assert_eq!(next["rows"][7]["earlier"][&products[3]], "5000.000", "what was sold before stands beside");
    assert_eq!(cells(&next), []);
}

fn everything_wrong_is_told_and_nothing_is_saved(site: &Site) {
    let founder = site.founder();
    let (tv, shop_a, shop_b) = (product(&founder, "TV"), shop(&founder, "甲店"), shop(&founder, "乙店"));
    let nobody = "01990000-0000-7000-8000-000000000001";
    let body = sell_out(vec![
        row(&shop_a, &[(&tv, "x"), (nobody, "1"), ("a~b/c", "1"), ("competitor_price", "1")]),
        row(&shop_b, &[(&tv, "3"), ("promoter", &"长".repeat(201))]),
        row(nobody, &[(&tv, "-1")]),
        row(&shop_a, &[(&tv, "1.0005")]),
    ]);
    let refused = put(&founder, SHEET, &json!(0), body).ok(422);
    let told: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|one| (one["pointer"].as_str().expect("a pointer"), one["code"].as_str().expect("a code")))
        .collect();
    let tv_of = |at: usize| format!("/rows/{at}/values/{tv}");
    let expected = [
        (tv_of(0), "number_invalid"),
        (format!("/rows/0/values/{nobody}"), "unknown_reference"),
        ("/rows/0/values/a~0b~1c".into(), "unknown_reference"),
        ("/rows/0/values/competitor_price".into(), "unknown_reference"),
        ("/rows/1/values/promoter".into(), "too_long"),
        ("/rows/2/place_id".into(), "unknown_reference"),
        (tv_of(2), "out_of_range"),
        ("/rows/3/place_id".into(), "duplicate"),
        (tv_of(3), "number_invalid"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for (pointer, code) in &expected {
        assert!(told.contains(&(pointer, code)), "{pointer} {code} in {told:?}");
    }
    let sheet = founder.get(SHEET).ok(200);
    assert_eq!((&sheet["version"], &sheet["rows"]), (&json!(0), &json!([])), "one wrong cell, and nothing is saved");
    let one = || sell_out(vec![row(&shop_a, &[(&tv, "3")])]);
    founder.put(SHEET, one()).expect(428);
    put(&founder, SHEET, &json!(1), one()).expect(412);
    assert_eq!(
        put(&founder, "/sellout-sheets/2026-W47", &json!(0), one()).ok(422)["errors"][0]["code"],
        "month_expected"
    );
    assert_eq!(
        put(&founder, "/sellout-sheets/2026-13", &json!(0), one()).ok(422)["errors"][0]["code"],
        "period_invalid"
    );
    put(&founder, SHEET, &json!(0), sell_out(vec![])).expect(422);
    founder.get(&format!("{SHEET}?limit=501")).expect(422);
    founder.get(&format!("{SHEET}?cursor=x")).expect(422);
    founder.get(&format!("{SHEET}?measure=promoter")).expect(422);
    founder.get("/sellout-sheets/current").expect(200);
}

fn nobody_overwrites_what_they_have_not_read(site: &Site) {
    let founder = site.founder();
    let (tv, shop_a, shop_b) = (product(&founder, "TV"), shop(&founder, "甲店"), shop(&founder, "乙店"));
    let one = |place: &str, text: &str| sell_out(vec![row(place, &[(&tv, text)])]);
    put(&founder, SHEET, &json!(0), one(&shop_a, "3")).expect(200);
    assert_eq!(
        put(&founder, SHEET, &json!(0), one(&shop_b, "4")).ok(200)["version"],
        2,
        "another's cell is in nobody's way"
    );
    let both = sell_out(vec![row(&shop_b, &[(&tv, "4")]), row(&shop_a, &[(&tv, "5"), ("promoter", "王芳")])]);
    let refused = put(&founder, SHEET, &json!(0), both.clone());
    assert_eq!((refused.status, refused.header("etag")), (412, Some("\"2\"")));
    let refused = refused.json();
    assert_eq!(refused["current_version"], 2);
    assert_eq!(refused["errors"].as_array().map(Vec::len), Some(1), "what stands as wanted is not contested");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!(format!("/rows/1/values/{tv}")), &json!("changed_since"))
    );
    assert!(refused["errors"][0]["detail"].as_str().is_some_and(|words| words.contains("3.000")), "{refused}");
    assert_eq!(cells(&founder.get(SHEET).ok(200)).len(), 2, "nothing of it was saved");
    assert_eq!(put(&founder, SHEET, &json!(2), both).ok(200), json!({"period": "2026-11", "changed": 2, "version": 3}));
    let empty = json!({"measure": "sell_out", "rows": [{"place_id": shop_a, "values": {(tv.clone()): null}}]});
    put(&founder, SHEET, &json!(2), empty.clone()).expect(412);
    put(&founder, SHEET, &json!(3), empty).expect(200);
    put(&founder, SHEET, &json!(3), one(&shop_a, "6")).expect(412);
    let told = cells(&founder.get(SHEET).ok(200));
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(shop_a, "promoter".into(), "王芳".into())), "{told:?}");
}

fn places_of_other_units_stay_out_of_reach(site: &Site) {
    let founder = site.founder();
    let tv = product(&founder, "TV");
    let east = founder.unit_new("EAST");
    let department = founder.department_new(&east, "销售");
    founder.user_new("ea", &department, &[&founder.role("member")]);
    founder.user_new("eb", &department, &[&founder.role("unit_head")]);
    let (member, head) = (site.sign_in("ea"), site.sign_in("eb"));
    let (ours, theirs) = (shop(&founder, "本部店"), shop(&head, "东店"));
    let one = |place: &str| sell_out(vec![row(place, &[(&tv, "3")])]);
    put(&founder, SHEET, &json!(0), one(&ours)).expect(200);
    assert_eq!(cells(&head.get(SHEET).ok(200)), []);
    for client in [&head, &member] {
        let refused = put(client, SHEET, &json!(1), one(&ours)).ok(422);
        assert_eq!(refused["errors"][0]["code"], "unknown_reference");
        client.get(&format!("{SHEET}/changes?place_id={ours}&measure=sell_out&item={tv}")).expect(404);
    }
    put(&head, SHEET, &json!(1), one(&theirs)).expect(200);
    let refused = put(&member, SHEET, &json!(2), one(&theirs)).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/rows/0/place_id", "a colleague's place is not the member's");
    let seen = head.get(SHEET).ok(200);
    assert_eq!(seen["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&seen["rows"][0]["place"]["name"], &seen["rows"][0]["place"]["writable"]),
        (&json!("东店"), &json!(true))
    );
    site.person("auditor", "auditor");
    let auditor = site.sign_in("auditor");
    assert_eq!(auditor.get(SHEET).ok(200)["rows"][0]["place"]["writable"], json!(false), "auditors look only");
    put(&auditor, SHEET, &json!(2), one(&theirs)).expect(403);
    let found = member.post("/sellout-matches", json!({"measure": "sell_out", "places": ["本部店", "东店"]})).ok(200);
    assert_eq!((&found["places"][0]["found"], &found["places"][1]["found"]), (&Value::Null, &Value::Null));
}

fn competitors_are_kept_the_same_way(site: &Site) {
    let founder = site.founder();
    let place = shop(&founder, "甲店");
    let entry = json!({"key": "haixin_55", "label_zh": "海信 55 寸", "label_en": "Hisense 55"});
    founder.post("/dictionaries/competitor_product/entries", entry).expect(201);
    let price = |measure: &str, text: &str| json!({"measure": measure, "rows": [row(&place, &[("haixin_55", text)])]});
    put(&founder, SHEET, &json!(0), price("competitor_price", "2999.5")).expect(200);
    put(&founder, SHEET, &json!(1), price("competitor_promotion", "满 3000 减 200")).expect(200);
    put(&founder, SHEET, &json!(2), price("competitor_stock", "many")).expect(422);
    for (measure, text) in [("competitor_price", "2999.50"), ("competitor_promotion", "满 3000 减 200")] {
        let sheet = founder.get(&format!("{SHEET}?measure={measure}")).ok(200);
        assert_eq!(sheet["rows"][0]["values"]["haixin_55"], text);
        assert_eq!((&sheet["items"][0]["item"], &sheet["place_measures"]), (&json!("haixin_55"), &json!([])));
    }
    let entries = founder.get("/dictionaries/competitor_product/entries").ok(200);
    let entry = &entries["items"][0];
    let path = format!("/dictionary-entries/{}", entry["id"].as_str().expect("an id"));
    assert_eq!(founder.delete(&path, &entry["version"]).status, 409, "what sheets name stays");
}

fn headings_find_places_and_products(site: &Site) {
    let founder = site.founder();
    let tv = product(&founder, "TV");
    let shops = [shop(&founder, "甲店"), shop(&founder, "乙店"), shop(&founder, "乙店")];
    let person = customer(&founder, "欧阳修");
    let code = founder.get(&format!("/customers/{}", shops[0])).ok(200)["code"].clone();
    let asked = json!({"measure": "sell_out", "places": [code, " 甲店 ", "乙店", "丙店", "欧阳修"], "items": ["TV", "型号TV", "x"]});
    let found = founder.post("/sellout-matches", asked).ok(200);
    let told = |side: &str, member: &str| -> Value {
        let all = found[side].as_array().expect("matches").iter();
        json!(all.map(|one| json!([one["found"][member], one["ambiguous"]])).collect::<Vec<_>>())
    };
    assert_eq!(
        told("places", "id"),
        json!([[shops[0], false], [shops[0], false], [null, true], [null, false], [person, false]])
    );
    assert_eq!(told("items", "item"), json!([[tv, false], [tv, false], [null, false]]));
}

fn what_sheets_are_kept_of_is_set(site: &Site) {
    let founder = site.founder();
    let (tv, place) = (product(&founder, "TV"), shop(&founder, "甲店"));
    let one = sell_out(vec![row(&place, &[(&tv, "3")])]);
    put(&founder, SHEET, &json!(0), one.clone()).expect(200);
    let settings = founder.get("/settings").ok(200);
    let change = |sellout: Value| {
        let version = founder.get("/settings").ok(200)["version"].clone();
        founder.patch("/settings", &version, json!({"settings": {"sellout": sellout}}))
    };
    let mut measures = settings["settings"]["sellout"]["measures"].clone();
    measures[0]["kind"] = json!("text");
    assert_eq!(change(json!({"measures": measures})).ok(409)["code"], "measure_in_use");
    measures[0]["kind"] = json!("quantity");
    measures[1]["key"] = json!("Bad key");
    change(json!({"measures": measures})).expect(422);
    measures[1]["key"] = json!("clerk");
    change(json!({"measures": measures, "period": "week"})).expect(200);
    assert_eq!(put(&founder, SHEET, &json!(1), one.clone()).ok(422)["errors"][0]["code"], "week_expected");
    put(&founder, "/sellout-sheets/2026-W47", &json!(0), one).expect(200);
    let week = founder.get("/sellout-sheets/2026-W47").ok(200);
    assert_eq!((&week["first_day"], &week["earlier_period"]), (&json!("2026-11-16"), &json!("2026-W46")));
    assert_eq!(week["place_measures"][0]["key"], "clerk");
    assert_eq!(cells(&founder.get(SHEET).ok(200)).len(), 1, "months that were kept are read still");
}

fn merged_places_keep_their_cells(site: &Site) {
    let founder = site.founder();
    let (tv, radio) = (product(&founder, "TV"), product(&founder, "R"));
    let (kept, gone) = (shop(&founder, "甲店"), shop(&founder, "甲店有限公司"));
    let rows = vec![row(&kept, &[(&tv, "3")]), row(&gone, &[(&tv, "4"), (&radio, "5")])];
    put(&founder, SHEET, &json!(0), sell_out(rows)).expect(200);
    let before = cells(&founder.get(SHEET).ok(200));
    let merge = json!({"other_id": gone, "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("/customers/{kept}/merges"), merge).ok(201);
    let mut expected =
        vec![(kept.clone(), tv.clone(), "3.000".to_string()), (kept.clone(), radio, "5.000".to_string())];
    expected.sort();
    assert_eq!(cells(&founder.get(SHEET).ok(200)), expected, "the kept one's own stands");
    founder.post(&format!("/merges/{}/undo", merge["id"].as_str().expect("an id")), json!(null)).expect(200);
    assert_eq!(cells(&founder.get(SHEET).ok(200)), before);
}

/// Random saves one after the other: what is read is what was saved, and each cell's history leads to it.
fn what_was_saved_is_read_and_replays(site: &Site) {
    let founder = site.founder();
    let items: Vec<String> = (0..3).map(|at| product(&founder, &format!("P{at}"))).collect();
    let shops: Vec<String> = (0..3).map(|at| shop(&founder, &format!("店{at}"))).collect();
    let months = std::cell::Cell::new(0);
    let save = proptest::collection::vec((0usize..3, 0usize..3, proptest::option::of(0u32..9)), 1..6);
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&proptest::collection::vec(save, 1..6), |saves| {
        months.set(months.get() + 1);
        // A sheet of its own for each case, none the neighbour of another.
        let path = format!("/sellout-sheets/{}-06", 2000 + months.get() % 90);
        let mut version = founder.get(&path).ok(200)["version"].clone();
        let mut model = std::collections::BTreeMap::new();
        for save in saves {
            let mut rows: Vec<Value> = shops.iter().map(|place| json!({"place_id": place, "values": {}})).collect();
            for (at, of, value) in save {
                rows[at]["values"][&items[of]] = json!(value.map(|value| value.to_string()));
            }
            for (row, place) in rows.iter().zip(&shops) {
                for (item, text) in row["values"].as_object().expect("values") {
                    model.insert((place.clone(), item.clone()), text.as_str().map(|text| format!("{text}.000")));
                }
            }
            version = put(&founder, &path, &version, sell_out(rows)).ok(200)["version"].clone();
        }
        let expected: Vec<(String, String, String)> = model
            .iter()
            .filter_map(|((place, item), text)| Some((place.clone(), item.clone(), text.clone()?)))
            .collect();
        prop_assert_eq!(cells(&founder.get(&path).ok(200)), expected);
        for ((place, item), text) in &model {
            let told = founder.get(&format!("{path}/changes?place_id={place}&measure=sell_out&item={item}")).ok(200);
            let told: Vec<Value> = told["items"].as_array().expect("changes").iter().rev().cloned().collect();
            let mut stands = Value::Null;
            for change in told {
                prop_assert_eq!(&change["before"], &stands);
                prop_assert_ne!(&change["after"], &stands, "only changes are kept");
                stands = change["after"].clone();
            }
            prop_assert_eq!(stands, json!(text));
        }
        Ok(())
    });
    outcome.expect("what was saved is read");
}
