//! The questions as the product answers them: pivots and cohorts by the columns in memory, RFM by the counters of each
//! customer, which are kept up with every order and not added up when somebody asks.

use std::collections::HashMap;
use std::time::Instant;

use chrono::NaiveDate;
use regulars_analytics::pivot::{AxisAt, Figure, Kind, OrderRow, Question, Sales, Shape, Sieve, Source, groups};
use regulars_analytics::rfm::{RfmColumns, rfm_overview, rfm_quintiles};
use regulars_domain::pivot::{Grain, Group, Key};

use super::data::{Data, LINE_FIGURES, id};
use super::{Measured, Row, fastest};

const NAME: &str = "Regulars";
/// Keys of customers: nation, segment, month of the first order.
const NATION: Source = Source::CustomerKey(0);
const SEGMENT: Source = Source::CustomerKey(1);
const FIRST: Source = Source::CustomerKey(2);

/// Ours.
pub fn answer(question: &str, data: &Data) -> Result<Measured, String> {
    let month = (Source::Day, Some(Grain::Month));
    match question {
        "pivot" => divided(data, &[(NATION, None), month, (SEGMENT, None)], vec![Figure::Sum(0)]),
        "cohorts" => divided(data, &[(FIRST, None), month], vec![Figure::Customers, Figure::Sum(0)]),
        _ => scored(data),
    }
}

/// The first order of each customer.
fn firsts(data: &Data) -> HashMap<u64, NaiveDate> {
    let mut firsts: HashMap<u64, NaiveDate> = HashMap::new();
    for order in &data.orders {
        firsts.entry(order.customer).and_modify(|first| *first = order.day.min(*first)).or_insert(order.day);
    }
    firsts
}

fn divided(data: &Data, axes: &[(Source, Option<Grain>)], figures: Vec<Figure>) -> Result<Measured, String> {
    let firsts = firsts(data);
    let shape =
        Shape { order_keys: 0, order_figures: 0, line_figures: LINE_FIGURES, customer_keys: 3, product_keys: 0 };
    let began = Instant::now();
    let mut sales = Sales::new(shape);
    for (at, order) in data.orders.iter().enumerate() {
        let lines = data.lines_of(at);
        sales.put(OrderRow {
            id: id(order.key),
            customer: id(order.customer),
            day: order.day,
            keys: &[],
            figures: &[],
            products: &data.products[lines.clone()],
            line_figures: &data.figures[lines.start * LINE_FIGURES..lines.end * LINE_FIGURES],
        });
    }
    for (customer, nation, segment) in &data.customers {
        if let Some(first) = firsts.get(customer) {
            let first = first.format("%Y-%m").to_string();
            sales.customer_put(id(*customer), &[Some(nation), Some(segment), Some(&first)]);
        }
    }
    sales.shrink();
    let built = began.elapsed().as_secs_f64();
    let lines = sales.lines();
    let question = Question {
        kind: Kind::Lines,
        axes: axes.iter().map(|(source, grain)| AxisAt { source: *source, grain: *grain, kept: None }).collect(),
        figures,
        sieve: Sieve::open(),
    };
    let (wall_ms, cpu_s, found) = fastest(|| groups(&sales, &question, usize::MAX).map_err(|why| format!("{why:?}")))?;
    Ok(Measured {
        name: NAME.into(),
        wall_ms: Some(wall_ms),
        cpu_s: Some(cpu_s),
        bytes_per_line: Some(sales.bytes() as f64 / lines.max(1) as f64),
        build_lines_per_s: Some(lines as f64 / built),
        absent: None,
        rows: Some(told(found)),
    })
}

/// As the peers tell it: months as `YYYY-MM`.
fn told(groups: Vec<Group>) -> Vec<Row> {
    let text = |key: &Key| match key {
        Key::Value(text) => text.strip_suffix("-01").filter(|_| text.len() == 10).unwrap_or(text).to_string(),
        Key::Missing | Key::Others => String::new(),
    };
    let row = |group: &Group| -> Row {
        (group.keys.iter().map(text).collect(), group.parts.iter().map(|part| part.sum).collect())
    };
    let mut rows: Vec<Row> = groups.iter().map(row).collect();
    rows.sort();
    rows
}

/// What a customer's row keeps.
#[derive(Default)]
struct Counters {
    last: NaiveDate,
    days: u32,
    net: i64,
}

fn scored(data: &Data) -> Result<Measured, String> {
    let mut bought: Vec<(u64, NaiveDate, i64)> =
        data.orders.iter().enumerate().map(|(at, order)| (order.customer, order.day, data.revenue_of(at))).collect();
    bought.sort_unstable();
    let mut kept: Vec<(u64, Counters)> = Vec::new();
    for (customer, day, net) in bought {
        if kept.last().is_none_or(|(last, _)| *last != customer) {
            kept.push((customer, Counters::default()));
        }
        if let Some((_, counters)) = kept.last_mut() {
            counters.days += u32::from(counters.days == 0 || counters.last != day);
            counters.last = day;
            counters.net += net;
        }
    }
    let until = kept.iter().map(|(_, one)| one.last).max().unwrap_or_default();
    let days = |one: &Counters| i32::try_from((until - one.last).num_days()).unwrap_or(i32::MAX);
    let recency_days: Vec<i32> = kept.iter().map(|(_, one)| days(one)).collect();
    let frequency: Vec<u32> = kept.iter().map(|(_, one)| one.days).collect();
    let monetary: Vec<i64> = kept.iter().map(|(_, one)| one.net).collect();
    let columns = RfmColumns { recency_days: &recency_days, frequency: &frequency, monetary: &monetary };
    let (wall_ms, cpu_s, found) = fastest(|| Ok(rfm_overview(&rfm_quintiles(columns), &monetary)))?;
    let row = |cell: &regulars_analytics::rfm::RfmCell| -> Row {
        let net = i64::try_from(cell.net).unwrap_or(i64::MAX);
        (cell.code.chars().map(String::from).collect(), vec![cell.count as i64, net])
    };
    let mut rows: Vec<Row> = found.cells.iter().map(row).collect();
    rows.sort();
    Ok(Measured {
        name: NAME.into(),
        wall_ms: Some(wall_ms),
        cpu_s: Some(cpu_s),
        bytes_per_line: None,
        build_lines_per_s: None,
        absent: None,
        rows: Some(rows),
    })
}
