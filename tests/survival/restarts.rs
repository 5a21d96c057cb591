//! The database goes away and comes back; an operator stops the server.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use regulars_tests::Fresh;
use regulars_tests::cluster::Cluster;
use regulars_tests::process::Process;

use crate::{Sale, customers, losses, passed, sale, sound, until};

const RESTARTS: usize = 5;
const WRITERS: usize = 6;

#[test]
fn postgres_restarts_under_load() {
    let cluster = Cluster::start();
    let data = tempfile::tempdir().expect("a directory");
    let url = cluster.url();
    let server = Process::start(data.path(), Some(&url));
    let founder = server.founder();
    let (sold, statuses, over) = (Mutex::new(Vec::new()), Mutex::new(BTreeMap::new()), AtomicBool::new(false));
    let mut slowest = Duration::ZERO;
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (client, sold, statuses, over) = (founder.clone(), &sold, &statuses, &over);
            scope.spawn(move || {
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let status = match sale(&client, &format!("{writer}-{number}")) {
                        Ok(made) => {
                            sold.lock().expect("a list").push(made);
                            201
                        }
                        Err(status) => status,
                    };
                    *statuses.lock().expect("a count").entry(status).or_insert(0) += 1;
                    let reply = client.try_send("GET", "/customers?limit=5", None, &[]);
                    let status = reply.map_or(0, |reply| reply.status);
                    *statuses.lock().expect("a count").entry(status).or_insert(0) += 1;
                    if status == 503 {
                        std::thread::sleep(Duration::from_millis(50));
                    }
                }
            });
        }
        for restart in 0..RESTARTS {
            let many = sold.lock().expect("a list").len();
            until("sales", Duration::from_secs(30), || sold.lock().expect("a list").len() >= many + 10);
            cluster.restart();
            let healthy =
                || founder.get("/readyz").status == 200 && sale(&founder, &format!("again-{restart}")).is_ok();
            slowest = slowest.max(until("health", Duration::from_secs(10), healthy));
        }
        over.store(true, Ordering::Relaxed);
    });
    let statuses = statuses.into_inner().expect("a count");
    assert!(statuses.keys().all(|status| matches!(status, 200 | 201 | 503)), "{statuses:?}");
    assert!(statuses.contains_key(&503), "nobody noticed: {statuses:?}");
    let sold = sold.into_inner().expect("a list");
    let (lost, writes) = losses(&founder, &sold);
    assert_eq!(lost, 0, "acknowledged writes lost");
    drop(server);
    sound(data.path(), Some(&url));
    let figures = format!(
        "{RESTARTS}/{RESTARTS}, answers by status {statuses:?}, 0 acknowledged writes lost of {writes}, healthy after {} ms \
         at the latest, doctor clean",
        slowest.as_millis()
    );
    passed("restarts postgres", &figures);
}

/// What is under way when the operator stops the server is finished, and nothing new is begun.
#[test]
fn a_stop_lets_requests_finish() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), None);
    let founder = server.founder();
    let body = r#"{"kind": "person", "name": "最后一位"}"#;
    let mut socket = TcpStream::connect(server.url.trim_start_matches("http://")).expect("connected");
    let token = founder.token.as_deref().expect("a token");
    let head = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).expect("sent");
    // The server has the head and waits for the body: other answers come meanwhile.
    founder.get("/me").ok(200);
    founder.get("/me").ok(200);
    let stopping = std::thread::spawn(move || server.stop());
    until("no new connections", Duration::from_secs(10), || founder.try_send("GET", "/healthz", None, &[]).is_none());
    socket.write_all(body.as_bytes()).expect("sent");
    let mut answer = String::new();
    drop(socket.read_to_string(&mut answer));
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(stopping.join().expect("stopped"), "it ended well");
    let server = Process::start(data.path(), None);
    assert_eq!(server.founder().all("/customers", 50).len(), 1);
    passed("stop", "the request under way was answered 201 and its customer is there");
}

#[test]
fn stops_under_load() {
    stopped("sqlite", None);
    let fresh = Fresh::database();
    stopped("postgres", Some(&fresh.url()));
}

/// The operator stops the server while many write: each gets an answer that holds or none, and it ends in good time.
fn stopped(engine: &str, database: Option<&str>) {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), database);
    let founder = server.founder();
    let begun = Mutex::new(Vec::new());
    let took = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (client, begun) = (founder.clone(), &begun);
            scope.spawn(move || {
                for number in 0.. {
                    let mut sale = Sale::new(format!("{writer}-{number}"));
                    let outcome = sale.go_on(&client);
                    begun.lock().expect("a list").push(sale);
                    match outcome {
                        Ok(()) => {}
                        Err(0) => break,
                        Err(status) => panic!("{status} instead of an answer or none"),
                    }
                }
            });
        }
        until("sales", Duration::from_secs(60), || begun.lock().expect("a list").len() >= 10 * WRITERS);
        let asked = Instant::now();
        assert!(server.stop(), "it ended well");
        asked.elapsed()
    });
    let mut sales = begun.into_inner().expect("a list");
    let server = Process::start(data.path(), database);
    let founder = server.founder();
    let (lost, writes) = losses(&founder, &sales);
    assert_eq!(lost, 0, "acknowledged writes lost");
    sales.iter_mut().for_each(|sale| sale.go_on(&founder).expect("a repetition"));
    assert_eq!(customers(&founder), sales.len(), "every customer once");
    drop(server);
    sound(data.path(), database);
    let figures = format!("ended in {} ms, 0 acknowledged writes lost of {writes}, doctor clean", took.as_millis());
    passed(&format!("stop under load {engine}"), &figures);
}
