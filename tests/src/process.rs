//! The real program as a process of its own: for tests that kill it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::{Client, PASSWORD};

/// What nodes on one PostgreSQL share.
const SECRET_KEY: &str = "5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1ed5ea1";

/// A running `regulars serve`; killed without mercy when dropped.
pub struct Process {
    child: Child,
    pub url: String,
    /// From the set-up link, on an empty database.
    pub setup_token: Option<String>,
}

/// The built program beside the test's own binary: `target/<profile>/regulars`.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    let program = profile.join("regulars");
    assert!(program.exists(), "{}: `cargo build -p regulars` first", program.display());
    program
}

/// What the program said and whether it was content: `regulars(&["backup", "a.zip"], data, None)`.
pub fn regulars(arguments: &[&str], data: &Path, database: Option<&str>) -> Result<String, String> {
    let mut command = Command::new(program());
    command.args(arguments).arg("--data").arg(data);
    if let Some(url) = database {
        command.args(["--database", url]).env("REGULARS_SECRET_KEY", SECRET_KEY);
    }
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{}{}", text(&output.stdout), text(&output.stderr)))
    }
}

impl Process {
    /// Starts the server on a directory, or on a PostgreSQL when a URL is given, and waits until it says where it is.
    pub fn start(data: &Path, database: Option<&str>) -> Self {
        Self::limited(data, database, 0)
    }

    /// The same with so many requests a second for each credential; 0 for no limit.
    pub fn limited(data: &Path, database: Option<&str>, rate: u32) -> Self {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", &rate.to_string(), "--data"]).arg(data);
        if let Some(url) = database {
            command.args(["--database", url]).env("REGULARS_SECRET_KEY", SECRET_KEY);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines.next().expect("a line").expect("text");
        let url = first.strip_prefix("Regulars is at ").expect("the address first").to_string();
        // On a set-up database nothing more is printed: the set-up state tells whether to read on.
        let mut process = Self { child, url, setup_token: None };
        if process.client().get("/setup").ok(200)["needed"] == json!(true) {
            let second = lines.next().expect("the link").expect("text");
            process.setup_token = second.rsplit_once("token=").map(|(_, token)| token.to_string());
        }
        process
    }

    pub fn client(&self) -> Client {
        Client::at(&self.url)
    }

    /// Sets the company up and signs the founder in.
    pub fn founder(&self) -> Client {
        if let Some(token) = &self.setup_token {
            let setup = json!({
                "token": token, "company_name": "晨光商店", "unit_name": "上海", "locale": "zh-CN",
                "time_zone": "Asia/Shanghai", "currency": "CNY", "person_name": "林晓", "login": "founder",
                "password": PASSWORD,
            });
            self.client().post("/setup", setup).expect(201);
        }
        self.client().signed_in("founder")
    }

    /// Its number, as `/proc` knows it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, as an operator stops it; answers once it has drained, whether it ended well.
    pub fn stop(mut self) -> bool {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "SIGTERM is sent");
        self.child.wait().is_ok_and(|status| status.success())
    }

    /// SIGKILL: no goodbye, no flush.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
