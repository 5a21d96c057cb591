//! Pivots of what is not sold but done: activities, tasks, opportunities, changes of stage, warnings. Held against a
//! judge in memory; walls, the records behind a cell, fields of the company's own.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use chrono::{DateTime, TimeDelta, Utc};
use regulars_api::http::call::now;
use regulars_domain::demo::Rng;
use regulars_domain::pivot::{Aggregate, Axis, Grain, Group, Grouping, Key, Layout, Part, Side, Top};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::opportunities::{Line, opportunity};
use crate::outlook::{evaluate, monthly, settings};
use crate::pivots::agrees;
use crate::sales::{customer, yuan};

both!(
    activities_are_divided_as_the_judge_does,
    opportunities_are_divided_as_the_judge_does,
    tasks_and_warnings_are_counted,
    what_is_done_stays_within_walls,
    a_cell_opens_the_records_of_its_fact,
    fields_of_the_company_divide,
    periods_are_days_of_the_business,
);

/// A fact as it was entered: its keys, days as `YYYY-MM-DD`, and its measures.
#[derive(Default)]
pub struct Known {
    pub keys: BTreeMap<&'static str, Option<String>>,
    pub sums: BTreeMap<&'static str, i64>,
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(String::from)
}

fn id(value: &Value) -> String {
    text(&value["id"]).expect("an id")
}

/// The judge.
fn run(facts: &[&Known], grouping: &Grouping) -> Result<Vec<Group>, Infallible> {
    let mut groups: BTreeMap<Vec<Key>, Vec<&Known>> = BTreeMap::new();
    if grouping.axes.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for fact in facts {
        let keys = grouping.axes.iter().zip(&grouping.kept).map(|(axis, kept)| {
            let told = fact.keys[axis.field.as_str()].clone().map(|text| match axis.grain {
                Some(grain) => grain.bucket(text.parse().expect("a day")).to_string(),
                None => text,
            });
            let key = told.map_or(Key::Missing, Key::Value);
            if kept.as_ref().is_none_or(|kept| kept.contains(&key)) { key } else { Key::Others }
        });
        groups.entry(keys.collect()).or_default().push(fact);
    }
    let part = |aggregate: &Aggregate, facts: &[&Known]| {
        let count = facts.len() as i64;
        match aggregate {
            Aggregate::Count => Part { sum: count, count },
            Aggregate::Sum(name) => Part { sum: facts.iter().map(|fact| fact.sums[name.as_str()]).sum(), count },
            Aggregate::Distinct(name) => {
                let values: Vec<&String> = facts.iter().filter_map(|fact| fact.keys[name.as_str()].as_ref()).collect();
                let different: BTreeSet<&&String> = values.iter().collect();
                Part { sum: different.len() as i64, count: values.len() as i64 }
            }
        }
    };
    let parts = |facts: &[&Known]| grouping.aggregates.iter().map(|aggregate| part(aggregate, facts)).collect();
    Ok(groups.into_iter().map(|(keys, facts)| Group { parts: parts(&facts), keys }).collect())
}

/// What may be drawn of a fact: fields, those of them that are days, sums, fields counted by their values.
pub struct Drawn {
    pub fact: &'static str,
    pub fields: &'static [&'static str],
    pub days: &'static [&'static str],
    pub aggregates: Vec<Aggregate>,
    /// A field and a value that narrow now and then.
    pub narrow: (&'static str, &'static str),
}

pub fn rounds(client: &Client, drawn: &Drawn, facts: &[Known]) {
    let mut narrowed = 0;
    for row in 0..24 {
        let mut rng = Rng::of_row(13, 3, row);
        let mut free: Vec<&str> = drawn.fields.to_vec();
        let aggregates =
            (0..=rng.below(2)).map(|at| drawn.aggregates[(row as usize + at) % drawn.aggregates.len()].clone());
        let mut layout = Layout { aggregates: aggregates.collect(), ..Layout::default() };
        for at in 0..rng.below(4) {
            let field = free.remove(rng.below(free.len()));
            let grain = drawn.days.contains(&field).then(|| Grain::ALL[rng.below(5)]);
            let top = rng.chance(0.3).then(|| Top { n: rng.between(1, 3) as usize, aggregate: 0 });
            let side: &mut Side = if at % 2 == 0 { &mut layout.rows } else { &mut layout.columns };
            side.axes.push((Axis { field: field.into(), grain }, top));
        }
        let (field, value) = drawn.narrow;
        let narrow = rng.chance(0.3);
        let met: Vec<&Known> =
            facts.iter().filter(|fact| !narrow || fact.keys[field].as_deref() == Some(value)).collect();
        narrowed += usize::from(narrow && !met.is_empty() && met.len() < facts.len());
        let filter = narrow.then(|| json!({"field": field, "op": "eq", "value": value}));
        agrees(client, drawn.fact, &layout, filter, &mut |grouping| run(&met, grouping));
    }
    assert!(narrowed > 0, "some of {} were narrowed", drawn.fact);
}

