//! Field masks, walked through every path: who has them reads, finds, sorts, exports and changes nothing of what is
//! masked. Every GET of the contract is asked, so that a new path is held to it too.

use chrono::{Datelike, Utc};
use regulars_api::contract::CONTRACT;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::duplicates::followed;
use crate::customers::{id, names, path};
use crate::imports::{import, path_of, upload};

both!(
    nothing_that_is_read_tells_a_masked_value,
    nobody_finds_by_what_is_masked,
    what_is_masked_cannot_be_overwritten,
    files_are_masked_both_ways,
    roles_mask_together,
);

const MASKS: [&str; 7] = ["phone", "email", "tax_id", "birthday", "address", "note", "custom.id_card"];

/// What must never be read, in each form it is stored or written in.
const SECRETS: [&str; 11] = [
    "12348888",
    "23456789",
    "zhang.secret",
    "other.secret",
    "91310000MA1FL41X5",
    "Pays late",
    "Nanjing Road",
    "200041",
    "310101198506081234",
    "1985-",
    "2012-10-01",
];

struct Stand {
    founder: Client,
    masked: Client,
    customer: Value,
    twin: Value,
}

/// The founder's permissions on business data under a role that masks everything, held by one person.
fn masked_person(founder: &Client, site: &Site, masks: &[&str]) -> Client {
    let permissions = founder.get("/me").ok(200)["permissions"].clone();
    let permissions: Vec<&Value> =
        permissions.as_array().into_iter().flatten().filter(|one| *one != "access:role:write").collect();
    let role = founder.post(
        "/roles",
        json!({"name": "Clerk", "permissions": permissions, "masks": masks,
        "scopes": {"customer": "company", "order": "company", "opportunity": "company"}}),
    );
    founder.user_new("clerk", &founder.place().1, &[&role.ok(201)["id"]]);
    site.sign_in("clerk")
}

/// Tomorrow in the year of birth, so that the day comes up.
fn birthday() -> String {
    let soon = Utc::now().date_naive() + chrono::Days::new(2);
    // A year with a 29 February whatever day it is.
    soon.with_year(1984)
        .map_or_else(|| "1984-03-01".into(), |day| day.to_string())
        .replacen("1984", "1985", 1)
        .replace("1985-02-29", "1985-03-01")
}

fn secretive(name: &str, phone: &str, email: &str) -> Value {
    json!({"kind": "person", "name": name, "birthday": birthday(), "tax_id": "91310000MA1FL41X5", "note": "Pays late",
        "phones": [{"number": phone}], "emails": [{"address": email}],
        "addresses": [{"province": "上海市", "city": "上海市", "district": "Jing'an", "street": "1 Nanjing Road", "postcode": "200041"}],
        "dates": [{"kind": "wedding", "date": "2012-10-01"}],
        "custom": {"id_card": "310101198506081234", "seat": "window"}})
}

fn stand(site: &Site) -> Stand {
    let founder = site.founder();
    for (key, label) in [("id_card", "Identity card"), ("seat", "Seat")] {
        let field = json!({"resource": "customer", "key": key, "label_zh": label, "label_en": label, "type": "text"});
        founder.post("/custom-fields", field).expect(201);
    }
    let customer = founder.post("/customers", secretive("Zhang Wei", "13812348888", "zhang.secret@example.com"));
    let twin = founder.post("/customers", secretive("Zhang Wei", "13812348888", "other.secret@example.com"));
    let masked = masked_person(&founder, site, &MASKS);
    Stand { masked, customer: customer.ok(201), twin: twin.ok(201), founder }
}

