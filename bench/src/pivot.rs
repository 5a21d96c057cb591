//! Pivots in memory beside other engines: revenue by nation, month and segment over the order lines of TPC-H, the same
//! data and the same question for all of them in one run, and every answer compared with ours.

use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use chrono::NaiveDate;
use regulars_analytics::pivot::{AxisAt, Figure, Kind, OrderRow, Question, Sales, Shape, Sieve, Source, groups};
use regulars_domain::pivot::{Grain, Group, Key};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::postgres::Cluster;
use crate::process;

/// Where data, packages and answers of peers are kept between runs.
const DIRECTORY: &str = "target/bench-pivot";
const PEERS: &str = "scripts/pivot-peers.py";
const RUNS: usize = 5;
/// Nation, month, segment, ten-thousandths of a unit of money.
type Row = (String, String, String, i64);

/// What an engine needed; the answer is left out of what is written.
#[derive(Serialize, Deserialize)]
struct Measured {
    name: String,
    wall_ms: Option<f64>,
    cpu_s: Option<f64>,
    bytes_per_line: Option<f64>,
    build_lines_per_s: Option<f64>,
    absent: Option<String>,
    #[serde(default, skip_serializing)]
    rows: Option<Vec<Row>>,
}

/// Prints the table of engines; answers how many of them said something else than we.
pub fn measure(scale: &str, out: Option<&Path>) -> Result<usize, String> {
    let directory = Path::new(DIRECTORY);
    let cluster = Cluster::find()?;
    let database = cluster.as_ref().map(Cluster::database).transpose()?;
    let mut script = Command::new("python3");
    script.args([PEERS, DIRECTORY, scale]).args(database.as_ref().map(|database| &database.url));
    let ran = script.status().map_err(|error| format!("python3 {PEERS}: {error}"))?;
    if !ran.success() {
        return Err(format!("{PEERS}: {ran}"));
    }
    drop(database);
    let text = std::fs::read(directory.join("peers.json")).map_err(|error| error.to_string())?;
    let peers: Vec<Measured> = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let (own, lines) = own(directory)?;
    let differs = |peer: &&Measured| peer.rows.is_some() && peer.rows != own.rows;
    let different = peers.iter().filter(differs).map(|peer| peer.name.clone()).collect::<Vec<_>>();
    for name in &different {
        eprintln!("bench: {name} answers something else");
    }
    let all: Vec<Measured> = std::iter::once(own).chain(peers).collect();
    println!("{}", table(&all, lines));
    if let Some(path) = out {
        let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(different.len())
}

fn table(all: &[Measured], lines: usize) -> String {
    let mut text = format!("revenue by nation, month and segment over {lines} order lines, fastest of {RUNS} runs\n");
    let shown = |value: Option<f64>, places: usize| value.map_or("–".into(), |value| format!("{value:.places$}"));
    for one in all {
        let line = match &one.absent {
            Some(why) => format!("{:<18} absent: {why}\n", one.name),
            None => format!(
                "{:<18} {:>9} ms wall  {:>7} s CPU  {:>5} bytes a line  {:>10} lines/s put in\n",
                one.name,
                shown(one.wall_ms, 1),
                shown(one.cpu_s, 3),
                shown(one.bytes_per_line, 1),
                shown(one.build_lines_per_s, 0)
            ),
        };
        // A `String` takes everything.
        text.write_str(&line).unwrap_or_default();
    }
    text
}

fn rows(directory: &Path, table: &str, mut each: impl FnMut(&[&str]) -> Option<()>) -> Result<(), String> {
    let path = directory.join(format!("{table}.tbl"));
    let fault = |what: String| format!("{}: {what}", path.display());
    let file = BufReader::with_capacity(1 << 20, File::open(&path).map_err(|error| fault(error.to_string()))?);
    for line in file.lines() {
        let line = line.map_err(|error| fault(error.to_string()))?;
        let fields: Vec<&str> = line.split('|').collect();
        each(&fields).ok_or_else(|| fault(format!("cannot be read: {line}")))?;
    }
    Ok(())
}

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(1, number)
}

/// Hundredths of `123.45`.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

struct Order {
    key: u64,
    customer: u64,
    day: NaiveDate,
    first: usize,
}

/// Everything that is put in, read beforehand so that only the putting in is timed.
struct Data {
    orders: Vec<Order>,
    products: Vec<Option<Uuid>>,
    figures: Vec<Option<i64>>,
    customers: Vec<(u64, String, String)>,
}

