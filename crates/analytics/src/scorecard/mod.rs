//! A scorecard learnt from what became of earlier cases: every attribute is cut into bins, each bin weighs what it speaks for
//! (weight of evidence, Good 1950; Siddiqi, *Credit Risk Scorecards*, 2006), and the weights are added up, as they are or
//! as a logistic regression with a ridge puts them together, whichever told strangers apart better within the cases it
//! learnt from. What it is worth is measured on cases it never saw.

mod bins;

mod regression;
mod shown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::bins::{Bin, Edge, Values};
use self::bins::{Cut, cut};
use self::regression::ridge;
pub use self::shown::{Given, PointCard, PointPart};
use crate::quality::auc;

/// One thing known of every case.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Stable name.
    pub key: String,
    pub values: Values,
    /// Whether not knowing it says something of its own. Where it comes with the outcome, it must not.
    pub missing_tells: bool,
}

/// How it learns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// Least share of the cases that a bin has; smaller ones go together.
    pub least_share: f64,
    /// Bins of a number at most, before they are cut to whole values.
    pub most_bins: usize,
    /// Part of the cases it is judged on and does not learn from.
    pub held_out: f64,
    /// Fewest cases of either outcome.
    pub least_cases: usize,
    /// Which cases are held out.
    pub seed: u64,
}

impl Default for Learning {
    fn default() -> Self {
        Self { least_share: 0.03, most_bins: 8, held_out: 0.3, least_cases: 30, seed: 1 }
    }
}

/// How the weights are put together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Method {
    /// Added up as they are.
    Sum,
    /// Logistic regression on them, with this ridge.
    Logistic { ridge: f64 },
}

/// What was learnt of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub key: String,
    /// Information value: Σ (share of good − share of bad) × weight over the bins. Below 0.02 it says next to nothing.
    pub information: f64,
    /// By which its weights are multiplied; 0 leaves it out.
    pub coefficient: f64,
    pub bins: Vec<Bin>,
}

/// A card: what a case is worth by its attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub method: Method,
    /// Log-odds where nothing speaks for or against.
    pub intercept: f64,
    /// Log-odds of all cases together: the middle of the points.
    pub average: f64,
    pub parts: Vec<Part>,
}

/// What a card is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Cases that were held out, and how many of them were good.
    pub cases: usize,
    pub good: usize,
    /// Area under the ROC curve on them: 0.5 is guessing, 1 is certain.
    pub auc: f64,
    /// Its standard error (Hanley & McNeil 1982).
    pub error: f64,
}

/// A card of all cases, and how a card of the others did on those held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    pub card: Card,
    pub cases: usize,
    pub good: usize,
    pub judged: Judged,
}

/// Points that double the odds, and the points of an average case.
pub const DOUBLING: f64 = 10.0;
pub const AVERAGE: f64 = 50.0;
/// Ridges that are tried.
const RIDGES: [f64; 4] = [1.0, 10.0, 50.0, 200.0];
/// Parts that the cases are cut into to choose the method.
const FOLDS: usize = 4;
/// What says less than this is left out.
const LEAST_INFORMATION: f64 = 0.01;

/// Whole points of log-odds.
pub fn points(log_odds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "log-odds of a card are far below 2^52")]
    let whole = (DOUBLING / std::f64::consts::LN_2 * log_odds).round() as i64;
    whole
}

impl Card {
    /// What each attribute of a case adds in log-odds, in the order of the parts. Values stand by their keys; what the card
    /// does not know says nothing.
    pub fn contributions(&self, case: &BTreeMap<String, Edge>) -> Vec<f64> {
        self.parts.iter().map(|part| part.coefficient * part.weight_of(case.get(&part.key))).collect()
    }

    /// The same in whole points, and their sum around [`AVERAGE`].
    pub fn score(&self, case: &BTreeMap<String, Edge>) -> (i64, Vec<i64>) {
        let each: Vec<i64> = self.contributions(case).into_iter().map(points).collect();
        (points(self.intercept - self.average) + points_average() + each.iter().sum::<i64>(), each)
    }

