//! What is tried: the lines of `tests/matrix/walls.txt`, beside the contract.

use std::sync::LazyLock;

use regulars_api::contract::CONTRACT;
use regulars_tests::{Client, Reply};
use serde_json::{Value, json};

const WALLS: &str = include_str!("../../matrix/walls.txt");

/// An id that nothing has, for operations that concern no unit.
const NOTHING: &str = "01990000-0000-7000-8000-000000000001";

/// What the first word of a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nothing is told.
    Wall,
    /// A rule says what is told.
    Told,
    /// Nothing of another unit can be named.
    Company,
    Public,
}

/// One line.
#[derive(Debug)]
pub struct Attempt {
    pub line: &'static str,
    pub rule: Rule,
    /// `PATCH /customers/{id}`, as the contract knows it.
    pub operation: String,
    pub method: &'static str,
    pub path: &'static str,
    body: Option<&'static str>,
}

/// Members of bodies that name what is the whole company's, or what has no line to give it.
const UNNAMED: &[&str] = &["role_ids", "product_id", "brand_id", "category_id"];

/// `METHOD /path: member` that can't be given.
pub fn unnamed_members() -> impl Iterator<Item = &'static str> {
    WALLS.lines().filter_map(|line| line.strip_prefix("#! "))
}

pub fn attempts() -> &'static [Attempt] {
    static ATTEMPTS: LazyLock<Vec<Attempt>> = LazyLock::new(|| {
        WALLS.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(read).collect()
    });
    &ATTEMPTS
}

fn read(line: &'static str) -> Attempt {
    let (rule, rest) = match line.split_once(' ') {
        Some(("told", rest)) => (Rule::Told, rest),
        Some(("company", rest)) => (Rule::Company, rest),
        Some(("public", rest)) => (Rule::Public, rest),
        _ => (Rule::Wall, line),
    };
    let mut words = rest.splitn(3, ' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = words.next();
    assert!(body.is_none_or(|body| serde_json::from_str::<Value>(body).is_ok()), "no JSON: {line}");
    let plain = path.split('?').next().unwrap_or_default();
    Attempt { line, rule, operation: format!("{method} {}", template(method, plain)), method, path, body }
}

/// Every operation: `GET /customers/{id}` and what the contract says of it.
pub fn operations() -> Vec<(String, &'static Value)> {
    let mut all = Vec::new();
    for (path, item) in CONTRACT["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let path = path.strip_prefix("/api/v1").unwrap_or(path);
            all.push((format!("{} {path}", method.to_ascii_uppercase()), operation));
        }
    }
    all
}

pub fn operation(name: &str) -> &'static Value {
    let (method, path) = name.split_once(' ').expect("a method and a path");
    &CONTRACT["paths"][format!("/api/v1{path}")][method.to_ascii_lowercase()]
}

/// The contract's path that a tried one is; the one with the fewest open parts.
fn template(method: &str, path: &str) -> String {
    let asked: Vec<&str> = path.split('/').collect();
    let mut found: Vec<String> = operations()
        .into_iter()
        .filter_map(|(name, _)| name.strip_prefix(&format!("{method} ")).map(String::from))
        .filter(|known| {
            let parts: Vec<&str> = known.split('/').collect();
            let fits =
                |(part, word): (&&str, &&str)| part == word || part.starts_with('{') && word.contains(['@', '$']);
            parts.len() == asked.len() && parts.iter().zip(&asked).all(fits)
        })
        .collect();
    found.sort_by_key(|known| known.matches('{').count());
    found.into_iter().next().unwrap_or_else(|| path.to_string())
}

impl Attempt {
    /// Whether something of the other unit stands in it.
    pub fn names_something(&self) -> bool {
        self.path.contains('@') || self.body.is_some_and(|body| body.contains("\"@"))
    }

