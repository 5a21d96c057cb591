//! The counters of customers, held against a judge in memory while people do what they do to orders.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use regulars_analytics::metrics::{CustomerMetrics, LineFacts, OrderFacts, customer_metrics};
use regulars_app::AppError;
use regulars_app::insight::evaluation::metrics_recount;
use regulars_domain::ids::PartyId;
use regulars_persistence::insight::metric::{MetricRow, metrics_get};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sales::{customer, yuan};

both!(counters_follow_every_change, a_setting_decides_which_orders_count);

fn uuid_of(value: &Value) -> Uuid {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

fn recount(site: &Site) -> i64 {
    metrics_recount(&site.app, &mut |_| Ok(())).expect("a recount")
}

/// What a person may do to the orders of a few customers.
#[derive(Debug, Clone)]
enum Deed {
    Order { customer: usize, day: u32, price: u32, quantity: u32, product: usize, discount: u32 },
    Pay { order: usize, part: u32 },
    Return { order: usize, quantity: u32 },
    Status { order: usize, to: usize },
    Move { order: usize, customer: usize },
    Reline { order: usize, price: u32 },
    Delete { order: usize },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0usize..3, 0u32..300, 1u32..50_000, 1u32..9_000, 0usize..3, 0u32..100).prop_map(
            |(customer, day, price, quantity, product, discount)| Deed::Order { customer, day, price, quantity, product, discount }
        ),
        2 => (0usize..20, 1u32..120).prop_map(|(order, part)| Deed::Pay { order, part }),
        2 => (0usize..20, 1u32..5_000).prop_map(|(order, quantity)| Deed::Return { order, quantity }),
        3 => (0usize..20, 0usize..5).prop_map(|(order, to)| Deed::Status { order, to }),
        1 => (0usize..20, 0usize..3).prop_map(|(order, customer)| Deed::Move { order, customer }),
        1 => (0usize..20, 1u32..50_000).prop_map(|(order, price)| Deed::Reline { order, price }),
        1 => (0usize..20).prop_map(|order| Deed::Delete { order }),
    ];
    proptest::collection::vec(deed, 40)
}

fn cents(amount: u32) -> Value {
    yuan(&format!("{}.{:02}", amount / 100, amount % 100))
}

/// Who buys what.
struct Shop {
    client: Client,
    customers: Vec<Value>,
    products: Vec<Value>,
    orders: Vec<Value>,
}

impl Shop {
    /// Does it; refusals are fine, for limits and states are tested elsewhere.
    fn perform(&mut self, deed: &Deed) {
        let at =
            |order: &usize| self.orders.get(*order).map(|id| format!("/orders/{}", id.as_str().unwrap_or_default()));
        let client = &self.client;
        match deed {
            Deed::Order { customer, day, price, quantity, product, discount } => {
                let on = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date") + chrono::Days::new(u64::from(*day));
                let quantity = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                let lines =
                    json!([{"product_id": self.products[*product], "quantity": quantity, "price": cents(*price)}]);
                let body = json!({"customer_id": self.customers[*customer], "ordered_on": on, "lines": lines,
                    "order_discount": cents(*discount)});
                let reply = client.post("/orders", body);
                if reply.status == 201 {
                    self.orders.push(reply.json()["id"].clone());
                }
            }
            Deed::Pay { order, part } => {
                let Some(path) = at(order) else { return };
                let balance = client.get(&path).json()["balance"]["amount"].clone();
                let balance: f64 = balance.as_str().and_then(|text| text.parse().ok()).unwrap_or(0.0);
                let amount = (balance * f64::from(*part)).max(0.0) as u32;
                client.post(&format!("{path}/payments"), json!({"amount": cents(amount)}));
            }
            Deed::Return { order, quantity } => {
                let Some(path) = at(order) else { return };
                let quantity = format!("{}.{:03}", quantity / 1000, quantity % 1000);
                client.post(&format!("{path}/returns"), json!({"line_id": 1, "quantity": quantity}));
            }
            Deed::Status { order, to } => {
                let Some(path) = at(order) else { return };
                let status = ["draft", "confirmed", "delivered", "completed", "cancelled"][*to];
                client.post(&format!("{path}/status"), json!({"status": status}));
            }
            Deed::Move { order, customer } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                client.patch(&path, &version, json!({"customer_id": self.customers[*customer]}));
            }
            Deed::Reline { order, price } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                let line = json!([{"id": 1, "name": "改", "quantity": "2", "price": cents(*price)}]);
                client.patch(&path, &version, json!({"lines": line, "order_discount": null}));
            }
            Deed::Delete { order } => {
                let Some(path) = at(order) else { return };
                let version = client.get(&path).json()["version"].clone();
                client.delete(&path, &version);
            }
        }
    }

    /// The judge: what the orders as they are shown add up to.
    fn judged(&self, customer: &Value, counts: impl Fn(&Value) -> bool) -> CustomerMetrics {
        let minor = |money: &Value| -> i64 {
            money["amount"].as_str().expect("an amount").replace('.', "").parse().expect("minor units")
        };
        let path = format!("/orders?filter[customer]={}", customer.as_str().expect("an id"));
        let orders: Vec<Value> = self.client.all(&path, 50).into_iter().filter(|order| counts(order)).collect();
        let lines: Vec<Vec<LineFacts<Uuid>>> = orders
            .iter()
            .map(|order| {
                let lines = order["lines"].as_array().expect("lines").iter();
                let product = |line: &Value| line["product"]["id"].as_str().and_then(|id| id.parse().ok());
                lines.map(|line| LineFacts { product: product(line), category: None }).collect()
            })
            .collect();
        let facts: Vec<OrderFacts<'_, Uuid>> = orders
            .iter()
            .zip(&lines)
            .map(|(order, lines)| OrderFacts {
                on: order["ordered_on"].as_str().and_then(|on| on.parse().ok()).expect("a date"),
                gross: minor(&order["gross"]),
                discount: minor(&order["discount"]),
                returned: minor(&order["returned"]),
                paid: minor(&order["paid"]),
                cost: order["cost"].as_object().map(|_| minor(&order["cost"])),
                lines,
            })
            .collect();
        customer_metrics(&facts)
    }
}

