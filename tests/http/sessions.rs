//! Signing in, staying signed in, being signed out.

use chrono::{Duration, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::access::session::session_refresh;
use regulars_persistence::access::company::secret_get;
use regulars_tests::{PASSWORD, Site, both};
use serde_json::{Value, json};

both!(
    failures_delay_the_next_try,
    a_refresh_token_works_once_and_its_reuse_ends_the_family,
    the_cookie_is_taken_from_the_same_origin_only,
    an_ended_session_is_refused_at_once,
    only_our_own_tokens_are_taken,
    a_password_change_ends_other_sessions,
    without_a_provider_nobody_is_sent_to_one,
);

fn without_a_provider_nobody_is_sent_to_one(site: &Site) {
    let anyone = site.anonymous();
    assert_eq!(anyone.get("/auth/oidc?to=/customers").ok(404)["code"], "oidc_off");
    assert_eq!(anyone.get("/auth/oidc/callback?code=a&state=b").ok(404)["code"], "oidc_off");
    assert_eq!(anyone.post("/auth/oidc", json!({"code": "123456"})).ok(404)["code"], "oidc_off");
}

fn failures_delay_the_next_try(site: &Site) {
    let anyone = site.anonymous();
    let wrong = |login: &str| anyone.post("/auth/sessions", json!({"login": login, "password": "wrong"}));
    for _ in 0..6 {
        assert_eq!(wrong("founder").ok(401)["code"], "wrong_credentials");
    }
    let right = json!({"login": "founder", "password": PASSWORD});
    let refused = anyone.post("/auth/sessions", right).expect(429);
    let wait: u64 = refused.header("retry-after").and_then(|v| v.parse().ok()).expect("Retry-After in seconds");
    assert!((1..=2).contains(&wait), "the first delay is short: {wait}");
    assert_eq!(refused.json()["code"], "rate_limited");
    assert_eq!(wrong("nobody").ok(401)["code"], "wrong_credentials", "another account is not delayed");
}

fn a_refresh_token_works_once_and_its_reuse_ends_the_family(site: &Site) {
    let anyone = site.anonymous();
    let session =
        anyone.post("/auth/sessions", json!({"login": "founder", "password": PASSWORD, "client": "device"})).ok(201);
    let first = session["refresh_token"].as_str().expect("a device keeps its token").to_string();
    let next = anyone.post("/auth/refresh", json!({"refresh_token": first})).ok(200);
    let second = next["refresh_token"].as_str().expect("the next token").to_string();
    assert_ne!(first, second);
    // The answer may have been lost: the token before the last works for ten seconds.
    let third = anyone.post("/auth/refresh", json!({"refresh_token": first})).ok(200);
    let third = third["refresh_token"].as_str().expect("the next token").to_string();
    // Later it is a sign of theft.
    let later = now() + Duration::seconds(11);
    let reuse = session_refresh(&site.app, &first, later).expect_err("reuse");
    assert!(matches!(reuse, AppError::Unauthenticated("session_ended")));
    let ended = anyone.post("/auth/refresh", json!({"refresh_token": third})).ok(401);
    assert_eq!(ended["code"], "session_ended", "the rightful holder signs in again");
    let mut holder = site.anonymous();
    holder.token = next["access_token"].as_str().map(String::from);
    assert_eq!(holder.get("/me").ok(401)["code"], "session_ended", "its access tokens die with it");
}

fn the_cookie_is_taken_from_the_same_origin_only(site: &Site) {
    let anyone = site.anonymous();
    let session = anyone.post("/auth/sessions", json!({"login": "founder", "password": PASSWORD})).expect(201);
    let cookie = session.header("set-cookie").expect("a cookie").to_string();
    for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/api/v1/auth"] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    assert!(session.json().get("refresh_token").is_none(), "no script of the page reads it");
    let cookie = cookie.split(';').next().expect("name and value").to_string();
    let refresh =
        |origin: &str| anyone.send("POST", "/auth/refresh", None, &[("cookie", cookie.as_str()), ("origin", origin)]);
    assert_eq!(refresh("https://evil.example").ok(401)["code"], "origin_refused");
    refresh(&site.url).expect(200);
}

fn an_ended_session_is_refused_at_once(site: &Site) {
    let here = site.founder();
    let there = site.founder();
    there.get("/me").expect(200);
    let sessions = here.get("/me/sessions").ok(200);
    let other = sessions["items"].as_array().and_then(|all| all.iter().find(|one| one["current"] == false));
    let id = other.expect("the other session")["id"].as_str().expect("an id").to_string();
    here.remove(&format!("/me/sessions/{id}")).expect(204);
    assert_eq!(there.get("/me").ok(401)["code"], "session_ended");
    here.get("/me").expect(200);
}

fn only_our_own_tokens_are_taken(site: &Site) {
    let founder = site.founder();
    let token = founder.token.clone().expect("signed in");
    let me = founder.get("/me").ok(200);
    let key = site.app.db().read(|db| secret_get(db, "token_key")).expect("a database").expect("a key");
    let at = Utc::now().timestamp();
    let sid = session_of(&token);
    let claims = json!({"iss": "regulars", "aud": "regulars-api", "sub": me["id"], "sid": sid, "iat": at, "nbf": at,
        "exp": at + 60});
    let tried = |algorithm: Algorithm, key: &[u8], change: (&str, Value)| {
        let mut claims = claims.clone();
        if !change.0.is_empty() {
            claims[change.0] = change.1;
        }
        let token = jsonwebtoken::encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(key));
        let mut client = site.anonymous();
        client.token = Some(token.expect("a token"));
        let reply = client.get("/me");
        (reply.status, reply.json()["code"].as_str().unwrap_or("").to_string())
    };
    let invalid = (401, "token_invalid".to_string());
    assert_eq!(tried(Algorithm::HS256, &key, ("", Value::Null)).0, 200, "the forgery itself is sound");
    assert_eq!(tried(Algorithm::HS512, &key, ("", Value::Null)), invalid, "another algorithm");
    assert_eq!(tried(Algorithm::HS256, b"another key", ("", Value::Null)), invalid);
    assert_eq!(tried(Algorithm::HS256, &key, ("aud", json!("elsewhere"))), invalid);
    assert_eq!(tried(Algorithm::HS256, &key, ("iss", json!("elsewhere"))), invalid);
    assert_eq!(tried(Algorithm::HS256, &key, ("nbf", json!(at + 30))), invalid, "not yet");
    assert_eq!(tried(Algorithm::HS256, &key, ("exp", json!(at - 1))), (401, "token_expired".into()));
    let nobody = json!("01990000-0000-7000-8000-000000000001");
    assert_eq!(tried(Algorithm::HS256, &key, ("sid", nobody.clone())).0, 401, "a session nobody opened");
    site.app.db();
    let stranger = site.person("stranger", "member");
    let theirs = session_of(&stranger.token.expect("signed in"));
    assert_eq!(tried(Algorithm::HS256, &key, ("sid", json!(theirs))).0, 401, "someone else's session");
    let mut bare = site.anonymous();
    assert_eq!(bare.get("/me").ok(401)["code"], "token_missing");
    bare.token = Some("eyJhbGciOiJub25lIn0.e30.".into());
    assert_eq!(bare.get("/me").ok(401)["code"], "token_invalid", "no signature at all");
}

/// The session an access token names.
fn session_of(token: &str) -> String {
    let data = jsonwebtoken::dangerous::insecure_decode::<Value>(token).expect("a token");
    data.claims["sid"].as_str().expect("a session").to_string()
}

fn a_password_change_ends_other_sessions(site: &Site) {
    let here = site.founder();
    let there = site.founder();
    let wrong = json!({"current": "not it", "new": "another long password"});
    assert_eq!(here.put("/me/password", wrong).ok(422)["errors"][0]["code"], "wrong_password");
    let same = json!({"current": PASSWORD, "new": "founder"});
    assert_eq!(here.put("/me/password", same).ok(422)["errors"][0]["code"], "too_short");
    here.put("/me/password", json!({"current": PASSWORD, "new": "another long password"})).expect(204);
    here.get("/me").expect(200);
    there.get("/me").expect(401);
    let anyone = site.anonymous();
    anyone.post("/auth/sessions", json!({"login": "founder", "password": PASSWORD})).expect(401);
    anyone.post("/auth/sessions", json!({"login": "founder", "password": "another long password"})).expect(201);
}
