//! What a sales team asks all day, on 100,000 opportunities with a million changes of stage behind them, and of a
//! customer with 10,000 entries on the timeline.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use regulars_domain::demo::Rng;
use regulars_persistence::Location;
use regulars_persistence::db::Manager;
use regulars_persistence::sql::Statement;
use serde_json::{Value, json};

use crate::client::{Client, FOUNDER};
use crate::people;
use crate::scenarios::{Scenario, scenario};
use crate::wire::write_request;

/// Opportunities of all people together.
pub const OPPORTUNITIES: usize = 100_000;
/// Stages that each went through before, a month in each.
const MONTHS_BEFORE: u32 = 14;
/// Entries on one customer's timeline.
pub const ENTRIES: usize = 10_000;
/// People who enter at the same time.
const WRITERS: usize = 16;

/// What the requests name.
pub struct Sales {
    pub pipeline: String,
    pub stages: Vec<String>,
    pub owners: Vec<String>,
    /// With the long timeline.
    pub customer: String,
}

/// Enters the opportunities, some of them by everybody, and the long timeline.
pub fn fill(
    address: &str,
    owners: &[String],
    customers: &[String],
    opportunities: usize,
    entries: usize,
) -> Result<Sales, String> {
    let mut client = Client::sign_in(address, FOUNDER)?;
    let pipelines = client.get("/api/v1/pipelines")?;
    let pipeline = pipelines["items"].get(0).ok_or("no pipeline")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let stages = pipeline["stages"].as_array().into_iter().flatten().filter(|stage| stage["status"] == "open");
    let sales = Sales {
        pipeline: text(&pipeline["id"]),
        stages: stages.map(|stage| text(&stage["id"])).collect(),
        owners: owners.to_vec(),
        customer: customers.first().cloned().ok_or("no customer")?,
    };
    if sales.stages.is_empty() || owners.is_empty() {
        return Err("no open stage, or nobody to own opportunities".into());
    }
    every(address, opportunities, &|client, at| {
        let body = json!({
            "name": format!("{} {at}", people::name(at as u64)),
            "customer_id": customers[at % customers.len()], "owner_id": owners[at % owners.len()],
            "pipeline_id": sales.pipeline, "stage_id": sales.stages[at / owners.len() % sales.stages.len()],
            "amount": {"amount": format!("{}.00", 1_000 + at * 7_919 % 900_000), "currency": "CNY"},
            "expected_close": "2030-06-30",
        });
        client.post("/api/v1/opportunities", &body).map(drop)
    })?;
    every(address, entries, &|client, at| {
        let body = json!({
            "customer_id": sales.customer, "kind": "call", "body": format!("Called for the {at}th time"),
            "at": format!("2025-{:02}-{:02}T08:00:00Z", 1 + at % 12, 1 + at / 12 % 28),
        });
        client.post("/api/v1/interactions", &body).map(drop)
    })?;
    Ok(sales)
}

/// Does something so many times, by many people at once.
fn every(
    address: &str,
    times: usize,
    act: &(dyn Fn(&mut Client, usize) -> Result<(), String> + Sync),
) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    let next = &next;
    std::thread::scope(|scope| {
        let writer = || -> Result<(), String> {
            let mut client = Client::sign_in(address, FOUNDER)?;
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= times {
                    return Ok(());
                }
                patiently(|| act(&mut client, at))?;
            }
        };
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(writer)).collect();
        writers.into_iter().try_for_each(|writer| writer.join().map_err(|_| "a writer broke off")?)
    })
}

/// Comes again when the server says that it is busy, as it asks of everybody.
fn patiently(mut act: impl FnMut() -> Result<(), String>) -> Result<(), String> {
    for _ in 0..60 {
        match act() {
            Err(busy) if busy.contains(": 503 ") => std::thread::sleep(Duration::from_secs(1)),
            outcome => return outcome,
        }
    }
    act()
}

/// Puts a past before every opportunity, which nobody can enter after the fact: a month in each of so many stages.
pub fn past_make(location: Location) -> Result<(), String> {
    let sqlite = matches!(location, Location::Sqlite(_));
    let mut db = Manager::new(location).connect_writer().map_err(|error| error.to_string())?;
    // Instants are microseconds on SQLite.
    let (id, back) = if sqlite {
        ("randomblob(16)", "- {} * 2592000000000")
    } else {
        ("gen_random_uuid()", "- {} * INTERVAL '30 days'")
    };
    let (months, months_but_one) = (back.replace("{}", "month.n"), back.replace("{}", "(month.n - 1)"));
    let insert = format!(
        "WITH RECURSIVE month (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM month WHERE n < {MONTHS_BEFORE}) INSERT INTO opportunity_stage_change (id, opportunity_id, unit_id, owner_id, stage_id, \
         from_stage_id, next_stage_id, entered_at, valid_from, valid_to, stood_seconds, amount_base, probability, weighted) \
         SELECT {id}, c.opportunity_id, c.unit_id, c.owner_id, c.stage_id, NULL, c.stage_id, c.valid_from {months}, \
         c.valid_from {months}, c.valid_from {months_but_one}, 2592000, c.amount_base, c.probability, c.weighted \
         FROM opportunity_stage_change c, month WHERE c.from_stage_id IS NULL"
    );
    if !sqlite {
        Statement::new("SET statement_timeout = 0").run(&mut db).map_err(|error| error.to_string())?;
    }
    Statement::new(&insert).run(&mut db).map(drop).map_err(|error| error.to_string())
}

/// The requests, in the order of the table.
pub fn scenarios(sales: &Sales) -> Vec<Scenario<'_>> {
    let get = |path: String, token: &str, out: &mut Vec<u8>| write_request(out, "GET", &path, token, "");
    let pick = |list: &'static str, rng: &mut Rng| {
        let list = if list == "owner" { &sales.owners } else { &sales.stages };
        rng.pick(list).map_or("", String::as_str)
    };
    vec![
        scenario("opportunities of an owner in a stage by amount", move |token, rng, out| {
            let (owner, stage) = (pick("owner", rng), pick("stage", rng));
            let filter = format!("filter%5Bowner%5D={owner}&filter%5Bstage%5D={stage}");
            get(format!("/api/v1/opportunities?{filter}&sort=-amount&limit=50"), token, out);
        }),
        scenario("board: one column of all opportunities", move |token, rng, out| {
            let stage = pick("stage", rng);
            get(format!("/api/v1/opportunities?filter%5Bstage%5D={stage}&sort=-amount&limit=25"), token, out);
        }),
        scenario("board: totals of the stages", move |token, _, out| {
            get(format!("/api/v1/opportunity-totals?filter%5Bpipeline%5D={}", sales.pipeline), token, out);
        }),
        scenario("pipeline as of a year before", move |token, _, out| {
            let day = (chrono::Utc::now().date_naive() - chrono::Days::new(365)).format("%Y-%m-%d");
            get(format!("/api/v1/pipelines/{}/figures?as_of={day}", sales.pipeline), token, out);
        })
        .alone(),
        scenario("timeline of a customer with 10,000 entries", move |token, _, out| {
            get(format!("/api/v1/customers/{}/timeline?limit=50", sales.customer), token, out);
        })
        .alone(),
    ]
}
