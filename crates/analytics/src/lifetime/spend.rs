//! Gamma-Gamma: what a customer spends on a day varies around their own mean, and the means vary between customers.
//! It holds where spending has nothing to do with frequency, which is checked before it is used.

use serde::{Deserialize, Serialize};

use super::{FAR, FLAT, Fit, NoFit, standard_errors, summed};
use crate::minimise::minimise;
use crate::special::{digamma, lgamma};

/// Parameters of the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spend {
    /// Shape of what one customer spends.
    pub p: f64,
    /// Shape of the differences between customers.
    pub q: f64,
    /// Scale of the differences, in money.
    pub gamma: f64,
}

/// Who repeated, and what they spent on the mean day of repetition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeats {
    /// Days of repetition, at least 1.
    pub repeats: u32,
    /// Mean spent on them, whole units of currency, above 0.
    pub mean: f64,
}

fn slope(all: &[(Repeats, f64)], logs: &[f64; 3]) -> (f64, [f64; 3]) {
    let [p, q, gamma] = logs.map(f64::exp);
    let most = all.iter().map(|(one, _)| one.repeats).max().unwrap_or(0);
    let table: Vec<[f64; 3]> = (0..=most)
        .map(|x| {
            let px = p * f64::from(x.max(1));
            [lgamma(px + q) - lgamma(px), digamma(px + q), digamma(px)]
        })
        .collect();
    let fixed = q * gamma.ln() - lgamma(q);
    let (psi_q, ln_gamma) = (digamma(q), gamma.ln());
    let part = |(one, count): &(Repeats, f64)| {
        let (x, z) = (f64::from(one.repeats), one.mean);
        let [gammas, psi_pxq, psi_px] = table[one.repeats as usize];
        let ln_all = (gamma + x * z).ln();
        let ln_spent = (x * z).ln();
        [
            fixed + gammas + p * x * ln_spent - z.ln() - (p * x + q) * ln_all,
            x * (psi_pxq - psi_px + ln_spent - ln_all),
            psi_pxq - psi_q + ln_gamma - ln_all,
            q / gamma - (p * x + q) / (gamma + x * z),
        ]
        .map(|value| value * count)
    };
    let [value, by_p, by_q, by_gamma] = summed(all, part);
    (value, [by_p * p, by_q * q, by_gamma * gamma])
}

/// The most likely parameters; who did not repeat, or spent nothing, is left out.
pub fn spend_fit(all: &[Repeats]) -> Result<Fit<Spend>, NoFit> {
    let known = all.iter().filter(|one| one.repeats > 0 && one.mean > 0.0);
    let (count, sum) = known.fold((0u32, 0.0), |(count, sum), one| (count + 1, sum + one.mean));
    spend_fit_from(all, [1.0, 1.0, (sum / f64::from(count.max(1))).max(1e-9).ln()])
}

/// The most likely parameters, sought from given logarithms of p, q, γ.
pub fn spend_fit_from(all: &[Repeats], start: [f64; 3]) -> Result<Fit<Spend>, NoFit> {
    let mut known: Vec<Repeats> = all.iter().filter(|one| one.repeats > 0 && one.mean > 0.0).copied().collect();
    if known.is_empty() {
        return Err(NoFit::Empty);
    }
    let n = known.len() as f64;
    let key = |one: &Repeats| (one.repeats, one.mean.to_bits());
    known.sort_unstable_by_key(key);
    let groups: Vec<(Repeats, f64)> =
        known.chunk_by(|one, other| key(one) == key(other)).map(|same| (same[0], same.len() as f64)).collect();
    let least = minimise(start, FLAT, |logs| {
        let (value, slopes) = slope(&groups, logs);
        (-value / n, slopes.map(|part| -part / n))
    });
    // Money has no natural unit, so only the shapes can be too far away.
    let least = least.filter(|least| least.at[..2].iter().all(|log| log.abs() < FAR)).ok_or(NoFit::NotFound)?;
    let of = |[p, q, gamma]: [f64; 3]| Spend { p, q, gamma };
    Ok(Fit {
        parameters: of(least.at.map(f64::exp)),
        standard_errors: standard_errors(&least.at, least.inverse, n).map(of),
        log_likelihood: -least.value * n,
        customers: known.len() as u64,
        distinct: groups.len() as u64,
        steps: least.steps,
    })
}

impl Spend {
    /// E[M]: the mean day of a customer, drawn towards everybody's the less they repeated.
    pub fn expected(&self, repeats: u32, mean: f64) -> f64 {
        let px = self.p * f64::from(repeats);
        self.p * (self.gamma + f64::from(repeats) * mean.max(0.0)) / (px + self.q - 1.0)
    }

    /// The mean day of somebody of whom nothing is known; `None` where the distribution has no mean (q ≤ 1).
    pub fn of_anybody(&self) -> Option<f64> {
        (self.q > 1.0).then(|| self.p * self.gamma / (self.q - 1.0))
    }
}

/// Pearson's correlation of days of repetition with their mean spending; `None` where one of them does not vary.
pub fn frequency_correlation(all: &[Repeats]) -> Option<f64> {
    let known: Vec<(f64, f64)> = all
        .iter()
        .filter(|one| one.repeats > 0 && one.mean > 0.0)
        .map(|one| (f64::from(one.repeats), one.mean))
        .collect();
    let n = known.len() as f64;
    let (sx, sy) = known.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let (mx, my) = (sx / n, sy / n);
    let (xy, xx, yy) = known.iter().fold((0.0, 0.0, 0.0), |sum, (x, y)| {
        (sum.0 + (x - mx) * (y - my), sum.1 + (x - mx).powi(2), sum.2 + (y - my).powi(2))
    });
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let all = [(1, 11.77), (2, 22.345), (29, 26.26)].map(|(repeats, mean)| (Repeats { repeats, mean }, 2.0));
        let at = [6.0f64, 3.5, 15.0].map(f64::ln);
        let (_, slopes) = slope(&all, &at);
        for part in 0..3 {
            let nudged = |by: f64| {
                let mut point = at;
                point[part] += by;
                slope(&all, &point).0
            };
            let numeric = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
            assert!((slopes[part] - numeric).abs() < 1e-6, "{part}: {} {numeric}", slopes[part]);
        }
    }

    #[test]
    fn a_mean_is_drawn_towards_everybodys() {
        let spend = Spend { p: 6.25, q: 3.74, gamma: 15.44 };
        let anybody = spend.of_anybody().expect("a mean");
        assert!((spend.expected(0, 0.0) - anybody).abs() < 1e-12);
        assert!(spend.expected(1, 100.0) < spend.expected(20, 100.0) && spend.expected(20, 100.0) < 100.5);
        assert_eq!(Spend { q: 0.9, ..spend }.of_anybody(), None);
        assert!(spend_fit(&[]).is_err());
    }

    #[test]
    fn what_does_not_vary_correlates_with_nothing() {
        let one = |repeats, mean| Repeats { repeats, mean };
        assert_eq!(frequency_correlation(&[one(1, 5.0), one(1, 9.0)]), None);
        let rising = frequency_correlation(&[one(1, 10.0), one(2, 20.0), one(3, 30.0), one(0, 99.0)]);
        assert!(rising.is_some_and(|r| (r - 1.0).abs() < 1e-12));
    }
}
