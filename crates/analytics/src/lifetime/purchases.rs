//! BG/NBD: customers buy at their own constant rate, which differs between them by a gamma distribution (r, α), and
//! after each purchase leave for good with their own probability, which differs by a beta distribution (a, b).
//!
//! One caution follows from the model: who bought once and never came back has had no chance to leave after a
//! repetition, so P(alive) is exactly 1 for them. Nobody is judged by it alone.

use serde::{Deserialize, Serialize};

use super::{FAR, FLAT, Fit, History, NoFit, standard_errors, summed};
use crate::minimise::minimise;
use crate::special::{digamma, hyp2f1, lgamma};

/// Parameters of the model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Purchases {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Rate of the purchase rates, weeks.
    pub alpha: f64,
    /// First shape of the probabilities of leaving.
    pub a: f64,
    /// Second shape of the probabilities of leaving.
    pub b: f64,
}

/// Customers with the same history.
#[derive(Debug, Clone, Copy)]
struct Group {
    history: History,
    count: f64,
}

fn grouped(histories: &[History]) -> Vec<Group> {
    let mut sorted = histories.to_vec();
    let key = |one: &History| (one.repeats, one.last.to_bits(), one.age.to_bits());
    sorted.sort_unstable_by_key(key);
    sorted
        .chunk_by(|one, other| key(one) == key(other))
        .map(|same| Group { history: same[0], count: same.len() as f64 })
        .collect()
}

/// What depends on the number of repetitions alone, for each number: its part of ln L and the slopes by r, a and b.
fn by_repeats(p: &Purchases, most: u32) -> Vec<[f64; 4]> {
    let Purchases { r, a, b, .. } = *p;
    let fixed = lgamma(a + b) - lgamma(b) - lgamma(r);
    let (psi_r, psi_b, psi_ab) = (digamma(r), digamma(b), digamma(a + b));
    let one = |x: u32| {
        let x = f64::from(x);
        let leaving = psi_ab - digamma(a + b + x);
        [
            fixed + lgamma(r + x) + lgamma(b + x) - lgamma(a + b + x),
            digamma(r + x) - psi_r,
            leaving,
            leaving + digamma(b + x) - psi_b,
        ]
    };
    (0..=most).map(one).collect()
}

/// ln L and its slopes by r, α, a, b of one history.
fn likelihood(p: &Purchases, group: &Group, table: &[[f64; 4]]) -> [f64; 5] {
    let Purchases { r, alpha, a, b } = *p;
    let History { repeats, last, age } = group.history;
    let [base, by_r, by_a, by_b] = table[repeats as usize];
    let x = f64::from(repeats);
    let ln_alpha = alpha.ln();
    let ln_age = (alpha + age).ln();
    let stayed = -(r + x) * ln_age;
    let (sum, share_stayed, share_left, ln_last) = if repeats == 0 {
        (stayed, 1.0, 0.0, ln_age)
    } else {
        let ln_last = (alpha + last).ln();
        let left = a.ln() - (b + x - 1.0).ln() - (r + x) * ln_last;
        let top = stayed.max(left);
        let sum = top + ((stayed - top).exp() + (left - top).exp()).ln();
        (sum, (stayed - sum).exp(), (left - sum).exp(), ln_last)
    };
    let mut out = [
        base + r * ln_alpha + sum,
        by_r + ln_alpha - share_stayed * ln_age - share_left * ln_last,
        r / alpha - (r + x) * (share_stayed / (alpha + age) + share_left / (alpha + last)),
        by_a + share_left / a,
        by_b - if repeats == 0 { 0.0 } else { share_left / (b + x - 1.0) },
    ];
    out.iter_mut().for_each(|part| *part *= group.count);
    out
}

/// ln L of the histories under given parameters, and its slopes by their logarithms.
fn slope(groups: &[Group], most: u32, logs: &[f64; 4]) -> (f64, [f64; 4]) {
    let [r, alpha, a, b] = logs.map(f64::exp);
    let p = Purchases { r, alpha, a, b };
    let table = by_repeats(&p, most);
    let [value, by_r, by_alpha, by_a, by_b] = summed(groups, |group| likelihood(&p, group, &table));
    (value, [by_r * r, by_alpha * alpha, by_a * a, by_b * b])
}

/// The most likely parameters, from a plain starting point.
pub fn purchases_fit(histories: &[History]) -> Result<Fit<Purchases>, NoFit> {
    let ages = histories.iter().map(|one| one.age).sum::<f64>() / histories.len().max(1) as f64;
    purchases_fit_from(histories, [0.0, (ages / 8.0).max(1e-3).ln(), 0.0, 1.0])
}

/// The most likely parameters, sought from given logarithms of r, α, a, b.
pub fn purchases_fit_from(histories: &[History], start: [f64; 4]) -> Result<Fit<Purchases>, NoFit> {
    if histories.is_empty() {
        return Err(NoFit::Empty);
    }
    let groups = grouped(histories);
    let most = groups.iter().map(|group| group.history.repeats).max().unwrap_or(0);
    let n = histories.len() as f64;
    let least = minimise(start, FLAT, |logs| {
        let (value, slopes) = slope(&groups, most, logs);
        (-value / n, slopes.map(|part| -part / n))
    });
    let least = least.filter(|least| least.at.iter().all(|log| log.abs() < FAR)).ok_or(NoFit::NotFound)?;
    let of = |[r, alpha, a, b]: [f64; 4]| Purchases { r, alpha, a, b };
    Ok(Fit {
        parameters: of(least.at.map(f64::exp)),
        standard_errors: standard_errors(&least.at, least.inverse, n).map(of),
        log_likelihood: -least.value * n,
        customers: histories.len() as u64,
        distinct: groups.len() as u64,
        steps: least.steps,
    })
}

