//! The columns held against a plain walk over the same facts: enough of them for every core, with groups few and many.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use regulars_domain::pivot::{Grain, Key, Part};
use uuid::Uuid;

use super::*;

struct Plain {
    customer: u64,
    day: NaiveDate,
    channel: Option<&'static str>,
    lines: Vec<(Option<u64>, Option<i64>)>,
}

/// Order, customer, product, amount.
type Fact = (u64, u64, Option<u64>, Option<i64>);

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(7, number)
}

/// A step of a linear congruential generator.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn made() -> (Sales, BTreeMap<u64, Plain>) {
    let shape = Shape { order_keys: 1, order_figures: 1, line_figures: 1, customer_keys: 1, product_keys: 0 };
    let (mut sales, mut plain, mut state) = (Sales::new(shape), BTreeMap::new(), 1);
    let first = NaiveDate::from_ymd_opt(2023, 11, 5).expect("a date");
    for write in 0..60_000_u64 {
        // Every sixth is written again, every thirtieth goes.
        let number = if write % 6 == 5 { next(&mut state) % (write + 1) } else { write };
        if write % 30 == 29 {
            sales.remove(id(number));
            plain.remove(&number);
            continue;
        }
        let lines = (0..next(&mut state) % 4).map(|_| {
            let product = Some(next(&mut state) % 50).filter(|product| *product > 5);
            let amount = next(&mut state) as i64 % 9_000_000_000 - 1_000;
            (product, Some(amount).filter(|amount| amount % 7 != 0))
        });
        let order = Plain {
            lines: lines.collect(),
            customer: next(&mut state) % 3_000,
            day: first + Days::new(next(&mut state) % 500),
            channel: [Some("store"), Some("web"), None][next(&mut state) as usize % 3],
        };
        let (products, figures): (Vec<_>, Vec<_>) = order.lines.iter().map(|(p, f)| (p.map(id), *f)).unzip();
        sales.put(OrderRow {
            id: id(number),
            customer: id(order.customer),
            day: order.day,
            keys: &[order.channel],
            figures: &[Some(order.lines.len() as i64)],
            products: &products,
            line_figures: &figures,
        });
        plain.insert(number, order);
    }
    for customer in 0..3_000 {
        sales.customer_put(id(customer), &[Some(kind(customer))]);
    }
    (sales, plain)
}

fn kind(customer: u64) -> &'static str {
    if customer.is_multiple_of(5) { "firm" } else { "person" }
}

fn key(source: Source, grain: Option<Grain>, order: &Plain, product: Option<u64>) -> Key {
    let text = match source {
        Source::Day => Some(grain.unwrap_or(Grain::Day).bucket(order.day).to_string()),
        Source::Order(_) => order.channel.map(String::from),
        Source::CustomerKey(_) => Some(kind(order.customer).into()),
        Source::Product => product.map(|product| id(product).to_string()),
        _ => Some(id(order.customer).to_string()),
    };
    text.map_or(Key::Missing, Key::Value)
}

#[test]
fn columns_divide_as_a_walk_over_the_facts_does() {
    let (sales, plain) = made();
    let axis = |source, grain| AxisAt { source, grain, kept: None };
    let kept = vec![Key::Value("store".into()), Key::Missing];
    for axes in [
        vec![],
        vec![axis(Source::Day, Some(Grain::Month)), axis(Source::CustomerKey(0), None)],
        vec![AxisAt { kept: Some(kept), ..axis(Source::Order(0), None) }, axis(Source::Product, None)],
        vec![axis(Source::Customer, None), axis(Source::Day, Some(Grain::Day))],
    ] {
        let figures = vec![
            Figure::Count,
            Figure::Sum(0),
            Figure::Customers,
            Figure::Orders,
            Figure::Products,
            Figure::Less(0, 0),
        ];
        let sieve = || {
            let web = Sieve::among(Source::Order(0), vec!["web".into()]);
            let firm = Sieve::among(Source::CustomerKey(0), vec!["firm".into()]);
            let known = Sieve::Not(Box::new(Sieve::Leaf(Leaf::Missing(Source::Product))));
            let early = Leaf::Meets(Source::Day, Box::new(|day: &str| day < "2024-12-01"));
            Sieve::All(vec![Sieve::Any(vec![web, firm, known]), Sieve::Leaf(early)])
        };
        let question = Question { kind: Kind::Lines, axes: axes.clone(), figures, sieve: sieve() };
        let mut expected: BTreeMap<Vec<Key>, Vec<Fact>> = BTreeMap::new();
        if axes.is_empty() {
            expected.insert(Vec::new(), Vec::new());
        }
        let until = NaiveDate::from_ymd_opt(2024, 12, 1).expect("a date");
        for (number, order) in &plain {
            for (product, amount) in &order.lines {
                let any = order.channel == Some("web") || kind(order.customer) == "firm" || product.is_some();
                if !any || order.day >= until {
                    continue;
                }
                let keys = axes.iter().map(|axis| {
                    let key = key(axis.source, axis.grain, order, *product);
                    if axis.kept.as_ref().is_none_or(|kept| kept.contains(&key)) { key } else { Key::Others }
                });
                expected.entry(keys.collect()).or_default().push((*number, order.customer, *product, *amount));
            }
        }
        let found = groups(&sales, &question, usize::MAX).expect("groups");
        assert_eq!(found.len(), expected.len());
        for group in found {
            let facts = &expected[&group.keys];
            let count = facts.len() as i64;
            let amounts: Vec<i64> = facts.iter().filter_map(|fact| fact.3).collect();
            let different = |of: &dyn Fn(&Fact) -> Option<u64>| {
                let known: Vec<u64> = facts.iter().filter_map(of).collect();
                Part { sum: known.iter().collect::<BTreeSet<_>>().len() as i64, count: known.len() as i64 }
            };
            let expected = [
                Part { sum: count, count },
                Part { sum: amounts.iter().sum(), count: amounts.len() as i64 },
                different(&|fact| Some(fact.1)),
                different(&|fact| Some(fact.0)),
                different(&|fact| fact.2),
                Part { sum: 0, count: amounts.len() as i64 },
            ];
            assert_eq!(group.parts, expected, "{:?}", group.keys);
        }
        assert_eq!(groups(&sales, &question, 0), Err(Unanswered::TooMany));
    }
}
