//! What is bought together: rules "who has A, or A and B, has C too" with support, confidence and lift (Agrawal,
//! Imieliński & Swami 1993). A basket is everything a customer owns, or everything in one order.

use std::collections::HashMap;

use serde::Serialize;

/// From when on a rule is worth telling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Least {
    /// Baskets that hold everything in the rule.
    pub count: u32,
    /// Share of the baskets with the left side that hold the right one too, 0–1.
    pub confidence: f64,
    /// Times likelier than by chance.
    pub lift: f64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule<I> {
    /// What is there already: one item or two, rising.
    pub left: Vec<I>,
    /// What goes with it.
    pub right: I,
    /// Baskets that hold all of it.
    pub count: u32,
    /// The same as a share of all baskets.
    pub support: f64,
    /// Share of the baskets with the left side that hold the right one too.
    pub confidence: f64,
    /// The same ÷ the share of all baskets that hold the right side.
    pub lift: f64,
}

/// Items of one basket beyond which its triples are not looked at: their number grows with the third power.
const WIDE: usize = 40;

/// Rules of the baskets, the strongest lift first, then the more frequent, then by items. `baskets` may hold an item
/// several times.
pub fn associations<I: Ord + Copy>(baskets: &[Vec<I>], least: Least) -> Vec<Rule<I>> {
    let mut items: Vec<I> = baskets.iter().flatten().copied().collect();
    items.sort_unstable();
    items.dedup();
    let code = |item: &I| items.binary_search(item).unwrap_or(0) as u32;
    let coded: Vec<Vec<u32>> = baskets
        .iter()
        .map(|basket| {
            let mut codes: Vec<u32> = basket.iter().map(code).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        })
        .collect();
    let counts = Counts::of(coded, items.len(), least.count.max(1));
    let mut rules = counts.rules(baskets.len(), least);
    rules.sort_unstable_by(|one, other| {
        other
            .lift
            .total_cmp(&one.lift)
            .then(other.count.cmp(&one.count))
            .then_with(|| (&one.left, one.right).cmp(&(&other.left, other.right)))
    });
    let named = |rule: Rule<u32>| Rule {
        left: rule.left.iter().map(|code| items[*code as usize]).collect(),
        right: items[rule.right as usize],
        count: rule.count,
        support: rule.support,
        confidence: rule.confidence,
        lift: rule.lift,
    };
    rules.into_iter().map(named).collect()
}

/// How often items, pairs and triples are together; only those that are frequent, level by level (Apriori).
struct Counts {
    single: Vec<u32>,
    pairs: HashMap<[u32; 2], u32>,
    triples: HashMap<[u32; 3], u32>,
}

impl Counts {
    fn of(mut baskets: Vec<Vec<u32>>, items: usize, least: u32) -> Self {
        let mut single = vec![0u32; items];
        baskets.iter().flatten().for_each(|item| single[*item as usize] += 1);
        baskets.iter_mut().for_each(|basket| basket.retain(|item| single[*item as usize] >= least));
        let mut pairs: HashMap<[u32; 2], u32> = HashMap::new();
        for basket in &baskets {
            for (at, one) in basket.iter().enumerate() {
                for other in &basket[at + 1..] {
                    *pairs.entry([*one, *other]).or_default() += 1;
                }
            }
        }
        pairs.retain(|_, count| *count >= least);
        let mut triples: HashMap<[u32; 3], u32> = HashMap::new();
        for basket in baskets.iter().filter(|basket| basket.len() <= WIDE) {
            for (at, one) in basket.iter().enumerate() {
                for (next, two) in basket.iter().enumerate().skip(at + 1) {
                    if !pairs.contains_key(&[*one, *two]) {
                        continue;
                    }
                    for three in &basket[next + 1..] {
                        if pairs.contains_key(&[*one, *three]) && pairs.contains_key(&[*two, *three]) {
                            *triples.entry([*one, *two, *three]).or_default() += 1;
                        }
                    }
                }
            }
        }
        triples.retain(|_, count| *count >= least);
        Self { single, pairs, triples }
    }

    fn rules(&self, baskets: usize, least: Least) -> Vec<Rule<u32>> {
        let mut out = Vec::new();
        let mut tell = |left: Vec<u32>, left_count: u32, right: u32, count: u32| {
            let all = baskets as f64;
            let confidence = f64::from(count) / f64::from(left_count);
            let lift = confidence * all / f64::from(self.single[right as usize]);
            if confidence >= least.confidence && lift >= least.lift {
                out.push(Rule { left, right, count, support: f64::from(count) / all, confidence, lift });
            }
        };
        for ([one, other], count) in &self.pairs {
            tell(vec![*one], self.single[*one as usize], *other, *count);
            tell(vec![*other], self.single[*other as usize], *one, *count);
        }
        for ([one, two, three], count) in &self.triples {
            for (left, right) in [([*one, *two], *three), ([*one, *three], *two), ([*two, *three], *one)] {
                if let Some(left_count) = self.pairs.get(&left) {
                    tell(left.to_vec(), *left_count, right, *count);
                }
            }
        }
        out
    }
}

/// What to offer to somebody who owns this: the strongest rule for each item they do not own, or that is used up. The
/// rule is the reason.
pub fn offers<'a, I: Ord + Copy>(
    rules: &'a [Rule<I>],
    owned: &[I],
    consumable: impl Fn(I) -> bool,
) -> Vec<&'a Rule<I>> {
    let mut offered: Vec<I> = Vec::new();
    let mut out = Vec::new();
    for rule in rules {
        let wanted = !owned.contains(&rule.right) || consumable(rule.right);
        if wanted && !offered.contains(&rule.right) && rule.left.iter().all(|item| owned.contains(item)) {
            offered.push(rule.right);
            out.push(rule);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_offered_what_they_own() {
        let baskets = vec![vec!["a", "b"], vec!["a", "b"], vec!["a", "c"], vec!["d"]];
        let rules = associations(&baskets, Least { count: 1, confidence: 0.1, lift: 1.0 });
        let rights = |owned: &[&str], consumable: bool| -> Vec<String> {
            offers(&rules, owned, |_| consumable).iter().map(|rule| rule.right.to_string()).collect()
        };
        assert_eq!(rights(&["a"], false), ["b", "c"]);
        assert_eq!(rights(&["a", "b"], false), ["c"]);
        assert!(rights(&["a", "b"], true).contains(&"b".to_string()), "what is used up is offered again");
        assert!(rights(&["d"], false).is_empty());
    }

    #[test]
    fn an_item_twice_in_a_basket_counts_once() {
        let rules = associations(&[vec![1, 2, 2], vec![1, 2]], Least { count: 1, confidence: 0.0, lift: 0.0 });
        assert_eq!(rules.len(), 2);
        assert!(rules.iter().all(|rule| rule.count == 2 && rule.confidence == 1.0 && rule.lift == 1.0));
    }
}
