//! What is asked of the server, again and again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use regulars_domain::demo::Rng;
use serde_json::json;

use crate::client::Client;
use crate::fill::{Filled, Site};
use crate::load::{Make, Outcome, load};
use crate::people;
use crate::process;
use crate::wire::{query_escaped, write_request};

/// One line of the table.
pub struct Scenario<'a> {
    pub name: &'static str,
    /// By one connection: the time to answer is what counts.
    pub alone: bool,
    pub make: Box<MakeWith<'a>>,
}

impl Scenario<'_> {
    pub fn alone(self) -> Self {
        Self { alone: true, ..self }
    }
}

/// Writes one request with the given token.
type MakeWith<'a> = dyn Fn(&str, &mut Rng, &mut Vec<u8>) + Sync + 'a;

/// How a scenario went. CPU in milliseconds a request.
pub struct Measured {
    pub outcome: Outcome,
    pub server_cpu: f64,
    pub database_cpu: f64,
    pub generator_cpu: f64,
}

/// Every scenario, in the order of the table.
pub fn scenarios<'a>(filled: &'a Filled, customers: u64, created: &'a AtomicU64) -> Vec<Scenario<'a>> {
    let get = |path: String, token: &str, out: &mut Vec<u8>| write_request(out, "GET", &path, token, "");
    let pick = |list: &'a [String], rng: &mut Rng| rng.pick(list).map_or("", String::as_str);
    let row = move |rng: &mut Rng| rng.below(customers as usize) as u64;
    let search = move |piece: fn(&mut Rng, u64) -> String| {
        move |token: &str, rng: &mut Rng, out: &mut Vec<u8>| {
            let at = row(rng);
            get(format!("/api/v1/search?limit=10&q={}", query_escaped(&piece(rng, at))), token, out);
        }
    };
    let list = move |sort: &'static str| {
        move |token: &str, rng: &mut Rng, out: &mut Vec<u8>| {
            let owner = pick(&filled.owner_ids, rng);
            get(format!("/api/v1/customers?filter%5Bowner%5D={owner}&sort={sort}&limit=50"), token, out);
        }
    };
    vec![
        scenario("GET customer", move |token, rng, out| {
            get(format!("/api/v1/customers/{}", pick(&filled.customer_ids, rng)), token, out);
        }),
        scenario("customer card", move |token, rng, out| {
            get(format!("/api/v1/customers/{}/card", pick(&filled.customer_ids, rng)), token, out);
        }),
        scenario("list 50 of an owner by name", list("name")),
        scenario("list 50 of an owner by sales", list("-metrics.net")),
        scenario("search, Chinese", search(chinese_piece)),
        scenario("search, pinyin", search(pinyin_piece)),
        scenario("search, phone", search(phone_piece)),
        scenario("create customer, durable", |token, _, out| {
            let row = created.fetch_add(1, Ordering::Relaxed);
            let body = json!({
                "kind": "person", "name": people::name(row),
                "phones": [{"number": people::phone(row), "primary": true}],
            });
            write_request(out, "POST", "/api/v1/customers", token, &body.to_string());
        }),
        scenario("segment count", |token, rng, out| {
            let days = rng.between(30, 700);
            let body = json!({"condition": {"all": [
                {"field": "metrics.recency_days", "op": "gte", "value": days},
                {"field": "metrics.net", "op": "gte", "value": "1000.00"},
            ]}});
            write_request(out, "POST", "/api/v1/segments/count", token, &body.to_string());
        }),
    ]
}

pub fn scenario<'a>(name: &'static str, make: impl Fn(&str, &mut Rng, &mut Vec<u8>) + Sync + 'a) -> Scenario<'a> {
    Scenario { name, alone: false, make: Box::new(make) }
}

/// Two characters of a name.
fn chinese_piece(rng: &mut Rng, row: u64) -> String {
    let name: Vec<char> = people::name(row).chars().collect();
    let from = rng.below(name.len().saturating_sub(1));
    name.iter().skip(from).take(2).collect()
}

/// The reading of a whole name, or its first half as while one types.
fn pinyin_piece(rng: &mut Rng, row: u64) -> String {
    let reading = people::pinyin(row);
    if rng.chance(0.5) { reading } else { reading.chars().take((reading.len() / 2).max(3)).collect() }
}

/// The last six digits, or the first nine.
fn phone_piece(rng: &mut Rng, row: u64) -> String {
    let phone = people::phone(row);
    let digits = phone.trim_start_matches("+86");
    if rng.chance(0.5) { digits[digits.len() - 6..].into() } else { digits[..9].into() }
}

/// Runs one scenario.
pub fn run(
    site: &Site<'_>,
    client: &mut Client,
    scenario: &Scenario<'_>,
    connections: usize,
    time: Duration,
) -> Result<Measured, String> {
    let token = client.token()?.to_string();
    let connections = if scenario.alone { 1 } else { connections };
    let make: &Make<'_> = &|rng, out| (scenario.make)(&token, rng, out);
    let mut meters = Vec::new();
    let outcome = load(&site.server.address, connections, time, make, &mut || {
        let (server, database) = site.cpu();
        meters.push([server, database, process::cpu_seconds(std::process::id())]);
    });
    let each = |at: usize| match meters.as_slice() {
        [before, after] => (after[at] - before[at]) * 1_000.0 / outcome.requests.max(1) as f64,
        _ => 0.0,
    };
    let (server_cpu, database_cpu, generator_cpu) = (each(0), each(1), each(2));
    Ok(Measured { outcome, server_cpu, database_cpu, generator_cpu })
}
