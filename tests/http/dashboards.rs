//! Dashboards: all cards in one answer, each in the sight of who looks and each with a refusal of its own; shared, copied,
//! changed by their owner alone.

use chrono::{Datelike, Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::yuan;

both!(
    a_board_answers_all_its_cards_at_once,
    a_figure_stands_beside_the_days_before,
    a_shared_board_shows_each_only_their_own,
    a_card_that_may_not_be_answered_leaves_the_others,
    a_board_that_makes_no_sense_says_why,
    the_board_that_comes_with_the_program_is_copied_and_not_changed
);

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").into()
}

fn today() -> NaiveDate {
    // The founder's company keeps Chinese time.
    (now() + chrono::Duration::hours(8)).date_naive()
}

fn customer(client: &Client, name: &str) -> String {
    id(&client.post("/customers", json!({"kind": "person", "name": name, "status": "customer"})).ok(201))
}

fn sell(client: &Client, customer: &str, on: NaiveDate, amount: &str) {
    let order = json!({"customer_id": customer, "ordered_on": on, "status": "confirmed",
        "lines": [{"name": "茶", "quantity": "1", "price": yuan(amount)}]});
    client.post("/orders", order).expect(201);
}

fn by(field: &str) -> Value {
    json!({"fact": "orders", "rows": [{"field": field}], "measures": [{"aggregate": "sum", "field": "net"}]})
}

fn board(cards: Value) -> Value {
    json!({"name": "周一", "sharing": "unit", "period": {"preset": "this_year"}, "cards": cards})
}

fn figure(key: &str) -> Value {
    json!({"id": key, "kind": "figure", "width": 1, "figure": key, "compare": "previous_period"})
}

fn answer(client: &Client, board: &Value) -> Value {
    client.get(&format!("/dashboards/{}/answer", id(board))).ok(200)
}

/// What the card with an id says.
fn said<'a>(answer: &'a Value, card: &str) -> &'a Value {
    let cards = answer["cards"].as_array().expect("cards");
    cards.iter().find(|one| one["id"] == card).unwrap_or_else(|| panic!("no card {card}"))
}

fn saved(client: &Client, query: &Value) -> Value {
    client.post("/views", json!({"resource": "pivots", "name": "按客户", "definition": {"query": query}})).ok(201)
}

fn a_board_answers_all_its_cards_at_once(site: &Site) {
    let founder = site.founder();
    let (tea, silk) = (customer(&founder, "茶客"), customer(&founder, "绸客"));
    sell(&founder, &tea, today(), "100.00");
    sell(&founder, &silk, today(), "20.00");
    let view = saved(&founder, &by("customer"));
    let unit = founder.place().0;
    let target = json!({"year": today().year(), "kind": "unit", "subject_id": unit, "amount": yuan("1200.00"),
        "split": "even"});
    founder.post("/targets", target).expect(201);
    let opportunity = json!({"name": "办公室茶水", "customer_id": tea, "amount": yuan("5000.00")});
    founder.post("/opportunities", opportunity).expect(201);

    let made = founder
        .post(
            "/dashboards",
            board(json!([
                {"id": "saved", "kind": "pivot", "width": 2, "view_id": view["id"], "chart": "pie"},
                {"id": "inline", "kind": "pivot", "width": 2, "query": by("channel"), "chart": "bar"},
                figure("revenue"),
                figure("new_customers"),
                figure("open_amount"),
                figure("open_opportunities"),
                figure("target_achievement"),
                figure("customers_at_risk"),
                {"id": "targets", "kind": "list", "width": 2, "list": "targets"},
                {"id": "pipeline", "kind": "list", "width": 2, "list": "pipeline"},
                {"id": "warnings", "kind": "list", "width": 4, "list": "warnings"},
            ])),
        )
        .ok(201);
    assert!(made["own"] == true && made["built_in"] == false && made["version"] == 1, "{made}");

    let all = answer(&founder, &made);
    assert_eq!(all["cards"].as_array().map(Vec::len), Some(11));
    let first = NaiveDate::from_ymd_opt(today().year(), 1, 1).expect("a date");
    assert_eq!(all["period"]["from"], first.to_string());
    let pivot = said(&all, "saved");
    assert_eq!((&pivot["name"], &pivot["table"]["total"][0]), (&json!("按客户"), &json!("120.00")));
    assert_eq!(pivot["table"]["rows"].as_array().map(Vec::len), Some(2));
    // What was asked comes along, with the board's days, to be looked into further.
    let table = founder.post("/pivots/tables", pivot["query"].clone()).ok(200);
    assert_eq!(table["total"], pivot["table"]["total"]);
    assert_eq!(pivot["query"]["period"]["preset"], "this_year");
    assert_eq!(said(&all, "inline")["table"]["total"][0], "120.00");
    assert_eq!(said(&all, "revenue")["figure"]["value"], "120.00");
    let fresh = &said(&all, "new_customers")["figure"];
    assert_eq!(fresh["value"], "2");
    let condition: String = fresh["condition"].to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let listed = founder.get(&format!("/customers?filter={condition}&count=true")).ok(200);
    assert_eq!(listed["total"], 2);
    assert_eq!(said(&all, "open_amount")["figure"]["value"], "5000.00");
    assert_eq!(said(&all, "open_opportunities")["figure"]["value"], "1");
    assert_eq!(said(&all, "customers_at_risk")["figure"]["value"], "0");
    // Nothing is paid yet.
    assert_eq!(said(&all, "target_achievement")["figure"]["value"], "0.000000");
    let line = &said(&all, "targets")["rows"][0];
    assert_eq!((&line["beside"], &line["amount"]), (&yuan("1200.00"), &yuan("0.00")));
    let stage = &said(&all, "pipeline")["rows"][0];
    assert_eq!((&stage["count"], &stage["amount"]), (&json!(1), &yuan("5000.00")));
    assert_eq!(said(&all, "warnings")["rows"], json!([]));

    // Other days for once, without changing the board.
    let last = founder.get(&format!("/dashboards/{}/answer?preset=last_year", id(&made))).ok(200);
    assert_eq!(said(&last, "revenue")["figure"]["value"], "0.00");
    let from = today() - Days::new(1);
    let span = founder.get(&format!("/dashboards/{}/answer?from={from}&to={}", id(&made), today())).ok(200);
    assert_eq!(span["period"], json!({"from": from, "to": today()}));
    founder.get(&format!("/dashboards/{}/answer?from={from}", id(&made))).expect(422);
    let wrong = founder.get(&format!("/dashboards/{}/answer?preset=someday", id(&made)));
    assert!([400, 422].contains(&wrong.status), "{}", wrong.text());
}

