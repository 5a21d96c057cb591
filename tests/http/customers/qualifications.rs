//! Taking on customers in steps: nobody gets a code before the criteria are met, the surveys passed, the proposal approved
//! by those who are named, and the contracts on file.

use chrono::{DateTime, Utc};
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{colleague, home, id, names, path, unit};
use crate::imports::{counts, import, path_of, perform, upload};

both!(
    a_prospect_becomes_a_customer_in_steps,
    refused_with_a_reason_and_proposed_again,
    four_eyes_and_named_people_only,
    no_code_by_any_other_way,
    walls_stand_before_qualifications,
    templates_are_kept_by_those_who_may,
    lists_and_conditions_know_how_far_it_is,
    merges_lose_no_code_and_no_qualification,
);

fn template_body(approvals: Value) -> Value {
    json!({"name": "Dealers", "required": true, "definition": {
        "criteria": [{"label": "Licence is valid", "required": true}, {"label": "Own shop"}],
        "steps": [{"label": "Desk survey", "guidance": "Register, accounts"}, {"label": "Site survey"}],
        "contracts": [{"label": "Trade contract", "required": true}, {"label": "Quality contract", "required": true}],
        "approvals": approvals}})
}

fn role(founder: &Client, key: &str) -> Value {
    founder.role(key)
}

/// A company whose new customers are approved by a head of unit first, by an executive then.
fn asked(site: &Site) -> Value {
    let founder = site.founder();
    let approvals = json!([
        {"label": "Head of the unit", "role_ids": [role(&founder, "unit_head")]},
        {"label": "Management", "role_ids": [role(&founder, "executive")]}]);
    founder.post("/qualification-templates", template_body(approvals)).ok(201)
}

fn at(row: &Value, tail: &str) -> String {
    format!("/qualifications/{}{tail}", id(row))
}

fn start(client: &Client, customer: &Value, template: &Value) -> Value {
    client.post(&format!("{}/qualifications", path(customer)), json!({"template_id": template["id"]})).ok(201)
}

fn fill(client: &Client, row: &Value, body: Value) -> Value {
    client.patch(&at(row, ""), &row["version"], body).ok(200)
}

fn act(client: &Client, row: &Value, verb: &str) -> Value {
    client.post(&at(row, verb), json!({"version": row["version"]})).ok(200)
}

fn decide(client: &Client, row: &Value, approve: bool, note: &str) -> Value {
    let body = json!({"version": row["version"], "approve": approve, "note": note});
    client.post(&at(row, "/decision"), body).ok(200)
}

fn prospect(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({"kind": "organization", "name": name})).ok(201)
}

/// Everything found, nothing proposed yet.
fn ready(client: &Client, customer: &Value, template: &Value) -> Value {
    let row = start(client, customer, template);
    let said = json!({"criteria": {"c1": {"met": true}}, "steps": {"s1": {"passed": true}, "s2": {"passed": true}},
        "proposal": {"reasons": "Twelve shops"}});
    fill(client, &row, said)
}

fn attach(client: &Client, row: &Value, kind: &str) {
    let address = format!("/attachments?subject_type=qualification&subject_id={}&name={kind}.pdf&kind={kind}", id(row));
    client.send_bytes("POST", &address, b"%PDF-1.7\n", &[]).expect(201);
}

fn gaps(row: &Value) -> Vec<(&str, &str)> {
    let list = row["gaps"].as_array().expect("gaps").iter();
    list.map(|gap| (gap["kind"].as_str().unwrap_or(""), gap["key"].as_str().unwrap_or(""))).collect()
}

fn waiting(client: &Client) -> usize {
    client.get("/qualifications/waiting").ok(200)["items"].as_array().expect("a list").len()
}

