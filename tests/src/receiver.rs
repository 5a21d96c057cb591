//! An endpoint of webhooks on this machine: keeps what arrives and answers as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use regulars_domain::webhook::signature::{secret_bytes, signature};
use serde_json::Value;

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub id: String,
    pub timestamp: String,
    pub signatures: String,
    pub body: String,
}

impl Arrived {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Whether one of its signatures was made with this secret.
    pub fn is_signed_with(&self, secret: &Value) -> bool {
        let secret = secret_bytes(secret.as_str().expect("a secret")).expect("whsec_");
        let wanted = signature(&secret, &self.id, self.timestamp.parse().expect("seconds"), &self.body);
        self.signatures.split(' ').any(|one| one == wanted)
    }
}

#[derive(Default)]
struct State {
    arrived: Vec<Arrived>,
    /// Raw answers for the next messages; 204 when there are none.
    answers: VecDeque<String>,
}

/// The endpoint; it listens for as long as the test runs.
pub struct Receiver {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub fn start() -> Self {
        Self::at("127.0.0.1:0")
    }

    pub fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Whoever only looks whether somebody listens leaves again.
                let _ = take(stream, &shared);
            }
        });
        Self { url, state }
    }

    /// The next messages get these statuses.
    pub fn will_answer(&self, statuses: &[u16]) {
        let answers = statuses
            .iter()
            .map(|status| format!("HTTP/1.1 {status} Said\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsaid\r\n"));
        self.state.lock().expect("a lock").answers.extend(answers);
    }

    /// The next message gets this answer, word for word.
    pub fn will_say(&self, answer: String) {
        self.state.lock().expect("a lock").answers.push_back(answer);
    }

    /// What has arrived since it was asked last.
    pub fn taken(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.state.lock().expect("a lock").arrived)
    }
}

fn take(mut stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut headers, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line).ok()? > 2 {
        headers.push(std::mem::take(&mut line));
    }
    let header = |name: &str| {
        let found = headers.iter().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim().to_string())
        });
        found.unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    let arrived = Arrived {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signatures: header("webhook-signature"),
        body: String::from_utf8(body).ok()?,
    };
    let answer = {
        let mut state = state.lock().ok()?;
        state.arrived.push(arrived);
        state.answers.pop_front()
    };
    let quiet = || "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_string();
    stream.write_all(answer.unwrap_or_else(quiet).as_bytes()).ok()
}