fn zone_set(client: &Client, zone: &str) {
    let version = client.get("/settings").ok(200)["version"].clone();
    client.patch("/settings", &version, json!({"time_zone": zone})).expect(200);
}

/// 90 activities with six customers at any minute of two years, by two people.
fn talks(site: &Site) -> Vec<Known> {
    let founder = site.founder();
    zone_set(&founder, "America/New_York");
    let company = site.app.company(now()).expect("a company");
    let chen = site.person("chen", "unit_head");
    let people = [&founder, &chen].map(|client| (client, text(&client.get("/me").ok(200)["id"])));
    let mut rng = Rng::of_row(5, 1, 1);
    let industries = [Some("retail"), Some("catering"), None];
    let customers: Vec<(String, Option<&str>)> = (0..6)
        .map(|at| {
            let industry = industries[at % 3];
            let body = json!({"kind": "organization", "name": format!("客户{at}"), "industry": industry});
            (id(&founder.post("/customers", body).ok(201)), industry)
        })
        .collect();
    let start: DateTime<Utc> = "2024-01-01T00:00:00Z".parse().expect("a moment");
    let talk = |_: usize| {
        let at = start + TimeDelta::minutes(rng.between(0, 731 * 24 * 60 - 1));
        let (client, person) = &people[rng.below(2)];
        let (customer, industry) = &customers[rng.below(customers.len())];
        let kind = ["note", "call", "visit"][rng.below(3)];
        let direction = [Some("in"), Some("out"), None][rng.below(3)];
        let body = json!({"customer_id": customer, "kind": kind, "body": "谈过", "at": at, "direction": direction});
        client.post("/interactions", body).expect(201);
        let keys = [
            ("happened_on", Some(company.business_date(at).to_string())),
            ("kind", Some(kind.to_string())),
            ("direction", direction.map(String::from)),
            ("person", person.clone()),
            ("customer", Some(customer.clone())),
            ("customer.industry", industry.map(String::from)),
        ];
        Known { keys: keys.into_iter().collect(), ..Known::default() }
    };
    (0..90).map(talk).collect()
}

fn activities_are_divided_as_the_judge_does(site: &Site) {
    let facts = talks(site);
    let drawn = Drawn {
        fact: "activities",
        fields: &["happened_on", "kind", "direction", "person", "customer", "customer.industry"],
        days: &["happened_on"],
        aggregates: vec![
            Aggregate::Count,
            Aggregate::Distinct("customer".into()),
            Aggregate::Distinct("person".into()),
        ],
        narrow: ("kind", "call"),
    };
    rounds(&site.founder(), &drawn, &facts);
}

/// What was made of opportunities: each as it is, the closed ones, and every move.
struct Pipeline {
    all: Vec<Known>,
    closed: Vec<Known>,
    moves: Vec<Known>,
}

