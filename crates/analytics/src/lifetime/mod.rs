//! What a customer will still bring: how often they come back (BG/NBD), what they spend then (Gamma-Gamma), what both
//! are worth today, and what they have brought already. Time is in weeks of seven days, money in whole units of the
//! company's currency, as the published models have it.
//!
//! Sources: Fader, Hardie & Lee (2005), *"Counting Your Customers" the Easy Way*; Fader & Hardie (2013), *The
//! Gamma-Gamma Model of Monetary Value*; Fader & Hardie (2007), *How to Project Customer Retention*.

pub mod contract;
pub mod past;
pub mod potential;
pub mod programme;
pub mod purchases;
pub mod spend;
pub mod subscription;

pub use potential::{Horizons, Model, Potential, Scorer, Shortfall, Verdict};
pub use purchases::{Purchases, purchases_fit};
pub use spend::{Spend, spend_fit};

/// Days of a week.
pub const WEEK: f64 = 7.0;
/// Weeks of a month in which future purchases are discounted.
pub const MONTH_WEEKS: f64 = 4.345;

/// What the models know of one customer. Purchases of one day are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Repeated purchases: days with an order after the first one.
    pub repeats: u32,
    /// Weeks from the first to the last purchase; 0 without repetition.
    pub last: f64,
    /// Weeks from the first purchase to the end of observation.
    pub age: f64,
}

impl History {
    /// From days.
    pub fn of_days(order_days: u32, last: i64, age: i64) -> Self {
        Self {
            repeats: order_days.saturating_sub(1),
            last: last.max(0) as f64 / WEEK,
            age: age.max(last).max(0) as f64 / WEEK,
        }
    }
}

/// Parameters found, with how well they are known.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Fit<P> {
    /// The most likely parameters.
    pub parameters: P,
    /// Their standard errors by the second derivatives; `None` where these do not exist.
    pub standard_errors: Option<P>,
    /// Logarithm of the likelihood, natural, without the factors that no parameter moves.
    pub log_likelihood: f64,
    /// Customers looked at.
    pub customers: u64,
    /// Distinct histories among them.
    pub distinct: u64,
    /// Steps of the search.
    pub steps: u32,
}

/// Why no parameters were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFit {
    /// Nobody to look at.
    Empty,
    /// The search found no most likely parameters, or only at the end of the world.
    NotFound,
}

/// Parameters further away than this, in natural logarithms, say that the likelihood has no top.
const FAR: f64 = 11.0;
/// Slope of the mean log-likelihood at which the search has arrived.
const FLAT: f64 = 1e-9;
/// Groups that one thread adds up at a time; fixed, so that sums do not depend on the machine.
const CHUNK: usize = 16_384;

/// Sums of `part` over all items, in chunks on all cores and added up in the order of the chunks.
fn summed<const M: usize, T: Sync>(items: &[T], part: impl Fn(&T) -> [f64; M] + Sync) -> [f64; M] {
    let chunk_sum = |chunk: &[T]| {
        chunk.iter().fold([0.0; M], |mut sum, item| {
            sum.iter_mut().zip(part(item)).for_each(|(sum, more)| *sum += more);
            sum
        })
    };
    let chunks: Vec<&[T]> = items.chunks(CHUNK).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(chunks.len());
    let sums: Vec<[f64; M]> = if workers < 2 {
        chunks.iter().map(|chunk| chunk_sum(chunk)).collect()
    } else {
        let each = chunks.len().div_ceil(workers);
        let chunk_sum = &chunk_sum;
        std::thread::scope(|scope| {
            let work: Vec<_> = chunks
                .chunks(each)
                .map(|some| scope.spawn(move || some.iter().map(|chunk| chunk_sum(chunk)).collect::<Vec<_>>()))
                .collect();
            // A thread that failed leaves no number, and the search then finds nothing.
            work.into_iter().flat_map(|one| one.join().unwrap_or_else(|_| vec![[f64::NAN; M]])).collect()
        })
    };
    sums.into_iter().fold([0.0; M], |mut sum, more| {
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        sum
    })
}

/// Standard errors of parameters whose logarithms have this inverse of second derivatives of the mean over `n`.
fn standard_errors<const N: usize>(at: &[f64; N], inverse: Option<[[f64; N]; N]>, n: f64) -> Option<[f64; N]> {
    let inverse = inverse?;
    let errors: [f64; N] = std::array::from_fn(|part| at[part].exp() * (inverse[part][part] / n).sqrt());
    errors.iter().all(|error| error.is_finite()).then_some(errors)
}
