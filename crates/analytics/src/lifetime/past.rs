//! What a customer has brought so far: their contributions discounted to the day of the first.

use chrono::NaiveDate;

/// Σ contribution / (1 + d)^(days / 365), days counted from `origin`; `rate` is d a year. In the unit of the
/// contributions.
pub fn past_value(origin: NaiveDate, contributions: impl IntoIterator<Item = (NaiveDate, f64)>, rate: f64) -> f64 {
    let ln = rate.ln_1p();
    contributions.into_iter().map(|(on, amount)| amount * (-ln * (on - origin).num_days() as f64 / 365.0).exp()).sum()
}
