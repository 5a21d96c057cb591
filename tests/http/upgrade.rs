//! A database full of an earlier release's data is brought up to this program's, and nothing is lost on the way.
//!
//! The earlier state is made by taking the later migrations back from a database at work, statement by statement; that it
//! is that state is checked against the earlier migrations alone.

use std::path::Path;

use regulars_persistence::db::Manager;
use regulars_persistence::schema::schema_columns;
use regulars_persistence::sql::Statement;
use regulars_persistence::{Db, Location, StoreError};
use regulars_tests::process::{Process, regulars};
use regulars_tests::{Client, Fresh};
use serde_json::{Value, json};

/// The newest migration of the earlier release.
const EARLIER: &str = "0003";

#[test]
fn earlier_data_is_brought_up_to_date_on_sqlite() {
    upgraded("sqlite", None);
}

#[test]
fn earlier_data_is_brought_up_to_date_on_postgres() {
    let fresh = Fresh::database();
    upgraded("postgres", Some(&fresh.url()));
}

/// The statements of the migrations that are later than [`EARLIER`], or of the others, in order.
fn statements(engine: &str, later: bool) -> Vec<String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(engine);
    let names = std::fs::read_dir(&home).expect("migrations").flatten().map(|one| one.file_name());
    let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    names.sort();
    let meant = names.iter().filter(|name| (&name[..EARLIER.len()] > EARLIER) == later);
    let texts = meant.map(|name| std::fs::read_to_string(home.join(name).join("up.sql")).expect("statements"));
    let told =
        |text: String| text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    let split =
        |text: String| text.split(";\n").map(|one| one.trim().trim_end_matches(';').to_string()).collect::<Vec<_>>();
    texts.map(told).flat_map(split).filter(|one| !one.is_empty()).collect()
}

/// What takes a statement back; nothing for those that only fill new tables and columns.
fn taken_back(statement: &str) -> Option<String> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words[..] {
        ["CREATE", "TABLE", table, ..] => Some(format!("DROP TABLE {table}")),
        ["CREATE", "INDEX", index, ..] | ["CREATE", "UNIQUE", "INDEX", index, ..] => {
            Some(format!("DROP INDEX {index}"))
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => {
            Some(format!("ALTER TABLE {table} DROP COLUMN {column}"))
        }
        ["ALTER", "TABLE", table, "ALTER", "COLUMN", column, "DROP", "NOT", "NULL"] => {
            Some(format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"))
        }
        ["INSERT" | "UPDATE", ..] => None,
        _ => panic!("say here how this is taken back: {statement}"),
    }
}

fn run(db: &mut Db, sql: &str) {
    Statement::new(sql).run(db).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Makes the database what the earlier release knew.
fn downgraded(engine: &str, location: Location) {
    let mut db = Manager::new(location).connect_writer().expect("a connection");
    for statement in statements(engine, true).iter().rev().filter_map(|one| taken_back(one)) {
        run(&mut db, &statement);
    }
    run(&mut db, &format!("DELETE FROM __diesel_schema_migrations WHERE version > '{EARLIER}'"));
    let mut earlier = Manager::new(Location::Sqlite(":memory:".into())).connect_writer().expect("a database");
    statements("sqlite", false).iter().for_each(|one| run(&mut earlier, one));
    let columns = |db: &mut Db| schema_columns(db).map_err(|error: StoreError| error.to_string()).expect("columns");
    assert_eq!(columns(&mut db), columns(&mut earlier), "nothing later is left");
}

/// A company at work.
fn filled(founder: &Client) -> Vec<String> {
    let (_, department) = founder.place();
    founder.user_new("seller", &department, &[&founder.role("member")]);
    let person = json!({"kind": "person", "name": "王芳", "birthday": "1990-05-06", "note": "爱喝白茶",
        "phones": [{"number": "13800138000", "primary": true}]});
    let customer = founder.post("/customers", person).ok(201);
    let firm =
        founder.post("/customers", json!({"kind": "organization", "name": "晨光", "tax_id": "91310000TEST"})).ok(201);
    let gone = founder.post("/customers", json!({"kind": "person", "name": "走了"})).ok(201);
    founder.delete(&format!("/customers/{}", text(&gone["id"])), &gone["version"]).expect(204);
    let order = json!({"customer_id": customer["id"], "ordered_on": "2026-01-05", "status": "confirmed",
        "lines": [{"name": "茶", "quantity": "2", "price": {"amount": "30.00", "currency": "CNY"}}]});
    let order = founder.post("/orders", order).ok(201);
    let paid = json!({"on": "2026-01-06", "amount": {"amount": "50.00", "currency": "CNY"}});
    founder.post(&format!("/orders/{}/payments", text(&order["id"])), paid).expect(200);
    let segment = founder.post("/segments", json!({"name": "我的", "kind": "static"})).ok(201);
    ["customers", "customers", "orders", "segments"]
        .iter()
        .zip([&customer, &firm, &order, &segment])
        .map(|(resource, one)| format!("/{resource}/{}", text(&one["id"])))
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// What people see, and the log.
fn seen(founder: &Client, records: &[String]) -> (Vec<Value>, Vec<Value>) {
    let records = records.iter().map(|path| founder.get(path).ok(200)).collect();
    (records, founder.all("/audit-events?filter[action]=created", 100))
}

fn upgraded(engine: &str, database: Option<&str>) {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), database);
    let founder = server.founder();
    let records = filled(&founder);
    let before = seen(&founder, &records);
    assert!(server.stop(), "drained");
    let file = data.path().join("regulars.db").display().to_string();
    downgraded(engine, Location::parse(database.unwrap_or(&file)));
    let said = regulars(&["doctor"], data.path(), database).expect_err("too old");
    assert!(said.contains(EARLIER), "{said}");

    let server = Process::start(data.path(), database);
    let founder = server.founder();
    assert_eq!(seen(&founder, &records), before, "everything is as it was");
    assert_eq!(founder.get("/customers?q=wangfang").ok(200)["items"].as_array().map(Vec::len), Some(1));
    server.client().signed_in("seller").get("/me").expect(200);
    founder.post("/customers", json!({"kind": "person", "name": "新客"})).expect(201);
    assert!(server.stop(), "drained");
    let said = regulars(&["doctor", "--full"], data.path(), database);
    assert!(said.is_ok(), "{said:?}");
}
