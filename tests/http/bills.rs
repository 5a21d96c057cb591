//! Bills of orders: exact amounts, money that settles them, returns that credit them, what is overdue.

use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};

both!(
    all_of_an_order_is_billed,
    bills_never_exceed_the_order,
    money_settles_bills,
    returns_credit_bills,
    a_cancelled_bill_stays_on_file,
    bills_hold_the_order,
    bills_are_listed_by_what_is_asked,
);

/// 100.00 and 50.00, less 10.00 on the whole.
fn order(client: &Client, on: &str) -> Value {
    let lines = json!([
        {"name": "a", "quantity": "3", "price": yuan("33.34"), "discount": yuan("0.02"), "tax_rate": "13"},
        {"name": "b", "quantity": "1", "price": yuan("50.00"), "tax_rate": "6"},
    ]);
    let body = json!({"customer_id": customer(client, "张伟"), "ordered_on": on, "lines": lines,
        "order_discount": yuan("10.00")});
    client.post("/orders", body).ok(201)
}

fn place(order: &Value) -> String {
    format!("/orders/{}", order["id"].as_str().expect("an id"))
}

fn bill(client: &Client, order: &Value, body: Value) -> Reply {
    client.post(&format!("{}/bills", place(order)), body)
}

fn pay(client: &Client, order: &Value, amount: &str, bill: Option<&Value>) -> Reply {
    let bill = bill.map(|bill| bill["id"].clone());
    client.post(&format!("{}/payments", place(order)), json!({"amount": yuan(amount), "bill_id": bill}))
}

fn read(client: &Client, bill: &Value) -> Value {
    client.get(&format!("/bills/{}", bill["id"].as_str().expect("an id"))).ok(200)
}

fn cancel(client: &Client, bill: &Value) -> Value {
    client.post(&format!("/bills/{}/cancellation", bill["id"].as_str().expect("an id")), Value::Null).ok(200)
}

fn code(reply: Reply, status: u16) -> String {
    let body = reply.ok(status);
    let code = body["errors"][0]["code"].as_str().or(body["code"].as_str());
    code.expect("a code").to_owned()
}

/// Status, paid and balance.
fn stand(client: &Client, row: &Value) -> [String; 3] {
    let row = read(client, row);
    [&row["status"], &row["paid"]["amount"], &row["balance"]["amount"]]
        .map(|one| one.as_str().expect("text").to_owned())
}

fn all_of_an_order_is_billed(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    let made = bill(&founder, &order, json!({"on": "2026-01-06", "note": "首期"})).ok(200);
    assert_eq!((&made["code"], &made["amount"]), (&json!("B-01-000001"), &yuan("140.00")));
    assert_eq!((&made["billed_on"], &made["due_on"]), (&json!("2026-01-06"), &json!("2026-02-05")), "thirty days");
    let amounts: Vec<&Value> =
        made["lines"].as_array().expect("lines").iter().map(|line| &line["amount"]["amount"]).collect();
    assert_eq!(amounts, [&json!("93.33"), &json!("46.67")], "the discount falls on the lines");
    assert_eq!(made["tax"], order["tax"], "the tax of the order");
    assert_eq!(made["taxes"], order["taxes"]);
    assert_eq!(made["status"], "overdue");
    assert_eq!(made["order"]["name"], order["code"]);
    assert_eq!(made["customer"]["name"], "张伟");
    assert_eq!(code(bill(&founder, &order, json!({})), 422), "amount_at_most", "nothing is open");
    let event = founder.get("/audit-events?filter[resource]=order&filter[action]=billed").ok(200);
    assert_eq!(event["items"][0]["after"]["bill"], made["code"]);
    let settings = founder.get("/settings").ok(200);
    let terms = json!({"settings": {"payment_days": 10, "bill_code_pattern": "R{00001}"}});
    founder.patch("/settings", &settings["version"], terms).expect(200);
    let other = bill(&founder, &self::order(&founder, "2026-01-05"), json!({"on": "2026-01-06"})).ok(200);
    let code = other["code"].as_str().expect("a code");
    assert!(code.starts_with("R0000"), "the numbers run on: {code}");
    assert_eq!(other["due_on"], "2026-01-16");
}