fn a_figure_stands_beside_the_days_before(site: &Site) {
    let founder = site.founder();
    let tea = customer(&founder, "茶客");
    sell(&founder, &tea, today(), "150.00");
    sell(&founder, &tea, today() - Days::new(1), "100.00");
    sell(&founder, &tea, today() - Days::new(2), "50.00");
    let ask = |period: Value, key: &str| {
        let board = json!({"name": "A", "period": period, "cards": [figure(key)]});
        founder.post("/dashboards/answers", board).ok(200)["cards"][0]["figure"].clone()
    };
    let day = ask(json!({"preset": "yesterday"}), "revenue");
    assert_eq!((&day["value"], &day["before"], &day["change_share"]), (&json!("100.00"), &json!("50.00"), &json!(1.0)));
    let two = json!({"from": today() - Days::new(1), "to": today()});
    let two = ask(two, "average_order");
    assert_eq!((&two["value"], &two["before"]), (&json!("125.00"), &json!("50.00")));
    assert_eq!(two["compared"], json!({"from": today() - Days::new(3), "to": today() - Days::new(2)}));
    // Of days to come nothing is counted, nor of as many before.
    let open = json!({"from": today(), "to": today() + Days::new(1)});
    let open = ask(open, "orders");
    assert_eq!((&open["value"], &open["before"]), (&json!("1"), &json!("1")));
    assert_eq!(open["compared"], json!({"from": today() - Days::new(2), "to": today() - Days::new(2)}));
    let whole = ask(Value::Null, "buyers");
    assert_eq!((&whole["value"], &whole["before"], &whole["compared"]), (&json!("1"), &Value::Null, &Value::Null));
}

