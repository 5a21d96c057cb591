//! What goes together: learnt of orders, listed with exact figures, recommended to who lacks it; within walls.

use chrono::{Days, NaiveDate};
use regulars_api::http::call::now;
use regulars_app::insight::evaluation::evaluation_run;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};

const ORACLES: &str = include_str!("../oracles/formula_oracles.json");

both!(
    the_tiny_shop_is_learnt_and_listed,
    who_has_one_is_recommended_the_other,
    rules_and_recommendations_stay_within_walls
);

fn today(site: &Site) -> NaiveDate {
    site.app.company(now()).expect("a company").business_date(now())
}

fn evaluate(site: &Site) {
    evaluation_run(&site.app, None, None, now(), &mut |_| Ok(())).expect("an evaluation");
}

fn product(client: &Client, name: &str) -> Value {
    client.post("/products", json!({"code": format!("P-{name}"), "name": name, "price": yuan("10.00")})).ok(201)
}

fn buys(site: &Site, client: &Client, customer: &Value, goods: &[&Value]) {
    let lines: Vec<Value> = goods.iter().map(|one| json!({"product_id": one["id"], "quantity": "1"})).collect();
    let order = json!({"customer_id": customer, "ordered_on": today(site) - Days::new(2), "lines": lines});
    client.post("/orders", order).expect(201);
}

fn least(client: &Client, change: Value) -> u16 {
    let settings = client.get("/settings").ok(200);
    let body = json!({"settings": {"insight": {"associations": change}}});
    client.patch("/settings", &settings["version"], body).status
}

fn rules(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/insight/associations{query}")).ok(200)["items"].as_array().expect("rules").clone()
}

fn recommended(client: &Client, customer: &Value) -> Vec<Value> {
    let path = format!("/customers/{}/recommendations", customer.as_str().expect("an id"));
    client.get(&path).ok(200)["items"].as_array().expect("recommendations").clone()
}

fn the_tiny_shop_is_learnt_and_listed(site: &Site) {
    let founder = site.founder();
    let oracles: Value = serde_json::from_str(ORACLES).expect("oracles");
    let oracle = &oracles["rules_tiny"];
    let goods: Vec<Value> = ('a'..='i').map(|letter| product(&founder, &letter.to_string())).collect();
    let good = |letter: char| &goods[letter as usize - 'a' as usize];
    for (at, basket) in oracle["transactions"].as_array().expect("baskets").iter().enumerate() {
        let owned: Vec<&Value> = basket.as_str().expect("letters").chars().map(good).collect();
        buys(site, &founder, &customer(&founder, &format!("客户{at}")), &owned);
    }
    assert_eq!(least(&founder, json!({"count": 2, "confidence": 0.0, "lift": 0.0})), 200);
    evaluate(site);
    let all = rules(&founder, "");
    for (name, exact) in oracle["rules"].as_object().expect("rules") {
        let Some((has, offer)) = name.split_once("->").filter(|(has, _)| has.len() == 1) else { continue };
        let rule = all.iter().find(|rule| rule["has"]["name"] == has && rule["offer"]["name"] == offer);
        let rule = rule.unwrap_or_else(|| panic!("no rule {name}"));
        for part in ["support", "confidence", "lift"] {
            let (ours, theirs) = (rule[part].as_f64().expect("ours"), exact[part].as_f64().expect("theirs"));
            assert!((ours - theirs).abs() < 1e-12, "{name} {part}: {ours}");
        }
    }
    let lifts: Vec<f64> = all.iter().map(|rule| rule["lift"].as_f64().expect("a lift")).collect();
    assert!(lifts.windows(2).all(|pair| pair[0] >= pair[1]), "the strongest first");

    let of_c = rules(&founder, &format!("?product={}", good('c')["id"].as_str().expect("an id")));
    assert!(!of_c.is_empty() && of_c.len() < all.len());
    assert!(of_c.iter().all(|rule| rule["has"]["name"] == "c" || rule["offer"]["name"] == "c"), "{of_c:?}");
    let strong = rules(&founder, "?count=8&confidence=0.9&lift=1.3");
    assert!(strong.iter().any(|rule| rule["has"]["name"] == "a" && rule["offer"]["name"] == "c"), "{strong:?}");
    assert!(strong.iter().all(|rule| rule["count"].as_i64() >= Some(8)), "{strong:?}");
    for wrong in ["?confidence=2", "?count=-1", "?lift=-1"] {
        founder.get(&format!("/insight/associations{wrong}")).expect(422);
    }

    // Stricter limits are learnt by at the next evaluation.
    assert_eq!(least(&founder, json!({"confidence": 7})), 422);
    assert_eq!(least(&founder, json!({"count": 8, "confidence": 0.9, "lift": 1.3})), 200);
    evaluate(site);
    assert_eq!(rules(&founder, ""), strong);
}

