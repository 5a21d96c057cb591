//! The morning brief: yesterday, in circles as far as somebody sees.

use chrono::{Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::insight::evaluation::evaluation_run;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};

both!(yesterday_is_told_in_circles, the_brief_stays_within_walls);

fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

fn buys(site: &Site, client: &Client, customer: &Value, ago: u64, amount: &str) {
    let lines = json!([{"name": "杂货", "quantity": "1", "price": yuan(amount)}]);
    let on = today(site) - Days::new(ago);
    client.post("/orders", json!({"customer_id": customer, "ordered_on": on, "lines": lines})).expect(201);
}

/// What a line of the brief says.
fn said(client: &Client, scope: &str) -> Value {
    let brief = client.get("/today/brief").ok(200);
    let lines = brief["lines"].as_array().expect("lines").clone();
    let mut line = lines.into_iter().find(|one| one["scope"] == scope).expect("a line");
    line.as_object_mut().expect("a line").remove("scope");
    line
}

fn scopes(client: &Client) -> Vec<String> {
    let brief = client.get("/today/brief").ok(200);
    let lines = brief["lines"].as_array().expect("lines").clone();
    lines.iter().map(|one| one["scope"].as_str().expect("a scope").to_string()).collect()
}

fn yesterday_is_told_in_circles(site: &Site) {
    let founder = site.founder();
    let chen = site.person("chen", "member");
    let hers = customer(&chen, "王芳");
    buys(site, &chen, &hers, 1, "100");
    buys(site, &chen, &hers, 0, "7");
    let mine = customer(&founder, "张伟");
    buys(site, &founder, &mine, 1, "30");
    buys(site, &founder, &mine, 1, "20");
    for month in 0..6 {
        buys(site, &founder, &customer(&founder, "李娜"), 120 + 30 * month, "9");
    }
    let soon = today(site) + Days::new(7);
    let dates = json!([{"kind": "wedding", "date": soon.to_string().replacen(&soon.to_string()[..4], "2012", 1), "yearly": true}]);
    founder.post("/customers", json!({"kind": "person", "name": "赵六", "dates": dates})).expect(201);
    founder.post("/wishes", json!({"customer_id": mine, "wanted": "茶", "needed_by": soon})).expect(201);
    founder.post("/wishes", json!({"customer_id": mine, "wanted": "杯", "needed_by": soon + Days::new(1)})).expect(201);
    evaluation_run(&site.app, None, None, now(), &mut |_| Ok(())).expect("an evaluation");

    assert_eq!(scopes(&chen), ["me"]);
    assert_eq!(scopes(&founder), ["me", "unit", "company"]);
    assert_eq!(founder.get("/today/brief").ok(200)["on"], json!(today(site) - Days::new(1)));
    let her_line = said(&chen, "me");
    assert_eq!((&her_line["revenue"], &her_line["orders"]), (&yuan("100.00"), &json!(1)), "today is not yesterday");
    assert_eq!((&her_line["new_customers"], &her_line["promises"]), (&json!(1), &json!(0)), "though she came back");
    let my_line = said(&founder, "me");
    assert_eq!((&my_line["revenue"], &my_line["orders"]), (&yuan("50.00"), &json!(2)));
    assert_eq!((&my_line["new_customers"], &my_line["dates"], &my_line["promises"]), (&json!(1), &json!(1), &json!(1)));
    let all = said(&founder, "unit");
    assert_eq!((&all["revenue"], &all["orders"], &all["new_customers"]), (&yuan("150.00"), &json!(3), &json!(2)));
    assert_eq!(all, said(&founder, "company"), "there is one unit");
    let listed = founder.get("/insight/warnings").ok(200)["items"].as_array().map(Vec::len);
    assert_eq!(all["warnings"].as_u64().map(|count| count as usize), listed);
    let silent = founder.get("/today").ok(200)["silent"].as_array().map(Vec::len);
    assert_eq!(all["untouched"].as_u64().map(|count| count as usize), silent);
}

fn the_brief_stays_within_walls(site: &Site) {
    let founder = site.founder();
    let chen = site.person("chen", "member");
    buys(site, &founder, &customer(&founder, "张伟"), 1, "30");
    assert_eq!((&said(&chen, "me")["orders"], &said(&chen, "me")["new_customers"]), (&json!(0), &json!(0)));
    let agent = site.person("kefu", "service_agent");
    let line = agent.get("/today/brief").ok(200)["lines"][0].clone();
    assert_eq!((&line["warnings"], &line["untouched"]), (&Value::Null, &Value::Null), "insight is not for everybody");
}