/// Everything that may carry a value along: changes, a segment, a view, an import, an export, a merge.
fn traces(site: &Site, stand: &Stand) -> Vec<String> {
    let (founder, customer) = (&stand.founder, &stand.customer);
    let patch = json!({"phones": [{"number": "13823456789"}], "emails": [], "birthday": null, "tax_id": null, "note": null,
        "addresses": [], "dates": [], "custom": {"id_card": null}});
    let changed = founder.patch(&path(customer), &customer["version"], patch).ok(200);
    let back = secretive("Zhang Wei", "13812348888", "zhang.secret@example.com");
    founder.patch(&path(customer), &changed["version"], back).expect(200);
    let asked = json!({"any": [{"field": "phone", "op": "contains", "value": "12348888"},
        {"field": "custom.id_card", "op": "eq", "value": "310101198506081234"}]});
    let segment = json!({"name": "Known", "kind": "dynamic", "shared": true, "condition": asked});
    let segment = founder.post("/segments", segment).ok(201);
    let view = json!({"resource": "customers", "name": "Known", "shared": true, "definition": {"filter": asked}});
    let view = founder.post("/views", view).ok(201);
    let export = json!({"resource": "customers", "format": "csv", "filter": asked, "q": "13812348888"});
    let export = founder.post("/exports", export).ok(202);
    jobs_run_due(&site.app).expect("work");
    let file =
        "name,phone,email,note,id_card\nLi Na,13823456789,other.secret@example.com,Pays late,310101198506081234\n";
    let import = import(site, founder, "customers", file);
    let order = json!({"customer_id": customer["id"],
        "lines": [{"name": "Beans", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}]});
    let order = founder.post("/orders", order).ok(201);
    founder
        .post("/relations", json!({"from_id": customer["id"], "to_id": stand.twin["id"], "role": "friend"}))
        .expect(201);
    followed(site);
    let pairs = founder.get("/duplicates").ok(200);
    let third = founder.post("/customers", secretive("Zhang Wei", "13812348888", "zhang.secret@example.com")).ok(201);
    let version = |one: &Value| founder.get(&path(one)).ok(200)["version"].clone();
    let merge = json!({"other_id": third["id"], "version": version(&stand.twin), "other_version": version(&third),
        "choices": {"note": "both"}});
    let merge = founder.post(&format!("{}/merges", path(&stand.twin)), merge).ok(201);
    let pair = pairs["items"][0].clone();
    assert!(pair["id"].is_string(), "the twins are found: {pairs}");
    [customer, &stand.twin, &segment, &view, &export, &import, &order, &pair, &merge]
        .map(|one| id(one).to_owned())
        .into()
}

fn told(text: &str) -> Vec<&'static str> {
    SECRETS.into_iter().filter(|secret| text.contains(secret)).collect()
}

/// Where it stands in a long answer.
fn around(text: &str, secret: &str) -> String {
    let (before, after) = text.split_once(secret).unwrap_or_default();
    let before: String = before.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{before}{secret}{}", after.chars().take(50).collect::<String>())
}

fn nothing_that_is_read_tells_a_masked_value(site: &Site) {
    let stand = stand(site);
    let ids = traces(site, &stand);
    let mut asked = 0;
    for (path, item) in CONTRACT["paths"].as_object().expect("paths") {
        let Some(operation) = item.get("get") else { continue };
        if path.ends_with("/stream") || path == "/api/v1/live" {
            continue;
        }
        for address in addresses(path, operation, &ids) {
            let reply = stand.masked.get(&address);
            if reply.status == 200 {
                asked += 1;
                let text = reply.text();
                let found = told(&text);
                assert!(found.is_empty(), "GET {address} tells {found:?}: {}", around(&text, found[0]));
            }
        }
    }
    assert!(asked >= 50, "{asked} answers were read");
    let told_to_others = stand.founder.get(&path(&stand.customer)).ok(200);
    assert_eq!(told_to_others["phones"][0]["number"], "+8613812348888");
    assert_eq!(told_to_others["masked"], Value::Null, "nothing is masked for others");
    seen_masked(&stand);
}

/// The path with each id that is known in the place of its own, and lists with all they can hold.
fn addresses(path: &str, operation: &Value, ids: &[String]) -> Vec<String> {
    let mut query = vec![("limit", "200")];
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let named = |name: &str| parameters.iter().any(|one| one["name"] == name);
    for (name, value) in [("expand", "metrics"), ("q", "Zhang"), ("resource", "customers")] {
        if parameters.iter().any(|one| one["name"] == name && (name == "expand" || one["required"] == true)) {
            query.push((name, value));
        }
    }
    query.retain(|(name, _)| named(name));
    let query: Vec<String> = query.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let path = path.replace("{key}", "source").replace("{period}", "2026-11");
    let filled: Vec<String> = match path.contains("{id}") {
        true => ids.iter().map(|id| path.replace("{id}", id)).collect(),
        false => vec![path],
    };
    filled.into_iter().map(|path| format!("{path}?{}", query.join("&"))).collect()
}

