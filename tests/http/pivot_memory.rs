//! Pivots answered from memory: to the last digit what the database says, after every kind of write, at either of two
//! nodes.

use std::sync::atomic::AtomicBool;

use regulars_app::insight::pivot::memory::{PAGE, memory_forget, memory_read};
use regulars_domain::demo::Rng;
use regulars_domain::money::format_decimal;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::yuan;

both!(
    memory_and_database_say_the_same_whatever_is_written,
    what_memory_does_not_hold_the_database_answers,
    memory_holds_everything_or_nothing,
    merges_and_moves_are_followed,
    walls_stand_in_memory_too
);

fn remember(site: &Site) {
    read_within(site, 64 << 20, PAGE);
}

fn read_within(site: &Site, most: u64, page: i64) {
    memory_read(&site.app, most, page, &AtomicBool::new(false)).expect("read");
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").into()
}

/// The answer of memory, which must be that of the database: what makes it answer holds for every order.
#[track_caller]
fn same(client: &Client, query: &Value) -> Value {
    let ask = |query: &Value, executor: &str| {
        let mut answer = client.post("/pivots/tables", query.clone()).ok(200);
        assert_eq!(answer["executor"], executor, "{query}");
        answer["executor"].take();
        answer["as_of"].take();
        answer
    };
    let mut other = query.clone();
    let known = json!({"field": "order", "op": "is_null", "value": false});
    other["filter"] = if query["filter"].is_null() { known } else { json!({"all": [known, query["filter"].clone()]}) };
    let (memory, database) = (ask(query, "memory"), ask(&other, "database"));
    assert_eq!(memory, database, "{query}");
    memory
}

struct Shop {
    customers: Vec<String>,
    products: Vec<String>,
    orders: Vec<String>,
}

fn some<'a, T>(rng: &mut Rng, list: &'a [T]) -> &'a T {
    &list[rng.below(list.len())]
}

fn order_of(rng: &mut Rng, shop: &Shop) -> Value {
    let lines: Vec<Value> = (0..=rng.below(3))
        .map(|_| {
            let product = rng.chance(0.8).then(|| some(rng, &shop.products));
            let price = format_decimal(rng.between(1, 99_999), 2);
            let cost = rng.chance(0.5).then(|| yuan("0.37"));
            json!({"product_id": product, "name": "商品", "quantity": "2", "price": yuan(&price), "cost": cost})
        })
        .collect();
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date") + chrono::Days::new(rng.below(500) as u64);
    json!({"customer_id": some(rng, &shop.customers), "ordered_on": day, "lines": lines,
        "channel": (some(rng, &[Some("store"), Some("website"), None])),
        "status": (some(rng, &["draft", "confirmed", "delivered"]))})
}

fn customer_of(rng: &mut Rng, name: &str) -> Value {
    let address = json!([{"province": (some(rng, &["上海", "浙江"])), "city": (some(rng, &["上海", "杭州", "宁波"]))}]);
    json!({"kind": (some(rng, &["person", "organization"])), "name": name,
        "industry": (some(rng, &[Some("retail"), Some("catering"), None])), "addresses": address})
}

fn shop(founder: &Client, rng: &mut Rng) -> Shop {
    let mut shop = Shop { customers: Vec::new(), products: Vec::new(), orders: Vec::new() };
    for at in 0..5 {
        let body = json!({"code": format!("P{at}"), "name": format!("货{at}"), "price": yuan("1")});
        shop.products.push(id(&founder.post("/products", body).ok(201)));
    }
    for at in 0..7 {
        shop.customers.push(id(&founder.post("/customers", customer_of(rng, &format!("客户{at}"))).ok(201)));
    }
    for _ in 0..25 {
        let order = order_of(rng, &shop);
        shop.orders.push(id(&founder.post("/orders", order).ok(201)));
    }
    shop
}

fn version(client: &Client, path: &str) -> Value {
    client.get(path).ok(200)["version"].clone()
}

/// One write of any kind; what the state of a record forbids is refused and changes nothing.
fn write(founder: &Client, rng: &mut Rng, shop: &mut Shop, categories: &[String]) {
    match rng.below(9) {
        0 | 1 => {
            let order = order_of(rng, shop);
            shop.orders.push(id(&founder.post("/orders", order).ok(201)));
        }
        2 => {
            let path = format!("/orders/{}", some(rng, &shop.orders));
            let change = json!({"channel": "store", "ordered_on": "2025-06-07", "order_discount": yuan("0.01")});
            founder.patch(&path, &version(founder, &path), change);
        }
        3 => {
            let path = format!("/orders/{}", some(rng, &shop.orders));
            founder.post(
                &format!("{path}/status"),
                json!({"status": (some(rng, &["confirmed", "delivered", "cancelled"]))}),
            );
        }
        4 => {
            let path = format!("/orders/{}", some(rng, &shop.orders));
            founder.post(&format!("{path}/payments"), json!({"amount": yuan("0.5")}));
            founder.post(&format!("{path}/returns"), json!({"line_id": 1, "quantity": "1"}));
        }
        5 => {
            let path = format!("/customers/{}", some(rng, &shop.customers));
            let change = customer_of(rng, "改名");
            founder.patch(&path, &version(founder, &path), change);
        }
        6 => {
            let path = format!("/products/{}", some(rng, &shop.products));
            let category = some(rng, categories).clone();
            founder.patch(&path, &version(founder, &path), json!({"category_id": category})).expect(200);
        }
        7 => {
            let at = rng.below(shop.orders.len());
            let path = format!("/orders/{}", shop.orders[at]);
            if founder.delete(&path, &version(founder, &path)).status == 204 {
                shop.orders.remove(at);
            }
        }
        _ => {
            shop.customers.push(id(&founder.post("/customers", customer_of(rng, "新客")).ok(201)));
        }
    }
}

