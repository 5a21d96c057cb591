//! Leads and opportunities: one record, moved through stages that ask for something, with a history that answers for any
//! day.

use proptest::prelude::*;
use regulars_tests::receiver::Receiver;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::record::encoded;
use crate::customers::{colleague, home, id, unit};
use crate::exports::exported;
use crate::imports::{counts, import, path_of, perform, upload};
use crate::sales::{customer, yuan};
use crate::webhooks::{endpoint, follow};

both!(
    a_company_begins_with_a_pipeline,
    pipelines_are_kept_by_those_who_may,
    a_lead_becomes_an_opportunity_and_loses_nothing,
    stages_ask_for_what_they_need,
    winning_and_losing_say_why,
    a_plan_moves_its_opportunity,
    lists_and_totals_are_of_what_is_asked,
    history_replays_to_any_moment,
    opportunities_stay_within_their_walls,
    opportunities_go_with_customers_and_people,
    what_is_masked_stays_masked_in_leads,
    they_go_out_in_files_and_to_other_programs,
    they_come_in_files_and_are_taken_back,
    files_fill_custom_fields_too,
);

pub struct Line {
    pub id: String,
    stages: Vec<Value>,
}

impl Line {
    pub fn first(client: &Client) -> Self {
        let line = client.get("/pipelines").ok(200)["items"][0].clone();
        Self { id: id(&line).into(), stages: line["stages"].as_array().expect("stages").clone() }
    }

    pub fn stage(&self, name: &str) -> Value {
        let stage = self.stages.iter().find(|stage| stage["name"] == name || stage["status"] == name);
        stage.expect("a stage")["id"].clone()
    }
}

pub fn opportunity(client: &Client, body: Value) -> Value {
    client.post("/opportunities", body).ok(201)
}

fn me(client: &Client) -> Value {
    client.get("/me").ok(200)["id"].clone()
}

fn place(one: &Value) -> String {
    format!("/opportunities/{}", id(one))
}

fn to(client: &Client, one: &Value, body: Value) -> Value {
    client.post(&format!("{}/stage", place(one)), body).ok(200)
}

fn codes(errors: &Value) -> Vec<&str> {
    errors["errors"].as_array().expect("errors").iter().map(|one| one["code"].as_str().expect("a code")).collect()
}

fn a_company_begins_with_a_pipeline(site: &Site) {
    let founder = site.founder();
    let lines = founder.get("/pipelines").ok(200)["items"].clone();
    assert_eq!(lines.as_array().map(Vec::len), Some(1));
    assert_eq!((&lines[0]["unit"], &lines[0]["active"]), (&Value::Null, &json!(true)));
    let meanings: Vec<&Value> =
        lines[0]["stages"].as_array().expect("stages").iter().map(|stage| &stage["status"]).collect();
    assert_eq!(meanings, ["open", "open", "open", "open", "won", "lost", "dormant"]);
    let made = opportunity(&founder, json!({"name": "Two hundred laptops"}));
    assert_eq!((&made["stage"]["id"], &made["status"]), (&lines[0]["stages"][0]["id"], &json!("open")));
    assert_eq!((&made["amount"], &made["type"]), (&Value::Null, &json!("opportunity")));
    assert_eq!(made["owner"]["name"], founder.get("/me").ok(200)["name"]);
}

