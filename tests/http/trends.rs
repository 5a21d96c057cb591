//! Seasonal index, composition, cohorts and the growth matrix, held against published numbers.

use chrono::Datelike;
use regulars_api::http::call::now;
use regulars_domain::ids::UnitId;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::insight::{cdnow_store, oracle, uuid_of};
use crate::sales::{customer, yuan};

both!(
    souvenirs_have_their_season,
    too_few_years_have_none,
    parts_are_classed_as_published,
    cdnow_cohorts_are_as_published,
    growth_tells_new_from_existing,
    trends_stay_within_walls
);

fn published() -> Value {
    serde_json::from_str(&oracle("formula_oracles.json")).expect("JSON")
}

fn sell(client: &Client, customer: &Value, on: &str, product: Option<&Value>, amount: &str) {
    let lines = json!([{"name": "茶", "product_id": product, "quantity": "1", "price": yuan(amount)}]);
    let body = json!({"customer_id": customer, "ordered_on": on, "status": "confirmed", "lines": lines});
    client.post("/orders", body).expect(201);
}

fn close(told: &Value, expected: f64) {
    let told = told.as_f64().expect("a number");
    assert!((told - expected).abs() < 1e-5, "{told} instead of {expected}");
}

/// A text as a query string holds it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The souvenir shop's three years, moved to the last full ones.
pub(crate) fn souvenirs(client: &Client) {
    let customer = customer(client, "纪念品店");
    let first = now().year() - 3;
    for (year, months) in (first..).zip(published()["seasonal_souvenirs_1991_93"]["sales"].as_array().expect("years")) {
        for (month, amount) in (1..).zip(months.as_array().expect("months")) {
            let amount = format!("{:.2}", amount.as_f64().expect("an amount"));
            sell(client, &customer, &format!("{year}-{month:02}-15"), None, &amount);
        }
    }
}

fn souvenirs_have_their_season(site: &Site) {
    let founder = site.founder();
    souvenirs(&founder);
    let season = founder.get("/insight/seasonality").ok(200);
    assert_eq!(season["few_years"], false);
    assert_eq!(season["years"].as_array().map(Vec::len), Some(3));
    assert_eq!(season["years"][0]["months"][0], "4826.64");
    close(&season["months"][0]["index"], 0.34198);
    close(&season["months"][10]["index"], 1.57506);
    close(&season["months"][11]["index"], 3.47393);
    let sum: f64 = season["months"].as_array().expect("months").iter().filter_map(|one| one["index"].as_f64()).sum();
    assert!((sum - 12.0).abs() < 1e-9);

    let five = founder.get("/insight/seasonality?years=5").ok(200);
    assert_eq!((&five["few_years"], five["years"].as_array().map(Vec::len)), (&json!(true), Some(3)));
    let orders = founder.get("/insight/seasonality?fact=orders").ok(200);
    assert_eq!(orders["months"][11]["index"], season["months"][11]["index"]);
    let web = encoded(r#"{"field":"channel","op":"eq","value":"website"}"#);
    let nothing = founder.get(&format!("/insight/seasonality?filter={web}")).ok(422);
    assert_eq!(nothing["errors"][0]["code"], "season_too_short");
}

fn too_few_years_have_none(site: &Site) {
    let founder = site.founder();
    let last = now().year() - 1;
    let customer = customer(&founder, "新店");
    for on in [format!("{}-02-01", last - 1), format!("{last}-05-01")] {
        sell(&founder, &customer, &on, None, "10.00");
    }
    let refused = founder.get("/insight/seasonality").ok(422);
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("years"), &json!("season_too_short"))
    );
    for years in ["1", "21"] {
        let refused = founder.get(&format!("/insight/seasonality?years={years}")).ok(422);
        assert_eq!(refused["errors"][0]["code"], "out_of_range");
    }
    sell(&founder, &customer, &format!("{}-01-31", last - 1), None, "10.00");
    assert_eq!(founder.get("/insight/seasonality").ok(200)["few_years"], true);
}

