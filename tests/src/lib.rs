//! The harness of the tests through HTTP: a site of one's own — server, fresh database, founder — on either engine.
//!
//! PostgreSQL is found through `REGULARS_TEST_POSTGRES` (a URL whose user may create databases); `make test` starts one.

pub mod cluster;
pub mod contract;
pub mod process;
pub mod receiver;

pub mod people;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use metrics_exporter_prometheus::PrometheusBuilder;
use regulars_api::Shared;
use regulars_api::http::call::now;
use regulars_app::access::setup::setup_token;
use regulars_app::platform::webhooks::Outbound;
use regulars_app::{App, Config};
use regulars_persistence::db::Manager;
use regulars_persistence::{Database, Location};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Runs each function as one test on either engine: `both!(setup_works_once, cursor_skips_nothing);`
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        mod sqlite {
            $($(#[$meta])* #[test] fn $name() { super::$name(&$crate::Site::start($crate::Engine::Sqlite)); })+
        }
        mod postgres {
            $($(#[$meta])* #[test] fn $name() { super::$name(&$crate::Site::start($crate::Engine::Postgres)); })+
        }
    };
}

pub const PASSWORD: &str = "correct horse battery";

/// A running server on a database of its own; both end with it.
pub struct Site {
    pub app: App,
    pub url: String,
    handle: ServerHandle,
    _database: Option<Fresh>,
    _data: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; `null` when there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).expect("a JSON body") }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Fails the test with the body unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Expects the status and gives the JSON body.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        self.expect(status).json()
    }
}

/// Someone who calls the API: signed in or not.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    url: String,
    pub token: Option<String>,
    pub language: &'static str,
}

impl Client {
    /// Someone not signed in, at a server's address.
    pub fn at(url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        Self { agent: config.into(), url: url.into(), token: None, language: "en" }
    }

    /// The same caller, signed in with the common password.
    pub fn signed_in(mut self, login: &str) -> Self {
        let body = json!({"login": login, "password": PASSWORD, "client": "device"});
        let session = self.post("/auth/sessions", body).ok(201);
        self.token = session["access_token"].as_str().map(String::from);
        self
    }

    /// The answer, or nothing when the server went away meanwhile.
    pub fn try_send(&self, method: &str, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Option<Reply> {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.exchange(method, path, &bytes, &[&[("content-type", "application/json")], headers].concat()).ok()
    }

    pub fn send(&self, method: &str, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Reply {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        let mut all = vec![];
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            all.push(("content-type", kind));
        }
        all.extend_from_slice(headers);
        self.send_bytes(method, path, &bytes, &all)
    }

    pub fn send_bytes(&self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Reply {
        let reply = self.exchange(method, path, body, headers).expect("an answer");
        contract::reply_check(method, path, &reply);
        reply
    }

    fn exchange(&self, method: &str, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Result<Reply, ureq::Error> {
        let rooted = ["/api/", "/forms/", "/healthz", "/readyz", "/metrics"].iter().any(|root| path.starts_with(root));
        let address = format!("{}{}{path}", self.url, if rooted { "" } else { "/api/v1" });
        let mut request =
            ureq::http::Request::builder().method(method).uri(address).header("accept-language", self.language);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body.to_vec())?)?;
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
        Ok(Reply { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }

    /// The status of an answer whose body may never end.
    pub fn status(&self, path: &str) -> u16 {
        let mut request = ureq::http::Request::builder().uri(format!("{}/api/v1{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.agent.run(request.body(()).expect("a request")).expect("an answer").status().as_u16()
    }

    /// The events of a stream as they come: name and data. Ends with the stream, or after a minute.
    pub fn events(&self, path: &str) -> impl Iterator<Item = (String, Value)> + use<> {
        let mut request = ureq::http::Request::builder()
            .uri(format!("{}/api/v1{path}", self.url))
            .header("accept-language", self.language);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let minute = Some(std::time::Duration::from_secs(60));
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(minute).build().into();
        let answer = agent.run(request.body(()).expect("a request")).expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        let mut name = String::new();
        let lines = BufReader::new(answer.into_body().into_reader()).lines().map_while(Result::ok);
        lines.filter_map(move |line| {
            if let Some(said) = line.strip_prefix("event: ") {
                name = said.into();
            }
            let data = line.strip_prefix("data: ")?;
            Some((std::mem::take(&mut name), serde_json::from_str(data).expect("JSON")))
        })
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None, &[])
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(&body), &[])
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.send("PUT", path, Some(&body), &[])
    }

    /// PATCH with `If-Match` of the version.
    pub fn patch(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send("PATCH", path, Some(&body), &[("if-match", &format!("\"{version}\""))])
    }

    /// DELETE with `If-Match` of the version.
    pub fn delete(&self, path: &str, version: &Value) -> Reply {
        self.send("DELETE", path, None, &[("if-match", &format!("\"{version}\""))])
    }

    pub fn remove(&self, path: &str) -> Reply {
        self.send("DELETE", path, None, &[])
    }

    /// Every item of a list, page by page.
    pub fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}{join}limit={limit}&cursor={cursor}")).ok(200);
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.into(),
                None => return items,
            }
        }
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn postgres_url() -> String {
    std::env::var("REGULARS_TEST_POSTGRES")
        .expect("REGULARS_TEST_POSTGRES: the URL of a PostgreSQL for tests (`make test` starts one)")
}

/// A database migrated once per run; every test's own is a copy of it.
fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("regulars_template_{}", std::process::id());
        postgres_run(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"));
        regulars_persistence::migrate::migrate(&Location::Postgres(database_url(&name))).expect("migrations");
        name
    })
}