fn a_prospect_becomes_a_customer_in_steps(site: &Site) {
    let founder = site.founder();
    let template = asked(site);
    let seller = colleague(site, "seller", "member", &home(site));
    let head = colleague(site, "head", "unit_head", &home(site));
    let boss = colleague(site, "boss", "executive", &home(site));
    let shop = prospect(&seller, "青禾商行");
    assert_eq!((&shop["code"], &shop["status"]), (&Value::Null, &json!("lead")));
    let row = start(&seller, &shop, &template);
    assert_eq!(row["status"], "open");
    assert_eq!(gaps(&row), [("criterion", "c1"), ("step", "s1"), ("step", "s2"), ("reasons", "")]);
    let early = seller.post(&at(&row, "/proposal"), json!({"version": row["version"]})).ok(422);
    assert_eq!(early["errors"].as_array().expect("errors").len(), 4);
    let jump = seller.patch(&at(&row, ""), &row["version"], json!({"steps": {"s2": {"passed": true}}})).ok(422);
    assert_eq!(jump["errors"][0]["code"], "step_out_of_turn");
    let unknown = seller.patch(&at(&row, ""), &row["version"], json!({"criteria": {"zz": {"met": true}}}));
    assert_eq!(unknown.ok(422)["errors"][0]["code"], "unknown_field");

    let row = fill(&seller, &row, json!({"criteria": {"c1": {"met": true, "note": "until 2030"}}}));
    assert_eq!(row["criteria"][0]["found"]["by"]["name"], "seller");
    let row = fill(&founder, &row, json!({"steps": {"s1": {"passed": true, "findings": "Sound"}}}));
    assert_eq!((&row["steps"][0]["found"]["by"]["name"], &row["steps"][1]["found"]), (&json!("林晓"), &Value::Null));
    assert!(row["steps"][0]["on"].is_string(), "today when nothing is said");
    let row = fill(&seller, &row, json!({"steps": {"s2": {"passed": true, "findings": "200 m²"}}}));
    let deal = json!({"reasons": "Twelve shops", "first_deal": "200 fridges",
        "first_deal_amount": {"amount": "300000.00", "currency": "CNY"}});
    let row = fill(&seller, &row, json!({ "proposal": deal }));
    assert_eq!(gaps(&row), []);
    assert_eq!((waiting(&head), waiting(&boss)), (0, 0));
    let row = act(&seller, &row, "/proposal");
    assert_eq!((&row["status"], &row["stage"]), (&json!("proposed"), &json!(0)));
    seller.patch(&at(&row, ""), &row["version"], json!({"proposal": {"reasons": "x"}})).expect(409);
    assert_eq!((waiting(&head), waiting(&boss), waiting(&seller)), (1, 0, 0));
    let row = decide(&head, &row, true, "");
    assert_eq!((&row["status"], &row["stage"], waiting(&head), waiting(&boss)), (&json!("proposed"), &json!(1), 0, 1));
    let row = decide(&boss, &row, true, "Welcome");
    assert_eq!((&row["status"], gaps(&row)), (&json!("approved"), vec![("contract", "d1"), ("contract", "d2")]));
    assert_eq!(founder.get(&path(&shop)).ok(200)["code"], Value::Null, "not before the contracts");
    attach(&seller, &row, "d1");
    let half = seller.post(&at(&row, "/completion"), json!({"version": row["version"]})).ok(422);
    assert_eq!(half["errors"][0]["pointer"], "/contracts/d2");
    attach(&seller, &row, "d2");
    let row = act(&seller, &row, "/completion");
    assert_eq!(row["status"], "qualified");
    let now = founder.get(&path(&shop)).ok(200);
    assert_eq!(
        (&now["code"], &now["status"], &now["qualification"]),
        (&json!("C-01-000001"), &json!("customer"), &json!("qualified"))
    );
    assert_eq!(names(&founder.get("/search?q=C-01-000001").ok(200)["customers"]), ["青禾商行"]);
    let listed = founder.get(&format!("/attachments?subject_type=qualification&subject_id={}", id(&row))).ok(200);
    let paper = &listed["items"][0];
    founder.delete(&format!("/attachments/{}", id(paper)), &paper["version"]).expect(409);
    let titles: Vec<Value> =
        founder.all(&format!("{}/timeline", path(&shop)), 50).into_iter().map(|one| one["title"].clone()).collect();
    for title in [
        "Qualification begun",
        "Proposed as a customer",
        "Approved as a customer",
        "Became a customer",
        "Qualification done",
    ] {
        assert!(titles.contains(&json!(title)), "{title}: {titles:?}");
    }
    let again = founder.get(&format!("{}/qualifications", path(&shop))).ok(200);
    assert_eq!(again["items"][0]["rounds"][0]["decisions"].as_array().map(Vec::len), Some(2));
}