fn bills_never_exceed_the_order(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    assert_eq!(code(bill(&founder, &order, json!({"amount": yuan("140.01")})), 422), "amount_at_most");
    assert_eq!(code(bill(&founder, &order, json!({"amount": yuan("0")})), 422), "amount_at_most");
    let line = |id: i32, amount: &str| json!({"line_id": id, "amount": yuan(amount)});
    for (lines, refusal) in [
        (json!([line(1, "93.34")]), "amount_at_most"),
        (json!([line(9, "1")]), "unknown_reference"),
        (json!([line(1, "1"), line(1, "1")]), "duplicate"),
        (json!([]), "required"),
    ] {
        assert_eq!(code(bill(&founder, &order, json!({"lines": lines})), 422), refusal, "{lines}");
    }
    let both = json!({"amount": yuan("1"), "lines": [line(1, "1")]});
    assert_eq!(code(bill(&founder, &order, both), 422), "not_both");
    let early = json!({"on": "2026-01-06", "due_on": "2026-01-05"});
    assert_eq!(code(bill(&founder, &order, early), 422), "date_order");
    let first = bill(&founder, &order, json!({"lines": [line(2, "46.67")]})).ok(200);
    assert_eq!((&first["amount"], first["lines"].as_array().map(Vec::len)), (&yuan("46.67"), Some(1)));
    assert_eq!(bill(&founder, &order, json!({"amount": yuan("33.33")})).ok(200)["amount"], yuan("33.33"));
    assert_eq!(code(bill(&founder, &order, json!({"amount": yuan("60.01")})), 422), "amount_at_most");
    founder.post(&format!("{}/returns", place(&order)), json!({"amount": yuan("10")})).expect(200);
    assert_eq!(bill(&founder, &order, json!({})).ok(200)["amount"], yuan("50.00"), "an allowance lowers what is open");
    let draft = json!({"customer_id": order["customer"]["id"], "status": "draft", "lines": []});
    let draft = founder.post("/orders", draft).ok(201);
    assert_eq!(code(bill(&founder, &draft, json!({})), 409), "wrong_state");
}

fn money_settles_bills(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    let of = |amount: &str, due: &str| {
        bill(&founder, &order, json!({"on": "2026-01-05", "amount": yuan(amount), "due_on": due})).ok(200)
    };
    let late = of("40", "2026-02-01");
    let later = of("60", "2999-01-01");
    assert_eq!(stand(&founder, &late), ["overdue", "0.00", "40.00"]);
    assert_eq!(stand(&founder, &later), ["open", "0.00", "60.00"]);
    assert_eq!(code(pay(&founder, &order, "60.01", Some(&later)), 422), "amount_at_most");
    pay(&founder, &order, "20", Some(&later)).expect(200);
    assert_eq!(stand(&founder, &later), ["partly", "20.00", "40.00"]);
    assert_eq!(stand(&founder, &late)[0], "overdue");
    let paid = pay(&founder, &order, "50", None).ok(200);
    assert_eq!(
        paid["payments"][0]["bill_id"].as_str().or(paid["payments"][1]["bill_id"].as_str()),
        later["id"].as_str()
    );
    assert_eq!(stand(&founder, &late), ["paid", "40.00", "0.00"], "what is due first");
    assert_eq!(stand(&founder, &later), ["partly", "30.00", "30.00"]);
    pay(&founder, &order, "-15", None).expect(200);
    assert_eq!(stand(&founder, &later), ["partly", "20.00", "40.00"], "what goes back is taken from the last");
    assert_eq!(stand(&founder, &late), ["overdue", "35.00", "5.00"]);
    let foreign = bill(&founder, &self::order(&founder, "2026-01-05"), json!({})).ok(200);
    assert_eq!(code(pay(&founder, &order, "1", Some(&foreign)), 422), "unknown_reference");
    pay(&founder, &order, "85", None).expect(200);
    assert_eq!(stand(&founder, &later)[0], "paid");
    let third = of("40", "2999-01-01");
    assert_eq!(stand(&founder, &third), ["paid", "40.00", "0.00"], "money that came before settles it");
    let customer = order["customer"]["id"].as_str().expect("an id");
    let metrics = founder.get(&format!("/customers/{customer}?expand=metrics")).ok(200);
    assert_eq!(metrics["metrics"]["open_balance"]["amount"], "0.00", "bills move no money");
}

fn returns_credit_bills(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    let line = |id: i32, amount: &str| {
        json!({"on": "2026-01-05", "due_on": "2999-01-01",
        "lines": [{"line_id": id, "amount": yuan(amount)}]})
    };
    let a = bill(&founder, &order, line(1, "93.33")).ok(200);
    let b = bill(&founder, &order, line(2, "40")).ok(200);
    pay(&founder, &order, "93.33", Some(&a)).expect(200);
    let back = |body: Value| founder.post(&format!("{}/returns", place(&order)), body).expect(200);
    back(json!({"line_id": 1, "quantity": "1", "amount": yuan("30")}));
    let credited = read(&founder, &a);
    assert_eq!(credited["credited"], yuan("23.33"), "6.67 were not billed yet");
    assert_eq!(credited["lines"][0]["credited"], yuan("23.33"));
    assert_eq!(stand(&founder, &a)[0], "paid");
    assert_eq!(stand(&founder, &b), ["open", "0.00", "40.00"]);
    assert_eq!(code(bill(&founder, &order, json!({})), 422), "amount_at_most");
    back(json!({"amount": yuan("40")}));
    assert_eq!(stand(&founder, &b), ["cancelled", "0.00", "0.00"], "the latest bill takes what names no line");
    let sum: f64 = founder
        .all("/bills", 10)
        .iter()
        .map(|one| {
            let of = |part: &str| one[part]["amount"].as_str().expect("text").parse::<f64>().expect("a number");
            of("amount") - of("credited")
        })
        .sum();
    assert!((sum - 70.0).abs() < 1e-9, "what stands is what the order comes to: {sum}");
}

