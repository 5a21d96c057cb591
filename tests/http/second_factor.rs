//! The second step of signing in: one-time codes, recovery codes, who must have them, and the clock.

use chrono::{DateTime, Duration, Utc};
use regulars_app::access::session::{SignIn, session_create};
use regulars_app::{AppError, RequestMeta};
use regulars_domain::totp::{code_at, step_at};
use regulars_tests::{Client, PASSWORD, Reply, Site, both};
use serde_json::{Value, json};

both!(
    a_phone_is_enrolled_and_asked_for,
    codes_follow_the_clock_and_work_once,
    recovery_codes_work_once,
    tries_are_delayed,
    whoever_must_have_it_reaches_nothing_without,
    an_administrator_takes_it_away,
);

/// The secret from its base32 text.
fn secret_of(text: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text.chars().map(|c| format!("{:05b}", letters.find(c).expect("base32"))).collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("a byte"))
        .collect()
}

pub struct Enrolled {
    client: Client,
    pub secret: Vec<u8>,
    pub recovery: Vec<String>,
    /// The step whose code was used up by confirming.
    pub step: i64,
}

/// Switches the second step on for whoever is signed in.
pub fn enrolled(client: Client) -> Enrolled {
    let begun = client.post("/me/second-factor", json!({"password": PASSWORD})).ok(200);
    let secret = secret_of(begun["secret"].as_str().expect("a secret"));
    let step = step_at(Utc::now());
    let codes = client.post("/me/second-factor/confirmation", json!({"code": code_at(&secret, step)})).ok(200);
    let recovery =
        codes["codes"].as_array().expect("codes").iter().filter_map(Value::as_str).map(String::from).collect();
    Enrolled { client, secret, recovery, step }
}

pub fn sign_in(site: &Site, login: &str, code: Option<&str>) -> Reply {
    let body = json!({"login": login, "password": PASSWORD, "client": "device", "code": code});
    site.anonymous().post("/auth/sessions", body)
}

/// The same at an instant of the test's choosing.
fn sign_in_at(site: &Site, code: &str, at: DateTime<Utc>) -> Result<(), AppError> {
    let input = SignIn {
        login: "clerk".into(),
        password: PASSWORD.into(),
        client: "device".into(),
        device_name: None,
        code: Some(code.into()),
    };
    session_create(&site.app, input, &RequestMeta::default(), at).map(|_| ())
}

fn a_phone_is_enrolled_and_asked_for(site: &Site) {
    let client = site.person("clerk", "member");
    let before = client.get("/me/second-factor").ok(200);
    assert_eq!((&before["enabled"], &before["required"]), (&json!(false), &json!(false)));
    assert_eq!(
        client.post("/me/second-factor", json!({"password": "wrong"})).ok(422)["errors"][0]["code"],
        "wrong_password"
    );
    let begun = client.post("/me/second-factor", json!({"password": PASSWORD})).ok(200);
    let uri = begun["uri"].as_str().expect("an address");
    let text = begun["secret"].as_str().expect("a secret");
    assert!(
        uri.starts_with("otpauth://totp/") && uri.contains(&format!("secret={text}")) && uri.contains("clerk"),
        "{uri}"
    );
    let rows = begun["qr"].as_array().expect("a square");
    assert!(rows.len() >= 21 && rows.iter().all(|row| row.as_str().is_some_and(|row| row.len() == rows.len())));
    sign_in(site, "clerk", None).expect(201);
    let problem = client.post("/me/second-factor/confirmation", json!({"code": "000000"}));
    assert_eq!(problem.ok(422)["errors"][0]["code"], "wrong_code");

    let Enrolled { client, secret, recovery, step } = enrolled(client);
    assert_eq!(recovery.len(), 10);
    let after = client.get("/me/second-factor").ok(200);
    assert_eq!((&after["enabled"], &after["recovery_left"]), (&json!(true), &json!(10)));
    for path in ["/me", "/me/second-factor", "/audit-events"] {
        assert!(!client.get(path).text().contains(text), "the secret is not read again: {path}");
    }
    assert!(!site.founder().get("/audit-events?limit=200").text().contains(text));
    assert_eq!(client.post("/me/second-factor", json!({"password": PASSWORD})).ok(409)["code"], "second_factor_on");

    assert_eq!(sign_in(site, "clerk", None).ok(401)["code"], "second_factor_needed");
    assert_eq!(sign_in(site, "clerk", Some("  ")).ok(401)["code"], "second_factor_needed");
    assert_eq!(sign_in(site, "clerk", Some("000000")).ok(401)["code"], "second_factor_wrong");
    let wrong = json!({"login": "clerk", "password": "wrong", "code": code_at(&secret, step + 1)});
    assert_eq!(site.anonymous().post("/auth/sessions", wrong).ok(401)["code"], "wrong_credentials");
    let spoken = code_at(&secret, step + 1);
    sign_in(site, "clerk", Some(&format!("{} {}", &spoken[..3], &spoken[3..]))).expect(201);
    assert_eq!(sign_in(site, "clerk", Some(&spoken)).ok(401)["code"], "second_factor_wrong", "a code works once");

    let proof = |code: &str| json!({"password": PASSWORD, "code": code});
    client.post("/me/second-factor/removal", proof("000000")).expect(422);
    client.post("/me/second-factor/removal", proof(&recovery[0])).expect(204);
    sign_in(site, "clerk", None).expect(201);
    let log = site.founder().get("/audit-events?filter[resource]=user&limit=200").ok(200).to_string();
    assert!(log.contains("second_factor_enabled") && log.contains("second_factor_disabled"), "{log}");
}

