//! Forms on the web: whoever fills one in becomes a lead, whoever sends it for mischief does not, and nobody is told who is a
//! customer.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

use crate::customers::{colleague, customer, home, id, unit};
use crate::opportunities::Line;

both!(
    a_form_makes_a_lead,
    what_no_person_sent_makes_none,
    what_is_wanting_is_told_where_it_is_asked,
    what_comes_again_makes_no_second_lead,
    an_address_sends_so_often_and_no_more,
    pages_of_named_sites_may_send_it,
    leads_go_to_people_in_turn,
    a_known_customer_s_lead_goes_to_whoever_knows_them,
    what_was_agreed_to_becomes_the_customer_s_word,
    the_page_needs_no_script,
    forms_are_kept_by_those_who_may,
    opportunities_have_fields_of_ones_own,
);

fn form(client: &Client, more: Value) -> Value {
    let mut body = json!({"name": "Spring fair", "title": "Ask for an offer", "source": "website",
        "fields": [{"field": "company"}, {"field": "person", "required": true}, {"field": "phone"}, {"field": "email"},
            {"field": "message", "label": "What can we do for you?"}],
        "pipeline_id": Line::first(client).id});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/lead-forms", body).ok(201)
}

fn address(form: &Value) -> String {
    format!("/public/lead-forms/{}", form["key"].as_str().expect("a key"))
}

fn place(form: &Value) -> String {
    format!("/lead-forms/{}", id(form))
}

fn leads(client: &Client) -> Vec<Value> {
    client.all("/opportunities?sort=created_at", 200)
}

fn encoded(client: &Client, path: &str, body: &str, headers: &[(&str, &str)]) -> Reply {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    client.send_bytes("POST", path, body.as_bytes(), &[&kind, headers].concat())
}

fn codes(reply: Reply) -> Vec<(String, String)> {
    let errors = reply.ok(422)["errors"].as_array().expect("errors").clone();
    let text = |one: &Value, member: &str| one[member].as_str().expect("a text").to_string();
    errors.iter().map(|one| (text(one, "pointer"), text(one, "code"))).collect()
}

fn a_form_makes_a_lead(site: &Site) {
    let founder = site.founder();
    let field = json!({"resource": "opportunity", "key": "size", "label_zh": "规模", "label_en": "Size", "type": "choice",
        "choices": [{"key": "small", "label_zh": "小", "label_en": "Small"}, {"key": "large", "label_zh": "大", "label_en": "Large"}]});
    founder.post("/custom-fields", field).expect(201);
    let fields = json!([{"field": "person", "required": true}, {"field": "phone"}, {"field": "custom.size"}, {"field": "message"}]);
    let made = form(&founder, json!({"fields": fields}));
    let shown = site.anonymous().get(&address(&made)).ok(200);
    assert_eq!((&shown["title"], &shown["thanks"]), (&made["title"], &json!("Thank you. We will be in touch soon.")));
    assert_eq!(shown["fields"][2]["options"][1], json!({"value": "large", "label": "Large"}));
    assert!(shown.get("unit").is_none() && shown.get("source").is_none() && shown.get("name").is_none());

    let body = json!({"person": " Lin Xiao ", "phone": "138 0013 8000", "custom.size": "large", "message": "Call\u{7} me",
        "owner_id": "me", "stage_id": 3, "utm_source": "baidu", "utm_campaign": "spring", "page": "https://a.example/x",
        "_seconds": 12.5, "homepage": ""});
    let told = site.anonymous().post(&address(&made), body).ok(200);
    assert_eq!(told, json!({"thanks": "Thank you. We will be in touch soon.", "redirect_url": null}));
    let lead = leads(&founder).pop().expect("a lead");
    for (member, value) in [
        ("name", json!("Lin Xiao · Ask for an offer")),
        ("type", json!("lead")),
        ("lead_person", json!("Lin Xiao")),
        ("lead_phone", json!("+8613800138000")),
        ("remarks", json!("Call me")),
        ("source", json!("website")),
        ("owner", Value::Null),
        ("custom", json!({"size": "large"})),
        ("form", json!({"id": made["id"], "name": "Spring fair"})),
        ("consent_text", Value::Null),
    ] {
        assert_eq!(lead[member], value, "{member}");
    }
    let sent = founder.get(&format!("/opportunities/{}/submissions", id(&lead))).ok(200)["items"][0].clone();
    assert_eq!(
        sent["attribution"],
        json!({"utm_source": "baidu", "utm_campaign": "spring", "page": "https://a.example/x"})
    );
    let counted = founder.get(&place(&made)).ok(200);
    assert_eq!((&counted["leads"], &counted["repeated"], &counted["version"]), (&json!(1), &json!(0), &json!(1)));
    let events = founder.get("/audit-events?limit=20").ok(200)["items"].clone();
    let created = events.as_array().expect("events").iter().find(|one| one["resource_id"] == lead["id"]);
    assert_eq!(created.expect("an event")["actor"], Value::Null, "nobody who is known");
    let of_form = founder.get(&format!("/opportunities?filter[form]={}", id(&made))).ok(200);
    assert_eq!(of_form["items"].as_array().map(Vec::len), Some(1));
}

