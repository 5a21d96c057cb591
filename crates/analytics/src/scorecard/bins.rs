//! Cutting an attribute into bins: its frequent words, its numbers by quantiles, what is rare together, what is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Attribute, Learning};

/// Cases by which each bin is pulled to the average: few cases weigh little.
const PULL: f64 = 4.0;

/// A column, one value a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    Words(Vec<Option<String>>),
    Numbers(Vec<Option<f64>>),
}

impl Values {
    /// The value of a case.
    pub fn at(&self, row: usize) -> Option<Edge> {
        match self {
            Self::Words(words) => words[row].clone().map(Edge::Word),
            Self::Numbers(numbers) => numbers[row].filter(|number| number.is_finite()).map(Edge::Number),
        }
    }
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Edge {
    Number(f64),
    Word(String),
}

/// Cases of like values, and what they speak for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The words in it; empty for numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Numbers above this …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// … up to and with this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// Holds what is missing.
    #[serde(default)]
    pub missing: bool,
    pub good: usize,
    pub bad: usize,
    /// Weight of evidence: ln of (share of the good ones ÷ share of the bad ones), pulled to 0 where cases are few.
    pub weight: f64,
}

impl Bin {
    /// Whether a value, or none, falls into it.
    pub fn holds(&self, value: Option<&Edge>) -> bool {
        match value {
            None => self.missing,
            Some(Edge::Word(word)) => self.words.contains(word),
            Some(Edge::Number(number)) => {
                self.words.is_empty()
                    && !(self.missing && self.above.is_none() && self.up_to.is_none())
                    && self.above.is_none_or(|above| *number > above)
                    && self.up_to.is_none_or(|up_to| *number <= up_to)
            }
        }
    }

    fn blank() -> Self {
        Self { words: Vec::new(), above: None, up_to: None, missing: false, good: 0, bad: 0, weight: 0.0 }
    }

    fn cases(&self) -> usize {
        self.good + self.bad
    }

    fn count(&mut self, good: bool) {
        if good { self.good += 1 } else { self.bad += 1 }
    }
}

/// An attribute in bins.
pub struct Cut {
    pub bins: Vec<Bin>,
    pub information: f64,
}

/// Cuts an attribute of these rows.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cases are counted in thousands"
)]
pub fn cut(attribute: &Attribute, good: &[bool], rows: &[usize], learning: &Learning) -> Cut {
    let least = ((rows.len() as f64 * learning.least_share).ceil() as usize).max(1);
    let mut missing = Bin { missing: true, ..Bin::blank() };
    let mut bins = match &attribute.values {
        Values::Words(values) => {
            let mut known: BTreeMap<&str, Bin> = BTreeMap::new();
            for row in rows {
                match &values[*row] {
                    Some(word) => known.entry(word).or_insert_with(Bin::blank).count(good[*row]),
                    None => missing.count(good[*row]),
                }
            }
            words(known, least)
        }
        Values::Numbers(values) => {
            let mut known: Vec<(f64, bool)> = Vec::with_capacity(rows.len());
            for row in rows {
                match values[*row].filter(|number| number.is_finite()) {
                    Some(number) => known.push((number, good[*row])),
                    None => missing.count(good[*row]),
                }
            }
            numbers(known, least.max(rows.len() / learning.most_bins.max(1)), least)
        }
    };
    if attribute.missing_tells && missing.cases() >= least {
        bins.push(missing);
    }
    let information = weigh(&mut bins);
    Cut { bins, information }
}

/// A bin for each frequent word; what is rare goes together, if it is not too rare altogether.
fn words(known: BTreeMap<&str, Bin>, least: usize) -> Vec<Bin> {
    let mut bins = Vec::new();
    let mut rare = Bin::blank();
    for (word, bin) in known {
        if bin.cases() >= least {
            bins.push(Bin { words: vec![word.to_string()], ..bin });
        } else {
            rare.good += bin.good;
            rare.bad += bin.bad;
            rare.words.push(word.to_string());
        }
    }
    if rare.cases() >= least {
        bins.push(rare);
    }
    bins
}

