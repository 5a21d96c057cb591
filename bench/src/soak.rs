//! A long mixed load: what of the server grows under it.

use std::time::{Duration, Instant};

use regulars_domain::demo::Rng;

use crate::client::Client;
use crate::fill::Site;
use crate::load::load;
use crate::process;
use crate::scenarios::Scenario;

/// One look at the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    pub memory_mib: f64,
    /// Of that, what the process itself asked for; the rest are pages of files it maps, which it can lose at any time.
    pub own_mib: f64,
    /// Open files and sockets.
    pub handles: f64,
    pub threads: f64,
}

/// What a soak came to; each figure of the server is the mean of a fifth of the time.
#[derive(Debug, Default)]
pub struct Soaked {
    pub requests: usize,
    pub errors: usize,
    pub first_error: Option<String>,
    /// The second fifth: caches are full by then.
    pub early: Sample,
    /// The last fifth.
    pub late: Sample,
}

/// Sends requests of all scenarios, at random, for so long.
pub fn soak(
    site: &Site<'_>,
    client: &mut Client,
    scenarios: &[Scenario<'_>],
    connections: usize,
    time: Duration,
) -> Result<Soaked, String> {
    let pid = site.server.pid();
    let round = (time / 60).max(Duration::from_millis(200));
    let started = Instant::now();
    let mut soaked = Soaked::default();
    let mut samples = Vec::new();
    while started.elapsed() < time {
        let token = client.token()?.to_string();
        let make = |rng: &mut Rng, out: &mut Vec<u8>| {
            if let Some(scenario) = rng.pick(scenarios) {
                (scenario.make)(&token, rng, out);
            }
        };
        let outcome = load(&site.server.address, connections, round, &make, &mut || {});
        soaked.requests += outcome.requests;
        soaked.errors += outcome.errors;
        soaked.first_error = soaked.first_error.or(outcome.first_error);
        samples.push(Sample {
            memory_mib: process::memory_mib(pid, "VmRSS"),
            own_mib: process::memory_mib(pid, "RssAnon"),
            handles: process::handles(pid),
            threads: process::threads(pid),
        });
    }
    let fifth = (samples.len() / 5).max(1);
    soaked.early = mean(&samples[fifth.min(samples.len() - 1)..(2 * fifth).min(samples.len()).max(1)]);
    soaked.late = mean(&samples[samples.len() - fifth..]);
    Ok(soaked)
}

fn mean(samples: &[Sample]) -> Sample {
    let of = |figure: fn(&Sample) -> f64| samples.iter().map(figure).sum::<f64>() / samples.len().max(1) as f64;
    Sample {
        memory_mib: of(|s| s.memory_mib),
        own_mib: of(|s| s.own_mib),
        handles: of(|s| s.handles),
        threads: of(|s| s.threads),
    }
}
