//! SIGKILL at a bad moment: what was acknowledged is there, and repeating what was not makes each thing once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use regulars_tests::process::Process;
use regulars_tests::{Client, Fresh};
use serde_json::{Value, json};

use crate::imports::{counts, path_of, upload};

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

/// The program killed in the middle of a run goes on where it was: every row once.
fn killed_and_continued(data: &std::path::Path, database: Option<&str>) {
    const ROWS: usize = 30_000;
    let process = Process::start(data, database);
    let founder = process.founder();
    let mut text = String::from("code,name,phone\n");
    (0..ROWS).for_each(|number| text.push_str(&format!("K{number},Name {number},139{number:08}\n")));
    let uploaded = upload(&founder, "customers", "many.csv", text.as_bytes());
    founder.post(&format!("{}/run", path_of(&uploaded)), json!(null)).expect(202);
    let done = |founder: &Client| founder.get(&path_of(&uploaded)).ok(200)["counts"]["done"].as_u64().unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(120);
    while done(&founder) == 0 && Instant::now() < end {
        std::thread::yield_now();
    }
    process.kill();

    let process = Process::start(data, database);
    let founder = process.founder();
    let end = Instant::now() + Duration::from_secs(240);
    while founder.get(&path_of(&uploaded)).ok(200)["status"] != "done" && Instant::now() < end {
        std::thread::yield_now();
    }
    let import = founder.get(&path_of(&uploaded)).ok(200);
    assert_eq!((import["status"].as_str(), counts(&import)), (Some("done"), [ROWS as i64, ROWS as i64, 0, 0, 0]));
    let mut codes: Vec<String> =
        founder.all("/customers", 200).iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), ROWS);
}

#[test]
fn a_killed_import_goes_on_sqlite() {
    let data = tempfile::tempdir().expect("a directory");
    killed_and_continued(data.path(), None);
}

#[test]
fn a_killed_import_goes_on_postgres() {
    let (data, fresh) = (tempfile::tempdir().expect("a directory"), Fresh::database());
    killed_and_continued(data.path(), Some(&fresh.url()));
}
