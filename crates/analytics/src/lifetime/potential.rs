//! The two models together: whether they may be used, and what they say of a customer. Where one may not, the
//! customer's own past rate stands in its place, and that is said.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::spend::{Repeats, frequency_correlation};
use super::{Fit, History, MONTH_WEEKS, NoFit, Purchases, Spend, purchases_fit, spend_fit};

/// Repeating customers a model needs to be believed.
pub const LEAST_REPEATERS: u64 = 50;
/// Correlation of frequency and spending from which on the spending model is not believed.
pub const MOST_CORRELATION: f64 = 0.3;
/// Months whose purchases make up the value.
pub const MONTHS: usize = 12;

/// Why a model is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortfall {
    /// Fewer than [`LEAST_REPEATERS`] have bought on a second day.
    TooFewRepeaters,
    /// The search for parameters did not arrive, or arrived nowhere.
    NoConvergence,
    /// Who buys more often spends more or less on a day; the model takes that for unrelated.
    SpendFollowsFrequency,
    /// The distribution of spending has no mean (q ≤ 1).
    NoMean,
}

impl Shortfall {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::TooFewRepeaters, Self::NoConvergence, Self::SpendFollowsFrequency, Self::NoMean];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooFewRepeaters => "too_few_repeaters",
            Self::NoConvergence => "no_convergence",
            Self::SpendFollowsFrequency => "spend_follows_frequency",
            Self::NoMean => "no_mean",
        }
    }
}

/// Whether each model is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `None`: the model of purchases is used.
    pub purchases: Option<Shortfall>,
    /// `None`: the model of spending is used.
    pub spend: Option<Shortfall>,
}

/// What was fitted, used or not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// How often; also kept when it is not used, to be looked at.
    pub purchases: Option<Fit<Purchases>>,
    /// How much.
    pub spend: Option<Fit<Spend>>,
    /// Customers who bought on a second day.
    pub repeaters: u64,
    /// Correlation of frequency and spending among them.
    pub correlation: Option<f64>,
    /// What is used.
    pub verdict: Verdict,
}

impl Model {
    /// Fits both models. `means` are what customers spend on the mean day of repetition, in the order of `histories`;
    /// 0 for who did not repeat.
    pub fn fit(histories: &[History], means: &[f64]) -> Self {
        let spent: Vec<Repeats> = histories
            .iter()
            .zip(means)
            .filter(|(one, mean)| one.repeats > 0 && **mean > 0.0)
            .map(|(one, mean)| Repeats { repeats: one.repeats, mean: *mean })
            .collect();
        let repeaters = histories.iter().filter(|one| one.repeats > 0).count() as u64;
        let correlation = frequency_correlation(&spent);
        let few = repeaters < LEAST_REPEATERS;
        let purchases = if few { Err(NoFit::Empty) } else { purchases_fit(histories) }.ok();
        let spend = if few { Err(NoFit::Empty) } else { spend_fit(&spent) }.ok();
        let unless = |shortfall: Shortfall, holds: bool| holds.then_some(shortfall);
        let verdict = Verdict {
            purchases: unless(Shortfall::TooFewRepeaters, few)
                .or(unless(Shortfall::NoConvergence, purchases.is_none())),
            spend: unless(Shortfall::TooFewRepeaters, few)
                .or(unless(Shortfall::SpendFollowsFrequency, correlation.is_some_and(|r| r.abs() > MOST_CORRELATION)))
                .or(unless(Shortfall::NoConvergence, spend.is_none()))
                .or(unless(Shortfall::NoMean, spend.is_some_and(|fit| fit.parameters.of_anybody().is_none()))),
        };
        Self { purchases, spend, repeaters, correlation, verdict }
    }

    /// The purchase model, if it is used.
    pub fn purchases_used(&self) -> Option<&Purchases> {
        self.purchases.as_ref().filter(|_| self.verdict.purchases.is_none()).map(|fit| &fit.parameters)
    }

    /// The spending model, if it is used.
    pub fn spend_used(&self) -> Option<&Spend> {
        self.spend.as_ref().filter(|_| self.verdict.spend.is_none()).map(|fit| &fit.parameters)
    }
}

/// How far one looks ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizons {
    /// Weeks in which purchases are counted.
    pub weeks: f64,
    /// Discount of money a month; 0.01 is 1 %.
    pub monthly_rate: f64,
}

