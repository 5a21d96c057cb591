//! Deliveries of orders: in parts, never too much, taken back; the order, what is late and what may return follow.

use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::imports::{import, path_of};
use crate::sales::{customer, yuan};

both!(
    an_order_goes_out_in_parts,
    no_more_goes_out_than_was_ordered,
    a_cancelled_delivery_stays_on_file,
    what_came_back_had_been_out,
    what_is_given_up_is_not_delivered,
    deliveries_and_hands_agree,
    lines_stay_above_what_went_out,
    what_is_delivered_is_not_late,
    orders_are_found_by_delivery,
    a_delivery_is_put_right_and_told,
);

/// Three of a and two of b.
fn order(client: &Client) -> Value {
    let lines = json!([
        {"name": "a", "quantity": "3", "price": yuan("10.00"), "promised_on": "2026-01-10"},
        {"name": "b", "quantity": "2", "price": yuan("5.00")},
    ]);
    let customer = customer(client, "张伟");
    client.post("/orders", json!({"customer_id": customer, "ordered_on": "2026-01-05", "lines": lines})).ok(201)
}

fn place(order: &Value) -> String {
    format!("/orders/{}", order["id"].as_str().expect("an id"))
}

fn send(client: &Client, order: &Value, lines: &[(i32, &str)]) -> Reply {
    let lines: Vec<Value> = lines.iter().map(|(line, much)| json!({"line_id": line, "quantity": much})).collect();
    client.post(&format!("{}/deliveries", place(order)), json!({"lines": lines}))
}

fn back(client: &Client, order: &Value, line: i32, much: &str) -> Reply {
    client.post(&format!("{}/returns", place(order)), json!({"line_id": line, "quantity": much}))
}

fn cancel(client: &Client, order: &Value, nth: usize) -> Reply {
    let id = order["deliveries"][nth]["id"].as_str().expect("a delivery");
    client.post(&format!("/deliveries/{id}/cancellation"), Value::Null)
}

/// Delivered, returned and open of each line.
fn lines(order: &Value) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().expect("a quantity").trim_end_matches(".000").to_owned();
    let lines = order["lines"].as_array().expect("lines");
    lines.iter().map(|line| ["delivered", "returned", "open"].map(|part| text(&line["delivery"][part]))).collect()
}

fn code(reply: Reply, status: u16) -> String {
    let body = reply.ok(status);
    let code = body["errors"][0]["code"].as_str().or(body["code"].as_str());
    code.expect("a code").to_owned()
}

fn an_order_goes_out_in_parts(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    assert_eq!((&order["delivery"], lines(&order)), (&json!("none"), vec![["0", "0", "3"], ["0", "0", "2"]].owned()));
    let body = json!({"on": "2026-01-08", "carrier": "顺丰", "tracking": "SF1", "note": "先发一箱",
        "lines": [{"line_id": 1, "quantity": "1.5"}]});
    let part = founder.post(&format!("{}/deliveries", place(&order)), body).ok(200);
    assert_eq!((&part["status"], &part["delivery"]), (&json!("confirmed"), &json!("part")));
    assert_eq!(lines(&part), vec![["1.500", "0", "1.500"], ["0", "0", "2"]].owned());
    let sent = &part["deliveries"][0];
    assert_eq!(
        (&sent["on"], &sent["carrier"], &sent["tracking"]),
        (&json!("2026-01-08"), &json!("顺丰"), &json!("SF1"))
    );
    assert_eq!(sent["lines"], json!([{"line_id": 1, "quantity": "1.500"}]));
    let rest = founder.post(&format!("{}/deliveries", place(&order)), json!({})).ok(200);
    assert_eq!((&rest["status"], &rest["delivery"]), (&json!("delivered"), &json!("full")), "the rest went out");
    assert_eq!(lines(&rest), vec![["3", "0", "0"], ["2", "0", "0"]].owned());
    assert_eq!(rest["deliveries"].as_array().map(Vec::len), Some(2));
    assert_eq!(rest["balance"], yuan("40.00"), "goods move no money");
    assert_eq!(code(founder.post(&format!("{}/deliveries", place(&order)), json!({})), 409), "wrong_state");
}

