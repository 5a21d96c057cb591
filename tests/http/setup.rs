//! The set-up link and the settings behind it.

use regulars_tests::{Site, both};
use serde_json::json;

both!(the_link_works_once, settings_change_under_their_version_only);

fn the_link_works_once(site: &Site) {
    let anyone = site.anonymous();
    assert_eq!(anyone.get("/setup").ok(200), json!({"needed": false, "oidc": false}));
    let again = json!({
        "token": "0000", "company_name": "X", "unit_name": "X", "locale": "en", "time_zone": "UTC", "currency": "EUR",
        "person_name": "X", "login": "x", "password": "long enough to pass",
    });
    let refusal = anyone.post("/setup", again).ok(409);
    assert_eq!(refusal["code"], "already_set_up");
    let me = site.founder().get("/me").ok(200);
    assert_eq!(me["roles"].as_array().map(Vec::len), Some(3));
}

fn settings_change_under_their_version_only(site: &Site) {
    let founder = site.founder();
    let settings = founder.get("/settings").expect(200);
    assert_eq!(settings.header("etag"), Some("\"1\""));
    assert_eq!(
        founder.send("PATCH", "/settings", Some(&json!({"currency": "EUR"})), &[]).ok(428)["code"],
        "precondition_required"
    );
    let changed = founder.patch("/settings", &json!(1), json!({"company_name": "晚星商店"})).ok(200);
    assert_eq!((&changed["company_name"], &changed["version"]), (&json!("晚星商店"), &json!(2)));
    let stale = founder.patch("/settings", &json!(1), json!({"currency": "EUR"})).ok(412);
    assert_eq!(stale["current_version"], 2);
    let wrong = founder.patch("/settings", &json!(2), json!({"time_zone": "Mars/Base"})).ok(422);
    assert_eq!(wrong["errors"][0]["pointer"], "/time_zone");
}