    fn log_odds(&self, columns: &[Vec<f64>], row: usize) -> f64 {
        let parts = self.parts.iter().zip(columns);
        self.intercept + parts.map(|(part, column)| part.coefficient * column[row]).sum::<f64>()
    }
}

fn points_average() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a small constant")]
    let whole = AVERAGE as i64;
    whole
}

impl Part {
    /// The weight of the bin that a value falls into; of a missing one where that tells something, else 0.
    fn weight_of(&self, value: Option<&Edge>) -> f64 {
        self.bins.iter().find(|bin| bin.holds(value)).map_or(0.0, |bin| bin.weight)
    }
}

/// Numbers that look random and come again with their seed (Steele et al., SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// Deals the cases into parts of like outcome: the part each goes to, of `parts`.
pub fn dealt(good: &[bool], parts: usize, seed: u64) -> Vec<usize> {
    let mut dice = Dice(seed);
    let mut order: Vec<(u64, usize)> = (0..good.len()).map(|row| (dice.next(), row)).collect();
    order.sort_unstable();
    let mut part = vec![0; good.len()];
    for outcome in [true, false] {
        let rows = order.iter().filter(|(_, row)| good[*row] == outcome);
        for (place, (_, row)) in rows.enumerate() {
            part[*row] = place % parts.max(1);
        }
    }
    part
}

/// The rows to learn from and those held out: the same share of either outcome, however few there are.
pub fn split(good: &[bool], learning: &Learning) -> (Vec<usize>, Vec<usize>) {
    let place = dealt(good, good.len(), learning.seed);
    let wins = good.iter().filter(|good| **good).count();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of cases that are counted in thousands"
    )]
    let held = [good.len() - wins, wins].map(|many| (many as f64 * learning.held_out.clamp(0.0, 0.9)).round() as usize);
    (0..good.len()).partition(|row| place[*row] >= held[usize::from(good[*row])])
}

/// Learns a card of these rows: chooses how weights are put together by cutting them up, then takes all of them.
pub fn fit(attributes: &[Attribute], good: &[bool], rows: &[usize], learning: &Learning) -> Option<Card> {
    let outcome: Vec<bool> = rows.iter().map(|row| good[*row]).collect();
    let fold = dealt(&outcome, FOLDS, learning.seed ^ 0x5EED);
    let methods: Vec<Method> =
        std::iter::once(Method::Sum).chain(RIDGES.map(|ridge| Method::Logistic { ridge })).collect();
    let mut sums = vec![0.0; methods.len()];
    for out in 0..FOLDS {
        let of = |inside: bool| -> Vec<usize> {
            (0..rows.len()).filter(|at| (fold[*at] == out) == inside).map(|at| rows[at]).collect()
        };
        let (judges, learners) = (of(true), of(false));
        let Some(parts) = weighed(attributes, good, &learners, learning) else { continue };
        for (method, sum) in methods.iter().zip(&mut sums) {
            let card = put_together(attributes, &parts, good, &learners, *method);
            *sum += judge(&card, attributes, good, &judges).map_or(0.5, |judged| judged.auc);
        }
    }
    let best = (0..methods.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]).then(b.cmp(a)))?;
    let parts = weighed(attributes, good, rows, learning)?;
    Some(put_together(attributes, &parts, good, rows, methods[best]))
}

/// Learns, and judges on cases held out; nothing where there are too few cases of either outcome.
pub fn learn(attributes: &[Attribute], good: &[bool], learning: &Learning) -> Option<Learnt> {
    let wins = good.iter().filter(|good| **good).count();
    if wins < learning.least_cases || good.len() - wins < learning.least_cases {
        return None;
    }
    let (learners, judges) = split(good, learning);
    let judged = judge(&fit(attributes, good, &learners, learning)?, attributes, good, &judges)?;
    let all: Vec<usize> = (0..good.len()).collect();
    let card = fit(attributes, good, &all, learning)?;
    Some(Learnt { card, cases: good.len(), good: wins, judged })
}

