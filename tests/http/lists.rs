//! Lists and conditions, held against a judge in memory.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use regulars_domain::condition::{Catalogue, Condition, FieldType, Known, Literal, check, holds};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

both!(
    cursors_neither_skip_nor_repeat_under_inserts,
    sql_agrees_with_the_judge,
    a_cursor_is_bound_to_its_list,
    booleans_and_contacts_are_said_as_shown
);

const NAMES: &[&str] = &["张伟", "王芳", "Anna Li", "李娜", "anna lee", "O'Brien", "100%", "a_b", "欧阳修", "曾子墨"];

const STATUSES: [&str; 3] = ["lead", "customer", "inactive"];

fn people(client: &Client, from: usize, count: usize) {
    for number in from..from + count {
        let mut person = json!({
            "kind": if number % 7 == 0 { "organization" } else { "person" },
            "name": NAMES[number % NAMES.len()],
            "code": format!("T{number:04}"),
            "status": STATUSES[number % 3],
            "internal": number % 5 == 0,
        });
        if number % 4 != 0 {
            person["phones"] = json!([{"number": format!("138{:08}", number * 7919 % 100_000_000), "primary": true}]);
        }
        if number % 3 == 1 {
            person["birthday"] = json!(format!("19{:02}-0{}-1{}", 60 + number % 40, 1 + number % 9, number % 10));
        }
        if number % 2 == 0 && number % 7 != 0 {
            person["gender"] = json!(if number % 4 == 0 { "female" } else { "male" });
        }
        if number % 6 == 2 {
            person["emails"] = json!([{"address": format!("user{number}@example.com"), "primary": true}]);
        }
        client.post("/customers", person).expect(201);
    }
}

fn cursors_neither_skip_nor_repeat_under_inserts(site: &Site) {
    let founder = site.founder();
    people(&founder, 0, 30);
    let first: BTreeSet<String> = ids(&founder.all("/customers", 200));
    assert_eq!(first.len(), 30);
    let mut next = 30;
    for sort in ["created_at", "-created_at", "name", "-name", "birthday", "-birthday,id"] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = founder.get(&format!("/customers?limit=4&sort={sort}&cursor={cursor}")).ok(200);
            seen.extend(page["items"].as_array().expect("items").iter().map(|item| item["id"].to_string()));
            people(&founder, next, 1);
            next += 1;
            match page["next_cursor"].as_str() {
                Some(after) => cursor = after.into(),
                None => break,
            }
        }
        let once: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(once.len(), seen.len(), "{sort} repeats");
        assert!(first.is_subset(&once), "{sort} skips");
    }
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    items.iter().map(|item| item["id"].to_string()).collect()
}

fn a_cursor_is_bound_to_its_list(site: &Site) {
    let founder = site.founder();
    people(&founder, 0, 6);
    let page = founder.get("/customers?limit=2&sort=name").ok(200);
    let cursor = page["next_cursor"].as_str().expect("more").to_string();
    founder.get(&format!("/customers?limit=2&sort=name&cursor={cursor}")).expect(200);
    for other in ["sort=-name", "sort=name&filter[status]=lead", "sort=name&q=a"] {
        let refusal = founder.get(&format!("/customers?limit=2&{other}&cursor={cursor}")).ok(422);
        assert_eq!(refusal["errors"][0]["code"], "cursor_invalid", "{other}");
    }
    assert_eq!(founder.get("/customers?sort=password_hash").ok(422)["errors"][0]["code"], "sort_invalid");
    assert_eq!(founder.get("/customers?limit=201").ok(422)["errors"][0]["code"], "out_of_range");
    assert_eq!(founder.get("/customers?filter[nothing]=1").ok(422)["errors"][0]["code"], "unknown_field");
}

