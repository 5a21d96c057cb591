//! Those who sell on, and whether the people who sell for them know how.

use chrono::NaiveDate;

/// How a person stands with what there is to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrainedState {
    /// Nothing was passed.
    Untrained,
    /// Everything that was passed holds no longer.
    Lapsed,
    Trained,
}

impl TrainedState {
    pub const KEYS: [&'static str; 3] = ["untrained", "lapsed", "trained"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// A course as somebody took it: whether it was passed, and the last day on which that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub passed: bool,
    pub valid_until: Option<NaiveDate>,
}

/// By the best of what was taken.
pub fn trained_state(taken: &[Taken], today: NaiveDate) -> TrainedState {
    let of = |one: &Taken| match (one.passed, one.valid_until) {
        (false, _) => TrainedState::Untrained,
        (true, Some(until)) if until < today => TrainedState::Lapsed,
        (true, _) => TrainedState::Trained,
    };
    taken.iter().map(of).max().unwrap_or(TrainedState::Untrained)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_what_was_taken_counts() {
        let day = |text: &str| text.parse().expect("a day");
        let today = day("2026-06-30");
        let taken = |passed, until: Option<&str>| Taken { passed, valid_until: until.map(day) };
        for (case, all, state) in [
            ("nothing", vec![], "untrained"),
            ("failed", vec![taken(false, None)], "untrained"),
            ("for good", vec![taken(false, None), taken(true, None)], "trained"),
            ("until today", vec![taken(true, Some("2026-06-30"))], "trained"),
            ("until yesterday", vec![taken(true, Some("2026-06-29"))], "lapsed"),
            ("one of two", vec![taken(true, Some("2026-06-29")), taken(true, Some("2027-01-01"))], "trained"),
        ] {
            assert_eq!(trained_state(&all, today).key(), state, "{case}");
        }
    }
}