fn a_shared_board_shows_each_only_their_own(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    for login in ["chen", "lin"] {
        founder.user_new(login, &department, &[&founder.role("member")]);
    }
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.user_new("he", &foreign, &[&founder.role("member")]);
    let [chen, lin, he] = ["chen", "lin", "he"].map(|login| site.sign_in(login));
    for (client, amount) in [(&chen, "100.00"), (&lin, "20.00"), (&he, "3.00")] {
        let own = customer(client, "客户");
        sell(client, &own, today(), amount);
    }
    // On her board stands a pivot of hers that she shows nobody but through the board.
    let view = saved(&chen, &by("owner"));
    let cards = json!([figure("revenue"), {"id": "saved", "kind": "pivot", "width": 2, "view_id": view["id"]}]);
    let made = chen.post("/dashboards", board(cards)).ok(201);
    let path = format!("/dashboards/{}", id(&made));
    let revenue = |client: &Client| said(&answer(client, &made), "revenue")["figure"]["value"].clone();
    assert_eq!((revenue(&chen), revenue(&lin), revenue(&founder)), (json!("100.00"), json!("20.00"), json!("123.00")));
    let hers = answer(&lin, &made);
    let table = &said(&hers, "saved")["table"];
    assert_eq!((&table["total"][0], table["rows"].as_array().map(Vec::len)), (&json!("20.00"), Some(1)));
    let seen = lin.get(&path).ok(200);
    assert!(seen["own"] == false && seen["owner"]["name"] == "chen", "{seen}");
    lin.patch(&path, &json!(1), json!({"name": "x"})).expect(403);
    lin.delete(&path, &json!(1)).expect(403);
    for reply in
        [he.get(&path), he.get(&format!("{path}/answer")), he.post(&format!("{path}/copies"), json!({"name": "x"}))]
    {
        reply.expect(404);
    }
    he.patch(&path, &json!(1), json!({"name": "x"})).expect(404);

    // A copy is one's own, with the pivot in it.
    let copy = lin.post(&format!("{path}/copies"), json!({"name": "我的"})).ok(201);
    assert!(copy["own"] == true && copy["sharing"] == "private", "{copy}");
    assert!(copy["cards"][1]["view_id"].is_null() && copy["cards"][1]["title"] == "按客户", "{copy}");
    chen.get(&format!("/dashboards/{}", id(&copy))).expect(404);

    // The version guards it; taken back, it is gone for the others.
    let kept = chen.get(&path).expect(200);
    assert_eq!(kept.header("etag"), Some("\"1\""));
    chen.send("PATCH", &path, Some(&json!({"name": "x"})), &[]).expect(428);
    let changed = chen.patch(&path, &json!(1), json!({"sharing": "private", "period": null})).ok(200);
    assert!(changed["version"] == 2 && changed["period"].is_null(), "{changed}");
    chen.patch(&path, &json!(1), json!({"name": "x"})).expect(412);
    lin.get(&path).expect(404);
    let names = |client: &Client| client.get("/dashboards").ok(200)["items"].as_array().map(Vec::len);
    assert_eq!((names(&chen), names(&lin), names(&he)), (Some(2), Some(2), Some(1)));

    // Everyone: for those who see everyone.
    let refused = chen.patch(&path, &json!(2), json!({"sharing": "company"})).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/sharing");
    let all =
        founder.post("/dashboards", json!({"name": "全公司", "sharing": "company", "cards": [figure("revenue")]}));
    assert_eq!(said(&answer(&he, &all.ok(201)), "revenue")["figure"]["value"], "3.00");

    chen.delete(&path, &json!(2)).expect(204);
    chen.get(&path).expect(404);
    let told = founder.get(&format!("/audit-events?filter[resource_id]={}", id(&made))).ok(200);
    let actions: Vec<&Value> = told["items"].as_array().expect("events").iter().map(|event| &event["action"]).collect();
    assert_eq!(actions, ["deleted", "updated", "created"]);
}

fn a_card_that_may_not_be_answered_leaves_the_others(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    let tea = customer(&founder, "茶客");
    sell(&founder, &tea, today(), "100.00");
    let view = saved(&founder, &by("customer"));
    let masked = json!({"fact": "orders", "rows": [{"field": "customer.birthday", "grain": "year"}],
        "measures": [{"aggregate": "count"}]});
    let cards = json!([
        {"id": "gone", "kind": "pivot", "width": 1, "view_id": view["id"]},
        {"id": "masked", "kind": "pivot", "width": 1, "query": masked},
        figure("revenue"), figure("open_amount"), figure("new_customers"),
        {"id": "pipeline", "kind": "list", "width": 1, "list": "pipeline"},
    ]);
    let made = founder.post("/dashboards", board(cards)).ok(201);
    founder.delete(&format!("/views/{}", id(&view)), &json!(1)).expect(204);
    let all = answer(&founder, &made);
    assert_eq!(said(&all, "gone")["fault"], json!({"code": "not_found", "needs": null}));
    assert_eq!(said(&all, "revenue")["figure"]["value"], "100.00");
    // What is gone stays on the board until somebody takes it away, and hinders no other change.
    founder.patch(&format!("/dashboards/{}", id(&made)), &json!(1), json!({"name": "周二"})).expect(200);

    let role = json!({"name": "不看订单", "permissions": ["insight:metric:read", "customers:customer:read"],
        "scopes": {"customer": "unit"}, "masks": ["birthday"]});
    let role = founder.post("/roles", role).ok(201);
    founder.user_new("blind", &department, &[&role["id"]]);
    let blind = site.sign_in("blind");
    let all = answer(&blind, &made);
    for (card, needs) in [
        ("revenue", "sales:order:read"),
        ("masked", "sales:order:read"),
        ("open_amount", "sales:opportunity:read"),
        ("pipeline", "sales:opportunity:read"),
    ] {
        let card = said(&all, card);
        assert_eq!(card["fault"], json!({"code": "forbidden", "needs": needs}), "{card}");
        assert!(card["figure"].is_null() && card["table"].is_null() && card["rows"].is_null(), "{card}");
        assert!(card["query"].is_null(), "{card}");
    }
    assert_eq!(said(&all, "new_customers")["figure"]["value"], "1");

    let role = json!({"name": "看订单", "permissions": ["insight:metric:read", "customers:customer:read",
        "sales:order:read"], "scopes": {"customer": "unit", "order": "unit"}, "masks": ["birthday"]});
    let role = founder.post("/roles", role).ok(201);
    founder.user_new("half", &department, &[&role["id"]]);
    let all = answer(&site.sign_in("half"), &made);
    assert_eq!(said(&all, "masked")["fault"]["code"], "field_masked");
    assert_eq!(said(&all, "revenue")["figure"]["value"], "100.00");
}