fn codes_follow_the_clock_and_work_once(site: &Site) {
    let Enrolled { secret, step, .. } = enrolled(site.person("clerk", "member"));
    // A minute on, so that no step of now is in the way.
    let at = DateTime::from_timestamp((step + 10) * 30 + 15, 0).expect("an instant");
    let here = step_at(at);
    assert!(sign_in_at(site, &code_at(&secret, here - 2), at).is_err(), "too old");
    assert!(sign_in_at(site, &code_at(&secret, here + 2), at).is_err(), "too new");
    sign_in_at(site, &code_at(&secret, here - 1), at).expect("a clock that is late");
    assert!(sign_in_at(site, &code_at(&secret, here - 1), at).is_err(), "again");
    sign_in_at(site, &code_at(&secret, here + 1), at).expect("a clock that is early");
    assert!(sign_in_at(site, &code_at(&secret, here), at).is_err(), "older than one that was used");
    sign_in_at(site, &code_at(&secret, here + 2), at + Duration::seconds(30)).expect("the next");
}

fn recovery_codes_work_once(site: &Site) {
    let Enrolled { client, secret, recovery, step } = enrolled(site.person("clerk", "member"));
    sign_in(site, "clerk", Some(&recovery[0])).expect(201);
    assert_eq!(sign_in(site, "clerk", Some(&recovery[0])).ok(401)["code"], "second_factor_wrong");
    sign_in(site, "clerk", Some(&recovery[1].to_uppercase().replace('-', " "))).expect(201);
    assert_eq!(client.get("/me/second-factor").ok(200)["recovery_left"], 8);
    let proof = json!({"password": PASSWORD, "code": code_at(&secret, step + 1)});
    let fresh = client.post("/me/second-factor/recovery-codes", proof).ok(200);
    assert_eq!(client.get("/me/second-factor").ok(200)["recovery_left"], 10);
    assert_eq!(sign_in(site, "clerk", Some(&recovery[2])).ok(401)["code"], "second_factor_wrong", "the old are gone");
    sign_in(site, "clerk", fresh["codes"][0].as_str()).expect(201);
    let log = site.founder().get("/audit-events?filter[resource]=user&limit=200").ok(200).to_string();
    assert!(log.contains("recovery_code_used") && log.contains("recovery_codes_made"), "{log}");
}

fn tries_are_delayed(site: &Site) {
    let Enrolled { client, secret, step, .. } = enrolled(site.person("clerk", "member"));
    for _ in 0..6 {
        assert_eq!(sign_in(site, "clerk", Some("000000")).ok(401)["code"], "second_factor_wrong");
    }
    sign_in(site, "clerk", Some(&code_at(&secret, step + 1))).expect(429);
    let proof = json!({"password": PASSWORD, "code": "000000"});
    for _ in 0..6 {
        client.post("/me/second-factor/removal", proof.clone()).expect(422);
    }
    client.post("/me/second-factor/removal", proof).expect(429);
}

fn whoever_must_have_it_reaches_nothing_without(site: &Site) {
    let founder = enrolled(site.founder()).client;
    let client = site.person_of(&founder, "clerk", "member");
    client.get("/customers").expect(200);
    let require = |rule: Value| {
        let settings = founder.get("/settings").ok(200);
        founder.patch("/settings", &settings["version"], json!({"settings": {"second_factor": rule}}))
    };
    let unknown = require(json!({"roles": [uuid::Uuid::now_v7()]})).ok(422);
    assert_eq!(unknown["errors"][0]["code"], "unknown_reference", "{unknown}");
    require(json!({"roles": [founder.role("member")]})).expect(200);
    client.get("/customers").expect(403);
    let me = client.get("/me").ok(200);
    assert_eq!(me["second_factor"], json!({"enabled": false, "required": true}));
    assert_eq!(me["permissions"], json!([]));
    founder.get("/customers").expect(200);
    let enrolled = enrolled(client);
    enrolled.client.get("/customers").expect(200);
    let proof = json!({"password": PASSWORD, "code": enrolled.recovery[0]});
    enrolled.client.post("/me/second-factor/removal", proof).expect(204);
    enrolled.client.get("/customers").expect(403);

    require(json!({"roles": [], "everybody": true})).expect(200);
    let other = site.person_of(&founder, "other", "unit_head");
    other.get("/customers").expect(403);
    require(json!({"everybody": false})).expect(200);
    other.get("/customers").expect(200);
}

fn an_administrator_takes_it_away(site: &Site) {
    let Enrolled { client, .. } = enrolled(site.person("clerk", "member"));
    let founder = site.founder();
    let user = founder.get("/users?q=clerk").ok(200)["items"][0].clone();
    assert_eq!(user["second_factor"], true);
    let path = format!("/users/{}/second-factor", user["id"].as_str().expect("an id"));
    client.remove(&path).expect(403);
    founder.remove(&path).expect(204);
    client.get("/me").expect(401);
    sign_in(site, "clerk", None).expect(201);
    assert_eq!(founder.remove(&path).ok(409)["code"], "second_factor_off");
    assert_eq!(founder.get("/users?q=clerk").ok(200)["items"][0]["second_factor"], false);
}
