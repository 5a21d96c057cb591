//! The one way out over HTTP: a POST to an endpoint, to addresses that may be reached only, bounded in time and size.
//!
//! Names are looked up here and the answers sifted, so the address connected to is one that was checked: a name that
//! points elsewhere a moment later changes nothing. Redirects are answers, not followed; no proxy is taken from the
//! environment.

use std::fmt;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use regulars_domain::webhook::network::{Network, address_allowed};
use ureq::config::Config;
use ureq::http::{Request, Uri};
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::Outbound;

/// A name must be found and a connection stand after this long.
const CONNECT: Duration = Duration::from_secs(5);
/// Everything together.
const WHOLE: Duration = Duration::from_secs(15);
/// So much of an answer is kept, in bytes.
const EXCERPT: u64 = 2048;

/// Sends messages. Cheap to share.
pub struct Sender {
    agent: Agent,
}

/// One message, signed.
pub struct Message<'a> {
    pub url: &'a str,
    pub id: &'a str,
    /// Seconds of the Unix epoch, as signed.
    pub timestamp: i64,
    pub signature: String,
    pub body: &'a str,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong, if there was none.
    pub fault: Option<&'static str>,
    /// How the answer's body begins.
    pub answer: Option<String>,
    pub took: Duration,
}

/// Codes of what goes wrong on the way.
pub const FAULTS: [&str; 6] =
    ["address_refused", "connection_failed", "host_not_found", "not_http", "timed_out", "tls_failed"];

/// How anything goes out from here: bounded in time, over TLS unless `http`, to the address asked and no other.
pub(crate) fn config_bounded(http: bool) -> Config {
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Config::builder()
        .https_only(!http)
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .tls_config(tls)
        .user_agent(concat!("Regulars/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        // Endpoints are many and messages few: nothing is kept open.
        .max_idle_connections(0)
        .build()
}

impl Sender {
    pub fn new(outbound: &Outbound) -> Self {
        let config = config_bounded(outbound.http);
        let resolver = Sifting { inner: DefaultResolver::default(), networks: outbound.networks.clone() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Sends once.
    pub fn send(&self, message: &Message<'_>) -> Sent {
        let began = Instant::now();
        match self.exchange(message) {
            Ok((status, answer)) => {
                Sent { status: Some(status), fault: None, answer: Some(answer), took: began.elapsed() }
            }
            Err(error) => Sent { status: None, fault: Some(fault_of(&error)), answer: None, took: began.elapsed() },
        }
    }

    fn exchange(&self, message: &Message<'_>) -> Result<(u16, String), Error> {
        let request = Request::post(message.url)
            .header("content-type", "application/json; charset=utf-8")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp.to_string())
            .header("webhook-signature", &message.signature)
            .body(message.body)?;
        let response = self.agent.run(request)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        // The status is the answer; a body that breaks off changes nothing.
        let _ = response.into_body().into_reader().take(EXCERPT).read_to_end(&mut bytes);
        let text: String = String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control() || *c == '\n').collect();
        Ok((status, text))
    }
}

fn fault_of(error: &Error) -> &'static str {
    match error {
        Error::Io(error) if error.kind() == ErrorKind::PermissionDenied => "address_refused",
        Error::Io(error) if error.kind() == ErrorKind::TimedOut => "timed_out",
        Error::Timeout(_) => "timed_out",
        Error::HostNotFound => "host_not_found",
        Error::Tls(_) | Error::Rustls(_) => "tls_failed",
        Error::Protocol(_) | Error::Http(_) | Error::BadUri(_) | Error::LargeResponseHeader(..) => "not_http",
        _ => "connection_failed",
    }
}

/// Looks names up and keeps the addresses that may be reached.
struct Sifting {
    inner: DefaultResolver,
    networks: Vec<Network>,
}

impl fmt::Debug for Sifting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sifting").field("networks", &self.networks).finish_non_exhaustive()
    }
}

impl Resolver for Sifting {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout).map_err(|error| match error {
            // What the system says of a name it does not know differs from one to the next.
            Error::Io(error) if error.kind() != ErrorKind::TimedOut => Error::HostNotFound,
            other => other,
        })?;
        let mut kept = self.empty();
        for address in found.iter().filter(|address| address_allowed(address.ip(), &self.networks)) {
            kept.push(*address);
        }
        if kept.is_empty() { Err(std::io::Error::from(ErrorKind::PermissionDenied).into()) } else { Ok(kept) }
    }
}
