//! The check-up finds each kind of harm done behind the program's back, and nothing where none was done.

use regulars_app::access::chain::chain_verify_turn;
use regulars_app::doctor::{CheckUp, Report, doctor};
use regulars_app::jobs::task::now;
use regulars_app::upkeep::upkeep_step;
use regulars_app::{App, AppError};
use regulars_domain::ids::{JobId, PartyId};
use regulars_persistence::access::chain::events_redact;
use regulars_persistence::customers::parts_kept::parts_unkept;
use regulars_persistence::doctor::relations_untold;
use regulars_persistence::sql::Statement;
use regulars_tests::{Site, both};
use serde_json::{Value, json};

both!(
    each_harm_is_found,
    what_is_shown_is_kept_again,
    the_chain_shows_what_was_changed,
    erased_people_leave_the_chain_whole,
    a_cut_log_shows
);

#[test]
fn every_column_with_ids_is_said_to_point_somewhere() {
    let untold = relations_untold().expect("the schema");
    assert!(untold.is_empty(), "add to SOFT or LOOSE in persistence/src/doctor/relations.rs: {untold:?}");
}

fn checked(site: &Site, check_up: &CheckUp) -> Report {
    doctor(site.app.db().location(), check_up, now()).expect("a check-up")
}

/// The names of the checks that are not well, and what they say.
fn wrong(site: &Site) -> Vec<(&'static str, String)> {
    let found = checked(site, &CheckUp { full: true, anchor: None });
    found.checks.into_iter().filter(|check| !check.ok).map(|check| (check.name, check.detail)).collect()
}

fn settled(app: &App) {
    while upkeep_step(app).expect("upkeep") {}
}

fn done(app: &App, statement: Statement) {
    app.db().write(move |tx| Ok::<_, AppError>(statement.run(tx)?)).expect("a statement");
}

fn sql(app: &App, text: &str) {
    done(app, Statement::new(text));
}

/// A company with customers, an order and some history, all of it numbered and sealed.
fn lived(site: &Site) -> Value {
    let founder = site.founder();
    let customer = founder.post(
        "/customers",
        json!({"kind": "person", "name": "王芳", "phones": [{"number": "13800138000", "primary": true}]}),
    );
    let customer = customer.ok(201);
    founder.post("/customers", json!({"kind": "organization", "name": "蓝海贸易"})).expect(201);
    let order = json!({"customer_id": customer["id"], "ordered_on": "2026-01-05", "status": "confirmed",
        "lines": [{"name": "茶", "quantity": "2", "price": {"amount": "30.00", "currency": "CNY"}}]});
    founder.post("/orders", order).expect(201);
    let path = format!("/customers/{}", customer["id"].as_str().expect("an id"));
    founder.patch(&path, &customer["version"], json!({"note": "靠窗"})).expect(200);
    settled(&site.app);
    assert_eq!(wrong(site), []);
    customer
}