trait Owned {
    fn owned(self) -> Vec<[String; 3]>;
}

impl Owned for Vec<[&str; 3]> {
    fn owned(self) -> Vec<[String; 3]> {
        self.into_iter().map(|line| line.map(str::to_owned)).collect()
    }
}

fn no_more_goes_out_than_was_ordered(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    for (parts, pointer, refusal) in [
        (vec![(1, "3.001")], "/lines/0/quantity", "amount_at_most"),
        (vec![(1, "0")], "/lines/0/quantity", "out_of_range"),
        (vec![(9, "1")], "/lines/0/line_id", "unknown_reference"),
        (vec![(1, "1"), (1, "1")], "/lines/1/line_id", "duplicate"),
        (vec![], "/lines", "required"),
    ] {
        let refused = send(&founder, &order, &parts).ok(422);
        let error = &refused["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(refusal)), "{parts:?}");
    }
    send(&founder, &order, &[(1, "2")]).expect(200);
    assert_eq!(code(send(&founder, &order, &[(1, "1.5")]), 422), "amount_at_most");
    let early = json!({"on": "2026-01-04", "lines": [{"line_id": 1, "quantity": "1"}]});
    assert_eq!(code(founder.post(&format!("{}/deliveries", place(&order)), early), 422), "date_order");
    let draft = json!({"customer_id": order["customer"]["id"], "status": "draft",
        "lines": [{"name": "a", "quantity": "1", "price": yuan("1")}]});
    let draft = founder.post("/orders", draft).ok(201);
    assert_eq!((&draft["delivery"], &draft["lines"][0]["delivery"]), (&Value::Null, &Value::Null));
    assert_eq!(code(send(&founder, &draft, &[(1, "1")]), 409), "wrong_state");
    founder.post("/deliveries/01990000-0000-7000-8000-000000000001/cancellation", Value::Null).expect(404);
}

fn a_cancelled_delivery_stays_on_file(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    send(&founder, &order, &[(1, "3")]).expect(200);
    let all = send(&founder, &order, &[(2, "2")]).ok(200);
    assert_eq!(all["status"], "delivered");
    let taken = cancel(&founder, &all, 0).ok(200);
    assert_eq!((&taken["status"], &taken["delivery"]), (&json!("confirmed"), &json!("part")));
    assert_eq!(lines(&taken), vec![["0", "0", "3"], ["2", "0", "0"]].owned());
    let cancelled: Vec<&Value> =
        taken["deliveries"].as_array().expect("deliveries").iter().map(|one| &one["cancelled"]).collect();
    assert_eq!(cancelled, [&json!(true), &json!(false)]);
    assert_eq!(cancel(&founder, &taken, 0).ok(200)["version"], taken["version"], "once more changes nothing");
    let none = cancel(&founder, &taken, 1).ok(200);
    assert_eq!((&none["status"], &none["delivery"]), (&json!("confirmed"), &json!("none")));
    let at_once = founder.post(&format!("{}/deliveries", place(&order)), json!({})).ok(200);
    assert_eq!(at_once["status"], "delivered");
    let back = cancel(&founder, &at_once, 2).ok(200);
    assert_eq!((&back["status"], lines(&back)), (&json!("confirmed"), vec![["0", "0", "3"], ["0", "0", "2"]].owned()));
}

fn what_came_back_had_been_out(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    send(&founder, &order, &[(1, "2")]).expect(200);
    let returned = back(&founder, &order, 1, "1").ok(200);
    assert_eq!(lines(&returned)[0], ["2", "1", "1"], "what came back is not sent again");
    assert_eq!(code(cancel(&founder, &returned, 0), 409), "delivery_returned");
    let rest = founder.post(&format!("{}/deliveries", place(&order)), json!({})).ok(200);
    assert_eq!((&rest["status"], &lines(&rest)[0]), (&json!("delivered"), &["3", "1", "0"].map(str::to_owned)));
    let again = back(&founder, &order, 1, "2").ok(200);
    assert_eq!((&again["status"], &lines(&again)[0]), (&json!("delivered"), &["3", "3", "0"].map(str::to_owned)));
    assert_eq!(code(back(&founder, &order, 1, "0.001"), 422), "amount_at_most");
}

fn what_is_given_up_is_not_delivered(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    let less = back(&founder, &order, 1, "1").ok(200);
    assert_eq!((&less["status"], &lines(&less)[0]), (&json!("confirmed"), &["0", "1", "2"].map(str::to_owned)));
    assert_eq!(code(send(&founder, &order, &[(1, "3")]), 422), "amount_at_most");
    send(&founder, &order, &[(1, "1"), (2, "2")]).expect(200);
    // One is with the customer and one is still open: both are given up, the one comes back first.
    let done = back(&founder, &order, 1, "2").ok(200);
    assert_eq!(lines(&done), vec![["1", "3", "0"], ["2", "0", "0"]].owned());
    assert_eq!((&done["status"], &done["delivery"]), (&json!("delivered"), &json!("full")), "nothing is open any more");
}

fn deliveries_and_hands_agree(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    let to = |status: &str| founder.post(&format!("{}/status", place(&order)), json!({"status": status}));
    let by_hand = to("delivered").ok(200);
    assert_eq!(
        (&by_hand["delivery"], lines(&by_hand)),
        (&json!("full"), vec![["3", "0", "0"], ["2", "0", "0"]].owned())
    );
    let returned = back(&founder, &order, 1, "1").ok(200);
    assert_eq!((&returned["status"], &lines(&returned)[0]), (&json!("delivered"), &["3", "1", "0"].map(str::to_owned)));
    let undone = to("confirmed").ok(200);
    assert_eq!(lines(&undone)[0], ["0", "1", "2"], "it did not go out after all");
    let part = send(&founder, &order, &[(1, "1")]).ok(200);
    assert_eq!(part["next_statuses"], json!([]), "the deliveries say where it stands");
    for status in ["delivered", "completed", "cancelled", "draft"] {
        assert_eq!(to(status).status, 409, "{status}");
    }
    assert_eq!(code(to("delivered"), 409), "order_delivered");
    let all = founder.post(&format!("{}/deliveries", place(&order)), json!({})).ok(200);
    assert_eq!(all["next_statuses"], json!(["completed"]));
    let completed = to("completed").ok(200);
    assert_eq!(code(cancel(&founder, &completed, 0), 409), "wrong_state");
    let fresh = self::order(&founder);
    let sent = send(&founder, &fresh, &[(1, "1")]).ok(200);
    assert_eq!(code(founder.delete(&place(&fresh), &sent["version"]), 409), "order_delivered");
    let clear = cancel(&founder, &sent, 0).ok(200);
    founder.delete(&place(&fresh), &clear["version"]).expect(204);
}

fn lines_stay_above_what_went_out(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    let sent = send(&founder, &order, &[(1, "2")]).ok(200);
    let change = |version: &Value, lines: Value| founder.patch(&place(&order), version, json!({"lines": lines}));
    let line = |id: i32, name: &str, quantity: &str| json!({"id": id, "name": name, "quantity": quantity, "price": yuan("10.00")});
    assert_eq!(code(change(&sent["version"], json!([line(1, "a", "1"), line(2, "b", "2")])), 422), "line_delivered");
    assert_eq!(code(change(&sent["version"], json!([line(2, "b", "2")])), 422), "line_delivered");
    let less = change(&sent["version"], json!([line(1, "a", "2")])).ok(200);
    assert_eq!((&less["status"], &less["delivery"]), (&json!("delivered"), &json!("full")), "what is left is out");
    let file = format!(
        "订单号,客户名称,下单日期,商品名称,数量,单价\n{},张伟,2026-01-05,a,1,1\n",
        order["code"].as_str().expect("a code")
    );
    let import = import(site, &founder, "orders", &file);
    let refused = founder.get(&format!("{}/rows?outcome=reject", path_of(&import))).ok(200).to_string();
    assert!(refused.contains("has_deliveries"), "{refused}");
    assert_eq!(founder.get(&place(&order)).ok(200)["version"], less["version"]);
}

fn what_is_delivered_is_not_late(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    let late = || founder.all("/orders?filter[late]=true", 10).len();
    assert_eq!((&order["late"], late()), (&json!(true), 1));
    let part = send(&founder, &order, &[(1, "2")]).ok(200);
    assert_eq!((&part["late"], &part["lines"][0]["late"], late()), (&json!(true), &json!(true), 1));
    let gone = send(&founder, &order, &[(1, "1")]).ok(200);
    assert_eq!((&gone["status"], &gone["late"], late()), (&json!("confirmed"), &json!(false), 0), "b was not promised");
    let open = cancel(&founder, &gone, 1).ok(200);
    assert_eq!((&open["late"], late()), (&json!(true), 1));
    let given_up = back(&founder, &order, 1, "3").ok(200);
    assert_eq!((&given_up["late"], late()), (&json!(false), 0));
}

fn orders_are_found_by_delivery(site: &Site) {
    let founder = site.founder();
    let [none, part, full] = [order(&founder), order(&founder), order(&founder)];
    send(&founder, &part, &[(2, "1")]).expect(200);
    founder.post(&format!("{}/deliveries", place(&full)), json!({})).expect(200);
    for (state, order) in [("none", &none), ("part", &part), ("full", &full)] {
        let found = founder.all(&format!("/orders?filter[delivery]={state}"), 10);
        assert_eq!(found.len(), 1, "{state}");
        assert_eq!((&found[0]["id"], &found[0]["delivery"]), (&order["id"], &json!(state)));
    }
    cancel(&founder, &founder.get(&place(&part)).ok(200), 0).expect(200);
    assert_eq!(founder.all("/orders?filter[delivery]=none", 10).len(), 2);
    let fields = founder.get("/condition-fields?resource=orders").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "delivery").expect("it");
    assert_eq!(field["options"].as_array().map(Vec::len), Some(3), "{field}");
}

