//! What a whole is made of: parts with their share and the share accumulated from the largest down.

use serde::Serialize;

/// One part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part<K> {
    /// Which.
    pub key: K,
    /// Its value, minor units.
    pub value: i64,
    /// Its share of all positive values, 0–1.
    pub share: f64,
    /// The share of it and all larger ones.
    pub accumulated: f64,
}

/// Parts from the largest down, equal ones by key. Those without positive value have no share.
pub fn composition<K: Ord>(parts: impl IntoIterator<Item = (K, i64)>) -> Vec<Part<K>> {
    let mut parts: Vec<(K, i64)> = parts.into_iter().collect();
    parts.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let all: i128 = parts.iter().map(|(_, value)| i128::from((*value).max(0))).sum();
    let share = |value: i128| if all > 0 { value as f64 / all as f64 } else { 0.0 };
    let mut sum = 0i128;
    parts
        .into_iter()
        .map(|(key, value)| {
            let worth = i128::from(value.max(0));
            sum += worth;
            Part { key, value, share: share(worth), accumulated: share(sum) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first_and_all_are_the_whole() {
        let parts = composition([("b", 30), ("a", 30), ("c", 40), ("d", -5)]);
        let keys: Vec<&str> = parts.iter().map(|part| part.key).collect();
        assert_eq!(keys, ["c", "a", "b", "d"]);
        let accumulated: Vec<f64> = parts.iter().map(|part| part.accumulated).collect();
        assert_eq!(accumulated, [0.4, 0.7, 1.0, 1.0]);
        assert_eq!(composition([("a", 0)])[0].share, 0.0);
    }
}
