//! Files at customers: what they are is looked at, who sees the customer sees them, the same bytes are kept once.

use std::io::Cursor;

use chrono::TimeDelta;
use image::{ImageFormat, Rgba, RgbaImage};
use regulars_app::AppError;
use regulars_app::doctor::{CheckUp, doctor};
use regulars_app::jobs::task::now;
use regulars_app::platform::file::files_sweep;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::customers::{colleague, customer, home, id, path, unit};

both!(
    a_file_goes_up_and_comes_back,
    what_a_file_is_is_looked_at,
    walls_stand_before_files,
    the_same_bytes_are_kept_once,
    files_go_along_with_a_merge,
    a_repeated_upload_attaches_once,
);

pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let drawn = RgbaImage::from_pixel(width, height, Rgba([200, 60, 40, 128]));
    drawn.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a picture");
    bytes
}

fn address(customer: &Value, name: &str) -> String {
    format!("/attachments?subject_type=customer&subject_id={}&name={name}", id(customer))
}

pub fn attach(client: &Client, customer: &Value, name: &str, bytes: &[u8]) -> Reply {
    client.send_bytes("POST", &address(customer, name), bytes, &[("content-type", "application/octet-stream")])
}

fn listed(client: &Client, customer: &Value) -> Vec<Value> {
    let list = client.get(&format!("/attachments?subject_type=customer&subject_id={}", id(customer))).ok(200);
    list["items"].as_array().expect("a list").clone()
}

fn at(file: &Value, tail: &str) -> String {
    format!("/attachments/{}{tail}", id(file))
}

fn a_file_goes_up_and_comes_back(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "王芳");
    let bytes = picture(800, 400);
    let file = attach(&founder, &guest, "%E9%97%A8%E9%9D%A2.pdf", &bytes).ok(201);
    assert_eq!(
        (&file["name"], &file["media_type"], &file["size"], &file["has_thumbnail"]),
        (&json!("门面.png"), &json!("image/png"), &json!(bytes.len()), &json!(true))
    );
    let content = founder.get(&at(&file, "/content")).expect(200);
    assert_eq!(content.body, bytes);
    let told = content.header("content-disposition").expect("a disposition");
    assert!(told.starts_with("attachment") && told.contains("%E9%97%A8%E9%9D%A2.png"), "{told}");
    assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
    let small = founder.get(&at(&file, "/thumbnail")).expect(200).body;
    let small = image::load_from_memory(&small).expect("a JPEG");
    assert_eq!((small.width(), small.height()), (320, 160));

    let renamed = founder.patch(&at(&file, ""), &file["version"], json!({"name": "店面", "kind": "照片"})).ok(200);
    assert_eq!(
        (&renamed["name"], &renamed["kind"], &renamed["version"]),
        (&json!("店面.png"), &json!("照片"), &json!(2))
    );
    founder.patch(&at(&file, ""), &file["version"], json!({"name": "x"})).expect(412);
    founder.delete(&at(&file, ""), &json!(1)).expect(412);
    founder.delete(&at(&file, ""), &json!(2)).expect(204);
    assert_eq!(listed(&founder, &guest), Vec::<Value>::new());
    for tail in ["", "/content", "/thumbnail"] {
        founder.get(&at(&file, tail)).expect(404);
    }
    let back = founder.post(&at(&file, "/restoration"), json!(null)).ok(200);
    assert_eq!((&back["version"], &listed(&founder, &guest)[0]["id"]), (&json!(4), &file["id"]));
    let told = founder.all(&format!("{}/timeline", path(&guest)), 50);
    let told: Vec<(&str, &str)> =
        told.iter().map(|one| (one["title"].as_str().unwrap_or(""), one["body"].as_str().unwrap_or(""))).collect();
    assert_eq!(told[..2], [("File restored", "店面.png"), ("File deleted", "店面.png")]);
    assert_eq!(told[3], ("File created", "门面.png"));
}