/// Four who have tea and a cup, four with soap alone.
fn shop(site: &Site, client: &Client) -> (Value, Value) {
    let (tea, cup, soap) = (product(client, "茶"), product(client, "杯"), product(client, "皂"));
    for name in ["一", "二", "三", "四"] {
        buys(site, client, &customer(client, name), &[&tea, &cup]);
    }
    for name in ["五", "六", "七", "八"] {
        buys(site, client, &customer(client, name), &[&soap]);
    }
    (tea, cup)
}

fn who_has_one_is_recommended_the_other(site: &Site) {
    let founder = site.founder();
    let (tea, cup) = shop(site, &founder);
    let (asked, owner, nobody) = (customer(&founder, "张伟"), customer(&founder, "王芳"), customer(&founder, "李娜"));
    buys(site, &founder, &asked, &[&tea]);
    // What somebody owns counts as bought, whoever sold it.
    founder.post("/assets", json!({"customer_id": owner, "product_id": cup["id"], "name": "杯"})).expect(201);
    evaluate(site);
    let found = recommended(&founder, &asked);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["product"]["id"], &found[0]["has"]["id"]), (&cup["id"], &tea["id"]));
    assert_eq!(
        (&found[0]["count"], &found[0]["confidence"], &found[0]["again"]),
        (&json!(4), &json!(0.8), &json!(false))
    );
    assert_eq!(found[0]["reason"], "80% of those who have 茶 have 杯 too (1.8× the usual)");
    assert_eq!(recommended(&founder, &owner)[0]["product"]["id"], tea["id"]);
    assert_eq!(recommended(&founder, &nobody), Vec::<Value>::new());

    buys(site, &founder, &asked, &[&cup]);
    assert_eq!(recommended(&founder, &asked), Vec::<Value>::new(), "nobody is recommended what they have");
    let path = format!("/products/{}", tea["id"].as_str().expect("an id"));
    let tea = founder.patch(&path, &tea["version"], json!({"consumable": true})).ok(200);
    assert_eq!(tea["consumable"], true);
    let again = recommended(&founder, &asked);
    assert_eq!(again.len(), 1, "{again:?}");
    assert_eq!((&again[0]["product"]["id"], &again[0]["again"]), (&tea["id"], &json!(true)));
    // What is no longer sold is not recommended.
    founder.patch(&path, &tea["version"], json!({"active": false})).expect(200);
    assert_eq!(recommended(&founder, &asked), Vec::<Value>::new());
}

fn rules_and_recommendations_stay_within_walls(site: &Site) {
    let founder = site.founder();
    let unit = founder.unit_new("HZ");
    let department = founder.department_new(&unit, "D");
    founder.user_new("he", &department, &[&founder.role("unit_head")]);
    let he = site.sign_in("he");
    let (tea, _) = shop(site, &founder);
    evaluate(site);
    assert_eq!(rules(&founder, "").len(), 2);
    assert_eq!(rules(&he, ""), Vec::<Value>::new());
    let (theirs, his) = (customer(&founder, "别人的"), customer(&he, "他的"));
    buys(site, &he, &his, &[&tea]);
    he.get(&format!("/customers/{}/recommendations", theirs.as_str().expect("an id"))).expect(404);
    assert_eq!(recommended(&he, &his), Vec::<Value>::new(), "what one unit's customers buy is not told in another");
}
