//! Customers through HTTP: recording, finding, the card, the walls.

mod assets;
mod card;
mod consents;
mod dates;
pub mod duplicates;
mod facts;
mod key_accounts;
mod many;
mod marks;
pub mod merges;
mod people;
mod preferences;
mod qualifications;
pub mod record;
mod required;
mod search;
mod shares;
mod walls;

use regulars_tests::{Client, PASSWORD, Site};
use serde_json::{Value, json};

/// A customer with the least that is needed.
pub fn customer(client: &Client, name: &str) -> Value {
    client.post("/customers", json!({"kind": "person", "name": name})).ok(201)
}

pub fn path(customer: &Value) -> String {
    format!("/customers/{}", id(customer))
}

pub fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// Names of the items of a list or of found customers.
pub fn names(items: &Value) -> Vec<&str> {
    items.as_array().expect("a list").iter().map(|item| item["name"].as_str().expect("a name")).collect()
}

/// A new unit with one department; answers both ids.
pub fn unit(site: &Site, name: &str, code: &str) -> (String, String) {
    let founder = site.founder();
    let unit = founder.post("/units", json!({"name": name, "code": code, "active": true})).ok(201);
    let department = founder.post("/departments", json!({"name": name, "unit_id": unit["id"]})).ok(201);
    (id(&unit).to_owned(), id(&department).to_owned())
}

/// A signed-in colleague with one built-in role in a department.
pub fn colleague(site: &Site, login: &str, role: &str, department: &str) -> Client {
    let founder = site.founder();
    let roles = founder.get("/roles").ok(200);
    let role = roles["items"].as_array().expect("roles").iter().find(|r| r["key"] == role).expect("a built-in role");
    let body = json!({
        "name": login, "login": login, "department_id": department, "role_ids": [role["id"]], "locale": "zh-CN",
        "password": PASSWORD,
    });
    founder.post("/users", body).expect(201);
    site.sign_in(login)
}

/// The founder's own department.
pub fn home(site: &Site) -> String {
    let me = site.founder().get("/me").ok(200);
    me["department"]["id"].as_str().expect("a department").to_owned()
}
