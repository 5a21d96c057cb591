//! Making one record of two: which side each field is taken from, and what becomes of a field when that is taken back.

use serde::{Deserialize, Serialize};

/// Whose value of a field stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The record that stays.
    Kept,
    /// The record that goes.
    Gone,
    /// Both, where a field holds more than one.
    Both,
}

impl Choice {
    pub const KEYS: [&str; 3] = ["kept", "gone", "both"];
}

/// A value taken from two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen;

impl Chosen {
    /// A single value: the chosen side's; unchosen, the kept one's unless only the other is there.
    pub fn one<T: Clone>(choice: Option<Choice>, kept: &Option<T>, gone: &Option<T>) -> Option<T> {
        match choice {
            Some(Choice::Kept) => kept.clone(),
            Some(Choice::Gone) => gone.clone(),
            Some(Choice::Both) | None => kept.clone().or_else(|| gone.clone()),
        }
    }

    /// A list: the chosen side's, or both without what `same` says is there already.
    pub fn many<T: Clone>(choice: Option<Choice>, kept: &[T], gone: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<T> {
        match choice {
            Some(Choice::Kept) => kept.to_vec(),
            Some(Choice::Gone) => gone.to_vec(),
            Some(Choice::Both) | None => {
                let mut all = kept.to_vec();
                for more in gone {
                    if !all.iter().any(|there| same(there, more)) {
                        all.push(more.clone());
                    }
                }
                all
            }
        }
    }

    /// What a field becomes when a merge is taken back: what it was before, unless someone changed it since.
    pub fn undone<T: PartialEq + Clone>(before: &T, merged: &T, now: &T) -> T {
        if now == merged { before.clone() } else { now.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values() {
        let (a, b) = (Some(1), Some(2));
        for (choice, kept, gone, taken) in [
            (None, a, b, a),
            (None, None, b, b),
            (None, a, None, a),
            (Some(Choice::Gone), a, b, b),
            (Some(Choice::Gone), a, None, None),
            (Some(Choice::Kept), None, b, None),
        ] {
            assert_eq!(Chosen::one(choice, &kept, &gone), taken, "{choice:?} {kept:?} {gone:?}");
        }
    }

    #[test]
    fn lists() {
        for (choice, taken) in [
            (None, vec![1, 2, 3]),
            (Some(Choice::Both), vec![1, 2, 3]),
            (Some(Choice::Kept), vec![1, 2]),
            (Some(Choice::Gone), vec![2, 3]),
        ] {
            assert_eq!(Chosen::many(choice, &[1, 2], &[2, 3], |a, b| a == b), taken, "{choice:?}");
        }
    }

    #[test]
    fn a_later_edit_outlives_the_merge() {
        assert_eq!(Chosen::undone(&1, &2, &2), 1);
        assert_eq!(Chosen::undone(&1, &2, &3), 3);
        assert_eq!(Chosen::undone(&1, &1, &3), 3);
    }
}
