//! The scan for duplicates: a company filled through its own import with customers of whom two in a hundred are there
//! twice, written as people write them, and what the scan finds of those.

use std::collections::HashSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use regulars_domain::demo::{self, Rng};
use regulars_domain::naming;
use serde_json::{Value, json};

use crate::client::Client;
use crate::people;
use crate::process::{self, Server};

/// One in so many customers is there a second time.
const EVERY: u64 = 50;
const SEED: u64 = 7;
/// An import of more rows than this is followed by a scan of its own.
const SCANNED_ABOVE: u64 = 5_000;

/// What a scan came to.
pub struct Scanned {
    pub seconds: f64,
    /// Most memory the server held meanwhile, MiB; the search index is being filled at the same time.
    pub peak_mib: f64,
    /// Found pairs that are one customer, in percent of all found.
    pub precision: f64,
    /// Seeded pairs that were found, in percent.
    pub recall: f64,
}

/// Fills a fresh site with so many customers, lets it scan, and compares what it found with what was seeded.
pub fn measure(server: &Server, client: &mut Client, customers: u64) -> Result<Scanned, String> {
    let doubled = customers / EVERY;
    let file = file(customers - doubled, doubled);
    let import = client.upload("/api/v1/imports?resource=customers&file_name=customers.csv", file.as_bytes())?;
    drop(file);
    let id = import["id"].as_str().unwrap_or_default();
    let job = client.post(&format!("/api/v1/imports/{id}/run"), &Value::Null)?;
    client.job_wait(&job)?;
    let done = client.get(&format!("/api/v1/imports/{id}"))?;
    if done["counts"]["create"].as_u64() != Some(customers) {
        return Err(format!("not every row made a customer: {}", done["counts"]));
    }
    process::memory_mark_reset(server.pid());
    let job = if customers > SCANNED_ABOVE {
        scan_behind_import(client)?
    } else {
        let job = client.post("/api/v1/duplicates/scans", &json!(null))?;
        client.job_wait(&job)?
    };
    let at = |name: &str| job[name].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    let seconds = at("started_at").zip(at("finished_at")).map_or(0.0, |(from, to)| (to - from).as_seconds_f64());
    let peak_mib = process::memory_mib(server.pid(), "VmHWM");
    let (found, right) = pairs(client)?;
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    eprintln!("bench: {right} of {doubled} doubled customers among {found} pairs in {seconds:.1} s");
    Ok(Scanned { seconds, peak_mib, precision: share(right, found), recall: share(right, doubled as usize) })
}

/// The scan that a large import asks for, once it is through.
fn scan_behind_import(client: &mut Client) -> Result<Value, String> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(1_800) {
        let jobs = client.get("/api/v1/jobs?limit=20")?;
        let scan = jobs["items"].as_array().into_iter().flatten().find(|job| job["kind"] == "duplicates.scan").cloned();
        match scan {
            Some(job) if job["status"] == "done" => return Ok(job),
            Some(job) if job["status"] == "failed" => return Err(format!("the scan failed: {job}")),
            _ => std::thread::sleep(Duration::from_millis(200)),
        }
    }
    Err("no scan came to its end in half an hour".into())
}

/// How many pairs stand, and how many of them are seeded ones.
fn pairs(client: &mut Client) -> Result<(usize, usize), String> {
    let (mut found, mut right, mut cursor) = (0, HashSet::new(), String::new());
    loop {
        let page = client.get(&format!("/api/v1/duplicates?limit=200&cursor={cursor}"))?;
        for pair in page["items"].as_array().into_iter().flatten() {
            found += 1;
            let codes = [0, 1].map(|side| pair["customers"][side]["code"].as_str().unwrap_or_default().to_string());
            let row = |code: &str| code.get(1..).map(String::from);
            if codes[0] != codes[1] && row(&codes[0]) == row(&codes[1]) {
                right.insert(row(&codes[0]));
            }
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.into(),
            None => return Ok((found, right.len())),
        }
    }
}

/// `single` customers, and `doubled` of them once more: `B0000012` and `D0000012` are one.
fn file(single: u64, doubled: u64) -> String {
    let mut out = String::from("code,name,phone,email,birthday\n");
    for row in 0..single {
        let person = demo::person(&mut Rng::of_row(42, 1, row), 1952, 2006);
        line(
            &mut out,
            &format!("B{row:07}"),
            &person.name,
            &people::phone(row),
            &email(row),
            &person.birthday.to_string(),
        );
    }
    for at in 0..doubled {
        let row = at * (single / doubled.max(1));
        let rng = &mut Rng::of_row(SEED, 1, row);
        let person = demo::person(&mut Rng::of_row(42, 1, row), 1952, 2006);
        let birthday = person.birthday.to_string();
        let phone = retyped(&people::phone(row), rng);
        let (name, phone, email, birthday) = match rng.below(10) {
            // The phone stays, written another way; the name may be anything that people make of it.
            0..=5 => (misheard(&person.name, rng), phone, String::new(), kept(&birthday, rng)),
            // Only the address is there again.
            6..=7 if !email(row).is_empty() => {
                (misheard(&person.name, rng), String::new(), email(row), kept(&birthday, rng))
            }
            // Neither: the name sounds the same, and the birthday is there.
            _ => (sounding(&person.name, rng), String::new(), String::new(), birthday),
        };
        line(&mut out, &format!("D{row:07}"), &name, &phone, &email, &birthday);
    }
    out
}

fn line(out: &mut String, code: &str, name: &str, phone: &str, email: &str, birthday: &str) {
    writeln!(out, "{code},{name},{phone},{email},{birthday}").unwrap_or_default();
}

/// Half of the customers have one.
fn email(row: u64) -> String {
    if row.is_multiple_of(2) { format!("guest{row}@example.com") } else { String::new() }
}

fn kept(value: &str, rng: &mut Rng) -> String {
    if rng.below(2) == 0 { value.into() } else { String::new() }
}

/// The number as someone else writes it.
fn retyped(e164: &str, rng: &mut Rng) -> String {
    let national = e164.trim_start_matches("+86");
    let (head, tail) = national.split_at(3.min(national.len()));
    match rng.below(5) {
        0 => national.into(),
        1 => format!("{head} {tail}"),
        2 => format!("+86-{head}-{tail}"),
        3 => format!("0086{national}"),
        _ => national.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect(),
    }
}

/// The same name in pinyin, or with its last characters swapped, or as it is.
fn sounding(name: &str, rng: &mut Rng) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    match rng.below(3) {
        0 => naming::reading(name, true),
        1 if chars.len() > 2 => {
            let last = chars.len() - 1;
            chars.swap(last, last - 1);
            chars.into_iter().collect()
        }
        _ => name.into(),
    }
}

/// The same, or with one character wrong.
fn misheard(name: &str, rng: &mut Rng) -> String {
    if rng.below(4) > 0 {
        return sounding(name, rng);
    }
    let mut chars: Vec<char> = name.chars().collect();
    if let Some(last) = chars.last_mut() {
        *last = '某';
    }
    chars.into_iter().collect()
}
