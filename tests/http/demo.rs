//! The demonstration company: whole, consistent, the same for the same seed and day, and only in an empty database.

use chrono::{DateTime, TimeZone, Utc};
use regulars_app::AppError;
use regulars_app::demo::{DemoFilled, DemoInput, demo_fill};
use regulars_domain::sales::CountsWhen;
use regulars_persistence::StoreError;
use regulars_persistence::insight::counter::{metric_refresh, party_ids_after};
use regulars_persistence::insight::metric::{MetricRow, metrics_get};
use regulars_tests::{Client, Engine, Site};
use serde_json::json;

const CUSTOMERS: u64 = 120;

fn day() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 5, 4, 0, 0).single().expect("an instant")
}

fn filled(engine: Engine, seed: u64) -> (Site, DemoFilled) {
    let site = Site::start_bare(engine);
    let filled = demo_fill(&site.app, DemoInput { customers: CUSTOMERS, seed }, day()).expect("a demonstration");
    (site, filled)
}

fn sign_in(site: &Site, login: &str, password: &str) -> Client {
    let mut client = site.anonymous();
    let body = json!({"login": login, "password": password, "client": "device"});
    client.token = client.post("/auth/sessions", body).ok(201)["access_token"].as_str().map(String::from);
    client
}

fn metrics(site: &Site) -> Vec<MetricRow> {
    let all = site.app.db().read(|db| {
        let ids = party_ids_after(db, None, 10_000)?;
        metrics_get(db, &ids)
    });
    let mut all: Vec<MetricRow> = all.map_err(|error: StoreError| error).expect("metrics");
    all.sort_by_key(|row| row.party_id);
    all
}

fn whole_and_consistent(engine: Engine) {
    let (site, made) = filled(engine, 7);
    assert!(made.customers as u64 >= CUSTOMERS && made.orders > 100);
    let stored = metrics(&site);
    assert_eq!(stored.len(), made.customers);
    assert_eq!(stored.iter().map(|row| row.orders).sum::<i64>(), made.orders as i64);
    site.app
        .db()
        .write(|tx| {
            let ids = party_ids_after(tx, None, 10_000)?;
            metric_refresh(tx, &ids, CountsWhen::Confirmed)
        })
        .map_err(|error: StoreError| error)
        .expect("counted again");
    assert_eq!(metrics(&site), stored);
    let again = demo_fill(&site.app, DemoInput { customers: 1, seed: 1 }, day());
    assert!(matches!(again, Err(AppError::Conflict("already_set_up"))));
}

fn everyone_signs_in_with_the_printed_password(engine: Engine) {
    let (site, made) = filled(engine, 7);
    let roles: std::collections::BTreeSet<&str> = made.users.iter().map(|user| user.role).collect();
    assert_eq!(roles.len(), 8, "{roles:?}");
    let boss = sign_in(&site, "boss", &made.password);
    assert_eq!(boss.get("/me").ok(200)["company"]["name"], "回声生活");
    for login in ["admin", "auditor", "head.hd", "sales1.hb"] {
        sign_in(&site, login, &made.password);
    }
}

fn repeats_itself(engine: Engine) {
    let (one, _) = filled(engine, 3);
    let (other, _) = filled(engine, 3);
    let (another, _) = filled(engine, 4);
    assert_eq!(metrics(&one), metrics(&other));
    assert_ne!(metrics(&one), metrics(&another));
}

mod sqlite {
    use regulars_tests::Engine::Sqlite;

    #[test]
    fn whole_and_consistent() {
        super::whole_and_consistent(Sqlite);
    }

    #[test]
    fn everyone_signs_in_with_the_printed_password() {
        super::everyone_signs_in_with_the_printed_password(Sqlite);
    }

    #[test]
    fn repeats_itself() {
        super::repeats_itself(Sqlite);
    }
}

mod postgres {
    use regulars_tests::Engine::Postgres;

    #[test]
    fn whole_and_consistent() {
        super::whole_and_consistent(Postgres);
    }

    #[test]
    fn everyone_signs_in_with_the_printed_password() {
        super::everyone_signs_in_with_the_printed_password(Postgres);
    }

    #[test]
    fn repeats_itself() {
        super::repeats_itself(Postgres);
    }
}