fn pipelines_are_kept_by_those_who_may(site: &Site) {
    let founder = site.founder();
    let keeper = colleague(site, "office", "unit_administrator", &home(site));
    let member = colleague(site, "member", "member", &home(site));
    let stages = json!([
        {"name": "Call", "status": "open", "probability": 20},
        {"name": "Won", "status": "won", "probability": 100},
        {"name": "Lost", "status": "lost", "probability": 0},
    ]);
    let body = json!({"name": "Shops", "stages": stages});
    member.post("/pipelines", body.clone()).expect(403);
    assert_eq!(keeper.post("/pipelines", body.clone()).ok(422)["errors"][0]["pointer"], "/unit_id", "the company's");
    let mut own = body;
    own["unit_id"] = keeper.place().0;
    let made = keeper.post("/pipelines", own).ok(201);
    let path = format!("/pipelines/{}", id(&made));
    for (stages, pointer) in [
        (json!([{"name": "Call", "status": "open", "probability": 20}]), "/stages"),
        (json!([{"name": "", "status": "open", "probability": 101}]), "/stages/0/name"),
        (json!([{"id": uuid::Uuid::now_v7(), "name": "A", "status": "open", "probability": 1}]), "/stages/0/id"),
    ] {
        assert_eq!(keeper.patch(&path, &json!(1), json!({"stages": stages})).ok(422)["errors"][0]["pointer"], pointer);
    }
    let one = opportunity(&member, json!({"name": "A shop", "pipeline_id": made["id"]}));
    assert_eq!(one["stage"]["name"], "Call");
    let mut fewer = made["stages"].as_array().expect("stages").clone();
    fewer[0]["id"] = Value::Null;
    let gone = keeper.patch(&path, &json!(1), json!({"stages": fewer})).expect(409);
    assert_eq!(gone.json()["code"], "stage_occupied");
    assert_eq!(keeper.delete(&path, &json!(1)).expect(409).json()["code"], "in_use");
    to(&member, &one, json!({"stage_id": made["stages"][2]["id"], "reason": "price"}));
    let changed = keeper.patch(&path, &json!(1), json!({"stages": fewer, "name": "Stores"})).ok(200);
    assert_eq!((&changed["name"], changed["stages"].as_array().map(Vec::len)), (&json!("Stores"), Some(3)));
    assert_ne!(changed["stages"][0]["id"], made["stages"][0]["id"]);
    let history = member.get(&format!("{}/history", place(&one))).ok(200)["items"].clone();
    assert_eq!(history[1]["stage"]["name"], "Call", "what was taken out keeps its name");
    let unused = founder.post("/pipelines", json!({"name": "Unused", "stages": stages})).ok(201);
    founder.delete(&format!("/pipelines/{}", id(&unused)), &json!(1)).expect(204);
}

fn a_lead_becomes_an_opportunity_and_loses_nothing(site: &Site) {
    let founder = site.founder();
    let lead = json!({"name": "A call from the fair", "type": "lead", "lead_company": "Sunrise", "lead_person": "Lin",
        "lead_phone": "138 0013 8000", "lead_email": "Lin@Example.com", "source": "event",
        "notes": [{"kind": "need", "text": "Fast delivery"}]});
    let lead = opportunity(&founder, lead);
    assert_eq!((&lead["lead_phone"], &lead["customer"]), (&json!("+8613800138000"), &Value::Null));
    let path = format!("{}/qualification", place(&lead));
    assert_eq!(founder.post(&path, json!({})).ok(422)["errors"][0]["pointer"], "/customer_id");
    let nameless = json!({"customer": {"kind": "person", "name": ""}});
    assert_eq!(founder.post(&path, nameless).ok(422)["errors"][0]["pointer"], "/customer/name");
    let done = founder.post(&path, json!({"customer": {"kind": "organization", "name": "Sunrise Ltd."}})).ok(200);
    assert_eq!((&done["type"], &done["customer"]["name"]), (&json!("opportunity"), &json!("Sunrise Ltd.")));
    for member in ["id", "lead_phone", "lead_person", "source", "notes", "stage"] {
        assert_eq!(done[member], lead[member], "{member}");
    }
    assert_eq!(founder.post(&path, json!({})).expect(409).json()["code"], "wrong_state");
    let back = founder.patch(&place(&done), &done["version"], json!({"type": "lead"})).ok(422);
    assert_eq!(back["errors"][0]["code"], "fixed");
    let timeline = founder.get(&format!("/customers/{}/timeline", id(&done["customer"]))).ok(200)["items"].clone();
    let titles: Vec<&Value> = timeline.as_array().expect("items").iter().map(|one| &one["title"]).collect();
    assert!(titles.contains(&&json!("Lead qualified")), "{titles:?}");

    let known = customer(&founder, "张伟");
    let second = opportunity(&founder, json!({"name": "Another", "type": "lead"}));
    let path = format!("{}/qualification", place(&second));
    assert_eq!(founder.post(&path, json!({"customer_id": known})).ok(200)["customer"]["id"], known);
}

