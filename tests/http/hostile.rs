//! What people and programs should never send, in every text of every operation that writes: refused with a word about
//! it, or kept and given back as it came; never an inner error, never another text than was sent.

use regulars_api::contract::CONTRACT;
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::exports::exported;
use crate::walls::attempts::{Attempt, Rule, attempts, operation, operations};
use crate::walls::other_unit::OtherUnit;

both!(every_text_is_kept_or_refused, tables_that_go_out_hold_no_formulas);

/// Texts that have broken programs before.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "a\u{202e}moc.elpmaxe\u{202c}b",
        "zero\u{200b}width\u{feff}\u{2060}d",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦🏳️\u{200d}🌈𠮷𝒳",
        "'\"`;-- \\' OR 1=1 /*",
        "Robert'); DROP TABLE party;--",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{7*7}}${7*7}<%= 7*7 %>#{7*7}%s%n%x",
        "../../../../etc/passwd\u{2215}..\\..\\x",
        "=cmd|' /C calc'!A0",
        "a\u{0}b",
        "a\u{1}\u{1b}[31m\u{7f}\u{85}b",
        "e\u{301}\u{323}\u{fffd}\u{fffe}\u{10ffff}",
    ]
    .map(String::from)
    .into();
    texts.push("长".repeat(120_000));
    texts
}

/// In place of which a text is written that JSON can only say with an escape.
const MARK: &str = "lone-surrogate-goes-here";
/// Half a character.
const LONE: &str = "\\ud83d";

/// Requests that end the caller's own session, or wait long, tried by nobody else's hand.
const ANONYMOUS: &[&str] = &["/auth/", "/setup", "/invitations", "/password"];

/// Where the answer differs from what came, and why that is right.
const CLEANED: &[(&str, &str)] = &[
    // Names lose control characters, readings all but letters and digits, tax numbers their small letters.
    ("POST /customers", "/name"),
    ("POST /customers", "/name_pinyin"),
    ("POST /customers", "/tax_id"),
    // An address that is on the list already stays as it is.
    ("POST /suppressions", "/note"),
    ("POST /suppressions", "/proof"),
    // The answer is the entry with its own reason.
    ("POST /suppressions/{id}/lifting", "/reason"),
];

