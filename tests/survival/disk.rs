//! A full disk: writes are refused with words, reads go on, and room is enough to recover.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use regulars_tests::cluster::Cluster;
use regulars_tests::process::Process;
use regulars_tests::{Client, PASSWORD};
use serde_json::json;

use crate::{Sale, losses, passed, sale, sound, until};

/// A file system of its own; gone when dropped.
struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where one may not mount: only root may.
    fn mounted(megabytes: u64) -> Option<Self> {
        let place = tempfile::tempdir().expect("a directory");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(place.path());
        command.status().is_ok_and(|status| status.success()).then_some(Self(place))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes what room is left; answers the file that holds it.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("ballast");
        let mut file = File::create(&path).expect("a file");
        let (piece, mut size) = (vec![0_u8; 1 << 20], 1 << 20);
        while size > 0 {
            if file.write_all(&piece[..size]).is_err() {
                size /= 2;
            }
        }
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0.path()).status());
    }
}

fn skipped(engine: &str) {
    println!("survival: disk full {engine}: SKIPPED: only root may mount the small file system it needs");
}

#[test]
fn a_full_disk_on_sqlite() {
    let Some(disk) = Small::mounted(24) else { return skipped("sqlite") };
    let server = Process::start(disk.path(), None);
    let told = |founder: &Client| {
        let ready = founder.get("/readyz").ok(200);
        assert!(ready.to_string().contains(r#""name":"disk","ok":false"#), "in service, and the disk is told: {ready}");
        // An upload is refused as well, and leaves nothing behind.
        let (path, kind) = ("/imports?resource=customers&file_name=a.csv", [("content-type", "text/csv")]);
        let reply = founder.send_bytes("POST", path, &vec![b'a'; 4 << 20], &kind);
        assert!(matches!(reply.status, 503 | 507), "{} {}", reply.status, reply.text());
    };
    let figures = filled(&disk, &server, told);
    drop(server);
    sound(disk.path(), None);
    passed("disk full sqlite", &figures);
}

/// The tables are on the disk that is full, PostgreSQL's log of changes is not: without room for that it stops itself.
#[test]
fn a_full_disk_on_postgres() {
    let Some(disk) = Small::mounted(96) else { return skipped("postgres") };
    let (cluster, data) = (Cluster::start(), tempfile::tempdir().expect("a directory"));
    let url = cluster.database_at(disk.path());
    let server = Process::start(data.path(), Some(&url));
    let figures = filled(&disk, &server, |_| {});
    drop(server);
    sound(data.path(), Some(&url));
    passed("disk full postgres", &figures);
}

/// Fills the disk, tries everything, makes room; answers what happened.
fn filled(disk: &Small, server: &Process, told: impl Fn(&Client)) -> String {
    let founder = server.founder();
    let opened = json!({"login": "founder", "password": PASSWORD, "client": "device"});
    let session = server.client().post("/auth/sessions", opened.clone()).ok(201);
    let key = founder.key_new(&["customers:customer:read"]);
    let mut sold: Vec<Sale> =
        (0..20).map(|number| sale(&founder, &format!("before-{number}")).expect("room")).collect();
    let ballast = disk.fill();
    let mut refused = BTreeMap::new();
    for number in 0..400 {
        let mut sale = Sale::new(format!("full-{number}"));
        if let Err(status) = sale.go_on(&founder) {
            *refused.entry(status).or_insert(0) += 1;
        }
        sold.push(sale);
        assert_eq!(losses(&founder, &sold[..3]).0, 0, "reads go on");
        if refused.values().sum::<usize>() >= 40 {
            break;
        }
    }
    assert!(!refused.is_empty(), "the disk was never full");
    assert!(refused.keys().all(|status| matches!(status, 503 | 507)), "{refused:?}");
    // Whoever is signed in reads on, with a key and after the access token's ten minutes as well.
    key.get("/customers?limit=1").expect(200);
    let token = json!({"refresh_token": session["refresh_token"]});
    let again = server.client().post("/auth/refresh", token).ok(200);
    let mut reader = server.client();
    reader.token = again["access_token"].as_str().map(String::from);
    reader.get("/customers?limit=1").expect(200);
    told(&founder);

    std::fs::remove_file(&ballast).expect("room again");
    let recovered = until("recovery", Duration::from_secs(10), || sale(&founder, "after").is_ok());
    for sale in &mut sold {
        sale.go_on(&founder).expect("a repetition");
    }
    let (lost, writes) = losses(&founder, &sold);
    assert_eq!(lost, 0, "acknowledged writes lost");
    format!(
        "refusals by status {refused:?}, reads and refreshes went on, 0 acknowledged writes lost of {writes}, writes again \
         {} ms after room came without a restart, doctor clean",
        recovered.as_millis()
    )
}
