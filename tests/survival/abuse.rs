//! People and machines who mean no good: slow clients by the hundred, bodies that are bombs.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use regulars_tests::Client;
use regulars_tests::process::Process;

use crate::{memory, passed};

const SLOW: usize = 500;
/// Requests timed.
const TIMED: usize = 100;
/// Memory may grow by less, in bytes.
const GROWTH: u64 = 64 << 20;

/// The median and the slowest of so many ordinary requests.
fn ordinary(client: &Client) -> (Duration, Duration) {
    let mut took: Vec<Duration> = (0..TIMED)
        .map(|_| {
            let began = Instant::now();
            client.get("/customers?limit=10").ok(200);
            began.elapsed()
        })
        .collect();
    took.sort();
    (took[TIMED / 2], took[TIMED - 1])
}

#[test]
fn slow_clients_do_not_slow_others() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), None);
    let founder = server.founder();
    let address = server.url.trim_start_matches("http://").to_string();
    let token = founder.token.clone().expect("a token");
    let alone = ordinary(&founder);
    let slow: Vec<TcpStream> = (0..SLOW)
        .map(|number| {
            let mut socket = TcpStream::connect(&address).expect("connected");
            // A third drips its head, a third its body, a third does not read its answer.
            let text = match number % 3 {
                0 => "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_string(),
                1 => format!(
                    "POST /api/v1/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\
                     Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{{\"kind\""
                ),
                _ => format!("GET /api/openapi.json HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"),
            };
            socket.write_all(text.as_bytes()).expect("sent");
            socket
        })
        .collect();
    let beside = ordinary(&founder);
    let bound = alone.0 * 5 + Duration::from_millis(100);
    assert!(beside.0 < bound, "alone {alone:?}, beside {SLOW} slow ones {beside:?}");
    // Those who drip are cut off in the end: the heads after 10 s, the bodies after 30 s.
    let mut cut = 0;
    for (number, mut socket) in slow.into_iter().enumerate().filter(|(number, _)| number % 3 != 2) {
        socket.set_read_timeout(Some(Duration::from_secs(45))).expect("a limit");
        let mut answer = [0_u8; 64];
        let read = loop {
            match socket.read(&mut answer) {
                Ok(read) => break read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break 0,
                Err(error) => panic!("client {number} was not cut off: {error}"),
            }
        };
        let text = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(read == 0 || text.starts_with("HTTP/1.1 4"), "{text}");
        cut += 1;
    }
    let figures = format!(
        "{SLOW} beside ordinary requests: median {:?} alone, {:?} beside them (slowest {:?}); {cut} were cut off",
        alone.0, beside.0, beside.1
    );
    passed("slow clients", &figures);
}

/// Sends so many bytes of body made by `piece`; answers the status, however early it comes.
fn poured(address: &str, head: &str, size: u64, piece: &[u8]) -> u16 {
    let mut socket = TcpStream::connect(address).expect("connected");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let mut ear = socket.try_clone().expect("a second handle");
    // Listens meanwhile: a refusal comes before the end, and once the connection is reset nothing can be read.
    let heard = std::thread::spawn(move || {
        let mut answer = [0_u8; 64];
        let read = ear.read(&mut answer).unwrap_or(0);
        String::from_utf8_lossy(&answer[..read]).split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
    });
    socket.write_all(format!("{head}Content-Length: {size}\r\n\r\n").as_bytes()).expect("sent");
    let mut sent = 0;
    while sent < size && !heard.is_finished() {
        let some = piece.len().min(usize::try_from(size - sent).unwrap_or(usize::MAX));
        if socket.write_all(&piece[..some]).is_err() {
            break;
        }
        sent += some as u64;
    }
    heard.join().expect("an answer")
}

/// A workbook whose only sheet is a gigabyte of spaces.
fn workbook_bomb() -> Vec<u8> {
    const PARTS: [(&str, &str); 4] = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, text) in PARTS {
        archive.start_file(name, options).expect("a member");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.start_file("xl/worksheets/sheet1.xml", options).expect("a member");
    archive
        .write_all(b"<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>")
        .expect("written");
    let spaces = vec![b' '; 1 << 20];
    (0..1024).for_each(|_| archive.write_all(&spaces).expect("written"));
    archive.write_all(b"</t></is></c></row></sheetData></worksheet>").expect("written");
    archive.finish().expect("a workbook").into_inner()
}

#[test]
fn bombs_are_refused_in_little_memory() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), None);
    let founder = server.founder();
    let address = server.url.trim_start_matches("http://").to_string();
    let token = founder.token.clone().expect("a token");
    let head = |path: &str, more: &str| {
        format!("POST /api/v1{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n{more}\r\n")
    };
    let json = "Content-Type: application/json";
    ordinary(&founder);
    let bomb = workbook_bomb();
    let packed = gzip_bomb();
    let before = memory(server.id(), "VmRSS");
    // From here on the kernel notes the highest.
    std::fs::write(format!("/proc/{}/clear_refs", server.id()), "5").expect("one's own process");

    let gigabyte = poured(&address, &head("/customers", json), 1 << 30, &vec![b' '; 1 << 20]);
    assert_eq!(gigabyte, 413, "a body of a gigabyte");
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "1");
    let deep = poured(&address, &head("/customers", json), deep.len() as u64, deep.as_bytes());
    assert!(matches!(deep, 400 | 422), "JSON 100,000 deep: {deep}");
    let gzip = poured(
        &address,
        &head("/customers", "Content-Type: application/json\r\nContent-Encoding: gzip"),
        packed.len() as u64,
        &packed,
    );
    assert!(matches!(gzip, 400 | 413 | 415 | 422), "a gzip bomb: {gzip}");
    let path = "/imports?resource=customers&file_name=bomb.xlsx";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let xlsx = founder.send_bytes("POST", path, &bomb, &[("content-type", kind)]);
    assert!(matches!(xlsx.status, 400 | 413 | 422), "a workbook bomb: {} {}", xlsx.status, xlsx.text());
    founder.get("/me").ok(200);
    let peak = memory(server.id(), "VmHWM");
    let grown = peak.saturating_sub(before);
    assert!(grown < GROWTH, "memory grew by {} MB", grown >> 20);
    let figures = format!(
        "1 GB body {gigabyte}, deep JSON {deep}, gzip {gzip}, xlsx ({} kB packed) {}; memory grew by {} MB at most",
        bomb.len() >> 10,
        xlsx.status,
        grown >> 20
    );
    passed("bombs", &figures);
}

/// A hundred megabytes of spaces, packed.
fn gzip_bomb() -> Vec<u8> {
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let spaces = vec![b' '; 1 << 20];
    (0..100).for_each(|_| packing.write_all(&spaces).expect("packed"));
    packing.finish().expect("packed")
}
