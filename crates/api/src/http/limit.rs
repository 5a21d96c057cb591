//! Rate limits: per credential, or per address for those who show none. A node decides from its own buckets, without a
//! query; what other nodes let through is charged to them about a second later.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::time::{Duration, Instant};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use regulars_app::platform::rate::{Use, rates_share};
use regulars_app::{App, AppError, AppResult};
use regulars_domain::rate::{BURST_SECONDS, Bucket, Rate};
use uuid::Uuid;

use super::call::now;
use super::problem::Refusal;

/// How often nodes tell each other. Until then each node lets through what its own bucket holds: two nodes together
/// twice a burst at the worst, and the rate once in the long run.
pub const EXCHANGE: Duration = Duration::from_secs(1);

/// Who asked for less than this part of the rate since the last exchange is not told of: with up to as many nodes nobody
/// gets more than the rate by staying below it everywhere, and ordinary people cost nothing.
const QUIET_PART: u32 = 8;

/// Requests per second, with a burst of four seconds' worth.
pub struct Limits {
    /// Absent means unlimited.
    rate: Option<Rate>,
    node: Uuid,
    began: Instant,
    callers: Mutex<HashMap<u64, Caller>>,
    /// Reports of other nodes that are charged already.
    heard: Mutex<HashSet<(Uuid, DateTime<Utc>)>>,
}

#[derive(Default)]
struct Caller {
    bucket: Bucket,
    /// Let through since the last exchange.
    fresh: u32,
}

/// What is left, for the `RateLimit` headers.
pub struct Remaining {
    rate: Rate,
    left: u32,
}

impl Limits {
    /// 0 means no limit.
    pub fn new(per_second: u32) -> Self {
        Self {
            rate: Rate::per_second(per_second),
            node: Uuid::now_v7(),
            began: Instant::now(),
            callers: Mutex::default(),
            heard: Mutex::default(),
        }
    }

    fn clock(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    pub fn check(&self, request: &ServiceRequest) -> Result<Option<Remaining>, Refusal> {
        let limited = ["/api/v1", "/forms/"].iter().any(|place| request.path().starts_with(place));
        let Some(rate) = self.rate.filter(|_| limited) else {
            return Ok(None);
        };
        let now = self.clock();
        let mut callers = self.callers.lock();
        let caller = callers.entry(principal(request)).or_default();
        match rate.take(&mut caller.bucket, now) {
            Ok(left) => {
                caller.fresh = caller.fresh.saturating_add(1);
                Ok(Some(Remaining { rate, left }))
            }
            Err(wait) => {
                let seconds = u64::try_from(wait).unwrap_or(0).div_ceil(1_000_000_000);
                Err(Refusal(AppError::RateLimited { retry_after_seconds: seconds.max(1) }))
            }
        }
    }

    /// Tells other nodes, charges what they told, forgets callers that have been quiet. Blocks.
    pub fn exchange(&self, app: &App) -> AppResult<()> {
        let Some(rate) = self.rate else { return Ok(()) };
        let told = rates_share(app, self.node, &self.report(rate), now())?;
        let mut heard = self.heard.lock();
        let (mut callers, clock) = (self.callers.lock(), self.clock());
        for (node, at, (principal, used)) in &told {
            if !heard.contains(&(*node, *at)) {
                rate.charge(&mut callers.entry(principal.cast_unsigned()).or_default().bucket, *used, clock);
            }
        }
        *heard = told.into_iter().map(|(node, at, _)| (node, at)).collect();
        Ok(())
    }

    /// Who asked much since the last report.
    fn report(&self, rate: Rate) -> Vec<Use> {
        let clock = self.clock();
        let mut callers = self.callers.lock();
        let much = |caller: &Caller| caller.fresh.saturating_mul(QUIET_PART) >= rate.requests();
        let uses = callers.iter().filter(|(_, caller)| much(caller));
        let uses = uses.map(|(principal, caller)| (principal.cast_signed(), i64::from(caller.fresh))).collect();
        callers.values_mut().for_each(|caller| caller.fresh = 0);
        callers.retain(|_, caller| !caller.bucket.is_full(clock));
        uses
    }
}

/// The same on every node: a fixed hash of what the caller shows.
fn principal(request: &ServiceRequest) -> u64 {
    let mut hasher = DefaultHasher::new();
    match request.headers().get(header::AUTHORIZATION) {
        Some(credential) => credential.as_bytes().hash(&mut hasher),
        None => request.peer_addr().map(|peer| peer.ip()).hash(&mut hasher),
    }
    hasher.finish()
}

impl Remaining {
    pub fn write(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={BURST_SECONDS}", self.rate.burst());
        let limit = format!("\"default\";r={};t={BURST_SECONDS}", self.left);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}