/// Revenue and quantity.
const LINE_FIGURES: usize = 2;

fn read(directory: &Path) -> Result<Data, String> {
    let mut nations: Vec<(String, String)> = Vec::new();
    rows(directory, "nation", |fields| {
        nations.push(((*fields.first()?).into(), (*fields.get(1)?).into()));
        Some(())
    })?;
    let mut data = Data { orders: Vec::new(), products: Vec::new(), figures: Vec::new(), customers: Vec::new() };
    rows(directory, "customer", |fields| {
        let nation = nations.iter().find(|(key, _)| fields.get(3) == Some(&key.as_str()))?;
        data.customers.push((fields.first()?.parse().ok()?, nation.1.clone(), (*fields.get(6)?).into()));
        Some(())
    })?;
    rows(directory, "orders", |fields| {
        let (key, customer, day) =
            (fields.first()?.parse().ok()?, fields.get(1)?.parse().ok()?, fields.get(4)?.parse().ok()?);
        data.orders.push(Order { key, customer, day, first: 0 });
        Some(())
    })?;
    let mut at = 0;
    rows(directory, "lineitem", |fields| {
        let order: u64 = fields.first()?.parse().ok()?;
        while data.orders.get(at)?.key != order {
            at += 1;
            data.orders.get_mut(at)?.first = data.products.len();
        }
        data.products.push(Some(id(fields.get(1)?.parse().ok()?)));
        let (price, discount) = (hundredths(fields.get(5)?)?, hundredths(fields.get(6)?)?);
        data.figures.extend([Some(price * (100 - discount)), Some(fields.get(4)?.parse::<f64>().ok()? as i64 * 1000)]);
        Some(())
    })?;
    Ok(data)
}

/// Ours, and over how many lines.
fn own(directory: &Path) -> Result<(Measured, usize), String> {
    let data = read(directory)?;
    let shape =
        Shape { order_keys: 0, order_figures: 0, line_figures: LINE_FIGURES, customer_keys: 2, product_keys: 0 };
    let began = Instant::now();
    let mut sales = Sales::new(shape);
    for (at, order) in data.orders.iter().enumerate() {
        let lines = order.first..data.orders.get(at + 1).map_or(data.products.len(), |next| next.first);
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
        if sales.has_customer(id(*customer)) {
            sales.customer_put(id(*customer), &[Some(nation), Some(segment)]);
        }
    }
    sales.shrink();
    let built = began.elapsed().as_secs_f64();
    let lines = sales.lines();
    let axis = |source, grain| AxisAt { source, grain, kept: None };
    let question = Question {
        kind: Kind::Lines,
        axes: vec![
            axis(Source::CustomerKey(0), None),
            axis(Source::Day, Some(Grain::Month)),
            axis(Source::CustomerKey(1), None),
        ],
        figures: vec![Figure::Sum(0)],
        sieve: Sieve::open(),
    };
    let (mut wall_ms, mut cpu_s, mut found) = (f64::MAX, 0.0, Vec::new());
    for _ in 0..RUNS {
        let (cpu, began) = (process::cpu_seconds(std::process::id()), Instant::now());
        let answer = groups(&sales, &question, usize::MAX).map_err(|why| format!("{why:?}"))?;
        let wall = began.elapsed().as_secs_f64() * 1000.0;
        if wall < wall_ms {
            (wall_ms, cpu_s, found) = (wall, process::cpu_seconds(std::process::id()) - cpu, answer);
        }
    }
    let measured = Measured {
        name: "Regulars".into(),
        wall_ms: Some(wall_ms),
        cpu_s: Some(cpu_s),
        bytes_per_line: Some(sales.bytes() as f64 / lines.max(1) as f64),
        build_lines_per_s: Some(lines as f64 / built),
        absent: None,
        rows: Some(told(found)),
    };
    Ok((measured, lines))
}

/// As the peers tell it.
fn told(groups: Vec<Group>) -> Vec<Row> {
    let text = |key: &Key| match key {
        Key::Value(text) => text.clone(),
        Key::Missing | Key::Others => String::new(),
    };
    let mut rows: Vec<Row> = groups
        .iter()
        .filter_map(|group| match group.keys.as_slice() {
            [nation, month, segment] => {
                let month = text(month).chars().take(7).collect();
                Some((text(nation), month, text(segment), group.parts.first()?.sum))
            }
            _ => None,
        })
        .collect();
    rows.sort();
    rows
}