fn refused_with_a_reason_and_proposed_again(site: &Site) {
    let template = asked(site);
    let seller = colleague(site, "seller", "member", &home(site));
    let head = colleague(site, "head", "unit_head", &home(site));
    let shop = prospect(&seller, "A");
    let row = act(&seller, &ready(&seller, &shop, &template), "/proposal");
    let silent = head.post(&at(&row, "/decision"), json!({"version": row["version"], "approve": false})).ok(422);
    assert_eq!(silent["errors"][0]["pointer"], "/note");
    let row = decide(&head, &row, false, "No accounts");
    assert_eq!(
        (&row["status"], &row["rounds"][0]["decisions"][0]["note"]),
        (&json!("rejected"), &json!("No accounts"))
    );
    let row = fill(&seller, &row, json!({"proposal": {"reasons": "With accounts"}}));
    let row = act(&seller, &row, "/proposal");
    assert_eq!((&row["status"], row["rounds"].as_array().map(Vec::len)), (&json!("proposed"), Some(2)));
    assert_eq!((&row["rounds"][0]["proposal"]["reasons"], &row["stage"]), (&json!("Twelve shops"), &json!(0)));
    let again = seller.post(&format!("{}/qualifications", path(&shop)), json!({"template_id": template["id"]}));
    assert_eq!(again.ok(409)["code"], "qualification_under_way");
    let over = seller.post(&at(&row, "/withdrawal"), json!({"version": row["version"], "note": "Gone"})).ok(200);
    assert_eq!(over["status"], "withdrawn");
    assert_eq!(over["may"], json!([]));
    start(&seller, &shop, &template);
}

fn four_eyes_and_named_people_only(site: &Site) {
    let founder = site.founder();
    let head = colleague(site, "head", "unit_head", &home(site));
    let other = colleague(site, "other", "unit_head", &home(site));
    let clerk = colleague(site, "clerk", "service_agent", &home(site));
    let me = |client: &Client| client.get("/me").ok(200)["id"].clone();
    let mut body =
        template_body(json!([{"label": "Named", "role_ids": [role(&founder, "unit_head")], "user_ids": [me(&clerk)]}]));
    body["definition"]["contracts"] = json!([]);
    let template = founder.post("/qualification-templates", body).ok(201);
    let row = act(&head, &ready(&head, &prospect(&head, "A"), &template), "/proposal");
    assert_eq!((waiting(&head), waiting(&other), waiting(&clerk), waiting(&founder)), (0, 1, 1, 0));
    let no = |client: &Client, code: &str| {
        let body = json!({"version": row["version"], "approve": true});
        assert_eq!(client.post(&at(&row, "/decision"), body).ok(409)["code"], code);
    };
    no(&head, "own_proposal");
    no(&founder, "not_approver");
    assert_eq!(head.get(&at(&row, "")).ok(200)["own_proposal"], true);
    let old = json!({"version": 1, "approve": true});
    clerk.post(&at(&row, "/decision"), old).expect(412);
    let done = decide(&clerk, &row, true, "");
    assert_eq!(
        (&done["status"], &done["code"]),
        (&json!("qualified"), &json!("C-01-000001")),
        "no contract was asked for"
    );
    // Where the template allows it, one pair of eyes will do.
    let own = founder.patch(
        &format!("/qualification-templates/{}", id(&template)),
        &template["version"],
        json!({"definition": {"own_approval": true}}),
    );
    let template = own.ok(200);
    let row = act(&head, &ready(&head, &prospect(&head, "B"), &template), "/proposal");
    assert_eq!(decide(&head, &row, true, "")["status"], "qualified");
}