fn what_no_person_sent_makes_none(site: &Site) {
    let founder = site.founder();
    let made = form(&founder, json!({}));
    let good = site.anonymous().post(&address(&made), json!({"person": "A", "phone": "13800138001"})).ok(200);
    for mischief in [json!({"homepage": "http://spam.example"}), json!({"_seconds": 0.3}), json!({"_seconds": "1"})] {
        let mut body = json!({"person": "A", "phone": "13800138002"});
        body.as_object_mut().expect("a body").extend(mischief.as_object().expect("mischief").clone());
        assert_eq!(site.anonymous().post(&address(&made), body).ok(200), good, "programs learn nothing");
    }
    let now = founder.get(&place(&made)).ok(200);
    assert_eq!((&now["leads"], &now["trapped"], leads(&founder).len()), (&json!(1), &json!(3), 1));
    let large = json!({"person": "A", "phone": "13800138003", "message": "x".repeat(40_000)});
    site.anonymous().post(&address(&made), large).expect(413);
    let headers = [("content-type", "text/plain")];
    site.anonymous().send_bytes("POST", &address(&made), b"person=A", &headers).expect(415);
    founder.patch(&place(&made), &json!(1), json!({"active": false})).expect(200);
    site.anonymous().post(&address(&made), json!({"person": "A", "phone": "13800138004"})).expect(404);
    site.anonymous().get(&address(&made)).expect(404);
    site.anonymous().get("/public/lead-forms/nothing").expect(404);
}

fn what_is_wanting_is_told_where_it_is_asked(site: &Site) {
    let founder = site.founder();
    let made = form(
        &founder,
        json!({"consent_text": "You may ring me", "consent_required": true,
        "purposes": [{"channel": "phone", "purpose": "marketing"}]}),
    );
    let send = |body: Value| codes(site.anonymous().post(&address(&made), body));
    let own =
        |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_string(), (*b).to_string())).collect::<Vec<_>>();
    assert_eq!(send(json!({})), own(&[("/person", "required"), ("/consent", "required")]));
    let wrong = json!({"person": "A", "phone": "12", "email": "no", "consent": true});
    assert_eq!(send(wrong).iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["/phone", "/email"]);
    assert_eq!(send(json!({"person": "A", "consent": "yes"})), own(&[("/phone", "form_contact_missing")]));
    assert_eq!(
        send(json!({"person": "A", "phone": "13800138000", "consent": "false"})),
        own(&[("/consent", "required")])
    );
    let long = json!({"person": "A".repeat(101), "phone": "13800138000", "consent": true});
    assert_eq!(send(long), own(&[("/person", "too_long")]));
    assert!(leads(&founder).is_empty());
}

