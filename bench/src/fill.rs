//! Filling a fresh company through the API as a customer would: people, then files of customers, goods and orders.

use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate, Utc};
use regulars_domain::demo::catalogue;
use serde_json::{Value, json};

use crate::client::Client;
use crate::people;
use crate::process::{self, Server};

/// How an import went.
#[derive(Debug, Default, Clone)]
pub struct Imported {
    pub rows: u64,
    /// From the start of the job to its end; uploading is not in it.
    pub seconds: f64,
    pub server_cpu: f64,
    pub database_cpu: f64,
    /// Most memory the server held meanwhile, MiB.
    pub peak_mib: f64,
}

/// What the scenarios need to know of the filled site.
pub struct Filled {
    pub customers: Imported,
    pub orders: Imported,
    /// Seconds of a whole evaluation of all customers.
    pub evaluation: f64,
    pub customer_ids: Vec<String>,
    pub owner_ids: Vec<String>,
}

/// The site under measurement.
pub struct Site<'a> {
    pub server: &'a Server,
    /// The parent of PostgreSQL's processes.
    pub postgres: Option<u32>,
}

impl Site<'_> {
    /// CPU seconds so far of the server and of PostgreSQL.
    pub fn cpu(&self) -> (f64, f64) {
        let database = self.postgres.map_or(0.0, process::cpu_seconds_of_family);
        (process::cpu_seconds(self.server.pid()), database)
    }
}

/// Fills the site with so many customers.
pub fn fill(site: &Site<'_>, client: &mut Client, customers: u64) -> Result<Filled, String> {
    let owner_ids = owners_create(client)?;
    let goods = catalogue();
    import(site, client, "products", people::products_csv(&goods).as_bytes(), goods.products.len() as u64)?;
    let file = people::customers_csv(0..customers);
    let imported = import(site, client, "customers", file.as_bytes(), customers)?;
    drop(file);
    let today: NaiveDate = Utc::now().date_naive() - Days::new(1);
    // A company brings its history in one file.
    let (file, rows) = people::orders_csv(&goods, &people::orders(customers), today);
    let orders = import(site, client, "orders", file.as_bytes(), rows)?;
    drop(file);
    let started = Instant::now();
    let job = client.post("/api/v1/insight/evaluations", &json!({}))?;
    client.job_wait(&job)?;
    let evaluation = started.elapsed().as_secs_f64();
    wait_searchable(client, customers - 1)?;
    Ok(Filled { customers: imported, orders, evaluation, customer_ids: customer_ids(client)?, owner_ids })
}

/// People and customers alone.
pub fn fill_customers(site: &Site<'_>, client: &mut Client, customers: u64) -> Result<Filled, String> {
    let owner_ids = owners_create(client)?;
    let customers = import(site, client, "customers", people::customers_csv(0..customers).as_bytes(), customers)?;
    Ok(Filled {
        customers,
        orders: Imported::default(),
        evaluation: 0.0,
        customer_ids: customer_ids(client)?,
        owner_ids,
    })
}

/// A site filled before, as it is found.
pub fn find(client: &mut Client) -> Result<Filled, String> {
    let users = client.get("/api/v1/users?limit=200")?;
    let sellers = users["items"].as_array().into_iter().flatten();
    let sellers = sellers.filter(|user| user["login"].as_str().is_some_and(|login| login.starts_with("sales")));
    Ok(Filled {
        customers: Imported::default(),
        orders: Imported::default(),
        evaluation: 0.0,
        owner_ids: sellers.filter_map(|user| user["id"].as_str().map(String::from)).collect(),
        customer_ids: customer_ids(client)?,
    })
}

fn owners_create(client: &mut Client) -> Result<Vec<String>, String> {
    let text = |value: &Value| value["id"].as_str().unwrap_or_default().to_string();
    let departments = client.get("/api/v1/departments")?;
    let department = departments["items"].as_array().and_then(|list| list.first().map(text)).unwrap_or_default();
    let roles = client.get("/api/v1/roles")?;
    let member = roles["items"].as_array().and_then(|list| list.iter().find(|role| role["key"] == "member").map(text));
    let role = member.unwrap_or_default();
    let mut ids = Vec::new();
    for at in 0..people::OWNERS {
        let (login, name) = people::owner(at);
        let user = json!({"name": name, "login": login, "department_id": department, "role_ids": [role],
            "locale": "zh-CN", "password": "correct horse battery"});
        ids.push(text(&client.post("/api/v1/users", &user)?));
    }
    Ok(ids)
}

fn import(site: &Site<'_>, client: &mut Client, resource: &str, file: &[u8], rows: u64) -> Result<Imported, String> {
    let path = format!("/api/v1/imports?resource={resource}&file_name={resource}.csv");
    let import = client.upload(&path, file)?;
    let id = import["id"].as_str().unwrap_or_default();
    process::memory_mark_reset(site.server.pid());
    let (before, started) = (site.cpu(), Instant::now());
    let job = client.post(&format!("/api/v1/imports/{id}/run"), &Value::Null)?;
    client.job_wait(&job)?;
    let (after, seconds) = (site.cpu(), started.elapsed().as_secs_f64());
    let done = client.get(&format!("/api/v1/imports/{id}"))?;
    if done["counts"]["reject"].as_u64() != Some(0) {
        return Err(format!("rows of {resource} were refused: {}", done["counts"]));
    }
    eprintln!("bench: {rows} rows of {resource} in {seconds:.1} s");
    Ok(Imported {
        rows,
        seconds,
        server_cpu: after.0 - before.0,
        database_cpu: after.1 - before.1,
        peak_mib: process::memory_mib(site.server.pid(), "VmHWM"),
    })
}

/// The index is filled in the background. A piece of a number is found by it alone.
fn wait_searchable(client: &mut Client, row: u64) -> Result<(), String> {
    let phone = people::phone(row);
    let piece: String = phone.trim_start_matches("+86").chars().take(9).collect();
    let path = format!("/api/v1/search?q={piece}");
    for _ in 0..30_000 {
        let found = client.get(&path)?;
        if found["customers"].as_array().is_some_and(|list| !list.is_empty()) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err("the last customer did not become searchable in ten minutes".into())
}

fn customer_ids(client: &mut Client) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/customers?limit=200&cursor={cursor}"))?;
        let items = page["items"].as_array().into_iter().flatten();
        ids.extend(items.filter_map(|item| item["id"].as_str().map(String::from)));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.into(),
            None => return Ok(ids),
        }
    }
}
