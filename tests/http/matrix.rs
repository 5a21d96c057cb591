//! Who may call what, and whose records that reaches: every operation of the contract against `tests/matrix`.

use std::collections::BTreeSet;

use regulars_api::contract::CONTRACT;
use regulars_tests::{Client, Reply, Site, both};
use serde_json::{Value, json};

both!(every_operation_lets_in_who_may, records_of_others_stay_out_of_reach);

const OPERATIONS: &str = include_str!("../matrix/operations.txt");
const REACH: &str = include_str!("../matrix/reach.txt");

/// The columns after `anonymous` and `key`.
const ROLES: [&str; 8] = [
    "executive",
    "unit_head",
    "member",
    "unit_administrator",
    "service_agent",
    "marketer",
    "auditor",
    "system_administrator",
];

/// An id that nothing has.
const NOTHING: &str = "01990000-0000-7000-8000-000000000001";
/// A version that nothing has: whoever reaches the record is told that it is stale, and nothing changes.
const STALE: &str = "\"999999\"";

struct Row {
    method: &'static str,
    path: &'static str,
    /// One letter for each caller; `None` is public.
    letters: Option<&'static str>,
    kind: &'static str,
}

impl Row {
    fn lets_in(&self, column: usize) -> bool {
        self.letter(column) != b'.'
    }

    fn letter(&self, column: usize) -> u8 {
        self.letters.map_or(b'.', |letters| letters.as_bytes()[column])
    }
}

fn rows() -> Vec<Row> {
    let lines = OPERATIONS.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let letters = Some(words[2]).filter(|word| *word != "public");
            assert!(letters.is_none_or(|letters| letters.len() == ROLES.len() + 2), "ten letters: {line}");
            Row { method: words[0], path: words[1], letters, kind: words.get(3).copied().unwrap_or("") }
        })
        .collect()
}

fn operation(row: &Row) -> &'static Value {
    &CONTRACT["paths"][format!("/api/v1{}", row.path)][row.method.to_ascii_lowercase()]
}

#[test]
fn the_matrix_and_the_contract_name_the_same_operations() {
    let told: BTreeSet<String> = rows().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(told.len(), rows().len(), "no operation has two lines");
    let mut known = BTreeSet::new();
    for (path, item) in CONTRACT["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            let path = path.strip_prefix("/api/v1").unwrap_or(path);
            known.insert(format!("{} {path}", method.to_ascii_uppercase()));
        }
    }
    let missing: Vec<_> = known.difference(&told).collect();
    assert!(missing.is_empty(), "add a line to tests/matrix/operations.txt for {missing:#?}");
    let gone: Vec<_> = told.difference(&known).collect();
    assert!(gone.is_empty(), "no such operation any more: {gone:#?}");
}

#[test]
fn only_public_operations_take_no_credential() {
    for row in rows() {
        let open = operation(&row)["security"] == json!([{}]);
        assert_eq!(open, row.letters.is_none(), "{} {}", row.method, row.path);
    }
}

/// The path with its parameters filled in, and what its query requires.
fn address(row: &Row, id: &str) -> String {
    let mut path = row.path.replace("{id}", id).replace("{key}", "source").replace("{period}", "2026-11");
    let required = operation(row)["parameters"].as_array().into_iter().flatten();
    let query = required.filter(|one| one["in"] == "query" && one["required"] == true);
    for (index, one) in query.enumerate() {
        let name = one["name"].as_str().expect("a name");
        let value = match name {
            "resource" => "customers",
            "file_name" => "rows.csv",
            _ => one["example"].as_str().unwrap_or("a"),
        };
        path.push_str(&format!("{}{name}={value}", if index == 0 { '?' } else { '&' }));
    }
    path
}

/// Calls the operation with the body that its contract shows as an example; a patch changes nothing.
fn call(client: &Client, row: &Row, id: &str) -> Reply {
    let path = address(row, id);
    let versioned = [("if-match", STALE)];
    if row.method == "PATCH" {
        return client.send("PATCH", &path, Some(&json!({})), &versioned);
    }
    let content = &operation(row)["requestBody"]["content"];
    if let Some((kind, _)) =
        content.as_object().and_then(|content| content.iter().find(|(kind, _)| *kind != "application/json"))
    {
        return client.send_bytes(row.method, &path, b"name\nA\n", &[("content-type", kind)]);
    }
    let body = content.pointer("/application~1json/example");
    client.send(row.method, &path, body, &versioned)
}

fn answers(client: &Client, row: &Row, id: &str) -> (u16, String) {
    if row.kind == "stream" {
        return (client.status(row.path), String::new());
    }
    let reply = call(client, row, id);
    (reply.status, reply.text())
}