/// What is expected of one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Potential {
    /// Purchases within the horizon.
    pub expected: f64,
    /// P(alive); unknown without a model.
    pub alive: Option<f64>,
    /// P(no purchase within the customer's own horizon); unknown without a model.
    pub no_purchase: Option<f64>,
    /// Mean spending on a day to come.
    pub spend: f64,
    /// Discounted money of the next twelve months.
    pub value: f64,
}

/// What is remembered of customers with the same number of repetitions and age: expectations were they staying, over
/// the horizon and over the discounted months.
type Staying = (f64, f64);

/// Scores many customers, remembering what several share.
pub struct Scorer<'a> {
    model: &'a Model,
    horizons: Horizons,
    shared: HashMap<(u32, u64), Staying>,
}

impl<'a> Scorer<'a> {
    /// For one model and one way of looking ahead.
    pub fn new(model: &'a Model, horizons: Horizons) -> Self {
        Self { model, horizons, shared: HashMap::new() }
    }

    /// What is expected of a customer who spends `mean` on the mean day of repetition and `any_mean` on the mean day at
    /// all, over their own horizon of so many weeks.
    pub fn score(&mut self, one: &History, mean: f64, any_mean: f64, own_weeks: f64) -> Potential {
        let spend = match self.model.spend_used() {
            Some(spend) => spend.expected(one.repeats, mean),
            None => any_mean.max(0.0),
        };
        let Some(purchases) = self.model.purchases_used().copied() else {
            return self.by_rate(one, spend);
        };
        let horizons = self.horizons;
        let (expected, months) = *self.shared.entry((one.repeats, one.age.to_bits())).or_insert_with(|| {
            let ahead = |weeks: f64| purchases.expected_of_staying(one.repeats, one.age, weeks);
            (ahead(horizons.weeks), discounted(horizons.monthly_rate, ahead))
        });
        let alive = purchases.alive(one);
        Potential {
            expected: expected * alive,
            alive: Some(alive),
            no_purchase: Some(purchases.no_purchase(one, own_weeks)),
            spend,
            value: months * alive * spend,
        }
    }

    /// The past rate of repetition goes on.
    fn by_rate(&self, one: &History, spend: f64) -> Potential {
        let rate = if one.age > 0.0 { f64::from(one.repeats) / one.age } else { 0.0 };
        let months = discounted(self.horizons.monthly_rate, |weeks| rate * weeks);
        Potential { expected: rate * self.horizons.weeks, alive: None, no_purchase: None, spend, value: months * spend }
    }
}

/// Σ (purchases of month i) / (1 + d)^i over the next months, from purchases expected up to a time.
fn discounted(rate: f64, ahead: impl Fn(f64) -> f64) -> f64 {
    let (mut before, mut factor, mut sum) = (0.0, 1.0, 0.0);
    for month in 1..=MONTHS {
        let here = ahead(MONTH_WEEKS * month as f64);
        factor /= 1.0 + rate;
        sum += (here - before) * factor;
        before = here;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const AHEAD: Horizons = Horizons { weeks: 26.0, monthly_rate: 0.01 };

    #[test]
    fn too_few_repeaters_are_said_and_the_past_rate_goes_on() {
        let histories = [History { repeats: 4, last: 30.0, age: 40.0 }, History { repeats: 0, last: 0.0, age: 9.0 }];
        let model = Model::fit(&histories, &[20.0, 0.0]);
        assert_eq!(model.verdict.purchases, Some(Shortfall::TooFewRepeaters));
        assert_eq!(model.verdict.spend, Some(Shortfall::TooFewRepeaters));
        let mut scorer = Scorer::new(&model, AHEAD);
        let often = scorer.score(&histories[0], 20.0, 25.0, 10.0);
        assert!((often.expected - 2.6).abs() < 1e-12, "four in forty weeks are 2.6 in 26");
        assert_eq!((often.alive, often.no_purchase, often.spend), (None, None, 25.0));
        assert!(often.value > 0.0 && often.value < 25.0 * 0.1 * MONTH_WEEKS * 12.0, "discounted");
        assert_eq!(scorer.score(&histories[1], 0.0, 9.0, 10.0).value, 0.0);
    }

    #[test]
    fn spending_that_follows_frequency_is_said() {
        let histories: Vec<History> =
            (0..200).map(|n| History { repeats: n % 9, last: f64::from(n % 9) * 3.0, age: 30.0 }).collect();
        let means: Vec<f64> = histories.iter().map(|one| f64::from(one.repeats) * 10.0).collect();
        let model = Model::fit(&histories, &means);
        assert_eq!(model.verdict.spend, Some(Shortfall::SpendFollowsFrequency));
        assert!(model.spend_used().is_none());
    }
}