fn seen_masked(stand: &Stand) {
    let seen = stand.masked.get(&path(&stand.customer)).ok(200);
    assert_eq!(seen["phones"][0]["number"], "138****8888");
    assert_eq!(seen["emails"][0]["address"], "z***@example.com");
    assert_eq!(seen["tax_id"], "***41X5");
    assert_eq!((&seen["note"], &seen["birthday"], &seen["dates"]), (&json!("***"), &Value::Null, &json!([])));
    let address = &seen["addresses"][0];
    assert_eq!((&address["city"], &address["street"]), (&json!("上海市"), &json!("***")));
    assert_eq!(seen["custom"], json!({"id_card": "***", "seat": "window"}));
    let masked = ["phone", "email", "tax_id", "note", "birthday", "address", "custom.id_card"];
    assert_eq!(seen["masked"], json!(masked));
    let card = stand.masked.get(&format!("{}/card", path(&stand.customer))).ok(200);
    assert_eq!(card["dates_coming"], json!([]));
    assert_eq!(stand.masked.get("/today").ok(200)["dates"], json!([]));
    assert_ne!(stand.founder.get("/today").ok(200)["dates"], json!([]), "the day does come up");
    let lines = stand.masked.get(&format!("{}/timeline?limit=100", path(&stand.customer))).ok(200).to_string();
    assert!(lines.contains("Birthday: ***"), "a change is told, its values are not: {lines}");
    let mut sorted = MASKS;
    sorted.sort_unstable();
    assert_eq!(stand.masked.get("/me").ok(200)["masks"], json!(sorted));
}

fn nobody_finds_by_what_is_masked(site: &Site) {
    let Stand { founder, masked, customer, .. } = stand(site);
    let refused = |reply: regulars_tests::Reply, what: &str| {
        let problem = reply.ok(422);
        assert_eq!(problem["errors"][0]["code"], "field_masked", "{what}: {problem}");
    };
    for (field, value) in [
        ("phone", "+8613812348888"),
        ("email", "zhang.secret@example.com"),
        ("tax_id", "91310000MA1FL41X5"),
        ("birthday", "1985-06-08"),
        ("date_coming", "2030-01-01"),
        ("district", "Jing'an"),
        ("note", "Pays late"),
        ("custom.id_card", "310101198506081234"),
    ] {
        let condition = json!({"not": {"all": [{"field": field, "op": "eq", "value": value}]}});
        let count = json!({"condition": condition});
        let segment = json!({"name": field, "kind": "dynamic", "condition": condition});
        let export = json!({"resource": "customers", "format": "csv", "filter": condition});
        let bulk = json!({"filter": condition, "action": {"set": {"status": "inactive"}}});
        for (path, body) in
            [("/segments/count", count), ("/segments", segment), ("/exports", export), ("/customers/bulk", bulk)]
        {
            refused(masked.post(path, body.clone()), &format!("{path} {field}"));
        }
        let value = value.replace('+', "%2B").replace(' ', "%20").replace('\'', "%27");
        refused(masked.get(&format!("/customers?filter[{field}]={value}")), field);
        founder.get(&format!("/customers?filter[{field}]={value}")).expect(200);
    }
    refused(masked.get("/customers?sort=-birthday"), "sort");
    let fields = masked.get("/condition-fields?resource=customers").ok(200).to_string();
    assert!(!fields.contains("\"birthday\"") && !fields.contains("custom.id_card") && fields.contains("custom.seat"));
    let of_others = json!({"name": "By phone", "kind": "dynamic", "shared": true,
        "condition": {"field": "phone", "op": "starts_with", "value": "+86138"}});
    let of_others = founder.post("/segments", of_others).ok(201);
    refused(masked.get(&format!("/segments/{}/members", id(&of_others))), "members");
    refused(masked.post(&format!("/segments/{}/count", id(&of_others)), json!(null)), "count of a segment");

    for q in ["13812348888", "8888", "1381234", "zhang.secret@example.com", "zhang.secret"] {
        let found = |client: &Client| {
            let hits = client.get(&format!("/search?q={q}")).ok(200)["customers"].as_array().map_or(0, Vec::len);
            let rows = client.get(&format!("/customers?q={q}&count=true")).ok(200)["total"].as_i64().unwrap_or(-1);
            (hits, rows)
        };
        assert_ne!(found(&founder), (0, 0), "{q}");
        assert_eq!(found(&masked), (0, 0), "{q}");
    }
    let hits = masked.get("/search?q=Zhang").ok(200);
    assert_eq!(names(&hits["customers"]), ["Zhang Wei", "Zhang Wei"]);
    assert_eq!(hits["customers"][0]["phone_tail"], Value::Null);

    let typed = json!({"name": "Nobody", "phones": ["13812348888"], "tax_id": "91310000MA1FL41X5"});
    assert_ne!(founder.post("/duplicates/candidates", typed.clone()).ok(200)["items"], json!([]));
    assert_eq!(masked.post("/duplicates/candidates", typed).ok(200)["items"], json!([]));
    let same_name = masked.post("/duplicates/candidates", json!({"name": "Zhang Wei"})).ok(200);
    assert!(told(&same_name.to_string()).is_empty() && same_name["items"] != json!([]), "{same_name}");
    refused(masked.post("/duplicates/elsewhere", json!({"phones": ["13812348888"]})), "another unit");
    masked.get(&path(&customer)).expect(200);
}