fn what_comes_again_makes_no_second_lead(site: &Site) {
    let founder = site.founder();
    let (made, other) = (form(&founder, json!({})), form(&founder, json!({"name": "Other"})));
    let visitor = site.anonymous();
    let first = visitor.post(&address(&made), json!({"person": "A", "phone": "13800138000", "email": "a@b.example"}));
    let again = visitor.post(&address(&made), json!({"person": "Ann", "email": "A@B.example"}));
    assert_eq!(first.ok(200), again.ok(200));
    visitor
        .post(&address(&made), json!({"person": "A", "phone": "0086 138 0013 8000", "utm_source": "again"}))
        .expect(200);
    assert_eq!(leads(&founder).len(), 1);
    let sent = founder.get(&format!("/opportunities/{}/submissions", id(&leads(&founder)[0]))).ok(200)["items"].clone();
    let repeated: Vec<&Value> = sent.as_array().expect("items").iter().map(|one| &one["repeated"]).collect();
    assert_eq!(repeated, [&json!(true), &json!(true), &json!(false)]);
    assert_eq!(founder.get(&place(&made)).ok(200)["repeated"], 2);
    visitor.post(&address(&other), json!({"person": "A", "phone": "13800138000"})).expect(200);
    assert_eq!(leads(&founder).len(), 2, "another form is another wish");

    let key = [("idempotency-key", "one")];
    let body = json!({"person": "B", "email": "b@b.example"});
    for _ in 0..2 {
        visitor.send("POST", &address(&made), Some(&body), &key).expect(200);
    }
    let changed = json!({"person": "C", "email": "c@b.example"});
    let reused = visitor.send("POST", &address(&made), Some(&changed), &key).expect(422);
    assert_eq!(reused.json()["code"], "idempotency_key_reuse");
    assert_eq!((leads(&founder).len(), &founder.get(&place(&made)).ok(200)["repeated"]), (3, &json!(2)));
}

fn an_address_sends_so_often_and_no_more(site: &Site) {
    let founder = site.founder();
    let (made, other) = (form(&founder, json!({})), form(&founder, json!({"name": "Other"})));
    let send = |form: &Value, number: i64| {
        site.anonymous().post(&address(form), json!({"person": "A", "phone": format!("1380013{number:04}")}))
    };
    for number in 0..20 {
        send(&made, number).expect(200);
    }
    let refused = send(&made, 20).expect(429);
    assert_eq!(refused.header("retry-after"), Some("600"));
    send(&other, 20).expect(200);
    assert_eq!(leads(&founder).len(), 21);
}

fn pages_of_named_sites_may_send_it(site: &Site) {
    let founder = site.founder();
    let made = form(&founder, json!({"origins": ["https://Shop.Example.com/"]}));
    assert_eq!(made["origins"], json!(["https://shop.example.com"]));
    let visitor = site.anonymous();
    let from = |method: &str, origin: &str, body: Option<Value>| {
        visitor.send(method, &address(&made), body.as_ref(), &[("origin", origin)])
    };
    let body = json!({"person": "A", "phone": "13800138000"});
    let allow = "access-control-allow-origin";
    for (origin, allowed) in
        [("https://shop.example.com", true), (site.url.as_str(), true), ("https://evil.example", false)]
    {
        let asked = from("OPTIONS", origin, None).expect(204);
        assert_eq!(asked.header(allow), Some(origin).filter(|_| allowed), "{origin}");
        let sent = from("POST", origin, Some(body.clone())).expect(if allowed { 200 } else { 401 });
        assert_eq!(sent.header(allow), Some(origin).filter(|_| allowed), "{origin}");
        assert_eq!(from("GET", origin, None).expect(200).header(allow), Some(origin).filter(|_| allowed), "{origin}");
    }
    assert_eq!(from("POST", "null", Some(body)).expect(401).json()["code"], "origin_refused");
    for origin in ["shop.example.com", "https://shop.example.com/page", "*"] {
        let wrong = founder.patch(&place(&made), &json!(1), json!({"origins": [origin]}));
        assert_eq!(codes(wrong)[0], ("/origins/0".to_string(), "origin_invalid".to_string()), "{origin}");
    }
}

