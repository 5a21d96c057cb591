//! Figures in memory beside other engines: revenue by nation, month and segment over the order lines of TPC-H, RFM scores
//! and cohorts, the same data and the same questions for all of them in one run, and every answer compared with ours; then
//! how fast a server reads its sales into memory, and how soon a sale is in a pivot.

mod data;
mod fresh;
mod own;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::postgres::Cluster;
use crate::process;

/// Where data, packages and answers of peers are kept between runs.
const DIRECTORY: &str = "target/bench-pivot";
const PEERS: &str = "scripts/pivot-peers.py";
const RUNS: usize = 5;
/// Customers of TPC-H at scale 1.
const CUSTOMERS: f64 = 150_000.0;
const FEWEST: f64 = 1_000.0;
/// Keys, figures.
type Row = (Vec<String>, Vec<i64>);

/// The questions: key, what is asked.
const QUESTIONS: [(&str, &str); 3] = [
    ("pivot", "revenue by nation, month and segment"),
    ("rfm", "RFM scores of all customers; ours from the counters that every order keeps up"),
    ("cohorts", "buyers and revenue by month of the first order and month"),
];

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

/// Everything that is written.
#[derive(Serialize)]
struct Report {
    lines: usize,
    questions: BTreeMap<String, Vec<Measured>>,
    server: fresh::Fresh,
}

/// Prints the tables of engines; answers how many of them said something else than we.
pub fn measure(scale: &str, program: &Path, out: Option<&Path>) -> Result<usize, String> {
    let size: f64 = scale.parse().map_err(|_| format!("--scale {scale}: not a number"))?;
    let directory = Path::new(DIRECTORY);
    let mut peers = peers(directory, scale)?;
    let data = data::read(directory)?;
    let lines = data.products.len();
    let (mut questions, mut different) = (BTreeMap::new(), 0);
    for (key, what) in QUESTIONS {
        let own = own::answer(key, &data)?;
        let peers = peers.remove(key).unwrap_or_default();
        for peer in peers.iter().filter(|peer| peer.rows.is_some() && peer.rows != own.rows) {
            eprintln!("bench: {} answers something else: {what}", peer.name);
            different += 1;
        }
        let all: Vec<Measured> = std::iter::once(own).chain(peers).collect();
        println!("{what}, over {lines} order lines, fastest of {RUNS} runs\n{}", table(&all));
        questions.insert(key.to_string(), all);
    }
    drop(data);
    let server = fresh::measure(program, (size * CUSTOMERS).max(FEWEST) as u64)?;
    println!("{server}");
    if let Some(path) = out {
        let report = Report { lines, questions, server };
        let text = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(different)
}

/// Makes the data, and has every peer asked; its answers by question.
fn peers(directory: &Path, scale: &str) -> Result<BTreeMap<String, Vec<Measured>>, String> {
    let cluster = Cluster::find()?;
    let database = cluster.as_ref().map(Cluster::database).transpose()?;
    let mut script = Command::new("python3");
    script.arg(PEERS).arg(directory).arg(scale).args(database.as_ref().map(|database| &database.url));
    let ran = script.status().map_err(|error| format!("python3 {PEERS}: {error}"))?;
    if !ran.success() {
        return Err(format!("{PEERS}: {ran}"));
    }
    let text = std::fs::read(directory.join("peers.json")).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

/// The fastest of the runs: wall milliseconds, CPU seconds, what it answered.
fn fastest<T>(mut run: impl FnMut() -> Result<T, String>) -> Result<(f64, f64, T), String> {
    let mut best: Option<(f64, f64, T)> = None;
    for _ in 0..RUNS {
        let (cpu, began) = (process::cpu_seconds(std::process::id()), Instant::now());
        let answer = run()?;
        let wall = began.elapsed().as_secs_f64() * 1000.0;
        if best.as_ref().is_none_or(|best| wall < best.0) {
            best = Some((wall, process::cpu_seconds(std::process::id()) - cpu, answer));
        }
    }
    best.ok_or_else(|| "no run".into())
}

fn table(all: &[Measured]) -> String {
    let mut text = String::new();
    let shown = |value: Option<f64>, places: usize| value.map_or("–".into(), |value| format!("{value:.places$}"));
    let ours = all.first().and_then(|own| own.wall_ms);
    for one in all {
        let slower = ours.zip(one.wall_ms).map(|(ours, wall)| wall / ours.max(f64::MIN_POSITIVE));
        let line = match &one.absent {
            Some(why) => format!("  {:<18} absent: {why}\n", one.name),
            None => format!(
                "  {:<18} {:>9} ms wall  {:>7} s CPU  {:>8} × as long as ours  {:>5} bytes a line  {:>9} lines/s put in\n",
                one.name,
                shown(one.wall_ms, 2),
                shown(one.cpu_s, 3),
                shown(slower, 1),
                shown(one.bytes_per_line, 1),
                shown(one.build_lines_per_s, 0)
            ),
        };
        // A `String` takes everything.
        text.write_str(&line).unwrap_or_default();
    }
    text
}