fn query_of(rng: &mut Rng, shop: &Shop) -> Value {
    let lines = rng.chance(0.7);
    let mut free = vec![
        "channel",
        "status",
        "unit",
        "owner",
        "department",
        "customer",
        "currency",
        "customer.kind",
        "customer.industry",
        "customer.province",
        "customer.city",
        "ordered_on",
    ];
    if lines {
        free.extend(["product", "category"]);
    }
    let mut sides = [Vec::new(), Vec::new()];
    for at in 0..rng.below(4) {
        let field = free.remove(rng.below(free.len()));
        let grain = (field == "ordered_on").then(|| ["day", "week", "month", "quarter", "year"][rng.below(5)]);
        let top = rng.chance(0.3).then(|| json!({"n": rng.between(1, 3)}));
        sides[at % 2].push(json!({"field": field, "grain": grain, "top": top}));
    }
    let sums: &[&str] = if lines {
        &["amount", "quantity", "discount", "cost", "margin"]
    } else {
        &["net", "gross", "discount", "returned", "paid", "cost", "margin"]
    };
    let different: &[&str] = if lines { &["customer", "order", "product"] } else { &["customer"] };
    let measures: Vec<Value> = (0..=rng.below(3))
        .map(|_| match rng.below(4) {
            0 => json!({"aggregate": "count"}),
            1 => json!({"aggregate": "distinct", "field": (some(rng, different))}),
            2 => json!({"aggregate": "average", "field": (some(rng, sums))}),
            _ => {
                json!({"aggregate": "sum", "field": (some(rng, sums)), "show": (some(rng, &["value", "total_share"]))})
            }
        })
        .collect();
    let filters = [
        json!({"field": "channel", "op": "ne", "value": "store"}),
        json!({"field": "customer.industry", "op": "in", "value": ["retail"]}),
        json!({"not": {"field": "customer.industry", "op": "is_null", "value": true}}),
        json!({"any": [{"field": "customer.kind", "op": "eq", "value": "person"},
            {"field": "channel", "op": "eq", "value": "website"}]}),
        json!({"field": "customer", "op": "eq", "value": (some(rng, &shop.customers))}),
        json!({"field": "ordered_on", "op": "between", "value": ["2025-02-03", "2025-12-31"]}),
    ];
    let period = rng.chance(0.3).then(|| json!({"from": "2025-03-01", "to": "2026-02-28"}));
    let filter = rng.chance(0.5).then(|| some(rng, &filters).clone());
    json!({"fact": if lines { "order_lines" } else { "orders" }, "rows": sides[0], "columns": sides[1],
        "measures": measures, "filter": filter, "period": period,
        "sort": rng.chance(0.5).then(|| json!({"measure": 0, "descending": true}))})
}

fn memory_and_database_say_the_same_whatever_is_written(site: &Site) {
    let founder = site.founder();
    let mut rng = Rng::of_row(3, 5, 8);
    let mut shop = shop(&founder, &mut rng);
    let category = |name: &str| id(&founder.post("/categories", json!({"name": name})).ok(201));
    let categories = [category("茶"), category("器")];
    remember(site);
    for _ in 0..45 {
        for _ in 0..rng.below(3) {
            write(&founder, &mut rng, &mut shop, &categories);
        }
        let query = query_of(&mut rng, &shop);
        same(&founder, &query);
    }
    // Read anew it says what the changes had made of it.
    let query = json!({"fact": "order_lines", "rows": [{"field": "customer.city"}], "columns": [{"field": "category"}],
        "measures": [{"aggregate": "sum", "field": "margin"}, {"aggregate": "distinct", "field": "order"}]});
    let followed = same(&founder, &query);
    remember(site);
    assert_eq!(same(&founder, &query), followed);
}

fn by(field: &str) -> Value {
    json!({"fact": "orders", "rows": [{"field": field}], "measures": [{"aggregate": "sum", "field": "net"},
        {"aggregate": "count"}]})
}

fn executor(client: &Client, query: &Value) -> Value {
    client.post("/pivots/tables", query.clone()).ok(200)["executor"].clone()
}