/// How a card does on rows; nothing where all of them came out alike.
pub fn judge(card: &Card, attributes: &[Attribute], good: &[bool], rows: &[usize]) -> Option<Judged> {
    let columns = columns(&card.parts, attributes, rows);
    let scores: Vec<f64> = (0..rows.len()).map(|at| card.log_odds(&columns, at)).collect();
    let outcome: Vec<bool> = rows.iter().map(|row| good[*row]).collect();
    let area = auc(&scores, &outcome)?;
    let yes = outcome.iter().filter(|good| **good).count();
    #[expect(clippy::cast_precision_loss, reason = "cases are counted in thousands")]
    let (g, b) = (yes as f64, (outcome.len() - yes) as f64);
    let (q1, q2) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
    let spread = area * (1.0 - area) + (g - 1.0) * (q1 - area * area) + (b - 1.0) * (q2 - area * area);
    Some(Judged { cases: rows.len(), good: yes, auc: area, error: (spread.max(0.0) / (g * b)).sqrt() })
}

/// The attributes cut into bins, each with its weight; what says next to nothing is left out.
fn weighed(attributes: &[Attribute], good: &[bool], rows: &[usize], learning: &Learning) -> Option<Vec<Part>> {
    let wins = rows.iter().filter(|row| good[**row]).count();
    if wins == 0 || wins == rows.len() {
        return None;
    }
    let part = |attribute: &Attribute| {
        let Cut { bins, information } = cut(attribute, good, rows, learning);
        let coefficient = if information < LEAST_INFORMATION || bins.len() < 2 { 0.0 } else { 1.0 };
        Part { key: attribute.key.clone(), information, coefficient, bins }
    };
    Some(attributes.iter().map(part).collect())
}

/// The weights of rows, a column for each part.
fn columns(parts: &[Part], attributes: &[Attribute], rows: &[usize]) -> Vec<Vec<f64>> {
    let column = |(part, attribute): (&Part, &Attribute)| -> Vec<f64> {
        if part.coefficient == 0.0 {
            return vec![0.0; rows.len()];
        }
        rows.iter().map(|row| part.weight_of(attribute.values.at(*row).as_ref())).collect()
    };
    parts.iter().zip(attributes).map(column).collect()
}