fn each_harm_is_found(site: &Site) {
    lived(site);
    let stranger = PartyId::fresh();
    let plain = |harm: &'static str, mend: &'static str| (Statement::new(harm), Statement::new(mend));
    let queued = Statement::new("INSERT INTO search_pending (party_id, queued_at) VALUES (").with("", stranger);
    let job = Statement::new(
        "INSERT INTO job (id, kind, status, input, done, run_at, attempts, cancel_requested, created_at) VALUES (",
    );
    let job = job.with("", JobId::fresh()).with(", 'export', 'running', ", json!({})).with(", 0, ", now());
    let harms = [
        ("schema", plain("ALTER TABLE tag ADD COLUMN stray TEXT", "ALTER TABLE tag DROP COLUMN stray")),
        ("schema", plain("DROP INDEX party_owner_idx", "CREATE INDEX party_owner_idx ON party (owner_id, id)")),
        (
            "references",
            (
                queued.with(", ", now()).then(")"),
                Statement::new("DELETE FROM search_pending WHERE party_id = ").with("", stranger),
            ),
        ),
        ("order sums", plain("UPDATE sales_order SET paid = paid + 1", "UPDATE sales_order SET paid = paid - 1")),
        ("order sums", plain("UPDATE order_line SET amount = amount + 1", "UPDATE order_line SET amount = amount - 1")),
        (
            "metric rows",
            plain(
                "UPDATE customer_metric SET unit_id = party_id",
                "UPDATE customer_metric SET unit_id = (SELECT unit_id FROM party WHERE id = party_id)",
            ),
        ),
        ("metrics", plain("UPDATE customer_metric SET net = net + 1", "UPDATE customer_metric SET net = net - 1")),
        (
            "kept parts",
            plain(
                "UPDATE party_phone SET number = number || '0'",
                "UPDATE party_phone SET number = SUBSTR(number, 1, LENGTH(number) - 1)",
            ),
        ),
        ("search index", plain("UPDATE party SET deleted_at = created_at", "UPDATE party SET deleted_at = NULL")),
        (
            "search index",
            plain("UPDATE party SET code = code || 'ZZ'", "UPDATE party SET code = REPLACE(code, 'ZZ', '')"),
        ),
        (
            "event numbers",
            plain(
                "UPDATE event SET seq = seq + 9 WHERE seq = (SELECT MAX(seq) FROM event)",
                "UPDATE event SET seq = seq - 9 WHERE seq = (SELECT MAX(seq) FROM event)",
            ),
        ),
        ("jobs", (job.with(", 1, FALSE, ", now()).then(")"), Statement::new("DELETE FROM job WHERE kind = 'export'"))),
    ];
    for (check, (harm, mend)) in harms {
        done(&site.app, harm);
        let found = wrong(site);
        assert!(found.iter().any(|(name, _)| *name == check), "{check}: {found:?}");
        done(&site.app, mend);
        assert_eq!(wrong(site), [], "mended: {check}");
    }
}

/// A customer's row keeps what is shown of its parts; where it keeps none, the background does so again.
fn what_is_shown_is_kept_again(site: &Site) {
    let customer = lived(site);
    let founder = site.founder();
    let tag = founder.post("/tags", json!({"name": "靠窗", "color": "blue"})).ok(201);
    let path = format!("/customers/{}", customer["id"].as_str().expect("an id"));
    let version = founder.get(&path).ok(200)["version"].clone();
    let tagged = founder.patch(&path, &version, json!({"tag_ids": [tag["id"]]})).ok(200);
    assert_eq!(tagged["tags"][0]["name"], "靠窗");
    let unkept = || site.app.db().read(|db| Ok::<_, AppError>(parts_unkept(db)?)).expect("asked");
    assert!(!unkept());
    founder.delete(&format!("/tags/{}", tag["id"].as_str().expect("an id")), &tag["version"]).expect(204);
    assert!(unkept());
    let shown = founder.get(&path).ok(200);
    assert_eq!((&shown["tags"], &shown["phones"]), (&json!([]), &customer["phones"]));
    settled(&site.app);
    assert!(!unkept());
    assert_eq!(founder.get(&path).ok(200), shown);
    assert_eq!(wrong(site), []);
}