fn what_memory_does_not_hold_the_database_answers(site: &Site) {
    let founder = site.founder();
    shop(&founder, &mut Rng::of_row(1, 1, 1));
    assert_eq!(executor(&founder, &by("channel")), "database", "nothing is in memory yet");
    remember(site);
    assert_eq!(executor(&founder, &by("channel")), "memory");
    assert_eq!(executor(&founder, &by("customer.metrics.abc")), "database");
    let mut tagged = by("channel");
    tagged["filter"] = json!({"field": "customer.city", "op": "eq", "value": "杭州"});
    assert_eq!(executor(&founder, &tagged), "database", "a customer has several addresses");
    memory_forget(&site.app);
    assert_eq!(executor(&founder, &by("channel")), "database");
}

fn memory_holds_everything_or_nothing(site: &Site) {
    let founder = site.founder();
    shop(&founder, &mut Rng::of_row(3, 3, 3));
    let mut answered = Vec::new();
    let mut most = 1 << 9;
    while most < 1 << 16 {
        read_within(site, most, 3);
        let by_memory = executor(&founder, &by("channel")) == "memory";
        if by_memory {
            same(&founder, &by("channel"));
        }
        answered.push(by_memory);
        most += most / 16;
    }
    assert_eq!((answered.first(), answered.last()), (Some(&false), Some(&true)));
}

fn merges_and_moves_are_followed(site: &Site) {
    let founder = site.founder();
    let mut rng = Rng::of_row(2, 2, 2);
    let shop = shop(&founder, &mut rng);
    remember(site);
    let before = same(&founder, &by("customer"));
    let [kept, gone] = [&shop.customers[0], &shop.customers[1]];
    let at = |id: &str| format!("/customers/{id}");
    let body = json!({"other_id": gone, "version": version(&founder, &at(kept)),
        "other_version": version(&founder, &at(gone)), "choices": {"industry": "gone"}});
    let merge = founder.post(&format!("{}/merges", at(kept)), body).ok(201);
    let merged = same(&founder, &by("customer"));
    assert_ne!(merged, before);
    same(&founder, &by("customer.industry"));
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    assert_eq!(same(&founder, &by("customer")), before);
    same(&founder, &by("customer.industry"));

    let (unit, _) = founder.place();
    let department = founder.department_new(&unit, "别处");
    let me = founder.get("/me").ok(200)["id"].as_str().expect("an id").to_string();
    let user = founder.get(&format!("/users/{me}")).ok(200);
    let moved = json!({"department_id": department});
    founder.patch(&format!("/users/{me}"), &user["version"], moved).expect(200);
    same(&founder, &by("department"));
    founder.delete(&at(&shop.customers[2]), &version(&founder, &at(&shop.customers[2])));
    same(&founder, &by("customer.kind"));
    same(&founder, &by("customer"));
}

fn walls_stand_in_memory_too(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    let team = json!({"name": "组长", "permissions": ["insight:metric:read", "sales:order:read", "sales:order:write",
        "customers:customer:read", "customers:customer:write"], "scopes": {"customer": "team", "order": "team"}});
    let team = founder.post("/roles", team).ok(201);
    founder.user_new("head", &department, &[&team["id"]]);
    let elsewhere = founder.unit_new("HZ");
    founder.user_new("he", &founder.department_new(&elsewhere, "D"), &[&founder.role("unit_head")]);
    let [chen, head, he] = ["chen", "head", "he"].map(|login| site.sign_in(login));
    let mut rng = Rng::of_row(4, 4, 4);
    for client in [&founder, &chen, &head, &he] {
        let customer = id(&client.post("/customers", customer_of(&mut rng, "谁的")).ok(201));
        for day in ["2026-01-02", "2026-01-09"] {
            let lines = json!([{"name": "茶", "quantity": "1", "price": yuan("3.21")}]);
            let order = json!({"customer_id": customer, "ordered_on": day, "status": "confirmed", "lines": lines});
            client.post("/orders", order).expect(201);
        }
    }
    remember(site);
    let chen_id = chen.get("/me").ok(200)["id"].clone();
    let shared = id(&founder.post("/customers", customer_of(&mut rng, "共享的")).ok(201));
    let lines = json!([{"name": "茶", "quantity": "1", "price": yuan("7")}]);
    let order = json!({"customer_id": shared, "ordered_on": "2026-02-02", "status": "confirmed", "lines": lines});
    let order = founder.post("/orders", order).ok(201);
    let given = json!({"owner_id": chen_id});
    founder.patch(&format!("/orders/{}", id(&order)), &order["version"], given).expect(200);
    for client in [&founder, &chen, &head, &he] {
        for field in ["unit", "owner", "customer.kind", "customer"] {
            same(client, &by(field));
        }
    }
    let total = |client: &Client, field: &str| same(client, &by(field))["total"][0].clone();
    assert_eq!((total(&chen, "unit"), total(&chen, "customer.kind")), (json!("13.42"), json!("6.42")));
    let share = json!({"user_id": chen_id});
    founder.post(&format!("/customers/{shared}/shares"), share).expect(200);
    assert_eq!(total(&chen, "customer.kind"), "13.42", "shared with her");
    same(&head, &by("customer.kind"));
}