impl Purchases {
    /// ln L of the histories, natural.
    pub fn log_likelihood(&self, histories: &[History]) -> f64 {
        let most = histories.iter().map(|one| one.repeats).max().unwrap_or(0);
        slope(&grouped(histories), most, &[self.r, self.alpha, self.a, self.b].map(f64::ln)).0
    }

    /// How much likelier than staying it is to have left after the last purchase.
    fn odds_left(&self, one: &History) -> f64 {
        if one.repeats == 0 {
            return 0.0;
        }
        let x = f64::from(one.repeats);
        let silence = ((self.alpha + one.age) / (self.alpha + one.last)).ln();
        self.a / (self.b + x - 1.0) * ((self.r + x) * silence).exp()
    }

    /// P(alive): that the customer has not left for good.
    pub fn alive(&self, one: &History) -> f64 {
        1.0 / (1.0 + self.odds_left(one))
    }

    /// P(no purchase within so many weeks).
    pub fn no_purchase(&self, one: &History, weeks: f64) -> f64 {
        let x = f64::from(one.repeats);
        let silent = -((self.r + x) * ((self.alpha + one.age) / (self.alpha + one.age + weeks)).ln()).exp_m1();
        1.0 - self.alive(one) * silent
    }

    /// E[Y(t)]: purchases expected within so many weeks.
    pub fn expected(&self, one: &History, weeks: f64) -> f64 {
        self.expected_of_staying(one.repeats, one.age, weeks) * self.alive(one)
    }

    /// The part of E[Y(t)] that does not depend on when the last purchase was: the expectation were the customer still
    /// there for sure. Many customers share it.
    pub fn expected_of_staying(&self, repeats: u32, age: f64, weeks: f64) -> f64 {
        const NEAR: f64 = 1e-5;
        if (self.a - 1.0).abs() < NEAR {
            // (1 − …)/(a − 1) has a limit there that numbers can't take: the straight line across is as good.
            let at = |a: f64| Self { a, ..*self }.staying(repeats, age, weeks);
            let share = (self.a - (1.0 - NEAR)) / (2.0 * NEAR);
            return at(1.0 - NEAR) * (1.0 - share) + at(1.0 + NEAR) * share;
        }
        self.staying(repeats, age, weeks)
    }

    fn staying(&self, repeats: u32, age: f64, weeks: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let x = f64::from(repeats);
        let z = weeks / (alpha + age + weeks);
        let power = ((a - 1.0) * (-z).ln_1p()).exp();
        (a + b + x - 1.0) / (a - 1.0) * (1.0 - power * hyp2f1(a + b - 1.0 - r, a - 1.0, a + b + x - 1.0, z))
    }

    /// E[X(t)]: repeated purchases expected of somebody new within so many weeks of the first one.
    pub fn expected_of_new(&self, weeks: f64) -> f64 {
        self.expected_of_staying(0, 0.0, weeks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Purchases = Purchases { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    #[test]
    fn who_never_repeated_had_no_chance_to_leave() {
        let one = History { repeats: 0, last: 0.0, age: 30.0 };
        assert_eq!(SOME.alive(&one), 1.0);
        assert!(SOME.no_purchase(&one, 30.0) > 0.5, "and yet is hardly expected");
    }

    #[test]
    fn nothing_is_a_limit_of_little() {
        let one = History { repeats: 3, last: 20.0, age: 30.0 };
        assert!(SOME.expected(&one, 0.0).abs() < 1e-15);
        assert!((SOME.no_purchase(&one, 0.0) - 1.0).abs() < 1e-15);
        assert!(SOME.expected(&one, 2.0) < SOME.expected(&one, 4.0));
    }

    #[test]
    fn an_a_of_one_is_no_hole() {
        let one = History { repeats: 3, last: 20.0, age: 30.0 };
        let at = |a: f64| Purchases { a, ..SOME }.expected(&one, 39.0);
        for (left, middle, right) in [(0.9999, 1.0, 1.0001), (0.99998, 0.999_995, 1.00001)] {
            let (low, high) = (at(left).min(at(right)), at(left).max(at(right)));
            assert!(low <= at(middle) && at(middle) <= high, "{middle}");
        }
    }

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let histories = [(0, 0.0, 20.0), (1, 3.0, 25.0), (4, 20.0, 30.0), (29, 37.0, 38.0)]
            .map(|(repeats, last, age)| History { repeats, last, age });
        let groups = grouped(&histories);
        let at = [0.3f64, 4.0, 0.8, 2.5].map(f64::ln);
        let (_, slopes) = slope(&groups, 29, &at);
        for part in 0..4 {
            let nudged = |by: f64| {
                let mut point = at;
                point[part] += by;
                slope(&groups, 29, &point).0
            };
            let numeric = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
            assert!((slopes[part] - numeric).abs() < 1e-7, "{part}: {} {numeric}", slopes[part]);
        }
    }

    #[test]
    fn without_repetition_there_is_no_top() {
        let once = vec![History { repeats: 0, last: 0.0, age: 30.0 }; 500];
        assert!(purchases_fit(&once).is_err());
        assert_eq!(purchases_fit(&[]), Err(NoFit::Empty));
    }
}
