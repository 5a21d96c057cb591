//! SIGKILL again and again, at random moments, under writes and in the midst of imports.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use regulars_tests::process::Process;
use regulars_tests::{Client, Fresh};

use crate::{Sale, customers, losses, passed, sound, until};

/// As many kills as `SURVIVAL_KILLS` says.
fn kills() -> usize {
    std::env::var("SURVIVAL_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

const WRITERS: usize = 4;
/// Rows of an import; one begins with every tenth kill and runs on through the next.
const ROWS: usize = 3_000;
const IMPORT_EVERY: usize = 10;
/// All imports have ended so long after the last kill: a lease of 30 s runs out first.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn kills_on_sqlite() {
    killed("sqlite", None);
}

#[test]
fn kills_on_postgres() {
    let fresh = Fresh::database();
    killed("postgres", Some(&fresh.url()));
}

/// Between 50 and 550 ms.
fn moment() -> Duration {
    Duration::from_millis(50 + u64::from(uuid::Uuid::new_v4().as_bytes()[0]) * 500 / 255)
}

/// Starts an import of new customers; answers its path.
fn import_begin(client: &Client, round: usize) -> String {
    let mut text = String::from("code,name\n");
    (0..ROWS).for_each(|row| text.push_str(&format!("K{round}-{row},Name {round} {row}\n")));
    let path = format!("/imports?resource=customers&file_name=many-{round}.csv");
    let made = client.send_bytes("POST", &path, text.as_bytes(), &[("content-type", "text/csv")]).ok(201);
    let path = format!("/imports/{}", made["id"].as_str().expect("an id"));
    client.send("POST", &format!("{path}/run"), Some(&serde_json::Value::Null), &[]).expect(202);
    path
}

fn killed(engine: &str, database: Option<&str>) {
    let (began, kills) = (Instant::now(), kills());
    let data = tempfile::tempdir().expect("a directory");
    let (mut sales, mut imports, mut amid, mut cut, mut lost) = (Vec::new(), Vec::new(), 0, 0, 0);
    for round in 0..kills {
        let server = Process::start(data.path(), database);
        let founder = server.founder();
        if round % IMPORT_EVERY == 0 {
            imports.push(import_begin(&founder, round));
        }
        let made = written(server, &founder, round, &imports, &mut amid);
        // What was acknowledged stands at once, and what was cut off is repeated by its keys.
        let server = Process::start(data.path(), database);
        let founder = server.founder();
        lost += losses(&founder, &made).0;
        for mut sale in made {
            if sale.acknowledged() < 3 {
                cut += 1;
                sale.go_on(&founder).expect("a repetition");
            }
            sales.push(sale);
        }
        // Killed again while it picks up: that is a moment too.
        server.kill();
    }
    let server = Process::start(data.path(), database);
    let founder = server.founder();
    for path in &imports {
        let done = || founder.get(path).ok(200)["status"] == "done";
        until("an import goes on", PATIENCE, done);
    }
    let (late, writes) = losses(&founder, &sales);
    assert_eq!(lost + late, 0, "acknowledged writes lost, of {writes}");
    assert_eq!(customers(&founder), sales.len() + imports.len() * ROWS, "every customer once");
    drop(server);
    sound(data.path(), database);
    let figures = format!(
        "{kills}/{kills}, 0 acknowledged writes lost of {writes}, {cut} cut off and made once by repetition, {} imports of \
         {ROWS} rows whole after {amid} kills amid them, doctor clean, {:.0} s",
        imports.len(),
        began.elapsed().as_secs_f64()
    );
    passed(&format!("kills {engine}"), &figures);
}

/// Writes until the server is killed at a random moment; answers every sale that was begun.
fn written(server: Process, founder: &Client, round: usize, imports: &[String], amid: &mut usize) -> Vec<Sale> {
    let begun = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (client, begun) = (founder.clone(), &begun);
            scope.spawn(move || {
                for number in 0.. {
                    let mut sale = Sale::new(format!("{round}-{writer}-{number}"));
                    let outcome = sale.go_on(&client);
                    begun.lock().expect("a list").push(sale);
                    match outcome {
                        Ok(()) | Err(503) => {}
                        Err(0) => break,
                        Err(status) => panic!("{status} is no honest answer"),
                    }
                }
            });
        }
        std::thread::sleep(moment());
        if imports.last().is_some_and(|path| founder.get(path).ok(200)["status"] == "running") {
            *amid += 1;
        }
        server.kill();
    });
    begun.into_inner().expect("a list")
}
