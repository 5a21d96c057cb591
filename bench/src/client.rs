//! A person at the API: sets the company up, fills it, asks how far a job is.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::wire::{Connection, write_request_of};

/// The first person of every filled company.
pub const FOUNDER: &str = "founder";
pub const PASSWORD: &str = "correct horse battery";
/// Access tokens live ten minutes: a new one is asked for well before.
const TOKEN_LIFE: Duration = Duration::from_secs(240);

/// Signed in, on one connection.
pub struct Client {
    address: String,
    connection: Option<Connection>,
    login: String,
    token: String,
    signed_in_at: Instant,
}

impl Client {
    /// Uses the set-up link's token, and is the founder from then on.
    pub fn set_up(address: &str, setup_token: &str) -> Result<Self, String> {
        let mut client = Self::nobody(address);
        let answer = client.send(
            "POST",
            "/api/v1/setup",
            Some(&json!({
                "token": setup_token, "company_name": "Bench", "unit_name": "Shops", "locale": "zh-CN",
                "time_zone": "Asia/Shanghai", "currency": "CNY", "person_name": "Founder", "login": FOUNDER,
                "password": PASSWORD,
            })),
        )?;
        client.take(&answer, FOUNDER);
        Ok(client)
    }

    /// Signs a known login in at another address of the same site.
    pub fn sign_in(address: &str, login: &str) -> Result<Self, String> {
        let mut client = Self::nobody(address);
        let body = json!({"login": login, "password": PASSWORD, "client": "device"});
        let answer = client.send("POST", "/api/v1/auth/sessions", Some(&body))?;
        client.take(&answer, login);
        Ok(client)
    }

    fn nobody(address: &str) -> Self {
        Self {
            address: address.into(),
            connection: None,
            login: String::new(),
            token: String::new(),
            signed_in_at: Instant::now(),
        }
    }

    fn take(&mut self, session: &Value, login: &str) {
        self.token = session["access_token"].as_str().unwrap_or_default().into();
        self.login = login.into();
        self.signed_in_at = Instant::now();
    }

    /// A token good for some minutes.
    pub fn token(&mut self) -> Result<&str, String> {
        if self.signed_in_at.elapsed() > TOKEN_LIFE {
            let login = self.login.clone();
            *self = Self::sign_in(&self.address, &login)?;
        }
        Ok(&self.token)
    }

    pub fn get(&mut self, path: &str) -> Result<Value, String> {
        self.token()?;
        self.send("GET", path, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value, String> {
        self.token()?;
        self.send("POST", path, Some(body))
    }

    /// Sends a file.
    pub fn upload(&mut self, path: &str, bytes: &[u8]) -> Result<Value, String> {
        self.token()?;
        self.send_bytes("POST", path, "application/octet-stream", bytes)
    }

    /// Waits for a job to be done.
    pub fn job_wait(&mut self, job: &Value) -> Result<Value, String> {
        let path = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap_or_default());
        loop {
            let job = self.get(&path)?;
            match job["status"].as_str() {
                Some("done") => return Ok(job),
                Some("failed" | "cancelled") => return Err(format!("a job ended badly: {job}")),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send_bytes(method, path, "application/json", body.as_bytes())
    }

    fn send_bytes(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Value, String> {
        let wrong = |what: &dyn std::fmt::Display| format!("{method} {path}: {what}");
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.address).map_err(|error| wrong(&error))?,
        };
        let (mut request, mut answer) = (Vec::new(), Vec::new());
        write_request_of(&mut request, method, path, &self.token, kind, body);
        let status = connection.exchange(&request, &mut answer).map_err(|error| wrong(&error))?;
        self.connection = Some(connection);
        if !(200..300).contains(&status) {
            return Err(wrong(&format!("{status} {}", String::from_utf8_lossy(&answer))));
        }
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer).map_err(|error| wrong(&error))
    }
}