fn leads_go_to_people_in_turn(site: &Site) {
    let founder = site.founder();
    let people: Vec<Client> = ["ann", "bob", "cat"].map(|login| colleague(site, login, "member", &home(site))).into();
    let ids: Vec<Value> = people.iter().map(|one| one.get("/me").ok(200)["id"].clone()).collect();
    let made = form(&founder, json!({"people": ids}));
    let names: Vec<&Value> = made["people"].as_array().expect("people").iter().map(|one| &one["id"]).collect();
    assert_eq!(names, ids.iter().collect::<Vec<_>>());
    let send = |number: i64| {
        let body = json!({"person": "A", "phone": format!("1380013{number:04}")});
        site.anonymous().post(&address(&made), body).expect(200);
    };
    (0..4).for_each(send);
    let owners =
        |client: &Client| -> Vec<Value> { leads(client).iter().map(|one| one["owner"]["id"].clone()).collect() };
    assert_eq!(owners(&founder), [0, 1, 2, 0].map(|at: usize| ids[at].clone()));
    assert_eq!(leads(&people[1]).len(), 1, "each sees their own");
    let heir = json!({"kind": "opportunities", "unit_id": founder.place().0, "user_id": ids[2]});
    let leaving = format!("/users/{}/handover", ids[1].as_str().expect("an id"));
    founder.post(&leaving, json!({"deactivate": true, "heirs": [heir]})).expect(202);
    jobs_run_due(&site.app).expect("work");
    (4..6).for_each(send);
    assert_eq!(owners(&founder)[4..], [ids[0].clone(), ids[2].clone()], "who left is passed over");
    let one = founder.patch(&place(&made), &json!(1), json!({"owner_id": ids[2]})).ok(200);
    assert_eq!((&one["owner"]["id"], &one["version"]), (&ids[2], &json!(2)));
    send(7);
    assert_eq!(owners(&founder)[6], ids[2]);
}

fn a_known_customer_s_lead_goes_to_whoever_knows_them(site: &Site) {
    let founder = site.founder();
    let bob = colleague(site, "bob", "member", &home(site));
    let ann = colleague(site, "ann", "member", &home(site)).get("/me").ok(200)["id"].clone();
    let known = json!({"kind": "person", "name": "张伟", "phones": [{"number": "13800138000"}], "emails": [{"address": "zw@b.example"}]});
    let known = bob.post("/customers", known).ok(201);
    let made = form(&founder, json!({"people": [ann]}));
    let send = |body: Value| site.anonymous().post(&address(&made), body).ok(200);
    let told = send(json!({"person": "张伟", "phone": "13800138000", "email": "zw@b.example"}));
    assert_eq!(send(json!({"person": "李四", "phone": "13800138009"})), told, "nothing tells who is a customer");
    let all = leads(&founder);
    assert_eq!((&all[0]["customer"]["id"], &all[0]["owner"]), (&known["id"], &known["owner"]));
    assert_eq!((&all[1]["customer"], &all[1]["owner"]["id"]), (&Value::Null, &ann));
    let timeline = bob.get(&format!("/customers/{}/timeline", id(&known))).ok(200).to_string();
    assert!(timeline.contains("张伟 · Ask for an offer"), "{timeline}");

    let (elsewhere, _) = unit(site, "Elsewhere", "EW");
    let theirs = json!({"kind": "person", "name": "王五", "unit_id": elsewhere, "phones": [{"number": "13900139000"}],
        "emails": [{"address": "ww@b.example"}]});
    founder.post("/customers", theirs).expect(201);
    send(json!({"person": "王五", "phone": "13900139000", "email": "ww@b.example"}));
    assert_eq!(leads(&founder)[2]["customer"], Value::Null, "walls between units stand");
}