fn stages_ask_for_what_they_need(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let lead = opportunity(&founder, json!({"name": "A", "type": "lead"}));
    let path = format!("{}/stage", place(&lead));
    let refused = founder.post(&path, json!({"stage_id": line.stage("商务谈判")})).ok(422);
    assert_eq!(codes(&refused), ["stage_needs_customer", "stage_needs_amount", "stage_needs_expected_close"]);
    assert_eq!(refused["errors"][1]["pointer"], "/amount");
    let direct = json!({"name": "B", "stage_id": line.stage("方案报价")});
    assert_eq!(codes(&founder.post("/opportunities", direct).ok(422)).len(), 3, "nobody begins there either");
    let full = json!({"type": "opportunity", "customer_id": customer(&founder, "A"), "amount": yuan("1000.00"),
        "expected_close": "2030-01-31",
        "steps": [{"title": "Visit", "required": true}, {"title": "Dinner"}]});
    let full = founder.patch(&place(&lead), &json!(1), full).ok(200);
    let refused = founder.post(&path, json!({"stage_id": line.stage("商务谈判")})).ok(422);
    assert_eq!(codes(&refused), ["stage_needs_steps"]);
    assert!(refused["errors"][0]["detail"].as_str().is_some_and(|text| text.contains("Visit")), "{refused}");
    let mut steps = full["steps"].as_array().expect("steps").clone();
    let written = |step: &Value, status: &str| json!({"id": step["id"], "title": step["title"], "required": step["required"], "status": status});
    steps[0] = written(&steps[0], "done");
    steps[1] = written(&steps[1], "open");
    let done = founder.patch(&place(&lead), &json!(2), json!({"steps": steps})).ok(200);
    assert!(done["steps"][0]["done_at"].is_string() && done["steps"][1]["done_at"].is_null());
    let there = to(&founder, &lead, json!({"stage_id": line.stage("商务谈判")}));
    assert_eq!((&there["weighted"], &there["stage"]["name"]), (&yuan("750.00"), &json!("商务谈判")));
    let back = to(&founder, &lead, json!({"stage_id": line.stage("新线索")}));
    assert_eq!(back["stage"]["name"], "新线索", "back is a move too");
    let history = founder.get(&format!("{}/history", place(&lead))).ok(200)["items"].clone();
    let names: Vec<&Value> = history.as_array().expect("items").iter().map(|one| &one["stage"]["name"]).collect();
    assert_eq!(names, ["新线索", "商务谈判", "新线索", "新线索"], "the amount came in the first stage");
    let elsewhere = founder.post(&path, json!({"stage_id": uuid::Uuid::now_v7()})).ok(422);
    assert_eq!(elsewhere["errors"][0]["pointer"], "/stage_id");
    let patched = founder.patch(&place(&lead), &back["version"], json!({"stage_id": line.stage("won")})).ok(422);
    assert_eq!(patched["errors"][0]["code"], "stage_by_move");
}

