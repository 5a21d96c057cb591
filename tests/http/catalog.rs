//! Brands, the tree of categories, products.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

both!(brands_and_categories_hold_together, products_are_found_and_changed, a_member_reads_the_catalogue_only);

fn brands_and_categories_hold_together(site: &Site) {
    let founder = site.founder();
    let brand = founder.post("/brands", json!({"name": "晨光"})).ok(201);
    assert_eq!(founder.post("/brands", json!({"name": "晨光"})).ok(409)["code"], "name_taken");
    let root = founder.post("/categories", json!({"name": "饮品", "position": 2})).ok(201);
    let first = founder.post("/categories", json!({"name": "点心", "position": 1})).ok(201);
    let leaf = founder.post("/categories", json!({"name": "咖啡", "parent_id": root["id"]})).ok(201);
    assert_eq!(leaf["path"], json!(["饮品", "咖啡"]));
    let names: Vec<Value> = founder.all("/categories", 200).into_iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["点心", "饮品", "咖啡"], "siblings by position, children after their parent");
    let root_path = format!("/categories/{}", root["id"].as_str().expect("an id"));
    let refusal = founder.patch(&root_path, &root["version"], json!({"parent_id": leaf["id"]})).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "self_reference", "nothing is below itself");
    founder.patch(&root_path, &root["version"], json!({"parent_id": first["id"]})).expect(200);
    founder.patch(&root_path, &root["version"], json!({"name": "x"})).expect(412);
    assert_eq!(founder.delete(&root_path, &json!(2)).ok(409)["code"], "in_use");

    let product = json!({"code": "NT-1", "name": "拿铁", "brand_id": brand["id"], "category_id": leaf["id"]});
    founder.post("/products", product).expect(201);
    let brand_path = format!("/brands/{}", brand["id"].as_str().expect("an id"));
    assert_eq!(founder.delete(&brand_path, &json!(1)).ok(409)["code"], "in_use");
    let renamed = founder.patch(&brand_path, &json!(1), json!({"name": "新晨光"})).ok(200);
    assert_eq!((&renamed["version"], &renamed["name"]), (&json!(2), &json!("新晨光")));
}

fn price(amount: &str) -> Value {
    json!({"amount": amount, "currency": "CNY"})
}

fn codes(client: &Client, query: &str) -> Vec<String> {
    let items = client.all(&format!("/products?{query}"), 2);
    items.iter().map(|item| item["code"].as_str().expect("a code").to_string()).collect()
}

fn products_are_found_and_changed(site: &Site) {
    let founder = site.founder();
    for (code, name, amount) in [("NT-1", "拿铁", "32.5"), ("MS-1", "美式", "25"), ("MK-9", "摩卡 100%", "38.00")]
    {
        founder.post("/products", json!({"code": code, "name": name, "price": price(amount)})).expect(201);
    }
    founder.post("/products", json!({"code": "TEA", "name": "Green tea"})).expect(201);
    assert_eq!(codes(&founder, "q=natie"), ["NT-1"]);
    assert_eq!(codes(&founder, "q=%E6%8B%BF"), ["NT-1"], "拿");
    assert_eq!(codes(&founder, "q=-1&sort=code"), ["MS-1", "NT-1"]);
    assert_eq!(codes(&founder, "q=%25"), ["MK-9"], "a percent sign is itself");
    assert_eq!(codes(&founder, "sort=-price"), ["MK-9", "NT-1", "MS-1", "TEA"], "the unpriced come last");
    assert_eq!(codes(&founder, "filter[price][gte]=30&sort=price"), ["NT-1", "MK-9"]);
    assert_eq!(codes(&founder, "")[0], "TEA", "by reading: green tea, mei shi, mo ka, na tie");

    let refusal = founder.post("/products", json!({"code": "NT-1", "name": "x"})).ok(409);
    assert_eq!(refusal["code"], "code_taken");
    let wrong = json!({"code": "A", "name": "", "price": {"amount": "1.005", "currency": "CNY"},
        "cost": {"amount": "1", "currency": "USD"}, "brand_id": "01990000-0000-7000-8000-000000000000"});
    let refusal = founder.post("/products", wrong).ok(422);
    let mut pointers: Vec<&str> =
        refusal["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/brand_id", "/cost/currency", "/name", "/price/amount"]);

    let found = founder.get("/products?q=natie").ok(200)["items"][0].clone();
    let path = format!("/products/{}", found["id"].as_str().expect("an id"));
    assert_eq!(found["price"], price("32.50"));
    let changed = founder.patch(&path, &json!(1), json!({"price": null, "name": "燕麦拿铁"})).ok(200);
    assert_eq!((&changed["price"], &changed["name"]), (&Value::Null, &json!("燕麦拿铁")));
    founder.delete(&path, &json!(2)).expect(204);
    founder.get(&path).expect(404);
    assert_eq!(founder.post("/products", json!({"code": "NT-1", "name": "x"})).ok(409)["code"], "code_taken");
}

fn a_member_reads_the_catalogue_only(site: &Site) {
    let founder = site.founder();
    founder.post("/products", json!({"code": "NT-1", "name": "拿铁"})).expect(201);
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    let chen = site.sign_in("chen");
    assert_eq!(codes(&chen, ""), ["NT-1"]);
    chen.post("/products", json!({"code": "B", "name": "b"})).expect(403);
    chen.post("/brands", json!({"name": "b"})).expect(403);
    site.anonymous().get("/products").expect(401);
}
