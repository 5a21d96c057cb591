//! What the server must live through. Each test prints its line; together they take some minutes (`make survival`).

mod abuse;
mod disk;
mod kills;
mod nodes;
mod restarts;

use std::time::{Duration, Instant};

use regulars_tests::Client;
use regulars_tests::process::regulars;
use serde_json::{Value, json};

/// One line for each check that was passed, with its figures.
fn passed(check: &str, figures: &str) {
    println!("survival: {check}: {figures}");
}

/// Asks until the answer is yes; answers how long that took. Fails after `patience`.
fn until(what: &str, patience: Duration, mut asked: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !asked() {
        assert!(began.elapsed() < patience, "{what}: not within {patience:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    began.elapsed()
}

/// Nothing the doctor knows to look for is wrong.
fn sound(data: &std::path::Path, database: Option<&str>) {
    let said = regulars(&["doctor", "--full"], data, database);
    assert!(said.is_ok(), "{}", said.unwrap_err());
}

/// A customer with an order and its payment, as far as it was acknowledged.
#[derive(Clone)]
struct Sale {
    /// Its three POSTs can be repeated by it.
    key: String,
    customer: Option<Value>,
    order: Option<Value>,
    paid: bool,
}

impl Sale {
    fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), customer: None, order: None, paid: false }
    }

    /// How many writes were acknowledged.
    fn acknowledged(&self) -> usize {
        usize::from(self.customer.is_some()) + usize::from(self.order.is_some()) + usize::from(self.paid)
    }

    /// Does what is not done yet; the status that came instead of an acknowledgement, 0 when the server went away.
    fn go_on(&mut self, client: &Client) -> Result<(), u16> {
        if self.customer.is_none() {
            let body = json!({"kind": "person", "name": format!("顾客 {}", self.key)});
            self.customer = Some(self.post(client, "/customers", "c", body)?["id"].clone());
        }
        if self.order.is_none() {
            let body = json!({"customer_id": self.customer, "ordered_on": "2026-01-05", "status": "confirmed",
                "lines": [{"name": "茶", "quantity": "2", "price": {"amount": "30.00", "currency": "CNY"}},
                          {"name": "壶", "quantity": "1", "price": {"amount": "90.00", "currency": "CNY"}}]});
            self.order = Some(self.post(client, "/orders", "o", body)?["id"].clone());
        }
        if !self.paid {
            let path = format!("/orders/{}/payments", id(self.order.as_ref()));
            let body = json!({"on": "2026-01-06", "amount": {"amount": "50.00", "currency": "CNY"}});
            self.post(client, &path, "p", body)?;
            self.paid = true;
        }
        Ok(())
    }

    fn post(&self, client: &Client, path: &str, part: &str, body: Value) -> Result<Value, u16> {
        let key = format!("{}-{part}", self.key);
        match client.try_send("POST", path, Some(&body), &[("idempotency-key", &key)]) {
            Some(reply) if matches!(reply.status, 200 | 201) => Ok(reply.json()),
            Some(reply) => Err(reply.status),
            None => Err(0),
        }
    }

    /// How many acknowledged writes are not there, whole.
    fn lost(&self, client: &Client) -> usize {
        let gone = |path: &str, one: &Option<Value>| match one {
            Some(_) => client.get(&format!("{path}/{}", id(one.as_ref()))).status != 200,
            None => false,
        };
        let mut lost = usize::from(gone("/customers", &self.customer));
        if self.order.is_some() {
            let reply = client.get(&format!("/orders/{}", id(self.order.as_ref())));
            let order = if reply.status == 200 { reply.json() } else { Value::Null };
            lost += usize::from(order["net"]["amount"] != "150.00");
            lost += usize::from(self.paid && order["paid"]["amount"] != "50.00");
        }
        lost
    }
}

fn id(one: Option<&Value>) -> &str {
    one.and_then(Value::as_str).unwrap_or_default()
}

/// A whole sale, or the status that came instead.
fn sale(client: &Client, key: &str) -> Result<Sale, u16> {
    let mut sale = Sale::new(key);
    sale.go_on(client).map(|()| sale)
}

/// How many acknowledged writes are lost, of how many.
fn losses(client: &Client, sales: &[Sale]) -> (usize, usize) {
    (sales.iter().map(|sale| sale.lost(client)).sum(), sales.iter().map(Sale::acknowledged).sum())
}

/// How many customers there are.
fn customers(client: &Client) -> usize {
    client.all("/customers", 200).len()
}

/// A figure of the kernel's about a process, in bytes: `VmRSS`, `VmHWM`.
fn memory(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a living process");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the figure");
    line.trim_start_matches(':').split_whitespace().next().and_then(|text| text.parse::<u64>().ok()).expect("a number")
        * 1024
}
