//! A real server on SQLite: how many order lines a second it reads into memory once the first pivot is asked for, and
//! how long after a sale was answered a pivot with that sale in it is.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};

use crate::client::Client;
use crate::fill::{Site, fill};
use crate::process::Server;

const SALES: usize = 200;
/// Most rounds of asking until memory answers, and the pause between them.
const ROUNDS: usize = 60_000;
const PAUSE: Duration = Duration::from_millis(5);

/// What was measured.
#[derive(Serialize)]
pub struct Fresh {
    pub customers: u64,
    pub lines: u64,
    /// From the first question to the first answer from memory.
    pub read_s: f64,
    pub read_lines_per_s: f64,
    /// From the answer to a sale to the answer of a pivot that has it.
    pub fresh_p50_ms: f64,
    pub fresh_p95_ms: f64,
}

impl fmt::Display for Fresh {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "a server with {} customers and {} order lines on SQLite", self.customers, self.lines)?;
        writeln!(out, "  read into memory   {:>9.2} s  {:>9.0} lines/s", self.read_s, self.read_lines_per_s)?;
        write!(
            out,
            "  a sale in a pivot  {:>9.2} ms p50  {:>7.2} ms p95, of {SALES} sales",
            self.fresh_p50_ms, self.fresh_p95_ms
        )
    }
}

/// Fills a company of its own and measures it.
pub fn measure(program: &Path, customers: u64) -> Result<Fresh, String> {
    let data = tempfile::Builder::new().prefix("regulars-bench").tempdir().map_err(|error| error.to_string())?;
    let server = Server::start(program, data.path(), None, true)?;
    let token = server.setup_token.clone().ok_or("no set-up link on a fresh database")?;
    let mut client = Client::set_up(&server.address, &token)?;
    let filled = fill(&Site { server: &server, postgres: None }, &mut client, customers)?;
    let began = Instant::now();
    let first = remembered(&mut client)?;
    let read_s = began.elapsed().as_secs_f64();
    let mut known = count(&first)?;
    let lines = known;
    let mut times = Vec::with_capacity(SALES);
    for at in 0..SALES {
        let customer = &filled.customer_ids[at % filled.customer_ids.len().max(1)];
        let order = json!({"customer_id": customer, "status": "confirmed",
            "lines": [{"name": "茶", "quantity": "1", "price": {"amount": "3.00", "currency": "CNY"}}]});
        client.post("/api/v1/orders", &order)?;
        let sold = Instant::now();
        let answer = asked(&mut client)?;
        times.push(sold.elapsed().as_secs_f64() * 1000.0);
        known += 1;
        if count(&answer)? != known {
            return Err(format!("a pivot without the last sale: {} of {known} lines", count(&answer)?));
        }
    }
    server.stop();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((share * (SALES - 1) as f64).round() as usize).copied().unwrap_or(f64::NAN);
    Ok(Fresh {
        customers,
        lines,
        read_s,
        read_lines_per_s: lines as f64 / read_s,
        fresh_p50_ms: at(0.5),
        fresh_p95_ms: at(0.95),
    })
}

fn asked(client: &mut Client) -> Result<Value, String> {
    let query = json!({"fact": "order_lines", "rows": [{"field": "category"}],
        "columns": [{"field": "ordered_on", "grain": "month"}],
        "measures": [{"aggregate": "count"}, {"aggregate": "sum", "field": "amount"}]});
    client.post("/api/v1/pivots/tables", &query)
}

fn count(answer: &Value) -> Result<u64, String> {
    let count = answer["total"][0].as_str().and_then(|text| text.parse().ok());
    count.ok_or_else(|| format!("no count in {}", answer["total"]))
}

/// Asks until memory answers.
fn remembered(client: &mut Client) -> Result<Value, String> {
    for _ in 0..ROUNDS {
        let answer = asked(client)?;
        if answer["executor"] == "memory" {
            return Ok(answer);
        }
        std::thread::sleep(PAUSE);
    }
    Err("the sales were not read into memory".into())
}
