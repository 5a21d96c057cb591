//! Use cases: one function per thing a person can do. Each checks permission, runs one transaction, records what
//! happened. The same function serves HTTP, jobs and the command line; nothing here knows HTTP or SQL.

pub mod access;
pub mod activities;
pub mod backup;
pub mod catalog;
pub mod custom;
pub mod customers;
pub mod cx;
pub mod demo;
pub mod doctor;
pub mod engage;
pub mod error;
pub mod event;
pub mod exports;
pub mod imports;
pub mod insight;
pub mod jobs;
pub mod list;
pub mod messages;
pub mod money;
pub mod operations;
pub mod patch;
pub mod platform;
pub mod sales;
pub mod shape;
pub mod told;
pub mod upkeep;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use regulars_persistence::Database;

pub use cx::{Cx, Idempotency, RequestMeta};
pub use error::{AppError, AppResult};

/// What the program was started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Uploaded and exported files, beside the embedded database.
    pub data_dir: PathBuf,
    /// The browser's cookie goes without `Secure`: only for a server reached by plain HTTP.
    pub plain_http: bool,
    /// Largest file taken for import, in bytes.
    pub max_upload: u64,
    /// Password hashes computed at the same time; each takes 19 MiB.
    pub hash_concurrency: usize,
    /// What secrets in the database are sealed with, the present key first, then former ones that still open, each 64
    /// hexadecimal digits; without any a file in `data_dir` holds the key.
    pub secret_keys: Vec<String>,
    /// Start although the key is lost, giving up what it sealed.
    pub forget_secrets: bool,
    /// Where webhooks may go.
    pub webhooks: platform::webhooks::Outbound,
    /// Sales are kept in memory for pivots while they take no more bytes than this; 0 for never.
    pub pivot_memory: u64,
    /// Through whom people may sign in beside their password.
    pub oidc: Option<access::oidc::OidcConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            plain_http: false,
            max_upload: 2 << 30,
            hash_concurrency: 2,
            secret_keys: Vec::new(),
            forget_secrets: false,
            webhooks: platform::webhooks::Outbound::default(),
            pivot_memory: 64 << 20,
            oidc: None,
        }
    }
}

/// The running application: everything a use case reaches besides its arguments. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Database,
    config: Config,
    tokens: access::token::Tokens,
    passwords: access::password::Passwords,
    vault: access::vault::Vault,
    oidc: Option<access::oidc::provider::Provider>,
    actors: access::actor::ActorCache,
    codes: customers::code::CodeBlocks,
    sender: platform::webhooks::send::Sender,
    newest: platform::live::Newest,
    uses: activities::discipline::uses::Uses,
    memory: insight::pivot::memory::Memory,
    company: RwLock<Option<(DateTime<Utc>, Arc<access::settings::Company>)>>,
}

/// How long a node may act on what it knew of a session, role or setting.
pub const FRESHNESS: Duration = Duration::from_secs(3);

impl App {
    /// Wires the application to a migrated database.
    pub fn start(db: Database, config: Config, now: DateTime<Utc>) -> AppResult<Self> {
        let key = db.write(move |tx| {
            access::setup::defaults_refresh(tx, now)?;
            let fresh = access::token::random_bytes::<64>().to_vec();
            Ok::<_, AppError>(regulars_persistence::access::company::secret_ensure(tx, "token_key", fresh, now)?)
        })?;
        let passwords = access::password::Passwords::new(config.hash_concurrency)?;
        let vault = access::vault::Vault::open(&db, &config, now)?;
        let oidc = match &config.oidc {
            Some(named) => access::oidc::provider::Provider::new(named)?,
            None => None,
        };
        Ok(Self(Arc::new(Inner {
            db,
            sender: platform::webhooks::send::Sender::new(&config.webhooks),
            config,
            tokens: access::token::Tokens::new(&key),
            passwords,
            vault,
            oidc,
            actors: access::actor::ActorCache::default(),
            codes: customers::code::CodeBlocks::default(),
            newest: platform::live::Newest::default(),
            uses: activities::discipline::uses::Uses::default(),
            memory: insight::pivot::memory::Memory::default(),
            company: RwLock::new(None),
        })))
    }

    pub fn db(&self) -> &Database {
        &self.0.db
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn tokens(&self) -> &access::token::Tokens {
        &self.0.tokens
    }

    pub(crate) fn passwords(&self) -> &access::password::Passwords {
        &self.0.passwords
    }

    pub(crate) fn vault(&self) -> &access::vault::Vault {
        &self.0.vault
    }

    pub(crate) fn oidc(&self) -> Option<&access::oidc::provider::Provider> {
        self.0.oidc.as_ref()
    }

    pub(crate) fn actors(&self) -> &access::actor::ActorCache {
        &self.0.actors
    }

    pub(crate) fn codes(&self) -> &customers::code::CodeBlocks {
        &self.0.codes
    }

    pub(crate) fn newest(&self) -> &platform::live::Newest {
        &self.0.newest
    }

    pub(crate) fn uses(&self) -> &activities::discipline::uses::Uses {
        &self.0.uses
    }

    pub(crate) fn memory(&self) -> &insight::pivot::memory::Memory {
        &self.0.memory
    }

    pub(crate) fn sender(&self) -> &platform::webhooks::send::Sender {
        &self.0.sender
    }

    /// The company's settings, at most [`FRESHNESS`] old. Absent before set-up.
    pub fn company(&self, now: DateTime<Utc>) -> AppResult<Arc<access::settings::Company>> {
        if let Some((read_at, company)) = self.0.company.read().as_ref()
            && now.signed_duration_since(*read_at).to_std().unwrap_or_default() < FRESHNESS
        {
            return Ok(company.clone());
        }
        let company = Arc::new(self.0.db.read(access::settings::company_load)?);
        *self.0.company.write() = Some((now, company.clone()));
        Ok(company)
    }

    pub(crate) fn company_changed(&self) {
        *self.0.company.write() = None;
    }
}
