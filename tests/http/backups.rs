//! A backup taken while people write holds everything acknowledged before it began, and comes back whole or not at all.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use regulars_tests::process::{Process, regulars};
use regulars_tests::{Client, Fresh};
use serde_json::{Value, json};

use crate::imports::{path_of, upload};

const WRITERS: usize = 4;
/// Acknowledged before the backup begins, and again while it runs or after.
const SOME: usize = 40;

#[test]
fn a_backup_comes_back_on_sqlite() {
    backed_up_and_restored(None, None);
}

#[test]
fn a_backup_comes_back_on_postgres() {
    let (from, to) = (Fresh::database(), Fresh::database());
    backed_up_and_restored(Some(&from.url()), Some(&to.url()));
}

fn customer_new(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({"kind": "person", "name": name})).ok(201)["id"].clone()
}

/// Takes a backup amid writes; answers the ids acknowledged before it began.
fn backup_amid_writes(founder: &Client, take: impl Fn()) -> Vec<Value> {
    let (acknowledged, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let count = || acknowledged.lock().expect("a list").len();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (acknowledged, over) = (&acknowledged, &over);
            scope.spawn(move || {
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = customer_new(founder, &format!("顾客 {writer}-{number}"));
                    acknowledged.lock().expect("a list").push(id);
                }
            });
        }
        let until = |many: usize| {
            while count() < many {
                std::thread::yield_now();
            }
        };
        until(SOME);
        let before = acknowledged.lock().expect("a list").clone();
        take();
        until(before.len() + SOME);
        over.store(true, Ordering::Relaxed);
        before
    })
}

fn sound(data: &Path, database: Option<&str>, before: &[Value], import: &str) {
    let server = Process::start(data, database);
    let founder = server.founder();
    for id in before {
        founder.get(&format!("/customers/{}", id.as_str().expect("an id"))).ok(200);
    }
    // The uploaded file is there: its rows can be read.
    let preview = founder.get(&format!("{import}/preview")).ok(200);
    assert!(preview["items"].as_array().is_some_and(|rows| !rows.is_empty()), "{preview}");
    let refusal = regulars(&["restore", "missing.zip"], data, database).expect_err("no such file");
    assert!(refusal.contains("nothing was restored"), "{refusal}");
}

fn backed_up_and_restored(from: Option<&str>, to: Option<&str>) {
    let (data, fresh) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let file = fresh.path().join("company.zip");
    let name = file.display().to_string();
    let server = Process::start(data.path(), from);
    let founder = server.founder();
    let import = path_of(&upload(&founder, "customers", "few.csv", b"name\nA\n"));
    let before = backup_amid_writes(&founder, || {
        let said = regulars(&["backup", &name], data.path(), from).expect("a backup");
        assert!(said.contains("a backup of"), "{said}");
    });
    let again = regulars(&["backup", &name], data.path(), from).expect_err("it exists");
    assert!(again.contains("exists already"), "{again}");
    let taken = regulars(&["restore", &name, "--replace"], data.path(), from).expect_err("in use");
    assert!(taken.contains("stop the server"), "{taken}");
    drop(server);

    let target = fresh.path().join("data");
    regulars(&["restore", &name], &target, to).expect("restored");
    sound(&target, to, &before, &import);

    // A company stands there now: it is replaced on demand only, and a damaged backup replaces nothing.
    let refusal = regulars(&["restore", &name], &target, to).expect_err("not empty");
    assert!(refusal.contains("--replace"), "{refusal}");
    let bytes = std::fs::read(&file).expect("the backup");
    let broken = fresh.path().join("broken.zip");
    let mut bent = bytes.clone();
    // Enough of it: where a run of zeros is packed, one other bit may unpack to the same.
    for byte in bent.iter_mut().skip(bytes.len() / 3).take(256) {
        *byte ^= 0x55;
    }
    for (damage, bytes) in [("cut", &bytes[..bytes.len() / 2]), ("bent", &bent[..])] {
        std::fs::write(&broken, bytes).expect("written");
        let refusal = regulars(&["restore", &broken.display().to_string(), "--replace"], &target, to);
        assert!(refusal.expect_err(damage).contains("nothing was restored"));
    }
    sound(&target, to, &before, &import);
    regulars(&["restore", &name, "--replace"], &target, to).expect("replaced");
    sound(&target, to, &before, &import);
}