    /// The body as the line has it, words and all.
    pub fn json(&self) -> Option<&'static str> {
        self.body
    }

    /// Whether a member of the body is given something of the other unit.
    pub fn gives(&self, member: &str) -> bool {
        self.body
            .is_some_and(|body| ["\"@", "[\"@"].iter().any(|given| body.contains(&format!("\"{member}\":{given}"))))
    }

    /// Sends it with the words filled in; changes say that they know version 1.
    pub fn send(&self, caller: &Client, fill: impl Fn(&str) -> String) -> Reply {
        let path = fill(self.path).replace("{id}", NOTHING).replace("{key}", "source").replace("{period}", "2026-11");
        let operation = operation(&self.operation);
        let content = &operation["requestBody"]["content"];
        let versioned = [("if-match", "\"1\"")];
        if self.rule == Rule::Company {
            return self.send_example(caller, &path, content);
        }
        if content.get("application/octet-stream").is_some() {
            return caller.send_bytes("POST", &path, b"name\nA\n", &[("content-type", "application/octet-stream")]);
        }
        let body = self.body.map(|body| serde_json::from_str(&fill(body)).expect("JSON"));
        let body = body.or_else(|| (self.method == "POST").then_some(Value::Null));
        caller.send(self.method, &path, body.as_ref(), &versioned)
    }

    /// As the contract's example has it; changes of what stands are stale, so that nothing changes for the others.
    fn send_example(&self, caller: &Client, path: &str, content: &Value) -> Reply {
        let path = match self.path {
            "/import-targets" | "/condition-fields" => format!("{path}?resource=customers"),
            "/imports" if self.method == "POST" => format!("{path}?resource=customers&file_name=rows.csv"),
            _ => path.to_string(),
        };
        let stale = [("if-match", "\"999999\"")];
        if self.method == "PATCH" {
            return caller.send("PATCH", &path, Some(&json!({})), &stale);
        }
        if content.get("application/octet-stream").is_some() {
            return caller.send_bytes("POST", &path, b"name\nA\n", &[("content-type", "application/octet-stream")]);
        }
        caller.send(self.method, &path, content.pointer("/application~1json/example"), &stale)
    }
}

/// The members of an operation's body that take ids of what is a unit's.
pub fn wanted_ids(operation: &'static Value) -> Vec<String> {
    let mut found = Vec::new();
    for media in operation["requestBody"]["content"].as_object().into_iter().flat_map(|content| content.values()) {
        ids_within(&media["schema"], &mut Vec::new(), &mut found);
    }
    found.sort();
    found.dedup();
    found.retain(|name| !UNNAMED.contains(&name.as_str()));
    found
}

fn ids_within(schema: &'static Value, passed: &mut Vec<&'static str>, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        if !passed.contains(&name) {
            passed.push(name);
            ids_within(CONTRACT.pointer(&name[1..]).expect("a schema"), passed, found);
        }
        return;
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let holds_ids = |part: &Value| part["format"] == "uuid";
        if holds_ids(member) || holds_ids(&member["items"]) {
            found.push(name.clone());
        }
        ids_within(member, passed, found);
    }
    ids_within_parts(schema, passed, found);
}

fn ids_within_parts(schema: &'static Value, passed: &mut Vec<&'static str>, found: &mut Vec<String>) {
    for part in ["oneOf", "allOf", "anyOf"] {
        for choice in schema[part].as_array().into_iter().flatten() {
            ids_within(choice, passed, found);
        }
    }
    if let Some(items) = schema.get("items") {
        ids_within(items, passed, found);
    }
}

/// Without ids, instants and numbers of requests, which differ from answer to answer.
pub fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let Some(mark) = mark(rest) else {
            let next = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        };
        out.push('#');
        rest = &rest[mark..];
    }
    out
}

/// How long the id or instant is that a text begins with.
fn mark(text: &str) -> Option<usize> {
    let shaped = |shape: &str| {
        let fits = |(letter, wanted): (u8, u8)| match wanted {
            b'x' => letter.is_ascii_hexdigit(),
            b'9' => letter.is_ascii_digit(),
            _ => letter == wanted,
        };
        text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(fits)
    };
    if shaped("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
        return Some(36);
    }
    if shaped("9999-99-99T99:99:99") || shaped("9999-99-99 99:99") {
        let tail = text[16..].bytes().take_while(|byte| byte.is_ascii_digit() || b":.Z".contains(byte)).count();
        return Some(16 + tail);
    }
    None
}
