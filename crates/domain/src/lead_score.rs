//! Scores of leads: which scorecard is in force, when learning is refused, what a scorecard's quality is called.

/// Which points apply: those learnt from closed leads, or those a person set.
pub const MODES: [&str; 2] = ["learnt", "by_hand"];
pub const LEARNT: &str = "learnt";
pub const BY_HAND: &str = "by_hand";

/// Points lie between these; 50 is an average lead.
pub const LEAST: i64 = 0;
pub const MOST: i64 = 100;

/// How many closed cases learning asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Won and lost together.
    pub cases: i64,
    /// Of either outcome.
    pub each: i64,
}

/// Why the points set by hand apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody chose them.
    Chosen,
    /// Nobody has tried to learn yet.
    NotTried,
    TooFewCases,
    TooFewWon,
    TooFewLost,
    /// On leads held out what was learnt told won from lost no better than chance may.
    NoBetterThanChance,
}

impl Refusal {
    pub const KEYS: [&'static str; 6] =
        ["chosen", "not_tried", "too_few_cases", "too_few_won", "too_few_lost", "no_better_than_chance"];
    const ALL: [Self; 6] =
        [Self::Chosen, Self::NotTried, Self::TooFewCases, Self::TooFewWon, Self::TooFewLost, Self::NoBetterThanChance];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.key() == key)
    }
}

impl Sample {
    /// Why so many cases teach nothing; nothing where they are enough.
    pub fn refusal(self, won: i64, lost: i64) -> Option<Refusal> {
        if won + lost < self.cases {
            Some(Refusal::TooFewCases)
        } else if won < self.each {
            Some(Refusal::TooFewWon)
        } else if lost < self.each {
            Some(Refusal::TooFewLost)
        } else {
            None
        }
    }
}

/// How well won and lost are told apart, after Hosmer & Lemeshow, *Applied Logistic Regression* (2000), 5.2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    Weak,
    Fair,
    Strong,
}

impl Quality {
    pub const KEYS: [&'static str; 3] = ["weak", "fair", "strong"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    /// Of an area under the ROC curve and its standard error on cases held out. Nothing where the area lies within two
    /// errors of one half, which is guessing.
    pub fn of(auc: f64, error: f64) -> Option<Self> {
        if auc - 2.0 * error <= 0.5 {
            None
        } else if auc < 0.7 {
            Some(Self::Weak)
        } else if auc < 0.8 {
            Some(Self::Fair)
        } else {
            Some(Self::Strong)
        }
    }
}

/// What a fit came to: why it was refused, if it was.
pub type Tried<'a> = Option<Option<&'a str>>;

/// Why the points set by hand apply; nothing where what was learnt applies. `tried` is the last fit.
pub fn by_hand_because(mode: &str, tried: Tried<'_>) -> Option<Refusal> {
    match (mode, tried) {
        (BY_HAND, _) => Some(Refusal::Chosen),
        (_, None) => Some(Refusal::NotTried),
        (_, Some(None)) => None,
        (_, Some(Some(refusal))) => Some(Refusal::parse(refusal).unwrap_or(Refusal::NotTried)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learning_is_refused_below_the_sample() {
        let sample = Sample { cases: 200, each: 50 };
        for (won, lost, expected) in [
            (0, 0, Some(Refusal::TooFewCases)),
            (100, 99, Some(Refusal::TooFewCases)),
            (49, 151, Some(Refusal::TooFewWon)),
            (151, 49, Some(Refusal::TooFewLost)),
            (50, 150, None),
            (150, 50, None),
        ] {
            assert_eq!(sample.refusal(won, lost), expected, "{won} {lost}");
        }
    }

    #[test]
    fn quality_has_a_name_unless_it_may_be_chance() {
        for (auc, error, expected) in [
            (0.5, 0.03, None),
            (0.56, 0.03, None),
            (0.57, 0.03, Some(Quality::Weak)),
            (0.62, 0.1, None),
            (0.7, 0.03, Some(Quality::Fair)),
            (0.8, 0.03, Some(Quality::Strong)),
        ] {
            assert_eq!(Quality::of(auc, error), expected, "{auc} {error}");
        }
    }

    #[test]
    fn points_by_hand_apply_when_chosen_and_when_nothing_was_learnt() {
        for (mode, tried, expected) in [
            (BY_HAND, Some(None), Some(Refusal::Chosen)),
            (LEARNT, None, Some(Refusal::NotTried)),
            (LEARNT, Some(Some("too_few_won")), Some(Refusal::TooFewWon)),
            (LEARNT, Some(Some("no_better_than_chance")), Some(Refusal::NoBetterThanChance)),
            (LEARNT, Some(None), None),
        ] {
            assert_eq!(by_hand_because(mode, tried), expected, "{mode} {tried:?}");
        }
        for key in Refusal::KEYS {
            assert_eq!(Refusal::parse(key).map(Refusal::key), Some(key));
        }
    }
}