/// The fields the test draws from, with the type the catalogue gives them.
const FIELDS: &[(&str, FieldType)] = &[
    ("name", FieldType::Text),
    ("code", FieldType::Text),
    ("status", FieldType::Choice),
    ("gender", FieldType::Choice),
    ("birthday", FieldType::Date),
    ("internal", FieldType::Bool),
    ("phone", FieldType::Text),
    ("email", FieldType::Text),
    ("custom.vip", FieldType::Bool),
    ("custom.size", FieldType::Number),
    ("metrics.contacts_30", FieldType::Integer),
    ("metrics.contacts_90", FieldType::Integer),
    ("metrics.contacts_365", FieldType::Integer),
];

fn value_of(field: FieldType) -> BoxedStrategy<Value> {
    match field {
        FieldType::Text => prop_oneof![
            proptest::sample::select(NAMES).prop_map(Value::from),
            Just(json!("A")),
            Just(json!("T00")),
            Just(json!("+86138")),
            Just(json!("user2")),
            Just(json!("%")),
            Just(json!("_")),
            Just(json!("\\")),
        ]
        .boxed(),
        FieldType::Choice => proptest::sample::select(&["lead", "customer", "inactive", "female", "male"][..])
            .prop_map(Value::from)
            .boxed(),
        FieldType::Date => {
            (1960i32..2000, 1u32..10, 10u32..20).prop_map(|(y, m, d)| json!(format!("{y}-0{m}-{d}"))).boxed()
        }
        FieldType::Integer => (0i64..4).prop_map(Value::from).boxed(),
        FieldType::Number => (0i64..4).prop_map(|halves| json!(halves as f64 / 2.0)).boxed(),
        _ => any::<bool>().prop_map(Value::from).boxed(),
    }
}

fn leaf() -> BoxedStrategy<Condition> {
    proptest::sample::select(FIELDS)
        .prop_flat_map(|(name, kind)| {
            let several = value_of(kind);
            (
                Just(name),
                proptest::sample::select(kind.operators()),
                value_of(kind),
                proptest::collection::vec(several, 0..3),
                any::<bool>(),
                0i64..30_000,
            )
        })
        .prop_map(|(name, op, one, some, yes, days)| {
            let value = match op {
                "in" => Value::Array(some),
                "between" => json!([one, one]),
                "is_null" => json!(yes),
                "within_days_ago" | "more_than_days_ago" | "in_next_days" => json!(days),
                _ => one,
            };
            Condition::leaf(name, op, value)
        })
        .boxed()
}

fn condition() -> BoxedStrategy<Condition> {
    leaf()
        .prop_recursive(3, 12, 3, |inner| {
            let several = proptest::collection::vec(inner.clone(), 0..3);
            prop_oneof![
                several.clone().prop_map(|all| Condition::All { all }),
                several.prop_map(|any| Condition::Any { any }),
                inner.prop_map(|not| Condition::Not { not: Box::new(not) }),
            ]
        })
        .boxed()
}

fn known(customer: &Value, field: &str) -> Known {
    let text = |value: &Value| Literal::Text(value.as_str().expect("text").into());
    let many = |list: &str, member: &str| {
        Known::Many(customer[list].as_array().into_iter().flatten().map(|part| text(&part[member])).collect())
    };
    match field {
        "phone" => many("phones", "number"),
        "email" => many("emails", "address"),
        "internal" => Known::One(Literal::Bool(customer["internal"] == json!(true))),
        "custom.vip" => {
            customer["custom"]["vip"].as_bool().map_or(Known::Missing, |yes| Known::One(Literal::Bool(yes)))
        }
        "custom.size" => customer["custom"]["size"].as_f64().map_or(Known::Missing, |n| Known::One(Literal::Number(n))),
        _ if field.starts_with("metrics.") => {
            let count = customer["metrics"][&field["metrics.".len()..]].as_i64();
            Known::One(Literal::Integer(count.expect("a count")))
        }
        _ if customer[field].is_null() => Known::Missing,
        "birthday" => {
            Known::One(Literal::Date(customer[field].as_str().expect("a date").parse::<NaiveDate>().expect("a date")))
        }
        _ => Known::One(text(&customer[field])),
    }
}

