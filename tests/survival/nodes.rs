//! Two servers on one PostgreSQL are one Regulars.

use std::time::Duration;

use regulars_tests::process::Process;
use regulars_tests::{Client, Fresh, PASSWORD};
use serde_json::json;

use crate::{passed, sound, until};

/// What was taken away works nowhere after this.
const REVOKED: Duration = Duration::from_secs(5);

struct Nodes {
    one: Process,
    two: Process,
    founder: Client,
    fresh: Fresh,
    // Files of imports and exports: one directory for both, as the two would share one.
    data: tempfile::TempDir,
}

impl Nodes {
    fn start() -> Self {
        let (fresh, data) = (Fresh::database(), tempfile::tempdir().expect("a directory"));
        let one = Process::start(data.path(), Some(&fresh.url()));
        let founder = one.founder();
        let two = Process::start(data.path(), Some(&fresh.url()));
        Self { one, two, founder, fresh, data }
    }

    /// The same credential at the second node.
    fn at_two(&self, client: &Client) -> Client {
        let mut other = self.two.client();
        other.token = client.token.clone();
        other
    }
}

#[test]
fn two_nodes_are_one() {
    let nodes = Nodes::start();
    let founder = &nodes.founder;
    let place = founder.place().1;
    let user = founder.user_new("leaver", &place, &[&founder.role("member")]);
    let leaver = nodes.one.client().signed_in("leaver");
    let key = leaver.key_new(&["customers:customer:read"]);
    let (there, key_there) = (nodes.at_two(&leaver), nodes.at_two(&key));
    there.get("/me").ok(200);
    key_there.get("/customers").ok(200);

    // What one writes the other reads at once, and a retry at the other makes nothing twice.
    let body = json!({"kind": "person", "name": "王芳"});
    let made = founder.send("POST", "/customers", Some(&body), &[("idempotency-key", "once")]).ok(201);
    let again = nodes.at_two(founder).send("POST", "/customers", Some(&body), &[("idempotency-key", "once")]).ok(201);
    assert_eq!(made["id"], again["id"]);

    let roles = revoked_roles(&nodes, &user);
    let path = format!("/users/{}/deactivation", user["id"].as_str().expect("an id"));
    founder.post(&path, json!(null)).expect(200);
    let refused = |client: &Client, path: &str| client.get(path).status == 401;
    let session = until("a session ends", REVOKED, || refused(&there, "/me"));
    let key = until("a key ends", REVOKED, || refused(&key_there, "/customers"));
    let figures = format!(
        "a role withdrawn at one held at the other for {} ms, a session for {} ms, a key for {} ms; a retry at the other \
         node made nothing twice",
        roles.as_millis(),
        session.as_millis(),
        key.as_millis()
    );
    passed("revocation across two nodes", &figures);

    let sign_in = guessed(&nodes);
    passed("sign-in throttled across two nodes", &format!("refused with 429 after {sign_in} guesses spread over both"));
    let resumed = taken_over(nodes);
    passed("a job taken over from a killed node", &resumed);
}

/// A role that may write is replaced by one that may not; answers how long the other node still let it.
fn revoked_roles(nodes: &Nodes, user: &serde_json::Value) -> Duration {
    let seller = nodes.two.client().signed_in("leaver");
    seller.post("/customers", json!({"kind": "person", "name": "张伟"})).expect(201);
    let path = format!("/users/{}", user["id"].as_str().expect("an id"));
    let version = nodes.founder.get(&path).ok(200)["version"].clone();
    nodes.founder.patch(&path, &version, json!({"role_ids": [nodes.founder.role("auditor")]})).expect(200);
    until("a role ends", REVOKED, || seller.post("/customers", json!({"kind": "person", "name": "张伟"})).status == 403)
}

/// Guesses a password at either node in turn; answers after how many guesses both refuse to listen.
fn guessed(nodes: &Nodes) -> usize {
    let guess = |server: &Process| {
        let body = json!({"login": "founder", "password": "wrong horse battery", "client": "device"});
        server.client().post("/auth/sessions", body).status
    };
    for number in 1..=40 {
        if guess(if number % 2 == 0 { &nodes.one } else { &nodes.two }) == 429 {
            assert_eq!((guess(&nodes.one), guess(&nodes.two)), (429, 429), "both have heard of it");
            return number;
        }
    }
    panic!("nobody was throttled");
}

/// A node is killed in the midst of an import; the other finishes it.
fn taken_over(nodes: Nodes) -> String {
    const ROWS: usize = 30_000;
    let founder = nodes.at_two(&nodes.founder);
    let mut text = String::from("code,name\n");
    (0..ROWS).for_each(|row| text.push_str(&format!("N{row},Name {row}\n")));
    let path = "/imports?resource=customers&file_name=many.csv";
    let made = nodes.founder.send_bytes("POST", path, text.as_bytes(), &[("content-type", "text/csv")]).ok(201);
    let path = format!("/imports/{}", made["id"].as_str().expect("an id"));
    founder.post(&format!("{path}/run"), json!(null)).expect(202);
    let done = || founder.get(&path).ok(200)["counts"]["done"].as_u64().unwrap_or(0);
    until("the import runs", Duration::from_secs(30), || done() > 0);
    let by_killed = done();
    // Either may be the one that runs it; whichever is not killed has to finish it. Leases last 30 s.
    nodes.one.kill();
    let finished = || founder.get(&path).ok(200)["status"] == "done";
    let took = until("the other goes on", Duration::from_secs(180), finished);
    assert_eq!(founder.get(&path).ok(200)["counts"]["create"], ROWS);
    founder.get("/me").ok(200);
    Client::at(&nodes.two.url)
        .post("/auth/sessions", json!({"login": "leaver", "password": PASSWORD, "client": "device"}))
        .expect(401);
    drop(nodes.two);
    sound(nodes.data.path(), Some(&nodes.fresh.url()));
    format!("{by_killed} of {ROWS} rows before, all of them {:.0} s after, doctor clean", took.as_secs_f64())
}