fn parts_are_classed_as_published(site: &Site) {
    let founder = site.founder();
    let worth = [4000, 2500, 1200, 900, 600, 300, 200, 150, 100, 50];
    let mut customers = Vec::new();
    for (at, amount) in worth.iter().enumerate() {
        let industry = ["retail", "catering"][at % 2];
        let body = json!({"kind": "organization", "name": format!("客户{at}"), "industry": industry});
        let customer = founder.post("/customers", body).ok(201)["id"].clone();
        sell(&founder, &customer, "2026-03-05", None, &format!("{amount}.00"));
        customers.push(customer);
    }
    let days = "from=2026-01-01&until=2026-12-31";
    let whole = founder.get(&format!("/insight/composition?by=customer&limit=3&{days}")).ok(200);
    assert_eq!((&whole["total"], whole["groups"].as_array().map(Vec::len)), (&json!("10000.00"), Some(1)));
    let group = &whole["groups"][0];
    assert_eq!((&group["count"], group["parts"].as_array().map(Vec::len)), (&json!(10), Some(3)));
    let second = &group["parts"][1];
    assert_eq!((&second["key"]["value"], &second["key"]["label"]), (&customers[1], &json!("客户1")));
    assert_eq!((&second["value"], &second["share"], &second["class"]), (&json!("2500.00"), &json!(0.25), &json!("A")));
    close(&second["accumulated"], 0.65);
    for (told, class) in group["classes"].as_array().expect("classes").iter().zip(["A", "B", "C"]) {
        let published = &published()["abc_tiny"]["before"][class];
        assert_eq!((&told["class"], &told["count"]), (&json!(class), &published["n"]));
        close(&told["share"], published["share"].as_f64().expect("a share"));
    }
    let within = founder.get(&format!("/insight/composition?by=customer&within=customer.industry&{days}")).ok(200);
    let groups = within["groups"].as_array().expect("groups");
    let told: Vec<(&Value, &Value)> = groups.iter().map(|group| (&group["key"]["value"], &group["total"])).collect();
    assert_eq!(told, [(&json!("retail"), &json!("6100.00")), (&json!("catering"), &json!("3900.00"))]);
    close(&groups[0]["parts"][0]["share"], 4000.0 / 6100.0);
    let counted = founder.get(&format!("/insight/composition?by=customer.industry&measure=count&{days}")).ok(200);
    assert_eq!((&counted["total"], &counted["groups"][0]["parts"][0]["value"]), (&json!("10"), &json!("5")));
    founder.get("/insight/composition?by=nothing").expect(422);
    founder.get("/insight/composition?by=customer&from=2026-02-01&until=2026-01-01").expect(422);
}

fn cdnow_cohorts_are_as_published(site: &Site) {
    let founder = site.founder();
    cdnow_store(site, UnitId(uuid_of(&founder.place().0)));
    let told = founder.get("/insight/cohorts?from=1997-01-01&until=1997-03-31").ok(200);
    let cohorts = told["cohorts"].as_array().expect("cohorts");
    assert_eq!((cohorts.len(), &told["buyers"]), (3, &json!(2357)));
    for cohort in cohorts {
        let month = cohort["month"].as_str().expect("a day");
        let expected = &published()["cohort_cdnow_calendar_month"][&month[..7]];
        assert_eq!(cohort["size"], expected["size"]);
        let active: Vec<&Value> =
            cohort["months"].as_array().expect("months").iter().take(13).map(|month| &month["active"]).collect();
        assert_eq!(json!(active), expected["active_k0_12"]);
        for (month, retention) in
            cohort["months"].as_array().expect("months").iter().zip(expected["retention"].as_array().expect("shares"))
        {
            close(&month["retention"], retention.as_f64().expect("a share"));
        }
    }
    let rate = told["repeaters"].as_f64().expect("a number") / 2357.0;
    close(&told["repeat_rate"], rate);
    let revenue: f64 = cohorts[0]["months"][0]["revenue"]["amount"].as_str().expect("an amount").parse().expect("it");
    assert!(revenue > 0.0);
    founder.get("/insight/cohorts?from=1990-01-01&until=1999-01-01").expect(422);
}

