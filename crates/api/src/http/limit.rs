//! Rate limits: per credential, or per address for those who show none.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU32;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use regulars_app::AppError;

use super::problem::Refusal;

type Keyed = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// Requests per second, with a burst of four seconds' worth. Absent means unlimited.
pub struct Limits(Option<(Keyed, u32)>);

/// What is left, for the `RateLimit` headers.
pub struct Remaining {
    per_second: u32,
    left: u32,
}

const BURST_SECONDS: u32 = 4;

impl Limits {
    pub fn new(per_second: u32) -> Self {
        let quota = NonZeroU32::new(per_second).and_then(|rate| {
            Some(Quota::per_second(rate).allow_burst(NonZeroU32::new(rate.get().saturating_mul(BURST_SECONDS))?))
        });
        Self(
            quota
                .map(|quota| (RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>(), per_second)),
        )
    }

    pub fn check(&self, request: &ServiceRequest) -> Result<Option<Remaining>, Refusal> {
        let Some((limiter, per_second)) = &self.0 else {
            return Ok(None);
        };
        if !request.path().starts_with("/api/v1") {
            return Ok(None);
        }
        match limiter.check_key(&principal(request)) {
            Ok(snapshot) => Ok(Some(Remaining { per_second: *per_second, left: snapshot.remaining_burst_capacity() })),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now()).as_secs().max(1);
                Err(Refusal(AppError::RateLimited { retry_after_seconds: wait }))
            }
        }
    }

    /// Forgets principals that have been quiet.
    pub fn tidy(&self) {
        if let Some((limiter, _)) = &self.0 {
            limiter.retain_recent();
        }
    }
}

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
        let burst = self.per_second.saturating_mul(BURST_SECONDS);
        let policy = format!("\"default\";q={burst};w={BURST_SECONDS}");
        let limit = format!("\"default\";r={};t={BURST_SECONDS}", self.left);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}