fn what_is_masked_cannot_be_overwritten(site: &Site) {
    let Stand { founder, masked, customer, twin } = stand(site);
    let whole = founder.get(&path(&customer)).ok(200);
    let seen = masked.get(&path(&customer)).ok(200);
    let members = ["phones", "emails", "addresses", "dates", "birthday", "tax_id", "note", "custom"];
    let mut back = json!({"name": "Zhang Weiming"});
    for name in members {
        back[name] = seen[name].clone();
    }
    let answer = masked.patch(&path(&customer), &seen["version"], back).ok(200);
    assert!(told(&answer.to_string()).is_empty(), "{answer}");
    let mut now = founder.get(&path(&customer)).ok(200);
    assert_eq!(now["name"], "Zhang Weiming");
    for name in members {
        assert_eq!(now[name], whole[name], "{name}");
    }
    for (name, value) in [
        ("phones", json!([])),
        ("emails", json!([{"address": "new@example.com"}])),
        ("tax_id", json!("***41X6")),
        ("note", json!("Something else")),
        ("birthday", json!("1990-01-01")),
        ("addresses", json!([{"city": "北京市"}])),
        ("custom", json!({"id_card": "1"})),
    ] {
        let body = json!({ name: value });
        let problem = masked.patch(&path(&customer), &now["version"], body.clone()).ok(422);
        assert_eq!(problem["errors"][0]["code"], "field_masked", "{name}: {problem}");
        let mut update = body;
        update["id"] = customer["id"].clone();
        update["version"] = now["version"].clone();
        let problem = masked.post("/customers/batch", json!({"update": [update]})).ok(422);
        assert_eq!(problem["errors"][0]["code"], "field_masked", "{name}: {problem}");
    }
    let copy = json!({"kind": "person", "name": "Copy", "note": seen["note"], "emails": seen["emails"]});
    assert_eq!(masked.post("/customers", copy).ok(422)["errors"][0]["code"], "field_masked");
    let own =
        masked.post("/customers", json!({"kind": "person", "name": "Own", "phones": [{"number": "13987651234"}]}));
    let own = own.ok(201);
    assert_eq!(own["phones"][0]["number"], "139****1234");
    assert_eq!(founder.get(&path(&own)).ok(200)["phones"][0]["number"], "+8613987651234");

    now = founder.get(&path(&customer)).ok(200);
    let merge = json!({"other_id": twin["id"], "version": now["version"], "other_version": twin["version"]});
    masked.post(&format!("{}/merges", path(&customer)), merge).expect(201);
    let merged = founder.get(&path(&customer)).ok(200);
    let addresses = merged["emails"].as_array().expect("a list");
    assert_eq!(addresses.len(), 2, "both real addresses: {merged}");
    assert_eq!((&merged["tax_id"], &merged["note"]), (&whole["tax_id"], &whole["note"]));
}