fn a_cancelled_bill_stays_on_file(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    let first = bill(&founder, &order, json!({"amount": yuan("100"), "due_on": "2999-01-01"})).ok(200);
    let second = bill(&founder, &order, json!({"due_on": "2999-02-01"})).ok(200);
    pay(&founder, &order, "30", Some(&first)).expect(200);
    let gone = cancel(&founder, &first);
    assert_eq!((&gone["status"], &gone["balance"]), (&json!("cancelled"), &yuan("0.00")));
    assert_eq!(stand(&founder, &second), ["partly", "30.00", "10.00"], "its money counts for the other");
    let version = founder.get(&place(&order)).ok(200)["version"].clone();
    cancel(&founder, &first);
    assert_eq!(founder.get(&place(&order)).ok(200)["version"], version, "once more changes nothing");
    assert_eq!(code(pay(&founder, &order, "1", Some(&first)), 422), "unknown_reference");
    assert_eq!(bill(&founder, &order, json!({})).ok(200)["amount"], yuan("100.00"), "it may be billed again");
    assert_eq!(founder.all("/bills", 10).len(), 3);
}

fn bills_hold_the_order(site: &Site) {
    let founder = site.founder();
    let order = order(&founder, "2026-01-05");
    let made = bill(&founder, &order, json!({"amount": yuan("100")})).ok(200);
    let now = || founder.get(&place(&order)).ok(200)["version"].clone();
    let cancelled = json!({"status": "cancelled"});
    assert_eq!(code(founder.post(&format!("{}/status", place(&order)), cancelled.clone()), 409), "order_billed");
    assert_eq!(code(founder.delete(&place(&order), &now()), 409), "order_billed");
    let less = json!({"order_discount": yuan("50.01")});
    assert_eq!(code(founder.patch(&place(&order), &now(), less), 422), "line_billed");
    founder.patch(&place(&order), &now(), json!({"order_discount": yuan("50.00")})).expect(200);
    cancel(&founder, &made);
    founder.post(&format!("{}/status", place(&order)), cancelled).expect(200);
    founder.get(&format!("/bills/{}", made["id"].as_str().expect("an id"))).expect(200);
}

fn bills_are_listed_by_what_is_asked(site: &Site) {
    let founder = site.founder();
    let (one, two) = (order(&founder, "2026-01-05"), order(&founder, "2026-01-06"));
    let late = bill(&founder, &one, json!({"on": "2026-01-06", "amount": yuan("20")})).ok(200);
    let open = bill(&founder, &two, json!({"on": "2026-01-07", "due_on": "2999-01-01"})).ok(200);
    let paid = bill(&founder, &one, json!({"on": "2026-01-08", "amount": yuan("30")})).ok(200);
    pay(&founder, &one, "30", Some(&paid)).expect(200);
    let found = |query: &str| -> Vec<Value> {
        founder.all(&format!("/bills?{query}"), 2).into_iter().map(|bill| bill["id"].clone()).collect()
    };
    let id = |bill: &Value| bill["id"].clone();
    assert_eq!(found(""), [id(&paid), id(&open), id(&late)], "the latest first");
    assert_eq!(found("sort=due_on"), [id(&late), id(&paid), id(&open)]);
    assert_eq!(found("filter[overdue]=true"), [id(&late)]);
    for (status, bill) in [("overdue", &late), ("open", &open), ("paid", &paid)] {
        assert_eq!(found(&format!("filter[status]={status}")), [id(bill)], "{status}");
    }
    assert_eq!(found("filter[balance][gt]=20"), [id(&open)]);
    assert_eq!(found("filter[due_on][gte]=2026-03-01"), [id(&open)]);
    assert_eq!(found(&format!("filter[order]={}", two["id"].as_str().expect("an id"))), [id(&open)]);
    assert_eq!(found(&format!("filter[customer]={}", two["customer"]["id"].as_str().expect("an id"))), [id(&open)]);
    assert_eq!(found("q=b-01-000001"), [id(&late)]);
    assert_eq!(found(&format!("q={}", two["code"].as_str().expect("a code"))), [id(&open)]);
    let fields = founder.get("/condition-fields?resource=bills").ok(200);
    assert!(fields["items"].as_array().is_some_and(|fields| fields.iter().any(|one| one["field"] == "overdue")));
}
