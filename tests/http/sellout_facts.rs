//! Sell-out as facts and as files: held against what was entered, within the walls of the sheet, taken back whole.

use regulars_domain::demo::Rng;
use regulars_domain::pivot::Aggregate;
use regulars_tests::{Client, Site, both};
use serde_json::{Map, Value, json};

use crate::exports::exported;
use crate::imports::{counts, import, path_of, perform, upload};
use crate::pivot_facts::{Drawn, Known, rounds};
use crate::sellout::{product, put, row, shop};

both!(
    cells_are_divided_as_the_judge_does,
    competitors_offers_are_divided_as_the_judge_does,
    weeks_begin_on_their_monday,
    facts_of_cells_stay_within_walls,
    cells_come_in_go_out_and_are_taken_back,
    files_fill_only_places_within_reach,
);

const PERIODS: [&str; 4] = ["2025-11", "2025-12", "2026-01", "2026-02"];

fn entered(client: &Client, period: &str, version: i64, body: Value) -> i64 {
    let saved = put(client, &format!("/sellout-sheets/{period}"), &json!(version), body).ok(200);
    saved["version"].as_i64().expect("a version")
}

/// Five places, three products of which two are of a brand, four months, a promoter now and then.
fn sold(founder: &Client) -> Vec<Known> {
    let mut rng = Rng::of_row(11, 1, 1);
    let brand = founder.post("/brands", json!({"name": "海"})).ok(201)["id"].clone();
    let products: Vec<(String, Option<String>)> = (0..3)
        .map(|at| {
            let brand = (at < 2).then(|| brand.as_str().expect("an id").to_string());
            let body = json!({"code": format!("M{at}"), "name": format!("型号{at}"), "price": null, "brand_id": brand});
            (founder.post("/products", body).ok(201)["id"].as_str().expect("an id").into(), brand)
        })
        .collect();
    let places: Vec<String> = (0..5).map(|at| shop(founder, &format!("店{at}"))).collect();
    let mut facts = Vec::new();
    for period in PERIODS {
        let mut rows = Vec::new();
        for place in &places {
            let promoter = [None, Some("王芳"), Some("李娜")][rng.below(3)];
            let mut values: Map<String, Value> = Map::new();
            for (product, brand) in &products {
                if !rng.chance(0.7) {
                    continue;
                }
                let quantity = rng.between(0, 40_000);
                let text = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                values.insert(product.clone(), json!(text));
                facts.push(Known {
                    keys: [
                        ("period_begins_on", Some(format!("{period}-01"))),
                        ("customer", Some(place.clone())),
                        ("product", Some(product.clone())),
                        ("brand", brand.clone()),
                        ("sheet.promoter", promoter.map(String::from)),
                        ("measure", Some("sell_out".into())),
                    ]
                    .into(),
                    sums: [("quantity", quantity)].into(),
                });
            }
            if let Some(promoter) = promoter {
                values.insert("promoter".into(), json!(promoter));
            }
            rows.push(json!({"place_id": place, "values": values}));
        }
        entered(founder, period, 0, json!({"measure": "sell_out", "rows": rows}));
    }
    facts
}

fn cells_are_divided_as_the_judge_does(site: &Site) {
    let founder = site.founder();
    let facts = sold(&founder);
    let drawn = Drawn {
        fact: "sell_out",
        fields: &["period_begins_on", "customer", "product", "brand", "sheet.promoter", "measure"],
        days: &["period_begins_on"],
        aggregates: vec![Aggregate::Sum("quantity".into()), Aggregate::Count, Aggregate::Distinct("product".into())],
        narrow: ("sheet.promoter", "王芳"),
    };
    rounds(&founder, &drawn, &facts);

    let fields = founder.get("/pivots/facts").ok(200);
    let fact =
        fields["items"].as_array().expect("facts").iter().find(|one| one["fact"] == "sell_out").expect("it").clone();
    let label = |name: &str| {
        let all = fact["fields"].as_array().expect("fields");
        all.iter().find(|one| one["field"] == name).expect("a field")["label"].clone()
    };
    assert_eq!((label("sheet.promoter"), label("customer")), (json!("Promoter"), json!("Place")));

    let query = json!({"fact": "sell_out", "measures": [{"aggregate": "sum", "field": "quantity"}],
        "filter": {"field": "period_begins_on", "op": "eq", "value": "2026-01-01"}});
    let behind = founder.post("/pivots/records", json!({"query": query, "limit": 200})).ok(200);
    let cells = behind["items"].as_array().expect("records");
    let january = facts.iter().filter(|fact| fact.keys["period_begins_on"].as_deref() == Some("2026-01-01"));
    assert_eq!(cells.len(), january.count());
    for cell in cells {
        assert_eq!((&cell["kind"], &cell["period"]), (&json!("sellout_cell"), &json!("2026-01")), "{cell}");
        assert!(cell["title"].as_str().is_some_and(|title| title.starts_with("2026-01 · 型号")), "{cell}");
    }
}