fn files_are_masked_both_ways(site: &Site) {
    let Stand { founder, masked, .. } = stand(site);
    for format in ["csv", "xlsx"] {
        let job = masked.post("/exports", json!({"resource": "customers", "format": format, "sort": "code"})).ok(202);
        jobs_run_due(&site.app).expect("work");
        let job = masked.get(&format!("/jobs/{}", id(&job))).ok(200);
        let file = masked.get(job["result_url"].as_str().expect("a file")).expect(200);
        if format == "csv" {
            let text = file.text();
            assert!(told(&text).is_empty(), "{text}");
            assert!(
                text.contains("138****8888") && text.contains("z***@example.com") && text.contains("window"),
                "{text}"
            );
            let birthday = text.lines().nth(1).and_then(|line| line.split(',').nth(8));
            assert_eq!(birthday, Some("***"), "a masked day is not an empty one: {text}");
        }
    }
    let job = masked.post("/exports", json!({"resource": "audit-events", "format": "csv"})).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = masked.get(&format!("/jobs/{}", id(&job))).ok(200);
    let text = masked.get(job["result_url"].as_str().expect("a file")).expect(200).text();
    assert!(told(&text).is_empty(), "{text}");

    let theirs = upload(&founder, "customers", "theirs.csv", b"name,phone\nLi Na,13823456789\n");
    for path in ["", "/preview", "/rows", "/rejects"] {
        masked.get(&format!("{}{path}", path_of(&theirs))).expect(404);
    }
    assert_eq!(masked.get("/imports").ok(200)["items"], json!([]));
    let own = upload(&masked, "customers", "own.csv", b"name,phone,gender\nLi Na,13823456789,female\n");
    assert_eq!(own["columns"][1]["suggested_target"], Value::Null, "{own}");
    let columns = json!([{"index": 0, "target": "name"}, {"index": 1, "target": "phone"}]);
    let problem = masked.patch(&path_of(&own), &own["version"], json!({"mapping": {"columns": columns}})).ok(422);
    assert_eq!(problem["errors"][0]["code"], "field_masked", "{problem}");
    let targets = masked.get("/import-targets?resource=customers").ok(200);
    let offered =
        |name: &str| targets["items"].as_array().is_some_and(|all| all.iter().any(|one| one["target"] == name));
    assert!(offered("name") && !offered("phone") && !offered("custom.id_card"), "{targets}");
}

fn roles_mask_together(site: &Site) {
    let Stand { founder, masked, customer, .. } = stand(site);
    let number = || masked.get(&path(&customer)).ok(200)["phones"][0]["number"].clone();
    assert_eq!(number(), "138****8888");
    let user = founder.get("/users?q=clerk").ok(200)["items"][0].clone();
    let mut roles: Vec<Value> = vec![user["role_ids"][0].clone(), founder.role("auditor")];
    let user = founder.patch(&format!("/users/{}", id(&user)), &user["version"], json!({"role_ids": roles})).ok(200);
    assert_eq!(number(), "+8613812348888", "another role that reads shows it");
    roles.pop();
    founder.patch(&format!("/users/{}", id(&user)), &user["version"], json!({"role_ids": roles})).expect(200);
    assert_eq!(number(), "138****8888");
    let place = founder.place().1;
    let body = json!({"name": "x", "login": "x", "department_id": place, "role_ids": [founder.role("member")],
        "password": regulars_tests::PASSWORD});
    let problem = masked.post("/users", body).ok(422);
    assert_eq!(problem["errors"][0]["code"], "beyond_yours", "nobody gives sight they lack: {problem}");
    let key = masked.key_new(&["customers:customer:read"]);
    assert_eq!(key.get(&path(&customer)).ok(200)["phones"][0]["number"], "138****8888");

    let role = founder.get(&format!("/roles/{}", roles[0].as_str().expect("an id"))).ok(200);
    for (masks, code) in [
        (json!(["name"]), "unknown_reference"),
        (json!(["phone", "phone"]), "duplicate"),
        (json!(["custom.nothing"]), "unknown_reference"),
    ] {
        let problem =
            founder.patch(&format!("/roles/{}", id(&role)), &role["version"], json!({"masks": masks})).ok(422);
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    founder.patch(&format!("/roles/{}", id(&role)), &role["version"], json!({"masks": []})).expect(200);
    assert_eq!(number(), "+8613812348888", "at once");
    let named = founder.get("/masks").ok(200);
    assert_eq!(named["items"].as_array().map(Vec::len), Some(8), "{named}");
}