fn winning_and_losing_say_why(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let one = opportunity(&founder, json!({"name": "A", "customer_id": customer(&founder, "A")}));
    let path = format!("{}/stage", place(&one));
    let won = founder.post(&path, json!({"stage_id": line.stage("won")})).ok(422);
    let pointers: Vec<&Value> = won["errors"].as_array().expect("errors").iter().map(|one| &one["pointer"]).collect();
    assert_eq!(pointers, ["/reason", "/amount"]);
    for (reason, stage) in [("nonsense", "won"), ("no_decision", "won"), ("price", "dormant")] {
        let refused =
            founder.post(&path, json!({"stage_id": line.stage(stage), "reason": reason, "amount": yuan("5")}));
        assert_eq!(refused.ok(422)["errors"][0]["pointer"], "/reason", "{reason}");
    }
    let lost =
        json!({"stage_id": line.stage("lost"), "reason": "competitor", "competitor": " Sunrise ", "remark": "Late"});
    let lost = to(&founder, &one, lost);
    assert_eq!((&lost["status"], &lost["competitor"]), (&json!("lost"), &json!("Sunrise")));
    assert!(lost["closed_at"].is_string());
    let again = to(&founder, &one, json!({"stage_id": line.stage("新线索")}));
    assert_eq!(
        (&again["reason"], &again["competitor"], &again["closed_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let won = json!({"stage_id": line.stage("won"), "reason": "service", "amount": yuan("1234.50")});
    let won = to(&founder, &one, won);
    assert_eq!((&won["amount"], &won["reason"]), (&yuan("1234.50"), &json!("service")));
    let history = founder.get(&format!("{}/history", place(&one))).ok(200)["items"].clone();
    assert_eq!((&history[2]["reason"], &history[2]["remark"]), (&json!("competitor"), &json!("Late")));
    let figures = founder.get(&format!("/pipelines/{}/figures", line.id)).ok(200);
    assert_eq!(figures["outcomes"].as_array().map(Vec::len), Some(1), "what was taken up again was not lost");
    assert_eq!(figures["win_rate"], json!(1.0));
    let entries = founder.get("/dictionaries/win_reason/entries").ok(200);
    let used = entries["items"].as_array().expect("entries").iter().find(|entry| entry["key"] == "service");
    let used = used.expect("an entry");
    let gone = founder.delete(&format!("/dictionary-entries/{}", id(used)), &used["version"]);
    assert_eq!(gone.expect(409).json()["code"], "in_use");
}

fn a_plan_moves_its_opportunity(site: &Site) {
    let founder = site.founder();
    let one = opportunity(&founder, json!({"name": "A", "customer_id": customer(&founder, "A")}));
    let end = format!("{}/plan-end", place(&one));
    assert_eq!(founder.post(&end, json!({"outcome": "success"})).expect(409).json()["code"], "plan_empty");
    let plan = json!({"steps": [{"title": "Visit", "required": true}, {"title": "Sample", "due_on": "2030-01-01"}]});
    let planned = founder.patch(&place(&one), &json!(1), plan).ok(200);
    assert_eq!(codes(&founder.post(&end, json!({"outcome": "success"})).ok(422)), ["stage_needs_steps"]);
    let step = &planned["steps"][0];
    let done = json!([{"id": step["id"], "title": "Visit", "required": true, "status": "done", "result": "Liked it"},
        {"id": planned["steps"][1]["id"], "title": "Sample", "due_on": "2030-01-01"}]);
    founder.patch(&place(&one), &json!(2), json!({"steps": done})).expect(200);
    let gone_on = founder.post(&end, json!({"outcome": "success"})).ok(200);
    assert_eq!((&gone_on["stage"]["name"], &gone_on["plan_outcome"]), (&json!("确认需求"), &json!("success")));
    assert_eq!(gone_on["steps"][1]["status"], "dropped");
    assert_eq!(founder.post(&end, json!({"outcome": "stop"})).ok(422)["errors"][0]["pointer"], "/reason");
    let stopped = founder.post(&end, json!({"outcome": "stop", "reason": "budget"})).ok(200);
    assert_eq!((&stopped["status"], &stopped["plan_outcome"]), (&json!("lost"), &json!("stop")));
}

fn lists_and_totals_are_of_what_is_asked(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let guest = customer(&founder, "张伟");
    for (name, amount, more) in [
        ("Small", "10.00", json!({"source": "event"})),
        ("Large", "1000.00", json!({"competitors": ["Sunrise"], "customer_id": guest})),
        ("Middle", "100.00", json!({"type": "lead", "lead_company": "Moonlight"})),
    ] {
        let mut body = json!({"name": name, "amount": yuan(amount)});
        body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
        opportunity(&founder, body);
    }
    let names = |query: &str| -> Vec<String> {
        let page = founder.get(&format!("/opportunities?{query}")).ok(200);
        let items = page["items"].as_array().expect("items").iter();
        items.map(|one| one["name"].as_str().expect("a name").to_string()).collect()
    };
    assert_eq!(names("sort=-amount"), ["Large", "Middle", "Small"]);
    assert_eq!(names("sort=amount&limit=1"), ["Small"]);
    assert_eq!(names("filter[type]=lead"), ["Middle"]);
    assert_eq!(names("filter[amount][gte]=100&sort=name"), ["Large", "Middle"]);
    assert_eq!(names("filter[competitor]=Sunrise"), ["Large"]);
    assert_eq!(names("q=moon"), ["Middle"]);
    assert_eq!(names("q=zhangw"), Vec::<String>::new(), "names are read word by word");
    assert_eq!(names(&format!("filter[customer]={}", guest.as_str().expect("an id"))), ["Large"]);
    let stage = line.stage("新线索");
    assert_eq!(names(&format!("filter[stage]={}&sort=-amount", stage.as_str().expect("an id"))).len(), 3);
    let both = json!({"all": [{"field": "source", "op": "eq", "value": "event"}, {"field": "status", "op": "eq", "value": "open"}]});
    assert_eq!(names(&format!("filter={}", encoded(&both))), ["Small"]);
    let totals = founder.get("/opportunity-totals").ok(200)["items"].clone();
    assert_eq!(totals, json!([{"stage_id": stage, "count": 3, "amount": yuan("1110.00"), "weighted": yuan("111.00")}]));
    let totals = founder.get("/opportunity-totals?filter[type]=lead").ok(200)["items"].clone();
    assert_eq!(totals[0]["amount"], yuan("100.00"));
    let fields = founder.get("/condition-fields?resource=opportunities").ok(200)["items"].clone();
    let stages = fields.as_array().expect("fields").iter().find(|field| field["field"] == "stage").expect("a field");
    assert_eq!(stages["options"].as_array().map(Vec::len), Some(7));
    for (body, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"name": "A", "owner_id": uuid::Uuid::now_v7()}), "/owner_id"),
        (json!({"name": "A", "source": "nowhere"}), "/source"),
        (json!({"name": "A", "amount": {"amount": "5.00", "currency": "USD"}}), "/exchange_rate"),
        (json!({"name": "A", "lead_email": "nobody"}), "/lead_email"),
        (json!({"name": "A", "reason": "price"}), "/reason"),
        (json!({"name": "A", "contacts": [{"customer_id": uuid::Uuid::now_v7()}]}), "/contacts/0/customer_id"),
        (json!({"name": "A", "notes": [{"kind": "wish", "text": "A"}]}), "/notes/0/kind"),
    ] {
        assert_eq!(founder.post("/opportunities", body).ok(422)["errors"][0]["pointer"], pointer);
    }
    let foreign = json!({"name": "Abroad", "amount": {"amount": "10.00", "currency": "USD"}, "exchange_rate": "7.1"});
    assert_eq!(opportunity(&founder, foreign)["amount_base"], yuan("71.00"));
}

