//! People of a test: users with roles in departments, made through the API by the founder.

use serde_json::{Value, json};

use crate::{Client, PASSWORD, Site};

impl Client {
    /// The id of a built-in role.
    pub fn role(&self, key: &str) -> Value {
        let roles = self.get("/roles").ok(200);
        let found = roles["items"].as_array().and_then(|roles| roles.iter().find(|role| role["key"] == key));
        found.unwrap_or_else(|| panic!("no role {key}"))["id"].clone()
    }

    pub fn unit_new(&self, code: &str) -> Value {
        self.post("/units", json!({"name": code, "code": code})).ok(201)["id"].clone()
    }

    pub fn department_new(&self, unit: &Value, name: &str) -> Value {
        self.post("/departments", json!({"name": name, "unit_id": unit})).ok(201)["id"].clone()
    }

    /// A user with the common password.
    pub fn user_new(&self, login: &str, department: &Value, roles: &[&Value]) -> Value {
        let body = json!({"name": login, "login": login, "department_id": department, "role_ids": roles,
            "password": PASSWORD});
        self.post("/users", body).ok(201)
    }

    /// The caller's own unit and department.
    pub fn place(&self) -> (Value, Value) {
        let me = self.get("/me").ok(200);
        (me["unit"]["id"].clone(), me["department"]["id"].clone())
    }

    /// A key of the caller's with these permissions, as a client.
    pub fn key_new(&self, permissions: &[&str]) -> Client {
        let made = self.post("/api-keys", json!({"name": "key", "permissions": permissions})).ok(201);
        Client { token: made["key"].as_str().map(String::from), ..self.clone() }
    }
}

impl Site {
    /// A new user of the founder's department with one built-in role, signed in.
    pub fn person(&self, login: &str, role: &str) -> Client {
        self.person_of(&self.founder(), login, role)
    }

    /// The same through an administrator who is signed in.
    pub fn person_of(&self, founder: &Client, login: &str, role: &str) -> Client {
        founder.user_new(login, &founder.place().1, &[&founder.role(role)]);
        self.sign_in(login)
    }
}
