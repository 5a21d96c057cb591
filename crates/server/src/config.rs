//! Settings of the program: flags, then environment, then defaults.

use std::path::PathBuf;

use clap::Args;
use regulars_app::Config;
use regulars_app::access::oidc::OidcConfig;
use regulars_app::platform::webhooks::Outbound;
use regulars_domain::webhook::network::Network;
use regulars_persistence::Location;

#[derive(Args, Clone)]
pub struct StoreArguments {
    /// `postgres://…`, or the path of an SQLite file; by default `regulars.db` in the data directory.
    #[arg(long, env = "DATABASE_URL")]
    pub database: Option<String>,
    /// Where the embedded database and files are kept.
    #[arg(long, env = "REGULARS_DATA", default_value = "data")]
    pub data: PathBuf,
    /// What secrets in the database are sealed with: 64 hexadecimal digits, behind a comma former keys that still open.
    /// By default `secret.key` in the data directory, made at the first start; several nodes on PostgreSQL must share one.
    #[arg(long, env = "REGULARS_SECRET_KEY", value_delimiter = ',', hide_env_values = true)]
    pub secret_key: Vec<String>,
    /// Database connections: readers on SQLite (by default two for each core), all on PostgreSQL (by default 12).
    #[arg(long, env = "REGULARS_CONNECTIONS")]
    pub connections: Option<u32>,
}

#[derive(Args, Clone)]
pub struct ServeArguments {
    #[command(flatten)]
    pub store: StoreArguments,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "REGULARS_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// The address people use, for links in messages; by default the one listened on.
    #[arg(long, env = "REGULARS_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Send the sign-in cookie without `Secure`: only when people reach the server by plain HTTP from elsewhere.
    #[arg(long, env = "REGULARS_PLAIN_HTTP")]
    pub plain_http: bool,
    /// Requests per second and credential; 0 for no limit.
    #[arg(long, env = "REGULARS_RATE_LIMIT", default_value_t = 100)]
    pub rate_limit: u32,
    /// Threads that answer requests.
    #[arg(long, env = "REGULARS_WORKERS")]
    pub workers: Option<usize>,
    /// Networks of one's own that webhooks may reach although they are not public: `10.1.0.0/16,192.168.7.9`.
    #[arg(long, env = "REGULARS_WEBHOOK_NETWORKS", value_delimiter = ',')]
    pub webhook_networks: Vec<Network>,
    /// Let webhooks go to plain-HTTP addresses: for development.
    #[arg(long, env = "REGULARS_WEBHOOK_HTTP")]
    pub webhook_http: bool,
    /// The OpenID Connect provider people may sign in with, as it calls itself; needs the client's id and `--public-url`,
    /// and a program built with the feature `oidc`.
    #[arg(long, env = "REGULARS_OIDC_ISSUER", requires_all = ["oidc_client_id", "public_url"])]
    pub oidc_issuer: Option<String>,
    /// As whom the provider knows this server.
    #[arg(long, env = "REGULARS_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// By which the provider knows this server; without it PKCE alone protects the exchange.
    #[arg(long, env = "REGULARS_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<String>,
    /// Speak plain HTTP with the provider: for development.
    #[arg(long, env = "REGULARS_OIDC_HTTP")]
    pub oidc_http: bool,
    /// Most memory for the sales that pivots are answered from, in MiB (20 to 70 bytes an order line), read when the
    /// first is asked for; until then, where they do not fit, and with 0, the database answers.
    #[arg(long, env = "REGULARS_PIVOT_MEMORY", default_value_t = 512)]
    pub pivot_memory: u64,
    /// Start although the secret key is lost: second factors are set up anew, webhooks get new secrets.
    #[arg(long)]
    pub forget_secrets: bool,
    /// Logs as JSON lines.
    #[arg(long, env = "REGULARS_LOG_JSON")]
    pub log_json: bool,
}

impl StoreArguments {
    /// Readers of SQLite never wait for anything but the processor: more than that only take caches from each other.
    pub fn connections(&self, url: &str) -> u32 {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let fitting = match Location::parse(url) {
            Location::Sqlite(_) => u32::try_from(cores * 2).unwrap_or(16).clamp(4, 32),
            Location::Postgres(_) => 12,
        };
        self.connections.unwrap_or(fitting)
    }

    /// The database's address; makes the data directory if it is not there.
    pub fn database_url(&self) -> Result<String, String> {
        std::fs::create_dir_all(&self.data).map_err(|error| format!("cannot make {}: {error}", self.data.display()))?;
        Ok(self.database.clone().unwrap_or_else(|| self.data.join("regulars.db").display().to_string()))
    }
}

impl ServeArguments {
    fn oidc(&self) -> Option<OidcConfig> {
        Some(OidcConfig {
            issuer: self.oidc_issuer.clone().filter(|issuer| !issuer.is_empty())?,
            client_id: self.oidc_client_id.clone()?,
            client_secret: self.oidc_client_secret.clone().filter(|secret| !secret.is_empty()).map(Into::into),
            callback: format!("{}/api/v1/auth/oidc/callback", self.public_url.as_deref()?.trim_end_matches('/')),
            http: self.oidc_http,
        })
    }

    pub fn app_config(&self) -> Config {
        Config {
            data_dir: self.store.data.clone(),
            plain_http: self.plain_http,
            secret_keys: self.store.secret_key.clone(),
            forget_secrets: self.forget_secrets,
            webhooks: Outbound { http: self.webhook_http, networks: self.webhook_networks.clone() },
            pivot_memory: self.pivot_memory << 20,
            oidc: self.oidc(),
            ..Config::default()
        }
    }
}
