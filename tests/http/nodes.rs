//! Two servers on one PostgreSQL are one Regulars.

use regulars_tests::process::Process;
use regulars_tests::{Client, Fresh, Reply};
use serde_json::{Value, json};

/// Requests a second and credential: large enough that nobody else here is ever refused.
const RATE: u32 = 50;
const BURST: u32 = 4 * RATE;
/// Far more rounds than any of these tests needs, whatever the pace.
const PATIENCE: usize = 20_000;
/// Rounds of a hundred requests.
const ROUNDS: usize = 400;

struct Nodes {
    one: Process,
    two: Process,
    founder: Client,
    _fresh: Fresh,
    // Files of imports: one directory, as the two would share one.
    _data: tempfile::TempDir,
}

impl Nodes {
    fn start(rate: u32) -> Self {
        let (fresh, data) = (Fresh::database(), tempfile::tempdir().expect("a directory"));
        let one = Process::limited(data.path(), Some(&fresh.url()), rate);
        let founder = one.founder();
        let two = Process::limited(data.path(), Some(&fresh.url()), rate);
        Self { one, two, founder, _fresh: fresh, _data: data }
    }

    /// The same credential at the second node.
    fn at_two(&self, client: &Client) -> Client {
        let mut other = self.two.client();
        other.token = client.token.clone();
        other
    }
}

/// Asks until the answer is yes.
fn until(what: &str, mut asked: impl FnMut() -> bool) {
    assert!((0..PATIENCE).any(|_| asked()), "{what}");
}

#[test]
fn a_session_and_a_retry_work_at_either_and_what_ends_at_one_ends_at_both() {
    let nodes = Nodes::start(0);
    let founder = &nodes.founder;
    let member = founder.role("member");
    let user = founder.user_new("leaver", &founder.place().1, &[&member]);
    let leaver = nodes.one.client().signed_in("leaver");
    let (there, key) = (nodes.at_two(&leaver), nodes.at_two(&leaver.key_new(&["customers:customer:read"])));
    there.get("/me").expect(200);
    key.get("/customers").expect(200);

    let body = json!({"kind": "person", "name": "王芳"});
    let create = |client: &Client| client.send("POST", "/customers", Some(&body), &[("idempotency-key", "once")]);
    let made = create(founder).ok(201);
    assert_eq!(create(&nodes.at_two(founder)).ok(201)["id"], made["id"], "a retry at the other makes nothing twice");

    let path = format!("/users/{}", user["id"].as_str().expect("an id"));
    founder.patch(&path, &user["version"], json!({"role_ids": [founder.role("auditor")]})).expect(200);
    let write = || there.post("/customers", json!({"kind": "person", "name": "张伟"})).status;
    until("a role withdrawn at one is gone at the other", || write() == 403);
    founder.post(&format!("{path}/deactivation"), json!(null)).expect(200);
    until("a session ended at one is ended at the other", || there.get("/me").status == 401);
    until("and so are the keys", || key.get("/customers").status == 401);
}

#[test]
fn jobs_of_both_run_once() {
    const IMPORTS: usize = 6;
    const ROWS: usize = 300;
    let nodes = Nodes::start(0);
    let clients = [nodes.founder.clone(), nodes.at_two(&nodes.founder)];
    let begin = |number: usize| {
        let client = &clients[number % 2];
        let rows: String = (0..ROWS).map(|row| format!("J{number}-{row},客户 {number} {row}\n")).collect();
        let (path, kind) =
            (format!("/imports?resource=customers&file_name={number}.csv"), [("content-type", "text/csv")]);
        let made = client.send_bytes("POST", &path, format!("code,name\n{rows}").as_bytes(), &kind).ok(201);
        let path = format!("/imports/{}", made["id"].as_str().expect("an id"));
        client.post(&format!("{path}/run"), json!(null)).expect(202);
        path
    };
    let imports: Vec<String> = (0..IMPORTS).map(begin).collect();
    for (number, path) in imports.iter().enumerate() {
        let done = || clients[(number + 1) % 2].get(path).ok(200);
        until("an import ends", || done()["status"] == "done");
        assert_eq!(done()["counts"]["create"], ROWS);
    }
    assert_eq!(clients[0].all("/customers", 200).len(), IMPORTS * ROWS, "every row once");
    let ran = clients[1].get("/audit-events?filter[action]=ran&limit=200").ok(200);
    assert_eq!(ran["items"].as_array().map(Vec::len), Some(IMPORTS), "every import ran once: {ran}");
}