fn every_text_is_kept_or_refused(site: &Site) {
    let founder = site.founder();
    let there = OtherUnit::new(site, &founder);
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, operation) in operations() {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let all = || attempts().iter().filter(|attempt| attempt.operation == name);
        let base = all().find(|attempt| attempt.json().is_some()).or_else(|| all().next());
        let (false, Some(attempt)) = (schema.is_null(), base) else { continue };
        let client = if ANONYMOUS.iter().any(|part| name.contains(part)) || attempt.rule == Rule::Public {
            site.anonymous()
        } else {
            founder.clone()
        };
        let mut pointers = Vec::new();
        text_pointers(schema, "", 0, &mut pointers);
        for pointer in pointers {
            for text in texts().iter().map(String::as_str).chain([MARK]) {
                tried += 1;
                if let Err(found) = told(&client, attempt, &there, &pointer, text) {
                    wrong.push(format!("{name} {pointer}: {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}: {wrong:#?}", wrong.len());
    assert!(tried > 2_000, "only {tried} texts were tried");
    assert_eq!(founder.get("/customers").status, 200);
}

/// Sends one text at one place of a body that is otherwise in order.
fn told(client: &Client, attempt: &Attempt, there: &OtherUnit, pointer: &str, text: &str) -> Result<(), String> {
    let fill = |text: &str| OtherUnit::fill(&there.things, text);
    let path = fill(&attempt.path.replace('$', "@")).replace("{key}", "source").replace("{period}", "2026-11");
    let path = if path.contains("{id}") { made(client, &path) } else { path };
    let mut body: Value = match attempt.json() {
        Some(body) => serde_json::from_str(&fill(&body.replace('$', "@"))).expect("a body"),
        None if attempt.method == "POST" => example(&attempt.operation),
        None => json!({}),
    };
    put(&mut body, pointer, json!(text));
    let raw = body.to_string().replace(MARK, LONE);
    let version = if attempt.method == "PATCH" { client.get(&path).json()["version"].clone() } else { json!(1) };
    let match_version = format!("\"{version}\"");
    let headers = [("content-type", "application/json"), ("if-match", match_version.as_str())];
    let reply = client.send_bytes(attempt.method, &path, raw.as_bytes(), &headers);
    judged(attempt, &reply, pointer, text)
}

/// The path of a record that its own operation makes from the contract's example; of nothing when it makes none.
fn made(client: &Client, path: &str) -> String {
    let (list, rest) = path.split_once("/{id}").expect("a place for an id");
    let found = client.get(list).json()["items"][0]["id"].clone();
    let found = match found.as_str() {
        Some(id) => id.to_owned(),
        None => client.post(list, example(&format!("POST {list}"))).json()["id"].as_str().unwrap_or_default().into(),
    };
    format!("{list}/{found}{rest}").replace("//", "/01990000-0000-7000-8000-000000000001/")
}

fn example(name: &str) -> Value {
    operation(name).pointer("/requestBody/content/application~1json/example").cloned().unwrap_or_else(|| json!({}))
}

fn judged(attempt: &Attempt, reply: &Reply, pointer: &str, text: &str) -> Result<(), String> {
    let shown: String = text.chars().take(40).collect();
    if reply.status >= 500 {
        return Err(format!("{} for {shown:?}: {}", reply.status, reply.text()));
    }
    if !(200..300).contains(&reply.status) || CLEANED.contains(&(attempt.operation.as_str(), pointer)) {
        return Ok(());
    }
    if text == MARK {
        return Err(format!("half a character was taken: {}", reply.text()));
    }
    if reply.body.is_empty() {
        return Ok(());
    }
    match reply.json().pointer(pointer) {
        Some(Value::String(kept)) if kept != text => {
            Err(format!("{shown:?} was taken and is {:?}", kept.chars().take(40).collect::<String>()))
        }
        _ => Ok(()),
    }
}

/// Every place of a body where free text goes: no closed list of words, and no id, date or time.
fn text_pointers(schema: &'static Value, at: &str, depth: usize, into: &mut Vec<String>) {
    let schema = match schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        Some(pointer) => CONTRACT.pointer(pointer).expect("a part of the contract"),
        None => schema,
    };
    if depth > 6 {
        return;
    }
    for part in ["allOf", "oneOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            text_pointers(one, at, depth + 1, into);
        }
    }
    let is =
        |kind: &str| schema["type"] == kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)));
    if is("string") && schema.get("enum").is_none() && !into.iter().any(|known| known == at) {
        into.push(at.to_owned());
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        text_pointers(member, &format!("{at}/{name}"), depth + 1, into);
    }
    if let Some(items) = schema.get("items") {
        text_pointers(items, &format!("{at}/0"), depth + 1, into);
    }
}

/// Sets the value at a pointer, making what leads there.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut place = body;
    for step in pointer.split('/').skip(1) {
        place = match step.parse::<usize>() {
            Ok(_) => {
                if place.as_array().is_none_or(Vec::is_empty) {
                    *place = json!([null]);
                }
                &mut place[0]
            }
            Err(_) => {
                if !place.is_object() {
                    *place = json!({});
                }
                &mut place[step]
            }
        };
    }
    *place = value;
}

fn tables_that_go_out_hold_no_formulas(site: &Site) {
    let founder = site.founder();
    let formulas = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\",\"y\")"];
    for (number, formula) in formulas.iter().enumerate() {
        let body = json!({"kind": "person", "name": format!("客{number}"), "note": formula});
        founder.post("/customers", body).expect(201);
    }
    let columns = json!(["name", "note"]);
    let (_, file) = exported(site, &founder, json!({"resource": "customers", "format": "csv", "columns": columns}));
    let text = String::from_utf8(file).expect("UTF-8");
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut seen = 0;
    for record in reader.records() {
        let record = record.expect("a row");
        let Some(note) = record.get(1).filter(|note| !note.is_empty()) else { continue };
        assert!(!note.starts_with(['=', '+', '-', '@', '\t', '\r']), "{note:?} would be computed");
        seen += 1;
    }
    assert_eq!(seen, formulas.len());
    let (_, book) = exported(site, &founder, json!({"resource": "customers", "format": "xlsx", "columns": columns}));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a workbook");
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet"), &mut sheet)
        .expect("XML");
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "a workbook holds texts, no formulas");
}