fn a_delivery_is_put_right_and_told(site: &Site) {
    let founder = site.founder();
    let order = order(&founder);
    let sent = send(&founder, &order, &[(1, "3"), (2, "2")]).ok(200);
    let id = sent["deliveries"][0]["id"].as_str().expect("an id");
    let correct = |body: Value| founder.post(&format!("/deliveries/{id}/correction"), body);
    let right = correct(json!({"on": "2026-01-09", "carrier": "京东", "tracking": "JD9"})).ok(200);
    let shown = &right["deliveries"][0];
    assert_eq!(
        (&shown["on"], &shown["carrier"], &shown["tracking"]),
        (&json!("2026-01-09"), &json!("京东"), &json!("JD9"))
    );
    assert_eq!(shown["lines"], sent["deliveries"][0]["lines"]);
    assert_eq!(code(correct(json!({"on": "2999-01-01"})), 422), "date_in_future");
    let events = |action: &str| {
        let query = format!("/audit-events?filter[resource]=order&filter[action]={action}");
        founder.get(&query).ok(200)["items"].as_array().expect("events").clone()
    };
    let delivered = events("delivered");
    assert_eq!(delivered.len(), 1);
    assert_eq!(
        (&delivered[0]["before"]["status"], &delivered[0]["after"]["status"]),
        (&json!("confirmed"), &json!("delivered"))
    );
    assert_eq!(delivered[0]["after"]["lines"][0]["name"], "a");
    assert_eq!(events("delivery_corrected").len(), 1);
    let cancelled = cancel(&founder, &right, 0).ok(200);
    assert_eq!(code(correct(json!({"on": "2026-01-09"})), 409), "wrong_state");
    assert_eq!(events("delivery_cancelled").len(), 1);
    let customer = cancelled["customer"]["id"].as_str().expect("an id");
    let timeline = founder.get(&format!("/customers/{customer}/timeline?kinds=event")).ok(200);
    let titles: Vec<&str> =
        timeline["items"].as_array().expect("items").iter().filter_map(|one| one["title"].as_str()).collect();
    for title in ["Goods delivered", "Delivery corrected", "Delivery cancelled"] {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
}