fn the_chain_shows_what_was_changed(site: &Site) {
    lived(site);
    let founder = site.founder();
    settled(&site.app);
    chain_verify_turn(&site.app, now()).expect("verified");
    let chain = founder.get("/audit-chain").ok(200);
    assert_eq!(chain["sealed_until"], chain["events"]);
    assert_eq!((&chain["verified_until"], &chain["broken_at"]), (&chain["events"], &Value::Null));
    let seal = |chain: &Value| Some((chain["sealed_until"].as_i64()?, chain["sealed_hash"].as_str()?.to_string()));
    let anchor = seal(&chain);
    assert!(checked(site, &CheckUp { full: false, anchor: anchor.clone() }).ok);
    let forged = anchor.map(|(seq, _)| (seq, "00".repeat(32)));
    assert!(!checked(site, &CheckUp { full: false, anchor: forged }).ok);

    // Every look is of a new day, when a new round begins.
    let mut day = now();
    let mut look = || {
        day += chrono::TimeDelta::hours(25);
        chain_verify_turn(&site.app, day).expect("verified");
        founder.get("/audit-chain").ok(200)
    };
    for (fault, harm, mend) in [
        (
            "link",
            "UPDATE event SET action = 'x' || action WHERE seq = 2",
            "UPDATE event SET action = substr(action, 2) WHERE seq = 2",
        ),
        (
            "detail",
            "UPDATE event SET address = NULL WHERE seq = 2",
            "UPDATE event SET address = '127.0.0.1' WHERE seq = 2",
        ),
        ("gap", "UPDATE event SET seq = 999 WHERE seq = 3", "UPDATE event SET seq = 3 WHERE seq = 999"),
    ] {
        sql(&site.app, harm);
        let chain = look();
        assert_eq!(chain["broken_why"], fault, "{chain}");
        assert!(wrong(site).iter().any(|(name, detail)| *name == "audit chain" && detail.contains(fault)), "{fault}");
        sql(&site.app, mend);
        assert_eq!(look()["broken_at"], Value::Null, "mended: {fault}");
    }
    sql(&site.app, "UPDATE event_seal SET salt = NULL WHERE seq = 2");
    sql(&site.app, "UPDATE event SET before = NULL, after = NULL, address = NULL WHERE seq = 2");
    assert!(wrong(site).iter().any(|(_, detail)| detail.contains("emptied")), "{:?}", wrong(site));
}

fn erased_people_leave_the_chain_whole(site: &Site) {
    let customer = lived(site);
    let id = PartyId(serde_json::from_value(customer["id"].clone()).expect("an id"));
    let redact = move |tx: &mut _| Ok::<_, AppError>(events_redact(tx, id, &["customer", "interaction"])?);
    assert!(site.app.db().write(redact).expect("redacted") >= 2);
    assert!(wrong(site).iter().any(|(_, detail)| detail.contains("emptied")), "nobody said that it was erased");
    let told = move |tx: &mut _| {
        let mut row = Statement::new("INSERT INTO event (id, at, action, resource, resource_id, party_id) VALUES (");
        row.bind(regulars_domain::ids::EventId::fresh()).push(", ").bind(now()).push(", 'erased', 'customer', ");
        row.bind(id).push(", ").bind(id).push(")");
        Ok::<_, AppError>(row.run(tx)?)
    };
    site.app.db().write(told).expect("told");
    settled(&site.app);
    assert_eq!(wrong(site), []);
    let log = site.founder().get(&format!("/audit-events?filter[customer_id]={}&limit=50", id.0)).ok(200);
    // Beside the log stand the names that living records have now.
    for event in log["items"].as_array().expect("events") {
        for told in ["before", "after"] {
            assert!(!event[told].to_string().contains("王芳"), "{event}");
        }
    }
}

fn a_cut_log_shows(site: &Site) {
    lived(site);
    let founder = site.founder();
    settled(&site.app);
    let chain = founder.get("/audit-chain").ok(200);
    chain_verify_turn(&site.app, now()).expect("verified");
    let anchor = Some((
        chain["sealed_until"].as_i64().expect("a number"),
        chain["sealed_hash"].as_str().expect("a seal").into(),
    ));
    for table in ["event", "event_seal"] {
        sql(&site.app, &format!("DELETE FROM {table} WHERE seq = (SELECT MAX(seq) FROM {table})"));
    }
    // Nothing in the database tells any more; what was noted does, and so does how far it had been verified.
    assert_eq!(wrong(site), []);
    assert!(!checked(site, &CheckUp { full: false, anchor }).ok);
    chain_verify_turn(&site.app, now()).expect("verified");
    assert_eq!(founder.get("/audit-chain").ok(200)["broken_why"], "unsealed");
}