fn growth_tells_new_from_existing(site: &Site) {
    let founder = site.founder();
    let product = |code: &str| {
        founder.post("/products", json!({"code": code, "name": code, "price": yuan("1")})).ok(201)["id"].clone()
    };
    let (old, new) = (product("OLD"), product("NEW"));
    let known = customer(&founder, "老客");
    let body = json!({"kind": "person", "name": "新客", "source": "referral"});
    let fresh = founder.post("/customers", body).ok(201)["id"].clone();
    sell(&founder, &known, "2025-06-01", Some(&old), "1.00");
    for (customer, product, amount, on) in [
        (&known, Some(&old), "500.00", "2026-01-05"),
        (&known, Some(&new), "300.00", "2026-01-06"),
        (&fresh, Some(&old), "150.00", "2026-01-07"),
        (&fresh, Some(&new), "40.00", "2026-01-08"),
        (&known, None, "10.00", "2026-01-09"),
    ] {
        sell(&founder, customer, on, product, amount);
    }
    let told = founder.get("/insight/growth?from=2026-01-01&until=2026-01-31").ok(200);
    let fields: Vec<(&Value, &Value)> = told["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(|one| (&one["field"], &one["revenue"]["amount"]))
        .collect();
    assert_eq!(
        json!(fields),
        json!([
            ["penetration", "510.00"],
            ["product_development", "300.00"],
            ["market_development", "150.00"],
            ["diversification", "40.00"]
        ])
    );
    assert_eq!(told["total"]["amount"], "1000.00");
    close(&told["fields"][0]["share"], 0.51);
    assert_eq!((&told["new_buyers"], &told["repeaters"], &told["repeat_rate"]), (&json!(1), &json!(1), &json!(1.0)));
    assert_eq!((&told["referred"]["amount"], &told["referral_share"]), (&json!("190.00"), &json!(0.19)));
    for (at, orders) in [(0, 2), (1, 1), (2, 1), (3, 1)] {
        let query = json!({"fact": "order_lines", "measures": [{"aggregate": "count"}],
            "filter": told["fields"][at]["condition"], "period": {"from": "2026-01-01", "to": "2026-01-31"}});
        let behind = founder.post("/pivots/records", json!({"query": query})).ok(200);
        assert_eq!(behind["items"].as_array().map(Vec::len), Some(orders), "{query}");
    }
}

fn trends_stay_within_walls(site: &Site) {
    let founder = site.founder();
    souvenirs(&founder);
    let unit = founder.unit_new("EAST");
    let department = founder.department_new(&unit, "销售");
    founder.user_new("outsider", &department, &[&founder.role("unit_head")]);
    let outsider = site.sign_in("outsider");
    let year = now().year() - 1;
    let days = format!("from={year}-01-01&until={year}-12-31");
    assert_eq!(outsider.get(&format!("/insight/composition?by=customer&{days}")).ok(200)["groups"], json!([]));
    assert_eq!(outsider.get(&format!("/insight/cohorts?{days}")).ok(200)["cohorts"], json!([]));
    assert_eq!(outsider.get(&format!("/insight/growth?{days}")).ok(200)["total"]["amount"], "0.00");
    outsider.get("/insight/seasonality").expect(422);
    let own = customer(&outsider, "东客");
    sell(&outsider, &own, &format!("{year}-04-01"), None, "5.00");
    let seen = outsider.get(&format!("/insight/composition?by=customer&{days}")).ok(200);
    assert_eq!((&seen["total"], &seen["groups"][0]["count"]), (&json!("5.00"), &json!(1)));
}