/// What the answer says is left.
fn left(reply: &Reply) -> u32 {
    let told = reply.header("ratelimit").and_then(|text| text.split(';').find_map(|part| part.strip_prefix("r=")));
    told.and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[test]
fn what_one_lets_through_counts_at_the_other() {
    let nodes = Nodes::start(RATE);
    let mut spender = nodes.one.client();
    spender.token = nodes.founder.token.clone();
    let there = nodes.at_two(&spender);
    let first = there.get("/me").expect(200);
    assert!(left(&first) > BURST - RATE, "nobody has asked here yet");
    // The other is asked once in a hundred times: by itself it would never come to refuse.
    let refused: Option<Value> = (0..ROUNDS).find_map(|_| {
        (0..100).for_each(|_| drop(spender.get("/me")));
        let reply = there.get("/me");
        (reply.status == 429).then(|| reply.json())
    });
    assert_eq!(refused.expect("the other refuses as well")["code"], "rate_limited");
    assert_eq!(nodes.two.client().get("/setup").status, 200, "others are not meant");
}

#[test]
fn a_sale_at_one_is_in_the_pivot_of_the_other_at_the_next_answer() {
    let nodes = Nodes::start(0);
    let clients = [nodes.founder.clone(), nodes.at_two(&nodes.founder)];
    let wang =
        clients[0].post("/customers", json!({"kind": "organization", "name": "王", "industry": "retail"})).ok(201);
    let sell = |client: &Client| {
        let price = json!({"amount": "3.00", "currency": "CNY"});
        let body = json!({"customer_id": wang["id"], "ordered_on": "2026-01-05", "status": "confirmed",
            "lines": [{"name": "茶", "quantity": "1", "price": price}]});
        client.post("/orders", body).ok(201)
    };
    let query = json!({"fact": "order_lines", "rows": [{"field": "customer.industry"}],
        "measures": [{"aggregate": "sum", "field": "amount"}, {"aggregate": "count"}]});
    let asked = |client: &Client| client.post("/pivots/tables", query.clone()).ok(200);
    sell(&clients[0]);
    let remembered = || clients.iter().all(|client| asked(client)["executor"] == "memory");
    until("both answer from memory", remembered);

    for round in 1..=20 {
        let (here, there) = (&clients[round % 2], &clients[(round + 1) % 2]);
        let sold = sell(here);
        let answer = asked(there);
        let total = json!([format!("{}.00", 3 * (round + 1)), (round + 1).to_string()]);
        assert_eq!((&answer["executor"], &answer["total"]), (&json!("memory"), &total), "sale {round}");
        let moment = |value: &Value| -> chrono::DateTime<chrono::Utc> {
            value.as_str().and_then(|text| text.parse().ok()).expect("a moment")
        };
        assert!(moment(&answer["as_of"]) >= moment(&sold["created_at"]), "as fresh as it says");
        assert_eq!(asked(here)["total"], total, "and its own node has it too");
    }

    let path = format!("/customers/{}", wang["id"].as_str().expect("an id"));
    let now = clients[0].get(&path).ok(200);
    clients[0].patch(&path, &now["version"], json!({"industry": "catering"})).expect(200);
    let moved = asked(&clients[1]);
    assert_eq!((&moved["executor"], &moved["rows"][0]["keys"][0]["value"]), (&json!("memory"), &json!("catering")));
    assert_eq!(moved["rows"].as_array().map(Vec::len), Some(1), "the customer's sales go where it goes");
}
