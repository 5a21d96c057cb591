//! ABC analysis: the few that bring most. Sorted by value, largest first, an item is A while the share accumulated
//! *before* it is under the first cut, B while under the second, else C. Ties go by id, so a result can be repeated.
//!
//! Sums and comparisons are exact integers. Items without positive value add nothing to the total and are always C.

use serde::{Deserialize, Serialize};

/// The class of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Abc {
    /// The few that bring most.
    A,
    /// The middle.
    B,
    /// The many that bring little.
    C,
}

/// Accumulated shares at which the classes end, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AbcCuts {
    /// End of A; 7500 is 75 %.
    pub a: u16,
    /// End of B; 9500 is 95 %.
    pub b: u16,
}

impl Default for AbcCuts {
    fn default() -> Self {
        Self { a: 7500, b: 9500 }
    }
}

impl AbcCuts {
    /// Whether 0 < a < b ≤ 100 %.
    pub fn is_valid(&self) -> bool {
        0 < self.a && self.a < self.b && self.b <= 10_000
    }
}

/// Classes of all rows as one population.
pub fn abc<I: Ord + Copy>(ids: &[I], values: &[i64], cuts: AbcCuts) -> Vec<Abc> {
    let mut order: Vec<u32> = (0u32..).zip(values).map(|(row, _)| row).collect();
    order.sort_unstable_by_key(|row| (std::cmp::Reverse(values[*row as usize]), ids[*row as usize]));
    let mut out = vec![Abc::C; values.len()];
    classify(&order, values, cuts, &mut out);
    out
}

/// Classes of rows within their own group: industry, unit, category.
pub fn abc_within<G: Ord + Copy, I: Ord + Copy>(groups: &[G], ids: &[I], values: &[i64], cuts: AbcCuts) -> Vec<Abc> {
    let mut order: Vec<u32> = (0u32..).zip(values).map(|(row, _)| row).collect();
    let key = |row: &u32| {
        let row = *row as usize;
        (groups[row], std::cmp::Reverse(values[row]), ids[row])
    };
    order.sort_unstable_by_key(key);
    let mut out = vec![Abc::C; values.len()];
    for group in order.chunk_by(|a, b| groups[*a as usize] == groups[*b as usize]) {
        classify(group, values, cuts, &mut out);
    }
    out
}

fn classify(order: &[u32], values: &[i64], cuts: AbcCuts, out: &mut [Abc]) {
    let worth = |row: &u32| i128::from(values[*row as usize].max(0));
    let total: i128 = order.iter().map(worth).sum();
    let mut before = 0i128;
    for row in order {
        let value = worth(row);
        if value > 0 {
            out[*row as usize] = match before * 10_000 {
                share if share < i128::from(cuts.a) * total => Abc::A,
                share if share < i128::from(cuts.b) * total => Abc::B,
                _ => Abc::C,
            };
        }
        before += value;
    }
}

/// Size of one class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AbcBucket {
    /// The class.
    pub class: Abc,
    /// Items in it.
    pub count: u64,
    /// Their value, minor units.
    pub value: i128,
    /// Their part of the positive total, 0–1; 0 if there is no total.
    pub share: f64,
}

/// Count, value and share of A, B and C.
pub fn abc_overview(classes: &[Abc], values: &[i64]) -> [AbcBucket; 3] {
    let mut out = [Abc::A, Abc::B, Abc::C].map(|class| AbcBucket { class, count: 0, value: 0, share: 0.0 });
    let mut total = 0i128;
    for (class, value) in classes.iter().zip(values) {
        let bucket = &mut out[*class as usize];
        bucket.count += 1;
        bucket.value += i128::from(*value);
        total += i128::from((*value).max(0));
    }
    if total > 0 {
        out.iter_mut().for_each(|bucket| bucket.share = bucket.value as f64 / total as f64);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_value_is_c() {
        assert_eq!(abc(&[1, 2, 3], &[0, -5, 0], AbcCuts::default()), [Abc::C; 3]);
        assert_eq!(abc(&[1], &[7], AbcCuts::default()), [Abc::A]);
        assert!(abc::<u32>(&[], &[], AbcCuts::default()).is_empty());
    }

    #[test]
    fn ties_go_by_id() {
        let four = abc(&[4, 3, 2, 1], &[25, 25, 25, 25], AbcCuts::default());
        assert_eq!(four, [Abc::B, Abc::A, Abc::A, Abc::A]);
    }

    #[test]
    fn groups_stand_alone() {
        let classes = abc_within(&["a", "b", "a"], &[1, 2, 3], &[1, 9, 99], AbcCuts::default());
        assert_eq!(classes, [Abc::C, Abc::A, Abc::A]);
    }
}