fn put_together(attributes: &[Attribute], parts: &[Part], good: &[bool], rows: &[usize], method: Method) -> Card {
    #[expect(clippy::cast_precision_loss, reason = "cases are counted in thousands")]
    let odds = {
        let wins = rows.iter().filter(|row| good[**row]).count();
        (wins as f64 / (rows.len() - wins) as f64).ln()
    };
    let mut card = Card { method, intercept: odds, average: odds, parts: parts.to_vec() };
    let Method::Logistic { ridge: strength } = method else { return card };
    let kept: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].coefficient != 0.0).collect();
    let all = columns(parts, attributes, rows);
    let chosen: Vec<&[f64]> = kept.iter().map(|at| all[*at].as_slice()).collect();
    let outcome: Vec<bool> = rows.iter().map(|row| good[*row]).collect();
    let (intercept, coefficients) = ridge(&chosen, &outcome, odds, strength);
    card.intercept = intercept;
    for (at, coefficient) in kept.into_iter().zip(coefficients) {
        card.parts[at].coefficient = coefficient;
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Good ones come from referrals and are large; a third attribute is noise.
    fn cases(many: usize) -> (Vec<Attribute>, Vec<bool>) {
        let mut dice = Dice(7);
        let mut part = || (dice.next() >> 11) as f64 / (1u64 << 53) as f64;
        let (mut source, mut size, mut noise, mut good) = (vec![], vec![], vec![], vec![]);
        for _ in 0..many {
            let referred = part() < 0.3;
            let large = part();
            let log_odds = -2.0 + if referred { 1.5 } else { 0.0 } + 2.0 * large;
            source.push(Some(if referred { "referral" } else { "advert" }.to_string()));
            size.push((part() < 0.8).then_some(large * 100.0));
            noise.push(Some(format!("{}", (part() * 5.0) as i64)));
            good.push(part() < 1.0 / (1.0 + (-log_odds).exp()));
        }
        let attribute = |key: &str, values| Attribute { key: key.into(), values, missing_tells: true };
        let all = vec![
            attribute("source", Values::Words(source)),
            attribute("size", Values::Numbers(size)),
            attribute("noise", Values::Words(noise)),
        ];
        (all, good)
    }

    #[test]
    fn what_decided_is_found_and_tells_strangers_apart() {
        let (attributes, good) = cases(4_000);
        let learnt = learn(&attributes, &good, &Learning::default()).expect("a card");
        let information =
            |key: &str| learnt.card.parts.iter().find(|part| part.key == key).expect("a part").information;
        assert!(information("source") > 0.1 && information("size") > 0.05 && information("noise") < 0.03);
        assert!((0.66..0.80).contains(&learnt.judged.auc), "{:?}", learnt.judged);
        let case = |source: &str, size: f64| {
            let words = Edge::Word(source.into());
            learnt.card.score(&[("source".into(), words), ("size".into(), Edge::Number(size))].into()).0
        };
        assert!(case("referral", 95.0) > case("referral", 5.0) && case("referral", 5.0) > case("advert", 5.0));
        let again = learn(&attributes, &good, &Learning::default()).expect("a card");
        assert_eq!(learnt, again, "the same cases give the same card");
        let text = serde_json::to_string(&learnt.card).expect("JSON");
        assert_eq!(serde_json::from_str::<Card>(&text).expect("a card").parts.len(), 3);
    }

    #[test]
    fn points_add_up_around_the_average() {
        let (attributes, good) = cases(2_000);
        let card = learn(&attributes, &good, &Learning::default()).expect("a card").card;
        let case = [("source".to_string(), Edge::Word("referral".into()))].into();
        let (score, each) = card.score(&case);
        assert_eq!(score, points(card.intercept - card.average) + 50 + each.iter().sum::<i64>());
        assert_eq!((points(std::f64::consts::LN_2), points(-std::f64::consts::LN_2)), (10, -10));
        let (unknown, each) = card.score(&[("source".to_string(), Edge::Word("never seen".into()))].into());
        assert!(each[0] == 0 && unknown < score, "what was never seen says nothing");
    }

    #[test]
    fn too_few_cases_teach_nothing() {
        let (attributes, good) = cases(60);
        assert!(learn(&attributes, &good, &Learning::default()).is_none());
        let alike = vec![true; 500];
        let one = Attribute { key: "a".into(), values: Values::Numbers(vec![Some(1.0); 500]), missing_tells: true };
        assert!(learn(&[one], &alike, &Learning::default()).is_none());
    }

    #[test]
    fn what_is_missing_tells_nothing_where_it_comes_with_the_outcome() {
        let good: Vec<bool> = (0..400).map(|row| row % 2 == 0).collect();
        let values: Vec<Option<String>> = good.iter().map(|good| good.then(|| "known".to_string())).collect();
        for (missing_tells, least, most) in [(true, 0.99, 1.0), (false, 0.0, 0.51)] {
            let one = Attribute { key: "industry".into(), values: Values::Words(values.clone()), missing_tells };
            let learnt = learn(&[one], &good, &Learning::default()).expect("a card");
            assert!((least..=most).contains(&learnt.judged.auc), "{missing_tells}: {:?}", learnt.judged);
        }
    }

    #[test]
    fn parts_have_like_outcomes() {
        let good: Vec<bool> = (0..1_000).map(|row| row % 10 == 0).collect();
        let (learners, judges) = split(&good, &Learning::default());
        assert_eq!((learners.len(), judges.len()), (700, 300));
        assert_eq!(judges.iter().filter(|row| good[**row]).count(), 30);
        let few: Vec<bool> = (0..50).map(|row| row % 5 == 0).collect();
        let (learners, judges) = split(&few, &Learning::default());
        assert_eq!((learners.len(), judges.len()), (35, 15), "of few cases most are learnt from, too");
        assert_eq!(judges.iter().filter(|row| few[**row]).count(), 3);
    }
}