/// Facts of the company's own and contacts old and new for some.
fn more_facts(client: &Client) {
    for (key, kind) in [("vip", "bool"), ("size", "number")] {
        let field = json!({"resource": "customer", "key": key, "label_zh": key, "label_en": key, "type": kind});
        client.post("/custom-fields", field).expect(201);
    }
    for (number, customer) in client.all("/customers", 200).iter().enumerate() {
        let custom = match number % 4 {
            0 => continue,
            1 => json!({"vip": true}),
            2 => json!({"vip": false, "size": 0.5}),
            _ => json!({"size": number % 3}),
        };
        let path = format!("/customers/{}", customer["id"].as_str().expect("an id"));
        client.patch(&path, &customer["version"], json!({ "custom": custom })).expect(200);
        for days in [1, 20, 60, 100, 500].into_iter().take(number % 6) {
            let at = chrono::Utc::now() - chrono::Duration::days(days);
            let call = json!({"customer_id": customer["id"], "kind": "call", "body": "…", "at": at});
            client.post("/interactions", call).expect(201);
        }
    }
}

fn sql_agrees_with_the_judge(site: &Site) {
    let founder = site.founder();
    people(&founder, 0, 60);
    more_facts(&founder);
    let everyone = founder.all("/customers?expand=metrics", 200);
    assert_eq!(everyone.iter().filter(|one| one["metrics"]["contacts_90"] == json!(3)).count(), 25);
    let today = site.app.company(chrono::Utc::now()).expect("a company").business_date(chrono::Utc::now());
    // One seed: both engines are asked the same questions, so they agree with each other too.
    let config = Config { cases: 250, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let outcome = runner.run(&condition(), |condition| {
        let catalogue = Catalogue {
            field_type: &|name| FIELDS.iter().find(|(field, _)| *field == name).map(|(_, kind)| *kind),
            holds_ids: &|_| false,
            today,
            currency: "CNY",
        };
        let test = check(&condition, &catalogue).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        let judged: BTreeSet<String> = everyone
            .iter()
            .filter(|customer| holds(&test, &|field| known(customer, field)))
            .map(|customer| customer["id"].to_string())
            .collect();
        let filter = serde_json::to_string(&condition).expect("JSON");
        let encoded: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let answered = founder.get(&format!("/customers?limit=200&count=true&filter={encoded}")).ok(200);
        prop_assert_eq!(&answered["total"], &json!(judged.len()));
        let listed = ids(answered["items"].as_array().expect("items"));
        prop_assert_eq!(listed, judged, "{}", filter);
        Ok(())
    });
    outcome.expect("SQL and the judge agree");
}

fn booleans_and_contacts_are_said_as_shown(site: &Site) {
    let founder = site.founder();
    people(&founder, 0, 24);
    more_facts(&founder);
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = |name: &str| {
        let found = fields["items"].as_array().into_iter().flatten().find(|field| field["field"] == name);
        found.unwrap_or_else(|| panic!("{name} can be named")).clone()
    };
    assert_eq!((&field("custom.vip")["type"], &field("custom.vip")["ops"]), (&json!("bool"), &json!(["eq"])));
    let contacts = field("metrics.contacts_30");
    assert_eq!((&contacts["label"], &contacts["sortable"]), (&json!("Contacts, 30 days"), &json!(true)));
    let count = |filter: &str| founder.get(&format!("/customers?count=true&limit=1&{filter}")).ok(200)["total"].clone();
    assert_eq!(count("filter[custom.vip]=true"), 6);
    assert_eq!(count("filter[custom.vip]=false"), 6);
    for wrong in ["1", "0", "yes"] {
        let refusal = founder.get(&format!("/customers?filter[custom.vip]={wrong}")).ok(422);
        assert_eq!(refusal["errors"][0]["code"], "wrong_type", "{wrong}");
    }
    let sorted = founder.all("/customers?sort=-metrics.contacts_365&expand=metrics", 5);
    let counts: Vec<i64> = sorted.iter().filter_map(|one| one["metrics"]["contacts_365"].as_i64()).collect();
    assert!(counts.len() == 24 && counts.is_sorted_by(|a, b| a >= b) && counts[0] == 4, "{counts:?}");
}