fn database_url(name: &str) -> String {
    let url = postgres_url();
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    format!("{server}/{name}")
}

fn postgres_run(sql: &str) {
    let mut db = Manager::new(Location::Postgres(postgres_url())).connect_writer().expect("PostgreSQL answers");
    regulars_persistence::sql::Statement::new(sql).run(&mut db).expect(sql);
}

impl Site {
    /// A fresh site, set up with a founder who may do everything.
    pub fn start(engine: Engine) -> Self {
        let site = Self::start_bare(engine);
        let token = setup_token(&site.app, now()).expect("a database").expect("a set-up token");
        let setup = json!({
            "token": token, "company_name": "晨光商店", "unit_name": "上海", "locale": "zh-CN", "time_zone": "Asia/Shanghai",
            "currency": "CNY", "person_name": "林晓", "login": "founder", "password": PASSWORD,
        });
        site.anonymous().post("/setup", setup).expect(201);
        site
    }

    /// A fresh site nobody has set up.
    pub fn start_bare(engine: Engine) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let (url, database) = match engine {
            Engine::Sqlite => (data.path().join("regulars.db").display().to_string(), None),
            Engine::Postgres => {
                let fresh = Fresh::database();
                (fresh.url(), Some(fresh))
            }
        };
        if engine == Engine::Sqlite {
            regulars_persistence::migrate::migrate(&Location::parse(&url)).expect("migrations");
        }
        let db = Database::open(&url, 4).expect("a database");
        // Receivers of webhooks in tests stand on this machine.
        let webhooks = Outbound { http: true, networks: vec!["127.0.0.0/8".parse().expect("a network")] };
        let config = Config { data_dir: data.path().to_path_buf(), webhooks, ..Config::default() };
        let app = App::start(db, config, now()).expect("an application");
        let (url, handle) = serve(&app);
        Self { app, url, handle, _database: database, _data: data }
    }

    pub fn anonymous(&self) -> Client {
        Client::at(&self.url)
    }

    /// The first person, with every role that a set-up gives.
    pub fn founder(&self) -> Client {
        self.sign_in("founder")
    }

    /// Signs a user with the common password in.
    pub fn sign_in(&self, login: &str) -> Client {
        self.anonymous().signed_in(login)
    }
}

/// A migrated PostgreSQL database of one's own, dropped with it.
pub struct Fresh(String);

impl Fresh {
    pub fn database() -> Self {
        let name = format!("regulars_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        postgres_copy(&name);
        Self(name)
    }

    pub fn url(&self) -> String {
        database_url(&self.0)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        postgres_run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.0));
    }
}

/// Copies of a template are made one at a time: PostgreSQL refuses two at once.
fn postgres_copy(name: &str) {
    static COPYING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let template = template();
    let _one = COPYING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    postgres_run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
}

fn serve(app: &App) -> (String, ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let shared = Shared::new(app.clone(), 0, PrometheusBuilder::new().build_recorder().handle());
    let (give, take) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || regulars_api::application(shared.clone()))
                .workers(1)
                .disable_signals()
                .shutdown_timeout(1)
                .listen(listener)
                .expect("a server")
                .run();
            give.send(server.handle()).expect("someone waits");
            server.await.expect("served");
        });
    });
    (url, take.recv().expect("a server"))
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
