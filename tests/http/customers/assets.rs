//! What customers own: noted by hand and from an order, found by serial, moved with their customers.

use chrono::{Days, Utc};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::record::encoded;
use super::{colleague, customer, home, id, path, unit};

both!(
    what_is_owned_is_noted_and_found,
    the_line_of_an_order_fills_it,
    serials_are_unique_while_the_thing_is_there,
    it_goes_along_with_its_customer,
    it_is_seen_by_whoever_sees_the_customer,
);

fn product(client: &Client, code: &str, name: &str) -> Value {
    client.post("/products", json!({"code": code, "name": name, "unit_of_measure": "台"})).ok(201)
}

fn asset(client: &Client, customer: &Value, more: Value) -> Value {
    let mut body = json!({"customer_id": customer["id"], "name": "Laptop"});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/assets", body).ok(201)
}

fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/assets?sort=serial&{query}")).ok(200);
    let serial = |one: &Value| one["serial"].as_str().unwrap_or_default().to_owned();
    page["items"].as_array().expect("assets").iter().map(serial).collect()
}

fn what_is_owned_is_noted_and_found(site: &Site) {
    let founder = site.founder();
    let today = Utc::now().date_naive();
    let (zhang, li) = (customer(&founder, "张伟"), customer(&founder, "李娜"));
    let machine = product(&founder, "WM-1", "洗衣机");
    let covered = json!({"product_id": machine["id"], "name": null, "serial": "SN-100", "bought_on": "2025-01-02",
        "bought_at": "静安店", "warranty_end": today + Days::new(20)});
    let first = asset(&founder, &zhang, covered);
    assert_eq!(
        (&first["name"], &first["in_warranty"], &first["status"]),
        (&json!("洗衣机"), &json!(true), &json!("in_use"))
    );
    assert_eq!((&first["product"]["id"], &first["customer"]["name"]), (&machine["id"], &json!("张伟")));
    asset(&founder, &li, json!({"serial": "SN-200", "warranty_end": today - Days::new(2), "status": "in_repair"}));
    asset(&founder, &li, json!({"serial": "X 300"}));

    assert_eq!(listed(&founder, "q=sn-1"), ["SN-100"]);
    assert_eq!(listed(&founder, "q=%E6%9D%8E"), ["SN-200", "X 300"], "by the customer's name");
    for (filter, found) in [
        (json!({"field": "in_warranty", "op": "eq", "value": true}), vec!["SN-100"]),
        (json!({"field": "warranty_end", "op": "in_next_days", "value": 30}), vec!["SN-100"]),
        (json!({"field": "status", "op": "eq", "value": "in_repair"}), vec!["SN-200"]),
        (json!({"field": "product", "op": "eq", "value": machine["id"]}), vec!["SN-100"]),
        (json!({"field": "customer", "op": "eq", "value": li["id"]}), vec!["SN-200", "X 300"]),
    ] {
        assert_eq!(listed(&founder, &format!("filter={}", encoded(&filter))), found, "{filter}");
    }
    let owners = json!({"field": "assets.warranty_end", "op": "in_next_days", "value": 30});
    let page = founder.get(&format!("/customers?filter={}", encoded(&owners))).ok(200);
    assert_eq!(super::names(&page["items"]), ["张伟"]);
    let fields = founder.get("/condition-fields?resource=assets").ok(200);
    let status =
        fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "status").expect("status");
    assert_eq!(status["options"].as_array().map(Vec::len), Some(5), "{status}");

    let place = format!("/assets/{}", id(&first));
    let changed = founder.patch(&place, &json!(1), json!({"status": "replaced", "warranty_end": null})).ok(200);
    assert_eq!((&changed["in_warranty"], &changed["version"]), (&json!(false), &json!(2)));
    founder.patch(&place, &json!(1), json!({"note": "again"})).expect(412);
    assert_eq!(founder.get(&place).ok(200), changed);
    let timeline = founder.get(&format!("{}/timeline", path(&zhang))).ok(200);
    assert_eq!(timeline["items"][0]["title"], "Asset changed");
    founder.send("DELETE", &place, None, &[("if-match", "\"2\"")]).expect(204);
    founder.get(&place).expect(404);

    for (body, pointer) in [
        (json!({"customer_id": zhang["id"]}), "/name"),
        (json!({"customer_id": zhang["id"], "name": "A", "status": "lost"}), "/status"),
        (
            json!({"customer_id": zhang["id"], "name": "A", "bought_on": "2025-01-02", "warranty_end": "2025-01-01"}),
            "/warranty_end",
        ),
        (json!({"customer_id": zhang["id"], "product_id": uuid::Uuid::now_v7()}), "/product_id"),
        (json!({"customer_id": uuid::Uuid::now_v7(), "name": "A"}), "/customer_id"),
    ] {
        assert_eq!(founder.post("/assets", body).ok(422)["errors"][0]["pointer"], pointer);
    }
}