fn no_code_by_any_other_way(site: &Site) {
    let founder = site.founder();
    let before = founder.post("/customers", json!({"kind": "person", "name": "Long known"})).ok(201);
    asked(site);
    let coded = json!({"kind": "person", "name": "A", "code": "X-1"});
    assert_eq!(founder.post("/customers", coded).ok(422)["errors"][0]["code"], "qualification_needed");
    let guest = founder.post("/customers", json!({"kind": "person", "name": "A", "status": "customer"})).ok(201);
    assert_eq!((&guest["code"], &guest["status"]), (&Value::Null, &json!("lead")));
    for body in [json!({"status": "customer"}), json!({"code": "X-1"})] {
        let refused = founder.patch(&path(&guest), &guest["version"], body).ok(422);
        assert_eq!(refused["errors"][0]["code"], "qualification_needed");
    }
    founder.patch(&path(&guest), &guest["version"], json!({"status": "inactive", "note": "x"})).expect(200);
    founder.patch(&path(&before), &before["version"], json!({"status": "inactive"})).expect(200);
    founder.patch(&path(&before), &json!(2), json!({"status": "customer"})).expect(200);
    let bulk = json!({"ids": [guest["id"], before["id"]], "action": {"set": {"status": "customer"}}});
    founder.post("/customers/bulk", bulk).expect(202);
    jobs_run_due(&site.app).expect("work");
    assert_eq!(founder.get(&path(&guest)).ok(200)["status"], "inactive");
    let customers = import(site, &founder, "customers", "code,name,phone\n,A,13800138000\nX-9,B,13900139000\n");
    assert_eq!(counts(&customers), [2, 1, 0, 0, 1], "{customers}");
    let found = founder.get("/customers?filter[phone]=%2B8613800138000").ok(200)["items"][0].clone();
    assert_eq!((&found["code"], &found["status"]), (&Value::Null, &json!("lead")));
    let rows = "订单号,客户编号,下单日期,商品编号,数量,单价,金额\nO1,C9,2024-06-08,P1,2,10,\n";
    let orders = upload(&founder, "orders", "orders.csv", rows.as_bytes());
    let options = json!({"create_missing_products": true, "create_missing_customers": true});
    let mapping = json!({"mapping": {"options": options}});
    founder.patch(&path_of(&orders), &orders["version"], mapping).expect(200);
    assert_eq!(counts(&perform(site, &founder, &orders, "run")), [1, 0, 0, 0, 1]);
    // Once nobody asks any more, becoming a customer brings a code.
    let template = founder.get("/qualification-templates").ok(200)["items"][0].clone();
    let place = format!("/qualification-templates/{}", id(&template));
    founder.patch(&place, &template["version"], json!({"active": false})).expect(200);
    let now = founder.get(&path(&guest)).ok(200);
    let now = founder.patch(&path(&guest), &now["version"], json!({"status": "customer"})).ok(200);
    assert!(now["code"].as_str().is_some_and(|code| code.starts_with("C-01-")), "{now}");
}

fn walls_stand_before_qualifications(site: &Site) {
    let template = asked(site);
    let founder = site.founder();
    let shop = prospect(&founder, "A");
    let row = act(&founder, &ready(&founder, &shop, &template), "/proposal");
    attach(&founder, &row, "d1");
    let (_, department) = unit(site, "北京", "BJ");
    for (login, role) in [("bh", "unit_head"), ("ba", "unit_administrator"), ("bm", "member")] {
        let stranger = colleague(site, login, role, &department);
        assert_eq!(waiting(&stranger), 0, "a head of another unit");
        stranger.get(&at(&row, "")).expect(404);
        stranger.get(&format!("{}/qualifications", path(&shop))).expect(404);
        stranger.patch(&at(&row, ""), &row["version"], json!({})).expect(404);
        let body = json!({"version": row["version"]});
        for verb in ["/proposal", "/completion", "/withdrawal"] {
            stranger.post(&at(&row, verb), body.clone()).expect(404);
        }
        stranger.post(&at(&row, "/decision"), json!({"version": row["version"], "approve": true})).expect(404);
        stranger.get(&format!("/attachments?subject_type=qualification&subject_id={}", id(&row))).expect(404);
        assert_eq!(stranger.get("/qualifications").ok(200)["items"], json!([]));
    }
}

