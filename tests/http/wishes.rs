//! Wishes: noted, counted, arrived, told.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::record::encoded;
use crate::customers::{colleague, customer, home, id, path};

both!(
    what_arrives_is_told_with_alternatives,
    wishes_are_counted_by_what_is_wanted,
    a_wish_moves_along_and_is_checked,
    wishes_go_where_their_customers_go,
);

fn product(client: &Client, code: &str, category: Option<&Value>, price: &str) -> Value {
    let price = json!({"amount": price, "currency": "CNY"});
    let category = category.map(|one| one["id"].clone());
    client.post("/products", json!({"code": code, "name": code, "category_id": category, "price": price})).ok(201)
}

fn wish(client: &Client, customer: &Value, more: Value) -> Value {
    let mut body = json!({"customer_id": customer["id"]});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/wishes", body).ok(201)
}

fn what_arrives_is_told_with_alternatives(site: &Site) {
    let founder = site.founder();
    let laptops = founder.post("/categories", json!({"name": "Laptops"})).ok(201);
    let white = product(&founder, "White", Some(&laptops), "5000.00");
    for (code, price) in [("Cheap", "1000.00"), ("Black", "5100.00"), ("Silver", "4800.00")] {
        product(&founder, code, Some(&laptops), price);
    }
    product(&founder, "Beans", None, "5000.00");
    let guest = json!({"kind": "person", "name": "A", "phones": [{"number": "13800138000"}]});
    let guest = founder.post("/customers", guest).ok(201);
    let made = wish(&founder, &guest, json!({"product_id": white["id"], "option": "14 inch", "quantity": 2}));
    assert_eq!((&made["wanted"], &made["status"]), (&json!("White"), &json!("open")));
    assert_eq!(founder.get("/today").ok(200)["wishes_arrived"], json!([]));

    let arrived = founder.post(&format!("/products/{}/arrival", id(&white)), json!(null)).ok(200);
    assert_eq!(arrived["wishes"], 1);
    let again = founder.post(&format!("/products/{}/arrival", id(&white)), json!(null)).ok(200);
    assert_eq!(again["wishes"], 0, "once is enough");
    let today = founder.get("/today").ok(200)["wishes_arrived"].clone();
    assert_eq!(today.as_array().map(Vec::len), Some(1), "{today}");
    assert_eq!((&today[0]["wish"]["id"], &today[0]["wish"]["status"]), (&made["id"], &json!("arrived")));
    let offers: Vec<&Value> =
        today[0]["alternatives"].as_array().expect("offers").iter().map(|one| &one["name"]).collect();
    assert_eq!(offers, ["Black", "Silver"]);
    assert_eq!(
        today[0]["channels"],
        json!(["sms", "phone", "wechat", "portal", "post"]),
        "nobody writes without an address"
    );
    let no = json!({"channel": "phone", "purpose": "service", "given": false});
    founder.post(&format!("{}/consents", path(&guest)), no).expect(201);
    let today = founder.get("/today").ok(200)["wishes_arrived"].clone();
    assert_eq!(today[0]["channels"], json!(["sms", "wechat", "portal", "post"]));

    let place = format!("/wishes/{}", id(&made));
    let told = founder.patch(&place, &json!(2), json!({"status": "told"})).ok(200);
    assert!(told["told_at"].is_string() && told["arrived_at"].is_string(), "{told}");
    assert_eq!(founder.get("/today").ok(200)["wishes_arrived"], json!([]));
    let titles: Vec<Value> = founder.get(&format!("{}/timeline", path(&guest))).ok(200)["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| one["title"].clone())
        .collect();
    assert!(titles.contains(&json!("What was wished for arrived")), "{titles:?}");
    let member = colleague(site, "member", "member", &home(site));
    member.post(&format!("/products/{}/arrival", id(&white)), json!(null)).expect(403);
}

fn wishes_are_counted_by_what_is_wanted(site: &Site) {
    let founder = site.founder();
    let (one, other) = (customer(&founder, "A"), customer(&founder, "B"));
    let white = product(&founder, "White", None, "5000.00");
    wish(&founder, &one, json!({"product_id": white["id"], "quantity": 2, "needed_by": "2030-06-01"}));
    wish(&founder, &other, json!({"product_id": white["id"], "wanted": "the white one", "needed_by": "2030-05-01"}));
    wish(&founder, &one, json!({"wanted": "Red shoes"}));
    wish(&founder, &other, json!({"wanted": "red shoes"}));
    let closed = wish(&founder, &other, json!({"product_id": white["id"], "quantity": 9}));
    founder.patch(&format!("/wishes/{}", id(&closed)), &json!(1), json!({"status": "closed"})).expect(200);
    let counts = founder.get("/wish-counts").ok(200)["items"].clone();
    assert_eq!(counts.as_array().map(Vec::len), Some(2), "{counts}");
    assert_eq!((&counts[0]["product"]["id"], &counts[0]["wanted"]), (&white["id"], &json!("White")));
    let numbers =
        |row: &Value| [row["wishes"].as_i64(), row["customers"].as_i64(), row["quantity"].as_i64()].map(Option::unwrap);
    assert_eq!((numbers(&counts[0]), &counts[0]["needed_by"]), ([2, 2, 3], &json!("2030-05-01")));
    assert_eq!((numbers(&counts[1]), &counts[1]["product"]), ([2, 2, 2], &Value::Null));
    let member = colleague(site, "member", "member", &home(site));
    assert_eq!(member.get("/wish-counts").ok(200)["items"], json!([]), "everyone counts what they see");
    let filter = json!({"field": "status", "op": "eq", "value": "closed"});
    let found = founder.get(&format!("/wishes?filter={}", encoded(&filter))).ok(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(founder.get("/wishes?q=shoes").ok(200)["items"].as_array().map(Vec::len), Some(2));
}

fn a_wish_moves_along_and_is_checked(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    for (body, pointer) in [
        (json!({"customer_id": guest["id"]}), "/wanted"),
        (json!({"customer_id": guest["id"], "wanted": "A", "quantity": 0}), "/quantity"),
        (json!({"customer_id": guest["id"], "wanted": "A", "status": "told"}), "/status"),
        (json!({"customer_id": guest["id"], "product_id": uuid::Uuid::now_v7()}), "/product_id"),
        (json!({"customer_id": uuid::Uuid::now_v7(), "wanted": "A"}), "/customer_id"),
    ] {
        assert_eq!(founder.post("/wishes", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    let made = wish(&founder, &guest, json!({"wanted": "Red shoes"}));
    let place = format!("/wishes/{}", id(&made));
    assert_eq!(founder.patch(&place, &json!(1), json!({"status": "told"})).ok(422)["errors"][0]["code"], "wrong_state");
    let arrived = founder.patch(&place, &json!(1), json!({"status": "arrived"})).ok(200);
    assert!(arrived["arrived_at"].is_string());
    let back = founder.patch(&place, &json!(2), json!({"status": "open"})).ok(200);
    assert_eq!(back["arrived_at"], Value::Null);
    founder.patch(&place, &json!(1), json!({"note": "stale"})).expect(412);
    founder.send("DELETE", &place, None, &[("if-match", "\"3\"")]).expect(204);
    founder.get(&place).expect(404);
}

fn wishes_go_where_their_customers_go(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "A"), customer(&founder, "B"));
    let made = wish(&founder, &gone, json!({"wanted": "Red shoes"}));
    let body = json!({"other_id": gone["id"], "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("{}/merges", path(&kept)), body).ok(201);
    let whose = || founder.get(&format!("/wishes/{}", id(&made))).ok(200)["customer"]["id"].clone();
    assert_eq!(whose(), kept["id"]);
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    assert_eq!(whose(), gone["id"]);
    let member = colleague(site, "member", "member", &home(site));
    member.get(&format!("/wishes/{}", id(&made))).expect(404);
}