/// What anybody may do to an opportunity.
#[derive(Debug, Clone)]
enum Deed {
    Move(usize),
    Worth(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![(0usize..7).prop_map(Deed::Move), (1i64..1_000).prop_map(Deed::Worth)];
    proptest::collection::vec(deed, 1..12)
}

/// After every deed the figures of that moment are kept; told from history for the same moments, they are the same.
fn history_replays_to_any_moment(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let guest = customer(&founder, "A");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 6, ..ProptestConfig::default() });
    let told = runner.run(&deeds(), |deeds| {
        let body = json!({"name": "A", "customer_id": guest, "amount": yuan("10.00"), "expected_close": "2030-01-01"});
        let mut one = opportunity(&founder, body);
        let mut stood = vec![(one["stage"]["id"].clone(), one["amount_base"].clone())];
        for deed in deeds {
            one = match deed {
                Deed::Move(at) => {
                    let stage = &line.stages[at];
                    let closed = ["won", "lost"].contains(&stage["status"].as_str().expect("a status"));
                    let reason = closed.then_some("price");
                    to(&founder, &one, json!({"stage_id": stage["id"], "reason": reason}))
                }
                Deed::Worth(yuans) => {
                    let amount = json!({"amount": yuan(&format!("{yuans}.00"))});
                    founder.patch(&place(&one), &one["version"], amount).ok(200)
                }
            };
            let now = (one["stage"]["id"].clone(), one["amount_base"].clone());
            if stood.last() != Some(&now) {
                stood.push(now);
            }
        }
        let history = founder.get(&format!("{}/history", place(&one))).ok(200)["items"].clone();
        let mut lines = history.as_array().expect("items").clone();
        lines.reverse();
        let replayed: Vec<(Value, Value)> =
            lines.iter().map(|row| (row["stage"]["id"].clone(), row["amount"].clone())).collect();
        prop_assert_eq!(&replayed, &stood);
        for (row, next) in lines.iter().zip(lines.iter().skip(1)) {
            prop_assert_eq!(&row["until"], &next["at"], "no gap and no overlap");
            prop_assert_eq!(&next["from_stage"]["id"], &row["stage"]["id"]);
        }
        prop_assert!(lines.last().is_some_and(|last| last["until"].is_null()));
        let figures = founder.get(&format!("/pipelines/{}/figures", line.id)).ok(200);
        let totals = founder.get("/opportunity-totals").ok(200)["items"].clone();
        for total in totals.as_array().expect("totals") {
            let stages = figures["stages"].as_array().expect("stages");
            let stage = stages.iter().find(|stage| stage["stage"]["id"] == total["stage_id"]).expect("a stage");
            prop_assert_eq!((&stage["count"], &stage["amount"]), (&total["count"], &total["amount"]));
        }
        Ok(())
    });
    told.expect("history replays");
    let ago = founder.get(&format!("/pipelines/{}/figures?as_of=2020-01-01", line.id)).ok(200);
    assert!(
        ago["stages"].as_array().expect("stages").iter().all(|stage| stage["count"] == 0),
        "nothing stood there then"
    );
    let turned = founder.get(&format!("/pipelines/{}/figures?as_of=2020-01-01&since=2021-01-01", line.id));
    assert_eq!(turned.ok(422)["errors"][0]["pointer"], "since");
}