fn what_a_file_is_is_looked_at(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "王芳");
    let zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let mut broken = picture(40, 40);
    broken.truncate(60);
    for (name, bytes, shown, media_type) in [
        ("a.html", &b"<html><script>alert(1)</script></html>"[..], "a.txt", "text/plain"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.txt", "text/plain"),
        ("..%2F..%2Fpasswd", b"root:x", "passwd.txt", "text/plain"),
        ("a.pdf", b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        ("a.exe", b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        ("a.jpg", zip, "a.zip", "application/zip"),
        ("a.bat", b"\x01\x02\x03\x00", "a.bin", "application/octet-stream"),
        ("broken.png", &broken, "broken.png", "image/png"),
        // Longer than is drawn, whatever its size in bytes.
        ("long.png", &picture(20_001, 1), "long.png", "image/png"),
    ] {
        let file = attach(&founder, &guest, name, bytes).ok(201);
        assert_eq!(
            (&file["name"], &file["media_type"], &file["has_thumbnail"]),
            (&json!(shown), &json!(media_type), &json!(false)),
            "{name}"
        );
        founder.get(&at(&file, "/thumbnail")).expect(404);
    }
    let elf = [&b"\x7fELF\x02\x01\x01"[..], &[0; 60]].concat();
    for (bytes, code) in [(&b"MZ\x90\x00"[..], "file_is_program"), (&elf, "file_is_program"), (b"", "file_empty")] {
        assert_eq!(attach(&founder, &guest, "a.pdf", bytes).ok(422)["errors"][0]["code"], code);
    }
    let settings = founder.get("/settings").ok(200);
    let less = |mb: i64| json!({"settings": {"attachment_max_mb": mb}});
    assert_eq!(founder.patch("/settings", &settings["version"], less(0)).ok(422)["errors"][0]["code"], "out_of_range");
    founder.patch("/settings", &settings["version"], less(1)).expect(200);
    attach(&founder, &guest, "a.txt", &vec![b'a'; (1 << 20) + 1]).expect(413);
    attach(&founder, &guest, "a.txt", &vec![b'a'; 1 << 20]).expect(201);
    let wrong = founder.send_bytes("POST", &address(&guest, "a").replace("customer", "unit"), b"a", &[]);
    assert_eq!(wrong.ok(422)["errors"][0]["code"], "not_allowed");
}

fn walls_stand_before_files(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "王芳");
    let file = attach(&founder, &guest, "a.png", &picture(10, 10)).ok(201);
    let (_, department) = unit(site, "北京", "BJ");
    let no_right = |client: &Client, status: u16| {
        attach(client, &guest, "b.txt", b"b").expect(status);
        client.patch(&at(&file, ""), &json!(1), json!({"name": "b"})).expect(status);
        client.delete(&at(&file, ""), &json!(1)).expect(status);
        client.post(&at(&file, "/restoration"), json!(null)).expect(status);
    };
    for (login, role) in [("bm", "member"), ("ba", "unit_administrator"), ("bh", "unit_head"), ("bs", "service_agent")]
    {
        let stranger = colleague(site, login, role, &department);
        for tail in ["", "/content", "/thumbnail"] {
            stranger.get(&at(&file, tail)).expect(404);
        }
        let list = format!("/attachments?subject_type=customer&subject_id={}", id(&guest));
        stranger.get(&list).expect(404);
        no_right(&stranger, 404);
    }
    let auditor = colleague(site, "aud", "auditor", &home(site));
    assert_eq!(listed(&auditor, &guest).len(), 1);
    auditor.get(&at(&file, "/content")).expect(200);
    no_right(&auditor, 403);
    // A member of the same unit sees it as far, and as long, as the customer is shared with them.
    let member = colleague(site, "mem", "member", &home(site));
    member.get(&at(&file, "")).expect(404);
    let me = member.get("/me").ok(200)["id"].clone();
    let share = |edit: bool| {
        founder.post(&format!("{}/shares", path(&guest)), json!({"user_id": me, "may_edit": edit})).ok(200)
    };
    let given = share(false);
    member.get(&at(&file, "/content")).expect(200);
    no_right(&member, 404);
    share(true);
    attach(&member, &guest, "b.txt", b"b").expect(201);
    founder.remove(&format!("/shares/{}", id(&given))).expect(204);
    member.get(&at(&file, "/content")).expect(404);
    founder.delete(&path(&guest), &json!(1)).expect(204);
    founder.get(&at(&file, "")).expect(404);
}

fn count(site: &Site, sql: &str) -> i64 {
    site.app.db().read(|db| Ok::<_, AppError>(Statement::new(sql).number(db)?)).expect("a number")
}

fn run(site: &Site, sql: &str) {
    let statement = Statement::new(sql);
    site.app.db().write(move |tx| Ok::<_, AppError>(statement.run(tx)?)).expect("a statement");
}

fn the_same_bytes_are_kept_once(site: &Site) {
    let founder = site.founder();
    let (one, other) = (customer(&founder, "A"), customer(&founder, "B"));
    // More than one piece.
    let bytes: Vec<u8> = (0..1_300_000_u32).map(|n| (n % 251) as u8).collect();
    let first = attach(&founder, &one, "a.dat", &bytes).ok(201);
    let second = attach(&founder, &other, "b.dat", &bytes).ok(201);
    const FILES: &str = "SELECT COUNT(*) AS n FROM stored_file";
    assert_eq!((count(site, FILES), count(site, "SELECT COUNT(*) AS n FROM stored_file_piece")), (1, 3));
    assert_eq!(founder.get(&at(&second, "/content")).expect(200).body, bytes);
    let check = || {
        let report =
            doctor(site.app.db().location(), &CheckUp { full: true, anchor: None }, now()).expect("a check-up");
        report.checks.into_iter().filter(|check| !check.ok).map(|check| check.name).collect::<Vec<_>>()
    };
    assert_eq!(check(), Vec::<&str>::new());
    run(site, "UPDATE stored_file SET size = size + 1");
    assert_eq!(check(), ["files"]);
    run(site, "UPDATE stored_file SET size = size - 1");

    let later = |days: i64| now() + TimeDelta::days(days);
    founder.delete(&at(&first, ""), &json!(1)).expect(204);
    files_sweep(&site.app, later(29)).expect("swept");
    founder.post(&at(&first, "/restoration"), json!(null)).expect(200);
    founder.delete(&at(&first, ""), &json!(3)).expect(204);
    files_sweep(&site.app, later(31)).expect("swept");
    founder.post(&at(&first, "/restoration"), json!(null)).expect(404);
    assert_eq!(count(site, FILES), 1, "the other customer still has it");
    founder.delete(&at(&second, ""), &json!(1)).expect(204);
    files_sweep(&site.app, later(31)).expect("swept");
    assert_eq!((count(site, FILES), count(site, "SELECT COUNT(*) AS n FROM stored_file_piece")), (0, 0));
}

fn files_go_along_with_a_merge(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "A"), customer(&founder, "A"));
    let file = attach(&founder, &gone, "a.txt", b"a").ok(201);
    let body = json!({"other_id": gone["id"], "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("{}/merges", path(&kept)), body).ok(201);
    assert_eq!(listed(&founder, &kept)[0]["id"], file["id"]);
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    assert_eq!((listed(&founder, &kept).len(), listed(&founder, &gone).len()), (0, 1));
}

fn a_repeated_upload_attaches_once(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let send = |bytes: &[u8]| {
        let headers = [("content-type", "application/octet-stream"), ("idempotency-key", "once")];
        founder.send_bytes("POST", &address(&guest, "a.txt"), bytes, &headers)
    };
    let first = send(b"a").ok(201);
    assert_eq!(send(b"a").ok(201)["id"], first["id"]);
    send(b"b").expect(422);
    assert_eq!(listed(&founder, &guest).len(), 1);
}