fn pipeline(site: &Site) -> Pipeline {
    let founder = site.founder();
    let stages = founder.get("/pipelines").ok(200)["items"][0]["stages"].clone();
    let stages: Vec<Value> = stages.as_array().expect("stages").clone();
    let mut rng = Rng::of_row(9, 1, 1);
    let customers = ["王芳", "陈静", "安宁"].map(|name| text(&customer(&founder, name)));
    let today = site.app.company(now()).expect("a company").business_date(now()).to_string();
    let (mut all, mut closed, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..20 {
        let customer = [customers[rng.below(3)].clone(), None][usize::from(rng.chance(0.2))].clone();
        let mut amount = rng.between(100, 999_999);
        let money = |amount: i64| yuan(&format!("{}.{:02}", amount / 100, amount % 100));
        let made = opportunity(
            &founder,
            json!({"name": format!("商机{at}"), "customer_id": customer, "amount": money(amount)}),
        );
        let (mut here, mut version) = (0, made["version"].clone());
        let (mut reason, mut competitor) = (None, None);
        for _ in 0..rng.below(4) {
            if rng.chance(0.4) {
                // The amount alone: no change of stage.
                amount = rng.between(100, 999_999);
                let path = format!("/opportunities/{}", id(&made));
                version = founder.patch(&path, &version, json!({"amount": money(amount)})).ok(200)["version"].clone();
            }
            let next = (here + 1 + rng.below(stages.len() - 1)) % stages.len();
            let (why, whom) = match stages[next]["status"].as_str() {
                Some("won") => (Some("service"), None),
                Some("lost") => (Some("competitor"), Some("朝阳")),
                _ => (None, None),
            };
            let body = json!({"stage_id": stages[next]["id"], "reason": why, "competitor": whom});
            let moved = founder.post(&format!("/opportunities/{}/stage", id(&made)), body);
            if moved.status == 422 {
                continue;
            }
            version = moved.ok(200)["version"].clone();
            let keys = [
                ("changed_on", Some(today.clone())),
                ("from_stage", text(&stages[here]["id"])),
                ("stage", text(&stages[next]["id"])),
                ("opportunity", Some(id(&made))),
                ("customer", customer.clone()),
            ];
            moves.push(Known { keys: keys.into_iter().collect(), sums: [("amount", amount)].into() });
            (here, reason, competitor) = (next, why, whom);
        }
        let stage = &stages[here];
        let status = text(&stage["status"]);
        let is_closed = matches!(status.as_deref(), Some("won" | "lost"));
        let known = || {
            let keys = [
                ("created_on", Some(today.clone())),
                ("closed_on", is_closed.then(|| today.clone())),
                ("stage", text(&stage["id"])),
                ("status", status.clone()),
                ("reason", reason.map(String::from)),
                ("competitor", competitor.map(String::from)),
                ("customer", customer.clone()),
            ];
            let weighted = (amount * stage["probability"].as_i64().expect("percent") + 50) / 100;
            let sums = [("amount", amount), ("weighted", weighted)];
            Known { keys: keys.into_iter().collect(), sums: sums.into() }
        };
        all.push(known());
        if is_closed {
            closed.push(known());
        }
    }
    Pipeline { all, closed, moves }
}

fn opportunities_are_divided_as_the_judge_does(site: &Site) {
    let founder = site.founder();
    let pipeline = pipeline(site);
    let sum = |name: &str| Aggregate::Sum(name.into());
    let of = |fact| Drawn {
        fact,
        fields: &["created_on", "closed_on", "stage", "status", "reason", "competitor", "customer"],
        days: &["created_on", "closed_on"],
        aggregates: vec![Aggregate::Count, sum("amount"), sum("weighted"), Aggregate::Distinct("customer".into())],
        narrow: ("status", "lost"),
    };
    rounds(&founder, &of("opportunities"), &pipeline.all);
    rounds(&founder, &of("closed_opportunities"), &pipeline.closed);
    let lost = Line::first(&founder).stage("lost").as_str().expect("an id").to_string();
    let moves = Drawn {
        fact: "stage_changes",
        fields: &["changed_on", "from_stage", "stage", "customer"],
        days: &["changed_on"],
        aggregates: vec![
            Aggregate::Count,
            sum("amount"),
            Aggregate::Distinct("opportunity".into()),
            Aggregate::Distinct("customer".into()),
        ],
        narrow: ("stage", lost.leak()),
    };
    rounds(&founder, &moves, &pipeline.moves);

    let stood = json!({"fact": "stage_changes", "measures": [{"aggregate": "sum", "field": "stood"},
        {"aggregate": "average", "field": "stood"}]});
    let stood = founder.post("/pivots/tables", stood).ok(200);
    assert_eq!(stood["measures"][0], json!({"label": "Days in the stage before", "unit": "days", "currency": null}));
    assert_eq!(stood["total"], json!(["0.0", "0.0"]), "they moved within the minute");
    let named = founder
        .post(
            "/pivots/tables",
            json!({"fact": "opportunities", "rows": [{"field": "stage"}],
            "measures": [{"aggregate": "count"}]}),
        )
        .ok(200);
    let stages = founder.get("/pipelines").ok(200)["items"][0]["stages"].clone();
    let known: Vec<&Value> = stages.as_array().expect("stages").iter().map(|stage| &stage["name"]).collect();
    let labels: Vec<&Value> =
        named["rows"].as_array().expect("rows").iter().map(|row| &row["keys"][0]["label"]).collect();
    let in_order: Vec<&Value> = known.iter().copied().filter(|name| labels.contains(name)).collect();
    assert_eq!(labels, in_order, "stages stand in their order");
}

fn total(client: &Client, query: Value) -> Value {
    client.post("/pivots/tables", query).ok(200)["total"].clone()
}

fn rows_of(client: &Client, query: &Value) -> Vec<(Value, Value)> {
    let answer = client.post("/pivots/tables", query.clone()).ok(200);
    let label = |row: &Value| row["keys"][0]["label"].clone();
    let rows = answer["rows"].as_array().expect("rows").iter().map(label);
    rows.zip(answer["row_totals"].as_array().expect("totals").iter().cloned()).collect()
}

fn tasks_and_warnings_are_counted(site: &Site) {
    let founder = site.founder();
    settings(&founder, json!({"warned_classes": ["vip", "major", "ordinary", "small"]}));
    let customers =
        [monthly(site, &founder, "张伟", 120), monthly(site, &founder, "王芳", 200), customer(&founder, "李娜")];
    evaluate(site);
    let task = |title: &str, about: &[&Value], due: Option<&str>, priority: i64| {
        let body = json!({"title": title, "customer_ids": about, "due_on": due, "priority": priority});
        founder.post("/tasks", body).ok(201)
    };
    let first = task("打电话", &[&customers[0], &customers[1]], Some("2030-05-01"), 1);
    task("寄样品", &[&customers[1]], Some("2030-05-31"), 2);
    task("整理", &[], None, 2);
    founder.post(&format!("/tasks/{}/completion", id(&first)), json!({"outcome": "好"})).expect(200);
    let by = |field: Value| json!({"fact": "tasks", "rows": [field], "measures": [{"aggregate": "count"}]});
    assert_eq!(
        rows_of(&founder, &by(json!({"field": "customer"}))),
        [(json!("王芳"), json!(["1"])), (json!("张伟"), json!(["1"])), (json!("(none)"), json!(["1"]))]
    );
    assert_eq!(
        rows_of(&founder, &by(json!({"field": "due_on", "grain": "month"}))),
        [(json!("2030-05"), json!(["2"])), (json!("(none)"), json!(["1"]))]
    );
    assert_eq!(
        rows_of(&founder, &by(json!({"field": "status"}))),
        [(json!("Open"), json!(["2"])), (json!("Done"), json!(["1"]))]
    );
    assert_eq!(total(&founder, by(json!({"field": "customer.kind"}))), json!(["2"]), "of customers there are two");

    let warned = founder.get("/insight/warnings").ok(200)["items"].clone();
    let warned = warned.as_array().expect("warnings");
    assert_eq!(warned.len(), 2);
    let of = |customer: &Value| warned.iter().find(|one| one["customer"]["id"] == *customer).expect("a warning");
    let end = |warning: &Value, body: Value| {
        founder.patch(&format!("/insight/warnings/{}", id(warning)), &warning["version"], body).ok(200)
    };
    end(of(&customers[0]), json!({"status": "lost", "outcome_reason": "price"}));
    end(of(&customers[1]), json!({"status": "kept"}));
    let measures = json!([{"aggregate": "count"}, {"aggregate": "sum", "field": "yearly"},
        {"aggregate": "distinct", "field": "customer"}]);
    let query = json!({"fact": "warnings", "rows": [{"field": "status"}], "measures": measures});
    assert_eq!(
        rows_of(&founder, &query),
        [(json!("Kept"), json!(["1", "6000.00", "1"])), (json!("Lost"), json!(["1", "6000.00", "1"]))]
    );
    let query = json!({"fact": "warnings", "rows": [{"field": "reason"}], "measures": [{"aggregate": "count"}],
        "filter": {"field": "status", "op": "eq", "value": "lost"}});
    assert_eq!(rows_of(&founder, &query), [(json!("Price"), json!(["1"]))]);
}

const FACTS: [&str; 6] = ["activities", "tasks", "opportunities", "closed_opportunities", "stage_changes", "warnings"];

/// One of every fact with a customer: an activity, a task, an opportunity that was lost, a warning.
fn one_of_each(site: &Site, client: &Client, name: &str) -> Value {
    let one = monthly(site, client, name, 120);
    client.post("/interactions", json!({"customer_id": one, "kind": "call", "body": format!("与{name}")})).expect(201);
    client.post("/tasks", json!({"title": format!("为{name}"), "customer_ids": [one]})).expect(201);
    let made = opportunity(client, json!({"name": format!("给{name}"), "customer_id": one, "amount": yuan("10")}));
    let lost = json!({"stage_id": Line::first(client).stage("lost"), "reason": "competitor"});
    client.post(&format!("/opportunities/{}/stage", id(&made)), lost).expect(200);
    evaluate(site);
    one
}

fn what_is_done_stays_within_walls(site: &Site) {
    let founder = site.founder();
    settings(&founder, json!({"warned_classes": ["vip", "major", "ordinary", "small"]}));
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.user_new("he", &foreign, &[&founder.role("unit_head")]);
    let [chen, he] = ["chen", "he"].map(|login| site.sign_in(login));
    one_of_each(site, &chen, "她的");
    let his = one_of_each(site, &he, "他的");
    for fact in FACTS {
        let count = |more: Value| {
            let mut query = json!({"fact": fact, "measures": [{"aggregate": "count"}]});
            query.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            query
        };
        let seen = |client: &Client| total(client, count(json!({})))[0].clone();
        assert_eq!((seen(&founder), seen(&chen), seen(&he)), (json!("2"), json!("1"), json!("1")), "{fact}");
        let of_his = json!({"filter": {"field": "customer", "op": "eq", "value": his}});
        assert_eq!(total(&chen, count(of_his.clone()))[0], "0", "{fact}");
        assert_eq!(total(&he, count(of_his.clone()))[0], "1", "{fact}");
        let named = json!({"filter": {"field": "customer.name", "op": "eq", "value": "他的"}});
        assert_eq!(total(&chen, count(named))[0], "0", "{fact}");
        let behind = |client: &Client, query: Value| {
            client.post("/pivots/records", json!({"query": query})).ok(200)["items"].as_array().map(Vec::len)
        };
        assert_eq!(behind(&chen, count(of_his.clone())), Some(0), "{fact}");
        assert_eq!(behind(&he, count(of_his)), Some(1), "{fact}");
        assert_eq!(behind(&chen, count(json!({}))), Some(1), "{fact}");
        let by = json!({"rows": [{"field": "customer"}]});
        let seen = chen.post("/pivots/tables", count(by)).ok(200).to_string();
        assert!(!seen.contains(his.as_str().expect("an id")) && !seen.contains("他的"), "{fact}");
    }

    // An opportunity that is hers while its customer is not: it counts, but not by what the customer is like.
    let chen_id = chen.get("/me").ok(200)["id"].clone();
    let other = customer(&founder, "别人的");
    let hers = opportunity(&founder, json!({"name": "转来的", "customer_id": other, "owner_id": chen_id}));
    let by = |field: &str| json!({"fact": "opportunities", "rows": [{"field": field}], "measures": [{"aggregate": "count"}]});
    assert_eq!(total(&chen, by("stage"))[0], "2");
    assert_eq!(total(&chen, by("customer.kind"))[0], "1");
    let named = chen.post("/pivots/tables", by("customer")).ok(200).to_string();
    assert!(named.contains("(out of your sight)") && !named.contains("别人的"), "{named}");
    let behind = chen.post("/pivots/records", json!({"query": by("stage")})).ok(200)["items"].clone();
    let row = behind.as_array().expect("records").iter().find(|one| one["id"] == hers["id"]).expect("hers");
    assert_eq!(row["customer"], json!({"id": other, "name": ""}));

    let narrow = founder.key_new(&["insight:metric:read", "sales:order:read"]);
    let facts = narrow.get("/pivots/facts").ok(200);
    let known: Vec<&Value> = facts["items"].as_array().expect("facts").iter().map(|fact| &fact["fact"]).collect();
    assert_eq!(known, ["order_lines", "orders", "sell_out", "competitor_offers"]);
    for fact in FACTS {
        let query = json!({"fact": fact, "measures": [{"aggregate": "count"}]});
        assert_eq!(total(&narrow, query.clone())[0], "0", "{fact}");
        narrow.post("/pivots/records", json!({"query": query})).expect(403);
    }
}

fn a_cell_opens_the_records_of_its_fact(site: &Site) {
    let founder = site.founder();
    settings(&founder, json!({"warned_classes": ["vip", "major", "ordinary", "small"]}));
    let zhang = one_of_each(site, &founder, "张伟");
    let today = site.app.company(now()).expect("a company").business_date(now()).to_string();
    for (fact, kind, title, state) in [
        ("activities", "interaction", "与张伟", "Call"),
        ("tasks", "task", "为张伟", "Open"),
        ("opportunities", "opportunity", "给张伟", "丢单"),
        ("closed_opportunities", "opportunity", "给张伟", "丢单"),
        ("stage_changes", "opportunity", "给张伟", "丢单"),
        ("warnings", "warning", "张伟", "Open"),
    ] {
        let query = json!({"fact": fact, "rows": [{"field": "customer"}], "measures": [{"aggregate": "count"}]});
        let behind = founder.post("/pivots/records", json!({"query": query, "row": [{"value": zhang}]})).ok(200);
        let one = &behind["items"][0];
        assert_eq!((&one["kind"], &one["title"]), (&json!(kind), &json!(title)), "{behind}");
        assert_eq!((&one["on"], &one["customer"]["id"]), (&json!(today), &zhang), "{fact}");
        assert_eq!((&one["person"]["name"], &behind["next_cursor"]), (&json!("林晓"), &Value::Null), "{fact}");
        if kind != "opportunity" {
            assert_eq!(one["state"], state);
        }
    }
    let sold = json!({"query": {"fact": "orders", "measures": [{"aggregate": "count"}]}, "limit": 1});
    let order = founder.post("/pivots/records", sold).ok(200)["items"][0].clone();
    assert_eq!((&order["kind"], &order["amount"]), (&json!("order"), &yuan("1000.00")));

    // A page at a time; a record with several changes stands there once.
    let more: Vec<String> = (0..3)
        .map(|at| id(&opportunity(&founder, json!({"name": format!("商机{at}"), "customer_id": zhang}))))
        .collect();
    for stage in ["确认需求", "lost"] {
        let to =
            json!({"stage_id": Line::first(&founder).stage(stage), "reason": (stage == "lost").then_some("price")});
        founder.post(&format!("/opportunities/{}/stage", more[0]), to).expect(200);
    }
    let ask = |fact: &str, cursor: &Value| {
        let query = json!({"fact": fact, "measures": [{"aggregate": "count"}]});
        founder.post("/pivots/records", json!({"query": query, "cursor": cursor, "limit": 1})).ok(200)
    };
    for (fact, count) in [("opportunities", 4), ("stage_changes", 2)] {
        let (mut found, mut page) = (Vec::new(), ask(fact, &Value::Null));
        loop {
            found.extend(page["items"].as_array().expect("items").iter().map(id));
            if page["next_cursor"].is_null() {
                break;
            }
            page = ask(fact, &page["next_cursor"]);
        }
        assert_eq!(found.len(), count, "{fact}");
        assert!(found.windows(2).all(|pair| pair[0] > pair[1]), "{fact}: newest first, each once");
    }
}

fn fields_of_the_company_divide(site: &Site) {
    let founder = site.founder();
    let choices = json!([{"key": "s", "label_zh": "小号", "label_en": "Small", "active": true},
        {"key": "l", "label_zh": "大号", "label_en": "Large", "active": true}]);
    for (key, kind, choices) in [("size", "choice", choices), ("vip", "bool", json!([])), ("signed", "date", json!([]))]
    {
        let body = json!({"resource": "customer", "key": key, "label_zh": key, "label_en": key, "type": kind,
            "choices": choices, "required": false, "unique": false, "position": 1, "active": true});
        founder.post("/custom-fields", body).expect(201);
    }
    for (name, custom) in [
        ("王芳", json!({"size": "s", "vip": true, "signed": "2026-01-31"})),
        ("陈静", json!({"size": "s", "vip": false, "signed": "2026-02-01"})),
        ("安宁", json!({"size": "l", "vip": true})),
        ("李娜", json!({})),
    ] {
        let one = founder.post("/customers", json!({"kind": "person", "name": name, "custom": custom})).ok(201);
        founder.post("/interactions", json!({"customer_id": one["id"], "kind": "note", "body": name})).expect(201);
    }
    let by = |axis: Value| json!({"fact": "activities", "rows": [axis], "measures": [{"aggregate": "count"}]});
    let counted = |rows: &[(&str, &str)]| -> Vec<(Value, Value)> {
        rows.iter().map(|(label, count)| (json!(label), json!([count]))).collect()
    };
    for (axis, rows) in [
        (json!({"field": "customer.custom.size"}), [("Small", "2"), ("Large", "1"), ("(none)", "1")].to_vec()),
        (json!({"field": "customer.custom.vip"}), [("No", "1"), ("Yes", "2"), ("(none)", "1")].to_vec()),
        (
            json!({"field": "customer.custom.signed", "grain": "month"}),
            [("2026-01", "1"), ("2026-02", "1"), ("(none)", "2")].to_vec(),
        ),
        (json!({"field": "customer.custom.vip", "top": {"n": 1}}), [("Yes", "2"), ("Others", "2")].to_vec()),
    ] {
        assert_eq!(rows_of(&founder, &by(axis.clone())), counted(&rows), "{axis}");
        let query = by(axis);
        for row in founder.post("/pivots/tables", query.clone()).ok(200)["rows"].as_array().expect("rows") {
            let key = &row["keys"][0];
            let place = json!([{"value": key["value"], "others": key["others"]}]);
            let behind = founder.post("/pivots/records", json!({"query": query, "row": place})).ok(200);
            let (_, count) = rows.iter().find(|(label, _)| key["label"] == *label).expect("a row");
            assert_eq!(behind["items"].as_array().map(|all| all.len().to_string()).as_deref(), Some(*count), "{key}");
        }
    }
}

fn periods_are_days_of_the_business(site: &Site) {
    let founder = site.founder();
    zone_set(&founder, "America/New_York");
    let one = customer(&founder, "王芳");
    // Around midnight of New York at the beginning and the end of a month, in winter and in summer time.
    for at in [
        "2026-02-01T04:59:59Z",
        "2026-02-01T05:00:00Z",
        "2026-03-01T04:59:59Z",
        "2026-03-01T05:00:00Z",
        "2026-04-01T03:59:59Z",
        "2026-04-01T04:00:00Z",
    ] {
        let body = json!({"customer_id": one, "kind": "call", "body": at, "at": at});
        founder.post("/interactions", body).expect(201);
    }
    let months = json!({"fact": "activities", "rows": [{"field": "happened_on", "grain": "month"}],
        "measures": [{"aggregate": "count"}]});
    let counted: Vec<(Value, Value)> = [("2026-01", "1"), ("2026-02", "2"), ("2026-03", "2"), ("2026-04", "1")]
        .map(|(month, count)| (json!(month), json!([count])))
        .into();
    assert_eq!(rows_of(&founder, &months), counted);
    let within = |from: &str, to: &str| {
        total(
            &founder,
            json!({"fact": "activities", "measures": [{"aggregate": "count"}],
            "period": {"from": from, "to": to}}),
        )[0]
        .clone()
    };
    for (from, to, count) in [
        ("2026-02-01", "2026-02-28", "2"),
        ("2026-01-31", "2026-01-31", "1"),
        ("2026-03-31", "2026-04-01", "2"),
        ("2026-04-02", "2026-05-01", "0"),
    ] {
        assert_eq!(within(from, to), count, "{from} – {to}");
    }
    let filtered = json!({"fact": "activities", "measures": [{"aggregate": "count"}],
        "filter": {"field": "happened_on", "op": "lte", "value": "2026-02-28"}});
    assert_eq!(total(&founder, filtered)[0], "3");
    let compared = json!({"fact": "activities", "measures": [{"aggregate": "count", "show": "change"}],
        "rows": [{"field": "happened_on", "grain": "month"}], "compare": "previous_period",
        "period": {"from": "2026-04-01", "to": "2026-04-30"}});
    assert_eq!(rows_of(&founder, &compared), [(json!("2026-04"), json!(["-1"]))]);
    let last = "2026-04-01";
    let query = json!({"fact": "activities", "measures": [{"aggregate": "count"}],
        "period": {"from": last, "to": last}});
    let behind = founder.post("/pivots/records", json!({"query": query})).ok(200);
    assert_eq!(
        (&behind["items"][0]["on"], &behind["items"][0]["title"]),
        (&json!(last), &json!("2026-04-01T04:00:00Z"))
    );
}