fn every_operation_lets_in_who_may(site: &Site) {
    let founder = site.founder();
    let mut callers = vec![("anonymous", site.anonymous()), ("key", founder.key_new(&["customers:customer:read"]))];
    callers.extend(ROLES.map(|role| (role, site.person(role, role))));
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row.letters.is_some()) {
        for (column, (name, client)) in callers.iter().enumerate() {
            let (status, text) = answers(client, row, NOTHING);
            let fits = match (row.lets_in(column), *name) {
                (true, _) => !matches!(status, 401 | 403 | 405 | 500..),
                (false, "anonymous") => status == 401,
                (false, _) => status == 403,
            };
            if !fits {
                wrong.push(format!("{} {} as {name}: {status} {text:.200}", row.method, row.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A person with a role, and the records of each owner by the letter of `reach.txt`.
struct Stand {
    role: &'static str,
    client: Client,
    records: Vec<(char, Records)>,
}

/// One record of each kind, all of one owner.
#[derive(Clone)]
struct Records {
    customer: String,
    order: String,
    interaction: String,
    preference: String,
    fact: String,
    key_account: String,
    training: String,
    dealer: String,
    cost: String,
    relation: String,
}

impl Records {
    fn new(founder: &Client, name: &str, unit: &Value, owner: &Value) -> Self {
        let make =
            |path: &str, body: Value| founder.post(path, body).ok(201)["id"].as_str().expect("an id").to_string();
        let person = |name: &str| {
            make("/customers", json!({"kind": "person", "name": name, "unit_id": unit, "owner_id": owner}))
        };
        let customer = person(name);
        let shop = json!({"kind": "organization", "name": "Shop", "unit_id": unit, "owner_id": owner});
        let shop = make("/customers", shop);
        let order = json!({"customer_id": customer, "owner_id": owner,
            "lines": [{"name": "Beans", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}]});
        let relation = json!({"from_id": customer, "to_id": person("Friend"), "role": "friend"});
        Self {
            order: make("/orders", order),
            interaction: make("/interactions", json!({"customer_id": customer, "kind": "note", "body": "Likes beans"})),
            preference: make(
                &format!("/customers/{customer}/preferences"),
                json!({"key": "seat", "value": "By the window"}),
            ),
            fact: make(
                &format!("/customers/{customer}/facts"),
                json!({"kind": "staff", "number": 12, "source": "asked"}),
            ),
            key_account: make(&format!("/customers/{customer}/key-accounts"), json!({"plan": "Grow"})),
            training: make(&format!("/customers/{customer}/trainings"), json!({"course": "product"})),
            dealer: make(&format!("/customers/{shop}/dealers"), json!({"kind": "store"})),
            cost: make(
                &format!("/customers/{customer}/costs"),
                json!({"kind": "gift", "amount": {"amount": "10.00", "currency": "CNY"}}),
            ),
            relation: make("/relations", relation),
            customer,
        }
    }

    /// The id that an operation of this kind takes or lists.
    fn of(&self, kind: &str) -> Option<&str> {
        Some(match kind {
            "customer" | "customers" => &self.customer,
            "order" | "orders" => &self.order,
            "interaction" => &self.interaction,
            "preference" => &self.preference,
            "fact" => &self.fact,
            "key_account" => &self.key_account,
            "training" => &self.training,
            "dealer" => &self.dealer,
            "cost" => &self.cost,
            "relation" => &self.relation,
            _ => return None,
        })
    }
}

fn stands(site: &Site) -> Vec<Stand> {
    let founder = site.founder();
    let (unit, department) = founder.place();
    let beside = founder.department_new(&unit, "Beside");
    let elsewhere = founder.unit_new("HZ");
    let away = founder.department_new(&elsewhere, "Away");
    let member = founder.role("member");
    let mut others = Vec::new();
    for (letter, login, unit, place) in [
        ('d', "colleague", &unit, &department),
        ('u', "neighbour", &unit, &beside),
        ('c', "stranger", &elsewhere, &away),
    ] {
        let owner = founder.user_new(login, place, &[&member])["id"].clone();
        others.push((letter, Records::new(&founder, &format!("Matrix {login}"), unit, &owner)));
    }
    let stand = |role: &'static str| {
        let owner = founder.user_new(role, &department, &[&founder.role(role)])["id"].clone();
        let mut records = others.clone();
        records.push(('o', Records::new(&founder, &format!("Matrix {role}"), &unit, &owner)));
        Stand { role, client: site.sign_in(role), records }
    };
    ROLES.map(stand).into()
}

fn reach_of(role: &str) -> &'static str {
    let line = REACH.lines().find(|line| line.split_whitespace().next() == Some(role));
    line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("{role} in reach.txt"))
}

fn records_of_others_stay_out_of_reach(site: &Site) {
    let stands = stands(site);
    let mut wrong = Vec::new();
    for row in rows() {
        for (column, stand) in stands.iter().enumerate() {
            let allowed = row.lets_in(column + 2);
            let list = matches!(row.kind, "customers" | "orders");
            if list && !allowed {
                continue;
            }
            let listed = if list { stand.client.get(&listing(&row)).expect(200).text() } else { String::new() };
            for (letter, records) in &stand.records {
                let Some(id) = records.of(row.kind) else { continue };
                let reached = reach_of(stand.role).contains(*letter);
                let (fits, found) = if list {
                    (listed.contains(id) == reached, format!("listed: {}", !reached))
                } else {
                    let reply = call(&stand.client, &row, id);
                    let hidden = allowed && !reached;
                    // The founder wrote these records: who changes only their own words is told so.
                    let refused = !allowed || (reached && row.letter(column + 2) == b'w');
                    let fits = (reply.status == 403) == refused && (reply.status == 404) == hidden;
                    (fits, format!("{} {:.200}", reply.status, reply.text()))
                };
                if !fits {
                    wrong.push(format!("{} {} as {} on “{letter}”: {found}", row.method, row.path, stand.role));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A list with all records of this test on one page.
fn listing(row: &Row) -> String {
    if row.path == "/search" { "/search?q=Matrix&limit=50".into() } else { format!("{}?limit=200", row.path) }
}