fn stored(site: &Site, customer: &Value) -> MetricRow {
    let id = PartyId(uuid_of(customer));
    let rows = site.app.db().read(|db| Ok::<_, AppError>(metrics_get(db, &[id])?)).expect("metrics");
    rows.into_iter().next().expect("a row")
}

fn assert_judged(site: &Site, shop: &Shop, counts: impl Fn(&Value) -> bool + Copy) {
    for customer in &shop.customers {
        let (row, judged) = (stored(site, customer), shop.judged(customer, counts));
        assert_eq!((row.first_order_on, row.last_order_on), (judged.first_order_on, judged.last_order_on));
        assert_eq!((row.orders, row.order_days), (i64::from(judged.orders), i64::from(judged.order_days)));
        assert_eq!((row.gross, row.discount, row.returns), (judged.gross, judged.discount, judged.returns));
        assert_eq!((row.net, row.cost, row.products), (judged.net, judged.cost, i64::from(judged.products)));
        assert_eq!((row.mean_gap_days, row.median_gap_days), (judged.mean_gap_days, judged.median_gap_days));
        assert_eq!((row.costs_unknown == 0).then_some(row.net - row.cost), judged.margin);
    }
}

fn is_sale(order: &Value) -> bool {
    matches!(order["status"].as_str(), Some("confirmed" | "delivered" | "completed"))
}

fn shop(site: &Site) -> Shop {
    let client = site.founder();
    let customers = ["甲", "乙", "丙"].map(|name| customer(&client, name)).to_vec();
    let product = |number: usize| {
        let cost = if number == 2 { Value::Null } else { yuan("1.23") };
        let body = json!({"code": format!("P{number}"), "name": format!("商品{number}"), "cost": cost});
        client.post("/products", body).ok(201)["id"].clone()
    };
    let products = (0..3).map(product).collect();
    Shop { client, customers, products, orders: Vec::new() }
}

fn counters_follow_every_change(site: &Site) {
    let mut shop = shop(site);
    let config = Config { cases: 3, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let shop_cell = std::cell::RefCell::new(&mut shop);
    runner
        .run(&deeds(), |deeds| {
            let mut shop = shop_cell.borrow_mut();
            for deed in &deeds {
                shop.perform(deed);
            }
            assert_eq!(recount(site), 0, "counters are what the orders say");
            assert_judged(site, &shop, is_sale);
            Ok(())
        })
        .expect("counters hold");
    assert!(shop.orders.len() > 20, "the deeds were done");
}

fn a_setting_decides_which_orders_count(site: &Site) {
    let mut shop = shop(site);
    for (day, status) in [(0, None), (10, Some(2)), (20, Some(3)), (30, Some(4))] {
        shop.perform(&Deed::Order { customer: 0, day, price: 1000, quantity: 1000, product: 0, discount: 0 });
        if let Some(to) = status {
            shop.perform(&Deed::Status { order: shop.orders.len() - 1, to });
        }
    }
    shop.perform(&Deed::Pay { order: 0, part: 100 });
    assert_eq!(stored(site, &shop.customers[0]).orders, 3);
    recount(site);
    for (rule, orders) in [("delivered", 2), ("paid", 1), ("confirmed", 3)] {
        let version = shop.client.get("/settings").ok(200)["version"].clone();
        let patch = json!({"settings": {"order_counts_when": rule}});
        shop.client.patch("/settings", &version, patch).expect(200);
        assert_eq!(recount(site), 1, "the customer's counters change with the setting {rule}");
        assert_eq!(stored(site, &shop.customers[0]).orders, orders, "{rule}");
        assert_eq!(stored(site, &shop.customers[0]).open_balance, 2000, "what is owed is owed under any setting");
        assert_eq!(recount(site), 0);
    }
    let jobs = shop.client.get("/jobs").ok(200);
    let kinds: Vec<&str> =
        jobs["items"].as_array().expect("jobs").iter().filter_map(|job| job["kind"].as_str()).collect();
    assert!(kinds.contains(&"insight.recount"), "a change of the setting asks for a recount: {kinds:?}");
}