/// Walks the numbers upwards and closes a bin once it is full; equal numbers stay together.
fn numbers(mut known: Vec<(f64, bool)>, full: usize, least: usize) -> Vec<Bin> {
    known.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // Few different values are taken one by one.
    let mut different: Vec<f64> = known.iter().map(|(number, _)| *number).collect();
    different.dedup();
    let full = if different.len() <= 12 { least } else { full };
    let mut bins: Vec<Bin> = Vec::new();
    let mut open = Bin::blank();
    for (at, (number, good)) in known.iter().enumerate() {
        open.count(*good);
        let last = known.get(at + 1).is_none_or(|(next, _)| next > number);
        if last && open.cases() >= full {
            let above = bins.last().and_then(|bin| bin.up_to);
            bins.push(Bin { above, up_to: Some(*number), ..std::mem::replace(&mut open, Bin::blank()) });
        }
    }
    match bins.last_mut() {
        Some(bin) if open.cases() < least => {
            bin.good += open.good;
            bin.bad += open.bad;
        }
        _ if open.cases() > 0 => {
            let above = bins.last().and_then(|bin| bin.up_to);
            bins.push(Bin { above, ..open });
        }
        _ => {}
    }
    // The last one has no end.
    if let Some(bin) = bins.last_mut() {
        bin.up_to = None;
    }
    bins
}

/// Gives each bin its weight; answers the information value.
#[expect(clippy::cast_precision_loss, reason = "cases are counted in thousands")]
fn weigh(bins: &mut [Bin]) -> f64 {
    let (good, bad) = bins.iter().fold((0, 0), |(good, bad), bin| (good + bin.good, bad + bin.bad));
    if good == 0 || bad == 0 {
        return 0.0;
    }
    let (good, bad) = (good as f64, bad as f64);
    let rate = good / (good + bad);
    let mut information = 0.0;
    for bin in bins {
        let yes = bin.good as f64 + PULL * rate;
        let no = bin.bad as f64 + PULL * (1.0 - rate);
        bin.weight = (yes / good).ln() - (no / bad).ln();
        information += (bin.good as f64 / good - bin.bad as f64 / bad) * bin.weight;
    }
    information
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(values: Values) -> Attribute {
        Attribute { key: "a".into(), values, missing_tells: true }
    }

    #[test]
    fn weights_are_those_of_the_textbook_where_cases_are_many() {
        let words: Vec<Option<String>> =
            (0..10_000).map(|row| Some(if row < 4_000 { "x" } else { "y" }.into())).collect();
        let good: Vec<bool> = (0..10_000).map(|row| if row < 4_000 { row % 2 == 0 } else { row % 4 == 0 }).collect();
        let rows: Vec<usize> = (0..10_000).collect();
        let Cut { bins, information } = cut(&attribute(Values::Words(words)), &good, &rows, &Learning::default());
        let expected =
            [(2_000.0f64 / 3_500.0 / (2_000.0 / 6_500.0)).ln(), (1_500.0f64 / 3_500.0 / (4_500.0 / 6_500.0)).ln()];
        for (bin, weight) in bins.iter().zip(expected) {
            assert!((bin.weight - weight).abs() < 0.005, "{bin:?} {weight}");
        }
        assert!((information - 0.2898).abs() < 0.005, "{information}");
    }

    #[test]
    fn every_number_falls_into_one_bin() {
        let numbers: Vec<Option<f64>> = (0..1_000).map(|row| Some(f64::from(row % 97) - 20.0)).collect();
        let good: Vec<bool> = (0..1_000).map(|row| row % 3 == 0).collect();
        let rows: Vec<usize> = (0..1_000).collect();
        let bins = cut(&attribute(Values::Numbers(numbers.clone())), &good, &rows, &Learning::default()).bins;
        assert!((6..=9).contains(&bins.len()), "{bins:?}");
        for number in numbers.iter().flatten().copied().chain([-1e9, 1e9, 0.5]) {
            let held = bins.iter().filter(|bin| bin.holds(Some(&Edge::Number(number)))).count();
            assert_eq!(held, 1, "{number}");
        }
        assert_eq!(bins.iter().map(Bin::cases).sum::<usize>(), 1_000);
    }

    #[test]
    fn what_is_rare_goes_together_and_what_is_missing_stands_alone() {
        let word = |row: usize| match row % 100 {
            0 => Some("r1".to_string()),
            1 => Some("r2".to_string()),
            2 => Some("r3".to_string()),
            3..=19 => None,
            _ => Some("usual".to_string()),
        };
        let words: Vec<Option<String>> = (0..1_000).map(word).collect();
        let good: Vec<bool> = (0..1_000).map(|row| row % 2 == 0).collect();
        let rows: Vec<usize> = (0..1_000).collect();
        let bins = cut(&attribute(Values::Words(words)), &good, &rows, &Learning::default()).bins;
        assert_eq!(bins.len(), 3);
        assert_eq!(bins[1].words, ["r1", "r2", "r3"]);
        assert!(bins[2].missing && bins[2].holds(None) && !bins[2].holds(Some(&Edge::Number(1.0))));
        assert!(!bins.iter().any(|bin| bin.holds(Some(&Edge::Word("new".into())))));
    }
}
