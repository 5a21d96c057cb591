//! The load: connections that each send the next request when the last is answered, for a fixed time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use regulars_domain::demo::Rng;

use crate::wire::Connection;

/// Writes one request.
pub type Make<'a> = dyn Fn(&mut Rng, &mut Vec<u8>) + Sync + 'a;

/// What came of a load.
#[derive(Debug, Default)]
pub struct Outcome {
    pub requests: usize,
    pub errors: usize,
    pub seconds: f64,
    /// The first answer that was none of 2xx.
    pub first_error: Option<String>,
    /// Microseconds, ascending.
    latencies: Vec<u32>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds.max(1e-9)
    }

    /// Milliseconds under which this share of the requests was answered.
    pub fn percentile(&self, share: f64) -> f64 {
        let at = ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// Loads the server at `address` for `time` after a warm-up of a fifth of it; `start` is called between them and
/// `stop` at the end, to read meters.
pub fn load(address: &str, connections: usize, time: Duration, make: &Make<'_>, between: &mut dyn FnMut()) -> Outcome {
    run(address, connections, time / 5, make, 1);
    between();
    let outcome = run(address, connections, time, make, 2);
    between();
    outcome
}

fn run(address: &str, connections: usize, time: Duration, make: &Make<'_>, seed: u64) -> Outcome {
    let over = AtomicBool::new(false);
    let started = Instant::now();
    let parts: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|row| {
                let over = &over;
                scope.spawn(move || one(address, make, Rng::of_row(seed, 77, row as u64), over))
            })
            .collect();
        std::thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let mut whole = Outcome { seconds: started.elapsed().as_secs_f64(), ..Outcome::default() };
    for part in parts {
        whole.requests += part.requests;
        whole.errors += part.errors;
        whole.latencies.extend(part.latencies);
        whole.first_error = whole.first_error.or(part.first_error);
    }
    whole.latencies.sort_unstable();
    whole
}

fn one(address: &str, make: &Make<'_>, mut rng: Rng, over: &AtomicBool) -> Outcome {
    let mut outcome = Outcome::default();
    let (mut request, mut body) = (Vec::new(), Vec::new());
    let mut connection = None;
    while !over.load(Ordering::Relaxed) {
        make(&mut rng, &mut request);
        let sent_at = Instant::now();
        let answered = match connection.take().map_or_else(|| Connection::open(address), Ok) {
            Ok(mut open) => open.exchange(&request, &mut body).inspect(|_| connection = Some(open)),
            Err(error) => Err(error),
        };
        match answered {
            Ok(200..300) => {
                outcome.requests += 1;
                outcome.latencies.push(u32::try_from(sent_at.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            other => {
                outcome.errors += 1;
                let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_string();
                let text = format!("{line}: {other:?} {}", String::from_utf8_lossy(&body));
                outcome.first_error.get_or_insert(text);
            }
        }
    }
    outcome
}