fn the_line_of_an_order_fills_it(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let machine = product(&founder, "WM-1", "洗衣机");
    let order = json!({"customer_id": guest["id"], "status": "confirmed", "ordered_on": "2025-03-04", "lines": [
        {"product_id": machine["id"], "quantity": "1", "price": {"amount": "2000.00", "currency": "CNY"}}]});
    let order = founder.post("/orders", order).ok(201);
    let line = founder.get(&format!("/orders/{}", id(&order))).ok(200)["lines"][0]["id"].clone();
    let body = json!({"name": null, "order_id": order["id"], "order_line": line, "serial": "SN-1"});
    let made = asset(&founder, &guest, body);
    assert_eq!((&made["name"], &made["bought_on"]), (&json!("洗衣机"), &json!("2025-03-04")));
    assert_eq!((&made["product"]["id"], &made["order"]["name"]), (&machine["id"], &order["code"]));
    let other = customer(&founder, "B");
    let foreign = json!({"customer_id": other["id"], "name": "A", "order_id": order["id"]});
    assert_eq!(founder.post("/assets", foreign).ok(422)["errors"][0]["pointer"], "/order_id");
    let odd = json!({"customer_id": guest["id"], "name": "A", "order_id": order["id"], "order_line": 99});
    assert_eq!(founder.post("/assets", odd).ok(422)["errors"][0]["pointer"], "/order_line");
}

fn serials_are_unique_while_the_thing_is_there(site: &Site) {
    let founder = site.founder();
    let (one, other) = (customer(&founder, "A"), customer(&founder, "B"));
    let machine = product(&founder, "WM-1", "洗衣机");
    let body = |serial: &str| json!({"product_id": machine["id"], "serial": serial});
    let first = asset(&founder, &one, body("SN 1"));
    let mut twin = body("sn1");
    twin["customer_id"] = other["id"].clone();
    assert_eq!(founder.post("/assets", twin.clone()).ok(409)["code"], "serial_taken");
    asset(&founder, &other, json!({"serial": "SN 1"}));
    asset(&founder, &other, json!({}));
    asset(&founder, &other, json!({}));
    founder.send("DELETE", &format!("/assets/{}", id(&first)), None, &[("if-match", "\"1\"")]).expect(204);
    founder.post("/assets", twin).expect(201);
}

fn it_goes_along_with_its_customer(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "A"), customer(&founder, "B"));
    asset(&founder, &gone, json!({"serial": "SN-1"}));
    let body = json!({"other_id": gone["id"], "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("{}/merges", path(&kept)), body).ok(201);
    let of = |who: &Value| {
        let filter = json!({"field": "customer", "op": "eq", "value": who["id"]});
        listed(&founder, &format!("filter={}", encoded(&filter)))
    };
    assert_eq!(of(&kept), ["SN-1"]);
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    assert_eq!((of(&kept), of(&gone)), (vec![], vec!["SN-1".to_owned()]));

    let (elsewhere, _) = unit(site, "杭州", "HZ");
    founder.post(&format!("{}/transfer", path(&gone)), json!({"unit_id": elsewhere})).expect(200);
    let filter = json!({"field": "unit", "op": "eq", "value": elsewhere});
    assert_eq!(listed(&founder, &format!("filter={}", encoded(&filter))), ["SN-1"]);
}

fn it_is_seen_by_whoever_sees_the_customer(site: &Site) {
    let founder = site.founder();
    let theirs = customer(&founder, "A");
    let made = asset(&founder, &theirs, json!({"serial": "SN-1"}));
    let member = colleague(site, "member", "member", &home(site));
    let place = format!("/assets/{}", id(&made));
    member.get(&place).expect(404);
    assert!(listed(&member, "").is_empty());
    let hidden = json!({"customer_id": theirs["id"], "name": "A"});
    assert_eq!(member.post("/assets", hidden).ok(422)["errors"][0]["pointer"], "/customer_id");
    let me = member.get("/me").ok(200);
    founder.post(&format!("{}/shares", path(&theirs)), json!({"user_id": me["id"], "may_edit": false})).expect(200);
    member.get(&place).expect(200);
    member.patch(&place, &json!(1), json!({"note": "mine"})).expect(404);
}