fn competitors_offers_are_divided_as_the_judge_does(site: &Site) {
    let founder = site.founder();
    let places: Vec<String> = (0..3).map(|at| shop(&founder, &format!("店{at}"))).collect();
    for key in ["haixin_55", "tcl_65"] {
        let entry = json!({"key": key, "label_zh": key, "label_en": key});
        founder.post("/dictionaries/competitor_product/entries", entry).expect(201);
    }
    let mut rng = Rng::of_row(11, 2, 1);
    let mut facts = Vec::new();
    for period in PERIODS {
        let mut version = 0;
        for (measure, sum) in [("competitor_price", "price"), ("competitor_stock", "stock")] {
            let mut rows = Vec::new();
            for place in &places {
                let mut values: Map<String, Value> = Map::new();
                for key in ["haixin_55", "tcl_65"] {
                    let number = rng.between(1, 900);
                    values.insert(key.into(), json!(number.to_string()));
                    let minor = number * if sum == "price" { 100 } else { 1000 };
                    facts.push(Known {
                        keys: [
                            ("period_begins_on", Some(format!("{period}-01"))),
                            ("customer", Some(place.clone())),
                            ("competitor_product", Some(key.into())),
                            ("measure", Some(measure.into())),
                        ]
                        .into(),
                        sums: [(sum, minor)].into(),
                    });
                }
                rows.push(json!({"place_id": place, "values": values}));
            }
            version = entered(&founder, period, version, json!({"measure": measure, "rows": rows}));
        }
    }
    for (sum, measure) in [("price", "competitor_price"), ("stock", "competitor_stock")] {
        let of = |fact: &Known| fact.sums.contains_key(sum);
        let total: i64 = facts.iter().filter(|fact| of(fact)).map(|fact| fact.sums[sum]).sum();
        let places = if sum == "price" { 2 } else { 3 };
        let query = json!({"fact": "competitor_offers", "rows": [{"field": "competitor_product"}],
            "measures": [{"aggregate": "sum", "field": sum}, {"aggregate": "average", "field": sum}],
            "filter": {"field": "measure", "op": "eq", "value": measure}});
        let table = founder.post("/pivots/tables", query).ok(200);
        assert_eq!(table["total"][0], regulars_domain::money::format_decimal(total, places), "{table}");
        for (at, header) in table["rows"].as_array().expect("rows").iter().enumerate() {
            let key = header["keys"][0]["value"].as_str();
            let own = facts.iter().filter(|fact| of(fact) && fact.keys["competitor_product"].as_deref() == key);
            let own: i64 = own.map(|fact| fact.sums[sum]).sum();
            assert_eq!(table["row_totals"][at][0], regulars_domain::money::format_decimal(own, places), "{table}");
        }
    }
}