fn what_was_agreed_to_becomes_the_customer_s_word(site: &Site) {
    let founder = site.founder();
    let made = form(
        &founder,
        json!({"consent_text": "You may ring me",
        "purposes": [{"channel": "phone", "purpose": "marketing"}, {"channel": "email", "purpose": "marketing"}]}),
    );
    let send = |body: Value| site.anonymous().post(&address(&made), body).ok(200);
    send(json!({"person": "A", "phone": "13800138000", "consent": "on"}));
    send(json!({"person": "B", "phone": "13800138001"}));
    let all = leads(&founder);
    assert_eq!((&all[0]["consent_text"], &all[1]["consent_text"]), (&json!("You may ring me"), &Value::Null));
    let words = |lead: &Value| -> Vec<Value> {
        let body = json!({"customer": {"kind": "person", "name": lead["lead_person"]}});
        let done = founder.post(&format!("/opportunities/{}/qualification", id(lead)), body).ok(200);
        let board = founder.get(&format!("/customers/{}/consents", id(&done["customer"]))).ok(200);
        board["history"].as_array().expect("words").clone()
    };
    let said = words(&all[0]);
    let mut channels: Vec<&Value> = said.iter().map(|one| &one["channel"]).collect();
    channels.sort_by_key(|one| one.to_string());
    assert_eq!(channels, ["email", "phone"]);
    for one in &said {
        let word = (&one["given"], &one["purpose"], &one["source"], &one["proof"]);
        assert_eq!(word, (&json!(true), &json!("marketing"), &json!("Spring fair"), &json!("You may ring me")));
        assert_eq!(one["at"], all[0]["created_at"]);
    }
    assert!(words(&all[1]).is_empty(), "who ticked nothing said nothing");
    let known = customer(&founder, "Known");
    send(json!({"person": "C", "phone": "13800138002", "consent": true}));
    let lead = leads(&founder).pop().expect("a lead");
    let body = json!({"type": "opportunity", "customer_id": known["id"]});
    founder.patch(&format!("/opportunities/{}", id(&lead)), &lead["version"], body).expect(200);
    let board = founder.get(&format!("/customers/{}/consents", id(&known))).ok(200);
    assert_eq!(board["history"].as_array().map(Vec::len), Some(2), "whichever way it became an opportunity");
}

fn the_page_needs_no_script(site: &Site) {
    let founder = site.founder();
    let made = form(&founder, json!({"title": "Ask <us>", "redirect_url": "https://www.example.com/thanks"}));
    let path = made["path"].as_str().expect("a path");
    let visitor = site.anonymous();
    let page = visitor.get(path).expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    assert!(text.contains("<h1>Ask &lt;us&gt;</h1>") && text.contains("What can we do for you?"), "{text}");
    let wrong = encoded(&visitor, path, "person=%E6%9E%97&phone=12&_seconds=9", &[]).expect(422).text();
    assert!(wrong.contains("value=\"林\"") && wrong.contains("id=\"wrong-phone\""), "{wrong}");
    let gone =
        encoded(&visitor, path, "person=%E6%9E%97+%E6%99%93&phone=13800138000&_seconds=9", &[("origin", &site.url)])
            .expect(303);
    assert_eq!(gone.header("location"), Some(format!("{path}?sent=1").as_str()));
    let thanks = visitor.get(&format!("{path}?sent=1")).expect(200).text();
    assert!(thanks.contains("url=https://www.example.com/thanks"), "{thanks}");
    assert_eq!(leads(&founder)[0]["lead_person"], "林 晓");
    let refused = encoded(&visitor, path, "person=A&phone=13800138001", &[("origin", "https://evil.example")]);
    refused.expect(401);
    visitor.get("/forms/nothing").expect(404);
    let copied = founder.get(&format!("{}/snippet", place(&made))).ok(200)["html"].clone();
    let copied = copied.as_str().expect("a text");
    assert!(
        copied.contains(&format!("action=\"{}{path}\"", site.url)) && copied.contains("name=\"phone\""),
        "{copied}"
    );
}