fn templates_are_kept_by_those_who_may(site: &Site) {
    let founder = site.founder();
    let (there, department) = unit(site, "北京", "BJ");
    let keeper = colleague(site, "keeper", "unit_administrator", &department);
    let approvals = json!([{"label": "Head", "role_ids": [role(&founder, "unit_head")]}]);
    let body = template_body(approvals);
    keeper.post("/qualification-templates", body.clone()).expect(422);
    let mut own = body.clone();
    own["unit_id"] = json!(there);
    let mine = keeper.post("/qualification-templates", own).ok(201);
    assert_eq!(mine["definition"]["criteria"][1]["key"], "c2");
    let company = founder.post("/qualification-templates", body).ok(201);
    let seen = keeper.get("/qualification-templates").ok(200);
    let editable: Vec<(&Value, &Value)> =
        seen["items"].as_array().expect("a list").iter().map(|one| (&one["id"], &one["editable"])).collect();
    assert_eq!(editable, [(&mine["id"], &json!(true)), (&company["id"], &json!(false))]);
    let at = |one: &Value| format!("/qualification-templates/{}", id(one));
    keeper.patch(&at(&company), &json!(1), json!({"name": "x"})).expect(403);
    let member = colleague(site, "mem", "member", &home(site));
    member.get(&at(&mine)).expect(404);
    member.post("/qualification-templates", json!({})).expect(422);
    for (change, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"definition": {"approvals": []}}), "/definition/approvals"),
        (json!({"definition": {"approvals": [{"label": "x"}]}}), "/definition/approvals/0/role_ids"),
        (json!({"definition": {"criteria": [{"label": ""}]}}), "/definition/criteria/0/label"),
        (
            json!({"definition": {"steps": [{"label": "x", "key": "a"}, {"label": "y", "key": "a"}]}}),
            "/definition/steps/1/key",
        ),
        (json!({"unit_id": null}), "/unit_id"),
    ] {
        let refused = keeper.patch(&at(&mine), &json!(1), change).ok(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    // One under way keeps what it began with, and its template stays.
    let shop = prospect(&keeper, "A");
    let row = start(&keeper, &shop, &mine);
    let mine = keeper.patch(&at(&mine), &json!(1), json!({"definition": {"steps": []}})).ok(200);
    assert_eq!(keeper.get(&format!("/qualifications/{}", id(&row))).ok(200)["steps"].as_array().map(Vec::len), Some(2));
    assert_eq!(keeper.delete(&at(&mine), &mine["version"]).ok(409)["code"], "in_use");
    founder.delete(&at(&company), &json!(1)).expect(204);
}

fn lists_and_conditions_know_how_far_it_is(site: &Site) {
    let template = asked(site);
    let founder = site.founder();
    let (one, two) = (prospect(&founder, "One"), prospect(&founder, "Two"));
    prospect(&founder, "Three");
    let row = start(&founder, &one, &template);
    act(&founder, &ready(&founder, &two, &template), "/proposal");
    let customers = |filter: &str| {
        let page = founder.get(&format!("/customers?sort=name&{filter}")).ok(200);
        names(&page["items"]).into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(customers("filter[qualification]=proposed"), ["Two"]);
    assert_eq!(customers("filter[qualification][is_null]=true"), ["Three"]);
    assert_eq!(customers("sort=code").len(), 3);
    let condition = json!({"field": "qualification", "op": "in", "value": ["open", "proposed"]});
    assert_eq!(founder.post("/segments/count", json!({ "condition": condition })).ok(200)["count"], 2);
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "qualification");
    assert_eq!(field.expect("the field")["options"].as_array().map(Vec::len), Some(6));
    let listed = founder.get("/qualifications?filter[status]=open&count=true").ok(200);
    assert_eq!((&listed["items"][0]["id"], &listed["total"]), (&row["id"], &json!(1)));
    assert_eq!(founder.all("/qualifications?sort=-proposed_at", 1).len(), 2);
    let listed = founder.get("/qualifications?filter[status]=proposed").ok(200);
    assert_eq!(listed["items"][0]["waits_for"], "Head of the unit");
    let at = listed["items"][0]["proposed_at"].as_str().expect("an instant");
    assert!(at.parse::<DateTime<Utc>>().is_ok_and(|at| at <= Utc::now()));
    let job = founder.post(
        "/exports",
        json!({"resource": "customers", "format": "csv", "columns": ["name", "code", "qualification"]}),
    );
    let job = job.ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = founder.get(&format!("/jobs/{}", id(&job))).ok(200);
    let file = founder.get(job["result_url"].as_str().expect("a file")).expect(200).text();
    assert!(file.contains("Two,,proposed"), "{file}");
}

fn merges_lose_no_code_and_no_qualification(site: &Site) {
    let founder = site.founder();
    let coded = founder.post("/customers", json!({"kind": "organization", "name": "A"})).ok(201);
    let template = asked(site);
    let lead = prospect(&founder, "A");
    let row = start(&founder, &lead, &template);
    let merge = |kept: &Value, gone: &Value| {
        let body = json!({"other_id": gone["id"], "version": kept["version"], "other_version": gone["version"], "choices": {}});
        founder.post(&format!("{}/merges", path(kept)), body)
    };
    assert_eq!(merge(&lead, &coded).ok(409)["code"], "kept_without_code");
    let done = merge(&coded, &lead).ok(201);
    assert_eq!(founder.get(&path(&coded)).ok(200)["qualification"], "open");
    assert_eq!(founder.get(&format!("/qualifications/{}", id(&row))).ok(200)["customer"]["id"], coded["id"]);
    founder.post(&format!("/merges/{}/undo", id(&done)), json!(null)).expect(200);
    assert_eq!(founder.get(&path(&coded)).ok(200)["qualification"], Value::Null);
    assert_eq!(founder.get(&path(&lead)).ok(200)["qualification"], "open");
}
