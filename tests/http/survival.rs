//! SIGKILL at a bad moment: what was acknowledged is there, and repeating what was not makes each thing once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use regulars_tests::process::Process;
use regulars_tests::{Client, Fresh};
use serde_json::{Value, json};

const WRITERS: usize = 8;
const EACH: usize = 60;
/// Killed when so many have been acknowledged: in the midst of the others.
const KILL_AFTER: usize = WRITERS * EACH / 3;

#[test]
fn nothing_acknowledged_is_lost_on_sqlite() {
    killed_while_writing(None);
}

#[test]
fn nothing_acknowledged_is_lost_on_postgres() {
    let fresh = Fresh::database();
    killed_while_writing(Some(&fresh.url()));
}

fn create(client: &Client, key: &str) -> Option<Value> {
    let body = json!({"kind": "person", "name": format!("顾客 {key}"), "phones": [{"number": "13800138000", "primary": true}]});
    let reply = client.try_send("POST", "/customers", Some(&body), &[("idempotency-key", key)])?;
    // Busy is an honest answer while the database goes down; it acknowledges nothing.
    if reply.status >= 500 { None } else { Some(reply.ok(201)) }
}

fn killed_while_writing(database: Option<&str>) {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), database);
    let founder = server.founder();
    let acknowledged = AtomicUsize::new(0);
    let (tell, hear) = std::sync::mpsc::channel();
    let kept: HashMap<String, String> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, acknowledged, tell) = (founder.clone(), &acknowledged, tell.clone());
                scope.spawn(move || {
                    let mut kept = Vec::new();
                    for number in 0..EACH {
                        let key = format!("{writer}-{number}");
                        let Some(customer) = create(&client, &key) else { break };
                        kept.push((key, customer["id"].as_str().expect("an id").to_string()));
                        if acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == KILL_AFTER {
                            tell.send(()).expect("heard");
                        }
                    }
                    kept
                })
            })
            .collect();
        hear.recv().expect("enough acknowledged");
        server.kill();
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect()
    });
    assert!(kept.len() >= KILL_AFTER && kept.len() < WRITERS * EACH, "killed in the midst: {}", kept.len());

    let server = Process::start(data.path(), database);
    let founder = server.founder();
    for (key, id) in &kept {
        let customer = founder.get(&format!("/customers/{id}")).ok(200);
        assert_eq!(customer["name"], format!("顾客 {key}"));
        assert_eq!(customer["phones"][0]["number"], "+8613800138000");
    }
    for writer in 0..WRITERS {
        for number in 0..EACH {
            let key = format!("{writer}-{number}");
            let customer = create(&founder, &key).expect("a living server");
            if let Some(id) = kept.get(&key) {
                assert_eq!(customer["id"], id.as_str(), "a repetition answers as before");
            }
        }
    }
    let everyone = founder.all("/customers", 200);
    assert_eq!(everyone.len(), WRITERS * EACH, "each once");
}
