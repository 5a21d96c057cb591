//! Scorecards in whole points, learnt or set by hand: what is shown, and what leads are scored by.

use std::collections::BTreeMap;

use super::{AVERAGE, Bin, Card, Edge, points};

/// Points for all that may be known of a case. Its score is the base and the points of every attribute, within 0 and
/// 100; ten points double the odds and 50 is an average case ("points to double the odds": Siddiqi, *Credit Risk
/// Scorecards*, 2006, chapter 6).
#[derive(Debug, Clone, PartialEq)]
pub struct PointCard {
    pub base: i64,
    pub parts: Vec<PointPart>,
}

/// Points for the values of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct PointPart {
    pub key: String,
    /// Information value; absent where a person set the points.
    pub information: Option<f64>,
    /// The first one that holds a value counts.
    pub bins: Vec<(Bin, i64)>,
}

/// What an attribute gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub key: String,
    pub value: Option<Edge>,
    pub points: i64,
}

impl Card {
    /// The card in whole points.
    pub fn in_points(&self) -> PointCard {
        let part = |part: &super::Part| PointPart {
            key: part.key.clone(),
            information: Some(part.information),
            bins: part.bins.iter().map(|bin| (bin.clone(), points(part.coefficient * bin.weight))).collect(),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a small constant")]
        let average = AVERAGE as i64;
        PointCard {
            base: points(self.intercept - self.average) + average,
            parts: self.parts.iter().map(part).collect(),
        }
    }
}

impl Bin {
    /// One that a person made: of words, of numbers, or with neither of what is missing.
    pub fn by_hand(words: Vec<String>, above: Option<f64>, up_to: Option<f64>) -> Self {
        let missing = words.is_empty() && above.is_none() && up_to.is_none();
        Self { words, above, up_to, missing, good: 0, bad: 0, weight: 0.0 }
    }
}

impl PointCard {
    /// A case's score and what gave points or took them, the most telling first. What the card does not know gives none.
    pub fn score(&self, case: &BTreeMap<String, Edge>) -> (i64, Vec<Given>) {
        let mut given: Vec<Given> = Vec::new();
        for part in &self.parts {
            let value = case.get(&part.key);
            let points = part.bins.iter().find(|(bin, _)| bin.holds(value)).map_or(0, |(_, points)| *points);
            if points != 0 {
                given.push(Given { key: part.key.clone(), value: value.cloned(), points });
            }
        }
        given.sort_by(|a, b| b.points.abs().cmp(&a.points.abs()).then_with(|| a.key.cmp(&b.key)));
        let sum: i64 = given.iter().map(|one| one.points).sum();
        ((self.base + sum).clamp(0, 100), given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scorecard::{Attribute, Learning, Values, learn};

    fn by_hand() -> PointCard {
        let words = |word: &str| Bin::by_hand(vec![word.into()], None, None);
        PointCard {
            base: 40,
            parts: vec![
                PointPart {
                    key: "source".into(),
                    information: None,
                    bins: vec![
                        (words("referral"), 30),
                        (words("cold_call"), -90),
                        (Bin::by_hand(vec![], None, None), -5),
                    ],
                },
                PointPart {
                    key: "amount".into(),
                    information: None,
                    bins: vec![
                        (Bin::by_hand(vec![], Some(1_000.0), Some(5_000.0)), 10),
                        (Bin::by_hand(vec![], Some(5_000.0), None), 40),
                    ],
                },
            ],
        }
    }

    #[test]
    fn points_set_by_hand_add_up_within_their_bounds() {
        let word = |word: &str| Some(Edge::Word(word.into()));
        for (source, amount, score, first) in [
            (word("referral"), Some(2_000.0), 80, Some(("source", 30))),
            (word("referral"), Some(9_000.0), 100, Some(("amount", 40))),
            (word("cold_call"), None, 0, Some(("source", -90))),
            (word("website"), Some(1_000.0), 40, None),
            (None, Some(5_000.0), 45, Some(("amount", 10))),
        ] {
            let values = [("source", source.clone()), ("amount", amount.map(Edge::Number))];
            let case: BTreeMap<String, Edge> =
                values.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?))).collect();
            let (told, given) = by_hand().score(&case);
            assert_eq!(told, score, "{source:?} {amount:?}");
            assert_eq!(given.first().map(|one| (one.key.as_str(), one.points)), first, "{source:?} {amount:?}");
        }
    }

    #[test]
    fn a_learnt_card_gives_the_points_it_shows() {
        let good: Vec<bool> = (0..600).map(|row| if row % 3 == 0 { row % 30 != 0 } else { row % 10 == 1 }).collect();
        let source = (0..600).map(|row| Some(if row % 3 == 0 { "referral" } else { "advert" }.to_string())).collect();
        let one = Attribute { key: "source".into(), values: Values::Words(source), missing_tells: true };
        let card = learn(&[one], &good, &Learning::default()).expect("a card").card;
        let shown = card.in_points();
        let case: BTreeMap<String, Edge> = [("source".to_string(), Edge::Word("referral".into()))].into();
        let (score, given) = shown.score(&case);
        let (exact, each) = card.score(&case);
        assert_eq!((score, given[0].points), (exact.clamp(0, 100), each[0]));
        assert!(score > 60 && given[0].key == "source", "{score} {given:?}");
        assert_eq!(shown.score(&case), card.in_points().score(&case), "the same card gives the same score");
    }
}
