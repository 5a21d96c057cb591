//! Shifted beta-geometric: how long those stay who pay bill after bill and of whom one knows when they end. The
//! probability of not renewing differs between customers by a beta distribution (α, β); that those who stay seem ever more faithful
//! comes from the others having gone. BG/NBD is for customers who need not say that they leave.

use serde::{Deserialize, Serialize};

use super::{FAR, FLAT, Fit, NoFit, standard_errors};
use crate::minimise::minimise;
use crate::special::{digamma, lgamma};

/// Parameters of the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// First shape of the probabilities of not renewing.
    pub alpha: f64,
    /// Second shape.
    pub beta: f64,
}

/// The most likely parameters. `lost[t]` is how many ended after `t + 1` periods, `staying[t]` how many were last seen
/// paying after as many.
pub fn subscription_fit(lost: &[u64], staying: &[u64]) -> Result<Fit<Subscription>, NoFit> {
    let customers: u64 = lost.iter().chain(staying).sum();
    if customers == 0 {
        return Err(NoFit::Empty);
    }
    let n = customers as f64;
    let least = minimise([0.0, 0.0], FLAT, |logs| {
        let [alpha, beta] = logs.map(f64::exp);
        let (value, slopes) = slope(lost, staying, Subscription { alpha, beta });
        (-value / n, [-slopes[0] * alpha / n, -slopes[1] * beta / n])
    });
    let least = least.filter(|least| least.at.iter().all(|log| log.abs() < FAR)).ok_or(NoFit::NotFound)?;
    let of = |[alpha, beta]: [f64; 2]| Subscription { alpha, beta };
    Ok(Fit {
        parameters: of(least.at.map(f64::exp)),
        standard_errors: standard_errors(&least.at, least.inverse, n).map(of),
        log_likelihood: -least.value * n,
        customers,
        distinct: lost.iter().chain(staying).filter(|count| **count > 0).count() as u64,
        steps: least.steps,
    })
}

/// ln L = Σ lost · ln P(T = t) + Σ staying · ln S(t), and its slopes.
fn slope(lost: &[u64], staying: &[u64], of: Subscription) -> (f64, [f64; 2]) {
    let Subscription { alpha, beta } = of;
    let (fixed, psi_all) = (lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta), digamma(alpha + beta));
    let (psi_a, psi_b) = (digamma(alpha), digamma(beta));
    let (mut value, mut by_alpha, mut by_beta) = (0.0, 0.0, 0.0);
    // ln B(α + one, β + t) − ln B(α, β)
    let mut add = |count: u64, one: f64, t: f64| {
        let count = count as f64;
        let all = alpha + one + beta + t;
        value += count * (fixed + lgamma(alpha + one) + lgamma(beta + t) - lgamma(all));
        by_alpha += count * (digamma(alpha + one) - psi_a + psi_all - digamma(all));
        by_beta += count * (digamma(beta + t) - psi_b + psi_all - digamma(all));
    };
    for (t, count) in lost.iter().enumerate().filter(|(_, count)| **count > 0) {
        add(*count, 1.0, t as f64);
    }
    for (t, count) in staying.iter().enumerate().filter(|(_, count)| **count > 0) {
        add(*count, 0.0, (t + 1) as f64);
    }
    (value, [by_alpha, by_beta])
}

impl Subscription {
    /// S(t): the share that still pays after `t` periods.
    pub fn survival(&self, t: u32) -> f64 {
        (1..=t).map(|period| self.retention(period)).product()
    }

    /// The share of those who paid for period `t − 1` that pays for period `t` ≥ 1 too.
    pub fn retention(&self, t: u32) -> f64 {
        let before = f64::from(t.max(1) - 1);
        (self.beta + before) / (self.alpha + self.beta + before)
    }

    /// Payments still expected of somebody who has just renewed for the `paid`-th time, the next one due a period from
    /// now, at a discount of `rate` a period: Σ S(paid + i) / S(paid) / (1 + d)^i. Infinite sums need d > 0; ends after
    /// `periods`.
    pub fn residual(&self, paid: u32, rate: f64, periods: u32) -> f64 {
        let mut staying = 1.0;
        (1..=periods)
            .map(|ahead| {
                staying *= self.retention(paid + ahead) / (1.0 + rate);
                staying
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fader & Hardie (2007), table 1: per mille still there after 1 to 7 years, fitted to the whole of them.
    #[test]
    fn the_published_segments_are_met() {
        let cases =
            [([631, 468, 382, 326, 289, 262, 241], 0.704, 1.182), ([869, 743, 653, 593, 551, 517, 491], 0.668, 3.806)];
        for (left, alpha, beta) in cases {
            let mut before = 1000u64;
            let mut lost = Vec::new();
            for here in left {
                lost.push(before - here);
                before = here;
            }
            let mut staying = vec![0; left.len()];
            staying[left.len() - 1] = before;
            let fit = subscription_fit(&lost, &staying).expect("parameters");
            assert!((fit.parameters.alpha - alpha).abs() < 5e-4, "{fit:?}");
            assert!((fit.parameters.beta - beta).abs() < 5e-4, "{fit:?}");
            for (t, here) in (1..).zip(left) {
                assert!((fit.parameters.survival(t) - here as f64 / 1000.0).abs() < 0.02, "year {t}");
            }
        }
    }

    #[test]
    fn those_who_stay_seem_ever_more_faithful() {
        let model = Subscription { alpha: 0.7, beta: 1.2 };
        assert!((1..9).all(|t| model.retention(t) < model.retention(t + 1)));
        assert_eq!(model.survival(0), 1.0);
        assert!(model.residual(5, 0.1, 200) > model.residual(0, 0.1, 200));
        let geometric = Subscription { alpha: 1e7, beta: 4e7 };
        // With one rate for all, Σ (0.8/1.1)^i = 0.8/0.3.
        assert!((geometric.residual(0, 0.1, 500) - 0.8 / 0.3).abs() < 1e-4);
        assert!(subscription_fit(&[], &[]).is_err());
    }
}