fn opportunities_stay_within_their_walls(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let (other, department) = unit(site, "Elsewhere", "E");
    let head = colleague(site, "head", "unit_head", &home(site));
    let member = colleague(site, "member", "member", &home(site));
    let mate = colleague(site, "mate", "member", &home(site));
    let stranger = colleague(site, "stranger", "unit_administrator", &department);
    let one = opportunity(&member, json!({"name": "Mine", "amount": yuan("5.00")}));
    for (client, sees) in [(&member, true), (&head, true), (&founder, true), (&mate, false), (&stranger, false)] {
        assert_eq!(client.get(&place(&one)).status, if sees { 200 } else { 404 });
        assert_eq!(client.get(&format!("{}/history", place(&one))).status, if sees { 200 } else { 404 });
        let many = usize::from(sees);
        assert_eq!(client.get("/opportunities").ok(200)["items"].as_array().map(Vec::len), Some(many));
        assert_eq!(client.get("/opportunity-totals").ok(200)["items"].as_array().map(Vec::len), Some(many));
        let figures = client.get(&format!("/pipelines/{}/figures", line.id)).ok(200);
        assert_eq!(figures["stages"][0]["count"], json!(many));
        let step = client.post(&format!("{}/stage", place(&one)), json!({"stage_id": line.stage("新线索")}));
        assert_eq!(step.status, if sees { 200 } else { 404 });
    }
    let theirs = json!({"name": "Theirs", "unit_id": other, "stages": [
        {"name": "A", "status": "open", "probability": 1}, {"name": "B", "status": "won", "probability": 100},
        {"name": "C", "status": "lost", "probability": 0}]});
    let theirs = founder.post("/pipelines", theirs).ok(201);
    assert_eq!(member.get(&format!("/pipelines/{}", id(&theirs))).status, 404);
    let put = member.post("/opportunities", json!({"name": "A", "pipeline_id": theirs["id"]})).ok(422);
    assert_eq!(put["errors"][0]["pointer"], "/pipeline_id");
    let reader = colleague(site, "reader", "auditor", &home(site));
    reader.get(&place(&one)).expect(200);
    reader.post("/opportunities", json!({"name": "A"})).expect(403);
}

fn opportunities_go_with_customers_and_people(site: &Site) {
    let founder = site.founder();
    let line = Line::first(&founder);
    let (other, department) = unit(site, "Elsewhere", "E");
    let there = colleague(site, "there", "unit_administrator", &department);
    let member = colleague(site, "member", "member", &home(site));
    let guest = customer(&member, "A");
    let one = opportunity(
        &member,
        json!({"name": "A", "customer_id": guest, "amount": yuan("5.00"),
        "steps": [{"title": "Visit", "owner_id": me(&member)}]}),
    );
    let heir = colleague(site, "heir", "member", &home(site));
    let mine = founder.place().0;
    let heirs = ["customers", "opportunities", "plan_steps"]
        .map(|kind| json!({"kind": kind, "unit_id": mine, "user_id": me(&heir)}));
    founder
        .post(&format!("/users/{}/handover", me(&member).as_str().expect("an id")), json!({"heirs": heirs}))
        .expect(202);
    regulars_app::jobs::runner::jobs_run_due(&site.app).expect("work");
    let given = heir.get(&place(&one)).ok(200);
    assert_eq!((&given["owner"]["name"], &given["steps"][0]["owner"]["name"]), (&json!("heir"), &json!("heir")));
    assert_eq!(heir.get(&format!("/pipelines/{}/figures", line.id)).ok(200)["stages"][0]["count"], 1);
    assert_eq!(member.get(&format!("/pipelines/{}/figures", line.id)).ok(200)["stages"][0]["count"], 0);

    let twin = customer(&founder, "A");
    let contact = opportunity(&founder, json!({"name": "B", "contacts": [{"customer_id": guest, "role": "buyer"}]}));
    let merge = json!({"other_id": guest, "version": 1, "other_version": 2});
    founder.post(&format!("/customers/{}/merges", twin.as_str().expect("an id")), merge).expect(201);
    assert_eq!(heir.get(&place(&one)).ok(200)["customer"]["id"], twin);
    assert_eq!(founder.get(&place(&contact)).ok(200)["contacts"][0]["customer"]["id"], twin);

    let moved = format!("/customers/{}/transfer", twin.as_str().expect("an id"));
    founder.post(&moved, json!({"unit_id": other, "owner_id": me(&there)})).expect(200);
    assert_eq!(heir.get(&place(&one)).status, 404, "the old unit loses sight");
    assert_eq!(there.get(&place(&one)).ok(200)["unit"]["id"], json!(other));
    assert_eq!(there.get(&format!("/pipelines/{}/figures", line.id)).ok(200)["stages"][0]["count"], 1);
}