fn weeks_begin_on_their_monday(site: &Site) {
    let founder = site.founder();
    let settings = founder.get("/settings").ok(200);
    let mut sellout = settings["settings"]["sellout"].clone();
    sellout["period"] = json!("week");
    founder.patch("/settings", &settings["version"], json!({"settings": {"sellout": sellout}})).expect(200);
    let (tv, place) = (product(&founder, "TV"), shop(&founder, "甲店"));
    for (week, text) in [("2025-W01", "1"), ("2026-W53", "2")] {
        entered(&founder, week, 0, json!({"measure": "sell_out", "rows": [row(&place, &[(&tv, text)])]}));
    }
    let query = json!({"fact": "sell_out", "rows": [{"field": "period_begins_on", "grain": "day"}],
        "measures": [{"aggregate": "sum", "field": "quantity"}]});
    let table = founder.post("/pivots/tables", query).ok(200);
    let days: Vec<&Value> =
        table["rows"].as_array().expect("rows").iter().map(|header| &header["keys"][0]["value"]).collect();
    assert_eq!(json!(days), json!(["2024-12-30", "2026-12-28"]));
    assert_eq!(table["row_totals"], json!([["1.000"], ["2.000"]]));
}

/// Somebody of another unit, and a member there.
fn east(site: &Site, founder: &Client) -> [Client; 2] {
    let unit = founder.unit_new("EAST");
    let department = founder.department_new(&unit, "销售");
    founder.user_new("ea", &department, &[&founder.role("member")]);
    founder.user_new("eb", &department, &[&founder.role("unit_administrator")]);
    [site.sign_in("ea"), site.sign_in("eb")]
}

fn facts_of_cells_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let [member, head] = east(site, &founder);
    let tv = product(&founder, "TV");
    let (ours, theirs) = (shop(&founder, "本部店"), shop(&head, "东店"));
    let version = entered(&founder, "2026-01", 0, json!({"measure": "sell_out", "rows": [row(&ours, &[(&tv, "3")])]}));
    entered(&head, "2026-01", version, json!({"measure": "sell_out", "rows": [row(&theirs, &[(&tv, "4")])]}));
    let query = json!({"fact": "sell_out", "rows": [{"field": "customer"}], "measures": [{"aggregate": "sum", "field": "quantity"}]});
    for (client, sum, cells) in [(&founder, json!("7.000"), 2), (&head, json!("4.000"), 1), (&member, Value::Null, 0)] {
        let table = client.post("/pivots/tables", query.clone()).ok(200);
        assert_eq!(table["total"][0], sum, "{table}");
        let behind = client.post("/pivots/records", json!({"query": query})).ok(200);
        assert_eq!(behind["items"].as_array().map(Vec::len), Some(cells));
    }
    let (_, file) = exported(site, &head, json!({"resource": "sellout", "format": "csv"}));
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.contains("东店") && !text.contains("本部店"), "{text}");
}

const FILE: &str = "月份,门店编号,门店名称,商品编号,指标,竞品,销量\n\
    2026-01,S-1,,TV,,,12\n\
    2026/02,,乙店,型号TV,,,\"1,500\"\n\
    2026-02,S-1,,,促销员,,王芳\n\
    2026-02,S-1,,,competitor_price,海信,2999.5\n\
    2026-01,S-1,,TV,,,13\n\
    2026-W03,S-1,,TV,,,1\n\
    2026-01,S-9,,TV,,,1\n\
    2026-01,S-1,,XX,,,1\n\
    2026-01,S-2,,TV,,,-1\n\
    2026-01,S-1,,TV,没有的,,1\n\
    2026-01,S-1,,,competitor_price,,1\n";