fn a_board_that_makes_no_sense_says_why(site: &Site) {
    let founder = site.founder();
    let table = saved(&founder, &by("customer"));
    let list = founder.post("/views", json!({"resource": "customers", "name": "L", "definition": {}})).ok(201);
    let card = |change: Value| {
        let mut card = json!({"id": "a", "kind": "figure", "width": 1, "figure": "revenue"});
        for (name, value) in change.as_object().expect("members") {
            card[name] = value.clone();
        }
        json!([card])
    };
    for (cards, pointer, code) in [
        (card(json!({"width": 5})), "/cards/0/width", "out_of_range"),
        (card(json!({"figure": "luck"})), "/cards/0/figure", "not_allowed"),
        (card(json!({"figure": null})), "/cards/0/figure", "required"),
        (card(json!({"list": "warnings"})), "/cards/0/list", "not_allowed_here"),
        (card(json!({"kind": "pivot", "figure": null})), "/cards/0/query", "required"),
        (card(json!({"kind": "list", "figure": null})), "/cards/0/list", "required"),
        (
            card(json!({"kind": "pivot", "figure": null, "view_id": table["id"], "query": by("channel")})),
            "/cards/0/view_id",
            "not_allowed_here",
        ),
        (
            card(json!({"kind": "pivot", "figure": null, "view_id": list["id"]})),
            "/cards/0/view_id",
            "unknown_reference",
        ),
        (
            card(json!({"period": {"from": "2026-02-01", "to": "2026-01-01"}})),
            "/cards/0/period/to",
            "ends_before_it_begins",
        ),
        (json!([figure("orders"), figure("orders")]), "/cards/1/id", "duplicate"),
        (
            json!(
                (0..25)
                    .map(|at| json!({"id": at.to_string(), "kind": "list", "width": 1, "list": "silent"}))
                    .collect::<Vec<_>>()
            ),
            "/cards",
            "too_many",
        ),
    ] {
        let refused = founder.post("/dashboards", json!({"name": "A", "cards": cards})).ok(422);
        let first = &refused["errors"][0];
        assert_eq!((&first["pointer"], &first["code"]), (&json!(pointer), &json!(code)), "{refused}");
    }
    founder.post("/dashboards", json!({"name": " ", "cards": []})).expect(422);
    founder.post("/dashboards", json!({"name": "A", "sharing": "world"})).expect(422);
}

fn the_board_that_comes_with_the_program_is_copied_and_not_changed(site: &Site) {
    let founder = site.founder();
    let tea = customer(&founder, "茶客");
    sell(&founder, &tea, today() - Days::new(1), "80.00");
    let list = founder.get("/dashboards").ok(200);
    let first = &list["items"][0];
    assert!(first["built_in"] == true && first["own"] == false && first["owner"].is_null(), "{first}");
    let path = format!("/dashboards/{}", id(first));
    let all = answer(&founder, first);
    let faults: Vec<&Value> =
        all["cards"].as_array().expect("cards").iter().filter(|card| !card["fault"].is_null()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(said(&all, "revenue_yesterday")["figure"]["value"], "80.00");
    for reply in [founder.patch(&path, &json!(1), json!({"name": "x"})), founder.delete(&path, &json!(1))] {
        assert_eq!(reply.ok(409)["code"], "built_in");
    }
    let member = site.person("chen", "member");
    assert_eq!(said(&answer(&member, first), "revenue_yesterday")["figure"]["value"], "0.00");
    let copy = member.post(&format!("{path}/copies"), json!({"name": "我的总览"})).ok(201);
    assert_eq!(copy["cards"], member.get(&path).ok(200)["cards"]);
    member.patch(&format!("/dashboards/{}", id(&copy)), &copy["version"], json!({"cards": []})).expect(200);
}