fn what_is_masked_stays_masked_in_leads(site: &Site) {
    let founder = site.founder();
    let permissions = ["customers:customer:read", "sales:opportunity:read", "sales:opportunity:write"];
    let role = json!({"name": "Clerk", "permissions": permissions, "masks": ["phone", "email"],
        "scopes": {"customer": "unit", "opportunity": "unit"}});
    let role = founder.post("/roles", role).ok(201)["id"].clone();
    founder.user_new("clerk", &founder.place().1, &[&role]);
    let clerk = site.sign_in("clerk");
    let lead = json!({"name": "A", "type": "lead", "lead_phone": "13800138000", "lead_email": "lin@example.com"});
    let lead = opportunity(&founder, lead);
    let seen = clerk.get(&place(&lead)).ok(200);
    assert_eq!((&seen["lead_phone"], &seen["lead_email"]), (&json!("138****8000"), &json!("l***@example.com")));
    let saved = clerk.patch(&place(&lead), &json!(1), json!({"name": "B", "lead_phone": seen["lead_phone"]})).ok(200);
    assert_eq!(saved["name"], "B");
    let kept = founder.get(&place(&lead)).ok(200);
    assert_eq!((&kept["lead_phone"], &kept["lead_email"]), (&lead["lead_phone"], &lead["lead_email"]));
    let refused = clerk.patch(&place(&lead), &json!(2), json!({"lead_phone": "13900139000"})).ok(422);
    assert_eq!(refused["errors"][0]["code"], "field_masked");
}

fn they_go_out_in_files_and_to_other_programs(site: &Site) {
    let (founder, receiver) = (site.founder(), Receiver::start());
    let webhook = endpoint(&founder, &receiver);
    let field =
        json!({"resource": "opportunity", "key": "budget", "label_zh": "预算", "label_en": "Budget", "type": "number"});
    founder.post("/custom-fields", field).expect(201);
    let line = Line::first(&founder);
    let one = json!({"name": "Laptops", "customer_id": customer(&founder, "Sunrise"), "amount": yuan("1234.50"),
        "custom": {"budget": 7}});
    let one = opportunity(&founder, one);
    to(&founder, &one, json!({"stage_id": line.stage("lost"), "reason": "price"}));
    follow(site);
    let told: Vec<Value> = receiver.taken().iter().map(|one| one.json()).collect();
    let kinds: Vec<&Value> = told.iter().map(|one| &one["type"]).filter(|kind| *kind != "customer.created").collect();
    assert_eq!(kinds, ["opportunity.created", "opportunity.updated"], "{webhook}");
    let last = &told[told.len() - 1]["data"];
    assert_eq!(last["opportunity"], founder.get(&place(&one)).ok(200), "as its owner reads it");

    let filter = json!({"field": "status", "op": "eq", "value": "lost"});
    let (_, file) = exported(
        site,
        &founder,
        json!({"resource": "opportunities", "format": "csv", "filter": filter,
        "columns": ["name", "customer", "stage", "amount", "custom.budget"]}),
    );
    let text = String::from_utf8(file).expect("UTF-8");
    assert_eq!(text.lines().nth(1), Some("Laptops,Sunrise,输单,1234.50,7.0"), "{text}");
    let (_, whole) = exported(site, &founder, json!({"resource": "opportunities", "format": "csv"}));
    assert_eq!(String::from_utf8(whole).expect("UTF-8").lines().count(), 3, "a heading, a row, who took it");
    let other = colleague(site, "other", "member", &home(site));
    founder.post(&format!("{}/stage", place(&one)), json!({"stage_id": line.stage("新线索")})).expect(200);
    assert_eq!(other.get("/opportunities").ok(200)["items"], json!([]), "a file holds what its taker sees");
}