fn cells_come_in_go_out_and_are_taken_back(site: &Site) {
    let founder = site.founder();
    let tv = product(&founder, "TV");
    let entry = json!({"key": "haixin", "label_zh": "海信", "label_en": "Hisense"});
    founder.post("/dictionaries/competitor_product/entries", entry).expect(201);
    import(site, &founder, "customers", "客户编号,姓名,类型\nS-1,甲店,组织\nS-2,乙店,组织\n");
    let place = |name: &str| {
        let all = founder.all("/customers", 50);
        all.iter().find(|one| one["name"] == name).expect("a place")["id"].as_str().expect("an id").to_string()
    };
    let (first, second) = (place("甲店"), place("乙店"));
    entered(&founder, "2026-01", 0, json!({"measure": "sell_out", "rows": [row(&first, &[(&tv, "9")])]}));

    let uploaded = upload(&founder, "sellout", "cells.csv", FILE.as_bytes());
    let checked = perform(site, &founder, &uploaded, "check");
    assert_eq!(counts(&checked), [11, 3, 1, 0, 7], "{checked}");
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&uploaded))).ok(200);
    let codes: Vec<&Value> =
        rows["items"].as_array().expect("rows").iter().map(|row| &row["errors"][0]["code"]).collect();
    assert_eq!(
        json!(codes),
        json!([
            "duplicate_in_file",
            "period_invalid",
            "customer_unknown",
            "product_unknown",
            "out_of_range",
            "unknown_choice",
            "word_missing"
        ])
    );
    let updated = founder.get(&format!("{}/rows?outcome=update", path_of(&uploaded))).ok(200);
    assert_eq!(updated["items"][0]["changes"], json!([{"field": "value", "before": "9.000", "after": "12.000"}]));
    let value = |period: &str, place: &str, column: &str| {
        let sheet = founder.get(&format!("/sellout-sheets/{period}")).ok(200);
        let row = sheet["rows"].as_array().expect("rows").iter().find(|row| row["place"]["id"] == *place).cloned();
        row.map_or(Value::Null, |row| row["values"][column].clone())
    };
    assert_eq!(value("2026-01", &first, &tv), "9.000", "a check stores nothing");

    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(counts(&done), [11, 3, 1, 0, 7], "{done}");
    assert_eq!(value("2026-01", &first, &tv), "12.000");
    assert_eq!(value("2026-02", &second, &tv), "1500.000");
    assert_eq!(value("2026-02", &first, "promoter"), "王芳");
    let history = founder.get(&format!("/sellout-sheets/2026-01/changes?place_id={first}&measure=sell_out&item={tv}"));
    assert_eq!(history.ok(200)["items"][0]["before"], "9.000", "an import stands in the cell's history");

    let (_, file) = exported(site, &founder, json!({"resource": "sellout", "format": "csv"}));
    let again = import(site, &founder, "sellout", &String::from_utf8(file).expect("UTF-8"));
    assert_eq!(counts(&again), [4, 0, 0, 4, 0], "{again}");
    let february =
        json!({"resource": "sellout", "format": "csv", "period": {"from": "2026-02-01", "to": "2026-02-28"}});
    let (_, file) = exported(site, &founder, february);
    assert!(!String::from_utf8(file).expect("UTF-8").contains("2026-01"), "only what was asked for");

    // What somebody wrote over it stays.
    entered(&founder, "2026-02", 1, json!({"measure": "sell_out", "rows": [row(&second, &[(&tv, "7")])]}));
    let undone = perform(site, &founder, &uploaded, "undo");
    assert_eq!(undone["counts"]["kept"], 1, "{undone}");
    assert_eq!(value("2026-01", &first, &tv), "9.000", "what stood before stands again");
    assert_eq!(value("2026-02", &second, &tv), "7.000");
    assert_eq!(value("2026-02", &first, "promoter"), Value::Null, "what was empty is empty again");
    let query = json!({"fact": "competitor_offers", "measures": [{"aggregate": "count"}]});
    assert_eq!(founder.post("/pivots/tables", query).ok(200)["total"][0], "0");
}

fn files_fill_only_places_within_reach(site: &Site) {
    let founder = site.founder();
    let [_, head] = east(site, &founder);
    product(&founder, "TV");
    import(site, &founder, "customers", "客户编号,姓名,类型\nS-1,甲店,组织\n");
    let uploaded = upload(&head, "sellout", "cells.csv", "期间,门店编号,商品编号,数值\n2026-01,S-1,TV,3\n".as_bytes());
    let done = perform(site, &head, &uploaded, "run");
    assert_eq!(counts(&done), [1, 0, 0, 0, 1], "{done}");
    let sheet = founder.get("/sellout-sheets/2026-01").ok(200);
    assert_eq!((&sheet["version"], &sheet["rows"]), (&json!(0), &json!([])));
}