fn forms_are_kept_by_those_who_may(site: &Site) {
    let founder = site.founder();
    let keeper = colleague(site, "office", "unit_administrator", &home(site));
    let member = colleague(site, "member", "member", &home(site));
    let made = form(&keeper, json!({}));
    member
        .post("/lead-forms", json!({"name": "x", "title": "x", "fields": [], "pipeline_id": made["pipeline"]["id"]}))
        .expect(403);
    let seen = member.get(&place(&made)).ok(200);
    assert_eq!((&seen["editable"], &seen["key"]), (&json!(false), &made["key"]), "sellers may pass its address on");
    for (patch, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"fields": [{"field": "person"}]}), "/fields"),
        (json!({"fields": [{"field": "phone"}, {"field": "phone"}]}), "/fields/1/field"),
        (json!({"fields": [{"field": "phone"}, {"field": "custom.none"}]}), "/fields/1/field"),
        (json!({"consent_required": true}), "/consent_text"),
        (json!({"consent_text": "x", "purposes": [{"channel": "phone", "purpose": "none"}]}), "/purposes/0/purpose"),
        (json!({"redirect_url": "javascript:alert(1)"}), "/redirect_url"),
        (json!({"source": "none"}), "/source"),
        (json!({"pipeline_id": uuid::Uuid::now_v7()}), "/pipeline_id"),
        (json!({"stage_id": Line::first(&keeper).stage("won")}), "/stage_id"),
        (json!({"owner_id": uuid::Uuid::now_v7()}), "/owner_id"),
        (json!({"people": [uuid::Uuid::now_v7()]}), "/people/0"),
    ] {
        assert_eq!(codes(keeper.patch(&place(&made), &json!(1), patch.clone()))[0].0, pointer, "{patch}");
    }
    keeper.patch(&place(&made), &json!(9), json!({"name": "y"})).expect(412);
    let other = form(&keeper, json!({"name": "Unused", "stage_id": Line::first(&keeper).stage("确认需求")}));
    assert_eq!(other["stage"]["name"], "确认需求");
    site.anonymous().post(&address(&other), json!({"person": "A", "phone": "13800138000"})).expect(200);
    assert_eq!(leads(&founder)[0]["stage"]["name"], "新线索", "a stage that asks for more takes no lead yet");
    assert_eq!(keeper.delete(&place(&other), &json!(1)).expect(409).json()["code"], "in_use");
    keeper.delete(&place(&made), &json!(1)).expect(204);
    let list = keeper.get("/lead-forms").ok(200)["items"].clone();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let audit = founder.get("/audit-events?filter[resource]=lead_form&limit=20").ok(200)["items"].clone();
    assert_eq!(audit.as_array().map(Vec::len), Some(3));
}

fn opportunities_have_fields_of_ones_own(site: &Site) {
    let founder = site.founder();
    let field = json!({"resource": "opportunity", "key": "budget", "label_zh": "预算", "label_en": "Budget", "type": "number",
        "required": true});
    founder.post("/custom-fields", field).expect(201);
    let wanting = founder.post("/opportunities", json!({"name": "A"}));
    assert_eq!(codes(wanting), [("/custom/budget".to_string(), "required".to_string())]);
    let made = founder.post("/opportunities", json!({"name": "A", "custom": {"budget": 12}})).ok(201);
    founder.post("/opportunities", json!({"name": "B", "custom": {"budget": 5}})).expect(201);
    let path = format!("/opportunities/{}", id(&made));
    let changed = founder.patch(&path, &json!(1), json!({"custom": {"budget": 30}})).ok(200);
    assert_eq!(changed["custom"], json!({"budget": 30.0}));
    let found = founder.get("/opportunities?filter[custom.budget][gte]=10").ok(200)["items"].clone();
    assert_eq!((found.as_array().map(Vec::len), &found[0]["name"]), (Some(1), &json!("A")));
    let fields = founder.get("/condition-fields?resource=opportunities").ok(200).to_string();
    assert!(fields.contains("custom.budget") && fields.contains("Budget"), "{fields}");
    let made = form(&founder, json!({}));
    site.anonymous().post(&address(&made), json!({"person": "A", "phone": "13800138000"})).expect(200);
    assert_eq!(leads(&founder).len(), 3, "a visitor is asked what the form asks");
}