fn files_fill_custom_fields_too(site: &Site) {
    let founder = site.founder();
    let field = |key: &str, kind: &str, required: bool| {
        let mut body = json!({"resource": "opportunity", "key": key, "type": kind, "label_zh": key, "label_en": key,
            "required": required});
        if kind == "choice" {
            body["choices"] = json!([{"key": "north", "label_zh": "北区", "label_en": "North"}]);
        }
        founder.post("/custom-fields", body).expect(201);
    };
    field("seats", "number", false);
    field("region", "choice", true);
    let text = "名称,线索公司,seats,region\nLaptops,Moon Ltd,40,北区\nChairs,Moon Ltd,many,北区\n\
        Desks,Moon Ltd,4,\nLamps,Moon Ltd,4,月球\n";
    let done = import(site, &founder, "opportunities", text);
    assert_eq!(counts(&done), [4, 1, 0, 0, 3], "{done}");
    let refused = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    let faults: Vec<[Value; 2]> = refused["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| [row["errors"][0]["column"].clone(), row["errors"][0]["code"].clone()])
        .collect();
    assert_eq!(faults[1], [json!("region"), json!("required")], "{refused}");
    assert_eq!(
        (&faults[0][0], &faults[2]),
        (&json!("seats"), &[json!("region"), json!("unknown_choice")]),
        "{refused}"
    );
    let made = founder.get("/opportunities?q=Laptops").ok(200)["items"][0].clone();
    assert_eq!(made["custom"], json!({"seats": 40.0, "region": "north"}), "{made}");
    perform(site, &founder, &done, "undo");
    assert_eq!(founder.get("/opportunities").ok(200)["items"], json!([]));
}

fn they_come_in_files_and_are_taken_back(site: &Site) {
    let founder = site.founder();
    founder.post("/customers", json!({"kind": "organization", "name": "Sunrise", "code": "C001"})).expect(201);
    let text = "名称,客户名称,线索公司,电话,阶段,金额,预计成交,原因\n\
        Laptops,Sunrise,,,方案报价,\"12,000\",2030-01-31,\nAsked by phone,,Moon Ltd,13800138000,,,,\n\
        Gone,Sunrise,,,输单,500,,价格\nToo early,Sunrise,,,商务谈判,,,\nNowhere,Sunrise,,,月球,,,\n\
        Nobody's,Moonrise,,,,,,\nAsked by phone,,Moon Ltd,138 0013 8000,,,,\n";
    let uploaded = upload(&founder, "opportunities", "deals.csv", text.as_bytes());
    let checked = perform(site, &founder, &uploaded, "check");
    assert_eq!(counts(&checked), [7, 3, 0, 1, 3], "{checked}");
    assert_eq!(founder.get("/opportunities").ok(200)["items"], json!([]), "a check stores nothing");
    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(counts(&done), [7, 3, 0, 1, 3], "{done}");
    let refused = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    let codes: Vec<Value> =
        refused["items"].as_array().expect("rows").iter().map(|row| row["errors"][0]["code"].clone()).collect();
    assert_eq!(codes, ["stage_needs_amount", "unknown_choice", "customer_unknown"], "{refused}");
    assert_eq!(refused["items"][0]["errors"][0]["column"], "金额");
    let named =
        |name: &str| founder.get(&format!("/opportunities?q={}", name.replace(" ", "%20"))).ok(200)["items"][0].clone();
    let laptops = named("Laptops");
    assert_eq!((&laptops["amount"], &laptops["stage"]["name"]), (&yuan("12000.00"), &json!("方案报价")));
    assert_eq!((&laptops["customer"]["name"], &laptops["type"]), (&json!("Sunrise"), &json!("opportunity")));
    let asked = named("Asked by phone");
    assert_eq!((&asked["type"], &asked["lead_phone"]), (&json!("lead"), &json!("+8613800138000")));
    assert_eq!((&named("Gone")["status"], &named("Gone")["reason"]), (&json!("lost"), &json!("price")));
    assert_eq!(counts(&import(site, &founder, "opportunities", text)), [7, 0, 0, 4, 3], "what is there already stays");
    let path = place(&laptops);
    founder.patch(&path, &laptops["version"], json!({"remarks": "Call again"})).expect(200);
    assert_eq!(perform(site, &founder, &done, "undo")["status"], "undone");
    let left = founder.get("/opportunities").ok(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "what was changed since stays: {left}");
    assert_eq!(left["items"][0]["id"], laptops["id"]);
}
